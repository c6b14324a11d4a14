//! The one place that opens and makes files: every error names its path, every output appears by rename, and what lies
//! in a folder under seal ([`crate::seal`]) is encrypted on its way to the disk and decrypted on its way back.

#![allow(
    clippy::disallowed_methods,
    reason = "this is the module that the lint sends everybody to"
)]

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use crate::{
    Fault, Result,
    seal::{self, SealedRead, SealedWrite},
};

/// A file open for reading its plain bytes from any place. Small reads are the caller's to gather (`BufReader`).
pub struct Source(Inner);

enum Inner {
    Plain(File),
    Sealed {
        file: Box<dyn SealedRead>,
        /// Plain bytes of the file, and before the next one to read.
        length: u64,
        at: u64,
    },
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match &self.0 {
            Inner::Plain(_) => "Source(plain)",
            Inner::Sealed { .. } => "Source(sealed)",
        })
    }
}

impl Source {
    fn sealed(mut file: Box<dyn SealedRead>) -> io::Result<Self> {
        // The end is found at once: a file that was cut is noticed before anything of it is used.
        let length = file.seek(SeekFrom::End(0)).map_err(unsealed)?;
        file.seek(SeekFrom::Start(0)).map_err(unsealed)?;
        Ok(Self(Inner::Sealed { file, length, at: 0 }))
    }

    /// Number of plain bytes.
    #[allow(
        clippy::len_without_is_empty,
        reason = "it asks the disk, and an empty file has nothing special"
    )]
    pub fn len(&self) -> io::Result<u64> {
        match &self.0 {
            Inner::Plain(file) => Ok(file.metadata()?.len()),
            Inner::Sealed { length, .. } => Ok(*length),
        }
    }
}

impl Source {
    /// The file itself where its bytes on the disk are the plain ones, for mapping it into memory; `None` in a folder
    /// under seal.
    pub fn plain_file(&self) -> Option<&File> {
        match &self.0 {
            Inner::Plain(file) => Some(file),
            Inner::Sealed { .. } => None,
        }
    }
}

/// The words for a file that does not decrypt. Encrypted bytes that end too early are damage, too: they must not be
/// taken for the end of the plain ones.
fn unsealed(error: io::Error) -> io::Error {
    use io::ErrorKind as K;
    match error.kind() {
        K::InvalidData | K::InvalidInput | K::UnexpectedEof | K::Other => io::Error::new(
            K::InvalidData,
            format!("the encrypted file is damaged, or encrypted with another key: {error}"),
        ),
        _ => error,
    }
}

impl Read for Source {
    #[inline]
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Inner::Plain(file) => file.read(buffer),
            Inner::Sealed { length, at, .. } if *at >= *length || buffer.is_empty() => Ok(0),
            Inner::Sealed { file, at, .. } => match file.read(buffer).map_err(unsealed)? {
                0 => Err(unsealed(io::ErrorKind::UnexpectedEof.into())),
                n => {
                    *at += n as u64;
                    Ok(n)
                }
            },
        }
    }
    fn read_to_end(&mut self, bytes: &mut Vec<u8>) -> io::Result<usize> {
        let before = bytes.len();
        match &mut self.0 {
            // A file knows its size and makes room for it at once.
            Inner::Plain(file) => return file.read_to_end(bytes),
            Inner::Sealed { length, at, .. } => {
                bytes.reserve(usize::try_from(length.saturating_sub(*at)).unwrap_or_default());
            }
        }
        let mut piece = vec![0; 1 << 16];
        loop {
            match self.read(&mut piece) {
                Ok(0) => return Ok(bytes.len() - before),
                Ok(n) => bytes.extend_from_slice(&piece[..n]),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
    }
}

impl Seek for Source {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match &mut self.0 {
            Inner::Plain(file) => file.seek(to),
            Inner::Sealed { file, length, at } => {
                let place = match to {
                    SeekFrom::Start(place) => Some(place),
                    SeekFrom::End(offset) => length.checked_add_signed(offset),
                    SeekFrom::Current(offset) => at.checked_add_signed(offset),
                };
                // As a plain file answers.
                let place = place.ok_or(io::ErrorKind::InvalidInput)?;
                if place < *length {
                    file.seek(SeekFrom::Start(place)).map_err(unsealed)?;
                }
                *at = place;
                Ok(place)
            }
        }
    }
}

/// Opens a file for reading.
pub fn open(path: impl AsRef<Path>) -> Result<Source> {
    let path = path.as_ref();
    let failed = |e| Fault::io("open", path, e);
    let file = File::open(path).map_err(failed)?;
    if file.metadata().is_ok_and(|m| m.is_dir()) {
        return Err(Fault::input("is a folder, not a file").at(path));
    }
    match seal::of_file(path)? {
        None => Ok(Source(Inner::Plain(file))),
        Some(seal) => seal
            .reader(file)
            .map_err(unsealed)
            .and_then(Source::sealed)
            .map_err(failed),
    }
}

/// Number of plain bytes of a file.
pub fn size(path: impl AsRef<Path>) -> Result<u64> {
    let path = path.as_ref();
    open(path)?.len().map_err(|e| Fault::io("read", path, e))
}

/// Reads a whole file as bytes.
pub fn read(path: impl AsRef<Path>) -> Result<Vec<u8>> {
    let path = path.as_ref();
    let mut bytes = Vec::new();
    open(path)?
        .read_to_end(&mut bytes)
        .map_err(|e| Fault::io("read", path, e))?;
    Ok(bytes)
}

/// Reads a whole file as UTF-8 text.
pub fn read_to_string(path: impl AsRef<Path>) -> Result<String> {
    let path = path.as_ref();
    String::from_utf8(read(path)?).map_err(|e| Fault::input("is not UTF-8 text").at(path).caused_by(e))
}

/// Opens a text file that may be gzip or BGZF compressed, told by its first bytes, never by its name.
pub fn open_text(path: impl AsRef<Path>) -> Result<Box<dyn BufRead + Send>> {
    let path = path.as_ref();
    let mut reader = BufReader::with_capacity(1 << 17, open(path)?);
    let start = reader.fill_buf().map_err(|e| Fault::io("read", path, e))?;
    if start.starts_with(&[0x1f, 0x8b]) {
        Ok(Box::new(BufReader::with_capacity(
            1 << 17,
            flate2::bufread::MultiGzDecoder::new(reader),
        )))
    } else {
        Ok(Box::new(reader))
    }
}

/// Makes a folder and its parents.
pub fn create_dir_all(path: impl AsRef<Path>) -> Result<()> {
    let path = path.as_ref();
    fs::create_dir_all(path).map_err(|e| Fault::io("make the folder", path, e))
}

/// Removes a file; it is no fault if there is none.
pub fn remove_if_there(path: impl AsRef<Path>) -> Result<()> {
    let path = path.as_ref();
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(Fault::io("remove", path, e)),
        _ => Ok(()),
    }
}

/// Where an output is written before it gets its name: same folder (a rename stays on one disk), hidden, and with
/// the process id, so that two runs do not share it.
pub fn partial_path(path: &Path) -> PathBuf {
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    path.with_file_name(format!(".{name}.{}.partial", std::process::id()))
}

/// A file that appears under its name only when [`AtomicFile::commit`] is called; dropped before, it leaves nothing.
pub struct AtomicFile {
    target: PathBuf,
    partial: PathBuf,
    writer: Option<Sink>,
}

enum Sink {
    Plain(BufWriter<File>),
    Sealed(BufWriter<Box<dyn SealedWrite>>),
}

/// Bytes gathered before they go to the disk.
const GATHERED: usize = 1 << 17;

impl std::fmt::Debug for AtomicFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AtomicFile")
            .field("target", &self.target)
            .finish_non_exhaustive()
    }
}

impl AtomicFile {
    /// Starts an output file.
    pub fn create(path: impl AsRef<Path>) -> Result<Self> {
        let target = path.as_ref().to_owned();
        let partial = partial_path(&target);
        let failed = |e| Fault::io("write", &target, e);
        // Asked first: a partial file is never made before it is known how it must be written.
        let seal = seal::of_target(&target).map_err(|fault| {
            // A missing folder reads as it does without seals.
            match fs::metadata(target.parent().unwrap_or(Path::new("."))) {
                Err(e) if e.kind() == io::ErrorKind::NotFound => failed(e),
                _ => fault,
            }
        })?;
        let file = File::options()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&partial)
            .map_err(failed)?;
        let writer = match seal {
            None => Sink::Plain(BufWriter::with_capacity(GATHERED, file)),
            Some(seal) => match seal.writer(file) {
                Ok(writer) => Sink::Sealed(BufWriter::with_capacity(GATHERED, writer)),
                Err(e) => {
                    let _ = fs::remove_file(&partial);
                    return Err(failed(e));
                }
            },
        };
        Ok(Self {
            target,
            partial,
            writer: Some(writer),
        })
    }

    /// The final path.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// The path that holds the bytes until [`AtomicFile::commit`], for a library that wants to open a path itself.
    ///
    /// A fault in a folder under seal, where such a library would write plain bytes.
    pub fn partial(&self) -> Result<&Path> {
        match &self.writer {
            Some(Sink::Sealed(_)) => {
                Err(Fault::internal("a library was to write a file of an encrypted folder").at(&self.target))
            }
            _ => Ok(&self.partial),
        }
    }

    /// Writes the bytes to the disk and gives the file its name.
    pub fn commit(self) -> Result<()> {
        self.close(true)
    }

    /// As [`AtomicFile::commit`], without waiting for the disk: a power failure may leave an empty file under the name.
    /// Only for files that prove themselves when they are read, such as those that a killed run takes up again.
    pub fn commit_unsynced(self) -> Result<()> {
        self.close(false)
    }

    fn close(mut self, sync: bool) -> Result<()> {
        let Some(writer) = self.writer.take() else {
            return Err(Fault::internal("an output file was closed twice").at(&self.target));
        };
        let file = match writer {
            Sink::Plain(writer) => writer.into_inner().map_err(io::IntoInnerError::into_error),
            Sink::Sealed(writer) => writer
                .into_inner()
                .map_err(io::IntoInnerError::into_error)
                .and_then(SealedWrite::finish),
        };
        let result = file
            .and_then(|file| if sync { file.sync_all() } else { Ok(()) })
            .and_then(|()| fs::rename(&self.partial, &self.target));
        result.map_err(|e| {
            let _ = fs::remove_file(&self.partial);
            Fault::io("write", &self.target, e)
        })
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.writer {
            Some(Sink::Plain(writer)) => writer.write(bytes),
            Some(Sink::Sealed(writer)) => writer.write(bytes),
            None => Err(io::Error::other("the output file is closed")),
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        match &mut self.writer {
            Some(Sink::Plain(writer)) => writer.flush(),
            Some(Sink::Sealed(writer)) => writer.flush(),
            None => Ok(()),
        }
    }
}

impl Drop for AtomicFile {
    fn drop(&mut self) {
        if self.writer.take().is_some() {
            let _ = fs::remove_file(&self.partial);
        }
    }
}

/// Writes a small output whole.
pub fn write_atomic(path: impl AsRef<Path>, bytes: &[u8]) -> Result<()> {
    let path = path.as_ref();
    let mut file = AtomicFile::create(path)?;
    file.write_all(bytes).map_err(|e| Fault::io("write", path, e))?;
    file.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_output_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let mut file = AtomicFile::create(&path).unwrap();
        file.write_all(b"half").unwrap();
        drop(file);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        write_atomic(&path, b"whole").unwrap();
        assert_eq!(read_to_string(&path).unwrap(), "whole");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_missing_file_names_its_path() {
        let fault = open("/nowhere/at/all").unwrap_err();
        assert_eq!(
            fault.to_string(),
            "/nowhere/at/all: cannot open: no such file or folder"
        );
    }
}
