//! What a store says of itself.

use std::collections::BTreeMap;

use clinotype_genome::{Build, Contig};
use serde::{Deserialize, Serialize};

use super::field::Field;

/// A file that a store was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Name without folder.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Records read from it.
    pub records: u64,
}

/// What became of the records of the sources: alleles read = kept + dropped; sites stand beside them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Records (lines) read.
    pub records: u64,
    /// Alternate alleles that these hold.
    pub alleles: u64,
    /// Alleles in the store.
    pub kept: u64,
    /// Of these: alleles that normalisation moved.
    pub moved: u64,
    /// Of these: alleles whose REF could not be compared, because the reference holds N there.
    pub unproven: u64,
    /// Sites without an allele of their own, kept because the source assessed them.
    pub sites: u64,
    /// Alleles left out, by reason.
    pub dropped: BTreeMap<String, u64>,
}

/// The reason under which alleles count whose REF is not the reference's.
pub(super) const DIFFERS: &str = "REF differs from the reference";

impl Counts {
    /// Alleles left out because their REF differs from the reference.
    pub fn disagreeing(&self) -> u64 {
        self.dropped.get(DIFFERS).copied().unwrap_or_default()
    }
    /// Whether every allele is accounted for.
    pub fn add_up(&self) -> bool {
        self.alleles == self.kept + self.dropped.values().sum::<u64>()
    }
    pub(super) fn drop_one(&mut self, reason: &str) {
        match self.dropped.get_mut(reason) {
            Some(count) => *count += 1,
            None => {
                self.dropped.insert(reason.to_owned(), 1);
            }
        }
    }
}

/// The facts of a store, kept in it as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// What it is: `ClinVar`, `gnomAD`, `REVEL`.
    pub name: String,
    /// The release as the source or the user states it.
    pub release: Option<String>,
    /// Date of the release, as stated.
    pub date: Option<String>,
    /// Licence or terms of use, as stated.
    pub licence: Option<String>,
    /// Genome build of all positions.
    pub build: Build,
    /// How the sources proved it.
    pub proof: String,
    /// Contigs of the reference that it was made on, in the order of the records.
    pub contigs: Vec<Contig>,
    /// Fields of each allele.
    pub fields: Vec<Field>,
    /// The files that it was made from.
    pub sources: Vec<SourceFile>,
    /// What became of their records.
    pub counts: Counts,
    /// Which of two records of one allele was kept.
    pub duplicates: String,
    /// Whether a source calls itself synthetic.
    pub synthetic: bool,
    /// Whether the store holds regions that the source assessed.
    pub assessed: bool,
    /// Program and version that made it.
    pub made_by: String,
}

impl Meta {
    /// Number of a field by its name.
    pub fn field(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|f| f.name == name)
    }
}
