//! Genes where the alleles of lowest function decide (DPYD, RYR1; CPIC, PMID 29152729 and 30499100), because each
//! variant is an allele of its own and several may lie on one copy.
//!
//! With known phase: the alleles on each copy. With phase sets: every pair of copies that they allow. Without phase:
//! a list of the alleles found, without taking the rest as reference; an allele that lies on both copies in some
//! reading is counted twice, and Reference is left out where more than two are found.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    combinations::{self, Strand, Without, strands},
    copies::{Copies, score},
    definitions::allows,
    diplotypes,
    hapb3::HapB3,
    names,
};

/// What was found.
#[derive(Debug)]
pub(super) enum Found {
    /// Pairs of copies.
    Pairs(Vec<Pair>),
    /// Alleles, some twice, and their scores.
    Alleles(Vec<(String, u32)>),
    /// Nothing.
    Nothing,
}

/// Two copies with their alleles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    /// Name and alleles of the two copies, in order of the names.
    pub(super) copies: [(String, Vec<String>); 2],
    pub(super) score: u32,
    /// Whether a copy carries a variant that no allele explains.
    pub(super) unexplained: bool,
}

impl Pair {
    fn of(mut first: (String, Vec<String>), mut second: (String, Vec<String>), score: u32, unexplained: bool) -> Self {
        if names::compare(&first.0, &second.0).is_gt() {
            std::mem::swap(&mut first, &mut second);
        }
        Self {
            copies: [first, second],
            score,
            unexplained,
        }
    }

    fn of_strands(first: &Strand, second: &Strand) -> Self {
        let unexplained = !first.variants.is_empty() || !second.variants.is_empty();
        let copy = |strand: &Strand| (strand.name(), strand.alleles.clone());
        Self::of(copy(first), copy(second), first.score + second.score, unexplained)
    }
}

/// Calls the gene; messages of HapB3 are added.
pub(super) fn call(copies: &Copies<'_>, messages: &mut BTreeSet<&'static str>) -> Found {
    if copies.seats.is_empty() {
        return Found::Nothing;
    }
    let hapb3 = HapB3::of(copies.gene);
    let with_hapb3 = hapb3.as_ref().is_some_and(|h| h.varies(copies));
    if copies.effectively_phased() && !with_hapb3 {
        let fits = diplotypes::fits(copies);
        if !fits.is_empty() {
            let pairs = fits.into_iter().map(|fit| {
                let mut alleles = fit.alleles.into_iter();
                let first = alleles.next().unwrap_or_default();
                let second = alleles.next().unwrap_or_else(|| first.clone());
                Pair::of(
                    (first.clone(), vec![first]),
                    (second.clone(), vec![second]),
                    fit.score,
                    false,
                )
            });
            return Found::Pairs(pairs.collect());
        }
    }
    if combinations::too_many(copies) {
        return Found::Nothing;
    }
    if copies.effectively_phased() || copies.phase_sets {
        let pairs = phased(copies, hapb3.as_ref().filter(|_| with_hapb3), messages);
        if !pairs.is_empty() {
            return Found::Pairs(pairs);
        }
    }
    Found::Alleles(unphased(copies, hapb3.as_ref(), messages))
}

/// Groups up to which every phase of unphased genotypes is listed.
const LISTED_GROUPS: usize = 6;

/// Every pair of copies that unphased genotypes allow; none where there are too many.
pub(super) fn readings(copies: &Copies<'_>) -> Vec<Pair> {
    if copies.groups > LISTED_GROUPS {
        return Vec::new();
    }
    let hapb3 = HapB3::of(copies.gene);
    // Messages of single readings are not those of the call.
    phased(
        copies,
        hapb3.as_ref().filter(|h| h.varies(copies)),
        &mut BTreeSet::new(),
    )
}

fn phased(copies: &Copies<'_>, hapb3: Option<&HapB3>, messages: &mut BTreeSet<&'static str>) -> Vec<Pair> {
    let (alleles, positions) = hapb3.map_or((Vec::new(), Vec::new()), |h| (HapB3::ALLELES.to_vec(), h.positions()));
    let without = Without {
        alleles: &alleles,
        positions: &positions,
    };
    let mut all: Vec<Pair> = Vec::new();
    for (first_at, mut first, second_at, mut second) in combinations::pairs(copies, without) {
        if let Some(hapb3) = hapb3 {
            first = hapb3.add(copies, first_at, first, messages);
            second = hapb3.add(copies, second_at, second, messages);
        }
        let pair = Pair::of_strands(&first, &second);
        if !all.iter().any(|known| known.copies == pair.copies) {
            all.push(pair);
        }
    }
    // The same sequence on both copies cannot be two different readings at once.
    if copies.homozygous() && all.len() > 1 {
        let same: Vec<Pair> = all.iter().filter(|p| p.copies[0].0 == p.copies[1].0).cloned().collect();
        if !same.is_empty() {
            return same;
        }
    }
    all
}

fn unphased(copies: &Copies<'_>, hapb3: Option<&HapB3>, messages: &mut BTreeSet<&'static str>) -> Vec<(String, u32)> {
    let gene = copies.gene;
    let alleles = hapb3.map_or(Vec::new(), |_| HapB3::ALLELES.to_vec());
    let without = Without {
        alleles: &alleles,
        positions: &[],
    };
    let reference = gene.reference().map_or("", |a| a.name.as_str());
    let mut twice: BTreeSet<String> = BTreeSet::new();
    for orientation in copies.sequences() {
        let beside = copies.other(orientation);
        if beside < orientation {
            continue;
        }
        for first in strands(copies, orientation, without) {
            for second in strands(copies, beside, without) {
                let mut counts: BTreeMap<&String, u32> = BTreeMap::new();
                for strand in [&first, &second] {
                    for allele in &strand.alleles {
                        if strand.variants.is_empty() || allele != reference {
                            *counts.entry(allele).or_default() += 1;
                        }
                    }
                }
                twice.extend(counts.into_iter().filter(|(_, n)| *n > 1).map(|(name, _)| name.clone()));
            }
        }
    }
    let hapb3_found = hapb3.map_or(Vec::new(), |h| h.unphased(copies, messages));
    if !hapb3_found.is_empty() {
        twice.remove(reference);
    }
    let mut found: Vec<(String, u32)> = Vec::new();
    for (index, allele) in gene.alleles.iter().enumerate() {
        if alleles.contains(&allele.name.as_str()) {
            continue;
        }
        let score = score(copies, index);
        if score > 0 && on_a_sequence(copies, index) {
            found.push((allele.shown().to_owned(), score));
        }
    }
    if found.len() + hapb3_found.len() > 2 {
        found.retain(|(name, _)| name != reference);
    }
    found.sort_by(|a, b| names::compare(&a.0, &b.0));
    let mut all = Vec::new();
    for one in found {
        if twice.contains(&one.0) {
            all.push(one.clone());
        }
        all.push(one);
    }
    all.extend(hapb3_found);
    all
}

/// Whether some sequence has every base that the allele lists itself (the reference allele: REF everywhere).
fn on_a_sequence(copies: &Copies<'_>, allele: usize) -> bool {
    let allele = &copies.gene.alleles[allele];
    copies.sequences().any(|orientation| {
        if allele.reference {
            copies.seats.iter().all(|seat| {
                let base = copies.base(seat, orientation);
                base.is_some_and(|b| allows(copies.gene.full_base(allele, seat.index), b))
            })
        } else {
            allele.bases.iter().all(|(index, defined)| match copies.seat(*index) {
                Some(seat) => copies.base(seat, orientation).is_some_and(|b| allows(defined, b)),
                None => true,
            })
        }
    })
}
