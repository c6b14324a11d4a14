//! The report itself: profile `genomic-report`.

use clinotype_case::{
    Report,
    finding::{Conclusion, ScopeSource},
    quality::CheckResult,
    report::ReportState,
};
use clinotype_genome::Result;
use fhir_sdk::{
    DateTime,
    r4b::{
        codes::DiagnosticReportStatus,
        resources::{DiagnosticReport, DiagnosticReportEffective},
        types::{CodeableConcept, Extension, ExtensionValue},
    },
};

use crate::{
    answers,
    datatypes::{
        NoteKind, built, coded_note, coding, concept, extension, identifier, narrative, pdf_attachment, profile,
        reference, text, urn_identifier,
    },
    entry::Part,
    implication::person,
    observation::{Frame, answer, loinc},
    pharmacogenes, scores, systems,
    variant::printed_name,
};

/// The resource of the report. `results` are the URNs of its observations, in order.
/// `actions` those of the Tasks that it proposes.
pub(crate) fn report_part(frame: &Frame, results: &[String], actions: &[String], pdf: Option<&[u8]>) -> Result<Part> {
    let report = frame.report;
    let urn = frame.identity.in_case("report", "");
    let mut resource = built(
        DiagnosticReport::builder()
            // No report is signed, also where people reviewed its variants.
            .status(DiagnosticReportStatus::Preliminary)
            .code(loinc("51969-4", "Genetic analysis report"))
            .build(),
    )?;
    resource.meta = Some(profile("genomic-report"));
    resource.identifier = vec![
        Some(urn_identifier(&urn)),
        Some(identifier(
            None,
            &report.id,
            Some(("FILL", "Filler Identifier")),
            Some("report number"),
        )),
    ];
    resource.category = vec![Some(concept(
        vec![coding(systems::V2_0074, "GE", Some("Genetics"))],
        None,
    ))];
    resource.based_on = frame.parties.based_on();
    resource.subject = frame.parties.subject();
    resource.effective = frame.effective.clone().map(DiagnosticReportEffective::DateTime);
    resource.issued = Some(frame.issued.clone());
    resource.performer = frame.parties.performer();
    resource.specimen = vec![Some(frame.specimen())];
    resource.result = results.iter().map(|urn| Some(reference(urn))).collect();
    let conclusion = conclusion(report);
    resource.text = Some(narrative(&conclusion));
    resource.conclusion = text(&conclusion.join("\n"));
    resource.conclusion_code = vec![Some(conclusion_code(report))];
    resource.extension = extensions(frame);
    resource.extension.extend(pharmacogenes::recommended(actions));
    if let Some(pdf) = pdf {
        let title = format!(
            "{} version {}, {}",
            report.id,
            report.version,
            report.state_in_effect().words()
        );
        let creation = DateTime::DateTime(frame.issued.clone());
        resource.presented_form = vec![Some(pdf_attachment(pdf, &title, creation)?)];
    }
    Ok(Part::of_laboratory(&urn, resource))
}

/// The overall result as a code where LOINC has one, and always in words.
fn conclusion_code(report: &Report) -> CodeableConcept {
    let outcome = report.interpretation.conclusion.outcome;
    let mut concept = answers::overall(outcome).map_or_else(|| concept(Vec::new(), None), answer);
    concept.text = Some(format!(
        "{} ({}, {})",
        outcome.word(),
        standing(report),
        report.state_in_effect().words()
    ));
    concept
}

/// Whose the classes are that the result rests on.
fn standing(report: &Report) -> &'static str {
    let findings = &report.interpretation.findings;
    let reviewed = findings.iter().filter(|f| f.is_reviewed()).count();
    match report.state_in_effect() {
        ReportState::Reviewed => "reviewed",
        ReportState::Draft if reviewed > 0 => "in part reviewed",
        ReportState::Draft => "proposed",
    }
}

/// The conclusion in paragraphs; the first begins with the state.
fn conclusion(report: &Report) -> Vec<String> {
    let Conclusion {
        outcome,
        headline,
        interpretation,
        recommendations,
        limits,
        secondary_findings,
    } = &report.interpretation.conclusion;
    let mut paragraphs = vec![format!(
        "{}. {}{} ({}): {headline}",
        report.state_in_effect().words(),
        if report.order.is_none() { "UNIDENTIFIED. " } else { "" },
        outcome.word(),
        standing(report),
    )];
    paragraphs.push(interpretation.join(" "));
    if !recommendations.is_empty() {
        paragraphs.push(format!("Recommendations: {}", recommendations.join(" ")));
    }
    if !limits.is_empty() {
        paragraphs.push(format!("Limits: {}", limits.join(" ")));
    }
    paragraphs.push(secondary_findings.clone());
    paragraphs.iter().filter_map(|p| text(p)).collect()
}

fn extensions(frame: &Frame) -> Vec<Extension> {
    let mut extensions: Vec<Extension> = notes(frame.report)
        .into_iter()
        .filter_map(|(kind, words)| coded_note(kind, &words))
        .map(|note| extension(systems::guide("genomic-report-note"), ExtensionValue::Annotation(note)))
        .collect();
    extensions.push(extension(
        systems::guide("genomic-study-reference"),
        ExtensionValue::Reference(reference(&frame.study)),
    ));
    extensions
}

/// What must be said beside the result.
fn notes(report: &Report) -> Vec<(NoteKind, String)> {
    let interpretation = &report.interpretation;
    let mut notes = Vec::new();
    let mut disclaim = |words: String| notes.push((NoteKind::Disclaimer, words));
    disclaim(format!(
        "{}: version {} of this report was made by software. {}",
        report.state_in_effect().words(),
        report.version,
        match standing(report) {
            "reviewed" => "Every reported class was reviewed by a person; nobody has signed the report.",
            "proposed" => "Nobody has reviewed it, and every class is a proposal.",
            _ => "Some classes were reviewed by a person, the others are proposals; nobody has signed the report.",
        }
    ));
    if report.order.is_none() {
        disclaim("UNIDENTIFIED: no order was given, so that nothing is stated about the patient.".to_owned());
    }
    report.notices.iter().for_each(|notice| disclaim(notice.clone()));
    let scope = &interpretation.scope;
    if !scope.not_covered.is_empty() {
        disclaim(format!(
            "Ordered but not tested, because no transcript of them was available: {}.",
            scope.not_covered.join(", ")
        ));
    }
    for listed in &interpretation.clinvar_listed {
        disclaim(format!(
            "Listed by ClinVar as (likely) pathogenic and not reported as a finding: {} {} ({}), {}, ClinVar: {}. \
             Reason: {}",
            listed.gene, listed.name, listed.key, listed.zygosity, listed.clinvar, listed.reason
        ));
    }
    for finding in interpretation.reviewed_not_reported() {
        let Some(review) = &finding.review else { continue };
        disclaim(format!(
            "Reviewed and not reported as a finding: {} {}, {}: {} (proposed by rules: {}), reviewed by {} at {}. Reason: {}",
            finding.shown.symbol.as_deref().unwrap_or("gene not stated"),
            printed_name(finding),
            finding.zygosity.words(),
            review.class.words(),
            finding.classification.class.words(),
            person(review),
            review.at,
            match review.reason.trim() {
                "" => "not stated",
                reason => reason,
            }
        ));
    }
    for check in report
        .quality
        .checks
        .iter()
        .filter(|check| check.result != CheckResult::Pass)
    {
        disclaim(format!(
            "Quality check {}: {}. {}",
            check.name,
            check.result.word(),
            check.reason
        ));
    }
    for waiver in &report.waivers {
        disclaim(format!(
            "The failed quality check {} was WAIVED by {} at {}. Reason: {} What the check found: {}",
            waiver.check,
            waiver.person(),
            waiver.at,
            waiver.reason,
            waiver.finding
        ));
    }
    let genes = match scope.decided_by {
        ScopeSource::Order => "the genes of the order",
        ScopeSource::AllTranscripts => "every gene of the transcripts",
    };
    notes.push((
        NoteKind::Methodology,
        format!(
            "Small variants (substitutions, short insertions and deletions) on {}, displayed for {genes}. \
             Software: {}.",
            interpretation.build, report.software
        ),
    ));
    for step in &interpretation.funnel {
        let dropped: Vec<String> = step
            .dropped
            .iter()
            .map(|d| format!("{} {}", d.count, d.reason))
            .collect();
        notes.push((
            NoteKind::Methodology,
            format!(
                "Filter {} ({}): {} in, {} kept{}.",
                step.name,
                step.rule,
                step.input,
                step.kept,
                if dropped.is_empty() {
                    String::new()
                } else {
                    format!("; dropped: {}", dropped.join(", "))
                }
            ),
        ));
    }
    if let Some(pgx) = &report.pgx {
        notes.extend(pharmacogenes::notes(pgx));
    }
    notes.extend(scores::notes(report));
    notes
}
