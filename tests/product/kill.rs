//! kill -9 at any moment leaves nothing half-written under a final name, and a second run completes with the same bytes.
//! `cargo xtask soak` does the same on the demonstration sample, many times.

use std::{collections::BTreeMap, fs, path::Path, process::Stdio, time::Instant};

use clinotype_tests::{READS, TinyCase, final_names};

/// Bytes of every output whose content does not tell when, or in how many attempts, it was made.
fn outputs(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    final_names(folder)
        .into_iter()
        .filter(|name| name != "provenance.json" && !name.contains(".report.") && !name.ends_with(".fhir.json"))
        .map(|name| (name.clone(), fs::read(folder.join(name)).unwrap()))
        .collect()
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
    for eighth in 1..8 {
        let out = format!("out-{eighth}");
        let mut child = case
            .run(&READS, &["--out", &out])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(length * eighth / 8);
        // On Unix this is SIGKILL.
        child.kill().unwrap();
        killed += u32::from(!child.wait().unwrap().success());
        for (name, bytes) in outputs(&case.path(&out)) {
            assert!(
                whole.get(&name) == Some(&bytes),
                "{name} is not whole after a kill at {eighth}/8"
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
            "going on after {eighth}/8 gave other bytes: {differ:?}"
        );
        let left: Vec<_> = fs::read_dir(case.path(&out))
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .filter(|n| n.ends_with(".partial") || n.ends_with(".scratch") || n.ends_with(".lock"))
            .collect();
        assert!(left.is_empty(), "left after going on: {left:?}");
    }
    assert!(killed > 0, "no run was killed before its end");
}
