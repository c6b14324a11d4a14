//! The genotypes of one sample at the positions of the definitions, and what happened to every record.

use std::collections::{BTreeMap, BTreeSet};

use clinotype_case::pgx::{Evidence, Records};
use clinotype_genome::Build;

use super::definitions::{Definitions, Gene, Position};

/// The genotype at one position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The bases as the VCF has them, one per copy; `None` where a copy is missing or there is only one.
    pub called: [Option<String>; 2],
    /// The bases as they are matched: an ALT without definition is REF in the genes that say so.
    pub read: [Option<String>; 2],
    /// Whether the genotype is written as phased.
    pub phased: bool,
    /// Whether its order is known against every other such genotype: homozygous, or phased without a phase set.
    pub fixed: bool,
    /// Phase set.
    pub phase_set: Option<i64>,
    /// Whether one copy is written as missing (`1/.`).
    pub partial: bool,
    /// Whether the genotype names anything but REF.
    pub variant: bool,
    /// Reads of each called base (AD), where the VCF states them for two bases.
    pub reads: Option<[u32; 2]>,
    /// ALTs that no definition knows.
    pub undocumented: BTreeSet<String>,
    /// How it is known.
    pub evidence: Evidence,
    /// Details for the audit.
    pub detail: Option<String>,
}

impl Site {
    /// Two (or one) copies of REF.
    pub fn reference(position: &Position, copies: usize, evidence: Evidence, detail: Option<String>) -> Self {
        let base = Some(position.reference.clone());
        let alleles = [base.clone(), if copies == 1 { None } else { base }];
        Self {
            called: alleles.clone(),
            read: alleles,
            phased: false,
            fixed: true,
            phase_set: None,
            partial: false,
            variant: false,
            reads: None,
            undocumented: BTreeSet::new(),
            evidence,
            detail,
        }
    }

    /// Whether both copies read the same.
    pub fn homozygous(&self) -> bool {
        self.read[0] == self.read[1]
    }

    /// As it is printed: `A/G`, `A|G`, `A`; a missing copy is a dot.
    pub fn printed(&self) -> String {
        let base = |i: usize| self.called[i].as_deref().unwrap_or(".");
        if self.called[1].is_none() && !self.partial {
            return base(0).to_owned();
        }
        format!("{}{}{}", base(0), if self.phased { '|' } else { '/' }, base(1))
    }
}

/// What the VCF says about its build.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildEvidence {
    /// The build that the contig lengths prove.
    pub lengths: Option<Build>,
    /// The build that the header states in words.
    pub stated: Option<Build>,
    /// Records at a position of the definitions with the REF of GRCh38.
    pub agreeing: u64,
    /// Records there with another REF of one base.
    pub differing: u64,
}

/// The genotypes of one sample.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// Name in the VCF.
    pub name: Option<String>,
    /// By gene and index of the position (extra positions follow the others).
    pub sites: BTreeMap<String, BTreeMap<usize, Site>>,
    /// Why a position with a record has no genotype.
    pub unusable: BTreeMap<(String, usize), String>,
    /// What happened to the records.
    pub records: Records,
    /// What the VCF says about its build.
    pub build: BuildEvidence,
}

impl Sample {
    /// A sample without a VCF: every position is missing.
    pub fn none() -> Self {
        Self::default()
    }

    /// The genotype at a position.
    pub fn site(&self, gene: &str, index: usize) -> Option<&Site> {
        self.sites.get(gene)?.get(&index)
    }

    /// Fills positions without a record that `covered` calls reference: it is given the gene, the index of the position
    /// and the number of bases of REF, and returns the details for the audit. A position with a record that cannot be
    /// used stays missing.
    pub fn fill(
        &mut self,
        definitions: &Definitions,
        evidence: Evidence,
        covered: impl Fn(&Gene, usize, u32) -> Option<String>,
    ) {
        for gene in definitions.genes.values() {
            let sites = self.sites.entry(gene.symbol.clone()).or_default();
            // One copy where the records of the gene have one.
            let copies = if !sites.is_empty() && sites.values().all(|s| s.read[1].is_none() && !s.partial) {
                1
            } else {
                2
            };
            for (index, position) in gene.positions.iter().chain(&gene.extra).enumerate() {
                if sites.contains_key(&index) || self.unusable.contains_key(&(gene.symbol.clone(), index)) {
                    continue;
                }
                if let Some(detail) = covered(gene, index, position.reference.len() as u32) {
                    sites.insert(index, Site::reference(position, copies, evidence, Some(detail)));
                    self.records.filled += 1;
                }
            }
        }
    }
}
