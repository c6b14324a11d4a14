//! Methods from provenance, limitations, references.

use clinotype_case::Report;
use clinotype_case::finding::Finding;
use clinotype_case::provenance::{FileDigest, Provenance, Step};
use clinotype_case::report::ReportState;
use clinotype_genome::DataRelease;

use super::{sub, time};
use crate::model::{Block, Table, Text, Voice, cell, figures, line, words as column};
use crate::words;

pub(super) fn methods(report: &Report, out: &mut Vec<Block>) {
    let interpretation = &report.interpretation;
    let mut pairs = vec![
        (
            "Software".to_owned(),
            Text::plain(words::stated(Some(&report.software))),
        ),
        (
            "Genome build".to_owned(),
            Text::plain(format!(
                "{}, known by: {}",
                interpretation.build,
                words::stated(Some(&interpretation.build_proof))
            )),
        ),
        (
            "Sample".to_owned(),
            Text::of(Voice::Sequence, interpretation.sample.as_str()),
        ),
    ];
    if let Some(name) = &interpretation.input_sample {
        pairs.push(("Name in the input file".to_owned(), Text::of(Voice::Sequence, name)));
    }
    let mut classification = Text::plain(words::CLASSIFICATION_METHOD);
    if interpretation.variants().any(Finding::is_reviewed) {
        classification = classification.and(Voice::Plain, words::REVIEW_METHOD);
    }
    pairs.push(("Classification".to_owned(), classification));
    pairs.push(("Nomenclature".to_owned(), Text::plain(words::NOMENCLATURE)));
    out.push(Block::Pairs(pairs));
    out.push(sub("Steps of the run"));
    match &report.provenance {
        None => out.push(Block::Notice(Text::plain(words::NO_PROVENANCE))),
        Some(provenance) => steps(provenance, out),
    }
    out.push(sub("Rule tables"));
    rules(report, out);
    out.push(sub("Data releases"));
    data(report, out);
}

fn steps(provenance: &Provenance, out: &mut Vec<Block>) {
    if provenance.steps.is_empty() {
        out.push(Block::Notice(Text::plain(words::NO_PROVENANCE)));
        return;
    }
    out.push(Block::Table(Table {
        caption: "Steps of the run".to_owned(),
        columns: vec![
            column("Step", 16.0),
            column("Tool and version", 34.0),
            column("Parameters in effect", 68.0),
        ],
        rows: provenance.steps.iter().map(step).collect(),
    }));
    let inputs = inputs(provenance);
    if !inputs.is_empty() {
        out.push(sub("Input files"));
        out.push(Block::Table(Table {
            caption: "Input files".to_owned(),
            columns: vec![column("File", 40.0), figures("Bytes", 22.0), column("SHA-256", 78.0)],
            rows: inputs
                .iter()
                .map(|f| {
                    vec![
                        cell(&f.file),
                        cell(words::thousands(f.bytes)),
                        vec![line(Voice::QuietSequence, &f.sha256)],
                    ]
                })
                .collect(),
        }));
    }
}

/// Characters of a parameter's value that are printed.
const LONGEST: usize = 120;

fn step(step: &Step) -> Vec<crate::model::Cell> {
    let parameters: Vec<String> = step
        .parameters
        .iter()
        // Long tables of numbers, such as error rates by length, would fill pages.
        .map(|(name, value)| match value.len() {
            n if n > LONGEST => format!("{name}: see provenance.json"),
            _ => format!("{name} = {value}"),
        })
        .collect();
    let mut ended = format!("ended {}", time(&step.end));
    if step.resumed {
        ended.push_str("; taken over from an earlier run after its digests were checked");
    }
    vec![
        vec![line(Voice::Strong, &step.name)],
        vec![
            line(Voice::Plain, words::stated(Some(&step.version))),
            line(Voice::Quiet, ended),
        ],
        cell(if parameters.is_empty() {
            "none".to_owned()
        } else {
            parameters.join("; ")
        }),
    ]
}

/// Files that came from outside: inputs that no step wrote, each once.
fn inputs(provenance: &Provenance) -> Vec<&FileDigest> {
    let mut all: Vec<&FileDigest> = Vec::new();
    for file in provenance.steps.iter().flat_map(|s| &s.inputs) {
        let written = provenance
            .steps
            .iter()
            .flat_map(|s| &s.outputs)
            .any(|o| o.sha256 == file.sha256);
        if !written && !all.contains(&file) {
            all.push(file);
        }
    }
    all
}

fn rules(report: &Report, out: &mut Vec<Block>) {
    let more = report.pgx.iter().flat_map(|p| &p.rules);
    let rules: Vec<_> = report.interpretation.rules.iter().chain(more).collect();
    if rules.is_empty() {
        out.push(Block::Paragraph(Text::plain(words::NOT_STATED)));
        return;
    }
    out.push(Block::Table(Table {
        caption: "Rule tables".to_owned(),
        columns: vec![
            column("Rule table", 40.0),
            column("Version", 18.0),
            column("Paper or guideline", 60.0),
        ],
        rows: rules
            .iter()
            .map(|r| {
                vec![
                    cell(&r.name),
                    cell(words::stated(Some(&r.version))),
                    cell(words::stated(Some(&r.source))),
                ]
            })
            .collect(),
    }));
}

fn data(report: &Report, out: &mut Vec<Block>) {
    let mut releases: Vec<&DataRelease> = Vec::new();
    let pgx = report.pgx.iter().flat_map(|p| &p.data);
    let more = report.provenance.iter().flat_map(|p| &p.data).chain(pgx);
    for release in report.interpretation.data.iter().chain(more) {
        if !releases
            .iter()
            .any(|r| r.name == release.name && r.sha256 == release.sha256)
        {
            releases.push(release);
        }
    }
    if releases.is_empty() {
        out.push(Block::Paragraph(Text::plain(words::NOT_STATED)));
        return;
    }
    out.push(Block::Table(Table {
        caption: "Data releases".to_owned(),
        columns: vec![
            column("Data", 18.0),
            column("Release", 30.0),
            column("File and SHA-256", 52.0),
            column("Licence, notes", 26.0),
        ],
        rows: releases
            .iter()
            .map(|r| {
                let mut notes = vec![line(
                    Voice::Plain,
                    r.licence
                        .as_deref()
                        .map_or_else(|| format!("licence {}", words::NOT_STATED), ToOwned::to_owned),
                )];
                if let Some(note) = &r.note {
                    notes.push(line(Voice::Strong, note));
                }
                vec![
                    cell(&r.name),
                    cell(r.release.as_deref().unwrap_or(words::RELEASE_NOT_STATED)),
                    vec![line(Voice::Plain, &r.file), line(Voice::QuietSequence, &r.sha256)],
                    notes,
                ]
            })
            .collect(),
    }));
}

pub(super) fn limitations(report: &Report, out: &mut Vec<Block>) {
    let limits = &report.interpretation.conclusion.limits;
    if !limits.is_empty() {
        out.push(Block::List {
            ordered: false,
            items: limits.iter().map(Text::plain).collect(),
        });
    }
    for text in words::NOT_TESTED {
        out.push(Block::Paragraph(Text::plain(text)));
    }
    if let Some(text) = super::beside::not_asked_for(report) {
        out.push(Block::Paragraph(Text::plain(text)));
    }
    out.push(Block::Paragraph(Text::plain(match report.state_in_effect() {
        ReportState::Draft => words::DRAFT_STATE,
        ReportState::Reviewed => words::UNSIGNED_STATE,
    })));
}

pub(super) fn references(out: &mut Vec<Block>) {
    // The paper or guideline behind each rule table stands in the table of rules; it is not repeated here.
    let items = words::REFERENCES.iter().map(Text::plain).collect();
    out.push(Block::List { ordered: true, items });
}
