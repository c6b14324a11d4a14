//! A report put together, and what withholds it.

use std::collections::BTreeMap;

use clinotype_case::{
    Order, Report,
    finding::Interpretation,
    pgx::Pharmacogenomics,
    phenotype::GeneRank,
    provenance::Provenance,
    prs::PolygenicScores,
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
    /// What was made beside the interpretation.
    pub besides: Besides,
    /// Trail.
    pub provenance: Option<Provenance>,
    /// When.
    pub issued: Timestamp,
    /// What must be said of the whole report.
    pub notices: Vec<String>,
}

/// What a run makes beside the interpretation; `None`: not asked for.
#[derive(Clone, Debug, Default)]
pub struct Besides {
    /// The pharmacogenes.
    pub pgx: Option<Pharmacogenomics>,
    /// Genes ranked by phenotype.
    pub rank: Option<GeneRank>,
    /// Polygenic scores.
    pub prs: Option<PolygenicScores>,
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
        besides: Besides { pgx, rank, prs },
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
    if let Some(rank) = &rank
        && !is_named(&rank.sample, &interpretation)
    {
        return Err(strange("the gene rank is"));
    }
    let prs = prs.map(|prs| scores_of(prs, &interpretation)).transpose()?;
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
        rank: rank.map(Box::new),
        prs: prs.map(Box::new),
        software: crate::software(),
        notices,
    })
}

/// Pharmacogenes of another sample must never stand on a report. A result of outside calls alone names no sample: whoever
/// gives it answers for it.
fn of_one_sample(pgx: &Pharmacogenomics, interpretation: &Interpretation) -> Result<()> {
    if pgx
        .sample
        .as_deref()
        .is_some_and(|name| !is_named(name, interpretation))
    {
        return Err(strange("the pharmacogenes are"));
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

/// Whether this is what the sample is called, here or in its input.
fn is_named(name: &str, interpretation: &Interpretation) -> bool {
    interpretation.sample.as_str() == name || interpretation.input_sample.as_deref() == Some(name)
}

fn strange(what: &str) -> Fault {
    Fault::input(format!("{what} not of the sample that was interpreted")).hint("give the files of one run")
}

/// The scores of the sample alone: those of others never stand on its report.
fn scores_of(mut prs: PolygenicScores, interpretation: &Interpretation) -> Result<PolygenicScores> {
    if prs.build != interpretation.build {
        return Err(Fault::input(format!(
            "the polygenic scores were summed on {}, the variants called on {}",
            prs.build, interpretation.build
        ))
        .hint("give the files of one run"));
    }
    for score in &mut prs.scores {
        score.samples.retain(|of| is_named(&of.sample, interpretation));
        if score.samples.len() != 1 {
            return Err(strange("the polygenic scores are"));
        }
    }
    Ok(prs)
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
