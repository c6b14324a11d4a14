//! From [`Report`] to [`Document`]: what is printed, in which order. Decides nothing clinical.

mod beside;
mod evidence;
mod front;
mod methods;
mod pharmacogenes;
mod quality;
mod variants;

use clinotype_case::finding::{Finding, Outcome, Section};
use clinotype_case::{Order, Report};

use crate::model::{Block, Document, Running, Text};
use crate::words::{self, heading};

/// Order of page 1. The interpretation comes first where the table would push it off the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Front {
    /// Variants, then interpretation.
    TableFirst,
    /// Interpretation, recommendations, quality and signatures, then variants.
    InterpretationFirst,
}

/// The document of a report. Pure: the same report gives the same document.
pub(crate) fn document(report: &Report, order: Front) -> Document {
    let sections = Sections::of(report);
    let mut blocks = Vec::new();
    front::blocks(report, &sections, order, &mut blocks);
    if sections.uncertain {
        blocks.push(sections.heading(heading::UNCERTAIN));
        variants::uncertain(report, &mut blocks);
    }
    blocks.push(sections.heading(heading::EVIDENCE));
    evidence::blocks(report, &mut blocks);
    blocks.push(sections.heading(heading::CLINVAR));
    variants::clinvar_listed(report, &mut blocks);
    if sections.reviewed {
        blocks.push(sections.heading(heading::REVIEWED));
        variants::reviewed_not_reported(report, &mut blocks);
    }
    if let Some(pgx) = &report.pgx {
        blocks.push(sections.heading(heading::PHARMACOGENES));
        pharmacogenes::blocks(pgx, &mut blocks);
    }
    if let Some(rank) = &report.rank {
        blocks.push(sections.heading(heading::RANK));
        beside::rank(rank, &mut blocks);
    }
    if let Some(prs) = &report.prs {
        blocks.push(sections.heading(heading::SCORES));
        beside::scores(prs, &mut blocks);
    }
    blocks.push(sections.heading(heading::COVERAGE));
    quality::coverage(report, &mut blocks);
    blocks.push(sections.heading(heading::QUALITY));
    quality::checks(report, &mut blocks);
    blocks.push(sections.heading(heading::FUNNEL));
    quality::funnel(report, &mut blocks);
    blocks.push(sections.heading(heading::METHODS));
    methods::methods(report, &mut blocks);
    blocks.push(sections.heading(heading::LIMITATIONS));
    methods::limitations(report, &mut blocks);
    blocks.push(sections.heading(heading::REFERENCES));
    methods::references(&mut blocks);
    blocks.push(Block::End(format!(
        "{} {}, version {}",
        words::END_OF_REPORT,
        report.id,
        report.version
    )));
    Document {
        title: format!("Genetic test report {}, version {}", report.id, report.version),
        created: report
            .issued
            .to_string()
            .chars()
            .filter(char::is_ascii_digit)
            .take(14)
            .collect(),
        running: running(report),
        blocks,
    }
}

/// The numbered sections of this report, so that page 1 can point to them.
struct Sections {
    uncertain: bool,
    reviewed: bool,
    names: Vec<&'static str>,
}

impl Sections {
    fn of(report: &Report) -> Self {
        // With VUS as the only answer, they stand on page 1; the same variant never stands under two headings.
        let uncertain = listed(report, Section::Uncertain).next().is_some() && !only_uncertain(report);
        let mut names = Vec::new();
        if uncertain {
            names.push(heading::UNCERTAIN);
        }
        let reviewed = report.interpretation.reviewed_not_reported().next().is_some();
        names.extend([heading::EVIDENCE, heading::CLINVAR]);
        if reviewed {
            names.push(heading::REVIEWED);
        }
        if report.pgx.is_some() {
            names.push(heading::PHARMACOGENES);
        }
        if report.rank.is_some() {
            names.push(heading::RANK);
        }
        if report.prs.is_some() {
            names.push(heading::SCORES);
        }
        names.extend([
            heading::COVERAGE,
            heading::QUALITY,
            heading::FUNNEL,
            heading::METHODS,
            heading::LIMITATIONS,
            heading::REFERENCES,
        ]);
        Self {
            uncertain,
            reviewed,
            names,
        }
    }

    /// 1-based number of a section; sections that a report does not have are never asked for.
    fn number(&self, name: &str) -> usize {
        self.names.iter().position(|n| *n == name).map_or(0, |i| i + 1)
    }

    fn heading(&self, name: &'static str) -> Block {
        Block::Heading {
            level: 1,
            text: format!("{}  {name}", self.number(name)),
        }
    }
}

/// Whether VUS are the whole answer: then they stand on page 1, under their own heading.
fn only_uncertain(report: &Report) -> bool {
    let interpretation = &report.interpretation;
    interpretation.conclusion.outcome == Outcome::Uncertain
        && !interpretation.findings.is_empty()
        && interpretation.findings.iter().all(|f| f.section == Section::Uncertain)
}

/// The findings of one section of the model, in report order.
fn listed(report: &Report, section: Section) -> impl Iterator<Item = &Finding> {
    report
        .interpretation
        .findings
        .iter()
        .filter(move |f| f.section == section)
}

/// The findings that page 1 tabulates: everything but VUS.
fn reported(report: &Report) -> Vec<&Finding> {
    report
        .interpretation
        .findings
        .iter()
        .filter(|f| f.section != Section::Uncertain)
        .collect()
}

fn running(report: &Report) -> Running {
    let identity = match &report.order {
        Some(order) => {
            let patient = &order.patient;
            let mut parts = vec![patient.name.family_first()];
            parts.extend(identifiers(order));
            parts.push(format!("born\u{a0}{}", patient.birth_date));
            parts.push(format!("sex\u{a0}{}", patient.sex));
            parts.join(" · ")
        }
        None => format!("{} · sample {}", words::UNIDENTIFIED, report.interpretation.sample),
    };
    Running {
        identity: crate::model::visible(&identity),
        state: report.state_in_effect().words().to_owned(),
        report: crate::model::visible(&format!(
            "{} v{} · {} · {}",
            report.id, report.version, report.software, report.interpretation.build
        )),
    }
}

/// The patient's identifiers with their labels.
fn identifiers(order: &Order) -> impl Iterator<Item = String> + '_ {
    order.patient.identifiers.iter().map(|i| match &i.label {
        // No-break space: a label is not parted from its value.
        Some(label) if !label.trim().is_empty() => format!("{label}\u{a0}{}", i.value),
        _ => i.value.clone(),
    })
}

/// `2026-11-20 13:05 UTC`.
fn time(at: &impl std::fmt::Display) -> String {
    // A timestamp prints as 2026-11-20T13:05:00.123Z.
    let text = at.to_string();
    match (text.get(..10), text.get(11..16)) {
        (Some(date), Some(time)) => format!("{date} {time}\u{a0}UTC"),
        _ => text,
    }
}

/// A date, or `not stated`.
fn date(day: Option<&impl std::fmt::Display>) -> String {
    day.map_or_else(|| words::NOT_STATED.to_owned(), ToString::to_string)
}

/// A heading inside a section.
fn sub(text: impl Into<String>) -> Block {
    Block::Heading {
        level: 2,
        text: text.into(),
    }
}

/// A paragraph of sentences.
fn paragraph<S: AsRef<str>>(sentences: &[S]) -> Block {
    let joined: Vec<&str> = sentences.iter().map(AsRef::as_ref).collect();
    Block::Paragraph(Text::plain(joined.join(" ")))
}
