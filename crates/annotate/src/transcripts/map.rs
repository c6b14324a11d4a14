//! The bytes of a compiled file: mapped, so that only what is asked for is read, and shared between processes.
#![allow(unsafe_code, reason = "a memory map; its one use says why it is sound")]

use std::{fs::File, io::Read as _, ops::Deref, path::Path};

use clinotype_genome::{Fault, Result, fs};
use memmap2::Mmap;

/// Bytes that begin every compiled file; compared to tell an encrypted file from a plain one.
const HEAD: usize = 8;

/// The plain bytes of a file.
#[derive(Debug)]
pub(super) enum Bytes {
    Mapped(Mmap),
    /// Of a file in a folder under seal, which cannot be mapped.
    Held(Vec<u8>),
}

impl Deref for Bytes {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map,
            Self::Held(bytes) => bytes,
        }
    }
}

impl Bytes {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let mut head = [0; HEAD];
        let mut source = fs::open(path)?;
        let length = source.len().map_err(|e| Fault::io("read", path, e))?;
        if length < HEAD as u64 {
            return Ok(Self::Held(fs::read(path)?));
        }
        source.read_exact(&mut head).map_err(|e| Fault::io("read", path, e))?;
        #[allow(
            clippy::disallowed_methods,
            reason = "a map needs the file itself; `fs::open` has opened it and named the path"
        )]
        let file = File::open(path).map_err(|e| Fault::io("open", path, e))?;
        // SAFETY: the map is read-only. Compiled files appear by rename and are never written to in place, so the bytes
        // under the map do not change while it lives; replacing the file leaves the mapped one as it was. What they hold
        // is checked before use, and every access is bounded by the map's length.
        let map = unsafe { Mmap::map(&file) }.map_err(|e| Fault::io("map", path, e))?;
        if map.len() as u64 == length && map[..HEAD] == head {
            return Ok(Self::Mapped(map));
        }
        Ok(Self::Held(fs::read(path)?))
    }
}
