//! What a family's genotypes say of the classified variants of one of them, as evidence for PS2 and PM6, PM3, BP2, PP1
//! and BS4. It makes proposals; a person confirms them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use clinotype_case::{
    criterion::Class,
    entered::{Entry, Lie, ParentCall, Trans},
    evidence::Zygosity,
    finding::{Finding, Interpretation},
    pedigree::{Member, Pedigree},
};
use clinotype_genome::{ContigKey, VariantKey};

use super::{Mode, Phase, phase};

/// Reads that say that a relative has no copy of a variant, as for a parent of PS2.
const DEPTH: u32 = 15;
/// Genotype quality for it, phred.
const QUALITY: u32 = 20;

/// The calls of the family's members at one variant, by name of the member.
pub type Calls = BTreeMap<String, ParentCall>;

/// The family of the tested person.
#[derive(Clone, Copy, Debug)]
pub struct Family<'a> {
    /// Who is whose child, and who is affected.
    pub pedigree: &'a Pedigree,
    /// The tested person's name in it.
    pub patient: &'a str,
    /// Whether genotypes show both parents of the tested person to be the parents.
    pub kinship_confirmed: bool,
    /// Where the genotypes stand.
    pub source: &'a str,
}

/// Evidence on each classified variant that `calls` holds, in the order of the interpretation.
///
/// The parents' genotypes where both are called and the person is heterozygous or hemizygous and not unaffected; other
/// variants of the gene with their phase, by the parents or by the sample's own phase; a homozygous variant of an
/// affected person with a recessive gene; for autosomal dominant genes the meioses between affected carriers, and
/// affected relatives who clearly do not carry the variant.
pub fn observed(
    made: &Interpretation,
    family: &Family<'_>,
    calls: &BTreeMap<VariantKey, Calls>,
) -> Vec<(VariantKey, Vec<Entry>)> {
    let Some(patient) = family.pedigree.get(family.patient) else {
        return Vec::new();
    };
    let held: Vec<&Finding> = made.variants().filter(|f| calls.contains_key(&f.variant.key)).collect();
    let mut found = Vec::new();
    for finding in &held {
        let here = &calls[&finding.variant.key];
        let carries = here.get(family.patient).and_then(|call| call.copies).unwrap_or(0) > 0;
        // The family's file says otherwise than the sample's: nothing is concluded from it.
        if !carries {
            continue;
        }
        let mut entries = Vec::new();
        entries.extend(parents(finding, patient, family, here));
        entries.extend(homozygous(finding, patient, family));
        let others = held.iter().filter(|other| {
            other.variant.key != finding.variant.key
                && other.shown.symbol.is_some()
                && other.shown.symbol == finding.shown.symbol
        });
        for other in others {
            entries.extend(partner(finding, other, patient, family, calls));
        }
        entries.extend(segregation(finding, family, here));
        if !entries.is_empty() {
            found.push((finding.variant.key.clone(), entries));
        }
    }
    found
}

fn is_affected(member: &Member) -> bool {
    member.affected == Some(true)
}

fn is_one_copy(zygosity: Zygosity) -> bool {
    matches!(zygosity, Zygosity::Heterozygous | Zygosity::Hemizygous)
}

fn is_carrier(call: &ParentCall) -> bool {
    call.copies.is_some_and(|copies| copies > 0)
}

/// No copy, and reads enough to say so.
fn is_clear(call: &ParentCall) -> bool {
    call.copies == Some(0)
        && call.depth.is_some_and(|depth| depth >= DEPTH)
        && call.quality.is_some_and(|quality| quality >= QUALITY)
        && call.alternate_reads.is_some_and(|reads| reads <= 1)
}

fn parents(finding: &Finding, patient: &Member, family: &Family<'_>, here: &Calls) -> Option<Entry> {
    if patient.affected == Some(false) || !is_one_copy(finding.zygosity) {
        return None;
    }
    let call = |parent: &Option<String>| here.get(parent.as_deref()?).copied();
    Some(Entry::Trio {
        source: family.source.to_owned(),
        mother: call(&patient.mother)?,
        father: call(&patient.father)?,
        kinship_confirmed: family.kinship_confirmed,
    })
}

fn homozygous(finding: &Finding, patient: &Member, family: &Family<'_>) -> Option<Entry> {
    let counts = finding.zygosity == Zygosity::Homozygous
        && is_affected(patient)
        && Mode::of(finding.gene.as_ref()) == Mode::Recessive;
    counts.then(|| Entry::SecondAllele {
        source: family.source.to_owned(),
        allele: None,
        class: Class::Uncertain,
        phase: Trans::Homozygous,
        patient: true,
    })
}

fn partner(
    finding: &Finding,
    other: &Finding,
    patient: &Member,
    family: &Family<'_>,
    calls: &BTreeMap<VariantKey, Calls>,
) -> Option<Entry> {
    if finding.zygosity != Zygosity::Heterozygous || other.zygosity != Zygosity::Heterozygous {
        return None;
    }
    // PM3 counts affected people; BP2 is about the alleles, whoever carries them.
    let by_reads = match phase(&finding.variant, &other.variant) {
        Phase::Cis => Lie::Cis,
        Phase::Trans => Lie::Trans,
        Phase::Unknown => Lie::Unknown,
    };
    let lie = match (by_parents(finding, other, patient, calls), by_reads) {
        // Parents and reads that disagree say nothing.
        (Lie::Cis, Lie::Trans) | (Lie::Trans, Lie::Cis) => Lie::Unknown,
        (Lie::Unknown, lie) | (lie, _) => lie,
    };
    if lie != Lie::Cis && !is_affected(patient) {
        return None;
    }
    Some(Entry::Partner {
        source: family.source.to_owned(),
        allele: other.variant.key.clone(),
        phase: lie,
    })
}

/// How two heterozygous alleles lie by what each parent carries.
fn by_parents(one: &Finding, other: &Finding, patient: &Member, calls: &BTreeMap<VariantKey, Calls>) -> Lie {
    let from = |finding: &Finding| -> Option<bool> {
        let here = calls.get(&finding.variant.key)?;
        let mother = here.get(patient.mother.as_deref()?)?;
        let father = here.get(patient.father.as_deref()?)?;
        if is_carrier(mother) && is_clear(father) {
            Some(true)
        } else if is_carrier(father) && is_clear(mother) {
            Some(false)
        } else {
            None
        }
    };
    match (from(one), from(other)) {
        (Some(a), Some(b)) if a == b => Lie::Cis,
        (Some(_), Some(_)) => Lie::Trans,
        _ => Lie::Unknown,
    }
}

fn segregation(finding: &Finding, family: &Family<'_>, here: &Calls) -> Option<Entry> {
    let autosomal =
        ContigKey::of(&finding.variant.key.contig).is_some_and(|contig| contig.as_str().parse::<u8>().is_ok());
    let patient = family.pedigree.get(family.patient)?;
    if !autosomal || !is_affected(patient) || Mode::of(finding.gene.as_ref()) != Mode::Dominant {
        return None;
    }
    let related = |member: &&Member| {
        member.id != family.patient && is_affected(member) && steps(family.pedigree, &member.id, &patient.id).is_some()
    };
    let relatives: Vec<(&Member, &ParentCall)> = family
        .pedigree
        .members()
        .iter()
        .filter(related)
        .filter_map(|member| Some((member, here.get(&member.id)?)))
        .collect();
    let carriers: Vec<&str> = relatives
        .iter()
        .filter(|(_, call)| is_carrier(call))
        .map(|(member, _)| member.id.as_str())
        .collect();
    let affected_without = relatives.iter().filter(|(_, call)| is_clear(call)).count() as u32;
    let meioses = meioses(family.pedigree, family.patient, &carriers);
    (meioses > 0 || affected_without > 0).then(|| Entry::Segregation {
        source: family.source.to_owned(),
        families: 1,
        meioses,
        affected_without,
    })
}

/// Why segregation is not counted for classified variants that the affected person carries and affected relatives were
/// genotyped for, in the order of the interpretation.
///
/// PP1 and BS4 are counted for autosomal dominant genes alone: in a recessive one affected relatives share two alleles, so
/// that one half to the power of the meioses is not the chance of it; X-linked ones need the sexes.
pub fn segregation_not_counted(
    made: &Interpretation,
    family: &Family<'_>,
    calls: &BTreeMap<VariantKey, Calls>,
) -> Vec<(VariantKey, &'static str)> {
    let Some(patient) = family.pedigree.get(family.patient).filter(|member| is_affected(member)) else {
        return Vec::new();
    };
    let mut found: Vec<(VariantKey, &'static str)> = Vec::new();
    for finding in made.variants() {
        let key = &finding.variant.key;
        let Some(here) = calls.get(key) else { continue };
        let carries = here.get(family.patient).is_some_and(is_carrier);
        let related = family.pedigree.members().iter().any(|member| {
            member.id != family.patient
                && is_affected(member)
                && here.contains_key(&member.id)
                && steps(family.pedigree, &member.id, &patient.id).is_some()
        });
        if !carries || !related || found.iter().any(|(known, _)| known == key) {
            continue;
        }
        let autosomal = ContigKey::of(&key.contig).is_some_and(|contig| contig.as_str().parse::<u8>().is_ok());
        let why = match Mode::of(finding.gene.as_ref()) {
            _ if !autosomal => "the variant does not lie on an autosome",
            Mode::Dominant => continue,
            Mode::Recessive => "the gene's disease is recessive",
            _ => "the mode of inheritance of the gene's disease is not known to be dominant",
        };
        found.push((key.clone(), why));
    }
    found
}

/// Informative meioses between affected carriers: given that `start` carries the variant, all of them carry it by chance
/// with a probability of one half to this power (Jarvik & Browning 2016). People between two carriers carry it too.
fn meioses(pedigree: &Pedigree, start: &str, carriers: &[&str]) -> u32 {
    let mut known: BTreeSet<String> = BTreeSet::from([start.to_owned()]);
    let mut left: BTreeSet<&str> = carriers.iter().copied().collect();
    let mut count = 0;
    loop {
        let nearest = left
            .iter()
            .filter_map(|id| {
                let paths = known.iter().filter_map(|from| steps(pedigree, from, id));
                paths.min().map(|path| (path, *id))
            })
            .min();
        let Some((path, id)) = nearest else { return count };
        count += path.meioses;
        known.extend(path.between);
        known.insert(id.to_owned());
        left.remove(id);
    }
}

/// A way from one person to another through parents and children.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Path {
    meioses: u32,
    /// People on it who must carry what both ends carry.
    between: Vec<String>,
}

/// The shortest way by blood: up to a common ancestor, then down. Where both ancestors at the top are shared, either may
/// have passed the allele on, which saves one meiosis and leaves open which of them carries it.
fn steps(pedigree: &Pedigree, from: &str, to: &str) -> Option<Path> {
    let (up, down) = (ancestors(pedigree, from), ancestors(pedigree, to));
    up.iter()
        .filter_map(|(top, above)| {
            let below = down.get(top)?;
            let mut between: Vec<String> = above.iter().chain(below.iter()).cloned().collect();
            let length = above.len() + below.len();
            let at_end = top == from || top == to;
            let partner = (!at_end)
                .then(|| {
                    // The children of `top` on both ways, with one other parent in common.
                    let child =
                        |way: &[String], end: &str| way.iter().rev().nth(1).map_or(end, String::as_str).to_owned();
                    let (a, b) = (child(above, from), child(below, to));
                    let other = |id: &str| {
                        let member = pedigree.get(id)?;
                        let parents = [member.father.clone(), member.mother.clone()];
                        parents.into_iter().flatten().find(|parent| parent != top)
                    };
                    other(&a).filter(|shared| other(&b).as_ref() == Some(shared))
                })
                .flatten();
            between.retain(|id| id != from && id != to && (partner.is_none() || id != top));
            between.sort();
            between.dedup();
            Some(Path {
                meioses: (length as u32).saturating_sub(u32::from(partner.is_some())),
                between,
            })
        })
        .min()
}

/// Every ancestor of a person, the person first, with the way up to each: those above the person, the ancestor last.
fn ancestors(pedigree: &Pedigree, of: &str) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::from([(of.to_owned(), Vec::new())]);
    let mut open = VecDeque::from([of.to_owned()]);
    while let Some(id) = open.pop_front() {
        let Some(member) = pedigree.get(&id) else { continue };
        let way = found.get(&id).cloned().unwrap_or_default();
        for parent in [&member.father, &member.mother].into_iter().flatten() {
            if !found.contains_key(parent) {
                let mut longer = way.clone();
                longer.push(parent.clone());
                found.insert(parent.clone(), longer);
                open.push_back(parent.clone());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pedigree() -> Pedigree {
        // gf + gm: father and aunt; father + mother: child, sib; aunt + husband: cousin; father + other: half.
        Pedigree::parse(
            "F gf 0 0 1 1\nF gm 0 0 2 1\nF father gf gm 1 2\nF aunt gf gm 2 2\nF mother 0 0 2 1\nF other 0 0 2 1\n\
             F husband 0 0 1 1\nF child father mother 1 2\nF sib father mother 2 2\nF cousin husband aunt 2 2\n\
             F half father other 1 2\n",
        )
        .unwrap()
    }

    /// Jarvik & Browning 2016: N of relatives that share by chance with (1/2)^N.
    #[test]
    fn meioses_between_affected_carriers() {
        let family = pedigree();
        for (carriers, expected) in [
            (vec![], 0),
            (vec!["sib"], 1),
            (vec!["father"], 1),
            (vec!["gf"], 2),
            (vec!["half"], 2),
            (vec!["aunt"], 2),
            (vec!["cousin"], 3),
            (vec!["father", "sib"], 2),
            (vec!["father", "gf"], 2),
            (vec!["father", "half"], 2),
            (vec!["father", "aunt"], 2),
            // Through the aunt, who must carry it: her own is one meiosis less than theirs apart.
            (vec!["aunt", "cousin"], 3),
            (vec!["sib", "father", "aunt", "cousin"], 4),
            (vec!["husband"], 0),
        ] {
            assert_eq!(meioses(&family, "child", &carriers), expected, "{carriers:?}");
        }
    }

    #[test]
    fn clear_calls_are_deep_and_sure() {
        let call = ParentCall {
            copies: Some(0),
            depth: Some(15),
            alternate_reads: Some(1),
            quality: Some(20),
        };
        assert!(is_clear(&call));
        for worse in [
            ParentCall { copies: None, ..call },
            ParentCall {
                depth: Some(14),
                ..call
            },
            ParentCall {
                alternate_reads: None,
                ..call
            },
            ParentCall {
                quality: Some(19),
                ..call
            },
        ] {
            assert!(!is_clear(&worse));
        }
    }
}
