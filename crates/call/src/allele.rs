//! A site: its alleles, and what each read says of them.

use std::collections::HashMap;

use crate::{
    aim::{Aim, is_worth_a_look},
    assembly::{Haplotype, Window},
    events::Event,
    hash::BuildMix,
    options::MIN_BASE_QUALITY,
    phred,
    pileup::{Column, number},
    reads::Reads,
    region::Region,
    weigh::Weights,
};

/// At most so many alternate alleles enter the genotypes of a site; the best supported stay.
const MAX_ALTERNATES: usize = 6;
/// A read speaks for an allele when it is better than every other by this much (log10; GATK: 0.2).
const INFORMATIVE: f64 = 0.2;

/// One read at one site.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Observation {
    /// Aligned to the reverse strand.
    pub(crate) reverse: bool,
    /// Mapping quality.
    pub(crate) mapq: u8,
    /// Bases between the site and the nearer end of the read.
    pub(crate) from_end: u32,
    /// Its fragment: both mates have the same.
    pub(crate) fragment: u64,
    /// The allele it speaks for, if it tells them apart.
    pub(crate) best: Option<usize>,
}

/// See the module text. Allele 0 is the reference.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// 0-based position of the first base of REF.
    pub(crate) position: u32,
    /// REF, then ALT; `*` where a deletion that began before removes the base.
    pub(crate) alleles: Vec<Vec<u8>>,
    /// One per fragment.
    pub(crate) observations: Vec<Observation>,
    /// For each observation, the log10 likelihood under each allele.
    pub(crate) likelihoods: Vec<Vec<f64>>,
}

/// The allele of a spanning deletion.
pub(crate) const SPANNING: &[u8] = b"*";

impl Site {
    /// Keeps the alleles with these numbers, in this order; the first must be 0.
    pub(crate) fn subset(&self, kept: &[usize]) -> Self {
        let likelihoods: Vec<Vec<f64>> = self
            .likelihoods
            .iter()
            .map(|row| kept.iter().map(|&a| row[a]).collect())
            .collect();
        let observations = self
            .observations
            .iter()
            .zip(&likelihoods)
            .map(|(o, row)| Observation {
                best: spoken_for(row),
                ..*o
            })
            .collect();
        let mut alleles: Vec<Vec<u8>> = kept.iter().map(|&a| self.alleles[a].clone()).collect();
        trim(&mut alleles);
        Self {
            position: self.position,
            alleles,
            observations,
            likelihoods,
        }
    }

    /// Reads that speak for each allele.
    pub(crate) fn depths(&self) -> Vec<u32> {
        let mut depths = vec![0; self.alleles.len()];
        for best in self.observations.iter().filter_map(|o| o.best) {
            depths[best] += 1;
        }
        depths
    }
}

/// Puts a site where one chromosome has a deletion and the other one something else into the record of the deletion:
/// two alternates at one place say what both chromosomes hold, where `*` would leave half of it to another line.
///
/// `deletion` has alleles REF and the deletion; `inside` has REF, `*` and one alternate, in any order, and lies within
/// or right after the deleted bases. `None` where they do not fit together.
pub(crate) fn merge(deletion: &Site, inside: &Site) -> Option<Site> {
    let [reference, deleted] = &deletion.alleles[..] else {
        return None;
    };
    if inside.alleles.len() != 3 {
        return None;
    }
    let star = inside.alleles.iter().position(|a| a == SPANNING)?;
    let other = (1..3).find(|a| *a != star)?;
    let offset = inside.position.checked_sub(deletion.position)? as usize;
    let tail = offset + inside.alleles[0].len();
    if offset >= reference.len() {
        return None;
    }
    let beyond = inside.alleles[0].get(reference.len() - offset..).unwrap_or_default();
    let mut whole = reference.clone();
    whole.extend_from_slice(beyond);
    let mut shorter = deleted.clone();
    shorter.extend_from_slice(beyond);
    let mut changed = whole[..offset].to_vec();
    changed.extend_from_slice(&inside.alleles[other]);
    changed.extend_from_slice(&whole[tail..]);
    let mut merged = inside.subset(&[0, star, other]);
    merged.position = deletion.position;
    merged.alleles = vec![whole, shorter, changed];
    Some(merged)
}

/// Takes bases off the end that all alleles share: a longer allele at the same place may have gone.
fn trim(alleles: &mut [Vec<u8>]) {
    while alleles.iter().all(|a| a == SPANNING || a.len() > 1) {
        let last = alleles[0].last().copied();
        if alleles.iter().any(|a| a != SPANNING && a.last().copied() != last) {
            return;
        }
        for allele in alleles.iter_mut().filter(|a| *a != SPANNING) {
            allele.pop();
        }
    }
}

fn spoken_for(row: &[f64]) -> Option<usize> {
    let (mut best, mut second) = ((0, f64::NEG_INFINITY), f64::NEG_INFINITY);
    for (allele, &value) in row.iter().enumerate() {
        if value > best.1 {
            second = best.1;
            best = (allele, value);
        } else if value > second {
            second = value;
        }
    }
    (best.1 - second >= INFORMATIVE).then_some(best.0)
}

/// A site straight from the pileup: one reference base, and the other bases seen.
pub(crate) fn of_column(reads: &Reads, position: u32, reference: u8, column: &Column, aim: Aim) -> Option<Site> {
    let own = number(reference)?;
    let mut others: Vec<(u16, u8)> = (0..4)
        .filter(|&n| n != own && column.counts[n] > 0)
        .map(|n| (column.counts[n], b"ACGT"[n]))
        .collect();
    others.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    // A third base is an error unless several reads hold it.
    let most = others.first()?.0;
    let all: u32 = column.counts.iter().map(|n| u32::from(*n)).sum();
    others.retain(|o| {
        o.0 == most
            || match aim {
                Aim::Genotypes => o.0 >= 2 && o.0 * 5 >= most,
                Aim::Fractions => is_worth_a_look(u32::from(o.0), all),
            }
    });
    let bases: Vec<u8> = std::iter::once(reference).chain(others.iter().map(|o| o.1)).collect();
    let table = phred::table();
    let (mut observations, mut likelihoods) = (Vec::new(), Vec::new());
    for index in reads.overlapping(position, position + 1) {
        let read = &reads.items[index];
        let Some(offset) = reads.offset_at(read, position) else {
            continue;
        };
        let at = read.bases.start + offset;
        let (base, quality) = (reads.bases[at], reads.once[at]);
        if quality < MIN_BASE_QUALITY {
            continue;
        }
        let likely = &table[usize::from(quality)];
        let row: Vec<f64> = bases
            .iter()
            .map(|&b| if b == base { likely.same } else { likely.other })
            .collect();
        observations.push(Observation {
            reverse: read.reverse,
            mapq: read.mapq,
            from_end: (offset.min(read.bases.len() - 1 - offset)) as u32,
            fragment: read.fragment,
            best: spoken_for(&row),
        });
        likelihoods.push(row);
    }
    Some(Site {
        position,
        alleles: bases.into_iter().map(|b| vec![b]).collect(),
        observations,
        likelihoods,
    })
}

/// The sites of a region from its haplotypes. An allele is as likely, for a read, as the likeliest haplotype that
/// holds it.
pub(crate) fn of_haplotypes(
    window: &Window<'_>,
    region: &Region,
    haplotypes: &[Haplotype],
    weights: &Weights,
) -> Vec<Site> {
    let mut positions: Vec<u32> = haplotypes
        .iter()
        .flat_map(|h| &h.events)
        .map(|e| e.position)
        .filter(|p| (region.start..region.end).contains(p))
        .collect();
    positions.sort_unstable();
    positions.dedup();
    positions
        .into_iter()
        .map(|position| site(window, position, haplotypes, weights))
        .collect()
}

fn site(window: &Window<'_>, position: u32, haplotypes: &[Haplotype], weights: &Weights) -> Site {
    let here = |e: &&Event| e.position == position;
    let longest = haplotypes
        .iter()
        .flat_map(|h| h.events.iter().filter(here))
        .map(|e| e.reference.len())
        .max()
        .unwrap_or(1);
    let from = (position - window.start) as usize;
    let reference = window.reference[from..from + longest].to_vec();
    let mut alleles = vec![reference.clone()];
    let mut allele_of = Vec::with_capacity(haplotypes.len());
    for haplotype in haplotypes {
        let allele = if let Some(event) = haplotype.events.iter().find(here) {
            let mut bases = event.alternate.clone();
            bases.extend_from_slice(&reference[event.reference.len()..]);
            bases
        } else if haplotype
            .events
            .iter()
            .any(|e| e.position < position && e.end() > position)
        {
            SPANNING.to_vec()
        } else {
            reference.clone()
        };
        let number = alleles.iter().position(|a| *a == allele).unwrap_or_else(|| {
            alleles.push(allele);
            alleles.len() - 1
        });
        allele_of.push(number);
    }
    let mut rows: Vec<(Observation, Vec<f64>)> = Vec::new();
    let end = position + longest as u32;
    for (row, &index) in weights.reads.iter().enumerate() {
        let read = &window.reads.items[index];
        if read.start.saturating_sub(read.clip_left) > end || read.end + read.clip_right <= position {
            continue;
        }
        let mut values = vec![f64::NEG_INFINITY; alleles.len()];
        for (&value, &allele) in weights.row(row).iter().zip(&allele_of) {
            values[allele] = values[allele].max(value);
        }
        let length = read.bases.len() as u32;
        let along = position.saturating_sub(read.start) + read.clip_left;
        let observation = Observation {
            reverse: read.reverse,
            mapq: read.mapq,
            from_end: along.min((length - 1).saturating_sub(along)),
            fragment: read.fragment,
            best: spoken_for(&values),
        };
        rows.push((observation, values));
    }
    let (observations, likelihoods) = once_per_fragment(rows);
    let site = Site {
        position,
        alleles,
        observations,
        likelihoods,
    };
    strongest(site)
}

/// Both mates of a fragment read one molecule: of two that agree the more certain one stays, two that disagree say
/// nothing.
fn once_per_fragment(rows: Vec<(Observation, Vec<f64>)>) -> (Vec<Observation>, Vec<Vec<f64>>) {
    let mut seen: HashMap<u64, usize, BuildMix> = HashMap::default();
    let mut observations: Vec<Observation> = Vec::with_capacity(rows.len());
    let mut likelihoods: Vec<Vec<f64>> = Vec::with_capacity(rows.len());
    for (observation, row) in rows {
        let Some(&other) = seen.get(&observation.fragment) else {
            seen.insert(observation.fragment, observations.len());
            observations.push(observation);
            likelihoods.push(row);
            continue;
        };
        match (observations[other].best, observation.best) {
            (Some(a), Some(b)) if a != b => {
                observations[other].best = None;
                likelihoods[other].fill(0.0);
            }
            (_, Some(_)) if spread(&row) > spread(&likelihoods[other]) => {
                observations[other] = observation;
                likelihoods[other] = row;
            }
            _ => {}
        }
    }
    (observations, likelihoods)
}

fn spread(row: &[f64]) -> f64 {
    let most = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let least = row.iter().copied().fold(f64::INFINITY, f64::min);
    most - least
}

/// Drops the least supported alleles of a crowded site.
fn strongest(site: Site) -> Site {
    if site.alleles.len() <= MAX_ALTERNATES + 1 {
        return site;
    }
    let depths = site.depths();
    let mut order: Vec<usize> = (1..site.alleles.len()).collect();
    order.sort_by_key(|&a| (std::cmp::Reverse(depths[a]), a));
    order.truncate(MAX_ALTERNATES);
    order.sort_unstable();
    let kept: Vec<usize> = std::iter::once(0).chain(order).collect();
    site.subset(&kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(position: u32, alleles: &[&str]) -> Site {
        Site {
            position,
            alleles: alleles.iter().map(|a| a.as_bytes().to_vec()).collect(),
            observations: Vec::new(),
            likelihoods: Vec::new(),
        }
    }

    #[test]
    fn a_deletion_and_what_it_spans() {
        let merged = |deletion: &Site, inside: &Site| {
            merge(deletion, inside).map(|s| {
                (
                    s.position,
                    s.alleles
                        .iter()
                        .map(|a| String::from_utf8_lossy(a).into_owned())
                        .collect::<Vec<_>>(),
                )
            })
        };
        let deletion = site(10, &["TAAG", "T"]);
        let words = |list: [&str; 3]| list.map(ToOwned::to_owned).to_vec();
        assert_eq!(
            merged(&deletion, &site(12, &["A", "*", "C"])),
            Some((10, words(["TAAG", "T", "TACG"])))
        );
        assert_eq!(
            merged(&deletion, &site(13, &["G", "GTT", "*"])),
            Some((10, words(["TAAG", "T", "TAAGTT"])))
        );
        assert_eq!(
            merged(&deletion, &site(12, &["AGC", "*", "A"])),
            Some((10, words(["TAAGC", "TC", "TAA"])))
        );
        assert_eq!(merged(&deletion, &site(14, &["C", "*", "A"])), None);
        assert_eq!(merged(&deletion, &site(12, &["A", "C"])), None);
    }

    #[test]
    fn alleles_are_trimmed_at_the_end_only() {
        let mut alleles = vec![b"CAAA".to_vec(), b"CA".to_vec()];
        trim(&mut alleles);
        assert_eq!(alleles, [b"CAA".to_vec(), b"C".to_vec()]);
        let mut alleles = vec![b"CAAA".to_vec(), b"CA".to_vec(), b"*".to_vec()];
        trim(&mut alleles);
        assert_eq!(alleles, [b"CAA".to_vec(), b"C".to_vec(), b"*".to_vec()]);
    }

    #[test]
    fn mates_speak_once() {
        let one = |fragment, best| Observation {
            reverse: false,
            mapq: 60,
            from_end: 5,
            fragment,
            best,
        };
        let (seen, rows) = once_per_fragment(vec![
            (one(1, Some(0)), vec![-0.1, -3.0]),
            (one(2, Some(1)), vec![-3.0, -0.1]),
            (one(1, Some(0)), vec![-0.1, -4.0]),
            (one(2, Some(0)), vec![-0.1, -3.0]),
        ]);
        assert_eq!(rows, [vec![-0.1, -4.0], vec![0.0, 0.0]]);
        assert_eq!(seen.iter().map(|o| o.best).collect::<Vec<_>>(), [Some(0), None]);
    }
}
