//! Regions that a source assessed: inside them a missing allele is absent, outside nothing is known of it.

use std::path::Path;

use clinotype_genome::{Contigs, Result, bed};

use super::bytes::{Damage, Decoded, Input, put_number};

/// A region: number of the contig, 0-based start, end.
pub type Region = (usize, u32, u32);

/// Sorted, merged regions per contig of the store, 0-based, half-open, each with the number of alleles (AN) that the
/// source looked at there; 0 where it does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assessed {
    contigs: Vec<Vec<(u32, u32, u64)>>,
}

impl Assessed {
    /// From a BED file, every region with the same number of alleles.
    pub fn read(path: &Path, contigs: &Contigs, alleles: u64) -> Result<Self> {
        let mut found = vec![Vec::new(); contigs.len()];
        for region in bed::read(path, contigs)? {
            let Some(contig) = contigs.index_of(&region.contig) else {
                continue;
            };
            found[contig].push((region.start, region.end, alleles));
        }
        Ok(Self { contigs: found })
    }

    /// From counts of the samples that cover each region: sweeps over the samples' own regions and gives every stretch
    /// the sum of their alleles.
    pub fn sum(contigs: usize, samples: &[(Vec<Region>, u64)]) -> Self {
        let mut edges: Vec<std::collections::BTreeMap<u32, i64>> = vec![std::collections::BTreeMap::new(); contigs];
        for (regions, alleles) in samples {
            for (contig, start, end) in regions {
                *edges[*contig].entry(*start).or_default() += *alleles as i64;
                *edges[*contig].entry(*end).or_default() -= *alleles as i64;
            }
        }
        let contigs = edges
            .into_iter()
            .map(|edges| {
                let mut regions: Vec<(u32, u32, u64)> = Vec::new();
                let (mut from, mut level) = (0, 0_i64);
                for (at, change) in edges {
                    if level > 0 && at > from {
                        match regions.last_mut() {
                            Some(last) if last.1 == from && last.2 == level as u64 => last.1 = at,
                            _ => regions.push((from, at, level as u64)),
                        }
                    }
                    (from, level) = (at, level + change);
                }
                regions
            })
            .collect();
        Self { contigs }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.contigs.iter().all(Vec::is_empty)
    }

    /// Whether any region lies on a contig.
    pub fn has_contig(&self, contig: u32) -> bool {
        self.contigs.get(contig as usize).is_some_and(|r| !r.is_empty())
    }

    /// The number of alleles looked at around a 1-based position (0: not stated); `None` outside the regions.
    pub fn at(&self, contig: u32, position: u32) -> Option<u64> {
        let regions = self.contigs.get(contig as usize)?;
        let base = position.checked_sub(1)?;
        let after = regions.partition_point(|(start, _, _)| *start <= base);
        let (_, end, alleles) = regions.get(after.checked_sub(1)?)?;
        (base < *end).then_some(*alleles)
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put_number(&mut out, self.contigs.len() as u64);
        for regions in &self.contigs {
            put_number(&mut out, regions.len() as u64);
            let mut before = 0;
            for (start, end, alleles) in regions {
                put_number(&mut out, u64::from(start - before));
                put_number(&mut out, u64::from(end - start));
                put_number(&mut out, *alleles);
                before = *end;
            }
        }
        out
    }

    pub(super) fn decode(bytes: &[u8]) -> Decoded<Self> {
        const IMPOSSIBLE: Damage = Damage("a region is impossible");
        let mut input = Input(bytes);
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        let count = input.count(bytes.len())?;
        let mut contigs = Vec::with_capacity(count);
        for _ in 0..count {
            let regions = input.count(bytes.len())?;
            let mut found = Vec::new();
            let mut before = 0_u32;
            for _ in 0..regions {
                let step = |input: &mut Input<'_>, from: u32| {
                    u32::try_from(input.number()?)
                        .ok()
                        .and_then(|n| from.checked_add(n))
                        .ok_or(IMPOSSIBLE)
                };
                let start = step(&mut input, before)?;
                let end = step(&mut input, start)?;
                if end == start {
                    return Err(IMPOSSIBLE);
                }
                found.push((start, end, input.number()?));
                before = end;
            }
            contigs.push(found);
        }
        if input.0.is_empty() {
            Ok(Self { contigs })
        } else {
            Err(Damage("bytes are left over"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_come_back_and_sum() {
        let sum = Assessed::sum(
            2,
            &[
                (vec![(0, 10, 20), (1, 5, 6)], 2),
                (vec![(0, 15, 30)], 2),
                (vec![(0, 20, 30)], 2),
            ],
        );
        assert_eq!(
            sum.contigs,
            [vec![(10, 15, 2), (15, 30, 4)], vec![(5, 6, 2)]],
            "equal neighbours are one region"
        );
        for (position, expected) in [(10, None), (11, Some(2)), (16, Some(4)), (30, Some(4)), (31, None)] {
            assert_eq!(sum.at(0, position), expected, "{position}");
        }
        assert_eq!((sum.at(1, 6), sum.at(1, 0), sum.at(7, 6)), (Some(2), None, None));
        let bytes = sum.encode();
        assert_eq!(Assessed::decode(&bytes).as_ref(), Ok(&sum));
        for cut in 1..bytes.len() {
            assert!(Assessed::decode(&bytes[..cut]).is_err());
        }
        assert!(Assessed::decode(&[]).unwrap().is_empty());
    }
}
