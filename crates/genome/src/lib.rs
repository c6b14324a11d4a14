//! The words every other crate shares: contig, position, interval, strand, allele, reference, normalisation,
//! and the two things that every step needs on its way in and out: [`Fault`] (one clear error) and [`fs`]
//! (files that appear whole or not at all).
//!
//! Coordinates: [`Interval`] is 0-based, half-open; [`Pos`] is 1-based, as in VCF, SAM text, GFF3 and HGVS.
//! This crate knows nothing of patients.

pub mod bed;
pub mod build;
pub mod digest;
pub mod fault;
pub mod fs;
pub mod interval;
pub mod isolate;
pub mod liftover;
pub mod normalise;
pub mod progress;
pub mod reference;
pub mod release;
pub mod seal;
pub mod sequence;
pub mod variant;
pub mod vcf_file;

pub use build::Build;
pub use fault::{Fault, FaultKind, Place, Result};
pub use interval::{Interval, Pos, Strand};
pub use progress::{Progress, Silent};
pub use reference::{Contig, ContigKey, Contigs, Reference};
pub use release::DataRelease;
pub use variant::VariantKey;
