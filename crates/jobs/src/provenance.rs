//! The record of every step: parameters, digests, times; and what it allows a second run to skip.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use clinotype_case::provenance::{FileDigest, Step};
use clinotype_genome::{Fault, Result, digest, fs};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a step did, as the step itself tells it.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// Tool and version.
    pub version: String,
    /// Parameters in effect.
    pub parameters: BTreeMap<String, String>,
}

/// A finished step with the key under which a later run may use its outputs again.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Entry {
    fingerprint: String,
    step: Step,
    outputs: Vec<PathBuf>,
    /// What the step wants remembered, for example counts that a later step prints.
    memo: serde_json::Value,
}

/// The steps of one run, kept beside its outputs as `.STEM.steps.json` and rewritten whole after every step.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    earlier: Vec<Entry>,
    now: Vec<Entry>,
    digests: BTreeMap<PathBuf, FileDigest>,
}

/// Name without folder, SHA-256 and size of a file, both of its plain bytes.
pub fn file_digest(path: &Path) -> Result<FileDigest> {
    let bytes = fs::size(path)?;
    let file = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    Ok(FileDigest {
        file,
        sha256: digest::sha256_file(path)?,
        bytes,
    })
}

/// The clock, passed in so that tests and reproducible runs can hold it still.
pub type Clock<'a> = &'a (dyn Fn() -> Timestamp + Sync);

impl Ledger {
    /// Opens the ledger of a folder; one that cannot be read (another version wrote it) counts as empty. `stem` is what
    /// the names of the outputs begin with.
    pub fn open(folder: &Path, stem: &str) -> Self {
        let path = folder.join(format!(".{stem}.steps.json"));
        let earlier = fs::read(&path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        Self {
            path,
            earlier,
            now: Vec::new(),
            digests: BTreeMap::new(),
        }
    }

    /// Makes an input known that is no file: steps name it by `name` in place of a path.
    pub fn given(&mut self, name: &str, bytes: &[u8]) {
        let digest = FileDigest {
            file: name.to_owned(),
            sha256: digest::sha256(bytes),
            bytes: bytes.len() as u64,
        };
        self.digests.insert(PathBuf::from(name), digest);
    }

    /// SHA-256 and size of a file; each file is read once per run.
    pub fn digest(&mut self, path: &Path) -> Result<FileDigest> {
        if let Some(known) = self.digests.get(path) {
            return Ok(known.clone());
        }
        let made = file_digest(path)?;
        self.digests.insert(path.to_owned(), made.clone());
        Ok(made)
    }

    /// What decides the outputs of a step: its name, the software, the parameters and the bytes of the inputs.
    pub fn fingerprint(
        &mut self,
        name: &str,
        key: &BTreeMap<String, String>,
        inputs: &[&Path],
        outputs: &[&Path],
    ) -> Result<String> {
        let inputs = inputs
            .iter()
            .map(|path| self.digest(path))
            .collect::<Result<Vec<_>>>()?;
        let described = serde_json::json!([name, crate::software(), key, inputs, outputs]);
        Ok(digest::sha256(described.to_string().as_bytes()))
    }

    /// Runs a step, or takes its outputs from an earlier run with the same name, software, parameters and input bytes.
    ///
    /// `key` holds every parameter that changes the outputs. Returns the step's memo and whether it was resumed.
    pub fn step(
        &mut self,
        name: &str,
        key: &BTreeMap<String, String>,
        inputs: &[&Path],
        outputs: &[&Path],
        clock: Clock<'_>,
        work: impl FnOnce() -> Result<(Done, serde_json::Value)>,
    ) -> Result<(serde_json::Value, bool)> {
        let fingerprint = self.fingerprint(name, key, inputs, outputs)?;
        let inputs = inputs
            .iter()
            .map(|path| self.digest(path))
            .collect::<Result<Vec<_>>>()?;
        if let Some(mut entry) = self.earlier.iter().find(|e| e.fingerprint == fingerprint).cloned()
            && self.outputs_are(&entry)
        {
            entry.step.resumed = true;
            let memo = entry.memo.clone();
            self.now.push(entry);
            self.save()?;
            return Ok((memo, true));
        }
        for output in outputs {
            self.digests.remove(*output);
        }
        let start = clock();
        let (done, memo) = work()?;
        let end = clock();
        let mut parameters = key.clone();
        parameters.extend(done.parameters);
        let step = Step {
            name: name.to_owned(),
            version: done.version,
            parameters,
            inputs,
            outputs: outputs.iter().map(|path| self.digest(path)).collect::<Result<_>>()?,
            start,
            end,
            resumed: false,
        };
        let outputs = outputs.iter().map(|p| (*p).to_owned()).collect();
        self.now.push(Entry {
            fingerprint,
            step,
            outputs,
            memo: memo.clone(),
        });
        self.save()?;
        Ok((memo, false))
    }

    /// The steps of this run so far.
    pub fn steps(&self) -> Vec<Step> {
        self.now.iter().map(|e| e.step.clone()).collect()
    }

    fn outputs_are(&mut self, entry: &Entry) -> bool {
        entry.outputs.len() == entry.step.outputs.len()
            && entry
                .outputs
                .iter()
                .zip(&entry.step.outputs)
                .all(|(path, expected)| path.is_file() && self.digest(path).is_ok_and(|found| found == *expected))
    }

    fn save(&self) -> Result<()> {
        // Steps that an earlier run had finished after the present one stay known until this run reaches them.
        let later = self
            .earlier
            .iter()
            .filter(|e| !self.now.iter().any(|n| n.step.name == e.step.name));
        let entries: Vec<&Entry> = self.now.iter().chain(later).collect();
        let bytes = serde_json::to_vec_pretty(&entries)
            .map_err(|e| Fault::internal("cannot write the record of steps").caused_by(e))?;
        fs::write_atomic(&self.path, &bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock() -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn copy(ledger: &mut Ledger, key: &str, from: &Path, to: &Path) -> bool {
        let key = BTreeMap::from([("k".to_owned(), key.to_owned())]);
        let (memo, resumed) = ledger
            .step("copy", &key, &[from], &[to], &clock, || {
                fs::write_atomic(to, &fs::read(from)?)?;
                Ok((
                    Done {
                        version: "1".into(),
                        ..Done::default()
                    },
                    serde_json::json!(7),
                ))
            })
            .unwrap();
        assert_eq!(memo, 7);
        resumed
    }

    #[test]
    fn a_finished_step_is_used_again_only_while_nothing_changed() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("a"), folder.path().join("b"));
        fs::write_atomic(&from, b"x").unwrap();
        let open = || Ledger::open(folder.path(), "S");
        assert!(!copy(&mut open(), "1", &from, &to), "first");
        assert!(copy(&mut open(), "1", &from, &to), "same again");
        assert!(!copy(&mut open(), "2", &from, &to), "other parameter");
        assert!(copy(&mut open(), "2", &from, &to));
        fs::write_atomic(&from, b"y").unwrap();
        assert!(!copy(&mut open(), "2", &from, &to), "other input bytes");
        fs::write_atomic(&to, b"damaged").unwrap();
        assert!(!copy(&mut open(), "2", &from, &to), "output was changed");
        assert_eq!(fs::read(&to).unwrap(), b"y");
    }
}
