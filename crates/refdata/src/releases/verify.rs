//! Whether the files of a release are still those that were installed.

use std::path::Path;

use clinotype_genome::{Fault, Progress, Result};
use serde::Serialize;

use super::{Manifest, checksum, manifest};

/// How a file of a release differs from its manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "difference")]
pub enum Difference {
    /// It is not there.
    Missing {
        /// The file.
        file: String,
    },
    /// It has another size.
    Size {
        /// The file.
        file: String,
        /// Bytes by the manifest.
        expected: u64,
        /// Bytes that it has.
        found: u64,
    },
    /// It has the size, and other bytes.
    Bytes {
        /// The file.
        file: String,
        /// SHA-256 by the manifest.
        expected: String,
        /// SHA-256 that it has.
        found: String,
    },
    /// It cannot be read.
    Unreadable {
        /// The file.
        file: String,
        /// Why.
        what: String,
    },
}

/// What became of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Id of the source.
    pub source: String,
    /// The release.
    pub release: String,
    /// Every file that differs, in the order of the manifest; none where the release is whole.
    pub differences: Vec<Difference>,
    /// Files that do not belong to the release, such as indexes that were made of it later. They are no difference.
    pub others: Vec<String>,
}

/// Hashes every file of a release anew. Faults: the release is not installed, or its manifest is not whole (the files
/// then prove nothing).
pub fn verify(data: &Path, source: &str, release: &str, progress: &dyn Progress) -> Result<Verdict> {
    let known = manifest::manifest_of(data, source, release)?;
    let folder = manifest::folder(data, source, release);
    let total: u64 = known.files.iter().map(|f| f.size).sum();
    let (mut differences, mut done) = (Vec::new(), 0);
    for file in &known.files {
        progress.check()?;
        let path = folder.join(&file.name);
        let name = file.name.clone();
        match path.metadata() {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => differences.push(Difference::Missing { file: name }),
            Ok(found) if found.len() != file.size => differences.push(Difference::Size {
                file: name,
                expected: file.size,
                found: found.len(),
            }),
            _ => match checksum::of_file(&path, progress) {
                Ok(sums) if sums.sha256 == file.sha256 => {}
                Ok(sums) => differences.push(Difference::Bytes {
                    file: name,
                    expected: file.sha256.clone(),
                    found: sums.sha256,
                }),
                Err(fault) if fault.kind() == clinotype_genome::FaultKind::Cancelled => return Err(fault),
                Err(fault) => differences.push(Difference::Unreadable {
                    file: name,
                    what: fault.what().to_owned(),
                }),
            },
        }
        done += file.size;
        progress.advance(done, total);
    }
    Ok(Verdict {
        source: source.to_owned(),
        release: release.to_owned(),
        differences,
        others: others(&folder, &known)?,
    })
}

fn others(folder: &Path, known: &Manifest) -> Result<Vec<String>> {
    let failed = |e| Fault::io("read the folder", folder, e);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
        if name != manifest::FILE && !known.files.iter().any(|f| f.name == name) {
            found.push(name);
        }
    }
    found.sort();
    Ok(found)
}
