//! Where two alleles of a gene lie to each other in one person.

use clinotype_case::evidence::{AnnotatedVariant, Genotype};

/// Where two alleles of one gene lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// On different copies of the gene.
    Trans,
    /// On the same copy.
    Cis,
    /// The genotypes do not say.
    Unknown,
}

/// Phase of two heterozygous alleles: told by two phased genotypes of one phase set, or by one genotype that holds
/// both alleles (`1/2`).
pub(crate) fn phase(a: &AnnotatedVariant, b: &AnnotatedVariant) -> Phase {
    if a.key.contig != b.key.contig {
        return Phase::Unknown;
    }
    let both_alternate = |text: &str| {
        let mut alleles = text.split(['/', '|']);
        matches!((alleles.next(), alleles.next(), alleles.next()), (Some(x), Some(y), None)
            if x != y && x != "0" && y != "0" && x != "." && y != ".")
    };
    // Two ALT of one record: the genotype and the depth are one and the same, and the places overlap.
    let ((a_start, a_end), (b_start, b_end)) = (a.key.span(), b.key.span());
    let overlap = a_start <= b_end && b_start <= a_end;
    if overlap
        && a.genotype.text == b.genotype.text
        && a.genotype.depth == b.genotype.depth
        && both_alternate(&a.genotype.text)
    {
        return Phase::Trans;
    }
    match (haplotype(&a.genotype), haplotype(&b.genotype)) {
        (Some(x), Some(y)) if a.genotype.phase_set == b.genotype.phase_set => {
            if x == y {
                Phase::Cis
            } else {
                Phase::Trans
            }
        }
        _ => Phase::Unknown,
    }
}

/// Which haplotype (0 or 1) of a phased heterozygous genotype `0|1` or `1|0` holds the allele.
fn haplotype(genotype: &Genotype) -> Option<usize> {
    // Without PS the VCF specification lets a phased genotype belong to one set per contig; callers differ, so a
    // set must be stated before two places are joined.
    genotype.phase_set?;
    if !genotype.phased || genotype.copies != Some(1) {
        return None;
    }
    let alleles: Vec<&str> = genotype.text.split('|').collect();
    match alleles[..] {
        ["0", x] if x != "0" && x != "." => Some(1),
        [x, "0"] if x != "0" && x != "." => Some(0),
        _ => None,
    }
}
