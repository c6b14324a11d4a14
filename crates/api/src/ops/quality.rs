//! The quality page.

use std::{path::Path, sync::Arc};

use clinotype_case::quality::{
    Check, CheckResult, Coverage, CoverageFigures, INSERT_BIN, Quality, ReadFigures, TargetCoverage, TargetFigures,
    identity_failures,
};
use clinotype_genome::{Build, Interval, Silent};
use clinotype_jobs::{quality as measure, steps, watch::Nobody};
use clinotype_store::{FileRole, NewWaiver, Store, Waiver};

use crate::{
    app::{App, Session},
    errors,
    record::{self, Results},
    times,
    types::*,
};

pub(crate) fn quality(app: &Arc<App>, session: &Session, input: CaseInput) -> Result<QualityView, ApiError> {
    let case = errors::id(&input.case, "case")?;
    let results = record::needed(app, &session.store, case)?;
    app.files.look(app, session, case, "quality")?;
    view(&session.store, &results)
}

/// Longest reason.
const REASON: usize = 4_000;

fn reason(text: &str) -> Result<&str, ApiError> {
    match text.trim() {
        "" => Err(errors::invalid(
            "reason",
            "give the reason: it is printed on the report",
        )),
        text if text.len() > REASON => Err(errors::invalid(
            "reason",
            format!("a reason has at most {REASON} characters"),
        )),
        text => Ok(text),
    }
}

pub(crate) fn waive(app: &Arc<App>, session: &Session, input: WaiveInput) -> Result<QualityView, ApiError> {
    let (case, store) = (errors::id(&input.case, "case")?, &session.store);
    let reason = reason(&input.reason)?;
    let results = record::needed(app, store, case)?;
    let Some(check) = identity_failures(&results.quality.checks).find(|check| check.name == input.check) else {
        return Err(errors::wrong_state(
            "no check of identity of this name failed, so there is nothing to waive",
            "look at the checks again",
        ));
    };
    store.waive(
        &session.act(app),
        &NewWaiver {
            case,
            run: results.run.id,
            check: check.name.clone(),
            finding: check.reason.clone(),
            reason: reason.to_owned(),
        },
    )?;
    view(store, &results)
}

pub(crate) fn withdraw_waiver(
    app: &Arc<App>,
    session: &Session,
    input: WithdrawWaiverInput,
) -> Result<QualityView, ApiError> {
    let (case, store) = (errors::id(&input.case, "case")?, &session.store);
    let (id, reason) = (errors::id(&input.waiver, "waiver")?, reason(&input.reason)?);
    let results = record::needed(app, store, case)?;
    let is_there = |w: &clinotype_store::Waiver| w.id == id && w.run == results.run.id && w.withdrawn.is_none();
    if !store.waivers(case)?.iter().any(is_there) {
        return Err(errors::wrong_state(
            "this waiver is not in effect any more",
            "look at the checks again",
        ));
    }
    store.withdraw_waiver(&session.act(app), id, reason)?;
    view(store, &results)
}

fn word(result: CheckResult) -> CheckWord {
    match result {
        CheckResult::Pass => CheckWord::Pass,
        CheckResult::Warn => CheckWord::Warn,
        CheckResult::Fail => CheckWord::Fail,
        CheckResult::NotAssessed => CheckWord::NotAssessed,
    }
}

fn view(store: &Store, results: &Results) -> Result<QualityView, ApiError> {
    let waivers: Vec<_> = store
        .waivers(results.run.case)?
        .into_iter()
        .filter(|waiver| waiver.run == results.run.id && waiver.withdrawn.is_none())
        .collect();
    Ok(page(&results.quality, &waivers))
}

fn page(quality: &Quality, waivers: &[Waiver]) -> QualityView {
    let waiver = |check: &Check| waivers.iter().find(|waiver| waiver.check == check.name);
    let withholds =
        |check: &Check| identity_failures(&quality.checks).any(|failed| failed == check) && waiver(check).is_none();
    let check = |check: &Check| CheckView {
        name: check.name.clone(),
        result: word(check.result),
        reason: check.reason.clone(),
        withholds: withholds(check),
        waiver: waiver(check).map(|waiver| WaiverView {
            id: waiver.id.to_string(),
            reason: waiver.reason.clone(),
            by: waiver.name.clone(),
            at: times::text(waiver.at),
        }),
    };
    let (coverage, coverage_reason) = match &quality.coverage {
        Coverage::Assessed(figures) => (Some(coverage(figures)), None),
        Coverage::NotAssessed { reason } => (None, Some(reason.clone())),
    };
    QualityView {
        verdict: record::verdict(&quality.checks),
        checks: quality.checks.iter().map(check).collect(),
        figures: figures(quality),
        coverage,
        coverage_reason,
        targets: quality.targets.as_ref().map(targets),
        distributions: quality.reads.as_ref().map(|reads| DistributionsView {
            inserts: reads.inserts.clone(),
            insert_bin: INSERT_BIN,
            qualities: reads.qualities.clone(),
            gc: reads.gc.clone(),
        }),
        limits: quality.thresholds.limits.name.clone(),
        limits_sha256: quality.thresholds.sha256.clone(),
        withheld: quality.checks.iter().any(withholds),
    }
}

/// Targets on the page; the others stand in the quality file.
const TARGETS: usize = 100;

fn targets(figures: &TargetFigures) -> TargetsView {
    let mut rows: Vec<&TargetCoverage> = figures.rows.iter().collect();
    // A stable sort: equal ones stay in the order of the reference.
    rows.sort_by(|a, b| {
        a.at_threshold
            .total_cmp(&b.at_threshold)
            .then(a.mean_depth.total_cmp(&b.mean_depth))
    });
    TargetsView {
        targets: figures.targets,
        bases: figures.bases,
        mean_depth: figures.mean_depth,
        at_least_10: figures.at_least_10,
        at_least_20: figures.at_least_20,
        at_least_30: figures.at_least_30,
        complete: figures.complete,
        on_target: figures.on_target.on_share(),
        on_or_near: figures.on_target.on_or_near_share(),
        distance: figures.on_target.distance,
        rows: rows
            .into_iter()
            .take(TARGETS)
            .map(|row| {
                let (start, end) = span(&row.interval);
                TargetView {
                    contig: row.interval.contig.clone(),
                    start,
                    end,
                    mean: row.mean_depth,
                    lowest: row.lowest,
                    at_least_10: row.at_least_10,
                    at_least_20: row.at_least_20,
                    at_least_30: row.at_least_30,
                }
            })
            .collect(),
    }
}

/// First and last base, 1-based.
fn span(interval: &Interval) -> (u32, u32) {
    (interval.start + 1, interval.end)
}

fn coverage(figures: &CoverageFigures) -> CoverageView {
    let genes = figures.genes.iter().map(|gene| GeneCoverageView {
        gene: gene.gene.clone(),
        transcript: gene.transcript.clone(),
        bases: gene.bases,
        mean_depth: gene.mean_depth,
        at_least_10: gene.at_least_10,
        at_least_20: gene.at_least_20,
        at_least_30: gene.at_least_30,
        gaps: gene
            .gaps
            .iter()
            .map(|gap| {
                let (start, end) = span(&gap.interval);
                GapView {
                    exon: gap.exon,
                    contig: gap.interval.contig.clone(),
                    start,
                    end,
                    lowest: gap.lowest,
                    mean: gap.mean,
                    reason: gap.words(),
                }
            })
            .collect(),
    });
    CoverageView {
        over: figures.over.clone(),
        threshold: figures.threshold,
        bases: figures.bases,
        mean_depth: figures.mean_depth,
        at_least_10: figures.at_least_10,
        at_least_20: figures.at_least_20,
        at_least_30: figures.at_least_30,
        depths: figures.depths.clone(),
        genes: genes.collect(),
    }
}

/// `1234567` as `1,234,567`.
fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

fn figures(quality: &Quality) -> Vec<FigureView> {
    let mut rows = Vec::new();
    let mut row = |group: &str, name: &str, value: Option<String>| {
        rows.push(FigureView {
            name: name.to_owned(),
            value,
            group: group.to_owned(),
        });
    };
    let reads = quality.reads.as_ref();
    let count = |value: Option<u64>| value.map(thousands);
    row("reads", "Reads", count(reads.map(|r| r.reads)));
    row("reads", "Bases", count(reads.map(|r| r.bases)));
    row(
        "reads",
        "Mean read length",
        reads.and_then(|r| r.mean_length).map(|v| format!("{v:.1} bases")),
    );
    row(
        "reads",
        "Bases of quality 30 or more",
        reads.and_then(|r| r.q30).map(percent),
    );
    row("reads", "Mapped reads", count(reads.map(|r| r.mapped)));
    row(
        "reads",
        "Reads mapped",
        reads.and_then(ReadFigures::mapped_fraction).map(percent),
    );
    row("reads", "Properly paired reads", count(reads.map(|r| r.proper_pairs)));
    row("reads", "Duplicate reads", count(reads.map(|r| r.duplicates)));
    row(
        "reads",
        "Mapped reads that are duplicates",
        reads.and_then(ReadFigures::duplicate_fraction).map(percent),
    );
    row(
        "reads",
        "Median insert size",
        reads.and_then(|r| r.median_insert).map(|v| format!("{v} bases")),
    );
    row(
        "reads",
        "Insert size, median absolute deviation",
        reads.and_then(|r| r.insert_deviation).map(|v| format!("{v} bases")),
    );
    row(
        "reads",
        "Used bases on target",
        quality
            .targets
            .as_ref()
            .and_then(|t| t.on_target.on_share())
            .map(percent),
    );
    let variants = quality.variants.as_ref();
    row("variants", "SNVs", count(variants.map(|v| v.snvs)));
    row(
        "variants",
        "Insertions and deletions",
        count(variants.map(|v| v.indels)),
    );
    row("variants", "Other alleles", count(variants.map(|v| v.others)));
    row(
        "variants",
        "Transitions per transversion",
        variants.and_then(|v| v.ti_tv).map(|v| format!("{v:.2}")),
    );
    row(
        "variants",
        "Heterozygous per homozygous",
        variants.and_then(|v| v.het_hom).map(|v| format!("{v:.2}")),
    );
    row("sex", "Declared", Some(quality.sex.declared.to_string()));
    row("sex", "Observed", Some(quality.sex.observed.to_string()));
    row("sex", "How it was told", Some(quality.sex.reason.clone()));
    rows
}

/// Measured anew from the kept alignments, by the rules of the run.
pub(crate) fn coverage_profile(app: &Arc<App>, session: &Session, input: GeneInput) -> Result<ProfileView, ApiError> {
    let (case, store) = (errors::id(&input.case, "case")?, &session.store);
    let results = record::needed(app, store, case)?;
    app.files.look(app, session, case, "quality")?;
    let (bam, bai) = (results.file(FileRole::Bam)?, results.file(FileRole::Bai)?);
    let view = store.vault_view(&[(bam.id, "case.bam"), (bai.id, "case.bam.bai")])?;
    profile(&results, &view.path().join("case.bam"), &input.gene)
}

fn profile(results: &Results, bam: &Path, gene: &str) -> Result<ProfileView, ApiError> {
    let set = &results.request.set;
    let build: Option<Build> = set.build.as_deref().and_then(|build| build.parse().ok());
    let (_, transcripts, reference) =
        steps::references(Path::new(&set.reference), Path::new(&set.transcripts), build, &Nobody)?;
    let request = measure::ProfileRequest {
        bam,
        reference: &reference,
        transcripts: &transcripts,
        gene,
        threshold: results.quality.thresholds.limits.min_depth,
    };
    let Some(profile) = measure::profile(&request, &Silent)? else {
        return Err(errors::error(
            ErrorCode::NotFound,
            "the transcripts have no coding transcript of this gene, so nothing was measured",
            "check the symbol",
        ));
    };
    let exons = profile.exons.iter().map(|exon| {
        let (start, end) = span(&exon.interval);
        ExonView {
            exon: exon.exon,
            contig: exon.interval.contig.clone(),
            start,
            end,
            mean: exon.mean_depth,
            lowest: exon.lowest,
            complete: exon.at_threshold,
            bins: exon.bins.iter().map(|bin| bin.mean).collect(),
        }
    });
    Ok(ProfileView {
        gene: profile.gene.clone(),
        transcript: profile.transcript.clone(),
        threshold: profile.threshold,
        exons: exons.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_as_they_are_printed() {
        for (n, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(n), text);
        }
        assert_eq!(percent(0.99876), "99.88 %");
    }

    #[test]
    fn what_was_not_measured_has_no_value() {
        let quality = measure::not_assessed(
            &"S".parse().unwrap(),
            Build::Grch38,
            clinotype_case::Sex::Unknown,
            "the input is a VCF",
        );
        let view = page(&quality, &[]);
        assert_eq!(view.verdict, CheckWord::NotAssessed);
        assert_eq!(view.coverage_reason.as_deref(), Some("the input is a VCF"));
        assert!(view.coverage.is_none());
        let measured = |f: &&FigureView| f.group != "sex" && f.value.is_some();
        assert_eq!(view.figures.iter().filter(measured).count(), 0);
    }
}
