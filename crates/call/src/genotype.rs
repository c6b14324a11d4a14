//! From read likelihoods to a genotype.
//!
//! Likelihood of a genotype: each read comes from each chromosome with equal chance (Li 2011, Bioinformatics 27:2987,
//! equation 2). Prior: heterozygous for an alternate allele with that allele's rate, homozygous with half of it, two
//! different alternates with the product of their rates, or for two indels of one repeat with the greater rate times
//! [`SECOND_INDEL`].

use crate::{
    allele::{SPANNING, Site},
    options::SNV_PRIOR,
    phred::log10_sum,
};

/// Where one indel allele segregates, the other chromosome has a third allele in about one of fifty people: such
/// sites mutate again and again.
const SECOND_INDEL: f64 = 0.02;
/// Two alternate bases at one site.
const SECOND_SNV: f64 = 1e-3;
/// The greatest quality that is told.
pub(crate) const MAX_GQ: u32 = 99;

/// A called genotype.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Genotype {
    /// Allele numbers, ascending; one per chromosome.
    pub(crate) alleles: Vec<usize>,
    /// Phred-scaled posterior chance that it is another one.
    pub(crate) gq: u32,
    /// Phred-scaled likelihoods in the order of VCF, the least of them 0.
    pub(crate) pl: Vec<u32>,
    /// Phred-scaled posterior chance that no alternate allele is there.
    pub(crate) qual: f64,
}

/// All genotypes in the order of VCF 4.3, section 1.6.2: for diploids by the greater allele, then the lesser.
pub(crate) fn order(alleles: usize, ploidy: usize) -> Vec<Vec<usize>> {
    if ploidy == 1 {
        return (0..alleles).map(|a| vec![a]).collect();
    }
    (0..alleles).flat_map(|b| (0..=b).map(move |a| vec![a, b])).collect()
}

/// log10 likelihood of every genotype, in the order of [`order`].
pub(crate) fn likelihoods(rows: &[Vec<f64>], alleles: usize, ploidy: usize) -> Vec<f64> {
    order(alleles, ploidy)
        .into_iter()
        .map(|genotype| match genotype[..] {
            [a, b] if a != b => rows
                .iter()
                .map(|row| {
                    let (most, least) = if row[a] > row[b] {
                        (row[a], row[b])
                    } else {
                        (row[b], row[a])
                    };
                    most + f64::midpoint(1.0, 10f64.powf(least - most)).log10()
                })
                .sum(),
            _ => rows.iter().map(|row| row[genotype[0]]).sum(),
        })
        .collect()
}

/// log10 prior of every genotype. `indel` is the rate of heterozygous indels at this site.
pub(crate) fn priors(site: &Site, ploidy: usize, indel: f64) -> Vec<f64> {
    let is_indel: Vec<bool> = site
        .alleles
        .iter()
        .map(|a| a != SPANNING && a.len() != site.alleles[0].len())
        .collect();
    // The deletion that spans the site was weighed where it begins; here it costs as much as a base.
    let rate = |a: usize| if is_indel[a] { indel } else { SNV_PRIOR };
    let genotypes = order(site.alleles.len(), ploidy);
    let mut priors: Vec<f64> = genotypes
        .iter()
        .map(|genotype| match genotype[..] {
            [0] | [0, 0] => 0.0,
            [a] => rate(a),
            [0, b] => rate(b),
            [a, b] if a == b => rate(a) / 2.0,
            [a, b] => {
                let second = if is_indel[a] && is_indel[b] {
                    SECOND_INDEL
                } else {
                    SECOND_SNV
                };
                (rate(a) * rate(b)).max(rate(a).max(rate(b)) * second)
            }
            _ => 0.0,
        })
        .collect();
    let variant: f64 = priors.iter().sum();
    priors[0] = (1.0 - variant).max(0.5);
    priors.into_iter().map(f64::log10).collect()
}

/// The likeliest genotype of a site.
pub(crate) fn call(site: &Site, ploidy: usize, indel: f64) -> Genotype {
    let likelihood = likelihoods(&site.likelihoods, site.alleles.len(), ploidy);
    let joint: Vec<f64> = likelihood
        .iter()
        .zip(priors(site, ploidy, indel))
        .map(|(l, p)| l + p)
        .collect();
    let best = (0..joint.len()).fold(0, |best, g| if joint[g] > joint[best] { g } else { best });
    let all = log10_sum(&joint);
    let others: Vec<f64> = (0..joint.len()).filter(|&g| g != best).map(|g| joint[g]).collect();
    let gq = (-10.0 * (log10_sum(&others) - all)).clamp(0.0, f64::from(MAX_GQ));
    Genotype {
        alleles: order(site.alleles.len(), ploidy).swap_remove(best),
        gq: gq.round() as u32,
        pl: phred_scaled(&likelihood),
        qual: (-10.0 * (joint[0] - all)).max(0.0),
    }
}

/// Likelihoods as VCF's PL.
pub(crate) fn phred_scaled(likelihoods: &[f64]) -> Vec<u32> {
    let most = likelihoods.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    likelihoods
        .iter()
        .map(|l| ((most - l) * 10.0).round().min(1e6) as u32)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allele::Observation;

    fn site(alleles: &[&str], rows: Vec<Vec<f64>>) -> Site {
        Site {
            position: 9,
            alleles: alleles.iter().map(|a| a.as_bytes().to_vec()).collect(),
            observations: rows
                .iter()
                .map(|_| Observation {
                    reverse: false,
                    mapq: 60,
                    from_end: 9,
                    fragment: 0,
                    best: None,
                })
                .collect(),
            likelihoods: rows,
        }
    }

    #[test]
    fn order_of_vcf() {
        assert_eq!(
            order(3, 2),
            [[0, 0], [0, 1], [1, 1], [0, 2], [1, 2], [2, 2]].map(|g| g.to_vec())
        );
        assert_eq!(order(2, 1), [[0], [1]].map(|g| g.to_vec()));
    }

    #[test]
    fn likelihood_table() {
        // Two reads by hand: one of A (error 0.01), one of C (error 0.1).
        let rows = vec![
            vec![0.99f64.log10(), (0.01f64 / 3.0).log10()],
            vec![(0.1f64 / 3.0).log10(), 0.9f64.log10()],
        ];
        let got = likelihoods(&rows, 2, 2);
        let expected = [
            0.99f64 * (0.1 / 3.0),
            f64::midpoint(0.99, 0.01 / 3.0) * f64::midpoint(0.9, 0.1 / 3.0),
            0.01 / 3.0 * 0.9,
        ];
        for (g, e) in got.iter().zip(expected) {
            assert!((g - e.log10()).abs() < 1e-12);
        }
        assert_eq!(phred_scaled(&got), [8, 0, 19]);
    }

    #[test]
    fn genotypes_of_clear_cases() {
        let of = |reference: usize, alternate: usize, ploidy| {
            let mut rows = vec![vec![-0.0004, -3.5]; reference];
            rows.extend(vec![vec![-3.5, -0.0004]; alternate]);
            call(&site(&["A", "C"], rows), ploidy, 1e-4)
        };
        for (reference, alternate, ploidy, expected) in [
            (20, 0, 2, vec![0, 0]),
            (20, 1, 2, vec![0, 0]),
            (10, 10, 2, vec![0, 1]),
            (0, 20, 2, vec![1, 1]),
            (0, 20, 1, vec![1]),
            (20, 0, 1, vec![0]),
            (0, 0, 2, vec![0, 0]),
        ] {
            let got = of(reference, alternate, ploidy);
            assert_eq!(got.alleles, expected, "{reference} {alternate} {ploidy}");
            assert_eq!(got.qual > 20.0, alternate > 5, "{got:?}");
        }
        assert_eq!(of(0, 0, 2).pl, [0, 0, 0]);
        assert_eq!(of(10, 10, 2).gq, 99);
    }

    #[test]
    fn two_different_indels() {
        let mut rows = vec![vec![-4.0, -0.01, -3.0]; 12];
        rows.extend(vec![vec![-4.0, -3.0, -0.01]; 12]);
        let got = call(&site(&["CAA", "CA", "C"], rows), 2, 1e-4);
        assert_eq!(got.alleles, [1, 2]);
    }
}
