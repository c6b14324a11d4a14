//! Depth along the exons of one gene, as a picture shows it.

use std::path::Path;

use clinotype_annotate::TranscriptSet;
use clinotype_case::quality::{DepthBin, ExonProfile, GeneProfile, PROFILE_BINS};
use clinotype_genome::{Interval, Progress, Reference, Result};
use clinotype_reads::coverage;

/// What [`profile`] measures.
#[derive(Debug)]
pub struct ProfileRequest<'a> {
    /// Sorted, indexed BAM.
    pub bam: &'a Path,
    /// Its reference.
    pub reference: &'a Reference,
    /// Transcripts.
    pub transcripts: &'a TranscriptSet,
    /// Symbol.
    pub gene: &'a str,
    /// Reads that a coding base needs, as the run was judged.
    pub threshold: u32,
}

/// Depth over every coding exon of a gene on the transcript that the report shows, by the rules and against the
/// threshold of the run. `None` where the transcripts have no coding transcript of the gene: nothing was
/// measured then, which is not a depth of zero.
pub fn profile(request: &ProfileRequest<'_>, progress: &dyn Progress) -> Result<Option<GeneProfile>> {
    let Some(transcript) = request.transcripts.pick(request.gene) else {
        return Ok(None);
    };
    let (numbers, intervals): (Vec<u32>, Vec<Interval>) = transcript.coding_exons().into_iter().unzip();
    if intervals.is_empty() {
        return Ok(None);
    }
    let depths = coverage::depth(
        request.bam,
        request.reference,
        &intervals,
        &coverage::CoverageRules::default(),
        progress,
    )?;
    let exons = numbers
        .into_iter()
        .zip(intervals)
        .zip(depths)
        .filter_map(|((exon, interval), depths)| of_exon(exon, interval, &depths, request.threshold))
        .collect();
    Ok(Some(GeneProfile {
        gene: request.gene.to_owned(),
        transcript: transcript.accession.clone(),
        threshold: request.threshold,
        exons,
    }))
}

/// `None` for an exon without bases.
fn of_exon(exon: u32, interval: Interval, depths: &[u32], threshold: u32) -> Option<ExonProfile> {
    let (mean_depth, lowest) = figures(depths)?;
    let reaching = depths.iter().filter(|d| **d >= threshold).count();
    let count = depths.len().min(PROFILE_BINS as usize);
    let border = |bin: usize| bin * depths.len() / count;
    let bins = (0..count)
        .filter_map(|bin| {
            let (from, to) = (border(bin), border(bin + 1));
            let (mean, lowest) = figures(&depths[from..to])?;
            Some(DepthBin {
                start: interval.start + from as u32,
                end: interval.start + to as u32,
                mean,
                lowest,
            })
        })
        .collect();
    Some(ExonProfile {
        exon,
        interval,
        mean_depth,
        lowest,
        at_threshold: reaching as f64 / depths.len() as f64,
        bins,
    })
}

/// Mean and lowest.
fn figures(depths: &[u32]) -> Option<(f64, u32)> {
    let lowest = depths.iter().copied().min()?;
    let sum: u64 = depths.iter().map(|d| u64::from(*d)).sum();
    Some((sum as f64 / depths.len() as f64, lowest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exon_in_equal_bins() {
        for length in [1_u32, 2, 59, 60, 61, 119, 121, 1000] {
            let depths: Vec<u32> = (0..length).collect();
            let made = of_exon(4, Interval::new("chr1", 100, 100 + length), &depths, 20).unwrap();
            assert_eq!(made.bins.len() as u32, length.min(60), "{length}");
            assert_eq!((made.bins[0].start, made.bins.last().unwrap().end), (100, 100 + length));
            assert!(made.bins.windows(2).all(|w| w[0].end == w[1].start));
            let sizes = made.bins.iter().map(|b| b.end - b.start);
            assert!(sizes.clone().max().unwrap() - sizes.min().unwrap() <= 1, "{length}");
            let total: f64 = made.bins.iter().map(|b| b.mean * f64::from(b.end - b.start)).sum();
            assert!((total / f64::from(length) - made.mean_depth).abs() < 1e-9);
            assert_eq!(made.lowest, 0);
            assert_eq!(
                made.at_threshold,
                f64::from(length.saturating_sub(20)) / f64::from(length)
            );
        }
        assert_eq!(of_exon(1, Interval::new("chr1", 5, 5), &[], 20), None);
    }

    #[test]
    fn a_hole_stays_visible() {
        let mut depths = vec![100; 600];
        depths[305] = 3;
        let made = of_exon(1, Interval::new("chr1", 0, 600), &depths, 20).unwrap();
        let holes: Vec<_> = made.bins.iter().filter(|b| b.lowest < 20).collect();
        assert_eq!(holes.len(), 1);
        assert_eq!((holes[0].start, holes[0].end, holes[0].lowest), (300, 310, 3));
    }
}
