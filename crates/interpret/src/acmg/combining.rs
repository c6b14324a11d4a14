//! The combining rules of Richards 2015, table 5, with ClinGen's addition of 2020 (PVS1 with PM2_Supporting).

use clinotype_case::criterion::{Class, Code, Side, Strength};

/// How many criteria are met at each strength.
struct Counts {
    very_strong: u32,
    strong: u32,
    moderate: u32,
    supporting: u32,
}

impl Counts {
    fn of(met: &[(Code, Strength)], side: Side) -> Self {
        let count = |strength| {
            met.iter()
                .filter(|(code, s)| code.side() == side && *s == strength)
                .count() as u32
        };
        Self {
            very_strong: count(Strength::VeryStrong),
            strong: count(Strength::Strong),
            moderate: count(Strength::Moderate),
            supporting: count(Strength::Supporting),
        }
    }
}

/// The class by the combining rules. Both sides reached, or neither: uncertain significance.
///
/// The 2015 table knows one very strong pathogenic criterion and no very strong or moderate benign one. Here two very
/// strong ones are pathogenic (a second is more than the strong that the table asks for), a very strong benign one
/// counts as two strong ones, a moderate benign one as supporting.
pub fn class(met: &[(Code, Strength)]) -> Class {
    match (pathogenic_side(met), benign_side(met)) {
        (Some(class), None) | (None, Some(class)) => class,
        _ => Class::Uncertain,
    }
}

fn pathogenic_side(met: &[(Code, Strength)]) -> Option<Class> {
    let Counts {
        very_strong: vs,
        strong: s,
        moderate: m,
        supporting: p,
    } = Counts::of(met, Side::Pathogenic);
    let pathogenic = vs >= 2
        || (vs == 1 && (s >= 1 || m >= 2 || (m == 1 && p >= 1) || p >= 2))
        || s >= 2
        || (s == 1 && (m >= 3 || (m == 2 && p >= 2) || (m == 1 && p >= 4)));
    if pathogenic {
        return Some(Class::Pathogenic);
    }
    let rare = met.contains(&(Code::PM2, Strength::Supporting));
    let likely = (vs == 1 && (m == 1 || rare))
        || (s == 1 && (m >= 1 || p >= 2))
        || m >= 3
        || (m == 2 && p >= 2)
        || (m == 1 && p >= 4);
    likely.then_some(Class::LikelyPathogenic)
}

fn benign_side(met: &[(Code, Strength)]) -> Option<Class> {
    let counts = Counts::of(met, Side::Benign);
    let stand_alone = met
        .iter()
        .any(|(code, s)| code.side() == Side::Benign && *s == Strength::StandAlone);
    let strong = counts.strong + 2 * counts.very_strong;
    let supporting = counts.supporting + counts.moderate;
    if stand_alone || strong >= 2 {
        Some(Class::Benign)
    } else if (strong == 1 && supporting >= 1) || supporting >= 2 {
        Some(Class::LikelyBenign)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_5_of_2015() {
        for (text, expected) in [
            ("PVS1,PS1", Class::Pathogenic),
            ("PVS1,PM1,PM5", Class::Pathogenic),
            ("PVS1,PM1,PP1", Class::Pathogenic),
            ("PVS1,PP1,PP2", Class::Pathogenic),
            ("PS1,PS3", Class::Pathogenic),
            ("PS1,PM1,PM2,PM5", Class::Pathogenic),
            ("PS1,PM1,PM2,PP1,PP2", Class::Pathogenic),
            ("PS1,PM1,PP1,PP2,PP3,PP4", Class::Pathogenic),
            ("PVS1,PM1", Class::LikelyPathogenic),
            ("PVS1,PM2_Supporting", Class::LikelyPathogenic),
            ("PVS1,PP1", Class::Uncertain),
            ("PVS1", Class::Uncertain),
            ("PS1,PM1", Class::LikelyPathogenic),
            ("PS1,PM1,PM2", Class::LikelyPathogenic),
            ("PS1,PP1,PP2", Class::LikelyPathogenic),
            ("PS1,PP1", Class::Uncertain),
            ("PM1,PM2,PM5", Class::LikelyPathogenic),
            ("PM1,PM2,PP1,PP2", Class::LikelyPathogenic),
            ("PM1,PP1,PP2,PP3,PP4", Class::LikelyPathogenic),
            ("PM1,PM2,PP1", Class::Uncertain),
            ("BA1", Class::Benign),
            ("BS1,BS2", Class::Benign),
            ("BS1,BP1", Class::LikelyBenign),
            ("BP1,BP4", Class::LikelyBenign),
            ("BS1", Class::Uncertain),
            ("BP4", Class::Uncertain),
            ("BA1,PS1,PS3", Class::Uncertain),
            ("BP4,BP7,PVS1,PS1", Class::Uncertain),
            ("", Class::Uncertain),
        ] {
            assert_eq!(class(&super::super::codes::parse(text).unwrap()), expected, "{text}");
        }
    }

    /// AutoGVP #100, #107: more evidence never lowers the class on the pathogenic side.
    #[test]
    fn more_pathogenic_evidence_never_lowers_the_class() {
        let codes: Vec<(Code, Strength)> =
            super::super::codes::parse("PVS1,PS1,PS3,PM1,PM2,PM5,PP1,PP2,PP3,PP4").unwrap();
        for set in 0..1_u32 << codes.len() {
            let chosen = |set: u32| -> Vec<_> {
                codes
                    .iter()
                    .enumerate()
                    .filter(|(i, _)| set >> i & 1 == 1)
                    .map(|(_, c)| *c)
                    .collect()
            };
            let class_of_set = class(&chosen(set));
            for (extra, added) in codes.iter().enumerate() {
                let more = class(&chosen(set | 1 << extra));
                assert!(more >= class_of_set, "{:?} + {:?}", chosen(set), added);
            }
        }
    }
}
