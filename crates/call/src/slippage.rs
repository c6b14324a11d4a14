//! How often sequencing slips in a repeat, and how often people differ there.
//!
//! The error prior for homopolymers is the table of Albers 2011 (Dindel, Genome Res 21:961, supplement): the chance
//! that a read shows a false indel in a run of n bases. Other repeats slip less than a homopolymer of the same length
//! (Willems 2017, Nat Methods 14:590); they take the rate of a shorter run. The sample's own rate replaces the prior
//! where there is enough of it: see [`Slippage::learn`].

use crate::repeats::Tract;

/// Repeats longer than this share a rate.
const LONGEST: usize = 40;
/// Units of 1, 2, 3, and 4 or more bases.
const CLASSES: usize = 4;
/// The prior counts as so many reads of evidence.
const PRIOR_READS: f64 = 500.0;
/// Rates stay below this.
const HIGHEST: f64 = 0.25;
/// Chance that a gap goes on by one base: phred 10, as in GATK's pair-HMM.
pub(crate) const GAP_EXTENSION: f64 = 0.1;

/// Error rate of a homopolymer of `length` bases.
fn homopolymer_prior(length: f64) -> f64 {
    const TABLE: [f64; 10] = [
        2.9e-5, 2.9e-5, 2.9e-5, 2.9e-5, 4.3e-5, 1.1e-4, 2.4e-4, 5.7e-4, 1.0e-3, 1.4e-3,
    ];
    let at = (length - 1.0).max(0.0);
    let low = at.floor() as usize;
    if low + 1 >= TABLE.len() {
        return (TABLE[9] + 4.3e-4 * (length - 10.0)).min(HIGHEST);
    }
    TABLE[low] + (TABLE[low + 1] - TABLE[low]) * (at - low as f64)
}

/// The length of the homopolymer that slips as often as this repeat.
fn effective(unit: u32, length: u32) -> f64 {
    let copies = f64::from(length) / f64::from(unit);
    copies + (f64::from(length) - copies) * 0.25
}

fn class(unit: u32) -> usize {
    (unit as usize).clamp(1, CLASSES) - 1
}

/// What one reference repeat showed: reads that span it, and those of them with an indel in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Observed {
    /// Its class, see [`CLASSES`].
    class: usize,
    /// Its length in bases, at most [`LONGEST`].
    length: usize,
    /// Reads that span it.
    spanning: u32,
    /// Of these, reads with an indel.
    with_indel: u32,
}

impl Observed {
    /// One repeat's counts.
    pub(crate) fn new(tract: &Tract, spanning: u32, with_indel: u32) -> Self {
        Self {
            class: class(tract.unit),
            length: (tract.len() as usize).min(LONGEST),
            spanning,
            with_indel,
        }
    }
}

/// Rates by unit class and length.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Slippage {
    errors: [[f64; LONGEST + 1]; CLASSES],
}

impl Default for Slippage {
    /// The prior.
    fn default() -> Self {
        let unit_of = [1, 2, 3, 4];
        Self {
            errors: std::array::from_fn(|class| {
                std::array::from_fn(|length| homopolymer_prior(effective(unit_of[class], length as u32)))
            }),
        }
    }
}

impl Slippage {
    /// The sample's own rates. A repeat is either as the reference (a read slips with the unknown rate), or
    /// heterozygous (half of the reads differ), or homozygous for another length (nearly all do); the rate is found
    /// by expectation and maximisation over all repeats of one class and length, and the prior weighs in as
    /// [`PRIOR_READS`] reads. Longer repeats never get a smaller rate than shorter ones.
    pub(crate) fn learn(observed: &[Observed]) -> Self {
        let mut table = Self::default();
        for (class, rates) in table.errors.iter_mut().enumerate() {
            for (length, rate) in rates.iter_mut().enumerate() {
                let prior = *rate;
                let loci: Vec<&Observed> = observed
                    .iter()
                    .filter(|o| o.class == class && o.length == length && o.spanning > 0)
                    .collect();
                if loci.is_empty() {
                    continue;
                }
                let variant = indel_prior(length as u32, class as u32 + 1);
                for _ in 0..20 {
                    let (mut slipped, mut reads) = (prior * PRIOR_READS, PRIOR_READS);
                    for locus in &loci {
                        let (n, k) = (f64::from(locus.spanning), f64::from(locus.with_indel));
                        let like = |p: f64| k * p.ln() + (n - k) * (1.0 - p).ln();
                        let as_reference = (1.0 - 1.5 * variant).ln() + like(*rate);
                        let het = variant.ln() + like(0.5);
                        let hom = (0.5 * variant).ln() + like(1.0 - rate.max(0.01));
                        let most = as_reference.max(het).max(hom);
                        let weight = (as_reference - most).exp()
                            / ((as_reference - most).exp() + (het - most).exp() + (hom - most).exp());
                        slipped += weight * k;
                        reads += weight * n;
                    }
                    *rate = (slipped / reads).clamp(1e-6, HIGHEST);
                }
            }
            for length in 1..rates.len() {
                rates[length] = rates[length].max(rates[length - 1]);
            }
        }
        table
    }

    /// The chance that a read shows a false indel in this repeat.
    pub(crate) fn error(&self, unit: u32, length: u32) -> f64 {
        self.errors[class(unit)][(length as usize).min(LONGEST)]
    }

    /// For every base of a sequence, the chance to open an insertion after it, or a deletion at it.
    ///
    /// The pair-HMM sums over all places of a gap, and a gap of one unit has `length - unit + 1` places in a repeat,
    /// so each gets its part; insertion and deletion share the rate. A gap of a whole unit also pays for its
    /// extension: up to one base of that is given back.
    pub(crate) fn gap_open(&self, bases: &[u8], tracts: &[Tract]) -> Vec<f64> {
        let mut open = vec![self.error(1, 1) / 2.0; bases.len()];
        for tract in tracts {
            let places = f64::from(tract.len() - tract.unit + 1);
            let extension = GAP_EXTENSION.powi(tract.unit as i32 - 1).max(GAP_EXTENSION);
            let each = (self.error(tract.unit, tract.len()) / 2.0 / places / extension).min(0.05);
            for at in tract.start..tract.end {
                let slot = &mut open[at as usize];
                *slot = slot.max(each);
            }
        }
        open
    }

    /// The table in one line for the run's parameters: homopolymers of 1 to 20 bases, as errors per read.
    pub(crate) fn describe(&self) -> String {
        self.errors[0][1..=20]
            .iter()
            .map(|e| format!("{e:.1e}"))
            .collect::<Vec<_>>()
            .join(",")
    }
}

/// Prior of a heterozygous indel at one site of a repeat: people differ most where sequencing slips most. The
/// genome-wide 1e-4 grows about threefold per two bases of a homopolymer from 6 bases on (Montgomery 2013, Genome Res
/// 23:749: indels are 10 to 100 times as common in such runs), to at most 1e-2.
pub(crate) fn indel_prior(length: u32, unit: u32) -> f64 {
    let beyond = (effective(unit, length) - 5.0).max(0.0);
    (crate::options::INDEL_PRIOR * 3f64.powf(beyond / 2.0)).min(1e-2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priors_grow_with_length() {
        assert!((homopolymer_prior(1.0) - 2.9e-5).abs() < 1e-9);
        assert!((homopolymer_prior(10.0) - 1.4e-3).abs() < 1e-9);
        assert!((homopolymer_prior(12.0) - 2.26e-3).abs() < 1e-9);
        assert!((indel_prior(1, 1) - 1e-4).abs() < 1e-12);
        assert!(indel_prior(12, 1) > indel_prior(8, 1));
        assert!(indel_prior(12, 2) < indel_prior(12, 1));
    }

    #[test]
    fn learns_the_rate_and_ignores_variants() {
        let tract = Tract {
            start: 0,
            end: 10,
            unit: 1,
        };
        let mut observed: Vec<Observed> = (0..300)
            .map(|i| Observed::new(&tract, 30, u32::from(i % 3 == 0)))
            .collect();
        observed.extend((0..10).map(|_| Observed::new(&tract, 30, 15)));
        let learnt = Slippage::learn(&observed);
        // 100 slips in 9,000 reads, with the prior's 500 reads.
        assert!((learnt.error(1, 10) - 0.0106).abs() < 0.0005, "{}", learnt.error(1, 10));
        assert!(learnt.error(1, 11) >= learnt.error(1, 10));
        assert_eq!(learnt.error(2, 8), Slippage::default().error(2, 8));
    }

    #[test]
    fn a_gap_is_cheap_only_in_its_repeat() {
        let bases = b"ACGTAAAAAAAAAACGT";
        let open = Slippage::default().gap_open(bases, &crate::repeats::tracts(bases));
        assert!((open[0] - 1.45e-5).abs() < 1e-9);
        assert!((open[5] - 1.4e-3 / 2.0 / 10.0).abs() < 1e-9);
    }
}
