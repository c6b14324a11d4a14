//! Data behind the annotation: alleles with their values, and facts of genes.

pub mod alleles;
pub mod genes;
