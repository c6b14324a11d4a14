//! The words of the command line, by what they are about.

mod classify;
mod copy_number;
mod data;
mod data_build;
mod engine;
mod family;
mod hgvs;
mod liftover;
mod paper;
mod pgx;
mod prs;
mod rare;
mod store;
mod whole;

use clap::{Parser, Subcommand};
use clinotype_jobs::machine::parse_memory;

pub(crate) use self::{
    classify::*, copy_number::*, data::*, data_build::*, engine::*, family::*, hgvs::*, liftover::*, paper::*, pgx::*,
    prs::*, rare::*, store::*, whole::*,
};

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
    /// Judge a tumour's alleles: oncogenicity by Horak 2022, tiers of AMP, ASCO and CAP (JSON)
    SomaticClass(SomaticClass),
    /// Genotype a family together: the gVCFs of its samples to one VCF, with de novo candidates
    Joint(Joint),
    /// Check whether the samples of a VCF are related as declared: kinship, Mendelian errors (JSON)
    Family(Family),
    /// Ask a family which alleles fit which mode of inheritance: de novo, recessive, compound heterozygous ... (JSON)
    Inherit(Inherit),
    /// Rank the genes of an annotated VCF by phenotype and variants, each rank explained (JSON)
    Rank(Rank),
    /// Apply a panel of genes to an annotated VCF, or print and compare its versions (JSON)
    #[command(subcommand)]
    Panel(Panel),
    /// Annotate variants: consequence, HGVS names, ClinVar, population frequency
    Annotate(Annotate),
    /// Read, check and normalise HGVS names, and project them between genome, transcript and protein (JSON lines)
    Hgvs(Hgvs),
    /// Measure the coverage of the coding exons: BAM to quality figures (JSON)
    Coverage(Coverage),
    /// Count the fragments over each target, for copy number: BAM or CRAM to a file of counts
    Counts(Counts),
    /// Call copy number of exons by depth: counts of a sample against those of normals
    Cnv(Cnv),
    /// Score copy-number events by Riggs 2020: classes with every rule that was looked at (JSON)
    CnvClass(CnvClass),
    /// Interpret an annotated VCF by the ACMG/AMP rules: proposed classes with their evidence (JSON)
    Interpret(Interpret),
    /// Pharmacogenomics: VCF and outside calls to diplotypes, phenotypes and CPIC recommendations (JSON)
    Pgx(Pgx),
    /// Polygenic scores of a VCF or gVCF, by scoring files of the PGS Catalog (JSON)
    Prs(Prs),
    /// Make the table of ClinVar by residue that `interpret` compares with
    Comparators(MakeComparators),
    /// Class and points of criteria that people set, row by row of a table
    Classify(Classify),
    /// Write the report as PDF and HTML
    Report(Report),
    /// Write the FHIR bundle (HL7 Genomics Reporting 3.0.0)
    Fhir(Fhir),
    /// Simulate Illumina-like read pairs of a made-up person, as an in-silico control
    Simulate(Simulate),
    /// Install, verify and remove data releases: reference, transcripts, ClinVar and others
    Data(Data),
    /// Lift variants to the other genome build by a chain file: VCF to VCF, refused records apart
    Liftover(Liftover),
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
