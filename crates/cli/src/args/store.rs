//! The encrypted store.

use std::path::PathBuf;

use clap::Subcommand;

/// Who opens the store. The passphrase is asked for on the terminal, or comes from a file descriptor or from
/// CLINOTYPE_PASSPHRASE; it is never an argument, which every user of the machine could read.
#[derive(Debug, clap::Args)]
pub(crate) struct Person {
    /// Log-in name; needed where the store has more than one
    #[arg(long, value_name = "USER", help_heading = "Encrypted store")]
    pub(crate) user: Option<String>,
    /// Read the passphrase from this open file descriptor (its first line)
    #[arg(long, value_name = "N", help_heading = "Encrypted store")]
    pub(crate) passphrase_fd: Option<u32>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Store {
    #[command(subcommand)]
    pub(crate) command: StoreCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum StoreCommand {
    /// Make a new store with its first person, and print its recovery key once
    Init(StoreInit),
    /// List the cases: accession, state and outcome; no patient data
    Cases(StoreOpen),
    /// Write a report, bundle or annotated VCF of a case; the trail keeps to whom and why
    Export(StoreExport),
}

#[derive(Debug, clap::Args)]
pub(crate) struct StoreInit {
    /// Folder of the new store
    #[arg(long, value_name = "DIR")]
    pub(crate) store: PathBuf,
    /// Log-in name: small letters, digits, dots, hyphens, underscores
    #[arg(long, value_name = "USER")]
    pub(crate) user: String,
    /// Name that is printed with what this person does
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// Read the passphrase from this open file descriptor (its first line)
    #[arg(long, value_name = "N")]
    pub(crate) passphrase_fd: Option<u32>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct StoreOpen {
    /// Folder of the store
    #[arg(long, value_name = "DIR")]
    pub(crate) store: PathBuf,
    #[command(flatten)]
    pub(crate) person: Person,
}

/// What leaves the store.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Kind {
    /// Report as PDF
    Pdf,
    /// Report as HTML
    Html,
    /// FHIR bundle
    Fhir,
    /// Annotated variants
    Vcf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct StoreExport {
    #[command(flatten)]
    pub(crate) open: StoreOpen,
    /// Case, by its identifier or its accession
    #[arg(long, value_name = "ID")]
    pub(crate) case: String,
    /// What to write
    #[arg(long, value_enum)]
    pub(crate) kind: Kind,
    /// Version of the report; the newest if not stated
    #[arg(long, value_name = "N")]
    pub(crate) report_version: Option<u32>,
    /// New file; an existing one is not replaced
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// To whom it goes
    #[arg(long, value_name = "WHOM")]
    pub(crate) to: String,
    /// What for
    #[arg(long, value_name = "WHY")]
    pub(crate) purpose: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Audit {
    #[command(subcommand)]
    pub(crate) command: AuditCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Check that no row was changed, removed, moved or cut off; exit code 3 names the first bad row
    Verify(StoreOpen),
}
