//! The sample as a whole: whether it is as good as its normals.

use super::{
    Reason, SampleCounts, SampleQuality, Verdict, expected,
    fit::LEAST_TARGETS,
    fitted::Fitted,
    numbers::{median, round},
    screen::Screen,
};
use crate::Sex;

/// How many times the normals' standard deviation a sample may have: beyond the first it is said, beyond the second
/// nothing is called of it.
const SPREAD: (f64, f64) = (1.25, 2.0);
/// Share of the targets in events from which the scale itself may be wrong.
const MOST_IN_EVENTS: f64 = 0.2;
/// Targets of X that the sex is compared by.
const LEAST_OF_X: usize = 5;

impl Fitted {
    /// Judges it.
    pub(super) fn quality(
        &self,
        sample: &SampleCounts,
        screen: &Screen,
        names: Vec<String>,
        given: usize,
    ) -> SampleQuality {
        let told = || {
            self.observed
                .iter()
                .zip(&screen.learn)
                .filter(|(_, l)| **l)
                .filter_map(|(o, _)| *o)
        };
        let mut expected: Vec<f64> = told().map(|o| o.two_copies).collect();
        let pairs: Vec<(f64, f64)> = told().map(|o| (o.count, o.two_copies)).collect();
        let spread = self.inflation.sqrt();
        let copies_of_x = self.copies_of_x(sample);
        let in_events = (0..self.path.len()).filter(|t| self.observed[*t].is_some());
        let affected = in_events.filter(|t| self.path[*t] != screen.expected[*t]).count();
        let mut reasons = Vec::new();
        let mut verdict = Verdict::Pass;
        let mut say = |worse: Verdict, what: String| {
            if worse == Verdict::Fail || verdict == Verdict::Pass {
                verdict = worse;
            }
            reasons.push(what);
        };
        if !self.has_scale || pairs.len() < LEAST_TARGETS {
            say(
                Verdict::Fail,
                "too few fragments: fewer than 20 autosomal targets can be used".to_owned(),
            );
        }
        if spread > SPREAD.0 {
            let worse = if spread > SPREAD.1 {
                Verdict::Fail
            } else {
                Verdict::Warn
            };
            say(
                worse,
                format!("its depth varies {spread:.2} times as much between targets as that of the normals"),
            );
        }
        if affected as f64 > MOST_IN_EVENTS * pairs.len() as f64 {
            say(
                Verdict::Warn,
                format!("{affected} targets lie in events: depth as a whole may be taken wrongly"),
            );
        }
        if sample.sex == Sex::Unknown {
            if screen.reasons.contains(&Some(Reason::SexNotStated)) {
                say(
                    Verdict::Warn,
                    "the sex is not stated: X and Y are not assessed".to_owned(),
                );
            }
        } else if let Some(found) = copies_of_x.filter(|found| !fits_sex(sample.sex, *found)) {
            say(
                Verdict::Warn,
                format!("depth shows {found:.2} copies of X, which does not fit the stated sex"),
            );
        }
        SampleQuality {
            verdict,
            reasons,
            normals: names,
            normals_given: given,
            correlation: round(correlation(&pairs)),
            spread: round(spread),
            expected_fragments: round(median(&mut expected).unwrap_or(0.0)),
            common_spread: round(self.reference.common_excess.sqrt()),
            copies_of_x: copies_of_x.map(round),
        }
    }

    fn copies_of_x(&self, sample: &SampleCounts) -> Option<f64> {
        let mut copies: Vec<f64> = self
            .observed
            .iter()
            .zip(&sample.targets)
            .filter(|(_, t)| expected::is_sex_linked_x(sample.build, &t.interval))
            .filter_map(|(o, _)| *o)
            .map(|o| 2.0 * o.count / o.two_copies)
            .collect();
        if copies.len() < LEAST_OF_X {
            return None;
        }
        median(&mut copies)
    }
}

/// Whether these copies of X are those of the sex; any fit one that is not stated.
pub(super) fn fits_sex(sex: Sex, copies_of_x: f64) -> bool {
    match sex {
        Sex::Female => (copies_of_x - 2.0).abs() <= 0.4,
        Sex::Male => (copies_of_x - 1.0).abs() <= 0.4,
        Sex::Unknown => true,
    }
}

fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len().max(1) as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let (a, b) = (mean(|p| p.0), mean(|p| p.1));
    let sum = |of: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|p| of(p.0 - a, p.1 - b)).sum::<f64>();
    let below = (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt();
    if below > 0.0 { sum(&|x, y| x * y) / below } else { 0.0 }
}
