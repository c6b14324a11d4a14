//! The family: joint genotyping, and whether the samples are related as declared.

use clinotype_genome::{Fault, Result};
use clinotype_jobs::{
    Watch as _,
    family::{self, JointRequest},
    steps,
};

use super::{
    engine::{named, step},
    store::print,
};
use crate::args;

/// Prints a text's lines on standard output.
pub(super) fn say(text: &str) -> Result<()> {
    text.lines().try_for_each(print)
}

pub(crate) fn joint(call: &args::Joint) -> Result<()> {
    named(&call.out, ".vcf.gz", "--out")?;
    if call.gvcf.contains(&call.out) {
        return Err(Fault::usage("--out names one of the gVCFs").at(&call.out));
    }
    let mut text = String::new();
    step(&call.machine, "Genotype together", |_, watch| {
        let pedigree = call.ped.as_deref().map(family::pedigree).transpose()?;
        let summary = family::joint(
            &JointRequest {
                gvcfs: &call.gvcf,
                reference: &call.reference,
                pedigree: pedigree.as_ref(),
                build: call.build,
                out: &call.out,
            },
            watch,
        )?;
        text = family::joint_text(&summary);
        if let Some(path) = &call.checks {
            watch.note("checks kinship and Mendelian errors");
            let checks = family::checks(&call.out, pedigree.as_ref(), call.build, watch)?;
            steps::write_json(path, &checks)?;
            text += &family::checks_text(&checks);
        }
        Ok(())
    })?;
    say(&text)
}

pub(crate) fn family(call: &args::Family) -> Result<()> {
    let mut text = String::new();
    step(&call.machine, "Check the family", |_, watch| {
        let pedigree = call.ped.as_deref().map(family::pedigree).transpose()?;
        let checks = family::checks(&call.vcf, pedigree.as_ref(), call.build, watch)?;
        steps::write_json(&call.out, &checks)?;
        text = family::checks_text(&checks);
        Ok(())
    })?;
    say(&text)
}
