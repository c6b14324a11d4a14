//! Small references and alignment files, written as text.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "test support: each test file uses its own part, and a panic is how a test fails"
)]

use std::path::{Path, PathBuf};

use clinotype_call::{CallOptions, CallSummary, Sex};
use clinotype_genome::{Fault, Reference, Silent, fs};
use noodles::{bam, sam};

/// A folder with a reference and an alignment file.
pub(crate) struct Bench {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) reference: Reference,
    pub(crate) bam: PathBuf,
}

/// Bases that repeat nothing for long: a linear congruential generator.
pub(crate) fn bases(length: usize, mut seed: u64) -> String {
    (0..length)
        .map(|_| {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            char::from(b"ACGT"[(seed >> 60) as usize & 3])
        })
        .collect()
}

/// One line of SAM.
pub(crate) fn read(name: &str, flags: u16, contig: &str, start: usize, cigar: &str, sequence: &str) -> String {
    let quality = if sequence == "*" {
        "*".to_owned()
    } else {
        "I".repeat(sequence.len())
    };
    format!("{name}\t{flags}\t{contig}\t{start}\t60\t{cigar}\t*\t0\t0\t{sequence}\t{quality}")
}

impl Bench {
    /// Contigs as (name, bases), reads as SAM lines in the order of the file; no index if `indexed` is false.
    pub(crate) fn new(contigs: &[(&str, &str)], order: &str, reads: &[String], indexed: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let fasta: String = contigs.iter().map(|(n, s)| format!(">{n}\n{s}\n")).collect();
        let path = folder.path().join("genome.fa");
        fs::write_atomic(&path, fasta.as_bytes()).unwrap();
        let mut text = format!("@HD\tVN:1.6\tSO:{order}\n");
        for (name, sequence) in contigs {
            text += &format!("@SQ\tSN:{name}\tLN:{}\n", sequence.len());
        }
        for line in reads {
            text += line;
            text.push('\n');
        }
        let bam = folder.path().join("reads.bam");
        let mut reader = sam::io::Reader::new(text.as_bytes());
        let header = reader.read_header().unwrap();
        let mut writer = bam::io::Writer::new(fs::AtomicFile::create(&bam).unwrap());
        writer.write_header(&header).unwrap();
        for record in reader.record_bufs(&header) {
            sam::alignment::io::Write::write_alignment_record(&mut writer, &header, &record.unwrap()).unwrap();
        }
        writer.into_inner().finish().unwrap().commit().unwrap();
        if indexed {
            let bam::Index::Bai(index) = bam::fs::index(&bam).unwrap() else {
                panic!("another kind of index")
            };
            let mut writer = bam::bai::io::Writer::new(Vec::new());
            writer.write_index(&index).unwrap();
            fs::write_atomic(folder.path().join("reads.bam.bai"), &writer.into_inner()).unwrap();
        }
        Self {
            reference: Reference::open(&path).unwrap(),
            folder,
            bam,
        }
    }

    pub(crate) fn call(&self) -> Result<(CallSummary, String, String), Fault> {
        self.call_with(|_| {})
    }

    /// The summary, the VCF and the gVCF.
    pub(crate) fn call_with<'a>(
        &'a self,
        change: impl FnOnce(&mut CallOptions<'a>),
    ) -> Result<(CallSummary, String, String), Fault> {
        let (vcf, gvcf) = (
            self.folder.path().join("o.vcf.gz"),
            self.folder.path().join("o.g.vcf.gz"),
        );
        let mut options = CallOptions {
            bam: &self.bam,
            reference: &self.reference,
            targets: None,
            padding: 100,
            sample: "sample",
            sex: Sex::Unknown,
            build: None,
            vcf: Path::new(""),
            gvcf: None,
            memory: 2 << 30,
            source: "test",
            header: &[],
        };
        change(&mut options);
        let options = CallOptions {
            vcf: &vcf,
            gvcf: Some(&gvcf),
            ..options
        };
        let summary = clinotype_call::call(&options, &Silent)?;
        Ok((summary, text(&vcf), text(&gvcf)))
    }
}

pub(crate) fn text(path: &Path) -> String {
    let mut text = String::new();
    std::io::Read::read_to_string(&mut fs::open_text(path).unwrap(), &mut text).unwrap();
    text
}

/// The fields of the records.
pub(crate) fn records(vcf: &str) -> Vec<Vec<&str>> {
    vcf.lines()
        .filter(|l| !l.starts_with('#'))
        .map(|l| l.split('\t').collect())
        .collect()
}

/// `depth` reads of 100 bases over every base of `sequence`, half on each strand, each base at Q40.
pub(crate) fn tile(
    name: &str,
    contig: &str,
    sequence: &str,
    depth: usize,
    cigar: impl Fn(usize, usize) -> (usize, String),
) -> Vec<String> {
    let mut reads = Vec::new();
    let step = 100 / depth.max(1);
    let mut at = 0;
    while at + 100 <= sequence.len() {
        let (start, cigar) = cigar(at, at + 100);
        let strand = if (at / step.max(1)).is_multiple_of(2) { 0 } else { 16 };
        reads.push(read(
            &format!("{name}{at}"),
            strand,
            contig,
            start + 1,
            &cigar,
            &sequence[at..at + 100],
        ));
        at += step.max(1);
    }
    reads
}

/// Sorts SAM lines by position.
pub(crate) fn sorted(mut reads: Vec<String>) -> Vec<String> {
    reads.sort_by_key(|r| r.split('\t').nth(3).unwrap().parse::<u32>().unwrap());
    reads
}
