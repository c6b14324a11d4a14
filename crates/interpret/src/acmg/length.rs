//! PM4 and BP3: the protein's length changes in frame.

use clinotype_case::criterion::{Code, Criterion, Strength};

use super::{Question, Row, declined};
use crate::{
    comparators::Kind,
    rules::{RULES, Specification},
};

/// INFO key by which a laboratory's store says whether an allele lies in a repeat: 1 or 0.
const REPEAT: &str = "REPEAT";

/// PM4 and BP3, in this order.
pub(super) fn evaluate(question: &Question<'_>) -> [Criterion; 2] {
    let version = RULES.version("Limits of the criteria");
    let row = |code, rule| Row::new(code, rule, &version, &question.source("transcripts"));
    [
        pm4(question, row(Code::PM4, "clinotype.pm4")),
        bp3(question, row(Code::BP3, "clinotype.bp3")),
    ]
}

/// Residues that the change inserts or deletes, from `QQ/Q`.
fn residues_changed(question: &Question<'_>) -> Option<usize> {
    let (before, after) = question.shown.amino_acids.as_deref()?.split_once('/')?;
    let length = |text: &str| text.chars().filter(char::is_ascii_alphabetic).count();
    Some(length(before).abs_diff(length(after)).max(1))
}

fn in_repeat(question: &Question<'_>) -> Option<bool> {
    question.variant.score([REPEAT]).map(|value| value > 0.0)
}

fn pm4(question: &Question<'_>, row: Row) -> Criterion {
    let kind = question.kind();
    if !matches!(kind, Kind::InFrame | Kind::StopLost) {
        return row.not_applicable("PM4 concerns changes of length in frame and lost stop codons.");
    }
    if let Some(declined) = declined(question, "pm4", &row, Code::PM4) {
        return declined;
    }
    let panel = question.specification();
    let row = match panel {
        Some(panel) => row.compared("specification", panel.cited()),
        None => row,
    };
    if kind == Kind::StopLost {
        return match panel.and_then(|p| p.text("pm4_stop_lost")) {
            Some("not_applicable") => row.not_applicable("The gene's panel does not apply PM4 to a lost stop codon."),
            Some("strong") => row.met(
                Strength::Strong,
                "The stop codon is lost; the gene's panel counts that as strong.",
            ),
            _ => row.met(
                Strength::Moderate,
                "The stop codon is lost, the protein becomes longer.",
            ),
        };
    }
    let Some(residue) = question.residue() else {
        return row.not_evaluated("PM4 was not evaluated: the residue is not known.");
    };
    let row = row.compared("residue", residue);
    if let Some(made) = panel.and_then(|panel| by_region(panel, question.panel_residue(panel)?, &row)) {
        return made;
    }
    match in_repeat(question) {
        Some(true) => row.not_met("The change lies in a repeat."),
        None => row.not_evaluated(format!(
            "PM4 was not evaluated: whether the change lies in a repeat is not known (INFO/{REPEAT})."
        )),
        Some(false) => {
            let small = panel.and_then(|p| p.number("pm4_supporting_residues")).unwrap_or(1.0) as usize;
            let conserved = panel
                .and_then(|p| p.number("pm4_phylop"))
                .unwrap_or(RULES.limit("pm4_phylop"));
            let changed = residues_changed(question);
            let phylop = question.variant.phylop.found().copied();
            let row = row
                .compared(
                    "residues changed",
                    changed.map_or("not known".to_owned(), |n| n.to_string()),
                )
                .compared(
                    "phyloP100way",
                    phylop.map_or("not stated".to_owned(), |v| v.to_string()),
                )
                .compared("phyloP100way at least, for moderate", conserved);
            let large = changed.is_some_and(|n| n > small);
            if large && phylop.is_some_and(|v| v >= conserved) {
                row.met(
                    Strength::Moderate,
                    "More than one residue changes outside a repeat, at conserved bases.",
                )
            } else {
                row.met(
                    Strength::Supporting,
                    "The length changes outside a repeat, by one residue or at bases that are not known to be conserved.",
                )
            }
        }
    }
}

/// The panel's regions; `None` where it names none or the general rule holds elsewhere.
fn by_region(panel: &Specification, residue: u32, row: &Row) -> Option<Criterion> {
    let row = row.clone().rule("clinotype.pm4.panel");
    if panel.holds("pm4_never_in", residue) == Some(true) {
        return Some(row.not_met(format!(
            "Residue {residue} lies where the gene's panel never applies PM4."
        )));
    }
    for (rule, strength) in [
        ("pm4_strong_in", Strength::Strong),
        ("pm4_moderate_in", Strength::Moderate),
        ("pm4_supporting_in", Strength::Supporting),
    ] {
        if panel.holds(rule, residue) == Some(true) {
            return Some(row.met(
                strength,
                format!("Residue {residue} lies in a region that the gene's panel names."),
            ));
        }
    }
    match panel.text("pm4_elsewhere")? {
        "supporting" => Some(row.met(Strength::Supporting, "Outside the regions that the gene's panel names.")),
        _ => Some(row.not_met(format!(
            "Residue {residue} lies in no region that the gene's panel names."
        ))),
    }
}

fn bp3(question: &Question<'_>, row: Row) -> Criterion {
    if question.kind() != Kind::InFrame {
        return row.not_applicable("BP3 concerns changes of length in frame.");
    }
    if let Some(declined) = declined(question, "bp3", &row, Code::BP3) {
        return declined;
    }
    let Some(residue) = question.residue() else {
        return row.not_evaluated("BP3 was not evaluated: the residue is not known.");
    };
    let row = row.compared("residue", residue);
    if let Some(panel) = question.specification()
        && let Some(inside) = question
            .panel_residue(panel)
            .and_then(|residue| panel.holds("bp3_regions", residue))
    {
        let row = row.rule("clinotype.bp3.panel").compared("specification", panel.cited());
        return if inside {
            row.met(
                Strength::Supporting,
                "The change lies in a repeat that the gene's panel names.",
            )
        } else {
            row.not_met("The change lies in no repeat that the gene's panel names.")
        };
    }
    match (in_repeat(question), question.variant.phylop.found()) {
        (Some(false), _) => row.not_met("The change lies outside repeats."),
        (None, _) => row.not_evaluated(format!(
            "BP3 was not evaluated: whether the change lies in a repeat is not known (INFO/{REPEAT})."
        )),
        (Some(true), Some(phylop)) if *phylop >= RULES.limit("pm4_phylop") => {
            row.not_met(format!("The bases are conserved (phyloP100way {phylop})."))
        }
        (Some(true), None) => row.not_evaluated("BP3 was not evaluated: no conservation score is given."),
        (Some(true), Some(phylop)) => {
            let near = question.others().map(|others| {
                others
                    .filter(|r| r.significance.is_pathogenic() && r.codon == Some(residue))
                    .count()
            });
            match near {
                Ok(0) => row.met(
                    Strength::Supporting,
                    format!("The change lies in a repeat that is not conserved (phyloP100way {phylop})."),
                ),
                Ok(_) => row.not_met("ClinVar lists a (likely) pathogenic change at the same residue."),
                Err(reason) => row.not_evaluated(format!("BP3 was not evaluated: {reason}.")),
            }
        }
    }
}
