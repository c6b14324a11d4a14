//! What a run reads and checks before the long work.

use std::path::PathBuf;

use clinotype_annotate::TranscriptSet;
use clinotype_case::{Order, Sex, pedigree::Pedigree, quality::ThresholdsUsed};
use clinotype_genome::{Fault, Interval, Reference, Result, bed};

use super::{OrderSource, RunOptions};
use crate::{Watch, build::KnownBuild, inherit, inputs, people, quality, steps};

/// Everything that is read and checked before the long work.
pub(super) struct Prepared {
    pub(super) reference: Reference,
    pub(super) build: KnownBuild,
    pub(super) transcripts: TranscriptSet,
    pub(super) targets: Option<Vec<Interval>>,
    pub(super) order: Option<Order>,
    pub(super) thresholds: ThresholdsUsed,
    pub(super) sex: Sex,
    pub(super) evidence: Option<people::Evidence>,
    pub(super) family: Option<(PathBuf, Pedigree)>,
}

pub(super) fn prepare(options: &RunOptions, watch: &dyn Watch) -> Result<Prepared> {
    let order = match &options.order {
        None => None,
        Some(OrderSource::File(path)) => Some(inputs::order(path)?),
        Some(OrderSource::Given(order)) => {
            order.check().map_err(|e| {
                Fault::input(format!("the order cannot be used: {e}")).hint("correct the order and run again")
            })?;
            Some((**order).clone())
        }
    };
    options.beside.check(order.as_ref())?;
    let sex = inputs::declared_sex(options.sex, order.as_ref())?;
    let thresholds = quality::thresholds(options.thresholds.as_deref())?;
    let (build, transcripts, reference) =
        steps::references(&options.reference, &options.transcripts, options.build, watch)?;
    if let Some(pgx) = &options.pgx {
        pgx.check(build.build)?;
    }
    let targets = options
        .targets
        .as_deref()
        .map(|path| bed::read(path, reference.contigs()))
        .transpose()?;
    let evidence = options
        .rules
        .evidence
        .as_deref()
        .map(people::Evidence::read)
        .transpose()?;
    let family = options.rules.family.as_ref().map(|(vcf, pedigree)| {
        let read = inherit::pedigree(pedigree)?;
        Ok::<_, Fault>((vcf.clone(), read))
    });
    let family = family.transpose()?;
    Ok(Prepared {
        reference,
        build,
        transcripts,
        targets,
        order,
        thresholds,
        sex,
        evidence,
        family,
    })
}
