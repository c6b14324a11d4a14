//! Runs and the queue.

use std::sync::Arc;

use clinotype_jobs::run::Input;
use clinotype_refdata::releases::is_newer;
use clinotype_store::{NewRun, Run, RunState as Kept, Store};
use clinotype_testkit::demo;
use uuid::Uuid;

use super::settings;
use crate::{
    app::{App, Session},
    errors,
    further::{self, Whose},
    plan::Plan,
    queue::{Person, Request, Stage},
    record::RunRecord,
    releases, times,
    types::*,
};

/// Ended runs that the queue shows.
const ENDED: usize = 50;

/// Puts a run of the case into the queue.
///
/// Errors: `wrong_state` where one waits or works already; `invalid_input` where the case has no input files.
/// `pharmacogenes`: whether they are called; as the newest run that is done did, or the case asks, where it is `None`.
/// `further`: what the run uses besides; what the case remembers, where it is `None`.
pub(crate) fn enqueue(
    app: &Arc<App>,
    session: &Session,
    case: Uuid,
    with: RunWith,
    pharmacogenes: Option<bool>,
    further: Option<&FurtherInputs>,
) -> Result<RunView, ApiError> {
    let store = &session.store;
    let busy = |run: &Run| matches!(run.state, Kept::Queued | Kept::Running);
    let runs = store.runs(Some(case))?;
    if runs.iter().any(busy) {
        return Err(errors::wrong_state(
            "a run of this case waits or works already",
            "wait until it has ended, or cancel it",
        ));
    }
    let kept = store.peek_case(case)?;
    let mut plan = Plan::of(&kept)?;
    plan.pharmacogenes = pharmacogenes.unwrap_or_else(|| calls_pharmacogenes(&runs, &plan));
    let data = &app.config().data;
    let set = match (with, before(&runs, &plan)?) {
        // The very files of then, also where the set was changed since.
        (RunWith::Same, Some(before)) => {
            releases::check_pins(data, &before.pins)?;
            before.set
        }
        (RunWith::Same, None) => settings::find_set(store, &plan.reference_set)?,
        (RunWith::Newest, _) => releases::with_newest(data, settings::find_set(store, &plan.reference_set)?)?,
    };
    if let Some(further) = further {
        plan.further = further::tidied(further);
    }
    further::check(
        &plan,
        &Whose {
            sample: &kept.sample,
            order: kept.order.as_ref(),
            build: set.build.as_deref().and_then(|build| build.parse().ok()),
        },
    )?;
    let pins = releases::pins(data, &set)?;
    let (threads, memory_mb) = settings::machine(app, store)?;
    let act = session.act(app);
    let remembered = Plan::of(&kept)?;
    if remembered.further != plan.further {
        let changed = Plan {
            further: plan.further.clone(),
            ..remembered
        };
        store.set_notes(&act, case, &changed.text()?)?;
    }
    let request = Request {
        by: Person::of(&act),
        plan,
        notices: if set.synthetic {
            vec![demo::NOTICE.to_owned()]
        } else {
            Vec::new()
        },
        set,
        pins,
        threads,
        memory_mb,
    };
    request.input()?;
    let options = serde_json::to_value(&request).map_err(|_| errors::internal("a run cannot be written down"))?;
    let run = store.queue_run(&act, &NewRun { case, options })?;
    app.queue.wake(app, store)?;
    Ok(view(app, &store.run(run.id)?))
}

/// Whether the next run calls the pharmacogenes: as the newest run that is done did, or as the case asks.
pub(crate) fn calls_pharmacogenes(runs: &[Run], plan: &Plan) -> bool {
    let newest = runs.iter().find(|run| run.state == Kept::Done);
    let newest = newest.and_then(|run| Request::read(&run.options).ok());
    newest.map_or(plan.pharmacogenes, |request| request.plan.pharmacogenes)
}

/// What the newest run that is done was asked to do, where it used the reference set that the case still names.
fn before(runs: &[Run], plan: &Plan) -> Result<Option<Request>, ApiError> {
    let done = runs.iter().find(|run| run.state == Kept::Done);
    let request = done.map(|run| Request::read(&run.options)).transpose()?;
    Ok(request.filter(|r| r.plan.reference_set == plan.reference_set))
}

/// Sources of which a newer release is installed than the newest run that is done used. A data folder that cannot be read
/// hides nothing of the case: it is told where releases are shown.
pub(crate) fn newer(app: &App, runs: &[Run]) -> Vec<NewerRelease> {
    let done = runs.iter().find(|run| run.state == Kept::Done);
    let pins = done.and_then(|run| Request::read(&run.options).ok()).map(|r| r.pins);
    let installed = releases::newest_installed(&app.config().data).unwrap_or_default();
    pins.unwrap_or_default()
        .into_iter()
        .filter_map(|pin| {
            let newest = &installed.get(&pin.id)?.release;
            is_newer(newest, &pin.release).then(|| NewerRelease {
                source: pin.id,
                used: pin.release,
                newest: newest.clone(),
            })
        })
        .collect()
}

fn state(state: Kept) -> RunState {
    match state {
        Kept::Queued => RunState::Queued,
        Kept::Running => RunState::Running,
        Kept::Done => RunState::Done,
        Kept::Failed => RunState::Failed,
        Kept::Cancelled => RunState::Cancelled,
        Kept::Interrupted => RunState::Interrupted,
    }
}

/// A run for the window.
fn view(app: &App, run: &Run) -> RunView {
    let record = RunRecord::of(run.summary.as_ref());
    let mut stages = record.stages.clone();
    if stages.is_empty() {
        let from_vcf = Request::read(&run.options)
            .and_then(|request| request.input())
            .is_ok_and(|i| matches!(i, Input::Vcf(_)));
        stages = Stage::all(from_vcf);
    }
    for stage in &mut stages {
        // Left so by a program that was killed in the middle of it.
        if stage.state == StageState::Working && run.state != Kept::Running {
            stage.state = StageState::Waiting;
        }
    }
    let (stages, notes) = match app.queue.stages(run.id) {
        Some(live) => live,
        None => (stages.iter().map(Stage::view).collect(), record.notes.clone()),
    };
    let seconds: Vec<f64> = stages.iter().filter_map(|s| s.seconds).collect();
    let ended_early = matches!(run.state, Kept::Failed | Kept::Cancelled);
    let stored = || {
        Some(ApiError {
            code: ErrorCode::Internal,
            message: run.error.clone()?,
            place: None,
            hint: run.hint.clone(),
        })
    };
    let error = record.error.clone().or_else(stored).filter(|_| ended_early);
    RunView {
        id: run.id.to_string(),
        case: run.case.to_string(),
        sample: run.sample.to_string(),
        state: state(run.state),
        place: run.queue_position,
        stages,
        notes,
        error,
        asked: times::text(run.queued_at),
        started: run.started_at.map(times::text),
        ended: run.ended_at.map(times::text),
        seconds: (!seconds.is_empty()).then(|| seconds.iter().sum()),
    }
}

/// The runs of a case, newest first.
pub(crate) fn runs_of(app: &App, store: &Store, case: Uuid) -> Result<Vec<RunView>, ApiError> {
    Ok(store.runs(Some(case))?.iter().map(|run| view(app, run)).collect())
}

pub(crate) fn queue(app: &Arc<App>, session: &Session, _: Nothing) -> Result<QueueView, ApiError> {
    let mut runs = session.store.runs(None)?;
    // Running, then waiting in their order; the sort is stable, so ended ones stay newest first.
    runs.sort_by_key(|run| match run.state {
        Kept::Running => (0, 0),
        Kept::Queued => (1, run.queue_position.unwrap_or(u32::MAX)),
        _ => (2, 0),
    });
    let ended = |run: &Run| !matches!(run.state, Kept::Running | Kept::Queued);
    let first_ended = runs.iter().position(ended).unwrap_or(runs.len());
    runs.truncate(first_ended + ENDED);
    let runs = runs.iter().map(|run| view(app, run)).collect();
    Ok(QueueView { runs })
}

pub(crate) fn start_run(app: &Arc<App>, session: &Session, input: StartInput) -> Result<RunView, ApiError> {
    enqueue(
        app,
        session,
        errors::id(&input.case, "case")?,
        input.with,
        input.pharmacogenes,
        input.further.as_ref(),
    )
}

pub(crate) fn cancel_run(app: &Arc<App>, session: &Session, input: RunInput) -> Result<RunView, ApiError> {
    let run = errors::id(&input.run, "run")?;
    app.queue.cancel(&session.store, &session.act(app), run)?;
    Ok(view(app, &session.store.run(run)?))
}

pub(crate) fn resume_run(app: &Arc<App>, session: &Session, input: RunInput) -> Result<RunView, ApiError> {
    let (id, store) = (errors::id(&input.run, "run")?, &session.store);
    let run = store.run(id)?;
    match run.state {
        Kept::Interrupted | Kept::Failed | Kept::Cancelled => {}
        Kept::Queued | Kept::Running => return Err(errors::wrong_state("this run waits or works already", "")),
        Kept::Done => {
            return Err(errors::wrong_state(
                "this run has ended well",
                "start a new run of the case",
            ));
        }
    }
    let newest = store.runs(Some(run.case))?.first().map(|newest| newest.id);
    if newest != Some(id) {
        return Err(errors::wrong_state(
            "a newer run of this case was asked for after this one",
            "resume the newest run, or start a new one",
        ));
    }
    store.requeue_run(&session.act(app), id)?;
    app.queue.wake(app, store)?;
    Ok(view(app, &store.run(id)?))
}

pub(crate) fn move_run(app: &Arc<App>, session: &Session, input: MoveInput) -> Result<QueueView, ApiError> {
    let run = errors::id(&input.run, "run")?;
    if input.place == 0 {
        return Err(errors::invalid("place", "places are counted from 1"));
    }
    session.store.move_in_queue(&session.act(app), run, input.place)?;
    queue(app, session, Nothing {})
}
