//! From text to a name.
//!
//! HGVS 21.1 is read in full for single sequences: every kind of change, uncertain positions, alleles, inserted ranges
//! of this and other sequences, proteins in one and three letters. Older spellings whose meaning is certain are read
//! too (`delAG`, `del2`, `dupA`, `G>TA`, lower-case bases); the writer never writes them. Fusions (`::`), mosaics
//! (`=/`) and "or" (`^`) are refused by name.

mod cursor;
mod nucleic;
mod protein;

use std::{fmt, str::FromStr};

use self::cursor::Cursor;
use super::name::{Description, Name, Phase, ReferenceId};

/// Longest name that is read, in bytes.
const LONGEST: usize = 1 << 20;

/// Why a text is no name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameError {
    /// 1-based column where reading stopped.
    pub column: usize,
    /// What was expected and what was found.
    pub what: String,
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: {}", self.column, self.what)
    }
}

impl std::error::Error for NameError {}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        parse(text)
    }
}

/// Reads a name; the error gives the column and what was found there.
pub fn parse(text: &str) -> Result<Name, NameError> {
    if text.len() > LONGEST {
        return Err(NameError {
            column: 1,
            what: format!("a name of {} characters is not read (at most {LONGEST})", text.len()),
        });
    }
    if let Some((column, odd)) = text
        .chars()
        .zip(1..)
        .find_map(|(c, i)| (!c.is_ascii()).then_some((i, c)))
    {
        return Err(NameError {
            column,
            what: format!("{odd:?} does not belong in a name{}", cursor::lookalike(odd)),
        });
    }
    let mut cursor = Cursor::new(text.as_bytes());
    let bytes = text.as_bytes();
    let bare = matches!(bytes, [b'g' | b'o' | b'm' | b'c' | b'n' | b'r' | b'p', b'.', ..]);
    let reference = if bare || !text.contains(':') {
        None
    } else {
        let reference = reference(&mut cursor)?;
        if cursor.rest().starts_with(b"::") {
            return Err(cursor.error("a fusion (::) is not read: give the names of its two parts"));
        }
        cursor.expect(b':', "':' after the reference sequence")?;
        Some(reference)
    };
    let description = if cursor.rest().starts_with(b"p.") {
        cursor.advance(2);
        Description::Protein(protein::protein(&mut cursor)?)
    } else {
        Description::Nucleic(nucleic::nucleic(&mut cursor)?)
    };
    if !cursor.is_done() {
        return Err(cursor.expected("the end of the name"));
    }
    Ok(Name { reference, description })
}

/// `NM_000077.4`, with a selector in parentheses.
fn reference(cursor: &mut Cursor<'_>) -> Result<ReferenceId, NameError> {
    let accession = accession(cursor)?;
    let selector = if cursor.take(b'(') {
        let selector = cursor.run(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'));
        if selector.is_empty() {
            return Err(cursor.expected("a transcript or gene"));
        }
        let selector = selector.to_owned();
        cursor.expect(b')', "')' after the transcript or gene")?;
        Some(selector)
    } else {
        None
    };
    Ok(ReferenceId { accession, selector })
}

/// Letters and digits, parts joined by `_` or `-`, and a version; or the bare number of a chromosome.
fn accession(cursor: &mut Cursor<'_>) -> Result<String, NameError> {
    let start = cursor.position();
    let part = |cursor: &mut Cursor<'_>| -> Result<(), NameError> {
        if cursor.run(|b| b.is_ascii_alphanumeric()).is_empty() {
            return Err(cursor.expected("a letter or digit of the accession"));
        }
        Ok(())
    };
    let number = cursor.peek().is_some_and(|b| b.is_ascii_digit());
    part(cursor)?;
    if number {
        let text = cursor.since(start);
        if text.parse::<u32>().is_ok_and(|n| (1..=22).contains(&n)) {
            return Ok(text.to_owned());
        }
        return Err(cursor
            .at(start)
            .error(format!("an accession begins with a letter; found {text:?}")));
    }
    while cursor.take(b'_') || cursor.take(b'-') {
        part(cursor)?;
    }
    if cursor.take(b'.') {
        let version = cursor.run(|b| b.is_ascii_digit());
        if version.is_empty() {
            return Err(cursor.expected("the version's number"));
        }
    }
    Ok(cursor.since(start).to_owned())
}

/// Groups of an allele description: `a`, `[a;b]`, `[a];[b]`, `a(;)b`, `[a(;)b]`.
fn groups<T>(
    cursor: &mut Cursor<'_>,
    change: &mut dyn FnMut(&mut Cursor<'_>) -> Result<T, NameError>,
) -> Result<(Vec<Vec<T>>, Phase), NameError> {
    let mut groups = Vec::new();
    let mut phase = Phase::Cis;
    loop {
        if cursor.take(b'[') {
            let mut group = vec![change(cursor)?];
            loop {
                if cursor.take_all(b"(;)") {
                    phase = Phase::Unknown;
                    groups.push(std::mem::replace(&mut group, vec![change(cursor)?]));
                } else if cursor.take(b';') {
                    group.push(change(cursor)?);
                } else {
                    break;
                }
            }
            cursor.expect(b']', "';' or ']'")?;
            groups.push(group);
        } else {
            groups.push(vec![change(cursor)?]);
        }
        if cursor.take_all(b"(;)") {
            phase = Phase::Unknown;
        } else if cursor.rest().starts_with(b";[") {
            cursor.advance(1);
            phase = Phase::Trans;
        } else {
            return Ok((groups, phase));
        }
    }
}
