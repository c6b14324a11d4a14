//! What a run is asked to do.

use std::path::{Path, PathBuf};

use clinotype_case::{Order, SampleId, Sex};
use clinotype_genome::{Build, Fault, Result, fs};
use clinotype_reads::fastq::FastqPair;

use super::{beside::BesideOptions, pharmacogenes::PgxOptions};
use crate::steps::WaiverRequest;

/// What a run starts from.
#[derive(Clone, Debug)]
pub enum Input {
    /// Pairs of FASTQ files of one sample.
    Reads(Vec<FastqPair>),
    /// Aligned reads.
    Bam(PathBuf),
    /// Called variants.
    Vcf(PathBuf),
}

/// Where the order comes from.
#[derive(Clone, Debug)]
pub enum OrderSource {
    /// An `order.json`.
    File(PathBuf),
    /// Already read and checked, as a store has it.
    Given(Box<Order>),
}

/// A run as the user asks for it.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// Accession; stands in the headers of the outputs.
    pub sample: SampleId,
    /// What the names of the outputs begin with, `[A-Za-z0-9._-]{1,64}`; the accession where it is `None`.
    pub stem: Option<String>,
    /// Name of the sample in the input, where it differs.
    pub input_sample: Option<String>,
    /// Where to start.
    pub input: Input,
    /// Names of the libraries of FASTQ files: none, one for all pairs, or one for each.
    pub libraries: Vec<String>,
    /// Whether the alignments are written as CRAM, too.
    pub cram: bool,
    /// Reference FASTA.
    pub reference: PathBuf,
    /// Transcripts, GFF3.
    pub transcripts: PathBuf,
    /// ClinVar VCF.
    pub clinvar: Option<PathBuf>,
    /// Population frequencies VCF.
    pub frequencies: Option<PathBuf>,
    /// Targets.
    pub targets: Option<PathBuf>,
    /// The laboratory's limits; Clinotype's own without.
    pub thresholds: Option<PathBuf>,
    /// Order.
    pub order: Option<OrderSource>,
    /// Declared sex.
    pub sex: Option<Sex>,
    /// Asserted build.
    pub build: Option<Build>,
    /// What must be said of the whole report besides what the data say of themselves.
    pub notices: Vec<String>,
    /// Checks of identity that a person waives, should they fail.
    pub waivers: Vec<WaiverRequest>,
    /// What the rules of classification use besides.
    pub rules: RulesOptions,
    /// The pharmacogenes; not called where not asked for.
    pub pgx: Option<PgxOptions>,
    /// What else is made.
    pub beside: BesideOptions,
    /// Output folder.
    pub out: PathBuf,
}

/// What the rules of classification use besides ClinVar and frequencies.
#[derive(Clone, Debug, Default)]
pub struct RulesOptions {
    /// The laboratory's settings.
    pub settings: clinotype_interpret::Settings,
    /// A table of ClinVar by residue, or ClinVar's VCF to make it from.
    pub comparators: Option<PathBuf>,
    /// Stores of scores that annotation carries to INFO.
    pub scores: Vec<PathBuf>,
    /// Evidence and decisions of people, `clinotype-evidence/1`.
    pub evidence: Option<PathBuf>,
    /// The family's joint VCF, and its pedigree (PED or Phenopacket).
    pub family: Option<(PathBuf, PathBuf)>,
}

/// Stands for an order without a file wherever the record of steps names an input.
pub(super) const GIVEN_ORDER: &str = "order (as given)";

impl RunOptions {
    /// Every named file must be there and readable before anything starts.
    pub(super) fn check_files(&self) -> Result<()> {
        let options = self;
        let mut files: Vec<&Path> = vec![&options.reference, &options.transcripts];
        files.extend(
            [
                &options.clinvar,
                &options.frequencies,
                &options.targets,
                &options.thresholds,
                &options.rules.comparators,
                &options.rules.evidence,
            ]
            .into_iter()
            .flatten()
            .map(PathBuf::as_path),
        );
        files.extend(options.rules.scores.iter().map(PathBuf::as_path));
        if let Some((vcf, pedigree)) = &options.rules.family {
            files.extend([vcf.as_path(), pedigree.as_path()]);
        }
        if let Some(OrderSource::File(path)) = &options.order {
            files.push(path);
        }
        match &options.input {
            Input::Reads(pairs) => files.extend(pairs.iter().flat_map(|p| [p.r1.as_path(), p.r2.as_path()])),
            Input::Bam(path) | Input::Vcf(path) => files.push(path),
        }
        if let Some(pgx) = &options.pgx {
            files.extend(pgx.outside.iter().chain(&pgx.chain).map(PathBuf::as_path));
        }
        files.extend(options.beside.files());
        for file in files {
            fs::open(file)?;
        }
        Ok(())
    }

    /// What the names of the outputs begin with.
    pub(super) fn stem(&self) -> Result<&str> {
        let Some(stem) = &self.stem else {
            return Ok(self.sample.as_str());
        };
        // The rule of an accession keeps a name within its folder.
        match stem.parse::<SampleId>() {
            Ok(_) => Ok(stem),
            Err(what) => Err(Fault::usage(format!("the outputs cannot be named so: {what}"))),
        }
    }

    /// The order's path, or what stands for it.
    pub(super) fn order_path(&self) -> Option<&Path> {
        self.order.as_ref().map(|order| match order {
            OrderSource::File(path) => path.as_path(),
            OrderSource::Given(_) => Path::new(GIVEN_ORDER),
        })
    }
}
