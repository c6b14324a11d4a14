//! What leaves the vault: the read view, the preview, exports; and a byte that was changed there.

use std::path::{Path, PathBuf};

use clinotype_api::types::ErrorCode;
use clinotype_genome::{digest, fs};
use serde_json::{Value, json};

use crate::common::{Bench, is};

fn whole(bench: &Bench, token: &Value) -> Vec<u8> {
    let token = token.as_str().unwrap();
    let view = bench.app.file(token).unwrap();
    let mut bytes = Vec::new();
    while (bytes.len() as u64) < view.len {
        let more = bench.app.read_file(token, bytes.len() as u64, 100_000).unwrap();
        assert!(!more.is_empty());
        bytes.extend(more);
    }
    bytes
}

#[test]
fn reads_come_by_token_and_in_ranges() {
    let bench = Bench::new();
    let case = bench.done("T-1");
    let view = bench.ok("reads", json!({"case": case}));
    assert_eq!(view["contigs"], json!(["chr1", "chr2"]));
    assert!(view["gzi"].is_null(), "the FASTA is not compressed");
    let fasta = whole(&bench, &view["fasta"]);
    assert_eq!(fasta, fs::read(bench.tiny.path("reference.fa")).unwrap());
    let bam = whole(&bench, &view["bam"]);
    let kept = bench.ok("case", json!({"case": case}))["files"].clone();
    let kept = kept
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["role"] == "bam")
        .unwrap()
        .clone();
    assert_eq!(digest::sha256(&bam), kept["sha256"].as_str().unwrap());
    let token = view["bam"].as_str().unwrap();
    assert_eq!(bench.app.read_file(token, 1_000, 77).unwrap(), bam[1_000..1_077]);
    assert_eq!(
        bench.app.read_file(token, bam.len() as u64 - 5, 100).unwrap(),
        bam[bam.len() - 5..]
    );
    assert!(bench.app.read_file(token, bam.len() as u64, 100).unwrap().is_empty());
    is(
        &bench.app.read_file(token, bam.len() as u64 + 1, 1).unwrap_err(),
        ErrorCode::InvalidInput,
        Some("offset"),
    );
    is(
        &bench.app.read_file("../store.db", 0, 1).unwrap_err(),
        ErrorCode::NotFound,
        None,
    );
    assert_eq!(
        bench.ok("reads", json!({"case": case})),
        view,
        "the same tokens while the session lasts"
    );
    let looks = |bench: &Bench| {
        let rows = bench.ok("history", json!({"case": case}))["rows"].clone();
        rows.as_array()
            .unwrap()
            .iter()
            .filter(|row| row["action"].to_string().contains("reads"))
            .count()
    };
    assert_eq!(looks(&bench), 1, "once per session and case");
    bench.ok("lock", json!({}));
    assert!(bench.app.file(token).is_none());
    is(&bench.app.read_file(token, 0, 1).unwrap_err(), ErrorCode::Locked, None);
    bench.ok("unlock", json!({"user": "ada", "passphrase": "correct horse battery"}));
    is(
        &bench.app.read_file(token, 0, 1).unwrap_err(),
        ErrorCode::NotFound,
        None,
    );
    let again = bench.ok("reads", json!({"case": case}));
    assert_ne!(again["bam"], view["bam"]);
    assert_eq!(looks(&bench), 2);
}

#[test]
fn coverage_is_measured_again_from_the_kept_reads() {
    let bench = Bench::new();
    let case = bench.done("T-1");
    let quality = bench.ok("quality", json!({"case": case}));
    let gene = &quality["coverage"]["genes"][0];
    let profile = bench.ok("coverage_profile", json!({"case": case, "gene": "TINY1"}));
    assert_eq!(
        (&profile["gene"], &profile["transcript"]),
        (&gene["gene"], &gene["transcript"])
    );
    let exons = profile["exons"].as_array().unwrap();
    assert_eq!(exons.len(), 3);
    let (mut bases, mut sum) = (0.0, 0.0);
    for exon in exons {
        let length = exon["end"].as_f64().unwrap() - exon["start"].as_f64().unwrap() + 1.0;
        bases += length;
        sum += exon["mean"].as_f64().unwrap() * length;
        assert!(!exon["bins"].as_array().unwrap().is_empty());
    }
    assert_eq!(bases, gene["bases"].as_f64().unwrap());
    assert!((sum / bases - gene["mean_depth"].as_f64().unwrap()).abs() < 1e-6);
    is(
        &bench.refused("coverage_profile", json!({"case": case, "gene": "NONE1"})),
        ErrorCode::NotFound,
        None,
    );
}

#[test]
fn an_export_is_the_kept_bytes_and_is_accounted_for() {
    let bench = Bench::new();
    let case = bench.done("T-1");
    let preview = bench.ok("preview", json!({"case": case, "version": 1}));
    let shown = whole(&bench, &preview["pdf"]);
    assert!(shown.starts_with(b"%PDF") && preview["pages"].as_u64().unwrap() >= 1);
    assert_eq!(preview["sha256"], digest::sha256(&shown));
    let out = tempfile::tempdir().unwrap();
    let path = |name: &str| out.path().join(name).display().to_string();
    let export = |kind: &str, version: Value, path: String, recipient: &str, purpose: &str| json!({"case": case, "version": version, "kind": kind, "path": path, "recipient": recipient, "purpose": purpose});
    for (kind, name) in [("pdf", "r.pdf"), ("html", "r.html"), ("fhir", "r.json")] {
        let made = bench.ok("export", export(kind, json!(1), path(name), "Clinic", "treatment"));
        assert_eq!(made["sha256"], digest::sha256_file(path(name)).unwrap(), "{kind}");
    }
    assert_eq!(fs::read(path("r.pdf")).unwrap(), shown, "the export is what was shown");
    bench.ok(
        "export",
        export("vcf", Value::Null, path("r.vcf.gz"), "Clinic", "second opinion"),
    );
    assert!(Path::new(&path("r.vcf.gz.tbi")).is_file());
    let key = bench.tiny.variant();
    let found = clinotype_jobs::evidence::at(Path::new(&path("r.vcf.gz")), "T-1", &key).unwrap();
    assert!(found.is_some(), "the exported VCF and its index are whole");

    let store = bench.folder.path().join("store/r.pdf").display().to_string();
    for (input, place) in [
        (export("pdf", json!(1), path("r.pdf"), "Clinic", "treatment"), "path"),
        (export("pdf", json!(1), store, "Clinic", "treatment"), "path"),
        (
            export("pdf", json!(1), "r.pdf".to_owned(), "Clinic", "treatment"),
            "path",
        ),
        (export("vcf", Value::Null, path("r.vcf"), "Clinic", "treatment"), "path"),
        (export("pdf", json!(1), path("x.pdf"), " ", "treatment"), "recipient"),
        (export("pdf", json!(1), path("x.pdf"), "Clinic", ""), "purpose"),
        (
            export("pdf", Value::Null, path("x.pdf"), "Clinic", "treatment"),
            "version",
        ),
    ] {
        is(&bench.refused("export", input), ErrorCode::InvalidInput, Some(place));
    }
    is(
        &bench.refused("export", export("pdf", json!(9), path("x.pdf"), "Clinic", "treatment")),
        ErrorCode::NotFound,
        None,
    );
    assert!(!Path::new(&path("x.pdf")).exists());
    let rows = bench.ok("exports", json!({"case": case}))["rows"].clone();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 4, "refused ones are none: {rows:?}");
    assert_eq!(rows[0]["kind"], "vcf", "newest first");
    assert!(rows.iter().all(|row| row["recipient"] == "Clinic"));
    assert_eq!(rows.iter().filter(|row| row["version"] == 1).count(), 3);
}

fn vault_file(folder: &Path, id: &str) -> Option<PathBuf> {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if let Some(found) = vault_file(&path, id) {
                return Some(found);
            }
        } else if path.file_name().unwrap().to_string_lossy().contains(id) {
            return Some(path);
        }
    }
    None
}

#[test]
fn a_changed_byte_of_one_file_is_told_and_the_others_stay_readable() {
    let bench = Bench::new();
    let case = bench.done("T-1");
    let files = bench.ok("case", json!({"case": case}))["files"].clone();
    let id = |role: &str| {
        let file = files.as_array().unwrap().iter().find(|f| f["role"] == role).unwrap();
        file["id"].as_str().unwrap().to_owned()
    };
    let store = bench.folder.path().join("store");
    for role in ["bam", "annotated_vcf"] {
        let path = vault_file(&store, &id(role)).expect("a vault file is named by its id");
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write_atomic(&path, &bytes).unwrap();
    }
    let out = tempfile::tempdir().unwrap();
    let export = |kind: &str, name: &str| {
        json!({
            "case": case, "version": 1, "kind": kind, "path": out.path().join(name), "recipient": "Clinic",
            "purpose": "treatment",
        })
    };
    is(
        &bench.refused("export", export("vcf", "r.vcf.gz")),
        ErrorCode::Damaged,
        None,
    );
    assert_eq!(
        std::fs::read_dir(out.path()).unwrap().count(),
        0,
        "nothing of it was written"
    );
    assert_eq!(bench.ok("exports", json!({"case": case}))["rows"], json!([]));
    let view = bench.ok("reads", json!({"case": case}));
    let bam = view["bam"].as_str().unwrap();
    let length = bench.app.file(bam).unwrap().len;
    let error = bench.app.read_file(bam, 0, length).unwrap_err();
    assert_eq!(error.code, ErrorCode::Damaged, "{error:?}");
    assert!(!whole(&bench, &view["vcf"]).is_empty());
    bench.ok("export", export("pdf", "r.pdf"));
    bench.ok("quality", json!({"case": case}));
}
