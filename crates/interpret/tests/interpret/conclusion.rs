//! The answer: never more than the data allow.

use clinotype_case::{
    evidence::AnnotatedVariant,
    finding::Outcome,
    quality::{CheckResult, Coverage},
};

use crate::bench::*;

fn outcome(bench: &Bench, variants: &[AnnotatedVariant]) -> Outcome {
    bench.run(variants.to_vec()).conclusion.outcome
}

/// Full coverage, no failed check, nothing found, nothing set aside: the one way to NEGATIVE.
#[test]
fn negative_needs_everything() {
    let genes = &["BRCA1", "BRCA2"];
    let good = || Bench::ordered(genes, "");
    assert_eq!(outcome(&good(), &[]), Outcome::Negative);
    assert_eq!(outcome(&good(), &[variant("BRCA1", "chr17", 100)]), Outcome::Negative);

    let not_assessed = Bench {
        coverage: Coverage::NotAssessed {
            reason: "the input is a VCF".into(),
        },
        ..good()
    };
    assert_eq!(outcome(&not_assessed, &[]), Outcome::Inconclusive);

    let with_gap = |row: usize| {
        let mut bench = good();
        if let Coverage::Assessed(figures) = &mut bench.coverage {
            figures.genes[row].gaps.push(gap());
        }
        bench
    };
    for row in [0, 1] {
        let result = with_gap(row).run([]);
        assert_eq!(result.conclusion.outcome, Outcome::Inconclusive);
        let limit = format!(
            "1 coding stretch in 1 gene (30 bases) has fewer than 20 reads: {}.",
            genes[row]
        );
        assert!(
            result.conclusion.limits[0].starts_with(&limit),
            "{}",
            result.conclusion.limits[0]
        );
    }

    // A gene in scope without a row, or with a row of no bases, was not measured.
    assert_eq!(
        outcome(
            &Bench {
                coverage: covered(&["BRCA1"]),
                ..good()
            },
            &[]
        ),
        Outcome::Inconclusive
    );
    assert_eq!(
        outcome(
            &Bench {
                coverage: covered(&[]),
                ..good()
            },
            &[]
        ),
        Outcome::Inconclusive
    );
    let mut unmeasured = good();
    if let Coverage::Assessed(figures) = &mut unmeasured.coverage {
        figures.genes[1].bases = 0;
    }
    assert_eq!(outcome(&unmeasured, &[]), Outcome::Inconclusive);

    assert_eq!(
        outcome(
            &Bench {
                checks: vec![failed("sex")],
                ..good()
            },
            &[]
        ),
        Outcome::Inconclusive
    );
    let mut warned = failed("depth");
    warned.result = CheckResult::Warn;
    assert_eq!(
        outcome(
            &Bench {
                checks: vec![warned],
                ..good()
            },
            &[]
        ),
        Outcome::Negative
    );

    let mut blind = good();
    blind.data.retain(|d| d.name != "ClinVar");
    assert_eq!(outcome(&blind, &[]), Outcome::Inconclusive);
    let mut rare_unknown = good();
    rare_unknown.data.retain(|d| d.name != "frequencies");
    let result = rare_unknown.run([]);
    assert_eq!(result.conclusion.outcome, Outcome::Negative);
    assert!(result.conclusion.limits[0].starts_with("Population frequency (BA1, BS1, PM2) was not evaluated"));

    let missing = Bench {
        order: Some(order(&["BRCA1", "BRCA2", "POLE"], "")),
        ..good()
    };
    let result = missing.run([]);
    assert_eq!(result.conclusion.outcome, Outcome::Inconclusive);
    assert_eq!(
        result.conclusion.limits[0],
        "1 ordered gene has no transcript here and was not tested: POLE."
    );
    let nothing = Bench {
        order: Some(order(&["POLE"], "")),
        ..good()
    };
    assert_eq!(outcome(&nothing, &[]), Outcome::Inconclusive);

    // A call of low quality that would be likely pathogenic is no finding and no silence either.
    let mut doubtful = frameshift("BRCA1", "chr17", 43_124_027);
    doubtful.genotype.depth = Some(5);
    let result = good().run([doubtful]);
    assert!(result.findings.is_empty());
    assert_eq!(result.conclusion.outcome, Outcome::Inconclusive);
    assert!(
        result.conclusion.limits[0].contains("BRCA1 NM_BRCA1.1:c.68A>G (DP below 8)"),
        "{:?}",
        result.conclusion.limits
    );
}

#[test]
fn a_gap_outside_the_ordered_genes_does_not_count() {
    let mut bench = Bench::ordered(&["BRCA1"], "");
    bench.genes.insert("TP53".to_owned());
    bench.coverage = covered(&["BRCA1", "TP53"]);
    if let Coverage::Assessed(figures) = &mut bench.coverage {
        figures.genes[1].gaps.push(gap());
    }
    assert_eq!(outcome(&bench, &[]), Outcome::Negative);
}

#[test]
fn outcomes_by_what_is_found() {
    let genes = &["BRCA1", "CFTR"];
    let listing = Bench::ordered(genes, r#", "policy": {"list_vus": true}"#);
    let primary = frameshift("BRCA1", "chr17", 43_124_027);
    let carrier = frameshift("CFTR", "chr7", 117_000_100);
    let vus = variant("BRCA1", "chr17", 43_124_500);
    let mut open = carrier.clone();
    open.genotype = genotype("1");
    let all = [vus.clone(), carrier.clone(), primary.clone()];
    assert_eq!(outcome(&listing, &all), Outcome::Positive);
    assert_eq!(outcome(&listing, &[vus.clone(), carrier.clone()]), Outcome::Carrier);
    assert_eq!(outcome(&listing, std::slice::from_ref(&vus)), Outcome::Uncertain);
    assert_eq!(outcome(&listing, &[open, vus]), Outcome::Inconclusive);
    assert_eq!(outcome(&listing, &[]), Outcome::Negative);
}

#[test]
fn a_failed_check_stands_in_the_headline_of_a_finding() {
    let bench = Bench {
        checks: vec![failed("sex")],
        ..Bench::ordered(&["BRCA1"], "")
    };
    let conclusion = bench.run([frameshift("BRCA1", "chr17", 43_124_027)]).conclusion;
    assert_eq!(conclusion.outcome, Outcome::Positive);
    assert!(
        conclusion.headline.ends_with("a check of this run FAILED"),
        "{}",
        conclusion.headline
    );
    assert_eq!(conclusion.limits[0], "The check sex failed: reads are male.");
    assert!(conclusion.recommendations[0].starts_with("Settle the failed check"));
}

#[test]
fn without_an_order_no_indication_is_spoken_of_as_answered() {
    let found = [frameshift("BRCA1", "chr17", 43_124_027)];
    let without = Bench::new(&["BRCA1"]).run(found.clone()).conclusion;
    assert!(!without.headline.contains("indication"), "{}", without.headline);
    assert!(without.interpretation[0].contains("there is no indication to answer"));
    let with = Bench::ordered(&["BRCA1"], "").run(found).conclusion;
    assert_eq!(
        with.headline,
        "A likely pathogenic variant in BRCA1, which may explain the indication (proposed)"
    );
}

#[test]
fn secondary_findings_are_one_honest_line() {
    let line = |extra: &str| Bench::ordered(&["BRCA1"], extra).run([]).conclusion.secondary_findings;
    assert!(line("").contains("no consent stated"));
    assert!(line(r#", "consent": {"secondary_findings": false}"#).contains("declined"));
    assert!(line(r#", "consent": {"secondary_findings": true}"#).contains("no gene of ACMG SF v3.3"));
    assert!(
        Bench::new(&["BRCA1"])
            .run([])
            .conclusion
            .secondary_findings
            .contains("no order")
    );
}

#[test]
fn the_sentences_of_a_finding_stand_in_their_order() {
    let finding = Bench::ordered(&["BRCA1"], "")
        .run([frameshift("BRCA1", "chr17", 43_124_027)])
        .findings
        .remove(0);
    let starts = [
        "BRCA1, NM_BRCA1.1:c.68A>G: frameshift variant in exon 2 of 23, heterozygous.",
        "Population frequency: absent from frequencies, release 2026-02 (frequencies.gz)",
        "Reports, segregation and de novo state: not evaluated.",
        "Functional data: not evaluated.",
        "Prediction: splice delta not evaluated; phyloP100way not evaluated",
        "ClinVar: no record of this allele in ClinVar, release 2026-02",
        "Gene and disease: breast-ovarian cancer, familial, susceptibility to, 1, autosomal dominant (MONDO:0011450)",
        "Fit to this patient's phenotype: not evaluated.",
        "Criteria: PVS1 (8) + PM2_Supporting (1) = 9: Likely pathogenic (proposed; 11 not evaluated, 3 not met, 10 not applicable)",
        "In plain words: a likely pathogenic variant in BRCA1 is proposed. A heterozygous genotype fits",
    ];
    assert_eq!(finding.sentences.len(), starts.len());
    for (sentence, start) in finding.sentences.iter().zip(starts) {
        assert!(sentence.starts_with(start), "{sentence}");
    }
}

/// REPORT.md section 2 and 3: words that a report must not use.
#[test]
fn forbidden_words() {
    let genes = &["BRCA1", "CFTR", "DMD", "TTN"];
    let mut listed = variant("BRCA1", "chr17", 5);
    listed.clinvar = clinvar("Pathogenic");
    let variants = [
        listed,
        frameshift("BRCA1", "chr17", 43_124_027),
        frameshift("CFTR", "chr7", 117_000_100),
        frameshift("DMD", "chrX", 32_000_000),
        frameshift("TTN", "chr2", 178_000_000),
    ];
    for extra in ["", r#", "policy": {"list_vus": true, "name": "P7"}"#] {
        for chosen in 0..1 << variants.len() {
            let some = variants
                .iter()
                .enumerate()
                .filter(|(i, _)| chosen >> i & 1 == 1)
                .map(|(_, v)| v.clone());
            let result = Bench::ordered(genes, extra).run(some);
            let words = serde_json::to_string(&(&result.conclusion, &result.clinvar_listed))
                .unwrap()
                .to_lowercase();
            let told: String = result
                .findings
                .iter()
                .flat_map(|f| f.sentences.clone())
                .collect::<String>()
                .to_lowercase();
            for word in ["normal", "mutation", "polymorphism", "  "] {
                assert!(!words.contains(word) && !told.contains(word), "{word}: {words} {told}");
            }
            assert!(
                (3..=6).contains(&result.conclusion.interpretation.len()),
                "{:?}",
                result.conclusion.interpretation
            );
            assert!(result.conclusion.interpretation.last().unwrap().contains("proposed"));
        }
    }
}

#[test]
fn an_uncertain_finding_that_clinvar_lists_is_not_overlooked() {
    let mut v = variant("LDLR", "chr19", 11_100_000);
    v.clinvar = clinvar("Pathogenic");
    let conclusion = Bench::ordered(&["LDLR"], r#", "policy": {"list_vus": true}"#)
        .run([v])
        .conclusion;
    assert_eq!(conclusion.outcome, Outcome::Uncertain);
    assert!(
        conclusion
            .headline
            .contains("1 of them listed by ClinVar as (likely) pathogenic"),
        "{}",
        conclusion.headline
    );
    assert!(
        conclusion
            .recommendations
            .iter()
            .any(|r| r.starts_with("Look at every allele"))
    );
}

#[test]
fn a_second_uncertain_allele_beside_a_carrier_state_is_told() {
    for policy in ["", r#", "policy": {"list_vus": true}"#] {
        let found = [
            frameshift("CFTR", "chr7", 117_000_100),
            variant("CFTR", "chr7", 117_100_000),
        ];
        let conclusion = Bench::ordered(&["CFTR"], policy).run(found).conclusion;
        assert_eq!(conclusion.outcome, Outcome::Carrier);
        let told = "CFTR also carries 1 variant of uncertain significance";
        assert!(
            conclusion.limits.iter().any(|l| l.starts_with(told)),
            "{:?}",
            conclusion.limits
        );
    }
}
