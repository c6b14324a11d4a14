//! Writing the annotated VCF, plain or as BGZF with its tabix index, in pieces that threads make side by side.
//!
//! A piece is a run of whole records, always cut at the same places, so the bytes do not depend on the threads. BGZF
//! blocks (SAM specification 4.1) are packed by the thread that made the records; only writing them is serial.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use clinotype_genome::{
    Fault, Result,
    fs::{self, AtomicFile},
    vcf_file::index_path,
};
use flate2::{Compress, Compression, Crc, FlushCompress, Status};
use noodles::{
    bgzf::VirtualPosition,
    core::Position,
    csi::binning_index::index::{header::Builder, reference_sequence::bin::Chunk},
    tabix,
};

use super::input::BGZF_END;
#[cfg(feature = "parquet")]
use crate::tables::parquet;
use crate::{
    annotate::AnnotateOptions,
    sources::scores::Scores,
    tables::{Kind, Table},
};

/// Bytes of text in one BGZF block, as htslib cuts it: also what does not compress fits in 64 KiB.
const BLOCK: usize = 0xff00;

/// Annotated text is highly repetitive: the fastest level halves the time of a run and costs a tenth in size.
const LEVEL: u32 = 1;

/// Where one record of a piece stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    /// Index of the reference's contig.
    pub(crate) contig: usize,
    /// POS, 1-based.
    pub(crate) position: u32,
    /// Last base, 1-based.
    pub(crate) end: u32,
    /// End of the record in the text.
    pub(crate) stop: usize,
}

/// Whole records, ready to be written.
#[derive(Debug, Default)]
pub(crate) struct Piece {
    /// The text; moved into `blocks` where it is to be packed.
    pub(crate) text: Vec<u8>,
    pub(crate) records: Vec<Placed>,
    blocks: Vec<u8>,
    /// Start in `blocks` of each block; block `n` holds the text from `n * BLOCK`.
    starts: Vec<usize>,
}

impl Piece {
    pub(crate) fn new(text: Vec<u8>, records: Vec<Placed>) -> Self {
        Self {
            text,
            records,
            ..Self::default()
        }
    }

    /// Packs the text into BGZF blocks.
    pub(crate) fn pack(&mut self, packer: &mut Packer) -> Result<()> {
        for part in self.text.chunks(BLOCK) {
            self.starts.push(self.blocks.len());
            packer.block(part, &mut self.blocks)?;
        }
        Ok(())
    }

    /// Number of BGZF blocks before an offset of the text, its place in that block, and the block's own place.
    fn place(&self, offset: usize) -> (usize, usize) {
        let block = offset / BLOCK;
        match self.starts.get(block) {
            Some(start) => (*start, offset % BLOCK),
            // The end of the last record, where its block is full: the next piece begins there.
            None => (self.blocks.len(), 0),
        }
    }
}

/// Deflates BGZF blocks; kept by a thread, because its tables are large.
pub(crate) struct Packer(Compress);

impl Default for Packer {
    fn default() -> Self {
        Self(Compress::new(Compression::new(LEVEL), false))
    }
}

impl Packer {
    fn block(&mut self, text: &[u8], out: &mut Vec<u8>) -> Result<()> {
        let start = out.len();
        out.extend_from_slice(&BGZF_END[..16]);
        out.extend_from_slice(&[0, 0]);
        let body = out.len();
        // More than the worst of the fastest level (static codes, 9 bits a byte): with less room than it needs zlib-rs
        // 0.6.8 panics at that level, where it should come back unfinished.
        out.reserve(2 * text.len() + 1024);
        self.0.reset();
        let status = self
            .0
            .compress_vec(text, out, FlushCompress::Finish)
            .map_err(|e| Fault::internal("a block could not be compressed").caused_by(e))?;
        if status != Status::StreamEnd || out.len() - body > text.len() {
            // What does not compress is stored as it is (RFC 1951, section 3.2.4), which always fits.
            let length = u16::try_from(text.len())
                .map_err(|_| Fault::internal("a block of more than 64 KiB was to be compressed"))?;
            out.truncate(body);
            out.push(1);
            out.extend_from_slice(&length.to_le_bytes());
            out.extend_from_slice(&(!length).to_le_bytes());
            out.extend_from_slice(text);
        }
        let mut crc = Crc::new();
        crc.update(text);
        out.extend_from_slice(&crc.sum().to_le_bytes());
        out.extend_from_slice(&(text.len() as u32).to_le_bytes());
        let size = u16::try_from(out.len() - start - 1)
            .map_err(|_| Fault::internal("a compressed block is longer than 64 KiB"))?;
        out[start + 16..start + 18].copy_from_slice(&size.to_le_bytes());
        Ok(())
    }
}

/// The file being written.
pub(crate) struct Writer {
    path: PathBuf,
    file: AtomicFile,
    packed: Option<Packed>,
}

struct Packed {
    /// Compressed bytes written so far.
    at: u64,
    /// `None` for a table, which has no index.
    indexer: Option<tabix::index::Indexer>,
}

/// Whether a path asks for a compressed file.
pub(crate) fn is_packed(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "gz" || e == "bgz")
}

impl Writer {
    /// Starts `path`: BGZF, a VCF with its index, where its name ends in `.gz` or `.bgz`, else plain text.
    pub(crate) fn create(path: &Path) -> Result<Self> {
        let packed = is_packed(path).then(|| {
            let indexer = Kind::of(path).is_none().then(|| {
                let mut indexer = tabix::index::Indexer::default();
                indexer.set_header(Builder::vcf().build());
                indexer
            });
            Packed { at: 0, indexer }
        });
        Ok(Self {
            path: path.to_owned(),
            file: AtomicFile::create(path)?,
            packed,
        })
    }

    /// Whether pieces must be packed before they are written.
    pub(crate) fn wants_packing(&self) -> bool {
        self.packed.is_some()
    }

    /// Writes header text.
    pub(crate) fn header(&mut self, text: &str) -> Result<()> {
        let mut piece = Piece::new(text.as_bytes().to_vec(), Vec::new());
        if self.wants_packing() {
            piece.pack(&mut Packer::default())?;
        }
        self.piece(&piece, |_| "")
    }

    /// Writes a piece; `contig` names the contigs by their index.
    pub(crate) fn piece<'c>(&mut self, piece: &Piece, contig: impl Fn(usize) -> &'c str) -> Result<()> {
        let failed = |e| Fault::io("write", &self.path, e);
        let Some(packed) = &mut self.packed else {
            return self.file.write_all(&piece.text).map_err(failed);
        };
        self.file.write_all(&piece.blocks).map_err(failed)?;
        let Some(indexer) = &mut packed.indexer else {
            return Ok(());
        };
        let virtual_place = |offset: usize| {
            let (block, within) = piece.place(offset);
            u16::try_from(within)
                .ok()
                .and_then(|within| VirtualPosition::new(packed.at + block as u64, within))
                .ok_or_else(|| Fault::resource("the output is larger than BGZF can address").at(&self.path))
        };
        // POS 0 (a telomere) has no place in the index and is filed under base 1.
        let place = |n: u32| {
            Position::try_from(n.max(1) as usize).map_err(|_| Fault::internal("a position of zero was to be indexed"))
        };
        let mut from = 0;
        for record in &piece.records {
            let chunk = Chunk::new(virtual_place(from)?, virtual_place(record.stop)?);
            let (start, end) = (place(record.position)?, place(record.end.max(record.position))?);
            indexer
                .add_record(contig(record.contig), start, end, chunk)
                .map_err(|e| Fault::io("index", &self.path, e))?;
            from = record.stop;
        }
        packed.at += piece.blocks.len() as u64;
        Ok(())
    }

    /// Finishes the file and its index; the VCF gets its name first, so that an index never stands beside an older
    /// file.
    pub(crate) fn commit(mut self) -> Result<()> {
        let Some(packed) = self.packed else {
            return self.file.commit();
        };
        let index_path = index_path(&self.path);
        self.file
            .write_all(&BGZF_END)
            .map_err(|e| Fault::io("write", &self.path, e))?;
        let Some(indexer) = packed.indexer else {
            return self.file.commit();
        };
        let mut index = tabix::io::Writer::new(AtomicFile::create(&index_path)?);
        index
            .write_index(&indexer.build())
            .map_err(|e| Fault::io("write", &index_path, e))?;
        index.try_finish().map_err(|e| Fault::io("write", &index_path, e))?;
        fs::remove_if_there(&index_path)?;
        self.file.commit()?;
        index.into_inner().into_inner().commit()
    }
}

/// What a run writes: each output has its pieces.
pub(crate) struct Outputs(Vec<(Option<Table>, Sink)>);

/// One output: a table or the VCF, and whether its pieces are to be packed.
pub(crate) type Wanted = (Option<Table>, bool);

/// Where an output's pieces go.
enum Sink {
    Text(Box<Writer>),
    #[cfg(feature = "parquet")]
    Parquet(Box<parquet::Writer>),
}

impl Sink {
    fn create(path: &Path, table: Option<&Table>, header: &str) -> Result<Self> {
        match table {
            Some(table) if table.kind == Kind::Parquet => Self::parquet(path, table, header),
            _ => Ok(Self::Text(Box::new(Writer::create(path)?))),
        }
    }

    /// What stands before the rows; nothing in Parquet.
    fn header(&mut self, text: &str) -> Result<()> {
        match self {
            Self::Text(writer) => writer.header(text),
            #[cfg(feature = "parquet")]
            Self::Parquet(_) => Ok(()),
        }
    }

    #[cfg(feature = "parquet")]
    fn parquet(path: &Path, table: &Table, header: &str) -> Result<Self> {
        Ok(Self::Parquet(Box::new(parquet::Writer::create(path, table, header)?)))
    }

    #[cfg(not(feature = "parquet"))]
    fn parquet(path: &Path, _: &Table, _: &str) -> Result<Self> {
        Err(Fault::usage("this build of Clinotype writes no Parquet")
            .at(path)
            .hint("build it with `--features parquet`, or write .jsonl or .tsv"))
    }
}

impl Outputs {
    /// Starts every output. `header`: of the VCF; `scores`: stores whose fields the tables have, too.
    pub(crate) fn create(options: &AnnotateOptions<'_>, header: &str, scores: &[Scores]) -> Result<Self> {
        let mut wanted = vec![(Kind::of(options.out), options.out)];
        for path in options.tables {
            wanted.push((Some(Kind::asked(path)?), *path));
        }
        let mut outputs = Vec::with_capacity(wanted.len());
        for (kind, path) in wanted {
            let table = kind.map(|kind| Table::new(kind, scores));
            let mut sink = Sink::create(path, table.as_ref(), header)?;
            match &table {
                None => sink.header(header)?,
                Some(table) => sink.header(&table.header())?,
            }
            outputs.push((table, sink));
        }
        Ok(Self(outputs))
    }

    pub(crate) fn wanted(&self) -> Vec<Wanted> {
        self.0
            .iter()
            .map(|(table, sink)| {
                let packs = matches!(sink, Sink::Text(writer) if writer.wants_packing());
                (table.clone(), packs)
            })
            .collect()
    }

    /// Writes rows of pieces, each with one piece per output.
    pub(crate) fn write(&mut self, rows: &[Vec<Piece>], names: &[&str]) -> Result<()> {
        for row in rows {
            for ((_, sink), piece) in self.0.iter_mut().zip(row) {
                match sink {
                    Sink::Text(writer) => writer.piece(piece, |index| names[index])?,
                    #[cfg(feature = "parquet")]
                    Sink::Parquet(writer) => writer.rows(&piece.text)?,
                }
            }
        }
        Ok(())
    }

    /// Finishes every output.
    pub(crate) fn commit(self) -> Result<()> {
        self.0.into_iter().try_for_each(|(_, sink)| match sink {
            Sink::Text(writer) => writer.commit(),
            #[cfg(feature = "parquet")]
            Sink::Parquet(writer) => writer.commit(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    /// Records of many sizes, in pieces: one spans several blocks, one ends where a block ends.
    #[test]
    fn blocks_and_index_lead_to_every_record() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.vcf.gz");
        let mut writer = Writer::create(&path).unwrap();
        writer
            .header("##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n")
            .unwrap();
        let (mut all, mut position) = (Vec::new(), 0_u32);
        for sizes in [vec![40, 70_000, 200_000, 55], vec![BLOCK], vec![60; 3000]] {
            let mut piece = Piece::default();
            for size in sizes {
                position += 50_000;
                let head = format!("chr1\t{position}\t.\tA\tC\t.\t.\t");
                let line = format!("{head}{}\n", "x".repeat(size - head.len() - 1));
                piece.text.extend_from_slice(line.as_bytes());
                piece.records.push(Placed {
                    contig: 0,
                    position,
                    end: position,
                    stop: piece.text.len(),
                });
                all.push(line);
            }
            piece.pack(&mut Packer::default()).unwrap();
            writer.piece(&piece, |_| "chr1").unwrap();
        }
        assert!(!path.exists());
        writer.commit().unwrap();
        clinotype_genome::vcf_file::check_whole(&path).unwrap();
        let mut text = String::new();
        fs::open_text(&path).unwrap().read_to_string(&mut text).unwrap();
        let records: String = text.split_inclusive('\n').skip(2).collect();
        assert_eq!(records, all.concat());
        let mut reader = noodles::vcf::io::indexed_reader::Builder::default()
            .build_from_path(&path)
            .unwrap();
        let header = reader.read_header().unwrap();
        for number in [0_u32, 1, 2, 3, 4, 5, 1000, 3003] {
            let at = (number + 1) * 50_000;
            let region = format!("chr1:{at}-{at}").parse().unwrap();
            let found: Vec<_> = reader
                .query(&header, &region)
                .unwrap()
                .records()
                .map(|r| r.unwrap())
                .collect();
            assert_eq!(found.len(), 1, "record {number}");
            assert_eq!(
                found[0].variant_start().unwrap().unwrap().get(),
                at as usize,
                "record {number}"
            );
        }
    }

    #[test]
    fn bytes_that_do_not_compress_fit() {
        let mut state = 1_u64;
        let noise: Vec<u8> = (0..3 * BLOCK)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (state >> 56) as u8
            })
            .collect();
        let mut piece = Piece::new(noise.clone(), Vec::new());
        piece.pack(&mut Packer::default()).unwrap();
        assert_eq!(piece.starts.len(), 3);
        let mut out = Vec::new();
        noodles::bgzf::io::Reader::new(&piece.blocks[..])
            .read_to_end(&mut out)
            .unwrap();
        assert_eq!(out, noise);
    }
}
