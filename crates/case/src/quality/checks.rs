//! Named checks: sex, contamination, and the verdicts.

use serde::{Deserialize, Serialize};

use crate::Sex;

/// Sex from the reads against the declared one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SexCheck {
    /// As declared.
    pub declared: Sex,
    /// As the depth of X and Y suggests; unknown where they were not sequenced.
    pub observed: Sex,
    /// In words, with the figures.
    pub reason: String,
    /// What it was told from.
    #[serde(default)]
    pub evidence: SexEvidence,
}

/// The lines of evidence on the sex chromosomes, outside of the pseudo-autosomal regions; `None`: could not be told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SexEvidence {
    /// What depth was compared over, for example `targets`.
    pub over: Option<String>,
    /// Mean depth of X to that of the autosomes: about 1 for two X, 0.5 for one.
    pub x_depth: Option<f64>,
    /// Mean depth of Y to that of the autosomes.
    pub y_depth: Option<f64>,
    /// SNVs of X at which reads show both alleles.
    pub x_mixed: u64,
    /// SNVs of X that could show both alleles.
    pub x_sites: u64,
}

/// Another person's DNA among the reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContaminationCheck {
    /// Share of the DNA, 0 to 1; `None` where it could not be told.
    pub fraction: Option<f64>,
    /// Sites that it was told from.
    pub sites: u64,
    /// In words, with the figures.
    pub reason: String,
}

impl Default for ContaminationCheck {
    /// As files of a version say that did not measure it.
    fn default() -> Self {
        Self {
            fraction: None,
            sites: 0,
            reason: "not measured by the version that wrote this file".to_owned(),
        }
    }
}

/// One named check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Name.
    pub name: String,
    /// Result.
    pub result: CheckResult,
    /// Figure, threshold and meaning in one sentence.
    pub reason: String,
}

/// Checks that tell whether the data are this person's. One that failed withholds the report until a person waives it.
pub const IDENTITY: [&str; 4] = ["Sex", "Contamination", "Identity", "Kinship"];

/// The failed checks that tell whether the data are this person's.
pub fn identity_failures(checks: &[Check]) -> impl Iterator<Item = &Check> {
    checks
        .iter()
        .filter(|check| check.result == CheckResult::Fail && IDENTITY.contains(&check.name.as_str()))
}

/// Result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckResult {
    /// In order.
    Pass,
    /// To be looked at.
    Warn,
    /// Not in order.
    Fail,
    /// The data do not allow it.
    NotAssessed,
}

impl CheckResult {
    /// The word printed.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Warn => "WARN",
            Self::Fail => "FAIL",
            Self::NotAssessed => "NOT ASSESSED",
        }
    }
}
