//! What interpretation concludes, and how it accounts for every variant.

use std::collections::BTreeMap;

use clinotype_genome::{Build, DataRelease, VariantKey};
use serde::{Deserialize, Serialize};

use crate::{
    Review, SampleId, Sex,
    criterion::{Class, Criterion},
    entered::FromPeople,
    evidence::{AnnotatedVariant, TranscriptConsequence, Zygosity},
};

/// The schema of `ID.interpretation.json`; raised when a reader would misread an older file.
pub const SCHEMA: &str = "clinotype-interpretation/1";

/// Everything that interpretation concludes for one sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interpretation {
    /// [`SCHEMA`].
    pub schema: String,
    /// The sample.
    pub sample: SampleId,
    /// The name that the input file gave the sample, where it differs (`--input-sample`).
    pub input_sample: Option<String>,
    /// Sex as declared.
    pub sex: Sex,
    /// Genome build.
    pub build: Build,
    /// How the build is known: `contig lengths`, `asserted by --build` ...
    pub build_proof: String,
    /// Rule tables with versions.
    pub rules: Vec<RuleSet>,
    /// Data releases that were used.
    pub data: Vec<DataRelease>,
    /// The genes that may be displayed.
    pub scope: Scope,
    /// The filters in the order they ran; each one's input is what the one before kept.
    pub funnel: Vec<FunnelStep>,
    /// Reported variants in the order of the report.
    pub findings: Vec<Finding>,
    /// Classified variants that the report does not list, by place: every one of the ordered genes that passed the
    /// filters (without an ordered gene list none), those that are too common but that ClinVar lists as P/LP, and
    /// every one that a person took off the report. No variant is both here and among the findings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classified: Vec<Finding>,
    /// What the limits of the conclusion count besides the findings; `None` in files of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_aside: Option<SetAside>,
    /// Every ClinVar P/LP allele in scope that is not among the findings, and why.
    pub clinvar_listed: Vec<ClinvarListed>,
    /// What was found outside the order, where the person consented; `None`: not looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secondary: Option<SecondaryFindings>,
    /// Evidence and decisions of people that are in place; `None`: none were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<FromPeople>,
    /// Highest sum of points that is Likely benign; -1 as published.
    #[serde(default = "published_cut_off", skip_serializing_if = "is_published_cut_off")]
    pub lb_min_points: i32,
    /// The answer.
    pub conclusion: Conclusion,
}

const fn published_cut_off() -> i32 {
    -1
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_published_cut_off(points: &i32) -> bool {
    *points == published_cut_off()
}

/// Secondary findings: (likely) pathogenic variants in genes of a list that nobody ordered, with consent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SecondaryFindings {
    /// The list with its version, for example `ACMG SF v3.3`.
    pub list: String,
    /// The genes that were looked at, sorted.
    pub genes: Vec<String>,
    /// Genes of the list without a transcript here.
    pub not_covered: Vec<String>,
    /// What the list asks to report, and behind it what a person reviewed as not (likely) pathogenic; ids `S1`, `S2` ...
    pub findings: Vec<Finding>,
    /// ClinVar P/LP alleles there that the rules did not class so: a person must look.
    pub clinvar_listed: Vec<ClinvarListed>,
}

impl Interpretation {
    /// Every classified variant that is held: the findings, then the others, then those outside the order that the
    /// person consented to. One that touches genes of both may be among them twice.
    pub fn variants(&self) -> impl Iterator<Item = &Finding> {
        let beside = self.secondary.iter().flat_map(|secondary| &secondary.findings);
        self.findings.iter().chain(&self.classified).chain(beside)
    }
    /// Variants that a person reviewed and that the report does not list as findings.
    pub fn reviewed_not_reported(&self) -> impl Iterator<Item = &Finding> {
        self.classified.iter().filter(|finding| finding.is_reviewed())
    }
    /// Whether a person reviewed every finding. A report without any review is not reviewed, also where it has no
    /// finding.
    pub fn is_reviewed(&self) -> bool {
        let beside = self.secondary.iter().flat_map(|secondary| &secondary.findings);
        self.variants().any(Finding::is_reviewed) && self.findings.iter().chain(beside).all(Finding::is_reviewed)
    }
}

/// What was neither reported nor kept, and still limits what a report may say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// Calls of low quality that would be (likely) pathogenic if real, sorted.
    pub doubtful: Vec<Doubtful>,
    /// Variants of uncertain significance that are not listed, by symbol of the gene.
    pub uncertain: BTreeMap<String, u64>,
}

/// A call of low quality that would be (likely) pathogenic if real.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Doubtful {
    /// Symbol.
    pub gene: String,
    /// HGVS c. or g.
    pub name: String,
    /// Which filter it failed.
    pub reason: String,
}

/// A rule table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSet {
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
    /// Paper or guideline.
    pub source: String,
}

/// The genes that may be displayed, and how that was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// `order` or `all genes of the transcripts`.
    pub decided_by: ScopeSource,
    /// Symbols, sorted.
    pub genes: Vec<String>,
    /// Ordered genes that no transcript covers: they were not tested, and the report says so.
    pub not_covered: Vec<String>,
    /// Whether secondary findings were consented to; `None`: not stated, hence not shown.
    pub secondary_findings: Option<bool>,
}

/// Who decided the scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeSource {
    /// The order lists genes.
    Order,
    /// No gene list: every gene of the transcripts.
    AllTranscripts,
}

/// One filter. `input` = `kept` + the sum of `dropped`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunnelStep {
    /// What it does, for people.
    pub name: String,
    /// Rule id with version.
    pub rule: String,
    /// Alleles in.
    pub input: u64,
    /// Alleles kept.
    pub kept: u64,
    /// Dropped, by reason, in a fixed order.
    pub dropped: Vec<Dropped>,
}

/// How many were dropped for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// Why.
    pub reason: String,
    /// How many.
    pub count: u64,
}

/// Where a finding stands on the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// P or LP whose genotype fits the inheritance: may explain the indication.
    Primary,
    /// One P or LP allele of a recessive gene.
    Carrier,
    /// P or LP whose gene has no inheritance or mechanism in our tables: a person decides.
    Unassigned,
    /// Uncertain significance, listed by the laboratory's policy.
    Uncertain,
    /// Classified and not on the report: benign, likely benign, too common, or uncertain without a policy to list it.
    NotListed,
}

/// One classified variant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable within a report: `V1`, `V2` ... for what is reported, `N1`, `N2` ... for the others. A review may change
    /// it; the key of the variant never changes.
    pub id: String,
    /// Where it stands.
    pub section: Section,
    /// The evidence.
    pub variant: AnnotatedVariant,
    /// Zygosity.
    pub zygosity: Zygosity,
    /// The transcript that the report shows (also among the evidence).
    pub shown: TranscriptConsequence,
    /// A more severe consequence on another transcript of the gene.
    pub more_severe: Option<TranscriptConsequence>,
    /// Gene and disease facts of our tables; `None` where they do not hold the gene.
    pub gene: Option<GeneFacts>,
    /// Every criterion, in the order of [`crate::criterion::Code::ALL`].
    pub criteria: Vec<Criterion>,
    /// The classification that the rules propose.
    pub classification: Classification,
    /// What a person decided; `None`: nobody has reviewed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Review>,
    /// Sentences for the report, in the order of specs/REPORT.md section 4.
    pub sentences: Vec<String>,
}

impl Finding {
    /// The class in effect: that of the review, else the proposed one.
    pub fn class(&self) -> Class {
        self.review.as_ref().map_or(self.classification.class, |r| r.class)
    }
    /// Whether a person reviewed it.
    pub const fn is_reviewed(&self) -> bool {
        self.review.is_some()
    }
}

/// Points, class and what a person must look at. Proposed until a person confirms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Classification {
    /// By points (Tavtigian 2020).
    pub class: Class,
    /// By the combining rules of Richards 2015.
    pub class_2015: Class,
    /// Pathogenic points.
    pub pathogenic_points: i32,
    /// Benign points, negative or zero.
    pub benign_points: i32,
    /// Their sum.
    pub points: i32,
    /// Posterior probability at a prior of 0.10.
    pub posterior: f64,
    /// BA1 decides alone.
    pub stand_alone_benign: bool,
    /// Strong evidence on both sides, or other things that a person must settle.
    pub flags: Vec<String>,
}

/// What our gene table states, with its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GeneFacts {
    /// HGNC symbol.
    pub symbol: String,
    /// `HGNC:1100`.
    pub hgnc_id: String,
    /// Disease name.
    pub disease: String,
    /// `MONDO:0003582` or `OMIM:604370`.
    pub disease_id: Option<String>,
    /// HPO term and word of the mode of inheritance, `HP:0000006`, `autosomal dominant`.
    pub inheritance_id: Option<String>,
    /// In words.
    pub inheritance: Option<String>,
    /// Whether loss of function is an established mechanism; `None`: not in the table.
    pub loss_of_function: Option<bool>,
    /// Gene-disease validity, for example `Definitive`.
    pub validity: Option<String>,
    /// Where these facts come from, with date.
    pub source: String,
}

/// A ClinVar P/LP allele in scope that is not a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClinvarListed {
    /// The allele.
    pub key: VariantKey,
    /// Symbol.
    pub gene: String,
    /// HGVS c. or g.
    pub name: String,
    /// ClinVar variation id, significance and review status, as stated.
    pub clinvar: String,
    /// Zygosity in words.
    pub zygosity: String,
    /// Why it is not a finding.
    pub reason: String,
}

/// The result in one word, as specs/REPORT.md section 2 lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A (likely) pathogenic variant explains the indication.
    Positive,
    /// One P/LP in a recessive gene, or a finding that explains part.
    Carrier,
    /// Only VUS are reported.
    Uncertain,
    /// No reportable variant, and the coverage allows to say so.
    Negative,
    /// Coverage or sample do not allow an answer.
    Inconclusive,
}

impl Outcome {
    /// The banner's word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Positive => "POSITIVE",
            Self::Carrier => "CARRIER",
            Self::Uncertain => "UNCERTAIN",
            Self::Negative => "NEGATIVE",
            Self::Inconclusive => "INCONCLUSIVE",
        }
    }
}

/// The answer to the clinical question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conclusion {
    /// The banner.
    pub outcome: Outcome,
    /// The banner's sentence, without the word.
    pub headline: String,
    /// Three to six sentences that answer the question.
    pub interpretation: Vec<String>,
    /// What to do.
    pub recommendations: Vec<String>,
    /// What was not covered or not tested, in sentences.
    pub limits: Vec<String>,
    /// `Secondary findings: not looked for (no consent stated)`, as one line of its own.
    pub secondary_findings: String,
}
