//! FASTQ files that cannot be used: one fault each, with file, line and words, and nothing left behind.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panic")]

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use clinotype_genome::{Fault, FaultKind, Progress, Reference, Silent, fs};
use clinotype_reads::{AlignOptions, AlignSummary, FastqPair, align};

const CONTIG: usize = 3000;

/// A made-up contig without repeats (a linear congruential generator; Knuth's MMIX constants).
fn contig() -> String {
    let mut state = 1_u64;
    (0..CONTIG)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            char::from(b"ACGT"[(state >> 60) as usize & 3])
        })
        .collect()
}

fn read(name: &str, bases: &str) -> String {
    format!("@{name}\n{bases}\n+\n{}\n", "I".repeat(bases.len()))
}

/// R1 and R2 of `n` pairs from the contig.
fn pair_text(n: usize) -> (String, String) {
    let contig = contig();
    let (mut r1, mut r2) = (String::new(), String::new());
    for i in 0..n {
        let start = i * 37 % (CONTIG - 300);
        let last = clinotype_genome::sequence::reverse_complement(&contig.as_bytes()[start + 200..start + 300]);
        r1 += &read(&format!("r{i}/1"), &contig[start..start + 100]);
        r2 += &read(&format!("r{i}/2"), &String::from_utf8(last).unwrap());
    }
    (r1, r2)
}

fn gzip(text: &str) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap()
}

fn bgzf(text: &str) -> Vec<u8> {
    let mut writer = noodles::bgzf::io::Writer::new(Vec::new());
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap()
}

struct Place {
    folder: tempfile::TempDir,
    reference: Reference,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ref.fa");
        fs::write_atomic(&path, format!(">c1 words\n{}\n", contig()).as_bytes()).unwrap();
        Self {
            reference: Reference::open(&path).unwrap(),
            folder,
        }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write_atomic(&path, bytes).unwrap();
        path
    }

    fn align(&self, pairs: &[FastqPair], memory: u64, progress: &dyn Progress) -> Result<AlignSummary, Fault> {
        self.align_to(pairs, memory, &self.folder.path().join("out.bam"), progress)
    }

    fn align_to(
        &self,
        pairs: &[FastqPair],
        memory: u64,
        out: &Path,
        progress: &dyn Progress,
    ) -> Result<AlignSummary, Fault> {
        align(
            &AlignOptions {
                pairs,
                reference: &self.reference,
                sample: "S",
                out,
                memory,
                scratch: &self.folder.path().join("scratch"),
                libraries: &[],
                index_folders: &[],
                program: "0",
                command_line: "test\tcall",
            },
            progress,
        )
    }

    /// Names in the folder that were not there as input.
    fn left_behind(&self) -> Vec<String> {
        std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|n| n.contains("out.bam") || n.contains("scratch") || n.contains("partial"))
            .collect()
    }
}

const MEMORY: u64 = 1 << 30;

#[test]
fn good_files_in_every_compression() {
    let place = Place::new();
    let (r1, r2) = pair_text(300);
    let mut outputs = Vec::new();
    for (name, a, b) in [
        ("plain", r1.clone().into_bytes(), r2.clone().into_bytes()),
        ("gz", gzip(&r1), gzip(&r2)),
        ("bgzf", bgzf(&r1), bgzf(&r2)),
        (
            "crlf",
            r1.replace('\n', "\r\n").into_bytes(),
            gzip(&r2.replace('\n', "\r\n")),
        ),
        // Several gzip members in one file, as lanes joined by `cat`.
        (
            "cat",
            [gzip(&r1[..r1.len() / 2]), gzip(&r1[r1.len() / 2..])].concat(),
            bgzf(&r2),
        ),
        // The last line without its end.
        ("end", r1.trim_end().to_owned().into_bytes(), r2.clone().into_bytes()),
    ] {
        let pair = FastqPair {
            r1: place.file(&format!("{name}_1"), &a),
            r2: place.file(&format!("{name}_2"), &b),
        };
        let summary = place.align(std::slice::from_ref(&pair), MEMORY, &Silent).unwrap();
        assert_eq!((summary.pairs, summary.figures.mapped), (300, 600), "{name}");
        outputs.push(fs::read(place.folder.path().join("out.bam")).unwrap());
    }
    assert!(outputs.iter().all(|o| *o == outputs[0]));
}

/// What it is, R1 and R2, words of the fault.
type Case<'a> = (&'a str, (Vec<u8>, Vec<u8>), &'a str);

#[test]
fn bad_files_are_named() {
    let place = Place::new();
    let (r1, r2) = pair_text(40);
    let plain = |text: &str| text.as_bytes().to_vec();
    let one = |text: &str| (plain(text), plain(&read("a/2", "ACGT")));
    let cut = |mut bytes: Vec<u8>, n: usize| {
        bytes.truncate(bytes.len() - n);
        bytes
    };
    let longer = r1.clone() + &read("extra/1", "ACGT");
    let cases: Vec<Case<'_>> = vec![
        (
            "longer R1",
            (plain(&longer), plain(&r2)),
            "_2, record 40: holds 40 reads, fewer than",
        ),
        ("shorter R1", (plain(&r1[..r1.len() / 2]), plain(&r2)), "_1, line"),
        ("empty R1", (vec![], plain(&r2)), "_1: is empty"),
        ("empty gzip R2", (plain(&r1), gzip("")), "_2: is empty"),
        ("same content", (plain(&r1), gzip(&r1)), "_2: holds the same reads as"),
        (
            "names differ",
            (plain(&r1), plain(&r2.replace("@r7/", "@x7/"))),
            "_1, record 8: read names differ: r7 here, x7 in",
        ),
        (
            "swapped",
            (plain(&r2), plain(&r1)),
            "_1, line 1, record 1: the reads of this file call themselves mate 2",
        ),
        (
            "swapped comments",
            (plain(&read("a 2:N:0:AC", "ACGT")), plain(&read("a 1:N:0:AC", "ACGA"))),
            "call themselves mate 2",
        ),
        (
            "gzip cut",
            (cut(gzip(&r1), 30), plain(&r2)),
            "_1: is cut short: the compressed data end early",
        ),
        (
            "bgzf without end",
            (cut(bgzf(&r1), 28), plain(&r2)),
            "_1: is cut short: the end-of-file block of BGZF is missing",
        ),
        (
            "not FASTQ",
            one(">a\nACGT\n"),
            "_1, line 1, record 1: is not a FASTQ file",
        ),
        ("a BAM", (gzip("BAM\u{1}"), plain(&r2)), "is not a FASTQ file"),
        (
            "short qualities",
            one("@a/1\nACGT\n+\nIII\n"),
            "line 4, record 1: the read has 4 bases but 3 qualities",
        ),
        (
            "no plus",
            one("@a/1\nACGT\nIIII\n@b/1\n"),
            "line 3, record 1: the '+' line between",
        ),
        (
            "not IUPAC",
            one("@a/1\nACXT\n+\nIIII\n"),
            "line 2, record 1: base 3 is 'X', which is no IUPAC letter",
        ),
        ("gap", one("@a/1\nAC.T\n+\nIIII\n"), "base 3 is '.'"),
        (
            "quality below '!'",
            one("@a/1\nACGT\n+\nII I\n"),
            "line 4, record 1: quality 3 is not between",
        ),
        (
            "no bases",
            one("@a/1\n\n+\n\n"),
            "line 2, record 1: the read has no bases",
        ),
        ("no name", one("@ x\nACGT\n+\nIIII\n"), "the read has no name"),
        (
            "ends in a record",
            one("@a/1\nACGT\n"),
            "line 3, record 1: is cut short: the file ends before the '+' line",
        ),
        ("extra line", one("@a/1\nACGT\n+\nIIII\nIIII\n"), ""),
    ];
    for (name, (a, b), words) in cases {
        let name = name.replace(' ', "-");
        let pair = FastqPair {
            r1: place.file(&format!("{name}_1"), &a),
            r2: place.file(&format!("{name}_2"), &b),
        };
        let fault = place.align(&[pair], MEMORY, &Silent).unwrap_err();
        assert!(fault.to_string().contains(words), "{name}: {fault}");
        assert_eq!(fault.kind(), FaultKind::Input, "{name}: {fault}");
        assert!(fault.place().path.is_some(), "{name}: {fault}");
        assert_eq!(place.left_behind(), [""; 0], "{name}");
    }
}

#[test]
fn one_file_twice() {
    let place = Place::new();
    let (r1, r2) = pair_text(5);
    let (a, b) = (place.file("a", r1.as_bytes()), place.file("b", r2.as_bytes()));
    let linked = place.folder.path().join("hard");
    std::fs::hard_link(&a, &linked).unwrap();
    for (pairs, words) in [
        (vec![(&a, &a)], "a: is the same file as"),
        (vec![(&a, &linked)], "hard: is the same file as"),
        (vec![(&a, &b), (&a, &b)], "a: is the same file as"),
    ] {
        let pairs: Vec<FastqPair> = pairs
            .into_iter()
            .map(|(r1, r2)| FastqPair {
                r1: r1.clone(),
                r2: r2.clone(),
            })
            .collect();
        let fault = place.align(&pairs, MEMORY, &Silent).unwrap_err();
        assert!(fault.to_string().contains(words), "{fault}");
        assert!(fault.advice().is_some());
    }
}

#[test]
fn malformed_files_of_others() {
    let shared = std::env::var_os("CLINOTYPE_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let folder = shared.join("data/malformed");
    if !folder.exists() {
        assert!(std::env::var_os("CI").is_none(), "{} is missing", folder.display());
        eprintln!("skipped: {} is missing", folder.display());
        return;
    }
    let place = Place::new();
    let good = place.file("good", read("okayrecord", "CGATGCATAC").as_bytes());
    for (name, words) in [
        ("malformed.fastq", "line 7, record 2: the '+' line between"),
        ("malformed2.fastq", "line 7, record 2: the '+' line between"),
        ("malformed.fasta", "line 1, record 1: is not a FASTQ file"),
        ("malformed.vcf", "line 1, record 1: is not a FASTQ file"),
    ] {
        let pair = FastqPair {
            r1: folder.join(name),
            r2: good.clone(),
        };
        let fault = place.align(&[pair], MEMORY, &Silent).unwrap_err();
        assert!(fault.to_string().contains(words), "{fault}");
    }
}

#[test]
fn limits_and_places() {
    let place = Place::new();
    let (r1, r2) = pair_text(50);
    let pair = [FastqPair {
        r1: place.file("a", r1.as_bytes()),
        r2: place.file("b", r2.as_bytes()),
    }];
    let fault = place.align(&pair, 1 << 20, &Silent).unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Resource);
    assert!(fault.to_string().contains("MB of memory, the limit is 1 MB"), "{fault}");

    let nowhere = place.folder.path().join("none/out.bam");
    let fault = place.align_to(&pair, MEMORY, &nowhere, &Silent).unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Io);
    assert!(fault.to_string().contains("none/out.bam"), "{fault}");

    let missing = [FastqPair {
        r1: place.folder.path().join("nothing"),
        r2: pair[0].r2.clone(),
    }];
    let fault = place.align(&missing, MEMORY, &Silent).unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Io);
    assert_eq!(place.left_behind(), [""; 0]);
}

/// Stops after a number of questions.
struct Impatient(std::sync::atomic::AtomicU32);

impl Progress for Impatient {
    fn advance(&self, _: u64, _: u64) {}
    fn is_cancelled(&self) -> bool {
        use std::sync::atomic::Ordering::Relaxed;
        self.0.fetch_update(Relaxed, Relaxed, |n| n.checked_sub(1)).is_err()
    }
}

#[test]
fn a_stop_leaves_nothing() {
    let place = Place::new();
    let (r1, r2) = pair_text(50);
    let pair = [FastqPair {
        r1: place.file("a", r1.as_bytes()),
        r2: place.file("b", r2.as_bytes()),
    }];
    let mut stops = 0;
    for patience in 0.. {
        match place.align(&pair, MEMORY, &Impatient(patience.into())) {
            Err(fault) => {
                assert_eq!(fault.kind(), FaultKind::Cancelled);
                assert_eq!(place.left_behind(), [""; 0], "after {patience} questions");
                stops += 1;
            }
            Ok(_) => break,
        }
    }
    assert!(stops >= 3, "{stops}");
}
