//! Worklist, cases, orders, new case.

wire! {
/// Where a case stands, in the order of its life.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// Made; no run asked for.
    Received,
    /// Waits in the queue.
    Queued,
    /// The engine works.
    Running,
    /// The last run failed, was cancelled or interrupted.
    Stopped,
    /// Variants are there; nobody has decided on one.
    Called,
    /// A person has decided on at least one variant.
    InReview,
    /// A draft report was made from the present decisions.
    Drafted,
}

/// Which cases to list.
#[serde(deny_unknown_fields)]
pub struct CasesInput {
    /// Words: accession, patient name or identifier, order, gene. Searches are audited.
    pub search: String,
    /// Only these states; empty: all.
    pub states: Vec<CaseState>,
    /// Column.
    pub sort: CaseSort,
    /// Descending.
    pub descending: bool,
    /// Rows to skip.
    pub offset: u32,
    /// At most 500.
    pub limit: u32,
}

/// Column of the worklist.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum CaseSort {
    /// Last change.
    Changed,
    /// Accession.
    Sample,
    /// Patient's family name.
    Patient,
    /// State.
    State,
    /// Received.
    Received,
}

/// A window of the worklist.
pub struct CasesOutput {
    /// Matching cases.
    pub total: u32,
    /// The rows.
    pub rows: Vec<CaseRow>,
    /// Cases per state for the present search, whatever states are asked for.
    pub states: Vec<StateCount>,
}

/// Cases in a state.
pub struct StateCount {
    /// State.
    pub state: CaseState,
    /// How many.
    pub count: u32,
}

/// A case on the worklist.
pub struct CaseRow {
    /// Identifier of the case.
    pub id: String,
    /// Accession.
    pub sample: String,
    /// Family name first; absent: UNIDENTIFIED.
    pub patient: Option<String>,
    /// Identifiers.
    pub identifiers: Vec<String>,
    /// Test.
    pub test: Option<String>,
    /// Indication.
    pub indication: Option<String>,
    /// State.
    pub state: CaseState,
    /// Percent of the present run.
    pub percent: Option<u32>,
    /// `POSITIVE`, ... of the newest interpretation.
    pub outcome: Option<String>,
    /// Worst check of the quality page.
    pub quality: Option<String>,
    /// When it was made.
    pub received: String,
    /// When it last changed.
    pub changed: String,
    /// Of the demonstration.
    pub synthetic: bool,
}

/// Which case.
#[serde(deny_unknown_fields)]
pub struct CaseInput {
    /// Identifier of the case.
    pub case: String,
}

/// The head of every page of a case, and its overview.
pub struct CaseView {
    /// Worklist row.
    pub row: CaseRow,
    /// Build of the newest run.
    pub build: Option<String>,
    /// Order as given; absent: UNIDENTIFIED.
    pub order: Option<OrderForm>,
    /// Reference set.
    pub reference_set: Option<String>,
    /// Its name.
    pub reference_name: Option<String>,
    /// Input files.
    pub inputs: Vec<InputFile>,
    /// What the next run uses besides.
    pub further: FurtherInputs,
    /// Whether the next run calls the pharmacogenes.
    pub pharmacogenes: bool,
    /// Runs, newest first.
    pub runs: Vec<super::RunView>,
    /// Conclusion of the newest interpretation with the decisions in effect.
    pub conclusion: Option<ConclusionView>,
    /// Data releases, rules and software of the newest run.
    pub releases: Vec<ReleaseView>,
    /// Sources of which a newer release is installed than the newest run used.
    pub newer: Vec<super::NewerRelease>,
    /// Runs that are done: two can be compared.
    pub done_runs: u32,
    /// Files that the store keeps.
    pub files: Vec<StoredFile>,
    /// `DRAFT` until signed.
    pub draft: bool,
    /// Notices such as SYNTHETIC.
    pub notices: Vec<String>,
    /// Number of variants in the store.
    pub variants: Option<u64>,
    /// Versions of the report.
    pub reports: u32,
}

/// What the interpretation concludes.
pub struct ConclusionView {
    /// `POSITIVE`, `CARRIER`, `UNCERTAIN`, `NEGATIVE` or `INCONCLUSIVE`.
    pub outcome: String,
    /// One sentence.
    pub headline: String,
    /// Sentences.
    pub interpretation: Vec<String>,
    /// Recommendations.
    pub recommendations: Vec<String>,
    /// Limits.
    pub limits: Vec<String>,
    /// Reported findings that no person has decided on yet.
    pub not_reviewed: u32,
}

/// A source with its release.
pub struct ReleaseView {
    /// Name.
    pub name: String,
    /// Version or date.
    pub release: String,
    /// SHA-256 of the file, where there is one.
    pub sha256: Option<String>,
}

/// An input of a case.
pub struct InputFile {
    /// Path on this machine.
    pub path: String,
    /// Kind.
    pub kind: InputKind,
    /// Which mate, for FASTQ: 1 or 2.
    pub mate: Option<u32>,
    /// Number of the pair, from 1, for FASTQ.
    pub pair: Option<u32>,
    /// Bytes.
    pub bytes: Option<u64>,
}

/// What a run uses besides the sample's own files and the reference set. Whole paths on this machine; all may be absent.
#[derive(Default)]
#[serde(default, deny_unknown_fields)]
pub struct FurtherInputs {
    /// Evidence and decisions of people, `clinotype-evidence/1`.
    pub evidence: Option<String>,
    /// VCF of the family, genotyped together, with the tested person in it.
    pub family: Option<String>,
    /// The family's pedigree: PED, or a Phenopacket.
    pub pedigree: Option<String>,
    /// Outside calls of pharmacogenes, TSV.
    pub outside: Vec<String>,
    /// Chain file from GRCh37 to GRCh38, for the pharmacogenes of a run on GRCh37.
    pub chain: Option<String>,
    /// Folder of HPO's files: genes are ranked by the order's terms.
    pub hpo: Option<String>,
    /// Scoring files of the PGS Catalog.
    pub scores: Vec<String>,
    /// People that scores are compared with, `clinotype-prs-reference/1`.
    pub score_people: Option<String>,
}

/// Kind of an input file, told by its content.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// Reads.
    Fastq,
    /// Alignments.
    Bam,
    /// Variants.
    Vcf,
    /// An order file, read into the form.
    Order,
    /// Cannot be used.
    Unknown,
}

/// A file that the store keeps, encrypted.
pub struct StoredFile {
    /// Identifier.
    pub id: String,
    /// Role: `bam`, `vcf`, `annotated_vcf`, `pdf`, ...
    pub role: String,
    /// Plain bytes.
    pub bytes: u64,
    /// SHA-256 of the plain bytes.
    pub sha256: String,
}

/// Paths that a person dropped, chose or typed.
#[serde(deny_unknown_fields)]
pub struct InspectInput {
    /// Absolute paths.
    pub paths: Vec<String>,
}

/// What the paths are.
pub struct InspectOutput {
    /// Files, FASTQ in pairs.
    pub files: Vec<InputFile>,
    /// Sample names that the files state (@RG SM, VCF columns).
    pub samples: Vec<String>,
    /// Accession proposed from the file names; a person confirms it.
    pub accession: Option<String>,
    /// Order that was among the paths.
    pub order: Option<OrderForm>,
    /// What cannot be used, and why: path and words.
    pub problems: Vec<Problem>,
}

/// A problem with one thing that a person gave.
pub struct Problem {
    /// Path or form field.
    pub place: String,
    /// What, and what to do.
    pub words: String,
}

/// The order as the form holds it. Empty text: not given.
#[derive(Default)]
#[serde(deny_unknown_fields)]
pub struct OrderForm {
    /// Family name.
    pub family: String,
    /// Given names, separated by spaces.
    pub given: String,
    /// Date of birth.
    pub birth_date: String,
    /// `female`, `male` or `unknown`.
    pub sex: String,
    /// At least two.
    pub identifiers: Vec<IdentifierForm>,
    /// Specimen.
    pub specimen_id: String,
    /// Specimen type.
    pub specimen_type: String,
    /// Date.
    pub collected: String,
    /// Date.
    pub received: String,
    /// Condition on receipt.
    pub condition: String,
    /// Order number.
    pub order_id: String,
    /// Test.
    pub test: String,
    /// Test code.
    pub code: String,
    /// Date of the order.
    pub order_date: String,
    /// Clinician's family name.
    pub clinician_family: String,
    /// Clinician's given names.
    pub clinician_given: String,
    /// Clinician's identifier.
    pub clinician_identifier: String,
    /// System URI of it, where an order file states one; a form hands it on.
    #[serde(default)]
    #[ts(optional)]
    pub clinician_identifier_system: Option<String>,
    /// What people call it, where an order file states it; a form hands it on.
    #[serde(default)]
    #[ts(optional)]
    pub clinician_identifier_label: Option<String>,
    /// Organization.
    pub organization: String,
    /// Laboratory.
    pub laboratory_name: String,
    /// Laboratory's address.
    pub laboratory_address: String,
    /// Contact.
    pub laboratory_contact: String,
    /// Accreditation.
    pub laboratory_accreditation: String,
    /// Indication.
    pub indication: String,
    /// HPO terms, `HP:0000000`.
    pub hpo: Vec<String>,
    /// Gene symbols; empty: every gene of the transcripts.
    pub genes: Vec<String>,
    /// Medicines that the patient takes, for the alerts of pharmacogenomics; absent: not stated, empty: none.
    #[serde(default)]
    #[ts(optional)]
    pub medications: Option<Vec<String>>,
    /// Consent to secondary findings; absent: not asked.
    pub secondary_findings: Option<bool>,
    /// Whether variants of uncertain significance are listed.
    pub list_vus: bool,
    /// Name of the laboratory's policy.
    pub policy: String,
}

/// An identifier of the patient.
#[derive(Default)]
#[serde(deny_unknown_fields)]
pub struct IdentifierForm {
    /// For example `MRN`.
    pub label: String,
    /// System URI.
    pub system: String,
    /// Value.
    pub value: String,
}

/// A new case.
#[serde(deny_unknown_fields)]
pub struct NewCaseInput {
    /// Accession, `[A-Za-z0-9._-]{1,64}`, never a name.
    pub sample: String,
    /// Sample name in the input, where it differs.
    pub input_sample: Option<String>,
    /// Absent: UNIDENTIFIED.
    pub order: Option<OrderForm>,
    /// `female`, `male` or `unknown`, where no order states it.
    #[serde(default)]
    #[ts(optional)]
    pub sex: Option<String>,
    /// Files as `inspect` told them.
    pub files: Vec<InputFile>,
    /// Reference set.
    pub reference_set: String,
    /// Call the pharmacogenes, too; their alleles are defined on GRCh38.
    #[serde(default)]
    #[ts(optional)]
    pub pharmacogenes: Option<bool>,
    /// What its runs use besides.
    #[serde(default)]
    #[ts(optional)]
    pub further: Option<FurtherInputs>,
    /// Sequencing libraries of FASTQ files (@RG LB): one name for all pairs, or one for each.
    #[serde(default)]
    #[ts(optional)]
    pub libraries: Option<Vec<String>>,
    /// Start the run at once.
    pub start: bool,
}

/// A changed order of a case.
#[serde(deny_unknown_fields)]
pub struct OrderInput {
    /// Identifier of the case.
    pub case: String,
    /// The new order.
    pub order: OrderForm,
    /// Why it is changed.
    pub reason: String,
}

/// Checks an order or a new case without keeping anything: one problem per field.
pub struct Problems {
    /// Empty: good.
    pub problems: Vec<Problem>,
}

/// Gene symbols to check against a reference set.
#[serde(deny_unknown_fields)]
pub struct GenesInput {
    /// Reference set.
    pub reference_set: String,
    /// Text as pasted: symbols separated by anything but letters, digits, `-`, `.`, `@`.
    pub text: String,
}

/// Which symbols the transcripts have.
pub struct GenesOutput {
    /// Known, in the spelling of the transcripts.
    pub known: Vec<String>,
    /// Unknown to them.
    pub unknown: Vec<String>,
}

/// An entry of the audit trail.
pub struct HistoryRow {
    /// Sequence number.
    pub seq: u64,
    /// When.
    pub at: String,
    /// Who: printed name and role.
    pub who: String,
    /// What was done.
    pub action: String,
    /// Field that changed.
    pub field: Option<String>,
    /// Before.
    pub old: Option<String>,
    /// After.
    pub new: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// The history of a case.
pub struct HistoryOutput {
    /// Newest first.
    pub rows: Vec<HistoryRow>,
}
}
