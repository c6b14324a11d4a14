//! The command line on an encrypted store: the same case as with `--out`, and nothing plain on the disk.

#![allow(clippy::unwrap_used, reason = "what helpers of tests expect is what they test")]

use std::{
    path::Path,
    process::{Command, Output},
};

use clinotype_genome::fs;
use clinotype_tests::{READS, TinyCase, errors};

const PASSPHRASE: &str = "correct horse battery";

fn clinotype(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clinotype"));
    command
        .current_dir(folder)
        .env_remove("SOURCE_DATE_EPOCH")
        .env("CLINOTYPE_PASSPHRASE", PASSPHRASE);
    command
}

fn good(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", errors(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn init(folder: &Path) -> String {
    good(clinotype(folder).args(["store", "init", "--store", "S", "--user", "ada", "--name", "Ada Admin"]))
}

fn run(folder: &Path) -> Command {
    let mut command = clinotype(folder);
    command
        .args([
            "run",
            "--quiet",
            "--store",
            "S",
            "--sample",
            "T-1",
            "--order",
            "order.json",
        ])
        .args(READS)
        .args([
            "--reference",
            "reference.fa",
            "--transcripts",
            "transcripts.gff3",
            "--build",
            "GRCh38",
            "--memory",
            "512M",
        ]);
    command
}

fn exit(output: &Output) -> i32 {
    output.status.code().unwrap()
}

#[test]
fn a_case_is_recorded_listed_exported_and_its_trail_is_whole() {
    let tiny = TinyCase::new();
    let folder = tiny.folder();
    let before = names(folder);
    assert!(init(folder).contains('-'), "the recovery key is printed");
    let printed = good(&mut run(folder));
    assert!(
        printed.contains("case ") && printed.contains("report version 1"),
        "{printed}"
    );
    assert!(
        !printed.contains("Synthetic") && !printed.contains("ZZ-4471"),
        "{printed}"
    );
    // Beside the store only the reference's own indexes appear, which say nothing of the patient.
    for name in names(folder)
        .into_iter()
        .filter(|name| !before.contains(name) && name != "S")
    {
        let known = name.starts_with("reference") || name.contains(".minimap2-");
        assert!(known, "{name} is new");
        let bytes = fs::read(folder.join(&name)).unwrap();
        for secret in ["Synthetic", "ZZ-4471", "ZZ-000123", "T-1"] {
            assert!(
                !bytes.windows(secret.len()).any(|w| w == secret.as_bytes()),
                "{name} holds {secret}"
            );
        }
    }

    let case = printed.lines().next().unwrap().trim_start_matches("case ").to_owned();
    let listed = good(clinotype(folder).args(["store", "cases", "--store", "S"]));
    assert!(
        listed.contains(&case) && listed.contains("T-1") && listed.contains("called"),
        "{listed}"
    );
    assert!(!listed.contains("Synthetic"), "{listed}");

    for (kind, start) in [("pdf", "%PDF"), ("html", "<"), ("fhir", "{"), ("vcf.gz", "\x1f")] {
        let (out, kind) = (format!("out.{kind}"), kind.trim_end_matches(".gz"));
        let mut export = clinotype(folder);
        export.args([
            "store", "export", "--store", "S", "--case", "T-1", "--kind", kind, "--out", &out,
        ]);
        export.args(["--to", "Dr. Example", "--purpose", "treatment"]);
        let printed = good(&mut export);
        assert!(printed.contains("SHA-256"), "{printed}");
        assert!(
            fs::read(folder.join(&out)).unwrap().starts_with(start.as_bytes()),
            "{kind}"
        );
        assert_ne!(exit(&export.output().unwrap()), 0, "an existing file is not replaced");
    }
    let verified = good(clinotype(folder).args(["audit", "verify", "--store", "S"]));
    assert!(verified.starts_with("intact"), "{verified}");
    // The same command again does not run the case a second time.
    assert_eq!(exit(&run(folder).output().unwrap()), 2);
}

#[test]
fn a_store_takes_evidence_family_scores_and_libraries_and_remembers_them() {
    let tiny = TinyCase::new();
    let folder = tiny.folder();
    init(folder);
    let key = tiny.variant();
    let head = "##fileformat=VCFv4.3\n##contig=<ID=chr1,length=6000>\n##contig=<ID=chr2,length=1000>\n\
        ##FORMAT=<ID=GT,Number=1,Type=String,Description=\"g\">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT";
    tiny.write(
        "family.vcf",
        &format!(
            "{head}\tdad\tT-1\tmum\n{}\t{}\t.\t{}\t{}\t60\tPASS\t.\tGT\t0/0\t0/1\t0/0\n",
            key.contig, key.position, key.reference, key.alternate
        ),
    );
    tiny.write("family.ped", "F T-1 dad mum 2 2\nF dad 0 0 1 1\nF mum 0 0 2 1\n");
    tiny.write(
        "evidence.json",
        "{\"schema\": \"clinotype-evidence/1\", \"build\": \"GRCh38\", \"variants\": []}",
    );
    let given = [
        "--evidence",
        "evidence.json",
        "--family",
        "family.vcf",
        "--library",
        "lib1",
    ];
    // Half a family is refused before anything is recorded.
    let half = run(folder).args(given).output().unwrap();
    assert_eq!(exit(&half), 2, "{}", errors(&half));
    // What cannot be used is named by its option.
    tiny.write("other.ped", "F X-1 dad mum 2 2\nF dad 0 0 1 1\nF mum 0 0 2 1\n");
    let strange = run(folder).args(given).args(["--ped", "other.ped"]).output().unwrap();
    let told = errors(&strange);
    assert!(
        !strange.status.success() && told.contains("--ped: the tested person is not in the pedigree"),
        "{told}"
    );
    // Medicines belong to the order; without one there is no place for them.
    let printed = good(
        run(folder)
            .args(given)
            .args(["--ped", "family.ped", "--pgx", "--medications", "codeine"]),
    );
    assert!(printed.contains("report version 1"), "{printed}");
    let mut export = clinotype(folder);
    export.args([
        "store", "export", "--store", "S", "--case", "T-1", "--kind", "html", "--out", "out.html",
    ]);
    export.args(["--to", "Dr. Example", "--purpose", "treatment"]);
    good(&mut export);
    let html = fs::read_to_string(folder.join("out.html")).unwrap();
    // The inputs stand in the provenance with their digests.
    for name in ["family.vcf", "family.ped", "evidence.json"] {
        let digest = clinotype_genome::digest::sha256_file(folder.join(name)).unwrap();
        assert!(html.contains(name) && html.contains(&digest), "{name}");
    }
    assert!(html.contains("codeine"), "the medicine is in the order");
}

#[test]
fn passphrases_come_from_a_descriptor_or_the_environment_and_wrong_ones_are_refused() {
    let tiny = TinyCase::new();
    let folder = tiny.folder();
    init(folder);
    let wrong = clinotype(folder)
        .env("CLINOTYPE_PASSPHRASE", "not the right one")
        .args(["store", "cases", "--store", "S"])
        .output()
        .unwrap();
    assert_eq!(exit(&wrong), 3, "{}", errors(&wrong));
    assert!(!errors(&wrong).contains("not the right one"));
    tiny.write("secret", &format!("{PASSPHRASE}\n"));
    let program = env!("CARGO_BIN_EXE_clinotype");
    let by_descriptor = Command::new("sh")
        .current_dir(folder)
        .env_remove("CLINOTYPE_PASSPHRASE")
        .args([
            "-c",
            &format!("exec '{program}' store cases --store S --passphrase-fd 9 9<secret"),
        ])
        .output()
        .unwrap();
    assert!(by_descriptor.status.success(), "{}", errors(&by_descriptor));
    let without = Command::new(program)
        .current_dir(folder)
        .env_remove("CLINOTYPE_PASSPHRASE")
        .stdin(std::process::Stdio::null())
        .args(["store", "cases", "--store", "S"])
        .output()
        .unwrap();
    assert_eq!(exit(&without), 2, "{}", errors(&without));
    let nowhere = clinotype(folder)
        .args(["store", "cases", "--store", "elsewhere"])
        .output()
        .unwrap();
    assert_eq!(exit(&nowhere), 3, "{}", errors(&nowhere));
    let both = run(folder).args(["--out", "out"]).output().unwrap();
    assert_eq!(exit(&both), 2, "{}", errors(&both));
}

/// An older copy of the database in its place takes back what was recorded since: the anchor beside it tells.
#[test]
fn a_store_rolled_back_or_damaged_is_named_and_says_so_by_its_exit_code() {
    let tiny = TinyCase::new();
    let folder = tiny.folder();
    init(folder);
    let database = folder.join("S/store.db");
    let old = fs::read(&database).unwrap();
    good(&mut run(folder));
    let new = fs::read(&database).unwrap();
    let verify = || {
        clinotype(folder)
            .args(["audit", "verify", "--store", "S"])
            .output()
            .unwrap()
    };
    assert!(verify().status.success());

    fs::write_atomic(&database, &old).unwrap();
    let told = verify();
    assert_eq!(exit(&told), 3, "{}", errors(&told));
    let said = format!("{}{}", String::from_utf8_lossy(&told.stdout), errors(&told));
    assert!(said.contains("row"), "{said}");

    // A page is damaged: nothing is guessed, and the passphrase is not blamed.
    let mut damaged = new;
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    fs::write_atomic(&database, &damaged).unwrap();
    let listed = clinotype(folder)
        .args(["store", "cases", "--store", "S"])
        .output()
        .unwrap();
    let told = verify();
    assert!(
        exit(&listed) == 3 || exit(&told) == 3,
        "{} {}",
        errors(&listed),
        errors(&told)
    );
    assert!(!errors(&told).contains("passphrase"), "{}", errors(&told));
}

fn names(folder: &Path) -> Vec<String> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect()
}
