//! The wording of the sections on polygenic scores and on the gene rank.

/// Heading of the gene rank.
pub const RANK: &str = "Genes ranked by phenotype";
/// What stands first.
pub const RANK_LEAD: &str = "Genes with an allele that takes part, in the order of how well their diseases fit the features \
     of the order and of how much their alleles weigh. A rank is a hint where to look first: it classifies no variant, adds \
     no point, and decides no result of this report.";
/// What there is where no gene has one.
pub const RANK_NONE: &str = "No gene has an allele that takes part.";
/// Before the terms that were compared.
pub const RANK_TERMS: &str = "Features compared";
/// Genes that are printed.
pub const RANK_PRINTED: usize = 10;

/// Heading of the scores.
pub const SCORES: &str = "Polygenic scores";
/// What stands first.
pub const SCORES_LEAD: &str = "Sums of published weights over this sample's genotypes. They are for research use: a score is \
     no diagnosis, states no absolute risk, and decides no result of this report.";
/// What was not asked for, in a sentence of the limitations.
pub fn not_asked_for(what: &[&str]) -> String {
    format!("Not evaluated, because it was not asked for: {}.", what.join("; "))
}
