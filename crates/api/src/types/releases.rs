//! Data releases of the workstation, and what changes between two runs of a case.

wire! {
/// The data folder: the sources that Clinotype knows, what of them is installed, and the work under way.
pub struct ReleasesView {
    /// The folder.
    pub folder: String,
    /// In the order of the table of sources.
    pub sources: Vec<DataSource>,
    /// The work that goes on, or that ended last since the program started.
    pub task: Option<DataTask>,
}

/// A source of data releases.
pub struct DataSource {
    /// Short name: `clinvar`.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// What it holds.
    pub what: String,
    /// Genome build of its coordinates, where it has one.
    pub build: Option<String>,
    /// Terms of use, in a few words.
    pub licence: String,
    /// Where they stand.
    pub licence_url: String,
    /// Whether Clinotype fetches it; else the laboratory brings a copy of its own.
    pub fetched: bool,
    /// The newest release, as the source said when it was asked last since the program started.
    pub newest: Option<String>,
    /// Installed releases, newest first.
    pub installed: Vec<InstalledRelease>,
}

/// A release that is installed.
pub struct InstalledRelease {
    /// As its source names it.
    pub release: String,
    /// `YYYY-MM-DD`, where the source says so.
    pub released: Option<String>,
    /// RFC 3339.
    pub installed: Option<String>,
    /// Where it came from.
    pub origin: Option<String>,
    /// SHA-256 over its files.
    pub digest: Option<String>,
    /// Its files.
    pub files: Vec<InstalledFile>,
    /// Cases with a run that used it.
    pub cases: u32,
    /// Why it cannot be used.
    pub damaged: Option<String>,
}

/// A file of a release.
pub struct InstalledFile {
    /// Whole path on this machine.
    pub path: String,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256.
    pub sha256: String,
}

/// Work on the data folder.
pub struct DataTask {
    /// What it is, for people.
    pub words: String,
    /// Where it stands.
    pub state: DataTaskState,
    /// 0 to 100, where it can be told.
    pub percent: Option<u32>,
    /// What came of it, a line for each release.
    pub lines: Vec<DataLine>,
    /// Why it failed.
    pub error: Option<super::ApiError>,
}

/// Where work on the data folder stands.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum DataTaskState {
    /// Goes on.
    Working,
    /// Ended; the lines say what came of it.
    Done,
    /// Failed; `error` says why.
    Failed,
    /// Stopped by a person; what came so far is kept for the next try.
    Stopped,
}

/// What came of the work on one release.
#[derive(Eq)]
pub struct DataLine {
    /// Whether it is as it should be.
    pub good: bool,
    /// In words.
    pub words: String,
}

/// What to install.
#[serde(deny_unknown_fields)]
pub struct InstallInput {
    /// Id of the source.
    pub source: String,
    /// The release; absent: the newest that the source or the folder names.
    pub release: Option<String>,
    /// A folder or file on this machine; absent: from the network.
    pub from: Option<String>,
}

/// Which releases: all of them, those of a source, or one.
#[serde(deny_unknown_fields)]
pub struct ReleasesInput {
    /// Id of the source; absent: every source.
    pub source: Option<String>,
    /// The release; absent: every release of the source.
    pub release: Option<String>,
}

/// One release.
#[serde(deny_unknown_fields)]
pub struct ReleaseInput {
    /// Id of the source.
    pub source: String,
    /// The release.
    pub release: String,
}

/// What a run of a case uses.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum RunWith {
    /// The reference set and the very releases of the newest run that is done; the set as it is now where none is.
    Same,
    /// The reference set as it is now, with the newest installed release of each source in it.
    Newest,
}

/// A run to start.
#[serde(deny_unknown_fields)]
pub struct StartInput {
    /// The case.
    pub case: String,
    /// Its data.
    pub with: RunWith,
    /// Whether the pharmacogenes are called; as before where absent.
    #[serde(default)]
    #[ts(optional)]
    pub pharmacogenes: Option<bool>,
    /// What the run uses besides; as before where absent.
    #[serde(default)]
    #[ts(optional)]
    pub further: Option<super::FurtherInputs>,
}

/// A source of which a newer release is installed than the case used.
pub struct NewerRelease {
    /// Id of the source.
    pub source: String,
    /// The release that the newest run used.
    pub used: String,
    /// The newest that is installed.
    pub newest: String,
}

/// Two runs of a case.
#[serde(deny_unknown_fields)]
pub struct CompareInput {
    /// The case.
    pub case: String,
    /// The earlier run; absent: the last but one that is done.
    pub before: Option<String>,
    /// The later run; absent: the newest that is done.
    pub after: Option<String>,
}

/// What differs between two runs of a case.
pub struct RunsDiff {
    /// The earlier run.
    pub before: RunSide,
    /// The later run.
    pub after: RunSide,
    /// Sources that differ.
    pub releases: Vec<ReleaseChange>,
    /// Variants that differ, by place.
    pub variants: Vec<VariantChange>,
    /// Variants that are the same in both.
    pub unchanged: u64,
    /// Which variants were compared, in words.
    pub compared: String,
}

/// A run that is compared.
pub struct RunSide {
    /// Identifier.
    pub run: String,
    /// When it ended.
    pub ended: Option<String>,
    /// `POSITIVE`, ... as the rules concluded.
    pub outcome: String,
}

/// A source that differs.
pub struct ReleaseChange {
    /// Name.
    pub source: String,
    /// Release before; absent: the run had none.
    pub before: Option<String>,
    /// Release after; absent: the run had none.
    pub after: Option<String>,
    /// The release has the same name and other bytes.
    pub other_bytes: bool,
}

/// A variant that differs.
pub struct VariantChange {
    /// `chr17:43124027 ACT>A`.
    pub key: String,
    /// Gene of the transcript shown.
    pub gene: Option<String>,
    /// Name on that transcript, else the genomic one.
    pub name: Option<String>,
    /// What differs.
    pub changes: Vec<ChangeView>,
}

/// One thing that differs.
#[derive(Eq)]
pub struct ChangeView {
    /// `present`, `report`, `class`, `criteria`, `clinvar`, `frequency`, `name`, `consequence`.
    pub what: String,
    /// Before, in words.
    pub before: String,
    /// After, in words.
    pub after: String,
}
}
