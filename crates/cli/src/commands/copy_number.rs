//! `clinotype counts` and `clinotype cnv`.

use std::path::{Path, PathBuf};

use clinotype_genome::Result;
use clinotype_jobs::{
    cnv_class::{self, CnvClassRequest},
    copy_number::{self, CopyNumberRequest, CountRequest},
    steps,
};

use super::engine::{named, step};
use crate::args;

pub(crate) fn count(call: args::Counts) -> Result<()> {
    step(&call.machine, "Count fragments", |_, watch| {
        copy_number::count(
            &CountRequest {
                bam: &call.bam,
                reference: &call.reference,
                targets: &call.targets,
                sex: call.sex,
                build: call.build,
                out: &call.out,
            },
            watch,
        )
    })
}

pub(crate) fn call(call: args::Cnv) -> Result<()> {
    named(&call.out, ".vcf.gz", "--out")?;
    step(&call.machine, "Call copy number", |_, watch| {
        copy_number::call(
            &CopyNumberRequest {
                counts: &call.counts,
                normals: &call.normals,
                reference: &call.reference,
                transcripts: call.transcripts.as_deref(),
                out: &call.out,
                json: &call.json,
                table: call.table.as_deref(),
            },
            watch,
        )
    })
}

pub(crate) fn classes(call: &args::CnvClass) -> Result<()> {
    let dosage: Vec<&Path> = call.dosage.iter().map(PathBuf::as_path).collect();
    step(&call.machine, "Score copy-number events", |_, watch| {
        let made = cnv_class::classes(
            &CnvClassRequest {
                vcf: &call.vcf,
                reference: &call.reference,
                transcripts: &call.transcripts,
                dosage: &dosage,
                build: call.build,
            },
            watch,
        )?;
        steps::write_json(&call.out, &made)
    })
}
