//! The alleles of all samples on one REF, and each sample's evidence in their terms.

use std::rc::Rc;

use clinotype_genome::{Fault, Result};

use super::{
    entry::{Entry, Image},
    stream::Locus,
};
use crate::{allele::SPANNING, genotype::order};

/// A site of the output.
#[derive(Debug)]
pub(super) struct Site {
    /// 0-based position of the first base of REF.
    pub(super) position: u32,
    /// REF, then the alternates in the order in which the samples bring them; `*` last.
    pub(super) alleles: Vec<Vec<u8>>,
    /// One per sample.
    pub(super) samples: Vec<Evidence>,
}

impl Site {
    /// 0-based base after REF, which is the 1-based last base of REF.
    pub(super) fn end(&self) -> u32 {
        self.position + self.alleles[0].len() as u32
    }
    /// The number of `*`, if it is there.
    pub(super) fn spanning(&self) -> Option<usize> {
        self.alleles.iter().position(|a| a == SPANNING)
    }
}

/// What one sample's own gVCF says at a site.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Evidence {
    /// Chromosomes; 0 where the gVCF has no entry.
    pub(super) ploidy: usize,
    /// Allele numbers as the gVCF called them, one per chromosome in its order; `None` is missing.
    pub(super) genotype: Vec<Option<usize>>,
    /// Whether their order tells the chromosomes apart.
    pub(super) phased: bool,
    /// Phred-scaled likelihoods of the genotypes in the order of VCF, the least of them 0; empty where the reads say
    /// nothing, or nothing was stated.
    pub(super) pl: Vec<u32>,
    /// Genotype quality of `genotype`; of a block, from its likelihoods.
    pub(super) gq: Option<u32>,
    /// Fragments over the site.
    pub(super) dp: Option<u32>,
    /// Fragments by allele; empty for a block.
    pub(super) ad: Vec<u32>,
    /// Fraction of each alternate (mitochondria).
    pub(super) fractions: Vec<Option<String>>,
    /// Phase set.
    pub(super) phase_set: Option<u32>,
    /// The filters that its own record fails; `None` where it has none at this site.
    pub(super) filters: Option<Vec<String>>,
    /// QUAL of its own record.
    pub(super) qual: Option<f64>,
}

impl Evidence {
    /// Whether every chromosome has an allele.
    pub(super) fn is_called(&self) -> bool {
        !self.genotype.is_empty() && self.genotype.iter().all(Option::is_some)
    }
}

/// Puts a place's entries together.
pub(super) fn site(locus: &Locus, samples: usize) -> Result<Site> {
    let position = locus.position;
    let chosen: Vec<Option<&Rc<Entry>>> = (0..samples)
        .map(|sample| chosen(&locus.entries[sample], position))
        .collect();
    let mut reference: Vec<u8> = Vec::new();
    let changes: Vec<_> = chosen
        .iter()
        .flatten()
        .flat_map(|entry| entry.changes().filter(|c| c.position == position))
        .collect();
    for change in &changes {
        if change.reference.len() > reference.len() {
            reference.clone_from(&change.reference);
        }
    }
    let mut alleles = vec![reference.clone()];
    for change in &changes {
        if !reference.starts_with(&change.reference) {
            return Err(Fault::input("two samples have different bases of the reference"));
        }
        let allele = whole(&change.alternate, &reference, change.reference.len());
        if !alleles.contains(&allele) {
            alleles.push(allele);
        }
    }
    let spans = chosen
        .iter()
        .flatten()
        .any(|e| (1..e.alleles.len()).any(|a| e.image(a, position) == Image::Spanning));
    if spans {
        alleles.push(SPANNING.to_vec());
    }
    let samples = chosen
        .iter()
        .zip(&locus.entries)
        .map(|(entry, all)| match entry {
            None => Evidence::default(),
            Some(entry) if entry.block => of_block(entry, all, alleles.len(), position),
            Some(entry) => of_record(entry, &alleles, position),
        })
        .collect();
    Ok(Site {
        position,
        alleles,
        samples,
    })
}

/// A change's alternate on the whole REF of the site.
fn whole(alternate: &[u8], reference: &[u8], replaced: usize) -> Vec<u8> {
    [alternate, &reference[replaced..]].concat()
}

/// The entry that speaks for a sample at a position: a record with an allele that begins there, else one that covers
/// it, else a block. Of two records the later one, which was called for this place.
fn chosen(entries: &[Rc<Entry>], position: u32) -> Option<&Rc<Entry>> {
    entries
        .iter()
        .filter(|e| e.start <= position && position < e.end)
        .max_by_key(|e| (e.changes_at(position), !e.block, e.start))
}

/// A record's alleles and likelihoods in the site's terms. What its `<NON_REF>` says holds for each allele that it
/// does not name; where several of its alleles are one at the site, the likeliest speaks.
fn of_record(entry: &Entry, alleles: &[Vec<u8>], position: u32) -> Evidence {
    let own = entry.alleles.len();
    let number = |allele: usize| match entry.image(allele, position) {
        Image::Reference => 0,
        Image::Spanning => alleles.len() - 1,
        Image::Change(change) => {
            let bases = whole(&change.alternate, &alleles[0], change.reference.len());
            alleles.iter().position(|a| *a == bases).unwrap_or(0)
        }
    };
    let numbers: Vec<usize> = (0..own).map(number).collect();
    let taken = entry.changes().filter(|c| c.position == position).count() as u32;
    entry.taken.set(entry.taken.get() + taken);
    // For each allele of the site, the record's alleles that are it.
    let sources: Vec<Vec<usize>> = (0..alleles.len())
        .map(|allele| {
            let named: Vec<usize> = (0..own).filter(|a| numbers[*a] == allele).collect();
            if named.is_empty() { vec![own] } else { named }
        })
        .collect();
    let ploidy = entry.ploidy();
    let pl = if entry.pl.is_empty() {
        Vec::new()
    } else {
        likelihoods(&entry.pl, &sources, ploidy)
    };
    let ad = if entry.ad.is_empty() {
        Vec::new()
    } else {
        let depth = |from: &Vec<usize>| from.iter().map(|a| entry.ad[*a]).sum();
        sources.iter().map(depth).collect()
    };
    let fractions = if entry.fractions.is_empty() {
        Vec::new()
    } else {
        let of = |from: &Vec<usize>| match from[..] {
            // Several alternates of one record that are one at the site: no single figure was measured.
            [one] if one > 0 => entry.fractions.get(one - 1).cloned(),
            _ => None,
        };
        sources[1..].iter().map(of).collect()
    };
    let mut genotype: Vec<Option<usize>> = entry
        .genotype
        .iter()
        .map(|allele| allele.and_then(|a| numbers.get(a).copied()))
        .collect();
    if !entry.phased {
        genotype.sort_unstable();
    }
    Evidence {
        ploidy,
        genotype,
        phased: entry.phased,
        pl,
        gq: entry.gq,
        dp: entry.dp,
        ad,
        fractions,
        phase_set: entry.phase_set,
        filters: entry.changes_at(position).then(|| entry.filters.clone()),
        qual: entry.qual,
    }
}

/// A block: every alternate is as likely as `<NON_REF>`. Where REF is longer than a base, the least certain of the
/// blocks under it speaks.
fn of_block(entry: &Entry, all: &[Rc<Entry>], alleles: usize, position: u32) -> Evidence {
    let ploidy = entry.ploidy();
    let mut least = entry.pl.clone();
    let under = |e: &&Rc<Entry>| e.block && e.end > position && e.pl.len() == entry.pl.len();
    for other in all.iter().filter(under) {
        for (a, b) in least.iter_mut().zip(&other.pl) {
            *a = (*a).min(*b);
        }
    }
    let sources: Vec<Vec<usize>> = (0..alleles).map(|a| vec![usize::from(a > 0)]).collect();
    let pl = if least.is_empty() {
        Vec::new()
    } else {
        likelihoods(&least, &sources, ploidy)
    };
    let others = least.iter().skip(1).min().copied().unwrap_or(0);
    let from_likelihoods = others.saturating_sub(least.first().copied().unwrap_or(0)).min(99);
    Evidence {
        ploidy,
        genotype: entry.genotype.clone(),
        pl,
        gq: Some(entry.gq.map_or(from_likelihoods, |gq| gq.min(from_likelihoods))),
        dp: entry.dp,
        ..Evidence::default()
    }
}

/// Likelihoods over other alleles: `sources` has, for each new allele, the old ones that it stands for. Empty where
/// every genotype is equally likely, because that is no evidence.
fn likelihoods(pl: &[u32], sources: &[Vec<usize>], ploidy: usize) -> Vec<u32> {
    let of = |a: usize, b: usize| {
        let (low, high) = (a.min(b), a.max(b));
        pl.get(high * (high + 1) / 2 + low).copied().unwrap_or(u32::MAX)
    };
    let mut new: Vec<u32> = order(sources.len(), ploidy)
        .into_iter()
        .map(|genotype| match genotype[..] {
            [x] => sources[x].iter().filter_map(|a| pl.get(*a).copied()).min(),
            [x, y] => sources[x]
                .iter()
                .flat_map(|a| sources[y].iter().map(move |b| of(*a, *b)))
                .min(),
            _ => None,
        })
        .map(|value| value.unwrap_or(u32::MAX))
        .collect();
    let least = new.iter().min().copied().unwrap_or(0);
    for value in &mut new {
        *value -= least;
    }
    if new.iter().all(|value| *value == 0) {
        return Vec::new();
    }
    new
}
