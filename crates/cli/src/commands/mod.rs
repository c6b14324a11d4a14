//! One file per group of subcommands; each reads its files, calls a step of `jobs`, and writes the result whole.

mod classify;
mod copy_number;
mod data;
mod data_build;
mod engine;
mod family;
mod hgvs;
mod liftover;
mod paper;
mod passphrase;
mod pgx;
mod prs;
mod rare;
mod recorded;
mod simulate;
mod store;
mod whole;

use clinotype_genome::Result;
use clinotype_jobs::{FastqPair, steps::WaiverRequest};

use crate::args::{Args, Command, Waivers};

pub(crate) fn run(args: Args) -> Result<()> {
    crate::terminal::stop_on_interrupt()?;
    match args.command {
        Command::Run(call) if call.store.is_some() => recorded::run(call),
        Command::Run(call) => whole::run(call),
        Command::Align(call) => engine::align(call),
        Command::Call(call) => engine::call(call),
        Command::Somatic(call) => engine::somatic(call),
        Command::SomaticClass(call) => engine::somatic_class(&call),
        Command::Joint(call) => family::joint(&call),
        Command::Family(call) => family::family(&call),
        Command::Inherit(call) => rare::inherit(&call),
        Command::Rank(call) => rare::rank(&call),
        Command::Panel(call) => rare::panel(call),
        Command::Annotate(call) => engine::annotate(call),
        Command::Hgvs(call) => hgvs::run(&call),
        Command::Coverage(call) => engine::coverage(call),
        Command::Counts(call) => copy_number::count(call),
        Command::Cnv(call) => copy_number::call(call),
        Command::CnvClass(call) => copy_number::classes(&call),
        Command::Interpret(call) => paper::interpret(call),
        Command::Pgx(call) => pgx::run(&call),
        Command::Prs(call) => prs::run(&call),
        Command::Comparators(call) => paper::comparators(&call),
        Command::Classify(call) => classify::run(&call),
        Command::Report(call) => paper::report(call),
        Command::Fhir(call) => paper::fhir(call),
        Command::Simulate(call) => simulate::run(&call),
        Command::Data(call) => data::run(call),
        Command::Liftover(call) => liftover::run(&call),
        Command::Store(call) => store::run(call),
        Command::Audit(call) => store::audit(call),
    }
}

/// `R1 R2 R1 R2` as pairs.
fn pairs(files: Vec<std::path::PathBuf>) -> Result<Vec<FastqPair>> {
    if !files.len().is_multiple_of(2) {
        return Err(
            clinotype_genome::Fault::usage(format!("--reads has {} files", files.len()))
                .hint("give them in pairs: R1 R2 [R1 R2 ...]"),
        );
    }
    let mut files = files.into_iter();
    let mut pairs = Vec::new();
    while let (Some(r1), Some(r2)) = (files.next(), files.next()) {
        pairs.push(FastqPair { r1, r2 });
    }
    Ok(pairs)
}

/// The waivers that were asked for; clap has seen to reason and name.
fn waivers(asked: &Waivers) -> Vec<WaiverRequest> {
    asked
        .waive
        .iter()
        .map(|check| WaiverRequest {
            check: check.clone(),
            reason: asked.reason.clone().unwrap_or_default(),
            by: asked.waived_by.clone().unwrap_or_default(),
        })
        .collect()
}
