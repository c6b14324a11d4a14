//! Calls on real reads against the GIAB truth, scored by the comparison tool of the shared data.

use std::{path::Path, process::Command};

use clinotype_tests::{clinotype, errors, shared};

/// F1 for SNPs and indels, as `vcf_compare.py` prints them.
fn scores(truth: &Path, calls: &Path, reference: &Path, bed: &Path) -> (f64, f64) {
    let Some(tool) = shared("tools/vcf_compare.py") else {
        panic!("the scorer is part of the shared data")
    };
    let output = Command::new("python3")
        .arg(tool)
        .arg("--truth")
        .arg(truth)
        .arg("--calls")
        .arg(calls)
        .arg("--reference")
        .arg(reference)
        .arg("--bed")
        .arg(bed)
        .output()
        .expect("python3 runs");
    assert!(output.status.success(), "{}", errors(&output));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    eprintln!("{text}");
    let of = |kind: &str| -> f64 {
        let line = text
            .lines()
            .find(|l| l.to_lowercase().starts_with(kind))
            .unwrap_or_else(|| panic!("no {kind} line"));
        line.split_whitespace()
            .last()
            .and_then(|f1| f1.trim_start_matches("F1=").parse().ok())
            .unwrap_or_else(|| panic!("no F1 in {line}"))
    };
    (of("snp"), of("indel"))
}

fn clinotype_step(words: &[&str], paths: &[(&str, &Path)]) {
    let mut command = clinotype();
    command.args(words);
    for (option, path) in paths {
        command.arg(option).arg(path);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", errors(&output));
}

#[test]
fn hg002_from_reads_reaches_the_accuracy_asked_for() {
    let Some(data) = shared("data/reads/hg002-chr20-b37") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (bam, vcf) = (folder.path().join("s.bam"), folder.path().join("s.vcf.gz"));
    let reference = data.join("reference.fa.gz");
    let (r1, r2) = (data.join("R1.fastq.gz"), data.join("R2.fastq.gz"));
    let mut align = clinotype();
    align
        .args(["align", "--quiet", "--sample", "HG002", "--reads"])
        .arg(&r1)
        .arg(&r2);
    let output = align
        .arg("--reference")
        .arg(&reference)
        .arg("--out")
        .arg(&bam)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", errors(&output));
    clinotype_step(
        &["call", "--quiet"],
        &[("--bam", &bam), ("--reference", &reference), ("--out", &vcf)],
    );
    let (snp, indel) = scores(
        &data.join("truth.vcf.gz"),
        &vcf,
        &reference,
        &data.join("confident.bed"),
    );
    assert!(snp >= 0.990, "SNP F1 {snp}");
    assert!(indel >= 0.960, "indel F1 {indel}");
}

#[test]
fn a_made_up_person_is_called_although_repeats_slip() {
    let Some(packed) = shared("data/grch38-slices/chr13_32000000_33000000.fa.gz") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let (reference, bed, truth) = (file("r.fa"), file("t.bed"), file("truth.vcf"));
    let mut text = String::new();
    std::io::Read::read_to_string(
        &mut flate2::read::MultiGzDecoder::new(std::fs::File::open(packed).unwrap()),
        &mut text,
    )
    .unwrap();
    std::fs::write(&reference, &text).unwrap();
    let contig = text[1..].split_whitespace().next().unwrap();
    std::fs::write(&bed, format!("{contig}\t100000\t600000\n")).unwrap();
    let (r1, r2) = (file("1.fastq.gz"), file("2.fastq.gz"));
    let mut simulate = clinotype();
    simulate.args("simulate --depth 30 --copies 1 --indel-error 8e-6 --seed 11 --out".split(' '));
    let output = simulate
        .args([&r1, &r2])
        .args(["--reference".as_ref(), reference.as_os_str()])
        .args(["--targets".as_ref(), bed.as_os_str()])
        .args(["--draw".as_ref(), truth.as_os_str()])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", errors(&output));
    let (bam, vcf) = (file("s.bam"), file("s.vcf.gz"));
    let output = clinotype()
        .args(["align", "--quiet", "--sample", "S", "--reads"])
        .args([&r1, &r2])
        .args(["--reference".as_ref(), reference.as_os_str()])
        .args(["--out".as_ref(), bam.as_os_str()])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", errors(&output));
    clinotype_step(
        &["call", "--quiet", "--build", "GRCh38"],
        &[("--bam", &bam), ("--reference", &reference), ("--out", &vcf)],
    );
    let (snp, indel) = scores(&truth, &vcf, &reference, &bed);
    assert!(snp >= 0.999, "SNP F1 {snp}");
    assert!(indel >= 0.985, "indel F1 {indel}");
}

#[test]
fn na12878_from_a_bam_reaches_the_accuracy_asked_for() {
    let Some(data) = shared("data/reads/na12878-chr20-hg19") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let reference = data.join("reference.fa.gz");
    let header = noodles::bam::io::reader::Builder
        .build_from_path(data.join("reads.bam"))
        .and_then(|mut reader| reader.read_header())
        .unwrap();
    let sample = header
        .read_groups()
        .values()
        .find_map(|group| group.other_fields().get(b"SM").map(ToString::to_string))
        .expect("the BAM names its sample");
    // The transcripts do not matter here; a run needs some, and those of the tiny case lie on another contig.
    let out = folder.path().join("out");
    let transcripts = folder.path().join("transcripts.gff3");
    std::fs::write(&transcripts, TRANSCRIPT).unwrap();
    let mut run = clinotype();
    // The window holds no start codon or splice site to prove the build by.
    run.args(["run", "--quiet", "--build", "GRCh37", "--sample", &sample]);
    for (option, path) in [
        ("--bam", data.join("reads.bam")),
        ("--reference", reference.clone()),
        ("--transcripts", transcripts),
        ("--out", out.clone()),
    ] {
        run.arg(option).arg(path);
    }
    let output = run.output().unwrap();
    assert!(output.status.success(), "{}", errors(&output));
    let vcf = out.join(format!("{sample}.vcf.gz"));
    let (snp, indel) = scores(
        &data.join("truth_nist_v3.3.2.vcf.gz"),
        &vcf,
        &reference,
        &data.join("confident_wide.bed"),
    );
    assert!(snp >= 0.990, "SNP F1 {snp}");
    assert!(indel >= 0.960, "indel F1 {indel}");
}

/// A made-up non-coding transcript within the window, so that no start codon has to fit.
const TRANSCRIPT: &str = "##gff-version 3\n\
chr20\tRefSeq\tgene\t10010001\t10012000\t.\t+\t.\tID=gene-MADEUP1;Name=MADEUP1;gene=MADEUP1;gene_biotype=lncRNA\n\
chr20\tRefSeq\tlnc_RNA\t10010001\t10012000\t.\t+\t.\tID=rna-NR_900001.1;Parent=gene-MADEUP1;gene=MADEUP1;transcript_id=NR_900001.1\n\
chr20\tRefSeq\texon\t10010001\t10012000\t.\t+\t.\tID=exon-1;Parent=rna-NR_900001.1;gene=MADEUP1;transcript_id=NR_900001.1\n";
