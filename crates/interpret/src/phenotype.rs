//! Phenotypes: the Human Phenotype Ontology and its annotations, which users supply, how alike a person and a disease are,
//! and genes ranked by phenotype and variants together.

mod annotations;
mod ontology;
mod rank;
mod similarity;
mod variants;

pub use annotations::{Annotations, DiseaseTerms};
pub use ontology::{Ontology, Resolved};
pub use rank::{Evidence, Ranker};
pub use similarity::{Query, Similarity};
pub use variants::consequence_weight;

#[cfg(test)]
mod tests;
