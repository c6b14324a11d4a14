//! Versions of the report: made from the newest run with the decisions in effect, kept for ever, shown as the very bytes.

use std::sync::{Arc, Mutex, PoisonError};

use clinotype_case::Report;
use clinotype_genome::digest;
use clinotype_jobs::steps::{self, ReportRequest};
use clinotype_store::{Act, Case, CaseState, FileRole, NewFile, NewReport, Report as Kept, Run, Store};
use jiff::Timestamp;
use uuid::Uuid;

use super::reads;
use crate::{
    app::{App, Session},
    errors,
    record::{self, Drafted, Results, RunRecord},
    times,
    types::*,
};

/// A version is numbered before it is printed, so one report is made at a time.
static ONE: Mutex<()> = Mutex::new(());

/// The model as it is kept: without version, time and software, which stand beside it and on the paper. Equal contents
/// then have equal digests.
fn model(report: &Report) -> Result<Vec<u8>, ApiError> {
    let bare = Report {
        version: 0,
        issued: Timestamp::UNIX_EPOCH,
        software: String::new(),
        ..report.clone()
    };
    serde_json::to_vec(&bare).map_err(|_| errors::internal("the report cannot be written as JSON"))
}

fn drafted(report: &Report) -> Drafted {
    Drafted {
        version: report.version,
        state: report.state_in_effect().words().to_owned(),
        outcome: report.interpretation.conclusion.outcome.word().to_owned(),
    }
}

/// Prints a report and keeps it: PDF, HTML, FHIR bundle and model, all or none.
pub(crate) fn keep(store: &Store, act: &Act, run: &Run, report: &Report) -> Result<(Kept, Drafted), ApiError> {
    let pdf = clinotype_jobs::pdf(report)?;
    let html = clinotype_jobs::html(report)?;
    let fhir = clinotype_jobs::bundle(report, Some(&pdf))?;
    let model = model(report)?;
    let mut files = Vec::new();
    let kept = (|| {
        let contents: [(FileRole, &str, &[u8]); 3] = [
            (FileRole::Pdf, "pdf", &pdf),
            (FileRole::Html, "html", html.as_bytes()),
            (FileRole::Fhir, "fhir.json", fhir.as_bytes()),
        ];
        for (role, suffix, mut bytes) in contents {
            let new = NewFile {
                case: run.case,
                run: Some(run.id),
                role,
                name: format!("report.v{}.{suffix}", report.version),
            };
            files.push(store.add_file(act, &new, &mut bytes)?.id);
        }
        let kept = store.save_report(
            act,
            &NewReport {
                case: run.case,
                run: run.id,
                model,
                pdf: files.first().copied(),
                html: files.get(1).copied(),
                fhir: files.get(2).copied(),
            },
        )?;
        if kept.version == report.version {
            Ok(kept)
        } else {
            Err(errors::internal("two reports of a case were made at the same time"))
        }
    })();
    match kept {
        Ok(kept) => Ok((kept, drafted(report))),
        Err(error) => {
            for file in files {
                // Without a report nothing names them.
                let _ = store.erase_file(act, file);
            }
            Err(error)
        }
    }
}

/// The report that would be made now, with a version of 0.
fn present(app: &App, session: &Session, case: &Case, results: &Results) -> Result<Report, ApiError> {
    results.not_withheld(&session.store)?;
    let orders = results.orders(app, session, case)?;
    let order = orders.for_report()?;
    let mut report = steps::report(ReportRequest {
        order: order.cloned(),
        interpretation: results.reviewed(&session.store, order)?,
        quality: results.quality.clone(),
        waivers: results.waivers(&session.store)?,
        besides: results.besides(&session.store)?,
        provenance: Some(results.trail()),
        issued: app.now(),
        notices: results.notices(),
    })?;
    report.version = 0;
    Ok(report)
}

/// What a list says of a version.
fn about(app: &App, session: &Session, kept: &Kept) -> Result<Drafted, ApiError> {
    let store = &session.store;
    let record = RunRecord::of(store.run(kept.run)?.summary.as_ref());
    if let Some(known) = record
        .reports
        .into_iter()
        .find(|drafted| drafted.version == kept.version)
    {
        return Ok(known);
    }
    let model = store.report_model(&session.act(app), kept.id)?;
    let report: Report =
        serde_json::from_slice(&model).map_err(|_| errors::internal("the model of a report cannot be read back"))?;
    Ok(Drafted {
        version: kept.version,
        ..drafted(&report)
    })
}

fn view(app: &App, session: &Session, kept: &Kept, present: Option<&str>) -> Result<ReportVersion, ApiError> {
    let about = about(app, session, kept)?;
    Ok(ReportVersion {
        version: kept.version,
        state: about.state,
        made: times::text(kept.made_at),
        by: kept.name.clone(),
        outcome: about.outcome,
        pdf_sha256: session.store.file(file_of(kept.pdf)?)?.sha256,
        outdated: present != Some(kept.model_sha256.as_str()),
    })
}

fn file_of(file: Option<Uuid>) -> Result<Uuid, ApiError> {
    file.ok_or_else(|| errors::not_found("file of this report"))
}

/// SHA-256 of the model that would be made now; `None` where none can be made (no run, or another order).
fn present_digest(app: &App, session: &Session, case: Uuid) -> Result<Option<String>, ApiError> {
    let Some(results) = record::newest(app, &session.store, case)? else {
        return Ok(None);
    };
    let case = session.store.peek_case(case)?;
    match present(app, session, &case, &results) {
        Ok(report) => Ok(Some(digest::sha256(&model(&report)?))),
        Err(error) if error.code == ErrorCode::WrongState => Ok(None),
        Err(error) => Err(error),
    }
}

pub(crate) fn reports(app: &Arc<App>, session: &Session, input: CaseInput) -> Result<ReportsOutput, ApiError> {
    let case = errors::id(&input.case, "case")?;
    let kept = session.store.reports(case)?;
    if kept.is_empty() {
        return Ok(ReportsOutput { versions: Vec::new() });
    }
    let present = present_digest(app, session, case)?;
    let mut versions = kept
        .iter()
        .map(|kept| view(app, session, kept, present.as_deref()))
        .collect::<Result<Vec<_>, _>>()?;
    versions.sort_by_key(|version| std::cmp::Reverse(version.version));
    Ok(ReportsOutput { versions })
}

pub(crate) fn make_report(app: &Arc<App>, session: &Session, input: CaseInput) -> Result<ReportVersion, ApiError> {
    let (id, store) = (errors::id(&input.case, "case")?, &session.store);
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let act = session.act(app);
    let case = store.case(&act, id)?;
    if case.state == CaseState::Running {
        return Err(errors::wrong_state(
            "a run of this case is at work",
            "wait until it has ended",
        ));
    }
    let results = record::needed(app, store, id)?;
    let mut report = present(app, session, &case, &results)?;
    let sha256 = digest::sha256(&model(&report)?);
    let versions = store.reports(id)?;
    let newest = versions.iter().max_by_key(|version| version.version);
    // Nothing changed: the version that is there says all that a new one would.
    if let Some(newest) = newest.filter(|newest| newest.model_sha256 == sha256) {
        return view(app, session, newest, Some(&sha256));
    }
    report.version = newest.map_or(0, |newest| newest.version) + 1;
    let (kept, drafted) = keep(store, &act, &results.run, &report)?;
    record::change(store, results.run.id, |record| record.reports.push(drafted))?;
    view(app, session, &kept, Some(&sha256))
}

/// A version of a case's report.
pub(crate) fn version(store: &Store, case: Uuid, version: u32) -> Result<Kept, ApiError> {
    store
        .reports(case)?
        .into_iter()
        .find(|report| report.version == version)
        .ok_or_else(|| errors::not_found("version of the report"))
}

pub(crate) fn preview(app: &Arc<App>, session: &Session, input: ReportInput) -> Result<PreviewView, ApiError> {
    let (case, store) = (errors::id(&input.case, "case")?, &session.store);
    let kept = version(store, case, input.version)?;
    let file = store.file(file_of(kept.pdf)?)?;
    // Read whole once: what is shown is proven to be what was kept.
    let pages = clinotype_jobs::pdf_pages(&store.read_file(file.id)?)?;
    let detail = format!("version {}", kept.version);
    store.record(
        &session.act(app),
        "report",
        &kept.id.to_string(),
        "preview",
        Some(case),
        Some(&detail),
    )?;
    Ok(PreviewView {
        version: kept.version,
        pdf: reads::token(app, &file, "application/pdf"),
        sha256: file.sha256.clone(),
        pages,
    })
}
