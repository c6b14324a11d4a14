//! BLOSUM62 (Henikoff and Henikoff 1992 PNAS 89:10915): the score of one residue in the place of another, by which some
//! panels compare two changes.

const ORDER: &str = "ARNDCQEGHILKMFPSTWYV";

/// The lower triangle, a row per residue of [`ORDER`].
const SCORES: [&[i8]; 20] = [
    &[4],
    &[-1, 5],
    &[-2, 0, 6],
    &[-2, -2, 1, 6],
    &[0, -3, -3, -3, 9],
    &[-1, 1, 0, 0, -3, 5],
    &[-1, 0, 0, 2, -4, 2, 5],
    &[0, -2, 0, -1, -3, -2, -2, 6],
    &[-2, 0, 1, -1, -3, 0, 0, -2, 8],
    &[-1, -3, -3, -3, -1, -3, -3, -4, -3, 4],
    &[-1, -2, -3, -4, -1, -2, -3, -4, -3, 2, 4],
    &[-1, 2, 0, -1, -3, 1, 1, -2, -1, -3, -2, 5],
    &[-1, -1, -2, -3, -1, 0, -2, -3, -2, 1, 2, -1, 5],
    &[-2, -3, -3, -3, -2, -3, -3, -3, -1, 0, 0, -3, 0, 6],
    &[-1, -2, -2, -1, -3, -1, -1, -2, -2, -3, -3, -1, -2, -4, 7],
    &[1, -1, 1, 0, -1, 0, 0, 0, -1, -2, -2, 0, -1, -2, -1, 4],
    &[0, -1, 0, -1, -1, -1, -1, -2, -2, -1, -1, -1, -1, -2, -1, 1, 5],
    &[-3, -3, -4, -4, -2, -2, -3, -2, -2, -3, -2, -3, -1, 1, -4, -3, -2, 11],
    &[-2, -2, -2, -3, -2, -1, -2, -3, 2, -1, -1, -2, -1, 3, -3, -2, -2, 2, 7],
    &[0, -3, -3, -3, -1, -2, -2, -3, -3, 3, 1, -2, 1, -1, -2, -2, 0, -3, -1, 4],
];

/// The score; low for a change that evolution seldom lets stand. `None` for what is no residue.
pub(crate) fn score(a: char, b: char) -> Option<i8> {
    let of = |letter: char| ORDER.find(letter);
    let (a, b) = (of(a)?, of(b)?);
    SCORES.get(a.max(b))?.get(a.min(b)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_scores() {
        for (row, scores) in SCORES.iter().enumerate() {
            assert_eq!(scores.len(), row + 1, "row {row}");
        }
        for (a, b, printed) in [
            ('L', 'V', 1),
            ('L', 'S', -2),
            ('W', 'W', 11),
            ('I', 'V', 3),
            ('R', 'K', 2),
            ('D', 'E', 2),
            ('Y', 'F', 3),
            ('C', 'E', -4),
            ('P', 'W', -4),
            ('G', 'A', 0),
            ('H', 'Y', 2),
            ('N', 'D', 1),
            ('Q', 'E', 2),
            ('M', 'V', 1),
            ('T', 'S', 1),
        ] {
            assert_eq!((score(a, b), score(b, a)), (Some(printed), Some(printed)), "{a} {b}");
        }
        assert_eq!(score('A', '*'), None);
    }
}
