//! People and their keys.

use clinotype_genome::Fault;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::{
    Act, Actor, Result, Role, Store, StoreError, StoreErrorKind,
    audit::Entry,
    disk::FailedUnlocks,
    keys::Keys,
    recovery::RecoveryKey,
    tx::{Tx, When},
};

/// An account to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUser {
    /// `[A-Za-z0-9._@-]{1,64}`, never used again for another person.
    pub user_id: String,
    /// Printed name.
    pub name: String,
    /// Role.
    pub role: Role,
}

impl NewUser {
    pub(crate) fn check(&self) -> Result<()> {
        let good = (1..=64).contains(&self.user_id.len())
            && self
                .user_id
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._@-".contains(&b));
        if !good || self.user_id == "clinotype" {
            return Err(StoreError::input(
                "an account is 1 to 64 letters, digits, dots, underscores, hyphens or @, and not clinotype",
            ));
        }
        if self.name.trim().is_empty() {
            return Err(StoreError::input("an account needs a printed name"));
        }
        Ok(())
    }
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The account.
    pub user_id: String,
    /// Printed name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Whether it can unlock the store.
    pub active: bool,
    /// Since when.
    pub created_at: Timestamp,
}

impl User {
    /// The person as an actor.
    pub fn actor(&self) -> Actor {
        Actor {
            user_id: self.user_id.clone(),
            name: self.name.clone(),
            role: self.role,
        }
    }
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            user_id: row.get(0)?,
            name: row.get(1)?,
            role: row.get(2)?,
            active: row.get(3)?,
            created_at: row.get::<_, When>(4)?.0,
        })
    }
}

const COLUMNS: &str = "SELECT user_id, name, role, active, created_at FROM users";

pub(crate) fn find(connection: &Connection, user_id: &str) -> Result<Option<User>> {
    Ok(connection
        .prepare_cached(&format!("{COLUMNS} WHERE user_id = ?"))?
        .query_row([user_id], User::read)
        .optional()?)
}

pub(crate) fn not_active() -> StoreError {
    StoreError::new(
        StoreErrorKind::UnknownUser,
        Fault::usage("there is no such active account in the store").hint("name an active account"),
    )
}

pub(crate) fn insert(tx: &mut Tx<'_>, user: &NewUser) -> Result<()> {
    let now = tx.now();
    tx.execute(
        "INSERT INTO users (user_id, name, role, created_at) VALUES (?, ?, ?, ?)",
        params![user.user_id, user.name, user.role, now],
    )?;
    let told = format!("{} ({})", user.name, user.role.code());
    tx.log(&Entry {
        kind: "user",
        object: &user.user_id,
        action: "add",
        new: Some(&told),
        ..Entry::default()
    })
}

impl Store {
    /// Every account, also those that were closed.
    pub fn users(&self) -> Result<Vec<User>> {
        self.db.read(|connection| {
            let mut statement = connection.prepare_cached(&format!("{COLUMNS} ORDER BY user_id"))?;
            let users = statement.query_map([], User::read)?.collect::<Result<_, _>>()?;
            Ok(users)
        })
    }

    fn active(&self, user_id: &str) -> Result<User> {
        self.db
            .read(|connection| find(connection, user_id))?
            .filter(|u| u.active)
            .ok_or_else(not_active)
    }

    /// Changes `keys.json` and the database together: the file is written last before the commit, and put back where
    /// the commit fails.
    fn with_keys<T>(&self, act: &Act, work: impl FnOnce(&mut Tx<'_>, &mut Keys) -> Result<T>) -> Result<T> {
        let before = Keys::read(&self.folder)?;
        let mut written = false;
        let result = self.write(act, |tx| {
            let mut keys = before.clone();
            let value = work(tx, &mut keys)?;
            keys.write(&self.folder)?;
            written = true;
            Ok(value)
        });
        if result.is_err() && written {
            before.write(&self.folder)?;
        }
        result
    }

    /// Makes an account. Errors: the account exists or existed; the passphrase is too short.
    pub fn add_user(&self, act: &Act, user: &NewUser, passphrase: &str) -> Result<User> {
        user.check()?;
        self.with_keys(act, |tx, keys| {
            if find(tx, &user.user_id)?.is_some() {
                return Err(StoreError::new(
                    StoreErrorKind::AlreadyExists,
                    Fault::usage("this account exists or existed; accounts are never given to somebody else"),
                ));
            }
            insert(tx, user)?;
            keys.set(self.db.key(), &user.user_id, &user.name, passphrase, self.options.kdf)
        })?;
        self.active(&user.user_id)
    }

    /// Closes an account: its key is destroyed, its name stays with what it did.
    pub fn deactivate_user(&self, act: &Act, user_id: &str) -> Result<()> {
        self.active(user_id)?;
        self.with_keys(act, |tx, keys| {
            let left: i64 = tx.query_row(
                "SELECT count(*) FROM users WHERE active = 1 AND user_id <> ?",
                [user_id],
                |row| row.get(0),
            )?;
            if left == 0 {
                return Err(StoreError::not_allowed("the last active account cannot be closed"));
            }
            tx.execute("UPDATE users SET active = 0 WHERE user_id = ?", [user_id])?;
            keys.remove(user_id);
            tx.log(&Entry {
                kind: "user",
                object: user_id,
                action: "deactivate",
                field: "active",
                old: Some("1"),
                new: Some("0"),
                ..Entry::default()
            })
        })
    }

    fn set_passphrase(&self, act: &Act, user_id: &str, new: &str, action: &str) -> Result<()> {
        crate::keys::check_passphrase(new)?;
        let user = self.active(user_id)?;
        self.with_keys(act, |tx, keys| {
            keys.set(self.db.key(), user_id, &user.name, new, self.options.kdf)?;
            tx.log(&Entry {
                kind: "user",
                object: user_id,
                action,
                field: "passphrase",
                ..Entry::default()
            })
        })
    }

    /// Sets a new passphrase for somebody who knows the old one.
    pub fn change_passphrase(&self, act: &Act, user_id: &str, old: &str, new: &str) -> Result<()> {
        self.check_passphrase(user_id, old, act.at)?;
        self.set_passphrase(act, user_id, new, "change passphrase")
    }

    /// Sets a passphrase without the old one, after the store was opened with the recovery key or by an administrator.
    pub fn reset_passphrase(&self, act: &Act, user_id: &str, new: &str) -> Result<()> {
        self.set_passphrase(act, user_id, new, "reset passphrase")
    }

    /// A new recovery key; the old one stops working.
    pub fn new_recovery_key(&self, act: &Act) -> Result<RecoveryKey> {
        let key = RecoveryKey::generate()?;
        self.with_keys(act, |tx, keys| {
            keys.set_recovery(self.db.key(), &key, self.options.kdf)?;
            tx.log(&Entry {
                kind: "store",
                object: &self.id.to_string(),
                action: "new recovery key",
                ..Entry::default()
            })
        })?;
        Ok(key)
    }

    /// Unlocks a window over an open store. Both outcomes are audited at once.
    pub fn check_passphrase(&self, user_id: &str, passphrase: &str, at: Timestamp) -> Result<User> {
        let keys = Keys::read(&self.folder)?;
        match keys.open(user_id, passphrase) {
            Ok(_) => {
                let user = self.active(user_id)?;
                self.record(
                    &Act::new(&user.actor(), at),
                    "store",
                    &self.id.to_string(),
                    "unlock",
                    None,
                    None,
                )?;
                Ok(user)
            }
            Err(error) => {
                if error.kind == StoreErrorKind::WrongPassphrase {
                    let failed = FailedUnlocks {
                        count: 1,
                        first: Some(at),
                        last: Some(at),
                        users: keys.has(user_id).then(|| user_id.to_owned()).into_iter().collect(),
                    };
                    let told = serde_json::to_string(&failed)?;
                    let store = self.id.to_string();
                    self.record(&Act::program(at), "store", &store, "failed unlocks", None, Some(&told))?;
                }
                Err(error)
            }
        }
    }
}
