//! What is asked of a window: the genotypes of a person, or the fraction of each allele in a mixture of cells.
//!
//! An allele of a genotype is on half of the chromosomes; in mitochondria or a tumour it may be on 3 to 5 % of them,
//! so the floors below which the first look takes an allele for noise must lie lower. They only decide where to look
//! closer: whether an allele is there is for [`crate::fraction`] to say.

/// See the module text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aim {
    /// Diploid or haploid genotypes.
    Genotypes,
    /// Allele fractions.
    Fractions,
}

/// Two reads with one error in common are frequent at any depth, three are not.
const MIN_READS: u32 = 3;
/// Of the reads over a base, so many in a hundred make an allele worth a look: a third of the least fraction that is
/// asked for (3 %), which at 1,000 reads leaves out one in a hundred thousand of such alleles.
const PERCENT: u32 = 1;

/// Whether `reads` of `depth` are more than noise, where fractions are asked for.
pub(crate) const fn is_worth_a_look(reads: u32, depth: u32) -> bool {
    reads >= MIN_READS && reads * 100 >= depth * PERCENT
}

impl Aim {
    /// Chains of the assembly graph that fewer reads than this support are errors. The floor grows with depth,
    /// because errors of a deep pileup meet by chance: two reads, or 3 % of the depth for genotypes.
    pub(crate) fn graph_floor(self, depth: u32) -> u32 {
        match self {
            Self::Genotypes => 2.max(depth * 3 / 100),
            Self::Fractions => 2.max(depth * PERCENT / 100),
        }
    }

    /// Alleles that fewer alignments than this show are not put into haplotypes.
    pub(crate) fn pileup_floor(self, depth: u32) -> u32 {
        match self {
            Self::Genotypes => 2.max(depth * 8 / 100),
            Self::Fractions => MIN_READS.max(depth * PERCENT / 100),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floors_by_depth() {
        for (aim, depth, graph, pileup) in [
            (Aim::Genotypes, 30, 2, 2),
            (Aim::Genotypes, 1000, 30, 80),
            (Aim::Fractions, 30, 2, 3),
            (Aim::Fractions, 1000, 10, 10),
        ] {
            assert_eq!((aim.graph_floor(depth), aim.pileup_floor(depth)), (graph, pileup));
        }
        assert!(is_worth_a_look(3, 20) && is_worth_a_look(10, 1000));
        assert!(!is_worth_a_look(2, 20) && !is_worth_a_look(9, 1000));
    }
}
