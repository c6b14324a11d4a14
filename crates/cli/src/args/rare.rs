//! Families, phenotypes and panels: what is asked of rare variants.

use std::path::PathBuf;

use clinotype_genome::Build;

use super::Machine;

#[derive(Debug, clap::Args)]
pub(crate) struct Inherit {
    /// VCF of several samples, best annotated (CSQ or BCSQ: compound heterozygotes need genes)
    #[arg(long, value_name = "VCF")]
    pub(crate) vcf: PathBuf,
    /// Pedigree: PED, or a Phenopacket or Family (GA4GH, version 2, JSON)
    #[arg(long, value_name = "PED")]
    pub(crate) ped: PathBuf,
    /// State the genome build where the VCF does not prove it (for X and Y)
    #[arg(long, value_name = "BUILD")]
    pub(crate) build: Option<Build>,
    /// Let unaffected persons have the genotype: they are named, and exclude nothing
    #[arg(long)]
    pub(crate) incomplete_penetrance: bool,
    /// Least GQ of a genotype that counts
    #[arg(long, default_value_t = 20, value_name = "PHRED")]
    pub(crate) min_gq: u32,
    /// Highest population frequency (FREQ_AF of an annotated VCF); alleles without one are kept
    #[arg(long, default_value_t = 0.01, value_name = "SHARE")]
    pub(crate) max_frequency: f64,
    /// Ask alleles of every impact, not only those that change a protein or a splice site
    #[arg(long)]
    pub(crate) every_impact: bool,
    /// Result to write (JSON)
    #[arg(long, value_name = "JSON")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) machine: Machine,
}
