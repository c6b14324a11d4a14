//! BAM files: what is taken, what is refused and in which words, and what becomes of lines, names and marks.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panic")]

use std::{
    io::{Read as _, Write},
    path::{Path, PathBuf},
};

use clinotype_genome::{Fault, FaultKind, Interval, Reference, Silent, fs};
use clinotype_reads::{
    ImportOptions, ImportSummary, bam,
    coverage::{self, CoverageRules},
    figures, import,
};

/// MD5 of 50 times ACGT, by another program.
const C1_MD5: &str = "7a829272ac9344b5c04339f91b25f644";
/// MD5 of 20 times ACGTR.
const C2_MD5: &str = "97115740d12246c93ca7b0a6cfa66bc9";

struct Place {
    folder: tempfile::TempDir,
    reference: Reference,
}

/// SAM text to BAM, uncompressed parts by noodles.
fn to_bam(sam: &str) -> Vec<u8> {
    use noodles::sam::alignment::io::Write as _;
    let mut reader = noodles::sam::io::Reader::new(sam.as_bytes());
    let header = reader.read_header().unwrap();
    let mut writer = noodles::bam::io::Writer::new(Vec::new());
    writer.write_header(&header).unwrap();
    for record in reader.record_bufs(&header) {
        writer.write_alignment_record(&header, &record.unwrap()).unwrap();
    }
    writer.try_finish().unwrap();
    writer.into_inner().into_inner()
}

/// The BAM with its uncompressed bytes changed.
fn rewritten(bam: &[u8], change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    noodles::bgzf::io::Reader::new(bam).read_to_end(&mut bytes).unwrap();
    change(&mut bytes);
    let mut writer = noodles::bgzf::io::Writer::new(Vec::new());
    writer.write_all(&bytes).unwrap();
    writer.finish().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

const HEAD: &str = "@HD\tVN:1.6\tSO:unsorted\n@SQ\tSN:c2\tLN:100\n@SQ\tSN:c1\tLN:200\n@RG\tID:a\tSM:S\tLB:l\n";

fn line(name: &str, flags: u16, contig: &str, position: u32, cigar: &str, mate: (&str, u32), length: i32) -> String {
    format!(
        "{name}\t{flags}\t{contig}\t{position}\t60\t{cigar}\t{}\t{}\t{length}\tACGTACGTAC\tIIIIIIIIII\tRG:Z:a\n",
        mate.0, mate.1
    )
}

fn pair(name: &str, contig: &str, start: u32) -> String {
    line(name, 99, contig, start, "10M", ("=", start + 20), 30)
        + &line(name, 147, contig, start + 20, "10M", ("=", start), -30)
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ref.fa");
        let text = format!(
            ">c1\n{}\n>c2\n{}\n>chr3\n{}\n>chrM\n{}\n",
            "ACGT".repeat(50),
            "ACGTR".repeat(20),
            "GATTA".repeat(20),
            "A".repeat(16_569)
        );
        fs::write_atomic(&path, text.as_bytes()).unwrap();
        Self {
            reference: Reference::open(&path).unwrap(),
            folder,
        }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write_atomic(&path, bytes).unwrap();
        path
    }

    fn import(&self, bam: &Path, input_sample: Option<&str>) -> Result<ImportSummary, Fault> {
        import(
            &ImportOptions {
                bam,
                reference: &self.reference,
                sample: "S",
                input_sample,
                out: &self.folder.path().join("out.bam"),
                memory: 1 << 30,
                scratch: &self.folder.path().join("scratch"),
                program: "0",
                command_line: "test",
            },
            &Silent,
        )
    }

    fn import_text(&self, sam: &str) -> Result<ImportSummary, Fault> {
        self.import(&self.file("in.bam", &to_bam(sam)), None)
    }

    /// (name, flags, contig, 1-based position) of the lines written.
    fn lines(&self) -> Vec<(String, u16, String, usize)> {
        let path = self.folder.path().join("out.bam");
        let mut reader = noodles::bam::io::reader::Builder.build_from_path(path).unwrap();
        let header = reader.read_header().unwrap();
        reader
            .record_bufs(&header)
            .map(|record| {
                let record = record.unwrap();
                let contig = record.reference_sequence_id().map_or("*".to_owned(), |i| {
                    header.reference_sequences().get_index(i).unwrap().0.to_string()
                });
                (
                    record.name().unwrap().to_string(),
                    record.flags().bits(),
                    contig,
                    record.alignment_start().map_or(0, usize::from),
                )
            })
            .collect()
    }

    fn left_behind(&self) -> Vec<String> {
        std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|n| n.contains("out.bam") || n.contains("scratch") || n.contains("partial"))
            .collect()
    }
}

#[test]
fn any_order_becomes_the_references_order() {
    let place = Place::new();
    let text = HEAD.to_owned()
        + &pair("z", "c2", 5)
        + &pair("b", "c1", 100)
        // Unmapped, without a place.
        + &line("u", 77, "*", 0, "*", ("*", 0), 0)
        + &line("u", 141, "*", 0, "*", ("*", 0), 0)
        // The same fragment as b: a duplicate, by name order.
        + &pair("c", "c1", 100)
        // Alone at the 5' end of pairs b and c: a duplicate; its unmapped mate is not.
        + &line("d", 73, "c1", 102, "2S8M", ("=", 102), 0)
        + &line("d", 133, "c1", 102, "*", ("=", 102), 0);
    let summary = place.import_text(&text).unwrap();
    assert!(summary.duplicates_marked);
    assert_eq!((summary.records, summary.repeats), (10, 0));
    let expected = [
        ("b", 99, "c1", 100),
        ("c", 1123, "c1", 100),
        ("d", 1097, "c1", 102),
        ("d", 133, "c1", 102),
        ("b", 147, "c1", 120),
        ("c", 1171, "c1", 120),
        ("z", 99, "c2", 5),
        ("z", 147, "c2", 25),
        ("u", 77, "*", 0),
        ("u", 141, "*", 0),
    ]
    .map(|(n, f, c, p)| (n.to_owned(), f, c.to_owned(), p));
    assert_eq!(place.lines(), expected);
    assert_eq!(summary.figures.duplicates, 3);
    assert_eq!(
        figures::of_bam(place.folder.path().join("out.bam"), &Silent).unwrap(),
        summary.figures
    );
    assert_eq!(place.left_behind().len(), 2, "BAM and BAI");
}

#[test]
fn marks_of_the_input_are_kept_and_repeats_dropped() {
    let place = Place::new();
    let marked = pair("c", "c1", 50)
        .replace("c\t99\t", "c\t1123\t")
        .replace("c\t147\t", "c\t1171\t");
    let text = HEAD.to_owned() + &pair("a", "c1", 50) + &pair("b", "c1", 50) + &marked + &pair("a", "c1", 50);
    let summary = place.import_text(&text).unwrap();
    assert!(!summary.duplicates_marked);
    assert_eq!((summary.records, summary.repeats), (8, 2));
    assert_eq!((summary.figures.reads, summary.figures.duplicates), (6, 2));
}

#[test]
fn names_of_the_reference() {
    let place = Place::new();
    let text = HEAD.replace("@SQ\tSN:c2\tLN:100\n", "@SQ\tSN:3\tLN:100\n@SQ\tSN:unused\tLN:7\n")
        + &pair("a", "3", 5).replace("RG:Z:a", "SA:Z:3,7,+,4S6M,9,0;unused,1,-,5S5M,3,1;\tRG:Z:a");
    let summary = place.import_text(&text).unwrap();
    assert_eq!(summary.renamed, [("3".to_owned(), "chr3".to_owned())]);
    assert_eq!(place.lines()[0].2, "chr3");
    let path = place.folder.path().join("out.bam");
    let mut reader = noodles::bam::io::reader::Builder.build_from_path(path).unwrap();
    let header = reader.read_header().unwrap();
    let record = reader.record_bufs(&header).next().unwrap().unwrap();
    let tag = noodles::sam::alignment::record::data::field::Tag::OTHER_ALIGNMENTS;
    let value = record.data().get(&tag).cloned();
    assert_eq!(
        value,
        Some(noodles::sam::alignment::record_buf::data::field::Value::from(
            "chr3,7,+,4S6M,9,0;"
        ))
    );
}

#[test]
fn bad_files_are_named() {
    let place = Place::new();
    let good = HEAD.to_owned() + &pair("a", "c1", 50);
    let whole = to_bam(&good);
    let without_end = whole[..whole.len() - 28].to_vec();
    // Cut inside the data, with an end-of-file block put on.
    let many: String = (0..3000).map(|i| pair(&format!("r{i}"), "c1", 1 + i % 100)).collect();
    let big = to_bam(&(HEAD.to_owned() + &many));
    let mut cut = big[..big.len() / 2].to_vec();
    cut.extend_from_slice(&whole[whole.len() - 28..]);
    let mut gzipped = noodles::bgzf::io::Writer::new(Vec::new());
    gzipped.write_all(b"@r\nACGT\n+\nIIII\n").unwrap();
    let gzipped = gzipped.finish().unwrap();
    let head = |from: &str, to: &str| to_bam(&good.replace(from, to));
    let hg19 = "@SQ\tSN:chrM\tLN:16571\n@RG";
    let cases: Vec<(&str, Vec<u8>, &str, &str)> = vec![
        ("empty", vec![], "is empty", "give a BAM"),
        (
            "SAM",
            good.clone().into_bytes(),
            "is SAM text, not BAM",
            "samtools view -b",
        ),
        ("CRAM", b"CRAM\x03\x00".to_vec(), "is cut short", "copy"),
        ("text", b"hello".to_vec(), "is not a BAM file", ""),
        ("FASTQ", gzipped, "is not a BAM file", "FASTQ"),
        (
            "gzip",
            gzip(b"@r\nACGT\n+\nIIII\n"),
            "is not a BAM file",
            "something else",
        ),
        ("no end", without_end, "end-of-file block of BGZF is missing", "copy"),
        ("cut", cut, "is cut short", "copy"),
        ("no reads", to_bam(HEAD), "holds no reads", ""),
        (
            "no read group",
            head("@RG\tID:a\tSM:S\tLB:l\n", ""),
            "has no read group with a sample name",
            "state",
        ),
        (
            "two samples",
            head("@RG", "@RG\tID:b\tSM:T\n@RG"),
            "holds reads of 2 samples (@RG SM)",
            "one BAM",
        ),
        (
            "another sample",
            head("SM:S", "SM:T"),
            "the sample of the reads (@RG SM) is not S",
            "right file",
        ),
        (
            "another length",
            head("SN:c1\tLN:200", "SN:c1\tLN:201"),
            "aligned to contig c1 of 201 bases; in the reference it has 200",
            "reference",
        ),
        (
            "no such contig",
            to_bam(&good.replace("c1", "c9")),
            "aligned to contig c9 (200 bases), which the reference does not have",
            "",
        ),
        (
            "chrM of hg19",
            to_bam(&(HEAD.replace("@RG", hg19) + &pair("m", "chrM", 100))),
            "contig chrM of 16571 bases; in the reference it has 16569",
            "hg19",
        ),
        (
            "another sequence",
            head("SN:c1\tLN:200", "SN:c1\tLN:200\tM5:00000000000000000000000000000000"),
            "contig c1 is another sequence than in the reference",
            "",
        ),
        (
            "another CIGAR",
            rewritten(&whole, |bytes| {
                // 10M in the first line: 10 << 4.
                let at = bytes.windows(4).position(|w| w == [160, 0, 0, 0]).unwrap();
                bytes[at] = 176;
            }),
            "CIGAR and sequence of a record differ",
            "copy",
        ),
        (
            "beyond its contig",
            to_bam(&(HEAD.to_owned() + &pair("a", "c1", 175))),
            "reaches beyond its contig",
            "",
        ),
    ];
    for (name, bytes, words, hint) in cases {
        let path = place.file(&name.replace(' ', "-"), &bytes);
        let fault = place.import(&path, None).unwrap_err();
        assert!(fault.to_string().contains(words), "{name}: {fault}");
        if words.starts_with("aligned to contig") {
            let header = bam::inspect(&path).unwrap();
            let checked = bam::check_against(&path, &header, &place.reference).unwrap_err();
            assert_eq!(checked.to_string(), fault.to_string());
        }
        assert!(
            fault.advice().unwrap_or_default().contains(hint),
            "{name}: {:?}",
            fault.advice()
        );
        assert_eq!(fault.kind(), FaultKind::Input, "{name}");
        assert_eq!(fault.place().path.as_ref(), Some(&path), "{name}");
        assert_eq!(place.left_behind(), [""; 0], "{name}");
    }
}

#[test]
fn damage_is_a_fault_and_never_a_crash() {
    let place = Place::new();
    let text = HEAD.to_owned() + &pair("a", "c1", 50) + &line("d", 73, "c1", 102, "2S8M", ("=", 102), 0);
    let whole = to_bam(&text);
    let mut size = 0;
    rewritten(&whole, |bytes| size = bytes.len());
    let (mut refused, mut taken) = (0, 0);
    for at in (0..size).step_by(3) {
        for value in [0x00, 0x7f, 0xff] {
            let path = place.file("damaged", &rewritten(&whole, |bytes| bytes[at] = value));
            match place.import(&path, None) {
                Ok(summary) => {
                    assert!(summary.records <= 3);
                    taken += 1;
                }
                Err(fault) => {
                    assert_eq!(fault.kind(), FaultKind::Input, "byte {at}: {fault}");
                    refused += 1;
                }
            }
        }
    }
    // Names, bases, qualities and tags may hold anything; sizes, contigs and positions may not.
    assert!(
        refused > size / 6 && taken > size / 6,
        "{refused} refused, {taken} taken of {size} bytes"
    );
}

#[test]
fn what_is_accepted() {
    let place = Place::new();
    let good = HEAD.to_owned() + &pair("a", "c1", 50);
    // The right M5; a chrM of hg19 and others in the header that carry nothing.
    let text = good
        .replace("SN:c1\tLN:200", &format!("SN:c1\tLN:200\tM5:{C1_MD5}"))
        .replace("@RG", "@SQ\tSN:chrM\tLN:16571\n@SQ\tSN:decoy\tLN:5\n@RG");
    let summary = place.import_text(&text).unwrap();
    assert_eq!(summary.records, 2);
    let header = bam::inspect(place.folder.path().join("out.bam")).unwrap();
    let names: Vec<_> = header
        .contigs
        .iter()
        .map(|(n, l, m5)| (n.as_str(), *l, m5.is_some()))
        .collect();
    assert_eq!(
        names,
        [
            ("c1", 200, true),
            ("c2", 100, false),
            ("chr3", 100, false),
            ("chrM", 16_569, false)
        ]
    );
    // M5 counts every IUPAC letter: c2 holds R.
    let mut header = bam::inspect(place.folder.path().join("out.bam")).unwrap();
    header.contigs[1].2 = Some(C2_MD5.to_uppercase());
    bam::check_against(place.folder.path().join("out.bam"), &header, &place.reference).unwrap();
    // Without read groups, or with another name, where the caller states it.
    let bare = place.file(
        "bare",
        &to_bam(&good.replace("@RG\tID:a\tSM:S\tLB:l\n", "").replace("\tRG:Z:a", "")),
    );
    place.import(&bare, Some("x")).unwrap();
    assert_eq!(
        bam::inspect(place.folder.path().join("out.bam")).unwrap().samples,
        ["S"]
    );
    let other = place.file("other", &to_bam(&good.replace("SM:S", "SM:T")));
    place.import(&other, Some("T")).unwrap();
    let header = bam::inspect(place.folder.path().join("out.bam")).unwrap();
    assert_eq!(
        (header.samples, header.sort_order.as_deref()),
        (vec!["S".to_owned()], Some("coordinate"))
    );
    // A mate on a contig that the reference does not have: a mate without a place.
    let away = HEAD.replace("@RG", "@SQ\tSN:decoy\tLN:50\n@RG") + &line("a", 97, "c1", 9, "10M", ("decoy", 3), 0);
    assert_eq!(place.import_text(&away).unwrap().records, 1);
}

#[test]
fn depth_by_hand() {
    let place = Place::new();
    let low = |text: String| text.replace("IIIIIIIIII", "IIIII!!III");
    let text = HEAD.to_owned()
        // Mates overlap by six bases: 11-20 and 15-24, once each.
        + &line("a", 99, "c1", 11, "10M", ("=", 15), 14)
        + &line("a", 147, "c1", 15, "10M", ("=", 11), -14)
        // Two bases of low quality: 36 and 37 do not count.
        + &low(line("b", 0, "c1", 31, "10M", ("*", 0), 0))
        // A deletion does not count, a clip neither: 51-54 and 57-60.
        + &line("c", 0, "c1", 51, "4M2D4M2S", ("*", 0), 0)
        // Not counted: low mapping quality, secondary, supplementary, vendor's filter, duplicate.
        + &line("d", 0, "c1", 11, "10M", ("*", 0), 0).replace("\t60\t", "\t19\t")
        + &line("e", 256, "c1", 11, "10M", ("*", 0), 0)
        + &line("f", 2048, "c1", 11, "10M", ("*", 0), 0)
        + &line("g", 512, "c1", 11, "10M", ("*", 0), 0)
        + &line("h", 1024, "c1", 11, "10M", ("*", 0), 0);
    place.import_text(&text).unwrap();
    let out = place.folder.path().join("out.bam");
    let depth = |intervals: &[Interval], rules: CoverageRules| {
        coverage::depth(&out, &place.reference, intervals, &rules, &Silent).unwrap()
    };
    let at = |ranges: &[(usize, usize)]| -> Vec<u32> {
        (1..=70)
            .map(|p| u32::from(ranges.iter().any(|(a, b)| (*a..=*b).contains(&p))))
            .collect()
    };
    let expected = at(&[(11, 24), (31, 35), (38, 40), (51, 54), (57, 60)]);
    let whole = depth(&[Interval::new("c1", 0, 70)], CoverageRules::default());
    assert_eq!(whole[0], expected);
    // Any cut into intervals gives the same.
    let parts: Vec<Interval> = (0..70).map(|i| Interval::new("c1", i, i + 1)).collect();
    assert_eq!(depth(&parts, CoverageRules::default()).concat(), expected);
    let twice = depth(
        &[Interval::new("c1", 10, 24), Interval::new("c2", 0, 3)],
        CoverageRules {
            mates_once: false,
            duplicates: true,
            ..CoverageRules::default()
        },
    );
    assert_eq!(twice, [vec![2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 1, 1, 1, 1], vec![0, 0, 0]]);
    // What is there and does not count, and why: the line d by its mapping, two bases of b by their quality.
    let all = [Interval::new("c1", 0, 70), Interval::new("c2", 0, 3)];
    let rules = CoverageRules::default();
    let told = coverage::measure(&out, &place.reference, &all, &rules, &Silent, &|n, depths| (n, depths)).unwrap();
    let (n, depths) = &told[0];
    assert_eq!((*n, &depths.used), (0, &expected));
    assert_eq!(depths.elsewhere, at(&[(11, 20)]));
    assert_eq!(depths.weak, at(&[(36, 37)]));
    // Both mates, the bases of low quality too, and no deletion or clip.
    assert_eq!(depths.aligned, 10 + 10 + 10 + 8);
    assert_eq!(told[1].0, 1);
    assert_eq!(
        (told[1].1.aligned, told[1].1.elsewhere.len(), told[1].1.weak.len()),
        (0, 0, 0)
    );
    let figures = figures::of_bam(&out, &Silent).unwrap();
    assert_eq!(figures.contigs[0].mapped_bases, depths.aligned);
    let fault = coverage::depth(
        &out,
        &place.reference,
        &[Interval::new("c1", 190, 201)],
        &CoverageRules::default(),
        &Silent,
    );
    assert!(fault.unwrap_err().to_string().contains("beyond its contig"));
    std::fs::remove_file(place.folder.path().join("out.bam.bai")).unwrap();
    let fault = coverage::depth(
        &out,
        &place.reference,
        &[Interval::new("c1", 0, 1)],
        &CoverageRules::default(),
        &Silent,
    );
    assert!(fault.unwrap_err().to_string().contains("has no index beside it"));
}
