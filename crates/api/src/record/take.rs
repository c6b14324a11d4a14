//! After the engine: its results into the store. Every part is taken once, so a run that is stopped here goes on here;
//! the run is done, and the case shows it, only when every part is in.

use std::{collections::BTreeSet, path::Path};

use clinotype_case::{
    Report,
    evidence::{AnnotatedVariant, TranscriptConsequence},
    finding::{Finding, ScopeSource, Section},
};
use clinotype_genome::{Fault, Progress};
use clinotype_jobs::{Judgements, Settings, evidence::AnnotatedVcf};
use clinotype_store::{Act, FileRole, NewFile, NewFinding, QualityLimits, Run, Store, VariantRow};

use super::{Drafted, Made, STEM, verdict, verdict_code};
use crate::{ops::reports, types::ApiError};

/// What [`take`] needs.
pub(crate) struct Taking<'a> {
    pub(crate) store: &'a Store,
    /// An act of the person who asked for the run, now.
    pub(crate) act: &'a dyn Fn() -> Result<Act, ApiError>,
    pub(crate) run: &'a Run,
    /// The run's work folder, under seal.
    pub(crate) folder: &'a Path,
    pub(crate) made: &'a Made,
    pub(crate) watch: &'a dyn Progress,
}

/// What lists show of the run.
pub(crate) struct Summary {
    pub(crate) outcome: String,
    pub(crate) quality: String,
    pub(crate) build: String,
    /// The report that was made, unless it had been made before.
    pub(crate) drafted: Option<Drafted>,
}

/// Role and name of every file that is kept. What a VCF run does not make is not there.
const FILES: [(FileRole, &str); 13] = [
    (FileRole::Bam, "case.bam"),
    (FileRole::Bai, "case.bam.bai"),
    (FileRole::Vcf, "case.vcf.gz"),
    (FileRole::Tbi, "case.vcf.gz.tbi"),
    (FileRole::Gvcf, "case.g.vcf.gz"),
    (FileRole::GvcfTbi, "case.g.vcf.gz.tbi"),
    (FileRole::AnnotatedVcf, "case.annotated.vcf.gz"),
    (FileRole::AnnotatedTbi, "case.annotated.vcf.gz.tbi"),
    (FileRole::Qc, "case.qc.json"),
    (FileRole::Interpretation, "case.interpretation.json"),
    (FileRole::Pgx, "case.pgx.json"),
    (FileRole::Rank, "case.rank.json"),
    (FileRole::Prs, "case.prs.json"),
];
const PROVENANCE: (FileRole, &str) = (FileRole::Provenance, "provenance.json");

/// Takes everything in. See the module text.
pub(crate) fn take(taking: &Taking<'_>) -> Result<Summary, ApiError> {
    let report = &taking.made.report;
    variants(taking, report)?;
    findings(taking, report)?;
    let report = &carried(taking, report)?;
    for (role, name) in FILES.into_iter().chain([PROVENANCE]) {
        taking.watch.check()?;
        file(taking, role, name)?;
    }
    let drafted = first_report(taking, report)?;
    Ok(Summary {
        drafted,
        outcome: report.interpretation.conclusion.outcome.word().to_owned(),
        quality: verdict_code(verdict(&report.quality.checks)).to_owned(),
        build: report.interpretation.build.to_string(),
    })
}

/// The genes that the order names; `None`: it names none.
fn ordered_genes(report: &Report) -> Option<BTreeSet<String>> {
    let scope = &report.interpretation.scope;
    (scope.decided_by == ScopeSource::Order).then(|| scope.genes.iter().cloned().collect())
}

/// The consequence that the table shows: of the ordered genes where it touches one, picked by the annotation, then the
/// most severe; names decide last, so that the choice does not depend on the order of the file.
fn shown<'a>(variant: &'a AnnotatedVariant, ordered: Option<&BTreeSet<String>>) -> Option<&'a TranscriptConsequence> {
    let is_ordered = |c: &TranscriptConsequence| {
        ordered.is_some_and(|genes| c.symbol.as_ref().is_some_and(|symbol| genes.contains(symbol)))
    };
    variant.consequences.iter().min_by_key(|c| {
        (
            !is_ordered(c),
            !c.picked,
            std::cmp::Reverse(c.impact),
            c.symbol.clone(),
            c.transcript.clone(),
        )
    })
}

/// The limits of the interpretation, so that table and report speak of the same quality.
fn limits() -> QualityLimits {
    let settings = Settings::default();
    QualityLimits {
        quality: settings.minimum_quality,
        genotype_quality: settings.minimum_genotype_quality,
        depth: settings.minimum_depth,
    }
}

fn variants(taking: &Taking<'_>, report: &Report) -> Result<(), ApiError> {
    if taking.store.run(taking.run.id)?.variants.is_some() {
        return Ok(());
    }
    let ordered = ordered_genes(report);
    let limits = limits();
    let classified: std::collections::HashMap<_, _> =
        report.interpretation.variants().map(|f| (&f.variant.key, f)).collect();
    let mut vcf = AnnotatedVcf::open(&taking.folder.join(format!("{STEM}.annotated.vcf.gz")))?;
    let mut rows = std::iter::from_fn(|| match vcf.next_allele() {
        Ok(Some(variant)) => {
            let finding = classified.get(&variant.key);
            let (zygosity, shown) = match finding {
                Some(finding) => (finding.zygosity, Some(&finding.shown)),
                None => (variant.genotype.zygosity(), shown(&variant, ordered.as_ref())),
            };
            Some(Ok(VariantRow::from_annotated(
                &variant,
                zygosity,
                shown,
                ordered.as_ref(),
                &limits,
            )))
        }
        Ok(None) => None,
        Err(fault) => Some(Err::<VariantRow, Fault>(fault)),
    });
    // The first step of the interpretation's account has counted them.
    let expected = report.interpretation.funnel.first().map_or(0, |step| step.kept);
    let act = (taking.act)()?;
    taking
        .store
        .import_variants(&act, taking.run.id, &mut rows, expected, taking.watch)?;
    Ok(())
}

/// The code of a section, as the interpretation's file writes it.
fn section(section: Section) -> &'static str {
    match section {
        Section::Primary => "primary",
        Section::Carrier => "carrier",
        Section::Unassigned => "unassigned",
        Section::Uncertain => "uncertain",
        Section::NotListed => "not_listed",
    }
}

fn findings(taking: &Taking<'_>, report: &Report) -> Result<(), ApiError> {
    let row = |finding: &Finding| -> Result<NewFinding, ApiError> {
        Ok(NewFinding {
            finding: finding.id.clone(),
            key: finding.variant.key.clone(),
            gene: finding.shown.symbol.clone(),
            section: section(finding.section).to_owned(),
            class: finding.classification.class,
            points: finding.classification.points,
            json: serde_json::to_string(finding)
                .map_err(|_| crate::errors::internal("a finding cannot be written down"))?,
        })
    };
    let rows = report
        .interpretation
        .variants()
        .map(row)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(taking.store.save_findings(&(taking.act)()?, taking.run.id, &rows)?)
}

/// The engine's report with what people decided on criteria and entered in this case, now put on the criteria of this
/// run; the table of variants follows. Classes are asserted on one run and not carried over.
fn carried(taking: &Taking<'_>, report: &Report) -> Result<Report, ApiError> {
    let made = &report.interpretation;
    let people = super::people(taking.store, taking.run.case, made)?;
    if people == super::of_files(made) {
        return Ok(report.clone());
    }
    let judgements = Judgements {
        people: &people,
        not_used: super::not_used(made),
        ..Judgements::default()
    };
    let judged = clinotype_jobs::judge(made, &judgements, report.order.as_ref(), &report.quality)?;
    let set: Vec<_> = judged
        .variants()
        .filter(|finding| finding.criteria.iter().any(|row| row.decided.is_some()))
        .map(|finding| {
            let made = &finding.classification;
            (finding.variant.key.clone(), made.class, made.points)
        })
        .collect();
    taking.store.carry_decisions(&(taking.act)()?, taking.run.id, &set)?;
    Ok(Report {
        interpretation: judged,
        ..report.clone()
    })
}

/// Keeps a file, unless it is kept already or the run made none.
fn file(taking: &Taking<'_>, role: FileRole, name: &str) -> Result<(), ApiError> {
    let is_kept = taking
        .store
        .files(taking.run.case)?
        .iter()
        .any(|f| f.run == Some(taking.run.id) && f.role == role);
    let path = taking.folder.join(name);
    if is_kept || !path.is_file() {
        return Ok(());
    }
    let new = NewFile {
        case: taking.run.case,
        run: Some(taking.run.id),
        role,
        name: name.to_owned(),
    };
    taking
        .store
        .keep_run_file(&(taking.act)()?, taking.run.id, &new, &path)?;
    Ok(())
}

/// The draft that every run ends with.
fn first_report(taking: &Taking<'_>, report: &Report) -> Result<Option<Drafted>, ApiError> {
    // Withheld until a person waives the check that failed.
    if clinotype_jobs::steps::withheld(report)?.is_some() {
        return Ok(None);
    }
    let reports = taking.store.reports(taking.run.case)?;
    if reports.iter().any(|r| r.run == taking.run.id) {
        return Ok(None);
    }
    let version = reports.iter().map(|r| r.version).max().unwrap_or(0) + 1;
    let report = Report {
        version,
        ..report.clone()
    };
    let (_, drafted) = reports::keep(taking.store, &(taking.act)()?, taking.run, &report)?;
    Ok(Some(drafted))
}
