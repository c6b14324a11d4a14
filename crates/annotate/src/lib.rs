//! Transcripts, consequence, HGVS names and allele-keyed sources: what each allele of a sample means to each
//! transcript, and what ClinVar and population frequencies say of it.
//!
//! [`TranscriptSet::read`] loads transcripts from GFF3 and checks that they fit the reference; [`annotate()`] reads a
//! VCF, checks it, and writes it again with INFO/CSQ in VEP's format and one value per ALT of what the sources say.
//! [`hgvs`] reads and writes names; [`namer::Namer`] normalises them and projects them between genome, transcript and
//! protein. Coordinates inside are 0-based, half-open; those printed are 1-based.

#[cfg(test)]
mod adjudicated;
#[cfg(test)]
mod allele_tests;
pub mod annotate;
mod around;
mod bases;
mod code;
mod consequence;
mod contigs;
mod csq;
mod edit;
mod entries;
mod facts;
mod haplotype;
pub mod hgvs;
mod in_use;
mod mane;
pub mod namer;
#[cfg(test)]
mod panel_tests;
mod pick;
pub mod population;
mod project;
#[cfg(test)]
mod property_tests;
mod records;
mod sources;
mod spliced;
#[cfg(test)]
mod stretch_tests;
mod stretches;
#[cfg(test)]
mod suite_tests;
mod survey;
pub mod tables;
pub mod transcripts;
mod vcf;

pub use annotate::{AnnotateOptions, AnnotateSummary, annotate};
pub use bases::Bases;
pub use entries::entries_of;
pub use facts::{Impact, LossOfFunction, Mane};
pub use pick::{PickOrder, PickRule};
pub use transcripts::{Cache, Difference, Files, Source, Transcript, TranscriptSet};
