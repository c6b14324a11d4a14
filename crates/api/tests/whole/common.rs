//! An application over a store in a temporary folder, with clocks that a test turns.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use clinotype_api::{
    App, Config, call,
    types::{ApiError, ErrorCode},
};
use clinotype_store::{Act, KdfParams, NewUser, Role, Store, Unlock};
use jiff::Timestamp;
use serde_json::{Value, json};

pub(crate) const PASSPHRASE: &str = "correct horse battery";

pub(crate) struct Bench {
    folder: tempfile::TempDir,
    seconds: Arc<AtomicU64>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            seconds: Arc::default(),
        }
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn config(&self) -> Config {
        let mut config = Config::new(self.store(), self.folder.path().join("cache"));
        config.options.kdf = KdfParams {
            memory_kib: 64,
            passes: 1,
            lanes: 1,
        };
        let seconds = Arc::clone(&self.seconds);
        config.ticks = Arc::new(move || Duration::from_secs(seconds.load(Ordering::SeqCst)));
        config
    }

    /// Lets time go by.
    pub(crate) fn pass(&self, seconds: u64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn app(&self) -> Arc<App> {
        App::new(self.config()).unwrap()
    }

    /// An application whose store is set up and open for its first person.
    pub(crate) fn open(&self) -> Arc<App> {
        let app = self.app();
        ok(
            &app,
            "set_up",
            json!({"user": "ada", "name": "Ada Admin", "passphrase": PASSPHRASE}),
        );
        app
    }

    /// Puts a person of each role into the store, which must be closed.
    pub(crate) fn add_people(&self) {
        let config = self.config();
        let unlock = Unlock::Passphrase {
            user_id: "ada",
            passphrase: PASSPHRASE,
        };
        let opened = Store::open(&self.store(), unlock, config.options, Timestamp::now()).unwrap();
        let act = Act::new(&opened.user.actor(), Timestamp::now());
        for role in [Role::Viewer, Role::Technician, Role::Reviewer, Role::Auditor] {
            let user = NewUser {
                user_id: role.code().to_owned(),
                name: format!("A {}", role.code()),
                role,
            };
            opened.store.add_user(&act, &user, PASSPHRASE).unwrap();
        }
        opened.store.close().unwrap();
    }
}

pub(crate) fn ok(app: &Arc<App>, name: &str, input: Value) -> Value {
    call(app, name, input).unwrap_or_else(|error| panic!("{name}: {error:?}"))
}

pub(crate) fn refused(app: &Arc<App>, name: &str, input: Value) -> ApiError {
    match call(app, name, input) {
        Ok(value) => panic!("{name} was done: {value}"),
        Err(error) => error,
    }
}

pub(crate) fn code(app: &Arc<App>, name: &str, input: Value) -> ErrorCode {
    refused(app, name, input).code
}

pub(crate) fn unlock(app: &Arc<App>, user: &str) -> Value {
    ok(app, "unlock", json!({"user": user, "passphrase": PASSPHRASE}))
}

/// Files below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else {
        return found;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}
