//! Pharmacogenomics.

use std::path::PathBuf;

use clap::ValueEnum;
use clinotype_genome::Build;

/// What takes positions without a record as reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReferenceFill {
    /// Reference blocks of the gVCF given as --vcf
    Gvcf,
    /// The regions of the BED file given as --callable
    Bed,
}

/// What is called beyond routine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Research {
    /// CYP2D6 from small variants (no copy number, no hybrids)
    Cyp2d6,
    /// Combinations and partial alleles where no named alleles fit
    Combinations,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
A position without a record is missing, never reference, unless --reference-fill says otherwise; each position that
was filled is marked in the output. CYP2D6, HLA-A, HLA-B and MT-RNR1 come from --outside: tab-separated columns gene,
diplotype, phenotype, activity score.")]
pub(crate) struct Pgx {
    /// VCF or gVCF on GRCh38, plain or compressed; several make one output each in the folder --out
    #[arg(long, value_name = "VCF", num_args = 1..)]
    pub(crate) vcf: Vec<PathBuf>,
    /// A file with one VCF per line, more of --vcf
    #[arg(long, value_name = "FILE")]
    pub(crate) vcf_list: Option<PathBuf>,
    /// The sample, where the VCF has several
    #[arg(long, value_name = "NAME")]
    pub(crate) sample: Option<String>,
    /// Calls made elsewhere (TSV); they take the place of calls from the VCF
    #[arg(long, value_name = "TSV", num_args = 1..)]
    pub(crate) outside: Vec<PathBuf>,
    /// BAM of the sample, sorted and indexed: copies of CYP2D6 by read depth, beside the call (research)
    #[arg(long, value_name = "BAM")]
    pub(crate) bam: Option<PathBuf>,
    /// Result: JSON file, or folder for several VCFs
    #[arg(long, value_name = "PATH")]
    pub(crate) out: PathBuf,
    /// Own allele definitions: folder of GENE_translation.json files
    #[arg(long, value_name = "DIR")]
    pub(crate) definitions: Option<PathBuf>,
    /// Further guidelines (DPWG, FDA ...): folder of JSON files as ClinPGx writes them
    #[arg(long, value_name = "DIR")]
    pub(crate) guidelines: Option<PathBuf>,
    /// Current medicines: a file with one per line, or names separated by commas
    #[arg(long, value_name = "FILE|LIST")]
    pub(crate) medications: Option<String>,
    /// Take positions without a record as reference where this says so
    #[arg(long, value_enum, value_name = "WHAT", help_heading = "Reference")]
    pub(crate) reference_fill: Option<ReferenceFill>,
    /// Callable regions, for --reference-fill bed
    #[arg(long, value_name = "BED", help_heading = "Reference")]
    pub(crate) callable: Option<PathBuf>,
    /// Least depth of a reference block, reads
    #[arg(long, value_name = "N", default_value_t = 10, help_heading = "Reference")]
    pub(crate) block_depth: u32,
    /// Least genotype quality of a reference block, phred
    #[arg(long, value_name = "N", default_value_t = 20, help_heading = "Reference")]
    pub(crate) block_quality: u32,
    /// Chain file between GRCh37 and GRCh38, for a VCF of GRCh37
    #[arg(long, value_name = "CHAIN", help_heading = "Build")]
    pub(crate) chain: Option<PathBuf>,
    /// Build of the VCF, where it does not prove it
    #[arg(long, value_name = "BUILD", help_heading = "Build")]
    pub(crate) build: Option<Build>,
    /// List every diplotype that fits, not only those with the highest score
    #[arg(long, help_heading = "Calling")]
    pub(crate) all_diplotypes: bool,
    /// Call beyond routine; not for clinical use
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        value_name = "WHAT",
        help_heading = "Calling"
    )]
    pub(crate) research: Vec<Research>,
    /// Do not say which genes have no call
    #[arg(long, short)]
    pub(crate) quiet: bool,
}
