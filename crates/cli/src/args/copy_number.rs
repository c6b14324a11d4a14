//! Copy number.

use std::path::PathBuf;

use clinotype_case::Sex;
use clinotype_genome::Build;

use super::Machine;

#[derive(Debug, clap::Args)]
pub(crate) struct Counts {
    /// Sorted BAM or CRAM with duplicates marked
    #[arg(long, value_name = "FILE")]
    pub(crate) bam: PathBuf,
    /// The reference that the reads were aligned to
    #[arg(long, value_name = "FASTA")]
    pub(crate) reference: PathBuf,
    /// Targets of the kit, all of them; the fourth column, if there is one, names them
    #[arg(long, value_name = "BED")]
    pub(crate) targets: PathBuf,
    /// Sex of the tested person; X and Y are not assessed where it is unknown
    #[arg(long, value_name = "SEX", default_value_t = Sex::Unknown)]
    pub(crate) sex: Sex,
    /// State the genome build where the reference does not prove it
    #[arg(long, value_name = "BUILD")]
    pub(crate) build: Option<Build>,
    /// File of counts to write (text)
    #[arg(long, value_name = "TSV")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) machine: Machine,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Cnv {
    /// Counts of the sample, as `clinotype counts` writes them
    #[arg(long, value_name = "TSV")]
    pub(crate) counts: PathBuf,
    /// Counts of at least 10 other samples of the same design and protocol, better 30 or more
    #[arg(long, num_args = 1.., required = true, value_name = "TSV")]
    pub(crate) normals: Vec<PathBuf>,
    /// The reference that the fragments were counted on
    #[arg(long, value_name = "FASTA")]
    pub(crate) reference: PathBuf,
    /// Transcripts, GFF3, to name genes and exons
    #[arg(long, value_name = "GFF3")]
    pub(crate) transcripts: Option<PathBuf>,
    /// Events: VCF file to write (.vcf.gz); its index gets the ending .tbi
    #[arg(long, value_name = "VCF")]
    pub(crate) out: PathBuf,
    /// Quality of the sample, events, and what is said of every target (JSON)
    #[arg(long, value_name = "JSON")]
    pub(crate) json: PathBuf,
    /// What is said of every target, as a table
    #[arg(long, value_name = "TSV")]
    pub(crate) table: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) machine: Machine,
}

/// Scores copy-number events.
#[derive(Debug, clap::Args)]
pub(crate) struct CnvClass {
    /// Events, VCF with <DEL> and <DUP>, as `clinotype cnv` writes them
    #[arg(long, value_name = "VCF")]
    pub(crate) vcf: PathBuf,
    /// Reference genome
    #[arg(long, value_name = "FASTA")]
    pub(crate) reference: PathBuf,
    /// Transcripts, GFF3
    #[arg(long, value_name = "GFF3")]
    pub(crate) transcripts: PathBuf,
    /// ClinGen's dosage curations, list of genes or list of regions; may be given again. Without them only genes
    /// of the own table are looked up
    #[arg(long, value_name = "TSV")]
    pub(crate) dosage: Vec<PathBuf>,
    /// State the genome build where files do not prove it
    #[arg(long, value_name = "BUILD")]
    pub(crate) build: Option<Build>,
    /// File to write (JSON)
    #[arg(long, value_name = "JSON")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) machine: Machine,
}
