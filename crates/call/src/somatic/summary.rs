//! What a tumour-only run answers.

use std::collections::BTreeMap;

use serde::Serialize;

/// What a tumour-only run found, and what it could not have found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SomaticSummary {
    /// Kind and version of this file.
    pub schema: String,
    /// What the calls are not.
    pub statement: String,
    /// Alleles in the VCF, one per line.
    pub records: u64,
    /// Those of one base for another.
    pub snvs: u64,
    /// The others.
    pub indels: u64,
    /// Alleles without a filter.
    pub passed: u64,
    /// Alleles by the filters that they fail; one may fail several.
    pub filtered: BTreeMap<String, u64>,
    /// Alleles by what population frequencies say of their origin.
    pub germline: BTreeMap<String, u64>,
    /// `not_evaluated`, or the share that was stated.
    pub contamination: String,
    /// What could have been seen.
    pub sensitivity: Sensitivity,
    /// Regions that were looked at closely.
    pub active_regions: u64,
    /// Every number that shaped the calls, by name.
    pub parameters: BTreeMap<String, String>,
}

/// What could have been seen at the depth at hand. Depth counts fragments with a base of quality 10 or more.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sensitivity {
    /// What the figures mean.
    pub statement: String,
    /// The allele fraction that is asked for.
    pub fraction: f64,
    /// The chance to see it that is asked for.
    pub power: f64,
    /// Depth from which on it is reached; none where no depth suffices.
    pub sufficient_depth: Option<u32>,
    /// Bases of the targets (of all contigs where there are none).
    pub bases: u64,
    /// Of these, bases of sufficient depth. At the others an allele of that fraction may have been missed.
    pub bases_sufficient: u64,
    /// The figures at round depths.
    pub by_depth: Vec<DepthPower>,
    /// Each target, or each contig where there are none.
    pub targets: Vec<TargetDepth>,
}

/// What one depth lets one see.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DepthPower {
    /// Depth.
    pub depth: u32,
    /// Alternate reads that a single-base allele needs; none where no number suffices.
    pub reads_needed: Option<u32>,
    /// Least allele fraction that is seen with the power asked for.
    pub least_fraction: Option<f64>,
    /// Chance to see the fraction asked for.
    pub power: f64,
}

/// The depth over one target.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TargetDepth {
    /// Contig.
    pub contig: String,
    /// First base, 0-based, as in BED.
    pub start: u32,
    /// Base after the last.
    pub end: u32,
    /// Mean depth.
    pub mean_depth: f64,
    /// Least depth.
    pub least_depth: u32,
    /// Bases of sufficient depth.
    pub bases_sufficient: u32,
    /// Least allele fraction that is seen with the power asked for at the mean depth.
    pub least_fraction_at_mean: Option<f64>,
}
