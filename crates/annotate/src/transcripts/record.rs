//! One transcript as a record of a compiled file.

use std::collections::HashMap;

use clinotype_genome::{Contig, Strand};

use super::{
    assemble::finish,
    model::{Difference, Span, Transcript},
};
use crate::{code::GeneticCode, facts::Mane};

/// Distinct texts, numbered from 1.
#[derive(Debug, Default)]
pub(super) struct Strings {
    known: HashMap<String, u32>,
    text: String,
    ends: Vec<u8>,
}

impl Strings {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.known.get(text) {
            return *number;
        }
        let number = self.known.len() as u32 + 1;
        self.known.insert(text.to_owned(), number);
        self.text.push_str(text);
        self.ends.extend_from_slice(&(self.text.len() as u64).to_le_bytes());
        number
    }

    /// The texts, and the end of each.
    pub(super) fn finish(self) -> (String, Vec<u8>) {
        (self.text, self.ends)
    }
}

fn put(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Reads numbers from a record.
struct Numbers<'a>(&'a [u8]);

impl Numbers<'_> {
    fn next(&mut self) -> Option<u32> {
        let (mut number, mut shift) = (0_u64, 0);
        loop {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(number).ok();
            }
            shift += 7;
            if shift > 28 {
                return None;
            }
        }
    }
    /// A list, as many as the next number says; never longer than the record.
    fn list(&mut self) -> Option<Vec<u32>> {
        let count = self.next()? as usize;
        if count > self.0.len() {
            return None;
        }
        (0..count).map(|_| self.next()).collect()
    }
}

const REVERSE: u32 = 1;
const CANONICAL: u32 = 2;
const HAS_START: u32 = 4;
const HAS_ACCESSION: u32 = 8;
const MITOCHONDRIAL: u32 = 16;
const SELECT: u32 = 32;
const PLUS_CLINICAL: u32 = 64;
const TAIL_STOP: u32 = 128;

/// Appends a transcript. Contig, span and exons come first, from low to high on the genome.
pub(super) fn write(out: &mut Vec<u8>, t: &Transcript, contig: u32, strings: &mut Strings) {
    let span = t.span();
    put(out, contig);
    put(out, span.start);
    put(out, span.len());
    let mut flags = 0;
    let mut set = |condition: bool, flag: u32| flags |= if condition { flag } else { 0 };
    set(t.strand == Strand::Reverse, REVERSE);
    set(t.canonical, CANONICAL);
    set(t.has_start, HAS_START);
    set(t.has_accession, HAS_ACCESSION);
    set(t.code == GeneticCode::Mitochondrial, MITOCHONDRIAL);
    set(t.mane == Mane::Select, SELECT);
    set(t.mane == Mane::PlusClinical, PLUS_CLINICAL);
    set(t.tail_stop, TAIL_STOP);
    put(out, flags);
    put(out, t.exons.len() as u32);
    let mut exons = t.exons.clone();
    if t.strand == Strand::Reverse {
        exons.reverse();
    }
    let mut at = span.start;
    for exon in exons {
        put(out, exon.start - at);
        put(out, exon.len());
        at = exon.end;
    }
    match t.cds {
        None => put(out, 0),
        Some(cds) => {
            put(out, cds.len());
            put(out, cds.start - span.start);
        }
    }
    put(out, u32::from(t.phase));
    let mut text = |value: Option<&str>| value.map_or(0, |v| strings.number(v));
    for value in [
        Some(t.accession.as_str()),
        Some(&t.gene),
        t.hgnc_id.as_deref(),
        Some(&t.gene_id),
        Some(&t.biotype),
        t.protein_id.as_deref(),
    ] {
        put(out, text(value));
    }
    put(out, t.warnings.len() as u32);
    for warning in &t.warnings {
        put(out, text(Some(warning)));
    }
    put(out, t.selenocysteine.len() as u32);
    for codon in &t.selenocysteine {
        put(out, *codon);
    }
    put(out, t.differences.len() as u32);
    for difference in &t.differences {
        put(out, difference.offset);
        put(out, difference.genome);
        put(out, difference.length);
        put(out, text(difference.transcript.as_deref()));
    }
}

/// Contig and span.
pub(super) fn span(record: &[u8]) -> Option<(usize, Span)> {
    let mut numbers = Numbers(record);
    let (contig, start, length) = (numbers.next()?, numbers.next()?, numbers.next()?);
    Some((
        contig as usize,
        Span {
            start,
            end: start.checked_add(length)?,
        },
    ))
}

/// The part of a record that is needed to check and to read it.
struct Raw {
    contig: usize,
    flags: u32,
    cds: Option<Span>,
    phase: u8,
    texts: [u32; 6],
    warnings: Vec<u32>,
    selenocysteine: Vec<u32>,
    /// Offset, bases of the genome, bases of the transcript, text.
    differences: Vec<[u32; 4]>,
}

fn raw(record: &[u8], exons: &mut Vec<Span>) -> Option<Raw> {
    exons.clear();
    let (contig, span) = span(record)?;
    let mut numbers = Numbers(record);
    for _ in 0..3 {
        numbers.next()?;
    }
    let flags = numbers.next()?;
    let count = numbers.next()? as usize;
    if count == 0 || count > record.len() {
        return None;
    }
    let mut at = span.start;
    for n in 0..count {
        let gap = numbers.next()?;
        let start = at.checked_add(gap)?;
        let length = numbers.next().filter(|length| *length > 0)?;
        let end = start.checked_add(length)?;
        if n == 0 && gap != 0 {
            return None;
        }
        exons.push(Span { start, end });
        at = end;
    }
    if at != span.end {
        return None;
    }
    let cds = match numbers.next()? {
        0 => None,
        length => {
            let start = span.start.checked_add(numbers.next()?)?;
            Some(Span {
                start,
                end: start.checked_add(length)?,
            })
        }
    };
    let phase = u8::try_from(numbers.next()?).ok().filter(|p| *p < 3)?;
    let mut texts = [0; 6];
    for text in &mut texts {
        *text = numbers.next()?;
    }
    let warnings = numbers.list()?;
    let selenocysteine = numbers.list()?;
    let count = numbers.next()? as usize;
    if count > record.len() {
        return None;
    }
    let mut differences = Vec::with_capacity(count);
    for _ in 0..count {
        differences.push([numbers.next()?, numbers.next()?, numbers.next()?, numbers.next()?]);
    }
    numbers.0.is_empty().then_some(Raw {
        contig,
        flags,
        cds,
        phase,
        texts,
        warnings,
        selenocysteine,
        differences,
    })
}

/// Whether a record can be read: its numbers are whole, its texts and contig are there, and its coding sequence begins
/// and ends in exons.
pub(super) fn check(record: &[u8], strings: u32, contigs: &[Contig], exons: &mut Vec<Span>) -> Option<()> {
    let raw = raw(record, exons)?;
    let contig = contigs.get(raw.contig)?;
    let length: u64 = exons.iter().map(|e| u64::from(e.len())).sum();
    let within = |p: u32| {
        let next = exons.partition_point(|e| e.start <= p);
        next > 0 && p < exons[next - 1].end
    };
    let [accession, gene, _, gene_id, biotype, _] = raw.texts;
    let texts = raw
        .texts
        .iter()
        .chain(&raw.warnings)
        .chain(raw.differences.iter().map(|d| &d[3]));
    let good = exons.last()?.end <= contig.length
        && raw.cds.is_none_or(|cds| within(cds.start) && within(cds.end - 1))
        && [accession, gene, gene_id, biotype].iter().all(|n| *n > 0)
        && raw.warnings.iter().all(|n| *n > 0)
        && texts.into_iter().all(|n| *n <= strings)
        && raw
            .differences
            .iter()
            .all(|d| u64::from(d[0]) + u64::from(d[1]) <= length);
    good.then_some(())
}

/// The transcript of a record; `None` where [`check`] would refuse it.
pub(super) fn read(record: &[u8], contigs: &[Contig], text: impl Fn(u32) -> Option<String>) -> Option<Transcript> {
    let mut exons = Vec::new();
    let raw = raw(record, &mut exons)?;
    let has = |flag: u32| raw.flags & flag != 0;
    if has(REVERSE) {
        exons.reverse();
    }
    let [accession, gene, hgnc, gene_id, biotype, protein] = raw.texts;
    let mut transcript = Transcript {
        accession: text(accession)?,
        gene: text(gene)?,
        hgnc_id: text(hgnc),
        gene_id: text(gene_id)?,
        biotype: text(biotype)?,
        strand: if has(REVERSE) { Strand::Reverse } else { Strand::Forward },
        contig: contigs.get(raw.contig)?.name.clone(),
        exons,
        cds: raw.cds,
        protein_id: text(protein),
        mane: if has(SELECT) {
            Mane::Select
        } else if has(PLUS_CLINICAL) {
            Mane::PlusClinical
        } else {
            Mane::None
        },
        canonical: has(CANONICAL),
        warnings: raw.warnings.iter().map(|n| text(*n)).collect::<Option<_>>()?,
        differences: raw
            .differences
            .iter()
            .map(|d| Difference {
                offset: d[0],
                genome: d[1],
                length: d[2],
                transcript: text(d[3]),
            })
            .collect(),
        offsets: Vec::new(),
        coding: None,
        phase: raw.phase,
        has_start: has(HAS_START),
        has_accession: has(HAS_ACCESSION),
        code: if has(MITOCHONDRIAL) {
            GeneticCode::Mitochondrial
        } else {
            GeneticCode::Standard
        },
        tail_stop: has(TAIL_STOP),
        selenocysteine: raw.selenocysteine,
    };
    finish(&mut transcript).ok()?;
    Some(transcript)
}
