//! The two mates of a short fragment read the same molecule: where they overlap, it counts once.

use std::collections::HashMap;

use crate::reads::{Op, Read, Reads};

/// Sets [`Reads::once`] to 0 where the other mate speaks for the base: of two that agree the better one stays, two
/// that disagree both go (one of them is wrong, and nothing says which).
pub(crate) fn resolve(reads: &mut Reads) {
    let mut first_of: HashMap<u64, usize> = HashMap::new();
    for index in 0..reads.items.len() {
        let read = &reads.items[index];
        match first_of.remove(&read.fragment) {
            Some(other) if reads.items[other].end > read.start => overlap(reads, other, index),
            _ => {
                first_of.insert(read.fragment, index);
            }
        }
    }
}

/// Overlaps longer than this are introns or damage, not two looks at one molecule.
const LONGEST: u32 = 1 << 16;

fn overlap(reads: &mut Reads, first: usize, second: usize) {
    let start = reads.items[second].start;
    let end = reads.items[second].end.min(reads.items[first].end);
    if end - start > LONGEST {
        return;
    }
    let of_first = places(reads, &reads.items[first], start, end);
    let of_second = places(reads, &reads.items[second], start, end);
    for (a, b) in of_first.into_iter().zip(of_second) {
        let (Some(a), Some(b)) = (a, b) else { continue };
        if reads.bases[a] != reads.bases[b] {
            reads.once[a] = 0;
            reads.once[b] = 0;
        } else if reads.once[a] >= reads.once[b] {
            reads.once[b] = 0;
        } else {
            reads.once[a] = 0;
        }
    }
}

/// For each position of `start..end`, where the base aligned to it stands in the buffers.
fn places(reads: &Reads, read: &Read, start: u32, end: u32) -> Vec<Option<usize>> {
    let mut places = vec![None; (end - start) as usize];
    for step in reads.steps(read).filter(|s| s.op == Op::Match) {
        for position in step.position.max(start)..(step.position + step.length).min(end) {
            places[(position - start) as usize] =
                Some(read.bases.start + (step.offset + position - step.position) as usize);
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reads::build::push;

    #[test]
    fn an_overlap_counts_once() {
        let mut reads = Reads::default();
        push(&mut reads, 7, 10, "6M", "ACGTAC", 30);
        push(&mut reads, 8, 11, "6M", "CGTACA", 30);
        push(&mut reads, 7, 12, "6M", "GTTCAA", 35);
        resolve(&mut reads);
        assert_eq!(reads.once[0..6], [30, 30, 0, 0, 0, 0]);
        assert_eq!(reads.once[6..12], [30; 6]);
        // G, T, C agree and the second mate is better; A against T: both go.
        assert_eq!(reads.once[12..18], [35, 35, 0, 35, 35, 35]);
    }
}
