//! Files of a folder under seal: encrypted on the disk, plain to the reader, and any damage is one fault.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "the tests look at what really is on the disk")]

mod common;

use std::{
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
};

use clinotype_genome::{FaultKind, digest, fs, seal::seal_folder, vcf_file::VcfWriter};
use common::TestSeal;
use proptest::prelude::*;

fn holds(file: &Path, plain: &[u8]) -> bool {
    std::fs::read(file)
        .unwrap()
        .windows(plain.len())
        .any(|found| found == plain)
}

#[test]
fn plain_to_the_reader_and_not_on_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sub/a.txt");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let text = "one patient\n".repeat(500);
    {
        let _sealed = seal_folder(folder.path(), TestSeal::shared(7)).unwrap();
        fs::write_atomic(&path, text.as_bytes()).unwrap();
        assert!(!holds(&path, b"patient"));
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
        assert_eq!(fs::size(&path).unwrap(), text.len() as u64);
        assert_eq!(digest::sha256_file(&path).unwrap(), digest::sha256(text.as_bytes()));
        // Half-written bytes are not plain, either, and no library gets a path to write plain ones.
        let mut file = fs::AtomicFile::create(folder.path().join("b")).unwrap();
        file.write_all(text.repeat(100).as_bytes()).unwrap();
        file.flush().unwrap();
        let partial = fs::partial_path(&folder.path().join("b"));
        assert!(partial.metadata().unwrap().len() > 100_000 && !holds(&partial, b"patient"));
        assert_eq!(file.partial().unwrap_err().kind(), FaultKind::Internal);
        drop(file);
        assert!(!partial.exists());
        // By another way to the same place.
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert_eq!(fs::read_to_string(&link).unwrap(), text);
    }
    assert!(
        fs::read(&path).unwrap() != text.as_bytes(),
        "the guard is gone, and so is the key"
    );
    let outside = tempfile::tempdir().unwrap();
    let _sealed = seal_folder(folder.path(), TestSeal::shared(7)).unwrap();
    fs::write_atomic(outside.path().join("c"), b"plain").unwrap();
    assert!(holds(&outside.path().join("c"), b"plain"));
    let link = outside.path().join("link");
    std::os::unix::fs::symlink(folder.path(), &link).unwrap();
    fs::write_atomic(link.join("d"), b"patient").unwrap();
    assert!(!holds(&folder.path().join("d"), b"patient"));
}

#[test]
fn compressed_text_and_an_index_under_seal() {
    let folder = tempfile::tempdir().unwrap();
    let _sealed = seal_folder(folder.path(), TestSeal::shared(8)).unwrap();
    let path = folder.path().join("a.vcf.gz");
    let mut vcf = VcfWriter::create(&path).unwrap();
    vcf.header("##fileformat=VCFv4.3\n#CHROM\n").unwrap();
    for position in 1..20_000 {
        vcf.record(&format!("chr1\t{position}"), "chr1", position, position)
            .unwrap();
    }
    vcf.commit().unwrap();
    let mut text = String::new();
    fs::open_text(&path).unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text.lines().count(), 20_001);
    assert!(!holds(&path, &[0x1f, 0x8b, 8, 4]) && !holds(&folder.path().join("a.vcf.gz.tbi"), &[0x1f, 0x8b, 8, 4]));
}

#[test]
fn every_damage_is_one_clear_fault() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    let text: Vec<u8> = (0..5_000_u32).map(|i| (i % 251) as u8).collect();
    let sealed = seal_folder(folder.path(), TestSeal::shared(9)).unwrap();
    fs::write_atomic(&path, &text).unwrap();
    let whole = std::fs::read(&path).unwrap();
    let mut damaged: Vec<Vec<u8>> = vec![Vec::new(), text.clone()];
    for at in [0, 1_500, whole.len() - 1] {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        damaged.push(bytes);
    }
    damaged.extend([1, 8, 1_029, 3_000, whole.len() - 1].map(|n| whole[..n].to_vec()));
    damaged.push([&whole[..], b"x"].concat());
    for bytes in &damaged {
        std::fs::write(&path, bytes).unwrap();
        let fault = fs::read(&path).unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Input, "{fault}");
        assert!(
            fault.to_string().contains("damaged, or encrypted with another key"),
            "{fault}"
        );
    }
    std::fs::write(&path, &whole).unwrap();
    assert_eq!(fs::read(&path).unwrap(), text);
    drop(sealed);
    let _sealed = seal_folder(folder.path(), TestSeal::shared(10)).unwrap();
    assert_eq!(fs::open(&path).unwrap_err().kind(), FaultKind::Input, "another key");
}

#[test]
fn a_folder_has_one_seal() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    fs::create_dir_all(&inner).unwrap();
    let sealed = seal_folder(&inner, TestSeal::shared(1)).unwrap();
    for other in [folder.path(), &inner, &inner.join("../inner")] {
        assert_eq!(
            seal_folder(other, TestSeal::shared(1)).unwrap_err().kind(),
            FaultKind::Usage,
            "{}",
            other.display()
        );
    }
    drop(sealed);
    drop(seal_folder(folder.path(), TestSeal::shared(1)).unwrap());
    assert_eq!(
        seal_folder(&folder.path().join("none"), TestSeal::shared(1))
            .unwrap_err()
            .kind(),
        FaultKind::Io
    );
    fs::write_atomic(folder.path().join("file"), b"x").unwrap();
    assert!(seal_folder(&folder.path().join("file"), TestSeal::shared(1)).is_err());
    // Faults of missing places read the same with and without a seal somewhere.
    let plain = [
        fs::open("/nowhere/at/all").unwrap_err().to_string(),
        fs::AtomicFile::create("/nowhere/at/all").unwrap_err().to_string(),
    ];
    let _sealed = seal_folder(&inner, TestSeal::shared(1)).unwrap();
    assert_eq!(
        [
            fs::open("/nowhere/at/all").unwrap_err().to_string(),
            fs::AtomicFile::create("/nowhere/at/all").unwrap_err().to_string(),
        ],
        plain
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_sealed_file_reads_as_a_plain_one(
        length in prop_oneof![0_usize..5_000, Just(1_021), Just(2_042)],
        steps in prop::collection::vec((0_u8..4, -3_000_i64..6_000, 0_usize..3_000), 1..20),
    ) {
        let (plain, sealed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let _guard = seal_folder(sealed.path(), TestSeal::shared(length as u64)).unwrap();
        let bytes: Vec<u8> = (0..length).map(|i| (i * 31 % 256) as u8).collect();
        let mut files = [plain.path(), sealed.path()].map(|folder| {
            fs::write_atomic(folder.join("a"), &bytes).unwrap();
            fs::open(folder.join("a")).unwrap()
        });
        for (how, offset, count) in steps {
            let [a, b] = files.each_mut().map(|file| {
                let place = match how {
                    0 => file.seek(SeekFrom::Start(offset.unsigned_abs())),
                    1 => file.seek(SeekFrom::End(-offset)),
                    2 => file.seek(SeekFrom::Current(offset)),
                    _ => file.stream_position(),
                };
                let mut got = Vec::new();
                if count > 2_900 {
                    file.read_to_end(&mut got).unwrap();
                } else {
                    file.by_ref().take(count as u64).read_to_end(&mut got).unwrap();
                }
                (place.map_err(|e| e.kind()), got, file.len().unwrap())
            });
            prop_assert_eq!(a, b);
        }
    }
}
