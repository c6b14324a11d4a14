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

    /// Where a step keeps what it has finished, for a run that goes on after a kill.
    pub fn kept(&self, step: &str) -> PathBuf {
        self.path.join(format!(".{}.kept", self.stem)).join(step)
    }

    /// Removes what a step kept, when its outputs stand.
    pub fn clear_kept(&self, step: &str) -> Result<()> {
        let folder = self.kept(step);
        remove_folder(&folder)?;
        // Fails where another step keeps something, which is right.
        let _ = folder.parent().map(std::fs::remove_dir);
        Ok(())
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
        remove_folder(&self.scratch())
    }
}

pub(crate) fn remove_folder(path: &Path) -> Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Fault::io("remove", path, e)),
        _ => Ok(()),
    }
}

impl Drop for OutputFolder {
    fn drop(&mut self) {
        // The file is removed while the lock is held, so that no other run sees it unlocked and then gone.
        let _ = std::fs::remove_file(self.path.join(format!(".{}.lock", self.stem)));
        let _ = self.lock.unlock();
    }
}

/// Where the aligner's index of a reference is looked for and kept.
#[derive(Debug, PartialEq, Eq)]
pub struct IndexPlaces {
    /// Beside the reference; behind it the user's cache where the reference's folder cannot be written.
    pub folders: Vec<PathBuf>,
    /// What the user should know of it.
    pub note: Option<String>,
}

/// See [`IndexPlaces`]. The cache is `$XDG_CACHE_HOME/clinotype`, else `~/.cache/clinotype` (XDG Base Directory
/// Specification 0.8).
pub fn index_places(reference: &Path) -> IndexPlaces {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|p| p.is_absolute());
    let cache = absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")));
    places(reference, cache.map(|folder| folder.join("clinotype")))
}

fn places(reference: &Path, cache: Option<PathBuf>) -> IndexPlaces {
    let beside = reference
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
        .to_owned();
    if fs::AtomicFile::create(beside.join("clinotype-index")).is_ok() {
        return IndexPlaces {
            folders: vec![beside],
            note: None,
        };
    }
    let cannot = format!("the folder of the reference, {}, cannot be written", beside.display());
    match cache.filter(|folder| fs::create_dir_all(folder).is_ok()) {
        Some(cache) => IndexPlaces {
            note: Some(format!(
                "{cannot}: unless it holds the aligner's index already, the index is kept in {}",
                cache.display()
            )),
            folders: vec![beside, cache],
        },
        None => IndexPlaces {
            note: Some(format!(
                "{cannot}, nor can a cache folder: unless it holds the aligner's index already, the index is built \
                 for each sample"
            )),
            folders: vec![beside],
        },
    }
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

    #[cfg(target_os = "linux")]
    #[test]
    fn the_index_goes_to_the_cache_where_the_reference_cannot_be_written() {
        let folder = tempfile::tempdir().unwrap();
        let cache = folder.path().join("cache/clinotype");
        let beside = places(&folder.path().join("r.fa"), Some(cache.clone()));
        assert_eq!((beside.folders, beside.note), (vec![folder.path().to_owned()], None));
        assert!(!cache.exists());
        // Nobody can make a file there, not even root.
        let fixed = Path::new("/proc/r.fa");
        let cached = places(fixed, Some(cache.clone()));
        assert_eq!(cached.folders, [Path::new("/proc"), &cache]);
        assert!(cached.note.unwrap().contains(&*cache.to_string_lossy()));
        assert!(cache.is_dir());
        let nowhere = places(fixed, Some("/proc/cache".into()));
        assert_eq!(nowhere.folders, [Path::new("/proc")]);
        assert!(nowhere.note.unwrap().contains("for each sample"));
    }

    #[test]
    fn sex_from_call_and_order() {
        assert_eq!(declared_sex(None, None).unwrap(), Sex::Unknown);
        assert_eq!(declared_sex(Some(Sex::Male), None).unwrap(), Sex::Male);
    }
}
