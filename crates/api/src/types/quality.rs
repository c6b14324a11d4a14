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
    /// Coverage of the targets; absent: no targets or no reads were given.
    pub targets: Option<TargetsView>,
    /// Distributions over the reads; absent: the input holds no reads.
    pub distributions: Option<DistributionsView>,
    /// Name of the limits that the checks were judged by.
    pub limits: String,
    /// SHA-256 of the file of these limits; absent: Clinotype's own.
    pub limits_sha256: Option<String>,
    /// Whether a failed check of identity withholds the report.
    pub withheld: bool,
}

/// Coverage of the targets.
pub struct TargetsView {
    /// Targets, overlapping ones merged.
    pub targets: u64,
    /// Bases of the targets.
    pub bases: u64,
    /// Mean depth.
    pub mean_depth: Option<f64>,
    /// Fraction of bases, 0 to 1.
    pub at_least_10: Option<f64>,
    /// Fraction of bases, 0 to 1.
    pub at_least_20: Option<f64>,
    /// Fraction of bases, 0 to 1.
    pub at_least_30: Option<f64>,
    /// Targets of which every base reaches the threshold.
    pub complete: u64,
    /// Fraction of the used bases that lie on a target.
    pub on_target: Option<f64>,
    /// Fraction of the used bases that lie on a target or within `distance` bases of one.
    pub on_or_near: Option<f64>,
    /// What counts as near, bases.
    pub distance: u32,
    /// The least covered targets, worst first, at most a hundred.
    pub rows: Vec<TargetView>,
}

/// Coverage of a target.
pub struct TargetView {
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
    /// Fraction of bases, 0 to 1.
    pub at_least_10: f64,
    /// Fraction of bases, 0 to 1.
    pub at_least_20: f64,
    /// Fraction of bases, 0 to 1.
    pub at_least_30: f64,
}

/// Distributions over the reads; an empty one was not counted.
pub struct DistributionsView {
    /// Pairs by insert size, in bins of `insert_bin` bases; the last holds every larger one.
    pub inserts: Vec<u64>,
    /// Bases of a bin of `inserts`.
    pub insert_bin: u32,
    /// Bases by quality: the index is the phred value.
    pub qualities: Vec<u64>,
    /// Reads by their share of G and C in percent, 0 to 100.
    pub gc: Vec<u64>,
}

/// A waiver of a failed check of identity, in effect.
pub struct WaiverView {
    /// Identifier.
    pub id: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: String,
}

/// Which check of which case is waived, and why.
#[serde(deny_unknown_fields)]
pub struct WaiveInput {
    /// Identifier of the case.
    pub case: String,
    /// Name of the check.
    pub check: String,
    /// Why the report may be made although it failed; printed.
    pub reason: String,
}

/// Which waiver is taken back, and why.
#[serde(deny_unknown_fields)]
pub struct WithdrawWaiverInput {
    /// Identifier of the case.
    pub case: String,
    /// Identifier of the waiver.
    pub waiver: String,
    /// Why.
    pub reason: String,
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
    /// Whether it withholds the report until a person waives it.
    pub withholds: bool,
    /// The waiver in effect.
    pub waiver: Option<WaiverView>,
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
    /// Bases by their depth: the index is the number of reads, the last holds every deeper one. Empty: not counted.
    pub depths: Vec<u64>,
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
    /// Why, in words.
    pub reason: String,
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
