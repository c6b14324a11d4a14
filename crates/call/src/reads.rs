//! The reads of one window, held in a few large buffers.

use std::ops::Range;

/// What a CIGAR operation does; hard clips and padding are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    /// Read and reference advance.
    Match,
    /// Only the read advances.
    Insert,
    /// Only the reference advances: bases are missing.
    Delete,
    /// Only the reference advances: an intron, which says nothing.
    Skip,
    /// Only the read advances: bases at an end that were not aligned.
    Clip,
}

/// One aligned read.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    /// 0-based first aligned base on the contig.
    pub(crate) start: u32,
    /// 0-based base after the last aligned one.
    pub(crate) end: u32,
    /// Mapping quality.
    pub(crate) mapq: u8,
    /// Whether it is aligned to the reverse strand.
    pub(crate) reverse: bool,
    /// Of a pair: whether its first mate reads forward (F1R2), which both mates share. `None` without a mate.
    pub(crate) first_forward: Option<bool>,
    /// Hash of the name: both mates of a fragment have the same.
    pub(crate) fragment: u64,
    /// Clipped bases before the first aligned one; 0 where they are the adapter of a short fragment.
    pub(crate) clip_left: u32,
    /// Clipped bases after the last aligned one; 0 where they are the adapter of a short fragment.
    pub(crate) clip_right: u32,
    /// Its bases and qualities in the buffers of [`Reads`].
    pub(crate) bases: Range<usize>,
    /// Its operations in the buffer of [`Reads`].
    pub(crate) ops: Range<usize>,
}

/// A run of one operation, with where it begins on the contig and in the read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// The operation.
    pub(crate) op: Op,
    /// Its length.
    pub(crate) length: u32,
    /// 0-based position on the contig.
    pub(crate) position: u32,
    /// 0-based offset in the read.
    pub(crate) offset: u32,
}

/// The reads of one window, sorted by start.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reads {
    /// In the order of their starts.
    pub(crate) items: Vec<Read>,
    /// Upper-case bases, read after read.
    pub(crate) bases: Vec<u8>,
    /// Base qualities, capped by the mapping quality.
    pub(crate) qualities: Vec<u8>,
    /// As `qualities`, but 0 where the other mate of the fragment speaks for the same base (see [`crate::mates`]).
    pub(crate) once: Vec<u8>,
    /// CIGAR operations, read after read.
    pub(crate) ops: Vec<(Op, u32)>,
    /// Longest reference span of any read, which bounds how far back an overlapping read may start.
    pub(crate) longest: u32,
}

impl Reads {
    /// The operations of a read with their places.
    pub(crate) fn steps<'a>(&'a self, read: &Read) -> impl Iterator<Item = Step> + use<'a> {
        let (mut position, mut offset) = (read.start, 0);
        self.ops[read.ops.clone()].iter().map(move |&(op, length)| {
            let step = Step {
                op,
                length,
                position,
                offset,
            };
            match op {
                Op::Match => {
                    position += length;
                    offset += length;
                }
                Op::Insert | Op::Clip => offset += length,
                Op::Delete | Op::Skip => position += length,
            }
            step
        })
    }

    /// Indexes of the reads that share a base with `start..end`.
    pub(crate) fn overlapping(&self, start: u32, end: u32) -> impl Iterator<Item = usize> + '_ {
        let first = self
            .items
            .partition_point(|r| u64::from(r.start) + u64::from(self.longest) <= u64::from(start));
        let last = self.items.partition_point(|r| r.start < end);
        (first..last.max(first)).filter(move |&i| self.items[i].end > start)
    }

    /// The offset in the read of the base aligned to `position`, if one is.
    pub(crate) fn offset_at(&self, read: &Read, position: u32) -> Option<usize> {
        for step in self.steps(read) {
            if step.position > position {
                return None;
            }
            if step.op == Op::Match && position < step.position + step.length {
                return Some((step.offset + position - step.position) as usize);
            }
        }
        None
    }
}

#[cfg(test)]
pub(crate) mod build {
    //! Reads for tests, written as text.
    use super::*;

    /// Adds a read: 0-based start, CIGAR, bases, one quality for all.
    pub(crate) fn push(reads: &mut Reads, name: u64, start: u32, cigar: &str, bases: &str, quality: u8) {
        let first_op = reads.ops.len();
        let (mut number, mut end) = (0, start);
        for c in cigar.chars() {
            if let Some(digit) = c.to_digit(10) {
                number = number * 10 + digit;
                continue;
            }
            let op = match c {
                'M' => Op::Match,
                'I' => Op::Insert,
                'D' => Op::Delete,
                'N' => Op::Skip,
                'S' => Op::Clip,
                other => panic!("{other}"),
            };
            if matches!(op, Op::Match | Op::Delete | Op::Skip) {
                end += number;
            }
            reads.ops.push((op, number));
            number = 0;
        }
        let ops = first_op..reads.ops.len();
        let clip = |op: Option<&(Op, u32)>| op.filter(|o| o.0 == Op::Clip).map_or(0, |o| o.1);
        let from = reads.bases.len();
        reads.bases.extend(bases.bytes());
        reads.qualities.extend(bases.bytes().map(|_| quality));
        reads.once.extend(bases.bytes().map(|_| quality));
        reads.longest = reads.longest.max(end - start);
        reads.items.push(Read {
            start,
            end,
            mapq: 60,
            reverse: name % 2 == 1,
            first_forward: Some(name.is_multiple_of(2)),
            fragment: name,
            clip_left: clip(reads.ops[ops.clone()].first()),
            clip_right: clip(reads.ops[ops.clone()].last()),
            bases: from..reads.bases.len(),
            ops,
        });
    }

    #[test]
    fn steps_and_overlaps() {
        let mut reads = Reads::default();
        push(&mut reads, 1, 10, "2S3M1I2M2D1M", "TTACGTACA", 30);
        push(&mut reads, 2, 14, "4M", "ACGT", 30);
        let read = &reads.items[0];
        assert_eq!((read.end, read.clip_left, read.clip_right), (18, 2, 0));
        assert_eq!(reads.offset_at(read, 10), Some(2));
        assert_eq!(reads.offset_at(read, 13), Some(6));
        assert_eq!(reads.offset_at(read, 15), None);
        assert_eq!(reads.offset_at(read, 17), Some(8));
        assert_eq!(reads.overlapping(17, 18).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(reads.overlapping(10, 14).collect::<Vec<_>>(), [0]);
        assert_eq!(reads.overlapping(18, 99).count(), 0);
    }
}
