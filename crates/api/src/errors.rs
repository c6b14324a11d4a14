//! From the faults of the engine and of the store to the errors of the contract. Nothing here repeats a value that a
//! person typed: faults hold none, and the words made here name fields.

use std::fmt::{self, Write as _};

use clinotype_genome::{Fault, FaultKind};
use clinotype_store::{StoreError, StoreErrorKind};
use uuid::Uuid;

use crate::types::{ApiError, ErrorCode};

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for ApiError {}

fn of_fault(code: ErrorCode, fault: &Fault) -> ApiError {
    let mut place = fault.place().path.as_ref().map(|path| {
        let mut text = path.display().to_string();
        if let Some(line) = fault.place().line {
            let _ = write!(text, ", line {line}");
        }
        if let Some(record) = fault.place().record {
            let _ = write!(text, ", record {record}");
        }
        text
    });
    if let Some((contig, position)) = &fault.place().locus {
        let locus = format!("{contig}:{position}");
        place = Some(match place {
            Some(text) => format!("{text}: {locus}"),
            None => locus,
        });
    }
    ApiError {
        code,
        message: fault.what().to_owned(),
        place,
        hint: fault.advice().map(str::to_owned),
    }
}

impl From<&Fault> for ApiError {
    fn from(fault: &Fault) -> Self {
        let code = match fault.kind() {
            FaultKind::Usage | FaultKind::Input => ErrorCode::InvalidInput,
            FaultKind::Io => ErrorCode::Io,
            FaultKind::Resource => ErrorCode::Resource,
            FaultKind::Internal => ErrorCode::Internal,
            FaultKind::Cancelled => ErrorCode::Cancelled,
        };
        of_fault(code, fault)
    }
}

impl From<Fault> for ApiError {
    fn from(fault: Fault) -> Self {
        Self::from(&fault)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        use StoreErrorKind as K;
        let code = match error.kind {
            K::WrongPassphrase | K::UnknownUser => ErrorCode::WrongPassphrase,
            K::PassphraseTooShort | K::Input => ErrorCode::InvalidInput,
            K::InUse => ErrorCode::StoreInUse,
            K::NewerSchema => ErrorCode::NewerSchema,
            K::Damaged | K::KeysMissing | K::KeysDamaged | K::FileDamaged => ErrorCode::Damaged,
            K::NotAStore => ErrorCode::NoStore,
            K::AlreadyExists | K::NotAllowed => ErrorCode::WrongState,
            K::DiskFull => ErrorCode::Resource,
            K::NotFound => ErrorCode::NotFound,
            K::Io => ErrorCode::Io,
            K::Cancelled => ErrorCode::Cancelled,
            K::Internal => ErrorCode::Internal,
        };
        let mut made = of_fault(code, &error.fault);
        if error.kind == K::PassphraseTooShort {
            made.place = Some("passphrase".to_owned());
        }
        made
    }
}

/// What and what to do, with a code.
pub(crate) fn error(code: ErrorCode, message: impl Into<String>, hint: &str) -> ApiError {
    ApiError {
        code,
        message: message.into(),
        place: None,
        hint: (!hint.is_empty()).then(|| hint.to_owned()),
    }
}

/// There is no such thing.
pub(crate) fn not_found(what: &str) -> ApiError {
    error(
        ErrorCode::NotFound,
        format!("there is no such {what}"),
        "go back to the worklist and look again",
    )
}

/// A field of the input cannot be used.
pub(crate) fn invalid(field: &str, words: impl Into<String>) -> ApiError {
    ApiError {
        code: ErrorCode::InvalidInput,
        message: words.into(),
        place: Some(field.to_owned()),
        hint: None,
    }
}

/// The state does not allow it.
pub(crate) fn wrong_state(words: impl Into<String>, hint: &str) -> ApiError {
    error(ErrorCode::WrongState, words, hint)
}

/// A defect of ours.
pub(crate) fn internal(words: impl Into<String>) -> ApiError {
    error(
        ErrorCode::Internal,
        words,
        "this is a defect of Clinotype: please report it",
    )
}

/// An identifier as the contract writes it. A text that is none names nothing that exists.
pub(crate) fn id(text: &str, what: &str) -> Result<Uuid, ApiError> {
    Uuid::parse_str(text).map_err(|_| not_found(what))
}
