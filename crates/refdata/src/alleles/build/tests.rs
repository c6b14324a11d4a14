//! Builds from small files of our own making.

use std::path::{Path, PathBuf};

use clinotype_genome::{Build, FaultKind, Reference, Silent, fs};

use super::*;
use crate::alleles::{Hit, Store};

/// 1: CA repeats at 11..=18 (0-based 10..18); 2: plain; MT of another length than the rCRS.
const FASTA: &str = ">chr1\nGGGGTTTTGGCACACACAGGGTTTTACGTACGTNNNNACGTACGT\n>chr2\nACGTACGTAC\n>chrM\nACGTACGT\n";

struct Folder {
    place: tempfile::TempDir,
    reference: Reference,
    columns: Columns,
    out: PathBuf,
    scratch: PathBuf,
}

impl Folder {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.fa");
        fs::write_atomic(&path, FASTA.as_bytes()).unwrap();
        let reference = Reference::open(&path).unwrap();
        Self {
            reference,
            columns: Columns::default(),
            out: folder.path().join("s.cta"),
            scratch: folder.path().join("scratch"),
            place: folder,
        }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.place.path().join(name);
        fs::write_atomic(&path, text.as_bytes()).unwrap();
        path
    }

    fn out(&self) -> PathBuf {
        self.out.clone()
    }

    fn build<'a>(&'a self, inputs: &'a [PathBuf], change: impl Fn(&mut BuildOptions<'a>)) -> Result<(Store, Meta)> {
        let mut options = BuildOptions {
            inputs,
            kind: Inputs::Values,
            reference: &self.reference,
            build: Build::Grch38,
            assert_build: false,
            name: None,
            release: None,
            date: None,
            licence: None,
            fields: &[],
            columns: &self.columns,
            duplicates: None,
            assessed: None,
            assessed_alleles: None,
            mismatches: MISMATCHES,
            out: &self.out,
            scratch: &self.scratch,
            memory: 1 << 20,
            made_by: "test",
        };
        change(&mut options);
        let made = build(&options, &Silent);
        assert!(!self.scratch.exists(), "spills are removed");
        let meta = made?;
        let store = Store::open(&self.out)?;
        store.verify()?;
        assert_eq!(store.meta(), &meta);
        assert!(meta.counts.add_up(), "{:?}", meta.counts);
        Ok((store, meta))
    }

    fn fault<'a>(&'a self, inputs: &'a [PathBuf], change: impl Fn(&mut BuildOptions<'a>)) -> (FaultKind, String) {
        let fault = self.build(inputs, change).map(|_| ()).unwrap_err();
        assert!(!self.out().exists(), "half a store was left");
        (fault.kind(), fault.to_string())
    }
}

const COLUMNS: &str = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO";

fn frequencies(records: &str) -> String {
    format!(
        "##fileformat=VCFv4.2\n##fileDate=2026-01-02\n##license=CC0\n\
         ##INFO=<ID=AC,Number=A,Type=Integer,Description=\"count\">\n##INFO=<ID=AN,Number=1,Type=Integer,Description=\"number\">\n\
         ##INFO=<ID=AF,Number=A,Type=Float,Description=\"frequency\">\n##INFO=<ID=nhomalt,Number=A,Type=Integer,Description=\"homozygotes\">\n\
         {COLUMNS}\n{records}"
    )
}

fn look<T>(store: &Store, at: (&str, u32, &str, &str), read: impl Fn(&Hit<'_>, &Meta) -> T) -> Option<T> {
    let mut cursor = store.cursor_of_all().unwrap();
    let contig = store.contig(at.0).unwrap();
    let hit = cursor.find(contig, at.1, at.2.as_bytes(), at.3.as_bytes()).unwrap()?;
    Some(read(&hit, store.meta()))
}

fn texts(store: &Store, at: (&str, u32, &str, &str), fields: &[&str]) -> Option<Vec<Option<String>>> {
    look(store, at, |hit, meta| {
        fields.iter().map(|f| hit.text(meta.field(f).unwrap())).collect()
    })
}

#[allow(clippy::unnecessary_wraps, reason = "it is compared with what a look-up gives")]
fn some(values: &[&str]) -> Option<Vec<Option<String>>> {
    Some(
        values
            .iter()
            .map(|v| (!v.is_empty()).then(|| (*v).to_owned()))
            .collect(),
    )
}

#[test]
fn alleles_are_split_and_normalised() {
    let folder = Folder::new();
    let records = "1\t12\t.\tacA\tA,ACACA,*\t.\tPASS\tAC=5,7,9;AN=100;AF=5.00000e-02,0.07,.;nhomalt=0,1,2\n\
                   1\t20\t.\tG\tT,<DEL>\t.\tRF\tAC=1,2;AN=90\n\
                   1\t36\t.\tA\tT\t.\t.\tAC=3\n\
                   chr2\t3\t.\tGT\tGC\t.\tPASS\tAN=4;AC=0\n\
                   9\t3\t.\tG\tC\t.\tPASS\tAN=4;AC=0\n\
                   2\t5\t.\tA\tA[chr1:5[,AR\t.\tPASS\tAN=44;AC=0,0\n\
                   MT\t3\t.\tG\tC\t.\tPASS\tAN=4;AC=0\n";
    let input = folder.file("f.vcf", &frequencies(records));
    let (store, meta) = folder
        .build(std::slice::from_ref(&input), |o| o.mismatches = 0.0)
        .unwrap();
    assert_eq!(
        (meta.name.as_str(), meta.release.as_deref(), meta.licence.as_deref()),
        ("gnomAD", Some("2026-01-02"), Some("CC0"))
    );
    let fields = ["AC", "AN", "AF", "nhomalt", "FILTER"];
    assert_eq!(
        texts(&store, ("chr1", 10, "GCA", "G"), &fields),
        some(&["5", "100", "5.00000e-02", "0", "PASS"])
    );
    assert_eq!(
        texts(&store, ("1", 10, "G", "GCA"), &fields),
        some(&["7", "100", "0.07", "1", "PASS"])
    );
    assert_eq!(
        texts(&store, ("1", 20, "G", "T"), &fields),
        some(&["1", "90", "", "", "RF"])
    );
    assert_eq!(
        texts(&store, ("2", 4, "T", "C"), &fields),
        some(&["0", "4", "", "", "PASS"])
    );
    assert_eq!(texts(&store, ("1", 20, "G", "C"), &fields), None);
    let c = &meta.counts;
    assert_eq!((c.records, c.alleles, c.kept, c.moved, c.unproven), (7, 11, 5, 3, 1));
    let dropped: Vec<(&str, u64)> = c.dropped.iter().map(|(r, n)| (r.as_str(), *n)).collect();
    assert_eq!(
        dropped,
        [
            ("ALT with other letters than A, C, G, T", 1),
            ("breakend", 1),
            ("overlapping deletion (*)", 1),
            ("symbolic allele", 1),
            ("the contig is not in the reference", 2),
        ]
    );
    // Places whose alleles went elsewhere, or are none, were assessed all the same.
    assert_eq!(c.sites, 3);
    let mut cursor = store.cursor(&["AN"]).unwrap();
    let mut found = Vec::new();
    let an = meta.field("AN").unwrap();
    cursor
        .at(0, 12, |hit| {
            found.push((hit.bases(), hit.integer(an)));
            Ok(())
        })
        .unwrap();
    assert_eq!(found, [(None, Some(100))]);
}

#[test]
fn one_record_of_an_allele_stays() {
    let folder = Folder::new();
    let records = "1\t1\t.\tG\tC\t.\tPASS\tAC=1;AN=100\n1\t1\t.\tG\tC\t.\tPASS\tAC=2;AN=300\n\
                   1\t1\t.\tG\tC\t.\tPASS\tAC=3;AN=200\n1\t1\t.\tG\tC\t.\tPASS\tAC=2;AN=300\n";
    let input = folder.file("f.vcf", &frequencies(records));
    for (rule, expected) in [
        (None, "2"),
        (Some(Duplicates::First), "1"),
        (Some(Duplicates::Last), "2"),
        (Some(Duplicates::Highest("AC".to_owned())), "3"),
        (Some(Duplicates::Sum), "8"),
    ] {
        let (store, meta) = folder
            .build(std::slice::from_ref(&input), |o| o.duplicates = rule.clone())
            .unwrap();
        assert_eq!(
            texts(&store, ("1", 1, "G", "C"), &["AC"]),
            some(&[expected]),
            "{rule:?}"
        );
        assert_eq!((meta.counts.kept, meta.counts.dropped.values().sum::<u64>()), (1, 3));
        drop(store);
        std::fs::remove_file(folder.out()).unwrap();
    }
    let (kind, words) = folder.fault(std::slice::from_ref(&input), |o| {
        o.duplicates = Some(Duplicates::Refuse);
    });
    assert!(kind == FaultKind::Input && words.contains("same allele"), "{words}");
}

#[test]
fn clinvar_keeps_every_word() {
    let folder = Folder::new();
    let vcf = format!(
        "##fileformat=VCFv4.1\n##fileDate=2026-02-26\n##source=ClinVar\n##reference=GRCh38\n\
         ##INFO=<ID=CLNSIG,Number=.,Type=String,Description=\"s\">\n##INFO=<ID=CLNREVSTAT,Number=.,Type=String,Description=\"r\">\n\
         ##INFO=<ID=AF_EXAC,Number=1,Type=Float,Description=\"a\">\n{COLUMNS}\n\
         1\t1\t12\tG\tC\t.\t.\tCLNSIG=Pathogenic;CLNREVSTAT=criteria_provided,_single_submitter;AF_EXAC=0.00010\n\
         1\t1\t11\tG\tC\t.\t.\tCLNSIG=Benign;CLNREVSTAT=no_assertion_criteria_provided\n\
         2\t2\t13\tC\t.\t.\t.\tCLNSIG=Benign\n"
    );
    let input = folder.file("clinvar.vcf", &vcf);
    let (store, meta) = folder.build(std::slice::from_ref(&input), |_| ()).unwrap();
    assert_eq!(
        (meta.name.as_str(), meta.release.as_deref()),
        ("ClinVar", Some("2026-02-26"))
    );
    assert_eq!(
        texts(
            &store,
            ("1", 1, "G", "C"),
            &["ID", "CLNSIG", "CLNREVSTAT", "AF_EXAC", "FILTER"]
        ),
        some(&["12", "Pathogenic", "criteria_provided,_single_submitter", "0.00010", ""])
    );
    assert_eq!(meta.counts.dropped.values().sum::<u64>(), 2);
    assert_eq!(
        meta.counts.sites, 0,
        "ClinVar counts no alleles: its places mean nothing"
    );
}

#[test]
fn tables_with_named_columns() {
    let folder = Folder::new();
    let csv = "chr,hg19_pos,grch38_pos,ref,alt,REVEL,name\n1,5,1,G,C,0.027,\"a, b\"\n1,9,.,G,C,0.5,x\n1,5,1,G,T,.,\n1,5,1,G,C,0.9,y\n";
    let input = folder.file("revel.csv", csv);
    let fields = ["REVEL".to_owned(), "name:text".to_owned()];
    let highest = Some(Duplicates::Highest("REVEL".to_owned()));
    let (store, meta) = folder
        .build(std::slice::from_ref(&input), |o| {
            o.fields = &fields;
            o.duplicates.clone_from(&highest);
            o.licence = Some("academic");
            o.release = Some("1.3");
        })
        .unwrap();
    assert_eq!(
        (meta.name.as_str(), meta.licence.as_deref()),
        ("revel", Some("academic"))
    );
    assert_eq!(
        texts(&store, ("1", 1, "G", "C"), &["REVEL", "name"]),
        some(&["0.9", "y"])
    );
    assert_eq!(texts(&store, ("1", 1, "G", "T"), &["REVEL", "name"]), some(&["", ""]));
    assert_eq!(meta.counts.dropped.get(intake::NO_POSITION), Some(&1));
    drop(store);
    // CADD's form: comments, a heading with #, tabs.
    let cadd = "## CADD GRCh38-v1.7 (c) University\n#Chrom\tPos\tRef\tAlt\tRawScore\tPHRED\n2\t1\tA\tC\t-0.12\t3.5\n";
    let input = folder.file("cadd.tsv", cadd);
    let fields = ["PHRED".to_owned(), "RawScore".to_owned()];
    let (store, _) = folder
        .build(std::slice::from_ref(&input), |o| o.fields = &fields)
        .unwrap();
    assert_eq!(
        texts(&store, ("2", 1, "A", "C"), &["PHRED", "RawScore"]),
        some(&["3.5", "-0.12"])
    );
}

#[test]
fn own_genotypes_are_counted() {
    let folder = Folder::new();
    let vcf = |samples: &str, records: &str| {
        format!(
            "##fileformat=VCFv4.2\n##contig=<ID=chr2,length=10>\n##FORMAT=<ID=GT,Number=1,Type=String,Description=\"g\">\n\
             {COLUMNS}\tFORMAT\t{samples}\n{records}"
        )
    };
    let inputs = [
        folder.file(
            "a.vcf",
            &vcf(
                "a\tb",
                "chr1\t1\t.\tG\tC,T\t.\tPASS\t.\tGT:DP\t0/1:9\t1|1:8\nchr1\t2\t.\tG\tC\t.\tlow\t.\tGT\t0/1\t0/1\n",
            ),
        ),
        folder.file(
            "c.vcf",
            &vcf(
                "c",
                "chr1\t1\t.\tG\tC\t.\t.\t.\tGT\t./1\nchr1\t3\t.\tG\tC\t.\t.\t.\tGT\t1/1\n",
            ),
        ),
    ];
    let bed = folder.file("assay.bed", "chr1\t0\t2\n");
    let (store, meta) = folder
        .build(&inputs, |o| {
            o.kind = Inputs::Genotypes;
            o.assessed = Some(&bed);
        })
        .unwrap();
    let fields = ["AC", "AN", "AF", "het", "nhomalt", "hemi", "missing"];
    assert_eq!(
        texts(&store, ("1", 1, "G", "C"), &fields),
        some(&["4", "5", "8.00000e-01", "2", "1", "0", "1"])
    );
    assert_eq!(
        texts(&store, ("1", 3, "G", "C"), &fields),
        some(&["2", "", "", "0", "1", "0", "0"])
    );
    assert_eq!((meta.counts.kept, meta.counts.alleles), (2, 5));
    assert_eq!(store.assessed().at(0, 2), Some(6), "three samples, two copies");
    drop(store);
    std::fs::remove_file(folder.out()).unwrap();
    let twice = [inputs[1].clone(), inputs[1].clone()];
    let (_, words) = folder.fault(&twice, |o| o.kind = Inputs::Genotypes);
    assert!(words.contains("counted twice"), "{words}");
}

#[test]
fn many_records_are_spilled_and_found() {
    let folder = Folder::new();
    let bases: Vec<u8> = (0..300_000_u32)
        .map(|i| b"ACGT"[(i * 7 + i / 5) as usize % 4])
        .collect();
    let path = folder.place.path().join("big.fa");
    fs::write_atomic(&path, [b">chr1\n", &bases[..], b"\n"].concat().as_slice()).unwrap();
    let reference = Reference::open(&path).unwrap();
    let mut records = String::new();
    for at in (1..=250_000_u32).rev().step_by(5) {
        let base = bases[at as usize - 1];
        let other = if base == b'A' { 'C' } else { 'A' };
        let line = format!(
            "chr1\t{at}\t.\t{}\t{other}\t.\tPASS\tAC={};AN=5000;AF={:.5e}\n",
            char::from(base),
            at % 9,
            0.5
        );
        records.push_str(&line);
    }
    let input = folder.file("f.vcf", &frequencies(&records));
    let (store, meta) = folder
        .build(std::slice::from_ref(&input), |o| o.reference = &reference)
        .unwrap();
    assert_eq!(meta.counts.kept, 50_000);
    assert!(store.blocks() > 20);
    for at in [250_000_u32, 125_005, 5] {
        let base = bases[at as usize - 1];
        let alternate = if base == b'A' { "C" } else { "A" };
        let found = texts(
            &store,
            ("1", at, std::str::from_utf8(&[base]).unwrap(), alternate),
            &["AC"],
        );
        assert_eq!(found, some(&[&(at % 9).to_string()]), "{at}");
    }
}

#[test]
fn faults_say_what_and_where() {
    let folder = Folder::new();
    let good = frequencies("1\t1\t.\tG\tC\t.\tPASS\tAC=1;AN=100\n");
    let change = |from: &str, to: &str| good.replace(from, to);
    for (text, words) in [
        (
            change("\tG\tC", "\tT\tC"),
            "line 9: 1:1: REF is T, the reference has G; so do 1 of 1 records",
        ),
        (change("AC=1;", "AC=1.5;"), "line 9: AC is \"1.5\", not a whole number"),
        (change("1\t1\t.", "1\tx\t."), "line 9: POS \"x\""),
        (change("\tPASS\tAC=1;AN=100", ""), "at least 8 columns"),
        (change(COLUMNS, "#CHROM\tPOS"), "column line"),
        (
            change("##fileDate", "##reference=hg19\n##fileDate"),
            "its header says GRCh37",
        ),
        (
            change("##fileDate", "##contig=<ID=1,length=99>\n##fileDate"),
            "99 bases, the reference has 45",
        ),
        (change("1\t1\t.\tG\tC", "7\t1\t.\tG\tC"), "does not prove"),
        ("hello\n".to_owned(), "a table needs --fields"),
        (String::new(), "a table needs --fields"),
        ("##fileformat=VCFv4.2\n##x\n".to_owned(), "ends before the column line"),
    ] {
        let input = folder.file("bad.vcf", &text);
        let (kind, told) = folder.fault(std::slice::from_ref(&input), |_| ());
        assert!(matches!(kind, FaultKind::Input | FaultKind::Usage), "{told}");
        assert!(told.contains(words), "{told} / {words}");
    }
    let fields = ["score".to_owned()];
    for (text, words) in [
        ("", "no heading"),
        ("a\tb\n", "fewer than four columns"),
        ("chr\tpos\tref\talt\n1\t1\tG\tC\n", "no column \"score\""),
        ("chr\tpos\tref\talt\tscore\n1\t1\tG\tC\tx\n", "line 2: score is \"x\""),
        (
            "chr\tpos\tref\talt\tscore\n1\t1\tG\tC\n",
            "line 2: this row has 4 columns",
        ),
        ("chr\tpos\tref\talt\tscore\n1\tq\tG\tC\t1\n", "is not a position"),
        ("chr\twhere\tref\talt\tscore\n", "no column for the position"),
    ] {
        let input = folder.file("bad.tsv", text);
        let (_, told) = folder.fault(std::slice::from_ref(&input), |o| o.fields = &fields);
        assert!(told.contains(words), "{told} / {words}");
    }
    // A share of wrong REFs that is allowed is left out and counted.
    let input = folder.file(
        "f.vcf",
        &frequencies("1\t1\t.\tG\tC\t.\t.\tAC=1\n1\t2\t.\tT\tC\t.\t.\tAC=1\n"),
    );
    let (_, meta) = folder
        .build(std::slice::from_ref(&input), |o| o.mismatches = 0.5)
        .unwrap();
    assert_eq!((meta.counts.kept, meta.counts.disagreeing()), (1, 1));
    assert!(Path::new(&folder.out()).exists());
}
