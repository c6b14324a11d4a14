//! Liftover of small variants between genome builds by a UCSC chain file, in either direction of the file.
//!
//! A chain file says which stretches of one assembly stand where in another. Copying a position through it is easy; the
//! question is whether the allele means the same there. A variant is lifted only where one chain carries the whole place
//! without a gap, nothing else of the old build leads to that place, and both builds hold the same bases over the whole
//! stretch in which the allele could be written (an insertion into a repeat may stand at either of its ends). Everything
//! else is refused with its [`Refusal`]: none of the answers would be the allele that was seen.
//!
//! Coordinates: [`Chains`] and [`Lifter`] take and give 0-based, half-open intervals; records of VCF are 1-based.
//!
//! Source: the chain format as UCSC describes it (genome.ucsc.edu/goldenPath/help/chain.html). No chain file is shipped.

mod allele;
mod bases;
mod chain;
mod file;
mod header;
mod info;
mod lift;
mod map;
mod reason;
mod sorted;

pub use chain::read as read_chains;
pub use file::{LiftFile, LiftSummary, lift_vcf};
pub use lift::{Lifted, Lifter};
pub use map::{Chains, Mapped};
pub use reason::{Counts, Refusal};
