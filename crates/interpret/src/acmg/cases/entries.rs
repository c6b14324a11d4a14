//! From what is entered on a variant to one proposal per criterion.

use std::collections::BTreeMap;

use clinotype_case::{
    criterion::{Class, Code, Proposal},
    entered::{Entry, Fit, Lie, Parentage, Trans},
    evidence::Zygosity,
    finding::GeneFacts,
};
use clinotype_genome::VariantKey;

use super::{
    Assay, CaseControl, Cases, CoSegregation, DeNovo, SecondAllele, Trio, allele_in_cis_or_trans, case_control,
    de_novo, functional, in_trans, non_segregation, other_cause, phenotype, probands, proposal, segregation, trio,
};
use crate::inheritance::Mode;

/// What proposals need of the variant besides the entries.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// Whether PM2 is met, with people's decisions in place.
    pub rare: bool,
    /// How the tested person carries the variant.
    pub zygosity: Zygosity,
    /// The gene, where the table has it.
    pub gene: Option<&'a GeneFacts>,
    /// Class in effect and name of another classified allele of the person.
    pub other: &'a dyn Fn(&VariantKey) -> Option<(Class, String)>,
}

/// At most one proposal for each criterion, in the order of [`Code::ALL`]. A criterion without an entry has none; one
/// whose evidence does not suffice has one without strength, which says why. Evidence that contradicts itself
/// ([`contradictions`]) proposes nothing on either side. The order of entries does not matter but for the words.
pub fn proposals(entries: &[Entry], facts: &Facts<'_>) -> Vec<Proposal> {
    let mut made: Vec<Proposal> = [
        new(entries),
        second_alleles(entries, facts),
        other_alleles(entries, facts),
        cases(entries, facts),
        phenotypes(entries),
        causes(entries),
    ]
    .into_iter()
    .flatten()
    .collect();
    made.extend(families(entries));
    made.extend(assays(entries));
    made.sort_by_key(|p| p.code);
    made
}

fn sourced<'a>(mut made: Proposal, sources: impl IntoIterator<Item = &'a str>) -> Proposal {
    let mut seen: Vec<&str> = sources.into_iter().map(str::trim).collect();
    seen.sort_unstable();
    seen.dedup();
    if !seen.is_empty() {
        made = made.compared("source", seen.join("; "));
    }
    made
}

/// The parents' genotypes, where they are among the entries.
fn parents(entries: &[Entry]) -> Option<(Result<Parentage, String>, &str)> {
    entries.iter().find_map(|entry| match entry {
        Entry::Trio {
            source,
            mother,
            father,
            kinship_confirmed,
        } => {
            let asked = Trio {
                child_carries: true,
                mother: *mother,
                father: *father,
                kinship_confirmed: *kinship_confirmed,
            };
            Some((trio(&asked), source.as_str()))
        }
        _ => None,
    })
}

fn new(entries: &[Entry]) -> Option<Proposal> {
    let mut seen: Vec<DeNovo> = Vec::new();
    let mut sources: Vec<&str> = Vec::new();
    let (mut fit_is_stated, mut patient_is_entered) = (true, false);
    for entry in entries {
        if let Entry::DeNovo {
            source,
            fit,
            parentage,
            patient,
        } = entry
        {
            fit_is_stated &= fit.is_some();
            patient_is_entered |= *patient;
            seen.push(DeNovo {
                fit: fit.unwrap_or(Fit::Heterogeneous),
                parentage: *parentage,
            });
            sources.push(source);
        }
    }
    let mut why_not = None;
    match parents(entries) {
        // The entered observation of the same person says what the genotypes say, and how the phenotype fits.
        Some((Ok(_), source)) if patient_is_entered => sources.push(source),
        Some((Ok(parentage), source)) => {
            fit_is_stated = false;
            seen.push(DeNovo {
                fit: Fit::Heterogeneous,
                parentage,
            });
            sources.push(source);
        }
        Some((Err(reason), source)) => {
            why_not = Some(format!("The parents' genotypes do not show it to be new: {reason}."));
            sources.push(source);
        }
        None => {}
    }
    if seen.is_empty() {
        return why_not.map(|why| sourced(proposal(Code::PS2, None, why), sources));
    }
    let mut made = de_novo(&seen);
    if !fit_is_stated {
        made.sentence
            .push_str(" The phenotype's fit is not stated and counts as consistent with high heterogeneity.");
    }
    if let Some(why) = why_not {
        made.sentence = format!("{} {why}", made.sentence);
        if patient_is_entered {
            made.strength = None;
        }
    }
    Some(sourced(made, sources))
}

fn second_alleles(entries: &[Entry], facts: &Facts<'_>) -> Option<Proposal> {
    let mut seen: Vec<SecondAllele> = Vec::new();
    let mut sources: Vec<&str> = Vec::new();
    let mut named: Vec<String> = Vec::new();
    let mut patient_is_entered = false;
    for entry in entries {
        if let Entry::SecondAllele {
            source,
            class,
            phase,
            patient,
            allele,
        } = entry
        {
            patient_is_entered |= *patient;
            seen.push(SecondAllele {
                class: *class,
                phase: *phase,
            });
            named.extend(allele.clone());
            sources.push(source);
        }
    }
    let recessive = Mode::of(facts.gene) == Mode::Recessive;
    // One other allele is enough of a person: the one that counts most.
    let partner = entries
        .iter()
        .filter_map(|entry| {
            let Entry::Partner { source, allele, phase } = entry else {
                return None;
            };
            let phase = match phase {
                Lie::Trans => Trans::Confirmed,
                Lie::Unknown => Trans::Unknown,
                Lie::Cis => return None,
            };
            let (class, name) = (facts.other)(allele)?;
            Some((SecondAllele { class, phase }, name, source))
        })
        .filter(|(one, ..)| recessive && one.points() > 0.0)
        .max_by(|(a, a_name, _), (b, b_name, _)| a.points().total_cmp(&b.points()).then_with(|| b_name.cmp(a_name)));
    if let Some((one, name, source)) = partner.filter(|_| !patient_is_entered) {
        seen.push(one);
        named.push(format!("{name} ({})", one.class.words().to_lowercase()));
        sources.push(source);
    }
    if seen.is_empty() {
        return None;
    }
    let mut made = in_trans(&seen, facts.rare);
    if !named.is_empty() {
        named.sort();
        made = made.compared("other allele", named.join("; "));
    }
    Some(sourced(made, sources))
}

fn other_alleles(entries: &[Entry], facts: &Facts<'_>) -> Option<Proposal> {
    let mut made: Option<Proposal> = None;
    let mut keep = |one: Proposal| {
        if made.as_ref().is_none_or(|had| one.strength > had.strength) {
            made = Some(one);
        }
    };
    for entry in entries {
        match entry {
            Entry::OtherAllele {
                source,
                allele,
                phase: phase @ (Lie::Cis | Lie::Trans),
                dominant_fully_penetrant,
            } => {
                let one = allele_in_cis_or_trans(*phase == Lie::Trans, *dominant_fully_penetrant);
                keep(sourced(one.compared("other allele", allele), [source.as_str()]));
            }
            Entry::OtherAllele { source, allele, .. } => {
                let why = "How it lies to the other allele is not known.";
                keep(sourced(
                    proposal(Code::BP2, None, why).compared("other allele", allele),
                    [source.as_str()],
                ));
            }
            Entry::Partner { source, allele, phase } => {
                let Some((class, name)) = (facts.other)(allele).filter(|(class, _)| class.is_pathogenic()) else {
                    continue;
                };
                let one = match phase {
                    Lie::Cis => allele_in_cis_or_trans(false, false),
                    Lie::Trans if Mode::of(facts.gene) == Mode::Dominant => proposal(
                        Code::BP2,
                        None,
                        "It lies in trans with a pathogenic allele of a dominant gene; a person must say whether the \
                         disease is fully penetrant.",
                    ),
                    _ => continue,
                };
                let one = one.compared("other allele", format!("{name} ({})", class.words().to_lowercase()));
                keep(sourced(one, [source.as_str()]));
            }
            _ => {}
        }
    }
    made
}

fn families(entries: &[Entry]) -> Vec<Proposal> {
    let mut found = CoSegregation {
        meioses: 0,
        families: 0,
    };
    let mut without = 0;
    let mut sources: Vec<&str> = Vec::new();
    for entry in entries {
        if let Entry::Segregation {
            source,
            families,
            meioses,
            affected_without,
        } = entry
        {
            found.families += families;
            found.meioses += meioses;
            without += affected_without;
            sources.push(source);
        }
    }
    let mut made = Vec::new();
    if found.meioses > 0 {
        made.push(sourced(segregation(found), sources.iter().copied()));
    }
    if without > 0 {
        made.push(sourced(non_segregation(without), sources));
    }
    contrary(made)
}

fn assays(entries: &[Entry]) -> Vec<Proposal> {
    let mut best: BTreeMap<Code, Proposal> = BTreeMap::new();
    for entry in entries {
        if let Entry::Assay { source, odds } = entry {
            let one = sourced(functional(Assay { odds: *odds }), [source.as_str()]);
            let had = best.get(&one.code);
            if had.is_none_or(|had| one.strength > had.strength) {
                best.insert(one.code, one);
            }
        }
    }
    // An assay between the bands says nothing beside one that reaches a band.
    let reached = best.values().any(|one| one.strength.is_some());
    contrary(
        best.into_values()
            .filter(|one| !reached || one.strength.is_some())
            .collect(),
    )
}

/// Where both sides are reached, neither is proposed.
fn contrary(mut made: Vec<Proposal>) -> Vec<Proposal> {
    if made.iter().filter(|one| one.strength.is_some()).count() > 1 {
        for one in &mut made {
            one.strength = None;
            one.sentence
                .push_str(" Other evidence says the contrary: a person must decide.");
        }
    }
    made
}

fn cases(entries: &[Entry], facts: &Facts<'_>) -> Option<Proposal> {
    let mut unrelated = 0;
    let mut sources: Vec<&str> = Vec::new();
    let mut best: Option<Proposal> = None;
    for entry in entries {
        match entry {
            Entry::Probands {
                source,
                unrelated: more,
            } => {
                unrelated += more;
                sources.push(source);
            }
            Entry::CaseControl {
                source,
                cases_with,
                cases_without,
                controls_with,
                controls_without,
            } => {
                let one = case_control(CaseControl {
                    cases_with: *cases_with,
                    cases_without: *cases_without,
                    controls_with: *controls_with,
                    controls_without: *controls_without,
                });
                if best.as_ref().is_none_or(|had| one.strength > had.strength) {
                    best = Some(sourced(one, [source.as_str()]));
                }
            }
            _ => {}
        }
    }
    if unrelated > 0 {
        let one = probands(Cases {
            unrelated,
            rare: facts.rare,
        });
        if best.as_ref().is_none_or(|had| one.strength > had.strength) {
            best = Some(sourced(one, sources));
        }
    }
    best
}

fn phenotypes(entries: &[Entry]) -> Option<Proposal> {
    let mut made: Option<Proposal> = None;
    for entry in entries {
        if let Entry::Phenotype {
            source,
            highly_specific,
            single_cause,
        } = entry
        {
            let one = sourced(phenotype(*highly_specific, *single_cause), [source.as_str()]);
            // Of two judgements that differ the weaker one is proposed.
            if made.as_ref().is_none_or(|had| one.strength < had.strength) {
                made = Some(one);
            }
        }
    }
    made
}

fn causes(entries: &[Entry]) -> Option<Proposal> {
    let mut made: Option<Proposal> = None;
    for entry in entries {
        if let Entry::OtherCause {
            source,
            cause,
            explains_all,
        } = entry
        {
            let one = sourced(other_cause(cause.trim(), *explains_all), [source.as_str()]);
            if made.as_ref().is_none_or(|had| one.strength > had.strength) {
                made = Some(one);
            }
        }
    }
    made
}

/// What contradicts itself among the entries on one variant, or what the sample shows, in words.
pub fn contradictions(entries: &[Entry], facts: &Facts<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let reached = |code: Code, made: &[Proposal]| made.iter().any(|one| one.code == code && one.strength.is_some());
    let (mut meioses, mut without) = (false, false);
    let (mut damaging, mut harmless) = (false, false);
    let (mut specific, mut unspecific) = (false, false);
    let mut new_in_patient = 0;
    let mut lies: BTreeMap<String, Vec<Lie>> = BTreeMap::new();
    let mut lie = |name: &str, lie: Lie| {
        let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
        lies.entry(name.to_lowercase()).or_default().push(lie);
    };
    for entry in entries {
        match entry {
            Entry::Segregation {
                meioses: m,
                families,
                affected_without,
                ..
            } => {
                meioses |= segregation(CoSegregation {
                    meioses: *m,
                    families: *families,
                })
                .strength
                .is_some();
                without |= *affected_without > 0;
            }
            Entry::Assay { odds, .. } => {
                let one = [functional(Assay { odds: *odds })];
                damaging |= reached(Code::PS3, &one);
                harmless |= reached(Code::BS3, &one);
            }
            Entry::Phenotype {
                highly_specific,
                single_cause,
                ..
            } => {
                specific |= *highly_specific && *single_cause;
                unspecific |= !(*highly_specific && *single_cause);
            }
            Entry::DeNovo { patient: true, .. } => new_in_patient += 1,
            Entry::OtherAllele { allele, phase, .. } => lie(allele, *phase),
            Entry::Partner { allele, phase, .. } => {
                let name = (facts.other)(allele).map_or_else(|| allele.to_string(), |(_, name)| name);
                lie(&name, *phase);
            }
            Entry::SecondAllele {
                allele, phase, patient, ..
            } => {
                if let Some(allele) = allele {
                    match phase {
                        Trans::Confirmed => lie(allele, Lie::Trans),
                        Trans::Unknown => lie(allele, Lie::Unknown),
                        Trans::Homozygous => {}
                    }
                }
                match (patient, phase, facts.zygosity) {
                    (true, Trans::Homozygous, Zygosity::Heterozygous) => {
                        found.push("PM3 is entered for a homozygous patient, the sample is heterozygous".to_owned());
                    }
                    (true, Trans::Confirmed | Trans::Unknown, Zygosity::Homozygous) => found.push(
                        "PM3 is entered with a second allele of the patient, the sample is homozygous".to_owned(),
                    ),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    if meioses && without {
        found.push("the variant is entered as going with the disease (PP1) and as not going with it (BS4)".to_owned());
    }
    if damaging && harmless {
        found.push("assays are entered for a damaging effect (PS3) and for none (BS3)".to_owned());
    }
    if specific && unspecific {
        found.push("the phenotype is entered as specific for the gene and as not specific (PP4)".to_owned());
    }
    if new_in_patient > 1 {
        found.push("the variant is entered twice as new in the patient (PS2, PM6)".to_owned());
    }
    for lies in lies.values() {
        if lies.contains(&Lie::Cis) && lies.contains(&Lie::Trans) {
            found.push("one other allele is entered in cis (BP2) and in trans (PM3)".to_owned());
        }
    }
    if new_in_patient > 0
        && let Some((Err(reason), _)) = parents(entries)
        && reason.contains("carries")
    {
        found.push(format!(
            "the variant is entered as new in the patient (PS2, PM6), and {reason}"
        ));
    }
    found
}

#[cfg(test)]
mod tests;
