//! `clinotype data build` and `clinotype data genes` as a laboratory calls them.

#![allow(clippy::unwrap_used, reason = "what helpers of tests expect is what they test")]

use std::{path::Path, process::Command};

use clinotype_genome::fs;

fn clinotype(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_clinotype"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn good(folder: &Path, arguments: &[&str]) -> String {
    let (code, out, error) = clinotype(folder, arguments);
    assert_eq!(code, 0, "{arguments:?}: {error}");
    out
}

fn file(folder: &Path, name: &str, text: &str) {
    fs::write_atomic(folder.join(name), text.as_bytes()).unwrap();
}

#[test]
fn a_store_is_built() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    file(folder, "r.fa", ">chr1\nACGTACGTAC\n");
    file(
        folder,
        "revel.tsv",
        "chr\tgrch38_pos\tref\talt\tREVEL\n1\t2\tC\tT\t0.5\n1\t2\tC\tT\t0.7\n1\t.\tC\tT\t0.1\n",
    );
    let build = [
        "data",
        "build",
        "revel.tsv",
        "--reference",
        "r.fa",
        "--build",
        "GRCh38",
        "--out",
        "revel.cta",
        "--fields",
        "REVEL",
        "--release",
        "1.3",
        "--licence",
        "academic use",
        "--quiet",
    ];
    let out = good(folder, &[&build[..], &["--duplicates", "highest=REVEL"]].concat());
    assert!(
        out.contains("revel, release 1.3, licence academic use, GRCh38"),
        "{out}"
    );
    assert!(out.contains("3 records with 3 alleles: 1 kept"), "{out}");
    assert!(out.contains("1 left out: no position on this build"), "{out}");
    assert!(folder.join("revel.cta").is_file());
    // Nothing else stays: no spill, no partial file.
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["r.fa", "r.fa.fai", "revel.cta", "revel.tsv"]);
    for (extra, code, words) in [
        (vec!["--duplicates", "best"], 2, "unknown rule"),
        (vec!["--max-mismatches", "7"], 2, "between 0 and 1"),
        (vec!["--duplicates", "refuse"], 3, "two records have the same allele"),
    ] {
        let (found, _, error) = clinotype(folder, &[&build[..], &extra].concat());
        assert_eq!(found, code, "{error}");
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn genes_are_imported_and_shown() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    file(
        folder,
        "hgnc.tsv",
        "hgnc_id\tsymbol\tname\tstatus\talias_symbol\tprev_symbol\nHGNC:1\tGENA\tgene A\tApproved\tX1\tOLDA\nHGNC:2\tGENB\tgene B\tApproved\tX1\t\n",
    );
    file(folder, "own.txt", "OLDA\n");
    let import = |rest: &[&str]| {
        good(
            folder,
            &[&["data", "genes", "import", "--database", "genes.db"], rest].concat(),
        )
    };
    let out = import(&[
        "--table",
        "hgnc",
        "--file",
        "hgnc.tsv",
        "--release",
        "2026-11",
        "--licence",
        "CC0",
    ]);
    assert!(out.contains("2 records: 2 kept"), "{out}");
    import(&[
        "--table",
        "panel-list",
        "--file",
        "own.txt",
        "--panel",
        "Own",
        "--release",
        "1",
    ]);
    let out = good(folder, &["data", "genes", "show", "olda", "--database", "genes.db"]);
    assert!(
        out.contains("\"symbol\": \"GENA\"") && out.contains("\"known_by\": \"previous symbol\""),
        "{out}"
    );
    let out = good(folder, &["data", "genes", "list", "--database", "genes.db"]);
    assert!(
        out.contains("\"licence\": \"CC0\"") && out.contains("\"version\": \"1\""),
        "{out}"
    );
    let out = good(folder, &["data", "genes", "panel", "Own", "--database", "genes.db"]);
    assert!(out.contains("\"hgnc_id\": \"HGNC:1\""), "{out}");
    let (code, _, error) = clinotype(folder, &["data", "genes", "show", "X1", "--database", "genes.db"]);
    assert!(code == 3 && error.contains("GENA (alias) or GENB (alias)"), "{error}");
}
