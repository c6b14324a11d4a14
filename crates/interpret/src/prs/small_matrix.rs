//! Small symmetric systems: as many unknowns as principal components.

/// Solves `a x = b` for a symmetric positive definite `a` by Cholesky; `None` where it is not (components that depend on
/// each other, or too few people).
pub(crate) fn solve(a: &[Vec<f64>], b: &[f64]) -> Option<Vec<f64>> {
    let lower = cholesky(a)?;
    let n = b.len();
    let mut y = vec![0.0; n];
    for i in 0..n {
        let sum: f64 = (0..i).map(|k| lower[i][k] * y[k]).sum();
        y[i] = (b[i] - sum) / lower[i][i];
    }
    let mut x = vec![0.0; n];
    for i in (0..n).rev() {
        let sum: f64 = (i + 1..n).map(|k| lower[k][i] * x[k]).sum();
        x[i] = (y[i] - sum) / lower[i][i];
    }
    Some(x)
}

fn cholesky(a: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let n = a.len();
    let mut lower = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
            let rest = a[i][j] - sum;
            if i == j {
                // Relative to the diagonal, so that the units do not matter.
                if rest.is_nan() || rest <= a[i][i].abs() * 1e-12 {
                    return None;
                }
                lower[i][i] = rest.sqrt();
            } else {
                lower[i][j] = rest / lower[j][j];
            }
        }
    }
    Some(lower)
}

/// Weighted least squares of `y` on the rows of `x`; with unit weights the ordinary one.
pub(crate) fn least_squares(x: &[Vec<f64>], y: &[f64], weights: Option<&[f64]>) -> Option<Vec<f64>> {
    let n = x.first()?.len();
    let mut a = vec![vec![0.0; n]; n];
    let mut b = vec![0.0; n];
    for (row, (values, target)) in x.iter().zip(y).enumerate() {
        let weight = weights.map_or(1.0, |w| w[row]);
        for i in 0..n {
            b[i] += weight * values[i] * target;
            for (cell, value) in a[i].iter_mut().zip(values) {
                *cell += weight * values[i] * value;
            }
        }
    }
    solve(&a, &b)
}

/// Inner product.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Upper tail of the chi-square distribution: the regularised incomplete gamma function, by its series below the mean
/// and its continued fraction above (Abramowitz and Stegun 6.5.29, 6.5.31).
pub(crate) fn chi_square_tail(x: f64, degrees: usize) -> f64 {
    let (a, x) = (degrees as f64 / 2.0, x / 2.0);
    if x <= 0.0 {
        return 1.0;
    }
    let front = (a * x.ln() - x - log_gamma(a)).exp();
    if x < a + 1.0 {
        let (mut term, mut sum) = (1.0 / a, 1.0 / a);
        for n in 1..1000 {
            term *= x / (a + f64::from(n));
            sum += term;
            if term < sum * 1e-15 {
                break;
            }
        }
        1.0 - front * sum
    } else {
        // Lentz's method.
        let tiny = 1e-300;
        let mut b = x + 1.0 - a;
        let mut c = 1.0 / tiny;
        let mut d = 1.0 / b;
        let mut h = d;
        for n in 1..1000 {
            let n = f64::from(n);
            let an = -n * (n - a);
            b += 2.0;
            let nonzero = |v: f64| if v.abs() < tiny { tiny } else { v };
            d = 1.0 / nonzero(an * d + b);
            c = nonzero(b + an / c);
            let step = c * d;
            h *= step;
            if (step - 1.0).abs() < 1e-15 {
                break;
            }
        }
        front * h
    }
}

/// ln Gamma for a half or whole number above 0, by recurrence.
fn log_gamma(a: f64) -> f64 {
    let (mut at, mut sum) = if a.fract() == 0.0 {
        (1.0, 0.0)
    } else {
        (0.5, std::f64::consts::PI.sqrt().ln())
    };
    while at + 0.25 < a {
        sum += f64::ln(at);
        at += 1.0;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems() {
        let a = vec![vec![4.0, 2.0], vec![2.0, 3.0]];
        let x = solve(&a, &[10.0, 9.0]).unwrap();
        assert!((x[0] - 1.5).abs() < 1e-12 && (x[1] - 2.0).abs() < 1e-12);
        assert!(solve(&[vec![1.0, 1.0], vec![1.0, 1.0]], &[1.0, 1.0]).is_none());
        let rows = vec![vec![1.0, 0.0], vec![1.0, 1.0], vec![1.0, 2.0]];
        let fit = least_squares(&rows, &[1.0, 3.0, 5.0], None).unwrap();
        assert!((fit[0] - 1.0).abs() < 1e-12 && (fit[1] - 2.0).abs() < 1e-12);
    }

    #[test]
    fn chi_square() {
        // Quantiles of the table: 3.841459 (1), 9.487729 (4), 18.307038 (10) leave 5 %.
        for (x, degrees) in [(3.841_458_820_694, 1), (9.487_729_036_781, 4), (18.307_038_053_275, 10)] {
            assert!((chi_square_tail(x, degrees) - 0.05).abs() < 1e-9, "{degrees}");
        }
        assert!((chi_square_tail(2.0, 2) - (-1.0_f64).exp()).abs() < 1e-12);
    }
}
