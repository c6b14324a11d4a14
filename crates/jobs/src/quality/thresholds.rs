//! The file of the laboratory's limits.

use std::path::Path;

use clinotype_case::quality::{Thresholds, ThresholdsUsed};
use clinotype_genome::{Fault, Result, digest, fs};

/// Reads and checks a thresholds file; without one, Clinotype's own limits.
pub fn read(path: Option<&Path>) -> Result<ThresholdsUsed> {
    let Some(path) = path else {
        return Ok(ThresholdsUsed::default());
    };
    let text = fs::read_to_string(path)?;
    let limits = Thresholds::from_json(&text).map_err(|e| {
        Fault::input(format!("the thresholds cannot be used: {e}"))
            .at(path)
            .hint("the fields of a thresholds file are described in the README")
    })?;
    Ok(ThresholdsUsed {
        sha256: Some(digest::sha256(text.as_bytes())),
        limits,
    })
}
