//! Input at the edge of its format: each record is annotated, or left without annotation under a counted reason, or
//! refused with one exact error.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::format_push_string,
    reason = "a test may fail, and need not be fast"
)]

use std::{
    io::{BufRead, Write},
    path::{Path, PathBuf},
};

use clinotype_annotate::{AnnotateOptions, AnnotateSummary, TranscriptSet, annotate};
use clinotype_genome::{Build, Fault, Reference, Silent, fs};
use noodles::bgzf;

const LENGTH: usize = 12_000;

/// chr1 and chr2 of the same fixed bases, with R at 2001, N at 2101 and lower case from 3001 on; one transcript of one
/// exon on chr1, 5001-5400 (1-based), without a coding sequence.
fn genome() -> Vec<u8> {
    let mut state = 4_711_u64;
    let mut bases: Vec<u8> = (0..LENGTH)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            b"ACGT"[(state >> 33) as usize % 4]
        })
        .collect();
    bases[2000] = b'R';
    bases[2100] = b'N';
    bases[3000..3100].make_ascii_lowercase();
    bases
}

struct Case {
    folder: tempfile::TempDir,
    reference: Reference,
    transcripts: TranscriptSet,
    bases: Vec<u8>,
    out: PathBuf,
}

const HEADER: &str = "##fileformat=VCFv4.3\n##contig=<ID=chr1,length=12000>\n##contig=<ID=chr2,length=12000>\n\
    #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";

impl Case {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bases = genome();
        let text = String::from_utf8(bases.clone()).unwrap();
        let fasta = folder.path().join("r.fa");
        fs::write_atomic(&fasta, format!(">chr1\n{text}\n>chr2\n{text}\n").as_bytes()).unwrap();
        let reference = Reference::open(&fasta).unwrap();
        let gff3 = folder.path().join("t.gff3");
        let model = "##gff-version 3\nchr1\tx\tgene\t5001\t5400\t.\t+\t.\tID=gene:G\n\
            chr1\tx\tlnc_RNA\t5001\t5400\t.\t+\t.\tID=transcript:T;Parent=gene:G;version=1\n\
            chr1\tx\texon\t5001\t5400\t.\t+\t.\tParent=transcript:T\n";
        fs::write_atomic(&gff3, model.as_bytes()).unwrap();
        let transcripts = TranscriptSet::read(&gff3, &reference, Build::Grch38).unwrap();
        let out = folder.path().join("out.vcf");
        Self {
            folder,
            reference,
            transcripts,
            bases,
            out,
        }
    }

    /// Upper-case bases from a 1-based position.
    fn at(&self, position: usize, count: usize) -> String {
        String::from_utf8_lossy(&self.bases[position - 1..position - 1 + count]).to_ascii_uppercase()
    }

    fn other(&self, position: usize) -> &'static str {
        if self.at(position, 1) == "A" { "C" } else { "A" }
    }

    fn run(&self, text: &[u8], mismatches: u64, out: &Path) -> Result<AnnotateSummary, Fault> {
        let vcf = self.folder.path().join("in.vcf");
        fs::write_atomic(&vcf, text).unwrap();
        annotate(
            &AnnotateOptions {
                vcf: &vcf,
                reference: &self.reference,
                build: Build::Grch38,
                assert_build: true,
                transcripts: &self.transcripts,
                clinvar: None,
                frequencies: None,
                scores: &[],
                sample: None,
                input_sample: None,
                mismatches,
                names: true,
                tables: &[],
                out,
                pick_order: clinotype_annotate::PickOrder::default(),
                header: &[],
                source: "test",
            },
            &Silent,
        )
    }

    fn good(&self, text: &str) -> AnnotateSummary {
        self.run(text.as_bytes(), 0, &self.out).unwrap()
    }

    /// The one error, after a look that nothing was left behind.
    fn fault(&self, text: &[u8], expected: &str) {
        fs::remove_if_there(&self.out).unwrap();
        let fault = self.run(text, 0, &self.out).unwrap_err().to_string();
        assert!(fault.ends_with(expected), "{fault}");
        assert!(!self.out.exists());
    }

    fn records(&self) -> Vec<String> {
        fs::open_text(&self.out)
            .unwrap()
            .lines()
            .map(Result::unwrap)
            .filter(|l| !l.starts_with('#'))
            .collect()
    }
}

fn dropped(summary: &AnnotateSummary) -> Vec<(&str, u64)> {
    summary.dropped.iter().map(|(r, n)| (r.as_str(), *n)).collect()
}

#[test]
fn order_and_contigs() {
    let case = Case::new();
    let row = |contig: &str, p: usize| format!("{contig}\t{p}\t.\t{}\t{}\t.\t.\t.\n", case.at(p, 1), case.other(p));
    case.fault(
        format!("{HEADER}{}{}", row("chr1", 500), row("chr1", 499)).as_bytes(),
        "line 6: the file is not sorted: chr1:499 comes after chr1:500",
    );
    case.fault(
        format!("{HEADER}{}{}{}", row("chr1", 500), row("chr2", 5), row("chr1", 900)).as_bytes(),
        "line 7: the file is not sorted: chr1 comes up again",
    );
    case.fault(
        format!("{HEADER}{}{}", row("chr1", 500), row("1", 900)).as_bytes(),
        "line 6: 1 and chr1 are one contig of the reference: its names are mixed",
    );
    case.fault(
        format!("{HEADER}{}", row("chr3", 500)).as_bytes(),
        "line 5: contig chr3 carries variants and is not in the reference",
    );
    // Another spelling of all names, and no contig lines: accepted, and the output's header names what it holds.
    let bare = HEADER
        .split_inclusive('\n')
        .filter(|l| !l.starts_with("##contig"))
        .collect::<String>();
    let summary = case.good(&format!("{bare}{}{}", row("1", 500), row("2", 900)));
    assert_eq!((summary.records, summary.alleles), (2, 2));
    let text = String::from_utf8(fs::read(&case.out).unwrap()).unwrap();
    assert!(
        text.contains("##contig=<ID=1,length=12000>\n##contig=<ID=2,length=12000>\n"),
        "{text}"
    );
}

#[test]
fn alleles_that_are_no_bases() {
    let case = Case::new();
    let r = case.at(5010, 1);
    let a = case.other(5010);
    let summary = case.good(&format!(
        "{HEADER}chr1\t5010\t.\t{r}\t{a},*,<DEL>,<*>,{r}[chr2:7[,]chr2:7]{r},{r}.,.{r},R,{r}\t.\t.\t.\n\
         chr1\t5011\t.\t{}\t.\t.\t.\t.\n",
        case.at(5011, 1)
    ));
    assert_eq!(summary.alleles, 1);
    assert_eq!(
        dropped(&summary),
        [
            ("ALT equals REF", 1),
            ("ALT with other letters than A, C, G, T", 1),
            ("any other allele (<*>, <NON_REF>)", 1),
            ("breakend", 4),
            ("no alternate allele (.)", 1),
            ("overlapping deletion (*)", 1),
            ("symbolic allele", 1),
        ]
    );
    let records = case.records();
    assert!(
        records[0].contains(&format!("CSQ={a}|non_coding_transcript_exon_variant")),
        "{}",
        records[0]
    );
    assert!(records[0].contains(&format!("NORMALISED=5010-{r}-{a},.,.,.,.,.,.,.,.,.")));
    assert!(records[1].ends_with("\t.\t.\t."));
}

#[test]
fn letters_of_the_reference_and_of_ref() {
    let case = Case::new();
    let lower = case.at(5010, 2).to_lowercase();
    let ambiguous = match case.at(5020, 1).as_str() {
        "A" | "G" => "R",
        _ => "Y",
    };
    let summary = case.good(&format!(
        "{HEADER}chr1\t2001\t.\tA\tC\t.\t.\t.\nchr1\t2101\t.\tG\tC\t.\t.\t.\n\
         chr1\t3001\t.\t{}\t{}\t.\t.\t.\nchr1\t5010\t.\t{lower}\t{}\t.\t.\t.\n\
         chr1\t5020\t.\t{ambiguous}\t{}\t.\t.\t.\n",
        case.at(3001, 1),
        case.other(3001),
        &lower[..1],
        case.other(5020),
    ));
    assert_eq!((summary.records, summary.alleles), (5, 2));
    assert_eq!(
        dropped(&summary),
        [
            ("REF with other letters than A, C, G, T", 1),
            ("the reference is N here", 2),
        ]
    );
    let records = case.records();
    assert!(
        records[3].contains(&format!("\t{lower}\t{}\t", &lower[..1])),
        "columns stay as they came in"
    );
    assert!(
        records[3].contains("CSQ=-|non_coding_transcript_exon_variant"),
        "{}",
        records[3]
    );
    case.fault(
        format!("{HEADER}chr1\t5020\t.\tA1\tC\t.\t.\t.\n").as_bytes(),
        "line 5: REF \"A1\" holds something that is not a base",
    );
}

#[test]
fn mismatches_are_counted_up_to_the_limit() {
    let case = Case::new();
    let mut text = HEADER.to_owned();
    for p in [5010, 5011, 5012] {
        text.push_str(&format!(
            "chr1\t{p}\t.\t{}\t{}\t.\t.\t.\n",
            case.other(p),
            case.at(p, 1)
        ));
    }
    text.push_str(&format!(
        "chr1\t5013\t.\t{}\t{}\t.\t.\t.\n",
        case.at(5013, 1),
        case.other(5013)
    ));
    let first = format!("REF is {}, the reference has {}", case.other(5010), case.at(5010, 1));
    let fault = case.run(text.as_bytes(), 0, &case.out).unwrap_err();
    assert_eq!(fault.what(), first);
    assert_eq!(fault.place().locus, Some(("chr1".to_owned(), 5010)));
    let fault = case.run(text.as_bytes(), 2, &case.out).unwrap_err();
    assert!(
        fault.what().ends_with("; with this one 3 records differ, and 2 may"),
        "{fault}"
    );
    assert_eq!(fault.place().line, Some(7));
    assert!(!case.out.exists());
    let summary = case.run(text.as_bytes(), 3, &case.out).unwrap();
    assert_eq!((summary.records, summary.alleles), (4, 1));
    assert_eq!(dropped(&summary), [("REF differs from the reference", 3)]);
    let records = case.records();
    assert!(records[..3].iter().all(|r| !r.contains("CSQ=")) && records[3].contains("CSQ="));
    case.fault(
        format!("{HEADER}chr1\t11999\t.\t{}A\tC\t.\t.\t.\n", case.at(11_999, 2)).as_bytes(),
        "REF reaches beyond the end of chr1",
    );
}

#[test]
fn long_lines_and_many_alleles() {
    let case = Case::new();
    let (r, a) = (case.at(5010, 1), case.other(5010));
    let long = "x".repeat(20 << 20);
    let insertions: Vec<String> = (1..=200)
        .map(|n| format!("{}{}", case.at(5020, 1), "ACGT".repeat(n)))
        .collect();
    let summary = case.good(&format!(
        "{HEADER}chr1\t5010\t.\t{r}\t{a}\t.\t.\tLONG={long};DP=3\nchr1\t5020\t.\t{}\t{}\t.\t.\tDP=4\n",
        case.at(5020, 1),
        insertions.join(",")
    ));
    assert_eq!((summary.records, summary.alleles), (2, 201));
    let records = case.records();
    assert!(records[0].len() > long.len() && records[0].contains(";DP=3;CSQ="));
    for number in [1, 117, 200] {
        assert!(records[1].contains(&format!("|{number}|")), "allele {number}");
    }
    let csq = records[1].split("CSQ=").nth(1).unwrap().split(';').next().unwrap();
    assert_eq!(csq.split(',').count(), 200);
}

#[test]
fn truncated_and_damaged_files() {
    let case = Case::new();
    let mut text = HEADER.to_owned();
    for p in 5001..5400 {
        text.push_str(&format!(
            "chr1\t{p}\t.\t{}\t{}\t.\t.\t.\n",
            case.at(p, 1),
            case.other(p)
        ));
    }
    let mut writer = bgzf::io::Writer::new(Vec::new());
    writer.write_all(text.as_bytes()).unwrap();
    let whole = writer.finish().unwrap();
    case.fault(
        &whole[..whole.len() - 28],
        "in.vcf: is cut short: the end-of-file block of BGZF is missing",
    );
    let cut = case
        .run(&whole[..whole.len() / 2], 0, &case.out)
        .unwrap_err()
        .to_string();
    assert!(cut.contains("is cut short"), "{cut}");
    // Damage within a block, with the end block in place.
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    let fault = case.run(&damaged, 0, &case.out).unwrap_err();
    assert!(fault.to_string().contains("cannot read"), "{fault}");
    assert!(fault.advice().unwrap().contains("damaged or cut short"));
    case.fault(
        [HEADER.as_bytes(), b"chr1\t5010\t\xff\tA\tC\t.\t.\t.\n"]
            .concat()
            .as_slice(),
        "line 5: this line is not UTF-8 text",
    );
    assert!(!case.out.exists());
}

/// The same bytes at any number of threads, packed and plain alike, and the tables beside them.
#[test]
fn outputs_do_not_depend_on_threads() {
    let case = Case::new();
    let mut text = HEADER.to_owned();
    for contig in ["chr1", "chr2"] {
        for p in (3200..11_000).step_by(3) {
            text.push_str(&format!(
                "{contig}\t{p}\t.\t{}\t{}\t.\t.\tDP=1\n",
                case.at(p, 1),
                case.other(p)
            ));
            text.push_str(&format!(
                "{contig}\t{p}\t.\t{}\t{}\t.\t.\tDP=2\n",
                case.at(p, 3),
                case.at(p, 1)
            ));
        }
    }
    let vcf = case.folder.path().join("many.vcf");
    fs::write_atomic(&vcf, text.as_bytes()).unwrap();
    let mut made: Vec<Vec<Vec<u8>>> = Vec::new();
    for threads in [1, 2, 5] {
        let path = |name: &str| case.folder.path().join(format!("{threads}.{name}"));
        let (packed, lines, tsv) = (path("vcf.gz"), path("jsonl"), path("tsv.gz"));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let summary = pool.install(|| {
            annotate(
                &AnnotateOptions {
                    vcf: &vcf,
                    reference: &case.reference,
                    build: Build::Grch38,
                    assert_build: true,
                    transcripts: &case.transcripts,
                    clinvar: None,
                    frequencies: None,
                    scores: &[],
                    sample: None,
                    input_sample: None,
                    mismatches: 0,
                    names: true,
                    tables: &[&lines, &tsv],
                    out: &packed,
                    pick_order: clinotype_annotate::PickOrder::default(),
                    header: &[],
                    source: "test",
                },
                &Silent,
            )
            .unwrap()
        });
        assert_eq!(summary.records, 2 * 2600 * 2);
        assert!(packed.with_extension("gz.tbi").exists() && !tsv.with_extension("gz.tbi").exists());
        made.push([&packed, &lines, &tsv].map(|p| fs::read(p).unwrap()).to_vec());
        let rows = fs::open_text(&lines).unwrap().lines().count();
        assert_eq!(rows, 2 * 2600 * 2, "one row per allele and transcript, or open genome");
        assert_eq!(fs::open_text(&tsv).unwrap().lines().count(), rows + 1);
    }
    assert!(made[0] == made[1] && made[1] == made[2]);
    // A table alone, by the ending of the output.
    let alone = case.folder.path().join("alone.jsonl");
    case.run(text.as_bytes(), 0, &alone).unwrap();
    assert!(fs::read(&alone).unwrap() == made[0][1]);
}
