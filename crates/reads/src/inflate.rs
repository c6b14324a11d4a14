//! Reading BGZF from start to end, blocks inflated in parallel on the current pool.

use std::io::{self, BufReader, Read};

use clinotype_genome::fs::Source;
use flate2::{Decompress, FlushDecompress, Status};
use rayon::prelude::*;

/// Blocks inflated at once.
const BLOCKS: usize = 64;
/// Largest block, compressed or not (SAM specification, section 4.1).
const LARGEST: usize = 1 << 16;

/// A BGZF stream. Every block's length and CRC-32 are checked.
pub(crate) struct Inflate {
    file: BufReader<Source>,
    ready: Vec<u8>,
    at: usize,
    /// Compressed bytes read.
    pub(crate) taken: u64,
    /// What went wrong behind the bytes that are ready.
    failed: Option<io::Error>,
}

impl Inflate {
    pub(crate) fn new(file: Source) -> Self {
        Self {
            file: BufReader::with_capacity(1 << 18, file),
            ready: Vec::new(),
            at: 0,
            taken: 0,
            failed: None,
        }
    }

    /// The next compressed block: what lies between header and the end. `None` at the end of the file.
    fn block(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut head = [0; 12];
        let mut got = 0;
        while got < head.len() {
            match self.file.read(&mut head[got..])? {
                0 if got == 0 => return Ok(None),
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                n => got += n,
            }
        }
        if head[..4] != [0x1f, 0x8b, 8, 4] {
            return Err(invalid("what should be a BGZF block is none"));
        }
        let mut extra = vec![0; usize::from(u16::from_le_bytes([head[10], head[11]]))];
        self.file.read_exact(&mut extra)?;
        // Subfields: two letters, length, value. BC holds the size of the block less one.
        let mut rest = extra.as_slice();
        let mut size = None;
        while let [a, b, low, high, tail @ ..] = rest {
            let length = usize::from(u16::from_le_bytes([*low, *high]));
            if [*a, *b] == *b"BC" && length == 2 && tail.len() >= 2 {
                size = Some(usize::from(u16::from_le_bytes([tail[0], tail[1]])) + 1);
            }
            rest = tail.get(length..).unwrap_or_default();
        }
        let body = size
            .and_then(|size| size.checked_sub(head.len() + extra.len()))
            .filter(|n| *n >= 8)
            .ok_or_else(|| invalid("a BGZF block of impossible size"))?;
        let mut bytes = vec![0; body];
        self.file.read_exact(&mut bytes)?;
        self.taken += (head.len() + extra.len() + body) as u64;
        Ok(Some(bytes))
    }

    fn fill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.at = 0;
        while self.ready.is_empty() {
            if let Some(error) = self.failed.take() {
                return Err(error);
            }
            let mut blocks = Vec::with_capacity(BLOCKS);
            while blocks.len() < BLOCKS && self.failed.is_none() {
                match self.block() {
                    Ok(Some(block)) => blocks.push(block),
                    Ok(None) => break,
                    // Told when everything before it is read, so that the reader can say how far it came.
                    Err(error) => self.failed = Some(error),
                }
            }
            // Empty blocks may stand anywhere; only the end of the file is the end.
            if blocks.is_empty() && self.failed.is_none() {
                return Ok(());
            }
            let inflated: Vec<io::Result<Vec<u8>>> = blocks.par_iter().map(|block| inflate(block)).collect();
            for block in inflated {
                match block {
                    Ok(bytes) => self.ready.extend_from_slice(&bytes),
                    Err(error) => {
                        self.failed = Some(error);
                        break;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Read for Inflate {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at == self.ready.len() {
            self.fill()?;
        }
        let n = out.len().min(self.ready.len() - self.at);
        out[..n].copy_from_slice(&self.ready[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// A block without its header: deflated bytes, CRC-32, length.
fn inflate(block: &[u8]) -> io::Result<Vec<u8>> {
    let (data, end) = block.split_at(block.len() - 8);
    let number = |at: usize| u32::from_le_bytes([end[at], end[at + 1], end[at + 2], end[at + 3]]);
    let (crc, length) = (number(0), number(4) as usize);
    if length > LARGEST {
        return Err(invalid("a BGZF block of impossible size"));
    }
    // One byte more than it should need, so that a longer content is noticed.
    let mut out = Vec::with_capacity(length + 1);
    let status = Decompress::new(false)
        .decompress_vec(data, &mut out, FlushDecompress::Finish)
        .map_err(|e| invalid(&format!("a BGZF block cannot be inflated: {e}")))?;
    if status != Status::StreamEnd || out.len() != length || crc32fast::hash(&out) != crc {
        return Err(invalid(
            "a BGZF block does not have the length and checksum that it states",
        ));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use clinotype_genome::fs;

    use super::*;

    #[test]
    fn reads_what_another_writer_wrote_and_notices_every_cut_and_change() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        // More than one batch of blocks.
        let text: Vec<u8> = (0..5_000_000_u32)
            .map(|i| (i.wrapping_mul(2_654_435_761) >> 27) as u8)
            .collect();
        let mut writer = noodles::bgzf::io::Writer::new(Vec::new());
        writer.write_all(&text).unwrap();
        let whole = writer.finish().unwrap();
        let read = |bytes: &[u8]| {
            fs::write_atomic(&path, bytes).unwrap();
            let mut out = Vec::new();
            Inflate::new(fs::open(&path).unwrap())
                .read_to_end(&mut out)
                .map(|_| out)
        };
        assert!(read(&whole).unwrap() == text);
        assert_eq!(
            read(&whole[..whole.len() / 2]).unwrap_err().kind(),
            io::ErrorKind::UnexpectedEof
        );
        // What stands before the cut is still given.
        fs::write_atomic(&path, &whole[..whole.len() / 2]).unwrap();
        let mut some = vec![0; 100_000];
        Inflate::new(fs::open(&path).unwrap()).read_exact(&mut some).unwrap();
        assert!(some == text[..100_000]);
        for at in [0, 3, 12, 30, 5000, whole.len() / 2] {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            assert!(read(&damaged).is_err(), "byte {at}");
        }
    }
}
