//! p. descriptions, in one or three letters.

use super::{
    super::name::{Count, NewStop, Phase, Protein, ProteinChange, ProteinEdit, Residue},
    NameError,
    cursor::Cursor,
};
use crate::code::one_letter;

/// Everything after `p.`.
pub(super) fn protein(cursor: &mut Cursor<'_>) -> Result<Protein, NameError> {
    let start = cursor.position();
    let predicted = cursor.peek() == Some(b'(') && cursor.peek_at(1) != Some(b';');
    if predicted {
        cursor.advance(1);
        if cursor.rest().starts_with(b"?)") {
            return Err(cursor.at(start).error("an unknown consequence is written p.?"));
        }
    }
    let (groups, phase) = super::groups(cursor, &mut change)?;
    if predicted {
        cursor.expect(b')', "')' after the predicted change")?;
    }
    if phase == Phase::Cis && groups.len() > 1 {
        return Err(cursor.error("alleles are written [a];[b] or [a;b]"));
    }
    Ok(Protein {
        predicted,
        groups,
        phase,
    })
}

/// One amino acid; `true` where it was written with three letters.
fn amino_acid(cursor: &mut Cursor<'_>) -> Option<(u8, bool)> {
    if let [a, b, c, ..] = cursor.rest()
        && let Some(found) = one_letter([*a, *b, *c])
    {
        cursor.advance(3);
        return Some((found, true));
    }
    let letter = cursor.peek()?;
    let found = match letter {
        b'*' | b'X' => b'*',
        b'A' | b'R' | b'N' | b'D' | b'C' | b'Q' | b'E' | b'G' | b'H' | b'I' | b'L' | b'K' | b'M' | b'F' | b'P'
        | b'S' | b'T' | b'W' | b'Y' | b'V' | b'U' | b'O' => letter,
        _ => return None,
    };
    // `Xyz`, `Glu` misspelt: a capital before small letters begins a three-letter code.
    if cursor.peek_at(1).is_some_and(|b| b.is_ascii_lowercase()) && letter != b'*' && !keyword(&cursor.rest()[1..]) {
        return None;
    }
    cursor.advance(1);
    Some((found, false))
}

fn keyword(rest: &[u8]) -> bool {
    [&b"fs"[..], b"ext", b"del", b"dup", b"ins"]
        .iter()
        .any(|word| rest.starts_with(word))
}

/// Several amino acids of one style, a stop only at the end.
fn sequence(cursor: &mut Cursor<'_>) -> Result<Vec<u8>, NameError> {
    let mut found: Vec<u8> = Vec::new();
    let mut style = None;
    let start = cursor.position();
    while let Some((aa, three)) = amino_acid(cursor) {
        let is_stop = aa == b'*';
        if !is_stop {
            if style.is_some_and(|s| s != three) {
                return Err(cursor.error("one-letter and three-letter codes are mixed"));
            }
            style = Some(three);
        }
        if found.last() == Some(&b'*') {
            return Err(cursor.error("nothing follows a stop"));
        }
        found.push(aa);
    }
    if found.is_empty() {
        return Err(cursor.at(start).expected("amino acids"));
    }
    Ok(found)
}

fn residue(cursor: &mut Cursor<'_>) -> Result<Residue, NameError> {
    let Some((amino_acid, _)) = amino_acid(cursor) else {
        return Err(cursor.expected("an amino acid and its position"));
    };
    let position = cursor.number("the amino acid's position")?;
    Ok(Residue { amino_acid, position })
}

fn change(cursor: &mut Cursor<'_>) -> Result<ProteinChange, NameError> {
    if cursor.take(b'=') {
        return Ok(ProteinChange::Same);
    }
    if cursor.take(b'?') {
        return Ok(ProteinChange::Unknown);
    }
    if cursor.take(b'0') {
        return Ok(ProteinChange::Absent(cursor.take(b'?')));
    }
    let first = residue(cursor)?;
    let last = if cursor.take(b'_') {
        Some(residue(cursor)?)
    } else {
        None
    };
    let edit = edit(cursor, last.is_some())?;
    Ok(ProteinChange::At { first, last, edit })
}

/// `Ter12`, `*12`, `Ter?`, `Ter` or nothing.
fn new_stop(cursor: &mut Cursor<'_>) -> Result<NewStop, NameError> {
    if !(cursor.take_all(b"Ter") || cursor.take(b'*') || cursor.take(b'X')) {
        return Ok(NewStop::NotStated);
    }
    if cursor.take(b'?') {
        return Ok(NewStop::Unknown);
    }
    if cursor.peek().is_some_and(|b| b.is_ascii_digit()) {
        return Ok(NewStop::At(cursor.number("the position of the new stop")?));
    }
    Ok(NewStop::Somewhere)
}

fn extension(cursor: &mut Cursor<'_>, new: Option<u8>) -> Result<ProteinEdit, NameError> {
    // `extMet-5` is the older form of `ext-5`; `extVal-5` occurs too.
    let before = cursor.clone();
    if let Some((aa, _)) = amino_acid(cursor) {
        if cursor.peek() == Some(b'-') && cursor.peek_at(1).is_some_and(|b| b.is_ascii_digit()) {
            cursor.advance(1);
            return Ok(ProteinEdit::ExtensionN(
                Some(new.unwrap_or(aa)),
                cursor.number("a position")?,
            ));
        }
        *cursor = before;
    }
    if cursor.take(b'-') {
        return Ok(ProteinEdit::ExtensionN(
            new,
            cursor.number("the position of the new start")?,
        ));
    }
    match new_stop(cursor)? {
        NewStop::NotStated => Err(cursor.expected("'-' and a position, or Ter and a position")),
        found => Ok(ProteinEdit::ExtensionC(new, found)),
    }
}

fn edit(cursor: &mut Cursor<'_>, range: bool) -> Result<ProteinEdit, NameError> {
    if cursor.take_all(b"delins") {
        return Ok(ProteinEdit::DeletionInsertion(sequence(cursor)?));
    }
    if cursor.take_all(b"del") {
        return Ok(ProteinEdit::Deletion);
    }
    if cursor.take_all(b"dup") {
        return Ok(ProteinEdit::Duplication);
    }
    if cursor.take_all(b"ins") {
        if !range {
            return Err(cursor.error("an insertion lies between two residues: give both, as Lys2_Met3ins"));
        }
        let letters = if cursor.take_all(b"Xaa") {
            vec![b'X']
        } else {
            sequence(cursor)?
        };
        if cursor.peek() == Some(b'[')
            && let [one] = letters.as_slice()
        {
            return Ok(ProteinEdit::InsertionOf(*one, count(cursor)?));
        }
        return Ok(ProteinEdit::Insertion(letters));
    }
    if cursor.peek() == Some(b'[') {
        return Ok(ProteinEdit::Repeat(count(cursor)?));
    }
    if cursor.take(b'=') {
        return Ok(ProteinEdit::Same);
    }
    if range {
        return Err(cursor.expected("del, dup, ins, delins or [n] after the range"));
    }
    if cursor.take(b'?') {
        return Ok(ProteinEdit::Unknown);
    }
    if cursor.take_all(b"fs") {
        return Ok(ProteinEdit::Frameshift(None, new_stop(cursor)?));
    }
    if cursor.take_all(b"ext") {
        return extension(cursor, None);
    }
    if cursor.take_all(b"Xaa") {
        return Ok(ProteinEdit::Substitution(b'X'));
    }
    let Some((new, _)) = amino_acid(cursor) else {
        return Err(cursor.expected("a change (an amino acid, Ter, del, dup, ins, delins, fs, ext, =, ?)"));
    };
    if cursor.take_all(b"fs") {
        return Ok(ProteinEdit::Frameshift(Some(new), new_stop(cursor)?));
    }
    if cursor.take_all(b"ext") {
        return extension(cursor, Some(new));
    }
    Ok(ProteinEdit::Substitution(new))
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
