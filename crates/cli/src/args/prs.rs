//! Polygenic scores.

use std::path::PathBuf;

use clap::ValueEnum;
use clinotype_genome::Build;

use super::Machine;

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("target").required(true).args(["vcf", "gvcf"]))]
pub(crate) struct Prs {
    /// VCF with genotypes (GT) or dosages (DS) of one sample or many, sorted
    #[arg(long, value_name = "VCF")]
    pub(crate) vcf: Option<PathBuf>,
    /// gVCF of one sample: its reference blocks count as homozygous reference
    #[arg(long, value_name = "GVCF")]
    pub(crate) gvcf: Option<PathBuf>,
    /// Scoring file of the PGS Catalog, format 2 (.txt, .txt.gz); several are scored in one pass
    #[arg(long, num_args = 1.., required = true, value_name = "PGS")]
    pub(crate) score: Vec<PathBuf>,
    /// Scores to write (JSON)
    #[arg(long, value_name = "JSON")]
    pub(crate) out: PathBuf,
    /// What became of every row of the scores, to write (TSV)
    #[arg(long, value_name = "TSV")]
    pub(crate) audit: Option<PathBuf>,
    /// State the genome build where the VCF does not prove it
    #[arg(long, value_name = "BUILD")]
    pub(crate) build: Option<Build>,
    /// Reference FASTA: tells which allele is the reference inside the blocks of a gVCF
    #[arg(long, value_name = "FASTA", requires = "gvcf")]
    pub(crate) fasta: Option<PathBuf>,
    /// People to compare with (JSON, clinotype-prs-reference/1): components and sums; without it there is no percentile
    #[arg(long, value_name = "JSON")]
    pub(crate) reference: Option<PathBuf>,
    /// Least share of a score's rows that must be matched and genotyped
    #[arg(long, default_value_t = 0.75, value_name = "SHARE", value_parser = share)]
    pub(crate) min_overlap: f64,
    /// Use sites of A and T, or C and G, whose strand the alleles do not tell
    #[arg(long)]
    pub(crate) keep_ambiguous: bool,
    /// Use records of several alternates
    #[arg(long)]
    pub(crate) keep_multiallelic: bool,
    /// Of several rows that match one record use the first, not none
    #[arg(long)]
    pub(crate) keep_first_match: bool,
    /// Leave out matches by the other strand
    #[arg(long)]
    pub(crate) skip_flips: bool,
    /// What stands for a missing genotype
    #[arg(long, value_enum, default_value_t = MissingGenotype::Skip)]
    pub(crate) missing: MissingGenotype,
    /// Least GQ of a reference block that counts
    #[arg(long, default_value_t = 20, value_name = "PHRED")]
    pub(crate) min_block_gq: u32,
    #[command(flatten)]
    pub(crate) machine: Machine,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MissingGenotype {
    /// Nothing: the row is counted as missing in that sample
    Skip,
    /// The mean dosage of the samples of the file, as plink2 does; 50 samples are needed
    Mean,
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("give a number from 0 to 1".to_owned()),
    }
}
