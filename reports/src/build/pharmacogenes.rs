//! Pharmacogenomics: current medicines first, then genes, then medicines, each with the guideline behind it.

use std::collections::{BTreeMap, BTreeSet};

use clinotype_case::pgx::{
    Advice, AlertLevel, DrugResult, GeneResult, GuidelineResult, MedicationAlert, Pharmacogenomics, Recommendation,
};

use super::sub;
use crate::model::{Block, Cell, Line, Table, Text, Voice, cell, line, words as column};
use crate::words;
use crate::words::pharmacogenes as said;

/// What page 1 says: how many genes have a result, and every current medicine with an alert.
pub(super) fn line_of_page_1(pgx: &Pharmacogenomics, section: usize) -> Text {
    let called = pgx.called().count();
    let text = Text::plain(format!(
        "{} of {} pharmacogenes have a result: section {section}. Current medicines: ",
        called,
        pgx.genes.len()
    ));
    let alerts = pgx.alerts();
    let named = |alert: &&&MedicationAlert| alert.level.is_alert();
    let Some(list) = &pgx.medications else {
        return text.and(Voice::Plain, format!("{}.", words::NOT_STATED));
    };
    if list.is_empty() {
        return text.and(Voice::Plain, "none.");
    }
    let named: Vec<String> = alerts
        .iter()
        .filter(named)
        .map(|a| format!("{} ({})", a.medication, a.level.words()))
        .collect();
    let text = if named.is_empty() {
        text.and(Voice::Plain, "no alert")
    } else {
        text.and(Voice::Strong, named.join("; "))
    };
    // An alert for one medicine must not hide that nothing is known of another.
    let open: Vec<&str> = list
        .iter()
        .filter(|a| a.level == AlertLevel::NotEvaluated)
        .map(|a| a.medication.as_str())
        .collect();
    match open[..] {
        [] => text.and(Voice::Plain, "."),
        _ => text.and(Voice::Plain, format!("; not evaluated: {}.", open.join(", "))),
    }
}

pub(super) fn blocks(pgx: &Pharmacogenomics, out: &mut Vec<Block>) {
    out.push(Block::Paragraph(Text::plain(format!(
        "{} {}",
        said::LEAD,
        said::GUIDANCE_LEAD
    ))));
    out.push(sub(said::CURRENT));
    current(pgx, out);
    out.push(sub(said::GENES));
    genes(pgx, out);
    out.push(sub(said::NOT_CALLED));
    not_called(pgx, out);
    notes(pgx, out);
    medicines(pgx, out);
    guidelines(pgx, out);
    out.push(sub(said::LIMITS));
    out.push(Block::List {
        ordered: false,
        items: pgx.limits.iter().map(Text::plain).collect(),
    });
}

fn current(pgx: &Pharmacogenomics, out: &mut Vec<Block>) {
    let words = match &pgx.medications {
        None => said::CURRENT_NOT_STATED,
        Some(list) if list.is_empty() => said::CURRENT_NONE,
        Some(_) => "",
    };
    if !words.is_empty() {
        out.push(Block::Paragraph(Text::plain(words)));
        return;
    }
    let row = |alert: &MedicationAlert| -> Vec<Cell> {
        let drug = alert
            .drug
            .as_ref()
            .and_then(|name| pgx.drugs.iter().find(|d| d.drug == *name));
        let mut medicine = vec![line(Voice::Strong, &alert.medication)];
        if let Some(drug) = drug.filter(|d| !alert.medication.eq_ignore_ascii_case(&d.drug)) {
            medicine.push(line(Voice::Quiet, format!("read as {}", drug.drug)));
        }
        medicine.push(level(alert.level));
        let guidance = match drug {
            Some(drug) if drug.guidelines.iter().any(|g| !g.recommendations.is_empty()) => {
                drug.guidelines.iter().flat_map(|g| recommendations(g, true)).collect()
            }
            _ => cell(&alert.text),
        };
        let rests = drug.map_or_else(Vec::new, |drug| {
            rests_on(pgx, &drug.guidelines.iter().collect::<Vec<_>>())
        });
        vec![medicine, rests, guidance]
    };
    out.push(Block::Table(Table {
        caption: said::CURRENT.to_owned(),
        columns: vec![
            column("Medicine", 25.0),
            column("Rests on", 27.0),
            column("Guideline, strength, recommendation", 88.0),
        ],
        rows: pgx.alerts().into_iter().map(row).collect(),
    }));
}

/// The level in words, under the strong name; what asks for something is not set back.
fn level(level: AlertLevel) -> Line {
    let voice = if level.is_alert() || level == AlertLevel::NotEvaluated {
        Voice::Plain
    } else {
        Voice::Quiet
    };
    line(voice, level.words())
}

/// CPIC's further considerations begin so within its text; they stand on lines of their own.
const CONSIDERATIONS: &str = "Other Considerations: ";

/// The recommendations of a guideline, each under its strength and population. Texts that a guideline repeats for
/// several populations stand once.
fn recommendations(guideline: &GuidelineResult, implications: bool) -> Cell {
    let mut by_text: Vec<(&Recommendation, Vec<String>)> = Vec::new();
    for recommendation in &guideline.recommendations {
        let head = [&recommendation.strength, &recommendation.population]
            .into_iter()
            .filter(|part| !["n/a", "N/A", "-", ""].contains(&part.as_str()))
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        match by_text
            .iter_mut()
            .find(|(r, _)| r.text == recommendation.text && r.implications == recommendation.implications)
        {
            Some((_, heads)) => heads.push(head),
            None => by_text.push((recommendation, vec![head])),
        }
    }
    let mut lines = Vec::new();
    for (recommendation, mut heads) in by_text {
        heads.retain(|h| !h.is_empty());
        let head = if heads.is_empty() {
            guideline.source.clone()
        } else {
            format!("{}: {}", guideline.source, heads.join("; "))
        };
        lines.push(line(Voice::Strong, head));
        match recommendation.text.split_once(CONSIDERATIONS) {
            Some((text, more)) if !text.trim().is_empty() => {
                lines.push(line(Voice::Plain, text.trim()));
                lines.push(line(Voice::Quiet, format!("{CONSIDERATIONS}{more}")));
            }
            _ => lines.push(line(Voice::Plain, &recommendation.text)),
        }
        if implications {
            let meant = recommendation.implications.iter().filter(|i| !i.ends_with(": n/a"));
            lines.extend(meant.map(|i| line(Voice::Quiet, i)));
        }
    }
    lines
}

/// The genes that guidelines rest on, with their results; a gene without one is said.
fn rests_on(pgx: &Pharmacogenomics, guidelines: &[&GuidelineResult]) -> Cell {
    let names: BTreeSet<&str> = guidelines
        .iter()
        .flat_map(|g| g.genes.iter().map(String::as_str))
        .collect();
    names
        .into_iter()
        .map(|name| {
            let gene = pgx.genes.iter().find(|g| g.gene == name && g.called);
            let Some(gene) = gene else {
                return line(Voice::Strong, format!("{name} {}", said::GENE_OPEN));
            };
            let text =
                Text::plain(format!("{name} ")).and(Voice::Sequence, gene.recommendation_diplotypes.join(" or "));
            let meaning = meaning(gene);
            Line::Text(if meaning.is_empty() {
                text
            } else {
                text.and(Voice::Quiet, format!(" ({meaning})"))
            })
        })
        .collect()
}

/// Phenotypes and activity scores in one phrase, each once.
fn meaning(gene: &GeneResult) -> String {
    let mut parts: Vec<String> = Vec::new();
    for phenotype in &gene.phenotypes {
        if phenotype != "n/a" && !parts.contains(phenotype) {
            parts.push(phenotype.clone());
        }
    }
    let scores: BTreeSet<&str> = gene.activity_scores.iter().flatten().map(String::as_str).collect();
    let scores: Vec<&str> = scores.into_iter().filter(|s| *s != "n/a").collect();
    if !scores.is_empty() {
        parts.push(format!("activity score {}", scores.join(" or ")));
    }
    parts.join(", ")
}

fn genes(pgx: &Pharmacogenomics, out: &mut Vec<Block>) {
    let rows: Vec<Vec<Cell>> = pgx.called().map(gene).collect();
    if rows.is_empty() {
        out.push(Block::Paragraph(Text::plain(said::NONE_CALLED)));
        return;
    }
    out.push(Block::Table(Table {
        caption: said::GENES.to_owned(),
        columns: vec![
            column("Gene", 16.0),
            column("Diplotype", 34.0),
            column("Phenotype, activity score", 34.0),
            column("How it was called", 28.0),
            column("Missing positions", 28.0),
        ],
        rows,
    }));
}

fn gene(gene: &GeneResult) -> Vec<Cell> {
    let mut diplotypes: Cell = gene.diplotypes.iter().map(|d| line(Voice::Sequence, d)).collect();
    if gene.recommendation_diplotypes != gene.diplotypes {
        let looked_up = gene.recommendation_diplotypes.join(" or ");
        diplotypes.push(line(Voice::Quiet, format!("looked up as {looked_up}")));
    }
    if gene.diplotypes.len() > 1 {
        diplotypes.push(line(
            Voice::Strong,
            "more than one fits; each recommendation names what it rests on",
        ));
    }
    let meaning = meaning(gene);
    let phenotype = if meaning.is_empty() {
        vec![line(Voice::Quiet, said::NO_PHENOTYPE)]
    } else {
        cell(meaning)
    };
    vec![
        vec![line(Voice::Strong, &gene.gene)],
        diplotypes,
        phenotype,
        cell(gene.how_called()),
        missing(gene),
    ]
}

/// How many positions are missing, the important ones first, and which alleles could not be told.
fn missing(gene: &GeneResult) -> Cell {
    let all = gene.positions.len();
    if gene.source == clinotype_case::pgx::CallSource::Outside {
        return cell(words::NOT_APPLICABLE);
    }
    if gene.missing_positions.is_empty() {
        return cell("none");
    }
    let mut positions: Vec<_> = gene.missing_positions.iter().collect();
    positions.sort_by_key(|p| !p.tier1);
    let count = positions.len();
    let names: Vec<&str> = positions.iter().map(|p| p.name.as_str()).collect();
    let shown = names[..count.min(said::POSITIONS_NAMED)].join(", ");
    let more = count.saturating_sub(said::POSITIONS_NAMED);
    let mut lines = vec![
        line(Voice::Strong, format!("{count} of {all}")),
        line(
            Voice::Quiet,
            if more > 0 {
                format!("{shown} and {more} more")
            } else {
                shown
            },
        ),
    ];
    if !gene.uncallable_alleles.is_empty() {
        lines.push(line(
            Voice::Quiet,
            format!("cannot be told: {}", gene.uncallable_alleles.join(", ")),
        ));
    }
    lines
}

fn not_called(pgx: &Pharmacogenomics, out: &mut Vec<Block>) {
    let open: Vec<&GeneResult> = pgx.genes.iter().filter(|g| !g.called).collect();
    if open.is_empty() {
        out.push(Block::Paragraph(Text::plain(said::ALL_CALLED)));
        return;
    }
    out.push(Block::Paragraph(Text::plain(said::NOT_CALLED_LEAD)));
    let item = |gene: &&GeneResult| {
        Text::of(Voice::Strong, &gene.gene).and(Voice::Plain, format!(": {}.", gene.why_not_called()))
    };
    out.push(Block::List {
        ordered: false,
        items: open.iter().map(item).collect(),
    });
}

/// Messages, cautions, and other diplotypes that would change something. What holds for several genes stands once.
fn notes(pgx: &Pharmacogenomics, out: &mut Vec<Block>) {
    let mut notes: Vec<(String, Vec<&str>)> = Vec::new();
    for gene in &pgx.genes {
        let messages = gene.messages.iter().filter_map(|name| gene.message_texts.get(name));
        let mut lines: Vec<String> = messages.chain(&gene.cautions).map(|text| sentence(text)).collect();
        for other in gene.alternatives.iter().filter(|a| a.changes_phenotype) {
            let difference = other.difference.trim_end_matches('.');
            lines.push(format!("{} fits too: {difference}.", other.label));
        }
        for line in lines {
            match notes.iter_mut().find(|(text, _)| *text == line) {
                Some((_, genes)) if genes.last() == Some(&gene.gene.as_str()) => {}
                Some((_, genes)) => genes.push(&gene.gene),
                None => notes.push((line, vec![&gene.gene])),
            }
        }
    }
    let mut items: Vec<Text> = notes
        .iter()
        .map(|(text, genes)| Text::of(Voice::Strong, format!("{}: ", genes.join(", "))).and(Voice::Plain, text))
        .collect();
    if let Some(copies) = &pgx.cyp2d6 {
        let mut text = copies.text.clone();
        if let Some(proposed) = &copies.proposed {
            text = format!("{text}; with the genotypes of the VCF: {proposed}");
        }
        items.push(Text::of(Voice::Strong, said::COPIES).and(Voice::Plain, format!("{text}.")));
    }
    if !items.is_empty() {
        out.push(sub(said::NOTES));
        out.push(Block::List { ordered: false, items });
    }
}

/// A text as a sentence of its own.
fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut letters = text.chars();
    let head: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{head}{}{end}", letters.as_str())
}

fn medicines(pgx: &Pharmacogenomics, out: &mut Vec<Block>) {
    let advice = pgx.advice();
    let of =
        |wanted: &[AlertLevel]| -> Vec<&Advice<'_>> { advice.iter().filter(|a| wanted.contains(&a.level())).collect() };
    for (heading, levels, whole) in [
        (
            said::CHANGED,
            &[AlertLevel::AlternateDrug, AlertLevel::Advice][..],
            true,
        ),
        (said::UNCHANGED, &[AlertLevel::NoChange], false),
        (said::SILENT, &[AlertLevel::NoRecommendation], false),
    ] {
        out.push(sub(heading));
        let groups = of(levels);
        if groups.is_empty() {
            out.push(Block::Paragraph(Text::plain(said::NONE)));
            continue;
        }
        out.push(Block::Table(Table {
            caption: heading.to_owned(),
            columns: vec![
                column("Medicine", 25.0),
                column("Rests on", 27.0),
                column("Guideline, strength, recommendation", 88.0),
            ],
            rows: groups.iter().map(|advice| medicine(pgx, advice, whole)).collect(),
        }));
    }
    out.push(sub(said::NOT_EVALUATED));
    not_evaluated(pgx, out);
}

fn medicine(pgx: &Pharmacogenomics, advice: &Advice<'_>, whole: bool) -> Vec<Cell> {
    let mut name = vec![line(Voice::Strong, advice.drugs.join(", "))];
    if whole {
        name.push(level(advice.level()));
    }
    let mut text = recommendations(advice.guideline, whole);
    let drugs = pgx.drugs.iter().filter(|d| advice.drugs.contains(&d.drug.as_str()));
    let notes: BTreeSet<&String> = drugs.flat_map(|d: &DrugResult| d.notes.values()).collect();
    text.extend(notes.into_iter().map(|note| line(Voice::Quiet, note)));
    vec![name, rests_on(pgx, &[advice.guideline]), text]
}

/// Medicines of which no guideline says anything, by reason.
fn not_evaluated(pgx: &Pharmacogenomics, out: &mut Vec<Block>) {
    let mut by_reason: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for drug in &pgx.drugs {
        if drug.level() == AlertLevel::NotEvaluated {
            let reasons: BTreeSet<&str> = drug.guidelines.iter().filter_map(|g| g.why_none.as_deref()).collect();
            let reason = reasons.into_iter().collect::<Vec<_>>().join("; ");
            by_reason.entry(reason).or_default().push(&drug.drug);
        }
    }
    if by_reason.is_empty() {
        out.push(Block::Paragraph(Text::plain(said::NONE)));
        return;
    }
    let item = |(reason, drugs): (&String, &Vec<&str>)| {
        Text::of(Voice::Strong, sentence(reason)).and(Voice::Plain, format!(" {}.", drugs.join(", ")))
    };
    out.push(Block::List {
        ordered: false,
        items: by_reason.iter().map(item).collect(),
    });
}

/// Every guideline that said something, with date and publications.
fn guidelines(pgx: &Pharmacogenomics, out: &mut Vec<Block>) {
    let mut all: BTreeMap<(&str, &str), &GuidelineResult> = BTreeMap::new();
    for guideline in pgx.drugs.iter().flat_map(|d| &d.guidelines) {
        if !guideline.recommendations.is_empty() {
            all.insert((&guideline.source, &guideline.name), guideline);
        }
    }
    if all.is_empty() {
        return;
    }
    out.push(sub(said::GUIDELINES));
    out.push(Block::Table(Table {
        caption: said::GUIDELINES.to_owned(),
        columns: vec![
            column("Guideline", 74.0),
            column("Content of", 20.0),
            column("Publications (PubMed)", 46.0),
        ],
        rows: all
            .values()
            .map(|g| {
                vec![
                    cell(format!("{}: {}", g.source, g.name)),
                    cell(words::stated(Some(&g.date))),
                    vec![line(Voice::Sequence, g.references.join(", "))],
                ]
            })
            .collect(),
    }));
}
