//! BS2: seen in people who should be ill.
//!
//! Counts of a population source say so only for early-onset, fully penetrant disease. Where the gene's panel states a
//! count of homozygotes, the rule follows it; everything else is put to a person.

use clinotype_case::criterion::{Code, Criterion, Strength};

use super::{Question, Row, declined};
use crate::{
    inheritance::Mode,
    rules::{RULES, Specification},
};

/// BS2 for the variant's homozygotes in the population source.
pub(super) fn bs2(question: &Question<'_>) -> Criterion {
    let row = Row::new(
        Code::BS2,
        "clinotype.bs2",
        &RULES.version("Limits of the criteria"),
        &question.source("frequencies"),
    );
    if let Some(declined) = declined(question, "bs2", &row, Code::BS2) {
        return declined;
    }
    let Some(record) = question.variant.frequency.found() else {
        return row
            .not_evaluated("BS2 was not evaluated: no population record tells how many people carry the allele.");
    };
    if !record.filters.is_empty() {
        return row.not_evaluated("BS2 was not evaluated: the frequency record failed its own filter.");
    }
    let Some(homozygotes) = record.homozygotes else {
        return row.not_evaluated("BS2 was not evaluated: the population source states no homozygotes.");
    };
    let row = row.compared("homozygotes", homozygotes);
    let panel = question
        .specification()
        .filter(|p| p.says("bs2") == Some(true) && p.says("bs2_homozygotes_only") == Some(true));
    match panel.and_then(|panel| Some((panel, counts(panel)?))) {
        Some((panel, counts)) => by_panel(row, panel, &counts, homozygotes),
        None => suggested(question, row, homozygotes),
    }
}

/// `Strong:3,Supporting:1` or one count, the strongest first.
fn counts(panel: &Specification) -> Option<Vec<(Strength, u64)>> {
    if let Some(text) = panel.text("bs2_strengths") {
        return text
            .split(',')
            .map(|part| {
                let (strength, count) = part.split_once(':')?;
                Some((crate::acmg::codes::strength(strength)?, count.parse().ok()?))
            })
            .collect();
    }
    let count = panel.number("bs2_count")?;
    Some(vec![(Strength::Strong, count as u64)])
}

fn by_panel(row: Row, panel: &Specification, counts: &[(Strength, u64)], homozygotes: u64) -> Criterion {
    let row = row.rule("clinotype.bs2.panel").compared("specification", panel.cited());
    match counts.iter().find(|(_, count)| homozygotes >= *count) {
        Some((strength, count)) => row.met(
            *strength,
            format!(
                "{homozygotes} homozygotes in the population source, at least {count} as {} asks.",
                panel.cited()
            ),
        ),
        None => row.not_met(format!(
            "{homozygotes} homozygotes in the population source, fewer than {} asks.",
            panel.cited()
        )),
    }
}

/// No panel's count: a person must say whether the disease shows early and always.
fn suggested(question: &Question<'_>, row: Row, homozygotes: u64) -> Criterion {
    let (limit, who) = match Mode::of(question.gene) {
        // Carriers of a recessive disease are healthy: only homozygotes count.
        Mode::Recessive => (RULES.limit("bs2_recessive"), "homozygotes"),
        Mode::XLinked | Mode::XLinkedRecessive => (RULES.limit("bs2_x_linked"), "homozygotes or hemizygotes"),
        _ => (RULES.limit("bs2_dominant"), "carriers"),
    };
    if (homozygotes as f64) > limit {
        row.compared("suggested above", limit).not_evaluated(format!(
            "BS2 was not evaluated: {homozygotes} homozygotes were seen; if the disease shows early and in everyone \
             ({who} counted), a person may set it."
        ))
    } else {
        row.not_evaluated(
            "BS2 was not evaluated: whether the disease shows early and in everyone is not among the gene facts.",
        )
    }
}
