//! The allele store: what a source (ClinVar, gnomAD, a laboratory's own counts, scores) says of each allele, in one file
//! that is mapped into memory.
//!
//! Alleles are normalised (left-aligned, trimmed) and sorted by contig, position and [`Code`]. About two thousand make a
//! block, column by column, compressed; an index of the blocks serves random look-ups, and a [`Cursor`] joins sorted
//! ones to the blocks in one pass. [`layout`] draws the file, [`block`] a block, [`column`] a column. Positions are
//! 1-based; regions are 0-based, half-open.

mod block;
pub mod build;
mod bytes;
mod column;
mod decimal;
mod field;
mod key;
mod layout;
mod map;
mod meta;
mod read;
mod regions;
mod sort;
mod write;

pub use field::{Field, Kind, find_quotients};
pub use key::{Code, Key};
pub use layout::FORMAT;
pub use meta::{Counts, Meta, SourceFile};
pub use read::{Cursor, Hit, Store, is_store};
pub use regions::{Assessed, Region};
pub use write::StoreWriter;

#[cfg(test)]
mod store_tests;
