//! Which data release stands behind a conclusion.

use serde::{Deserialize, Serialize};

/// A data source as one case used it: enough to find the same bytes again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataRelease {
    /// What it is: `reference`, `transcripts`, `ClinVar`, `frequencies`, `gene facts`.
    pub name: String,
    /// The release as the file states it, for example `2026-02-26`; `None` where the file does not say.
    pub release: Option<String>,
    /// File name without folder.
    pub file: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Licence or terms, where the file or our tables state them.
    pub licence: Option<String>,
    /// What a reader must know, for example `synthetic`.
    pub note: Option<String>,
}
