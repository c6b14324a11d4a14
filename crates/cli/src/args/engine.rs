//! Reads to calls.

use std::path::PathBuf;

use clap::ArgGroup;
use clinotype_case::{SampleId, Sex};
use clinotype_genome::Build;

use super::Machine;

#[derive(Debug, clap::Args)]
#[command(group(ArgGroup::new("alleles").required(true).args(["variants", "draw"])))]
pub(crate) struct Simulate {
    /// Reference genome, FASTA, plain or BGZF (.gz)
    #[arg(long, value_name = "FASTA")]
    pub(crate) reference: PathBuf,
    /// Intervals that reads are drawn from
    #[arg(long, value_name = "BED")]
    pub(crate) targets: PathBuf,
    /// What the made-up person carries: GT of the first sample; `0|1` names the haplotype
    #[arg(long, value_name = "VCF")]
    pub(crate) variants: Option<PathBuf>,
    /// Draw what the person carries, and write it to this VCF
    #[arg(long, value_name = "VCF")]
    pub(crate) draw: Option<PathBuf>,
    /// Mean depth before duplicates
    #[arg(long, default_value_t = 40.0)]
    pub(crate) depth: f64,
    /// Bases of each mate
    #[arg(long, default_value_t = 150, value_name = "BASES")]
    pub(crate) read_length: u32,
    /// How often a polymerase copied each molecule, on average: repeats slip at the rates of Shinde 2003. 0 is PCR-free
    #[arg(long, default_value_t = 0.0)]
    pub(crate) copies: f64,
    /// False insertions and deletions per base; an instrument makes about 8e-6 (Schirmer 2016)
    #[arg(long, default_value_t = 1e-4, value_name = "RATE")]
    pub(crate) indel_error: f64,
    /// The same seed gives the same files
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// The two FASTQ files to write (.fastq.gz)
    #[arg(long, num_args = 2, required = true, value_names = ["R1", "R2"])]
    pub(crate) out: Vec<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Align {
    /// FASTQ files in pairs: R1 R2 [R1 R2 ...], plain or gzip
    #[arg(long, num_args = 2.., required = true, value_name = "FASTQ")]
    pub(crate) reads: Vec<PathBuf>,
    /// Sequencing library of the reads (@RG LB): one name for all pairs, or one for each; the sample's if not stated.
    /// Duplicates are marked within a library, across its lanes
    #[arg(long, num_args = 1.., value_name = "NAME")]
    pub(crate) library: Vec<String>,
    /// Reference genome, FASTA, plain or BGZF (.gz)
    #[arg(long, value_name = "FASTA")]
    pub(crate) reference: PathBuf,
    /// Accession of the sample, written to @RG SM
    #[arg(long, value_name = "ID")]
    pub(crate) sample: SampleId,
    /// BAM or CRAM file to write (.bam, .cram); its index gets the ending .bai or .crai
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) machine: Machine,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Call {
    /// Sorted BAM or CRAM 3 with duplicates marked, as `clinotype align` writes it
    #[arg(long, value_name = "FILE")]
    pub(crate) bam: PathBuf,
    /// The reference that the reads were aligned to
    #[arg(long, value_name = "FASTA")]
    pub(crate) reference: PathBuf,
    /// Only call variants in these intervals (and 100 bases around them)
    #[arg(long, value_name = "BED")]
    pub(crate) targets: Option<PathBuf>,
    /// Sex of the tested person: X and Y are called haploid for male
    #[arg(long, value_name = "SEX", default_value_t = Sex::Unknown)]
    pub(crate) sex: Sex,
    /// State the genome build where the reference does not prove it
    #[arg(long, value_name = "BUILD")]
    pub(crate) build: Option<Build>,
    /// VCF file to write (.vcf.gz); its index gets the ending .tbi
    #[arg(long, value_name = "VCF")]
    pub(crate) out: PathBuf,
    /// gVCF file to write (.g.vcf.gz)
    #[arg(long, value_name = "VCF")]
    pub(crate) gvcf: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) machine: Machine,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Somatic {
    /// Sorted BAM of the tumour, duplicates marked
    #[arg(long, value_name = "BAM")]
    pub(crate) bam: PathBuf,
    /// The reference that the reads were aligned to
    #[arg(long, value_name = "FASTA")]
    pub(crate) reference: PathBuf,
    /// Only call variants in these intervals (and 100 bases around them)
    #[arg(long, value_name = "BED")]
    pub(crate) targets: Option<PathBuf>,
    /// Population frequencies, VCF (gnomAD); without them germline origin is not evaluated
    #[arg(long, value_name = "VCF")]
    pub(crate) frequencies: Option<PathBuf>,
    /// Share of another person's DNA in the sample, for example 0.02; used with --frequencies
    #[arg(long, value_name = "SHARE")]
    pub(crate) contamination: Option<f64>,
    /// State the genome build where the reference does not prove it
    #[arg(long, value_name = "BUILD")]
    pub(crate) build: Option<Build>,
    /// VCF file to write (.vcf.gz); its index gets the ending .tbi
    #[arg(long, value_name = "VCF")]
    pub(crate) out: PathBuf,
    /// Summary to write (JSON): counts, filters, and what the depth could show
    #[arg(long, value_name = "JSON")]
    pub(crate) summary: PathBuf,
    #[command(flatten)]
    pub(crate) machine: Machine,
}

/// Judges a tumour's alleles.
#[derive(Debug, clap::Args)]
pub(crate) struct SomaticClass {
    /// Calls of one tumour, annotated by `clinotype annotate`
    #[arg(long, value_name = "VCF")]
    pub(crate) vcf: PathBuf,
    /// The patient's tumour type as the statements name it, or DOID:number; give it again for the broader types that it
    /// belongs to. Without it no tier is evaluated
    #[arg(long, alias = "tumor", value_name = "NAME")]
    pub(crate) tumour: Vec<String>,
    /// Statements on drugs, diagnosis and prognosis: CIViC's accepted evidence (TSV), or columns gene, change, level,
    /// tumour, words, source
    #[arg(long, value_name = "TSV")]
    pub(crate) statements: Option<PathBuf>,
    /// Roles of genes: columns gene, role (oncogene, tumour_suppressor, both)
    #[arg(long, value_name = "TSV")]
    pub(crate) roles: Option<PathBuf>,
    /// Hotspots: columns gene, change, tumours (how many have this change)
    #[arg(long, value_name = "TSV")]
    pub(crate) hotspots: Option<PathBuf>,
    /// Changes known to be oncogenic: columns gene, change, source
    #[arg(long, value_name = "TSV")]
    pub(crate) known: Option<PathBuf>,
    /// What a person found: columns contig, pos, ref, alt, codes (OS2, OM1_Supporting), reason, by
    #[arg(long, value_name = "TSV")]
    pub(crate) entered: Option<PathBuf>,
    /// The one missense predictor that makes OP1 and SBP1, chosen before looking
    #[arg(long, value_name = "TOOL")]
    pub(crate) missense_tool: Option<String>,
    /// File to write (JSON)
    #[arg(long, value_name = "JSON")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) machine: Machine,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Coverage {
    /// Sorted BAM or CRAM 3 with duplicates marked
    #[arg(long, value_name = "FILE")]
    pub(crate) bam: PathBuf,
    /// The reference that the reads were aligned to
    #[arg(long, value_name = "FASTA")]
    pub(crate) reference: PathBuf,
    /// Transcripts, GFF3
    #[arg(long, value_name = "GFF3")]
    pub(crate) transcripts: PathBuf,
    /// Annotated VCF, for the counts over variants
    #[arg(long, value_name = "VCF")]
    pub(crate) vcf: Option<PathBuf>,
    /// Also measure these intervals, and the share of the bases on them
    #[arg(long, value_name = "BED")]
    pub(crate) targets: Option<PathBuf>,
    /// The laboratory's limits of this test; Clinotype's own without it
    #[arg(long, value_name = "JSON")]
    pub(crate) thresholds: Option<PathBuf>,
    /// The order, for its genes and the declared sex; every gene of the transcripts without it
    #[arg(long, value_name = "JSON")]
    pub(crate) order: Option<PathBuf>,
    /// Sex of the tested person
    #[arg(long, value_name = "SEX")]
    pub(crate) sex: Option<Sex>,
    /// State the genome build where the reference does not prove it
    #[arg(long, value_name = "BUILD")]
    pub(crate) build: Option<Build>,
    /// Quality figures to write (JSON); two files for MultiQC are written beside it (ending in _mqc.json)
    #[arg(long, value_name = "JSON")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) machine: Machine,
}
