//! Files of a release from a folder: a copy of the source's own folders, a flat folder, a file, or a release that another
//! Clinotype has installed and that was carried here.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use clinotype_genome::{Fault, Progress, Result, fs};

use super::{
    Announcement, Manifest, Source, SourceFile,
    checksum::{self, Sums},
    manifest, names,
};

/// What a folder turned out to hold.
pub(super) enum Held {
    /// A release that was installed elsewhere, with its manifest.
    Release(PathBuf, Box<Manifest>),
    /// Files as they come from the source.
    Files,
}

/// Looks into a folder for a release of the source.
pub(super) fn look(from: &Path, source: &Source, release: Option<&str>) -> Result<Held> {
    if from.join(manifest::FILE).is_file() {
        let found = Manifest::read(from)?;
        if found.source != source.id || release.is_some_and(|r| r != found.release) {
            return Err(Fault::usage(format!(
                "holds {} {}, not what was asked for",
                found.source, found.release
            ))
            .at(from));
        }
        return Ok(Held::Release(from.to_owned(), Box::new(found)));
    }
    // A data folder, or a copy of one.
    let mut newest = None;
    for (id, name, found) in manifest::installed(from)? {
        if id == source.id && release.is_none_or(|r| r == name) {
            newest = Some((manifest::folder(from, &id, &name), found?));
        }
    }
    Ok(newest.map_or(Held::Files, |(folder, found)| Held::Release(folder, Box::new(found))))
}

/// The release that the files of a folder belong to.
pub(super) fn release(from: &Path, source: &Source, stated: Option<&str>) -> Result<String> {
    if let Some(stated) = stated {
        return Ok(stated.to_owned());
    }
    let unknown = || {
        Fault::usage(format!(
            "the folder does not say which release of {} it holds",
            source.name
        ))
        .at(from)
        .hint("state it with --release, as the source names it")
    };
    match &source.release {
        Announcement::Fixed { release, .. } => Ok(release.clone()),
        Announcement::Modified | Announcement::Stated => Err(unknown()),
        Announcement::Text { path, template, like } => {
            let mut text = String::new();
            if !path.is_empty()
                && let Some(found) = find(from, path)
            {
                text = fs::read_to_string(found)?;
            }
            // Names of files and of folders stand for a listing.
            for folder in [from.to_owned(), from.join(path)] {
                let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
                for entry in entries {
                    let slash = if entry.path().is_dir() { "/" } else { "" };
                    let _ = writeln!(text, "\n{}{slash}", entry.file_name().to_string_lossy());
                }
            }
            let newest = names::newest(super::announce::alike(
                names::found_in(&text, template),
                like.as_deref(),
            ));
            newest.map(str::to_owned).ok_or_else(unknown)
        }
    }
}

/// A path of a source in a folder: below the same folders as at the source, or beside the others.
fn find(from: &Path, path: &str) -> Option<PathBuf> {
    let plain = path.split(['?', '#']).next().unwrap_or_default();
    let last = plain.rsplit('/').next().unwrap_or_default();
    // A path of the table never leads out of the folder.
    if plain.split('/').any(|part| part == "..") || last.is_empty() {
        return None;
    }
    [from.join(plain), from.join(last)].into_iter().find(|p| p.is_file())
}

/// The same as a fault.
pub(super) fn need(from: &Path, path: &str) -> Result<PathBuf> {
    find(from, path).ok_or_else(|| {
        let last = path.rsplit('/').next().unwrap_or_default();
        Fault::input(format!("the folder has no file {last}"))
            .at(from)
            .hint(format!("copy it from the source, where it is {path}"))
    })
}

/// A source's file in a folder; its name here is found, too.
pub(super) fn file(from: &Path, file: &SourceFile, release: &str) -> Result<PathBuf> {
    find(from, &file.local_name(release)).map_or_else(|| need(from, &names::fill(&file.path, release)), Ok)
}

/// Every file of a folder, for a source whose files the laboratory brings.
pub(super) fn everything(from: &Path) -> Result<Vec<SourceFile>> {
    let entries = std::fs::read_dir(from).map_err(|e| Fault::io("read the folder", from, e))?;
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|e| Fault::io("read the folder", from, e))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || !entry.path().is_file() {
            continue;
        }
        if !names::is_name(&name) || name == manifest::FILE {
            return Err(Fault::input(format!("the file name {name:?} cannot be used"))
                .at(from)
                .hint("use letters, digits, dots, dashes and underscores"));
        }
        found.push(SourceFile {
            path: name,
            name: None,
            md5: None,
            sha256: None,
            unpack: false,
        });
    }
    if found.is_empty() {
        return Err(Fault::input("holds no file").at(from));
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// Copies a file to `part`, hashed on the way.
pub(super) fn copy(from: &Path, part: &Path, progress: &dyn Progress) -> Result<Sums> {
    let mut out = fs::AtomicFile::create(part)?;
    let sums = checksum::copy(fs::open(from)?, from, &mut out, progress)?;
    out.commit()?;
    Ok(sums)
}
