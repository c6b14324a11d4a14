//! PVS1 by the decision tree of Abou Tayoun 2018 (figure 1), splicing as in Walker 2023.
//!
//! Facts that this version lacks are resolved to the weaker branch and said in the sentence: the role of the region
//! that is lost (so A5 and A6 instead of A3, except where a gene rule names a critical region), loss-of-function
//! alleles that are common in the exon (A4), cryptic splice sites, and pathogenic variants before the next start codon.

use clinotype_case::{
    criterion::{Code, Criterion, Strength},
    evidence::{LossOfFunction, Mane},
    finding::GeneFacts,
};

use super::{Question, Row};
use crate::rules::{Pvs1Gene, RULES};

/// Share of the protein whose loss makes the difference between strong and moderate.
const LARGE_LOSS: f64 = 0.10;

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
    let Some(branch) = branch(question) else {
        return row.not_applicable(
            "PVS1 concerns stop gained, frameshift, canonical splice site and start lost changes of a \
             coding transcript.",
        );
    };
    let gene = match gate(question) {
        Ok(gene) => gene,
        Err(Gate::Closed(reason)) => return row.rule("clinotype.pvs1.gate").not_applicable(reason),
        Err(Gate::Unknown(reason)) => return row.rule("clinotype.pvs1.gate").not_evaluated(reason),
    };
    let Some(facts) = &question.shown.loss_of_function else {
        return row.not_evaluated("PVS1 was not evaluated: the annotation states no facts on the lost part.");
    };
    let special = RULES.pvs1.get(question.symbol());
    let leaf = match branch {
        Branch::Truncation if used_elsewhere_only(question) => Leaf::NotApplicable(
            "A2",
            "The MANE Select transcript of the gene does not carry this loss of function.".to_owned(),
        ),
        Branch::Truncation => truncation(question, facts, special),
        Branch::Splice => splice(question, facts, special),
        Branch::Start => start(question),
    };
    finish(row, leaf, question, facts, gene)
}

fn branch(question: &Question<'_>) -> Option<Branch> {
    let coding = question
        .shown
        .biotype
        .as_deref()
        .is_none_or(|b| b.contains("protein_coding") || b == "mRNA");
    if !coding {
        return None;
    }
    // A change that takes the start codon away is the weakest branch, one over a splice site has no sure new stop.
    if question.has_term(&["start_lost"]) {
        Some(Branch::Start)
    } else if question.has_term(&["splice_donor_variant", "splice_acceptor_variant"]) {
        Some(Branch::Splice)
    } else if question.has_term(&["stop_gained", "frameshift_variant"]) {
        Some(Branch::Truncation)
    } else {
        None
    }
}

enum Gate {
    Closed(String),
    Unknown(String),
}

/// The gene must have loss of function as a mechanism and a validity of Moderate at least.
fn gate<'a>(question: &Question<'a>) -> Result<&'a GeneFacts, Gate> {
    let symbol = question.symbol();
    let unknown = || {
        Gate::Unknown(format!(
            "PVS1 was not evaluated: no loss-of-function mechanism in the rule table for {symbol}."
        ))
    };
    let gene = question.gene.ok_or_else(unknown)?;
    match gene.loss_of_function {
        None => return Err(unknown()),
        Some(false) => {
            return Err(Gate::Closed(format!(
                "Loss of function of {symbol} is not an established mechanism of {}.",
                gene.disease
            )));
        }
        Some(true) => {}
    }
    match gene.validity.as_deref() {
        None => Err(Gate::Unknown(format!(
            "PVS1 was not evaluated: no gene-disease validity in the rule table for {symbol}."
        ))),
        Some("Definitive" | "Strong" | "Moderate") => Ok(gene),
        Some(validity) => Err(Gate::Closed(format!(
            "The link of {symbol} with {} has the validity {validity}; PVS1 asks for Moderate at least.",
            gene.disease
        ))),
    }
}

fn truncation(question: &Question<'_>, facts: &LossOfFunction, special: Option<&Pvs1Gene>) -> Leaf {
    let why = facts.nmd_reason.as_deref().unwrap_or("by the 50-nucleotide rule");
    match facts.nmd {
        Some(true) => Leaf::Met(
            "A1",
            Strength::VeryStrong,
            format!("A new stop leads to nonsense-mediated decay ({why})."),
        ),
        Some(false) => without_decay(
            question,
            facts,
            special,
            &format!("No decay is predicted ({why})"),
            true,
        ),
        None => without_decay(question, facts, special, "Whether decay follows cannot be told", true),
    }
}

/// A3 to A6: the transcript is kept, part of the protein is lost or replaced. `frame_lost` tells the names apart.
fn without_decay(
    question: &Question<'_>,
    facts: &LossOfFunction,
    special: Option<&Pvs1Gene>,
    why: &str,
    frame_lost: bool,
) -> Leaf {
    let (critical, large, small) = if frame_lost {
        ("A3", "A5", "A6")
    } else {
        ("B3-critical", "B3-large", "B3-small")
    };
    let symbol = question.symbol();
    if let (Some(special), true) = (special, frame_lost) {
        if let (Some(stop), Some(limit)) = (facts.new_stop_codon, special.as_nmd_before_codon)
            && stop < limit
        {
            let words = format!("{why}; the {symbol} rule counts a new stop before codon {limit} as full loss.");
            return Leaf::Met("A1-gene", Strength::VeryStrong, words);
        }
        if special.single_exon_as_nmd && facts.nmd == Some(false) {
            let words = format!("{why}; the {symbol} rule counts a stop in its one coding exon as full loss.");
            return Leaf::Met("A1-gene", Strength::VeryStrong, words);
        }
        if let (Some(stop), Some(limit)) = (facts.new_stop_codon, special.critical_through_codon)
            && stop <= limit
        {
            let words = format!("{why}; the {symbol} rule names a critical region that ends at codon {limit}.");
            return Leaf::Met(critical, Strength::Strong, words);
        }
    }
    let open = "the role of the lost region and common loss-of-function alleles there were not evaluated";
    match facts.lost_fraction {
        None => Leaf::NotEvaluated(
            "A4",
            format!(
                "PVS1 was not evaluated: {}; the share of the protein that is lost is not known.",
                lower(why)
            ),
        ),
        Some(lost) if lost > LARGE_LOSS => Leaf::Met(
            large,
            Strength::Strong,
            format!("{why}; {} of the protein is lost; {open}.", percent(lost)),
        ),
        Some(lost) => Leaf::Met(
            small,
            Strength::Moderate,
            format!("{why}; {} of the protein is lost; {open}.", percent(lost)),
        ),
    }
}

fn splice(question: &Question<'_>, facts: &LossOfFunction, special: Option<&Pvs1Gene>) -> Leaf {
    let exon = facts
        .skipped_exon
        .map_or("the exon".to_owned(), |n| format!("exon {n}"));
    let leaf = match (facts.skip_keeps_frame, facts.nmd) {
        (None, _) => Leaf::NotEvaluated(
            "B",
            format!("PVS1 was not evaluated: what skipping {exon} does to the reading frame is not known."),
        ),
        (Some(false), Some(true)) => Leaf::Met(
            "B1",
            Strength::VeryStrong,
            format!("Skipping {exon} is predicted to shift the frame and to lead to nonsense-mediated decay."),
        ),
        (Some(false), nmd) => {
            let decay = if nmd.is_some() {
                "no decay is predicted"
            } else {
                "whether decay follows cannot be told"
            };
            let why = format!("Skipping {exon} is predicted to shift the frame, {decay}");
            rename(without_decay(question, facts, special, &why, true))
        }
        (Some(true), _) => {
            let why = format!("Skipping {exon} is predicted to keep the frame");
            without_decay(question, facts, special, &why, false)
        }
    };
    let leaf = match (leaf, special.and_then(|s| s.splice_cap)) {
        (Leaf::Met(rule, strength, words), Some(cap)) if strength > cap => Leaf::Met(
            rule,
            cap,
            format!("{words} The {} rule caps splice changes.", question.symbol()),
        ),
        (leaf, _) => leaf,
    };
    add(leaf, "Cryptic splice sites were not evaluated.")
}

/// Branch B2 ends in the leaves of A3 to A6.
fn rename(leaf: Leaf) -> Leaf {
    match leaf {
        Leaf::Met("A3" | "A1-gene", strength, words) => Leaf::Met("B2-A3", strength, words),
        Leaf::Met("A5", strength, words) => Leaf::Met("B2-A5", strength, words),
        Leaf::Met("A6", strength, words) => Leaf::Met("B2-A6", strength, words),
        leaf => leaf,
    }
}

fn start(question: &Question<'_>) -> Leaf {
    let other = same_gene(question)
        .find(|t| t.biotype.as_deref() == Some("protein_coding") && !t.terms.iter().any(|term| term == "start_lost"));
    if let Some(other) = other {
        return Leaf::NotApplicable(
            "E",
            format!("Transcript {} of the gene uses another start codon.", other.transcript),
        );
    }
    Leaf::Met(
        "E",
        Strength::Supporting,
        "The start codon is lost; pathogenic variants before the next in-frame methionine were not evaluated, \
         so the lowest strength holds."
            .to_owned(),
    )
}

fn same_gene<'a>(question: &Question<'a>) -> impl Iterator<Item = &'a clinotype_case::evidence::TranscriptConsequence> {
    let shown = question.shown;
    question
        .variant
        .consequences
        .iter()
        .filter(move |t| t.transcript != shown.transcript && crate::consequence::is_same_gene(t, shown))
}

/// A2: the shown transcript is not MANE Select, and the MANE Select transcript of the gene keeps its function.
fn used_elsewhere_only(question: &Question<'_>) -> bool {
    question.shown.mane == Mane::None
        && same_gene(question).any(|t| t.mane == Mane::Select && t.loss_of_function.is_none())
}

fn finish(row: Row, leaf: Leaf, question: &Question<'_>, facts: &LossOfFunction, gene: &GeneFacts) -> Criterion {
    let stated = |value: Option<String>| value.unwrap_or_else(|| "not stated".to_owned());
    let row = row
        .compared("transcript", &question.shown.transcript)
        .compared(
            "loss of function",
            format!("established mechanism of {} ({})", gene.disease, gene.source),
        )
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
    let (leaf, moderate_validity) = match (leaf, gene.validity.as_deref()) {
        // Abou Tayoun 2018, table 1: a validity of Moderate costs one level.
        (Leaf::Met(rule, strength, words), Some("Moderate")) => match weaker(strength) {
            Some(strength) => (
                Leaf::Met(rule, strength, words),
                " One level weaker: the gene's validity is Moderate.",
            ),
            None => (
                Leaf::NotApplicable(rule, words),
                " The gene's validity is Moderate: not applied.",
            ),
        },
        (leaf, _) => (leaf, ""),
    };
    let not_mane = match question.shown.mane {
        Mane::None => " That this transcript is the relevant one was not proven by MANE.",
        _ => "",
    };
    let id = |rule: &str| format!("clinotype.pvs1.{rule}");
    match leaf {
        Leaf::Met(rule, strength, words) => row
            .rule(&id(rule))
            .met(strength, format!("{words}{moderate_validity}{not_mane}")),
        Leaf::NotApplicable(rule, words) => row
            .rule(&id(rule))
            .not_applicable(format!("{words}{moderate_validity}")),
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
