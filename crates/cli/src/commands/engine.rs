//! The steps on reads and variants: align, call, annotate, coverage.

use std::path::{Path, PathBuf};

use clinotype_case::SampleId;
use clinotype_genome::{Fault, Result, bed};
use clinotype_jobs::{
    Alignments, Machine, Watch, quality, reads_figures, somatic, somatic_class, steps, watch::Nobody,
};

use crate::{args, terminal::Terminal};

/// Runs one step inside the pool, with its name on the terminal.
pub(super) fn step<T: Send>(
    machine: &args::Machine,
    name: &str,
    work: impl FnOnce(&Machine, &Terminal) -> Result<T> + Send,
) -> Result<()> {
    let terminal = Terminal::new(machine.quiet);
    let machine = Machine::new(machine.threads, machine.memory)?;
    terminal.stage(name, 1, 1);
    machine.install(|| work(&machine, &terminal))?;
    terminal.stage_done(name, false);
    Ok(())
}

/// A hidden folder beside the output, for what a step spills.
pub(super) fn scratch(out: &Path) -> PathBuf {
    let name = out
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    out.with_file_name(format!(".{name}.{}.scratch", std::process::id()))
}

pub(super) fn named(path: &Path, ending: &str, option: &str) -> Result<()> {
    if path.to_string_lossy().ends_with(ending) {
        return Ok(());
    }
    Err(Fault::usage(format!("{option} names a file that does not end in {ending}")).at(path))
}

pub(crate) fn align(call: args::Align) -> Result<()> {
    if call.out.extension().is_none_or(|e| e != "cram") {
        named(&call.out, ".bam", "--out").map_err(|fault| fault.hint("name it .bam or .cram"))?;
    }
    let pairs = super::pairs(call.reads)?;
    step(&call.machine, "Align reads", |machine, watch| {
        steps::align(
            &steps::AlignRequest {
                pairs: &pairs,
                libraries: &call.library,
                reference: &call.reference,
                sample: &call.sample,
                out: &call.out,
                scratch: &scratch(&call.out),
            },
            machine,
            watch,
        )
    })
}

pub(crate) fn call(call: args::Call) -> Result<()> {
    named(&call.out, ".vcf.gz", "--out")?;
    if let Some(gvcf) = &call.gvcf {
        named(gvcf, ".vcf.gz", "--gvcf")?;
    }
    step(&call.machine, "Call variants", |machine, watch| {
        steps::call(
            &steps::CallRequest {
                bam: &call.bam,
                scratch: &scratch(&call.out),
                reference: &call.reference,
                targets: call.targets.as_deref(),
                sex: call.sex,
                build: call.build,
                out: &call.out,
                gvcf: call.gvcf.as_deref(),
            },
            machine,
            watch,
        )
    })
}

pub(crate) fn somatic_class(call: &args::SomaticClass) -> Result<()> {
    let missense_tool = call
        .missense_tool
        .as_deref()
        .map(clinotype_jobs::missense_tool)
        .transpose()?;
    step(&call.machine, "Judge a tumour's alleles", |_, watch| {
        let made = somatic_class::classes(
            &somatic_class::SomaticClassRequest {
                vcf: &call.vcf,
                tumours: &call.tumour,
                roles: call.roles.as_deref(),
                hotspots: call.hotspots.as_deref(),
                known: call.known.as_deref(),
                statements: call.statements.as_deref(),
                entered: call.entered.as_deref(),
                missense_tool,
            },
            watch,
        )?;
        steps::write_json(&call.out, &made)
    })
}

pub(crate) fn somatic(call: args::Somatic) -> Result<()> {
    named(&call.out, ".vcf.gz", "--out")?;
    step(&call.machine, "Call the tumour", |machine, watch| {
        somatic::somatic(
            &somatic::SomaticRequest {
                bam: &call.bam,
                reference: &call.reference,
                targets: call.targets.as_deref(),
                frequencies: call.frequencies.as_deref(),
                contamination: call.contamination,
                build: call.build,
                out: &call.out,
                summary: &call.summary,
            },
            machine,
            watch,
        )
    })
}

pub(crate) fn annotate(call: args::Annotate) -> Result<()> {
    let ending = |path: &Path, endings: &[&str]| endings.iter().any(|e| path.to_string_lossy().ends_with(e));
    for (path, endings, option) in [
        (
            Some(&call.out),
            &[".vcf.gz", ".vcf", ".jsonl.gz", ".jsonl", ".tsv.gz", ".tsv", ".parquet"][..],
            "--out",
        ),
        (call.jsonl.as_ref(), &[".jsonl", ".jsonl.gz"][..], "--jsonl"),
        (call.tsv.as_ref(), &[".tsv", ".tsv.gz"][..], "--tsv"),
        (call.parquet.as_ref(), &[".parquet"][..], "--parquet"),
    ] {
        if let Some(path) = path.filter(|path| !ending(path, endings)) {
            named(path, endings[0], option)?;
        }
    }
    let transcripts: Vec<&Path> = call.transcripts.iter().map(PathBuf::as_path).collect();
    let tables: Vec<&Path> = [&call.jsonl, &call.tsv, &call.parquet]
        .into_iter()
        .flatten()
        .map(PathBuf::as_path)
        .collect();
    step(&call.machine, "Annotate variants", |_, watch| {
        steps::annotate(
            &steps::AnnotateRequest {
                vcf: &call.vcf,
                reference: &call.reference,
                transcripts: &transcripts,
                sequences: call.transcript_sequences.as_deref(),
                cache: call
                    .transcript_cache
                    .as_deref()
                    .map_or(steps::Cache::Beside, steps::Cache::Folder),
                clinvar: call.clinvar.as_deref(),
                frequencies: call.frequencies.as_deref(),
                scores: &call.scores,
                build: call.build,
                pick_order: call.pick_order,
                mismatches: call.max_ref_mismatches,
                names: !call.no_hgvs,
                out: &call.out,
                tables: &tables,
            },
            watch,
        )
    })
}

pub(crate) fn coverage(call: args::Coverage) -> Result<()> {
    step(&call.machine, "Measure coverage", |machine, watch| {
        let order = call.order.as_deref().map(clinotype_jobs::inputs::order).transpose()?;
        let sex = clinotype_jobs::inputs::declared_sex(call.sex, order.as_ref())?;
        let thresholds = quality::thresholds(call.thresholds.as_deref())?;
        let (known, transcripts, reference) = steps::references(&call.reference, &call.transcripts, call.build, watch)?;
        let targets = call
            .targets
            .as_deref()
            .map(|path| bed::read(path, reference.contigs()))
            .transpose()?;
        let sample: SampleId = steps::bam_sample(&call.bam)?;
        let genes = quality::genes_in_scope(&transcripts, order.as_ref());
        let alignments = Alignments::open(&call.bam, &reference, &scratch(&call.out), machine.memory(), watch)?;
        let figures = quality::reads(&reads_figures(alignments.bam(), &Nobody)?);
        let measured = quality::measure(
            &quality::MeasureRequest {
                bam: alignments.bam(),
                reference: &reference,
                build: known.build,
                transcripts: &transcripts,
                genes: &genes,
                targets: targets.as_deref(),
                reads: &figures,
                thresholds: &thresholds,
            },
            watch,
        )?;
        let made = quality::assemble(quality::Parts {
            sample: &sample,
            build: known.build,
            declared: sex,
            reads: Ok((figures, measured)),
            variants: call.vcf.as_deref().map(quality::variants).transpose()?,
            thresholds,
        });
        for (ending, content) in [
            ("qc_mqc.json", quality::general_statistics(&made)),
            ("depth_mqc.json", quality::depth_section(&made)),
        ] {
            steps::write_json(&call.out.with_file_name(format!("{sample}.{ending}")), &content)?;
        }
        steps::write_json(&call.out, &made)
    })
}
