//! What is checked before the long work begins, so that a wrong file costs seconds and not hours.

use std::path::{Path, PathBuf};

use clinotype_case::{Order, Sex, order::OrderError};
use clinotype_genome::{Fault, Result, fs};

/// Reads and checks `order.json`. Error texts name fields, never values.
pub fn order(path: &Path) -> Result<Order> {
    let text = fs::read_to_string(path)?;
    Order::from_json(&text).map_err(|e| {
        let hint = match &e {
            OrderError::Json(_) => "the fields of an order are described in the README",
            OrderError::Field { .. } => "correct the order and run again",
        };
        Fault::input(format!("the order cannot be used: {e}"))
            .at(path)
            .hint(hint)
    })
}

/// The declared sex from the call and the order; they must not contradict each other.
pub fn declared_sex(stated: Option<Sex>, order: Option<&Order>) -> Result<Sex> {
    match (stated, order.map(|o| o.patient.sex)) {
        (Some(a), Some(b)) if a != b && a != Sex::Unknown && b != Sex::Unknown => {
            Err(Fault::input("--sex and the sex in the order differ")
                .hint("find out which is right before you run the sample"))
        }
        (Some(Sex::Unknown) | None, Some(b)) => Ok(b),
        (Some(a), _) => Ok(a),
        (None, None) => Ok(Sex::Unknown),
    }
}

/// An output folder held by one run: made if missing, proven writable, cleaned of what a killed run left.
#[derive(Debug)]
pub struct OutputFolder {
    path: PathBuf,
    stem: String,
    lock: std::fs::File,
}

impl OutputFolder {
    /// Takes the folder for outputs whose names begin with `stem`, which is the accession unless a store names its files
    /// neutrally. A second run with the same stem is refused while the first lives.
    pub fn take(path: &Path, stem: &str) -> Result<Self> {
        fs::create_dir_all(path)?;
        let lock_path = path.join(format!(".{stem}.lock"));
        let lock = std::fs::File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&lock_path)
            .map_err(|e| Fault::io("write into the folder", path, e))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => {
                return Err(Fault::usage("another run of this sample is writing into this folder")
                    .at(path)
                    .hint("wait for it, or choose another --out"));
            }
            Err(std::fs::TryLockError::Error(e)) => return Err(Fault::io("lock the folder", path, e)),
        }
        let folder = Self {
            path: path.to_owned(),
            stem: stem.to_owned(),
            lock,
        };
        folder.clean()?;
        Ok(folder)
    }

    /// `DIR/STEM.suffix`.
    pub fn file(&self, suffix: &str) -> PathBuf {
        self.path.join(format!("{}.{suffix}", self.stem))
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where a step may spill.
    pub fn scratch(&self) -> PathBuf {
        self.path.join(format!(".{}.scratch", self.stem))
    }

    /// Removes partial files and spills of a run that was killed.
    fn clean(&self) -> Result<()> {
        let entries = std::fs::read_dir(&self.path).map_err(|e| Fault::io("read the folder", &self.path, e))?;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let mine = [
                &format!(".{}.", self.stem),
                &format!("..{}.steps.json.", self.stem),
                ".provenance.json.",
            ];
            if name.ends_with(".partial") && mine.iter().any(|start| name.starts_with(*start)) {
                fs::remove_if_there(entry.path())?;
            }
        }
        let scratch = self.scratch();
        if scratch.exists() {
            std::fs::remove_dir_all(&scratch).map_err(|e| Fault::io("remove", &scratch, e))?;
        }
        Ok(())
    }
}

impl Drop for OutputFolder {
    fn drop(&mut self) {
        // The file is removed while the lock is held, so that no other run sees it unlocked and then gone.
        let _ = std::fs::remove_file(self.path.join(format!(".{}.lock", self.stem)));
        let _ = self.lock.unlock();
    }
}

/// Where an aligner index may be kept: beside the reference where that can be written, else in the user's cache.
pub fn index_cache(reference: &Path) -> Option<PathBuf> {
    let beside = reference
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let writable = fs::AtomicFile::create(beside.join("clinotype-index")).is_ok();
    if writable {
        return Some(beside.to_owned());
    }
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")))?
        .join("clinotype");
    fs::create_dir_all(&cache).is_ok().then_some(cache)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_run_at_a_time_and_no_leftovers() {
        let folder = tempfile::tempdir().unwrap();
        let leftovers = [
            ".S1.bam.77.partial",
            ".provenance.json.77.partial",
            "keep.txt",
            ".S2.bam.77.partial",
        ];
        for name in leftovers {
            fs::write_atomic(folder.path().join(name), b"").unwrap();
        }
        let first = OutputFolder::take(folder.path(), "S1").unwrap();
        assert!(OutputFolder::take(folder.path(), "S1").is_err());
        assert!(OutputFolder::take(folder.path(), "S2").is_ok());
        drop(first);
        assert!(OutputFolder::take(folder.path(), "S1").is_ok());
        let mut names: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["keep.txt"]);
    }

    #[test]
    fn sex_from_call_and_order() {
        assert_eq!(declared_sex(None, None).unwrap(), Sex::Unknown);
        assert_eq!(declared_sex(Some(Sex::Male), None).unwrap(), Sex::Male);
    }
}
