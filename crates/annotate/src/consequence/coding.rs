//! What a change inside one exon does to the protein: the edited transcript is rebuilt and translated, the proteins
//! are compared, and only then are terms assigned.

use super::terms::{Term, Terms};
use crate::{
    edit::Edit,
    hgvs::protein::{self, Proteins},
    spliced::{Spliced, translate},
    transcripts::Transcript,
};
use clinotype_genome::Strand;

/// A change in transcript offsets (0-based, half-open), bases in the transcript's orientation.
#[derive(Clone, Debug)]
pub(crate) struct TranscriptEdit {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) inserted: Vec<u8>,
}

impl TranscriptEdit {
    /// `None` unless every changed base lies in one exon. An insertion between an exon's last base and its intron is
    /// taken as exonic: donor and acceptor stay next to it as they were.
    pub(crate) fn of(edit: &Edit, t: &Transcript) -> Option<Self> {
        let probe = if edit.is_insertion() && edit.start == t.span().end {
            return None;
        } else {
            edit.start
        };
        let index = t.exon_at_or_before(probe)?;
        // The exon itself, or (for an insertion that touches the next exon's near edge) a neighbour.
        let (i, exon) = [Some(index), index.checked_sub(1), Some(index + 1)]
            .into_iter()
            .flatten()
            .filter_map(|i| t.exons.get(i).map(|e| (i, *e)))
            .find(|(_, e)| e.start <= edit.start && edit.end <= e.end)?;
        let offset = t.offsets[i];
        let (start, end) = match t.strand {
            Strand::Forward => (offset + edit.start - exon.start, offset + edit.end - exon.start),
            Strand::Reverse => (offset + exon.end - edit.end, offset + exon.end - edit.start),
        };
        Some(Self {
            start,
            end,
            inserted: edit.oriented(t.strand).1,
        })
    }

    /// Several changes of one copy, in transcript order and apart, as one: the bases between them are the reference's.
    /// What the result shares with the reference at its ends is cut off, the end first.
    pub(crate) fn merged(changes: &[&Self], reference: &[u8]) -> Self {
        let (mut start, mut end) = (
            changes.first().map_or(0, |c| c.start),
            changes.last().map_or(0, |c| c.end),
        );
        let mut inserted = Vec::new();
        let mut at = start;
        for change in changes {
            inserted.extend_from_slice(&reference[at as usize..change.start as usize]);
            inserted.extend_from_slice(&change.inserted);
            at = change.end;
        }
        while end > start && inserted.last() == Some(&reference[end as usize - 1]) {
            inserted.pop();
            end -= 1;
        }
        let same = inserted
            .iter()
            .zip(&reference[start as usize..end as usize])
            .take_while(|(a, b)| a == b)
            .count();
        inserted.drain(..same);
        start += same as u32;
        Self { start, end, inserted }
    }

    /// Bases gained (negative: lost).
    pub(crate) fn delta(&self) -> i64 {
        self.inserted.len() as i64 - i64::from(self.end - self.start)
    }

    /// The edited transcript.
    pub(crate) fn apply(&self, bases: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bases.len() + self.inserted.len());
        out.extend_from_slice(&bases[..self.start as usize]);
        out.extend_from_slice(&self.inserted);
        out.extend_from_slice(&bases[self.end as usize..]);
        out
    }
}

/// The outcome for one coding transcript.
#[derive(Clone, Debug, Default)]
pub(crate) struct CodingEffect {
    pub(crate) terms: Terms,
    /// `p.` name without accession.
    pub(crate) hgvs_p: Option<String>,
    /// Codons touched (0-based, half-open; empty for an insertion between codons); `None` outside the coding sequence.
    pub(crate) window: Option<(u32, u32)>,
    /// As VEP prints them, for example `E/K`.
    pub(crate) amino_acids: Option<String>,
    /// As VEP prints them, for example `gAa/gTa`.
    pub(crate) codons: Option<String>,
    /// Protein of the edited transcript, up to and with its first stop; `None` where start is lost or bases unknown.
    pub(crate) alternate: Option<Vec<u8>>,
    /// Codon (0-based) of the first residue that differs.
    pub(crate) first_changed: Option<u32>,
    /// Offset of the edited transcript's first stop codon: base after its last, counted as if the edited bases had the
    /// reference's offsets from the 3' end (so that exon junctions keep theirs).
    pub(crate) stop_end: Option<i64>,
    /// Next in-frame Met of the reference protein (1-based codon), where the start is lost.
    pub(crate) next_met: Option<u32>,
}

/// Rebuilds, translates, compares, names.
pub(crate) fn effect(change: &TranscriptEdit, t: &Transcript, spliced: &Spliced) -> CodingEffect {
    let mut out = CodingEffect::default();
    let Some(coding) = t.coding else { return out };
    let (a, b) = (change.start, change.end);
    if a >= coding.end {
        out.terms.add(Term::ThreePrimeUtr);
        return out;
    }
    if b <= coding.start {
        out.terms.add(Term::FivePrimeUtr);
        return out;
    }
    let (before, after) = (a < coding.start, b > coding.end);
    out.terms.add_if(before, Term::FivePrimeUtr);
    out.terms.add_if(after, Term::ThreePrimeUtr);
    let padding = t.padding();
    let from = a.max(coding.start) - coding.start + padding;
    let to = b.min(coding.end) - coding.start + padding;
    let first = from / 3;
    let last = if a == b && from.is_multiple_of(3) {
        first
    } else {
        to.max(from + 1).div_ceil(3)
    };
    out.window = Some((first, last));
    let delta = change.delta();
    let edited = change.apply(&spliced.bases);
    let reference = &spliced.protein;
    let inside = !before && !after;
    if inside {
        codons(&mut out, change, t, spliced, &edited, (first, last));
    }
    let unknown = change.inserted.contains(&b'N') || spliced.bases[a as usize..b as usize].contains(&b'N');
    if unknown || reference.is_empty() {
        out.terms.add(Term::CodingSequence);
        return out;
    }
    if spliced.stops_early(t) && first as usize >= reference.len() {
        // The genome's frame is closed before this place: no protein change can be derived from it.
        out.terms.add(Term::CodingSequence);
        return out;
    }
    let start = match start_codon(change, t, spliced, &edited) {
        Start::Untouched => coding.start,
        Start::Retained(at) => {
            out.terms.add(Term::StartRetained);
            at
        }
        Start::Lost => {
            out.terms.add(Term::StartLost);
            out.terms.add_if(inside && delta % 3 != 0, Term::Frameshift);
            // The whole coding sequence is gone.
            let stop = reference.last() == Some(&b'*');
            out.terms
                .add_if(after && stop && last as usize >= reference.len(), Term::StopLost);
            out.hgvs_p = Some("p.(Met1?)".to_owned());
            out.next_met = reference
                .iter()
                .skip(1)
                .position(|aa| *aa == b'M')
                .map(|i| i as u32 + 2);
            return out;
        }
    };
    let shift = delta.div_euclid(3);
    let alternate = alternate_protein(t, spliced, &edited, start, delta, (first, last), inside);
    let frameshift = delta % 3 != 0;
    terms(
        &mut out,
        t,
        reference,
        &alternate,
        Frame {
            delta,
            pure: a == b || change.inserted.is_empty(),
            inside,
            window: (first, last),
        },
    );
    let same = reference.iter().zip(&alternate).take_while(|(x, y)| x == y).count();
    if same < reference.len() || same < alternate.len() {
        out.first_changed = Some(same as u32);
    }
    out.hgvs_p = protein::name(&Proteins {
        reference,
        alternate: &alternate,
        frameshift,
        codons_gained: shift,
        window: (first as usize, last as usize),
    });
    if alternate.last() == Some(&b'*') {
        let end = i64::from(start) - i64::from(padding) + alternate.len() as i64 * 3;
        out.stop_end = Some(end - delta);
    }
    out.alternate = Some(alternate);
    out
}

/// Protein of the edited transcript, up to and with its first stop.
///
/// Codons before the changed ones are the reference's; those after it too where the frame is kept, so that a change of
/// one codon costs one codon.
fn alternate_protein(
    t: &Transcript,
    spliced: &Spliced,
    edited: &[u8],
    start: u32,
    delta: i64,
    (first, last): (u32, u32),
    inside: bool,
) -> Vec<u8> {
    let gained = delta.div_euclid(3);
    let origin = |codon: u32| {
        if codon < first {
            codon
        } else {
            u32::try_from(i64::from(codon) - gained).unwrap_or(0)
        }
    };
    let reference = &spliced.protein;
    let coding_start = t.coding.map_or(start, |c| c.start);
    let simple = first >= 1
        && (first as usize) < reference.len()
        && t.padding() == 0
        && start == coding_start
        && t.selenocysteine.is_empty();
    if !simple {
        return translate(t, &edited[start as usize..], origin);
    }
    let mut protein = Vec::with_capacity(reference.len() + 8);
    protein.extend_from_slice(&reference[..first as usize]);
    let from = (start + first * 3) as usize;
    let window = ((i64::from(last - first) + gained).max(0) as usize * 3).min(edited.len() - from);
    let keeps_frame = inside && delta % 3 == 0 && (last as usize) < reference.len();
    let to = if keeps_frame { from + window } else { edited.len() };
    for codon in edited[from..to].chunks_exact(3) {
        let amino_acid = t.code.amino_acid(codon);
        protein.push(amino_acid);
        if amino_acid == b'*' {
            return protein;
        }
    }
    if keeps_frame {
        protein.extend_from_slice(&reference[last as usize..]);
    }
    protein
}

enum Start {
    Untouched,
    /// A start codon in the same frame stands there still; transcript offset of it in the edited sequence.
    Retained(u32),
    Lost,
}

fn start_codon(change: &TranscriptEdit, t: &Transcript, spliced: &Spliced, edited: &[u8]) -> Start {
    let Some(coding) = t.coding else {
        return Start::Untouched;
    };
    let (a, b) = (change.start, change.end);
    if !t.has_start || a >= coding.start + 3 {
        return Start::Untouched;
    }
    let at = |offset: u32| edited.get(offset as usize..offset as usize + 3);
    let known = &spliced.bases[coding.start as usize..(coding.start as usize + 3).min(spliced.bases.len())];
    let starts = |codon: Option<&[u8]>| codon.is_some_and(|c| c == known || t.code.is_start(c));
    if a >= coding.start && starts(at(coding.start)) {
        return Start::Retained(coding.start);
    }
    let moved = i64::from(coding.start) + change.delta();
    if b <= coding.start + 3
        && let Ok(moved) = u32::try_from(moved)
        && starts(at(moved))
    {
        return Start::Retained(moved);
    }
    Start::Lost
}

struct Frame {
    delta: i64,
    /// Bases were only added or only removed.
    pure: bool,
    inside: bool,
    window: (u32, u32),
}

fn terms(out: &mut CodingEffect, t: &Transcript, reference: &[u8], alternate: &[u8], frame: Frame) {
    let (first, last) = (frame.window.0 as usize, frame.window.1 as usize);
    let stop = (reference.last() == Some(&b'*')).then(|| reference.len() - 1);
    let same = reference.iter().zip(alternate).take_while(|(x, y)| x == y).count();
    let unchanged = same == reference.len() && same == alternate.len();
    let touches_stop = stop.is_some_and(|s| last > s);
    let terms = &mut out.terms;
    if !frame.inside {
        if touches_stop {
            terms.add(if unchanged { Term::StopRetained } else { Term::StopLost });
        } else if !terms.has(Term::StartRetained) {
            terms.add(Term::CodingSequence);
        }
        return;
    }
    // What becomes of a codon whose last bases are not annotated cannot be told.
    let total = (t.coding_length() + t.padding()) as usize;
    if !total.is_multiple_of(3) && first >= total / 3 {
        terms.add(Term::IncompleteTerminalCodon);
        terms.add(Term::CodingSequence);
        return;
    }
    if frame.delta % 3 != 0 {
        if unchanged {
            // At a start or stop codon, and where the shifted bases before the stop happen to spell the same residues.
            if touches_stop {
                terms.add(Term::StopRetained);
            } else if !terms.has(Term::StartRetained) {
                terms.add(Term::Synonymous);
            }
            return;
        }
        terms.add(Term::Frameshift);
        // As VEP: a stop among the whole codons that the changed bases themselves make up.
        let codons = ((last - first) as i64 * 3 + frame.delta).max(0) as usize / 3;
        let window = alternate
            .get(first..(first + codons).min(alternate.len()))
            .unwrap_or_default();
        let stops = window.contains(&b'*');
        if stop == Some(same) || touches_stop && !stops {
            terms.add(Term::StopLost);
        } else {
            terms.add_if(stops && !touches_stop, Term::StopGained);
        }
        return;
    }
    if unchanged {
        if touches_stop {
            terms.add(Term::StopRetained);
        } else if !terms.has(Term::StartRetained) {
            terms.add(Term::Synonymous);
        }
        return;
    }
    let reference_window = &reference[first.min(reference.len())..last.min(reference.len())];
    let length = ((last - first) as i64 + frame.delta / 3).max(0) as usize;
    let alternate_window = &alternate[first.min(alternate.len())..(first + length).min(alternate.len())];
    let length_changes = frame.delta != 0;
    let stops_at = alternate_window.iter().position(|a| *a == b'*').map(|at| first + at);
    if touches_stop {
        if !length_changes && stops_at < stop && stops_at.is_some() {
            // The stop's codon is among those replaced, and one before it is a stop now.
            terms.add(Term::StopGained);
        } else if stops_at.is_some() {
            terms.add(Term::StopRetained);
            terms.add_if(!length_changes, Term::Missense);
        } else {
            terms.add(Term::StopLost);
        }
    } else if stops_at.is_some() {
        terms.add(Term::StopGained);
    } else if !length_changes {
        terms.add(Term::Missense);
    }
    if frame.delta != 0 && !terms.has(Term::StopLost) {
        let (shorter, longer) = if frame.delta > 0 {
            (reference_window, alternate_window)
        } else {
            (alternate_window, reference_window)
        };
        let plain = frame.pure
            || longer.starts_with(shorter)
            || longer.ends_with(shorter)
            || terms.has(Term::StopGained)
            || terms.has(Term::StopRetained);
        terms.add(match (plain, frame.delta > 0) {
            (true, true) => Term::InframeInsertion,
            (true, false) => Term::InframeDeletion,
            (false, _) => Term::ProteinAltering,
        });
    }
}

/// Codon and residue strings in VEP's style: changed bases in upper case, `-` for nothing, `X` for a broken codon.
fn codons(
    out: &mut CodingEffect,
    change: &TranscriptEdit,
    t: &Transcript,
    spliced: &Spliced,
    edited: &[u8],
    (first, last): (u32, u32),
) {
    let Some(coding) = t.coding else { return };
    let padding = t.padding();
    let offset = |codon: u32| i64::from(coding.start) + i64::from(codon) * 3 - i64::from(padding);
    let low = offset(first).max(i64::from(coding.start)) as u32;
    let high = offset(last).min(i64::from(coding.end)) as u32;
    let alternate_high = u32::try_from(i64::from(high) + change.delta()).unwrap_or(0);
    let (reference, alternate) = (
        &spliced.bases[low as usize..high.max(low) as usize],
        &edited[low as usize..(alternate_high.max(low) as usize).min(edited.len())],
    );
    let text = |bases: &[u8], from: u32, to: u32| -> String {
        if bases.is_empty() {
            return "-".to_owned();
        }
        bases
            .iter()
            .zip(low..)
            .map(|(b, at)| {
                char::from(if from <= at && at < to {
                    *b
                } else {
                    b.to_ascii_lowercase()
                })
            })
            .collect()
    };
    let inserted_end = change.start + change.inserted.len() as u32;
    // A kilobase of codons in every line helps nobody.
    if reference.len().max(alternate.len()) <= 3000 {
        out.codons = Some(format!(
            "{}/{}",
            text(reference, change.start, change.end),
            text(alternate, change.start, inserted_end)
        ));
    }
    let residues = |bases: &[u8], edited_codons: bool| -> String {
        if bases.is_empty() {
            return "-".to_owned();
        }
        let mut residues = if edited_codons {
            t.code.translate(bases)
        } else {
            spliced
                .protein
                .get(first as usize..(last as usize).min(spliced.protein.len()))
                .unwrap_or_default()
                .to_vec()
        };
        if !bases.len().is_multiple_of(3) && edited_codons {
            residues.push(b'X');
        }
        String::from_utf8_lossy(&residues).into_owned()
    };
    let (before, after) = (residues(reference, false), residues(alternate, true));
    if before.len().max(after.len()) <= 1000 {
        out.amino_acids = Some(if before == after {
            before
        } else {
            format!("{before}/{after}")
        });
    }
}
