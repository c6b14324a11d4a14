//! Pairs of FASTQ files: plain, gzip or BGZF, told by their content. What is wrong with them is said with file and line.

use std::{
    io::{BufRead, BufReader, Read as _},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use clinotype_genome::{Fault, Result, digest, fs};

use crate::{bam::check_end, inflate::Inflate};

/// Two files of one sequencing run: first and second mates, in the same order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FastqPair {
    /// First mates.
    pub r1: PathBuf,
    /// Second mates.
    pub r2: PathBuf,
}

/// One read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// Name up to the first white space, without `/1` or `/2`.
    pub name: Vec<u8>,
    /// IUPAC letters as in the file.
    pub bases: Vec<u8>,
    /// Phred, not shifted: 0 to 93.
    pub qualities: Vec<u8>,
}

/// First and second mate of one fragment.
pub type ReadPair = [Read; 2];

/// SAM allows names of up to 254 bytes.
const LONGEST_NAME: usize = 254;
/// Longest read, in bases: the aligner is set for short reads, and a batch of them must fit the memory set aside.
pub const LONGEST_READ: usize = 1000;
/// Longest line, in bytes: a file that is no text must not fill the memory.
const LONGEST_LINE: u64 = 1 << 16;
/// How much of a file is compared with the others.
const COMPARED: u64 = 1 << 20;

/// Checks what can be known before the reads are streamed: every file is there, is FASTQ, is not given twice (by path,
/// by inode, by the content of its first megabyte), ends as its compression says, and the first reads of a pair of
/// files belong together.
///
/// What stands further down (unequal numbers of reads, a damaged record) is found while the pairs are read.
pub fn check(pairs: &[FastqPair]) -> Result<()> {
    if pairs.is_empty() {
        return Err(Fault::usage("no FASTQ files are given"));
    }
    let files: Vec<&Path> = pairs.iter().flat_map(|p| [p.r1.as_path(), p.r2.as_path()]).collect();
    let mut known: Vec<KnownFile<'_>> = Vec::new();
    for path in files {
        drop(fs::open(path)?);
        let metadata = path.metadata().map_err(|e| Fault::io("read", path, e))?;
        let real = path.canonicalize().map_err(|e| Fault::io("open", path, e))?;
        let inode = inode(&metadata);
        let mut start = Vec::new();
        open(path)?
            .0
            .take(COMPARED)
            .read_to_end(&mut start)
            .map_err(|e| unreadable(path, e))?;
        if start.is_empty() {
            return Err(Fault::input("is empty").at(path).hint("give a FASTQ file with reads"));
        }
        let content = digest::sha256(&start);
        for (other_real, other_inode, other_content, other) in &known {
            let same_file = *other_real == real || (inode.is_some() && *other_inode == inode);
            if same_file || *other_content == content {
                let what = if same_file {
                    format!("is the same file as {}", other.display())
                } else {
                    format!("holds the same reads as {}", other.display())
                };
                return Err(Fault::input(what)
                    .at(path)
                    .hint("give each file once: R1 and R2 of every lane"));
            }
        }
        known.push((real, inode, content, path));
    }
    for pair in pairs {
        PairReader::open(pair)?.next_pair()?;
    }
    Ok(())
}

/// Real path, device and inode, digest of the start, and the path as given.
type KnownFile<'a> = (PathBuf, Option<(u64, u64)>, String, &'a Path);

#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "other systems have none")]
fn inode(metadata: &std::fs::Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn inode(_: &std::fs::Metadata) -> Option<(u64, u64)> {
    None
}

type Source = Box<dyn BufRead + Send>;

/// Counts the bytes taken from the disk, for progress.
struct Counted {
    file: fs::Source,
    taken: Arc<AtomicU64>,
}

impl std::io::Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.file.read(buffer)?;
        self.taken.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// BGZF, its blocks inflated by all threads of the pool.
struct Blocks {
    inflate: Inflate,
    taken: Arc<AtomicU64>,
}

impl std::io::Read for Blocks {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inflate.read(buffer)?;
        self.taken.store(self.inflate.taken, Ordering::Relaxed);
        Ok(n)
    }
}

/// Opens a file by its content; gives the counter of its bytes, too.
fn open(path: &Path) -> Result<(Source, Arc<AtomicU64>)> {
    let taken = Arc::new(AtomicU64::new(0));
    let counted = Counted {
        file: fs::open(path)?,
        taken: Arc::clone(&taken),
    };
    let mut reader = BufReader::with_capacity(1 << 17, counted);
    let start = reader.fill_buf().map_err(|e| Fault::io("read", path, e))?;
    if !start.starts_with(&[0x1f, 0x8b]) {
        return Ok((Box::new(reader), taken));
    }
    // BGZF is gzip with an extra field `BC`; it alone can tell that whole blocks are missing at the end.
    if start.len() > 13 && start[3] & 4 != 0 && &start[12..14] == b"BC" {
        check_end(path)?;
        let blocks = Blocks {
            inflate: Inflate::new(fs::open(path)?),
            taken: Arc::clone(&taken),
        };
        return Ok((Box::new(BufReader::with_capacity(1 << 17, blocks)), taken));
    }
    let decoder = flate2::bufread::MultiGzDecoder::new(reader);
    Ok((Box::new(BufReader::with_capacity(1 << 17, decoder)), taken))
}

fn unreadable(path: &Path, error: std::io::Error) -> Fault {
    use std::io::ErrorKind as K;
    match error.kind() {
        K::UnexpectedEof => Fault::input("is cut short: the compressed data end early")
            .at(path)
            .hint("copy or make the file again"),
        K::InvalidData | K::InvalidInput => Fault::input(format!("the compressed data are damaged: {error}"))
            .at(path)
            .hint("copy or make the file again"),
        _ => Fault::io("read", path, error),
    }
}

/// Reads one FASTQ file, four lines a record.
struct FileReader {
    source: Source,
    path: PathBuf,
    line: u64,
    records: u64,
    buffer: Vec<u8>,
    /// 1 or 2: which mates the file should hold.
    mate: u8,
    /// Bytes taken from the disk.
    taken: Arc<AtomicU64>,
}

impl FileReader {
    fn open(path: &Path, mate: u8) -> Result<Self> {
        let (source, taken) = open(path)?;
        Ok(Self {
            source,
            taken,
            path: path.to_owned(),
            line: 0,
            records: 0,
            buffer: Vec::new(),
            mate,
        })
    }

    fn fault(&self, what: impl Into<String>) -> Fault {
        Fault::input(what)
            .at(&self.path)
            .line(self.line)
            .record(self.records + 1)
    }

    /// Reads a line into the buffer, without its end; false at the end of the file.
    fn next_line(&mut self) -> Result<bool> {
        self.buffer.clear();
        let n = self
            .source
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut self.buffer)
            .map_err(|e| unreadable(&self.path, e).line(self.line + 1))?;
        if n == 0 {
            return Ok(false);
        }
        self.line += 1;
        if n as u64 == LONGEST_LINE && self.buffer.last() != Some(&b'\n') {
            return Err(self
                .fault(format!("a line of more than {LONGEST_LINE} bytes"))
                .hint(SHORT_READS));
        }
        while matches!(self.buffer.last(), Some(b'\n' | b'\r')) {
            self.buffer.pop();
        }
        Ok(true)
    }

    fn needed_line(&mut self, what: &str) -> Result<()> {
        if self.next_line()? {
            return Ok(());
        }
        self.line += 1;
        Err(self
            .fault(format!("is cut short: the file ends before the {what}"))
            .hint("copy or make the file again"))
    }

    fn next(&mut self) -> Result<Option<Read>> {
        loop {
            if !self.next_line()? {
                return Ok(None);
            }
            if !self.buffer.is_empty() {
                break;
            }
            // An empty line may end a file, but not stand between two reads.
            if !self
                .source
                .fill_buf()
                .map_err(|e| unreadable(&self.path, e))?
                .is_empty()
                && self.records > 0
            {
                return Err(self.fault("an empty line where a read should begin with '@'"));
            }
        }
        if self.buffer.first() != Some(&b'@') {
            let what = if self.records == 0 {
                "is not a FASTQ file: it does not begin with '@'"
            } else {
                "a read should begin with '@' here: a line before it is missing or too many"
            };
            return Err(self.fault(what).hint("give FASTQ files: four lines for each read"));
        }
        let name = self.name()?;
        self.needed_line("bases")?;
        let bases = self.buffer.clone();
        if let Some(at) = bases.iter().position(|b| !is_iupac(*b)) {
            if bases[0] == b'+' {
                return Err(self.fault("the read has no bases"));
            }
            let letter = (bases[at] as char).escape_default();
            return Err(self.fault(format!("base {} is '{letter}', which is no IUPAC letter", at + 1)));
        }
        if bases.is_empty() {
            return Err(self.fault("the read has no bases"));
        }
        if bases.len() > LONGEST_READ {
            return Err(self
                .fault(format!(
                    "the read has {} bases; at most {LONGEST_READ} are taken",
                    bases.len()
                ))
                .hint(SHORT_READS));
        }
        self.needed_line("'+' line")?;
        if self.buffer.first() != Some(&b'+') {
            return Err(self
                .fault("the '+' line between bases and qualities is missing")
                .hint("give FASTQ files: four lines for each read"));
        }
        self.needed_line("qualities")?;
        if self.buffer.len() != bases.len() {
            return Err(self.fault(format!(
                "the read has {} bases but {} qualities",
                bases.len(),
                self.buffer.len()
            )));
        }
        if let Some(at) = self.buffer.iter().position(|q| !(b'!'..=b'~').contains(q)) {
            return Err(self.fault(format!("quality {} is not between '!' and '~'", at + 1)));
        }
        let qualities = self.buffer.iter().map(|q| q - b'!').collect();
        self.records += 1;
        Ok(Some(Read { name, bases, qualities }))
    }

    /// The name in the buffer's `@` line. A file whose reads call themselves the other mate is refused.
    fn name(&self) -> Result<Vec<u8>> {
        let line = &self.buffer[1..];
        let end = line.iter().position(u8::is_ascii_whitespace).unwrap_or(line.len());
        let (mut name, comment) = line.split_at(end);
        let mut says = None;
        if let [head @ .., b'/', mate @ (b'1' | b'2')] = name {
            (name, says) = (head, Some(*mate - b'0'));
        } else if let [_, mate @ (b'1' | b'2'), b':', ..] = comment {
            // Illumina since CASAVA 1.8: "name 1:N:0:index".
            says = Some(*mate - b'0');
        }
        if says.is_some_and(|m| m != self.mate) {
            return Err(self
                .fault(format!(
                    "the reads of this file call themselves mate {}, but it is given as R{}",
                    says.unwrap_or_default(),
                    self.mate
                ))
                .hint("swap the two files, or give the right one"));
        }
        if name.is_empty() {
            return Err(self.fault("the read has no name"));
        }
        if name.len() > LONGEST_NAME {
            return Err(self.fault(format!(
                "the read name has {} bytes; BAM allows {LONGEST_NAME}",
                name.len()
            )));
        }
        if !name.iter().all(u8::is_ascii_graphic) {
            return Err(self.fault("the read name holds a character that is not printable ASCII"));
        }
        Ok(name.to_vec())
    }
}

const SHORT_READS: &str =
    "give FASTQ files of short reads; align long reads (PacBio, Nanopore) with a program for them";

fn is_iupac(base: u8) -> bool {
    matches!(
        base.to_ascii_uppercase(),
        b'A' | b'C' | b'G' | b'T' | b'U' | b'N' | b'R' | b'Y' | b'S' | b'W' | b'K' | b'M' | b'B' | b'D' | b'H' | b'V'
    )
}

/// Reads the pairs of two files together.
pub struct PairReader {
    first: FileReader,
    last: FileReader,
    /// Pairs given so far.
    pairs: u64,
}

impl std::fmt::Debug for PairReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PairReader")
            .field("r1", &self.first.path)
            .field("r2", &self.last.path)
            .finish_non_exhaustive()
    }
}

impl PairReader {
    /// Opens both files.
    pub fn open(pair: &FastqPair) -> Result<Self> {
        Ok(Self {
            first: FileReader::open(&pair.r1, 1)?,
            last: FileReader::open(&pair.r2, 2)?,
            pairs: 0,
        })
    }

    /// Bytes of the first file read from the disk so far.
    pub fn position(&self) -> u64 {
        self.first.taken.load(Ordering::Relaxed)
    }

    /// The next pair, `None` at the end of both files.
    pub fn next_pair(&mut self) -> Result<Option<ReadPair>> {
        let (first, last) = (self.first.next()?, self.last.next()?);
        self.join(first, last)
    }

    /// Up to `count` pairs; the two files are read at the same time where the current pool has a thread to spare.
    pub fn batch(&mut self, count: usize) -> Result<Vec<ReadPair>> {
        let read = |file: &mut FileReader| -> Result<Vec<Read>> {
            let mut reads = Vec::with_capacity(count);
            while reads.len() < count {
                match file.next()? {
                    Some(read) => reads.push(read),
                    None => break,
                }
            }
            Ok(reads)
        };
        let (first, last) = rayon::join(|| read(&mut self.first), || read(&mut self.last));
        let (mut first, mut last) = (first?.into_iter(), last?.into_iter());
        let mut pairs = Vec::with_capacity(count);
        while let Some(pair) = self.join(first.next(), last.next())? {
            pairs.push(pair);
        }
        Ok(pairs)
    }

    fn join(&mut self, first: Option<Read>, last: Option<Read>) -> Result<Option<ReadPair>> {
        match (first, last) {
            (None, None) => {
                if self.first.records == 0 {
                    return Err(Fault::input("holds no reads").at(&self.first.path));
                }
                Ok(None)
            }
            (Some(first), Some(last)) => {
                if first.name != last.name {
                    return Err(Fault::input(format!(
                        "read names differ: {} here, {} in {}",
                        String::from_utf8_lossy(&first.name),
                        String::from_utf8_lossy(&last.name),
                        self.last.path.display()
                    ))
                    .at(&self.first.path)
                    .record(self.pairs + 1)
                    .hint("give R1 and R2 of the same run, in the same order"));
                }
                self.pairs += 1;
                Ok(Some([first, last]))
            }
            (first, _) => {
                let (short, long) = if first.is_none() {
                    (&self.first, &self.last)
                } else {
                    (&self.last, &self.first)
                };
                Err(Fault::input(format!(
                    "holds {} reads, fewer than {}",
                    short.records,
                    long.path.display()
                ))
                .at(&short.path)
                .record(short.records)
                .hint("one of the two files is cut short, or they are not of the same run"))
            }
        }
    }
}
