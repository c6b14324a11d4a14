//! Inheritance: zygosity in a person of this sex, where a (likely) pathogenic variant stands by the gene's inheritance,
//! and what a family's genotypes say of each allele ([`family`]).

mod copies;
pub mod family;
pub mod observed;
mod phase;
mod section;

pub(crate) use self::{
    copies::{Copies, HOMOPLASMIC, copies},
    phase::{Phase, phase},
    section::{Mode, Placed, section},
};
