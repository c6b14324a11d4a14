//! Evidence and decisions from files and from the family, through a whole run to report and bundle.

use std::fs;

use clinotype_tests::{TinyCase, errors};
use serde_json::{Value, json};

const VCF: [&str; 2] = ["--vcf", "in.vcf"];

/// A VCF of one person, or of the family, with the case's SNV.
fn vcf(case: &TinyCase, samples: &[(&str, &str)]) -> String {
    let key = case.variant();
    let (names, calls): (Vec<&str>, Vec<&str>) = samples.iter().copied().unzip();
    format!(
        "##fileformat=VCFv4.3\n##contig=<ID=chr1,length=6000>\n##contig=<ID=chr2,length=1000>\n\
         ##FORMAT=<ID=GT,Number=1,Type=String,Description=\"g\">\n##FORMAT=<ID=AD,Number=R,Type=Integer,Description=\"a\">\n\
         ##FORMAT=<ID=DP,Number=1,Type=Integer,Description=\"d\">\n##FORMAT=<ID=GQ,Number=1,Type=Integer,Description=\"q\">\n\
         #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{}\n\
         {}\t{}\t.\t{}\t{}\t60\tPASS\t.\tGT:AD:DP:GQ\t{}\n",
        names.join("\t"),
        key.contig,
        key.position,
        key.reference,
        key.alternate,
        calls.join("\t")
    )
}

const CHILD: &str = "0/1:20,20:40:60";
const CLEAR: &str = "0/0:40,0:40:60";

fn case() -> TinyCase {
    let case = TinyCase::new();
    case.write("in.vcf", &vcf(&case, &[("T-1", CHILD)]));
    case
}

fn file(case: &TinyCase, name: &str, evidence: &Value, decisions: &Value) {
    let key = case.variant();
    let text = json!({
        "schema": "clinotype-evidence/1",
        "build": "GRCh38",
        "variants": [
            {
                "allele": {"contig": "1", "position": key.position, "reference": key.reference, "alternate": key.alternate},
                "evidence": evidence,
                "decisions": decisions,
            },
            {"hgvs": "NM_900001.1:c.9999A>C", "evidence": [{"kind": "probands", "source": "PMID 3", "unrelated": 4}]},
        ],
    });
    case.write(name, &text.to_string());
}

fn finding(case: &TinyCase, out: &str) -> (Value, Value) {
    let text = fs::read_to_string(case.path(&format!("{out}/T-1.interpretation.json"))).unwrap();
    let made: Value = serde_json::from_str(&text).unwrap();
    let all = ["findings", "classified"].map(|list| made[list].as_array().cloned().unwrap_or_default());
    let position = json!(case.variant().position);
    let found = all
        .concat()
        .into_iter()
        .find(|f| f["variant"]["key"]["position"] == position)
        .unwrap_or_else(|| panic!("{made}"));
    (made, found)
}

fn row(finding: &Value, code: &str) -> Value {
    let rows = finding["criteria"].as_array().unwrap();
    rows.iter().find(|row| row["code"] == code).unwrap().clone()
}

#[test]
fn a_file_of_evidence_proposes_and_its_decisions_count() {
    let case = case();
    let order = ["--order", "order.json"];
    case.succeeds(&VCF, &[&order[..], &["--out", "plain"]].concat());
    let (_, plain) = finding(&case, "plain");
    let assay = json!([{"kind": "assay", "source": "PMID 1", "odds": 30.0}]);
    let decisions = json!([
        {"code": "PS3", "setting": {"met": "strong"}, "reason": "two assays agree", "by": "Dr. A. Example"},
        {"code": "PP4", "setting": {"met": "moderate"}, "reason": "typical", "by": "Dr. A. Example"},
        {"code": "PM1", "setting": "not_applicable", "reason": "no hot spot", "by": "Dr. A. Example"},
    ]);
    file(&case, "evidence.json", &assay, &decisions);
    let output = case
        .telling(&VCF, &["--order", "order.json", "--evidence", "evidence.json"])
        .output()
        .unwrap();
    let told = errors(&output);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("1 pieces and 3 decisions on 1 variants"), "{told}");
    assert!(told.contains("1 parts of the evidence were not used"), "{told}");
    let (made, set) = finding(&case, "out");
    let points = |finding: &Value| finding["classification"]["points"].as_i64().unwrap();
    let pm1 = row(&plain, "PM1")["points"].as_i64().unwrap();
    assert_eq!(points(&set), points(&plain) + 6 - pm1);
    let ps3 = row(&set, "PS3");
    assert_eq!((&ps3["state"], &ps3["set_by"]), (&json!("met"), &json!("user")));
    assert_eq!(ps3["decided"]["automatic"]["state"], "not_evaluated");
    assert_eq!(ps3["proposal"]["strength"], "strong");
    let limits = made["conclusion"]["limits"].to_string();
    assert!(
        limits.contains("c.9999A>C") && limits.contains("does not have it"),
        "{limits}"
    );
    // Reason and person stand on the report and in the bundle.
    let html = fs::read_to_string(case.path("out/T-1.report.html")).unwrap();
    let bundle = fs::read_to_string(case.path("out/T-1.fhir.json")).unwrap();
    for paper in [&html, &bundle] {
        for words in ["Set by Dr. A. Example: two assays agree", "no hot spot"] {
            assert!(paper.contains(words), "{words}");
        }
    }
    // The same file on the same input gives the same bytes.
    let first = fs::read(case.path("out/T-1.interpretation.json")).unwrap();
    let again = ["--order", "order.json", "--evidence", "evidence.json", "--out", "again"];
    case.succeeds(&VCF, &again);
    assert!(first == fs::read(case.path("again/T-1.interpretation.json")).unwrap());
}

#[test]
fn evidence_that_cannot_be_used_is_refused() {
    let case = case();
    let refused = |name: &str| {
        let output = case
            .run(&VCF, &["--order", "order.json", "--evidence", name])
            .output()
            .unwrap();
        assert!(!output.status.success());
        errors(&output)
    };
    let assay = |odds: f64| json!({"kind": "assay", "source": "PMID 1", "odds": odds});
    file(&case, "contrary.json", &json!([assay(30.0), assay(0.01)]), &json!([]));
    let told = refused("contrary.json");
    assert!(
        told.contains("variant 1 of the evidence contradicts itself") && told.contains("PS3"),
        "{told}"
    );
    file(
        &case,
        "unreasoned.json",
        &json!([]),
        &json!([{"code": "PS3", "setting": "not_met", "reason": " ", "by": "A"}]),
    );
    let told = refused("unreasoned.json");
    assert!(told.contains("decision on PS3 that has no reason"), "{told}");
    file(&case, "build.json", &json!([]), &json!([]));
    let text = fs::read_to_string(case.path("build.json"))
        .unwrap()
        .replace("GRCh38", "GRCh37");
    case.write("build.json", &text);
    let told = refused("build.json");
    assert!(told.contains("names alleles of GRCh37"), "{told}");
    let told = errors(&case.run(&VCF, &["--family", "in.vcf"]).output().unwrap());
    assert!(told.contains("--ped"), "{told}");
}

#[test]
fn a_family_proposes_what_its_genotypes_show() {
    let case = case();
    let ped = "F T-1 dad mum 1 2\nF dad 0 0 1 1\nF mum 0 0 2 1\n";
    case.write("family.ped", ped);
    let family = |dad: &str| vcf(&case, &[("dad", dad), ("T-1", CHILD), ("mum", CLEAR)]);
    case.write("family.vcf", &family(CLEAR));
    case.write("inherited.vcf", &family("0/1:18,22:40:60"));
    let with = |vcf: &'static str, out: &'static str| {
        [
            "--order",
            "order.json",
            "--family",
            vcf,
            "--ped",
            "family.ped",
            "--out",
            out,
        ]
    };
    case.succeeds(&VCF, &with("family.vcf", "new"));
    let (made, new) = finding(&case, "new");
    // One site shows no kinship: parentage is assumed, and without the phenotype's fit that is too little.
    let pm6 = row(&new, "PM6");
    assert_eq!(pm6["state"], "not_evaluated");
    assert_eq!(pm6["proposal"]["strength"], Value::Null, "{pm6}");
    assert!(pm6["proposal"]["compared"].to_string().contains("family.vcf"), "{pm6}");
    assert_eq!(row(&new, "PS2")["proposal"], Value::Null);
    assert_eq!(made["people"]["variants"][0]["evidence"][0]["kind"], "trio");

    let entered = json!([{
        "kind": "de_novo", "source": "case conference", "fit": "highly_specific", "parentage": "confirmed", "patient": true,
    }]);
    file(&case, "evidence.json", &entered, &json!([]));
    let both = [&with("family.vcf", "both")[..], &["--evidence", "evidence.json"]].concat();
    case.succeeds(&VCF, &both);
    let (_, both) = finding(&case, "both");
    assert_eq!(row(&both, "PS2")["proposal"]["strength"], "strong");
    assert_eq!(row(&both, "PS2")["points"], 0);

    case.succeeds(&VCF, &with("inherited.vcf", "inherited"));
    let (_, inherited) = finding(&case, "inherited");
    let ps2 = row(&inherited, "PS2");
    assert_eq!(ps2["proposal"]["strength"], Value::Null);
    assert!(
        ps2["proposal"]["sentence"].as_str().unwrap().contains("father carries"),
        "{ps2}"
    );
    let contrary = [&with("inherited.vcf", "contrary")[..], &["--evidence", "evidence.json"]].concat();
    let output = case.run(&VCF, &contrary).output().unwrap();
    let told = errors(&output);
    assert!(
        !output.status.success() && told.contains("the father carries the variant"),
        "{told}"
    );

    case.write("strangers.vcf", &vcf(&case, &[("dad", CLEAR), ("mum", CLEAR)]));
    let output = case.run(&VCF, &with("strangers.vcf", "strangers")).output().unwrap();
    assert!(
        errors(&output).contains("not among the samples of the family"),
        "{}",
        errors(&output)
    );
}
