#![no_main]
//! A CRAM, its checksums mended, imported into a run.

use clinotype_fuzz::{Place, begin, cram::mend, judge, seeds};
use clinotype_genome::Silent;
use clinotype_reads::{ImportOptions, import};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: begin(|| vec![seeds::cram()]), |data: &[u8]| {
    let place = Place::get();
    let mut bytes = data.to_vec();
    mend(&mut bytes);
    let (cram, out) = (place.write("in.cram", &bytes), place.path("out.bam"));
    let options = ImportOptions {
        bam: &cram,
        reference: &place.reference,
        sample: "S",
        input_sample: None,
        out: &out,
        memory: 512 << 20,
        scratch: &place.path("scratch"),
        program: "0",
        command_line: "fuzz",
    };
    if judge(import(&options, &Silent), &[&out]).is_some() {
        std::fs::remove_file(&out).expect("the output stands");
    }
});
