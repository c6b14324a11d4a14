//! Data behind the annotation: alleles with their values, facts of genes, and the releases that are installed.

pub mod alleles;
pub mod genes;
pub mod releases;
