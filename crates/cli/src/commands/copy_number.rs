//! `clinotype counts` and `clinotype cnv`.

use clinotype_genome::Result;
use clinotype_jobs::copy_number::{self, CopyNumberRequest, CountRequest};

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
