//! The family: joint genotyping by the pedigree, and whether the samples are related as declared.

mod kinship;
mod mendel;
mod sites;

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use clinotype_call::{JointOptions, JointSummary, Relative};
use clinotype_case::{
    family::{FamilyChecks, SCHEMA},
    pedigree::Pedigree,
};
use clinotype_genome::{Build, Fault, Reference, Result, fs};

use crate::{Watch, build, steps::caller_sex};

/// Reads a PED file.
pub fn pedigree(path: &Path) -> Result<Pedigree> {
    Pedigree::parse(&fs::read_to_string(path)?).map_err(|fault| fault.at(path))
}

/// `clinotype joint`.
#[derive(Debug)]
pub struct JointRequest<'a> {
    /// gVCFs, one sample each.
    pub gvcfs: &'a [PathBuf],
    /// Reference FASTA.
    pub reference: &'a Path,
    /// The pedigree.
    pub pedigree: Option<&'a Pedigree>,
    /// Asserted build.
    pub build: Option<Build>,
    /// VCF to write.
    pub out: &'a Path,
}

/// Genotypes the samples jointly. Members of the pedigree without a gVCF are noted.
pub fn joint(request: &JointRequest<'_>, watch: &dyn Watch) -> Result<JointSummary> {
    let reference = Reference::open(request.reference)?;
    let contigs = reference.contigs().iter().map(|c| (c.name.as_str(), c.length));
    let build = match request.build {
        Some(_) => Some(build::of_reference(&reference, request.build)?.build),
        None => Build::of_contigs(contigs),
    };
    let relatives: Vec<Relative> = request
        .pedigree
        .map(Pedigree::members)
        .unwrap_or_default()
        .iter()
        .map(|member| Relative {
            sample: member.id.clone(),
            father: member.father.clone(),
            mother: member.mother.clone(),
            sex: caller_sex(member.sex),
        })
        .collect();
    let summary = clinotype_call::joint(
        &JointOptions {
            gvcfs: request.gvcfs,
            reference: &reference,
            build,
            relatives: &relatives,
            out: request.out,
            source: &crate::software(),
            header: &[],
        },
        watch,
    )?;
    let without = relatives
        .iter()
        .filter(|r| !summary.inputs.iter().any(|input| input.sample == r.sample))
        .count();
    if without > 0 {
        watch.note(&format!("{without} of the pedigree have no gVCF and take no part"));
    }
    Ok(summary)
}

/// The summary of a joint run as lines of text.
pub fn joint_text(summary: &JointSummary) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    for input in &summary.inputs {
        let dropped: u64 = input.dropped.values().sum();
        let _ = writeln!(
            text,
            "{}: {} variant records read, {} merged, {dropped} dropped; {} reference blocks",
            input.sample, input.records, input.merged, input.blocks
        );
        for (reason, count) in &input.dropped {
            let _ = writeln!(text, "    dropped {count}: {reason}");
        }
    }
    let _ = writeln!(
        text,
        "{} records written ({} with single bases only, {} others), {} of them filtered",
        summary.sites, summary.snvs, summary.indels, summary.filtered
    );
    let _ = writeln!(
        text,
        "genotypes: {} missing for want of evidence, {} changed by the family (LGT has the sample's own)",
        summary.missing, summary.changed
    );
    let _ = writeln!(
        text,
        "de novo candidates: {} of high, {} of low confidence",
        summary.high_de_novo, summary.low_de_novo
    );
    for (reason, count) in &summary.without_family {
        let _ = writeln!(text, "genotyped without the family's prior, {count} times: {reason}");
    }
    text
}

/// Checks the samples of a VCF against a pedigree, and each other without one.
pub fn checks(
    vcf: &Path,
    pedigree: Option<&Pedigree>,
    build: Option<Build>,
    watch: &dyn Watch,
) -> Result<FamilyChecks> {
    let mut file = sites::Sites::open(vcf, build)?;
    let samples = file.samples().to_vec();
    if samples.is_empty() {
        return Err(Fault::input("has no sample column").at(vcf));
    }
    if let Some(pedigree) = pedigree {
        let unknown = samples.iter().filter(|s| pedigree.get(s).is_none()).count();
        if unknown > 0 {
            return Err(
                Fault::input(format!("{unknown} of its samples are not in the pedigree"))
                    .at(vcf)
                    .hint("add a line for each sample to the pedigree, or leave the samples out"),
            );
        }
    }
    let mut pairs = kinship::Pairs::new(samples.len());
    let mut trios = mendel::Trios::new(&samples, pedigree);
    while let Some(site) = file.next_site()? {
        if file.read().is_multiple_of(4096) {
            watch.check()?;
        }
        pairs.add(&site);
        trios.add(&site);
    }
    Ok(FamilyChecks {
        schema: SCHEMA.to_owned(),
        software: crate::software(),
        records: file.read(),
        used: file.used(),
        dropped: file.dropped(),
        pairs: pairs.checks(&samples, pedigree),
        trios: trios.checks(),
        samples,
    })
}

/// The checks as lines of text.
pub fn checks_text(checks: &FamilyChecks) -> String {
    let mut text = String::new();
    for pair in &checks.pairs {
        let _ = writeln!(
            text,
            "{:12} {} and {}: {}",
            pair.result.word(),
            pair.first,
            pair.second,
            pair.reason
        );
    }
    for trio in &checks.trios {
        let _ = writeln!(
            text,
            "{:12} {}, child of {} and {}: {}",
            trio.result.word(),
            trio.child,
            trio.father,
            trio.mother,
            trio.reason
        );
    }
    let _ = writeln!(text, "{} of {} records used", checks.used, checks.records);
    for dropped in &checks.dropped {
        let _ = writeln!(text, "    left out {}: {}", dropped.count, dropped.reason);
    }
    text
}
