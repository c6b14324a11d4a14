//! HGVS names of small variants (HGVS nomenclature 21.1: DNA, RNA and protein recommendations): what a name says
//! ([`Name`]), reading and writing it.

pub(crate) mod describe;
mod display;
pub(crate) mod dna;
pub mod name;
mod parse;
pub(crate) mod protein;

pub use self::{
    name::Name,
    parse::{NameError, parse},
};
