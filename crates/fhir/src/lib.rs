//! The report model as an HL7 Genomics Reporting 3.0.0 bundle (FHIR R4, 4.0.1). Pure: no network, no files, no clock.
//!
//! [`bundle`] writes one transaction: Patient, Organization (laboratory), Practitioner (ordering), ServiceRequest,
//! Specimen, Device (software), two Procedures (`genomic-study`, `genomic-study-analysis`), per finding an Observation
//! `variant`, `molecular-consequence` and `diagnostic-implication`, an Observation `sequence-phase-relationship` per
//! phased pair, per polygenic score a plain Observation (the guide has no profile), of pharmacogenes `haplotype`, `genotype`, `therapeutic-implication` and for current medicines the Task
//! `medication-recommendation`, and the DiagnosticReport `genomic-report`.
//!
//! * The fhir-sdk R4B model is used; no element that R4B added to R4 is, and the validator of R4 sees every bundle.
//! * A draft is `preliminary` and says so where people read; a class is `proposed`, or `reviewed` with who, when and why.
//! * What was not evaluated or not stated is left out or said in words, never a zero. A report without findings has no
//!   observation.
//! * Release 4.0.0 of the guide adds `genomic-annotation` (frequencies) and knowledge-base components; until it is
//!   published these stand in notes.
//! * An amended report updates what its first version made (see [`Requests`]). An observation that the amended
//!   report no longer has stays on the server as preliminary, and is not among the report's results: withdrawing it
//!   needs the earlier version, which the report model does not hold.

mod answers;
mod check;
mod consequence;
mod datatypes;
mod drugs;
mod entry;
mod identity;
mod implication;
mod json;
mod observation;
mod parties;
mod pharmacogenes;
mod phase;
mod report;
mod scores;
mod study;
mod systems;
mod variant;

use clinotype_case::Report;
use clinotype_genome::{Fault, Result};
use fhir_sdk::r4b::{codes::BundleType, resources::Bundle};

pub use crate::entry::Requests;
use crate::{datatypes::built, identity::Identity, observation::Frame, parties::Parties};

/// The report as pretty JSON of one FHIR R4 transaction Bundle. The same report and PDF give the same bytes; time
/// comes from `report.issued` alone.
///
/// `pdf` is the printed report: it is attached with its SHA-1, as FHIR R4 defines `Attachment.hash`.
///
/// # Errors
/// An input fault where the order's identifier system is no URI or a date has no four-digit year (the field is named,
/// the value is not); an internal fault where the report holds one allele twice or names no software.
pub fn bundle(report: &Report, pdf: Option<&[u8]>) -> Result<String> {
    bundle_with(report, pdf, Requests::default())
}

/// [`bundle`] with the kind of requests that a server wants. The resources are the same but for their ids.
///
/// Without an order the laboratory is not known, so that nothing could tell our resources from those of another
/// laboratory with the same numbers: every entry is then a plain `POST`, and nothing on the server is matched or
/// changed, whatever `requests` says.
///
/// # Errors
/// As [`bundle`].
pub fn bundle_with(report: &Report, pdf: Option<&[u8]>, requests: Requests) -> Result<String> {
    let identity = Identity::of(report);
    let parties = Parties::of(report, &identity);
    let frame = Frame::of(report, &identity, &parties)?;
    let findings = &report.interpretation.findings;

    let mut parts = parties.parts(report)?;
    parts.extend(study::study_parts(&frame)?);
    let mut results = Vec::new();
    for finding in findings {
        results.push(variant::variant_urn(&frame, finding));
        parts.push(variant::variant_part(&frame, finding)?);
        results.extend(consequence::consequence_urns(&frame, finding));
        parts.extend(consequence::consequence_parts(&frame, finding)?);
        results.push(implication::implication_urn(&frame, finding));
        parts.push(implication::implication_part(&frame, finding)?);
    }
    for pair in phase::pairs(findings) {
        results.push(phase::phase_urn(&frame, &pair));
        parts.push(phase::phase_part(&frame, &pair)?);
    }
    let mut pharmacogenes = pharmacogenes::pharmacogenes(&frame)?;
    parts.append(&mut pharmacogenes.parts);
    results.append(&mut pharmacogenes.results);
    let (mut scores, mut sums) = scores::scores(&frame)?;
    parts.append(&mut scores);
    results.append(&mut sums);
    parts.push(report::report_part(&frame, &results, &pharmacogenes.actions, pdf)?);

    let mut bundle = built(Bundle::builder().r#type(BundleType::Transaction).build())?;
    bundle.id = Some(identity.of_version(report.version).to_string());
    bundle.timestamp = Some(frame.issued.clone());
    let requests = report.order.is_some().then_some(requests);
    bundle.entry = parts
        .into_iter()
        .map(|part| part.entry(requests).map(Some))
        .collect::<Result<_>>()?;
    let text = json::pretty(&bundle)?;
    let value = serde_json::from_str(&text).map_err(|e| Fault::internal("the FHIR bundle is not JSON").caused_by(e))?;
    check::check(&value)?;
    Ok(text)
}
