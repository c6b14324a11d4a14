//! Coverage of the coding exons of the genes in scope, and every gap with its reason.

use clinotype_case::quality::{Coverage, CoverageFigures, Gap, GapPart, GapReason, GeneCoverage};
use clinotype_genome::{Interval, Progress, Result};
use clinotype_reads::coverage::{self, CoverageRules, Depths};

use super::{MeasureRequest, histogram::Histogram, sex::SexDepths};

/// Coverage of the coding exons of the genes, on the transcript that the report shows; and what it tells of sex.
pub(super) fn coverage(request: &MeasureRequest<'_>, progress: &dyn Progress) -> Result<(Coverage, SexDepths)> {
    let mut genes = Vec::new();
    let (mut exons, mut intervals) = (Vec::new(), Vec::new());
    for gene in request.genes {
        let Some(transcript) = request.transcripts.pick(gene) else {
            continue;
        };
        let coding = transcript.coding_exons();
        if coding.is_empty() {
            continue;
        }
        for (exon, interval) in coding {
            exons.push((genes.len(), exon));
            intervals.push(interval);
        }
        genes.push((gene, transcript));
    }
    if genes.is_empty() {
        let reason = "no gene in scope has a coding transcript to measure over".to_owned();
        return Ok((Coverage::NotAssessed { reason }, SexDepths::default()));
    }
    let threshold = request.thresholds.limits.min_depth;
    let measured = coverage::measure(
        request.bam,
        request.reference,
        &intervals,
        &CoverageRules::default(),
        progress,
        &|n, depths| {
            let gaps = gaps_of(exons[n].1, &intervals[n], &depths, threshold);
            (Histogram::of(&depths.used, threshold), gaps)
        },
    )?;
    let mut rows: Vec<(Histogram, Vec<Gap>)> = vec![Default::default(); genes.len()];
    let mut sex = SexDepths::over("coding exons of the tested genes");
    for (((gene, _), interval), (histogram, gaps)) in exons.iter().zip(&intervals).zip(measured) {
        sex.add(interval, &histogram, request.build);
        rows[*gene].0.join(&histogram);
        rows[*gene].1.extend(gaps);
    }
    let mut whole = Histogram::default();
    let mut rows: Vec<GeneCoverage> = genes
        .into_iter()
        .zip(rows)
        .map(|((gene, transcript), (histogram, gaps))| {
            whole.join(&histogram);
            GeneCoverage {
                gene: gene.clone(),
                transcript: transcript.accession.clone(),
                bases: histogram.bases,
                mean_depth: histogram.mean(),
                at_least_10: histogram.at_least(10),
                at_least_20: histogram.at_least(20),
                at_least_30: histogram.at_least(30),
                gaps,
            }
        })
        .collect();
    rows.sort_by(|a, b| a.gene.cmp(&b.gene));
    let figures = CoverageFigures {
        over: format!("coding exons of {} gene(s)", rows.len()),
        threshold,
        bases: whole.bases,
        mean_depth: whole.mean(),
        at_least_10: whole.at_least(10),
        at_least_20: whole.at_least(20),
        at_least_30: whole.at_least(30),
        at_threshold: whole.at_threshold(),
        depths: whole.depths,
        genes: rows,
    };
    Ok((Coverage::Assessed(figures), sex))
}

/// Stretches of one exon below the threshold.
fn gaps_of(exon: u32, interval: &Interval, depths: &Depths, threshold: u32) -> Vec<Gap> {
    let used = &depths.used;
    let mut gaps = Vec::new();
    let mut at = 0;
    while at < used.len() {
        if used[at] >= threshold {
            at += 1;
            continue;
        }
        let length = used[at..].iter().take_while(|d| **d < threshold).count();
        let within = &used[at..at + length];
        gaps.push(Gap {
            exon,
            interval: Interval::new(
                interval.contig.clone(),
                interval.start + at as u32,
                interval.start + (at + length) as u32,
            ),
            lowest: within.iter().copied().min().unwrap_or_default(),
            mean: within.iter().map(|d| f64::from(*d)).sum::<f64>() / length as f64,
            reasons: reasons((at..at + length).map(|base| reason(depths, base, threshold))),
        });
        at += length;
    }
    gaps
}

/// Why one base lies below the threshold: reads that do not count are the reason where they alone are there, or where
/// the base would have reached the threshold with them.
fn reason(depths: &Depths, base: usize, threshold: u32) -> GapReason {
    let at = |depths: &[u32]| depths.get(base).copied().unwrap_or_default();
    let (used, elsewhere, weak) = (at(&depths.used), at(&depths.elsewhere), at(&depths.weak));
    let would_do = |others: u32| others > 0 && (used == 0 || used + others >= threshold);
    if used + elsewhere + weak == 0 {
        GapReason::NoReads
    } else if would_do(elsewhere) {
        GapReason::MapsElsewhere
    } else if would_do(weak) {
        GapReason::LowBaseQuality
    } else {
        GapReason::FewReads
    }
}

/// Bases by reason, the most first.
fn reasons(bases: impl Iterator<Item = GapReason>) -> Vec<GapPart> {
    let mut counts = GapReason::ALL.map(|reason| GapPart { reason, bases: 0 });
    for reason in bases {
        if let Some(part) = counts.iter_mut().find(|part| part.reason == reason) {
            part.bases += 1;
        }
    }
    let mut parts: Vec<GapPart> = counts.into_iter().filter(|part| part.bases > 0).collect();
    // A stable sort: equal counts stay in the order of the reasons.
    parts.sort_by_key(|part| std::cmp::Reverse(part.bases));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(depths: &[u32]) -> Depths {
        Depths {
            used: depths.to_vec(),
            ..Depths::default()
        }
    }

    #[test]
    fn every_stretch_below_the_threshold_is_a_gap() {
        let interval = Interval::new("chr1", 100, 108);
        let gaps = gaps_of(3, &interval, &used(&[20, 19, 5, 20, 30, 0, 0, 1]), 20);
        let spans: Vec<_> = gaps
            .iter()
            .map(|g| (g.interval.start, g.interval.end, g.lowest))
            .collect();
        assert_eq!(spans, [(101, 103, 5), (105, 108, 0)]);
        assert_eq!(gaps[1].words(), "no reads (2 of 3 bases); too few reads (1 of 3 bases)");
        assert!(gaps_of(1, &interval, &used(&[20; 8]), 20).is_empty());
        assert_eq!(gaps_of(1, &interval, &used(&[20; 8]), 21).len(), 1);
    }

    #[test]
    fn a_gap_says_why() {
        use GapReason::{FewReads, LowBaseQuality, MapsElsewhere, NoReads};
        for (used, elsewhere, weak, expected) in [
            (0, 0, 0, NoReads),
            (7, 0, 0, FewReads),
            // A few foreign reads do not make a thin place a copied one.
            (12, 3, 2, FewReads),
            (0, 60, 0, MapsElsewhere),
            (0, 5, 0, MapsElsewhere),
            (12, 40, 0, MapsElsewhere),
            (12, 0, 40, LowBaseQuality),
            (0, 0, 3, LowBaseQuality),
        ] {
            let depths = Depths {
                used: vec![used],
                elsewhere: vec![elsewhere],
                weak: vec![weak],
                aligned: 0,
            };
            assert_eq!(reason(&depths, 0, 20), expected, "{used} {elsewhere} {weak}");
        }
    }
}
