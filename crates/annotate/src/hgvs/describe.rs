//! What an edit of a sequence is called: minimal, most 3', and of the kind that the recommendations prefer.
//!
//! Rules (HGVS 21.1): general, 3' rule; prioritisation substitution, deletion, inversion, duplication, insertion;
//! repeated sequences for two or more further copies; in coding sequence only of units of whole codons.

use clinotype_genome::{Fault, Result, sequence::reverse_complement};

/// A sequence that names are made on: positions are 0-based and run 5' to 3' in the orientation of the name.
pub(crate) trait Strip {
    /// Bases of `from..to`, upper case; the caller keeps within [`Strip::length`].
    fn fetch(&self, from: u32, to: u32) -> Result<Vec<u8>>;
    /// Number of bases.
    fn length(&self) -> u32;
}

/// Longest stretch that is compared base by base.
const LONGEST: u32 = 20_000_000;

/// Bases `start..end` (0-based, half-open) are replaced by `inserted`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StripEdit {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) inserted: Vec<u8>,
}

/// A normalised edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Nothing changes in `start..end`.
    Identity(u32, u32),
    /// One base at a place becomes another.
    Substitution(u32, u8, u8),
    Deletion(u32, u32),
    Inversion(u32, u32),
    Duplication(u32, u32),
    /// Before the base at a place.
    Insertion(u32, Vec<u8>),
    DeletionInsertion(u32, u32, Vec<u8>),
    /// `start..end` holds the unit; it is there so many times after the change.
    Repeat(u32, u32, Vec<u8>, u32),
}

impl StripEdit {
    /// Without the bases that stay as they are, and, where only bases are added or only removed, moved as far 3' as
    /// the sequence allows below `high`.
    pub(crate) fn normalised(&self, strip: &dyn Strip, high: u32) -> Result<Self> {
        let (mut start, mut end) = (self.start, self.end);
        let mut inserted = self.inserted.as_slice();
        if !inserted.is_empty() && start < end {
            if end - start > LONGEST {
                return Err(Fault::input(format!(
                    "a change of {} bases is not compared",
                    end - start
                )));
            }
            let reference = strip.fetch(start, end)?;
            let same = |(a, b): &(&u8, &u8)| a == b && **a != b'N';
            let ahead = reference.iter().zip(inserted).take_while(same).count();
            let rest = reference.len().min(inserted.len()) - ahead;
            let behind = reference
                .iter()
                .rev()
                .zip(inserted.iter().rev())
                .take_while(same)
                .count()
                .min(rest);
            start += ahead as u32;
            end -= behind as u32;
            inserted = &inserted[ahead..inserted.len() - behind];
        }
        let trimmed = Self {
            start,
            end,
            inserted: inserted.to_vec(),
        };
        if trimmed.inserted.is_empty() != (start == end) {
            return trimmed.shifted(strip, high);
        }
        Ok(trimmed)
    }

    /// Moves a pure deletion or insertion 3'.
    fn shifted(mut self, strip: &dyn Strip, high: u32) -> Result<Self> {
        let high = high.min(strip.length());
        let mut moved = 0_u32;
        let mut chunk = 32_u32;
        'outer: while self.end + moved < high {
            let from = self.end + moved;
            let after = strip.fetch(from, from.saturating_add(chunk).min(high))?;
            if after.is_empty() {
                break;
            }
            let before = if self.inserted.is_empty() {
                strip.fetch(self.start + moved, self.start + moved + after.len() as u32)?
            } else {
                Vec::new()
            };
            for (i, base) in after.iter().enumerate() {
                let leaving = match before.get(i) {
                    Some(base) => *base,
                    None => self.inserted[moved as usize % self.inserted.len()],
                };
                if leaving != *base || *base == b'N' {
                    break 'outer;
                }
                moved += 1;
            }
            chunk = 1024;
        }
        self.start += moved;
        self.end += moved;
        let n = self.inserted.len().max(1);
        if !self.inserted.is_empty() {
            self.inserted.rotate_left(moved as usize % n);
        }
        Ok(self)
    }

    /// The kind of an edit that [`StripEdit::normalised`] gave.
    ///
    /// `in_coding`: whether a stretch is coding sequence of a c. name, where only units of whole codons are named as
    /// repeats. Copies are only looked for above `low`.
    pub(crate) fn shape(&self, strip: &dyn Strip, low: u32, in_coding: impl Fn(u32, u32) -> bool) -> Result<Shape> {
        let (start, end) = (self.start, self.end);
        let inserted = &self.inserted;
        if inserted.is_empty() {
            return Ok(if start == end {
                Shape::Identity(start, end)
            } else {
                Shape::Deletion(start, end)
            });
        }
        if start < end {
            let reference = strip.fetch(start, end)?;
            if let ([a], [b]) = (reference.as_slice(), inserted.as_slice()) {
                return Ok(if a == b {
                    Shape::Identity(start, end)
                } else {
                    Shape::Substitution(start, *a, *b)
                });
            }
            if reference.len() == inserted.len() && reverse_complement(&reference) == *inserted {
                return Ok(Shape::Inversion(start, end));
            }
            return Ok(Shape::DeletionInsertion(start, end, inserted.clone()));
        }
        let n = inserted.len() as u32;
        let copy = |from: u32| -> Result<bool> { Ok(strip.fetch(from, from + n)? == *inserted) };
        if let Some(from) = start.checked_sub(n).filter(|from| *from >= low)
            && copy(from)?
            && !inserted.contains(&b'N')
        {
            return Ok(Shape::Duplication(from, start));
        }
        let unit = unit(inserted);
        let size = unit.len() as u32;
        if unit.len() < inserted.len() {
            let mut from = start;
            while let Some(before) = from.checked_sub(size).filter(|before| *before >= low)
                && strip.fetch(before, from)? == unit
            {
                from = before;
            }
            if from < start && (size.is_multiple_of(3) || !in_coding(from, start)) {
                let count = (start - from + n) / size;
                return Ok(Shape::Repeat(from, start, unit.to_vec(), count));
            }
        }
        Ok(Shape::Insertion(start, inserted.clone()))
    }
}

/// The shortest unit that the bases are copies of.
fn unit(bases: &[u8]) -> &[u8] {
    let n = bases.len();
    if bases.contains(&b'N') {
        return bases;
    }
    (1..n)
        .filter(|size| n.is_multiple_of(*size))
        .find(|size| bases[*size..] == bases[..n - size])
        .map_or(bases, |size| &bases[..size])
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A sequence in memory.
    pub(crate) struct Text(pub(crate) Vec<u8>);

    impl Strip for Text {
        fn fetch(&self, from: u32, to: u32) -> Result<Vec<u8>> {
            Ok(self.0[from as usize..to as usize].to_vec())
        }
        fn length(&self) -> u32 {
            self.0.len() as u32
        }
    }

    fn shape(sequence: &str, start: u32, end: u32, inserted: &str) -> Shape {
        let strip = Text(sequence.bytes().collect());
        let edit = StripEdit {
            start,
            end,
            inserted: inserted.bytes().collect(),
        };
        edit.normalised(&strip, strip.length())
            .unwrap()
            .shape(&strip, 0, |_, _| false)
            .unwrap()
    }

    #[test]
    fn kinds_in_order() {
        let s = "ATCGATCGATCGAGGGTCCC";
        assert_eq!(shape(s, 3, 4, "T"), Shape::Substitution(3, b'G', b'T'));
        assert_eq!(shape(s, 13, 14, ""), Shape::Deletion(15, 16));
        assert_eq!(shape(s, 13, 13, "G"), Shape::Duplication(15, 16));
        assert_eq!(shape(s, 16, 16, "GG"), Shape::Duplication(14, 16));
        assert_eq!(shape("TGA", 2, 2, "GGG"), Shape::Repeat(1, 2, b"G".to_vec(), 4));
        assert_eq!(shape(s, 0, 0, "GG"), Shape::Insertion(0, b"GG".to_vec()));
        // The outer bases of the inverted stretch stay as they are.
        assert_eq!(shape(s, 14, 18, "GACC"), Shape::Inversion(15, 17));
        assert_eq!(shape(s, 1, 3, "TC"), Shape::Identity(3, 3));
        assert_eq!(shape(s, 1, 5, "TAAA"), Shape::DeletionInsertion(2, 4, b"AA".to_vec()));
        // The example of the recommendation on insertions: a copy that is not in tandem is no duplication.
        assert_eq!(
            shape("ATCGATCGATCGATCGAGGGTCCC", 17, 17, "ATCGATCGATCG"),
            Shape::Insertion(17, b"ATCGATCGATCG".to_vec())
        );
    }

    fn apply(sequence: &[u8], shape: &Shape) -> Vec<u8> {
        let (s, e, inserted) = match shape {
            Shape::Identity(s, e) => (*s, *e, sequence[*s as usize..*e as usize].to_vec()),
            Shape::Substitution(s, _, b) => (*s, s + 1, vec![*b]),
            Shape::Deletion(s, e) => (*s, *e, Vec::new()),
            Shape::Inversion(s, e) => (*s, *e, reverse_complement(&sequence[*s as usize..*e as usize])),
            Shape::Duplication(s, e) => (*e, *e, sequence[*s as usize..*e as usize].to_vec()),
            Shape::Insertion(s, bases) => (*s, *s, bases.clone()),
            Shape::DeletionInsertion(s, e, bases) => (*s, *e, bases.clone()),
            Shape::Repeat(s, e, unit, count) => (*s, *e, unit.repeat(*count as usize)),
        };
        [&sequence[..s as usize], &inserted, &sequence[e as usize..]].concat()
    }

    proptest! {
        #[test]
        fn one_allele_has_one_shape(
            sequence in proptest::collection::vec(prop_oneof![Just(b'A'), Just(b'C'), Just(b'G')], 20..60),
            at in 0usize..20, cut in 0usize..6,
            insert in proptest::collection::vec(prop_oneof![Just(b'A'), Just(b'C'), Just(b'T')], 0..7),
        ) {
            let end = (at + cut).min(sequence.len());
            let wanted = [&sequence[..at], &insert, &sequence[end..]].concat();
            let strip = Text(sequence.clone());
            let edit = StripEdit { start: at as u32, end: end as u32, inserted: insert };
            let once = edit.normalised(&strip, strip.length()).unwrap();
            let shape = once.shape(&strip, 0, |_, _| false).unwrap();
            prop_assert_eq!(apply(&sequence, &shape), wanted.clone());
            // The same allele written as the whole sequence: one shape.
            let other = StripEdit { start: 0, end: sequence.len() as u32, inserted: wanted.clone() };
            let again = other.normalised(&strip, strip.length()).unwrap().shape(&strip, 0, |_, _| false).unwrap();
            if wanted == sequence {
                let is_identity = matches!(again, Shape::Identity(..));
                prop_assert!(is_identity);
            } else {
                prop_assert_eq!(again, shape);
            }
        }
    }
}
