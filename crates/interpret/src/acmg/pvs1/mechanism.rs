//! Whether loss of function is how the gene causes its disease, and how sure that is (Abou Tayoun 2018, table 1).

use clinotype_case::criterion::Strength;

use super::{Leaf, weaker};
use crate::{
    acmg::{Question, mitochondrial},
    comparators::Record,
    rules::RULES,
};

/// The mechanism, established enough for PVS1.
#[derive(Debug)]
pub(super) struct Mechanism {
    /// With its source.
    pub(super) words: String,
    /// The gene's validity is Moderate: one level weaker.
    moderate_validity: bool,
    /// ClinVar's records do not allow more.
    cap: Option<(Strength, String)>,
}

pub(super) enum Gate {
    /// The data say that PVS1 does not concern the gene.
    Closed(String),
    /// They do not say.
    Unknown(String),
}

/// The expert panel decides first, then the gene table, then ClinVar's records of a gene of Strong validity at least.
pub(super) fn gate(question: &Question<'_>) -> Result<Mechanism, Gate> {
    if mitochondrial::is(question) {
        return Ok(Mechanism {
            words: format!("protein of mitochondrial DNA ({})", RULES.mitochondrial.source),
            moderate_validity: false,
            cap: Some((
                Strength::Strong,
                " Strong at most: on mitochondrial DNA only the loss of a whole gene is very strong.".to_owned(),
            )),
        });
    }
    let symbol = question.symbol();
    if let Some(panel) = question.specification() {
        match panel.says("pvs1") {
            Some(true) => {
                return Ok(Mechanism {
                    words: format!("established mechanism ({})", panel.cited()),
                    moderate_validity: false,
                    cap: None,
                });
            }
            Some(false) => {
                return Err(Gate::Closed(format!(
                    "PVS1 is not applied to {symbol}: loss of function is not an established mechanism by {}.",
                    panel.cited()
                )));
            }
            None => {}
        }
    }
    let unknown = || {
        Gate::Unknown(format!(
            "PVS1 was not evaluated: no loss-of-function mechanism in the rule table for {symbol}."
        ))
    };
    let gene = question.gene.ok_or_else(unknown)?;
    let validity = gene.validity.as_deref();
    let cap = match gene.loss_of_function {
        Some(false) => {
            return Err(Gate::Closed(format!(
                "Loss of function of {symbol} is not an established mechanism of {}.",
                gene.disease
            )));
        }
        Some(true) => None,
        None if matches!(validity, Some("Definitive" | "Strong")) => {
            let by_records = by_records(question).ok_or_else(unknown)?;
            return Ok(by_records);
        }
        None => return Err(unknown()),
    };
    match validity {
        None => Err(Gate::Unknown(format!(
            "PVS1 was not evaluated: no gene-disease validity in the rule table for {symbol}."
        ))),
        Some("Definitive" | "Strong" | "Moderate") => Ok(Mechanism {
            words: format!("established mechanism of {} ({})", gene.disease, gene.source),
            moderate_validity: validity == Some("Moderate"),
            cap,
        }),
        Some(validity) => Err(Gate::Closed(format!(
            "The link of {symbol} with {} has the validity {validity}; PVS1 asks for Moderate at least.",
            gene.disease
        ))),
    }
}

/// L0 by ClinVar: at least three null variants that are (likely) pathogenic, in two exons or more, and more than a
/// tenth of all such variants. Gene constraint is no proof: genes of recessive disease show none (Exomiser #571).
fn by_records(question: &Question<'_>) -> Option<Mechanism> {
    let pathogenic: Vec<&Record> = question
        .others()
        .ok()?
        .filter(|r| r.significance.is_pathogenic() && r.stars >= RULES.limit("comparator_stars") as u8)
        .collect();
    let null: Vec<&&Record> = pathogenic.iter().filter(|r| r.kind.is_null()).collect();
    let mut exons: Vec<_> = null
        .iter()
        .filter_map(|r| r.exon.or(r.site.map(|site| site.intron)))
        .collect();
    exons.sort_unstable();
    exons.dedup();
    let at_least = |count: usize, key: &str| count as f64 >= RULES.limit(key);
    if !at_least(null.len(), "lof_null") || !at_least(exons.len(), "lof_exons") || null.len() * 10 <= pathogenic.len() {
        return None;
    }
    let few = !at_least(pathogenic.len(), "lof_total");
    let words = format!(
        "{} of {} (likely) pathogenic variants that ClinVar lists are null, in {} exons",
        null.len(),
        pathogenic.len(),
        exons.len()
    );
    Some(Mechanism {
        cap: few.then(|| {
            (
                Strength::Moderate,
                " Moderate at most: few pathogenic variants of the gene are known.".to_owned(),
            )
        }),
        words,
        moderate_validity: false,
    })
}

impl Mechanism {
    /// The leaf as strong as the mechanism allows, and what is to be said of it.
    pub(super) fn grade(&self, leaf: Leaf) -> (Leaf, String) {
        let Leaf::Met(rule, strength, words) = leaf else {
            return (leaf, String::new());
        };
        if self.moderate_validity {
            return match weaker(strength) {
                Some(strength) => (
                    Leaf::Met(rule, strength, words),
                    " One level weaker: the gene's validity is Moderate.".to_owned(),
                ),
                None => (
                    Leaf::NotApplicable(rule, words),
                    " The gene's validity is Moderate: not applied.".to_owned(),
                ),
            };
        }
        match &self.cap {
            Some((cap, why)) if strength > *cap => (Leaf::Met(rule, *cap, words), why.clone()),
            _ => (Leaf::Met(rule, strength, words), String::new()),
        }
    }
}
