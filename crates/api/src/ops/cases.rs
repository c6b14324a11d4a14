//! The worklist, the head of a case, and its history.

use std::sync::Arc;

use clinotype_store::{AuditQuery, CaseQuery, CaseSort as SortBy, CaseState as Stored, RunState as RunStored};

use super::{runs, settings};
use crate::{
    app::{App, Session},
    errors,
    forms::form_of,
    plan::Plan,
    record::{self, RunRecord},
    times,
    types::*,
};

/// Longest window of the worklist.
const MOST_ROWS: u32 = 500;
/// Entries of the trail read at a time, and the most that a history shows.
const ENTRIES: u32 = 1000;
const MOST_ENTRIES: usize = 20_000;

/// Where a case stands, from its own state and that of its latest run.
pub(crate) fn state_of(case: Stored, latest_run: Option<RunStored>) -> CaseState {
    use RunStored as R;
    match (case, latest_run) {
        (_, Some(R::Queued)) => CaseState::Queued,
        (_, Some(R::Running)) => CaseState::Running,
        (Stored::ReportDrafted, _) => CaseState::Drafted,
        (Stored::Review, _) => CaseState::InReview,
        (Stored::Called, _) => CaseState::Called,
        // A run is at work by its own word alone; one that is gone left the case behind.
        (Stored::Failed | Stored::Running, _) | (_, Some(R::Failed | R::Cancelled | R::Interrupted)) => {
            CaseState::Stopped
        }
        (Stored::Ordered | Stored::Received, _) => CaseState::Received,
    }
}

/// Every pair of states that the store may hold.
fn pairs() -> impl Iterator<Item = (Stored, Option<RunStored>)> {
    let of_runs = || std::iter::once(None).chain(RunStored::ALL.iter().copied().map(Some));
    Stored::ALL
        .iter()
        .flat_map(move |case| of_runs().map(move |run| (*case, run)))
}

pub(crate) fn cases(app: &Arc<App>, session: &Session, input: CasesInput) -> Result<CasesOutput, ApiError> {
    let search = input.search.trim();
    let page = session.store.cases(
        &session.act(app),
        &CaseQuery {
            search: (!search.is_empty()).then(|| search.to_owned()),
            pairs: pairs()
                .filter(|(case, run)| !input.states.is_empty() && input.states.contains(&state_of(*case, *run)))
                .collect(),
            sort: match input.sort {
                CaseSort::Changed => SortBy::Changed,
                CaseSort::Sample => SortBy::Sample,
                CaseSort::Patient => SortBy::Patient,
                CaseSort::State => SortBy::State,
                CaseSort::Received => SortBy::Created,
            },
            descending: input.descending,
            offset: u64::from(input.offset),
            limit: input.limit.clamp(1, MOST_ROWS),
            ..CaseQuery::default()
        },
    )?;
    let mut states: Vec<StateCount> = Vec::new();
    for (case, run, count) in page.by_pair {
        let (state, count) = (state_of(case, run), count as u32);
        match states.iter_mut().find(|s| s.state == state) {
            Some(there) => there.count += count,
            None => states.push(StateCount { state, count }),
        }
    }
    states.sort_by_key(|s| s.state as u8);
    Ok(CasesOutput {
        total: page.total as u32,
        rows: page.rows.into_iter().map(|row| self::row(app, row)).collect(),
        states,
    })
}

fn row(app: &App, row: clinotype_store::CaseRow) -> CaseRow {
    let latest = row.latest_run.as_ref();
    let state = state_of(row.state, latest.map(|run| run.state));
    // The words of the newest run that has results; a run at work has none yet.
    let done = row
        .latest_done
        .as_ref()
        .map(|run| RunRecord::of(run.summary.as_ref()))
        .unwrap_or_default();
    CaseRow {
        id: row.id.to_string(),
        sample: row.sample.to_string(),
        patient: row.patient_name,
        identifiers: row.identifiers,
        test: row.test,
        indication: row.indication,
        percent: latest
            .filter(|_| state == CaseState::Running)
            .and_then(|run| app.queue.percent(run.id)),
        state,
        outcome: done.outcome,
        quality: done.quality,
        received: times::text(row.created_at),
        changed: times::text(row.changed_at),
        synthetic: row.demo,
    }
}

pub(crate) fn case(app: &Arc<App>, session: &Session, input: CaseInput) -> Result<CaseView, ApiError> {
    let (store, act) = (&session.store, session.act(app));
    let id = errors::id(&input.case, "case")?;
    // The one audited read of this view; everything below belongs to the same look.
    let case = store.case(&act, id)?;
    let plan = Plan::of(&case)?;
    let stored_runs = store.runs(Some(id))?;
    let latest = stored_runs.first();
    let pharmacogenes = super::runs::calls_pharmacogenes(&stored_runs, &plan);
    let newest = record::newest(app, store, id)?;
    let set = settings::find_set(store, &plan.reference_set).ok();
    let mut notices = newest.as_ref().map(|results| results.notices()).unwrap_or_default();
    if case.demo && !notices.iter().any(|n| n == clinotype_testkit::demo::NOTICE) {
        notices.insert(0, clinotype_testkit::demo::NOTICE.to_owned());
    }
    let summary = newest
        .as_ref()
        .map(|results| RunRecord::of(results.run.summary.as_ref()))
        .unwrap_or_default();
    let state = state_of(case.state, latest.map(|run| run.state));
    let order = case.order.as_ref();
    Ok(CaseView {
        row: CaseRow {
            id: id.to_string(),
            sample: case.sample.to_string(),
            patient: order.map(|o| o.patient.name.family_first()),
            identifiers: order
                .map(|o| o.patient.identifiers.iter().map(|i| i.value.clone()).collect())
                .unwrap_or_default(),
            test: order.map(|o| o.order.test.clone()),
            indication: order.map(|o| o.indication.text.clone()),
            percent: latest
                .filter(|_| state == CaseState::Running)
                .and_then(|run| app.queue.percent(run.id)),
            state,
            outcome: summary.outcome,
            quality: summary.quality,
            received: times::text(case.created_at),
            changed: times::text(case.changed_at),
            synthetic: case.demo,
        },
        build: newest.as_ref().map(|results| results.build()),
        order: order.map(form_of),
        reference_set: set.as_ref().and_then(|s| s.id.clone()),
        reference_name: set.map(|s| s.name),
        inputs: plan.files,
        further: plan.further,
        pharmacogenes,
        runs: runs::runs_of(app, store, id)?,
        conclusion: record::conclusion(app, session, &case)?,
        releases: newest.as_ref().map(|results| results.releases()).unwrap_or_default(),
        newer: runs::newer(app, &stored_runs),
        done_runs: stored_runs
            .iter()
            .filter(|run| run.state == clinotype_store::RunState::Done)
            .count() as u32,
        files: store
            .files(id)?
            .into_iter()
            .filter(|file| !file.erased)
            .map(|file| StoredFile {
                id: file.id.to_string(),
                role: file.role.code().to_owned(),
                bytes: file.size,
                sha256: file.sha256,
            })
            .collect(),
        // Nothing can be signed yet.
        draft: true,
        notices,
        variants: stored_runs.iter().find_map(|run| run.variants),
        reports: store.reports(id)?.len() as u32,
    })
}

pub(crate) fn history(app: &Arc<App>, session: &Session, input: CaseInput) -> Result<HistoryOutput, ApiError> {
    let case = errors::id(&input.case, "case")?;
    session.store.peek_case(case)?;
    let act = session.act(app);
    let mut rows = Vec::new();
    loop {
        let page = session.store.audit(
            &act,
            &AuditQuery {
                case: Some(case),
                offset: rows.len() as u64,
                limit: ENTRIES,
                ..AuditQuery::default()
            },
        )?;
        let last = page.entries.len() < ENTRIES as usize;
        rows.extend(page.entries.into_iter().map(|entry| HistoryRow {
            seq: entry.seq,
            at: times::text(entry.at),
            who: format!("{} ({})", entry.actor_name, entry.role),
            action: format!("{} {}", entry.kind, entry.action),
            field: (!entry.field.is_empty()).then_some(entry.field),
            old: entry.old,
            new: entry.new,
            reason: entry.reason,
        }));
        if last || rows.len() >= MOST_ENTRIES {
            return Ok(HistoryOutput { rows });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_stands_where_its_latest_run_says() {
        use RunStored as R;
        for (case, run, state) in [
            (Stored::Ordered, None, CaseState::Received),
            (Stored::Received, None, CaseState::Received),
            (Stored::Received, Some(R::Queued), CaseState::Queued),
            (Stored::Running, Some(R::Running), CaseState::Running),
            (Stored::Failed, Some(R::Failed), CaseState::Stopped),
            (Stored::Received, Some(R::Cancelled), CaseState::Stopped),
            (Stored::Running, Some(R::Interrupted), CaseState::Stopped),
            (Stored::Called, Some(R::Done), CaseState::Called),
            (Stored::Review, Some(R::Done), CaseState::InReview),
            // A run that failed later takes nothing from the results that are there.
            (Stored::Review, Some(R::Failed), CaseState::InReview),
            (Stored::ReportDrafted, Some(R::Queued), CaseState::Queued),
            (Stored::ReportDrafted, Some(R::Done), CaseState::Drafted),
        ] {
            assert_eq!(state_of(case, run), state, "{case:?} {run:?}");
        }
    }
}
