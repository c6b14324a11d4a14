//! Fragments over each target, from which copy number is told.
//!
//! Fragments are counted, not depth: they are drawn one by one, so that their number has the variance of counting
//! (Plagnol 2012, Bioinformatics 28:2747), while the bases of one fragment, and of its two mates, come together.

use std::{collections::HashMap, path::Path};

use clinotype_genome::{Fault, Interval, Progress, Reference, Result, fs};

use crate::{
    bam::{self, ContigMap},
    import::Lines,
    raw::{Raw, flag},
};

/// Reads of this mapping quality and better count, as for the caller.
pub const LEAST_MAPPING_QUALITY: u8 = 20;

/// Mates that wait for the other end, before those that cannot come any more are looked for.
const MOST_WAITING: usize = 4096;

/// What lies over one target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fragments {
    /// Fragments with an aligned base of a read of mapping quality 20 or more in the target; each counts once.
    pub counted: u32,
    /// Fragments with an aligned base of a read of lower mapping quality in it: reads that may belong elsewhere.
    pub low_mapping_quality: u32,
}

/// What was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FragmentCounts {
    /// Every `SM` of the read groups, each once, sorted.
    pub samples: Vec<String>,
    /// One per target, in their order.
    pub targets: Vec<Fragments>,
    /// Lines marked as duplicates, which do not count. None at all means that nobody looked for them.
    pub duplicates: u64,
}

/// Counts the fragments over targets in one pass through a BAM or CRAM, which must be sorted by coordinate and needs no
/// index.
///
/// `targets` are 0-based, half-open, sorted in the order of the reference and without overlaps; contigs as the
/// reference names them. Primary lines count that are mapped, no duplicates and did not fail the vendor's filter.
/// Faults: no whole BAM or CRAM; not sorted; aligned to another reference.
pub fn count(
    path: &Path,
    reference: &Reference,
    targets: &[Interval],
    progress: &dyn Progress,
) -> Result<FragmentCounts> {
    let total = fs::size(path)?;
    let mut lines = Lines::open(path, reference)?;
    let header = lines.header().clone();
    bam::check_digests(path, &header, reference)?;
    let map = ContigMap::new(&header, reference.contigs());
    let ranges = ranges(reference, targets);
    let mut tally = Tally::new(targets);
    let (mut last, mut number) = ((0, 0), 0_u64);
    while let Some(line) = lines.next()? {
        let raw = Raw::trusted(line);
        number += 1;
        let place = (raw.reference(), raw.position());
        if place.0 >= 0 {
            if place < last {
                return Err(Fault::input("is not sorted by coordinate")
                    .at(path)
                    .record(number)
                    .hint("sort it, or bring it in with `clinotype run --bam`"));
            }
            if place.0 != last.0 {
                tally.forget();
            }
            last = place;
            let Some(contig) = map.places[place.0 as usize] else {
                return Err(map.fault(place.0 as usize, path));
            };
            tally.add(raw, ranges[contig as usize]);
        }
        if number.is_multiple_of(1 << 15) {
            progress.check()?;
            progress.advance(lines.position(), total);
        }
    }
    progress.advance(total, total);
    Ok(FragmentCounts {
        samples: header.samples,
        targets: tally.counts,
        duplicates: tally.duplicates,
    })
}

/// By contig of the reference: which of the targets lie on it.
fn ranges(reference: &Reference, targets: &[Interval]) -> Vec<(usize, usize)> {
    let mut ranges = vec![(0, 0); reference.contigs().len()];
    let mut from = 0;
    while from < targets.len() {
        let contig = &targets[from].contig;
        let to = from + targets[from..].partition_point(|t| t.contig == *contig);
        if let Some(index) = reference.contigs().index_of(contig) {
            ranges[index] = (from, to);
        }
        from = to;
    }
    ranges
}

struct Tally<'t> {
    targets: &'t [Interval],
    counts: Vec<Fragments>,
    duplicates: u64,
    /// First mates whose second may reach the same targets, of good and of low mapping quality.
    good: HashMap<Vec<u8>, Waiting>,
    low: HashMap<Vec<u8>, Waiting>,
}

/// The targets that a first mate was counted for, and where its second lies.
struct Waiting {
    counted: Vec<usize>,
    mate_position: i32,
}

impl<'t> Tally<'t> {
    fn new(targets: &'t [Interval]) -> Self {
        Self {
            targets,
            counts: vec![Fragments::default(); targets.len()],
            duplicates: 0,
            good: HashMap::new(),
            low: HashMap::new(),
        }
    }

    /// A new contig: no mate of the one before can come.
    fn forget(&mut self) {
        self.good.clear();
        self.low.clear();
    }

    fn add(&mut self, raw: Raw<'_>, (from, to): (usize, usize)) {
        if raw.has(flag::UNMAPPED | flag::SECONDARY | flag::SUPPLEMENTARY | flag::QC_FAIL) {
            return;
        }
        if raw.has(flag::DUPLICATE) {
            self.duplicates += 1;
            return;
        }
        let low = raw.mapping_quality() < LEAST_MAPPING_QUALITY;
        let waiting = if low { &mut self.low } else { &mut self.good };
        // Both mates on one contig: the first in the file leaves what it was counted for, the second takes it.
        let paired = raw.has(flag::PAIRED) && !raw.has(flag::MATE_UNMAPPED) && raw.mate_reference() == raw.reference();
        let earlier = if paired { waiting.remove(raw.name()) } else { None };
        let mut counted = Vec::new();
        let mut at = i64::from(raw.position());
        let mut next = from + self.targets[from..to].partition_point(|t| i64::from(t.end) <= at);
        for (length, op) in raw.cigar() {
            let length = i64::from(length);
            if !matches!(op, 0 | 2 | 3 | 7 | 8) {
                continue;
            }
            if matches!(op, 0 | 7 | 8) {
                while next < to && i64::from(self.targets[next].end) <= at {
                    next += 1;
                }
                let mut reached = next.max(counted.last().map_or(0, |last| last + 1));
                while reached < to && i64::from(self.targets[reached].start) < at + length {
                    if i64::from(self.targets[reached].end) > at {
                        counted.push(reached);
                        if earlier.as_ref().is_none_or(|e| !e.counted.contains(&reached)) {
                            let count = &mut self.counts[reached];
                            let count = if low {
                                &mut count.low_mapping_quality
                            } else {
                                &mut count.counted
                            };
                            *count = count.saturating_add(1);
                        }
                    }
                    reached += 1;
                }
            }
            at += length;
        }
        let Some(furthest) = counted.last().map(|last| i64::from(self.targets[*last].end)) else {
            return;
        };
        // A mate that lies before is done, and one that begins behind these targets cannot reach them.
        let mate = i64::from(raw.mate_position());
        if paired && earlier.is_none() && (i64::from(raw.position())..furthest).contains(&mate) {
            waiting.insert(
                raw.name().to_vec(),
                Waiting {
                    counted,
                    mate_position: raw.mate_position(),
                },
            );
            // Mates of another kind (duplicate, low mapping quality) never come to take theirs.
            if waiting.len() > MOST_WAITING && waiting.len().is_power_of_two() {
                waiting.retain(|_, w| w.mate_position >= raw.position());
            }
        }
    }
}
