//! All inputs side by side: the places where any sample has a variant, with what each sample says there.

use std::{
    collections::{BTreeMap, VecDeque},
    rc::Rc,
};

use clinotype_genome::{Contig, Reference, Result};

use super::{InputCounts, entry::Entry, input::Input};

/// A place where at least one allele of one sample begins.
#[derive(Debug)]
pub(super) struct Locus {
    /// 0-based position.
    pub(super) position: u32,
    /// For each sample, the entries that overlap the place's REF, in their order.
    pub(super) entries: Vec<Vec<Rc<Entry>>>,
}

/// See the module text. It holds the entries that overlap the place in work, and no others.
pub(super) struct Stream<'a> {
    inputs: Vec<Input>,
    contigs: &'a [Contig],
    reference: &'a Reference,
    held: Vec<VecDeque<Rc<Entry>>>,
    /// Positions at which an allele begins, with the base after the longest REF there.
    pending: BTreeMap<u32, u32>,
    contig: Option<usize>,
    started: bool,
}

impl<'a> Stream<'a> {
    pub(super) fn new(inputs: Vec<Input>, contigs: &'a [Contig], reference: &'a Reference) -> Self {
        Self {
            held: inputs.iter().map(|_| VecDeque::new()).collect(),
            inputs,
            contigs,
            reference,
            pending: BTreeMap::new(),
            contig: None,
            started: false,
        }
    }

    /// The next place on a contig. Contigs are asked for in the order of the reference, each until it has no more.
    pub(super) fn next(&mut self, contig: usize) -> Result<Option<Locus>> {
        if !self.started {
            for input in &mut self.inputs {
                input.advance(self.reference, self.contigs)?;
            }
            self.started = true;
        }
        if self.contig != Some(contig) {
            self.release(u32::MAX);
            self.contig = Some(contig);
        }
        loop {
            let first = self
                .inputs
                .iter()
                .enumerate()
                .filter_map(|(i, input)| Some((input.peek(contig)?, i)))
                .min();
            if let Some((&position, &end)) = self.pending.first_key_value()
                && first.is_none_or(|(start, _)| start >= end)
            {
                self.pending.pop_first();
                self.release(position);
                let over = |e: &&Rc<Entry>| e.start < end && e.end > position;
                let entries = self
                    .held
                    .iter()
                    .map(|held| held.iter().filter(over).cloned().collect())
                    .collect();
                return Ok(Some(Locus { position, entries }));
            }
            let Some((start, number)) = first else {
                return Ok(None);
            };
            if self.pending.is_empty() {
                self.release(start);
            }
            let Some(entry) = self.inputs[number].advance(self.reference, self.contigs)? else {
                return Ok(None);
            };
            for change in entry.changes() {
                let end = self.pending.entry(change.position).or_default();
                *end = change.end().max(*end);
            }
            self.held[number].push_back(Rc::new(entry));
        }
    }

    /// Lets go of the entries that end at or before a 0-based position.
    fn release(&mut self, position: u32) {
        for (held, input) in self.held.iter_mut().zip(&mut self.inputs) {
            held.retain(|entry| {
                let stays = entry.end > position;
                if !stays {
                    input.account(entry);
                }
                stays
            });
        }
    }

    /// The counts of the inputs, once every contig was read to its end.
    pub(super) fn finish(mut self) -> Vec<InputCounts> {
        self.release(u32::MAX);
        self.inputs.into_iter().map(|input| input.counts).collect()
    }
}
