//! A sorted BAM as CRAM 3.0 with its index (.crai), for keeping: about two thirds of its size, and every line proven to come
//! back as it was before the file gets its name.
//!
//! Not by noodles: its writer (noodles-cram 0.102) joins all lines of a name in a slice to one chain of mates,
//! supplementary ones too, so that their mate fields and template lengths do not come back.

mod block;
mod slice;

use std::{
    collections::BTreeMap,
    io::Write as _,
    path::{Path, PathBuf},
};

use clinotype_genome::{Fault, Progress, Reference, Result, fs};
use flate2::{Compression, GzBuilder};
use rayon::prelude::*;

use crate::{
    align::size,
    bam::{self, BamReader, ContigMap, field},
    cram::{self, CramReader},
    raw::{Raw, flag},
};

use block::{ContainerHeader, END_OF_FILE, FILE_HEADER, block, container};
use slice::{Encoded, Part, encode};

/// Lines of a slice, as samtools has them, and slices encoded at once.
const LINES: usize = 10_000;
const SLICES: usize = 8;
/// Bytes of lines after which a slice ends before it has [`LINES`].
const BYTES: usize = 8 << 20;
/// Lines, letters and blocks of the slices at once, in all stages.
const ENCODING: u64 = (SLICES * BYTES * 3) as u64;

/// The index beside a CRAM: `x.cram.crai`.
pub fn crai_path(cram: &Path) -> PathBuf {
    let mut name = cram.as_os_str().to_owned();
    name.push(".crai");
    PathBuf::from(name)
}

/// Writes a coordinate-sorted BAM, whose contigs are the reference's, as CRAM and CRAI; reads the CRAM back and compares
/// it line by line before the two get their names. The same lines give the same bytes at any number
/// of threads.
///
/// Faults: `memory` (bytes) does not hold the longest contig, which reading back needs; a line cannot be kept as it is
/// (kind input; CRAM has no `=` and `X` in a CIGAR).
pub fn bam_to_cram(path: &Path, reference: &Reference, out: &Path, memory: u64, progress: &dyn Progress) -> Result<()> {
    let needed = cram::working(reference) + ENCODING;
    if memory < needed {
        return Err(Fault::resource(format!(
            "writing a CRAM of this reference needs {} of memory, the limit is {}",
            size(needed.next_multiple_of(1_000_000)),
            size(memory)
        ))
        .at(path)
        .hint("raise the memory limit, or write BAM"));
    }
    let mut reader = BamReader::open(path)?;
    let total = 2 * fs::size(path)?;
    let map = ContigMap::new(&reader.header, reference.contigs());
    let mut file = fs::AtomicFile::create(out)?;
    let write = |file: &mut fs::AtomicFile, bytes: &[u8]| file.write_all(bytes).map_err(|e| Fault::io("write", out, e));
    let text = header(&reader, reference, progress)?;
    let mut start = b"CRAM\x03\x00".to_vec();
    start.resize(26, 0);
    header_container(&text, &mut start)?;
    write(&mut file, &start)?;
    let groups: BTreeMap<Vec<u8>, i32> = text
        .lines()
        .filter(|l| l.starts_with("@RG\t"))
        .enumerate()
        .filter_map(|(i, line)| Some((field(line, "ID")?.as_bytes().to_vec(), i as i32)))
        .collect();
    let names: Vec<&str> = reference.contigs().iter().map(|c| c.name.as_str()).collect();
    let mut offset = start.len() as u64;
    let mut index = String::new();
    let mut batch = Batch::default();
    loop {
        let more = batch.fill(&mut reader)?;
        progress.check()?;
        progress.advance(reader.position(), total);
        let encoded: Vec<Encoded> = batch
            .slices
            .par_iter()
            .map(|lines| {
                let mut part = batch.part(lines);
                if part.contig >= 0 {
                    let Some(place) = map.places[part.contig as usize] else {
                        return Err(map.fault(part.contig as usize, path));
                    };
                    part.letters = reference.letters(names[place as usize], part.range.0, part.range.1)?;
                }
                encode(&part, &groups)
            })
            .collect::<Result<_>>()?;
        for container in encoded {
            use std::fmt::Write as _;
            let _ = writeln!(
                index,
                "{}\t{}\t{}\t{offset}\t{}\t{}",
                container.contig, container.start, container.span, container.landmark, container.size
            );
            write(&mut file, &container.bytes)?;
            offset += container.bytes.len() as u64;
        }
        if !more {
            break;
        }
    }
    write(&mut file, &END_OF_FILE)?;
    file.flush().map_err(|e| Fault::io("write", out, e))?;
    compare(path, &file, reference, progress)?;
    let crai = crai_path(out);
    let mut packer = GzBuilder::new().write(fs::AtomicFile::create(&crai)?, Compression::default());
    let packed = packer.write_all(index.as_bytes()).and_then(|()| packer.finish());
    let packed = packed.map_err(|e| Fault::io("write", &crai, e))?;
    // An old index must not stand beside the new file.
    fs::remove_if_there(&crai)?;
    file.commit()?;
    packed.commit().inspect_err(|_| {
        let _ = fs::remove_if_there(out);
    })
}

/// The header with the MD5 of every contig's sequence, which a CRAM must have.
fn header(reader: &BamReader, reference: &Reference, progress: &dyn Progress) -> Result<String> {
    progress.check()?;
    let digests = bam::sequence_digests(reference)?;
    let contigs = reference.contigs();
    let mut text = String::new();
    for line in &reader.header.lines {
        text.push_str(line);
        let name = field(line, "SN").filter(|_| line.starts_with("@SQ\t"));
        if let Some(name) = name
            && field(line, "M5").is_none()
            && let Some(md5) = contigs.resolve(name).and_then(|c| digests.get(&c.name))
        {
            text.push_str("\tM5:");
            text.push_str(md5);
        }
        text.push('\n');
    }
    Ok(text)
}

fn header_container(text: &str, out: &mut Vec<u8>) -> Result<()> {
    let length = i32::try_from(text.len()).map_err(|_| Fault::internal("a header is too large for a CRAM"))?;
    let content = [&length.to_le_bytes()[..], text.as_bytes()].concat();
    let mut blocks = Vec::new();
    block(FILE_HEADER, 0, &content, &mut blocks)?;
    container(
        &ContainerHeader {
            blocks: 1,
            landmarks: vec![0],
            ..ContainerHeader::default()
        },
        &blocks,
        out,
    )
}

/// Lines of some slices. A slice lies on one contig.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    slices: Vec<Slice>,
    /// A line that belongs to the next batch.
    waiting: Vec<u8>,
    /// Lines given out before.
    before: u64,
}

struct Slice {
    contig: i32,
    /// Ends of the lines in the batch's bytes; the first begins at `start`.
    start: usize,
    ends: Vec<usize>,
    range: (u32, u32),
    before: u64,
}

impl Batch {
    /// Reads the next slices; false at the end of the file.
    fn fill(&mut self, reader: &mut BamReader) -> Result<bool> {
        self.bytes.clear();
        self.slices.clear();
        let waiting = std::mem::take(&mut self.waiting);
        if !waiting.is_empty() {
            self.add(&waiting);
        }
        while let Some(line) = reader.next()? {
            if !self.add(line) {
                self.waiting = line.to_vec();
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// False where the batch is full.
    fn add(&mut self, line: &[u8]) -> bool {
        let raw = Raw::trusted(line);
        let contig = raw.reference();
        let fits = self.slices.last().is_some_and(|s| {
            s.contig == contig && s.ends.len() < LINES && self.bytes.len() - s.start + line.len() < BYTES
        });
        if !fits {
            if self.slices.len() == SLICES {
                return false;
            }
            let first = if contig < 0 { 0 } else { raw.position().max(0) as u32 };
            self.slices.push(Slice {
                contig,
                start: self.bytes.len(),
                ends: Vec::new(),
                range: (first, first),
                before: self.before,
            });
        }
        self.bytes.extend_from_slice(line);
        self.before += 1;
        if let Some(slice) = self.slices.last_mut() {
            slice.ends.push(self.bytes.len());
            if contig >= 0 {
                let end = raw.position().max(0) as u32 + raw.span().max(1) as u32;
                slice.range.1 = slice.range.1.max(end);
            }
        }
        true
    }

    fn part(&self, slice: &Slice) -> Part<'_> {
        let mut start = slice.start;
        let lines = slice
            .ends
            .iter()
            .map(|end| &self.bytes[std::mem::replace(&mut start, *end)..*end])
            .collect();
        Part {
            lines,
            contig: slice.contig,
            range: slice.range,
            letters: Vec::new(),
            before: slice.before,
        }
    }
}

/// Reads the file back.
fn compare(bam: &Path, file: &fs::AtomicFile, reference: &Reference, progress: &dyn Progress) -> Result<()> {
    let total = 2 * fs::size(bam)?;
    let mut lines = BamReader::open(bam)?;
    let mut back = CramReader::open(file.partial()?, reference).map_err(|fault| fault.at(file.target()))?;
    loop {
        let number = lines.count + 1;
        let pair = (lines.next()?, back.next().map_err(|fault| fault.at(file.target()))?);
        match pair {
            (None, None) => return Ok(()),
            (Some(line), Some(again)) if same(line, again) => {}
            _ => {
                return Err(Fault::input("a line cannot be kept in a CRAM as it is")
                    .at(bam)
                    .record(number)
                    .hint("keep the BAM"));
            }
        }
        if number.is_multiple_of(1 << 14) {
            progress.check()?;
            progress.advance(total / 2 + lines.position(), total);
        }
    }
}

/// Whether two lines say the same. Tags may stand in any order; mapping quality and CIGAR of an unmapped line, which mean
/// nothing (SAM specification, section 1.4), are not kept by CRAM; the bin follows from the other fields.
fn same(a: &[u8], b: &[u8]) -> bool {
    let (a, b) = (Raw::trusted(a), Raw::trusted(b));
    let place = |raw: Raw<'_>| (raw.reference(), raw.position(), raw.flags());
    let mate = |raw: Raw<'_>| (raw.mate_reference(), raw.mate_position(), raw.template_length());
    let tags = |raw: Raw<'_>| {
        let mut tags: Vec<([u8; 2], u8, Vec<u8>)> = raw.tags().map(|(n, k, v)| (n, k, v.to_vec())).collect();
        tags.sort();
        tags
    };
    let alignment = a.has(flag::UNMAPPED) || (a.mapping_quality() == b.mapping_quality() && a.cigar().eq(b.cigar()));
    a.name() == b.name()
        && place(a) == place(b)
        && mate(a) == mate(b)
        && alignment
        && a.sequence_length() == b.sequence_length()
        && a.packed_bases() == b.packed_bases()
        && a.qualities() == b.qualities()
        && tags(a) == tags(b)
}
