//! `clinotype run --store`: the same run, recorded in the encrypted store. Nothing plain reaches the disk.

use std::{path::Path, time::Duration};

use clinotype_api::types::{
    ApiError, CaseInput, CaseRow, FurtherInputs, InputFile, InputKind, InspectInput, NewCaseInput, Nothing, OrderForm,
    ReferenceSet, RunInput, RunState, RunView, RunWith, StageState, StartInput,
};
use clinotype_genome::{Fault, Progress as _, Result, fs};
use clinotype_jobs::Watch as _;

use super::store::{Open, fault, print};
use crate::{args, terminal::Terminal};

/// How often the run is looked at.
const LOOK: Duration = Duration::from_millis(200);

pub(crate) fn run(call: args::Run) -> Result<()> {
    let store = call
        .store
        .as_deref()
        .ok_or_else(|| Fault::usage("say with --store which store keeps the case"))?;
    if !call.waivers.waive.is_empty() {
        return Err(Fault::usage("in a store, a check is waived on the quality page of the window").hint(
            "run the case without --waive: it is kept without a report, and the waiver is recorded with who gave it",
        ));
    }
    let memory = call
        .machine
        .memory
        .map(|bytes| u32::try_from(bytes >> 20).unwrap_or(u32::MAX));
    let machine = (u32::try_from(call.machine.threads).unwrap_or(u32::MAX), memory);
    let open = Open::unlock(store, &call.person, Some(machine))?;
    let (case, run) = match present(&open, &call)? {
        Some(row) => go_on(&open, &call, row)?,
        None => begin(&open, &call)?,
    };
    let ended = follow(&open, &Terminal::new(call.machine.quiet), &run)?;
    match ended.state {
        RunState::Done => done(&open, &case),
        RunState::Failed => Err(ended
            .error
            .map_or_else(|| Fault::internal("the run failed without a reason"), fault)),
        _ => Err(Fault::cancelled().hint("give the same command again: the run goes on where it was")),
    }
}

/// The case of this accession, where the store has it.
fn present(open: &Open, call: &args::Run) -> Result<Option<CaseRow>> {
    let sample = call.sample.as_str();
    Ok(open.cases(sample)?.into_iter().find(|row| row.sample == sample))
}

/// Takes up the run of a case that did not end; one that is done is not run again by accident.
fn go_on(open: &Open, call: &args::Run, row: CaseRow) -> Result<(String, String)> {
    let view = clinotype_api::case(&open.0, CaseInput { case: row.id.clone() }).map_err(fault)?;
    let is_done = view.runs.first().is_some_and(|run| run.state == RunState::Done);
    if !is_done && view.further != further(call)? {
        return Err(Fault::usage(
            "the store has a case of this accession with other evidence, family, outside calls, terms or scores",
        )
        .hint("give the files of the first time, or start its run anew in the window, where they can be changed"));
    }
    let run = match view.runs.first() {
        None => start(open, row.id.clone()),
        Some(run) => match run.state {
            RunState::Queued | RunState::Running => Ok(run.clone()),
            RunState::Failed | RunState::Cancelled | RunState::Interrupted => {
                clinotype_api::resume_run(&open.0, RunInput { run: run.id.clone() })
            }
            RunState::Done => {
                return Err(Fault::usage("the store has a finished case of this accession")
                    .hint("export its report with `clinotype store export`, or use another accession"));
            }
        },
    };
    Ok((row.id, run.map_err(fault)?.id))
}

fn start(open: &Open, case: String) -> Result<RunView, ApiError> {
    let with = RunWith::Same;
    clinotype_api::start_run(
        &open.0,
        StartInput {
            case,
            with,
            pharmacogenes: None,
            further: None,
        },
    )
}

fn text(path: &Path) -> Result<String> {
    fs::open(path)?;
    whole(path)
}

fn whole(path: &Path) -> Result<String> {
    // The store remembers paths; one that depends on the folder of this call would mislead it.
    let path = std::path::absolute(path).map_err(|e| Fault::io("find", path, e))?;
    Ok(path.display().to_string())
}

fn begin(open: &Open, call: &args::Run) -> Result<(String, String)> {
    let mut files = Vec::new();
    let single = |path: &Path, kind| -> Result<InputFile> {
        Ok(InputFile {
            path: text(path)?,
            kind,
            mate: None,
            pair: None,
            bytes: None,
        })
    };
    match (&call.bam, &call.vcf) {
        (Some(bam), _) => files.push(single(bam, InputKind::Bam)?),
        (_, Some(vcf)) => files.push(single(vcf, InputKind::Vcf)?),
        _ => {
            for (number, pair) in super::pairs(call.reads.clone())?.into_iter().enumerate() {
                for (mate, path) in [(1, pair.r1), (2, pair.r2)] {
                    files.push(InputFile {
                        mate: Some(mate),
                        pair: Some(number as u32 + 1),
                        ..single(&path, InputKind::Fastq)?
                    });
                }
            }
        }
    }
    let mut order = call.order.as_deref().map(|path| order(open, path)).transpose()?;
    if let Some(given) = &call.medications {
        // The store asks one place for the medicines: the order, which people can correct.
        let order = order.as_mut().ok_or_else(|| {
            Fault::usage("in a store the medicines belong to the order, and there is none")
                .hint("give --order, or run without --store")
        })?;
        let stated = order.medications.get_or_insert_default();
        for name in super::pgx::medications(given)? {
            if !stated.contains(&name) {
                stated.push(name);
            }
        }
    }
    let made = clinotype_api::new_case(
        &open.0,
        NewCaseInput {
            sample: call.sample.to_string(),
            input_sample: call.input_sample.clone(),
            order,
            sex: call.sex.map(|sex| sex.to_string()),
            files,
            reference_set: reference_set(open, call)?,
            pharmacogenes: call.pgx.then_some(true),
            further: Some(further(call)?),
            libraries: Some(call.library.clone()),
            start: false,
        },
    )
    .map_err(|error| fault(by_option(error)))?;
    let run = start(open, made.case.clone()).map_err(fault)?;
    Ok((made.case, run.id))
}

/// The error with the option of the command line in place of the window's field.
fn by_option(mut error: ApiError) -> ApiError {
    let option = match error.place.as_deref() {
        Some("further.evidence") => "--evidence",
        Some("further.family") => "--family",
        Some("further.pedigree") => "--ped",
        Some("further.outside") => "--pgx-outside",
        Some("further.chain") => "--pgx-chain",
        Some("further.hpo") => "--hpo",
        Some("further.scores") => "--prs",
        Some("further.score_people") => "--prs-reference",
        _ => return error,
    };
    error.place = Some(option.to_owned());
    error
}

/// What the run uses besides; the store remembers it with the case.
fn further(call: &args::Run) -> Result<FurtherInputs> {
    let one = |path: &Option<std::path::PathBuf>| path.as_deref().map(text).transpose();
    let all = |paths: &[std::path::PathBuf]| paths.iter().map(|path| text(path)).collect::<Result<Vec<_>>>();
    Ok(FurtherInputs {
        evidence: one(&call.evidence)?,
        family: one(&call.family)?,
        pedigree: one(&call.ped)?,
        outside: all(&call.pgx_outside)?,
        chain: one(&call.pgx_chain)?,
        // A folder, which does not open.
        hpo: call.hpo.as_deref().map(whole).transpose()?,
        scores: all(&call.prs)?,
        score_people: one(&call.prs_reference)?,
    })
}

/// The order of a file, through the same reading as in the window.
fn order(open: &Open, path: &Path) -> Result<OrderForm> {
    // Its own words say what is wrong with it, and where.
    clinotype_jobs::inputs::order(path)?;
    let input = InspectInput {
        paths: vec![text(path)?],
    };
    let found = clinotype_api::inspect(&open.0, input).map_err(fault)?;
    found.order.ok_or_else(|| Fault::input("is no order").at(path))
}

/// The reference set of exactly these files; made where the store has none, which the person's role must allow.
fn reference_set(open: &Open, call: &args::Run) -> Result<String> {
    let optional = |path: &Option<std::path::PathBuf>| path.as_deref().map(text).transpose();
    let wanted = ReferenceSet {
        id: None,
        name: String::new(),
        reference: text(&call.reference)?,
        transcripts: text(&call.transcripts)?,
        clinvar: optional(&call.clinvar)?,
        frequencies: optional(&call.frequencies)?,
        targets: optional(&call.targets)?,
        thresholds: optional(&call.thresholds)?,
        comparators: optional(&call.comparators)?,
        scores: call.scores.iter().map(|path| text(path)).collect::<Result<_>>()?,
        missense_tool: call.rules.missense_tool.clone(),
        build: call.build.map(|build| build.to_string()),
        synthetic: false,
    };
    let sets = clinotype_api::reference_sets(&open.0, Nothing {}).map_err(fault)?.sets;
    let same = |set: &ReferenceSet| ReferenceSet {
        id: None,
        name: String::new(),
        synthetic: false,
        ..set.clone()
    };
    if let Some(id) = sets
        .iter()
        .find(|view| same(&view.set) == wanted)
        .and_then(|view| view.set.id.clone())
    {
        return Ok(id);
    }
    let base = call
        .reference
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let mut name = base.clone();
    let mut number = 1;
    while sets.iter().any(|view| view.set.name.eq_ignore_ascii_case(&name)) {
        number += 1;
        name = format!("{base} ({number})");
    }
    let saved = clinotype_api::save_reference_set(&open.0, ReferenceSet { name, ..wanted }).map_err(|error| {
        let not_allowed = error.code == clinotype_api::types::ErrorCode::NotAllowed;
        let fault = fault(error);
        if not_allowed {
            fault.hint("the store has no reference set of these files: ask a person who looks after it to save one")
        } else {
            fault
        }
    })?;
    saved
        .set
        .id
        .ok_or_else(|| Fault::internal("a saved reference set has no identifier"))
}

/// Shows a run until it ends. Ctrl-C stops it; it can be resumed.
fn follow(open: &Open, terminal: &Terminal, run: &str) -> Result<RunView> {
    let mut asked_to_stop = false;
    let mut shown: Vec<(String, StageState)> = Vec::new();
    let mut notes = 0;
    loop {
        // This process is the person's presence; the store must not lock itself under a long run.
        clinotype_api::active(&open.0, Nothing {}).map_err(fault)?;
        let queue = clinotype_api::queue(&open.0, Nothing {}).map_err(fault)?;
        let Some(view) = queue.runs.into_iter().find(|view| view.id == run) else {
            return Err(Fault::internal("the run is no longer in the queue"));
        };
        for note in view.notes.iter().skip(notes) {
            terminal.note(note);
        }
        notes = view.notes.len().max(notes);
        let taking_part: Vec<_> = view.stages.iter().filter(|s| s.state != StageState::Skipped).collect();
        for (number, stage) in taking_part.iter().enumerate() {
            let before = shown
                .iter()
                .find(|(name, _)| *name == stage.name)
                .map(|(_, state)| *state);
            if before != Some(stage.state) {
                shown.retain(|(name, _)| *name != stage.name);
                shown.push((stage.name.clone(), stage.state));
                let ended = matches!(stage.state, StageState::Done | StageState::Resumed);
                // A short stage may begin and end between two looks.
                if stage.state == StageState::Working || (ended && before != Some(StageState::Working)) {
                    terminal.stage(&stage.words, number + 1, taking_part.len());
                }
                if ended {
                    terminal.stage_done(&stage.words, stage.state == StageState::Resumed);
                }
            }
            if stage.state == StageState::Working
                && let Some(percent) = stage.percent
            {
                terminal.advance(u64::from(percent), 100);
            }
        }
        if !matches!(view.state, RunState::Queued | RunState::Running) {
            return Ok(view);
        }
        if terminal.is_cancelled() && !asked_to_stop {
            asked_to_stop = true;
            clinotype_api::cancel_run(&open.0, RunInput { run: run.to_owned() }).map_err(fault)?;
        }
        std::thread::sleep(LOOK);
    }
}

/// Identifier, version and outcome; no patient data.
fn done(open: &Open, case: &str) -> Result<()> {
    let reports = clinotype_api::reports(&open.0, CaseInput { case: case.to_owned() }).map_err(fault)?;
    print(&format!("case {case}"))?;
    match reports.versions.first() {
        Some(report) => print(&format!(
            "report version {}: {}, {}",
            report.version, report.outcome, report.state
        )),
        None => print("no report was made"),
    }
}
