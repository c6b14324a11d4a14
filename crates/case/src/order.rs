//! The order: who is tested, what was asked, by whom. Read from `order.json`; nothing in it is ever made up.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Sex;

/// One order, as `order.json` states it. Unknown fields are refused, so that a misspelt one is not silently lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The tested person.
    pub patient: Patient,
    /// The material.
    pub specimen: Specimen,
    /// The request.
    pub order: Request,
    /// Who ordered.
    pub clinician: Clinician,
    /// Who tests.
    pub laboratory: Laboratory,
    /// Why.
    pub indication: Indication,
    /// HGNC symbols of the ordered genes. Only these are displayed; empty means every gene of the transcripts.
    #[serde(default)]
    pub genes: Vec<String>,
    /// Medicines that the patient takes, by international name (`clopidogrel`, `Clopidogrel 75 mg`): they raise the alerts
    /// of pharmacogenomics. Left out: not stated; an empty list: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medications: Option<Vec<String>>,
    /// What the patient agreed to.
    #[serde(default)]
    pub consent: Consent,
    /// What this laboratory's policy displays.
    #[serde(default)]
    pub policy: Policy,
}

/// The tested person: two identifiers, as CLIA 493.1291(c)(1) asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patient {
    /// At least two identifiers with different values.
    pub identifiers: Vec<Identifier>,
    /// Name.
    pub name: Name,
    /// Date of birth.
    pub birth_date: Date,
    /// Sex as recorded by the clinic.
    pub sex: Sex,
}

/// An identifier and who issued it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identifier {
    /// A URI of the issuing system, where there is one.
    #[serde(default)]
    pub system: Option<String>,
    /// What people call it, for example `MRN`.
    #[serde(default)]
    pub label: Option<String>,
    /// The value.
    pub value: String,
}

/// A person's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Name {
    /// Family name.
    pub family: String,
    /// Given names.
    #[serde(default)]
    pub given: Vec<String>,
}

/// The material that was tested.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Specimen {
    /// The laboratory's number of it.
    pub id: String,
    /// Type and source, for example `blood (EDTA)`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it was taken.
    #[serde(default)]
    pub collected: Option<Date>,
    /// When it arrived.
    #[serde(default)]
    pub received: Option<Date>,
    /// Condition, for example `suboptimal: haemolysed`.
    #[serde(default)]
    pub condition: Option<String>,
}

/// The request itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Order number.
    pub id: String,
    /// Name of the test.
    pub test: String,
    /// Code of the test or method.
    #[serde(default)]
    pub code: Option<String>,
    /// When it was ordered.
    #[serde(default)]
    pub date: Option<Date>,
}

/// The ordering clinician.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clinician {
    /// Name.
    pub name: Name,
    /// Professional number.
    #[serde(default)]
    pub identifier: Option<Identifier>,
    /// Department or practice.
    #[serde(default)]
    pub organization: Option<String>,
}

/// The performing laboratory (CLIA 493.1291(c)(2)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Laboratory {
    /// Name.
    pub name: String,
    /// Address, one line.
    pub address: String,
    /// How to reach it.
    #[serde(default)]
    pub contact: Option<String>,
    /// Accreditation or CLIA number.
    #[serde(default)]
    pub accreditation: Option<String>,
}

/// The reason for the test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indication {
    /// The clinical question in words.
    pub text: String,
    /// HPO terms, `HP:0003002`.
    #[serde(default)]
    pub hpo: Vec<String>,
    /// The suspected diseases by id, `MONDO:0007783` or `OMIM:145600`, or the ClinGen specification to follow, `GN012`:
    /// they choose among the specifications of a gene. None named: nothing is assumed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diseases: Vec<String>,
}

/// What the patient agreed to; silence is no consent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// Whether findings outside the ordered genes may be shown: `true`, `false`, or not stated.
    #[serde(default)]
    pub secondary_findings: Option<bool>,
}

/// What the laboratory chooses to print.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Whether variants of uncertain significance are listed (never as positive). Not listed unless stated.
    #[serde(default)]
    pub list_vus: bool,
    /// Name of the policy, printed with the list.
    #[serde(default)]
    pub name: Option<String>,
}

/// Why an order cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// The JSON is not an order. The text names the field, never a value.
    #[error("{0}")]
    Json(String),
    /// A field is empty or wrong.
    #[error("field `{field}`: {what}")]
    Field {
        /// Path of the field, for example `patient.identifiers`.
        field: &'static str,
        /// What is wrong with it.
        what: &'static str,
    },
}

impl Order {
    /// Reads an order and checks it.
    pub fn from_json(text: &str) -> Result<Self, OrderError> {
        let order: Self = serde_json::from_str(text).map_err(|e| OrderError::Json(without_values(&e)))?;
        order.check()?;
        Ok(order)
    }

    /// Checks what the types cannot: two identifiers that differ, no empty mandatory field, HPO syntax.
    pub fn check(&self) -> Result<(), OrderError> {
        let wrong = |field, what| Err(OrderError::Field { field, what });
        let identifiers = &self.patient.identifiers;
        if identifiers.len() < 2 || identifiers.iter().any(|i| i.value.trim().is_empty()) {
            return wrong("patient.identifiers", "two identifiers with a value are needed");
        }
        if identifiers
            .iter()
            .enumerate()
            .any(|(n, i)| identifiers[..n].iter().any(|o| o.value == i.value))
        {
            return wrong("patient.identifiers", "the identifiers must differ");
        }
        for (field, value) in [
            ("patient.name.family", &self.patient.name.family),
            ("specimen.id", &self.specimen.id),
            ("specimen.type", &self.specimen.kind),
            ("order.id", &self.order.id),
            ("order.test", &self.order.test),
            ("clinician.name.family", &self.clinician.name.family),
            ("laboratory.name", &self.laboratory.name),
            ("laboratory.address", &self.laboratory.address),
            ("indication.text", &self.indication.text),
        ] {
            if value.trim().is_empty() {
                return wrong(field, "must not be empty");
            }
        }
        let is_hpo = |t: &String| {
            t.strip_prefix("HP:")
                .is_some_and(|n| n.len() == 7 && n.bytes().all(|b| b.is_ascii_digit()))
        };
        if !self.indication.hpo.iter().all(is_hpo) {
            return wrong("indication.hpo", "terms look like HP:0003002");
        }
        let is_disease = |t: &String| {
            ["MONDO:", "OMIM:", "GN"].iter().any(|prefix| {
                t.strip_prefix(prefix)
                    .is_some_and(|n| n.len() >= 3 && n.bytes().all(|b| b.is_ascii_digit()))
            })
        };
        if !self.indication.diseases.iter().all(is_disease) {
            return wrong(
                "indication.diseases",
                "diseases look like MONDO:0007783 or OMIM:145600, specifications like GN012",
            );
        }
        if self
            .genes
            .iter()
            .any(|g| g.trim().is_empty() || g.contains(char::is_whitespace))
        {
            return wrong("genes", "each is one HGNC symbol");
        }
        let medications = self.medications.iter().flatten();
        if medications
            .clone()
            .any(|m| m.trim().is_empty() || m.contains(char::is_control))
        {
            return wrong("medications", "each is the name of one medicine, on one line");
        }
        if let (Some(collected), Some(received)) = (self.specimen.collected, self.specimen.received)
            && received < collected
        {
            return wrong("specimen.received", "lies before specimen.collected");
        }
        Ok(())
    }
}

impl Name {
    /// `Family, Given Given`.
    pub fn family_first(&self) -> String {
        if self.given.is_empty() {
            self.family.clone()
        } else {
            format!("{}, {}", self.family, self.given.join(" "))
        }
    }
}

/// serde_json repeats the offending value in its text (`invalid type: string "Jane"`); an error text must not.
fn without_values(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!("line {}, column {}", error.line(), error.column());
    let safe = ["missing field `", "unknown field `", "duplicate field `"]
        .iter()
        .find_map(|start| {
            let rest = text.strip_prefix(start)?;
            let field = rest.split('`').next()?;
            // An unknown field may be a typed value; the known ones are listed in the documentation.
            Some(if *start == "unknown field `" {
                "a field that an order does not have".to_owned()
            } else {
                format!("{start}{field}`")
            })
        });
    match safe {
        Some(words) => format!("{place}: {words}"),
        None if error.is_data() => format!("{place}: a value of the wrong type or form"),
        None => format!("{place}: is not JSON"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) const EXAMPLE: &str = r#"{
      "patient": {"identifiers": [{"label": "MRN", "value": "4471"}, {"value": "S-1"}],
        "name": {"family": "Synthetic", "given": ["Demo"]}, "birth_date": "1970-01-01", "sex": "female"},
      "specimen": {"id": "DEMO-01", "type": "blood", "collected": "2026-11-02", "received": "2026-11-03"},
      "order": {"id": "O-1", "test": "panel"}, "clinician": {"name": {"family": "Example"}},
      "laboratory": {"name": "Lab", "address": "1 Example Street"},
      "indication": {"text": "breast cancer at 41", "hpo": ["HP:0003002"]}, "genes": ["BRCA1"]}"#;

    #[test]
    fn reads_an_order() {
        let order = Order::from_json(EXAMPLE).unwrap();
        assert_eq!(order.patient.name.family_first(), "Synthetic, Demo");
        assert_eq!(order.consent.secondary_findings, None);
        assert!(!order.policy.list_vus);
        // Not stated and none are two things.
        assert_eq!(order.medications, None);
        let none = EXAMPLE.replace("\"genes\": [", "\"medications\": [], \"genes\": [");
        assert_eq!(Order::from_json(&none).unwrap().medications, Some(vec![]));
    }

    #[test]
    fn an_error_names_the_field_and_never_the_value() {
        for (from, to, words) in [
            ("\"value\": \"S-1\"", "\"value\": \"4471\"", "patient.identifiers"),
            ("\"1970-01-01\"", "\"Jane Doe\"", "wrong type or form"),
            (
                "\"sex\": \"female\"",
                "\"Jane Doe\": 1, \"sex\": \"female\"",
                "does not have",
            ),
            ("\"HP:0003002\"", "\"Jane Doe\"", "indication.hpo"),
            (
                "[\"HP:0003002\"]",
                "[], \"diseases\": [\"MONDO:0007783\", \"Jane Doe\"]",
                "indication.diseases",
            ),
            ("\"received\": \"2026-11-03\"", "\"received\": \"2026-11-01\"", "before"),
            ("\"id\": \"O-1\", ", "", "missing field `id`"),
            ("\"genes\": [", "\"medications\": [\" \"], \"genes\": [", "medications"),
            (
                "\"genes\": [",
                "\"medications\": \"Jane\", \"genes\": [",
                "wrong type or form",
            ),
        ] {
            let text = EXAMPLE.replace(from, to);
            assert_ne!(text, EXAMPLE, "{from}");
            let message = Order::from_json(&text).unwrap_err().to_string();
            assert!(message.contains(words) && !message.contains("Jane"), "{message}");
        }
    }
}
