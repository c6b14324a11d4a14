//! A person's settings of criteria. They stand beside what the rules said, need a reason, and are applied anew after
//! every run, so that no run loses them.

use clinotype_case::{
    criterion::{Code, Criterion, Decided, Said, SetBy},
    entered::Decision,
};
use clinotype_genome::{Fault, Result};

use super::{classify::points, interactions};
use crate::rules::RULES;

/// The criteria with exactly these decisions of people in place; none gives the rows of the rules. `criteria` may hold
/// decisions: those are taken off first, so that applying twice, or in any order, is applying once.
///
/// A row that a person set stands, and keeps what the rules say beside it. The interactions (section 10 of the rules)
/// are settled anew among the other rows with these in place: what a set PVS1 excludes is not counted, what a withdrawn
/// one excluded counts again. `gene`: symbol, for what its panel lays down.
///
/// # Errors
/// An input fault where a decision has no reason or no person, where two are on one criterion, or where a pathogenic
/// criterion is to stand alone.
pub fn apply(criteria: &[Criterion], decisions: &[Decision], gene: Option<&str>) -> Result<Vec<Criterion>> {
    for (number, decision) in decisions.iter().enumerate() {
        let wrong = |what: &str| {
            Fault::input(format!("the setting of {} {what}", decision.code)).hint("correct or withdraw this setting")
        };
        if let Some(what) = decision.fault() {
            return Err(wrong(what));
        }
        if decisions[..number].iter().any(|other| other.code == decision.code) {
            return Err(wrong("stands twice"));
        }
    }
    let one_of_region_and_residue = one_of_region_and_residue(gene);
    let by_itself: Vec<Criterion> = criteria.iter().map(alone).collect();
    let mut automatic = by_itself.clone();
    interactions::settle_with(&mut automatic, one_of_region_and_residue);
    if decisions.is_empty() {
        return Ok(automatic);
    }
    let mut made: Vec<Criterion> = by_itself
        .iter()
        .zip(&automatic)
        .map(|(row, automatic)| match decisions.iter().find(|d| d.code == row.code) {
            Some(decision) => set(automatic, decision),
            None => row.clone(),
        })
        .collect();
    interactions::settle_with(&mut made, one_of_region_and_residue);
    Ok(made)
}

/// Whether the gene's panel lets PM1 or PM5 count, not both.
pub(super) fn one_of_region_and_residue(gene: Option<&str>) -> bool {
    gene.and_then(|symbol| RULES.specifications.get(symbol))
        .is_some_and(|panel| panel.says("pm5_with_pm1") == Some(false))
}

/// The row as its rule made it, before interactions and people.
fn alone(row: &Criterion) -> Criterion {
    let mut made = row.clone();
    let said = match (made.alone.take(), made.decided.take()) {
        (Some(said), _) => *said,
        (None, Some(decided)) => {
            made.compared.retain(|(name, _)| name != BY_RULES);
            decided.automatic
        }
        (None, None) => return made,
    };
    made.compared.retain(|(name, _)| name != BY_RULES);
    made.set_by = SetBy::Automatic;
    say(&mut made, said);
    made
}

/// Among the compared values of a set row: what the rules say.
const BY_RULES: &str = "by rules";

fn say(row: &mut Criterion, said: Said) {
    row.state = said.state;
    row.strength = said.strength;
    row.points = said.strength.map_or(0, |strength| points(row.code, strength));
    row.sentence = said.sentence;
}

fn set(automatic: &Criterion, decision: &Decision) -> Criterion {
    let said = automatic.said();
    let by_rules = said.words(automatic.code);
    let decided = Decided {
        decision: decision.clone(),
        automatic: said,
    };
    let changed = match (decided.has_changed(), decision.seen) {
        (Some(true), Some(seen)) => format!(
            " (they said {} when this was set)",
            clinotype_case::criterion::said(automatic.code, seen.state, seen.strength)
        ),
        _ => String::new(),
    };
    let person = match decision.role.as_deref().map(str::trim) {
        Some(role) if !role.is_empty() => format!("{} ({role})", decision.by.trim()),
        _ => decision.by.trim().to_owned(),
    };
    let mut made = automatic.clone();
    made.set_by = SetBy::User;
    made.compared.push((BY_RULES.to_owned(), by_rules.clone()));
    let sentence = format!(
        "Set by {person}: {}. By rules {by_rules}{changed}: {}",
        decision.reason.trim().trim_end_matches('.'),
        automatic.sentence
    );
    say(
        &mut made,
        Said {
            state: decision.setting.state(),
            strength: decision.setting.strength(),
            sentence,
        },
    );
    made.decided = Some(Box::new(decided));
    made
}

/// Decisions that cannot stand together, in words; `None`: none do. One observation cannot speak for both sides, and a
/// new variant counts once.
pub fn contradiction(decisions: &[Decision]) -> Option<String> {
    let met = |code: Code| {
        decisions
            .iter()
            .any(|d| d.code == code && d.setting.strength().is_some())
    };
    interactions::OPPOSED
        .iter()
        .find(|(one, other)| met(*one) && met(*other))
        .map(|(one, other)| format!("{one} and {other} exclude each other and cannot both be set as met"))
}

#[cfg(test)]
mod tests {
    use clinotype_case::{
        criterion::{State, Strength},
        entered::{Seen, Setting},
    };
    use proptest::prelude::*;

    use super::*;
    use crate::acmg::{classify, codes, row::Row, settle};

    fn rows() -> Vec<Criterion> {
        vec![
            Row::new(Code::PM2, "r", "1", "s").met(Strength::Supporting, "Rare."),
            Row::new(Code::PS3, "r", "1", "s").not_evaluated("PS3 was not evaluated."),
        ]
    }

    fn decision(code: Code, setting: Setting) -> Decision {
        Decision {
            code,
            setting,
            reason: "two assays agree".to_owned(),
            by: "Dr. A".to_owned(),
            role: None,
            at: None,
            seen: None,
        }
    }

    #[test]
    fn a_setting_counts_and_keeps_what_the_rules_said() {
        let decisions = [
            decision(Code::PS3, Setting::Met(Strength::Strong)),
            decision(Code::PM2, Setting::NotMet),
        ];
        let made = apply(&rows(), &decisions, None).unwrap();
        assert_eq!(classify(&made, -1).points, 4);
        assert_eq!(made[0].set_by, SetBy::User);
        assert_eq!(
            made[0].sentence,
            "Set by Dr. A: two assays agree. By rules met as PM2_Supporting: Rare."
        );
        assert_eq!(made[1].compared.last().unwrap().1, "not evaluated");
        // A later run makes the rows anew; the settings go on top again and give the same.
        assert_eq!(apply(&rows(), &decisions, None).unwrap(), made);
        assert_eq!(apply(&made, &decisions, None).unwrap(), made);
        assert_eq!(apply(&rows(), &[], None).unwrap(), rows());
        assert_eq!(apply(&made, &[], None).unwrap(), rows());
    }

    #[test]
    fn what_the_rules_said_then_is_told_where_it_differs_now() {
        let mut one = decision(Code::PM2, Setting::NotMet);
        one.seen = Some(Seen {
            state: State::NotEvaluated,
            strength: None,
        });
        one.role = Some("clinician".to_owned());
        let made = apply(&rows(), &[one.clone()], None).unwrap();
        assert_eq!(
            made[0].sentence,
            "Set by Dr. A (clinician): two assays agree. By rules met as PM2_Supporting (they said not \
             evaluated when this was set): Rare."
        );
        assert_eq!(made[0].decided.as_ref().unwrap().has_changed(), Some(true));
        one.seen = Some(Seen {
            state: State::Met,
            strength: Some(Strength::Supporting),
        });
        let made = apply(&rows(), &[one], None).unwrap();
        assert_eq!(made[0].decided.as_ref().unwrap().has_changed(), Some(false));
        assert!(!made[0].sentence.contains("they said"), "{}", made[0].sentence);
    }

    fn automatic(text: &str) -> Vec<Criterion> {
        let met = codes::parse(text).unwrap();
        let mut rows: Vec<Criterion> = Code::ALL
            .iter()
            .map(|&code| {
                let row = Row::new(code, "r", "1", "s");
                match met.iter().find(|(c, _)| *c == code) {
                    Some((_, strength)) => row.met(*strength, format!("{code} said.")),
                    None => row.not_met(format!("{code} denied.")),
                }
            })
            .collect();
        settle(&mut rows);
        rows
    }

    fn labels(criteria: &[Criterion]) -> String {
        let met = criteria.iter().filter(|c| c.state == State::Met);
        met.map(Criterion::label).collect::<Vec<_>>().join(",")
    }

    /// Section 10 with a person's rows in place.
    #[test]
    fn interactions_follow_what_a_person_set() {
        let met = |code: Code| decision(code, Setting::Met(code.default_strength()));
        let off = |code| decision(code, Setting::NotMet);
        for (rules, decisions, expected) in [
            // What the criterion that is off excluded counts again.
            ("PVS1,PM4,PP3", vec![off(Code::PVS1)], "PM4,PP3"),
            ("BA1,BS1", vec![off(Code::BA1)], "BS1"),
            ("BA1,PM2_Supporting", vec![off(Code::BA1)], "PM2_Supporting"),
            // What the set one excludes does not count.
            ("PM1,PP3", vec![met(Code::PVS1)], "PVS1"),
            ("PM2_Supporting", vec![met(Code::BS1)], "BS1"),
            // The person's side of a contradiction stands.
            ("BP4", vec![met(Code::PP3)], "PP3"),
            ("PP3,BP4", vec![met(Code::BP4)], "BP4"),
            ("PP3,BP4", vec![off(Code::BP4)], "PP3"),
            // The cap takes from the rules' row, never from the person's.
            (
                "PM1",
                vec![decision(Code::PP3, Setting::Met(Strength::Strong))],
                "PP3_Strong",
            ),
            ("PM1,PP3_Strong", vec![off(Code::PM1)], "PP3_Strong"),
            ("PP3_Strong", vec![met(Code::PM1)], "PM1,PP3_Moderate"),
            // Both by a person: both stand.
            ("", vec![met(Code::PVS1), met(Code::PP3)], "PVS1,PP3"),
        ] {
            let rows = automatic(rules);
            let made = apply(&rows, &decisions, None).unwrap();
            assert_eq!(labels(&made), expected, "{rules} with {decisions:?}");
            assert_eq!(apply(&made, &[], None).unwrap(), rows, "{rules} with {decisions:?}");
        }
    }

    #[test]
    fn settings_that_cannot_be_are_refused() {
        let without = |change: fn(&mut Decision)| {
            let mut one = decision(Code::PS3, Setting::NotMet);
            change(&mut one);
            apply(&rows(), &[one], None).unwrap_err().to_string()
        };
        assert!(without(|o| o.reason = " ".to_owned()).contains("has no reason"));
        assert!(without(|o| o.by.clear()).contains("states no person"));
        assert!(without(|o| o.setting = Setting::Met(Strength::StandAlone)).contains("cannot stand alone"));
        let twice = [
            decision(Code::PS3, Setting::NotMet),
            decision(Code::PS3, Setting::NotMet),
        ];
        assert!(
            apply(&rows(), &twice, None)
                .unwrap_err()
                .to_string()
                .contains("stands twice")
        );
        let both = |one, other| [one, other].map(|code: Code| decision(code, Setting::Met(code.default_strength())));
        assert!(
            contradiction(&both(Code::PP1, Code::BS4))
                .unwrap()
                .contains("PP1 and BS4")
        );
        assert!(contradiction(&both(Code::PS2, Code::PM6)).is_some());
        assert!(contradiction(&both(Code::PS2, Code::PM3)).is_none());
        assert!(
            contradiction(&[
                decision(Code::PP1, Setting::NotMet),
                both(Code::BS4, Code::PS2)[0].clone()
            ])
            .is_none()
        );
    }

    fn any_rows() -> impl Strategy<Value = Vec<Criterion>> {
        let strength = prop::sample::select(vec![Strength::Supporting, Strength::Moderate, Strength::Strong]);
        let row = prop::option::of((0..4_u8, strength));
        prop::collection::vec(row, Code::ALL.len()).prop_map(|chosen| {
            let mut rows: Vec<Criterion> = Code::ALL
                .iter()
                .zip(chosen)
                .map(|(&code, chosen)| {
                    let row = Row::new(code, "r", "1", "s").compared("n", code);
                    match chosen {
                        Some((0, strength)) => row.met(strength, format!("{code} said.")),
                        Some((1, _)) => row.not_met(format!("{code} denied.")),
                        Some((2, _)) => row.not_applicable(format!("{code} does not apply.")),
                        _ => row.not_evaluated(format!("{code} was not evaluated.")),
                    }
                })
                .collect();
            settle(&mut rows);
            rows
        })
    }

    fn any_decisions() -> impl Strategy<Value = Vec<Decision>> {
        let setting = prop_oneof![
            prop::sample::select(vec![Strength::Supporting, Strength::Moderate, Strength::Strong])
                .prop_map(Setting::Met),
            Just(Setting::NotMet),
            Just(Setting::NotApplicable),
        ];
        prop::collection::btree_map(prop::sample::select(Code::ALL.to_vec()), setting, 0..6).prop_map(|chosen| {
            let made = chosen.into_iter().map(|(code, setting)| decision(code, setting));
            made.collect()
        })
    }

    proptest! {
        #[test]
        fn applied_twice_or_in_any_order_is_applied_once_and_withdrawn_leaves_nothing(
            rows in any_rows(),
            first in any_decisions(),
            second in any_decisions(),
        ) {
            let made = apply(&rows, &first, Some("BRCA1")).unwrap();
            prop_assert_eq!(&apply(&made, &first, Some("BRCA1")).unwrap(), &made);
            let turned: Vec<Decision> = first.iter().rev().cloned().collect();
            prop_assert_eq!(&apply(&rows, &turned, Some("BRCA1")).unwrap(), &made);
            let back = apply(&made, &[], Some("BRCA1")).unwrap();
            prop_assert_eq!(&back, &apply(&rows, &[], Some("BRCA1")).unwrap());
            prop_assert_eq!(&apply(&made, &second, Some("BRCA1")).unwrap(), &apply(&rows, &second, Some("BRCA1")).unwrap());
            for one in &first {
                let row = made.iter().find(|row| row.code == one.code).unwrap();
                let before = rows.iter().find(|row| row.code == one.code).unwrap();
                prop_assert_eq!((row.state, row.strength), (one.setting.state(), one.setting.strength()));
                prop_assert_eq!(row.set_by, SetBy::User);
                // Without a panel's say the rows are settled already.
                let plain = apply(&rows, &first, None).unwrap();
                let plain = plain.iter().find(|row| row.code == one.code).unwrap();
                prop_assert_eq!(&plain.decided.as_ref().unwrap().automatic, &before.said());
            }
        }
    }
}
