//! Star-allele matching: which pairs of named alleles explain the genotypes.
//!
//! Every allele is filled up with the bases of the reference allele. A pair fits if one sequence of the sample is the
//! first allele and the sequence beside it the second. The pair with the highest sum of scores wins; equals are all
//! kept.

use std::cmp::Ordering;

use super::{
    copies::{Copies, score, wobbles},
    definitions::allows,
    names,
};

/// A pair of alleles (or one, on one copy) that fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fit {
    /// Names as they are shown, in order; one for one copy.
    pub(super) alleles: Vec<String>,
    pub(super) score: u32,
}

impl Fit {
    fn order(&self, other: &Self) -> Ordering {
        let by_names = || {
            self.alleles
                .iter()
                .zip(&other.alleles)
                .map(|(a, b)| names::compare(a, b))
                .find(|o| *o != Ordering::Equal)
                .unwrap_or(Ordering::Equal)
        };
        other.score.cmp(&self.score).then_with(by_names)
    }
}

/// An allele with the orientations of each group in which a sequence of the sample is this allele: bit 0 as written,
/// bit 1 turned round.
struct Match {
    allele: usize,
    allowed: Vec<u8>,
    score: u32,
    wobbles: Vec<usize>,
}

/// Every pair that fits, the highest score first.
pub(super) fn fits(copies: &Copies<'_>) -> Vec<Fit> {
    let matches: Vec<Match> = (0..copies.gene.alleles.len())
        .filter_map(|allele| matching(copies, allele))
        .collect();
    let mut all = Vec::new();
    let name = |m: &Match| copies.gene.alleles[m.allele].shown().to_owned();
    for (i, first) in matches.iter().enumerate() {
        if copies.haploid {
            all.push(Fit {
                alleles: vec![name(first)],
                score: first.score - penalty(copies, first, &[0]),
            });
            continue;
        }
        for second in &matches[i..] {
            if let Some(score) = pair_score(copies, first, second) {
                let mut alleles = vec![name(first), name(second)];
                alleles.sort_by(|a, b| names::compare(a, b));
                all.push(Fit { alleles, score });
            }
        }
    }
    all.sort_by(Fit::order);
    // Sub-alleles are shown by the name of their core allele; the best of each pair of names stays.
    let mut seen: Vec<Vec<String>> = Vec::new();
    all.retain(|fit| {
        let new = !seen.contains(&fit.alleles);
        if new {
            seen.push(fit.alleles.clone());
        }
        new
    });
    all
}

/// Those with the highest score.
pub(super) fn best(fits: &[Fit]) -> Vec<Fit> {
    let top = fits.first().map_or(0, |fit| fit.score);
    fits.iter().filter(|fit| fit.score == top).cloned().collect()
}

fn matching(copies: &Copies<'_>, allele: usize) -> Option<Match> {
    let gene = copies.gene;
    let definition = &gene.alleles[allele];
    let score = score(copies, allele);
    if score == 0 {
        return None;
    }
    let mut allowed = vec![0b11_u8; copies.groups];
    let mut fit = |seat: &super::copies::Seat<'_>, base: &str| -> bool {
        let fits = |copy: usize| seat.site.read[copy].as_deref().is_some_and(|b| allows(base, b));
        match seat.group {
            Some(group) if !copies.haploid => {
                allowed[group] &= u8::from(fits(0)) | u8::from(fits(1)) << 1;
                allowed[group] != 0
            }
            _ => copies.base(seat, 0).is_some_and(|b| allows(base, b)),
        }
    };
    for (index, base) in &definition.bases {
        if let Some(seat) = copies.seat(*index)
            && !fit(seat, base)
        {
            return None;
        }
    }
    for seat in copies.variant_seats() {
        if definition.base(seat.index).is_none() && !fit(seat, gene.full_base(definition, seat.index)) {
            return None;
        }
    }
    // Where a reference allele is not REF, alleles without a base of their own must have it too.
    if !definition.reference
        && let Some(reference) = gene.reference()
    {
        for (index, _) in &reference.bases {
            if let Some(seat) = copies.seat(*index)
                && definition.base(*index).is_none()
                && !fit(seat, gene.full_base(definition, *index))
            {
                return None;
            }
        }
    }
    Some(Match {
        allele,
        allowed,
        score,
        wobbles: wobbles(copies, allele),
    })
}

/// What an allele loses on these sequences: one for each IUPAC letter where all of them are REF.
fn penalty(copies: &Copies<'_>, matched: &Match, sequences: &[u64]) -> u32 {
    let all_reference = |index: &&usize| {
        let reference = copies.gene.positions[**index].reference.as_str();
        copies
            .seat(**index)
            .is_some_and(|seat| sequences.iter().all(|s| copies.base(seat, *s) == Some(reference)))
    };
    matched.wobbles.iter().filter(all_reference).count() as u32
}

/// The score of the best pair of sequences that the two alleles are; `None` if there is none.
fn pair_score(copies: &Copies<'_>, first: &Match, second: &Match) -> Option<u32> {
    let turned = |bits: u8| bits >> 1 & 1 | (bits & 1) << 1;
    // Per group the orientations in which the first allele lies on the sequence and the second beside it.
    let choices: Vec<u8> = first
        .allowed
        .iter()
        .zip(&second.allowed)
        .map(|(a, b)| a & turned(*b))
        .collect();
    if choices.contains(&0) {
        return None;
    }
    let sum = first.score + second.score;
    if first.wobbles.is_empty() && second.wobbles.is_empty() {
        return Some(sum);
    }
    let is_on = |m: &Match, orientation: u64| {
        m.allowed
            .iter()
            .enumerate()
            .all(|(g, bits)| bits >> (orientation >> g & 1) & 1 == 1)
    };
    let open: Vec<usize> = (0..choices.len())
        .filter(|g| choices[*g] == 0b11)
        .take(super::copies::MOST_GROUPS)
        .collect();
    let mut base = 0_u64;
    for (group, bits) in choices.iter().enumerate() {
        if *bits == 0b10 {
            base |= 1 << group;
        }
    }
    (0..1_u64 << open.len())
        .map(|pick| {
            let mut orientation = base;
            for (bit, group) in open.iter().enumerate() {
                if pick >> bit & 1 == 1 {
                    orientation |= 1 << group;
                }
            }
            let beside = copies.other(orientation);
            let (mut one, mut two) = (vec![orientation], vec![beside]);
            if first.allele != second.allele {
                if is_on(first, beside) {
                    one.push(beside);
                }
                if is_on(second, orientation) {
                    two.push(orientation);
                }
            }
            sum - penalty(copies, first, &one) - penalty(copies, second, &two)
        })
        .max()
}
