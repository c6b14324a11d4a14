//! Random numbers that are the same on every machine: a ChaCha stream, integer draws, and no library mathematics.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng as _, SeedableRng as _},
};

/// A seeded stream of draws.
#[derive(Debug)]
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number of `0..bound`; 0 for an empty range. The bias of this multiplication is below 2^-32 times the bound.
    pub fn below(&mut self, bound: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(bound)) >> 32) as u32
    }

    /// True with the given probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        // 2^32 is exact in f64, and so is every u32: the comparison is the same everywhere.
        f64::from(self.0.next_u32()) < probability * 4_294_967_296.0
    }

    /// A draw from a normal distribution, as twelve uniform draws summed (Irwin-Hall; within 6 standard deviations).
    /// The polar method would need `ln` and `sqrt`, whose last bit differs between mathematics libraries.
    pub fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        let sum: u64 = (0..12).map(|_| u64::from(self.0.next_u32())).sum();
        mean + deviation * (sum as f64 / 4_294_967_296.0 - 6.0)
    }

    /// One of the four bases.
    pub fn base(&mut self) -> u8 {
        b"ACGT"[self.below(4) as usize]
    }

    /// One of the three bases that `base` is not.
    pub fn other_base(&mut self, base: u8) -> u8 {
        loop {
            let drawn = self.base();
            if drawn != base {
                return drawn;
            }
        }
    }

    /// Puts the items in random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last as u32 + 1) as usize;
            items.swap(last, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_draw_has_its_mean_and_deviation() {
        let mut dice = Dice::new(7);
        let draws: Vec<f64> = (0..20_000).map(|_| dice.normal(400.0, 80.0)).collect();
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        let variance = draws.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / 20_000.0;
        assert!((mean - 400.0).abs() < 2.5, "{mean}");
        assert!((variance.sqrt() - 80.0).abs() < 2.0, "{variance}");
    }

    #[test]
    fn a_seed_is_a_stream() {
        let draw = |seed| {
            let mut dice = Dice::new(seed);
            (0..8).map(|_| dice.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
