//! The reference genome: contigs, and bases by interval from plain or BGZF FASTA.

use std::{
    fmt,
    io::{BufRead, Read as _, Seek},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use noodles::{bgzf, core::Region, fasta};
use serde::{Deserialize, Serialize};

use crate::{Fault, Result, fs};

/// The name of a primary contig without its dialect: `1`..`22`, `X`, `Y`, `MT`.
///
/// `chr1`, `1`, `NC_000001.11` and `CM000663.2`-free spellings of one chromosome share a key. Contigs outside the
/// primary assembly have none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ContigKey(String);

impl ContigKey {
    /// The key of a contig name, if it names a primary contig.
    pub fn of(name: &str) -> Option<Self> {
        let bare = name.strip_prefix("chr").unwrap_or(name);
        let key = match bare {
            "X" | "Y" => bare.to_owned(),
            "M" | "MT" => "MT".to_owned(),
            _ if bare.starts_with("NC_") => {
                let number: u32 = bare[3..].split('.').next()?.parse().ok()?;
                match number {
                    1..=22 => number.to_string(),
                    23 => "X".to_owned(),
                    24 => "Y".to_owned(),
                    12_920 => "MT".to_owned(),
                    _ => return None,
                }
            }
            _ => {
                let number: u32 = bare.parse().ok()?;
                if !(1..=22).contains(&number) || number.to_string() != bare {
                    return None;
                }
                bare.to_owned()
            }
        };
        Some(Self(key))
    }
    /// `1`..`22`, `X`, `Y` or `MT`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ContigKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A contig of the reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contig {
    /// As the reference names it.
    pub name: String,
    /// Number of bases.
    pub length: u32,
}

/// The contigs of a reference in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contigs(Vec<Contig>);

impl Contigs {
    /// From contigs in the reference's order.
    pub fn new(contigs: Vec<Contig>) -> Self {
        Self(contigs)
    }
    /// In order.
    pub fn iter(&self) -> std::slice::Iter<'_, Contig> {
        self.0.iter()
    }
    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// By its exact name.
    pub fn get(&self, name: &str) -> Option<&Contig> {
        self.0.iter().find(|c| c.name == name)
    }
    /// Its place in the order, by exact name.
    pub fn index_of(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|c| c.name == name)
    }
    /// By exact name, else by the primary contig it names (`1` finds `chr1`). A `chrM` of hg19 (16,571 bases) is never
    /// found by a name of the rCRS or the other way round, because callers compare lengths where they have them; see
    /// [`crate::build::HG19_CHRM_LENGTH`].
    pub fn resolve(&self, name: &str) -> Option<&Contig> {
        self.get(name).or_else(|| {
            let key = ContigKey::of(name)?;
            self.0.iter().find(|c| ContigKey::of(&c.name).as_ref() == Some(&key))
        })
    }
}

impl<'a> IntoIterator for &'a Contigs {
    type Item = &'a Contig;
    type IntoIter = std::slice::Iter<'a, Contig>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// What a FASTA reader needs, plain or BGZF.
trait Bases: BufRead + Seek + Send {}
impl<T: BufRead + Seek + Send> Bases for T {}

type Reader = fasta::io::IndexedReader<Box<dyn Bases>>;

/// A reference genome on disk. Cheap to clone; may be read from many threads.
#[derive(Clone)]
pub struct Reference {
    path: Arc<PathBuf>,
    contigs: Arc<Contigs>,
    index: fasta::fai::Index,
    blocks: Option<bgzf::gzi::Index>,
    // Idle readers: a thread takes one or opens its own, and puts it back.
    idle: Arc<Mutex<Vec<Reader>>>,
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reference")
            .field("path", &self.path)
            .field("contigs", &self.contigs.len())
            .finish_non_exhaustive()
    }
}

impl Reference {
    /// Opens a FASTA file, plain or BGZF. Missing `.fai` and `.gzi` are made, and written beside it where the folder
    /// can be written.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let compression = compression(path)?;
        let index = fai(path, compression)?;
        let blocks = match compression {
            Compression::Plain => None,
            Compression::Bgzf => Some(gzi(path)?),
        };
        let mut contigs = Vec::new();
        for record in index.as_ref() {
            let record: &fasta::fai::Record = record;
            let name = String::from_utf8_lossy(record.name().as_ref()).into_owned();
            let length = u32::try_from(record.length())
                .ok()
                .filter(|n| *n < i32::MAX as u32)
                .ok_or_else(|| Fault::input(format!("contig {name} is longer than 2^31 - 1 bases")).at(path))?;
            if contigs.iter().any(|c: &Contig| c.name == name) {
                return Err(Fault::input(format!("contig {name} stands twice in the reference")).at(path));
            }
            contigs.push(Contig { name, length });
        }
        if contigs.is_empty() {
            return Err(Fault::input("holds no sequence")
                .at(path)
                .hint("give a reference genome in FASTA format"));
        }
        Ok(Self {
            path: Arc::new(path.to_owned()),
            contigs: Arc::new(Contigs::new(contigs)),
            index,
            blocks,
            idle: Arc::default(),
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its contigs.
    pub fn contigs(&self) -> &Contigs {
        &self.contigs
    }

    /// Bases of `start..end` (0-based, half-open), upper case; any letter but A, C, G and T comes back as N. The end
    /// is cut at the contig's end. An unknown contig is an input fault.
    pub fn fetch(&self, contig: &str, start: u32, end: u32) -> Result<Vec<u8>> {
        let mut bases = self.letters(contig, start, end)?;
        for base in &mut bases {
            if !matches!(base, b'A' | b'C' | b'G' | b'T') {
                *base = b'N';
            }
        }
        Ok(bases)
    }

    /// The same with every IUPAC letter as the file has it, in upper case: what checksums are made of.
    pub fn letters(&self, contig: &str, start: u32, end: u32) -> Result<Vec<u8>> {
        let Some(found) = self.contigs.get(contig) else {
            return Err(Fault::input(format!("the reference has no contig {contig}")).at(self.path()));
        };
        let end = end.min(found.length);
        if start >= end {
            return Ok(Vec::new());
        }
        let position = |n: u32| {
            noodles::core::Position::try_from(n as usize)
                .map_err(|_| Fault::internal("a position of zero was asked of the reference"))
        };
        let region = Region::new(contig, position(start + 1)?..=position(end)?);
        let taken = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        let mut reader = match taken {
            Some(reader) => reader,
            None => self.reader()?,
        };
        let record = reader
            .query(&region)
            .map_err(|e| Fault::io("read the reference", self.path(), e).locus(contig, u64::from(start) + 1))?;
        let mut bases = record.sequence().as_ref().to_vec();
        bases.make_ascii_uppercase();
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(reader);
        }
        if bases.len() != (end - start) as usize {
            return Err(Fault::input("the reference is shorter than its index says")
                .at(self.path())
                .locus(contig, u64::from(start) + 1)
                .hint("remove the .fai and .gzi files beside it and run again"));
        }
        Ok(bases)
    }

    fn reader(&self) -> Result<Reader> {
        let file = fs::open(self.path())?;
        let reader: Box<dyn Bases> = match &self.blocks {
            None => Box::new(std::io::BufReader::with_capacity(1 << 16, file)),
            Some(blocks) => Box::new(
                bgzf::io::indexed_reader::Builder::default()
                    .set_index(blocks.clone())
                    .build_from_reader(file)
                    .map_err(|e| Fault::io("open the reference", self.path(), e))?,
            ),
        };
        Ok(fasta::io::IndexedReader::new(reader, self.index.clone()))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Compression {
    Plain,
    Bgzf,
}

fn compression(path: &Path) -> Result<Compression> {
    let mut reader = std::io::BufReader::new(fs::open(path)?);
    let start = reader.fill_buf().map_err(|e| Fault::io("read", path, e))?;
    let by_name = path.extension().is_some_and(|e| e == "gz" || e == "bgz");
    if start.starts_with(&[0x1f, 0x8b]) {
        // BGZF is gzip with an extra field `BC` (SAM specification, section 4.1).
        if start.len() > 13 && start[3] & 4 != 0 && &start[12..14] == b"BC" {
            // noodles chooses by the name, so the name has to tell the truth.
            if by_name {
                return Ok(Compression::Bgzf);
            }
            return Err(Fault::input("is compressed, but its name does not end in .gz")
                .at(path)
                .hint("rename it to end in .fa.gz"));
        }
        return Err(Fault::input("is gzip, not BGZF, and cannot be read by position")
            .at(path)
            .hint("decompress it, or compress it again with bgzip"));
    }
    if by_name {
        return Err(Fault::input("is not compressed, although its name ends in .gz").at(path));
    }
    if start.is_empty() {
        return Err(Fault::input("is empty").at(path));
    }
    if start[0] != b'>' {
        return Err(Fault::input("is not a FASTA file: it does not begin with '>'")
            .at(path)
            .line(1));
    }
    Ok(Compression::Plain)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Whether the index is at least as new as what it indexes.
fn is_current(index: &Path, of: &Path) -> bool {
    let changed = |p: &Path| p.metadata().and_then(|m| m.modified()).ok();
    matches!((changed(index), changed(of)), (Some(i), Some(f)) if i >= f)
}

fn fai(path: &Path, compression: Compression) -> Result<fasta::fai::Index> {
    let beside = with_suffix(path, ".fai");
    if is_current(&beside, path) {
        return fasta::fai::io::Reader::new(std::io::BufReader::new(fs::open(&beside)?))
            .read_index()
            .map_err(|e| Fault::io("read the index", &beside, e).hint("remove it; it is made again"));
    }
    let file = fs::open(path)?;
    let reader: Box<dyn BufRead> = match compression {
        Compression::Plain => Box::new(std::io::BufReader::with_capacity(1 << 17, file)),
        Compression::Bgzf => Box::new(bgzf::io::Reader::new(file)),
    };
    let mut indexer = fasta::io::Indexer::new(reader);
    let mut records = Vec::new();
    while let Some(record) = indexer.index_record().map_err(|e| {
        Fault::input(format!("is not a FASTA file that can be indexed: {e}"))
            .at(path)
            .record(records.len() as u64 + 1)
    })? {
        records.push(record);
    }
    let index = fasta::fai::Index::from(records);
    if let Ok(file) = fs::AtomicFile::create(&beside) {
        let mut writer = fasta::fai::io::Writer::new(file);
        if writer.write_index(&index).is_ok() {
            // A folder that cannot be written is no fault: the index stays in memory.
            let _ = writer.into_inner().commit();
        }
    }
    Ok(index)
}

fn gzi(path: &Path) -> Result<bgzf::gzi::Index> {
    let beside = with_suffix(path, ".gzi");
    if is_current(&beside, path) {
        return bgzf::gzi::io::Reader::new(std::io::BufReader::new(fs::open(&beside)?))
            .read_index()
            .map_err(|e| Fault::io("read the index", &beside, e).hint("remove it; it is made again"));
    }
    let index = block_index(path)?;
    if let Ok(file) = fs::AtomicFile::create(&beside) {
        let mut writer = bgzf::gzi::io::Writer::new(file);
        if writer.write_index(&index).is_ok() {
            let _ = writer.into_inner().commit();
        }
    }
    Ok(index)
}

/// The start of every BGZF block after the first: (compressed, uncompressed) offset.
///
/// Walks the block headers (SAM specification 4.1): BSIZE is bytes 16-17, ISIZE the last four of a block.
fn block_index(path: &Path) -> Result<bgzf::gzi::Index> {
    let broken = |at: u64| {
        Fault::input(format!("is not whole BGZF: the block at byte {at} is cut or damaged"))
            .at(path)
            .hint("copy or make the file again")
    };
    let mut file = std::io::BufReader::with_capacity(1 << 17, fs::open(path)?);
    let size = file.get_ref().len().map_err(|e| Fault::io("read", path, e))?;
    let (mut compressed, mut uncompressed, mut blocks, mut last) = (0_u64, 0_u64, Vec::new(), 0);
    while compressed < size {
        let mut header = [0; 18];
        file.read_exact(&mut header).map_err(|_| broken(compressed))?;
        if header[..4] != [0x1f, 0x8b, 8, 4] || &header[12..14] != b"BC" {
            return Err(broken(compressed));
        }
        let length = u64::from(u16::from_le_bytes([header[16], header[17]])) + 1;
        let rest = length.checked_sub(22).ok_or_else(|| broken(compressed))?;
        file.seek_relative(rest as i64).map_err(|_| broken(compressed))?;
        let mut tail = [0; 4];
        file.read_exact(&mut tail).map_err(|_| broken(compressed))?;
        if compressed > 0 {
            blocks.push((compressed, uncompressed));
        }
        last = u32::from_le_bytes(tail);
        compressed += length;
        uncompressed += u64::from(last);
    }
    if last != 0 {
        return Err(Fault::input("is cut short: the end-of-file block of BGZF is missing")
            .at(path)
            .hint("copy or make the file again"));
    }
    Ok(bgzf::gzi::Index::from(blocks))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const FASTA: &str = ">chr1 words\nACGTn\nRYacg\nTT\n>2\nGGGG\n";

    fn plain(folder: &Path) -> PathBuf {
        let path = folder.join("r.fa");
        fs::write_atomic(&path, FASTA.as_bytes()).unwrap();
        path
    }

    #[test]
    fn plain_and_bgzf_give_the_same_bases() {
        let folder = tempfile::tempdir().unwrap();
        let compressed = folder.path().join("r.fa.gz");
        let mut writer = bgzf::io::Writer::new(Vec::new());
        writer.write_all(FASTA.as_bytes()).unwrap();
        fs::write_atomic(&compressed, &writer.finish().unwrap()).unwrap();
        for path in [plain(folder.path()), compressed] {
            for _ in 0..2 {
                let reference = Reference::open(&path).unwrap();
                assert_eq!(reference.contigs().get("chr1").unwrap().length, 12);
                assert_eq!(reference.fetch("chr1", 3, 9).unwrap(), b"TNNNAC");
                assert_eq!(reference.fetch("2", 2, 99).unwrap(), b"GG");
                assert_eq!(reference.contigs().resolve("chr2").unwrap().name, "2");
                assert!(reference.fetch("3", 0, 1).is_err());
            }
            assert!(with_suffix(&path, ".fai").exists());
        }
    }

    #[test]
    fn bad_references_are_named() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text, words) in [
            ("a.fa", "", "is empty"),
            ("b.fa", "ACGT\n", "does not begin with '>'"),
            ("c.fa", ">x\nAC\n>x\nGT\n", "stands twice"),
            ("d.fa", ">x\nACGT\nAC\nACGT\n", "can be indexed"),
        ] {
            let path = folder.path().join(name);
            fs::write_atomic(&path, text.as_bytes()).unwrap();
            let fault = Reference::open(&path).unwrap_err();
            assert!(fault.to_string().contains(words), "{fault}");
        }
    }

    #[test]
    fn keys_of_names() {
        for (name, key) in [
            ("chr1", Some("1")),
            ("X", Some("X")),
            ("chrM", Some("MT")),
            ("NC_000023.10", Some("X")),
            ("chr1_alt", None),
            ("01", None),
            ("hs37d5", None),
        ] {
            assert_eq!(ContigKey::of(name).as_ref().map(ContigKey::as_str), key, "{name}");
        }
    }
}
