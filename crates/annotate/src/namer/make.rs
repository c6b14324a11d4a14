//! From a change as a name states it to an edit of its sequence, with everything checked that the name claims.

use super::{Namer, prepare::Prepared, target::Target};
use crate::hgvs::{
    describe::StripEdit,
    name::{Anchor, Bound, Change, Count, Edit, Offset, Piece, Position, Stated, System},
};
use clinotype_genome::sequence::reverse_complement;

/// Longest stretch that a name may insert, invert or repeat.
const LONGEST: u32 = 5_000_000;

/// What a change came to.
#[derive(Clone, Debug)]
pub(super) enum Made {
    /// Bases change, or are stated not to.
    Edit(StripEdit),
    /// Only a stretch is named (0-based, half-open).
    Place(u32, u32),
    /// The whole sequence is said to be as the reference.
    Whole,
}

impl<'a> Namer<'a> {
    /// `system`: the name's letter, or the one that its sequence implies.
    pub(super) fn make(&self, change: &Change, target: &Target<'a>, system: System) -> Result<Made, String> {
        let strip = target.strip();
        let Some(location) = change.location else {
            return match &change.edit {
                Edit::Identity(_) => Ok(Made::Whole),
                _ => Err("the change is not known: no allele can be made of it".to_owned()),
            };
        };
        let (Bound::Exact(first), last) = (location.first, location.last) else {
            return Err(format!(
                "the position {location} is uncertain: no allele can be made of it"
            ));
        };
        let last = match last {
            None => None,
            Some(Bound::Exact(last)) if !location.uncertain => Some(last),
            Some(_) => {
                return Err(format!(
                    "the position {location} is uncertain: no allele can be made of it"
                ));
            }
        };
        if change.uncertain {
            return Err("the change is uncertain: no allele can be made of it".to_owned());
        }
        let start = target.find(first, system)?;
        let end = match last {
            Some(last) => target.find(last, system)? + 1,
            None => start + 1,
        };
        if end <= start {
            return Err(format!("the range {location} runs backwards"));
        }
        let at = || location.to_string();
        let length = end - start;
        let check = |start: u32, end: u32, stated: &Stated, ranged: bool| -> Result<(), String> {
            let claimed = match stated {
                Stated::Nothing => return Ok(()),
                Stated::Bases(bases) => bases.len() as u32,
                Stated::Length(n) => *n,
            };
            if claimed != end - start {
                let one = if ranged { "the range" } else { "the position" };
                return Err(format!(
                    "{one} {location} covers {} bases, the name states {claimed}",
                    end - start
                ));
            }
            if let Stated::Bases(bases) = stated {
                check_bases(
                    strip.fetch(start, end).map_err(|e| e.to_string())?,
                    bases,
                    &location.to_string(),
                )?;
            }
            Ok(())
        };
        let stretch = |start: u32, end: u32| -> Result<Vec<u8>, String> {
            if end - start > LONGEST {
                return Err(format!(
                    "a stretch of {} bases is longer than any that is copied here",
                    end - start
                ));
            }
            strip.fetch(start, end).map_err(|e| e.to_string())
        };
        let edit = |start, end, inserted| Ok(Made::Edit(StripEdit { start, end, inserted }));
        match &change.edit {
            Edit::Substitution { reference, alternate } => {
                let end = if last.is_none() {
                    start + (reference.len() as u32).max(1)
                } else {
                    end
                };
                if end > strip.length() {
                    return Err(format!("{} reaches beyond the sequence", at()));
                }
                if !reference.is_empty() {
                    check(start, end, &Stated::Bases(reference.clone()), last.is_some())?;
                }
                if stretch(start, end)?.contains(&b'N') {
                    return Err(format!(
                        "the reference has no base at {} (N): the name cannot be checked",
                        at()
                    ));
                }
                edit(start, end, alternate.clone().into_bytes())
            }
            Edit::Deletion(stated) => {
                check(start, end, stated, last.is_some())?;
                edit(start, end, Vec::new())
            }
            Edit::Duplication(stated) => {
                check(start, end, stated, last.is_some())?;
                edit(end, end, stretch(start, end)?)
            }
            Edit::Insertion(pieces) => {
                if last.is_none() {
                    return Err(format!(
                        "an insertion lies between two neighbouring positions, as {first}_{}; found {}",
                        next(first),
                        at()
                    ));
                }
                if length != 2 {
                    return Err(format!(
                        "{} are not neighbours: an insertion lies between two neighbouring positions",
                        at()
                    ));
                }
                let bases = self.pieces(pieces, target, system)?;
                if bases.is_empty() {
                    return edit(start, end, stretch(start, end)?);
                }
                edit(start + 1, start + 1, bases)
            }
            Edit::DeletionInsertion(stated, pieces) => {
                check(start, end, stated, last.is_some())?;
                edit(start, end, self.pieces(pieces, target, system)?)
            }
            Edit::Conversion(piece) => edit(start, end, self.pieces(std::slice::from_ref(piece), target, system)?),
            Edit::Inversion(stated) => {
                check(start, end, stated, last.is_some())?;
                edit(start, end, reverse_complement(&stretch(start, end)?))
            }
            Edit::Identity(stated) => {
                let end = match stated {
                    Stated::Bases(bases) if last.is_none() => start + bases.len() as u32,
                    _ => end,
                };
                check(start, end, stated, last.is_some())?;
                edit(start, end, stretch(start, end)?)
            }
            Edit::Copies(Count::Exact(n)) => {
                if length.saturating_mul(*n) > LONGEST {
                    return Err(format!(
                        "{n} copies of {length} bases are more than are written out here"
                    ));
                }
                edit(start, end, stretch(start, end)?.repeat(*n as usize))
            }
            Edit::Repeat(units) => {
                let ours = repeat(units, target, start, last.map(|_| end), &at())?;
                edit(start, ours.0, ours.1)
            }
            Edit::None => Ok(Made::Place(start, end)),
            _ => Err("the change is not known exactly: no allele can be made of it".to_owned()),
        }
    }

    /// The bases of an inserted sequence.
    fn pieces(&self, pieces: &[Piece], target: &Target<'a>, system: System) -> Result<Vec<u8>, String> {
        let mut out = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Bases(bases, None) => out.extend_from_slice(bases.as_bytes()),
                Piece::Bases(bases, Some(Count::Exact(n))) => {
                    if (bases.len() as u32).saturating_mul(*n) > LONGEST {
                        return Err(format!(
                            "{n} copies of {} bases are more than are written out here",
                            bases.len()
                        ));
                    }
                    out.extend(bases.repeat(*n as usize).into_bytes());
                }
                Piece::Bases(..) => {
                    return Err("the inserted sequence is not known exactly: no allele can be made of it".to_owned());
                }
                Piece::Range {
                    reference,
                    system: letter,
                    first,
                    last,
                    inverted,
                } => {
                    let bases = match reference {
                        None => range(target, letter.unwrap_or(system), *first, *last)?,
                        Some(reference) => {
                            let other = self.target(reference, *letter, &mut Vec::new())?;
                            let implied = match &other {
                                Target::Record(_, system) => *system,
                                Target::Transcript(prepared, _) => prepared.system(),
                            };
                            let letter = letter.unwrap_or(implied);
                            if letter == System::Coding && implied != System::Coding {
                                return Err(format!("{reference} has no coding sequence: c. does not belong to it"));
                            }
                            range(&other, letter, *first, *last)?
                        }
                    };
                    out.extend(if *inverted { reverse_complement(&bases) } else { bases });
                }
            }
            if out.len() as u32 > LONGEST {
                return Err("the inserted sequence is longer than any that is written out here".to_owned());
            }
        }
        Ok(out)
    }
}

/// Bases of a range: of the spliced transcript where both its ends are exonic positions of a transcript's name.
fn range(target: &Target<'_>, system: System, first: Position, last: Option<Position>) -> Result<Vec<u8>, String> {
    let start = target.find(first, system)?;
    let end = match last {
        Some(last) => target.find(last, system)? + 1,
        None => start + 1,
    };
    if end <= start {
        return Err("the inserted range runs backwards".to_owned());
    }
    if let Target::Transcript(prepared, _) = target
        && first.offset == Offset::None
        && last.is_none_or(|l| l.offset == Offset::None)
        && let Some(exonic) = exonic(prepared, start, end)?
    {
        return Ok(exonic);
    }
    if end - start > LONGEST {
        return Err("the inserted range is longer than any that is written out here".to_owned());
    }
    target.strip().fetch(start, end).map_err(|e| e.to_string())
}

fn exonic(prepared: &Prepared<'_>, start: u32, end: u32) -> Result<Option<Vec<u8>>, String> {
    let whole = StripEdit {
        start,
        end,
        inserted: Vec::new(),
    };
    let Some(within) = prepared.locus.to_transcript(&whole) else {
        return Ok(None);
    };
    let spliced = prepared.spliced().map_err(|e| e.to_string())?;
    Ok(spliced
        .get(within.start as usize..within.end as usize)
        .map(<[u8]>::to_vec))
}

/// Whether a change is an insertion between the last base of an exon and the first of the next, which are neighbours on
/// the transcript and not on the genome.
pub(super) fn at_junction(change: &Change, prepared: &Prepared<'_>, system: System) -> bool {
    let (Some(location), Edit::Insertion(_)) = (change.location, &change.edit) else {
        return false;
    };
    let (Bound::Exact(first), Some(Bound::Exact(last)), false) = (location.first, location.last, location.uncertain)
    else {
        return false;
    };
    let (Ok(start), Ok(last)) = (prepared.locus.find(first, system), prepared.locus.find(last, system)) else {
        return false;
    };
    let whole = StripEdit {
        start,
        end: last + 1,
        inserted: Vec::new(),
    };
    last > start + 1
        && prepared
            .locus
            .to_transcript(&whole)
            .is_some_and(|t| t.end - t.start == 2)
}

fn check_bases(ours: Vec<u8>, stated: &str, at: &str) -> Result<(), String> {
    let differs = ours
        .iter()
        .zip(stated.bytes())
        .any(|(a, b)| *a != b && *a != b'N' && b != b'N');
    if ours.len() == stated.len() && !differs {
        return Ok(());
    }
    let shown = |text: &str| -> String {
        if text.len() > 30 {
            format!("{}... ({} bases)", &text[..30], text.len())
        } else {
            text.to_owned()
        }
    };
    Err(format!(
        "the reference has {} at {at}, the name says {}",
        shown(&String::from_utf8_lossy(&ours)),
        shown(stated)
    ))
}

/// Where a repeat of the reference ends, and what stands there after the change.
fn repeat(
    units: &[(String, Count)],
    target: &Target<'_>,
    start: u32,
    end: Option<u32>,
    at: &str,
) -> Result<(u32, Vec<u8>), String> {
    let strip = target.strip();
    let fetch = |from: u32, to: u32| strip.fetch(from, to.min(strip.length())).map_err(|e| e.to_string());
    let mut after = Vec::new();
    for (unit, count) in units {
        let Count::Exact(n) = count else {
            return Err("the number of copies is not known exactly: no allele can be made of it".to_owned());
        };
        if (unit.len() as u32).saturating_mul(*n) > LONGEST {
            return Err(format!("{n} copies of {unit} are more than are written out here"));
        }
        after.extend(unit.repeat(*n as usize).into_bytes());
    }
    let [(unit, _)] = units else {
        // A mixed repeat states the whole stretch.
        return match end {
            Some(end) => Ok((end, after)),
            None => Err("a mixed repeat is named with the range it covers".to_owned()),
        };
    };
    let size = unit.len() as u32;
    if let Some(end) = end {
        let ours = fetch(start, end)?;
        let same = |unit_of_ours: &[u8]| {
            unit_of_ours
                .iter()
                .zip(unit.bytes())
                .all(|(a, b)| *a == b || *a == b'N' || b == b'N')
        };
        if !(end - start).is_multiple_of(size) || !ours.chunks(unit.len()).all(same) {
            return Err(format!(
                "the reference has {} at {at}, which is no repeat of {unit}",
                String::from_utf8_lossy(&ours[..ours.len().min(30)])
            ));
        }
        return Ok((end, after));
    }
    let mut to = start;
    while to + size <= strip.length() && fetch(to, to + size)? == unit.as_bytes() {
        to += size;
    }
    if to == start {
        return Err(format!(
            "the reference has {} at {at}, the name says {unit}",
            String::from_utf8_lossy(&fetch(start, start + size)?)
        ));
    }
    Ok((to, after))
}

/// The position after one, for the hint.
fn next(position: Position) -> Position {
    let mut next = position;
    match (&mut next.anchor, &mut next.offset) {
        (_, Offset::Plus(n)) | (Anchor::Star(n), Offset::None) => *n += 1,
        (_, Offset::Minus(n)) if *n > 1 => *n -= 1,
        (_, Offset::Minus(_)) => next.offset = Offset::None,
        (Anchor::Base(n), Offset::None) => *n += if *n == -1 { 2 } else { 1 },
        _ => {}
    }
    next
}
