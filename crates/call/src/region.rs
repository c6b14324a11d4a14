//! Active regions: where the pileup holds more than the reference can explain.

use crate::{
    aim::{Aim, is_worth_a_look},
    options::MAX_REGION,
    pileup::{Column, Pileup, number},
    repeats::Tract,
};

/// A base is active where the reference is this unlikely against a variant with its prior (log10; GATK's
/// HaplotypeCaller asks for a posterior of 0.002).
const ACTIVE_LOG10: f64 = -2.7;
/// Active bases closer than this share a region.
const JOIN: u32 = 30;
/// Bases around the active ones within which the region's variants may begin.
const MARGIN: u32 = 10;
/// Two single-base variants this close may be one misaligned indel.
const ISOLATED: u32 = 20;

/// A stretch to look at closely.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Region {
    /// 0-based first base at which a variant of this region may begin.
    pub(crate) start: u32,
    /// 0-based base after the last.
    pub(crate) end: u32,
    /// The positions of single-base variants, where nothing else was seen: no assembly is needed.
    pub(crate) clean: Option<Vec<u32>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Base,
    Gap,
}

/// Finds the active regions of a window. `reference` are its bases, `tracts` its repeats by offset; regions are
/// sorted and do not overlap.
pub(crate) fn active(pileup: &Pileup, reference: &[u8], tracts: &[Tract], aim: Aim) -> Vec<Region> {
    let mut sites: Vec<(u32, Kind)> = Vec::new();
    for (offset, column) in pileup.columns.iter().enumerate() {
        if column.depth == 0 && column.clips == 0 {
            continue;
        }
        let position = pileup.start + offset as u32;
        if gap_active(column, aim) {
            sites.push((position, Kind::Gap));
        } else if base_active(column, reference[offset], aim) {
            sites.push((position, Kind::Base));
        }
    }
    let mut regions: Vec<Region> = Vec::new();
    let mut at = 0;
    while at < sites.len() {
        let mut last = at;
        while last + 1 < sites.len()
            && sites[last + 1].0 - sites[last].0 <= JOIN
            && sites[last + 1].0 - sites[at].0 < MAX_REGION - 2 * MARGIN
        {
            last += 1;
        }
        let group = &sites[at..=last];
        let clean = is_clean(group, pileup, tracts).then(|| group.iter().map(|s| s.0).collect());
        let (first, end) = (group[0].0, group[group.len() - 1].0 + 1);
        let floor = regions.last().map_or(pileup.start, |r| r.end);
        let (mut start, mut end) = if clean.is_some() {
            (first, end)
        } else {
            spread(first, end, pileup.start, tracts)
        };
        start = start.max(floor);
        end = end.min(pileup.start + pileup.columns.len() as u32);
        if let Some(next) = sites.get(last + 1) {
            end = end.min(next.0);
        }
        regions.push(Region { start, end, clean });
        at = last + 1;
    }
    regions
}

/// A region reaches to the ends of the repeats that its active bases touch, because indels move to their left ends.
fn spread(first: u32, end: u32, window: u32, tracts: &[Tract]) -> (u32, u32) {
    let (mut from, mut to) = (first.saturating_sub(MARGIN), end + MARGIN);
    for tract in tracts {
        let (start, stop) = (window + tract.start, window + tract.end);
        if start < end && stop + 1 > first && tract.len() > 4 {
            from = from.min(start.saturating_sub(MARGIN));
            to = to.max(stop + MARGIN);
        }
    }
    (from.max(first.saturating_sub(100)), to.min(end + 100))
}

fn base_active(column: &Column, reference: u8, aim: Aim) -> bool {
    let Some(own) = number(reference) else { return false };
    if aim == Aim::Fractions {
        let all: u32 = column.counts.iter().map(|n| u32::from(*n)).sum();
        return column
            .counts
            .iter()
            .enumerate()
            .any(|(at, &n)| at != own && is_worth_a_look(u32::from(n), all));
    }
    let variant = f64::from(column.heterozygous - 3.0).max(f64::from(column.other) - 3.3);
    variant - f64::from(column.reference) > ACTIVE_LOG10
}

fn gap_active(column: &Column, aim: Aim) -> bool {
    let depth = u32::from(column.depth.max(1));
    let indels = u32::from(column.indels);
    let clips = u32::from(column.clips);
    if aim == Aim::Fractions {
        return is_worth_a_look(indels, depth) || is_worth_a_look(clips, depth);
    }
    indels * 10 >= depth && indels > 0 && (indels > 1 || depth <= 9) || clips >= 2 && clips * 6 >= depth
}

/// Whether the pileup alone may speak for the single-base variants of a group.
fn is_clean(group: &[(u32, Kind)], pileup: &Pileup, tracts: &[Tract]) -> bool {
    if group.iter().any(|s| s.1 == Kind::Gap) || group.windows(2).any(|w| w[1].0 - w[0].0 < ISOLATED) {
        return false;
    }
    group.iter().all(|&(position, _)| {
        let quiet = (position.saturating_sub(ISOLATED)..=position + ISOLATED)
            .filter_map(|p| pileup.at(p))
            .all(|c| u32::from(c.indels.max(c.clips)) <= 1.max(u32::from(c.depth) / 25));
        let offset = position - pileup.start;
        // The end of a long repeat is where a slipped read shows a false base.
        let in_repeat = tracts
            .iter()
            .any(|t| t.len() >= 8 && t.start <= offset + 1 && offset <= t.end);
        quiet && !in_repeat
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        reads::{Reads, build::push},
        repeats,
    };

    fn regions(alternative: &str, cigar: &str) -> Vec<Region> {
        let reference = b"ACGTCATGCATCGATCGACTAGCATCAGCATCGACTACGACTACGGACTACTACGACGATCAT";
        let mut reads = Reads::default();
        for name in 0..20 {
            if name < 10 {
                push(
                    &mut reads,
                    name,
                    1000,
                    "62M",
                    std::str::from_utf8(reference).unwrap(),
                    30,
                );
            } else {
                push(&mut reads, name, 1000, cigar, alternative, 30);
            }
        }
        let pileup = Pileup::of(&reads, 1000, reference);
        active(&pileup, reference, &repeats::tracts(reference), Aim::Genotypes)
    }

    #[test]
    fn one_clean_base() {
        let found = regions("ACGTCATGCATCGATCGACTAGCATCAGCATTGACTACGACTACGGACTACTACGACGATCA", "62M");
        assert_eq!(
            found,
            [Region {
                start: 1031,
                end: 1032,
                clean: Some(vec![1031])
            }]
        );
    }

    #[test]
    fn a_gap_needs_assembly() {
        let found = regions(
            "ACGTCATGCATCGATCGACTAGCATCAGCATGACTACGACTACGGACTACTACGACGATCAT",
            "31M1D31M",
        );
        assert_eq!(found.len(), 1);
        assert!(found[0].clean.is_none() && found[0].start <= 1020 && found[0].end >= 1041);
    }
}
