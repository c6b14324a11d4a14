//! What people decided on criteria and entered as evidence, as the interpretation takes it.

use clinotype_case::{
    entered::{Decision, NotUsed, OnVariant},
    finding::Interpretation,
};
use clinotype_genome::VariantKey;
use clinotype_store::{CaseEvidence, CriterionDecision, Store};
use uuid::Uuid;

use super::results::role_words;
use crate::types::ApiError;

/// Everything that stands in a case, for the variants of a run on the same build: what the run's own files say (evidence
/// file, genotypes of the family), and what people decided and entered in the case. A decision in the case takes the place
/// of the file's on the same criterion.
pub(crate) fn people(store: &Store, case: Uuid, interpretation: &Interpretation) -> Result<Vec<OnVariant>, ApiError> {
    Ok(people_of(
        &store.criterion_decisions(case)?,
        &store.evidence(case)?,
        interpretation,
    ))
}

/// The same of what the store gave, newest first.
pub(crate) fn people_of(
    decisions: &[CriterionDecision],
    evidence: &[CaseEvidence],
    interpretation: &Interpretation,
) -> Vec<OnVariant> {
    let mut people: Vec<OnVariant> = of_files(interpretation).to_vec();
    for one in standing(decisions) {
        if one.build == interpretation.build {
            let there = on(&mut people, &one.key);
            there.decisions.retain(|of_file| of_file.code != one.code);
            there.decisions.push(Decision {
                code: one.code,
                setting: one.setting,
                reason: one.reason.clone(),
                by: one.name.clone(),
                role: Some(role_words(one.role).to_owned()),
                at: Some(one.at),
                seen: Some(one.seen),
            });
        }
    }
    // The oldest first, as they were entered.
    let entered = evidence.iter().rev().filter(|one| one.withdrawn.is_none());
    for one in entered.filter(|one| one.build == interpretation.build) {
        on(&mut people, &one.key).evidence.push(one.entry.clone());
    }
    people
}

/// What the files of a run say of its variants.
pub(crate) fn of_files(interpretation: &Interpretation) -> &[OnVariant] {
    let people = interpretation.people.as_ref();
    people.map_or(&[], |people| &people.variants)
}

/// What the files of a run named that found no variant.
pub(crate) fn not_used(interpretation: &Interpretation) -> &[NotUsed] {
    let people = interpretation.people.as_ref();
    people.map_or(&[], |people| &people.not_used)
}

/// The decision that stands on each criterion of each allele, of all decisions, newest first.
pub(crate) fn standing(decisions: &[CriterionDecision]) -> Vec<&CriterionDecision> {
    let mut kept: Vec<&CriterionDecision> = Vec::new();
    for one in decisions.iter().filter(|one| one.withdrawn.is_none()) {
        let same =
            |other: &&CriterionDecision| other.key == one.key && other.code == one.code && other.build == one.build;
        if !kept.iter().any(same) {
            kept.push(one);
        }
    }
    kept
}

fn on<'a>(people: &'a mut Vec<OnVariant>, key: &VariantKey) -> &'a mut OnVariant {
    let place = people.iter().position(|one| one.key == *key).unwrap_or_else(|| {
        people.push(OnVariant {
            key: key.clone(),
            evidence: Vec::new(),
            decisions: Vec::new(),
        });
        people.len() - 1
    });
    &mut people[place]
}
