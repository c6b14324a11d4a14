//! The bundles before a validator that others wrote (R4 and the compiled 3.0.0 profiles) and before a FHIR server on
//! loopback. Needs Node.js, the shared validator (`CLINOTYPE_SHARED`, default beside the workspace) and its packages
//! (`CLINOTYPE_FHIR_NM`, default `target/fhir-validator/node_modules`); skipped without them, except under CI.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[allow(missing_docs, unreachable_pub, reason = "shared with the example")]
mod samples;

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use clinotype_case::Report;
use clinotype_fhir::{Requests, bundle, bundle_with};
use clinotype_genome::fs;
use serde_json::Value;

struct Validator {
    tools: PathBuf,
    modules: PathBuf,
}

/// The validator; `None` where it is not installed, which under CI is a failure.
fn validator() -> Option<Validator> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = |name: &str, default: PathBuf| std::env::var_os(name).map_or(default, PathBuf::from);
    let tools = folder("CLINOTYPE_SHARED", root.join("../shared")).join("tools/fhir-validator");
    let modules = folder("CLINOTYPE_FHIR_NM", root.join("target/fhir-validator/node_modules"));
    let node = Command::new("node").arg("--version").output().is_ok();
    let here = node && tools.join("medplum-validate.cjs").is_file() && modules.join("@medplum/core").is_dir();
    if !here {
        let what = format!(
            "Node.js, {} or {} is missing",
            tools.display(),
            modules.join("@medplum").display()
        );
        assert!(std::env::var_os("CI").is_none(), "{what}");
        eprintln!("skipped: {what}");
        return None;
    }
    let absolute = |path: PathBuf| path.canonicalize().expect("was found a moment ago");
    Some(Validator {
        tools: absolute(tools),
        modules: absolute(modules),
    })
}

impl Validator {
    /// Validates files in one run: whether all passed, and what it printed.
    fn run(&self, files: &[PathBuf]) -> (bool, String) {
        let list: Vec<&str> = files.iter().map(|f| f.to_str().unwrap()).collect();
        let output = Command::new("node")
            .arg(self.tools.join("medplum-validate.cjs"))
            .arg(self.tools.join("ig-3.0.0"))
            .arg(list.join(","))
            .env("NM", &self.modules)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        (output.status.success(), text)
    }
}

#[test]
fn the_bundles_pass_and_broken_ones_do_not() {
    let Some(validator) = validator() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    let mut resources = 0;
    for (name, report) in samples::all() {
        for requests in [Requests::ById, Requests::Conditional] {
            let text = bundle_with(&report, Some(b"%PDF-1.7\n"), requests).unwrap();
            let value: Value = serde_json::from_str(&text).unwrap();
            resources += value["entry"].as_array().unwrap().len() + 1;
            let path = folder.path().join(format!("{name}-{requests:?}.json"));
            fs::write_atomic(&path, text.as_bytes()).unwrap();
            files.push(path);
        }
    }
    let (passed, text) = validator.run(&files);
    let failures: Vec<&str> = text.lines().filter(|l| !l.starts_with("PASS")).collect();
    assert!(passed, "{failures:#?}");
    assert!(
        failures
            .last()
            .unwrap()
            .ends_with(&format!("{resources} checks, 0 failed"))
    );
    // Every profile that we claim was one that the validator knows: it prints the URL, or (base) for none.
    for profile in [
        "variant",
        "molecular-consequence",
        "diagnostic-implication",
        "sequence-phase-relationship",
        "haplotype",
        "genotype",
        "therapeutic-implication",
        "medication-recommendation",
        "genomic-study",
        "genomic-study-analysis",
        "genomic-report",
    ] {
        let wanted = format!("/StructureDefinition/{profile} ");
        assert!(text.lines().any(|l| l.contains(&wanted)), "{profile}");
    }

    // The check itself: published broken examples, and broken copies of our own bundle.
    let mut bad: Vec<PathBuf> = std::fs::read_dir(validator.tools.join("examples-bad"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        // Legal: the profile forbids no `valueString`.
        .filter(|path| !path.ends_with("bad-03-value-string.json"))
        .collect();
    bad.sort();
    assert_eq!(bad.len(), 23);
    let (_, text) = validator.run(&bad);
    assert_eq!(text.lines().filter(|l| l.starts_with("FAIL")).count(), 23, "{text}");
    let (_, positive) = samples::all()
        .into_iter()
        .find(|(name, _)| *name == "positive")
        .unwrap();
    let good = bundle(&positive, None).unwrap();
    for (from, to) in [
        ("69548-6", "69548-7"),
        ("\"LA9633-4\"", "\"LA1-1\""),
        ("\"LA21270-6\"", "\"LA1-1\""),
        ("\"status\": \"preliminary\"", "\"status\": \"draft\""),
        ("\"issued\"", "\"issuedAt\""),
    ] {
        let broken = good.replace(from, to);
        assert_ne!(broken, good, "{from}");
        let path = folder.path().join("broken.json");
        fs::write_atomic(&path, broken.as_bytes()).unwrap();
        assert!(!validator.run(&[path]).0, "{from} -> {to}");
    }
}

/// A FHIR R4 server on loopback, ended with the value.
struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(validator: &Validator) -> Self {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let mut child = Command::new("node")
            .arg(validator.tools.join("fhir-loopback.cjs"))
            .env("NM", &validator.modules)
            .env("PORT", port.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = child.stdout.take().unwrap();
        let server = Self { child, port };
        BufReader::new(stdout).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "listening");
        server
    }

    /// Status and body of one request.
    fn request(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        // HTTP/1.0: the answer ends with the connection and is not chunked.
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nContent-Type: application/fhir+json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        (status, serde_json::from_str(body).unwrap())
    }

    fn send(&self, report: &Report) {
        let (status, answer) = self.request("POST", "/", &bundle(report, Some(b"%PDF-1.7\n")).unwrap());
        assert_eq!(status, 200, "{answer}");
        for entry in answer["entry"].as_array().unwrap() {
            let status = entry["response"]["status"].as_str().unwrap();
            assert!(status.starts_with('2'), "{entry}");
        }
    }

    fn all(&self, kind: &str) -> Vec<Value> {
        let (status, answer) = self.request("GET", &format!("/{kind}?_count=100"), "");
        assert_eq!(status, 200, "{answer}");
        let entries = answer["entry"].as_array().cloned().unwrap_or_default();
        entries.into_iter().map(|e| e["resource"].clone()).collect()
    }
}

#[test]
fn a_server_takes_them_and_an_amendment_makes_no_second_report() {
    let Some(validator) = validator() else { return };
    let server = Server::start(&validator);
    let reports = samples::all();
    let named = |name: &str| reports.iter().find(|(n, _)| *n == name).unwrap().1.clone();

    let mut report = named("phased");
    server.send(&report);
    let counts = || -> Vec<usize> {
        ["Patient", "Organization", "Specimen", "Observation", "DiagnosticReport"]
            .iter()
            .map(|kind| server.all(kind).len())
            .collect()
    };
    let once = counts();
    assert_eq!(once, [1, 1, 1, 7, 1]);
    server.send(&report);
    assert_eq!(counts(), once, "a resend makes nothing new");
    report.version = 2;
    report.interpretation.conclusion.headline = "an amended headline.".into();
    report.interpretation.findings.reverse();
    server.send(&report);
    assert_eq!(counts(), once, "an amendment updates");
    let stored = &server.all("DiagnosticReport")[0];
    assert!(
        stored["conclusion"].as_str().unwrap().contains("an amended headline."),
        "{stored}"
    );
    let sent: Value = serde_json::from_str(&bundle(&report, None).unwrap()).unwrap();
    let last = sent["entry"].as_array().unwrap().last().unwrap();
    assert_eq!(
        stored["identifier"], last["resource"]["identifier"],
        "the server keeps identifiers as they are"
    );
    let patient = server.all("Patient")[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(stored["subject"]["reference"], format!("Patient/{patient}"));

    // Another report of the same person, laboratory and software.
    server.send(&named("negative"));
    assert_eq!(counts(), [1, 1, 1, 7, 2]);
    for name in [
        "positive",
        "carrier",
        "unidentified",
        "inconclusive",
        "mitochondrial",
        "sparse",
    ] {
        server.send(&named(name));
    }
}

#[test]
fn conditional_requests_find_what_is_there() {
    let Some(validator) = validator() else { return };
    let server = Server::start(&validator);
    let (_, report) = samples::all().into_iter().find(|(n, _)| *n == "positive").unwrap();
    // This server takes only small transactions with conditional requests; as a batch it takes the same entries.
    let text = bundle_with(&report, None, Requests::Conditional).unwrap();
    let batch = text.replace("\"type\": \"transaction\"", "\"type\": \"batch\"");
    assert_ne!(batch, text);
    for round in 0..2 {
        let (status, answer) = server.request("POST", "/", &batch);
        assert_eq!(status, 200, "{answer}");
        for entry in answer["entry"].as_array().unwrap() {
            let status = entry["response"]["status"].as_str().unwrap();
            assert!(status.starts_with('2'), "round {round}: {entry}");
        }
        for (kind, count) in [
            ("Patient", 1),
            ("Practitioner", 1),
            ("Organization", 1),
            ("Device", 1),
            ("ServiceRequest", 1),
            ("Specimen", 1),
            ("Procedure", 2),
            ("Observation", 4),
            ("DiagnosticReport", 1),
        ] {
            assert_eq!(server.all(kind).len(), count, "round {round}: {kind}");
        }
    }
}
