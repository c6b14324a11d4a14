//! Kept files under names of their own, for code that finds an index beside its file. Nothing is copied or decrypted on
//! the disk: the names are hard links, and the folder is under seal.

use std::{
    fs::File,
    io::{self, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use clinotype_genome::{
    fs,
    seal::{Seal, SealedFolder, SealedRead, SealedWrite, seal_folder},
};
use uuid::Uuid;

use crate::{Result, Store, StoreError, files::check_name, tx::new_id, vault::AgeSeal};

/// A folder that shows kept files; gone when dropped.
#[derive(Debug)]
pub struct VaultView {
    folder: PathBuf,
    sealed: Option<SealedFolder>,
}

impl VaultView {
    /// The folder. Its files open through `clinotype_genome::fs` only.
    pub fn path(&self) -> &Path {
        &self.folder
    }
}

impl Drop for VaultView {
    fn drop(&mut self) {
        // The seal ends last: a reader that is still at work must not take encrypted bytes for plain ones.
        let _ = std::fs::remove_dir_all(&self.folder);
        self.sealed = None;
    }
}

/// Opens files of several keys; writes none.
#[derive(Debug)]
struct ViewSeal(Vec<AgeSeal>);

impl Seal for ViewSeal {
    fn writer(&self, _: File) -> io::Result<Box<dyn SealedWrite>> {
        Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "kept files are only read",
        ))
    }
    fn reader(&self, mut file: File) -> io::Result<Box<dyn SealedRead>> {
        let mut last = io::Error::from(io::ErrorKind::InvalidData);
        for seal in &self.0 {
            file.seek(SeekFrom::Start(0))?;
            match seal.reader(file.try_clone()?) {
                Ok(reader) => return Ok(reader),
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

impl Store {
    /// Shows kept files under the given base names in one folder, as long as the view lives. Each file's beginning is
    /// checked against its record. Errors: a file is damaged, missing or erased; a name with a folder.
    pub fn vault_view(&self, files: &[(Uuid, &str)]) -> Result<VaultView> {
        let folder = self.folder.join("work").join(format!("view-{}", new_id()));
        let mut seals = Vec::new();
        fs::create_dir_all(&folder)?;
        let mut view = VaultView { folder, sealed: None };
        for (id, name) in files {
            check_name(name)?;
            let (path, seal) = self.proven(*id)?;
            seals.push(seal);
            std::fs::hard_link(&path, view.folder.join(name)).map_err(|e| StoreError::io("show", &path, e))?;
        }
        view.sealed = Some(seal_folder(&view.folder, std::sync::Arc::new(ViewSeal(seals)))?);
        Ok(view)
    }
}
