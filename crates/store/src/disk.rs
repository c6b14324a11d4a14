//! What the store does with files beside the database: the lock, the count of failed unlocks, folder syncs.

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
};

use clinotype_genome::{Fault, fs};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Result, StoreError, StoreErrorKind};

/// Makes a rename in `folder` last through a power cut.
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    // A folder can be opened and synced on Unix only; elsewhere the file system orders renames by itself.
    if cfg!(unix) {
        open_raw(folder)?
            .sync_all()
            .map_err(|e| StoreError::io("write the folder", folder, e))?;
    }
    Ok(())
}

/// Opens the bytes as they lie on disk, also below a sealed folder: the vault moves and checks encrypted files.
pub(crate) fn open_raw(path: &Path) -> Result<File> {
    File::options()
        .read(true)
        .open(path)
        .map_err(|e| StoreError::io("open", path, e))
}

/// Renames within the store and makes it last.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<()> {
    std::fs::rename(from, to).map_err(|e| StoreError::io("move", from, e))?;
    for path in [from, to] {
        if let Some(folder) = path.parent() {
            sync_folder(folder)?;
        }
    }
    Ok(())
}

/// The store belongs to this process as long as this lives; the operating system ends it with the process.
#[derive(Debug)]
pub(crate) struct StoreLock {
    _file: File,
}

impl StoreLock {
    pub(crate) fn take(folder: &Path) -> Result<Self> {
        let path = folder.join("lock");
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|e| StoreError::io("open", &path, e))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::new(
                StoreErrorKind::InUse,
                Fault::resource("this store is open in another Clinotype")
                    .at(folder)
                    .hint("close the other window or wait until its command has ended; nothing was changed"),
            )),
            Err(TryLockError::Error(e)) => Err(StoreError::io("lock", &path, e)),
        }
    }
}

/// Failed unlocks since the last one that worked. They happen before the database can be opened, so they wait here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FailedUnlocks {
    pub(crate) count: u32,
    pub(crate) first: Option<Timestamp>,
    pub(crate) last: Option<Timestamp>,
    /// Accounts that exist and were tried; a name that is no account is not kept, it may be anything.
    pub(crate) users: Vec<String>,
}

impl FailedUnlocks {
    fn path(folder: &Path) -> PathBuf {
        folder.join("failed-unlocks.json")
    }

    /// A file that cannot be read counts as one failure: somebody touched it.
    pub(crate) fn read(folder: &Path) -> Self {
        let path = Self::path(folder);
        if !path.exists() {
            return Self::default();
        }
        fs::read(&path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or(Self {
                count: 1,
                ..Self::default()
            })
    }

    pub(crate) fn add(folder: &Path, known_user: Option<&str>, at: Timestamp) -> Result<()> {
        let mut all = Self::read(folder);
        all.count = all.count.saturating_add(1);
        all.first.get_or_insert(at);
        all.last = Some(at);
        if let Some(user) = known_user
            && !all.users.iter().any(|u| u == user)
        {
            all.users.push(user.to_owned());
        }
        fs::write_atomic(Self::path(folder), &serde_json::to_vec(&all)?)?;
        Ok(())
    }

    pub(crate) fn clear(folder: &Path) -> Result<()> {
        Ok(fs::remove_if_there(Self::path(folder))?)
    }
}
