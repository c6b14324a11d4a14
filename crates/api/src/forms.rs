//! Between the order as the form holds it and the order of the laboratory.

use clinotype_case::{
    Order, Sex,
    order::{
        Clinician, Consent, Identifier, Indication, Laboratory, Name, OrderError, Patient, Policy, Request, Specimen,
    },
};
use jiff::civil::Date;

use crate::types::{IdentifierForm, OrderForm, Problem};

/// The text without blanks around it; none where nothing is left.
fn given(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn text(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn list(texts: &[String]) -> Vec<String> {
    texts.iter().filter_map(|t| given(t)).collect()
}

/// The order of a form, or one problem per field that cannot be used. The words repeat no value.
pub(crate) fn order_of(form: &OrderForm) -> Result<Order, Vec<Problem>> {
    let mut problems = Problems::default();
    for (field, value) in [
        ("family", &form.family),
        ("specimen_id", &form.specimen_id),
        ("specimen_type", &form.specimen_type),
        ("order_id", &form.order_id),
        ("test", &form.test),
        ("clinician_family", &form.clinician_family),
        ("laboratory_name", &form.laboratory_name),
        ("laboratory_address", &form.laboratory_address),
        ("indication", &form.indication),
    ] {
        if given(value).is_none() {
            problems.add(field, "is needed");
        }
    }
    let birth_date = problems.date("birth_date", &form.birth_date);
    if given(&form.birth_date).is_none() {
        problems.add("birth_date", "is needed");
    }
    let sex = form.sex.trim().parse::<Sex>().ok();
    if sex.is_none() {
        problems.add("sex", "choose female, male or unknown");
    }
    let identifiers: Vec<Identifier> = form
        .identifiers
        .iter()
        .filter_map(|i| {
            Some(Identifier {
                system: given(&i.system),
                label: given(&i.label),
                value: given(&i.value)?,
            })
        })
        .collect();
    let order = Order {
        patient: Patient {
            identifiers,
            name: Name {
                family: form.family.trim().to_owned(),
                given: words(&form.given),
            },
            birth_date: birth_date.unwrap_or_default(),
            sex: sex.unwrap_or_default(),
        },
        specimen: Specimen {
            id: form.specimen_id.trim().to_owned(),
            kind: form.specimen_type.trim().to_owned(),
            collected: problems.date("collected", &form.collected),
            received: problems.date("received", &form.received),
            condition: given(&form.condition),
        },
        order: Request {
            id: form.order_id.trim().to_owned(),
            test: form.test.trim().to_owned(),
            code: given(&form.code),
            date: problems.date("order_date", &form.order_date),
        },
        clinician: Clinician {
            name: Name {
                family: form.clinician_family.trim().to_owned(),
                given: words(&form.clinician_given),
            },
            identifier: given(&form.clinician_identifier).map(|value| Identifier {
                system: form.clinician_identifier_system.as_deref().and_then(given),
                label: form.clinician_identifier_label.as_deref().and_then(given),
                value,
            }),
            organization: given(&form.organization),
        },
        laboratory: Laboratory {
            name: form.laboratory_name.trim().to_owned(),
            address: form.laboratory_address.trim().to_owned(),
            contact: given(&form.laboratory_contact),
            accreditation: given(&form.laboratory_accreditation),
        },
        indication: Indication {
            text: form.indication.trim().to_owned(),
            // The form has one field for terms: what names a disease or a specification is no HPO term.
            hpo: list(&form.hpo).into_iter().filter(|id| !names_disease(id)).collect(),
            diseases: list(&form.hpo).into_iter().filter(|id| names_disease(id)).collect(),
        },
        genes: list(&form.genes),
        medications: form.medications.as_ref().map(|names| list(names)),
        consent: Consent {
            secondary_findings: form.secondary_findings,
        },
        policy: Policy {
            list_vus: form.list_vus,
            name: given(&form.policy),
        },
    };
    // Each rule of the order is asked for by itself, so that one wrong field does not hide the next.
    for probe in probes(&order) {
        if let Err(OrderError::Field { field, what }) = probe.check() {
            problems.add(field_of(field), what);
        }
    }
    if problems.0.is_empty() {
        Ok(order)
    } else {
        Err(problems.0)
    }
}

/// Copies of an order in which all but some fields are sound. `Order::check` stops at the first problem; the copies
/// show the later ones.
fn probes(order: &Order) -> Vec<Order> {
    let sound = |order: &Order| {
        let mut sound = order.clone();
        let dummy = || "x".to_owned();
        sound.patient.identifiers = ["1", "2"]
            .map(|value| Identifier {
                system: None,
                label: None,
                value: value.to_owned(),
            })
            .to_vec();
        sound.patient.name.family = dummy();
        sound.specimen.id = dummy();
        sound.specimen.kind = dummy();
        sound.order.id = dummy();
        sound.order.test = dummy();
        sound.clinician.name.family = dummy();
        sound.laboratory.name = dummy();
        sound.laboratory.address = dummy();
        sound.indication.text = dummy();
        sound.indication.hpo.clear();
        sound.indication.diseases.clear();
        sound.genes.clear();
        sound.specimen.received = sound.specimen.collected;
        sound
    };
    let with = |change: &dyn Fn(&mut Order)| {
        let mut probe = sound(order);
        change(&mut probe);
        probe
    };
    vec![
        with(&|o| o.patient.identifiers.clone_from(&order.patient.identifiers)),
        with(&|o| o.indication.hpo.clone_from(&order.indication.hpo)),
        with(&|o| o.indication.diseases.clone_from(&order.indication.diseases)),
        with(&|o| o.genes.clone_from(&order.genes)),
        with(&|o| o.specimen.received = order.specimen.received),
        // The order itself: a rule that none of the copies holds is not lost.
        order.clone(),
    ]
}

/// `MONDO:0007783`, `OMIM:145600`, `GN012`.
fn names_disease(id: &str) -> bool {
    ["MONDO:", "OMIM:", "GN"].iter().any(|prefix| id.starts_with(prefix))
}

/// The form's field for a field of the order.
fn field_of(field: &str) -> &str {
    match field {
        "patient.identifiers" => "identifiers",
        "patient.name.family" => "family",
        "specimen.id" => "specimen_id",
        "specimen.type" => "specimen_type",
        "specimen.received" => "received",
        "order.id" => "order_id",
        "order.test" => "test",
        "clinician.name.family" => "clinician_family",
        "laboratory.name" => "laboratory_name",
        "laboratory.address" => "laboratory_address",
        "indication.text" => "indication",
        "indication.hpo" | "indication.diseases" => "hpo",
        other => other,
    }
}

/// One problem per field, in the order in which they were found.
#[derive(Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn add(&mut self, field: &str, words: &str) {
        if self.0.iter().all(|p| p.place != field) {
            self.0.push(Problem {
                place: field.to_owned(),
                words: words.to_owned(),
            });
        }
    }

    fn date(&mut self, field: &str, text: &str) -> Option<Date> {
        let text = given(text)?;
        let date = text.parse().ok();
        if date.is_none() {
            self.add(field, "is no date: write it as 2026-11-21");
        }
        date
    }
}

/// The form of an order.
pub(crate) fn form_of(order: &Order) -> OrderForm {
    let date = |date: Option<Date>| date.map(|d| d.to_string()).unwrap_or_default();
    OrderForm {
        family: order.patient.name.family.clone(),
        given: order.patient.name.given.join(" "),
        birth_date: order.patient.birth_date.to_string(),
        sex: order.patient.sex.to_string(),
        identifiers: order
            .patient
            .identifiers
            .iter()
            .map(|i| IdentifierForm {
                label: text(i.label.as_ref()),
                system: text(i.system.as_ref()),
                value: i.value.clone(),
            })
            .collect(),
        specimen_id: order.specimen.id.clone(),
        specimen_type: order.specimen.kind.clone(),
        collected: date(order.specimen.collected),
        received: date(order.specimen.received),
        condition: text(order.specimen.condition.as_ref()),
        order_id: order.order.id.clone(),
        test: order.order.test.clone(),
        code: text(order.order.code.as_ref()),
        order_date: date(order.order.date),
        clinician_family: order.clinician.name.family.clone(),
        clinician_given: order.clinician.name.given.join(" "),
        clinician_identifier: order
            .clinician
            .identifier
            .as_ref()
            .map(|i| i.value.clone())
            .unwrap_or_default(),
        clinician_identifier_system: order.clinician.identifier.as_ref().and_then(|i| i.system.clone()),
        clinician_identifier_label: order.clinician.identifier.as_ref().and_then(|i| i.label.clone()),
        organization: text(order.clinician.organization.as_ref()),
        laboratory_name: order.laboratory.name.clone(),
        laboratory_address: order.laboratory.address.clone(),
        laboratory_contact: text(order.laboratory.contact.as_ref()),
        laboratory_accreditation: text(order.laboratory.accreditation.as_ref()),
        indication: order.indication.text.clone(),
        hpo: order
            .indication
            .hpo
            .iter()
            .chain(&order.indication.diseases)
            .cloned()
            .collect(),
        genes: order.genes.clone(),
        medications: order.medications.clone(),
        secondary_findings: order.consent.secondary_findings,
        list_vus: order.policy.list_vus,
        policy: text(order.policy.name.as_ref()),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn example() -> OrderForm {
        OrderForm {
            family: "Example".to_owned(),
            given: "Ann Bea".to_owned(),
            birth_date: "1970-01-31".to_owned(),
            sex: "female".to_owned(),
            identifiers: ["4471", "S-1"]
                .map(|value| IdentifierForm {
                    label: "MRN".to_owned(),
                    system: String::new(),
                    value: value.to_owned(),
                })
                .to_vec(),
            specimen_id: "SP-1".to_owned(),
            specimen_type: "blood".to_owned(),
            collected: "2026-11-01".to_owned(),
            received: "2026-11-02".to_owned(),
            order_id: "O-1".to_owned(),
            test: "panel".to_owned(),
            clinician_family: "Orderer".to_owned(),
            clinician_identifier: "L-9".to_owned(),
            clinician_identifier_system: Some("urn:oid:1.2.3".to_owned()),
            laboratory_name: "Lab".to_owned(),
            laboratory_address: "1 Street".to_owned(),
            indication: "breast cancer".to_owned(),
            hpo: vec!["HP:0003002".to_owned()],
            genes: vec!["BRCA1".to_owned()],
            medications: Some(vec!["clopidogrel 75 mg".to_owned()]),
            ..OrderForm::default()
        }
    }

    #[test]
    fn a_form_goes_through_the_order_and_back() {
        let form = example();
        let order = order_of(&form).unwrap();
        assert_eq!(form_of(&order), form);
        assert_eq!(order.patient.name.family_first(), "Example, Ann Bea");
        assert_eq!(order.consent.secondary_findings, None);
    }

    #[test]
    fn an_empty_form_has_a_problem_per_needed_field() {
        let places: Vec<String> = order_of(&OrderForm::default())
            .unwrap_err()
            .into_iter()
            .map(|p| p.place)
            .collect();
        assert_eq!(
            places,
            [
                "family",
                "specimen_id",
                "specimen_type",
                "order_id",
                "test",
                "clinician_family",
                "laboratory_name",
                "laboratory_address",
                "indication",
                "birth_date",
                "sex",
                "identifiers"
            ]
        );
    }

    #[test]
    fn every_wrong_field_is_named_at_once_and_no_value_is_repeated() {
        let mut form = example();
        form.birth_date = "Jane".to_owned();
        form.received = "2026-10-31".to_owned();
        form.hpo = vec!["Jane".to_owned()];
        form.genes = vec!["Jane Doe".to_owned()];
        form.identifiers[1].value = "4471".to_owned();
        let problems = order_of(&form).unwrap_err();
        let mut places: Vec<&str> = problems.iter().map(|p| p.place.as_str()).collect();
        places.sort_unstable();
        assert_eq!(places, ["birth_date", "genes", "hpo", "identifiers", "received"]);
        assert!(!format!("{problems:?}").contains("Jane"));
        // A given name with a blank stays whole only as words; a clinician's identifier keeps its value.
        assert_eq!(order_of(&example()).unwrap().clinician.identifier.unwrap().value, "L-9");
    }
}
