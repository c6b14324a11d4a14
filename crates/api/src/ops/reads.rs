//! The read view: which files the window may load, as tokens of this session.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use clinotype_genome::{Reference, fs};
use clinotype_store::{FileRole, VaultFile};

use crate::{
    app::{App, Session},
    errors,
    files::{FileView, Source},
    record,
    types::*,
};

const BINARY: &str = "application/octet-stream";
const TEXT: &str = "text/plain";

pub(crate) fn reads(app: &Arc<App>, session: &Session, input: CaseInput) -> Result<ReadsView, ApiError> {
    let (case, store) = (errors::id(&input.case, "case")?, &session.store);
    let results = record::needed(app, store, case)?;
    app.files.look(app, session, case, "reads")?;
    let path = Path::new(&results.request.set.reference);
    // Makes the indices where they are missing, and proves that the file can be read.
    let reference = Reference::open(path)?;
    let disk = |path: PathBuf, content_type| -> Result<String, ApiError> {
        let view = FileView {
            len: fs::size(&path)?,
            content_type,
        };
        Ok(app.files.token(Source::Disk(path), view))
    };
    let vault = |role: FileRole| results.has(role).then(|| results.file(role)).transpose();
    let vault = |role| vault(role).map(|file| file.map(|file| token(app, file, BINARY)));
    let beside = |suffix: &str| PathBuf::from(format!("{}.{suffix}", path.display()));
    let gzi = beside("gzi");
    Ok(ReadsView {
        build: results.build(),
        sample: results.interpretation.sample.to_string(),
        fasta: disk(path.to_owned(), BINARY)?,
        fai: disk(beside("fai"), TEXT)?,
        gzi: if gzi.is_file() { Some(disk(gzi, BINARY)?) } else { None },
        bam: vault(FileRole::Bam)?,
        bai: vault(FileRole::Bai)?,
        vcf: vault(FileRole::Vcf)?,
        tbi: vault(FileRole::Tbi)?,
        contigs: reference.contigs().iter().map(|contig| contig.name.clone()).collect(),
    })
}

/// The token of a kept file.
pub(crate) fn token(app: &App, file: &VaultFile, content_type: &'static str) -> String {
    let view = FileView {
        len: file.size,
        content_type,
    };
    app.files.token(Source::Vault(file.id), view)
}
