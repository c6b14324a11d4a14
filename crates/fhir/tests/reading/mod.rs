//! Reading a bundle as its receiver does.

use clinotype_case::Report;
use clinotype_fhir::bundle;
use serde_json::{Value, json};

use crate::samples;

pub(crate) const GUIDE: &str = "http://hl7.org/fhir/uv/genomics-reporting/StructureDefinition/";

pub(crate) fn sample(name: &str) -> Report {
    samples::all().into_iter().find(|(n, _)| *n == name).unwrap().1
}

pub(crate) fn value_of(report: &Report) -> Value {
    serde_json::from_str(&bundle(report, None).unwrap()).unwrap()
}

pub(crate) fn entries(bundle: &Value) -> &Vec<Value> {
    bundle["entry"].as_array().unwrap()
}

pub(crate) fn resources<'a>(bundle: &'a Value, kind: &str) -> Vec<&'a Value> {
    let all = entries(bundle).iter().map(|e| &e["resource"]);
    all.filter(|r| r["resourceType"] == kind).collect()
}

pub(crate) fn with_profile<'a>(bundle: &'a Value, profile: &str) -> Vec<&'a Value> {
    let wanted = format!("{GUIDE}{profile}");
    let all = entries(bundle).iter().map(|e| &e["resource"]);
    all.filter(|r| r["meta"]["profile"][0] == wanted.as_str()).collect()
}

/// Every object below, in order.
pub(crate) fn objects<'a>(value: &'a Value, found: &mut Vec<&'a serde_json::Map<String, Value>>) {
    match value {
        Value::Object(fields) => {
            found.push(fields);
            fields.values().for_each(|v| objects(v, found));
        }
        Value::Array(items) => items.iter().for_each(|v| objects(v, found)),
        _ => {}
    }
}

pub(crate) fn all_objects(value: &Value) -> Vec<&serde_json::Map<String, Value>> {
    let mut found = Vec::new();
    objects(value, &mut found);
    found
}

pub(crate) fn components(observation: &Value) -> Vec<(String, Value)> {
    let list = observation["component"].as_array().map_or(&[][..], Vec::as_slice);
    list.iter()
        .map(|component| {
            let code = component["code"]["coding"][0]["code"].as_str().unwrap().to_owned();
            let fields = component.as_object().unwrap();
            let (_, value) = fields.iter().find(|(name, _)| name.starts_with("value")).unwrap();
            let short = match value {
                Value::Object(map) if map.contains_key("coding") => value["coding"][0]["code"].clone(),
                Value::Object(map) if map.contains_key("text") => json!({"text": value["text"]}),
                Value::Object(map) if map.contains_key("low") => {
                    json!([value["low"]["value"], value["high"]["value"]])
                }
                Value::Object(_) => value["value"].clone(),
                other => other.clone(),
            };
            (code, short)
        })
        .collect()
}

pub(crate) fn notes(resource: &Value) -> String {
    let list = resource["note"].as_array().map_or(&[][..], Vec::as_slice);
    list.iter()
        .map(|n| n["text"].as_str().unwrap())
        .collect::<Vec<_>>()
        .join("\n")
}
