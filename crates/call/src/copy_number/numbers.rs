//! Medians and the two special functions that the noise model needs.

/// The median; `None` of nothing. Reorders the values.
pub(super) fn median(values: &mut [f64]) -> Option<f64> {
    let n = values.len();
    if n == 0 {
        return None;
    }
    let (below, &mut upper, _) = values.select_nth_unstable_by(n / 2, f64::total_cmp);
    if n % 2 == 1 {
        return Some(upper);
    }
    let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Some(f64::midpoint(lower, upper))
}

/// The standard deviation that a normal distribution of this median absolute deviation has.
pub(super) fn robust_deviation(values: &[f64]) -> Option<f64> {
    let mut copy = values.to_vec();
    let middle = median(&mut copy)?;
    for (to, from) in copy.iter_mut().zip(values) {
        *to = (from - middle).abs();
    }
    Some(1.4826 * median(&mut copy)?)
}

/// Derivative of ln gamma (Abramowitz and Stegun 6.3.5 and 6.3.18), for x > 0.
pub(super) fn digamma(mut x: f64) -> f64 {
    let mut sum = 0.0;
    while x < 8.0 {
        sum -= 1.0 / x;
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    sum + x.ln() - 0.5 / x - y * (1.0 / 12.0 - y * (1.0 / 120.0 - y / 252.0))
}

/// Second derivative of ln gamma (Abramowitz and Stegun 6.4.6 and 6.4.12), for x > 0.
pub(super) fn trigamma(mut x: f64) -> f64 {
    let mut sum = 0.0;
    while x < 8.0 {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    sum + 1.0 / x + y / 2.0 + y / x * (1.0 / 6.0 - y * (1.0 / 30.0 - y / 42.0))
}

/// Where [`trigamma`] has this value, which must be above zero: it falls all the way, so halving finds it.
pub(super) fn trigamma_inverse(value: f64) -> f64 {
    let (mut low, mut high) = (1e-8_f64, 1e8_f64);
    for _ in 0..200 {
        let middle = (low * high).sqrt();
        if trigamma(middle) > value {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low * high).sqrt()
}

/// Solves linear equations (rows of coefficients and the right side) by Gauss's elimination; `None` where they do not
/// tell every unknown.
pub(super) fn solve(mut matrix: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let terms = matrix.len();
    let least = 1e-9 * (0..terms).map(|i| matrix[i][i].abs()).fold(0.0, f64::max);
    for pivot in 0..terms {
        let best = (pivot..terms).max_by(|a, b| matrix[*a][pivot].abs().total_cmp(&matrix[*b][pivot].abs()))?;
        matrix.swap(pivot, best);
        if matrix[pivot][pivot].abs() <= least {
            return None;
        }
        let head = matrix[pivot].clone();
        for (_, row) in matrix.iter_mut().enumerate().filter(|(row, _)| *row != pivot) {
            let factor = row[pivot] / head[pivot];
            for (to, from) in row.iter_mut().zip(&head) {
                *to -= factor * from;
            }
        }
    }
    Some((0..terms).map(|i| matrix[i][terms] / matrix[i][i]).collect())
}

/// Figures are given to four decimals.
pub(super) fn round(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// ln(e^a + e^b).
pub(super) fn add_logs(a: f64, b: f64) -> f64 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    if low == f64::NEG_INFINITY {
        return high;
    }
    high + (low - high).exp().ln_1p()
}

/// ln of the sum of e^x; minus infinity of nothing.
pub(super) fn sum_logs(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(f64::NEG_INFINITY, add_logs)
}

/// Phred-scaled value of a natural logarithm of a probability, from 0 to [`HIGHEST`].
pub(super) fn phred(log_probability: f64) -> f64 {
    (-10.0 * log_probability / std::f64::consts::LN_10).clamp(0.0, HIGHEST)
}

/// Qualities beyond this say more of the model than of the sample (XHMM caps at the same).
pub(super) const HIGHEST: f64 = 99.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_functions_have_their_published_values() {
        // Abramowitz and Stegun, table 6.1 and section 6.3, 6.4.
        for (x, di, tri) in [
            (1.0, -0.577_215_664_9, 1.644_934_066_8),
            (0.5, -1.963_510_026_0, 4.934_802_200_5),
            (2.0, 0.422_784_335_1, 0.644_934_066_8),
            (20.0, 2.970_523_992_2, 0.051_270_822_9),
        ] {
            assert!((digamma(x) - di).abs() < 1e-8, "{x}");
            assert!((trigamma(x) - tri).abs() < 1e-8, "{x}");
            assert!((trigamma_inverse(tri) / x - 1.0).abs() < 1e-6, "{x}");
        }
    }

    #[test]
    fn medians() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(robust_deviation(&[1.0, 1.0, 1.0]), Some(0.0));
    }

    #[test]
    fn equations_are_solved() {
        let found = solve(vec![vec![0.0, 2.0, 4.0], vec![3.0, 1.0, 5.0]]).unwrap();
        assert!((found[0] - 1.0).abs() < 1e-12 && (found[1] - 2.0).abs() < 1e-12);
        assert_eq!(solve(vec![vec![1.0, 2.0, 3.0], vec![2.0, 4.0, 6.0]]), None);
        assert_eq!(solve(Vec::new()), Some(Vec::new()));
    }

    #[test]
    fn logs_add() {
        assert!((sum_logs([0.25_f64.ln(), 0.5_f64.ln()]) - 0.75_f64.ln()).abs() < 1e-12);
        assert_eq!(sum_logs([]), f64::NEG_INFINITY);
        assert_eq!(phred(f64::NEG_INFINITY), HIGHEST);
        assert!((phred(0.01_f64.ln()) - 20.0).abs() < 1e-9);
    }
}
