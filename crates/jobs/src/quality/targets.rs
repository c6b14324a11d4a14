//! Coverage of the targets, and the share of the used bases that lie on or near them.

use clinotype_case::quality::{OnTarget, TargetCoverage, TargetFigures};
use clinotype_genome::{Interval, Progress, Result};
use clinotype_reads::coverage::{self, CoverageRules};

use super::{MeasureRequest, histogram::Histogram, sex::SexDepths};
use crate::steps::PADDING;

/// A target is measured in pieces of at most so many bases, so that a whole chromosome does not stand in memory.
const PIECE: u32 = 1 << 20;
/// Up to so many targets, each has its row; of more, those that are not complete.
const LISTED: usize = 5_000;

/// Measures sorted targets without overlaps; also tells what they say of sex.
pub(super) fn coverage(
    request: &MeasureRequest<'_>,
    targets: &[Interval],
    progress: &dyn Progress,
) -> Result<(TargetFigures, SexDepths)> {
    let rules = CoverageRules::default();
    let threshold = request.thresholds.limits.min_depth;
    let (owners, pieces): (Vec<usize>, Vec<Interval>) = targets
        .iter()
        .enumerate()
        .flat_map(|(n, target)| cut(target).map(move |piece| (n, piece)))
        .unzip();
    let measured = coverage::measure(
        request.bam,
        request.reference,
        &pieces,
        &rules,
        progress,
        &|_, depths| (Histogram::of(&depths.used, threshold), depths.aligned),
    )?;
    let mut on_target = OnTarget {
        used_bases: request.reads.used_bases.unwrap_or_default(),
        distance: PADDING,
        ..OnTarget::default()
    };
    let mut of_target = vec![Histogram::default(); targets.len()];
    for (owner, (histogram, aligned)) in owners.into_iter().zip(measured) {
        of_target[owner].join(&histogram);
        on_target.on += aligned;
    }
    let flanks: Vec<Interval> = flanks(request, targets).iter().flat_map(cut).collect();
    let near = coverage::measure(
        request.bam,
        request.reference,
        &flanks,
        &rules,
        progress,
        &|_, depths| depths.aligned,
    )?;
    on_target.near = near.iter().sum();
    let (mut whole, mut sex) = (Histogram::default(), SexDepths::over("targets"));
    for (target, histogram) in targets.iter().zip(&of_target) {
        sex.add(target, histogram, request.build);
        whole.join(histogram);
    }
    let all_listed = targets.len() <= LISTED;
    let figures = TargetFigures {
        on_target,
        targets: targets.len() as u64,
        bases: whole.bases,
        mean_depth: whole.mean(),
        at_least_10: whole.at_least(10),
        at_least_20: whole.at_least(20),
        at_least_30: whole.at_least(30),
        at_threshold: whole.at_threshold(),
        complete: of_target.iter().filter(|histogram| histogram.is_complete()).count() as u64,
        all_listed,
        rows: targets
            .iter()
            .zip(&of_target)
            .filter(|(_, histogram)| all_listed || !histogram.is_complete())
            .filter_map(|(target, histogram)| row(target, histogram))
            .collect(),
    };
    Ok((figures, sex))
}

/// `None` for a target without bases.
fn row(target: &Interval, histogram: &Histogram) -> Option<TargetCoverage> {
    Some(TargetCoverage {
        interval: target.clone(),
        mean_depth: histogram.mean()?,
        lowest: histogram.lowest?,
        at_least_10: histogram.at_least(10)?,
        at_least_20: histogram.at_least(20)?,
        at_least_30: histogram.at_least(30)?,
        at_threshold: histogram.at_threshold()?,
    })
}

fn cut(interval: &Interval) -> impl Iterator<Item = Interval> + use<'_> {
    (interval.start..interval.end)
        .step_by(PIECE as usize)
        .map(|start| Interval::new(interval.contig.clone(), start, (start + PIECE).min(interval.end)))
}

/// What lies within [`PADDING`] bases of a target and on none, each base once.
fn flanks(request: &MeasureRequest<'_>, targets: &[Interval]) -> Vec<Interval> {
    let mut flanks = Vec::new();
    for (n, target) in targets.iter().enumerate() {
        let same = |other: Option<&Interval>| other.filter(|other| other.contig == target.contig).cloned();
        let before = same(n.checked_sub(1).and_then(|before| targets.get(before)));
        let after = same(targets.get(n + 1));
        let length = request
            .reference
            .contigs()
            .get(&target.contig)
            .map_or(target.end, |c| c.length);
        // Up to where the flank of the target before ends: between two near targets lies one flank.
        let taken = before.map_or(0, |before| (before.end + PADDING).min(target.start));
        let left = target.start.saturating_sub(PADDING).max(taken);
        let right = (target.end + PADDING)
            .min(after.map_or(length, |after| after.start))
            .min(length);
        for (start, end) in [(left, target.start), (target.end, right)] {
            if start < end {
                flanks.push(Interval::new(target.contig.clone(), start, end));
            }
        }
    }
    flanks
}
