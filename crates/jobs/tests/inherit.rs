//! Inheritance on the real trio and on made-up files.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use clinotype_case::inheritance::{Confidence, FamilyInheritance, Mode, Settings};
use clinotype_genome::{Fault, fs};
use clinotype_jobs::{
    inherit::{inherit, pedigree, text},
    watch::Nobody,
};
use clinotype_tests::shared;

/// HG002, HG003, HG004 on chromosomes 1 and 2, annotated by `bcftools csq`: healthy people, so few alleles should fit.
#[test]
fn the_ashkenazim_trio() {
    let Some(folder) = shared("data/cases-real") else {
        return;
    };
    let family = pedigree(&folder.join("ashk-trio.ped")).unwrap();
    let found = inherit(
        &folder.join("ashk-trio.vcf.gz"),
        &family,
        None,
        &Settings::default(),
        &Nobody,
    )
    .unwrap();
    eprintln!("{}", text(&found));
    assert_eq!(found.records, 9_940);
    let failed = found.dropped.iter().find(|d| d.reason.contains("filter")).unwrap();
    assert_eq!(failed.count, 807);
    // Mendelian violations are rare among genotypes of quality 20.
    let rate = found.violations.count as f64 / found.violations.opportunities as f64;
    assert!(found.violations.opportunities > 5_000 && rate < 0.01, "{rate}");
    assert_eq!(found.violations.listed.len() as u64, found.violations.count);
    for candidate in &found.findings {
        let genotype = |allele: usize, who: &str| candidate.alleles[allele].genotypes[who].replace('|', "/");
        match candidate.mode {
            Mode::Recessive => assert_eq!(genotype(0, "HG002"), "1/1"),
            Mode::CompoundHeterozygous => {
                assert_eq!(candidate.alleles.len(), 2);
                if candidate.confidence == Confidence::High {
                    // Each parent gives one of the two.
                    let from = |allele| (genotype(allele, "HG003") == "0/0", genotype(allele, "HG004") == "0/0");
                    assert_ne!(from(0), from(1), "{candidate:?}");
                }
            }
            // At each violating place of high confidence the parents are called for the reference.
            Mode::DeNovo if candidate.confidence == Confidence::High => {
                assert_eq!(
                    (genotype(0, "HG003"), genotype(0, "HG004")),
                    ("0/0".to_owned(), "0/0".to_owned())
                );
            }
            _ => {}
        }
    }
    assert!(
        found.counts["compound_heterozygous"] > 10 && found.counts["recessive"] > 100,
        "{:?}",
        found.counts
    );
    assert!(!found.counts.contains_key("x_linked_recessive"));
}

const HEAD: &str =
    "##fileformat=VCFv4.2\n##contig=<ID=1,length=249250621>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO";

fn run(ped: &str, vcf: &str) -> Result<FamilyInheritance, Fault> {
    let folder = tempfile::tempdir().unwrap();
    let (ped_path, vcf_path) = (folder.path().join("f.ped"), folder.path().join("f.vcf"));
    fs::write_atomic(&ped_path, ped.as_bytes()).unwrap();
    fs::write_atomic(&vcf_path, vcf.as_bytes()).unwrap();
    inherit(&vcf_path, &pedigree(&ped_path)?, None, &Settings::default(), &Nobody)
}

const TRIO: &str = "f c d m 1 2\nf d 0 0 1 1\nf m 0 0 2 1\n";

#[test]
fn without_annotation_pairs_are_not_evaluated() {
    let found = run(
        TRIO,
        &format!("{HEAD}\tFORMAT\tc\td\tm\n1\t5\t.\tA\tG\t.\t.\t.\tGT:GQ:DP\t0/1:50:30\t0/0:50:30\t0/0:50:30\n"),
    )
    .unwrap();
    assert_eq!(
        (found.findings[0].mode, found.findings[0].confidence),
        (Mode::DeNovo, Confidence::High)
    );
    assert!(
        found
            .not_evaluated
            .iter()
            .any(|w| w.starts_with("Compound heterozygotes")),
        "{:?}",
        found.not_evaluated
    );
}

#[test]
fn faults_are_clear() {
    let one = |columns: &str, record: &str| format!("{HEAD}\t{columns}\n{record}");
    let good = "1\t5\t.\tA\tG\t.\t.\t.\tGT\t0/1\t0/0\t0/0\n";
    for (ped, vcf, words) in [
        (TRIO, format!("{HEAD}\n1\t5\t.\tA\tG\t.\t.\t.\n"), "no sample column"),
        (
            TRIO,
            one("FORMAT\tx\ty\tz", good),
            "none of its samples is in the pedigree",
        ),
        (
            TRIO,
            one("FORMAT\tc\td\tm", "1\t5\t.\tA\tG\t.\t.\t.\tDP\t9\t9\t9\n"),
            "no genotypes (GT)",
        ),
        (
            TRIO,
            one("FORMAT\tc\td\tm", "1\t5\t.\tA\tG\t.\t.\t.\tGT\t0/2\t0/0\t0/0\n"),
            "names an allele that is not there",
        ),
        (
            TRIO,
            one("FORMAT\tc\td\tm", "1\t5\t.\tA\tG\t.\t.\t.\tGT\t0/1\t0/0\n"),
            "has 11 columns",
        ),
        (
            "f c d m 1 2\nf d c 0 1 1\nf m 0 0 2 1\n",
            one("FORMAT\tc\td\tm", good),
            "own ancestor",
        ),
        (
            "f c d x 1 2\nf d 0 0 1 1\n",
            one("FORMAT\tc\td\tm", good),
            "mother who has no line",
        ),
        ("{\"subject\": 5}", one("FORMAT\tc\td\tm", good), "not a Phenopacket"),
    ] {
        let fault = run(ped, &vcf).unwrap_err();
        assert!(fault.what().contains(words), "{fault}");
        assert!(fault.place().path.is_some(), "{fault}");
    }
}
