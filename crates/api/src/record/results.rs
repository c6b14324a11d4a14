//! The results that a case shows: those of its newest run that is done, with the decisions in effect.

use std::{collections::BTreeMap, sync::Arc};

use clinotype_case::{
    Order, Review,
    entered::OnVariant,
    finding,
    finding::{Finding, Interpretation},
    pgx::{self, Pharmacogenomics},
    phenotype,
    provenance::{self, Provenance},
    prs,
    quality::{self, Quality},
};
use clinotype_genome::VariantKey;
use clinotype_jobs::{Judgements, steps::Besides};
use clinotype_store::{Assertion, Case, FileRole, Role, Run, RunState, Store, VaultFile};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::RunRecord;
use crate::{
    app::{App, Session},
    errors,
    queue::Request,
    types::{ApiError, ConclusionView, ErrorCode, ReleaseView},
};

/// What a run that is done left. Decrypted: it is held in memory until the window locks.
#[derive(Debug)]
pub(crate) struct Results {
    pub(crate) run: Run,
    pub(crate) record: RunRecord,
    pub(crate) request: Request,
    pub(crate) files: Vec<VaultFile>,
    pub(crate) interpretation: Interpretation,
    pub(crate) quality: Quality,
    pub(crate) provenance: Provenance,
}

/// The results of the newest run of a case that is done; `None` where none is.
///
/// Errors: `damaged` where a kept file cannot be read back.
pub(crate) fn newest(app: &App, store: &Store, case: Uuid) -> Result<Option<Arc<Results>>, ApiError> {
    // Newest first.
    let Some(run) = store
        .runs(Some(case))?
        .into_iter()
        .find(|run| run.state == RunState::Done)
    else {
        return Ok(None);
    };
    of_run(app, store, run).map(Some)
}

/// The results of a run that is done.
///
/// Errors: `damaged` where a kept file cannot be read back.
pub(crate) fn of_run(app: &App, store: &Store, run: Run) -> Result<Arc<Results>, ApiError> {
    let locks = app.files.locks();
    if let Some(results) = app.files.results(run.id) {
        return Ok(results);
    }
    let files: Vec<VaultFile> = store
        .files(run.case)?
        .into_iter()
        .filter(|file| file.run == Some(run.id) && !file.erased)
        .collect();
    let results = Arc::new(Results {
        record: RunRecord::of(run.summary.as_ref()),
        request: Request::read(&run.options)?,
        interpretation: read(store, &files, FileRole::Interpretation, finding::SCHEMA)?,
        quality: read(store, &files, FileRole::Qc, quality::SCHEMA)?,
        provenance: read(store, &files, FileRole::Provenance, provenance::SCHEMA)?,
        files,
        run,
    });
    app.files.keep_results(&results, locks);
    Ok(results)
}

/// As [`newest`], for what needs results.
///
/// Errors: `wrong_state` where no run is done.
pub(crate) fn needed(app: &App, store: &Store, case: Uuid) -> Result<Arc<Results>, ApiError> {
    newest(app, store, case)?.ok_or_else(|| {
        errors::wrong_state(
            "no run of this case is done yet",
            "run the case, or wait until it has ended",
        )
    })
}

fn read<T: DeserializeOwned>(store: &Store, files: &[VaultFile], role: FileRole, schema: &str) -> Result<T, ApiError> {
    let file = of_role(files, role)?;
    let damaged = || {
        errors::error(
            ErrorCode::Damaged,
            format!("the kept file {} cannot be read", role.code()),
            "run the case again, or go back to a backup of the store",
        )
    };
    let value: serde_json::Value = serde_json::from_slice(&store.read_file(file.id)?).map_err(|_| damaged())?;
    if value.get("schema").and_then(serde_json::Value::as_str) != Some(schema) {
        return Err(errors::wrong_state(
            "another version of Clinotype wrote the results of this run",
            "run the case again",
        ));
    }
    serde_json::from_value(value).map_err(|_| damaged())
}

fn of_role(files: &[VaultFile], role: FileRole) -> Result<&VaultFile, ApiError> {
    files.iter().find(|file| file.role == role).ok_or_else(|| {
        errors::error(
            ErrorCode::NotFound,
            format!("the run kept no file {}", role.code()),
            "a run from a VCF keeps no reads; otherwise run the case again",
        )
    })
}

impl Results {
    /// The kept file of a role.
    ///
    /// Errors: `not_found` where the run made none.
    pub(crate) fn file(&self, role: FileRole) -> Result<&VaultFile, ApiError> {
        of_role(&self.files, role)
    }

    /// Whether the run kept a file of this role.
    pub(crate) fn has(&self, role: FileRole) -> bool {
        self.files.iter().any(|file| file.role == role)
    }

    /// The pharmacogenes; `None` where the run did not call them.
    pub(crate) fn pgx(&self, store: &Store) -> Result<Option<Pharmacogenomics>, ApiError> {
        self.beside(store, FileRole::Pgx, pgx::SCHEMA)
    }

    /// What the run made beside the interpretation.
    pub(crate) fn besides(&self, store: &Store) -> Result<Besides, ApiError> {
        Ok(Besides {
            pgx: self.pgx(store)?,
            rank: self.beside(store, FileRole::Rank, phenotype::SCHEMA)?,
            prs: self.beside(store, FileRole::Prs, prs::SCHEMA)?,
        })
    }

    fn beside<T: DeserializeOwned>(&self, store: &Store, role: FileRole, schema: &str) -> Result<Option<T>, ApiError> {
        if !self.has(role) {
            return Ok(None);
        }
        read(store, &self.files, role, schema).map(Some)
    }

    /// Genome build.
    pub(crate) fn build(&self) -> String {
        self.interpretation.build.to_string()
    }

    /// What must be said of the whole report.
    pub(crate) fn notices(&self) -> Vec<String> {
        let mut notices = clinotype_jobs::steps::notices(&self.interpretation);
        for notice in &self.request.notices {
            if !notices.contains(notice) {
                notices.push(notice.clone());
            }
        }
        notices
    }

    /// Data releases, rule tables and software.
    pub(crate) fn releases(&self) -> Vec<ReleaseView> {
        let data = self.interpretation.data.iter().map(|data| ReleaseView {
            name: data.name.clone(),
            release: data.release.clone().unwrap_or_else(|| "not stated".to_owned()),
            sha256: Some(data.sha256.clone()),
        });
        let rules = self.interpretation.rules.iter().map(|rules| ReleaseView {
            name: rules.name.clone(),
            release: rules.version.clone(),
            sha256: None,
        });
        let software = ReleaseView {
            name: "software".to_owned(),
            release: self.provenance.software.clone(),
            sha256: None,
        };
        data.chain(rules).chain([software]).collect()
    }

    /// The run's trail as its report prints it: everything before the report itself.
    pub(crate) fn trail(&self) -> Provenance {
        let mut trail = self.provenance.clone();
        trail
            .steps
            .retain(|step| !matches!(step.name.as_str(), "report" | "fhir"));
        trail
    }

    /// The classified variant with this key.
    pub(crate) fn classified(&self, key: &VariantKey) -> Option<&Finding> {
        self.interpretation
            .variants()
            .find(|finding| finding.variant.key == *key)
    }

    /// The decision in effect on each variant of this run, of all the case's decisions, newest first.
    pub(crate) fn in_effect(&self, assertions: &[Assertion]) -> BTreeMap<VariantKey, Assertion> {
        let mine = assertions
            .iter()
            .rev()
            .filter(|a| a.run == self.run.id && a.withdrawn.is_none());
        // The latest stands.
        mine.map(|a| (a.key.clone(), a.clone())).collect()
    }

    /// The interpretation with the decisions in effect.
    ///
    /// Errors: `wrong_state` where genes, policy, consent or sex of the order were changed after the run.
    pub(crate) fn reviewed(&self, store: &Store, order: Option<&Order>) -> Result<Interpretation, ApiError> {
        let reviews: Vec<(VariantKey, Review)> = self
            .in_effect(&store.assertions(self.run.case)?)
            .into_iter()
            .map(|(key, assertion)| (key, review(assertion)))
            .collect();
        let people = super::people(store, self.run.case, &self.interpretation)?;
        self.judge(&reviews, &people, order)
    }

    /// The interpretation with these judgements on criteria and without classes: what the criteria give.
    ///
    /// Errors: as [`Results::reviewed`].
    pub(crate) fn judged(
        &self,
        app: &App,
        session: &Session,
        people: &[OnVariant],
    ) -> Result<Interpretation, ApiError> {
        let case = session.store.peek_case(self.run.case)?;
        let orders = self.orders(app, session, &case)?;
        self.judge(&[], people, orders.interpreted.as_ref())
    }

    fn judge(
        &self,
        classes: &[(VariantKey, Review)],
        people: &[OnVariant],
        order: Option<&Order>,
    ) -> Result<Interpretation, ApiError> {
        let judgements = Judgements {
            classes,
            people,
            not_used: super::not_used(&self.interpretation),
        };
        Ok(clinotype_jobs::judge(
            &self.interpretation,
            &judgements,
            order,
            &self.quality,
        )?)
    }

    /// The waivers in effect on this run's checks, as the report prints them.
    pub(crate) fn waivers(&self, store: &Store) -> Result<Vec<quality::Waiver>, ApiError> {
        let mut waivers: Vec<quality::Waiver> = store
            .waivers(self.run.case)?
            .into_iter()
            .filter(|waiver| waiver.run == self.run.id && waiver.withdrawn.is_none())
            .map(|waiver| quality::Waiver {
                check: waiver.check,
                finding: waiver.finding,
                reason: waiver.reason,
                by: waiver.name,
                role: Some(role_words(waiver.role).to_owned()),
                at: waiver.at,
            })
            .collect();
        waivers.sort_by(|a, b| a.check.cmp(&b.check));
        Ok(waivers)
    }

    /// Refuses what a failed check of identity withholds.
    ///
    /// Errors: `wrong_state` where such a check failed and is not waived.
    pub(crate) fn not_withheld(&self, store: &Store) -> Result<(), ApiError> {
        let waivers = self.waivers(store)?;
        let left = quality::check_waivers(&self.quality.checks, &waivers)
            .map_err(|_| errors::internal("a waiver fits no failed check of its run"))?;
        if left.is_empty() {
            return Ok(());
        }
        let failed: Vec<String> = left
            .iter()
            .map(|check| format!("{}: {}", check.name, check.reason))
            .collect();
        Err(errors::wrong_state(
            format!(
                "the report is withheld, because it is not certain whose sample this is: {}",
                failed.join("; ")
            ),
            "find out whose sample it is; who answers for it can waive the check with a reason on the quality page",
        ))
    }

    /// The order as it was interpreted, and the one in effect now.
    ///
    /// Errors: the store's.
    pub(crate) fn orders(&self, app: &App, session: &Session, case: &Case) -> Result<Orders, ApiError> {
        let present = case.order.clone();
        if case.order_version == self.record.order_version {
            return Ok(Orders {
                interpreted: present.clone(),
                present,
            });
        }
        let interpreted = session
            .store
            .orders(&session.act(app), case.id)?
            .into_iter()
            .find(|version| version.version == self.record.order_version)
            .map(|version| version.order);
        Ok(Orders { interpreted, present })
    }
}

/// The order of a case when it was interpreted and now.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Orders {
    pub(crate) interpreted: Option<Order>,
    pub(crate) present: Option<Order>,
}

impl Orders {
    /// Whether a change since then asks for a new interpretation: genes, what may be listed, consent, sex. A corrected
    /// name or address does not.
    pub(crate) fn asks_for_a_run(&self) -> bool {
        match (&self.interpreted, &self.present) {
            (Some(then), Some(now)) => {
                then.genes != now.genes
                    || then.policy != now.policy
                    || then.consent != now.consent
                    || then.patient.sex != now.patient.sex
            }
            (None, None) => false,
            _ => true,
        }
    }

    /// The order that a report is made from.
    ///
    /// Errors: `wrong_state` where the run answers another question than the order now asks.
    pub(crate) fn for_report(&self) -> Result<Option<&Order>, ApiError> {
        if self.asks_for_a_run() {
            return Err(errors::wrong_state(
                "the order was changed after the run: its genes, policy, consent or sex are others now",
                "run the case again, then make the report",
            ));
        }
        Ok(self.present.as_ref())
    }
}

/// The words of a store role, as a report prints it beside a name.
pub(super) fn role_words(role: Role) -> &'static str {
    match role {
        Role::Viewer => "viewer",
        Role::Technician => "technician",
        Role::Analyst => "variant analyst",
        Role::Reviewer => "clinician",
        Role::Director => "laboratory director",
        Role::Admin => "administrator",
        Role::Auditor => "auditor",
    }
}

/// A decision as the interpretation takes it.
fn review(assertion: Assertion) -> Review {
    Review {
        class: assertion.class,
        reason: assertion.reason,
        by: assertion.name,
        role: role_words(assertion.role).to_owned(),
        at: assertion.at,
        on: assertion.proposed,
    }
}

/// The conclusion of the newest run with the decisions in effect; `None` where no run is done.
pub(crate) fn conclusion(app: &App, session: &Session, case: &Case) -> Result<Option<ConclusionView>, ApiError> {
    let Some(results) = newest(app, &session.store, case.id)? else {
        return Ok(None);
    };
    let orders = results.orders(app, session, case)?;
    let interpretation = results.reviewed(&session.store, orders.interpreted.as_ref())?;
    let conclusion = &interpretation.conclusion;
    let mut limits = conclusion.limits.clone();
    if orders.asks_for_a_run() {
        limits.insert(
            0,
            "The order was changed after this run; this conclusion answers the earlier order.".to_owned(),
        );
    }
    Ok(Some(ConclusionView {
        outcome: conclusion.outcome.word().to_owned(),
        headline: conclusion.headline.clone(),
        interpretation: conclusion.interpretation.clone(),
        recommendations: conclusion.recommendations.clone(),
        limits,
        not_reviewed: interpretation
            .findings
            .iter()
            .chain(interpretation.secondary.iter().flat_map(|beside| &beside.findings))
            .filter(|finding| !finding.is_reviewed())
            .count() as u32,
    }))
}
