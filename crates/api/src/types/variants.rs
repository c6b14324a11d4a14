//! The variant table, one variant, decisions, and the read view.

use super::Role;

wire! {
/// Filters of the variant table. Empty lists: no restriction.
#[derive(Default)]
#[serde(deny_unknown_fields, default)]
pub struct VariantFilter {
    /// Only variants that failed no filter of the caller and reach the limits of quality and depth.
    pub passed: bool,
    /// Only variants in the ordered genes.
    pub ordered: bool,
    /// Impact: `HIGH`, `MODERATE`, `LOW`, `MODIFIER`.
    pub impacts: Vec<String>,
    /// Steps of population frequency.
    pub frequencies: Vec<FrequencyStep>,
    /// ClinVar.
    pub clinvar: Vec<ClinvarStep>,
    /// Class in effect, or proposed.
    pub classes: Vec<ClassStep>,
    /// Zygosity words: `heterozygous`, ...
    pub zygosities: Vec<String>,
    /// `snv`, `indel`, `other`.
    pub kinds: Vec<String>,
    /// Gene symbol (start of), `chr7:117559500-117559600`, `chr7:117559593`, or the start of a c. or p. name.
    pub text: String,
    /// Alleles that ClinVar calls (likely) pathogenic pass the filters of impact and frequency whatever they are.
    pub keep_clinvar_pathogenic: bool,
}

/// Step of population frequency.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum FrequencyStep {
    /// No frequency data: not evaluated.
    NotEvaluated,
    /// Looked up and not listed.
    Absent,
    /// Below 1 in 100,000.
    Below1e5,
    /// Below 1 in 10,000.
    Below1e4,
    /// Below 1 in 1,000.
    Below1e3,
    /// Below 1 %.
    Below1e2,
    /// Below 5 %.
    Below5e2,
    /// 5 % and more.
    Common,
}

/// What ClinVar says, in steps.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum ClinvarStep {
    /// No ClinVar: not evaluated.
    NotEvaluated,
    /// Not listed.
    NotListed,
    /// Pathogenic or likely pathogenic.
    Pathogenic,
    /// Conflicting.
    Conflicting,
    /// Uncertain.
    Uncertain,
    /// Benign or likely benign.
    Benign,
    /// Any other word.
    Other,
}

/// Class with its absence.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum ClassStep {
    /// Not classified (outside of the ordered genes, or set aside by a filter).
    NotClassified,
    /// B.
    Benign,
    /// LB.
    LikelyBenign,
    /// VUS.
    Uncertain,
    /// LP.
    LikelyPathogenic,
    /// P.
    Pathogenic,
}

/// A named filter that the program ships or the laboratory keeps.
pub struct Preset {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Version; changes with the filter.
    pub version: u32,
    /// What it is for.
    pub words: String,
    /// The filter.
    pub filter: VariantFilter,
}

/// The presets.
pub struct PresetsOutput {
    /// In the order of the menu.
    pub presets: Vec<Preset>,
}

/// A window of the variant table.
#[serde(deny_unknown_fields)]
pub struct VariantsInput {
    /// Identifier of the case.
    pub case: String,
    /// Filter.
    pub filter: VariantFilter,
    /// Column.
    pub sort: VariantSort,
    /// Descending.
    pub descending: bool,
    /// Rows to skip.
    pub offset: u32,
    /// At most 500.
    pub limit: u32,
}

/// Column of the variant table.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum VariantSort {
    /// What a reviewer should see first: class, ClinVar, impact, frequency.
    Priority,
    /// Contig and position.
    Position,
    /// Gene.
    Gene,
    /// Population frequency.
    Frequency,
    /// Quality.
    Quality,
    /// Depth.
    Depth,
}

/// A window of the variant table.
pub struct VariantsOutput {
    /// Matching variants.
    pub total: u64,
    /// The rows.
    pub rows: Vec<VariantRow>,
    /// How the filter came to `total`: every variant is accounted for.
    pub funnel: Vec<FunnelView>,
}

/// A step of the filter.
pub struct FunnelView {
    /// Name.
    pub name: String,
    /// Variants that remain.
    pub kept: u64,
    /// Dropped, with reasons.
    pub dropped: Vec<DroppedView>,
    /// How many of the dropped ones ClinVar calls (likely) pathogenic.
    pub dropped_clinvar_pathogenic: u64,
}

/// Variants dropped for one reason.
pub struct DroppedView {
    /// Why.
    pub reason: String,
    /// How many.
    pub count: u64,
}

/// A row of the variant table.
pub struct VariantRow {
    /// Identifier within the case.
    pub id: u64,
    /// Contig.
    pub contig: String,
    /// Position, 1-based.
    pub position: u32,
    /// REF.
    pub reference: String,
    /// ALT.
    pub alternate: String,
    /// Gene of the shown transcript.
    pub gene: Option<String>,
    /// c. or n. name.
    pub hgvs_c: Option<String>,
    /// p. name.
    pub hgvs_p: Option<String>,
    /// Most severe SO term of the shown transcript, in words.
    pub consequence: Option<String>,
    /// Impact.
    pub impact: Option<String>,
    /// Zygosity in words.
    pub zygosity: String,
    /// Reads that carry the allele.
    pub alternate_depth: Option<u32>,
    /// Reads.
    pub depth: Option<u32>,
    /// QUAL.
    pub quality: Option<f64>,
    /// Filters that it failed; empty: passed; absent: filters were not applied.
    pub failed: Option<Vec<String>>,
    /// Frequency step.
    pub frequency_step: FrequencyStep,
    /// Frequency.
    pub frequency: Option<f64>,
    /// ClinVar step.
    pub clinvar_step: ClinvarStep,
    /// ClinVar's own words.
    pub clinvar: Option<String>,
    /// Class in effect.
    pub class: ClassStep,
    /// Points of the proposed class.
    pub points: Option<i32>,
    /// Whether a person has decided.
    pub reviewed: bool,
}

/// Which variant.
#[serde(deny_unknown_fields)]
pub struct VariantInput {
    /// Identifier of the case.
    pub case: String,
    /// Identifier of the variant.
    pub variant: u64,
}

/// Everything about one variant.
pub struct VariantView {
    /// Row.
    pub row: VariantRow,
    /// g. name.
    pub hgvs_g: Option<String>,
    /// Genotype as in the VCF.
    pub genotype: String,
    /// Genotype quality.
    pub genotype_quality: Option<u32>,
    /// Reads of the reference allele.
    pub reference_depth: Option<u32>,
    /// Transcripts, shown one first.
    pub transcripts: Vec<TranscriptView>,
    /// ClinVar.
    pub clinvar: ClinvarView,
    /// Frequencies.
    pub frequency: FrequencyView,
    /// Classification by rule; absent: not classified, `why_not` says why.
    pub classification: Option<ClassificationView>,
    /// Why it is not classified.
    pub why_not: Option<String>,
    /// Gene and disease.
    pub gene: Option<GeneView>,
    /// The decision in effect.
    pub decision: Option<DecisionView>,
    /// Every decision, newest first, withdrawn ones too.
    pub decisions: Vec<DecisionView>,
    /// Evidence that was entered, newest first, withdrawn pieces too.
    pub evidence: Vec<super::EvidenceView>,
    /// Evidence that the run read from its files.
    pub file_evidence: Vec<super::FileEvidenceView>,
    /// Decisions on criteria that are not in effect any more, newest first, in words.
    pub former_criteria: Vec<super::FormerCriterionView>,
    /// Sentences of the report about it.
    pub sentences: Vec<String>,
    /// Data releases.
    pub releases: Vec<super::ReleaseView>,
}

/// A transcript's view of the variant.
pub struct TranscriptView {
    /// Accession with version.
    pub transcript: String,
    /// Gene.
    pub gene: Option<String>,
    /// `MANE Select`, `MANE Plus Clinical`.
    pub mane: Option<String>,
    /// Whether rows and report show this one.
    pub shown: bool,
    /// Biotype.
    pub biotype: Option<String>,
    /// SO terms.
    pub consequences: Vec<String>,
    /// Impact.
    pub impact: String,
    /// `exon 2 of 23`.
    pub place: Option<String>,
    /// c. or n. name.
    pub hgvs_c: Option<String>,
    /// p. name.
    pub hgvs_p: Option<String>,
    /// Protein accession.
    pub protein: Option<String>,
    /// Warnings.
    pub warnings: Vec<String>,
}

/// ClinVar record.
pub struct ClinvarView {
    /// Step.
    pub step: ClinvarStep,
    /// Why it was not evaluated.
    pub reason: Option<String>,
    /// Significance.
    pub significance: Option<String>,
    /// Review status.
    pub review_status: Option<String>,
    /// Stars, 0 to 4.
    pub stars: Option<u32>,
    /// Conditions.
    pub conditions: Vec<String>,
    /// Conflicting counts.
    pub conflicts: Option<String>,
    /// Variation id.
    pub variation_id: Option<String>,
    /// Release of the file.
    pub release: Option<String>,
}

/// Population frequency.
pub struct FrequencyView {
    /// Step.
    pub step: FrequencyStep,
    /// Why it was not evaluated.
    pub reason: Option<String>,
    /// Frequency.
    pub frequency: Option<f64>,
    /// AC.
    pub allele_count: Option<u64>,
    /// AN.
    pub allele_number: Option<u64>,
    /// Homozygotes.
    pub homozygotes: Option<u64>,
    /// Filtering allele frequency.
    pub filtering_frequency: Option<f64>,
    /// Group of the filtering frequency.
    pub group: Option<String>,
    /// Filters of the source.
    pub filters: Vec<String>,
    /// Release.
    pub release: Option<String>,
}

/// Class by rule.
pub struct ClassificationView {
    /// Class.
    pub class: ClassStep,
    /// Points, pathogenic minus benign.
    pub points: i32,
    /// Pathogenic points.
    pub pathogenic_points: i32,
    /// Benign points.
    pub benign_points: i32,
    /// Class by the combining rules of 2015.
    pub class_2015: ClassStep,
    /// Posterior probability.
    pub posterior: f64,
    /// Flags.
    pub flags: Vec<String>,
    /// Criteria: met, not met, not applicable, not evaluated.
    pub criteria: Vec<CriterionView>,
}

/// A criterion.
pub struct CriterionView {
    /// `PVS1`, ...
    pub code: String,
    /// `PM2_Supporting`, ...
    pub label: String,
    /// `met`, `not_met`, `not_applicable`, `not_evaluated`.
    pub state: CriterionState,
    /// Points; negative for benign.
    pub points: i32,
    /// Sentence.
    pub sentence: String,
    /// Source.
    pub source: String,
    /// Rule.
    pub rule: String,
    /// Rule version.
    pub rule_version: String,
    /// What was compared: name and value.
    pub compared: Vec<Compared>,
    /// The strength, where met.
    pub strength: Option<super::StrengthStep>,
    /// The decision of the person who set it; absent: the rules set it.
    pub decision: Option<super::CriterionDecisionView>,
    /// The decision of the run's evidence file that set it, where none of the case does.
    pub file_decision: Option<super::FileDecisionView>,
    /// What the rules say, where a person set it.
    pub automatic: Option<super::AutomaticView>,
    /// What entered evidence proposes.
    pub proposal: Option<super::ProposalView>,
}

/// A value that a criterion compared.
pub struct Compared {
    /// Name.
    pub name: String,
    /// Value.
    pub value: String,
}

/// State of a criterion.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum CriterionState {
    /// Met.
    Met,
    /// Not met.
    NotMet,
    /// Does not apply to this variant.
    NotApplicable,
    /// No data.
    NotEvaluated,
}

/// Gene and disease.
pub struct GeneView {
    /// Symbol.
    pub symbol: String,
    /// HGNC id.
    pub hgnc_id: String,
    /// Disease.
    pub disease: String,
    /// Inheritance.
    pub inheritance: Option<String>,
    /// Whether loss of function is a mechanism.
    pub loss_of_function: Option<bool>,
    /// Validity.
    pub validity: Option<String>,
    /// Source.
    pub source: String,
}

/// A person's decision on a class.
pub struct DecisionView {
    /// Identifier.
    pub id: String,
    /// Class.
    pub class: ClassStep,
    /// Class that the criteria gave then.
    pub proposed: ClassStep,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// Role.
    pub role: Role,
    /// When.
    pub at: String,
    /// Withdrawn by whom and when.
    pub withdrawn: Option<String>,
}

/// A decision.
#[serde(deny_unknown_fields)]
pub struct DecideInput {
    /// Identifier of the case.
    pub case: String,
    /// Identifier of the variant.
    pub variant: u64,
    /// Class.
    pub class: ClassStep,
    /// Why; needed when it differs from the proposed class.
    pub reason: String,
}

/// Withdraws a decision (undo).
#[serde(deny_unknown_fields)]
pub struct WithdrawInput {
    /// Identifier of the case.
    pub case: String,
    /// Identifier of the decision.
    pub decision: String,
}

/// What the read view may load: tokens for this session, never paths.
pub struct ReadsView {
    /// Build, for igv's own labels.
    pub build: String,
    /// Sample's label.
    pub sample: String,
    /// FASTA.
    pub fasta: String,
    /// FASTA index.
    pub fai: String,
    /// BGZF index of the FASTA, where it is compressed.
    pub gzi: Option<String>,
    /// Alignments; absent: a VCF was given.
    pub bam: Option<String>,
    /// Index of the alignments.
    pub bai: Option<String>,
    /// Variants.
    pub vcf: Option<String>,
    /// Index of the variants.
    pub tbi: Option<String>,
    /// Contigs of the reference as the files name them.
    pub contigs: Vec<String>,
}
}
