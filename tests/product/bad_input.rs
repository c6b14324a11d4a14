//! Every bad input gives one clear error, its exit code, and leaves no output behind.

use std::{fs, path::Path};

use clinotype_genome::fs::open_text;
use clinotype_tests::{ORDER, READS, TinyCase, errors, final_names, shared};
use flate2::{Compression, write::GzEncoder};

/// What is broken, how, and what the message must say.
struct Bad {
    what: &'static str,
    spoil: fn(&TinyCase),
    input: &'static [&'static str],
    more: &'static [&'static str],
    exit: i32,
    words: &'static [&'static str],
}

fn text(case: &TinyCase, name: &str) -> String {
    std::io::read_to_string(open_text(case.path(name)).unwrap()).unwrap()
}

fn gzip(path: &Path, text: &str) {
    use std::io::Write as _;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    fs::write(path, gzip.finish().unwrap()).unwrap();
}

/// The good reads with some lines changed: `edit` gets the line number from 0 and the line.
fn edit_reads(case: &TinyCase, name: &str, edit: impl Fn(usize, &str) -> Option<String>) {
    let edited: String = text(case, name)
        .lines()
        .enumerate()
        .filter_map(|(n, l)| edit(n, l))
        .map(|l| l + "\n")
        .collect();
    gzip(&case.path(name), &edited);
}

fn cut(path: &Path, bytes: u64) {
    let file = fs::File::options().write(true).open(path).unwrap();
    let length = file.metadata().unwrap().len();
    file.set_len(length - bytes).unwrap();
}

/// A VCF of the case with one record, given as its first five columns.
fn vcf(case: &TinyCase, name: &str, sample: &str, record: &str) {
    case.write(
        name,
        &format!(
            "##fileformat=VCFv4.3\n##contig=<ID=chr1,length=6000>\n##FORMAT=<ID=GT,Number=1,Type=String,Description=\"GT\">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{sample}\n{record}\t60\tPASS\t.\tGT\t0/1\n"
        ),
    );
}

/// The donor's variant as VCF columns, with the reference base changed if `wrong`.
fn record(case: &TinyCase, wrong: bool) -> String {
    let key = case.variant();
    let reference = match (wrong, key.reference.as_str()) {
        (false, base) => base,
        (true, "C") => "G",
        (true, _) => "C",
    };
    format!("{}\t{}\t.\t{reference}\tT,G", key.contig, key.position)
        .replace("\tT,G", if reference == "T" { "\tG" } else { "\tT" })
}

const NO_INPUT: &[&str] = &[];

#[allow(clippy::too_many_lines, reason = "a table")]
fn table() -> Vec<Bad> {
    let reads: &'static [&'static str] = &READS;
    vec![
        Bad {
            what: "unequal FASTQ pairs",
            spoil: |c| edit_reads(c, "R2.fastq.gz", |n, l| (n < 400).then(|| l.to_owned())),
            input: reads,
            more: &[],
            exit: 3,
            words: &["R2.fastq.gz"],
        },
        Bad {
            what: "the same file twice",
            spoil: |_| {},
            input: &["--reads", "R1.fastq.gz", "R1.fastq.gz"],
            more: &[],
            exit: 3,
            words: &["R1.fastq.gz"],
        },
        Bad {
            what: "the same content twice",
            spoil: |c| {
                fs::copy(c.path("R1.fastq.gz"), c.path("R2.fastq.gz")).unwrap();
            },
            input: reads,
            more: &[],
            exit: 3,
            words: &["R2.fastq.gz"],
        },
        Bad {
            what: "an odd number of files",
            spoil: |_| {},
            input: &["--reads", "R1.fastq.gz", "R2.fastq.gz", "R1.fastq.gz"],
            more: &[],
            exit: 2,
            words: &["pairs"],
        },
        Bad {
            what: "differing read names",
            spoil: |c| {
                edit_reads(c, "R2.fastq.gz", |n, l| {
                    Some(if n == 40 {
                        "@OTHER:1:FC:1:1101:9:9 2:N:0:1".to_owned()
                    } else {
                        l.to_owned()
                    })
                });
            },
            input: reads,
            more: &[],
            exit: 3,
            words: &["name"],
        },
        Bad {
            what: "truncated gzip",
            spoil: |c| cut(&c.path("R1.fastq.gz"), 100),
            input: reads,
            more: &[],
            exit: 3,
            words: &["R1.fastq.gz"],
        },
        Bad {
            what: "a quality line of another length",
            spoil: |c| {
                edit_reads(c, "R1.fastq.gz", |n, l| {
                    Some(if n == 43 { l[1..].to_owned() } else { l.to_owned() })
                });
            },
            input: reads,
            more: &[],
            exit: 3,
            words: &["R1.fastq.gz", "qualit"],
        },
        Bad {
            what: "not a FASTQ",
            spoil: |c| c.write("R1.fastq.gz", ">fasta\nACGT\n"),
            input: reads,
            more: &[],
            exit: 3,
            words: &["R1.fastq.gz", "FASTQ"],
        },
        Bad {
            what: "an empty FASTQ",
            spoil: |c| {
                c.write("R1.fastq.gz", "");
                c.write("R2.fastq.gz", "");
            },
            input: reads,
            more: &[],
            exit: 3,
            words: &["fastq.gz"],
        },
        Bad {
            what: "a missing file",
            spoil: |c| fs::remove_file(c.path("R2.fastq.gz")).unwrap(),
            input: reads,
            more: &[],
            exit: 4,
            words: &["R2.fastq.gz", "no such file"],
        },
        Bad {
            what: "a folder instead of a file",
            spoil: |c| {
                fs::remove_file(c.path("R2.fastq.gz")).unwrap();
                fs::create_dir(c.path("R2.fastq.gz")).unwrap();
            },
            input: reads,
            more: &[],
            exit: 3,
            words: &["folder"],
        },
        Bad {
            what: "no input",
            spoil: |_| {},
            input: NO_INPUT,
            more: &[],
            exit: 2,
            words: &["--reads"],
        },
        Bad {
            what: "a reference that is no FASTA",
            spoil: |c| c.write("reference.fa", "ACGT\n"),
            input: reads,
            more: &[],
            exit: 3,
            words: &["reference.fa", "FASTA"],
        },
        Bad {
            what: "an empty reference",
            spoil: |c| c.write("reference.fa", ""),
            input: reads,
            more: &[],
            exit: 3,
            words: &["reference.fa", "empty"],
        },
        Bad {
            what: "a reference that contradicts --build",
            spoil: |_| {},
            input: reads,
            more: &["--build", "GRCh39"],
            exit: 2,
            words: &["GRCh39"],
        },
        Bad {
            what: "GFF3 with missing parents",
            spoil: |c| {
                c.write(
                    "transcripts.gff3",
                    &text(c, "transcripts.gff3")
                        .lines()
                        .filter(|l| !l.contains("\tmRNA\t"))
                        .map(|l| format!("{l}\n"))
                        .collect::<String>(),
                );
            },
            input: reads,
            more: &[],
            exit: 3,
            words: &["transcripts.gff3", "arent"],
        },
        Bad {
            what: "GFF3 of another sequence",
            spoil: |c| {
                c.write(
                    "transcripts.gff3",
                    &text(c, "transcripts.gff3")
                        .replace("\t1051\t", "\t1054\t")
                        .replace("\t1200\t", "\t1203\t")
                        .replace("\t2001\t", "\t2004\t")
                        .replace("\t2150\t", "\t2153\t")
                        .replace("\t3001\t", "\t3004\t")
                        .replace("\t3213\t", "\t3216\t"),
                );
            },
            input: reads,
            more: &[],
            exit: 3,
            words: &["transcripts.gff3"],
        },
        Bad {
            what: "GFF3 on contigs that the reference lacks",
            spoil: |c| {
                c.write(
                    "transcripts.gff3",
                    &text(c, "transcripts.gff3").replace("chr1\t", "chr7\t"),
                );
            },
            input: reads,
            more: &[],
            exit: 3,
            words: &["transcripts.gff3"],
        },
        Bad {
            what: "an empty GFF3",
            spoil: |c| c.write("transcripts.gff3", "##gff-version 3\n"),
            input: reads,
            more: &[],
            exit: 3,
            words: &["transcripts.gff3"],
        },
        Bad {
            what: "a GFF3 with a broken line",
            spoil: |c| {
                c.write(
                    "transcripts.gff3",
                    &(text(c, "transcripts.gff3") + "chr1\tRefSeq\texon\tx\n"),
                );
            },
            input: reads,
            more: &[],
            exit: 3,
            words: &["transcripts.gff3", "line"],
        },
        Bad {
            what: "a BED beyond its contig",
            spoil: |c| c.write("t.bed", "chr1\t10\t6001\n"),
            input: reads,
            more: &["--targets", "t.bed"],
            exit: 3,
            words: &["t.bed", "line 1", "beyond"],
        },
        Bad {
            what: "an empty BED",
            spoil: |c| c.write("t.bed", "# nothing\n"),
            input: reads,
            more: &["--targets", "t.bed"],
            exit: 3,
            words: &["t.bed", "no interval"],
        },
        Bad {
            what: "an order with one identifier",
            spoil: |c| {
                c.write(
                    "order.json",
                    &ORDER.replace(r#", {"label": "Laboratory", "value": "ZZ-000123"}"#, ""),
                );
            },
            input: reads,
            more: &["--order", "order.json"],
            exit: 3,
            words: &["order.json", "patient.identifiers"],
        },
        Bad {
            what: "an order that is no JSON",
            spoil: |c| c.write("order.json", "{\"patient\": Jane Doe"),
            input: reads,
            more: &["--order", "order.json"],
            exit: 3,
            words: &["order.json"],
        },
        Bad {
            what: "a sex that the order contradicts",
            spoil: |_| {},
            input: reads,
            more: &["--order", "order.json", "--sex", "male"],
            exit: 3,
            words: &["sex"],
        },
        Bad {
            what: "a name as accession",
            spoil: |_| {},
            input: reads,
            more: &["--sample", "Jane Doe"],
            exit: 2,
            words: &["accession"],
        },
        Bad {
            what: "too little memory",
            spoil: |_| {},
            input: reads,
            more: &["--memory", "1M"],
            exit: 5,
            words: &["--memory"],
        },
        Bad {
            what: "a VCF whose REF is not the reference's",
            spoil: |c| vcf(c, "in.vcf", "T-1", &record(c, true)),
            input: &["--vcf", "in.vcf"],
            more: &[],
            exit: 3,
            words: &["chr1:2071"],
        },
        Bad {
            what: "a VCF of another sample",
            spoil: |c| vcf(c, "in.vcf", "Jane", &record(c, false)),
            input: &["--vcf", "in.vcf"],
            more: &[],
            exit: 3,
            words: &["in.vcf", "--input-sample"],
        },
        Bad {
            what: "a VCF of several samples",
            spoil: |c| vcf(c, "in.vcf", "T-1\tT-2", &record(c, false)),
            input: &["--vcf", "in.vcf"],
            more: &[],
            exit: 3,
            words: &["2 samples"],
        },
        Bad {
            what: "a VCF on a contig that the reference lacks",
            spoil: |c| vcf(c, "in.vcf", "T-1", "chr9\t5\t.\tA\tC"),
            input: &["--vcf", "in.vcf"],
            more: &[],
            exit: 3,
            words: &["chr9"],
        },
        Bad {
            what: "a VCF with a contig of another length",
            spoil: |c| {
                vcf(c, "in.vcf", "T-1", &record(c, false));
                c.write("in.vcf", &text(c, "in.vcf").replace("length=6000", "length=7000"));
            },
            input: &["--vcf", "in.vcf"],
            more: &[],
            exit: 3,
            words: &["chr1"],
        },
        Bad {
            what: "an unsorted VCF",
            spoil: |c| {
                vcf(c, "in.vcf", "T-1", &record(c, false));
                let one = text(c, "in.vcf");
                let early = one.lines().last().unwrap().replace("\t2071\t", "\t2070\t");
                c.write("in.vcf", &format!("{one}{early}\n"));
            },
            input: &["--vcf", "in.vcf"],
            more: &[],
            exit: 3,
            words: &["sorted"],
        },
        Bad {
            what: "a VCF that is none",
            spoil: |c| c.write("in.vcf", "hello\n"),
            input: &["--vcf", "in.vcf"],
            more: &[],
            exit: 3,
            words: &["in.vcf", "line 1"],
        },
        Bad {
            what: "a ClinVar file of another build",
            spoil: |c| c.write("clinvar.vcf", &clinvar(c, true)),
            input: reads,
            more: &["--clinvar", "clinvar.vcf"],
            exit: 3,
            words: &["clinvar.vcf"],
        },
        Bad {
            what: "a BAM without its second half",
            spoil: |c| {
                c.succeeds(&READS, &["--out", "whole"]);
                let whole = fs::read(c.path("whole/T-1.bam")).unwrap();
                fs::write(c.path("in.bam"), &whole[..whole.len() / 2]).unwrap();
            },
            input: &["--bam", "in.bam"],
            more: &[],
            exit: 3,
            words: &["in.bam", "cut short"],
        },
        Bad {
            what: "a BAM without reads",
            spoil: |c| {
                let header = "@HD\tVN:1.6\n@SQ\tSN:chr1\tLN:6000\n@SQ\tSN:chr2\tLN:1000\n@RG\tID:1\tSM:T-1\n";
                crate::extreme::bam(&c.path("in.bam"), header);
            },
            input: &["--bam", "in.bam"],
            more: &[],
            exit: 3,
            words: &["in.bam", "no reads"],
        },
        Bad {
            what: "a BAM that is none",
            spoil: |c| c.write("in.bam", "hello\n"),
            input: &["--bam", "in.bam"],
            more: &[],
            exit: 3,
            words: &["in.bam"],
        },
    ]
}

fn clinvar(case: &TinyCase, wrong: bool) -> String {
    let mut text = String::from(
        "##fileformat=VCFv4.1\n##fileDate=2026-02-26\n##source=ClinVar\n##contig=<ID=chr1,length=248956422>\n##INFO=<ID=CLNSIG,Number=.,Type=String,Description=\"s\">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n",
    );
    for position in 2_000..2_100_usize {
        let base = case.bases[position - 1];
        let base = if wrong {
            clinotype_genome::sequence::complement(base)
        } else {
            base
        };
        let alternate = if base == b'A' { 'C' } else { 'A' };
        text.push_str(&format!("chr1\t{position}\t{position}\t{}\t{alternate}\t.\t.\tCLNSIG=Benign;CLNREVSTAT=no_assertion_criteria_provided\n", char::from(base)));
    }
    text
}

#[test]
fn every_bad_input_is_refused_with_a_clear_error() {
    let mut wrong = Vec::new();
    for bad in table() {
        let case = TinyCase::new();
        (bad.spoil)(&case);
        let output = case.run(bad.input, bad.more).output().unwrap();
        let message = errors(&output);
        let what = bad.what;
        if output.status.code() != Some(bad.exit) {
            wrong.push(format!(
                "{what}: exit {:?} instead of {}: {message}",
                output.status.code(),
                bad.exit
            ));
            continue;
        }
        for words in bad.words {
            if !message.contains(words) {
                wrong.push(format!("{what}: {words:?} is not in: {message}"));
            }
        }
        if message.contains("panicked") || message.contains("Jane") && !bad.more.contains(&"Jane Doe") {
            wrong.push(format!("{what}: {message}"));
        }
        if message.matches("error:").count() != 1 {
            wrong.push(format!("{what}: not one error: {message}"));
        }
        let names = final_names(&case.path("out"));
        let report = names.iter().any(|n| n.ends_with(".pdf") || n.ends_with(".fhir.json"));
        let early = !bad.words.contains(&"clinvar.vcf") && !bad.input.contains(&"in.vcf");
        if report || (early && !names.is_empty()) {
            wrong.push(format!("{what}: left {names:?}"));
        }
        if let Ok(entries) = fs::read_dir(case.path("out")) {
            for entry in entries {
                let name = entry.unwrap().file_name().into_string().unwrap();
                if name.ends_with(".partial") || name.ends_with(".scratch") {
                    wrong.push(format!("{what}: left {name}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} problem(s):\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn an_output_folder_that_cannot_be_written_is_named() {
    let case = TinyCase::new();
    case.write("file", "");
    let output = case.run(&READS, &["--out", "file/out"]).output().unwrap();
    assert!(matches!(output.status.code(), Some(3 | 4)), "{}", errors(&output));
    assert!(errors(&output).contains("file/out"));
}

#[test]
fn the_malformed_files_of_the_shared_data_are_refused() {
    let Some(folder) = shared("data/malformed") else { return };
    let case = TinyCase::new();
    let file = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let good: Vec<&str> = READS.to_vec();
    let tries: Vec<(&str, Vec<String>, Vec<String>)> = vec![
        (
            "malformed.fastq",
            vec!["--reads".into(), file("malformed.fastq"), "R2.fastq.gz".into()],
            vec![],
        ),
        (
            "malformed2.fastq",
            vec!["--reads".into(), file("malformed2.fastq"), "R2.fastq.gz".into()],
            vec![],
        ),
        (
            "malformed.bed",
            good.iter().map(|s| (*s).to_owned()).collect(),
            vec!["--targets".into(), file("malformed.bed")],
        ),
        (
            "malformed2.bed",
            good.iter().map(|s| (*s).to_owned()).collect(),
            vec!["--targets".into(), file("malformed2.bed")],
        ),
        ("malformed.vcf", vec!["--vcf".into(), file("malformed.vcf")], vec![]),
        ("malformed.sam", vec!["--bam".into(), file("malformed.sam")], vec![]),
        (
            "malformed.fasta",
            good.iter().map(|s| (*s).to_owned()).collect(),
            vec!["--reference".into(), file("malformed.fasta")],
        ),
    ];
    for (name, input, more) in tries {
        let input: Vec<&str> = input.iter().map(String::as_str).collect();
        let more: Vec<&str> = more.iter().map(String::as_str).collect();
        let output = case.run(&input, &more).output().unwrap();
        let message = errors(&output);
        assert_eq!(output.status.code(), Some(3), "{name}: {message}");
        assert!(
            message.contains(name) && !message.contains("panicked"),
            "{name}: {message}"
        );
        assert!(final_names(&case.path("out")).is_empty(), "{name}");
    }
}
