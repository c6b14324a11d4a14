//! Criteria that a person sets and evidence that is entered: what follows at once, what a new run keeps, what is refused.

use clinotype_api::types::ErrorCode;
use serde_json::{Value, json};

use crate::common::{Bench, is};

fn row<'a>(view: &'a Value, code: &str) -> &'a Value {
    let rows = view["classification"]["criteria"].as_array().unwrap();
    rows.iter().find(|row| row["code"] == code).unwrap()
}

fn audited(bench: &Bench, case: &str, action: &str) -> usize {
    let history = bench.ok("history", json!({"case": case}));
    let text = history.to_string();
    text.matches(action).count()
}

#[test]
fn a_set_criterion_counts_at_once_survives_a_new_run_and_is_withdrawn() {
    let bench = Bench::new();
    let case = bench.done("T-1");
    let snv = bench.snv(&case);
    let variant = snv["id"].clone();
    let view = |bench: &Bench| bench.ok("variant", json!({"case": case, "variant": bench.snv(&case)["id"]}));
    let before = view(&bench);
    let points = before["classification"]["points"].as_i64().unwrap();
    let set = |setting: &str, strength: Value, reason: &str| json!({"case": case, "variant": variant, "code": "PS3", "setting": setting, "strength": strength, "reason": reason});
    let refused = |input: Value, place: &str| {
        is(
            &bench.refused("set_criterion", input),
            ErrorCode::InvalidInput,
            Some(place),
        );
    };
    refused(set("met", json!("strong"), "  "), "reason");
    refused(set("met", Value::Null, "r"), "strength");
    refused(set("not_met", json!("strong"), "r"), "strength");
    refused(set("met", json!("stand_alone"), "r"), "setting");
    let mut unknown = set("met", json!("strong"), "r");
    unknown["code"] = json!("PP5");
    refused(unknown, "code");

    let conclusion = || bench.ok("case", json!({"case": case}))["conclusion"].clone();
    let (calm, made) = (
        conclusion(),
        bench.ok("set_criterion", set("met", json!("very_strong"), "two assays agree")),
    );
    let ps3 = row(&made, "PS3");
    assert_eq!(made["classification"]["points"], points + 8, "{made}");
    assert_eq!((&ps3["state"], &ps3["points"]), (&json!("met"), &json!(8)));
    assert_eq!(ps3["decision"]["by"], "Ada Admin");
    assert_eq!(ps3["decision"]["reason"], "two assays agree");
    assert_eq!(ps3["automatic"]["state"], "not_evaluated");
    assert!(ps3["sentence"].as_str().unwrap().contains("Set by Ada Admin"), "{ps3}");
    assert_eq!(bench.snv(&case)["points"], points + 8);
    assert_eq!(bench.snv(&case)["class"], made["classification"]["class"]);
    assert_ne!(conclusion(), calm, "the worded conclusion follows");
    assert!(audited(&bench, &case, "two assays agree") > 0);
    // What excludes it is refused with the reason.
    let contrary =
        json!({"case": case, "variant": variant, "code": "BS3", "setting": "met", "strength": "strong", "reason": "r"});
    let error = bench.refused("set_criterion", contrary);
    is(&error, ErrorCode::InvalidInput, Some("setting"));
    assert!(error.message.contains("PS3 and BS3"), "{error:?}");

    // A class that is agreed with now, and what is said once the criteria change.
    let class = made["classification"]["class"].clone();
    bench.ok(
        "decide",
        json!({"case": case, "variant": variant, "class": class, "reason": ""}),
    );
    let report = bench.ok("make_report", json!({"case": case}));
    assert_eq!(report["outdated"], false);

    bench.ok("start_run", json!({"case": case, "with": "same"}));
    let run = bench.wait(&case, &["done", "failed", "cancelled", "interrupted"]);
    assert_eq!(run["state"], "done", "{run}");
    let later = view(&bench);
    assert_eq!(later["classification"]["points"], points + 8, "{later}");
    assert_eq!(row(&later, "PS3")["decision"]["reason"], "two assays agree");
    assert_eq!(row(&later, "PS3")["decision"]["rules_then"], Value::Null);
    let shown = bench.snv(&case);
    assert_eq!((&shown["points"], &shown["class"]), (&json!(points + 8), &class));
    assert_eq!(
        bench.ok("case", json!({"case": case}))["runs"]
            .as_array()
            .unwrap()
            .len(),
        2
    );

    let id = row(&later, "PS3")["decision"]["id"].clone();
    let withdraw = json!({"case": case, "variant": shown["id"], "decision": id});
    let back = bench.ok("withdraw_criterion", withdraw.clone());
    assert_eq!(back["classification"], before["classification"], "the rules' own again");
    assert_eq!(back["former_criteria"].as_array().unwrap().len(), 1);
    assert_eq!(bench.snv(&case)["points"], points);
    is(
        &bench.refused("withdraw_criterion", withdraw),
        ErrorCode::WrongState,
        None,
    );
    assert_eq!(conclusion()["outcome"], calm["outcome"]);
}

#[test]
fn entered_evidence_is_proposed_and_confirmed_with_one_click() {
    let bench = Bench::new();
    let case = bench.done("T-1");
    let variant = bench.snv(&case)["id"].clone();
    let before = bench.ok("variant", json!({"case": case, "variant": variant}));
    let enter = |entry: Value| json!({"case": case, "variant": variant, "entry": entry});
    let assay = |odds: f64| enter(json!({"kind": "assay", "source": "PMID 1", "odds": odds}));
    let wrong = bench.refused(
        "enter_evidence",
        enter(json!({"kind": "assay", "source": " ", "odds": 3.0})),
    );
    is(&wrong, ErrorCode::InvalidInput, Some("entry"));
    let view = bench.ok("enter_evidence", assay(20.0));
    let ps3 = row(&view, "PS3");
    assert_eq!((&ps3["state"], &ps3["points"]), (&json!("not_evaluated"), &json!(0)));
    assert_eq!(
        (&ps3["proposal"]["label"], &ps3["proposal"]["confirmed"]),
        (&json!("PS3"), &json!(false))
    );
    assert_eq!(view["classification"]["points"], before["classification"]["points"]);
    assert_eq!(view["evidence"][0]["source"], "PMID 1");
    let contrary = bench.refused("enter_evidence", assay(0.01));
    is(&contrary, ErrorCode::InvalidInput, Some("entry"));
    assert!(
        contrary.message.contains("PS3") && contrary.message.contains("BS3"),
        "{contrary:?}"
    );

    let confirm = |strength: &str| json!({"case": case, "variant": variant, "code": "PS3", "setting": "met", "strength": strength, "reason": ""});
    is(
        &bench.refused("set_criterion", confirm("moderate")),
        ErrorCode::InvalidInput,
        Some("reason"),
    );
    let view = bench.ok("set_criterion", confirm("strong"));
    let ps3 = row(&view, "PS3");
    assert_eq!(
        ps3["decision"]["reason"],
        "The assay gives odds of pathogenicity of 20.000."
    );
    assert_eq!(ps3["proposal"]["confirmed"], true);
    let points = before["classification"]["points"].as_i64().unwrap();
    assert_eq!(view["classification"]["points"], points + 4);

    // The decision is the person's: it stays when the evidence goes.
    let id = view["evidence"][0]["id"].clone();
    let remove = json!({"case": case, "variant": variant, "evidence": id});
    let view = bench.ok("withdraw_evidence", remove.clone());
    assert_eq!(row(&view, "PS3")["proposal"], Value::Null);
    assert_eq!(view["classification"]["points"], points + 4);
    assert!(view["evidence"][0]["withdrawn"].is_string());
    is(&bench.refused("withdraw_evidence", remove), ErrorCode::WrongState, None);
}
