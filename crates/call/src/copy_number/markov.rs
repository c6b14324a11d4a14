//! The hidden Markov model along a chromosome: copies of neighbouring targets.
//!
//! As in XHMM (Fromer 2012, Am J Hum Genet 91:597): an event begins at a target with a small probability, holds 6
//! targets on average, and what one target has says less of the next the farther away that is (mean distance 70 kb).
//! An event begins with probability 1e-4 for each direction, as ExomeDepth's (Plagnol 2012): patients who are tested
//! have more of them than the population that XHMM's 1e-8 was made for. Of deletions and duplications one in ten is
//! taken to change both copies.

use super::numbers::{phred, sum_logs};

/// Probability that a deletion begins at a target, and that a duplication does.
const BEGINS: f64 = 1e-4;
/// Targets of an event, on average.
const TARGETS: f64 = 6.0;
/// Distance over which a target tells of the next, in bases.
const DISTANCE: f64 = 70_000.0;
/// Share of events that change more than one copy, where there are two.
const BOTH: f64 = 0.1;
/// Numbers of copies that the model knows, at most: 0 to 4.
pub(super) const STATES: usize = 5;

/// The highest number of copies that is told apart, where so many are expected.
pub(super) fn most(expected: u8) -> u8 {
    expected + 2
}

/// A path's step.
type Step = [[f64; STATES]; STATES];

/// Probability that an event that begins has so many copies.
fn begins(expected: u8, copies: u8) -> f64 {
    let both = copies.abs_diff(expected) > 1;
    let share = match (copies < expected, expected) {
        (true, 1) => 1.0,
        _ if both => BOTH,
        _ => 1.0 - BOTH,
    };
    BEGINS * share
}

/// Probability of each number of copies where nothing is known of the target before.
fn fresh(expected: u8) -> [f64; STATES] {
    let mut chances = [0.0; STATES];
    for copies in 0..=most(expected) {
        chances[copies as usize] = if copies == expected {
            1.0 - 2.0 * BEGINS
        } else {
            begins(expected, copies)
        };
    }
    chances
}

/// Probabilities of the step from one number of copies to another over a distance.
fn step(expected: u8, distance: u32) -> Step {
    let near = (-f64::from(distance) / DISTANCE).exp();
    let anew = fresh(expected);
    let mut step = [[0.0; STATES]; STATES];
    for from in 0..=most(expected) {
        let row = &mut step[from as usize];
        if from == expected {
            *row = anew;
            continue;
        }
        for to in 0..=most(expected) {
            let same_direction = to != expected && (to < expected) == (from < expected);
            let tied = if to == expected {
                1.0 / TARGETS
            } else if to == from {
                (1.0 - 1.0 / TARGETS) * (1.0 - BEGINS)
            } else if same_direction {
                // An event within an event: two copies gone inside one that is, and the like.
                (1.0 - 1.0 / TARGETS) * BEGINS
            } else {
                0.0
            };
            row[to as usize] = near * tied + (1.0 - near) * anew[to as usize];
        }
        // Where one copy is expected, a deletion has one state, and its step within stays.
        let sum: f64 = row.iter().sum();
        for chance in row.iter_mut() {
            *chance /= sum;
        }
    }
    step
}

/// Prior odds of events along a chain, against no event there.
pub(super) struct Runs {
    begin: Vec<f64>,
    stay: Vec<f64>,
    end: Vec<f64>,
}

impl Runs {
    /// Events of so many copies, over targets with these distances between them.
    pub(super) fn new(expected: u8, copies: u8, distances: &[u32]) -> Self {
        let steps: Vec<Step> = distances.iter().map(|d| step(expected, *d)).collect();
        let (e, c) = (expected as usize, copies as usize);
        let anew = fresh(expected);
        let odds = |from: usize, to: usize| move |s: &Step| (s[from][to] / s[e][e]).ln();
        let mut begin = vec![(anew[c] / anew[e]).ln()];
        begin.extend(steps.iter().map(odds(e, c)));
        let mut end: Vec<f64> = steps.iter().map(odds(c, e)).collect();
        end.push(0.0);
        Self {
            begin,
            stay: steps.iter().map(odds(c, c)).collect(),
            end,
        }
    }

    /// Logarithm of the odds that an event is exactly these targets.
    pub(super) fn log_prior(&self, first: usize, last: usize) -> f64 {
        self.begin[first] + self.stay[first..last].iter().sum::<f64>() + self.end[last]
    }
}

/// A chain of targets of one chromosome with the same expected copies, solved.
pub(super) struct Chain {
    expected: u8,
    steps: Vec<[[f64; STATES]; STATES]>,
    likelihoods: Vec<[f64; STATES]>,
    forward: Vec<[f64; STATES]>,
    backward: Vec<[f64; STATES]>,
    total: f64,
}

impl Chain {
    /// `likelihoods`: logarithms, by target and copies; `distances`: bases between each target and the next.
    pub(super) fn new(expected: u8, likelihoods: Vec<[f64; STATES]>, distances: &[u32]) -> Self {
        let mut likelihoods = likelihoods;
        for row in &mut likelihoods {
            row[usize::from(most(expected)) + 1..].fill(f64::NEG_INFINITY);
        }
        let steps: Vec<Step> = distances.iter().map(|d| logs(&step(expected, *d))).collect();
        let start = fresh(expected).map(f64::ln);
        let n = likelihoods.len();
        let mut forward = vec![[f64::NEG_INFINITY; STATES]; n];
        let mut backward = vec![[0.0; STATES]; n];
        for at in 0..n {
            for to in 0..STATES {
                let before = match at {
                    0 => start[to],
                    _ => sum_logs((0..STATES).map(|from| forward[at - 1][from] + steps[at - 1][from][to])),
                };
                forward[at][to] = before + likelihoods[at][to];
            }
        }
        for at in (0..n.saturating_sub(1)).rev() {
            for from in 0..STATES {
                backward[at][from] = sum_logs(
                    (0..STATES).map(|to| steps[at][from][to] + likelihoods[at + 1][to] + backward[at + 1][to]),
                );
            }
        }
        let total = forward.last().map_or(0.0, |last| sum_logs(last.iter().copied()));
        Self {
            expected,
            steps,
            likelihoods,
            forward,
            backward,
            total,
        }
    }

    /// The most probable copies of all targets together (Viterbi 1967). Of equal ones those nearest to the expected.
    pub(super) fn path(&self) -> Vec<u8> {
        let n = self.likelihoods.len();
        let start = fresh(self.expected).map(f64::ln);
        let mut order: Vec<usize> = (0..=usize::from(most(self.expected))).collect();
        order.sort_by_key(|s| s.abs_diff(usize::from(self.expected)));
        let best_of = |values: &dyn Fn(usize) -> f64| {
            let mut best = order[0];
            for &state in &order[1..] {
                if values(state) > values(best) {
                    best = state;
                }
            }
            best
        };
        let mut score = [f64::NEG_INFINITY; STATES];
        let mut from = vec![[0_usize; STATES]; n];
        for (at, from) in from.iter_mut().enumerate() {
            let before = score;
            for &to in &order {
                let chances = |state: usize| before[state] + self.steps[at - 1][state][to];
                score[to] = self.likelihoods[at][to]
                    + if at == 0 {
                        start[to]
                    } else {
                        from[to] = best_of(&chances);
                        chances(from[to])
                    };
            }
        }
        let mut path = vec![self.expected; n];
        let mut state = best_of(&|s| score[s]);
        for at in (0..n).rev() {
            path[at] = state as u8;
            state = from[at][state];
        }
        path
    }

    /// Logarithm of the probability that each of the targets `first..=last` has copies that are `allowed`.
    fn log_all(&self, first: usize, last: usize, allowed: impl Fn(u8) -> bool) -> f64 {
        let mask = |values: [f64; STATES]| {
            let mut values = values;
            for (state, value) in values.iter_mut().enumerate() {
                if !allowed(state as u8) {
                    *value = f64::NEG_INFINITY;
                }
            }
            values
        };
        let mut row = mask(self.forward[first]);
        for at in first + 1..=last {
            let mut next = [f64::NEG_INFINITY; STATES];
            for (to, value) in next.iter_mut().enumerate() {
                *value = sum_logs((0..STATES).map(|from| row[from] + self.steps[at - 1][from][to]))
                    + self.likelihoods[at][to];
            }
            row = mask(next);
        }
        sum_logs((0..STATES).map(|s| row[s] + self.backward[last][s])) - self.total
    }

    /// Phred quality that at least one of the targets has fewer copies than expected, or more (XHMM's "some quality").
    pub(super) fn some_quality(&self, first: usize, last: usize, fewer: bool) -> f64 {
        let expected = self.expected;
        phred(self.log_all(
            first,
            last,
            |copies| {
                if fewer { copies >= expected } else { copies <= expected }
            },
        ))
    }

    /// Phred quality that all of the targets have exactly so many copies.
    pub(super) fn exact_quality(&self, first: usize, last: usize, copies: u8) -> f64 {
        let right = self.log_all(first, last, |c| c == copies).min(0.0);
        phred((-right.exp_m1()).max(0.0).ln())
    }

    /// Phred quality that one target is as called: fewer, as many, or more copies than expected.
    pub(super) fn target_quality(&self, at: usize, copies: u8) -> f64 {
        let class = copies.cmp(&self.expected);
        let wrong = (0..STATES as u8)
            .filter(|c| c.cmp(&self.expected) != class)
            .map(|c| self.forward[at][c as usize] + self.backward[at][c as usize]);
        phred(sum_logs(wrong) - self.total)
    }
}

fn logs(step: &Step) -> Step {
    step.map(|row| row.map(f64::ln))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_probabilities() {
        for expected in [1, 2] {
            for distance in [0, 1_000, 70_000, u32::MAX] {
                for row in step(expected, distance).iter().take(usize::from(most(expected)) + 1) {
                    assert!(
                        (row.iter().sum::<f64>() - 1.0).abs() < 1e-12,
                        "{expected} {distance} {row:?}"
                    );
                }
            }
            assert!((fresh(expected).iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }

    /// Every path of a short chain, summed by hand.
    #[test]
    fn qualities_are_those_of_all_paths() {
        let likelihoods = vec![
            [-9.0, -4.0, -1.0, -3.0, -5.0],
            [-8.0, 0.0, -12.0, -30.0, -40.0],
            [-7.0, -0.5, -9.0, -20.0, -30.0],
            [-6.0, -3.0, -0.2, -2.0, -4.0],
        ];
        let distances = [500, 2_000, 9_000];
        let chain = Chain::new(2, likelihoods.clone(), &distances);
        let steps: Vec<Step> = distances.iter().map(|d| step(2, *d)).collect();
        let start = fresh(2);
        let (mut all, mut none_deleted, mut exact, mut best) = (0.0, 0.0, 0.0, (0.0, vec![]));
        for number in 0..STATES.pow(4) {
            let path: Vec<usize> = (0..4).map(|at| number / STATES.pow(at) % STATES).collect();
            let mut p = start[path[0]];
            for at in 0..4 {
                p *= likelihoods[at][path[at]].exp();
                if at > 0 {
                    p *= steps[at - 1][path[at - 1]][path[at]];
                }
            }
            all += p;
            if path[1..3].iter().all(|s| *s >= 2) {
                none_deleted += p;
            }
            if path[1..3] == [1, 1] {
                exact += p;
            }
            if p > best.0 {
                best = (p, path);
            }
        }
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{a} {b}");
        close(chain.some_quality(1, 2, true), -10.0 * (none_deleted / all).log10());
        close(chain.exact_quality(1, 2, 1), -10.0 * (1.0 - exact / all).log10());
        let path: Vec<u8> = best.1.iter().map(|s| *s as u8).collect();
        assert_eq!(chain.path(), path);
        assert_eq!(path, [2, 1, 1, 2]);
    }

    #[test]
    fn far_targets_do_not_hold_together() {
        let deleted = [-30.0, 0.0, -14.0, -40.0, -60.0];
        let dull = [-9.0, -1.0, -1.2, -1.5, -3.0];
        let chain = |d| Chain::new(2, vec![deleted, dull, deleted], &[d, d]).path();
        assert_eq!(chain(100), [1, 1, 1]);
        assert_eq!(chain(10_000_000), [1, 2, 1]);
    }

    #[test]
    fn one_copy_has_no_half() {
        let chain = Chain::new(1, vec![[0.0, -30.0, -50.0, -60.0, 0.0]], &[]);
        assert_eq!(chain.path(), [0]);
        assert!(chain.target_quality(0, 0) > 60.0);
        assert!((Runs::new(1, 0, &[]).log_prior(0, 0) - BEGINS.ln()).abs() < 1e-3);
    }
}
