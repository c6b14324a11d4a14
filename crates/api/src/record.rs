//! What a run leaves in the store: its record for lists, its files, variants, findings, and the first draft report.

mod people;
mod results;
mod take;

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

use clinotype_case::{
    Report,
    quality::{Check, CheckResult},
};
use clinotype_genome::fs;
use clinotype_store::Store;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    errors,
    queue::Stage,
    types::{ApiError, CheckWord},
};

pub(crate) use people::{not_used, of_files, people, people_of, standing};
pub(crate) use results::{Results, conclusion, needed, newest, of_run};
pub(crate) use take::{Taking, take};

/// The files of a run in its work folder begin with this, never with the accession.
pub(crate) const STEM: &str = "case";

/// What lists and the page of a run show, kept with the run. Every part may be missing: a run that waits has none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct RunRecord {
    /// Stages as they were left.
    pub(crate) stages: Vec<Stage>,
    /// Notes of the engine.
    pub(crate) notes: Vec<String>,
    /// Why it failed.
    pub(crate) error: Option<ApiError>,
    /// `POSITIVE`, ... with the decisions in effect.
    pub(crate) outcome: Option<String>,
    /// Worst check of the quality page, as the contract writes it: `pass`, `warn`, `fail`, `not_assessed`.
    pub(crate) quality: Option<String>,
    /// Genome build.
    pub(crate) build: Option<String>,
    /// Version of the order that was interpreted; 0: none.
    pub(crate) order_version: u32,
    /// Reports that were made from the run.
    pub(crate) reports: Vec<Drafted>,
}

/// What lists say of a version of the report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Drafted {
    pub(crate) version: u32,
    /// `DRAFT - NOT REVIEWED`, `DRAFT - NOT SIGNED`.
    pub(crate) state: String,
    pub(crate) outcome: String,
}

/// Changes the record of a run that has ended.
pub(crate) fn change(store: &Store, run: Uuid, change: impl FnOnce(&mut RunRecord)) -> Result<(), ApiError> {
    // Read and written by several operations: one after the other.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut record = RunRecord::of(store.run(run)?.summary.as_ref());
    change(&mut record);
    Ok(store.set_run_summary(run, &record.value())?)
}

impl RunRecord {
    /// The record in what the store keeps; one of another version counts as empty.
    pub(crate) fn of(summary: Option<&serde_json::Value>) -> Self {
        summary
            .and_then(|value| Self::deserialize(value).ok())
            .unwrap_or_default()
    }

    pub(crate) fn value(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// What the engine made, written when it has ended: a run that is stopped after that need not ask the engine again.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Made {
    /// Version of the order that was interpreted; 0: none.
    pub(crate) order_version: u32,
    /// The engine's report.
    pub(crate) report: Report,
}

const MADE: &str = "engine.json";

impl Made {
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>, ApiError> {
        let path = folder.join(MADE);
        if !path.is_file() {
            return Ok(None);
        }
        // One that another version wrote is made anew from the engine's own record of its steps.
        Ok(serde_json::from_slice(&fs::read(path)?).ok())
    }

    pub(crate) fn write(&self, folder: &Path) -> Result<(), ApiError> {
        let bytes =
            serde_json::to_vec(self).map_err(|_| errors::internal("what the engine made cannot be written down"))?;
        Ok(fs::write_atomic(folder.join(MADE), &bytes)?)
    }
}

/// The worst of the checks: what was judged decides, and only where nothing was there is no verdict.
pub(crate) fn verdict(checks: &[Check]) -> CheckWord {
    let any = |result| checks.iter().any(|check| check.result == result);
    if any(CheckResult::Fail) {
        CheckWord::Fail
    } else if any(CheckResult::Warn) {
        CheckWord::Warn
    } else if any(CheckResult::Pass) {
        CheckWord::Pass
    } else {
        CheckWord::NotAssessed
    }
}

/// A verdict as the contract writes it.
pub(crate) fn verdict_code(verdict: CheckWord) -> &'static str {
    match verdict {
        CheckWord::Pass => "pass",
        CheckWord::Warn => "warn",
        CheckWord::Fail => "fail",
        CheckWord::NotAssessed => "not_assessed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_check_decides() {
        use CheckResult::{Fail, NotAssessed, Pass, Warn};
        let checks = |results: &[CheckResult]| {
            let check = |result: &CheckResult| Check {
                name: String::new(),
                result: *result,
                reason: String::new(),
            };
            results.iter().map(check).collect::<Vec<_>>()
        };
        for (results, worst) in [
            (&[Pass, NotAssessed][..], CheckWord::Pass),
            (&[Pass, Warn, NotAssessed], CheckWord::Warn),
            (&[Warn, Fail, Pass], CheckWord::Fail),
            (&[NotAssessed], CheckWord::NotAssessed),
            (&[], CheckWord::NotAssessed),
        ] {
            assert_eq!(verdict(&checks(results)), worst, "{results:?}");
            assert_eq!(serde_json::to_value(worst).unwrap(), verdict_code(worst));
        }
    }

    #[test]
    fn a_record_reads_back_and_an_unknown_one_is_empty() {
        let record = RunRecord {
            outcome: Some("NEGATIVE".to_owned()),
            quality: Some("warn".to_owned()),
            stages: Stage::all(true),
            ..RunRecord::default()
        };
        assert_eq!(RunRecord::of(Some(&record.value())), record);
        assert_eq!(
            RunRecord::of(Some(&serde_json::json!({"stages": 1}))),
            RunRecord::default()
        );
        assert_eq!(RunRecord::of(None), RunRecord::default());
    }
}
