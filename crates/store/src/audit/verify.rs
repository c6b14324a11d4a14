//! Checking the whole chain.

use rusqlite::{Connection, OptionalExtension, Row as SqlRow};

use super::{GENESIS, Head, MISMATCH, Row, anchor::Anchored, hash_text, mismatch};
use crate::{Result, Store, crypto::SubKey};

/// The first row that is not what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// Its number; rows are numbered from 1 without a gap.
    pub seq: u64,
    /// Why.
    pub why: String,
}

/// What the anchor file says about the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnchorState {
    /// It names the last row.
    Matches,
    /// It names an earlier row that is as it was: the process ended between a commit and its anchor.
    Behind {
        /// The row.
        anchored: u64,
    },
    /// There is none.
    Missing,
    /// It cannot be read, or was made with another key.
    Damaged,
    /// It names a row after the last one: rows were cut off.
    Ahead {
        /// The row.
        anchored: u64,
    },
    /// The row it names is another one now.
    Differs {
        /// The row.
        anchored: u64,
    },
}

/// The result of checking the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditVerdict {
    /// Rows that were found good, from the first on.
    pub rows: u64,
    /// The first bad one.
    pub first_bad: Option<BadRow>,
    /// The anchor.
    pub anchor: AnchorState,
    /// Hash of the last good row, hexadecimal.
    pub head: Option<String>,
}

impl AuditVerdict {
    /// Whether nothing was changed, taken away, put in, or cut off.
    pub fn is_sound(&self) -> bool {
        self.first_bad.is_none() && matches!(self.anchor, AnchorState::Matches | AnchorState::Behind { .. })
    }
}

const COLUMNS: &str = "seq, at, session, monotonic, zone, actor, actor_name, role, host, app_version, kind, object, \
                       case_id, action, field, old, new, reason, prev, hash, mac";

fn row(sql: &SqlRow<'_>) -> rusqlite::Result<(Row, Vec<u8>, Vec<u8>)> {
    Ok((
        Row {
            seq: sql.get(0)?,
            at: sql.get(1)?,
            session: sql.get(2)?,
            monotonic: sql.get(3)?,
            zone: sql.get(4)?,
            actor: sql.get(5)?,
            actor_name: sql.get(6)?,
            role: sql.get(7)?,
            host: sql.get(8)?,
            app_version: sql.get(9)?,
            kind: sql.get(10)?,
            object: sql.get(11)?,
            case: sql.get(12)?,
            action: sql.get(13)?,
            field: sql.get(14)?,
            old: sql.get(15)?,
            new: sql.get(16)?,
            reason: sql.get(17)?,
            prev: sql.get(18)?,
        },
        sql.get(19)?,
        sql.get(20)?,
    ))
}

/// The rows that are good, the first that is not, and the hash of the row that the anchor names.
struct Walk {
    last: Option<Head>,
    bad: Option<BadRow>,
    at_anchor: Option<[u8; 32]>,
}

fn walk(connection: &Connection, key: &SubKey, anchored: Option<u64>) -> Result<Walk> {
    let mut walk = Walk {
        last: None,
        bad: None,
        at_anchor: None,
    };
    // By the table itself, never by an index: what is verified is what is stored.
    let mut statement = connection.prepare(&format!("SELECT {COLUMNS} FROM audit NOT INDEXED ORDER BY seq"))?;
    let mut rows = statement.query([])?;
    loop {
        let expected = walk.last.map_or(0, |h| h.seq) + 1;
        let bad = |why: String| Some(BadRow { seq: expected, why });
        let next = match rows.next() {
            Ok(None) => break,
            Ok(Some(sql)) => row(sql),
            Err(e) => Err(e),
        };
        let (row, hash, mac) = match next {
            Ok(found) => found,
            Err(error) => {
                walk.bad = bad(format!(
                    "cannot be read: {}",
                    match error {
                        rusqlite::Error::SqliteFailure(code, _) =>
                            format!("the database is damaged here (code {})", code.extended_code),
                        _ => "a column has an impossible value".to_owned(),
                    }
                ));
                break;
            }
        };
        if row.seq != expected as i64 {
            walk.bad = bad(format!("is missing: the next row is number {}", row.seq));
            break;
        }
        if row.prev != walk.last.map_or(GENESIS, |h| h.hash) {
            walk.bad = bad("does not follow the row before it".to_owned());
            break;
        }
        let computed = row.hash();
        if hash != computed {
            walk.bad = bad("was changed: its hash differs".to_owned());
            break;
        }
        if !key.verify(&[b"row", &computed], &mac)? {
            walk.bad = bad("was not written by this store: its MAC differs".to_owned());
            break;
        }
        if anchored == Some(expected) {
            walk.at_anchor = Some(computed);
        }
        walk.last = Some(Head {
            seq: expected,
            hash: computed,
        });
    }
    Ok(walk)
}

/// Where rows were cut off and others written since, the opening in between wrote down the mismatch as the first row
/// after the cut.
fn first_after_cut(connection: &Connection, anchored: u64) -> Result<Option<BadRow>> {
    let noted: Option<i64> = connection
        .query_row(
            "SELECT seq FROM audit NOT INDEXED WHERE action = ? AND new = ? ORDER BY seq LIMIT 1",
            [MISMATCH, &mismatch(anchored)],
            |row| row.get(0),
        )
        .optional()?;
    Ok(noted.map(|seq| BadRow {
        seq: seq as u64,
        why: format!("is not what stood here: rows were cut off, the anchor names row {anchored} of the old ones"),
    }))
}

/// Damaged pages, where reading stopped.
fn damaged_pages(connection: &Connection) -> Option<String> {
    let mut statement = connection.prepare("PRAGMA cipher_integrity_check").ok()?;
    let mut rows = statement.query([]).ok()?;
    let mut told = Vec::new();
    while let (Ok(Some(row)), true) = (rows.next(), told.len() < 3) {
        told.extend(row.get::<_, String>(0));
    }
    (!told.is_empty()).then(|| told.join("; "))
}

pub(crate) fn verify(connection: &Connection, key: &SubKey, anchored: &Anchored) -> Result<AuditVerdict> {
    let at = match anchored {
        Anchored::At(head) => Some(*head),
        _ => None,
    };
    let Walk {
        last,
        mut bad,
        at_anchor,
    } = walk(connection, key, at.map(|h| h.seq))?;
    let rows = last.map_or(0, |h| h.seq);
    if let Some(bad) = &mut bad
        && bad.why.starts_with("cannot be read")
        && let Some(pages) = damaged_pages(connection)
    {
        bad.why = format!("{}: {pages}", bad.why);
    }
    let anchor = match (anchored, at) {
        (Anchored::Damaged, _) => AnchorState::Damaged,
        (_, None) => AnchorState::Missing,
        (_, Some(head)) => {
            let anchored = head.seq;
            match at_anchor {
                Some(hash) if hash == head.hash && anchored == rows => AnchorState::Matches,
                Some(hash) if hash == head.hash => AnchorState::Behind { anchored },
                Some(_) => AnchorState::Differs { anchored },
                None => AnchorState::Ahead { anchored },
            }
        }
    };
    if bad.is_none() {
        bad = match &anchor {
            AnchorState::Ahead { anchored } => Some(first_after_cut(connection, *anchored)?.unwrap_or(BadRow {
                seq: rows + 1,
                why: format!("is missing: the chain was cut off, its anchor names row {anchored}"),
            })),
            AnchorState::Differs { anchored } => Some(first_after_cut(connection, *anchored)?.unwrap_or(BadRow {
                seq: *anchored,
                why: "is not the row that was anchored".to_owned(),
            })),
            _ => None,
        };
    }
    Ok(AuditVerdict {
        rows,
        first_bad: bad,
        anchor,
        head: last.map(|h| hash_text(&h.hash)),
    })
}

impl Store {
    /// Checks every row of the chain and its anchor, in constant memory. Changes nothing.
    pub fn verify_audit(&self) -> Result<AuditVerdict> {
        // Rows about views may still wait for their anchor.
        self.settle_anchor()?;
        let anchored = super::anchor::read(self.folder(), self.store_id(), &self.setting.key)?;
        self.db
            .read(|connection| verify(connection, &self.setting.key, &anchored))
    }
}
