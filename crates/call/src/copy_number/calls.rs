//! A sample against its normals: what is called, and what is said of every target.

use std::cmp::Ordering;

use clinotype_genome::{Fault, Interval, Result};

use super::{
    SampleCounts, expected,
    fit::LEAST_TARGETS,
    fitted::{Fitted, best_reference, distances, enough_normals},
    markov::{self, Chain},
    matching,
    numbers::round,
    reference::Normals,
    resolution,
    result::{CopyNumber, Event, Reason, State, TargetCall, Verdict},
    sample::fits_sex,
    screen::Screen,
    states::{LEAST_QUALITY, Observed},
};

/// Calls copy number of a sample against normals.
///
/// Faults: another design or genome, the sample or a repeat among the normals, fewer than 10 normals that can be used,
/// fewer than 20 autosomal targets that depth can be learnt from.
pub fn call(sample: &SampleCounts, normals: &[SampleCounts]) -> Result<CopyNumber> {
    let normals = matching::check(sample, normals)?;
    let screen = Screen::new(sample, &normals);
    let autosomal = screen.learn.iter().filter(|l| **l).count();
    if autosomal < LEAST_TARGETS {
        return Err(Fault::input(format!(
            "the design has {autosomal} autosomal targets that depth can be learnt from; at least {LEAST_TARGETS} are needed"
        ))
        .hint("count over every target of the kit, not over those of one gene"));
    }
    let gc: Vec<f64> = sample.targets.iter().map(|t| t.gc.unwrap_or(0.5)).collect();
    let data = Normals {
        counts: normals.iter().map(|n| &n.fragments[..]).collect(),
        copies: normals.iter().map(|n| screen.copies_of(n.sex)).collect(),
        gc: &gc,
        learn: &screen.learn,
    };
    let order = matching::ordered(&sample.fragments, &data);
    let Some(best) = best_reference(sample, &screen, &data, &order) else {
        return Err(Fault::input(format!(
            "fewer than {} of the normals have enough fragments",
            matching::LEAST_NORMALS
        ))
        .hint("give normals of the same protocol with the depth that it usually has"));
    };
    let names = best.chosen.iter().map(|n| normals[*n].sample.clone()).collect();
    Ok(best.finish(sample, &screen, names, normals.len()))
}

impl Fitted {
    fn finish(self, sample: &SampleCounts, screen: &Screen, names: Vec<String>, given: usize) -> CopyNumber {
        let quality = self.quality(sample, screen, names, given);
        let mut targets: Vec<TargetCall> = (0..sample.targets.len())
            .map(|t| self.unassessed(sample, screen, t))
            .collect();
        let mut events = Vec::new();
        for members in self.chains(sample) {
            let Some(chain) = self.chain(sample, &members) else {
                continue;
            };
            self.settle(sample, &members, &chain, &mut targets);
            let mut at = 0;
            while at < members.len() {
                let copies = self.path[members[at]];
                let run = members[at..].iter().take_while(|t| self.path[**t] == copies).count();
                if copies != screen.expected[members[at]] {
                    events.push(self.event(sample, &members, &chain, at, at + run - 1));
                }
                at += run;
            }
        }
        events.sort_by_key(|e| e.first);
        let failed = quality.verdict == Verdict::Fail;
        let wrong_sex = quality.copies_of_x.is_some_and(|found| !fits_sex(sample.sex, found));
        for event in &mut events {
            if wrong_sex && expected::is_sex_linked(sample.build, &event.interval) {
                event.filters.push("SexDepth");
            }
            if event.quality < LEAST_QUALITY {
                event.filters.push("LowQual");
            }
            if failed {
                event.filters.push("SampleQuality");
            }
            for call in &mut targets[event.first..=event.last] {
                if matches!(call.state, State::Deleted | State::Duplicated) && event.quality < LEAST_QUALITY {
                    call.not_assessed(Reason::LowQuality);
                }
            }
        }
        if failed {
            for call in targets.iter_mut().filter(|t| t.state != State::NotAssessed) {
                call.not_assessed(Reason::SampleQuality);
            }
        }
        CopyNumber {
            schema: "clinotype.copy-number/1",
            sample: sample.sample.clone(),
            targets_digest: super::targets_digest(&sample.targets),
            least_quality: LEAST_QUALITY,
            quality,
            events,
            targets,
        }
    }

    /// A target before the chains have spoken: not assessed, with its reason.
    fn unassessed(&self, sample: &SampleCounts, screen: &Screen, t: usize) -> TargetCall {
        let known = &self.reference.targets[t];
        let observed = self.observed[t].as_ref();
        let reason = screen.reasons[t].unwrap_or_else(|| {
            if known.normals * 5 < self.chosen.len() * 4 {
                Reason::TooFewNormals
            } else if enough_normals(known, self.chosen.len()) {
                Reason::TooFewReads
            } else {
                Reason::TooVariable
            }
        });
        TargetCall {
            interval: sample.targets[t].interval.clone(),
            name: sample.targets[t].name.clone(),
            state: State::NotAssessed,
            reason: Some(reason),
            copies: None,
            expected_copies: (screen.expected[t] > 0).then_some(screen.expected[t]),
            quality: None,
            fragments: sample.fragments[t],
            expected_fragments: observed.map(|o| round(o.two_copies * f64::from(o.expected) / 2.0)),
            gc: sample.targets[t].gc,
            deletion_seen_from: None,
            duplication_seen_from: None,
            spread: observed.map(|o| round((o.excess * o.inflation).sqrt())),
        }
    }

    /// What the chain says of its targets.
    fn settle(&self, sample: &SampleCounts, members: &[usize], chain: &Chain, targets: &mut [TargetCall]) {
        let distances = distances(sample, members);
        let observed: Vec<Observed> = members.iter().filter_map(|t| self.observed[*t]).collect();
        let deletion = resolution::seen_from(&observed, &distances, -1);
        let duplication = resolution::seen_from(&observed, &distances, 1);
        for (at, (&t, observed)) in members.iter().zip(&observed).enumerate() {
            let copies = self.path[t];
            targets[t].deletion_seen_from = deletion[at];
            targets[t].duplication_seen_from = duplication[at];
            let (alone, both) = (deletion[at] == Some(1), duplication[at] == Some(1));
            let call = &mut targets[t];
            call.quality = Some(round(chain.target_quality(at, copies)));
            call.state = match copies.cmp(&observed.expected) {
                Ordering::Less => State::Deleted,
                Ordering::Greater => State::Duplicated,
                // What is said to be normal must be so with some certainty, too.
                Ordering::Equal if call.quality.is_some_and(|q| q < LEAST_QUALITY) => {
                    call.not_assessed(Reason::LowQuality);
                    continue;
                }
                Ordering::Equal if alone && both => State::Normal,
                Ordering::Equal if alone => State::NotDeleted,
                Ordering::Equal => {
                    let ideal = observed.without_excess();
                    let by_counting = resolution::seen_from(&[ideal], &[], -1) == [Some(1)];
                    call.not_assessed(if by_counting {
                        Reason::TooVariable
                    } else {
                        Reason::TooFewReads
                    });
                    continue;
                }
            };
            call.reason = None;
            call.copies = Some(if copies == markov::most(observed.expected) {
                copies.max(depth_copies(observed.count, observed.two_copies))
            } else {
                copies
            });
        }
    }

    fn event(&self, sample: &SampleCounts, members: &[usize], chain: &Chain, from: usize, to: usize) -> Event {
        let (first, last) = (members[from], members[to]);
        let expected_copies = self.observed[first].map_or(2, |o| o.expected);
        let copies = self.path[first];
        let inside = members[from..=to].iter().filter_map(|t| self.observed[*t].as_ref());
        let (count, two) = inside.fold((0.0, 0.0), |sum, o| (sum.0 + o.count, sum.1 + o.two_copies));
        let interval = |t: usize| &sample.targets[t].interval;
        let contig = &interval(first).contig;
        // Bounds are set by targets that the path leaves unaffected, of this chain or, at its ends, by none.
        let unaffected = |t: &&usize| self.path[**t] == expected_copies;
        let before = members[..from].iter().rev().find(unaffected);
        let after = members[to + 1..].iter().find(unaffected);
        Event {
            interval: Interval::new(contig.clone(), interval(first).start, interval(last).end),
            first,
            last,
            targets: to - from + 1,
            copies: if copies == markov::most(expected_copies) {
                copies.max(depth_copies(count, two))
            } else {
                copies
            },
            expected_copies,
            quality: round(chain.some_quality(from, to, copies < expected_copies)),
            copies_quality: round(chain.exact_quality(from, to, copies)),
            ratio: round(count / (two * f64::from(expected_copies) / 2.0)),
            earliest_start: before.map_or(0, |t| interval(*t).end),
            latest_end: after.map(|t| interval(*t).start),
            filters: Vec::new(),
        }
    }
}

/// Copies that the depth alone says.
fn depth_copies(count: f64, two_copies: f64) -> u8 {
    (2.0 * count / two_copies).round().clamp(0.0, 255.0) as u8
}
