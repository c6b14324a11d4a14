//! A sample beside its normals: scale, curve, factors, and the most probable copies of every target.

use super::{
    SampleCounts,
    fit::Curve,
    markov::{Chain, STATES},
    matching,
    numbers::robust_deviation,
    reference::{Known, Normals, Reference},
    screen::Screen,
    states::Observed,
};

/// Fragments that two copies must be expected to give, for a target to enter the model at all.
const LEAST_EXPECTED: f64 = 10.0;
/// Share of the normals that may be left out at a target as carriers, and that must be able to tell.
const MOST_CARRIERS: f64 = 0.2;
/// A sample beside one reference.
pub(super) struct Fitted {
    pub(super) chosen: Vec<usize>,
    pub(super) reference: Reference,
    /// None where the sample has too few fragments for a scale.
    pub(super) observed: Vec<Option<Observed>>,
    pub(super) inflation: f64,
    pub(super) has_scale: bool,
    pub(super) path: Vec<u8>,
}

/// The best of the references that are tried: where a change by one copy stands out most from the variance.
pub(super) fn best_reference(
    sample: &SampleCounts,
    screen: &Screen,
    data: &Normals<'_>,
    order: &[usize],
) -> Option<Fitted> {
    let mut best: Option<(f64, Fitted)> = None;
    let mut before = 0;
    for tried in matching::TRIED {
        let chosen = &order[..order.len().min(tried)];
        if chosen.len() < matching::LEAST_NORMALS || chosen.len() == before {
            continue;
        }
        before = chosen.len();
        let fitted = Fitted::new(sample, screen, data, chosen.to_vec())?;
        let power = fitted.power(screen);
        if best.as_ref().is_none_or(|(highest, _)| power > *highest) {
            best = Some((power, fitted));
        }
    }
    best.map(|(_, fitted)| fitted)
}

impl Fitted {
    pub(super) fn new(sample: &SampleCounts, screen: &Screen, data: &Normals<'_>, chosen: Vec<usize>) -> Option<Self> {
        let reference = Reference::learn(data, &chosen)?;
        let rates: Vec<f64> = reference.targets.iter().map(|t| t.rate).collect();
        let mut fitted = Self {
            chosen,
            reference,
            observed: vec![None; rates.len()],
            inflation: 1.0,
            has_scale: false,
            path: screen.expected.clone(),
        };
        let excess = fitted.reference.common_excess;
        let mut adjusted = rates.clone();
        // Targets of events pull scale and curve: they are left out of the second fit.
        for _ in 0..2 {
            let used: Vec<bool> = (0..rates.len())
                .map(|t| screen.learn[t] && fitted.path[t] == screen.expected[t])
                .collect();
            let Some(curve) = Curve::fit(&sample.fragments, &adjusted, data.gc, &used) else {
                break;
            };
            let factors = &fitted.reference.factors;
            let shares = factors.shares_of(&sample.fragments, &rates, data.gc, &used, &curve, excess);
            for (t, rate) in adjusted.iter_mut().enumerate() {
                *rate = rates[t] * factors.at(&shares, t);
            }
            // The curve once more, now that the factors are known.
            let curve = Curve::fit(&sample.fragments, &adjusted, data.gc, &used).unwrap_or(curve);
            fitted.has_scale = true;
            fitted.observe(sample, screen, &curve, &adjusted, data.gc, &used);
            fitted.solve(sample, screen);
        }
        Some(fitted)
    }

    fn observe(
        &mut self,
        sample: &SampleCounts,
        screen: &Screen,
        curve: &Curve,
        rates: &[f64],
        gc: &[f64],
        used: &[bool],
    ) {
        let observed = |t: usize, inflation: f64| {
            let known = &self.reference.targets[t];
            let two_copies = rates[t] * curve.at(gc[t]);
            let enough = two_copies * f64::from(screen.expected[t]) / 2.0 >= LEAST_EXPECTED;
            (screen.reasons[t].is_none() && enough && enough_normals(known, self.chosen.len())).then_some(Observed {
                count: f64::from(sample.fragments[t]),
                two_copies,
                excess: known.excess,
                freedom: known.freedom,
                inflation,
                expected: screen.expected[t],
            })
        };
        let differences: Vec<f64> = (0..gc.len())
            .filter(|t| used[*t])
            .filter_map(|t| observed(t, 1.0))
            .map(|o| o.standardised(o.expected))
            .collect();
        let deviation = robust_deviation(&differences).unwrap_or(1.0);
        self.inflation = (deviation * deviation).max(1.0);
        self.observed = (0..gc.len()).map(|t| observed(t, self.inflation)).collect();
    }

    /// The chains: targets of one contig with the same expected copies that can tell something.
    pub(super) fn chains(&self, sample: &SampleCounts) -> Vec<Vec<usize>> {
        let mut chains: Vec<Vec<usize>> = Vec::new();
        for (t, observed) in self.observed.iter().enumerate() {
            let Some(observed) = observed else { continue };
            let follows = chains.last().and_then(|c| c.last()).is_some_and(|last| {
                sample.targets[*last].interval.contig == sample.targets[t].interval.contig
                    && self.observed[*last].is_some_and(|o| o.expected == observed.expected)
            });
            match chains.last_mut() {
                Some(chain) if follows => chain.push(t),
                _ => chains.push(vec![t]),
            }
        }
        chains
    }

    pub(super) fn chain(&self, sample: &SampleCounts, members: &[usize]) -> Option<Chain> {
        let observed: Vec<&Observed> = members.iter().filter_map(|t| self.observed[*t].as_ref()).collect();
        let expected = observed.first()?.expected;
        let likelihoods = observed
            .iter()
            .map(|o| std::array::from_fn::<f64, STATES, _>(|copies| o.log_likelihood(copies as u8)))
            .collect();
        Some(Chain::new(expected, likelihoods, &distances(sample, members)))
    }

    fn solve(&mut self, sample: &SampleCounts, screen: &Screen) {
        self.path.clone_from(&screen.expected);
        for members in self.chains(sample) {
            if let Some(chain) = self.chain(sample, &members) {
                for (t, copies) in members.iter().zip(chain.path()) {
                    self.path[*t] = copies;
                }
            }
        }
    }

    /// Mean over the autosomal targets of the difference of a one-copy deletion in standard deviations, squared; the
    /// targets that cannot be used count as none.
    fn power(&self, screen: &Screen) -> f64 {
        let told = self.observed.iter().zip(&screen.learn).filter(|(_, learn)| **learn);
        told.filter_map(|(o, _)| *o)
            .map(|o| {
                let at_two = Observed {
                    count: o.two_copies,
                    ..o
                };
                // A variance that is known badly counts less, as it does in the t distribution.
                at_two.standardised(1).powi(2) * o.freedom / (o.freedom + 2.0)
            })
            .sum()
    }
}

/// Whether a target's normals can tell, of so many that were chosen.
pub(super) fn enough_normals(known: &Known, chosen: usize) -> bool {
    let chosen = chosen as f64;
    known.normals as f64 >= (1.0 - MOST_CARRIERS) * chosen && known.carriers as f64 <= MOST_CARRIERS * chosen
}

/// Bases between each target of a chain and the next.
pub(super) fn distances(sample: &SampleCounts, members: &[usize]) -> Vec<u32> {
    let interval = |t: usize| &sample.targets[t].interval;
    members
        .windows(2)
        .map(|pair| interval(pair[1]).start - interval(pair[0]).end)
        .collect()
}
