//! Mistakes that other classifiers made, as tests (ACMG.md section 14b); those of one criterion stand beside it. And
//! what was stored by the first version still reads.

use clinotype_case::{
    criterion::{Class, Code, Strength},
    finding::Interpretation,
};
use clinotype_interpret::acmg;
use serde_json::Value;

use crate::bench::*;

/// AutoGVP #101: what the tree takes away counts nothing, in points and in the rules of 2015.
#[test]
fn a_null_variant_without_pvs1_has_none_of_its_points() {
    for (gene, residue, what) in [
        ("VHL", 20, "before the second start codon"),
        ("BRCA2", 3400, "behind the last residue that matters"),
        ("MYH7", 200, "no loss-of-function mechanism"),
        ("NOVEL1", 200, "a gene without facts"),
    ] {
        let mut v = frameshift(gene, "chr3", 1000);
        let c = &mut v.consequences[0];
        c.terms = vec!["stop_gained".to_owned()];
        c.protein_position = Some(residue.to_string());
        c.loss_of_function = Some(lof(Some(true), residue, 0.5));
        let rows = criteria(&v);
        let pvs1 = rows.iter().find(|c| c.code == Code::PVS1).unwrap();
        assert!(
            pvs1.state != MET && pvs1.points == 0 && pvs1.strength.is_none(),
            "{what}"
        );
        let made = acmg::classify(&rows, -1);
        assert_eq!(
            (made.class, made.class_2015),
            (Class::Uncertain, Class::Uncertain),
            "{what}"
        );
    }
}

/// InterVar #6: it is the last 50 bases of the last exon but one that escape decay, and the last exon as a whole; a stop
/// that escapes is never the full branch A1, wherever in the last exon it lies.
#[test]
fn a_stop_without_decay_is_not_the_full_branch() {
    for (nmd, lost, strength) in [
        (Some(true), 0.05, Strength::VeryStrong),
        (Some(false), 0.05, Strength::Moderate),
        (Some(false), 0.60, Strength::Strong),
        (None, 0.60, Strength::Strong),
    ] {
        let mut v = frameshift("CHEK2", "chr22", 1000);
        v.consequences[0].loss_of_function = Some(lof(nmd, 400, lost));
        assert_eq!(row(&v, Code::PVS1).strength, Some(strength), "{nmd:?} {lost}");
    }
}

/// auto-acmg's bench: BP7 was given to frameshifts. What ends or breaks the protein has no BP7, BP4 or PP3.
#[test]
fn null_variants_have_no_silent_or_predicted_evidence() {
    for term in [
        "frameshift_variant",
        "stop_gained",
        "start_lost",
        "splice_donor_variant",
        "splice_acceptor_variant",
        "stop_lost",
    ] {
        let mut v = frameshift("CHEK2", "chr22", 1000);
        v.consequences[0].terms = vec![term.to_owned()];
        v.splice_delta = clinotype_case::evidence::Lookup::Found(0.0);
        for code in [Code::BP7, Code::BP4, Code::PP3] {
            assert_eq!(row(&v, code).state, NA, "{code} {term}");
        }
    }
}

/// BIAS-2015 #35: PM2 was worth 3. It is supporting (ClinGen SVI 2020), one point.
#[test]
fn pm2_is_one_point() {
    let found = row(&frameshift("CHEK2", "chr22", 1000), Code::PM2);
    assert_eq!(
        (found.state, found.strength, found.points),
        (MET, Some(Strength::Supporting), 1)
    );
}

/// ClinVar's own class of the variant is shown and never scored (Biesecker and Harrison 2018; Exomiser and VarSome give
/// PP5).
#[test]
fn the_own_record_changes_no_criterion() {
    let mut v = variant("CHEK2", "chr22", 1000);
    let without = criteria(&v);
    for significance in ["Pathogenic", "Benign"] {
        v.clinvar = clinvar(significance);
        assert_eq!(criteria(&v), without, "{significance}");
    }
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert!(!codes.contains(&"PP5") && !codes.contains(&"BP6"), "{codes:?}");
}

/// What the structs of a stored interpretation have gained since the first version of its schema.
const SINCE_THE_FIRST: [&str; 5] = ["classified", "set_aside", "secondary", "review", "scores"];

fn first_shape(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|key, _| !SINCE_THE_FIRST.contains(&key.as_str()));
            fields.values_mut().for_each(first_shape);
        }
        Value::Array(items) => items.iter_mut().for_each(first_shape),
        _ => {}
    }
}

#[test]
fn an_interpretation_of_the_first_version_still_reads() {
    let bench = Bench::ordered(&["BRCA1", "CHEK2"], r#", "policy": {"list_vus": true}"#);
    let made = bench.run([
        frameshift("BRCA1", "chr17", 43_124_027),
        frameshift("CHEK2", "chr22", 28_725_000),
        variant("CHEK2", "chr22", 28_725_100),
    ]);
    let mut stored = serde_json::to_value(&made).unwrap();
    first_shape(&mut stored);
    let text = stored.to_string();
    for key in SINCE_THE_FIRST {
        assert!(!text.contains(&format!("\"{key}\":")), "{key}");
    }
    let read: Interpretation = serde_json::from_str(&text).unwrap();
    assert_eq!(read.findings, made.findings);
    assert_eq!((read.schema, read.conclusion), (made.schema, made.conclusion));
    assert!(read.classified.is_empty() && read.set_aside.is_none() && read.secondary.is_none());
}
