//! PVS1 by the decision tree of Abou Tayoun 2018 (figure 1), splicing as in Walker 2023.
//!
//! The role of the region that is lost is told by a gene rule or by ClinVar's other records there. Facts that are
//! lacking are resolved to the weaker branch and said in the sentence: that role without a table of records (so A5 and
//! A6 instead of A3), loss-of-function alleles that are common in the exon (A4) without a table of frequencies, cryptic
//! splice sites without a splice prediction, and pathogenic variants before the next start codon.

mod common;
mod critical;
mod cryptic;
mod mechanism;
mod splice;
mod start;
mod truncation;

use clinotype_case::{
    criterion::{Code, Criterion, Strength},
    evidence::{LossOfFunction, Mane},
};

use super::{Question, Row};
use crate::{
    comparators::Kind,
    rules::{Laid, RULES},
};
use mechanism::{Gate, Mechanism};

/// What a branch of the tree ends in.
enum Leaf {
    Met(&'static str, Strength, String),
    NotApplicable(&'static str, String),
    NotEvaluated(&'static str, String),
}

/// The branches by the kind of change.
#[derive(Clone, Copy)]
enum Branch {
    Truncation,
    Splice,
    Start,
}

/// PVS1 for the shown transcript.
pub(super) fn evaluate(question: &Question<'_>) -> Criterion {
    let row = Row::new(
        Code::PVS1,
        "clinotype.pvs1",
        &RULES.version("PVS1"),
        &question.source("transcripts"),
    );
    let special = question.pvs1_rules();
    let Some(branch) = branch(question) else {
        if let Some(made) = splice::last_base(question, special, &row) {
            return made;
        }
        return row.not_applicable(
            "PVS1 concerns stop gained, frameshift, canonical splice site and start lost changes of a \
             coding transcript.",
        );
    };
    let mechanism = match mechanism::gate(question) {
        Ok(mechanism) => mechanism,
        Err(Gate::Closed(reason)) => return row.rule("clinotype.pvs1.gate").not_applicable(reason),
        Err(Gate::Unknown(reason)) => return row.rule("clinotype.pvs1.gate").not_evaluated(reason),
    };
    let Some(facts) = &question.shown.loss_of_function else {
        return row.not_evaluated("PVS1 was not evaluated: the annotation states no facts on the lost part.");
    };
    let leaf = match branch {
        Branch::Truncation | Branch::Splice if common::used_elsewhere_only(question) => Leaf::NotApplicable(
            if matches!(branch, Branch::Truncation) {
                "A2"
            } else {
                "B"
            },
            "No MANE transcript of the gene carries this loss of function: the exon is not part of a transcript that \
             matters."
                .to_owned(),
        ),
        Branch::Truncation => truncation::truncation(question, facts, special),
        Branch::Splice => splice::splice(question, facts, special),
        Branch::Start => start::start(question, facts, special),
    };
    finish(row, leaf, question, facts, &mechanism)
}

fn branch(question: &Question<'_>) -> Option<Branch> {
    // A change that takes the start codon away is the weakest branch, one over a splice site has no sure new stop.
    match question.kind() {
        Kind::StartLost => Some(Branch::Start),
        Kind::Splice => Some(Branch::Splice),
        Kind::Truncating => Some(Branch::Truncation),
        _ => None,
    }
}

/// What the gene's panel lays down, said with its specification.
fn panel(question: &Question<'_>, rule: &'static str, laid: Laid, what: &str) -> Leaf {
    let symbol = question.symbol();
    match laid.strength {
        Some(strength) => Leaf::Met(
            rule,
            strength,
            format!(
                "{what}; the specification for {symbol} ({}) counts that as {}.",
                laid.source,
                strength.suffix().to_lowercase()
            ),
        ),
        None => Leaf::NotApplicable(
            rule,
            format!(
                "{what}; the specification for {symbol} ({}) does not apply PVS1 to that.",
                laid.source
            ),
        ),
    }
}

fn same_gene<'a>(question: &Question<'a>) -> impl Iterator<Item = &'a clinotype_case::evidence::TranscriptConsequence> {
    let shown = question.shown;
    question
        .variant
        .consequences
        .iter()
        .filter(move |t| t.transcript != shown.transcript && crate::consequence::is_same_gene(t, shown))
}

fn finish(row: Row, leaf: Leaf, question: &Question<'_>, facts: &LossOfFunction, mechanism: &Mechanism) -> Criterion {
    let stated = |value: Option<String>| value.unwrap_or_else(|| "not stated".to_owned());
    let row = row
        .compared("transcript", &question.shown.transcript)
        .compared("loss of function", &mechanism.words)
        .compared(
            "decay",
            stated(
                facts
                    .nmd
                    .map(|nmd| if nmd { "predicted" } else { "not predicted" }.to_owned()),
            ),
        )
        .compared("new stop codon", stated(facts.new_stop_codon.map(|n| n.to_string())))
        .compared("protein lost", stated(facts.lost_fraction.map(percent)));
    let row = match cryptic::compared(question, facts) {
        Some(sites) => row.compared("cryptic splice site", sites),
        None => row,
    };
    let (leaf, graded) = mechanism.grade(leaf);
    let not_mane = match question.shown.mane {
        Mane::None => " That this transcript is the relevant one was not proven by MANE.",
        _ => "",
    };
    let id = |rule: &str| format!("clinotype.pvs1.{rule}");
    match leaf {
        Leaf::Met(rule, strength, words) => row.rule(&id(rule)).met(strength, format!("{words}{graded}{not_mane}")),
        Leaf::NotApplicable(rule, words) => row.rule(&id(rule)).not_applicable(format!("{words}{graded}")),
        Leaf::NotEvaluated(rule, words) => row.rule(&id(rule)).not_evaluated(words),
    }
}

fn add(leaf: Leaf, sentence: &str) -> Leaf {
    match leaf {
        Leaf::Met(rule, strength, words) => Leaf::Met(rule, strength, format!("{words} {sentence}")),
        leaf => leaf,
    }
}

fn weaker(strength: Strength) -> Option<Strength> {
    match strength {
        Strength::StandAlone | Strength::VeryStrong => Some(Strength::Strong),
        Strength::Strong => Some(Strength::Moderate),
        Strength::Moderate => Some(Strength::Supporting),
        Strength::Supporting => None,
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
}
