//! HGVS names of small variants (HGVS nomenclature 21.1: DNA and protein recommendations).

pub(crate) mod dna;
pub(crate) mod protein;
