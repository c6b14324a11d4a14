//! One allele at an unknown fraction: the model of mitochondria and of tumour-only calling.
//!
//! A read comes from the allele with the chance `f`, else from the other alleles of the site in their likeliest
//! proportions. With `x` the likelihood ratio of the read (the allele against the others), the reads are
//! `L(f) = prod(1 + f (x - 1))` times likelier at `f` than without the allele. Every fraction is as likely as another
//! beforehand, so the evidence is `TLOD = log10 of the integral of L(f) over 0..1` (Benjamin 2019, bioRxiv 861054, the
//! somatic likelihoods model; Cibulskis 2013, Nat Biotechnol 31:213, takes L at its maximum instead, which favours the
//! allele). `L` is log-concave, so it has one maximum, the fraction that is told, and the 95 % credible interval is the
//! shortest that holds 95 % of its area.

use crate::allele::Site;

/// What the reads say of one allele.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fraction {
    /// log10 of how much likelier the reads are with the allele, at any fraction, than without it.
    pub(crate) tlod: f64,
    /// Likeliest fraction.
    pub(crate) best: f64,
    /// Lower end of the credible interval.
    pub(crate) low: f64,
    /// Upper end.
    pub(crate) high: f64,
}

/// One molecule is wrong at least this often (10^-4, phred 40), whatever its base qualities say: errors of the first
/// cycles of PCR are read without doubt (the default of GATK Mutect2's `--pcr-snv-qual` and `--pcr-indel-qual`).
const MOST_TOLD: f64 = 4.0;
/// Cells of the integral; the interval is told to about a tenth of a standard deviation.
const CELLS: usize = 256;
/// The integral leaves out where `L` is less than e^-25 of its maximum.
const NEGLIGIBLE: f64 = 25.0;
/// Share of the area in the credible interval.
const CREDIBLE: f64 = 0.95;

/// What one base tells that is wrong with the chance `error`: log10 of its likelihood ratio between two bases.
pub(crate) fn told(error: f64) -> f64 {
    ((1.0 - error) / (error / 3.0)).log10().clamp(0.0, MOST_TOLD)
}

/// Likelihood ratios of reads, those that are equal taken together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ratios {
    /// (ratio less 1, how many reads have it).
    groups: Vec<(f64, f64)>,
}

impl Ratios {
    /// From log10 ratios, cut to what one molecule can tell.
    pub(crate) fn new(log10: impl IntoIterator<Item = f64>) -> Self {
        let mut all: Vec<f64> = log10.into_iter().map(|x| x.clamp(-MOST_TOLD, MOST_TOLD)).collect();
        all.sort_by(f64::total_cmp);
        Self {
            groups: all
                .chunk_by(|a, b| a == b)
                .map(|group| (10f64.powf(group[0]) - 1.0, group.len() as f64))
                .collect(),
        }
    }

    /// For `reference` reads and `alternate` reads that each tell this much (see [`told`]).
    pub(crate) fn of_counts(reference: u32, alternate: u32, told: f64) -> Self {
        Self {
            groups: [(-told, reference), (told, alternate)]
                .into_iter()
                .filter(|(_, n)| *n > 0)
                .map(|(x, n)| (10f64.powf(x) - 1.0, f64::from(n)))
                .collect(),
        }
    }

    /// Natural logarithm of `L(f)`.
    pub(crate) fn ln(&self, f: f64) -> f64 {
        self.groups.iter().map(|(x, n)| n * (f * x).ln_1p()).sum()
    }

    fn slope(&self, f: f64) -> f64 {
        self.groups.iter().map(|(x, n)| n * x / (1.0 + f * x)).sum()
    }

    /// log10 of the mean of `L` over `low..high`, each fraction as likely as another.
    pub(crate) fn log10_mean(&self, low: f64, high: f64) -> f64 {
        let (_, most, from, to) = self.support(low, high);
        let width = (to - from) / CELLS as f64;
        let sum: f64 = (0..CELLS)
            .map(|cell| (self.ln(from + (cell as f64 + 0.5) * width) - most).exp())
            .sum();
        (most + (sum * width / (high - low)).ln()) / std::f64::consts::LN_10
    }

    /// Within `low..high`: where `L` is greatest, its logarithm there, and the ends beyond which it is negligible.
    fn support(&self, low: f64, high: f64) -> (f64, f64, f64, f64) {
        let best = if self.slope(low) <= 0.0 {
            low
        } else if self.slope(high) >= 0.0 {
            high
        } else {
            bisect(low, high, |f| self.slope(f) > 0.0)
        };
        let most = self.ln(best);
        let gone = |f: f64| self.ln(f) < most - NEGLIGIBLE;
        let from = if gone(low) { bisect(low, best, gone) } else { low };
        let to = if gone(high) {
            bisect(best, high, |f| !gone(f))
        } else {
            high
        };
        (best, most, from, to)
    }

    /// Evidence, fraction and interval.
    pub(crate) fn weigh(&self) -> Fraction {
        let (best, most, from, to) = self.support(0.0, 1.0);
        let width = (to - from) / CELLS as f64;
        let heights: Vec<f64> = (0..CELLS)
            .map(|cell| (self.ln(from + (cell as f64 + 0.5) * width) - most).exp())
            .collect();
        let area: f64 = heights.iter().sum();
        // From the cell of the maximum outwards, always to the higher side.
        let top = (((best - from) / width) as usize).min(CELLS - 1);
        let (mut first, mut last, mut inside) = (top, top, heights[top]);
        while inside < CREDIBLE * area {
            let left = first.checked_sub(1).map_or(0.0, |cell| heights[cell]);
            let right = heights.get(last + 1).copied().unwrap_or(0.0);
            if first > 0 && (left >= right || last + 1 == CELLS) {
                first -= 1;
                inside += left;
            } else if last + 1 < CELLS {
                last += 1;
                inside += right;
            } else {
                break;
            }
        }
        Fraction {
            tlod: (most + (area * width).ln()) / std::f64::consts::LN_10,
            best,
            low: from + first as f64 * width,
            high: from + (last + 1) as f64 * width,
        }
    }
}

/// The point of `low..high` up to which `holds` is true.
fn bisect(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// The reads' ratios for one allele of a site against all its other alleles.
pub(crate) fn ratios(site: &Site, allele: usize) -> Ratios {
    let others: Vec<usize> = (0..site.alleles.len()).filter(|a| *a != allele).collect();
    let shares = shares(site, &others);
    Ratios::new(site.likelihoods.iter().map(|row| {
        let without: f64 = others.iter().zip(&shares).map(|(&a, s)| 10f64.powf(row[a]) * s).sum();
        row[allele] - without.max(1e-300).log10()
    }))
}

/// The likeliest fractions of some of a site's alleles (expectation and maximisation).
pub(crate) fn shares(site: &Site, alleles: &[usize]) -> Vec<f64> {
    if alleles.len() == 1 {
        return vec![1.0];
    }
    let mut shares = vec![1.0 / alleles.len() as f64; alleles.len()];
    let rows: Vec<Vec<f64>> = site
        .likelihoods
        .iter()
        .map(|row| alleles.iter().map(|&a| 10f64.powf(row[a])).collect())
        .collect();
    for _ in 0..50 {
        let mut sums = vec![1e-9; alleles.len()];
        for row in &rows {
            let total: f64 = row.iter().zip(&shares).map(|(l, s)| l * s).sum();
            if total > 0.0 {
                for ((sum, likely), share) in sums.iter_mut().zip(row).zip(&shares) {
                    *sum += likely * share / total;
                }
            }
        }
        let total: f64 = sums.iter().sum();
        shares = sums.into_iter().map(|s| s / total).collect();
    }
    shares
}

#[cfg(test)]
mod tests {
    use clinotype_testkit::Dice;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn evidence_by_hand() {
        // One read of ratio 10^4 and none against it: the integral of 1 + f (x - 1) is 1 + (x - 1) / 2.
        let one = Ratios::new([4.0]).weigh();
        assert!((one.tlod - (1.0 + 9999.0 / 2.0f64).log10()).abs() < 1e-3, "{one:?}");
        assert!((one.best - 1.0).abs() < 1e-6);
        // Reads that tell nothing: no evidence, and the interval is 95 % of all fractions.
        let none = Ratios::new([0.0; 30]).weigh();
        assert!(none.tlod.abs() < 1e-9, "{none:?}");
        assert!((none.high - none.low - 0.95).abs() < 0.01, "{none:?}");
        let nothing = Ratios::default().weigh();
        assert!(nothing.tlod.abs() < 1e-9);
        // No alternate among 500: at most 0.6 % (the rule of three).
        let absent = Ratios::of_counts(500, 0, told(1e-3)).weigh();
        assert!(
            absent.best < 1e-6 && absent.tlod < 0.0 && (absent.high - 0.006).abs() < 5e-4,
            "{absent:?}"
        );
        let tenth = Ratios::of_counts(90, 10, told(1e-4)).weigh();
        assert!((tenth.best - 0.1).abs() < 1e-3, "{tenth:?}");
        let whole = Ratios::new([4.0; 10]).log10_mean(0.4, 0.6);
        assert!((whole - 37.21).abs() < 0.05, "{whole}");
    }

    #[test]
    fn the_interval_covers() {
        // Of 400 draws at each fraction and depth, about 380 intervals hold the fraction.
        let mut dice = Dice::new(7);
        for (fraction, depth) in [(0.05, 500), (0.1, 100), (0.3, 60), (0.5, 30)] {
            let mut held = 0;
            for _ in 0..400 {
                let alternate = (0..depth).filter(|_| dice.chance(fraction)).count() as u32;
                let seen = Ratios::of_counts(depth - alternate, alternate, told(1e-3)).weigh();
                held += u32::from(seen.low <= fraction && fraction <= seen.high);
            }
            assert!((364..=396).contains(&held), "{fraction} at {depth}: {held}");
        }
    }

    proptest! {
        #[test]
        fn one_more_alternate_read_is_more_evidence(
            depth in 2u32..1500, share in 0.0f64..1.0, quality in 15u8..45,
        ) {
            let k = (f64::from(depth - 1) * share) as u32;
            let error = told(crate::phred::error(quality));
            let fewer = Ratios::of_counts(depth - k, k, error).weigh();
            let more = Ratios::of_counts(depth - k - 1, k + 1, error).weigh();
            prop_assert!(more.tlod > fewer.tlod, "{fewer:?} {more:?}");
            prop_assert!(more.best >= fewer.best - 1e-9);
            for seen in [fewer, more] {
                prop_assert!(seen.low <= seen.best + 1e-9 && seen.best <= seen.high + 1e-9, "{seen:?}");
                prop_assert!((-1e-9..=1.0 + 1e-9).contains(&seen.low) && seen.high <= 1.0 + 1e-9);
            }
        }
    }
}
