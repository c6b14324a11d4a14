//! One pass over the annotated VCF: counts, and what variants tell of contamination and sex.

use std::path::Path;

use clinotype_case::{evidence::Zygosity, quality::VariantFigures};
use clinotype_genome::Result;

use super::{contamination::Contamination, sex::XAlleles};
use crate::evidence::AnnotatedVcf;

/// What one pass over the annotated VCF counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counted {
    /// Figures over the alleles that pass and that the sample carries.
    pub figures: VariantFigures,
    /// What common homozygous variants tell of another person's DNA.
    pub contamination: Contamination,
    /// What the variants of X tell of the number of its copies.
    pub x: XAlleles,
    /// Alleles with an annotation.
    pub alleles: u64,
    /// Alleles without one (`*`, symbolic).
    pub not_annotated: u64,
}

/// Counts over an annotated VCF.
pub fn variants(annotated: &Path) -> Result<Counted> {
    let mut vcf = AnnotatedVcf::open(annotated)?;
    let (mut figures, mut alleles) = (VariantFigures::default(), 0);
    let (mut contamination, mut x) = (Contamination::default(), XAlleles::default());
    let build = vcf.header().build.as_ref().map(|(build, _)| *build);
    let (mut transitions, mut transversions, mut het, mut hom) = (0_u64, 0_u64, 0_u64, 0_u64);
    while let Some(batch) = vcf.next_batch(|allele| Ok(allele.without_consequences()))? {
        for allele in batch {
            alleles += 1;
            // Before the filters: a heterozygous site that was called as one copy may fail them.
            x.add(&allele, build);
            if allele.filters.as_ref().is_some_and(|f| !f.is_empty()) {
                continue;
            }
            contamination.add(&allele);
            match allele.genotype.zygosity() {
                Zygosity::Heterozygous => het += 1,
                Zygosity::Homozygous => hom += 1,
                Zygosity::Absent | Zygosity::NotCalled => continue,
                _ => {}
            }
            if allele.key.is_snv() {
                figures.snvs += 1;
                let pair = (allele.key.reference.as_str(), allele.key.alternate.as_str());
                if matches!(pair, ("A", "G") | ("G", "A") | ("C", "T") | ("T", "C")) {
                    transitions += 1;
                } else {
                    transversions += 1;
                }
            } else if allele.key.is_indel() {
                figures.indels += 1;
            } else {
                figures.others += 1;
            }
        }
    }
    let ratio = |a: u64, b: u64| (b > 0).then(|| a as f64 / b as f64);
    figures.ti_tv = ratio(transitions, transversions);
    figures.het_hom = ratio(het, hom);
    Ok(Counted {
        figures,
        contamination,
        x,
        alleles,
        not_annotated: vcf.not_annotated,
    })
}
