//! Real reads against a truth set, as people would check it: Genome in a Bottle HG001, 52x, 100 kb of chromosome 20.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use clinotype_call::{CallOptions, Sex, call};
use clinotype_genome::{Build, Reference, Silent};

fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("CLINOTYPE_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    if folder.join("data/reads/na12878-chr20-hg19").is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "the shared data is missing");
    println!("skipped: no shared data at {}", folder.display());
    None
}

#[test]
fn hg001_slice() {
    let Some(shared) = shared() else { return };
    let data = shared.join("data/reads/na12878-chr20-hg19");
    let folder = tempfile::tempdir().unwrap();
    let reference = Reference::open(data.join("reference.fa.gz")).unwrap();
    let vcf = folder.path().join("calls.vcf.gz");
    call(
        &CallOptions {
            bam: &data.join("reads.bam"),
            reference: &reference,
            targets: None,
            padding: 100,
            sample: "HG001",
            sex: Sex::Female,
            build: Some(Build::Grch37),
            vcf: &vcf,
            gvcf: None,
            memory: 2 << 30,
            source: "test",
            header: &[],
        },
        &Silent,
    )
    .unwrap();
    for (truth, bed) in [
        ("truth_nist_v3.3.2.vcf.gz", "confident_wide.bed"),
        ("truth.vcf.gz", "confident.bed"),
    ] {
        let output = Command::new("python3")
            .arg(shared.join("tools/vcf_compare.py"))
            .arg("--truth")
            .arg(data.join(truth))
            .arg("--calls")
            .arg(&vcf)
            .arg("--reference")
            .arg(data.join("reference.fa.gz"))
            .arg("--bed")
            .arg(data.join(bed))
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        println!("{text}");
        for (kind, floor) in [("SNP", 0.990), ("INDEL", 0.960)] {
            let line = text.lines().find(|l| l.starts_with(kind)).unwrap();
            let f1: f64 = line.rsplit("F1=").next().unwrap().parse().unwrap();
            assert!(f1 >= floor, "{bed}: {line}");
        }
    }
}
