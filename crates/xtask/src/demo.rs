//! `cargo xtask demo`: the bundled synthetic sample, from reads to report and bundle.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;
use clinotype_genome::Silent;
use clinotype_testkit::demo;

use crate::{packages, shell};

pub(crate) fn run(args: &[String]) -> Result<()> {
    shell::say(
        "Clinotype demo: installs what is missing, builds, and takes a synthetic sample from reads to a draft report.",
    );
    packages::install(packages::BUILD)?;
    shell::run(
        "Build clinotype (release)",
        shell::cargo().args(["build", "--release", "-p", "clinotype-cli"]),
    )?;
    let cache = shell::target().join("demo");
    shell::say("==> Make the demo's reference, reads and data files (kept for the next time)");
    let files = demo::build(&cache, &Silent)?;
    let out = args
        .first()
        .map_or_else(|| shell::target().join("demo-results"), PathBuf::from);
    shell::run("Run the sample", &mut command(&files, &out))?;
    let of = |suffix: &str| out.join(format!("{}.{suffix}", demo::SAMPLE));
    shell::say("");
    shell::say(&format!("Report:  {}", of("report.pdf").display()));
    shell::say(&format!("         {}", of("report.html").display()));
    shell::say(&format!("Bundle:  {}", of("fhir.json").display()));
    shell::say(&format!(
        "Expected findings, with their sources: {}",
        files.expected.display()
    ));
    Ok(())
}

/// `clinotype run` of the demonstration sample, with the release build.
pub(crate) fn command(files: &demo::DemoFiles, out: &Path) -> Command {
    let mut run = shell::command(shell::target().join("release").join("clinotype"));
    run.args(["run", "--sample", demo::SAMPLE, "--reads"])
        .arg(&files.r1)
        .arg(&files.r2);
    for (option, path) in [
        ("--reference", &files.reference),
        ("--transcripts", &files.transcripts),
        ("--clinvar", &files.clinvar),
        ("--frequencies", &files.frequencies),
        ("--targets", &files.targets),
        ("--order", &files.order),
    ] {
        run.arg(option).arg(path);
    }
    run.arg("--out").arg(out);
    run
}
