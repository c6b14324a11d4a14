//! Page 1: what a busy clinician needs (specs/REPORT.md section 2).

use clinotype_case::finding::{Finding, Section};
use clinotype_case::quality::{CheckResult, Coverage};
use clinotype_case::{Order, Report};

use super::{Front, Sections, date, identifiers, listed, paragraph, reported, sub, time, variants};
use crate::model::{Banner, Block, Text, Voice};
use crate::words::{self, heading};

pub(super) fn blocks(report: &Report, sections: &Sections, order: Front, out: &mut Vec<Block>) {
    let conclusion = &report.interpretation.conclusion;
    out.push(letterhead(report));
    out.push(Block::Identifiers(identity(report)));
    for notice in &report.notices {
        out.push(Block::Notice(Text::of(Voice::Strong, notice)));
    }
    out.push(Block::Paragraph(question(report.order.as_ref())));
    out.push(Block::Banner(banner(report, sections)));
    let mut table = Vec::new();
    let on_page_1: Vec<&Finding> = if super::only_uncertain(report) {
        table.push(sub(heading::UNCERTAIN));
        table.push(Block::Paragraph(variants::policy(report)));
        report.interpretation.findings.iter().collect()
    } else {
        table.push(sub(heading::VARIANTS));
        reported(report)
    };
    if on_page_1.is_empty() {
        table.push(Block::Paragraph(Text::plain(words::NO_VARIANT)));
    } else {
        table.push(Block::Table(variants::summary(report, &on_page_1)));
        table.extend(variants::changed(&on_page_1));
    }
    let table_first = order == Front::TableFirst;
    if table_first {
        out.append(&mut table);
    }
    out.push(sub(heading::INTERPRETATION));
    if conclusion.interpretation.is_empty() {
        out.push(Block::Paragraph(Text::plain(words::NOT_STATED)));
    } else {
        out.push(paragraph(&conclusion.interpretation));
    }
    out.push(sub(heading::RECOMMENDATIONS));
    if conclusion.recommendations.is_empty() {
        out.push(Block::Paragraph(Text::plain(words::NOT_STATED)));
    } else {
        out.push(Block::List {
            ordered: true,
            items: conclusion.recommendations.iter().map(Text::plain).collect(),
        });
    }
    if let Some(pgx) = &report.pgx {
        out.push(sub(heading::PHARMACOGENES));
        let section = sections.number(heading::PHARMACOGENES);
        out.push(Block::Paragraph(super::pharmacogenes::line_of_page_1(pgx, section)));
    }
    out.push(sub(heading::QUALITY_LINE));
    for waiver in &report.waivers {
        out.push(Block::Notice(super::quality::waived(waiver)));
    }
    out.push(Block::Paragraph(quality_line(report, sections)));
    out.push(Block::Signatures(
        words::SIGNATURES
            .iter()
            .enumerate()
            .map(|(n, label)| ((*label).to_owned(), signature(report, n)))
            .collect(),
    ));
    if !table_first {
        out.append(&mut table);
    }
    out.push(Block::PageBreak);
}

/// Nobody signs a draft; who reviewed variants is named where the reviewers sign.
fn signature(report: &Report, line: usize) -> String {
    let mut people: Vec<String> = Vec::new();
    for review in report.interpretation.variants().filter_map(|f| f.review.as_ref()) {
        let person = format!(
            "{} ({})",
            words::stated(Some(&review.by)),
            words::stated(Some(&review.role))
        );
        if !people.contains(&person) {
            people.push(person);
        }
    }
    if words::SIGNATURES[line] == words::SIGNED_BY_REVIEWER && !people.is_empty() {
        return format!("variants: {}; report: {}", people.join(", "), words::NOT_SIGNED);
    }
    words::NOT_SIGNED.to_owned()
}

fn letterhead(report: &Report) -> Block {
    let Some(order) = &report.order else {
        return Block::Letterhead {
            name: words::LABORATORY_NOT_STATED.to_owned(),
            lines: vec![],
        };
    };
    let laboratory = &order.laboratory;
    Block::Letterhead {
        name: laboratory.name.clone(),
        lines: vec![format!(
            "{} · contact: {} · accreditation: {}",
            laboratory.address,
            words::stated(laboratory.contact.as_deref()),
            words::stated(laboratory.accreditation.as_deref())
        )],
    }
}

fn identity(report: &Report) -> Vec<(String, Text)> {
    let pair = |label: &str, value: Text| (label.to_owned(), value);
    let strong = |value: &str| Text::of(Voice::Strong, value);
    let sample = || Text::of(Voice::Sequence, report.interpretation.sample.as_str());
    let number = || Text::of(Voice::Sequence, format!("{} v{}", report.id, report.version));
    let Some(order) = &report.order else {
        let declared = format!("{} (as declared for the run)", report.interpretation.sex);
        return vec![
            pair("Patient", strong(words::UNIDENTIFIED)),
            pair("Identifiers", Text::plain(words::NOT_STATED)),
            pair("Born · sex", Text::plain(format!("{} · {declared}", words::NOT_STATED))),
            pair("Report", number()),
            pair("Ordered by", Text::plain(words::NOT_STATED)),
            pair("Sample", sample()),
            pair(
                "Collected · received",
                Text::plain(format!("{0} · {0}", words::NOT_STATED)),
            ),
            pair("Reported", Text::plain(time(&report.issued))),
        ];
    };
    let (patient, specimen, clinician) = (&order.patient, &order.specimen, &order.clinician);
    let ids: Vec<String> = identifiers(order).collect();
    let mut ordered_by = clinician.name.family_first();
    if let Some(identifier) = &clinician.identifier {
        ordered_by = format!("{ordered_by} ({})", identifier.value);
    }
    if let Some(organization) = &clinician.organization {
        ordered_by = format!("{ordered_by}, {organization}");
    }
    let mut material = Text::plain(format!("{}, ", specimen.kind)).and(Voice::Sequence, &specimen.id);
    if specimen.id != report.interpretation.sample.as_str() {
        material = material
            .and(Voice::Plain, ", sample ")
            .and(Voice::Sequence, report.interpretation.sample.as_str());
    }
    if let Some(condition) = &specimen.condition {
        material = material.and(Voice::Plain, format!(", condition: {condition}"));
    }
    vec![
        pair("Patient", strong(&patient.name.family_first())),
        pair("Identifiers", Text::of(Voice::Sequence, ids.join(" · "))),
        pair(
            "Born · sex",
            strong(&format!("{} · {}", patient.birth_date, patient.sex)),
        ),
        pair("Report", number()),
        pair("Ordered by", Text::plain(ordered_by)),
        pair("Specimen", material),
        pair(
            "Collected · received",
            Text::plain(format!(
                "{} · {}",
                date(specimen.collected.as_ref()),
                date(specimen.received.as_ref())
            )),
        ),
        pair("Reported", Text::plain(time(&report.issued))),
    ]
}

/// Test and indication.
fn question(order: Option<&Order>) -> Text {
    let Some(order) = order else {
        return Text::of(Voice::Strong, "Test: ")
            .and(Voice::Plain, words::NOT_STATED)
            .and(Voice::Strong, ". Indication: ")
            .and(
                Voice::Plain,
                format!("{}. No order was given with this sample.", words::NOT_STATED),
            );
    };
    let request = &order.order;
    let mut test = format!(" (order {}", request.id);
    if let Some(code) = &request.code {
        test = format!("{test}, code {code}");
    }
    if let Some(day) = &request.date {
        test = format!("{test}, {day}");
    }
    let genes = match order.genes.len() {
        0 => "no gene list ordered".to_owned(),
        n => words::count(n, "gene ordered", "genes ordered"),
    };
    let mut text = Text::of(Voice::Strong, &request.test)
        .and(Voice::Quiet, format!("{test}; {genes})"))
        .and(Voice::Strong, " Indication: ")
        .and(Voice::Plain, &order.indication.text);
    if !order.indication.hpo.is_empty() {
        text = text.and(Voice::Quiet, format!(" ({})", order.indication.hpo.join(", ")));
    }
    text
}

fn banner(report: &Report, sections: &Sections) -> Banner {
    let conclusion = &report.interpretation.conclusion;
    let word = conclusion.outcome.word();
    let title = if conclusion.headline.trim().is_empty() {
        word.to_owned()
    } else {
        format!("{word}: {}", conclusion.headline)
    };
    let mut lines = Vec::new();
    let uncertain = listed(report, Section::Uncertain).count();
    if sections.uncertain {
        lines.push(Text::plain(format!(
            "{} listed in section {} by laboratory policy.",
            words::count(
                uncertain,
                "variant of uncertain significance is",
                "variants of uncertain significance are"
            ),
            sections.number(heading::UNCERTAIN)
        )));
    }
    let clinvar = report.interpretation.clinvar_listed.len();
    if clinvar > 0 {
        lines.push(Text::plain(format!(
            "{} in ClinVar as pathogenic or likely pathogenic {} not reported: section {}.",
            words::count(clinvar, "further allele listed", "further alleles listed"),
            if clinvar == 1 { "is" } else { "are" },
            sections.number(heading::CLINVAR)
        )));
    }
    let reviewed = report.interpretation.reviewed_not_reported().count();
    if reviewed > 0 {
        lines.push(Text::plain(format!(
            "{} not reported: section {}.",
            words::count(reviewed, "reviewed variant is", "reviewed variants are"),
            sections.number(heading::REVIEWED)
        )));
    }
    match lines.last_mut() {
        Some(last) => {
            *last = last
                .clone()
                .and(Voice::Plain, format!(" {}", conclusion.secondary_findings));
        }
        None => lines.push(Text::plain(&conclusion.secondary_findings)),
    }
    Banner {
        outcome: conclusion.outcome,
        title,
        lines,
    }
}

/// Coverage and checks in a few words; what is not in order is named here, not only inside.
fn quality_line(report: &Report, sections: &Sections) -> Text {
    let mut said = Vec::new();
    match &report.quality.coverage {
        Coverage::NotAssessed { reason } => said.push(format!("Coverage: NOT ASSESSED ({reason}).")),
        Coverage::Assessed(figures) => {
            said.push(format!(
                "Mean depth {}; {} of bases with 20 or more reads ({}).",
                words::figure(figures.mean_depth, 1),
                words::percent(figures.at_least_20),
                figures.over
            ));
            if figures.genes.is_empty() {
                said.push("Coverage by gene: NOT ASSESSED.".to_owned());
            } else if figures.gaps().next().is_none() {
                said.push(format!("No gap below {} reads.", figures.threshold));
            }
        }
    }
    let not_covered = &report.interpretation.scope.not_covered;
    if !not_covered.is_empty() {
        said.push(format!("Ordered but not tested: {}.", not_covered.join(", ")));
    }
    let checks = &report.quality.checks;
    if checks.is_empty() {
        said.push("Checks: NOT ASSESSED.".to_owned());
    } else {
        let mut results = Vec::new();
        for result in [
            CheckResult::Fail,
            CheckResult::Warn,
            CheckResult::NotAssessed,
            CheckResult::Pass,
        ] {
            let names: Vec<&str> = checks
                .iter()
                .filter(|c| c.result == result)
                .map(|c| c.name.as_str())
                .collect();
            match (names.len(), result) {
                (0, _) => {}
                (n, CheckResult::Pass) => results.push(format!("{n} {}", result.word())),
                (_, _) => results.push(format!("{} ({})", result.word(), names.join(", "))),
            }
        }
        said.push(format!("Checks: {}.", results.join("; ")));
    }
    Text::plain(said.join(" "))
        .and(Voice::Strong, format!(" {}: ", heading::LIMITS_LINE))
        .and(Voice::Plain, limits(report, sections))
}

fn limits(report: &Report, sections: &Sections) -> String {
    let section = sections.number(heading::LIMITATIONS);
    match report.interpretation.conclusion.limits.first() {
        Some(first) => format!("{first} See section {section}."),
        None => format!("see section {section}."),
    }
}
