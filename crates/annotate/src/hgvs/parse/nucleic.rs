//! g., o., m., c., n. and r. descriptions.

use super::{
    super::name::{
        Anchor, Bound, Change, Count, Edit, Location, Nucleic, Offset, Phase, Piece, Position, Stated, System,
    },
    NameError,
    cursor::Cursor,
};

/// Everything after the colon.
pub(super) fn nucleic(cursor: &mut Cursor<'_>) -> Result<Nucleic, NameError> {
    let system = match (cursor.peek(), cursor.peek_at(1)) {
        (Some(letter), Some(b'.')) => {
            let Some(system) = System::of(letter) else {
                return Err(cursor.expected("one of g. o. m. c. n. r. p."));
            };
            cursor.advance(2);
            Some(system)
        }
        // A bare position, in brackets or not: the caller finds the system from the sequence.
        (Some(b'0'..=b'9' | b'-' | b'*' | b'('), _) | (Some(b'['), Some(b'0'..=b'9' | b'-' | b'*' | b'(')) => None,
        _ => return Err(cursor.expected("one of g. o. m. c. n. r. p.")),
    };
    // `r.(76a>u)`: the whole is predicted. `c.(4_6)del`: only the position is in parentheses.
    let mut predicted = false;
    if system == Some(System::Rna) && cursor.peek() == Some(b'(') {
        let mut trial = cursor.clone();
        trial.advance(1);
        let inner = super::groups(&mut trial, &mut |c| change(c, system));
        if let Ok((groups, phase)) = inner
            && trial.rest() == b")"
            && groups.iter().flatten().all(|c| !matches!(c.edit, Edit::None))
        {
            trial.advance(1);
            *cursor = trial;
            predicted = true;
            return Ok(Nucleic {
                system,
                predicted,
                groups,
                phase,
            });
        }
    }
    let (groups, phase) = super::groups(cursor, &mut |c| change(c, system))?;
    if phase == Phase::Cis && groups.len() > 1 {
        return Err(cursor.error("alleles are written [a];[b] or [a;b]"));
    }
    Ok(Nucleic {
        system,
        predicted,
        groups,
        phase,
    })
}

fn change(cursor: &mut Cursor<'_>, system: Option<System>) -> Result<Change, NameError> {
    let whole = |edit| {
        Ok(Change {
            location: None,
            edit,
            uncertain: false,
        })
    };
    let last = |ahead: usize| matches!(cursor.peek_at(ahead), None | Some(b')' | b']' | b';'));
    match cursor.peek() {
        Some(b'=') if last(1) => {
            cursor.advance(1);
            return whole(Edit::Identity(Stated::Nothing));
        }
        Some(b'?') if last(1) => {
            cursor.advance(1);
            return whole(Edit::Unknown);
        }
        Some(b'0') if last(1) && system == Some(System::Rna) => {
            cursor.advance(1);
            return whole(Edit::Absent);
        }
        _ => {}
    }
    if system == Some(System::Rna) && cursor.take_all(b"spl") {
        let uncertain = cursor.take(b'?');
        return whole(Edit::Splice(uncertain));
    }
    let location = location(cursor, system)?;
    let rna = system == Some(System::Rna);
    let is_parenthesised = cursor.peek() == Some(b'(') && cursor.peek_at(1) != Some(b';');
    let edit = if is_parenthesised {
        cursor.advance(1);
        let edit = edit(cursor, rna)?;
        cursor.expect(b')', "')' after the uncertain change")?;
        edit
    } else {
        edit(cursor, rna)?
    };
    Ok(Change {
        location: Some(location),
        edit,
        uncertain: is_parenthesised,
    })
}

fn location(cursor: &mut Cursor<'_>, system: Option<System>) -> Result<Location, NameError> {
    let start = cursor.position();
    let first = bound(cursor, system)?;
    if cursor.take(b'_') {
        let last = bound(cursor, system)?;
        return Ok(Location {
            first,
            last: Some(last),
            uncertain: false,
        });
    }
    if cursor.peek() == Some(b'-') && system.is_none_or(System::is_genomic) {
        return Err(cursor.error("a range is written with '_'"));
    }
    Ok(match first {
        // `(4_246)` alone: one place somewhere in the range.
        Bound::Between(a, b) => Location {
            first: Bound::Exact(a),
            last: Some(Bound::Exact(b)),
            uncertain: true,
        },
        Bound::Exact(Position {
            anchor: Anchor::Unknown,
            ..
        }) if cursor.is_done() => return Err(cursor.at(start).expected("a position")),
        Bound::Exact(_) => Location {
            first,
            last: None,
            uncertain: false,
        },
    })
}

fn bound(cursor: &mut Cursor<'_>, system: Option<System>) -> Result<Bound, NameError> {
    if !cursor.take(b'(') {
        return Ok(Bound::Exact(position(cursor, system)?));
    }
    let first = position(cursor, system)?;
    cursor.expect(b'_', "'_' and the other end of the uncertain position")?;
    let last = position(cursor, system)?;
    cursor.expect(b')', "')' after the uncertain position")?;
    Ok(Bound::Between(first, last))
}

pub(super) fn position(cursor: &mut Cursor<'_>, system: Option<System>) -> Result<Position, NameError> {
    let start = cursor.position();
    let genomic = system.is_some_and(System::is_genomic);
    let no_sign = |cursor: &Cursor<'_>, what: &str| {
        let letter = system.map_or('g', System::letter);
        Err(cursor.at(start).error(format!(
            "{what} does not belong in {letter}. positions, which count from 1"
        )))
    };
    let anchor = match cursor.peek() {
        Some(b'?') => {
            cursor.advance(1);
            Anchor::Unknown
        }
        Some(b'*') => {
            if genomic || system == Some(System::NonCoding) {
                return no_sign(cursor, "'*'");
            }
            cursor.advance(1);
            Anchor::Star(cursor.number("a position after '*'")?)
        }
        Some(b'-') => {
            if genomic || system == Some(System::NonCoding) {
                return no_sign(cursor, "'-'");
            }
            cursor.advance(1);
            Anchor::Base(-i64::from(cursor.number("a position after '-'")?))
        }
        Some(b'p') if cursor.take_all(b"pter") => Anchor::Pter,
        Some(b'q') if cursor.take_all(b"qter") => Anchor::Qter,
        _ => Anchor::Base(i64::from(cursor.number("a position")?)),
    };
    let signed = |cursor: &Cursor<'_>, sign| {
        cursor.peek() == Some(sign) && cursor.peek_at(1).is_some_and(|b| b.is_ascii_digit() || b == b'?')
    };
    let offset = if signed(cursor, b'+') || signed(cursor, b'-') {
        if genomic {
            return Err(cursor.error(if cursor.peek() == Some(b'-') {
                "a range is written with '_'; g. positions have no offset"
            } else {
                "g. positions have no offset"
            }));
        }
        let plus = cursor.peek() == Some(b'+');
        cursor.advance(1);
        if cursor.take(b'?') {
            if plus {
                Offset::PlusUnknown
            } else {
                Offset::MinusUnknown
            }
        } else {
            let n = cursor.number("an offset")?;
            if plus { Offset::Plus(n) } else { Offset::Minus(n) }
        }
    } else {
        Offset::None
    };
    Ok(Position { anchor, offset })
}

/// IUPAC bases as upper-case DNA; the alphabet of the other nucleic acid is refused.
fn bases(cursor: &mut Cursor<'_>, rna: bool) -> Result<String, NameError> {
    let start = cursor.position();
    let found = cursor.run(|b| {
        matches!(
            b.to_ascii_uppercase(),
            b'A' | b'C'
                | b'G'
                | b'T'
                | b'U'
                | b'N'
                | b'R'
                | b'Y'
                | b'K'
                | b'M'
                | b'S'
                | b'W'
                | b'B'
                | b'D'
                | b'H'
                | b'V'
        )
    });
    // `dup`, `del` begin with letters that are bases too: they are never read from here, but `inv` after `V` is.
    for (i, base) in found.bytes().enumerate() {
        let wrong = if rna { b'T' } else { b'U' };
        if base.to_ascii_uppercase() == wrong {
            return Err(cursor.at(start + i).error(if rna {
                "'t' is DNA; r. names are written with 'u'"
            } else {
                "'u' is RNA; DNA is written with 'T'"
            }));
        }
    }
    Ok(found.to_ascii_uppercase().replace('U', "T"))
}

fn stated(cursor: &mut Cursor<'_>, rna: bool) -> Result<Stated, NameError> {
    if cursor.peek().is_some_and(|b| b.is_ascii_digit()) {
        return Ok(Stated::Length(cursor.count("a length")?));
    }
    let found = bases(cursor, rna)?;
    Ok(if found.is_empty() {
        Stated::Nothing
    } else {
        Stated::Bases(found)
    })
}

fn edit(cursor: &mut Cursor<'_>, rna: bool) -> Result<Edit, NameError> {
    if cursor.take_all(b"delins") {
        return Ok(Edit::DeletionInsertion(Stated::Nothing, inserted(cursor, rna)?));
    }
    if cursor.take_all(b"del") {
        let what = stated(cursor, rna)?;
        if matches!(what, Stated::Bases(_) | Stated::Length(_))
            && cursor.peek() == Some(b'[')
            && matches!(&what, Stated::Bases(b) if b == "N")
        {
            let Count::Exact(n) = count(cursor)? else {
                return Err(cursor.error("a deletion of unknown length is not read"));
            };
            return Ok(Edit::Deletion(Stated::Length(n)));
        }
        if cursor.take_all(b"ins") {
            return Ok(Edit::DeletionInsertion(what, inserted(cursor, rna)?));
        }
        return Ok(Edit::Deletion(what));
    }
    if cursor.take_all(b"dup") {
        let what = stated(cursor, rna)?;
        if cursor.rest().starts_with(b"ins") {
            return Err(cursor.error("'dupins' is not HGVS: name the duplication and the insertion as [a;b]"));
        }
        return Ok(Edit::Duplication(what));
    }
    if cursor.take_all(b"inv") {
        return Ok(Edit::Inversion(stated(cursor, rna)?));
    }
    if cursor.take_all(b"ins") {
        return Ok(Edit::Insertion(inserted(cursor, rna)?));
    }
    if cursor.take_all(b"copy") {
        return Ok(Edit::Copies(Count::Exact(cursor.count("a number of copies")?)));
    }
    if cursor.take_all(b"con") {
        let piece = piece(cursor, rna)?;
        if !matches!(piece, Piece::Range { .. }) {
            return Err(cursor.expected("a range after 'con'"));
        }
        return Ok(Edit::Conversion(piece));
    }
    if cursor.peek() == Some(b'[') {
        return Ok(Edit::Copies(count(cursor)?));
    }
    if cursor.take(b'=') {
        if matches!(cursor.peek(), Some(b'/')) {
            return Err(cursor.error("a mosaic (=/) is not read: name the change alone"));
        }
        return Ok(Edit::Identity(Stated::Nothing));
    }
    if cursor.peek() == Some(b'|') {
        return Err(cursor.error("a modification (|) is no change of the sequence and is not read"));
    }
    let reference = bases(cursor, rna)?;
    match cursor.peek() {
        Some(b'>') => {
            cursor.advance(1);
            let alternate = bases(cursor, rna)?;
            if alternate.is_empty() {
                return Err(cursor.expected("the new base"));
            }
            if cursor.peek() == Some(b'^') {
                return Err(cursor.error("'or' (^) is not read: give the alternatives as names of their own"));
            }
            Ok(Edit::Substitution { reference, alternate })
        }
        Some(b'=') if !reference.is_empty() => {
            cursor.advance(1);
            Ok(Edit::Identity(Stated::Bases(reference)))
        }
        Some(b'[') if !reference.is_empty() => {
            let mut units = vec![(reference, count(cursor)?)];
            loop {
                let next = bases(cursor, rna)?;
                if next.is_empty() {
                    return Ok(Edit::Repeat(units));
                }
                units.push((next, count(cursor)?));
            }
        }
        None | Some(b']' | b';' | b')') if reference.is_empty() => Ok(Edit::None),
        _ if reference.is_empty() => Err(cursor.expected("a change (A>C, del, dup, ins, delins, inv, =, [n])")),
        _ => Err(cursor.expected("'>', '=' or '[' after the bases")),
    }
}

fn count(cursor: &mut Cursor<'_>) -> Result<Count, NameError> {
    cursor.expect(b'[', "'[' and a number of copies")?;
    let found = if cursor.take(b'?') {
        Count::Unknown
    } else if cursor.take(b'(') {
        let low = cursor.count("a number of copies")?;
        cursor.expect(b'_', "'_'")?;
        let high = cursor.count("a number of copies")?;
        cursor.expect(b')', "')'")?;
        Count::Between(low, high)
    } else {
        Count::Exact(cursor.count("a number of copies")?)
    };
    cursor.expect(b']', "']' after the number of copies")?;
    Ok(found)
}

/// What follows `ins`.
fn inserted(cursor: &mut Cursor<'_>, rna: bool) -> Result<Vec<Piece>, NameError> {
    let start = cursor.position();
    let pieces = pieces(cursor, rna)?;
    // `ins24`, `ins[24]`: a length without bases names no sequence.
    if let [
        Piece::Range {
            reference: None,
            last: None,
            inverted: false,
            first:
                Position {
                    anchor: Anchor::Base(1..),
                    offset: Offset::None,
                },
            ..
        },
    ] = pieces[..]
        && matches!(cursor.peek(), None | Some(b']' | b';' | b')'))
    {
        return Err(cursor
            .at(start)
            .error("the inserted bases are not given: write them, or N[24] for unknown ones"));
    }
    Ok(pieces)
}

fn pieces(cursor: &mut Cursor<'_>, rna: bool) -> Result<Vec<Piece>, NameError> {
    if cursor.take(b'[') {
        let mut pieces = vec![piece(cursor, rna)?];
        while cursor.take(b';') {
            pieces.push(piece(cursor, rna)?);
        }
        cursor.expect(b']', "';' or ']' in the inserted sequence")?;
        return Ok(pieces);
    }
    Ok(vec![piece(cursor, rna)?])
}

fn piece(cursor: &mut Cursor<'_>, rna: bool) -> Result<Piece, NameError> {
    let other = foreign(cursor)?;
    let is_range = other.is_some()
        || cursor
            .peek()
            .is_some_and(|b| b.is_ascii_digit() || matches!(b, b'-' | b'*'))
        || cursor.rest().starts_with(b"pter")
        || cursor.rest().starts_with(b"qter");
    if is_range {
        let (reference, system) = other.unwrap_or((None, None));
        let first = position(cursor, system)?;
        let last = if cursor.take(b'_') {
            Some(position(cursor, system)?)
        } else {
            None
        };
        let inverted = cursor.take_all(b"inv");
        return Ok(Piece::Range {
            reference,
            system,
            first,
            last,
            inverted,
        });
    }
    let letters = bases(cursor, rna)?;
    if letters.is_empty() {
        return Err(cursor.expected("the inserted bases or a range"));
    }
    let copies = if cursor.peek() == Some(b'[') {
        Some(count(cursor)?)
    } else {
        None
    };
    Ok(Piece::Bases(letters, copies))
}

/// `NC_000022.10:g.` before the range of another sequence; nothing is read where there is none.
type Foreign = (Option<super::super::name::ReferenceId>, Option<System>);

fn foreign(cursor: &mut Cursor<'_>) -> Result<Option<Foreign>, NameError> {
    let looks = cursor.rest();
    let end = looks
        .iter()
        .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-' | b'(' | b')')))
        .unwrap_or(looks.len());
    if looks.get(end) != Some(&b':') || !looks.first().is_some_and(u8::is_ascii_alphabetic) {
        return Ok(None);
    }
    let reference = super::reference(cursor)?;
    cursor.expect(b':', "':' after the reference sequence")?;
    let system = match (cursor.peek().and_then(System::of), cursor.peek_at(1)) {
        (Some(system), Some(b'.')) => {
            cursor.advance(2);
            Some(system)
        }
        _ => None,
    };
    Ok(Some((Some(reference), system)))
}
