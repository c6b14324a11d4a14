//! From calls to report and bundle.

use std::path::PathBuf;

use clinotype_case::Sex;
use clinotype_genome::Build;
use clinotype_jobs::steps::PickOrder;

use super::{Machine, Waivers};

#[derive(Debug, clap::Args)]
pub(crate) struct Annotate {
    /// Variants of one sample, VCF
    #[arg(long, value_name = "VCF")]
    pub(crate) vcf: PathBuf,
    /// The reference that the variants were called on
    #[arg(long, value_name = "FASTA")]
    pub(crate) reference: PathBuf,
    /// Transcripts, GFF3 (MANE, RefSeq or Ensembl) or compiled; may be repeated, where two hold one transcript the first
    /// counts
    #[arg(long, value_name = "GFF3", required = true)]
    pub(crate) transcripts: Vec<PathBuf>,
    /// The transcripts' own sequences, FASTA named by accession with version: their differences from the genome are known
    #[arg(long, value_name = "FASTA")]
    pub(crate) transcript_sequences: Option<PathBuf>,
    /// Keep compiled copies of the transcripts in this folder; without it large files get one beside them
    #[arg(long, value_name = "FOLDER")]
    pub(crate) transcript_cache: Option<PathBuf>,
    /// ClinVar: VCF, or a store of it (clinotype data build)
    #[arg(long, value_name = "FILE")]
    pub(crate) clinvar: Option<PathBuf>,
    /// Population frequencies: VCF (gnomAD), or a store
    #[arg(long, value_name = "FILE")]
    pub(crate) frequencies: Option<PathBuf>,
    /// Store of further values to carry to INFO (REVEL, own counts); may be given again
    #[arg(long, value_name = "STORE")]
    pub(crate) scores: Vec<PathBuf>,
    /// State the genome build where files do not prove it
    #[arg(long, value_name = "BUILD")]
    pub(crate) build: Option<Build>,
    /// Criteria that choose the transcript to show of a gene, in order: mane_select, mane_plus_clinical, canonical,
    /// biotype, length, rank (of the consequence), ensembl, refseq
    #[arg(long, value_name = "LIST", default_value_t)]
    pub(crate) pick_order: PickOrder,
    /// Records whose REF may differ from the reference: they are counted and stay without annotation; one more is an
    /// error
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) max_ref_mismatches: u64,
    /// Leave out HGVS names
    #[arg(long)]
    pub(crate) no_hgvs: bool,
    /// File to write: a VCF (.vcf.gz with its index .tbi, or .vcf), or a table (.jsonl, .tsv, each with or without .gz, .parquet)
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Also write JSON lines, one per ALT and transcript (.jsonl or .jsonl.gz)
    #[arg(long, value_name = "FILE")]
    pub(crate) jsonl: Option<PathBuf>,
    /// Also write a table of tab-separated values, one row per ALT and transcript (.tsv or .tsv.gz)
    #[arg(long, value_name = "FILE")]
    pub(crate) tsv: Option<PathBuf>,
    /// Also write the same table as Apache Parquet (.parquet); needs a build with `--features parquet`
    #[arg(long, value_name = "FILE")]
    pub(crate) parquet: Option<PathBuf>,
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
    /// What ClinVar says of other variants: a table as `clinotype comparators` writes it, or ClinVar's VCF. Without it
    /// PS1, PM5, PM1 and what else needs it are not evaluated
    #[arg(long, value_name = "FILE")]
    pub(crate) comparators: Option<PathBuf>,
    /// Keep tables that are made from ClinVar's VCF in this folder
    #[arg(long, value_name = "FOLDER")]
    pub(crate) comparator_cache: Option<PathBuf>,
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
    pub(crate) rules: Rules,
    /// Quality figures of the sample, as `clinotype coverage` writes them; without them coverage is not assessed
    #[arg(long, value_name = "JSON")]
    pub(crate) qc: Option<PathBuf>,
    /// The order
    #[arg(long, value_name = "JSON")]
    pub(crate) order: Option<PathBuf>,
    /// Sex of the tested person
    #[arg(long, value_name = "SEX")]
    pub(crate) sex: Option<Sex>,
    /// Also write a table of every allele in the genes in scope, listed or not, with class, points and codes by the rules
    /// alone (TSV)
    #[arg(long, value_name = "TSV")]
    pub(crate) table: Option<PathBuf>,
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
    /// Pharmacogenes, as `clinotype pgx` writes them: a section of the report and their observations in the bundle
    #[arg(long, value_name = "JSON")]
    pub(crate) pgx: Option<PathBuf>,
    /// Genes ranked by phenotype, as `clinotype rank` writes them: a section of the report
    #[arg(long, value_name = "JSON")]
    pub(crate) rank: Option<PathBuf>,
    /// Polygenic scores, as `clinotype prs` writes them: a section of the report and their observations in the bundle
    #[arg(long, value_name = "JSON")]
    pub(crate) prs: Option<PathBuf>,
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

/// What a laboratory sets for the rules.
#[derive(Debug, clap::Args)]
pub(crate) struct Rules {
    /// The one missense predictor that makes PP3 and BP4, chosen before looking (REVEL, BayesDel_noAF, AlphaMissense ...);
    /// its scores come with the annotation (--scores). Without it neither is evaluated for missense changes
    #[arg(long, value_name = "TOOL")]
    pub(crate) missense_tool: Option<String>,
    /// Highest sum of points that is Likely benign: -1 as published, -2 to let no single supporting criterion decide
    #[arg(long, value_name = "-1|-2", default_value_t = -1, allow_hyphen_values = true,
          value_parser = clap::value_parser!(i32).range(-2..=-1))]
    pub(crate) lb_min_points: i32,
}

/// Makes the table of ClinVar by residue.
#[derive(Debug, clap::Args)]
pub(crate) struct MakeComparators {
    /// ClinVar's VCF
    #[arg(long, value_name = "VCF")]
    pub(crate) clinvar: PathBuf,
    /// Reference genome
    #[arg(long, value_name = "FASTA")]
    pub(crate) reference: PathBuf,
    /// The transcripts that samples are annotated with; may be repeated
    #[arg(long, value_name = "GFF3", required = true)]
    pub(crate) transcripts: Vec<PathBuf>,
    /// Population frequencies (VCF): loss-of-function alleles that are common in an exon are kept too
    #[arg(long, value_name = "VCF")]
    pub(crate) frequencies: Option<PathBuf>,
    /// State the genome build where files do not prove it
    #[arg(long, value_name = "BUILD")]
    pub(crate) build: Option<Build>,
    /// Table to write
    #[arg(long, value_name = "FILE.tsv")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) machine: Machine,
}
