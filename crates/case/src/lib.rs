//! The words of the laboratory: order, sample, evidence, criterion, finding, quality, report.
//!
//! Plain types without I/O, without clock and without randomness; `interpret`, `reports` and `fhir` see the world
//! through them. Missing data is a state of its own everywhere ([`evidence::Lookup`], [`criterion::State`],
//! [`quality::Coverage`]), never a zero.

pub mod criterion;
pub mod entered;
pub mod evidence;
pub mod family;
pub mod finding;
pub mod inheritance;
pub mod order;
pub mod panel;
pub mod pedigree;
pub mod pgx;
pub mod phenopacket;
pub mod phenotype;
pub mod provenance;
pub mod prs;
pub mod quality;
pub mod report;
pub mod review;
pub mod sample;

pub use order::Order;
pub use report::Report;
pub use review::Review;
pub use sample::{SampleId, Sex};
