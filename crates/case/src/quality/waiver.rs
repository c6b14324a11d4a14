//! Waivers: a person answers for a report although a check of identity failed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Check, IDENTITY, identity_failures};

/// Longest reason and longest name, bytes.
const LONGEST: usize = 4_000;

/// A failed check that a person waived. The check stays failed and printed; only the report is no longer withheld.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    /// Name of the check.
    pub check: String,
    /// What the check said when it was waived.
    pub finding: String,
    /// Why the report may be made nevertheless.
    pub reason: String,
    /// Name of the person, as printed.
    pub by: String,
    /// The person's role, where it is known.
    #[serde(default)]
    pub role: Option<String>,
    /// When (UTC).
    pub at: Timestamp,
}

impl Waiver {
    /// Who and when, as printed.
    pub fn person(&self) -> String {
        match &self.role {
            Some(role) => format!("{}, {role}", self.by),
            None => self.by.clone(),
        }
    }
}

/// Why a waiver cannot stand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WaiverError {
    /// Only a failed check of identity can be waived.
    #[error("the check {0} has not failed, so there is nothing to waive")]
    NotFailed(String),
    /// Not one of [`IDENTITY`]. The name is not repeated: it was typed.
    #[error("there is no check of identity of this name; those are {}", IDENTITY.join(", "))]
    Unknown,
    /// A text that must be stated.
    #[error("a waiver states {0}")]
    Missing(&'static str),
    /// The check failed with other figures than those that were waived.
    #[error("the check {0} says something else now than what was waived")]
    Changed(String),
}

/// The failed checks of identity that no waiver lifts. Each waiver must fit a failed check: one that lifts nothing would
/// stand in a script unseen until it does harm.
pub fn check_waivers<'a>(checks: &'a [Check], waivers: &[Waiver]) -> Result<Vec<&'a Check>, WaiverError> {
    for waiver in waivers {
        if !IDENTITY.contains(&waiver.check.as_str()) {
            return Err(WaiverError::Unknown);
        }
        for (text, what) in [(&waiver.reason, "a reason"), (&waiver.by, "who waives")] {
            if text.trim().is_empty() || text.len() > LONGEST {
                return Err(WaiverError::Missing(what));
            }
        }
        let Some(failed) = identity_failures(checks).find(|check| check.name == waiver.check) else {
            return Err(WaiverError::NotFailed(waiver.check.clone()));
        };
        if failed.reason != waiver.finding {
            return Err(WaiverError::Changed(waiver.check.clone()));
        }
    }
    Ok(identity_failures(checks)
        .filter(|check| waivers.iter().all(|waiver| waiver.check != check.name))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::CheckResult;

    fn check(name: &str, result: CheckResult) -> Check {
        Check {
            name: name.to_owned(),
            result,
            reason: format!("{name} as measured"),
        }
    }

    fn waiver(check: &str) -> Waiver {
        Waiver {
            check: check.to_owned(),
            finding: format!("{check} as measured"),
            reason: "transplanted marrow, donor known".to_owned(),
            by: "Dr. A. Example".to_owned(),
            role: None,
            at: "2026-11-21T09:30:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn a_failed_identity_check_blocks_until_it_is_waived() {
        use CheckResult::{Fail, NotAssessed, Pass, Warn};
        let names = |checks: &[Check], waivers: &[Waiver]| {
            check_waivers(checks, waivers).map(|left| left.iter().map(|c| c.name.clone()).collect::<Vec<_>>())
        };
        let both = [
            check("Sex", Fail),
            check("Contamination", Fail),
            check("Coverage", Fail),
        ];
        assert_eq!(names(&both, &[]).unwrap(), ["Sex", "Contamination"]);
        assert_eq!(names(&both, &[waiver("Sex")]).unwrap(), ["Contamination"]);
        assert!(
            names(&both, &[waiver("Sex"), waiver("Contamination")])
                .unwrap()
                .is_empty()
        );
        for result in [Pass, Warn, NotAssessed] {
            let checks = [check("Sex", result)];
            assert!(names(&checks, &[]).unwrap().is_empty());
            let refused = names(&checks, &[waiver("Sex")]);
            assert_eq!(refused, Err(WaiverError::NotFailed("Sex".to_owned())), "{result:?}");
        }
        assert_eq!(names(&both, &[waiver("Coverage")]), Err(WaiverError::Unknown));
        let silent = Waiver {
            reason: " ".to_owned(),
            ..waiver("Sex")
        };
        assert_eq!(names(&both, &[silent]), Err(WaiverError::Missing("a reason")));
        let other = Waiver {
            finding: "something else".to_owned(),
            ..waiver("Sex")
        };
        assert_eq!(names(&both, &[other]), Err(WaiverError::Changed("Sex".to_owned())));
    }
}
