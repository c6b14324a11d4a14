//! BAM files coming in: what the header says, whether it fits the reference, and the lines one by one.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use clinotype_genome::{Contigs, Fault, Reference, Result, build::HG19_CHRM_LENGTH, digest, fs};
use md5::{Digest as _, Md5};

use crate::{
    inflate::Inflate,
    raw::{Raw, flag},
    write::END_OF_FILE,
};

/// What the header of a BAM says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BamHeader {
    /// Every `SM` of the read groups, each once, sorted.
    pub samples: Vec<String>,
    /// Contigs: name, length, MD5 of the sequence where the header has it (`M5`).
    pub contigs: Vec<(String, u32, Option<String>)>,
    /// `SO` of the `@HD` line.
    pub sort_order: Option<String>,
    /// The header's text, line by line.
    pub(crate) lines: Vec<String>,
}

impl BamHeader {
    /// Values of `key` in the lines of `kind`, by the line's ID: for `@RG` or `@PG`.
    pub(crate) fn by_id(&self, kind: &str, key: &str) -> BTreeMap<String, Option<String>> {
        self.lines
            .iter()
            .filter(|line| line.split('\t').next() == Some(kind))
            .filter_map(|line| Some((field(line, "ID")?.to_owned(), field(line, key).map(str::to_owned))))
            .collect()
    }
}

/// The value of a two-letter field in a header line.
pub(crate) fn field<'l>(line: &'l str, key: &str) -> Option<&'l str> {
    line.split('\t')
        .skip(1)
        .find_map(|part| part.strip_prefix(key)?.strip_prefix(':'))
}

/// Reads the header, and checks that the file is a BAM that ends as a BAM must.
pub fn inspect(path: impl AsRef<Path>) -> Result<BamHeader> {
    Ok(BamReader::open(path.as_ref())?.header)
}

/// The header of a BAM or a CRAM.
pub fn inspect_any(path: impl AsRef<Path>) -> Result<BamHeader> {
    let path = path.as_ref();
    if crate::cram::is_cram(path)? {
        return crate::cram::header(path);
    }
    inspect(path)
}

/// Whether a BAM fits a reference. Faults:
///
/// - a contig that carries alignments is not in the reference, or has another length there (`chrM` of hg19 has 16,571
///   bases and is not the rCRS). Unused contigs of the header may differ; only if there are such contigs, the lines
///   are read through to see which ones are used;
/// - the header's `M5` of a contig is not the MD5 of the reference's sequence.
pub fn check_against(path: impl AsRef<Path>, header: &BamHeader, reference: &Reference) -> Result<()> {
    let path = path.as_ref();
    check_digests(path, header, reference)?;
    let map = ContigMap::new(header, reference.contigs());
    if map.places.iter().all(Option::is_some) {
        return Ok(());
    }
    let mut reader = BamReader::open(path)?;
    while let Some(line) = reader.next()? {
        let contig = Raw::trusted(line).reference();
        if contig >= 0 && map.places[contig as usize].is_none() {
            return Err(map.fault(contig as usize, path));
        }
    }
    Ok(())
}

/// Where the contigs of a BAM stand in the reference.
pub(crate) struct ContigMap {
    /// Index in the reference's order; `None` where the reference has no such contig of that length.
    pub(crate) places: Vec<Option<u32>>,
    names: Vec<(String, u32)>,
    /// Length of the contig that the reference has under that name, for the words of a fault.
    lengths: Vec<Option<u32>>,
    /// Whether some contig is named otherwise in the reference (`1` and `chr1`).
    pub(crate) renames: bool,
}

impl ContigMap {
    pub(crate) fn new(header: &BamHeader, contigs: &Contigs) -> Self {
        let mut renames = false;
        let (places, lengths) = header
            .contigs
            .iter()
            .map(|(name, length, _)| {
                let found = contigs.resolve(name);
                let place = found.filter(|c| c.length == *length).and_then(|c| {
                    renames |= c.name != *name;
                    contigs.index_of(&c.name).map(|i| i as u32)
                });
                (place, found.map(|c| c.length))
            })
            .unzip();
        Self {
            places,
            lengths,
            names: header.contigs.iter().map(|(n, l, _)| (n.clone(), *l)).collect(),
            renames,
        }
    }

    /// Index of a contig of the BAM by its name there.
    pub(crate) fn by_name(&self, name: &str) -> Option<u32> {
        let at = self.names.iter().position(|(n, _)| n == name)?;
        self.places[at]
    }

    /// The fault of a contig that carries alignments and has no place.
    pub(crate) fn fault(&self, contig: usize, path: &Path) -> Fault {
        let (name, length) = &self.names[contig];
        let fault = match self.lengths[contig] {
            None => Fault::input(format!(
                "reads are aligned to contig {name} ({length} bases), which the reference does not have"
            )),
            Some(other) => Fault::input(format!(
                "reads are aligned to contig {name} of {length} bases; in the reference it has {other}"
            )),
        };
        fault.at(path).hint(if *length == HG19_CHRM_LENGTH {
            "this is the chrM of UCSC hg19, not the rCRS: align the reads again, or leave that contig out"
        } else {
            "give the reference that the reads were aligned to, or start from FASTQ"
        })
    }
}

/// Compares every `M5` of the header with the reference's sequence, for contigs that both have with the same length.
pub(crate) fn check_digests(path: &Path, header: &BamHeader, reference: &Reference) -> Result<()> {
    let map = ContigMap::new(header, reference.contigs());
    let contigs: Vec<_> = reference.contigs().iter().collect();
    // Reference name -> what the header says.
    let mut stated: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    for ((name, _, m5), place) in header.contigs.iter().zip(&map.places) {
        if let (Some(m5), Some(place)) = (m5, place) {
            stated.insert(&contigs[*place as usize].name, (name, m5));
        }
    }
    if stated.is_empty() {
        return Ok(());
    }
    let digests = sequence_digests(reference)?;
    for (name, (theirs, m5)) in stated {
        if digests.get(name).is_some_and(|ours| !m5.eq_ignore_ascii_case(ours)) {
            return Err(Fault::input(format!(
                "contig {theirs} is another sequence than in the reference: M5 of the header is {m5}"
            ))
            .at(path)
            .hint("give the reference that the reads were aligned to, or start from FASTQ"));
        }
    }
    Ok(())
}

/// MD5 of every contig over its IUPAC letters, upper case (SAM specification, section 1.3.2), by name.
pub(crate) fn sequence_digests(reference: &Reference) -> Result<BTreeMap<String, String>> {
    let mut digests = BTreeMap::new();
    let mut fasta = fs::open_text(reference.path())?;
    let mut current: Option<(String, Md5)> = None;
    let mut line = Vec::new();
    loop {
        line.clear();
        let n = fasta
            .read_until(b'\n', &mut line)
            .map_err(|e| Fault::io("read the reference", reference.path(), e))?;
        if n == 0 || line[0] == b'>' {
            if let Some((name, digest)) = current.take() {
                digests.insert(name, digest::hex(&digest.finalize()));
            }
            if n == 0 {
                return Ok(digests);
            }
            let name = String::from_utf8_lossy(&line[1..]);
            let name = name.split_whitespace().next().unwrap_or_default().to_owned();
            current = Some((name, Md5::new()));
        } else if let Some((_, digest)) = &mut current {
            line.retain(u8::is_ascii_graphic);
            line.make_ascii_uppercase();
            digest.update(&line);
        }
    }
}

/// Whether a BGZF file ends with the end-of-file block; it is cut short otherwise.
pub(crate) fn check_end(path: &Path) -> Result<()> {
    let mut file = fs::open(path)?;
    let mut end = [0; 28];
    let whole = file
        .seek(SeekFrom::End(-28))
        .and_then(|_| file.read_exact(&mut end))
        .is_ok();
    if whole && end == END_OF_FILE {
        return Ok(());
    }
    Err(Fault::input("is cut short: the end-of-file block of BGZF is missing")
        .at(path)
        .hint("copy or make the file again"))
}

/// Reads a BAM line by line.
pub(crate) struct BamReader {
    pub(crate) header: BamHeader,
    reader: Inflate,
    path: PathBuf,
    line: Vec<u8>,
    /// Lines given so far.
    pub(crate) count: u64,
}

impl BamReader {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let mut start = [0; 4];
        let mut file = fs::open(path)?;
        let n = file.read(&mut start).map_err(|e| Fault::io("read", path, e))?;
        let not = |what: &str, hint: &str| Err(Fault::input(what).at(path).hint(hint));
        match &start[..n] {
            [] => return not("is empty", "give a BAM file"),
            [0x1f, 0x8b, ..] => {}
            b"CRAM" => {
                return not(
                    "is a CRAM file, not BAM",
                    "this step needs BAM; run, call and coverage read CRAM",
                );
            }
            [b'@', b'H' | b'S' | b'R' | b'P' | b'C', ..] => {
                return not("is SAM text, not BAM", "convert it: samtools view -b");
            }
            _ => return not("is not a BAM file", "give a BAM file"),
        }
        // gzip without BGZF's extra field: some other compressed file.
        let mut extra = [0; 10];
        if file.read_exact(&mut extra).is_err() || start[3] & 4 == 0 || extra[8..10] != *b"BC" {
            return not("is not a BAM file", "it is compressed, but holds something else");
        }
        check_end(path)?;
        let mut reader = Inflate::new(fs::open(path)?);
        let header = read_header(&mut reader, path)?;
        Ok(Self {
            header,
            reader,
            path: path.to_owned(),
            line: Vec::new(),
            count: 0,
        })
    }

    /// Compressed bytes read so far, for progress.
    pub(crate) fn position(&self) -> u64 {
        self.reader.taken
    }

    /// The next line, its layout checked.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>> {
        let number = self.count + 1;
        let damaged = |e: std::io::Error| damage(&self.path, e).record(number);
        let mut size = [0; 4];
        let mut got = 0;
        while got < 4 {
            match self.reader.read(&mut size[got..]).map_err(damaged)? {
                0 if got == 0 => return Ok(None),
                0 => return Err(damaged(std::io::ErrorKind::UnexpectedEof.into())),
                n => got += n,
            }
        }
        let size = u32::from_le_bytes(size) as usize;
        let wrong = |what: &str| {
            Fault::input(format!("damaged BAM: {what}"))
                .at(&self.path)
                .record(number)
                .hint("copy or make the file again")
        };
        // A line of a short read has a few hundred bytes; a size beyond this is damage, not data.
        if size > 1 << 28 {
            return Err(wrong("a record of impossible size"));
        }
        self.line.resize(size, 0);
        self.reader.read_exact(&mut self.line).map_err(damaged)?;
        check_line(&self.line, &self.header).map_err(wrong)?;
        self.count = number;
        Ok(Some(&self.line))
    }
}

/// Checks a line against itself and the header; the error says in words what is wrong. What passes can be taken apart
/// without a further check: no number in it overflows.
pub(crate) fn check_line<'l>(line: &'l [u8], header: &BamHeader) -> Result<Raw<'l>, &'static str> {
    let raw = Raw::new(line)?;
    let contig_of = |index: i32| match usize::try_from(index) {
        Ok(i) => header
            .contigs
            .get(i)
            .map(Some)
            .ok_or("a record names a contig that the header does not have"),
        Err(_) if index == -1 => Ok(None),
        Err(_) => Err("a record names a contig that the header does not have"),
    };
    contig_of(raw.mate_reference())?;
    match contig_of(raw.reference())? {
        Some((_, length, _)) => {
            let end = i64::from(raw.position()) + raw.span().max(1) as i64;
            if raw.position() < -1 || end > i64::from(*length) {
                return Err("a record reaches beyond its contig");
            }
        }
        None if !raw.has(flag::UNMAPPED) => return Err("a mapped record without a position"),
        None => {}
    }
    if !raw.has(flag::UNMAPPED) && raw.position() < 0 {
        return Err("a mapped record without a position");
    }
    let read: u64 = raw
        .cigar()
        .filter(|(_, op)| matches!(op, 0 | 1 | 4 | 7 | 8))
        .map(|(n, _)| u64::from(n))
        .sum();
    if read != raw.sequence_length() as u64 && raw.sequence_length() > 0 && raw.cigar().next().is_some() {
        return Err("CIGAR and sequence of a record differ in length");
    }
    Ok(raw)
}

/// Words for what a decompressor says.
fn damage(path: &Path, error: std::io::Error) -> Fault {
    use std::io::ErrorKind as K;
    match error.kind() {
        K::UnexpectedEof => Fault::input("is cut short")
            .at(path)
            .hint("copy or make the file again"),
        K::InvalidData | K::InvalidInput | K::Other => Fault::input(format!("damaged BAM: {error}"))
            .at(path)
            .hint("copy or make the file again"),
        _ => Fault::io("read", path, error),
    }
}

fn read_header(reader: &mut impl Read, path: &Path) -> Result<BamHeader> {
    let wrong = |what: &str| Fault::input(format!("damaged BAM header: {what}")).at(path);
    let number = |reader: &mut dyn Read| -> Result<u32> {
        let mut bytes = [0; 4];
        reader.read_exact(&mut bytes).map_err(|e| damage(path, e))?;
        Ok(u32::from_le_bytes(bytes))
    };
    let mut magic = [0; 4];
    reader.read_exact(&mut magic).map_err(|e| damage(path, e))?;
    if magic != *b"BAM\x01" {
        return Err(Fault::input("is not a BAM file")
            .at(path)
            .hint("it is compressed, but holds something else: FASTQ files are given with their own option"));
    }
    let bytes = |reader: &mut dyn Read, n: u32| -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let got = reader
            .take(u64::from(n))
            .read_to_end(&mut bytes)
            .map_err(|e| damage(path, e))?;
        if got < n as usize {
            return Err(damage(path, std::io::ErrorKind::UnexpectedEof.into()));
        }
        Ok(bytes)
    };
    let size = number(reader)?;
    let text = bytes(reader, size)?;
    let text = String::from_utf8(text).map_err(|_| wrong("its text is not UTF-8"))?;
    let count = number(reader)?;
    let mut contigs = Vec::new();
    for _ in 0..count {
        let size = number(reader)?;
        let mut name = bytes(reader, size)?;
        if name.pop() != Some(0) {
            return Err(wrong("a contig name does not end where it should"));
        }
        let name = String::from_utf8(name).map_err(|_| wrong("a contig name is not UTF-8"))?;
        let length = number(reader)?;
        contigs.push((name, length));
    }
    Ok(header_of(&text, contigs))
}

/// What a header's text says, with the contigs in the order of the file.
pub(crate) fn header_of(text: &str, contigs: Vec<(String, u32)>) -> BamHeader {
    let lines: Vec<String> = text
        .trim_end_matches('\0')
        .lines()
        .map(|l| l.trim_end_matches('\r').to_owned())
        .filter(|l| !l.is_empty())
        .collect();
    let kind = |line: &str, kind: &str| line.split('\t').next() == Some(kind);
    let digests: BTreeMap<&str, &str> = lines
        .iter()
        .filter(|l| kind(l, "@SQ"))
        .filter_map(|l| Some((field(l, "SN")?, field(l, "M5")?)))
        .collect();
    let samples: BTreeSet<&str> = lines
        .iter()
        .filter(|l| kind(l, "@RG"))
        .filter_map(|l| field(l, "SM"))
        .collect();
    let contigs = contigs
        .into_iter()
        .map(|(name, length)| {
            let m5 = digests.get(name.as_str()).map(|m| (*m).to_owned());
            (name, length, m5)
        })
        .collect();
    let sort_order = lines
        .iter()
        .find(|l| kind(l, "@HD"))
        .and_then(|l| field(l, "SO"))
        .map(str::to_owned);
    BamHeader {
        samples: samples.into_iter().map(str::to_owned).collect(),
        contigs,
        sort_order,
        lines,
    }
}
