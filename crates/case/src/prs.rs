//! Polygenic scores of the samples of a VCF. `clinotype-prs/1`.

use std::collections::BTreeMap;

use clinotype_genome::Build;
use serde::{Deserialize, Serialize};

/// The schema of the file.
pub const SCHEMA: &str = "clinotype-prs/1";

/// The scores of one VCF.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PolygenicScores {
    /// [`SCHEMA`].
    pub schema: String,
    /// Program and version.
    pub software: String,
    /// Name of the VCF or gVCF, without folder.
    pub file: String,
    /// Its genome build.
    pub build: Build,
    /// How the build is known.
    pub build_proof: String,
    /// Whether reference blocks count as homozygous reference: only where the file is a gVCF.
    pub reference_fill: bool,
    /// Records read.
    pub records: u64,
    /// The settings of matching and scoring.
    pub settings: Settings,
    /// One per score, in the order given.
    pub scores: Vec<Score>,
}

/// What decides how rows are matched and summed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Least share of the score's rows that must be matched, and scored in a sample; below it there is no sum.
    pub min_overlap: f64,
    /// Whether sites of A and T, or C and G, are used: their strand cannot be told from the alleles.
    pub keep_ambiguous: bool,
    /// Whether records of several alternates are used.
    pub keep_multiallelic: bool,
    /// Whether the first of several rows that match one record is used; else none of them is.
    pub keep_first_match: bool,
    /// Whether matches by the other strand are left out.
    pub skip_flips: bool,
    /// What stands for a missing genotype.
    pub missing: Missing,
    /// Least GQ of a reference block, phred; a block without GQ does not fill.
    pub min_block_quality: u32,
}

impl Default for Settings {
    /// As pgsc_calc's defaults, with no imputation of missing genotypes.
    fn default() -> Self {
        Self {
            min_overlap: 0.75,
            keep_ambiguous: false,
            keep_multiallelic: false,
            keep_first_match: false,
            skip_flips: false,
            missing: Missing::Skip,
            min_block_quality: 20,
        }
    }
}

/// What stands for a missing genotype of a matched row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// Nothing: the row adds nothing to the sum of that sample, and is counted as missing.
    Skip,
    /// The mean dosage of the samples of the file (plink2's default); 50 samples are needed.
    CohortMean,
}

/// One score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// What the score file states.
    pub about: About,
    /// What became of its rows.
    pub matching: Matching,
    /// One per sample, in the order of the columns.
    pub samples: Vec<SampleScore>,
}

/// What a score file states about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// File name without folder.
    pub file: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// `PGS001229`, or the name where the file has no identifier.
    pub id: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Reported trait.
    pub trait_reported: Option<String>,
    /// Type of the weights, as stated.
    pub weight_type: Option<String>,
    /// Publication.
    pub citation: Option<String>,
    /// Terms of use.
    pub licence: Option<String>,
    /// Genome build as the authors reported it.
    pub genome_build: Option<String>,
    /// Build of the harmonised positions.
    pub harmonised_build: Option<String>,
    /// Which columns gave the positions: `hm_chr, hm_pos` or `chr_name, chr_position`.
    pub positions: String,
    /// Number of variants that the header states.
    pub variants_stated: Option<u64>,
}

/// What became of the rows of a score. `rows` = `matched` + `excluded` + `unmatched`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Matching {
    /// Rows of the score.
    pub rows: u64,
    /// Rows that were matched and used.
    pub matched: u64,
    /// `matched` by `rows`.
    pub rate: f64,
    /// Whether the rate reaches [`Settings::min_overlap`].
    pub passes: bool,
    /// How they matched: `refalt`, `altref`, `refalt_flip` ... `reference_block`, `interaction`, `haplotype`.
    pub by: BTreeMap<String, u64>,
    /// Rows that matched a record but are not used, by reason.
    pub excluded: BTreeMap<String, u64>,
    /// Rows without a match, by reason.
    pub unmatched: BTreeMap<String, u64>,
}

/// The score of one sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SampleScore {
    /// The sample.
    pub sample: String,
    /// Sum of weights by dosages; `None` where refused.
    pub sum: Option<f64>,
    /// `sum` by twice the number of rows in it, as plink2's SCORE_AVG over diploid genotypes.
    pub average: Option<f64>,
    /// Rows that are in the sum with this sample's own genotype.
    pub scored: u64,
    /// Matched rows whose genotype is missing in this sample.
    pub missing: u64,
    /// Of `scored`, rows that a reference block filled.
    pub filled: u64,
    /// `scored` by all rows of the score.
    pub coverage: f64,
    /// Sum of the dosages of the effect alleles.
    pub effect_dosage: f64,
    /// Why there is no sum.
    pub refused: Option<String>,
    /// Where the sum stands among people; `None` without a reference file.
    pub standing: Option<Standing>,
}

impl Score {
    /// The identifier; the name or the file where there is none.
    pub fn id(&self) -> &str {
        let about = &self.about;
        about.id.as_deref().or(about.name.as_deref()).unwrap_or(&about.file)
    }
}

impl SampleScore {
    /// The percentile and whom it is among, where everything that it needs is there.
    ///
    /// # Errors
    /// Why there is none, in words.
    pub fn standing(&self) -> Result<(f64, String), String> {
        let standing = self.standing.as_ref().ok_or("no reference of people was given")?;
        if let Some(why) = &standing.refused {
            return Err(why.clone());
        }
        if self.sum.is_none() || self.refused.is_some() {
            return Err("there is no sum".to_owned());
        }
        let percentile = standing
            .percentile
            .ok_or("the sample could not be placed among the reference")?;
        let population = standing
            .population
            .as_deref()
            .unwrap_or("a population that is not stated");
        Ok((percentile, format!("{population} of {}", standing.reference)))
    }
}

/// What holds for every score.
pub const LIMITS: [&str; 4] = [
    "A raw sum has no unit and no meaning by itself; sums of different scores, or over different rows, must not be compared.",
    "A score was made in certain populations and predicts less well in others. A percentile is given only where a reference of \
     people was given, the sample was placed among them, and the same rows were summed for everyone.",
    "Rows without a match or with a missing genotype add nothing to the sum; the coverage says how many are in it.",
    "Rare variants of large effect are not part of a score: a low score excludes no genetic disease.",
];

/// Where a sum stands in a reference.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// Why no standing is given; then all that depends on it is `None`.
    pub refused: Option<String>,
    /// Name of the reference.
    pub reference: String,
    /// Sites of the reference's principal components, and those that the sample has.
    pub sites: (u64, u64),
    /// The sample's principal components.
    pub components: Vec<f64>,
    /// The most similar population of the reference, by Mahalanobis distance.
    pub population: Option<String>,
    /// Chance of a distance as large within that population.
    pub population_p: Option<f64>,
    /// Share of the most similar population with a lower sum, half of ties, percent.
    pub percentile: Option<f64>,
    /// Distance from the mean of the most similar population in its standard deviations.
    pub z_most_similar: Option<f64>,
    /// Residual of the regression of the sum on the components, in standard deviations (Khera 2019).
    pub z_norm1: Option<f64>,
    /// As `z_norm1`, with the variance regressed on the components too (Khan 2022).
    pub z_norm2: Option<f64>,
    /// Share of the whole reference with a lower `z_norm2`, percent.
    pub percentile_norm2: Option<f64>,
}

/// A reference to compare with, as a file: sites with their loadings, people with their components and sums.
/// `clinotype-prs-reference/1`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReferencePanel {
    /// `clinotype-prs-reference/1`.
    pub schema: String,
    /// Name and release.
    pub name: String,
    /// Build of the sites.
    pub build: Build,
    /// Sites of the principal components.
    pub sites: Vec<ReferenceSite>,
    /// The people.
    pub people: Vec<ReferencePerson>,
    /// The sums of the people, by the score's identifier.
    pub scores: BTreeMap<String, ReferenceScore>,
}

/// A site of the principal components.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReferenceSite {
    /// Contig.
    pub chr: String,
    /// 1-based position.
    pub pos: u32,
    /// The counted allele.
    pub allele: String,
    /// The other allele.
    pub other: String,
    /// Frequency of the counted allele in the reference; dosages are standardised as (d - 2f) / sqrt(2f(1-f)).
    pub frequency: f64,
    /// Loadings, one per component: the component of a person is the sum of standardised dosage by loading.
    pub loadings: Vec<f64>,
}

/// A person of the reference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReferencePerson {
    /// Population.
    pub population: String,
    /// Principal components.
    pub components: Vec<f64>,
}

/// The sums of a score in the reference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReferenceScore {
    /// Numbers of the rows of the score file (first row 1) that are in the sums.
    pub rows: Vec<u32>,
    /// One sum per person, in the order of [`ReferencePanel::people`].
    pub sums: Vec<f64>,
}
