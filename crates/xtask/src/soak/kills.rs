//! `cargo xtask soak kills`: kills runs of the demo sample at random moments, checks that nothing
//! half-written stands under a final name, and that going on gives the same bytes as a run that was left alone. Report,
//! bundle and provenance print which steps were taken over; of them it only checks that they are there. Then the same for the encrypted
//! store: what was reported as committed is there, and the chain of the audit trail verifies.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use clinotype_genome::{Silent, digest};
use clinotype_testkit::demo::{DemoFiles, build};

use crate::{demo, shell};

/// A held clock, so that two runs give equal bytes.
const CLOCK: (&str, &str) = ("SOURCE_DATE_EPOCH", "1780000000");

pub(crate) fn run(args: &[String]) -> Result<()> {
    let rounds: u64 = match args {
        [flag, number] if flag == "--rounds" => number.parse().context("--rounds takes a number")?,
        [] => 30,
        _ => bail!("usage: cargo xtask soak kills [--rounds N]"),
    };
    shell::run(
        "Build clinotype (release)",
        shell::cargo().args(["build", "--release", "-p", "clinotype-cli"]),
    )?;
    let files = build(&shell::target().join("demo"), &Silent)?;
    let folder = shell::target().join("soak");
    let _ = std::fs::remove_dir_all(&folder);
    let whole = folder.join("whole");
    // The first run also makes the index of the reference; the second tells how long a run takes.
    ensure!(
        command(&files, &folder.join("first")).status()?.success(),
        "the run that nobody disturbs failed"
    );
    let start = Instant::now();
    ensure!(
        command(&files, &whole).status()?.success(),
        "the run that nobody disturbs failed"
    );
    let length = start.elapsed();
    let expected = digests(&whole)?;
    shell::say(&format!(
        "==> {rounds} runs, each killed at a random moment of {:.1} s, then started again",
        length.as_secs_f64()
    ));
    // A fixed sequence (Knuth's MMIX constants), so that a failure can be repeated.
    let mut state = 1_u64;
    let mut killed = 0;
    for round in 0..rounds {
        let out = folder.join(format!("round-{round}"));
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let moment = length.mul_f64((state >> 11) as f64 / (1_u64 << 53) as f64);
        let mut child = command(&files, &out).spawn()?;
        std::thread::sleep(moment.max(Duration::from_millis(1)));
        // On Unix `kill` sends SIGKILL.
        child.kill()?;
        killed += u64::from(!child.wait()?.success());
        for (name, sha256) in digests(&out)? {
            // A held clock is not enough for provenance (times of steps), and the record of steps is rewritten.
            ensure!(
                expected.get(&name) == Some(&sha256),
                "round {round}: {name} is not whole after a kill"
            );
        }
        ensure!(
            command(&files, &out).status()?.success(),
            "round {round}: the run did not go on"
        );
        ensure!(
            digests(&out)? == expected,
            "round {round}: the outputs differ after going on"
        );
        std::fs::remove_dir_all(&out)?;
    }
    shell::say(&format!(
        "    {killed} of {rounds} runs were killed before their end; every output was whole, every second run completed with the same bytes (report, bundle and provenance print the trail of their run and only had to be there)"
    ));
    shell::run(
        "Kills in every stage and among the windows of calling, and a disk that fills at many points",
        shell::cargo()
            .args([
                "test",
                "-p",
                "clinotype-tests",
                "--test",
                "product",
                "--",
                "kill::",
                "disk::",
            ])
            .env("CLINOTYPE_SOAK", rounds.to_string()),
    )?;
    shell::run(
        &format!("{rounds} writers of the store, each killed at a random moment"),
        shell::cargo()
            .args([
                "run",
                "--release",
                "--quiet",
                "-p",
                "clinotype-store",
                "--example",
                "store_kill",
                "--",
            ])
            .arg(rounds.to_string()),
    )
}

fn command(files: &DemoFiles, out: &Path) -> Command {
    let mut run = demo::command(files, out);
    run.arg("--quiet")
        .env(CLOCK.0, CLOCK.1)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    run
}

/// Digest of every file that has a final name, but for those whose bytes hold resumption itself.
fn digests(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in std::fs::read_dir(folder)? {
        let path: PathBuf = entry?.path();
        let name = path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        let holds_trail = name == "provenance.json"
            || name.ends_with(".report.pdf")
            || name.ends_with(".report.html")
            || name.ends_with(".fhir.json");
        if path.is_file() && !name.starts_with('.') {
            // Report and bundle print the trail, which says which steps were taken over; they only have to be there.
            let sha256 = if holds_trail {
                String::from("there")
            } else {
                digest::sha256_file(&path)?
            };
            found.insert(name, sha256);
        }
    }
    Ok(found)
}
