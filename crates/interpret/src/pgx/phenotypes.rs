//! From alleles to function, activity score and phenotype.
//!
//! The phenotype of a pair depends on the functions (and activity values) of its alleles only; the table lists these
//! pairs. An allele without a function has no phenotype: `n/a`, or `Indeterminate` in genes with activity scores.

use std::collections::{BTreeMap, BTreeSet};

use clinotype_case::pgx::DiplotypeCall;

use super::{
    definitions::{Gene, Lookup},
    names,
    tables::stated,
};

/// The name of an allele that is not known.
pub const UNKNOWN: &str = "Unknown";
/// The phenotype where nothing was called.
pub const NO_RESULT: &str = "No Result";
/// The value where a table has none.
pub const NOT_AVAILABLE: &str = "n/a";
const UNASSIGNED: &str = "Unassigned function";

/// Function and activity value of an allele.
type Function = (String, Option<String>);

/// Phenotype and activity score.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Outcome {
    phenotype: String,
    activity_score: Option<String>,
}

/// The tables.
#[derive(Clone, Debug, Default)]
pub struct Phenotypes {
    functions: BTreeMap<String, BTreeMap<String, Function>>,
    outcomes: BTreeMap<String, BTreeMap<Vec<Function>, Outcome>>,
    activity: BTreeSet<String>,
    reconstructed: BTreeSet<String>,
}

impl Phenotypes {
    pub(super) fn of(functions: &[Vec<&str>], phenotypes: &[Vec<&str>], genes: &BTreeMap<String, Gene>) -> Self {
        let mut all = Self::default();
        let function = |name: &str, activity: &str| (name.to_owned(), stated(activity).map(str::to_owned));
        for row in functions {
            let gene = all.functions.entry(row[0].to_owned()).or_default();
            gene.insert(row[1].to_owned(), function(row[2], row[3]));
        }
        for row in phenotypes {
            let mut key = vec![function(row[1], row[2])];
            if row[3] != "-" {
                key.push(function(row[3], row[4]));
            }
            key.sort();
            let outcome = Outcome {
                phenotype: row[5].to_owned(),
                activity_score: stated(row[6]).map(str::to_owned),
            };
            all.outcomes.entry(row[0].to_owned()).or_default().insert(key, outcome);
            if row[7] == "yes" {
                all.reconstructed.insert(row[0].to_owned());
            }
        }
        let activity = genes.values().filter(|g| g.lookup == Lookup::ActivityScore);
        all.activity = activity.map(|g| g.symbol.clone()).collect();
        all
    }

    /// Whether the gene has a table of functions.
    pub fn knows_gene(&self, gene: &str) -> bool {
        self.functions.contains_key(gene)
    }

    /// Whether the table lists the allele.
    pub fn knows_allele(&self, gene: &str, allele: &str) -> bool {
        self.functions.get(gene).is_some_and(|f| f.contains_key(allele))
    }

    /// Whether the phenotypes were put together from allele functions, without a published table of pairs.
    pub fn reconstructed(&self, gene: &str) -> bool {
        self.reconstructed.contains(gene)
    }

    /// Whether recommendations are looked up by activity score.
    pub fn by_activity(&self, gene: &str) -> bool {
        self.activity.contains(gene)
    }

    /// Clinical function of an allele; `None` where the gene has no table or the allele is not known.
    pub fn function(&self, gene: &str, allele: &str) -> Option<String> {
        if allele == UNKNOWN {
            return None;
        }
        let functions = self.functions.get(gene)?;
        Some(
            functions
                .get(allele)
                .map_or_else(|| UNASSIGNED.to_owned(), |(f, _)| f.clone()),
        )
    }

    /// Activity value of an allele as a number.
    pub fn activity(&self, gene: &str, allele: &str) -> Option<f64> {
        self.functions.get(gene)?.get(allele)?.1.as_deref()?.parse().ok()
    }

    /// Every activity score that gives one of the phenotypes.
    pub fn scores_of(&self, gene: &str, phenotypes: &[String]) -> Vec<String> {
        let outcomes = self.outcomes.get(gene).into_iter().flat_map(BTreeMap::values);
        let scores: BTreeSet<&str> = outcomes
            .filter(|o| phenotypes.contains(&o.phenotype))
            .filter_map(|o| o.activity_score.as_deref())
            .collect();
        if scores.is_empty() {
            return vec![NOT_AVAILABLE.to_owned()];
        }
        scores.into_iter().map(str::to_owned).collect()
    }

    /// Every phenotype that an activity score gives.
    pub fn phenotypes_of(&self, gene: &str, score: &str) -> Vec<String> {
        let outcomes = self.outcomes.get(gene).into_iter().flat_map(BTreeMap::values);
        let found: BTreeSet<&str> = outcomes
            .filter(|o| o.activity_score.as_deref() == Some(score))
            .map(|o| o.phenotype.as_str())
            .collect();
        if found.is_empty() {
            let text = if score == NOT_AVAILABLE {
                "Indeterminate"
            } else {
                NOT_AVAILABLE
            };
            return vec![text.to_owned()];
        }
        found.into_iter().map(str::to_owned).collect()
    }

    fn outcome(&self, gene: &str, alleles: &[String]) -> Option<&Outcome> {
        let functions = self.functions.get(gene)?;
        let mut key: Vec<Function> = Vec::new();
        for allele in alleles {
            key.push(functions.get(allele)?.clone());
        }
        key.sort();
        self.outcomes.get(gene)?.get(&key)
    }

    /// A diplotype with what follows from it. `alleles` are one or two names, or none where only phenotype or activity
    /// score are known; what is given of these (outside calls) is kept, and the rest is derived.
    pub fn diplotype(
        &self,
        gene: &Gene,
        alleles: &[String],
        phenotype: Option<&str>,
        activity_score: Option<&str>,
    ) -> DiplotypeCall {
        let symbol = gene.symbol.as_str();
        let unknown = alleles.iter().all(|a| a == UNKNOWN);
        let mut phenotypes: Vec<String> = phenotype.map(str::to_owned).into_iter().collect();
        let mut score = activity_score.map(str::to_owned);
        let mut lookup_keys = Vec::new();
        if gene.lookup == Lookup::Presence {
            if phenotypes.is_empty() && !unknown {
                phenotypes = presence(symbol, alleles);
            }
            lookup_keys = if phenotypes.is_empty() {
                vec![NO_RESULT.to_owned()]
            } else {
                phenotypes.clone()
            };
        } else if self.knows_gene(symbol) {
            let outcome = self.outcome(symbol, alleles);
            if self.by_activity(symbol) {
                if score.is_none() {
                    score = Some(match (outcome, phenotypes.is_empty()) {
                        (Some(outcome), true) => outcome
                            .activity_score
                            .clone()
                            .unwrap_or_else(|| NOT_AVAILABLE.to_owned()),
                        (None, true) if unknown => NO_RESULT.to_owned(),
                        _ => NOT_AVAILABLE.to_owned(),
                    });
                }
                let value = score.clone().unwrap_or_default();
                if phenotypes.is_empty() {
                    phenotypes = match outcome {
                        Some(outcome) if activity_score.is_none() => vec![outcome.phenotype.clone()],
                        _ if unknown && activity_score.is_none() => vec![NO_RESULT.to_owned()],
                        _ => self.phenotypes_of(symbol, &value),
                    };
                }
                lookup_keys = if value != NOT_AVAILABLE {
                    vec![value]
                } else if phenotype.is_some() {
                    self.scores_of(symbol, &phenotypes)
                } else {
                    vec![NOT_AVAILABLE.to_owned()]
                };
            } else {
                if phenotypes.is_empty() {
                    phenotypes = vec![match outcome {
                        Some(outcome) => outcome.phenotype.clone(),
                        None if unknown => NO_RESULT.to_owned(),
                        None => NOT_AVAILABLE.to_owned(),
                    }];
                }
                lookup_keys.clone_from(&phenotypes);
            }
        } else {
            lookup_keys.clone_from(&phenotypes);
        }
        DiplotypeCall {
            label: label(gene, alleles, &phenotypes, score.as_deref()),
            alleles: alleles.to_vec(),
            functions: alleles.iter().map(|a| self.function(symbol, a)).collect(),
            phenotypes,
            activity_score: score,
            lookup_keys,
            score: 0,
            inferred: false,
        }
    }
}

/// The HLA alleles that CPIC guidelines ask for.
fn presence(gene: &str, alleles: &[String]) -> Vec<String> {
    let asked: &[&str] = if gene == "HLA-A" {
        &["*31:01"]
    } else {
        &["*15:02", "*57:01", "*58:01"]
    };
    let has = |asked: &str| alleles.iter().any(|a| a.contains(asked));
    asked
        .iter()
        .map(|a| format!("{a} {}", if has(a) { "positive" } else { "negative" }))
        .collect()
}

/// How a diplotype is printed.
fn label(gene: &Gene, alleles: &[String], phenotypes: &[String], score: Option<&str>) -> String {
    match alleles {
        [] => {
            let words = phenotypes.join("/");
            match score.filter(|s| *s != NOT_AVAILABLE) {
                Some(score) if phenotypes.is_empty() => score.to_owned(),
                Some(score) => format!("{words} ({score})"),
                None if phenotypes.is_empty() => NOT_AVAILABLE.to_owned(),
                None => words,
            }
        }
        [one] => one.clone(),
        [first, second, ..] => {
            let reference = gene.reference().map(|a| a.name.as_str());
            if gene.heterozygous_label {
                match (Some(first.as_str()) == reference, Some(second.as_str()) == reference) {
                    (true, true) => return "Reference/Reference".to_owned(),
                    (true, false) => return format!("{second} (heterozygous)"),
                    (false, true) => return format!("{first} (heterozygous)"),
                    (false, false) => {}
                }
            }
            names::pair(first, second)
        }
    }
}

/// Whether nothing is known: no phenotype and no allele.
pub(super) fn is_unknown(call: &DiplotypeCall) -> bool {
    let no_phenotype = call.phenotypes.is_empty() || call.phenotypes.iter().any(|p| p == NO_RESULT);
    no_phenotype && call.alleles.iter().all(|a| a == UNKNOWN)
}
