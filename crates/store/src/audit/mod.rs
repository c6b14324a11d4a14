//! The audit trail: append-only rows, each holding the hash of the one before and a MAC under a key that is not in the
//! database. Its head is anchored outside the database ([`anchor`]), so that a cut tail is found.

pub(crate) mod anchor;
mod query;
#[cfg(test)]
mod tests;
mod verify;

pub use query::{AuditEntry, AuditPage, AuditQuery};
pub use verify::{AnchorState, AuditVerdict, BadRow};

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Act, Result,
    act::stamp,
    crypto::{SubKey, hex},
};

/// What goes before the first row.
pub(crate) const GENESIS: [u8; 32] = [0; 32];

/// The action of the row that says that chain and anchor did not fit at an opening; it stands right after a cut.
pub(crate) const MISMATCH: &str = "anchor does not match";

/// What that row says of an anchor that names another row than the one it finds.
pub(crate) fn mismatch(anchored: u64) -> String {
    format!("the anchor names row {anchored}, which was cut off or is another one now")
}

/// The last row of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) seq: u64,
    pub(crate) hash: [u8; 32],
}

/// What is the same for every row of one opening.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) session: u64,
    pub(crate) host: String,
    pub(crate) app_version: String,
    pub(crate) started: std::time::Instant,
    pub(crate) key: SubKey,
}

/// One row as it stands in the table, without hash and MAC.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) seq: i64,
    pub(crate) at: String,
    pub(crate) session: i64,
    pub(crate) monotonic: i64,
    pub(crate) zone: String,
    pub(crate) actor: String,
    pub(crate) actor_name: String,
    pub(crate) role: String,
    pub(crate) host: String,
    pub(crate) app_version: String,
    pub(crate) kind: String,
    pub(crate) object: String,
    pub(crate) case: Option<String>,
    pub(crate) action: String,
    pub(crate) field: String,
    pub(crate) old: Option<String>,
    pub(crate) new: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) prev: Vec<u8>,
}

impl Row {
    /// SHA-256 over every column, each with its length before it, so that nothing can move between columns.
    pub(crate) fn hash(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        let mut part = |bytes: &[u8]| {
            digest.update((bytes.len() as u64).to_le_bytes());
            digest.update(bytes);
        };
        part(b"clinotype audit 1");
        for number in [self.seq, self.session, self.monotonic] {
            part(&number.to_le_bytes());
        }
        for text in [
            &self.at,
            &self.zone,
            &self.actor,
            &self.actor_name,
            &self.role,
            &self.host,
            &self.app_version,
            &self.kind,
            &self.object,
            &self.action,
            &self.field,
        ] {
            part(text.as_bytes());
        }
        for text in [&self.case, &self.old, &self.new, &self.reason] {
            match text {
                // An empty text and no text are different things.
                None => part(&[0]),
                Some(text) => {
                    part(&[1]);
                    part(text.as_bytes());
                }
            }
        }
        part(&self.prev);
        digest.finalize().into()
    }
}

/// What happened to which object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entry<'a> {
    pub(crate) kind: &'a str,
    pub(crate) object: &'a str,
    pub(crate) case: Option<Uuid>,
    pub(crate) action: &'a str,
    pub(crate) field: &'a str,
    pub(crate) old: Option<&'a str>,
    pub(crate) new: Option<&'a str>,
    /// Instead of the act's reason.
    pub(crate) reason: Option<&'a str>,
}

/// The chain's last row in this transaction.
pub(crate) fn head(connection: &Connection) -> Result<Option<Head>> {
    let found = connection
        .prepare_cached("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)))
        .optional()?;
    Ok(found.map(|(seq, hash)| Head {
        seq: seq as u64,
        // A hash of another length is a changed row: verification names it, and the chain goes on from what is there.
        hash: hash.first_chunk::<32>().copied().unwrap_or(GENESIS),
    }))
}

/// Appends one row and gives the new head.
pub(crate) fn append(
    connection: &Connection,
    setting: &Setting,
    act: &Act,
    before: Option<Head>,
    entry: &Entry<'_>,
) -> Result<Head> {
    let row = Row {
        seq: before.map_or(0, |h| h.seq) as i64 + 1,
        at: stamp(act.at),
        session: setting.session as i64,
        monotonic: i64::try_from(setting.started.elapsed().as_nanos()).unwrap_or(i64::MAX),
        zone: act.zone.clone(),
        actor: act.actor.user_id.clone(),
        actor_name: act.actor.name.clone(),
        role: act.actor.role.code().to_owned(),
        host: setting.host.clone(),
        app_version: setting.app_version.clone(),
        kind: entry.kind.to_owned(),
        object: entry.object.to_owned(),
        case: entry.case.map(|c| c.to_string()),
        action: entry.action.to_owned(),
        field: entry.field.to_owned(),
        old: entry.old.map(str::to_owned),
        new: entry.new.map(str::to_owned),
        reason: entry.reason.map(str::to_owned).or_else(|| act.reason.clone()),
        prev: before.map_or(GENESIS, |h| h.hash).to_vec(),
    };
    let hash = row.hash();
    let mac = setting.key.mac(&[b"row", &hash])?;
    connection
        .prepare_cached(
            "INSERT INTO audit (seq, at, session, monotonic, zone, actor, actor_name, role, host, app_version, kind, \
             object, case_id, action, field, old, new, reason, prev, hash, mac) \
             VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        )?
        .execute(params![
            row.seq,
            row.at,
            row.session,
            row.monotonic,
            row.zone,
            row.actor,
            row.actor_name,
            row.role,
            row.host,
            row.app_version,
            row.kind,
            row.object,
            row.case,
            row.action,
            row.field,
            row.old,
            row.new,
            row.reason,
            row.prev,
            hash.as_slice(),
            mac.as_slice()
        ])?;
    Ok(Head {
        seq: row.seq as u64,
        hash,
    })
}

/// As printed.
pub(crate) fn hash_text(hash: &[u8]) -> String {
    hex::encode(hash)
}
