//! What a run uses besides the sample's own files: checked when it is given, remembered with the case, used by its runs,
//! shown with the variant; and what a run makes beside the interpretation.

use clinotype_api::types::ErrorCode;
use serde_json::{Value, json};

use crate::common::{Bench, is};

const HEAD: &str = "##fileformat=VCFv4.3\n##contig=<ID=chr1,length=6000>\n##contig=<ID=chr2,length=1000>\n\
    ##FORMAT=<ID=GT,Number=1,Type=String,Description=\"g\">\n##FORMAT=<ID=AD,Number=R,Type=Integer,Description=\"a\">\n\
    ##FORMAT=<ID=DP,Number=1,Type=Integer,Description=\"d\">\n##FORMAT=<ID=GQ,Number=1,Type=Integer,Description=\"q\">\n\
    #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT";
const HET: &str = "0/1:20,20:40:60";
const CLEAR: &str = "0/0:40,0:40:60";

/// The case's SNV, with an alternate whose strand can be told from the reference's base.
fn allele(bench: &Bench) -> clinotype_genome::VariantKey {
    let mut key = bench.tiny.variant();
    if key.reference == "T" {
        "C".clone_into(&mut key.alternate);
    }
    key
}

fn vcf(bench: &Bench, name: &str, people: &[(&str, &str)]) {
    let key = allele(bench);
    let (names, calls): (Vec<&str>, Vec<&str>) = people.iter().copied().unzip();
    let text = format!(
        "{HEAD}\t{}\n{}\t{}\t.\t{}\t{}\t60\tPASS\t.\tGT:AD:DP:GQ\t{}\n",
        names.join("\t"),
        key.contig,
        key.position,
        key.reference,
        key.alternate,
        calls.join("\t")
    );
    bench.tiny.write(name, &text);
}

fn path(bench: &Bench, name: &str) -> String {
    bench.tiny.path(name).display().to_string()
}

/// The files of a family of three, an evidence file, and one scoring file of the case's variant.
fn files(bench: &Bench) {
    let key = allele(bench);
    vcf(bench, "in.vcf", &[("T-1", HET)]);
    vcf(bench, "family.vcf", &[("dad", CLEAR), ("T-1", HET), ("mum", CLEAR)]);
    vcf(bench, "strangers.vcf", &[("dad", CLEAR), ("mum", CLEAR)]);
    bench
        .tiny
        .write("family.ped", "F T-1 dad mum 2 2\nF dad 0 0 1 1\nF mum 0 0 2 1\n");
    bench
        .tiny
        .write("other.ped", "F X-1 dad mum 2 2\nF dad 0 0 1 1\nF mum 0 0 2 1\n");
    let evidence = json!({
        "schema": "clinotype-evidence/1", "build": "GRCh38",
        "variants": [{
            "allele": {"contig": "1", "position": key.position, "reference": key.reference, "alternate": key.alternate},
            "evidence": [{"kind": "assay", "source": "PMID 1", "odds": 30.0}],
            "decisions": [{
                "code": "PS3", "setting": {"met": "strong"}, "reason": "two assays agree", "by": "Dr. A. Example",
            }],
        }],
    });
    bench.tiny.write("evidence.json", &evidence.to_string());
    bench.tiny.write(
        "PGS900001.txt",
        &format!(
            "###PGS CATALOG SCORING FILE\n#format_version=2.0\n#pgs_id=PGS900001\n#pgs_name=Example\n\
             #trait_reported=Example trait\n#genome_build=GRCh38\n#variants_number=1\n\
             chr_name\tchr_position\teffect_allele\tother_allele\teffect_weight\n1\t{}\t{}\t{}\t0.5\n",
            key.position, key.alternate, key.reference
        ),
    );
}

fn none() -> Value {
    json!({
        "evidence": null, "family": null, "pedigree": null, "outside": [], "chain": null, "hpo": null, "scores": [],
        "score_people": null,
    })
}

fn new_case(bench: &Bench, further: &Value) -> Value {
    let found = bench.ok(
        "inspect",
        json!({"paths": [path(bench, "in.vcf"), path(bench, "order.json")]}),
    );
    let files: Vec<&Value> = found["files"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["kind"] == "vcf")
        .collect();
    json!({
        "sample": "T-1", "input_sample": null, "order": found["order"], "files": files, "reference_set": bench.set,
        "further": further, "start": true,
    })
}

fn with(bench: &Bench, fields: &[(&str, &str)]) -> Value {
    let mut further = none();
    for (field, name) in fields {
        let path = json!(path(bench, name));
        let several = further[*field].is_array();
        further[*field] = if several { json!([path]) } else { path };
    }
    further
}

fn row<'a>(view: &'a Value, code: &str) -> &'a Value {
    let rows = view["classification"]["criteria"].as_array().unwrap();
    rows.iter().find(|row| row["code"] == code).unwrap()
}

#[test]
fn what_cannot_be_used_is_refused_at_its_field_before_a_case_is_made() {
    let bench = Bench::new();
    files(&bench);
    bench.tiny.write("empty.json", "{}");
    bench.tiny.write("notes.tsv", "no such gene\tat all\n");
    let refused = |fields: &[(&str, &str)], place: &str, words: &str| {
        let error = bench.refused("new_case", new_case(&bench, &with(&bench, fields)));
        is(&error, ErrorCode::InvalidInput, Some(place));
        assert!(error.message.contains(words), "{error:?}");
        assert!(!error.message.contains("Synthetic"), "{error:?}");
    };
    refused(
        &[("evidence", "empty.json")],
        "further.evidence",
        "empty.json: does not state the schema",
    );
    refused(&[("evidence", "nowhere.json")], "further.evidence", "nowhere.json");
    refused(&[("family", "family.vcf")], "further.pedigree", "give the pedigree");
    refused(&[("pedigree", "family.ped")], "further.family", "with the family's VCF");
    refused(
        &[("family", "order.json"), ("pedigree", "family.ped")],
        "further.family",
        "is no VCF",
    );
    refused(
        &[("family", "strangers.vcf"), ("pedigree", "family.ped")],
        "further.family",
        "the tested person is not among the samples",
    );
    refused(
        &[("family", "family.vcf"), ("pedigree", "other.ped")],
        "further.pedigree",
        "the tested person is not in the pedigree",
    );
    refused(
        &[("outside", "notes.tsv")],
        "further.outside",
        "only where the pharmacogenes are called",
    );
    refused(&[("hpo", "")], "further.hpo", "ranked by the terms");
    refused(&[("scores", "order.json")], "further.scores", "order.json");
    refused(
        &[("score_people", "order.json")],
        "further.score_people",
        "give its scoring file",
    );
    let mut relative = none();
    relative["evidence"] = json!("evidence.json");
    let error = bench.refused("new_case", new_case(&bench, &relative));
    is(&error, ErrorCode::InvalidInput, Some("further.evidence"));
    let mut outside = new_case(&bench, &with(&bench, &[("outside", "notes.tsv")]));
    outside["pharmacogenes"] = json!(true);
    let error = bench.refused("new_case", outside);
    is(&error, ErrorCode::InvalidInput, Some("further.outside"));
    assert!(error.message.starts_with("notes.tsv"), "{error:?}");
    assert_eq!(
        bench.ok(
            "cases",
            json!({
                "search": "", "states": [], "sort": "changed", "descending": true, "offset": 0, "limit": 10,
            })
        )["total"],
        0,
        "no case was made"
    );
}

#[test]
fn family_and_evidence_are_used_remembered_and_overruled_by_the_case() {
    let bench = Bench::new();
    files(&bench);
    let given = with(
        &bench,
        &[
            ("evidence", "evidence.json"),
            ("family", "family.vcf"),
            ("pedigree", "family.ped"),
        ],
    );
    let made = bench.ok("new_case", new_case(&bench, &given));
    let case = made["case"].as_str().unwrap();
    let done = |case: &str| {
        let run = bench.wait(case, &["done", "failed", "cancelled"]);
        assert_eq!(run["state"], "done", "{run}");
    };
    done(case);
    let shown = || bench.ok("variant", json!({"case": case, "variant": bench.snv(case)["id"]}));
    assert_eq!(bench.ok("case", json!({"case": case}))["further"], given);
    let view = shown();
    let kinds: Vec<&str> = view["file_evidence"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["assay", "trio"], "{view}");
    assert!(
        view["file_evidence"][1]["facts"]
            .to_string()
            .contains("copies 0, depth 40"),
        "{view}"
    );
    assert!(
        view["evidence"].as_array().unwrap().is_empty(),
        "nobody entered anything in the case"
    );
    let ps3 = row(&view, "PS3");
    assert_eq!((&ps3["state"], &ps3["points"]), (&json!("met"), &json!(4)), "{ps3}");
    assert_eq!(ps3["file_decision"]["by"], "Dr. A. Example");
    assert!(ps3["decision"].is_null() && ps3["proposal"]["label"] == "PS3", "{ps3}");
    assert!(
        row(&view, "PM6")["proposal"].is_object() || row(&view, "PS2")["proposal"].is_object(),
        "{view}"
    );

    // A decision in the case takes the place of the file's, and gives it back when it is withdrawn. What the family
    // proposes stays.
    let points = view["classification"]["points"].as_i64().unwrap();
    let variant = bench.snv(case)["id"].clone();
    let set = bench.ok(
        "set_criterion",
        json!({"case": case, "variant": variant, "code": "PS3", "setting": "not_met", "strength": null, "reason": "weak"}),
    );
    assert_eq!(set["classification"]["points"], points - 4, "{set}");
    assert!(row(&set, "PS3")["file_decision"].is_null());
    assert_eq!(set["file_evidence"], view["file_evidence"]);
    let decision = row(&set, "PS3")["decision"]["id"].clone();
    let back = bench.ok(
        "withdraw_criterion",
        json!({"case": case, "variant": variant, "decision": decision}),
    );
    assert_eq!(row(&back, "PS3")["file_decision"]["by"], "Dr. A. Example");
    assert_eq!(back["classification"]["points"], points);

    // A run without another word uses them again; one that says otherwise does not, and that is remembered.
    bench.ok("start_run", json!({"case": case, "with": "same"}));
    done(case);
    assert_eq!(shown()["file_evidence"], view["file_evidence"]);
    let error = bench.refused(
        "start_run",
        json!({"case": case, "with": "same", "further": with(&bench, &[("family", "family.vcf")])}),
    );
    is(&error, ErrorCode::InvalidInput, Some("further.pedigree"));
    bench.ok("start_run", json!({"case": case, "with": "same", "further": none()}));
    done(case);
    let view = shown();
    assert_eq!(view["file_evidence"], json!([]));
    assert!(row(&view, "PS3")["file_decision"].is_null() && row(&view, "PS3")["proposal"].is_null());
    assert_eq!(bench.ok("case", json!({"case": case}))["further"], none());
    // What the run used stands in the trail, which holds.
    assert!(
        bench
            .ok("history", json!({"case": case}))
            .to_string()
            .contains("family.vcf")
    );
    assert_eq!(bench.ok("verify_audit", json!({}))["intact"], true);
}

#[test]
fn scores_are_shown_and_what_was_not_asked_for_is_absent() {
    let bench = Bench::new();
    files(&bench);
    let made = bench.ok(
        "new_case",
        new_case(&bench, &with(&bench, &[("scores", "PGS900001.txt")])),
    );
    let case = made["case"].as_str().unwrap();
    let run = bench.wait(case, &["done", "failed"]);
    assert_eq!(run["state"], "done", "{run}");
    let view = bench.ok("beside", json!({"case": case}));
    assert!(view["rank"].is_null(), "{view}");
    let score = &view["scores"]["scores"][0];
    assert_eq!(
        (&score["id"], &score["sum"]),
        (&json!("PGS900001"), &json!(0.5)),
        "{score}"
    );
    assert!(score["percentile"].is_null());
    assert_eq!(score["standing"], "none: no reference of people was given");
    // The report of the run has the section: the first draft, and one made later.
    let reports = bench.ok("reports", json!({"case": case}));
    assert_eq!(reports["versions"][0]["outdated"], false, "{reports}");
    let plain = bench.ok("start_run", json!({"case": case, "with": "same", "further": none()}));
    assert!(plain["id"].is_string());
    bench.wait(case, &["done", "failed"]);
    assert!(bench.ok("beside", json!({"case": case}))["scores"].is_null());
}
