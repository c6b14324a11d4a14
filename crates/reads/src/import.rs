//! Any BAM or CRAM to the sorted, duplicate-marked BAM that the rest of the engine expects.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use clinotype_genome::{Fault, Progress, Reference, Result};

use crate::{
    Figures,
    align::{check_contigs, check_names, one_line, size},
    bam::{self, BamHeader, BamReader, ContigMap, field},
    cram::{self, CramReader},
    mates::Mates,
    raw::{self, Raw, flag},
    scratch::Scratch,
    store::{Ending, Store},
};

/// What to import, and where the result goes.
#[derive(Clone, Copy, Debug)]
pub struct ImportOptions<'a> {
    /// The BAM or CRAM, in any order, with or without an index.
    pub bam: &'a Path,
    /// The reference.
    pub reference: &'a Reference,
    /// The sample's name here; becomes `SM` of every read group.
    pub sample: &'a str,
    /// The name expected as `SM` in the input, if it is another than `sample`.
    pub input_sample: Option<&'a str>,
    /// The BAM to write; its index is written beside it as `OUT.bai`.
    pub out: &'a Path,
    /// Bytes that the whole step may use.
    pub memory: u64,
    /// Folder for spill files, made here and removed at the end.
    pub scratch: &'a Path,
    /// Version of the program for `@PG VN`.
    pub program: &'a str,
    /// Command line for `@PG CL`.
    pub command_line: &'a str,
}

/// What was done.
#[derive(Clone, Debug)]
pub struct ImportSummary {
    /// Lines read, all of which but the repeats are in the new BAM.
    pub records: u64,
    /// Lines left out because the same line, byte for byte, stood in the input before.
    pub repeats: u64,
    /// Figures over the new BAM.
    pub figures: Figures,
    /// Whether duplicates were marked here; else some were marked in the input, and its marks were kept.
    pub duplicates_marked: bool,
    /// Contigs that have another name in the reference: (name in the input, name in the reference).
    pub renamed: Vec<(String, String)>,
}

/// The lines of a BAM, or of a CRAM as a BAM has them.
pub(crate) enum Lines {
    Bam(Box<BamReader>),
    Cram(Box<CramReader>),
}

impl Lines {
    /// Opens a BAM or CRAM.
    pub(crate) fn open(path: &Path, reference: &Reference) -> Result<Self> {
        if cram::is_cram(path)? {
            return Ok(Self::Cram(Box::new(CramReader::open(path, reference)?)));
        }
        Ok(Self::Bam(Box::new(BamReader::open(path)?)))
    }

    pub(crate) fn header(&self) -> &BamHeader {
        match self {
            Self::Bam(reader) => &reader.header,
            Self::Cram(reader) => &reader.header,
        }
    }

    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>> {
        match self {
            Self::Bam(reader) => reader.next(),
            Self::Cram(reader) => reader.next(),
        }
    }

    /// Bytes of the file read so far.
    pub(crate) fn position(&self) -> u64 {
        match self {
            Self::Bam(reader) => reader.position(),
            Self::Cram(reader) => reader.position,
        }
    }
}

/// Buffers beside the sorters, and the least that the sorters can work with.
const WORKING: u64 = 64 << 20;
const SORTING: u64 = 48 << 20;

/// Sorts a BAM, puts its contigs into the reference's order, marks duplicates unless the input has marks, and writes
/// BAM and BAI, which appear only when everything is done.
///
/// Input faults: the file is no whole BAM; no or several samples, or another than expected; a contig that carries reads
/// and is not the reference's (see [`bam::check_against`]). A mate on such a contig becomes a mate without a place.
pub fn import(options: &ImportOptions<'_>, progress: &dyn Progress) -> Result<ImportSummary> {
    import_within(options, options.memory.saturating_sub(WORKING), progress)
}

/// [`import`] with this much memory for sorting.
fn import_within(options: &ImportOptions<'_>, sorting: u64, progress: &dyn Progress) -> Result<ImportSummary> {
    check_names(options.sample)?;
    check_contigs(options.reference)?;
    if options.memory < WORKING + SORTING {
        return Err(Fault::resource(format!(
            "sorting needs {} of memory, the limit is {}",
            size((WORKING + SORTING).next_multiple_of(1_000_000)),
            size(options.memory)
        ))
        .hint("raise the memory limit"));
    }
    let (mut reader, sorting) = if cram::is_cram(options.bam)? {
        let working = cram::working(options.reference);
        let left = sorting
            .checked_sub(working)
            .filter(|left| *left >= SORTING)
            .ok_or_else(|| {
                Fault::resource(format!(
                    "reading a CRAM needs {} of memory, the limit is {}",
                    size((WORKING + SORTING + working).next_multiple_of(1_000_000)),
                    size(options.memory)
                ))
                .hint("raise the memory limit, or convert it to BAM")
            })?;
        (
            Lines::Cram(Box::new(CramReader::open(options.bam, options.reference)?)),
            left,
        )
    } else {
        (Lines::Bam(Box::new(BamReader::open(options.bam)?)), sorting)
    };
    let source = reader.header().clone();
    check_sample(&source, options)?;
    // Which contigs carry reads is seen line by line below.
    bam::check_digests(options.bam, &source, options.reference)?;
    drop(clinotype_genome::fs::AtomicFile::create(options.out)?);

    let map = ContigMap::new(&source, options.reference.contigs());
    let libraries = Libraries::new(&source);
    let added_group = libraries.by_group.is_empty().then_some("1");
    let scratch = Scratch::create(options.scratch)?;
    let mut store = Store::new(&scratch, sorting / 3 * 2);
    let mut mates = Some(Mates::new(&scratch, sorting / 3));
    let total = clinotype_genome::fs::size(options.bam)?;
    let mut line = Vec::new();
    let (mut primaries, mut read) = (0_u64, 0_u64);
    let path = options.bam;
    while let Some(bytes) = reader.next()? {
        line.clear();
        line.extend_from_slice(bytes);
        place(&mut line, &map, options.reference, path)?;
        let raw = Raw::trusted(&line);
        primaries += u64::from(raw.is_primary());
        // The input's own marks are kept: they may rest on optical distances or barcodes that are not in the lines.
        if raw.has(flag::DUPLICATE) {
            mates = None;
        }
        if let Some(mates) = &mut mates {
            mates.add(raw, libraries.of(raw), store.count)?;
        }
        if let Some(group) = added_group {
            line.extend_from_slice(b"RGZ");
            line.extend_from_slice(group.as_bytes());
            line.push(0);
        }
        store.push(&line)?;
        read += 1;
        if read.is_multiple_of(1 << 14) {
            progress.check()?;
            progress.advance(reader.position(), total);
        }
    }
    if store.count == 0 {
        return Err(Fault::input("holds no reads").at(path));
    }
    let mark = mates.is_some();
    if let Some(mates) = mates {
        mates.pair(&mut store, progress)?;
    }
    let records = store.count;
    let contigs: Vec<(String, u32)> = options
        .reference
        .contigs()
        .iter()
        .map(|c| (c.name.clone(), c.length))
        .collect();
    let header = header(&source, &map, options, added_group, mark);
    let written = store.write(
        options.out,
        &header,
        &contigs,
        &Ending {
            mark,
            drop_repeats: true,
            reads: primaries,
        },
        progress,
    )?;
    let renamed = source
        .contigs
        .iter()
        .zip(&map.places)
        .filter_map(|((name, ..), place)| {
            let other = &contigs[(*place)? as usize].0;
            (other != name).then(|| (name.clone(), other.clone()))
        })
        .collect();
    Ok(ImportSummary {
        records,
        repeats: written.repeats,
        figures: written.figures,
        duplicates_marked: mark,
        renamed,
    })
}

fn check_sample(header: &BamHeader, options: &ImportOptions<'_>) -> Result<()> {
    let expected = options.input_sample.unwrap_or(options.sample);
    let fault = |what: String| Fault::input(what).at(options.bam);
    match header.samples.as_slice() {
        [] if options.input_sample.is_some() => Ok(()),
        [] => Err(fault("has no read group with a sample name (@RG with SM)".to_owned())
            .hint("if you are sure whose reads these are, state that with --input-sample NAME")),
        [one] if one == expected => Ok(()),
        [_] => Err(
            // The name in the file is not repeated: it may be a person's.
            fault(format!("the sample of the reads (@RG SM) is not {expected}"))
                .hint("check that this is the right file; if it is, state its sample name with --input-sample"),
        ),
        many => {
            Err(fault(format!("holds reads of {} samples (@RG SM)", many.len())).hint("give one BAM for each sample"))
        }
    }
}

/// Moves a line to the reference's contigs.
fn place(line: &mut Vec<u8>, map: &ContigMap, reference: &Reference, path: &Path) -> Result<()> {
    let raw = Raw::trusted(line);
    let (contig, mate) = (raw.reference(), raw.mate_reference());
    let span = raw.span() as u32;
    let position = raw.position();
    if contig >= 0 {
        let Some(place) = map.places[contig as usize] else {
            return Err(map.fault(contig as usize, path));
        };
        line[raw::REFERENCE_AT].copy_from_slice(&(place as i32).to_le_bytes());
        let start = position.max(0) as u32;
        line[raw::BIN_AT].copy_from_slice(&raw::bin(start, start + span.max(1)).to_le_bytes());
    }
    if mate >= 0 {
        if let Some(place) = map.places[mate as usize] {
            line[raw::MATE_REFERENCE_AT].copy_from_slice(&(place as i32).to_le_bytes());
        } else {
            line[raw::MATE_REFERENCE_AT].copy_from_slice(&(-1_i32).to_le_bytes());
            line[raw::MATE_POSITION_AT].copy_from_slice(&(-1_i32).to_le_bytes());
            line[raw::TEMPLATE_LENGTH_AT].copy_from_slice(&[0; 4]);
        }
    }
    if map.renames {
        rename_tags(line, map, reference);
    }
    Ok(())
}

/// Contig names inside SA and XA tags: (`name,pos,strand,CIGAR,mapQ,NM;` and `name,±pos,CIGAR,NM;`). Entries on contigs
/// that the reference does not have are left out.
fn rename_tags(line: &mut Vec<u8>, map: &ContigMap, reference: &Reference) {
    let raw = Raw::trusted(line);
    if raw.text_tag(*b"SA").is_none() && raw.text_tag(*b"XA").is_none() {
        return;
    }
    let names: Vec<&str> = reference.contigs().iter().map(|c| c.name.as_str()).collect();
    let mut renamed = line[..raw.data_at()].to_vec();
    for (name, kind, value) in raw.tags() {
        if kind != b'Z' || (name != *b"SA" && name != *b"XA") {
            renamed.extend_from_slice(&name);
            renamed.push(kind);
            renamed.extend_from_slice(value);
            continue;
        }
        let text = String::from_utf8_lossy(&value[..value.len() - 1]);
        let entries: String = text
            .split(';')
            .filter_map(|entry| {
                let (contig, rest) = entry.split_once(',')?;
                Some(format!("{},{rest};", names[map.by_name(contig)? as usize]))
            })
            .collect();
        if !entries.is_empty() {
            renamed.extend_from_slice(&name);
            renamed.push(b'Z');
            renamed.extend_from_slice(entries.as_bytes());
            renamed.push(0);
        }
    }
    *line = renamed;
}

/// Libraries (`LB`) by read group. Read groups without one share the unknown library, as with Picard.
struct Libraries {
    by_group: HashMap<Vec<u8>, u16>,
}

impl Libraries {
    fn new(header: &BamHeader) -> Self {
        let mut numbers: BTreeMap<String, u16> = BTreeMap::new();
        let by_group = header
            .by_id("@RG", "LB")
            .into_iter()
            .map(|(id, library)| {
                // 0 is the unknown library.
                let next = numbers.len() as u16 + 1;
                let number = library.map_or(0, |l| *numbers.entry(l).or_insert(next));
                (id.into_bytes(), number)
            })
            .collect();
        Self { by_group }
    }

    fn of(&self, raw: Raw<'_>) -> u16 {
        raw.text_tag(*b"RG")
            .and_then(|group| self.by_group.get(group))
            .copied()
            .unwrap_or_default()
    }
}

/// The input's header with the reference's contigs, the new order, the new sample, and one `@PG` more.
fn header(
    source: &BamHeader,
    map: &ContigMap,
    options: &ImportOptions<'_>,
    added_group: Option<&str>,
    marked: bool,
) -> String {
    use std::fmt::Write as _;
    let mut text = String::from("@HD\tVN:1.6\tSO:coordinate\n");
    let digests: HashMap<u32, &str> = source
        .contigs
        .iter()
        .zip(&map.places)
        .filter_map(|((_, _, m5), place)| Some(((*place)?, m5.as_deref()?)))
        .collect();
    for (i, contig) in options.reference.contigs().iter().enumerate() {
        let _ = write!(text, "@SQ\tSN:{}\tLN:{}", contig.name, contig.length);
        if let Some(m5) = digests.get(&(i as u32)) {
            let _ = write!(text, "\tM5:{m5}");
        }
        text.push('\n');
    }
    for line in source.lines.iter().filter(|l| l.starts_with("@RG\t")) {
        let mut parts: Vec<String> = line
            .split('\t')
            .filter(|part| !part.starts_with("SM:"))
            .map(str::to_owned)
            .collect();
        parts.push(format!("SM:{}", options.sample));
        text.push_str(&parts.join("\t"));
        text.push('\n');
    }
    if let Some(group) = added_group {
        let _ = writeln!(text, "@RG\tID:{group}\tSM:{}\tLB:{}", options.sample, options.sample);
    }
    let mut previous = None;
    let mut ids = Vec::new();
    for line in &source.lines {
        if line.starts_with("@PG\t") || line.starts_with("@CO\t") {
            text.push_str(line);
            text.push('\n');
        }
        if line.starts_with("@PG\t")
            && let Some(id) = field(line, "ID")
        {
            previous = Some(id);
            ids.push(id);
        }
    }
    let id = (1..=ids.len() + 1)
        .map(|n| {
            if n == 1 {
                "clinotype".to_owned()
            } else {
                format!("clinotype.{n}")
            }
        })
        .find(|id| !ids.contains(&id.as_str()))
        .unwrap_or_default();
    let _ = write!(text, "@PG\tID:{id}\tPN:clinotype");
    if let Some(previous) = previous {
        let _ = write!(text, "\tPP:{previous}");
    }
    let _ = writeln!(
        text,
        "\tVN:{}\tCL:{}\tDS:sorted; {}",
        one_line(options.program),
        one_line(options.command_line),
        if marked {
            "duplicates marked"
        } else {
            "marked duplicates kept"
        }
    );
    text
}

#[cfg(test)]
mod tests {
    use clinotype_genome::{Silent, fs};
    use noodles::sam::alignment::io::Write as _;

    use super::*;

    /// 3000 pairs at few places, so that many are duplicates, in an order that is not theirs.
    fn bam(shift: usize) -> Vec<u8> {
        let mut text = "@SQ\tSN:c1\tLN:4000\n@RG\tID:a\tSM:S\n".to_owned();
        let mut lines = Vec::new();
        for i in 0..3000_u32 {
            let start = i * 7919 % 1500 + 1;
            let end = start + 100 + i % 3;
            let quality = char::from(b'0' + (i % 20) as u8).to_string().repeat(20);
            let bases = "ACGTT".repeat(4);
            let mut line = |flags: u16, at: u32, mate: u32, length: i64| {
                lines.push(format!(
                    "r{i}\t{flags}\tc1\t{at}\t60\t20M\t=\t{mate}\t{length}\t{bases}\t{quality}\n"
                ));
            };
            line(99, start, end, i64::from(end - start) + 20);
            line(147, end, start, -i64::from(end - start) - 20);
        }
        for i in 0..lines.len() {
            text += &lines[(i * 4001 + shift) % lines.len()];
        }
        let mut reader = noodles::sam::io::Reader::new(text.as_bytes());
        let header = reader.read_header().unwrap();
        let mut writer = noodles::bam::io::Writer::new(Vec::new());
        writer.write_header(&header).unwrap();
        for record in reader.record_bufs(&header) {
            writer.write_alignment_record(&header, &record.unwrap()).unwrap();
        }
        writer.try_finish().unwrap();
        writer.into_inner().into_inner()
    }

    #[test]
    fn memory_threads_and_order_of_the_input_do_not_change_the_answer() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write_atomic(path("r.fa"), format!(">c1\n{}\n", "ACGT".repeat(1000)).as_bytes()).unwrap();
        let reference = Reference::open(path("r.fa")).unwrap();
        let mut outputs = Vec::new();
        for (shift, sorting, threads) in [
            (0, 1 << 28, 1),
            (0, 1 << 28, 3),
            (0, 60_000, 2),
            (17, 1 << 28, 1),
            (17, 60_000, 3),
        ] {
            fs::write_atomic(path("in.bam"), &bam(shift)).unwrap();
            let (bam, out, scratch) = (path("in.bam"), path("out.bam"), path("scratch"));
            let options = ImportOptions {
                bam: &bam,
                reference: &reference,
                sample: "S",
                input_sample: None,
                out: &out,
                memory: 1 << 30,
                scratch: &scratch,
                program: "0",
                command_line: "test",
            };
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let summary = pool.install(|| import_within(&options, sorting, &Silent)).unwrap();
            assert_eq!(summary.records, 6000);
            assert!(summary.figures.duplicates > 1000, "{:?}", summary.figures);
            assert!(!scratch.exists());
            let mut reader = BamReader::open(&out).unwrap();
            let mut lines = Vec::new();
            while let Some(line) = reader.next().unwrap() {
                lines.push(line.to_vec());
            }
            lines.sort();
            outputs.push((shift, fs::read(&out).unwrap(), lines));
        }
        for (shift, bytes, lines) in &outputs {
            assert!(*lines == outputs[0].2, "the same lines, the same marks");
            if let Some(first) = outputs.iter().find(|o| o.0 == *shift) {
                assert!(*bytes == first.1, "the same order of the input gives the same bytes");
            }
        }
    }
}
