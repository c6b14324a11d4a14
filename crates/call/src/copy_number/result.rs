//! What is said of a sample, its events and its targets.

use clinotype_genome::Interval;
use serde::{Serialize, Serializer};

/// What is said of one target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// As many copies as expected: a deletion or duplication of this target alone would have been seen.
    Normal,
    /// No deletion; a duplication of this target alone might not have been seen.
    NotDeleted,
    /// Fewer copies than expected.
    Deleted,
    /// More copies than expected.
    Duplicated,
    /// Nothing is said; the reason is beside it.
    NotAssessed,
}

/// Why nothing is said of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// On neither an autosome, X nor Y.
    NotNuclear,
    /// On X or Y, and the sex was not stated.
    SexNotStated,
    /// On Y in a female, or in the pseudo-autosomal regions of Y, whose reads lie on X.
    NoCopyExpected,
    /// G and C below 10 % or above 90 %, or no known base.
    GcExtreme,
    /// More than a quarter of the fragments have reads that may belong elsewhere.
    LowMappability,
    /// Too few of the normals can tell: of X and Y, those whose sex is stated and that have it.
    TooFewNormals,
    /// Too few fragments to see a deletion of this target alone.
    TooFewReads,
    /// Samples vary too much here to see a deletion of this target alone.
    TooVariable,
    /// It lies in an event that is too uncertain to be called.
    LowQuality,
    /// The sample as a whole cannot be called.
    SampleQuality,
}

/// One target of the sample.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TargetCall {
    /// Where, 0-based, half-open.
    #[serde(flatten)]
    pub interval: Interval,
    /// Its name in the BED.
    pub name: Option<String>,
    /// What is said.
    pub state: State,
    /// Why nothing is said.
    pub reason: Option<Reason>,
    /// Copies, where the state says something of them.
    pub copies: Option<u8>,
    /// Copies expected of a healthy person of the stated sex.
    pub expected_copies: Option<u8>,
    /// Phred quality that there are fewer, as many or more copies, as stated.
    pub quality: Option<f64>,
    /// Fragments counted.
    pub fragments: u32,
    /// Fragments expected with the expected copies.
    pub expected_fragments: Option<f64>,
    /// Of how many neighbouring targets, this one among them, a deletion of one copy must be to be called with quality
    /// 20 in 95 of 100 samples that have it; `None` where ten are not enough, or the target is not used.
    pub deletion_seen_from: Option<u8>,
    /// The same for a duplication.
    pub duplication_seen_from: Option<u8>,
    /// Share of G and C.
    pub gc: Option<f64>,
    /// Standard deviation of the fragments beside counting, as a share of their number.
    pub spread: Option<f64>,
}

/// A deletion or duplication.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Event {
    /// From the first base of the first affected target to the last of the last, 0-based, half-open.
    #[serde(flatten)]
    pub interval: Interval,
    /// Numbers of the first and the last affected target.
    pub first: usize,
    /// See `first`.
    pub last: usize,
    /// Affected targets that were assessed.
    pub targets: usize,
    /// Copies called; the highest the model knows stands for it and more, and the number is then that of the depth.
    pub copies: u8,
    /// Copies expected.
    pub expected_copies: u8,
    /// Phred quality that there is a deletion (or duplication) within these targets.
    pub quality: f64,
    /// Phred quality that all of the targets have exactly these copies.
    pub copies_quality: f64,
    /// Fragments counted over those expected.
    pub ratio: f64,
    /// The breakpoint on the left lies at or after this base (0-based): the last of the target before that was told
    /// to be unaffected, or the start of the contig.
    pub earliest_start: u32,
    /// The breakpoint on the right lies before this base: the first of the next unaffected target, if there is one.
    pub latest_end: Option<u32>,
    /// Filters that it does not pass, as the VCF names them.
    pub filters: Vec<&'static str>,
}

impl Event {
    /// Whether copies are missing.
    pub fn is_deletion(&self) -> bool {
        self.copies < self.expected_copies
    }
}

/// How good the sample is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As good as its normals.
    Pass,
    /// Usable; the reasons say what to look at.
    Warn,
    /// Nothing is called of it.
    Fail,
}

/// The sample as a whole.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SampleQuality {
    /// The verdict.
    pub verdict: Verdict,
    /// Why it is not better.
    pub reasons: Vec<String>,
    /// Normals that it was compared with, those that fit it best.
    pub normals: Vec<String>,
    /// Normals that were given.
    pub normals_given: usize,
    /// Correlation of its fragments by target with what the normals expect.
    pub correlation: f64,
    /// Standard deviation about the normals' expectation, in those of the normals.
    pub spread: f64,
    /// Median of the fragments by target that are expected.
    pub expected_fragments: f64,
    /// Standard deviation between samples beside counting that is common to the targets, as a share.
    pub common_spread: f64,
    /// Copies of X by all its targets outside the pseudo-autosomal regions.
    pub copies_of_x: Option<f64>,
}

/// What was called of a sample.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CopyNumber {
    /// The schema of this text.
    pub schema: &'static str,
    /// The accession.
    pub sample: String,
    /// SHA-256 of the targets.
    pub targets_digest: String,
    /// Quality below which an event is filtered.
    pub least_quality: f64,
    /// The sample as a whole.
    pub quality: SampleQuality,
    /// Events in the order of the reference.
    pub events: Vec<Event>,
    /// Every target.
    pub targets: Vec<TargetCall>,
}

/// The words of an enumeration, one for text and JSON.
macro_rules! words {
    ($kind:ident: $($name:ident = $word:literal),+) => {
        impl $kind {
            /// As files name it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }
        }

        impl Serialize for $kind {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

words!(State:
    Normal = "normal",
    NotDeleted = "not_deleted",
    Deleted = "deleted",
    Duplicated = "duplicated",
    NotAssessed = "not_assessed"
);
words!(Reason:
    NotNuclear = "not_nuclear",
    SexNotStated = "sex_not_stated",
    NoCopyExpected = "no_copy_expected",
    GcExtreme = "gc_extreme",
    LowMappability = "low_mappability",
    TooFewNormals = "too_few_normals",
    TooFewReads = "too_few_reads",
    TooVariable = "too_variable",
    LowQuality = "low_quality",
    SampleQuality = "sample_quality"
);
words!(Verdict:
    Pass = "pass",
    Warn = "warn",
    Fail = "fail"
);

impl TargetCall {
    /// Takes back what was said of it.
    pub(super) fn not_assessed(&mut self, reason: Reason) {
        self.state = State::NotAssessed;
        self.reason = Some(reason);
        self.copies = None;
        self.quality = None;
    }
}
