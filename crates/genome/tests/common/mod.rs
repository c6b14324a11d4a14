//! A seal for tests: no cipher, but plain bytes become unrecognisable, every change is noticed, and any place can be
//! read. Other crates' tests include this file by its path.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    sync::Arc,
};

use clinotype_genome::seal::{Seal, SealedRead, SealedWrite};

/// Plain bytes of a chunk; an odd number, so that nothing falls on its borders by chance.
const CHUNK: usize = 1021;
const TAG: usize = 8;

/// See the module text.
#[derive(Debug)]
pub(crate) struct TestSeal(pub(crate) u64);

impl TestSeal {
    pub(crate) fn shared(key: u64) -> Arc<dyn Seal> {
        Arc::new(Self(key))
    }
}

impl Seal for TestSeal {
    fn writer(&self, file: File) -> io::Result<Box<dyn SealedWrite>> {
        Ok(Box::new(Writer {
            file,
            key: self.0,
            index: 0,
            chunk: Vec::new(),
        }))
    }
    fn reader(&self, mut file: File) -> io::Result<Box<dyn SealedRead>> {
        let size = file.seek(SeekFrom::End(0))?;
        let whole = (CHUNK + TAG) as u64;
        let chunks = size.div_ceil(whole);
        let length = size
            .checked_sub(chunks * TAG as u64)
            .filter(|_| chunks > 0)
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        let mut reader = Reader {
            file,
            key: self.0,
            chunks,
            length,
            at: 0,
            loaded: None,
        };
        reader.load(chunks - 1)?;
        Ok(Box::new(reader))
    }
}

/// A stream of bytes that depends on key and place (the finaliser of splitmix64).
fn mask(key: u64, index: u64, at: usize) -> u8 {
    let mut z = key ^ (index << 32) ^ (at as u64 / 8).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> (8 * (at % 8))) as u8
}

/// FNV-1a over key, place, whether the chunk is the last, and the bytes.
fn tag(key: u64, index: u64, last: bool, bytes: &[u8]) -> [u8; TAG] {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ key ^ (index << 1) ^ u64::from(last);
    for byte in bytes {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash.to_le_bytes()
}

struct Writer {
    file: File,
    key: u64,
    index: u64,
    chunk: Vec<u8>,
}

impl Writer {
    fn put(&mut self, last: bool) -> io::Result<()> {
        let mut bytes: Vec<u8> = self
            .chunk
            .iter()
            .enumerate()
            .map(|(at, b)| b ^ mask(self.key, self.index, at))
            .collect();
        bytes.extend(tag(self.key, self.index, last, &bytes.clone()));
        self.file.write_all(&bytes)?;
        self.index += 1;
        self.chunk.clear();
        Ok(())
    }
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full chunk waits until it is known not to be the last.
        if self.chunk.len() == CHUNK && !bytes.is_empty() {
            self.put(false)?;
        }
        let n = bytes.len().min(CHUNK - self.chunk.len());
        self.chunk.extend_from_slice(&bytes[..n]);
        Ok(n)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl SealedWrite for Writer {
    fn finish(mut self: Box<Self>) -> io::Result<File> {
        self.put(true)?;
        Ok(self.file)
    }
}

struct Reader {
    file: File,
    key: u64,
    chunks: u64,
    length: u64,
    at: u64,
    loaded: Option<(u64, Vec<u8>)>,
}

impl Reader {
    fn load(&mut self, index: u64) -> io::Result<&[u8]> {
        if self.loaded.as_ref().is_none_or(|(known, _)| *known != index) {
            let start = index * (CHUNK + TAG) as u64;
            self.file.seek(SeekFrom::Start(start))?;
            let mut bytes = Vec::new();
            (&mut self.file).take((CHUNK + TAG) as u64).read_to_end(&mut bytes)?;
            let end = bytes.len().checked_sub(TAG).ok_or(io::ErrorKind::UnexpectedEof)?;
            if bytes[end..] != tag(self.key, index, index + 1 == self.chunks, &bytes[..end]) {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a chunk is not authentic"));
            }
            bytes.truncate(end);
            for (at, byte) in bytes.iter_mut().enumerate() {
                *byte ^= mask(self.key, index, at);
            }
            self.loaded = Some((index, bytes));
        }
        Ok(self.loaded.as_ref().map_or(&[], |(_, bytes)| bytes))
    }
}

impl Read for Reader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.length {
            return Ok(0);
        }
        let within = (self.at % CHUNK as u64) as usize;
        let bytes = &self.load(self.at / CHUNK as u64)?[within..];
        let n = out.len().min(bytes.len());
        out[..n].copy_from_slice(&bytes[..n]);
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for Reader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.at.checked_add_signed(offset),
        }
        .ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

impl SealedRead for Reader {}
