//! Combinations and partial alleles: what lies on one copy when no single named allele explains it.
//!
//! A sequence carries every allele whose own bases it has; alleles that share positions are alternatives, the larger
//! one first. Variants that no carried allele explains are named by their genomic HGVS name: `[*4 + g.94761900C>T]`.

use std::collections::BTreeSet;

use super::{
    copies::{Copies, MOST_GROUPS},
    definitions::{Allele, allows},
    diplotypes::Fit,
    names,
};

/// One reading of one copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Strand {
    /// Names of the alleles, in order; the reference allele where there is no other.
    pub(super) alleles: Vec<String>,
    /// Names of the variants that no allele explains.
    pub(super) variants: Vec<String>,
    pub(super) score: u32,
    reference_only: bool,
}

impl Strand {
    /// As it is printed.
    pub(super) fn name(&self) -> String {
        let mut parts = if self.reference_only && !self.variants.is_empty() {
            Vec::new()
        } else {
            self.alleles.clone()
        };
        parts.extend(self.variants.iter().cloned());
        names::join(&parts)
    }

    /// Adds an allele to the copy; it takes the place of a lone reference allele.
    pub(super) fn with(mut self, allele: &str, score: u32) -> Self {
        if self.reference_only {
            self.alleles.clear();
            self.score = 0;
            self.reference_only = false;
        }
        self.alleles.push(allele.to_owned());
        self.alleles.sort_by(|a, b| names::compare(a, b));
        self.score += score;
        self
    }
}

/// What a sequence is read without.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Without<'a> {
    /// Alleles that are not looked for.
    pub(super) alleles: &'a [&'a str],
    /// Positions (by index) whose variants are not named.
    pub(super) positions: &'a [usize],
}

/// Whether there are too many groups for a list of all sequences.
pub(super) fn too_many(copies: &Copies<'_>) -> bool {
    copies.groups > MOST_GROUPS
}

/// Every reading of the sequence with this orientation.
pub(super) fn strands(copies: &Copies<'_>, orientation: u64, without: Without<'_>) -> Vec<Strand> {
    let gene = copies.gene;
    let base = |index: usize| copies.seat(index).and_then(|seat| copies.base(seat, orientation));
    let own = |allele: &Allele| -> Vec<usize> {
        allele
            .bases
            .iter()
            .map(|(i, _)| *i)
            .filter(|i| copies.seat(*i).is_some())
            .collect()
    };
    let carried: Vec<(&Allele, Vec<usize>)> = gene
        .alleles
        .iter()
        .filter(|a| !a.reference && !without.alleles.contains(&a.name.as_str()) && !joined(copies, a))
        .map(|a| (a, own(a)))
        .filter(|(allele, own)| {
            !own.is_empty()
                && own.iter().all(|i| {
                    allele
                        .base(*i)
                        .zip(base(*i))
                        .is_some_and(|(defined, seen)| allows(defined, seen))
                })
        })
        .collect();
    let explained: BTreeSet<usize> = carried.iter().flat_map(|(_, own)| own.iter().copied()).collect();
    let variants: Vec<String> = copies
        .seats
        .iter()
        .filter(|seat| !explained.contains(&seat.index) && !without.positions.contains(&seat.index))
        .filter(|seat| base(seat.index) != Some(gene.positions[seat.index].reference.as_str()))
        .map(|seat| gene.positions[seat.index].hgvs_of(base(seat.index)))
        .collect();
    let strand = |alleles: Vec<(String, u32)>| {
        let reference_only = alleles.is_empty();
        let mut alleles = alleles;
        if reference_only {
            let name = gene.reference().map_or("", |a| a.name.as_str());
            alleles.push((name.to_owned(), copies.seats.len() as u32));
        }
        alleles.sort_by(|a, b| names::compare(&a.0, &b.0));
        Strand {
            score: alleles.iter().map(|(_, score)| score).sum(),
            alleles: alleles.into_iter().map(|(name, _)| name).collect(),
            variants: variants.clone(),
            reference_only,
        }
    };
    let named = |(allele, own): &(&Allele, Vec<usize>)| (allele.shown().to_owned(), own.len() as u32);
    if carried.len() <= 1 {
        return vec![strand(carried.iter().map(named).collect())];
    }
    together(&carried)
        .into_iter()
        .map(|set| strand(set.into_iter().map(|i| named(&carried[i])).collect()))
        .collect()
}

/// A joint allele such as `*80+*28`, whose parts are looked for instead.
fn joined(copies: &Copies<'_>, allele: &Allele) -> bool {
    copies.gene.symbol == "UGT1A1" && allele.name.contains('+')
}

/// Sets of alleles that can lie on one copy together: the largest first; one that shares a position with a larger one
/// is left out, one that shares a position with one of the same size (a position that would tell them apart is
/// missing) starts a set of its own.
fn together(carried: &[(&Allele, Vec<usize>)]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..carried.len()).collect();
    order.sort_by(|a, b| {
        let ((x, p), (y, q)) = (&carried[*a], &carried[*b]);
        q.len().cmp(&p.len()).then_with(|| x.name.cmp(&y.name))
    });
    let mut sets: Vec<Vec<usize>> = Vec::new();
    for allele in order {
        let own = &carried[allele].1;
        let mut added = false;
        let mut larger = false;
        for set in &mut sets {
            let shares = set
                .iter()
                .find(|other| carried[**other].1.iter().any(|p| own.contains(p)));
            if let Some(other) = shares {
                larger |= carried[*other].1.len() != own.len();
            } else {
                set.push(allele);
                added = true;
            }
        }
        if !added && !larger {
            sets.push(vec![allele]);
        }
    }
    sets
}

/// The pairs of readings of sequences that lie beside each other, each once.
pub(super) fn pairs(copies: &Copies<'_>, without: Without<'_>) -> Vec<(u64, Strand, u64, Strand)> {
    let mut all = Vec::new();
    if copies.groups == 0 {
        let strands = strands(copies, 0, without);
        for (i, first) in strands.iter().enumerate() {
            for second in &strands[i..] {
                all.push((0, first.clone(), 0, second.clone()));
            }
        }
        return all;
    }
    for orientation in copies.sequences() {
        let beside = copies.other(orientation);
        if beside < orientation {
            continue;
        }
        let seconds = strands(copies, beside, without);
        for first in strands(copies, orientation, without) {
            for second in &seconds {
                all.push((orientation, first.clone(), beside, second.clone()));
            }
        }
    }
    all
}

/// The diplotypes of the readings, each once, the highest score first.
pub(super) fn fits(copies: &Copies<'_>, without: Without<'_>) -> Vec<Fit> {
    let mut all: Vec<Fit> = Vec::new();
    for (_, first, _, second) in pairs(copies, without) {
        let mut alleles = vec![first.name(), second.name()];
        alleles.sort_by(|a, b| names::compare(a, b));
        let mut score = first.score + second.score;
        if copies.haploid {
            alleles.truncate(1);
            score = first.score;
        }
        if !all.iter().any(|fit| fit.alleles == alleles) {
            all.push(Fit { alleles, score });
        }
    }
    all
}
