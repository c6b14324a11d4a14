//! PVS1 by the decision tree of Abou Tayoun 2018 (figure 1), splicing as in Walker 2023.
//!
//! The role of the region that is lost is told by a gene rule or by ClinVar's other records there. Facts that are
//! lacking are resolved to the weaker branch and said in the sentence: that role without a table of records (so A5 and
//! A6 instead of A3), loss-of-function alleles that are common in the exon (A4), cryptic splice sites, and pathogenic
//! variants before the next start codon.

mod critical;
mod mechanism;

use clinotype_case::{
    criterion::{Code, Criterion, Strength},
    evidence::{LossOfFunction, Mane},
};
use clinotype_genome::Strand;

use super::{Question, Row, cite};
use crate::{
    comparators::{Kind, Record},
    rules::{Pvs1Gene, RULES},
};
use critical::Lost;
use mechanism::{Gate, Mechanism};

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
    let special = RULES.pvs1.get(question.symbol());
    let Some(branch) = branch(question) else {
        if let Some(made) = last_base(question, special, &row) {
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
        Branch::Truncation if used_elsewhere_only(question) => Leaf::NotApplicable(
            "A2",
            "The MANE Select transcript of the gene does not carry this loss of function.".to_owned(),
        ),
        Branch::Truncation => truncation(question, facts, special),
        Branch::Splice => splice(question, facts, special),
        Branch::Start => start(question, facts, special),
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

/// A change of G at the last base of an exon, where the gene's panel counts it.
fn last_base(question: &Question<'_>, special: Option<&Pvs1Gene>, row: &Row) -> Option<Criterion> {
    let strength = special?.last_base?;
    let place = question.shown.splice.as_ref()?;
    let reference = match question.shown.strand {
        Strand::Forward => "G",
        Strand::Reverse => "C",
    };
    let key = &question.variant.key;
    let concerned = place.from_exon_end == Some(1)
        && place.from_exon_start.is_some_and(|n| n > 1)
        && question.site().is_some_and(|site| site.donor)
        && key.reference == reference
        && key.is_snv();
    concerned.then(|| {
        row.clone().rule("clinotype.pvs1.last-base").met(
            strength,
            format!(
                "The last base of the exon, a G, is changed; the {} rule counts that as {}.",
                question.symbol(),
                strength.suffix().to_lowercase()
            ),
        )
    })
}

fn truncation(question: &Question<'_>, facts: &LossOfFunction, special: Option<&Pvs1Gene>) -> Leaf {
    let why = facts.nmd_reason.as_deref().unwrap_or("by the 50-nucleotide rule");
    if let (Some(stop), Some(limit)) = (facts.new_stop_codon, special.and_then(|s| s.nothing_from_codon))
        && stop >= limit
    {
        return Leaf::NotApplicable(
            "A4",
            format!(
                "The new stop, codon {stop}, lies at or behind codon {limit}: by the {} rule what is lost there does not \
                 matter.",
                question.symbol()
            ),
        );
    }
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
            Lost::ToTheEnd(question.residue()),
        ),
        None => without_decay(
            question,
            facts,
            special,
            "Whether decay follows cannot be told",
            Lost::ToTheEnd(question.residue()),
        ),
    }
}

/// A3 to A6: the transcript is kept, part of the protein is lost or replaced.
fn without_decay(
    question: &Question<'_>,
    facts: &LossOfFunction,
    special: Option<&Pvs1Gene>,
    why: &str,
    lost: Lost,
) -> Leaf {
    let frame_lost = !matches!(lost, Lost::Exon(_));
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
    let role = critical::of(question, lost);
    if let critical::Role::Critical(words) = &role {
        return Leaf::Met(critical, Strength::Strong, format!("{why}; {words}."));
    }
    let open = role.words();
    match facts.lost_fraction {
        None => Leaf::NotEvaluated(
            "A4",
            format!(
                "PVS1 was not evaluated: {}; the share of the protein that is lost is not known.",
                lower(why)
            ),
        ),
        Some(share) if share > LARGE_LOSS => Leaf::Met(
            large,
            Strength::Strong,
            format!("{why}; {} of the protein is lost; {open}.", percent(share)),
        ),
        Some(share) => Leaf::Met(
            small,
            Strength::Moderate,
            format!("{why}; {} of the protein is lost; {open}.", percent(share)),
        ),
    }
}

fn splice(question: &Question<'_>, facts: &LossOfFunction, special: Option<&Pvs1Gene>) -> Leaf {
    let exon = facts
        .skipped_exon
        .map_or("the exon".to_owned(), |n| format!("exon {n}"));
    if let Some(strength) = special.and_then(|s| s.splice_strength) {
        let words = format!(
            "A canonical splice site is broken; the {} rule counts that as {}.",
            question.symbol(),
            strength.suffix().to_lowercase()
        );
        return warned(question, Leaf::Met("B-gene", strength, words));
    }
    if let Some(leaf) = panel_exon(question, facts, &exon) {
        return warned(question, leaf);
    }
    let lost = facts.skipped_exon.map_or(Lost::Unknown, Lost::Exon);
    let to_the_end = facts.skipped_exon.map_or(Lost::Unknown, Lost::FromExon);
    let leaf = match (facts.skip_keeps_frame, facts.nmd) {
        (None, _) => at_an_end(question, facts, special, &exon),
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
            rename(without_decay(question, facts, special, &why, to_the_end))
        }
        (Some(true), _) => {
            let why = format!("Skipping {exon} is predicted to keep the frame");
            without_decay(question, facts, special, &why, lost)
        }
    };
    warned(question, add(leaf, "Cryptic splice sites were not evaluated."))
}

/// The strength that the gene's panel gives to the loss of this exon.
fn panel_exon(question: &Question<'_>, facts: &LossOfFunction, exon: &str) -> Option<Leaf> {
    let panel = question.specification()?;
    let strength = panel.strength(&format!("pvs1_skip_exon_{}", facts.skipped_exon?))?;
    Some(Leaf::Met(
        "B-panel",
        strength,
        format!("Skipping {exon} counts so by {}.", panel.cited()),
    ))
}

/// The exon at risk holds the stop codon (its loss ends the protein there) or the start codon, which the tree does not
/// speak of.
fn at_an_end(question: &Question<'_>, facts: &LossOfFunction, special: Option<&Pvs1Gene>, exon: &str) -> Leaf {
    let holds_stop = facts
        .nmd_reason
        .as_deref()
        .is_some_and(|why| why.contains("last one") || why.contains("holds the stop codon"));
    if holds_stop && facts.lost_fraction.is_some_and(|lost| lost > 0.0) {
        let to_the_end = facts.skipped_exon.map_or(Lost::Unknown, Lost::FromExon);
        let why = format!("The coding end in {exon} is lost; no decay is predicted");
        return rename(without_decay(question, facts, special, &why, to_the_end));
    }
    let holds_start = facts
        .nmd_reason
        .as_deref()
        .is_some_and(|why| why.contains("first one") || why.contains("holds the start codon"));
    if holds_start && facts.lost_fraction.is_some_and(|lost| lost > 0.0) {
        // The tree has no branch for it. Without its exon the start codon is lost, so that branch is the least.
        let leaf = start(question, facts, special);
        return add(
            leaf,
            &format!("A broken splice site of {exon}, which holds the start codon, was read as its loss."),
        );
    }
    Leaf::NotEvaluated(
        "B",
        format!("PVS1 was not evaluated: what skipping {exon} does to the reading frame is not known."),
    )
}

/// A donor GT that becomes GC can stay in use (Walker 2023).
fn warned(question: &Question<'_>, leaf: Leaf) -> Leaf {
    let second_of_donor = question
        .shown
        .splice
        .as_ref()
        .is_some_and(|place| place.intron_offset == Some(2));
    let change = (
        question.variant.key.reference.as_str(),
        question.variant.key.alternate.as_str(),
    );
    let to_gc = match question.shown.strand {
        Strand::Reverse => ("A", "G"),
        Strand::Forward => ("T", "C"),
    };
    if second_of_donor && change == to_gc {
        add(
            leaf,
            "WARNING: a donor GC can stay in use; RNA must show that it does not.",
        )
    } else {
        leaf
    }
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

fn start(question: &Question<'_>, facts: &LossOfFunction, special: Option<&Pvs1Gene>) -> Leaf {
    let other = same_gene(question)
        .find(|t| t.biotype.as_deref() == Some("protein_coding") && Kind::of(&t.terms) != question.kind());
    if let Some(other) = other {
        return Leaf::NotApplicable(
            "E",
            format!("Transcript {} of the gene uses another start codon.", other.transcript),
        );
    }
    if let Some(strength) = special.and_then(|s| s.start_lost) {
        let words = format!("The start codon is lost; so counts the {} rule.", question.symbol());
        return Leaf::Met("E-gene", strength, words);
    }
    let supporting = |why: &str| {
        Leaf::Met(
            "E",
            Strength::Supporting,
            format!("The start codon is lost; {why}, so the lowest strength holds."),
        )
    };
    let Some(next) = facts.next_met_codon else {
        return supporting("no further methionine in frame is known");
    };
    let before: Vec<&Record> = match question.others() {
        Err(_) => {
            return supporting("pathogenic variants before the next in-frame methionine were not evaluated");
        }
        Ok(others) => others
            .filter(|r| r.significance.is_pathogenic() && r.stars >= 1 && r.kind != Kind::StartLost)
            .filter(|r| r.codon.is_some_and(|codon| codon > 1 && codon < next))
            .collect(),
    };
    if before.is_empty() {
        return supporting(&format!(
            "ClinVar lists no (likely) pathogenic variant before the next in-frame methionine, codon {next}"
        ));
    }
    Leaf::Met(
        "E-upstream",
        Strength::Moderate,
        format!(
            "The start codon is lost; (likely) pathogenic variants lie before the next in-frame methionine, codon \
             {next}: {}.",
            cite(before)
        ),
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
