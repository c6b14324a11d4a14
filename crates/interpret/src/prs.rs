//! Polygenic scores: the PGS Catalog's scoring files, matching of their rows with the records of a VCF, sums, and where
//! a sum stands among people.
//!
//! A score is read line by line ([`score_file::Reader`]); a [`Scorer`] then takes the records of a sorted VCF. Only
//! the records of one position are held at a time, so memory grows with the score, not with the VCF.

mod ancestry;
mod complex;
mod matching;
pub mod score_file;
mod scorer;
mod site;
mod small_matrix;

pub use ancestry::{Panel, Projection};
pub use matching::MatchType;
pub use score_file::ScoreFile;
pub use scorer::{Audit, Outcome, Scorer, Sums};
pub use site::{Block, Call, Site, contig_number};

#[cfg(test)]
mod tests;
