//! Bad input gives one clear error and no output; good input in odd clothes is read.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use clinotype_annotate::{AnnotateOptions, AnnotateSummary, TranscriptSet, annotate};
use clinotype_genome::{Build, Fault, Reference, Silent, fs};
use noodles::bgzf;

/// One contig `chr1` of 12,000 bases with a gene of two exons on the plus strand: 5000..5100 and 5200..5400, coding
/// 5050..5350 (0-based), made from a fixed sequence.
fn genome() -> Vec<u8> {
    let mut state = 12_345_u64;
    let mut bases: Vec<u8> = (0..12_000)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            b"ACGT"[(state >> 33) as usize % 4]
        })
        .collect();
    // Codons without a stop: GCT CAA ...; start and stop set.
    for codon in bases[5050..5100].chunks_mut(3) {
        codon.copy_from_slice(&b"GCT"[..codon.len()]);
    }
    for codon in bases[5200..5350].chunks_mut(3) {
        codon.copy_from_slice(&b"CAA"[..codon.len()]);
    }
    bases[5050..5053].copy_from_slice(b"ATG");
    bases[5347..5350].copy_from_slice(b"TAA");
    bases[5100..5102].copy_from_slice(b"GT");
    bases[5198..5200].copy_from_slice(b"AG");
    bases
}

const GFF3: &str = "##gff-version 3\n\
    chr1\tx\tgene\t5001\t5400\t.\t+\t.\tID=gene:G1;Name=GENE1;Dbxref=HGNC:HGNC:5\n\
    chr1\tx\tmRNA\t5001\t5400\t.\t+\t.\tID=transcript:T1;Parent=gene:G1;transcript_id=T1;version=2;biotype=protein_coding\n\
    chr1\tx\texon\t5001\t5100\t.\t+\t.\tParent=transcript:T1\n\
    chr1\tx\texon\t5201\t5400\t.\t+\t.\tParent=transcript:T1\n\
    chr1\tx\tCDS\t5051\t5100\t.\t+\t0\tParent=transcript:T1;protein_id=P1.1\n\
    chr1\tx\tCDS\t5201\t5350\t.\t+\t1\tParent=transcript:T1;protein_id=P1.1\n";

const HEADER: &str = "##fileformat=VCFv4.3\n##contig=<ID=chr1,length=12000>\n\
    #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n";

struct Case {
    folder: tempfile::TempDir,
    reference: Reference,
    transcripts: TranscriptSet,
    bases: Vec<u8>,
    out: PathBuf,
}

impl Case {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bases = genome();
        let mut fasta = b">chr1\n".to_vec();
        for line in bases.chunks(60) {
            fasta.extend_from_slice(line);
            fasta.push(b'\n');
        }
        let path = folder.path().join("r.fa");
        fs::write_atomic(&path, &fasta).unwrap();
        let reference = Reference::open(&path).unwrap();
        let gff3 = folder.path().join("t.gff3");
        fs::write_atomic(&gff3, GFF3.as_bytes()).unwrap();
        let transcripts = TranscriptSet::read(&gff3, &reference, Build::Grch38).unwrap();
        let out = folder.path().join("out.vcf.gz");
        Self {
            folder,
            reference,
            transcripts,
            bases,
            out,
        }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write_atomic(&path, bytes).unwrap();
        path
    }

    fn base(&self, position: usize) -> char {
        char::from(self.bases[position - 1])
    }

    fn other(&self, position: usize) -> char {
        if self.base(position) == 'A' { 'C' } else { 'A' }
    }

    fn out(&self) -> PathBuf {
        self.out.clone()
    }

    fn run<'a>(&'a self, vcf: &'a Path, change: impl Fn(&mut AnnotateOptions<'a>)) -> Result<AnnotateSummary, Fault> {
        let mut options = AnnotateOptions {
            vcf,
            reference: &self.reference,
            build: Build::Grch38,
            assert_build: false,
            transcripts: &self.transcripts,
            clinvar: None,
            frequencies: None,
            scores: &[],
            sample: Some("S1"),
            input_sample: None,
            mismatches: 0,
            names: true,
            tables: &[],
            out: &self.out,
            pick_order: clinotype_annotate::PickOrder::default(),
            header: &[],
            source: "test",
        };
        change(&mut options);
        annotate(&options, &Silent)
    }

    /// The fault, after a look that nothing was left behind.
    fn fault(&self, bytes: &[u8], words: &str) -> Fault {
        let vcf = self.file("in.vcf", bytes);
        let fault = self.run(&vcf, |_| ()).unwrap_err();
        assert!(fault.to_string().contains(words), "{fault}");
        assert!(!self.out().exists());
        fault
    }

    fn records(&self) -> Vec<String> {
        use std::io::BufRead;
        fs::open_text(self.out())
            .unwrap()
            .lines()
            .map(Result::unwrap)
            .filter(|l| !l.starts_with('#'))
            .collect()
    }
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn bgz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = bgzf::io::Writer::new(Vec::new());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

#[test]
fn bad_variant_files() {
    let case = Case::new();
    let (r, a) = (case.base(5060), case.other(5060));
    let row = |pos: u32, reference: char, alt: &str| format!("chr1\t{pos}\t.\t{reference}\t{alt}\t.\t.\t.\tGT\t0/1\n");
    let good = format!("{HEADER}{}", row(5060, r, &a.to_string()));
    let fault = case.fault(
        format!("{HEADER}{}", row(5060, a, &r.to_string())).as_bytes(),
        "the reference has",
    );
    assert_eq!(fault.place().line, Some(4));
    assert_eq!(fault.place().locus, Some(("chr1".to_owned(), 5060)));
    case.fault(
        good.replace("chr1\t5060", "chr7\t5060").as_bytes(),
        "not in the reference",
    );
    case.fault(b"hello\n", "not a VCF file");
    case.fault(b"", "is empty");
    case.fault(
        HEADER.split_once("#CHROM").unwrap().0.as_bytes(),
        "ends before the column line",
    );
    let several = case.fault(good.replace("\tS1\n", "\tS1\tS2\n").as_bytes(), "holds 2 samples");
    assert!(several.advice().unwrap().contains("bcftools view -s"));
    case.fault(
        good.replace("\tS1\n", "\tNA1\n").as_bytes(),
        "the sample column is not S1",
    );
    case.fault(
        good.replace("\tFORMAT\tS1\n", "\n").replace("\tGT\t0/1", "").as_bytes(),
        "no sample column",
    );
    case.fault(
        good.replace("length=12000", "length=13000").as_bytes(),
        "different builds",
    );
    case.fault(
        format!("{good}{}", row(5059, case.base(5059), "A")).as_bytes(),
        "not sorted",
    );
    case.fault(
        format!("{good}chr1\t5070\t.\tA\n").as_bytes(),
        "line 5: a VCF line needs at least 8 columns",
    );
    case.fault(
        format!("{good}chr1\tx\t.\tA\tC\t.\t.\t.\tGT\t0/1\n").as_bytes(),
        "POS \"x\"",
    );
    case.fault(
        format!("{good}chr1\t5070\t.\t{}\tC\t.\t.\t.\tGT\n", case.base(5070)).as_bytes(),
        "has 9 columns",
    );
    let whole = gz(good.as_bytes());
    case.fault(&whole[..whole.len() - 12], "cannot read");
    let whole = bgz(good.as_bytes());
    case.fault(&whole[..whole.len() - 28], "end-of-file block");
    for bytes in [good.clone().into_bytes(), gz(good.as_bytes()), whole] {
        let vcf = case.file("in.vcf", &bytes);
        assert_eq!(case.run(&vcf, |_| ()).unwrap().records, 1);
        assert!(case.out().with_extension("gz.tbi").exists());
        fs::remove_if_there(case.out()).unwrap();
    }
    let named = case.file("in.vcf", good.replace("\tS1\n", "\tNA1\n").as_bytes());
    case.run(&named, |o| o.input_sample = Some("NA1")).unwrap();
    let text = String::from_utf8_lossy(&fs::read(&named).unwrap()).into_owned();
    assert!(text.contains("NA1"));
    use std::io::BufRead;
    let header: Vec<String> = fs::open_text(case.out())
        .unwrap()
        .lines()
        .map(Result::unwrap)
        .filter(|l| l.starts_with('#'))
        .collect();
    assert!(
        header.last().unwrap().ends_with("\tFORMAT\tS1"),
        "the output's column is the accession"
    );
    assert!(
        header
            .iter()
            .any(|l| l.starts_with("##clinotype_build=<ID=GRCh38,Proof="))
    );
}

#[test]
fn every_allele_is_accounted_for() {
    let case = Case::new();
    let (r, a) = (case.base(5060), case.other(5060));
    let text = format!(
        "{HEADER}chr1\t5060\trs1\t{r}\t{a},*,<DEL>\t9.5\tPASS\tDP=3;CSQ=old;HGVSG=old\tGT:AD\t1/2:1,2,3,4\n\
         chr1\t5061\t.\t{}\t<NON_REF>\t.\t.\tEND=5100\tGT\t0/0\n\
         chr1\t5062\t.\t{}\t.\t.\t.\t.\tGT\t0/0\n",
        case.base(5061),
        case.base(5062)
    );
    let vcf = case.file("in.vcf", text.as_bytes());
    let summary = case.run(&vcf, |_| ()).unwrap();
    assert_eq!((summary.records, summary.alleles), (3, 1));
    let dropped: u64 = summary.dropped.iter().map(|d| d.1).sum();
    assert_eq!(dropped, 4);
    let records = case.records();
    assert!(records[0].starts_with(&format!(
        "chr1\t5060\trs1\t{r}\t{a},*,<DEL>\t9.5\tPASS\tDP=3;CSQ={a}|missense_variant"
    )));
    assert!(records[0].ends_with("\tGT:AD\t1/2:1,2,3,4") && !records[0].contains("old"));
    assert!(
        records[0].contains(&format!(";NORMALISED=5060-{r}-{a},.,.;")),
        "{}",
        records[0]
    );
    assert!(records[0].contains("FREQ_STATE=not_evaluated,.,."));
    assert_eq!(
        records[2],
        format!("chr1\t5062\t.\t{}\t.\t.\t.\t.\tGT\t0/0", case.base(5062))
    );
}

#[test]
fn sources_are_joined_by_allele_and_must_prove_their_build() {
    let case = Case::new();
    // A deletion of one CAA of the repeat, told at its right end here and at its left end by ClinVar.
    let sample = format!("{HEADER}chr1\t5212\t.\tACAA\tA\t.\t.\t.\tGT\t0/1\nchr1\t5222\t.\tC\tT,G\t.\t.\t.\tGT\t1/2\n");
    let at = |p: usize, n: usize| String::from_utf8_lossy(&case.bases[p - 1..p - 1 + n]).into_owned();
    assert_eq!(
        (at(5212, 4), at(5222, 1), at(5200, 4)),
        ("ACAA".to_owned(), "C".to_owned(), "GCAA".to_owned())
    );
    let vcf = case.file("in.vcf", sample.as_bytes());
    let head = "##fileformat=VCFv4.1\n##fileDate=2026-02-26\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
    let left = at(5200, 4);
    let clinvar = case.file(
        "clinvar.vcf",
        format!("{head}1\t5200\t17\t{left}\t{}\t.\t.\tCLNSIG=Pathogenic;CLNREVSTAT=criteria_provided,_single_submitter;CLNDN=a,b|c\n", &left[..1]).as_bytes(),
    );
    let frequencies = case.file(
        "freq.vcf",
        format!("{head}1\t5222\t.\tC\tT,A\t.\tPASS\tAC=4,1;AN=9000;AF=4e-4,1e-4;nhomalt=0,0;popmax=afr,.;AN_afr=800\n")
            .as_bytes(),
    );
    let summary = case
        .run(&vcf, |o| {
            o.clinvar = Some(&clinvar);
            o.frequencies = Some(&frequencies);
        })
        .unwrap();
    assert_eq!(summary.clinvar_release.as_deref(), Some("2026-02-26"));
    let records = case.records();
    for words in [
        "CLINVAR_STATE=found;CLINVAR_ID=17;CLINVAR_SIG=Pathogenic;CLINVAR_REVSTAT=criteria_provided%2C_single_submitter",
        "CLINVAR_CONDITIONS=a%2Cb|c",
        "inframe_deletion",
        "FREQ_STATE=not_evaluated",
    ] {
        assert!(records[0].contains(words), "{words}: {}", records[0]);
    }
    for words in [
        "CLINVAR_STATE=absent,absent",
        "FREQ_STATE=found,absent",
        "FREQ_AC=4,.",
        "FREQ_AN=9000,9000",
        "FREQ_AF=4e-4,.",
        "FREQ_GROUP=afr,.",
        "FREQ_GROUP_AN=800,.",
    ] {
        assert!(records[1].contains(words), "{words}: {}", records[1]);
    }
    fs::remove_if_there(case.out()).unwrap();
    let wrong = case.file(
        "wrong.vcf",
        format!("{head}1\t5222\t1\tG\tT\t.\t.\tCLNSIG=Benign\n").as_bytes(),
    );
    let fault = case.run(&vcf, |o| o.clinvar = Some(&wrong)).unwrap_err();
    assert!(
        fault.to_string().contains("does not prove that it belongs to GRCh38"),
        "{fault}"
    );
    assert_eq!(fault.place().line, Some(4));
    assert!(!case.out().exists());
    let summary = case
        .run(&vcf, |o| {
            o.clinvar = Some(&wrong);
            o.assert_build = true;
        })
        .unwrap();
    assert!(
        summary
            .build_proofs
            .contains(&("ClinVar".to_owned(), "asserted by --build".to_owned()))
    );
}

#[test]
fn bad_transcript_files() {
    let case = Case::new();
    let read = |text: &str| {
        let path = case.file("bad.gff3", text.as_bytes());
        TranscriptSet::read(&path, &case.reference, Build::Grch38)
    };
    for (from, to, words) in [
        (
            "ID=transcript:T1;",
            "ID=transcript:T9;",
            "line 4: the parent transcript:T1 of this feature is not in the file",
        ),
        ("ID=gene:G1", "ID=gene:G9", "line 3: the gene gene:G1"),
        ("CDS\t5201\t5350", "CDS\t5150\t5350", "lies outside its exons"),
        ("chr1\tx", "chr8\tx", "no transcript lies on a contig of the reference"),
        ("5001\t5100", "-5\t5100", "line 4: start \"-5\""),
        ("5001\t5100", "5001", "line 4: a GFF3 line needs 9 columns"),
        ("exon\t5201\t5400", "exon\t5201\t15400", "beyond chr1"),
        ("CDS\t5051", "CDS\t5052", "do not fit the reference"),
        (
            "##gff-version 3\n",
            "##gff-version 3\n##sequence-region chr1 1 249250621\n",
            "those of GRCh37",
        ),
        (
            "Parent=transcript:T1;protein_id=P1.1",
            "protein_id=P1.1",
            "has no Parent",
        ),
    ] {
        let fault = read(&GFF3.replace(from, to)).unwrap_err();
        assert!(fault.to_string().contains(words), "{words}: {fault}");
    }
    assert!(
        read("##gff-version 3\n")
            .unwrap_err()
            .to_string()
            .contains("holds no transcript")
    );
    let set = read(GFF3).unwrap();
    let picked = set.pick("GENE1").unwrap();
    assert_eq!(
        (picked.accession.as_str(), picked.hgnc_id.as_deref()),
        ("T1.2", Some("HGNC:5"))
    );
    assert_eq!(picked.coding_exons().len(), 2);
    assert!(set.pick("OTHER").is_none());
}

#[test]
fn the_malformed_vcf_of_the_shared_data() {
    let shared = std::env::var_os("CLINOTYPE_SHARED")
        .map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
            PathBuf::from,
        )
        .join("data/malformed/malformed.vcf");
    if !shared.exists() {
        assert!(std::env::var_os("CI").is_none(), "the shared test data is missing");
        eprintln!("skipped: no shared test data");
        return;
    }
    let case = Case::new();
    let fault = case.run(&shared, |_| ()).unwrap_err();
    println!("{fault}");
    assert!(!case.out().exists());
}
