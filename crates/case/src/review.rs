//! What a person decided on the proposed class of a variant.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::criterion::Class;

/// A person's decision on one variant. It stands beside the proposal and never replaces it: criteria, points and the
/// proposed class stay as the rules made them. A review is not a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The class in the person's judgement.
    pub class: Class,
    /// Why; must be stated where the class differs from the proposed one.
    pub reason: String,
    /// Name of the person, as printed.
    pub by: String,
    /// The person's role in the laboratory, for example `clinical scientist`.
    pub role: String,
    /// When the decision was made (UTC).
    pub at: Timestamp,
    /// The class that was proposed when it was made; `None`: not recorded, the class that is proposed now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Class>,
}

impl Review {
    /// Whether the person agrees with the class that the rules proposed.
    pub fn agrees_with(&self, proposed: Class) -> bool {
        self.class == proposed
    }
}
