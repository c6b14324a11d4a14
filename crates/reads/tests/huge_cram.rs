//! A CRAM that says of a container that it is larger than the file. Found by the fuzz target `cram`. A file of its own,
//! because it looks at the memory of the whole process.

use clinotype_genome::{FaultKind, Reference, Silent, fs};
use clinotype_reads::{ImportOptions, import};
use md5::Digest as _;
use noodles::{cram, sam};

#[test]
fn a_container_larger_than_the_file_takes_no_memory() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let bases = "ACGTTGCAAC".repeat(10);
    fs::write_atomic(at("r.fa"), format!(">c\n{bases}\n").as_bytes()).unwrap();
    let reference = Reference::open(at("r.fa")).unwrap();
    let digest = clinotype_genome::digest::hex(&md5::Md5::digest(bases.as_bytes()));
    let text = format!("@HD\tVN:1.6\n@SQ\tSN:c\tLN:100\tM5:{digest}\n@RG\tID:1\tSM:S\n");
    let header = sam::io::Reader::new(text.as_bytes()).read_header().unwrap();
    let mut bytes = Vec::new();
    cram::io::Writer::new(&mut bytes).write_header(&header).unwrap();
    let start = bytes.len();
    // A gigabyte (CRAM 3.0, section 7): length; contig, start, span, records; counter, bases; blocks, landmarks.
    bytes.extend([0x00, 0x00, 0x00, 0x40, 0, 0, 0, 1, 0, 0, 1, 0]);
    let sum = crc32fast::hash(&bytes[start..]);
    bytes.extend(sum.to_le_bytes());
    bytes.extend([0; 64]);
    fs::write_atomic(at("huge.cram"), &bytes).unwrap();
    let fault = import(
        &ImportOptions {
            bam: &at("huge.cram"),
            reference: &reference,
            sample: "S",
            input_sample: None,
            out: &at("out.bam"),
            memory: 512 << 20,
            scratch: &at("scratch"),
            program: "0",
            command_line: "test",
        },
        &Silent,
    )
    .unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Input);
    assert!(
        fault.to_string().contains("huge.cram, record 1: is cut short"),
        "{fault}"
    );
    assert!(!at("out.bam").exists());
    #[allow(clippy::disallowed_methods, reason = "not a file of a user")]
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else {
        return;
    };
    let most: u64 = status
        .lines()
        .find_map(|l| l.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok())
        .unwrap();
    assert!(most < 512 << 10, "{most} kB were in use");
}
