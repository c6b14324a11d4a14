//! What the filters ask of an allele, before anything of it is kept.
//!
//! Of the alleles of a genome a few in a thousand are classified. The others are counted, and for that nobody needs their
//! names: a reader of files shows an outline first, and the whole allele where it is asked for.

use std::borrow::Cow;

use clinotype_case::evidence::{AnnotatedVariant, Impact, Zygosity};

use crate::{rules::RULES, triage};

/// An allele in outline. Every field is that of [`AnnotatedVariant`].
#[derive(Clone, Debug, PartialEq)]
pub struct Outline<'a> {
    /// Zygosity by the genotype.
    pub zygosity: Zygosity,
    /// Whether FILTER names a filter that it failed.
    pub is_filtered: bool,
    /// QUAL, phred.
    pub quality: Option<f64>,
    /// GQ, phred.
    pub genotype_quality: Option<u32>,
    /// DP of the sample.
    pub depth: Option<u32>,
    /// Whether ClinVar lists this very allele as (likely) pathogenic.
    pub is_listed_pathogenic: bool,
    /// Highest splice delta score, 0 to 1.
    pub splice_delta: Option<f64>,
    /// One per transcript.
    pub consequences: Vec<Touched<'a>>,
}

/// A transcript that an allele touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched<'a> {
    /// HGNC symbol.
    pub(crate) symbol: Option<Cow<'a, str>>,
    /// Whether the transcript is of a gene, by symbol or by the annotation's id.
    pub(crate) names_a_gene: bool,
    /// Whether the allele lies only before or behind the gene.
    pub(crate) is_beside: bool,
    /// Whether the consequence is worth a classification.
    pub(crate) is_reviewed: bool,
}

impl<'a> Touched<'a> {
    /// By symbol, whether there is a gene id, impact, and the SO terms.
    pub fn new<'t>(
        symbol: Option<Cow<'a, str>>,
        has_gene_id: bool,
        impact: Impact,
        terms: impl Iterator<Item = &'t str>,
    ) -> Self {
        let (mut is_beside, mut is_reviewed) = (true, impact >= Impact::Moderate);
        for term in terms {
            is_beside &= BESIDE.contains(&term);
            is_reviewed |= RULES.is_reviewed(term);
        }
        Self {
            names_a_gene: symbol.is_some() || has_gene_id,
            symbol,
            is_beside,
            is_reviewed,
        }
    }
}

/// Terms of an allele that lies in no transcript.
const BESIDE: [&str; 3] = ["upstream_gene_variant", "downstream_gene_variant", "intergenic_variant"];

impl<'a> Outline<'a> {
    /// That of a whole allele.
    pub fn of(variant: &'a AnnotatedVariant) -> Self {
        Self {
            zygosity: variant.genotype.zygosity(),
            is_filtered: variant.filters.as_ref().is_some_and(|filters| !filters.is_empty()),
            quality: variant.quality,
            genotype_quality: variant.genotype.quality,
            depth: variant.genotype.depth,
            is_listed_pathogenic: triage::is_listed_pathogenic(variant),
            splice_delta: variant.splice_delta.found().copied(),
            consequences: variant
                .consequences
                .iter()
                .map(|c| {
                    let terms = c.terms.iter().map(String::as_str);
                    Touched::new(
                        c.symbol.as_deref().map(Cow::Borrowed),
                        c.gene_id.is_some(),
                        c.impact,
                        terms,
                    )
                })
                .collect(),
        }
    }
}
