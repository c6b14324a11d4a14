//! kill -9 at any moment leaves nothing half-written under a final name, and a second run completes with the same bytes.
//! `cargo xtask soak kills` does the same on the demonstration sample, and these many times.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::Stdio,
    time::Instant,
};

use clinotype_tests::{READS, TinyCase, final_names};
use serde_json::Value;

/// Bytes of every output whose content does not tell when, or in how many attempts, it was made.
pub(crate) fn outputs(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    final_names(folder)
        .into_iter()
        .filter(|name| name != "provenance.json" && !name.contains(".report.") && !name.ends_with(".fhir.json"))
        .map(|name| (name.clone(), fs::read(folder.join(name)).unwrap()))
        .collect()
}

/// Rounds of the long version.
pub(crate) fn soak() -> Option<usize> {
    std::env::var("CLINOTYPE_SOAK").ok()?.parse().ok()
}

#[test]
fn a_killed_run_leaves_only_whole_files_and_goes_on() {
    let case = TinyCase::new();
    // The first run also builds the binary and the index of the reference; the second tells how long a run takes.
    case.succeeds(&READS, &["--out", "first"]);
    let start = Instant::now();
    case.succeeds(&READS, &["--out", "whole"]);
    let length = start.elapsed();
    let whole = outputs(&case.path("whole"));
    let mut killed = 0;
    let parts = soak().map_or(8, |rounds| rounds as u32 + 1);
    for part in 1..parts {
        let out = format!("out-{part}");
        let mut child = case
            .run(&READS, &["--out", &out])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(length * part / parts);
        // On Unix this is SIGKILL.
        child.kill().unwrap();
        killed += u32::from(!child.wait().unwrap().success());
        for (name, bytes) in outputs(&case.path(&out)) {
            assert!(
                whole.get(&name) == Some(&bytes),
                "{name} is not whole after a kill at {part}/{parts}"
            );
        }
        case.succeeds(&READS, &["--out", &out]);
        let made = outputs(&case.path(&out));
        let differ: Vec<_> = whole
            .keys()
            .chain(made.keys())
            .filter(|n| whole.get(*n) != made.get(*n))
            .collect();
        assert!(
            differ.is_empty(),
            "going on after {part}/{parts} gave other bytes: {differ:?}"
        );
        let left: Vec<_> = fs::read_dir(case.path(&out))
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .filter(|n| {
                [".partial", ".scratch", ".lock", ".kept"]
                    .iter()
                    .any(|end| n.ends_with(end))
            })
            .collect();
        assert!(left.is_empty(), "left after going on: {left:?}");
    }
    assert!(killed > 0, "no run was killed before its end");
}

#[test]
fn a_run_killed_as_a_stage_begins_takes_over_the_stages_before() {
    let case = TinyCase::new();
    case.succeeds(&READS, &["--out", "whole"]);
    let whole = outputs(&case.path("whole"));
    const STAGES: usize = 7;
    for stage in 1..=STAGES {
        let out = format!("out-{stage}");
        let mut child = case
            .telling(&READS, &["--out", &out])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let told = BufReader::new(child.stderr.take().unwrap());
        let begins = format!("[{stage}/{STAGES}]");
        let seen = told.lines().map_while(Result::ok).any(|line| line.starts_with(&begins));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(seen, "stage {stage} did not begin");
        for (name, bytes) in outputs(&case.path(&out)) {
            assert!(
                whole.get(&name) == Some(&bytes),
                "{name} is not whole after a kill in stage {stage}"
            );
        }
        case.succeeds(&READS, &["--out", &out]);
        assert_eq!(
            outputs(&case.path(&out)),
            whole,
            "going on after stage {stage} gave other bytes"
        );
        let trail: Value = serde_json::from_slice(&fs::read(case.path(&out).join("provenance.json")).unwrap()).unwrap();
        let resumed = trail["steps"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|s| s["resumed"] == true)
            .count();
        // Report and bundle carry a time to the second: they are made anew, but for a report of this very second.
        assert!(
            (stage - 1).min(5) <= resumed && resumed < stage.max(6),
            "killed in stage {stage}, {resumed} taken over"
        );
    }
}

/// Contigs that are windows of their own, so that a run has many of them.
#[test]
fn a_run_killed_while_it_calls_takes_over_the_windows_that_it_had_called() {
    const CONTIGS: usize = 40;
    let case = TinyCase::new();
    case.many_contigs(CONTIGS);
    let start = Instant::now();
    case.succeeds(&READS, &["--out", "whole", "--threads", "1"]);
    eprintln!("an undisturbed run takes {:.1} s", start.elapsed().as_secs_f64());
    let whole = outputs(&case.path("whole"));
    let moments: Vec<usize> = match soak() {
        None => vec![1, CONTIGS / 3, CONTIGS * 2 / 3],
        Some(rounds) => (0..rounds)
            .map(|round| 1 + round * (CONTIGS * 3 / 4) / rounds)
            .collect(),
    };
    let mut in_time = 0;
    for wanted in moments {
        let out = format!("out-{wanted}");
        let mut child = case
            .run(&READS, &["--out", &out, "--threads", "1"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let kept = case.path(&out).join(".T-1.kept/call");
        let count = || {
            let Ok(entries) = fs::read_dir(&kept) else { return 0 };
            entries
                .flatten()
                .filter(|e| !e.file_name().to_string_lossy().ends_with(".partial"))
                .count()
        };
        while count() < wanted && child.try_wait().unwrap().is_none() {
            std::thread::sleep(std::time::Duration::from_micros(200));
        }
        child.kill().unwrap();
        let ended = child.wait().unwrap().success();
        let called = case.path(&out).join("T-1.vcf.gz").exists();
        for (name, bytes) in outputs(&case.path(&out)) {
            assert!(
                whole.get(&name) == Some(&bytes),
                "{name} is not whole after {wanted} windows"
            );
        }
        case.succeeds(&READS, &["--out", &out]);
        assert_eq!(outputs(&case.path(&out)), whole, "other bytes after {wanted} windows");
        assert!(!kept.exists());
        // On a busy machine the kill may come after the last window.
        if ended || called {
            continue;
        }
        in_time += 1;
        let trail: Value = serde_json::from_slice(&fs::read(case.path(&out).join("provenance.json")).unwrap()).unwrap();
        let call = trail["steps"]
            .as_array()
            .unwrap()
            .iter()
            .find(|s| s["name"] == "call")
            .unwrap();
        let words = call["parameters"]["windows_called_by_a_stopped_run"].as_str().unwrap();
        let (taken, of) = words.split_once(" of ").unwrap();
        assert_eq!(of.parse::<usize>().unwrap(), CONTIGS + 1);
        assert!(taken.parse::<usize>().unwrap() >= wanted, "{words}");
    }
    assert!(in_time > 0, "no run was killed while it called");
}
