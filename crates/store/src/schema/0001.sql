-- Times are UTC, RFC 3339 with nine digits, so that text order is time order. Ids are UUIDs in text.

CREATE TABLE meta (
  key TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
  user_id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  active INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL
) STRICT;
-- An account is never given to somebody else.
CREATE TRIGGER users_stay BEFORE DELETE ON users BEGIN SELECT RAISE(ABORT, 'accounts are kept'); END;

CREATE TABLE settings (
  key TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cases (
  id TEXT PRIMARY KEY NOT NULL,
  state TEXT NOT NULL,
  demo INTEGER NOT NULL,
  notes TEXT NOT NULL,
  created_at TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  order_version INTEGER NOT NULL DEFAULT 0,
  -- What the worklist shows and searches, taken from the newest order.
  patient TEXT,
  identifiers TEXT,
  test TEXT,
  order_id TEXT
) STRICT;
CREATE INDEX cases_changed ON cases (changed_at);

CREATE TABLE case_states (
  id INTEGER PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (id),
  at TEXT NOT NULL,
  from_state TEXT,
  to_state TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  reason TEXT
) STRICT;
CREATE INDEX case_states_case ON case_states (case_id);

CREATE TABLE samples (
  id INTEGER PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (id),
  accession TEXT NOT NULL UNIQUE,
  sex TEXT NOT NULL
) STRICT;
CREATE INDEX samples_case ON samples (case_id);

CREATE TABLE orders (
  case_id TEXT NOT NULL REFERENCES cases (id),
  version INTEGER NOT NULL,
  at TEXT NOT NULL,
  user_id TEXT NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (case_id, version)
) STRICT;
CREATE TRIGGER orders_no_update BEFORE UPDATE ON orders BEGIN SELECT RAISE(ABORT, 'orders are kept as they were'); END;
CREATE TRIGGER orders_no_delete BEFORE DELETE ON orders BEGIN SELECT RAISE(ABORT, 'orders are kept as they were'); END;

CREATE TABLE runs (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  case_id TEXT NOT NULL REFERENCES cases (id),
  state TEXT NOT NULL,
  options TEXT NOT NULL,
  -- The run's age identity, encrypted under a key derived from the data key; NULL once destroyed.
  identity BLOB,
  queue_order INTEGER,
  stage TEXT,
  done INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  hint TEXT,
  queued_at TEXT NOT NULL,
  started_at TEXT,
  ended_at TEXT,
  -- NULL, 'importing' or 'imported'.
  variant_state TEXT,
  variants INTEGER,
  -- Whether its findings were saved: none is not the same as not yet known.
  findings_saved INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX runs_case ON runs (case_id);
CREATE INDEX runs_queue ON runs (state, queue_order);

CREATE TABLE files (
  id TEXT PRIMARY KEY NOT NULL,
  case_id TEXT NOT NULL REFERENCES cases (id),
  run_id TEXT REFERENCES runs (id),
  role TEXT NOT NULL,
  name TEXT NOT NULL,
  -- writing, moving, kept, missing, abandoned, erased
  state TEXT NOT NULL,
  -- While moving: its name in the run's work folder.
  source TEXT,
  size INTEGER,
  sha256 TEXT,
  -- SHA-256 of the first bytes as they lie on disk: tells one encrypted file from another of the same key.
  head TEXT,
  identity BLOB,
  kept_at TEXT NOT NULL
) STRICT;
CREATE INDEX files_case ON files (case_id);
CREATE INDEX files_state ON files (state) WHERE state IN ('writing', 'moving');

CREATE TABLE dictionary (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

-- One row per ALT allele of a run. id = run number << 32 | ordinal; words stand in the dictionary.
CREATE TABLE variants (
  id INTEGER PRIMARY KEY,
  contig INTEGER NOT NULL,
  pos INTEGER NOT NULL,
  ref TEXT NOT NULL,
  alt TEXT NOT NULL,
  cell INTEGER NOT NULL,
  gt INTEGER NOT NULL,
  filters INTEGER,
  qual REAL,
  dp INTEGER,
  ad INTEGER,
  gq INTEGER,
  gene INTEGER,
  transcript INTEGER,
  hgvs_c TEXT,
  hgvs_p TEXT,
  mane INTEGER,
  clnsig INTEGER,
  stars INTEGER,
  clnid INTEGER,
  af REAL
) STRICT;

-- How many variants of a run stand in each combination of facets.
CREATE TABLE variant_cells (
  run_no INTEGER NOT NULL REFERENCES runs (no),
  cell INTEGER NOT NULL,
  quality INTEGER NOT NULL,
  region INTEGER NOT NULL,
  effect INTEGER NOT NULL,
  term INTEGER,
  frequency INTEGER NOT NULL,
  clinvar INTEGER NOT NULL,
  zygosity INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  class INTEGER NOT NULL,
  reviewed INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (run_no, cell)
) STRICT, WITHOUT ROWID;

-- What sorting and searching need of all variants of a run, column by column in blocks of 65,536.
CREATE TABLE variant_columns (
  run_no INTEGER NOT NULL REFERENCES runs (no),
  col INTEGER NOT NULL,
  block INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (run_no, col, block)
) STRICT;

CREATE TABLE findings (
  run_no INTEGER NOT NULL REFERENCES runs (no),
  finding TEXT NOT NULL,
  contig TEXT NOT NULL,
  pos INTEGER NOT NULL,
  ref TEXT NOT NULL,
  alt TEXT NOT NULL,
  gene TEXT,
  section TEXT NOT NULL,
  class TEXT NOT NULL,
  points INTEGER NOT NULL,
  content TEXT NOT NULL,
  variant INTEGER,
  PRIMARY KEY (run_no, finding)
) STRICT;

CREATE TABLE assertions (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  case_id TEXT NOT NULL REFERENCES cases (id),
  run_id TEXT NOT NULL REFERENCES runs (id),
  variant INTEGER NOT NULL,
  contig TEXT NOT NULL,
  pos INTEGER NOT NULL,
  ref TEXT NOT NULL,
  alt TEXT NOT NULL,
  gene TEXT,
  proposed TEXT,
  class TEXT NOT NULL,
  reason TEXT NOT NULL,
  at TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL
) STRICT;
CREATE INDEX assertions_case ON assertions (case_id);
CREATE INDEX assertions_variant ON assertions (run_id, variant);
CREATE TABLE withdrawals (
  assertion_id TEXT PRIMARY KEY NOT NULL REFERENCES assertions (id),
  at TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE TRIGGER assertions_no_update BEFORE UPDATE ON assertions BEGIN SELECT RAISE(ABORT, 'assertions are append-only'); END;
CREATE TRIGGER assertions_no_delete BEFORE DELETE ON assertions BEGIN SELECT RAISE(ABORT, 'assertions are append-only'); END;
CREATE TRIGGER withdrawals_no_update BEFORE UPDATE ON withdrawals BEGIN SELECT RAISE(ABORT, 'withdrawals are append-only'); END;
CREATE TRIGGER withdrawals_no_delete BEFORE DELETE ON withdrawals BEGIN SELECT RAISE(ABORT, 'withdrawals are append-only'); END;

CREATE TABLE reports (
  id TEXT PRIMARY KEY NOT NULL,
  case_id TEXT NOT NULL REFERENCES cases (id),
  run_id TEXT NOT NULL REFERENCES runs (id),
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  -- zstd
  model BLOB NOT NULL,
  model_sha256 TEXT NOT NULL,
  pdf TEXT REFERENCES files (id),
  html TEXT REFERENCES files (id),
  fhir TEXT REFERENCES files (id),
  made_at TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  UNIQUE (case_id, version)
) STRICT;
CREATE TRIGGER reports_no_update BEFORE UPDATE ON reports BEGIN SELECT RAISE(ABORT, 'every version of a report is kept'); END;
CREATE TRIGGER reports_no_delete BEFORE DELETE ON reports BEGIN SELECT RAISE(ABORT, 'every version of a report is kept'); END;

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY NOT NULL,
  at TEXT NOT NULL,
  session INTEGER NOT NULL,
  monotonic INTEGER NOT NULL,
  zone TEXT NOT NULL,
  actor TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  role TEXT NOT NULL,
  host TEXT NOT NULL,
  app_version TEXT NOT NULL,
  kind TEXT NOT NULL,
  object TEXT NOT NULL,
  case_id TEXT,
  action TEXT NOT NULL,
  field TEXT NOT NULL,
  old TEXT,
  new TEXT,
  reason TEXT,
  prev BLOB NOT NULL,
  hash BLOB NOT NULL,
  mac BLOB NOT NULL
) STRICT;
CREATE INDEX audit_case ON audit (case_id);
CREATE INDEX audit_object ON audit (object);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
