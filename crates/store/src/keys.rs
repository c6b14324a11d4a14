//! `keys.json`: the data key wrapped for each person and for the recovery key.

use std::path::{Path, PathBuf};

use clinotype_genome::{Fault, fs};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Result, StoreError, StoreErrorKind,
    crypto::{DataKey, KdfParams, Wrap},
    disk,
    recovery::RecoveryKey,
};

const SCHEMA: &str = "clinotype-keys/1";
/// Holder of the recovery key's wrap; no user id may hold a space.
const RECOVERY: &str = "recovery key";
/// NIST SP 800-63B: length is what counts, no composition rules.
pub(crate) const MIN_PASSPHRASE: usize = 12;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Keys {
    schema: String,
    pub(crate) store: Uuid,
    pub(crate) users: Vec<UserKey>,
    recovery: Wrap,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UserKey {
    pub(crate) user_id: String,
    pub(crate) name: String,
    wrap: Wrap,
}

pub(crate) fn path(folder: &Path) -> PathBuf {
    folder.join("keys.json")
}

pub(crate) fn check_passphrase(passphrase: &str) -> Result<()> {
    if passphrase.chars().count() < MIN_PASSPHRASE {
        return Err(StoreError::new(
            StoreErrorKind::PassphraseTooShort,
            Fault::usage(format!("the passphrase is shorter than {MIN_PASSPHRASE} characters"))
                .hint("several unrelated words make a good one"),
        ));
    }
    Ok(())
}

fn wrong(what: &str) -> StoreError {
    StoreError::new(
        StoreErrorKind::WrongPassphrase,
        Fault::usage(format!("the {what} does not open this store")).hint("nothing was changed; try again"),
    )
}

impl Keys {
    pub(crate) fn new(data: &DataKey, store: Uuid, recovery: &RecoveryKey, kdf: KdfParams) -> Result<Self> {
        Ok(Self {
            schema: SCHEMA.to_owned(),
            store,
            users: Vec::new(),
            recovery: Wrap::new(data, &store.to_string(), RECOVERY, recovery.secret(), kdf)?,
        })
    }

    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let path = path(folder);
        if !path.exists() {
            let (kind, fault) = if folder.join("store.db").exists() {
                (
                    StoreErrorKind::KeysMissing,
                    Fault::input("the store's keys are missing; without them nobody can open it")
                        .hint("restore keys.json from a backup of this store"),
                )
            } else {
                (
                    StoreErrorKind::NotAStore,
                    Fault::input("this folder holds no store").hint("check the path, or set up a new store"),
                )
            };
            return Err(StoreError::new(kind, fault.at(&path)));
        }
        let damaged = || {
            StoreError::new(
                StoreErrorKind::KeysDamaged,
                Fault::input("the store's keys cannot be read: the file is damaged")
                    .at(&path)
                    .hint("restore keys.json from a backup of this store; nothing was changed"),
            )
        };
        let keys: Self = serde_json::from_slice(&fs::read(&path)?).map_err(|_| damaged())?;
        if keys.schema != SCHEMA {
            return Err(if keys.schema.starts_with("clinotype-keys/") {
                StoreError::new(
                    StoreErrorKind::NewerSchema,
                    Fault::input("the store was written by a newer version of Clinotype")
                        .at(&path)
                        .hint("install that version; nothing was changed"),
                )
            } else {
                damaged()
            });
        }
        Ok(keys)
    }

    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        fs::write_atomic(path(folder), &serde_json::to_vec_pretty(self)?)?;
        disk::sync_folder(folder)
    }

    pub(crate) fn has(&self, user_id: &str) -> bool {
        self.users.iter().any(|u| u.user_id == user_id)
    }

    /// Adds or replaces a user's wrap.
    pub(crate) fn set(
        &mut self,
        data: &DataKey,
        user_id: &str,
        name: &str,
        passphrase: &str,
        kdf: KdfParams,
    ) -> Result<()> {
        check_passphrase(passphrase)?;
        let wrap = Wrap::new(data, &self.store.to_string(), user_id, passphrase.as_bytes(), kdf)?;
        self.users.retain(|u| u.user_id != user_id);
        self.users.push(UserKey {
            user_id: user_id.to_owned(),
            name: name.to_owned(),
            wrap,
        });
        self.users.sort_by(|a, b| a.user_id.cmp(&b.user_id));
        Ok(())
    }

    pub(crate) fn remove(&mut self, user_id: &str) {
        self.users.retain(|u| u.user_id != user_id);
    }

    pub(crate) fn set_recovery(&mut self, data: &DataKey, key: &RecoveryKey, kdf: KdfParams) -> Result<()> {
        self.recovery = Wrap::new(data, &self.store.to_string(), RECOVERY, key.secret(), kdf)?;
        Ok(())
    }

    pub(crate) fn open(&self, user_id: &str, passphrase: &str) -> Result<DataKey> {
        let store = self.store.to_string();
        // An unknown user costs the same time and gives the same words: account names are not for guessing.
        let wrap = self
            .users
            .iter()
            .find(|u| u.user_id == user_id)
            .map_or(&self.recovery, |u| &u.wrap);
        wrap.open(&store, user_id, passphrase.as_bytes())?
            .ok_or_else(|| wrong("passphrase"))
    }

    pub(crate) fn open_recovery(&self, key: &str) -> Result<DataKey> {
        let key = RecoveryKey::parse(key).ok_or_else(|| wrong("recovery key"))?;
        self.recovery
            .open(&self.store.to_string(), RECOVERY, key.secret())?
            .ok_or_else(|| wrong("recovery key"))
    }
}
