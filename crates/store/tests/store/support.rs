//! A store in a temporary folder, and its bytes.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use clinotype_case::{SampleId, Sex};
use clinotype_genome::fs;
use clinotype_store::{
    Act, Case, KdfParams, NewCase, NewRun, NewUser, RecoveryKey, Role, Run, Store, StoreOptions, Unlock, User,
};
use jiff::Timestamp;

pub(crate) const PASSPHRASE: &str = "correct horse battery";

pub(crate) struct Fixture {
    pub(crate) root: tempfile::TempDir,
    pub(crate) store: Option<Store>,
    pub(crate) user: User,
    pub(crate) recovery: RecoveryKey,
}

/// Cheap on purpose: the cost itself is not under test here.
pub(crate) fn options() -> StoreOptions {
    StoreOptions {
        cache_mib: 8,
        kdf: KdfParams {
            memory_kib: 16,
            passes: 1,
            lanes: 1,
        },
        host: "bench-1".to_owned(),
        ..StoreOptions::default()
    }
}

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

pub(crate) fn person(user_id: &str, role: Role) -> NewUser {
    NewUser {
        user_id: user_id.to_owned(),
        name: format!("Dr {user_id}"),
        role,
    }
}

pub(crate) fn unlock() -> Unlock<'static> {
    Unlock::Passphrase {
        user_id: "ada",
        passphrase: PASSPHRASE,
    }
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let (opened, recovery) = Store::create(
            &root.path().join("S"),
            &person("ada", Role::Admin),
            PASSPHRASE,
            options(),
            at(0),
        )
        .unwrap();
        Self {
            root,
            store: Some(opened.store),
            user: opened.user,
            recovery,
        }
    }
    pub(crate) fn folder(&self) -> PathBuf {
        self.root.path().join("S")
    }
    pub(crate) fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }
    pub(crate) fn act(&self) -> Act {
        Act::new(&self.user.actor(), at(60)).zone("Europe/Zurich")
    }
    pub(crate) fn close(&mut self) {
        self.store.take().unwrap().close().unwrap();
    }
    pub(crate) fn reopen(&mut self) -> clinotype_store::Recovered {
        drop(self.store.take());
        let opened = Store::open(&self.folder(), unlock(), options(), at(100)).unwrap();
        self.store = Some(opened.store);
        opened.recovered
    }
    pub(crate) fn case(&self, sample: &str) -> Case {
        self.store().create_case(&self.act(), &new_case(sample)).unwrap()
    }
    pub(crate) fn run(&self, case: &Case) -> Run {
        let new = NewRun {
            case: case.id,
            options: serde_json::json!({"panel": "BRCA1"}),
        };
        self.store().queue_run(&self.act(), &new).unwrap()
    }
}

pub(crate) fn new_case(sample: &str) -> NewCase {
    NewCase {
        sample: sample.parse::<SampleId>().unwrap(),
        sex: Sex::Female,
        order: None,
        demo: false,
        notes: String::new(),
    }
}

/// Every file below a folder with its bytes.
pub(crate) fn bytes(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut out = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(bytes(&path));
        } else {
            out.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    out
}

/// As [`bytes`], without the count of failed unlocks, which is there to change.
pub(crate) fn kept(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = bytes(folder);
    all.remove(&folder.join("failed-unlocks.json"));
    all
}
