//! Bases of the reference for look-ups that mostly move forwards, and the one form of an allele.

use clinotype_genome::{Pos, Reference, Result, VariantKey, normalise::normalise_with};

/// Bases fetched at a time.
const WIDTH: u32 = 1 << 18;

/// A stretch of the reference.
pub(super) struct Window<'a> {
    reference: &'a Reference,
    names: Vec<String>,
    contig: usize,
    start: u32,
    bases: Vec<u8>,
}

/// What the reference says of a REF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Agreement {
    Agrees,
    /// It holds N there.
    Unknown,
    /// Its own bases.
    Differs(Vec<u8>),
}

/// An allele in the one form: left-aligned and trimmed, in upper case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Normal {
    pub(super) position: u32,
    pub(super) reference: Vec<u8>,
    pub(super) alternate: Vec<u8>,
}

impl<'a> Window<'a> {
    pub(super) fn new(reference: &'a Reference) -> Self {
        Self {
            reference,
            names: reference.contigs().iter().map(|c| c.name.clone()).collect(),
            contig: usize::MAX,
            start: 0,
            bases: Vec::new(),
        }
    }

    /// Bases of `start..end` (0-based, half-open), cut at the contig's end.
    pub(super) fn get(&mut self, contig: usize, start: u32, end: u32) -> Result<&[u8]> {
        let there = self.contig == contig
            && start >= self.start
            && u64::from(end) <= u64::from(self.start) + self.bases.len() as u64;
        if !there {
            // A little before it, for alleles that are shifted to the left.
            let from = start.saturating_sub(1 << 12);
            let to = end.max(from.saturating_add(WIDTH));
            self.contig = usize::MAX;
            self.bases = self.reference.fetch(&self.names[contig], from, to)?;
            (self.contig, self.start) = (contig, from);
        }
        let length = self.bases.len();
        let from = ((start - self.start) as usize).min(length);
        let to = ((end - self.start) as usize).min(length);
        Ok(&self.bases[from..to.max(from)])
    }

    /// Compares a REF in upper case at a 1-based position.
    pub(super) fn compare(&mut self, contig: usize, position: u32, reference: &[u8]) -> Result<Agreement> {
        let start = position - 1;
        let end = start.saturating_add(reference.len() as u32);
        let ours = self.get(contig, start, end)?;
        Ok(if ours == reference {
            Agreement::Agrees
        } else if ours.contains(&b'N') {
            Agreement::Unknown
        } else {
            Agreement::Differs(ours.to_vec())
        })
    }

    /// The one form of an allele that agrees with the reference.
    pub(super) fn normal(
        &mut self,
        contig: usize,
        position: u32,
        reference: &[u8],
        alternate: &[u8],
    ) -> Result<Normal> {
        let ends_differ = reference.last() != alternate.last();
        let starts_differ = reference.first() != alternate.first();
        if ends_differ && (starts_differ || reference.len() == 1 || alternate.len() == 1) {
            return Ok(Normal {
                position,
                reference: reference.to_vec(),
                alternate: alternate.to_vec(),
            });
        }
        let text = |bases: &[u8]| String::from_utf8_lossy(bases).into_owned();
        let key = VariantKey {
            contig: self.names[contig].clone(),
            position: Pos::from_zero_based(position - 1),
            reference: text(reference),
            alternate: text(alternate),
        };
        let window = std::cell::RefCell::new(self);
        let key = normalise_with(&key, |_, start, end| {
            window.borrow_mut().get(contig, start, end).map(<[u8]>::to_vec)
        })?;
        Ok(Normal {
            position: key.position.get(),
            reference: key.reference.into_bytes(),
            alternate: key.alternate.into_bytes(),
        })
    }
}
