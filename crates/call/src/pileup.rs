//! What the reads say at each position: the first look, which finds where to look closer, and the measure of how sure
//! a reference base is.
//!
//! At each position the reads choose between reference, one other allele on one chromosome, or on both. Any base that
//! is not the reference counts for the other allele (as in the reference model of GATK's HaplotypeCaller).

use crate::{
    options::MIN_BASE_QUALITY,
    phred::{self, LOG10_HALF},
    reads::{Op, Reads},
};

/// Soft clips shorter than this are noise of the aligner's ends.
const MIN_CLIP: u32 = 5;

/// One position.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Column {
    /// log10 likelihood of the bases given the reference.
    pub(crate) reference: f32,
    /// log10 likelihood given reference and another allele.
    pub(crate) heterozygous: f32,
    /// log10 likelihood given the other allele alone.
    pub(crate) other: f32,
    /// Reads with A, C, G, T of sufficient quality.
    pub(crate) counts: [u16; 4],
    /// Fragments with a base or a deletion here.
    pub(crate) depth: u16,
    /// Reads with an insertion or deletion that begins after this base.
    pub(crate) indels: u16,
    /// Reads whose alignment ends here with a clip of good bases.
    pub(crate) clips: u16,
}

/// The columns of a window.
#[derive(Clone, Debug)]
pub(crate) struct Pileup {
    /// 0-based position of the first column.
    pub(crate) start: u32,
    /// One per position.
    pub(crate) columns: Vec<Column>,
}

/// Number of a base in [`Column::counts`].
pub(crate) const fn number(base: u8) -> Option<usize> {
    match base {
        b'A' => Some(0),
        b'C' => Some(1),
        b'G' => Some(2),
        b'T' => Some(3),
        _ => None,
    }
}

impl Pileup {
    /// Counts the reads over `reference`, which begins at `start`.
    pub(crate) fn of(reads: &Reads, start: u32, reference: &[u8]) -> Self {
        let table = phred::table();
        let mut columns = vec![Column::default(); reference.len()];
        let end = start + reference.len() as u32;
        for read in &reads.items {
            for step in reads.steps(read) {
                match step.op {
                    Op::Match => {
                        let (from, to) = (step.position.max(start), (step.position + step.length).min(end));
                        if from >= to {
                            continue;
                        }
                        let offset = read.bases.start + (step.offset + from - step.position) as usize;
                        let span = offset..offset + (to - from) as usize;
                        let places = (from - start) as usize..(to - start) as usize;
                        for (((column, &wanted), &base), &quality) in columns[places.clone()]
                            .iter_mut()
                            .zip(&reference[places])
                            .zip(&reads.bases[span.clone()])
                            .zip(&reads.once[span])
                        {
                            if quality == 0 {
                                continue;
                            }
                            column.depth = column.depth.saturating_add(1);
                            if quality < MIN_BASE_QUALITY {
                                continue;
                            }
                            let likely = &table[usize::from(quality)];
                            let (same, other) = (likely.same as f32, likely.other as f32);
                            if base == wanted {
                                column.reference += same;
                                column.other += other;
                            } else {
                                column.reference += other;
                                column.other += same;
                            }
                            column.heterozygous += likely.half as f32;
                            if let Some(at) = number(base) {
                                column.counts[at] = column.counts[at].saturating_add(1);
                            }
                        }
                    }
                    Op::Insert | Op::Delete => {
                        if step.op == Op::Delete {
                            let (from, to) = (step.position.max(start), (step.position + step.length).min(end));
                            for position in from..to {
                                let column = &mut columns[(position - start) as usize];
                                column.depth = column.depth.saturating_add(1);
                            }
                        }
                        if step.position > start && step.position <= end {
                            let column = &mut columns[(step.position - 1 - start) as usize];
                            column.indels = column.indels.saturating_add(1);
                        }
                    }
                    Op::Clip => {
                        let left = step.offset == 0;
                        let usable = if left { read.clip_left } else { read.clip_right };
                        let at = if left {
                            step.position
                        } else {
                            step.position.saturating_sub(1)
                        };
                        if usable >= MIN_CLIP && at >= start && at < end {
                            let from = read.bases.start + step.offset as usize;
                            let good = reads.qualities[from..from + step.length as usize]
                                .iter()
                                .filter(|q| **q >= 20)
                                .count();
                            if good * 2 >= step.length as usize {
                                let column = &mut columns[(at - start) as usize];
                                column.clips = column.clips.saturating_add(1);
                            }
                        }
                    }
                    Op::Skip => {}
                }
            }
        }
        Self { start, columns }
    }

    /// The column of a position, if it lies in the window.
    pub(crate) fn at(&self, position: u32) -> Option<&Column> {
        self.columns.get(position.checked_sub(self.start)? as usize)
    }
}

impl Column {
    /// Phred-scaled likelihoods of 0/0, 0/x and x/x, the least of them 0. Indels weigh in: the less certain of the
    /// two models speaks.
    pub(crate) fn phred_likelihoods(&self) -> [u32; 3] {
        let bases = [
            f64::from(self.reference),
            f64::from(self.heterozygous),
            f64::from(self.other),
        ];
        let (with, without) = (f64::from(self.indels.min(self.depth)), f64::from(self.depth));
        let without = without - with;
        // A read with an indel where there is none: 1 in 1,000, a cautious mean over repeats.
        let gaps = [with * -3.0, (with + without) * LOG10_HALF, without * -3.0];
        let scaled = |likelihoods: [f64; 3]| {
            let most = likelihoods.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            likelihoods.map(|l| ((most - l) * 10.0).round().min(9999.0) as u32)
        };
        let (bases, gaps) = (scaled(bases), scaled(gaps));
        let sure = |p: &[u32; 3]| p[1].min(p[2]).saturating_sub(p[0]);
        if sure(&gaps) < sure(&bases) { gaps } else { bases }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reads::build::push;

    #[test]
    fn counts_and_likelihoods() {
        let mut reads = Reads::default();
        for name in 0..10 {
            push(&mut reads, name, 100, "4M", if name < 5 { "ACGT" } else { "ATGT" }, 30);
        }
        push(&mut reads, 99, 100, "2M1D2M", "ACTT", 30);
        let pileup = Pileup::of(&reads, 98, b"GGACGTTT");
        let column = pileup.at(101).unwrap();
        assert_eq!(column.counts, [0, 6, 0, 5]);
        assert_eq!((column.depth, column.indels), (11, 1));
        assert_eq!(pileup.at(102).unwrap().depth, 11);
        assert_eq!(pileup.at(98).unwrap().depth, 0);
        assert!(pileup.at(97).is_none() && pileup.at(106).is_none());
        // By hand: 6 reads of C, 5 of T at Q30.
        let (same, other) = (0.999f64.log10(), (0.001f64 / 3.0).log10());
        assert!((f64::from(column.reference) - (6.0 * same + 5.0 * other)).abs() < 1e-3);
        let [reference, het, hom] = column.phred_likelihoods();
        assert_eq!(het, 0);
        assert!(reference > 100 && hom > reference);
    }

    #[test]
    fn no_reads_no_certainty() {
        assert_eq!(Column::default().phred_likelihoods(), [0, 0, 0]);
    }
}
