//! A2 and A4 of the tree: whether the exon matters at all. It does not where no MANE transcript of the gene has it, nor
//! where loss-of-function alleles in it are common in the population.

use clinotype_case::evidence::{LossOfFunction, Mane};

use super::same_gene;
use crate::{
    acmg::Question,
    acmg::share,
    comparators::{Common, contig_name},
    rules::RULES,
};

/// The shown transcript is no MANE one, the gene's MANE Select transcript is among the annotated ones, and neither it
/// nor MANE Plus Clinical loses its function.
pub(super) fn used_elsewhere_only(question: &Question<'_>) -> bool {
    let mane = |wanted: Mane| same_gene(question).filter(move |t| t.mane == wanted);
    question.shown.mane == Mane::None
        && mane(Mane::Select).any(|t| t.loss_of_function.is_none())
        && mane(Mane::PlusClinical).all(|t| t.loss_of_function.is_none())
}

/// The exon that the change lies in, 1-based; of several the first.
pub(super) fn exon(question: &Question<'_>, facts: &LossOfFunction) -> Option<u32> {
    let stated = question.shown.exon.as_deref();
    facts
        .skipped_exon
        .or_else(|| stated?.split(['/', '-']).next()?.parse().ok())
}

/// What is known of loss of function in an exon, in words that begin in lower case and end without a full stop.
pub(super) enum Known {
    /// Common: the region is none whose loss matters.
    Common(String),
    /// Not common, or not known.
    Not(String),
}

/// Loss-of-function alleles of the population in an exon of the shown transcript.
pub(super) fn in_exon(question: &Question<'_>, exon: Option<u32>) -> Known {
    let open = |why: &str| {
        Known::Not(format!(
            "loss-of-function alleles that are common in the exon were not evaluated: {why}"
        ))
    };
    let Some((table, source)) = question
        .comparators
        .and_then(|table| Some((table, table.population.as_ref()?)))
    else {
        return open("no table of them was made from population frequencies");
    };
    if !table
        .population_contigs
        .contains(&contig_name(&question.variant.key.contig))
    {
        return open("the population frequencies have no record on this contig");
    }
    let Some(exon) = exon else {
        return open("the exon is not known");
    };
    // A gene without a record has no allele that is common; one on another transcript says nothing of this exon.
    let gene = question
        .shown
        .symbol
        .as_deref()
        .and_then(|symbol| table.genes.get(symbol));
    if gene.is_some_and(|gene| gene.transcript != question.shown.transcript) {
        return open("the table is on another transcript");
    }
    let limit = share(RULES.limit("lof_common"));
    let found: Vec<&Common> = gene
        .iter()
        .flat_map(|gene| &gene.common)
        .filter(|allele| u32::from(allele.exon) == exon)
        .filter(|allele| allele.frequency > RULES.limit("lof_common") && !allele.is(&question.variant.key))
        .collect();
    match found.first() {
        None => Known::Not(format!(
            "no other loss-of-function allele in exon {exon} is more common than {limit} ({source})"
        )),
        Some(most) => Known::Common(format!(
            "loss-of-function alleles in exon {exon} are common in the population ({}, frequency {}, above {limit}; \
             {source}), so its loss does not matter",
            most.name,
            share(most.frequency)
        )),
    }
}
