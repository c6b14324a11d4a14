//! Whole tumour-only runs on small made-up genomes.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod common;

use clinotype_call::{Frequency, Population, SomaticOptions, SomaticSummary, call_tumor_only};
use clinotype_genome::{Fault, Interval, Progress, Result, Silent, VariantKey};
use common::{Bench, bases, records, sorted, text, tile};

fn other(sequence: &str, at: usize) -> &'static str {
    if &sequence[at..=at] == "A" { "C" } else { "A" }
}

/// A tumour at `20 * copies` reads over each base: a heterozygous SNV at 401, an SNV of one copy in `copies` at 701, and
/// a deletion of three bases after 1000 in two copies.
fn tumor(copies: usize) -> Bench {
    let reference = bases(1500, 7);
    let mut reads = Vec::new();
    for copy in 0..copies {
        let mut changed = reference.clone();
        if copy % 2 == 0 {
            changed.replace_range(400..401, other(&reference, 400));
        }
        if copy == 0 {
            changed.replace_range(700..701, other(&reference, 700));
        }
        let deletes = copy == 1 || copy == 2;
        if deletes {
            changed.replace_range(1000..1003, "");
        }
        reads.extend(tile(&format!("c{copy}_"), "7", &changed, 20, |from, to| {
            match (from, to) {
                _ if !deletes || to <= 1000 => (from, "100M".to_owned()),
                (1000.., _) => (from + 3, "100M".to_owned()),
                (from, to) if to < 1010 => (from, format!("{}M{}S", 1000 - from, to - 1000)),
                (from, to) if from > 990 => (1003, format!("{}S{}M", 1000 - from, to - 1000)),
                (from, to) => (from, format!("{}M3D{}M", 1000 - from, to - 1000)),
            }
        }));
    }
    Bench::new(&[("7", &reference)], "coordinate", &sorted(reads), true)
}

fn run<'a>(
    bench: &'a Bench,
    change: impl FnOnce(&mut SomaticOptions<'a>),
) -> std::result::Result<(SomaticSummary, String), Fault> {
    let vcf = bench.folder.path().join("t.vcf.gz");
    let mut options = SomaticOptions {
        bam: &bench.bam,
        reference: &bench.reference,
        targets: None,
        padding: 100,
        sample: "tumor",
        build: None,
        frequencies: None,
        contamination: None,
        vcf: std::path::Path::new(""),
        memory: 2 << 30,
        source: "test",
        header: &[],
    };
    change(&mut options);
    let summary = call_tumor_only(&SomaticOptions { vcf: &vcf, ..options }, &Silent)?;
    Ok((summary, text(&vcf)))
}

fn value<'a>(record: &[&'a str], key: &str) -> &'a str {
    let at = record[8].split(':').position(|k| k == key).unwrap();
    record[9].split(':').nth(at).unwrap()
}

#[test]
fn five_percent_at_400_reads() {
    let bench = tumor(20);
    let (summary, vcf) = run(&bench, |_| {}).unwrap();
    let found = records(&vcf);
    assert_eq!(found.len(), 3, "{vcf}");
    let expected = [("401", 0.5), ("701", 0.05), ("1000", 0.1)];
    for (record, (position, fraction)) in found.iter().zip(expected) {
        assert_eq!((record[5], record[6]), (".", "PASS"), "{record:?}");
        let number = |key: &str| value(record, key).parse::<f64>().unwrap();
        assert!(number("AFLO") <= fraction && fraction <= number("AFHI"), "{record:?}");
        assert!((number("AF") - fraction).abs() < 0.01, "{record:?}");
        assert_eq!(value(record, "GT"), "0/1");
        assert!(
            record[7].contains("GERM=not_evaluated") && !record[7].contains("GERMQ"),
            "{record:?}"
        );
        if fraction < 0.1 {
            assert_eq!((record[1], value(record, "AD")), (position, "380,20"));
            assert_eq!(value(record, "SB"), "190,190,10,10");
        }
    }
    assert_eq!(
        (summary.records, summary.snvs, summary.indels, summary.passed),
        (3, 2, 1, 3)
    );
    assert_eq!(summary.germline["not_evaluated"], 3);
    assert!(summary.contamination.starts_with("not_evaluated"));
    assert!(vcf.contains("\n##clinotype_analysis=tumor_only,Description=\"Tumour-only: no normal sample"));
    assert!(vcf.contains("not_evaluated: no population frequencies were given"));
    // Nearly all of the genome is deep enough; its ends are not.
    let seen = &summary.sensitivity;
    assert_eq!((seen.bases, seen.targets.len()), (1500, 1));
    assert!(seen.bases_sufficient > 1300 && seen.bases_sufficient < 1500, "{seen:?}");
    assert!(seen.sufficient_depth.is_some_and(|d| d < 400), "{seen:?}");
}

#[test]
fn shallow_reads_promise_nothing() {
    let bench = tumor(2);
    let targets = [Interval::new("7", 600, 800), Interval::new("7", 1200, 1210)];
    let (summary, vcf) = run(&bench, |o| o.targets = Some(&targets)).unwrap();
    let seen = &summary.sensitivity;
    assert_eq!((seen.bases, seen.bases_sufficient, seen.targets.len()), (210, 0, 2));
    assert!((seen.targets[0].mean_depth - 40.0).abs() < 0.01, "{seen:?}");
    assert!(seen.targets[0].least_fraction_at_mean.unwrap() > 0.1);
    assert!(seen.statement.contains("no negative"));
    for record in records(&vcf) {
        let least: f64 = record[7]
            .split("MINAF=")
            .nth(1)
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        assert!(least > 0.1, "{record:?}");
    }
}

#[test]
fn equal_bytes_at_any_number_of_threads() {
    let bench = tumor(5);
    let bytes = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| run(&bench, |_| {})).unwrap()
    };
    assert_eq!(bytes(1), bytes(3));
}

/// Knows the heterozygous allele as common, and nothing of the others.
struct Common;

impl Population for Common {
    fn frequencies(&self, alleles: &[VariantKey], _: &dyn Progress) -> Result<Vec<Frequency>> {
        Ok(alleles
            .iter()
            .map(|a| match a.position.get() {
                401 => Frequency::Found(0.3),
                701 => Frequency::Absent,
                _ => Frequency::NotEvaluated,
            })
            .collect())
    }
}

#[test]
fn a_common_allele_at_one_half_is_germline() {
    let bench = tumor(20);
    let (summary, vcf) = run(&bench, |o| {
        o.frequencies = Some(&Common);
        o.contamination = Some(0.01);
    })
    .unwrap();
    let found = records(&vcf);
    assert_eq!(found[0][6], "germline");
    assert!(found[0][7].contains("GERM=likely_germline;GERMQ=0;") && found[0][7].contains("POPAF=0.523"));
    assert!(
        found[1][7].contains("GERM=likely_somatic;") && found[1][6] == "PASS",
        "{found:?}"
    );
    assert!(found[2][7].contains("GERM=not_evaluated;"), "{found:?}");
    assert_eq!(summary.filtered["germline"], 1);
    assert_eq!(summary.contamination, "0.01");
    assert!(vcf.contains("##clinotype_contamination=0.01\n"));
}

#[test]
fn what_cannot_be() {
    let bench = tumor(2);
    for share in [0.0, 0.7, f64::NAN] {
        let fault = run(&bench, |o| o.contamination = Some(share)).unwrap_err();
        assert!(
            fault.to_string().contains("contamination") && fault.advice().is_some(),
            "{fault}"
        );
    }
    let fault = run(&bench, |o| o.memory = 1).unwrap_err();
    assert!(fault.to_string().contains("memory"), "{fault}");
    assert!(!bench.folder.path().join("t.vcf.gz").exists());
}
