//! `clinotype store` and `clinotype audit`: what touches the encrypted store, through the same operations as the window.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use clinotype_api::{
    App, Config,
    types::{
        ApiError, CaseInput, CaseRow, CaseSort, CasesInput, ErrorCode, ExportInput, ExportKind, Nothing, SetUpInput,
        UnlockInput,
    },
};
use clinotype_genome::{Fault, Result};

use super::passphrase;
use crate::args;

/// An error of an operation with the exit code that it has on the command line.
pub(crate) fn fault(error: ApiError) -> Fault {
    let what = match &error.place {
        Some(place) => format!("{place}: {}", error.message),
        None => error.message,
    };
    let fault = match error.code {
        ErrorCode::InvalidInput
        | ErrorCode::NotFound
        | ErrorCode::WrongPassphrase
        | ErrorCode::NewerSchema
        | ErrorCode::Damaged
        | ErrorCode::NoStore => Fault::input(what),
        ErrorCode::Locked | ErrorCode::StoreInUse | ErrorCode::NotAllowed | ErrorCode::WrongState => Fault::usage(what),
        ErrorCode::Io => Fault::io("go on", Path::new("store"), std::io::Error::other(what)),
        ErrorCode::Resource => Fault::resource(what),
        ErrorCode::Cancelled => Fault::cancelled(),
        ErrorCode::Internal => Fault::internal(what),
    };
    match error.hint {
        Some(hint) => fault.hint(hint),
        None => fault,
    }
}

/// Prints what a command found.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}").map_err(|e| Fault::io("write", Path::new("standard output"), e))
}

fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).map_err(|e| Fault::io("find", path, e))
}

/// The application over a store. Its cache holds nothing of patients, and the command line makes nothing there.
fn app(store: &Path, machine: Option<(u32, Option<u32>)>) -> Result<Arc<App>> {
    let mut config = Config::new(absolute(store)?, std::env::temp_dir());
    config.machine = machine;
    App::new(config).map_err(fault)
}

/// Opens a store for a person; closed when dropped.
pub(crate) struct Open(pub(crate) Arc<App>);

impl Open {
    pub(crate) fn unlock(store: &Path, person: &args::Person, machine: Option<(u32, Option<u32>)>) -> Result<Self> {
        let open = Self(app(store, machine)?);
        let people = clinotype_api::status(&open.0, Nothing {}).map_err(fault)?.people;
        let user = match (&person.user, &people[..]) {
            (Some(user), _) => user.clone(),
            (None, [one]) => one.id.clone(),
            (None, []) => {
                return Err(Fault::input("holds no store")
                    .at(store)
                    .hint("make one with `clinotype store init`"));
            }
            (None, _) => {
                return Err(Fault::usage(
                    "the store has more than one user: say with --user who you are",
                ));
            }
        };
        let passphrase = passphrase::read(person.passphrase_fd, &format!("Passphrase of {user}: "))?;
        clinotype_api::unlock(&open.0, UnlockInput { user, passphrase }).map_err(fault)?;
        Ok(open)
    }

    /// A case by its identifier or its accession.
    fn case(&self, text: &str) -> Result<CaseRow> {
        let found = self
            .cases(text)?
            .into_iter()
            .find(|row| row.id == text || row.sample == text);
        match found {
            Some(row) => Ok(row),
            // The search knows accessions; an identifier is looked up by itself.
            None => clinotype_api::case(&self.0, CaseInput { case: text.to_owned() })
                .map(|view| view.row)
                .map_err(fault),
        }
    }

    /// The cases that hold a text, all for an empty one.
    pub(crate) fn cases(&self, search: &str) -> Result<Vec<CaseRow>> {
        let mut rows = Vec::new();
        loop {
            let page = clinotype_api::cases(
                &self.0,
                CasesInput {
                    search: search.to_owned(),
                    states: Vec::new(),
                    sort: CaseSort::Received,
                    descending: false,
                    offset: rows.len() as u32,
                    limit: 500,
                },
            )
            .map_err(fault)?;
            let none = page.rows.is_empty();
            rows.extend(page.rows);
            if none || rows.len() as u32 >= page.total {
                return Ok(rows);
            }
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.close();
    }
}

pub(crate) fn run(call: args::Store) -> Result<()> {
    match call.command {
        args::StoreCommand::Init(call) => init(&call),
        args::StoreCommand::Cases(call) => cases(&call),
        args::StoreCommand::Export(call) => export(call),
    }
}

fn init(call: &args::StoreInit) -> Result<()> {
    let app = app(&call.store, None)?;
    let passphrase = passphrase::read_new(call.passphrase_fd)?;
    let input = SetUpInput {
        user: call.user.clone(),
        name: call.name.clone(),
        passphrase,
    };
    let made = clinotype_api::set_up(&app, input).map_err(fault);
    app.close();
    print(&format!(
        "Store made. Its recovery key opens it when every passphrase is lost. It is shown only now: write it down and \
         keep it apart from this machine.\n\n    {}\n",
        made?.recovery_key
    ))
}

fn cases(call: &args::StoreOpen) -> Result<()> {
    let open = Open::unlock(&call.store, &call.person, None)?;
    for row in open.cases("")? {
        let state = serde_json::to_value(row.state).ok();
        print(&format!(
            "{}  {:24} {:10} {:12} {}{}",
            row.id,
            row.sample,
            state.as_ref().and_then(|s| s.as_str()).unwrap_or_default(),
            row.outcome.as_deref().unwrap_or("-"),
            row.received,
            if row.synthetic { "  SYNTHETIC" } else { "" }
        ))?;
    }
    Ok(())
}

fn export(call: args::StoreExport) -> Result<()> {
    let path = absolute(&call.out)?;
    let open = Open::unlock(&call.open.store, &call.open.person, None)?;
    let case = open.case(&call.case)?.id;
    let kind = match call.kind {
        args::Kind::Pdf => ExportKind::Pdf,
        args::Kind::Html => ExportKind::Html,
        args::Kind::Fhir => ExportKind::Fhir,
        args::Kind::Vcf => ExportKind::Vcf,
    };
    let version = match (call.report_version, kind) {
        (_, ExportKind::Vcf) => None,
        (Some(version), _) => Some(version),
        (None, _) => {
            let reports = clinotype_api::reports(&open.0, CaseInput { case: case.clone() }).map_err(fault)?;
            let newest = reports.versions.first().map(|report| report.version);
            Some(newest.ok_or_else(|| Fault::input("the case has no report yet"))?)
        }
    };
    let written = clinotype_api::export(
        &open.0,
        ExportInput {
            case,
            version,
            kind,
            path: path.display().to_string(),
            recipient: call.to,
            purpose: call.purpose,
        },
    )
    .map_err(fault)?;
    print(&format!(
        "{}\n  {} bytes, SHA-256 {}",
        written.path, written.bytes, written.sha256
    ))
}

pub(crate) fn audit(call: args::Audit) -> Result<()> {
    let args::AuditCommand::Verify(call) = call.command;
    let open = Open::unlock(&call.store, &call.person, None)?;
    let verdict = clinotype_api::verify_audit(&open.0, Nothing {}).map_err(fault)?;
    if verdict.intact {
        return print(&format!("intact: {}", verdict.words));
    }
    Err(
        Fault::input(format!("the audit trail is not intact. {}", verdict.words))
            .at(&call.store)
            .hint("keep the store as it is, and compare it with the last backup"),
    )
}
