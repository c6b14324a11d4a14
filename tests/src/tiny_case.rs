//! A made-up case of a few kilobases: one gene on a random contig, reads of one donor. Small enough that every way to
//! break an input can be tried in a second.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use clinotype_genome::{Interval, Pos, Reference, VariantKey, fs};
use clinotype_testkit::{
    simulate::{Donor, PhasedAllele, Simulation, write_fastq},
    tiny,
};

/// Length of the contig.
const LENGTH: usize = 6_000;
/// Length of each contig of [`TinyCase::many_contigs`].
const MORE: usize = 3_000;
/// 0-based, half-open exons of the one transcript; the first and last hold UTR.
const EXONS: [(usize, usize); 3] = [(1_000, 1_200), (2_000, 2_150), (3_000, 3_300)];
/// 0-based start of the start codon and end of the stop codon.
const CODING: (usize, usize) = (1_050, 3_213);

/// The files of the case, all in one folder.
#[derive(Debug)]
pub struct TinyCase {
    folder: tempfile::TempDir,
    /// The reference's bases.
    pub bases: Vec<u8>,
}

impl TinyCase {
    /// Makes the case.
    ///
    /// # Panics
    /// Where the temporary folder cannot be written.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path =
            tiny::random_reference(folder.path(), &[("chr1", LENGTH), ("chr2", 1_000)], 11).expect("a reference");
        let reference = Reference::open(&path).expect("it opens");
        let mut bases = reference.fetch("chr1", 0, LENGTH as u32).expect("its bases");
        let other = reference.fetch("chr2", 0, 1_000).expect("its bases");
        plant_gene(&mut bases);
        let mut text = String::new();
        for (name, sequence) in [("chr1", &bases), ("chr2", &other)] {
            let _ = writeln!(text, ">{name}");
            for line in sequence.chunks(60) {
                let _ = writeln!(text, "{}", String::from_utf8_lossy(line));
            }
        }
        let case = Self { folder, bases };
        for stale in ["reference.fa", "reference.fa.fai"] {
            fs::remove_if_there(case.path(stale)).expect("a writable folder");
        }
        case.write("reference.fa", &text);
        case.write("transcripts.gff3", &gff3());
        case.write("order.json", ORDER);
        case.reads(&[]);
        case
    }

    /// Puts so many contigs of [`MORE`] bases behind those of the case, with reads: calling has a window for each.
    ///
    /// # Panics
    /// Where the folder cannot be written.
    pub fn many_contigs(&self, count: usize) {
        let names: Vec<String> = (1..=count).map(|n| format!("more{n}")).collect();
        let contigs: Vec<(&str, usize)> = names.iter().map(|n| (n.as_str(), MORE)).collect();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let more = tiny::random_reference(folder.path(), &contigs, 12).expect("a reference");
        let text = |path: &Path| fs::read_to_string(path).expect("it opens");
        let both = text(&self.path("reference.fa")) + &text(&more);
        for stale in ["reference.fa", "reference.fa.fai"] {
            fs::remove_if_there(self.path(stale)).expect("a writable folder");
        }
        self.write("reference.fa", &both);
        self.reads(&names);
    }

    /// A file of the case.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file of the case.
    ///
    /// # Panics
    /// Where it cannot be written.
    pub fn write(&self, name: &str, text: &str) {
        fs::write_atomic(self.path(name), text.as_bytes()).expect("a writable folder");
    }

    /// The SNV of the donor: heterozygous, in the second exon.
    pub fn variant(&self) -> VariantKey {
        let at = 2_070;
        let reference = char::from(self.bases[at]).to_string();
        let alternate = if reference == "A" { "G" } else { "A" };
        VariantKey::new("chr1", Pos::from_zero_based(at as u32), &reference, alternate)
    }

    /// Reads of the first contig and of these.
    fn reads(&self, more: &[String]) {
        let reference = Reference::open(self.path("reference.fa")).expect("the reference opens");
        let mut intervals = vec![Interval::new("chr1", 0, LENGTH as u32)];
        intervals.extend(more.iter().map(|name| Interval::new(name, 0, MORE as u32)));
        let alleles = [PhasedAllele {
            key: self.variant(),
            carried: [true, false],
        }];
        let donor = Donor::new(&reference, &intervals, &alleles).expect("a donor");
        let simulation = Simulation {
            depth: 45.0,
            ..Simulation::default()
        };
        write_fastq(
            &simulation,
            &donor,
            &intervals,
            &self.path("R1.fastq.gz"),
            &self.path("R2.fastq.gz"),
        )
        .expect("reads are written");
    }

    /// Gives the genome an X of 6 kilobases, read `depth` times (the gene's contig is read 45 times): files `X_R1.fastq.gz`
    /// and `X_R2.fastq.gz`, to be run together with the reads of the case.
    ///
    /// # Panics
    /// Where the folder cannot be written.
    pub fn add_x(&self, depth: f64) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let x = tiny::random_reference(folder.path(), &[("chrX", LENGTH)], 12).expect("a reference");
        let text = fs::read_to_string(self.path("reference.fa")).expect("the reference");
        let text = text + &fs::read_to_string(x).expect("the X");
        fs::remove_if_there(self.path("reference.fa.fai")).expect("a writable folder");
        self.write("reference.fa", &text);
        let reference = Reference::open(self.path("reference.fa")).expect("the reference opens");
        let intervals = [Interval::new("chrX", 0, LENGTH as u32)];
        let donor = Donor::new(&reference, &intervals, &[]).expect("a donor");
        let simulation = Simulation {
            depth,
            seed: 12,
            ..Simulation::default()
        };
        let (r1, r2) = (self.path("X_R1.fastq.gz"), self.path("X_R2.fastq.gz"));
        write_fastq(&simulation, &donor, &intervals, &r1, &r2).expect("reads are written");
    }

    /// `clinotype run` of this case with its good files, except for what the caller adds or replaces.
    pub fn run(&self, input: &[&str], more: &[&str]) -> Command {
        let mut command = self.telling(input, more);
        command.arg("--quiet");
        command
    }

    /// As [`TinyCase::run`], telling on standard error where it is.
    pub fn telling(&self, input: &[&str], more: &[&str]) -> Command {
        let mut command = crate::clinotype();
        command.current_dir(self.folder()).arg("run").args(input);
        for (option, value) in [
            ("--sample", "T-1"),
            ("--reference", "reference.fa"),
            ("--transcripts", "transcripts.gff3"),
            ("--build", "GRCh38"),
            ("--out", "out"),
        ] {
            if !more.contains(&option) {
                command.args([option, value]);
            }
        }
        command.args(more);
        command
    }

    /// A run from the good reads that must succeed.
    ///
    /// # Panics
    /// Where it fails.
    pub fn succeeds(&self, input: &[&str], more: &[&str]) -> Output {
        let output = self.run(input, more).output().expect("clinotype starts");
        assert!(output.status.success(), "{}", crate::errors(&output));
        output
    }
}

impl Default for TinyCase {
    fn default() -> Self {
        Self::new()
    }
}

/// The reads of the case.
pub const READS: [&str; 3] = ["--reads", "R1.fastq.gz", "R2.fastq.gz"];

/// Makes the exons a gene: start codon, no stop in between, stop codon, GT and AG around the introns.
fn plant_gene(bases: &mut [u8]) {
    let coding: Vec<usize> = EXONS
        .iter()
        .flat_map(|&(from, to)| from.max(CODING.0)..to.min(CODING.1))
        .collect();
    assert_eq!(coding.len() % 3, 0, "the coding length is whole codons");
    for (number, codon) in coding.chunks(3).enumerate() {
        let read: Vec<u8> = codon.iter().map(|&at| bases[at]).collect();
        let planted = if number == 0 {
            *b"ATG"
        } else if number == coding.len() / 3 - 1 {
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
    for pair in EXONS.windows(2) {
        bases[pair[0].1..pair[0].1 + 2].copy_from_slice(b"GT");
        bases[pair[1].0 - 2..pair[1].0].copy_from_slice(b"AG");
    }
}

fn gff3() -> String {
    let mut text = String::from("##gff-version 3\n");
    let (start, end) = (EXONS[0].0 + 1, EXONS[2].1);
    let _ = writeln!(
        text,
        "chr1\tRefSeq\tgene\t{start}\t{end}\t.\t+\t.\tID=gene-TINY1;Dbxref=HGNC:HGNC:99999;Name=TINY1;gene=TINY1;gene_biotype=protein_coding"
    );
    let _ = writeln!(
        text,
        "chr1\tRefSeq\tmRNA\t{start}\t{end}\t.\t+\t.\tID=rna-NM_900001.1;Parent=gene-TINY1;Dbxref=HGNC:HGNC:99999;gene=TINY1;transcript_id=NM_900001.1"
    );
    let mut before = 0;
    for (number, (from, to)) in EXONS.iter().enumerate() {
        let _ = writeln!(
            text,
            "chr1\tRefSeq\texon\t{}\t{to}\t.\t+\t.\tID=exon-{number};Parent=rna-NM_900001.1;gene=TINY1;transcript_id=NM_900001.1",
            from + 1
        );
        let (from, to) = ((*from).max(CODING.0), (*to).min(CODING.1));
        let phase = (3 - before % 3) % 3;
        let _ = writeln!(
            text,
            "chr1\tRefSeq\tCDS\t{}\t{to}\t.\t+\t{phase}\tID=cds-NP_900001.1;Parent=rna-NM_900001.1;gene=TINY1;protein_id=NP_900001.1",
            from + 1
        );
        before += to - from;
    }
    text
}

/// The order of the case. Nobody has this name.
pub const ORDER: &str = r#"{
  "patient": {
    "identifiers": [{"label": "MRN", "value": "ZZ-4471"}, {"label": "Laboratory", "value": "ZZ-000123"}],
    "name": {"family": "Synthetic", "given": ["Tiny"]}, "birth_date": "1970-01-01", "sex": "female"
  },
  "specimen": {"id": "SP-1", "type": "blood (EDTA)", "collected": "2026-11-02", "received": "2026-11-03"},
  "order": {"id": "O-1", "test": "One-gene test", "date": "2026-11-02"},
  "clinician": {"name": {"family": "Example", "given": ["Ada"]}},
  "laboratory": {"name": "Example Laboratory", "address": "1 Example Street"},
  "indication": {"text": "a made-up question"},
  "genes": ["TINY1"]
}"#;
