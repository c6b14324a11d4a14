#![no_main]
//! Chain files of a liftover: what is mapped lies on its contig, and comes home by the inverted file wherever that accepts
//! it.

use clinotype_fuzz::{Place, begin, judge};
use clinotype_genome::liftover::{Chains, read_chains};
use libfuzzer_sys::fuzz_target;

fn seeds() -> Vec<Vec<u8>> {
    [
        "chain 100 chr1 3000 + 0 40 chr1 2990 + 5 43 1\n10 2 0\n8 0 1\n19 1 0\n0\n\n",
        "#c\nchain 9.5 chr1 3000 + 10 30 chr2 500 - 0 20\n20\n\nchain 8 chr2 500 + 10 30 chr2 500 - 5 25 7\n20\n",
        "chain 1 1 3000 + 0 1 1 3000 + 2999 3000 3\n1\n",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into()
}

/// Looks up a few stretches of each contig.
fn check(chains: &Chains, inverse: &Chains) {
    for contig in chains.contigs().take(8) {
        let step = (contig.length / 61).max(1);
        for start in (0..contig.length).step_by(step as usize) {
            for length in [1, 2, 17] {
                let end = start + length;
                if end > contig.length {
                    continue;
                }
                let Ok(mapped) = chains.map(&contig.name, start, end) else { continue };
                assert!(mapped.start < mapped.end && mapped.end <= mapped.length);
                assert_eq!(mapped.end - mapped.start, length);
                if let Ok(home) = inverse.map(&mapped.contig, mapped.start, mapped.end) {
                    assert_eq!((&home.contig, home.start, home.end), (&contig.name, start, end));
                    assert_eq!(home.reverse, mapped.reverse);
                }
            }
        }
    }
}

fuzz_target!(init: begin(seeds), |data: &[u8]| {
    let place = Place::get();
    if let Some(chains) = judge(read_chains(place.write("c.chain", data)), &[]) {
        let inverse = chains.inverted();
        check(&chains, &inverse);
        check(&inverse, &chains);
    }
});
