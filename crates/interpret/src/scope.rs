//! Which genes may be displayed, and the removal of everything else before anything is concluded.

use std::collections::BTreeSet;

use clinotype_case::{
    Order,
    evidence::{AnnotatedVariant, TranscriptConsequence},
    finding::{Scope, ScopeSource},
};

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

/// Keeps only the consequences of genes in scope: nothing that is kept later can name another gene.
///
/// An allele that lies inside another gene and only beside a gene in scope belongs to the other one: listing it would
/// show a finding that nobody asked for or consented to.
pub(crate) fn restrict(variant: &mut AnnotatedVariant, genes: &BTreeSet<String>) -> InScope {
    let touches = variant
        .consequences
        .iter()
        .any(|c| c.symbol.is_some() || c.gene_id.is_some());
    let is_in_scope = |c: &TranscriptConsequence| c.symbol.as_ref().is_some_and(|symbol| genes.contains(symbol));
    let inside_another = variant.consequences.iter().any(|c| !is_in_scope(c) && !is_beside(c));
    variant.consequences.retain(is_in_scope);
    if inside_another && variant.consequences.iter().all(is_beside) {
        variant.consequences.clear();
    }
    match (variant.consequences.is_empty(), touches) {
        (false, _) => InScope::Yes,
        (true, true) => InScope::OtherGenes,
        (true, false) => InScope::NoGene,
    }
}

/// Whether the allele lies only before or behind the gene.
fn is_beside(consequence: &TranscriptConsequence) -> bool {
    let beside = ["upstream_gene_variant", "downstream_gene_variant", "intergenic_variant"];
    consequence.terms.iter().all(|term| beside.contains(&term.as_str()))
}
