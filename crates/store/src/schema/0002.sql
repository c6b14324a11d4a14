-- Accounting of disclosures, files checked on schedule, and the laboratory's memory of an allele.

CREATE TABLE exports (
  id TEXT PRIMARY KEY NOT NULL,
  case_id TEXT NOT NULL REFERENCES cases (id),
  what TEXT NOT NULL,
  file_id TEXT REFERENCES files (id),
  recipient TEXT NOT NULL,
  purpose TEXT NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  at TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL
) STRICT;
CREATE INDEX exports_case ON exports (case_id);
CREATE TRIGGER exports_no_update BEFORE UPDATE ON exports BEGIN SELECT RAISE(ABORT, 'disclosures are append-only'); END;
CREATE TRIGGER exports_no_delete BEFORE DELETE ON exports BEGIN SELECT RAISE(ABORT, 'disclosures are append-only'); END;

ALTER TABLE files ADD COLUMN verified_at TEXT;

CREATE INDEX assertions_allele ON assertions (contig, pos, ref, alt);
