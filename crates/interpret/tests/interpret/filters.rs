//! What is kept, what is dropped and counted, what is listed all the same.

use clinotype_case::{
    evidence::{AnnotatedVariant, Impact, Lookup},
    finding::{FunnelStep, Interpretation, Outcome, ScopeSource},
};

use crate::bench::*;

/// What a case changes in an allele that would be reported.
type Change = fn(&mut AnnotatedVariant);

/// Non-zero reasons of all steps.
fn dropped(result: &Interpretation) -> Vec<(String, u64)> {
    result
        .funnel
        .iter()
        .flat_map(|step| &step.dropped)
        .filter(|d| d.count > 0)
        .map(|d| (d.reason.clone(), d.count))
        .collect()
}

#[test]
fn each_filter_drops_for_its_reason() {
    let bench = Bench::ordered(&["BRCA1"], "");
    let cases: [(&str, Change); 11] = [
        ("genotype not called", |v| v.genotype = genotype("./.")),
        ("genotype not called", |v| v.genotype = genotype("./1")),
        ("no copy of the allele in the sample", |v| v.genotype = genotype("0/0")),
        ("FILTER of the caller is not PASS", |v| {
            v.filters = Some(vec!["LowQual".into()]);
        }),
        ("QUAL below 20", |v| v.quality = Some(19.9)),
        ("GQ below 20", |v| v.genotype.quality = Some(19)),
        ("DP below 8", |v| v.genotype.depth = Some(7)),
        ("outside the ordered genes", |v| {
            v.consequences = frameshift("TP53", "chr17", 9).consequences;
        }),
        ("in no gene of the transcripts", |v| v.consequences.clear()),
        ("BA1: too common", |v| v.frequency = faf(0.06, "nfe", 50_000)),
        ("consequence not reviewed and not listed as pathogenic", |v| {
            v.consequences[0] = consequence("BRCA1", "intron_variant", Impact::Modifier);
        }),
    ];
    for (reason, change) in cases {
        let mut v = frameshift("BRCA1", "chr17", 43_124_027);
        change(&mut v);
        let result = bench.run([v]);
        assert_eq!(dropped(&result), [(reason.to_owned(), 1)]);
        assert!(result.findings.is_empty(), "{reason}");
    }
    let kept = bench.run([frameshift("BRCA1", "chr17", 43_124_027)]);
    assert_eq!((dropped(&kept), kept.findings.len()), (vec![], 1));
}

#[test]
fn what_is_not_stated_drops_nothing_and_is_said() {
    let mut v = frameshift("BRCA1", "chr17", 43_124_027);
    v.filters = None;
    v.quality = None;
    v.genotype.quality = None;
    v.genotype.depth = None;
    let result = Bench::new(&["BRCA1"]).run([v]);
    let flags = &result.findings[0].classification.flags;
    assert!(
        flags
            .iter()
            .any(|f| f == "quality not stated by the input: FILTER, QUAL, GQ, DP"),
        "{flags:?}"
    );
}

#[test]
fn classes_are_dropped_by_the_stated_policy() {
    let vus = || variant("BRCA1", "chr17", 100);
    let reason = |extra: &str| dropped(&Bench::ordered(&["BRCA1"], extra).run([vus()]));
    let not_stated = "uncertain significance: not listed without a stated policy";
    assert_eq!(reason(""), [(not_stated.to_owned(), 1)]);
    assert_eq!(
        reason(r#", "policy": {"list_vus": false, "name": "P7"}"#),
        [(not_stated.to_owned(), 1)]
    );
    assert_eq!(reason(r#", "policy": {"list_vus": true, "name": "P7"}"#), []);
    // Without an order there is no policy.
    assert_eq!(
        dropped(&Bench::new(&["BRCA1"]).run([vus()])),
        [(not_stated.to_owned(), 1)]
    );

    let mut too_common = vus();
    too_common.frequency = faf(0.0005, "nfe", 50_000);
    let result = Bench::ordered(&["BRCA1"], r#", "policy": {"list_vus": true}"#).run([too_common]);
    assert_eq!(dropped(&result), [("likely benign: not listed".to_owned(), 1)]);
}

#[test]
fn every_clinvar_pathogenic_allele_in_scope_is_listed_with_its_reason() {
    let bench = Bench::ordered(&["BRCA1"], "");
    let cases: [(&str, Change); 7] = [
        ("genotype not called", |v| v.genotype = genotype("./.")),
        ("FILTER of the caller is not PASS", |v| {
            v.filters = Some(vec!["q".into()]);
        }),
        ("QUAL below 20", |v| v.quality = Some(3.0)),
        ("BA1: too common", |v| v.frequency = faf(0.06, "nfe", 50_000)),
        ("likely benign: not listed", |v| {
            v.frequency = faf(0.0005, "nfe", 50_000);
        }),
        ("uncertain significance: not listed without a stated policy", |_| {}),
        // pcgr #306: listed as pathogenic, however non-coding.
        ("uncertain significance: not listed", |v| {
            v.consequences[0] = consequence("BRCA1", "intron_variant", Impact::Modifier);
        }),
    ];
    for (reason, change) in cases {
        let mut v = variant("BRCA1", "chr17", 100);
        v.clinvar = clinvar("Pathogenic/Likely pathogenic");
        change(&mut v);
        let result = bench.run([v]);
        assert_eq!(result.clinvar_listed.len(), 1, "{reason}");
        let listed = &result.clinvar_listed[0];
        assert!(listed.reason.starts_with(reason), "{}", listed.reason);
        assert_eq!(listed.gene, "BRCA1");
        let words = "VCV000017662: Pathogenic/Likely pathogenic (reviewed by expert panel, 3 stars)";
        assert_eq!(listed.clinvar, words);
        assert_eq!(result.conclusion.outcome, Outcome::Inconclusive, "{reason}");
    }
    // Not carried: nobody's finding, and no reason to doubt a negative result.
    let mut v = variant("BRCA1", "chr17", 100);
    v.clinvar = clinvar("Pathogenic");
    v.genotype = genotype("0/0");
    let result = bench.run([v]);
    assert!(result.clinvar_listed.is_empty());
    assert_eq!(result.conclusion.outcome, Outcome::Negative);
}

#[test]
fn clinvar_never_sets_the_class() {
    let bench = Bench::ordered(&["BRCA1"], r#", "policy": {"list_vus": true}"#);
    for significance in [
        "Pathogenic",
        "Benign",
        "Conflicting classifications of pathogenicity",
        "risk factor",
    ] {
        let mut v = frameshift("BRCA1", "chr17", 43_124_027);
        let plain = bench.run([v.clone()]);
        v.clinvar = clinvar(significance);
        let listed = bench.run([v]);
        assert_eq!(listed.findings[0].criteria, plain.findings[0].criteria);
        assert_eq!(
            listed.findings[0].classification.class,
            plain.findings[0].classification.class
        );
    }
    let mut v = variant("BRCA1", "chr17", 100);
    v.clinvar = clinvar("Pathogenic");
    let finding = &bench.run([v]).findings[0];
    assert_eq!(finding.section, clinotype_case::finding::Section::Uncertain);
    assert!(
        finding
            .classification
            .flags
            .iter()
            .any(|f| f.starts_with("ClinVar states Pathogenic"))
    );
}

#[test]
fn nothing_outside_the_order_is_named_anywhere() {
    let mut bench = Bench::ordered(&["BRCA1"], "");
    bench.genes.extend(["TP53".to_owned(), "NBR2".to_owned()]);
    let mut outside = frameshift("TP53", "chr17", 7_675_000);
    outside.clinvar = clinvar("Pathogenic");
    let mut low = outside.clone();
    low.quality = Some(1.0);
    // An allele in scope that also touches another gene.
    let mut both = frameshift("BRCA1", "chr17", 43_124_027);
    both.consequences
        .push(consequence("NBR2", "upstream_gene_variant", Impact::Modifier));
    let result = bench.run([outside, low, both]);
    assert_eq!(result.findings.len(), 1);
    assert!(result.clinvar_listed.is_empty());
    let json = serde_json::to_string(&result).unwrap();
    for name in ["TP53", "NBR2", "7675000"] {
        assert!(!json.contains(name), "{name} is named");
    }
    assert!(json.contains("1 allele outside the ordered genes was counted, not looked at."));
}

#[test]
fn without_an_order_every_gene_of_the_transcripts_is_in_scope() {
    let result = Bench::new(&["BRCA1", "TP53"]).run([frameshift("TP53", "chr17", 7_675_000)]);
    assert_eq!(result.scope.decided_by, ScopeSource::AllTranscripts);
    assert_eq!(result.scope.genes, ["BRCA1", "TP53"]);
    assert_eq!(result.findings.len(), 1);
    let empty = Bench {
        order: Some(order(&[], "")),
        ..Bench::new(&["TP53"])
    }
    .run([]);
    assert_eq!(empty.scope.decided_by, ScopeSource::AllTranscripts);
}

#[test]
fn symbols_are_compared_by_case() {
    let bench = Bench {
        order: Some(order(&["brca1", "BRCA2"], "")),
        ..Bench::new(&["BRCA1", "BRCA2"])
    };
    let result = bench.run([]);
    assert_eq!(
        (result.scope.genes, result.scope.not_covered),
        (vec!["BRCA2".to_owned()], vec!["brca1".to_owned()])
    );
}

#[test]
fn the_steps_of_annotation_come_first() {
    let bench = Bench::new(&["BRCA1"]);
    let before = [FunnelStep {
        name: "b".into(),
        rule: "r 1".into(),
        input: 9,
        kept: 9,
        dropped: vec![],
    }];
    let mut context = bench.context();
    context.before = &before;
    let result = clinotype_interpret::interpret(&context, []);
    assert_eq!(result.funnel.len(), 7);
    assert_eq!(result.funnel[0], before[0]);
}

#[test]
fn deep_intronic_alleles_are_reviewed_when_splicing_is_predicted() {
    let mut v = variant("BRCA1", "chr17", 100);
    v.consequences[0] = consequence("BRCA1", "intron_variant", Impact::Modifier);
    v.splice_delta = Lookup::Found(0.2);
    let bench = Bench::ordered(&["BRCA1"], r#", "policy": {"list_vus": true}"#);
    assert_eq!(bench.run([v]).findings.len(), 1);
}

/// A pathogenic allele inside a gene that was not ordered stays unseen, even when it lies beside one that was.
#[test]
fn an_allele_beside_an_ordered_gene_belongs_to_the_gene_it_lies_in() {
    let bench = Bench::ordered(&["KLLN"], "");
    let mut v = frameshift("PTEN", "chr10", 87_864_500);
    v.clinvar = clinvar("Pathogenic");
    v.consequences
        .push(consequence("KLLN", "upstream_gene_variant", Impact::Modifier));
    let result = bench.run([v.clone()]);
    assert_eq!(dropped(&result), [("outside the ordered genes".to_owned(), 1)]);
    assert!(result.clinvar_listed.is_empty());
    // Inside no other gene, it is the ordered gene's.
    v.consequences.remove(0);
    assert_eq!(bench.run([v]).clinvar_listed.len(), 1);
}

#[test]
fn one_allele_stated_twice_is_one_finding() {
    let one = frameshift("BRCA1", "chr17", 43_124_027);
    let mut other = one.clone();
    other.quality = Some(77.0);
    let result = Bench::new(&["BRCA1"]).run([one, other]);
    assert_eq!(result.findings.len(), 1);
    assert_eq!(
        dropped(&result),
        [("the input states the allele more than once".to_owned(), 1)]
    );
    assert!(
        result.findings[0]
            .classification
            .flags
            .iter()
            .any(|f| f.contains("more than once"))
    );
}
