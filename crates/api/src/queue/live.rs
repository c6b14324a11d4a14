//! The run at work: stages, how far, how long, and the wish to stop.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU8, AtomicU64, Ordering},
    },
    time::Instant,
};

use clinotype_genome::Progress;
use clinotype_jobs::Watch;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::types::{StageState, StageView};

/// Stages in their order: name, words until the engine gives its own, and a rough share of the time of an exome, by
/// which the percent of the whole run is drawn.
const STAGES: [(&str, &str, u32); 8] = [
    ("align", "Align reads", 45),
    ("call", "Call variants", 30),
    ("annotate", "Annotate variants", 8),
    ("coverage", "Measure coverage and quality", 5),
    ("interpret", "Interpret variants", 4),
    ("report", "Write the report", 1),
    ("fhir", "Write the FHIR bundle", 1),
    ("store", "Take into the store", 6),
];
/// Place of the last stage, which the engine does not know.
pub(crate) const STORE: usize = 7;

/// A stage as it is kept with the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Stage {
    pub(crate) name: String,
    pub(crate) words: String,
    pub(crate) state: StageState,
    pub(crate) seconds: Option<f64>,
}

impl Stage {
    /// Every stage of a run that has not begun.
    pub(crate) fn all(from_vcf: bool) -> Vec<Self> {
        STAGES
            .iter()
            .enumerate()
            .map(|(at, (name, words, _))| Self {
                name: (*name).to_owned(),
                words: (*words).to_owned(),
                // A VCF has no reads to align.
                state: if from_vcf && at == 0 {
                    StageState::Skipped
                } else {
                    StageState::Waiting
                },
                seconds: None,
            })
            .collect()
    }

    /// For the window, where nothing works on it.
    pub(crate) fn view(&self) -> StageView {
        StageView {
            name: self.name.clone(),
            words: self.words.clone(),
            state: self.state,
            percent: matches!(self.state, StageState::Done | StageState::Resumed).then_some(100),
            seconds_left: None,
            seconds: self.seconds,
        }
    }
}

const GO_ON: u8 = 0;
const CANCEL: u8 = 1;
const INTERRUPT: u8 = 2;

struct Inner {
    stages: Vec<Stage>,
    /// The stage at work, and since when.
    at: Option<(usize, Instant)>,
    notes: Vec<String>,
}

/// Called with the stages and notes whenever one of them changes, to keep them.
type Keep = Box<dyn Fn(&[Stage], &[String]) + Send + Sync>;

/// See the module text.
pub(crate) struct Live {
    pub(crate) run: Uuid,
    wish: AtomicU8,
    done: AtomicU64,
    total: AtomicU64,
    inner: Mutex<Inner>,
    keep: Keep,
}

impl Live {
    /// A run that begins. `earlier`: its stages where it was stopped before, whose seconds are taken over.
    pub(crate) fn new(run: Uuid, from_vcf: bool, earlier: &[Stage], keep: Keep) -> Self {
        let mut stages = Stage::all(from_vcf);
        for stage in &mut stages {
            stage.seconds = earlier.iter().find(|s| s.name == stage.name).and_then(|s| s.seconds);
        }
        Self {
            run,
            wish: AtomicU8::new(GO_ON),
            done: AtomicU64::new(0),
            total: AtomicU64::new(0),
            inner: Mutex::new(Inner {
                stages,
                at: None,
                notes: Vec::new(),
            }),
            keep,
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A person wants it to stop.
    pub(crate) fn cancel(&self) {
        let _ = self
            .wish
            .compare_exchange(GO_ON, CANCEL, Ordering::SeqCst, Ordering::SeqCst);
    }

    /// The program ends; the run shall go on at its next start.
    pub(crate) fn interrupt(&self) {
        self.wish.store(INTERRUPT, Ordering::SeqCst);
    }

    pub(crate) fn is_interrupted(&self) -> bool {
        self.wish.load(Ordering::SeqCst) == INTERRUPT
    }

    pub(crate) fn notes(&self) -> Vec<String> {
        self.inner().notes.clone()
    }

    /// Begins the stage that follows the engine's. What the engine left out (a report that is withheld) was skipped.
    pub(crate) fn begin_store(&self) {
        for stage in self.inner().stages.iter_mut().take(STORE) {
            if stage.state == StageState::Waiting {
                stage.state = StageState::Skipped;
            }
        }
        self.begin(STORE, STAGES[STORE].1);
    }

    pub(crate) fn end_store(&self) {
        self.end(STORE, StageState::Done);
    }

    /// Every stage of the engine was done by an earlier run.
    pub(crate) fn resume_engine(&self) {
        let mut inner = self.inner();
        for stage in inner.stages.iter_mut().take(STORE) {
            if stage.state == StageState::Waiting {
                stage.state = StageState::Resumed;
            }
        }
        self.changed(inner);
    }

    /// The stage at work failed or was stopped.
    pub(crate) fn fail(&self, stopped: bool) {
        let mut inner = self.inner();
        if let Some((at, since)) = inner.at.take() {
            let stage = &mut inner.stages[at];
            stage.seconds = Some(since.elapsed().as_secs_f64());
            stage.state = if stopped {
                StageState::Waiting
            } else {
                StageState::Failed
            };
        }
        self.changed(inner);
    }

    fn begin(&self, at: usize, words: &str) {
        self.done.store(0, Ordering::Relaxed);
        self.total.store(0, Ordering::Relaxed);
        let mut inner = self.inner();
        let at = at.min(STORE);
        inner.at = Some((at, Instant::now()));
        let stage = &mut inner.stages[at];
        words.clone_into(&mut stage.words);
        stage.state = StageState::Working;
        self.changed(inner);
    }

    fn end(&self, at: usize, state: StageState) {
        let mut inner = self.inner();
        let since = inner.at.take().map(|(_, since)| since);
        let stage = &mut inner.stages[at.min(STORE)];
        stage.state = state;
        // A stage that was done earlier keeps the seconds that it took then.
        if state != StageState::Resumed || stage.seconds.is_none() {
            stage.seconds = since.map(|s| s.elapsed().as_secs_f64());
        }
        self.changed(inner);
    }

    /// Keeps what changed. The lock is let go first: keeping waits for the disk, looking must not.
    fn changed(&self, inner: MutexGuard<'_, Inner>) {
        let (stages, notes) = (inner.stages.clone(), inner.notes.clone());
        drop(inner);
        (self.keep)(&stages, &notes);
    }

    fn share(&self) -> Option<f64> {
        let (done, total) = (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed));
        (total > 0).then(|| (done as f64 / total as f64).clamp(0.0, 1.0))
    }

    /// The stages as they stand now.
    pub(crate) fn views(&self) -> Vec<StageView> {
        let inner = self.inner();
        let mut views: Vec<StageView> = inner.stages.iter().map(Stage::view).collect();
        if let Some((at, since)) = inner.at {
            let seconds = since.elapsed().as_secs_f64();
            views[at].seconds = Some(seconds);
            if let Some(share) = self.share() {
                views[at].percent = Some((share * 100.0) as u32);
                views[at].seconds_left = seconds_left(seconds, share);
            }
        }
        views
    }

    /// Of the whole run.
    pub(crate) fn percent(&self) -> u32 {
        let inner = self.inner();
        let (mut done, mut all) = (0.0, 0.0);
        for (at, (stage, (_, _, weight))) in inner.stages.iter().zip(STAGES).enumerate() {
            let weight = f64::from(weight);
            match stage.state {
                StageState::Skipped => continue,
                StageState::Done | StageState::Resumed => done += weight,
                _ if inner.at.is_some_and(|(now, _)| now == at) => done += weight * self.share().unwrap_or(0.0),
                _ => {}
            }
            all += weight;
        }
        (done / all * 100.0) as u32
    }
}

/// By the pace so far; not told before there is one.
fn seconds_left(seconds: f64, share: f64) -> Option<f64> {
    (share >= 0.02 && seconds >= 2.0).then(|| seconds * (1.0 - share) / share)
}

impl Progress for Live {
    fn advance(&self, done: u64, total: u64) {
        self.total.store(total, Ordering::Relaxed);
        self.done.store(done, Ordering::Relaxed);
    }
    fn is_cancelled(&self) -> bool {
        self.wish.load(Ordering::Relaxed) != GO_ON
    }
}

impl Watch for Live {
    fn stage(&self, name: &str, number: usize, _of: usize) {
        self.begin(number.saturating_sub(1), name);
    }
    fn stage_done(&self, _name: &str, resumed: bool) {
        let at = self.inner().at;
        if let Some((at, _)) = at {
            self.end(at, if resumed { StageState::Resumed } else { StageState::Done });
        }
    }
    fn note(&self, text: &str) {
        let mut inner = self.inner();
        inner.notes.push(text.to_owned());
        self.changed(inner);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn live(from_vcf: bool, earlier: &[Stage]) -> Live {
        Live::new(Uuid::nil(), from_vcf, earlier, Box::new(|_, _| {}))
    }

    #[test]
    fn stages_go_from_waiting_to_done() {
        let live = live(true, &[]);
        assert_eq!(live.views()[0].state, StageState::Skipped);
        assert_eq!(live.percent(), 0);
        live.stage("Read variants", 2, 7);
        live.advance(50, 200);
        let view = &live.views()[1];
        assert_eq!(
            (view.words.as_str(), view.state, view.percent),
            ("Read variants", StageState::Working, Some(25))
        );
        live.stage_done("Read variants", false);
        let view = &live.views()[1];
        assert_eq!((view.state, view.percent), (StageState::Done, Some(100)));
        assert!(view.seconds.is_some());
        live.begin_store();
        live.fail(false);
        assert_eq!(live.views()[STORE].state, StageState::Failed);
    }

    #[test]
    fn a_resumed_stage_keeps_its_seconds() {
        let mut earlier = Stage::all(false);
        earlier[0].seconds = Some(77.0);
        let live = live(false, &earlier);
        live.stage("Align reads", 1, 7);
        live.stage_done("Align reads", true);
        let view = &live.views()[0];
        assert_eq!((view.state, view.seconds), (StageState::Resumed, Some(77.0)));
        live.resume_engine();
        assert_eq!(live.views()[6].state, StageState::Resumed);
        assert_eq!(live.percent(), 94);
    }

    #[test]
    fn the_end_of_the_program_is_not_a_cancel() {
        let live = live(false, &[]);
        assert!(live.check().is_ok());
        live.cancel();
        assert!(live.is_cancelled() && !live.is_interrupted());
        live.interrupt();
        live.cancel();
        assert!(live.is_interrupted());
    }

    #[test]
    fn time_left_follows_the_pace() {
        assert_eq!(seconds_left(10.0, 0.25), Some(30.0));
        assert_eq!(seconds_left(1.0, 0.25), None);
        assert_eq!(seconds_left(10.0, 0.0), None);
    }
}
