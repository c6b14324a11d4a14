//! Kinship from genotypes: the KING-robust estimate between families (Manichaikul 2010, Bioinformatics 26:2867,
//! equation 11), which needs no allele frequencies and holds whatever population each of the two is of.
//!
//! With `n` sites at which the first, second, or both are heterozygous, or both homozygous for different alleles:
//! phi = (both - 2 opposite) / (2 h) + 1/2 - (h + k) / (4 h), h the lesser of the two's counts of heterozygous sites,
//! k the greater.

use clinotype_case::{
    family::{Degree, Kinship, PairCheck},
    pedigree::Pedigree,
    quality::CheckResult,
};

use super::sites::{Place, Site};

/// Sites with a heterozygous genotype that a figure needs: ten in each stretch of the jackknife.
const LEAST_SITES: u64 = 200;
/// Stretches of the genome that the jackknife leaves out in turn.
const STRETCHES: usize = 20;
/// Sites counted together before the stretches are known.
const BIN: u64 = 8;
/// A figure this many standard errors beyond a bound is beyond it.
const BEYOND: f64 = 3.0;
/// Homozygous for different alleles, by sites at which both are heterozygous. Of parent and child there is none but by
/// error. Of full siblings it is above 0.02 wherever the alternate is commoner than 5 % (0.1 at 50 %), by the chances of
/// sharing 0, 1, 2 alleles (1/4, 1/2, 1/4) under Hardy-Weinberg proportions.
const OPPOSITE: f64 = 0.02;

/// Counts over some sites.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    both: u64,
    opposite: u64,
    first: u64,
    second: u64,
    sites: u64,
}

impl Counts {
    fn add(&mut self, other: &Self) {
        self.both += other.both;
        self.opposite += other.opposite;
        self.first += other.first;
        self.second += other.second;
        self.sites += other.sites;
    }

    fn less(&self, other: &Self) -> Self {
        Self {
            both: self.both - other.both,
            opposite: self.opposite - other.opposite,
            first: self.first - other.first,
            second: self.second - other.second,
            sites: self.sites - other.sites,
        }
    }

    /// `None` where one of the two has no heterozygous site.
    fn kinship(&self) -> Option<f64> {
        let (h, k) = (self.first.min(self.second) as f64, self.first.max(self.second) as f64);
        (h > 0.0).then(|| (self.both as f64 - 2.0 * self.opposite as f64) / (2.0 * h) + 0.5 - 0.25 * (h + k) / h)
    }
}

/// Every two samples.
#[derive(Debug)]
pub(super) struct Pairs {
    /// First and second sample, and the counts of each bin in the order of the genome.
    pairs: Vec<(usize, usize, Vec<Counts>)>,
}

impl Pairs {
    pub(super) fn new(samples: usize) -> Self {
        let pairs = (0..samples).flat_map(|a| (a + 1..samples).map(move |b| (a, b, Vec::new())));
        Self { pairs: pairs.collect() }
    }

    /// Takes a site; only autosomal SNVs with one alternate count.
    pub(super) fn add(&mut self, site: &Site) {
        if site.place != Place::Autosome || !site.simple {
            return;
        }
        for (a, b, bins) in &mut self.pairs {
            let (Some(&[a1, a2]), Some(&[b1, b2])) = (
                site.genotypes[*a].as_deref().and_then(|g| g.first_chunk()),
                site.genotypes[*b].as_deref().and_then(|g| g.first_chunk()),
            ) else {
                continue;
            };
            let (first, second) = (a1 != a2, b1 != b2);
            let opposite = !first && !second && a1 != b1;
            if !first && !second && !opposite {
                continue;
            }
            if bins.last().is_none_or(|bin: &Counts| bin.sites >= BIN) {
                bins.push(Counts::default());
            }
            if let Some(bin) = bins.last_mut() {
                bin.add(&Counts {
                    both: u64::from(first && second),
                    opposite: u64::from(opposite),
                    first: u64::from(first),
                    second: u64::from(second),
                    sites: u64::from(first || second),
                });
            }
        }
    }

    /// The checks of every pair.
    pub(super) fn checks(&self, samples: &[String], pedigree: Option<&Pedigree>) -> Vec<PairCheck> {
        self.pairs
            .iter()
            .map(|(a, b, bins)| {
                let (first, second) = (&samples[*a], &samples[*b]);
                let parent_and_child = pedigree.is_some_and(|p| {
                    let of = |child: &str, parent: &String| {
                        p.get(child)
                            .is_some_and(|m| m.father.as_ref() == Some(parent) || m.mother.as_ref() == Some(parent))
                    };
                    of(first, second) || of(second, first)
                });
                let declared = pedigree.and_then(|p| p.kinship(first, second));
                let sites = bins.iter().map(|bin| bin.sites).sum();
                let observed = estimate(bins);
                let (result, reason) = verdict(declared, parent_and_child, observed.as_ref(), sites);
                PairCheck {
                    first: first.clone(),
                    second: second.clone(),
                    declared,
                    parent_and_child,
                    observed,
                    sites,
                    result,
                    reason,
                }
            })
            .collect()
    }
}

/// The estimate with its standard error (delete-one-group jackknife: Busing 1999, Stat Comput 9:3, equal groups).
fn estimate(bins: &[Counts]) -> Option<Kinship> {
    let mut all = Counts::default();
    for bin in bins {
        all.add(bin);
    }
    if all.sites < LEAST_SITES {
        return None;
    }
    let kinship = all.kinship()?;
    let mut stretches = [Counts::default(); STRETCHES];
    for (number, bin) in bins.iter().enumerate() {
        stretches[number * STRETCHES / bins.len()].add(bin);
    }
    let n = STRETCHES as f64;
    let without: Vec<f64> = stretches.iter().filter_map(|s| all.less(s).kinship()).collect();
    let mean = without.iter().sum::<f64>() / n;
    let variance = without.iter().map(|w| (w - mean) * (w - mean)).sum::<f64>() * (n - 1.0) / n;
    (without.len() == STRETCHES).then(|| Kinship {
        estimate: kinship,
        standard_error: variance.sqrt(),
        degree: Degree::of(kinship),
        both_heterozygous: all.both,
        opposite_homozygous: all.opposite,
    })
}

/// The declared degree against the observed one.
fn verdict(
    declared: Option<f64>,
    parent_and_child: bool,
    observed: Option<&Kinship>,
    sites: u64,
) -> (CheckResult, String) {
    let Some(seen) = observed else {
        return (
            CheckResult::NotAssessed,
            format!("{sites} autosomal SNVs with a heterozygous genotype; {LEAST_SITES} are needed"),
        );
    };
    let figure = format!(
        "kinship {:.4} +- {:.4} over {sites} SNVs: {}",
        seen.estimate,
        seen.standard_error,
        seen.degree.words()
    );
    let Some(declared) = declared else {
        return if seen.degree == Degree::Same {
            (CheckResult::Warn, format!("{figure}; no relation was declared"))
        } else {
            (CheckResult::NotAssessed, format!("{figure}; no relation was declared"))
        };
    };
    let expected = Degree::of(declared);
    let figure = format!("{figure}; declared {declared:.4}: {}", expected.words());
    if expected == seen.degree {
        let ratio = seen.opposite_homozygous as f64 / seen.both_heterozygous.max(1) as f64;
        if parent_and_child && ratio > OPPOSITE {
            return (
                CheckResult::Warn,
                format!(
                    "{figure}, as parent and child, but {} sites have opposite homozygotes: rather siblings",
                    seen.opposite_homozygous
                ),
            );
        }
        return (CheckResult::Pass, figure);
    }
    // The bound that lies between the declared degree and the figure.
    let further = seen.degree > expected;
    let bound = Degree::BOUNDS
        .into_iter()
        .find(|(degree, _)| {
            if further {
                *degree == expected
            } else {
                degree.next() == expected
            }
        })
        .map_or(0.0, |(_, bound)| bound);
    let distance = (seen.estimate - bound).abs();
    // Parents may be distant relatives without knowing it; a sample of somebody else is not.
    let distant = expected >= Degree::Third && seen.degree >= Degree::Second;
    if distance > BEYOND * seen.standard_error && !distant {
        return (
            CheckResult::Fail,
            format!("{figure}; the samples are not related as declared"),
        );
    }
    let why = if distant {
        "distant relation"
    } else {
        "within three standard errors of the bound"
    };
    (CheckResult::Warn, format!("{figure}; {why}"))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    #[test]
    fn the_estimate_by_hand() {
        // Equation 11 with N(Aa,Aa) = 30, N(AA,aa) = 5, N(Aa) = 80 and 100.
        let counts = Counts {
            both: 30,
            opposite: 5,
            first: 100,
            second: 80,
            sites: 150,
        };
        let expected = 20.0 / 160.0 + 0.5 - 180.0 / 320.0;
        assert!((counts.kinship().unwrap() - expected).abs() < 1e-12);
        assert_eq!(Counts::default().kinship(), None);
    }

    fn seen(estimate: f64, standard_error: f64, opposite_homozygous: u64) -> Kinship {
        Kinship {
            estimate,
            standard_error,
            degree: Degree::of(estimate),
            both_heterozygous: 1000,
            opposite_homozygous,
        }
    }

    #[test]
    fn verdicts() {
        use CheckResult::{Fail, NotAssessed, Pass, Warn};
        for (declared, parent, observed, expected) in [
            (Some(0.25), true, Some(seen(0.25, 0.01, 1)), Pass),
            (Some(0.25), true, Some(seen(0.25, 0.01, 90)), Warn),
            (Some(0.25), false, Some(seen(0.25, 0.01, 90)), Pass),
            (Some(0.25), true, Some(seen(0.0, 0.01, 300)), Fail),
            (Some(0.25), true, Some(seen(0.5, 0.01, 0)), Fail),
            (Some(0.25), false, Some(seen(0.17, 0.01, 0)), Warn),
            (Some(0.25), false, Some(seen(0.12, 0.01, 0)), Fail),
            (Some(0.0), false, Some(seen(-0.1, 0.01, 0)), Pass),
            (Some(0.0), false, Some(seen(0.06, 0.001, 0)), Warn),
            (Some(0.0), false, Some(seen(0.12, 0.001, 0)), Warn),
            (Some(0.0), false, Some(seen(0.25, 0.01, 0)), Fail),
            (Some(0.0), false, Some(seen(0.5, 0.01, 0)), Fail),
            (Some(0.0), false, None, NotAssessed),
            (None, false, Some(seen(0.25, 0.01, 0)), NotAssessed),
            (None, false, Some(seen(0.5, 0.01, 0)), Warn),
        ] {
            let (result, reason) = verdict(declared, parent, observed.as_ref(), 5000);
            assert_eq!(result, expected, "{declared:?} {observed:?}: {reason}");
        }
    }
}
