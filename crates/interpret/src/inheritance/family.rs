//! What the genotypes of a family say of each allele: modes of inheritance, Mendelian violations, hints of mosaicism.
//!
//! A mode is asked of everybody in the family who has a genotype: affected persons must have it, unaffected ones must not
//! (unless penetrance is incomplete), and a parent must be able to have given it. Who has no genotype takes no part, and
//! the sentences say so. Coordinates are 1-based, as in VCF.

mod pairs;
mod people;
mod record;
mod single;
mod violations;

use std::collections::BTreeMap;

use clinotype_case::{
    Sex,
    finding::Dropped,
    inheritance::{Candidate, Person, Settings, Violations},
    pedigree::Pedigree,
};

pub use record::{Alternate, Call, Effect, Place, Record};

use people::{Families, Family};

/// Violations that are listed one by one.
const LISTED: usize = 1000;

/// Takes the records of a VCF, and ends with what fits.
#[derive(Debug)]
pub struct Analysis {
    families: Families,
    settings: Settings,
    candidates: Vec<Candidate>,
    genes: pairs::Genes,
    violations: Violations,
    dropped: BTreeMap<&'static str, u64>,
    records: u64,
    alleles: u64,
    annotated: bool,
}

/// What an analysis ends with.
#[derive(Debug)]
pub struct Found {
    /// Everybody in the pedigree.
    pub members: Vec<Person>,
    /// Records taken.
    pub records: u64,
    /// Alleles asked.
    pub alleles: u64,
    /// Records and alleles not asked, by reason.
    pub dropped: Vec<Dropped>,
    /// What was not evaluated.
    pub not_evaluated: Vec<String>,
    /// What fits, by place.
    pub candidates: Vec<Candidate>,
    /// Mendelian violations.
    pub violations: Violations,
}

impl Analysis {
    /// For the samples of a VCF, in the order of its columns. `annotated`: whether the VCF names genes and consequences.
    pub fn new(pedigree: &Pedigree, samples: &[String], settings: Settings, annotated: bool) -> Self {
        Self {
            families: Families::new(pedigree, samples),
            settings,
            candidates: Vec::new(),
            genes: pairs::Genes::default(),
            violations: Violations::default(),
            dropped: BTreeMap::new(),
            records: 0,
            alleles: 0,
            annotated,
        }
    }

    fn drop_one(&mut self, reason: &'static str) {
        *self.dropped.entry(reason).or_default() += 1;
    }

    /// Takes a record.
    pub fn add(&mut self, record: &Record) {
        self.records += 1;
        if record.filtered {
            return self.drop_one("records that failed a filter");
        }
        let Some(place) = record.place else {
            return self.drop_one("records outside the chromosomes, or on X or Y of an unknown build");
        };
        violations::add(
            &mut self.violations,
            &self.families,
            record,
            place,
            &self.settings,
            LISTED,
        );
        for (index, alternate) in record.alternates.iter().enumerate() {
            let number = index as u8 + 1;
            if !alternate.is_bases() {
                self.drop_one("alleles that are not written as bases");
                continue;
            }
            if !record.calls.iter().any(|c| c.copies(number).is_some_and(|n| n > 0)) {
                self.drop_one("alleles that nobody in the file has");
                continue;
            }
            if alternate.frequency.is_some_and(|f| f > self.settings.highest_frequency) {
                self.drop_one("alleles more frequent than the limit");
                continue;
            }
            if self.annotated && !self.settings.every_impact && !alternate.is_of_impact() {
                self.drop_one("alleles without an effect on a protein or a splice site");
                continue;
            }
            self.alleles += 1;
            let allele = record::Allele {
                record,
                place,
                alternate,
                number,
                settings: &self.settings,
            };
            for family in &self.families.families {
                single::ask(&allele, family, &mut self.candidates);
                self.genes.keep(&allele, family);
            }
        }
    }

    /// The end of the file.
    pub fn finish(mut self) -> Found {
        let mut not_evaluated = self.families.gaps();
        if !self.annotated {
            not_evaluated.push(
                "Compound heterozygotes: the VCF names no genes (CSQ or BCSQ); annotate it first. Alleles of every impact were \
                 asked."
                    .to_owned(),
            );
        }
        not_evaluated.extend(
            self.genes
                .pairs(&self.families.families, &self.settings, &mut self.candidates),
        );
        self.candidates.sort_by_cached_key(|c| {
            let key = &c.alleles[0].variant;
            (
                super::super::sentences::place(key),
                c.mode,
                c.alleles.get(1).map(|a| super::super::sentences::place(&a.variant)),
                c.family.clone(),
                c.persons.clone(),
                c.gene.clone(),
            )
        });
        Found {
            members: self.families.persons(),
            records: self.records,
            alleles: self.alleles,
            dropped: self
                .dropped
                .into_iter()
                .map(|(reason, count)| Dropped {
                    reason: reason.to_owned(),
                    count,
                })
                .collect(),
            not_evaluated,
            candidates: self.candidates,
            violations: self.violations,
        }
    }
}

/// Whether a person has one X and one Y.
fn is_male(family: &Family, member: usize) -> bool {
    matches!(family.members[member].sex, Sex::Male)
}

#[cfg(test)]
mod tests;
