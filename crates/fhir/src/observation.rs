//! What all observations of the guide share, and their components.

use clinotype_case::Report;
use clinotype_genome::Result;
use fhir_sdk::{
    DateTime, Instant,
    r4b::{
        codes::ObservationStatus,
        resources::{Observation, ObservationComponent, ObservationComponentValue, ObservationEffective},
        types::{Annotation, CodeableConcept, Quantity, Range, Reference},
    },
};

use crate::{
    datatypes::{
        built, coding, concept, date_time, instant, narrative, plain_quantity, profile, reference, urn_identifier,
    },
    identity::Identity,
    parties::Parties,
    systems,
};

/// What every resource of one report is written from.
pub(crate) struct Frame<'a> {
    /// The report.
    pub(crate) report: &'a Report,
    /// Names of resources.
    pub(crate) identity: &'a Identity,
    /// Patient, laboratory ...
    pub(crate) parties: &'a Parties,
    /// URN of the genomic-study.
    pub(crate) study: String,
    /// When the report was made.
    pub(crate) issued: Instant,
    /// When the sample was taken; `None` where nobody stated it.
    pub(crate) effective: Option<DateTime>,
}

impl<'a> Frame<'a> {
    /// Collects them.
    pub(crate) fn of(report: &'a Report, identity: &'a Identity, parties: &'a Parties) -> Result<Self> {
        let collected = report.order.as_ref().and_then(|o| o.specimen.collected);
        Ok(Self {
            report,
            identity,
            parties,
            study: identity.in_case("study", ""),
            issued: instant(&report.issued.to_string())?,
            effective: collected.map(|date| date_time(&date.to_string())).transpose()?,
        })
    }

    /// Reference to the specimen.
    pub(crate) fn specimen(&self) -> Reference {
        reference(&self.parties.specimen)
    }
}

/// An observation on its way.
pub(crate) struct Draft {
    /// Its URN.
    pub(crate) urn: String,
    /// Name of its profile; empty where the guide has none.
    pub(crate) profile: &'static str,
    /// What it observes.
    pub(crate) code: CodeableConcept,
    /// Its components.
    pub(crate) components: Components,
    /// Observations that it rests on.
    pub(crate) derived_from: Vec<String>,
    /// Notes.
    pub(crate) notes: Vec<Option<Annotation>>,
    /// The narrative's paragraphs.
    pub(crate) words: Vec<String>,
}

impl Draft {
    /// The observation with everything that all share; the caller adds value, method and extensions.
    pub(crate) fn observation(self, frame: &Frame) -> Result<Observation> {
        let mut resource = built(
            Observation::builder()
                // No report is signed, also where people reviewed its variants.
                .status(ObservationStatus::Preliminary)
                .code(self.code)
                .build(),
        )?;
        resource.meta = (!self.profile.is_empty()).then(|| profile(self.profile));
        let mut words = vec![frame.report.state_in_effect().words().to_owned()];
        words.extend(self.words);
        resource.text = Some(narrative(&words));
        resource.identifier = vec![Some(urn_identifier(&self.urn))];
        resource.part_of = vec![Some(reference(&frame.study))];
        resource.category = vec![
            Some(concept(
                vec![coding(systems::OBSERVATION_CATEGORY, "laboratory", Some("Laboratory"))],
                None,
            )),
            Some(concept(vec![coding(systems::V2_0074, "GE", Some("Genetics"))], None)),
        ];
        resource.subject = frame.parties.subject();
        resource.effective = frame.effective.clone().map(ObservationEffective::DateTime);
        resource.issued = Some(frame.issued.clone());
        resource.performer = frame.parties.performer();
        resource.specimen = Some(frame.specimen());
        resource.device = Some(reference(&frame.parties.device));
        resource.derived_from = self.derived_from.iter().map(|urn| Some(reference(urn))).collect();
        resource.component = self.components.0.into_iter().map(Some).collect();
        resource.note = self.notes.into_iter().flatten().map(Some).collect();
        Ok(resource)
    }
}

/// Components under construction. A missing value adds no component.
#[derive(Default)]
pub(crate) struct Components(Vec<ObservationComponent>);

impl Components {
    fn add(&mut self, code: CodeableConcept, value: ObservationComponentValue) {
        let component = ObservationComponent::builder().code(code).value(value).build();
        self.0.push(component.expect("code, the one mandatory element, is set"));
    }

    /// A concept under a LOINC code; nothing for a concept without coding and words.
    pub(crate) fn loinc_concept(&mut self, code: &str, words: &str, value: CodeableConcept) {
        self.concept(loinc(code, words), value);
    }

    /// A concept.
    pub(crate) fn concept(&mut self, code: CodeableConcept, value: CodeableConcept) {
        if !value.coding.is_empty() || value.text.is_some() {
            self.add(code, ObservationComponentValue::CodeableConcept(value));
        }
    }

    /// A text.
    pub(crate) fn string(&mut self, code: CodeableConcept, value: &str) {
        if let Some(value) = crate::datatypes::text(value) {
            self.add(code, ObservationComponentValue::String(value));
        }
    }

    /// A number with a unit.
    pub(crate) fn quantity(&mut self, code: CodeableConcept, value: Option<Quantity>) {
        if let Some(value) = value {
            self.add(code, ObservationComponentValue::Quantity(value));
        }
    }

    /// A range of coordinates, both ends within it.
    pub(crate) fn range(&mut self, code: CodeableConcept, low: u32, high: u32) {
        let mut range = Range::builder().build().expect("Range has no mandatory element");
        range.low = plain_quantity(f64::from(low));
        range.high = plain_quantity(f64::from(high));
        self.add(code, ObservationComponentValue::Range(range));
    }
}

/// A LOINC code with words of ours as text, so that no display can differ from LOINC's own.
pub(crate) fn loinc(code: &str, words: &str) -> CodeableConcept {
    concept(vec![coding(systems::LOINC, code, None)], Some(words))
}

/// One of the guide's own codes.
pub(crate) fn tbd(code: &str, words: &str) -> CodeableConcept {
    concept(vec![coding(systems::TBD, code, None)], Some(words))
}

/// A LOINC answer.
pub(crate) fn answer((code, display): (&str, &str)) -> CodeableConcept {
    concept(vec![coding(systems::LOINC, code, Some(display))], None)
}

/// A HGVS name: the name is the code.
pub(crate) fn hgvs(name: &str) -> CodeableConcept {
    concept(vec![coding(systems::HGVS, name, Some(name))], None)
}

/// An accession of a sequence in the system that issues it; words alone where the prefix is of neither.
pub(crate) fn sequence(accession: &str) -> CodeableConcept {
    let system = match accession.split_once('_').map(|(prefix, _)| prefix) {
        Some("NC" | "NG" | "NM" | "NR" | "NP" | "XM" | "XR" | "XP" | "NT" | "NW") => Some(systems::REFSEQ),
        _ if accession.starts_with("ENST") || accession.starts_with("ENSP") => Some(systems::ENSEMBL),
        _ => None,
    };
    concept(
        system.map(|s| coding(s, accession, None)).into_iter().collect(),
        Some(accession),
    )
}

/// A gene: HGNC id where known, else the symbol in words.
pub(crate) fn gene(hgnc_id: Option<&str>, symbol: Option<&str>) -> CodeableConcept {
    let id = hgnc_id.map(str::trim).filter(|id| {
        id.strip_prefix("HGNC:")
            .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    });
    concept(
        id.map(|id| coding(systems::HGNC, id, symbol)).into_iter().collect(),
        symbol,
    )
}
