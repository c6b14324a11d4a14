//! Reports and exports.

wire! {
/// A version of the report.
pub struct ReportVersion {
    /// From 1.
    pub version: u32,
    /// `DRAFT - NOT REVIEWED`, `DRAFT - NOT SIGNED`.
    pub state: String,
    /// When.
    pub made: String,
    /// Who.
    pub by: String,
    /// Outcome.
    pub outcome: String,
    /// SHA-256 of the PDF.
    pub pdf_sha256: String,
    /// Whether decisions, order or run have changed since.
    pub outdated: bool,
}

/// Versions, newest first.
pub struct ReportsOutput {
    /// Versions.
    pub versions: Vec<ReportVersion>,
}

/// Which version.
#[serde(deny_unknown_fields)]
pub struct ReportInput {
    /// Identifier of the case.
    pub case: String,
    /// Version.
    pub version: u32,
}

/// The very bytes of a version.
pub struct PreviewView {
    /// Version.
    pub version: u32,
    /// Token of the PDF.
    pub pdf: String,
    /// SHA-256 of the PDF.
    pub sha256: String,
    /// Pages.
    pub pages: u32,
}

/// What to export.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum ExportKind {
    /// Report.
    Pdf,
    /// Report.
    Html,
    /// Bundle.
    Fhir,
    /// Annotated variants.
    Vcf,
}

/// An export: the one way that patient data leaves the store.
#[serde(deny_unknown_fields)]
pub struct ExportInput {
    /// Identifier of the case.
    pub case: String,
    /// Version of the report; for a VCF, the newest run.
    pub version: Option<u32>,
    /// What.
    pub kind: ExportKind,
    /// Absolute path of the new file. An existing file is not replaced.
    pub path: String,
    /// To whom.
    pub recipient: String,
    /// What for.
    pub purpose: String,
}

/// What was written.
pub struct ExportOutput {
    /// Path.
    pub path: String,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256.
    pub sha256: String,
}

/// An export of the past (accounting of disclosures).
pub struct ExportRow {
    /// When.
    pub at: String,
    /// Who.
    pub by: String,
    /// What.
    pub kind: ExportKind,
    /// Version of the report.
    pub version: Option<u32>,
    /// To whom.
    pub recipient: String,
    /// What for.
    pub purpose: String,
    /// SHA-256.
    pub sha256: String,
}

/// Exports of a case, newest first.
pub struct ExportsOutput {
    /// Rows.
    pub rows: Vec<ExportRow>,
}
}
