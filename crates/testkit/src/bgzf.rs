//! BGZF by whole blocks (SAM specification v1.6, section 4.1), so that a block can be written again without
//! compressing it again: 415 million N take a second.

use std::io::{self, Write};

use flate2::{Compress, Compression, Crc, FlushCompress};
use noodles::bgzf::gzi;

/// The empty block that ends a BGZF file.
const END: [u8; 28] = [
    0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0, 0x1b, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

/// Most bytes that go into one block, as bgzip has it.
pub(crate) const BLOCK: usize = 0xff00;

/// One compressed block and the number of bytes that it holds.
#[derive(Clone)]
pub(crate) struct Block {
    bytes: Vec<u8>,
    held: usize,
}

impl Block {
    /// Compresses at most [`BLOCK`] bytes.
    pub(crate) fn new(held: &[u8]) -> io::Result<Self> {
        if held.len() > BLOCK {
            return Err(io::Error::other("a BGZF block holds at most 65,280 bytes"));
        }
        let mut deflated = Vec::with_capacity(BLOCK + 1024);
        let mut compress = Compress::new(Compression::new(6), false);
        compress.compress_vec(held, &mut deflated, FlushCompress::Finish)?;
        if compress.total_in() != held.len() as u64 || deflated.len() + 26 > 0x1_0000 {
            return Err(io::Error::other("a BGZF block did not fit"));
        }
        let mut bytes = END[..18].to_vec();
        bytes[16..18].copy_from_slice(&((deflated.len() + 25) as u16).to_le_bytes());
        bytes.extend(&deflated);
        let mut crc = Crc::new();
        crc.update(held);
        bytes.extend(crc.sum().to_le_bytes());
        bytes.extend((held.len() as u32).to_le_bytes());
        Ok(Self {
            bytes,
            held: held.len(),
        })
    }
}

/// Writes blocks and remembers where they begin.
pub(crate) struct Writer<W> {
    inner: W,
    compressed: u64,
    uncompressed: u64,
    starts: Vec<(u64, u64)>,
}

impl<W: Write> Writer<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self {
            inner,
            compressed: 0,
            uncompressed: 0,
            starts: Vec::new(),
        }
    }

    /// Bytes held so far, which is the offset that a FASTA index wants.
    pub(crate) fn uncompressed(&self) -> u64 {
        self.uncompressed
    }

    /// Writes one block.
    pub(crate) fn block(&mut self, block: &Block) -> io::Result<()> {
        if self.compressed > 0 {
            self.starts.push((self.compressed, self.uncompressed));
        }
        self.inner.write_all(&block.bytes)?;
        self.compressed += block.bytes.len() as u64;
        self.uncompressed += block.held as u64;
        Ok(())
    }

    /// Compresses and writes bytes of any length.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        bytes
            .chunks(BLOCK)
            .try_for_each(|chunk| self.block(&Block::new(chunk)?))
    }

    /// Ends the file; gives back what was written to, and the index of the blocks.
    pub(crate) fn finish(mut self) -> io::Result<(W, gzi::Index)> {
        self.inner.write_all(&END)?;
        Ok((self.inner, gzi::Index::from(self.starts)))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use noodles::bgzf;

    use super::*;

    #[test]
    fn another_reader_gives_the_bytes_back() {
        let mut bytes: Vec<u8> = (0..200_000_u32)
            .map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8)
            .collect();
        let mut writer = Writer::new(Vec::new());
        writer.bytes(&bytes).unwrap();
        let block = Block::new(b"NNNN").unwrap();
        writer.block(&block).unwrap();
        writer.block(&block).unwrap();
        bytes.extend(b"NNNNNNNN");
        assert_eq!(writer.uncompressed(), bytes.len() as u64);
        let (written, index) = writer.finish().unwrap();
        let mut read = Vec::new();
        bgzf::io::Reader::new(&written[..]).read_to_end(&mut read).unwrap();
        assert_eq!(read, bytes);
        let last = index.as_ref().last().unwrap();
        assert_eq!(last.1, bytes.len() as u64 - 4);
        assert_eq!(&written[last.0 as usize..][..4], &[0x1f, 0x8b, 8, 4]);
    }
}
