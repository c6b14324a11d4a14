//! What the genotypes of a family say of each allele. `clinotype-inheritance/1`.

use std::collections::BTreeMap;

use clinotype_genome::{Build, VariantKey};
use serde::{Deserialize, Serialize};

use crate::{Sex, finding::Dropped};

/// The schema of the file.
pub const SCHEMA: &str = "clinotype-inheritance/1";

/// A family's alleles by mode of inheritance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FamilyInheritance {
    /// [`SCHEMA`].
    pub schema: String,
    /// Program and version.
    pub software: String,
    /// Name of the VCF, without folder.
    pub file: String,
    /// Its genome build, where known; without it X, Y are not evaluated.
    pub build: Option<Build>,
    /// The settings.
    pub settings: Settings,
    /// Everybody in the pedigree.
    pub members: Vec<Person>,
    /// Records read.
    pub records: u64,
    /// Alleles that the modes were asked of.
    pub alleles: u64,
    /// Records and alleles that were not, by reason.
    pub dropped: Vec<Dropped>,
    /// What was not evaluated, and why, in sentences.
    pub not_evaluated: Vec<String>,
    /// Number of findings by mode.
    pub counts: BTreeMap<String, u64>,
    /// Alleles, or pairs of alleles, that fit a mode.
    pub findings: Vec<Candidate>,
    /// Mendelian violations.
    pub violations: Violations,
}

/// What decides which alleles fit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Whether everybody with the genotype shows the disease.
    pub penetrance: Penetrance,
    /// Least GQ of a genotype that counts, phred; genotypes without GQ count, and are never of high confidence.
    pub least_quality: u32,
    /// Least depth of a parent's genotype for a de novo allele of high confidence.
    pub least_depth: u32,
    /// Highest population frequency of an allele; alleles without a stated frequency are kept.
    pub highest_frequency: f64,
    /// Whether alleles of low impact (synonymous, intron, UTR) are asked too.
    pub every_impact: bool,
}

impl Default for Settings {
    /// Complete penetrance, GQ 20, depth 8, frequency 1 %, alleles that change a protein or a splice site.
    fn default() -> Self {
        Self {
            penetrance: Penetrance::Complete,
            least_quality: 20,
            least_depth: 8,
            highest_frequency: 0.01,
            every_impact: false,
        }
    }
}

/// Whether carriers who are unaffected exclude an allele.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Penetrance {
    /// They do.
    Complete,
    /// They do not; they are named.
    Incomplete,
}

/// A person of the pedigree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Name.
    pub id: String,
    /// Family.
    pub family: String,
    /// Sex.
    pub sex: Sex,
    /// Whether affected, where stated.
    pub affected: Option<bool>,
    /// Whether the VCF has a column.
    pub genotyped: bool,
}

/// Modes of inheritance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// In the child and in neither parent who gives a chromosome there.
    DeNovo,
    /// Two alleles of one gene, one on each copy.
    CompoundHeterozygous,
    /// Homozygous, each parent a carrier.
    Recessive,
    /// One copy suffices, on an autosome.
    Dominant,
    /// On X, hemizygous males or homozygous females.
    XLinkedRecessive,
    /// On X, one copy suffices.
    XLinkedDominant,
    /// On Y.
    YLinked,
    /// On the mitochondrial genome, by the mother.
    Mitochondrial,
}

impl Mode {
    /// As the JSON names it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::DeNovo => "de_novo",
            Self::CompoundHeterozygous => "compound_heterozygous",
            Self::Recessive => "recessive",
            Self::Dominant => "dominant",
            Self::XLinkedRecessive => "x_linked_recessive",
            Self::XLinkedDominant => "x_linked_dominant",
            Self::YLinked => "y_linked",
            Self::Mitochondrial => "mitochondrial",
        }
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::DeNovo => "de novo",
            Self::CompoundHeterozygous => "compound heterozygous",
            Self::Recessive => "recessive",
            Self::Dominant => "dominant",
            Self::XLinkedRecessive => "X-linked recessive",
            Self::XLinkedDominant => "X-linked dominant",
            Self::YLinked => "Y-linked",
            Self::Mitochondrial => "mitochondrial",
        }
    }
}

/// How sure a candidate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Everybody who matters has a genotype of good quality that fits.
    High,
    /// It fits what is there, and something is missing or of low quality; the sentences say what.
    Low,
}

/// An allele, or a pair, that fits a mode.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The mode.
    pub mode: Mode,
    /// The family.
    pub family: String,
    /// The affected persons (or the child) whom it explains.
    pub persons: Vec<String>,
    /// Gene, where annotated.
    pub gene: Option<String>,
    /// One allele, or two.
    pub alleles: Vec<AlleleInFamily>,
    /// How sure.
    pub confidence: Confidence,
    /// Why, and what a reader must know.
    pub sentences: Vec<String>,
}

/// An allele with the family's genotypes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlleleInFamily {
    /// As the VCF writes it.
    pub variant: VariantKey,
    /// Most severe SO term in the gene.
    pub consequence: Option<String>,
    /// Population frequency, where stated.
    pub frequency: Option<f64>,
    /// Genotypes by person.
    pub genotypes: BTreeMap<String, String>,
}

/// Mendelian violations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Violations {
    /// Genotypes of child and parents in which one could be seen.
    pub opportunities: u64,
    /// Violations.
    pub count: u64,
    /// By kind.
    pub by_kind: BTreeMap<String, u64>,
    /// The first of them, at most a thousand.
    pub listed: Vec<Violation>,
}

/// One violation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// Contig.
    pub contig: String,
    /// 1-based position.
    pub position: u32,
    /// REF.
    pub reference: String,
    /// ALT, as the VCF writes it.
    pub alternates: String,
    /// The child.
    pub child: String,
    /// Genotypes of child, father, mother; `.` where none counts.
    pub genotypes: [String; 3],
    /// What is wrong.
    pub kind: String,
}
