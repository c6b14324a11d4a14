//! The contract of every row, and BP7.

use clinotype_case::{
    criterion::{Code, State},
    evidence::{Impact, Lookup, SplicePlace},
};

use crate::bench::*;

#[test]
fn every_code_has_a_row_with_its_trail() {
    let rows = criteria(&frameshift("BRCA1", "chr17", 43_124_027));
    assert_eq!(rows.iter().map(|r| r.code).collect::<Vec<_>>(), Code::ALL);
    for row in rows {
        assert!(
            !row.rule.is_empty() && !row.rule_version.is_empty() && !row.source.is_empty(),
            "{}",
            row.code
        );
        assert!(
            row.sentence.ends_with('.') && row.rule.starts_with("clinotype."),
            "{}",
            row.code
        );
        assert_eq!(row.state == State::Met, row.strength.is_some(), "{}", row.code);
        assert_eq!(row.state == State::Met, row.points != 0, "{}", row.code);
        // A frameshift: what is about other kinds of change does not concern it; the rest needs a case or data.
        let concerned = match row.code {
            // The panel of BRCA1 counts PM5 for truncating changes.
            Code::PVS1 | Code::PM2 | Code::PM5 | Code::BA1 | Code::BS1 => true,
            Code::PS1
            | Code::PM1
            | Code::PM4
            | Code::PP2
            | Code::PP3
            | Code::BS2
            | Code::BP1
            | Code::BP3
            | Code::BP4
            | Code::BP7 => false,
            _ => {
                assert_eq!(row.state, State::NotEvaluated, "{}", row.code);
                continue;
            }
        };
        assert_eq!(row.state == State::NotApplicable, !concerned, "{}", row.code);
    }
}

fn bp7(term: &str, splice: SplicePlace, delta: Option<f64>, phylop: Option<f64>) -> State {
    let mut v = synonymous("CHEK2", "chr22", 1000);
    let c = &mut v.consequences[0];
    c.terms = vec![term.to_owned()];
    if splice.intron_offset.is_some() {
        c.exon = None;
    }
    c.splice = Some(splice);
    if let Some(delta) = delta {
        v.splice_delta = Lookup::Found(delta);
    }
    if let Some(phylop) = phylop {
        v.phylop = Lookup::Found(phylop);
    }
    row(&v, Code::BP7).state
}

#[test]
fn bp7_asks_for_place_splicing_and_conservation() {
    let exon = |start, end| SplicePlace {
        intron_offset: None,
        from_exon_start: Some(start),
        from_exon_end: Some(end),
    };
    let intron = |offset| SplicePlace {
        intron_offset: Some(offset),
        ..SplicePlace::default()
    };
    let silent = "synonymous_variant";
    for (what, term, place, delta, phylop, expected) in [
        ("silent", silent, exon(40, 40), Some(0.1), Some(1.9), MET),
        ("no scores", silent, exon(40, 40), None, None, NE),
        ("no phyloP", silent, exon(40, 40), Some(0.1), None, NE),
        ("no delta", silent, exon(40, 40), None, Some(1.0), NE),
        ("splicing", silent, exon(40, 40), Some(0.11), Some(1.0), NM),
        ("splicing, phyloP missing", silent, exon(40, 40), Some(0.11), None, NM),
        ("conserved", silent, exon(40, 40), Some(0.0), Some(2.0), NM),
        ("conserved, delta missing", silent, exon(40, 40), None, Some(2.0), NM),
        ("first base", silent, exon(1, 40), Some(0.0), Some(0.0), NM),
        ("second base", silent, exon(2, 40), Some(0.0), Some(0.0), MET),
        ("third last base", silent, exon(40, 3), Some(0.0), Some(0.0), NM),
        ("fourth last base", silent, exon(40, 4), Some(0.0), Some(0.0), MET),
        (
            "place unknown",
            silent,
            SplicePlace::default(),
            Some(0.0),
            Some(0.0),
            NE,
        ),
        ("+7", "intron_variant", intron(7), Some(0.0), Some(0.0), MET),
        ("+6", "intron_variant", intron(6), Some(0.0), Some(0.0), NM),
        ("-21", "intron_variant", intron(-21), Some(0.0), Some(0.0), MET),
        (
            "-20",
            "splice_polypyrimidine_tract_variant",
            intron(-20),
            Some(0.0),
            Some(0.0),
            NM,
        ),
        (
            "+8 in the splice region",
            "splice_region_variant",
            intron(8),
            Some(0.0),
            Some(0.0),
            MET,
        ),
        // auto-acmg gave BP7 to frameshifts.
        (
            "frameshift",
            "frameshift_variant",
            exon(40, 40),
            Some(0.0),
            Some(0.0),
            NA,
        ),
        ("missense", "missense_variant", exon(40, 40), Some(0.0), Some(0.0), NA),
        ("UTR", "3_prime_UTR_variant", exon(40, 40), Some(0.0), Some(0.0), NA),
        ("donor", "splice_donor_variant", intron(1), Some(0.0), Some(0.0), NA),
    ] {
        assert_eq!(bp7(term, place, delta, phylop), expected, "{what}");
    }
}

#[test]
fn bp7_is_not_drawn_from_one_transcript_when_another_says_more() {
    let mut v = synonymous("BRCA1", "chr17", 1000);
    v.splice_delta = Lookup::Found(0.0);
    v.phylop = Lookup::Found(0.0);
    assert_eq!(row(&v, Code::BP7).state, MET);
    let mut other = consequence("BRCA1", "missense_variant", Impact::Moderate);
    other.transcript = "NM_OTHER.1".to_owned();
    v.consequences.push(other);
    assert_eq!(row(&v, Code::BP7).state, NE);
}
