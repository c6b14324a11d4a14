//! Copy number the whole way: reads of made-up people, aligned, counted, and called against twelve others.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::format_push_string,
    reason = "a test fails by panicking"
)]

use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

use clinotype_case::Sex;
use clinotype_genome::{Build, Interval, Pos, Reference, VariantKey, fs};
use clinotype_jobs::{
    FastqPair, Machine,
    copy_number::{self, CopyNumberRequest, CountRequest},
    steps::{self, AlignRequest},
    watch::Nobody,
};
use clinotype_testkit::{
    simulate::{Donor, PhasedAllele, Simulation, write_fastq},
    tiny,
};

const GENES: u32 = 8;
const EXONS: u32 = 5;
const LENGTH: usize = 52_000;

/// Exon of a gene, 0-based: 150 bases, 600 apart; genes lie 6,000 apart.
fn exon(gene: u32, number: u32) -> Interval {
    let start = 2_000 + gene * 6_000 + number * 750;
    Interval::new("chr1", start, start + 150)
}

struct Bench {
    folder: tempfile::TempDir,
    reference: PathBuf,
    machine: Machine,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let reference = tiny::random_reference(folder.path(), &[("chr1", LENGTH)], 11).unwrap();
        plant_splice_sites(&reference);
        let exons = (0..GENES).flat_map(|g| (0..EXONS).map(move |e| (g, e)));
        let bed: Vec<String> = exons
            .map(|(g, e)| format!("chr1\t{}\t{}\tG{g}\n", exon(g, e).start, exon(g, e).end))
            .collect();
        fs::write_atomic(folder.path().join("t.bed"), bed.concat().as_bytes()).unwrap();
        Self {
            folder,
            reference,
            machine: Machine::new(2, Some(1 << 30)).unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Simulates a person without `lost` genes and with `alleles`, aligns and counts.
    fn counts(&self, sample: &str, seed: u64, lost: &[u32], alleles: &[PhasedAllele]) -> PathBuf {
        let reference = Reference::open(&self.reference).unwrap();
        let genes = (0..GENES).filter(|g| !lost.contains(g));
        let intervals: Vec<Interval> = genes
            .map(|g| Interval::new("chr1", exon(g, 0).start - 700, exon(g, EXONS - 1).end + 700))
            .collect();
        let donor = Donor::new(&reference, &intervals, alleles).unwrap();
        let simulation = Simulation {
            seed,
            depth: 180.0,
            ..Simulation::default()
        };
        let (r1, r2) = (self.path("R1.fastq.gz"), self.path("R2.fastq.gz"));
        write_fastq(&simulation, &donor, &intervals, &r1, &r2).unwrap();
        let bam = self.path(&format!("{sample}.bam"));
        let pairs = [FastqPair { r1, r2 }];
        let id = sample.parse().unwrap();
        let scratch = self.path("scratch");
        self.machine
            .install(|| {
                let request = AlignRequest {
                    pairs: &pairs,
                    libraries: &[],
                    reference: &self.reference,
                    sample: &id,
                    out: &bam,
                    scratch: &scratch,
                };
                steps::align(&request, &self.machine, &Nobody)
            })
            .unwrap();
        let out = self.path(&format!("{sample}.counts.tsv"));
        let counted = self.machine.install(|| self.count(&bam, &out)).unwrap();
        assert_eq!(counted.sample, sample);
        out
    }

    fn count(&self, bam: &Path, out: &Path) -> clinotype_genome::Result<clinotype_jobs::copy_number::Counts> {
        copy_number::count(
            &CountRequest {
                bam,
                reference: &self.reference,
                targets: &self.path("t.bed"),
                sex: Sex::Female,
                build: Some(Build::Grch38),
                out,
            },
            &Nobody,
        )
    }
}

/// Transcripts must fit their reference: every intron begins with GT and ends with AG.
fn plant_splice_sites(path: &Path) {
    let mut bases = Reference::open(path).unwrap().fetch("chr1", 0, LENGTH as u32).unwrap();
    for (g, e) in (0..GENES).flat_map(|g| (1..EXONS).map(move |e| (g, e))) {
        let (end, start) = (exon(g, e - 1).end as usize, exon(g, e).start as usize);
        bases[end..end + 2].copy_from_slice(b"GT");
        bases[start - 2..start].copy_from_slice(b"AG");
    }
    let text: Vec<u8> = bases.chunks(60).flat_map(|line| [line, b"\n"].concat()).collect();
    fs::remove_if_there(path.with_extension("fa.fai")).unwrap();
    fs::write_atomic(path, &[b">chr1\n", &text[..]].concat()).unwrap();
}

/// An allele on the first haplotype from what it takes away and what it puts there.
fn allele(bases: &[u8], start: u32, end: u32, put: &[u8]) -> PhasedAllele {
    let text = |b: &[u8]| String::from_utf8(b.to_vec()).unwrap();
    PhasedAllele {
        key: VariantKey::new(
            "chr1",
            Pos::from_zero_based(start),
            &text(&bases[start as usize..end as usize]),
            &text(put),
        ),
        carried: [true, false],
    }
}

#[test]
fn deletions_and_a_duplication_are_found_from_the_reads() {
    let bench = Bench::new();
    let bases = Reference::open(&bench.reference)
        .unwrap()
        .fetch("chr1", 0, LENGTH as u32)
        .unwrap();
    let normals: Vec<PathBuf> = (0..12)
        .map(|n| bench.counts(&format!("N{n}"), 100 + n, &[], &[]))
        .collect();
    // One exon of G1 gone from one chromosome; three exons of G4 twice on one; all of G6 gone from both.
    let gone = exon(1, 2);
    let (from, to) = (exon(4, 1).start - 150, exon(4, 3).end + 150);
    let twice = [&bases[from as usize..to as usize], &bases[from as usize..to as usize]].concat();
    let alleles = [
        allele(
            &bases,
            gone.start - 150,
            gone.end + 150,
            &bases[(gone.start - 150) as usize..][..1],
        ),
        allele(&bases, from, to, &twice),
    ];
    let counts = bench.counts("S1", 7, &[6], &alleles);
    let gff3 = bench.path("t.gff3");
    write_gff3(&gff3);
    let call = |counts: &Path, normals: &[PathBuf]| {
        let request = CopyNumberRequest {
            counts,
            normals,
            reference: &bench.reference,
            transcripts: Some(&gff3),
            out: &bench.path("S1.cnv.vcf.gz"),
            json: &bench.path("S1.cnv.json"),
            table: Some(&bench.path("S1.cnv.tsv")),
        };
        bench.machine.install(|| copy_number::call(&request, &Nobody))
    };
    let called = call(&counts, &normals).unwrap();
    let found: Vec<_> = called
        .events
        .iter()
        .map(|e| (e.first, e.last, e.copies, e.filters.is_empty()))
        .collect();
    assert_eq!(
        found,
        [(7, 7, 1, true), (21, 23, 3, true), (30, 34, 0, true)],
        "{:#?}",
        called.events
    );
    let mut text = String::new();
    fs::open_text(bench.path("S1.cnv.vcf.gz"))
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    let lines: Vec<&str> = text.lines().filter(|l| !l.starts_with('#')).collect();
    let (start, end) = (gone.start, gone.end);
    assert!(
        lines[0].starts_with(&format!("chr1\t{start}\tDEL_chr1_{}_{end}\t", start + 1))
            && lines[0].contains("\t<DEL>\t")
            && lines[0].contains(&format!(
                "IMPRECISE;SVTYPE=DEL;END={end};SVLEN=-150;CIPOS=-600,149;CIEND=-149,600;TARGETS=1"
            ))
            && lines[0].contains(";NAMES=G1;GENES=G1;EXONS=G1:NM_000001.1:3/5\tGT:CN:CNQ:CNE:RR\t0/1:1:"),
        "{}",
        lines[0]
    );
    assert!(
        lines[1].contains("SVTYPE=DUP") && lines[1].contains("EXONS=G4:NM_000004.1:2-4/5\t"),
        "{}",
        lines[1]
    );
    assert!(
        lines[2].contains("EXONS=G6:NM_000006.1:1-5/5\t") && lines[2].contains("\t1/1:0:"),
        "{}",
        lines[2]
    );
    let table = fs::read_to_string(bench.path("S1.cnv.tsv")).unwrap();
    let states = |word: &str| table.lines().filter(|l| l.split('\t').nth(5) == Some(word)).count();
    assert_eq!((states("deleted"), states("duplicated")), (6, 3), "{table}");
    assert_eq!(states("normal") + states("not_deleted") + states("not_assessed"), 31);
    assert!(states("normal") + states("not_deleted") > 25, "{table}");
    // A person without any of this, against the others: nothing.
    let others = [&normals[..3], &normals[4..], std::slice::from_ref(&counts)].concat();
    let healthy = call(&normals[3], &others).unwrap();
    assert!(healthy.events.is_empty(), "{:#?}", healthy.events);
    // What must be refused leaves the files of the run before as they are.
    let before = fs::read(bench.path("S1.cnv.vcf.gz")).unwrap();
    for (sample, others, words) in [
        (&counts, normals[..9].to_vec(), "9 normals are given; at least 10"),
        (&normals[3], normals.clone(), "is among its own normals"),
    ] {
        let fault = call(sample, &others).unwrap_err();
        assert!(fault.to_string().contains(words), "{fault}");
    }
    assert_eq!(fs::read(bench.path("S1.cnv.vcf.gz")).unwrap(), before);
}

/// One transcript per gene, the coding sequence in the frame that the exons give.
fn write_gff3(path: &Path) {
    let mut text = String::from("##gff-version 3\n");
    for g in 0..GENES {
        let (first, last) = (exon(g, 0).start + 1, exon(g, EXONS - 1).end);
        text += &format!(
            "chr1\tRefSeq\tgene\t{first}\t{last}\t.\t+\t.\tID=gene-G{g};Name=G{g};gene=G{g};gene_biotype=lncRNA\n"
        );
        text += &format!(
            "chr1\tRefSeq\tlnc_RNA\t{first}\t{last}\t.\t+\t.\tID=rna-NM_00000{g}.1;Parent=gene-G{g};gene=G{g};transcript_id=NM_00000{g}.1\n"
        );
        for e in 0..EXONS {
            let interval = exon(g, e);
            text += &format!(
                "chr1\tRefSeq\texon\t{}\t{}\t.\t+\t.\tID=exon-{g}-{e};Parent=rna-NM_00000{g}.1;gene=G{g};transcript_id=NM_00000{g}.1\n",
                interval.start + 1,
                interval.end
            );
        }
    }
    fs::write_atomic(path, text.as_bytes()).unwrap();
}
