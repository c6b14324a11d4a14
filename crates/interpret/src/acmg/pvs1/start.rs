//! Branch E of the tree: the start codon is lost.

use clinotype_case::{criterion::Strength, evidence::LossOfFunction};

use super::{Leaf, panel, same_gene};
use crate::{
    acmg::{Question, cite},
    comparators::{Kind, Record},
    rules::Pvs1Gene,
};

pub(super) fn start(question: &Question<'_>, facts: &LossOfFunction, special: Option<&Pvs1Gene>) -> Leaf {
    if let Some(laid) = special.and_then(|special| special.laid("start_lost")) {
        return panel(question, "E-panel", laid, "The start codon is lost");
    }
    let other = same_gene(question)
        .find(|t| t.biotype.as_deref() == Some("protein_coding") && Kind::of(&t.terms) != question.kind());
    if let Some(other) = other {
        return Leaf::NotApplicable(
            "E",
            format!("Transcript {} of the gene uses another start codon.", other.transcript),
        );
    }
    let supporting = |why: &str| {
        Leaf::Met(
            "E",
            Strength::Supporting,
            format!("The start codon is lost; {why}, so the lowest strength holds."),
        )
    };
    let Some(next) = facts.next_met_codon else {
        return supporting("no further methionine in frame is known");
    };
    let before: Vec<&Record> = match question.others() {
        Err(_) => {
            return supporting("pathogenic variants before the next in-frame methionine were not evaluated");
        }
        Ok(others) => others
            .filter(|r| r.significance.is_pathogenic() && r.stars >= 1 && r.kind != Kind::StartLost)
            .filter(|r| r.codon.is_some_and(|codon| codon > 1 && codon < next))
            .collect(),
    };
    if before.is_empty() {
        return supporting(&format!(
            "ClinVar lists no (likely) pathogenic variant before the next in-frame methionine, codon {next}"
        ));
    }
    Leaf::Met(
        "E-upstream",
        Strength::Moderate,
        format!(
            "The start codon is lost; (likely) pathogenic variants lie before the next in-frame methionine, codon \
             {next}: {}.",
            cite(before)
        ),
    )
}
