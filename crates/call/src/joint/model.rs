//! Genotypes of a whole family under one prior.
//!
//! Founders: the chromosomes of all founders are exchangeable. That `k` of their `m` chromosomes hold an alternate has
//! the chance rate/k, with the caller's own rates ([`crate::genotype`]), and every choice of `k` chromosomes is equally
//! likely (the allele count prior of a population at equilibrium: Li 2011, Bioinformatics 27:2987, section 2.3.4). For
//! one sample this is the prior of the single-sample caller. A second alternate costs a factor, as there.
//!
//! Children: each parent gives one of its alleles with equal chance, and an allele turns into another one with the
//! chance [`DE_NOVO`] (as in DeNovoGear, Ramu 2013, Nat Methods 10:985, and PolyMutt, Li 2012, PLoS Genet 8:e1002944).
//! The rate per base is about 1.2e-8 (Kong 2012, Nature 488:471); the prior here is 1e-6, the default of GATK's
//! CalculateGenotypePosteriors, so that true de novo alleles are not outweighed. A parent without evidence, or who was
//! not sequenced, is one more chromosome among the founders'.
//!
//! The sum over the genotypes of all members is exact but for genotypes whose likelihood is 10^-10 or less of the
//! sample's best, so loops in the pedigree need no special care.

use std::collections::BTreeMap;

use super::{
    denovo::Candidate,
    unify::{Evidence, Site},
};
use crate::{
    allele::SPANNING,
    genotype::{MAX_GQ, order},
    options::{self, SNV_PRIOR},
};

/// Prior chance that a transmitted allele is another one than the parent's.
pub(super) const DE_NOVO: f64 = 1e-6;
/// Chance of a further alternate at a site that has one: as in the single-sample caller.
const SECOND_INDEL: f64 = 0.02;
const SECOND_SNV: f64 = 1e-3;
/// A genotype of the sample's own evidence that is at least so certain is never changed by the family.
pub(super) const CERTAIN: u32 = 20;
/// Genotypes with a greater PL are left out of the sum; the next is tried where the sum would be too long.
const BEYOND: [u32; 4] = [300, 200, 140, 100];
/// Most combinations of genotypes in one sum.
const MOST: usize = 20_000;
/// The greatest phred-scaled posterior that is told.
const MAX_PP: f64 = 999.0;

/// Where one chromosome of a child comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gamete {
    /// From the member of this number in the list of members.
    Parent(usize),
    /// From somebody without evidence.
    Stranger,
}

/// A sample with likelihoods at a site.
#[derive(Clone, Debug)]
pub(super) struct Member<'a> {
    /// Phred-scaled likelihoods in the order of VCF.
    pub(super) pl: &'a [u32],
    /// Chromosomes.
    pub(super) ploidy: usize,
    /// Where they come from; empty for a founder. Parents stand before their children.
    pub(super) gametes: Vec<Gamete>,
}

/// What the sum gave.
#[derive(Clone, Debug)]
pub(super) struct Posterior {
    /// For each member the chance of each genotype.
    pub(super) genotypes: Vec<Vec<f64>>,
    /// For each member the chance that no gametes of the parents give its genotype without a mutation.
    pub(super) mutated: Vec<f64>,
    /// Phred-scaled chance that nobody has an alternate other than `*`.
    pub(super) qual: f64,
}

/// Rates of the alleles of a site; of REF it is not used. The spanning deletion was weighed where it begins: here it
/// costs as much as a base.
pub(super) fn rates(alleles: &[Vec<u8>], indel: f64) -> Vec<f64> {
    alleles
        .iter()
        .map(|a| {
            if a != SPANNING && a.len() != alleles[0].len() {
                indel
            } else {
                SNV_PRIOR
            }
        })
        .collect()
}

/// The posterior of all members together; `None` where the sum would be too long. `spanning` is the number of `*`.
pub(super) fn posterior(members: &[Member<'_>], rates: &[f64], spanning: Option<usize>) -> Option<Posterior> {
    let genotypes: Vec<Vec<Vec<usize>>> = members.iter().map(|m| order(rates.len(), m.ploidy)).collect();
    let within = |most: u32| -> Vec<Vec<usize>> {
        members
            .iter()
            .map(|m| (0..m.pl.len()).filter(|g| m.pl[*g] <= most).collect())
            .collect()
    };
    let strangers = members
        .iter()
        .flat_map(|m| &m.gametes)
        .filter(|g| **g == Gamete::Stranger)
        .count();
    let fits = |states: &Vec<Vec<usize>>| {
        let start = rates.len().checked_pow(strangers as u32);
        states
            .iter()
            .try_fold(start?, |product, s| product.checked_mul(s.len()))
            .filter(|n| *n <= MOST)
    };
    let states = BEYOND.iter().map(|most| within(*most)).find(|s| fits(s).is_some())?;
    let mut sum = Sum::new(members, &genotypes, rates);
    let total = sum.over(&states);
    let (chances, mutated) = (sum.genotypes.clone(), sum.mutated.clone());
    // Nobody has an alternate: its likelihood may be far below those that the first sum keeps.
    let mut bare: Vec<Vec<usize>> = genotypes
        .iter()
        .map(|list| {
            (0..list.len())
                .filter(|g| list[*g].iter().all(|a| *a == 0 || Some(*a) == spanning))
                .collect()
        })
        .collect();
    for (states, member) in bare.iter_mut().zip(members) {
        let least = states.iter().map(|g| member.pl[*g]).min().unwrap_or(0);
        states.retain(|g| member.pl[*g] <= least.saturating_add(BEYOND[3]));
    }
    fits(&bare)?;
    let without = sum.over(&bare);
    Some(Posterior {
        genotypes: chances,
        mutated,
        qual: (10.0 * (total.max(without) - without)).max(0.0),
    })
}

/// One sum over the genotypes of all members.
struct Sum<'a> {
    members: &'a [Member<'a>],
    alleles: &'a [Vec<Vec<usize>>],
    rates: &'a [f64],
    genotypes: Vec<Vec<f64>>,
    mutated: Vec<f64>,
    total: f64,
    // Of the combination in work:
    chosen: Vec<usize>,
    impossible: Vec<bool>,
    counts: Vec<usize>,
    /// Likelihoods of the states of each member, relative to its best.
    likely: Vec<Vec<f64>>,
}

impl<'a> Sum<'a> {
    fn new(members: &'a [Member<'a>], alleles: &'a [Vec<Vec<usize>>], rates: &'a [f64]) -> Self {
        Self {
            members,
            alleles,
            rates,
            genotypes: Vec::new(),
            mutated: Vec::new(),
            total: 0.0,
            chosen: vec![0; members.len()],
            impossible: vec![false; members.len()],
            counts: vec![0; rates.len()],
            likely: Vec::new(),
        }
    }

    /// Sums over the combinations of these genotypes; gives the log10 of the sum. The shares stay in `genotypes` and
    /// `mutated`.
    fn over(&mut self, states: &[Vec<usize>]) -> f64 {
        self.genotypes = self.alleles.iter().map(|list| vec![0.0; list.len()]).collect();
        self.mutated = vec![0.0; self.members.len()];
        self.total = 0.0;
        // Likelihoods relative to the best state, so that no product vanishes.
        let least: Vec<u32> = states
            .iter()
            .zip(self.members)
            .map(|(s, m)| s.iter().map(|g| m.pl[*g]).min().unwrap_or(0))
            .collect();
        let relative = |pl: u32, least: u32| 10f64.powf(f64::from(pl - least) / -10.0);
        self.likely = states
            .iter()
            .zip(self.members)
            .zip(&least)
            .map(|((s, m), l)| s.iter().map(|g| relative(m.pl[*g], *l)).collect())
            .collect();
        self.walk(states, 0, 1.0);
        for value in self.genotypes.iter_mut().flatten().chain(&mut self.mutated) {
            *value /= self.total;
        }
        let shift: f64 = least.iter().map(|l| f64::from(*l) / -10.0).sum();
        self.total.log10() + shift
    }

    fn walk(&mut self, states: &[Vec<usize>], number: usize, weight: f64) {
        let members = self.members;
        let Some(member) = members.get(number) else {
            let weight = weight * self.founders();
            self.total += weight;
            for (member, &genotype) in self.chosen.iter().enumerate() {
                self.genotypes[member][genotype] += weight;
                if self.impossible[member] {
                    self.mutated[member] += weight;
                }
            }
            return;
        };
        let all = self.alleles;
        for (state, &genotype) in states[number].iter().enumerate() {
            let likely = self.likely[number][state];
            self.chosen[number] = genotype;
            let alleles = &all[number][genotype][..];
            if member.gametes.is_empty() {
                let ways = if alleles.len() == 2 && alleles[0] != alleles[1] {
                    2.0
                } else {
                    1.0
                };
                for a in alleles {
                    self.counts[*a] += 1;
                }
                self.walk(states, number + 1, weight * likely * ways);
                for a in alleles {
                    self.counts[*a] -= 1;
                }
                continue;
            }
            let swapped: Vec<usize> = alleles.iter().rev().copied().collect();
            let orders: &[&[usize]] = if alleles.first() == alleles.last() {
                &[alleles]
            } else {
                &[alleles, &swapped]
            };
            let possible = orders.iter().any(|order| self.is_possible(&member.gametes, order));
            for order in orders {
                let mut given = weight * likely;
                for (gamete, &allele) in member.gametes.iter().zip(*order) {
                    match gamete {
                        Gamete::Stranger => self.counts[allele] += 1,
                        Gamete::Parent(parent) => given *= self.transmitted(*parent, allele),
                    }
                }
                self.impossible[number] = !possible;
                self.walk(states, number + 1, given);
                for (gamete, &allele) in member.gametes.iter().zip(*order) {
                    if *gamete == Gamete::Stranger {
                        self.counts[allele] -= 1;
                    }
                }
            }
            self.impossible[number] = false;
        }
    }

    /// Whether the gametes give these alleles, in this order, without a mutation.
    fn is_possible(&self, gametes: &[Gamete], alleles: &[usize]) -> bool {
        gametes.iter().zip(alleles).all(|(gamete, allele)| match gamete {
            Gamete::Stranger => true,
            Gamete::Parent(parent) => self.alleles[*parent][self.chosen[*parent]].contains(allele),
        })
    }

    fn transmitted(&self, parent: usize, allele: usize) -> f64 {
        let held = &self.alleles[parent][self.chosen[parent]];
        let others = (self.rates.len() - 1) as f64;
        held.iter()
            .map(|a| if *a == allele { 1.0 - DE_NOVO } else { DE_NOVO / others })
            .sum::<f64>()
            / held.len() as f64
    }

    /// Prior of one choice of the founders' chromosomes.
    fn founders(&self) -> f64 {
        let chromosomes: usize = self.counts.iter().sum();
        let present: Vec<usize> = (1..self.counts.len()).filter(|a| self.counts[*a] > 0).collect();
        if present.is_empty() {
            let harmonic: f64 = (1..=chromosomes).map(|k| 1.0 / k as f64).sum();
            let variant: f64 = self.rates[1..].iter().sum::<f64>() * harmonic;
            return (1.0 - variant).max(0.5);
        }
        let alternates: usize = present.iter().map(|a| self.counts[*a]).sum();
        let main = present.iter().map(|a| self.rates[*a]).fold(0.0, f64::max);
        let indels = present.iter().filter(|a| self.rates[**a] != SNV_PRIOR).count();
        let mut chance = main / (alternates - present.len() + 1) as f64;
        for further in 1..present.len() {
            chance *= if further < indels { SECOND_INDEL } else { SECOND_SNV };
        }
        chance /= choose(alternates - 1, present.len() - 1);
        let mut left = chromosomes;
        for count in &self.counts {
            chance /= choose(left, *count);
            left -= count;
        }
        chance
    }
}

/// Number of ways to choose `k` of `n`.
fn choose(n: usize, k: usize) -> f64 {
    (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product()
}

/// A genotype of the output.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Genotype {
    /// Allele numbers in the order to write; `None` is missing.
    pub(super) alleles: Vec<Option<usize>>,
    /// Whether their order tells the chromosomes apart.
    pub(super) phased: bool,
    /// Phred-scaled chance that it is another one.
    pub(super) gq: Option<u32>,
    /// Phred-scaled posteriors in the order of VCF; empty where the model was not used.
    pub(super) pp: Vec<u32>,
    /// Whether the child may have an allele of its own.
    pub(super) de_novo: Option<Candidate>,
}

/// The calls of a site.
#[derive(Clone, Debug, Default)]
pub(super) struct Called {
    /// QUAL.
    pub(super) qual: Option<f64>,
    /// One per sample.
    pub(super) genotypes: Vec<Genotype>,
    /// Whether the genotypes are those of the inputs, without likelihoods.
    pub(super) as_stated: bool,
}

/// The genotypes as the inputs state them, for mitochondria.
pub(super) fn as_stated(site: &Site) -> Called {
    let of = |evidence: &Evidence| Genotype {
        alleles: evidence.genotype.clone(),
        phased: evidence.phased,
        gq: evidence.gq,
        ..Genotype::default()
    };
    Called {
        qual: site.samples.iter().filter_map(|s| s.qual).reduce(f64::max),
        genotypes: site.samples.iter().map(of).collect(),
        as_stated: true,
    }
}

/// The genotype of a sample from its evidence, its posterior alone, and that with its family.
///
/// The gVCF's genotype stays where it is certain, where the family does not move the posterior's choice, or where
/// there is no posterior. A sample whose gVCF states no genotype gets one only where its own reads prefer the same.
pub(super) fn decide(
    evidence: &Evidence,
    orders: &[Vec<usize>],
    alone: Option<&[f64]>,
    joint: Option<&[f64]>,
) -> Genotype {
    let mut genotype = Genotype {
        alleles: evidence.genotype.clone(),
        phased: evidence.phased,
        gq: evidence.gq,
        ..Genotype::default()
    };
    let missing = || vec![None; evidence.genotype.len()];
    let (Some(alone), Some(joint)) = (alone, joint) else {
        if !evidence.is_called() || evidence.pl.is_empty() && evidence.gq == Some(0) {
            genotype.alleles = missing();
            genotype.gq = None;
        }
        return genotype;
    };
    genotype.pp = phred(joint);
    let best = likeliest(joint);
    let stated = evidence.is_called().then(|| {
        let mut alleles: Vec<usize> = evidence.genotype.iter().flatten().copied().collect();
        alleles.sort_unstable();
        orders.iter().position(|o| *o == alleles)
    });
    let chosen = match stated.flatten() {
        Some(stated) if evidence.gq >= Some(CERTAIN) || best == likeliest(alone) => stated,
        Some(_) => best,
        None => {
            let own = evidence.pl.iter().filter(|p| **p == 0).count() == 1 && evidence.pl[best] == 0;
            if !own {
                genotype.alleles = missing();
                genotype.phased = false;
                genotype.gq = None;
                return genotype;
            }
            best
        }
    };
    if stated.flatten() != Some(chosen) {
        genotype.alleles = orders[chosen].iter().copied().map(Some).collect();
        genotype.phased = false;
    }
    if chosen == best {
        let others: f64 = (0..joint.len()).filter(|g| *g != chosen).map(|g| joint[g]).sum();
        let mut gq = (-10.0 * others.log10()).clamp(0.0, f64::from(MAX_GQ)).round() as u32;
        if chosen == 0 {
            // No prior makes a reference genotype more certain than the sample's own reads do.
            let next = evidence.pl[1..].iter().min().copied().unwrap_or(0);
            gq = gq.min(next.saturating_sub(evidence.pl[0]));
        }
        genotype.gq = Some(gq);
    }
    genotype
}

fn likeliest(chances: &[f64]) -> usize {
    (0..chances.len()).fold(0, |best, g| if chances[g] > chances[best] { g } else { best })
}

fn phred(chances: &[f64]) -> Vec<u32> {
    let scaled = |c: &f64| (-10.0 * c.log10()).clamp(0.0, MAX_PP).round() as u32;
    chances.iter().map(scaled).collect()
}

/// The numbers of the model, by name.
pub(super) fn parameters() -> BTreeMap<String, String> {
    [
        ("prior_snv", SNV_PRIOR.to_string()),
        ("prior_indel", options::INDEL_PRIOR.to_string()),
        ("prior_second_snv", SECOND_SNV.to_string()),
        ("prior_second_indel", SECOND_INDEL.to_string()),
        ("prior_de_novo", DE_NOVO.to_string()),
        ("certain_gq", CERTAIN.to_string()),
        ("most_combinations", MOST.to_string()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}
