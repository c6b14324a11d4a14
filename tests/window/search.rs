//! Looking for plain patient data where none may be.

use std::path::{Path, PathBuf};

/// Every file below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => found.extend(files(&path)),
            Ok(kind) if kind.is_file() => found.push(path),
            _ => {}
        }
    }
    found
}

/// The files below a folder whose bytes or names hold one of the words.
pub(crate) fn holding(folder: &Path, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for path in files(folder) {
        // A file of a running program may go while we look.
        let Ok(bytes) = std::fs::read(&path) else { continue };
        for word in words {
            let named = path
                .strip_prefix(folder)
                .is_ok_and(|p| p.to_string_lossy().contains(word));
            if named || bytes.windows(word.len()).any(|w| w == word.as_bytes()) {
                found.push(format!("{}: {word}", path.display()));
            }
        }
    }
    found
}

#[test]
fn it_finds_what_is_planted() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("a")).unwrap();
    std::fs::write(folder.path().join("a/b"), b"xxNeedlexx").unwrap();
    std::fs::write(folder.path().join("Needle.txt"), b"").unwrap();
    assert_eq!(holding(folder.path(), &["Needle", "absent"]).len(), 2);
}
