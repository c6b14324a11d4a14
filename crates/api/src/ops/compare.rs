//! Two runs of a case side by side: what other data changed.

use std::sync::Arc;

use clinotype_case::{
    criterion::State,
    evidence::Lookup,
    finding::{Finding, Interpretation},
};
use clinotype_refdata::releases::{Assessed, Change, ClinvarAssertion, Known, Pin, PinDiff, diff_results};
use clinotype_store::RunState;

use crate::{
    app::{App, Session},
    errors,
    record::{self, Results},
    times,
    types::*,
};

fn known<T, U>(looked_up: &Lookup<T>, of: impl Fn(&T) -> Option<U>) -> Known<U> {
    match looked_up {
        Lookup::NotEvaluated(_) => Known::NotAvailable,
        Lookup::Absent => Known::Absent,
        Lookup::Found(value) => of(value).map_or(Known::NotAvailable, Known::Found),
    }
}

/// A finding as the comparison wants it. The class is the rules' own: what a person decided does not change with data.
fn assessed(finding: &Finding, reported: bool) -> Assessed {
    let met = finding.criteria.iter().filter(|c| c.state == State::Met);
    Assessed {
        key: finding.variant.key.clone(),
        name: finding.shown.hgvs_c.clone().or_else(|| finding.variant.hgvs_g.clone()),
        consequence: Some(finding.shown.terms.join("&")).filter(|t| !t.is_empty()),
        class: Some(finding.classification.class.words().to_owned()),
        criteria: met.map(clinotype_case::criterion::Criterion::label).collect(),
        reported,
        clinvar: known(&finding.variant.clinvar, |r| {
            Some(ClinvarAssertion {
                record: r.variation_id.clone(),
                significance: r.significance.clone(),
                review: r.review_status.clone(),
            })
        }),
        frequency: known(&finding.variant.frequency, |f| f.filtering_frequency.or(f.frequency)),
    }
}

fn all(interpretation: &Interpretation) -> Vec<Assessed> {
    let reported = interpretation.findings.iter().map(|f| assessed(f, true));
    let others = interpretation.classified.iter().map(|f| assessed(f, false));
    reported.chain(others).collect()
}

/// Each file that the run read, as a pin: also those that are no installed release.
fn sources(interpretation: &Interpretation) -> Vec<Pin> {
    let data = interpretation.data.iter().map(|data| Pin {
        id: data.name.clone(),
        release: data.release.clone().unwrap_or_else(|| data.file.clone()),
        digest: data.sha256.clone(),
    });
    let rules = interpretation.rules.iter().map(|rules| Pin {
        id: format!("rules: {}", rules.name),
        release: rules.version.clone(),
        digest: String::new(),
    });
    data.chain(rules).collect()
}

pub(crate) fn compare_runs(app: &Arc<App>, session: &Session, input: CompareInput) -> Result<RunsDiff, ApiError> {
    let (store, case) = (&session.store, errors::id(&input.case, "case")?);
    // The audited look at the case.
    store.case(&session.act(app), case)?;
    let mut done = store
        .runs(Some(case))?
        .into_iter()
        .filter(|r| r.state == RunState::Done);
    let (newest, former) = (done.next(), done.next());
    let too_few = || errors::wrong_state("fewer than two runs of this case are done", "run the case again first");
    let pick = |asked: &Option<String>, otherwise: Option<clinotype_store::Run>| match asked {
        Some(id) => {
            let run = store.run(errors::id(id, "run")?)?;
            if run.case != case || run.state != RunState::Done {
                return Err(errors::not_found("run"));
            }
            Ok(run)
        }
        None => otherwise.ok_or_else(too_few),
    };
    let after = pick(&input.after, newest)?;
    let before = pick(&input.before, former)?;
    let before = record::of_run(app, store, before)?;
    let after = record::of_run(app, store, after)?;
    let (old, new) = (&before.interpretation, &after.interpretation);
    if old.build != new.build {
        return Err(errors::wrong_state(
            "the two runs have coordinates of different genome builds",
            "compare runs of one build",
        ));
    }
    let diff = diff_results((&sources(old), &all(old)), (&sources(new), &all(new)));
    let genes = |results: &Results| -> Vec<(clinotype_genome::VariantKey, Option<String>, Option<String>)> {
        let of = |f: &Finding| {
            let a = assessed(f, false);
            (a.key, f.shown.symbol.clone(), a.name)
        };
        results.interpretation.variants().map(of).collect()
    };
    let (named_after, named_before) = (genes(&after), genes(&before));
    Ok(RunsDiff {
        releases: diff.releases.iter().map(release).collect(),
        variants: diff
            .variants
            .iter()
            .map(|variant| {
                let mut named = named_after.iter().chain(&named_before);
                let found = named.find(|(key, _, _)| *key == variant.key);
                VariantChange {
                    key: variant.key.to_string(),
                    gene: found.and_then(|f| f.1.clone()),
                    name: found.and_then(|f| f.2.clone()),
                    changes: variant.changes.iter().map(change).collect(),
                }
            })
            .collect(),
        unchanged: diff.unchanged,
        compared: "Variants that the interpretation of either run classified, by the rules and by the decisions in \
             the run's evidence file. Decisions that people made in the case stay as they are."
            .to_owned(),
        before: side(&before),
        after: side(&after),
    })
}

fn side(results: &Results) -> RunSide {
    RunSide {
        run: results.run.id.to_string(),
        ended: results.run.ended_at.map(times::text),
        outcome: results.interpretation.conclusion.outcome.word().to_owned(),
    }
}

fn release(diff: &PinDiff) -> ReleaseChange {
    let made = |source: &str, before: Option<&Pin>, after: Option<&Pin>, other_bytes| ReleaseChange {
        source: source.to_owned(),
        before: before.map(|p| p.release.clone()),
        after: after.map(|p| p.release.clone()),
        other_bytes,
    };
    match diff {
        PinDiff::Added { pin } => made(&pin.id, None, Some(pin), false),
        PinDiff::Removed { pin } => made(&pin.id, Some(pin), None, false),
        PinDiff::Release { from, to } => made(&from.id, Some(from), Some(to), false),
        PinDiff::Bytes { from, to } => made(&from.id, Some(from), Some(to), true),
    }
}

fn change(change: &Change) -> ChangeView {
    let view = |what: &str, before: String, after: String| ChangeView {
        what: what.to_owned(),
        before,
        after,
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
    let listed = |now: bool| if now { "on the report" } else { "not on the report" }.to_owned();
    match change {
        Change::Appeared => view("present", "not classified".to_owned(), "classified".to_owned()),
        Change::Vanished => view("present", "classified".to_owned(), "not classified".to_owned()),
        Change::Reported { now } => view("report", listed(!now), listed(*now)),
        Change::Class { from, to } => view("class", text(from), text(to)),
        Change::Criteria { added, removed } => {
            let list = |codes: &[String]| match codes {
                [] => "none".to_owned(),
                codes => codes.join(", "),
            };
            view("criteria", list(removed), list(added))
        }
        Change::Clinvar { from, to } => {
            let words = |a: &ClinvarAssertion| format!("{} ({})", a.significance, a.review);
            view("clinvar", said(from, words), said(to, words))
        }
        Change::Frequency { from, to } => {
            let words = |f: &f64| format!("{f:.3e}");
            view("frequency", said(from, words), said(to, words))
        }
        Change::Name { from, to } => view("name", text(from), text(to)),
        Change::Consequence { from, to } => view("consequence", text(from), text(to)),
    }
}

fn said<T>(value: &Known<T>, words: impl Fn(&T) -> String) -> String {
    match value {
        Known::NotAvailable => "not evaluated".to_owned(),
        Known::Absent => "not in the source".to_owned(),
        Known::Found(value) => words(value),
    }
}
