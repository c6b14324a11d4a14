//! CRAM in: what it unpacks to, and what is refused. Made by samtools, so that another program's files are read.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panic")]

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use clinotype_genome::{Fault, FaultKind, Reference, Silent, fs};
use clinotype_reads::{ImportOptions, ImportSummary, bam, bam_to_cram, cram_to_bam, import, is_cram};

/// Whether samtools is here; its absence is said, and a failure in CI.
fn samtools() -> bool {
    let found = Command::new("samtools").arg("--version").output().is_ok();
    if !found {
        assert!(std::env::var_os("CI").is_none(), "samtools is missing");
        eprintln!("skipped: samtools is missing");
    }
    found
}

fn run(folder: &Path, words: &[&str]) {
    let made = Command::new("samtools")
        .current_dir(folder)
        .args(words)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

const MEMORY: u64 = 1 << 30;

struct Place {
    folder: tempfile::TempDir,
    reference: Reference,
}

impl Place {
    /// Two contigs, as upper case text that samtools reads, too.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ref.fa");
        let text = format!(">c1\n{}\n>c2\n{}\n", "ACGTTGCAAG".repeat(40), "GATTACACCA".repeat(30));
        fs::write_atomic(&path, text.as_bytes()).unwrap();
        Self {
            reference: Reference::open(&path).unwrap(),
            folder,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// SAM text to CRAM by samtools.
    fn cram(&self, name: &str, sam: &str, more: &[&str]) -> PathBuf {
        fs::write_atomic(self.path("in.sam"), sam.as_bytes()).unwrap();
        run(
            self.folder.path(),
            &[&["view", "-C", "-o", name], more, &["in.sam"]].concat(),
        );
        self.path(name)
    }

    fn unpack(&self, cram: &Path, memory: u64) -> Result<(), Fault> {
        cram_to_bam(cram, &self.reference, &self.path("out.bam"), memory, &Silent)
    }

    fn import(&self, cram: &Path) -> Result<ImportSummary, Fault> {
        import(
            &ImportOptions {
                bam: cram,
                reference: &self.reference,
                sample: "S",
                input_sample: None,
                out: &self.path("out.bam"),
                memory: MEMORY,
                scratch: &self.path("scratch"),
                program: "0",
                command_line: "test",
            },
            &Silent,
        )
    }

    fn refused(&self, fault: Result<(), Fault>, kind: FaultKind, words: &str) {
        let fault = fault.unwrap_err();
        assert_eq!(fault.kind(), kind, "{fault}");
        assert!(fault.to_string().contains(words), "{fault}");
        assert!(fault.advice().is_some(), "{fault}");
        for left in ["out.bam", "out.bam.bai", "scratch"] {
            assert!(!self.path(left).exists(), "{left}");
        }
    }
}

const HEAD: &str =
    "@HD\tVN:1.6\tSO:coordinate\n@SQ\tSN:c1\tLN:400\n@SQ\tSN:c2\tLN:300\n@RG\tID:a\tSM:S\tLB:l\n@CO\tkept\n";

/// Pairs, a supplementary line, a mismatch, an N, clips, a gap, odd tags, an unmapped mate, an unmapped pair,
/// lines without bases or qualities.
fn sam() -> String {
    let mut text = HEAD.to_owned();
    for line in [
        "p\t99\tc1\t11\t60\t10M\t=\t31\t30\tACGTTGCAAG\tABCDEFGHIJ\tRG:Z:a",
        "q\t2145\tc1\t21\t7\t5H5M\tc2\t11\t0\tACGTT\tABCDE\tRG:Z:a\tSA:Z:c1,31,+,5M5S,60,0;",
        "p\t147\tc1\t31\t60\t2S8M\t=\t11\t-30\tTTACGATGCA\tJIHGFEDCBA\tRG:Z:a\tXB:B:s,1,-2\tXF:f:1.5\tXA:A:c",
        "q\t97\tc1\t31\t60\t5M1D2M1I2M\tc2\t11\t0\tACGTTCANAG\t##########\tRG:Z:a\tXI:i:-70000",
        "q\t145\tc2\t11\t60\t10M\tc1\t31\t0\tGATTACACCA\tABCDEFGHIJ\tRG:Z:a",
        "s\t73\tc2\t21\t60\t10M\t=\t21\t0\tGATTACACCA\tABCDEFGHIJ\tRG:Z:a",
        "s\t133\tc2\t21\t0\t*\t=\t21\t0\tACGTNACGTA\tABCDEFGHIJ\tRG:Z:a",
        // A secondary line without bases, and one without qualities.
        "t\t256\tc2\t22\t0\t2S8M\t*\t0\t0\t*\t*",
        "v\t0\tc2\t23\t60\t3M2N3M2I2M\t*\t0\t0\tGATACCAGGN\t*\tMD:Z:8\tNM:i:3",
        "d\t1024\tc2\t31\t0\t10M\t*\t0\t0\tGATTACACCA\tABCDEFGHIJ\tRG:Z:a",
        "u\t77\t*\t0\t0\t*\t*\t0\t0\tACGTNACGTA\tABCDEFGHIJ\tRG:Z:a",
        "u\t141\t*\t0\t0\t*\t*\t0\t0\tACGTNACGTA\tABCDEFGHIJ\tRG:Z:a",
    ] {
        text += line;
        text.push('\n');
    }
    text
}

#[test]
fn a_cram_unpacks_to_its_bam() {
    if !samtools() {
        return;
    }
    let place = Place::new();
    let cram = place.cram("in.cram", &sam(), &["-T", "ref.fa"]);
    assert!(is_cram(&cram).unwrap());
    run(place.folder.path(), &["view", "-b", "-o", "in.bam", "in.sam"]);
    assert!(!is_cram(&place.path("in.bam")).unwrap());
    place.unpack(&cram, MEMORY).unwrap();
    let folder = place.folder.path();
    let expected = printed(folder, "in.bam", &[]);
    assert_eq!(expected.len(), 12);
    assert_eq!(printed(folder, "out.bam", &[]), expected);
    // The header comes along, and samtools takes the file with its index.
    let header = bam::inspect(place.path("out.bam")).unwrap();
    assert_eq!(
        (header.samples, header.sort_order.as_deref()),
        (vec!["S".to_owned()], Some("coordinate"))
    );
    assert!(header.contigs.iter().all(|(_, _, m5)| m5.is_some()));
    run(place.folder.path(), &["quickcheck", "out.bam"]);
    let found = Command::new("samtools")
        .current_dir(place.folder.path())
        .args(["view", "-c", "out.bam", "c2:25-32"])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&found.stdout).trim(), "4");
}

#[test]
fn what_does_not_prove_its_reference_is_refused() {
    if !samtools() {
        return;
    }
    let place = Place::new();
    // Without a reference samtools writes no M5, and the bases into the file.
    let bare = place.cram("bare.cram", &sam(), &["--output-fmt-option", "no_ref=1"]);
    let words = "does not prove the sequence of contig c1 (no M5)";
    place.refused(place.unpack(&bare, MEMORY), FaultKind::Input, words);
    place.refused(place.import(&bare).map(|_| ()), FaultKind::Input, words);
    // Another sequence of the same length: one base differs.
    let other = format!(
        ">c1\n{}\n>c2\n{}T\n",
        "ACGTTGCAAG".repeat(40),
        &"GATTACACCA".repeat(30)[..299]
    );
    fs::write_atomic(place.path("other.fa"), other.as_bytes()).unwrap();
    let cram = place.cram("other.cram", &sam(), &["-T", "other.fa"]);
    let words = "contig c2 is another sequence than in the reference";
    place.refused(place.unpack(&cram, MEMORY), FaultKind::Input, words);
    place.refused(place.import(&cram).map(|_| ()), FaultKind::Input, words);
}

#[test]
fn what_cannot_be_unpacked_is_said() {
    if !samtools() {
        return;
    }
    let place = Place::new();
    let cram = place.cram("in.cram", &sam(), &["-T", "ref.fa"]);
    place.refused(
        place.unpack(&cram, 100 << 20),
        FaultKind::Resource,
        "of memory, the limit is 104 MB",
    );
    let good = fs::read(&cram).unwrap();
    for (name, bytes) in [
        ("cut", &good[..good.len() / 2]),
        ("endless", &good[..good.len() - 38]),
        ("start", &good[..20]),
    ] {
        fs::write_atomic(place.path(name), bytes).unwrap();
        place.refused(place.unpack(&place.path(name), MEMORY), FaultKind::Input, name);
    }
    let mut lines: Vec<String> = sam().lines().map(str::to_owned).collect();
    lines.swap(5, 8);
    let unsorted = place.cram("unsorted.cram", &(lines.join("\n") + "\n"), &["-T", "ref.fa"]);
    place.refused(
        place.unpack(&unsorted, MEMORY),
        FaultKind::Input,
        "unsorted.cram: c1:21: is not sorted",
    );
    let empty = place.cram("empty.cram", HEAD, &["-T", "ref.fa"]);
    place.refused(place.unpack(&empty, MEMORY), FaultKind::Input, "holds no reads");
}

#[test]
fn real_reads_unpack_to_their_bam() {
    let shared = std::env::var_os("CLINOTYPE_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let from = shared.join("data/reads/na12878-chr20-hg19");
    if !from.exists() {
        assert!(std::env::var_os("CI").is_none(), "{} is missing", from.display());
        eprintln!("skipped: {} is missing", from.display());
        return;
    }
    if !samtools() {
        return;
    }
    let place = Place::new();
    let mut text = Vec::new();
    std::io::Read::read_to_end(&mut fs::open_text(from.join("reference.fa.gz")).unwrap(), &mut text).unwrap();
    fs::write_atomic(place.path("chr20.fa"), &text).unwrap();
    drop(text);
    let reference = Reference::open(place.path("chr20.fa")).unwrap();
    // Only the reference's contigs are in the header, so that samtools can prove every one.
    let bam = place.path("in.bam");
    import(
        &ImportOptions {
            bam: &from.join("reads.bam"),
            reference: &reference,
            sample: "S",
            input_sample: Some("NA12878"),
            out: &bam,
            memory: MEMORY,
            scratch: &place.path("scratch"),
            program: "0",
            command_line: "test",
        },
        &Silent,
    )
    .unwrap();
    run(
        place.folder.path(),
        &["view", "-C", "-T", "chr20.fa", "-o", "in.cram", "in.bam"],
    );
    cram_to_bam(
        &place.path("in.cram"),
        &reference,
        &place.path("out.bam"),
        MEMORY,
        &Silent,
    )
    .unwrap();
    // samtools does not store NM and MD, which the reference tells, nor the template length of mates that stand near each
    // other; where both begin at one place, readers differ in which of the two has the minus.
    let without = |lines: Vec<String>| -> Vec<String> {
        let stored = |field: &&str| !field.starts_with("NM:i:") && !field.starts_with("MD:Z:");
        let line = |line: &String| {
            let mut fields: Vec<&str> = line.split('\t').filter(stored).collect();
            if fields[3] == fields[7] {
                fields[8] = fields[8].trim_start_matches('-');
            }
            fields.join("\t")
        };
        lines.iter().map(line).collect()
    };
    let folder = place.folder.path();
    let expected = without(printed(folder, "in.bam", &[]));
    let got = without(printed(folder, "out.bam", &[]));
    assert_eq!((expected.len(), got.len()), (51_924, 51_924));
    let different: Vec<_> = expected.iter().zip(&got).filter(|(a, b)| a != b).take(2).collect();
    assert!(different.is_empty(), "{different:?}");
    // And back: what samtools reads of our CRAM is what it reads of the BAM.
    bam_to_cram(&bam, &reference, &place.path("back.cram"), MEMORY, &Silent).unwrap();
    let (expected, got) = (
        printed(folder, "in.bam", &[]),
        printed(folder, "back.cram", &["-T", "chr20.fa"]),
    );
    assert_eq!((expected.len(), got.len()), (51_924, 51_924));
    let different: Vec<_> = expected.iter().zip(&got).filter(|(a, b)| a != b).take(2).collect();
    assert!(different.is_empty(), "{different:?}");
    let size = |name: &str| place.path(name).metadata().unwrap().len();
    eprintln!(
        "BAM {} B, our CRAM {} B, that of samtools {} B",
        fs::size(&bam).unwrap(),
        size("back.cram"),
        size("in.cram")
    );
}

impl Place {
    /// The BAM of some SAM text, as samtools makes it.
    fn bam(&self, name: &str, sam: &str) -> PathBuf {
        fs::write_atomic(self.path("in.sam"), sam.as_bytes()).unwrap();
        run(self.folder.path(), &["view", "-b", "-o", name, "in.sam"]);
        self.path(name)
    }
}

/// Lines as samtools prints them, tags sorted. `decode_md=0`: it must not add NM and MD where there are none.
fn printed(folder: &Path, file: &str, more: &[&str]) -> Vec<String> {
    let words = [&["view", "--input-fmt-option", "decode_md=0"], more, &[file]].concat();
    let output = Command::new("samtools")
        .current_dir(folder)
        .args(&words)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| {
            let mut fields: Vec<&str> = line.split('\t').collect();
            // An unmapped line has no alignment; some programs leave a CIGAR there, which CRAM does not keep.
            if fields[1].parse::<u16>().unwrap() & 4 != 0 {
                fields[5] = "*";
            }
            fields[11..].sort_unstable();
            fields.join("\t")
        })
        .collect()
}

#[test]
fn a_bam_is_kept_in_a_cram_line_by_line() {
    if !samtools() {
        return;
    }
    let place = Place::new();
    let folder = place.folder.path();
    // One more of a read group that the header does not have.
    let text = sam().replace(
        "0\tGATTACACCA\tABCDEFGHIJ\tRG:Z:a\nu",
        "0\tGATTACACCA\tABCDEFGHIJ\tRG:Z:x\nu",
    );
    let bam = place.bam("in.bam", &text);
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let out = place.path(&format!("{threads}.cram"));
        pool.install(|| bam_to_cram(&bam, &place.reference, &out, MEMORY, &Silent))
            .unwrap();
    }
    assert!(fs::read(place.path("1.cram")).unwrap() == fs::read(place.path("3.cram")).unwrap());
    let expected = printed(folder, "in.bam", &[]);
    assert_eq!(expected.len(), 12);
    assert_eq!(printed(folder, "1.cram", &["-T", "ref.fa"]), expected);
    // By its index.
    let found = Command::new("samtools")
        .current_dir(folder)
        .args(["view", "-c", "-T", "ref.fa", "1.cram", "c1:31-32"])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&found.stdout).trim(), "2");
}

#[test]
fn what_a_cram_cannot_keep_is_refused() {
    if !samtools() {
        return;
    }
    let place = Place::new();
    let bam = place.bam("in.bam", &sam().replace("\t10M\t=\t31", "\t10=\t=\t31"));
    let fault = bam_to_cram(&bam, &place.reference, &place.path("out.cram"), MEMORY, &Silent).unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Input);
    assert!(
        fault.to_string().contains("in.bam, record 1: a line cannot be kept"),
        "{fault}"
    );
    let small = bam_to_cram(&bam, &place.reference, &place.path("out.cram"), 1 << 20, &Silent).unwrap_err();
    assert_eq!(small.kind(), FaultKind::Resource);
    assert!(!place.path("out.cram").exists() && !place.path("out.cram.crai").exists());
}
