//! The schema's versions. Each migration is one file and one transaction; the version stands in `user_version`.

use clinotype_genome::Fault;
use rusqlite::{Connection, TransactionBehavior};

use crate::{Result, StoreError, StoreErrorKind};

/// In order; a released file is never changed again.
pub(crate) const MIGRATIONS: &[&str] = &[
    include_str!("schema/0001.sql"),
    include_str!("schema/0002.sql"),
    include_str!("schema/0003.sql"),
    include_str!("schema/0004.sql"),
    include_str!("schema/0005.sql"),
    include_str!("schema/0006.sql"),
];

/// The version that this program writes.
pub(crate) const CURRENT: u32 = MIGRATIONS.len() as u32;

pub(crate) fn version(connection: &Connection) -> Result<u32> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Refuses a store of a newer program.
pub(crate) fn check(connection: &Connection) -> Result<u32> {
    let found = version(connection)?;
    if found > CURRENT {
        return Err(StoreError::new(
            StoreErrorKind::NewerSchema,
            Fault::input(format!(
                "the store was written by a newer version of Clinotype (its format is {found}, this program knows {CURRENT})"
            ))
            .hint("install the newer version; nothing was changed"),
        ));
    }
    Ok(found)
}

/// Brings the schema to `target`; gives the version found.
pub(crate) fn up_to(connection: &mut Connection, target: u32) -> Result<u32> {
    let found = check(connection)?;
    for (n, sql) in MIGRATIONS.iter().enumerate().take(target as usize).skip(found as usize) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", n as u32 + 1)?;
        transaction.commit()?;
    }
    Ok(found)
}
