//! The end of a run: report, bundle and trail, or why they are withheld.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use clinotype_case::{
    finding::Interpretation,
    provenance::{self, Provenance},
    quality::Quality,
};
use clinotype_genome::{Result, fs};

use super::{Outcome, Running};
use crate::{
    provenance::{Done, Ledger},
    steps::{self, Besides, ReportRequest},
};

impl Running<'_> {
    pub(super) fn report(
        &mut self,
        interpretation: Interpretation,
        quality: Quality,
        besides: Besides,
    ) -> Result<Outcome> {
        let made = [
            besides.pgx.is_some().then(|| self.folder.file("pgx.json")),
            besides.rank.is_some().then(|| self.folder.file("rank.json")),
            besides.prs.is_some().then(|| self.folder.file("prs.json")),
        ];
        let mut notices = steps::notices(&interpretation);
        for notice in &self.options.notices {
            if !notices.contains(notice) {
                notices.push(notice.clone());
            }
        }
        let releases = interpretation.data.clone();
        let trail = |ledger: &Ledger| Provenance {
            schema: provenance::SCHEMA.to_owned(),
            sample: self.options.sample.to_string(),
            software: crate::software(),
            data: releases.clone(),
            steps: ledger.steps(),
        };
        let issued = (self.clock)();
        let waivers = steps::waivers(&quality, &self.options.waivers, issued)?;
        let report = steps::draft(ReportRequest {
            order: self.prepared.order.clone(),
            interpretation,
            quality,
            waivers,
            besides,
            provenance: Some(trail(&self.ledger)),
            issued,
            notices,
        })?;
        let (pdf_path, html_path) = (self.folder.file("report.pdf"), self.folder.file("report.html"));
        let (interpretation_path, qc) = (self.folder.file("interpretation.json"), self.folder.file("qc.json"));
        let (fhir_path, provenance_path) = (
            self.folder.file("fhir.json"),
            self.folder.path().join("provenance.json"),
        );
        let withheld = steps::withheld(&report)?;
        if withheld.is_some() {
            // A report of an earlier run must not pass for one of this.
            for path in [&pdf_path, &html_path, &fhir_path] {
                fs::remove_if_there(path)?;
            }
            steps::write_json(&provenance_path, &trail(&self.ledger))?;
            self.files.push(provenance_path);
            return Ok(Outcome {
                report,
                withheld,
                files: std::mem::take(&mut self.files),
            });
        }
        let mut inputs: Vec<&Path> = vec![&interpretation_path, &qc];
        let options = self.options;
        inputs.extend(made.iter().flatten().map(PathBuf::as_path));
        inputs.extend(options.order_path());
        // A report carries its own time, so it is always made anew.
        let mut key = BTreeMap::from([("issued".to_owned(), report.issued.to_string())]);
        if !options.notices.is_empty() {
            key.insert("notices".to_owned(), options.notices.join(" | "));
        }
        let waived = steps::waived(&report.waivers);
        key.extend(waived.clone());
        let version = || Done {
            version: crate::software(),
            ..Done::default()
        };
        self.step(
            (6, "report", "Write the report"),
            &key,
            &inputs,
            &[&pdf_path, &html_path],
            || {
                fs::write_atomic(&pdf_path, &clinotype_reports::pdf(&report)?)?;
                fs::write_atomic(&html_path, clinotype_reports::html(&report)?.as_bytes())?;
                let done = Done {
                    parameters: waived,
                    ..version()
                };
                Ok((done, serde_json::Value::Null))
            },
        )?;
        inputs.push(&pdf_path);
        self.step(
            (7, "fhir", "Write the FHIR bundle"),
            &key,
            &inputs,
            &[&fhir_path],
            || {
                let pdf = fs::read(&pdf_path)?;
                fs::write_atomic(&fhir_path, clinotype_fhir::bundle(&report, Some(&pdf))?.as_bytes())?;
                Ok((version(), serde_json::Value::Null))
            },
        )?;
        steps::write_json(&provenance_path, &trail(&self.ledger))?;
        self.files.push(provenance_path);
        Ok(Outcome {
            report,
            withheld: None,
            files: std::mem::take(&mut self.files),
        })
    }
}
