//! Reads in; a coordinate-sorted, duplicate-marked BAM with its index and quality figures out.
//!
//! Two ways in: [`align()`] takes pairs of FASTQ files, [`import()`] a BAM of any order. Both end in the same sorter,
//! the same duplicate marking and the same writer, so a caller behind them sees one kind of file. [`coverage`],
//! [`figures`] and [`fragments`] measure that file.
//!
//! Threads come from rayon's current pool; the bytes written do not depend on their number, nor on the memory given.

pub mod align;
pub mod bam;
pub mod coverage;
pub mod fastq;
pub mod figures;
pub mod fragments;

mod convert;
mod cram;
mod cram_out;
mod duplicates;
mod import;
mod inflate;
mod mates;
mod milestone;
mod raw;
mod scratch;
mod sort;
mod store;
mod write;

pub use align::{AlignOptions, AlignSummary, align, align_resumable};
pub use convert::cram_to_bam;
pub use cram::is_cram;
pub use cram_out::{bam_to_cram, crai_path};
pub use fastq::FastqPair;
pub use figures::{ContigFigures, Figures};
pub use import::{ImportOptions, ImportSummary, import};
pub use milestone::Keep;
