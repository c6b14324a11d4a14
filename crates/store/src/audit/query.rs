//! Looking through the trail.

use jiff::Timestamp;
use rusqlite::{ToSql, params_from_iter};
use uuid::Uuid;

use super::{Entry, hash_text};
use crate::{Act, Result, Store, act::stamp, tx::When};

/// One row of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Number, from 1 without a gap.
    pub seq: u64,
    /// When, UTC.
    pub at: Timestamp,
    /// Which opening of the store.
    pub session: u64,
    /// Nanoseconds since that opening, by a clock that nobody can set.
    pub monotonic_ns: u64,
    /// Time zone that the person saw.
    pub zone: String,
    /// Account.
    pub actor: String,
    /// Printed name.
    pub actor_name: String,
    /// Role then.
    pub role: String,
    /// Computer.
    pub host: String,
    /// Version of the program.
    pub app_version: String,
    /// Kind of object: `case`, `run`, `file` ...
    pub kind: String,
    /// Its id.
    pub object: String,
    /// What was done.
    pub action: String,
    /// The field, where one changed.
    pub field: String,
    /// Value before.
    pub old: Option<String>,
    /// Value after.
    pub new: Option<String>,
    /// Reason given.
    pub reason: Option<String>,
    /// Hash of the row, hexadecimal.
    pub hash: String,
}

/// What to look for; everything given must hold.
#[derive(Clone, Debug, Default)]
pub struct AuditQuery {
    /// An object's id.
    pub object: Option<String>,
    /// A case and everything under it.
    pub case: Option<Uuid>,
    /// An account.
    pub actor: Option<String>,
    /// An action.
    pub action: Option<String>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
    /// Rows to skip, newest first.
    pub offset: u64,
    /// Rows to give.
    pub limit: u32,
}

/// A window of the trail.
#[derive(Clone, Debug)]
pub struct AuditPage {
    /// Newest first.
    pub entries: Vec<AuditEntry>,
    /// All that match.
    pub total: u64,
}

impl Store {
    /// Rows of the trail, newest first. Looking is itself a row.
    pub fn audit(&self, act: &Act, query: &AuditQuery) -> Result<AuditPage> {
        let mut terms: Vec<&str> = vec!["1"];
        let mut values: Vec<Box<dyn ToSql>> = Vec::new();
        let mut add = |term: &'static str, value: Option<String>| {
            if let Some(value) = value {
                terms.push(term);
                values.push(Box::new(value));
            }
        };
        add("object = ?", query.object.clone());
        add("case_id = ?", query.case.map(|c| c.to_string()));
        add("actor = ?", query.actor.clone());
        add("action = ?", query.action.clone());
        add("at >= ?", query.from.map(stamp));
        add("at < ?", query.to.map(stamp));
        let terms = terms.join(" AND ");
        let page = self.db.read(|connection| {
            let total: i64 = connection
                .prepare_cached(&format!("SELECT count(*) FROM audit WHERE {terms}"))?
                .query_row(params_from_iter(values.iter()), |row| row.get(0))?;
            let mut statement = connection.prepare_cached(&format!(
                "SELECT seq, at, session, monotonic, zone, actor, actor_name, role, host, app_version, kind, object, \
                 action, field, old, new, reason, hash FROM audit WHERE {terms} ORDER BY seq DESC LIMIT {} OFFSET {}",
                query.limit, query.offset
            ))?;
            let entries = statement
                .query_map(params_from_iter(values.iter()), |row| {
                    Ok(AuditEntry {
                        seq: row.get::<_, i64>(0)? as u64,
                        at: row.get::<_, When>(1)?.0,
                        session: row.get::<_, i64>(2)? as u64,
                        monotonic_ns: row.get::<_, i64>(3)? as u64,
                        zone: row.get(4)?,
                        actor: row.get(5)?,
                        actor_name: row.get(6)?,
                        role: row.get(7)?,
                        host: row.get(8)?,
                        app_version: row.get(9)?,
                        kind: row.get(10)?,
                        object: row.get(11)?,
                        action: row.get(12)?,
                        field: row.get(13)?,
                        old: row.get(14)?,
                        new: row.get(15)?,
                        reason: row.get(16)?,
                        hash: hash_text(&row.get::<_, Vec<u8>>(17)?),
                    })
                })?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(AuditPage {
                entries,
                total: total as u64,
            })
        })?;
        self.saw(
            act,
            &Entry {
                kind: "audit",
                object: "audit",
                case: query.case,
                action: "view",
                ..Entry::default()
            },
        )?;
        Ok(page)
    }

    /// Logs something that leaves no row of its own: a view of reads, a preview of a report, a lock of the window.
    pub fn record(
        &self,
        act: &Act,
        kind: &str,
        object: &str,
        action: &str,
        case: Option<Uuid>,
        detail: Option<&str>,
    ) -> Result<()> {
        self.saw(
            act,
            &Entry {
                kind,
                object,
                case,
                action,
                new: detail,
                ..Entry::default()
            },
        )
    }
}
