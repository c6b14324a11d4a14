//! `clinotype prs`.

use clinotype_case::prs::{Missing, Settings};
use clinotype_genome::{Fault, Result};
use clinotype_jobs::{prs, steps};

use super::{engine::step, family::say};
use crate::args::{self, MissingGenotype};

pub(crate) fn run(call: &args::Prs) -> Result<()> {
    let (target, gvcf) = match (&call.vcf, &call.gvcf) {
        (Some(vcf), _) => (vcf, false),
        (None, Some(gvcf)) => (gvcf, true),
        (None, None) => return Err(Fault::usage("neither --vcf nor --gvcf is given")),
    };
    let settings = Settings {
        min_overlap: call.min_overlap,
        keep_ambiguous: call.keep_ambiguous,
        keep_multiallelic: call.keep_multiallelic,
        keep_first_match: call.keep_first_match,
        skip_flips: call.skip_flips,
        missing: match call.missing {
            MissingGenotype::Skip => Missing::Skip,
            MissingGenotype::Mean => Missing::CohortMean,
        },
        min_block_quality: call.min_block_gq,
    };
    let mut text = String::new();
    step(&call.machine, "Score", |_, watch| {
        let scores = prs::score(
            &prs::PrsRequest {
                target,
                gvcf,
                scores: &call.score,
                build: call.build,
                fasta: call.fasta.as_deref(),
                reference: call.reference.as_deref(),
                settings: &settings,
                audit: call.audit.as_deref(),
            },
            watch,
        )?;
        steps::write_json(&call.out, &scores)?;
        text = prs::text(&scores);
        Ok(())
    })?;
    say(&text)
}
