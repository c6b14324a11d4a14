//! The encrypted store: cases, runs, variants, findings, reports and their audit trail in an SQLCipher database, patient
//! files in a vault beside it.
//!
//! A store is a folder: `store.db`, `keys.json` (the data key wrapped for each person), `audit.anchor` (head of the audit
//! chain), `lock`, `vault/` (encrypted files by id), `work/` (encrypted folders of runs). Nothing in it is readable
//! without a passphrase except the accounts' names. [`Store`] can be shared by threads: one connection writes, others
//! read meanwhile. Every function that changes a record takes an [`Act`] and writes its audit row in the same
//! transaction.

mod act;
mod assertions;
mod audit;
mod cases;
mod codes;
mod criteria;
mod crypto;
mod db;
mod disk;
mod error;
mod files;
mod findings;
mod keys;
mod migrate;
mod reconcile;
mod recovery;
mod reports;
mod runs;
mod states;
mod store;
mod tx;
mod users;
mod variants;
mod vault;
mod view;
mod waivers;
mod worklist;

pub use act::{Act, Actor, Role};
pub use assertions::{Assertion, NewAssertion, Withdrawal};
pub use audit::{AnchorState, AuditEntry, AuditPage, AuditQuery, AuditVerdict, BadRow};
pub use cases::{Case, NewCase, OrderVersion, StateChange};
pub use criteria::{CaseEvidence, CriterionDecision, NewCriterionDecision, NewEvidence};
pub use crypto::KdfParams;
pub use error::{Result, StoreError, StoreErrorKind};
pub use files::{FileRole, NewFile, VaultFile};
pub use findings::{NewFinding, StoredFinding};
pub use reconcile::Recovered;
pub use recovery::RecoveryKey;
pub use reports::{Export, NewExport, NewReport, Report, ReportState};
pub use runs::{NewRun, Run, RunEnd};
pub use states::{CaseState, RunState};
pub use store::{LoginName, Opened, Store, StoreOptions, Unlock};
pub use users::{NewUser, User};
pub use variants::{
    ClassFacet, Clinvar, ClinvarBucket, DroppedFor, Effect, FacetCount, FindingMark, FrequencyState, FrequencyStep,
    FunnelStep, Imported, Kind, Quality, QualityLimits, Region, Variant, VariantFilters, VariantPage, VariantQuery,
    VariantRow, VariantSort, clinvar_bucket, zygosity_code,
};
pub use view::VaultView;
pub use waivers::{NewWaiver, Waiver};
pub use worklist::{CasePage, CaseQuery, CaseRow, CaseSort, RunBrief};
