//! The words of the command line.

use std::path::PathBuf;

use clap::{ArgGroup, Parser, Subcommand};
use clinotype_case::{SampleId, Sex};
use clinotype_genome::Build;
use clinotype_jobs::machine::parse_memory;

const EXIT_CODES: &str = "\
Exit codes:
  0    done
  2    the command line is wrong
  3    an input file cannot be used, or the report is withheld; the message says why and what to do
  4    reading or writing failed: missing file, full disk, no permission
  5    a limit is too small (--memory)
  70   a defect of Clinotype: please report it
  130  stopped by the user

Every output file appears under its name only when it is whole. A run that was stopped goes on
where it was when the same command is given again.

Until signing exists, every report is a DRAFT that nobody has reviewed.";

/// From sequencing reads to a draft clinical report and a FHIR bundle, on this computer, offline.
#[derive(Debug, Parser)]
#[command(name = "clinotype", version, after_help = EXIT_CODES, propagate_version = true, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "one is made in the life of the program")]
pub(crate) enum Command {
    /// Run one sample from its reads (or BAM, or VCF) to report and FHIR bundle
    Run(Run),
    /// Align reads: FASTQ pairs to a sorted BAM with duplicates marked
    Align(Align),
    /// Call variants: BAM to VCF and gVCF
    Call(Call),
    /// Call a tumour without its normal: allele fractions down to 5 %, VCF and summary; no report is made from it
    Somatic(Somatic),
    /// Genotype a family together: the gVCFs of its samples to one VCF, with de novo candidates
    Joint(Joint),
    /// Check whether the samples of a VCF are related as declared: kinship, Mendelian errors (JSON)
    Family(Family),
    /// Annotate variants: consequence, HGVS names, ClinVar, population frequency
    Annotate(Annotate),
    /// Measure the coverage of the coding exons: BAM to quality figures (JSON)
    Coverage(Coverage),
    /// Count the fragments over each target, for copy number: BAM or CRAM to a file of counts
    Counts(Counts),
    /// Call copy number of exons by depth: counts of a sample against those of normals
    Cnv(Cnv),
    /// Interpret an annotated VCF by the ACMG/AMP rules: proposed classes with their evidence (JSON)
    Interpret(Interpret),
    /// Write the report as PDF and HTML
    Report(Report),
    /// Write the FHIR bundle (HL7 Genomics Reporting 3.0.0)
    Fhir(Fhir),
    /// Simulate Illumina-like read pairs of a made-up person, as an in-silico control
    Simulate(Simulate),
    /// Make an encrypted store, list its cases, export from it
    Store(Store),
    /// Check the audit trail of an encrypted store
    Audit(Audit),
}

/// What the machine may give.
#[derive(Debug, clap::Args)]
pub(crate) struct Machine {
    /// Threads; 0 uses every core
    #[arg(long, default_value_t = 0, value_name = "N", help_heading = "Machine")]
    pub(crate) threads: usize,
    /// Memory that a step may use, for example 8G; three quarters of the free memory if not stated
    #[arg(long, value_parser = parse_memory, value_name = "SIZE", help_heading = "Machine")]
    pub(crate) memory: Option<u64>,
    /// Print no progress
    #[arg(long, short, help_heading = "Machine")]
    pub(crate) quiet: bool,
}

#[derive(Debug, clap::Args)]
#[command(group(ArgGroup::new("input").required(true).args(["reads", "bam", "vcf"])))]
pub(crate) struct Run {
    /// Accession of the sample: letters, digits, dot, underscore, hyphen; never a person's name
    #[arg(long, value_name = "ID")]
    pub(crate) sample: SampleId,
    /// FASTQ files in pairs: R1 R2 [R1 R2 ...], plain or gzip
    #[arg(long, num_args = 2.., value_name = "FASTQ")]
    pub(crate) reads: Vec<PathBuf>,
    /// Sequencing library of the reads (@RG LB): one name for all pairs, or one for each; the sample's if not stated.
    /// Duplicates are marked within a library, across its lanes
    #[arg(long, num_args = 1.., value_name = "NAME", requires = "reads", conflicts_with = "store")]
    pub(crate) library: Vec<String>,
    /// Aligned reads instead of FASTQ files: BAM, or CRAM 3 of the same reference
    #[arg(long, value_name = "FILE")]
    pub(crate) bam: Option<PathBuf>,
    /// Called variants instead of reads; coverage is then not assessed, and the result is never NEGATIVE
    #[arg(long, value_name = "FILE")]
    pub(crate) vcf: Option<PathBuf>,
    /// Also write the alignments as CRAM 3.0, about two thirds the size of the BAM, for keeping
    #[arg(long, conflicts_with_all = ["vcf", "store"])]
    pub(crate) cram: bool,
    /// Reference genome, FASTA, plain or BGZF (.gz)
    #[arg(long, value_name = "FASTA")]
    pub(crate) reference: PathBuf,
    /// Transcripts, GFF3 (MANE, RefSeq or Ensembl)
    #[arg(long, value_name = "GFF3")]
    pub(crate) transcripts: PathBuf,
    /// ClinVar, VCF
    #[arg(long, value_name = "VCF")]
    pub(crate) clinvar: Option<PathBuf>,
    /// Population frequencies, VCF (gnomAD); without them BA1, BS1 and PM2 are not evaluated
    #[arg(long, value_name = "VCF")]
    pub(crate) frequencies: Option<PathBuf>,
    /// Only call variants in these intervals (and 100 bases around them)
    #[arg(long, value_name = "BED")]
    pub(crate) targets: Option<PathBuf>,
    /// The laboratory's limits of this test; Clinotype's own without it
    #[arg(long, value_name = "JSON")]
    pub(crate) thresholds: Option<PathBuf>,
    /// The order; without it the report is headed UNIDENTIFIED and shows every gene of the transcripts
    #[arg(long, value_name = "JSON")]
    pub(crate) order: Option<PathBuf>,
    /// Sex of the tested person: female, male or unknown
    #[arg(long, value_name = "SEX")]
    pub(crate) sex: Option<Sex>,
    /// State the genome build (GRCh37 or GRCh38) where files do not prove it; the report prints that it was asserted
    #[arg(long, value_name = "BUILD")]
    pub(crate) build: Option<Build>,
    /// Name of the sample in the input, where it is not the accession; it is recorded
    #[arg(long, value_name = "NAME")]
    pub(crate) input_sample: Option<String>,
    /// Folder for the results
    #[arg(
        long,
        value_name = "DIR",
        required_unless_present = "store",
        conflicts_with = "store"
    )]
    pub(crate) out: Option<PathBuf>,
    /// Record the case in this encrypted store instead; nothing plain is written
    #[arg(long, value_name = "DIR", help_heading = "Encrypted store")]
    pub(crate) store: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) waivers: Waivers,
    #[command(flatten)]
    pub(crate) person: Person,
    #[command(flatten)]
    pub(crate) machine: Machine,
}

/// Lets a report be made although a check of identity failed.
#[derive(Debug, clap::Args)]
pub(crate) struct Waivers {
    /// Make the report although this check of identity failed (Sex, Contamination, Identity, Kinship); it stays
    /// failed, and the waiver is printed
    #[arg(long, value_name = "CHECK", requires_all = ["reason", "waived_by"], help_heading = "Waivers")]
    pub(crate) waive: Vec<String>,
    /// Why the check is waived; printed on the report
    #[arg(long, value_name = "TEXT", requires = "waive", help_heading = "Waivers")]
    pub(crate) reason: Option<String>,
    /// Who waives it; printed on the report
    #[arg(long, value_name = "NAME", requires = "waive", help_heading = "Waivers")]
    pub(crate) waived_by: Option<String>,
}

/// Who opens the store. The passphrase is asked for on the terminal, or comes from a file descriptor or from
/// CLINOTYPE_PASSPHRASE; it is never an argument, which every user of the machine could read.
#[derive(Debug, clap::Args)]
pub(crate) struct Person {
    /// Log-in name; needed where the store has more than one
    #[arg(long, value_name = "USER", help_heading = "Encrypted store")]
    pub(crate) user: Option<String>,
    /// Read the passphrase from this open file descriptor (its first line)
    #[arg(long, value_name = "N", help_heading = "Encrypted store")]
    pub(crate) passphrase_fd: Option<u32>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Store {
    #[command(subcommand)]
    pub(crate) command: StoreCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum StoreCommand {
    /// Make a new store with its first person, and print its recovery key once
    Init(StoreInit),
    /// List the cases: accession, state and outcome; no patient data
    Cases(StoreOpen),
    /// Write a report, bundle or annotated VCF of a case; the trail keeps to whom and why
    Export(StoreExport),
}

#[derive(Debug, clap::Args)]
pub(crate) struct StoreInit {
    /// Folder of the new store
    #[arg(long, value_name = "DIR")]
    pub(crate) store: PathBuf,
    /// Log-in name: small letters, digits, dots, hyphens, underscores
    #[arg(long, value_name = "USER")]
    pub(crate) user: String,
    /// Name that is printed with what this person does
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// Read the passphrase from this open file descriptor (its first line)
    #[arg(long, value_name = "N")]
    pub(crate) passphrase_fd: Option<u32>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct StoreOpen {
    /// Folder of the store
    #[arg(long, value_name = "DIR")]
    pub(crate) store: PathBuf,
    #[command(flatten)]
    pub(crate) person: Person,
}

/// What leaves the store.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Kind {
    /// Report as PDF
    Pdf,
    /// Report as HTML
    Html,
    /// FHIR bundle
    Fhir,
    /// Annotated variants
    Vcf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct StoreExport {
    #[command(flatten)]
    pub(crate) open: StoreOpen,
    /// Case, by its identifier or its accession
    #[arg(long, value_name = "ID")]
    pub(crate) case: String,
    /// What to write
    #[arg(long, value_enum)]
    pub(crate) kind: Kind,
    /// Version of the report; the newest if not stated
    #[arg(long, value_name = "N")]
    pub(crate) report_version: Option<u32>,
    /// New file; an existing one is not replaced
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// To whom it goes
    #[arg(long, value_name = "WHOM")]
    pub(crate) to: String,
    /// What for
    #[arg(long, value_name = "WHY")]
    pub(crate) purpose: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Audit {
    #[command(subcommand)]
    pub(crate) command: AuditCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Check that no row was changed, removed, moved or cut off; exit code 3 names the first bad row
    Verify(StoreOpen),
}

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

#[derive(Debug, clap::Args)]
pub(crate) struct Annotate {
    /// Variants of one sample, VCF
    #[arg(long, value_name = "VCF")]
    pub(crate) vcf: PathBuf,
    /// The reference that the variants were called on
    #[arg(long, value_name = "FASTA")]
    pub(crate) reference: PathBuf,
    /// Transcripts, GFF3 (MANE, RefSeq or Ensembl)
    #[arg(long, value_name = "GFF3")]
    pub(crate) transcripts: PathBuf,
    /// ClinVar, VCF
    #[arg(long, value_name = "VCF")]
    pub(crate) clinvar: Option<PathBuf>,
    /// Population frequencies, VCF (gnomAD)
    #[arg(long, value_name = "VCF")]
    pub(crate) frequencies: Option<PathBuf>,
    /// State the genome build where files do not prove it
    #[arg(long, value_name = "BUILD")]
    pub(crate) build: Option<Build>,
    /// VCF file to write (.vcf.gz); its index gets the ending .tbi
    #[arg(long, value_name = "VCF")]
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

#[derive(Debug, clap::Args)]
pub(crate) struct Interpret {
    /// Annotated VCF, as `clinotype annotate` writes it
    #[arg(long, value_name = "VCF")]
    pub(crate) vcf: PathBuf,
    /// Reference genome
    #[arg(long, value_name = "FASTA")]
    pub(crate) reference: PathBuf,
    /// The transcripts that the VCF was annotated with
    #[arg(long, value_name = "GFF3")]
    pub(crate) transcripts: PathBuf,
    /// Quality figures of the sample, as `clinotype coverage` writes them; without them coverage is not assessed
    #[arg(long, value_name = "JSON")]
    pub(crate) qc: Option<PathBuf>,
    /// The order
    #[arg(long, value_name = "JSON")]
    pub(crate) order: Option<PathBuf>,
    /// Sex of the tested person
    #[arg(long, value_name = "SEX")]
    pub(crate) sex: Option<Sex>,
    /// Interpretation to write (JSON)
    #[arg(long, value_name = "JSON")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) machine: Machine,
}

/// What a report is made from.
#[derive(Debug, clap::Args)]
pub(crate) struct Parts {
    /// Interpretation, as `clinotype interpret` writes it
    #[arg(long, value_name = "JSON")]
    pub(crate) interpretation: PathBuf,
    /// Quality figures, as `clinotype coverage` writes them
    #[arg(long, value_name = "JSON")]
    pub(crate) qc: PathBuf,
    /// The order; without it the report is headed UNIDENTIFIED
    #[arg(long, value_name = "JSON")]
    pub(crate) order: Option<PathBuf>,
    /// provenance.json of the run, for the methods section
    #[arg(long, value_name = "JSON")]
    pub(crate) provenance: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) waivers: Waivers,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Report {
    #[command(flatten)]
    pub(crate) parts: Parts,
    /// PDF file to write
    #[arg(long, value_name = "PDF", required_unless_present = "html")]
    pub(crate) pdf: Option<PathBuf>,
    /// HTML file to write
    #[arg(long, value_name = "HTML")]
    pub(crate) html: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Fhir {
    #[command(flatten)]
    pub(crate) parts: Parts,
    /// The report's PDF, to be named in the bundle by its hash
    #[arg(long, value_name = "PDF")]
    pub(crate) pdf: Option<PathBuf>,
    /// Bundle to write (JSON)
    #[arg(long, value_name = "JSON")]
    pub(crate) out: PathBuf,
}
