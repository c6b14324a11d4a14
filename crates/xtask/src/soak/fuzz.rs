//! `cargo xtask soak fuzz`: every target of `fuzz/` for some minutes, its corpus kept for the next time.

use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};

use crate::shell;

/// The targets, as `fuzz/Cargo.toml` names them.
const TARGETS: [&str; 14] = [
    "fastq",
    "bam",
    "cram",
    "call",
    "bed",
    "vcf",
    "gff3",
    "order",
    "store",
    "chain",
    "hgvs",
    "pgx",
    "tables",
    "annotated",
];
/// Seconds for each.
const SECONDS: u64 = 600;
/// What one input may take: seconds, and megabytes in all and at once. The tiny genome needs a fraction of it.
const LIMITS: [&str; 4] = [
    "-timeout=20",
    "-rss_limit_mb=2048",
    "-malloc_limit_mb=1024",
    "-max_len=65536",
];

pub(crate) fn run(args: &[String]) -> Result<()> {
    let (mut seconds, mut chosen) = (SECONDS, Vec::new());
    let mut rest = args.iter();
    while let Some(argument) = rest.next() {
        if argument == "--seconds" {
            let number = rest.next().context("--seconds takes a number")?;
            seconds = number.parse().context("--seconds takes a number")?;
        } else if let Some(target) = TARGETS.iter().find(|t| *t == argument) {
            chosen.push(*target);
        } else {
            bail!("no such target: {argument}; there are {}", TARGETS.join(", "));
        }
    }
    if chosen.is_empty() {
        chosen.extend(TARGETS);
    }
    let there = Command::new("cargo")
        .args(["+nightly", "fuzz", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success());
    ensure!(
        there,
        "fuzzing needs `rustup toolchain install nightly` and `cargo install cargo-fuzz`"
    );
    let mut found = Vec::new();
    for target in chosen {
        if !one(target, seconds)? {
            found.push(target);
        }
    }
    ensure!(
        found.is_empty(),
        "findings in {}: their inputs lie in fuzz/artifacts, `cargo +nightly fuzz run TARGET FILE` repeats one",
        found.join(", ")
    );
    Ok(())
}

/// Runs a target; false where it found something.
fn one(target: &str, seconds: u64) -> Result<bool> {
    shell::say(&format!("==> {target}: {seconds} s"));
    let corpus = shell::root().join("fuzz/corpus").join(target);
    std::fs::create_dir_all(&corpus)?;
    // Cargo sets the toolchain of this very program for its children; the nightly one is asked for by name.
    let mut child = shell::command("cargo")
        .env_remove("CARGO")
        .env_remove("RUSTC")
        .env_remove("RUSTUP_TOOLCHAIN")
        .env("CLINOTYPE_FUZZ_SEEDS", &corpus)
        .args(["+nightly", "fuzz", "run", target])
        .arg(&corpus)
        .arg("--")
        .args(LIMITS)
        .arg(format!("-max_total_time={seconds}"))
        .stderr(Stdio::piped())
        .spawn()?;
    let told = child.stderr.take().context("its words are piped")?;
    let mut last: Vec<String> = Vec::new();
    let mut done = None;
    for line in BufReader::new(told).lines() {
        let line = line?;
        if line.starts_with("Done ") {
            done = Some(line.clone());
        }
        last.push(line);
        if last.len() > 60 {
            last.remove(0);
        }
    }
    let status = child.wait()?;
    match done {
        Some(done) if status.success() => {
            shell::say(&format!("    {done}, nothing found"));
            Ok(true)
        }
        _ => {
            shell::say(&last.join("\n"));
            Ok(false)
        }
    }
}
