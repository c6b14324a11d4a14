//! What a run makes beside the interpretation: genes ranked by phenotype, polygenic scores.

wire! {
/// Gene rank and polygenic scores of a case's newest run.
pub struct BesideView {
    /// The rank; absent: the run was not asked for it.
    pub rank: Option<RankView>,
    /// The scores; absent: the run was not asked for any.
    pub scores: Option<ScoresView>,
}

/// Genes ranked by phenotype.
pub struct RankView {
    /// Features that were compared: `Ectopia lentis (HP:0001083)`.
    pub terms: Vec<String>,
    /// Features that were looked for and not seen.
    pub excluded: Vec<String>,
    /// Terms that took no part, each with the reason.
    pub not_used: Vec<String>,
    /// Release of the ontology.
    pub ontology: Option<String>,
    /// Release of the annotations.
    pub annotations: Option<String>,
    /// The best genes, at most 50.
    pub genes: Vec<RankedGeneView>,
    /// Genes with a lower rank.
    pub more: u32,
    /// How the rank is made, and what was not evaluated.
    pub limits: Vec<String>,
}

/// A gene with its rank.
pub struct RankedGeneView {
    /// Rank; equal scores share one.
    pub rank: u32,
    /// Symbol.
    pub gene: String,
    /// Mean of the two parts, 0 to 1.
    pub score: f64,
    /// The phenotype's part; none where the gene has no annotated disease.
    pub phenotype: Option<f64>,
    /// The variants' part.
    pub variant: f64,
    /// The disease that fits best, with its identifier.
    pub disease: Option<String>,
    /// Each of the patient's terms, and what it meets.
    pub matches: Vec<String>,
    /// Alleles that take part: allele, consequence, zygosity.
    pub alleles: Vec<String>,
    /// Why it stands here.
    pub sentence: String,
}

/// Polygenic scores.
pub struct ScoresView {
    /// In the order given.
    pub scores: Vec<ScoreView>,
    /// What holds for every score.
    pub limits: Vec<String>,
}

/// A score of the sample.
pub struct ScoreView {
    /// `PGS001229`, or the name, or the file.
    pub id: String,
    /// Name, where the file states one besides.
    pub name: Option<String>,
    /// Trait as reported.
    pub trait_reported: Option<String>,
    /// How much of it was matched and is in the sum, in words.
    pub coverage: String,
    /// Share of its rows that were matched, 0 to 1.
    pub matched: f64,
    /// Raw sum; absent where refused.
    pub sum: Option<f64>,
    /// Why there is no sum.
    pub refused: Option<String>,
    /// Percentile; absent where it is not allowed.
    pub percentile: Option<f64>,
    /// Whom the percentile is among, or why there is none.
    pub standing: String,
    /// Publication.
    pub citation: Option<String>,
    /// Terms of use.
    pub licence: Option<String>,
}
}
