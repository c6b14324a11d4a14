//! What people decided on criteria and entered on a variant, for the window.

use clinotype_case::{
    criterion::{Criterion, State, said},
    entered::Entry,
    finding::Interpretation,
};
use clinotype_genome::VariantKey;
use clinotype_store::{CaseEvidence, CriterionDecision, Store, Withdrawal};
use serde::Deserialize as _;
use uuid::Uuid;

use crate::{
    ops::{criteria::step, session::role},
    record, times,
    types::*,
};

/// Everything that was said of a case's variants, newest first.
pub(super) struct Said {
    pub(super) decisions: Vec<CriterionDecision>,
    pub(super) evidence: Vec<CaseEvidence>,
}

impl Said {
    pub(super) fn of(store: &Store, case: Uuid) -> Result<Self, ApiError> {
        Ok(Self {
            decisions: store.criterion_decisions(case)?,
            evidence: store.evidence(case)?,
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.decisions.is_empty() && self.evidence.is_empty()
    }

    /// The decision that stands on a criterion, where one does.
    pub(super) fn decision(&self, row: &Criterion, key: &VariantKey) -> Option<CriterionDecisionView> {
        let decided = row.decided.as_ref()?;
        let changed = decided.has_changed() == Some(true);
        let one = self.standing(row, key)?;
        Some(CriterionDecisionView {
            id: one.id.to_string(),
            by: one.name.clone(),
            role: role(one.role),
            at: times::text(one.at),
            reason: one.reason.clone(),
            rules_then: changed.then(|| said(row.code, one.seen.state, one.seen.strength)),
        })
    }

    fn standing(&self, row: &Criterion, key: &VariantKey) -> Option<&CriterionDecision> {
        record::standing(&self.decisions)
            .into_iter()
            .find(|one| one.key == *key && one.code == row.code)
    }

    /// The decision of the run's evidence file that stands on a criterion, where one does.
    pub(super) fn of_file(&self, row: &Criterion, key: &VariantKey) -> Option<FileDecisionView> {
        let decided = row.decided.as_ref()?;
        if self.standing(row, key).is_some() {
            return None;
        }
        let decision = &decided.decision;
        Some(FileDecisionView {
            by: match &decision.role {
                Some(role) => format!("{}, {role}", decision.by),
                None => decision.by.clone(),
            },
            at: decision.at.map(times::text),
            reason: decision.reason.clone(),
        })
    }

    /// Decisions on the variant's criteria that do not stand any more.
    pub(super) fn former(&self, key: &VariantKey) -> Vec<FormerCriterionView> {
        let standing = record::standing(&self.decisions);
        self.decisions
            .iter()
            .filter(|one| one.key == *key && !standing.iter().any(|other| other.id == one.id))
            .map(|one| FormerCriterionView {
                id: one.id.to_string(),
                words: format!(
                    "{} {}",
                    one.code,
                    said(one.code, one.setting.state(), one.setting.strength())
                ),
                reason: one.reason.clone(),
                by: one.name.clone(),
                role: role(one.role),
                at: times::text(one.at),
                withdrawn: one.withdrawn.as_ref().map(withdrawn),
            })
            .collect()
    }

    pub(super) fn evidence(&self, key: &VariantKey) -> Vec<EvidenceView> {
        self.evidence
            .iter()
            .filter(|one| one.key == *key)
            .map(|one| EvidenceView {
                id: one.id.to_string(),
                kind: one.entry.kind().to_owned(),
                source: one.entry.source().to_owned(),
                facts: facts(&one.entry),
                by: one.name.clone(),
                role: role(one.role),
                at: times::text(one.at),
                withdrawn: one.withdrawn.as_ref().map(withdrawn),
            })
            .collect()
    }
}

/// What the run's files say of a variant: its evidence file, and the genotypes of the family.
pub(super) fn of_files(interpretation: &Interpretation, key: &VariantKey) -> Vec<FileEvidenceView> {
    record::of_files(interpretation)
        .iter()
        .filter(|one| one.key == *key)
        .flat_map(|one| &one.evidence)
        .map(|entry| FileEvidenceView {
            kind: entry.kind().to_owned(),
            source: entry.source().to_owned(),
            facts: facts(entry),
        })
        .collect()
}

fn withdrawn(by: &Withdrawal) -> String {
    format!("withdrawn by {}, {}", by.name, times::text(by.at))
}

/// The fields of an entry but its kind and source, in words.
fn facts(entry: &Entry) -> Vec<Compared> {
    let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(entry) else {
        return Vec::new();
    };
    fields
        .into_iter()
        .filter(|(name, _)| name != "kind" && name != "source")
        .map(|(name, value)| {
            // Names are a person's own text; the other texts are words of the schema.
            let is_own = matches!(name.as_str(), "allele" | "cause");
            let value = match value {
                serde_json::Value::String(text) if is_own => text,
                value => words(value),
            };
            Compared {
                name: name.replace('_', " "),
                value,
            }
        })
        .collect()
}

/// A value of an entry in words; an allele as it is written everywhere.
fn words(value: serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.replace('_', " "),
        serde_json::Value::Bool(true) => "yes".to_owned(),
        serde_json::Value::Bool(false) => "no".to_owned(),
        serde_json::Value::Null => "not stated".to_owned(),
        value @ serde_json::Value::Object(_) => {
            if let Ok(allele) = VariantKey::deserialize(&value) {
                return allele.to_string();
            }
            let serde_json::Value::Object(fields) = value else {
                return String::new();
            };
            let parts: Vec<String> = fields
                .into_iter()
                .map(|(name, value)| format!("{} {}", name.replace('_', " "), words(value)))
                .collect();
            parts.join(", ")
        }
        other => other.to_string(),
    }
}

pub(super) fn state(state: State) -> CriterionState {
    match state {
        State::Met => CriterionState::Met,
        State::NotMet => CriterionState::NotMet,
        State::NotApplicable => CriterionState::NotApplicable,
        State::NotEvaluated => CriterionState::NotEvaluated,
    }
}

pub(super) fn compared(values: &[(String, String)]) -> Vec<Compared> {
    let pair = |(name, value): &(String, String)| Compared {
        name: name.clone(),
        value: value.clone(),
    };
    values.iter().map(pair).collect()
}

/// What the rules say of a criterion that a person set.
pub(super) fn automatic(row: &Criterion) -> Option<AutomaticView> {
    let said = &row.decided.as_ref()?.automatic;
    let by_rules = Criterion {
        strength: said.strength,
        ..row.clone()
    };
    Some(AutomaticView {
        state: state(said.state),
        label: by_rules.label(),
        sentence: said.sentence.clone(),
    })
}

pub(super) fn proposal(row: &Criterion) -> Option<ProposalView> {
    let proposal = row.proposal.as_ref()?;
    let as_met = proposal.strength.map(|strength| Criterion {
        strength: Some(strength),
        ..row.clone()
    });
    Some(ProposalView {
        label: as_met.map(|row| row.label()),
        strength: proposal.strength.map(step),
        sentence: proposal.sentence.clone(),
        compared: compared(&proposal.compared),
        confirmed: row.decided.is_some() && proposal.strength.is_some() && row.strength == proposal.strength,
    })
}
