//! A haplotype against the reference, end to end, with affine gaps (Gotoh 1982).

use crate::reads::Op;

/// Scores for assembled haplotypes, which hold real variants rather than errors: long gaps are cheap (the values that
/// GATK's documentation gives for haplotype-to-reference alignment).
const MATCH: i32 = 200;
const MISMATCH: i32 = -150;
const GAP_OPEN: i32 = -260;
const GAP_EXTEND: i32 = -11;
const NEVER: i32 = i32::MIN / 2;

/// Aligns `haplotype` to `reference`; both ends are fixed. Operations are Match (equal or not), Insert and Delete.
pub(crate) fn global(reference: &[u8], haplotype: &[u8]) -> Vec<(Op, u32)> {
    let least = reference.len().min(haplotype.len());
    let prefix = reference.iter().zip(haplotype).take_while(|(a, b)| a == b).count();
    let suffix = reference
        .iter()
        .rev()
        .zip(haplotype.iter().rev())
        .take_while(|(a, b)| a == b)
        .count()
        .min(least - prefix);
    let middle = (
        &reference[prefix..reference.len() - suffix],
        &haplotype[prefix..haplotype.len() - suffix],
    );
    let mut ops: Vec<(Op, u32)> = Vec::new();
    push(&mut ops, Op::Match, prefix);
    let mismatches = middle.0.iter().zip(middle.1).filter(|(a, b)| a != b).count();
    if middle.0.is_empty() {
        push(&mut ops, Op::Insert, middle.1.len());
    } else if middle.1.is_empty() {
        push(&mut ops, Op::Delete, middle.0.len());
    } else if middle.0.len() == middle.1.len() && (mismatches <= 1 || mismatches * 8 <= middle.0.len()) {
        push(&mut ops, Op::Match, middle.0.len());
    } else {
        for (op, length) in gotoh(middle.0, middle.1) {
            push(&mut ops, op, length as usize);
        }
    }
    push(&mut ops, Op::Match, suffix);
    ops
}

fn push(ops: &mut Vec<(Op, u32)>, op: Op, length: usize) {
    if length == 0 {
        return;
    }
    match ops.last_mut() {
        Some(last) if last.0 == op => last.1 += length as u32,
        _ => ops.push((op, length as u32)),
    }
}

const FROM_MATCH: u8 = 0;
const FROM_INSERT: u8 = 1;
const FROM_DELETE: u8 = 2;

fn gotoh(reference: &[u8], haplotype: &[u8]) -> Vec<(Op, u32)> {
    let (rows, columns) = (haplotype.len() + 1, reference.len() + 1);
    // Two bits each: where the best match, insertion and deletion of a cell come from.
    let mut trace = vec![0u8; rows * columns];
    let mut best = vec![[NEVER; 3]; columns];
    best[0] = [0, NEVER, NEVER];
    for (column, cell) in best.iter_mut().enumerate().skip(1) {
        cell[2] = GAP_OPEN + GAP_EXTEND * (column as i32 - 1);
        trace[column] = if column == 1 { FROM_MATCH } else { FROM_DELETE } << 4;
    }
    for row in 1..rows {
        let mut diagonal = best[0];
        best[0] = [NEVER, GAP_OPEN + GAP_EXTEND * (row as i32 - 1), NEVER];
        trace[row * columns] = if row == 1 { FROM_MATCH } else { FROM_INSERT } << 2;
        for column in 1..columns {
            let above = best[column];
            let left = best[column - 1];
            let (from, score) = largest(diagonal);
            let base = if reference[column - 1] == haplotype[row - 1] {
                MATCH
            } else {
                MISMATCH
            };
            let (insert_from, insert) = largest([above[0] + GAP_OPEN, above[1] + GAP_EXTEND, above[2] + GAP_OPEN]);
            let (delete_from, delete) = largest([left[0] + GAP_OPEN, left[1] + GAP_OPEN, left[2] + GAP_EXTEND]);
            trace[row * columns + column] = from | insert_from << 2 | delete_from << 4;
            best[column] = [score.max(NEVER) + base, insert.max(NEVER), delete.max(NEVER)];
            diagonal = above;
        }
    }
    let (mut row, mut column) = (rows - 1, columns - 1);
    let (mut state, _) = largest(best[columns - 1]);
    let mut back: Vec<(Op, u32)> = Vec::new();
    while row > 0 || column > 0 {
        let cell = trace[row * columns + column];
        match state {
            FROM_MATCH => {
                push(&mut back, Op::Match, 1);
                state = cell & 3;
                row -= 1;
                column -= 1;
            }
            FROM_INSERT => {
                push(&mut back, Op::Insert, 1);
                state = cell >> 2 & 3;
                row -= 1;
            }
            _ => {
                push(&mut back, Op::Delete, 1);
                state = cell >> 4 & 3;
                column -= 1;
            }
        }
    }
    back.reverse();
    back
}

/// The first of the largest, with its number.
fn largest(scores: [i32; 3]) -> (u8, i32) {
    let mut best = (0, scores[0]);
    for (number, &score) in scores.iter().enumerate().skip(1) {
        if score > best.1 {
            best = (number as u8, score);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(ops: &[(Op, u32)]) -> String {
        let mut text = String::new();
        for (op, n) in ops {
            let letter = match op {
                Op::Match => 'M',
                Op::Insert => 'I',
                Op::Delete => 'D',
                _ => '?',
            };
            text.push_str(&n.to_string());
            text.push(letter);
        }
        text
    }

    #[test]
    fn table() {
        for (reference, haplotype, expected) in [
            ("ACGT", "ACGT", "4M"),
            ("ACGT", "ATGT", "4M"),
            ("ACGTACGT", "ACGACGT", "3M1D4M"),
            ("ACGACGT", "ACGTACGT", "3M1I4M"),
            ("ACGTTTGCA", "ACGTTTTTGCA", "6M2I3M"),
            ("AAGGCCTTACGATCAG", "ATGGCCTTGATCAG", "8M2D6M"),
        ] {
            assert_eq!(
                text(&global(reference.as_bytes(), haplotype.as_bytes())),
                expected,
                "{haplotype}"
            );
        }
    }

    proptest! {
        #[test]
        fn uses_every_base(reference in "[ACGT]{1,40}", haplotype in "[ACGT]{1,40}") {
            let ops = global(reference.as_bytes(), haplotype.as_bytes());
            let sum = |wanted: &[Op]| ops.iter().filter(|o| wanted.contains(&o.0)).map(|o| o.1 as usize).sum::<usize>();
            prop_assert_eq!(sum(&[Op::Match, Op::Delete]), reference.len());
            prop_assert_eq!(sum(&[Op::Match, Op::Insert]), haplotype.len());
        }
    }
}
