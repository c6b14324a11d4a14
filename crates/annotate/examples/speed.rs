//! Throughput on the panel; run by hand: `cargo run --release -p clinotype-annotate --example speed`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a measurement may fail")]

use std::{
    io::BufRead,
    path::{Path, PathBuf},
    time::Instant,
};

use clinotype_annotate::{AnnotateOptions, TranscriptSet, annotate};
use clinotype_genome::{Build, Reference, Silent, fs};

fn main() {
    let data = std::env::var_os("CLINOTYPE_SHARED")
        .map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
            PathBuf::from,
        )
        .join("data");
    let folder = tempfile::tempdir().unwrap();
    // chr17 at its true length: the panel's slices, N elsewhere.
    let mut bases = vec![b'N'; 83_257_441];
    let mut spans = Vec::new();
    let mut at: Option<usize> = None;
    for line in fs::open_text(data.join("panel-grch38/grch38_slices.fa.gz"))
        .unwrap()
        .lines()
    {
        let line = line.unwrap();
        if let Some(name) = line.strip_prefix('>') {
            at = name
                .strip_prefix("chr17:")
                .map(|s| s.split('-').next().unwrap().parse::<usize>().unwrap() - 1);
            spans.extend(at.map(|a| (a, a)));
        } else if let Some(start) = &mut at {
            bases[*start..*start + line.len()].copy_from_slice(line.to_ascii_uppercase().as_bytes());
            *start += line.len();
            spans.last_mut().unwrap().1 = *start;
        }
    }
    let fasta = folder.path().join("r.fa");
    let mut text = b">chr17\n".to_vec();
    for line in bases.chunks(100) {
        text.extend_from_slice(line);
        text.push(b'\n');
    }
    fs::write_atomic(&fasta, &text).unwrap();
    let reference = Reference::open(&fasta).unwrap();
    let started = Instant::now();
    let transcripts = TranscriptSet::read(
        &data.join("panel-grch38/panel.grch38.sorted.gff3.gz"),
        &reference,
        Build::Grch38,
    )
    .unwrap();
    println!("transcripts read in {:.2} s", started.elapsed().as_secs_f64());
    // One SNV at every fifth base, an indel at every fiftieth.
    let mut text = String::from("##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n");
    let mut count = 0;
    spans.sort_unstable();
    let mut last = 0;
    for (from, to) in spans {
        for p in (from.max(last)..to.saturating_sub(10)).step_by(5) {
            let r = char::from(bases[p]);
            if r == 'N' {
                continue;
            }
            let alternate = if r == 'A' { 'G' } else { 'A' };
            let allele = if p % 50 == 0 {
                format!("{r}{alternate}")
            } else {
                alternate.to_string()
            };
            text.push_str("chr17\t");
            let rest = format!("{}\t.\t{r}\t{allele}\t50\tPASS\tDP=30\tGT:AD:DP\t0/1:15,15:30\n", p + 1);
            text.push_str(&rest);
            count += 1;
        }
        last = to;
    }
    let vcf = folder.path().join("in.vcf");
    fs::write_atomic(&vcf, text.as_bytes()).unwrap();
    let clinvar = data.join("clinvar/clinvar_10genes_2026-02-26.GRCh38.vcf.gz");
    for (threads, with) in [(1, None), (2, None), (1, Some(clinvar.as_path()))] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let out = folder.path().join("out.vcf.gz");
        let started = Instant::now();
        pool.install(|| {
            annotate(
                &AnnotateOptions {
                    vcf: &vcf,
                    reference: &reference,
                    build: Build::Grch38,
                    assert_build: false,
                    transcripts: &transcripts,
                    clinvar: with,
                    frequencies: None,
                    scores: &[],
                    sample: Some("S1"),
                    input_sample: None,
                    out: &out,
                    pick_order: clinotype_annotate::PickOrder::default(),
                    header: &[],
                    source: "timing",
                },
                &Silent,
            )
            .unwrap()
        });
        let seconds = started.elapsed().as_secs_f64();
        println!(
            "{count} variants, {threads} thread(s), ClinVar {}: {seconds:.2} s, {:.0}/s",
            with.is_some(),
            f64::from(count) / seconds
        );
    }
}
