//! Lines and templates on their way to the BAM: what aligning and importing share.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
};

use clinotype_genome::{Fault, Progress, Result};

use crate::{
    Figures,
    duplicates::{Duplicates, Marker},
    figures::Tally,
    raw::{Raw, flag},
    scratch::Scratch,
    sort::Sorter,
    write::BamWriter,
};

/// See the module text.
pub(crate) struct Store<'s> {
    pub(crate) lines: Sorter<'s>,
    pub(crate) marker: Marker<'s>,
    /// Lines so far; the next one's ordinal.
    pub(crate) count: u64,
}

/// How the file is finished.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ending {
    /// Whether duplicates are marked.
    pub(crate) mark: bool,
    /// Whether lines that stand in the input twice, byte for byte, are written once.
    pub(crate) drop_repeats: bool,
    /// Primary lines handed in; the file is not made if another number would come out.
    pub(crate) reads: u64,
}

/// What was written.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) figures: Figures,
    /// Lines left out because they stood there before.
    pub(crate) repeats: u64,
}

impl<'s> Store<'s> {
    /// Three quarters of the memory for the lines, a quarter for the ends.
    pub(crate) fn new(scratch: &'s Scratch, memory: u64) -> Self {
        Self {
            lines: Sorter::new(scratch, "lines", memory / 4 * 3),
            marker: Marker::new(scratch, memory / 4),
            count: 0,
        }
    }

    /// Adds a line; gives its ordinal. Lines at one place keep the order in which they were added.
    pub(crate) fn push(&mut self, line: &[u8]) -> Result<u64> {
        let raw = Raw::trusted(line);
        let ordinal = self.count;
        self.count += 1;
        // -1 becomes the largest number: lines without a place come last.
        self.lines.push(&[
            &(raw.reference() as u32).to_be_bytes(),
            &(raw.position() as u32).to_be_bytes(),
            &ordinal.to_be_bytes(),
            line,
        ])?;
        Ok(ordinal)
    }

    /// Merges, marks and writes everything.
    pub(crate) fn write(
        self,
        out: &Path,
        header: &str,
        contigs: &[(String, u32)],
        ending: &Ending,
        progress: &dyn Progress,
    ) -> Result<Written> {
        let duplicates = if ending.mark {
            self.marker.resolve(progress)?
        } else {
            drop(self.marker);
            Duplicates::default()
        };
        let mut tally = Tally::new(contigs.iter().cloned());
        let mut writer = BamWriter::create(out, header, contigs)?;
        let mut sorted = self.lines.finish()?;
        let mut repeats = Repeats::default();
        let (mut seen, mut repeated_reads) = (0_u64, 0_u64);
        while let Some(item) = sorted.next()? {
            seen += 1;
            if seen.is_multiple_of(1 << 14) {
                progress.check()?;
                progress.advance(seen, self.count);
            }
            let mut ordinal = [0; 8];
            ordinal.copy_from_slice(&item[8..16]);
            let line = &item[16..];
            let raw = Raw::trusted(line);
            if ending.drop_repeats && repeats.is_repeat(raw, line) {
                repeated_reads += u64::from(raw.is_primary());
                continue;
            }
            let mut flags = raw.flags();
            if duplicates.contains(u64::from_be_bytes(ordinal)) {
                flags |= flag::DUPLICATE;
            }
            tally.add(raw, flags);
            writer.push(line, flags)?;
        }
        let figures = tally.finish();
        if seen != self.count || figures.reads + repeated_reads != ending.reads {
            return Err(Fault::internal(format!(
                "{} lines with {} reads went in, {seen} lines with {} reads came out",
                self.count,
                ending.reads,
                figures.reads + repeated_reads
            ))
            .at(out));
        }
        progress.check()?;
        writer.finish()?;
        progress.advance(seen, self.count);
        Ok(Written {
            figures,
            repeats: repeats.count,
        })
    }
}

/// Finds lines that are byte for byte the same as another one. Such lines arise where slices of a BAM that overlap are
/// joined; read twice, they would count twice.
#[derive(Default)]
struct Repeats {
    place: (i32, i32),
    /// Lines at this place: hash of the name, CRC-32 of the line, flags and length. Two different lines agree in all of
    /// that by chance once in 2^96.
    here: HashSet<(u64, u32, u16, u32)>,
    count: u64,
}

impl Repeats {
    fn is_repeat(&mut self, raw: Raw<'_>, line: &[u8]) -> bool {
        if raw.reference() < 0 {
            // All lines without a place stand at one place; to remember them all could take any memory.
            return false;
        }
        let place = (raw.reference(), raw.position());
        if place != self.place {
            self.place = place;
            self.here.clear();
        }
        let mut name = DefaultHasher::new();
        raw.name().hash(&mut name);
        let new = self
            .here
            .insert((name.finish(), crc32fast::hash(line), raw.flags(), line.len() as u32));
        self.count += u64::from(!new);
        !new
    }
}
