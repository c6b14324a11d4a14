//! Calls variants from the command line: `call BAM REFERENCE OUT.vcf.gz [OUT.g.vcf.gz]`, for measurements.

use std::path::Path;

use clinotype_call::{CallOptions, Sex, call};
use clinotype_genome::{Build, Reference, Silent};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [bam, reference, vcf, rest @ ..] = &arguments[..] else {
        return Err("call BAM REFERENCE OUT.vcf.gz [OUT.g.vcf.gz]".into());
    };
    let reference = Reference::open(reference)?;
    let contigs: Vec<(&str, u32)> = reference
        .contigs()
        .iter()
        .map(|c| (c.name.as_str(), c.length))
        .collect();
    let summary = call(
        &CallOptions {
            bam: Path::new(bam),
            reference: &reference,
            targets: None,
            padding: 100,
            sample: "sample",
            sex: Sex::Unknown,
            build: Build::of_contigs(contigs.iter().copied()),
            vcf: Path::new(vcf),
            gvcf: rest.first().map(Path::new),
            memory: 4 << 30,
            source: "clinotype",
            header: &[],
        },
        &Silent,
    )?;
    eprintln!("{summary:#?}");
    Ok(())
}
