//! The vault's files: add, keep, read, check, erase.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use clinotype_genome::{
    Fault, FaultKind,
    fs::{self, AtomicFile},
    seal::SealedRead,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Act, Result, Store, StoreError, StoreErrorKind,
    audit::Entry,
    cases,
    codes::codes,
    crypto::hex,
    disk, runs,
    tx::{Id, When, new_id},
    vault::{AgeSeal, PlainReader},
};

codes! {
    /// What a file is.
    pub enum FileRole: "file role" {
        /// Reads as they came (FASTQ).
        Reads = "reads",
        /// Alignments.
        Bam = "bam",
        /// Index of alignments.
        Bai = "bai",
        /// Alignments, CRAM.
        Cram = "cram",
        /// Index of a CRAM.
        Crai = "crai",
        /// Variants.
        Vcf = "vcf",
        /// Index of variants.
        Tbi = "tbi",
        /// Variants with reference blocks.
        Gvcf = "gvcf",
        /// Its index.
        GvcfTbi = "gvcf_tbi",
        /// Annotated variants.
        AnnotatedVcf = "annotated_vcf",
        /// Their index.
        AnnotatedTbi = "annotated_tbi",
        /// Quality figures.
        Qc = "qc",
        /// Interpretation.
        Interpretation = "interpretation",
        /// Pharmacogenes.
        Pgx = "pgx",
        /// Genes ranked by phenotype.
        Rank = "rank",
        /// Polygenic scores.
        Prs = "prs",
        /// Steps, versions, digests.
        Provenance = "provenance",
        /// Report.
        Pdf = "pdf",
        /// Report.
        Html = "html",
        /// FHIR bundle.
        Fhir = "fhir",
        /// Anything else.
        Other = "other",
    }
}

/// A file to keep.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// The case.
    pub case: Uuid,
    /// The run that made it.
    pub run: Option<Uuid>,
    /// What it is.
    pub role: FileRole,
    /// Base name, without a folder.
    pub name: String,
}

/// A kept file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultFile {
    /// Id.
    pub id: Uuid,
    /// The case.
    pub case: Uuid,
    /// The run that made it.
    pub run: Option<Uuid>,
    /// What it is.
    pub role: FileRole,
    /// Base name.
    pub name: String,
    /// Plain bytes.
    pub size: u64,
    /// SHA-256 of the plain bytes, hexadecimal.
    pub sha256: String,
    /// Kept since.
    pub kept_at: Timestamp,
    /// Last checked whole.
    pub verified_at: Option<Timestamp>,
    /// Key and bytes are destroyed.
    pub erased: bool,
}

/// A file with what opens it.
struct Held {
    file: VaultFile,
    state: String,
    head: Option<String>,
    identity: Option<Vec<u8>>,
}

const SELECT: &str = "SELECT id, case_id, run_id, role, name, coalesce(size, 0), coalesce(sha256, ''), kept_at, \
                      verified_at, state, head, identity FROM files";

fn read_row(row: &Row<'_>) -> rusqlite::Result<Held> {
    let state: String = row.get(9)?;
    Ok(Held {
        file: VaultFile {
            id: row.get::<_, Id>(0)?.0,
            case: row.get::<_, Id>(1)?.0,
            run: row.get::<_, Option<Id>>(2)?.map(|i| i.0),
            role: row.get(3)?,
            name: row.get(4)?,
            size: row.get::<_, i64>(5)? as u64,
            sha256: row.get(6)?,
            kept_at: row.get::<_, When>(7)?.0,
            verified_at: row.get::<_, Option<When>>(8)?.map(|w| w.0),
            erased: state == "erased",
        },
        state,
        head: row.get(10)?,
        identity: row.get(11)?,
    })
}

fn find(connection: &Connection, id: Uuid) -> Result<Held> {
    connection
        .prepare_cached(&format!(
            "{SELECT} WHERE id = ? AND state NOT IN ('writing', 'moving', 'abandoned')"
        ))?
        .query_row([Id(id)], read_row)
        .optional()?
        .ok_or_else(|| StoreError::not_found("file"))
}

/// The first bytes on disk hold age's header with its random nonce: no two files share them.
pub(crate) fn head_digest(file: &mut File) -> io::Result<String> {
    let mut head = Vec::with_capacity(256);
    file.seek(SeekFrom::Start(0))?;
    Read::take(&mut *file, 256).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(hex::encode(&Sha256::digest(&head)))
}

/// Size and SHA-256 of what is left to read, passed on to `to`.
fn digest(from: &mut dyn Read, to: &mut dyn Write) -> io::Result<(u64, String)> {
    let (mut sha, mut size, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 17]);
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok((size, hex::encode(&sha.finalize()))),
            Ok(n) => {
                sha.update(&buffer[..n]);
                to.write_all(&buffer[..n])?;
                size += n as u64;
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}

pub(crate) fn check_name(name: &str) -> Result<()> {
    if name.is_empty() || name.len() > 255 || name.contains(['/', '\\']) || name.chars().any(char::is_control) {
        return Err(StoreError::input("a file's name is 1 to 255 bytes without a folder"));
    }
    Ok(())
}

/// The fault of a damaged file: its role and its case, nothing of the patient.
fn damaged(file: &VaultFile, why: &str) -> StoreError {
    StoreError::new(
        StoreErrorKind::FileDamaged,
        Fault::input(format!(
            "the kept {} file of case {} cannot be read: {why}",
            file.role.code(),
            file.case
        ))
        .hint("restore it from the last backup, or run the sample again; the case's other records are not touched"),
    )
}

/// A reader whose errors say which file it is, for those who only see `io::Error`.
struct Named {
    plain: PlainReader,
    file: VaultFile,
}

impl Named {
    fn name(&self, error: io::Error) -> io::Error {
        match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                io::Error::new(error.kind(), damaged(&self.file, &error.to_string()))
            }
            _ => error,
        }
    }
}

impl Read for Named {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.plain.read(buffer).map_err(|e| self.name(e))
    }
}

impl Seek for Named {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.plain.seek(to).map_err(|e| self.name(e))
    }
}

impl SealedRead for Named {}

impl Store {
    pub(crate) fn vault_path(&self, id: Uuid) -> PathBuf {
        self.folder.join("vault").join(id.to_string())
    }

    /// Where a kept file lies and what opens it, after a look at its beginning and length.
    pub(crate) fn proven(&self, id: Uuid) -> Result<(PathBuf, AgeSeal)> {
        let held = self.held(id)?;
        self.open_held(&held)?;
        let identity = held
            .identity
            .as_deref()
            .ok_or_else(|| damaged(&held.file, "its key is gone"))?;
        Ok((self.vault_path(id), self.open_identity(identity, &id.to_string())?))
    }

    fn open_held(&self, held: &Held) -> Result<PlainReader> {
        let Held {
            file, head, identity, ..
        } = held;
        if file.erased {
            return Err(StoreError::not_allowed(format!(
                "the kept {} file of case {} was erased",
                file.role.code(),
                file.case
            )));
        }
        let path = self.vault_path(file.id);
        let mut raw = disk::open_raw(&path).map_err(|e| match e.fault.kind() {
            FaultKind::Io if !path.exists() => damaged(file, "it is not in the vault"),
            _ => e,
        })?;
        let bad = |e: io::Error| match e.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => damaged(file, &e.to_string()),
            _ => StoreError::io("read", &path, e),
        };
        if head.as_deref() != Some(head_digest(&mut raw).map_err(bad)?.as_str()) {
            return Err(damaged(
                file,
                "its beginning was changed, or another file lies in its place",
            ));
        }
        let identity = identity.as_deref().ok_or_else(|| damaged(file, "its key is gone"))?;
        let plain = self
            .open_identity(identity, &file.id.to_string())?
            .decrypt(raw)
            .map_err(bad)?;
        if plain.length() != file.size {
            return Err(damaged(file, "its length is not the one recorded"));
        }
        Ok(plain)
    }

    fn held(&self, id: Uuid) -> Result<Held> {
        self.db.read(|connection| find(connection, id))
    }

    fn insert_file(&self, act: &Act, id: Uuid, file: &NewFile, seal: &AgeSeal, source: Option<&str>) -> Result<()> {
        check_name(&file.name)?;
        let identity = self.protect_identity(seal, &id.to_string())?;
        // Not audited yet: the file is no record before it is kept.
        self.write(act, |tx| {
            cases::state(tx, file.case)?;
            if let Some(run) = file.run
                && runs::key(tx, run)?.case != file.case
            {
                return Err(StoreError::input("the run belongs to another case"));
            }
            let (now, state) = (tx.now(), if source.is_some() { "moving" } else { "writing" });
            tx.execute(
                "INSERT INTO files (id, case_id, run_id, role, name, state, source, identity, kept_at) \
                 VALUES (?,?,?,?,?,?,?,?,?)",
                params![
                    Id(id),
                    Id(file.case),
                    file.run.map(Id),
                    file.role,
                    file.name,
                    state,
                    source,
                    identity,
                    now
                ],
            )?;
            Ok(())
        })
    }

    fn keep(
        &self,
        act: &Act,
        id: Uuid,
        file: &NewFile,
        (size, sha256): (u64, String),
        head: &str,
    ) -> Result<VaultFile> {
        self.write(act, |tx| {
            tx.execute(
                "UPDATE files SET state = 'kept', source = NULL, size = ?, sha256 = ?, head = ? WHERE id = ?",
                params![size as i64, sha256, head, Id(id)],
            )?;
            tx.log(&Entry {
                kind: "file",
                object: &id.to_string(),
                case: Some(file.case),
                action: "keep",
                field: file.role.code(),
                new: Some(&sha256),
                ..Entry::default()
            })?;
            Ok(find(tx, id)?.file)
        })
    }

    /// Keeps a file, encrypted under a key of its own. Where the content cannot be read to its end, nothing is kept.
    pub fn add_file(&self, act: &Act, file: &NewFile, content: &mut dyn Read) -> Result<VaultFile> {
        let (id, seal) = (new_id(), AgeSeal::generate());
        self.insert_file(act, id, file, &seal, None)?;
        let path = self.vault_path(id);
        let written = (|| {
            let target = AtomicFile::create(&path)?;
            let mut stream = seal.encrypt(target).map_err(|e| Fault::io("write", &path, e))?;
            let facts = digest(content, &mut stream).map_err(|e| Fault::io("write", &path, e))?;
            stream.finish().map_err(|e| Fault::io("write", &path, e))?.commit()?;
            disk::sync_folder(&self.folder.join("vault"))?;
            let head = head_digest(&mut disk::open_raw(&path)?).map_err(|e| Fault::io("read", &path, e))?;
            Ok((facts, head))
        })();
        let done = written.and_then(|(facts, head)| self.keep(act, id, file, facts, &head));
        done.inspect_err(|_| {
            let _ = fs::remove_if_there(&path);
            let _ = self.db.writer().execute(
                "UPDATE files SET state = 'abandoned', identity = NULL WHERE id = ?",
                [Id(id)],
            );
        })
    }

    /// Takes a sealed file of the run's work folder into the vault: it is read once for its digest, then renamed. A
    /// kill between any two steps leaves it either in the work folder or in the vault, and opening finishes the move.
    pub fn keep_run_file(&self, act: &Act, run: Uuid, file: &NewFile, path: &Path) -> Result<VaultFile> {
        let work = self.run_folder(run)?;
        let resolve = |p: &Path| p.canonicalize().map_err(|e| StoreError::io("open", p, e));
        let (work, real) = (resolve(&work)?, resolve(path)?);
        let source = real
            .strip_prefix(&work)
            .ok()
            .and_then(Path::to_str)
            .ok_or_else(|| StoreError::input("the file does not lie in the run's work folder"))?
            .to_owned();
        let seal = self.run_age(run)?;
        let mut raw = disk::open_raw(&real)?;
        let failed = |e| StoreError::io("read", &real, e);
        let head = head_digest(&mut raw).map_err(failed)?;
        raw.sync_all().map_err(failed)?;
        let mut plain = seal.decrypt(raw).map_err(failed)?;
        let facts = digest(&mut plain, &mut io::sink()).map_err(failed)?;
        let id = new_id();
        let file = NewFile {
            run: Some(run),
            ..file.clone()
        };
        self.insert_file(act, id, &file, &seal, Some(&source))?;
        // What opening needs to finish the move by itself.
        self.db.writer().execute(
            "UPDATE files SET size = ?, sha256 = ?, head = ? WHERE id = ?",
            params![facts.0 as i64, facts.1, head, Id(id)],
        )?;
        disk::rename(&real, &self.vault_path(id))?;
        self.keep(act, id, &file, facts, &head)
    }

    /// The files of a case, oldest first.
    pub fn files(&self, case: Uuid) -> Result<Vec<VaultFile>> {
        self.db.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "{SELECT} WHERE case_id = ? AND state IN ('kept', 'missing', 'erased') ORDER BY kept_at, id"
            ))?;
            let files = statement
                .query_map([Id(case)], |row| Ok(read_row(row)?.file))?
                .collect::<Result<_, _>>()?;
            Ok(files)
        })
    }

    /// A file's record.
    pub fn file(&self, id: Uuid) -> Result<VaultFile> {
        Ok(self.held(id)?.file)
    }

    /// Plain bytes from any place; the file is proven to be the recorded one. Reads of damaged places fail.
    pub fn reader(&self, id: Uuid) -> Result<Box<dyn SealedRead>> {
        let held = self.held(id)?;
        let plain = self.open_held(&held)?;
        Ok(Box::new(Named { plain, file: held.file }))
    }

    /// Up to `length` plain bytes from `offset` (0-based); fewer at the end of the file.
    pub fn read_range(&self, id: Uuid, offset: u64, length: usize) -> Result<Vec<u8>> {
        let held = self.held(id)?;
        let mut plain = self.open_held(&held)?;
        let there = plain.length().saturating_sub(offset);
        let mut out = vec![0; length.min(usize::try_from(there).unwrap_or(usize::MAX))];
        plain
            .seek(SeekFrom::Start(offset))
            .and_then(|_| plain.read_exact(&mut out))
            .map_err(|e| damaged(&held.file, &e.to_string()))?;
        Ok(out)
    }

    /// The whole file, checked against its digest.
    pub fn read_file(&self, id: Uuid) -> Result<Vec<u8>> {
        let held = self.held(id)?;
        let mut out = Vec::new();
        self.check(&held, &mut out)?;
        Ok(out)
    }

    fn check(&self, held: &Held, to: &mut dyn Write) -> Result<()> {
        let mut plain = self.open_held(held)?;
        let (size, sha256) = digest(&mut plain, to).map_err(|e| damaged(&held.file, &e.to_string()))?;
        if size != held.file.size || sha256 != held.file.sha256 {
            return Err(damaged(&held.file, "its content is not the one recorded"));
        }
        Ok(())
    }

    /// Reads a file whole and compares it with its digest. Both outcomes are audited.
    pub fn verify_file(&self, act: &Act, id: Uuid) -> Result<VaultFile> {
        let held = self.held(id)?;
        let checked = self.check(&held, &mut io::sink());
        self.write(act, |tx| {
            let outcome = if checked.is_ok() { "good" } else { "damaged" };
            if checked.is_ok() {
                let now = tx.now();
                tx.execute("UPDATE files SET verified_at = ? WHERE id = ?", params![now, Id(id)])?;
            }
            tx.log(&Entry {
                kind: "file",
                object: &id.to_string(),
                case: Some(held.file.case),
                action: "verify",
                field: held.file.role.code(),
                new: Some(outcome),
                ..Entry::default()
            })
        })?;
        checked?;
        self.file(id)
    }

    /// The kept file that was not checked for the longest time.
    pub fn next_to_verify(&self) -> Result<Option<Uuid>> {
        self.db.read(|connection| {
            Ok(connection
                .prepare_cached(
                    "SELECT id FROM files WHERE state = 'kept' ORDER BY coalesce(verified_at, kept_at) LIMIT 1",
                )?
                .query_row([], |row| row.get::<_, Id>(0))
                .optional()?
                .map(|i| i.0))
        })
    }

    /// Destroys a file's key and bytes; its record stays. A key that other files of the run share stays with them.
    pub fn erase_file(&self, act: &Act, id: Uuid) -> Result<()> {
        let held = self.held(id)?;
        if held.state == "erased" {
            return Err(StoreError::not_allowed("the file is erased already"));
        }
        self.write(act, |tx| {
            tx.execute(
                "UPDATE files SET state = 'erased', identity = NULL WHERE id = ?",
                [Id(id)],
            )?;
            tx.log(&Entry {
                kind: "file",
                object: &id.to_string(),
                case: Some(held.file.case),
                action: "erase",
                field: held.file.role.code(),
                old: Some(&held.file.sha256),
                ..Entry::default()
            })
        })?;
        Ok(fs::remove_if_there(self.vault_path(id))?)
    }
}
