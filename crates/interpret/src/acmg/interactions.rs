//! Criteria that exclude each other (section 10 of the rules): the same observation is never counted twice.

use clinotype_case::criterion::{Code, Criterion, SetBy, State, Strength};

use super::classify::points;

/// Criteria with those that they exclude: the winner counts, the losers do not.
const EXCLUDED: [(Code, &[Code]); 5] = [
    (Code::BA1, &[Code::BS1, Code::PM2]),
    (Code::BS1, &[Code::PM2]),
    (Code::PVS1, &[Code::PP3, Code::PM4, Code::PM1]),
    (Code::PM1, &[Code::BP1]),
    (Code::PP3, &[Code::BP7]),
];

/// Pairs that one observation cannot both support.
const CONTRARY: [(Code, Code); 2] = [(Code::PP3, Code::BP4), (Code::PM4, Code::BP3)];

/// Pairs that a person cannot both set as met.
pub(super) const OPPOSED: [(Code, Code); 8] = [
    (Code::PP3, Code::BP4),
    (Code::PM4, Code::BP3),
    (Code::PP1, Code::BS4),
    (Code::PS3, Code::BS3),
    (Code::PS2, Code::PM6),
    (Code::BA1, Code::BS1),
    (Code::BA1, Code::PM2),
    (Code::BS1, Code::PM2),
];

/// Settles the interactions among criteria that are met. What a person set always stands.
///
/// BA1 excludes BS1 and PM2, BS1 excludes PM2; PVS1 excludes PP3, PM4 and PM1; PM1 excludes BP1; PP3 excludes BP7; of
/// PP3 with BP4 and of PM4 with BP3 neither counts (one observation cannot say both), but where a person set one, that
/// one; PM1 and PP3 together count at most as strong, 4 points (Pejaver 2022).
pub fn settle(criteria: &mut [Criterion]) {
    for (winner, losers) in EXCLUDED {
        if is_met(criteria, winner) {
            for loser in losers {
                withdraw(
                    criteria,
                    *loser,
                    State::NotApplicable,
                    &format!("not counted beside {winner}"),
                );
            }
        }
    }
    for (one, other) in CONTRARY {
        if is_met(criteria, one) && is_met(criteria, other) {
            let mut told = false;
            for (set, loser) in [(one, other), (other, one)] {
                if is_set_by_person(criteria, set) {
                    let reason = format!("not counted: a person set {set}, which it contradicts");
                    withdraw(criteria, loser, State::NotApplicable, &reason);
                    told = true;
                }
            }
            if !told {
                let reason = format!("{one} and {other} contradict each other; a person must decide");
                withdraw(criteria, one, State::NotEvaluated, &reason);
                withdraw(criteria, other, State::NotEvaluated, &reason);
            }
        }
    }
    cap_region_and_prediction(criteria);
}

/// [`settle`], for a gene whose panel lets PM1 or PM5 count where `one_of_region_and_residue`.
pub(super) fn settle_with(criteria: &mut [Criterion], one_of_region_and_residue: bool) {
    if one_of_region_and_residue {
        region_or_residue(criteria);
    }
    settle(criteria);
}

/// What a person must look at among criteria that people set: those that by rule count once or not together.
pub(crate) fn flags(criteria: &[Criterion]) -> Vec<String> {
    let pairs = EXCLUDED
        .iter()
        .flat_map(|(winner, losers)| losers.iter().map(|loser| (*winner, *loser)))
        .chain(OPPOSED);
    let mut seen: Vec<(Code, Code)> = Vec::new();
    let mut flags = Vec::new();
    for (one, other) in pairs {
        if is_met(criteria, one) && is_met(criteria, other) && !seen.contains(&(one, other)) {
            seen.push((one, other));
            flags.push(format!(
                "{one} and {other} both count because a person set them; by rule only one of the two does"
            ));
        }
    }
    let points = |code: Code| -> i32 {
        let row = criteria.iter().find(|c| c.code == code && c.state == State::Met);
        row.map_or(0, |row| row.points)
    };
    if points(Code::PM1) > 0 && points(Code::PP3) > 0 && points(Code::PM1) + points(Code::PP3) > 4 {
        flags.push("PM1 and PP3 together count more than strong because a person set them".to_owned());
    }
    if is_met(criteria, Code::PM3) && !is_met(criteria, Code::PM2) {
        flags.push(
            "PM3 is set without PM2: a second allele in an affected person counts only where the variant is rare"
                .to_owned(),
        );
    }
    flags
}

/// Panels that let PM1 or PM5 count, not both: what a person set stays, else the stronger one, PM1 of two equal ones.
fn region_or_residue(criteria: &mut [Criterion]) {
    let points_of = |code: Code| {
        criteria
            .iter()
            .find(|c| c.code == code && c.state == State::Met)
            .map(|c| (c.set_by == SetBy::User, c.points))
    };
    let (Some(region), Some(residue)) = (points_of(Code::PM1), points_of(Code::PM5)) else {
        return;
    };
    let (winner, loser) = if residue > region {
        (Code::PM5, Code::PM1)
    } else {
        (Code::PM1, Code::PM5)
    };
    withdraw(
        criteria,
        loser,
        State::NotApplicable,
        &format!("the gene's panel does not count it beside {winner}"),
    );
}

fn is_set_by_person(criteria: &[Criterion], code: Code) -> bool {
    criteria
        .iter()
        .any(|c| c.code == code && c.state == State::Met && c.set_by == SetBy::User)
}

fn is_met(criteria: &[Criterion], code: Code) -> bool {
    criteria.iter().any(|c| c.code == code && c.state == State::Met)
}

fn withdraw(criteria: &mut [Criterion], code: Code, state: State, reason: &str) {
    for row in criteria
        .iter_mut()
        .filter(|c| c.code == code && c.state == State::Met && c.set_by == SetBy::Automatic)
    {
        keep_alone(row);
        row.state = state;
        row.strength = None;
        row.points = 0;
        row.sentence = format!("{} ({reason}.)", row.sentence);
    }
}

/// What the rule says by itself stays beside what counts.
fn keep_alone(row: &mut Criterion) {
    if row.alone.is_none() {
        row.alone = Some(Box::new(row.said()));
    }
}

fn cap_region_and_prediction(criteria: &mut [Criterion]) {
    let points_of = |code: Code| -> i32 {
        let rows = criteria.iter().filter(|c| c.code == code && c.state == State::Met);
        rows.map(|c| c.points).sum()
    };
    // The rules' row gives way; what a person set never does.
    let (stays, yields) = if is_set_by_person(criteria, Code::PP3) {
        (Code::PP3, Code::PM1)
    } else {
        (Code::PM1, Code::PP3)
    };
    let fixed = points_of(stays);
    if fixed == 0 {
        return;
    }
    let left = Strength::Strong.points() - fixed;
    let Some(row) = criteria
        .iter_mut()
        .find(|c| c.code == yields && c.state == State::Met && c.set_by == SetBy::Automatic)
        .filter(|c| c.points > left)
    else {
        return;
    };
    keep_alone(row);
    let strength = [Strength::Moderate, Strength::Supporting]
        .into_iter()
        .find(|s| s.points() <= left);
    row.strength = strength;
    row.points = strength.map_or(0, |strength| points(row.code, strength));
    if strength.is_none() {
        row.state = State::NotApplicable;
    }
    row.sentence = format!(
        "{} (Capped: PM1 and PP3 together count at most as strong.)",
        row.sentence
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acmg::{codes, row::Row};

    fn met(text: &str, set_by: SetBy) -> Vec<Criterion> {
        codes::parse(text)
            .unwrap()
            .into_iter()
            .map(|(code, strength)| {
                let mut row = Row::new(code, "r", "1", "s").met(strength, "Said.");
                row.set_by = set_by;
                row
            })
            .collect()
    }

    fn labels(criteria: &[Criterion]) -> String {
        let met: Vec<String> = criteria
            .iter()
            .filter(|c| c.state == State::Met)
            .map(Criterion::label)
            .collect();
        met.join(",")
    }

    #[test]
    fn one_observation_counts_once() {
        for (given, expected) in [
            ("PM2,BS1,BA1", "BA1"),
            ("PM2,BS1", "BS1"),
            ("PVS1,PP3,PM4,PM1,PM2_Supporting", "PVS1,PM2_Supporting"),
            ("PM1,BP1", "PM1"),
            ("PP3,BP7", "PP3"),
            ("PP3,BP4,PM2", "PM2"),
            ("PM4,BP3", ""),
            ("PM1,PP3_Strong", "PM1,PP3_Moderate"),
            ("PM1_Supporting,PP3_Strong", "PM1_Supporting,PP3_Moderate"),
            ("PM1_Strong,PP3", "PM1_Strong"),
            ("PM1,PP3", "PM1,PP3"),
            ("PP3_Strong", "PP3_Strong"),
        ] {
            let mut criteria = met(given, SetBy::Automatic);
            settle(&mut criteria);
            assert_eq!(labels(&criteria), expected, "{given}");
            assert!(
                criteria.iter().all(|c| c.state == State::Met || c.points == 0),
                "{given}"
            );
            let once = criteria.clone();
            settle(&mut criteria);
            assert_eq!(criteria, once, "settling twice changes {given}");
        }
    }

    #[test]
    fn what_a_person_set_stands() {
        let mut criteria = met("PVS1,PP3,PM4", SetBy::User);
        settle(&mut criteria);
        assert_eq!(labels(&criteria), "PVS1,PP3,PM4");
    }
}
