#![no_main]
//! Targets.

use clinotype_fuzz::{Place, begin, judge};
use clinotype_genome::bed;
use libfuzzer_sys::fuzz_target;

fn seeds() -> Vec<Vec<u8>> {
    [
        "chr1\t10\t20\nchr1\t15\t40\textra\t0\t+\n",
        "track name=x\n#c\n1 0 3000\r\nchr2\t499\t500\n",
        "chr2\t0\t0\n",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into()
}

fuzz_target!(init: begin(seeds), |data: &[u8]| {
    let place = Place::get();
    let contigs = place.reference.contigs();
    let Some(targets) = judge(bed::read(place.write("t.bed", data), contigs), &[]) else { return };
    assert!(!targets.is_empty());
    for target in &targets {
        let contig = contigs.get(&target.contig).expect("a target lies on a contig of the reference");
        assert!(target.start < target.end && target.end <= contig.length);
    }
    for pair in targets.windows(2) {
        assert!(pair[0].contig != pair[1].contig || pair[0].end < pair[1].start, "sorted and merged");
    }
});
