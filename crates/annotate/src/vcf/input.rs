//! Opening VCF files and reading their lines with line numbers.

use std::{
    io::{BufRead, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use clinotype_genome::{Fault, Result, fs};

use super::header::Header;

/// The empty block that ends a BGZF file (SAM specification 4.1.2).
const BGZF_END: [u8; 28] = [
    0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0, 0x1b, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

/// A VCF file being read.
pub(crate) struct Vcf {
    path: PathBuf,
    reader: Box<dyn BufRead + Send>,
    pub(crate) header: Header,
    line: u64,
}

/// A BGZF file without its end block was cut short, even where the last block is whole.
fn check_end(path: &Path) -> Result<()> {
    let mut file = fs::open(path)?;
    let mut start = [0_u8; 18];
    let size = file.len().map_err(|e| Fault::io("read", path, e))?;
    if size == 0 {
        return Err(Fault::input("is empty").at(path).hint("give a VCF file"));
    }
    if size < 28 || file.read_exact(&mut start).is_err() || start[..4] != BGZF_END[..4] || start[12..14] != *b"BC" {
        return Ok(());
    }
    let mut end = [0_u8; 28];
    file.seek(SeekFrom::End(-28))
        .and_then(|_| file.read_exact(&mut end))
        .map_err(|e| Fault::io("read", path, e))?;
    if end == BGZF_END {
        return Ok(());
    }
    Err(Fault::input("is cut short: the end-of-file block of BGZF is missing")
        .at(path)
        .hint("copy or make the file again"))
}

impl Vcf {
    /// Opens a plain, gzip or BGZF file and reads its header.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        check_end(path)?;
        let mut vcf = Self {
            path: path.to_owned(),
            reader: fs::open_text(path)?,
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
        let read = self.reader.read_until(b'\n', bytes).map_err(|e| {
            Fault::io("read", &self.path, e)
                .line(self.line + 1)
                .hint("the file is damaged or cut short: copy or make it again")
        })?;
        if read == 0 {
            return Ok(false);
        }
        self.line += 1;
        while matches!(bytes.last(), Some(b'\n' | b'\r')) {
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

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}
