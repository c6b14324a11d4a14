//! Folders under seal: what [`crate::fs`] writes below one reaches the disk encrypted, what it opens there is decrypted.
//!
//! This crate has no cipher; the encrypted store brings one as a [`Seal`]. A step does not know whether its files lie
//! under seal: it names paths and sees plain bytes. Only files that `fs` opens and makes are covered, so a path below a
//! sealed folder must never be handed to a library that opens it by itself; `AtomicFile::partial` refuses to give one.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::{Fault, Result};

/// What encrypts and decrypts the files of a folder under seal.
///
/// The encryption must be authenticated and readable from any place: a changed, cut or exchanged byte is an error of
/// kind `InvalidData` or `UnexpectedEof`, never other plain bytes.
pub trait Seal: Send + Sync + std::fmt::Debug {
    /// Wraps a new, empty file; what is written reaches it encrypted.
    fn writer(&self, file: File) -> io::Result<Box<dyn SealedWrite>>;
    /// Opens an encrypted file, given at its start, for reading its plain bytes from any place.
    fn reader(&self, file: File) -> io::Result<Box<dyn SealedRead>>;
}

/// Writes plain bytes into an encrypted file.
pub trait SealedWrite: Write + Send {
    /// Writes what ends the file and gives it back, so that it can be synced.
    fn finish(self: Box<Self>) -> io::Result<File>;
}

/// Reads the plain bytes of an encrypted file. Offsets are those of the plain bytes; seeking from the end works.
pub trait SealedRead: Read + Seek + Send {}

/// Sealed folders by their canonical path.
static SEALED: RwLock<BTreeMap<PathBuf, Arc<dyn Seal>>> = RwLock::new(BTreeMap::new());
/// How many there are, so that a process without any never asks where a path really lies.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// Keeps a folder under seal; the folder is an ordinary one again when this is dropped. Files opened or begun before
/// stay as they were begun.
#[derive(Debug)]
#[must_use = "the folder is under seal only as long as this lives"]
pub struct SealedFolder {
    folder: PathBuf,
}

impl SealedFolder {
    /// The folder, canonical.
    pub fn path(&self) -> &Path {
        &self.folder
    }
}

impl Drop for SealedFolder {
    fn drop(&mut self) {
        let mut sealed = SEALED.write().unwrap_or_else(PoisonError::into_inner);
        if sealed.remove(&self.folder).is_some() {
            COUNT.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

/// Puts an existing folder, with everything below it, under seal for the whole process.
///
/// Faults: the folder is not there; it is under seal already, lies in a sealed folder or holds one (kind usage).
pub fn seal_folder(folder: &Path, seal: Arc<dyn Seal>) -> Result<SealedFolder> {
    let canonical = folder
        .canonicalize()
        .map_err(|e| Fault::io("open the folder", folder, e))?;
    if !canonical.is_dir() {
        return Err(Fault::input("is a file, not a folder").at(folder));
    }
    let mut sealed = SEALED.write().unwrap_or_else(PoisonError::into_inner);
    if sealed
        .keys()
        .any(|known| known.starts_with(&canonical) || canonical.starts_with(known))
    {
        return Err(Fault::usage("this folder is in use by another run")
            .at(folder)
            .hint("wait until it has ended"));
    }
    sealed.insert(canonical.clone(), seal);
    COUNT.fetch_add(1, Ordering::SeqCst);
    Ok(SealedFolder { folder: canonical })
}

/// The seal of a file that exists; a link is followed, so that the file's real place decides.
pub(crate) fn of_file(path: &Path) -> Result<Option<Arc<dyn Seal>>> {
    of(path, path)
}

/// The seal of a file that will appear at `path` by rename: the real place of its folder decides.
pub(crate) fn of_target(path: &Path) -> Result<Option<Arc<dyn Seal>>> {
    let folder = path
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    of(folder, path)
}

/// Where a place cannot be told there is a fault, never a plain file.
fn of(place: &Path, path: &Path) -> Result<Option<Arc<dyn Seal>>> {
    if COUNT.load(Ordering::SeqCst) == 0 {
        return Ok(None);
    }
    let real = place.canonicalize().map_err(|e| Fault::io("open", path, e))?;
    let sealed = SEALED.read().unwrap_or_else(PoisonError::into_inner);
    Ok(real.ancestors().find_map(|folder| sealed.get(folder)).map(Arc::clone))
}
