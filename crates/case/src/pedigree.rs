//! Pedigrees: who is whose child, as PLINK and GATK write it.
//!
//! The PED (or PLINK `.fam`) format: one line per person, columns divided by spaces or tabs: family, person, father,
//! mother (`0` for none stated), sex (1 male, 2 female, anything else unknown), phenotype (1 unaffected, 2 affected,
//! anything else unknown; may be left out). Lines that begin with `#` are comments. The person's name is the name of the
//! sample in the VCF.

use std::collections::HashMap;

use clinotype_genome::{Fault, Result};

use crate::Sex;

/// A person of a pedigree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The family.
    pub family: String,
    /// The name of the sample.
    pub id: String,
    /// The father's name.
    pub father: Option<String>,
    /// The mother's name.
    pub mother: Option<String>,
    /// Declared sex; a parent whose sex is not stated has the one that the word parent implies.
    pub sex: Sex,
    /// Whether affected, where stated.
    pub affected: Option<bool>,
}

/// A child with both parents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trio<'a> {
    /// The child.
    pub child: &'a Member,
    /// The father.
    pub father: &'a Member,
    /// The mother.
    pub mother: &'a Member,
}

/// The persons of a pedigree file. Every named parent has a line, no person is their own ancestor, fathers are not
/// female and mothers are not male.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pedigree {
    /// Parents before children, else in the order of the file.
    members: Vec<Member>,
}

impl Pedigree {
    /// Reads the text of a PED file. Faults name the line; they never repeat a name, which may be a person's.
    pub fn parse(text: &str) -> Result<Self> {
        let mut members: Vec<(u64, Member)> = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let number = number as u64 + 1;
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let member = member(line).map_err(|fault| fault.line(number))?;
            members.push((number, member));
        }
        Self::checked(members)
    }

    /// From persons that another format names, by the same rules; faults count the persons as lines.
    pub fn of_members(members: Vec<Member>) -> Result<Self> {
        let mut numbered: Vec<(u64, Member)> = Vec::new();
        for (number, member) in (1..).zip(members) {
            checked_names(&member).map_err(|fault| fault.line(number))?;
            numbered.push((number, member));
        }
        Self::checked(numbered)
    }

    fn checked(mut members: Vec<(u64, Member)>) -> Result<Self> {
        if members.is_empty() {
            return Err(Fault::input("names nobody").hint(COLUMNS));
        }
        for (place, (number, member)) in members.iter().enumerate() {
            if let Some((before, _)) = members[..place].iter().find(|(_, m)| m.id == member.id) {
                return Err(Fault::input(format!("names the same person as line {before}"))
                    .line(*number)
                    .hint("give each person one line, and persons of different families different names"));
            }
        }
        sexes(&mut members)?;
        Ok(Self {
            members: generations(members)?,
        })
    }

    /// Everybody, parents before children.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The person of this name.
    pub fn get(&self, id: &str) -> Option<&Member> {
        self.members.iter().find(|m| m.id == id)
    }

    /// Every child with two parents.
    pub fn trios(&self) -> Vec<Trio<'_>> {
        let of = |id: &Option<String>| self.get(id.as_deref()?);
        self.members
            .iter()
            .filter_map(|child| {
                Some(Trio {
                    child,
                    father: of(&child.father)?,
                    mother: of(&child.mother)?,
                })
            })
            .collect()
    }

    /// The kinship coefficient of two persons by their pedigree: the chance that an allele drawn from one is by descent
    /// the same as one drawn from the other. Founders count as unrelated. `None` where either is not in it.
    pub fn kinship(&self, a: &str, b: &str) -> Option<f64> {
        let number = |id: &str| self.members.iter().position(|m| m.id == id);
        let (a, b) = (number(a)?, number(b)?);
        let mut known = HashMap::new();
        Some(self.coefficient(a, b, &mut known))
    }

    fn coefficient(&self, a: usize, b: usize, known: &mut HashMap<(usize, usize), f64>) -> f64 {
        // The later one is never an ancestor of the earlier one.
        let (early, late) = (a.min(b), a.max(b));
        if let Some(found) = known.get(&(early, late)) {
            return *found;
        }
        let parent = |id: &Option<String>| self.members.iter().position(|m| Some(&m.id) == id.as_ref());
        let (father, mother) = (parent(&self.members[late].father), parent(&self.members[late].mother));
        let value = if early == late {
            let inbred = match (father, mother) {
                (Some(f), Some(m)) => self.coefficient(f, m, known),
                _ => 0.0,
            };
            0.5 * (1.0 + inbred)
        } else {
            let mut of = |p: Option<usize>| p.map_or(0.0, |p| self.coefficient(early, p, known));
            0.5 * (of(father) + of(mother))
        };
        known.insert((early, late), value);
        value
    }
}

const COLUMNS: &str = "a line has: family, person, father, mother, sex (1 male, 2 female, 0 unknown), phenotype";

fn member(line: &str) -> Result<Member> {
    let columns: Vec<&str> = line.split_whitespace().collect();
    let (&[family, id, father, mother, sex], rest) = columns
        .split_first_chunk::<5>()
        .ok_or_else(|| Fault::input(format!("has {} columns; six are needed", columns.len())).hint(COLUMNS))?;
    if rest.len() > 1 {
        return Err(Fault::input(format!("has {} columns; six are needed", columns.len()))
            .hint("leave out genotypes: give the first six columns, as in PLINK's .fam"));
    }
    let parent = |name: &str| (name != "0").then(|| name.to_owned());
    let member = Member {
        family: family.to_owned(),
        id: id.to_owned(),
        father: parent(father),
        mother: parent(mother),
        sex: match sex {
            "1" => Sex::Male,
            "2" => Sex::Female,
            _ => Sex::Unknown,
        },
        affected: match rest.first() {
            Some(&"1") => Some(false),
            Some(&"2") => Some(true),
            _ => None,
        },
    };
    checked_names(&member)?;
    Ok(member)
}

/// A person has a name, and is neither their own parent nor the child of one person twice.
fn checked_names(member: &Member) -> Result<()> {
    if matches!(member.id.as_str(), "0" | "") {
        return Err(Fault::input("the person is named 0, which stands for none"));
    }
    if [&member.father, &member.mother].contains(&&Some(member.id.clone())) {
        return Err(Fault::input("the person is their own parent"));
    }
    if member.father.is_some() && member.father == member.mother {
        return Err(Fault::input("father and mother are one person"));
    }
    Ok(())
}

/// Checks that parents are there and of the sex that the column says, and fills in a parent's unstated sex.
fn sexes(members: &mut [(u64, Member)]) -> Result<()> {
    for child in 0..members.len() {
        let line = members[child].0;
        let parents = [
            (members[child].1.father.clone(), Sex::Male, "father"),
            (members[child].1.mother.clone(), Sex::Female, "mother"),
        ];
        for (name, sex, word) in parents {
            let Some(name) = name else { continue };
            let family = members[child].1.family.clone();
            let Some((at, parent)) = members.iter_mut().find(|(_, m)| m.id == name) else {
                return Err(Fault::input(format!("names a {word} who has no line"))
                    .line(line)
                    .hint(format!("add a line for the {word}, or write 0")));
            };
            if parent.sex == Sex::Unknown {
                parent.sex = sex;
            }
            if parent.sex != sex {
                return Err(Fault::input(format!(
                    "names a {word} who is {} by line {at}, or by being another's parent",
                    parent.sex
                ))
                .line(line)
                .hint("correct the sex, or the columns of father and mother"));
            }
            if parent.family != family {
                return Err(Fault::input(format!("names a {word} of another family"))
                    .line(line)
                    .hint("give relatives one family"));
            }
        }
    }
    Ok(())
}

/// Parents before children.
fn generations(members: Vec<(u64, Member)>) -> Result<Vec<Member>> {
    let mut waiting = members;
    let mut sorted: Vec<Member> = Vec::with_capacity(waiting.len());
    while let Some((line, _)) = waiting.first() {
        let known = |id: &Option<String>| id.as_ref().is_none_or(|id| sorted.iter().any(|m| m.id == *id));
        let Some(next) = waiting.iter().position(|(_, m)| known(&m.father) && known(&m.mother)) else {
            return Err(
                Fault::input("makes a person their own ancestor, with the lines after it")
                    .line(*line)
                    .hint("correct the columns of father and mother"),
            );
        };
        let (_, member) = waiting.remove(next);
        sorted.push(member);
    }
    Ok(sorted)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRIO: &str = "#fam id pat mat sex phen\nf c d m 1 2\n\nf d 0 0 1 1\r\nf m 0 0 0 0\n";

    #[test]
    fn a_trio() {
        let pedigree = Pedigree::parse(TRIO).unwrap();
        let names: Vec<&str> = pedigree.members().iter().map(|m| m.id.as_str()).collect();
        assert_eq!(names, ["d", "m", "c"]);
        let trio = pedigree.trios()[0];
        assert_eq!((trio.child.id.as_str(), trio.father.id.as_str()), ("c", "d"));
        assert_eq!(
            (trio.child.affected, trio.father.affected, trio.mother.affected),
            (Some(true), Some(false), None)
        );
        assert_eq!(trio.mother.sex, Sex::Female, "implied");
    }

    #[test]
    fn kinship_coefficients() {
        let text =
            "f gf 0 0 1\nf gm 0 0 2\nf a gf gm 1\nf b gf gm 2\nf w 0 0 2\nf h 0 0 1\nf c a w 1\nf d h b 2\nf e c d 1\n";
        let pedigree = Pedigree::parse(text).unwrap();
        for (a, b, expected) in [
            ("gf", "gf", 0.5),
            ("gf", "gm", 0.0),
            ("gf", "a", 0.25),
            ("a", "b", 0.25),
            ("gf", "c", 0.125),
            ("b", "c", 0.125),
            ("c", "d", 0.0625),
            ("e", "e", 0.5 * 1.0625),
            ("e", "c", 0.5 * (0.5 + 0.0625)),
        ] {
            assert_eq!(pedigree.kinship(a, b), Some(expected), "{a} {b}");
            assert_eq!(pedigree.kinship(b, a), Some(expected), "{b} {a}");
        }
        assert_eq!(pedigree.kinship("a", "nobody"), None);
    }

    #[test]
    fn faults_name_the_line_and_no_person() {
        for (text, line, words) in [
            ("", None, "nobody"),
            ("f Jane 0 0", Some(1), "4 columns"),
            ("f Jane 0 0 2 1 A A", Some(1), "8 columns"),
            ("f Jane 0 0 2\nf Jane 0 0 2", Some(2), "same person as line 1"),
            ("f Jane Jane 0 2", Some(1), "own parent"),
            ("f Jane x x 2\nf x 0 0 1", Some(1), "one person"),
            ("f Jane x 0 2", Some(1), "father who has no line"),
            ("f Jane 0 x 2", Some(1), "mother who has no line"),
            ("f Jane x 0 2\nf x 0 0 2", Some(1), "father who is female by line 2"),
            ("f Jane 0 x 2\nf x 0 0 1", Some(1), "mother who is male"),
            ("f Jane x 0 2\nf y 0 x 1\nf x 0 0 0", Some(2), "mother who is male"),
            ("f Jane x 0 1\nf x Jane 0 1", Some(1), "own ancestor"),
            ("f Jane x 0 1\ng x 0 0 1", Some(1), "another family"),
            ("f 0 0 0 1", Some(1), "named 0"),
        ] {
            let fault = Pedigree::parse(text).unwrap_err();
            assert_eq!(fault.place().line, line, "{text:?}: {fault}");
            assert!(fault.what().contains(words), "{text:?}: {fault}");
            assert!(!fault.to_string().contains("Jane"), "{fault}");
        }
    }
}
