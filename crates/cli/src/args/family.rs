//! Families.

use std::path::PathBuf;

use clinotype_genome::Build;

use super::Machine;

#[derive(Debug, clap::Args)]
pub(crate) struct Joint {
    /// gVCF of each sample, as `clinotype call --gvcf` writes it; the columns have this order
    #[arg(long, num_args = 1.., required = true, value_name = "GVCF")]
    pub(crate) gvcf: Vec<PathBuf>,
    /// The reference that the samples were called on
    #[arg(long, value_name = "FASTA")]
    pub(crate) reference: PathBuf,
    /// Pedigree (PED): family, person, father, mother, sex, phenotype; the person is the sample's name
    #[arg(long, value_name = "PED")]
    pub(crate) ped: Option<PathBuf>,
    /// State the genome build where the reference does not prove it
    #[arg(long, value_name = "BUILD")]
    pub(crate) build: Option<Build>,
    /// VCF file to write (.vcf.gz); its index gets the ending .tbi
    #[arg(long, value_name = "VCF")]
    pub(crate) out: PathBuf,
    /// Family checks to write (JSON), as `clinotype family` writes them
    #[arg(long, value_name = "JSON")]
    pub(crate) checks: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) machine: Machine,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Family {
    /// VCF of several samples
    #[arg(long, value_name = "VCF")]
    pub(crate) vcf: PathBuf,
    /// Pedigree (PED); without it kinship is measured, and nothing is declared to compare it with
    #[arg(long, value_name = "PED")]
    pub(crate) ped: Option<PathBuf>,
    /// State the genome build where the VCF does not prove it (for X)
    #[arg(long, value_name = "BUILD")]
    pub(crate) build: Option<Build>,
    /// Checks to write (JSON)
    #[arg(long, value_name = "JSON")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) machine: Machine,
}
