//! Data releases, stores and facts of genes.

use clap::Subcommand;

use super::{DataBuild, DataGenes};

#[derive(Debug, Subcommand)]
pub(crate) enum Data {
    /// Build a store of alleles from ClinVar's or gnomAD's VCF, any VCF or table, or the laboratory's own VCFs
    Build(Box<DataBuild>),
    /// Import tables of gene facts (HGNC, GenCC, ClinGen, gnomAD, panels), and ask them
    #[command(subcommand)]
    Genes(DataGenes),
}
