//! Writing VCF as BGZF with its tabix index, both appearing by rename.

use std::{
    io::{Read as _, Seek as _, SeekFrom, Write},
    path::{Path, PathBuf},
};

use noodles::{
    bgzf,
    core::Position,
    csi::binning_index::index::{Header, header::Builder, reference_sequence::bin::Chunk},
    tabix,
};

use crate::{
    Fault, Result,
    fs::{self, AtomicFile},
};

/// The path of the tabix index of a VCF.
pub fn index_path(vcf: &Path) -> PathBuf {
    let mut name = vcf.as_os_str().to_owned();
    name.push(".tbi");
    PathBuf::from(name)
}

/// The empty block that ends a BGZF file (SAM specification, section 4.1.2).
const BGZF_END: [u8; 28] = [
    0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0, 0x1b, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

/// A BGZF file without its end block was cut short, even where the last block is whole; that is an input fault, and so
/// is an empty file. Plain and gzip files pass.
pub fn check_whole(path: &Path) -> Result<()> {
    let mut file = fs::open(path)?;
    let failed = |e| Fault::io("read", path, e);
    let size = file.len().map_err(failed)?;
    if size == 0 {
        return Err(Fault::input("is empty").at(path).hint("give a VCF file"));
    }
    let mut start = [0; 18];
    if size < 28 || file.read_exact(&mut start).is_err() || start[..4] != BGZF_END[..4] || start[12..14] != *b"BC" {
        return Ok(());
    }
    let mut end = [0; 28];
    file.seek(SeekFrom::End(-28))
        .and_then(|_| file.read_exact(&mut end))
        .map_err(failed)?;
    if end == BGZF_END {
        return Ok(());
    }
    Err(Fault::input("is cut short: the end-of-file block of BGZF is missing")
        .at(path)
        .hint("copy or make the file again"))
}

/// A VCF being written. Lines are given as text, records in the order of the contigs and positions.
pub struct VcfWriter {
    path: PathBuf,
    writer: bgzf::io::Writer<AtomicFile>,
    indexer: tabix::index::Indexer,
    last: Option<(String, u32)>,
    finished: Vec<String>,
}

impl std::fmt::Debug for VcfWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VcfWriter")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl VcfWriter {
    /// Starts `path` (to end in `.vcf.gz`).
    pub fn create(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref().to_owned();
        let mut indexer = tabix::index::Indexer::default();
        let header: Header = Builder::vcf().build();
        indexer.set_header(header);
        let writer = bgzf::io::Writer::new(AtomicFile::create(&path)?);
        Ok(Self {
            path,
            writer,
            indexer,
            last: None,
            finished: Vec::new(),
        })
    }

    /// Writes header text; every line must end in a newline.
    pub fn header(&mut self, text: &str) -> Result<()> {
        self.writer
            .write_all(text.as_bytes())
            .map_err(|e| Fault::io("write", &self.path, e))
    }

    /// Writes one record, with or without its newline. `position` is POS, 1-based; `end` is its last base, 1-based, inclusive.
    pub fn record(&mut self, line: &str, contig: &str, position: u32, end: u32) -> Result<()> {
        let failed = |e| Fault::io("write", &self.path, e);
        match &mut self.last {
            Some((last, at)) if last == contig => {
                if position < *at {
                    return Err(unsorted(contig, position));
                }
                *at = position;
            }
            other => {
                if self.finished.iter().any(|c| c == contig) {
                    return Err(unsorted(contig, position));
                }
                if let Some((last, _)) = other.replace((contig.to_owned(), position)) {
                    self.finished.push(last);
                }
            }
        }
        // POS 0 is legal in VCF (a telomere); the index has no place for it and files it under base 1.
        let place = |n: u32| {
            Position::try_from(n.max(1) as usize).map_err(|_| Fault::internal("a position of zero was to be indexed"))
        };
        let (start, end) = (place(position)?, place(end.max(position))?);
        let from = self.writer.virtual_position();
        let newline: &[u8] = if line.ends_with('\n') { b"" } else { b"\n" };
        self.writer
            .write_all(line.as_bytes())
            .and_then(|()| self.writer.write_all(newline))
            .map_err(failed)?;
        let to = self.writer.virtual_position();
        self.indexer
            .add_record(contig, start, end, Chunk::new(from, to))
            .map_err(|e| Fault::io("index", &self.path, e))
    }

    /// Finishes both files; the VCF gets its name first, so that an index never stands beside an older file.
    pub fn commit(self) -> Result<()> {
        let index_path = index_path(&self.path);
        let file = self.writer.finish().map_err(|e| Fault::io("write", &self.path, e))?;
        let mut index = tabix::io::Writer::new(AtomicFile::create(&index_path)?);
        index
            .write_index(&self.indexer.build())
            .map_err(|e| Fault::io("write", &index_path, e))?;
        index.try_finish().map_err(|e| Fault::io("write", &index_path, e))?;
        crate::fs::remove_if_there(&index_path)?;
        file.commit()?;
        index.into_inner().into_inner().commit()
    }
}

fn unsorted(contig: &str, position: u32) -> Fault {
    Fault::input("the records are not sorted by contig and position")
        .locus(contig, u64::from(position))
        .hint("sort the VCF, for example with `bcftools sort`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_whole_files_with_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.vcf.gz");
        let mut vcf = VcfWriter::create(&path).unwrap();
        vcf.header("##fileformat=VCFv4.3\n#CHROM\n").unwrap();
        vcf.record("chr1\t5", "chr1", 5, 5).unwrap();
        vcf.record("chr1\t9", "chr1", 9, 12).unwrap();
        vcf.record("chr2\t1", "chr2", 1, 1).unwrap();
        assert!(!path.exists());
        vcf.commit().unwrap();
        check_whole(&path).unwrap();
        let bytes = fs::read(&path).unwrap();
        let cut = folder.path().join("cut.vcf.gz");
        fs::write_atomic(&cut, &bytes[..bytes.len() - 28]).unwrap();
        assert!(check_whole(&cut).unwrap_err().what().contains("cut short"));
        fs::remove_if_there(&cut).unwrap();
        let mut text = String::new();
        crate::fs::open_text(&path).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text.lines().count(), 5);
        let index = tabix::fs::read(index_path(&path)).unwrap();
        assert_eq!(index.reference_sequences().len(), 2);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn refuses_records_out_of_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.vcf.gz");
        let mut vcf = VcfWriter::create(&path).unwrap();
        vcf.record("", "chr1", 5, 5).unwrap();
        assert!(vcf.record("", "chr1", 4, 4).is_err());
        vcf.record("", "chr2", 4, 4).unwrap();
        assert!(vcf.record("", "chr1", 9, 9).is_err());
        drop(vcf);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
