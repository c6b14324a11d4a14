//! Rows of several variants: interactions, haplotypes and diplotypes.
//!
//! The PGS Catalog's format: the parts of an interaction are divided by `_x_` in every column, the weight is multiplied
//! with the dosage of each. The variants of a haplotype are divided by `;`, and a diplotype's two haplotypes by `/`. A
//! haplotype is counted only where the phase of its alleles is known; most such rows name HLA types in words, which
//! genotypes of variants do not answer.

use std::collections::HashMap;

use super::{
    score_file::{Model, Unusable, bases},
    site::{Call, Site, contig_number},
};

/// An allele at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) contig: u8,
    pub(crate) position: u32,
    pub(crate) effect: Box<str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Dosages multiplied.
    Interaction(Vec<Part>),
    /// Copies of one chromosome with every allele.
    Haplotype(Vec<Part>),
    /// One where the two chromosomes are these two.
    Diplotype(Vec<Part>, Vec<Part>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Complex {
    pub(crate) number: u32,
    pub(crate) kind: Kind,
    pub(crate) model: Model,
}

impl Complex {
    pub(crate) fn parts(&self) -> impl Iterator<Item = &Part> {
        let (first, second): (&[Part], &[Part]) = match &self.kind {
            Kind::Interaction(parts) | Kind::Haplotype(parts) => (parts, &[]),
            Kind::Diplotype(a, b) => (a, b),
        };
        first.iter().chain(second)
    }

    pub(crate) fn word(&self) -> &'static str {
        match self.kind {
            Kind::Interaction(_) => "interaction",
            Kind::Haplotype(_) => "haplotype",
            Kind::Diplotype(..) => "diplotype",
        }
    }
}

fn list(contig: Option<&str>, position: Option<&str>, effect: &str, by: &str) -> Result<Vec<Part>, Unusable> {
    // An effect may carry its variant's name (`rs123-A`).
    let effects: Vec<&str> = effect
        .split(by)
        .map(|part| part.trim().rsplit_once('-').map_or(part.trim(), |(_, allele)| allele))
        .collect();
    if effects.iter().any(|e| bases(e).is_none()) {
        return Err(Unusable::NamedHaplotype);
    }
    let (Some(contig), Some(position)) = (contig, position) else {
        return Err(Unusable::NoPosition);
    };
    let positions: Vec<&str> = position.split(by).map(str::trim).collect();
    let contigs: Vec<&str> = contig.split(by).map(str::trim).collect();
    if positions.len() != effects.len() || (contigs.len() != effects.len() && contigs.len() != 1) {
        return Err(Unusable::Parts);
    }
    effects
        .iter()
        .enumerate()
        .map(|(index, effect)| {
            Ok(Part {
                contig: contig_number(contigs.get(index).unwrap_or(&contigs[0])).ok_or(Unusable::OtherContig)?,
                position: positions[index]
                    .parse()
                    .ok()
                    .filter(|p| *p > 0)
                    .ok_or(Unusable::Parts)?,
                effect: bases(effect).ok_or(Unusable::NoBases)?,
            })
        })
        .collect()
}

/// The parts of a row.
pub(super) fn parts(
    number: u32,
    contig: Option<&str>,
    position: Option<&str>,
    effect: &str,
    model: Model,
    [interaction, _, diplotype]: [bool; 3],
) -> Result<Complex, Unusable> {
    let kind = if interaction {
        let found = list(contig, position, effect, "_x_")?;
        if found.len() < 2 || !matches!(model, Model::Additive(_)) {
            return Err(Unusable::Parts);
        }
        Kind::Interaction(found)
    } else if diplotype {
        let (one, two) = effect.split_once('/').ok_or(Unusable::NamedHaplotype)?;
        let halves = |text: Option<&str>| match text.map(|t| t.split_once('/').unwrap_or((t, t))) {
            Some((a, b)) => (Some(a.to_owned()), Some(b.to_owned())),
            None => (None, None),
        };
        let ((contig_a, contig_b), (position_a, position_b)) = (halves(contig), halves(position));
        Kind::Diplotype(
            list(contig_a.as_deref(), position_a.as_deref(), one, ";")?,
            list(contig_b.as_deref(), position_b.as_deref(), two, ";")?,
        )
    } else {
        Kind::Haplotype(list(contig, position, effect, ";")?)
    };
    // A chromosome is one molecule: its parts lie on one contig.
    let one_contig = |parts: &[Part]| parts.iter().all(|p| p.contig == parts[0].contig);
    let fits = match &kind {
        Kind::Interaction(_) => true,
        Kind::Haplotype(parts) => one_contig(parts),
        Kind::Diplotype(a, b) => one_contig(a) && one_contig(b) && a[0].contig == b[0].contig,
    };
    if fits {
        Ok(Complex { number, kind, model })
    } else {
        Err(Unusable::Parts)
    }
}

/// The records at the places of complex rows.
pub(super) type Kept = HashMap<(u8, u32), Vec<Site>>;

/// The record that holds the allele, and the allele's number there.
fn held<'k>(part: &Part, kept: &'k Kept) -> Option<(&'k Site, u8)> {
    kept.get(&(part.contig, part.position))?
        .iter()
        .filter(|s| !s.filtered)
        .find_map(|site| {
            if *site.reference == *part.effect {
                return Some((site, 0));
            }
            let at = site.alternates.iter().position(|a| **a == *part.effect)?;
            Some((site, at as u8 + 1))
        })
}

/// Whether every part has a record with its allele.
pub(super) fn is_matched(complex: &Complex, kept: &Kept) -> bool {
    complex.parts().all(|part| held(part, kept).is_some())
}

/// What the row adds for a sample; `None` where a genotype or the phase is missing.
pub(super) fn value(complex: &Complex, kept: &Kept, sample: usize) -> Option<f64> {
    match &complex.kind {
        Kind::Interaction(parts) => {
            let mut product = 1.0;
            for part in parts {
                let (site, allele) = held(part, kept)?;
                product *= site.calls[sample].dosage_of(allele, site.alternates.len())?;
            }
            complex.model.value(product, None)
        }
        Kind::Haplotype(parts) => {
            let [one, two] = chromosomes(parts, kept, sample)?;
            let copies = u8::from(one) + u8::from(two);
            complex.model.value(f64::from(copies), Some(copies))
        }
        Kind::Diplotype(a, b) => {
            // Both haplotypes must be told on the same two chromosomes, in the order of one phase set.
            let parts: Vec<Part> = a.iter().chain(b).cloned().collect();
            phase(&parts, kept, sample)?;
            let ([a1, a2], [b1, b2]) = (chromosomes(a, kept, sample)?, chromosomes(b, kept, sample)?);
            let there = u8::from(a1 && b2 || a2 && b1);
            complex.model.value(f64::from(there), Some(there))
        }
    }
}

/// The genotypes of the parts; `None` unless at most one is heterozygous or all those share a phase set.
fn phase<'k>(parts: &[Part], kept: &'k Kept, sample: usize) -> Option<Vec<(&'k Call, u8)>> {
    let mut calls = Vec::with_capacity(parts.len());
    let mut set: Option<(bool, Option<u32>)> = None;
    for part in parts {
        let (site, allele) = held(part, kept)?;
        let call = &site.calls[sample];
        if call.ploidy != 2 {
            return None;
        }
        if call.alleles[0] != call.alleles[1] {
            let own = (call.phased, call.phase_set);
            match set {
                None => set = Some(own),
                // Without PS callers differ in what a phased genotype promises.
                Some(other) if other == own && call.phased && call.phase_set.is_some() => {}
                Some(_) => return None,
            }
        }
        calls.push((call, allele));
    }
    Some(calls)
}

/// Whether each of the two chromosomes holds every allele.
fn chromosomes(parts: &[Part], kept: &Kept, sample: usize) -> Option<[bool; 2]> {
    let calls = phase(parts, kept, sample)?;
    Some([0, 1].map(|copy| calls.iter().all(|(call, allele)| call.alleles[copy] == *allele)))
}
