//! Data releases that a laboratory installs: alleles with their values, facts of genes, and the manifest that says of
//! each where it came from, when it was released, under which licence, and by which digest it is proven.

pub mod alleles;
pub mod genes;
pub mod releases;
