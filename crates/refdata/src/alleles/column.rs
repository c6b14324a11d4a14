//! One field of a block: encoding and decoding.
//!
//! Every column begins with which rows have a value; missing rows take no further room and are never zero. Whole
//! numbers are written as offsets from the smallest or as differences from the one before, whichever gets smaller, byte
//! by byte of equal weight, compressed.

use super::{
    bytes::{Damage, Decoded, Input, put_framed, put_number, unzigzag, zigzag},
    decimal::{self, Style},
    field::{Field, Kind},
};

/// Bytes that one part of a column may have before compression; more is damage.
pub(super) const PART: usize = 64 << 20;

const CONSTANT: u8 = 0;
const OFFSETS: u8 = 1;
const DIFFERENCES: u8 = 2;

const ALL: u8 = 0;
const NONE: u8 = 1;
const SOME: u8 = 2;

const WRITTEN: u8 = 0;
const QUOTIENT: u8 = 1;

/// Makes columns.
pub(super) struct Packer {
    compressor: zstd::bulk::Compressor<'static>,
    planes: Vec<u8>,
    packed: [Vec<u8>; 2],
}

impl Packer {
    pub(super) fn new(level: i32) -> std::io::Result<Self> {
        Ok(Self {
            compressor: zstd::bulk::Compressor::new(level)?,
            planes: Vec::new(),
            packed: [Vec::new(), Vec::new()],
        })
    }

    /// Length as it is, length compressed (0: not compressed, because it would not get smaller), bytes.
    pub(super) fn bytes(&mut self, raw: &[u8], out: &mut Vec<u8>) {
        put_number(out, raw.len() as u64);
        if raw.is_empty() {
            return;
        }
        match self.compressor.compress(raw) {
            Ok(small) if small.len() < raw.len() => put_framed(out, &small),
            _ => {
                put_number(out, 0);
                out.extend_from_slice(raw);
            }
        }
    }

    fn planes(&mut self, values: impl Iterator<Item = u64> + Clone, most: u64, which: usize) {
        let width = (64 - most.leading_zeros()).div_ceil(8).max(1) as usize;
        let mut planes = std::mem::take(&mut self.planes);
        planes.clear();
        for plane in 0..width {
            planes.extend(values.clone().map(|v| (v >> (8 * plane)) as u8));
        }
        let mut packed = std::mem::take(&mut self.packed[which]);
        packed.clear();
        packed.push(width as u8);
        self.bytes(&planes, &mut packed);
        self.planes = planes;
        self.packed[which] = packed;
    }

    /// Whole numbers; how many is known to the reader.
    pub(super) fn integers(&mut self, values: &[i64], out: &mut Vec<u8>) {
        let least = values.iter().min().copied().unwrap_or_default();
        let most = values.iter().max().copied().unwrap_or_default();
        if least == most {
            out.push(CONSTANT);
            put_number(out, zigzag(least));
            return;
        }
        let range = most.wrapping_sub(least) as u64;
        self.planes(values.iter().map(|v| v.wrapping_sub(least) as u64), range, 0);
        let differences = values
            .iter()
            .zip(std::iter::once(&least).chain(values))
            .map(|(v, before)| zigzag(v.wrapping_sub(*before)));
        let most = differences.clone().max().unwrap_or_default();
        // Small offsets (flags, classes) never gain by differences.
        let both = range > 15;
        if both {
            self.planes(differences, most, 1);
        }
        let better = usize::from(both && self.packed[1].len() < self.packed[0].len());
        out.push(if better == 1 { DIFFERENCES } else { OFFSETS });
        put_number(out, zigzag(least));
        out.extend_from_slice(&self.packed[better]);
    }

    fn present(&mut self, present: &[bool], out: &mut Vec<u8>) {
        if present.iter().all(|p| *p) {
            out.push(ALL);
        } else if present.iter().any(|p| *p) {
            out.push(SOME);
            let bits: Vec<u8> = present
                .chunks(8)
                .map(|eight| eight.iter().enumerate().fold(0, |b, (i, p)| b | u8::from(*p) << i))
                .collect();
            self.bytes(&bits, out);
        } else {
            out.push(NONE);
        }
    }

    /// Texts by their number in a dictionary of this column.
    fn texts<'a>(&mut self, texts: impl Iterator<Item = &'a str>, out: &mut Vec<u8>) {
        let mut numbers = std::collections::HashMap::new();
        let mut dictionary = Vec::new();
        let ids: Vec<i64> = texts
            .map(|text| {
                let next = numbers.len() as i64;
                *numbers.entry(text).or_insert_with(|| {
                    put_framed(&mut dictionary, text.as_bytes());
                    next
                })
            })
            .collect();
        put_number(out, numbers.len() as u64);
        self.bytes(&dictionary, out);
        self.integers(&ids, out);
    }

    fn floats(&mut self, values: &[&str], out: &mut Vec<u8>) {
        let (digits, shapes): (Vec<i64>, Vec<String>) = values.iter().map(|t| decimal::split(t)).unzip();
        self.texts(shapes.iter().map(String::as_str), out);
        self.integers(&digits, out);
    }

    /// A whole column. `values` has one entry per row, in the field's form; `counts` gives numerator and denominator of
    /// a quotient by row.
    pub(super) fn column(
        &mut self,
        field: &Field,
        values: &[Option<&str>],
        counts: &dyn Fn(usize) -> Option<(i64, i64)>,
        out: &mut Vec<u8>,
    ) {
        if field.kind == Kind::Flag {
            let set: Vec<i64> = values.iter().map(|v| i64::from(v.is_some())).collect();
            self.integers(&set, out);
            return;
        }
        let present: Vec<bool> = values.iter().map(Option::is_some).collect();
        self.present(&present, out);
        let there: Vec<&str> = values.iter().flatten().copied().collect();
        if there.is_empty() {
            return;
        }
        if field.list {
            let lengths: Vec<i64> = there.iter().map(|t| t.split(',').count() as i64).collect();
            self.integers(&lengths, out);
            let elements: Vec<Option<&str>> = there
                .iter()
                .flat_map(|t| t.split(','))
                .map(|t| (t != ".").then_some(t))
                .collect();
            let one = Field {
                list: false,
                quotient: None,
                ..field.clone()
            };
            self.column(&one, &elements, &|_| None, out);
            return;
        }
        match field.kind {
            Kind::Integer => {
                let numbers: Vec<i64> = there.iter().map(|t| t.parse().unwrap_or_default()).collect();
                self.integers(&numbers, out);
            }
            Kind::Float => {
                let rows: Vec<usize> = (0..values.len()).filter(|row| present[*row]).collect();
                match quotient_style(&there, &rows, counts) {
                    None => {
                        out.push(WRITTEN);
                        self.floats(&there, out);
                    }
                    Some(style) => {
                        out.extend([QUOTIENT, style.0]);
                        let other: Vec<bool> = there
                            .iter()
                            .zip(&rows)
                            .map(|(text, row)| !is_quotient(style, text, counts(*row)))
                            .collect();
                        self.present(&other, out);
                        let written: Vec<&str> = there
                            .iter()
                            .zip(&other)
                            .filter(|(_, o)| **o)
                            .map(|(text, _)| *text)
                            .collect();
                        if !written.is_empty() {
                            self.floats(&written, out);
                        }
                    }
                }
            }
            Kind::Text | Kind::Flag => self.texts(there.into_iter(), out),
        }
    }
}

fn is_quotient(style: Style, text: &str, counts: Option<(i64, i64)>) -> bool {
    counts
        .and_then(|(count, number)| style.quotient(count, number))
        .is_some_and(|made| made == text)
}

/// The style in which most of the first values are the quotient of their counts.
fn quotient_style(texts: &[&str], rows: &[usize], counts: &dyn Fn(usize) -> Option<(i64, i64)>) -> Option<Style> {
    const LOOKED_AT: usize = 24;
    counts(*rows.first()?)?;
    let looked_at = texts.len().min(LOOKED_AT);
    let hits = |style: Style| {
        texts
            .iter()
            .zip(rows)
            .take(looked_at)
            .filter(|(text, row)| is_quotient(style, text, counts(**row)))
            .count()
    };
    let mut best: Option<(usize, Style)> = None;
    for style in Style::all() {
        let found = hits(style);
        if best.is_none_or(|(most, _)| found > most) {
            best = Some((found, style));
        }
        if found == looked_at {
            break;
        }
    }
    best.filter(|(found, _)| found * 2 >= looked_at).map(|(_, style)| style)
}

/// Reads columns.
pub(super) struct Unpacker {
    decompressor: zstd::bulk::Decompressor<'static>,
}

/// Which rows have a value, and the number of the value.
#[derive(Debug)]
pub(super) enum Present {
    All,
    None,
    /// Number of the value by row; `u32::MAX` where there is none.
    Some(Vec<u32>),
}

impl Present {
    #[inline]
    pub(super) fn at(&self, row: usize) -> Option<usize> {
        match self {
            Self::All => Some(row),
            Self::None => None,
            Self::Some(places) => places.get(row).filter(|p| **p != u32::MAX).map(|p| *p as usize),
        }
    }
}

/// A decoded column.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) present: Present,
    pub(super) data: Data,
}

#[derive(Debug)]
pub(super) enum Data {
    Nothing,
    Integers(Vec<i64>),
    Texts(Texts),
    Floats {
        /// The style of quotients, and which values are none: they stand in `shapes` and `digits`.
        quotient: Option<(Style, Present)>,
        shapes: Texts,
        digits: Vec<i64>,
    },
    Lists {
        /// Where the elements of each value begin; one more than there are values.
        starts: Vec<u32>,
        elements: Box<Column>,
    },
}

/// Texts by number.
#[derive(Debug, Default)]
pub(super) struct Texts {
    dictionary: Vec<String>,
    ids: Vec<i64>,
}

impl Texts {
    pub(super) fn at(&self, number: usize) -> Option<&str> {
        let id = usize::try_from(*self.ids.get(number)?).ok()?;
        self.dictionary.get(id).map(String::as_str)
    }
}

impl Unpacker {
    pub(super) fn new() -> std::io::Result<Self> {
        Ok(Self {
            decompressor: zstd::bulk::Decompressor::new()?,
        })
    }

    pub(super) fn bytes(&mut self, input: &mut Input<'_>, limit: usize) -> Decoded<Vec<u8>> {
        let length = input.count(limit.min(PART))?;
        if length == 0 {
            return Ok(Vec::new());
        }
        let packed = input.count(input.0.len())?;
        if packed == 0 {
            return Ok(input.take(length)?.to_vec());
        }
        let bytes = self
            .decompressor
            .decompress(input.take(packed)?, length)
            .map_err(|_| Damage("it does not decompress"))?;
        if bytes.len() == length {
            Ok(bytes)
        } else {
            Err(Damage("it is not as long as it says"))
        }
    }

    pub(super) fn integers(&mut self, input: &mut Input<'_>, count: usize) -> Decoded<Vec<i64>> {
        let form = input.byte()?;
        let least = unzigzag(input.number()?);
        if form == CONSTANT {
            return Ok(vec![least; count]);
        }
        let width = usize::from(input.byte()?);
        if !(1..=8).contains(&width) || count == 0 {
            return Err(Damage("a width is impossible"));
        }
        let planes = self.bytes(input, width * count)?;
        if planes.len() != width * count {
            return Err(Damage("numbers are missing"));
        }
        let mut values: Vec<u64> = planes[..count].iter().map(|b| u64::from(*b)).collect();
        for (number, plane) in planes.chunks_exact(count).enumerate().skip(1) {
            for (value, byte) in values.iter_mut().zip(plane) {
                *value |= u64::from(*byte) << (8 * number);
            }
        }
        Ok(match form {
            OFFSETS => values.into_iter().map(|v| least.wrapping_add(v as i64)).collect(),
            DIFFERENCES => values
                .into_iter()
                .scan(least, |before, v| {
                    *before = before.wrapping_add(unzigzag(v));
                    Some(*before)
                })
                .collect(),
            _ => return Err(Damage("a form is unknown")),
        })
    }

    /// Which of `rows` have a value, and how many do.
    fn present(&mut self, input: &mut Input<'_>, rows: usize) -> Decoded<(Present, usize)> {
        match input.byte()? {
            ALL => Ok((Present::All, rows)),
            NONE => Ok((Present::None, 0)),
            SOME => {
                let bits = self.bytes(input, rows.div_ceil(8))?;
                if bits.len() != rows.div_ceil(8) {
                    return Err(Damage("numbers are missing"));
                }
                let mut count = 0;
                let places = (0..rows)
                    .map(|row| {
                        if bits[row / 8] >> (row % 8) & 1 == 0 {
                            return u32::MAX;
                        }
                        count += 1;
                        count - 1
                    })
                    .collect();
                Ok((Present::Some(places), count as usize))
            }
            _ => Err(Damage("a form is unknown")),
        }
    }

    fn texts(&mut self, input: &mut Input<'_>, count: usize) -> Decoded<Texts> {
        let different = input.count(count)?;
        let dictionary = self.bytes(input, PART)?;
        let mut rest = Input(&dictionary);
        let dictionary = (0..different)
            .map(|_| {
                std::str::from_utf8(rest.framed()?.0)
                    .map(str::to_owned)
                    .map_err(|_| Damage("a text is not UTF-8"))
            })
            .collect::<Decoded<Vec<String>>>()?;
        let ids = self.integers(input, count)?;
        if ids.iter().any(|id| *id < 0 || *id >= different as i64) {
            return Err(Damage("a text is missing"));
        }
        Ok(Texts { dictionary, ids })
    }

    /// A whole column of `rows` rows.
    pub(super) fn column(&mut self, field: &Field, input: &mut Input<'_>, rows: usize) -> Decoded<Column> {
        if field.kind == Kind::Flag {
            return Ok(Column {
                present: Present::All,
                data: Data::Integers(self.integers(input, rows)?),
            });
        }
        let (present, count) = self.present(input, rows)?;
        let data = if count == 0 {
            Data::Nothing
        } else if field.list {
            let lengths = self.integers(input, count)?;
            let mut total = 0_u32;
            let mut starts = vec![0];
            for length in lengths {
                total = u32::try_from(length)
                    .ok()
                    .and_then(|l| total.checked_add(l))
                    .filter(|t| *t <= 1 << 22)
                    .ok_or(Damage("a list is too long"))?;
                starts.push(total);
            }
            let one = Field {
                list: false,
                quotient: None,
                ..field.clone()
            };
            Data::Lists {
                starts,
                elements: Box::new(self.column(&one, input, total as usize)?),
            }
        } else {
            self.scalars(field, input, count)?
        };
        Ok(Column { present, data })
    }

    fn scalars(&mut self, field: &Field, input: &mut Input<'_>, count: usize) -> Decoded<Data> {
        Ok(match field.kind {
            Kind::Integer => Data::Integers(self.integers(input, count)?),
            Kind::Text | Kind::Flag => Data::Texts(self.texts(input, count)?),
            Kind::Float => {
                let (quotient, written) = match input.byte()? {
                    WRITTEN => (None, count),
                    QUOTIENT => {
                        let style = Style(input.byte()?);
                        if field.quotient.is_none() || !style.is_known() {
                            return Err(Damage("a form is unknown"));
                        }
                        let (other, written) = self.present(input, count)?;
                        (Some((style, other)), written)
                    }
                    _ => return Err(Damage("a form is unknown")),
                };
                let (shapes, digits) = if written == 0 {
                    (Texts::default(), Vec::new())
                } else {
                    (self.texts(input, written)?, self.integers(input, written)?)
                };
                Data::Floats {
                    quotient,
                    shapes,
                    digits,
                }
            }
        })
    }
}
