//! Files at rest: the age format (X25519, `ChaCha20-Poly1305` in chunks of 64 KiB), readable from any place.
//!
//! Each run has one key of its own and so has each file that is added by itself; keys stand in the database, encrypted
//! once more under a key derived from the data key. Destroying a key makes its files unreadable for good.

use std::{
    fmt,
    fs::File,
    io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write},
};

use age::{
    DecryptError, Decryptor, Encryptor,
    secrecy::ExposeSecret,
    stream::{StreamReader, StreamWriter},
    x25519::Identity,
};
use clinotype_genome::seal::{Seal, SealedRead, SealedWrite};

use crate::{Result, Store, StoreError};

/// A key for files.
#[derive(Clone)]
pub(crate) struct AgeSeal(Identity);

impl fmt::Debug for AgeSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AgeSeal(..)")
    }
}

fn other(error: impl fmt::Display) -> io::Error {
    io::Error::other(error.to_string())
}

fn undecryptable(error: DecryptError) -> io::Error {
    match error {
        DecryptError::Io(e) => e,
        _ => io::Error::new(
            io::ErrorKind::InvalidData,
            "the encrypted file is damaged or belongs to another key",
        ),
    }
}

impl AgeSeal {
    pub(crate) fn generate() -> Self {
        Self(Identity::generate())
    }

    /// Starts an encrypted stream.
    pub(crate) fn encrypt<W: Write>(&self, to: W) -> io::Result<StreamWriter<W>> {
        let recipient = self.0.to_public();
        Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
            .map_err(other)?
            .wrap_output(to)
    }

    /// Opens an encrypted file; its length is proven at once, so that a cut file is never taken for a shorter one.
    pub(crate) fn decrypt(&self, file: File) -> io::Result<PlainReader> {
        let mut stream = Decryptor::new_buffered(BufReader::new(file))
            .map_err(undecryptable)?
            .decrypt(std::iter::once(&self.0 as &dyn age::Identity))
            .map_err(undecryptable)?;
        let length = stream.seek(SeekFrom::End(0))?;
        stream.seek(SeekFrom::Start(0))?;
        Ok(PlainReader {
            stream,
            length,
            position: 0,
        })
    }
}

impl Seal for AgeSeal {
    fn writer(&self, file: File) -> io::Result<Box<dyn SealedWrite>> {
        // One chunk and its tag at a time.
        let file = BufWriter::with_capacity(1 << 17, file);
        Ok(Box::new(PlainWriter(self.encrypt(file)?)))
    }
    fn reader(&self, file: File) -> io::Result<Box<dyn SealedRead>> {
        Ok(Box::new(self.decrypt(file)?))
    }
}

struct PlainWriter(StreamWriter<BufWriter<File>>);

impl Write for PlainWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl SealedWrite for PlainWriter {
    fn finish(self: Box<Self>) -> io::Result<File> {
        self.0.finish()?.into_inner().map_err(io::IntoInnerError::into_error)
    }
}

/// Plain bytes of an encrypted file. Never seeks `age` past the end, where it would panic.
pub(crate) struct PlainReader {
    stream: StreamReader<BufReader<File>>,
    length: u64,
    position: u64,
}

impl PlainReader {
    pub(crate) fn length(&self) -> u64 {
        self.length
    }
}

impl Read for PlainReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.length || buffer.is_empty() {
            return Ok(0);
        }
        let read = self.stream.read(buffer)?;
        if read == 0 {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "the encrypted file ends too early",
            ));
        }
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for PlainReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        }
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "a seek before the start of the file"))?;
        // Past the end only the place is kept; a later seek or read below the end moves the stream.
        if target < self.length {
            self.stream.seek(SeekFrom::Start(target))?;
        }
        self.position = target;
        Ok(target)
    }
}

impl SealedRead for PlainReader {}

impl Store {
    /// A file key as it stands in the database, bound to the record that holds it.
    pub(crate) fn protect_identity(&self, seal: &AgeSeal, bound: &str) -> Result<Vec<u8>> {
        self.vault_key
            .seal(seal.0.to_string().expose_secret().as_bytes(), bound.as_bytes())
    }

    pub(crate) fn open_identity(&self, protected: &[u8], bound: &str) -> Result<AgeSeal> {
        let bad = || StoreError::internal("a file's key cannot be read");
        let text = self.vault_key.open(protected, bound.as_bytes())?.ok_or_else(bad)?;
        std::str::from_utf8(&text)
            .ok()
            .and_then(|text| text.parse().ok())
            .map(AgeSeal)
            .ok_or_else(bad)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sealed(seal: &AgeSeal, plain: &[u8]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut writer = seal.writer(file.reopen().unwrap()).unwrap();
        writer.write_all(plain).unwrap();
        writer.finish().unwrap().sync_all().unwrap();
        file
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn reads_like_a_plain_file(
            length in prop_oneof![0usize..300, Just(65_535), Just(65_536), Just(65_537), Just(131_072), 0usize..200_000],
            steps in proptest::collection::vec((0u8..3, -200_000i64..200_000, 0usize..70_000), 1..12),
        ) {
            let plain: Vec<u8> = (0..length).map(|n| (n * 31 % 251) as u8).collect();
            let seal = AgeSeal::generate();
            let file = sealed(&seal, &plain);
            let mut ours = seal.reader(file.reopen().unwrap()).unwrap();
            let mut theirs = io::Cursor::new(&plain);
            for (whence, offset, count) in steps {
                let to = match whence {
                    0 => SeekFrom::Start(offset.unsigned_abs()),
                    1 => SeekFrom::Current(offset),
                    _ => SeekFrom::End(offset),
                };
                let (a, b) = (ours.seek(to), theirs.seek(to));
                prop_assert_eq!(a.as_ref().ok(), b.as_ref().ok());
                let (mut x, mut y) = (Vec::new(), Vec::new());
                ours.by_ref().take(count as u64).read_to_end(&mut x).unwrap();
                theirs.by_ref().take(count as u64).read_to_end(&mut y).unwrap();
                prop_assert!(x == y, "differs after {to:?}");
            }
        }

        #[test]
        fn no_changed_file_gives_other_bytes(at in any::<prop::sample::Index>(), bit in 0u8..8, cut in any::<bool>()) {
            let plain: Vec<u8> = (0..150_000u32).map(|n| (n % 251) as u8).collect();
            let seal = AgeSeal::generate();
            let file = sealed(&seal, &plain);
            let mut bytes = Vec::new();
            file.reopen().unwrap().read_to_end(&mut bytes).unwrap();
            let at = at.index(bytes.len());
            if cut { bytes.truncate(at) } else { bytes[at] ^= 1 << bit }
            clinotype_genome::fs::write_atomic(file.path(), &bytes).unwrap();
            let read = seal.reader(crate::disk::open_raw(file.path()).unwrap()).and_then(|mut reader| {
                let mut out = Vec::new();
                reader.read_to_end(&mut out).map(|_| out)
            });
            let kind = read.unwrap_err().kind();
            prop_assert!(matches!(kind, io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof), "{kind:?}");
        }
    }
}
