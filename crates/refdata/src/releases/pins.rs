//! The releases that a case used, and what changes when it is run again with others.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use clinotype_genome::{Fault, Result};
use serde::{Deserialize, Serialize};

use super::manifest;

/// A release as a case names it: these very bytes, and no others of the same name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// Id of the source: `clinvar`.
    pub id: String,
    /// The release as its source names it.
    pub release: String,
    /// [`super::Manifest::digest`].
    pub digest: String,
}

/// How a source differs between two sets of pins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum PinDiff {
    /// Only the second set has it.
    Added {
        /// The new pin.
        pin: Pin,
    },
    /// Only the first set has it.
    Removed {
        /// The old pin.
        pin: Pin,
    },
    /// Another release.
    Release {
        /// The old pin.
        from: Pin,
        /// The new pin.
        to: Pin,
    },
    /// The same release with other bytes, which must not be.
    Bytes {
        /// The old pin.
        from: Pin,
        /// The new pin.
        to: Pin,
    },
}

/// What differs between two sets of pins, by source. A source that stands more than once counts with its last pin.
pub fn diff_pins(before: &[Pin], after: &[Pin]) -> Vec<PinDiff> {
    let by_id = |pins: &[Pin]| {
        pins.iter()
            .map(|p| (p.id.clone(), p.clone()))
            .collect::<BTreeMap<_, _>>()
    };
    let (mut old, new) = (by_id(before), by_id(after));
    let mut sources: BTreeMap<String, PinDiff> = BTreeMap::new();
    for (id, to) in new {
        let diff = match old.remove(&id) {
            None => PinDiff::Added { pin: to },
            Some(from) if from == to => continue,
            Some(from) if from.release == to.release => PinDiff::Bytes { from, to },
            Some(from) => PinDiff::Release { from, to },
        };
        sources.insert(id, diff);
    }
    sources.extend(old.into_iter().map(|(id, pin)| (id, PinDiff::Removed { pin })));
    sources.into_values().collect()
}

/// The pins of the newest release of each source that is installed.
pub fn pins_of(data: &Path) -> Result<Vec<Pin>> {
    let mut newest = BTreeMap::new();
    for (source, _, manifest) in manifest::installed(data)? {
        // Oldest first, so the last one stays.
        newest.insert(source, manifest?.pin());
    }
    Ok(newest.into_values().collect())
}

/// The folder of a pinned release. A fault where it is not installed, or where its bytes are not those that were pinned;
/// the files themselves are not hashed (see [`super::verify`]).
pub fn folder_of(data: &Path, pin: &Pin) -> Result<PathBuf> {
    let manifest = manifest::manifest_of(data, &pin.id, &pin.release)?;
    let folder = manifest::folder(data, &pin.id, &pin.release);
    if manifest.digest != pin.digest {
        return Err(Fault::input(format!(
            "holds other bytes than the case used: {} {} has the digest {}, the case names {}",
            pin.id, pin.release, manifest.digest, pin.digest
        ))
        .at(&folder)
        .hint("install the release from the copy that the case was made with"));
    }
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_between_pins() {
        let pin = |id: &str, release: &str, digest: &str| Pin {
            id: id.to_owned(),
            release: release.to_owned(),
            digest: digest.to_owned(),
        };
        let before = [
            pin("c", "1", "a"),
            pin("b", "1", "a"),
            pin("a", "1", "a"),
            pin("same", "1", "x"),
        ];
        let after = [
            pin("same", "1", "x"),
            pin("c", "2", "b"),
            pin("b", "1", "z"),
            pin("d", "1", "q"),
        ];
        assert_eq!(
            diff_pins(&before, &after),
            [
                PinDiff::Removed {
                    pin: pin("a", "1", "a")
                },
                PinDiff::Bytes {
                    from: pin("b", "1", "a"),
                    to: pin("b", "1", "z")
                },
                PinDiff::Release {
                    from: pin("c", "1", "a"),
                    to: pin("c", "2", "b")
                },
                PinDiff::Added {
                    pin: pin("d", "1", "q")
                },
            ]
        );
        assert!(diff_pins(&before, &before).is_empty());
    }
}
