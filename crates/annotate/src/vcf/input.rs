//! Opening VCF files and reading their lines with line numbers.

use std::{
    io::{BufRead, BufReader, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use clinotype_genome::{Fault, Result, fs};
use noodles::bgzf;

use super::header::Header;

/// The empty block that ends a BGZF file (SAM specification 4.1.2).
pub(crate) const BGZF_END: [u8; 28] = [
    0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0, 0x1b, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

/// Records that are annotated side by side at a time. Does not depend on the number of threads, nor does any output.
const BATCH: usize = 8192;
/// A batch ends at the record that reaches this many bytes, so that long lines do not pile up.
const BATCH_BYTES: usize = 4 << 20;

/// Record lines that were read together, without their ends.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    text: String,
    stops: Vec<usize>,
}

impl Batch {
    pub(crate) fn len(&self) -> usize {
        self.stops.len()
    }

    /// Line `number` of the batch.
    pub(crate) fn line(&self, number: usize) -> &str {
        let from = number.checked_sub(1).map_or(0, |before| self.stops[before]);
        &self.text[from..self.stops[number]]
    }
}

/// A VCF file being read.
pub(crate) struct Vcf {
    path: PathBuf,
    reader: Box<dyn BufRead + Send>,
    pub(crate) header: Header,
    line: u64,
}

/// A BGZF file without its end block was cut short, even where the last block is whole. Gives whether the file is BGZF.
fn check_end(path: &Path) -> Result<bool> {
    let mut file = fs::open(path)?;
    let mut start = [0_u8; 18];
    let size = file.len().map_err(|e| Fault::io("read", path, e))?;
    if size == 0 {
        return Err(Fault::input("is empty").at(path).hint("give a VCF file"));
    }
    if size < 28 || file.read_exact(&mut start).is_err() || start[..4] != BGZF_END[..4] || start[12..14] != *b"BC" {
        return Ok(false);
    }
    let mut end = [0_u8; 28];
    file.seek(SeekFrom::End(-28))
        .and_then(|_| file.read_exact(&mut end))
        .map_err(|e| Fault::io("read", path, e))?;
    if end == BGZF_END {
        return Ok(true);
    }
    Err(Fault::input("is cut short: the end-of-file block of BGZF is missing")
        .at(path)
        .hint("copy or make the file again"))
}

impl Vcf {
    /// Opens a plain, gzip or BGZF file and reads its header.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        // Blocks of BGZF are checked before their text is used; a damaged one is told as such, not by what it seems to
        // hold.
        let reader: Box<dyn BufRead + Send> = if check_end(path)? {
            let file = BufReader::with_capacity(1 << 17, fs::open(path)?);
            Box::new(bgzf::io::Reader::new(file))
        } else {
            fs::open_text(path)?
        };
        let mut vcf = Self {
            path: path.to_owned(),
            reader,
            header: Header::default(),
            line: 0,
        };
        let mut bytes = Vec::new();
        loop {
            if !vcf.read(&mut bytes)? {
                return Err(Fault::input("ends before the column line (#CHROM ...)")
                    .at(path)
                    .hint("give a whole VCF file"));
            }
            let Ok(text) = std::str::from_utf8(&bytes) else {
                return Err(vcf.not_vcf());
            };
            if vcf.line == 1 && !text.starts_with("##fileformat=VCF") {
                return Err(vcf.not_vcf());
            }
            vcf.header.count = vcf.line;
            if text.starts_with("##") {
                vcf.header.add(text);
            } else if text.starts_with('#') {
                vcf.header.finish(text, path)?;
                return Ok(vcf);
            } else {
                return Err(Fault::input("a record stands before the column line (#CHROM ...)")
                    .at(path)
                    .line(vcf.line));
            }
        }
    }

    fn not_vcf(&self) -> Fault {
        Fault::input("is not a VCF file: it does not begin with ##fileformat=VCF")
            .at(&self.path)
            .line(1)
            .hint("give VCF text, plain or compressed by bgzip; BCF is turned into it by `bcftools view -O z`")
    }

    /// Next line without its end, into `bytes`; false at the end of the file.
    fn read(&mut self, bytes: &mut Vec<u8>) -> Result<bool> {
        bytes.clear();
        self.append(bytes)
    }

    /// Appends the next line without its end to `bytes`; false at the end of the file.
    fn append(&mut self, bytes: &mut Vec<u8>) -> Result<bool> {
        let from = bytes.len();
        let read = self.reader.read_until(b'\n', bytes).map_err(|e| {
            Fault::io("read", &self.path, e)
                .line(self.line + 1)
                .hint("the file is damaged or cut short: copy or make it again")
        })?;
        if read == 0 {
            return Ok(false);
        }
        self.line += 1;
        while bytes.len() > from && matches!(bytes.last(), Some(b'\n' | b'\r')) {
            bytes.pop();
        }
        Ok(true)
    }

    /// Next record line as text with its 1-based number; `None` at the end. Empty lines are passed over.
    pub(crate) fn next<'b>(&mut self, bytes: &'b mut Vec<u8>) -> Result<Option<(u64, &'b str)>> {
        loop {
            if !self.read(bytes)? {
                return Ok(None);
            }
            if !bytes.is_empty() {
                break;
            }
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Some((self.line, text))),
            Err(_) => Err(Fault::input("this line is not UTF-8 text")
                .at(&self.path)
                .line(self.line)),
        }
    }

    /// The next records into `batch`, up to its limits; false where there are none.
    pub(crate) fn fill(&mut self, batch: &mut Batch) -> Result<bool> {
        let mut text = std::mem::take(&mut batch.text).into_bytes();
        text.clear();
        batch.stops.clear();
        while batch.stops.len() < BATCH && text.len() < BATCH_BYTES {
            let from = text.len();
            if !self.append(&mut text)? {
                break;
            }
            if text.len() > from {
                batch.stops.push(text.len());
            }
        }
        // The survey has named the line of such a fault already.
        batch.text =
            String::from_utf8(text).map_err(|_| Fault::input("holds a line that is not UTF-8 text").at(&self.path))?;
        Ok(!batch.stops.is_empty())
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}
