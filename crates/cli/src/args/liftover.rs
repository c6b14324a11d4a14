//! Liftover.

use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Liftover {
    /// The VCF to lift, plain or compressed
    #[arg(long, value_name = "VCF")]
    pub(crate) vcf: PathBuf,
    /// UCSC chain file between the two builds, in either direction (.chain, .chain.gz)
    #[arg(long, value_name = "CHAIN")]
    pub(crate) chain: PathBuf,
    /// The reference that the VCF was made with
    #[arg(long, value_name = "FASTA")]
    pub(crate) from_reference: PathBuf,
    /// The reference of the other build
    #[arg(long, value_name = "FASTA")]
    pub(crate) reference: PathBuf,
    /// Lifted records: VCF file to write (.vcf.gz); its index gets the ending .tbi
    #[arg(long, value_name = "VCF")]
    pub(crate) out: PathBuf,
    /// Records that cannot be lifted, each with its reason in LiftRefused: VCF file to write (.vcf.gz)
    #[arg(long, value_name = "VCF")]
    pub(crate) rejected: PathBuf,
    /// Print no progress
    #[arg(long, short)]
    pub(crate) quiet: bool,
}
