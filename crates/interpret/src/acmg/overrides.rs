//! A person's settings of criteria. They stand beside what the rules said, need a reason, and are applied anew after
//! every run, so that no run loses them.

use clinotype_case::criterion::{Code, Criterion, SetBy, State, Strength};
use clinotype_genome::{Fault, Result};
use serde::{Deserialize, Serialize};

use super::classify::points;

/// What a person sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// Met, at this strength.
    Met(Strength),
    /// Looked at, and not met.
    NotMet,
    /// Does not concern this variant.
    NotApplicable,
}

/// One decision on one criterion of one variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Which criterion.
    pub code: Code,
    /// What it is set to.
    pub setting: Setting,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
}

/// The criteria with a person's settings in place. Each set row keeps what the rules said: its state and strength among
/// the compared values, its sentence behind the person's reason. Interactions are not settled against what a person
/// set; those among the other rows are those of the rules.
///
/// `automatic` is what [`super::evaluate`] made, in this or in a later run.
///
/// # Errors
/// An input fault where a decision has no reason or no person, where two are on one criterion, or where a pathogenic
/// criterion is to stand alone.
pub fn apply(automatic: &[Criterion], decisions: &[Override]) -> Result<Vec<Criterion>> {
    for (number, decision) in decisions.iter().enumerate() {
        let wrong = |what: &str| {
            Fault::input(format!("the setting of {} {what}", decision.code)).hint("correct or withdraw this setting")
        };
        if decision.reason.trim().is_empty() {
            return Err(wrong("has no reason"));
        }
        if decision.by.trim().is_empty() {
            return Err(wrong("states no person"));
        }
        if decisions[..number].iter().any(|other| other.code == decision.code) {
            return Err(wrong("stands twice"));
        }
        if decision.setting == Setting::Met(Strength::StandAlone) && !decision.code.as_str().starts_with('B') {
            return Err(wrong("cannot stand alone: it points to pathogenic"));
        }
    }
    Ok(automatic
        .iter()
        .map(|row| match decisions.iter().find(|d| d.code == row.code) {
            Some(decision) => set(row, decision),
            None => row.clone(),
        })
        .collect())
}

fn set(row: &Criterion, decision: &Override) -> Criterion {
    let (state, strength) = match decision.setting {
        Setting::Met(strength) => (State::Met, Some(strength)),
        Setting::NotMet => (State::NotMet, None),
        Setting::NotApplicable => (State::NotApplicable, None),
    };
    let by_rules = match row.state {
        State::Met => format!("met as {}", row.label()),
        State::NotMet => "not met".to_owned(),
        State::NotApplicable => "not applicable".to_owned(),
        State::NotEvaluated => "not evaluated".to_owned(),
    };
    let mut made = row.clone();
    made.state = state;
    made.strength = strength;
    made.points = strength.map_or(0, |strength| points(row.code, strength));
    made.set_by = SetBy::User;
    made.compared.push(("by rules".to_owned(), by_rules.clone()));
    made.sentence = format!(
        "Set by {}: {}. By rules {by_rules}: {}",
        decision.by.trim(),
        decision.reason.trim().trim_end_matches('.'),
        row.sentence
    );
    made
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acmg::{classify, row::Row};

    fn rows() -> Vec<Criterion> {
        vec![
            Row::new(Code::PM2, "r", "1", "s").met(Strength::Supporting, "Rare."),
            Row::new(Code::PS3, "r", "1", "s").not_evaluated("PS3 was not evaluated."),
        ]
    }

    fn decision(code: Code, setting: Setting) -> Override {
        Override {
            code,
            setting,
            reason: "two assays agree".to_owned(),
            by: "Dr. A".to_owned(),
        }
    }

    #[test]
    fn a_setting_counts_and_keeps_what_the_rules_said() {
        let decisions = [
            decision(Code::PS3, Setting::Met(Strength::Strong)),
            decision(Code::PM2, Setting::NotMet),
        ];
        let made = apply(&rows(), &decisions).unwrap();
        assert_eq!(classify(&made, -1).points, 4);
        assert_eq!(made[0].set_by, SetBy::User);
        assert_eq!(
            made[0].sentence,
            "Set by Dr. A: two assays agree. By rules met as PM2_Supporting: Rare."
        );
        assert_eq!(made[1].compared.last().unwrap().1, "not evaluated");
        // A later run makes the rows anew; the settings go on top again and give the same.
        assert_eq!(apply(&rows(), &decisions).unwrap(), made);
        assert_eq!(apply(&rows(), &[]).unwrap(), rows());
    }

    #[test]
    fn settings_that_cannot_be_are_refused() {
        let without = |change: fn(&mut Override)| {
            let mut one = decision(Code::PS3, Setting::NotMet);
            change(&mut one);
            apply(&rows(), &[one]).unwrap_err().to_string()
        };
        assert!(without(|o| o.reason = " ".to_owned()).contains("has no reason"));
        assert!(without(|o| o.by.clear()).contains("states no person"));
        assert!(without(|o| o.setting = Setting::Met(Strength::StandAlone)).contains("cannot stand alone"));
        let twice = [
            decision(Code::PS3, Setting::NotMet),
            decision(Code::PS3, Setting::NotMet),
        ];
        assert!(apply(&rows(), &twice).unwrap_err().to_string().contains("stands twice"));
    }
}
