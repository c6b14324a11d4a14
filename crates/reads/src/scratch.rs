//! The folder of spill runs: made at the start, gone at the end, whatever the end is, but for runs of a milestone.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use clinotype_genome::{Result, fs};

const SUFFIX: &str = "spill";

/// Owns the folder of one run. Dropping it removes the spill files, and the folder if nothing else is in it.
#[derive(Debug)]
pub(crate) struct Scratch {
    folder: PathBuf,
    next: AtomicU64,
    /// Runs that outlive this run.
    kept: Mutex<BTreeSet<PathBuf>>,
}

impl Scratch {
    /// Makes the folder. Spill files that a killed run left in it are removed; other files are never touched.
    pub(crate) fn create(folder: &Path) -> Result<Self> {
        Self::create_keeping(folder, &[])
    }

    /// As [`Scratch::create`], with these runs of a run before kept.
    pub(crate) fn create_keeping(folder: &Path, kept: &[PathBuf]) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let number = |path: &PathBuf| -> Option<u64> {
            let stem = path.file_stem()?.to_str()?;
            stem.rsplit('-').next()?.parse().ok()
        };
        let scratch = Self {
            folder: folder.to_owned(),
            next: AtomicU64::new(kept.iter().filter_map(number).max().map_or(0, |n| n + 1)),
            kept: Mutex::new(kept.iter().cloned().collect()),
        };
        scratch.remove_spills();
        Ok(scratch)
    }

    /// Runs that are not to be removed, neither when they are read nor at the end.
    pub(crate) fn keep(&self, runs: impl IntoIterator<Item = PathBuf>) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).extend(runs);
    }

    /// Whether a run is not to be removed.
    pub(crate) fn is_kept(&self, run: &Path) -> bool {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).contains(run)
    }

    /// A path that no other spill of this run has.
    pub(crate) fn path(&self, what: &str) -> PathBuf {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.folder.join(format!("{what}-{number:06}.{SUFFIX}"))
    }

    fn remove_spills(&self) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else {
            return;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            let name = entry.file_name();
            let name = name.to_string_lossy();
            // A spill that was being written when the run was killed is an AtomicFile's partial: ".NAME.spill.PID.partial".
            if (path.extension().is_some_and(|e| e == SUFFIX) && !self.is_kept(&path))
                || (name.starts_with('.') && name.ends_with(".partial") && name.contains(".spill."))
            {
                let _ = fs::remove_if_there(&path);
            }
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.remove_spills();
        // Fails where the caller keeps other files there, which is right.
        let _ = std::fs::remove_dir(&self.folder);
    }
}
