//! Bases of a reference in the order in which sorted records ask for them.

use crate::{Reference, Result};

/// How many bases one look at the file takes, and how many of them lie before the place that was asked for.
const PIECE: u32 = 1 << 15;
const BEFORE: u32 = 1 << 10;

/// A reference with the piece of it that was read last.
#[derive(Debug)]
pub(super) struct Bases {
    reference: Reference,
    contig: String,
    start: u32,
    piece: Vec<u8>,
}

impl Bases {
    pub(super) fn new(reference: Reference) -> Self {
        Self {
            reference,
            contig: String::new(),
            start: 0,
            piece: Vec::new(),
        }
    }

    pub(super) fn reference(&self) -> &Reference {
        &self.reference
    }

    /// As [`Reference::fetch`].
    pub(super) fn get(&mut self, contig: &str, start: u32, end: u32) -> Result<&[u8]> {
        let known =
            |own: &Self| own.contig == contig && start >= own.start && end <= own.start + own.piece.len() as u32;
        if !known(self) {
            let from = start.saturating_sub(BEFORE);
            // Never a part of what was asked for, and never beyond what a position can say.
            let to = end.max(from.saturating_add(PIECE)).min(i32::MAX as u32);
            self.piece = self.reference.fetch(contig, from, to)?;
            contig.clone_into(&mut self.contig);
            self.start = from;
        }
        let from = ((start - self.start) as usize).min(self.piece.len());
        let to = (end.saturating_sub(self.start) as usize).clamp(from, self.piece.len());
        Ok(&self.piece[from..to])
    }

    /// One base; `None` beyond the contig's end.
    pub(super) fn at(&mut self, contig: &str, position: u32) -> Result<Option<u8>> {
        Ok(self.get(contig, position, position + 1)?.first().copied())
    }
}
