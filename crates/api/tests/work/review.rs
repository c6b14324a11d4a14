//! The variant table, decisions, and what they change in conclusion and report.

use clinotype_api::types::ErrorCode;
use serde_json::{Value, json};

use crate::common::{Bench, is, window};

/// Every step's input is what the step before kept; kept and dropped add up to it; the last one kept the total.
fn adds_up(page: &Value) {
    let steps = page["funnel"].as_array().unwrap();
    let mut input = steps[0]["kept"].as_u64().unwrap();
    for step in &steps[1..] {
        let dropped: u64 = step["dropped"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| d["count"].as_u64().unwrap())
            .sum();
        assert_eq!(step["kept"].as_u64().unwrap() + dropped, input, "{page}");
        input = step["kept"].as_u64().unwrap();
    }
    assert_eq!(page["total"].as_u64().unwrap(), input, "{page}");
}

#[test]
fn every_variant_is_accounted_for() {
    let bench = Bench::new();
    let case = bench.done("T-1");
    let all = bench.ok("variants", window(&case, json!({})));
    let total = all["total"].as_u64().unwrap();
    assert_eq!(all["rows"].as_array().unwrap().len() as u64, total);
    assert_eq!(
        bench.ok("case", json!({"case": case}))["variants"].as_u64(),
        Some(total)
    );
    adds_up(&all);
    for preset in bench.ok("presets", json!({"case": case}))["presets"]
        .as_array()
        .unwrap()
    {
        adds_up(&bench.ok("variants", window(&case, preset["filter"].clone())));
    }
    for filter in [
        json!({"passed": true, "ordered": true, "impacts": ["HIGH"]}),
        json!({"kinds": ["indel"], "zygosities": ["homozygous"]}),
        json!({"frequencies": ["absent"]}),
        json!({"clinvar": ["pathogenic"], "keep_clinvar_pathogenic": true}),
        json!({"classes": ["not_classified"]}),
        json!({"text": "TINY1"}),
        json!({"text": "nosuchgene"}),
    ] {
        adds_up(&bench.ok("variants", window(&case, filter)));
    }
    let impacts = ["HIGH", "MODERATE", "LOW", "MODIFIER"].map(|impact| {
        bench.ok("variants", window(&case, json!({"impacts": [impact]})))["total"]
            .as_u64()
            .unwrap()
    });
    assert_eq!(impacts.iter().sum::<u64>(), total);
    let wrong = window(&case, json!({"impacts": ["ENORMOUS"]}));
    is(
        &bench.refused("variants", wrong),
        ErrorCode::InvalidInput,
        Some("impacts"),
    );
}

#[test]
fn what_was_not_evaluated_says_so() {
    let bench = Bench::new();
    let case = bench.done("T-1");
    let row = bench.snv(&case);
    assert_eq!(
        (&row["frequency_step"], &row["clinvar_step"]),
        (&json!("not_evaluated"), &json!("not_evaluated"))
    );
    let view = bench.ok("variant", json!({"case": case, "variant": row["id"]}));
    assert_eq!(view["clinvar"]["reason"], "no ClinVar release was given");
    assert!(view["frequency"]["reason"].is_string() && view["frequency"]["frequency"].is_null());
    assert_eq!(view["transcripts"][0]["shown"], true);
    assert!(
        view["releases"]
            .as_array()
            .unwrap()
            .iter()
            .any(|r| r["name"] == "reference")
    );
    match &view["classification"] {
        Value::Null => assert!(view["why_not"].as_str().unwrap().contains("NOT EVALUATED"), "{view}"),
        classified => {
            let states = classified["criteria"]
                .as_array()
                .unwrap()
                .iter()
                .map(|c| c["state"].as_str().unwrap());
            assert!(states.clone().any(|s| s == "not_evaluated"), "{classified}");
        }
    }
    // Every row has a view, also those that no rule classified.
    for row in bench.ok("variants", window(&case, json!({})))["rows"]
        .as_array()
        .unwrap()
    {
        let view = bench.ok("variant", json!({"case": case, "variant": row["id"]}));
        assert_ne!(view["classification"].is_null(), view["why_not"].is_null(), "{view}");
        assert_eq!(view["row"]["id"], row["id"]);
    }
    is(
        &bench.refused("variant", json!({"case": case, "variant": 4_000_000_000_u64})),
        ErrorCode::NotFound,
        None,
    );
    is(
        &bench.refused("variant", json!({"case": case, "variant": u64::MAX})),
        ErrorCode::NotFound,
        None,
    );
}

#[test]
fn a_decision_changes_conclusion_and_report_and_can_be_withdrawn() {
    let bench = Bench::new();
    let case = bench.done("T-1");
    let row = bench.snv(&case);
    let (variant, proposed) = (row["id"].clone(), row["class"].clone());
    assert_ne!(proposed, "not_classified", "the SNV is in the ordered gene: {row}");
    let conclusion = || bench.ok("case", json!({"case": case}))["conclusion"].clone();
    let state = || bench.ok("case", json!({"case": case}))["row"]["state"].clone();
    let versions = || bench.ok("reports", json!({"case": case}))["versions"].clone();
    let before = conclusion();
    assert_eq!(versions()[0]["outdated"], false);
    assert_eq!(versions()[0]["state"], "DRAFT - NOT REVIEWED");
    let decide =
        |class: &str, reason: &str| json!({"case": case, "variant": variant, "class": class, "reason": reason});
    is(
        &bench.refused("decide", decide("pathogenic", "  ")),
        ErrorCode::InvalidInput,
        Some("reason"),
    );
    is(
        &bench.refused("decide", decide("not_classified", "x")),
        ErrorCode::InvalidInput,
        Some("class"),
    );

    let view = bench.ok("decide", decide("pathogenic", "seen in an affected sister"));
    assert_eq!(view["decision"]["class"], "pathogenic");
    assert_eq!(view["decision"]["proposed"], proposed);
    assert_eq!(view["decision"]["by"], "Ada Admin");
    assert_eq!(view["classification"]["class"], proposed, "the proposal stays");
    assert_eq!(
        (&view["row"]["class"], &view["row"]["reviewed"]),
        (&json!("pathogenic"), &json!(true))
    );
    assert_eq!(state(), "in_review");
    assert_ne!(conclusion()["headline"], before["headline"]);
    assert_eq!(versions()[0]["outdated"], true);
    let outcome = conclusion()["outcome"].clone();
    assert_eq!(
        bench.ok("case", json!({"case": case}))["row"]["outcome"],
        outcome,
        "the worklist follows"
    );

    let made = bench.ok("make_report", json!({"case": case}));
    assert_eq!(
        (&made["version"], &made["outdated"], &made["outcome"]),
        (&json!(2), &json!(false), &outcome)
    );
    assert_eq!(made["state"], "DRAFT - NOT SIGNED", "every finding is reviewed");
    assert_eq!(state(), "drafted");
    assert_eq!(
        bench.ok("make_report", json!({"case": case}))["version"],
        2,
        "nothing changed: no new version"
    );
    assert_eq!(versions().as_array().unwrap().len(), 2);
    assert_eq!(versions()[1]["outdated"], true, "version 1 says what is no longer so");

    let decision = view["decision"]["id"].clone();
    let view = bench.ok("withdraw", json!({"case": case, "decision": decision}));
    assert!(view["decision"].is_null());
    assert!(
        view["decisions"][0]["withdrawn"]
            .as_str()
            .unwrap()
            .contains("Ada Admin")
    );
    assert_eq!(view["row"]["class"], proposed);
    assert_eq!(conclusion()["headline"], before["headline"]);
    assert_eq!(versions()[0]["outdated"], true);
    is(
        &bench.refused("withdraw", json!({"case": case, "decision": decision})),
        ErrorCode::WrongState,
        None,
    );

    let rows = bench.ok("history", json!({"case": case}))["rows"].clone();
    assert!(
        rows.to_string().contains("seen in an affected sister"),
        "the reason is in the trail"
    );
}

#[test]
fn the_latest_decision_stands_and_undo_brings_back_the_one_before() {
    let bench = Bench::new();
    let case = bench.done("T-1");
    let variant = bench.snv(&case)["id"].clone();
    let decide = |class: &str| {
        let reason = format!("because it is {class}");
        bench.ok(
            "decide",
            json!({"case": case, "variant": variant, "class": class, "reason": reason}),
        )
    };
    decide("benign");
    let view = decide("likely_pathogenic");
    assert_eq!(view["decisions"].as_array().unwrap().len(), 2);
    assert_eq!(view["decision"]["class"], "likely_pathogenic");
    let view = bench.ok("withdraw", json!({"case": case, "decision": view["decision"]["id"]}));
    assert_eq!(
        (&view["decision"]["class"], &view["row"]["class"]),
        (&json!("benign"), &json!("benign"))
    );
}

#[test]
fn a_new_run_is_shown_and_asks_for_a_new_decision() {
    let bench = Bench::new();
    let case = bench.done("T-1");
    let variant = bench.snv(&case)["id"].clone();
    bench.ok(
        "decide",
        json!({"case": case, "variant": variant, "class": "pathogenic", "reason": "a reason"}),
    );
    bench.ok("start_run", json!({"case": case, "with": "same"}));
    let run = bench.wait(&case, &["done", "failed"]);
    assert_eq!(run["state"], "done", "{run}");
    let view = bench.ok("variant", json!({"case": case, "variant": bench.snv(&case)["id"]}));
    assert!(view["decision"].is_null(), "evidence may have changed: {view}");
    assert_eq!(view["decisions"][0]["withdrawn"], "made on an earlier run");
    let whole = bench.ok("case", json!({"case": case}));
    assert_eq!(whole["runs"].as_array().unwrap().len(), 2);
    assert_eq!(whole["reports"], 2);
    let versions = bench.ok("reports", json!({"case": case}))["versions"].clone();
    assert_eq!(
        (&versions[0]["version"], &versions[0]["outdated"]),
        (&json!(2), &json!(false)),
        "{versions}"
    );
}
