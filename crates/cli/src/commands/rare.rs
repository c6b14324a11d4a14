//! `clinotype inherit`, `rank` and `panel`.

use clinotype_case::{
    Sex,
    inheritance::{Penetrance, Settings},
    panel::PanelVersion,
};
use clinotype_genome::Result;
use clinotype_jobs::{inherit, panel, rank, steps};
use clinotype_refdata::genes::{GeneFacts, PanelGene};

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
                genes: None,
            },
            watch,
        )?;
        steps::write_json(&call.out, &found)?;
        text = rank::text(&found, PRINTED);
        Ok(())
    })?;
    say(&text)
}

pub(crate) fn panel(call: args::Panel) -> Result<()> {
    match call {
        args::Panel::Show(call) => super::data_build::panel(&call),
        args::Panel::Apply(call) => apply(&call),
    }
}

fn apply(call: &args::PanelApply) -> Result<()> {
    let panel = GeneFacts::open(&call.database)?.panel(&call.panel, call.panel_version.as_deref())?;
    let least = call.min_confidence;
    let is_applied = |gene: &PanelGene| {
        let stated = gene.confidence.as_deref().and_then(|c| c.parse::<u8>().ok());
        least.is_none_or(|least| stated.is_some_and(|c| c >= least))
    };
    let (applied, left_out): (Vec<_>, Vec<_>) = panel.genes.iter().partition(|g| is_applied(g));
    let symbols = |genes: Vec<&PanelGene>| genes.into_iter().map(|g| g.symbol.clone()).collect();
    let version = PanelVersion {
        genes: symbols(applied),
        left_out: symbols(left_out),
        origin: panel.origin,
        identifier: panel.identifier,
        name: panel.name,
        version: panel.version,
        date: panel.date,
        least_confidence: least,
    };
    let mut text = String::new();
    step(&call.machine, "Apply the panel", |_, watch| {
        let sex = call.sex.unwrap_or(Sex::Unknown);
        let found = panel::apply(&call.vcf, call.sample.as_deref(), call.build, sex, version, watch)?;
        steps::write_json(&call.out, &found)?;
        text = panel::text(&found);
        Ok(())
    })?;
    say(&text)
}
