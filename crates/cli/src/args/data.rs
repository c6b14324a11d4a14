//! Data releases, stores and facts of genes.

use std::path::PathBuf;

use super::{DataBuild, DataGenes};

#[derive(Debug, clap::Args)]
pub(crate) struct Data {
    #[command(subcommand)]
    pub(crate) command: DataCommand,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum DataCommand {
    /// Show the sources, and which of their releases are installed
    List(DataList),
    /// Install releases, from their sources over the network or from a folder
    Install(DataInstall),
    /// Hash every file of the installed releases and name what differs
    Verify(DataVerify),
    /// Remove a release
    Remove(DataRemove),
    /// Ask the sources over the network whether they have newer releases
    Outdated(DataOutdated),
    /// Build a store of alleles from ClinVar's or gnomAD's VCF, any VCF or table, or the laboratory's own VCFs
    Build(Box<DataBuild>),
    /// Import tables of gene facts (HGNC, GenCC, ClinGen, gnomAD, panels), and ask them
    #[command(subcommand)]
    Genes(DataGenes),
}

/// Where the releases are.
#[derive(Debug, clap::Args)]
pub(crate) struct DataFolder {
    /// Folder of the data releases; the user's own data folder if not stated
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

/// How the network is used.
#[derive(Debug, clap::Args)]
pub(crate) struct Network {
    /// Proxy, http://host:port; `none` for none; HTTPS_PROXY and NO_PROXY of the environment if not stated
    #[arg(long, value_name = "URL", help_heading = "Network")]
    pub(crate) proxy: Option<String>,
    /// Base address of a source in place of its own, for example of a mirror; once for each source
    #[arg(long, value_name = "SOURCE=URL", help_heading = "Network")]
    pub(crate) base: Vec<String>,
    /// Allow addresses that begin with http://, for a mirror inside your own network
    #[arg(long, help_heading = "Network")]
    pub(crate) allow_http: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DataList {
    #[command(flatten)]
    pub(crate) folder: DataFolder,
    /// Print the manifests of the installed releases as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DataInstall {
    /// Sources, as `clinotype data list` names them; `default` for the default set
    #[arg(required = true, value_name = "SOURCE")]
    pub(crate) sources: Vec<String>,
    #[command(flatten)]
    pub(crate) folder: DataFolder,
    /// The release, as its source names it; the newest if not stated
    #[arg(long, value_name = "NAME")]
    pub(crate) release: Option<String>,
    /// Install from this folder or file, without the network: a copy of the source's files, or the data folder of another
    /// Clinotype
    #[arg(long, value_name = "PATH")]
    pub(crate) from: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) network: Network,
    /// Print no progress
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DataVerify {
    /// Releases, SOURCE or SOURCE@RELEASE; every installed one if none is named
    #[arg(value_name = "SOURCE[@RELEASE]")]
    pub(crate) releases: Vec<String>,
    #[command(flatten)]
    pub(crate) folder: DataFolder,
    /// Print no progress
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DataRemove {
    /// The release
    #[arg(value_name = "SOURCE@RELEASE")]
    pub(crate) release: String,
    #[command(flatten)]
    pub(crate) folder: DataFolder,
    /// Pins of the cases (JSON list of {id, release, digest}): a release that one of them names is kept
    #[arg(long, value_name = "JSON")]
    pub(crate) pins: Option<PathBuf>,
    /// Remove it even if a case uses it
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DataOutdated {
    /// Sources; every one that is installed if none is named
    #[arg(value_name = "SOURCE")]
    pub(crate) sources: Vec<String>,
    #[command(flatten)]
    pub(crate) folder: DataFolder,
    #[command(flatten)]
    pub(crate) network: Network,
}
