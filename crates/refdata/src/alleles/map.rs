//! The bytes of a store: mapped into memory, so that only what is looked at is read. The one place of this crate with
//! `unsafe` code.

#![allow(
    unsafe_code,
    reason = "a mapping of a file is unsafe by nature; the SAFETY comment says why it is sound here"
)]

use std::{io::Read as _, ops::Deref, path::Path};

use clinotype_genome::{Fault, Result, fs};
use memmap2::Mmap;

/// The bytes of a file.
#[derive(Debug)]
pub(super) enum Bytes {
    Mapped(Mmap),
    /// A file of a folder under seal is encrypted on the disk and cannot be mapped.
    Read(Vec<u8>),
}

impl Bytes {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let mut source = fs::open(path)?;
        let failed = |e| Fault::io("read", path, e);
        if let Some(file) = source.plain_file()
            && file.metadata().map_err(failed)?.len() > 0
        {
            // SAFETY: The mapping is read-only and shared as `&[u8]`. Its bytes must not change while it lives: stores
            // appear by rename when whole and no code of ours writes into one that has its name, so a newer release is
            // another file on the disk and this mapping keeps the old one. Whatever the bytes are, every part is
            // checked by length and checksum before it is used, so that foreign bytes end in a fault.
            let mapped = unsafe { Mmap::map(file) }.map_err(|e| Fault::io("map", path, e))?;
            return Ok(Self::Mapped(mapped));
        }
        let mut bytes = Vec::new();
        source.read_to_end(&mut bytes).map_err(failed)?;
        Ok(Self::Read(bytes))
    }
}

impl Deref for Bytes {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map,
            Self::Read(bytes) => bytes,
        }
    }
}
