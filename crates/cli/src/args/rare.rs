//! Families, phenotypes and panels: what is asked of rare variants.

use std::path::PathBuf;

use clap::Subcommand;
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

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("person").required(true).multiple(true).args(["phenopacket", "terms"]))]
pub(crate) struct Rank {
    /// Annotated VCF (CSQ or BCSQ)
    #[arg(long, value_name = "VCF")]
    pub(crate) vcf: PathBuf,
    /// Which sample, where the VCF has several
    #[arg(long, value_name = "NAME")]
    pub(crate) sample: Option<String>,
    /// Folder of one HPO release: hp.obo, phenotype.hpoa, genes_to_phenotype.txt, plain or .gz
    #[arg(long, value_name = "DIR")]
    pub(crate) hpo: PathBuf,
    /// The person's features and sex: a Phenopacket or Family (GA4GH, version 2, JSON)
    #[arg(long, value_name = "JSON")]
    pub(crate) phenopacket: Option<PathBuf>,
    /// Terms of features seen, divided by commas: HP:0001250,HP:0000252
    #[arg(long, value_delimiter = ',', value_name = "HP")]
    pub(crate) terms: Vec<String>,
    /// Terms of features looked for and not seen
    #[arg(long, value_delimiter = ',', value_name = "HP")]
    pub(crate) excluded: Vec<String>,
    /// Sex of the person; that of the Phenopacket if not stated
    #[arg(long, value_name = "SEX")]
    pub(crate) sex: Option<clinotype_case::Sex>,
    /// State the genome build where the VCF does not prove it (for X)
    #[arg(long, value_name = "BUILD")]
    pub(crate) build: Option<Build>,
    /// Ranked genes to write (JSON)
    #[arg(long, value_name = "JSON")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) machine: Machine,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Panel {
    /// List a sample's alleles in the genes of a panel's version (JSON)
    Apply(PanelApply),
    /// Print a panel, or what changed since another of its versions (JSON); the same as `data genes panel`
    Show(super::GenesPanel),
}

#[derive(Debug, clap::Args)]
pub(crate) struct PanelApply {
    /// Panel, by its name or identifier
    #[arg(value_name = "NAME")]
    pub(crate) panel: String,
    /// Version; by default the one imported last
    #[arg(long, value_name = "TEXT")]
    pub(crate) panel_version: Option<String>,
    /// Database of gene facts, into which panels are imported (`clinotype data genes import`)
    #[arg(long, value_name = "DB")]
    pub(crate) database: PathBuf,
    /// Least confidence of a gene (PanelApp: 3 green, 2 amber, 1 red); by default every gene of the panel
    #[arg(long, value_name = "1-3", value_parser = clap::value_parser!(u8).range(1..=3))]
    pub(crate) min_confidence: Option<u8>,
    /// Annotated VCF (CSQ or BCSQ)
    #[arg(long, value_name = "VCF")]
    pub(crate) vcf: PathBuf,
    /// Which sample, where the VCF has several
    #[arg(long, value_name = "NAME")]
    pub(crate) sample: Option<String>,
    /// Sex of the person
    #[arg(long, value_name = "SEX")]
    pub(crate) sex: Option<clinotype_case::Sex>,
    /// State the genome build where the VCF does not prove it (for X)
    #[arg(long, value_name = "BUILD")]
    pub(crate) build: Option<Build>,
    /// Result to write (JSON)
    #[arg(long, value_name = "JSON")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) machine: Machine,
}
