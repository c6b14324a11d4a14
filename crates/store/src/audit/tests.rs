//! The chain under attack: by raw SQL with the triggers dropped, and by bytes of the file.

use clinotype_case::Sex;
use clinotype_genome::fs;
use jiff::Timestamp;
use proptest::prelude::*;

use super::{AnchorState, AuditVerdict};
use crate::{
    Act, KdfParams, NewCase, NewUser, Role, Store, StoreErrorKind, StoreOptions, Unlock, migrate, migrate::CURRENT,
};

const PASSPHRASE: &str = "correct horse battery";

fn options() -> StoreOptions {
    StoreOptions {
        cache_mib: 4,
        kdf: KdfParams {
            memory_kib: 16,
            passes: 1,
            lanes: 1,
        },
        ..StoreOptions::default()
    }
}

fn open(folder: &std::path::Path) -> crate::Result<Store> {
    let unlock = Unlock::Passphrase {
        user_id: "ada",
        passphrase: PASSPHRASE,
    };
    Store::open(folder, unlock, options(), Timestamp::UNIX_EPOCH).map(|o| o.store)
}

fn new() -> (tempfile::TempDir, Store, Act) {
    let root = tempfile::tempdir().unwrap();
    let ada = NewUser {
        user_id: "ada".to_owned(),
        name: "Ada".to_owned(),
        role: Role::Admin,
    };
    let folder = root.path().join("S");
    let (opened, _) = Store::create(&folder, &ada, PASSPHRASE, options(), Timestamp::UNIX_EPOCH).unwrap();
    let act = Act::new(&opened.user.actor(), Timestamp::UNIX_EPOCH).because("because");
    (root, opened.store, act)
}

fn fill(store: &Store, act: &Act, cases: usize) {
    for n in 0..cases {
        let case = NewCase {
            sample: format!("S-{n}").parse().unwrap(),
            sex: Sex::Unknown,
            order: None,
            demo: false,
            notes: String::new(),
        };
        let id = store.create_case(act, &case).unwrap().id;
        store.set_notes(act, id, "a note").unwrap();
    }
}

const DROP: &str = "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;";
const COLUMNS: [&str; 20] = [
    "at",
    "session",
    "monotonic",
    "zone",
    "actor",
    "actor_name",
    "role",
    "host",
    "app_version",
    "kind",
    "object",
    "case_id",
    "action",
    "field",
    "old",
    "new",
    "reason",
    "prev",
    "hash",
    "mac",
];

/// Runs an attack on a fresh copy inside a transaction that is taken back.
fn attacked(store: &Store, sql: &str) -> AuditVerdict {
    store.settle_anchor().unwrap();
    let anchored = super::anchor::read(&store.folder, store.id, &store.setting.key).unwrap();
    let writer = store.db.writer();
    writer.execute_batch("BEGIN IMMEDIATE").unwrap();
    writer.execute_batch(DROP).unwrap();
    writer.execute_batch(sql).unwrap();
    let verdict = super::verify::verify(&writer, &store.setting.key, &anchored).unwrap();
    writer.execute_batch("ROLLBACK").unwrap();
    verdict
}

#[test]
fn rows_cannot_be_changed_or_deleted() {
    let (_root, store, act) = new();
    fill(&store, &act, 2);
    let writer = store.db.writer();
    for sql in ["UPDATE audit SET new = 'x'", "DELETE FROM audit", "DELETE FROM users"] {
        let error = writer.execute_batch(sql).unwrap_err().to_string();
        assert!(error.contains("append-only") || error.contains("kept"), "{error}");
    }
    drop(writer);
    let verdict = store.verify_audit().unwrap();
    assert!(verdict.is_sound() && verdict.rows > 8, "{verdict:?}");
    assert_eq!(verdict.anchor, AnchorState::Matches);
}

#[test]
fn every_attack_is_named_at_its_row() {
    let (_root, store, act) = new();
    fill(&store, &act, 6);
    let rows = store.verify_audit().unwrap().rows;
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(120));
    runner
        .run(&(1..=rows, 1..=rows, 0usize..26), |(at, other, attack)| {
            let (sql, expected) = match attack {
                // One character or bit of one column.
                0..20 => {
                    let column = COLUMNS[attack];
                    let change = match column {
                        "session" | "monotonic" => format!("{column} + 1"),
                        "prev" | "hash" | "mac" => {
                            format!("unhex(CASE substr(hex({column}), 1, 1) WHEN 'A' THEN 'B' ELSE 'A' END || substr(hex({column}), 2))")
                        }
                        _ => format!("coalesce({column}, '') || 'x'"),
                    };
                    (format!("UPDATE audit SET {column} = {change} WHERE seq = {at}"), at)
                }
                // An empty text instead of none, and the other way round.
                20 => (
                    format!("UPDATE audit SET old = CASE WHEN old IS NULL THEN '' END WHERE seq = {at}"),
                    at,
                ),
                21 => (format!("DELETE FROM audit WHERE seq = {at}"), at),
                22 => (format!("DELETE FROM audit WHERE seq >= {at}"), at),
                // Deleted and closed up.
                23 => (
                    format!(
                        "DELETE FROM audit WHERE seq = {at}; \
                         UPDATE audit SET seq = -seq + 1 WHERE seq > {at}; UPDATE audit SET seq = -seq WHERE seq < 0"
                    ),
                    at,
                ),
                // Two rows change places.
                24 => {
                    if at == other {
                        return Ok(());
                    }
                    (
                        format!(
                            "UPDATE audit SET seq = -1 WHERE seq = {at}; UPDATE audit SET seq = {at} WHERE seq = {other}; \
                             UPDATE audit SET seq = {other} WHERE seq = -1"
                        ),
                        at.min(other),
                    )
                }
                // A copy of a row put in after the last.
                _ => (
                    format!(
                        "CREATE TEMP TABLE t AS SELECT * FROM audit WHERE seq = {at}; UPDATE t SET seq = {rows} + 1; \
                         INSERT INTO audit SELECT * FROM t; DROP TABLE t"
                    ),
                    rows + 1,
                ),
            };
            let verdict = attacked(&store, &sql);
            prop_assert!(!verdict.is_sound());
            prop_assert_eq!(verdict.first_bad.as_ref().map(|b| b.seq), Some(expected), "{}: {:?}", sql, verdict);
            Ok(())
        })
        .unwrap();
    assert!(store.verify_audit().unwrap().is_sound());
}

#[test]
fn a_cut_tail_is_still_named_after_the_store_was_opened_again() {
    let (_root, store, act) = new();
    fill(&store, &act, 3);
    let rows = store.verify_audit().unwrap().rows;
    store.db.writer().execute_batch(DROP).unwrap();
    store
        .db
        .writer()
        .execute("DELETE FROM audit WHERE seq > ?", [rows as i64 - 4])
        .unwrap();
    let folder = store.folder().to_owned();
    drop(store);
    // First the anchor lies ahead of the chain; later new rows stand where the old ones were.
    for _ in 0..4 {
        let store = open(&folder).unwrap();
        let verdict = store.verify_audit().unwrap();
        assert!(!verdict.is_sound());
        assert_eq!(verdict.first_bad.map(|b| b.seq), Some(rows - 3));
        let first = crate::AuditQuery {
            action: Some(super::MISMATCH.to_owned()),
            limit: 9,
            ..crate::AuditQuery::default()
        };
        let noted = store.audit(&act, &first).unwrap();
        assert_eq!((noted.total, noted.entries[0].seq), (1, rows - 3));
        fill_one(&store, &act);
    }
    let store = open(&folder).unwrap();
    store.accept_anchor(&act).unwrap();
    assert!(store.verify_audit().unwrap().is_sound());
    drop(store);
    std::fs::remove_file(folder.join("audit.anchor")).unwrap();
    let verdict = open(&folder).unwrap().verify_audit().unwrap();
    assert_eq!((verdict.is_sound(), verdict.anchor), (false, AnchorState::Missing));
}

fn fill_one(store: &Store, act: &Act) {
    store.set_setting(act, "theme", "dark").unwrap();
}

#[test]
fn a_flipped_byte_of_the_file_is_found() {
    let (_root, store, act) = new();
    fill(&store, &act, 40);
    let folder = store.folder().to_owned();
    let last = store.verify_audit().unwrap().rows;
    store.close().unwrap();
    let path = crate::db::path(&folder);
    let good = fs::read(&path).unwrap();
    let anchor = fs::read(folder.join("audit.anchor")).unwrap();
    let mut named = 0;
    for page in (2..good.len() / 4096).step_by(3) {
        let mut bytes = good.clone();
        bytes[page * 4096 + 2000] ^= 16;
        fs::write_atomic(&path, &bytes).unwrap();
        fs::write_atomic(folder.join("audit.anchor"), &anchor).unwrap();
        match open(&folder).and_then(|s| s.verify_audit()) {
            Err(error) => assert_eq!(error.kind, StoreErrorKind::Damaged, "page {page}: {error}"),
            Ok(verdict) => {
                // A page outside the trail is not the trail's matter; one inside names its row.
                if let Some(bad) = verdict.first_bad {
                    assert!(bad.seq <= last + 3, "{bad:?}");
                    assert!(bad.why.contains("cannot be read"), "{bad:?}");
                    named += 1;
                }
            }
        }
        for extra in ["store.db-wal", "store.db-shm"] {
            fs::remove_if_there(folder.join(extra)).unwrap();
        }
    }
    assert!(named > 0);
    fs::write_atomic(&path, &good).unwrap();
}

#[test]
fn a_newer_store_is_refused_and_an_older_one_is_migrated() {
    let (_root, store, act) = new();
    fill(&store, &act, 1);
    let folder = store.folder().to_owned();
    store
        .db
        .writer()
        .pragma_update(None, "user_version", CURRENT + 1)
        .unwrap();
    store.close().unwrap();
    let before = fs::read(crate::db::path(&folder)).unwrap();
    let error = open(&folder).unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::NewerSchema);
    assert!(error.to_string().contains("newer version"), "{error}");
    assert!(before == fs::read(crate::db::path(&folder)).unwrap());
}

/// A store as the first version wrote it.
#[test]
fn the_first_version_is_migrated() {
    let (_root, store, act) = new();
    fill(&store, &act, 1);
    let folder = store.folder().to_owned();
    {
        // Back to what 0001.sql alone makes.
        let writer = store.db.writer();
        writer
            .execute_batch(
                "ALTER TABLE runs DROP COLUMN summary; ALTER TABLE runs DROP COLUMN variant_version; \
                  ALTER TABLE cases DROP COLUMN indication; \
                 ALTER TABLE cases DROP COLUMN genes; ALTER TABLE assertions DROP COLUMN role; \
                 DROP INDEX assertions_allele; ALTER TABLE files DROP COLUMN verified_at; DROP TABLE exports; \
                 DROP TABLE waiver_withdrawals; DROP TABLE waivers; \
                 DROP TABLE criterion_withdrawals; DROP TABLE criterion_decisions; DROP TABLE evidence_withdrawals; \
                 DROP TABLE case_evidence; ALTER TABLE findings DROP COLUMN class_set; \
                 ALTER TABLE findings DROP COLUMN points_set; \
                 PRAGMA user_version = 1;",
            )
            .unwrap();
        let old = schema(&writer);
        let mut first = rusqlite::Connection::open_in_memory().unwrap();
        migrate::up_to(&mut first, 1).unwrap();
        assert_eq!(old, schema(&first));
    }
    store.close().unwrap();
    let unlock = Unlock::Passphrase {
        user_id: "ada",
        passphrase: PASSPHRASE,
    };
    let opened = Store::open(&folder, unlock, options(), Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(opened.recovered.migrated_from, Some(1));
    let mut current = rusqlite::Connection::open_in_memory().unwrap();
    migrate::up_to(&mut current, CURRENT).unwrap();
    assert_eq!(schema(&opened.store.db.writer()), schema(&current));
    assert!(opened.store.verify_audit().unwrap().is_sound());
    assert_eq!(opened.store.exports(None).unwrap(), []);
    let nobody = uuid::Uuid::nil();
    assert_eq!(opened.store.criterion_decisions(nobody).unwrap(), []);
    assert_eq!(opened.store.evidence(nobody).unwrap(), []);
}

/// Names of tables, columns and indexes.
fn schema(connection: &rusqlite::Connection) -> Vec<String> {
    let mut statement = connection
        .prepare(
            "SELECT s.type || ' ' || s.name || ' ' || coalesce(group_concat(p.name || ' ' || p.type), '') \
             FROM sqlite_schema s LEFT JOIN pragma_table_info(s.name) p ON s.type = 'table' \
             WHERE s.name NOT LIKE 'sqlite_%' GROUP BY s.name ORDER BY s.name",
        )
        .unwrap();
    statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}
