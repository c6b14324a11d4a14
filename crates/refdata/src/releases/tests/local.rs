//! From folders, and what becomes of releases that are there.

use clinotype_genome::FaultKind;

use super::*;

/// A folder with files.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write_atomic(path, bytes).unwrap();
    }
    folder
}

/// Makes a file of a release writable and other.
fn damage(path: &Path, bytes: &[u8]) {
    let mut permissions = path.metadata().unwrap().permissions();
    #[allow(clippy::permissions_set_readonly_false, reason = "the folder is the test's own")]
    permissions.set_readonly(false);
    std::fs::set_permissions(path, permissions).unwrap();
    fs::write_atomic(path, bytes).unwrap();
}

#[test]
fn a_copy_of_the_source_passes_the_same_checks() {
    let body = noise(10_000, 1);
    let list = format!("{}  ./d/one.bin\n", md5(&body));
    // As the source has it, or everything in one folder.
    for (file, sums) in [("d/one.bin", "d/md5.txt"), ("one.bin", "md5.txt")] {
        let from = folder(&[(file, &body), (sums, list.as_bytes())]);
        let laboratory = Laboratory::new();
        let made = manifest(laboratory.from("one", None, from.path()));
        assert_eq!(
            (&*made.release, made.files[0].md5.as_deref()),
            ("1", Some(&*md5(&body)))
        );
        assert_eq!(laboratory.read("one/1/one.bin"), body);
        assert_eq!(made.origin, from.path().display().to_string());
    }
    let laboratory = Laboratory::new();
    let from = folder(&[("one.bin", &body)]);
    assert!(words(laboratory.from("one", None, from.path())).contains("has no file md5.txt"));
    let from = folder(&[("md5.txt", list.as_bytes())]);
    assert!(words(laboratory.from("one", None, from.path())).contains("has no file one.bin"));
    let from = folder(&[("one.bin", &body[1..]), ("md5.txt", list.as_bytes())]);
    let fault = laboratory.from("one", None, from.path()).unwrap_err();
    assert!(fault.to_string().contains("has the MD5"), "{fault}");
    assert_eq!(fault.kind(), FaultKind::Input);
    assert_eq!(laboratory.files(), Vec::<String>::new());
    assert!(words(laboratory.from("one", None, Path::new("/nowhere"))).contains("no such file or folder"));
}

#[test]
fn the_release_of_a_folder() {
    let laboratory = Laboratory::new();
    let gz = gzip(b"x");
    let from = folder(&[("l_20260101.gz", &gz), ("l_20260101.txt", b"t"), ("l_notes.gz", b"")]);
    let made = manifest(laboratory.from("listed", None, from.path()));
    assert_eq!(made.release, "20260101");
    // Damage of a file without a stated digest.
    let from = folder(&[("l_20260102.gz", &gz[..gz.len() - 3]), ("l_20260102.txt", b"t")]);
    assert!(words(laboratory.from("listed", None, from.path())).contains("is damaged"));
    let from = folder(&[("dated.tsv", b"x")]);
    assert!(words(laboratory.from("dated", None, from.path())).contains("does not say which release"));
    let made = manifest(laboratory.from("dated", Some("2026-01-05"), from.path()));
    assert_eq!(made.release_date.as_deref(), Some("2026-01-05"));
}

#[test]
fn files_that_the_laboratory_brings() {
    let laboratory = Laboratory::new();
    let from = folder(&[("b.tsv", b"b"), ("a.tsv.gz", &gzip(b"a")), (".hidden", b"")]);
    assert!(words(laboratory.from("mine", None, from.path())).contains("does not say which release"));
    let made = manifest(laboratory.from("mine", Some("1.3"), from.path()));
    let names: Vec<&str> = made.files.iter().map(|f| &*f.name).collect();
    assert_eq!(names, ["a.tsv.gz", "b.tsv"]);
    assert_eq!(made.licence.name, "ask");
    let made = manifest(laboratory.from("mine", Some("1.4"), &from.path().join("b.tsv")));
    assert_eq!(made.files.len(), 1);
    let from = folder(&[("a b.tsv", b"a")]);
    assert!(words(laboratory.from("mine", Some("1.5"), from.path())).contains("cannot be used"));
    assert!(words(laboratory.from("mine", Some("1.5"), tempfile::tempdir().unwrap().path())).contains("holds no file"));
}

#[test]
fn a_release_is_carried_to_a_site_without_a_network() {
    let (open, closed) = (Laboratory::new(), Laboratory::new());
    let from = folder(&[("b.tsv", b"bytes")]);
    for release in ["1.9", "1.10"] {
        manifest(open.from("mine", Some(release), from.path()));
    }
    // From a copy of the data folder: the newest, or the one that is named.
    let made = manifest(closed.from("mine", None, &open.data()));
    assert_eq!(made.release, "1.10");
    assert_eq!(made.digest, manifest_of(&open.data(), "mine", "1.10").unwrap().digest);
    let made = manifest(closed.from("mine", Some("1.9"), &open.data()));
    assert_eq!(made.files[0].origin, "b.tsv");
    // From the folder of one release.
    let third = Laboratory::new();
    let one = open.data().join("mine/1.9");
    assert!(words(third.from("mine", Some("1.10"), &one)).contains("holds mine 1.9, not what was asked for"));
    assert!(words(third.from("one", None, &one)).contains("holds mine 1.9"));
    damage(&one.join("b.tsv"), b"other");
    assert!(words(third.from("mine", None, &one)).contains("has the SHA-256"));
    assert!(installed(&third.data()).unwrap().is_empty());
}

#[test]
fn verify_names_what_differs() {
    let laboratory = Laboratory::new();
    let from = folder(&[("a", b"aaaa"), ("b", b"bbbb"), ("c", b"cccc"), ("d", b"dddd")]);
    let made = manifest(laboratory.from("mine", Some("1"), from.path()));
    let data = laboratory.data();
    let whole = verify(&data, "mine", "1", &Silent).unwrap();
    assert_eq!((whole.differences, whole.others), (Vec::new(), Vec::<String>::new()));
    let place = data.join("mine/1");
    damage(&place.join("a"), b"aaab");
    damage(&place.join("b"), b"bbb");
    fs::remove_if_there(place.join("c")).unwrap();
    fs::write_atomic(place.join("d.fai"), b"").unwrap();
    let found = verify(&data, "mine", "1", &Silent).unwrap();
    assert_eq!(
        found.differences,
        [
            Difference::Bytes {
                file: "a".to_owned(),
                expected: made.files[0].sha256.clone(),
                found: digest::sha256(b"aaab")
            },
            Difference::Size {
                file: "b".to_owned(),
                expected: 4,
                found: 3
            },
            Difference::Missing { file: "c".to_owned() },
        ]
    );
    assert_eq!(found.others, ["d.fai"]);
    assert!(
        verify(&data, "mine", "2", &Silent)
            .unwrap_err()
            .to_string()
            .contains("is not installed")
    );

    // A manifest that was changed proves nothing.
    let path = place.join("release.json");
    let text = fs::read_to_string(&path)
        .unwrap()
        .replace(&made.files[0].sha256, &digest::sha256(b"aaab"));
    damage(&path, text.as_bytes());
    let fault = verify(&data, "mine", "1", &Silent).unwrap_err();
    assert!(fault.to_string().contains("release.json: was changed"), "{fault}");
    damage(&path, b"{}");
    assert!(
        verify(&data, "mine", "1", &Silent)
            .unwrap_err()
            .to_string()
            .contains("is not the manifest")
    );
    assert!(installed(&data).unwrap()[0].2.is_err());
    // A damaged release can be removed and installed again.
    remove(&data, "mine", "1", &[], false).unwrap();
    manifest(laboratory.from("mine", Some("1"), from.path()));
}

#[test]
fn a_pinned_release_stays() {
    let laboratory = Laboratory::new();
    let data = laboratory.data();
    let from = folder(&[("a", b"aaaa")]);
    let old = manifest(laboratory.from("mine", Some("1"), from.path()));
    let new = manifest(laboratory.from("mine", Some("2"), from.path()));
    let pins = [old.pin(), old.pin()];
    assert_eq!(folder_of(&data, &old.pin()).unwrap(), data.join("mine/1"));
    let fault = remove(&data, "mine", "1", &pins, false).unwrap_err();
    assert!(fault.to_string().contains("is used by 2 case(s)"), "{fault}");
    assert_eq!(installed(&data).unwrap().len(), 2);
    remove(&data, "mine", "2", &pins, false).unwrap();
    assert!(
        folder_of(&data, &new.pin())
            .unwrap_err()
            .to_string()
            .contains("is not installed")
    );
    remove(&data, "mine", "1", &pins, true).unwrap();
    assert_eq!(laboratory.files(), Vec::<String>::new());
    assert!(!data.join("mine").exists());
    assert!(remove(&data, "mine", "1", &pins, true).is_err());
    assert!(remove(&data, "mine", "../x", &[], true).is_err());

    // The same name with other bytes is not what the case used.
    let from = folder(&[("a", b"bbbb")]);
    manifest(laboratory.from("mine", Some("1"), from.path()));
    assert!(
        folder_of(&data, &old.pin())
            .unwrap_err()
            .to_string()
            .contains("holds other bytes")
    );
}

#[test]
fn one_at_a_time() {
    let laboratory = Laboratory::new();
    fs::create_dir_all(laboratory.data()).unwrap();
    let lock = install::Lock::take(&laboratory.data()).unwrap();
    let from = folder(&[("a", b"aaaa")]);
    assert!(words(laboratory.from("mine", Some("1"), from.path())).contains("another Clinotype"));
    drop(lock);
    manifest(laboratory.from("mine", Some("1"), from.path()));
}
