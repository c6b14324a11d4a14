//! Removing a release.

use std::path::Path;

use clinotype_genome::{Fault, Result, fs};

use super::{Pin, install::Lock, manifest, names};

/// Removes a release that is installed, whole or damaged.
///
/// `pinned` are the pins of every case; a release that one of them names is not removed unless `force`. The folder loses
/// its name first, so a release is never there by half.
pub fn remove(data: &Path, source: &str, release: &str, pinned: &[Pin], force: bool) -> Result<()> {
    names::check(source)?;
    names::check(release)?;
    let folder = manifest::folder(data, source, release);
    if !folder.join(manifest::FILE).exists() {
        return Err(Fault::usage(format!("{source} {release} is not installed"))
            .at(data)
            .hint("`clinotype data list` shows what is"));
    }
    let users = pinned.iter().filter(|p| p.id == source && p.release == release).count();
    if users > 0 && !force {
        return Err(Fault::usage(format!(
            "{source} {release} is used by {users} case(s), which could not be run again without it"
        ))
        .hint("keep it, or force its removal"));
    }
    let _lock = Lock::take(data)?;
    let away = data.join(manifest::PARTIAL).join(format!("removed-{source}-{release}"));
    fs::create_dir_all(data.join(manifest::PARTIAL))?;
    // Of an earlier removal that was broken off.
    if away.exists() {
        clear(&away)?;
    }
    std::fs::rename(&folder, &away).map_err(|e| Fault::io("remove", &folder, e))?;
    clear(&away)?;
    // The source's own folder goes with its last release; it is no fault where others are in it.
    let _ = std::fs::remove_dir(data.join(source));
    Ok(())
}

fn clear(folder: &Path) -> Result<()> {
    std::fs::remove_dir_all(folder).map_err(|e| Fault::io("remove", folder, e))
}
