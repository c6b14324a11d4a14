#![no_main]
//! A BAM, given as its bytes before compression, called as it is, with an index made for it.

use clinotype_fuzz::{Place, begin, seeds};
use clinotype_testkit::tiny::write_bgzf;
use libfuzzer_sys::fuzz_target;
use noodles::bam;

fuzz_target!(init: begin(|| vec![seeds::bam()]), |data: &[u8]| {
    let place = Place::get();
    let path = place.path("in.bam");
    write_bgzf(&path, data).expect("a writable folder");
    // Another program's index, and another program's trouble where it cannot be made.
    let Some(Ok(bam::Index::Bai(index))) = clinotype_genome::isolate::isolated(|| bam::fs::index(&path)) else {
        return;
    };
    let mut writer = bam::bai::io::Writer::new(Vec::new());
    if writer.write_index(&index).is_err() {
        return;
    }
    place.write("in.bam.bai", &writer.into_inner());
    clinotype_fuzz::call(&path);
});
