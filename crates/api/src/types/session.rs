//! Set-up, unlock, lock, settings, reference sets.

wire! {
/// An operation without input.
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// What went wrong, for a person and for the program.
pub struct ApiError {
    /// Stable code.
    pub code: ErrorCode,
    /// One sentence: what. Never patient data.
    pub message: String,
    /// Where: file, line, contig:position, or the form's field.
    pub place: Option<String>,
    /// What to do.
    pub hint: Option<String>,
}

/// Why an operation was refused.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The input of the operation cannot be used; `place` names the field.
    InvalidInput,
    /// There is no such case, run, file or report.
    NotFound,
    /// The store is locked.
    Locked,
    /// No store was set up yet.
    NoStore,
    /// Wrong name or passphrase.
    WrongPassphrase,
    /// Another process holds the store.
    StoreInUse,
    /// The store was written by a newer version.
    NewerSchema,
    /// Stored bytes were changed or damaged.
    Damaged,
    /// The role of the user does not allow it.
    NotAllowed,
    /// The state of the case, run or report does not allow it.
    WrongState,
    /// Reading or writing failed.
    Io,
    /// Memory, disk or time is too small.
    Resource,
    /// Stopped by the user.
    Cancelled,
    /// A defect of Clinotype.
    Internal,
}

/// What a person may do.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Makes cases, runs samples, exports nothing.
    Technician,
    /// Proposes classes, makes reports, exports.
    Clinician,
    /// Everything, and settings.
    Admin,
}

/// Where the application stands.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// There is no store yet.
    SetUp,
    /// There is a store, and it is locked.
    Locked,
    /// A person works.
    Open,
}

/// The state of the application; it can be asked at any time and holds no patient data.
pub struct Status {
    /// Where it stands.
    pub gate: Gate,
    /// Version with commit.
    pub version: String,
    /// Folder of the store.
    pub store: String,
    /// Who works; absent when locked.
    pub user: Option<UserView>,
    /// People who can unlock; empty before set-up.
    pub people: Vec<PersonName>,
    /// Minutes without a key or pointer after which the window locks.
    pub lock_minutes: u32,
    /// Why the last lock came: `idle` or `asked`; absent after a start.
    pub locked_by: Option<String>,
    /// The newest problem of the store that a person must know (a damaged file, a reconciled crash), in words.
    pub warnings: Vec<String>,
}

/// A person on the unlock page.
pub struct PersonName {
    /// Log-in name.
    pub id: String,
    /// Printed name.
    pub name: String,
}

/// The person at work.
pub struct UserView {
    /// Log-in name.
    pub id: String,
    /// Printed name.
    pub name: String,
    /// Role.
    pub role: Role,
}

/// First-run set-up.
#[serde(deny_unknown_fields)]
pub struct SetUpInput {
    /// Log-in name, `[a-z0-9._-]{1,32}`.
    pub user: String,
    /// Printed name.
    pub name: String,
    /// At least 12 characters.
    pub passphrase: String,
}

/// What set-up made.
pub struct SetUpOutput {
    /// The state now.
    pub status: Status,
    /// Opens the store when every passphrase is lost. Shown once; it is not kept.
    pub recovery_key: String,
}

/// Unlock. `passphrase` may be the recovery key.
#[serde(deny_unknown_fields)]
pub struct UnlockInput {
    /// Log-in name.
    pub user: String,
    /// Passphrase or recovery key.
    pub passphrase: String,
}

/// Change of the own passphrase.
#[serde(deny_unknown_fields)]
pub struct PassphraseInput {
    /// The present one.
    pub old: String,
    /// The new one.
    pub new: String,
}

/// Settings of the workstation and the person.
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `system`, `light`, `dark` or `contrast`.
    pub theme: Theme,
    /// 1 to 120.
    pub lock_minutes: u32,
    /// Whether single letters act as keys (WCAG 2.1.4).
    pub single_keys: bool,
    /// Threads of a run; 0: all.
    pub threads: u32,
    /// Memory of a run in MB; absent: three quarters of what is free.
    pub memory_mb: Option<u32>,
}

/// Colours of the window.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the desktop.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// High contrast.
    Contrast,
}

/// Reference, transcripts and sources that runs use together.
pub struct ReferenceSet {
    /// Identifier; absent for a new one.
    pub id: Option<String>,
    /// Name that the laboratory gives it.
    pub name: String,
    /// FASTA, plain or BGZF.
    pub reference: String,
    /// GFF3.
    pub transcripts: String,
    /// ClinVar VCF.
    pub clinvar: Option<String>,
    /// Frequencies VCF.
    pub frequencies: Option<String>,
    /// Targets BED.
    pub targets: Option<String>,
    /// The laboratory's limits of the test, JSON; absent: Clinotype's own.
    pub thresholds: Option<String>,
    /// What ClinVar says of other variants: a table of `clinotype comparators`, or ClinVar's VCF.
    #[serde(default)]
    pub comparators: Option<String>,
    /// Stores of scores (`clinotype data build`): missense predictors, splice deltas, a laboratory's own.
    #[serde(default)]
    pub scores: Vec<String>,
    /// The missense predictor of PP3 and BP4, chosen before looking.
    #[serde(default)]
    pub missense_tool: Option<String>,
    /// Asserted build, where the files prove none: `GRCh37` or `GRCh38`.
    pub build: Option<String>,
    /// Whether it is the demonstration's, whose results are SYNTHETIC.
    pub synthetic: bool,
}

/// A reference set with what was found in its files.
pub struct ReferenceSetView {
    /// The set.
    pub set: ReferenceSet,
    /// Build that its contigs prove.
    pub build: Option<String>,
    /// What is wrong with its files now; empty: usable.
    pub problems: Vec<String>,
}

/// The reference sets of the workstation.
pub struct ReferenceSets {
    /// By name.
    pub sets: Vec<ReferenceSetView>,
    /// Missense predictors whose calibrated bands Clinotype knows.
    pub missense_tools: Vec<String>,
}

/// Verdict on the audit trail.
pub struct AuditVerdict {
    /// Whether the chain is whole and ends where the anchor says.
    pub intact: bool,
    /// Rows read.
    pub rows: u64,
    /// Sequence number of the first bad row.
    pub first_bad: Option<u64>,
    /// In words.
    pub words: String,
}
}
