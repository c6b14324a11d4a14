//! PVS1, branch by branch of the decision tree.

use clinotype_case::{
    criterion::{Code, State, Strength},
    evidence::{Impact, LossOfFunction, Mane},
};

use crate::bench::*;

/// The leaf, state and strength of PVS1 for one change.
fn pvs1(gene: &str, terms: &[&str], facts: LossOfFunction) -> (String, State, Option<Strength>) {
    let mut v = frameshift(gene, "chr17", 1000);
    v.consequences[0].terms = terms.iter().map(|t| (*t).to_owned()).collect();
    v.consequences[0].loss_of_function = Some(facts);
    let row = row(&v, Code::PVS1);
    (row.rule.replace("clinotype.pvs1", ""), row.state, row.strength)
}

#[test]
fn pvs1_branches_of_the_tree() {
    use Strength::{Moderate, Strong, Supporting, VeryStrong};
    let skip = |keeps, nmd, lost| LossOfFunction {
        skipped_exon: Some(5),
        skip_keeps_frame: keeps,
        ..lof(nmd, 100, lost)
    };
    let stop = &["stop_gained"][..];
    let donor = &["splice_donor_variant"][..];
    for (what, gene, terms, facts, leaf, state, strength) in [
        (
            "decay",
            "CHEK2",
            stop,
            lof(Some(true), 39, 0.9),
            ".A1",
            MET,
            Some(VeryStrong),
        ),
        (
            "last exon, large",
            "CHEK2",
            stop,
            lof(Some(false), 1_500, 0.2),
            ".A5",
            MET,
            Some(Strong),
        ),
        (
            "last exon, 10 %",
            "CHEK2",
            stop,
            lof(Some(false), 1_700, 0.1),
            ".A6",
            MET,
            Some(Moderate),
        ),
        (
            "decay not told",
            "CHEK2",
            stop,
            lof(None, 1_700, 0.05),
            ".A6",
            MET,
            Some(Moderate),
        ),
        (
            "nothing told",
            "CHEK2",
            stop,
            LossOfFunction::default(),
            ".A4",
            NE,
            None,
        ),
        (
            "PTEN before codon 374",
            "PTEN",
            stop,
            lof(Some(false), 373, 0.07),
            ".A1-gene",
            MET,
            Some(VeryStrong),
        ),
        (
            "PTEN from codon 374",
            "PTEN",
            stop,
            lof(Some(false), 374, 0.07),
            ".A6",
            MET,
            Some(Moderate),
        ),
        (
            "GJB2 one coding exon",
            "GJB2",
            stop,
            lof(Some(false), 13, 0.95),
            ".A1-gene",
            MET,
            Some(VeryStrong),
        ),
        (
            "CDH1 critical",
            "CDH1",
            stop,
            lof(Some(false), 836, 0.05),
            ".A3",
            MET,
            Some(Strong),
        ),
        (
            "CDH1 end",
            "CDH1",
            stop,
            lof(Some(false), 837, 0.05),
            ".A6",
            MET,
            Some(Moderate),
        ),
        (
            "splice, decay",
            "CHEK2",
            donor,
            skip(Some(false), Some(true), 0.9),
            ".B1",
            MET,
            Some(VeryStrong),
        ),
        (
            "splice, no decay",
            "CHEK2",
            donor,
            skip(Some(false), Some(false), 0.2),
            ".B2-A5",
            MET,
            Some(Strong),
        ),
        (
            "splice, frame kept, large",
            "CHEK2",
            donor,
            skip(Some(true), None, 0.2),
            ".B3-large",
            MET,
            Some(Strong),
        ),
        (
            "splice, frame kept, small",
            "CHEK2",
            donor,
            skip(Some(true), None, 0.02),
            ".B3-small",
            MET,
            Some(Moderate),
        ),
        (
            "splice, nothing told",
            "CHEK2",
            donor,
            skip(None, None, 0.02),
            ".B",
            NE,
            None,
        ),
        (
            "CDH1 counts splice sites as strong",
            "CDH1",
            donor,
            skip(Some(false), Some(true), 0.9),
            ".B-gene",
            MET,
            Some(Strong),
        ),
        (
            "start lost",
            "CHEK2",
            &["start_lost"],
            lof(None, 0, 0.1),
            ".E",
            MET,
            Some(Supporting),
        ),
        (
            "frameshift over the start",
            "CHEK2",
            &["frameshift_variant", "start_lost"],
            lof(Some(true), 9, 0.9),
            ".E",
            MET,
            Some(Supporting),
        ),
        (
            "no mechanism",
            "MYH7",
            stop,
            lof(Some(true), 39, 0.9),
            ".gate",
            NA,
            None,
        ),
        (
            "mechanism not stated",
            "TTN",
            stop,
            lof(Some(true), 39, 0.9),
            ".gate",
            NE,
            None,
        ),
        (
            "gene not in the table",
            "NOVEL1",
            stop,
            lof(Some(true), 39, 0.9),
            ".gate",
            NE,
            None,
        ),
        (
            "missense",
            "CHEK2",
            &["missense_variant"],
            lof(Some(true), 39, 0.9),
            "",
            NA,
            None,
        ),
        // auto-acmg #235: a downstream change is no start loss.
        (
            "downstream",
            "CHEK2",
            &["downstream_gene_variant"],
            lof(Some(true), 39, 0.9),
            "",
            NA,
            None,
        ),
        // A last base of an exon is no canonical splice site.
        (
            "splice region",
            "CHEK2",
            &["splice_region_variant"],
            lof(Some(true), 39, 0.9),
            "",
            NA,
            None,
        ),
        (
            "donor 5th base",
            "CHEK2",
            &["splice_donor_5th_base_variant"],
            lof(Some(true), 39, 0.9),
            "",
            NA,
            None,
        ),
    ] {
        assert_eq!(pvs1(gene, terms, facts), (leaf.to_owned(), state, strength), "{what}");
    }
}

/// Exomiser #571, BIAS-2015 #35: recessive and unconstrained genes get PVS1 by mechanism, never by constraint.
#[test]
fn a_gene_without_facts_says_so() {
    let row = row(&frameshift("NOVEL1", "chr1", 5), Code::PVS1);
    assert!(
        row.sentence.contains("no loss-of-function mechanism in the rule table"),
        "{}",
        row.sentence
    );
    assert_eq!(
        crate::bench::row(&frameshift("ATP7B", "chr13", 5), Code::PVS1).state,
        MET
    );
}

#[test]
fn another_start_or_the_mane_transcript_takes_pvs1_away() {
    let mut v = frameshift("BRCA1", "chr17", 1000);
    v.consequences[0].terms = vec!["start_lost".to_owned()];
    let mut other = consequence("BRCA1", "5_prime_UTR_variant", Impact::Modifier);
    other.transcript = "NM_OTHER.1".to_owned();
    v.consequences.push(other);
    let found = row(&v, Code::PVS1);
    assert_eq!((found.state, found.rule.as_str()), (NA, "clinotype.pvs1.E"));
    assert!(found.sentence.contains("NM_OTHER.1"), "{}", found.sentence);

    let mut v = frameshift("BRCA1", "chr17", 1000);
    v.consequences[0].mane = Mane::None;
    let alone = row(&v, Code::PVS1);
    assert!(alone.sentence.contains("not proven by MANE"), "{}", alone.sentence);
    let mut select = consequence("BRCA1", "intron_variant", Impact::Modifier);
    select.transcript = "NM_SELECT.1".to_owned();
    v.consequences.push(select);
    let found = row(&v, Code::PVS1);
    assert_eq!((found.state, found.rule.as_str()), (NA, "clinotype.pvs1.A2"));
}

#[test]
fn a_non_coding_transcript_has_no_pvs1() {
    let mut v = frameshift("BRCA1", "chr17", 1000);
    v.consequences[0].biotype = Some("lncRNA".to_owned());
    assert_eq!(row(&v, Code::PVS1).state, NA);
}
