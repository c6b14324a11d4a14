//! Aligned reads in, VCF and gVCF out: a germline small-variant caller for one sample.
//!
//! The method is that of haplotype callers: find active regions in the pileup ([`pileup`], [`region`]), assemble
//! local haplotypes with a de Bruijn graph ([`graph`]), weigh every read against every haplotype with a pair-HMM
//! ([`pairhmm`]), and genotype each allele from its marginal likelihoods ([`genotype`]). Isolated clean SNVs take a
//! short cut straight from the pileup. Sources are named in each module: Poplin 2017 (bioRxiv 201178), Albers 2011
//! (Genome Res 21:961), Durbin 1998, and the public documentation of the formats.
//!
//! Coordinates inside are 0-based, half-open; only VCF text is 1-based. The same input gives the same bytes at any
//! number of threads: work is cut into fixed windows, and an ordered writer puts them together.

mod aim;
mod align;
mod alignments;
mod allele;
mod assembly;
mod bias;
mod checkpoint;
pub mod copy_number;
mod events;
mod filter;
mod fraction;
mod genotype;
mod graph;
mod gvcf;
mod hash;
mod header;
mod joint;
mod mates;
mod mitochondria;
mod options;
mod pairhmm;
mod paths;
mod phase;
mod phred;
mod pileup;
mod plan;
mod reads;
mod record;
mod region;
mod repeats;
mod run;
mod shard;
mod slippage;
mod somatic;
mod weigh;

pub use checkpoint::Keep;
pub use joint::{InputCounts, JointOptions, JointSummary, Relative, joint};
pub use options::{CallOptions, CallSummary, Sex};
pub use run::{call, call_resumable};
pub use somatic::{
    DepthPower, Frequency, Population, Sensitivity, SomaticOptions, SomaticSummary, TUMOR_ONLY, TargetDepth,
    call as call_tumor_only,
};
