//! Quality of the run: `ID.qc.json`. What was not measured is said, never zero.

use clinotype_genome::{Build, Interval};
use serde::{Deserialize, Serialize};

use crate::{SampleId, Sex};

/// The schema of `ID.qc.json`.
pub const SCHEMA: &str = "clinotype-qc/1";

/// Quality figures of one sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// [`SCHEMA`].
    pub schema: String,
    /// The sample.
    pub sample: SampleId,
    /// Genome build.
    pub build: Build,
    /// Reads; `None` where the input was a VCF.
    pub reads: Option<ReadFigures>,
    /// Coverage of targets and genes.
    pub coverage: Coverage,
    /// Counts over the called variants.
    pub variants: Option<VariantFigures>,
    /// Sex from the reads against the declared one.
    pub sex: SexCheck,
    /// Another person's DNA among the reads.
    #[serde(default)]
    pub contamination: ContaminationCheck,
    /// Every named check.
    pub checks: Vec<Check>,
}

/// Figures over the reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReadFigures {
    /// Reads, each mate counted; secondary and supplementary lines not counted.
    pub reads: u64,
    /// Bases of those reads.
    pub bases: u64,
    /// Share of bases with quality 30 or more, 0 to 1; `None` without bases.
    pub q30: Option<f64>,
    /// Mapped reads.
    pub mapped: u64,
    /// Properly paired reads.
    pub proper_pairs: u64,
    /// Reads marked as duplicates.
    pub duplicates: u64,
    /// Median insert size of proper pairs.
    pub median_insert: Option<u32>,
    /// Median absolute deviation of it.
    pub insert_deviation: Option<u32>,
    /// Mean read length.
    pub mean_length: Option<f64>,
}

impl ReadFigures {
    /// Share of mapped reads that are duplicates.
    pub fn duplicate_fraction(&self) -> Option<f64> {
        (self.mapped > 0).then(|| self.duplicates as f64 / self.mapped as f64)
    }
    /// Share of reads that are mapped.
    pub fn mapped_fraction(&self) -> Option<f64> {
        (self.reads > 0).then(|| self.mapped as f64 / self.reads as f64)
    }
}

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
}

/// Depth along one gene's coding exons on the transcript that the report shows, for a picture and its table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GeneProfile {
    /// Symbol.
    pub gene: String,
    /// Accession with version.
    pub transcript: String,
    /// The laboratory's threshold, reads.
    pub threshold: u32,
    /// Coding exons in the order of the transcript.
    pub exons: Vec<ExonProfile>,
}

/// Depth over the coding part of one exon. It has at least one base, so every figure was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExonProfile {
    /// Exon number in the transcript, 1-based.
    pub exon: u32,
    /// The coding part, 0-based, half-open.
    pub interval: Interval,
    /// Mean reads.
    pub mean_depth: f64,
    /// Fewest reads.
    pub lowest: u32,
    /// Share of bases that reach the threshold, 0 to 1.
    pub at_threshold: f64,
    /// The exon from its lower to its higher coordinate in at most [`PROFILE_BINS`] stretches, equal to one base.
    pub bins: Vec<DepthBin>,
}

/// Most stretches that an exon is cut into for [`ExonProfile::bins`].
pub const PROFILE_BINS: u32 = 60;

/// One stretch of an exon.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DepthBin {
    /// 0-based first base.
    pub start: u32,
    /// 0-based base after the last.
    pub end: u32,
    /// Mean reads.
    pub mean: f64,
    /// Fewest reads: a hole of a few bases is not averaged away.
    pub lowest: u32,
}

/// Counts over called alleles that pass.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VariantFigures {
    /// Single-base substitutions.
    pub snvs: u64,
    /// Insertions and deletions.
    pub indels: u64,
    /// Other alleles.
    pub others: u64,
    /// Transitions per transversion; `None` without transversions.
    pub ti_tv: Option<f64>,
    /// Heterozygous per homozygous; `None` without homozygous.
    pub het_hom: Option<f64>,
}

/// Sex from the reads against the declared one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SexCheck {
    /// As declared.
    pub declared: Sex,
    /// As the depth of X and Y suggests; unknown where they were not sequenced.
    pub observed: Sex,
    /// In words, with the figures.
    pub reason: String,
}

/// Another person's DNA among the reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContaminationCheck {
    /// Share of the DNA, 0 to 1; `None` where it could not be told.
    pub fraction: Option<f64>,
    /// Sites that it was told from.
    pub sites: u64,
    /// In words, with the figures.
    pub reason: String,
}

impl Default for ContaminationCheck {
    /// As files of a version say that did not measure it.
    fn default() -> Self {
        Self {
            fraction: None,
            sites: 0,
            reason: "not measured by the version that wrote this file".to_owned(),
        }
    }
}

/// One named check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Name.
    pub name: String,
    /// Result.
    pub result: CheckResult,
    /// Figure, threshold and meaning in one sentence.
    pub reason: String,
}

/// Result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckResult {
    /// In order.
    Pass,
    /// To be looked at.
    Warn,
    /// Not in order.
    Fail,
    /// The data do not allow it.
    NotAssessed,
}

impl CheckResult {
    /// The word printed.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Warn => "WARN",
            Self::Fail => "FAIL",
            Self::NotAssessed => "NOT ASSESSED",
        }
    }
}
