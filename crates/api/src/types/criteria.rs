//! What a person sets on a criterion, and the evidence that is entered on a variant.

use super::{Compared, CriterionState, Role};

wire! {
/// Strength of a criterion.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum StrengthStep {
    /// 1 point.
    Supporting,
    /// 2 points.
    Moderate,
    /// 4 points.
    Strong,
    /// 8 points.
    VeryStrong,
    /// Benign whatever the sum.
    StandAlone,
}

/// What a criterion is set to. What was not looked at is not set: withdraw the decision instead.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum CriterionSetting {
    /// Met, at a strength.
    Met,
    /// Looked at, and not met.
    NotMet,
    /// Does not concern this variant.
    NotApplicable,
}

/// Sets a criterion of a variant.
#[serde(deny_unknown_fields)]
pub struct SetCriterionInput {
    /// Identifier of the case.
    pub case: String,
    /// Identifier of the variant.
    pub variant: u64,
    /// `PS3`, ...
    pub code: String,
    /// What to.
    pub setting: CriterionSetting,
    /// The strength, where met.
    pub strength: Option<StrengthStep>,
    /// Why. May be empty only where it is what the entered evidence proposes, which is the reason then.
    pub reason: String,
}

/// Withdraws a decision on a criterion.
#[serde(deny_unknown_fields)]
pub struct WithdrawCriterionInput {
    /// Identifier of the case.
    pub case: String,
    /// Identifier of the variant, which is shown afterwards.
    pub variant: u64,
    /// Identifier of the decision.
    pub decision: String,
}

/// How a proband's phenotype fits the gene.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum FitWord {
    /// Highly specific for the gene.
    HighlySpecific,
    /// Consistent, not highly specific.
    Consistent,
    /// Consistent, with high genetic heterogeneity.
    Heterogeneous,
    /// Not consistent.
    NotConsistent,
}

/// Whether both parents are the parents.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum ParentageWord {
    /// Shown by genotypes.
    Confirmed,
    /// Stated, not shown.
    Assumed,
}

/// How a second allele lies to the variant.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum TransWord {
    /// Shown to lie in trans.
    Confirmed,
    /// Phase not known.
    Unknown,
    /// The variant itself, homozygous.
    Homozygous,
}

/// How two alleles lie to each other.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum LieWord {
    /// On one copy.
    Cis,
    /// On different copies.
    Trans,
    /// Not known.
    Unknown,
}

/// Class of a second allele.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum AlleleClass {
    /// B.
    Benign,
    /// LB.
    LikelyBenign,
    /// VUS.
    Uncertain,
    /// LP.
    LikelyPathogenic,
    /// P.
    Pathogenic,
}

/// A piece of evidence as a person enters it. `source`: a PMID, or a record of the laboratory.
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum EvidenceEntry {
    /// A proband in whom the variant is new (PS2, PM6).
    DeNovo {
        /// Source.
        source: String,
        /// The phenotype's fit.
        fit: Option<FitWord>,
        /// Parentage.
        parentage: ParentageWord,
        /// Whether this is the tested person.
        patient: bool,
    },
    /// An affected proband with a second allele of a recessive gene (PM3).
    SecondAllele {
        /// Source.
        source: String,
        /// The other allele's name.
        allele: Option<String>,
        /// Its class.
        class: AlleleClass,
        /// How the two lie.
        phase: TransWord,
        /// Whether this is the tested person.
        patient: bool,
    },
    /// A pathogenic allele in cis or in trans (BP2).
    OtherAllele {
        /// Source.
        source: String,
        /// Its name.
        allele: String,
        /// How the two lie.
        phase: LieWord,
        /// Whether the gene's disease is dominant and fully penetrant.
        dominant_fully_penetrant: bool,
    },
    /// Families in which the variant goes with the disease, or does not (PP1, BS4).
    Segregation {
        /// Source.
        source: String,
        /// Families.
        families: u32,
        /// Informative meioses in all of them together.
        meioses: u32,
        /// Affected relatives without the variant.
        affected_without: u32,
    },
    /// A functional assay (PS3, BS3).
    Assay {
        /// Source.
        source: String,
        /// OddsPath.
        odds: f64,
    },
    /// A case-control study (PS4).
    CaseControl {
        /// Source.
        source: String,
        /// Carriers among the cases.
        cases_with: u32,
        /// Cases without it.
        cases_without: u32,
        /// Carriers among the controls.
        controls_with: u32,
        /// Controls without it.
        controls_without: u32,
    },
    /// Unrelated probands (PS4).
    Probands {
        /// Source.
        source: String,
        /// How many.
        unrelated: u32,
    },
    /// How specific the tested person's phenotype is (PP4).
    Phenotype {
        /// Source.
        source: String,
        /// Whether it is highly specific.
        highly_specific: bool,
        /// Whether the disease has a single genetic cause.
        single_cause: bool,
    },
    /// Another cause of the tested person's disease (BP5).
    OtherCause {
        /// Source.
        source: String,
        /// The other cause.
        cause: String,
        /// Whether it explains the whole phenotype.
        explains_all: bool,
    },
}

/// Enters evidence on a variant.
#[serde(deny_unknown_fields)]
pub struct EnterEvidenceInput {
    /// Identifier of the case.
    pub case: String,
    /// Identifier of the variant.
    pub variant: u64,
    /// What is entered.
    pub entry: EvidenceEntry,
}

/// Withdraws evidence.
#[serde(deny_unknown_fields)]
pub struct WithdrawEvidenceInput {
    /// Identifier of the case.
    pub case: String,
    /// Identifier of the variant, which is shown afterwards.
    pub variant: u64,
    /// Identifier of the evidence.
    pub evidence: String,
}

/// A person's decision on a criterion, which stands.
pub struct CriterionDecisionView {
    /// Identifier.
    pub id: String,
    /// Who.
    pub by: String,
    /// Role.
    pub role: Role,
    /// When.
    pub at: String,
    /// Why.
    pub reason: String,
    /// What the rules said when it was decided, in words; present only where they say something else now.
    pub rules_then: Option<String>,
}

/// A decision of the run's evidence file, which stands until one in the case takes its place.
pub struct FileDecisionView {
    /// Who, with the role where the file states it.
    pub by: String,
    /// When, where the file states it.
    pub at: Option<String>,
    /// Why.
    pub reason: String,
}

/// Evidence that the run read: from its evidence file, or from the genotypes of the family.
pub struct FileEvidenceView {
    /// `de_novo`, ...
    pub kind: String,
    /// Its source.
    pub source: String,
    /// What it says: name and value.
    pub facts: Vec<Compared>,
}

/// What the rules say of a criterion that a person set.
pub struct AutomaticView {
    /// State.
    pub state: CriterionState,
    /// `PM2_Supporting`, ...
    pub label: String,
    /// Sentence.
    pub sentence: String,
}

/// What the entered evidence proposes for a criterion. It counts nothing.
pub struct ProposalView {
    /// `PS2_Moderate`, ...; absent: the evidence does not suffice.
    pub label: Option<String>,
    /// The strength.
    pub strength: Option<StrengthStep>,
    /// Sentence.
    pub sentence: String,
    /// What was counted: name and value.
    pub compared: Vec<Compared>,
    /// Whether a person has set the criterion so already.
    pub confirmed: bool,
}

/// A piece of evidence that was entered.
pub struct EvidenceView {
    /// Identifier.
    pub id: String,
    /// `de_novo`, ...
    pub kind: String,
    /// Its source.
    pub source: String,
    /// What it says: name and value.
    pub facts: Vec<Compared>,
    /// Who.
    pub by: String,
    /// Role.
    pub role: Role,
    /// When.
    pub at: String,
    /// Withdrawn by whom and when.
    pub withdrawn: Option<String>,
}

/// A decision on a criterion that is not in effect any more.
pub struct FormerCriterionView {
    /// Identifier.
    pub id: String,
    /// `PS3 met as PS3_Moderate`.
    pub words: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// Role.
    pub role: Role,
    /// When.
    pub at: String,
    /// Withdrawn by whom and when; absent: a later one replaced it.
    pub withdrawn: Option<String>,
}
}
