//! Mitochondrial DNA by the specification of its expert panel (McCormick 2020 Hum Mutat 41:2028; GN015): what does not
//! apply there, the predictors that its panel reads, silent changes, and the share of copies in the sample.
//!
//! Frequencies have their own thresholds (frequency.tsv); PVS1 is strong at most, since a stop leads to no decay there
//! and only the loss of a whole gene counts as very strong.

use clinotype_case::criterion::{Code, Criterion, Strength};
use clinotype_genome::ContigKey;

use super::{Question, Row, share};
use crate::{
    comparators::Kind,
    inheritance::HOMOPLASMIC,
    rules::{MitochondrialTool, RULES},
};

/// What a mitochondrial gene makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Product {
    Protein,
    Transfer,
    Ribosomal,
    Other,
}

/// Whether the variant lies on mitochondrial DNA.
pub(super) fn is(question: &Question<'_>) -> bool {
    ContigKey::of(&question.variant.key.contig).is_some_and(|key| key.as_str() == "MT")
}

/// Replaces what is different on mitochondrial DNA among the criteria of [`Code::ALL`].
pub(super) fn apply(question: &Question<'_>, criteria: &mut [Criterion]) {
    let [pp3, bp4] = prediction(question);
    for row in criteria.iter_mut() {
        if let Some(made) = declined(row.code) {
            *row = made;
            continue;
        }
        match row.code {
            Code::PP3 => *row = pp3.clone(),
            Code::BP4 => *row = bp4.clone(),
            Code::BP7 => *row = silent(question),
            Code::BS2 => {
                *row = start(Code::BS2).not_evaluated(
                    "BS2 was not evaluated: it asks for a healthy adult with more copies of the allele than an affected \
                     person, in the same tissue.",
                );
            }
            Code::PS1 | Code::PM5 if product(question) != Product::Protein => {
                *row = start(row.code).not_evaluated(format!(
                    "{} was not evaluated: ClinVar's records of other changes in mitochondrial tRNA and rRNA are not \
                     among the comparators.",
                    row.code
                ));
            }
            _ => {}
        }
    }
    let copies = copies(question);
    for row in criteria.iter_mut() {
        if matches!(row.code, Code::BA1 | Code::BS1 | Code::PM2 | Code::PVS1 | Code::PP3) {
            row.compared.push(("copies in the sample".to_owned(), copies.clone()));
        }
        if row.code == Code::PM2 {
            row.sentence = format!("{} In the sample: {copies}.", row.sentence);
        }
    }
}

fn start(code: Code) -> Row {
    let id = format!("clinotype.mitochondrial.{}", code.as_str().to_ascii_lowercase());
    Row::new(
        code,
        &id,
        &RULES.version("Mitochondrial DNA"),
        &RULES.mitochondrial.source,
    )
}

/// What the panel does not apply.
fn declined(code: Code) -> Option<Criterion> {
    let reason = RULES.mitochondrial.not_applicable.get(&code)?;
    Some(start(code).not_applicable(format!(
        "{code} does not apply to mitochondrial DNA: {reason} ({}).",
        RULES.mitochondrial.source
    )))
}

fn product(question: &Question<'_>) -> Product {
    let biotype = question
        .shown
        .biotype
        .as_deref()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let symbol = question.shown.symbol.as_deref().unwrap_or_default();
    if biotype.contains("trna") || symbol.starts_with("MT-T") {
        Product::Transfer
    } else if biotype.contains("rrna") || symbol.starts_with("MT-RNR") {
        Product::Ribosomal
    } else if question.kind() != Kind::Other {
        Product::Protein
    } else {
        Product::Other
    }
}

/// `43.0 % of 60 reads carry the allele, heteroplasmic`; the share from the sample's reads.
fn copies(question: &Question<'_>) -> String {
    let genotype = &question.variant.genotype;
    let (Some(fraction), Some(reference), Some(alternate)) = (
        genotype.allele_fraction(),
        genotype.reference_depth,
        genotype.alternate_depth,
    ) else {
        return "the share of copies with the allele is not stated".to_owned();
    };
    format!(
        "{:.1} % of {} reads carry the allele, {}",
        fraction * 100.0,
        reference + alternate,
        if fraction >= HOMOPLASMIC {
            "homoplasmic"
        } else {
            "heteroplasmic"
        }
    )
}

fn silent(question: &Question<'_>) -> Criterion {
    let row = start(Code::BP7);
    if question.kind() == Kind::Synonymous {
        row.met(
            Strength::Supporting,
            "A silent change; mitochondrial genes are not spliced, so its panel asks for no more.",
        )
    } else {
        row.not_applicable("BP7 concerns silent changes.")
    }
}

/// What one tool says.
enum Said {
    Pathogenic,
    Benign,
    Neither,
}

/// PP3 and BP4: every tool that the panel reads for the kind of gene must be there and say the same.
fn prediction(question: &Question<'_>) -> [Criterion; 2] {
    let rows = [start(Code::PP3), start(Code::BP4)];
    let (group, what) = match (product(question), question.kind()) {
        (Product::Protein, Kind::Missense) => ("missense", "missense changes"),
        (Product::Transfer, _) => ("trna", "changes of a tRNA"),
        (Product::Ribosomal, _) => {
            return rows.map(|row| {
                row.not_evaluated("PP3 and BP4 were not evaluated: no predictor is laid down for ribosomal RNA.")
            });
        }
        _ => {
            return rows
                .map(|row| row.not_applicable("Predictors are read for missense changes and for changes of a tRNA."));
        }
    };
    let tools: Vec<&MitochondrialTool> = RULES
        .mitochondrial
        .tools
        .iter()
        .filter(|tool| tool.group == group)
        .collect();
    let scored: Vec<(&MitochondrialTool, f64)> = tools
        .iter()
        .filter_map(|tool| Some((*tool, question.variant.score(tool.keys.iter().map(String::as_str))?)))
        .collect();
    // Tools of one set are read together; of several sets the first that is whole counts.
    let mut sets: Vec<u32> = tools.iter().map(|tool| tool.set).collect();
    sets.dedup();
    let whole = sets.into_iter().find_map(|set| {
        let needed = tools.iter().filter(|tool| tool.set == set).count();
        let held: Vec<_> = scored.iter().filter(|(tool, _)| tool.set == set).copied().collect();
        (held.len() == needed).then_some(held)
    });
    let Some(held) = whole else {
        let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_str()).collect();
        let sentence = |code: Code| {
            format!(
                "{code} was not evaluated: for {what} the scores of {} are read, which the input does not carry.",
                names.join(", ")
            )
        };
        let [pp3, bp4] = rows;
        return [
            pp3.not_evaluated(sentence(Code::PP3)),
            bp4.not_evaluated(sentence(Code::BP4)),
        ];
    };
    let told: Vec<String> = held
        .iter()
        .map(|(tool, score)| format!("{} {score}", tool.name))
        .collect();
    let rows = rows.map(|row| {
        held.iter()
            .fold(row, |row, (tool, score)| row.compared(&tool.name, share(*score)))
    });
    let said: Vec<Said> = held.iter().map(|(tool, score)| tool_says(tool, *score)).collect();
    let told = told.join(" and ");
    let [pp3, bp4] = rows;
    if said.iter().all(|said| matches!(said, Said::Pathogenic)) {
        let words = format!("A damaging effect is predicted ({told}).");
        [pp3.met(Strength::Supporting, words.clone()), bp4.not_met(words)]
    } else if said.iter().all(|said| matches!(said, Said::Benign)) {
        let words = format!("No damaging effect is predicted ({told}).");
        [pp3.not_met(words.clone()), bp4.met(Strength::Supporting, words)]
    } else {
        let words = format!("The predictors say neither, or do not agree ({told}).");
        [pp3.not_met(words.clone()), bp4.not_met(words)]
    }
}

fn tool_says(tool: &MitochondrialTool, score: f64) -> Said {
    if score > tool.pathogenic_above || (tool.inclusive && score >= tool.pathogenic_above) {
        Said::Pathogenic
    } else if score < tool.benign_below || (!tool.inclusive && score <= tool.benign_below) {
        Said::Benign
    } else {
        Said::Neither
    }
}
