//! The pedigree with the columns of the VCF.

use std::collections::BTreeMap;

use clinotype_case::{Sex, inheritance::Person, pedigree::Pedigree};

/// A person with what the analysis asks of them.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) id: String,
    pub(super) sex: Sex,
    pub(super) affected: Option<bool>,
    /// Places in the family.
    pub(super) father: Option<usize>,
    pub(super) mother: Option<usize>,
    /// Column of the VCF.
    pub(super) column: Option<usize>,
}

/// A family.
#[derive(Clone, Debug)]
pub(super) struct Family {
    pub(super) name: String,
    pub(super) members: Vec<Member>,
    /// Those who are affected.
    pub(super) affected: Vec<usize>,
    /// Those who are not.
    pub(super) unaffected: Vec<usize>,
}

impl Family {
    /// The one or the other.
    pub(super) fn id(&self, member: usize) -> &str {
        &self.members[member].id
    }
}

/// Every family of the pedigree.
#[derive(Debug)]
pub(super) struct Families {
    pub(super) families: Vec<Family>,
}

impl Families {
    pub(super) fn new(pedigree: &Pedigree, samples: &[String]) -> Self {
        let mut by_name: BTreeMap<&str, Vec<&clinotype_case::pedigree::Member>> = BTreeMap::new();
        for member in pedigree.members() {
            by_name.entry(&member.family).or_default().push(member);
        }
        let families = by_name.into_iter().map(|(name, people)| {
            let place = |id: &Option<String>| people.iter().position(|p| Some(&p.id) == id.as_ref());
            let members: Vec<Member> = people
                .iter()
                .map(|person| Member {
                    id: person.id.clone(),
                    sex: person.sex,
                    affected: person.affected,
                    father: place(&person.father),
                    mother: place(&person.mother),
                    column: samples.iter().position(|s| *s == person.id),
                })
                .collect();
            let with = |state: bool| {
                (0..members.len())
                    .filter(|m| members[*m].affected == Some(state))
                    .collect()
            };
            Family {
                name: name.to_owned(),
                affected: with(true),
                unaffected: with(false),
                members,
            }
        });
        Self {
            families: families.collect(),
        }
    }

    pub(super) fn persons(&self) -> Vec<Person> {
        let of = |family: &Family| -> Vec<Person> {
            let person = |m: &Member| Person {
                id: m.id.clone(),
                family: family.name.clone(),
                sex: m.sex,
                affected: m.affected,
                genotyped: m.column.is_some(),
            };
            family.members.iter().map(person).collect()
        };
        self.families.iter().flat_map(of).collect()
    }

    /// What the pedigree and the columns leave open.
    pub(super) fn gaps(&self) -> Vec<String> {
        let mut said = Vec::new();
        for family in &self.families {
            if family.affected.is_empty() {
                said.push(format!(
                    "Family {}: nobody is affected by the pedigree, so only de novo alleles and Mendelian violations were \
                     asked.",
                    family.name
                ));
            }
            for (number, member) in family.members.iter().enumerate() {
                let (id, name) = (&member.id, &family.name);
                if member.column.is_none() {
                    said.push(format!(
                        "Family {name}: {id} has no column in the VCF, and takes no part."
                    ));
                }
                if member.sex == Sex::Unknown {
                    said.push(format!(
                        "Family {name}: the sex of {id} is not stated; X and Y say nothing of this person."
                    ));
                }
                if family.affected.contains(&number) {
                    for (parent, word) in [(member.father, "father"), (member.mother, "mother")] {
                        if parent.is_none() {
                            said.push(format!("Family {name}: the pedigree has no {word} of {id}."));
                        }
                    }
                }
            }
        }
        said
    }
}
