//! Germline copy number of exons by depth, one sample against a panel of normals, for panels and exomes.
//!
//! [`targets::read`] makes the targets of a design, [`SampleCounts`] is the file of one sample's fragments over them,
//! and [`call`] compares a sample with normals of the same design:
//!
//! 1. targets that cannot tell are set aside with their reason ([`Reason`]);
//! 2. normals are ordered by how little the sample differs from each beyond depth and G and C ([`fit`]), and as many of
//!    them are taken as let single-copy changes be told best (the choice of Plagnol 2012, Bioinformatics 28:2747);
//! 3. rate and variance of every target are learnt from them ([`reference`]), with what varies together ([`factors`]);
//! 4. a hidden Markov model over neighbouring targets gives events and qualities ([`markov`], after Fromer 2012, Am J
//!    Hum Genet 91:597); scale and curve of the sample are then fitted again without the events' targets;
//! 5. a target is only said to be normal where a deletion of it alone would have been seen in 95 of 100 samples that
//!    have one ([`resolution`]); everything else is not assessed.
//!
//! Ten normals are the least, thirty or more are better: with ten, the few targets that vary much more than the others
//! cannot always be told, and on simulated panels up to one event in nine that passes was wrong, against one in sixty or
//! fewer with thirty (`examples/copy_number_accuracy.rs`).
//!
//! What depth cannot tell: balanced rearrangements, mosaics, where between two targets a breakpoint lies, which allele
//! is duplicated, or copies of sequences that reads cannot be told apart in. An event needs confirmation by another
//! method before anything is reported of it.

mod calls;
mod counts;
mod expected;
mod factors;
mod fit;
mod fitted;
mod markov;
mod matching;
mod numbers;
mod output;
mod reference;
mod resolution;
mod result;
mod sample;
mod screen;
mod states;
pub mod targets;

#[cfg(test)]
mod tests;

pub use calls::call;
pub use counts::{RULES, SampleCounts, contigs_digest, targets_digest};
pub use matching::LEAST_NORMALS;
pub use output::{Exon, VcfOptions, write_table, write_vcf};
pub use result::{CopyNumber, Event, Reason, SampleQuality, State, TargetCall, Verdict};
pub use states::LEAST_QUALITY;
pub use targets::Target;
