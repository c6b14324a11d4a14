//! A run's variants: one row per ALT allele, made for 5 million of them.

mod columns;
mod facets;
pub(crate) mod import;
pub(crate) mod index;
pub(crate) mod query;
mod row;
mod search;

pub use facets::{
    ClassFacet, ClinvarBucket, Effect, FrequencyState, FrequencyStep, Kind, Quality, Region, zygosity_code,
};
pub(crate) use facets::{class_code, class_from};
pub use import::Imported;
pub(crate) use index::RunIndex;
pub use query::{DroppedFor, FacetCount, FunnelStep, VariantFilters, VariantPage, VariantQuery, VariantSort};
pub use row::{Clinvar, FindingMark, QualityLimits, Variant, VariantRow, clinvar_bucket};
