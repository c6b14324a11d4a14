//! What people enter on a variant: evidence from patients, families and assays, and decisions on single criteria.
//!
//! Evidence makes proposals, which count nothing. A decision counts, needs a reason and a person, and stands beside what
//! the rules say. The file of both is `clinotype-evidence/1` ([`EvidenceFile`]).

mod check;

pub use check::same_allele;
use clinotype_genome::{Build, VariantKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::criterion::{Class, Code, State, Strength};

/// The schema of the evidence file; raised when a reader would misread an older file.
pub const SCHEMA: &str = "clinotype-evidence/1";

/// Evidence and decisions on variants of one sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceFile {
    /// [`SCHEMA`].
    pub schema: String,
    /// Build of the alleles' coordinates.
    pub build: Build,
    /// Each variant once.
    pub variants: Vec<NamedVariant>,
}

/// A variant of the file: named by its allele, or by a name as the annotation prints it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedVariant {
    /// Contig with or without `chr`, 1-based position, REF, ALT, as in the sample's normalised VCF.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allele: Option<VariantKey>,
    /// HGVS c., n. or g. name with its reference, `NM_007294.4:c.181T>G`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hgvs: Option<String>,
    /// Evidence.
    #[serde(default)]
    pub evidence: Vec<Entry>,
    /// Decisions, at most one on each criterion.
    #[serde(default)]
    pub decisions: Vec<Decision>,
}

/// What is known of one allele besides the rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OnVariant {
    /// The allele.
    pub key: VariantKey,
    /// Evidence, entered by people or read from the family's genotypes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Entry>,
    /// Decisions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<Decision>,
}

/// What people said of the variants of an interpretation, and what of it found no variant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FromPeople {
    /// By place on the genome.
    pub variants: Vec<OnVariant>,
    /// Named and not used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_used: Vec<NotUsed>,
}

/// A variant that evidence or decisions name and that has no criteria here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NotUsed {
    /// As it was named.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// How a proband's phenotype fits the gene (SVI PS2/PM6 v1.1, table 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parentage {
    /// Shown by genotypes.
    Confirmed,
    /// Stated, not shown.
    Assumed,
}

/// How the second allele of a recessive gene lies to the variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trans {
    /// Shown to lie in trans.
    Confirmed,
    /// Phase not known.
    Unknown,
    /// The variant itself, homozygous.
    Homozygous,
}

/// How two alleles lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lie {
    /// On one copy.
    Cis,
    /// On different copies.
    Trans,
    /// Not known.
    Unknown,
}

/// What was called in one parent at the place of the variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParentCall {
    /// Copies of the allele; `None`: not called.
    pub copies: Option<u8>,
    /// Reads.
    pub depth: Option<u32>,
    /// Reads with the allele.
    pub alternate_reads: Option<u32>,
    /// GQ, phred.
    pub quality: Option<u32>,
}

/// One piece of evidence. `source`: where it is written, a PMID or a record of the laboratory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Entry {
    /// A proband in whom the variant is new (PS2, PM6).
    DeNovo {
        /// Source.
        source: String,
        /// The phenotype's fit; `None`: not stated, counted as the weakest that counts.
        fit: Option<Fit>,
        /// Parentage.
        parentage: Parentage,
        /// Whether this is the tested person.
        #[serde(default)]
        patient: bool,
    },
    /// The genotypes of the tested person's parents (PS2, PM6).
    Trio {
        /// Source.
        source: String,
        /// Mother.
        mother: ParentCall,
        /// Father.
        father: ParentCall,
        /// Whether genotypes showed both to be the parents.
        kinship_confirmed: bool,
    },
    /// An affected proband with a second allele of a recessive gene (PM3).
    SecondAllele {
        /// Source.
        source: String,
        /// The other allele's name; not needed for a homozygote.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        allele: Option<String>,
        /// Class of the other allele; not looked at for a homozygote.
        class: Class,
        /// How the two lie.
        phase: Trans,
        /// Whether this is the tested person.
        #[serde(default)]
        patient: bool,
    },
    /// Another classified allele of the gene in the tested person: PM3 or BP2 by its class and the gene's inheritance.
    Partner {
        /// Source.
        source: String,
        /// The other allele.
        allele: VariantKey,
        /// How the two lie.
        phase: Lie,
    },
    /// A pathogenic allele elsewhere, in cis or in trans (BP2).
    OtherAllele {
        /// Source.
        source: String,
        /// The pathogenic allele's name.
        allele: String,
        /// How the two lie.
        phase: Lie,
        /// Whether the gene's disease is dominant and fully penetrant; in trans only then.
        #[serde(default)]
        dominant_fully_penetrant: bool,
    },
    /// One family, or several together, in which the variant goes with the disease, or does not (PP1, BS4).
    Segregation {
        /// Source.
        source: String,
        /// Families.
        families: u32,
        /// Informative meioses in all of them together.
        meioses: u32,
        /// Affected relatives without the variant, phenocopies put aside.
        #[serde(default)]
        affected_without: u32,
    },
    /// A functional assay, validated by controls (PS3, BS3; Brnich 2020).
    Assay {
        /// Source.
        source: String,
        /// OddsPath of the result that the variant showed.
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
    /// Unrelated probands with the variant and a fitting phenotype, each family once (PS4).
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
        /// Whether it is highly specific for the gene's disease.
        highly_specific: bool,
        /// Whether that disease has a single genetic cause.
        single_cause: bool,
    },
    /// Another cause of the tested person's disease (BP5).
    OtherCause {
        /// Source.
        source: String,
        /// The other cause, for example a variant's name.
        cause: String,
        /// Whether it explains the whole phenotype.
        explains_all: bool,
    },
}

impl Entry {
    /// Where it is written.
    pub fn source(&self) -> &str {
        match self {
            Self::DeNovo { source, .. }
            | Self::Trio { source, .. }
            | Self::SecondAllele { source, .. }
            | Self::Partner { source, .. }
            | Self::OtherAllele { source, .. }
            | Self::Segregation { source, .. }
            | Self::Assay { source, .. }
            | Self::CaseControl { source, .. }
            | Self::Probands { source, .. }
            | Self::Phenotype { source, .. }
            | Self::OtherCause { source, .. } => source,
        }
    }

    /// Its `kind`, as the file writes it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::DeNovo { .. } => "de_novo",
            Self::Trio { .. } => "trio",
            Self::SecondAllele { .. } => "second_allele",
            Self::Partner { .. } => "partner",
            Self::OtherAllele { .. } => "other_allele",
            Self::Segregation { .. } => "segregation",
            Self::Assay { .. } => "assay",
            Self::CaseControl { .. } => "case_control",
            Self::Probands { .. } => "probands",
            Self::Phenotype { .. } => "phenotype",
            Self::OtherCause { .. } => "other_cause",
        }
    }
}

/// What a person sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// Met, at this strength.
    Met(Strength),
    /// Looked at, and not met.
    NotMet,
    /// Does not concern this variant.
    NotApplicable,
}

impl Setting {
    /// As a state.
    pub const fn state(self) -> State {
        match self {
            Self::Met(_) => State::Met,
            Self::NotMet => State::NotMet,
            Self::NotApplicable => State::NotApplicable,
        }
    }
    /// The strength, where met.
    pub const fn strength(self) -> Option<Strength> {
        match self {
            Self::Met(strength) => Some(strength),
            _ => None,
        }
    }
}

/// What the rules said of a criterion, in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// State.
    pub state: State,
    /// Strength where met.
    #[serde(default)]
    pub strength: Option<Strength>,
}

/// A person's decision on one criterion of one variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Which criterion.
    pub code: Code,
    /// What it is set to.
    pub setting: Setting,
    /// Why.
    pub reason: String,
    /// Who, as printed.
    pub by: String,
    /// The person's role in the laboratory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// When (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// What the rules said when it was decided; what they say now may differ after a new run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
}
