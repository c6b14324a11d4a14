//! Branch A of the tree: a new stop or a shifted frame; and its leaves A3 to A6, which other branches share.

use clinotype_case::{criterion::Strength, evidence::LossOfFunction};

use super::{
    Leaf, common,
    critical::{self, Lost},
    lower, panel, percent,
};
use crate::{
    acmg::Question,
    rules::{Laid, Pvs1Gene},
};

/// Share of the protein whose loss makes the difference between strong and moderate.
const LARGE_LOSS: f64 = 0.10;

pub(super) fn truncation(question: &Question<'_>, facts: &LossOfFunction, special: Option<&Pvs1Gene>) -> Leaf {
    let why = facts.nmd_reason.as_deref().unwrap_or("by the 50-nucleotide rule");
    if let Some(leaf) = special.and_then(|special| by_panel(question, facts, special)) {
        return leaf;
    }
    match facts.nmd {
        Some(true) => Leaf::Met(
            "A1",
            Strength::VeryStrong,
            format!("A new stop leads to nonsense-mediated decay ({why})."),
        ),
        known => {
            let why = match known {
                Some(_) => format!("No decay is predicted ({why})"),
                None => format!("Whether decay follows cannot be told ({why})"),
            };
            if let Some(laid) = special.and_then(|special| special.laid("escape")) {
                return panel(question, "A-panel", laid, &why);
            }
            without_decay(question, facts, special, &why, Lost::ToTheEnd(question.residue()))
        }
    }
}

/// Where the panel goes by the codon of the new stop or of the change.
fn by_panel(question: &Question<'_>, facts: &LossOfFunction, special: &Pvs1Gene) -> Option<Leaf> {
    let beyond = facts.nmd_reason.as_deref().is_some_and(|why| {
        why.contains("beyond the normal one") || why.contains("no stop before the end of the transcript")
    });
    if let Some(laid) = special.laid("readthrough").filter(|_| beyond) {
        return Some(panel(
            question,
            "A-panel",
            laid,
            "The frame is shifted beyond the normal stop",
        ));
    }
    let shift = special.shift(&question.shown.transcript, question.shown.mane)?;
    let stop = facts.new_stop_codon.and_then(|stop| stop.checked_sub(shift));
    if let Some((stop, laid)) = stop.and_then(|stop| Some((stop, special.band("stop_at", stop)?))) {
        let what = format!("The new stop is codon {stop}, within {}", codons(laid));
        return Some(panel(question, "A-panel", laid, &what));
    }
    let rule = if question.has_term(&["frameshift_variant"]) {
        "frameshift_at"
    } else {
        "nonsense_at"
    };
    let codon = question.residue().and_then(|residue| residue.checked_sub(shift));
    let (codon, laid) = codon.and_then(|codon| Some((codon, special.band(rule, codon)?)))?;
    let what = format!(
        "The protein is cut short from codon {codon} on, within {}",
        codons(laid)
    );
    Some(panel(question, "A-panel", laid, &what))
}

fn codons(laid: Laid) -> String {
    match laid.to {
        u32::MAX => format!("the codons from {} on", laid.from),
        to => format!("codons {} to {to}", laid.from),
    }
}

/// A3 to A6: the transcript is kept, part of the protein is lost or replaced.
pub(super) fn without_decay(
    question: &Question<'_>,
    facts: &LossOfFunction,
    special: Option<&Pvs1Gene>,
    why: &str,
    lost: Lost,
) -> Leaf {
    let frame_lost = !matches!(lost, Lost::Exon(_) | Lost::Residues(..));
    let (critical, large, small) = if frame_lost {
        ("A3", "A5", "A6")
    } else {
        ("B3-critical", "B3-large", "B3-small")
    };
    if let Some(source) = special
        .and_then(|special| special.says("single_exon_as_nmd"))
        .filter(|_| frame_lost && facts.nmd == Some(false))
    {
        let words = format!("{why}; by {source} a stop in the one coding exon counts as full loss.");
        return Leaf::Met("A-panel", Strength::VeryStrong, words);
    }
    if let Some(laid) = special.and_then(|special| critical::laid_down(question, special, lost)) {
        let what = format!("{why}; {}, which is critical, is lost", codons(laid));
        return panel(question, critical, laid, &what);
    }
    let role = critical::of(question, lost);
    if let critical::Role::Critical(words) = &role {
        return Leaf::Met(critical, Strength::Strong, format!("{why}; {words}."));
    }
    let exon = match lost {
        Lost::Exon(exon) | Lost::FromExon(exon) => Some(exon),
        _ => common::exon(question, facts),
    };
    let open = match common::in_exon(question, exon) {
        common::Known::Common(words) => return Leaf::NotApplicable("A4", format!("{why}; {words}.")),
        common::Known::Not(words) => format!("{}; {words}", role.words()),
    };
    let Some(share) = facts.lost_fraction else {
        return Leaf::NotEvaluated(
            "A4",
            format!(
                "PVS1 was not evaluated: {}; the share of the protein that is lost is not known.",
                lower(why)
            ),
        );
    };
    let lost_words = format!("{why}; {} of the protein is lost; {open}", percent(share));
    if share <= LARGE_LOSS {
        return Leaf::Met(small, Strength::Moderate, format!("{lost_words}."));
    }
    // The panels on severe combined immunodeficiency ask for a pathogenic variant behind a large loss.
    if let Some(source) = special.and_then(|special| special.says("large_loss_needs_pathogenic"))
        && frame_lost
        && !critical::pathogenic_behind(question)
    {
        let words = format!("{lost_words}; no pathogenic variant behind it is known, which {source} asks for.");
        return Leaf::Met(large, Strength::Moderate, words);
    }
    Leaf::Met(large, Strength::Strong, format!("{lost_words}."))
}
