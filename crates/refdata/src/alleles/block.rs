//! A block: the records of one stretch of a contig, column by column.
//!
//! In order: number of records; positions; classes (an SNV's two bases, or 16 for a code of its own); codes; the side
//! table with the bases of long alleles; marks; then one column per field. Every part is framed by its length, so that
//! a reader decodes what it is asked for and passes over the rest.

use super::{
    bytes::{Damage, Decoded, Input, put_framed, put_number},
    column::{Column, Data, PART, Packer, Unpacker},
    decimal,
    field::{Field, Kind},
    key::{Code, Key},
};

/// Records that a block may have; a reader refuses more.
pub(super) const MOST: usize = 1 << 16;

/// A record's mark: normalisation moved it away from where the source wrote it.
pub(super) const MOVED: u8 = 1;

/// A code that is no SNV's.
const OTHER: i64 = 16;
const SNV: u64 = 1 << 58 | 1 << 53;

/// The records of one block while it is filled, their texts side by side.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) keys: Vec<Key>,
    marks: Vec<u8>,
    /// Bases of the long alleles, as the side table has them.
    long: Vec<u8>,
    texts: String,
    /// Where each value ends in `texts`, row by row; a missing one has the top bit set.
    ends: Vec<u32>,
    fields: usize,
}

const MISSING: u32 = 1 << 31;

impl Rows {
    pub(super) fn new(fields: usize) -> Self {
        Self {
            fields,
            ..Self::default()
        }
    }

    /// Adds a record; `values` gives one entry per field.
    pub(super) fn push<'v>(
        &mut self,
        key: Key,
        bases: (&[u8], &[u8]),
        marks: u8,
        values: impl Iterator<Item = Option<&'v str>>,
    ) {
        self.keys.push(key);
        self.marks.push(marks);
        if key.code.is_long() {
            put_framed(&mut self.long, bases.0);
            put_framed(&mut self.long, bases.1);
        }
        for value in values {
            if let Some(text) = value {
                self.texts.push_str(text);
            }
            let missing = if value.is_none() { MISSING } else { 0 };
            self.ends.push(self.texts.len() as u32 | missing);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Bytes of texts and long alleles.
    pub(super) fn size(&self) -> usize {
        self.texts.len() + self.long.len()
    }

    pub(super) fn clear(&mut self) {
        self.keys.clear();
        self.marks.clear();
        self.long.clear();
        self.texts.clear();
        self.ends.clear();
    }

    fn value(&self, row: usize, field: usize) -> Option<&str> {
        let at = row * self.fields + field;
        let end = *self.ends.get(at)?;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before] & !MISSING);
        (end & MISSING == 0).then(|| &self.texts[start as usize..end as usize])
    }
}

/// Makes a block of records that are sorted and lie on one contig.
pub(super) fn encode(rows: &Rows, fields: &[Field], packer: &mut Packer) -> Vec<u8> {
    let mut out = Vec::new();
    put_number(&mut out, rows.len() as u64);
    let mut part = Vec::new();
    let mut put = |out: &mut Vec<u8>, fill: &mut dyn FnMut(&mut Vec<u8>)| {
        part.clear();
        fill(&mut part);
        put_framed(out, &part);
    };
    let positions: Vec<i64> = rows.keys.iter().map(|k| i64::from(k.position)).collect();
    put(&mut out, &mut |part| packer.integers(&positions, part));
    let class = |code: Code| {
        if code.0 & !15 == SNV {
            (code.0 & 15) as i64
        } else {
            OTHER
        }
    };
    let classes: Vec<i64> = rows.keys.iter().map(|k| class(k.code)).collect();
    put(&mut out, &mut |part| packer.integers(&classes, part));
    let codes: Vec<i64> = rows
        .keys
        .iter()
        .filter(|k| class(k.code) == OTHER)
        .map(|k| k.code.0 as i64)
        .collect();
    put(&mut out, &mut |part| {
        if !codes.is_empty() {
            packer.integers(&codes, part);
        }
    });
    put(&mut out, &mut |part| packer.bytes(&rows.long, part));
    let marks: Vec<i64> = rows.marks.iter().map(|m| i64::from(*m)).collect();
    put(&mut out, &mut |part| packer.integers(&marks, part));
    let mut values = Vec::with_capacity(rows.len());
    for (number, field) in fields.iter().enumerate() {
        values.clear();
        values.extend((0..rows.len()).map(|row| rows.value(row, number)));
        let count = |row: usize, field: usize| rows.value(row, field)?.parse::<i64>().ok();
        let counts = |row: usize| {
            let (count_of, number_of) = field.quotient?;
            Some((count(row, count_of)?, count(row, number_of)?))
        };
        put(&mut out, &mut |part| packer.column(field, &values, &counts, part));
    }
    out
}

/// A decoded block.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) positions: Vec<u32>,
    pub(super) codes: Vec<Code>,
    /// Numbers of the rows with long alleles, and their bases.
    pub(super) long: Vec<(u32, Vec<u8>, Vec<u8>)>,
    marks: Vec<i64>,
    /// Decoded columns by field; `None` where it was not asked for.
    columns: Vec<Option<Column>>,
}

/// Decodes a block: its keys, and the columns for which `wanted` holds.
pub(super) fn decode(bytes: &[u8], fields: &[Field], wanted: &[bool], unpacker: &mut Unpacker) -> Decoded<Block> {
    let mut input = Input(bytes);
    let rows = input.count(MOST)?;
    let positions = unpacker
        .integers(&mut input.framed()?, rows)?
        .into_iter()
        .map(|p| u32::try_from(p).map_err(|_| Damage("a position is impossible")))
        .collect::<Decoded<Vec<u32>>>()?;
    let classes = unpacker.integers(&mut input.framed()?, rows)?;
    let mut others = input.framed()?;
    let count = classes.iter().filter(|c| **c == OTHER).count();
    let others = if count == 0 {
        Vec::new()
    } else {
        unpacker.integers(&mut others, count)?
    };
    let mut others = others.into_iter();
    let codes = classes
        .into_iter()
        .map(|class| match class {
            0..=15 => Ok(Code(SNV | class as u64)),
            OTHER => others
                .next()
                .map(|c| Code(c as u64))
                .filter(|c| c.is_long() || c.is_site() || c.spelled().is_some())
                .ok_or(Damage("an allele is impossible")),
            _ => Err(Damage("an allele is impossible")),
        })
        .collect::<Decoded<Vec<Code>>>()?;
    if positions
        .iter()
        .zip(&codes)
        .zip(positions.iter().zip(&codes).skip(1))
        .any(|(a, b)| a > b)
    {
        return Err(Damage("its records are not sorted"));
    }
    let mut table = input.framed()?;
    let mut long = Vec::new();
    if codes.iter().any(|c| c.is_long()) {
        let bases = unpacker.bytes(&mut table, PART)?;
        let mut bases = Input(&bases);
        for (row, _) in codes.iter().enumerate().filter(|(_, c)| c.is_long()) {
            let (reference, alternate) = (bases.framed()?.0.to_vec(), bases.framed()?.0.to_vec());
            if Code::of(&reference, &alternate) != codes[row] {
                return Err(Damage("a long allele is not the one of its record"));
            }
            long.push((row as u32, reference, alternate));
        }
    }
    let marks = unpacker.integers(&mut input.framed()?, rows)?;
    let mut columns = Vec::with_capacity(fields.len());
    for (field, wanted) in fields.iter().zip(wanted) {
        let mut part = input.framed()?;
        columns.push(if *wanted {
            Some(unpacker.column(field, &mut part, rows)?)
        } else {
            None
        });
    }
    if !input.0.is_empty() {
        return Err(Damage("bytes are left over"));
    }
    Ok(Block {
        positions,
        codes,
        long,
        marks,
        columns,
    })
}

impl Block {
    pub(super) fn is_moved(&self, row: usize) -> bool {
        self.marks.get(row).is_some_and(|m| *m & i64::from(MOVED) != 0)
    }

    /// REF and ALT of a row; `None` for a site without an allele.
    pub(super) fn bases(&self, row: usize) -> Option<(Vec<u8>, Vec<u8>)> {
        if self.codes[row].is_long() {
            let at = self.long.binary_search_by_key(&(row as u32), |l| l.0).ok()?;
            return Some((self.long[at].1.clone(), self.long[at].2.clone()));
        }
        self.codes[row].spelled()
    }

    fn column(&self, field: usize) -> Option<&Column> {
        self.columns.get(field)?.as_ref()
    }

    pub(super) fn integer(&self, field: usize, row: usize) -> Option<i64> {
        let column = self.column(field)?;
        match &column.data {
            Data::Integers(values) => values.get(column.present.at(row)?).copied(),
            _ => None,
        }
    }

    /// The value as the source wrote it; lists with commas, a flag that is set as an empty text.
    pub(super) fn text(&self, fields: &[Field], field: usize, row: usize) -> Option<String> {
        let column = self.column(field)?;
        let known = fields.get(field)?;
        let place = column.present.at(row)?;
        if known.kind == Kind::Flag {
            return self.integer(field, row).filter(|n| *n == 1).map(|_| String::new());
        }
        let Data::Lists { starts, elements } = &column.data else {
            let counts = || {
                let (count, number) = known.quotient?;
                Some((self.integer(count, row)?, self.integer(number, row)?))
            };
            return scalar(&column.data, place, counts);
        };
        let (from, to) = (*starts.get(place)? as usize, *starts.get(place + 1)? as usize);
        let texts: Vec<String> = (from..to)
            .map(|at| {
                elements
                    .present
                    .at(at)
                    .and_then(|at| scalar(&elements.data, at, || None))
                    .unwrap_or_else(|| ".".to_owned())
            })
            .collect();
        Some(texts.join(","))
    }
}

fn scalar(data: &Data, place: usize, counts: impl Fn() -> Option<(i64, i64)>) -> Option<String> {
    match data {
        Data::Integers(values) => values.get(place).map(ToString::to_string),
        Data::Texts(texts) => texts.at(place).map(str::to_owned),
        Data::Floats {
            quotient,
            shapes,
            digits,
        } => {
            let place = match quotient {
                None => place,
                Some((style, other)) => {
                    let Some(written) = other.at(place) else {
                        let (count, number) = counts()?;
                        return style.quotient(count, number);
                    };
                    written
                }
            };
            decimal::join(*digits.get(place)?, shapes.at(place)?)
        }
        Data::Nothing | Data::Lists { .. } => None,
    }
}
