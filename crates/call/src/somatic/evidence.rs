//! One alternate allele with all that its reads show.

use std::collections::HashMap;

use super::origin::Origins;
use crate::{
    allele::{SPANNING, Site},
    fraction::{self, Fraction},
    hash::BuildMix,
    reads::Reads,
    repeats::Tract,
    slippage::Slippage,
};

/// Alleles of less evidence are not written (the default of GATK Mutect2's `--tumor-lod-to-emit`).
pub(crate) const LEAST_TOLD: f64 = 3.0;

/// An alternate allele at one place. Pairs are (reference, alternate).
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Allele {
    /// 0-based position of the first base of `reference`.
    pub(crate) position: u32,
    pub(crate) reference: Vec<u8>,
    pub(crate) alternate: Vec<u8>,
    pub(crate) fraction: Fraction,
    pub(crate) origins: Origins,
    /// Fragments that speak for reference and alternate.
    pub(crate) depths: [u32; 2],
    /// Fragments over the site.
    pub(crate) depth: u32,
    /// Reads that speak for the reference, for this alternate, and for any other allele than this one.
    pub(crate) shown: Sides,
    /// Median base qualities; `None` without such a read.
    pub(crate) base_qualities: [Option<u32>; 2],
    /// Median mapping qualities.
    pub(crate) mapping_qualities: [Option<u32>; 2],
    /// Median distances from the nearer end of the read.
    pub(crate) distances: [Option<u32>; 2],
    /// Median absolute deviations of those distances.
    pub(crate) deviations: [Option<u32>; 2],
    /// Where an indel changes the number of units of a repeat: the chance that a read slips there.
    pub(crate) slip: Option<f64>,
}

/// On which side of the molecule reads lie: of the reference, of the alternate, of all alleles but the alternate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sides {
    /// Forward and reverse.
    pub(crate) strands: [[u32; 2]; 3],
    /// F1R2 and F2R1; reads without a mate are not counted.
    pub(crate) pairs: [[u32; 2]; 3],
}

/// A table for Fisher's test: all other alleles against the alternate. At a site without the reference the second
/// alternate, which the same errors do not make, takes its place.
pub(crate) fn against([_, alternate, others]: [[u32; 2]; 3]) -> [u32; 4] {
    [others[0], others[1], alternate[0], alternate[1]]
}

/// What the reads of a window are looked up in.
pub(crate) struct Surroundings<'a> {
    pub(crate) reads: &'a Reads,
    /// 0-based start of the window; the tracts are offsets from it.
    pub(crate) start: u32,
    pub(crate) tracts: &'a [Tract],
    pub(crate) slippage: &'a Slippage,
    pub(crate) contamination: Option<f64>,
}

impl Allele {
    pub(crate) fn is_snv(&self) -> bool {
        self.reference.len() == 1 && self.alternate.len() == 1
    }

    /// 0-based base after REF.
    pub(crate) fn end(&self) -> u32 {
        self.position + self.reference.len() as u32
    }
}

/// The alternates of a site that have some evidence.
pub(crate) fn of_site(site: &Site, around: &Surroundings<'_>) -> Vec<Allele> {
    let read_of = reads_over(site, around.reads);
    let all = site.depths();
    (1..site.alleles.len())
        .filter(|&a| site.alleles[a] != SPANNING && all[a] > 0)
        .filter_map(|a| {
            let ratios = fraction::ratios(site, a);
            let fraction = ratios.weigh();
            if fraction.tlod < LEAST_TOLD {
                return None;
            }
            // Trimmed against the reference alone; what its reads show is counted with all alleles in view.
            let alleles = site.subset(&[0, a]).alleles;
            let [reference, alternate] = <[Vec<u8>; 2]>::try_from(alleles).ok()?;
            let of = |speaks: &dyn Fn(usize) -> bool| Shown::of(site, speaks, around.reads, &read_of);
            let shown = [of(&|best| best == 0), of(&|best| best == a)];
            let others = of(&|best| best != a);
            let slip = slip(site.position, &reference, &alternate, around);
            Some(Allele {
                position: site.position,
                fraction,
                origins: Origins::new(&ratios, around.contamination),
                depths: [all[0], all[a]],
                depth: site.observations.len() as u32,
                shown: Sides {
                    strands: [shown[0].strands, shown[1].strands, others.strands],
                    pairs: [shown[0].pairs, shown[1].pairs, others.pairs],
                },
                base_qualities: [0, 1].map(|i: usize| median(&shown[i].qualities)),
                mapping_qualities: [0, 1].map(|i: usize| median(&shown[i].mapqs)),
                distances: [0, 1].map(|i: usize| median(&shown[i].distances)),
                deviations: [0, 1].map(|i: usize| deviation(&shown[i].distances)),
                slip,
                reference,
                alternate,
            })
        })
        .collect()
}

/// Mates lie on different strands, so fragment and strand name a read.
type ReadOf = HashMap<(u64, bool), usize, BuildMix>;

/// Bases by which a clipped or gapped read may lie beside a site that it speaks of.
const REACH: u32 = 300;

fn reads_over(site: &Site, reads: &Reads) -> ReadOf {
    let end = site.position + site.alleles[0].len() as u32;
    reads
        .overlapping(site.position.saturating_sub(REACH), end + REACH)
        .map(|index| ((reads.items[index].fragment, reads.items[index].reverse), index))
        .collect()
}

/// What the reads show that speak for some alleles.
#[derive(Default)]
struct Shown {
    strands: [u32; 2],
    pairs: [u32; 2],
    qualities: Vec<u32>,
    mapqs: Vec<u32>,
    distances: Vec<u32>,
}

impl Shown {
    fn of(site: &Site, speaks: &dyn Fn(usize) -> bool, reads: &Reads, read_of: &ReadOf) -> Self {
        let mut shown = Self::default();
        for observation in site.observations.iter().filter(|o| o.best.is_some_and(speaks)) {
            shown.strands[usize::from(observation.reverse)] += 1;
            shown.mapqs.push(u32::from(observation.mapq));
            shown.distances.push(observation.from_end);
            let Some(read) = read_of
                .get(&(observation.fragment, observation.reverse))
                .map(|&index| &reads.items[index])
            else {
                continue;
            };
            if let Some(forward) = read.first_forward {
                shown.pairs[usize::from(!forward)] += 1;
            }
            if let Some(offset) = reads.offset_at(read, site.position) {
                shown
                    .qualities
                    .push(u32::from(reads.qualities[read.bases.start + offset]));
            }
        }
        shown
    }
}

/// The lower of the two middle values of an even number.
fn median(values: &[u32]) -> Option<u32> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len().checked_sub(1)? / 2).copied()
}

fn deviation(values: &[u32]) -> Option<u32> {
    let middle = median(values)?;
    let off: Vec<u32> = values.iter().map(|v| v.abs_diff(middle)).collect();
    median(&off)
}

/// The chance of slippage where the allele adds or removes whole units of a repeat; `position` is its anchor base.
fn slip(position: u32, reference: &[u8], alternate: &[u8], around: &Surroundings<'_>) -> Option<f64> {
    let change = reference.len().abs_diff(alternate.len()) as u32;
    if change == 0 {
        return None;
    }
    let after = (position + 1).checked_sub(around.start)?;
    around
        .tracts
        .iter()
        .filter(|t| t.start <= after && after < t.end && change.is_multiple_of(t.unit))
        .map(|t| around.slippage.error(t.unit, t.len()))
        .reduce(f64::max)
}

#[cfg(test)]
pub(crate) mod build {
    use super::*;
    use crate::fraction::{Ratios, told};

    /// An SNV with nothing against it.
    pub(crate) fn snv(reference: u32, alternate: u32) -> Allele {
        let ratios = Ratios::of_counts(reference, alternate, told(1e-3));
        let half = |n: u32| [n / 2, n - n / 2];
        let halves = [half(reference), half(alternate), half(reference)];
        Allele {
            position: 99,
            reference: b"A".to_vec(),
            alternate: b"G".to_vec(),
            fraction: ratios.weigh(),
            origins: Origins::new(&ratios, None),
            depths: [reference, alternate],
            depth: reference + alternate,
            shown: Sides {
                strands: halves,
                pairs: halves,
            },
            base_qualities: [Some(35), Some(35)],
            mapping_qualities: [Some(60), Some(60)],
            distances: [Some(40), Some(40)],
            deviations: [Some(20), Some(20)],
            slip: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{aim::Aim, allele::of_column, pileup::Pileup, reads::build::push, repeats};

    #[test]
    fn medians() {
        assert_eq!(
            (median(&[]), median(&[5]), median(&[9, 1, 5, 7])),
            (None, Some(5), Some(5))
        );
        assert_eq!(deviation(&[10, 10, 12, 50]), Some(0));
        assert_eq!(deviation(&[1, 5, 9]), Some(4));
    }

    #[test]
    fn a_low_fraction_beside_a_heterozygous_base() {
        let reference = b"ACGTCATGCATCGATCGACTAGCATCAGCATCGACTACGACTACGG";
        let with = |base: &str| {
            let mut bases = String::from_utf8(reference.to_vec()).unwrap();
            bases.replace_range(20..21, base);
            bases
        };
        let mut reads = Reads::default();
        for name in 0..100 {
            let base = match name {
                0..6 => "T",
                6..50 => "C",
                _ => "A",
            };
            push(&mut reads, name, 1000, "46M", &with(base), 30);
        }
        let pileup = Pileup::of(&reads, 1000, reference);
        let column = pileup.at(1020).unwrap();
        let site = of_column(&reads, 1020, b'A', column, Aim::Fractions).unwrap();
        let tracts = repeats::tracts(reference);
        let slippage = Slippage::default();
        let found = of_site(
            &site,
            &Surroundings {
                reads: &reads,
                start: 1000,
                tracts: &tracts,
                slippage: &slippage,
                contamination: None,
            },
        );
        assert_eq!(found.len(), 2);
        let rare = &found[1];
        assert_eq!(
            (rare.alternate.as_slice(), rare.depths, rare.depth),
            (&b"T"[..], [50, 6], 100)
        );
        let sides = [[25, 25], [3, 3], [47, 47]];
        assert_eq!((rare.shown.strands, rare.shown.pairs), (sides, sides));
        assert_eq!(
            (rare.base_qualities[1], rare.mapping_qualities[1]),
            (Some(30), Some(60))
        );
        assert!((rare.fraction.best - 0.06).abs() < 0.002, "{:?}", rare.fraction);
        assert!(rare.fraction.low < 0.05 && rare.fraction.high > 0.08);
        // For genotypes the third base is noise.
        assert_eq!(
            of_column(&reads, 1020, b'A', column, Aim::Genotypes)
                .unwrap()
                .alleles
                .len(),
            2
        );
    }

    #[test]
    fn slippage_of_whole_units() {
        let bases = b"GATCCACACACACACATTG";
        let tracts = repeats::tracts(bases);
        let slippage = Slippage::default();
        let around = Surroundings {
            reads: &Reads::default(),
            start: 100,
            tracts: &tracts,
            slippage: &slippage,
            contamination: None,
        };
        assert!(slip(103, b"CCA", b"C", &around).is_some());
        assert_eq!(slip(103, b"C", b"T", &around), None);
        assert_eq!(slip(99, b"G", b"GT", &around), None);
    }
}
