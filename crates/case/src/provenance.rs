//! `provenance.json`: what ran, with which parameters, on which bytes, and what came out.

use std::collections::BTreeMap;

use clinotype_genome::DataRelease;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The schema of `provenance.json`.
pub const SCHEMA: &str = "clinotype-provenance/1";

/// The trail of one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// [`SCHEMA`].
    pub schema: String,
    /// The sample's accession.
    pub sample: String,
    /// `clinotype 0.1.0 (build hash)`.
    pub software: String,
    /// Data releases used by the run.
    pub data: Vec<DataRelease>,
    /// The steps in order.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// `align`, `call` ...
    pub name: String,
    /// Tool and version, for example `minimap2 2.30 (clinotype-reads 0.1.0)`.
    pub version: String,
    /// Parameters in effect, defaults included.
    pub parameters: BTreeMap<String, String>,
    /// Input files.
    pub inputs: Vec<FileDigest>,
    /// Output files.
    pub outputs: Vec<FileDigest>,
    /// When it began.
    pub start: Timestamp,
    /// When it ended.
    pub end: Timestamp,
    /// Whether an earlier run had finished it and its outputs were used again after their digests were checked.
    pub resumed: bool,
}

/// A file and its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDigest {
    /// File name without folder.
    pub file: String,
    /// SHA-256.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: u64,
}
