//! BP7 (Richards 2015; Walker 2023): silent or deep intronic, no effect on splicing predicted, not conserved.

use clinotype_case::{
    criterion::{Code, Criterion, Strength},
    evidence::Lookup,
};

use super::{Question, Row};
use crate::{comparators::Kind, rules::RULES};

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
    let row = match question.specification() {
        Some(panel) if panel.text("bp7_phylop").is_some() || panel.text("bp7_intronic").is_some() => {
            row.compared("specification", panel.cited())
        }
        _ => row,
    };
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
            let (after, before) = intronic_limits(question);
            match splice.and_then(|s| s.intron_offset) {
                Some(offset) if offset >= after || offset <= before => Place::Inside,
                Some(offset) => Place::TooNear(format!(
                    "The change lies at {offset:+} of its exon, nearer than {after:+} or {before:+}."
                )),
                None => Place::Unknown,
            }
        }
        _ => Place::Other,
    }
}

/// Offsets from which an intronic place counts: `donor:7,acceptor:-4` of the panel, else the general ones.
fn intronic_limits(question: &Question<'_>) -> (i32, i32) {
    let panel = question.specification().and_then(|p| p.text("bp7_intronic"));
    let of = |name: &str| -> Option<i32> {
        let part = panel?.split(',').find_map(|part| part.strip_prefix(name))?;
        part.strip_prefix(':')?.parse().ok()
    };
    (
        of("donor").unwrap_or(RULES.bp7.after_exon),
        of("acceptor").unwrap_or(RULES.bp7.before_exon),
    )
}

/// Highest splice delta, and the conservation below which the base must lie; `None`: the panel does not ask for it.
fn score_limits(question: &Question<'_>) -> (f64, Option<f64>) {
    let limits = &RULES.bp7;
    let Some(panel) = question.specification() else {
        return (limits.splice_delta, Some(limits.phylop));
    };
    let phylop = match panel.text("bp7_phylop") {
        Some("na") => None,
        _ => Some(panel.number("bp7_phylop").unwrap_or(limits.phylop)),
    };
    (panel.number("bp7_splice").unwrap_or(limits.splice_delta), phylop)
}

/// (Likely) pathogenic single-base changes at the same or neighbouring bases; `None` without a table.
fn pathogenic_neighbours(question: &Question<'_>) -> Option<String> {
    let width = RULES.limit("bp7_neighbour") as u32;
    let position = question.variant.key.position.get();
    let near: Vec<_> = question
        .others()
        .ok()?
        .filter(|r| r.significance.is_pathogenic() && r.stars >= 1 && r.reference.len() == 1 && r.alternate.len() == 1)
        .filter(|r| {
            r.position.abs_diff(position) <= width && matches!(r.kind, Kind::Synonymous | Kind::Splice | Kind::Other)
        })
        .collect();
    Some(super::cite(near))
}

fn scores(question: &Question<'_>, row: Row) -> Criterion {
    let word = |lookup: &Lookup<f64>| match lookup {
        Lookup::Found(value) => value.to_string(),
        _ => "not stated".to_owned(),
    };
    let (highest, below) = score_limits(question);
    let (splice, conservation) = (&question.variant.splice_delta, &question.variant.phylop);
    let row = row
        .compared("splice delta", word(splice))
        .compared("splice delta at most", highest)
        .compared("phyloP100way", word(conservation))
        .compared(
            "phyloP100way below",
            below.map_or("not asked by the panel".to_owned(), |v| v.to_string()),
        );
    let neighbours = pathogenic_neighbours(question);
    if let Some(cited) = neighbours.as_deref().filter(|cited| !cited.is_empty()) {
        return row.compared("neighbours", cited).not_met(format!(
            "(Likely) pathogenic changes that act by splicing lie within two bases: {cited}."
        ));
    }
    let neighbours = match neighbours {
        Some(_) => "ClinVar lists no pathogenic change at neighbouring bases that acts by splicing",
        None => "pathogenic variants at neighbouring bases were not looked for",
    };
    // What the data say no to stays not met, whatever else is missing.
    match (splice.found(), conservation.found(), below) {
        (Some(delta), _, _) if *delta > highest => row.not_met(format!(
            "The splice delta of {delta} does not exclude an effect on splicing."
        )),
        (_, Some(phylop), Some(below)) if *phylop >= below => {
            row.not_met(format!("The base is conserved (phyloP100way {phylop})."))
        }
        (Some(delta), _, None) => row.met(
            Strength::Supporting,
            format!("No effect on splicing is predicted (delta {delta}); {neighbours}."),
        ),
        (Some(delta), Some(phylop), Some(_)) => row.met(
            Strength::Supporting,
            format!(
                "No effect on splicing is predicted (delta {delta}) and the base is not conserved (phyloP100way \
                 {phylop}); {neighbours}."
            ),
        ),
        (None, None, Some(_)) => {
            row.not_evaluated("BP7 was not evaluated: no splice and no conservation score is given.")
        }
        (None, _, _) => row.not_evaluated("BP7 was not evaluated: no splice score is given."),
        (_, None, _) => row.not_evaluated("BP7 was not evaluated: no conservation score is given."),
    }
}
