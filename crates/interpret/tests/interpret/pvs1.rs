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

/// What a specification lays down, on the transcript that its panel counts on and on no other.
#[test]
fn specifications_go_before_the_tree() {
    use Strength::{Moderate, Strong, Supporting, VeryStrong};
    let (nonsense, frame, donor, start) = (
        "stop_gained",
        "frameshift_variant",
        "splice_donor_variant",
        "start_lost",
    );
    // No decay by the rule of 50 nucleotides, 7 % of the protein lost.
    for (gene, term, residue, stop, expected) in [
        ("PTEN", nonsense, 374, 374, (".A-panel", MET, Some(VeryStrong))),
        ("PTEN", nonsense, 375, 375, (".A-panel", MET, Some(Moderate))),
        ("ATM", nonsense, 3047, 3047, (".A-panel", MET, Some(VeryStrong))),
        ("ATM", nonsense, 3048, 3048, (".A-panel", NA, None)),
        ("ATM", start, 1, 0, (".E-panel", MET, Some(VeryStrong))),
        ("MSH2", start, 1, 0, (".E-panel", NA, None)),
        ("MLH1", start, 1, 0, (".E-panel", MET, Some(VeryStrong))),
        ("MSH6", start, 1, 0, (".E-panel", MET, Some(Strong))),
        ("PALB2", nonsense, 1183, 1183, (".A-panel", MET, Some(VeryStrong))),
        ("PALB2", nonsense, 1185, 1185, (".A-panel", MET, Some(Moderate))),
        ("PALB2", frame, 1150, 1170, (".A-panel", MET, Some(VeryStrong))),
        ("PALB2", frame, 1150, 1201, (".A-panel", MET, Some(Strong))),
        ("PALB2", frame, 1184, 1201, (".A-panel", MET, Some(Supporting))),
        ("RUNX1", nonsense, 32, 32, (".A-panel", NA, None)),
        ("RUNX1", frame, 12, 60, (".A-panel", NA, None)),
        ("GJB2", nonsense, 13, 13, (".A-panel", MET, Some(VeryStrong))),
        ("CDH1", nonsense, 836, 836, (".A3", MET, Some(Strong))),
        ("CDH1", nonsense, 837, 837, (".A6", MET, Some(Moderate))),
        ("TP53", frame, 340, 352, (".A-panel", MET, Some(Strong))),
        ("TP53", frame, 349, 350, (".A-panel", MET, Some(VeryStrong))),
        ("VHL", frame, 20, 66, (".A-panel", MET, Some(VeryStrong))),
        ("VHL", nonsense, 20, 20, (".A-panel", NA, None)),
        ("HNF1A", nonsense, 602, 602, (".A-panel", MET, Some(Supporting))),
        ("HNF1A", frame, 602, 640, (".A-panel", MET, Some(Strong))),
        ("MECP2", nonsense, 484, 484, (".A-panel", MET, Some(VeryStrong))),
        ("MECP2", nonsense, 485, 485, (".A-panel", MET, Some(Moderate))),
        ("BRCA2", nonsense, 3309, 3309, (".A-panel", NA, None)),
        ("RAG2", nonsense, 319, 319, (".A3", MET, Some(VeryStrong))),
        ("RUNX1", nonsense, 400, 400, (".A-panel", MET, Some(Strong))),
        ("CDH1", start, 1, 0, (".E-panel", MET, Some(VeryStrong))),
        ("DICER1", start, 1, 0, (".E-panel", NA, None)),
    ] {
        let mut v = frameshift(gene, "chr17", 1000);
        let c = &mut v.consequences[0];
        c.terms = vec![term.to_owned()];
        c.protein_position = Some(residue.to_string());
        c.loss_of_function = Some(lof(Some(false), stop, 0.07));
        let found = row(&v, Code::PVS1);
        let got = (
            found.rule.trim_start_matches("clinotype.pvs1"),
            found.state,
            found.strength,
        );
        assert_eq!(got, expected, "{gene} {term} {residue}: {}", found.sentence);
        assert!(
            expected.0 == ".A6" || found.sentence.contains("GN"),
            "{}",
            found.sentence
        );
    }
    let site = |gene: &str, name: &str, from: &str, to: &str, keeps, mane| {
        let mut v = frameshift(gene, "chr17", 1000);
        v.key = clinotype_genome::VariantKey::new("chr17", v.key.position, from, to);
        let c = &mut v.consequences[0];
        c.terms = vec![donor.to_owned()];
        c.mane = mane;
        c.hgvs_c = Some(format!("{}:{name}", c.transcript));
        c.splice = Some(clinotype_case::evidence::SplicePlace {
            intron_offset: name.contains("+2").then_some(2).or(Some(1)),
            ..clinotype_case::evidence::SplicePlace::default()
        });
        c.loss_of_function = Some(LossOfFunction {
            skipped_exon: Some(5),
            skip_keeps_frame: Some(keeps),
            new_stop_codon: (!keeps).then_some(100),
            ..lof(Some(!keeps), 100, 0.02)
        });
        let found = row(&v, Code::PVS1);
        (found.rule.replace("clinotype.pvs1", ""), found.state, found.strength)
    };
    for (gene, name, from, to, keeps, expected) in [
        ("CDH1", "c.2164+1G>A", "G", "A", false, (".B-panel", MET, Some(Strong))),
        ("CDH1", "c.387+1G>A", "G", "A", true, (".B-panel", MET, Some(Moderate))),
        ("ATM", "c.496+1G>A", "G", "A", true, (".B-panel", MET, Some(Strong))),
        (
            "TP53",
            "c.1100+1G>A",
            "G",
            "A",
            false,
            (".B-panel", MET, Some(Moderate)),
        ),
        (
            "GAA",
            "c.1326+1G>A",
            "G",
            "A",
            true,
            (".B-panel", MET, Some(VeryStrong)),
        ),
        ("GAA", "c.2799+2C>T", "C", "T", true, (".B", NA, None)),
        ("LDLR", "c.313+1G>A", "G", "A", true, (".B-panel", MET, Some(Strong))),
        ("MSH2", "c.942+1G>A", "G", "A", false, (".B1", MET, Some(VeryStrong))),
        ("MSH2", "c.942+1G>A", "G", "A", true, (".B-panel", MET, Some(Strong))),
        ("PMS2", "c.1144+1G>A", "G", "A", true, (".B-panel", MET, Some(Strong))),
        ("PTEN", "c.209+1G>A", "G", "A", true, (".B-panel", MET, Some(Strong))),
        (
            "PTEN",
            "c.79+1G>A",
            "G",
            "A",
            false,
            (".B-panel", MET, Some(VeryStrong)),
        ),
        ("RUNX1", "c.97+1G>A", "G", "A", true, (".B-panel", NA, None)),
        ("RUNX1", "c.613+1G>A", "G", "A", true, (".B-panel", MET, Some(Strong))),
        (
            "RUNX1",
            "c.508+2T>C",
            "T",
            "C",
            false,
            (".B-panel", MET, Some(VeryStrong)),
        ),
        ("CHEK2", "c.100+2C>A", "C", "A", false, (".B", NA, None)),
    ] {
        let (leaf, state, strength) = site(gene, name, from, to, keeps, Mane::Select);
        assert_eq!((leaf.as_str(), state, strength), expected, "{gene} {name}");
    }
    // Another transcript has other numbers.
    let other = site("ATM", "c.496+1G>A", "G", "A", true, Mane::None);
    assert_eq!(other, (".B3-small".to_owned(), MET, Some(Moderate)));
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
    let mut v = frameshift("CHEK2", "chr17", 1000);
    v.consequences[0].terms = vec!["start_lost".to_owned()];
    let mut other = consequence("CHEK2", "5_prime_UTR_variant", Impact::Modifier);
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
