//! How much deeper one sample is than a profile, and how that depends on G and C.
//!
//! Amplification and capture favour some G and C contents, and by another curve in every library (Benjamini and Speed
//! 2012, Nucleic Acids Res 40:e72). The logarithm of sample over profile is fitted by a parabola in G and C, with
//! Tukey's biweight (Beaton and Tukey 1974), to which targets that are deleted or duplicated are outliers.

use super::numbers::{median, robust_deviation, solve};

/// Targets need so many fragments, by the profile, to be fitted to.
const LEAST_EXPECTED: f64 = 20.0;
/// A scale needs so many targets,
pub(super) const LEAST_TARGETS: usize = 20;
/// and a curve so many.
const LEAST_FOR_CURVE: usize = 60;
/// Variance of the logarithm beside that of counting, for the weights: a tenth of the mean is usual.
const EXCESS: f64 = 0.01;
/// Where the biweight ends, in standard deviations: 95 % efficiency at the normal distribution.
const BIWEIGHT: f64 = 4.685;
const ROUNDS: usize = 12;

/// A sample against a profile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Curve {
    coefficients: [f64; 3],
    /// G and C of the fitted targets: the curve goes on flat outside.
    low: f64,
    high: f64,
    /// Robust standard deviation of the logarithm about the curve.
    pub(super) deviation: f64,
}

/// G and C about its usual middle, in steps of a tenth.
fn step(gc: f64) -> f64 {
    (gc - 0.5) * 10.0
}

impl Curve {
    /// Sample over profile at this share of G and C.
    pub(super) fn at(&self, gc: f64) -> f64 {
        let g = step(gc.clamp(self.low, self.high));
        let [a, b, c] = self.coefficients;
        (a + g * (b + g * c)).exp()
    }

    /// Fits the counts of a sample to a profile over the targets in `used`; `None` where fewer than 20 have enough
    /// fragments.
    pub(super) fn fit(counts: &[u32], profile: &[f64], gc: &[f64], used: &[bool]) -> Option<Self> {
        let every = || (0..counts.len()).filter(|t| used[*t] && profile[*t] > 0.0);
        let total: f64 = every().map(|t| f64::from(counts[t])).sum();
        let scale = total / every().map(|t| profile[t]).sum::<f64>();
        let points: Vec<Point> = every()
            .filter(|t| profile[*t] * scale >= LEAST_EXPECTED)
            .map(|t| Point {
                g: step(gc[t]),
                log: ((f64::from(counts[t]) + 0.5) / profile[t]).ln(),
                weight: 1.0 / (1.0 / (profile[t] * scale) + EXCESS),
            })
            .collect();
        if points.len() < LEAST_TARGETS {
            return None;
        }
        let terms = if points.len() < LEAST_FOR_CURVE { 1 } else { 3 };
        let mut coefficients = [median(&mut points.iter().map(|p| p.log).collect::<Vec<_>>())?, 0.0, 0.0];
        for _ in 0..ROUNDS {
            let residuals: Vec<f64> = points
                .iter()
                .map(|p| p.residual(&coefficients) * p.weight.sqrt())
                .collect();
            let deviation = robust_deviation(&residuals)?.max(1e-9);
            let weighted = points.iter().zip(&residuals).map(|(p, r)| {
                let u = r / (BIWEIGHT * deviation);
                let near = (1.0 - u * u).max(0.0);
                (*p, p.weight * near * near)
            });
            coefficients = parabola(weighted, terms).unwrap_or(coefficients);
        }
        let mut steps: Vec<f64> = points.iter().map(|p| p.g).collect();
        steps.sort_by(f64::total_cmp);
        // The outermost targets do not bend the curve for those beyond them.
        let edge = points.len() / 50;
        let residuals: Vec<f64> = points.iter().map(|p| p.residual(&coefficients)).collect();
        Some(Self {
            coefficients,
            low: steps[edge] / 10.0 + 0.5,
            high: steps[points.len() - 1 - edge] / 10.0 + 0.5,
            deviation: robust_deviation(&residuals)?,
        })
    }
}

#[derive(Clone, Copy)]
struct Point {
    g: f64,
    log: f64,
    weight: f64,
}

impl Point {
    fn residual(&self, [a, b, c]: &[f64; 3]) -> f64 {
        self.log - (a + self.g * (b + self.g * c))
    }
}

/// Weighted least squares of the first `terms` powers; `None` where the points do not tell.
fn parabola(points: impl Iterator<Item = (Point, f64)>, terms: usize) -> Option<[f64; 3]> {
    let mut matrix = vec![vec![0.0; terms + 1]; terms];
    for (point, weight) in points {
        let powers = [1.0, point.g, point.g * point.g];
        for row in 0..terms {
            for column in 0..terms {
                matrix[row][column] += weight * powers[row] * powers[column];
            }
            matrix[row][terms] += weight * powers[row] * point.log;
        }
    }
    let mut found = [0.0; 3];
    found[..terms].copy_from_slice(&solve(matrix)?);
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn design(n: usize) -> (Vec<f64>, Vec<f64>) {
        let gc: Vec<f64> = (0..n).map(|t| 0.3 + 0.4 * ((t * 37) % n) as f64 / n as f64).collect();
        let profile: Vec<f64> = (0..n).map(|t| 200.0 + (t % 7) as f64 * 100.0).collect();
        (gc, profile)
    }

    #[test]
    fn a_curve_is_found_although_a_gene_is_deleted() {
        let (gc, profile) = design(300);
        let truth = |gc: f64| 1.7 * (0.08 * step(gc) - 0.03 * step(gc) * step(gc)).exp();
        let counts: Vec<u32> = (0..300)
            .map(|t| (profile[t] * truth(gc[t]) * if t < 60 { 0.5 } else { 1.0 }).round() as u32)
            .collect();
        let curve = Curve::fit(&counts, &profile, &gc, &[true; 300]).unwrap();
        for g in [0.32, 0.4, 0.5, 0.6, 0.68] {
            assert!(
                (curve.at(g) / truth(g) - 1.0).abs() < 0.01,
                "{g}: {} {}",
                curve.at(g),
                truth(g)
            );
        }
        assert_eq!(curve.at(0.9), curve.at(1.0));
    }

    #[test]
    fn few_targets_have_a_scale_and_fewer_have_none() {
        let (gc, profile) = design(30);
        let counts: Vec<u32> = profile.iter().map(|p| (p * 2.0) as u32).collect();
        let curve = Curve::fit(&counts, &profile, &gc, &[true; 30]).unwrap();
        assert!((curve.at(0.3) - 2.0).abs() < 0.01 && curve.at(0.3) == curve.at(0.7));
        let mut used = [true; 30];
        used[..11].fill(false);
        assert_eq!(Curve::fit(&counts, &profile, &gc, &used), None);
        assert_eq!(Curve::fit(&[0; 30], &profile, &gc, &[true; 30]), None);
    }
}
