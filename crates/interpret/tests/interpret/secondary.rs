//! Secondary findings: nothing without consent, and only what the list asks to report.

use clinotype_case::evidence::Lookup;

use crate::bench::*;

const CONSENT: &str = r#", "consent": {"secondary_findings": true}"#;

#[test]
fn nothing_is_looked_for_without_consent() {
    let variants = || {
        [
            frameshift("BRCA2", "chr13", 32_340_300),
            frameshift("BRCA1", "chr17", 43_124_027),
        ]
    };
    for extra in ["", r#", "consent": {"secondary_findings": false}"#] {
        let mut bench = Bench::ordered(&["BRCA1"], extra);
        bench.genes.insert("BRCA2".to_owned());
        let made = bench.run(variants());
        assert!(made.secondary.is_none());
        let text = serde_json::to_string(&made).unwrap();
        // The name of a panel of BRCA1 and BRCA2 may stand in a rule; the variant may not.
        assert!(!text.contains("NM_BRCA2") && !text.contains("32340300"), "{extra}");
    }
    let mut bench = Bench::ordered(&["BRCA1"], CONSENT);
    bench.genes.insert("BRCA2".to_owned());
    let made = bench.run(variants());
    let found = made.secondary.unwrap();
    assert_eq!(found.findings.len(), 1);
    assert_eq!(
        (found.findings[0].id.as_str(), found.genes.as_slice()),
        ("S1", &["BRCA2".to_owned()][..])
    );
    assert_eq!(found.not_covered.len(), 82);
    let sentence = &made.conclusion.secondary_findings;
    assert!(
        sentence.contains("BRCA2 NM_BRCA2.1:c.68A>G, heterozygous, pathogenic"),
        "{sentence}"
    );
    // What was ordered stays what was ordered.
    assert!(made.findings.iter().all(|f| f.shown.symbol.as_deref() == Some("BRCA1")));
}

#[test]
fn one_allele_of_a_recessive_gene_is_not_reported() {
    let genes = ["MUTYH", "HFE"];
    let run = |variants: Vec<clinotype_case::evidence::AnnotatedVariant>| {
        let mut bench = Bench::ordered(&["BRCA1"], CONSENT);
        bench.genes.extend(genes.map(str::to_owned));
        bench.run(variants).secondary.unwrap()
    };
    assert!(run(vec![frameshift("MUTYH", "chr1", 1_000)]).findings.is_empty());
    let mut both = frameshift("MUTYH", "chr1", 1_000);
    both.genotype = genotype("1/1");
    assert_eq!(run(vec![both]).findings.len(), 1);
    let two = vec![frameshift("MUTYH", "chr1", 1_000), frameshift("MUTYH", "chr1", 2_000)];
    assert_eq!(run(two).findings.len(), 2);
    // HFE: p.Cys282Tyr on both copies, listed for a person; another allele is not.
    let mut hfe = variant("HFE", "chr6", 26_092_913);
    hfe.key = clinotype_genome::VariantKey::new("chr6", hfe.key.position, "G", "A");
    hfe.clinvar = clinvar("Pathogenic");
    hfe.frequency = Lookup::Absent;
    assert!(run(vec![hfe.clone()]).clinvar_listed.is_empty());
    hfe.genotype = genotype("1/1");
    assert_eq!(run(vec![hfe]).clinvar_listed.len(), 1);
}

/// What is found beside the order is reviewed like everything else: classes and criteria count, and what a person
/// classed as benign is not told any more.
#[test]
fn a_secondary_finding_is_reviewed_like_others() {
    use clinotype_case::{
        criterion::{Class, Code},
        entered::{Decision, OnVariant, Setting},
    };
    use clinotype_interpret::{Judgements, judge};

    let mut bench = Bench::ordered(&["BRCA1"], CONSENT);
    bench.genes.insert("BRCA2".to_owned());
    let found = frameshift("BRCA2", "chr13", 32_340_300);
    let made = bench.run([found.clone()]);
    let told = |made: &clinotype_case::finding::Interpretation| made.conclusion.secondary_findings.clone();
    assert!(told(&made).contains("found: BRCA2"), "{}", told(&made));
    assert!(made.variants().any(|f| f.variant.key == found.key));
    let reviews = [(found.key.clone(), decision(Class::Benign))];
    let benign = bench.review(&made, &reviews).unwrap();
    assert!(!told(&benign).contains("BRCA2"), "{}", told(&benign));
    assert!(
        told(&benign).contains("1 not reported because a person"),
        "{}",
        told(&benign)
    );
    assert!(benign.is_reviewed());
    assert_eq!(bench.review(&benign, &[]).unwrap(), made);
    // Criteria too: without PVS1 it is not (likely) pathogenic.
    let people = [OnVariant {
        key: found.key.clone(),
        evidence: vec![],
        decisions: vec![Decision {
            code: Code::PVS1,
            setting: Setting::NotApplicable,
            reason: "rescued by another transcript".to_owned(),
            by: "Dr. A. Example".to_owned(),
            role: None,
            at: None,
            seen: None,
        }],
    }];
    let judgements = Judgements {
        people: &people,
        ..Judgements::default()
    };
    let set = judge(&made, &judgements, bench.order.as_ref(), &bench.quality()).unwrap();
    assert!(!told(&set).contains("found: BRCA2"), "{}", told(&set));
    assert!(!set.people.as_ref().unwrap().variants.is_empty());
    let back = judge(&set, &Judgements::default(), bench.order.as_ref(), &bench.quality()).unwrap();
    assert_eq!(serde_json::to_vec(&back).unwrap(), serde_json::to_vec(&made).unwrap());
}
