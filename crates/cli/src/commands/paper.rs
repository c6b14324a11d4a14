//! The steps on paper: interpret, report, fhir.

use std::path::{Path, PathBuf};

use clinotype_case::{finding, pgx, phenotype, provenance, prs, quality as case_quality};
use clinotype_genome::{Fault, Result, fs};
use clinotype_jobs::{Machine, Watch as _, comparators, inherit, inputs, people, quality, steps};

use super::engine::{scratch, step};
use crate::{args, clock, terminal::Terminal};

pub(crate) fn interpret(call: args::Interpret) -> Result<()> {
    let terminal = Terminal::new(call.machine.quiet);
    let order = call.order.as_deref().map(inputs::order).transpose()?;
    let sex = inputs::declared_sex(call.sex, order.as_ref())?;
    let sample = steps::vcf_sample(&call.vcf)?;
    let stated = steps::annotated_build(&call.vcf)?;
    let (known, transcripts, reference) =
        steps::references(&call.reference, &call.transcripts, Some(stated), &terminal)?;
    let quality = match &call.qc {
        Some(path) => steps::read_json(path, case_quality::SCHEMA)?,
        None => quality::not_assessed(&sample, known.build, sex, "no quality figures were given"),
    };
    let settings = settings(&call.rules)?;
    let evidence = call.evidence.as_deref().map(people::Evidence::read).transpose()?;
    let family = call
        .family
        .zip(call.ped)
        .map(|(vcf, ped)| Ok::<_, Fault>((vcf, inherit::pedigree(&ped)?)))
        .transpose()?;
    let machine = Machine::new(call.machine.threads, call.machine.memory)?;
    let comparators = call
        .comparators
        .as_deref()
        .map(|file| {
            let scratch = scratch(&call.out);
            let request = comparators::ComparatorsRequest {
                clinvar: file,
                reference: &call.reference,
                transcripts: &[&call.transcripts],
                build: Some(stated),
                frequencies: None,
                pick_order: steps::PickOrder::default(),
                scratch: &scratch,
            };
            let cache = call.comparator_cache.as_deref();
            machine.install(|| comparators::read_or_build(&request, cache, &terminal))
        })
        .transpose()?;
    let request = steps::InterpretRequest {
        vcf: &call.vcf,
        sample: &sample,
        input_sample: None,
        sex,
        order: order.as_ref(),
        genes: &transcripts.genes(),
        quality: &quality,
        build: None,
        settings: &settings,
        comparators: comparators.as_ref(),
        evidence: evidence.as_ref(),
        family: family.as_ref().map(|(vcf, pedigree)| people::FamilyRequest {
            vcf,
            pedigree,
            reference: &reference,
            watch: &terminal,
        }),
        table: call.table.as_deref(),
    };
    let made = machine.install(|| steps::interpret(&request))?;
    if let Some(account) = people::account(&made) {
        terminal.note(&account);
    }
    steps::write_json(&call.out, &made)
}

/// The laboratory's settings from the command line.
pub(super) fn settings(rules: &args::Rules) -> Result<clinotype_jobs::Settings> {
    let tool = rules.missense_tool.as_deref();
    Ok(clinotype_jobs::Settings {
        lb_min_points: rules.lb_min_points,
        missense_tool: tool.map(clinotype_jobs::missense_tool).transpose()?,
        ..clinotype_jobs::Settings::default()
    })
}

pub(crate) fn comparators(call: &args::MakeComparators) -> Result<()> {
    let transcripts: Vec<&Path> = call.transcripts.iter().map(PathBuf::as_path).collect();
    let (mut records, mut genes) = (0, 0);
    step(&call.machine, "Annotate ClinVar", |_, watch| {
        let made = comparators::build(
            &comparators::ComparatorsRequest {
                clinvar: &call.clinvar,
                reference: &call.reference,
                transcripts: &transcripts,
                build: call.build,
                frequencies: call.frequencies.as_deref(),
                pick_order: steps::PickOrder::default(),
                scratch: &scratch(&call.out),
            },
            watch,
        )?;
        (records, genes) = (made.len(), made.genes.len());
        fs::write_atomic(&call.out, made.to_text().as_bytes())
    })?;
    super::store::print(&format!("{records} records in {genes} genes"))
}

fn read<T: serde::de::DeserializeOwned>(path: Option<&std::path::Path>, schema: &str) -> Result<Option<T>> {
    path.map(|path| steps::read_json(path, schema)).transpose()
}

fn model(parts: &args::Parts) -> Result<clinotype_case::Report> {
    let interpretation: finding::Interpretation = steps::read_json(&parts.interpretation, finding::SCHEMA)?;
    let quality: case_quality::Quality = steps::read_json(&parts.qc, case_quality::SCHEMA)?;
    let provenance: Option<provenance::Provenance> = parts
        .provenance
        .as_deref()
        .map(|path| steps::read_json(path, provenance::SCHEMA))
        .transpose()?;
    if provenance
        .as_ref()
        .is_some_and(|p| p.sample != interpretation.sample.as_str())
    {
        return Err(
            Fault::input("the provenance is not of the sample that was interpreted").hint("give the files of one run")
        );
    }
    let besides = steps::Besides {
        pgx: read(parts.pgx.as_deref(), pgx::SCHEMA)?,
        rank: read(parts.rank.as_deref(), phenotype::SCHEMA)?,
        prs: read(parts.prs.as_deref(), prs::SCHEMA)?,
    };
    let issued = clock::clock()?();
    let notices = steps::notices(&interpretation);
    steps::report(steps::ReportRequest {
        order: parts.order.as_deref().map(inputs::order).transpose()?,
        interpretation,
        waivers: steps::waivers(&quality, &super::waivers(&parts.waivers), issued)?,
        quality,
        besides,
        provenance,
        issued,
        notices,
    })
}

pub(crate) fn report(call: args::Report) -> Result<()> {
    let model = model(&call.parts)?;
    if let Some(path) = &call.pdf {
        fs::write_atomic(path, &clinotype_jobs::pdf(&model)?)?;
    }
    if let Some(path) = &call.html {
        fs::write_atomic(path, clinotype_jobs::html(&model)?.as_bytes())?;
    }
    Ok(())
}

pub(crate) fn fhir(call: args::Fhir) -> Result<()> {
    let model = model(&call.parts)?;
    let pdf = call.pdf.as_deref().map(fs::read).transpose()?;
    fs::write_atomic(&call.out, clinotype_jobs::bundle(&model, pdf.as_deref())?.as_bytes())
}
