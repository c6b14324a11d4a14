//! Writing BAM and BAI together: BGZF blocks compressed in parallel on the current pool, the same bytes at any number
//! of threads.

use std::{
    collections::VecDeque,
    io::Write,
    path::{Path, PathBuf},
};

use clinotype_genome::{Fault, Result, fs};
use flate2::{Compress, Compression, FlushCompress, Status};
use noodles::{
    bam::bai,
    bgzf::VirtualPosition,
    core::Position,
    csi::binning_index::{
        Indexer,
        index::reference_sequence::{bin::Chunk, index::LinearIndex},
    },
};
use rayon::prelude::*;

use crate::raw::{Raw, flag};

/// Uncompressed bytes of a block, as htslib writes them: leaves room for data that do not compress.
const BLOCK: usize = 0xff00;
/// Blocks compressed at once.
const BLOCKS: usize = 128;
/// zlib level 6, as samtools uses.
const LEVEL: u32 = 6;
/// The empty block that ends every BGZF file (SAM specification, section 4.1.2).
pub(crate) const END_OF_FILE: [u8; 28] = [
    0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0, 0x1b, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

/// Largest position a BAI can hold (SAM specification, section 5.3).
pub(crate) const BAI_LIMIT: u32 = 1 << 29;

/// A line whose place in the compressed file is not yet known: uncompressed start and end, and its alignment context.
struct Waiting {
    start: u64,
    end: u64,
    context: Option<(usize, Position, Position, bool)>,
}

/// A BAM and its BAI, which appear under their names together at [`BamWriter::finish`].
pub(crate) struct BamWriter {
    file: fs::AtomicFile,
    path: PathBuf,
    contigs: usize,
    pending: Vec<u8>,
    /// Uncompressed bytes before `pending`.
    flushed: u64,
    /// Compressed offset of every block so far, and of the one to come.
    offsets: Vec<u64>,
    waiting: VecDeque<Waiting>,
    indexer: Indexer<LinearIndex>,
}

/// The index beside a BAM: `x.bam.bai`.
pub(crate) fn index_path(bam: &Path) -> PathBuf {
    let mut name = bam.as_os_str().to_owned();
    name.push(".bai");
    PathBuf::from(name)
}

impl BamWriter {
    /// Starts the file with its header: SAM text and (name, length) of the contigs.
    pub(crate) fn create(path: &Path, text: &str, contigs: &[(String, u32)]) -> Result<Self> {
        let mut pending = Vec::with_capacity(BLOCK * (BLOCKS + 1));
        pending.extend_from_slice(b"BAM\x01");
        pending.extend_from_slice(&(text.len() as u32).to_le_bytes());
        pending.extend_from_slice(text.as_bytes());
        pending.extend_from_slice(&(contigs.len() as u32).to_le_bytes());
        for (name, length) in contigs {
            pending.extend_from_slice(&(name.len() as u32 + 1).to_le_bytes());
            pending.extend_from_slice(name.as_bytes());
            pending.push(0);
            pending.extend_from_slice(&length.to_le_bytes());
        }
        let mut writer = Self {
            file: fs::AtomicFile::create(path)?,
            path: path.to_owned(),
            contigs: contigs.len(),
            pending,
            flushed: 0,
            offsets: vec![0],
            waiting: VecDeque::new(),
            indexer: Indexer::default(),
        };
        if writer.pending.len() >= BLOCK * BLOCKS {
            writer.flush(false)?;
        }
        Ok(writer)
    }

    /// Adds a line, which must not stand before the one added last.
    pub(crate) fn push(&mut self, line: &[u8], flags: u16) -> Result<()> {
        let raw = Raw::trusted(line);
        let start = self.flushed + self.pending.len() as u64;
        self.pending.extend_from_slice(&(line.len() as u32).to_le_bytes());
        let at = self.pending.len();
        self.pending.extend_from_slice(line);
        self.pending[at..][crate::raw::FLAG_AT].copy_from_slice(&flags.to_le_bytes());
        let context = if raw.reference() < 0 || raw.position() < 0 {
            None
        } else {
            let first = raw.position() as usize + 1;
            let last = raw.position() as usize + raw.span().max(1) as usize;
            let position = |n| Position::new(n).ok_or_else(|| Fault::internal("a line without a position was indexed"));
            Some((
                raw.reference() as usize,
                position(first)?,
                position(last)?,
                flags & flag::UNMAPPED == 0,
            ))
        };
        self.waiting.push_back(Waiting {
            start,
            end: self.flushed + self.pending.len() as u64,
            context,
        });
        if self.pending.len() >= BLOCK * BLOCKS {
            self.flush(false)?;
        }
        Ok(())
    }

    /// Compresses and writes whole blocks, and the last short one if `all`.
    fn flush(&mut self, all: bool) -> Result<()> {
        let whole = self.pending.len() / BLOCK * BLOCK;
        let taken = if all { self.pending.len() } else { whole };
        let blocks: Vec<Vec<u8>> = self.pending[..taken]
            .par_chunks(BLOCK)
            .map(compress)
            .collect::<Result<_>>()?;
        let mut offset = self.offsets.last().copied().unwrap_or_default();
        for block in &blocks {
            self.file
                .write_all(block)
                .map_err(|e| Fault::io("write", &self.path, e))?;
            offset += block.len() as u64;
            self.offsets.push(offset);
        }
        self.pending.drain(..taken);
        self.flushed += taken as u64;
        while let Some(line) = self.waiting.front() {
            if line.end > self.flushed {
                break;
            }
            let chunk = Chunk::new(self.place(line.start, all), self.place(line.end, all));
            self.indexer
                .add_record(line.context, chunk)
                .map_err(|e| Fault::internal(format!("a line cannot be indexed: {e}")).at(&self.path))?;
            self.waiting.pop_front();
        }
        Ok(())
    }

    /// Virtual position of an uncompressed offset that is flushed. Every block but the last of the file holds
    /// [`BLOCK`] bytes.
    fn place(&self, at: u64, all: bool) -> VirtualPosition {
        let mut block = (at / BLOCK as u64) as usize;
        let mut within = (at % BLOCK as u64) as u16;
        if all && at == self.flushed && within != 0 {
            // The end of the last, short block is the start of the end-of-file block.
            (block, within) = (block + 1, 0);
        }
        // A BAM of more than 2^48 bytes does not exist; the zero would be noticed by every reader.
        VirtualPosition::try_from((self.offsets.get(block).copied().unwrap_or_default(), within)).unwrap_or_default()
    }

    /// Ends the BAM and writes the index; both get their names.
    pub(crate) fn finish(mut self) -> Result<()> {
        self.flush(true)?;
        self.file
            .write_all(&END_OF_FILE)
            .map_err(|e| Fault::io("write", &self.path, e))?;
        let path = index_path(&self.path);
        let mut writer = bai::io::Writer::new(fs::AtomicFile::create(&path)?);
        writer
            .write_index(&self.indexer.build(self.contigs))
            .map_err(|e| Fault::io("write", &path, e))?;
        let mut index = writer.into_inner();
        index.flush().map_err(|e| Fault::io("write", &path, e))?;
        // An old index must not stand beside the new BAM, nor a BAM without its index look finished.
        fs::remove_if_there(&path)?;
        self.file.commit()?;
        index.commit().inspect_err(|_| {
            let _ = fs::remove_if_there(&self.path);
        })
    }
}

/// One BGZF block (SAM specification, section 4.1).
fn compress(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut block = Vec::with_capacity(0x1_0000);
    block.extend_from_slice(&END_OF_FILE[..18]);
    let mut deflate = Compress::new(Compression::new(LEVEL), false);
    let status = deflate
        .compress_vec(bytes, &mut block, FlushCompress::Finish)
        .map_err(|e| Fault::internal(format!("a block cannot be compressed: {e}")))?;
    if status != Status::StreamEnd {
        // Does not fit 64 KiB: stored instead. A stored block holds up to 65,535 bytes and costs five.
        block.truncate(18);
        block.push(1);
        block.extend_from_slice(&(bytes.len() as u16).to_le_bytes());
        block.extend_from_slice(&(!(bytes.len() as u16)).to_le_bytes());
        block.extend_from_slice(bytes);
    }
    block.extend_from_slice(&crc32fast::hash(bytes).to_le_bytes());
    block.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    let size = u16::try_from(block.len() - 1).map_err(|_| Fault::internal("a compressed block is too large"))?;
    block[16..18].copy_from_slice(&size.to_le_bytes());
    Ok(block)
}
