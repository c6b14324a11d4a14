//! Names of resources that stay the same: UUID version 5 (RFC 9562) of what a resource stands for.
//!
//! The URN is the entry's `fullUrl`, so that references resolve inside the transaction. A second URN, made from it, is
//! the resource's business identifier (system `urn:ietf:rfc:3986`), so that an amended bundle updates what the first
//! one made; it is another one because servers exist that put the new resource's address wherever they see a
//! `fullUrl`, in an identifier too (Medplum 4.5).
//!
//! Both depend on the laboratory, the report number and the sample, but not on the report's version, and for a variant
//! on its allele and never on its rank in the report.

use clinotype_case::Report;
use uuid::Uuid;

/// Namespace of this software's names; drawn at random once. A change would orphan every resource that was sent.
const NAMESPACE: Uuid = Uuid::from_u128(0x3f0c_27d1_94be_4d5a_8e07_b1c6_5d92_a4e3);

/// Names of one report's resources.
pub(crate) struct Identity {
    laboratory: String,
    case: String,
}

impl Identity {
    /// From the report. The laboratory is known by its accreditation number, else by its name: an address is often
    /// written in two ways.
    pub(crate) fn of(report: &Report) -> Self {
        let laboratory = report.order.as_ref().map_or_else(String::new, |order| {
            let laboratory = &order.laboratory;
            let number = laboratory.accreditation.as_deref().map(str::trim);
            number
                .filter(|n| !n.is_empty())
                .unwrap_or(laboratory.name.trim())
                .to_owned()
        });
        let case = joined(&[&laboratory, &report.id, report.interpretation.sample.as_str()]);
        Self { laboratory, case }
    }

    /// URN of a resource of this report.
    pub(crate) fn in_case(&self, role: &str, key: &str) -> String {
        urn(&joined(&["case", &self.case, role, key]))
    }

    /// URN of something that the laboratory has once, whatever the report.
    pub(crate) fn in_laboratory(&self, role: &str, key: &str) -> String {
        urn(&joined(&["laboratory", &self.laboratory, role, key]))
    }

    /// URN of something that is the same everywhere, such as a software version.
    pub(crate) fn everywhere(role: &str, key: &str) -> String {
        urn(&joined(&["everywhere", role, key]))
    }

    /// URN of this very version of the report, for the bundle.
    pub(crate) fn of_version(&self, version: u32) -> Uuid {
        uuid(&joined(&["case", &self.case, "bundle", &version.to_string()]))
    }
}

/// The business identifier of the resource with this URN.
pub(crate) fn business_urn(urn: &str) -> String {
    self::urn(&joined(&["identifier", urn]))
}

/// Parts with their lengths, so that no two lists of parts give the same text.
fn joined(parts: &[&str]) -> String {
    use std::fmt::Write as _;
    parts.iter().fold(String::new(), |mut text, part| {
        let _ = write!(text, "{}:{part};", part.len());
        text
    })
}

fn uuid(name: &str) -> Uuid {
    Uuid::new_v5(&NAMESPACE, name.as_bytes())
}

fn urn(name: &str) -> String {
    uuid(name).urn().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(joined(&["a", "bc"]), joined(&["ab", "c"]));
        assert_ne!(joined(&["a;1:b"]), joined(&["a", "b"]));
    }

    #[test]
    fn names_never_change() {
        // A frozen value, computed by another UUID implementation: resources on servers carry it.
        assert_eq!(
            Identity::everywhere("device", "x"),
            "urn:uuid:160ad75b-0eba-5b8f-b2c0-b50a14478216"
        );
    }
}
