//! The data folder behind the window: one piece of work at a time, and which releases a reference set stands on.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use clinotype_genome::{FaultKind, Progress};
use clinotype_refdata::releases::{self, Manifest, Options, Pin, ProxyChoice, Settings};

use crate::{
    errors,
    types::{ApiError, DataLine, DataTask, DataTaskState, ErrorCode, ReferenceSet},
};

/// Work on the data folder, and what the sources said when they were asked.
#[derive(Default)]
pub(crate) struct Data {
    task: Mutex<Option<Arc<Work>>>,
    newest: Mutex<BTreeMap<String, String>>,
}

/// One piece of work: its progress, its wish to stop, what came of it.
pub(crate) struct Work {
    words: String,
    done: AtomicU64,
    total: AtomicU64,
    stop: AtomicBool,
    outcome: Mutex<Outcome>,
}

struct Outcome {
    state: DataTaskState,
    lines: Vec<DataLine>,
    error: Option<ApiError>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Data {
    /// Begins a piece of work on a thread of its own. It goes on while the window is locked: it holds no patient's data.
    ///
    /// Errors: `wrong_state` where another goes on; `resource` where no thread can be started.
    pub(crate) fn begin(
        &self,
        words: String,
        work: impl FnOnce(&Work) -> Result<(), ApiError> + Send + 'static,
    ) -> Result<(), ApiError> {
        let mut task = lock(&self.task);
        if task.as_ref().is_some_and(|task| task.is_working()) {
            return Err(errors::wrong_state(
                "other work on the data releases goes on",
                "wait until it has ended, or stop it",
            ));
        }
        let made = Arc::new(Work {
            words,
            done: AtomicU64::new(0),
            total: AtomicU64::new(0),
            stop: AtomicBool::new(false),
            outcome: Mutex::new(Outcome {
                state: DataTaskState::Working,
                lines: Vec::new(),
                error: None,
            }),
        });
        let own = Arc::clone(&made);
        std::thread::Builder::new()
            .name("clinotype-data".to_owned())
            .spawn(move || {
                let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&own)))
                    .unwrap_or_else(|_| Err(errors::internal("the work on the data releases broke off")));
                own.end(result);
            })
            .map_err(|_| {
                errors::error(
                    ErrorCode::Resource,
                    "a thread cannot be started",
                    "close other programs",
                )
            })?;
        *task = Some(made);
        Ok(())
    }

    /// Asks the work under way to stop.
    pub(crate) fn stop(&self) {
        if let Some(task) = &*lock(&self.task) {
            task.stop.store(true, Ordering::SeqCst);
        }
    }

    /// The work under way, or the last.
    pub(crate) fn view(&self) -> Option<DataTask> {
        lock(&self.task).as_ref().map(|task| task.view())
    }

    /// What the sources said.
    pub(crate) fn newest(&self) -> BTreeMap<String, String> {
        lock(&self.newest).clone()
    }

    pub(crate) fn learn_newest(&self, source: &str, release: String) {
        lock(&self.newest).insert(source.to_owned(), release);
    }
}

impl Work {
    fn is_working(&self) -> bool {
        lock(&self.outcome).state == DataTaskState::Working
    }

    /// Adds a line to what came of it.
    pub(crate) fn say(&self, good: bool, words: impl Into<String>) {
        lock(&self.outcome).lines.push(DataLine {
            good,
            words: words.into(),
        });
    }

    fn end(&self, result: Result<(), ApiError>) {
        let mut outcome = lock(&self.outcome);
        (outcome.state, outcome.error) = match result {
            Ok(()) => (DataTaskState::Done, None),
            Err(error) if error.code == ErrorCode::Cancelled => (DataTaskState::Stopped, None),
            Err(error) => (DataTaskState::Failed, Some(error)),
        };
    }

    fn view(&self) -> DataTask {
        let (done, total) = (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed));
        let outcome = lock(&self.outcome);
        DataTask {
            words: self.words.clone(),
            state: outcome.state,
            percent: (total > 0 && outcome.state == DataTaskState::Working)
                .then(|| (done.min(total) as f64 / total as f64 * 100.0) as u32),
            lines: outcome.lines.clone(),
            error: outcome.error.clone(),
        }
    }
}

impl Progress for Work {
    fn advance(&self, done: u64, total: u64) {
        self.total.store(total, Ordering::Relaxed);
        self.done.store(done, Ordering::Relaxed);
    }
    fn is_cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Mirrors, and how connections are made, as `sources.json` of the data folder and the environment say.
pub(crate) fn network(data: &Path) -> Result<(Settings, Options), ApiError> {
    let settings = Settings::read(data)?;
    let proxy = match settings.proxy.as_deref() {
        None => ProxyChoice::Environment,
        Some("none") => ProxyChoice::Direct,
        Some(address) => ProxyChoice::At(address.to_owned()),
    };
    let options = Options::new(proxy, settings.allow_http);
    Ok((settings, options))
}

/// Source, release and file name of a path within the data folder; `None` for any other path.
fn within<'a>(data: &Path, path: &'a str) -> Option<(&'a str, &'a str, &'a str)> {
    let rest = Path::new(path).strip_prefix(data).ok()?;
    let mut parts = rest.iter();
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(source), Some(release), Some(file), None) => Some((source.to_str()?, release.to_str()?, file.to_str()?)),
        _ => None,
    }
}

fn files_of(set: &mut ReferenceSet) -> Vec<&mut String> {
    let mut files = vec![&mut set.reference, &mut set.transcripts];
    files.extend(
        [
            &mut set.clinvar,
            &mut set.frequencies,
            &mut set.targets,
            &mut set.thresholds,
            &mut set.comparators,
        ]
        .into_iter()
        .flatten()
        .chain(&mut set.scores),
    );
    files
}

/// The releases that a set stands on, by source. A file outside the data folder is no release; the digest of every file
/// that a run used stands in its provenance all the same.
///
/// Errors: a release that is not installed, or whose manifest is damaged.
pub(crate) fn pins(data: &Path, set: &ReferenceSet) -> Result<Vec<Pin>, ApiError> {
    let mut found = BTreeMap::new();
    for path in files_of(&mut set.clone()) {
        if let Some((source, release, _)) = within(data, path) {
            let pin = releases::manifest_of(data, source, release)?.pin();
            if let Some(other) = found.insert(source.to_owned(), pin.clone())
                && other != pin
            {
                return Err(errors::invalid(
                    source,
                    format!(
                        "the reference set names files of {} and of {}",
                        other.release, pin.release
                    ),
                ));
            }
        }
    }
    Ok(found.into_values().collect())
}

/// The set with the newest installed release of each source in it.
///
/// Errors: the newest release has no file that takes the place of the one in use.
pub(crate) fn with_newest(data: &Path, mut set: ReferenceSet) -> Result<ReferenceSet, ApiError> {
    let newest = newest_installed(data)?;
    for path in files_of(&mut set) {
        let Some((source, release, file)) = within(data, path) else {
            continue;
        };
        let Some(manifest) = newest.get(source).filter(|m| releases::is_newer(&m.release, release)) else {
            continue;
        };
        let Some(name) = in_place_of(file, release, manifest) else {
            return Err(errors::error(
                ErrorCode::InvalidInput,
                format!(
                    "{source} {} has no file that takes the place of {file}",
                    manifest.release
                ),
                "choose its file in the reference set",
            ));
        };
        *path = data
            .join(source)
            .join(&manifest.release)
            .join(name)
            .display()
            .to_string();
    }
    Ok(set)
}

/// The file of the newer release: of the same name, else with the release's name in it, else the only one that ends so.
fn in_place_of<'a>(file: &str, release: &str, newer: &'a Manifest) -> Option<&'a str> {
    let names = || newer.files.iter().map(|f| f.name.as_str());
    let renamed = file.replace(release, &newer.release);
    if let Some(name) = names()
        .find(|name| *name == file)
        .or_else(|| names().find(|name| *name == renamed))
    {
        return Some(name);
    }
    let ending = file.split_once('.').map_or("", |(_, ending)| ending);
    let mut alike = names().filter(|name| name.split_once('.').map_or("", |(_, e)| e) == ending);
    alike.next().filter(|_| alike.next().is_none())
}

/// The newest whole release of each source. A damaged one is not counted: it can be used for nothing.
pub(crate) fn newest_installed(data: &Path) -> Result<BTreeMap<String, Manifest>, ApiError> {
    let there = releases::installed(data)?;
    // Oldest first, so the newest stays.
    Ok(there
        .into_iter()
        .filter_map(|(source, _, manifest)| Some((source, manifest.ok()?)))
        .collect())
}

/// That every pinned release is still there with the bytes that were pinned.
pub(crate) fn check_pins(data: &Path, pins: &[Pin]) -> Result<(), ApiError> {
    for pin in pins {
        releases::folder_of(data, pin)?;
    }
    Ok(())
}

/// Whole paths of the files of a release.
pub(crate) fn paths<'a>(
    data: &Path,
    manifest: &'a Manifest,
) -> impl Iterator<Item = (PathBuf, &'a releases::ReleaseFile)> {
    let folder = data.join(&manifest.source).join(&manifest.release);
    manifest.files.iter().map(move |file| (folder.join(&file.name), file))
}

/// Whether a fault says that the data are not what they should be, rather than that the work could not be done.
pub(crate) fn is_finding(kind: FaultKind) -> bool {
    kind == FaultKind::Input
}
