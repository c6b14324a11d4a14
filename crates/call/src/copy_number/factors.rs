//! Hidden factors: how depth varies together over many targets from sample to sample, for reasons nobody measured
//! (batch of probes, quality of DNA, temperature).
//!
//! XHMM (Fromer 2012) and CoNIFER (Krumm 2012, Genome Res 22:1525) take principal components out of a cohort. Here they
//! are learnt from the normals alone, and only those are kept that stand out from what noise gives by chance (the edge
//! of Marchenko and Pastur 1967); the sample's share of each is fitted robustly, so that the targets of an event, which
//! are few, do not enter it.

use super::{
    fit::Curve,
    numbers::{robust_deviation, solve},
};

/// A factor must stand this much above the edge.
const ABOVE_EDGE: f64 = 1.1;
/// At most one factor for so many normals, and for so many targets.
const NORMALS_FOR_ONE: usize = 5;
const TARGETS_FOR_ONE: usize = 50;
/// A correction changes what is expected by at most this factor, either way.
const MOST: f64 = 2.0;
/// Where the biweight ends, as in [`Curve`].
const BIWEIGHT: f64 = 4.685;

/// A normal at a target: its number, the logarithm of its fragments over those expected, and how many those are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deviation {
    pub(super) normal: usize,
    pub(super) log_ratio: f64,
    pub(super) expected: f64,
}

/// Factors of a set of normals.
#[derive(Clone, Debug, Default)]
pub(super) struct Factors {
    /// By normal: its share of each factor.
    shares: Vec<Vec<f64>>,
    /// By target: what one share changes in the logarithm of depth.
    loadings: Vec<Vec<f64>>,
}

impl Factors {
    /// Learns from the deviations of `normals` normals at each target; shares come from those in `learn` that all
    /// normals but a few carriers tell of.
    pub(super) fn learn(deviations: &[Vec<Deviation>], learn: &[bool], normals: usize, excess: f64) -> Self {
        let mut gram = vec![vec![0.0; normals]; normals];
        let mut used = 0;
        for (column, _) in deviations.iter().zip(learn).filter(|(_, learn)| **learn) {
            if column.is_empty() || column.iter().any(|d| d.expected < 1.0) {
                continue;
            }
            let mut row = vec![0.0; normals];
            for d in column {
                row[d.normal] = d.log_ratio / (1.0 / d.expected + excess).sqrt();
            }
            // A target that varies by itself must not make a factor of its own.
            let square = row.iter().map(|z| z * z).sum::<f64>() / column.len() as f64;
            let scale = square.max(1.0);
            for a in 0..normals {
                for b in 0..normals {
                    gram[a][b] += row[a] * row[b] / scale;
                }
            }
            used += 1;
        }
        let most = (normals / NORMALS_FOR_ONE).min(used / TARGETS_FOR_ONE);
        let shares = outstanding(gram, used, most);
        let none = Self {
            shares: vec![Vec::new(); normals],
            loadings: vec![Vec::new(); deviations.len()],
        };
        if shares.is_empty() {
            return none;
        }
        let shares: Vec<Vec<f64>> = (0..normals).map(|n| shares.iter().map(|s| s[n]).collect()).collect();
        let loadings = deviations
            .iter()
            .map(|column| {
                let rows = column.iter().map(|d| (&shares[d.normal][..], d.log_ratio, 1.0));
                // Fewer normals than twice the factors cannot tell them (of X and Y, where one sex is missing).
                if column.len() > 2 * most {
                    least_squares(rows, shares[0].len()).unwrap_or_default()
                } else {
                    Vec::new()
                }
            })
            .collect();
        Self { shares, loadings }
    }

    /// How many were learnt at a target.
    pub(super) fn count(&self, target: usize) -> usize {
        self.loadings[target].len()
    }

    /// What a normal's share of all factors does to its depth at a target.
    pub(super) fn of_normal(&self, normal: usize, target: usize) -> f64 {
        product(&self.shares[normal], &self.loadings[target])
    }

    /// What given shares do at a target.
    pub(super) fn at(&self, shares: &[f64], target: usize) -> f64 {
        product(shares, &self.loadings[target])
    }

    /// The shares of a sample, from its deviations by target about `curve`.
    pub(super) fn shares_of(
        &self,
        counts: &[u32],
        rates: &[f64],
        gc: &[f64],
        used: &[bool],
        curve: &Curve,
        excess: f64,
    ) -> Vec<f64> {
        let factors = self.loadings.iter().map(Vec::len).max().unwrap_or(0);
        let mut shares = vec![0.0; factors];
        if factors == 0 {
            return shares;
        }
        let points: Vec<(&[f64], f64, f64)> = (0..counts.len())
            .filter(|t| used[*t] && self.loadings[*t].len() == factors)
            .filter_map(|t| {
                let expected = rates[t] * curve.at(gc[t]);
                let log_ratio = ((f64::from(counts[t]) + 0.5) / (expected + 0.5)).ln();
                (expected >= 10.0).then(|| (&self.loadings[t][..], log_ratio, 1.0 / (1.0 / expected + excess)))
            })
            .collect();
        for _ in 0..8 {
            let residuals: Vec<f64> = points
                .iter()
                .map(|(loadings, log, weight)| (log - dot(&shares, loadings)) * weight.sqrt())
                .collect();
            let Some(deviation) = robust_deviation(&residuals) else {
                break;
            };
            let weighted = points
                .iter()
                .zip(&residuals)
                .map(|((loadings, log, weight), residual)| {
                    let u = residual / (BIWEIGHT * deviation.max(1e-9));
                    let near = (1.0 - u * u).max(0.0);
                    (*loadings, *log, weight * near * near)
                });
            match least_squares(weighted, factors) {
                Some(found) => shares = found,
                None => break,
            }
        }
        shares
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn product(shares: &[f64], loadings: &[f64]) -> f64 {
    dot(shares, loadings).exp().clamp(1.0 / MOST, MOST)
}

/// Weighted least squares without a constant.
fn least_squares<'a>(rows: impl Iterator<Item = (&'a [f64], f64, f64)>, terms: usize) -> Option<Vec<f64>> {
    let mut matrix = vec![vec![0.0; terms + 1]; terms];
    for (x, y, weight) in rows {
        for a in 0..terms {
            for b in 0..terms {
                matrix[a][b] += weight * x[a] * x[b];
            }
            matrix[a][terms] += weight * x[a] * y;
        }
    }
    solve(matrix)
}

/// Eigenvectors of unit length whose eigenvalue stands out from those that follow.
fn outstanding(gram: Vec<Vec<f64>>, targets: usize, most: usize) -> Vec<Vec<f64>> {
    let n = gram.len();
    if most == 0 {
        return Vec::new();
    }
    let mut pairs = eigen(gram);
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut found = Vec::new();
    for at in 0..most {
        // The mean of every target was taken off: one dimension is empty.
        let rest = &pairs[at + 1..n - 1];
        let noise = rest.iter().map(|p| p.0).sum::<f64>() / rest.len().max(1) as f64;
        let edge = (1.0 + (rest.len() as f64 / targets as f64).sqrt()).powi(2);
        if pairs[at].0 <= ABOVE_EDGE * edge * noise {
            break;
        }
        found.push(pairs[at].1.clone());
    }
    found
}

/// Eigenvalues and eigenvectors of a symmetric matrix, by Jacobi's rotations.
fn eigen(mut matrix: Vec<Vec<f64>>) -> Vec<(f64, Vec<f64>)> {
    let n = matrix.len();
    let mut vectors: Vec<Vec<f64>> = (0..n)
        .map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect())
        .collect();
    for _ in 0..60 {
        let off: f64 = (0..n)
            .flat_map(|i| (0..i).map(move |j| (i, j)))
            .map(|(i, j)| matrix[i][j].powi(2))
            .sum();
        let diagonal: f64 = (0..n).map(|i| matrix[i][i].powi(2)).sum();
        if off <= 1e-24 * diagonal {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                if matrix[p][q] == 0.0 {
                    continue;
                }
                let theta = (matrix[q][q] - matrix[p][p]) / (2.0 * matrix[p][q]);
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                for row in &mut matrix {
                    (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
                }
                for rows in [&mut matrix, &mut vectors] {
                    let (above, below) = rows.split_at_mut(q);
                    for (a, b) in above[p].iter_mut().zip(&mut below[0]) {
                        (*a, *b) = (c * *a - s * *b, s * *a + c * *b);
                    }
                }
            }
        }
    }
    (0..n).map(|i| (matrix[i][i], vectors[i].clone())).collect()
}

#[cfg(test)]
mod tests {
    use clinotype_testkit::Dice;

    use super::*;

    #[test]
    fn eigenvalues_of_a_known_matrix() {
        let mut pairs = eigen(vec![vec![2.0, 1.0, 0.0], vec![1.0, 2.0, 0.0], vec![0.0, 0.0, 5.0]]);
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (found, value) in pairs.iter().zip([1.0, 3.0, 5.0]) {
            assert!((found.0 - value).abs() < 1e-12);
        }
        let v = &pairs[1].1;
        assert!((v[0] - v[1]).abs() < 1e-9 && v[2].abs() < 1e-9, "{v:?}");
    }

    fn draw(factor: f64) -> Vec<Vec<Deviation>> {
        let mut dice = Dice::new(3);
        let shares: Vec<f64> = (0..20).map(|_| dice.normal(0.0, 1.0)).collect();
        (0..400)
            .map(|_| {
                let loading = dice.normal(0.0, factor);
                let logs: Vec<f64> = shares.iter().map(|s| s * loading + dice.normal(0.0, 0.07)).collect();
                let mean = logs.iter().sum::<f64>() / 20.0;
                let deviations = logs.iter().enumerate().map(|(normal, log)| Deviation {
                    normal,
                    log_ratio: log - mean,
                    expected: 400.0,
                });
                deviations.collect()
            })
            .collect()
    }

    #[test]
    fn a_factor_is_found_and_noise_has_none() {
        let all = vec![true; 400];
        let none = Factors::learn(&draw(0.0), &all, 20, 0.0025);
        assert_eq!(none.count(0), 0);
        assert_eq!(none.of_normal(3, 0), 1.0);
        let deviations = draw(0.05);
        let factors = Factors::learn(&deviations, &all, 20, 0.0025);
        assert_eq!(factors.count(0), 1);
        let square = |of: &dyn Fn(usize, &Deviation) -> f64| -> f64 {
            let all = deviations
                .iter()
                .enumerate()
                .flat_map(|(t, c)| c.iter().map(move |d| (t, d)));
            all.map(|(t, d)| of(t, d).powi(2)).sum::<f64>() / 8000.0
        };
        let before = square(&|_, d| d.log_ratio);
        let after = square(&|t, d| d.log_ratio - factors.of_normal(d.normal, t).ln());
        // Of the variance 0.07^2 + 0.05^2 the second part goes, and of the first one in twenty for the mean and another
        // for the factor.
        assert!(
            (before / 0.0070 - 1.0).abs() < 0.2 && (after / 0.0044 - 1.0).abs() < 0.1,
            "{before} {after}"
        );
    }
}
