//! The facts behind a loss of function: nonsense-mediated decay, share of protein lost, exon skipping, next Met
//! (Abou Tayoun 2018, Hum Mutat 39:1517, figure 1).
//!
//! Decay is predicted for a new stop more than 50 nt before the last exon junction; it is escaped in the last exon,
//! within 50 nt of the last junction, and in a transcript of one exon. Two further ways of escape are known from tumours
//! (Lindeboom 2016, Nat Genet 48:1112): a stop within 150 nt of the start codon, and one in an exon of more than 407 nt.
//! They weaken decay and do not abolish it, and the rule of PVS1 does not know them: they stand in the reason and leave
//! the prediction as it is.

use std::fmt::Write as _;

use crate::facts::LossOfFunction;

use super::{
    coding::CodingEffect,
    terms::{Term, Terms},
};
use crate::{
    spliced::{Spliced, translate},
    transcripts::Transcript,
};

/// A stop more than this many bases before the last exon junction leads to decay (Nagy and Maquat 1998, TIBS 23:198).
const DECAY_DISTANCE: i64 = 50;

/// A stop this near to the start codon often escapes decay (Lindeboom 2016, Nat Genet 48:1112).
const NEAR_START: i64 = 150;

/// As does one in an exon longer than this (the same).
const LONG_EXON: u32 = 407;

/// Facts for a transcript whose terms predict a loss of function; `None` where they do not.
pub(crate) fn facts(
    terms: Terms,
    t: &Transcript,
    spliced: &Spliced,
    coding: Option<&CodingEffect>,
    exon_at_risk: Option<u32>,
) -> Option<LossOfFunction> {
    t.coding?;
    if terms.has(Term::SpliceAcceptor) || terms.has(Term::SpliceDonor) {
        return exon_at_risk.map(|exon| skipping(exon, t, spliced));
    }
    let coding = coding?;
    if terms.has(Term::StartLost) {
        return Some(LossOfFunction {
            next_met_codon: coding.next_met,
            lost_fraction: coding
                .next_met
                .map(|codon| f64::from(codon - 1) / (residues(spliced).max(1) as f64))
                .or(Some(1.0)),
            ..LossOfFunction::default()
        });
    }
    if !(terms.has(Term::StopGained) || terms.has(Term::Frameshift)) {
        return None;
    }
    let first = coding.first_changed?;
    let mut facts = LossOfFunction {
        lost_fraction: Some(lost_from(first, spliced)),
        ..LossOfFunction::default()
    };
    let alternate = coding.alternate.as_ref()?;
    match coding.stop_end {
        Some(end) if alternate.last() == Some(&b'*') => {
            facts.new_stop_codon = Some(alternate.len() as u32);
            let (nmd, reason) = decay(end, &t.offsets, t.coding.map_or(0, |c| c.end));
            facts.nmd = nmd;
            facts.nmd_reason = Some(if nmd == Some(true) {
                reason + &weaker(end, t)
            } else {
                reason
            });
        }
        _ => facts.nmd_reason = Some("no stop before the end of the transcript".to_owned()),
    }
    Some(facts)
}

/// Residues of the reference protein, without its stop.
pub(super) fn residues(spliced: &Spliced) -> usize {
    spliced.protein.len() - usize::from(spliced.protein.last() == Some(&b'*'))
}

pub(super) fn lost_from(first: u32, spliced: &Spliced) -> f64 {
    let total = residues(spliced).max(1);
    (total.saturating_sub(first as usize) as f64 / total as f64).clamp(0.0, 1.0)
}

/// The 50-nucleotide rule. `stop_end`: transcript offset after the new stop, in the coordinates of `offsets` (first
/// base of every exon); `normal_end`: offset after the normal stop.
pub(super) fn decay(stop_end: i64, offsets: &[u32], normal_end: u32) -> (Option<bool>, String) {
    let exons = offsets.len();
    if exons == 1 {
        return (Some(false), "the transcript has one exon".to_owned());
    }
    let junction = i64::from(offsets[exons - 1]);
    let exon = offsets.partition_point(|o| i64::from(*o) < stop_end);
    let distance = junction - stop_end;
    if distance > DECAY_DISTANCE {
        return (
            Some(true),
            format!("new stop in exon {exon} of {exons}, {distance} nt before the last junction"),
        );
    }
    if stop_end > i64::from(normal_end) {
        return (Some(false), "new stop beyond the normal one".to_owned());
    }
    if distance >= 0 {
        return (
            Some(false),
            format!("new stop in exon {exon} of {exons}, within 50 nt of the last junction ({distance} nt)"),
        );
    }
    (Some(false), format!("new stop in the last exon ({exons})"))
}

/// What may weaken the decay of a new stop, in words; empty where nothing is known to.
fn weaker(stop_end: i64, t: &Transcript) -> String {
    let start = t.coding.map_or(0, |c| i64::from(c.start));
    let exon = t.exon_of_offset(u32::try_from(stop_end - 1).unwrap_or(0));
    let long = t.exons.get(exon).map_or(0, |e| e.len());
    let mut words = String::new();
    if t.has_start && stop_end - start <= NEAR_START {
        words.push_str("; within 150 nt of the start codon, where decay is often weaker");
    }
    if long > LONG_EXON {
        let _ = write!(words, "; in an exon of {long} nt, where decay is often weaker");
    }
    words
}

/// What the transcript becomes without one exon (1-based number).
fn skipping(exon: u32, t: &Transcript, spliced: &Spliced) -> LossOfFunction {
    let mut facts = LossOfFunction {
        skipped_exon: Some(exon),
        ..LossOfFunction::default()
    };
    let index = exon as usize - 1;
    let (Some(coding), Some(span)) = (t.coding, t.exons.get(index)) else {
        return facts;
    };
    let (from, to) = (t.offsets[index], t.offsets[index] + span.len());
    let lost = to.min(coding.end).saturating_sub(from.max(coding.start));
    if lost == 0 {
        facts.skip_keeps_frame = Some(true);
        facts.lost_fraction = Some(0.0);
        facts.nmd_reason = Some(format!("exon {exon} holds no coding base"));
        return facts;
    }
    if index == 0 || index + 1 == t.exons.len() {
        facts.nmd_reason = Some(format!(
            "exon {exon} is the transcript's {} one and cannot be skipped as an inner exon is",
            if index == 0 { "first" } else { "last" }
        ));
        facts.lost_fraction = Some(f64::from(lost) / f64::from(coding.len().max(1)));
        return facts;
    }
    if from <= coding.start {
        // Without its start codon the next in-frame Met behind the exon may take over.
        facts.nmd_reason = Some(format!("exon {exon} holds the start codon"));
        let behind = (to - coding.start + t.padding()).div_ceil(3) as usize;
        let next = spliced.protein.iter().skip(behind).position(|aa| *aa == b'M');
        facts.next_met_codon = next.map(|i| (behind + i) as u32 + 1);
        facts.lost_fraction = Some(
            facts
                .next_met_codon
                .map_or(1.0, |codon| f64::from(codon - 1) / residues(spliced).max(1) as f64),
        );
        return facts;
    }
    if to >= coding.end {
        facts.nmd_reason = Some(format!("exon {exon} holds the stop codon"));
        facts.lost_fraction = Some(f64::from(lost) / f64::from(coding.len().max(1)));
        return facts;
    }
    let in_frame = lost % 3 == 0;
    facts.skip_keeps_frame = Some(in_frame);
    let mut skipped = spliced.bases[..from as usize].to_vec();
    skipped.extend_from_slice(&spliced.bases[to as usize..]);
    let protein = translate(t, &skipped[coding.start as usize..], |codon| codon);
    let same = spliced.protein.iter().zip(&protein).take_while(|(a, b)| a == b).count() as u32;
    let expected = (spliced.protein.len() as u32).saturating_sub(lost / 3);
    let stopped = protein.last() == Some(&b'*');
    if in_frame && protein.len() as u32 == expected {
        facts.lost_fraction = Some(f64::from(lost) / f64::from(coding.len().max(1)));
        facts.nmd = Some(false);
        facts.nmd_reason = Some(format!("skipping exon {exon} keeps the reading frame"));
        return facts;
    }
    facts.lost_fraction = Some(lost_from(same, spliced));
    if !stopped {
        facts.nmd_reason = Some("no stop before the end of the transcript".to_owned());
        return facts;
    }
    facts.new_stop_codon = Some(protein.len() as u32);
    let end = i64::from(coding.start) - i64::from(t.padding()) + protein.len() as i64 * 3;
    let offsets: Vec<u32> = t
        .offsets
        .iter()
        .enumerate()
        .filter(|(i, _)| *i != index)
        .map(|(i, o)| if i > index { o - span.len() } else { *o })
        .collect();
    let (nmd, reason) = decay(end, &offsets, coding.end - lost);
    facts.nmd = nmd;
    facts.nmd_reason = Some(format!("after skipping exon {exon}: {reason}"));
    facts
}
