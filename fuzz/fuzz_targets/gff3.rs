#![no_main]
//! Transcripts.

use clinotype_annotate::TranscriptSet;
use clinotype_fuzz::{Place, begin, gff3, judge};
use clinotype_genome::Build;
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: begin(|| vec![gff3().into_bytes()]), |data: &[u8]| {
    let place = Place::get();
    let path = place.write("t.gff3", data);
    if let Some(set) = judge(TranscriptSet::read(&path, &place.reference, Build::Grch38), &[]) {
        for transcript in set.iter() {
            assert!(transcript.length() > 0 && transcript.coding_length() <= transcript.length());
        }
    }
});
