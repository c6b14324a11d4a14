//! Sites near a broken splice site, and exons whose loss does not matter.

use std::fmt::Write as _;

use clinotype_case::{
    criterion::{Code, Criterion, State, Strength},
    evidence::{AnnotatedVariant, CrypticSite, Impact, Lookup, LossOfFunction, Mane, SpliceGain, SplicePlace},
};
use clinotype_genome::{Build, VariantKey};
use clinotype_interpret::{
    Comparators, Settings,
    acmg::{self, Question},
    rules::RULES,
};

use crate::bench::*;

/// CHEK2 c.100+1G>A, the exon's last base at position 999. Skipping the exon shifts the frame with decay, or keeps it.
fn donor(skip_keeps_frame: bool, sites: Option<Vec<CrypticSite>>, gains: &[(f64, bool, u32)]) -> AnnotatedVariant {
    let mut v = variant("CHEK2", "chr22", 1_000);
    v.key = VariantKey::new("chr22", v.key.position, "G", "A");
    v.splice_gains = gains
        .iter()
        .map(|(delta, donor, position)| SpliceGain {
            symbol: Some("CHEK2".to_owned()),
            donor: *donor,
            delta: *delta,
            position: Some(*position),
        })
        .collect();
    if !gains.is_empty() {
        v.splice_delta = Lookup::Found(0.99);
    }
    let c = &mut v.consequences[0];
    c.terms = vec!["splice_donor_variant".to_owned()];
    c.impact = Impact::High;
    c.hgvs_c = Some(format!("{}:c.100+1G>A", c.transcript));
    c.splice = Some(SplicePlace {
        intron_offset: Some(1),
        ..SplicePlace::default()
    });
    c.loss_of_function = Some(LossOfFunction {
        skipped_exon: Some(5),
        skip_keeps_frame: Some(skip_keeps_frame),
        new_stop_codon: (!skip_keeps_frame).then_some(60),
        cryptic_sites: sites,
        ..lof((!skip_keeps_frame).then_some(true), 60, 0.08)
    });
    v
}

fn in_frame() -> CrypticSite {
    CrypticSite {
        position: 993,
        distance: -6,
        keeps_frame: Some(true),
        lost_fraction: Some(0.004),
        ..CrypticSite::default()
    }
}

fn with_decay() -> CrypticSite {
    CrypticSite {
        position: 1_006,
        distance: 7,
        keeps_frame: Some(false),
        nmd: Some(true),
        new_stop_codon: Some(44),
        lost_fraction: Some(0.9),
    }
}

/// Abou Tayoun 2018: a cryptic site within 20 nt that is used in place of the broken one decides the frame.
#[test]
fn a_site_that_takes_over_decides_the_frame() {
    use Strength::{Moderate, VeryStrong};
    let both = || Some(vec![in_frame(), with_decay()]);
    for (what, skip_keeps, sites, gains, leaf, strength, says) in [
        (
            "in frame",
            false,
            both(),
            &[(0.8, true, 993)][..],
            "B3-small",
            Moderate,
            "loses 6 bases",
        ),
        (
            "in frame, not sure",
            false,
            both(),
            &[(0.3, true, 993)],
            "B3-small",
            Moderate,
            "the weaker counts",
        ),
        (
            "shift",
            true,
            both(),
            &[(0.8, true, 1_006)],
            "B1",
            VeryStrong,
            "gains 7 bases",
        ),
        (
            "shift, not sure",
            true,
            both(),
            &[(0.3, true, 1_006)],
            "B3-small",
            Moderate,
            "the weaker counts",
        ),
        (
            "the highest counts",
            false,
            both(),
            &[(0.6, true, 993), (0.9, true, 1_006)],
            "B1",
            VeryStrong,
            "gain 0.9",
        ),
        (
            "too low",
            false,
            both(),
            &[(0.19, true, 993)],
            "B1",
            VeryStrong,
            "gain below 0.2",
        ),
        (
            "an acceptor",
            false,
            both(),
            &[(0.9, false, 993)],
            "B1",
            VeryStrong,
            "gain below 0.2",
        ),
        (
            "21 bases away",
            false,
            both(),
            &[(0.9, true, 978)],
            "B1",
            VeryStrong,
            "further away",
        ),
        (
            "no GT near",
            false,
            Some(vec![]),
            &[],
            "B1",
            VeryStrong,
            "No GT stands within 20 nt",
        ),
        (
            "not scored",
            false,
            both(),
            &[],
            "B1",
            VeryStrong,
            "2 GT stand within 20 nt",
        ),
        (
            "nothing known",
            false,
            None,
            &[],
            "B1",
            VeryStrong,
            "Cryptic splice sites were not evaluated",
        ),
    ] {
        let found = row(&donor(skip_keeps, sites, gains), Code::PVS1);
        let expected = (format!("clinotype.pvs1.{leaf}"), MET, Some(strength));
        assert_eq!(
            (found.rule, found.state, found.strength),
            expected,
            "{what}: {}",
            found.sentence
        );
        assert!(found.sentence.contains(says), "{what}: {}", found.sentence);
    }
}

/// Of a change of one base the distance is counted where `annotate` has not looked for sites: 992 is 7 bases in.
#[test]
fn the_distance_is_counted_where_no_sites_are_listed() {
    let found = row(&donor(false, None, &[(0.9, true, 992)]), Code::PVS1);
    assert!(
        found.sentence.contains("loses 7 bases; the frame is lost"),
        "{}",
        found.sentence
    );
    let found = row(&donor(false, None, &[(0.9, true, 1_008)]), Code::PVS1);
    assert!(
        found.sentence.contains("gains 9 bases; the frame is kept"),
        "{}",
        found.sentence
    );
}

/// A score that the tool gives for a neighbour is not one for this gene.
#[test]
fn the_gain_of_another_gene_does_not_count() {
    let mut v = donor(false, Some(vec![in_frame()]), &[(0.1, true, 993), (0.9, true, 993)]);
    v.splice_gains[1].symbol = Some("NEIGHBOUR".to_owned());
    assert_eq!(row(&v, Code::PVS1).rule, "clinotype.pvs1.B1");
}

/// An in-frame skip that makes a stop at the new junction is a truncation (Walker 2023).
#[test]
fn a_stop_at_the_junction_is_no_kept_frame() {
    let mut v = donor(true, Some(vec![]), &[]);
    let facts = v.consequences[0].loss_of_function.as_mut().unwrap();
    (facts.nmd, facts.new_stop_codon) = (Some(true), Some(33));
    assert_eq!(row(&v, Code::PVS1).rule, "clinotype.pvs1.B1");
}

/// Alleles `exon frequency position` of the population.
fn common(rows: &[&str]) -> Comparators {
    let mut text = "##clinotype_comparators=1\n##release=2026-02\n##population=frequencies, release 4.1\n##population_contigs=22\n##file=c.vcf.gz\n\
        gene\ttranscript\tcontig\tposition\tref\talt\tvariation_id\tclass\tstars\tkind\tcodon\tresidues\texon\tsite\toffset\n"
        .to_owned();
    for row in rows {
        let f: Vec<&str> = row.split(' ').collect();
        let _ = writeln!(
            text,
            "CHEK2\tNM_CHEK2.1\tchr22\t{}\tC\tT\t.\tcommon_lof\t.\t{}\t.\tc.9C>T\t{}\t.\t.",
            f[2], f[1], f[0]
        );
    }
    Comparators::parse(&text).unwrap()
}

fn pvs1(v: &AnnotatedVariant, comparators: &Comparators) -> Criterion {
    let shown = &v.consequences[0];
    acmg::evaluate(&Question {
        variant: v,
        shown,
        gene: shown.symbol.as_ref().and_then(|s| RULES.genes.get(s)),
        build: Build::Grch38,
        data: &[],
        settings: &Settings::default(),
        comparators: Some(comparators),
        diseases: &[],
    })
    .into_iter()
    .find(|c| c.code == Code::PVS1)
    .unwrap()
}

/// A4: an exon in which loss of function is common is no exon whose loss matters; where decay follows, A1 decides.
#[test]
fn an_exon_with_common_loss_of_function_does_not_count() {
    let mut last = frameshift("CHEK2", "chr22", 1_000);
    last.consequences[0].exon = Some("15/15".to_owned());
    last.consequences[0].loss_of_function = Some(lof(Some(false), 560, 0.04));
    for (rows, expected, says) in [
        (&["15 0.004 2000"][..], (".A4", NA, None), "c.9C>T, frequency 0.004"),
        (
            &["15 0.001 2000"],
            (".A6", MET, Some(Strength::Moderate)),
            "more common than 0.001",
        ),
        (
            &["14 0.004 2000"],
            (".A6", MET, Some(Strength::Moderate)),
            "no other loss-of-function allele in exon 15",
        ),
        (&[], (".A6", MET, Some(Strength::Moderate)), "frequencies, release 4.1"),
    ] {
        let found = pvs1(&last, &common(rows));
        let got = (
            found.rule.trim_start_matches("clinotype.pvs1"),
            found.state,
            found.strength,
        );
        assert_eq!(got, expected, "{rows:?}: {}", found.sentence);
        assert!(found.sentence.contains(says), "{rows:?}: {}", found.sentence);
    }
    // Its own frequency is BA1's and BS1's matter.
    let mut own = last.clone();
    own.key = VariantKey::new("22", own.key.position, "C", "T");
    assert_eq!(pvs1(&own, &common(&["15 0.004 1000"])).rule, "clinotype.pvs1.A6");
    // Of a contig without a record the source says nothing: that is not "none is common".
    let mut elsewhere = common(&[]);
    elsewhere.population_contigs = ["X".to_owned()].into();
    let found = pvs1(&last, &elsewhere);
    assert!(
        found.sentence.contains("have no record on this contig"),
        "{}",
        found.sentence
    );
    assert!(!found.sentence.contains("more common than"), "{}", found.sentence);
    // Skipped in frame.
    let skipped = donor(true, Some(vec![]), &[]);
    assert_eq!(pvs1(&skipped, &common(&["5 0.004 2000"])).rule, "clinotype.pvs1.A4");
    assert_eq!(row(&skipped, Code::PVS1).rule, "clinotype.pvs1.B3-small");
    assert!(row(&skipped, Code::PVS1).sentence.contains("no table of them was made"));
    // Decay is decided before.
    let decay = frameshift("CHEK2", "chr22", 1_000);
    assert_eq!(pvs1(&decay, &common(&["2 0.004 2000"])).rule, "clinotype.pvs1.A1");
}

/// A2: a site that only another transcript has, where the gene's MANE transcripts lose nothing.
#[test]
fn a_site_of_a_transcript_that_is_not_mane_does_not_count() {
    let mut v = donor(false, Some(vec![]), &[]);
    v.consequences[0].mane = Mane::None;
    let mut select = consequence("CHEK2", "intron_variant", Impact::Modifier);
    select.transcript = "NM_MANE.1".to_owned();
    v.consequences.push(select);
    assert_eq!(row(&v, Code::PVS1).state, State::NotApplicable);
    let mut plus = v.consequences[0].clone();
    plus.transcript = "NM_PLUS.1".to_owned();
    plus.mane = Mane::PlusClinical;
    v.consequences.push(plus);
    assert_eq!(row(&v, Code::PVS1).state, State::Met);
}
