//! `clinotype run`.

use std::io::Write as _;

use clinotype_case::finding::Section;
use clinotype_genome::{Fault, Result};
use clinotype_jobs::{
    Machine,
    run::{self, Input, OrderSource, RunOptions},
};

use crate::{args, clock, terminal::Terminal};

pub(crate) fn run(call: args::Run) -> Result<()> {
    let out = call
        .out
        .ok_or_else(|| Fault::usage("say with --out where the results go, or with --store which store keeps them"))?;
    let machine = Machine::new(call.machine.threads, call.machine.memory)?;
    let terminal = Terminal::new(call.machine.quiet);
    let input = match (call.bam, call.vcf) {
        (Some(bam), _) => Input::Bam(bam),
        (_, Some(vcf)) => Input::Vcf(vcf),
        _ => Input::Reads(super::pairs(call.reads)?),
    };
    if matches!(input, Input::Reads(_)) && call.input_sample.is_some() {
        return Err(Fault::usage(
            "--input-sample names the sample of a BAM or VCF; FASTQ files have none",
        ));
    }
    let waivers = super::waivers(&call.waivers);
    let pgx = if call.pgx {
        Some(run::PgxOptions {
            outside: call.pgx_outside,
            medications: call.medications.as_deref().map(super::pgx::medications).transpose()?,
            chain: call.pgx_chain,
        })
    } else {
        None
    };
    let options = RunOptions {
        sample: call.sample,
        stem: None,
        input_sample: call.input_sample,
        input,
        libraries: call.library,
        cram: call.cram,
        reference: call.reference,
        transcripts: call.transcripts,
        clinvar: call.clinvar,
        frequencies: call.frequencies,
        targets: call.targets,
        thresholds: call.thresholds,
        order: call.order.map(OrderSource::File),
        sex: call.sex,
        build: call.build,
        notices: Vec::new(),
        waivers,
        pgx,
        beside: run::BesideOptions {
            hpo: call.hpo,
            scores: call.prs,
            people: call.prs_reference,
        },
        rules: run::RulesOptions {
            evidence: call.evidence,
            family: call.family.zip(call.ped),
            ..rules(&call.rules, call.comparators, call.scores)?
        },
        out,
    };
    let clock = clock::clock()?;
    let outcome = run::run(&options, &machine, &terminal, &*clock)?;
    drop(terminal);
    if let Some(withheld) = outcome.withheld {
        return Err(withheld);
    }
    print(&outcome).map_err(|e| Fault::io("write", std::path::Path::new("standard output"), e))
}

/// The result in a few lines. No patient data: gene, name and class only, as the report has them.
fn print(outcome: &run::Outcome) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let conclusion = &outcome.report.interpretation.conclusion;
    writeln!(out, "{}", outcome.report.state_in_effect().words())?;
    writeln!(out, "{}: {}", conclusion.outcome.word(), conclusion.headline)?;
    for finding in &outcome.report.interpretation.findings {
        let shown = &finding.shown;
        let name = shown.hgvs_c.as_deref().or(finding.variant.hgvs_g.as_deref());
        writeln!(
            out,
            "  {:10} {:8} {} {}  {}, proposed: {} ({} points)",
            match finding.section {
                Section::Primary => "primary",
                Section::Carrier => "carrier",
                Section::Unassigned => "unassigned",
                Section::Uncertain => "uncertain",
                Section::NotListed => "not listed",
            },
            shown.symbol.as_deref().unwrap_or("no gene"),
            name.map_or_else(|| finding.variant.key.to_string(), str::to_owned),
            shown.hgvs_p.as_deref().and_then(|p| p.split(':').nth(1)).unwrap_or(""),
            finding.zygosity.words(),
            finding.classification.class.words(),
            finding.classification.points,
        )?;
    }
    writeln!(out, "Files:")?;
    for file in &outcome.files {
        writeln!(out, "  {}", file.display())?;
    }
    Ok(())
}

/// What the rules use, from the command line.
fn rules(
    rules: &crate::args::Rules,
    comparators: Option<std::path::PathBuf>,
    scores: Vec<std::path::PathBuf>,
) -> Result<run::RulesOptions> {
    Ok(run::RulesOptions {
        settings: super::paper::settings(rules)?,
        comparators,
        scores,
        evidence: None,
        family: None,
    })
}
