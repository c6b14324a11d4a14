//! Genotypes of a child that those of the parents do not give.

use clinotype_case::{
    Sex,
    inheritance::{Settings, Violation, Violations},
};

use super::{
    people::{Families, Family},
    record::{Call, Place, Record},
};

/// Alleles of a genotype that counts.
fn alleles<'a>(record: &'a Record, family: &Family, member: usize, settings: &Settings) -> Option<&'a [u8]> {
    let call = record.calls.get(family.members[member].column?)?;
    let certain = call.quality.is_none_or(|q| q >= settings.least_quality);
    (certain && !call.alleles.is_empty()).then_some(call.alleles.as_slice())
}

/// One allele where a person has one chromosome, however it is written.
fn haploid(alleles: &[u8]) -> Option<u8> {
    match alleles {
        [a] => Some(*a),
        [a, b] if a == b => Some(*a),
        _ => None,
    }
}

/// What a child's genotype says.
enum Verdict {
    /// The parents' genotypes give it.
    Fits,
    /// They do not.
    Violates(&'static str),
}

/// Whether a child's genotype fits; `None` where it cannot be told, or nobody has an alternate.
fn kind(place: Place, sex: Sex, child: &[u8], father: Option<&[u8]>, mother: Option<&[u8]>) -> Option<Verdict> {
    let new = |a: &u8| !father.is_some_and(|f| f.contains(a)) && !mother.is_some_and(|m| m.contains(a));
    let verdict = |fits: bool, nobody_has: bool| {
        if fits {
            Verdict::Fits
        } else if nobody_has {
            Verdict::Violates("an allele that no parent has")
        } else {
            Verdict::Violates("both parents have its alleles, in another way")
        }
    };
    let single = |fits: bool, words: &'static str| if fits { Verdict::Fits } else { Verdict::Violates(words) };
    let some_alternate = |lists: &[Option<&[u8]>]| lists.iter().flatten().any(|l| l.iter().any(|a| *a > 0));
    match (place, sex) {
        (Place::Autosome, _) => {
            let (&[a, b], Some(f @ &[_, _]), Some(m @ &[_, _])) = (child, father, mother) else {
                return None;
            };
            if !some_alternate(&[Some(child), father, mother]) {
                return None;
            }
            let fits = f.contains(&a) && m.contains(&b) || f.contains(&b) && m.contains(&a);
            Some(verdict(fits, new(&a) || new(&b)))
        }
        (Place::X, Sex::Male) => {
            let (own, Some(m @ &[_, _])) = (haploid(child)?, mother) else {
                return None;
            };
            if own == 0 && m.iter().all(|a| *a == 0) {
                return None;
            }
            Some(single(
                m.contains(&own),
                "an allele on X of a son that the mother lacks",
            ))
        }
        (Place::X, Sex::Female) => {
            let (&[a, b], Some(m @ &[_, _])) = (child, mother) else {
                return None;
            };
            let f = haploid(father?)?;
            if !some_alternate(&[Some(child), father, mother]) {
                return None;
            }
            let fits = f == a && m.contains(&b) || f == b && m.contains(&a);
            Some(verdict(fits, new(&a) || new(&b)))
        }
        (Place::Y, Sex::Male) => {
            let (own, father) = (haploid(child)?, haploid(father?)?);
            if own == 0 && father == 0 {
                return None;
            }
            Some(single(own == father, "another allele on Y than the father's"))
        }
        // Copies of the mitochondrial genome differ within a person.
        _ => None,
    }
}

pub(super) fn add(
    out: &mut Violations,
    families: &Families,
    record: &Record,
    place: Place,
    settings: &Settings,
    most: usize,
) {
    for family in &families.families {
        for (child, member) in family.members.iter().enumerate() {
            if member.father.is_none() && member.mother.is_none() {
                continue;
            }
            let of = |m: Option<usize>| m.and_then(|m| alleles(record, family, m, settings));
            let (Some(own), father, mother) = (of(Some(child)), of(member.father), of(member.mother)) else {
                continue;
            };
            let Some(found) = kind(place, member.sex, own, father, mother) else {
                continue;
            };
            out.opportunities += 1;
            let Verdict::Violates(what) = found else { continue };
            out.count += 1;
            *out.by_kind.entry(what.to_owned()).or_default() += 1;
            if out.listed.len() < most {
                let text = |m: Option<usize>| {
                    m.filter(|m| of(Some(*m)).is_some())
                        .and_then(|m| family.members[m].column)
                        .and_then(|c| record.calls.get(c))
                        .map_or_else(|| ".".to_owned(), |c: &Call| c.text.clone())
                };
                let alternates: Vec<&str> = record.alternates.iter().map(|a| a.bases.as_str()).collect();
                out.listed.push(Violation {
                    contig: record.contig.clone(),
                    position: record.position.get(),
                    reference: record.reference.clone(),
                    alternates: alternates.join(","),
                    child: member.id.clone(),
                    genotypes: [text(Some(child)), text(member.father), text(member.mother)],
                    kind: what.to_owned(),
                });
            }
        }
    }
}
