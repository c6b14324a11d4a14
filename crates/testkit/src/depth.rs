//! Fragments over the targets of a made-up panel, sample by sample: what capture and sequencing do to depth, and the
//! copies that each person has.
//!
//! The numbers behind it, so that figures made with it can be judged:
//!
//! - exons: median 122 bases, introns: median 1,023 bases, 7 exons a gene in the middle (Lander 2001, Nature 409:860,
//!   tables 21 and 22); genes lie far apart;
//! - capture: targets differ by a log-normal factor of sigma 0.44, which is a fold-80 penalty of 1.6 (Picard's
//!   `CollectHsMetrics`; good kits have 1.5 to 2);
//! - G and C: mean 0.48, standard deviation 0.10; each sample has a parabola of its own (unimodal, Benjamini and Speed
//!   2012, Nucleic Acids Res 40:e72), by 5 % per tenth of G and C;
//! - between samples: depth by a log-normal factor of sigma 0.25; three hidden factors of 2 % each, as principal
//!   components of cohorts have (Fromer 2012, Am J Hum Genet 91:597; Krumm 2012, Genome Res 22:1525); and by target a
//!   standard deviation of 3.5 %, log-normally spread by sigma 0.5. With counting at depth 300 this makes 7 %, where
//!   CoNVaDING takes samples up to 9 % (Johansson 2016, Hum Mutat 37:457). One target in fifty has 30 %. A panel can be
//!   drawn with all of this times a factor;
//! - fragments: 2 x 150 bases from fragments of 300; counting is Poisson;
//! - one normal in twenty has a deletion or duplication of its own.

use clinotype_genome::Interval;

use crate::Dice;

/// A made-up panel.
#[derive(Clone, Debug)]
pub struct Panel {
    /// Exons in the order of the genome; contigs `chr1` to `chr22` and `chrX`.
    pub targets: Vec<Interval>,
    /// Share of G and C by target.
    pub gc: Vec<f64>,
    /// The targets of each gene: first, and the one after the last.
    pub genes: Vec<(usize, usize)>,
    capture: Vec<f64>,
    spread: Vec<f64>,
    factors: Vec<[f64; 3]>,
}

/// Copies that a person has of some targets, where they differ from two (one of X in males).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// First target.
    pub first: usize,
    /// Target after the last.
    pub end: usize,
    /// Copies.
    pub copies: u8,
}

const FRAGMENT: f64 = 300.0;
const SAMPLE_SPREAD: f64 = 0.25;
const FACTOR: f64 = 0.02;
const TARGET_SPREAD: f64 = 0.035;
const GC_SLOPE: f64 = 0.05;
/// Share of fragments that lie over a target of which a person has no copy.
const MISPLACED: f64 = 0.01;

impl Panel {
    /// Draws a panel; one gene in `of_x` lies on X (none for 0); `noise` multiplies what varies between samples (1 is
    /// usual).
    pub fn draw(genes: usize, of_x: usize, noise: f64, dice: &mut Dice) -> Self {
        let on_x = |gene: usize| of_x > 0 && gene.is_multiple_of(of_x);
        let x = (0..genes).filter(|g| on_x(*g)).count();
        let autosomal = genes - x;
        let mut panel = Self {
            targets: Vec::new(),
            gc: Vec::new(),
            genes: Vec::new(),
            capture: Vec::new(),
            spread: Vec::new(),
            factors: Vec::new(),
        };
        let mut last = String::new();
        let mut start = 0;
        for gene in 0..genes {
            let contig = if gene < autosomal {
                format!("chr{}", gene * 22 / autosomal + 1)
            } else {
                "chrX".to_owned()
            };
            // Beyond the pseudo-autosomal region, and within the shortest contig for a hundred genes each.
            start = if contig == last { start + 300_000 } else { 5_000_000 };
            last.clone_from(&contig);
            let first = panel.targets.len();
            let exons = (log_normal(dice, 7.0, 0.7) as usize).clamp(2, 60);
            for _ in 0..exons {
                let length = (log_normal(dice, 122.0, 0.5) as u32).clamp(30, 1000);
                panel.targets.push(Interval::new(contig.clone(), start, start + length));
                start += length + (log_normal(dice, 1023.0, 1.2) as u32).clamp(80, 50_000);
                panel
                    .gc
                    .push((dice.normal(0.48, 0.10).clamp(0.22, 0.80) * 1e4).round() / 1e4);
                panel.capture.push(log_normal(dice, 1.0, 0.44));
                let own = if dice.chance(0.02) {
                    0.3
                } else {
                    log_normal(dice, TARGET_SPREAD, 0.5)
                };
                panel.spread.push(own * noise);
                panel.factors.push([(); 3].map(|()| dice.normal(0.0, FACTOR * noise)));
            }
            panel.genes.push((first, panel.targets.len()));
        }
        panel
    }

    /// Fragments over every target of one person at a mean depth.
    pub fn sample(&self, depth: f64, male: bool, changes: &[Change], dice: &mut Dice) -> Vec<u32> {
        let depth = log_normal(dice, depth, SAMPLE_SPREAD);
        let slope = dice.normal(0.0, GC_SLOPE);
        let bend = dice.normal(-0.03, 0.015);
        let scores = [(); 3].map(|()| dice.normal(0.0, 1.0));
        (0..self.targets.len())
            .map(|t| {
                let length = f64::from(self.targets[t].len());
                let g = (self.gc[t] - 0.5) * 10.0;
                let hidden: f64 = self.factors[t].iter().zip(scores).map(|(f, s)| f * s).sum();
                let noise = dice.normal(0.0, self.spread[t]);
                // Either mate reaches the target from length + 149 starts; the two ranges overlap or follow each other.
                let fragments = depth * (length + FRAGMENT - 1.0) / FRAGMENT * self.capture[t];
                let mean = fragments * (g * (slope + g * bend) + hidden + noise).exp();
                poisson(dice, mean * self.copies(t, male, changes) / 2.0)
            })
            .collect()
    }

    /// Perhaps a change of its own, as one normal in twenty has.
    pub fn carried(&self, dice: &mut Dice) -> Vec<Change> {
        if !dice.chance(0.05) {
            return Vec::new();
        }
        let (first, end) = self.genes[dice.below(self.genes.len() as u32) as usize];
        let copies = if dice.below(2) == 0 { 1 } else { 3 };
        vec![Change { first, end, copies }]
    }

    fn copies(&self, target: usize, male: bool, changes: &[Change]) -> f64 {
        let change = changes.iter().find(|c| (c.first..c.end).contains(&target));
        match change.map(|c| c.copies) {
            Some(0) => 2.0 * MISPLACED,
            Some(copies) => f64::from(copies),
            None if male && self.targets[target].contig == "chrX" => 1.0,
            None => 2.0,
        }
    }
}

fn log_normal(dice: &mut Dice, median: f64, sigma: f64) -> f64 {
    median * dice.normal(0.0, sigma).exp()
}

/// A Poisson draw: by the product of uniform draws (Knuth) where the mean is low, by the normal distribution above.
fn poisson(dice: &mut Dice, mean: f64) -> u32 {
    if mean > 60.0 {
        return dice.normal(mean, mean.sqrt()).round().max(0.0) as u32;
    }
    let limit = (-mean).exp();
    let (mut product, mut count) = (1.0, 0);
    loop {
        product *= (f64::from(dice.below(u32::MAX)) + 0.5) / f64::from(u32::MAX);
        if product <= limit {
            return count;
        }
        count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_has_genes_in_order_and_counts_follow_copies() {
        let mut dice = Dice::new(5);
        let panel = Panel::draw(60, 10, 1.0, &mut dice);
        assert_eq!(panel.genes.len(), 60);
        assert!(panel.targets.iter().filter(|t| t.contig == "chrX").count() > 6);
        for pair in panel.targets.windows(2) {
            assert!(
                pair[0].contig != pair[1].contig || pair[0].end < pair[1].start,
                "{pair:?}"
            );
        }
        let (first, end) = panel.genes[7];
        let sum = |copies: u8, dice: &mut Dice| -> f64 {
            let change = [Change { first, end, copies }];
            (0..200)
                .flat_map(|_| panel.sample(100.0, false, &change, dice)[first..end].to_vec())
                .map(f64::from)
                .sum()
        };
        let two = sum(2, &mut dice);
        for (copies, ratio) in [(0, 0.01), (1, 0.5), (3, 1.5)] {
            let got = sum(copies, &mut dice) / two;
            assert!((got - ratio).abs() < 0.15 * ratio, "{copies}: {got}");
        }
    }

    #[test]
    fn poisson_draws_have_their_mean_and_variance() {
        let mut dice = Dice::new(6);
        for mean in [0.0, 3.0, 40.0, 400.0] {
            let draws: Vec<f64> = (0..20_000).map(|_| f64::from(poisson(&mut dice, mean))).collect();
            let found = draws.iter().sum::<f64>() / 20_000.0;
            let variance = draws.iter().map(|d| (d - found) * (d - found)).sum::<f64>() / 20_000.0;
            assert!((found - mean).abs() <= 0.05 * mean.sqrt(), "{mean}: {found}");
            assert!((variance - mean).abs() <= 0.06 * mean, "{mean}: {variance}");
        }
    }
}
