//! What a depth lets one see: a site without a call is no negative where an allele would have been missed.
//!
//! At depth `n` an allele is called from the least number of alternate reads on that passes the first look
//! ([`crate::aim`]) and whose evidence reaches the threshold, all reads telling what the sample's reads tell on average.
//! The power at fraction `f` is the chance that a binomial draw of `n` reads holds so many (as Cibulskis 2013, Nat
//! Biotechnol 31:213, figure 1, does it). Errors of mapping and assembly are not in it: it is a bound from above.

use crate::{aim::is_worth_a_look, fraction::Ratios};

/// The fraction that is asked for.
pub(crate) const ASKED: f64 = 0.05;
/// The chance to see it that is called enough.
pub(crate) const ENOUGH: f64 = 0.95;

/// By depth, up to the greatest that is used.
#[derive(Clone, Debug)]
pub(crate) struct Power {
    /// The alternate reads that are needed at each depth; more than the depth where none suffice.
    need: Vec<u32>,
    /// From this depth on [`ASKED`] is seen with [`ENOUGH`] power; `None` where no depth suffices.
    pub(crate) sufficient: Option<u32>,
}

impl Power {
    /// For reads that tell `told` each, up to `most` of them, against the threshold `least` of the evidence.
    pub(crate) fn new(told: f64, least: f64, most: u32) -> Self {
        let mut need = vec![1];
        let mut reads = 1;
        for depth in 1..=most {
            let seen = |reads: u32| {
                is_worth_a_look(reads, depth) && Ratios::of_counts(depth - reads, reads, told).weigh().tlod >= least
            };
            // More reference reads never ask for fewer alternate ones.
            while reads <= depth && !seen(reads) {
                reads += 1;
            }
            need.push(reads);
        }
        let mut power = Self { need, sufficient: None };
        let fails = (1..=most).rev().find(|&depth| power.at(depth, ASKED) < ENOUGH);
        power.sufficient = match fails {
            None => Some(1),
            Some(depth) => (depth < most).then_some(depth + 1),
        };
        power
    }

    /// The alternate reads that are needed; `None` where no number suffices.
    pub(crate) fn needed(&self, depth: u32) -> Option<u32> {
        let depth = depth.min(self.need.len() as u32 - 1);
        Some(self.need[depth as usize]).filter(|reads| *reads <= depth)
    }

    /// Chance that an allele of this fraction is seen.
    pub(crate) fn at(&self, depth: u32, fraction: f64) -> f64 {
        let depth = depth.min(self.need.len() as u32 - 1);
        self.needed(depth).map_or(0.0, |reads| at_least(reads, depth, fraction))
    }

    /// Least fraction that is seen with [`ENOUGH`] power, if any.
    pub(crate) fn least_fraction(&self, depth: u32) -> Option<f64> {
        if self.at(depth, 1.0) < ENOUGH {
            return None;
        }
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..30 {
            let middle = f64::midpoint(low, high);
            if self.at(depth, middle) < ENOUGH {
                low = middle;
            } else {
                high = middle;
            }
        }
        Some(high)
    }
}

/// Chance of `least` or more of `n` at the chance `p` each.
fn at_least(least: u32, n: u32, p: f64) -> f64 {
    if p >= 1.0 {
        return f64::from(u8::from(least <= n));
    }
    if p <= 0.0 {
        return f64::from(u8::from(least == 0));
    }
    let mut term = f64::from(n) * (-p).ln_1p();
    let mut below = 0.0;
    for k in 0..least {
        below += term.exp();
        term += (f64::from(n - k) / f64::from(k + 1)).ln() + (p / (1.0 - p)).ln();
    }
    (1.0 - below).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fraction::told;

    #[test]
    fn binomial_tails() {
        assert!((at_least(1, 3, 0.5) - 0.875).abs() < 1e-12);
        assert!((at_least(3, 3, 0.5) - 0.125).abs() < 1e-12);
        assert_eq!((at_least(0, 5, 0.1), at_least(2, 1, 1.0)), (1.0, 0.0));
        assert!((at_least(60, 1000, 0.05) - 0.0871).abs() < 1e-2);
    }

    #[test]
    fn deeper_sees_less() {
        let power = Power::new(told(1e-3), 6.3, 1200);
        let told: Vec<f64> = [30, 100, 300, 1000]
            .map(|depth| power.least_fraction(depth).unwrap())
            .to_vec();
        assert!(told.windows(2).all(|w| w[0] > w[1]), "{told:?}");
        // At 30 reads nothing below a fifth is safe to be seen, at 1,000 less than 3 % is.
        assert!(told[0] > 0.2 && told[3] < 0.03, "{told:?}");
        let depth = power.sufficient.unwrap();
        assert!((120..320).contains(&depth), "{depth}");
        assert!(power.at(depth, ASKED) >= ENOUGH && power.at(depth - 1, ASKED) < ENOUGH);
        assert_eq!(power.needed(2), None);
        assert_eq!((power.at(0, 0.5), power.least_fraction(0)), (0.0, None));
        assert_eq!(power.at(5000, 0.05), power.at(1200, 0.05));
    }
}
