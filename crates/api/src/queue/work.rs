//! One run: engine, results into the store, end. Everything it writes lies in its own folder under its own seal.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use clinotype_case::Sex;
use clinotype_genome::{Build, seal};
use clinotype_jobs::{
    Machine,
    run::{self, Input, OrderSource, RunOptions},
};
use clinotype_store::{Act, Run, RunEnd, RunState, Store};
use uuid::Uuid;

use super::{Live, Request};
use crate::{
    app::Clock,
    errors, further,
    record::{self, Made, RunRecord},
    releases,
    types::{ApiError, ErrorCode},
};

/// A run that has begun.
pub(super) struct Job {
    store: Arc<Store>,
    run: Run,
    request: Request,
    pub(super) live: Arc<Live>,
    kept: Arc<Mutex<RunRecord>>,
    clock: Clock,
    data: PathBuf,
}

/// Begins a run that still waits. One that cannot be begun leaves the queue, and says why.
pub(super) fn begin(store: &Arc<Store>, id: Uuid, clock: &Clock, data: &Path) -> Option<Job> {
    let run = store.run(id).ok().filter(|run| run.state == RunState::Queued)?;
    let request = match Request::read(&run.options) {
        Ok(request) => request,
        Err(error) => {
            fail_unread(store, &run, clock, &error);
            return None;
        }
    };
    let record = RunRecord {
        error: None,
        ..RunRecord::of(run.summary.as_ref())
    };
    let from_vcf = matches!(request.input(), Ok(Input::Vcf(_)));
    let earlier = record.stages.clone();
    let kept = Arc::new(Mutex::new(record));
    let live = {
        let (store, kept) = (Arc::clone(store), Arc::clone(&kept));
        Live::new(
            id,
            from_vcf,
            &earlier,
            Box::new(move |stages, notes| {
                keep(&store, id, &kept, |record| {
                    record.stages = stages.to_vec();
                    record.notes = notes.to_vec();
                });
            }),
        )
    };
    let job = Job {
        store: Arc::clone(store),
        run,
        request,
        live: Arc::new(live),
        kept,
        clock: Arc::clone(clock),
        data: data.to_owned(),
    };
    match job.act().and_then(|act| Ok(job.store.start_run(&act, id)?)) {
        Ok(_) => Some(job),
        Err(error) => {
            fail_unread(store, &job.run, clock, &error);
            None
        }
    }
}

/// Progress is a help for the eye: a store that cannot keep it now will say so where it matters.
fn keep(store: &Store, run: Uuid, kept: &Mutex<RunRecord>, change: impl FnOnce(&mut RunRecord)) {
    let mut record = kept.lock().unwrap_or_else(PoisonError::into_inner);
    change(&mut record);
    let _ = store.set_run_summary(run, &record.value());
}

/// Ends a run that cannot even be begun.
fn fail_unread(store: &Store, run: &Run, clock: &Clock, error: &ApiError) {
    let record = RunRecord {
        error: Some(error.clone()),
        ..RunRecord::of(run.summary.as_ref())
    };
    let _ = store.set_run_summary(run.id, &record.value());
    let actor = clinotype_store::Actor {
        user_id: "clinotype".to_owned(),
        name: "Clinotype".to_owned(),
        role: clinotype_store::Role::Technician,
    };
    // A run that never began cannot have failed; it leaves the queue, and its record says why.
    let _ = store.end_run(&Act::new(&actor, clock()), run.id, RunEnd::Cancelled);
}

impl Job {
    fn act(&self) -> Result<Act, ApiError> {
        self.request.by.act((self.clock)())
    }

    /// Works until the run has ended, and writes down how.
    pub(super) fn work(self) {
        let result = catch_unwind(AssertUnwindSafe(|| self.perform())).unwrap_or_else(|_| {
            // The words of a panic may hold anything, also a patient's data.
            Err(errors::internal("a step of the run broke off"))
        });
        let end = match result {
            Ok(()) => RunEnd::Done,
            Err(_) if self.live.is_interrupted() => {
                // It stays `running`: whoever opens the store next finds it interrupted.
                self.live.fail(true);
                return;
            }
            Err(error) if error.code == ErrorCode::Cancelled => {
                self.live.fail(true);
                RunEnd::Cancelled
            }
            Err(error) => {
                self.live.fail(false);
                let end = RunEnd::Failed {
                    error: error.message.clone(),
                    hint: error.hint.clone(),
                };
                keep(&self.store, self.run.id, &self.kept, |record| {
                    record.error = Some(error);
                });
                end
            }
        };
        let is_done = matches!(end, RunEnd::Done);
        if let Ok(act) = self.act()
            && self.store.end_run(&act, self.run.id, end).is_ok()
            && is_done
        {
            // What is left is spills and checkpoints; opening the store sweeps them where this fails.
            let _ = self.store.clear_run_work(&act, self.run.id);
        }
    }

    fn perform(&self) -> Result<(), ApiError> {
        let folder = self.store.run_folder(self.run.id)?;
        let _sealed = seal::seal_folder(&folder, self.store.run_seal(self.run.id)?)?;
        let made = match Made::read(&folder)? {
            Some(made) => {
                self.live.resume_engine();
                made
            }
            None => self.engine(folder.clone())?,
        };
        self.live.begin_store();
        let act = || self.act();
        let summary = record::take(&record::Taking {
            store: &self.store,
            act: &act,
            run: &self.run,
            folder: &folder,
            made: &made,
            watch: &*self.live,
        })?;
        keep(&self.store, self.run.id, &self.kept, |record| {
            record.outcome = Some(summary.outcome);
            record.quality = Some(summary.quality);
            record.build = Some(summary.build);
            record.order_version = made.order_version;
            record.reports.extend(summary.drafted);
        });
        self.live.end_store();
        Ok(())
    }

    fn engine(&self, folder: PathBuf) -> Result<Made, ApiError> {
        let Request { plan, set, notices, .. } = &self.request;
        releases::check_pins(&self.data, &self.request.pins)?;
        let case = self.store.peek_case(self.run.case)?;
        let build = set
            .build
            .as_deref()
            .map(str::parse::<Build>)
            .transpose()
            .map_err(|_| errors::invalid("build", "the reference set asserts a build that is unknown"))?;
        let memory = self.request.memory_mb.map(|mb| u64::from(mb) << 20);
        let machine = Machine::new(self.request.threads as usize, memory)?;
        let path = |text: &Option<String>| text.as_ref().map(PathBuf::from);
        let options = RunOptions {
            sample: case.sample.clone(),
            input_sample: plan.input_sample.clone(),
            input: self.request.input()?,
            libraries: plan.libraries.clone(),
            cram: false,
            reference: PathBuf::from(&set.reference),
            transcripts: PathBuf::from(&set.transcripts),
            clinvar: path(&set.clinvar),
            frequencies: path(&set.frequencies),
            targets: path(&set.targets),
            thresholds: path(&set.thresholds),
            order: case.order.clone().map(|order| OrderSource::Given(Box::new(order))),
            sex: (case.sex != Sex::Unknown).then_some(case.sex),
            build,
            out: folder.clone(),
            stem: Some(record::STEM.to_owned()),
            notices: notices.clone(),
            // A waiver is given by a person who has seen the check, not asked for before.
            waivers: Vec::new(),
            beside: further::beside(&plan.further),
            pgx: further::pharmacogenes(plan),
            rules: run::RulesOptions {
                settings: clinotype_jobs::Settings {
                    missense_tool: set
                        .missense_tool
                        .as_deref()
                        .map(clinotype_jobs::missense_tool)
                        .transpose()?,
                    ..clinotype_jobs::Settings::default()
                },
                comparators: path(&set.comparators),
                scores: set.scores.iter().map(PathBuf::from).collect(),
                evidence: path(&plan.further.evidence),
                family: further::family_of(&plan.further),
            },
        };
        let outcome = run::run(&options, &machine, &*self.live, &*self.clock)?;
        let made = Made {
            order_version: case.order_version,
            report: outcome.report,
        };
        made.write(&folder)?;
        Ok(made)
    }
}
