//! A case from set-up to export, and what lies on the disk meanwhile.

use std::{path::Path, sync::Arc, time::Duration};

use clinotype_api::{App, FileAnswer, types::ErrorCode};
use clinotype_genome::fs;
use clinotype_tests::{ORDER, TinyCase};
use serde_json::{Value, json};

use crate::common::{Bench, PASSPHRASE, code, files, ok, refused, unlock};

const FAMILY: &str = "Quillfeather";
const GIVEN: &str = "Zephyrine";
const RECORD: &str = "MRN-884422";
const ACCESSION: &str = "ACC-77310";

/// Longest wait for a run of a few kilobases.
const PATIENCE: u32 = 1800;

fn tiny() -> TinyCase {
    let case = TinyCase::new();
    let order = ORDER
        .replace("\"Synthetic\"", &format!("\"{FAMILY}\""))
        .replace("\"Tiny\"", &format!("\"{GIVEN}\""))
        .replace("ZZ-4471", RECORD);
    assert!(order.contains(FAMILY) && order.contains(GIVEN) && order.contains(RECORD));
    case.write("order.json", &order);
    case
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

fn reference_set(app: &Arc<App>, tiny: &TinyCase) -> String {
    let view = ok(
        app,
        "save_reference_set",
        json!({"id": null, "name": "Tiny", "reference": text(&tiny.path("reference.fa")),
               "transcripts": text(&tiny.path("transcripts.gff3")), "clinvar": null, "frequencies": null,
               "targets": null, "build": "GRCh38", "synthetic": false}),
    );
    assert_eq!(
        (&view["build"], &view["problems"]),
        (&json!("GRCh38"), &json!([])),
        "{view}"
    );
    view["set"]["id"].as_str().unwrap().to_owned()
}

/// What of the patient must not lie on the disk: name, identifiers, accession, names and bases of reads.
fn secrets(tiny: &TinyCase) -> Vec<Vec<u8>> {
    let mut secrets: Vec<Vec<u8>> = [FAMILY, GIVEN, RECORD, ACCESSION, "ZZ-000123"]
        .map(|text| text.as_bytes().to_vec())
        .to_vec();
    let mut reads = String::new();
    std::io::Read::read_to_string(&mut fs::open_text(tiny.path("R1.fastq.gz")).unwrap(), &mut reads).unwrap();
    let mut lines = reads.lines();
    let name = lines.next().unwrap().trim_start_matches('@').split(' ').next().unwrap();
    secrets.push(name.trim_end_matches("/1").as_bytes().to_vec());
    secrets.push(lines.next().unwrap().as_bytes()[..40].to_vec());
    secrets
}

/// What lies on the disk itself. `fs` would decrypt what a run of this process has under seal.
fn raw(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut std::fs::File::options().read(true).open(path)?, &mut bytes)?;
    Ok(bytes)
}

/// No file of the store holds a secret or begins like a plain file of the engine, and no name says one.
fn nothing_plain(store: &Path, secrets: &[Vec<u8>]) {
    const PLAIN: [&[u8]; 7] = [
        b"\x1f\x8b",
        b"BAM\x01",
        b"%PDF",
        b"SQLite format 3",
        b"##file",
        b"<!DOCTYPE",
        b"@",
    ];
    for path in files(store) {
        // A file may go while the run works.
        let Ok(bytes) = raw(&path) else { continue };
        for secret in secrets {
            let found = bytes.windows(secret.len()).any(|window| window == &secret[..]);
            assert!(!found, "{} holds {:?}", path.display(), String::from_utf8_lossy(secret));
            let name = text(path.strip_prefix(store).unwrap());
            assert!(!name.contains(&*String::from_utf8_lossy(secret)), "{name}");
        }
        for start in PLAIN {
            assert!(!bytes.starts_with(start), "{} begins like a plain file", path.display());
        }
    }
}

fn wait(app: &Arc<App>, run: &str, meanwhile: impl Fn()) -> Value {
    for _ in 0..PATIENCE {
        meanwhile();
        let queue = ok(app, "queue", json!({}));
        let view = queue["runs"]
            .as_array()
            .unwrap()
            .iter()
            .find(|view| view["id"] == run)
            .unwrap()
            .clone();
        if !["queued", "running"].contains(&view["state"].as_str().unwrap()) {
            return view;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("the run did not end");
}

fn new_case(app: &Arc<App>, tiny: &TinyCase, set: &str) -> Value {
    let paths = ["R2.fastq.gz", "order.json", "R1.fastq.gz"].map(|name| text(&tiny.path(name)));
    let found = ok(app, "inspect", json!({ "paths": paths }));
    assert_eq!(
        (&found["problems"], &found["accession"]),
        (&json!([]), &Value::Null),
        "{found}"
    );
    let reads: Vec<Value> = found["files"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["kind"] == "fastq")
        .cloned()
        .collect();
    json!({"sample": ACCESSION, "input_sample": null, "order": found["order"], "files": reads, "reference_set": set,
           "start": true})
}

#[test]
fn from_set_up_to_export() {
    let tiny = tiny();
    let bench = Bench::new();
    let app = bench.open();
    let set = reference_set(&app, &tiny);
    let genes = ok(&app, "genes", json!({"reference_set": set, "text": "tiny1, BRCA1"}));
    assert_eq!(genes, json!({"known": ["TINY1"], "unknown": ["BRCA1"]}));

    // An accession that names the patient, files of no sample, and a second case of one accession are refused.
    let input = new_case(&app, &tiny, &set);
    let with = |field: &str, value: Value| {
        let mut input = input.clone();
        input[field] = value;
        input
    };
    for (field, value) in [
        ("sample", json!(format!("x-{}", FAMILY.to_lowercase()))),
        ("files", json!([])),
        ("files", json!([input["files"][0]])),
        ("reference_set", json!("none")),
        ("input_sample", json!("other")),
        ("sex", json!("male")),
    ] {
        let error = refused(&app, "new_case", with(field, value));
        assert_eq!(
            (error.code, error.place.as_deref()),
            (ErrorCode::InvalidInput, Some(field)),
            "{error:?}"
        );
        assert!(!format!("{error:?}").contains(FAMILY));
    }
    let case = ok(&app, "new_case", input.clone());
    let error = refused(&app, "new_case", input);
    assert_eq!(
        (error.code, error.place.as_deref()),
        (ErrorCode::WrongState, Some("sample")),
        "{error:?}"
    );

    // The run, with a look at the disk all the time.
    let secrets = secrets(&tiny);
    let view = ok(&app, "case", case.clone());
    let run = view["runs"][0]["id"].as_str().unwrap().to_owned();
    let ended = wait(&app, &run, || nothing_plain(&bench.store(), &secrets));
    assert_eq!(ended["state"], "done", "{ended}");
    nothing_plain(&bench.store(), &secrets);

    let view = ok(&app, "case", case.clone());
    assert_eq!(view["row"]["state"], "called", "{view}");
    assert_eq!(view["row"]["patient"], format!("{FAMILY}, {GIVEN}"));
    assert_eq!((&view["draft"], &view["build"]), (&json!(true), &json!("GRCh38")));
    assert!(
        view["conclusion"]["headline"].as_str().is_some_and(|h| !h.is_empty()),
        "{view}"
    );
    let roles: Vec<&str> = view["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["role"].as_str().unwrap())
        .collect();
    for role in ["bam", "bai", "vcf", "tbi", "annotated_vcf", "pdf", "fhir"] {
        assert!(roles.contains(&role), "{role} in {roles:?}");
    }

    // Search finds it by name, by identifier and by accession; nothing else does.
    let search = |text: &str| {
        ok(
            &app,
            "cases",
            json!({"search": text, "states": [], "sort": "changed", "descending": true, "offset": 0, "limit": 50}),
        )
    };
    for words in ["quillf", RECORD, "77310"] {
        assert_eq!(search(words)["total"], 1, "{words}");
    }
    assert_eq!(search("nobody")["total"], 0);
    let called = ok(
        &app,
        "cases",
        json!({"search": "", "states": ["called"], "sort": "patient", "descending": false, "offset": 0, "limit": 50}),
    );
    assert_eq!(called["rows"][0]["sample"], ACCESSION);
    assert_eq!(called["states"], json!([{"state": "called", "count": 1}]));

    // The donor's variant, a decision on it, and a report.
    let page = ok(
        &app,
        "variants",
        json!({"case": case["case"], "filter": {}, "sort": "position", "descending": false, "offset": 0, "limit": 50}),
    );
    let expected = tiny.variant();
    let row = page["rows"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["position"] == expected.position.get())
        .unwrap_or_else(|| panic!("the donor's variant is not there: {page}"));
    assert_eq!((&row["gene"], &row["contig"]), (&json!("TINY1"), &json!("chr1")));
    let which = json!({"case": case["case"], "variant": row["id"]});
    assert!(
        ok(&app, "variant", which.clone())["transcripts"][0]["hgvs_c"]
            .as_str()
            .unwrap()
            .contains("c.")
    );
    let decision = json!({"case": case["case"], "variant": row["id"], "class": "likely_benign",
                          "reason": "seen in healthy relatives"});
    assert_eq!(ok(&app, "decide", decision)["decision"]["class"], "likely_benign");
    let version = ok(&app, "make_report", case.clone());
    assert!(version["state"].as_str().unwrap().starts_with("DRAFT"), "{version}");
    assert_eq!(ok(&app, "case", case.clone())["row"]["state"], "drafted");

    // A changed order keeps the old one in the trail and outdates the draft.
    let mut order = view["order"].clone();
    order["indication"] = json!("another made-up question");
    let changed = ok(
        &app,
        "change_order",
        json!({"case": case["case"], "order": order, "reason": "corrected by phone"}),
    );
    assert_eq!(changed["order"]["indication"], "another made-up question");
    assert_eq!(changed["row"]["state"], "in_review");
    let reports = ok(&app, "reports", case.clone());
    assert_eq!(reports["versions"][0]["outdated"], true, "{reports}");

    // The preview is the very PDF, and the export is the very preview.
    let preview = ok(
        &app,
        "preview",
        json!({"case": case["case"], "version": version["version"]}),
    );
    let token = preview["pdf"].as_str().unwrap();
    let file = app.file(token).unwrap();
    let bytes = app.read_file(token, 0, file.len).unwrap();
    assert!(bytes.starts_with(b"%PDF") && bytes.len() as u64 == file.len);
    ranges_are_answered(&app, token, &bytes);
    let out = bench.folder().join("out.pdf");
    let export = json!({"case": case["case"], "version": version["version"], "kind": "pdf", "path": text(&out),
                        "recipient": "Dr. Example", "purpose": "treatment"});
    let written = ok(&app, "export", export.clone());
    assert_eq!(fs::read(&out).unwrap(), bytes);
    assert_eq!(written["sha256"], clinotype_genome::digest::sha256(&bytes));
    assert_ne!(
        code(&app, "export", export),
        ErrorCode::Internal,
        "an existing file is not replaced"
    );
    assert_eq!(ok(&app, "exports", case.clone())["rows"][0]["recipient"], "Dr. Example");

    // The trail tells all of it, names who, and is whole.
    let history = ok(&app, "history", case.clone()).to_string();
    for words in [
        "Ada Admin",
        "corrected by phone",
        "seen in healthy relatives",
        "another made-up question",
    ] {
        assert!(history.contains(words), "{words}");
    }
    assert_eq!(ok(&app, "verify_audit", json!({}))["intact"], true);
    // The search of above was a look at patients' data.
    nothing_plain(&bench.store(), &secrets);

    // Locked, the token is worth nothing; unlocked again, everything is there.
    let token = token.to_owned();
    ok(&app, "lock", json!({}));
    assert!(app.file(&token).is_none());
    assert!(app.read_file(&token, 0, 10).is_err());
    app.close();
    drop(app);
    let app = bench.app();
    unlock(&app, "ada");
    assert_eq!(ok(&app, "case", case)["row"]["state"], "in_review");
    nothing_plain(&bench.store(), &secrets);
}

/// A run that is cancelled can be resumed; one whose input has gone fails with words that say which.
#[test]
fn cancel_resume_and_fail() {
    let tiny = tiny();
    let bench = Bench::new();
    let app = bench.open();
    let set = reference_set(&app, &tiny);
    let case = ok(&app, "new_case", new_case(&app, &tiny, &set));
    let run = ok(&app, "case", case.clone())["runs"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    ok(&app, "cancel_run", json!({"run": run}));
    let ended = wait(&app, &run, || {});
    assert_eq!(ended["state"], "cancelled", "{ended}");
    assert_eq!(ok(&app, "case", case.clone())["row"]["state"], "stopped");
    std::fs::rename(tiny.path("R2.fastq.gz"), tiny.path("away")).unwrap();
    ok(&app, "resume_run", json!({"run": run}));
    let ended = wait(&app, &run, || {});
    assert_eq!(
        (&ended["state"], &ended["error"]["code"]),
        (&json!("failed"), &json!("io")),
        "{ended}"
    );
    std::fs::rename(tiny.path("away"), tiny.path("R2.fastq.gz")).unwrap();
    ok(&app, "resume_run", json!({"run": run}));
    let ended = wait(&app, &run, || {});
    assert_eq!(ended["state"], "done", "{ended}");
}

/// Keys stay only as long as a run needs them: a locked window ends its run and then lets the store go.
#[test]
fn a_run_goes_on_behind_the_lock() {
    let tiny = tiny();
    let bench = Bench::new();
    let app = bench.open();
    let set = reference_set(&app, &tiny);
    let case = ok(&app, "new_case", new_case(&app, &tiny, &set));
    ok(&app, "lock", json!({}));
    assert_eq!(code(&app, "queue", json!({})), ErrorCode::Locked);
    let second = bench.app();
    let input = json!({"user": "ada", "passphrase": PASSPHRASE});
    let freed = (0..PATIENCE).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        clinotype_api::call(&second, "unlock", input.clone()).is_ok()
    });
    assert!(freed, "the store is still held");
    assert_eq!(ok(&second, "case", case)["row"]["state"], "called");
}

/// The demonstration: one click, everything labelled.
#[test]
fn the_demonstration_is_labelled() {
    let bench = Bench::new();
    let app = bench.open();
    let case = ok(&app, "demo_case", json!({}));
    assert_eq!(
        ok(&app, "demo_case", json!({})),
        case,
        "a second click opens the same case"
    );
    let view = ok(&app, "case", case.clone());
    assert_eq!(
        (&view["row"]["synthetic"], &view["row"]["sample"]),
        (&json!(true), &json!("DEMO-01"))
    );
    assert!(view["notices"].to_string().contains("SYNTHETIC"), "{view}");
    let run = view["runs"][0]["id"].as_str().unwrap().to_owned();
    let ended = wait(&app, &run, || {});
    assert_eq!(ended["state"], "done", "{ended}");
    let view = ok(&app, "case", case.clone());
    assert_eq!(view["conclusion"]["outcome"], "POSITIVE", "{view}");
    let sets = ok(&app, "reference_sets", json!({}));
    assert_eq!(
        (&sets["sets"][0]["set"]["synthetic"], &sets["sets"][0]["problems"]),
        (&json!(true), &json!([]))
    );
}

/// As the window's protocol and the loopback server ask.
fn ranges_are_answered(app: &App, token: &str, whole: &[u8]) {
    let asked = |range| match app.answer_file(token, range) {
        FileAnswer::Bytes {
            bytes, content_range, ..
        } => Some((bytes, content_range)),
        _ => None,
    };
    let len = whole.len();
    assert_eq!(asked(None), Some((whole.to_vec(), None)));
    assert_eq!(
        asked(Some("bytes=2-5")),
        Some((whole[2..6].to_vec(), Some(format!("bytes 2-5/{len}"))))
    );
    assert_eq!(
        asked(Some("bytes=-3")),
        Some((
            whole[len - 3..].to_vec(),
            Some(format!("bytes {}-{}/{len}", len - 3, len - 1))
        ))
    );
    assert!(matches!(
        app.answer_file(token, Some(&format!("bytes={len}-"))),
        FileAnswer::NotSatisfiable
    ));
    assert!(matches!(app.answer_file("none", None), FileAnswer::Unknown));
}
