//! Pharmacogenomics: from genotypes to diplotypes, phenotypes and recommendations (PGX, CPIC).
//!
//! [`vcf::Reader`] takes the lines of a VCF and gives the genotypes at the positions of the allele definitions;
//! [`interpret`] makes diplotypes of them (star alleles by score, lowest function for DPYD and RYR1), joins outside
//! calls, and looks up phenotypes and the recommendations of CPIC. The tables are data in `rules/pgx/`; a laboratory
//! may bring its own definitions ([`json::definition`]) and further guidelines ([`json::guideline`]).
//!
//! Strings and rules are those of PharmCAT 3.1.1, so that results compare by name. A position without a genotype is
//! missing; it is taken as reference only where a gVCF block or a region of a BED file says so, and each such position
//! is marked.

mod combinations;
mod copies;
pub mod cyp2d6;
pub mod definitions;
mod diplotypes;
mod gene;
mod gene_audit;
pub mod guidance;
mod hapb3;
mod header;
pub mod json;
mod lowest;
pub mod medications;
mod messages;
pub mod names;
pub mod outside;
pub mod phenotypes;
mod record;
pub mod sample;
mod tables;
pub mod vcf;

use std::collections::BTreeMap;

use clinotype_case::pgx::{DrugResult, GeneResult};

pub use definitions::Definitions;
use definitions::Gene;
pub use guidance::Guidance;
pub use outside::OutsideCall;
pub use sample::Sample;
pub use tables::{TABLES, Tables};

/// How genes are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Only the diplotypes with the highest score (default); else all that fit.
    pub top_only: bool,
    /// Look for combinations and partial alleles where no pair of named alleles fits (research).
    pub combinations: bool,
    /// Call CYP2D6 from small variants (research: no copy number, no hybrids).
    pub cyp2d6: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            top_only: true,
            combinations: false,
            cyp2d6: false,
        }
    }
}

/// Calls every gene of the definitions, and those that only `outside` names, by symbol. `outside` takes the place of what
/// the VCF gives; several calls for one gene are kept side by side.
pub fn interpret(
    definitions: &Definitions,
    sample: &Sample,
    outside: &[OutsideCall],
    options: &Options,
) -> Vec<GeneResult> {
    let bench = gene::Bench {
        tables: &TABLES,
        sample,
        options,
    };
    let mut by_gene: BTreeMap<&str, Vec<&OutsideCall>> = BTreeMap::new();
    for call in outside {
        by_gene.entry(&call.gene).or_default().push(call);
    }
    let calls = |symbol: &str| by_gene.get(symbol).cloned().unwrap_or_default();
    let without_definition = by_gene
        .keys()
        .filter(|symbol| !definitions.genes.contains_key(**symbol));
    let others: Vec<Gene> = without_definition.map(|symbol| Gene::outside_only(symbol)).collect();
    let genes = definitions.genes.values().chain(&others);
    let mut results: Vec<GeneResult> = genes.map(|gene| bench.gene(gene, &calls(&gene.symbol))).collect();
    results.sort_by(|a, b| a.gene.cmp(&b.gene));
    results
}

/// What the guidelines of CPIC and those that a user brought say to the genes, by drug. A guideline that the user brought
/// takes the place of ours with the same source and id.
pub fn recommend(genes: &[GeneResult], further: &Guidance) -> Vec<DrugResult> {
    let mut all = TABLES.guidance.clone();
    all.guidelines.retain(|ours| {
        !further
            .guidelines
            .iter()
            .any(|g| g.source == ours.source && g.id == ours.id)
    });
    all.guidelines.extend(further.guidelines.iter().cloned());
    let mut drugs = all.apply(genes);
    for drug in &mut drugs {
        let notes = TABLES
            .messages
            .iter()
            .filter_map(|m| Some((m.name.clone(), m.note(&drug.drug, genes)?)));
        drug.notes = notes.collect();
    }
    drugs
}
