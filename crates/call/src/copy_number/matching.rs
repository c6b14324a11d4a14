//! Which normals a sample may be compared with, and in which order they fit it.

use std::collections::BTreeMap;

use clinotype_genome::{Fault, Result};
use rayon::prelude::*;

use super::{SampleCounts, counts::targets_digest, fit::Curve, reference::Normals};

/// Fewer normals do not tell how a target varies.
pub const LEAST_NORMALS: usize = 10;
/// How many of the normals that fit best are tried (CoNVaDING takes 30: Johansson 2016, Hum Mutat 37:457).
pub(super) const TRIED: [usize; 5] = [LEAST_NORMALS, 15, 20, 30, 50];

/// Checks that sample and normals were counted over the same targets of the same genome, that the sample is not among
/// them, and that no normal is there twice. Gives the normals in the order of their names, so that their order in the
/// call changes nothing.
pub(super) fn check<'a>(sample: &SampleCounts, normals: &'a [SampleCounts]) -> Result<Vec<&'a SampleCounts>> {
    let design = targets_digest(&sample.targets);
    let mut by_name: BTreeMap<&str, &SampleCounts> = BTreeMap::new();
    let mut by_counts: BTreeMap<&[u32], &str> = BTreeMap::new();
    for normal in normals {
        let name = &normal.sample;
        if targets_digest(&normal.targets) != design {
            return Err(
                Fault::input(format!("normal {name} was counted over other targets than the sample"))
                    .hint("count sample and normals with one BED: only the same design can be compared"),
            );
        }
        if normal.build != sample.build || normal.contigs != sample.contigs {
            return Err(
                Fault::input(format!("normal {name} was counted on another genome than the sample"))
                    .hint("count sample and normals with one reference"),
            );
        }
        if *name == sample.sample {
            return Err(Fault::input(format!("the sample {name} is among its own normals"))
                .hint("leave it out: against itself nothing of it would be seen"));
        }
        if normal.fragments == sample.fragments {
            return Err(Fault::input(format!(
                "normal {name} has the very counts of the sample: it is the sample itself"
            ))
            .hint("leave it out: against itself nothing of it would be seen"));
        }
        if by_name.insert(name, normal).is_some() {
            return Err(Fault::input(format!("normal {name} is given twice")).hint("give every normal once"));
        }
        if let Some(other) = by_counts.insert(&normal.fragments, name) {
            return Err(Fault::input(format!(
                "normals {other} and {name} have the same counts: they are one sample"
            ))
            .hint("give every normal once"));
        }
    }
    if by_name.len() < LEAST_NORMALS {
        return Err(Fault::input(format!(
            "{} normals are given; at least {LEAST_NORMALS} are needed",
            by_name.len()
        ))
        .hint("count more samples of the same laboratory protocol and design; 30 or more are better"));
    }
    Ok(by_name.into_values().collect())
}

/// The normals in the order in which they fit the sample: by the spread of the ratio of counts about a curve in G and
/// C. Normals without enough fragments for a curve of their own are left out.
pub(super) fn ordered(sample: &[u32], normals: &Normals<'_>) -> Vec<usize> {
    let mut spreads: Vec<(usize, f64)> = normals
        .counts
        .par_iter()
        .enumerate()
        .filter_map(|(number, counts)| {
            let profile: Vec<f64> = counts.iter().map(|n| f64::from(*n)).collect();
            // Both ways: a normal that is all but empty over most targets must not fit by the few that are left.
            Curve::fit(counts, &profile, normals.gc, normals.learn)?;
            let fitted = Curve::fit(sample, &profile, normals.gc, normals.learn);
            Some((number, fitted.map_or(f64::INFINITY, |curve| curve.deviation)))
        })
        .collect();
    // Names order equal ones, as the normals are in their order.
    spreads.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    spreads.into_iter().map(|(number, _)| number).collect()
}
