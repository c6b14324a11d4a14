//! The quality page.

wire! {
/// Quality of the newest run.
pub struct QualityView {
    /// Worst of the checks.
    pub verdict: CheckWord,
    /// Checks with reasons.
    pub checks: Vec<CheckView>,
    /// Figures with their names and units, in the order of the page.
    pub figures: Vec<FigureView>,
    /// Coverage over coding exons; absent: not assessed, `coverage_reason` says why.
    pub coverage: Option<CoverageView>,
    /// Why coverage was not assessed.
    pub coverage_reason: Option<String>,
}

/// Result of a check.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum CheckWord {
    /// PASS.
    Pass,
    /// WARN.
    Warn,
    /// FAIL.
    Fail,
    /// NOT ASSESSED.
    NotAssessed,
}

/// A check.
pub struct CheckView {
    /// Name.
    pub name: String,
    /// Result.
    pub result: CheckWord,
    /// Why.
    pub reason: String,
}

/// A figure. `value` absent: not measured.
pub struct FigureView {
    /// Name.
    pub name: String,
    /// Value as printed, with its unit.
    pub value: Option<String>,
    /// Group: `reads`, `variants`, `sex`.
    pub group: String,
}

/// Coverage by gene.
pub struct CoverageView {
    /// What was measured.
    pub over: String,
    /// Depth below which a base is a gap.
    pub threshold: u32,
    /// Bases measured.
    pub bases: u64,
    /// Mean depth.
    pub mean_depth: Option<f64>,
    /// Fraction of bases, 0 to 1.
    pub at_least_10: Option<f64>,
    /// Fraction of bases, 0 to 1.
    pub at_least_20: Option<f64>,
    /// Fraction of bases, 0 to 1.
    pub at_least_30: Option<f64>,
    /// Genes.
    pub genes: Vec<GeneCoverageView>,
}

/// Coverage of a gene.
pub struct GeneCoverageView {
    /// Symbol.
    pub gene: String,
    /// Transcript.
    pub transcript: String,
    /// Coding bases.
    pub bases: u64,
    /// Mean depth.
    pub mean_depth: Option<f64>,
    /// Fraction.
    pub at_least_10: Option<f64>,
    /// Fraction.
    pub at_least_20: Option<f64>,
    /// Fraction.
    pub at_least_30: Option<f64>,
    /// Gaps.
    pub gaps: Vec<GapView>,
}

/// A stretch below the threshold.
pub struct GapView {
    /// Exon number.
    pub exon: u32,
    /// Contig.
    pub contig: String,
    /// First base, 1-based.
    pub start: u32,
    /// Last base, 1-based inclusive.
    pub end: u32,
    /// Lowest depth.
    pub lowest: u32,
    /// Mean depth.
    pub mean: f64,
}

/// Which gene of which case.
#[serde(deny_unknown_fields)]
pub struct GeneInput {
    /// Identifier of the case.
    pub case: String,
    /// Symbol.
    pub gene: String,
}

/// Depth along the coding exons of a gene, measured now from the kept alignments.
pub struct ProfileView {
    /// Symbol.
    pub gene: String,
    /// Transcript.
    pub transcript: String,
    /// Depth below which a base is a gap.
    pub threshold: u32,
    /// Exons in the order of the transcript.
    pub exons: Vec<ExonView>,
}

/// Depth over an exon.
pub struct ExonView {
    /// Number.
    pub exon: u32,
    /// Contig.
    pub contig: String,
    /// First base, 1-based.
    pub start: u32,
    /// Last base, 1-based inclusive.
    pub end: u32,
    /// Mean depth.
    pub mean: f64,
    /// Lowest depth.
    pub lowest: u32,
    /// Fraction of bases at or above the threshold.
    pub complete: f64,
    /// Mean depth in equal bins from `start` to `end`.
    pub bins: Vec<f64>,
}
}
