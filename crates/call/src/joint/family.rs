//! Who gives whom a chromosome: autosomes, X and Y.

use std::collections::BTreeMap;

use clinotype_genome::{Build, ContigKey, Fault, Result};

use super::{
    JointOptions, JointSummary,
    denovo::{self, Candidate},
    model::{self, Called, Gamete, Member},
    unify::{Evidence, Site},
};
use crate::{Sex, genotype::order};

/// The samples and their parents among them.
#[derive(Debug)]
pub(super) struct Family {
    father: Vec<Option<usize>>,
    mother: Vec<Option<usize>>,
    sex: Vec<Sex>,
    /// Samples with parents before children.
    generations: Vec<usize>,
    build: Option<Build>,
}

/// The reasons in [`JointSummary::without_family`].
const PLOIDY: &str = "number of chromosomes does not fit sex and parents";
const TOO_MANY: &str = "too many combinations of genotypes";

impl Family {
    /// Finds the samples among the declared relatives.
    pub(super) fn new(options: &JointOptions<'_>, samples: &[String]) -> Result<Self> {
        let number = |name: &Option<String>| samples.iter().position(|s| Some(s) == name.as_ref());
        let mut family = Self {
            father: vec![None; samples.len()],
            mother: vec![None; samples.len()],
            sex: vec![Sex::Unknown; samples.len()],
            generations: Vec::new(),
            build: options.build,
        };
        for (index, (sample, path)) in samples.iter().zip(options.gvcfs).enumerate() {
            if options.relatives.is_empty() {
                break;
            }
            let Some(found) = options.relatives.iter().find(|r| r.sample == *sample) else {
                return Err(Fault::input("its sample is not in the pedigree")
                    .at(path)
                    .hint("add a line for it to the pedigree, or leave out this gVCF"));
            };
            family.father[index] = number(&found.father);
            family.mother[index] = number(&found.mother);
            family.sex[index] = found.sex;
        }
        while family.generations.len() < samples.len() {
            let known = |parent: Option<usize>| parent.is_none_or(|p| family.generations.contains(&p));
            let next = (0..samples.len())
                .find(|s| !family.generations.contains(s) && known(family.father[*s]) && known(family.mother[*s]));
            match next {
                Some(next) => family.generations.push(next),
                None => return Err(Fault::input("the pedigree makes a person their own ancestor")),
            }
        }
        Ok(family)
    }

    /// The parents who give this sample its chromosomes at the site, `None` for a stranger; `Err` where the numbers of
    /// chromosomes do not allow it.
    fn givers(&self, sample: usize, site: &Site, key: Option<&ContigKey>) -> Result<Vec<Option<usize>>, &'static str> {
        let (father, mother) = (self.father[sample], self.mother[sample]);
        if father.is_none() && mother.is_none() {
            return Ok(Vec::new());
        }
        let ploidy = |s: Option<usize>| s.map_or(0, |s| site.samples[s].ploidy);
        let (child, of_father, of_mother) = (ploidy(Some(sample)), ploidy(father), ploidy(mother));
        // 0 is a parent without an entry here, of whom nothing is asked.
        let is = |ploidy: usize, wanted: usize| ploidy == 0 || ploidy == wanted;
        let diploid = child == 2 && is(of_father, 2) && is(of_mother, 2);
        let name = key.map_or("", ContigKey::as_str);
        let shared = match (self.build, key) {
            (Some(build), Some(key)) => build
                .pseudoautosomal(key)
                .iter()
                .any(|(start, end)| (*start..*end).contains(&site.position)),
            _ => false,
        };
        let givers = match name {
            "X" if !shared && child == 1 && self.sex[sample] != Sex::Female && is(of_mother, 2) => vec![mother],
            "X" if !shared && child == 2 && self.sex[sample] == Sex::Female && is(of_father, 1) && is(of_mother, 2) => {
                vec![father, mother]
            }
            "Y" if !shared && child == 1 && self.sex[sample] != Sex::Female && is(of_father, 1) => vec![father],
            "X" | "Y" if !shared => return Err(PLOIDY),
            _ if diploid => vec![father, mother],
            _ => return Err(PLOIDY),
        };
        Ok(givers)
    }

    /// Calls every sample at a site. `indel` is the rate of heterozygous indels there.
    pub(super) fn call(&self, site: &Site, key: Option<&ContigKey>, indel: f64, summary: &mut JointSummary) -> Called {
        let rates = model::rates(&site.alleles, indel);
        let spanning = site.spanning();
        let mut members: Vec<Member<'_>> = Vec::new();
        let mut number: BTreeMap<usize, usize> = BTreeMap::new();
        let mut givers: Vec<Vec<Option<usize>>> = vec![Vec::new(); site.samples.len()];
        for &sample in &self.generations {
            let evidence = &site.samples[sample];
            if evidence.pl.is_empty() {
                continue;
            }
            givers[sample] = self.givers(sample, site, key).unwrap_or_else(|reason| {
                *summary.without_family.entry(reason).or_default() += 1;
                Vec::new()
            });
            let mut gametes: Vec<Gamete> = givers[sample]
                .iter()
                .map(|giver| match giver.and_then(|g| number.get(&g)) {
                    Some(parent) => Gamete::Parent(*parent),
                    None => Gamete::Stranger,
                })
                .collect();
            if gametes.iter().all(|g| *g == Gamete::Stranger) {
                gametes.clear();
            }
            number.insert(sample, members.len());
            members.push(Member {
                pl: &evidence.pl,
                ploidy: evidence.ploidy,
                gametes,
            });
        }
        let joint = model::posterior(&members, &rates, spanning);
        if joint.is_none() {
            *summary.without_family.entry(TOO_MANY).or_default() += 1;
        }
        let mut qual = joint.as_ref().filter(|_| !members.is_empty()).map(|j| j.qual);
        let stated = site.samples.iter().filter_map(|s| s.qual).reduce(f64::max);
        if qual.is_none() {
            qual = stated;
        }
        let mut genotypes = Vec::with_capacity(site.samples.len());
        for (sample, evidence) in site.samples.iter().enumerate() {
            let member = number.get(&sample).copied();
            let alone = member.and_then(|m| {
                let single = Member {
                    gametes: Vec::new(),
                    ..members[m].clone()
                };
                Some(model::posterior(&[single], &rates, spanning)?.genotypes.swap_remove(0))
            });
            let together = member.zip(joint.as_ref()).map(|(m, j)| &j.genotypes[m][..]);
            let orders = order(site.alleles.len(), evidence.ploidy.max(1));
            let mut genotype = model::decide(evidence, &orders, alone.as_deref(), together.or(alone.as_deref()));
            let parents: Option<Vec<&Evidence>> = givers[sample].iter().map(|g| g.map(|g| &site.samples[g])).collect();
            genotype.de_novo = parents
                .and_then(|parents| denovo::confidence(evidence, &parents, spanning))
                .map(|confidence| Candidate {
                    confidence,
                    posterior: member.zip(joint.as_ref()).map(|(m, j)| j.mutated[m]),
                });
            genotypes.push(genotype);
        }
        Called {
            qual,
            genotypes,
            as_stated: false,
        }
    }
}
