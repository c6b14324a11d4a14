//! Decisions of people on proposed classes, and their withdrawal.

use std::sync::Arc;

use clinotype_case::criterion::Class;
use clinotype_store::{Act, CaseState, NewAssertion};
use uuid::Uuid;

use super::variants::{ordinal, view};
use crate::{
    app::{App, Session},
    errors,
    record::{self, Results},
    types::*,
};

/// Longest reason.
pub(crate) const REASON: usize = 4_000;

fn class(step: ClassStep) -> Result<Class, ApiError> {
    match step {
        ClassStep::NotClassified => Err(errors::invalid("class", "choose one of the five classes")),
        ClassStep::Benign => Ok(Class::Benign),
        ClassStep::LikelyBenign => Ok(Class::LikelyBenign),
        ClassStep::Uncertain => Ok(Class::Uncertain),
        ClassStep::LikelyPathogenic => Ok(Class::LikelyPathogenic),
        ClassStep::Pathogenic => Ok(Class::Pathogenic),
    }
}

pub(crate) fn decide(app: &Arc<App>, session: &Session, input: DecideInput) -> Result<VariantView, ApiError> {
    let (case, store) = (errors::id(&input.case, "case")?, &session.store);
    let class = class(input.class)?;
    let reason = input.reason.trim();
    if reason.len() > REASON {
        return Err(errors::invalid(
            "reason",
            format!("a reason has at most {REASON} characters"),
        ));
    }
    let results = record::needed(app, store, case)?;
    let ordinal = ordinal(input.variant)?;
    let variant = store.variant(results.run.id, ordinal)?;
    let people = record::people(store, case, &results.interpretation)?;
    let judged = results.judged(app, session, &people)?;
    let Some(finding) = judged.variants().find(|one| one.variant.key == variant.row.key) else {
        return Err(errors::wrong_state(
            "the rules did not classify this variant, so there is no proposal to decide on",
            "order its gene and run the case again",
        ));
    };
    if reason.is_empty() && class != finding.classification.class {
        return Err(errors::invalid(
            "reason",
            "give the reason: the class differs from the one that the criteria give",
        ));
    }
    let act = session.act(app);
    store.assert_class(
        &act,
        &NewAssertion {
            case,
            run: results.run.id,
            variant: ordinal,
            class,
            reason: reason.to_owned(),
        },
    )?;
    changed(app, session, &act, case, &results)?;
    view(app, session, &results, ordinal)
}

pub(crate) fn withdraw(app: &Arc<App>, session: &Session, input: WithdrawInput) -> Result<VariantView, ApiError> {
    let (case, store) = (errors::id(&input.case, "case")?, &session.store);
    let id = errors::id(&input.decision, "decision")?;
    let results = record::needed(app, store, case)?;
    let found = store.assertions(case)?.into_iter().find(|a| a.id == id);
    let assertion = found.ok_or_else(|| errors::not_found("decision"))?;
    if assertion.withdrawn.is_some() || assertion.run != results.run.id {
        return Err(errors::wrong_state(
            "this decision is not in effect any more",
            "look at the variant again",
        ));
    }
    let act = session.act(app);
    store.withdraw_assertion(&act, id, "withdrawn")?;
    changed(app, session, &act, case, &results)?;
    view(app, session, &results, assertion.variant)
}

/// A decision changes what the case concludes: its state and the words of the worklist follow.
pub(crate) fn changed(
    app: &Arc<App>,
    session: &Session,
    act: &Act,
    case: Uuid,
    results: &Results,
) -> Result<(), ApiError> {
    let store = &session.store;
    let kept = store.peek_case(case)?;
    if matches!(kept.state, CaseState::Called | CaseState::ReportDrafted) {
        store.set_case_state(act, case, CaseState::Review)?;
    }
    let orders = results.orders(app, session, &kept)?;
    let interpretation = results.reviewed(store, orders.interpreted.as_ref())?;
    let outcome = interpretation.conclusion.outcome.word().to_owned();
    record::change(store, results.run.id, |record| record.outcome = Some(outcome))?;
    app.files.forget_results(results.run.id);
    Ok(())
}
