//! How the result was made: profiles `genomic-study` and `genomic-study-analysis`, with build, genes, coverage, gaps
//! and the software that did it.

use std::collections::BTreeMap;

use clinotype_case::{
    finding::ScopeSource,
    quality::{Coverage, CoverageFigures, GeneCoverage, Quality},
};
use clinotype_genome::{DataRelease, Result};
use fhir_sdk::{
    DateTime,
    r4b::{
        codes::EventStatus,
        resources::{Procedure, ProcedurePerformed, ProcedurePerformer},
        types::{CodeableConcept, Extension, ExtensionValue},
    },
};

use crate::{
    answers,
    datatypes::{
        built, coded, coding, concept, extension, instant, nested, note, profile, quantity, reference, text,
        urn_identifier, worded,
    },
    entry::Part,
    observation::{Frame, answer, gene},
    systems,
};

/// The resources of the study and its one analysis.
pub(crate) fn study_parts(frame: &Frame) -> Result<Vec<Part>> {
    let analysis_urn = frame.identity.in_case("study-analysis", "");
    Ok(vec![
        Part::of_laboratory(&frame.study, study(frame, &analysis_urn)?),
        Part::of_laboratory(&analysis_urn, analysis(frame, &analysis_urn)?),
    ])
}

fn procedure(frame: &Frame, urn: &str, profile_name: &str, status: EventStatus) -> Result<Procedure> {
    let mut resource = built(
        Procedure::builder()
            .status(status)
            .subject(frame.parties.subject_or_unknown())
            .build(),
    )?;
    resource.meta = Some(profile(profile_name));
    resource.identifier = vec![Some(urn_identifier(urn))];
    resource.category = Some(concept(
        vec![coding(systems::OBSERVATION_CATEGORY, "laboratory", Some("Laboratory"))],
        None,
    ));
    // When the last step ended; a run without provenance has no known time.
    let steps = frame.report.provenance.as_ref().map(|p| p.steps.as_slice());
    if let Some(end) = steps.and_then(|steps| steps.iter().map(|s| s.end).max()) {
        let time = DateTime::DateTime(instant(&end.to_string())?);
        resource.performed = Some(ProcedurePerformed::DateTime(time));
    }
    Ok(resource)
}

fn study(frame: &Frame, analysis_urn: &str) -> Result<Procedure> {
    // In progress until a person has reviewed it.
    let mut resource = procedure(frame, &frame.study, "genomic-study", EventStatus::InProgress)?;
    resource.extension = vec![extension(
        systems::guide("genomic-study-analysis-ext"),
        ExtensionValue::Reference(reference(analysis_urn)),
    )];
    resource.based_on = frame.parties.based_on();
    let test = frame.report.order.as_ref().map(|o| o.order.test.as_str());
    resource.code = Some(worded(test.unwrap_or("Germline small-variant analysis")));
    if let Some(order) = &frame.report.order {
        resource.reason_code = vec![Some(worded(&order.indication.text))];
    }
    Ok(resource)
}

fn analysis(frame: &Frame, urn: &str) -> Result<Procedure> {
    let report = frame.report;
    let interpretation = &report.interpretation;
    let mut resource = procedure(frame, urn, "genomic-study-analysis", EventStatus::Completed)?;
    let part = |name: &str, value| extension(systems::guide(&format!("genomic-study-analysis-{name}")), value);
    let mut extensions = Vec::new();
    if report.quality.reads.is_some() {
        let method = coded(
            systems::METHOD_TYPES,
            "ngs-mps",
            "Next-Generation (NGS)/Massively parallel sequencing (MPS)",
        );
        extensions.push(part("method-type", ExtensionValue::CodeableConcept(method)));
    }
    for (id, name) in [
        ("SO:0001483", "SNV"),
        ("SO:0000667", "insertion"),
        ("SO:0000159", "deletion"),
    ] {
        let change = coded(systems::SEQUENCE_ONTOLOGY, id, name);
        extensions.push(part("change-type", ExtensionValue::CodeableConcept(change)));
    }
    let build = answer(answers::assembly(interpretation.build));
    extensions.push(part("genome-build", ExtensionValue::CodeableConcept(build)));
    let source = answer(answers::GERMLINE);
    extensions.push(part("genomic-source-class", ExtensionValue::CodeableConcept(source)));
    let title = "Small variants: calling, annotation and proposed interpretation";
    extensions.push(part("title", ExtensionValue::String(title.to_owned())));
    extensions.push(part("specimen", ExtensionValue::Reference(frame.specimen())));
    extensions.push(nested(
        systems::guide("genomic-study-analysis-metrics"),
        metrics(&report.quality),
    ));
    extensions.push(nested(systems::guide("genomic-study-analysis-regions"), regions(frame)));
    extensions.push(nested(
        systems::guide("genomic-study-analysis-device"),
        vec![
            extension("device", ExtensionValue::Reference(reference(&frame.parties.device))),
            extension("function", ExtensionValue::CodeableConcept(worded("Analysis software"))),
        ],
    ));
    resource.extension = extensions;
    if let Some(Some(laboratory)) = frame.parties.performer().into_iter().next() {
        let performer = ProcedurePerformer::builder().actor(laboratory).build();
        resource.performer = vec![Some(built(performer)?)];
    }
    let mut notes = vec![note(&format!(
        "Genome build {}, known by: {}.",
        interpretation.build, interpretation.build_proof
    ))];
    if interpretation.input_sample.is_some() {
        // The name itself is not repeated: it may be a person's.
        notes.push(note(
            "The input file names the sample differently; the laboratory assigned it to this accession.",
        ));
    }
    notes.extend(interpretation.data.iter().map(|release| note(&release_words(release))));
    notes.extend(interpretation.rules.iter().map(|rule| {
        note(&format!(
            "Rules: {} version {} ({}).",
            rule.name, rule.version, rule.source
        ))
    }));
    resource.note = notes.into_iter().flatten().map(Some).collect();
    Ok(resource)
}

/// A data release in words.
fn release_words(release: &DataRelease) -> String {
    let mut words = format!(
        "Data: {}, release {}, file {}, SHA-256 {}",
        release.name,
        release.release.as_deref().unwrap_or("not stated by the file"),
        release.file,
        release.sha256
    );
    if let Some(remark) = &release.note {
        words.push_str("; ");
        words.push_str(remark);
    }
    words.push('.');
    words
}

/// Coverage figures, or in words that there are none.
fn metrics(quality: &Quality) -> Vec<Extension> {
    let description = |words: &str| text(words).map(|w| extension("metrics-description", ExtensionValue::String(w)));
    let figures = match &quality.coverage {
        Coverage::NotAssessed { reason } => {
            return description(&format!("Coverage was not assessed: {reason}"))
                .into_iter()
                .collect();
        }
        Coverage::Assessed(figures) => figures,
    };
    let mut parts = Vec::new();
    let depth = figures.mean_depth.and_then(|d| quantity(rounded(d), "reads", "1"));
    parts.extend(depth.map(|q| extension("read-depth", ExtensionValue::Quantity(q))));
    let share = figures.at_least_20.and_then(|s| quantity(rounded(s * 100.0), "%", "%"));
    parts.extend(share.map(|q| extension("sequencing-coverage", ExtensionValue::Quantity(q))));
    let mut words = figures_words(figures);
    words.push_str(&more_words(quality));
    parts.extend(description(&words));
    parts
}

/// Figures of reads and targets that the profile has no part for.
fn more_words(quality: &Quality) -> String {
    let mut said = Vec::new();
    let percent = |share: f64| format!("{} %", rounded(share * 100.0));
    if let Some(targets) = &quality.targets
        && let (Some(on), Some(near)) = (targets.on_target.on_share(), targets.on_target.on_or_near_share())
    {
        said.push(format!(
            "used bases on target {}, on or within {} bases of one {}",
            percent(on),
            targets.on_target.distance,
            percent(near)
        ));
    }
    if let Some(reads) = &quality.reads {
        said.push(format!("{} bases sequenced", reads.bases));
        let shares = [
            ("bases with quality 30 or more", reads.q30),
            ("reads mapped", reads.mapped_fraction()),
            ("duplicates", reads.duplicate_fraction()),
        ];
        said.extend(
            shares
                .into_iter()
                .filter_map(|(what, share)| Some(format!("{what} {}", percent(share?)))),
        );
        said.extend(reads.median_insert.map(|size| format!("median insert size {size}")));
    }
    let used = &quality.thresholds;
    let file = used.sha256.as_ref().map(|digest| format!(" (SHA-256 {digest})"));
    said.push(format!("limits: {}{}", used.limits.name, file.unwrap_or_default()));
    format!(" Further: {}.", said.join("; "))
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn figures_words(figures: &CoverageFigures) -> String {
    let percent = |share: Option<f64>| {
        share.map_or_else(
            || "not known".to_owned(),
            |s| format!("{} % of bases", rounded(s * 100.0)),
        )
    };
    format!(
        "read-depth is the mean, sequencing-coverage the share of bases with at least 20 reads, over {} ({} bases; \
         reads that the caller uses). At least 10 reads: {}; 20: {}; 30: {}. The laboratory's threshold is {} reads.",
        figures.over,
        figures.bases,
        percent(figures.at_least_10),
        percent(figures.at_least_20),
        percent(figures.at_least_30),
        figures.threshold,
    )
}

/// What was studied and what could not be called. Genes are listed where the order names them.
fn regions(frame: &Frame) -> Vec<Extension> {
    let interpretation = &frame.report.interpretation;
    let scope = &interpretation.scope;
    let ids: BTreeMap<&str, &str> = interpretation
        .findings
        .iter()
        .filter_map(|f| Some((f.shown.symbol.as_deref()?, f.shown.hgnc_id.as_deref()?)))
        .collect();
    let concept_of = |symbol: &str| gene(ids.get(symbol).copied(), Some(symbol));
    let is_tested = |symbol: &&String| !scope.not_covered.contains(symbol);
    let mut words = match scope.decided_by {
        ScopeSource::Order => format!("{} ordered genes", scope.genes.iter().filter(is_tested).count()),
        ScopeSource::AllTranscripts => format!("Every gene of the transcripts used ({} genes)", scope.genes.len()),
    };
    match &frame.report.quality.coverage {
        Coverage::Assessed(figures) => {
            words.push_str("; coverage measured over ");
            words.push_str(&figures.over);
        }
        Coverage::NotAssessed { .. } => words.push_str("; which of their bases were callable was not assessed"),
    }
    words.push('.');
    let mut parts: Vec<Extension> = text(&words)
        .map(|w| extension("description", ExtensionValue::String(w)))
        .into_iter()
        .collect();
    let region = |name: &str, value: CodeableConcept| extension(name, ExtensionValue::CodeableConcept(value));
    if scope.decided_by == ScopeSource::Order {
        parts.extend(
            scope
                .genes
                .iter()
                .filter(is_tested)
                .map(|symbol| region("studied", concept_of(symbol))),
        );
    }
    for symbol in &scope.not_covered {
        let mut concept = concept_of(symbol);
        concept.text = Some(format!("{symbol}: not tested, no transcript of it was available"));
        parts.push(region("uncalled", concept));
    }
    if let Coverage::Assessed(figures) = &frame.report.quality.coverage {
        for row in figures.genes.iter().filter(|row| !row.gaps.is_empty()) {
            // Words without the gene's code, which would say that the whole gene was not called.
            parts.push(region("uncalled", worded(&gap_words(row, figures.threshold))));
        }
    }
    parts
}

/// Every gap of a gene, 1-based with both ends.
fn gap_words(row: &GeneCoverage, threshold: u32) -> String {
    let gaps: Vec<String> = row
        .gaps
        .iter()
        .map(|gap| {
            format!(
                "exon {} {}:{}-{} (lowest {}; {})",
                gap.exon,
                gap.interval.contig,
                u64::from(gap.interval.start) + 1,
                gap.interval.end,
                gap.lowest,
                gap.words()
            )
        })
        .collect();
    format!(
        "{} {}: fewer than {threshold} reads in {}",
        row.gene,
        row.transcript,
        gaps.join("; ")
    )
}
