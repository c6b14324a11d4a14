//! What a bundle holds, seen from outside.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod beside;
mod pharmacogenes;
mod reading;
#[allow(missing_docs, unreachable_pub, reason = "shared with the example")]
mod samples;

use std::collections::{BTreeMap, BTreeSet};

use clinotype_case::Report;
use clinotype_fhir::{Requests, bundle, bundle_with};
use reading::{all_objects, components, entries, notes, resources, sample, value_of, with_profile};
use serde_json::{Value, json};

#[test]
fn every_reference_resolves_to_the_right_kind() {
    for (name, report) in samples::all() {
        let bundle = value_of(&report);
        let kinds: BTreeMap<&str, &str> = entries(&bundle)
            .iter()
            .map(|e| {
                let kind = &e["resource"]["resourceType"];
                (e["fullUrl"].as_str().unwrap(), kind.as_str().unwrap())
            })
            .collect();
        assert_eq!(kinds.len(), entries(&bundle).len(), "{name}: names are unique");
        let mut seen = 0;
        for object in all_objects(&bundle) {
            for (field, kind) in [
                ("subject", "Patient"),
                ("requester", "Practitioner"),
                ("specimen", "Specimen"),
                ("device", "Device"),
                ("actor", "Organization"),
                ("basedOn", "ServiceRequest"),
                ("request", "ServiceRequest"),
                ("partOf", "Procedure"),
                ("derivedFrom", "Observation"),
                ("result", "Observation"),
                ("performer", "Organization"),
            ] {
                let targets = match object.get(field) {
                    Some(Value::Array(list)) => list.iter().collect(),
                    Some(one) => vec![one],
                    None => Vec::new(),
                };
                for target in targets.iter().filter_map(|t| t["reference"].as_str()) {
                    assert_eq!(kinds.get(target), Some(&kind), "{name}: {field}");
                    seen += 1;
                }
            }
            if let Some(Value::String(target)) = object.get("reference") {
                assert!(kinds.contains_key(target.as_str()), "{name}: {target}");
            }
        }
        assert!(seen > 4, "{name}");
    }
}

#[test]
fn nothing_is_empty() {
    for (name, report) in samples::all() {
        for object in all_objects(&value_of(&report)) {
            assert!(!object.is_empty(), "{name}");
            for (field, value) in object {
                let empty = match value {
                    Value::Null => true,
                    Value::String(text) => text.trim().is_empty(),
                    Value::Array(items) => items.is_empty() || items.iter().any(Value::is_null),
                    _ => false,
                };
                assert!(!empty, "{name}: {field}");
            }
        }
    }
}

#[test]
fn codes_that_the_profiles_fix() {
    let mut seen = BTreeSet::new();
    for (name, report) in samples::all() {
        let bundle = value_of(&report);
        for (profile, code) in [
            ("variant", "69548-6"),
            ("sequence-phase-relationship", "82120-7"),
            ("diagnostic-implication", "diagnostic-implication"),
            ("molecular-consequence", "molecular-consequence"),
            ("genomic-report", "51969-4"),
        ] {
            for resource in with_profile(&bundle, profile) {
                seen.insert(profile);
                assert_eq!(resource["code"]["coding"][0]["code"], code, "{name}");
                assert_eq!(resource["status"], "preliminary", "{name}");
                let categories: Vec<&Value> = resource["category"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|c| &c["coding"][0]["code"])
                    .collect();
                let expected: &[&str] = match profile {
                    "genomic-report" => &["GE"],
                    _ => &["laboratory", "GE"],
                };
                assert_eq!(categories, expected, "{name}");
                assert!(
                    resource["text"]["div"]
                        .as_str()
                        .unwrap()
                        .contains(report.state_in_effect().words()),
                    "{name}"
                );
            }
        }
        let reports = with_profile(&bundle, "genomic-report");
        assert_eq!(reports.len(), 1, "{name}");
        assert!(
            reports[0]["conclusion"]
                .as_str()
                .unwrap()
                .starts_with(report.state_in_effect().words()),
            "{name}"
        );
        assert_eq!(reports[0]["issued"], "2026-11-20T10:00:00Z");
        assert!(
            reports[0].get("resultsInterpreter").is_none(),
            "nobody has interpreted it"
        );
        for implication in with_profile(&bundle, "diagnostic-implication") {
            assert!(implication.get("valueCodeableConcept").is_none());
            let significance = implication["component"]
                .as_array()
                .unwrap()
                .iter()
                .find(|c| c["code"]["coding"][0]["code"] == "53037-8")
                .unwrap();
            let words = significance["valueCodeableConcept"]["text"].as_str().unwrap();
            let standing = if name == "reviewed" {
                "(reviewed, not signed)"
            } else {
                "(proposed, not reviewed)"
            };
            assert!(words.ends_with(standing), "{words}");
        }
    }
    assert_eq!(seen.len(), 5);
}

#[test]
fn a_frameshift_with_all_its_components() {
    let bundle = value_of(&sample("positive"));
    let variants = with_profile(&bundle, "variant");
    assert_eq!(variants.len(), 1);
    let expected = [
        ("48018-6", json!("HGNC:1100")),
        ("62374-4", json!("LA26806-2")),
        ("48000-4", json!("LA21270-6")),
        ("48004-6", json!("NM_007294.4:c.68_69del")),
        ("81290-9", json!("NC_000017.11:g.43124028_43124029del")),
        ("48005-3", json!("NP_009225.1:p.(Glu23ValfsTer17)")),
        ("48013-7", json!("NC_000017.11")),
        ("51958-7", json!("NM_007294.4")),
        ("protein-ref-seq", json!("NP_009225.1")),
        ("81254-5", json!([43_124_027, 43_124_029])),
        ("92822-6", json!("LA30102-0")),
        ("69547-8", json!("ACT")),
        ("69551-0", json!("A")),
        ("48019-4", json!("SO:0000159")),
        ("48002-0", json!("LA6683-2")),
        ("82121-5", json!(30)),
        ("81258-6", json!(0.4918)),
        ("53034-5", json!("LA6706-1")),
        ("81252-9", json!("17662")),
    ]
    .map(|(code, value)| (code.to_owned(), value));
    assert_eq!(components(variants[0]), expected);
    assert_eq!(variants[0]["valueCodeableConcept"]["coding"][0]["code"], "LA9633-4");
    assert_eq!(variants[0]["method"]["coding"][0]["code"], "LA26398-0");
    assert_eq!(variants[0]["effectiveDateTime"], "2026-11-02");
    assert!(notes(variants[0]).contains("12 of 152000 alleles"));

    let consequences = with_profile(&bundle, "molecular-consequence");
    assert_eq!(consequences.len(), 2, "the shown transcript and the more severe one");
    assert_eq!(
        components(consequences[1])
            .into_iter()
            .filter(|(code, _)| code == "feature-consequence")
            .map(|(_, value)| value)
            .collect::<Vec<_>>(),
        ["SO:0001587"]
    );
}

#[test]
fn an_implication_keeps_the_states_of_criteria_apart() {
    let bundle = value_of(&sample("positive"));
    let implication = with_profile(&bundle, "diagnostic-implication")[0];
    let expected = [
        (
            "conclusion-string",
            json!("NM_007294.4:c.68_69del was found. It is proposed so."),
        ),
        ("93044-6", json!({"text": "PVS1"})),
        ("93044-6", json!({"text": "PM2_Supporting"})),
        ("53037-8", json!("LA6668-3")),
        ("81259-4", json!("MONDO:0003582")),
        ("condition-inheritance", json!("HP:0000006")),
    ]
    .map(|(code, value)| (code.to_owned(), value));
    assert_eq!(components(implication), expected);
    let notes = notes(implication);
    assert!(notes.contains("PVS1 met (+8 points)"));
    assert!(notes.contains("Evaluated and not met: BA1, BS1."));
    assert!(notes.contains("Not applicable to this kind of variant: BP7."));
    assert!(notes.contains("says nothing for or against: PS1, PS2,"));
    assert!(notes.contains("ClinVar (shown, never scored): variation 17662, Pathogenic"));
    let variant = with_profile(&bundle, "variant")[0];
    let urn = entries(&bundle)
        .iter()
        .find(|e| &e["resource"] == variant)
        .map(|e| e["fullUrl"].clone())
        .unwrap();
    assert_eq!(implication["derivedFrom"], json!([{ "reference": urn }]));
    assert_eq!(
        implication["extension"][0]["valueRelatedArtifact"]["citation"],
        "clinotype.acmg version 1: Richards 2015; Tavtigian 2020"
    );
}

/// The class of the review is the one in effect; who, when and why stand with it, and so does the proposal.
#[test]
fn a_review_is_in_effect_and_the_proposal_stays() {
    let bundle = value_of(&sample("reviewed"));
    let implications = with_profile(&bundle, "diagnostic-implication");
    assert_eq!(implications.len(), 2, "what is not reported is no observation");
    let changed = implications[0];
    assert_eq!(changed["status"], "preliminary");
    let significance = components(changed).into_iter().find(|(code, _)| code == "53037-8");
    assert_eq!(significance.unwrap().1, json!("LA6668-3"), "pathogenic, as reviewed");
    let performers = changed["performer"].as_array().unwrap();
    assert!(performers[0]["reference"].is_string(), "the laboratory");
    assert_eq!(
        performers[1],
        json!({"display": "Dr. Ada Reviewer (clinical geneticist)"})
    );
    let notes_of = changed["note"].as_array().unwrap().iter();
    let by_person: Vec<&Value> = notes_of.filter(|n| n.get("authorString").is_some()).collect();
    assert_eq!(
        by_person,
        [&json!({
            "authorString": "Dr. Ada Reviewer (clinical geneticist)",
            "time": "2026-11-20T09:45:00Z",
            "text": "Reviewed: Pathogenic. The class proposed by rules, Likely pathogenic, is changed. Reason: \
                     Segregates with disease in three relatives."
        })]
    );
    let words = notes(changed);
    assert!(
        words.contains("Class proposed by rules Likely pathogenic: 9 points"),
        "{words}"
    );
    assert!(words.contains("Flag of the rules, known to the review"), "{words}");
    assert!(notes(implications[1]).contains("is confirmed. Reason: not stated"));

    let report = with_profile(&bundle, "genomic-report")[0];
    assert_eq!(report["status"], "preliminary");
    assert_eq!(
        report["conclusionCode"][0]["text"],
        "POSITIVE (reviewed, DRAFT - NOT SIGNED)"
    );
    let text = report.to_string();
    assert!(text.contains("Reviewed and not reported as a finding: CFTR"), "{text}");
    assert!(text.contains("Seen in a healthy homozygous sibling.") && !text.contains("Nobody has reviewed"));

    // One finding without a review: the report is not reviewed.
    let mut part = sample("reviewed");
    part.interpretation.findings[1].review = None;
    let bundle = value_of(&part);
    let report = with_profile(&bundle, "genomic-report")[0];
    let conclusion = report["conclusion"].as_str().unwrap();
    assert!(
        conclusion.starts_with("DRAFT - NOT REVIEWED. POSITIVE (in part reviewed)"),
        "{conclusion}"
    );
    assert!(report.to_string().contains("Some classes were reviewed by a person"));
}

#[test]
fn what_is_not_known_is_left_out_or_said() {
    let bundle = value_of(&sample("sparse"));
    let variant = with_profile(&bundle, "variant")[0];
    let codes: Vec<String> = components(variant).into_iter().map(|(code, _)| code).collect();
    for absent in [
        "48004-6", "81290-9", "48005-3", "82121-5", "81258-6", "53034-5", "81252-9",
    ] {
        assert!(!codes.contains(&absent.to_owned()), "{absent}");
    }
    assert_eq!(
        variant["valueCodeableConcept"]["coding"][0]["code"], "LA18198-4",
        "no call"
    );
    assert!(notes(variant).contains("not evaluated (no source was given)"));
    assert!(variant.get("effectiveDateTime").is_none());
    let implication = with_profile(&bundle, "diagnostic-implication")[0];
    let codes: Vec<String> = components(implication).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["53037-8"]);
}

#[test]
fn without_findings_there_is_no_observation() {
    for (name, code, words) in [
        ("negative", "LA6577-6", "sequencing-coverage"),
        (
            "inconclusive",
            "LA9663-1",
            "Coverage was not assessed: the input is a VCF",
        ),
    ] {
        let bundle = value_of(&sample(name));
        assert!(resources(&bundle, "Observation").is_empty(), "{name}");
        let report = with_profile(&bundle, "genomic-report")[0];
        assert!(report.get("result").is_none(), "{name}");
        assert_eq!(report["conclusionCode"][0]["coding"][0]["code"], code);
        let analysis = with_profile(&bundle, "genomic-study-analysis")[0].to_string();
        assert!(analysis.contains(words), "{name}");
        assert_eq!(
            analysis.contains("\"read-depth\""),
            name == "negative",
            "no figure without measurement"
        );
        assert_eq!(
            analysis.contains("ngs-mps"),
            name == "negative",
            "a VCF does not prove sequencing"
        );
    }
}

#[test]
fn gaps_and_untested_genes_are_uncalled_regions() {
    let bundle = value_of(&sample("negative"));
    let analysis = with_profile(&bundle, "genomic-study-analysis")[0];
    let regions = analysis["extension"]
        .as_array()
        .unwrap()
        .iter()
        .find(|e| e["url"].as_str().unwrap().ends_with("-regions"))
        .unwrap();
    let of = |url: &str| -> Vec<&str> {
        let parts = regions["extension"].as_array().unwrap().iter();
        parts
            .filter(|p| p["url"] == url)
            .map(|p| p["valueCodeableConcept"]["text"].as_str().unwrap())
            .collect()
    };
    assert_eq!(of("studied"), ["BRCA1", "CFTR"]);
    let uncalled = regions["extension"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|p| p["url"] == "uncalled");
    for region in uncalled {
        assert!(
            region["valueCodeableConcept"].get("coding").is_none(),
            "a gap is not the whole gene"
        );
    }
    assert_eq!(
        of("uncalled"),
        [
            "NOGENE1: not tested, no transcript of it was available",
            "BRCA1 NM_007294.4: fewer than 20 reads in exon 10 chr17:43093001-43093016 (lowest 3; reads map elsewhere equally well (MAPQ < 20))"
        ]
    );
}

#[test]
fn the_mitochondrion_has_no_chromosome_answer() {
    let bundle = value_of(&sample("mitochondrial"));
    let components: BTreeMap<String, Value> = components(with_profile(&bundle, "variant")[0]).into_iter().collect();
    assert_eq!(components.get("48000-4"), None);
    assert_eq!(components["48013-7"], "NC_012920.1");
    assert_eq!(components["53034-5"], "LA6703-8", "heteroplasmic");
    assert_eq!(components["48002-0"], "LA18197-6", "origin unknown");
}

#[test]
fn phase_is_stated_only_where_reads_state_it() {
    let bundle = value_of(&sample("phased"));
    let phases = with_profile(&bundle, "sequence-phase-relationship");
    assert_eq!(phases.len(), 1);
    assert_eq!(phases[0]["valueCodeableConcept"]["coding"][0]["code"], "Trans");
    assert_eq!(phases[0]["derivedFrom"].as_array().unwrap().len(), 2);

    let mut report = sample("phased");
    report.interpretation.findings[1].variant.genotype = samples::genotype("0|1", Some(9));
    let bundle = value_of(&report);
    let phases = with_profile(&bundle, "sequence-phase-relationship");
    assert_eq!(phases[0]["valueCodeableConcept"]["coding"][0]["code"], "Cis");

    for genotype in [
        samples::genotype("1|0", Some(8)),
        samples::genotype("1|0", None),
        samples::genotype("0/1", Some(9)),
    ] {
        report.interpretation.findings[1].variant.genotype = genotype;
        assert!(with_profile(&value_of(&report), "sequence-phase-relationship").is_empty());
    }
}

#[test]
fn without_an_order_nothing_is_said_about_a_person() {
    let bundle = value_of(&sample("unidentified"));
    for kind in ["Patient", "Practitioner", "Organization", "ServiceRequest"] {
        assert!(resources(&bundle, kind).is_empty(), "{kind}");
    }
    for kind in ["Observation", "DiagnosticReport", "Specimen"] {
        for resource in resources(&bundle, kind) {
            assert!(resource.get("subject").is_none(), "{kind}");
            assert!(resource.get("performer").is_none(), "{kind}");
        }
    }
    for procedure in resources(&bundle, "Procedure") {
        let subject = &procedure["subject"];
        assert!(subject.get("reference").is_none());
        assert_eq!(subject["extension"][0]["valueCode"], "unknown");
    }
    let report = with_profile(&bundle, "genomic-report")[0];
    assert!(
        report["conclusion"]
            .as_str()
            .unwrap()
            .starts_with("DRAFT - NOT REVIEWED. UNIDENTIFIED. ")
    );
    for requests in [Requests::ById, Requests::Conditional] {
        let text = bundle_with(&sample("unidentified"), None, requests).unwrap();
        let bundle: Value = serde_json::from_str(&text).unwrap();
        for entry in entries(&bundle) {
            assert_eq!(entry["request"]["method"], "POST");
            assert_eq!(entry["request"]["url"], entry["resource"]["resourceType"]);
            assert!(entry["request"].get("ifNoneExist").is_none());
        }
    }
}

#[test]
fn an_identified_report_has_each_party_once() {
    let bundle = value_of(&sample("positive"));
    for kind in [
        "Patient",
        "Practitioner",
        "Organization",
        "ServiceRequest",
        "Specimen",
        "Device",
        "DiagnosticReport",
    ] {
        assert_eq!(resources(&bundle, kind).len(), 1, "{kind}");
    }
    let patient = resources(&bundle, "Patient")[0];
    assert_eq!(patient["identifier"][0]["value"], "S-000123");
    assert_eq!(
        patient["name"],
        json!([{"family": "Synthetic", "given": ["Demo", "D."]}])
    );
    assert_eq!(
        (&patient["birthDate"], &patient["gender"]),
        (&json!("1970-01-01"), &json!("female"))
    );
    let text = bundle.to_string();
    assert!(
        !text.contains("OTHERNAME"),
        "the sample's name in the input may be a person's"
    );
}

#[test]
fn requests_by_id_and_conditional() {
    let report = sample("positive");
    for entry in entries(&value_of(&report)) {
        let (kind, id) = (
            entry["resource"]["resourceType"].as_str().unwrap(),
            entry["resource"]["id"].as_str().unwrap(),
        );
        assert_eq!(entry["fullUrl"], format!("urn:uuid:{id}"));
        assert_eq!(entry["request"]["method"], "PUT");
        assert_eq!(entry["request"]["url"], format!("{kind}/{id}"));
    }
    let text = bundle_with(&report, None, Requests::Conditional).unwrap();
    let bundle: Value = serde_json::from_str(&text).unwrap();
    for entry in entries(&bundle) {
        let kind = entry["resource"]["resourceType"].as_str().unwrap();
        let request = &entry["request"];
        assert!(entry["resource"].get("id").is_none());
        let urn = entry["fullUrl"].as_str().unwrap();
        let own = entry["resource"]["identifier"][0]["value"].as_str().unwrap();
        assert_ne!(own, urn, "servers may rewrite a fullUrl wherever it stands");
        let by_urn = format!("identifier=urn:ietf:rfc:3986|{own}");
        match kind {
            "Patient" => assert_eq!(
                request["ifNoneExist"],
                "identifier=https://hospital.example/mrn|S-000123&identifier=|X%204471%20B"
            ),
            "Organization" => assert_eq!(
                request["ifNoneExist"],
                "identifier=urn:oid:2.16.840.1.113883.4.7|05D0000001"
            ),
            "Practitioner" => assert_eq!(
                request["ifNoneExist"],
                "identifier=https://registry.example/physicians|P-9"
            ),
            "Device" | "ServiceRequest" => assert_eq!(request["ifNoneExist"], by_urn),
            _ => {
                assert_eq!(request["method"], "PUT");
                assert_eq!(request["url"], format!("{kind}?{by_urn}"));
                assert_eq!(entry["resource"]["identifier"][0]["system"], "urn:ietf:rfc:3986");
            }
        }
    }
}

#[test]
fn names_stay_when_a_report_is_amended() {
    let names = |report: &Report| -> BTreeSet<String> {
        entries(&value_of(report))
            .iter()
            .map(|e| e["fullUrl"].as_str().unwrap().to_owned())
            .collect()
    };
    let first = sample("phased");
    assert_eq!(bundle(&first, None).unwrap(), bundle(&first, None).unwrap());
    let mut amended = first.clone();
    amended.version = 2;
    amended.issued = "2027-01-01T00:00:00Z".parse().unwrap();
    amended.interpretation.findings.reverse();
    for (rank, finding) in amended.interpretation.findings.iter_mut().enumerate() {
        finding.id = format!("V{}", rank + 1);
        finding.variant.key.contig = "7".into();
    }
    assert_eq!(
        names(&first),
        names(&amended),
        "rank and contig spelling do not name an allele"
    );
    assert_ne!(value_of(&first)["id"], value_of(&amended)["id"]);

    let mut turned = first.clone();
    turned.order.as_mut().unwrap().patient.identifiers.reverse();
    assert_eq!(names(&first), names(&turned), "nor does the order of identifiers");

    // The same numbers in another laboratory, and another report of the same one.
    let mut elsewhere = first.clone();
    elsewhere.order.as_mut().unwrap().laboratory.accreditation = Some("CLIA 99D9999999".into());
    let shared: Vec<String> = names(&first).intersection(&names(&elsewhere)).cloned().collect();
    assert_eq!(shared.len(), 1, "only the software is the same: {shared:?}");
    let mut next = first.clone();
    next.id = "R-10".into();
    let shared = names(&first).intersection(&names(&next)).count();
    assert_eq!(shared, 6, "patient, laboratory, clinician, request, specimen, software");
}

#[test]
fn the_pdf_is_attached_with_its_hash() {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    let pdf = b"%PDF-1.7\n";
    let text = bundle(&sample("positive"), Some(pdf)).unwrap();
    let bundle: Value = serde_json::from_str(&text).unwrap();
    let form = &with_profile(&bundle, "genomic-report")[0]["presentedForm"][0];
    assert_eq!(form["contentType"], "application/pdf");
    assert_eq!(form["size"], 9);
    assert_eq!(
        BASE64_STANDARD.decode(form["data"].as_str().unwrap()).unwrap(),
        b"%PDF-1.7\n"
    );
    assert_eq!(
        BASE64_STANDARD.decode(form["hash"].as_str().unwrap()).unwrap().len(),
        20
    );
    assert_eq!(form["title"], "R-1 version 1, DRAFT - NOT REVIEWED");
}

#[test]
fn faults_name_the_field_and_not_the_value() {
    let mut report = sample("positive");
    report.order.as_mut().unwrap().patient.identifiers[0].system = Some("Jane Doe".into());
    let message = bundle(&report, None).unwrap_err().to_string();
    assert!(
        message.contains("patient.identifiers") && !message.contains("Jane"),
        "{message}"
    );

    let mut report = sample("positive");
    let again = report.interpretation.findings[0].clone();
    report.interpretation.findings.push(again);
    let message = bundle(&report, None).unwrap_err().to_string();
    assert!(message.contains("two FHIR resources"), "{message}");
}
