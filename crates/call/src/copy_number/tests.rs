//! The method as a whole, on made-up panels.

use clinotype_genome::Build;
use clinotype_testkit::{
    Dice,
    depth::{Change, Panel},
};
use proptest::{prelude::*, test_runner::RngSeed};

use super::*;
use crate::Sex;

struct Bench {
    panel: Panel,
    normals: Vec<SampleCounts>,
    dice: Dice,
}

impl Bench {
    fn new(genes: usize, normals: usize, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let panel = Panel::draw(genes, 8, 1.0, &mut dice);
        let mut bench = Self {
            panel,
            normals: Vec::new(),
            dice,
        };
        bench.normals = (0..normals)
            .map(|n| bench.sample(&format!("N{n:02}"), n % 2 == 1, &[]))
            .collect();
        bench
    }

    fn sample(&mut self, name: &str, male: bool, changes: &[Change]) -> SampleCounts {
        let fragments = self.panel.sample(300.0, male, changes, &mut self.dice);
        self.counts(name, male, fragments)
    }

    fn counts(&self, name: &str, male: bool, fragments: Vec<u32>) -> SampleCounts {
        let targets = self.panel.targets.iter().zip(&self.panel.gc);
        let targets = targets.map(|(interval, gc)| Target {
            interval: interval.clone(),
            name: None,
            gc: Some(*gc),
        });
        SampleCounts {
            sample: name.to_owned(),
            sex: if male { Sex::Male } else { Sex::Female },
            build: Build::Grch38,
            software: "test".to_owned(),
            duplicates: 1,
            contigs: "test".to_owned(),
            targets: targets.collect(),
            low_mapping_quality: vec![0; fragments.len()],
            fragments,
        }
    }

    /// A gene with more than five exons, on X or on an autosome.
    fn gene(&self, on_x: bool) -> (usize, usize) {
        let wanted = |g: &&(usize, usize)| g.1 - g.0 > 5 && (self.panel.targets[g.0].contig == "chrX") == on_x;
        *self.panel.genes.iter().find(wanted).unwrap()
    }
}

/// Events that pass, as (first, last, copies).
fn passed(called: &CopyNumber) -> Vec<(usize, usize, u8)> {
    let events = called.events.iter().filter(|e| e.filters.is_empty());
    events.map(|e| (e.first, e.last, e.copies)).collect()
}

#[test]
fn genes_are_found_with_their_copies_on_autosomes_and_x() {
    let mut bench = Bench::new(40, 20, 1);
    for (on_x, male, copies) in [
        (false, true, 0),
        (false, false, 1),
        (false, true, 3),
        (false, true, 6),
        (true, false, 0),
        (true, false, 1),
        (true, false, 3),
        (true, true, 0),
        (true, true, 2),
    ] {
        let (first, end) = bench.gene(on_x);
        let sample = bench.sample("S", male, &[Change { first, end, copies }]);
        let called = call(&sample, &bench.normals).unwrap();
        let events = passed(&called);
        let [(from, to, found)] = events[..] else {
            panic!("{on_x} {male} {copies}: {:#?}", called.events)
        };
        // The outermost targets may be too noisy to belong to it with certainty.
        assert!(
            from <= first + 1 && to + 2 >= end && from >= first && to < end,
            "{first} {end}: {events:?}"
        );
        assert_eq!(found, copies, "{:#?}", called.events);
        let expected = if on_x && male { 1 } else { 2 };
        assert_eq!(called.events[0].expected_copies, expected);
        for target in &called.targets[from..=to] {
            let wanted = if copies < expected {
                State::Deleted
            } else {
                State::Duplicated
            };
            assert!(
                target.state == wanted || target.state == State::NotAssessed,
                "{target:?}"
            );
        }
        assert!(
            called.targets[..first]
                .iter()
                .chain(&called.targets[end..])
                .all(|t| { !matches!(t.state, State::Deleted | State::Duplicated) })
        );
    }
}

#[test]
fn what_is_normal_would_have_been_seen() {
    let mut bench = Bench::new(30, 30, 2);
    let sample = bench.sample("S", false, &[]);
    let called = call(&sample, &bench.normals).unwrap();
    let sure = |t: &&usize| matches!(called.targets[**t].state, State::Normal | State::NotDeleted);
    let all: Vec<usize> = (0..called.targets.len()).collect();
    let some: Vec<usize> = all.iter().filter(sure).copied().step_by(5).collect();
    assert!(some.len() > 10, "{}", some.len());
    for t in some {
        let mut halved = sample.clone();
        halved.fragments[t] = called.targets[t].expected_fragments.unwrap() as u32 / 2;
        let events = passed(&call(&halved, &bench.normals).unwrap());
        assert_eq!(events, [(t, t, 1)]);
    }
}

#[test]
fn sex_is_stated_or_nothing_is_said_of_x() {
    let mut bench = Bench::new(40, 12, 3);
    let man = bench.sample("S", true, &[]);
    let called = call(&man, &bench.normals).unwrap();
    assert!(
        passed(&called).is_empty() && called.quality.verdict == Verdict::Pass,
        "{:?}",
        called.quality
    );
    assert!((called.quality.copies_of_x.unwrap() - 1.0).abs() < 0.1);
    let wrong = SampleCounts {
        sex: Sex::Female,
        ..man.clone()
    };
    let called = call(&wrong, &bench.normals).unwrap();
    assert_eq!(called.quality.verdict, Verdict::Warn);
    assert!(!called.events.is_empty() && called.events.iter().all(|e| e.filters.contains(&"SexDepth")));
    let unknown = SampleCounts {
        sex: Sex::Unknown,
        ..man
    };
    let called = call(&unknown, &bench.normals).unwrap();
    let of_x = called.targets.iter().filter(|t| t.interval.contig == "chrX");
    for target in of_x {
        assert_eq!(
            (target.state, target.reason),
            (State::NotAssessed, Some(Reason::SexNotStated))
        );
    }
    // Normals whose sex nobody stated tell nothing of X.
    let normals: Vec<SampleCounts> = bench
        .normals
        .iter()
        .map(|n| SampleCounts {
            sex: Sex::Unknown,
            ..n.clone()
        })
        .collect();
    let called = call(&wrong, &normals).unwrap();
    let of_x = called.targets.iter().find(|t| t.interval.contig == "chrX").unwrap();
    assert_eq!(
        (of_x.state, of_x.reason),
        (State::NotAssessed, Some(Reason::TooFewNormals))
    );
}

#[test]
fn a_bad_sample_has_no_calls_and_says_why() {
    let mut bench = Bench::new(30, 12, 4);
    let good = bench.sample("S", false, &[]);
    let mut dice = Dice::new(9);
    let noisy = good
        .fragments
        .iter()
        .map(|n| (f64::from(*n) * dice.normal(0.0, 0.4).exp()) as u32)
        .collect();
    let empty = vec![0; good.fragments.len()];
    for (fragments, words) in [(noisy, "times as much between targets"), (empty, "too few fragments")] {
        let called = call(&bench.counts("S", false, fragments), &bench.normals).unwrap();
        assert_eq!(called.quality.verdict, Verdict::Fail);
        assert!(
            called.quality.reasons.iter().any(|r| r.contains(words)),
            "{:?}",
            called.quality
        );
        assert!(passed(&called).is_empty());
        assert!(
            called
                .targets
                .iter()
                .all(|t| t.state == State::NotAssessed && t.reason.is_some())
        );
    }
}

#[test]
fn targets_that_cannot_tell_have_their_reason() {
    let mut bench = Bench::new(30, 12, 5);
    let mut sample = bench.sample("S", false, &[]);
    let mut normals = bench.normals.clone();
    for one in normals.iter_mut().chain([&mut sample]) {
        one.targets[3].gc = None;
        one.targets[4].gc = Some(0.95);
        one.low_mapping_quality[5] = one.fragments[5];
        one.fragments[6] /= 100;
        one.targets[0].interval.contig = "chrM".to_owned();
    }
    for (number, one) in normals.iter_mut().enumerate() {
        one.fragments[7] = one.fragments[7] * (number as u32 % 4 + 1) / 2;
    }
    let called = call(&sample, &normals).unwrap();
    for (t, reason) in [
        (0, Reason::NotNuclear),
        (3, Reason::GcExtreme),
        (4, Reason::GcExtreme),
        (5, Reason::LowMappability),
        (6, Reason::TooFewReads),
        (7, Reason::TooVariable),
    ] {
        let target = &called.targets[t];
        assert_eq!(
            (target.state, target.reason),
            (State::NotAssessed, Some(reason)),
            "{target:?}"
        );
    }
    assert!(passed(&called).is_empty(), "{:?}", called.events);
}

#[test]
fn normals_that_do_not_fit_are_refused() {
    let mut bench = Bench::new(20, 12, 6);
    let sample = bench.sample("S", false, &[]);
    let with = |change: &dyn Fn(&mut Vec<SampleCounts>)| {
        let mut normals = bench.normals.clone();
        change(&mut normals);
        call(&sample, &normals).unwrap_err().to_string()
    };
    for (fault, words) in [
        (with(&|n| n.truncate(9)), "9 normals are given; at least 10"),
        (
            with(&|n| n[2].targets[5].interval.end += 1),
            "N02 was counted over other targets",
        ),
        (
            with(&|n| n[2].build = Build::Grch37),
            "N02 was counted on another genome",
        ),
        (with(&|n| n[2].contigs.push('x')), "N02 was counted on another genome"),
        (with(&|n| n[3].sample = "S".to_owned()), "S is among its own normals"),
        (
            with(&|n| n[3].fragments.clone_from(&sample.fragments)),
            "N03 has the very counts of the sample",
        ),
        (with(&|n| n[3].sample = "N04".to_owned()), "N04 is given twice"),
        (
            with(&|n| n[3].fragments = n[4].fragments.clone()),
            "N03 and N04 have the same counts",
        ),
        (
            with(&|n| {
                n.iter_mut()
                    .skip(9)
                    .for_each(|n| n.fragments.iter_mut().for_each(|f| *f /= 1000));
            }),
            "fewer than 10 of the normals have enough fragments",
        ),
    ] {
        assert!(fault.contains(words), "{words}: {fault}");
    }
    let mut small = sample.clone();
    let mut normals = bench.normals.clone();
    for one in normals.iter_mut().chain([&mut small]) {
        one.targets.truncate(15);
        one.fragments.truncate(15);
        one.low_mapping_quality.truncate(15);
    }
    let fault = call(&small, &normals).unwrap_err().to_string();
    assert!(fault.contains("15 autosomal targets"), "{fault}");
}

proptest! {
    // Depth is drawn at random, and one draw in hundreds has a target that chance makes look altered: what is tested is
    // the method, so the draws are the same at every run.
    #![proptest_config(ProptestConfig { cases: 8, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

    /// The order of the normals, and how deep each was sequenced, change nothing that is called.
    #[test]
    fn order_and_depth_of_normals_change_nothing(seed in 0_u64..1000, shift in 1_usize..11, times in 2_u32..5) {
        let mut bench = Bench::new(24, 12, seed);
        let (first, end) = bench.gene(false);
        let sample = bench.sample("S", seed % 2 == 0, &[Change { first, end, copies: 1 }]);
        let called = call(&sample, &bench.normals).unwrap();
        let mut turned = bench.normals.clone();
        turned.rotate_left(shift);
        turned.swap(0, 5);
        prop_assert_eq!(&call(&sample, &turned).unwrap(), &called);
        // The same factor for all is a change of scale only; what counting adds is then taken to be less.
        let scaled: Vec<SampleCounts> = bench.normals.iter().map(|n| SampleCounts {
            fragments: n.fragments.iter().map(|f| f * times).collect(),
            ..n.clone()
        }).collect();
        // What chance does elsewhere, or to an exon within (which parts the event in two), is no matter of scale.
        for called in [&called, &call(&sample, &scaled).unwrap()] {
            let of_the_gene = |e: &&Event| e.copies == 1 && first <= e.first && e.last < end && e.quality > 60.0;
            prop_assert!(called.events.iter().any(|e| of_the_gene(&e)), "{:?}", called.events);
        }
    }

    /// A sample that is what its normals are on average has no event, at any depth.
    #[test]
    fn the_average_of_the_normals_has_no_event(seed in 0_u64..1000, depth in 0.2_f64..3.0) {
        let bench = Bench::new(24, 12, seed);
        let women: Vec<&SampleCounts> = bench.normals.iter().filter(|n| n.sex == Sex::Female).collect();
        let fragments = (0..bench.panel.targets.len())
            .map(|t| (depth * women.iter().map(|n| f64::from(n.fragments[t])).sum::<f64>() / women.len() as f64).round() as u32)
            .collect();
        let called = call(&bench.counts("S", false, fragments), &bench.normals).unwrap();
        prop_assert!(called.events.is_empty(), "{:?}", called.events);
    }
}
