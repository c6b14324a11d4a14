//! Writing a store from records that come sorted.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use clinotype_genome::{Fault, Result, fs::AtomicFile};
use sha2::{Digest as _, Sha256};

use super::{
    block::{self, MOST, MOVED, Rows},
    column::Packer,
    field::Field,
    key::{Key, compare},
    layout::{END, Entry, FORMAT, HEAD, MAGIC, TRAILER},
    meta::Meta,
    regions::Assessed,
};

/// Records of a block: the trade between size (more are better) and the time of one random look-up (fewer are better).
const RECORDS: usize = 2048;
/// Bytes of texts and long alleles that end a block before that.
const TEXTS: usize = 4 << 20;
/// Bytes that one record may have.
pub(super) const LARGEST: usize = 1 << 20;
/// Beyond this level the blocks get hardly smaller, and much slower to make.
const LEVEL: i32 = 3;

const _: () = assert!(RECORDS <= MOST);

/// A store being written; it appears under its name when it is finished.
pub struct StoreWriter {
    path: PathBuf,
    file: AtomicFile,
    offset: u64,
    fields: Vec<Field>,
    packer: Packer,
    rows: Rows,
    index: Vec<u8>,
    last: Option<(Key, Vec<u8>, Vec<u8>)>,
}

impl std::fmt::Debug for StoreWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreWriter")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl StoreWriter {
    /// Starts a store.
    pub fn create(path: impl AsRef<Path>, fields: &[Field]) -> Result<Self> {
        let path = path.as_ref();
        let mut file = AtomicFile::create(path)?;
        let mut head = MAGIC.to_vec();
        head.extend(FORMAT.to_le_bytes());
        head.extend([0; 4]);
        debug_assert_eq!(head.len(), HEAD);
        file.write_all(&head).map_err(|e| Fault::io("write", path, e))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            offset: head.len() as u64,
            fields: fields.to_vec(),
            packer: Packer::new(LEVEL).map_err(|e| Fault::io("write", path, e))?,
            rows: Rows::new(fields.len()),
            index: Vec::new(),
            last: None,
        })
    }

    /// Adds an allele, normalised, upper case; `moved` where normalisation took it away from its place in the source.
    /// With no bases it is a site that the source assessed.
    ///
    /// `values` has one entry per field, in a form that [`Field::accepts`]. Alleles must come sorted by key (long ones
    /// by their bases, too), each once; anything else is a defect of the caller.
    pub fn add<'v>(
        &mut self,
        key: Key,
        bases: (&[u8], &[u8]),
        moved: bool,
        values: impl Iterator<Item = Option<&'v str>>,
    ) -> Result<()> {
        if let Some((last, reference, alternate)) = &mut self.last {
            if !compare((last, reference, alternate), (&key, bases.0, bases.1)).is_lt() {
                return Err(Fault::internal("alleles came to the store out of order").at(&self.path));
            }
            if last.contig != key.contig || self.rows.len() == RECORDS || self.rows.size() > TEXTS {
                self.flush()?;
            }
        }
        self.rows.push(key, bases, if moved { MOVED } else { 0 }, values);
        let long = key.code.is_long();
        let keep = |bases: &[u8]| if long { bases.to_vec() } else { Vec::new() };
        self.last = Some((key, keep(bases.0), keep(bases.1)));
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        let (Some(first), Some(last)) = (self.rows.keys.first(), self.rows.keys.last()) else {
            return Ok(());
        };
        let bytes = block::encode(&self.rows, &self.fields, &mut self.packer);
        let entry = Entry {
            contig: first.contig,
            first: first.position,
            last: last.position,
            records: self.rows.len() as u32,
            offset: self.offset,
            length: u32::try_from(bytes.len()).map_err(|_| Fault::internal("a block is too large").at(&self.path))?,
            crc: crc32fast::hash(&bytes),
            alleles: self.rows.keys.iter().filter(|k| !k.code.is_site()).count() as u32,
        };
        entry.put(&mut self.index);
        self.write(&bytes)?;
        self.rows.clear();
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.file
            .write_all(bytes)
            .map_err(|e| Fault::io("write", &self.path, e))?;
        self.offset += bytes.len() as u64;
        Ok(())
    }

    /// Writes what stands behind the blocks, and gives the store its name.
    pub fn finish(mut self, meta: &Meta, assessed: &Assessed) -> Result<()> {
        self.flush()?;
        if meta.fields != self.fields {
            return Err(Fault::internal(
                "the facts of a store name other fields than its records have",
            ));
        }
        let facts = serde_json::to_vec(meta)
            .map_err(|e| Fault::internal("the facts of a store cannot be written").caused_by(e))?;
        let regions = if assessed.is_empty() {
            Vec::new()
        } else {
            assessed.encode()
        };
        let index = std::mem::take(&mut self.index);
        let mut trailer = Vec::new();
        let mut hash = Sha256::new();
        for part in [&regions, &index, &facts] {
            trailer.extend(self.offset.to_le_bytes());
            trailer.extend((part.len() as u64).to_le_bytes());
            hash.update(part);
            self.write(part)?;
        }
        // Places that were changed would make other parts of them: they are proven, too.
        hash.update(&trailer);
        trailer.extend(hash.finalize());
        trailer.extend(END);
        debug_assert_eq!(trailer.len(), TRAILER);
        self.write(&trailer)?;
        self.file.commit()
    }
}
