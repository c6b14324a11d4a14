//! How alike a person and a disease are.
//!
//! Information content of a term: minus the logarithm of the share of annotated diseases that have it or a term below it
//! (Resnik 1995). Two terms are as alike as their most informative common ancestor is informative. A person and a disease
//! are compared by the best match of each term of one among those of the other, averaged both ways (symmetric best-match
//! average, as Phenomizer: Köhler 2009, Am J Hum Genet 85:457), by the greatest that the person's terms can reach.

use clinotype_case::phenotype::{DiseaseMatch, TermMatch};

use super::{
    annotations::{Annotations, DiseaseTerms},
    ontology::{Ontology, TermNumber},
};

/// Ontology and annotations with the information content of every term.
#[derive(Debug)]
pub struct Similarity<'a> {
    pub(crate) ontology: &'a Ontology,
    pub(crate) annotations: &'a Annotations,
    /// Nats, by term.
    information: Vec<f64>,
}

/// The terms of a person, compared with every term of the ontology.
#[derive(Debug)]
pub struct Query {
    pub(crate) present: Vec<TermNumber>,
    pub(crate) excluded: Vec<TermNumber>,
    /// By term of the person, then by term: the information content of the best common ancestor, and that ancestor.
    common: Vec<Vec<(f64, TermNumber)>>,
    /// The greatest score that a disease can have.
    most: f64,
}

impl<'a> Similarity<'a> {
    /// Counts the diseases.
    pub fn new(ontology: &'a Ontology, annotations: &'a Annotations) -> Self {
        let mut counts = vec![0_u32; ontology.len()];
        let mut marks = vec![false; ontology.len()];
        let mut diseases = 0_u32;
        for disease in annotations.diseases.values().filter(|d| !d.features.is_empty()) {
            diseases += 1;
            marks.fill(false);
            for (term, _) in &disease.features {
                ontology.mark(*term, &mut marks);
            }
            for (count, mark) in counts.iter_mut().zip(&marks) {
                *count += u32::from(*mark);
            }
        }
        // A term that no disease has is as informative as one that one disease has.
        let information = counts
            .iter()
            .map(|c| -(f64::from((*c).max(1)) / f64::from(diseases.max(1))).ln().min(0.0))
            .collect();
        Self {
            ontology,
            annotations,
            information,
        }
    }

    /// Information content of a term, nats.
    pub fn information(&self, term: u32) -> f64 {
        self.information[term as usize]
    }

    /// Prepares a person's terms; terms that are ancestors of others of the person add nothing and are left out.
    pub fn query(&self, present: &[u32], excluded: &[u32]) -> Query {
        let specific = |terms: &[u32]| -> Vec<TermNumber> {
            let mut terms: Vec<TermNumber> = terms.to_vec();
            terms.sort_unstable();
            terms.dedup();
            let mut above = vec![false; self.ontology.len()];
            for term in &terms {
                for parent in &self.ontology.parents[*term as usize] {
                    self.ontology.mark(*parent, &mut above);
                }
            }
            terms.retain(|t| !above[*t as usize]);
            terms
        };
        let present = specific(present);
        let common = present.iter().map(|term| self.common_with(*term)).collect();
        let mut query = Query {
            excluded: {
                let mut terms = excluded.to_vec();
                terms.sort_unstable();
                terms.dedup();
                terms
            },
            present,
            common,
            most: 0.0,
        };
        // A disease with exactly the person's terms.
        query.most = mean(query.present.iter().map(|t| self.information(*t)));
        query
    }

    /// For every term the most informative ancestor that it shares with one. Parents come before children, so one pass
    /// suffices.
    fn common_with(&self, term: TermNumber) -> Vec<(f64, TermNumber)> {
        let mut above = vec![false; self.ontology.len()];
        self.ontology.mark(term, &mut above);
        let mut best: Vec<(f64, TermNumber)> = Vec::with_capacity(self.ontology.len());
        for (number, is_above) in above.iter().enumerate() {
            let own = if *is_above {
                (self.information[number], number as TermNumber)
            } else {
                (-1.0, 0)
            };
            let of_parents = self.ontology.parents[number].iter().map(|p| best[*p as usize]);
            best.push(of_parents.fold(own, |a, b| if b.0 > a.0 { b } else { a }));
        }
        best
    }

    /// How alike, 0 to 1.
    pub fn score(&self, query: &Query, disease: &DiseaseTerms) -> f64 {
        if query.present.is_empty() || disease.features.is_empty() || query.most <= 0.0 {
            return 0.0;
        }
        let best = |common: &Vec<(f64, TermNumber)>| {
            let each = disease.features.iter().map(|(t, _)| common[*t as usize].0.max(0.0));
            each.fold(0.0, f64::max)
        };
        let there = mean(query.common.iter().map(best));
        let back = mean(disease.features.iter().map(|(term, _)| {
            let each = query.common.iter().map(|common| common[*term as usize].0.max(0.0));
            each.fold(0.0, f64::max)
        }));
        (f64::midpoint(there, back) / query.most).clamp(0.0, 1.0)
    }

    pub(crate) fn is_or_is_below(&self, term: TermNumber, ancestor: TermNumber) -> bool {
        if term == ancestor {
            return true;
        }
        // Numbers fall towards the root.
        term > ancestor
            && self.ontology.parents[term as usize]
                .iter()
                .any(|p| self.is_or_is_below(*p, ancestor))
    }

    /// The best disease of each gene by the phenotype alone, with its score; genes by symbol.
    pub fn genes(&self, query: &Query) -> Vec<(String, f64)> {
        let score = |id: &String| self.annotations.diseases.get(id).map_or(0.0, |d| self.score(query, d));
        self.annotations
            .genes
            .iter()
            .map(|(gene, diseases)| (gene.clone(), diseases.iter().map(score).fold(0.0, f64::max)))
            .collect()
    }

    /// How a disease fits, term by term.
    pub(crate) fn explain(&self, query: &Query, id: &str, disease: &DiseaseTerms) -> DiseaseMatch {
        let label = |term: TermNumber| format!("{} ({})", self.ontology.name(term), self.ontology.id(term));
        let matches = query.present.iter().zip(&query.common).map(|(term, common)| {
            let best = disease.features.iter().map(|(t, _)| (common[*t as usize], *t)).fold(
                None,
                |best: Option<((f64, TermNumber), TermNumber)>, one| match best {
                    Some(best) if best.0.0 >= one.0.0 => Some(best),
                    _ => Some(one),
                },
            );
            let meets = best.filter(|((information, _), _)| *information > 0.0);
            TermMatch {
                term: label(*term),
                annotated: meets.map(|(_, t)| label(t)),
                common: meets.map(|((_, m), _)| label(m)),
                information: meets.map_or(0.0, |((information, _), _)| information),
            }
        });
        let contradicting = query
            .excluded
            .iter()
            .filter(|term| {
                disease
                    .features
                    .iter()
                    .any(|(t, f)| *f >= 0.5 && self.is_or_is_below(*t, **term))
            })
            .map(|term| label(*term))
            .collect();
        DiseaseMatch {
            id: id.to_owned(),
            name: disease.name.clone(),
            inheritance: disease.inheritance.clone(),
            matches: matches.collect(),
            contradicting,
        }
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), v| (sum + v, count + 1));
    if count == 0 { 0.0 } else { sum / f64::from(count) }
}
