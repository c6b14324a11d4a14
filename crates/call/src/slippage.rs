//! How often sequencing slips in a repeat, and how often people differ there.
//!
//! The error prior for homopolymers is the table of Albers 2011 (Dindel, Genome Res 21:961, supplement): the chance
//! that a read shows a false indel in a run of n bases. Other repeats slip less than a homopolymer of the same length
//! (Willems 2017, Nat Methods 14:590); they take the rate of a shorter run. The sample's own rate replaces the prior
//! where there is enough of it: see [`Slippage::learn`].

use std::ops::Range;

use crate::repeats::Tract;

/// Repeats longer than this share a rate.
const LONGEST: usize = 40;
/// Units of 1, 2, 3, and 4 or more bases.
const CLASSES: usize = 4;
/// The prior counts as so many reads of evidence where it was measured: in runs up to [`MEASURED`] bases.
const PRIOR_READS: f64 = 500.0;
/// Beyond, it is drawn on in a straight line, and counts as so many.
const GUESSED_READS: f64 = 20.0;
const MEASURED: f64 = 12.0;
/// Rates stay below this: from there on a slip is as frequent as a heterozygous allele.
const HIGHEST: f64 = 0.45;
/// Rates that the search begins with, besides the prior.
const STARTS: [f64; 4] = [0.02, 0.08, 0.2, 0.4];
/// How far rates lie from the prior, as standard deviation in decades: libraries with and without PCR differ up to
/// ninefold (Fungtammasan 2015, Genome Res 25:736), taken as two of these.
const SPREAD: f64 = 0.48;
/// A length's rate is learnt from repeats that are longer or shorter by up to one part in so many, too.
const ALIKE: usize = 8;
/// People are heterozygous in one long run in five to ten (Payseur 2011, Mol Biol Evol 28:303), ten times as often as
/// [`indel_prior`] says, which is kept low for the calls.
const OFTEN: f64 = 10.0;
/// So many slips of either direction are assumed beforehand.
const PRIOR_SLIPS: f64 = 10.0;
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

/// What one reference repeat showed: reads that span it, and those of them with fewer or more bases in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Observed {
    /// Its class, see [`CLASSES`].
    class: usize,
    /// Its length in bases, at most [`LONGEST`].
    length: usize,
    /// Reads that span it.
    spanning: u32,
    /// Of these, reads with fewer bases.
    shorter: u32,
    /// Of these, reads with more bases.
    longer: u32,
}

impl Observed {
    /// One repeat's counts.
    pub(crate) fn new(tract: &Tract, spanning: u32, shorter: u32, longer: u32) -> Self {
        Self {
            class: class(tract.unit),
            length: (tract.len() as usize).min(LONGEST),
            spanning,
            shorter,
            longer,
        }
    }
}

/// Rates by unit class and length.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Slippage {
    errors: [[f64; LONGEST + 1]; CLASSES],
    /// The share of slips that take bases away, by class.
    shorter: [f64; CLASSES],
}

impl Default for Slippage {
    /// The prior.
    fn default() -> Self {
        let unit_of = [1, 2, 3, 4];
        Self {
            errors: std::array::from_fn(|class| {
                std::array::from_fn(|length| homopolymer_prior(effective(unit_of[class], length as u32)))
            }),
            shorter: [0.5; CLASSES],
        }
    }
}

/// The chances of opening an insertion after each base of a sequence, and a deletion at it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GapOpen {
    insert: Vec<f64>,
    delete: Vec<f64>,
}

impl GapOpen {
    /// The same chance everywhere.
    #[cfg(test)]
    pub(crate) fn flat(chance: f64, bases: usize) -> Self {
        Self {
            insert: vec![chance; bases],
            delete: vec![chance; bases],
        }
    }

    /// The chances at a stretch of the sequence.
    pub(crate) fn part(&self, range: Range<usize>) -> Opening<'_> {
        Opening {
            insert: &self.insert[range.clone()],
            delete: &self.delete[range],
        }
    }

    /// The chances at all of it.
    #[cfg(test)]
    pub(crate) fn whole(&self) -> Opening<'_> {
        self.part(0..self.insert.len())
    }
}

/// Part of a [`GapOpen`]; both slices are of one length.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opening<'a> {
    /// Of an insertion after the base.
    pub(crate) insert: &'a [f64],
    /// Of a deletion at the base.
    pub(crate) delete: &'a [f64],
}

/// What a repeat may be, as log weights of its reads under a rate: as the reference, or of another length on one or on
/// both chromosomes.
fn explained(locus: &Observed, rate: f64, variant: f64) -> [f64; 3] {
    let n = f64::from(locus.spanning);
    let k = f64::from(locus.shorter + locus.longer);
    let like = |p: f64| k * p.ln() + (n - k) * (1.0 - p).ln();
    [
        (1.0 - 1.5 * variant).ln() + like(rate),
        variant.ln() + like(0.5),
        (0.5 * variant).ln() + like(1.0 - rate.clamp(0.01, 0.3)),
    ]
}

/// ln of the sum, and the share of the first.
fn sum_and_share(weights: [f64; 3]) -> (f64, f64) {
    let most = weights.into_iter().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = weights.iter().map(|w| (w - most).exp()).sum();
    (most + sum.ln(), (weights[0] - most).exp() / sum)
}

/// Expectation and maximisation from one start: the rate, and the log posterior it reaches.
fn climb(loci: &[&Observed], start: f64, prior: (f64, f64), variant: f64) -> (f64, f64) {
    let (expected, reads) = prior;
    let mut rate = start;
    for _ in 0..30 {
        let (mut slipped, mut all) = (expected * reads, reads);
        for locus in loci {
            let (_, weight) = sum_and_share(explained(locus, rate, variant));
            slipped += weight * f64::from(locus.shorter + locus.longer);
            all += weight * f64::from(locus.spanning);
        }
        rate = (slipped / all).clamp(1e-6, HIGHEST);
    }
    let away = (rate / expected).log10() / SPREAD;
    let of_prior = reads * (expected * rate.ln() + (1.0 - expected) * (1.0 - rate).ln()) - away * away / 2.0;
    let of_loci: f64 = loci
        .iter()
        .map(|locus| sum_and_share(explained(locus, rate, variant)).0)
        .sum();
    (rate, of_prior + of_loci)
}

impl Slippage {
    /// The sample's own rates. A repeat is either as the reference (a read slips with the unknown rate), or
    /// heterozygous (half of the reads differ), or homozygous for another length (nearly all do); the rate is found
    /// by expectation and maximisation over all repeats of one class and about one length, from several starts, and the
    /// prior weighs in as [`PRIOR_READS`] or [`GUESSED_READS`] and by [`SPREAD`]. Longer repeats never get a smaller rate than shorter ones.
    /// The directions of the slips are counted over all lengths of a class.
    pub(crate) fn learn(observed: &[Observed]) -> Self {
        let mut table = Self::default();
        for class in 0..CLASSES {
            let rates = &mut table.errors[class];
            let unit = class as u32 + 1;
            let (mut shorter, mut slipped) = (PRIOR_SLIPS, 2.0 * PRIOR_SLIPS);
            for (length, rate) in rates.iter_mut().enumerate() {
                let loci: Vec<&Observed> = observed
                    .iter()
                    .filter(|o| o.class == class && o.length.abs_diff(length) <= length / ALIKE && o.spanning > 0)
                    .collect();
                if loci.is_empty() {
                    continue;
                }
                let variant = (indel_prior(length as u32, unit) * OFTEN).min(0.2);
                let reads = if effective(unit, length as u32) <= MEASURED {
                    PRIOR_READS
                } else {
                    GUESSED_READS
                };
                let prior = (*rate, reads);
                let (best, _) = STARTS
                    .into_iter()
                    .fold(climb(&loci, *rate, prior, variant), |best, start| {
                        let other = climb(&loci, start, prior, variant);
                        if other.1 > best.1 { other } else { best }
                    });
                *rate = best;
                for locus in loci.into_iter().filter(|o| o.length == length) {
                    let (_, weight) = sum_and_share(explained(locus, best, variant));
                    shorter += weight * f64::from(locus.shorter);
                    slipped += weight * f64::from(locus.shorter + locus.longer);
                }
            }
            for length in 1..rates.len() {
                rates[length] = rates[length].max(rates[length - 1]);
            }
            table.shorter[class] = shorter / slipped;
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
    /// so each gets its part. A gap of a whole unit also pays for its extension: up to one base of that is given back.
    pub(crate) fn gap_open(&self, bases: &[u8], tracts: &[Tract]) -> GapOpen {
        let least = self.error(1, 1) / 2.0;
        let mut open = GapOpen {
            insert: vec![least; bases.len()],
            delete: vec![least; bases.len()],
        };
        for tract in tracts {
            let places = f64::from(tract.len() - tract.unit + 1);
            let extension = GAP_EXTENSION.powi(tract.unit as i32 - 1).max(GAP_EXTENSION);
            let each = self.error(tract.unit, tract.len()) / places / extension;
            let shorter = self.shorter[class(tract.unit)];
            for at in tract.start as usize..tract.end as usize {
                open.delete[at] = open.delete[at].max((each * shorter).min(0.05));
                open.insert[at] = open.insert[at].max((each * (1.0 - shorter)).min(0.05));
            }
        }
        open
    }

    /// The table in one line for the run's parameters: homopolymers of 1 to 20 bases, as errors per read, and the share
    /// of them that take bases away.
    pub(crate) fn describe(&self) -> String {
        let rates: Vec<String> = self.errors[0][1..=20].iter().map(|e| format!("{e:.1e}")).collect();
        format!("{};shorter={:.2}", rates.join(","), self.shorter[0])
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
            .map(|i| Observed::new(&tract, 30, u32::from(i % 3 == 0), 0))
            .collect();
        observed.extend((0..10).map(|_| Observed::new(&tract, 30, 0, 15)));
        let learnt = Slippage::learn(&observed);
        // 100 slips in 9,000 reads, with the prior's 500 reads.
        assert!((learnt.error(1, 10) - 0.0106).abs() < 0.0005, "{}", learnt.error(1, 10));
        assert!(learnt.error(1, 11) >= learnt.error(1, 10));
        assert_eq!(learnt.error(2, 8), Slippage::default().error(2, 8));
        // All of them shorter, with ten of each direction assumed.
        assert!(
            (learnt.shorter[0] - 110.0 / 120.0).abs() < 0.01,
            "{}",
            learnt.shorter[0]
        );
        assert_eq!(learnt.shorter[1], 0.5);
    }

    #[test]
    fn a_long_run_that_always_slips_is_not_heterozygous_everywhere() {
        let tract = Tract {
            start: 0,
            end: 30,
            unit: 1,
        };
        let observed: Vec<Observed> = (0..8).map(|i| Observed::new(&tract, 24, 7 + i % 3, 2)).collect();
        let learnt = Slippage::learn(&observed);
        assert!(learnt.error(1, 30) > 0.3, "{}", learnt.error(1, 30));
        // One run alone may be a variant: the rate stays low.
        for spanning in [24, 60, 200] {
            let one = Observed::new(&tract, spanning, spanning / 2, 0);
            let learnt = Slippage::learn(&[one]);
            assert!(learnt.error(1, 30) < 0.1, "{}", learnt.error(1, 30));
        }
    }

    #[test]
    fn a_gap_is_cheap_only_in_its_repeat() {
        let bases = b"ACGTAAAAAAAAAACGT";
        let tracts = crate::repeats::tracts(bases);
        let open = Slippage::default().gap_open(bases, &tracts);
        assert!((open.insert[0] - 1.45e-5).abs() < 1e-9);
        assert!((open.insert[5] - 1.4e-3 / 2.0 / 10.0).abs() < 1e-9);
        let slips = Slippage {
            shorter: [0.8; CLASSES],
            ..Slippage::default()
        };
        let open = slips.gap_open(bases, &tracts);
        assert!((open.delete[5] - 1.4e-3 * 0.8 / 10.0).abs() < 1e-9);
        assert!((open.insert[5] - 1.4e-3 * 0.2 / 10.0).abs() < 1e-9);
    }
}
