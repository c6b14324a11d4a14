//! Grantham's distance of two residues (Grantham 1974 Science 185:862), from the three properties that it is made of.

/// Composition, polarity and molecular volume, as the paper's table 1 gives them.
const PROPERTIES: [(char, f64, f64, f64); 20] = [
    ('S', 1.42, 9.2, 32.0),
    ('R', 0.65, 10.5, 124.0),
    ('L', 0.0, 4.9, 111.0),
    ('P', 0.39, 8.0, 32.5),
    ('T', 0.71, 8.6, 61.0),
    ('A', 0.0, 8.1, 31.0),
    ('V', 0.0, 5.9, 84.0),
    ('G', 0.74, 9.0, 3.0),
    ('I', 0.0, 5.2, 111.0),
    ('F', 0.0, 5.2, 132.0),
    ('Y', 0.20, 6.2, 136.0),
    ('C', 2.75, 5.5, 55.0),
    ('H', 0.58, 10.4, 96.0),
    ('Q', 0.89, 10.5, 85.0),
    ('N', 1.33, 11.6, 56.0),
    ('K', 0.33, 11.3, 119.0),
    ('D', 1.38, 13.0, 54.0),
    ('E', 0.92, 12.3, 83.0),
    ('M', 0.0, 5.7, 105.0),
    ('W', 0.13, 5.4, 170.0),
];

/// The distance, rounded as the paper's table 2; within 1 of its printed values. `None` for what is no residue.
pub(crate) fn distance(a: char, b: char) -> Option<u32> {
    let of = |letter: char| PROPERTIES.iter().find(|(l, ..)| *l == letter);
    let (&(_, ca, pa, va), &(_, cb, pb, vb)) = (of(a)?, of(b)?);
    let squares = 1.833 * (ca - cb).powi(2) + 0.1018 * (pa - pb).powi(2) + 0.000_399 * (va - vb).powi(2);
    Some((50.723 * squares.sqrt()).round() as u32)
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn printed_distances() {
        for (a, b, printed) in [
            ('L', 'I', 5),
            ('C', 'W', 215),
            ('R', 'K', 26),
            ('D', 'E', 45),
            ('S', 'R', 110),
            ('G', 'D', 94),
            ('P', 'L', 98),
            ('Y', 'C', 194),
            ('M', 'V', 21),
        ] {
            let made = distance(a, b).unwrap();
            assert!(made.abs_diff(printed) <= 1, "{a} {b}: {made}");
            assert_eq!(distance(b, a), Some(made));
        }
        assert_eq!((distance('A', 'A'), distance('A', '*')), (Some(0), None));
    }
}
