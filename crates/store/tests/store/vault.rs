//! Files: kept, read by range, damaged, exchanged, erased, and found again after a kill.

use std::io::{Read, Seek, SeekFrom, Write};

use clinotype_genome::{fs, seal::seal_folder};
use clinotype_store::{FileRole, NewFile, StoreErrorKind, VaultFile};

use crate::support::{Fixture, at};

fn plain(n: usize) -> Vec<u8> {
    (0..n).map(|i| (i * 7 % 253) as u8).collect()
}

fn add(fixture: &Fixture, case: uuid::Uuid, role: FileRole, content: &[u8]) -> VaultFile {
    let new = NewFile {
        case,
        run: None,
        role,
        name: "report.pdf".to_owned(),
    };
    fixture
        .store()
        .add_file(&fixture.act(), &new, &mut &content[..])
        .unwrap()
}

#[test]
fn a_file_comes_back_whole_and_by_range() {
    let mut fixture = Fixture::new();
    let case = fixture.case("S-1").id;
    let content = plain(300_000);
    let file = add(&fixture, case, FileRole::Pdf, &content);
    assert_eq!(file.size, 300_000);
    let empty = add(&fixture, case, FileRole::Other, b"");
    fixture.reopen();
    let store = fixture.store();
    assert_eq!(store.read_file(file.id).unwrap(), content);
    assert_eq!(store.read_file(empty.id).unwrap(), b"");
    for (offset, length) in [
        (0, 10),
        (65_530, 20),
        (131_072, 1),
        (299_990, 100),
        (300_000, 5),
        (999_999, 5),
        (5, 0),
    ] {
        let end = (offset + length).min(content.len());
        let expected = content.get(offset..end).unwrap_or_default();
        assert_eq!(store.read_range(file.id, offset as u64, length).unwrap(), expected);
    }
    let mut reader = store.reader(file.id).unwrap();
    reader.seek(SeekFrom::End(-4)).unwrap();
    let mut tail = Vec::new();
    reader.read_to_end(&mut tail).unwrap();
    assert_eq!(tail, content[299_996..]);
    assert_eq!(store.next_to_verify().unwrap(), Some(file.id));
    assert_eq!(
        store.verify_file(&fixture.act(), file.id).unwrap().verified_at,
        Some(at(60))
    );
    let ids: Vec<_> = store.files(case).unwrap().iter().map(|f| f.id).collect();
    assert!(ids.len() == 2 && ids.contains(&file.id));
}

#[test]
fn a_damaged_or_exchanged_file_is_named_and_the_rest_stays() {
    let fixture = Fixture::new();
    let case = fixture.case("S-SECRETNAME").id;
    let content = plain(200_000);
    let file = add(&fixture, case, FileRole::Bam, &content);
    let other = add(&fixture, case, FileRole::Vcf, &plain(200_000));
    let path = fixture.folder().join("vault").join(file.id.to_string());
    let good = fs::read(&path).unwrap();
    let flip = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 4;
        bytes
    };
    let exchanged = fs::read(fixture.folder().join("vault").join(other.id.to_string())).unwrap();
    for (what, bytes) in [
        ("header", flip(30)),
        ("first chunk", flip(1000)),
        ("middle", flip(good.len() / 2)),
        ("last byte", flip(good.len() - 1)),
        ("cut", good[..good.len() - 5].to_vec()),
        ("cut at a chunk", good[..good.len() - good.len() % 65_552].to_vec()),
        ("exchanged", exchanged),
        ("empty", Vec::new()),
    ] {
        fs::write_atomic(&path, &bytes).unwrap();
        for error in [
            fixture.store().read_file(file.id).unwrap_err(),
            fixture.store().verify_file(&fixture.act(), file.id).unwrap_err(),
        ] {
            assert_eq!(error.kind, StoreErrorKind::FileDamaged, "{what}: {error}");
            let text = error.to_string();
            assert!(
                text.contains("bam") && text.contains(&case.to_string()),
                "{what}: {text}"
            );
            assert!(!text.contains("SECRETNAME"), "{what}: {text}");
        }
        assert_eq!(fixture.store().read_file(other.id).unwrap(), content);
    }
    // A range that does not touch the damage is still good.
    fs::write_atomic(&path, &flip(1000)).unwrap();
    assert_eq!(
        fixture.store().read_range(file.id, 190_000, 10).unwrap(),
        content[190_000..190_010]
    );
    std::fs::remove_file(&path).unwrap();
    let error = fixture.store().read_range(file.id, 0, 1).unwrap_err();
    assert!(error.to_string().contains("not in the vault"), "{error}");
}

#[test]
fn an_erased_file_is_gone_and_its_record_stays() {
    let fixture = Fixture::new();
    let case = fixture.case("S-1").id;
    let file = add(&fixture, case, FileRole::Pdf, &plain(1000));
    fixture
        .store()
        .erase_file(&fixture.act().because("asked"), file.id)
        .unwrap();
    assert!(!fixture.folder().join("vault").join(file.id.to_string()).exists());
    assert_eq!(
        fixture.store().read_file(file.id).unwrap_err().kind,
        StoreErrorKind::NotAllowed
    );
    assert!(fixture.store().files(case).unwrap()[0].erased);
}

#[test]
fn a_runs_sealed_file_moves_into_the_vault() {
    let mut fixture = Fixture::new();
    let case = fixture.case("S-1");
    let run = fixture.run(&case).id;
    let folder = fixture.store().run_folder(run).unwrap();
    let seal = fixture.store().run_seal(run).unwrap();
    let path = folder.join("S-1.bam");
    {
        let _sealed = seal_folder(&folder, seal).unwrap();
        let mut file = fs::AtomicFile::create(&path).unwrap();
        file.write_all(&plain(100_000)).unwrap();
        file.commit().unwrap();
        assert_eq!(fs::read(&path).unwrap(), plain(100_000));
    }
    assert!(fs::read(&path).unwrap().starts_with(b"age-encryption.org/v1"));
    let new = NewFile {
        case: case.id,
        run: Some(run),
        role: FileRole::Bam,
        name: "S-1.bam".to_owned(),
    };
    let outside = fixture.folder().join("keys.json");
    let refused = fixture.store().keep_run_file(&fixture.act(), run, &new, &outside);
    assert_eq!(refused.unwrap_err().kind, StoreErrorKind::Input);
    let kept = fixture.store().keep_run_file(&fixture.act(), run, &new, &path).unwrap();
    assert!(!path.exists());
    let again = fixture.reopen();
    assert_eq!((again.files_adopted, again.orphans_removed, again.set_aside), (0, 0, 0));
    assert_eq!(fixture.store().read_file(kept.id).unwrap(), plain(100_000));
    fixture.store().clear_run_work(&fixture.act(), run).unwrap();
    assert!(!folder.exists() && !fixture.store().run(run).unwrap().has_work);
}

#[test]
fn opening_accounts_for_what_lies_about() {
    let mut fixture = Fixture::new();
    let case = fixture.case("S-1").id;
    let file = add(&fixture, case, FileRole::Pdf, &plain(1000));
    fixture.close();
    let vault = fixture.folder().join("vault");
    fs::write_atomic(vault.join(uuid::Uuid::new_v4().to_string()), b"of a newer copy").unwrap();
    fs::write_atomic(vault.join(".half.1.partial"), b"half").unwrap();
    let hidden = fixture.root.path().join("elsewhere");
    std::fs::rename(vault.join(file.id.to_string()), &hidden).unwrap();
    let found = fixture.reopen();
    assert_eq!((found.set_aside, found.orphans_removed), (1, 1));
    assert_eq!(found.missing_files, [file.id]);
    assert_eq!(
        std::fs::read_dir(fixture.folder().join("set-aside")).unwrap().count(),
        1
    );
    fixture.close();
    std::fs::rename(&hidden, vault.join(file.id.to_string())).unwrap();
    let found = fixture.reopen();
    assert_eq!(
        (found.set_aside, found.orphans_removed, found.missing_files.len()),
        (0, 0, 0)
    );
    assert_eq!(fixture.store().read_file(file.id).unwrap(), plain(1000));
}
