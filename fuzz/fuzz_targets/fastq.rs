#![no_main]
//! Two FASTQ files: the input, cut at its first 0xff.

use clinotype_fuzz::{Place, begin, judge};
use clinotype_reads::fastq::{self, FastqPair, PairReader};
use libfuzzer_sys::fuzz_target;

fn seeds() -> Vec<Vec<u8>> {
    let pair = |first: &str, last: &str| [first.as_bytes(), &[0xff], last.as_bytes()].concat();
    vec![
        pair(
            "@a 1:N:0:1\nACGT\n+\nIIII\n@b 1:N:0:1\nNNAC\n+\n#!II\n",
            "@a 2:N:0:1\nTTTT\n+\nIIII\n@b 2:N:0:1\nG\n+\nI\n",
        ),
        pair("@a/1\r\nAC\r\n+a/1\r\nII\r\n", "@a/2\nAC\n+\nII"),
    ]
}

fuzz_target!(init: begin(seeds), |data: &[u8]| {
    let place = Place::get();
    let cut = data.iter().position(|b| *b == 0xff).unwrap_or(data.len());
    let pair = FastqPair {
        r1: place.write("r1", &data[..cut]),
        r2: place.write("r2", data.get(cut + 1..).unwrap_or_default()),
    };
    if judge(fastq::check(std::slice::from_ref(&pair)), &[]).is_none() {
        return;
    }
    let Some(mut reader) = judge(PairReader::open(&pair), &[]) else { return };
    while let Some(batch) = judge(reader.batch(100), &[]) {
        for read in batch.iter().flatten() {
            assert_eq!(read.bases.len(), read.qualities.len());
        }
        if batch.is_empty() {
            break;
        }
    }
});
