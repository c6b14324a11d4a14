//! A whole run.

use std::path::PathBuf;

use clap::ArgGroup;
use clinotype_case::{SampleId, Sex};
use clinotype_genome::Build;

use super::{Machine, Person};

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
    #[arg(long, num_args = 1.., value_name = "NAME", requires = "reads")]
    pub(crate) library: Vec<String>,
    /// Aligned reads instead of FASTQ files: BAM, or CRAM 3 of the same reference
    #[arg(long, value_name = "FILE")]
    pub(crate) bam: Option<PathBuf>,
    /// Called variants instead of reads; coverage is then not assessed, and the result is never NEGATIVE
    #[arg(long, value_name = "FILE")]
    pub(crate) vcf: Option<PathBuf>,
    /// Also write the alignments as CRAM 3.0, about two thirds the size of the BAM, for keeping. A store keeps the BAM, which
    /// its window reads
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
    /// What ClinVar says of other variants: a table as `clinotype comparators` writes it, or ClinVar's VCF. Without it
    /// PS1, PM5, PM1 and what else needs it are not evaluated
    #[arg(long, value_name = "FILE")]
    pub(crate) comparators: Option<PathBuf>,
    /// Store of scores to carry to the annotated VCF (REVEL, SpliceAI ...); may be given again
    #[arg(long, value_name = "STORE")]
    pub(crate) scores: Vec<PathBuf>,
    /// Evidence of patients, families and assays, and decisions on criteria (clinotype-evidence/1, see the README). Evidence
    /// is proposed and counts nothing; decisions count, with reason and person
    #[arg(long, value_name = "JSON")]
    pub(crate) evidence: Option<PathBuf>,
    /// VCF of the family, genotyped together, with the tested person in it: evidence for PS2/PM6, PM3, BP2, PP1 and BS4 is
    /// read from it and proposed
    #[arg(long, value_name = "VCF", requires = "ped")]
    pub(crate) family: Option<PathBuf>,
    /// The family's pedigree: PED file, or Phenopacket v2
    #[arg(long, value_name = "FILE", requires = "family")]
    pub(crate) ped: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) rules: super::Rules,
    /// Also call the pharmacogenes: diplotypes, phenotypes and CPIC recommendations, in ID.pgx.json
    #[arg(long, help_heading = "Pharmacogenes")]
    pub(crate) pgx: bool,
    /// Outside calls of pharmacogenes (CYP2D6, HLA-A, HLA-B, MT-RNR1), TSV; may be given again
    #[arg(long, value_name = "TSV", requires = "pgx", help_heading = "Pharmacogenes")]
    pub(crate) pgx_outside: Vec<PathBuf>,
    /// Medicines that the person takes, for alerts: a file with one per line, or a list with commas
    #[arg(long, value_name = "LIST", requires = "pgx", help_heading = "Pharmacogenes")]
    pub(crate) medications: Option<String>,
    /// Chain file from GRCh37 to GRCh38, which pharmacogenes need of a run on GRCh37
    #[arg(long, value_name = "CHAIN", requires = "pgx", help_heading = "Pharmacogenes")]
    pub(crate) pgx_chain: Option<PathBuf>,
    /// Folder of HPO's files (hp.obo, phenotype.hpoa, genes_to_phenotype.txt): also ranks the genes by the order's terms,
    /// in ID.rank.json
    #[arg(long, value_name = "DIR", help_heading = "Beside the report")]
    pub(crate) hpo: Option<PathBuf>,
    /// Scoring file of the PGS Catalog: also sums polygenic scores, in ID.prs.json; may be given again
    #[arg(long, value_name = "FILE", help_heading = "Beside the report")]
    pub(crate) prs: Vec<PathBuf>,
    /// People that the scores are compared with (clinotype-prs-reference/1)
    #[arg(long, value_name = "JSON", requires = "prs", help_heading = "Beside the report")]
    pub(crate) prs_reference: Option<PathBuf>,
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
