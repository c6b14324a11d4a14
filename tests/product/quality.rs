//! Quality control of a whole run: identity that failed and is waived, limits of the laboratory, copied regions.

use clinotype_genome::fs;
use clinotype_tests::{TinyCase, errors};
use serde_json::Value;

/// The reads of the case together with those of its X.
const BOTH: [&str; 5] = [
    "--reads",
    "R1.fastq.gz",
    "R2.fastq.gz",
    "X_R1.fastq.gz",
    "X_R2.fastq.gz",
];
const ORDER: [&str; 2] = ["--order", "order.json"];

fn json(case: &TinyCase, name: &str) -> Value {
    serde_json::from_slice(&fs::read(case.path(name)).unwrap()).unwrap()
}

fn sex(case: &TinyCase) -> (String, String) {
    let quality = json(case, "out/T-1.qc.json");
    let checks = quality["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["name"] == "Sex").unwrap();
    let text = |field: &str| check[field].as_str().unwrap().to_owned();
    (text("result"), text("reason"))
}

#[test]
fn the_wrong_sex_withholds_the_report_until_it_is_waived() {
    let case = TinyCase::new();
    // Half of the depth of the autosome: one X, and the order says female.
    case.add_x(22.0);
    case.succeeds(&["--reads", "R1.fastq.gz", "R2.fastq.gz"], &ORDER);
    assert!(case.path("out/T-1.report.pdf").exists());
    let refused = case.run(&BOTH, &ORDER).output().unwrap();
    assert_eq!(refused.status.code(), Some(3), "{}", errors(&refused));
    let told = errors(&refused);
    for needed in [
        "the report is withheld",
        "Sex: declared female, but observed male",
        "--waive CHECK",
    ] {
        assert!(told.contains(needed), "{needed}: {told}");
    }
    assert_eq!(sex(&case).0, "fail");
    for (name, is_there) in [
        ("out/T-1.qc.json", true),
        ("out/T-1.qc_mqc.json", true),
        ("out/T-1.annotated.vcf.gz", true),
        ("out/provenance.json", true),
        // Those of the first run are gone: they must not pass for this one's.
        ("out/T-1.report.pdf", false),
        ("out/T-1.report.html", false),
        ("out/T-1.fhir.json", false),
    ] {
        assert_eq!(case.path(name).exists(), is_there, "{name}");
    }
    let waiver = [
        "--waive",
        "Sex",
        "--reason",
        "marrow of a male donor",
        "--waived-by",
        "Dr Example",
    ];
    let waived: Vec<&str> = ORDER.into_iter().chain(waiver).collect();
    case.succeeds(&BOTH, &waived);
    let html = fs::read_to_string(case.path("out/T-1.report.html")).unwrap();
    assert!(html.contains("marrow of a male donor") && html.contains("Dr Example"));
    let bundle = fs::read_to_string(case.path("out/T-1.fhir.json")).unwrap();
    assert!(bundle.contains("was WAIVED by Dr Example"));
    let trail = fs::read_to_string(case.path("out/provenance.json")).unwrap();
    assert!(trail.contains("by Dr Example: marrow of a male donor"));
    assert_eq!(sex(&case).0, "fail", "a waiver mends nothing");
}

#[test]
fn a_waiver_needs_a_check_that_failed_a_reason_and_a_name() {
    let case = TinyCase::new();
    case.add_x(45.0);
    let all = |waiver: &[&'static str]| ORDER.into_iter().chain(waiver.iter().copied()).collect::<Vec<_>>();
    for (waiver, code, words) in [
        (
            &["--waive", "Sex", "--reason", "r", "--waived-by", "n"][..],
            3,
            "the check Sex has not failed",
        ),
        (
            &["--waive", "Coverage", "--reason", "r", "--waived-by", "n"],
            3,
            "no check of identity of this name",
        ),
        (&["--waive", "Sex", "--waived-by", "n"], 2, "--reason"),
        (&["--waive", "Sex", "--reason", "r"], 2, "--waived-by"),
        (&["--reason", "r", "--waived-by", "n"], 2, "--waive"),
    ] {
        let output = case.run(&BOTH, &all(waiver)).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{waiver:?}: {}", errors(&output));
        assert!(errors(&output).contains(words), "{waiver:?}: {}", errors(&output));
    }
    let (result, reason) = sex(&case);
    assert_eq!(result, "pass", "{reason}");
}

#[test]
fn thresholds_of_the_laboratory_are_used_and_printed() {
    let case = TinyCase::new();
    let limits = r#"{"schema": "clinotype-thresholds/1", "name": "One gene, version 2", "min_depth": 200}"#;
    case.write("limits.json", limits);
    case.write("targets.bed", "chr1\t1000\t1200\nchr1\t2000\t2150\n");
    let more = [&ORDER[..], &["--thresholds", "limits.json", "--targets", "targets.bed"]].concat();
    case.succeeds(&["--reads", "R1.fastq.gz", "R2.fastq.gz"], &more);
    let quality = json(&case, "out/T-1.qc.json");
    assert_eq!(quality["thresholds"]["limits"]["name"], "One gene, version 2");
    assert_eq!(quality["coverage"]["threshold"], 200);
    let gaps = quality["coverage"]["genes"][0]["gaps"].as_array().unwrap();
    assert_eq!(gaps[0]["reasons"][0]["reason"], "few_reads");
    let targets = &quality["targets"];
    assert_eq!(
        (targets["targets"].as_u64(), targets["bases"].as_u64()),
        (Some(2), Some(350))
    );
    let on = &targets["on_target"];
    let (used, on, near) = (
        on["used_bases"].as_u64().unwrap(),
        on["on"].as_u64().unwrap(),
        on["near"].as_u64().unwrap(),
    );
    // 350 of some 6,000 bases that were read evenly, and 400 around them.
    assert!(
        on * 10 < used && on * 25 > used && near > on && near < 2 * on,
        "{on} {near} {used}"
    );
    let html = fs::read_to_string(case.path("out/T-1.report.html")).unwrap();
    let digest = quality["thresholds"]["sha256"].as_str().unwrap();
    assert!(html.contains("One gene, version 2") && html.contains(digest));
    case.write("limits.json", &limits.replace("200", "0"));
    let output = case
        .run(&["--reads", "R1.fastq.gz", "R2.fastq.gz"], &more)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(
        errors(&output).contains("field `min_depth`: 1 to"),
        "{}",
        errors(&output)
    );
}

#[test]
fn a_copied_gene_is_a_gap_and_says_that_its_reads_map_elsewhere() {
    let case = TinyCase::new();
    let text = fs::read_to_string(case.path("reference.fa")).unwrap();
    let copy = format!("{text}>chr3\n{}\n", String::from_utf8(case.bases.clone()).unwrap());
    fs::remove_if_there(case.path("reference.fa.fai")).unwrap();
    case.write("reference.fa", &copy);
    case.succeeds(&["--reads", "R1.fastq.gz", "R2.fastq.gz"], &ORDER);
    let quality = json(&case, "out/T-1.qc.json");
    let gene = &quality["coverage"]["genes"][0];
    assert_eq!(gene["at_least_20"], 0.0);
    let gaps = gene["gaps"].as_array().unwrap();
    assert_eq!(gaps.len(), 3, "every exon");
    for gap in gaps {
        let reasons = gap["reasons"].as_array().unwrap();
        assert_eq!(reasons[0]["reason"], "maps_elsewhere", "{gap}");
    }
    let html = fs::read_to_string(case.path("out/T-1.report.html")).unwrap();
    assert!(html.contains("reads map elsewhere equally well (MAPQ &lt; 20)") && html.contains("INCONCLUSIVE"));
}
