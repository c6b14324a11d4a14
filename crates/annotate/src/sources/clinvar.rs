//! ClinVar's VCF: classification of this very allele, as the file states it.

use clinotype_refdata::alleles::build::clinvar_rank;

use super::{Collect, entry::Entry};

/// One ClinVar record; texts as in the VCF (underscores for spaces).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) id: String,
    pub(crate) significance: Option<String>,
    pub(crate) review: Option<String>,
    pub(crate) conflicts: Option<String>,
    pub(crate) conditions: Option<String>,
}

/// What ClinVar itself writes where an allele was only classified as part of a haplotype or genotype.
pub(crate) const NO_CLASSIFICATION: &str = "no_classification_for_the_single_variant";

/// Collects records of alleles.
#[derive(Debug, Default)]
pub(crate) struct Clinvar;

impl Collect for Clinvar {
    type Value = Record;

    fn wants(&self, field: &str) -> bool {
        matches!(field, "ID" | "CLNSIG" | "CLNREVSTAT" | "CLNSIGCONF" | "CLNDN")
    }

    fn allele(&mut self, entry: &dyn Entry) -> Option<Record> {
        let value = |key: &str| entry.whole(key).map(std::borrow::Cow::into_owned);
        Some(Record {
            id: entry.id().into_owned(),
            significance: value("CLNSIG"),
            review: value("CLNREVSTAT"),
            conflicts: value("CLNSIGCONF"),
            conditions: value("CLNDN"),
        })
    }

    /// Of two records of one allele the one with a classification of the allele itself counts, then the one with the
    /// better review, then the older variation id.
    fn replaces(&self, old: &Record, new: &Record) -> bool {
        let rank = |r: &Record| clinvar_rank(r.significance.is_some(), r.review.as_deref().unwrap_or(""), &r.id);
        rank(new) > rank(old)
    }
}
