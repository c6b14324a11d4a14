//! A BGZF file of lines with its tabix index, both appearing by rename.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use clinotype_genome::{Fault, Result, fs::AtomicFile};
use noodles::{
    bgzf,
    core::Position,
    csi::binning_index::index::{header, reference_sequence::bin::Chunk},
    tabix,
};

/// See the module text.
pub(crate) struct Writer {
    path: PathBuf,
    lines: bgzf::io::Writer<AtomicFile>,
    indexer: tabix::index::Indexer,
}

impl Writer {
    /// Starts the file with its header.
    pub(crate) fn create(path: &Path, head: &str) -> Result<Self> {
        let mut lines = bgzf::io::Writer::new(AtomicFile::create(path)?);
        lines
            .write_all(head.as_bytes())
            .map_err(|e| Fault::io("write", path, e))?;
        let mut indexer = tabix::index::Indexer::default();
        indexer.set_header(header::Builder::vcf().build());
        Ok(Self {
            path: path.to_owned(),
            lines,
            indexer,
        })
    }

    /// Writes one line that covers the 0-based stretch `start..end` of a contig.
    pub(crate) fn line(&mut self, contig: &str, start: u32, end: u32, text: &str) -> Result<()> {
        let from = self.lines.virtual_position();
        self.lines
            .write_all(text.as_bytes())
            .map_err(|e| Fault::io("write", &self.path, e))?;
        let to = self.lines.virtual_position();
        let position = |n: u32| {
            Position::try_from(n as usize).map_err(|_| Fault::internal("a record without bases was to be written"))
        };
        self.indexer
            .add_record(contig, position(start + 1)?, position(end)?, Chunk::new(from, to))
            .map_err(|e| Fault::io("index", &self.path, e).locus(contig, u64::from(start) + 1))
    }

    /// Ends the file, writes the index, and gives both their names.
    pub(crate) fn finish(self) -> Result<()> {
        let file = self.lines.finish().map_err(|e| Fault::io("write", &self.path, e))?;
        let mut name = self.path.as_os_str().to_owned();
        name.push(".tbi");
        let beside = PathBuf::from(name);
        let mut writer = tabix::io::Writer::new(AtomicFile::create(&beside)?);
        let index = self.indexer.build();
        writer.write_index(&index).map_err(|e| Fault::io("write", &beside, e))?;
        let index = writer
            .into_inner()
            .finish()
            .map_err(|e| Fault::io("write", &beside, e))?;
        // The data first: an index is never newer than a missing file.
        file.commit()?;
        index.commit()
    }
}
