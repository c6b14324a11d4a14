//! Edits between a transcript's layout and the genome.
//!
//! Bases that only one of the two has are written along with a change that takes in one of them, or that inserts next
//! to them; other changes leave them as they are.

use clinotype_genome::{Result, Strand, sequence::reverse_complement};

use super::{Block, Locus};
use crate::hgvs::describe::{Strip, StripEdit};

impl Locus<'_> {
    /// The frame edit as an edit of the genome, plus strand, 0-based; `None` where it has no place there.
    ///
    /// Bases that only the transcript has are written along with the change that touches them.
    pub(crate) fn to_genome(&self, edit: &StripEdit) -> Result<Option<StripEdit>> {
        let Some((_, length, strand)) = &self.genome else {
            return Ok(None);
        };
        let (mut start, mut end, mut inserted) = (edit.start, edit.end, edit.inserted.clone());
        for block in self.blocks.iter().filter(|b| b.genome.is_none()) {
            let touches = if start == end {
                block.frame <= start && start <= block.end()
            } else {
                block.frame < end && start < block.end()
            };
            if !touches {
                continue;
            }
            if block.frame < start {
                let mut before = self.fetch(block.frame, start)?;
                before.append(&mut inserted);
                inserted = before;
                start = block.frame;
            }
            if end < block.end() {
                inserted.extend(self.fetch(end, block.end())?);
                end = block.end();
            }
        }
        let before = start.checked_sub(1).and_then(|f| self.genome_at(f)).map(|g| g + 1);
        let at = self.genome_at(start);
        let (from, to) = if start == end {
            match (before, at) {
                (Some(before), Some(at)) => (before, at.max(before)),
                (Some(g), None) | (None, Some(g)) => (g, g),
                (None, None) => return Ok(None),
            }
        } else {
            let last = self.genome_at(end - 1).map(|g| g + 1);
            let after = self.genome_at(end);
            match (at.or(before), last.or(after)) {
                (Some(from), Some(to)) if from <= to => (from, to),
                _ => return Ok(None),
            }
        };
        if to > *length {
            return Ok(None);
        }
        let (from, to) = self.orient(from, to);
        Ok(Some(StripEdit {
            start: from,
            end: to,
            inserted: match strand {
                Strand::Forward => inserted,
                Strand::Reverse => reverse_complement(&inserted),
            },
        }))
    }

    /// Frame place of an oriented genome coordinate.
    fn frame_at(&self, genome: u32) -> Option<u32> {
        let candidates = self.blocks.iter().filter(|b| b.genome.is_some());
        candidates.into_iter().find_map(|b| {
            let first = b.genome?;
            (first <= genome && genome < first + b.length).then(|| b.frame + genome - first)
        })
    }

    /// The run of genome-only bases inside an exon around an oriented coordinate, with the frame place it lies at.
    fn gap_at(&self, genome: u32) -> Option<(u32, u32, u32)> {
        let mapped: Vec<&Block> = self.blocks.iter().filter(|b| b.genome.is_some()).collect();
        mapped.windows(2).find_map(|pair| {
            let end = pair[0].genome? + pair[0].length;
            let next = pair[1].genome?;
            (end <= genome && genome < next).then_some((end, next, pair[0].end()))
        })
    }

    /// An edit of the genome (plus strand, 0-based) as a frame edit; `None` where it has no place.
    pub(crate) fn of_genome(&self, edit: &StripEdit) -> Result<Option<StripEdit>> {
        let Some((_, length, strand)) = &self.genome else {
            return Ok(None);
        };
        if edit.end > *length {
            return Ok(None);
        }
        let (mut from, mut to) = self.orient(edit.start, edit.end);
        let mut inserted = match strand {
            Strand::Forward => edit.inserted.clone(),
            Strand::Reverse => reverse_complement(&edit.inserted),
        };
        // Genome-only bases at either end are taken along whole, also by an insertion that touches them.
        let first_gap = if from < to {
            self.gap_at(from)
        } else {
            self.gap_at(from)
                .or_else(|| from.checked_sub(1).and_then(|g| self.gap_at(g)))
        };
        if let Some((start, ..)) = first_gap {
            let mut before = self.oriented_bases(start, from)?;
            before.append(&mut inserted);
            inserted = before;
            from = start;
        }
        let last_gap = match (first_gap, to.checked_sub(1)) {
            (Some((_, end, _)), _) if to <= end => Some(end),
            (_, Some(last)) if from < to => self.gap_at(last).map(|(_, end, _)| end),
            _ => None,
        };
        if let Some(end) = last_gap {
            inserted.extend(self.oriented_bases(to, end)?);
            to = end;
        }
        let before = from.checked_sub(1).and_then(|g| self.frame_at(g)).map(|f| f + 1);
        let (start, end) = if from == to {
            match (before, self.frame_at(from)) {
                // Transcript-only bases lie between: the insertion stands for them.
                (Some(before), Some(at)) => (before, at),
                (Some(f), None) | (None, Some(f)) => (f, f),
                (None, None) => return Ok(None),
            }
        } else {
            let start = self.frame_at(from).or(before);
            let end = self.frame_at(to - 1).map(|f| f + 1).or_else(|| self.frame_at(to));
            match (start, end) {
                (Some(start), Some(end)) if start <= end => (start, end),
                _ => return Ok(None),
            }
        };
        Ok(Some(StripEdit { start, end, inserted }))
    }
}
