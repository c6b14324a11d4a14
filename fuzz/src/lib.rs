//! What the fuzz targets share: a tiny genome with one gene, a folder in memory to work in, seeds of our own making, and
//! the one rule that every target checks: bytes from outside end in a result or in a fault of the input, never in a
//! panic, an internal fault, a half-written output, or memory without bound (libFuzzer's own limits watch that).

pub mod cram;
pub mod seeds;

use std::{
    cell::Cell,
    fmt::Write as _,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use clinotype_genome::{Fault, FaultKind, Reference, fs, isolate};
use clinotype_testkit::Dice;

/// A place to work in that lives as long as the process.
pub struct Place {
    folder: tempfile::TempDir,
    /// The tiny genome.
    pub reference: Reference,
}

impl Place {
    /// The place of this process; what panics outside an isolated decoder ends it.
    pub fn get() -> &'static Self {
        static PLACE: OnceLock<Place> = OnceLock::new();
        PLACE.get_or_init(|| {
            guard();
            let folder = if Path::new("/dev/shm").is_dir() {
                tempfile::tempdir_in("/dev/shm")
            } else {
                tempfile::tempdir()
            }
            .expect("a folder to work in");
            let path = folder.path().join("reference.fa");
            fs::write_atomic(&path, genome().as_bytes()).expect("a writable folder");
            Self {
                reference: Reference::open(&path).expect("the reference opens"),
                folder,
            }
        })
    }

    /// A path in the place.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, without waiting for any disk.
    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("a writable folder");
        path
    }
}

/// libFuzzer's hook ends the process at every panic, also at those that the program itself isolates.
fn guard() {
    std::panic::set_hook(Box::new(|info| {
        if !isolate::is_isolated() {
            eprintln!("{info}\n{}", std::backtrace::Backtrace::force_capture());
            std::process::abort();
        }
    }));
}

/// The rule: a fault must be one of the input (or of a limit), and must not leave any of these files.
///
/// # Panics
/// Where it does not.
pub fn judge<T>(result: Result<T, Fault>, outputs: &[&Path]) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(fault) => {
            assert!(
                matches!(fault.kind(), FaultKind::Input | FaultKind::Resource),
                "a file from outside gave a fault of another kind: {fault}"
            );
            for output in outputs {
                assert!(!output.exists(), "left {}", output.display());
            }
            None
        }
    }
}

/// Length of the first contig, `chr1`; `chr2` has 500 bases.
pub const LENGTH: usize = 3_000;
/// 0-based, half-open exons of the one transcript, and its coding part.
const EXONS: [(usize, usize); 2] = [(600, 800), (1_000, 1_150)];
const CODING: (usize, usize) = (650, 1_099);

/// The bases of the contigs.
pub fn contigs() -> [(&'static str, Vec<u8>); 2] {
    let mut dice = Dice::new(5);
    let mut bases: Vec<u8> = (0..LENGTH).map(|_| dice.base()).collect();
    let coding: Vec<usize> = EXONS
        .iter()
        .flat_map(|&(from, to)| from.max(CODING.0)..to.min(CODING.1))
        .collect();
    let codons = coding.len() / 3;
    for (number, codon) in coding.chunks(3).enumerate() {
        let read: Vec<u8> = codon.iter().map(|&at| bases[at]).collect();
        let planted = if number == 0 {
            *b"ATG"
        } else if number == codons - 1 {
            *b"TAA"
        } else if matches!(&read[..], b"TAA" | b"TAG" | b"TGA") {
            *b"CAA"
        } else {
            continue;
        };
        for (&at, base) in codon.iter().zip(planted) {
            bases[at] = base;
        }
    }
    bases[EXONS[0].1..EXONS[0].1 + 2].copy_from_slice(b"GT");
    bases[EXONS[1].0 - 2..EXONS[1].0].copy_from_slice(b"AG");
    let other = (0..500).map(|_| dice.base()).collect();
    [("chr1", bases), ("chr2", other)]
}

fn genome() -> String {
    let mut text = String::new();
    for (name, bases) in contigs() {
        let _ = writeln!(text, ">{name}");
        for line in bases.chunks(60) {
            let _ = writeln!(text, "{}", String::from_utf8_lossy(line));
        }
    }
    text
}

/// Transcripts of the tiny genome.
pub fn gff3() -> String {
    let attributes = "Dbxref=HGNC:HGNC:99999;gene=TINY1;transcript_id=NM_900001.1";
    let mut text = String::from("##gff-version 3\n");
    let (start, end) = (EXONS[0].0 + 1, EXONS[1].1);
    let _ = writeln!(
        text,
        "chr1\tRefSeq\tgene\t{start}\t{end}\t.\t+\t.\tID=gene-TINY1;Dbxref=HGNC:HGNC:99999;Name=TINY1;gene=TINY1;gene_biotype=protein_coding"
    );
    let _ = writeln!(
        text,
        "chr1\tRefSeq\tmRNA\t{start}\t{end}\t.\t+\t.\tID=rna-NM_900001.1;Parent=gene-TINY1;{attributes}"
    );
    let mut before = 0;
    for (number, (from, to)) in EXONS.iter().enumerate() {
        let _ = writeln!(
            text,
            "chr1\tRefSeq\texon\t{}\t{to}\t.\t+\t.\tID=exon-{number};Parent=rna-NM_900001.1;{attributes}",
            from + 1
        );
        let (from, to) = ((*from).max(CODING.0), (*to).min(CODING.1));
        let phase = (3 - before % 3) % 3;
        let _ = writeln!(
            text,
            "chr1\tRefSeq\tCDS\t{}\t{to}\t.\t+\t{phase}\tID=cds-NP_900001.1;Parent=rna-NM_900001.1;{attributes};protein_id=NP_900001.1",
            from + 1
        );
        before += to - from;
    }
    text
}

thread_local! {
    static SEEDED: Cell<bool> = const { Cell::new(false) };
}

/// Begins a target: the place, and its seeds where `CLINOTYPE_FUZZ_SEEDS` names a folder for them.
pub fn begin(seeds: impl FnOnce() -> Vec<Vec<u8>>) {
    Place::get();
    let Some(folder) = std::env::var_os("CLINOTYPE_FUZZ_SEEDS") else {
        return;
    };
    if SEEDED.replace(true) {
        return;
    }
    std::fs::create_dir_all(&folder).expect("a folder for seeds");
    for (number, seed) in seeds().into_iter().enumerate() {
        std::fs::write(Path::new(&folder).join(format!("seed-{number}")), seed).expect("a writable folder");
    }
}

/// Calls an indexed BAM of the tiny genome.
pub fn call(bam: &Path) {
    let place = Place::get();
    let (vcf, gvcf) = (place.path("c.vcf.gz"), place.path("c.g.vcf.gz"));
    for output in [&vcf, &gvcf] {
        let _ = std::fs::remove_file(output);
    }
    let made = clinotype_call::call(
        &clinotype_call::CallOptions {
            bam,
            reference: &place.reference,
            targets: None,
            padding: 0,
            sample: "S",
            sex: clinotype_call::Sex::Unknown,
            build: None,
            vcf: &vcf,
            gvcf: Some(&gvcf),
            memory: 512 << 20,
            source: "fuzz",
            header: &[],
        },
        &clinotype_genome::Silent,
    );
    judge(made, &[&vcf, &gvcf]);
}
