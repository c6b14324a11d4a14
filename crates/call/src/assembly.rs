//! From the reads of a region to its candidate haplotypes.

use std::collections::HashMap;

use crate::{
    aim::Aim,
    align,
    events::{self, Event},
    graph::Graph,
    hash::BuildMix,
    options::{MAX_HAPLOTYPES, MIN_BASE_QUALITY},
    paths,
    reads::{Op, Read, Reads},
    region::Region,
};

/// k-mer lengths tried first, both.
const FIRST_K: [usize; 2] = [10, 25];
/// k-mer lengths tried one after the other where the first ones met a repeat.
const NEXT_K: [usize; 4] = [35, 45, 55, 65];
/// At most so many alleles of the pileup are put into haplotypes.
const MAX_INJECTED: usize = 12;

/// At most about so many pairs of read and haplotype are weighed in one region,
const MAX_PAIRS: usize = 20_000;
/// but so many haplotypes are always kept.
const MIN_HAPLOTYPES: usize = 16;

/// A candidate sequence of the window.
#[derive(Clone, Debug)]
pub(crate) struct Haplotype {
    /// Its bases.
    pub(crate) bases: Vec<u8>,
    /// Its alignment to the window's reference.
    pub(crate) ops: Vec<(Op, u32)>,
    /// Its variants, left-aligned.
    pub(crate) events: Vec<Event>,
}

/// A window of the reference with the reads over it.
#[derive(Clone, Copy)]
pub(crate) struct Window<'a> {
    /// 0-based position of the first base of `reference`.
    pub(crate) start: u32,
    /// Its bases.
    pub(crate) reference: &'a [u8],
    /// All reads of the shard.
    pub(crate) reads: &'a Reads,
    /// Those that overlap the window.
    pub(crate) over: &'a [usize],
}

impl Window<'_> {
    fn end(&self) -> u32 {
        self.start + self.reference.len() as u32
    }

    /// The offsets of a read's bases that lie in the window, with the clips next to them.
    pub(crate) fn part(&self, read: &Read) -> std::ops::Range<usize> {
        let (mut from, mut to) = (usize::MAX, 0);
        for step in self.reads.steps(read) {
            let offset = step.offset as usize;
            match step.op {
                Op::Match => {
                    let first = step.position.max(self.start);
                    let last = (step.position + step.length).min(self.end());
                    if first < last {
                        from = from.min(offset + (first - step.position) as usize);
                        to = to.max(offset + (last - step.position) as usize);
                    }
                }
                Op::Clip if step.offset == 0 && read.start >= self.start && read.clip_left > 0 => from = offset,
                Op::Clip if step.offset > 0 && read.end <= self.end() && read.clip_right > 0 => {
                    to = offset + step.length as usize;
                }
                _ => {}
            }
        }
        if from >= to { 0..0 } else { from..to }
    }
}

/// All candidates, the reference first. Never empty.
pub(crate) fn haplotypes(window: &Window<'_>, region: &Region, depth: u32, aim: Aim) -> Vec<Haplotype> {
    let sequences = good_stretches(window);
    let mut found: Vec<(Vec<u8>, f64)> = Vec::new();
    for k in FIRST_K {
        found.extend(assemble(window.reference, &sequences, k, aim.graph_floor(depth)).unwrap_or_default());
    }
    if found.is_empty() {
        found = NEXT_K
            .into_iter()
            .find_map(|k| assemble(window.reference, &sequences, k, aim.graph_floor(depth)))
            .unwrap_or_default();
    }
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    // Deep and crowded regions: what is weighed is haplotypes times reads.
    found.truncate((MAX_PAIRS / window.over.len().max(1)).clamp(MIN_HAPLOTYPES, MAX_HAPLOTYPES));
    let mut list = Candidates::new(window);
    for (bases, _) in found {
        list.add(bases);
    }
    list.inject(&seen_in_pileup(window, region, depth, aim));
    list.items
}

/// Stretches of bases good enough for the graph.
fn good_stretches<'a>(window: &Window<'a>) -> Vec<&'a [u8]> {
    let mut stretches = Vec::with_capacity(window.over.len());
    for &index in window.over {
        let read = &window.reads.items[index];
        let part = window.part(read);
        let bases = &window.reads.bases[read.bases.clone()][part.clone()];
        let qualities = &window.reads.qualities[read.bases.clone()][part];
        let mut from = 0;
        for at in 0..=bases.len() {
            if at == bases.len() || qualities[at] < MIN_BASE_QUALITY {
                if at - from > FIRST_K[0] {
                    stretches.push(&bases[from..at]);
                }
                from = at + 1;
            }
        }
    }
    stretches
}

fn assemble(reference: &[u8], reads: &[&[u8]], k: usize, floor: u32) -> Option<Vec<(Vec<u8>, f64)>> {
    let mut graph = Graph::thread(k, reference, reads)?;
    graph.prune(floor);
    graph.recover(reference);
    graph
        .is_acyclic()
        .then(|| paths::best(&graph, &reference[..k], MAX_HAPLOTYPES))
}

struct Candidates<'a> {
    window: Window<'a>,
    items: Vec<Haplotype>,
    known: HashMap<Vec<u8>, usize, BuildMix>,
}

impl<'a> Candidates<'a> {
    fn new(window: &Window<'a>) -> Self {
        let mut list = Self {
            window: *window,
            items: Vec::new(),
            known: HashMap::default(),
        };
        list.add(window.reference.to_vec());
        list
    }

    fn add(&mut self, bases: Vec<u8>) {
        if self.items.len() >= MAX_HAPLOTYPES || self.known.contains_key(&bases) {
            return;
        }
        let ops = align::global(self.window.reference, &bases);
        let events = events::of_alignment(self.window.start, self.window.reference, 0, &bases, ops.iter().copied());
        self.known.insert(bases.clone(), self.items.len());
        self.items.push(Haplotype { bases, ops, events });
    }

    /// Puts alleles that no haplotype has into the reference and into the likeliest other haplotypes.
    fn inject(&mut self, alleles: &[Event]) {
        for allele in alleles {
            if self.items.iter().any(|h| h.events.contains(allele)) {
                continue;
            }
            let hosts: Vec<Vec<Event>> = self.items.iter().take(4).map(|h| h.events.clone()).collect();
            for mut events in hosts {
                if events
                    .iter()
                    .any(|e| e.position <= allele.end() && allele.position <= e.end())
                {
                    continue;
                }
                events.push(allele.clone());
                events.sort();
                if let Some(bases) = self.apply(&events) {
                    self.add(bases);
                }
            }
        }
    }

    fn apply(&self, events: &[Event]) -> Option<Vec<u8>> {
        let (mut bases, mut at) = (Vec::with_capacity(self.window.reference.len() + 32), 0);
        for event in events {
            let from = event.position.checked_sub(self.window.start)? as usize;
            let to = from + event.reference.len();
            if from < at || to > self.window.reference.len() {
                return None;
            }
            bases.extend_from_slice(&self.window.reference[at..from]);
            bases.extend_from_slice(&event.alternate);
            at = to;
        }
        bases.extend_from_slice(&self.window.reference[at..]);
        Some(bases)
    }
}

/// Alleles of the region that several reads' own alignments show, most often seen first: assembly loses some in
/// repeats and at the ends of the window.
fn seen_in_pileup(window: &Window<'_>, region: &Region, depth: u32, aim: Aim) -> Vec<Event> {
    let mut counts: HashMap<Event, u32, BuildMix> = HashMap::default();
    for &index in window.over {
        let read = &window.reads.items[index];
        if read.start < window.start || read.end > window.end() {
            // A read that leaves the window would need its alignment cut; the others are enough.
            if read.end - read.start > window.reference.len() as u32 {
                continue;
            }
        }
        let bases = &window.reads.bases[read.bases.clone()];
        let qualities = &window.reads.qualities[read.bases.clone()];
        let part = clipped_alignment(window, read);
        let Some((from, offset, ops)) = part else { continue };
        for event in events::of_alignment(window.start, window.reference, from, &bases[offset..], ops) {
            if event.position < region.start || event.position >= region.end {
                continue;
            }
            if !event.is_indel() {
                let good = window
                    .reads
                    .offset_at(read, event.position)
                    .is_some_and(|o| qualities[o] >= MIN_BASE_QUALITY);
                if !good {
                    continue;
                }
            }
            *counts.entry(event).or_default() += 1;
        }
    }
    let floor = aim.pileup_floor(depth);
    let mut alleles: Vec<(u32, Event)> = counts
        .into_iter()
        .filter(|(event, n)| *n >= floor || event.is_indel() && depth < 10)
        .map(|(event, n)| (n, event))
        .collect();
    alleles.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    alleles.truncate(MAX_INJECTED);
    alleles.into_iter().map(|a| a.1).collect()
}

/// An alignment cut to a window: offset in the window's reference, offset in the read, operations.
type Cut = (usize, usize, Vec<(Op, u32)>);

/// A read's alignment cut to the window; `None` where nothing of it is aligned there.
fn clipped_alignment(window: &Window<'_>, read: &Read) -> Option<Cut> {
    let mut ops = Vec::new();
    let mut begin: Option<(usize, usize)> = None;
    for step in window.reads.steps(read) {
        if step.op == Op::Clip {
            continue;
        }
        let (from, to) = match step.op {
            Op::Insert => (step.position, step.position),
            _ => (
                step.position.max(window.start),
                (step.position + step.length).min(window.end()),
            ),
        };
        match step.op {
            Op::Match if from < to => {
                begin.get_or_insert((
                    (from - window.start) as usize,
                    (step.offset + from - step.position) as usize,
                ));
                ops.push((Op::Match, to - from));
            }
            Op::Insert if begin.is_some() && step.position < window.end() => ops.push((Op::Insert, step.length)),
            Op::Delete | Op::Skip if begin.is_some() => {
                if step.position + step.length > window.end() {
                    break;
                }
                ops.push((step.op, step.length));
            }
            _ => {}
        }
    }
    let (from, offset) = begin?;
    Some((from, offset, ops))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reads::build::push;

    const REFERENCE: &str = "TTGACCGATCGTACGATCGGATCTAGCTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTGACCATAGGCATCATCGGACTACCAGGATC";

    #[test]
    fn an_allele_of_the_pileup_is_kept_where_no_graph_can_hold_it() {
        // A run of 30 T repeats every k-mer up to 25; one T less is seen by the aligner alone.
        let shorter = REFERENCE.replacen("CTTT", "CTT", 1);
        let mut reads = Reads::default();
        for name in 0..6 {
            push(&mut reads, name, 500, "27M1D58M", &shorter[..85], 30);
        }
        let over: Vec<usize> = (0..6).collect();
        let window = Window {
            start: 500,
            reference: REFERENCE.as_bytes(),
            reads: &reads,
            over: &over,
        };
        let region = Region {
            start: 510,
            end: 560,
            clean: None,
        };
        let found = haplotypes(&window, &region, 6, Aim::Genotypes);
        assert_eq!(found[0].bases, REFERENCE.as_bytes());
        assert!(found.iter().any(|h| h.bases == shorter.as_bytes()), "{}", found.len());
        let event = &found.iter().find(|h| h.bases == shorter.as_bytes()).unwrap().events;
        assert_eq!((event.len(), event[0].position), (1, 526));
    }

    #[test]
    fn no_reads_leave_the_reference() {
        let reads = Reads::default();
        let window = Window {
            start: 0,
            reference: b"ACGT",
            reads: &reads,
            over: &[],
        };
        let region = Region {
            start: 0,
            end: 4,
            clean: None,
        };
        let found = haplotypes(&window, &region, 0, Aim::Genotypes);
        assert_eq!(found.len(), 1);
        assert!(found[0].events.is_empty());
    }
}
