//! The queue: whole runs, cancel and resume, an end of the program in the middle, a missing file, two cases.

use std::{sync::Arc, time::Duration};

use clinotype_api::types::ErrorCode;
use serde_json::json;

use crate::common::{Bench, is, stages};

/// The engine asks for the time at the beginning of its second step, when its first is done.
const SECOND_STEP: u32 = 3;

#[test]
fn a_run_from_reads_to_the_store() {
    let bench = Bench::new();
    let case = bench.done("T-1");
    let run = bench.run(&case);
    assert!(stages(&run).iter().all(|(_, state)| *state == "done"), "{run}");
    assert_eq!(stages(&run).last().unwrap().0, "store");
    assert!(run["error"].is_null() && run["seconds"].as_f64().unwrap() > 0.0);
    let view = bench.ok("case", json!({"case": case}));
    assert_eq!(view["row"]["state"], "called", "{view}");
    assert_eq!(view["build"], "GRCh38");
    assert!(view["variants"].as_u64().unwrap() >= 1);
    assert!(
        view["conclusion"]["headline"]
            .as_str()
            .is_some_and(|words| !words.is_empty())
    );
    assert_eq!(view["reports"], 1);
    // Nothing plain, and nothing of the work folder, is left on the disk.
    let store = bench.folder.path().join("store");
    // The folder of a run is cleared right after the run is said to be done.
    let begin = std::time::Instant::now();
    while std::fs::read_dir(store.join("work")).map_or(0, Iterator::count) > 0 {
        assert!(
            begin.elapsed() < Duration::from_secs(30),
            "the work folder is not cleared"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    for file in files_below(&store) {
        let bytes = match clinotype_genome::fs::read(&file) {
            Ok(bytes) => bytes,
            // The anchor of the trail was on its way to its name.
            Err(_) if file.to_string_lossy().ends_with(".partial") && !file.exists() => continue,
            Err(fault) => panic!("{fault}"),
        };
        for plain in [
            &b"Synthetic"[..],
            b"TINY1",
            b"##fileformat",
            b"ZZ-4471",
            b"##contig",
            b"%PDF-1.",
        ] {
            assert!(
                !bytes.windows(plain.len()).any(|w| w == plain),
                "{} holds plain bytes",
                file.display()
            );
        }
    }
    let verdict = bench.ok("verify_audit", json!({}));
    assert_eq!(verdict["intact"], true, "{verdict}");
}

fn files_below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}

#[test]
fn a_cancelled_run_goes_on_where_it_was() {
    let bench = Bench::new();
    bench.gate.close(SECOND_STEP);
    let case = bench.case("T-1", true);
    bench.gate.wait_for_engine();
    let run = bench.run(&case);
    assert_eq!(run["state"], "running");
    assert_eq!(stages(&run)[0], ("align", "done"));
    assert_eq!(stages(&run)[1], ("call", "working"));
    is(
        &bench.refused("start_run", json!({"case": case, "with": "same"})),
        ErrorCode::WrongState,
        None,
    );
    let id = run["id"].clone();
    bench.ok("cancel_run", json!({"run": id}));
    bench.gate.open();
    let run = bench.wait(&case, &["cancelled", "done", "failed"]);
    assert_eq!(run["state"], "cancelled", "{run}");
    assert!(run["error"].is_null(), "a wish is no error: {run}");
    assert_eq!(bench.ok("case", json!({"case": case}))["row"]["state"], "stopped");
    is(
        &bench.refused("cancel_run", json!({"run": id})),
        ErrorCode::WrongState,
        None,
    );

    bench.ok("resume_run", json!({"run": id}));
    let run = bench.wait(&case, &["cancelled", "done", "failed"]);
    assert_eq!((&run["state"], &run["id"]), (&json!("done"), &id), "{run}");
    assert_eq!(stages(&run)[0], ("align", "resumed"));
    assert_eq!(stages(&run)[1], ("call", "done"));
    is(
        &bench.refused("resume_run", json!({"run": id})),
        ErrorCode::WrongState,
        None,
    );
}

#[test]
fn a_run_that_the_end_of_the_program_interrupts_can_be_resumed() {
    let mut bench = Bench::new();
    bench.gate.close(SECOND_STEP);
    let case = bench.case("T-1", true);
    bench.gate.wait_for_engine();
    let closing = {
        let app = Arc::clone(&bench.app);
        std::thread::spawn(move || app.close())
    };
    // The wish to stop is there long before the engine looks.
    std::thread::sleep(Duration::from_secs(2));
    bench.gate.open();
    closing.join().unwrap();
    bench.reopen();
    let run = bench.wait(&case, &["interrupted", "done"]);
    assert_eq!(run["state"], "interrupted", "{run}");
    assert_eq!(stages(&run)[0], ("align", "done"));
    assert!(stages(&run).iter().all(|(_, state)| *state != "working"));
    bench.ok("resume_run", json!({"run": run["id"]}));
    let run = bench.wait(&case, &["failed", "done"]);
    assert_eq!(run["state"], "done", "{run}");
    assert_eq!(stages(&run)[0], ("align", "resumed"));
}

#[test]
fn a_failure_says_what_and_where_and_the_run_can_be_tried_again() {
    let bench = Bench::new();
    let case = bench.case("T-1", false);
    let (reads, away) = (bench.tiny.path("R2.fastq.gz"), bench.tiny.path("away"));
    std::fs::rename(&reads, &away).unwrap();
    bench.ok("start_run", json!({"case": case, "with": "same"}));
    let run = bench.wait(&case, &["failed", "done"]);
    assert_eq!(run["state"], "failed");
    assert_eq!(run["error"]["code"], "io", "{run}");
    assert_eq!(run["error"]["place"], json!(reads.display().to_string()));
    assert!(
        run["error"]["message"].as_str().unwrap().contains("no such file"),
        "{run}"
    );
    assert!(run["error"]["hint"].is_string());
    let text = run.to_string();
    assert!(
        !text.contains("Synthetic") && !text.contains("ZZ-"),
        "no patient data: {text}"
    );
    is(
        &bench.refused("variants", crate::common::window(&case, json!({}))),
        ErrorCode::WrongState,
        None,
    );
    std::fs::rename(&away, &reads).unwrap();
    bench.ok("resume_run", json!({"run": run["id"]}));
    let run = bench.wait(&case, &["failed", "done"]);
    assert_eq!(run["state"], "done", "{run}");
    assert!(run["error"].is_null());
}

#[test]
fn cases_wait_in_a_queue_that_can_be_changed() {
    let bench = Bench::new();
    bench.gate.close(SECOND_STEP);
    let first = bench.case("T-1", true);
    bench.gate.wait_for_engine();
    let (second, third, fourth) = (
        bench.case("T-2", true),
        bench.case("T-3", true),
        bench.case("T-4", true),
    );
    let place = |case: &str| bench.run(case)["place"].clone();
    assert_eq!(
        (place(&second), place(&third), place(&fourth)),
        (json!(1), json!(2), json!(3))
    );
    let queue = bench.ok("move_run", json!({"run": bench.run(&third)["id"], "place": 1}));
    let samples: Vec<_> = queue["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| run["sample"].clone())
        .collect();
    assert_eq!(samples, ["T-1", "T-3", "T-2", "T-4"]);
    bench.ok("cancel_run", json!({"run": bench.run(&fourth)["id"]}));
    assert_eq!(
        bench.run(&fourth)["state"],
        "cancelled",
        "what waits is cancelled at once"
    );
    is(
        &bench.refused("move_run", json!({"run": bench.run(&second)["id"], "place": 0})),
        ErrorCode::InvalidInput,
        Some("place"),
    );
    bench.gate.open();
    let ended = |case: &str| {
        let run = bench.wait(case, &["done", "failed"]);
        assert_eq!(run["state"], "done", "{run}");
        run["started"].as_str().unwrap().to_owned()
    };
    let (third, second) = (ended(&third), ended(&second));
    assert!(third <= second, "the moved one was first: {third} {second}");
    assert_eq!(bench.run(&first)["state"], "done");
    assert_eq!(bench.run(&fourth)["state"], "cancelled");
}

#[test]
fn a_locked_window_does_not_stop_the_run() {
    let mut bench = Bench::new();
    bench.gate.close(SECOND_STEP);
    let case = bench.case("T-1", true);
    bench.gate.wait_for_engine();
    bench.ok("lock", json!({}));
    is(&bench.refused("queue", json!({})), ErrorCode::Locked, None);
    bench.gate.open();
    bench.ok("unlock", json!({"user": "ada", "passphrase": "correct horse battery"}));
    let run = bench.wait(&case, &["done", "failed"]);
    assert_eq!(run["state"], "done", "{run}");
    bench.app.close();
    bench.reopen();
    assert_eq!(bench.run(&case)["state"], "done");
}
