//! Every read of a region against every haplotype.

use std::{collections::HashMap, ops::Range};

use crate::{
    assembly::{Haplotype, Window},
    hash::BuildMix,
    options::MISMAPPING_PHRED,
    pairhmm::PairHmm,
    phred,
    reads::{Op, Read},
    region::Region,
    repeats,
    slippage::{GapOpen, Opening, Slippage},
};

/// A read that ends this close before a difference says nothing of it.
const TIGHT: u32 = 3;
/// Haplotype bases beside a read's own span that it is weighed against.
const FLANK: u32 = 20;

/// log10 likelihoods of the reads of a region.
pub(crate) struct Weights {
    /// Indexes of the reads, into the shard's reads.
    pub(crate) reads: Vec<usize>,
    /// Row by row: for each read, one number for each haplotype.
    values: Vec<f64>,
    haplotypes: usize,
}

impl Weights {
    /// One read's likelihoods, in the order of the haplotypes.
    pub(crate) fn row(&self, read: usize) -> &[f64] {
        &self.values[read * self.haplotypes..][..self.haplotypes]
    }
}

/// Weighs the reads that overlap the region. No read tells haplotypes apart by more than the chance that it is
/// misplaced ([`MISMAPPING_PHRED`], or its mapping quality where that is worse).
pub(crate) fn weigh(
    window: &Window<'_>,
    region: &Region,
    haplotypes: &[Haplotype],
    slippage: &Slippage,
    hmm: &mut PairHmm,
) -> Weights {
    let opens: Vec<GapOpen> = haplotypes
        .iter()
        .map(|h| slippage.gap_open(&h.bases, &repeats::tracts(&h.bases)))
        .collect();
    let reads: Vec<usize> = window
        .over
        .iter()
        .copied()
        .filter(|&i| {
            let read = &window.reads.items[i];
            read.start.saturating_sub(read.clip_left) < region.end && read.end + read.clip_right > region.start
        })
        .collect();
    let table = phred::table();
    let mut values = Vec::with_capacity(reads.len() * haplotypes.len());
    let mut known: HashMap<&[u8], f64, BuildMix> = HashMap::default();
    for &index in &reads {
        let read = &window.reads.items[index];
        let part = window.part(read);
        let bases = &window.reads.bases[read.bases.clone()][part.clone()];
        let qualities = &window.reads.qualities[read.bases.clone()][part.clone()];
        let span = reference_span(window, read, &part);
        let row = values.len();
        let tight: Vec<&[u8]> = haplotypes.iter().map(|h| &h.bases[place(h, &span, TIGHT)]).collect();
        // A read that reaches no difference says nothing, and costs nothing.
        if tight.iter().all(|t| *t == tight[0]) {
            values.resize(row + haplotypes.len(), 0.0);
            continue;
        }
        known.clear();
        let right: f64 = qualities.iter().map(|&q| table[usize::from(q)].same).sum();
        for (haplotype, open) in haplotypes.iter().zip(&opens) {
            let gaps: u32 = haplotype.ops.iter().filter(|o| o.0 != Op::Match).map(|o| o.1).sum();
            let place = place(haplotype, &span, FLANK + gaps);
            let beside = &haplotype.bases[place.clone()];
            // Many haplotypes differ only where this read does not reach.
            let value = *known.entry(beside).or_insert_with(|| {
                let open = open.part(place);
                without_error(bases, right, beside, open)
                    .unwrap_or_else(|| hmm.log10_likelihood(bases, qualities, beside, open))
            });
            values.push(value);
        }
        let best = values[row..].iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let span = MISMAPPING_PHRED.min(f64::from(read.mapq)) / 10.0;
        for value in &mut values[row..] {
            *value = if best == f64::NEG_INFINITY {
                0.0
            } else {
                value.max(best - span)
            };
        }
    }
    Weights {
        reads,
        values,
        haplotypes: haplotypes.len(),
    }
}

/// The stretch of the window's reference, by offset, that a part of a read would cover without gaps at its clips.
fn reference_span(window: &Window<'_>, read: &Read, part: &Range<usize>) -> Range<u32> {
    let mut left = 0;
    if part.start == 0 && read.start >= window.start {
        left = read.clip_left;
    }
    let right = if read.end <= window.start + window.reference.len() as u32 {
        read.clip_right
    } else {
        0
    };
    let start = read.start.max(window.start) - window.start;
    let end = read.end.saturating_sub(window.start);
    start.saturating_sub(left)..(end + right).min(window.reference.len() as u32)
}

/// The likelihood of a read that the haplotype holds letter by letter: all its bases are right (`right` is the log10 of
/// that) and no gap opens. Every other path through the pair-HMM is so much less likely that the sum is the same.
fn without_error(read: &[u8], right: f64, haplotype: &[u8], open: Opening<'_>) -> Option<f64> {
    let at = haplotype.windows(read.len().max(1)).position(|w| w == read)?;
    let inside = at + 1..at + read.len();
    let gaps = open.insert[inside.clone()].iter().zip(&open.delete[inside]);
    let stay: f64 = gaps.map(|(i, d)| 1.0 - i - d).product();
    Some(right + stay.log10())
}

/// The bases of a haplotype that lie beside a stretch of the reference, with `reach` more on both sides.
fn place(haplotype: &Haplotype, span: &Range<u32>, reach: u32) -> Range<usize> {
    let (from, to) = (span.start.saturating_sub(reach), span.end.saturating_add(reach));
    let (mut first, mut last) = (None, 0u32);
    let (mut r, mut h) = (0u32, 0u32);
    for &(op, length) in &haplotype.ops {
        match op {
            Op::Match => {
                if first.is_none() && r + length > from {
                    first = Some(h + from.saturating_sub(r));
                }
                if r < to {
                    last = h + length.min(to - r);
                }
                r += length;
                h += length;
            }
            Op::Insert => {
                if first.is_some() && r <= to {
                    last = h + length;
                }
                h += length;
            }
            _ => r += length,
        }
    }
    let first = first.unwrap_or(0) as usize;
    first..(last as usize).max(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_cut_gives_the_sum_over_all_paths() {
        let haplotype = b"GATCGGACTTTTTTTTCAGGCTAACGATTACAGCAT";
        let open = Slippage::default().gap_open(haplotype, &repeats::tracts(haplotype));
        for (from, to) in [(0, 20), (5, 30), (10, 36)] {
            let (read, qualities) = (&haplotype[from..to], vec![32; to - from]);
            let right = f64::from(to as u32 - from as u32) * phred::table()[32].same;
            let short = without_error(read, right, haplotype, open.whole()).unwrap();
            let long = PairHmm::default().log10_likelihood(read, &qualities, haplotype, open.whole());
            assert!((short - long).abs() < 0.01, "{short} {long}");
        }
        assert!(without_error(b"GATTTGG", 0.0, haplotype, open.whole()).is_none());
    }

    #[test]
    fn places_follow_the_gaps() {
        let haplotype = Haplotype {
            bases: b"AAAACCCCGGGG".to_vec(),
            ops: vec![
                (Op::Match, 4),
                (Op::Insert, 4),
                (Op::Match, 2),
                (Op::Delete, 3),
                (Op::Match, 2),
            ],
            events: Vec::new(),
        };
        assert_eq!(place(&haplotype, &(0..2), 0), 0..2);
        assert_eq!(place(&haplotype, &(2..6), 0), 2..10);
        assert_eq!(place(&haplotype, &(9..11), 0), 10..12);
        assert_eq!(place(&haplotype, &(9..11), 100), 0..12);
    }
}
