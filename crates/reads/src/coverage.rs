//! Depth of coverage, base by base, over reads that the caller would use.

use std::{collections::HashMap, io::BufReader, path::Path};

use clinotype_genome::{Fault, Interval, Progress, Reference, Result, fs};
use noodles::{
    bam::bai,
    bgzf,
    core::{Position, region},
    csi::BinningIndex,
};
use rayon::prelude::*;
use std::io::Read;

use crate::{
    bam,
    raw::{Raw, flag},
    write::index_path,
};

/// Which reads and bases count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoverageRules {
    /// Least mapping quality of a read, phred.
    pub mapping_quality: u8,
    /// Least quality of a base, phred. Bases without a quality count.
    pub base_quality: u8,
    /// Whether reads marked as duplicates count.
    pub duplicates: bool,
    /// Whether a base that both mates of a fragment cover counts once.
    pub mates_once: bool,
}

impl Default for CoverageRules {
    /// As the caller: MAPQ 20, base quality 10, no duplicates, mates once. Secondary and supplementary lines and reads
    /// that failed the vendor's filter never count.
    fn default() -> Self {
        Self {
            mapping_quality: 20,
            base_quality: 10,
            duplicates: false,
            mates_once: true,
        }
    }
}

/// Intervals that one task takes with one open file.
const TASK: usize = 32;

/// What reads tell of one interval.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Depths {
    /// Reads over each base that count by the rules.
    pub used: Vec<u32>,
    /// Reads over each base that would count but for their mapping quality; empty: none anywhere.
    pub elsewhere: Vec<u32>,
    /// Reads over each base that would count but for the quality of the base; empty: none anywhere. Both mates count.
    pub weak: Vec<u32>,
    /// Aligned bases within the interval of reads that count, whatever the quality of the base; both mates count. Over a
    /// whole contig it is [`crate::ContigFigures::mapped_bases`].
    pub aligned: u64,
}

/// Depth of every base of every interval (0-based, half-open, contigs as the reference names them): one vector per
/// interval, in their order, as long as the interval. See [`measure`].
pub fn depth(
    bam: &Path,
    reference: &Reference,
    intervals: &[Interval],
    rules: &CoverageRules,
    progress: &dyn Progress,
) -> Result<Vec<Vec<u32>>> {
    measure(bam, reference, intervals, rules, progress, &|_, depths| depths.used)
}

/// Measures every interval (0-based, half-open, contigs as the reference names them) and keeps what `reduce` makes of
/// it, in the order of the intervals. `reduce` is given the index of the interval.
///
/// The BAM must be sorted and have its index beside it, and its contigs must be the reference's, as [`crate::align()`]
/// and [`crate::import()`] write it. Only the reads and depths of the intervals at work are in memory.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "the rules may grow")]
pub fn measure<T: Send>(
    bam: &Path,
    reference: &Reference,
    intervals: &[Interval],
    rules: &CoverageRules,
    progress: &dyn Progress,
    reduce: &(dyn Fn(usize, Depths) -> T + Sync),
) -> Result<Vec<T>> {
    let header = bam::inspect(bam)?;
    let index_file = index_path(bam);
    if !index_file.exists() {
        return Err(Fault::input("has no index beside it").at(bam).hint(format!(
            "make {} (samtools index), or import the BAM",
            index_file.display()
        )));
    }
    let index = bai::io::Reader::new(BufReader::new(fs::open(&index_file)?))
        .read_index()
        .map_err(|e| {
            Fault::input(format!("is not a whole BAM index: {e}"))
                .at(&index_file)
                .hint("make it again")
        })?;
    let places = intervals
        .iter()
        .map(|interval| place(bam, &header, reference, interval))
        .collect::<Result<Vec<_>>>()?;
    let (done, all) = (std::sync::atomic::AtomicU64::new(0), intervals.len() as u64);
    let parts = intervals
        .par_chunks(TASK)
        .zip(places.par_chunks(TASK))
        .enumerate()
        .map(|(task, (intervals, places))| {
            let mut reader = bgzf::io::Reader::new(BufReader::with_capacity(1 << 16, fs::open(bam)?));
            let mut made = Vec::with_capacity(intervals.len());
            for (n, (interval, contig)) in intervals.iter().zip(places).enumerate() {
                progress.check()?;
                let depths = one(bam, &header, &mut reader, &index, *contig, interval, *rules, progress)?;
                made.push(reduce(task * TASK + n, depths));
            }
            let n = done.fetch_add(made.len() as u64, std::sync::atomic::Ordering::Relaxed);
            progress.advance(n + made.len() as u64, all);
            Ok(made)
        })
        .collect::<Result<Vec<_>>>()?;
    progress.advance(intervals.len() as u64, intervals.len() as u64);
    Ok(parts.into_iter().flatten().collect())
}

/// Index of the interval's contig in the BAM.
fn place(bam: &Path, header: &bam::BamHeader, reference: &Reference, interval: &Interval) -> Result<usize> {
    let Some(contig) = reference.contigs().get(&interval.contig) else {
        return Err(Fault::input(format!("the reference has no contig {}", interval.contig)).at(reference.path()));
    };
    if interval.end > contig.length {
        return Err(Fault::input(format!(
            "interval {interval} reaches beyond its contig of {} bases",
            contig.length
        ))
        .at(reference.path()));
    }
    header
        .contigs
        .iter()
        .position(|(name, length, _)| *name == contig.name && *length == contig.length)
        .ok_or_else(|| {
            Fault::input(format!(
                "has no contig {} of {} bases, as the reference has",
                contig.name, contig.length
            ))
            .at(bam)
            .hint("import the BAM with this reference")
        })
}

#[allow(
    clippy::too_many_arguments,
    reason = "the open file of one task, and what is asked of it"
)]
fn one(
    path: &Path,
    header: &bam::BamHeader,
    reader: &mut bgzf::io::Reader<BufReader<fs::Source>>,
    index: &bai::Index,
    contig: usize,
    interval: &Interval,
    rules: CoverageRules,
    progress: &dyn Progress,
) -> Result<Depths> {
    let mut depths = Depths {
        used: vec![0; interval.len() as usize],
        ..Depths::default()
    };
    if interval.is_empty() {
        return Ok(depths);
    }
    let damaged = |e: std::io::Error| Fault::io("read", path, e).locus(&interval.contig, u64::from(interval.start) + 1);
    let position =
        |n: u32| Position::new(n as usize).ok_or_else(|| Fault::internal("a position of zero was asked for"));
    let range = region::Interval::from(position(interval.start + 1)?..=position(interval.end)?);
    let chunks = index.query(contig, range).map_err(damaged)?;
    let (mut mates, mut mates_elsewhere) = (Mates::default(), Mates::default());
    let mut line = Vec::new();
    let mut lines = 0_u32;
    'chunks: for chunk in chunks {
        reader.seek(chunk.start()).map_err(damaged)?;
        while reader.virtual_position() < chunk.end() {
            let mut size = [0; 4];
            reader.read_exact(&mut size).map_err(damaged)?;
            let size = u32::from_le_bytes(size) as usize;
            if size > 1 << 28 {
                return Err(damaged(std::io::ErrorKind::InvalidData.into()));
            }
            line.resize(size, 0);
            reader.read_exact(&mut line).map_err(damaged)?;
            let raw =
                bam::check_line(&line, header).map_err(|what| Fault::input(format!("damaged BAM: {what}")).at(path))?;
            if raw.reference() != contig as i32 || i64::from(raw.position()) >= i64::from(interval.end) {
                // Sorted: nothing further in this or a later chunk can reach the interval.
                break 'chunks;
            }
            lines += 1;
            if lines.is_multiple_of(1 << 14) {
                progress.check()?;
            }
            if !counts(raw, rules) {
                continue;
            }
            let good = stretches(raw, |quality| quality >= rules.base_quality);
            if raw.mapping_quality() < rules.mapping_quality {
                mates_elsewhere.add(raw, interval, good, rules, &mut depths.elsewhere);
                continue;
            }
            depths.aligned += aligned_within(raw, interval);
            if raw.qualities().iter().any(|quality| *quality < rules.base_quality) {
                let weak = stretches(raw, |quality| quality < rules.base_quality);
                count(&weak, interval, &mut depths.weak);
            }
            mates.add(raw, interval, good, rules, &mut depths.used);
        }
    }
    Ok(depths)
}

/// Whether a line counts, but for its mapping quality.
fn counts(raw: Raw<'_>, rules: CoverageRules) -> bool {
    !raw.has(flag::UNMAPPED | flag::SECONDARY | flag::SUPPLEMENTARY | flag::QC_FAIL)
        && (rules.duplicates || !raw.has(flag::DUPLICATE))
}

/// Aligned bases of a line within the interval.
fn aligned_within(raw: Raw<'_>, interval: &Interval) -> u64 {
    let mut at = raw.position().max(0) as u32;
    let mut bases = 0;
    for (length, op) in raw.cigar() {
        if matches!(op, 0 | 7 | 8) {
            let (from, to) = (at.max(interval.start), (at + length).min(interval.end));
            bases += u64::from(to.saturating_sub(from));
        }
        if matches!(op, 0 | 2 | 3 | 7 | 8) {
            at += length;
        }
    }
    bases
}

/// Counts stretches into depths, which are made where they are first needed.
fn count(stretches: &[(u32, u32)], interval: &Interval, depths: &mut Vec<u32>) {
    for &(from, to) in stretches {
        let (from, to) = (from.max(interval.start), to.min(interval.end));
        if from < to {
            if depths.is_empty() {
                depths.resize(interval.len() as usize, 0);
            }
            for depth in &mut depths[(from - interval.start) as usize..(to - interval.start) as usize] {
                *depth += 1;
            }
        }
    }
}

/// First mates whose second may overlap them: name -> the stretches of the reference they counted.
#[derive(Default)]
struct Mates(HashMap<Vec<u8>, Waiting>);

struct Waiting {
    counted: Vec<(u32, u32)>,
    mate_start: i32,
}

impl Mates {
    fn add(
        &mut self,
        raw: Raw<'_>,
        interval: &Interval,
        mut counted: Vec<(u32, u32)>,
        rules: CoverageRules,
        depths: &mut Vec<u32>,
    ) {
        let start = raw.position();
        let end = i64::from(start) + raw.span() as i64;
        let expects_mate = rules.mates_once
            && raw.has(flag::PAIRED)
            && !raw.has(flag::MATE_UNMAPPED)
            && raw.mate_reference() == raw.reference();
        let earlier = expects_mate.then(|| self.0.remove(raw.name())).flatten();
        if let Some(first) = earlier {
            counted = without(&counted, &first.counted);
        } else if expects_mate && raw.mate_position() >= start && i64::from(raw.mate_position()) < end {
            self.0.insert(
                raw.name().to_vec(),
                Waiting {
                    counted: counted.clone(),
                    mate_start: raw.mate_position(),
                },
            );
            // Mates that were filtered out never come to fetch theirs.
            if self.0.len() > 4096 {
                self.0.retain(|_, w| w.mate_start >= start);
            }
        }
        count(&counted, interval, depths);
    }
}

/// Stretches of the reference where the read has an aligned base of a quality to keep, in order.
fn stretches(raw: Raw<'_>, keep: impl Fn(u8) -> bool) -> Vec<(u32, u32)> {
    let qualities = raw.qualities();
    let mut found: Vec<(u32, u32)> = Vec::new();
    let (mut at, mut read) = (raw.position().max(0) as u32, 0_usize);
    for (length, op) in raw.cigar() {
        match op {
            0 | 7 | 8 => {
                for i in 0..length {
                    if qualities.get(read + i as usize).is_none_or(|q| keep(*q)) {
                        match found.last_mut() {
                            Some((_, end)) if *end == at + i => *end += 1,
                            _ => found.push((at + i, at + i + 1)),
                        }
                    }
                }
                at += length;
                read += length as usize;
            }
            1 | 4 => read += length as usize,
            2 | 3 => at += length,
            _ => {}
        }
    }
    found
}

/// Parts of `a` that are not in `b`; both sorted, without overlaps.
fn without(a: &[(u32, u32)], b: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut left = Vec::new();
    for &(mut from, to) in a {
        for &(start, end) in b {
            if end <= from || start >= to {
                continue;
            }
            if start > from {
                left.push((from, start));
            }
            from = end;
        }
        if from < to {
            left.push((from, to));
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_without_others() {
        assert_eq!(without(&[(0, 10)], &[(2, 4), (6, 12)]), [(0, 2), (4, 6)]);
        assert_eq!(without(&[(0, 3), (5, 8)], &[(1, 6)]), [(0, 1), (6, 8)]);
        assert_eq!(without(&[(0, 3)], &[]), [(0, 3)]);
        assert_eq!(without(&[(2, 3)], &[(0, 9)]), []);
    }
}
