//! The store itself: set-up, opening, and the one way to write.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Instant,
};

use clinotype_genome::{Fault, fs};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use uuid::Uuid;

use crate::{
    Act, Result, StoreError, StoreErrorKind,
    audit::{Entry, Setting},
    crypto::{DataKey, KdfParams, SubKey},
    db::Database,
    disk::{FailedUnlocks, StoreLock},
    keys::{self, Keys},
    migrate,
    reconcile::Recovered,
    recovery::RecoveryKey,
    tx::{Anchors, new_id},
    users::{NewUser, User},
    variants::RunIndex,
};

/// How a store is opened.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// Version of the program, for the audit trail.
    pub app_version: String,
    /// Name of the computer, for the audit trail.
    pub host: String,
    /// Page cache of each connection, MiB.
    pub cache_mib: u32,
    /// Reading connections that are kept open.
    pub readers: usize,
    /// Cost of a passphrase that is set while the store is open.
    pub kdf: KdfParams,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
            host: "unknown".to_owned(),
            // Measured with 5 million variants: 2, 64 and 256 MiB differ by less than the noise, because a window reads few
            // pages; an import gains from some tens.
            cache_mib: 64,
            readers: 3,
            kdf: KdfParams::default(),
        }
    }
}

/// What opens a store.
#[derive(Clone, Copy)]
pub enum Unlock<'a> {
    /// A person's passphrase.
    Passphrase {
        /// The account.
        user_id: &'a str,
        /// The passphrase.
        passphrase: &'a str,
    },
    /// The recovery key; the person acts as this account and should set a passphrase next.
    Recovery {
        /// The account.
        user_id: &'a str,
        /// As printed.
        key: &'a str,
    },
}

impl std::fmt::Debug for Unlock<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Passphrase { .. } => "Unlock::Passphrase(..)",
            Self::Recovery { .. } => "Unlock::Recovery(..)",
        })
    }
}

impl Unlock<'_> {
    fn user_id(&self) -> &str {
        match self {
            Self::Passphrase { user_id, .. } | Self::Recovery { user_id, .. } => user_id,
        }
    }
}

/// A name for the unlock screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginName {
    /// The account.
    pub user_id: String,
    /// Printed name.
    pub name: String,
}

/// An opened store.
#[derive(Debug)]
pub struct Opened {
    /// The store.
    pub store: Store,
    /// Who opened it.
    pub user: User,
    /// What had to be put right.
    pub recovered: Recovered,
}

/// An encrypted store. See the crate's text.
#[derive(Debug)]
pub struct Store {
    pub(crate) folder: PathBuf,
    pub(crate) id: Uuid,
    pub(crate) db: Database,
    pub(crate) setting: Setting,
    pub(crate) vault_key: SubKey,
    pub(crate) options: StoreOptions,
    pub(crate) anchors: Mutex<Anchors>,
    pub(crate) indexes: Mutex<HashMap<Uuid, Arc<RunIndex>>>,
    // Last: the lock is given back when everything else is closed.
    _lock: StoreLock,
}

impl Store {
    /// Whether the folder holds a store, also a damaged one.
    pub fn is_store(folder: &Path) -> bool {
        keys::path(folder).exists() || crate::db::path(folder).exists()
    }

    /// Names for the unlock screen, read without a passphrase.
    pub fn login_names(folder: &Path) -> Result<Vec<LoginName>> {
        Ok(Keys::read(folder)?
            .users
            .into_iter()
            .map(|u| LoginName {
                user_id: u.user_id,
                name: u.name,
            })
            .collect())
    }

    /// Makes a new store with its first user, and the recovery key to print.
    ///
    /// The store is built beside its place and appears there whole. Errors: the folder holds something; the passphrase
    /// is too short; the disk.
    pub fn create(
        folder: &Path,
        first: &NewUser,
        passphrase: &str,
        options: StoreOptions,
        at: Timestamp,
    ) -> Result<(Opened, RecoveryKey)> {
        first.check()?;
        keys::check_passphrase(passphrase)?;
        let empty = match std::fs::read_dir(folder) {
            Ok(mut entries) => entries.next().is_none(),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => true,
            Err(e) => return Err(StoreError::io("open the folder", folder, e)),
        };
        if !empty {
            let what = if Self::is_store(folder) {
                "this folder holds a store already"
            } else {
                "this folder is not empty"
            };
            return Err(StoreError::new(
                StoreErrorKind::AlreadyExists,
                Fault::input(what).at(folder).hint("choose a new folder"),
            ));
        }
        let parent = folder.parent().filter(|p| !p.as_os_str().is_empty());
        let building = parent
            .unwrap_or(Path::new("."))
            .join(format!(".clinotype-{}.partial", new_id()));
        fs::create_dir_all(&building)?;
        let made = Self::build(&building, first, passphrase, &options, at).and_then(|recovery| {
            crate::disk::rename(&building, folder)?;
            Ok(recovery)
        });
        let recovery = made.inspect_err(|_| {
            let _ = std::fs::remove_dir_all(&building);
        })?;
        let unlock = Unlock::Passphrase {
            user_id: &first.user_id,
            passphrase,
        };
        Ok((Self::open(folder, unlock, options, at)?, recovery))
    }

    fn build(
        folder: &Path,
        first: &NewUser,
        passphrase: &str,
        options: &StoreOptions,
        at: Timestamp,
    ) -> Result<RecoveryKey> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
                .map_err(|e| StoreError::io("protect the folder", folder, e))?;
        }
        let lock = StoreLock::take(folder)?;
        let (data, recovery) = (DataKey::generate()?, RecoveryKey::generate()?);
        let id = new_id();
        let mut keys = Keys::new(&data, id, &recovery, options.kdf)?;
        keys.set(&data, &first.user_id, &first.name, passphrase, options.kdf)?;
        for sub in ["vault", "work"] {
            fs::create_dir_all(folder.join(sub))?;
        }
        let db = Database::open(folder, data, options.cache_mib, 0, true)?;
        db.begin_writing()?;
        migrate::up_to(&mut db.writer(), migrate::CURRENT)?;
        let store = Self::assemble(folder, id, db, options.clone(), 0, lock)?;
        let act = Act::new(
            &crate::Actor {
                user_id: first.user_id.clone(),
                name: first.name.clone(),
                role: first.role,
            },
            at,
        );
        store.write(&act, |tx| {
            tx.execute(
                "INSERT INTO meta VALUES ('store', ?), ('session', '0')",
                [id.to_string()],
            )?;
            tx.log(&Entry {
                kind: "store",
                object: &id.to_string(),
                action: "create",
                ..Entry::default()
            })?;
            crate::users::insert(tx, first)
        })?;
        keys.write(folder)?;
        store.close()?;
        Ok(recovery)
    }

    fn assemble(
        folder: &Path,
        id: Uuid,
        db: Database,
        options: StoreOptions,
        session: u64,
        lock: StoreLock,
    ) -> Result<Self> {
        let setting = Setting {
            session,
            host: options.host.clone(),
            app_version: options.app_version.clone(),
            started: Instant::now(),
            key: db.key().derive("audit mac 1")?,
        };
        Ok(Self {
            folder: folder.to_owned(),
            id,
            vault_key: db.key().derive("vault identities 1")?,
            setting,
            db,
            options,
            anchors: Mutex::new(Anchors {
                waiting: None,
                written: Instant::now(),
                kept: false,
            }),
            indexes: Mutex::default(),
            _lock: lock,
        })
    }

    /// Opens a store: takes its lock, unwraps the key, checks the schema, migrates, and puts right what a kill left.
    ///
    /// Errors leave every file as it was, except that a failed unlock is counted in a file of its own.
    pub fn open(folder: &Path, unlock: Unlock<'_>, options: StoreOptions, at: Timestamp) -> Result<Opened> {
        // Before the lock, so that a folder that is no store gets no lock file.
        Keys::read(folder)?;
        let lock = StoreLock::take(folder)?;
        let keys = Keys::read(folder)?;
        let opened = match unlock {
            Unlock::Passphrase { user_id, passphrase } => keys.open(user_id, passphrase),
            Unlock::Recovery { key, .. } => keys.open_recovery(key),
        };
        let data = opened.inspect_err(|e| {
            if e.kind == StoreErrorKind::WrongPassphrase {
                let known = keys.has(unlock.user_id()).then_some(unlock.user_id());
                // Where even this cannot be written, the refusal still stands.
                let _ = FailedUnlocks::add(folder, known, at);
            }
        })?;
        let db = Database::open(folder, data, options.cache_mib, options.readers, false)?;
        let user;
        let found = {
            let mut writer = db.writer();
            let found = migrate::check(&writer).map_err(|e| e.at(&crate::db::path(folder)))?;
            if found == 0 {
                return Err(StoreError::damaged().at(&crate::db::path(folder)));
            }
            let id: Option<String> = writer
                .query_row("SELECT value FROM meta WHERE key = 'store'", [], |row| row.get(0))
                .optional()?;
            if id != Some(keys.store.to_string()) {
                return Err(StoreError::damaged().at(&crate::db::path(folder)));
            }
            user = crate::users::find(&writer, unlock.user_id())?
                .filter(|u| u.active)
                .ok_or_else(crate::users::not_active)?;
            drop(writer);
            db.begin_writing()?;
            writer = db.writer();
            migrate::up_to(&mut writer, migrate::CURRENT)?
        };
        let session = {
            let writer = db.writer();
            writer.execute(
                "UPDATE meta SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE key = 'session'",
                [],
            )?;
            writer.query_row(
                "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'session'",
                [],
                |r| r.get::<_, i64>(0),
            )? as u64
        };
        let store = Self::assemble(folder, keys.store, db, options, session, lock)?;
        let migrated = (found < migrate::CURRENT).then_some(found);
        let by = match unlock {
            Unlock::Passphrase { .. } => "passphrase",
            Unlock::Recovery { .. } => "recovery key",
        };
        let recovered = store.after_unlock(&user, by, migrated, at)?;
        Ok(Opened { store, user, recovered })
    }

    fn after_unlock(&self, user: &User, by: &str, migrated: Option<u32>, at: Timestamp) -> Result<Recovered> {
        let failed = FailedUnlocks::read(&self.folder);
        let id = self.id.to_string();
        self.check_anchor(at)?;
        self.write(&Act::new(&user.actor(), at), |tx| {
            if failed.count > 0 {
                let told = serde_json::to_string(&failed)?;
                tx.log(&Entry {
                    kind: "store",
                    object: &id,
                    action: "failed unlocks",
                    new: Some(&told),
                    ..Entry::default()
                })?;
            }
            tx.log(&Entry {
                kind: "store",
                object: &id,
                action: "unlock",
                new: Some(by),
                ..Entry::default()
            })
        })?;
        FailedUnlocks::clear(&self.folder)?;
        let mut recovered = self.reconcile(at)?;
        recovered.failed_unlocks = failed.count;
        recovered.migrated_from = migrated;
        if let Some(from) = migrated {
            self.write(&Act::program(at), |tx| {
                tx.log(&Entry {
                    kind: "store",
                    object: &id,
                    action: "migrate",
                    field: "schema",
                    old: Some(&from.to_string()),
                    new: Some(&migrate::CURRENT.to_string()),
                    ..Entry::default()
                })
            })?;
        }
        Ok(recovered)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The store's id.
    pub fn store_id(&self) -> Uuid {
        self.id
    }

    /// A setting.
    pub fn setting(&self, key: &str) -> Result<Option<String>> {
        self.db.read(|connection| {
            Ok(connection
                .prepare_cached("SELECT value FROM settings WHERE key = ?")?
                .query_row([key], |row| row.get(0))
                .optional()?)
        })
    }

    /// Sets a setting.
    pub fn set_setting(&self, act: &Act, key: &str, value: &str) -> Result<()> {
        self.write(act, |tx| {
            let old: Option<String> = tx
                .query_row("SELECT value FROM settings WHERE key = ?", [key], |row| row.get(0))
                .optional()?;
            tx.execute(
                "INSERT INTO settings VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2",
                params![key, value],
            )?;
            tx.log(&Entry {
                kind: "setting",
                object: key,
                action: "set",
                field: "value",
                old: old.as_deref(),
                new: Some(value),
                ..Entry::default()
            })
        })
    }

    /// Writes the log back into the database and anchors the chain. Also happens, without a report, on drop.
    pub fn close(self) -> Result<()> {
        self.settle_anchor()?;
        self.db.checkpoint()
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // Nothing is lost where this fails: the log is replayed at the next opening.
        let _ = self.settle_anchor();
        let _ = self.db.checkpoint();
    }
}
