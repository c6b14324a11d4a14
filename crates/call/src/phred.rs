//! Phred-scaled numbers and base-10 logarithms.

use std::sync::LazyLock;

/// log10 of one half.
pub(crate) const LOG10_HALF: f64 = -std::f64::consts::LOG10_2;

/// The chance that a base of this quality is wrong. A base of quality 0 or 1 says nothing: three bases in four are
/// other ones, so the chance never passes 3/4.
pub(crate) fn error(quality: u8) -> f64 {
    10f64.powf(-f64::from(quality) / 10.0).min(0.75)
}

static ERRORS: LazyLock<[f64; 256]> = LazyLock::new(|| std::array::from_fn(|quality| error(quality as u8)));

/// The table of [`error`] by quality.
pub(crate) fn errors() -> &'static [f64; 256] {
    &ERRORS
}

/// log10 likelihoods of one base by its quality.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BaseLikelihood {
    /// The allele is the base read.
    pub(crate) same: f64,
    /// The allele is another base.
    pub(crate) other: f64,
    /// One of two alleles is the base read.
    pub(crate) half: f64,
}

static TABLE: LazyLock<[BaseLikelihood; 256]> = LazyLock::new(|| {
    std::array::from_fn(|quality| {
        let e = error(quality as u8).max(1e-9);
        let (same, other) = (1.0 - e, e / 3.0);
        BaseLikelihood {
            same: same.log10(),
            other: other.log10(),
            half: f64::midpoint(same, other).log10(),
        }
    })
});

/// The table of [`BaseLikelihood`] by quality.
pub(crate) fn table() -> &'static [BaseLikelihood; 256] {
    &TABLE
}

/// log10 of the sum of numbers given by their log10.
pub(crate) fn log10_sum(values: &[f64]) -> f64 {
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY {
        return most;
    }
    most + values.iter().map(|v| 10f64.powf(v - most)).sum::<f64>().log10()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quality_zero_says_nothing() {
        let l = table()[0];
        assert!((l.same - l.other).abs() < 1e-12);
        assert!((l.half - l.same).abs() < 1e-12);
        let l = table()[30];
        assert!((l.same - 0.999f64.log10()).abs() < 1e-12);
        assert!((l.other - (0.001f64 / 3.0).log10()).abs() < 1e-12);
    }

    #[test]
    fn sums_of_logs() {
        assert!((log10_sum(&[0.3f64.log10(), 0.2f64.log10()]) - 0.5f64.log10()).abs() < 1e-12);
        assert_eq!(log10_sum(&[]), f64::NEG_INFINITY);
        assert!((log10_sum(&[-2000.0, -2000.0]) - (-2000.0 + 2f64.log10())).abs() < 1e-9);
    }
}
