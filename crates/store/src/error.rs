//! The store's errors: a kind for the caller, a [`Fault`] for people.

use std::{error::Error, fmt, path::Path};

use clinotype_genome::{Fault, FaultKind};
use rusqlite::ErrorCode;

/// The result of everything here.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// What went wrong, for callers that decide by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StoreErrorKind {
    /// Passphrase or recovery key do not open the store.
    WrongPassphrase,
    /// Fewer than twelve characters.
    PassphraseTooShort,
    /// No such user, or no longer active.
    UnknownUser,
    /// Another process holds the store.
    InUse,
    /// The store was written by a newer program.
    NewerSchema,
    /// The database cannot be read.
    Damaged,
    /// The store's keys are not there.
    KeysMissing,
    /// The store's keys cannot be read.
    KeysDamaged,
    /// The folder holds no store.
    NotAStore,
    /// What is to be made is there already.
    AlreadyExists,
    /// A file of the vault is damaged, missing or exchanged.
    FileDamaged,
    /// The disk is full; the transaction was rolled back.
    DiskFull,
    /// No such record.
    NotFound,
    /// The record's state does not allow it.
    NotAllowed,
    /// A value cannot be used.
    Input,
    /// Reading or writing failed.
    Io,
    /// The user stopped it.
    Cancelled,
    /// A defect of ours.
    Internal,
}

/// A failure of the store. It never holds patient data.
#[derive(Debug)]
pub struct StoreError {
    /// What kind.
    pub kind: StoreErrorKind,
    /// What, where, what to do.
    pub fault: Box<Fault>,
}

impl StoreError {
    pub(crate) fn new(kind: StoreErrorKind, fault: Fault) -> Self {
        Self {
            kind,
            fault: Box::new(fault),
        }
    }
    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(
            StoreErrorKind::NotFound,
            Fault::input(format!("the store holds no such {what}")),
        )
    }
    pub(crate) fn input(what: impl Into<String>) -> Self {
        Self::new(StoreErrorKind::Input, Fault::input(what))
    }
    pub(crate) fn not_allowed(what: impl Into<String>) -> Self {
        Self::new(StoreErrorKind::NotAllowed, Fault::usage(what))
    }
    pub(crate) fn internal(what: impl Into<String>) -> Self {
        Self::new(StoreErrorKind::Internal, Fault::internal(what))
    }
    pub(crate) fn io(doing: &str, path: &Path, error: std::io::Error) -> Self {
        Fault::io(doing, path, error).into()
    }
    pub(crate) fn damaged() -> Self {
        Self::new(
            StoreErrorKind::Damaged,
            Fault::input("the store's database cannot be read: it is damaged or belongs to other keys")
                .hint("restore the last backup; nothing was changed"),
        )
    }
    /// The same error, naming the file it stands in.
    pub(crate) fn at(mut self, path: &Path) -> Self {
        *self.fault = std::mem::replace(&mut *self.fault, Fault::cancelled()).at(path);
        self
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fault.fmt(f)
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.fault.source()
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        let full = fault
            .source()
            .and_then(|s| s.downcast_ref::<std::io::Error>())
            .is_some_and(|e| {
                matches!(
                    e.kind(),
                    std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded
                )
            });
        let kind = match fault.kind() {
            _ if full => StoreErrorKind::DiskFull,
            FaultKind::Usage | FaultKind::Input => StoreErrorKind::Input,
            FaultKind::Io | FaultKind::Resource => StoreErrorKind::Io,
            FaultKind::Cancelled => StoreErrorKind::Cancelled,
            FaultKind::Internal => StoreErrorKind::Internal,
        };
        Self::new(kind, fault)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        *error.fault
    }
}

impl From<rusqlite::Error> for StoreError {
    /// SQLite's own message names tables and columns, never values, so it may stand in a fault; the SQL text, which
    /// could hold a value, is not repeated.
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error as E;
        match error {
            E::QueryReturnedNoRows => Self::not_found("record"),
            E::SqliteFailure(code, message) => match code.code {
                ErrorCode::DiskFull => Self::new(
                    StoreErrorKind::DiskFull,
                    Fault::io(
                        "write the store",
                        Path::new("store.db"),
                        std::io::Error::from(std::io::ErrorKind::StorageFull),
                    )
                    .hint("free some space; what was being written was taken back, nothing else changed"),
                ),
                ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => Self::damaged(),
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::new(
                    StoreErrorKind::InUse,
                    Fault::resource("the store is busy").hint("try again in a moment"),
                ),
                ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly => Self::new(
                    StoreErrorKind::Io,
                    Fault::io(
                        "open the store's database",
                        Path::new("store.db"),
                        std::io::Error::from(std::io::ErrorKind::PermissionDenied),
                    ),
                ),
                ErrorCode::SystemIoFailure => {
                    // A short read is a truncated file, not a failing disk.
                    if code.extended_code == rusqlite::ffi::SQLITE_IOERR_SHORT_READ {
                        return Self::damaged();
                    }
                    Self::new(
                        StoreErrorKind::Io,
                        Fault::io(
                            "read or write the store",
                            Path::new("store.db"),
                            std::io::Error::other(format!("input/output error {}", code.extended_code)),
                        )
                        .hint("check the disk and its free space"),
                    )
                }
                _ => Self::internal(format!(
                    "the database refused a statement (code {}): {}",
                    code.extended_code,
                    message.unwrap_or_default()
                )),
            },
            E::InvalidColumnType(_, name, _) | E::InvalidColumnName(name) => {
                Self::internal(format!("column {name} of the store has an unexpected type"))
            }
            E::FromSqlConversionFailure(_, _, source) => {
                Self::internal(format!("a value of the store cannot be read: {source}"))
            }
            other => Self::internal(match other {
                E::SqlInputError { .. } => "the database refused a statement".to_owned(),
                _ => format!("the database layer failed: {:?}", std::mem::discriminant(&other)),
            }),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    // The message of a JSON error may quote a value; only its kind is told.
    fn from(error: serde_json::Error) -> Self {
        Self::internal(format!(
            "a JSON value of the store cannot be read ({:?})",
            error.classify()
        ))
    }
}
