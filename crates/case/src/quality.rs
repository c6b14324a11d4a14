//! Quality of the run: `ID.qc.json`. What was not measured is said, never zero.

mod checks;
mod coverage;
mod profile;
mod thresholds;
mod waiver;

use clinotype_genome::Build;
use serde::{Deserialize, Serialize};

use crate::SampleId;

pub use checks::{Check, CheckResult, ContaminationCheck, IDENTITY, SexCheck, SexEvidence, identity_failures};
pub use coverage::{
    Coverage, CoverageFigures, Gap, GapPart, GapReason, GeneCoverage, OnTarget, TargetCoverage, TargetFigures,
};
pub use profile::{DepthBin, ExonProfile, GeneProfile, PROFILE_BINS};
pub use thresholds::{Limit, SCHEMA as THRESHOLDS_SCHEMA, Thresholds, ThresholdsError, ThresholdsUsed};
pub use waiver::{Waiver, WaiverError, check_waivers};

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
    /// Coverage of genes.
    pub coverage: Coverage,
    /// Coverage of targets and the share of bases on them; `None` where no targets or no reads were given.
    #[serde(default)]
    pub targets: Option<TargetFigures>,
    /// Counts over the called variants.
    pub variants: Option<VariantFigures>,
    /// Sex from the reads against the declared one.
    pub sex: SexCheck,
    /// Another person's DNA among the reads.
    #[serde(default)]
    pub contamination: ContaminationCheck,
    /// The limits that the checks were judged by.
    #[serde(default)]
    pub thresholds: ThresholdsUsed,
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
    /// Bases aligned by reads that the caller would use (primary, MAPQ >= 20, no duplicates); `None` where the version
    /// that wrote the file did not count them.
    #[serde(default)]
    pub used_bases: Option<u64>,
    /// The same by chromosome, for those of the reference that are primary; empty where they were not counted.
    #[serde(default)]
    pub chromosomes: Vec<ChromosomeBases>,
    /// Pairs by insert size, in bins of [`INSERT_BIN`] bases: proper pairs that are no duplicates. The last bin holds
    /// every larger one. Empty where they were not counted.
    #[serde(default)]
    pub inserts: Vec<u64>,
    /// Bases by their quality: the index is the phred value. Empty where they were not counted.
    #[serde(default)]
    pub qualities: Vec<u64>,
    /// Reads by their share of G and C in percent, 0 to 100. Empty where they were not counted.
    #[serde(default)]
    pub gc: Vec<u64>,
}

/// Width of a bin of [`ReadFigures::inserts`], bases.
pub const INSERT_BIN: u32 = 10;

/// Used bases of one chromosome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChromosomeBases {
    /// Name in the reference.
    pub name: String,
    /// Bases of the chromosome.
    pub length: u32,
    /// Bases aligned to it, see [`ReadFigures::used_bases`].
    pub used_bases: u64,
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
