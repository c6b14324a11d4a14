-- What people decide on single criteria and enter as evidence: by allele and case, so that it outlives every run.

CREATE TABLE criterion_decisions (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  case_id TEXT NOT NULL REFERENCES cases (id),
  -- The run whose criteria the person saw.
  run_id TEXT NOT NULL REFERENCES runs (id),
  build TEXT NOT NULL,
  contig TEXT NOT NULL,
  pos INTEGER NOT NULL,
  ref TEXT NOT NULL,
  alt TEXT NOT NULL,
  gene TEXT,
  code TEXT NOT NULL,
  -- met, not_met, not_applicable
  state TEXT NOT NULL,
  strength TEXT,
  -- What the rules said then.
  seen_state TEXT NOT NULL,
  seen_strength TEXT,
  reason TEXT NOT NULL,
  at TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL
) STRICT;
CREATE INDEX criterion_decisions_case ON criterion_decisions (case_id);
CREATE TABLE criterion_withdrawals (
  decision_id TEXT PRIMARY KEY NOT NULL REFERENCES criterion_decisions (id),
  at TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE TABLE case_evidence (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  case_id TEXT NOT NULL REFERENCES cases (id),
  build TEXT NOT NULL,
  contig TEXT NOT NULL,
  pos INTEGER NOT NULL,
  ref TEXT NOT NULL,
  alt TEXT NOT NULL,
  gene TEXT,
  -- An entry of clinotype-evidence/1, JSON.
  content TEXT NOT NULL,
  at TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL
) STRICT;
CREATE INDEX case_evidence_case ON case_evidence (case_id);
CREATE TABLE evidence_withdrawals (
  evidence_id TEXT PRIMARY KEY NOT NULL REFERENCES case_evidence (id),
  at TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE TRIGGER criterion_decisions_no_update BEFORE UPDATE ON criterion_decisions BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER criterion_decisions_no_delete BEFORE DELETE ON criterion_decisions BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER criterion_withdrawals_no_update BEFORE UPDATE ON criterion_withdrawals BEGIN SELECT RAISE(ABORT, 'withdrawals are append-only'); END;
CREATE TRIGGER criterion_withdrawals_no_delete BEFORE DELETE ON criterion_withdrawals BEGIN SELECT RAISE(ABORT, 'withdrawals are append-only'); END;
CREATE TRIGGER case_evidence_no_update BEFORE UPDATE ON case_evidence BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER case_evidence_no_delete BEFORE DELETE ON case_evidence BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER evidence_withdrawals_no_update BEFORE UPDATE ON evidence_withdrawals BEGIN SELECT RAISE(ABORT, 'withdrawals are append-only'); END;
CREATE TRIGGER evidence_withdrawals_no_delete BEFORE DELETE ON evidence_withdrawals BEGIN SELECT RAISE(ABORT, 'withdrawals are append-only'); END;

-- Class and points by the criteria that people set; NULL: as the rules proposed.
ALTER TABLE findings ADD COLUMN class_set TEXT;
ALTER TABLE findings ADD COLUMN points_set INTEGER;
