//! A transcript's own sequence against its exons on the genome: fewest differences (Landau and Vishkin 1986,
//! J Algorithms 10:157), so that a record with a base more or less, or another base, keeps its place.

use super::locus::Step;

/// Differences beyond which two sequences are not taken as one transcript.
const MOST: usize = 400;

/// Alignment of a transcript's record (`record`) with the spliced exons (`genome`), one list of steps per exon.
///
/// `exons`: length of every exon on the genome. An N on either side fits any base. Bases of the record after the last
/// exon (a poly-A tail) are the transcript's own. `None` where there are too many differences.
pub(crate) fn align(genome: &[u8], record: &[u8], exons: &[u32]) -> Option<Vec<Vec<Step>>> {
    let steps = path(genome, record)?;
    let mut out: Vec<Vec<Step>> = Vec::with_capacity(exons.len());
    let mut rest = steps.into_iter().peekable();
    let mut pending: Option<Step> = None;
    for (number, length) in exons.iter().enumerate() {
        let mut left = *length;
        let mut exon = Vec::new();
        while left > 0 {
            match pending.take().or_else(|| rest.next())? {
                Step::Both(n) => {
                    let taken = n.min(left);
                    push(&mut exon, Step::Both(taken));
                    left -= taken;
                    pending = (n > taken).then(|| Step::Both(n - taken));
                }
                Step::GenomeOnly(n) => {
                    let taken = n.min(left);
                    push(&mut exon, Step::GenomeOnly(taken));
                    left -= taken;
                    pending = (n > taken).then(|| Step::GenomeOnly(n - taken));
                }
                Step::TranscriptOnly(n) => push(&mut exon, Step::TranscriptOnly(n)),
            }
        }
        // Bases of the record between two exons go with the one before.
        let last = number + 1 == exons.len();
        while pending.is_none() && matches!(rest.peek(), Some(Step::TranscriptOnly(_))) {
            if let Some(step) = rest.next() {
                push(&mut exon, step);
            }
            if !last {
                break;
            }
        }
        out.push(exon);
    }
    (pending.is_none() && rest.next().is_none()).then_some(out)
}

fn push(steps: &mut Vec<Step>, step: Step) {
    match (steps.last_mut(), step) {
        (Some(Step::Both(n)), Step::Both(m))
        | (Some(Step::GenomeOnly(n)), Step::GenomeOnly(m))
        | (Some(Step::TranscriptOnly(n)), Step::TranscriptOnly(m)) => *n += m,
        _ => steps.push(step),
    }
}

/// The steps of an alignment with the fewest differences: whole genome, record from its first base on.
fn path(genome: &[u8], record: &[u8]) -> Option<Vec<Step>> {
    let (n, m) = (genome.len() as i64, record.len() as i64);
    let fits = |g: i64, r: i64| {
        let (a, b) = (genome[g as usize], record[r as usize]);
        a == b || a == b'N' || b == b'N'
    };
    let slide = |mut g: i64, k: i64| {
        while g < n && g + k < m && fits(g, g + k) {
            g += 1;
        }
        g
    };
    // Furthest genome base reached on diagonal k (record minus genome) with d differences; -1 where none.
    let mut reached: Vec<Vec<i64>> = Vec::new();
    for d in 0..=MOST as i64 {
        let mut row = vec![-1_i64; 2 * d as usize + 1];
        for k in -d..=d {
            let from = |k: i64, by: i64| -> i64 {
                let Some(previous) = usize::try_from(d - 1).ok().and_then(|i| reached.get(i)) else {
                    return -1;
                };
                usize::try_from(k + d - 1)
                    .ok()
                    .and_then(|i| previous.get(i))
                    .filter(|g| **g >= 0)
                    .map_or(-1, |g| g + by)
            };
            let start = if d == 0 {
                0
            } else {
                // Another base; a genome-only base; a transcript-only base.
                from(k, 1).max(from(k + 1, 1)).max(from(k - 1, 0))
            };
            let limit = n.min(m - k);
            if start < 0 || start > limit || start + k < 0 {
                continue;
            }
            row[(k + d) as usize] = slide(start, k);
        }
        let done = (-d..=d).rev().find(|k| row[(k + d) as usize] == n);
        reached.push(row);
        if let Some(k) = done {
            return Some(trace(&reached, n, m, k));
        }
    }
    None
}

fn trace(reached: &[Vec<i64>], n: i64, m: i64, last: i64) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let (mut g, mut k) = (n, last);
    if m > n + k {
        steps.push(Step::TranscriptOnly((m - n - k) as u32));
    }
    for d in (0..reached.len() as i64).rev() {
        let at = |k: i64| -> i64 {
            let Some(previous) = usize::try_from(d - 1).ok().and_then(|i| reached.get(i)) else {
                return -2;
            };
            usize::try_from(k + d - 1)
                .ok()
                .and_then(|i| previous.get(i))
                .copied()
                .filter(|g| *g >= 0)
                .unwrap_or(-2)
        };
        if d == 0 {
            steps.push(Step::Both(g as u32));
            break;
        }
        let (other, less, more) = (at(k) + 1, at(k + 1) + 1, at(k - 1));
        let start = other.max(less).max(more);
        if g > start {
            steps.push(Step::Both((g - start) as u32));
        }
        if other == start {
            steps.push(Step::Both(1));
            g = start - 1;
        } else if less == start {
            steps.push(Step::GenomeOnly(1));
            g = start - 1;
            k += 1;
        } else {
            steps.push(Step::TranscriptOnly(1));
            g = start;
            k -= 1;
        }
    }
    let mut merged = Vec::new();
    for step in steps.into_iter().rev() {
        let empty = matches!(step, Step::Both(0));
        if !empty {
            push(&mut merged, step);
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_keep_their_places() {
        let both = Step::Both;
        for (genome, record, exons, expected) in [
            ("ACGTACGT", "ACGTACGT", vec![8], vec![vec![both(8)]]),
            ("ACGTACGT", "ACGTACGT", vec![3, 5], vec![vec![both(3)], vec![both(5)]]),
            ("ACGTTCGT", "ACGTACGT", vec![8], vec![vec![both(8)]]),
            (
                "ACGTCAAGT",
                "ACGTCCAAGTAAAAA",
                vec![9],
                vec![vec![both(5), Step::TranscriptOnly(1), both(4), Step::TranscriptOnly(5)]],
            ),
            (
                "ACGTTCAGGT",
                "ACGCAGGT",
                vec![4, 6],
                vec![vec![both(3), Step::GenomeOnly(1)], vec![Step::GenomeOnly(1), both(5)]],
            ),
            ("ACNNNCGT", "ACGGTCGT", vec![8], vec![vec![both(8)]]),
        ] {
            assert_eq!(
                align(genome.as_bytes(), record.as_bytes(), &exons),
                Some(expected),
                "{genome} {record}"
            );
        }
        let noise: Vec<u8> = (0..4000_u32).map(|i| b"ACGT"[(i * i / 7 + i) as usize % 4]).collect();
        assert_eq!(align(&noise, &[b'T'; 4000], &[4000]), None);
    }
}
