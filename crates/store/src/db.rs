//! Connections: one that writes, a few that read.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};
use zeroize::Zeroizing;

use crate::{Result, StoreError, crypto::DataKey};

/// Everything that opens another connection to the same database.
#[derive(Debug)]
pub(crate) struct Database {
    path: PathBuf,
    key: DataKey,
    cache_mib: u32,
    readers: usize,
    writer: Mutex<Connection>,
    idle: Mutex<Vec<Connection>>,
}

/// A panic while a lock was held leaves a connection whose transaction was rolled back on unwind: it is still good.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn path(folder: &Path) -> PathBuf {
    folder.join("store.db")
}

/// Opens and proves the key. Nothing on disk changes where that fails.
fn connect(path: &Path, key: &DataKey, cache_mib: u32, create: bool) -> Result<Connection> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if create {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    // SQLCipher keeps state of the whole process (providers, log); keying from two threads at once has been seen to fail.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = lock(&ONE_AT_A_TIME);
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_mins(1))?;
    // SQLCipher prints its troubles to stderr; ours come as faults.
    connection.execute_batch("PRAGMA cipher_log_level = NONE; PRAGMA cipher_log = off;")?;
    let pragma: Zeroizing<String> = key.pragma();
    connection.execute_batch(&pragma)?;
    // The first read shows whether the key fits.
    connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
        .map_err(|e| match &e {
            // A page whose authentication fails can surface as any of several codes at the very first read.
            rusqlite::Error::SqliteFailure(code, _) if code.code == rusqlite::ErrorCode::OutOfMemory => {
                StoreError::damaged()
            }
            _ => StoreError::from(e),
        })
        .map_err(|e| e.at(path))?;
    connection.execute_batch(&format!(
        "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; \
         PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -{};",
        u64::from(cache_mib) * 1024
    ))?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

impl Database {
    pub(crate) fn open(folder: &Path, key: DataKey, cache_mib: u32, readers: usize, create: bool) -> Result<Self> {
        let path = path(folder);
        if !create && !path.exists() {
            return Err(StoreError::damaged().at(&path));
        }
        let writer = connect(&path, &key, cache_mib, create)?;
        Ok(Self {
            path,
            key,
            cache_mib,
            readers,
            writer: Mutex::new(writer),
            idle: Mutex::new(Vec::new()),
        })
    }

    /// Settings that change the file: only after everything else was checked.
    pub(crate) fn begin_writing(&self) -> Result<()> {
        let writer = self.writer();
        writer.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        // FULL: a commit that was reported is on the disk.
        writer.execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864;",
        )?;
        Ok(())
    }

    pub(crate) fn key(&self) -> &DataKey {
        &self.key
    }

    pub(crate) fn writer(&self) -> MutexGuard<'_, Connection> {
        lock(&self.writer)
    }

    /// Runs a reading function on a connection of its own, so that it neither waits for a writer nor makes one wait.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let idle = lock(&self.idle).pop();
        let connection = if let Some(connection) = idle {
            connection
        } else {
            let connection = connect(&self.path, &self.key, self.cache_mib, false)?;
            connection.execute_batch("PRAGMA query_only = ON;")?;
            connection
        };
        // One snapshot for everything that the function reads.
        let result = {
            let _snapshot = connection.unchecked_transaction()?;
            work(&connection)
        };
        let mut idle = lock(&self.idle);
        // A connection that met a damaged page may hold it in its cache: the next one looks afresh.
        if result.is_ok() && idle.len() < self.readers {
            idle.push(connection);
        }
        result
    }

    /// Writes the log back into the database, so that a copy of `store.db` alone is whole.
    pub(crate) fn checkpoint(&self) -> Result<()> {
        lock(&self.idle).clear();
        self.writer()
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }
}
