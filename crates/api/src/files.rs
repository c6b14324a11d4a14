//! Files that the window may read: by a token of this session, in ranges, never by a path. Everything decrypted lives in
//! memory only and goes when the window locks.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    io::{Read, Seek, SeekFrom},
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use clinotype_genome::{Fault, fs};
use clinotype_store::Store;
use uuid::Uuid;

use crate::{
    app::{App, Session},
    dispatch::Need,
    errors,
    record::Results,
    types::ApiError,
};

/// Most bytes of one read.
pub(crate) const LARGEST_READ: u64 = 8 << 20;
/// Bytes of a decrypted piece, and how many are held.
const PIECE: u64 = 256 << 10;
const PIECES: usize = 64;
/// Runs whose results are held.
const RESULTS: usize = 4;

/// What a token stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileView {
    /// Plain bytes.
    pub len: u64,
    /// Media type.
    pub content_type: &'static str,
}

/// Where the bytes of a token are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// A file of the vault.
    Vault(Uuid),
    /// A file of a reference set. It holds no patient data.
    Disk(PathBuf),
}

#[derive(Clone)]
struct Entry {
    source: Source,
    view: FileView,
}

/// When it was last used, and its bytes.
type Piece = (u64, Arc<Vec<u8>>);

#[derive(Default)]
struct Inner {
    by_token: HashMap<String, Entry>,
    tokens: BTreeMap<Source, String>,
    /// Decrypted pieces with the tick of their last use.
    pieces: HashMap<(Uuid, u64), Piece>,
    tick: u64,
    results: Vec<Arc<Results>>,
    /// Which parts of which cases were looked at in this session, and by whom.
    seen: BTreeSet<(String, &'static str, Uuid)>,
    /// Number of locks so far.
    locks: u64,
}

/// See the module text.
#[derive(Default)]
pub(crate) struct Files {
    inner: Mutex<Inner>,
}

impl Files {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets every token and every decrypted byte.
    pub(crate) fn clear(&self) {
        let mut inner = self.inner();
        *inner = Inner {
            locks: inner.locks + 1,
            ..Inner::default()
        };
    }

    /// Number of locks so far: what began before a lock must not be held after it.
    pub(crate) fn locks(&self) -> u64 {
        self.inner().locks
    }

    /// The token of a file for this session; the same file has the same one.
    pub(crate) fn token(&self, source: Source, view: FileView) -> String {
        let mut inner = self.inner();
        if let Some(token) = inner.tokens.get(&source) {
            return token.clone();
        }
        // 122 random bits of the operating system.
        let token = Uuid::new_v4().simple().to_string();
        inner.tokens.insert(source.clone(), token.clone());
        inner.by_token.insert(token.clone(), Entry { source, view });
        token
    }

    /// Writes the first look of a person at this part of a case in this session into the audit trail.
    ///
    /// Errors: the trail cannot be written; then nothing may be shown.
    pub(crate) fn look(&self, app: &App, session: &Session, case: Uuid, what: &'static str) -> Result<(), ApiError> {
        let look = (session.user.id.clone(), what, case);
        if self.inner().seen.contains(&look) {
            return Ok(());
        }
        let action = format!("view {what}");
        session
            .store
            .record(&session.act(app), "case", &case.to_string(), &action, Some(case), None)?;
        self.inner().seen.insert(look);
        Ok(())
    }

    pub(crate) fn results(&self, run: Uuid) -> Option<Arc<Results>> {
        self.inner()
            .results
            .iter()
            .find(|results| results.run.id == run)
            .cloned()
    }

    /// Holds results that were read when there had been `locks` locks.
    pub(crate) fn keep_results(&self, results: &Arc<Results>, locks: u64) {
        let mut inner = self.inner();
        if inner.locks != locks {
            return;
        }
        inner.results.retain(|kept| kept.run.id != results.run.id);
        inner.results.insert(0, Arc::clone(results));
        inner.results.truncate(RESULTS);
    }

    /// What was held of a run is no longer so.
    pub(crate) fn forget_results(&self, run: Uuid) {
        self.inner().results.retain(|kept| kept.run.id != run);
    }

    fn entry(&self, token: &str) -> Option<Entry> {
        self.inner().by_token.get(token).cloned()
    }

    fn piece(&self, store: &Store, file: Uuid, number: u64) -> Result<Arc<Vec<u8>>, ApiError> {
        {
            let mut inner = self.inner();
            inner.tick += 1;
            let tick = inner.tick;
            if let Some((used, piece)) = inner.pieces.get_mut(&(file, number)) {
                *used = tick;
                return Ok(Arc::clone(piece));
            }
        }
        let piece = Arc::new(store.read_range(file, number * PIECE, PIECE as usize)?);
        let mut inner = self.inner();
        // Locked meanwhile: nothing decrypted stays.
        if inner.tokens.contains_key(&Source::Vault(file)) {
            if inner.pieces.len() >= PIECES
                && let Some(oldest) = inner
                    .pieces
                    .iter()
                    .min_by_key(|(_, (used, _))| *used)
                    .map(|(key, _)| *key)
            {
                inner.pieces.remove(&oldest);
            }
            let tick = inner.tick;
            inner.pieces.insert((file, number), (tick, Arc::clone(&piece)));
        }
        Ok(piece)
    }

    fn vault_range(&self, store: &Store, file: Uuid, offset: u64, length: u64) -> Result<Vec<u8>, ApiError> {
        let mut bytes = Vec::with_capacity(length as usize);
        let end = offset + length;
        let mut at = offset;
        while at < end {
            let piece = self.piece(store, file, at / PIECE)?;
            let from = (at % PIECE) as usize;
            let to = piece.len().min(from + (end - at) as usize);
            if from >= to {
                break;
            }
            bytes.extend_from_slice(&piece[from..to]);
            at += (to - from) as u64;
        }
        Ok(bytes)
    }
}

impl Files {
    /// What a token stands for; `None` where it is unknown, or of a session that has ended.
    pub(crate) fn view(&self, app: &App, token: &str) -> Option<FileView> {
        app.session(Need::Read).ok()?;
        Some(self.entry(token)?.view)
    }

    /// Bytes of a file from `offset`, at most [`LARGEST_READ`] and fewer at its end.
    ///
    /// Errors: `locked`; `not_found` for an unknown token; `invalid_input` for an offset behind the end; `damaged` where
    /// the vault's bytes were changed.
    pub(crate) fn read(&self, app: &App, token: &str, offset: u64, length: u64) -> Result<Vec<u8>, ApiError> {
        let session = app.session(Need::Read)?;
        let entry = self.entry(token).ok_or_else(|| errors::not_found("file"))?;
        if offset > entry.view.len {
            return Err(errors::invalid("offset", "lies behind the end of the file"));
        }
        let length = length.min(LARGEST_READ).min(entry.view.len - offset);
        match &entry.source {
            Source::Vault(file) => self.vault_range(&session.store, *file, offset, length),
            Source::Disk(path) => disk_range(path, offset, length),
        }
    }
}

fn disk_range(path: &PathBuf, offset: u64, length: u64) -> Result<Vec<u8>, ApiError> {
    let failed = |e| ApiError::from(Fault::io("read", path, e));
    let mut file = fs::open(path)?;
    file.seek(SeekFrom::Start(offset)).map_err(failed)?;
    let mut bytes = Vec::with_capacity(length as usize);
    file.take(length).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEW: FileView = FileView {
        len: 10,
        content_type: "application/octet-stream",
    };

    #[test]
    fn a_file_has_one_token_until_the_lock() {
        let files = Files::default();
        let source = Source::Disk("a.fa".into());
        let token = files.token(source.clone(), VIEW);
        assert_eq!(files.token(source.clone(), VIEW), token);
        assert_ne!(files.token(Source::Disk("b.fa".into()), VIEW), token);
        assert_eq!(token.len(), 32);
        assert!(files.entry(&token).is_some() && files.entry("a.fa").is_none());
        files.clear();
        assert!(files.entry(&token).is_none());
        assert_ne!(files.token(source, VIEW), token);
    }

    #[test]
    fn a_range_of_a_plain_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        fs::write_atomic(&path, b"0123456789").unwrap();
        assert_eq!(disk_range(&path, 3, 4).unwrap(), b"3456");
        assert_eq!(disk_range(&path, 8, 40).unwrap(), b"89");
        assert!(disk_range(&folder.path().join("none"), 0, 1).is_err());
    }
}
