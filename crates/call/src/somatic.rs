//! Tumour-only calling: small variants of one sample at any allele fraction, without its normal tissue.
//!
//! The engine is that of germline calling (active regions, assembly, pair-HMM) with lower floors ([`crate::aim`]); in
//! place of genotypes each allele has a fraction with its interval and its evidence ([`crate::fraction`]). What speaks
//! against an allele is in [`filter`], where it may come from in [`origin`], and what could not have been seen at the
//! depth at hand in [`power`]. Without a normal sample nothing proves that an allele is somatic, and no report is made
//! from these calls: the header says both, and the steps that interpret refuse the file by [`TUMOR_ONLY`].

mod depth;
mod evidence;
mod filter;
mod header;
mod origin;
mod output;
mod power;
mod run;
mod summary;

pub use origin::{Frequency, Population};
pub use run::{SomaticOptions, call};
pub use summary::{DepthPower, Sensitivity, SomaticSummary, TargetDepth};

/// The header line of a tumour-only VCF begins with this.
pub const TUMOR_ONLY: &str = "##clinotype_analysis=tumor_only";
