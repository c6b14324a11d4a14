//! ClinVar's VCF: classification of this very allele, as the file states it.

use super::Collect;
use crate::vcf::line::Line;

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

    fn site(&mut self, _contig: usize, _line: &Line<'_>) {}

    fn allele(&mut self, line: &Line<'_>, _index: usize) -> Option<Record> {
        let value = |key: &str| {
            line.info_value(key)
                .filter(|v| !v.is_empty() && *v != ".")
                .map(str::to_owned)
        };
        let id = line.head.split('\t').nth(2).unwrap_or(".");
        Some(Record {
            id: id.to_owned(),
            significance: value("CLNSIG"),
            review: value("CLNREVSTAT"),
            conflicts: value("CLNSIGCONF"),
            conditions: value("CLNDN"),
        })
    }

    /// Of two records of one allele the one with a classification of the allele itself counts, then the one with the
    /// better review, then the older variation id.
    fn replaces(&self, old: &Record, new: &Record) -> bool {
        let rank = |r: &Record| {
            let stars = match r.review.as_deref().unwrap_or("") {
                "practice_guideline" => 4,
                "reviewed_by_expert_panel" => 3,
                "criteria_provided,_multiple_submitters,_no_conflicts" => 2,
                t if t.starts_with("criteria_provided") => 1,
                _ => 0,
            };
            (
                r.significance.is_some(),
                stars,
                std::cmp::Reverse(r.id.parse::<u64>().unwrap_or(u64::MAX)),
            )
        };
        rank(new) > rank(old)
    }
}
