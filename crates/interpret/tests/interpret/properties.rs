//! Properties: the order of the input never matters, the funnel accounts for every allele, evidence adds up.

use std::collections::BTreeSet;

use clinotype_case::{
    criterion::{Class, Code, Strength},
    evidence::{AnnotatedVariant, Impact, Lookup},
    finding::Outcome,
};
use clinotype_interpret::acmg;
use proptest::prelude::*;

use crate::bench::*;

const GENES: [(&str, &str); 5] = [
    ("BRCA1", "chr17"),
    ("CFTR", "chr7"),
    ("DMD", "chrX"),
    ("TTN", "chr2"),
    ("OUTSIDE1", "chr9"),
];

prop_compose! {
    pub(crate) fn any_variant()(
        gene in 0..GENES.len(),
        position in 1_000_000..1_000_004_u32,
        kind in 0..4,
        text in prop::sample::select(vec!["0/1", "1/1", "0|1", "1|0", "1", "./.", "0/0", "./1"]),
        set in prop::option::of(1..3_u32),
        filtered in any::<bool>(),
        quality in prop::option::of(0.0..60.0_f64),
        frequency in 0..5,
        listed in any::<bool>(),
    ) -> AnnotatedVariant {
        let (gene, contig) = GENES[gene];
        let mut v = match kind {
            0 => variant(gene, contig, position),
            1 => frameshift(gene, contig, position),
            2 => synonymous(gene, contig, position),
            _ => {
                let mut v = variant(gene, contig, position);
                v.consequences[0] = consequence(gene, "intron_variant", Impact::Modifier);
                v
            }
        };
        v.genotype = genotype(text);
        v.genotype.phase_set = set;
        v.quality = quality;
        if filtered && position % 2 == 0 {
            v.filters = Some(vec!["q10".to_owned()]);
        }
        v.frequency = match frequency {
            0 => Lookup::Absent,
            1 => faf(0.06, "nfe", 50_000),
            2 => faf(0.002, "nfe", 50_000),
            3 => faf(0.000_01, "afr", 50_000),
            _ => Lookup::NotEvaluated("none".to_owned()),
        };
        if listed {
            v.clinvar = clinvar("Likely pathogenic");
        }
        v
    }
}

fn bench(list_vus: bool) -> Bench {
    Bench::ordered(
        &["BRCA1", "CFTR", "DMD", "TTN"],
        &format!(r#", "policy": {{"list_vus": {list_vus}}}"#),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_the_input_never_matters(
        (given, shuffled) in prop::collection::vec(any_variant(), 0..14)
            .prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle())),
        list_vus in any::<bool>(),
    ) {
        let bench = bench(list_vus);
        let (a, b) = (bench.run(given), bench.run(shuffled));
        prop_assert_eq!(serde_json::to_vec(&a).unwrap(), serde_json::to_vec(&b).unwrap());
    }

    #[test]
    fn every_allele_is_accounted_for(variants in prop::collection::vec(any_variant(), 0..14), list_vus in any::<bool>()) {
        let result = bench(list_vus).run(variants.clone());
        let mut input = variants.len() as u64;
        for step in &result.funnel {
            prop_assert_eq!(step.input, input);
            prop_assert_eq!(step.kept + step.dropped.iter().map(|d| d.count).sum::<u64>(), step.input);
            input = step.kept;
        }
        prop_assert_eq!(input, result.findings.len() as u64);
    }

    #[test]
    fn no_listed_allele_in_scope_disappears(variants in prop::collection::vec(any_variant(), 0..14)) {
        let result = bench(false).run(variants.clone());
        let carried: BTreeSet<_> = variants
            .iter()
            .filter(|v| {
                v.clinvar.found().is_some() && v.genotype.text != "0/0"
                    && v.consequences[0].symbol.as_deref() != Some("OUTSIDE1")
            })
            .map(|v| v.key.clone())
            .collect();
        let found = result.findings.iter().map(|f| f.variant.key.clone());
        let told: BTreeSet<_> = found.chain(result.clinvar_listed.iter().map(|l| l.key.clone())).collect();
        prop_assert!(carried.is_subset(&told), "{:?} {:?}", carried, told);
        let shown: BTreeSet<_> = result.findings.iter().map(|f| f.variant.key.clone()).collect();
        prop_assert_eq!(shown.len(), result.findings.len());
        if !result.clinvar_listed.is_empty() || !result.findings.is_empty() {
            prop_assert_ne!(result.conclusion.outcome, Outcome::Negative);
        }
        prop_assert!(!serde_json::to_string(&result).unwrap().contains("OUTSIDE1"));
    }

    #[test]
    fn classes_do_not_depend_on_the_order_of_criteria(
        (given, shuffled) in prop::sample::subsequence(Code::ALL.to_vec(), 0..8)
            .prop_map(|codes| codes.into_iter().map(|c| (c, c.default_strength())).collect::<Vec<_>>())
            .prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle())),
        lb in -2..=-1_i32,
    ) {
        let (a, b) = (acmg::classify_codes(&given, lb), acmg::classify_codes(&shuffled, lb));
        prop_assert_eq!(&a, &b);
        prop_assert!(a.posterior > 0.0 && a.posterior < 1.0 || a.stand_alone_benign || a.points.abs() > 20);
        // One more pathogenic criterion never lowers the class, short of stand-alone evidence.
        if a.stand_alone_benign {
            prop_assert_eq!(a.class, Class::Benign);
        } else {
            let mut more = given;
            more.push((Code::PP1, Strength::Supporting));
            let raised = acmg::classify_codes(&more, lb);
            prop_assert!(raised.class >= a.class && raised.posterior >= a.posterior);}
    }
}
