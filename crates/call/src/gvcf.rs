//! Reference blocks: stretches without a variant, with how sure that is.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::{
    genotype::MAX_GQ,
    pileup::Pileup,
    record::{NON_REF, Record},
};

/// The bands of genotype quality: bases of one band share a block. Each of 1 to 59 is a band of its own.
const COARSE: [u32; 6] = [60, 70, 80, 90, 99, 100];

/// A stretch of bases that no record covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Block {
    /// 0-based first base.
    pub(crate) start: u32,
    /// 0-based base after the last.
    pub(crate) end: u32,
    /// The lower end of its band; 0 is a no-call.
    band: u32,
    /// Least genotype quality.
    gq: u32,
    /// Least depth.
    min_depth: u32,
    /// Sum of the depths over all bases.
    total_depth: u64,
    /// Least phred-scaled likelihoods of 0/0, 0/x, x/x.
    pl: [u32; 3],
    /// Chromosomes.
    ploidy: usize,
    /// The reference base at `start`, if it is at hand.
    pub(crate) base: Option<u8>,
}

/// The lower end of the band of a quality.
fn band(gq: u32) -> u32 {
    COARSE.iter().rev().copied().find(|&b| gq >= b).unwrap_or(gq)
}

impl Block {
    /// A block without any read.
    pub(crate) fn empty(start: u32, end: u32, ploidy: usize) -> Self {
        Self {
            start,
            end,
            band: 0,
            gq: 0,
            min_depth: 0,
            total_depth: 0,
            pl: [0; 3],
            ploidy,
            base: None,
        }
    }

    /// Takes in the block that begins where this one ends, if both are of one band.
    pub(crate) fn join(&mut self, next: &Self) -> bool {
        // A stretch without reads stays apart from one whose reads say nothing.
        let alike = self.band == next.band
            && self.ploidy == next.ploidy
            && self.end == next.start
            && (self.min_depth == 0) == (next.min_depth == 0);
        if alike {
            self.end = next.end;
            self.gq = self.gq.min(next.gq);
            self.min_depth = self.min_depth.min(next.min_depth);
            self.total_depth += next.total_depth;
            for (a, b) in self.pl.iter_mut().zip(next.pl) {
                *a = (*a).min(b);
            }
        }
        alike
    }

    /// Cuts off the bases before `start`, which a record covers.
    pub(crate) fn begin_at(mut self, start: u32) -> Option<Self> {
        if start >= self.end {
            return None;
        }
        if start > self.start {
            let length = u64::from(self.end - self.start);
            self.total_depth = self.total_depth * u64::from(self.end - start) / length;
            self.start = start;
            self.base = None;
        }
        Some(self)
    }

    /// Appends the block as a line. `base` is the reference base at its start. Without evidence the genotype is
    /// missing, never the reference.
    pub(crate) fn write(&self, out: &mut String, contig: &str, base: char) {
        let genotype = match (self.gq, self.ploidy) {
            (0, 1) => ".",
            (0, _) => "./.",
            (_, 1) => "0",
            _ => "0/0",
        };
        let pl = if self.ploidy == 1 {
            format!("{},{}", self.pl[0], self.pl[2])
        } else {
            format!("{},{},{}", self.pl[0], self.pl[1], self.pl[2])
        };
        let length = u64::from(self.end - self.start).max(1);
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "{contig}\t{}\t.\t{base}\t{NON_REF}\t.\t.\tEND={}\tGT:DP:GQ:MIN_DP:PL\t{genotype}:{}:{}:{}:{pl}",
            self.start + 1,
            self.end,
            (self.total_depth + length / 2) / length,
            self.gq,
            self.min_depth,
        );
    }
}

/// The blocks of `start..end`: every base that no record covers, exactly once. `reference` are the bases under the
/// pileup. Records are sorted.
pub(crate) fn blocks(
    pileup: &Pileup,
    reference: &[u8],
    (start, end): (u32, u32),
    records: &[Record],
    ploidy: impl Fn(u32) -> usize,
) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut covered_to = start;
    let mut next = records.partition_point(|r| r.end() <= start);
    for position in start..end {
        while let Some(record) = records.get(next).filter(|r| r.position <= position) {
            covered_to = covered_to.max(record.end());
            next += 1;
        }
        if position < covered_to {
            continue;
        }
        let ploidy = ploidy(position);
        let column = pileup.at(position).copied().unwrap_or_default();
        let pl = column.phred_likelihoods();
        let other = if ploidy == 1 { pl[2] } else { pl[1].min(pl[2]) };
        let gq = if column.depth == 0 {
            0
        } else {
            other.saturating_sub(pl[0]).min(MAX_GQ)
        };
        let block = Block {
            start: position,
            end: position + 1,
            band: band(gq),
            gq,
            min_depth: u32::from(column.depth),
            total_depth: u64::from(column.depth),
            pl,
            ploidy,
            base: reference.get((position - pileup.start) as usize).copied(),
        };
        if !blocks.last_mut().is_some_and(|last| last.join(&block)) {
            blocks.push(block);
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{allele::Site, genotype, pileup::Column};

    #[test]
    fn bands() {
        let of: Vec<u32> = [0, 1, 59, 60, 69, 70, 89, 98, 99].into_iter().map(band).collect();
        assert_eq!(of, [0, 1, 59, 60, 60, 70, 80, 90, 99]);
    }

    #[test]
    fn no_reads_are_no_reference() {
        let mut text = String::new();
        Block::empty(0, 10, 2).write(&mut text, "1", 'N');
        assert_eq!(
            text,
            "1\t1\t.\tN\t<NON_REF>\t.\t.\tEND=10\tGT:DP:GQ:MIN_DP:PL\t./.:0:0:0:0,0,0\n"
        );
    }

    fn record(position: u32, length: usize) -> Record {
        let site = Site {
            position,
            alleles: vec![vec![b'A'; length], b"C".to_vec()],
            observations: Vec::new(),
            likelihoods: Vec::new(),
        };
        Record::nuclear(&site, genotype::call(&site, 2, 1e-4), None, 2, true)
    }

    proptest! {
        #[test]
        fn every_base_once(
            depths in proptest::collection::vec(0u16..4, 60),
            events in proptest::collection::vec((0u32..60, 1usize..6), 0..6),
            haploid_from in 0u32..60,
        ) {
            let columns = depths.iter().map(|&d| Column {
                depth: d,
                reference: -0.001 * f32::from(d),
                heterozygous: -0.3 * f32::from(d),
                other: -3.0 * f32::from(d),
                ..Column::default()
            }).collect();
            let pileup = Pileup { start: 100, columns };
            let mut records: Vec<Record> = events.iter().map(|e| record(100 + e.0, e.1)).collect();
            records.sort_by_key(|r| r.position);
            let found = blocks(&pileup, &[b'A'; 60], (100, 160), &records, |p| if p < 100 + haploid_from { 2 } else { 1 });
            let mut times = [0; 60];
            for block in &found {
                for position in block.start..block.end {
                    times[(position - 100) as usize] += 1;
                }
            }
            for (offset, times) in times.into_iter().enumerate() {
                let position = 100 + offset as u32;
                let covered = records.iter().any(|r| r.position <= position && position < r.end());
                prop_assert_eq!(times, i32::from(!covered), "{}", position);
            }
            for pair in found.windows(2) {
                let mut first = pair[0].clone();
                prop_assert!(!first.join(&pair[1]), "two blocks that are one");
            }
            for block in found {
                prop_assert_eq!(block.gq == 0, block.min_depth == 0);
            }
        }
    }
}
