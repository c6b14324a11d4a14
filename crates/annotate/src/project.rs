//! Between genome and transcript: the transcript laid along its contig, exon by exon, with the bases that only one of
//! the two has.

mod align;
mod codons;
mod locus;

pub(crate) use self::{
    align::align,
    codons::{Coding, ProteinChange},
    locus::{Locus, Place, Step, Stretch},
};
