//! What expert panels lay down beside PVS1, and the order's disease that chooses among them.

use clinotype_case::{
    criterion::{Code, Strength},
    evidence::{Lookup, Mane, SplicePlace},
};

use crate::bench::*;

/// The TP53 panel lists PP3 and BP4 by change; no predictor is needed, and splicing still overrides.
#[test]
fn tp53_follows_the_list_of_its_panel() {
    use Strength::{Moderate, Supporting};
    let of = |name: &str, transcript: &str, splice: Option<f64>| {
        let mut v = variant("TP53", "chr17", 7_674_220);
        let c = &mut v.consequences[0];
        c.terms = vec!["missense_variant".to_owned()];
        c.mane = Mane::None;
        c.transcript = transcript.to_owned();
        c.hgvs_c = Some(format!("{transcript}:{name}"));
        if let Some(delta) = splice {
            v.splice_delta = Lookup::Found(delta);
        }
        let both = [Code::PP3, Code::BP4].map(|code| row(&v, code));
        both.map(|found| (found.state, found.strength))
    };
    let (mane, other) = ("NM_000546.6", "NM_001126114.3");
    for (name, transcript, splice, expected) in [
        ("c.743G>T", mane, None, [(MET, Some(Moderate)), (NM, None)]),
        ("c.743G>A", mane, None, [(MET, Some(Supporting)), (NM, None)]),
        ("c.215C>G", mane, Some(0.0), [(NM, None), (MET, Some(Moderate))]),
        ("c.215C>G", mane, Some(0.5), [(MET, Some(Supporting)), (NM, None)]),
        ("c.1010G>A", mane, Some(0.0), [(NM, None), (NM, None)]),
        ("c.743G>T", other, None, [(NE, None), (NE, None)]),
    ] {
        assert_eq!(of(name, transcript, splice), expected, "{name} {transcript} {splice:?}");
    }
}

/// PM5 of truncating changes and broken sites, where a panel counts them.
#[test]
fn pm5_by_the_exon_of_the_stop_and_by_the_site() {
    use Strength::{Moderate, Strong, Supporting};
    for (gene, stop, expected) in [
        ("BRCA1", 1853, (MET, Some(Strong))),
        ("BRCA1", 150, (MET, Some(Supporting))),
        ("BRCA1", 200, (NM, None)),
        ("BRCA1", 1855, (NM, None)),
        ("BRCA2", 120, (MET, Some(Moderate))),
        ("ATM", 3046, (MET, Some(Supporting))),
        ("ATM", 3047, (NM, None)),
        ("CHEK2", 100, (NA, None)),
    ] {
        let mut v = frameshift(gene, "chr17", 1000);
        v.consequences[0].loss_of_function = Some(lof(Some(true), stop, 0.5));
        let found = row(&v, Code::PM5);
        assert_eq!((found.state, found.strength), expected, "{gene} {stop}");
    }
    for (name, expected) in [("c.531+1G>A", (MET, Some(Supporting))), ("c.388-1G>A", (NM, None))] {
        let mut v = frameshift("CDH1", "chr16", 1000);
        v.consequences[0].terms = vec!["splice_donor_variant".to_owned()];
        v.consequences[0].hgvs_c = Some(format!("NM_CDH1.1:{name}"));
        let found = row(&v, Code::PM5);
        assert_eq!((found.state, found.strength), expected, "{name}");
    }
}

/// An order that names a disease chooses the specification, and the finding says so; where none is named it says that.
#[test]
fn the_order_chooses_the_specification() {
    let flags = |diseases: &[&str]| {
        let mut bench = Bench::ordered(&["RYR1"], "");
        let order = bench.order.as_mut().unwrap();
        order.indication.diseases = diseases.iter().map(|d| (*d).to_owned()).collect();
        let mut v = frameshift("RYR1", "chr19", 38_500_000);
        v.clinvar = clinvar("Pathogenic");
        let made = bench.run([v]);
        let found = made.findings.iter().chain(&made.classified).next().unwrap();
        let pvs1 = found.criteria.iter().find(|c| c.code == Code::PVS1).unwrap();
        (pvs1.state, found.classification.flags.join("; "))
    };
    let (state, words) = flags(&[]);
    assert!(state == NA && words.contains("the order names no disease"), "{words}");
    let (state, words) = flags(&["OMIM:255320"]);
    assert!(state == MET && words.contains("autosomal recessive"), "{words}");
    let (state, words) = flags(&["MONDO:0007783"]);
    assert!(state == NA && words.contains("malignant hyperthermia"), "{words}");
}

/// Where a panel names another delta of SpliceAI for PP3.
#[test]
fn the_panel_names_the_delta_of_pp3() {
    for (gene, delta, expected) in [("RUNX1", 0.3, NM), ("RUNX1", 0.38, MET), ("CHEK2", 0.3, MET)] {
        let mut v = synonymous(gene, "chr21", 34_859_000);
        v.splice_delta = Lookup::Found(delta);
        assert_eq!(row(&v, Code::PP3).state, expected, "{gene} {delta}");
    }
}

/// ATM and PALB2: a changed last G of an exon counts one level below the broken donor behind it.
#[test]
fn a_changed_last_base_counts_below_its_donor() {
    use Strength::{Moderate, Strong};
    for (gene, name, expected) in [
        ("ATM", "c.3284G>A", (MET, Some(Strong))),
        ("ATM", "c.496G>A", (MET, Some(Moderate))),
        // The base before it.
        ("ATM", "c.3283G>A", (NA, None)),
        ("PALB2", "c.3350G>A", (MET, Some(Strong))),
        ("PALB2", "c.1684G>A", (MET, Some(Moderate))),
    ] {
        let mut v = variant(gene, "chr11", 1_000);
        v.key = clinotype_genome::VariantKey::new("chr11", v.key.position, "G", "A");
        let c = &mut v.consequences[0];
        c.terms = vec!["missense_variant".to_owned(), "splice_region_variant".to_owned()];
        c.mane = Mane::Select;
        c.hgvs_c = Some(format!("{}:{name}", c.transcript));
        c.splice = Some(SplicePlace {
            intron_offset: None,
            from_exon_start: Some(60),
            from_exon_end: Some(if name.contains("3283") { 2 } else { 1 }),
        });
        let found = row(&v, Code::PVS1);
        assert_eq!(
            (found.state, found.strength),
            expected,
            "{gene} {name}: {}",
            found.sentence
        );
    }
}
