//! Genes ranked by phenotype and variants. `clinotype-rank/1`.

use std::collections::BTreeMap;

use clinotype_genome::VariantKey;
use serde::{Deserialize, Serialize};

use crate::{evidence::Zygosity, finding::Dropped};

/// The schema of the file.
pub const SCHEMA: &str = "clinotype-rank/1";

/// Ranked genes of one sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GeneRank {
    /// [`SCHEMA`].
    pub schema: String,
    /// Program and version.
    pub software: String,
    /// Name of the VCF, without folder.
    pub file: String,
    /// The sample.
    pub sample: String,
    /// Release of the ontology, as its file states it.
    pub ontology: Option<String>,
    /// Release of the annotations, as their file states it.
    pub annotations: Option<String>,
    /// What became of the terms that were given.
    pub terms: Terms,
    /// How the scores are made, in sentences.
    pub rules: Vec<String>,
    /// Alleles read.
    pub alleles: u64,
    /// Alleles that take no part, by reason.
    pub dropped: Vec<Dropped>,
    /// What was not evaluated, in sentences.
    pub not_evaluated: Vec<String>,
    /// Genes with at least one allele that takes part, best first; equal scores share a rank.
    pub genes: Vec<RankedGene>,
}

/// What became of terms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Terms of features seen that the ontology knows, after mapping.
    pub used: Vec<Term>,
    /// Terms of features looked for and not seen, after mapping.
    pub excluded: Vec<Term>,
    /// Obsolete and alternative identifiers with what stands for them now.
    pub mapped: BTreeMap<String, String>,
    /// Obsolete terms without a replacement.
    pub obsolete: Vec<String>,
    /// Terms that the ontology does not know: newer than its release, or mistyped.
    pub unknown: Vec<String>,
    /// Terms that are no phenotypic abnormality (modes of inheritance, onset, modifiers).
    pub not_phenotypes: Vec<String>,
}

/// A term.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// `HP:0001250`.
    pub id: String,
    /// Name.
    pub name: String,
}

/// A gene with its rank.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RankedGene {
    /// Rank, first 1; equal scores share the first one's.
    pub rank: u32,
    /// Symbol.
    pub gene: String,
    /// Mean of the two parts, 0 to 1.
    pub score: f64,
    /// The phenotype's part, 0 to 1; `None` where the gene has no annotated disease, which is said: then the score is half
    /// of the variants' part, as if nothing fitted.
    pub phenotype: Option<f64>,
    /// The variants' part, 0 to 1.
    pub variant: f64,
    /// The disease that fits best, with the variants as they are.
    pub disease: Option<DiseaseMatch>,
    /// Its alleles that take part, most weighty first.
    pub alleles: Vec<RankedAllele>,
    /// Why it stands where it stands.
    pub sentence: String,
}

/// A disease and how it fits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DiseaseMatch {
    /// `OMIM:154700`.
    pub id: String,
    /// Name, where the annotations state it.
    pub name: Option<String>,
    /// Modes of inheritance by HPO id, as annotated.
    pub inheritance: Vec<String>,
    /// Each term of the patient with the annotated term nearest to it.
    pub matches: Vec<TermMatch>,
    /// Terms that the patient has not, and the disease should.
    pub contradicting: Vec<String>,
}

/// A term of the patient and what it meets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TermMatch {
    /// The patient's term.
    pub term: String,
    /// The disease's nearest term.
    pub annotated: Option<String>,
    /// The most informative ancestor of both.
    pub common: Option<String>,
    /// Its information content, nats.
    pub information: f64,
}

/// An allele that takes part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RankedAllele {
    /// As the VCF writes it.
    pub variant: VariantKey,
    /// Most severe SO term in the gene.
    pub consequence: String,
    /// Zygosity in this person.
    pub zygosity: Zygosity,
    /// Population frequency; `None` where none is stated, which lowers nothing and is said.
    pub frequency: Option<f64>,
    /// Weight, 0 to 1, of consequence and frequency.
    pub weight: f64,
    /// ClinVar's significance, where the VCF states one. Shown, never scored.
    pub clinvar: Option<String>,
}

impl TermMatch {
    /// `Ectopia lentis (HP:0001083): by Abnormal lens morphology (HP:0000517)`, or that nothing matches.
    pub fn words(&self) -> String {
        match self.common.as_deref().or(self.annotated.as_deref()) {
            Some(met) if self.information > 0.0 => format!("{}: by {met}", self.term),
            _ => format!("{}: no match", self.term),
        }
    }
}
