//! Exports: the one way that patient data leaves the store, each to a new file, for somebody, for something.

use std::{
    fs::File,
    io::{ErrorKind, Read, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use clinotype_genome::{Fault, digest, fs::AtomicFile};
use clinotype_store::{FileRole, NewExport, Store, VaultFile};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::reports;
use crate::{
    app::{App, Session},
    errors, record, times,
    types::*,
};

/// Longest recipient and purpose.
const WORDS: usize = 500;

fn code(kind: ExportKind) -> &'static str {
    match kind {
        ExportKind::Pdf => "pdf",
        ExportKind::Html => "html",
        ExportKind::Fhir => "fhir",
        ExportKind::Vcf => "vcf",
    }
}

fn kind(code: &str) -> Option<ExportKind> {
    [ExportKind::Pdf, ExportKind::Html, ExportKind::Fhir, ExportKind::Vcf]
        .into_iter()
        .find(|kind| self::code(*kind) == code)
}

fn stated(field: &str, text: &str) -> Result<String, ApiError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(errors::invalid(field, "must be stated: every export is accounted for"));
    }
    if text.len() > WORDS {
        return Err(errors::invalid(field, format!("has at most {WORDS} characters")));
    }
    Ok(text.to_owned())
}

/// Where the export goes: absolute, in a folder that exists outside of the store, and not there yet.
fn target(store: &Path, text: &str) -> Result<PathBuf, ApiError> {
    let invalid = |words: &str| errors::invalid("path", words);
    let path = Path::new(text);
    if !path.is_absolute() {
        return Err(invalid("give the whole path of the new file"));
    }
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(invalid("names no file"));
    };
    if text.ends_with(['/', '\\']) {
        return Err(invalid("names a folder, not a file"));
    }
    // The real place decides, wherever links lead.
    let folder = folder
        .canonicalize()
        .map_err(|_| invalid("the folder is not there, or cannot be entered"))?;
    if !folder.is_dir() {
        return Err(invalid("the folder is a file"));
    }
    let store = store
        .canonicalize()
        .map_err(|e| Fault::io("open the folder", store, e))?;
    if folder.starts_with(&store) {
        return Err(invalid(
            "lies in the store, which holds no plain files: choose another folder",
        ));
    }
    let target = folder.join(name);
    not_there(&target)?;
    Ok(target)
}

fn not_there(target: &Path) -> Result<(), ApiError> {
    match std::fs::symlink_metadata(target) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Fault::io("look at", target, error).into()),
        Ok(_) => Err(exists()),
    }
}

fn exists() -> ApiError {
    errors::invalid(
        "path",
        "a file of this name is there already, and an export replaces none: choose another name",
    )
}

/// Plain bytes beside their final name, proven to be those that are kept.
struct Written {
    file: AtomicFile,
    target: PathBuf,
}

fn write(store: &Store, kept: &VaultFile, target: PathBuf) -> Result<Written, ApiError> {
    let failed = |e| ApiError::from(Fault::io("write", &target, e));
    let mut reader = store.reader(kept.id)?;
    let mut file = AtomicFile::create(&target)?;
    let (mut hash, mut buffer, mut bytes) = (Sha256::new(), vec![0; 1 << 18], 0_u64);
    loop {
        let n = match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => n,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => return Err(damaged(kept)),
        };
        hash.update(&buffer[..n]);
        file.write_all(&buffer[..n]).map_err(failed)?;
        bytes += n as u64;
    }
    if bytes != kept.size || digest::hex(&hash.finalize()) != kept.sha256 {
        return Err(damaged(kept));
    }
    Ok(Written { file, target })
}

fn damaged(kept: &VaultFile) -> ApiError {
    errors::error(
        ErrorCode::Damaged,
        format!("the kept file {} is damaged; nothing was exported", kept.role.code()),
        "go back to a backup of the store, or make it again",
    )
}

impl Written {
    /// Gives the file its name, unless somebody else took it meanwhile.
    fn publish(self) -> Result<(), ApiError> {
        match File::options().write(true).create_new(true).open(&self.target) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(exists()),
            Err(error) => return Err(Fault::io("write", &self.target, error).into()),
        }
        // The name is ours now, so the rename replaces nothing of anybody's.
        self.file.commit().map_err(|fault| {
            let _ = std::fs::remove_file(&self.target);
            ApiError::from(fault)
        })
    }
}

/// The kept files of an export: the file itself, and the index that goes beside it.
fn kept(
    app: &App,
    session: &Session,
    case: Uuid,
    input: &ExportInput,
) -> Result<(VaultFile, Option<VaultFile>), ApiError> {
    let store = &session.store;
    if input.kind == ExportKind::Vcf {
        let results = record::needed(app, store, case)?;
        let file = |role| results.file(role).cloned();
        return Ok((file(FileRole::AnnotatedVcf)?, Some(file(FileRole::AnnotatedTbi)?)));
    }
    let number = input
        .version
        .ok_or_else(|| errors::invalid("version", "say which version of the report"))?;
    let report = reports::version(store, case, number)?;
    // A waiver that was taken back withholds also what was printed while it stood.
    record::needed(app, store, case)?.not_withheld(store)?;
    let file = match input.kind {
        ExportKind::Pdf => report.pdf,
        ExportKind::Html => report.html,
        ExportKind::Fhir | ExportKind::Vcf => report.fhir,
    };
    let file = file.ok_or_else(|| errors::not_found("file of this report"))?;
    Ok((store.file(file)?, None))
}

pub(crate) fn export(app: &Arc<App>, session: &Session, input: ExportInput) -> Result<ExportOutput, ApiError> {
    let (case, store) = (errors::id(&input.case, "case")?, &session.store);
    let (recipient, purpose) = (
        stated("recipient", &input.recipient)?,
        stated("purpose", &input.purpose)?,
    );
    let target = target(app.folder(), &input.path)?;
    let index_target = PathBuf::from(format!("{}.tbi", target.display()));
    if input.kind == ExportKind::Vcf {
        if !input.path.ends_with(".vcf.gz") {
            return Err(errors::invalid("path", "the name of a compressed VCF ends in .vcf.gz"));
        }
        not_there(&index_target)?;
    }
    let (file, index) = kept(app, session, case, &input)?;
    let written = write(store, &file, target.clone())?;
    let index = index
        .map(|index| write(store, &index, index_target.clone()))
        .transpose()?;
    let name = target
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let act = session.act(app);
    // First into the account: bytes that left without a trace would be worse than a trace of bytes that did not.
    let export = store.record_export(
        &act,
        &NewExport {
            case,
            what: code(input.kind).to_owned(),
            file: Some(file.id),
            recipient,
            purpose,
            file_name: name,
            sha256: file.sha256.clone(),
            size: file.size,
        },
    )?;
    let has_index = index.is_some();
    let published = index.map_or(Ok(()), Written::publish).and_then(|()| {
        written.publish().inspect_err(|_| {
            if has_index {
                let _ = std::fs::remove_file(&index_target);
            }
        })
    });
    if let Err(error) = published {
        store.record(
            &act,
            "export",
            &export.id.to_string(),
            "failed",
            Some(case),
            Some("the file was not written"),
        )?;
        return Err(error);
    }
    Ok(ExportOutput {
        path: target.display().to_string(),
        bytes: file.size,
        sha256: file.sha256,
    })
}

pub(crate) fn exports(_: &Arc<App>, session: &Session, input: CaseInput) -> Result<ExportsOutput, ApiError> {
    let (case, store) = (errors::id(&input.case, "case")?, &session.store);
    let reports = store.reports(case)?;
    let version = |file: Option<Uuid>| {
        let of = |r: &&clinotype_store::Report| [r.pdf, r.html, r.fhir].contains(&file);
        file.and_then(|_| reports.iter().find(of)).map(|r| r.version)
    };
    let mut exports = store.exports(Some(case))?;
    exports.sort_by_key(|export| std::cmp::Reverse(export.at));
    let rows = exports
        .into_iter()
        .map(|export| {
            let kind = kind(&export.what).ok_or_else(|| errors::internal("an export is of a kind that is unknown"))?;
            Ok(ExportRow {
                at: times::text(export.at),
                by: export.name,
                kind,
                version: version(export.file),
                recipient: export.recipient,
                purpose: export.purpose,
                sha256: export.sha256,
            })
        })
        .collect::<Result<_, ApiError>>()?;
    Ok(ExportsOutput { rows })
}

#[cfg(test)]
mod tests {
    use clinotype_genome::fs;

    use super::*;

    #[test]
    fn an_export_goes_to_a_new_file_outside_of_the_store() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store");
        fs::create_dir_all(store.join("vault")).unwrap();
        fs::write_atomic(folder.path().join("there.pdf"), b"x").unwrap();
        let path = |text: &str| folder.path().join(text).display().to_string();
        let to = |text: &str| target(&store, text);
        assert_eq!(
            to(&path("new.pdf")).unwrap(),
            folder.path().canonicalize().unwrap().join("new.pdf")
        );
        for wrong in [
            "new.pdf",
            "",
            "/",
            &path("there.pdf"),
            &path("none/new.pdf"),
            &path("store/new.pdf"),
            &path("store/vault/new.pdf"),
            &path("store/../store/new.pdf"),
            &path("there.pdf/new.pdf"),
            &path("new/"),
        ] {
            assert_eq!(to(wrong).unwrap_err().place.as_deref(), Some("path"), "{wrong}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&store, folder.path().join("link")).unwrap();
            assert!(
                to(&path("link/new.pdf")).is_err(),
                "a link does not lead into the store"
            );
            std::os::unix::fs::symlink(folder.path().join("nowhere"), folder.path().join("dangling")).unwrap();
            assert!(to(&path("dangling")).is_err(), "a link is a file of this name");
        }
    }

    #[test]
    fn a_name_that_was_taken_meanwhile_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.pdf");
        let written = || {
            let mut file = AtomicFile::create(&target).unwrap();
            file.write_all(b"ours").unwrap();
            Written {
                file,
                target: target.clone(),
            }
        };
        fs::write_atomic(&target, b"theirs").unwrap();
        assert!(written().publish().is_err());
        assert_eq!(fs::read(&target).unwrap(), b"theirs");
        fs::remove_if_there(&target).unwrap();
        written().publish().unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"ours");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn recipient_and_purpose_are_stated() {
        assert_eq!(stated("recipient", " Dr Example ").unwrap(), "Dr Example");
        assert_eq!(stated("purpose", "  ").unwrap_err().place.as_deref(), Some("purpose"));
        for each in [ExportKind::Pdf, ExportKind::Html, ExportKind::Fhir, ExportKind::Vcf] {
            assert_eq!(kind(code(each)), Some(each));
        }
    }
}
