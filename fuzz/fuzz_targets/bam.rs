#![no_main]
//! A BAM, given as its bytes before compression, imported into a run.

use clinotype_fuzz::{Place, begin, judge, seeds};
use clinotype_genome::Silent;
use clinotype_reads::{ImportOptions, import};
use clinotype_testkit::tiny::write_bgzf;
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: begin(|| vec![seeds::bam()]), |data: &[u8]| {
    let place = Place::get();
    let (bam, out) = (place.path("in.bam"), place.path("out.bam"));
    write_bgzf(&bam, data).expect("a writable folder");
    let options = ImportOptions {
        bam: &bam,
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
        // What the import lets through, the caller must be able to read.
        clinotype_fuzz::call(&out);
        std::fs::remove_file(&out).expect("the output stands");
    }
});
