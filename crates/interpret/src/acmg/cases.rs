//! Criteria that rest on people: PS2 and PM6, PM3, PP1 and BS4, PS4, PP4, PS3 and BS3, BP2, BP5.
//!
//! Rules can count points; whether the evidence is what it seems is for a person. So these functions return a
//! [`Proposal`], which is no criterion: it counts for nothing until a person confirms it ([`Proposal::confirmed`]).

mod counts;
mod inheritance;

use clinotype_case::criterion::{Code, Criterion, Strength};
use serde::{Deserialize, Serialize};

use super::{
    Row,
    overrides::{Override, Setting},
};
use crate::rules::RULES;

pub use counts::{Assay, CaseControl, Cases, case_control, functional, probands};
pub use inheritance::{
    CoSegregation, DeNovo, Fit, ParentCall, Parentage, SecondAllele, Trans, Trio, allele_in_cis_or_trans, de_novo,
    in_trans, non_segregation, segregation, trio,
};

/// What the rules propose from entered or observed evidence. Not a criterion until a person confirms it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// Which criterion.
    pub code: Code,
    /// The strength that the evidence reaches; `None`: not enough for any.
    pub strength: Option<Strength>,
    /// The rule, for example `clinotype.ps2`.
    pub rule: String,
    /// Version of the rule table.
    pub rule_version: String,
    /// What was counted, in order, as name and value.
    pub compared: Vec<(String, String)>,
    /// One sentence that a clinician can check.
    pub sentence: String,
}

impl Proposal {
    fn new(code: Code, strength: Option<Strength>, sentence: impl Into<String>) -> Self {
        Self {
            code,
            strength,
            rule: format!("clinotype.{}", code.as_str().to_ascii_lowercase()),
            rule_version: RULES.version("Points of evidence from people"),
            compared: Vec::new(),
            sentence: sentence.into(),
        }
    }
    fn compared(mut self, name: &str, value: impl ToString) -> Self {
        self.compared.push((name.to_owned(), value.to_string()));
        self
    }

    /// As a row of the table of criteria: not evaluated, with what is proposed in its sentence.
    pub fn row(&self) -> Criterion {
        let mut row = Row::new(self.code, &self.rule, &self.rule_version, "entered evidence");
        for (name, value) in &self.compared {
            row = row.compared(name, value);
        }
        let proposed = match self.strength {
            Some(strength) => format!("proposed as {}_{}", self.code, strength.suffix()),
            None => "not proposed".to_owned(),
        };
        row.not_evaluated(format!("{} ({proposed}; a person must confirm.)", self.sentence))
    }

    /// The decision by which a person takes the proposal over; `None` where nothing is proposed.
    pub fn confirmed(&self, by: &str, reason: &str) -> Option<Override> {
        Some(Override {
            code: self.code,
            setting: Setting::Met(self.strength?),
            reason: if reason.trim().is_empty() {
                self.sentence.clone()
            } else {
                format!("{reason} ({})", self.sentence.trim_end_matches('.'))
            },
            by: by.to_owned(),
        })
    }
}

/// The strength that a sum of points reaches in one of the tables of evidence_points.tsv: the highest row that it
/// reaches.
fn reached(table: &str, sum: f64) -> Option<Strength> {
    RULES
        .evidence_points
        .get(table)?
        .iter()
        // Sums of halves and quarters are exact in binary.
        .filter(|(bound, _)| sum >= *bound)
        .map(|(_, strength)| *strength)
        .max()
}

/// PP4: how specific the patient's phenotype is for the gene. A score of phenotype similarity is a hint, never the
/// criterion, so the judgement is asked for.
pub fn phenotype(highly_specific: bool, single_cause: bool) -> Proposal {
    let sentence = match (highly_specific, single_cause) {
        (true, true) => "The phenotype is highly specific for a disease of this one gene.",
        (true, false) => "The phenotype is specific, but diseases of other genes show it too.",
        (false, _) => "The phenotype is not specific for the gene.",
    };
    Proposal::new(
        Code::PP4,
        (highly_specific && single_cause).then_some(Strength::Supporting),
        sentence,
    )
}

/// BP5: another variant explains the patient's disease. Never automatic.
pub fn other_cause(other: &str, explains_all: bool) -> Proposal {
    let sentence = if explains_all {
        format!("Another cause, {other}, explains the patient's phenotype.")
    } else {
        format!("Another cause, {other}, explains part of the patient's phenotype only.")
    };
    Proposal::new(Code::BP5, explains_all.then_some(Strength::Supporting), sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposal_counts_for_nothing_before_a_person_confirms_it() {
        let made = phenotype(true, true);
        let row = made.row();
        assert_eq!(
            (row.state, row.points),
            (clinotype_case::criterion::State::NotEvaluated, 0)
        );
        assert!(row.sentence.contains("proposed as PP4_Supporting"), "{}", row.sentence);
        let decision = made.confirmed("Dr. A", "").unwrap();
        assert_eq!(decision.setting, Setting::Met(Strength::Supporting));
        assert!(phenotype(false, true).confirmed("Dr. A", "seen").is_none());
        assert_eq!(other_cause("BRCA2 c.1del", false).strength, None);
    }
}
