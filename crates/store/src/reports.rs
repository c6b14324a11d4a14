//! Reports, every version kept, and the accounting of what left the store.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Act, CaseState, Result, Store, StoreError,
    audit::Entry,
    cases,
    codes::codes,
    crypto::hex,
    files::check_name,
    runs,
    tx::{Id, When, new_id},
};

codes! {
    /// Where a report stands. There is no signing yet: everything is a draft.
    pub enum ReportState: "report state" {
        /// Not signed.
        Draft = "draft",
    }
}

/// A report to keep.
#[derive(Clone, Debug)]
pub struct NewReport {
    /// The case.
    pub case: Uuid,
    /// The run it was made from.
    pub run: Uuid,
    /// The report's model, JSON.
    pub model: Vec<u8>,
    /// Kept file.
    pub pdf: Option<Uuid>,
    /// Kept file.
    pub html: Option<Uuid>,
    /// Kept file.
    pub fhir: Option<Uuid>,
}

/// A version of a case's report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Id.
    pub id: Uuid,
    /// The case.
    pub case: Uuid,
    /// The run.
    pub run: Uuid,
    /// From 1 in each case.
    pub version: u32,
    /// State.
    pub state: ReportState,
    /// Kept file.
    pub pdf: Option<Uuid>,
    /// Kept file.
    pub html: Option<Uuid>,
    /// Kept file.
    pub fhir: Option<Uuid>,
    /// SHA-256 of the model, hexadecimal.
    pub model_sha256: String,
    /// Made.
    pub made_at: Timestamp,
    /// By this account.
    pub user_id: String,
    /// Printed name.
    pub name: String,
}

/// Something that leaves the store.
#[derive(Clone, Debug)]
pub struct NewExport {
    /// The case.
    pub case: Uuid,
    /// `pdf`, `html`, `fhir`, `vcf` ...
    pub what: String,
    /// The kept file, where it is one.
    pub file: Option<Uuid>,
    /// To whom; must not be empty.
    pub recipient: String,
    /// What for; must not be empty.
    pub purpose: String,
    /// Base name it got, without a folder.
    pub file_name: String,
    /// SHA-256 of the bytes that left, hexadecimal.
    pub sha256: String,
    /// How many.
    pub size: u64,
}

/// Something that left the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Id.
    pub id: Uuid,
    /// The case.
    pub case: Uuid,
    /// What.
    pub what: String,
    /// The kept file, where it is one.
    pub file: Option<Uuid>,
    /// To whom.
    pub recipient: String,
    /// What for.
    pub purpose: String,
    /// Base name.
    pub file_name: String,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    /// When.
    pub at: Timestamp,
    /// By this account.
    pub user_id: String,
    /// Printed name.
    pub name: String,
}

fn read_report(row: &Row<'_>) -> rusqlite::Result<Report> {
    let file = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<Id>>(column)?.map(|i| i.0));
    Ok(Report {
        id: row.get::<_, Id>(0)?.0,
        case: row.get::<_, Id>(1)?.0,
        run: row.get::<_, Id>(2)?.0,
        version: row.get(3)?,
        state: row.get(4)?,
        pdf: file(5)?,
        html: file(6)?,
        fhir: file(7)?,
        model_sha256: row.get(8)?,
        made_at: row.get::<_, When>(9)?.0,
        user_id: row.get(10)?,
        name: row.get(11)?,
    })
}

fn read_export(row: &Row<'_>) -> rusqlite::Result<Export> {
    Ok(Export {
        id: row.get::<_, Id>(0)?.0,
        case: row.get::<_, Id>(1)?.0,
        what: row.get(2)?,
        file: row.get::<_, Option<Id>>(3)?.map(|i| i.0),
        recipient: row.get(4)?,
        purpose: row.get(5)?,
        file_name: row.get(6)?,
        sha256: row.get(7)?,
        size: row.get::<_, i64>(8)? as u64,
        at: row.get::<_, When>(9)?.0,
        user_id: row.get(10)?,
        name: row.get(11)?,
    })
}

const REPORTS: &str = "SELECT id, case_id, run_id, version, state, pdf, html, fhir, model_sha256, made_at, user_id, name \
                       FROM reports";
const EXPORTS: &str = "SELECT id, case_id, what, file_id, recipient, purpose, file_name, sha256, size, at, user_id, name \
                       FROM exports";

impl Store {
    /// Keeps the next version of a case's report; a case under review becomes `report_drafted`.
    pub fn save_report(&self, act: &Act, report: &NewReport) -> Result<Report> {
        let id = new_id();
        let sha256 = hex::encode(&Sha256::digest(&report.model));
        let model = zstd::encode_all(report.model.as_slice(), 3)
            .map_err(|e| StoreError::internal(format!("the report could not be compressed: {e}")))?;
        self.write(act, |tx| {
            if runs::key(tx, report.run)?.case != report.case {
                return Err(StoreError::input("the run belongs to another case"));
            }
            let version: u32 = tx.query_row(
                "SELECT coalesce(max(version), 0) + 1 FROM reports WHERE case_id = ?",
                [Id(report.case)],
                |row| row.get(0),
            )?;
            let now = tx.now();
            tx.execute(
                "INSERT INTO reports (id, case_id, run_id, version, state, model, model_sha256, pdf, html, fhir, made_at, \
                 user_id, name) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
                params![
                    Id(id),
                    Id(report.case),
                    Id(report.run),
                    version,
                    ReportState::Draft,
                    model,
                    sha256,
                    report.pdf.map(Id),
                    report.html.map(Id),
                    report.fhir.map(Id),
                    now,
                    tx.act.actor.user_id,
                    tx.act.actor.name
                ],
            )?;
            tx.log(&Entry {
                kind: "report",
                object: &id.to_string(),
                case: Some(report.case),
                action: "draft",
                field: &format!("version {version}"),
                new: Some(&sha256),
                ..Entry::default()
            })?;
            runs::case_follows(tx, report.case, CaseState::ReportDrafted)?;
            Ok(tx.query_row(&format!("{REPORTS} WHERE id = ?"), [Id(id)], read_report)?)
        })
    }

    /// Every version of a case's report, newest first.
    pub fn reports(&self, case: Uuid) -> Result<Vec<Report>> {
        self.db.read(|connection| {
            let mut statement =
                connection.prepare_cached(&format!("{REPORTS} WHERE case_id = ? ORDER BY version DESC"))?;
            let reports = statement
                .query_map([Id(case)], read_report)?
                .collect::<Result<_, _>>()?;
            Ok(reports)
        })
    }

    /// A version's model, JSON. The look is audited.
    pub fn report_model(&self, act: &Act, id: Uuid) -> Result<Vec<u8>> {
        let (case, model, sha256): (Id, Vec<u8>, String) = self.db.read(|connection| {
            connection
                .prepare_cached("SELECT case_id, model, model_sha256 FROM reports WHERE id = ?")?
                .query_row([Id(id)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .optional()?
                .ok_or_else(|| StoreError::not_found("report"))
        })?;
        let model = zstd::decode_all(model.as_slice()).map_err(|_| StoreError::damaged())?;
        if hex::encode(&Sha256::digest(&model)) != sha256 {
            return Err(StoreError::damaged());
        }
        self.saw(
            act,
            &Entry {
                kind: "report",
                object: &id.to_string(),
                case: Some(case.0),
                action: "view",
                ..Entry::default()
            },
        )?;
        Ok(model)
    }

    /// Accounts for something that leaves the store. Call it before the bytes go out.
    pub fn record_export(&self, act: &Act, export: &NewExport) -> Result<Export> {
        check_name(&export.file_name)?;
        if export.recipient.trim().is_empty() || export.purpose.trim().is_empty() {
            return Err(StoreError::input("an export needs a recipient and a purpose"));
        }
        let id = new_id();
        self.write(act, |tx| {
            cases::state(tx, export.case)?;
            let now = tx.now();
            tx.execute(
                "INSERT INTO exports VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
                params![
                    Id(id),
                    Id(export.case),
                    export.what,
                    export.file.map(Id),
                    export.recipient,
                    export.purpose,
                    export.file_name,
                    export.sha256,
                    export.size as i64,
                    now,
                    tx.act.actor.user_id,
                    tx.act.actor.name
                ],
            )?;
            let told = format!("{} to {}: {}", export.what, export.recipient, export.purpose);
            tx.log(&Entry {
                kind: "export",
                object: &id.to_string(),
                case: Some(export.case),
                action: "export",
                field: &export.sha256,
                new: Some(&told),
                ..Entry::default()
            })?;
            Ok(tx.query_row(&format!("{EXPORTS} WHERE id = ?"), [Id(id)], read_export)?)
        })
    }

    /// What left the store, of a case or of all, newest first.
    pub fn exports(&self, case: Option<Uuid>) -> Result<Vec<Export>> {
        self.db.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "{EXPORTS} WHERE ?1 IS NULL OR case_id = ?1 ORDER BY at DESC, id"
            ))?;
            let exports = statement
                .query_map([case.map(Id)], read_export)?
                .collect::<Result<_, _>>()?;
            Ok(exports)
        })
    }
}
