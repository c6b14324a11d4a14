//! Lines of one contig as a container of one slice (CRAM format specification 3.0, sections 8 and 10).
//!
//! Every data series is an external block of its own, every line is stored with its own mate fields ("detached"), and
//! every tag as it stands: larger than what samtools makes of mates and of NM and MD, but nothing is left for a reader
//! to work out, so that each line comes back as it was.

use std::collections::BTreeMap;

use clinotype_genome::{Fault, Result};
use md5::{Digest as _, Md5};

use super::block::{COMPRESSION_HEADER, CORE, ContainerHeader, EXTERNAL, SLICE_HEADER, block, container, itf8, ltf8};
use crate::raw::{BASES, Raw, flag};

/// Data series: name, and the content ID of its block, which is its place here plus one.
const SERIES: [&[u8; 2]; 24] = [
    b"BF", b"CF", b"RL", b"AP", b"RG", b"RN", b"MF", b"NS", b"NP", b"TS", b"TL", b"FN", b"FC", b"FP", b"DL", b"BA",
    b"QS", b"BS", b"IN", b"SC", b"RS", b"PD", b"HC", b"MQ",
];
/// Series of byte strings that end with a zero.
const STRINGS: [&[u8; 2]; 3] = [b"RN", b"IN", b"SC"];

/// CRAM flags of a line.
const QUALITIES_AS_ARRAY: i32 = 1;
const DETACHED: i32 = 2;
const NO_SEQUENCE: i32 = 8;

/// The lines of one slice: the contig, its letters over them, the first position.
pub(super) struct Part<'a> {
    /// Lines as BAM has them.
    pub(super) lines: Vec<&'a [u8]>,
    /// -1 for lines without a place.
    pub(super) contig: i32,
    /// 0-based half-open; both 0 without a place.
    pub(super) range: (u32, u32),
    /// Upper-case letters of the reference over `range`.
    pub(super) letters: Vec<u8>,
    /// Lines of the file before these.
    pub(super) before: u64,
}

#[derive(Default)]
struct Encoder {
    series: BTreeMap<[u8; 2], Vec<u8>>,
    /// By content ID: tag and type in one number.
    tags: BTreeMap<i32, Vec<u8>>,
    /// Sets of tags that lines have, each with its number.
    sets: BTreeMap<Vec<u8>, i32>,
    order: Vec<Vec<u8>>,
    last_feature: i32,
}

impl Encoder {
    fn number(&mut self, series: [u8; 2], value: i32) {
        itf8(value, self.series.entry(series).or_default());
    }

    fn bytes(&mut self, series: [u8; 2], bytes: &[u8]) {
        self.series.entry(series).or_default().extend_from_slice(bytes);
    }

    fn string(&mut self, series: [u8; 2], bytes: &[u8]) {
        self.bytes(series, bytes);
        self.bytes(series, &[0]);
    }

    fn line(&mut self, line: &[u8], part: &Part<'_>, before: i32, groups: &BTreeMap<Vec<u8>, i32>) -> Result<()> {
        let raw = Raw::trusted(line);
        let bases = raw.bases();
        let length = if bases.is_empty() {
            raw.read_length()
        } else {
            bases.len() as u64
        };
        let mut flags = DETACHED | QUALITIES_AS_ARRAY;
        if bases.is_empty() {
            flags |= NO_SEQUENCE;
        }
        self.number(*b"BF", i32::from(raw.flags()));
        self.number(*b"CF", flags);
        self.number(
            *b"RL",
            i32::try_from(length).map_err(|_| Fault::internal("a line is too long for a CRAM"))?,
        );
        self.number(*b"AP", raw.position() + 1 - before);
        let group = raw.text_tag(*b"RG").and_then(|group| groups.get(group).copied());
        self.number(*b"RG", group.unwrap_or(-1));
        self.string(*b"RN", raw.name());
        let mate = i32::from(raw.has(flag::MATE_REVERSE)) | i32::from(raw.has(flag::MATE_UNMAPPED)) << 1;
        self.number(*b"MF", mate);
        self.number(*b"NS", raw.mate_reference());
        self.number(*b"NP", raw.mate_position() + 1);
        self.number(*b"TS", raw.template_length());
        self.tags(raw, group.is_some());
        if raw.has(flag::UNMAPPED) {
            self.bytes(*b"BA", &bases);
        } else {
            self.features(raw, &bases, part);
            self.number(*b"MQ", i32::from(raw.mapping_quality()));
        }
        // Absent ones are 255, as in BAM.
        if bases.is_empty() {
            self.bytes(*b"QS", &vec![255; length as usize]);
        } else {
            self.bytes(*b"QS", raw.qualities());
        }
        Ok(())
    }

    fn tags(&mut self, raw: Raw<'_>, group_known: bool) {
        let mut set = Vec::new();
        for (name, kind, value) in raw.tags() {
            // The read group is a series of its own.
            if name == *b"RG" && kind == b'Z' && group_known {
                continue;
            }
            set.extend_from_slice(&[name[0], name[1], kind]);
            let id = i32::from(name[0]) << 16 | i32::from(name[1]) << 8 | i32::from(kind);
            let block = self.tags.entry(id).or_default();
            itf8(value.len() as i32, block);
            block.extend_from_slice(value);
        }
        let number = if let Some(number) = self.sets.get(&set) {
            *number
        } else {
            let number = self.order.len() as i32;
            self.sets.insert(set.clone(), number);
            self.order.push(set);
            number
        };
        self.number(*b"TL", number);
    }

    /// What makes the read from the reference. Positions are 1-based in the read, each less the one before.
    fn features(&mut self, raw: Raw<'_>, bases: &[u8], part: &Part<'_>) {
        let counted = self.series.entry(*b"FC").or_default().len();
        let (mut read, mut at) = (0_usize, (raw.position() as u32 - part.range.0) as usize);
        self.last_feature = 0;
        for (length, op) in raw.cigar() {
            let n = length as usize;
            // A line without bases has its lengths from the CIGAR; what is inserted or clipped is N there.
            let taken = || bases.get(read..read + n).map_or_else(|| vec![b'N'; n], <[u8]>::to_vec);
            match op {
                0 | 7 | 8 => {
                    if !bases.is_empty() {
                        for i in 0..n {
                            self.base(
                                read + i,
                                bases[read + i],
                                part.letters[at + i],
                                raw.qualities()[read + i],
                            );
                        }
                    }
                    read += n;
                    at += n;
                }
                1 | 4 => {
                    let (code, series) = if op == 1 { (b'I', *b"IN") } else { (b'S', *b"SC") };
                    self.feature(code, read);
                    self.string(series, &taken());
                    read += n;
                }
                2 | 3 => {
                    let (code, series) = if op == 2 { (b'D', *b"DL") } else { (b'N', *b"RS") };
                    self.feature(code, read);
                    self.number(series, length as i32);
                    at += n;
                }
                _ => {
                    let (code, series) = if op == 5 { (b'H', *b"HC") } else { (b'P', *b"PD") };
                    self.feature(code, read);
                    self.number(series, length as i32);
                }
            }
        }
        let count = self.series.entry(*b"FC").or_default().len() - counted;
        self.number(*b"FN", count as i32);
    }

    fn base(&mut self, place: usize, base: u8, letter: u8, quality: u8) {
        let code = |b: u8| b"ACGTN".iter().position(|l| *l == b);
        match (code(base), code(letter).unwrap_or(4)) {
            // A letter that is not A, C, G or T is never a match: readers differ in what they make of it.
            (Some(own), theirs) if own == theirs && own < 4 => {}
            (Some(own), theirs) if own != theirs => {
                self.feature(b'X', place);
                // The matrix lists the other four in the order ACGTN.
                self.bytes(*b"BS", &[(own - usize::from(own > theirs)) as u8]);
            }
            _ => {
                self.feature(b'B', place);
                self.bytes(*b"BA", &[base]);
                self.bytes(*b"QS", &[quality]);
            }
        }
    }

    fn feature(&mut self, code: u8, place: usize) {
        let position = place as i32 + 1;
        self.bytes(*b"FC", &[code]);
        self.number(*b"FP", position - self.last_feature);
        self.last_feature = position;
    }

    /// The compression header: what is kept, and in which block each series lies.
    fn header(&self) -> Vec<u8> {
        let map = |count: i32, entries: &[u8], out: &mut Vec<u8>| {
            let mut body = Vec::new();
            itf8(count, &mut body);
            body.extend_from_slice(entries);
            itf8(body.len() as i32, out);
            out.extend_from_slice(&body);
        };
        let mut out = Vec::new();
        // Names are kept; positions are differences; the reference is needed; the substitutions of each letter in order.
        let mut kept = b"RN\x01AP\x01RR\x01SM\x1b\x1b\x1b\x1b\x1bTD".to_vec();
        let sets: Vec<u8> = self.order.iter().flat_map(|set| [&set[..], &[0]].concat()).collect();
        itf8(sets.len() as i32, &mut kept);
        kept.extend_from_slice(&sets);
        map(5, &kept, &mut out);
        let external = |id: i32, out: &mut Vec<u8>| {
            let mut parameters = Vec::new();
            itf8(id, &mut parameters);
            itf8(1, out);
            itf8(parameters.len() as i32, out);
            out.extend_from_slice(&parameters);
        };
        let mut series = Vec::new();
        for (i, name) in SERIES.iter().enumerate() {
            series.extend_from_slice(*name);
            let id = i as i32 + 1;
            if STRINGS.contains(name) {
                // BYTE_ARRAY_STOP: the byte that ends a string, and the block.
                series.extend_from_slice(&[5, 2, 0, id as u8]);
            } else {
                external(id, &mut series);
            }
        }
        map(SERIES.len() as i32, &series, &mut out);
        let mut tags = Vec::new();
        for id in self.tags.keys() {
            itf8(*id, &mut tags);
            // BYTE_ARRAY_LEN: where the length and where the bytes lie.
            let mut parameters = Vec::new();
            external(*id, &mut parameters);
            external(*id, &mut parameters);
            itf8(4, &mut tags);
            itf8(parameters.len() as i32, &mut tags);
            tags.extend_from_slice(&parameters);
        }
        map(self.tags.len() as i32, &tags, &mut out);
        out
    }
}

/// A container as it stands in the file, and what the index says of its slice.
pub(super) struct Encoded {
    pub(super) bytes: Vec<u8>,
    pub(super) contig: i32,
    /// 1-based first position and number of positions.
    pub(super) start: i32,
    pub(super) span: i32,
    /// Bytes from the container's blocks to the slice, and of the slice.
    pub(super) landmark: i32,
    pub(super) size: usize,
}

/// Encodes the lines of one slice. `groups`: the numbers of the read groups in the header.
pub(super) fn encode(part: &Part<'_>, groups: &BTreeMap<Vec<u8>, i32>) -> Result<Encoded> {
    let mut encoder = Encoder::default();
    let placed = part.contig >= 0;
    let start = if placed { part.range.0 as i32 + 1 } else { 0 };
    let span = (part.range.1 - part.range.0) as i32;
    let mut before = start;
    let mut bases = 0;
    for line in &part.lines {
        encoder.line(line, part, before, groups)?;
        let raw = Raw::trusted(line);
        before = raw.position() + 1;
        bases += raw.sequence_length() as u64;
    }
    let mut blocks = Vec::new();
    block(COMPRESSION_HEADER, 0, &encoder.header(), &mut blocks)?;
    let landmark = blocks.len();
    let contents: Vec<(i32, &Vec<u8>)> = SERIES
        .iter()
        .enumerate()
        .filter_map(|(i, name)| Some((i as i32 + 1, encoder.series.get(*name)?)))
        .chain(encoder.tags.iter().map(|(id, bytes)| (*id, bytes)))
        .filter(|(_, bytes)| !bytes.is_empty())
        .collect();
    let lines = part.lines.len() as i32;
    let mut header = Vec::new();
    for value in [part.contig, start, span, lines] {
        itf8(value, &mut header);
    }
    ltf8(part.before, &mut header);
    itf8(contents.len() as i32 + 1, &mut header);
    itf8(contents.len() as i32 + 1, &mut header);
    itf8(0, &mut header);
    for (id, _) in &contents {
        itf8(*id, &mut header);
    }
    // No bases of the reference in the file.
    itf8(-1, &mut header);
    if placed {
        header.extend_from_slice(&Md5::digest(&part.letters));
    } else {
        header.extend_from_slice(&[0; 16]);
    }
    block(SLICE_HEADER, 0, &header, &mut blocks)?;
    block(CORE, 0, &[], &mut blocks)?;
    for (id, bytes) in &contents {
        block(EXTERNAL, *id, bytes, &mut blocks)?;
    }
    let mut out = Vec::with_capacity(blocks.len() + 64);
    container(
        &ContainerHeader {
            contig: part.contig,
            start,
            span,
            lines,
            before: part.before,
            bases,
            blocks: contents.len() as i32 + 3,
            landmarks: vec![landmark as i32],
        },
        &blocks,
        &mut out,
    )?;
    Ok(Encoded {
        bytes: out,
        contig: part.contig,
        start,
        span,
        landmark: landmark as i32,
        size: blocks.len() - landmark,
    })
}

impl Raw<'_> {
    /// Bases as letters.
    fn bases(self) -> Vec<u8> {
        let packed = self.packed_bases();
        (0..self.sequence_length())
            .map(|i| BASES[usize::from(packed[i / 2] >> (4 * (1 - i % 2)) & 15)])
            .collect()
    }

    /// Bases of the read that the CIGAR speaks of, without hard clips.
    fn read_length(self) -> u64 {
        self.cigar()
            .filter(|(_, op)| matches!(op, 0 | 1 | 4 | 7 | 8))
            .map(|(n, _)| u64::from(n))
            .sum()
    }
}
