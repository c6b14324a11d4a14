//! `clinotype`: from reads to a draft report and a FHIR bundle, one subcommand per step.

mod args;
mod clock;
mod commands;
mod terminal;

use std::{io::Write as _, process::ExitCode};

use clap::Parser as _;
use clinotype_genome::Fault;

fn main() -> ExitCode {
    let args = args::Args::parse();
    match commands::run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            say(&fault);
            ExitCode::from(fault.kind().exit_code())
        }
    }
}

/// One error, one hint. A broken pipe on standard error is nobody's problem.
fn say(fault: &Fault) {
    let mut out = std::io::stderr().lock();
    let _ = writeln!(out, "clinotype: error: {fault}");
    if let Some(hint) = fault.advice() {
        let _ = writeln!(out, "  what to do: {hint}");
    }
}
