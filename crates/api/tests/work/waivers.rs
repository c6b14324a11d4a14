//! A failed check of identity withholds the report until a person waives it, and again when the waiver is taken back.

use clinotype_api::types::ErrorCode;
use serde_json::{Value, json};

use crate::common::{Bench, is};

/// A case whose reads are of a male, ordered for a female; its run is done.
fn wrong_sex(bench: &Bench) -> String {
    bench.tiny.add_x(22.0);
    let path = |name: &str| bench.tiny.path(name).display().to_string();
    let set = json!({
        "id": bench.set, "name": "Tiny", "reference": path("reference.fa"), "transcripts": path("transcripts.gff3"),
        "clinvar": null, "frequencies": null, "targets": null, "thresholds": null, "build": "GRCh38",
        "synthetic": false,
    });
    bench.ok("save_reference_set", set);
    let names = ["R1.fastq.gz", "R2.fastq.gz", "X_R1.fastq.gz", "X_R2.fastq.gz"];
    let files: Vec<Value> = names
        .iter()
        .enumerate()
        .map(|(n, name)| json!({"path": path(name), "kind": "fastq", "mate": n % 2 + 1, "pair": n / 2 + 1, "bytes": null}))
        .collect();
    let order = bench.ok("inspect", json!({"paths": [path("order.json")]}))["order"].clone();
    let made = bench.ok(
        "new_case",
        json!({
            "sample": "T-1", "input_sample": null, "order": order, "files": files, "reference_set": bench.set,
            "start": true,
        }),
    );
    let case = made["case"].as_str().unwrap().to_owned();
    let run = bench.wait(&case, &["done", "failed", "cancelled", "interrupted"]);
    assert_eq!(run["state"], "done", "{run}");
    case
}

fn sex(quality: &Value) -> &Value {
    let checks = quality["checks"].as_array().unwrap();
    checks.iter().find(|check| check["name"] == "Sex").unwrap()
}

#[test]
fn a_report_is_withheld_until_the_check_is_waived() {
    let bench = Bench::new();
    let case = wrong_sex(&bench);
    let of_case = json!({"case": case});
    let reports = |bench: &Bench| bench.ok("reports", json!({"case": case}))["versions"].clone();
    assert_eq!(reports(&bench), json!([]), "the run makes no report");
    let quality = bench.ok("quality", of_case.clone());
    assert_eq!(quality["withheld"], true);
    let check = sex(&quality);
    assert_eq!(
        (&check["result"], &check["withholds"], &check["waiver"]),
        (&json!("fail"), &json!(true), &json!(null))
    );
    let refused = bench.refused("make_report", of_case.clone());
    is(&refused, ErrorCode::WrongState, None);
    assert!(
        refused.message.contains("declared female, but observed male"),
        "{refused:?}"
    );

    let waive = |check: &str, reason: &str| json!({"case": case, "check": check, "reason": reason});
    is(
        &bench.refused("waive", waive("Sex", " ")),
        ErrorCode::InvalidInput,
        Some("reason"),
    );
    is(
        &bench.refused("waive", waive("Coverage", "why")),
        ErrorCode::WrongState,
        None,
    );
    let waived = bench.ok("waive", waive("Sex", "marrow of a male donor"));
    assert_eq!(waived["withheld"], false);
    let check = sex(&waived);
    assert_eq!(
        (&check["result"], &check["withholds"]),
        (&json!("fail"), &json!(false)),
        "it stays failed"
    );
    assert_eq!(
        (&check["waiver"]["reason"], &check["waiver"]["by"]),
        (&json!("marrow of a male donor"), &json!("Ada Admin"))
    );
    let twice = bench.refused("waive", waive("Sex", "again"));
    assert!(twice.message.contains("waived already"), "{twice:?}");
    let made = bench.ok("make_report", of_case.clone());
    assert_eq!(made["outdated"], false);
    let path = |name: &str| bench.folder.path().join(name).display().to_string();
    let export = |name: &str| {
        json!({
            "case": case, "kind": "html", "version": made["version"], "path": path(name), "recipient": "Dr Example",
            "purpose": "a test",
        })
    };
    bench.ok("export", export("one.html"));
    let html = clinotype_genome::fs::read_to_string(path("one.html")).unwrap();
    assert!(html.contains("marrow of a male donor") && html.contains("Ada Admin"));

    let taken = json!({"case": case, "waiver": check["waiver"]["id"], "reason": "another donor"});
    let back = bench.ok("withdraw_waiver", taken.clone());
    assert_eq!(back["withheld"], true);
    is(&bench.refused("withdraw_waiver", taken), ErrorCode::WrongState, None);
    is(
        &bench.refused("make_report", of_case.clone()),
        ErrorCode::WrongState,
        None,
    );
    is(
        &bench.refused("export", export("two.html")),
        ErrorCode::WrongState,
        None,
    );
    assert_eq!(reports(&bench)[0]["outdated"], true);
    let rows = bench.ok("history", of_case)["rows"].clone();
    let told = rows
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row.to_string().contains("donor"))
        .count();
    assert!(told >= 2, "waiver and withdrawal stand in the trail: {rows}");
    assert_eq!(bench.ok("verify_audit", json!({}))["intact"], true);
}
