//! The pipeline as steps: each can be run alone by the command line or in a row by [`run`].
//!
//! A step reads and writes the file formats that the command line documents. [`run`] adds what a whole run needs:
//! checks before the long work, a record after every step so that a killed run goes on where it stopped, and
//! `provenance.json`. This crate owns the one thread pool ([`machine::Machine`]).

pub mod alignments;
pub mod build;
pub mod cnv_class;
pub mod comparators;
pub mod copy_number;
mod effects;
pub mod evidence;
pub mod family;
pub mod import;
pub mod inherit;
pub mod inputs;
pub mod machine;
pub mod panel;
pub mod people;
pub mod pgx;
pub mod provenance;
pub mod prs;
pub mod quality;
pub mod rank;
pub mod run;
pub mod somatic;
pub mod somatic_class;
pub mod steps;
mod vcf_lines;
pub mod watch;

pub use alignments::Alignments;
pub use clinotype_annotate::{TranscriptSet, namer};
pub use clinotype_fhir::bundle;
pub use clinotype_interpret::{
    Comparators, Judgements, Settings, acmg::table::classify as classify_table, contradictions, judge, review,
};
pub use clinotype_reads::fastq::FastqPair;
pub use clinotype_reads::figures::{Figures as ReadsFigures, of_bam as reads_figures};
pub use clinotype_reports::{html, pdf, pdf_pages};
pub use machine::Machine;
pub use watch::Watch;

/// `clinotype 0.1.0`, with the build's commit where it is known.
pub fn software() -> String {
    match option_env!("CLINOTYPE_COMMIT") {
        Some(commit) => format!("Clinotype {} ({commit})", env!("CARGO_PKG_VERSION")),
        None => format!("Clinotype {}", env!("CARGO_PKG_VERSION")),
    }
}

/// The criterion of this name, `PS3`, in any case of letters.
pub fn criterion_code(name: &str) -> Option<clinotype_case::criterion::Code> {
    clinotype_interpret::codes::code(name.trim())
}

/// Names of the missense predictors whose calibrated bands are known.
pub fn missense_tools() -> Vec<String> {
    clinotype_interpret::rules::RULES.predictors.keys().cloned().collect()
}

/// The missense predictor of this name, with its calibrated bands.
///
/// # Errors
/// A usage fault with the names that there are.
pub fn missense_tool(name: &str) -> clinotype_genome::Result<&'static clinotype_interpret::rules::Predictor> {
    clinotype_interpret::rules::RULES.predictor(name)
}
