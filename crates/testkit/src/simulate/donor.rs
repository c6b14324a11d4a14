//! The donor: what the two chromosomes of each pair read.

use clinotype_genome::{Fault, Interval, Reference, Result, VariantKey};

/// An allele on one haplotype, on the other, or on both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhasedAllele {
    /// The allele; its REF must be that of the reference.
    pub key: VariantKey,
    /// Whether the first and the second haplotype carry it, as `1|0` says.
    pub carried: [bool; 2],
}

/// Two haplotypes of some intervals of a reference.
#[derive(Clone, Debug)]
pub struct Donor {
    stretches: Vec<Stretch>,
}

#[derive(Clone, Debug)]
struct Stretch {
    interval: Interval,
    haplotypes: [Vec<u8>; 2],
}

impl Donor {
    /// Applies the alleles to the reference within each interval.
    ///
    /// An allele that lies in no interval, whose REF is not the reference's, or that shares a base with another allele
    /// of the same haplotype is an input fault. (Two indels may share their anchor base only on different haplotypes.)
    pub fn new(reference: &Reference, intervals: &[Interval], alleles: &[PhasedAllele]) -> Result<Self> {
        let mut sorted: Vec<&PhasedAllele> = alleles.iter().collect();
        sorted.sort_by(|a, b| (&a.key.contig, a.key.position).cmp(&(&b.key.contig, b.key.position)));
        let mut used = 0;
        let stretches = intervals
            .iter()
            .map(|interval| {
                let bases = reference.fetch(&interval.contig, interval.start, interval.end)?;
                if bases.len() != interval.len() as usize {
                    return Err(Fault::input(format!("interval {interval} lies beyond its contig")));
                }
                let inside: Vec<&PhasedAllele> = sorted
                    .iter()
                    .copied()
                    .filter(|a| {
                        let (start, end) = a.key.span();
                        a.key.contig == interval.contig && interval.start <= start && end <= interval.end
                    })
                    .collect();
                used += inside.len();
                Ok(Stretch {
                    interval: interval.clone(),
                    haplotypes: [
                        apply(interval, &bases, &inside, 0)?,
                        apply(interval, &bases, &inside, 1)?,
                    ],
                })
            })
            .collect::<Result<Vec<_>>>()?;
        if used != alleles.len() {
            return Err(Fault::input(format!(
                "{used} of {} alleles lie in exactly one of the intervals",
                alleles.len()
            )));
        }
        Ok(Self { stretches })
    }

    /// The intervals, as given.
    pub fn intervals(&self) -> impl Iterator<Item = &Interval> {
        self.stretches.iter().map(|s| &s.interval)
    }

    /// What a haplotype (0 or 1) of an interval reads; `None` for an interval the donor does not have.
    pub fn haplotype(&self, interval: &Interval, haplotype: usize) -> Option<&[u8]> {
        self.find(interval)?.1.get(haplotype).map(Vec::as_slice)
    }

    pub(super) fn find(&self, interval: &Interval) -> Option<(u32, &[Vec<u8>; 2])> {
        let index = self.stretches.iter().position(|s| s.interval == *interval)?;
        Some((index as u32, &self.stretches[index].haplotypes))
    }

    pub(super) fn haplotypes(&self, stretch: u32) -> &[Vec<u8>; 2] {
        &self.stretches[stretch as usize].haplotypes
    }
}

/// The bases of an interval with one haplotype's alleles, which are sorted, put in.
fn apply(interval: &Interval, bases: &[u8], alleles: &[&PhasedAllele], haplotype: usize) -> Result<Vec<u8>> {
    let mut made = Vec::with_capacity(bases.len() + 64);
    let mut next = interval.start;
    for allele in alleles.iter().filter(|a| a.carried[haplotype]) {
        let (start, end) = allele.key.span();
        let wrong = |what: &str| Err(Fault::input(what).locus(interval.contig.clone(), u64::from(start) + 1));
        if start < next {
            return wrong("two alleles of one haplotype share a base");
        }
        let range = |from: u32, to: u32| (from - interval.start) as usize..(to - interval.start) as usize;
        if bases[range(start, end)] != *allele.key.reference.as_bytes() {
            return wrong("REF is not the base of the reference");
        }
        made.extend(&bases[range(next, start)]);
        made.extend(allele.key.alternate.bytes());
        next = end;
    }
    made.extend(&bases[(next - interval.start) as usize..]);
    Ok(made)
}
