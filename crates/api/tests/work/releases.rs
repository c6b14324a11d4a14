//! Data releases in the window: installed, used and pinned by cases, kept while a case needs them, and what a newer one
//! changes.

use std::path::{Path, PathBuf};

use clinotype_api::types::ErrorCode;
use clinotype_genome::fs;
use serde_json::{Value, json};

use crate::common::{Bench, is};

/// A folder with a release of frequencies in which the donor's SNV has this filtering frequency.
fn frequencies(bench: &Bench, name: &str, frequency: f64) -> PathBuf {
    let folder = bench.folder.path().join(name);
    fs::create_dir_all(&folder).unwrap();
    let key = bench.tiny.variant();
    let vcf = format!(
        "##fileformat=VCFv4.2\n##INFO=<ID=AC,Number=A,Type=Integer,Description=\"c\">\n\
         ##INFO=<ID=AN,Number=1,Type=Integer,Description=\"n\">\n##INFO=<ID=AF,Number=A,Type=Float,Description=\"f\">\n\
         ##INFO=<ID=fafmax_faf95_max,Number=A,Type=Float,Description=\"f\">\n\
         #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n{}\t{}\t.\t{}\t{}\t.\tPASS\tAC={};AN=100000;AF={frequency};fafmax_faf95_max={frequency}\n",
        key.contig,
        key.position.get(),
        key.reference,
        key.alternate,
        (frequency * 100_000.0) as u32,
    );
    fs::write_atomic(folder.join("sites.vcf"), vcf.as_bytes()).unwrap();
    folder
}

/// Waits until the work on the data folder has ended; gives the view.
fn ended(bench: &Bench) -> Value {
    let begin = std::time::Instant::now();
    loop {
        let view = bench.ok("data_releases", json!({}));
        if view["task"]["state"] != "working" {
            return view;
        }
        assert!(begin.elapsed().as_secs() < 60, "{view}");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

fn install(bench: &Bench, release: &str, from: &Path) -> Value {
    bench.ok(
        "install_release",
        json!({"source": "gnomad-sites", "release": release, "from": from}),
    );
    let view = ended(bench);
    assert_eq!(view["task"]["state"], "done", "{view}");
    view
}

fn of<'a>(view: &'a Value, source: &str) -> &'a Value {
    let sources = view["sources"].as_array().unwrap();
    sources.iter().find(|s| s["id"] == source).unwrap()
}

#[test]
fn a_case_keeps_its_release_until_it_is_run_with_a_newer_one() {
    let bench = Bench::new();
    let view = install(&bench, "4.0", &frequencies(&bench, "rare", 0.000_001));
    let installed = &of(&view, "gnomad-sites")["installed"][0];
    assert_eq!(
        (&installed["release"], &installed["cases"], &installed["damaged"]),
        (&json!("4.0"), &json!(0), &Value::Null)
    );
    let path = installed["files"][0]["path"].as_str().unwrap().to_owned();
    let set = |frequencies: &str| {
        let path = |name: &str| bench.tiny.path(name).display().to_string();
        let made = bench.ok(
            "save_reference_set",
            json!({
                "id": bench.set, "name": "Tiny", "reference": path("reference.fa"), "transcripts": path("transcripts.gff3"),
                "clinvar": null, "frequencies": frequencies, "targets": null, "build": "GRCh38", "synthetic": false,
            }),
        );
        assert_eq!(made["problems"], json!([]), "{made}");
    };
    set(&path);
    let case = bench.done("T-1");
    let whole = bench.ok("case", json!({"case": case}));
    assert_eq!((&whole["newer"], &whole["done_runs"]), (&json!([]), &json!(1)));
    let newer = install(&bench, "4.1", &frequencies(&bench, "known", 0.0008));
    let shown = of(&newer, "gnomad-sites")["installed"].as_array().unwrap();
    // Newest first, and the older one is in use.
    assert_eq!((&shown[0]["release"], &shown[0]["cases"]), (&json!("4.1"), &json!(0)));
    assert_eq!((&shown[1]["release"], &shown[1]["cases"]), (&json!("4.0"), &json!(1)));
    assert_eq!(
        bench.ok("case", json!({"case": case}))["newer"],
        json!([{"source": "gnomad-sites", "used": "4.0", "newest": "4.1"}])
    );
    // What a case needs is not removed.
    let refused = bench.refused("remove_release", json!({"source": "gnomad-sites", "release": "4.0"}));
    assert!(refused.message.contains("used by 1 case"), "{refused}");
    // The set is changed; the case still runs with its own.
    let newest_path = shown[0]["files"][0]["path"].as_str().unwrap().to_owned();
    set(&newest_path);
    let too_few = bench.refused("compare_runs", json!({"case": case, "before": null, "after": null}));
    is(&too_few, ErrorCode::WrongState, None);
    bench.ok("start_run", json!({"case": case, "with": "same"}));
    assert_eq!(bench.wait(&case, &["done", "failed"])["state"], "done");
    let same = bench.ok("compare_runs", json!({"case": case, "before": null, "after": null}));
    assert_eq!(
        (&same["releases"], &same["variants"]),
        (&json!([]), &json!([])),
        "{same}"
    );
    assert!(same["unchanged"].as_u64().unwrap() >= 1, "{same}");
    // The set names the old release again: a run with the newest takes the newer one all the same.
    set(&path);
    bench.ok("start_run", json!({"case": case, "with": "newest"}));
    assert_eq!(bench.wait(&case, &["done", "failed"])["state"], "done");
    let diff = bench.ok("compare_runs", json!({"case": case, "before": null, "after": null}));
    let source = &diff["releases"][0];
    assert_eq!(source["other_bytes"], false, "{diff}");
    let kinds: Vec<&str> = diff["variants"][0]["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["what"].as_str().unwrap())
        .collect();
    assert!(kinds.contains(&"frequency") && kinds.contains(&"criteria"), "{diff}");
    assert_eq!(bench.ok("case", json!({"case": case}))["newer"], json!([]));
    let trail = bench.ok("history", json!({"case": case}))["rows"].to_string();
    assert!(
        trail.contains("4.0") && trail.contains("4.1"),
        "the trail names the releases"
    );
}

#[test]
fn damaged_and_missing_releases_are_said() {
    let bench = Bench::new();
    let view = install(&bench, "4.0", &frequencies(&bench, "rare", 0.000_001));
    bench.ok("verify_releases", json!({"source": null, "release": null}));
    let verified = ended(&bench);
    assert_eq!(verified["task"]["lines"][0]["good"], true, "{verified}");
    let path = PathBuf::from(
        of(&view, "gnomad-sites")["installed"][0]["files"][0]["path"]
            .as_str()
            .unwrap(),
    );
    let mut permissions = path.metadata().unwrap().permissions();
    #[allow(clippy::permissions_set_readonly_false, reason = "the folder is the test's own")]
    permissions.set_readonly(false);
    std::fs::set_permissions(&path, permissions).unwrap();
    fs::write_atomic(&path, b"other").unwrap();
    bench.ok("verify_releases", json!({"source": "gnomad-sites", "release": "4.0"}));
    let verified = ended(&bench);
    assert_eq!(verified["task"]["lines"][0]["good"], false, "{verified}");
    bench.ok("remove_release", json!({"source": "gnomad-sites", "release": "4.0"}));
    assert_eq!(
        of(&bench.ok("data_releases", json!({})), "gnomad-sites")["installed"],
        json!([])
    );
    let nothing = bench.refused("verify_releases", json!({"source": null, "release": null}));
    is(&nothing, ErrorCode::InvalidInput, Some("source"));
    // From a folder that is not there, from a source that nobody fetches, and of a name that is none.
    for input in [
        json!({"source": "gnomad-sites", "release": "4.2", "from": "/nowhere/at/all"}),
        json!({"source": "gnomad-sites", "release": "4.2", "from": null}),
        json!({"source": "none-of-these", "release": null, "from": null}),
    ] {
        assert_eq!(bench.refused("install_release", input).code, ErrorCode::InvalidInput);
    }
}

#[test]
fn a_set_takes_stores_and_a_predictor_that_is_known() {
    let bench = Bench::new();
    let path = |name: &str| bench.tiny.path(name).display().to_string();
    let set = |scores: Value, tool: Value, frequencies: Value| {
        json!({
            "id": bench.set, "name": "Tiny", "reference": path("reference.fa"), "transcripts": path("transcripts.gff3"),
            "clinvar": null, "frequencies": frequencies, "targets": null, "thresholds": null, "comparators": null,
            "scores": scores, "missense_tool": tool, "build": "GRCh38", "synthetic": false,
        })
    };
    let tools = bench.ok("reference_sets", json!({}))["missense_tools"].clone();
    assert!(tools.as_array().unwrap().contains(&json!("REVEL")), "{tools}");
    is(
        &bench.refused("save_reference_set", set(json!([]), json!("no such tool"), json!(null))),
        ErrorCode::InvalidInput,
        Some("missense_tool"),
    );
    // A plain text is no store, and a store stands where a VCF may.
    let text = bench.folder.path().join("scores.tsv");
    fs::write_atomic(&text, b"chrom\tpos\n").unwrap();
    let made = bench.ok("save_reference_set", set(json!([text]), json!("REVEL"), json!(null)));
    assert!(
        made["problems"].to_string().contains("is not a store of alleles"),
        "{made}"
    );
    let sites = frequencies(&bench, "known", 0.0008).join("sites.vcf");
    let store = bench.folder.path().join("sites.store");
    let built = clinotype_tests::clinotype()
        .args(["data", "build"])
        .arg(&sites)
        .args(["--reference", &path("reference.fa"), "--build", "GRCh38", "--out"])
        .arg(&store)
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", clinotype_tests::errors(&built));
    let made = bench.ok("save_reference_set", set(json!([store]), json!("REVEL"), json!(store)));
    assert_eq!(made["problems"], json!([]), "{made}");
    let case = bench.done("T-1");
    let view = bench.ok("variant", json!({"case": case, "variant": bench.snv(&case)["id"]}));
    assert_eq!(
        view["frequency"]["filtering_frequency"],
        json!(0.0008),
        "{}",
        view["frequency"]
    );
}
