//! A panel of genes applied to a sample's alleles. `clinotype-panel/1`.

use std::collections::BTreeMap;

use clinotype_genome::VariantKey;
use serde::{Deserialize, Serialize};

use crate::{evidence::Zygosity, finding::Dropped};

/// The schema of the file.
pub const SCHEMA: &str = "clinotype-panel/1";

/// Alleles of a sample in the genes of a panel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppliedPanel {
    /// [`SCHEMA`].
    pub schema: String,
    /// Program and version.
    pub software: String,
    /// The panel.
    pub panel: PanelVersion,
    /// Name of the VCF, without folder.
    pub file: String,
    /// The sample.
    pub sample: String,
    /// Alleles read.
    pub alleles: u64,
    /// Alleles that are not listed, by reason.
    pub dropped: Vec<Dropped>,
    /// Alleles by gene of the panel.
    pub genes: BTreeMap<String, Vec<PanelAllele>>,
    /// Genes of the panel in which no allele was found. Whether they were covered, coverage says, not this file.
    pub without: Vec<String>,
}

/// Which panel, and which version of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelVersion {
    /// `PanelApp` or `list`.
    pub origin: String,
    /// Identifier at its origin.
    pub identifier: String,
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
    /// Date of the version.
    pub date: Option<String>,
    /// Least confidence of the genes that were applied (PanelApp: 3 green); `None`: every gene.
    pub least_confidence: Option<u8>,
    /// Symbols applied.
    pub genes: Vec<String>,
    /// Genes of the panel below the confidence, or whose confidence is not stated.
    pub left_out: Vec<String>,
}

/// An allele in a gene of the panel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PanelAllele {
    /// As the VCF writes it.
    pub variant: VariantKey,
    /// Most severe SO term in the gene.
    pub consequence: String,
    /// Zygosity.
    pub zygosity: Zygosity,
    /// Population frequency, where stated.
    pub frequency: Option<f64>,
    /// ClinVar's significance, where stated.
    pub clinvar: Option<String>,
}
