//! Evidence and decisions of people on criteria: what counts, what is only proposed, and that nothing of it is lost or
//! left behind.

use clinotype_case::{
    criterion::{Class, Code, SetBy, State, Strength},
    entered::{Decision, Entry, Fit, Lie, NotUsed, OnVariant, Parentage, Setting},
    evidence::AnnotatedVariant,
    finding::{Finding, Interpretation, Outcome, Section},
};
use clinotype_genome::{Result, VariantKey};
use clinotype_interpret::{Judgements, judge};
use proptest::prelude::*;

use crate::{bench::*, properties::any_variant};

fn judged(bench: &Bench, made: &Interpretation, people: &[OnVariant]) -> Result<Interpretation> {
    let judgements = Judgements {
        people,
        ..Judgements::default()
    };
    judge(made, &judgements, bench.order.as_ref(), &bench.quality())
}

fn set(code: Code, setting: Setting) -> Decision {
    Decision {
        code,
        setting,
        reason: "two assays agree".to_owned(),
        by: "Dr. A. Example".to_owned(),
        role: Some("clinician".to_owned()),
        at: None,
        seen: None,
    }
}

fn on(variant: &AnnotatedVariant, evidence: Vec<Entry>, decisions: Vec<Decision>) -> OnVariant {
    OnVariant {
        key: variant.key.clone(),
        evidence,
        decisions,
    }
}

fn of<'a>(made: &'a Interpretation, variant: &AnnotatedVariant) -> &'a Finding {
    made.variants().find(|f| f.variant.key == variant.key).unwrap()
}

/// The account of the funnel still adds up to what is listed.
fn accounted(result: &Interpretation) {
    for pair in result.funnel.windows(2) {
        assert_eq!(pair[1].input, pair[0].kept);
    }
    for step in &result.funnel {
        let dropped: u64 = step.dropped.iter().map(|d| d.count).sum();
        assert_eq!(step.kept + dropped, step.input);
    }
    assert_eq!(result.funnel.last().unwrap().kept, result.findings.len() as u64);
}

#[test]
fn a_set_criterion_moves_points_class_section_and_answer() {
    let bench = Bench::ordered(&["BRCA1"], "");
    let missense = variant("BRCA1", "chr17", 43_124_500);
    let made = bench.run([missense.clone()]);
    assert_eq!(made.conclusion.outcome, Outcome::Negative);
    let before = of(&made, &missense);
    assert_eq!(before.section, Section::NotListed);
    let strong = [
        set(Code::PS3, Setting::Met(Strength::Strong)),
        set(Code::PP4, Setting::Met(Strength::Moderate)),
    ];
    let people = [on(&missense, vec![], strong.to_vec())];
    let result = judged(&bench, &made, &people).unwrap();
    accounted(&result);
    let after = of(&result, &missense);
    assert_eq!(after.classification.points, before.classification.points + 6);
    assert_eq!(after.classification.class, Class::LikelyPathogenic);
    assert_eq!(after.section, Section::Primary);
    assert_eq!(result.conclusion.outcome, Outcome::Positive);
    let row = after.criteria.iter().find(|c| c.code == Code::PS3).unwrap();
    assert_eq!((row.set_by, row.state), (SetBy::User, State::Met));
    let decided = row.decided.as_ref().unwrap();
    assert_eq!(decided.automatic.state, State::NotEvaluated);
    let told = after.sentences.join("\n");
    assert!(
        told.contains("Functional data: PS3 met as PS3, set by Dr. A. Example: two assays agree."),
        "{told}"
    );
    assert!(told.contains("2 criteria set by people"), "{told}");
    // Nothing of it stays when it is withdrawn.
    let back = judged(&bench, &result, &[]).unwrap();
    assert_eq!(serde_json::to_vec(&back).unwrap(), serde_json::to_vec(&made).unwrap());
}

#[test]
fn evidence_is_proposed_and_counts_nothing() {
    let bench = Bench::ordered(&["BRCA1"], r#", "policy": {"list_vus": true}"#);
    let missense = variant("BRCA1", "chr17", 43_124_500);
    let made = bench.run([missense.clone()]);
    let entries = vec![
        Entry::DeNovo {
            source: "trio".to_owned(),
            fit: Some(Fit::Consistent),
            parentage: Parentage::Confirmed,
            patient: true,
        },
        Entry::Assay {
            source: "PMID 1".to_owned(),
            odds: 30.0,
        },
    ];
    let result = judged(&bench, &made, &[on(&missense, entries, vec![])]).unwrap();
    let (before, after) = (of(&made, &missense), of(&result, &missense));
    assert_eq!(after.classification, before.classification);
    for (code, strength) in [(Code::PS2, Strength::Moderate), (Code::PS3, Strength::Strong)] {
        let row = after.criteria.iter().find(|c| c.code == code).unwrap();
        assert_eq!((row.state, row.points), (State::NotEvaluated, 0));
        assert_eq!(row.proposal.as_ref().unwrap().strength, Some(strength));
    }
    let told = after.sentences.join("\n");
    assert!(told.contains("not counted until a person confirms it"), "{told}");
    assert_eq!(judged(&bench, &result, &[]).unwrap(), made);
}

#[test]
fn what_contradicts_itself_or_finds_no_variant_is_said() {
    let bench = Bench::ordered(&["BRCA1"], r#", "policy": {"list_vus": true}"#);
    let missense = variant("BRCA1", "chr17", 43_124_500);
    let made = bench.run([missense.clone()]);
    let assay = |odds| Entry::Assay {
        source: "PMID 1".to_owned(),
        odds,
    };
    let elsewhere = variant("BRCA1", "chr17", 43_124_777);
    let people = [
        on(&missense, vec![assay(30.0), assay(0.01)], vec![]),
        on(&elsewhere, vec![assay(30.0)], vec![]),
    ];
    let judgements = Judgements {
        people: &people,
        not_used: &[NotUsed {
            name: "NM_1.1:c.5A>C".to_owned(),
            reason: "not carried".to_owned(),
        }],
        ..Judgements::default()
    };
    let result = judge(&made, &judgements, bench.order.as_ref(), &bench.quality()).unwrap();
    let flags = &of(&result, &missense).classification.flags;
    assert!(
        flags.iter().any(|f| f.contains("PS3") && f.contains("contradicts")),
        "{flags:?}"
    );
    let found = clinotype_interpret::contradictions(&people[0], of(&made, &missense), made.variants());
    assert_eq!(found.len(), 1);
    let limits = result.conclusion.limits.join("\n");
    assert!(limits.contains("that were not used"), "{limits}");
    assert!(limits.contains("NM_1.1:c.5A>C (not carried)"), "{limits}");
    assert_eq!(result.people.as_ref().unwrap().variants.len(), 1);
    // No prefix, the same allele.
    let mut plain = on(&missense, vec![assay(30.0)], vec![]);
    plain.key.contig = "17".to_owned();
    let result = judged(&bench, &made, &[plain]).unwrap();
    assert!(result.people.unwrap().not_used.is_empty());
}

#[test]
fn a_class_stands_when_criteria_change_and_the_difference_is_said() {
    let bench = Bench::ordered(&["BRCA1"], r#", "policy": {"list_vus": true}"#);
    let missense = variant("BRCA1", "chr17", 43_124_500);
    let made = bench.run([missense.clone()]);
    // Agreed with, without a reason.
    let mut review = decision(Class::Uncertain);
    review.reason = String::new();
    review.on = Some(Class::Uncertain);
    let classes = [(missense.key.clone(), review)];
    let people = [on(
        &missense,
        vec![],
        vec![
            set(Code::PS3, Setting::Met(Strength::Strong)),
            set(Code::PP4, Setting::Met(Strength::Moderate)),
        ],
    )];
    let judgements = Judgements {
        classes: &classes,
        people: &people,
        not_used: &[],
    };
    let result = judge(&made, &judgements, bench.order.as_ref(), &bench.quality()).unwrap();
    let finding = of(&result, &missense);
    assert_eq!(finding.class(), Class::Uncertain);
    assert_eq!(finding.classification.class, Class::LikelyPathogenic);
    let limits = result.conclusion.limits.join("\n");
    assert!(
        limits.contains(
            "classed as Uncertain significance when its criteria gave Uncertain significance; they now give \
                         Likely pathogenic"
        ),
        "{limits}"
    );
}

#[test]
fn the_other_allele_of_the_person_is_weighed_by_the_class_in_effect() {
    let bench = Bench::ordered(&["CFTR"], r#", "policy": {"list_vus": true}"#);
    let (lof, missense) = (
        frameshift("CFTR", "chr7", 117_559_500),
        variant("CFTR", "chr7", 117_559_900),
    );
    let made = bench.run([lof.clone(), missense.clone()]);
    let partner = vec![Entry::Partner {
        source: "family".to_owned(),
        allele: lof.key.clone(),
        phase: Lie::Trans,
    }];
    let rare = set(Code::PM2, Setting::Met(Strength::Supporting));
    for (decisions, strength) in [(vec![], None), (vec![rare], Some(Strength::Moderate))] {
        let result = judged(&bench, &made, &[on(&missense, partner.clone(), decisions)]).unwrap();
        let row = of(&result, &missense)
            .criteria
            .iter()
            .find(|c| c.code == Code::PM3)
            .unwrap();
        let proposal = row.proposal.as_ref().unwrap();
        assert_eq!(proposal.strength, strength, "{}", proposal.sentence);
    }
}

fn any_people() -> impl Strategy<Value = Vec<(usize, Code, Setting, bool)>> {
    let setting = prop_oneof![
        prop::sample::select(vec![Strength::Supporting, Strength::Moderate, Strength::Strong]).prop_map(Setting::Met),
        Just(Setting::NotMet),
        Just(Setting::NotApplicable),
    ];
    prop::collection::vec(
        (
            0..14_usize,
            prop::sample::select(Code::ALL.to_vec()),
            setting,
            any::<bool>(),
        ),
        0..8,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// No judgement is the identity; judging twice, in any order, or after other judgements is judging once; taking all
    /// back gives the bytes of the rules.
    #[test]
    fn judgements_are_put_once_and_can_be_withdrawn(
        variants in prop::collection::vec(any_variant(), 0..14),
        list_vus in any::<bool>(),
        first in any_people(),
        second in any_people(),
    ) {
        let genes = &["BRCA1", "CFTR", "DMD", "TTN"];
        let bench = Bench::ordered(genes, &format!(r#", "policy": {{"list_vus": {list_vus}}}"#));
        let made = bench.run(variants);
        let keys: Vec<VariantKey> = made.variants().map(|f| f.variant.key.clone()).collect();
        let people = |chosen: &[(usize, Code, Setting, bool)]| -> Vec<OnVariant> {
            let mut all: std::collections::BTreeMap<VariantKey, OnVariant> = std::collections::BTreeMap::new();
            for (index, code, setting, entry) in chosen {
                let Some(key) = keys.get(*index) else { continue };
                let one = all.entry(key.clone()).or_insert_with(|| OnVariant {
                    key: key.clone(),
                    evidence: vec![],
                    decisions: vec![],
                });
                if one.decisions.iter().all(|d| d.code != *code) {
                    one.decisions.push(set(*code, *setting));
                }
                if *entry {
                    one.evidence.push(Entry::Assay { source: "s".to_owned(), odds: 5.0 });
                }
            }
            all.into_values().collect()
        };
        prop_assert_eq!(&judged(&bench, &made, &[]).unwrap(), &made);
        let (first, second) = (people(&first), people(&second));
        let once = judged(&bench, &made, &first).unwrap();
        accounted(&once);
        prop_assert_eq!(&judged(&bench, &once, &first).unwrap(), &once);
        let direct = judged(&bench, &made, &second).unwrap();
        let mut turned = second;
        turned.reverse();
        for one in &mut turned {
            one.decisions.reverse();
        }
        prop_assert_eq!(
            serde_json::to_vec(&judged(&bench, &once, &turned).unwrap()).unwrap(),
            serde_json::to_vec(&direct).unwrap()
        );
        prop_assert_eq!(
            serde_json::to_vec(&judged(&bench, &once, &[]).unwrap()).unwrap(),
            serde_json::to_vec(&made).unwrap()
        );
        prop_assert_eq!(direct.variants().count(), made.variants().count());
    }
}
