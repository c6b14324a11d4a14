//! Who acts, when and why: handed to every operation that leaves a trace.

use jiff::Timestamp;

use crate::codes::codes;

codes! {
    /// What a person may do; checked by the caller, recorded here.
    pub enum Role: "role" {
        /// Reads.
        Viewer = "viewer",
        /// Enters cases and runs samples.
        Technician = "technician",
        /// Reviews quality and variants.
        Analyst = "analyst",
        /// Classifies and drafts reports.
        Reviewer = "reviewer",
        /// Directs the laboratory.
        Director = "director",
        /// Keeps users and settings.
        Admin = "admin",
        /// Reads the audit trail.
        Auditor = "auditor",
    }
}

/// A person at work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The account, never reused.
    pub user_id: String,
    /// Printed name.
    pub name: String,
    /// Role at the time of the act.
    pub role: Role,
}

/// One act: it becomes the audit rows of the transaction that it causes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Who.
    pub actor: Actor,
    /// When, by the caller's clock.
    pub at: Timestamp,
    /// IANA name of the time zone that the person sees.
    pub zone: String,
    /// Why, where a reason was asked for.
    pub reason: Option<String>,
}

impl Act {
    /// An act without a reason, seen in UTC.
    pub fn new(actor: &Actor, at: Timestamp) -> Self {
        Self {
            actor: actor.clone(),
            at,
            zone: "UTC".to_owned(),
            reason: None,
        }
    }
    /// The zone that the person sees.
    pub fn zone(mut self, zone: &str) -> Self {
        zone.clone_into(&mut self.zone);
        self
    }
    /// The reason given.
    pub fn because(mut self, reason: &str) -> Self {
        self.reason = Some(reason.to_owned());
        self
    }
    /// The program itself, for what it puts right at opening.
    pub(crate) fn program(at: Timestamp) -> Self {
        Self::new(
            &Actor {
                user_id: "clinotype".to_owned(),
                name: "Clinotype".to_owned(),
                role: Role::Admin,
            },
            at,
        )
    }
}

/// UTC, RFC 3339, always nine digits, so that text order is time order.
pub(crate) fn stamp(at: Timestamp) -> String {
    format!("{at:.9}")
}
