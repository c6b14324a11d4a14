//! `clinotype simulate`: reads of a made-up person, whose alleles are known.

use clinotype_genome::{Fault, Reference, Result, bed};
use clinotype_testkit::simulate::{Donor, Simulation, draw_alleles, read_alleles, write_alleles, write_fastq};

use crate::args;

pub(crate) fn run(call: &args::Simulate) -> Result<()> {
    let [r1, r2] = &call.out[..] else {
        return Err(Fault::usage("--out needs two files"));
    };
    let reference = Reference::open(&call.reference)?;
    let intervals = bed::merge(bed::read(&call.targets, reference.contigs())?, reference.contigs());
    let alleles = match &call.variants {
        Some(path) => read_alleles(path, reference.contigs(), call.seed)?,
        None => draw_alleles(&reference, &intervals, call.seed)?,
    };
    let donor = Donor::new(&reference, &intervals, &alleles)?;
    let simulation = Simulation {
        seed: call.seed,
        depth: call.depth,
        read_length: call.read_length,
        copies: call.copies,
        indel_error: call.indel_error,
        fragment_mean: Simulation::default().fragment_mean.max(f64::from(call.read_length)),
        ..Simulation::default()
    };
    let written = write_fastq(&simulation, &donor, &intervals, r1, r2)?;
    if let Some(path) = &call.draw {
        write_alleles(path, reference.contigs(), &alleles)?;
    }
    println!(
        "{} pairs ({} duplicates) of {} interval(s) with {} alleles",
        written.pairs,
        written.duplicates,
        intervals.len(),
        alleles.len()
    );
    Ok(())
}
