//! Recall and precision of copy number on made-up panels, by size and kind of event, depth and number of normals.
//!
//! ```text
//! cargo run -p clinotype-call --example copy_number_accuracy [SAMPLES]
//! ```
//!
//! What is simulated stands in `clinotype_testkit::depth`; the caller knows nothing of it. Each sample has one event of
//! each size, each in a gene of its own, of kinds in turn. An event counts as found where a PASS event of the same
//! direction lies over at least half of its targets; a PASS event that meets no true one of its direction is wrong.
//! `assessed` is the share of targets that are told normal, not deleted, deleted or duplicated; an event that was missed
//! while a target of it was told normal (or, for deletions, not deleted) is counted at the end of the row.

use std::{collections::BTreeMap, fmt::Write as _};

use clinotype_call::{
    Sex,
    copy_number::{CopyNumber, SampleCounts, State, Target, call},
};
use clinotype_genome::{Build, Result};
use clinotype_testkit::{
    Dice,
    depth::{Change, Panel},
};

const GENES: usize = 100;
const SIZES: [&str; 4] = ["1 exon", "2 exons", "3-5 exons", "whole gene"];
const KINDS: [(&str, u8); 3] = [("het DEL", 1), ("hom DEL", 0), ("DUP", 3)];

#[derive(Default)]
struct Score {
    events: u32,
    found: u32,
    /// Missed, with a target of it told to be normal (or not deleted, for deletions).
    told_normal: u32,
}

fn counts(panel: &Panel, name: String, fragments: Vec<u32>, male: bool) -> SampleCounts {
    let targets = panel.targets.iter().zip(&panel.gc);
    SampleCounts {
        sample: name,
        sex: if male { Sex::Male } else { Sex::Female },
        build: Build::Grch38,
        software: "simulated".to_owned(),
        duplicates: 1,
        contigs: "simulated".to_owned(),
        targets: targets
            .map(|(interval, gc)| Target {
                interval: interval.clone(),
                name: None,
                gc: Some(*gc),
            })
            .collect(),
        low_mapping_quality: vec![0; fragments.len()],
        fragments,
    }
}

/// One event of each size in autosomal genes that differ.
fn draw_events(panel: &Panel, number: usize, dice: &mut Dice) -> Vec<(usize, usize, Change)> {
    let mut taken = Vec::new();
    let mut events = Vec::new();
    for size in 0..SIZES.len() {
        let targets = match size {
            0 => 1,
            1 => 2,
            2 => 3 + dice.below(3) as usize,
            _ => 0,
        };
        let (first, end) = loop {
            let gene = dice.below(panel.genes.len() as u32) as usize;
            let (first, end) = panel.genes[gene];
            let fits = end - first > targets && end - first > 5;
            if fits && !taken.contains(&gene) && panel.targets[first].contig != "chrX" {
                taken.push(gene);
                break (first, end);
            }
        };
        let kind = (number + size) % KINDS.len();
        let (first, end) = match targets {
            0 => (first, end),
            n => {
                let at = first + dice.below((end - first - n + 1) as u32) as usize;
                (at, at + n)
            }
        };
        let copies = KINDS[kind].1;
        events.push((size, kind, Change { first, end, copies }));
    }
    events
}

/// Adds what was found of a sample's events; the PASS events that are wrong.
fn score(called: &CopyNumber, events: &[(usize, usize, Change)], scores: &mut BTreeMap<(usize, usize), Score>) -> u32 {
    let deletion = |change: &Change| change.copies < 2;
    for (size, kind, change) in events {
        let score = scores.entry((*size, *kind)).or_default();
        score.events += 1;
        let covered: usize = called
            .events
            .iter()
            .filter(|e| e.filters.is_empty() && e.is_deletion() == deletion(change))
            .map(|e| (e.last + 1).min(change.end).saturating_sub(e.first.max(change.first)))
            .sum();
        if 2 * covered >= change.end - change.first {
            score.found += 1;
        } else {
            let normal = called.targets[change.first..change.end]
                .iter()
                .any(|t| t.state == State::Normal || (deletion(change) && t.state == State::NotDeleted));
            score.told_normal += u32::from(normal);
        }
    }
    let wrong = called.events.iter().filter(|e| {
        let met = |c: &Change| e.first < c.end && c.first <= e.last && e.is_deletion() == deletion(c);
        e.filters.is_empty() && !events.iter().any(|(_, _, change)| met(change))
    });
    wrong.count() as u32
}

fn main() -> Result<()> {
    let samples: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(60);
    println!("{GENES} genes, {samples} samples with 4 events each for every row; PASS is quality 20");
    println!("noise depth normals assessed | wrong of PASS | found of events by size: het DEL, hom DEL, DUP");
    for (noise, depth, normals) in [
        (1.0, 50.0, 10),
        (1.0, 50.0, 30),
        (1.0, 100.0, 10),
        (1.0, 100.0, 30),
        (1.0, 200.0, 10),
        (1.0, 200.0, 30),
        (1.0, 400.0, 30),
        (1.5, 200.0, 30),
    ] {
        row(noise, depth, normals, samples)?;
    }
    Ok(())
}

fn row(noise: f64, depth: f64, normals: usize, samples: usize) -> Result<()> {
    let mut dice = Dice::new((noise * 1e6) as u64 + depth as u64 * 1000 + normals as u64);
    let panel = Panel::draw(GENES, 10, noise, &mut dice);
    let others: Vec<SampleCounts> = (0..normals)
        .map(|n| {
            let male = n % 2 == 0;
            let carried = panel.carried(&mut dice);
            let fragments = panel.sample(depth, male, &carried, &mut dice);
            counts(&panel, format!("N{n:03}"), fragments, male)
        })
        .collect();
    let mut scores = BTreeMap::new();
    let (mut wrong, mut assessed, mut found, mut told_normal) = (0, 0, 0, 0);
    for number in 0..samples {
        let male = number % 2 == 1;
        let events = draw_events(&panel, number, &mut dice);
        let changes: Vec<Change> = events.iter().map(|e| e.2).collect();
        let fragments = panel.sample(depth, male, &changes, &mut dice);
        let called = call(&counts(&panel, format!("S{number}"), fragments, male), &others)?;
        wrong += score(&called, &events, &mut scores);
        assessed += called.targets.iter().filter(|t| t.state != State::NotAssessed).count();
    }
    let mut text = String::new();
    for (size, name) in SIZES.iter().enumerate() {
        let _ = write!(text, "  {name}:");
        for kind in 0..KINDS.len() {
            let score = scores.remove(&(size, kind)).unwrap_or_default();
            found += score.found;
            told_normal += score.told_normal;
            let _ = write!(text, " {}/{}", score.found, score.events);
        }
    }
    println!(
        "{noise:>5} {depth:>5} {normals:>7} {:>7.1}% | {wrong:>3} of {:>3} |{text}  missed and told normal: {told_normal}",
        100.0 * assessed as f64 / (samples * panel.targets.len()) as f64,
        found + wrong,
    );
    Ok(())
}
