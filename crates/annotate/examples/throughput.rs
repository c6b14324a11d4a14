//! Annotates a VCF and prints the CPU time it took; `benches/annotation.py` runs it beside its peers.
//!
//! `throughput --vcf VCF --reference FASTA --transcripts GFF3 [--out VCF] [--threads N] [--no-hgvs] [--in-memory]
//! [--clinvar VCF]`
#![allow(clippy::unwrap_used, clippy::panic, reason = "a measurement may fail")]

use std::{io::BufRead, path::PathBuf};

use clinotype_annotate::{AnnotateOptions, TranscriptSet, annotate, entries_of};
use clinotype_genome::{Build, Pos, Reference, Silent, fs};

/// CPU seconds of this thread so far (Linux).
fn thread_seconds() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanoseconds: f64 = text.split_whitespace().next().unwrap().parse().unwrap();
    nanoseconds / 1e9
}

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let has = |name: &str| words.iter().any(|w| w == name);
    let value = |name: &str| -> Option<PathBuf> {
        let at = words.iter().position(|w| w == name)?;
        Some(PathBuf::from(words.get(at + 1)?))
    };
    let (vcf, names) = (value("--vcf").unwrap(), !has("--no-hgvs"));
    let threads = value("--threads").map_or(1, |n| n.to_str().unwrap().parse().unwrap());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| {
        let started = thread_seconds();
        let reference = Reference::open(value("--reference").unwrap()).unwrap();
        let transcripts = TranscriptSet::read(&value("--transcripts").unwrap(), &reference, Build::Grch38).unwrap();
        let loaded = thread_seconds();
        println!(
            "{} transcripts in {:.3} s CPU of this thread",
            transcripts.len(),
            loaded - started
        );
        if has("--in-memory") {
            in_memory(&vcf, &reference, &transcripts, names);
            return;
        }
        let clinvar = value("--clinvar");
        let summary = annotate(
            &AnnotateOptions {
                vcf: &vcf,
                reference: &reference,
                build: Build::Grch38,
                assert_build: true,
                transcripts: &transcripts,
                clinvar: clinvar.as_deref(),
                frequencies: None,
                scores: &[],
                sample: None,
                input_sample: None,
                mismatches: 0,
                names,
                tables: &[],
                out: &value("--out").unwrap(),
                pick_order: clinotype_annotate::PickOrder::default(),
                header: &[],
                source: "throughput",
            },
            &Silent,
        )
        .unwrap();
        println!("{} records, {} alleles", summary.records, summary.alleles);
    });
}

/// The alleles alone: the file is read before, and nothing is written.
fn in_memory(vcf: &std::path::Path, reference: &Reference, transcripts: &TranscriptSet, names: bool) {
    let mut variants = Vec::new();
    for line in fs::open_text(vcf).unwrap().lines() {
        let line = line.unwrap();
        if line.starts_with('#') {
            continue;
        }
        let columns: Vec<&str> = line.split('\t').take(5).collect();
        let position = Pos::new(columns[1].parse().unwrap()).unwrap();
        for alternate in columns[4].split(',') {
            variants.push((
                columns[0].to_owned(),
                position,
                columns[3].to_owned(),
                alternate.to_owned(),
            ));
        }
    }
    let (mut bytes, started) = (0, thread_seconds());
    entries_of(
        reference,
        Build::Grch38,
        transcripts,
        names,
        variants
            .iter()
            .map(|(c, p, r, a)| (c.as_str(), *p, r.as_str(), a.as_str())),
        |text| bytes += text.len(),
    )
    .unwrap();
    let seconds = thread_seconds() - started;
    println!(
        "{seconds:.3} s CPU for the alleles alone: {} alleles, {bytes} bytes, {:.0}/s",
        variants.len(),
        variants.len() as f64 / seconds
    );
}
