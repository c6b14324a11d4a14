//! What a case runs on: its input files, reference set, and the sample's name in the input.

use clinotype_store::Case;
use serde::{Deserialize, Serialize};

use crate::{
    errors,
    types::{ApiError, FurtherInputs, InputFile},
};

/// Kept with the case, encrypted; paths may hold a patient's name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Plan {
    /// FASTQ in pairs, or one BAM, or one VCF.
    pub(crate) files: Vec<InputFile>,
    /// Identifier of the reference set.
    pub(crate) reference_set: String,
    /// Sample name in the input, where it differs from the accession.
    pub(crate) input_sample: Option<String>,
    /// Whether the pharmacogenes are called.
    #[serde(default)]
    pub(crate) pharmacogenes: bool,
    /// What a run uses besides.
    #[serde(default)]
    pub(crate) further: FurtherInputs,
    /// Sequencing libraries of FASTQ files.
    #[serde(default)]
    pub(crate) libraries: Vec<String>,
}

impl Plan {
    /// The plan of a case.
    pub(crate) fn of(case: &Case) -> Result<Self, ApiError> {
        serde_json::from_str(&case.notes).map_err(|_| errors::internal("what a case runs on cannot be read back"))
    }

    /// As the case keeps it.
    pub(crate) fn text(&self) -> Result<String, ApiError> {
        serde_json::to_string(self).map_err(|_| errors::internal("what a case runs on cannot be written"))
    }
}
