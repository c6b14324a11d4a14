#![no_main]
//! A VCF and outside calls to star alleles, phenotypes and recommendations: every text ends in a call, in "unknown", or
//! in a fault of the input.

use std::sync::OnceLock;

use clinotype_fuzz::{begin, judge};
use clinotype_interpret::pgx::{self, Options, TABLES, outside, vcf};
use libfuzzer_sys::fuzz_target;

const HEAD: &str = "##fileformat=VCFv4.3\n##contig=<ID=chr10,length=133797422>\n##contig=<ID=chr1,length=248956422>\n\
    #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n";

fn seeds() -> Vec<Vec<u8>> {
    [
        "chr10\t94781859\trs4244285\tG\tA\t.\tPASS\t.\tGT:AD\t0/1:10,9\nchr10\t94761900\t.\tC\tT\t.\tPASS\t.\tGT\t0|1\n",
        "chr1\t97450058\t.\tC\tT\t.\tPASS\t.\tGT:PS\t0|1:5\nchr1\t97573863\t.\tC\tT\t.\tPASS\t.\tGT\t1/.\n",
        "chr10\t94761000\t.\tC\t<NON_REF>\t.\t.\tEND=94769000\tGT:MIN_DP:GQ\t0/0:30:99\n",
        "\0CYP2D6\t*1/*4x2\t\t1.0\nHLA-B\t*57:01/*15:02\nCYP2C19\t\tPoor Metabolizer\nMT-RNR1\tm.1555A>G\n",
        "chr10\t94781859\t.\tG\tC,A,<DEL>\t.\t.\t.\tGT\t2/1\n\0CYP2D6\t*36+*10/*1\n",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into()
}

fn places() -> &'static vcf::Places {
    static PLACES: OnceLock<vcf::Places> = OnceLock::new();
    PLACES.get_or_init(|| vcf::Places::native(&TABLES.definitions))
}

fuzz_target!(init: begin(seeds), |data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    // The records, then after a zero byte the outside calls.
    let (records, calls) = text.split_once('\0').unwrap_or((text, ""));
    let reading = vcf::Reading { blocks: Some(vcf::Thresholds::default()), ..vcf::Reading::default() };
    let mut reader = vcf::Reader::new(&TABLES.definitions, places(), &reading);
    for (number, line) in HEAD.lines().chain(records.lines()).enumerate() {
        if judge(reader.line(number as u64 + 1, line), &[]).is_none() {
            return;
        }
    }
    let Some(sample) = judge(reader.finish(), &[]) else { return };
    let Some(calls) = judge(outside::parse(calls, &TABLES.definitions, &TABLES.phenotypes), &[]) else { return };
    let genes = pgx::interpret(&TABLES.definitions, &sample, &calls, &Options::default());
    assert!(genes.len() >= TABLES.definitions.genes.len());
    assert!(genes.iter().all(|gene| !gene.diplotypes.is_empty()), "a gene without a word");
    pgx::recommend(&genes, &pgx::Guidance::default());
});
