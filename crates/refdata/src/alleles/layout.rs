//! The places in the file of a store.
//!
//! ```text
//! magic (8) | format version (4) | 0 (4)
//! blocks, one after the other
//! regions that the source assessed
//! index: one entry of 36 bytes per block
//! facts of the store, JSON
//! trailer (88): places and lengths of regions, index, facts (48) | SHA-256 of these three parts and of the 48 bytes (32)
//!               | magic of the end (8)
//! ```
//!
//! Numbers are little-endian. Each block is proven by its CRC-32 in the index, the rest by the SHA-256.

use super::bytes::{Decoded, Input};

/// The first bytes; the line ends in them show a file that was sent as text.
pub(super) const MAGIC: [u8; 8] = *b"\x89CTA\r\n\x1a\n";
/// The last bytes: without them the file was cut short.
pub(super) const END: [u8; 8] = *b"CTA.end\n";
/// The format that this program writes and reads.
pub const FORMAT: u32 = 1;
pub(super) const HEAD: usize = 16;
pub(super) const TRAILER: usize = 88;

/// An entry of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) contig: u32,
    /// 1-based positions of the first and last record.
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) records: u32,
    pub(super) offset: u64,
    pub(super) length: u32,
    pub(super) crc: u32,
    pub(super) alleles: u32,
}

impl Entry {
    pub(super) const SIZE: usize = 36;

    pub(super) fn put(&self, out: &mut Vec<u8>) {
        for number in [self.contig, self.first, self.last, self.records] {
            out.extend(number.to_le_bytes());
        }
        out.extend(self.offset.to_le_bytes());
        for number in [self.length, self.crc, self.alleles] {
            out.extend(number.to_le_bytes());
        }
    }

    pub(super) fn read(input: &mut Input<'_>) -> Decoded<Self> {
        Ok(Self {
            contig: input.u32()?,
            first: input.u32()?,
            last: input.u32()?,
            records: input.u32()?,
            offset: input.u64()?,
            length: input.u32()?,
            crc: input.u32()?,
            alleles: input.u32()?,
        })
    }
}
