//! Criteria that exclude each other (section 10 of the rules): the same observation is never counted twice.

use clinotype_case::criterion::{Code, Criterion, SetBy, State, Strength};

use super::classify::points;

/// Settles the interactions among criteria that are met. What a person set always stands.
///
/// BA1 excludes BS1 and PM2, BS1 excludes PM2; PVS1 excludes PP3, PM4 and PM1; PM1 excludes BP1; PP3 excludes BP7; of
/// PP3 with BP4 and of PM4 with BP3 neither counts (one observation cannot say both); PM1 and PP3 together count at
/// most as strong, 4 points (Pejaver 2022).
pub fn settle(criteria: &mut [Criterion]) {
    for (winner, losers) in [
        (Code::BA1, &[Code::BS1, Code::PM2][..]),
        (Code::BS1, &[Code::PM2]),
        (Code::PVS1, &[Code::PP3, Code::PM4, Code::PM1]),
        (Code::PM1, &[Code::BP1]),
        (Code::PP3, &[Code::BP7]),
    ] {
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
    for (one, other) in [(Code::PP3, Code::BP4), (Code::PM4, Code::BP3)] {
        if is_met(criteria, one) && is_met(criteria, other) {
            let reason = format!("{one} and {other} contradict each other; a person must decide");
            withdraw(criteria, one, State::NotEvaluated, &reason);
            withdraw(criteria, other, State::NotEvaluated, &reason);
        }
    }
    cap_region_and_prediction(criteria);
}

/// Panels that let PM1 or PM5 count, not both: the stronger one stays, PM1 of two equal ones.
pub(super) fn region_or_residue(criteria: &mut [Criterion]) {
    let points_of = |code: Code| {
        criteria
            .iter()
            .find(|c| c.code == code && c.state == State::Met)
            .map(|c| c.points)
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

fn is_met(criteria: &[Criterion], code: Code) -> bool {
    criteria.iter().any(|c| c.code == code && c.state == State::Met)
}

fn withdraw(criteria: &mut [Criterion], code: Code, state: State, reason: &str) {
    for row in criteria
        .iter_mut()
        .filter(|c| c.code == code && c.state == State::Met && c.set_by == SetBy::Automatic)
    {
        row.state = state;
        row.strength = None;
        row.points = 0;
        row.sentence = format!("{} ({reason}.)", row.sentence);
    }
}

fn cap_region_and_prediction(criteria: &mut [Criterion]) {
    let region: i32 = criteria
        .iter()
        .filter(|c| c.code == Code::PM1 && c.state == State::Met)
        .map(|c| c.points)
        .sum();
    if region == 0 {
        return;
    }
    let left = Strength::Strong.points() - region;
    let Some(row) = criteria
        .iter_mut()
        .find(|c| c.code == Code::PP3 && c.state == State::Met && c.set_by == SetBy::Automatic)
        .filter(|c| c.points > left)
    else {
        return;
    };
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
