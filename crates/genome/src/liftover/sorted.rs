//! Records put in order in bounded memory: what does not fit is spilled beside the output and merged.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    io::{BufReader, Read as _, Write as _},
    path::{Path, PathBuf},
};

use crate::{
    Fault, Result,
    fs::{self, AtomicFile, Source},
};

/// Text that is held before it is spilled, in bytes.
const HELD: usize = 256 << 20;

/// A record's place in the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// Index of the contig in the output's order.
    pub(super) contig: u32,
    /// POS, 1-based (0 for a telomere).
    pub(super) position: u32,
    /// The record's number in the input: equal places keep its order.
    pub(super) number: u64,
    /// Last base of REF, 1-based, inclusive.
    pub(super) end: u32,
}

/// Collects records in any order and gives them back sorted.
pub(super) struct Sorted {
    beside: PathBuf,
    limit: usize,
    held: Vec<(Place, String)>,
    bytes: usize,
    spilled: Vec<PathBuf>,
}

impl Sorted {
    /// Spills beside `output`.
    pub(super) fn new(output: &Path) -> Self {
        Self::with_limit(output, HELD)
    }

    fn with_limit(output: &Path, limit: usize) -> Self {
        Self {
            beside: output.to_owned(),
            limit,
            held: Vec::new(),
            bytes: 0,
            spilled: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, place: Place, line: String) -> Result<()> {
        self.bytes += line.len() + size_of::<(Place, String)>();
        self.held.push((place, line));
        if self.bytes > self.limit { self.spill() } else { Ok(()) }
    }

    fn spill(&mut self) -> Result<()> {
        self.held.sort_unstable_by_key(|(place, _)| *place);
        let name = self.beside.file_name().map(|n| n.to_string_lossy().into_owned());
        let path = self.beside.with_file_name(format!(
            ".{}.{}.{}.spill",
            name.unwrap_or_default(),
            std::process::id(),
            self.spilled.len()
        ));
        self.spilled.push(path.clone());
        let mut file = AtomicFile::create(&path)?;
        for (place, line) in self.held.drain(..) {
            let mut head = [0; 24];
            head[..4].copy_from_slice(&place.contig.to_le_bytes());
            head[4..8].copy_from_slice(&place.position.to_le_bytes());
            head[8..16].copy_from_slice(&place.number.to_le_bytes());
            head[16..20].copy_from_slice(&place.end.to_le_bytes());
            head[20..].copy_from_slice(&(line.len() as u32).to_le_bytes());
            file.write_all(&head)
                .and_then(|()| file.write_all(line.as_bytes()))
                .map_err(|e| Fault::io("write", &path, e))?;
        }
        self.bytes = 0;
        file.commit_unsynced()
    }

    /// Gives every record in order.
    pub(super) fn drain(mut self, mut each: impl FnMut(Place, &str) -> Result<()>) -> Result<()> {
        if self.spilled.is_empty() {
            self.held.sort_unstable_by_key(|(place, _)| *place);
            return self.held.iter().try_for_each(|(place, line)| each(*place, line));
        }
        if !self.held.is_empty() {
            self.spill()?;
        }
        let mut runs = Vec::new();
        let mut next = BinaryHeap::new();
        for path in &self.spilled {
            let mut run = Run {
                path: path.clone(),
                file: BufReader::with_capacity(1 << 16, fs::open(path)?),
            };
            if let Some((place, line)) = run.next()? {
                next.push(Reverse((place, runs.len(), line)));
            }
            runs.push(run);
        }
        while let Some(Reverse((place, run, line))) = next.pop() {
            each(place, &line)?;
            if let Some((place, line)) = runs[run].next()? {
                next.push(Reverse((place, run, line)));
            }
        }
        Ok(())
    }
}

impl Drop for Sorted {
    fn drop(&mut self) {
        for path in &self.spilled {
            let _ = fs::remove_if_there(path);
        }
    }
}

struct Run {
    path: PathBuf,
    file: BufReader<Source>,
}

impl Run {
    fn next(&mut self) -> Result<Option<(Place, String)>> {
        let failed = |e| Fault::io("read", &self.path, e);
        let mut head = [0; 24];
        let mut first = [0; 1];
        if self.file.read(&mut first).map_err(failed)? == 0 {
            return Ok(None);
        }
        head[0] = first[0];
        self.file.read_exact(&mut head[1..]).map_err(failed)?;
        let word = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let place = Place {
            contig: word(0),
            position: word(4),
            number: u64::from(word(8)) | u64::from(word(12)) << 32,
            end: word(16),
        };
        let mut line = vec![0; word(20) as usize];
        self.file.read_exact(&mut line).map_err(failed)?;
        let line = String::from_utf8(line)
            .map_err(|_| Fault::internal("a spilled record came back as other bytes").at(&self.path))?;
        Ok(Some((place, line)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spilled_or_not_the_order_is_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("o.vcf.gz");
        for limit in [1 << 20, 1_000, 0] {
            let mut sorted = Sorted::with_limit(&out, limit);
            for number in 0..100_u64 {
                let place = Place {
                    contig: (number % 3) as u32,
                    position: ((number * 37) % 50) as u32,
                    number,
                    end: 7,
                };
                sorted.push(place, format!("record {number}")).unwrap();
            }
            let mut got: Vec<Place> = Vec::new();
            sorted
                .drain(|place, line| {
                    assert_eq!(line, format!("record {}", place.number));
                    got.push(place);
                    Ok(())
                })
                .unwrap();
            assert_eq!(got.len(), 100);
            assert!(got.is_sorted());
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "no spill is left");
    }
}
