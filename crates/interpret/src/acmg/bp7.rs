//! BP7 (Richards 2015; Walker 2023): silent or deep intronic, no effect on splicing predicted, not conserved.

use clinotype_case::{
    criterion::{Code, Criterion, Strength},
    evidence::Lookup,
};

use super::{Question, Row};
use crate::rules::RULES;

/// Whether the place is one that BP7 is about.
enum Place {
    Inside,
    TooNear(String),
    Unknown,
    Other,
}

/// BP7 for the shown transcript.
pub(super) fn evaluate(question: &Question<'_>) -> Criterion {
    let row = Row::new(
        Code::BP7,
        "clinotype.bp7",
        &RULES.version("BP7"),
        &question.source("transcripts"),
    );
    match place(question) {
        Place::Other => row.not_applicable("BP7 concerns synonymous and deep intronic changes."),
        Place::TooNear(sentence) => row.not_met(sentence),
        Place::Unknown => row.not_evaluated("BP7 was not evaluated: the distance to the exon's ends is not known."),
        Place::Inside => {
            if let Some(other) = crate::consequence::more_severe(question.variant, question.shown) {
                let term = other.terms.first().map_or("a more severe consequence", String::as_str);
                return row.not_evaluated(format!(
                    "BP7 was not evaluated: transcript {} of the gene has {term}.",
                    other.transcript
                ));
            }
            scores(question, row)
        }
    }
}

fn place(question: &Question<'_>) -> Place {
    let limits = &RULES.bp7;
    let most_severe = question.shown.terms.first().map_or("", String::as_str);
    let splice = question.shown.splice.as_ref();
    match most_severe {
        "synonymous_variant" | "splice_region_variant" if question.has_term(&["synonymous_variant"]) => {
            match splice.map(|s| (s.from_exon_start, s.from_exon_end)) {
                Some((Some(start), Some(end))) if start < limits.from_exon_start || end < limits.from_exon_end => {
                    Place::TooNear("The change lies at the first base or the last three bases of its exon.".to_owned())
                }
                Some((Some(_), Some(_))) => Place::Inside,
                _ => Place::Unknown,
            }
        }
        "intron_variant"
        | "splice_region_variant"
        | "splice_donor_region_variant"
        | "splice_donor_5th_base_variant"
        | "splice_polypyrimidine_tract_variant"
            if !question.has_term(&[
                "missense_variant",
                "inframe_deletion",
                "inframe_insertion",
                "coding_sequence_variant",
            ]) && question.shown.exon.is_none() =>
        {
            match splice.and_then(|s| s.intron_offset) {
                Some(offset) if offset >= limits.after_exon || offset <= limits.before_exon => Place::Inside,
                Some(offset) => Place::TooNear(format!(
                    "The change lies at {offset:+} of its exon, nearer than {:+} or {:+}.",
                    limits.after_exon, limits.before_exon
                )),
                None => Place::Unknown,
            }
        }
        _ => Place::Other,
    }
}

fn scores(question: &Question<'_>, row: Row) -> Criterion {
    let word = |lookup: &Lookup<f64>| match lookup {
        Lookup::Found(value) => value.to_string(),
        _ => "not stated".to_owned(),
    };
    let limits = &RULES.bp7;
    let (splice, conservation) = (&question.variant.splice_delta, &question.variant.phylop);
    let row = row
        .compared("splice delta", word(splice))
        .compared("splice delta at most", limits.splice_delta)
        .compared("phyloP100way", word(conservation))
        .compared("phyloP100way below", limits.phylop);
    // What the data say no to stays not met, whatever else is missing.
    match (splice.found(), conservation.found()) {
        (Some(delta), _) if *delta > limits.splice_delta => row.not_met(format!(
            "The splice delta of {delta} does not exclude an effect on splicing."
        )),
        (_, Some(phylop)) if *phylop >= limits.phylop => {
            row.not_met(format!("The base is conserved (phyloP100way {phylop})."))
        }
        (Some(delta), Some(phylop)) => row.met(
            Strength::Supporting,
            format!(
                "No effect on splicing is predicted (delta {delta}) and the base is not conserved (phyloP100way \
                 {phylop}); \
                 pathogenic variants at neighbouring bases were not looked for."
            ),
        ),
        (None, None) => row.not_evaluated("BP7 was not evaluated: no splice and no conservation score is given."),
        (None, _) => row.not_evaluated("BP7 was not evaluated: no splice score is given."),
        (_, None) => row.not_evaluated("BP7 was not evaluated: no conservation score is given."),
    }
}
