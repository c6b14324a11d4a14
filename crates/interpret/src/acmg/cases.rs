//! Criteria that rest on people: PS2 and PM6, PM3, PP1 and BS4, PS4, PP4, PS3 and BS3, BP2, BP5.
//!
//! Rules can count points; whether the evidence is what it seems is for a person. So these functions return a
//! [`Proposal`], which is no criterion: it counts for nothing until a person confirms it ([`Proposal::confirmed`]).
//! [`proposals`] makes those of a variant from everything that is entered on it.

mod counts;
mod entries;
mod inheritance;

use clinotype_case::criterion::{Code, Proposal, Strength};

use crate::rules::RULES;

pub use counts::{Assay, CaseControl, Cases, case_control, functional, probands};
pub use entries::{Facts, contradictions, proposals};
pub use inheritance::{
    CoSegregation, DeNovo, SecondAllele, Trio, allele_in_cis_or_trans, de_novo, in_trans, non_segregation, segregation,
    trio,
};

fn proposal(code: Code, strength: Option<Strength>, sentence: impl Into<String>) -> Proposal {
    Proposal {
        code,
        strength,
        rule: format!("clinotype.{}", code.as_str().to_ascii_lowercase()),
        rule_version: RULES.version("Points of evidence from people"),
        compared: Vec::new(),
        sentence: sentence.into(),
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
    proposal(
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
    proposal(Code::BP5, explains_all.then_some(Strength::Supporting), sentence)
}

#[cfg(test)]
mod tests {
    use clinotype_case::entered::Setting;

    use super::*;

    #[test]
    fn a_proposal_becomes_a_decision_only_by_a_person() {
        let made = phenotype(true, true);
        assert_eq!(made.words(), "proposed as PP4");
        let decision = made.confirmed("Dr. A", "").unwrap();
        assert_eq!(decision.setting, Setting::Met(Strength::Supporting));
        assert_eq!(decision.reason, made.sentence);
        assert!(phenotype(false, true).confirmed("Dr. A", "seen").is_none());
        assert_eq!(other_cause("BRCA2 c.1del", false).strength, None);
    }
}
