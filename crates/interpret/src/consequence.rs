//! Which transcript a report shows for an allele, and what the others add.

use clinotype_case::evidence::{AnnotatedVariant, Mane, TranscriptConsequence};

use crate::rules::RULES;

/// Whether two consequences are of one gene: by HGNC id where both state one, else by symbol.
pub(crate) fn is_same_gene(a: &TranscriptConsequence, b: &TranscriptConsequence) -> bool {
    match (&a.hgnc_id, &b.hgnc_id) {
        (Some(a), Some(b)) => a == b,
        _ => a.symbol.is_some() && a.symbol == b.symbol,
    }
}

/// Rank of the most severe term, 0 the most severe.
pub(crate) fn rank(consequence: &TranscriptConsequence) -> usize {
    consequence
        .terms
        .iter()
        .map(|term| RULES.rank(term))
        .min()
        .unwrap_or(usize::MAX)
}

/// The order in which a transcript is chosen to be shown: picked by the annotation, the more severe, a gene with
/// facts, MANE; then names, so that the choice never depends on the order of the input.
fn preference(c: &TranscriptConsequence) -> impl Ord + use<> {
    let facts = RULES.gene(c.symbol.as_deref(), c.hgnc_id.as_deref()).is_some();
    let mane = match c.mane {
        Mane::Select => 0,
        Mane::PlusClinical => 1,
        Mane::None => 2,
    };
    (
        !c.picked,
        std::cmp::Reverse(c.impact),
        rank(c),
        !facts,
        mane,
        c.symbol.clone(),
        c.transcript.clone(),
    )
}

/// The transcript to show: of the picked ones, one per gene, that of the gene where the allele does most.
///
/// Without a picked transcript in scope the best of the others is shown.
pub(crate) fn shown(variant: &AnnotatedVariant) -> Option<&TranscriptConsequence> {
    variant.consequences.iter().min_by_key(|c| preference(c))
}

/// The most severe consequence on another transcript of the shown gene, if it is more severe than the shown one.
pub(crate) fn more_severe<'a>(
    variant: &'a AnnotatedVariant,
    shown: &TranscriptConsequence,
) -> Option<&'a TranscriptConsequence> {
    variant
        .consequences
        .iter()
        .filter(|c| c.transcript != shown.transcript && is_same_gene(c, shown) && rank(c) < rank(shown))
        .min_by_key(|c| (rank(c), c.transcript.clone()))
}
