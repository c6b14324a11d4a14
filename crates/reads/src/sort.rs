//! Sorting more than fits into memory: items are byte strings, ordered as bytes.
//!
//! Items gather in memory; when the limit is reached they are sorted and spilled as one run, compressed lightly, and
//! all runs are merged at the end. Keys are written big-endian in front of the item, so that comparing bytes is
//! comparing keys. What comes out does not depend on the limit or the number of threads as long as no two items with
//! different bytes are meant to be equal.

use std::{
    io::{BufReader, Read, Write},
    path::{Path, PathBuf},
};

use clinotype_genome::{Fault, Result, fs};
use rayon::prelude::*;

use crate::scratch::Scratch;

/// Memory is taken in pieces of this size, so that a growing buffer is never copied.
const PIECE: usize = 8 << 20;
/// Uncompressed size of a block of a run.
const BLOCK: usize = 256 << 10;
/// Blocks compressed at once.
const BLOCKS: usize = 16;
/// Runs merged at once: bounds open files and read buffers.
const FAN_IN: usize = 64;
/// What one item costs beside its bytes.
const ITEM_COST: usize = 2 * size_of::<Item>();

#[derive(Clone, Copy)]
pub(crate) struct Item {
    /// First 16 bytes of the item, big-endian: decides nearly every comparison without touching the piece.
    prefix: u128,
    piece: u32,
    start: u32,
    length: u32,
}

fn prefix_of(item: &[u8]) -> u128 {
    let mut first = [0; 16];
    let n = item.len().min(16);
    first[..n].copy_from_slice(&item[..n]);
    u128::from_be_bytes(first)
}

/// See the module text.
pub(crate) struct Sorter<'s> {
    scratch: &'s Scratch,
    what: &'static str,
    limit: usize,
    held: usize,
    pieces: Vec<Vec<u8>>,
    items: Vec<Item>,
    runs: Vec<PathBuf>,
}

impl<'s> Sorter<'s> {
    /// `limit`: bytes to hold in memory. `what` names the spill files.
    pub(crate) fn new(scratch: &'s Scratch, what: &'static str, limit: u64) -> Self {
        Self {
            scratch,
            what,
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            held: 0,
            pieces: Vec::new(),
            items: Vec::new(),
            runs: Vec::new(),
        }
    }

    /// Adds one item, given in parts.
    pub(crate) fn push(&mut self, parts: &[&[u8]]) -> Result<()> {
        let length: usize = parts.iter().map(|p| p.len()).sum();
        if !self.items.is_empty() && self.held + length + ITEM_COST > self.limit {
            self.spill()?;
        }
        let fits = self.pieces.last().is_some_and(|p| p.len() + length <= p.capacity());
        if !fits {
            // The first piece is small, so that a small job stays small.
            let size = if self.pieces.is_empty() { PIECE / 16 } else { PIECE };
            self.pieces.push(Vec::with_capacity(size.max(length)));
        }
        let number = self.pieces.len() - 1;
        let piece = &mut self.pieces[number];
        let start = piece.len();
        for part in parts {
            piece.extend_from_slice(part);
        }
        self.items.push(Item {
            prefix: prefix_of(&piece[start..]),
            piece: number as u32,
            start: start as u32,
            length: length as u32,
        });
        self.held += length + ITEM_COST;
        Ok(())
    }

    fn sort(&mut self) {
        let pieces = &self.pieces;
        self.items.par_sort_unstable_by(|a, b| {
            a.prefix
                .cmp(&b.prefix)
                .then_with(|| bytes(pieces, a).cmp(bytes(pieces, b)))
        });
    }

    fn spill(&mut self) -> Result<()> {
        self.sort();
        let mut run = RunWriter::create(self.scratch.path(self.what))?;
        for item in &self.items {
            run.push(bytes(&self.pieces, item))?;
        }
        self.runs.push(run.finish()?);
        self.items.clear();
        self.pieces.clear();
        self.held = 0;
        Ok(())
    }

    /// Writes what is held as a run, so that everything lies on the disk.
    pub(crate) fn flush(&mut self) -> Result<()> {
        if self.items.is_empty() { Ok(()) } else { self.spill() }
    }

    /// Runs so far.
    pub(crate) fn runs(&self) -> &[PathBuf] {
        &self.runs
    }

    /// Begins with the runs of a run before.
    pub(crate) fn restore(&mut self, runs: Vec<PathBuf>) {
        self.runs = runs;
    }

    /// Bytes held, and at most held.
    pub(crate) fn held(&self) -> (usize, usize) {
        (self.held, self.limit)
    }

    /// Sorts what is left and gives everything back in order.
    pub(crate) fn finish(mut self) -> Result<Sorted> {
        if self.runs.is_empty() {
            self.sort();
            return Ok(Sorted::Held {
                pieces: self.pieces,
                items: self.items.into_iter(),
            });
        }
        if !self.items.is_empty() {
            self.spill()?;
        }
        self.pieces = Vec::new();
        self.items = Vec::new();
        let mut runs = std::mem::take(&mut self.runs);
        while runs.len() > FAN_IN {
            let rest = runs.split_off(FAN_IN);
            let mut merge = Merge::open(runs, self.scratch)?;
            let mut run = RunWriter::create(self.scratch.path(self.what))?;
            while let Some(item) = merge.next()? {
                run.push(item)?;
            }
            runs = rest;
            runs.push(run.finish()?);
        }
        Ok(Sorted::Spilled(Merge::open(runs, self.scratch)?))
    }
}

fn bytes<'p>(pieces: &'p [Vec<u8>], item: &Item) -> &'p [u8] {
    &pieces[item.piece as usize][item.start as usize..][..item.length as usize]
}

/// Items in order.
pub(crate) enum Sorted {
    Held {
        pieces: Vec<Vec<u8>>,
        items: std::vec::IntoIter<Item>,
    },
    Spilled(Merge),
}

impl std::fmt::Debug for Sorted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sorted")
    }
}

impl Sorted {
    /// The next item.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>> {
        match self {
            Self::Held { pieces, items } => Ok(items.next().map(|item| bytes(pieces, &item))),
            Self::Spilled(merge) => merge.next(),
        }
    }
}

/// Writes a run: blocks of (compressed size, size, zstd frame), each holding whole items with their length in front.
struct RunWriter {
    file: fs::AtomicFile,
    path: PathBuf,
    blocks: Vec<Vec<u8>>,
}

impl RunWriter {
    fn create(path: PathBuf) -> Result<Self> {
        Ok(Self {
            file: fs::AtomicFile::create(&path)?,
            path,
            blocks: Vec::new(),
        })
    }

    fn push(&mut self, item: &[u8]) -> Result<()> {
        if self.blocks.last().is_none_or(|b| b.len() >= BLOCK) {
            if self.blocks.len() == BLOCKS {
                self.flush()?;
            }
            self.blocks.push(Vec::with_capacity(BLOCK + (BLOCK >> 3)));
        }
        if let Some(block) = self.blocks.last_mut() {
            block.extend_from_slice(&(item.len() as u32).to_le_bytes());
            block.extend_from_slice(item);
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        let packed: Vec<_> = self
            .blocks
            .par_iter()
            .map(|block| zstd::bulk::compress(block, 1))
            .collect();
        for (block, packed) in self.blocks.drain(..).zip(packed) {
            packed
                .and_then(|packed| {
                    self.file.write_all(&(packed.len() as u32).to_le_bytes())?;
                    self.file.write_all(&(block.len() as u32).to_le_bytes())?;
                    self.file.write_all(&packed)
                })
                .map_err(|e| Fault::io("write a spill file", &self.path, e))?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<PathBuf> {
        self.flush()?;
        self.file.commit()?;
        Ok(self.path)
    }
}

/// Reads a run; removes its file when it is read or dropped, unless it is kept.
struct RunReader {
    file: BufReader<fs::Source>,
    path: PathBuf,
    kept: bool,
    block: Vec<u8>,
    /// Where the current item lies in `block`.
    start: usize,
    end: usize,
    prefix: u128,
}

impl RunReader {
    fn open(path: PathBuf, scratch: &Scratch) -> Result<Self> {
        Ok(Self {
            kept: scratch.is_kept(&path),
            file: BufReader::with_capacity(1 << 16, fs::open(&path)?),
            path,
            block: Vec::new(),
            start: 0,
            end: 0,
            prefix: 0,
        })
    }

    fn item(&self) -> &[u8] {
        &self.block[self.start..self.end]
    }

    /// Steps to the next item; false at the end.
    fn step(&mut self) -> Result<bool> {
        if self.end == self.block.len() {
            let mut head = [0; 8];
            match self.file.read_exact(&mut head) {
                Ok(()) => {}
                Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(false),
                Err(e) => return Err(spill_fault(&self.path, e)),
            }
            let packed = u32::from_le_bytes([head[0], head[1], head[2], head[3]]) as usize;
            let size = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
            let mut bytes = vec![0; packed];
            self.block = self
                .file
                .read_exact(&mut bytes)
                .and_then(|()| zstd::bulk::decompress(&bytes, size))
                .map_err(|e| spill_fault(&self.path, e))?;
            self.end = 0;
        }
        let head = self.end;
        let length = self
            .block
            .get(head..head + 4)
            .map(|n| u32::from_le_bytes([n[0], n[1], n[2], n[3]]) as usize);
        match length {
            Some(length) if head + 4 + length <= self.block.len() => {
                self.start = head + 4;
                self.end = self.start + length;
                self.prefix = prefix_of(self.item());
                Ok(true)
            }
            _ => Err(Fault::internal("a spill file is damaged").at(&self.path)),
        }
    }
}

fn spill_fault(path: &Path, error: std::io::Error) -> Fault {
    Fault::internal(format!("a spill file cannot be read back: {error}"))
        .at(path)
        .hint("the disk of the work folder may be failing; run again with another one")
}

impl Drop for RunReader {
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_if_there(&self.path);
        }
    }
}

/// The k-way merge: a binary heap of runs by their current item.
pub(crate) struct Merge {
    runs: Vec<RunReader>,
    /// Indexes into `runs`, smallest item first.
    heap: Vec<usize>,
    started: bool,
}

impl Merge {
    fn open(paths: Vec<PathBuf>, scratch: &Scratch) -> Result<Self> {
        let runs = paths
            .into_iter()
            .map(|path| RunReader::open(path, scratch))
            .collect::<Result<Vec<_>>>()?;
        let mut merge = Self {
            heap: Vec::with_capacity(runs.len()),
            runs,
            started: false,
        };
        for i in 0..merge.runs.len() {
            if merge.runs[i].step()? {
                merge.heap.push(i);
            }
        }
        for i in (0..merge.heap.len() / 2).rev() {
            merge.sink(i);
        }
        Ok(merge)
    }

    fn less(&self, a: usize, b: usize) -> bool {
        let (a, b) = (&self.runs[a], &self.runs[b]);
        a.prefix < b.prefix || (a.prefix == b.prefix && a.item() < b.item())
    }

    fn sink(&mut self, mut at: usize) {
        loop {
            let mut least = at;
            for child in [2 * at + 1, 2 * at + 2] {
                if child < self.heap.len() && self.less(self.heap[child], self.heap[least]) {
                    least = child;
                }
            }
            if least == at {
                return;
            }
            self.heap.swap(at, least);
            at = least;
        }
    }

    fn next(&mut self) -> Result<Option<&[u8]>> {
        // The item given out last time is stepped over only now: it was borrowed until here.
        if self.started
            && let Some(&top) = self.heap.first()
        {
            if !self.runs[top].step()? {
                self.heap.swap_remove(0);
            }
            self.sink(0);
        }
        self.started = true;
        Ok(self.heap.first().map(|&top| self.runs[top].item()))
    }
}

#[cfg(test)]
#[path = "../../genome/tests/common/mod.rs"]
mod sealing;

#[cfg(test)]
mod tests {
    use clinotype_genome::seal::seal_folder;
    use proptest::prelude::*;

    use super::{sealing::TestSeal, *};

    fn sorted_by(items: &[Vec<u8>], limit: u64) -> Vec<Vec<u8>> {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("scratch");
        let mut got = Vec::new();
        {
            let scratch = Scratch::create(&place).unwrap();
            let mut sorter = Sorter::new(&scratch, "t", limit);
            for item in items {
                let (a, b) = item.split_at(item.len() / 2);
                sorter.push(&[a, b]).unwrap();
            }
            let mut sorted = sorter.finish().unwrap();
            while let Some(item) = sorted.next().unwrap() {
                got.push(item.to_vec());
            }
        }
        assert!(!place.exists(), "the scratch folder is gone");
        got
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn every_item_once_and_in_order(items in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..300)) {
            let mut expected = items.clone();
            expected.sort();
            prop_assert_eq!(&sorted_by(&items, 1 << 20), &expected);
            prop_assert_eq!(&sorted_by(&items, 2000), &expected);
        }
    }

    #[test]
    fn spills_of_a_folder_under_seal_hold_no_plain_byte() {
        let folder = tempfile::tempdir().unwrap();
        let _sealed = seal_folder(folder.path(), TestSeal::shared(3)).unwrap();
        let place = folder.path().join("scratch");
        let scratch = Scratch::create(&place).unwrap();
        let mut sorter = Sorter::new(&scratch, "t", 10_000);
        let items: Vec<String> = (0..1_000_u32)
            .map(|i| format!("{:03} patient", i * 7 % 1_000))
            .collect();
        for item in &items {
            sorter.push(&[item.as_bytes()]).unwrap();
        }
        let mut sorted = sorter.finish().unwrap();
        let spills: Vec<_> = std::fs::read_dir(&place).unwrap().map(|e| e.unwrap().path()).collect();
        assert!(spills.len() > 2, "it spilled");
        #[allow(clippy::disallowed_methods, reason = "looks at what really is on the disk")]
        for spill in &spills {
            let bytes = std::fs::read(spill).unwrap();
            // The magic number of zstd (RFC 8878, section 3.1.1), and the text, which it keeps once.
            for plain in [&b"patient"[..], &[0x28, 0xb5, 0x2f, 0xfd]] {
                assert!(!bytes.windows(plain.len()).any(|w| w == plain));
            }
            assert!(fs::read(spill).unwrap()[8..].starts_with(&[0x28, 0xb5, 0x2f, 0xfd]));
        }
        let mut expected = items;
        expected.sort();
        for item in &expected {
            assert_eq!(sorted.next().unwrap(), Some(item.as_bytes()));
        }
    }

    #[test]
    fn more_runs_than_are_merged_at_once() {
        let items: Vec<Vec<u8>> = (0..500_u32)
            .map(|i| i.wrapping_mul(2_654_435_761).to_be_bytes().to_vec())
            .collect();
        let mut expected = items.clone();
        expected.sort();
        // Two items a run: 250 runs.
        assert_eq!(sorted_by(&items, 2 * (4 + ITEM_COST as u64)), expected);
    }
}
