//! The folder of spill runs: made at the start, gone at the end, whatever the end is.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use clinotype_genome::{Result, fs};

const SUFFIX: &str = "spill";

/// Owns the folder of one run. Dropping it removes the spill files, and the folder if nothing else is in it.
#[derive(Debug)]
pub(crate) struct Scratch {
    folder: PathBuf,
    next: AtomicU64,
}

impl Scratch {
    /// Makes the folder. Spill files that a killed run left in it are removed; other files are never touched.
    pub(crate) fn create(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let scratch = Self {
            folder: folder.to_owned(),
            next: AtomicU64::new(0),
        };
        scratch.remove_spills();
        Ok(scratch)
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
            if path.extension().is_some_and(|e| e == SUFFIX)
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
