//! The two copies of a gene as the genotypes leave them open.
//!
//! Heterozygous genotypes fall into groups whose order is known within but not between: each unphased one is a group
//! of its own, each phase set is one, and all that are phased without a phase set are one. A reading of the two copies
//! is an orientation of every group; with `n` groups there are `2^n` sequences, and the copy beside a sequence is the
//! one with every group turned round. At most one group: "effectively phased".

use std::collections::BTreeSet;

use super::{
    definitions::{Gene, is_wobble},
    sample::{Sample, Site},
};

/// More groups than this are not enumerated one by one.
pub(super) const MOST_GROUPS: usize = 14;

/// More groups than this are not read at all.
pub(super) const TOO_MANY_GROUPS: usize = 60;

/// A position with a genotype.
#[derive(Clone, Debug)]
pub(super) struct Seat<'a> {
    /// Index in [`Gene::positions`].
    pub(super) index: usize,
    pub(super) site: &'a Site,
    /// Group; `None` where both copies read the same.
    pub(super) group: Option<usize>,
}

/// The genotypes of one gene.
#[derive(Clone, Debug)]
pub(super) struct Copies<'a> {
    pub(super) gene: &'a Gene,
    /// Positions with a genotype, by index.
    pub(super) seats: Vec<Seat<'a>>,
    /// Indexes of the positions without one.
    pub(super) missing: Vec<usize>,
    /// How many groups there are.
    pub(super) groups: usize,
    /// Only one copy.
    pub(super) haploid: bool,
    /// Every genotype is written as phased.
    pub(super) phased: bool,
    /// Whether phase sets are in use.
    pub(super) phase_sets: bool,
    /// Index of the seat by index of the position.
    at: Vec<Option<usize>>,
}

impl<'a> Copies<'a> {
    pub(super) fn of(gene: &'a Gene, sample: &'a Sample) -> Self {
        let mut seats = Vec::new();
        let mut missing = Vec::new();
        let mut sets: Vec<Option<i64>> = Vec::new();
        let mut groups = 0;
        // The group of all that are phased without a phase set, and of each phase set.
        let mut fixed_group = None;
        let mut set_groups: Vec<(i64, usize)> = Vec::new();
        let mut at = vec![None; gene.positions.len()];
        let mut new = || {
            groups += 1;
            groups - 1
        };
        for (index, slot) in at.iter_mut().enumerate() {
            let Some(site) = sample.site(&gene.symbol, index) else {
                missing.push(index);
                continue;
            };
            if site.phased {
                sets.push(site.phase_set);
            }
            let group = if site.homozygous() {
                None
            } else if site.fixed {
                Some(*fixed_group.get_or_insert_with(&mut new))
            } else if let Some(set) = site.phase_set {
                let known = set_groups.iter().find(|(s, _)| *s == set).map(|(_, group)| *group);
                Some(known.unwrap_or_else(|| {
                    let group = new();
                    set_groups.push((set, group));
                    group
                }))
            } else {
                Some(new())
            };
            *slot = Some(seats.len());
            seats.push(Seat { index, site, group });
        }
        let one = |copy: usize| !seats.is_empty() && seats.iter().all(|s: &Seat<'_>| s.site.read[copy].is_none());
        let haploid = one(0) || one(1);
        let distinct: BTreeSet<Option<i64>> = sets.into_iter().collect();
        Self {
            gene,
            haploid,
            groups: if haploid { 0 } else { groups },
            phased: seats.iter().all(|s| s.site.phased),
            phase_sets: distinct.iter().any(Option::is_some),
            seats,
            missing,
            at,
        }
    }

    pub(super) fn effectively_phased(&self) -> bool {
        self.groups <= 1
    }

    /// Whether every genotype is homozygous (or there is one copy).
    pub(super) fn homozygous(&self) -> bool {
        self.groups == 0
    }

    pub(super) fn seat(&self, index: usize) -> Option<&Seat<'a>> {
        self.at[index].map(|at| &self.seats[at])
    }

    /// The phase set of a position.
    pub(super) fn phase_set(&self, index: usize) -> Option<i64> {
        self.seat(index)?.site.phase_set
    }

    /// The base of a seat in the sequence with this orientation (bit g set: group g turned round).
    pub(super) fn base(&self, seat: &Seat<'a>, orientation: u64) -> Option<&'a str> {
        let copy = match seat.group {
            Some(group) => (orientation >> group & 1) as usize,
            None => 0,
        };
        if self.haploid {
            return seat.site.read[0].as_deref().or(seat.site.read[1].as_deref());
        }
        seat.site.read[copy].as_deref()
    }

    /// All sequences, as orientations.
    pub(super) fn sequences(&self) -> std::ops::Range<u64> {
        0..1 << self.groups
    }

    /// The orientation of the other copy.
    pub(super) fn other(&self, orientation: u64) -> u64 {
        !orientation & ((1 << self.groups) - 1)
    }

    /// Indexes of the positions where any copy is not REF.
    pub(super) fn variant_seats(&self) -> impl Iterator<Item = &Seat<'a>> {
        self.seats.iter().filter(|seat| {
            let reference = &self.gene.positions[seat.index].reference;
            let copies = if self.haploid { 1 } else { 2 };
            let here = seat.site.read.iter().take(2).filter(|b| copies == 2 || b.is_some());
            here.into_iter().any(|b| b.as_deref() != Some(reference.as_str()))
        })
    }

    /// Whether a genotype has one copy missing.
    pub(super) fn partial(&self) -> bool {
        self.seats.iter().any(|s| s.site.partial)
    }
}

/// Score of an allele: how many of the positions with a genotype it lists itself (the reference allele: all).
pub(super) fn score(copies: &Copies<'_>, allele: usize) -> u32 {
    let allele = &copies.gene.alleles[allele];
    if allele.reference {
        return copies.seats.len() as u32;
    }
    allele
        .bases
        .iter()
        .filter(|(index, _)| copies.seat(*index).is_some())
        .count() as u32
}

/// Positions with a genotype where the allele has an IUPAC letter.
pub(super) fn wobbles(copies: &Copies<'_>, allele: usize) -> Vec<usize> {
    let bases = &copies.gene.alleles[allele].bases;
    bases
        .iter()
        .filter(|(index, base)| is_wobble(base) && copies.seat(*index).is_some())
        .map(|(i, _)| *i)
        .collect()
}
