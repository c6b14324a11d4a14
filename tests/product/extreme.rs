//! Inputs at the edge of what a format allows: each has one clear outcome.

use std::{
    fs,
    io::Write as _,
    path::Path,
    time::{Duration, Instant},
};

use clinotype_genome::fs::open_text;
use clinotype_tests::{READS, TinyCase, errors, lines};
use flate2::{Compression, write::GzEncoder};
use noodles::{bam, sam};
use serde_json::Value;

/// Writes SAM text as BAM.
pub(crate) fn bam(path: &Path, text: &str) {
    let mut reader = sam::io::Reader::new(text.as_bytes());
    let header = reader.read_header().unwrap();
    let mut writer = bam::io::Writer::new(fs::File::create(path).unwrap());
    writer.write_header(&header).unwrap();
    for record in reader.record_bufs(&header) {
        sam::alignment::io::Write::write_alignment_record(&mut writer, &header, &record.unwrap()).unwrap();
    }
    writer.try_finish().unwrap();
}

const HEADER: &str = "@HD\tVN:1.6\tSO:coordinate\n@SQ\tSN:chr1\tLN:6000\n@SQ\tSN:chr2\tLN:1000\n@RG\tID:1\tSM:T-1\n";

fn text(case: &TinyCase, name: &str) -> String {
    std::io::read_to_string(open_text(case.path(name)).unwrap()).unwrap()
}

fn gzip(path: &Path, text: &str) {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    fs::write(path, gzip.finish().unwrap()).unwrap();
}

fn fastq(name: &str, mate: u8, bases: &str) -> String {
    format!("@{name} {mate}:N:0:1\n{bases}\n+\n{}\n", "I".repeat(bases.len()))
}

/// Pairs of mates, before the good reads where `good`.
fn with_pairs(case: &TinyCase, pairs: &[(&str, String, String)], good: bool) {
    for (mate, name) in [(1, "R1.fastq.gz"), (2, "R2.fastq.gz")] {
        let mut all: String = pairs
            .iter()
            .map(|(name, first, last)| fastq(name, mate, if mate == 1 { first } else { last }))
            .collect();
        if good {
            all += &text(case, name);
        }
        gzip(&case.path(name), &all);
    }
}

fn variants(case: &TinyCase, out: &str) -> Vec<String> {
    lines(&case.path(out).join("T-1.vcf.gz"))
        .into_iter()
        .filter(|l| !l.starts_with('#'))
        .map(|l| l.split('\t').take(5).collect::<Vec<_>>().join(" "))
        .collect()
}

fn json(case: &TinyCase, name: &str) -> Value {
    serde_json::from_slice(&fs::read(case.path("out").join(format!("T-1.{name}"))).unwrap()).unwrap()
}

fn conclusion(case: &TinyCase) -> String {
    json(case, "interpretation.json")["conclusion"]
        .to_string()
        .to_lowercase()
}

fn sequence(case: &TinyCase, from: usize, to: usize) -> String {
    String::from_utf8(case.bases[from..to].to_vec()).unwrap()
}

#[test]
fn odd_reads_beside_good_ones_change_no_call() {
    let case = TinyCase::new();
    case.succeeds(&READS, &["--out", "good"]);
    with_pairs(
        &case,
        &[
            ("one", "A".into(), "C".into()),
            ("unknown", "N".repeat(150), "N".repeat(150)),
            ("codes", "ACGTRYKMSWBDHVN".repeat(10), "acgtnacgt".repeat(10)),
            ("uneven", sequence(&case, 10, 11), sequence(&case, 300, 450)),
        ],
        true,
    );
    case.succeeds(&READS, &[]);
    assert_eq!(variants(&case, "out").len(), 1);
    assert_eq!(variants(&case, "out"), variants(&case, "good"));
}

#[test]
fn long_reads_are_refused_by_their_place() {
    let case = TinyCase::new();
    let long: String = sequence(&case, 0, 5_000).repeat(2);
    assert_eq!(long.len(), 10_000);
    with_pairs(&case, &[("long", long, sequence(&case, 100, 250))], false);
    let output = case.run(&READS, &[]).output().unwrap();
    let message = errors(&output);
    assert_eq!(output.status.code(), Some(3), "{message}");
    assert!(
        message.contains("R1.fastq.gz, line 2") && message.contains("10000 bases"),
        "{message}"
    );
}

#[test]
fn reads_that_tell_nothing_are_no_negative_result() {
    for (what, pair) in [
        ("one base each", ("A".to_owned(), "C".to_owned())),
        ("only N", ("N".repeat(100), "N".repeat(100))),
        (
            "of nowhere",
            ("ACACACACACAGAGAGAGAG".repeat(5), "CTCTCTCTCTGTGTGTGTGT".repeat(5)),
        ),
    ] {
        let case = TinyCase::new();
        let pairs: Vec<(String, String, String)> = (0..50)
            .map(|n| (format!("r{n}"), pair.0.clone(), pair.1.clone()))
            .collect();
        let pairs: Vec<(&str, String, String)> = pairs
            .iter()
            .map(|(n, a, b)| (n.as_str(), a.clone(), b.clone()))
            .collect();
        with_pairs(&case, &pairs, false);
        let output = case.run(&READS, &["--order", "order.json"]).output().unwrap();
        let message = errors(&output);
        assert!(output.status.success(), "{what}: {message}");
        assert!(variants(&case, "out").is_empty(), "{what}");
        let said = conclusion(&case);
        assert!(
            !said.contains("\"negative\"") && said.contains("inconclusive"),
            "{what}: {said}"
        );
    }
}

#[test]
fn templates_of_one_name_are_kept_apart() {
    let case = TinyCase::new();
    case.succeeds(&READS, &["--out", "good"]);
    // Every read of the good files under one single name: as many reads, none lost.
    let renamed = |name: &str| -> String {
        let lines: Vec<String> = text(&case, name).lines().map(str::to_owned).collect();
        lines
            .chunks(4)
            .map(|r| {
                let tail = r[0].split_once(' ').map_or("", |(_, tail)| tail);
                format!("@SAME {tail}\n{}\n+\n{}\n", r[1], r[3])
            })
            .collect()
    };
    for name in ["R1.fastq.gz", "R2.fastq.gz"] {
        gzip(&case.path(name), &renamed(name));
    }
    case.succeeds(&READS, &[]);
    assert_eq!(variants(&case, "out"), variants(&case, "good"));
    let reads = |out: &str| -> Value {
        let qc: Value = serde_json::from_slice(&fs::read(case.path(out).join("T-1.qc.json")).unwrap()).unwrap();
        qc["reads"]["reads"].clone()
    };
    assert!(reads("good").is_number());
    assert_eq!(reads("out"), reads("good"));
}

#[test]
fn a_hundred_thousand_fold_pile_is_called_in_bounded_time_and_memory() {
    let case = TinyCase::new();
    // 200,000 reads, half of them over one base, in 16,000 places: what is no duplicate is still too deep by far.
    let variant = case.variant();
    let at = 2_070;
    let mut bases = case.bases.clone();
    bases[at] = variant.alternate.as_bytes()[0];
    let mut sam = String::from(HEADER);
    let mut reads: Vec<(usize, String)> = Vec::new();
    for number in 0..100_000_usize {
        let (start, insert) = (1_985 + number % 80, 200 + number / 80 % 200);
        let from = if number % 2 == 0 { &case.bases } else { &bases };
        let mate = start + insert - 100;
        let line = |flags: u16, here: usize, there: usize, size: i64| {
            let bases = String::from_utf8_lossy(&from[here..here + 100]);
            format!(
                "p{number}\t{flags}\tchr1\t{}\t60\t100M\t=\t{}\t{size}\t{bases}\t{}\tRG:Z:1\n",
                here + 1,
                there + 1,
                "I".repeat(100)
            )
        };
        reads.push((start, line(99, start, mate, insert as i64)));
        reads.push((mate, line(147, mate, start, -(insert as i64))));
    }
    reads.sort();
    for (_, line) in reads {
        sam += &line;
    }
    bam(&case.path("in.bam"), &sam);
    drop(sam);
    let start = Instant::now();
    let mut child = case
        .run(&["--bam", "in.bam"], &["--memory", "512M", "--threads", "2"])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        most = most.max(resident(child.id()));
        assert!(start.elapsed() < Duration::from_mins(5), "the run does not end");
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", errors(&output));
    assert!(most < 512 << 20, "{} MB were in use", most >> 20);
    let key = format!(
        "{} {} . {} {}",
        variant.contig, variant.position, variant.reference, variant.alternate
    );
    assert!(variants(&case, "out").contains(&key), "{:?}", variants(&case, "out"));
}

/// The most memory that a process ever held, in bytes; 0 where the system does not tell.
fn resident(process: u32) -> u64 {
    fs::read_to_string(format!("/proc/{process}/status"))
        .ok()
        .and_then(|text| {
            let line = text.lines().find(|l| l.starts_with("VmHWM:"))?.to_owned();
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        })
        .map_or(0, |kb| kb << 10)
}

#[test]
fn codes_of_the_reference_are_unknown_bases_and_never_a_ref_allele() {
    let case = TinyCase::new();
    case.succeeds(&READS, &["--out", "good"]);
    let reference = text(&case, "reference.fa");
    // Lines of 60 bases; codes beside the gene and in an intron.
    let codes = reference
        .lines()
        .enumerate()
        .map(|(n, line)| match n {
            5 | 30 | 60 => format!("{}RYKM{}\n", &line[..20], &line[24..]),
            _ => format!("{line}\n"),
        })
        .collect::<String>();
    assert_eq!(codes.matches("RYKM").count(), 3);
    for stale in ["reference.fa.fai", "reference.fa.mmi"] {
        let _ = fs::remove_file(case.path(stale));
    }
    case.write("reference.fa", &codes);
    case.succeeds(&READS, &[]);
    assert_eq!(variants(&case, "out"), variants(&case, "good"));
    for name in ["T-1.vcf.gz", "T-1.g.vcf.gz", "T-1.annotated.vcf.gz"] {
        for line in lines(&case.path("out").join(name))
            .iter()
            .filter(|l| !l.starts_with('#'))
        {
            let reference = line.split('\t').nth(3).unwrap();
            assert!(reference.bytes().all(|b| b"ACGTN".contains(&b)), "{name}: {line}");
        }
    }
}

#[test]
fn a_vcf_without_records_is_read_and_is_no_negative_result() {
    let case = TinyCase::new();
    case.write(
        "in.vcf",
        "##fileformat=VCFv4.3\n##contig=<ID=chr1,length=6000>\n##FORMAT=<ID=GT,Number=1,Type=String,Description=\"GT\">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tT-1\n",
    );
    case.succeeds(&["--vcf", "in.vcf"], &["--order", "order.json"]);
    assert!(variants(&case, "out").is_empty());
    let said = conclusion(&case);
    assert!(!said.contains("\"negative\""), "{said}");
}

#[test]
fn contigs_of_a_bam_in_another_order_give_the_same_calls() {
    let case = TinyCase::new();
    case.succeeds(&READS, &[]);
    let mut reader = bam::io::Reader::new(fs::File::open(case.path("out/T-1.bam")).unwrap());
    let header = reader.read_header().unwrap();
    let mut records = Vec::new();
    let mut writer = sam::io::Writer::new(&mut records);
    for record in reader.records() {
        sam::alignment::io::Write::write_alignment_record(&mut writer, &header, &record.unwrap()).unwrap();
    }
    let other = "@HD\tVN:1.6\n@SQ\tSN:chr2\tLN:1000\n@SQ\tSN:chr1\tLN:6000\n".to_owned()
        + &lines_of(&header)
        + &String::from_utf8(records).unwrap();
    bam(&case.path("in.bam"), &other);
    case.succeeds(&["--bam", "in.bam"], &["--out", "turned"]);
    assert_eq!(variants(&case, "turned"), variants(&case, "out"));
}

/// The read groups of a header.
fn lines_of(header: &sam::Header) -> String {
    let mut text = Vec::new();
    sam::io::Writer::new(&mut text).write_header(header).unwrap();
    String::from_utf8(text)
        .unwrap()
        .lines()
        .filter(|l| l.starts_with("@RG"))
        .map(|l| format!("{l}\n"))
        .collect()
}
