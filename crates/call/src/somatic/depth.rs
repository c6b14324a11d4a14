//! How deep the targets are, and what that lets one see.

use clinotype_genome::{Contig, Interval};

use super::{
    header,
    power::{self, Power},
    summary::{DepthPower, Sensitivity, TargetDepth},
};
use crate::{pileup::Pileup, plan::Shard};

/// Depths of the summary's table.
const TABLE: [u32; 10] = [20, 30, 50, 100, 200, 300, 500, 1000, 1500, 2000];

/// A target, or a whole contig: the contig's number, 0-based start, end.
pub(super) type Place = (usize, u32, u32);

/// The depth over one place of the summary.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Depth {
    sum: u64,
    least: Option<u32>,
    sufficient: u32,
}

impl Depth {
    pub(super) fn add(&mut self, other: &Self) {
        self.sum += other.sum;
        self.sufficient += other.sufficient;
        self.least = match (self.least, other.least) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
}

/// The targets, or all of every contig.
pub(super) fn places(contigs: &[Contig], targets: Option<&[Interval]>) -> Vec<Place> {
    match targets {
        None => contigs.iter().enumerate().map(|(i, c)| (i, 0, c.length)).collect(),
        Some(targets) => {
            let mut places: Vec<Place> = targets
                .iter()
                .filter_map(|t| Some((contigs.iter().position(|c| c.name == t.contig)?, t.start, t.end)))
                .collect();
            places.sort_unstable();
            places
        }
    }
}

/// The depth of each place within a window; `enough` is what the sensitivity needs.
pub(super) fn of_window(
    places: &[Place],
    shard: &Shard,
    pileup: Option<&Pileup>,
    enough: Option<u32>,
) -> Vec<(usize, Depth)> {
    let first = places.partition_point(|p| p.0 < shard.contig);
    let mut depths = Vec::new();
    for (number, place) in places.iter().enumerate().skip(first) {
        if place.0 != shard.contig {
            break;
        }
        let mut depth = Depth::default();
        for span in &shard.spans {
            let (from, to) = (place.1.max(span.0), place.2.min(span.1));
            if from >= to {
                continue;
            }
            let Some(pileup) = pileup else {
                depth.least = Some(0);
                continue;
            };
            for position in from..to {
                let here = pileup
                    .at(position)
                    .map_or(0, |c| c.counts.iter().map(|n| u32::from(*n)).sum());
                depth.sum += u64::from(here);
                depth.least = Some(depth.least.map_or(here, |least| least.min(here)));
                depth.sufficient += u32::from(enough.is_some_and(|enough| here >= enough));
            }
        }
        if depth.least.is_some() {
            depths.push((number, depth));
        }
    }
    depths
}

/// The statement of the summary.
pub(super) fn sensitivity(contigs: &[Contig], places: &[Place], depths: &[Depth], power: &Power) -> Sensitivity {
    let targets: Vec<TargetDepth> = places
        .iter()
        .zip(depths)
        .map(|(&(contig, start, end), depth)| {
            let mean = depth.sum as f64 / f64::from((end - start).max(1));
            TargetDepth {
                contig: contigs[contig].name.clone(),
                start,
                end,
                mean_depth: (mean * 100.0).round() / 100.0,
                least_depth: depth.least.unwrap_or(0),
                bases_sufficient: depth.sufficient,
                least_fraction_at_mean: power.least_fraction(mean as u32).map(rounded),
            }
        })
        .collect();
    Sensitivity {
        statement: format!(
            "{} A bound from above: errors of mapping and assembly are not in the power.",
            header::ABSENCE
        ),
        fraction: power::ASKED,
        power: power::ENOUGH,
        sufficient_depth: power.sufficient,
        bases: places.iter().map(|p| u64::from(p.2 - p.1)).sum(),
        bases_sufficient: depths.iter().map(|d| u64::from(d.sufficient)).sum(),
        by_depth: TABLE
            .iter()
            .map(|&depth| DepthPower {
                depth,
                reads_needed: power.needed(depth),
                least_fraction: power.least_fraction(depth).map(rounded),
                power: rounded(power.at(depth, power::ASKED)),
            })
            .collect(),
        targets,
    }
}

fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
