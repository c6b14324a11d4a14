//! What a run makes beside the interpretation: genes ranked by phenotype, polygenic scores.

use clinotype_case::{
    Report,
    phenotype::{GeneRank, RankedGene, Term},
    prs::{self, PolygenicScores, SampleScore, Score},
};

use super::sub;
use crate::model::{Block, Cell, Line, Table, Text, Voice, cell, figures, line, words as column};
use crate::words::{self, beside as said};

/// What of these parts, and of the pharmacogenes, was not asked for.
pub(super) fn not_asked_for(report: &Report) -> Option<String> {
    let parts = [
        (report.pgx.is_some(), "pharmacogenes"),
        (report.rank.is_some(), "the rank of genes by phenotype"),
        (report.prs.is_some(), "polygenic scores"),
    ];
    let open: Vec<&str> = parts
        .iter()
        .filter(|(made, _)| !made)
        .map(|(_, words)| *words)
        .collect();
    (!open.is_empty()).then(|| said::not_asked_for(&open))
}

pub(super) fn rank(rank: &GeneRank, out: &mut Vec<Block>) {
    out.push(Block::Paragraph(Text::plain(said::RANK_LEAD)));
    let mut pairs = vec![(said::RANK_TERMS.to_owned(), terms(&rank.terms.used))];
    if !rank.terms.excluded.is_empty() {
        pairs.push(("Looked for and not seen".to_owned(), terms(&rank.terms.excluded)));
    }
    let strange = [
        ("Unknown to the ontology", &rank.terms.unknown),
        ("Obsolete without a successor", &rank.terms.obsolete),
        ("No features", &rank.terms.not_phenotypes),
    ];
    for (label, list) in strange.into_iter().filter(|(_, list)| !list.is_empty()) {
        pairs.push((label.to_owned(), Text::plain(list.join(", "))));
    }
    let release = |stated: &Option<String>| words::stated(stated.as_deref());
    pairs.push((
        "Releases".to_owned(),
        Text::plain(format!(
            "Human Phenotype Ontology {}; annotations {}",
            release(&rank.ontology),
            release(&rank.annotations)
        )),
    ));
    out.push(Block::Pairs(pairs));
    if rank.genes.is_empty() {
        out.push(Block::Paragraph(Text::plain(said::RANK_NONE)));
    } else {
        out.push(Block::Table(Table {
            caption: said::RANK.to_owned(),
            columns: vec![
                figures("Rank", 10.0),
                column("Gene", 16.0),
                figures("Score", 36.0),
                column("Disease that fits best, features matched", 54.0),
                column("Why it stands here", 54.0),
            ],
            rows: rank.genes.iter().take(said::RANK_PRINTED).map(gene).collect(),
        }));
        if let Some(left) = rank.genes.len().checked_sub(said::RANK_PRINTED).filter(|n| *n > 0) {
            out.push(Block::Paragraph(Text::plain(format!(
                "{left} more genes have a lower rank and are not printed."
            ))));
        }
    }
    let limits: Vec<&String> = rank.rules.iter().chain(&rank.not_evaluated).collect();
    if !limits.is_empty() {
        out.push(sub("How the rank is made, and what was not evaluated"));
        out.push(Block::List {
            ordered: false,
            items: limits.into_iter().map(Text::plain).collect(),
        });
    }
}

fn terms(terms: &[Term]) -> Text {
    let named: Vec<String> = terms
        .iter()
        .map(|term| format!("{} ({})", term.name, term.id))
        .collect();
    Text::plain(if named.is_empty() {
        words::NOT_STATED.to_owned()
    } else {
        named.join("; ")
    })
}

fn gene(gene: &RankedGene) -> Vec<Cell> {
    let mut fits: Vec<Line> = Vec::new();
    match &gene.disease {
        None => fits.push(line(Voice::Plain, "no annotated disease")),
        Some(disease) => {
            fits.push(line(
                Voice::Plain,
                match &disease.name {
                    Some(name) => format!("{name} ({})", disease.id),
                    None => disease.id.clone(),
                },
            ));
            fits.extend(disease.matches.iter().map(|one| line(Voice::Quiet, one.words())));
            if !disease.contradicting.is_empty() {
                fits.push(line(
                    Voice::Quiet,
                    format!("against it, not seen: {}", disease.contradicting.join("; ")),
                ));
            }
        }
    }
    vec![
        cell(gene.rank.to_string()),
        vec![line(Voice::Strong, &gene.gene)],
        vec![
            line(Voice::Plain, format!("{:.3}", gene.score)),
            line(
                Voice::Quiet,
                match gene.phenotype {
                    Some(part) => format!("features {part:.3}"),
                    None => "features not evaluated".to_owned(),
                },
            ),
            line(Voice::Quiet, format!("alleles {:.3}", gene.variant)),
        ],
        fits,
        cell(&gene.sentence),
    ]
}

pub(super) fn scores(made: &PolygenicScores, out: &mut Vec<Block>) {
    out.push(Block::Notice(Text::plain(said::SCORES_LEAD)));
    out.push(Block::Table(Table {
        caption: said::SCORES.to_owned(),
        columns: vec![
            column("Score", 28.0),
            column("Trait", 28.0),
            column("Coverage", 46.0),
            column("Raw sum", 28.0),
            column("Percentile", 42.0),
        ],
        rows: made.scores.iter().map(score).collect(),
    }));
    out.push(sub("Limits of these scores"));
    let mut items: Vec<Text> = prs::LIMITS.iter().map(Text::plain).collect();
    items.push(Text::plain(format!(
        "Sites that the file does not list {}.",
        if made.reference_fill {
            "count as reference where a reference block of sufficient quality covers them"
        } else {
            "are missing: a VCF of variants does not say that they are reference"
        }
    )));
    for score in &made.scores {
        let about = &score.about;
        let stated = |text: &Option<String>| words::stated(text.as_deref());
        items.push(Text::plain(format!(
            "{}: {}; terms of use: {}; weights: {}; file {}.",
            score.id(),
            stated(&about.citation),
            stated(&about.licence),
            stated(&about.weight_type),
            about.file
        )));
    }
    out.push(Block::List { ordered: false, items });
}

fn score(score: &Score) -> Vec<Cell> {
    let about = &score.about;
    let mut named = vec![line(Voice::Strong, score.id())];
    if let Some(other) = about.name.as_deref().filter(|other| *other != score.id()) {
        named.push(line(Voice::Plain, other));
    }
    let matching = &score.matching;
    let mut coverage = vec![line(
        Voice::Plain,
        format!(
            "{} of {} rows matched ({:.1} %)",
            words::thousands(matching.matched),
            words::thousands(matching.rows),
            matching.rate * 100.0
        ),
    )];
    let sample = score.samples.first();
    if let Some(sample) = sample {
        coverage.push(line(
            Voice::Quiet,
            format!(
                "{} in the sum ({:.1} %), {} without a genotype, {} by reference blocks",
                words::thousands(sample.scored),
                sample.coverage * 100.0,
                words::thousands(sample.missing),
                words::thousands(sample.filled)
            ),
        ));
    }
    vec![
        named,
        cell(words::stated(about.trait_reported.as_deref())),
        coverage,
        sample.map_or_else(|| cell(words::NOT_EVALUATED), sum),
        sample.map_or_else(|| cell(words::NOT_EVALUATED), percentile),
    ]
}

fn sum(sample: &SampleScore) -> Cell {
    match (sample.sum, &sample.refused) {
        (Some(sum), None) => cell(format!("{sum:.6}")),
        (_, refused) => vec![
            line(Voice::Strong, words::NOT_EVALUATED),
            line(Voice::Plain, words::stated(refused.as_deref())),
        ],
    }
}

/// The percentile where everything that it needs is there; else the reason.
fn percentile(sample: &SampleScore) -> Cell {
    let (percentile, among) = match sample.standing() {
        Ok(found) => found,
        Err(reason) => return vec![line(Voice::Strong, "none"), line(Voice::Plain, reason)],
    };
    let mut lines = vec![
        line(Voice::Strong, format!("{percentile:.1}")),
        line(Voice::Plain, format!("among {among}")),
    ];
    if let Some(standing) = &sample.standing {
        if let Some(z) = standing.z_norm2 {
            lines.push(line(Voice::Quiet, format!("Z by ancestry (norm2) {z:.2}")));
        }
        if let Some(p) = standing.population_p {
            lines.push(line(Voice::Quiet, format!("fit to that population: P {p:.3}")));
        }
    }
    lines
}
