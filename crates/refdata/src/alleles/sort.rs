//! Sorting records in bounded memory: runs that fit are sorted and spilled, then merged.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    io::{BufReader, Read, Write},
    path::{Path, PathBuf},
};

use clinotype_genome::{
    Fault, Result,
    fs::{self, AtomicFile, Source},
};

use super::{
    bytes::{Input, put_framed, put_number},
    key::{Code, Key},
};

/// Bytes that the place of a record takes beside the record.
const PLACE: usize = 2 * std::mem::size_of::<(Key, usize)>();
/// Runs that are open at once; more are merged to one first.
const OPEN: usize = 64;

/// REF and ALT of a long allele (empty for others), marks and values.
pub(super) type Opened<'a> = (&'a [u8], &'a [u8], u8, Vec<Option<&'a str>>);

/// A record on its way into the store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Packed {
    /// Bases of a long allele (framed REF, framed ALT; empty for others), one byte of marks, then per field 0 for
    /// missing, else its length plus one and its text.
    bytes: Vec<u8>,
}

impl Packed {
    /// A record without values.
    pub(super) fn begin(&mut self, code: Code, reference: &[u8], alternate: &[u8], marks: u8) {
        self.bytes.clear();
        if code.is_long() {
            put_framed(&mut self.bytes, reference);
            put_framed(&mut self.bytes, alternate);
        } else {
            self.bytes.extend([0, 0]);
        }
        self.bytes.push(marks);
    }

    /// Adds the next field's value.
    pub(super) fn value(&mut self, value: Option<&str>) {
        match value {
            None => self.bytes.push(0),
            Some(text) => {
                put_number(&mut self.bytes, text.len() as u64 + 1);
                self.bytes.extend_from_slice(text.as_bytes());
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// REF and ALT of a long allele (empty for others), marks and values.
    pub(super) fn open(&self) -> Result<Opened<'_>> {
        let damaged = || Fault::internal("a record changed on its way into the store");
        let mut input = Input(&self.bytes);
        let reference = input.framed().map_err(|_| damaged())?.0;
        let alternate = input.framed().map_err(|_| damaged())?.0;
        let marks = input.byte().map_err(|_| damaged())?;
        let mut values = Vec::with_capacity(8);
        while !input.0.is_empty() {
            let length = input.count(usize::MAX).map_err(|_| damaged())?;
            values.push(match length.checked_sub(1) {
                None => None,
                Some(length) => {
                    let text = input.take(length).map_err(|_| damaged())?;
                    Some(std::str::from_utf8(text).map_err(|_| damaged())?)
                }
            });
        }
        Ok((reference, alternate, marks, values))
    }

    /// The framed bases: they order long alleles of one code.
    fn bases(&self) -> (&[u8], &[u8]) {
        bases_of(&self.bytes)
    }
}

fn bases_of(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut input = Input(bytes);
    let reference = input.framed().map_or(&[][..], |i| i.0);
    (reference, input.framed().map_or(&[][..], |i| i.0))
}

/// Takes records in any order and gives them back sorted; equal keys come in the order in which they were given.
pub(super) struct Sorter {
    scratch: PathBuf,
    memory: usize,
    arena: Vec<u8>,
    places: Vec<(Key, usize)>,
    runs: Vec<PathBuf>,
    made: usize,
}

impl Sorter {
    /// Spills into the folder `scratch`, which is made when it is needed, where `memory` bytes are not enough.
    pub(super) fn new(scratch: &Path, memory: usize) -> Self {
        Self {
            scratch: scratch.to_owned(),
            memory: memory.max(1 << 20),
            arena: Vec::new(),
            places: Vec::new(),
            runs: Vec::new(),
            made: 0,
        }
    }

    pub(super) fn push(&mut self, key: Key, record: &Packed) -> Result<()> {
        if !self.places.is_empty() && self.arena.len() + record.len() + PLACE * self.places.len() > self.memory {
            self.spill()?;
        }
        self.places.push((key, self.arena.len()));
        put_framed(&mut self.arena, &record.bytes);
        Ok(())
    }

    fn sort(&mut self) {
        let record = |at: usize| Input(&self.arena[at..]).framed().map_or(&[][..], |i| i.0);
        // Stable, and quick where the source was sorted already.
        self.places.sort_by(|(a, at), (b, bt)| {
            a.cmp(b).then_with(|| {
                if a.code.is_long() {
                    bases_of(record(*at)).cmp(&bases_of(record(*bt)))
                } else {
                    std::cmp::Ordering::Equal
                }
            })
        });
    }

    fn create(&mut self) -> Result<Spill> {
        fs::create_dir_all(&self.scratch)?;
        let path = self.scratch.join(format!("alleles.{}.run", self.made));
        self.made += 1;
        Spill::create(path)
    }

    fn spill(&mut self) -> Result<()> {
        self.sort();
        let mut spill = self.create()?;
        for (key, at) in &self.places {
            let record = Input(&self.arena[*at..]).framed().map_or(&[][..], |i| i.0);
            spill.put(key, record)?;
        }
        self.runs.push(spill.finish()?);
        self.places.clear();
        self.arena.clear();
        if self.runs.len() == OPEN {
            let runs = std::mem::take(&mut self.runs);
            let mut merge = Merge::of_runs(&runs)?;
            let mut spill = self.create()?;
            let mut record = Packed::default();
            while let Some(key) = merge.next(&mut record)? {
                spill.put(&key, &record.bytes)?;
            }
            drop(merge);
            self.runs.push(spill.finish()?);
            runs.iter().try_for_each(fs::remove_if_there)?;
        }
        Ok(())
    }

    /// All records, sorted.
    pub(super) fn finish(mut self) -> Result<Merge> {
        if self.runs.is_empty() {
            self.sort();
            return Ok(Merge::Memory {
                places: std::mem::take(&mut self.places).into_iter(),
                arena: std::mem::take(&mut self.arena),
            });
        }
        if !self.places.is_empty() {
            self.spill()?;
        }
        self.arena = Vec::new();
        Merge::of_runs(&self.runs)
    }
}

/// A run being written.
struct Spill {
    path: PathBuf,
    writer: zstd::stream::Encoder<'static, AtomicFile>,
    head: Vec<u8>,
}

impl Spill {
    fn create(path: PathBuf) -> Result<Self> {
        let file = AtomicFile::create(&path)?;
        let writer = zstd::stream::Encoder::new(file, 1).map_err(|e| Fault::io("write", &path, e))?;
        Ok(Self {
            path,
            writer,
            head: Vec::new(),
        })
    }

    fn put(&mut self, key: &Key, record: &[u8]) -> Result<()> {
        self.head.clear();
        self.head.extend(key.contig.to_le_bytes());
        self.head.extend(key.position.to_le_bytes());
        self.head.extend(key.code.0.to_le_bytes());
        self.head.extend((record.len() as u32).to_le_bytes());
        self.writer
            .write_all(&self.head)
            .and_then(|()| self.writer.write_all(record))
            .map_err(|e| Fault::io("write", &self.path, e))
    }

    fn finish(self) -> Result<PathBuf> {
        let file = self.writer.finish().map_err(|e| Fault::io("write", &self.path, e))?;
        file.commit_unsynced()?;
        Ok(self.path)
    }
}

/// A run being read.
pub(super) struct Run {
    path: PathBuf,
    reader: zstd::stream::Decoder<'static, BufReader<Source>>,
}

impl Run {
    fn open(path: &Path) -> Result<Self> {
        let reader = zstd::stream::Decoder::new(fs::open(path)?).map_err(|e| Fault::io("read", path, e))?;
        Ok(Self {
            path: path.to_owned(),
            reader,
        })
    }

    fn next(&mut self, record: &mut Packed) -> Result<Option<Key>> {
        let mut head = [0; 20];
        let failed = |e| Fault::io("read", &self.path, e);
        // An end between records is the end; one inside a record is damage.
        let mut filled = 0;
        while filled < head.len() {
            match self.reader.read(&mut head[filled..]).map_err(failed)? {
                0 if filled == 0 => return Ok(None),
                0 => return Err(failed(std::io::ErrorKind::UnexpectedEof.into())),
                n => filled += n,
            }
        }
        let number = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        record.bytes.resize(number(16) as usize, 0);
        self.reader.read_exact(&mut record.bytes).map_err(failed)?;
        Ok(Some(Key {
            contig: number(0),
            position: number(4),
            code: Code(u64::from(number(12)) << 32 | u64::from(number(8))),
        }))
    }
}

type Head = Reverse<(Key, Option<(Vec<u8>, Vec<u8>)>, usize)>;

/// Gives the records in order.
pub(super) enum Merge {
    Memory {
        places: std::vec::IntoIter<(Key, usize)>,
        arena: Vec<u8>,
    },
    Runs {
        runs: Vec<(Run, Packed)>,
        heads: BinaryHeap<Head>,
    },
}

impl Merge {
    fn of_runs(paths: &[PathBuf]) -> Result<Self> {
        let mut runs = Vec::with_capacity(paths.len());
        let mut heads = BinaryHeap::new();
        for (number, path) in paths.iter().enumerate() {
            let mut run = (Run::open(path)?, Packed::default());
            if let Some(key) = run.0.next(&mut run.1)? {
                heads.push(head(key, &run.1, number));
            }
            runs.push(run);
        }
        Ok(Self::Runs { runs, heads })
    }

    /// The next record, into `record`.
    pub(super) fn next(&mut self, record: &mut Packed) -> Result<Option<Key>> {
        match self {
            Self::Memory { places, arena } => Ok(places.next().map(|(key, at)| {
                record.bytes.clear();
                if let Ok(bytes) = Input(&arena[at..]).framed() {
                    record.bytes.extend_from_slice(bytes.0);
                }
                key
            })),
            Self::Runs { runs, heads } => {
                let Some(Reverse((key, _, number))) = heads.pop() else {
                    return Ok(None);
                };
                let (run, next) = &mut runs[number];
                std::mem::swap(record, next);
                if let Some(key) = run.next(next)? {
                    heads.push(head(key, next, number));
                }
                Ok(Some(key))
            }
        }
    }
}

fn head(key: Key, record: &Packed, run: usize) -> Head {
    let bases = key.code.is_long().then(|| {
        let (r, a) = record.bases();
        (r.to_vec(), a.to_vec())
    });
    Reverse((key, bases, run))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spilled_or_not_the_order_is_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let scratch = folder.path().join("s");
        let long = "ACGT".repeat(20);
        let mut orders = Vec::new();
        for memory in [1 << 30, 1 << 20] {
            let mut sorter = Sorter::new(&scratch, memory);
            let mut record = Packed::default();
            for n in 0..60_000_u32 {
                let alternate = if n % 10 == 0 { long.as_str() } else { "C" };
                let key = Key {
                    contig: n * 7 % 3,
                    position: n * 7919 % 5000,
                    code: Code::of(b"A", alternate.as_bytes()),
                };
                record.begin(key.code, b"A", alternate.as_bytes(), 0);
                record.value(Some(&n.to_string()));
                record.value(None);
                record.value(Some("some text to fill the memory with"));
                sorter.push(key, &record).unwrap();
            }
            let mut merge = sorter.finish().unwrap();
            assert_eq!(memory == 1 << 20, matches!(merge, Merge::Runs { .. }));
            let mut order = Vec::new();
            while let Some(key) = merge.next(&mut record).unwrap() {
                let (r, a, marks, values) = record.open().unwrap();
                assert_eq!(
                    (r.is_empty(), a.is_empty(), marks, values.len()),
                    (!key.code.is_long(), !key.code.is_long(), 0, 3)
                );
                order.push((key, values[0].unwrap().parse::<u32>().unwrap()));
            }
            assert_eq!(order.len(), 60_000);
            assert!(order.is_sorted());
            orders.push(order);
        }
        assert_eq!(orders[0], orders[1]);
    }
}
