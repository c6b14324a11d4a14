//! Where a sum stands among people: principal components of a reference, and what of the sum they predict.
//!
//! As the PGS Catalog Calculator documents it ("How are scores normalised"): components standardised; the most similar
//! population by Mahalanobis distance; percentile and Z in that population; `Z_norm1`, the residual of the sum on the
//! components (Khera 2019, doi 10.1161/CIRCULATIONAHA.118.035658); `Z_norm2`, with the variance of the residual regressed on
//! them too, both fitted together by maximum likelihood (Khan 2022, doi 10.1038/s41591-022-01869-1).
//!
//! The sample is projected by least squares over the sites that it has (as EIGENSOFT's lsqproject does), so that missing
//! sites do not draw it towards the origin.

use std::collections::{BTreeMap, HashMap};

use clinotype_case::prs::{ReferencePanel, Standing};
use clinotype_genome::{Fault, Result};

use super::{
    contig_number,
    matching::is_ambiguous,
    site::Site,
    small_matrix::{chi_square_tail, dot, least_squares, solve},
};

/// The schema of a reference.
const SCHEMA: &str = "clinotype-prs-reference/1";
/// Least share of the sites of the components that a sample must have.
const LEAST_SITES: f64 = 0.8;
/// Least number of people of a population, for a percentile.
const LEAST_PEOPLE: usize = 50;
/// Below this chance of its distance a sample belongs to none of the populations.
const LEAST_P: f64 = 1e-4;
/// Least share of the rows of the reference's sums that must be in the sample's.
const LEAST_ROWS: f64 = 0.99;

/// A reference, checked and fitted.
#[derive(Debug)]
pub struct Panel {
    reference: ReferencePanel,
    by_place: HashMap<(u8, u32), Vec<usize>>,
    components: usize,
    mean: Vec<f64>,
    deviation: Vec<f64>,
    /// People by population.
    populations: BTreeMap<String, Vec<usize>>,
}

/// Genotypes of one sample at the sites of the components.
#[derive(Clone, Debug)]
pub struct Projection {
    dosages: Vec<Option<f64>>,
}

impl Panel {
    /// Checks a reference. Faults (input): another schema, lists of different lengths, numbers that are none, no people.
    pub fn new(reference: ReferencePanel) -> Result<Self> {
        let broken = |what: &str| {
            Err(Fault::input(format!("the reference cannot be used: {what}"))
                .hint("its format is described in the README under \"Polygenic scores\""))
        };
        if reference.schema != SCHEMA {
            return broken(&format!("its schema is not {SCHEMA}"));
        }
        let Some(components) = reference.people.first().map(|p| p.components.len()).filter(|n| *n > 0) else {
            return broken("it has no people, or they have no components");
        };
        if reference.people.iter().any(|p| p.components.len() != components)
            || reference.sites.iter().any(|s| s.loadings.len() != components)
        {
            return broken("the numbers of components differ");
        }
        let finite = |values: &[f64]| values.iter().all(|v| v.is_finite());
        if !reference.people.iter().all(|p| finite(&p.components))
            || !reference
                .sites
                .iter()
                .all(|s| finite(&s.loadings) && s.frequency > 0.0 && s.frequency < 1.0)
            || !reference.scores.values().all(|s| finite(&s.sums))
        {
            return broken("a number is missing, or a frequency is not between 0 and 1");
        }
        if reference
            .scores
            .values()
            .any(|s| s.sums.len() != reference.people.len())
        {
            return broken("the sums of a score are not one for each person");
        }
        let count = reference.people.len() as f64;
        let of = |k: usize| reference.people.iter().map(move |p| p.components[k]);
        let mean: Vec<f64> = (0..components).map(|k| of(k).sum::<f64>() / count).collect();
        let deviation: Vec<f64> = (0..components)
            .map(|k| (of(k).map(|v| (v - mean[k]).powi(2)).sum::<f64>() / count).sqrt())
            .collect();
        if deviation.iter().any(|d| *d <= 0.0) {
            return broken("a component is the same in everybody");
        }
        let mut by_place: HashMap<(u8, u32), Vec<usize>> = HashMap::new();
        for (number, site) in reference.sites.iter().enumerate() {
            let Some(contig) = contig_number(&site.chr) else {
                return broken("a site lies outside the chromosomes");
            };
            by_place.entry((contig, site.pos)).or_default().push(number);
        }
        let mut populations: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (number, person) in reference.people.iter().enumerate() {
            populations.entry(person.population.clone()).or_default().push(number);
        }
        Ok(Self {
            reference,
            by_place,
            components,
            mean,
            deviation,
            populations,
        })
    }

    /// The reference.
    pub fn reference(&self) -> &ReferencePanel {
        &self.reference
    }

    /// Whether a record at this place has a site.
    pub fn wants(&self, contig: u8, position: u32) -> bool {
        self.by_place.contains_key(&(contig, position))
    }

    /// Places of the sites, sorted.
    pub fn places(&self) -> Vec<(u8, u32)> {
        let mut places: Vec<(u8, u32)> = self.by_place.keys().copied().collect();
        places.sort_unstable();
        places
    }

    /// An empty projection.
    pub fn projection(&self) -> Projection {
        Projection {
            dosages: vec![None; self.reference.sites.len()],
        }
    }

    /// Takes a record; sites of one strand-ambiguous pair are not used.
    pub fn add(&self, projections: &mut [Projection], site: &Site) {
        if site.filtered || site.alternates.len() > 1 {
            return;
        }
        for &number in self.by_place.get(&(site.contig, site.position)).into_iter().flatten() {
            let wanted = &self.reference.sites[number];
            if is_ambiguous(&wanted.allele, &wanted.other) {
                continue;
            }
            let alternate = site.alternates.first().map(String::as_str);
            // A record of the reference alone (a gVCF's) has neither alternate, and proves one of the alleles.
            let allele = match alternate {
                Some(alt) if wanted.allele == alt && wanted.other == site.reference => 1,
                Some(alt) if wanted.allele == site.reference && wanted.other == alt => 0,
                None if wanted.allele == site.reference => 0,
                None if wanted.other == site.reference => 1,
                _ => continue,
            };
            for (projection, call) in projections.iter_mut().zip(&site.calls) {
                projection.dosages[number] = call.dosage_of(allele, site.alternates.len());
            }
        }
    }

    /// Where a sum stands. `rows`: the rows in the sample's sum, sorted.
    pub fn standing(&self, projection: &Projection, score: Option<&str>, sum: Option<f64>, rows: &[u32]) -> Standing {
        let found = projection.dosages.iter().flatten().count();
        let mut standing = Standing {
            reference: self.reference.name.clone(),
            sites: (self.reference.sites.len() as u64, found as u64),
            ..Standing::default()
        };
        standing.refused = self.compare(projection, score, sum, rows, &mut standing).err();
        standing
    }

    fn compare(
        &self,
        projection: &Projection,
        score: Option<&str>,
        sum: Option<f64>,
        rows: &[u32],
        standing: &mut Standing,
    ) -> std::result::Result<(), String> {
        let (of, found) = standing.sites;
        if of == 0 || (found as f64) < of as f64 * LEAST_SITES {
            return Err(format!(
                "the sample has {found} of {of} sites of the principal components; {:.0} % are needed to tell its ancestry",
                LEAST_SITES * 100.0
            ));
        }
        let components = self
            .project(projection)
            .ok_or("the sample's sites do not determine the principal components")?;
        let standard = self.standardised(&components);
        standing.components = components;
        let (population, p) = self
            .most_similar(&standard)
            .ok_or("no population of the reference has enough people to measure a distance by")?;
        standing.population = Some(population.to_owned());
        standing.population_p = Some(p);
        if p < LEAST_P {
            return Err(format!(
                "the sample is like none of the reference's populations (the nearest is {population}, p = {p:.1e}): \
                 no percentile can be given"
            ));
        }
        let sum = sum.ok_or("the sample has no sum")?;
        let known = score.and_then(|id| self.reference.scores.get(id));
        let known = known.ok_or("the reference holds no sums of this score")?;
        let shared = known.rows.iter().filter(|row| rows.binary_search(row).is_ok()).count();
        let extra = rows.len() - shared;
        if (shared as f64) < known.rows.len() as f64 * LEAST_ROWS
            || extra as f64 > rows.len() as f64 * (1.0 - LEAST_ROWS)
        {
            return Err(format!(
                "the sums of the reference are of {} rows, the sample's of {}, and they share {shared}: sums of different \
                 rows are not comparable",
                known.rows.len(),
                rows.len()
            ));
        }
        let people = &self.populations[population];
        if people.len() < LEAST_PEOPLE {
            return Err(format!(
                "the population {population} has {} people in the reference; {LEAST_PEOPLE} are needed for a percentile",
                people.len()
            ));
        }
        let own: Vec<f64> = people.iter().map(|&n| known.sums[n]).collect();
        let (mean, deviation) = moments(&own);
        if deviation <= 0.0 {
            return Err("the sums of the reference do not vary".to_owned());
        }
        standing.percentile = Some(percentile(&own, sum));
        standing.z_most_similar = Some((sum - mean) / deviation);
        let x: Vec<Vec<f64>> = self
            .reference
            .people
            .iter()
            .map(|p| with_intercept(&self.standardised(&p.components)))
            .collect();
        let fit = Fit::new(&x, &known.sums).ok_or("the sums of the reference cannot be regressed on its components")?;
        let target = with_intercept(&standard);
        standing.z_norm1 = Some((sum - dot(&target, &fit.mean)) / fit.residual);
        let z = fit.z_norm2(&target, sum);
        standing.z_norm2 = Some(z);
        let reference: Vec<f64> = x.iter().zip(&known.sums).map(|(x, s)| fit.z_norm2(x, *s)).collect();
        standing.percentile_norm2 = Some(percentile(&reference, z));
        Ok(())
    }

    /// The components that explain the standardised dosages best.
    fn project(&self, projection: &Projection) -> Option<Vec<f64>> {
        let n = self.components;
        let (mut a, mut b) = (vec![vec![0.0; n]; n], vec![0.0; n]);
        for (site, dosage) in self.reference.sites.iter().zip(&projection.dosages) {
            let Some(dosage) = dosage else { continue };
            let f = site.frequency;
            let value = (dosage - 2.0 * f) / (2.0 * f * (1.0 - f)).sqrt();
            for i in 0..n {
                b[i] += site.loadings[i] * value;
                for (cell, loading) in a[i].iter_mut().zip(&site.loadings) {
                    *cell += site.loadings[i] * loading;
                }
            }
        }
        solve(&a, &b)
    }

    fn standardised(&self, components: &[f64]) -> Vec<f64> {
        components
            .iter()
            .enumerate()
            .map(|(k, v)| (v - self.mean[k]) / self.deviation[k])
            .collect()
    }

    /// The population with the least Mahalanobis distance, and the chance of that distance.
    fn most_similar(&self, target: &[f64]) -> Option<(&str, f64)> {
        let n = self.components;
        let mut best: Option<(&str, f64)> = None;
        for (name, people) in &self.populations {
            // A covariance of n components needs more people than that.
            if people.len() < 2 * n + 2 {
                continue;
            }
            let rows: Vec<Vec<f64>> = people
                .iter()
                .map(|&p| self.standardised(&self.reference.people[p].components))
                .collect();
            let count = rows.len() as f64;
            let mean: Vec<f64> = (0..n).map(|k| rows.iter().map(|r| r[k]).sum::<f64>() / count).collect();
            let mut covariance = vec![vec![0.0; n]; n];
            for row in &rows {
                for i in 0..n {
                    for j in 0..n {
                        covariance[i][j] += (row[i] - mean[i]) * (row[j] - mean[j]) / count;
                    }
                }
            }
            let apart: Vec<f64> = (0..n).map(|k| target[k] - mean[k]).collect();
            let Some(solved) = solve(&covariance, &apart) else {
                continue;
            };
            let distance = dot(&apart, &solved);
            if best.is_none_or(|(_, least)| distance < least) {
                best = Some((name, distance));
            }
        }
        best.map(|(name, distance)| (name, chi_square_tail(distance, n)))
    }
}

fn with_intercept(values: &[f64]) -> Vec<f64> {
    std::iter::once(1.0).chain(values.iter().copied()).collect()
}

/// Mean and standard deviation (of the population, not of a sample).
fn moments(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / count;
    (mean, variance.sqrt())
}

/// Share of lower values and half of the equal ones, percent.
fn percentile(values: &[f64], of: f64) -> f64 {
    let below = values.iter().filter(|v| **v < of).count() as f64;
    let equal = values.iter().filter(|v| **v == of).count() as f64;
    (below + equal / 2.0) / values.len() as f64 * 100.0
}

/// Mean and variance of a sum by the components.
#[derive(Debug)]
struct Fit {
    /// Ordinary least squares, for `Z_norm1`.
    mean: Vec<f64>,
    /// Standard deviation of its residuals.
    residual: f64,
    /// Mean and log variance, fitted together.
    joint_mean: Vec<f64>,
    log_variance: Vec<f64>,
}

impl Fit {
    /// `None` where the components depend on each other or nothing is left to explain.
    fn new(x: &[Vec<f64>], y: &[f64]) -> Option<Self> {
        let mean = least_squares(x, y, None)?;
        let residuals = |mean: &[f64]| -> Vec<f64> { x.iter().zip(y).map(|(x, y)| y - dot(x, mean)).collect() };
        let (_, residual) = moments(&residuals(&mean));
        if residual <= 0.0 {
            return None;
        }
        // The likelihood of a normal distribution whose mean is linear and whose variance is log-linear: the mean given
        // the variance is weighted least squares, the variance given the mean one step of Fisher scoring; in turns until
        // both stand (Harvey 1976, Econometrica 44:461).
        let mut joint_mean = mean.clone();
        let mut log_variance = vec![0.0; mean.len()];
        log_variance[0] = (residual * residual).ln();
        for _ in 0..500 {
            let before = (joint_mean.clone(), log_variance.clone());
            let variance: Vec<f64> = x.iter().map(|x| dot(x, &log_variance).exp()).collect();
            let weights: Vec<f64> = variance.iter().map(|v| 1.0 / v).collect();
            joint_mean = least_squares(x, y, Some(&weights))?;
            let working: Vec<f64> = residuals(&joint_mean)
                .iter()
                .zip(&variance)
                .map(|(r, v)| r * r / v - 1.0)
                .collect();
            let step = least_squares(x, &working, None)?;
            for (value, step) in log_variance.iter_mut().zip(step) {
                // A far first step would overshoot; near the solution steps are small.
                *value += step.clamp(-0.5, 0.5);
            }
            let moved = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            if moved(&before.0, &joint_mean) < 1e-12 * residual && moved(&before.1, &log_variance) < 1e-12 {
                break;
            }
        }
        Some(Self {
            mean,
            residual,
            joint_mean,
            log_variance,
        })
    }

    fn z_norm2(&self, x: &[f64], sum: f64) -> f64 {
        (sum - dot(x, &self.joint_mean)) / (dot(x, &self.log_variance).exp()).sqrt()
    }
}

#[cfg(test)]
mod tests;
