//! `clinotype inherit`, `rank` and `panel`.

use clinotype_case::Sex;
use clinotype_case::inheritance::{Penetrance, Settings};
use clinotype_genome::Result;
use clinotype_jobs::{inherit, rank, steps};

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

/// Genes that are printed.
const PRINTED: usize = 10;

pub(crate) fn rank(call: &args::Rank) -> Result<()> {
    let mut text = String::new();
    step(&call.machine, "Rank genes", |_, watch| {
        let packet = call
            .phenopacket
            .as_deref()
            .map(rank::phenopacket)
            .transpose()?
            .unwrap_or_default();
        let ids = |features: &[clinotype_case::phenopacket::Feature], more: &[String]| -> Vec<String> {
            features
                .iter()
                .map(|f| f.id.clone())
                .chain(more.iter().cloned())
                .collect()
        };
        let hpo = rank::Hpo::open(&call.hpo)?;
        let found = rank::rank(
            &rank::RankRequest {
                vcf: &call.vcf,
                sample: call.sample.as_deref(),
                build: call.build,
                sex: call.sex.or(packet.sex).unwrap_or(Sex::Unknown),
                hpo: &hpo,
                present: &ids(&packet.present, &call.terms),
                excluded: &ids(&packet.excluded, &call.excluded),
            },
            watch,
        )?;
        steps::write_json(&call.out, &found)?;
        text = rank::text(&found, PRINTED);
        Ok(())
    })?;
    say(&text)
}
