//! A store that is locked, damaged, exchanged, newer, older, or has no room: each a clear message, nothing lost.

use clinotype_genome::fs;
use clinotype_store::{Opened, Store, StoreError, StoreErrorKind};

use crate::support::{Fixture, PASSPHRASE, at, bytes, kept, new_case, options, person, unlock};

fn open(fixture: &Fixture) -> Result<Opened, StoreError> {
    Store::open(&fixture.folder(), unlock(), options(), at(50))
}

#[test]
fn a_second_process_is_refused_and_the_first_goes_on() {
    let fixture = Fixture::new();
    let case = fixture.case("S-1");
    let before = kept(&fixture.folder());
    let error = open(&fixture).unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::InUse);
    assert!(error.to_string().contains("open in another Clinotype"), "{error}");
    assert!(before == kept(&fixture.folder()), "a file changed");
    assert!(fixture.store().peek_case(case.id).is_ok());
    fixture.case("S-2");
}

#[test]
fn a_damaged_database_is_named_and_left_alone() {
    let mut fixture = Fixture::new();
    fixture.case("S-1");
    fixture.close();
    let path = fixture.folder().join("store.db");
    let good = fs::read(&path).unwrap();
    let mut other = Fixture::new();
    other.close();
    let foreign = fs::read(other.folder().join("store.db")).unwrap();
    let mut flipped = good.clone();
    flipped[100] ^= 1;
    for (what, content) in [
        ("empty", Vec::new()),
        ("cut in the first page", good[..1000].to_vec()),
        ("foreign", foreign),
        ("flipped", flipped),
        (
            "text",
            b"not a database at all, but long enough to look like a page".repeat(100),
        ),
    ] {
        fs::write_atomic(&path, &content).unwrap();
        let before = kept(&fixture.folder());
        let error = open(&fixture).unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::Damaged, "{what}: {error}");
        assert!(
            error.to_string().contains("damaged or belongs to other keys"),
            "{what}: {error}"
        );
        assert!(
            error.fault.advice().unwrap().contains("restore the last backup"),
            "{what}"
        );
        assert!(before == kept(&fixture.folder()), "{what}: a file changed");
    }
    fs::write_atomic(&path, &good).unwrap();
    assert_eq!(open(&fixture).unwrap().store.runs(None).unwrap().len(), 0);
}

#[test]
fn a_cut_database_never_opens_as_a_whole_one() {
    let mut fixture = Fixture::new();
    for n in 0..30 {
        fixture.case(&format!("S-{n}"));
    }
    fixture.close();
    let path = fixture.folder().join("store.db");
    let good = fs::read(&path).unwrap();
    for pages in [1, 2, 5, good.len() / 4096 - 1] {
        fs::write_atomic(&path, &good[..pages * 4096]).unwrap();
        // Either it does not open, or what is read fails: it must not look whole.
        let outcome = open(&fixture).and_then(|o| o.store.verify_audit());
        match outcome {
            Err(error) => assert_eq!(error.kind, StoreErrorKind::Damaged, "{pages}: {error}"),
            Ok(verdict) => assert!(!verdict.is_sound(), "{pages}"),
        }
    }
}

#[test]
fn keys_that_are_missing_or_damaged_are_named() {
    let mut fixture = Fixture::new();
    fixture.close();
    let path = fixture.folder().join("keys.json");
    let good = fs::read_to_string(&path).unwrap();
    let table = [
        (String::new(), StoreErrorKind::KeysDamaged),
        (good[..good.len() / 2].to_owned(), StoreErrorKind::KeysDamaged),
        (
            good.replace("clinotype-keys/1", "clinotype-keys/9"),
            StoreErrorKind::NewerSchema,
        ),
        (
            good.replace("\"memory_kib\": 16", "\"memory_kib\": 4000000000"),
            StoreErrorKind::KeysDamaged,
        ),
        (
            good.replace("\"memory_kib\": 16", "\"memory_kib\": 8"),
            StoreErrorKind::WrongPassphrase,
        ),
    ];
    for (content, kind) in table {
        fs::write_atomic(&path, content.as_bytes()).unwrap();
        assert_eq!(open(&fixture).unwrap_err().kind, kind);
    }
    std::fs::remove_file(&path).unwrap();
    let error = open(&fixture).unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::KeysMissing);
    assert!(Store::is_store(&fixture.folder()));
    // A new store must not be made over the old one.
    let over = Store::create(
        &fixture.folder(),
        &person("ada", clinotype_store::Role::Admin),
        PASSPHRASE,
        options(),
        at(1),
    );
    assert_eq!(over.unwrap_err().kind, StoreErrorKind::AlreadyExists);
    fs::write_atomic(&path, good.as_bytes()).unwrap();
    open(&fixture).unwrap();
    let empty = tempfile::tempdir().unwrap();
    let error = Store::open(empty.path(), unlock(), options(), at(1)).unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::NotAStore);
    assert!(bytes(empty.path()).is_empty());
}

/// A small file system of its own, where the test may make one.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_takes_back_what_was_being_written() {
    use std::process::Command;
    let mount = tempfile::tempdir().unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"])
        .arg(mount.path())
        .output();
    if !mounted.is_ok_and(|o| o.status.success()) {
        eprintln!("skipped: mounting a small file system needs more rights");
        return;
    }
    struct Unmount(std::path::PathBuf);
    impl Drop for Unmount {
        fn drop(&mut self) {
            let _ = Command::new("umount").arg(&self.0).status();
        }
    }
    let _unmount = Unmount(mount.path().to_owned());
    let folder = mount.path().join("S");
    let admin = person("ada", clinotype_store::Role::Admin);
    let (opened, _) = Store::create(&folder, &admin, PASSPHRASE, options(), at(0)).unwrap();
    let act = clinotype_store::Act::new(&opened.user.actor(), at(1));
    let case = opened.store.create_case(&act, &new_case("S-1")).unwrap();
    let mut last = String::new();
    let error = (0..1000)
        .find_map(|n| {
            let note = format!("{n}:{}", "x".repeat(20_000));
            match opened.store.set_notes(&act, case.id, &note) {
                Ok(()) => {
                    last = note;
                    None
                }
                Err(error) => Some(error),
            }
        })
        .unwrap();
    assert_eq!(error.kind, StoreErrorKind::DiskFull, "{error}");
    assert!(error.to_string().contains("the disk is full"), "{error}");
    let stored = opened.store.peek_case(case.id).unwrap().notes;
    // The note whose row was committed but whose anchor found no room may stand; nothing else may.
    let number = |note: &str| note.split(':').next().unwrap().parse::<u32>().unwrap_or(0);
    assert!(stored == last || number(&stored) == number(&last) + 1);
    drop(opened);
}
