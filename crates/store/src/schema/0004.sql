-- Failed checks of identity that a person answers for, so that a report may be made.

CREATE TABLE waivers (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  case_id TEXT NOT NULL REFERENCES cases (id),
  run_id TEXT NOT NULL REFERENCES runs (id),
  check_name TEXT NOT NULL,
  finding TEXT NOT NULL,
  reason TEXT NOT NULL,
  at TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL
) STRICT;
CREATE INDEX waivers_case ON waivers (case_id);
CREATE TABLE waiver_withdrawals (
  waiver_id TEXT PRIMARY KEY NOT NULL REFERENCES waivers (id),
  at TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE TRIGGER waivers_no_update BEFORE UPDATE ON waivers BEGIN SELECT RAISE(ABORT, 'waivers are append-only'); END;
CREATE TRIGGER waivers_no_delete BEFORE DELETE ON waivers BEGIN SELECT RAISE(ABORT, 'waivers are append-only'); END;
CREATE TRIGGER waiver_withdrawals_no_update BEFORE UPDATE ON waiver_withdrawals BEGIN SELECT RAISE(ABORT, 'withdrawals are append-only'); END;
CREATE TRIGGER waiver_withdrawals_no_delete BEFORE DELETE ON waiver_withdrawals BEGIN SELECT RAISE(ABORT, 'withdrawals are append-only'); END;
