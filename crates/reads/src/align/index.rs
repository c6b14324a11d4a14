//! The aligner's index: built once for a reference, kept under the reference's SHA-256, loaded the next time.

use std::{
    io::{BufRead, Read},
    path::{Path, PathBuf},
};

use clinotype_genome::{Fault, Progress, Reference, Result, digest::hex, fs};
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

/// What stands beside a saved index: minimap2 ends the process on a cut file, so its size is checked first.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Saved {
    reference_sha256: String,
    aligner: String,
    size: u64,
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

/// Bases of the reference that are not N, and its digest where a cache folder is given.
pub(super) struct Measured {
    pub(super) bases: u64,
    sha256: Option<String>,
}

pub(super) fn measure(reference: &Reference, cache: Option<&Path>, progress: &dyn Progress) -> Result<Measured> {
    let path = reference.path();
    let Some(cache) = cache else {
        let bases = count_bases(path, progress)?;
        return Ok(Measured { bases, sha256: None });
    };
    fs::create_dir_all(cache)?;
    let path = path.canonicalize().map_err(|e| Fault::io("open", path, e))?;
    let metadata = path.metadata().map_err(|e| Fault::io("read", &path, e))?;
    let modified_nanoseconds = metadata
        .modified()
        .ok()
        .and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok())
        .map_or(0, |d| d.as_nanos());
    let note = cache.join(format!(
        "reference-{}.json",
        &clinotype_genome::digest::sha256(path.as_os_str().as_encoded_bytes())[..16]
    ));
    if note.exists()
        && let Ok(known) = serde_json::from_slice::<Known>(&fs::read(&note)?)
        && known.path == path
        && known.size == metadata.len()
        && known.modified_nanoseconds == modified_nanoseconds
        && modified_nanoseconds != 0
    {
        return Ok(Measured {
            bases: known.bases,
            sha256: Some(known.sha256),
        });
    }
    let known = Known {
        sha256: digest_file(&path, progress)?,
        bases: count_bases(&path, progress)?,
        path,
        size: metadata.len(),
        modified_nanoseconds,
    };
    write_json(&note, &known)?;
    Ok(Measured {
        bases: known.bases,
        sha256: Some(known.sha256),
    })
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

/// Loads the index from the cache, or builds it and keeps it there.
pub(super) fn get(
    reference: &Reference,
    measured: &Measured,
    cache: Option<&Path>,
    progress: &dyn Progress,
) -> Result<Index> {
    let threads = rayon::current_num_threads();
    let (Some(cache), Some(sha256)) = (cache, &measured.sha256) else {
        let index = Index::read(reference.path(), threads)?;
        agrees(&index, reference)?;
        return Ok(index);
    };
    let aligner = format!("minimap2-{}-sr", minimap::version());
    let path = cache.join(format!("{sha256}.{aligner}.mmi"));
    let note = cache.join(format!("{sha256}.{aligner}.json"));
    let size = path.metadata().map(|m| m.len()).ok();
    let expected = |size| Saved {
        reference_sha256: sha256.clone(),
        aligner: aligner.clone(),
        size,
    };
    if let Some(size) = size
        && note.exists()
        && serde_json::from_slice::<Saved>(&fs::read(&note)?).ok() == Some(expected(size))
    {
        let index = Index::read(&path, threads)?;
        agrees(&index, reference).map_err(|_| {
            Fault::input("is not the index of this reference")
                .at(&path)
                .hint("remove it; it is made again")
        })?;
        return Ok(index);
    }
    let index = Index::read(reference.path(), threads)?;
    agrees(&index, reference)?;
    progress.check()?;
    // The saved form keeps names of at most 255 bytes; longer ones would come back cut.
    if reference.contigs().iter().any(|c| c.name.len() > 255) {
        return Ok(index);
    }
    fs::remove_if_there(&note)?;
    let file = fs::AtomicFile::create(&path)?;
    index.write(file.partial()?).map_err(|fault| {
        // The fault names the file that the user knows, not the partial one.
        fault.at(&path)
    })?;
    file.commit()?;
    let size = path.metadata().map_err(|e| Fault::io("read", &path, e))?.len();
    write_json(&note, &expected(size))?;
    Ok(index)
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
