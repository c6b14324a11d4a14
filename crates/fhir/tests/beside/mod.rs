//! What a bundle holds of polygenic scores, and that a gene rank has no resource.

use serde_json::Value;

use crate::reading::{resources, sample, value_of};

#[test]
fn scores_are_plain_observations_and_a_rank_is_a_note() {
    let bundle = value_of(&sample("beside"));
    let scores: Vec<&Value> = resources(&bundle, "Observation")
        .into_iter()
        .filter(|r| r["code"]["text"] == "Polygenic score, raw sum")
        .collect();
    assert_eq!(scores.len(), 3);
    for score in &scores {
        assert!(score.get("meta").is_none(), "the guide has no profile: {score}");
        assert_eq!(score["status"], "preliminary");
        let method = score["method"]["text"].as_str().unwrap();
        assert!(method.contains("PGS Catalog scoring file PGS90000") && method.contains(&"3f".repeat(32)));
        assert!(score["text"]["div"].as_str().unwrap().contains("DRAFT"));
    }
    let component = |score: &Value, name: &str| -> Option<Value> {
        let all = score["component"].as_array()?;
        all.iter().find(|c| c["code"]["text"] == name).cloned()
    };
    assert_eq!(scores[0]["valueQuantity"]["value"], 1.234_567_8);
    assert_eq!(
        component(scores[0], "Percentile").unwrap()["valueQuantity"]["value"],
        87.25
    );
    // Without people to compare with there is a sum and no percentile; a refused sum is neither zero nor a percentile.
    assert_eq!(scores[1]["valueQuantity"]["value"], -0.5);
    assert_eq!(component(scores[1], "Percentile"), None);
    assert!(
        scores[1]["note"]
            .to_string()
            .contains("No percentile: no reference of people was given.")
    );
    assert!(scores[2].get("valueQuantity").is_none());
    assert_eq!(scores[2]["dataAbsentReason"]["coding"][0]["code"], "not-performed");
    assert!(scores[2]["note"].to_string().contains("only 40.0 % of the rows"));

    let report = resources(&bundle, "DiagnosticReport")[0];
    let results = report["result"].as_array().unwrap();
    assert_eq!(results.len(), 3, "each score is a result of the report");
    let text = report.to_string();
    assert!(text.contains("the guide has no resource for such a rank"), "{text}");
    assert!(!bundle.to_string().contains("GENE11"));
}
