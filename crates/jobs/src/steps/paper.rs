//! A report put together, and what withholds it.

use std::collections::BTreeMap;

use clinotype_case::{
    Order, Report,
    finding::Interpretation,
    pgx::Pharmacogenomics,
    provenance::Provenance,
    quality::{Quality, Waiver, WaiverError, check_waivers, identity_failures},
    report::ReportState,
};
use clinotype_genome::{Fault, Result};
use jiff::Timestamp;

/// The parts of a report.
#[derive(Debug)]
pub struct ReportRequest {
    /// The order.
    pub order: Option<Order>,
    /// What was concluded.
    pub interpretation: Interpretation,
    /// Quality.
    pub quality: Quality,
    /// Failed checks of identity that a person waived.
    pub waivers: Vec<Waiver>,
    /// The pharmacogenes, where they were asked for.
    pub pgx: Option<Pharmacogenomics>,
    /// Trail.
    pub provenance: Option<Provenance>,
    /// When.
    pub issued: Timestamp,
    /// What must be said of the whole report.
    pub notices: Vec<String>,
}

/// A report that may be written. See [`draft`] and [`withheld`].
pub fn report(request: ReportRequest) -> Result<Report> {
    let report = draft(request)?;
    match withheld(&report)? {
        Some(fault) => Err(fault),
        None => Ok(report),
    }
}

/// Puts a report together. Interpretation and quality must be of one sample and build.
pub fn draft(request: ReportRequest) -> Result<Report> {
    let ReportRequest {
        order,
        interpretation,
        quality,
        waivers,
        pgx,
        provenance,
        issued,
        notices,
    } = request;
    if quality.sample != interpretation.sample || quality.build != interpretation.build {
        return Err(
            Fault::input("the quality figures are not of the sample and build that was interpreted")
                .hint("give the files of one run"),
        );
    }
    if let Some(pgx) = &pgx {
        of_one_sample(pgx, &interpretation)?;
    }
    Ok(Report {
        id: format!("R-{}", interpretation.sample),
        version: 1,
        state: ReportState::Draft,
        issued,
        order,
        interpretation,
        quality,
        waivers,
        provenance,
        pgx: pgx.map(Box::new),
        software: crate::software(),
        notices,
    })
}

/// Pharmacogenes of another sample must never stand on a report. A result of outside calls alone names no sample: whoever
/// gives it answers for it.
fn of_one_sample(pgx: &Pharmacogenomics, interpretation: &Interpretation) -> Result<()> {
    let names = [
        Some(interpretation.sample.as_str()),
        interpretation.input_sample.as_deref(),
    ];
    let strange = pgx.sample.as_deref().is_some_and(|name| !names.contains(&Some(name)));
    if strange {
        return Err(
            Fault::input("the pharmacogenes are not of the sample that was interpreted")
                .hint("give the files of one run"),
        );
    }
    if pgx.sample.is_some() && pgx.build != interpretation.build {
        return Err(Fault::input(format!(
            "the pharmacogenes were called on {}, the variants on {}",
            pgx.build, interpretation.build
        ))
        .hint("give the files of one run"));
    }
    Ok(())
}

/// Why the report must not be written: the failed checks of identity that no waiver lifts.
///
/// Errors: a waiver that fits no failed check.
pub fn withheld(report: &Report) -> Result<Option<Fault>> {
    let left = check_waivers(&report.quality.checks, &report.waivers).map_err(waiver_fault)?;
    if left.is_empty() {
        return Ok(None);
    }
    let failed: Vec<String> = left
        .iter()
        .map(|check| format!("{}: {}", check.name, check.reason))
        .collect();
    Ok(Some(
        Fault::input(format!(
            "the report is withheld, because it is not certain whose sample this is: {}",
            failed.join("; ")
        ))
        .hint(
            "find out whose sample it is; a person who answers for it can waive the check with a reason, which is printed \
             (--waive CHECK --reason TEXT --waived-by NAME, or in the window on the quality page)",
        ),
    ))
}

/// A waiver that somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaiverRequest {
    /// Name of the check.
    pub check: String,
    /// Why.
    pub reason: String,
    /// Who, as printed.
    pub by: String,
}

/// The waivers that were asked for, each with what its check says.
///
/// Errors: there is no such check, or it did not fail.
pub fn waivers(quality: &Quality, requests: &[WaiverRequest], at: Timestamp) -> Result<Vec<Waiver>> {
    let waivers: Vec<Waiver> = requests
        .iter()
        .map(|request| Waiver {
            check: request.check.clone(),
            finding: identity_failures(&quality.checks)
                .find(|check| check.name == request.check)
                .map(|check| check.reason.clone())
                .unwrap_or_default(),
            reason: request.reason.trim().to_owned(),
            by: request.by.trim().to_owned(),
            role: None,
            at,
        })
        .collect();
    check_waivers(&quality.checks, &waivers).map_err(waiver_fault)?;
    Ok(waivers)
}

fn waiver_fault(error: WaiverError) -> Fault {
    Fault::input(error.to_string()).hint("leave the waiver out, or waive the check that failed")
}

/// Waivers as the record of a step keeps them.
pub(crate) fn waived(waivers: &[Waiver]) -> BTreeMap<String, String> {
    let words = |waiver: &Waiver| {
        let text = format!("by {}: {}", waiver.person(), waiver.reason);
        (format!("waived {}", waiver.check), text)
    };
    waivers.iter().map(words).collect()
}
