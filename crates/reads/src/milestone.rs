//! How far a killed alignment had come: the sorted runs on the disk, and what stood beside them.
//!
//! What the sorters give back does not depend on how their items were cut into runs, and batches are counted from the
//! beginning of each pair of files. So an alignment that goes on from a milestone writes the bytes of one that nobody
//! stopped. A milestone is taken over only if its key and the digest of every run agree.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use clinotype_genome::{Fault, Result, digest, fs};
use serde::{Deserialize, Serialize};

/// Where a run keeps its milestones, and what makes them its own.
#[derive(Clone, Copy, Debug)]
pub struct Keep<'a> {
    /// A folder for nothing else, made where missing; the sorted runs lie in it. Its removal, when the outputs stand,
    /// is the caller's.
    pub folder: &'a Path,
    /// Everything that decides the alignments: digests of reads and reference, sample, version of the software.
    pub key: &'a str,
}

/// A sorted run on the disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SavedRun {
    name: String,
    bytes: u64,
    sha256: String,
}

/// See the module text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Milestone {
    pub(crate) key: String,
    /// The pair of files being read, from 0, and its pairs that are done.
    pub(crate) file: usize,
    /// See `file`.
    pub(crate) pairs_of_file: u64,
    /// Least and most insert of a proper pair of these files, where a batch has told.
    pub(crate) inserts: Option<(u32, u32)>,
    /// Pairs of all files that are done.
    pub(crate) pairs: u64,
    /// Lines so far.
    pub(crate) count: u64,
    /// Parameters so far.
    pub(crate) parameters: BTreeMap<String, String>,
    /// Runs of the lines.
    pub(crate) lines: Vec<SavedRun>,
    /// Runs of the templates' ends.
    pub(crate) ends: Vec<SavedRun>,
}

fn path(folder: &Path) -> PathBuf {
    folder.join("milestone.json")
}

impl Milestone {
    /// The milestone of a folder, if it is of this key and all its runs are whole.
    pub(crate) fn load(folder: &Path, key: &str) -> Option<Self> {
        let path = path(folder);
        if !path.is_file() {
            return None;
        }
        let made: Self = serde_json::from_slice(&fs::read(&path).ok()?).ok()?;
        let whole = |run: &SavedRun| {
            let path = folder.join(&run.name);
            fs::size(&path).is_ok_and(|n| n == run.bytes) && digest::sha256_file(&path).is_ok_and(|d| d == run.sha256)
        };
        (made.key == key && made.lines.iter().chain(&made.ends).all(whole)).then_some(made)
    }

    /// Writes it. The runs' own bytes have reached the disk before.
    pub(crate) fn save(&mut self, folder: &Path, key: &str) -> Result<()> {
        key.clone_into(&mut self.key);
        let bytes = serde_json::to_vec(self).map_err(|e| Fault::internal("cannot write a milestone").caused_by(e))?;
        fs::write_atomic(path(folder), &bytes)
    }

    /// Adds the runs that are not in the list yet.
    pub(crate) fn add(list: &mut Vec<SavedRun>, runs: &[PathBuf]) -> Result<()> {
        for run in runs.iter().skip(list.len()) {
            let name = run.file_name().map(|n| n.to_string_lossy().into_owned());
            list.push(SavedRun {
                name: name.unwrap_or_default(),
                bytes: fs::size(run)?,
                sha256: digest::sha256_file(run)?,
            });
        }
        Ok(())
    }

    /// Paths of runs.
    pub(crate) fn paths(folder: &Path, list: &[SavedRun]) -> Vec<PathBuf> {
        list.iter().map(|run| folder.join(&run.name)).collect()
    }
}
