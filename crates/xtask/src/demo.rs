//! `cargo xtask demo`: the bundled synthetic sample, from reads to report and bundle.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;
use clinotype_genome::Silent;
use clinotype_testkit::demo;

use crate::{packages, shell, ui};

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
    let wants_window = !args.iter().any(|a| a == "--no-window");
    let out = args
        .iter()
        .find(|a| !a.starts_with("--"))
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
    window(wants_window)
}

/// Opens the window on the demonstration case where there is a display, and says how where there is none.
fn window(wanted: bool) -> Result<()> {
    let display = ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    shell::say("");
    if !wanted || !display {
        let why = if wanted {
            "There is no display here, so the window was not opened."
        } else {
            "The window was not opened."
        };
        shell::say(&format!(
            "{why} To see the case in it, run `cargo xtask demo` in a graphical session,"
        ));
        shell::say("or without one: xvfb-run -a cargo xtask demo");
        return Ok(());
    }
    packages::install(packages::WINDOW)?;
    ui::install()?;
    ui::build()?;
    shell::run(
        "Build the window (release)",
        shell::cargo().args([
            "build",
            "--release",
            "-p",
            "clinotype-desktop",
            "--features",
            "custom-protocol",
        ]),
    )?;
    shell::say("==> The window opens on the SYNTHETIC case; close it to end");
    shell::run(
        "Window",
        shell::command(shell::target().join("release/clinotype-desktop")).arg("--demo"),
    )
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
