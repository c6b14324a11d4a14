//! What a bundle holds of pharmacogenes.

use serde_json::{Value, json};

use crate::reading::{resources, sample, value_of, with_profile};

#[test]
fn pharmacogenes_are_genotypes_implications_and_proposals() {
    let report = sample("pharmacogenes");
    let bundle = value_of(&report);
    let named = |profile: &str| -> Vec<String> {
        let all = with_profile(&bundle, profile);
        all.iter()
            .map(|r| {
                r["valueCodeableConcept"]["text"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect()
    };
    // A gene without a result has no observation.
    assert_eq!(
        named("genotype"),
        [
            "CYP2B6 *1/*6",
            "CYP2C19 *2/*2",
            "DPYD Reference/Reference",
            "HLA-B *15:02/*57:01"
        ]
    );
    assert_eq!(
        named("haplotype"),
        [
            "CYP2B6 *1",
            "CYP2B6 *6",
            "CYP2C19 *2",
            "DPYD Reference",
            "HLA-B *15:02",
            "HLA-B *57:01"
        ]
    );
    let values = |r: &Value, code: &str| -> Vec<Value> {
        let all = r["component"].as_array().unwrap().iter();
        all.filter(|c| c["code"]["coding"][0]["code"] == code)
            .map(|c| c["valueCodeableConcept"].clone())
            .collect()
    };
    let implications = with_profile(&bundle, "therapeutic-implication");
    let of = |drug: &str| -> Vec<&Value> {
        let about = |r: &&&Value| values(r, "51963-7").iter().any(|c| c["text"] == drug);
        implications.iter().filter(about).copied().collect()
    };
    assert_eq!((of("clopidogrel").len(), of("tamoxifen").len()), (2, 0));
    // One for both drugs to which the guideline says the same.
    assert_eq!(of("capecitabine"), of("fluorouracil"));
    let clopidogrel = of("clopidogrel")[0];
    let meaning = &values(clopidogrel, "therapeutic-implication")[0];
    assert_eq!(
        (&meaning["coding"][0]["code"], &meaning["text"]),
        (&json!("LA9657-3"), &json!("CYP2C19: Poor Metabolizer"))
    );
    assert!(clopidogrel.get("valueCodeableConcept").is_none());
    assert_eq!(of("sertraline")[0]["derivedFrom"].as_array().unwrap().len(), 2);

    // Only what the patient takes is proposed to be changed.
    let tasks = with_profile(&bundle, "medication-recommendation");
    assert_eq!(tasks.len(), 2);
    for task in &tasks {
        assert_eq!(
            (&task["status"], &task["intent"], &task["code"]["coding"][0]["code"]),
            (&json!("requested"), &json!("proposal"), &json!("LA26421-0"))
        );
        let words = task["description"].as_str().unwrap();
        assert!(
            words.starts_with("DRAFT") && words.contains("Clopidogrel 75 mg"),
            "{words}"
        );
    }
    let statements = resources(&bundle, "MedicationStatement");
    assert_eq!(statements.len(), 1);
    // RxNorm's ingredient, and the words of the order.
    let ingredient = json!([{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "32968"}]);
    let taken = &statements[0]["medicationCodeableConcept"];
    assert_eq!(
        (&taken["coding"], &taken["text"]),
        (&ingredient, &json!("Clopidogrel 75 mg"))
    );
    let assessed = &values(clopidogrel, "51963-7")[0];
    assert_eq!(
        (&assessed["coding"], &assessed["text"]),
        (&ingredient, &json!("clopidogrel"))
    );
    let report_resource = resources(&bundle, "DiagnosticReport")[0];
    let actions = |r: &Value| {
        let all = r["extension"].as_array().unwrap();
        all.iter()
            .filter(|e| e["url"].as_str().unwrap().ends_with("/recommended-action"))
            .count()
    };
    assert_eq!(actions(report_resource), 2);
    let said = report_resource.to_string();
    for words in [
        "Pharmacogenes without a result, of which nothing is known: CYP2D6",
        "phenoconversion",
        "PGx allele definitions 1 (ClinPGx release 2025-11-05)",
    ] {
        assert!(said.contains(words), "{words}");
    }

    // Without a patient there is nobody who takes a medicine.
    let nobody = value_of(&sample("pharmacogenes_unidentified"));
    assert!(resources(&nobody, "MedicationStatement").is_empty() && resources(&nobody, "Task").is_empty());
    assert_eq!(with_profile(&nobody, "genotype").len(), 4);
}
