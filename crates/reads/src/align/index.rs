//! The aligner's index: built once for a reference, kept under the reference's SHA-256 with its own digest beside it,
//! loaded the next time.

use std::{
    io::{BufRead, Read, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use clinotype_genome::{Fault, Progress, Reference, Result, digest::hex, fs};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::minimap::{self, Index};

/// What we remember of a reference, so that a file of 3 GB is not digested for every sample. Believed only while path,
/// size and time of change are the same.
#[derive(Debug, Serialize, Deserialize)]
struct Known {
    path: PathBuf,
    size: u64,
    modified_nanoseconds: u128,
    sha256: String,
    /// Bases that are not N: what the index grows with.
    bases: u64,
}

/// What stands beside a saved index and proves it: minimap2 ends the process on a damaged one.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Saved {
    reference_sha256: String,
    aligner: String,
    size: u64,
    /// See [`content`].
    sha256_of_pieces: String,
}

/// Bytes that the index takes while it is built and while it is used, for a reference of so many bases without N.
///
/// Measured (2 x 64-bit minimizers of density 1/6, twice while they are sorted): 18.4 GB to build and 9.8 GB on disk
/// for a random genome of 3.1 Gb, that is 6.0 and 3.2 bytes a base; rounded up, because hash tables grow in steps.
const BUILDING: f64 = 6.5;
const LOADED: f64 = 4.0;

/// Memory the index needs: (to build, to use), bytes.
pub(super) fn memory(reference: &Reference, bases: u64) -> (u64, u64) {
    let total: u64 = reference.contigs().iter().map(|c| u64::from(c.length)).sum();
    // Four bits a base for the sequence, N or not, and the tables' buckets.
    let fixed = total / 2 + (32 << 20);
    let of = |factor: f64| (bases as f64 * factor) as u64 + fixed;
    (of(BUILDING), of(LOADED))
}

/// Bases of the reference that are not N, and its digest where a folder for the index is given.
pub(super) struct Measured {
    pub(super) bases: u64,
    sha256: Option<String>,
}

pub(super) fn measure(reference: &Reference, folders: &[PathBuf], progress: &dyn Progress) -> Result<Measured> {
    let path = reference.path();
    if folders.is_empty() {
        let bases = count_bases(path, progress)?;
        return Ok(Measured { bases, sha256: None });
    }
    let path = path.canonicalize().map_err(|e| Fault::io("open", path, e))?;
    let metadata = path.metadata().map_err(|e| Fault::io("read", &path, e))?;
    let modified_nanoseconds = metadata
        .modified()
        .ok()
        .and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok())
        .map_or(0, |d| d.as_nanos());
    let note = format!(
        "reference-{}",
        &clinotype_genome::digest::sha256(path.as_os_str().as_encoded_bytes())[..16]
    );
    let noted = || -> Result<Option<Measured>> {
        for folder in folders {
            let note = folder.join(format!("{note}.json"));
            if note.exists()
                && let Ok(known) = serde_json::from_slice::<Known>(&fs::read(&note)?)
                && known.path == path
                && known.size == metadata.len()
                && known.modified_nanoseconds == modified_nanoseconds
                && modified_nanoseconds != 0
            {
                return Ok(Some(Measured {
                    bases: known.bases,
                    sha256: Some(known.sha256),
                }));
            }
        }
        Ok(None)
    };
    if let Some(measured) = noted()? {
        return Ok(measured);
    }
    let folder = writable(folders);
    let _lock = folder
        .map(|folder| Lock::take(&folder.join(format!("{note}.lock")), progress))
        .transpose()?;
    if let Some(measured) = noted()? {
        return Ok(measured);
    }
    let known = Known {
        sha256: digest_file(&path, progress)?,
        bases: count_bases(&path, progress)?,
        path: path.clone(),
        size: metadata.len(),
        modified_nanoseconds,
    };
    if let Some(folder) = folder {
        write_json(&folder.join(format!("{note}.json")), &known)?;
    }
    Ok(Measured {
        bases: known.bases,
        sha256: Some(known.sha256),
    })
}

/// The first folder that files can be made in.
fn writable(folders: &[PathBuf]) -> Option<&Path> {
    folders
        .iter()
        .find(|folder| {
            fs::create_dir_all(folder).is_ok() && fs::AtomicFile::create(folder.join("clinotype-index")).is_ok()
        })
        .map(PathBuf::as_path)
}

fn write_json(path: &Path, value: &impl Serialize) -> Result<()> {
    let text =
        serde_json::to_vec_pretty(value).map_err(|e| Fault::internal(format!("a note cannot be written: {e}")))?;
    fs::write_atomic(path, &text)
}

fn digest_file(path: &Path, progress: &dyn Progress) -> Result<String> {
    let mut file = fs::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 22];
    loop {
        progress.check()?;
        let n = file.read(&mut buffer).map_err(|e| Fault::io("read", path, e))?;
        if n == 0 {
            return Ok(hex(&hasher.finalize()));
        }
        hasher.update(&buffer[..n]);
    }
}

fn count_bases(path: &Path, progress: &dyn Progress) -> Result<u64> {
    let mut reader = fs::open_text(path)?;
    let (mut bases, mut in_name, mut chunks) = (0_u64, false, 0_u64);
    loop {
        chunks += 1;
        if chunks.is_multiple_of(64) {
            progress.check()?;
        }
        let chunk = reader
            .fill_buf()
            .map_err(|e| Fault::io("read the reference", path, e))?;
        let n = chunk.len();
        if n == 0 {
            return Ok(bases);
        }
        for piece in chunk.split_inclusive(|b| *b == b'\n') {
            in_name |= piece[0] == b'>';
            if !in_name {
                bases += piece
                    .iter()
                    .filter(|b| !matches!(b, b'N' | b'n' | b'\n' | b'\r'))
                    .count() as u64;
            }
            if piece.ends_with(b"\n") {
                in_name = false;
            }
        }
        reader.consume(n);
    }
}

/// Loads the index from the first folder that has it, or builds it and keeps it in the first that can be written.
///
/// Of several processes that need an index that is not there yet, one builds it and the others wait for it. `may_build` is
/// asked before that.
pub(super) fn get(
    reference: &Reference,
    measured: &Measured,
    folders: &[PathBuf],
    may_build: &dyn Fn() -> Result<()>,
    progress: &dyn Progress,
) -> Result<Index> {
    let threads = rayon::current_num_threads();
    let build = || -> Result<Index> {
        may_build()?;
        let index = Index::build(reference.path(), threads, progress)?;
        agrees(&index, reference)?;
        progress.check()?;
        Ok(index)
    };
    let Some(sha256) = &measured.sha256 else {
        return build();
    };
    let aligner = format!("minimap2-{}-sr", minimap::version());
    let entry = Entry {
        reference_sha256: sha256,
        aligner: &aligner,
    };
    for folder in folders {
        if let Some(index) = entry.load(folder, reference, progress)? {
            return Ok(index);
        }
    }
    // The saved form keeps names of at most 255 bytes; longer ones would come back cut.
    let fits = reference.contigs().iter().all(|c| c.name.len() <= 255);
    let Some(folder) = writable(folders).filter(|_| fits) else {
        return build();
    };
    let _lock = Lock::take(&entry.path(folder, "lock"), progress)?;
    if let Some(index) = entry.load(folder, reference, progress)? {
        return Ok(index);
    }
    let index = build()?;
    entry.save(&index, folder, progress)?;
    Ok(index)
}

/// An index among those that are kept: of a reference, by an aligner with its version and preset.
struct Entry<'a> {
    reference_sha256: &'a str,
    aligner: &'a str,
}

impl Entry<'_> {
    fn path(&self, folder: &Path, ending: &str) -> PathBuf {
        folder.join(format!("{}.{}.{ending}", self.reference_sha256, self.aligner))
    }

    fn saved(&self, path: &Path, progress: &dyn Progress) -> Result<Saved> {
        let (size, sha256_of_pieces) = content(path, progress)?;
        Ok(Saved {
            reference_sha256: self.reference_sha256.to_owned(),
            aligner: self.aligner.to_owned(),
            size,
            sha256_of_pieces,
        })
    }

    /// `None` where there is none, or none that its note proves whole: then it is built anew.
    fn load(&self, folder: &Path, reference: &Reference, progress: &dyn Progress) -> Result<Option<Index>> {
        let (path, note) = (self.path(folder, "mmi"), self.path(folder, "json"));
        if !path.exists() || !note.exists() {
            return Ok(None);
        }
        let Ok(stated) = serde_json::from_slice::<Saved>(&fs::read(&note)?) else {
            return Ok(None);
        };
        if stated.size != fs::size(&path)? || stated != self.saved(&path, progress)? {
            return Ok(None);
        }
        let index = Index::load(&path)?;
        agrees(&index, reference).map_err(|_| {
            Fault::input("is not the index of this reference")
                .at(&path)
                .hint("remove it; it is made again")
        })?;
        Ok(Some(index))
    }

    fn save(&self, index: &Index, folder: &Path, progress: &dyn Progress) -> Result<()> {
        let (path, note) = (self.path(folder, "mmi"), self.path(folder, "json"));
        // Without its note an index is not believed, so the old note goes first and the new one comes last.
        fs::remove_if_there(&note)?;
        let file = fs::AtomicFile::create(&path)?;
        let saved = {
            let partial = file.partial()?;
            // The fault names the file that the user knows, not the partial one.
            index.write(partial).map_err(|fault| fault.at(&path))?;
            self.saved(partial, progress)?
        };
        file.commit()?;
        write_json(&note, &saved)
    }
}

/// Bytes digested at once.
const PIECE: u64 = 16 << 20;

/// Size of a file, and the SHA-256 of the SHA-256s of its pieces of [`PIECE`] bytes: a file of 10 GB is digested by all
/// threads.
fn content(path: &Path, progress: &dyn Progress) -> Result<(u64, String)> {
    let size = fs::size(path)?;
    let failed = |e| Fault::io("read", path, e);
    let pieces: Vec<[u8; 32]> = (0..size.div_ceil(PIECE))
        .into_par_iter()
        .map(|n| {
            progress.check()?;
            let start = n * PIECE;
            let mut bytes = vec![0; PIECE.min(size - start) as usize];
            let mut file = fs::open(path)?;
            file.seek(SeekFrom::Start(start)).map_err(failed)?;
            file.read_exact(&mut bytes).map_err(failed)?;
            Ok(Sha256::digest(&bytes).into())
        })
        .collect::<Result<_>>()?;
    Ok((size, hex(&Sha256::digest(pieces.concat()))))
}

/// Held by the process that digests a reference or builds its index. On a disk without locks nothing is held: two processes then do the same
/// work, and the whole file of the last one stays.
struct Lock {
    path: PathBuf,
    file: Option<std::fs::File>,
}

impl Lock {
    fn take(path: &Path, progress: &dyn Progress) -> Result<Self> {
        let file = std::fs::File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(|e| Fault::io("write", path, e))?;
        let held = loop {
            match file.try_lock() {
                Ok(()) => break true,
                Err(std::fs::TryLockError::WouldBlock) => {
                    progress.check()?;
                    std::thread::sleep(std::time::Duration::from_millis(100));
                }
                Err(std::fs::TryLockError::Error(_)) => break false,
            }
        };
        Ok(Self {
            path: path.to_owned(),
            file: held.then_some(file),
        })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Removed while it is held. Who waited for the removed file finds the index there, and builds nothing.
        let _ = fs::remove_if_there(&self.path);
        if let Some(file) = &self.file {
            let _ = file.unlock();
        }
    }
}

/// The index must have the reference's contigs in the reference's order: hits name them by number.
fn agrees(index: &Index, reference: &Reference) -> Result<()> {
    let same = index
        .sequences()
        .iter()
        .map(|(name, length)| (name.as_str(), *length))
        .eq(reference.contigs().iter().map(|c| (c.name.as_str(), c.length)));
    if same {
        return Ok(());
    }
    Err(
        Fault::input("the contigs of the aligner's index are not those of the reference's .fai")
            .at(reference.path())
            .hint("remove the .fai and .gzi files beside the reference and run again"),
    )
}
