//! What a person decides changes section, funnel and answer by the rules that made them; the rest stays.

use clinotype_case::{
    Review,
    criterion::Class,
    evidence::AnnotatedVariant,
    finding::{Finding, Interpretation, Outcome, Section},
};
use clinotype_genome::VariantKey;
use proptest::prelude::*;

use crate::{bench::*, properties::any_variant};

use Class::{Benign, LikelyBenign, LikelyPathogenic, Pathogenic, Uncertain};

const VUS: &str = r#", "policy": {"list_vus": true}"#;

fn brca1() -> AnnotatedVariant {
    frameshift("BRCA1", "chr17", 43_124_027)
}

fn missense() -> AnnotatedVariant {
    variant("BRCA1", "chr17", 43_124_500)
}

fn reviewed(bench: &Bench, made: &Interpretation, reviews: &[(&AnnotatedVariant, Class)]) -> Interpretation {
    let reviews: Vec<(VariantKey, Review)> = reviews
        .iter()
        .map(|(v, class)| (v.key.clone(), decision(*class)))
        .collect();
    let result = bench.review(made, &reviews).unwrap();
    accounted(&result);
    result
}

/// The funnel adds up to the findings.
fn accounted(result: &Interpretation) {
    for pair in result.funnel.windows(2) {
        assert_eq!(pair[1].input, pair[0].kept);
    }
    for step in &result.funnel {
        assert_eq!(
            step.kept + step.dropped.iter().map(|d| d.count).sum::<u64>(),
            step.input
        );
    }
    assert_eq!(result.funnel.last().unwrap().kept, result.findings.len() as u64);
}

fn dropped(result: &Interpretation, words: &str) -> u64 {
    let all = result.funnel.iter().flat_map(|step| &step.dropped);
    all.filter(|d| d.reason.starts_with(words)).map(|d| d.count).sum()
}

fn listed(result: &Interpretation) -> Vec<(Section, Class)> {
    result.findings.iter().map(|f| (f.section, f.class())).collect()
}

/// One likely pathogenic frameshift and one missense change of uncertain significance: what the report says after each
/// decision on them.
#[test]
fn the_answer_follows_the_class_in_effect() {
    use Section::{Primary, Uncertain as Listed};
    let (lp, vus) = (brca1(), missense());
    type Row<'a> = (
        &'a str,
        bool,
        Vec<(&'a AnnotatedVariant, Class)>,
        Outcome,
        Vec<(Section, Class)>,
        usize,
    );
    let table: Vec<Row<'_>> = vec![
        (
            "agree",
            false,
            vec![(&lp, LikelyPathogenic)],
            Outcome::Positive,
            vec![(Primary, LikelyPathogenic)],
            0,
        ),
        (
            "LP to P",
            false,
            vec![(&lp, Pathogenic)],
            Outcome::Positive,
            vec![(Primary, Pathogenic)],
            0,
        ),
        (
            "LP to VUS, not listed",
            false,
            vec![(&lp, Uncertain)],
            Outcome::Negative,
            vec![],
            1,
        ),
        (
            "LP to VUS, listed",
            true,
            vec![(&lp, Uncertain)],
            Outcome::Uncertain,
            vec![(Listed, Uncertain); 2],
            0,
        ),
        ("LP to B", false, vec![(&lp, Benign)], Outcome::Negative, vec![], 1),
        (
            "LP to LB, VUS listed",
            true,
            vec![(&lp, LikelyBenign)],
            Outcome::Uncertain,
            vec![(Listed, Uncertain)],
            1,
        ),
        (
            "VUS to LP",
            false,
            vec![(&vus, LikelyPathogenic)],
            Outcome::Positive,
            vec![(Primary, LikelyPathogenic); 2],
            0,
        ),
        (
            "VUS to B",
            false,
            vec![(&vus, Benign)],
            Outcome::Positive,
            vec![(Primary, LikelyPathogenic)],
            1,
        ),
        (
            "VUS agreed, not listed",
            false,
            vec![(&vus, Uncertain)],
            Outcome::Positive,
            vec![(Primary, LikelyPathogenic)],
            1,
        ),
        (
            "both turned",
            false,
            vec![(&lp, Benign), (&vus, Pathogenic)],
            Outcome::Positive,
            vec![(Primary, Pathogenic)],
            1,
        ),
    ];
    for (what, list_vus, reviews, outcome, expected, not_reported) in table {
        let bench = Bench::ordered(&["BRCA1"], if list_vus { VUS } else { "" });
        let made = bench.run([lp.clone(), vus.clone()]);
        let result = reviewed(&bench, &made, &reviews);
        assert_eq!(result.conclusion.outcome, outcome, "{what}");
        assert_eq!(listed(&result), expected, "{what}");
        assert_eq!(result.reviewed_not_reported().count(), not_reported, "{what}");
        assert_eq!(result.variants().count(), 2, "{what}: nothing disappears");
        // What the rules said stays beside it.
        for before in made.variants() {
            let after = result.variants().find(|f| f.variant.key == before.variant.key).unwrap();
            assert_eq!(after.criteria, before.criteria, "{what}");
            assert_eq!(after.classification, before.classification, "{what}");
        }
    }
}

#[test]
fn a_downgraded_variant_is_counted_and_listed_with_the_reason() {
    let bench = Bench::ordered(&["BRCA1"], "");
    let made = bench.run([brca1(), missense()]);
    assert_eq!((made.findings.len(), made.classified.len()), (1, 1));
    let result = reviewed(&bench, &made, &[(&brca1(), Benign)]);
    assert_eq!(dropped(&result, "reviewed as benign or likely benign by a person"), 1);
    assert_eq!(dropped(&result, "uncertain significance"), 1);
    let gone: Vec<&Finding> = result.reviewed_not_reported().collect();
    assert_eq!(gone[0].section, Section::NotListed);
    assert_eq!(gone[0].review.as_ref().unwrap().reason, "segregation in the family");
    assert_eq!(
        gone[0].sentences.last().unwrap(),
        "In plain words: a benign variant in BRCA1, as reviewed by a person. It is not listed on the report."
    );
    let caveat = result.conclusion.interpretation.last().unwrap();
    assert!(
        caveat.ends_with("1 variant was reviewed by a person and is not reported; each is listed with the reason.")
    );

    let uncertain = reviewed(&bench, &made, &[(&brca1(), Uncertain)]);
    assert_eq!(
        dropped(&uncertain, "reviewed as of uncertain significance by a person"),
        1
    );
    let limit = "2 variants of uncertain significance are not listed";
    assert!(
        uncertain.conclusion.limits.iter().any(|l| l.starts_with(limit)),
        "{:?}",
        uncertain.conclusion.limits
    );
}

#[test]
fn the_words_say_whose_the_class_is() {
    let bench = Bench::ordered(&["BRCA1"], VUS);
    let made = bench.run([brca1(), missense()]);
    let part = reviewed(&bench, &made, &[(&brca1(), Pathogenic)]);
    assert_eq!(
        part.conclusion.headline,
        "A pathogenic variant in BRCA1, which may explain the indication (reviewed)"
    );
    assert!(!part.is_reviewed());
    let caveat = part.conclusion.interpretation.last().unwrap();
    assert!(
        caveat.starts_with("1 reported class was reviewed by a person; 1 proposed by rules"),
        "{caveat}"
    );
    let whole = reviewed(&bench, &made, &[(&brca1(), Pathogenic), (&missense(), Uncertain)]);
    assert!(whole.is_reviewed());
    let caveat = whole.conclusion.interpretation.last().unwrap();
    assert!(
        caveat.starts_with("Every reported class was reviewed by a person"),
        "{caveat}"
    );
    assert!(
        whole
            .conclusion
            .interpretation
            .iter()
            .any(|s| s.contains("genotype fits")),
        "{:?}",
        whole.conclusion
    );
    assert!(!made.is_reviewed() && !bench.run([]).is_reviewed());
}

#[test]
fn a_recessive_pair_follows_both_decisions() {
    let bench = Bench::ordered(&["CFTR"], "");
    let (a, b) = (
        frameshift("CFTR", "chr7", 117_000_100),
        variant("CFTR", "chr7", 117_000_900),
    );
    let made = bench.run([a.clone(), b.clone()]);
    assert_eq!(made.conclusion.outcome, Outcome::Carrier);
    // The second allele, upgraded: the pair fits the disease, its phase is open.
    let pair = reviewed(&bench, &made, &[(&b, LikelyPathogenic)]);
    assert_eq!(pair.conclusion.outcome, Outcome::Positive);
    assert_eq!(listed(&pair), [(Section::Primary, LikelyPathogenic); 2]);
    assert!(
        pair.conclusion.headline.contains("phase unknown") && pair.conclusion.headline.ends_with("(in part reviewed)")
    );
    // From a pair to a carrier.
    let two = [a.clone(), frameshift("CFTR", "chr7", 117_000_900)];
    let made = bench.run(two.clone());
    assert_eq!(made.conclusion.outcome, Outcome::Positive);
    let one = reviewed(&bench, &made, &[(&two[1], LikelyBenign)]);
    assert_eq!(one.conclusion.outcome, Outcome::Carrier);
    assert_eq!(listed(&one), [(Section::Carrier, LikelyPathogenic)]);
    assert!(
        one.findings[0]
            .sentences
            .last()
            .unwrap()
            .contains("a second one was not found")
    );
}

#[test]
fn what_clinvar_lists_stays_listed() {
    let bench = Bench::ordered(&["BRCA1"], "");
    let (mut finding, mut vus, mut common) = (brca1(), missense(), variant("BRCA1", "chr17", 43_124_600));
    for v in [&mut finding, &mut vus, &mut common] {
        v.clinvar = clinvar("Pathogenic");
    }
    common.frequency = faf(0.06, "nfe", 50_000);
    let made = bench.run([finding.clone(), vus.clone(), common.clone()]);
    assert_eq!((made.findings.len(), made.clinvar_listed.len()), (1, 2));
    assert_eq!(dropped(&made, "BA1"), 1);
    let result = reviewed(
        &bench,
        &made,
        &[(&finding, Benign), (&vus, LikelyPathogenic), (&common, Pathogenic)],
    );
    assert_eq!(result.findings.len(), 2);
    assert_eq!(dropped(&result, "BA1"), 0);
    assert_eq!(result.clinvar_listed.len(), 1);
    let row = &result.clinvar_listed[0];
    assert_eq!(row.key, finding.key);
    assert!(
        row.reason
            .starts_with("reviewed as benign or likely benign by a person: not listed; criteria here: PVS1")
    );
    // Nothing found, yet a listed allele set aside: never negative.
    let alone = bench.run([finding.clone()]);
    let none = reviewed(&bench, &alone, &[(&finding, Benign)]);
    assert_eq!(none.conclusion.outcome, Outcome::Inconclusive);
}

#[test]
fn without_a_gene_list_only_findings_are_held() {
    let bench = Bench::new(&["BRCA1"]);
    let made = bench.run([brca1(), missense()]);
    assert!(made.classified.is_empty());
    let result = reviewed(&bench, &made, &[(&brca1(), Benign)]);
    assert_eq!(result.reviewed_not_reported().count(), 1);
    assert_eq!(bench.review(&result, &[]).unwrap(), made);
}

#[test]
fn an_interpretation_without_a_review_does_not_name_one() {
    let bench = Bench::ordered(&["BRCA1"], "");
    let made = bench.run([brca1(), missense()]);
    let json = serde_json::to_string(&made).unwrap();
    assert!(!json.contains("\"review\""));
    let back: Interpretation = serde_json::from_str(&json).unwrap();
    assert_eq!(back, made);
    // A file of an earlier version reads, and says what to do.
    let mut old: serde_json::Value = serde_json::from_str(&json).unwrap();
    for field in ["classified", "set_aside"] {
        old.as_object_mut().unwrap().remove(field).unwrap();
    }
    let old: Interpretation = serde_json::from_value(old).unwrap();
    assert_eq!(bench.review(&old, &[]).unwrap(), old);
    let fault = bench.review(&old, &[(brca1().key, decision(Benign))]).unwrap_err();
    assert!(fault.to_string().contains("an earlier version"), "{fault}");
}

#[test]
fn reviews_that_cannot_be_are_refused_without_naming_a_variant() {
    let bench = Bench::ordered(&["BRCA1"], "");
    let made = bench.run([brca1(), missense()]);
    let row = |class, by: &str, reason: &str| {
        let (by, reason) = (by.to_owned(), reason.to_owned());
        (
            brca1().key,
            Review {
                by,
                reason,
                ..decision(class)
            },
        )
    };
    let unknown = (variant("BRCA1", "chr17", 1).key, decision(Benign));
    for (reviews, words) in [
        (vec![unknown], "does not hold"),
        (vec![row(Benign, " ", "r")], "states no person"),
        (vec![row(Benign, "A", " ")], "without a reason"),
        (
            vec![row(Benign, "A", "r"), row(Pathogenic, "B", "r")],
            "another one names",
        ),
    ] {
        let fault = bench.review(&made, &reviews).unwrap_err().to_string();
        assert!(fault.contains(words), "{fault}");
        assert!(!fault.contains("chr17") && !fault.contains("4312"), "{fault}");
    }
    // To agree needs no reason.
    assert!(bench.review(&made, &[row(LikelyPathogenic, "A", "")]).is_ok());
    // Another policy than the one that was interpreted.
    let other = Bench::ordered(&["BRCA1"], VUS);
    let fault = other.review(&made, &[row(Benign, "A", "r")]).unwrap_err().to_string();
    assert!(fault.contains("not of one run"), "{fault}");
    let mut elsewhere = Bench::ordered(&["BRCA1"], "");
    elsewhere.sample = "S-9".parse().unwrap();
    assert!(elsewhere.review(&made, &[row(Benign, "A", "r")]).is_err());
}

const CLASSES: [Class; 5] = [Benign, LikelyBenign, Uncertain, LikelyPathogenic, Pathogenic];

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// No review is the identity, withdrawing every review gives back what the rules made, and what was reviewed before
    /// does not matter: the conclusion is drawn anew each time.
    #[test]
    fn reviews_can_be_withdrawn(
        variants in prop::collection::vec(any_variant(), 0..14),
        ordered in any::<bool>(),
        list_vus in any::<bool>(),
        first in prop::collection::vec(prop::option::of(0..5_usize), 14),
        second in prop::collection::vec(prop::option::of(0..5_usize), 14),
    ) {
        let genes = &["BRCA1", "CFTR", "DMD", "TTN"];
        let bench = if ordered {
            Bench::ordered(genes, &format!(r#", "policy": {{"list_vus": {list_vus}}}"#))
        } else {
            Bench::new(genes)
        };
        let made = bench.run(variants);
        let choose = |classes: &[Option<usize>]| -> Vec<(VariantKey, Review)> {
            made.variants()
                .zip(classes)
                .filter_map(|(f, class)| Some((f.variant.key.clone(), decision(CLASSES[(*class)?]))))
                .collect()
        };
        prop_assert_eq!(&bench.review(&made, &[]).unwrap(), &made);
        let (first, mut second) = (choose(&first), choose(&second));
        let once = bench.review(&made, &first).unwrap();
        accounted(&once);
        prop_assert_eq!(&bench.review(&once, &first).unwrap(), &once);
        prop_assert_eq!(&bench.review(&once, &[]).unwrap(), &made);
        let direct = bench.review(&made, &second).unwrap();
        second.reverse();
        prop_assert_eq!(
            serde_json::to_vec(&bench.review(&once, &second).unwrap()).unwrap(),
            serde_json::to_vec(&direct).unwrap()
        );
        // Nobody's variant disappears, and no listed allele.
        prop_assert_eq!(direct.variants().count(), made.variants().count());
        let told = |i: &Interpretation| -> std::collections::BTreeSet<VariantKey> {
            let listed = i.clinvar_listed.iter().map(|l| l.key.clone());
            listed.chain(i.variants().map(|f| f.variant.key.clone())).collect()
        };
        prop_assert_eq!(told(&direct), told(&made));
    }
}
