//! What one target says for each number of copies.

use super::{markov, reference::stabilised};

/// Fragments that lie over a target that no copy is left of, as a share of those of two copies: at most about so many
/// reads of elsewhere are placed there.
const WITHOUT_COPIES: f64 = 0.05;
/// Quality from which an event is reported without a filter, phred: one in a hundred is wrong by the model.
pub const LEAST_QUALITY: f64 = 20.0;

/// One target of the sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Observed {
    /// Fragments counted.
    pub(super) count: f64,
    /// Fragments expected of two copies.
    pub(super) two_copies: f64,
    /// Excess of relative variance, that of the rate included.
    pub(super) excess: f64,
    /// Degrees of freedom of the variance.
    pub(super) freedom: f64,
    /// How much more this sample varies than the normals do; 1 or more, on the scale of variances.
    pub(super) inflation: f64,
    /// Copies expected of a healthy person.
    pub(super) expected: u8,
}

impl Observed {
    fn mean(&self, copies: u8) -> f64 {
        match copies {
            0 => self.two_copies * WITHOUT_COPIES,
            n => self.two_copies * f64::from(n) / 2.0,
        }
    }

    fn deviation(&self, mean: f64) -> f64 {
        (self.inflation * (1.0 + self.excess * mean)).sqrt()
    }

    /// Difference from what so many copies give, in standard deviations.
    pub(super) fn standardised(&self, copies: u8) -> f64 {
        let mean = self.mean(copies);
        (stabilised(self.count) - stabilised(mean)) / self.deviation(mean)
    }

    /// Logarithm of the likelihood of so many copies, up to a constant that all share. No copies means any number of
    /// fragments up to the share that is misplaced, the most copies any number from theirs up.
    pub(super) fn log_likelihood(&self, copies: u8) -> f64 {
        let z = self.standardised(copies);
        let z = if copies == 0 {
            z.max(0.0)
        } else if copies == markov::most(self.expected) {
            z.min(0.0)
        } else {
            z
        };
        self.density(z, self.mean(copies))
    }

    fn density(&self, z: f64, mean: f64) -> f64 {
        -0.5 * (self.freedom + 1.0) * (z * z / self.freedom).ln_1p() - self.deviation(mean).ln()
    }

    /// Evidence for so many copies against the expected number, where the fragments lie so many standard deviations
    /// from what these copies give, towards the expected number (of the t distribution's deviate to the first order:
    /// Abramowitz and Stegun 26.7.5); natural logarithm.
    pub(super) fn evidence(&self, copies: u8, deviate: f64) -> f64 {
        let mean = self.mean(copies);
        let t = deviate * (1.0 + (deviate * deviate + 1.0) / (4.0 * self.freedom));
        let towards = if copies < self.expected { t } else { -t };
        let at = stabilised(mean) + towards * self.deviation(mean);
        // Beyond the expected number the evidence would turn round: there is none.
        if (at - stabilised(self.mean(self.expected))) * towards > 0.0 {
            return 0.0;
        }
        let so_many = Self {
            count: (at / 2.0).powi(2) - 0.375,
            ..*self
        };
        so_many.log_likelihood(copies) - so_many.log_likelihood(self.expected)
    }

    /// The same target where samples would vary by counting alone.
    pub(super) fn without_excess(&self) -> Self {
        Self {
            excess: 0.0,
            inflation: 1.0,
            freedom: 1e6,
            ..*self
        }
    }
}
