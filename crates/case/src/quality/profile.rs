//! Depth along the exons of one gene.

use clinotype_genome::Interval;
use serde::{Deserialize, Serialize};

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
