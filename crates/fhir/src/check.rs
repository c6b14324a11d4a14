//! A last look at the finished JSON, before anybody gets it: nothing empty, no reference into the void.

use std::collections::BTreeSet;

use clinotype_genome::{Fault, Result};
use serde_json::Value;

/// Refuses a bundle with an empty object, array or text, a null, two entries of one name, or a reference that no entry
/// answers. Each would be a defect of this crate.
pub(crate) fn check(bundle: &Value) -> Result<()> {
    let mut names = BTreeSet::new();
    for entry in bundle["entry"].as_array().into_iter().flatten() {
        if let Some(name) = entry["fullUrl"].as_str()
            && !names.insert(name)
        {
            return Err(Fault::internal(format!("two FHIR resources have the name {name}"))
                .hint("the report holds one allele twice"));
        }
    }
    walk(bundle, "Bundle", &names)
}

fn walk(value: &Value, place: &str, names: &BTreeSet<&str>) -> Result<()> {
    let defect = |what: &str| Err(Fault::internal(format!("the FHIR bundle has {what} at {place}")));
    match value {
        Value::Null => defect("a null"),
        Value::String(text) if text.trim().is_empty() => defect("an empty text"),
        Value::Array(items) if items.is_empty() => defect("an empty list"),
        Value::Object(fields) if fields.is_empty() => defect("an empty object"),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(i, item)| walk(item, &format!("{place}[{i}]"), names)),
        Value::Object(fields) => {
            if let Some(Value::String(target)) = fields.get("reference")
                && !names.contains(target.as_str())
            {
                return defect("a reference that no entry answers");
            }
            fields
                .iter()
                .try_for_each(|(name, field)| walk(field, &format!("{place}.{name}"), names))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn defects_are_found() {
        let resource = |resource: Value| json!({"entry": [{"fullUrl": "urn:uuid:a", "resource": resource}]});
        for (bundle, words) in [
            (resource(json!({"a": []})), "empty list at Bundle.entry[0].resource.a"),
            (resource(json!({"a": {}})), "empty object"),
            (resource(json!({"a": " "})), "empty text"),
            (resource(json!({"a": null})), "null"),
            (resource(json!({"s": {"reference": "urn:uuid:b"}})), "no entry answers"),
            (
                json!({"entry": [{"fullUrl": "a"}, {"fullUrl": "a"}]}),
                "two FHIR resources",
            ),
        ] {
            let message = check(&bundle).unwrap_err().to_string();
            assert!(message.contains(words), "{message}");
        }
        assert!(check(&resource(json!({"s": {"reference": "urn:uuid:a"}}))).is_ok());
    }
}
