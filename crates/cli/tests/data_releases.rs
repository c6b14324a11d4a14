//! `clinotype data` from folders, and `clinotype liftover`: what is printed, and how it ends.

#![allow(clippy::unwrap_used, reason = "what helpers of tests expect is what they test")]

use std::{
    path::Path,
    process::{Command, Output},
};

use clinotype_genome::fs;

fn clinotype(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clinotype"))
        .current_dir(folder)
        .env("SOURCE_DATE_EPOCH", "1800000000")
        .env("XDG_DATA_HOME", folder.join("own"))
        .args(arguments)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[track_caller]
fn expect(folder: &Path, arguments: &[&str], exit: i32, words: &[&str]) {
    let output = clinotype(folder, arguments);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {text}");
    for word in words {
        assert!(text.contains(word), "{word:?} in {text}");
    }
}

#[test]
fn a_release_is_installed_verified_and_removed() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    fs::create_dir_all(folder.join("copy")).unwrap();
    fs::write_atomic(folder.join("copy/revel.tsv"), b"scores\n").unwrap();
    let install = ["data", "install", "revel", "--from", "copy", "--quiet", "--data", "D"];
    expect(folder, &install, 2, &["does not say which release", "--release"]);
    let install = [&install[..], &["--release", "1.3"]].concat();
    expect(folder, &install, 0, &["revel@1.3 "]);
    expect(folder, &install, 0, &["revel@1.3 "]);
    expect(
        folder,
        &["data", "list", "--data", "D"],
        0,
        &["clinvar", "licence:", "installed: 1.3", "2027-01-15T08:00:00Z"],
    );
    expect(
        folder,
        &["data", "list", "--data", "D", "--json"],
        0,
        &["\"release\": \"1.3\""],
    );
    let verify = ["data", "verify", "--quiet", "--data", "D"];
    expect(folder, &verify, 0, &["revel@1.3: whole"]);

    let pins = r#"[{"id": "revel", "release": "1.3", "digest": "x"}]"#;
    fs::write_atomic(folder.join("pins.json"), pins.as_bytes()).unwrap();
    let remove = ["data", "remove", "revel@1.3", "--data", "D", "--pins", "pins.json"];
    expect(folder, &remove, 2, &["is used by 1 case(s)"]);
    fs::remove_if_there(folder.join("D/revel/1.3/revel.tsv")).unwrap();
    expect(
        folder,
        &verify,
        3,
        &["revel@1.3: DIFFERS: revel.tsv is missing", "install them again"],
    );
    expect(
        folder,
        &[&remove[..], &["--force"]].concat(),
        0,
        &["revel@1.3: removed"],
    );
    expect(folder, &verify, 0, &[]);

    // The user's own folder, and what is no release.
    expect(
        folder,
        &["data", "verify", "clinvar"],
        2,
        &["clinvar is not installed", "own/clinotype/releases"],
    );
    expect(
        folder,
        &["data", "install", "nothing"],
        2,
        &["there is no source", "clinvar"],
    );
    expect(
        folder,
        &["data", "install", "revel"],
        2,
        &["is not fetched by Clinotype"],
    );
    let http = [
        "data",
        "install",
        "clinvar",
        "--base",
        "clinvar=http://mirror.example/",
        "--quiet",
    ];
    expect(folder, &http, 2, &["only https is used"]);
}

#[test]
fn records_are_lifted_or_refused() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let (old, new) = ("GATTACAGGCTTAACGGTCA", "CCGATTACAGGCTTAACGATCA");
    for (name, bases) in [("old.fa", old), ("new.fa", new)] {
        fs::write_atomic(folder.join(name), format!(">chr1\n{bases}\n").as_bytes()).unwrap();
    }
    fs::write_atomic(
        folder.join("c.chain"),
        b"chain 9 chr1 20 + 0 20 chr1 22 + 2 22 1\n20\n\n",
    )
    .unwrap();
    let vcf = "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n\
               chr1\t2\t.\tA\tG\t.\t.\t.\tGT\t0|1\nchr1\t17\t.\tG\tA\t.\t.\t.\tGT\t1/1\n";
    fs::write_atomic(folder.join("in.vcf"), vcf.as_bytes()).unwrap();
    let lift = [
        "liftover",
        "--vcf",
        "in.vcf",
        "--chain",
        "c.chain",
        "--from-reference",
        "old.fa",
        "--reference",
        "new.fa",
        "--quiet",
        "--rejected",
        "no.vcf.gz",
        "--out",
    ];
    expect(
        folder,
        &[&lift[..], &["out.vcf.gz"]].concat(),
        0,
        &[
            "2 record(s): 1 lifted, 1 refused",
            "1  refused, ref_alt_swapped: the new build has ALT",
        ],
    );
    for name in ["out.vcf.gz", "out.vcf.gz.tbi", "no.vcf.gz", "no.vcf.gz.tbi"] {
        assert!(folder.join(name).is_file(), "{name}");
    }
    expect(
        folder,
        &[&lift[..], &["out.vcf"]].concat(),
        2,
        &["--out names a file that does not end in"],
    );
}
