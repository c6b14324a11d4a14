//! Variants of mitochondrial DNA by the specification of its expert panel.

use clinotype_case::{
    criterion::{Code, Criterion, State, Strength},
    evidence::{AnnotatedVariant, Impact, Lookup},
};

use crate::bench::*;

fn missense(scores: &[(&str, f64)]) -> AnnotatedVariant {
    let mut v = variant("MT-ND1", "chrM", 3_460);
    v.scores = scores.iter().map(|(key, score)| ((*key).to_owned(), *score)).collect();
    v
}

fn transfer(scores: &[(&str, f64)]) -> AnnotatedVariant {
    let mut v = missense(scores);
    let mut c = consequence("MT-TL1", "non_coding_transcript_exon_variant", Impact::Modifier);
    c.biotype = Some("Mt_tRNA".to_owned());
    v.consequences = vec![c];
    v
}

fn predicted(v: &AnnotatedVariant) -> [State; 2] {
    [Code::PP3, Code::BP4].map(|code| {
        let found = row(v, code);
        assert!(found.strength.is_none_or(|s| s == Strength::Supporting), "{found:?}");
        found.state
    })
}

#[test]
fn predictors_by_the_kind_of_gene() {
    for (scores, expected) in [
        (&[("APOGEE", 0.8)][..], [MET, NM]),
        (&[("APOGEE", 0.5)], [NM, MET]),
        (&[("APOGEE2_probability", 0.95)], [MET, NM]),
        (&[("APOGEE2_probability", 0.5)], [NM, NM]),
        (&[("APOGEE2_probability", 0.05)], [NM, MET]),
        // The one that its panel names is read first; a nuclear predictor says nothing here.
        (&[("APOGEE", 0.8), ("APOGEE2_probability", 0.05)], [MET, NM]),
        (&[("REVEL", 0.99)], [NE, NE]),
        (&[], [NE, NE]),
    ] {
        assert_eq!(predicted(&missense(scores)), expected, "missense {scores:?}");
    }
    for (scores, expected) in [
        (&[("HmtVAR", 0.8), ("MitoTIP", 15.0)][..], [MET, NM]),
        (&[("HmtVAR", 0.1), ("MitoTIP", 5.0)], [NM, MET]),
        (&[("HmtVAR", 0.1), ("MitoTIP", 15.0)], [NM, NM]),
        (&[("HmtVAR", 0.35), ("MitoTIP", 12.66)], [NM, NM]),
        (&[("MitoTIP", 15.0)], [NE, NE]),
        (&[("APOGEE", 0.9)], [NE, NE]),
    ] {
        assert_eq!(predicted(&transfer(scores)), expected, "tRNA {scores:?}");
    }
    assert!(row(&transfer(&[]), Code::PP3).sentence.contains("MitoTIP, HmtVAR"));
}

#[test]
fn what_does_not_apply_says_why() {
    for v in [missense(&[]), transfer(&[])] {
        for code in [Code::PM1, Code::PM3, Code::PP2, Code::BP1, Code::BP3] {
            let found = row(&v, code);
            assert_eq!(found.state, NA, "{code}");
            assert!(found.sentence.contains("mitochondrial DNA"), "{}", found.sentence);
        }
        assert_eq!(row(&v, Code::BS2).state, NE);
    }
    // The same names on another contig are nuclear.
    let mut nuclear = missense(&[]);
    nuclear.key.contig = "chr1".into();
    assert_ne!(row(&nuclear, Code::PM3).rule, row(&missense(&[]), Code::PM3).rule);
}

#[test]
fn silent_changes_need_no_conservation() {
    let mut v = missense(&[]);
    v.consequences[0].terms = vec!["synonymous_variant".to_owned()];
    v.consequences[0].impact = Impact::Low;
    let found = row(&v, Code::BP7);
    assert_eq!((found.state, found.strength), (MET, Some(Strength::Supporting)));
    assert_eq!(row(&missense(&[]), Code::BP7).state, NA);
}

#[test]
fn a_stop_is_strong_at_most() {
    for (lost, expected) in [(0.9, Strength::Strong), (0.05, Strength::Moderate)] {
        let mut v = frameshift("MT-ND1", "chrM", 3_460);
        v.consequences[0].loss_of_function = Some(lof(Some(false), 20, lost));
        let found = row(&v, Code::PVS1);
        assert_eq!(
            (found.state, found.strength),
            (MET, Some(expected)),
            "{}",
            found.sentence
        );
    }
}

/// McCormick 2020: BA1 above 1 %, BS1 above 0.5 %, PM2 below 0.002 %; the share of copies is said.
#[test]
fn frequencies_and_the_share_of_copies() {
    let of = |found: f64, code: Code| -> Criterion {
        let mut v = missense(&[]);
        v.frequency = faf(found, "all", 1_000_000);
        if let Lookup::Found(record) = &mut v.frequency {
            record.frequency = Some(found);
        }
        row(&v, code)
    };
    for (frequency, met) in [
        (0.02, Some(Code::BA1)),
        (0.007, Some(Code::BS1)),
        (0.001, None),
        (0.000_01, Some(Code::PM2)),
    ] {
        for code in [Code::BA1, Code::BS1, Code::PM2] {
            let found = of(frequency, code);
            assert_eq!(found.state == MET, met == Some(code), "{frequency} {}", found.sentence);
        }
    }
    let sentence = of(0.001, Code::PM2).sentence;
    assert!(
        sentence.contains("50.0 % of 60 reads carry the allele, heteroplasmic"),
        "{sentence}"
    );
}
