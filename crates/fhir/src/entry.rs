//! Entries of the transaction: a resource, its URN and what the server is asked to do with it.

use clinotype_genome::Result;
use fhir_sdk::r4b::{
    codes::HTTPVerb,
    resources::{BundleEntry, BundleEntryRequest, Resource},
};

use crate::{datatypes::built, identity::business_urn, systems};

/// How the transaction asks the server to store resources, so that a resend or an amended report updates the first one
/// and makes no second one. Without an order neither is done: see [`crate::bundle_with`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Requests {
    /// `PUT Type/id` with ids of our own, UUIDs that depend on laboratory, report number and sample, or on the
    /// identifiers of what others own. A record that the server holds under another id is neither found nor changed:
    /// the receiving side links the Patient by its identifiers. Medplum 4.5 takes at most 50 updates in one
    /// transaction, which is a report of 13 findings without pharmacogenes (these alone are about a hundred); other servers have other limits or none.
    #[default]
    ById,
    /// What others own (Patient, Practitioner, Organization, Device, ServiceRequest) is created only where the server
    /// finds none with the same identifiers (`POST` with `ifNoneExist`) and never changed; what the laboratory makes is
    /// a conditional update (`PUT Type?identifier=...`). The report lands at the server's own Patient. Some servers
    /// limit such transactions: Medplum 4.5 refuses one of more than eight entries.
    Conditional,
}

/// Who owns a resource.
#[derive(Clone)]
pub(crate) enum Owner {
    /// Somebody else, and this search finds it.
    Others(String),
    /// The laboratory made it for this report or sample.
    Laboratory,
}

/// A resource on its way into the bundle.
#[derive(Clone)]
pub(crate) struct Part {
    urn: String,
    resource: Resource,
    owner: Owner,
}

impl Part {
    /// Something that the laboratory makes.
    pub(crate) fn of_laboratory(urn: &str, resource: impl Into<Resource>) -> Self {
        Self {
            urn: urn.to_owned(),
            resource: resource.into(),
            owner: Owner::Laboratory,
        }
    }

    /// Something that others own, and how it is found.
    pub(crate) fn of_others(urn: &str, resource: impl Into<Resource>, search: String) -> Self {
        Self {
            urn: urn.to_owned(),
            resource: resource.into(),
            owner: Owner::Others(search),
        }
    }

    /// The entry. `None` for requests: a plain `POST`.
    pub(crate) fn entry(mut self, requests: Option<Requests>) -> Result<BundleEntry> {
        let kind = self.resource.resource_type().to_string();
        let (method, url, search) = match (requests, self.owner) {
            (None, _) => (HTTPVerb::Post, kind, None),
            (Some(Requests::ById), _) => {
                let id = self.urn.trim_start_matches("urn:uuid:").to_owned();
                let url = format!("{kind}/{id}");
                self.resource.as_base_resource_mut().set_id(Some(id));
                (HTTPVerb::Put, url, None)
            }
            (Some(Requests::Conditional), Owner::Others(search)) => (HTTPVerb::Post, kind, Some(search)),
            (Some(Requests::Conditional), Owner::Laboratory) => {
                let search = own_search(&self.urn);
                (HTTPVerb::Put, format!("{kind}?{search}"), None)
            }
        };
        let mut request = built(BundleEntryRequest::builder().method(method).url(url).build())?;
        request.if_none_exist = search;
        let mut entry = built(BundleEntry::builder().build())?;
        entry.full_url = Some(self.urn);
        entry.resource = Some(self.resource);
        entry.request = Some(request);
        Ok(entry)
    }
}

/// The search for the business identifier of the resource with this URN.
pub(crate) fn own_search(urn: &str) -> String {
    identifier_search(Some(systems::URI), &business_urn(urn))
}

/// The search for an identifier: `identifier=system|value`. Without a system only identifiers without one match
/// (`identifier=|value`), never the same number of somebody else.
pub(crate) fn identifier_search(system: Option<&str>, value: &str) -> String {
    format!("identifier={}|{}", token(system.unwrap_or_default()), token(value))
}

/// A search value: `\`, `,`, `|` and `$` escaped as FHIR search wants it, then percent-encoded (RFC 3986), `:` and `/`
/// left readable.
fn token(value: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for byte in value.trim().bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' | b'/' => out.push(byte.into()),
            b'\\' | b',' | b'|' | b'$' => {
                let _ = write!(out, "%5C%{byte:02X}");
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_are_exact() {
        for (system, value, expected) in [
            (Some("urn:oid:1.2"), "4-71 A&b", "identifier=urn:oid:1.2|4-71%20A%26b"),
            (None, "a|b", "identifier=|a%5C%7Cb"),
            (
                Some("http://h.example/mrn"),
                "é+1",
                "identifier=http://h.example/mrn|%C3%A9%2B1",
            ),
        ] {
            assert_eq!(identifier_search(system, value), expected);
        }
    }
}
