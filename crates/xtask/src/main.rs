//! Tasks of the workspace: `cargo xtask demo`, `test`, `tidy`, `soak`, `gen-types`, `dist`.
//!
//! Each says what it does before it does it, and can be started again after an interruption: what is already
//! installed or built is not done twice.

#![allow(clippy::disallowed_methods, reason = "tasks of the workspace, not of a patient")]

mod demo;
mod dist;
mod packages;
mod shell;
mod soak;
mod test;
mod tidy;
mod ui;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask demo       install what is missing, build, run the bundled synthetic sample from reads to report, and open
                       the window where there is a display [FOLDER] [--no-window]
cargo xtask test       install what is missing, run every test (this is what CI runs)
cargo xtask tidy       check the layout: arrows between crates, file sizes, unfinished words
cargo xtask soak       what does not fit CI: kills, full disks, fuzzing (`cargo xtask soak help`)
cargo xtask gen-types  write the UI's types from the Rust types
cargo xtask dist       pack .deb and .rpm";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let result = match args.first().map(String::as_str) {
        Some("demo") => demo::run(&args[1..]),
        Some("test") => test::run(),
        Some("tidy") => tidy::run(),
        Some("soak") => soak::run(&args[1..]),
        Some("gen-types") => ui::gen_types(),
        Some("dist") => dist::run(),
        _ => {
            shell::say(HELP);
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            shell::say(&format!("xtask: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
