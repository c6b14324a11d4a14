//! The family checks on real genotypes and on made-up ones.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::fmt::Write as _;

use clinotype_case::{
    family::{Degree, FamilyChecks},
    pedigree::Pedigree,
    quality::CheckResult,
};
use clinotype_genome::fs;
use clinotype_jobs::{
    family::{checks, checks_text, pedigree},
    watch::Nobody,
};
use clinotype_testkit::Dice;
use clinotype_tests::shared;

fn real(ped: &str) -> Option<FamilyChecks> {
    let folder = shared("data/cases-real")?;
    let pedigree = Pedigree::parse(ped).unwrap();
    Some(checks(&folder.join("ashk-trio.vcf.gz"), Some(&pedigree), None, &Nobody).unwrap())
}

/// The Ashkenazim trio (HG002, HG003, HG004), 9,940 records of chromosomes 1 and 2.
#[test]
fn a_real_trio_is_as_declared() {
    let Some(folder) = shared("data/cases-real") else {
        return;
    };
    let pedigree = pedigree(&folder.join("ashk-trio.ped")).unwrap();
    let found = checks(&folder.join("ashk-trio.vcf.gz"), Some(&pedigree), None, &Nobody).unwrap();
    eprintln!("{}", checks_text(&found));
    assert_eq!(found.records, 9_940);
    let dropped: u64 = found.dropped.iter().map(|d| d.count).sum();
    assert_eq!(found.records, found.used + dropped);
    for pair in &found.pairs {
        assert_eq!(pair.result, CheckResult::Pass, "{pair:?}");
        let degree = pair.observed.unwrap().degree;
        let parents = pair.declared == Some(0.0);
        assert_eq!(
            degree,
            if parents { Degree::Unrelated } else { Degree::First },
            "{pair:?}"
        );
    }
    assert_eq!(found.trios[0].result, CheckResult::Pass, "{:?}", found.trios[0]);
}

#[test]
fn a_real_trio_declared_wrongly_fails() {
    // HG002 as the father of HG003.
    let Some(found) = real("a HG003 HG002 HG004 1 0\na HG002 0 0 1 0\na HG004 0 0 2 0\n") else {
        return;
    };
    eprintln!("{}", checks_text(&found));
    assert_eq!(found.trios[0].result, CheckResult::Fail, "{:?}", found.trios[0]);
    let wrong = found.pairs.iter().filter(|p| p.result == CheckResult::Fail).count();
    assert_eq!(wrong, 2, "{:?}", found.pairs);
}

/// A VCF of these samples' genotypes, each site's alternate with a frequency between 0.1 and 0.5.
fn made_up(
    sites: usize,
    seed: u64,
    genotypes: impl Fn(&mut Dice, f64) -> Vec<[u8; 2]>,
    names: &[&str],
) -> tempfile::TempDir {
    let mut dice = Dice::new(seed);
    let mut text = String::from(
        "##fileformat=VCFv4.3\n##contig=<ID=chr1,length=248956422>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT",
    );
    for name in names {
        let _ = write!(text, "\t{name}");
    }
    text.push('\n');
    for site in 0..sites {
        let frequency = 0.1 + 0.4 * f64::from(dice.below(1000)) / 1000.0;
        let _ = write!(text, "chr1\t{}\t.\tA\tG\t99\tPASS\t.\tGT:GQ", 1000 + site * 1000);
        for [a, b] in genotypes(&mut dice, frequency) {
            let _ = write!(text, "\t{a}/{b}:99");
        }
        text.push('\n');
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write_atomic(folder.path().join("a.vcf"), text.as_bytes()).unwrap();
    folder
}

fn founder(dice: &mut Dice, frequency: f64) -> [u8; 2] {
    [u8::from(dice.chance(frequency)), u8::from(dice.chance(frequency))]
}

fn child(dice: &mut Dice, father: [u8; 2], mother: [u8; 2]) -> [u8; 2] {
    [father[dice.below(2) as usize], mother[dice.below(2) as usize]]
}

/// Father, mother, two children, a half-sibling, a stranger, and the first child once more.
fn household(sites: usize) -> tempfile::TempDir {
    made_up(
        sites,
        5,
        |dice, frequency| {
            let [f, m, other, stranger] = std::array::from_fn(|_| founder(dice, frequency));
            let (a, b, half) = (child(dice, f, m), child(dice, f, m), child(dice, f, other));
            vec![f, m, a, b, half, stranger, a]
        },
        &["f", "m", "a", "b", "half", "stranger", "again"],
    )
}

#[test]
fn degrees_of_a_made_up_household() {
    let folder = household(20_000);
    let found = checks(&folder.path().join("a.vcf"), None, None, &Nobody).unwrap();
    for (first, second, kinship) in [
        ("f", "m", 0.0),
        ("f", "a", 0.25),
        ("m", "b", 0.25),
        ("a", "b", 0.25),
        ("a", "half", 0.125),
        ("a", "stranger", 0.0),
        ("a", "again", 0.5),
    ] {
        let pair = found
            .pairs
            .iter()
            .find(|p| p.first == first && p.second == second)
            .unwrap();
        let observed = pair.observed.unwrap();
        assert!(
            (observed.estimate - kinship).abs() < 4.0 * observed.standard_error + 1e-9,
            "{pair:?}"
        );
        assert!(observed.standard_error < 0.02, "{pair:?}");
        assert_eq!(observed.degree, Degree::of(kinship), "{pair:?}");
    }
}

#[test]
fn a_swapped_sample_is_found_and_too_few_sites_are_not_assessed() {
    // The stranger in the place of the father.
    let wrong = Pedigree::parse(
        "h a stranger m 1 0\nh stranger 0 0 1 0\nh m 0 0 2 0\nh f 0 0 1\nh b 0 0 0\nh half 0 0 0\nh again 0 0 0\n",
    )
    .unwrap();
    let folder = household(20_000);
    let found = checks(&folder.path().join("a.vcf"), Some(&wrong), None, &Nobody).unwrap();
    assert_eq!(found.trios[0].result, CheckResult::Fail, "{:?}", found.trios);
    let result = |first: &str, second: &str| {
        let pair = found.pairs.iter().find(|p| p.first == first && p.second == second);
        pair.unwrap().result
    };
    assert_eq!(result("a", "stranger"), CheckResult::Fail);
    assert_eq!(result("a", "again"), CheckResult::Fail);
    assert_eq!(result("m", "a"), CheckResult::Pass);
    let folder = household(150);
    let few = checks(&folder.path().join("a.vcf"), Some(&wrong), None, &Nobody).unwrap();
    assert!(
        few.trios.iter().all(|t| t.result == CheckResult::NotAssessed),
        "{few:?}"
    );
    assert!(
        few.pairs.iter().all(|p| p.result == CheckResult::NotAssessed),
        "{few:?}"
    );
    let fault = checks(
        &folder.path().join("a.vcf"),
        Some(&Pedigree::parse("h a 0 0 1").unwrap()),
        None,
        &Nobody,
    )
    .unwrap_err();
    assert!(fault.what().contains("not in the pedigree"), "{fault}");
}
