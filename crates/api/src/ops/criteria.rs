//! Decisions of people on single criteria, and the evidence that they enter.

use std::sync::Arc;

use clinotype_case::{
    criterion::{Criterion, Strength},
    entered::{Decision, Entry, OnVariant, Seen, Setting},
    finding::{Finding, Interpretation},
};
use clinotype_genome::VariantKey;
use clinotype_store::{NewCriterionDecision, NewEvidence};
use uuid::Uuid;

use super::{
    decisions::{self, REASON},
    variants::{ordinal, view},
};
use crate::{
    app::{App, Session},
    errors,
    record::{self, Results},
    types::*,
};

/// Longest text of a piece of evidence.
const TEXT: usize = 1_000;

/// A variant of the newest run that has criteria, with everything that is decided and entered on it.
struct Held {
    case: Uuid,
    ordinal: u32,
    results: Arc<Results>,
    /// With what stands now.
    now: Interpretation,
    key: VariantKey,
    people: Vec<OnVariant>,
}

impl Held {
    fn of(app: &App, session: &Session, case: &str, variant: u64) -> Result<Self, ApiError> {
        let (case, store) = (errors::id(case, "case")?, &session.store);
        let results = record::needed(app, store, case)?;
        let ordinal = ordinal(variant)?;
        let key = store.variant(results.run.id, ordinal)?.row.key;
        let people = record::people(store, case, &results.interpretation)?;
        let now = results.judged(app, session, &people)?;
        if !now.variants().any(|finding| finding.variant.key == key) {
            return Err(errors::wrong_state(
                "the rules did not classify this variant, so it has no criteria",
                "order its gene and run the case again",
            ));
        }
        Ok(Self {
            case,
            ordinal,
            results,
            now,
            key,
            people,
        })
    }

    fn finding(&self) -> Result<&Finding, ApiError> {
        held(&self.now, &self.key)
    }

    /// What is said of this variant, to be changed.
    fn on(&mut self) -> &mut OnVariant {
        let place = self.people.iter().position(|one| one.key == self.key);
        let place = place.unwrap_or_else(|| {
            self.people.push(OnVariant {
                key: self.key.clone(),
                evidence: Vec::new(),
                decisions: Vec::new(),
            });
            self.people.len() - 1
        });
        &mut self.people[place]
    }

    /// Refuses what contradicts itself.
    fn is_consistent(&self, field: &str, on: &OnVariant) -> Result<(), ApiError> {
        let found = clinotype_jobs::contradictions(on, self.finding()?, self.now.variants());
        match found.into_iter().next() {
            None => Ok(()),
            Some(what) => Err(errors::invalid(
                field,
                format!("this contradicts what is entered already: {what}; withdraw one of the two first"),
            )),
        }
    }

    fn shown(&self, app: &Arc<App>, session: &Session) -> Result<VariantView, ApiError> {
        decisions::changed(app, session, &session.act(app), self.case, &self.results)?;
        view(app, session, &self.results, self.ordinal)
    }
}

fn held<'a>(made: &'a Interpretation, key: &VariantKey) -> Result<&'a Finding, ApiError> {
    made.variants()
        .find(|finding| finding.variant.key == *key)
        .ok_or_else(|| errors::not_found("variant"))
}

pub(crate) fn strength(step: StrengthStep) -> Strength {
    match step {
        StrengthStep::Supporting => Strength::Supporting,
        StrengthStep::Moderate => Strength::Moderate,
        StrengthStep::Strong => Strength::Strong,
        StrengthStep::VeryStrong => Strength::VeryStrong,
        StrengthStep::StandAlone => Strength::StandAlone,
    }
}

pub(crate) fn step(strength: Strength) -> StrengthStep {
    match strength {
        Strength::Supporting => StrengthStep::Supporting,
        Strength::Moderate => StrengthStep::Moderate,
        Strength::Strong => StrengthStep::Strong,
        Strength::VeryStrong => StrengthStep::VeryStrong,
        Strength::StandAlone => StrengthStep::StandAlone,
    }
}

fn setting(input: &SetCriterionInput) -> Result<Setting, ApiError> {
    match (input.setting, input.strength) {
        (CriterionSetting::Met, Some(step)) => Ok(Setting::Met(strength(step))),
        (CriterionSetting::Met, None) => Err(errors::invalid("strength", "choose the strength at which it is met")),
        (CriterionSetting::NotMet, None) => Ok(Setting::NotMet),
        (CriterionSetting::NotApplicable, None) => Ok(Setting::NotApplicable),
        (_, Some(_)) => Err(errors::invalid(
            "strength",
            "only a criterion that is met has a strength",
        )),
    }
}

/// The person's reason; where there is none and the setting is what the evidence proposes, the proposal's sentence.
fn reason(given: &str, setting: Setting, row: &Criterion) -> Result<String, ApiError> {
    let given = given.trim();
    if given.len() > REASON {
        return Err(errors::invalid(
            "reason",
            format!("a reason has at most {REASON} characters"),
        ));
    }
    if !given.is_empty() {
        return Ok(given.to_owned());
    }
    row.proposal
        .as_ref()
        .filter(|proposal| proposal.strength.is_some() && proposal.strength == setting.strength())
        .map(|proposal| proposal.sentence.clone())
        .ok_or_else(|| {
            errors::invalid(
                "reason",
                "give the reason: a criterion is set by a person only with one",
            )
        })
}

pub(crate) fn set(app: &Arc<App>, session: &Session, input: SetCriterionInput) -> Result<VariantView, ApiError> {
    let mut held = Held::of(app, session, &input.case, input.variant)?;
    let code = clinotype_jobs::criterion_code(&input.code)
        .ok_or_else(|| errors::invalid("code", "choose a criterion of the list"))?;
    let setting = setting(&input)?;
    let finding = held.finding()?;
    let gene = finding.shown.symbol.clone();
    let row = finding
        .criteria
        .iter()
        .find(|row| row.code == code)
        .ok_or_else(|| errors::not_found("criterion"))?;
    let why = reason(&input.reason, setting, row)?;
    let automatic = row.decided.as_ref().map_or_else(|| row.said(), |d| d.automatic.clone());
    let seen = Seen {
        state: automatic.state,
        strength: automatic.strength,
    };
    let decision = Decision {
        code,
        setting,
        reason: why.clone(),
        by: session.actor.name.clone(),
        role: None,
        at: None,
        seen: Some(seen),
    };
    if let Some(what) = decision.fault() {
        return Err(errors::invalid("setting", format!("a decision that {what}")));
    }
    let on = held.on();
    on.decisions.retain(|other| other.code != code);
    on.decisions.push(decision);
    let decided = OnVariant {
        evidence: Vec::new(),
        ..on.clone()
    };
    held.is_consistent("setting", &decided)?;
    let then = held.results.judged(app, session, &held.people)?;
    let made = &self::held(&then, &held.key)?.classification;
    session.store.decide_criterion(
        &session.act(app),
        &NewCriterionDecision {
            case: held.case,
            run: held.results.run.id,
            build: held.results.interpretation.build,
            key: held.key.clone(),
            gene,
            code,
            setting,
            seen,
            reason: why,
            made: (made.class, made.points),
        },
    )?;
    held.shown(app, session)
}

pub(crate) fn withdraw(
    app: &Arc<App>,
    session: &Session,
    input: WithdrawCriterionInput,
) -> Result<VariantView, ApiError> {
    let held = Held::of(app, session, &input.case, input.variant)?;
    let id = errors::id(&input.decision, "decision")?;
    let store = &session.store;
    let all = store.criterion_decisions(held.case)?;
    let found = all.iter().find(|one| one.id == id && one.key == held.key);
    let found = found.ok_or_else(|| errors::not_found("decision"))?;
    if found.withdrawn.is_some() {
        return Err(errors::wrong_state(
            "this decision is not in effect any more",
            "look at the variant again",
        ));
    }
    let rest: Vec<_> = all.iter().filter(|one| one.id != id).cloned().collect();
    let people = record::people_of(&rest, &store.evidence(held.case)?, &held.results.interpretation);
    let then = held.results.judged(app, session, &people)?;
    let made = &self::held(&then, &held.key)?.classification;
    store.withdraw_criterion(
        &session.act(app),
        id,
        "withdrawn",
        held.results.run.id,
        Some((made.class, made.points)),
    )?;
    held.shown(app, session)
}

/// The entry as the laboratory's words have it: both have one JSON form.
fn entry(given: &EvidenceEntry) -> Result<Entry, ApiError> {
    let wrong = |what: &str| errors::invalid("entry", format!("evidence that {what}"));
    let value = serde_json::to_value(given).map_err(|_| wrong("cannot be read"))?;
    let texts = value.as_object().into_iter().flat_map(|fields| fields.values());
    if texts
        .filter_map(serde_json::Value::as_str)
        .any(|text| text.len() > TEXT)
    {
        return Err(wrong(&format!("holds a text of more than {TEXT} characters")));
    }
    let entry: Entry = serde_json::from_value(value).map_err(|_| wrong("cannot be read"))?;
    match entry.fault() {
        Some(what) => Err(wrong(what)),
        None => Ok(entry),
    }
}

pub(crate) fn enter(app: &Arc<App>, session: &Session, input: EnterEvidenceInput) -> Result<VariantView, ApiError> {
    let mut held = Held::of(app, session, &input.case, input.variant)?;
    let entry = entry(&input.entry)?;
    let on = held.on();
    on.evidence.push(entry.clone());
    let entered = OnVariant {
        decisions: Vec::new(),
        ..on.clone()
    };
    held.is_consistent("entry", &entered)?;
    let gene = held.finding()?.shown.symbol.clone();
    session.store.enter_evidence(
        &session.act(app),
        &NewEvidence {
            case: held.case,
            build: held.results.interpretation.build,
            key: held.key.clone(),
            gene,
            entry,
        },
    )?;
    held.shown(app, session)
}

pub(crate) fn withdraw_evidence(
    app: &Arc<App>,
    session: &Session,
    input: WithdrawEvidenceInput,
) -> Result<VariantView, ApiError> {
    let held = Held::of(app, session, &input.case, input.variant)?;
    let id = errors::id(&input.evidence, "evidence")?;
    let store = &session.store;
    let all = store.evidence(held.case)?;
    let found = all.iter().find(|one| one.id == id && one.key == held.key);
    if found.ok_or_else(|| errors::not_found("evidence"))?.withdrawn.is_some() {
        return Err(errors::wrong_state(
            "this evidence was withdrawn already",
            "look at the variant again",
        ));
    }
    store.withdraw_evidence(&session.act(app), id, "withdrawn")?;
    held.shown(app, session)
}
