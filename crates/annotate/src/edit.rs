//! One allele as an edit of the genome: bases `start..end` (0-based, half-open) are replaced by `inserted`.

use clinotype_genome::{Result, Strand, VariantKey, sequence::reverse_complement};

use crate::bases::Bases;

/// A trimmed edit: reference and inserted bases share neither their first nor their last base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    /// 0-based first replaced base; of an insertion the base after it.
    pub(crate) start: u32,
    /// 0-based base after the last replaced one; equals `start` for an insertion.
    pub(crate) end: u32,
    /// The replaced bases, as the genome is written.
    pub(crate) deleted: Vec<u8>,
    /// The new bases, as the genome is written.
    pub(crate) inserted: Vec<u8>,
}

impl Edit {
    /// From a key, with shared bases trimmed at both ends, the end first (so that a left-aligned key stays so).
    pub(crate) fn of(key: &VariantKey) -> Self {
        let (mut reference, mut alternate) = (key.reference.as_bytes(), key.alternate.as_bytes());
        let mut start = key.position.zero_based();
        while let ([.., a], [.., b]) = (reference, alternate)
            && a == b
        {
            reference = &reference[..reference.len() - 1];
            alternate = &alternate[..alternate.len() - 1];
        }
        while let ([a, ..], [b, ..]) = (reference, alternate)
            && a == b
        {
            reference = &reference[1..];
            alternate = &alternate[1..];
            start += 1;
        }
        Self {
            start,
            end: start + reference.len() as u32,
            deleted: reference.to_vec(),
            inserted: alternate.to_vec(),
        }
    }

    /// Whether no base is removed.
    pub(crate) fn is_insertion(&self) -> bool {
        self.deleted.is_empty()
    }

    /// Deleted and inserted bases as a transcript on `strand` reads them.
    pub(crate) fn oriented(&self, strand: Strand) -> (Vec<u8>, Vec<u8>) {
        match strand {
            Strand::Forward => (self.deleted.clone(), self.inserted.clone()),
            Strand::Reverse => (reverse_complement(&self.deleted), reverse_complement(&self.inserted)),
        }
    }

    /// The same allele moved as far 3' on `strand` as the sequence allows, within `low..high` of the contig
    /// (HGVS general recommendations, 3' rule). Only pure deletions and insertions move.
    pub(crate) fn shifted(&self, bases: &dyn Bases, contig: &str, strand: Strand, low: u32, high: u32) -> Result<Self> {
        if self.deleted.is_empty() == self.inserted.is_empty() {
            return Ok(self.clone());
        }
        match strand {
            Strand::Forward => self.right(bases, contig, high),
            Strand::Reverse => self.left(bases, contig, low),
        }
    }

    fn unit(&self) -> &[u8] {
        if self.deleted.is_empty() {
            &self.inserted
        } else {
            &self.deleted
        }
    }

    fn right(&self, bases: &dyn Bases, contig: &str, high: u32) -> Result<Self> {
        let unit = self.unit();
        let mut moved = 0_u32;
        let mut chunk = 32;
        'outer: loop {
            let from = self.end + moved;
            let after = bases.fetch(contig, from, from.saturating_add(chunk).min(high))?;
            if after.is_empty() {
                break;
            }
            for base in &after {
                if unit[moved as usize % unit.len()] != *base || *base == b'N' {
                    break 'outer;
                }
                moved += 1;
            }
            chunk = 512;
        }
        Ok(self.moved(i64::from(moved)))
    }

    fn left(&self, bases: &dyn Bases, contig: &str, low: u32) -> Result<Self> {
        let unit = self.unit();
        let mut moved = 0_u32;
        let mut chunk = 32;
        'outer: loop {
            let to = self.start - moved;
            let before = bases.fetch(contig, to.saturating_sub(chunk).max(low), to)?;
            if before.is_empty() {
                break;
            }
            for base in before.iter().rev() {
                if unit[unit.len() - 1 - moved as usize % unit.len()] != *base || *base == b'N' {
                    break 'outer;
                }
                moved += 1;
            }
            chunk = 512;
        }
        Ok(self.moved(-i64::from(moved)))
    }

    /// Moves a pure deletion or insertion by `by` bases; its bases rotate along.
    pub(crate) fn moved(&self, by: i64) -> Self {
        let mut copy = self.clone();
        let shift = |n: u32| u32::try_from(i64::from(n) + by).unwrap_or(n);
        copy.start = shift(self.start);
        copy.end = shift(self.end);
        let unit = if copy.deleted.is_empty() {
            &mut copy.inserted
        } else {
            &mut copy.deleted
        };
        let length = unit.len() as i64;
        unit.rotate_left(by.rem_euclid(length) as usize);
        copy
    }
}

/// An allele with all its equal placements: a pure insertion or deletion in repeated bases has several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Allele {
    /// The leftmost placement.
    pub(crate) left: Edit,
    /// The rightmost placement.
    pub(crate) right: Edit,
}

impl Allele {
    /// From a left-aligned key.
    pub(crate) fn of(key: &VariantKey, bases: &dyn Bases, contig_length: u32) -> Result<Self> {
        let left = Edit::of(key);
        let right = left.shifted(bases, &key.contig, Strand::Forward, 0, contig_length)?;
        Ok(Self { left, right })
    }

    /// How many placements there are besides the leftmost one.
    pub(crate) const fn steps(&self) -> u32 {
        self.right.start - self.left.start
    }

    /// The placement `step` bases right of the leftmost one.
    pub(crate) fn at(&self, step: u32) -> Edit {
        self.left.moved(i64::from(step))
    }

    /// The step of the placement that a name on a feature `low..high` uses: the most 3' one on `strand` that lies
    /// inside; `None` where none lies inside.
    pub(crate) fn named_step(&self, strand: Strand, low: u32, high: u32) -> Option<u32> {
        // An insertion needs a base of the feature on either side.
        let inner = u32::from(self.left.is_insertion());
        let (first, last) = (low + inner, high.checked_sub(inner)?);
        let from = first.saturating_sub(self.left.start);
        let to = self.steps().min(last.checked_sub(self.left.end)?);
        if from > to {
            return None;
        }
        Some(if strand == Strand::Forward { to } else { from })
    }
}

#[cfg(test)]
mod tests {
    use clinotype_genome::Pos;

    use super::*;
    use crate::bases::testing::Slices;

    #[test]
    fn shifts_both_ways() {
        let slices = Slices::new(vec![("chr1".into(), 0, b"GGGCACACACAGGGTTT".to_vec())]);
        let key = VariantKey::new("chr1", Pos::new(3).unwrap(), "GCA", "G");
        let edit = Edit::of(&key);
        assert_eq!((edit.start, edit.end), (3, 5));
        let right = edit.shifted(&slices, "chr1", Strand::Forward, 0, 17).unwrap();
        assert_eq!((right.start, right.end, right.deleted.as_slice()), (9, 11, &b"CA"[..]));
        let back = right.shifted(&slices, "chr1", Strand::Reverse, 0, 17).unwrap();
        assert_eq!(back, edit);
        let allele = Allele::of(&key, &slices, 17).unwrap();
        assert_eq!((allele.steps(), &allele.right), (6, &right));
        assert_eq!(allele.named_step(Strand::Forward, 0, 10), Some(5));
        assert_eq!(allele.named_step(Strand::Reverse, 5, 17), Some(2));
        assert_eq!(allele.named_step(Strand::Reverse, 9, 10), None);
        let limited = edit.shifted(&slices, "chr1", Strand::Forward, 0, 8).unwrap();
        assert_eq!((limited.start, limited.deleted.as_slice()), (6, &b"AC"[..]));
    }
}
