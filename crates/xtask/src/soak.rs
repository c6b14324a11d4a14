//! `cargo xtask soak`: what does not fit CI.

mod fuzz;
mod genome;
mod human;
mod kills;

use anyhow::{Result, bail};

use crate::shell;

const HELP: &str = "\
cargo xtask soak          kills, then fuzz
cargo xtask soak kills    kill runs and the store at random moments, fill the disk at many points, and prove that
                          nothing half-written stays, nothing committed is lost, and that going on gives the same bytes
                          [--rounds N] (30)
cargo xtask soak fuzz     feed every reader of outside files with mutated input (libFuzzer; needs the nightly toolchain
                          and cargo-fuzz) [--seconds N] for each target (600) [TARGET ...]
cargo xtask soak genome   index, map and call on a made-up genome of human size: processor time, memory, the same bytes at
                          any number of threads [FOLDER] [--pairs N] [--scale SHARE] [--program P] [--keep] (24 GB of
                          memory, 20 GB of disk)";

pub(crate) fn run(args: &[String]) -> Result<()> {
    match args.first().map(String::as_str) {
        None => {
            kills::run(&[])?;
            fuzz::run(&[])
        }
        Some("kills") => kills::run(&args[1..]),
        Some("fuzz") => fuzz::run(&args[1..]),
        Some("genome") => genome::run(&args[1..]),
        Some("help" | "--help") => {
            shell::say(HELP);
            Ok(())
        }
        Some(_) => bail!("no such part\n{HELP}"),
    }
}
