//! Which genes may be displayed, and the removal of everything else before anything is concluded.

use std::collections::BTreeSet;

use clinotype_case::{
    Order,
    evidence::AnnotatedVariant,
    finding::{Scope, ScopeSource},
};

use crate::outline::Outline;

/// The ordered genes that the transcripts cover; every gene of the transcripts where no gene is ordered.
pub(crate) fn scope(order: Option<&Order>, transcript_genes: &BTreeSet<String>) -> Scope {
    let secondary_findings = order.and_then(|order| order.consent.secondary_findings);
    let ordered: BTreeSet<&String> = order.map(|order| order.genes.iter().collect()).unwrap_or_default();
    if ordered.is_empty() {
        return Scope {
            decided_by: ScopeSource::AllTranscripts,
            genes: transcript_genes.iter().cloned().collect(),
            not_covered: Vec::new(),
            secondary_findings,
        };
    }
    let (genes, not_covered) = ordered
        .into_iter()
        .cloned()
        .partition(|gene| transcript_genes.contains(gene));
    Scope {
        decided_by: ScopeSource::Order,
        genes,
        not_covered,
        secondary_findings,
    }
}

/// What a variant has to do with the scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InScope {
    Yes,
    /// It touches genes, none of them in scope.
    OtherGenes,
    /// It touches no gene.
    NoGene,
}

/// What an allele in outline has to do with the genes in scope, and whether a consequence in scope is worth a
/// classification.
///
/// An allele that lies inside another gene and only beside a gene in scope belongs to the other one: listing it would
/// show a finding that nobody asked for or consented to.
pub(crate) fn look(outline: &Outline<'_>, genes: &BTreeSet<String>) -> (InScope, bool) {
    let (mut touches, mut inside_another) = (false, false);
    let (mut in_scope, mut all_beside, mut reviewed) = (false, true, false);
    for touched in &outline.consequences {
        touches |= touched.names_a_gene;
        if touched.symbol.as_deref().is_some_and(|symbol| genes.contains(symbol)) {
            in_scope = true;
            all_beside &= touched.is_beside;
            reviewed |= touched.is_reviewed;
        } else {
            inside_another |= !touched.is_beside;
        }
    }
    if in_scope && !(inside_another && all_beside) {
        (InScope::Yes, reviewed)
    } else if touches {
        (InScope::OtherGenes, false)
    } else {
        (InScope::NoGene, false)
    }
}

/// Keeps only the consequences of genes in scope: nothing that is kept later can name another gene.
pub(crate) fn restrict(variant: &mut AnnotatedVariant, genes: &BTreeSet<String>) -> InScope {
    let (in_scope, _) = look(&Outline::of(variant), genes);
    if in_scope == InScope::Yes {
        variant
            .consequences
            .retain(|c| c.symbol.as_ref().is_some_and(|symbol| genes.contains(symbol)));
    } else {
        variant.consequences.clear();
    }
    in_scope
}
