//! The shortest event over each target that would have been seen: what a target without an event can be said to be.

use super::{
    markov::Runs,
    states::{LEAST_QUALITY, Observed},
};

/// Longer runs are not tried: beyond, a target is said to be of no use.
const LONGEST: usize = 10;
/// Standard normal deviate of 95 %.
const MOST_TIMES: f64 = 1.645;

/// By target of a chain: of how many neighbouring targets, this one among them, an event must be so that it would be
/// called with [`LEAST_QUALITY`] in 95 of 100 samples that have it; `None` where ten are not enough. `by` is -1 for the
/// loss of one copy and 1 for one more.
///
/// The evidence of a run is taken to be normal, with the sum of its targets' means and variances.
pub(super) fn seen_from(observed: &[Observed], distances: &[u32], by: i8) -> Vec<Option<u8>> {
    let Some(expected) = observed.first().map(|o| o.expected) else {
        return Vec::new();
    };
    let copies = expected.saturating_add_signed(by);
    let runs = Runs::new(expected, copies, distances);
    let evidence: Vec<(f64, f64)> = observed
        .iter()
        .map(|o| {
            let (mean, unlucky) = (o.evidence(copies, 0.0), o.evidence(copies, MOST_TIMES));
            (mean, ((mean - unlucky).max(0.0) / MOST_TIMES).powi(2))
        })
        .collect();
    let needed = LEAST_QUALITY / 10.0 * std::f64::consts::LN_10;
    let mut shortest = vec![None; observed.len()];
    for length in 1..=LONGEST.min(observed.len()) {
        for first in 0..=observed.len() - length {
            let last = first + length - 1;
            let run = &evidence[first..=last];
            let mean: f64 = run.iter().map(|e| e.0).sum();
            let deviation = run.iter().map(|e| e.1).sum::<f64>().sqrt();
            if mean - MOST_TIMES * deviation + runs.log_prior(first, last) >= needed {
                for target in &mut shortest[first..=last] {
                    target.get_or_insert(length as u8);
                }
            }
        }
    }
    shortest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(two_copies: f64) -> Observed {
        Observed {
            count: two_copies,
            two_copies,
            excess: 0.001,
            freedom: 60.0,
            inflation: 1.0,
            expected: 2,
        }
    }

    #[test]
    fn deep_targets_are_seen_alone_and_shallow_ones_together() {
        let chain = [2000.0, 60.0, 60.0, 60.0, 60.0, 60.0, 60.0].map(target);
        let distances = [1_000, 2_000_000, 1_000, 1_000, 1_000, 1_000];
        let deletion = seen_from(&chain, &distances, -1);
        let duplication = seen_from(&chain, &distances, 1);
        assert_eq!((deletion[0], duplication[0]), (Some(1), Some(1)));
        // A duplication changes less than a deletion, and a far neighbour helps little.
        let alone = deletion[4].unwrap();
        assert!((2..=4).contains(&alone), "{deletion:?}");
        assert!(duplication[4].is_none_or(|n| n > alone), "{duplication:?}");
        assert_eq!(deletion[1], Some(2), "{deletion:?}");
    }
}
