//! The one place that opens and makes files: every error names its path, and every output appears by rename.

#![allow(
    clippy::disallowed_methods,
    reason = "this is the module that the lint sends everybody to"
)]

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use crate::{Fault, Result};

/// Opens a file for reading.
pub fn open(path: impl AsRef<Path>) -> Result<File> {
    let path = path.as_ref();
    let file = File::open(path).map_err(|e| Fault::io("open", path, e))?;
    if file.metadata().is_ok_and(|m| m.is_dir()) {
        return Err(Fault::input("is a folder, not a file").at(path));
    }
    Ok(file)
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
#[derive(Debug)]
pub struct AtomicFile {
    target: PathBuf,
    partial: PathBuf,
    writer: Option<BufWriter<File>>,
}

impl AtomicFile {
    /// Starts an output file.
    pub fn create(path: impl AsRef<Path>) -> Result<Self> {
        let target = path.as_ref().to_owned();
        let partial = partial_path(&target);
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(&partial)
            .map_err(|e| Fault::io("write", &target, e))?;
        Ok(Self {
            target,
            partial,
            writer: Some(BufWriter::with_capacity(1 << 17, file)),
        })
    }

    /// The final path.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// The path that holds the bytes until [`AtomicFile::commit`], for a library that wants to open a path itself.
    pub fn partial(&self) -> &Path {
        &self.partial
    }

    /// Writes the bytes to the disk and gives the file its name.
    pub fn commit(mut self) -> Result<()> {
        let Some(mut writer) = self.writer.take() else {
            return Err(Fault::internal("an output file was closed twice").at(&self.target));
        };
        let result = writer
            .flush()
            .and_then(|()| writer.get_ref().sync_all())
            .and_then(|()| {
                drop(writer);
                fs::rename(&self.partial, &self.target)
            });
        result.map_err(|e| {
            let _ = fs::remove_file(&self.partial);
            Fault::io("write", &self.target, e)
        })
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.writer {
            Some(writer) => writer.write(bytes),
            None => Err(io::Error::other("the output file is closed")),
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        self.writer.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl io::Seek for AtomicFile {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        match &mut self.writer {
            Some(writer) => writer.seek(to),
            None => Err(io::Error::other("the output file is closed")),
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
