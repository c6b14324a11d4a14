//! PM1, PP2 and BP1: what changes of the region and of the gene are known to do.

use clinotype_case::criterion::{Code, Criterion, State, Strength};

use super::{Question, Row, cite, declined};
use crate::{
    comparators::{Kind, Record},
    rules::{RULES, Specification},
};

/// PM1: in a region where changes are known to cause disease. The panel's regions go first; without them a window of
/// residues in ClinVar.
pub(super) fn pm1(question: &Question<'_>) -> Criterion {
    let row = question.comparator_row(Code::PM1, "clinotype.pm1");
    if question.kind() != Kind::Missense {
        return row.not_applicable("PM1 concerns missense changes.");
    }
    if let Some(declined) = declined(question, "pm1", &row, Code::PM1) {
        return declined;
    }
    let Some(residue) = question.residue() else {
        return row.not_evaluated("PM1 was not evaluated: the residue is not known.");
    };
    let row = row.compared("residue", residue);
    match question.specification().filter(|panel| has_regions(panel)) {
        Some(panel) => panel_region(question, row, panel),
        None => window(question, row, residue),
    }
}

const REGIONS: [(&str, Strength); 3] = [
    ("pm1_strong_in", Strength::Strong),
    ("pm1_moderate_in", Strength::Moderate),
    ("pm1_supporting_in", Strength::Supporting),
];

fn has_regions(panel: &Specification) -> bool {
    REGIONS.iter().any(|(rule, _)| panel.text(rule).is_some())
}

fn panel_region(question: &Question<'_>, row: Row, panel: &Specification) -> Criterion {
    let row = row.rule("clinotype.pm1.panel").compared("specification", panel.cited());
    let Some(residue) = question.panel_residue(panel) else {
        return row.not_evaluated("PM1 was not evaluated: the gene's panel counts residues on another transcript.");
    };
    let row = row.compared("residue as the panel counts", residue);
    let new_cysteine = question.substitution().is_some_and(|(_, to)| to == 'C')
        && panel.holds("pm1_new_cysteine_in", residue) == Some(true);
    let found = REGIONS
        .iter()
        .find(|(rule, _)| panel.holds(rule, residue) == Some(true))
        .map(|(_, strength)| *strength);
    match (found, new_cysteine) {
        (Some(strength), _) => row.met(
            strength,
            format!(
                "Residue {residue} lies in a region that the panel names ({}).",
                panel.cited()
            ),
        ),
        (None, true) => row.met(
            Strength::Moderate,
            format!(
                "A new cysteine at residue {residue}, in a domain that the panel names ({}).",
                panel.cited()
            ),
        ),
        (None, false) => row.not_met(format!("Residue {residue} lies in no region that the panel names.")),
    }
}

/// Distinct listed changes at neighbouring residues. The residue itself is PM5's, so that no record counts twice.
fn window(question: &Question<'_>, row: Row, residue: u32) -> Criterion {
    let others = match question.others() {
        Ok(others) => others,
        Err(reason) => return row.not_evaluated(format!("PM1 was not evaluated: {reason}.")),
    };
    let width = RULES.limit("pm1_window") as u32;
    let starred = RULES.limit("comparator_stars") as u8;
    let near: Vec<&Record> = others
        .filter(|r| r.kind == Kind::Missense && r.site.is_none())
        .filter(|r| r.codon.is_some_and(|c| c.abs_diff(residue) <= width))
        .collect();
    let starred_of = |wanted: fn(&Record) -> bool| -> Vec<&Record> {
        near.iter()
            .copied()
            .filter(|r| r.stars >= starred && wanted(r))
            .collect()
    };
    let pathogenic: Vec<&Record> = starred_of(|r| r.significance.is_pathogenic())
        .into_iter()
        .filter(|r| r.codon != Some(residue))
        .collect();
    let benign = starred_of(|r| r.significance.is_benign());
    let uncertain = near.len()
        - near
            .iter()
            .filter(|r| r.significance.is_benign() || r.significance.is_pathogenic())
            .count();
    let mut changes: Vec<_> = pathogenic.iter().map(|r| (r.codon, r.residues)).collect();
    changes.sort_unstable();
    changes.dedup();
    let row = row
        .compared("window, residues on either side", width)
        .compared("(likely) pathogenic changes", changes.len())
        .compared("(likely) benign changes", benign.len())
        .compared("uncertain changes", uncertain);
    if !benign.is_empty() {
        return row.not_met(format!(
            "(Likely) benign changes lie in the same window: {}.",
            cite(benign)
        ));
    }
    if (changes.len() as f64) < RULES.limit("pm1_pathogenic") {
        return row.not_met(format!(
            "{} other (likely) pathogenic missense changes lie within {width} residues; {} are needed.",
            changes.len(),
            RULES.limit("pm1_pathogenic")
        ));
    }
    let strength = if changes.len() > uncertain {
        Strength::Moderate
    } else {
        Strength::Supporting
    };
    row.met(
        strength,
        format!(
            "{} other (likely) pathogenic and no benign missense changes lie within {width} residues: {}.",
            changes.len(),
            cite(pathogenic)
        ),
    )
}

/// How the gene's missense records divide.
struct Missense {
    pathogenic: usize,
    benign: usize,
}

fn missense(others: impl Iterator<Item = impl std::ops::Deref<Target = Record>>) -> Missense {
    let starred = RULES.limit("comparator_stars") as u8;
    let mut counts = Missense {
        pathogenic: 0,
        benign: 0,
    };
    for record in others.filter(|r| r.kind == Kind::Missense && r.stars >= starred) {
        counts.pathogenic += usize::from(record.significance.is_pathogenic());
        counts.benign += usize::from(record.significance.is_benign());
    }
    counts
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// PP2: missense changes of the gene commonly cause disease. The panel's decision; without one ClinVar's shares can say
/// no, but yes needs the gene's constraint, which is not among the data.
pub(super) fn pp2(question: &Question<'_>, pm2: &Criterion, pp3: &Criterion) -> Criterion {
    let row = question.comparator_row(Code::PP2, "clinotype.pp2");
    if question.kind() != Kind::Missense {
        return row.not_applicable("PP2 concerns missense changes.");
    }
    if let Some(declined) = declined(question, "pp2", &row, Code::PP2) {
        return declined;
    }
    if let Some(panel) = question.specification().filter(|panel| panel.says("pp2") == Some(true)) {
        let row = row.rule("clinotype.pp2.panel").compared("specification", panel.cited());
        for needed in panel.text("pp2_requires").into_iter().flat_map(|list| list.split(',')) {
            let other = match needed {
                "PM2" => pm2,
                "PP3" => pp3,
                _ => return row.not_evaluated(format!("PP2 was not evaluated: the panel asks for {needed}.")),
            };
            match other.state {
                State::Met => {}
                State::NotEvaluated => {
                    return row.not_evaluated(format!(
                        "PP2 was not evaluated: the panel asks for {needed}, which was not."
                    ));
                }
                _ => return row.not_met(format!("The panel asks for {needed}, which is not met.")),
            }
        }
        return row.met(
            Strength::Supporting,
            format!(
                "A missense change in {}, to which {} applies PP2.",
                question.symbol(),
                panel.cited()
            ),
        );
    }
    let others = match question.others() {
        Ok(others) => others,
        Err(reason) => return row.not_evaluated(format!("PP2 was not evaluated: {reason}.")),
    };
    let counts = missense(others);
    let classified = counts.pathogenic + counts.benign;
    let row = row
        .compared("(likely) pathogenic missense", counts.pathogenic)
        .compared("(likely) benign missense", counts.benign);
    if (counts.pathogenic as f64) < RULES.limit("pp2_pathogenic")
        || share(counts.pathogenic, classified) < RULES.limit("pp2_pathogenic_share")
        || share(counts.benign, classified) > RULES.limit("pp2_benign_share")
    {
        return row.not_met(format!(
            "{} of {classified} classified missense changes of the gene are (likely) pathogenic: too few.",
            counts.pathogenic
        ));
    }
    row.not_evaluated("PP2 was not evaluated: the gene's missense constraint is not among the data.")
}

/// BP1: a kind of change that is not how the gene causes disease.
pub(super) fn bp1(question: &Question<'_>) -> Criterion {
    let row = question.comparator_row(Code::BP1, "clinotype.bp1");
    if let Some(declined) = declined(question, "bp1", &row, Code::BP1) {
        return declined;
    }
    match question.specification().filter(|panel| panel.says("bp1") == Some(true)) {
        Some(panel) => panel_bp1(question, row, panel),
        None if question.kind() == Kind::Missense => gene_bp1(question, row),
        None => row.not_applicable("BP1 concerns missense changes."),
    }
}

fn panel_bp1(question: &Question<'_>, row: Row, panel: &Specification) -> Criterion {
    let row = row.rule("clinotype.bp1.panel").compared("specification", panel.cited());
    let target = panel.text("bp1_target").unwrap_or("missense");
    let kind = question.kind();
    let concerned = match target {
        "truncating" => kind == Kind::Truncating,
        "broad" => matches!(kind, Kind::Missense | Kind::Synonymous | Kind::InFrame),
        _ => kind == Kind::Missense,
    };
    if !concerned {
        return row.not_applicable(format!("The panel's BP1 is about {target} changes."));
    }
    if panel.text("bp1_outside").is_some() {
        let Some(residue) = question.panel_residue(panel) else {
            return row.not_evaluated("BP1 was not evaluated: the residue is not known.");
        };
        if panel.holds("bp1_outside", residue) == Some(true) {
            return row
                .compared("residue", residue)
                .not_met(format!("Residue {residue} lies in a domain that the panel excepts."));
        }
    }
    if let Some(limit) = panel.number("bp1_splice_at_most") {
        match question.variant.splice_delta.found() {
            None => return row.not_evaluated("BP1 was not evaluated: the panel asks for a splice score."),
            Some(delta) if *delta > limit => {
                return row
                    .compared("splice delta", delta)
                    .not_met(format!("An effect on splicing is not excluded (delta {delta})."));
            }
            Some(_) => {}
        }
    }
    if kind != Kind::Truncating
        && let Some(sentence) = splicing_open(question)
    {
        return row.not_evaluated(sentence);
    }
    row.met(
        panel.strength("bp1_strength").unwrap_or(Strength::Supporting),
        format!(
            "A {target} change outside the regions that matter, by {}.",
            panel.cited()
        ),
    )
}

/// At the edge of an exon a change may act by splicing, and BP1 is about the protein.
fn splicing_open(question: &Question<'_>) -> Option<String> {
    question.site()?;
    match question.variant.splice_delta.found() {
        Some(delta) if *delta <= RULES.limit("bp1_splice") => None,
        Some(delta) => Some(format!(
            "BP1 was not evaluated: an effect on splicing is not excluded (delta {delta})."
        )),
        None => {
            Some("BP1 was not evaluated: the change lies at a splice site, and no splice score is given.".to_owned())
        }
    }
}

fn gene_bp1(question: &Question<'_>, row: Row) -> Criterion {
    let others = match question.others() {
        Ok(others) => others,
        Err(reason) => return row.not_evaluated(format!("BP1 was not evaluated: {reason}.")),
    };
    let starred = RULES.limit("comparator_stars") as u8;
    let counting = || {
        others
            .clone()
            .filter(move |r| r.stars >= starred && r.significance.is_pathogenic())
    };
    let (pathogenic, null) = (counting().count(), counting().filter(|r| r.kind.is_null()).count());
    let counts = missense(others.clone());
    let row = row
        .compared("(likely) pathogenic changes", pathogenic)
        .compared("of these truncating or splice", null)
        .compared("(likely) benign missense", counts.benign)
        .compared("(likely) pathogenic missense", counts.pathogenic);
    if (pathogenic as f64) < RULES.limit("bp1_records")
        || share(null, pathogenic) < RULES.limit("bp1_null_share")
        || share(counts.benign, counts.benign + counts.pathogenic) < RULES.limit("bp1_benign_share")
    {
        return row.not_met("Truncating changes are not known to be the gene's only way to disease.");
    }
    match question.variant.splice_delta.found() {
        None => row.not_evaluated("BP1 was not evaluated: no splice score is given."),
        Some(delta) if *delta > RULES.limit("bp1_splice") => {
            row.not_met(format!("An effect on splicing is not excluded (delta {delta})."))
        }
        Some(_) => row.met(
            Strength::Supporting,
            format!(
                "{null} of {pathogenic} (likely) pathogenic changes of the gene are truncating; this one is missense."
            ),
        ),
    }
}
