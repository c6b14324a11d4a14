//! Modes of one allele.

use clinotype_case::{
    Sex,
    inheritance::{Candidate, Confidence, Mode, Penetrance},
};

use super::{
    is_male,
    people::Family,
    record::{Allele, Place},
};

/// Reads of a parent from which an allele may be mosaic there.
const MOSAIC_READS: u32 = 2;
/// Below this share of reads a called allele may be mosaic. A heterozygous allele at 30 reads falls below it once in
/// three thousand.
const MOSAIC_FRACTION: f64 = 0.2;
/// Share of reads of a heterozygous allele that needs no look.
const HETEROZYGOUS: std::ops::RangeInclusive<f64> = 0.25..=0.75;
/// Share from which a mitochondrial allele is in all copies.
const HOMOPLASMIC: f64 = super::super::copies::HOMOPLASMIC;

/// Asks every mode of the place.
pub(super) fn ask(allele: &Allele<'_>, family: &Family, out: &mut Vec<Candidate>) {
    de_novo(allele, family, out);
    if family.affected.is_empty() {
        return;
    }
    match allele.place {
        Place::Autosome => {
            segregates(allele, family, Mode::Dominant, out);
            segregates(allele, family, Mode::Recessive, out);
        }
        Place::X => {
            segregates(allele, family, Mode::XLinkedRecessive, out);
            segregates(allele, family, Mode::XLinkedDominant, out);
        }
        Place::Y => segregates(allele, family, Mode::YLinked, out),
        Place::Mitochondrion => segregates(allele, family, Mode::Mitochondrial, out),
    }
}

/// `12 of 30 reads`, where AD is stated.
fn reads(allele: &Allele<'_>, family: &Family, member: usize) -> String {
    match allele.call(family, member).and_then(|c| c.reads_of(allele.number)) {
        Some((own, all)) => format!("{own} of {all} reads"),
        None => "reads not stated".to_owned(),
    }
}

/// The parents who give a chromosome at the place; `None` where the sex is needed and not stated.
fn givers(allele: &Allele<'_>, family: &Family, child: usize) -> Option<Vec<Option<usize>>> {
    let member = &family.members[child];
    Some(match (allele.place, member.sex) {
        (Place::Autosome, _) | (Place::X, Sex::Female) => vec![member.father, member.mother],
        (Place::X, Sex::Male) | (Place::Mitochondrion, _) => vec![member.mother],
        (Place::Y, Sex::Male) => vec![member.father],
        _ => return None,
    })
}

/// What a parent's reads say of an allele that the parent is not called for, or hardly.
enum Parent {
    /// No sign of it.
    Without,
    /// Some reads.
    Hint(String),
    /// Called, and a plain carrier.
    Carrier,
}

fn parent(allele: &Allele<'_>, family: &Family, member: usize) -> Option<Parent> {
    let copies = allele.copies(family, member)?;
    let call = allele.call(family, member)?;
    let found = call.reads_of(allele.number);
    let fraction = call.fraction(allele.number);
    let hint = |(own, all): (u32, u32)| {
        Parent::Hint(format!(
            "{own} of {all} reads of {} show it: the parent may be mosaic (the risk for further children is then higher), or the \
             reads are misplaced",
            family.id(member)
        ))
    };
    Some(match (copies, found, fraction) {
        (0, Some((own, all)), Some(fraction)) if own >= MOSAIC_READS && fraction >= 0.01 => hint((own, all)),
        (0, ..) => Parent::Without,
        // Called as a carrier by few of many reads, and not affected.
        (_, Some((own, all)), Some(fraction))
            if all >= 10 && fraction < MOSAIC_FRACTION && family.members[member].affected != Some(true) =>
        {
            hint((own, all))
        }
        _ => Parent::Carrier,
    })
}

fn de_novo(allele: &Allele<'_>, family: &Family, out: &mut Vec<Candidate>) {
    for child in 0..family.members.len() {
        let asked = family.affected.contains(&child) || family.affected.is_empty();
        let Some(copies) = allele.copies(family, child).filter(|c| asked && *c > 0) else {
            continue;
        };
        let Some(givers) = givers(allele, family, child) else {
            continue;
        };
        // Without a genotype of every parent who gives a chromosome it cannot be told.
        let found: Option<Vec<(usize, Parent)>> = givers
            .iter()
            .map(|g| g.and_then(|g| Some((g, parent(allele, family, g)?))))
            .collect();
        let Some(found) = found else { continue };
        if found.iter().any(|(_, p)| matches!(p, Parent::Carrier)) {
            continue;
        }
        let mut doubts = Vec::new();
        for (_, state) in &found {
            if let Parent::Hint(words) = state {
                doubts.push(words.clone());
            }
        }
        let call = allele.call(family, child);
        let fraction = call.and_then(|c| c.fraction(allele.number));
        match (copies, fraction) {
            (2, _) => doubts.push(
                "it is homozygous: two new mutations are unlikely; a deletion or an error is likelier".to_owned(),
            ),
            (1, Some(fraction)) if allele.place != Place::Mitochondrion => {
                let haploid = matches!(allele.place, Place::X | Place::Y) && is_male(family, child);
                if haploid && fraction < *HETEROZYGOUS.end() || !haploid && fraction < *HETEROZYGOUS.start() {
                    doubts.push(format!(
                        "{:.0} % of the child's reads have it: the child may be mosaic",
                        fraction * 100.0
                    ));
                } else if !haploid && fraction > *HETEROZYGOUS.end() {
                    doubts.push(format!(
                        "{:.0} % of the child's reads have it, many for one copy of two",
                        fraction * 100.0
                    ));
                }
            }
            _ => {}
        }
        if allele.place == Place::Mitochondrion {
            doubts.push("the mother may have it in too few copies to be called".to_owned());
        }
        if !allele.is_certain(family, child) {
            doubts.push("the quality of the child's genotype is not stated".to_owned());
        }
        for (member, _) in &found {
            let depth = allele.call(family, *member).and_then(|c| c.depth);
            let id = family.id(*member);
            if !allele.is_certain(family, *member) {
                doubts.push(format!("the quality of {id}'s genotype is not stated"));
            }
            match depth {
                None => doubts.push(format!("the depth of {id} is not stated")),
                Some(depth) if depth < allele.settings.least_depth => {
                    doubts.push(format!("{id} has {depth} reads only"));
                }
                Some(_) => {}
            }
        }
        let parents: Vec<String> = found
            .iter()
            .map(|(m, _)| format!("{} ({})", family.id(*m), reads(allele, family, *m)))
            .collect();
        let mut sentences = vec![format!(
            "{} has it ({}); {} {} not called for it.",
            family.id(child),
            reads(allele, family, child),
            parents.join(" and "),
            if parents.len() == 1 { "is" } else { "are" }
        )];
        sentences.extend(doubts.iter().map(|d| sentence(d)));
        push(
            allele,
            family,
            Mode::DeNovo,
            vec![child],
            doubts.is_empty(),
            sentences,
            out,
        );
    }
}

/// First letter in upper case, and a full stop.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    match letters.next() {
        // A sample's name keeps its letters.
        Some(first) if words.starts_with("the ") || words.starts_with("it ") => {
            format!("{}{}.", first.to_ascii_uppercase(), letters.as_str())
        }
        _ => format!("{words}."),
    }
}

/// Copies that an affected person must have for a mode; `None`: the mode says nothing of this person.
fn needed(mode: Mode, male: bool) -> Option<u8> {
    match (mode, male) {
        (Mode::Recessive, _) | (Mode::XLinkedRecessive, false) => Some(2),
        (Mode::YLinked, false) => None,
        _ => Some(1),
    }
}

fn segregates(allele: &Allele<'_>, family: &Family, mode: Mode, out: &mut Vec<Candidate>) {
    let sexed = !matches!(mode, Mode::Dominant | Mode::Recessive | Mode::Mitochondrial);
    let mut doubts: Vec<String> = Vec::new();
    let mut explained = Vec::new();
    for &member in &family.affected {
        let id = family.id(member);
        if sexed && family.members[member].sex == Sex::Unknown {
            doubts.push(format!("the sex of {id} is not stated"));
            continue;
        }
        let Some(least) = needed(mode, is_male(family, member)) else {
            return;
        };
        match allele.copies(family, member) {
            Some(copies) if copies >= least => explained.push(member),
            Some(_) => return,
            None => doubts.push(format!("{id} is affected and has no genotype that counts here")),
        }
    }
    if explained.is_empty() {
        return;
    }
    // A dominant X-linked allele is told from a recessive one by a heterozygous female only.
    let heterozygous_female = |m: &usize| !is_male(family, *m) && allele.copies(family, *m) == Some(1);
    if mode == Mode::XLinkedDominant && !explained.iter().any(heterozygous_female) {
        return;
    }
    if !unaffected_fit(allele, family, mode, &mut doubts) || !parents_fit(allele, family, mode, &explained, &mut doubts)
    {
        return;
    }
    for (member, person) in family.members.iter().enumerate() {
        let full = needed(mode, is_male(family, member))
            .zip(allele.copies(family, member))
            .is_some_and(|(n, c)| c >= n);
        // A dominant allele is asked of the parents, who say the same there.
        let said = matches!(mode, Mode::Dominant | Mode::XLinkedDominant);
        if person.affected.is_none() && full && !said {
            doubts.push(format!(
                "{} has the genotype too, and whether affected is not stated",
                person.id
            ));
        }
    }
    for &member in &explained {
        if !allele.is_certain(family, member) {
            doubts.push(format!("the quality of {}'s genotype is not stated", family.id(member)));
        }
    }
    let names: Vec<&str> = explained.iter().map(|m| family.id(*m)).collect();
    let mut sentences = vec![format!(
        "{}: affected, with the genotype of a {} disease.",
        names.join(", "),
        mode.words()
    )];
    sentences.extend(doubts.iter().map(|d| sentence(d)));
    push(allele, family, mode, explained, doubts.is_empty(), sentences, out);
}

/// Whether the unaffected persons' genotypes allow the mode.
fn unaffected_fit(allele: &Allele<'_>, family: &Family, mode: Mode, doubts: &mut Vec<String>) -> bool {
    for &member in &family.unaffected {
        let id = family.id(member);
        let (Some(copies), Some(needed)) = (allele.copies(family, member), needed(mode, is_male(family, member)))
        else {
            continue;
        };
        if copies < needed {
            continue;
        }
        if mode == Mode::Mitochondrial {
            let fraction = allele.call(family, member).and_then(|c| c.fraction(allele.number));
            if fraction.is_some_and(|f| f < HOMOPLASMIC) {
                doubts.push(format!(
                    "{id} is unaffected and has it in {}: too few copies may show nothing",
                    reads(allele, family, member)
                ));
                continue;
            }
        }
        match allele.settings.penetrance {
            Penetrance::Complete => return false,
            Penetrance::Incomplete => doubts.push(format!(
                "{id} is unaffected and has the genotype: penetrance would be incomplete"
            )),
        }
    }
    true
}

/// Whether the parents of the affected persons can have given what these have.
fn parents_fit(
    allele: &Allele<'_>,
    family: &Family,
    mode: Mode,
    explained: &[usize],
    doubts: &mut Vec<String>,
) -> bool {
    for &member in explained {
        let (father, mother) = (family.members[member].father, family.members[member].mother);
        // Nothing is asked of the parents of a founder whose relative has it too.
        if father.is_none() && mother.is_none() && explained.len() > 1 {
            continue;
        }
        let copies = |parent: Option<usize>| parent.and_then(|p| allele.copies(family, p));
        let (father_copies, mother_copies) = (copies(father), copies(mother));
        let id = family.id(member);
        match mode {
            Mode::Dominant | Mode::XLinkedDominant => {
                let male_x = mode == Mode::XLinkedDominant && is_male(family, member);
                let (father_copies, father_known) = if male_x {
                    (Some(0), true)
                } else {
                    (father_copies, father_copies.is_some())
                };
                match (father_copies, mother_copies) {
                    // That is a de novo allele.
                    (Some(0), Some(0)) => return false,
                    (Some(n), _) | (_, Some(n)) if n > 0 => {
                        for (parent, copies) in [(father, father_copies), (mother, mother_copies)] {
                            if let Some(parent) = parent
                                .filter(|p| copies.is_some_and(|c| c > 0) && family.members[*p].affected.is_none())
                            {
                                doubts.push(format!(
                                    "{} has it, and whether affected is not stated",
                                    family.id(parent)
                                ));
                            }
                        }
                    }
                    _ => doubts.push(format!(
                        "{} of {id} has a genotype that counts here: it may be new or inherited",
                        if father_known || mother_copies.is_some() {
                            "only one parent"
                        } else {
                            "no parent"
                        }
                    )),
                }
            }
            Mode::Recessive => {
                for (parent, copies, word) in [(father, father_copies, "father"), (mother, mother_copies, "mother")] {
                    match (parent, copies) {
                        (Some(parent), Some(0)) => doubts.push(format!(
                            "{} has no copy: a deletion on the {word}'s side, both copies from the other parent, or an error",
                            family.id(parent)
                        )),
                        (_, None) => doubts.push(format!(
                            "the {word} of {id} has no genotype that counts here: the other copy may be deleted"
                        )),
                        _ => {}
                    }
                }
            }
            Mode::XLinkedRecessive => match mother_copies {
                Some(0) if is_male(family, member) => return false,
                Some(0) => doubts.push(format!(
                    "the mother of {id} has no copy: an error, or both copies from the father"
                )),
                None => doubts.push(format!("the mother of {id} has no genotype that counts here")),
                Some(_) => {}
            },
            Mode::YLinked => match father_copies {
                Some(0) => return false,
                None => doubts.push(format!("the father of {id} has no genotype that counts here")),
                Some(_) => {}
            },
            Mode::Mitochondrial => match mother_copies {
                Some(0) => doubts.push(format!(
                    "the mother of {id} is not called for it: new, or in too few of her copies"
                )),
                None => doubts.push(format!("the mother of {id} has no genotype that counts here")),
                Some(_) => {}
            },
            Mode::DeNovo | Mode::CompoundHeterozygous => {}
        }
    }
    true
}

fn push(
    allele: &Allele<'_>,
    family: &Family,
    mode: Mode,
    persons: Vec<usize>,
    certain: bool,
    sentences: Vec<String>,
    out: &mut Vec<Candidate>,
) {
    let gene = allele.worst().map(|e| e.gene.clone());
    out.push(Candidate {
        mode,
        family: family.name.clone(),
        persons: persons.iter().map(|m| family.id(*m).to_owned()).collect(),
        alleles: vec![allele.seen(family, gene.as_deref())],
        gene,
        confidence: if certain { Confidence::High } else { Confidence::Low },
        sentences,
    });
}
