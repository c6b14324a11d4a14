#![no_main]
//! `order.json`. What is wrong with it is said without any of its values.

use clinotype_case::Order;
use clinotype_fuzz::begin;
use libfuzzer_sys::fuzz_target;

const ORDER: &str = r#"{
  "patient": {"identifiers": [{"label": "MRN", "value": "ZZ-4471"}, {"system": "urn:oid:1.2.3", "value": "P-12"}],
    "name": {"family": "Synthetic", "given": ["Tiny"]}, "birth_date": "1970-01-01", "sex": "female"},
  "specimen": {"id": "SP-1", "type": "blood (EDTA)", "collected": "2026-11-02", "received": "2026-11-03", "condition": null},
  "order": {"id": "O-1", "test": "One-gene test", "code": null, "date": "2026-11-02"},
  "clinician": {"name": {"family": "Example", "given": ["Ada"]}, "identifier": null, "organization": "X"},
  "laboratory": {"name": "Example Laboratory", "address": "1 Example Street", "contact": null, "accreditation": null},
  "indication": {"text": "a made-up question", "hpo": ["HP:0003002"]},
  "genes": ["TINY1"], "consent": {"secondary_findings": null}, "policy": {"list_vus": false, "name": null}
}"#;

fuzz_target!(init: begin(|| vec![ORDER.as_bytes().to_vec()]), |data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Order::from_json(text) {
        Ok(order) => order.check().expect("what was read was checked"),
        Err(error) => assert!(!error.to_string().contains("ZZ-4471"), "an error holds a value of the order"),
    }
});
