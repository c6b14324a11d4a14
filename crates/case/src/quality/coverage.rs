//! Coverage of genes and targets, and what is missing of it.

use clinotype_genome::Interval;
use serde::{Deserialize, Serialize};

/// Coverage, or why there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Coverage {
    /// The input has no reads, or there is nothing to measure over.
    NotAssessed {
        /// Why.
        reason: String,
    },
    /// Measured over reads that the caller would use (MAPQ >= 20, no duplicates, base quality >= 10, mates once).
    Assessed(CoverageFigures),
}

/// Coverage over the coding exons of the genes in scope, or over the targets.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CoverageFigures {
    /// What was measured over, for example `coding exons of 12 genes`.
    pub over: String,
    /// The laboratory's threshold, reads.
    pub threshold: u32,
    /// Bases measured.
    pub bases: u64,
    /// Mean depth; `None` without bases.
    pub mean_depth: Option<f64>,
    /// Share of bases with at least 10, 20 and 30 reads.
    pub at_least_10: Option<f64>,
    /// See `at_least_10`.
    pub at_least_20: Option<f64>,
    /// See `at_least_10`.
    pub at_least_30: Option<f64>,
    /// Share of bases that reach [`CoverageFigures::threshold`]; `None` without bases.
    #[serde(default)]
    pub at_threshold: Option<f64>,
    /// Bases by their depth: the index is the number of reads, the last holds every deeper one. Empty where they were
    /// not counted.
    #[serde(default)]
    pub depths: Vec<u64>,
    /// One row per gene, by symbol.
    pub genes: Vec<GeneCoverage>,
}

/// Coverage of one gene's coding exons on the transcript that the report shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GeneCoverage {
    /// Symbol.
    pub gene: String,
    /// Accession with version.
    pub transcript: String,
    /// Coding bases measured.
    pub bases: u64,
    /// Mean depth.
    pub mean_depth: Option<f64>,
    /// Share of bases with at least 10, 20 and 30 reads.
    pub at_least_10: Option<f64>,
    /// See `at_least_10`.
    pub at_least_20: Option<f64>,
    /// See `at_least_10`.
    pub at_least_30: Option<f64>,
    /// Every stretch below the threshold.
    pub gaps: Vec<Gap>,
}

impl CoverageFigures {
    /// Every gap of every gene.
    pub fn gaps(&self) -> impl Iterator<Item = (&GeneCoverage, &Gap)> {
        self.genes
            .iter()
            .flat_map(|gene| gene.gaps.iter().map(move |gap| (gene, gap)))
    }
    /// Whether every coding base reaches the threshold.
    pub fn is_complete(&self) -> bool {
        !self.genes.is_empty() && self.gaps().next().is_none()
    }
}

/// A coding stretch below the threshold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gap {
    /// Exon number in the transcript, 1-based.
    pub exon: u32,
    /// 0-based, half-open.
    pub interval: Interval,
    /// Fewest reads within.
    pub lowest: u32,
    /// Mean reads within.
    pub mean: f64,
    /// Why, base by base, the most bases first; empty where the version that wrote the file did not tell.
    #[serde(default)]
    pub reasons: Vec<GapPart>,
}

impl Gap {
    /// Why in words: one reason, or each with its bases.
    pub fn words(&self) -> String {
        match &self.reasons[..] {
            [] => "reason not recorded".to_owned(),
            [one] => one.reason.words().to_owned(),
            many => many
                .iter()
                .map(|part| {
                    format!(
                        "{} ({} of {} bases)",
                        part.reason.words(),
                        part.bases,
                        self.interval.len()
                    )
                })
                .collect::<Vec<_>>()
                .join("; "),
        }
    }
}

/// Bases of a gap that are missing for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GapPart {
    /// Why.
    pub reason: GapReason,
    /// Bases.
    pub bases: u32,
}

/// Why a base has too few reads that the caller would use. More sequencing mends the first two, another method the
/// third.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapReason {
    /// No read covers the base.
    NoReads,
    /// Reads are there, but too few.
    FewReads,
    /// Reads are there, but they fit another place of the genome as well: the copies of PMS2, SMN1, CYP2D6, STRC.
    MapsElsewhere,
    /// Reads are there, but their bases are of low quality.
    LowBaseQuality,
}

impl GapReason {
    /// Every reason.
    pub const ALL: [Self; 4] = [Self::NoReads, Self::FewReads, Self::MapsElsewhere, Self::LowBaseQuality];

    /// In words, with the limit.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoReads => "no reads",
            Self::FewReads => "too few reads",
            Self::MapsElsewhere => "reads map elsewhere equally well (MAPQ < 20)",
            Self::LowBaseQuality => "bases of low quality (< 10)",
        }
    }
}

/// Coverage of the targets, and how much of the sequencing fell on them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TargetFigures {
    /// Where the used bases lie.
    pub on_target: OnTarget,
    /// Targets, overlapping ones merged.
    pub targets: u64,
    /// Bases of the targets.
    pub bases: u64,
    /// Mean depth; `None` without bases.
    pub mean_depth: Option<f64>,
    /// Share of bases with at least 10 reads.
    pub at_least_10: Option<f64>,
    /// With at least 20 reads.
    pub at_least_20: Option<f64>,
    /// With at least 30 reads.
    pub at_least_30: Option<f64>,
    /// With at least the laboratory's threshold.
    pub at_threshold: Option<f64>,
    /// Targets of which every base reaches the threshold.
    pub complete: u64,
    /// Whether [`TargetFigures::rows`] holds every target; where there are very many, it holds those that are not
    /// complete.
    pub all_listed: bool,
    /// Targets in the order of the reference.
    pub rows: Vec<TargetCoverage>,
}

/// Bases aligned by reads that the caller would use, by where they lie.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnTarget {
    /// All of them.
    pub used_bases: u64,
    /// On a target.
    pub on: u64,
    /// On no target, but within [`OnTarget::distance`] bases of one.
    pub near: u64,
    /// What counts as near, bases.
    pub distance: u32,
}

impl OnTarget {
    /// Share of the used bases that lie on a target; `None` without used bases.
    pub fn on_share(&self) -> Option<f64> {
        (self.used_bases > 0).then(|| self.on as f64 / self.used_bases as f64)
    }
    /// Share of the used bases that lie on or near a target.
    pub fn on_or_near_share(&self) -> Option<f64> {
        (self.used_bases > 0).then(|| (self.on + self.near) as f64 / self.used_bases as f64)
    }
}

/// Coverage of one target. It has at least one base, so every figure was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetCoverage {
    /// 0-based, half-open.
    pub interval: Interval,
    /// Mean depth.
    pub mean_depth: f64,
    /// Fewest reads.
    pub lowest: u32,
    /// Share of bases with at least 10 reads.
    pub at_least_10: f64,
    /// With at least 20 reads.
    pub at_least_20: f64,
    /// With at least 30 reads.
    pub at_least_30: f64,
    /// With at least the laboratory's threshold.
    pub at_threshold: f64,
}
