//! The filtering allele frequency of Whiffin 2017 (GIM 19:1151) from an allele count.

/// Largest count for which the sum over the Poisson terms is taken; beyond it the Wilson-Hilferty quantile of the
/// chi-squared distribution is exact to more digits than the frequency is printed with.
const LARGEST_SUMMED: u64 = 1_000;
/// Standard normal quantile of 0.95.
const Z_95: f64 = 1.644_853_626_951_472_2;

/// The highest true frequency, as a share of alleles, at which a count as high as `count` among `alleles` would still
/// be seen in less than 5 % of samples: the one-sided 95 % lower bound of the frequency. Zero for a count of zero.
///
/// It is the largest expected count with `P(X < count) >= 0.95`, divided by the number of alleles. `None` without
/// alleles or with more copies than alleles.
pub(crate) fn filtering_frequency(count: u64, alleles: u64) -> Option<f64> {
    if alleles == 0 || count > alleles {
        return None;
    }
    let expected = match count {
        0 => 0.0,
        1..=LARGEST_SUMMED => by_bisection(count),
        _ => by_wilson_hilferty(count),
    };
    Some(expected / alleles as f64)
}

fn by_bisection(count: u64) -> f64 {
    let (mut low, mut high) = (0.0, count as f64);
    // 100 halvings reach the last bit from any start.
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if below(count, middle) >= 0.95 {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// `P(X < count)` for a Poisson variable with this mean, summed from the largest term down so that no term underflows.
fn below(count: u64, mean: f64) -> f64 {
    // Terms grow up to the mean and the mean is below the count, so the sum runs in logarithms.
    let mut log_term = -mean;
    let mut sum = log_term.exp();
    for k in 1..count {
        log_term += mean.ln() - (k as f64).ln();
        sum += log_term.exp();
    }
    sum
}

/// Half the 5 % quantile of chi-squared with `2 count` degrees of freedom.
fn by_wilson_hilferty(count: u64) -> f64 {
    let share = 1.0 / (9.0 * count as f64);
    count as f64 * (1.0 - share - Z_95 * share.sqrt()).powi(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 0.5 * qchisq(0.05, 2 * count) of statistical tables.
    #[test]
    fn lower_bounds_of_the_tables() {
        for (count, expected) in [
            (0, 0.0),
            (1, 0.0513),
            (2, 0.3554),
            (3, 0.8177),
            (5, 1.9701),
            (10, 5.4254),
            (50, 38.9643),
        ] {
            let got = filtering_frequency(count, 1_000).unwrap() * 1_000.0;
            assert!((got - expected).abs() < 0.0006, "{count}: {got}");
        }
    }

    #[test]
    fn the_two_ways_meet() {
        let (summed, closed) = (by_bisection(LARGEST_SUMMED), by_wilson_hilferty(LARGEST_SUMMED));
        assert!((summed / closed - 1.0).abs() < 1e-5, "{summed} {closed}");
    }

    #[test]
    fn impossible_counts_have_no_frequency() {
        assert_eq!(filtering_frequency(1, 0), None);
        assert_eq!(filtering_frequency(5, 4), None);
        let bound = filtering_frequency(4, 4).unwrap();
        assert!(bound > 0.0 && bound < 1.0);
    }
}
