//! The page of gene rank and polygenic scores, from the kept files.

use std::{fmt::Write as _, sync::Arc};

use clinotype_case::{
    phenotype::{GeneRank, RankedGene, Term},
    prs::{PolygenicScores, Score},
};

use crate::{
    app::{App, Session},
    errors, record,
    types::*,
};

/// Genes that the page shows.
const GENES: usize = 50;

pub(crate) fn beside(app: &Arc<App>, session: &Session, input: CaseInput) -> Result<BesideView, ApiError> {
    let (case, store) = (errors::id(&input.case, "case")?, &session.store);
    let results = record::needed(app, store, case)?;
    app.files.look(app, session, case, "gene rank and scores")?;
    let made = results.besides(store)?;
    Ok(BesideView {
        rank: made.rank.as_ref().map(rank),
        scores: made.prs.as_ref().map(scores),
    })
}

fn rank(rank: &GeneRank) -> RankView {
    let named = |terms: &[Term]| terms.iter().map(|t| format!("{} ({})", t.name, t.id)).collect();
    let terms = &rank.terms;
    let strange = [
        (&terms.unknown, "unknown to the ontology"),
        (&terms.obsolete, "obsolete without a successor"),
        (&terms.not_phenotypes, "no feature"),
    ];
    RankView {
        terms: named(&terms.used),
        excluded: named(&terms.excluded),
        not_used: strange
            .into_iter()
            .flat_map(|(list, why)| list.iter().map(move |term| format!("{term}: {why}")))
            .collect(),
        ontology: rank.ontology.clone(),
        annotations: rank.annotations.clone(),
        genes: rank.genes.iter().take(GENES).map(gene).collect(),
        more: rank.genes.len().saturating_sub(GENES) as u32,
        limits: rank.rules.iter().chain(&rank.not_evaluated).cloned().collect(),
    }
}

fn gene(gene: &RankedGene) -> RankedGeneView {
    let disease = gene.disease.as_ref();
    RankedGeneView {
        rank: gene.rank,
        gene: gene.gene.clone(),
        score: gene.score,
        phenotype: gene.phenotype,
        variant: gene.variant,
        disease: disease.map(|disease| match &disease.name {
            Some(name) => format!("{name} ({})", disease.id),
            None => disease.id.clone(),
        }),
        matches: disease.map_or_else(Vec::new, |disease| {
            disease
                .matches
                .iter()
                .map(clinotype_case::phenotype::TermMatch::words)
                .collect()
        }),
        alleles: gene
            .alleles
            .iter()
            .map(|allele| {
                format!(
                    "{}, {}, {}",
                    allele.variant,
                    allele.consequence,
                    allele.zygosity.words()
                )
            })
            .collect(),
        sentence: gene.sentence.clone(),
    }
}

fn scores(prs: &PolygenicScores) -> ScoresView {
    ScoresView {
        scores: prs.scores.iter().map(score).collect(),
        limits: clinotype_case::prs::LIMITS
            .iter()
            .map(|limit| (*limit).to_owned())
            .collect(),
    }
}

fn score(score: &Score) -> ScoreView {
    let (about, matching) = (&score.about, &score.matching);
    let sample = score.samples.first();
    let mut coverage = format!(
        "{} of {} rows matched ({:.1} %)",
        matching.matched,
        matching.rows,
        matching.rate * 100.0
    );
    if let Some(sample) = sample {
        // Writing to a String cannot fail.
        let _ = write!(
            coverage,
            "; {} in the sum, {} without a genotype, {} by reference blocks",
            sample.scored, sample.missing, sample.filled
        );
    }
    let standing = sample.map(clinotype_case::prs::SampleScore::standing);
    ScoreView {
        id: score.id().to_owned(),
        name: about.name.clone().filter(|name| name != score.id()),
        trait_reported: about.trait_reported.clone(),
        coverage,
        matched: matching.rate,
        sum: sample.and_then(|s| s.sum.filter(|_| s.refused.is_none())),
        refused: sample.and_then(|s| s.refused.clone()),
        percentile: standing.as_ref().and_then(|s| s.as_ref().ok()).map(|s| s.0),
        standing: match standing {
            Some(Ok((_, among))) => format!("among {among}"),
            Some(Err(why)) => format!("none: {why}"),
            None => "none".to_owned(),
        },
        citation: about.citation.clone(),
        licence: about.licence.clone(),
    }
}
