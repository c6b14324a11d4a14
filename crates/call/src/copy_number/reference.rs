//! What normals tell of each target: the fragments that two copies give, and how far samples vary about them.
//!
//! Counts are compared on the scale 2 sqrt(n + 3/8), where counting alone has variance 1 (Anscombe 1948, Biometrika
//! 35:246) and an excess of relative variance phi at mean m adds phi m. Ten to fifty normals tell the variance of one
//! target poorly, but thousands of targets tell how variances are spread: each target's is drawn towards the common one
//! by as much as the spread supports, with the degrees of freedom that this gives (Smyth 2004, Stat Appl Genet Mol Biol
//! 3:3). A sample is then compared by a t distribution, so that a target whose variance is known badly proves little.

use rayon::prelude::*;

use super::{
    factors::{Deviation, Factors},
    fit::Curve,
    numbers::{digamma, median, robust_deviation, trigamma, trigamma_inverse},
};

/// The excess is never taken to be less: a standard deviation of one percent.
const LEAST_EXCESS: f64 = 1e-4;
/// Degrees of freedom that the common variance may have, at least and at most.
const PRIOR_FREEDOM: (f64, f64) = (1.0, 100.0);
/// Targets whose variance lies so many standard deviations above the others', by its logarithm, stand for themselves.
const HYPERVARIABLE: f64 = 3.0;
/// A normal whose ratio lies outside these and that differs by so many standard deviations is taken to carry a
/// deletion or duplication of the target, and left out there.
const CARRIER: (f64, f64, f64) = (0.70, 1.35, 4.0);

/// 2 sqrt(n + 3/8).
pub(super) fn stabilised(count: f64) -> f64 {
    2.0 * (count + 0.375).sqrt()
}

/// Counts of the normals, and what is known of the targets beforehand.
pub(super) struct Normals<'a> {
    /// By normal, by target.
    pub(super) counts: Vec<&'a [u32]>,
    /// By normal, by target: copies expected there; 0 where the normal tells nothing.
    pub(super) copies: Vec<&'a [u8]>,
    /// By target; where unknown, any number.
    pub(super) gc: &'a [f64],
    /// Autosomal targets that scale and variance are learnt from.
    pub(super) learn: &'a [bool],
}

/// What a set of normals tells.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    pub(super) targets: Vec<Known>,
    /// Excess of relative variance that is common to the targets.
    pub(super) common_excess: f64,
    /// What varies together.
    pub(super) factors: Factors,
}

/// What is known of one target.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Known {
    /// Fragments of two copies, on the scale of the profile.
    pub(super) rate: f64,
    /// Relative variance beside that of counting, that of the rate itself included.
    pub(super) excess: f64,
    /// Degrees of freedom of the variance.
    pub(super) freedom: f64,
    /// Normals that could tell, and those of them that were left out as carriers.
    pub(super) normals: usize,
    pub(super) carriers: usize,
}

/// One normal at one target.
#[derive(Clone, Copy)]
struct Seen {
    /// Its number among the chosen ones.
    normal: usize,
    count: f64,
    /// What two copies of rate 1 would give in this sample, times copies / 2.
    exposure: f64,
}

impl Seen {
    fn squared(self, rate: f64) -> f64 {
        let difference = stabilised(self.count) - stabilised(rate * self.exposure);
        difference * difference
    }
}

impl Reference {
    /// Learns from the normals of these numbers; `None` where one of them has no scale.
    pub(super) fn learn(normals: &Normals<'_>, chosen: &[usize]) -> Option<Self> {
        let targets = normals.gc.len();
        let mut scales: Vec<Scale> = chosen
            .iter()
            .map(|n| Scale::Whole((total(normals.counts[*n], normals.learn) / targets as f64).max(1e-9)))
            .collect();
        let mut profile = vec![0.0; targets];
        // First by the whole number of fragments, then by curves about the profile that this gives.
        for round in 0..3 {
            let seen = |t: usize| seen(normals, chosen, &scales, t);
            profile = (0..targets)
                .into_par_iter()
                .map(|t| {
                    let mut rates: Vec<f64> = seen(t).iter().map(|s| s.count / s.exposure).collect();
                    median(&mut rates).unwrap_or(0.0)
                })
                .collect();
            if round < 2 {
                scales = chosen
                    .par_iter()
                    .map(|n| Curve::fit(normals.counts[*n], &profile, normals.gc, normals.learn).map(Scale::Curve))
                    .collect::<Option<Vec<_>>>()?;
            }
        }
        let columns: Vec<Vec<Seen>> = (0..targets)
            .into_par_iter()
            .map(|t| seen(normals, chosen, &scales, t))
            .collect();
        Some(Self::of(&columns, &profile, normals.learn, chosen.len()))
    }

    fn of(columns: &[Vec<Seen>], medians: &[f64], learn: &[bool], normals: usize) -> Self {
        // Roughly first, so that carriers can be told.
        let rough: Vec<(f64, f64)> = columns
            .par_iter()
            .zip(medians)
            .zip(learn)
            .filter(|((seen, rate), learn)| **learn && **rate > 0.0 && seen.len() > 2)
            .filter_map(|((seen, rate), _)| {
                let differences: Vec<f64> = seen
                    .iter()
                    .map(|s| stabilised(s.count) - stabilised(rate * s.exposure))
                    .collect();
                let deviation = robust_deviation(&differences)?;
                Some((deviation * deviation, rate * mean(seen.iter().map(|s| s.exposure))))
            })
            .collect();
        let rough_excess = common(&rough, 1.0);
        let mut kept: Vec<Vec<Seen>> = columns
            .par_iter()
            .zip(medians)
            .map(|(seen, rate)| {
                seen.iter()
                    .copied()
                    .filter(|s| !carries(*s, *rate, rough_excess))
                    .collect()
            })
            .collect();
        let factors = Factors::learn(&deviations(&kept, rough_excess), learn, normals, rough_excess);
        kept.par_iter_mut().enumerate().for_each(|(t, seen)| {
            for s in seen {
                s.exposure *= factors.of_normal(s.normal, t);
            }
        });
        let figures: Vec<Figures> = kept
            .par_iter()
            .enumerate()
            .map(|(t, seen)| Figures::of(seen, rough_excess, factors.count(t)))
            .collect();
        // The common variance, by its median, and how far the targets' own are spread about it.
        let told: Vec<Figures> = figures
            .iter()
            .zip(learn)
            .filter(|(figures, learn)| **learn && figures.freedom > 1.0 && figures.mean > 0.0)
            .map(|(figures, _)| *figures)
            .collect();
        let freedom = median(&mut told.iter().map(|t| t.freedom).collect::<Vec<_>>()).unwrap_or(1.0);
        let squares: Vec<(f64, f64)> = told.iter().map(|t| (t.square, t.mean)).collect();
        // The median of chi-squared over its degrees of freedom (Wilson and Hilferty 1931).
        let common_excess = common(&squares, (1.0 - 2.0 / (9.0 * freedom)).powi(3));
        let prior = Prior::of(&told, common_excess);
        let targets = figures
            .par_iter()
            .zip(columns)
            .enumerate()
            .map(|(t, (figures, all))| {
                let expected = 1.0 + common_excess * figures.mean;
                let (ratio, freedom) = prior.drawn(figures.square / expected, figures.freedom);
                let (total, mean) = (ratio * expected, figures.mean);
                let excess = if mean > 0.0 {
                    ((total - 1.0) / mean).max(LEAST_EXCESS)
                } else {
                    common_excess
                };
                // The rate, and each factor's loading, are known from so many normals only.
                let unknown = (1 + factors.count(t)) as f64 / figures.normals.max(1) as f64;
                let of_rate = if mean > 0.0 {
                    total.max(1.0) / mean * unknown
                } else {
                    0.0
                };
                Known {
                    rate: figures.rate,
                    excess: excess + of_rate,
                    freedom,
                    normals: all.len(),
                    carriers: all.len() - figures.normals,
                }
            })
            .collect();
        Self {
            targets,
            common_excess,
            factors,
        }
    }
}

/// Every normal's deviation from the rate.
fn deviations(kept: &[Vec<Seen>], excess: f64) -> Vec<Vec<Deviation>> {
    kept.par_iter()
        .map(|seen| {
            let rate = rate(seen, excess);
            let one = |s: &Seen| Deviation {
                normal: s.normal,
                log_ratio: ((s.count + 0.5) / (rate * s.exposure + 0.5)).ln(),
                expected: rate * s.exposure,
            };
            seen.iter().map(one).collect()
        })
        .collect()
}

/// How deep a normal is: by all its fragments, or by its curve.
#[derive(Clone, Copy)]
enum Scale {
    Whole(f64),
    Curve(Curve),
}

/// The normals that tell of a target.
fn seen(normals: &Normals<'_>, chosen: &[usize], scales: &[Scale], target: usize) -> Vec<Seen> {
    let told = chosen.iter().zip(scales).enumerate();
    let told = told.filter(|(_, (n, _))| normals.copies[**n][target] > 0);
    told.map(|(normal, (n, scale))| {
        let scale = match scale {
            Scale::Whole(scale) => *scale,
            Scale::Curve(curve) => curve.at(normals.gc[target]),
        };
        Seen {
            normal,
            count: f64::from(normals.counts[*n][target]),
            exposure: scale * f64::from(normals.copies[*n][target]) / 2.0,
        }
    })
    .collect()
}

fn total(counts: &[u32], used: &[bool]) -> f64 {
    counts
        .iter()
        .zip(used)
        .filter(|(_, used)| **used)
        .map(|(n, _)| f64::from(*n))
        .sum()
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = values.len();
    if n == 0 { 0.0 } else { values.sum::<f64>() / n as f64 }
}

fn carries(seen: Seen, rate: f64, excess: f64) -> bool {
    let expected = rate * seen.exposure;
    let (low, high, deviations) = CARRIER;
    let outside = seen.count < low * expected || seen.count > high * expected;
    outside && seen.squared(rate) > deviations * deviations * (1.0 + excess * expected)
}

/// The rate by the weighted mean.
fn rate(seen: &[Seen], excess: f64) -> f64 {
    if seen.is_empty() {
        return 0.0;
    }
    // Weights by what is expected of each sample, not by its own count, or low counts would pull the mean up.
    let rough = seen.iter().map(|s| s.count).sum::<f64>() / seen.iter().map(|s| s.exposure).sum::<f64>();
    let (mut above, mut below) = (0.0, 0.0);
    for s in seen {
        let weight = 1.0 / (1.0 / (rough * s.exposure).max(1.0) + excess);
        above += weight * s.count / s.exposure;
        below += weight;
    }
    above / below
}

/// What the normals say of one target.
#[derive(Clone, Copy)]
struct Figures {
    rate: f64,
    /// Mean square about the rate on the stabilised scale, its degrees of freedom, and the mean count.
    square: f64,
    freedom: f64,
    mean: f64,
    normals: usize,
}

impl Figures {
    fn of(seen: &[Seen], excess: f64, factors: usize) -> Self {
        let rate = rate(seen, excess);
        let freedom = (seen.len() as f64 - 1.0 - factors as f64).max(0.0);
        Self {
            rate,
            square: seen.iter().map(|s| s.squared(rate)).sum::<f64>() / freedom.max(1.0),
            freedom,
            mean: rate * mean(seen.iter().map(|s| s.exposure)),
            normals: seen.len(),
        }
    }
}

/// The excess at which the median of square / (1 + excess mean) is `middle`, by halving.
fn common(squares: &[(f64, f64)], middle: f64) -> f64 {
    let (mut low, mut high) = (LEAST_EXCESS, 1.0);
    for _ in 0..60 {
        let excess = f64::sqrt(low * high);
        let mut ratios: Vec<f64> = squares
            .iter()
            .map(|(square, mean)| square / (1.0 + excess * mean))
            .collect();
        match median(&mut ratios) {
            Some(found) if found > middle => low = excess,
            _ => high = excess,
        }
    }
    low
}

/// The distribution that the targets' variances are drawn from, about what the common excess gives.
struct Prior {
    level: f64,
    freedom: f64,
    /// Middle and standard deviation of the logarithm of what is seen of it.
    middle: f64,
    deviation: f64,
}

impl Prior {
    /// By the logarithm, as Smyth (2004, section 6.2), but with median and median absolute deviation: the few targets
    /// that vary much more than all others must not loosen the prior of these (Phipson 2016, Ann Appl Stat 10:946).
    fn of(told: &[Figures], excess: f64) -> Self {
        let centred = |figures: &Figures| {
            let half = figures.freedom / 2.0;
            let ratio = (figures.square / (1.0 + excess * figures.mean)).max(1e-4);
            ratio.ln() - digamma(half) + half.ln()
        };
        let mut logs: Vec<f64> = told.iter().map(centred).collect();
        let deviation = robust_deviation(&logs).unwrap_or(0.0);
        let middle = median(&mut logs).unwrap_or(0.0);
        let own = told.iter().map(|f| trigamma(f.freedom / 2.0)).sum::<f64>() / told.len().max(1) as f64;
        let beyond = deviation * deviation - own;
        let freedom = if beyond > 0.0 {
            (2.0 * trigamma_inverse(beyond)).clamp(PRIOR_FREEDOM.0, PRIOR_FREEDOM.1)
        } else {
            PRIOR_FREEDOM.1
        };
        let half = freedom / 2.0;
        Self {
            level: (middle + digamma(half) - half.ln()).exp(),
            freedom,
            middle,
            deviation,
        }
    }

    /// A target's own ratio of variances drawn towards the level, and the degrees of freedom of the result. A target
    /// that lies far above the others is none of them: it has its own.
    fn drawn(&self, ratio: f64, own: f64) -> (f64, f64) {
        if own > 1.0 {
            let half = own / 2.0;
            let log = ratio.max(1e-4).ln() - digamma(half) + half.ln();
            if log > self.middle + HYPERVARIABLE * self.deviation.max(trigamma(half).sqrt()) {
                return (ratio, own);
            }
        }
        let freedom = self.freedom + own;
        ((self.freedom * self.level + own * ratio) / freedom, freedom)
    }
}

#[cfg(test)]
mod tests {
    use clinotype_testkit::Dice;

    use super::*;

    /// Counts of `n` normals over targets of mean 400 with this excess, every fifth one ten times as variable.
    fn draw(n: usize, targets: usize, excess: f64, seed: u64) -> Vec<Vec<u32>> {
        let mut dice = Dice::new(seed);
        (0..n)
            .map(|sample| {
                (0..targets)
                    .map(|t| {
                        let excess = if t % 5 == 0 { 10.0 * excess } else { excess };
                        let mean = 400.0 * (1.0 + 0.1 * sample as f64 / n as f64);
                        dice.normal(mean, (mean + excess * mean * mean).sqrt()).max(0.0) as u32
                    })
                    .collect()
            })
            .collect()
    }

    fn learn(counts: &[Vec<u32>]) -> Reference {
        let targets = counts[0].len();
        let (copies, gc, all) = (vec![2; targets], vec![0.5; targets], vec![true; targets]);
        let normals = Normals {
            counts: counts.iter().map(Vec::as_slice).collect(),
            copies: vec![&copies; counts.len()],
            gc: &gc,
            learn: &all,
        };
        Reference::learn(&normals, &(0..counts.len()).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn variances_are_found_again() {
        let reference = learn(&draw(30, 500, 0.003, 1));
        let mean_of = |wanted: bool| {
            let some: Vec<f64> = (0..500)
                .filter(|t| (t % 5 == 0) == wanted)
                .map(|t| reference.targets[t].excess)
                .collect();
            some.iter().sum::<f64>() / some.len() as f64
        };
        assert!((0.0025..0.0045).contains(&mean_of(false)), "{}", mean_of(false));
        assert!((0.015..0.035).contains(&mean_of(true)), "{}", mean_of(true));
    }

    #[test]
    fn carriers_do_not_move_the_rate() {
        let mut counts = draw(12, 100, 0.002, 2);
        let before = learn(&counts);
        for count in &mut counts[3][40..45] {
            *count /= 2;
        }
        let after = learn(&counts);
        for t in [41, 42, 43, 44] {
            let (was, is) = (before.targets[t], after.targets[t]);
            assert_eq!(is.carriers, 1, "{is:?}");
            assert!((is.rate / was.rate - 1.0).abs() < 0.05, "{was:?} {is:?}");
        }
    }
}
