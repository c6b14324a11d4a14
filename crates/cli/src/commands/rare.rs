//! `clinotype inherit`, `rank` and `panel`.

use clinotype_case::inheritance::{Penetrance, Settings};
use clinotype_genome::Result;
use clinotype_jobs::{inherit, steps};

use super::{engine::step, family::say};
use crate::args;

pub(crate) fn inherit(call: &args::Inherit) -> Result<()> {
    let settings = Settings {
        penetrance: if call.incomplete_penetrance {
            Penetrance::Incomplete
        } else {
            Penetrance::Complete
        },
        least_quality: call.min_gq,
        highest_frequency: call.max_frequency,
        every_impact: call.every_impact,
        ..Settings::default()
    };
    let mut text = String::new();
    step(&call.machine, "Inheritance", |_, watch| {
        let pedigree = inherit::pedigree(&call.ped)?;
        let found = inherit::inherit(&call.vcf, &pedigree, call.build, &settings, watch)?;
        steps::write_json(&call.out, &found)?;
        text = inherit::text(&found);
        Ok(())
    })?;
    say(&text)
}
