//! A record of a multi-sample VCF, as a family's analysis sees it.

use std::collections::BTreeMap;

use clinotype_case::{
    evidence::Impact,
    inheritance::{AlleleInFamily, Settings},
};
use clinotype_genome::{Pos, VariantKey};

use super::people::Family;

/// Which chromosomes a person has at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Two in everybody: autosomes and pseudo-autosomal regions.
    Autosome,
    /// X outside the pseudo-autosomal regions.
    X,
    /// Y outside the pseudo-autosomal regions.
    Y,
    /// The mitochondrial genome.
    Mitochondrion,
}

/// What an allele does to a gene.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// Symbol.
    pub gene: String,
    /// Most severe SO term.
    pub term: String,
    /// Its impact.
    pub impact: Impact,
}

/// An alternate allele.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternate {
    /// ALT as the VCF writes it.
    pub bases: String,
    /// One per gene.
    pub effects: Vec<Effect>,
    /// Population frequency, where the VCF states one.
    pub frequency: Option<f64>,
}

impl Alternate {
    pub(super) fn is_bases(&self) -> bool {
        !self.bases.is_empty() && self.bases.bytes().all(|b| b"ACGTNacgtn".contains(&b))
    }

    pub(super) fn is_of_impact(&self) -> bool {
        self.effects.iter().any(is_of_impact)
    }
}

/// Whether an effect changes the protein or a splice site.
pub(super) fn is_of_impact(effect: &Effect) -> bool {
    effect.impact >= Impact::Moderate || effect.term.contains("splice")
}

/// The genotype of one sample.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// GT as written.
    pub text: String,
    /// Allele numbers; empty where GT is missing, also in part.
    pub alleles: Vec<u8>,
    /// Whether phased.
    pub phased: bool,
    /// PS.
    pub phase_set: Option<u32>,
    /// GQ, phred.
    pub quality: Option<u32>,
    /// DP, else the sum of AD.
    pub depth: Option<u32>,
    /// AD: REF, then each ALT.
    pub reads: Vec<Option<u32>>,
}

impl Call {
    /// Copies of an allele; `None` where GT is missing.
    pub(super) fn copies(&self, allele: u8) -> Option<u8> {
        (!self.alleles.is_empty()).then(|| self.alleles.iter().map(|a| u8::from(*a == allele)).sum())
    }

    /// Reads of an allele, and of all.
    pub(super) fn reads_of(&self, allele: u8) -> Option<(u32, u32)> {
        let own = self.reads.get(usize::from(allele)).copied().flatten()?;
        let all: u32 = self.reads.iter().map(|r| r.unwrap_or_default()).sum();
        (all > 0).then_some((own, all))
    }

    /// Share of the reads with an allele.
    pub(super) fn fraction(&self, allele: u8) -> Option<f64> {
        self.reads_of(allele).map(|(own, all)| f64::from(own) / f64::from(all))
    }
}

/// A record.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Contig as the VCF names it.
    pub contig: String,
    /// `None` outside the chromosomes, and on X and Y of an unknown build.
    pub place: Option<Place>,
    /// 1-based.
    pub position: Pos,
    /// REF.
    pub reference: String,
    /// In the numbers of GT.
    pub alternates: Vec<Alternate>,
    /// Whether it failed a filter.
    pub filtered: bool,
    /// One per sample.
    pub calls: Vec<Call>,
}

/// One allele of a record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Allele<'a> {
    pub(super) record: &'a Record,
    pub(super) place: Place,
    pub(super) alternate: &'a Alternate,
    pub(super) number: u8,
    pub(super) settings: &'a Settings,
}

impl<'a> Allele<'a> {
    /// The person's call; `None` without a column.
    pub(super) fn call(&self, family: &Family, member: usize) -> Option<&'a Call> {
        family.members[member].column.and_then(|c| self.record.calls.get(c))
    }

    /// Chromosomes with the allele, of those that the person has there; `None` where that is not known: no column, no
    /// genotype, a low quality, or one that the sex contradicts.
    pub(super) fn copies(&self, family: &Family, member: usize) -> Option<u8> {
        let call = self.call(family, member)?;
        if call.quality.is_some_and(|q| q < self.settings.least_quality) {
            return None;
        }
        let copies = call.copies(self.number)?;
        let male = super::is_male(family, member);
        match (self.place, male, call.alleles.len()) {
            (Place::Autosome, _, 2) | (Place::X, false, 2) | (Place::X | Place::Y, true, 1) => Some(copies),
            // Written with two copies: one, or contradictory.
            (Place::X | Place::Y, true, 2) => (call.alleles[0] == call.alleles[1]).then_some(copies / 2),
            (Place::Y, false, _) => Some(0),
            (Place::Mitochondrion, ..) => Some(copies.min(1)),
            _ => None,
        }
    }

    /// Whether the genotype's quality is stated and good.
    pub(super) fn is_certain(&self, family: &Family, member: usize) -> bool {
        self.call(family, member)
            .and_then(|c| c.quality)
            .is_some_and(|q| q >= self.settings.least_quality)
    }

    /// The allele for the result, with the effect in a gene or the most severe one.
    pub(super) fn seen(&self, family: &Family, gene: Option<&str>) -> AlleleInFamily {
        let effect = self.alternate.effects.iter().find(|e| Some(e.gene.as_str()) == gene);
        let effect = effect.or_else(|| self.worst());
        let genotypes: BTreeMap<String, String> = (0..family.members.len())
            .filter_map(|m| Some((family.members[m].id.clone(), self.call(family, m)?.text.clone())))
            .collect();
        AlleleInFamily {
            variant: VariantKey::new(
                self.record.contig.clone(),
                self.record.position,
                &self.record.reference,
                &self.alternate.bases,
            ),
            consequence: effect.map(|e| e.term.clone()),
            frequency: self.alternate.frequency,
            genotypes,
        }
    }

    /// The most severe effect; of equal ones the first gene by name.
    pub(super) fn worst(&self) -> Option<&'a Effect> {
        self.alternate.effects.iter().min_by(|a, b| {
            let rank = |e: &Effect| crate::rules::RULES.rank(&e.term);
            rank(a).cmp(&rank(b)).then_with(|| a.gene.cmp(&b.gene))
        })
    }
}
