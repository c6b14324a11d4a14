//! `clinotype prs`, `inherit`, `rank` and `panel` as a laboratory calls them.

#![allow(clippy::unwrap_used, reason = "what helpers of tests expect is what they test")]

use std::{path::Path, process::Command};

use clinotype_genome::fs;
use serde_json::Value;

fn clinotype(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_clinotype"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn file(folder: &Path, name: &str, text: &str) {
    fs::write_atomic(folder.join(name), text.as_bytes()).unwrap();
}

fn json(folder: &Path, name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join(name)).unwrap()).unwrap()
}

const HEAD: &str = "##fileformat=VCFv4.2\n##contig=<ID=chr1,length=248956422>\n\
##INFO=<ID=CSQ,Number=.,Type=String,Description=\"Format: Allele|Consequence|SYMBOL|ALLELE_NUM\">\n\
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT";

#[test]
fn a_score_with_its_audit() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    file(
        folder,
        "s.txt",
        "#pgs_id=S\n#genome_build=GRCh38\nchr_name\tchr_position\teffect_allele\tother_allele\teffect_weight\n1\t5\tG\tA\t0.25\n",
    );
    file(
        folder,
        "v.vcf",
        &format!("{HEAD}\tS1\nchr1\t5\t.\tA\tG\t.\t.\t.\tGT\t1/1\n"),
    );
    let good = [
        "prs", "--vcf", "v.vcf", "--score", "s.txt", "--out", "o.json", "--audit", "a.tsv",
    ];
    let (code, out, error) = clinotype(folder, &good);
    assert_eq!(code, 0, "{error}");
    assert!(
        out.contains("S: 1 of 1 rows matched (100.0 %)") && out.contains("S1: 0.500000"),
        "{out}"
    );
    assert_eq!(json(folder, "o.json")["scores"][0]["samples"][0]["sum"], 0.5);
    assert!(
        fs::read_to_string(folder.join("a.tsv"))
            .unwrap()
            .contains("s.txt\t1\t1\t5\tmatched\taltref\tA>G, effect allele 1")
    );
    let (code, _, error) = clinotype(folder, &["prs", "--score", "s.txt", "--out", "p.json"]);
    assert_eq!(code, 2, "{error}");
    let (code, _, error) = clinotype(
        folder,
        &[
            "prs", "--vcf", "v.vcf", "--score", "s.txt", "--out", "p.json", "--build", "GRCh37",
        ],
    );
    assert_eq!(code, 3);
    assert!(
        error.contains("is on GRCh38") && error.contains("what to do:"),
        "{error}"
    );
    assert!(!folder.join("p.json").exists());
}

#[test]
fn a_family_and_its_loop() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    file(folder, "f.ped", "f c d m 1 2\nf d 0 0 1 1\nf m 0 0 2 1\n");
    file(folder, "loop.ped", "f c d m 1 2\nf d c 0 1 1\nf m 0 0 2 1\n");
    let info = "CSQ=G|missense_variant|ABC|1";
    file(
        folder,
        "v.vcf",
        &format!(
            "{HEAD}\tc\td\tm\nchr1\t5\t.\tA\tG\t.\t.\t{info}\tGT:GQ\t0/1:50\t0/1:50\t0/0:50\nchr1\t9\t.\tA\tG\t.\t.\t{info}\tGT:GQ\t0/1:50\t0/0:50\t0/1:50\n"
        ),
    );
    let (code, out, error) = clinotype(
        folder,
        &["inherit", "--vcf", "v.vcf", "--ped", "f.ped", "--out", "o.json"],
    );
    assert_eq!(code, 0, "{error}");
    assert!(out.contains("1  compound_heterozygous, 1 of high confidence"), "{out}");
    assert_eq!(json(folder, "o.json")["findings"][0]["gene"], "ABC");
    let (code, _, error) = clinotype(
        folder,
        &["inherit", "--vcf", "v.vcf", "--ped", "loop.ped", "--out", "p.json"],
    );
    assert_eq!(code, 3);
    assert!(
        error.contains("loop.ped, line 1") && error.contains("own ancestor"),
        "{error}"
    );
}

#[test]
fn a_panel_is_applied_in_its_version() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    file(
        folder,
        "hgnc.tsv",
        "hgnc_id\tsymbol\tname\tstatus\talias_symbol\tprev_symbol\tentrez_id\tensembl_gene_id\n\
         HGNC:1\tABC\tx\tApproved\t\t\t\t\nHGNC:2\tDEF\tx\tApproved\t\t\t\t\nHGNC:3\tGHI\tx\tApproved\t\t\t\t\n",
    );
    file(folder, "one.txt", "ABC\n");
    file(folder, "two.txt", "ABC\nDEF\n");
    for arguments in [
        &["--table", "hgnc", "--file", "hgnc.tsv", "--release", "r"][..],
        &[
            "--table",
            "panel-list",
            "--file",
            "one.txt",
            "--panel",
            "P",
            "--release",
            "1",
        ],
        &[
            "--table",
            "panel-list",
            "--file",
            "two.txt",
            "--panel",
            "P",
            "--release",
            "2",
        ],
    ] {
        let (code, _, error) = clinotype(
            folder,
            &[&["data", "genes", "import", "--database", "g.db"], arguments].concat(),
        );
        assert_eq!(code, 0, "{error}");
    }
    let record =
        |position, gene| format!("chr1\t{position}\t.\tA\tG\t.\t.\tCSQ=G|missense_variant|{gene}|1\tGT\t0/1\n");
    file(
        folder,
        "v.vcf",
        &format!(
            "{HEAD}\tS\n{}{}{}",
            record(5, "ABC"),
            record(6, "DEF"),
            record(7, "GHI")
        ),
    );
    let apply = [
        "panel",
        "apply",
        "P",
        "--database",
        "g.db",
        "--vcf",
        "v.vcf",
        "--out",
        "o.json",
    ];
    let (code, out, error) = clinotype(folder, &apply);
    assert_eq!(code, 0, "{error}");
    assert!(
        out.contains("P version 2: 2 genes applied, 0 left out; 2 of 3 alleles lie in 2 of them"),
        "{out}"
    );
    let (code, _, error) = clinotype(folder, &[&apply[..], &["--panel-version", "1"]].concat());
    assert_eq!(code, 0, "{error}");
    let found = json(folder, "o.json");
    assert_eq!(found["panel"]["version"], "1");
    assert_eq!(found["genes"].as_object().unwrap().len(), 1);
    assert_eq!(found["dropped"][0]["count"], 2);
    // A list states no confidence, so none of its genes has the one that is asked for.
    let (code, _, error) = clinotype(folder, &[&apply[..], &["--min-confidence", "3"]].concat());
    assert_eq!(code, 3);
    assert!(error.contains("no gene of the panel has the confidence"), "{error}");
    let (code, out, _) = clinotype(folder, &["panel", "show", "P", "--database", "g.db", "--since", "1"]);
    assert_eq!(code, 0);
    assert!(out.contains("DEF"), "{out}");
}

#[test]
fn a_rank_needs_terms_and_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    file(folder, "v.vcf", &format!("{HEAD}\tS\n"));
    let (code, _, error) = clinotype(folder, &["rank", "--vcf", "v.vcf", "--hpo", ".", "--out", "o.json"]);
    assert_eq!(code, 2, "{error}");
    let (code, _, error) = clinotype(
        folder,
        &[
            "rank",
            "--vcf",
            "v.vcf",
            "--hpo",
            ".",
            "--terms",
            "HP:0001250",
            "--out",
            "o.json",
        ],
    );
    assert_eq!(code, 3);
    assert!(
        error.contains("holds no hp.obo") && error.contains("HPO's licence"),
        "{error}"
    );
}
