//! What edits of a spliced transcript do to its protein, as a predicted p. name.

use crate::{
    code::is_near_cognate,
    hgvs::{
        describe::StripEdit,
        protein::{self, Proteins},
    },
    spliced::translate,
    transcripts::Transcript,
};

/// A coding sequence on a spliced transcript.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Coding<'t> {
    /// For its genetic code, selenocysteines, and what its ends lack.
    pub(crate) transcript: &'t Transcript,
    /// Transcript offset of the first coding base.
    pub(crate) start: u32,
    /// Transcript offset after the stop codon.
    pub(crate) end: u32,
}

/// The outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ProteinChange {
    /// Without accession, for example `p.(Arg3Ter)`.
    Named(String),
    /// The consequence cannot be told: `p.?`.
    Unknown,
}

impl Coding<'_> {
    /// The protein of a spliced sequence, up to and with its first stop.
    pub(crate) fn protein(&self, spliced: &[u8]) -> Vec<u8> {
        spliced
            .get(self.start as usize..(self.end as usize).min(spliced.len()))
            .map(|coding| translate(self.transcript, coding, |codon| codon))
            .unwrap_or_default()
    }

    /// The name of the protein that edits make. `edits`: sorted, not overlapping.
    pub(crate) fn change(&self, spliced: &[u8], edits: &[StripEdit]) -> ProteinChange {
        let Some((first, last)) = edits.first().zip(edits.last()) else {
            return ProteinChange::Named("p.(=)".to_owned());
        };
        let touches = |e: &&StripEdit| {
            // An insertion right before the first or right after the last coding base leaves the coding sequence as it is.
            e.start < self.end && e.end > self.start && (e.start < e.end || e.start > self.start)
        };
        let (Some(inner), Some(outer)) = (edits.iter().find(touches), edits.iter().rev().find(touches)) else {
            return ProteinChange::Named("p.(=)".to_owned());
        };
        // Without its first codons the residues have no numbers.
        if last.end as usize > spliced.len() || !self.transcript.phase.is_multiple_of(3) {
            return ProteinChange::Unknown;
        }
        let reference = self.protein(spliced);
        let edited = apply(spliced, edits);
        let delta = |e: &StripEdit| e.inserted.len() as i64 - i64::from(e.end - e.start);
        let total: i64 = edits.iter().filter(|e| touches(e)).map(delta).sum();
        let ahead: i64 = edits
            .iter()
            .filter(|e| e.end <= self.start && !touches(e))
            .map(delta)
            .sum();
        let padding = self.transcript.padding();
        let codon = |offset: u32| (offset.clamp(self.start, self.end) - self.start + padding) / 3;
        let from = codon(inner.start);
        let to = if inner.start == outer.end && (inner.start - self.start + padding).is_multiple_of(3) {
            from
        } else {
            let end = outer.end.max(inner.start + 1).clamp(self.start, self.end) - self.start + padding;
            end.div_ceil(3)
        };
        // The genome's frame may be closed before this place.
        if from as usize >= reference.len() || reference.get(from as usize) == Some(&b'X') {
            return ProteinChange::Unknown;
        }
        let Some(start) = self.start_after(spliced, &edited, first, inner, ahead, total) else {
            return ProteinChange::Unknown;
        };
        let gained = total.div_euclid(3);
        let origin = |codon: u32| {
            if codon < from {
                codon
            } else {
                u32::try_from(i64::from(codon) - gained).unwrap_or(0)
            }
        };
        // A coding sequence whose end is not known is read no further than it goes.
        let end = if reference.last() == Some(&b'*') {
            edited.len()
        } else {
            usize::try_from(i64::from(self.end) + ahead + total).unwrap_or(0)
        };
        let Some(coding) = edited.get(start..end.min(edited.len())) else {
            return ProteinChange::Unknown;
        };
        let alternate = translate(self.transcript, coding, origin);
        if edits.iter().any(|e| e.inserted.contains(&b'N')) && alternate.contains(&b'X') {
            return ProteinChange::Unknown;
        }
        protein::name(&Proteins {
            reference: &reference,
            alternate: &alternate,
            frameshift: total % 3 != 0,
            codons_gained: gained,
            window: (from as usize, to as usize),
        })
        .map_or(ProteinChange::Unknown, ProteinChange::Named)
    }

    /// Where translation starts in the edited sequence; `None` where the start codon is lost.
    fn start_after(
        &self,
        spliced: &[u8],
        edited: &[u8],
        first: &StripEdit,
        inner: &StripEdit,
        ahead: i64,
        total: i64,
    ) -> Option<usize> {
        let start = usize::try_from(i64::from(self.start) + ahead).ok()?;
        if !self.transcript.has_start {
            // The first codon is no start codon; a change before it is nothing to this protein.
            return (inner.start >= self.start).then_some(start);
        }
        if inner.start >= self.start + 3 {
            return Some(start);
        }
        let codon = spliced.get(self.start as usize..self.start as usize + 3)?;
        let reads = |at: usize| edited.get(at..at + 3) == Some(codon);
        if inner.start >= self.start && reads(start) {
            return Some(start);
        }
        // A change that begins before the start codon may leave it whole further on.
        let shifted = usize::try_from(start as i64 + total).ok()?;
        let whole = first.start < self.start && inner.end <= self.start + 3 && reads(shifted);
        let kind = self.transcript.code.is_start(codon) || is_near_cognate(codon);
        (whole && kind).then_some(shifted)
    }
}

/// The sequence with its edits (sorted, not overlapping).
fn apply(sequence: &[u8], edits: &[StripEdit]) -> Vec<u8> {
    let mut out = Vec::with_capacity(sequence.len() + edits.iter().map(|e| e.inserted.len()).sum::<usize>());
    let mut at = 0_usize;
    for edit in edits {
        out.extend_from_slice(&sequence[at.min(edit.start as usize)..edit.start as usize]);
        out.extend_from_slice(&edit.inserted);
        at = edit.end as usize;
    }
    out.extend_from_slice(&sequence[at.min(sequence.len())..]);
    out
}
