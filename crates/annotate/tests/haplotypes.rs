//! Alleles that are read together: on a gene of our own, and on bcftools csq's own compound cases.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::BufRead,
    path::{Path, PathBuf},
};

use clinotype_annotate::{AnnotateOptions, PickOrder, TranscriptSet, annotate};
use clinotype_genome::{Build, Reference, Silent, fs};

fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("CLINOTYPE_SHARED")
        .map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
            PathBuf::from,
        )
        .join("data");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "the shared test data is missing");
    eprintln!("skipped: no shared test data at {}", folder.display());
    None
}

/// Records of one sample: (contig, position, REF, ALT, FORMAT and sample).
type Record<'a> = (&'a str, u32, &'a str, &'a str, &'a str);

/// Annotates records and gives header and lines.
fn run(
    folder: &Path,
    reference: &Reference,
    set: &TranscriptSet,
    records: &[Record<'_>],
    threads: usize,
) -> Vec<String> {
    let mut text = String::from(
        "##fileformat=VCFv4.3\n##FORMAT=<ID=GT,Number=1,Type=String,Description=\"g\">\n\
         ##FORMAT=<ID=PS,Number=1,Type=String,Description=\"p\">\n\
         #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n",
    );
    for (contig, position, reference, alternate, genotype) in records {
        writeln!(
            text,
            "{contig}\t{position}\t.\t{reference}\t{alternate}\t.\tPASS\t.\t{genotype}"
        )
        .unwrap();
    }
    let (vcf, out) = (folder.join("in.vcf"), folder.join("out.vcf.gz"));
    fs::write_atomic(&vcf, text.as_bytes()).unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| {
        annotate(
            &AnnotateOptions {
                vcf: &vcf,
                reference,
                build: Build::Grch38,
                assert_build: false,
                transcripts: set,
                clinvar: None,
                frequencies: None,
                scores: &[],
                sample: Some("S1"),
                input_sample: None,
                mismatches: 0,
                names: true,
                tables: &[],
                out: &out,
                pick_order: PickOrder::default(),
                header: &[],
                source: "test",
            },
            &Silent,
        )
        .unwrap();
    });
    fs::open_text(&out).unwrap().lines().map(Result::unwrap).collect()
}

/// The combined readings of every record, field by field, as the header names the fields.
fn readings(lines: &[String]) -> Vec<Vec<BTreeMap<String, String>>> {
    let header = lines
        .iter()
        .find(|l| l.starts_with("##INFO=<ID=CSQ_HAPLOTYPE,"))
        .unwrap();
    let format = header.split("Format: ").nth(1).unwrap().trim_end_matches("\">");
    lines
        .iter()
        .filter(|l| !l.starts_with('#'))
        .map(|line| {
            let info = line.split('\t').nth(7).unwrap();
            info.split(';')
                .find_map(|e| e.strip_prefix("CSQ_HAPLOTYPE="))
                .unwrap_or_default()
                .split(',')
                .filter(|e| !e.is_empty())
                .map(|entry| {
                    let values: Vec<&str> = entry.split('|').collect();
                    assert_eq!(values.len(), format.split('|').count(), "{entry}");
                    format
                        .split('|')
                        .zip(values)
                        .map(|(k, v)| {
                            (
                                k.to_owned(),
                                v.replace("%3B", ";").replace("%3D", "=").replace("%20", " "),
                            )
                        })
                        .collect()
                })
                .collect()
        })
        .collect()
}

/// Exons 101..130 and 201..260 (1-based), coding from 111: ATG GCA AGA TGC AAA GTA CT|T GGT CAA CAA CAA TGT TAC GAA ATG
/// CTG TCA CGA AAA TGA ...
fn gene(folder: &Path) -> (Reference, TranscriptSet) {
    let mut bases: Vec<u8> = b"CTAACTGACT".iter().copied().cycle().take(400).collect();
    bases[100..130].copy_from_slice(b"CCTTGGCCAAATGGCAAGATGCAAAGTACT");
    bases[130..136].copy_from_slice(b"GTAAGT");
    bases[198..200].copy_from_slice(b"AG");
    bases[200..260].copy_from_slice(b"TGGTCAACAACAATGTTACGAAATGCTGTCACGAAAATGACCCATTTAGGGCATCCATAC");
    let fasta = folder.join("r.fa");
    let text = format!(">chr1\n{}\n", String::from_utf8(bases).unwrap());
    fs::write_atomic(&fasta, text.as_bytes()).unwrap();
    let gff3 = folder.join("t.gff3");
    let mut rows = String::from("##gff-version 3\n");
    for (kind, start, end, phase, attributes) in [
        (
            "gene",
            101,
            260,
            ".",
            "ID=gene-G;Name=G;gene=G;gene_biotype=protein_coding",
        ),
        (
            "mRNA",
            101,
            260,
            ".",
            "ID=rna-NM_1.1;Parent=gene-G;gene=G;transcript_id=NM_1.1",
        ),
        ("exon", 101, 130, ".", "ID=e1;Parent=rna-NM_1.1"),
        ("exon", 201, 260, ".", "ID=e2;Parent=rna-NM_1.1"),
        ("CDS", 111, 130, "0", "ID=cds;Parent=rna-NM_1.1;protein_id=NP_1.1"),
        ("CDS", 201, 240, "1", "ID=cds;Parent=rna-NM_1.1;protein_id=NP_1.1"),
    ] {
        writeln!(rows, "chr1\tT\t{kind}\t{start}\t{end}\t.\t+\t{phase}\t{attributes}").unwrap();
    }
    fs::write_atomic(&gff3, rows.as_bytes()).unwrap();
    let reference = Reference::open(&fasta).unwrap();
    let set = TranscriptSet::read(&gff3, &reference, Build::Grch38).unwrap();
    (reference, set)
}

/// (records, expected readings of each record: alleles, copies, terms, c., p.)
type Case<'a> = (&'a [(u32, &'a str, &'a str, &'a str)], &'a [&'a [[&'a str; 5]]]);

const CASES: &[Case<'_>] = &[
    // AGA (Arg3): A>T at 117 alone is TGA (Ter), G>C at 118 alone ACA (Thr); together TCA (Ser).
    (
        &[(117, "A", "T", "GT:PS\t0|1:9"), (118, "G", "C", "GT:PS\t0|1:9")],
        &[
            &[[
                "117-A-T&118-G-C",
                "phase_set_9:copy_2",
                "missense_variant",
                "NM_1.1:c.7_8delinsTC",
                "NP_1.1:p.(Arg3Ser)",
            ]],
            &[[
                "117-A-T&118-G-C",
                "phase_set_9:copy_2",
                "missense_variant",
                "NM_1.1:c.7_8delinsTC",
                "NP_1.1:p.(Arg3Ser)",
            ]],
        ],
    ),
    // Not on one copy, not in one phase set, or not phased: no combined reading.
    (
        &[(117, "A", "T", "GT:PS\t0|1:9"), (118, "G", "C", "GT:PS\t1|0:9")],
        &[&[], &[]],
    ),
    (
        &[(117, "A", "T", "GT:PS\t0|1:9"), (118, "G", "C", "GT:PS\t0|1:8")],
        &[&[], &[]],
    ),
    (&[(117, "A", "T", "GT\t0/1"), (118, "G", "C", "GT\t0/1")], &[&[], &[]]),
    // Homozygous neighbours are on every copy; a heterozygous one beside them is on one of these.
    (
        &[(117, "A", "T", "GT\t1/1"), (119, "A", "T", "GT\t1")],
        &[
            &[[
                "117-A-T&119-A-T",
                "every_copy",
                "missense_variant",
                "NM_1.1:c.7_9delinsTGT",
                "NP_1.1:p.(Arg3Cys)",
            ]],
            &[[
                "117-A-T&119-A-T",
                "every_copy",
                "missense_variant",
                "NM_1.1:c.7_9delinsTGT",
                "NP_1.1:p.(Arg3Cys)",
            ]],
        ],
    ),
    (
        &[(117, "A", "T", "GT\t0/1"), (119, "A", "T", "GT\t1/1")],
        &[
            &[[
                "117-A-T&119-A-T",
                "with_homozygous",
                "missense_variant",
                "NM_1.1:c.7_9delinsTGT",
                "NP_1.1:p.(Arg3Cys)",
            ]],
            &[[
                "117-A-T&119-A-T",
                "with_homozygous",
                "missense_variant",
                "NM_1.1:c.7_9delinsTGT",
                "NP_1.1:p.(Arg3Cys)",
            ]],
        ],
    ),
    // Neighbours in two codons are read alone.
    (&[(119, "A", "C", "GT\t1/1"), (120, "T", "C", "GT\t1/1")], &[&[], &[]]),
    // A codon that an intron splits: CT|T, Leu; together they make GTA... of it.
    (
        &[(129, "C", "G", "GT\t0|1"), (201, "T", "A", "GT\t0|1")],
        &[
            &[[
                "129-C-G&201-T-A",
                "phased:copy_2",
                "missense_variant&splice_region_variant",
                "NM_1.1:c.[19C>G;21T>A]",
                "NP_1.1:p.(Leu7Val)",
            ]],
            &[[
                "129-C-G&201-T-A",
                "phased:copy_2",
                "missense_variant&splice_region_variant",
                "NM_1.1:c.[19C>G;21T>A]",
                "NP_1.1:p.(Leu7Val)",
            ]],
        ],
    ),
    // A lost base and a base put in six bases on: the frame is shifted only between them.
    (
        &[(207, "AC", "A", "GT\t0|1"), (214, "T", "TC", "GT\t0|1")],
        &[
            &[[
                "207-AC-A&214-T-TC",
                "phased:copy_2",
                "missense_variant",
                "NM_1.1:c.[28del;34_35insC]",
                "NP_1.1:p.(Gln10_Cys12delinsAsnAsnArg)",
            ]],
            &[[
                "207-AC-A&214-T-TC",
                "phased:copy_2",
                "missense_variant",
                "NM_1.1:c.[28del;34_35insC]",
                "NP_1.1:p.(Gln10_Cys12delinsAsnAsnArg)",
            ]],
        ],
    ),
    // Two ALTs of one record on the two copies, each with the homozygous neighbour.
    (
        &[(117, "A", "T,C", "GT\t1|2"), (118, "G", "C", "GT\t1|1")],
        &[
            &[
                [
                    "117-A-T&118-G-C",
                    "phased:copy_1",
                    "missense_variant",
                    "NM_1.1:c.7_8delinsTC",
                    "NP_1.1:p.(Arg3Ser)",
                ],
                [
                    "117-A-C&118-G-C",
                    "phased:copy_2",
                    "missense_variant",
                    "NM_1.1:c.7_8delinsCC",
                    "NP_1.1:p.(Arg3Pro)",
                ],
            ],
            &[
                [
                    "117-A-T&118-G-C",
                    "phased:copy_1",
                    "missense_variant",
                    "NM_1.1:c.7_8delinsTC",
                    "NP_1.1:p.(Arg3Ser)",
                ],
                [
                    "117-A-C&118-G-C",
                    "phased:copy_2",
                    "missense_variant",
                    "NM_1.1:c.7_8delinsCC",
                    "NP_1.1:p.(Arg3Pro)",
                ],
            ],
        ],
    ),
    // Both change the same base: they cannot stand on one copy, whatever the genotypes say.
    (&[(117, "AG", "A", "GT\t1/1"), (118, "G", "C", "GT\t1/1")], &[&[], &[]]),
];

#[test]
fn alleles_of_one_copy() {
    let folder = tempfile::tempdir().unwrap();
    let (reference, set) = gene(folder.path());
    for (records, expected) in CASES {
        let records: Vec<Record<'_>> = records.iter().map(|r| ("chr1", r.0, r.1, r.2, r.3)).collect();
        let lines = run(folder.path(), &reference, &set, &records, 1);
        assert_eq!(lines, run(folder.path(), &reference, &set, &records, 2));
        let got: Vec<Vec<[String; 5]>> = readings(&lines)
            .iter()
            .map(|entries| {
                entries
                    .iter()
                    .map(|e| ["Alleles", "Copies", "Consequence", "HGVSc", "HGVSp"].map(|k| e[k].clone()))
                    .collect()
            })
            .collect();
        assert_eq!(got, *expected, "{records:?}");
        // The single readings are there as ever.
        assert!(
            lines
                .iter()
                .filter(|l| !l.starts_with('#'))
                .all(|l| l.contains(";CSQ=") || l.contains("\tCSQ="))
        );
    }
}

/// A combined reading is made anew where an annotated file is annotated again.
#[test]
fn an_earlier_reading_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let (reference, set) = gene(folder.path());
    let records = [("chr1", 117, "A", "T", "GT\t1/1"), ("chr1", 118, "G", "C", "GT\t1/1")];
    let lines = run(folder.path(), &reference, &set, &records, 1);
    let again = folder.path().join("again.vcf");
    let text = lines.join("\n").replace("1/1", "0/1") + "\n";
    fs::write_atomic(&again, text.as_bytes()).unwrap();
    let out = folder.path().join("again.vcf.gz");
    annotate(
        &AnnotateOptions {
            vcf: &again,
            reference: &reference,
            build: Build::Grch38,
            assert_build: false,
            transcripts: &set,
            clinvar: None,
            frequencies: None,
            scores: &[],
            sample: Some("S1"),
            input_sample: None,
            mismatches: 0,
            names: true,
            tables: &[],
            out: &out,
            pick_order: PickOrder::default(),
            header: &[],
            source: "test",
        },
        &Silent,
    )
    .unwrap();
    let lines: Vec<String> = fs::open_text(&out).unwrap().lines().map(Result::unwrap).collect();
    let records = lines.iter().filter(|l| !l.starts_with('#'));
    assert!(records.clone().count() == 2 && records.clone().all(|l| !l.contains("CSQ_HAPLOTYPE")));
    assert_eq!(
        lines
            .iter()
            .filter(|l| l.starts_with("##INFO=<ID=CSQ_HAPLOTYPE"))
            .count(),
        1
    );
}

/// The compound cases of bcftools csq's own tests, whose files have no genotypes and mean one haplotype: (file, records,
/// a term of the combined reading, what its p. name begins with). Facts from the suite's outputs.
#[test]
fn compound_cases_of_bcftools() {
    let Some(data) = shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let set_folder = data.join("annotation/refs/bcftools_csq/ENST00000379416");
    let fasta = folder.path().join("r.fa");
    fs::write_atomic(&fasta, &fs::read(set_folder.join("ENST00000379416.fa")).unwrap()).unwrap();
    let reference = Reference::open(&fasta).unwrap();
    // The window cuts a gene, whose line then begins below 1; GFF3 has no such place.
    let mut rows = String::new();
    for line in fs::open_text(set_folder.join("ENST00000379416.gff")).unwrap().lines() {
        let line = line.unwrap();
        let mut columns: Vec<&str> = line.splitn(9, '\t').collect();
        if columns.get(3).is_some_and(|start| start.starts_with('-')) {
            columns[3] = "1";
        }
        rows.push_str(&columns.join("\t"));
        rows.push('\n');
    }
    let gff3 = folder.path().join("t.gff3");
    fs::write_atomic(&gff3, rows.as_bytes()).unwrap();
    let set = TranscriptSet::read_asserted(&gff3, &reference, Build::Grch38).unwrap();
    for (records, term, p) in [
        (
            [(53592, "GC", "G"), (53595, "A", "T")],
            "frameshift_variant",
            "p.(Leu216Ile",
        ),
        (
            [(53594, "A", "AGC"), (53595, "ACT", "A")],
            "missense_variant",
            "p.(Glu215Val",
        ),
        (
            [(53594, "A", "AGC"), (53595, "A", "ACTC")],
            "frameshift_variant",
            "p.(Leu216GlufsTer4)",
        ),
        (
            [(53594, "A", "AGC"), (53595, "A", "T")],
            "frameshift_variant",
            "p.(Leu216SerfsTer3)",
        ),
    ] {
        let records: Vec<Record<'_>> = records.iter().map(|r| ("2", r.0, r.1, r.2, "GT\t1|1")).collect();
        let lines = run(folder.path(), &reference, &set, &records, 1);
        let readings = readings(&lines);
        println!("{records:?} {readings:?}");
        for entries in &readings {
            let entry = entries
                .iter()
                .find(|e| e["Feature"].starts_with("ENST00000379416"))
                .unwrap();
            assert!(entry["Consequence"].split('&').any(|t| t == term), "{entry:?}");
            assert!(entry["HGVSp"].contains(p), "{entry:?}");
        }
    }
}

/// A diploid and a haploid call beside each other, as at the ends of X's common regions (the suite's SAMPLE1): GCG to
/// GTT, Ala to Val. The model's first codon is incomplete; the suite does not count it, Ensembl's protein has an X for it.
#[test]
fn a_haploid_neighbour() {
    let Some(data) = shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let set_folder = data.join("annotation/refs/bcftools_csq/ENST00000381157");
    let fasta = folder.path().join("r.fa");
    fs::write_atomic(&fasta, &fs::read(set_folder.join("ENST00000381157.fa")).unwrap()).unwrap();
    let reference = Reference::open(&fasta).unwrap();
    let set = TranscriptSet::read_asserted(&set_folder.join("ENST00000381157.gff"), &reference, Build::Grch38).unwrap();
    let records = [("X", 31177, "C", "T", "GT\t1|0"), ("X", 31178, "G", "T", "GT\t1")];
    let lines = run(folder.path(), &reference, &set, &records, 1);
    for entries in readings(&lines) {
        let entry = entries
            .iter()
            .find(|e| e["Feature"].starts_with("ENST00000381157"))
            .unwrap();
        assert_eq!(
            (entry["Consequence"].as_str(), entry["Copies"].as_str()),
            ("missense_variant", "phased:copy_1")
        );
        assert!(
            entry["HGVSp"].is_empty() || entry["HGVSp"].ends_with("p.(Ala89Val)"),
            "{entry:?}"
        );
        assert_eq!(
            (entry["Amino_acids"].as_str(), entry["Protein_position"].as_str()),
            ("A/V", "89")
        );
    }
}
