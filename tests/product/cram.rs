//! CRAM in and out of the single steps, and lanes and libraries from the command line.

use std::fs;

use clinotype_tests::{READS, TinyCase, clinotype, errors, lines};

fn step(case: &TinyCase, words: &[&str]) -> std::process::Output {
    clinotype()
        .current_dir(case.folder())
        .args(words)
        .args(["--quiet", "--reference", "reference.fa"])
        .output()
        .unwrap()
}

fn succeeds(case: &TinyCase, words: &[&str]) {
    let output = step(case, words);
    assert!(output.status.success(), "{words:?}: {}", errors(&output));
}

/// Lines of a BAM or CRAM by samtools, tags sorted.
fn alignments(case: &TinyCase, file: &str) -> Vec<String> {
    let output = std::process::Command::new("samtools")
        .current_dir(case.folder())
        .args(["view", "-T", "reference.fa", file])
        .output()
        .expect("samtools is installed (cargo xtask test installs it)");
    assert!(output.status.success(), "{}", errors(&output));
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| {
            let mut fields: Vec<&str> = line.split('\t').collect();
            fields[11..].sort_unstable();
            fields.join("\t")
        })
        .collect()
}

fn names(case: &TinyCase) -> Vec<String> {
    fs::read_dir(case.folder())
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn a_run_and_its_steps_write_and_read_cram() {
    let case = TinyCase::new();
    case.succeeds(&READS, &["--cram"]);
    let expected = alignments(&case, "out/T-1.bam");
    assert!(!expected.is_empty());
    assert_eq!(alignments(&case, "out/T-1.cram"), expected);
    assert!(case.path("out/T-1.cram.crai").exists());
    succeeds(
        &case,
        &[
            "align", READS[0], READS[1], READS[2], "--sample", "T-1", "--out", "a.cram",
        ],
    );
    assert_eq!(alignments(&case, "a.cram"), expected);
    for (file, name) in [("out/T-1.bam", "b"), ("out/T-1.cram", "c"), ("a.cram", "a")] {
        let (vcf, qc) = (format!("{name}.vcf.gz"), format!("{name}.json"));
        succeeds(&case, &["call", "--bam", file, "--build", "GRCh38", "--out", &vcf]);
        let coverage = [
            "coverage",
            "--bam",
            file,
            "--build",
            "GRCh38",
            "--transcripts",
            "transcripts.gff3",
            "--out",
            &qc,
        ];
        succeeds(&case, &coverage);
        assert!(lines(&case.path(&vcf)).iter().any(|l| !l.starts_with('#')), "{file}");
        assert_eq!(lines(&case.path(&vcf)), lines(&case.path("b.vcf.gz")), "{file}");
        assert_eq!(
            fs::read(case.path(&qc)).unwrap(),
            fs::read(case.path("b.json")).unwrap(),
            "{file}"
        );
    }
    // Too little memory is one error with exit code 5; nothing is left of what was unpacked.
    let small = step(
        &case,
        &["call", "--bam", "a.cram", "--out", "s.vcf.gz", "--memory", "1M"],
    );
    assert_eq!(small.status.code(), Some(5), "{}", errors(&small));
    let left = names(&case);
    assert!(
        !left.iter().any(|n| n.contains("scratch") || n.contains("partial")),
        "{left:?}"
    );
    // A name that is neither BAM nor CRAM.
    let wrong = step(
        &case,
        &[
            "align", READS[0], READS[1], READS[2], "--sample", "T-1", "--out", "a.sam",
        ],
    );
    assert_eq!(wrong.status.code(), Some(2), "{}", errors(&wrong));
}

#[test]
fn libraries_are_named_on_the_command_line() {
    let case = TinyCase::new();
    case.succeeds(&READS, &["--library", "L7"]);
    let header = std::process::Command::new("samtools")
        .current_dir(case.folder())
        .args(["view", "-H", "out/T-1.bam"])
        .output()
        .expect("samtools is installed (cargo xtask test installs it)");
    let header = String::from_utf8(header.stdout).unwrap();
    assert!(header.contains("\tSM:T-1\tLB:L7\tPL:ILLUMINA"), "{header}");
    let two = step(
        &case,
        &[
            "align",
            READS[0],
            READS[1],
            READS[2],
            "--library",
            "a",
            "b",
            "--sample",
            "T-1",
            "--out",
            "a.bam",
        ],
    );
    assert_eq!(two.status.code(), Some(2), "{}", errors(&two));
    assert!(errors(&two).contains("2 libraries"), "{}", errors(&two));
}
