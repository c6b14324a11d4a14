//! Runs and the queue.

wire! {
/// State of a run.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Waits.
    Queued,
    /// Works.
    Running,
    /// Finished.
    Done,
    /// Failed; `error` says why.
    Failed,
    /// Stopped by a person.
    Cancelled,
    /// The program or machine stopped; can be resumed.
    Interrupted,
}

/// A run of a case.
pub struct RunView {
    /// Identifier.
    pub id: String,
    /// Case.
    pub case: String,
    /// Accession.
    pub sample: String,
    /// State.
    pub state: RunState,
    /// Place in the queue, from 1, while it waits.
    pub place: Option<u32>,
    /// Stages in their order.
    pub stages: Vec<StageView>,
    /// Notes of the engine, for example renamed contigs.
    pub notes: Vec<String>,
    /// Why it failed.
    pub error: Option<super::ApiError>,
    /// Asked for.
    pub asked: String,
    /// Started.
    pub started: Option<String>,
    /// Ended.
    pub ended: Option<String>,
    /// Seconds of work so far.
    pub seconds: Option<f64>,
}

/// A stage of a run.
pub struct StageView {
    /// `align`, `call`, `annotate`, `coverage`, `interpret`, `report`, `fhir`, `store`.
    pub name: String,
    /// In words.
    pub words: String,
    /// State.
    pub state: StageState,
    /// 0 to 100, where it can be told.
    pub percent: Option<u32>,
    /// Seconds left, where they can be told.
    pub seconds_left: Option<f64>,
    /// Seconds of work.
    pub seconds: Option<f64>,
}

/// State of a stage.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum StageState {
    /// Not begun.
    Waiting,
    /// Works.
    Working,
    /// Done in this run.
    Done,
    /// Taken from an earlier, interrupted run.
    Resumed,
    /// Not part of this run (a VCF has no reads to align).
    Skipped,
    /// Failed.
    Failed,
}

/// Which run.
#[serde(deny_unknown_fields)]
pub struct RunInput {
    /// Identifier of the run.
    pub run: String,
}

/// Move of a waiting run.
#[serde(deny_unknown_fields)]
pub struct MoveInput {
    /// Identifier of the run.
    pub run: String,
    /// New place, from 1.
    pub place: u32,
}

/// The queue: the running run, those that wait, and the newest that ended.
pub struct QueueView {
    /// Running, then waiting in order, then ended, newest first (at most 50).
    pub runs: Vec<RunView>,
}
}
