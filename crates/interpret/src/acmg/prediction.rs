//! PP3 and BP4: one calibrated missense predictor, chosen beforehand (Pejaver 2022), and splice deltas (Walker 2023).
//!
//! Protein and splicing are one observation: the stronger counts, they are never added, and a splice call overrides a
//! benign protein score. No score is no evidence: not evaluated, never BP4.

use clinotype_case::criterion::{Code, Criterion, Strength};

use super::{Question, Row};
use crate::{
    comparators::Kind,
    rules::{RULES, Specification},
};

/// What a score says.
enum Call {
    Pathogenic(Strength, String),
    Benign(Strength, String),
    Neither(String),
    Unknown(String),
}

/// PP3 and BP4, in this order.
pub(super) fn evaluate(question: &Question<'_>) -> [Criterion; 2] {
    let version = RULES.version("Calibrated bands");
    let tool = question.settings.missense_tool;
    let source = tool.map_or("no missense predictor chosen".to_owned(), |tool| {
        format!(
            "{} as the input carries it; splice delta as the input carries it",
            tool.name
        )
    });
    let rows = [(Code::PP3, "clinotype.pp3"), (Code::BP4, "clinotype.bp4")]
        .map(|(code, rule)| Row::new(code, rule, &version, &source));
    let kind = question.kind();
    if matches!(kind, Kind::Truncating | Kind::Splice | Kind::StartLost | Kind::StopLost) {
        return rows
            .map(|row| row.not_applicable("Scores say nothing beside a loss of function or a lost stop codon."));
    }
    let splice = splice(question);
    let call = if kind == Kind::Missense {
        let protein = protein(question);
        missense(protein, splice)
    } else {
        splice
    };
    let rows = rows.map(|row| compared(question, row, kind));
    finish(rows, call)
}

fn compared(question: &Question<'_>, row: Row, kind: Kind) -> Row {
    let word = |value: Option<f64>| value.map_or("not stated".to_owned(), |v| v.to_string());
    let row = row.compared("splice delta", word(question.variant.splice_delta.found().copied()));
    if kind == Kind::Missense && listed(question).is_some() {
        let panel = question.specification().map_or_else(String::new, Specification::cited);
        return row.compared("list of the specification", panel);
    }
    match (question.settings.missense_tool, kind) {
        (Some(tool), Kind::Missense) => row.compared(
            &tool.name,
            word(question.variant.score(tool.keys.iter().map(String::as_str))),
        ),
        _ => row,
    }
}

fn splice(question: &Question<'_>) -> Call {
    let panel = question.specification();
    let high = panel
        .and_then(|p| p.number("pp3_splice"))
        .unwrap_or(RULES.limit("splice_pp3"));
    let low = panel
        .and_then(|p| p.number("bp4_splice"))
        .unwrap_or(RULES.limit("splice_bp4"));
    match question.variant.splice_delta.found() {
        None => Call::Unknown("no splice score is given".to_owned()),
        Some(delta) if *delta >= high => Call::Pathogenic(
            Strength::Supporting,
            format!("An effect on splicing is predicted (delta {delta}, at least {high})."),
        ),
        Some(delta) if *delta <= low => Call::Benign(
            Strength::Supporting,
            format!("No effect on splicing is predicted (delta {delta}, at most {low})."),
        ),
        Some(delta) => Call::Neither(format!("The splice delta of {delta} says neither.")),
    }
}

/// What the gene's panel lists for this very change; it goes before the laboratory's predictor.
fn listed(question: &Question<'_>) -> Option<Call> {
    let panel = question.specification()?;
    // The list counts on the same transcript as the panel's rules of PVS1.
    let shift = question
        .pvs1_rules()?
        .shift(&question.shown.transcript, question.shown.mane);
    let name = question.shown.hgvs_c.as_deref().filter(|_| shift == Some(0))?;
    let words = format!("by the list of {}", panel.cited());
    Some(match RULES.prediction_codes.of_change(&panel.key, name)? {
        Some((Code::PP3, strength)) => Call::Pathogenic(
            strength,
            format!(
                "The change counts as {} pathogenic {words}.",
                strength.suffix().to_lowercase()
            ),
        ),
        Some((_, strength)) => Call::Benign(
            strength,
            format!(
                "The change counts as {} benign {words}.",
                strength.suffix().to_lowercase()
            ),
        ),
        None => Call::Neither(format!("The change counts as neither {words}.")),
    })
}

fn protein(question: &Question<'_>) -> Call {
    if let Some(call) = listed(question) {
        return call;
    }
    let Some(tool) = question.settings.missense_tool else {
        return Call::Unknown("no missense predictor was chosen".to_owned());
    };
    let Some(score) = question.variant.score(tool.keys.iter().map(String::as_str)) else {
        return Call::Unknown(format!("the input carries no {} score of the allele", tool.name));
    };
    let (band, by) = match panel_bands(question).filter(|_| tool.name == "REVEL") {
        Some(bands) => (bands.into_iter().find(|b| reaches(*b, score)), " by the gene's panel"),
        None => (tool.band(score), ""),
    };
    match band {
        Some((Code::PP3, strength, bound)) => Call::Pathogenic(
            strength,
            format!(
                "{} {score} points to pathogenic{by} ({} from {bound} on).",
                tool.name,
                strength.suffix()
            ),
        ),
        Some((_, strength, bound)) => Call::Benign(
            strength,
            format!(
                "{} {score} points to benign{by} ({} from {bound} on).",
                tool.name,
                strength.suffix()
            ),
        ),
        None => Call::Neither(format!("{} {score} lies between the bands{by}.", tool.name)),
    }
}

fn reaches((code, _, bound): (Code, Strength, f64), score: f64) -> bool {
    if code == Code::PP3 {
        score >= bound
    } else {
        score <= bound
    }
}

/// The panel's cut-offs of REVEL, the strongest first; `None` where it states none.
fn panel_bands(question: &Question<'_>) -> Option<Vec<(Code, Strength, f64)>> {
    let panel = question.specification()?;
    let bands: Vec<(Code, Strength, f64)> = [
        ("revel_pp3_strong", Code::PP3, Strength::Strong),
        ("revel_pp3_moderate", Code::PP3, Strength::Moderate),
        ("revel_pp3_supporting", Code::PP3, Strength::Supporting),
        ("revel_bp4_strong", Code::BP4, Strength::Strong),
        ("revel_bp4_moderate", Code::BP4, Strength::Moderate),
        ("revel_bp4_supporting", Code::BP4, Strength::Supporting),
    ]
    .into_iter()
    .filter_map(|(rule, code, strength)| Some((code, strength, panel.number(rule)?)))
    .collect();
    (!bands.is_empty()).then_some(bands)
}

/// Protein and splicing of a missense change together.
fn missense(protein: Call, splice: Call) -> Call {
    match (protein, splice) {
        (Call::Pathogenic(a, words), Call::Pathogenic(b, more)) => {
            Call::Pathogenic(a.max(b), format!("{words} {more}"))
        }
        // A splice call overrides a benign or undecided protein score, and stands alone where there is none.
        (Call::Pathogenic(strength, words), _) | (_, Call::Pathogenic(strength, words)) => {
            Call::Pathogenic(strength, words)
        }
        (Call::Benign(strength, words), Call::Benign(_, more)) => Call::Benign(strength, format!("{words} {more}")),
        (Call::Benign(strength, words), Call::Unknown(_)) => {
            Call::Benign(strength, format!("{words} An effect on splicing was not excluded."))
        }
        (Call::Benign(_, words), Call::Neither(more)) => Call::Neither(format!("{words} {more}")),
        (Call::Neither(words), _) => Call::Neither(words),
        // What is not known of the protein stays open: that splicing is left alone is not enough for a missense change.
        (Call::Unknown(reason), _) => Call::Unknown(reason),
    }
}

fn finish([pp3, bp4]: [Row; 2], call: Call) -> [Criterion; 2] {
    match call {
        Call::Pathogenic(strength, words) => [pp3.met(strength, words.clone()), bp4.not_met(words)],
        Call::Benign(strength, words) => [pp3.not_met(words.clone()), bp4.met(strength, words)],
        Call::Neither(words) => [pp3.not_met(words.clone()), bp4.not_met(words)],
        Call::Unknown(reason) => [
            pp3.not_evaluated(format!("PP3 was not evaluated: {reason}.")),
            bp4.not_evaluated(format!("BP4 was not evaluated: {reason}.")),
        ],
    }
}
