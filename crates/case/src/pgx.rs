//! Pharmacogenomics: diplotypes, phenotypes and recommendations of one sample. `clinotype-pgx/1`.
//!
//! Strings of alleles, diplotypes and messages are those of PharmCAT, so that results compare by name. Every position
//! is 1-based on GRCh38.

mod reading;

use std::collections::BTreeMap;

use clinotype_genome::{Build, DataRelease};
use serde::{Deserialize, Serialize};

use crate::finding::{Dropped, RuleSet};

pub use reading::Advice;

/// The schema of the file.
pub const SCHEMA: &str = "clinotype-pgx/1";

/// What a reader must know about every result; printed with it.
pub const LIMITS: [&str; 4] = [
    "Only the positions of the allele definitions were looked at; a position without a genotype is missing, not reference.",
    "Copy number and hybrid genes (CYP2D6) and HLA alleles are not called from a VCF; they come from an outside call.",
    "Other medicines, organ function and age can change a phenotype (phenoconversion); this is left to the clinician.",
    "A recommendation is that of CPIC for the genotype alone and is no prescription.",
];

/// Everything about the pharmacogenes of one sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pharmacogenomics {
    /// [`SCHEMA`].
    pub schema: String,
    /// Program and version.
    pub software: String,
    /// The sample's name in the VCF, or `None` where there was no VCF.
    pub sample: Option<String>,
    /// Build of the input.
    pub build: Build,
    /// How the build is known.
    pub build_proof: String,
    /// Rule tables with versions.
    pub rules: Vec<RuleSet>,
    /// Files and releases that were used.
    pub data: Vec<DataRelease>,
    /// What happened to the records of the VCF.
    pub records: Records,
    /// Every gene, by name.
    pub genes: Vec<GeneResult>,
    /// Every drug with guidance for one of the genes, by name (drug-first).
    pub drugs: Vec<DrugResult>,
    /// Copies of CYP2D6 by read depth; `None` where no reads were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cyp2d6: Option<Cyp2d6Copies>,
    /// Alerts for the medicines that the person takes; `None` where none were given.
    pub medications: Option<Vec<MedicationAlert>>,
    /// [`LIMITS`] and what else holds for this result.
    pub limits: Vec<String>,
}

/// What happened to the records of the VCF.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Records {
    /// Records read.
    pub read: u64,
    /// Records at no position of the definitions.
    pub elsewhere: u64,
    /// Records whose genotype is used.
    pub used: u64,
    /// The others, by reason.
    pub dropped: Vec<Dropped>,
    /// Positions without a record that were taken as reference, by what says so (gVCF block, callable region).
    pub filled: u64,
    /// What was noted at single positions.
    pub notes: Vec<PositionNote>,
}

/// A remark on one position.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PositionNote {
    /// Contig, with `chr`.
    pub contig: String,
    /// 1-based position.
    pub position: u32,
    /// Gene.
    pub gene: String,
    /// dbSNP id.
    pub rsid: Option<String>,
    /// The remark.
    pub note: String,
}

/// Where the call of a gene comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallSource {
    /// Called here from the VCF.
    Matcher,
    /// Made elsewhere and given as outside call.
    Outside,
    /// There is nothing to call from.
    None,
}

/// One gene (gene-first).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GeneResult {
    /// HGNC symbol.
    pub gene: String,
    /// Where the call comes from.
    pub source: CallSource,
    /// Whether a diplotype (or phenotype) is known.
    pub called: bool,
    /// Whether a recommendation can be looked up.
    pub reportable: bool,
    /// Whether every genotype used is phased.
    pub phased: bool,
    /// Whether the genotypes leave one reading of the two copies only.
    pub effectively_phased: bool,
    /// Labels of [`GeneResult::calls`].
    pub diplotypes: Vec<String>,
    /// Labels of [`GeneResult::recommendation`].
    pub recommendation_diplotypes: Vec<String>,
    /// Phenotypes of the recommendation diplotypes, in their order.
    pub phenotypes: Vec<String>,
    /// Activity score of each recommendation diplotype; `None` where the gene has none.
    pub activity_scores: Vec<Option<String>>,
    /// Positions of the definition without a genotype.
    pub missing_positions: Vec<MissingPosition>,
    /// Names of the messages that hold.
    pub messages: Vec<String>,
    /// What each message says.
    pub message_texts: BTreeMap<String, String>,
    /// Further cautions in words.
    pub cautions: Vec<String>,
    /// The diplotypes that the genotypes fit, or the alleles found where phase is unknown (DPYD, RYR1).
    pub calls: Vec<DiplotypeCall>,
    /// The diplotypes that recommendations are looked up with.
    pub recommendation: Vec<DiplotypeCall>,
    /// Every other diplotype that the genotypes fit, and what it would change.
    pub alternatives: Vec<Alternative>,
    /// Alleles that cannot be told because their positions are missing.
    pub uncallable_alleles: Vec<String>,
    /// Every position with its genotype or the reason why there is none.
    pub positions: Vec<PositionCall>,
    /// Drugs with CPIC guidance for this gene, by name.
    pub related_drugs: Vec<String>,
}

/// A diplotype with what follows from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiplotypeCall {
    /// As it is printed.
    pub label: String,
    /// The allele names, one or two; none where only a phenotype is known.
    pub alleles: Vec<String>,
    /// Clinical function of each allele; `None` where the gene has no table.
    pub functions: Vec<Option<String>>,
    /// Phenotypes (several for HLA).
    pub phenotypes: Vec<String>,
    /// Activity score.
    pub activity_score: Option<String>,
    /// What recommendations are looked up by.
    pub lookup_keys: Vec<String>,
    /// Sum of the positions that define the alleles; 0 for calls made elsewhere.
    pub score: u32,
    /// Whether it was chosen by rule and not read from the genotypes.
    pub inferred: bool,
}

/// A diplotype that fits too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternative {
    /// As it is printed.
    pub label: String,
    /// Sum of the positions that define the alleles.
    pub score: u32,
    /// Phenotypes.
    pub phenotypes: Vec<String>,
    /// Activity score.
    pub activity_score: Option<String>,
    /// The difference in words, against the called diplotypes.
    pub difference: String,
    /// Whether phenotype or activity score differ from every called diplotype.
    pub changes_phenotype: bool,
}

/// A position of the definition without a genotype.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingPosition {
    /// dbSNP id, or `contig:position` where it has none.
    pub name: String,
    /// 1-based position.
    pub position: u32,
    /// Alleles that need it.
    pub alleles: Vec<String>,
    /// Why there is no genotype.
    pub reason: String,
    /// Whether it belongs to an AMP tier 1 allele.
    pub tier1: bool,
}

/// How the genotype of a position is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// A record at the position.
    Record,
    /// A reference block of the gVCF.
    GvcfBlock,
    /// A region of the BED file of callable regions.
    CallableRegion,
    /// Nothing: the position is missing.
    Missing,
}

/// A position and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PositionCall {
    /// 1-based position.
    pub position: u32,
    /// dbSNP id.
    pub rsid: Option<String>,
    /// REF of the definition.
    pub reference: String,
    /// Genotype in bases, `A/G` or `A|G`; `None` where it is missing.
    pub genotype: Option<String>,
    /// How it is known.
    pub evidence: Evidence,
    /// Details: depth and quality of a block, or why a record was not used.
    pub detail: Option<String>,
}

/// Copies of CYP2D6 by read depth: research, to be confirmed by a method that resolves the locus.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cyp2d6Copies {
    /// Copies of the whole gene; `None` where the depth does not tell.
    pub copies: Option<u32>,
    /// Whether the parts of the gene have different numbers of copies, as in a hybrid with CYP2D7.
    pub hybrid_possible: bool,
    /// Parts of the gene from its 3' to its 5' end, CYP2D7, and the parts together (`whole gene`).
    pub segments: Vec<SegmentCopies>,
    /// Control windows that were used.
    pub controls: u32,
    /// Relative scatter of the depth among the control windows, beyond chance.
    pub scatter: f64,
    /// A diplotype with copies that the genotypes of the VCF and the depth suggest; never used as a call by itself.
    pub proposed: Option<String>,
    /// Copies and hybrids by the bases that tell CYP2D6 from CYP2D7; `None` in results of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub structure: Option<Cyp2d6Structure>,
    /// The result in words.
    pub text: String,
}

/// Copies and hybrids of CYP2D6 and CYP2D7 by the reads of each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cyp2d6Structure {
    /// Copies of both genes together; `None`: no call.
    pub total: Option<u32>,
    /// The same as the depth has it, before anything is called.
    pub ratio: f64,
    /// Whether a hybrid is called.
    pub hybrid: bool,
    /// Whole copies of CYP2D6, where no hybrid is called.
    pub copies: Option<u32>,
    /// Probability of the most likely arrangement.
    pub probability: f64,
    /// Parts from the 3' end to the 5' end of CYP2D6.
    pub parts: Vec<ParalogPart>,
    /// In words.
    pub text: String,
}

/// Reads of one part of the two genes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParalogPart {
    /// Name.
    pub name: String,
    /// Reads with the bases of CYP2D6.
    pub cyp2d6: u32,
    /// Reads with the bases of CYP2D7.
    pub cyp2d7: u32,
    /// Reads with bases of both.
    pub mixed: u32,
    /// Copies with the bases of CYP2D6, where an arrangement is called.
    pub copies: Option<u32>,
}

/// Copies of one part of CYP2D6.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SegmentCopies {
    /// Name.
    pub name: String,
    /// Reads that start in it.
    pub reads: u64,
    /// Share of them with a mapping quality below 10, which may belong to CYP2D7.
    pub ambiguous: f64,
    /// Depth relative to two copies, times two.
    pub ratio: f64,
    /// The number of copies, where its probability is at least 95 %.
    pub copies: Option<u32>,
    /// Probability of the most likely number.
    pub probability: f64,
}

/// The guidance for one drug.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrugResult {
    /// Name in lower case, as CPIC writes it.
    pub drug: String,
    /// One entry per guideline.
    pub guidelines: Vec<GuidelineResult>,
    /// Messages that concern the drug, by name.
    pub notes: BTreeMap<String, String>,
}

/// One guideline and what it recommends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuidelineResult {
    /// Who made it, for example `CPIC`.
    pub source: String,
    /// Id.
    pub id: String,
    /// Subject.
    pub name: String,
    /// Date of the content.
    pub date: String,
    /// Genes that it needs.
    pub genes: Vec<String>,
    /// PubMed ids of the guideline.
    pub references: Vec<String>,
    /// Recommendations that the genotypes match; empty with [`GuidelineResult::why_none`].
    pub recommendations: Vec<Recommendation>,
    /// Why nothing matched.
    pub why_none: Option<String>,
}

/// One recommendation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Recommendation {
    /// Persons for whom it is meant, for example `general`, `pediatric`.
    pub population: String,
    /// Strength as the guideline classes it.
    pub strength: String,
    /// Diplotypes that lead to it, by gene.
    pub diplotypes: BTreeMap<String, Vec<String>>,
    /// Lookup values that it matched, by gene.
    pub lookup: BTreeMap<String, String>,
    /// What the genotype means for the drug, by gene.
    pub implications: Vec<String>,
    /// The recommendation.
    pub text: String,
    /// Whether it gives dosing information.
    pub dosing: bool,
    /// Whether another drug is advised.
    pub alternate_drug: bool,
    /// Whether it gives other guidance.
    pub other_guidance: bool,
}

/// An alert for a medicine that the person takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MedicationAlert {
    /// As it was given.
    pub medication: String,
    /// The drug of the guidance, where one was recognised.
    pub drug: Option<String>,
    /// How urgent it is.
    pub level: AlertLevel,
    /// One sentence.
    pub text: String,
}

/// How urgent an alert is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertLevel {
    /// The name is not that of a drug with guidance here.
    Unknown,
    /// Guidance exists, and the genotype changes nothing.
    NoChange,
    /// Guidance exists, and makes no recommendation for this genotype, which is not the same as "nothing changes".
    NoRecommendation,
    /// Guidance exists, but a gene that it needs is not called.
    NotEvaluated,
    /// The guidance gives advice for this genotype.
    Advice,
    /// The guidance advises another drug.
    AlternateDrug,
}
