//! Which alleles of one haplotype of a transcript are read together.

use clinotype_genome::Result;

use crate::{
    consequence::coding::{self, TranscriptEdit},
    spliced::Spliced,
    transcripts::Transcript,
};

/// A group has no more alleles than this; a person's never has.
const LARGEST: usize = 50;

type Placed<'a> = &'a (usize, TranscriptEdit);

/// Codons (0-based, half-open) that a change touches; an insertion between two codons touches both.
fn window(change: &TranscriptEdit, t: &Transcript) -> (u32, u32) {
    let (start, padding) = (t.coding.map_or(0, |c| c.start), t.padding());
    let place = |offset: u32| offset.max(start) - start + padding;
    let (from, to) = (place(change.start), place(change.end));
    if from == to && from.is_multiple_of(3) {
        return ((from / 3).saturating_sub(1), from / 3 + 1);
    }
    (from / 3, to.max(from + 1).div_ceil(3))
}

/// Whether a change touches the coding sequence.
pub(super) fn codes(change: &TranscriptEdit, t: &Transcript) -> bool {
    t.coding.is_some_and(|coding| {
        if change.start == change.end {
            coding.start < change.start && change.start < coding.end
        } else {
            change.start < coding.end && coding.start < change.end
        }
    })
}

/// Groups of two or more, each in transcript order. Two changes of the same bases cannot stand on one copy; the second
/// is left out.
pub(super) fn groups<'a, 's>(
    placed: &[Placed<'a>],
    t: &Transcript,
    spliced: &impl Fn() -> Result<&'s Spliced>,
) -> Result<Vec<Vec<Placed<'a>>>> {
    let mut sorted = placed.to_vec();
    sorted.sort_by_key(|(i, change)| (change.start, change.end, *i));
    let mut done: Vec<Vec<Placed<'a>>> = Vec::new();
    let mut current: Vec<Placed<'a>> = Vec::new();
    for next in sorted {
        let Some(last) = current.last() else {
            current.push(next);
            continue;
        };
        let (last, change) = (&last.1, &next.1);
        let same_gap = last.start == last.end && change.start == change.end && last.start == change.start;
        if change.start < last.end || same_gap {
            continue;
        }
        let together = current.len() < LARGEST
            && (window(change, t).0 < window(last, t).1 || read_out_of_frame(&current, change, t, spliced)?);
        if together {
            current.push(next);
        } else {
            done.push(std::mem::replace(&mut current, vec![next]));
        }
    }
    done.push(current);
    done.retain(|group| group.len() > 1);
    Ok(done)
}

/// Whether the changes so far leave the frame shifted, and the next one lies before the stop of that frame.
fn read_out_of_frame<'s>(
    current: &[Placed<'_>],
    next: &TranscriptEdit,
    t: &Transcript,
    spliced: &impl Fn() -> Result<&'s Spliced>,
) -> Result<bool> {
    let delta: i64 = current.iter().map(|(_, change)| change.delta()).sum();
    if delta % 3 == 0 {
        return Ok(false);
    }
    let spliced = spliced()?;
    let changes: Vec<&TranscriptEdit> = current.iter().map(|(_, change)| change).collect();
    let merged = TranscriptEdit::merged(&changes, &spliced.bases);
    let effect = coding::effect(&merged, t, spliced);
    Ok(match (effect.alternate, effect.stop_end) {
        (Some(_), Some(end)) => i64::from(next.start) < end,
        // No stop before the transcript's end: all that follows is read so.
        (Some(_), None) => true,
        (None, _) => false,
    })
}
