//! Another person's DNA in the sample, from common variants that the sample carries twice: there, reads for the
//! reference allele are either errors or somebody else's. The idea is CHARR's (Lu 2023, AJHG 110:2068); the figure here
//! is pooled over the sites: reads for the reference, divided by those expected if all of the DNA were another
//! person's. Sites are chosen by the share of the alternate, not by the genotype, so that contamination does not turn
//! its own evidence into heterozygous calls.

use clinotype_case::{
    evidence::AnnotatedVariant,
    quality::{CheckResult, ContaminationCheck, Limit},
};
use clinotype_genome::ContigKey;

/// Least reads over a site.
const LEAST_DEPTH: u32 = 20;
/// Least share of them for the alternate. A heterozygous site at [`LEAST_DEPTH`] reaches it once in 170, at 30 reads
/// once in 1,400.
const LEAST_SHARE: f64 = 0.8;
/// Frequencies of the alternate between which a site tells enough: a rare reference allele hardly contaminates, a rare
/// alternate is hardly ever seen twice.
const FREQUENCIES: std::ops::RangeInclusive<f64> = 0.1..=0.9;
/// Reads of a complete contamination that a figure needs: 2 % then shows in ten of them.
const LEAST_EXPECTED: f64 = 500.0;
/// Sites that a figure needs.
const LEAST_SITES: u64 = 20;

/// Sums over the sites.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Contamination {
    sites: u64,
    /// Reads for the reference.
    foreign: u64,
    /// The reads for the reference if every read were of somebody else.
    expected: f64,
    /// Whether any allele had a frequency.
    frequencies: bool,
}

impl Contamination {
    /// Takes an allele that passed its filters.
    pub(super) fn add(&mut self, variant: &AnnotatedVariant) {
        let Some(frequency) = variant.frequency.found().and_then(|f| f.frequency) else {
            return;
        };
        self.frequencies = true;
        let autosome = ContigKey::of(&variant.key.contig).is_some_and(|key| !matches!(key.as_str(), "X" | "Y" | "MT"));
        let genotype = &variant.genotype;
        let (Some(reference), Some(alternate)) = (genotype.reference_depth, genotype.alternate_depth) else {
            return;
        };
        if variant.key.is_snv() && autosome && genotype.ploidy == 2 {
            self.site(reference, alternate, frequency);
        }
    }

    fn site(&mut self, reference: u32, alternate: u32, frequency: f64) {
        let depth = reference + alternate;
        if depth < LEAST_DEPTH
            || f64::from(alternate) < LEAST_SHARE * f64::from(depth)
            || !FREQUENCIES.contains(&frequency)
        {
            return;
        }
        self.sites += 1;
        self.foreign += u64::from(reference);
        self.expected += f64::from(depth) * (1.0 - frequency);
    }

    /// The figure with its bounds, or why there is none; and its judgement.
    pub(super) fn judge(&self, limit: Limit) -> (ContaminationCheck, CheckResult) {
        let none = |reason: String| {
            let check = ContaminationCheck {
                fraction: None,
                sites: self.sites,
                reason,
            };
            (check, CheckResult::NotAssessed)
        };
        if !self.frequencies {
            return none("it is told from common variants, and no population frequency is known here".to_owned());
        }
        if self.sites < LEAST_SITES || self.expected < LEAST_EXPECTED {
            return none(format!(
                "{} common homozygous SNV(s) with {LEAST_DEPTH} reads are too few to tell it; {LEAST_SITES} or more are needed",
                self.sites
            ));
        }
        let fraction = self.foreign as f64 / self.expected;
        // Anscombe's transformation of a Poisson count, two-sided 95 %.
        let root = (self.foreign as f64 + 0.375).sqrt();
        let bound = |root: f64| ((root * root - 0.375) / self.expected).max(0.0) * 100.0;
        let (low, high) = (bound((root - 0.98).max(0.0)), bound(root + 0.98));
        let result = limit.at_most(fraction);
        let check = ContaminationCheck {
            fraction: Some(fraction),
            sites: self.sites,
            reason: format!(
                "foreign reads at {} common homozygous SNVs: {:.2} % of the DNA (95 % interval {low:.2} to {high:.2} %), expected at most {} %",
                self.sites,
                fraction * 100.0,
                (limit.warn * 1e6).round() / 1e4
            ),
        };
        (check, result)
    }
}

#[cfg(test)]
mod tests {
    use clinotype_case::quality::Thresholds;
    use clinotype_testkit::Dice;

    use super::*;

    /// A sample and a contaminating person, each drawn from the same population; sequencing errors of 0.1 %.
    fn drawn(fraction: f64, depth: u32, seed: u64) -> Contamination {
        let mut dice = Dice::new(seed);
        let mut found = Contamination {
            frequencies: true,
            ..Contamination::default()
        };
        for _ in 0..6_000 {
            let frequency = 0.05 + 0.9 * f64::from(dice.below(1 << 16)) / 65_536.0;
            let mut person = || f64::from(u8::from(dice.chance(frequency)) + u8::from(dice.chance(frequency))) / 2.0;
            let (own, other) = (person(), person());
            let share = own * (1.0 - fraction) + other * fraction;
            let share = share * 0.999 + (1.0 - share) * 0.001;
            let alternate = (0..depth).map(|_| u32::from(dice.chance(share))).sum();
            found.site(depth - alternate, alternate, frequency);
        }
        found
    }

    #[test]
    fn the_fraction_put_in_is_found() {
        for (seed, fraction) in [(1, 0.0), (2, 0.01), (3, 0.03), (4, 0.1)] {
            for depth in [25, 60] {
                let (check, _) = drawn(fraction, depth, seed).judge(Thresholds::default().contamination);
                let told = check.fraction.unwrap();
                // Errors and a few heterozygous sites add up to half of a percent.
                assert!(
                    told >= fraction * 0.8 && told <= fraction * 1.15 + 0.006,
                    "{fraction} at {depth}: {told}"
                );
            }
        }
        let result = |fraction| drawn(fraction, 40, 7).judge(Thresholds::default().contamination).1;
        assert_eq!(
            [result(0.0), result(0.03), result(0.1)],
            [CheckResult::Pass, CheckResult::Warn, CheckResult::Fail]
        );
    }

    #[test]
    fn without_frequencies_or_sites_nothing_is_said() {
        let (check, result) = Contamination::default().judge(Thresholds::default().contamination);
        assert_eq!((check.fraction, result), (None, CheckResult::NotAssessed));
        let mut few = Contamination {
            frequencies: true,
            ..Contamination::default()
        };
        few.site(0, 40, 0.5);
        few.site(0, 10, 0.5);
        few.site(20, 20, 0.5);
        few.site(0, 40, 0.95);
        assert_eq!(few.sites, 1);
        assert_eq!(
            few.judge(Thresholds::default().contamination).1,
            CheckResult::NotAssessed
        );
    }
}
