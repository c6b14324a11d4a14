//! One clear error: what is wrong, where it stands, what to do about it.
//!
//! Every crate of the engine returns [`Fault`]. Its kind decides the exit code of the command line, its hint is
//! printed on a line of its own. A fault must not hold patient data: sequences, coordinates and file paths are
//! allowed, the content of an order is not.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

/// The result of everything that can fail.
pub type Result<T, E = Fault> = std::result::Result<T, E>;

/// What kind of failure this is; each has its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// The words of the call are wrong (exit code 2).
    Usage,
    /// An input file or its content cannot be used (exit code 3).
    Input,
    /// Reading or writing failed: missing file, full disk, no permission (exit code 4).
    Io,
    /// A limit is too small for the work: memory, open files (exit code 5).
    Resource,
    /// Our own invariant broke: a defect, please report it (exit code 70, `EX_SOFTWARE`).
    Internal,
    /// The user stopped the run (exit code 130).
    Cancelled,
}

impl FaultKind {
    /// The exit code of the command line.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Usage => 2,
            Self::Input => 3,
            Self::Io => 4,
            Self::Resource => 5,
            Self::Internal => 70,
            Self::Cancelled => 130,
        }
    }
}

/// Where a fault stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: Option<PathBuf>,
    /// 1-based line of a text file.
    pub line: Option<u64>,
    /// 1-based record of a binary file or of a FASTQ file.
    pub record: Option<u64>,
    /// Contig and 1-based position on it.
    pub locus: Option<(String, u64)>,
}

/// A failure with its place and a hint. See the module text.
#[derive(Debug)]
pub struct Fault {
    kind: FaultKind,
    what: String,
    // Boxed so that `Result<T, Fault>` stays small on the hot paths.
    place: Box<Place>,
    hint: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Fault {
    fn new(kind: FaultKind, what: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
            place: Box::default(),
            hint: None,
            source: None,
        }
    }
    /// The call's words are wrong.
    pub fn usage(what: impl Into<String>) -> Self {
        Self::new(FaultKind::Usage, what)
    }
    /// An input cannot be used.
    pub fn input(what: impl Into<String>) -> Self {
        Self::new(FaultKind::Input, what)
    }
    /// A limit is too small.
    pub fn resource(what: impl Into<String>) -> Self {
        Self::new(FaultKind::Resource, what)
    }
    /// An invariant of ours broke.
    pub fn internal(what: impl Into<String>) -> Self {
        Self::new(FaultKind::Internal, what)
    }
    /// The user stopped the run.
    pub fn cancelled() -> Self {
        Self::new(FaultKind::Cancelled, "stopped by the user")
    }
    /// Reading or writing `path` failed. A full disk and a missing permission get words of their own.
    ///
    /// `InvalidData` and `UnexpectedEof` mean that the content is wrong, not the disk: they become an input fault.
    pub fn io(doing: &str, path: &Path, error: io::Error) -> Self {
        use io::ErrorKind as K;
        let (kind, what, hint) = match error.kind() {
            K::NotFound => (
                FaultKind::Io,
                format!("cannot {doing}: no such file or folder"),
                Some("check the path".to_owned()),
            ),
            K::PermissionDenied => (
                FaultKind::Io,
                format!("cannot {doing}: permission denied"),
                Some("choose a place that this user may use".to_owned()),
            ),
            K::StorageFull | K::QuotaExceeded => (
                FaultKind::Io,
                format!("cannot {doing}: the disk is full"),
                Some("free some space or choose another disk, then run again".to_owned()),
            ),
            K::ReadOnlyFilesystem => (
                FaultKind::Io,
                format!("cannot {doing}: the file system is read-only"),
                Some("choose another folder".to_owned()),
            ),
            K::InvalidData | K::InvalidInput | K::UnexpectedEof => {
                (FaultKind::Input, format!("cannot {doing}: {error}"), None)
            }
            _ => (FaultKind::Io, format!("cannot {doing}: {error}"), None),
        };
        let mut fault = Self::new(kind, what).at(path);
        fault.hint = hint;
        fault.source = Some(Box::new(error));
        fault
    }
    /// Adds the file.
    pub fn at(mut self, path: impl AsRef<Path>) -> Self {
        self.place.path = Some(path.as_ref().to_owned());
        self
    }
    /// Adds the 1-based line.
    pub fn line(mut self, line: u64) -> Self {
        self.place.line = Some(line);
        self
    }
    /// Adds the 1-based record number.
    pub fn record(mut self, record: u64) -> Self {
        self.place.record = Some(record);
        self
    }
    /// Adds contig and 1-based position.
    pub fn locus(mut self, contig: impl Into<String>, position: u64) -> Self {
        self.place.locus = Some((contig.into(), position));
        self
    }
    /// Says what to do.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
    /// Keeps the error underneath.
    pub fn caused_by(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }
    /// The kind.
    pub fn kind(&self) -> FaultKind {
        self.kind
    }
    /// What is wrong, without place and hint.
    pub fn what(&self) -> &str {
        &self.what
    }
    /// The place.
    pub fn place(&self) -> &Place {
        &self.place
    }
    /// What to do, if known.
    pub fn advice(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.place.path {
            write!(f, "{}", path.display())?;
            if let Some(line) = self.place.line {
                write!(f, ", line {line}")?;
            }
            if let Some(record) = self.place.record {
                write!(f, ", record {record}")?;
            }
            f.write_str(": ")?;
        }
        if let Some((contig, position)) = &self.place.locus {
            write!(f, "{contig}:{position}: ")?;
        }
        f.write_str(&self.what)
    }
}

impl std::error::Error for Fault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|e| e as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_and_where() {
        let fault = Fault::input("REF is A, the reference has C")
            .at("x.vcf")
            .line(7)
            .locus("chr1", 12)
            .hint("use the same build");
        assert_eq!(
            fault.to_string(),
            "x.vcf, line 7: chr1:12: REF is A, the reference has C"
        );
        assert_eq!(fault.advice(), Some("use the same build"));
        assert_eq!(fault.kind().exit_code(), 3);
    }

    #[test]
    fn a_full_disk_has_its_own_words() {
        let fault = Fault::io("write", Path::new("a.bam"), io::Error::from(io::ErrorKind::StorageFull));
        assert_eq!(fault.to_string(), "a.bam: cannot write: the disk is full");
        assert_eq!(fault.kind(), FaultKind::Io);
    }

    #[test]
    fn wrong_content_is_an_input_fault() {
        let fault = Fault::io(
            "read",
            Path::new("a.bam"),
            io::Error::from(io::ErrorKind::UnexpectedEof),
        );
        assert_eq!(fault.kind(), FaultKind::Input);
    }
}
