//! PS1 and PM5: other changes of the same residue, or at the same splice site, that ClinVar lists.
//!
//! A comparator is another variant: ClinVar's record of the variant itself never counts. It must have at least one star,
//! be a missense change itself (AutoGVP #307), and for PS1 and PM5 of a protein change not lie at a splice site, where
//! it may act by splicing.

use clinotype_case::criterion::{Code, Criterion, State, Strength};

use super::{Question, Row, cite, declined};
use crate::{
    blosum62,
    comparators::{Kind, Record, Significance},
    grantham::distance,
    rules::{CodingPlace, RULES, Specification},
};

/// PS1. `pvs1` is the row of PVS1, which decides how much a comparator at a broken splice site adds (Walker 2023, table
/// 2).
pub(super) fn ps1(question: &Question<'_>, pvs1: &Criterion) -> Criterion {
    let row = question.comparator_row(Code::PS1, "clinotype.ps1");
    if let Some(declined) = declined(question, "ps1", &row, Code::PS1) {
        return declined;
    }
    let found = match question.kind() {
        Kind::Missense => same_change(question, row.clone()),
        Kind::Splice => broken_site(question, row.clone(), pvs1),
        _ if question.site().is_some() => splice_motif(question, row.clone()),
        _ => return row.not_applicable("PS1 concerns missense changes and changes at splice sites."),
    };
    // A missense change at the edge of an exon may be comparable by splicing where it is not by its residue.
    if found.state != State::Met && question.kind() == Kind::Missense && question.site().is_some() {
        let by_splicing = splice_motif(question, row);
        if by_splicing.state == State::Met {
            return by_splicing;
        }
    }
    capped(question, found)
}

/// Holds PS1 at the panel's highest strength.
fn capped(question: &Question<'_>, mut made: Criterion) -> Criterion {
    let cap = question.specification().and_then(|panel| panel.strength("ps1_max"));
    if let (Some(cap), Some(strength)) = (cap, made.strength)
        && strength > cap
    {
        made.strength = Some(cap);
        made.points = cap.points();
        made.sentence = format!("{} The gene's panel caps PS1 there.", made.sentence);
    }
    made
}

/// The weight of one comparator with the same change (section 4 of the rules).
fn same_change_strength(record: &Record) -> Option<Strength> {
    match (record.significance, record.stars) {
        (Significance::Pathogenic, 2..) => Some(Strength::Strong),
        (Significance::Pathogenic, 1) | (Significance::LikelyPathogenic, 2..) => Some(Strength::Moderate),
        (Significance::LikelyPathogenic, 1) => Some(Strength::Supporting),
        _ => None,
    }
}

/// Why the change itself may not be compared by its residue.
fn alters_splicing(question: &Question<'_>) -> Option<String> {
    let delta = *question.variant.splice_delta.found()?;
    (delta >= RULES.limit("splice_pp3"))
        .then(|| format!("The change itself may alter splicing (delta {delta}), so its residue says nothing."))
}

fn same_change(question: &Question<'_>, row: Row) -> Criterion {
    let (Some(residue), Some((from, to))) = (question.residue(), question.substitution()) else {
        return row.not_evaluated("PS1 was not evaluated: the change is not one residue for another.");
    };
    let others = match question.others() {
        Ok(others) => others,
        Err(reason) => return row.not_evaluated(format!("PS1 was not evaluated: {reason}.")),
    };
    let row = row.compared("change", format!("{from}{residue}{to}"));
    if let Some(sentence) = alters_splicing(question) {
        return row.not_met(sentence);
    }
    let same: Vec<&Record> = others
        .filter(|r| {
            r.kind == Kind::Missense
                && r.codon == Some(residue)
                && r.residues == Some((from, to))
                && r.site.is_none()
                && r.significance.is_pathogenic()
        })
        .collect();
    let best = same.iter().filter_map(|r| same_change_strength(r)).max();
    match best {
        Some(strength) => row.compared("comparators", cite(same.iter().copied())).met(
            strength,
            format!(
                "Another nucleotide change to the same residue, {from}{residue}{to}, is listed: {}.",
                cite(same.iter().copied())
            ),
        ),
        None => row.not_met(format!(
            "ClinVar lists no other (likely) pathogenic nucleotide change to {from}{residue}{to} with a star."
        )),
    }
}

/// Outside +-1,2: the change must itself be predicted to alter splicing.
fn splice_motif(question: &Question<'_>, row: Row) -> Criterion {
    let row = row.rule("clinotype.ps1.motif");
    let Some(delta) = question.variant.splice_delta.found() else {
        return row.not_evaluated("PS1 was not evaluated: it needs a splice score of the change at this splice site.");
    };
    if *delta < RULES.limit("splice_pp3") {
        return row.not_met(format!("No effect on splicing is predicted (delta {delta})."));
    }
    let (here, motif) = match listed_at_site(question) {
        Ok(found) => found,
        Err(reason) => return row.not_evaluated(format!("PS1 was not evaluated: {reason}.")),
    };
    let weight = |r: &Record, same_place: bool| match (r.significance, same_place) {
        (Significance::Pathogenic, true) => Some(Strength::Strong),
        (Significance::LikelyPathogenic, true) | (Significance::Pathogenic, false) => Some(Strength::Moderate),
        (Significance::LikelyPathogenic, false) => Some(Strength::Supporting),
        _ => None,
    };
    weighed(row, &here, &motif, weight)
}

/// At +-1,2, where PVS1 counts.
fn broken_site(question: &Question<'_>, row: Row, pvs1: &Criterion) -> Criterion {
    let row = row.rule("clinotype.ps1.site");
    if question
        .specification()
        .is_some_and(|panel| panel.text("ps1_splice") == Some("noncanonical"))
    {
        return row.not_applicable("The gene's panel applies PS1 to splice changes outside +-1,2 only.");
    }
    let Some(strength) = pvs1.strength.filter(|_| pvs1.state == State::Met) else {
        return row.not_applicable("At +-1,2 of a splice site PS1 adds to PVS1 only where that is met.");
    };
    let full = strength >= Strength::VeryStrong;
    let (here, motif) = match listed_at_site(question) {
        Ok(found) => found,
        Err(reason) => return row.not_evaluated(format!("PS1 was not evaluated: {reason}.")),
    };
    let weight = |r: &Record, same_dinucleotide: bool| match (full, same_dinucleotide, r.significance) {
        (true, true, Significance::Pathogenic)
        | (true, false, Significance::Pathogenic | Significance::LikelyPathogenic)
        | (false, false, Significance::LikelyPathogenic) => Some(Strength::Supporting),
        (false, true, Significance::Pathogenic) => Some(Strength::Strong),
        (false, false, Significance::Pathogenic) => Some(Strength::Moderate),
        _ => None,
    };
    weighed(row, &here, &motif, weight)
}

/// Listed (likely) pathogenic records of the same splice site: at the same nucleotide (for +-1,2: at the same
/// dinucleotide), and elsewhere in its motif.
fn listed_at_site<'a>(question: &'a Question<'_>) -> Result<(Vec<&'a Record>, Vec<&'a Record>), String> {
    let site = question.site().ok_or("the splice site is not known")?;
    let others = question.others()?;
    let offset = question.shown.splice.as_ref().and_then(|s| s.intron_offset);
    let canonical = |offset: Option<i32>| offset.is_some_and(|o| matches!(o, -2..=2));
    let is_canonical = canonical(offset);
    let position = question.variant.key.position.get();
    Ok(others
        .filter(|r| {
            r.site == Some(site)
                && r.significance.is_pathogenic()
                && r.stars >= 1
                && r.reference.len() == r.alternate.len()
        })
        .partition(|r| {
            if is_canonical {
                canonical(r.offset)
            } else {
                r.position == position
            }
        }))
}

fn weighed(
    row: Row,
    here: &[&Record],
    motif: &[&Record],
    weight: impl Fn(&Record, bool) -> Option<Strength>,
) -> Criterion {
    let all = here.iter().map(|r| (*r, true)).chain(motif.iter().map(|r| (*r, false)));
    let counting: Vec<(&Record, Strength)> = all.filter_map(|(r, same)| Some((r, weight(r, same)?))).collect();
    match counting.iter().map(|(_, strength)| *strength).max() {
        Some(strength) => {
            let cited = cite(counting.iter().map(|(r, _)| *r));
            row.compared("comparators", &cited).met(
                strength,
                format!(
                    "Other (likely) pathogenic changes at the same splice site are listed: {cited}. That they act \
                     alike was not proven."
                ),
            )
        }
        None => row.not_met("ClinVar lists no comparable (likely) pathogenic change at this splice site."),
    }
}

/// PM5: another change of the same residue. `pp3`: some panels ask for it.
pub(super) fn pm5(question: &Question<'_>, pp3: &Criterion) -> Criterion {
    let row = question.comparator_row(Code::PM5, "clinotype.pm5");
    if let Some(made) = truncating(question, &row) {
        return made;
    }
    if question.kind() != Kind::Missense {
        return row.not_applicable("PM5 concerns missense changes.");
    }
    if let Some(declined) = declined(question, "pm5", &row, Code::PM5) {
        return declined;
    }
    let (Some(residue), Some((from, to))) = (question.residue(), question.substitution()) else {
        return row.not_evaluated("PM5 was not evaluated: the change is not one residue for another.");
    };
    let others = match question.others() {
        Ok(others) => others,
        Err(reason) => return row.not_evaluated(format!("PM5 was not evaluated: {reason}.")),
    };
    let row = row.compared("residue", format!("{from}{residue}"));
    if let Some(sentence) = alters_splicing(question) {
        return row.not_met(sentence);
    }
    let starred = RULES.limit("comparator_stars") as u8;
    let here: Vec<&Record> = others
        .filter(|r| r.kind == Kind::Missense && r.codon == Some(residue) && r.stars >= starred && r.site.is_none())
        .collect();
    let benign: Vec<&Record> = here.iter().copied().filter(|r| r.significance.is_benign()).collect();
    let panel = question.specification();
    let counting: Vec<&Record> = here
        .iter()
        .copied()
        .filter(|r| r.significance.is_pathogenic() && r.residues.is_some_and(|(_, other)| other != to))
        .filter(|r| r.significance == Significance::Pathogenic || panel.and_then(|p| p.says("pm5_lp")) != Some(false))
        .filter(|r| is_as_severe(panel.and_then(|p| p.text("pm5_grantham")), (from, to), r))
        .filter(|r| panel.is_none_or(|p| p.text("pm5_blosum").is_none()) || is_as_unlike((from, to), r))
        .collect();
    if counting.is_empty() {
        return row.not_met(format!(
            "ClinVar lists no comparable (likely) pathogenic change of {from}{residue} to another residue."
        ));
    }
    if !benign.is_empty() {
        return row
            .compared("benign at the residue", cite(benign.iter().copied()))
            .not_met(format!(
                "A (likely) benign change of {from}{residue} is listed: {}.",
                cite(benign)
            ));
    }
    if panel.is_some_and(|panel| panel.text("pm5_requires") == Some("PP3")) && pp3.state != State::Met {
        let cited = cite(counting);
        let row = row.compared("comparators", &cited);
        return if pp3.state == State::NotEvaluated {
            row.not_evaluated(format!(
                "PM5 was not evaluated: other changes of {from}{residue} are listed ({cited}), but the gene's panel asks \
                 for PP3, which was not evaluated."
            ))
        } else {
            row.not_met("The gene's panel asks for PP3, which is not met.")
        };
    }
    let strength = other_change_strength(&counting, panel);
    let cited = cite(counting);
    let row = row.compared("comparators", &cited);
    let row = match panel {
        Some(panel) => row.compared("specification", panel.cited()),
        None => row,
    };
    row.met(
        strength,
        format!("Other changes of {from}{residue} are listed as (likely) pathogenic: {cited}."),
    )
}

fn other_change_strength(counting: &[&Record], panel: Option<&Specification>) -> Strength {
    let certain = |r: &&&Record| r.significance == Significance::Pathogenic && r.stars >= 2;
    let base = if counting.iter().any(|r| certain(&r)) {
        Strength::Moderate
    } else {
        Strength::Supporting
    };
    let Some(panel) = panel else { return base };
    let mut distinct: Vec<char> = counting
        .iter()
        .filter(certain)
        .filter_map(|r| Some(r.residues?.1))
        .collect();
    distinct.sort_unstable();
    distinct.dedup();
    let needed = panel.number("pm5_min_count").unwrap_or(2.0).max(2.0) as usize;
    let cap = panel.strength("pm5_max").unwrap_or(Strength::Moderate);
    let reached = if distinct.len() >= needed {
        Strength::Strong
    } else {
        base
    };
    reached.min(cap)
}

/// Whether the change is at least as severe as the comparator, where the panel asks (Grantham 1974).
fn is_as_severe(rule: Option<&str>, (from, to): (char, char), record: &Record) -> bool {
    let (Some(rule), Some((_, other))) = (rule, record.residues) else {
        return true;
    };
    match (distance(from, to), distance(from, other)) {
        (Some(own), Some(theirs)) if rule == "gt" => own > theirs,
        (Some(own), Some(theirs)) => own >= theirs,
        _ => false,
    }
}

/// Whether the change is at least as unlike the residue as the comparator by BLOSUM62.
fn is_as_unlike((from, to): (char, char), record: &Record) -> bool {
    let theirs = record.residues.and_then(|(_, other)| blosum62::score(from, other));
    match (blosum62::score(from, to), theirs) {
        (Some(own), Some(theirs)) => own <= theirs,
        _ => false,
    }
}

/// Panels whose PM5 is about truncating changes too: a new stop before a codon that is known to matter, from one on, or
/// in an exon where others are known; and broken splice sites.
fn truncating(question: &Question<'_>, row: &Row) -> Option<Criterion> {
    let panel = question.specification()?;
    let row = row
        .clone()
        .rule("clinotype.pm5.truncating")
        .compared("specification", panel.cited());
    match question.kind() {
        Kind::Splice => at_site(question, panel, row),
        Kind::Truncating => at_stop(question, panel, row),
        _ => None,
    }
}

fn at_site(question: &Question<'_>, panel: &Specification, row: Row) -> Option<Criterion> {
    let sites = panel.text("pm5_sites")?;
    let name = question.shown.hgvs_c.as_deref()?;
    let counted_here = question
        .pvs1_rules()?
        .shift(&question.shown.transcript, question.shown.mane)
        == Some(0);
    let place = CodingPlace::of(name).filter(|_| counted_here)?;
    let listed = sites
        .split(' ')
        .any(|site| CodingPlace::of(&format!("c.{site}")) == Some(place));
    Some(if listed {
        row.met(
            Strength::Supporting,
            "The broken splice site is one for which the gene's panel counts PM5.",
        )
    } else {
        row.not_met("The gene's panel does not count PM5 for this splice site.")
    })
}

fn at_stop(question: &Question<'_>, panel: &Specification, row: Row) -> Option<Criterion> {
    let before = panel.number("pm5_truncating_before").map(|n| n as u32);
    let from = panel.number("pm5_truncating_from").map(|n| n as u32);
    let bands = panel.bands("pm5_stop_at");
    if before.is_none() && from.is_none() && bands.is_empty() {
        return None;
    }
    let Some(stop) = question.shown.loss_of_function.as_ref().and_then(|f| f.new_stop_codon) else {
        return Some(row.not_evaluated("PM5 was not evaluated: the new stop is not known."));
    };
    let row = row.compared("new stop codon", stop);
    if !bands.is_empty() {
        let band = bands.iter().find(|(first, last, _)| (*first..=*last).contains(&stop));
        return Some(match band {
            Some((first, last, Some(strength))) => row.met(
                *strength,
                format!(
                    "The new stop, codon {stop}, lies within codons {first} to {last}, which the gene's panel names."
                ),
            ),
            _ => row.not_met(format!(
                "The new stop, codon {stop}, does not lie where the gene's panel counts PM5."
            )),
        });
    }
    let bound = match (from, before) {
        (Some(from), _) => format!("from codon {from} on"),
        (None, Some(before)) => format!("before codon {before}"),
        (None, None) => return None,
    };
    let row = row.compared("where", &bound);
    let counts = before.is_none_or(|limit| stop < limit) && from.is_none_or(|limit| stop >= limit);
    Some(if counts {
        row.met(
            Strength::Supporting,
            format!("The new stop, codon {stop}, lies {bound}, as the gene's panel asks."),
        )
    } else {
        row.not_met(format!("The new stop, codon {stop}, does not lie {bound}."))
    })
}
