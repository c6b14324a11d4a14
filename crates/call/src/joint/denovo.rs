//! De novo candidates: alleles that a child has and its parents have not, each by its own evidence.
//!
//! The classes are those of GATK's PossibleDeNovo annotation: `hiConfDeNovo` where child and parents have genotype
//! qualities of 20 or more, `loConfDeNovo` where the child's is 10 or more and the parents' above 0. Here the qualities
//! are those of the gVCFs, so that the family's prior cannot hide a candidate, and a child's record that fails a filter
//! is of low confidence. Beside the class stands the posterior under the family's prior.

use super::unify::Evidence;

/// Least genotype quality of all three for high confidence.
const HIGH: u32 = 20;
/// Least genotype quality of the child for low confidence.
const LOW: u32 = 10;

/// How sure a candidate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Confidence {
    /// See the module text.
    High,
    /// See the module text.
    Low,
}

impl Confidence {
    /// The word of the VCF.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::High => "hiConfDeNovo",
            Self::Low => "loConfDeNovo",
        }
    }
}

/// A candidate.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Candidate {
    /// How sure.
    pub(super) confidence: Confidence,
    /// Posterior chance that the child's genotype needs a mutation; `None` where the model was not used.
    pub(super) posterior: Option<f64>,
}

/// Whether the child has an allele, not `*` (number `spanning`), that none of the parents has who give it a chromosome
/// here. Without evidence of such a parent there is no candidate.
pub(super) fn confidence(child: &Evidence, parents: &[&Evidence], spanning: Option<usize>) -> Option<Confidence> {
    let filters = child.filters.as_ref()?;
    if parents.is_empty() || !parents.iter().all(|p| p.is_called() && p.gq > Some(0)) {
        return None;
    }
    let held = |allele: usize| parents.iter().any(|p| p.genotype.contains(&Some(allele)));
    let own = child
        .genotype
        .iter()
        .flatten()
        .any(|a| *a > 0 && Some(*a) != spanning && !held(*a));
    let quality = child.gq.unwrap_or(0);
    if !own || !child.is_called() || quality < LOW {
        return None;
    }
    let certain = quality >= HIGH && parents.iter().all(|p| p.gq >= Some(HIGH)) && filters.is_empty();
    Some(if certain { Confidence::High } else { Confidence::Low })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(genotype: &[usize], gq: u32, filters: Option<&str>) -> Evidence {
        Evidence {
            ploidy: genotype.len(),
            genotype: genotype.iter().copied().map(Some).collect(),
            gq: Some(gq),
            filters: filters.map(|f| f.split(';').filter(|f| !f.is_empty()).map(str::to_owned).collect()),
            ..Evidence::default()
        }
    }

    #[test]
    fn classes() {
        let reference = |gq| evidence(&[0, 0], gq, None);
        let missing = Evidence {
            genotype: vec![None, None],
            ..Evidence::default()
        };
        for (child, father, mother, expected) in [
            (
                evidence(&[0, 1], 99, Some("")),
                reference(50),
                reference(20),
                Some(Confidence::High),
            ),
            (
                evidence(&[0, 1], 99, Some("LowQual")),
                reference(50),
                reference(50),
                Some(Confidence::Low),
            ),
            (
                evidence(&[0, 1], 15, Some("")),
                reference(50),
                reference(50),
                Some(Confidence::Low),
            ),
            (
                evidence(&[0, 1], 99, Some("")),
                reference(19),
                reference(50),
                Some(Confidence::Low),
            ),
            (evidence(&[0, 1], 9, Some("")), reference(50), reference(50), None),
            (evidence(&[0, 1], 99, Some("")), reference(0), reference(50), None),
            (evidence(&[0, 1], 99, Some("")), missing, reference(50), None),
            (
                evidence(&[0, 1], 99, Some("")),
                evidence(&[0, 1], 5, Some("")),
                reference(50),
                None,
            ),
            // Another alternate than the father's; and the spanning deletion, which is told where it begins.
            (
                evidence(&[0, 2], 99, Some("")),
                evidence(&[0, 1], 99, Some("")),
                reference(50),
                Some(Confidence::High),
            ),
            (evidence(&[0, 3], 99, Some("")), reference(50), reference(50), None),
            // No record of its own at the site.
            (evidence(&[0, 1], 99, None), reference(50), reference(50), None),
        ] {
            assert_eq!(
                confidence(&child, &[&father, &mother], Some(3)),
                expected,
                "{child:?} {father:?}"
            );
        }
        let haploid = evidence(&[1], 99, Some(""));
        assert_eq!(confidence(&haploid, &[&reference(50)], None), Some(Confidence::High));
        assert_eq!(confidence(&haploid, &[], None), None);
    }
}
