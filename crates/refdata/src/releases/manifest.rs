//! The manifest of a release that is installed.

use std::{
    fmt::Write as _,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use clinotype_genome::{Build, DataRelease, Fault, Result, digest, fs};
use serde::{Deserialize, Serialize};

use super::{Licence, Pin, names};

/// Name of the file in a release's folder.
pub(super) const FILE: &str = "release.json";
/// Its format.
pub(super) const SCHEMA: &str = "clinotype/release/1";
/// Folder of what is on its way, in the data folder.
pub(super) const PARTIAL: &str = ".partial";

/// What is known of a release that is installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Format of the manifest.
    pub schema: String,
    /// Id of the source: `clinvar`.
    pub source: String,
    /// Name of the source for people.
    pub name: String,
    /// Genome build of its coordinates, where it has some.
    pub build: Option<Build>,
    /// The release as its source names it.
    pub release: String,
    /// When it was released, `YYYY-MM-DD`, where the source says so.
    pub release_date: Option<String>,
    /// Terms of use, as they were known when it was installed.
    pub licence: Licence,
    /// Where it came from: a base address, or the name of a folder.
    pub origin: String,
    /// Version of the table of sources that named it.
    pub catalogue: String,
    /// Its files, by name.
    pub files: Vec<ReleaseFile>,
    /// SHA-256 over the lines `sha256  name` of its files, sorted by name: what a case pins.
    pub digest: String,
    /// When it was installed, RFC 3339.
    pub installed_at: String,
    /// The software that installed it, with its version.
    pub installed_by: String,
}

/// A file of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseFile {
    /// Its name in the release's folder.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
    /// Where it came from: an address, or the name of a file.
    pub origin: String,
    /// The file as it came, where it was unpacked here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packed: Option<Packed>,
    /// MD5 that the source states of the file as it came, and that it was checked against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub md5: Option<String>,
    /// When the server last changed it, as it says (an HTTP date).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
}

/// A packed file that was unpacked when it was installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Packed {
    /// Bytes.
    pub size: u64,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// The digest over the files.
    pub(super) fn digest_of(files: &[ReleaseFile]) -> String {
        let mut lines: Vec<(&str, &str)> = files.iter().map(|f| (&*f.name, &*f.sha256)).collect();
        lines.sort_unstable();
        let text = lines.iter().fold(String::new(), |mut text, (name, sha256)| {
            let _ = writeln!(text, "{sha256}  {name}");
            text
        });
        digest::sha256(text.as_bytes())
    }

    /// What a case keeps to name these very bytes.
    pub fn pin(&self) -> Pin {
        Pin {
            id: self.source.clone(),
            release: self.release.clone(),
            digest: self.digest.clone(),
        }
    }

    /// Each file as provenance names it.
    pub fn data_releases(&self) -> Vec<DataRelease> {
        self.files
            .iter()
            .map(|file| DataRelease {
                name: self.name.clone(),
                release: Some(self.release.clone()),
                file: file.name.clone(),
                sha256: file.sha256.clone(),
                licence: Some(self.licence.name.clone()),
                note: None,
            })
            .collect()
    }

    /// Reads the manifest of a release's folder, and that it agrees with itself.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(FILE);
        let wrong = |what: String| {
            Fault::input(what)
                .at(&path)
                .hint("remove the release and install it again")
        };
        let manifest: Self = serde_json::from_str(&fs::read_to_string(&path)?)
            .map_err(|e| wrong(format!("is not the manifest of a release: {e}")))?;
        if manifest.schema != SCHEMA {
            return Err(wrong(format!(
                "has the format {:?}; this version reads {SCHEMA:?}",
                manifest.schema
            )));
        }
        let named = [&manifest.source, &manifest.release]
            .into_iter()
            .chain(manifest.files.iter().map(|f| &f.name));
        for name in named {
            if !names::is_name(name) {
                return Err(wrong(format!("holds the name {name:?}, which is none")));
            }
        }
        if Self::digest_of(&manifest.files) != manifest.digest {
            return Err(wrong("was changed: its digest is not that of its files".to_owned()));
        }
        Ok(manifest)
    }
}

/// The folder of a release.
pub(super) fn folder(data: &Path, source: &str, release: &str) -> PathBuf {
    data.join(source).join(release)
}

/// The manifest of a release; a fault where it is not installed.
pub fn manifest_of(data: &Path, source: &str, release: &str) -> Result<Manifest> {
    names::check(source)?;
    names::check(release)?;
    let folder = folder(data, source, release);
    if !folder.is_dir() {
        return Err(Fault::usage(format!("{source} {release} is not installed"))
            .at(data)
            .hint("`clinotype data list` shows what is"));
    }
    let manifest = Manifest::read(&folder)?;
    if manifest.source != source || manifest.release != release {
        return Err(
            Fault::input(format!("is the manifest of {} {}", manifest.source, manifest.release))
                .at(folder.join(FILE))
                .hint("a release's folder was renamed: give it its name back"),
        );
    }
    Ok(manifest)
}

/// The manifest of the release that a file belongs to: the one in its folder, where it names the file with this very
/// SHA-256. `None` for any other file.
pub fn manifest_beside(file: &Path, sha256: &str) -> Option<Manifest> {
    let (folder, name) = (file.parent()?, file.file_name()?.to_str()?);
    let manifest = Manifest::read(folder).ok()?;
    let is_named = manifest.files.iter().any(|f| f.name == name && f.sha256 == sha256);
    is_named.then_some(manifest)
}

/// Every release that is installed, by source and release: oldest release first. A folder whose manifest cannot be read
/// is there with its fault.
pub fn installed(data: &Path) -> Result<Vec<(String, String, Result<Manifest>)>> {
    let mut found = Vec::new();
    for source in folders(data)? {
        let mut releases = folders(&data.join(&source))?;
        releases.sort_by(|a, b| {
            if names::is_newer(a, b) {
                std::cmp::Ordering::Greater
            } else if a == b {
                std::cmp::Ordering::Equal
            } else {
                std::cmp::Ordering::Less
            }
        });
        for release in releases {
            // A folder of something else is no release.
            if folder(data, &source, &release).join(FILE).is_file() {
                let manifest = manifest_of(data, &source, &release);
                found.push((source.clone(), release, manifest));
            }
        }
    }
    Ok(found)
}

/// Names of folders in a folder, sorted; none where it does not exist.
fn folders(path: &Path) -> Result<Vec<String>> {
    let failed = |e| Fault::io("read the folder", path, e);
    let entries = match std::fs::read_dir(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if names::is_name(&name) && entry.path().is_dir() {
            found.push(name);
        }
    }
    found.sort();
    Ok(found)
}
