#![no_main]
//! A VCF of one sample, annotated; the bytes after the first 0xff are a file of ClinVar.

use std::sync::OnceLock;

use clinotype_annotate::{AnnotateOptions, TranscriptSet, annotate};
use clinotype_fuzz::{Place, begin, contigs, gff3, judge};
use clinotype_genome::{Build, Silent};
use libfuzzer_sys::fuzz_target;

fn seeds() -> Vec<Vec<u8>> {
    let [(_, bases), _] = contigs();
    let base = |position: usize| char::from(bases[position - 1]);
    let other = |position: usize| if base(position) == 'A' { 'C' } else { 'A' };
    let head = "##fileformat=VCFv4.3\n##contig=<ID=chr1,length=3000>\n##INFO=<ID=DP,Number=1,Type=Integer,Description=\"d\">\n##FORMAT=<ID=GT,Number=1,Type=String,Description=\"GT\">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO";
    let mut text = format!("{head}\tFORMAT\tS\n");
    for position in [5, 651, 700, 801, 802, 1_000, 1_050] {
        text += &format!(
            "chr1\t{position}\t.\t{}\t{}\t60\tPASS\tDP=9\tGT\t0/1\n",
            base(position),
            other(position)
        );
    }
    text += &format!(
        "chr1\t1060\t.\t{}{}\t{},<NON_REF>,*\t.\t.\t.\tGT:AD\t1|0:1,2,0,0\n",
        base(1_060),
        base(1_061),
        base(1_060)
    );
    text += &format!(
        "chr1\t1070\trs1\t{}\t{}AC\t3\tlow;q\tDP=1;END=1070\tGT\t./.\n",
        base(1_070),
        base(1_070)
    );
    let mut clinvar = "##fileformat=VCFv4.1\n##fileDate=2026-02-26\n##source=ClinVar\n##INFO=<ID=CLNSIG,Number=.,Type=String,Description=\"s\">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n".to_owned();
    for position in 640..760 {
        clinvar += &format!(
            "1\t{position}\t{position}\t{}\t{}\t.\t.\tCLNSIG=Benign;CLNREVSTAT=no_assertion_criteria_provided\n",
            base(position),
            other(position)
        );
    }
    vec![
        text.clone().into_bytes(),
        [text.as_bytes(), &[0xff], clinvar.as_bytes()].concat(),
    ]
}

fuzz_target!(init: begin(seeds), |data: &[u8]| {
    static TRANSCRIPTS: OnceLock<TranscriptSet> = OnceLock::new();
    let place = Place::get();
    let transcripts = TRANSCRIPTS.get_or_init(|| {
        let path = place.write("good.gff3", gff3().as_bytes());
        TranscriptSet::read(&path, &place.reference, Build::Grch38).expect("the transcripts are good")
    });
    let cut = data.iter().position(|b| *b == 0xff).unwrap_or(data.len());
    let vcf = place.write("in.vcf", &data[..cut]);
    let clinvar = data.get(cut + 1..).map(|bytes| place.write("clinvar.vcf", bytes));
    let out = place.path("out.vcf.gz");
    let made = annotate(
        &AnnotateOptions {
            vcf: &vcf,
            reference: &place.reference,
            build: Build::Grch38,
            assert_build: true,
            transcripts,
            clinvar: clinvar.as_deref(),
            frequencies: None,
            scores: &[],
            sample: None,
            input_sample: None,
            mismatches: 0,
            names: true,
            tables: &[],
            out: &out,
            pick_order: clinotype_annotate::PickOrder::default(),
            header: &[],
            source: "fuzz",
        },
        &Silent,
    );
    if judge(made, &[&out]).is_some() {
        std::fs::remove_file(&out).expect("the output stands");
    }
});
