//! The demonstration sample from reads to report and bundle: what was typed from the sources before any annotation
//! code ran must come out.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use clinotype_genome::Silent;
use clinotype_testkit::demo;
use clinotype_tests::{clinotype, errors, lines, shared};
use serde_json::Value;

/// The demo, run once for all tests of this file.
fn results() -> &'static Path {
    static RESULTS: OnceLock<PathBuf> = OnceLock::new();
    RESULTS.get_or_init(|| {
        let target = std::env::current_exe().unwrap().ancestors().nth(3).unwrap().to_owned();
        let files = demo::build(&target.join("demo"), &Silent).unwrap();
        let out = target.join("demo-tested");
        let _ = fs::remove_dir_all(&out);
        let mut run = clinotype();
        run.args(["run", "--quiet", "--sample", demo::SAMPLE, "--reads"])
            .arg(&files.r1)
            .arg(&files.r2);
        for (option, path) in [
            ("--reference", &files.reference),
            ("--transcripts", &files.transcripts),
            ("--clinvar", &files.clinvar),
            ("--frequencies", &files.frequencies),
            ("--targets", &files.targets),
            ("--order", &files.order),
            ("--out", &out),
        ] {
            run.arg(option).arg(path);
        }
        let output = run.output().unwrap();
        assert!(output.status.success(), "{}", errors(&output));
        fs::copy(&files.expected, out.join("expected.tsv")).unwrap();
        fs::copy(&files.truth, out.join("truth.vcf")).unwrap();
        fs::copy(&files.order, out.join("order.json")).unwrap();
        out
    })
}

fn file(suffix: &str) -> PathBuf {
    results().join(format!("{}.{suffix}", demo::SAMPLE))
}

fn json(suffix: &str) -> Value {
    serde_json::from_slice(&fs::read(file(suffix)).unwrap()).unwrap()
}

/// Rows of expected.tsv by column name.
fn expected() -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(results().join("expected.tsv")).unwrap();
    let header = text
        .lines()
        .find(|l| l.starts_with("#gene\t"))
        .unwrap()
        .trim_start_matches('#')
        .to_owned();
    let columns: Vec<&str> = header.split('\t').collect();
    text.lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty())
        .map(|l| {
            columns
                .iter()
                .map(|c| (*c).to_owned())
                .zip(l.split('\t').map(str::to_owned))
                .collect()
        })
        .collect()
}

/// The CSQ rows of every record, as maps, by `contig-position-ref-alt`.
fn annotations() -> BTreeMap<String, Vec<BTreeMap<String, String>>> {
    let lines = lines(&file("annotated.vcf.gz"));
    let format = lines.iter().find(|l| l.starts_with("##INFO=<ID=CSQ,")).unwrap();
    let names: Vec<&str> = format
        .split("Format: ")
        .nth(1)
        .unwrap()
        .trim_end_matches("\">")
        .split('|')
        .collect();
    let mut found = BTreeMap::new();
    for line in lines.iter().filter(|l| !l.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        let csq = columns[7].split(';').find_map(|f| f.strip_prefix("CSQ=")).unwrap_or("");
        let rows = csq
            .split(',')
            .map(|row| {
                names
                    .iter()
                    .map(|n| (*n).to_owned())
                    .zip(row.split('|').map(|v| v.replace("%3D", "=")))
                    .collect()
            })
            .collect();
        found.insert(
            format!("{}-{}-{}-{}", columns[0], columns[1], columns[3], columns[4]),
            rows,
        );
    }
    found
}

#[test]
fn every_expected_name_and_consequence_comes_out() {
    let annotations = annotations();
    for row in expected() {
        let rows = annotations
            .get(&row["variant"])
            .unwrap_or_else(|| panic!("{} was not called", row["variant"]));
        let shown = rows
            .iter()
            .find(|r| r["Feature"] == row["transcript"])
            .expect("its transcript");
        assert_eq!(shown["HGVSc"], row["hgvs_c"], "{}", row["variant"]);
        if !row["hgvs_p"].ends_with("p.?") || !shown["HGVSp"].is_empty() {
            assert_eq!(shown["HGVSp"], row["hgvs_p"], "{}", row["variant"]);
        }
        assert!(
            shown["Consequence"].split('&').any(|term| term == row["consequence"]),
            "{}: {} has no {}",
            row["variant"],
            shown["Consequence"],
            row["consequence"]
        );
    }
}

#[test]
fn the_calls_are_the_truth() {
    let alleles = |path: &Path| -> Vec<String> {
        lines(path)
            .iter()
            .filter(|l| !l.starts_with('#'))
            .map(|l| {
                let c: Vec<&str> = l.split('\t').collect();
                let gt = c[9].split(':').next().unwrap().replace('|', "/");
                let mut gt: Vec<&str> = gt.split('/').collect();
                gt.sort_unstable();
                format!("{}-{}-{}-{} {}", c[0], c[1], c[3], c[4], gt.join("/"))
            })
            .collect()
    };
    let passing: Vec<String> = {
        let calls = file("vcf.gz");
        let kept: Vec<String> = lines(&calls)
            .into_iter()
            .filter(|l| l.starts_with('#') || l.split('\t').nth(6) == Some("PASS"))
            .collect();
        let path = results().join("passing.vcf");
        fs::write(&path, kept.join("\n") + "\n").unwrap();
        alleles(&path)
    };
    let truth = alleles(&results().join("truth.vcf"));
    let missed: Vec<_> = truth.iter().filter(|t| !passing.contains(t)).collect();
    let extra: Vec<_> = passing.iter().filter(|c| !truth.contains(c)).collect();
    assert!(missed.is_empty(), "missed: {missed:?}; extra: {extra:?}");
    assert!(extra.len() <= 1, "called, but not there: {extra:?}");
}

#[test]
fn the_report_says_what_was_found_and_that_it_is_a_draft() {
    let interpretation = json("interpretation.json");
    let genes: Vec<(&str, &str)> = interpretation["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["shown"]["symbol"].as_str().unwrap(), f["section"].as_str().unwrap()))
        .collect();
    assert!(genes.contains(&("BRCA1", "primary")), "{genes:?}");
    assert!(genes.contains(&("CFTR", "carrier")), "{genes:?}");
    assert_eq!(interpretation["conclusion"]["outcome"], "positive");
    let html = fs::read_to_string(file("report.html")).unwrap();
    for words in [
        "DRAFT - NOT REVIEWED",
        "SYNTHETIC",
        "c.68_69del",
        "proposed",
        "not evaluated",
    ] {
        assert!(html.contains(words), "{words} is not in the HTML");
    }
    let pdf = Command::new("pdftotext")
        .arg("-layout")
        .arg(file("report.pdf"))
        .arg("-")
        .output();
    let Ok(pdf) = pdf else {
        assert!(std::env::var_os("CI").is_none(), "pdftotext is missing");
        eprintln!("skipped: pdftotext is not here");
        return;
    };
    let text = String::from_utf8_lossy(&pdf.stdout).into_owned();
    let pages: Vec<&str> = text.trim_end_matches('\u{c}').split('\u{c}').collect();
    let order: Value = serde_json::from_slice(&fs::read(results().join("order.json")).unwrap()).unwrap();
    let identifiers = order["patient"]["identifiers"].as_array().unwrap();
    for (number, page) in pages.iter().enumerate() {
        assert!(page.contains("DRAFT"), "page {}", number + 1);
        assert!(
            page.contains(&format!("{} of {}", number + 1, pages.len())),
            "page {}: {page}",
            number + 1
        );
        assert!(
            identifiers.iter().all(|i| page.contains(i["value"].as_str().unwrap())),
            "page {}",
            number + 1
        );
    }
}

#[test]
fn a_clinvar_pathogenic_allele_is_listed_or_reported() {
    let interpretation = json("interpretation.json");
    let shown: String = interpretation["findings"].to_string() + &interpretation["clinvar_listed"].to_string();
    let interval = |row: &BTreeMap<String, String>| row["hgvs_g"].clone();
    for row in expected() {
        let pathogenic = ["CFTR", "BRCA1", "LDLR"].contains(&row["gene"].as_str());
        assert!(
            !pathogenic || shown.contains(&interval(&row)) || shown.contains(&row["hgvs_c"]),
            "{}",
            row["gene"]
        );
    }
}

#[test]
fn the_bundle_has_no_error_against_base_r4_and_the_profiles() {
    let Some(validator) = shared("tools/fhir-validator") else {
        return;
    };
    let modules = std::env::var_os("CLINOTYPE_FHIR_NM").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/fhir-validator/node_modules"),
        PathBuf::from,
    );
    if !modules.is_dir() {
        assert!(
            std::env::var_os("CI").is_none(),
            "the validator is not installed: cargo xtask test installs it"
        );
        eprintln!("skipped: the validator is not installed (cargo xtask test installs it)");
        return;
    }
    let output = Command::new("node")
        .env("NM", &modules)
        .arg(validator.join("medplum-validate.cjs"))
        .arg(validator.join("ig-3.0.0"))
        .arg(file("fhir.json"))
        .output()
        .expect("node runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &errors(&output);
    assert!(output.status.success(), "{said}");
}

#[test]
fn bcftools_reads_the_annotation() {
    let output = Command::new("bcftools")
        .args([
            "+split-vep",
            "-f",
            "%CHROM %POS %SYMBOL %Consequence %HGVSc\n",
            "-s",
            "worst",
        ])
        .arg(file("annotated.vcf.gz"))
        .output();
    let Ok(output) = output else {
        assert!(std::env::var_os("CI").is_none(), "bcftools is missing");
        eprintln!("skipped: bcftools is not here");
        return;
    };
    assert!(output.status.success(), "{}", errors(&output));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.lines()
            .any(|l| l.contains("BRCA1") && l.contains("NM_007294.3:c.68_69del")),
        "{text}"
    );
}
