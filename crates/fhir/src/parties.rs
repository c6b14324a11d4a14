//! Who and what stands around the report: patient, laboratory, clinician, software, request, specimen.
//!
//! All but software and specimen come from the order. Without an order there is no Patient resource and no subject:
//! a Patient made from the sample's accession would be a person that nobody knows, with an identifier that is not
//! theirs, and a server could merge it with a real one. R4 allows Specimen, Observation and DiagnosticReport without
//! subject; the two Procedures, which must have one, carry a reference that says `unknown` by data-absent-reason.

use clinotype_case::{
    Order, Report, Sex,
    order::{Identifier as OrderIdentifier, Laboratory},
};
use clinotype_genome::{Fault, Result};
use fhir_sdk::r4b::{
    codes::{AdministrativeGender, ContactPointSystem, DeviceNameType, RequestIntent, RequestStatus},
    resources::{
        Device, DeviceDeviceName, DeviceVersion, Organization, Patient, Practitioner, ServiceRequest, Specimen,
        SpecimenCollection, SpecimenCollectionCollected,
    },
    types::{Address, ContactPoint, ExtensionValue, Identifier, Reference},
};

use crate::{
    datatypes::{
        built, coding, concept, date_time, extension, human_name, identifier, note, reference, text, urn_identifier,
        worded,
    },
    entry::{Part, identifier_search, own_search},
    identity::Identity,
    systems,
};

/// URNs of the parties; those of the order are there where the order is.
pub(crate) struct Parties {
    /// Who is tested, and the rest of the order.
    pub(crate) ordered: Option<Ordered>,
    /// The software.
    pub(crate) device: String,
    /// The material.
    pub(crate) specimen: String,
}

/// URNs of what the order states.
pub(crate) struct Ordered {
    /// Patient.
    pub(crate) patient: String,
    /// Organization.
    pub(crate) laboratory: String,
    /// Practitioner.
    pub(crate) clinician: String,
    /// ServiceRequest.
    pub(crate) request: String,
}

impl Parties {
    /// Names them.
    pub(crate) fn of(report: &Report, identity: &Identity) -> Self {
        let sample = report.interpretation.sample.as_str();
        Self {
            ordered: report.order.as_ref().map(|order| Ordered {
                // All identifiers: one alone, without a system, may be the number of somebody else.
                patient: identity.in_laboratory("patient", &patient_key(&order.patient.identifiers)),
                laboratory: identity.in_laboratory("laboratory", ""),
                // Without a number it is the clinician of this order: a name does not tell two people apart.
                clinician: match &order.clinician.identifier {
                    Some(number) => identity.in_laboratory("clinician", &identifier_key(number)),
                    None => identity.in_laboratory("clinician of order", &order.order.id),
                },
                request: identity.in_laboratory("request", &order.order.id),
            }),
            device: Identity::everywhere("device", &device_versions(report).join("\n")),
            specimen: match &report.order {
                Some(order) => identity.in_laboratory("specimen", &format!("{}\n{sample}", order.specimen.id)),
                None => identity.in_case("specimen", sample),
            },
        }
    }

    /// The patient, where there is an order.
    pub(crate) fn subject(&self) -> Option<Reference> {
        self.ordered.as_ref().map(|o| reference(&o.patient))
    }

    /// The patient, or a reference that says that the person is unknown, for Procedure, which must have a subject.
    pub(crate) fn subject_or_unknown(&self) -> Reference {
        self.subject().unwrap_or_else(|| {
            let mut nobody = Reference::builder()
                .build()
                .expect("Reference has no mandatory element");
            nobody.extension = vec![extension(
                systems::DATA_ABSENT_REASON,
                ExtensionValue::Code("unknown".to_owned()),
            )];
            nobody.r#type = Some("Patient".to_owned());
            nobody.display = Some("UNIDENTIFIED: no order was given".to_owned());
            nobody
        })
    }

    /// The laboratory, where there is an order.
    pub(crate) fn performer(&self) -> Vec<Option<Reference>> {
        self.ordered.iter().map(|o| Some(reference(&o.laboratory))).collect()
    }

    /// The request, where there is an order.
    pub(crate) fn based_on(&self) -> Vec<Option<Reference>> {
        self.ordered.iter().map(|o| Some(reference(&o.request))).collect()
    }

    /// The resources of all parties.
    pub(crate) fn parts(&self, report: &Report) -> Result<Vec<Part>> {
        let mut parts = Vec::new();
        if let (Some(order), Some(ordered)) = (&report.order, &self.ordered) {
            parts.push(patient(order, ordered)?);
            parts.push(laboratory(&order.laboratory, ordered)?);
            parts.push(clinician(order, ordered)?);
            parts.push(self.request(order, ordered)?);
        }
        parts.push(self.specimen(report)?);
        parts.push(self.device(report)?);
        Ok(parts)
    }

    fn request(&self, order: &Order, ordered: &Ordered) -> Result<Part> {
        let mut resource = built(
            ServiceRequest::builder()
                .status(RequestStatus::Active)
                .intent(RequestIntent::Order)
                .subject(reference(&ordered.patient))
                .build(),
        )?;
        resource.identifier = vec![
            Some(urn_identifier(&ordered.request)),
            Some(identifier(
                None,
                &order.order.id,
                Some(("PLAC", "Placer Identifier")),
                None,
            )),
        ];
        resource.code = Some(worded(&match order.order.code.as_deref().and_then(text) {
            Some(code) => format!("{} (code {code})", order.order.test),
            None => order.order.test.clone(),
        }));
        if !order.genes.is_empty() {
            resource.order_detail = vec![Some(worded(&format!("Genes ordered: {}", order.genes.join(", "))))];
        }
        if let Some(date) = order.order.date {
            resource.authored_on = Some(date_time(&date.to_string())?);
        }
        let mut requester = reference(&ordered.clinician);
        let name = order.clinician.name.family_first();
        requester.display = text(&match order.clinician.organization.as_deref().and_then(text) {
            Some(organization) => format!("{name} ({organization})"),
            None => name,
        });
        resource.requester = Some(requester);
        resource.performer = self.performer();
        let hpo = order.indication.hpo.iter().map(|t| coding(systems::HPO, t, None));
        resource.reason_code = vec![Some(concept(hpo.collect(), Some(&order.indication.text)))];
        Ok(Part::of_others(
            &ordered.request,
            resource,
            own_search(&ordered.request),
        ))
    }

    fn specimen(&self, report: &Report) -> Result<Part> {
        let mut resource = built(Specimen::builder().build())?;
        resource.identifier = vec![Some(urn_identifier(&self.specimen))];
        resource.accession_identifier = Some(identifier(
            None,
            report.interpretation.sample.as_str(),
            Some(("ACSN", "Accession ID")),
            None,
        ));
        resource.subject = self.subject();
        resource.request = self.based_on();
        if let Some(order) = &report.order {
            let specimen = &order.specimen;
            resource
                .identifier
                .push(Some(identifier(None, &specimen.id, None, Some("specimen number"))));
            resource.r#type = Some(worded(&specimen.kind));
            if let Some(date) = specimen.collected {
                let mut collection = built(SpecimenCollection::builder().build())?;
                let date = date_time(&date.to_string())?;
                collection.collected = Some(SpecimenCollectionCollected::DateTime(date));
                resource.collection = Some(collection);
            }
            if let Some(date) = specimen.received {
                resource.received_time = Some(date_time(&date.to_string())?);
            }
            if let Some(condition) = specimen.condition.as_deref().and_then(text) {
                resource.condition = vec![Some(worded(&condition))];
            }
        }
        Ok(Part::of_laboratory(&self.specimen, resource))
    }

    fn device(&self, report: &Report) -> Result<Part> {
        let mut resource = built(Device::builder().build())?;
        resource.identifier = vec![Some(urn_identifier(&self.device))];
        let name = text(&report.software).ok_or_else(|| Fault::internal("the report names no software"))?;
        let device_name = DeviceDeviceName::builder()
            .name(name)
            .r#type(DeviceNameType::UserFriendlyName)
            .build();
        resource.device_name = vec![Some(built(device_name)?)];
        resource.r#type = Some(worded("Analysis software"));
        for (component, version) in device_parts(report) {
            let Some(value) = text(&version) else { continue };
            let mut version = built(DeviceVersion::builder().value(value).build())?;
            version.r#type = Some(worded(&component));
            resource.version.push(Some(version));
        }
        resource.note = note("Software that calls and annotates variants and proposes their interpretation.")
            .map(Some)
            .into_iter()
            .collect();
        Ok(Part::of_others(&self.device, resource, own_search(&self.device)))
    }
}

/// A person's identifiers as part of a name, in whatever order they were written.
fn patient_key(numbers: &[OrderIdentifier]) -> String {
    let mut keys: Vec<String> = numbers.iter().map(identifier_key).collect();
    keys.sort();
    keys.concat()
}

/// An identifier as part of a name.
fn identifier_key(number: &OrderIdentifier) -> String {
    let system = number.system.as_deref().unwrap_or_default().trim();
    format!("{system}|{}\n", number.value.trim())
}

fn patient(order: &Order, ordered: &Ordered) -> Result<Part> {
    let person = &order.patient;
    let mut resource = built(Patient::builder().build())?;
    let mut searches = Vec::new();
    for number in &person.identifiers {
        resource
            .identifier
            .push(Some(order_identifier(number, "patient.identifiers")?));
        let system = number.system.as_deref().and_then(text);
        searches.push(identifier_search(system.as_deref(), &number.value));
    }
    resource.name = vec![Some(human_name(&person.name.family, &person.name.given))];
    resource.birth_date = Some(
        person
            .birth_date
            .to_string()
            .parse()
            .map_err(|_| Fault::input("field `patient.birth_date`: the year must have four digits"))?,
    );
    resource.gender = Some(match person.sex {
        Sex::Female => AdministrativeGender::Female,
        Sex::Male => AdministrativeGender::Male,
        Sex::Unknown => AdministrativeGender::Unknown,
    });
    // All identifiers must match, not one of them: a second record of a person can be merged, a report in the record
    // of somebody else harms. (CLIA 493.1291(c)(1) asks for two identifiers for the same reason.)
    Ok(Part::of_others(&ordered.patient, resource, searches.join("&")))
}

fn laboratory(laboratory: &Laboratory, ordered: &Ordered) -> Result<Part> {
    let mut resource = built(Organization::builder().build())?;
    resource.identifier = vec![Some(urn_identifier(&ordered.laboratory))];
    let mut search = own_search(&ordered.laboratory);
    if let Some(number) = laboratory.accreditation.as_deref().and_then(text) {
        let clia = clia_number(&number);
        resource.identifier.push(Some(match clia {
            Some(clia) => identifier(Some(systems::CLIA), clia, None, Some("CLIA number")),
            None => identifier(None, &number, None, Some("accreditation")),
        }));
        if let Some(clia) = clia {
            search = identifier_search(Some(systems::CLIA), clia);
        }
    }
    resource.name = text(&laboratory.name);
    if let Some(words) = text(&laboratory.address) {
        let mut address = built(Address::builder().build())?;
        address.text = Some(words);
        resource.address = vec![Some(address)];
    }
    if let Some(value) = laboratory.contact.as_deref().and_then(text) {
        let mut contact = built(ContactPoint::builder().build())?;
        contact.system = Some(contact_system(&value));
        contact.value = Some(value);
        resource.telecom = vec![Some(contact)];
    }
    Ok(Part::of_others(&ordered.laboratory, resource, search))
}

fn clinician(order: &Order, ordered: &Ordered) -> Result<Part> {
    let clinician = &order.clinician;
    let mut resource = built(Practitioner::builder().build())?;
    resource.name = vec![Some(human_name(&clinician.name.family, &clinician.name.given))];
    resource.identifier = vec![Some(urn_identifier(&ordered.clinician))];
    let mut search = own_search(&ordered.clinician);
    if let Some(number) = &clinician.identifier {
        resource
            .identifier
            .push(Some(order_identifier(number, "clinician.identifier")?));
        if let Some(system) = number.system.as_deref().and_then(text) {
            search = identifier_search(Some(&system), &number.value);
        }
    }
    Ok(Part::of_others(&ordered.clinician, resource, search))
}

/// An identifier of the order. Its system must be a URI, as FHIR wants it; the error names the field, not the value.
fn order_identifier(number: &OrderIdentifier, field: &str) -> Result<Identifier> {
    if let Some(system) = number.system.as_deref().and_then(text)
        && (!system.contains(':') || system.contains(char::is_whitespace))
    {
        return Err(
            Fault::input(format!("field `{field}`: the system of an identifier is not a URI"))
                .hint("give the URI of the issuing system, or leave `system` out and use `label`"),
        );
    }
    if text(&number.value).is_none() {
        return Err(Fault::input(format!("field `{field}`: an identifier has no value")));
    }
    Ok(identifier(
        number.system.as_deref(),
        &number.value,
        None,
        number.label.as_deref(),
    ))
}

/// The CLIA number within the words: two digits, `D`, seven digits.
fn clia_number(words: &str) -> Option<&str> {
    words.split(|c: char| !c.is_ascii_alphanumeric()).find(|word| {
        let bytes = word.as_bytes();
        bytes.len() == 10
            && bytes[2] == b'D'
            && bytes
                .iter()
                .enumerate()
                .all(|(i, byte)| i == 2 || byte.is_ascii_digit())
    })
}

/// What kind of contact a line is, as far as its characters tell.
fn contact_system(value: &str) -> ContactPointSystem {
    let is_phone = value.chars().any(|c| c.is_ascii_digit())
        && value
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '(' | ')' | '/' | '.'));
    if is_phone {
        ContactPointSystem::Phone
    } else if value.contains('@') && !value.contains(char::is_whitespace) {
        ContactPointSystem::Email
    } else {
        ContactPointSystem::Other
    }
}

/// Software and the version of each step, in order.
fn device_parts(report: &Report) -> Vec<(String, String)> {
    let mut parts = vec![("software".to_owned(), report.software.clone())];
    if let Some(provenance) = &report.provenance {
        parts.extend(
            provenance
                .steps
                .iter()
                .map(|s| (format!("step {}", s.name), s.version.clone())),
        );
    }
    parts
}

fn device_versions(report: &Report) -> Vec<String> {
    device_parts(report)
        .into_iter()
        .map(|(component, version)| format!("{component}\t{version}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clia_numbers_are_found() {
        assert_eq!(clia_number("CLIA 05D1234567; CAP 1234"), Some("05D1234567"));
        assert_eq!(clia_number("D-PL-13372-01-00"), None);
        assert_eq!(clia_number("CLIA 05D12345678"), None);
    }

    #[test]
    fn contacts_are_told_apart() {
        assert_eq!(contact_system("+49 (30) 123-4"), ContactPointSystem::Phone);
        assert_eq!(contact_system("lab@example.org"), ContactPointSystem::Email);
        assert_eq!(contact_system("lab@example.org, 030 1"), ContactPointSystem::Other);
    }
}
