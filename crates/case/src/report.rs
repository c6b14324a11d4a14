//! The report model: the one thing that PDF, HTML and FHIR are made from, so that they agree.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Order,
    finding::Interpretation,
    pgx::Pharmacogenomics,
    phenotype::GeneRank,
    provenance::Provenance,
    prs::PolygenicScores,
    quality::{Quality, Waiver},
};

/// A report before it becomes paper or FHIR.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Report number, for example `R-S-000123`.
    pub id: String,
    /// 1, then one more with every amendment.
    pub version: u32,
    /// State as stored. What is printed is [`Report::state_in_effect`].
    pub state: ReportState,
    /// When it was made. Passed in: the same inputs and the same time give the same bytes.
    pub issued: Timestamp,
    /// The order; `None`: the report is headed UNIDENTIFIED and states nothing about the patient.
    pub order: Option<Order>,
    /// What was concluded.
    pub interpretation: Interpretation,
    /// Quality figures.
    pub quality: Quality,
    /// Failed checks of identity that a person waived.
    #[serde(default)]
    pub waivers: Vec<Waiver>,
    /// How it was made; the methods section prints from it.
    pub provenance: Option<Provenance>,
    /// The pharmacogenes; `None` where they were not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pgx: Option<Box<Pharmacogenomics>>,
    /// Genes ranked by phenotype; `None` where it was not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<Box<GeneRank>>,
    /// Polygenic scores of this sample alone; `None` where none was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prs: Option<Box<PolygenicScores>>,
    /// `Clinotype 0.1.0 (build hash)`.
    pub software: String,
    /// What must be said of the whole report, for example `SYNTHETIC demonstration data, not a patient`.
    pub notices: Vec<String>,
}

/// State of a report. There is no state for signed yet: every state says DRAFT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportState {
    /// Nobody has reviewed it, or not every finding of it.
    Draft,
    /// A person reviewed every finding; nobody signed.
    Reviewed,
}

impl ReportState {
    /// The words on every page.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT - NOT REVIEWED",
            Self::Reviewed => "DRAFT - NOT SIGNED",
        }
    }
}

impl Report {
    /// The state that the report states: drawn from the reviews that it holds, so that it can neither claim a review
    /// that is not there nor deny one that is.
    pub fn state_in_effect(&self) -> ReportState {
        if self.interpretation.is_reviewed() {
            ReportState::Reviewed
        } else {
            ReportState::Draft
        }
    }
    /// What identifies the patient on every page: name, identifiers, birth date; or UNIDENTIFIED with the accession.
    pub fn identity_line(&self) -> String {
        match &self.order {
            Some(order) => {
                let patient = &order.patient;
                let ids: Vec<&str> = patient.identifiers.iter().map(|i| i.value.as_str()).collect();
                format!(
                    "{} · {} · born {}",
                    patient.name.family_first(),
                    ids.join(" · "),
                    patient.birth_date
                )
            }
            None => format!("UNIDENTIFIED · sample {}", self.interpretation.sample),
        }
    }
}
