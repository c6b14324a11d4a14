//! Building stores of alleles and databases of gene facts.

use std::path::PathBuf;

use clap::Subcommand;
use clinotype_genome::Build;
use clinotype_refdata::{
    alleles::build::{Columns, Duplicates},
    genes::Table,
};

use super::Machine;

#[derive(Debug, clap::Args)]
pub(crate) struct DataBuild {
    /// VCFs, or tables with a heading (tabs or commas); plain, gzip or BGZF. Several become one store
    #[arg(required = true, value_name = "FILE")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Count the genotypes of these VCFs (the laboratory's own frequencies)
    #[arg(long, conflicts_with_all = ["fields", "columns", "duplicates", "assessed_alleles"])]
    pub(crate) from_vcfs: bool,
    /// The reference of the build that the files are of
    #[arg(long, value_name = "FASTA")]
    pub(crate) reference: PathBuf,
    /// State the genome build where files do not prove it
    #[arg(long, value_name = "BUILD")]
    pub(crate) build: Option<Build>,
    /// What the store is called; by default ClinVar, gnomAD or the first file's name
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Release, if the header does not state it
    #[arg(long, value_name = "TEXT")]
    pub(crate) release: Option<String>,
    /// Date of the release
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<String>,
    /// Licence or terms of use, if the header does not state them
    #[arg(long, value_name = "TEXT")]
    pub(crate) licence: Option<String>,
    /// Fields: INFO fields of a VCF (all that its kind suggests if not stated), columns of a table as NAME,
    /// NAME:integer, NAME:float or NAME:text
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    pub(crate) fields: Vec<String>,
    /// Columns of a table: contig=NAME,position=NAME,ref=NAME,alt=NAME; positions are 1-based
    #[arg(long, value_name = "NAMES")]
    pub(crate) columns: Option<Columns>,
    /// Which of several records of one allele counts: first, last, highest=FIELD, clinvar, sum, refuse
    #[arg(long, value_name = "RULE")]
    pub(crate) duplicates: Option<Duplicates>,
    /// Regions that the source assessed: alleles that it does not have are absent there
    #[arg(long, value_name = "BED")]
    pub(crate) assessed: Option<PathBuf>,
    /// Alleles (AN) that the source looked at in these regions
    #[arg(long, requires = "assessed", value_name = "N")]
    pub(crate) assessed_alleles: Option<u64>,
    /// Share of records whose REF may differ from the reference, for example 0.01
    #[arg(long, value_name = "SHARE", default_value_t = clinotype_refdata::alleles::build::MISMATCHES)]
    pub(crate) max_mismatches: f64,
    /// Store to write
    #[arg(long, value_name = "STORE")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) machine: Machine,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DataGenes {
    /// Import a published table; a database that is not there is made
    Import(GenesImport),
    /// Print what is known of a gene, by symbol, previous symbol, alias or HGNC id (JSON)
    Show(GenesShow),
    /// Print the tables and panels of a database (JSON)
    List(GenesList),
    /// Print a panel, or what changed between two of its versions (JSON)
    Panel(GenesPanel),
}

#[derive(Debug, clap::Args)]
pub(crate) struct GenesImport {
    /// Table: hgnc (first), gencc, clingen-validity, clingen-dosage, gnomad-constraint, panelapp, panel-list
    #[arg(long, value_name = "TABLE")]
    pub(crate) table: Table,
    /// File as it is published; of a panel-list one gene per line
    #[arg(long, value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Database of gene facts
    #[arg(long, value_name = "DB")]
    pub(crate) database: PathBuf,
    /// Release, if the file does not state it; of a panel-list its version
    #[arg(long, value_name = "TEXT")]
    pub(crate) release: Option<String>,
    /// Date of the release
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<String>,
    /// Licence or terms of use
    #[arg(long, value_name = "TEXT")]
    pub(crate) licence: Option<String>,
    /// What a panel-list is called
    #[arg(long, value_name = "NAME")]
    pub(crate) panel: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct GenesShow {
    /// Gene
    #[arg(value_name = "NAME")]
    pub(crate) gene: String,
    /// Database of gene facts
    #[arg(long, value_name = "DB")]
    pub(crate) database: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct GenesList {
    /// Database of gene facts
    #[arg(long, value_name = "DB")]
    pub(crate) database: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct GenesPanel {
    /// Panel, by its name or identifier
    #[arg(value_name = "NAME")]
    pub(crate) panel: String,
    /// Version; by default the one imported last
    #[arg(long, value_name = "TEXT")]
    pub(crate) panel_version: Option<String>,
    /// Print what changed since this version
    #[arg(long, value_name = "TEXT")]
    pub(crate) since: Option<String>,
    /// Database of gene facts
    #[arg(long, value_name = "DB")]
    pub(crate) database: PathBuf,
}
