//! Figures over a finished BAM.

use std::{collections::BTreeMap, path::Path};

use clinotype_genome::{Progress, Result};
use serde::{Deserialize, Serialize};

use crate::{
    bam::BamReader,
    raw::{Raw, flag},
};

/// Mapping quality from which aligned bases count for [`ContigFigures::mapped_bases`]: the caller's own threshold.
const LEAST_MAPPING_QUALITY: u8 = 20;

/// Counts over the primary lines of a BAM: each read once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Reads; both mates count.
    pub reads: u64,
    /// Bases of those reads.
    pub bases: u64,
    /// Bases with quality 30 or more.
    pub q30_bases: u64,
    /// Mapped reads.
    pub mapped: u64,
    /// Reads in proper pairs.
    pub proper_pairs: u64,
    /// Mapped reads marked as duplicates.
    pub duplicates: u64,
    /// Median insert size of proper pairs that are no duplicates; `None` without such pairs.
    pub insert_median: Option<u32>,
    /// Median absolute deviation from it.
    pub insert_mad: Option<u32>,
    /// Pairs by insert size in bins of [`INSERT_BIN`] bases, over the pairs of `insert_median`; the last of at most
    /// [`INSERT_BINS`] holds every larger one.
    #[serde(default)]
    pub inserts: Vec<u64>,
    /// Bases by quality: the index is the phred value, at most 93. Bases without one are not counted.
    #[serde(default)]
    pub qualities: Vec<u64>,
    /// Reads by their share of G and C among A, C, G, T, in percent, 0 to 100. Empty without reads.
    #[serde(default)]
    pub gc: Vec<u64>,
    /// One row per contig of the header, in its order.
    pub contigs: Vec<ContigFigures>,
}

/// Bases of a bin of [`Figures::inserts`].
pub const INSERT_BIN: u32 = 10;
/// Most bins of [`Figures::inserts`]: a size of 2,000 and more stands in the last.
pub const INSERT_BINS: usize = 201;
/// Largest quality that a SAM file can state.
const BEST_QUALITY: usize = 93;

/// Figures over one contig.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContigFigures {
    /// Name.
    pub name: String,
    /// Length in bases.
    pub length: u32,
    /// Bases aligned (CIGAR M, = and X) by primary lines of mapping quality 20 or more that are no duplicates and did
    /// not fail the vendor's filter.
    pub mapped_bases: u64,
}

/// Reads a BAM through and counts.
pub fn of_bam(path: impl AsRef<Path>, progress: &dyn Progress) -> Result<Figures> {
    let path = path.as_ref();
    let total = clinotype_genome::fs::size(path)?;
    let mut reader = BamReader::open(path)?;
    let mut tally = Tally::new(reader.header.contigs.iter().map(|(n, l, _)| (n.clone(), *l)));
    while let Some(line) = reader.next()? {
        let raw = Raw::trusted(line);
        tally.add(raw, raw.flags());
        if reader.count.is_multiple_of(1 << 15) {
            progress.check()?;
            progress.advance(reader.position(), total);
        }
    }
    Ok(tally.finish())
}

/// Counts line by line.
pub(crate) struct Tally {
    figures: Figures,
    /// Insert size -> pairs.
    inserts: BTreeMap<u32, u64>,
    qualities: [u64; BEST_QUALITY + 1],
    gc: [u64; 101],
}

impl Tally {
    pub(crate) fn new(contigs: impl IntoIterator<Item = (String, u32)>) -> Self {
        Self {
            figures: Figures {
                contigs: contigs
                    .into_iter()
                    .map(|(name, length)| ContigFigures {
                        name,
                        length,
                        mapped_bases: 0,
                    })
                    .collect(),
                ..Figures::default()
            },
            inserts: BTreeMap::new(),
            qualities: [0; BEST_QUALITY + 1],
            gc: [0; 101],
        }
    }

    /// Adds a line whose flags are (or will be) `flags`.
    pub(crate) fn add(&mut self, raw: Raw<'_>, flags: u16) {
        if !raw.is_primary() {
            return;
        }
        let has = |bit: u16| flags & bit != 0;
        let figures = &mut self.figures;
        figures.reads += 1;
        figures.bases += raw.sequence_length() as u64;
        for quality in raw.qualities() {
            // 255 stands for "no quality".
            if let Some(bases) = self.qualities.get_mut(usize::from(*quality)) {
                *bases += 1;
            }
        }
        if let Some(percent) = raw.gc_percent() {
            self.gc[percent] += 1;
        }
        if has(flag::UNMAPPED) {
            return;
        }
        figures.mapped += 1;
        figures.duplicates += u64::from(has(flag::DUPLICATE));
        let proper = has(flag::PAIRED) && has(flag::PROPER);
        figures.proper_pairs += u64::from(proper);
        if has(flag::DUPLICATE | flag::QC_FAIL) {
            return;
        }
        if proper && raw.template_length() > 0 {
            *self.inserts.entry(raw.template_length() as u32).or_default() += 1;
        }
        if raw.mapping_quality() >= LEAST_MAPPING_QUALITY
            && let Some(contig) = figures.contigs.get_mut(raw.reference() as usize)
        {
            contig.mapped_bases += raw
                .cigar()
                .filter(|(_, op)| matches!(op, 0 | 7 | 8))
                .map(|(n, _)| u64::from(n))
                .sum::<u64>();
        }
    }

    pub(crate) fn finish(mut self) -> Figures {
        self.figures.insert_median = median(&self.inserts);
        self.figures.insert_mad = self.figures.insert_median.and_then(|middle| {
            let mut deviations = BTreeMap::new();
            for (size, count) in &self.inserts {
                *deviations.entry(size.abs_diff(middle)).or_default() += count;
            }
            median(&deviations)
        });
        for (size, pairs) in &self.inserts {
            let bin = ((size / INSERT_BIN) as usize).min(INSERT_BINS - 1);
            let bins = &mut self.figures.inserts;
            bins.resize(bins.len().max(bin + 1), 0);
            bins[bin] += pairs;
        }
        self.figures.q30_bases = self.qualities[30..].iter().sum();
        let used = self.qualities.iter().rposition(|n| *n > 0).map_or(0, |last| last + 1);
        self.figures.qualities = self.qualities[..used].to_vec();
        if self.gc.iter().any(|n| *n > 0) {
            self.figures.gc = self.gc.to_vec();
        }
        self.figures
    }
}

/// The lower median of a histogram.
fn median(histogram: &BTreeMap<u32, u64>) -> Option<u32> {
    let total: u64 = histogram.values().sum();
    let mut below = 0;
    histogram.iter().find_map(|(value, count)| {
        below += count;
        (2 * below >= total).then_some(*value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        for (values, expected) in [
            (vec![], None),
            (vec![(7, 1)], Some(7)),
            (vec![(1, 1), (2, 1), (9, 1)], Some(2)),
            (vec![(1, 2), (2, 1), (9, 5)], Some(9)),
            (vec![(1, 2), (2, 2)], Some(1)),
        ] {
            assert_eq!(median(&values.into_iter().collect()), expected);
        }
    }
}
