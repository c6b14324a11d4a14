//! Pairs of heterozygous alleles of one gene: on two copies (in trans), or on one (in cis).

use std::collections::BTreeMap;

use clinotype_case::inheritance::{AlleleInFamily, Candidate, Confidence, Mode, Penetrance, Settings};

use super::{
    people::Family,
    record::{Allele, Place, is_of_impact},
};

/// Alleles of one gene beyond which pairs say nothing.
const MOST: usize = 40;

/// An allele that may be one of a pair.
#[derive(Debug)]
struct Kept {
    seen: AlleleInFamily,
    /// Copies by member.
    copies: Vec<Option<u8>>,
    /// By member: the chromosome (0 or 1) of the allele and the phase set, where reads phase it.
    phased: Vec<Option<(usize, u32)>>,
    certain: bool,
}

/// Alleles by family and gene.
#[derive(Debug, Default)]
pub(super) struct Genes(BTreeMap<(String, String), Vec<Kept>>);

/// Where two alleles lie in one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lie {
    Trans,
    Cis,
    /// One parent is missing, and the other's genotypes speak for it.
    LikelyTrans,
    LikelyCis,
    Unknown,
}

impl Genes {
    /// Keeps an allele that every affected person with a genotype has once.
    pub(super) fn keep(&mut self, allele: &Allele<'_>, family: &Family) {
        if allele.place != Place::Autosome || family.affected.is_empty() {
            return;
        }
        let copies: Vec<Option<u8>> = (0..family.members.len()).map(|m| allele.copies(family, m)).collect();
        let known: Vec<u8> = family.affected.iter().filter_map(|m| copies[*m]).collect();
        if known.is_empty() || known.iter().any(|c| *c != 1) {
            return;
        }
        let certain = family
            .affected
            .iter()
            .all(|m| allele.is_certain(family, *m) && copies[*m].is_some());
        let phased: Vec<Option<(usize, u32)>> = (0..family.members.len())
            .map(|m| {
                let call = allele.call(family, m).filter(|c| c.phased)?;
                Some((call.alleles.iter().position(|a| *a == allele.number)?, call.phase_set?))
            })
            .collect();
        let mut genes: Vec<&str> = allele
            .alternate
            .effects
            .iter()
            .filter(|e| allele.settings.every_impact || is_of_impact(e))
            .map(|e| e.gene.as_str())
            .collect();
        genes.sort_unstable();
        genes.dedup();
        for gene in genes {
            self.0
                .entry((family.name.clone(), gene.to_owned()))
                .or_default()
                .push(Kept {
                    seen: allele.seen(family, Some(gene)),
                    copies: copies.clone(),
                    phased: phased.clone(),
                    certain,
                });
        }
    }

    /// Adds the pairs that fit; what was not evaluated comes back in sentences.
    pub(super) fn pairs(&self, families: &[Family], settings: &Settings, out: &mut Vec<Candidate>) -> Vec<String> {
        let mut said = Vec::new();
        for ((name, gene), alleles) in &self.0 {
            let Some(family) = families.iter().find(|f| f.name == *name) else {
                continue;
            };
            if alleles.len() > MOST {
                said.push(format!(
                    "Family {name}: {gene} has {} heterozygous alleles that change it; they were not paired.",
                    alleles.len()
                ));
                continue;
            }
            for (index, first) in alleles.iter().enumerate() {
                for second in &alleles[index + 1..] {
                    if let Some(candidate) = pair(family, gene, first, second, settings) {
                        out.push(candidate);
                    }
                }
            }
        }
        said
    }
}

/// Whose chromosome each allele is on, by the parents' genotypes.
fn by_family(family: &Family, member: usize, first: &Kept, second: &Kept) -> (Lie, String) {
    let person = &family.members[member];
    let of = |kept: &Kept| [person.father, person.mother].map(|p| p.and_then(|p| kept.copies[p]).map(|c| c > 0));
    let (a, b) = (of(first), of(second));
    let words = |lie: Lie, text: &str| (lie, text.to_owned());
    match (a, b) {
        ([Some(true), Some(false)], [Some(false), Some(true)]) => words(
            Lie::Trans,
            "the first allele comes from the father, the second from the mother",
        ),
        ([Some(false), Some(true)], [Some(true), Some(false)]) => words(
            Lie::Trans,
            "the first allele comes from the mother, the second from the father",
        ),
        ([Some(true), Some(false)], [Some(true), Some(false)])
        | ([Some(false), Some(true)], [Some(false), Some(true)]) => {
            words(Lie::Cis, "both alleles come from one parent")
        }
        ([Some(false), Some(false)], _) | (_, [Some(false), Some(false)]) => words(
            Lie::Unknown,
            "one of the alleles is new, and the parents do not tell on which copy",
        ),
        // One parent alone has a genotype.
        ([None, Some(x)], [None, Some(y)]) | ([Some(x), None], [Some(y), None]) if x != y => words(
            Lie::LikelyTrans,
            "one allele comes from the parent with a genotype, who lacks the other",
        ),
        ([None, Some(_)], [None, Some(_)]) | ([Some(_), None], [Some(_), None]) => words(
            Lie::LikelyCis,
            "the parent with a genotype has both alleles or neither, which speaks for one copy",
        ),
        _ => words(
            Lie::Unknown,
            "the parents' genotypes do not tell on which copies the alleles lie",
        ),
    }
}

fn by_reads(member: usize, first: &Kept, second: &Kept) -> Option<Lie> {
    match (first.phased[member], second.phased[member]) {
        (Some((a, one)), Some((b, two))) if one == two => Some(if a == b { Lie::Cis } else { Lie::Trans }),
        _ => None,
    }
}

/// Family and reads together, with the words for it.
fn lie(family: &Family, member: usize, first: &Kept, second: &Kept) -> (Lie, String) {
    let (parents, words) = by_family(family, member, first, second);
    match (parents, by_reads(member, first, second)) {
        (lie, None) => (lie, words),
        (Lie::Trans, Some(Lie::Trans)) => (Lie::Trans, format!("{words}; phased reads agree")),
        (Lie::Trans, Some(Lie::Cis)) | (Lie::Cis, Some(Lie::Trans)) => {
            (Lie::Unknown, format!("{words}, but phased reads contradict it"))
        }
        (_, Some(reads)) => (
            reads,
            format!(
                "phased reads put them on {}",
                if reads == Lie::Cis {
                    "one copy"
                } else {
                    "different copies"
                }
            ),
        ),
    }
}

fn pair(family: &Family, gene: &str, first: &Kept, second: &Kept, settings: &Settings) -> Option<Candidate> {
    // Two alternates of one record, or overlapping records, are one change written twice unless both are called once.
    if first.seen.variant == second.seen.variant {
        return None;
    }
    let mut sentences = Vec::new();
    let (mut certain, mut persons) = (first.certain && second.certain, Vec::new());
    for &member in &family.affected {
        let id = family.id(member);
        if first.copies[member].is_none() || second.copies[member].is_none() {
            sentences.push(format!("{id} is affected and has no genotypes that count here."));
            certain = false;
            continue;
        }
        let (lie, words) = lie(family, member, first, second);
        match lie {
            Lie::Cis => return None,
            Lie::Trans => {}
            Lie::LikelyTrans | Lie::LikelyCis | Lie::Unknown => certain = false,
        }
        let verdict = match lie {
            Lie::Trans | Lie::Cis => "on different copies",
            Lie::LikelyTrans => "likely on different copies",
            Lie::LikelyCis => "likely on one copy, which is not proven",
            Lie::Unknown => "phase unknown",
        };
        sentences.push(format!("In {id}: {verdict}; {words}."));
        persons.push(id.to_owned());
    }
    if persons.is_empty() {
        return None;
    }
    for &member in &family.unaffected {
        let (Some(a), Some(b)) = (first.copies[member], second.copies[member]) else {
            continue;
        };
        if a == 0 || b == 0 {
            continue;
        }
        let id = family.id(member);
        let (lie, _) = lie(family, member, first, second);
        let two_copies = a + b > 2 || lie == Lie::Trans;
        match (two_copies, settings.penetrance) {
            (true, Penetrance::Complete) => return None,
            (true, Penetrance::Incomplete) => {
                sentences.push(format!(
                    "{id} is unaffected and has both: penetrance would be incomplete."
                ));
            }
            (false, _) => sentences.push(format!(
                "{id} is unaffected and has both alleles, on copies that are not told apart."
            )),
        }
        certain = false;
    }
    Some(Candidate {
        mode: Mode::CompoundHeterozygous,
        family: family.name.clone(),
        persons,
        gene: Some(gene.to_owned()),
        alleles: vec![first.seen.clone(), second.seen.clone()],
        confidence: if certain { Confidence::High } else { Confidence::Low },
        sentences,
    })
}
