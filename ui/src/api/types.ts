// Generated from crates/api by `cargo xtask gen-types`. Do not edit.

/**
 * Class of a second allele.
 */
export type AlleleClass = "benign" | "likely_benign" | "uncertain" | "likely_pathogenic" | "pathogenic";

/**
 * Another diplotype that fits.
 */
export type AlternativeView = { 
/**
 * Label.
 */
label: string, 
/**
 * The difference in words.
 */
difference: string, 
/**
 * Whether it changes phenotype or activity score.
 */
changes: boolean, };

/**
 * What went wrong, for a person and for the program.
 */
export type ApiError = { 
/**
 * Stable code.
 */
code: ErrorCode, 
/**
 * One sentence: what. Never patient data.
 */
message: string, 
/**
 * Where: file, line, contig:position, or the form's field.
 */
place: string | null, 
/**
 * What to do.
 */
hint: string | null, };

/**
 * Verdict on the audit trail.
 */
export type AuditVerdict = { 
/**
 * Whether the chain is whole and ends where the anchor says.
 */
intact: boolean, 
/**
 * Rows read.
 */
rows: number, 
/**
 * Sequence number of the first bad row.
 */
first_bad: number | null, 
/**
 * In words.
 */
words: string, };

/**
 * What the rules say of a criterion that a person set.
 */
export type AutomaticView = { 
/**
 * State.
 */
state: CriterionState, 
/**
 * `PM2_Supporting`, ...
 */
label: string, 
/**
 * Sentence.
 */
sentence: string, };

/**
 * Gene rank and polygenic scores of a case's newest run.
 */
export type BesideView = { 
/**
 * The rank; absent: the run was not asked for it.
 */
rank: RankView | null, 
/**
 * The scores; absent: the run was not asked for any.
 */
scores: ScoresView | null, };

/**
 * Which case.
 */
export type CaseInput = { 
/**
 * Identifier of the case.
 */
case: string, };

/**
 * A case on the worklist.
 */
export type CaseRow = { 
/**
 * Identifier of the case.
 */
id: string, 
/**
 * Accession.
 */
sample: string, 
/**
 * Family name first; absent: UNIDENTIFIED.
 */
patient: string | null, 
/**
 * Identifiers.
 */
identifiers: Array<string>, 
/**
 * Test.
 */
test: string | null, 
/**
 * Indication.
 */
indication: string | null, 
/**
 * State.
 */
state: CaseState, 
/**
 * Percent of the present run.
 */
percent: number | null, 
/**
 * `POSITIVE`, ... of the newest interpretation.
 */
outcome: string | null, 
/**
 * Worst check of the quality page.
 */
quality: string | null, 
/**
 * When it was made.
 */
received: string, 
/**
 * When it last changed.
 */
changed: string, 
/**
 * Of the demonstration.
 */
synthetic: boolean, };

/**
 * Column of the worklist.
 */
export type CaseSort = "changed" | "sample" | "patient" | "state" | "received";

/**
 * Where a case stands, in the order of its life.
 */
export type CaseState = "received" | "queued" | "running" | "stopped" | "called" | "in_review" | "drafted";

/**
 * The head of every page of a case, and its overview.
 */
export type CaseView = { 
/**
 * Worklist row.
 */
row: CaseRow, 
/**
 * Build of the newest run.
 */
build: string | null, 
/**
 * Order as given; absent: UNIDENTIFIED.
 */
order: OrderForm | null, 
/**
 * Reference set.
 */
reference_set: string | null, 
/**
 * Its name.
 */
reference_name: string | null, 
/**
 * Input files.
 */
inputs: Array<InputFile>, 
/**
 * What the next run uses besides.
 */
further: FurtherInputs, 
/**
 * Whether the next run calls the pharmacogenes.
 */
pharmacogenes: boolean, 
/**
 * Runs, newest first.
 */
runs: Array<RunView>, 
/**
 * Conclusion of the newest interpretation with the decisions in effect.
 */
conclusion: ConclusionView | null, 
/**
 * Data releases, rules and software of the newest run.
 */
releases: Array<ReleaseView>, 
/**
 * Sources of which a newer release is installed than the newest run used.
 */
newer: Array<NewerRelease>, 
/**
 * Runs that are done: two can be compared.
 */
done_runs: number, 
/**
 * Files that the store keeps.
 */
files: Array<StoredFile>, 
/**
 * `DRAFT` until signed.
 */
draft: boolean, 
/**
 * Notices such as SYNTHETIC.
 */
notices: Array<string>, 
/**
 * Number of variants in the store.
 */
variants: number | null, 
/**
 * Versions of the report.
 */
reports: number, };

/**
 * Which cases to list.
 */
export type CasesInput = { 
/**
 * Words: accession, patient name or identifier, order, gene. Searches are audited.
 */
search: string, 
/**
 * Only these states; empty: all.
 */
states: Array<CaseState>, 
/**
 * Column.
 */
sort: CaseSort, 
/**
 * Descending.
 */
descending: boolean, 
/**
 * Rows to skip.
 */
offset: number, 
/**
 * At most 500.
 */
limit: number, };

/**
 * A window of the worklist.
 */
export type CasesOutput = { 
/**
 * Matching cases.
 */
total: number, 
/**
 * The rows.
 */
rows: Array<CaseRow>, 
/**
 * Cases per state for the present search, whatever states are asked for.
 */
states: Array<StateCount>, };

/**
 * One thing that differs.
 */
export type ChangeView = { 
/**
 * `present`, `report`, `class`, `criteria`, `clinvar`, `frequency`, `name`, `consequence`.
 */
what: string, 
/**
 * Before, in words.
 */
before: string, 
/**
 * After, in words.
 */
after: string, };

/**
 * A check.
 */
export type CheckView = { 
/**
 * Name.
 */
name: string, 
/**
 * Result.
 */
result: CheckWord, 
/**
 * Why.
 */
reason: string, 
/**
 * Whether it withholds the report until a person waives it.
 */
withholds: boolean, 
/**
 * The waiver in effect.
 */
waiver: WaiverView | null, };

/**
 * Result of a check.
 */
export type CheckWord = "pass" | "warn" | "fail" | "not_assessed";

/**
 * Class with its absence.
 */
export type ClassStep = "not_classified" | "benign" | "likely_benign" | "uncertain" | "likely_pathogenic" | "pathogenic";

/**
 * Class by rule.
 */
export type ClassificationView = { 
/**
 * Class.
 */
class: ClassStep, 
/**
 * Points, pathogenic minus benign.
 */
points: number, 
/**
 * Pathogenic points.
 */
pathogenic_points: number, 
/**
 * Benign points.
 */
benign_points: number, 
/**
 * Class by the combining rules of 2015.
 */
class_2015: ClassStep, 
/**
 * Posterior probability.
 */
posterior: number, 
/**
 * Flags.
 */
flags: Array<string>, 
/**
 * Criteria: met, not met, not applicable, not evaluated.
 */
criteria: Array<CriterionView>, };

/**
 * What ClinVar says, in steps.
 */
export type ClinvarStep = "not_evaluated" | "not_listed" | "pathogenic" | "conflicting" | "uncertain" | "benign" | "other";

/**
 * ClinVar record.
 */
export type ClinvarView = { 
/**
 * Step.
 */
step: ClinvarStep, 
/**
 * Why it was not evaluated.
 */
reason: string | null, 
/**
 * Significance.
 */
significance: string | null, 
/**
 * Review status.
 */
review_status: string | null, 
/**
 * Stars, 0 to 4.
 */
stars: number | null, 
/**
 * Conditions.
 */
conditions: Array<string>, 
/**
 * Conflicting counts.
 */
conflicts: string | null, 
/**
 * Variation id.
 */
variation_id: string | null, 
/**
 * Release of the file.
 */
release: string | null, };

/**
 * Two runs of a case.
 */
export type CompareInput = { 
/**
 * The case.
 */
case: string, 
/**
 * The earlier run; absent: the last but one that is done.
 */
before: string | null, 
/**
 * The later run; absent: the newest that is done.
 */
after: string | null, };

/**
 * A value that a criterion compared.
 */
export type Compared = { 
/**
 * Name.
 */
name: string, 
/**
 * Value.
 */
value: string, };

/**
 * What the interpretation concludes.
 */
export type ConclusionView = { 
/**
 * `POSITIVE`, `CARRIER`, `UNCERTAIN`, `NEGATIVE` or `INCONCLUSIVE`.
 */
outcome: string, 
/**
 * One sentence.
 */
headline: string, 
/**
 * Sentences.
 */
interpretation: Array<string>, 
/**
 * Recommendations.
 */
recommendations: Array<string>, 
/**
 * Limits.
 */
limits: Array<string>, 
/**
 * Reported findings that no person has decided on yet.
 */
not_reviewed: number, };

/**
 * Coverage by gene.
 */
export type CoverageView = { 
/**
 * What was measured.
 */
over: string, 
/**
 * Depth below which a base is a gap.
 */
threshold: number, 
/**
 * Bases measured.
 */
bases: number, 
/**
 * Mean depth.
 */
mean_depth: number | null, 
/**
 * Fraction of bases, 0 to 1.
 */
at_least_10: number | null, 
/**
 * Fraction of bases, 0 to 1.
 */
at_least_20: number | null, 
/**
 * Fraction of bases, 0 to 1.
 */
at_least_30: number | null, 
/**
 * Bases by their depth: the index is the number of reads, the last holds every deeper one. Empty: not counted.
 */
depths: Array<number>, 
/**
 * Genes.
 */
genes: Array<GeneCoverageView>, };

/**
 * A person's decision on a criterion, which stands.
 */
export type CriterionDecisionView = { 
/**
 * Identifier.
 */
id: string, 
/**
 * Who.
 */
by: string, 
/**
 * Role.
 */
role: Role, 
/**
 * When.
 */
at: string, 
/**
 * Why.
 */
reason: string, 
/**
 * What the rules said when it was decided, in words; present only where they say something else now.
 */
rules_then: string | null, };

/**
 * What a criterion is set to. What was not looked at is not set: withdraw the decision instead.
 */
export type CriterionSetting = "met" | "not_met" | "not_applicable";

/**
 * State of a criterion.
 */
export type CriterionState = "met" | "not_met" | "not_applicable" | "not_evaluated";

/**
 * A criterion.
 */
export type CriterionView = { 
/**
 * `PVS1`, ...
 */
code: string, 
/**
 * `PM2_Supporting`, ...
 */
label: string, 
/**
 * `met`, `not_met`, `not_applicable`, `not_evaluated`.
 */
state: CriterionState, 
/**
 * Points; negative for benign.
 */
points: number, 
/**
 * Sentence.
 */
sentence: string, 
/**
 * Source.
 */
source: string, 
/**
 * Rule.
 */
rule: string, 
/**
 * Rule version.
 */
rule_version: string, 
/**
 * What was compared: name and value.
 */
compared: Array<Compared>, 
/**
 * The strength, where met.
 */
strength: StrengthStep | null, 
/**
 * The decision of the person who set it; absent: the rules set it.
 */
decision: CriterionDecisionView | null, 
/**
 * The decision of the run's evidence file that set it, where none of the case does.
 */
file_decision: FileDecisionView | null, 
/**
 * What the rules say, where a person set it.
 */
automatic: AutomaticView | null, 
/**
 * What entered evidence proposes.
 */
proposal: ProposalView | null, };

/**
 * What came of the work on one release.
 */
export type DataLine = { 
/**
 * Whether it is as it should be.
 */
good: boolean, 
/**
 * In words.
 */
words: string, };

/**
 * A source of data releases.
 */
export type DataSource = { 
/**
 * Short name: `clinvar`.
 */
id: string, 
/**
 * Name for people.
 */
name: string, 
/**
 * What it holds.
 */
what: string, 
/**
 * Genome build of its coordinates, where it has one.
 */
build: string | null, 
/**
 * Terms of use, in a few words.
 */
licence: string, 
/**
 * Where they stand.
 */
licence_url: string, 
/**
 * Whether Clinotype fetches it; else the laboratory brings a copy of its own.
 */
fetched: boolean, 
/**
 * The newest release, as the source said when it was asked last since the program started.
 */
newest: string | null, 
/**
 * Installed releases, newest first.
 */
installed: Array<InstalledRelease>, };

/**
 * Work on the data folder.
 */
export type DataTask = { 
/**
 * What it is, for people.
 */
words: string, 
/**
 * Where it stands.
 */
state: DataTaskState, 
/**
 * 0 to 100, where it can be told.
 */
percent: number | null, 
/**
 * What came of it, a line for each release.
 */
lines: Array<DataLine>, 
/**
 * Why it failed.
 */
error: ApiError | null, };

/**
 * Where work on the data folder stands.
 */
export type DataTaskState = "working" | "done" | "failed" | "stopped";

/**
 * A decision.
 */
export type DecideInput = { 
/**
 * Identifier of the case.
 */
case: string, 
/**
 * Identifier of the variant.
 */
variant: number, 
/**
 * Class.
 */
class: ClassStep, 
/**
 * Why; needed when it differs from the proposed class.
 */
reason: string, };

/**
 * A person's decision on a class.
 */
export type DecisionView = { 
/**
 * Identifier.
 */
id: string, 
/**
 * Class.
 */
class: ClassStep, 
/**
 * Class that the criteria gave then.
 */
proposed: ClassStep, 
/**
 * Why.
 */
reason: string, 
/**
 * Who.
 */
by: string, 
/**
 * Role.
 */
role: Role, 
/**
 * When.
 */
at: string, 
/**
 * Withdrawn by whom and when.
 */
withdrawn: string | null, };

/**
 * Distributions over the reads; an empty one was not counted.
 */
export type DistributionsView = { 
/**
 * Pairs by insert size, in bins of `insert_bin` bases; the last holds every larger one.
 */
inserts: Array<number>, 
/**
 * Bases of a bin of `inserts`.
 */
insert_bin: number, 
/**
 * Bases by quality: the index is the phred value.
 */
qualities: Array<number>, 
/**
 * Reads by their share of G and C in percent, 0 to 100.
 */
gc: Array<number>, };

/**
 * Variants dropped for one reason.
 */
export type DroppedView = { 
/**
 * Why.
 */
reason: string, 
/**
 * How many.
 */
count: number, };

/**
 * A drug.
 */
export type DrugView = { 
/**
 * Name.
 */
drug: string, 
/**
 * The most that its guidelines ask for.
 */
level: GuidanceLevel, 
/**
 * The level in words.
 */
words: string, 
/**
 * Guidelines.
 */
guidelines: Array<GuidelineView>, 
/**
 * Messages that concern the drug.
 */
notes: Array<string>, };

/**
 * Enters evidence on a variant.
 */
export type EnterEvidenceInput = { 
/**
 * Identifier of the case.
 */
case: string, 
/**
 * Identifier of the variant.
 */
variant: number, 
/**
 * What is entered.
 */
entry: EvidenceEntry, };

/**
 * Why an operation was refused.
 */
export type ErrorCode = "invalid_input" | "not_found" | "locked" | "no_store" | "wrong_passphrase" | "store_in_use" | "newer_schema" | "damaged" | "not_allowed" | "wrong_state" | "io" | "resource" | "cancelled" | "internal";

/**
 * A piece of evidence as a person enters it. `source`: a PMID, or a record of the laboratory.
 */
export type EvidenceEntry = { "kind": "de_novo", 
/**
 * Source.
 */
source: string, 
/**
 * The phenotype's fit.
 */
fit: FitWord | null, 
/**
 * Parentage.
 */
parentage: ParentageWord, 
/**
 * Whether this is the tested person.
 */
patient: boolean, } | { "kind": "second_allele", 
/**
 * Source.
 */
source: string, 
/**
 * The other allele's name.
 */
allele: string | null, 
/**
 * Its class.
 */
class: AlleleClass, 
/**
 * How the two lie.
 */
phase: TransWord, 
/**
 * Whether this is the tested person.
 */
patient: boolean, } | { "kind": "other_allele", 
/**
 * Source.
 */
source: string, 
/**
 * Its name.
 */
allele: string, 
/**
 * How the two lie.
 */
phase: LieWord, 
/**
 * Whether the gene's disease is dominant and fully penetrant.
 */
dominant_fully_penetrant: boolean, } | { "kind": "segregation", 
/**
 * Source.
 */
source: string, 
/**
 * Families.
 */
families: number, 
/**
 * Informative meioses in all of them together.
 */
meioses: number, 
/**
 * Affected relatives without the variant.
 */
affected_without: number, } | { "kind": "assay", 
/**
 * Source.
 */
source: string, 
/**
 * OddsPath.
 */
odds: number, } | { "kind": "case_control", 
/**
 * Source.
 */
source: string, 
/**
 * Carriers among the cases.
 */
cases_with: number, 
/**
 * Cases without it.
 */
cases_without: number, 
/**
 * Carriers among the controls.
 */
controls_with: number, 
/**
 * Controls without it.
 */
controls_without: number, } | { "kind": "probands", 
/**
 * Source.
 */
source: string, 
/**
 * How many.
 */
unrelated: number, } | { "kind": "phenotype", 
/**
 * Source.
 */
source: string, 
/**
 * Whether it is highly specific.
 */
highly_specific: boolean, 
/**
 * Whether the disease has a single genetic cause.
 */
single_cause: boolean, } | { "kind": "other_cause", 
/**
 * Source.
 */
source: string, 
/**
 * The other cause.
 */
cause: string, 
/**
 * Whether it explains the whole phenotype.
 */
explains_all: boolean, };

/**
 * A piece of evidence that was entered.
 */
export type EvidenceView = { 
/**
 * Identifier.
 */
id: string, 
/**
 * `de_novo`, ...
 */
kind: string, 
/**
 * Its source.
 */
source: string, 
/**
 * What it says: name and value.
 */
facts: Array<Compared>, 
/**
 * Who.
 */
by: string, 
/**
 * Role.
 */
role: Role, 
/**
 * When.
 */
at: string, 
/**
 * Withdrawn by whom and when.
 */
withdrawn: string | null, };

/**
 * Depth over an exon.
 */
export type ExonView = { 
/**
 * Number.
 */
exon: number, 
/**
 * Contig.
 */
contig: string, 
/**
 * First base, 1-based.
 */
start: number, 
/**
 * Last base, 1-based inclusive.
 */
end: number, 
/**
 * Mean depth.
 */
mean: number, 
/**
 * Lowest depth.
 */
lowest: number, 
/**
 * Fraction of bases at or above the threshold.
 */
complete: number, 
/**
 * Mean depth in equal bins from `start` to `end`.
 */
bins: Array<number>, };

/**
 * An export: the one way that patient data leaves the store.
 */
export type ExportInput = { 
/**
 * Identifier of the case.
 */
case: string, 
/**
 * Version of the report; for a VCF, the newest run.
 */
version: number | null, 
/**
 * What.
 */
kind: ExportKind, 
/**
 * Absolute path of the new file. An existing file is not replaced.
 */
path: string, 
/**
 * To whom.
 */
recipient: string, 
/**
 * What for.
 */
purpose: string, };

/**
 * What to export.
 */
export type ExportKind = "pdf" | "html" | "fhir" | "vcf";

/**
 * What was written.
 */
export type ExportOutput = { 
/**
 * Path.
 */
path: string, 
/**
 * Bytes.
 */
bytes: number, 
/**
 * SHA-256.
 */
sha256: string, };

/**
 * An export of the past (accounting of disclosures).
 */
export type ExportRow = { 
/**
 * When.
 */
at: string, 
/**
 * Who.
 */
by: string, 
/**
 * What.
 */
kind: ExportKind, 
/**
 * Version of the report.
 */
version: number | null, 
/**
 * To whom.
 */
recipient: string, 
/**
 * What for.
 */
purpose: string, 
/**
 * SHA-256.
 */
sha256: string, };

/**
 * Exports of a case, newest first.
 */
export type ExportsOutput = { 
/**
 * Rows.
 */
rows: Array<ExportRow>, };

/**
 * A figure. `value` absent: not measured.
 */
export type FigureView = { 
/**
 * Name.
 */
name: string, 
/**
 * Value as printed, with its unit.
 */
value: string | null, 
/**
 * Group: `reads`, `variants`, `sex`.
 */
group: string, };

/**
 * A decision of the run's evidence file, which stands until one in the case takes its place.
 */
export type FileDecisionView = { 
/**
 * Who, with the role where the file states it.
 */
by: string, 
/**
 * When, where the file states it.
 */
at: string | null, 
/**
 * Why.
 */
reason: string, };

/**
 * Evidence that the run read: from its evidence file, or from the genotypes of the family.
 */
export type FileEvidenceView = { 
/**
 * `de_novo`, ...
 */
kind: string, 
/**
 * Its source.
 */
source: string, 
/**
 * What it says: name and value.
 */
facts: Array<Compared>, };

/**
 * How a proband's phenotype fits the gene.
 */
export type FitWord = "highly_specific" | "consistent" | "heterogeneous" | "not_consistent";

/**
 * A decision on a criterion that is not in effect any more.
 */
export type FormerCriterionView = { 
/**
 * Identifier.
 */
id: string, 
/**
 * `PS3 met as PS3_Moderate`.
 */
words: string, 
/**
 * Why.
 */
reason: string, 
/**
 * Who.
 */
by: string, 
/**
 * Role.
 */
role: Role, 
/**
 * When.
 */
at: string, 
/**
 * Withdrawn by whom and when; absent: a later one replaced it.
 */
withdrawn: string | null, };

/**
 * Step of population frequency.
 */
export type FrequencyStep = "not_evaluated" | "absent" | "below1e5" | "below1e4" | "below1e3" | "below1e2" | "below5e2" | "common";

/**
 * Population frequency.
 */
export type FrequencyView = { 
/**
 * Step.
 */
step: FrequencyStep, 
/**
 * Why it was not evaluated.
 */
reason: string | null, 
/**
 * Frequency.
 */
frequency: number | null, 
/**
 * AC.
 */
allele_count: number | null, 
/**
 * AN.
 */
allele_number: number | null, 
/**
 * Homozygotes.
 */
homozygotes: number | null, 
/**
 * Filtering allele frequency.
 */
filtering_frequency: number | null, 
/**
 * Group of the filtering frequency.
 */
group: string | null, 
/**
 * Filters of the source.
 */
filters: Array<string>, 
/**
 * Release.
 */
release: string | null, };

/**
 * A step of the filter.
 */
export type FunnelView = { 
/**
 * Name.
 */
name: string, 
/**
 * Variants that remain.
 */
kept: number, 
/**
 * Dropped, with reasons.
 */
dropped: Array<DroppedView>, 
/**
 * How many of the dropped ones ClinVar calls (likely) pathogenic.
 */
dropped_clinvar_pathogenic: number, };

/**
 * What a run uses besides the sample's own files and the reference set. Whole paths on this machine; all may be absent.
 */
export type FurtherInputs = { 
/**
 * Evidence and decisions of people, `clinotype-evidence/1`.
 */
evidence: string | null, 
/**
 * VCF of the family, genotyped together, with the tested person in it.
 */
family: string | null, 
/**
 * The family's pedigree: PED, or a Phenopacket.
 */
pedigree: string | null, 
/**
 * Outside calls of pharmacogenes, TSV.
 */
outside: Array<string>, 
/**
 * Chain file from GRCh37 to GRCh38, for the pharmacogenes of a run on GRCh37.
 */
chain: string | null, 
/**
 * Folder of HPO's files: genes are ranked by the order's terms.
 */
hpo: string | null, 
/**
 * Scoring files of the PGS Catalog.
 */
scores: Array<string>, 
/**
 * People that scores are compared with, `clinotype-prs-reference/1`.
 */
score_people: string | null, };

/**
 * A stretch below the threshold.
 */
export type GapView = { 
/**
 * Exon number.
 */
exon: number, 
/**
 * Contig.
 */
contig: string, 
/**
 * First base, 1-based.
 */
start: number, 
/**
 * Last base, 1-based inclusive.
 */
end: number, 
/**
 * Lowest depth.
 */
lowest: number, 
/**
 * Mean depth.
 */
mean: number, 
/**
 * Why, in words.
 */
reason: string, };

/**
 * Where the application stands.
 */
export type Gate = "set_up" | "locked" | "open";

/**
 * Coverage of a gene.
 */
export type GeneCoverageView = { 
/**
 * Symbol.
 */
gene: string, 
/**
 * Transcript.
 */
transcript: string, 
/**
 * Coding bases.
 */
bases: number, 
/**
 * Mean depth.
 */
mean_depth: number | null, 
/**
 * Fraction.
 */
at_least_10: number | null, 
/**
 * Fraction.
 */
at_least_20: number | null, 
/**
 * Fraction.
 */
at_least_30: number | null, 
/**
 * Gaps.
 */
gaps: Array<GapView>, };

/**
 * Which gene of which case.
 */
export type GeneInput = { 
/**
 * Identifier of the case.
 */
case: string, 
/**
 * Symbol.
 */
gene: string, };

/**
 * Gene and disease.
 */
export type GeneView = { 
/**
 * Symbol.
 */
symbol: string, 
/**
 * HGNC id.
 */
hgnc_id: string, 
/**
 * Disease.
 */
disease: string, 
/**
 * Inheritance.
 */
inheritance: string | null, 
/**
 * Whether loss of function is a mechanism.
 */
loss_of_function: boolean | null, 
/**
 * Validity.
 */
validity: string | null, 
/**
 * Source.
 */
source: string, };

/**
 * Gene symbols to check against a reference set.
 */
export type GenesInput = { 
/**
 * Reference set.
 */
reference_set: string, 
/**
 * Text as pasted: symbols separated by anything but letters, digits, `-`, `.`, `@`.
 */
text: string, };

/**
 * Which symbols the transcripts have.
 */
export type GenesOutput = { 
/**
 * Known, in the spelling of the transcripts.
 */
known: Array<string>, 
/**
 * Unknown to them.
 */
unknown: Array<string>, };

/**
 * How urgent guidance is.
 */
export type GuidanceLevel = "unknown" | "no_change" | "no_recommendation" | "not_evaluated" | "advice" | "alternate_drug";

/**
 * A guideline.
 */
export type GuidelineView = { 
/**
 * Who made it.
 */
source: string, 
/**
 * Subject.
 */
name: string, 
/**
 * Date of its content.
 */
date: string, 
/**
 * Genes that it needs.
 */
genes: Array<string>, 
/**
 * Those of them without a result.
 */
open: Array<string>, 
/**
 * PubMed ids.
 */
references: Array<string>, 
/**
 * Recommendations.
 */
recommendations: Array<RecommendationView>, 
/**
 * Why there are none.
 */
why_none: string | null, };

/**
 * The history of a case.
 */
export type HistoryOutput = { 
/**
 * Newest first.
 */
rows: Array<HistoryRow>, };

/**
 * An entry of the audit trail.
 */
export type HistoryRow = { 
/**
 * Sequence number.
 */
seq: number, 
/**
 * When.
 */
at: string, 
/**
 * Who: printed name and role.
 */
who: string, 
/**
 * What was done.
 */
action: string, 
/**
 * Field that changed.
 */
field: string | null, 
/**
 * Before.
 */
old: string | null, 
/**
 * After.
 */
new: string | null, 
/**
 * Why.
 */
reason: string | null, };

/**
 * An identifier of the patient.
 */
export type IdentifierForm = { 
/**
 * For example `MRN`.
 */
label: string, 
/**
 * System URI.
 */
system: string, 
/**
 * Value.
 */
value: string, };

/**
 * An input of a case.
 */
export type InputFile = { 
/**
 * Path on this machine.
 */
path: string, 
/**
 * Kind.
 */
kind: InputKind, 
/**
 * Which mate, for FASTQ: 1 or 2.
 */
mate: number | null, 
/**
 * Number of the pair, from 1, for FASTQ.
 */
pair: number | null, 
/**
 * Bytes.
 */
bytes: number | null, };

/**
 * Kind of an input file, told by its content.
 */
export type InputKind = "fastq" | "bam" | "vcf" | "order" | "unknown";

/**
 * Paths that a person dropped, chose or typed.
 */
export type InspectInput = { 
/**
 * Absolute paths.
 */
paths: Array<string>, };

/**
 * What the paths are.
 */
export type InspectOutput = { 
/**
 * Files, FASTQ in pairs.
 */
files: Array<InputFile>, 
/**
 * Sample names that the files state (@RG SM, VCF columns).
 */
samples: Array<string>, 
/**
 * Accession proposed from the file names; a person confirms it.
 */
accession: string | null, 
/**
 * Order that was among the paths.
 */
order: OrderForm | null, 
/**
 * What cannot be used, and why: path and words.
 */
problems: Array<Problem>, };

/**
 * What to install.
 */
export type InstallInput = { 
/**
 * Id of the source.
 */
source: string, 
/**
 * The release; absent: the newest that the source or the folder names.
 */
release: string | null, 
/**
 * A folder or file on this machine; absent: from the network.
 */
from: string | null, };

/**
 * A file of a release.
 */
export type InstalledFile = { 
/**
 * Whole path on this machine.
 */
path: string, 
/**
 * Bytes.
 */
bytes: number, 
/**
 * SHA-256.
 */
sha256: string, };

/**
 * A release that is installed.
 */
export type InstalledRelease = { 
/**
 * As its source names it.
 */
release: string, 
/**
 * `YYYY-MM-DD`, where the source says so.
 */
released: string | null, 
/**
 * RFC 3339.
 */
installed: string | null, 
/**
 * Where it came from.
 */
origin: string | null, 
/**
 * SHA-256 over its files.
 */
digest: string | null, 
/**
 * Its files.
 */
files: Array<InstalledFile>, 
/**
 * Cases with a run that used it.
 */
cases: number, 
/**
 * Why it cannot be used.
 */
damaged: string | null, };

/**
 * How two alleles lie to each other.
 */
export type LieWord = "cis" | "trans" | "unknown";

/**
 * A medicine that the patient takes.
 */
export type MedicineAlert = { 
/**
 * As it was given.
 */
medication: string, 
/**
 * Drug of the guidance, where one was recognised.
 */
drug: string | null, 
/**
 * How urgent.
 */
level: GuidanceLevel, 
/**
 * The level in words.
 */
words: string, 
/**
 * One sentence.
 */
text: string, };

/**
 * A position without a genotype.
 */
export type MissingView = { 
/**
 * dbSNP id or place.
 */
name: string, 
/**
 * 1-based position.
 */
position: number, 
/**
 * Alleles that need it.
 */
alleles: Array<string>, 
/**
 * Why.
 */
reason: string, 
/**
 * Whether it belongs to an AMP tier 1 allele.
 */
tier1: boolean, };

/**
 * Move of a waiting run.
 */
export type MoveInput = { 
/**
 * Identifier of the run.
 */
run: string, 
/**
 * New place, from 1.
 */
place: number, };

/**
 * A new case.
 */
export type NewCaseInput = { 
/**
 * Accession, `[A-Za-z0-9._-]{1,64}`, never a name.
 */
sample: string, 
/**
 * Sample name in the input, where it differs.
 */
input_sample: string | null, 
/**
 * Absent: UNIDENTIFIED.
 */
order: OrderForm | null, 
/**
 * `female`, `male` or `unknown`, where no order states it.
 */
sex?: string, 
/**
 * Files as `inspect` told them.
 */
files: Array<InputFile>, 
/**
 * Reference set.
 */
reference_set: string, 
/**
 * Call the pharmacogenes, too; their alleles are defined on GRCh38.
 */
pharmacogenes?: boolean, 
/**
 * What its runs use besides.
 */
further?: FurtherInputs, 
/**
 * Sequencing libraries of FASTQ files (@RG LB): one name for all pairs, or one for each.
 */
libraries?: Array<string>, 
/**
 * Start the run at once.
 */
start: boolean, };

/**
 * A source of which a newer release is installed than the case used.
 */
export type NewerRelease = { 
/**
 * Id of the source.
 */
source: string, 
/**
 * The release that the newest run used.
 */
used: string, 
/**
 * The newest that is installed.
 */
newest: string, };

/**
 * An operation without input.
 */
export type Nothing = Record<symbol, never>;

/**
 * The order as the form holds it. Empty text: not given.
 */
export type OrderForm = { 
/**
 * Family name.
 */
family: string, 
/**
 * Given names, separated by spaces.
 */
given: string, 
/**
 * Date of birth.
 */
birth_date: string, 
/**
 * `female`, `male` or `unknown`.
 */
sex: string, 
/**
 * At least two.
 */
identifiers: Array<IdentifierForm>, 
/**
 * Specimen.
 */
specimen_id: string, 
/**
 * Specimen type.
 */
specimen_type: string, 
/**
 * Date.
 */
collected: string, 
/**
 * Date.
 */
received: string, 
/**
 * Condition on receipt.
 */
condition: string, 
/**
 * Order number.
 */
order_id: string, 
/**
 * Test.
 */
test: string, 
/**
 * Test code.
 */
code: string, 
/**
 * Date of the order.
 */
order_date: string, 
/**
 * Clinician's family name.
 */
clinician_family: string, 
/**
 * Clinician's given names.
 */
clinician_given: string, 
/**
 * Clinician's identifier.
 */
clinician_identifier: string, 
/**
 * System URI of it, where an order file states one; a form hands it on.
 */
clinician_identifier_system?: string, 
/**
 * What people call it, where an order file states it; a form hands it on.
 */
clinician_identifier_label?: string, 
/**
 * Organization.
 */
organization: string, 
/**
 * Laboratory.
 */
laboratory_name: string, 
/**
 * Laboratory's address.
 */
laboratory_address: string, 
/**
 * Contact.
 */
laboratory_contact: string, 
/**
 * Accreditation.
 */
laboratory_accreditation: string, 
/**
 * Indication.
 */
indication: string, 
/**
 * HPO terms, `HP:0000000`.
 */
hpo: Array<string>, 
/**
 * Gene symbols; empty: every gene of the transcripts.
 */
genes: Array<string>, 
/**
 * Medicines that the patient takes, for the alerts of pharmacogenomics; absent: not stated, empty: none.
 */
medications?: Array<string>, 
/**
 * Consent to secondary findings; absent: not asked.
 */
secondary_findings: boolean | null, 
/**
 * Whether variants of uncertain significance are listed.
 */
list_vus: boolean, 
/**
 * Name of the laboratory's policy.
 */
policy: string, };

/**
 * A changed order of a case.
 */
export type OrderInput = { 
/**
 * Identifier of the case.
 */
case: string, 
/**
 * The new order.
 */
order: OrderForm, 
/**
 * Why it is changed.
 */
reason: string, };

/**
 * Whether both parents are the parents.
 */
export type ParentageWord = "confirmed" | "assumed";

/**
 * Change of the own passphrase.
 */
export type PassphraseInput = { 
/**
 * The present one.
 */
old: string, 
/**
 * The new one.
 */
new: string, };

/**
 * A person on the unlock page.
 */
export type PersonName = { 
/**
 * Log-in name.
 */
id: string, 
/**
 * Printed name.
 */
name: string, };

/**
 * A gene.
 */
export type PharmacogeneView = { 
/**
 * Symbol.
 */
gene: string, 
/**
 * Whether it has a result.
 */
called: boolean, 
/**
 * Diplotypes that fit, or alleles found.
 */
diplotypes: Array<string>, 
/**
 * Diplotypes that recommendations are looked up with.
 */
looked_up: Array<string>, 
/**
 * Phenotypes, each once.
 */
phenotypes: Array<string>, 
/**
 * Activity scores, each once.
 */
activity_scores: Array<string>, 
/**
 * How it was called, or why not.
 */
how: string, 
/**
 * Positions of the definition.
 */
positions: number, 
/**
 * Those without a genotype.
 */
missing: Array<MissingView>, 
/**
 * Alleles that cannot be told for that.
 */
uncallable: Array<string>, 
/**
 * Messages and cautions.
 */
notes: Array<string>, 
/**
 * Other diplotypes that fit, and what each would change.
 */
alternatives: Array<AlternativeView>, 
/**
 * Drugs with guidance.
 */
drugs: Array<string>, };

/**
 * The pharmacogenes of a case's newest run.
 */
export type PharmacogenesView = { 
/**
 * Whether the run called them. All else is empty where it did not.
 */
called: boolean, 
/**
 * Build of the genotypes.
 */
build: string | null, 
/**
 * Current medicines, the most urgent first; absent: nobody stated any.
 */
medications: Array<MedicineAlert> | null, 
/**
 * Genes by name, those without a result too.
 */
genes: Array<PharmacogeneView>, 
/**
 * Drugs by name.
 */
drugs: Array<DrugView>, 
/**
 * Copies of CYP2D6 by read depth (research), in words.
 */
copies: string | null, 
/**
 * What holds for every result.
 */
limits: Array<string>, 
/**
 * Rule tables and releases.
 */
releases: Array<ReleaseView>, };

/**
 * A named filter that the program ships or the laboratory keeps.
 */
export type Preset = { 
/**
 * Identifier.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * Version; changes with the filter.
 */
version: number, 
/**
 * What it is for.
 */
words: string, 
/**
 * The filter.
 */
filter: VariantFilter, };

/**
 * The presets.
 */
export type PresetsOutput = { 
/**
 * In the order of the menu.
 */
presets: Array<Preset>, };

/**
 * The very bytes of a version.
 */
export type PreviewView = { 
/**
 * Version.
 */
version: number, 
/**
 * Token of the PDF.
 */
pdf: string, 
/**
 * SHA-256 of the PDF.
 */
sha256: string, 
/**
 * Pages.
 */
pages: number, };

/**
 * A problem with one thing that a person gave.
 */
export type Problem = { 
/**
 * Path or form field.
 */
place: string, 
/**
 * What, and what to do.
 */
words: string, };

/**
 * Checks an order or a new case without keeping anything: one problem per field.
 */
export type Problems = { 
/**
 * Empty: good.
 */
problems: Array<Problem>, };

/**
 * Depth along the coding exons of a gene, measured now from the kept alignments.
 */
export type ProfileView = { 
/**
 * Symbol.
 */
gene: string, 
/**
 * Transcript.
 */
transcript: string, 
/**
 * Depth below which a base is a gap.
 */
threshold: number, 
/**
 * Exons in the order of the transcript.
 */
exons: Array<ExonView>, };

/**
 * What the entered evidence proposes for a criterion. It counts nothing.
 */
export type ProposalView = { 
/**
 * `PS2_Moderate`, ...; absent: the evidence does not suffice.
 */
label: string | null, 
/**
 * The strength.
 */
strength: StrengthStep | null, 
/**
 * Sentence.
 */
sentence: string, 
/**
 * What was counted: name and value.
 */
compared: Array<Compared>, 
/**
 * Whether a person has set the criterion so already.
 */
confirmed: boolean, };

/**
 * Quality of the newest run.
 */
export type QualityView = { 
/**
 * Worst of the checks.
 */
verdict: CheckWord, 
/**
 * Checks with reasons.
 */
checks: Array<CheckView>, 
/**
 * Figures with their names and units, in the order of the page.
 */
figures: Array<FigureView>, 
/**
 * Coverage over coding exons; absent: not assessed, `coverage_reason` says why.
 */
coverage: CoverageView | null, 
/**
 * Why coverage was not assessed.
 */
coverage_reason: string | null, 
/**
 * Coverage of the targets; absent: no targets or no reads were given.
 */
targets: TargetsView | null, 
/**
 * Distributions over the reads; absent: the input holds no reads.
 */
distributions: DistributionsView | null, 
/**
 * Name of the limits that the checks were judged by.
 */
limits: string, 
/**
 * SHA-256 of the file of these limits; absent: Clinotype's own.
 */
limits_sha256: string | null, 
/**
 * Whether a failed check of identity withholds the report.
 */
withheld: boolean, };

/**
 * The queue: the running run, those that wait, and the newest that ended.
 */
export type QueueView = { 
/**
 * Running, then waiting in order, then ended, newest first (at most 50).
 */
runs: Array<RunView>, };

/**
 * Genes ranked by phenotype.
 */
export type RankView = { 
/**
 * Features that were compared: `Ectopia lentis (HP:0001083)`.
 */
terms: Array<string>, 
/**
 * Features that were looked for and not seen.
 */
excluded: Array<string>, 
/**
 * Terms that took no part, each with the reason.
 */
not_used: Array<string>, 
/**
 * Release of the ontology.
 */
ontology: string | null, 
/**
 * Release of the annotations.
 */
annotations: string | null, 
/**
 * The best genes, at most 50.
 */
genes: Array<RankedGeneView>, 
/**
 * Genes with a lower rank.
 */
more: number, 
/**
 * How the rank is made, and what was not evaluated.
 */
limits: Array<string>, };

/**
 * A gene with its rank.
 */
export type RankedGeneView = { 
/**
 * Rank; equal scores share one.
 */
rank: number, 
/**
 * Symbol.
 */
gene: string, 
/**
 * Mean of the two parts, 0 to 1.
 */
score: number, 
/**
 * The phenotype's part; none where the gene has no annotated disease.
 */
phenotype: number | null, 
/**
 * The variants' part.
 */
variant: number, 
/**
 * The disease that fits best, with its identifier.
 */
disease: string | null, 
/**
 * Each of the patient's terms, and what it meets.
 */
matches: Array<string>, 
/**
 * Alleles that take part: allele, consequence, zygosity.
 */
alleles: Array<string>, 
/**
 * Why it stands here.
 */
sentence: string, };

/**
 * What the read view may load: tokens for this session, never paths.
 */
export type ReadsView = { 
/**
 * Build, for igv's own labels.
 */
build: string, 
/**
 * Sample's label.
 */
sample: string, 
/**
 * FASTA.
 */
fasta: string, 
/**
 * FASTA index.
 */
fai: string, 
/**
 * BGZF index of the FASTA, where it is compressed.
 */
gzi: string | null, 
/**
 * Alignments; absent: a VCF was given.
 */
bam: string | null, 
/**
 * Index of the alignments.
 */
bai: string | null, 
/**
 * Variants.
 */
vcf: string | null, 
/**
 * Index of the variants.
 */
tbi: string | null, 
/**
 * Contigs of the reference as the files name them.
 */
contigs: Array<string>, };

/**
 * A recommendation.
 */
export type RecommendationView = { 
/**
 * Population.
 */
population: string, 
/**
 * Strength.
 */
strength: string, 
/**
 * How urgent.
 */
level: GuidanceLevel, 
/**
 * What the genotype means.
 */
implications: Array<string>, 
/**
 * Text.
 */
text: string, };

/**
 * Reference, transcripts and sources that runs use together.
 */
export type ReferenceSet = { 
/**
 * Identifier; absent for a new one.
 */
id: string | null, 
/**
 * Name that the laboratory gives it.
 */
name: string, 
/**
 * FASTA, plain or BGZF.
 */
reference: string, 
/**
 * GFF3.
 */
transcripts: string, 
/**
 * ClinVar VCF.
 */
clinvar: string | null, 
/**
 * Frequencies VCF.
 */
frequencies: string | null, 
/**
 * Targets BED.
 */
targets: string | null, 
/**
 * The laboratory's limits of the test, JSON; absent: Clinotype's own.
 */
thresholds: string | null, 
/**
 * What ClinVar says of other variants: a table of `clinotype comparators`, or ClinVar's VCF.
 */
comparators: string | null, 
/**
 * Stores of scores (`clinotype data build`): missense predictors, splice deltas, a laboratory's own.
 */
scores: Array<string>, 
/**
 * The missense predictor of PP3 and BP4, chosen before looking.
 */
missense_tool: string | null, 
/**
 * Asserted build, where the files prove none: `GRCh37` or `GRCh38`.
 */
build: string | null, 
/**
 * Whether it is the demonstration's, whose results are SYNTHETIC.
 */
synthetic: boolean, };

/**
 * A reference set with what was found in its files.
 */
export type ReferenceSetView = { 
/**
 * The set.
 */
set: ReferenceSet, 
/**
 * Build that its contigs prove.
 */
build: string | null, 
/**
 * What is wrong with its files now; empty: usable.
 */
problems: Array<string>, };

/**
 * The reference sets of the workstation.
 */
export type ReferenceSets = { 
/**
 * By name.
 */
sets: Array<ReferenceSetView>, 
/**
 * Missense predictors whose calibrated bands Clinotype knows.
 */
missense_tools: Array<string>, };

/**
 * A source that differs.
 */
export type ReleaseChange = { 
/**
 * Name.
 */
source: string, 
/**
 * Release before; absent: the run had none.
 */
before: string | null, 
/**
 * Release after; absent: the run had none.
 */
after: string | null, 
/**
 * The release has the same name and other bytes.
 */
other_bytes: boolean, };

/**
 * One release.
 */
export type ReleaseInput = { 
/**
 * Id of the source.
 */
source: string, 
/**
 * The release.
 */
release: string, };

/**
 * A source with its release.
 */
export type ReleaseView = { 
/**
 * Name.
 */
name: string, 
/**
 * Version or date.
 */
release: string, 
/**
 * SHA-256 of the file, where there is one.
 */
sha256: string | null, };

/**
 * Which releases: all of them, those of a source, or one.
 */
export type ReleasesInput = { 
/**
 * Id of the source; absent: every source.
 */
source: string | null, 
/**
 * The release; absent: every release of the source.
 */
release: string | null, };

/**
 * The data folder: the sources that Clinotype knows, what of them is installed, and the work under way.
 */
export type ReleasesView = { 
/**
 * The folder.
 */
folder: string, 
/**
 * In the order of the table of sources.
 */
sources: Array<DataSource>, 
/**
 * The work that goes on, or that ended last since the program started.
 */
task: DataTask | null, };

/**
 * Which version.
 */
export type ReportInput = { 
/**
 * Identifier of the case.
 */
case: string, 
/**
 * Version.
 */
version: number, };

/**
 * A version of the report.
 */
export type ReportVersion = { 
/**
 * From 1.
 */
version: number, 
/**
 * `DRAFT - NOT REVIEWED`, `DRAFT - NOT SIGNED`.
 */
state: string, 
/**
 * When.
 */
made: string, 
/**
 * Who.
 */
by: string, 
/**
 * Outcome.
 */
outcome: string, 
/**
 * SHA-256 of the PDF.
 */
pdf_sha256: string, 
/**
 * Whether decisions, order or run have changed since.
 */
outdated: boolean, };

/**
 * Versions, newest first.
 */
export type ReportsOutput = { 
/**
 * Versions.
 */
versions: Array<ReportVersion>, };

/**
 * What a person may do.
 */
export type Role = "viewer" | "technician" | "clinician" | "admin";

/**
 * Which run.
 */
export type RunInput = { 
/**
 * Identifier of the run.
 */
run: string, };

/**
 * A run that is compared.
 */
export type RunSide = { 
/**
 * Identifier.
 */
run: string, 
/**
 * When it ended.
 */
ended: string | null, 
/**
 * `POSITIVE`, ... as the rules concluded.
 */
outcome: string, };

/**
 * State of a run.
 */
export type RunState = "queued" | "running" | "done" | "failed" | "cancelled" | "interrupted";

/**
 * A run of a case.
 */
export type RunView = { 
/**
 * Identifier.
 */
id: string, 
/**
 * Case.
 */
case: string, 
/**
 * Accession.
 */
sample: string, 
/**
 * State.
 */
state: RunState, 
/**
 * Place in the queue, from 1, while it waits.
 */
place: number | null, 
/**
 * Stages in their order.
 */
stages: Array<StageView>, 
/**
 * Notes of the engine, for example renamed contigs.
 */
notes: Array<string>, 
/**
 * Why it failed.
 */
error: ApiError | null, 
/**
 * Asked for.
 */
asked: string, 
/**
 * Started.
 */
started: string | null, 
/**
 * Ended.
 */
ended: string | null, 
/**
 * Seconds of work so far.
 */
seconds: number | null, };

/**
 * What a run of a case uses.
 */
export type RunWith = "same" | "newest";

/**
 * What differs between two runs of a case.
 */
export type RunsDiff = { 
/**
 * The earlier run.
 */
before: RunSide, 
/**
 * The later run.
 */
after: RunSide, 
/**
 * Sources that differ.
 */
releases: Array<ReleaseChange>, 
/**
 * Variants that differ, by place.
 */
variants: Array<VariantChange>, 
/**
 * Variants that are the same in both.
 */
unchanged: number, 
/**
 * Which variants were compared, in words.
 */
compared: string, };

/**
 * A score of the sample.
 */
export type ScoreView = { 
/**
 * `PGS001229`, or the name, or the file.
 */
id: string, 
/**
 * Name, where the file states one besides.
 */
name: string | null, 
/**
 * Trait as reported.
 */
trait_reported: string | null, 
/**
 * How much of it was matched and is in the sum, in words.
 */
coverage: string, 
/**
 * Share of its rows that were matched, 0 to 1.
 */
matched: number, 
/**
 * Raw sum; absent where refused.
 */
sum: number | null, 
/**
 * Why there is no sum.
 */
refused: string | null, 
/**
 * Percentile; absent where it is not allowed.
 */
percentile: number | null, 
/**
 * Whom the percentile is among, or why there is none.
 */
standing: string, 
/**
 * Publication.
 */
citation: string | null, 
/**
 * Terms of use.
 */
licence: string | null, };

/**
 * Polygenic scores.
 */
export type ScoresView = { 
/**
 * In the order given.
 */
scores: Array<ScoreView>, 
/**
 * What holds for every score.
 */
limits: Array<string>, };

/**
 * Sets a criterion of a variant.
 */
export type SetCriterionInput = { 
/**
 * Identifier of the case.
 */
case: string, 
/**
 * Identifier of the variant.
 */
variant: number, 
/**
 * `PS3`, ...
 */
code: string, 
/**
 * What to.
 */
setting: CriterionSetting, 
/**
 * The strength, where met.
 */
strength: StrengthStep | null, 
/**
 * Why. May be empty only where it is what the entered evidence proposes, which is the reason then.
 */
reason: string, };

/**
 * First-run set-up.
 */
export type SetUpInput = { 
/**
 * Log-in name, `[a-z0-9._-]{1,32}`.
 */
user: string, 
/**
 * Printed name.
 */
name: string, 
/**
 * At least 12 characters.
 */
passphrase: string, };

/**
 * What set-up made.
 */
export type SetUpOutput = { 
/**
 * The state now.
 */
status: Status, 
/**
 * Opens the store when every passphrase is lost. Shown once; it is not kept.
 */
recovery_key: string, };

/**
 * Settings of the workstation and the person.
 */
export type Settings = { 
/**
 * `system`, `light`, `dark` or `contrast`.
 */
theme: Theme, 
/**
 * 1 to 120.
 */
lock_minutes: number, 
/**
 * Whether single letters act as keys (WCAG 2.1.4).
 */
single_keys: boolean, 
/**
 * Threads of a run; 0: all.
 */
threads: number, 
/**
 * Memory of a run in MB; absent: three quarters of what is free.
 */
memory_mb: number | null, };

/**
 * State of a stage.
 */
export type StageState = "waiting" | "working" | "done" | "resumed" | "skipped" | "failed";

/**
 * A stage of a run.
 */
export type StageView = { 
/**
 * `align`, `call`, `annotate`, `coverage`, `interpret`, `report`, `fhir`, `store`.
 */
name: string, 
/**
 * In words.
 */
words: string, 
/**
 * State.
 */
state: StageState, 
/**
 * 0 to 100, where it can be told.
 */
percent: number | null, 
/**
 * Seconds left, where they can be told.
 */
seconds_left: number | null, 
/**
 * Seconds of work.
 */
seconds: number | null, };

/**
 * A run to start.
 */
export type StartInput = { 
/**
 * The case.
 */
case: string, 
/**
 * Its data.
 */
with: RunWith, 
/**
 * Whether the pharmacogenes are called; as before where absent.
 */
pharmacogenes?: boolean, 
/**
 * What the run uses besides; as before where absent.
 */
further?: FurtherInputs, };

/**
 * Cases in a state.
 */
export type StateCount = { 
/**
 * State.
 */
state: CaseState, 
/**
 * How many.
 */
count: number, };

/**
 * The state of the application; it can be asked at any time and holds no patient data.
 */
export type Status = { 
/**
 * Where it stands.
 */
gate: Gate, 
/**
 * Version with commit.
 */
version: string, 
/**
 * Folder of the store.
 */
store: string, 
/**
 * Who works; absent when locked.
 */
user: UserView | null, 
/**
 * People who can unlock; empty before set-up.
 */
people: Array<PersonName>, 
/**
 * Minutes without a key or pointer after which the window locks.
 */
lock_minutes: number, 
/**
 * Why the last lock came: `idle` or `asked`; absent after a start.
 */
locked_by: string | null, 
/**
 * The newest problem of the store that a person must know (a damaged file, a reconciled crash), in words.
 */
warnings: Array<string>, };

/**
 * A file that the store keeps, encrypted.
 */
export type StoredFile = { 
/**
 * Identifier.
 */
id: string, 
/**
 * Role: `bam`, `vcf`, `annotated_vcf`, `pdf`, ...
 */
role: string, 
/**
 * Plain bytes.
 */
bytes: number, 
/**
 * SHA-256 of the plain bytes.
 */
sha256: string, };

/**
 * Strength of a criterion.
 */
export type StrengthStep = "supporting" | "moderate" | "strong" | "very_strong" | "stand_alone";

/**
 * Coverage of a target.
 */
export type TargetView = { 
/**
 * Contig.
 */
contig: string, 
/**
 * First base, 1-based.
 */
start: number, 
/**
 * Last base, 1-based inclusive.
 */
end: number, 
/**
 * Mean depth.
 */
mean: number, 
/**
 * Lowest depth.
 */
lowest: number, 
/**
 * Fraction of bases, 0 to 1.
 */
at_least_10: number, 
/**
 * Fraction of bases, 0 to 1.
 */
at_least_20: number, 
/**
 * Fraction of bases, 0 to 1.
 */
at_least_30: number, };

/**
 * Coverage of the targets.
 */
export type TargetsView = { 
/**
 * Targets, overlapping ones merged.
 */
targets: number, 
/**
 * Bases of the targets.
 */
bases: number, 
/**
 * Mean depth.
 */
mean_depth: number | null, 
/**
 * Fraction of bases, 0 to 1.
 */
at_least_10: number | null, 
/**
 * Fraction of bases, 0 to 1.
 */
at_least_20: number | null, 
/**
 * Fraction of bases, 0 to 1.
 */
at_least_30: number | null, 
/**
 * Targets of which every base reaches the threshold.
 */
complete: number, 
/**
 * Fraction of the used bases that lie on a target.
 */
on_target: number | null, 
/**
 * Fraction of the used bases that lie on a target or within `distance` bases of one.
 */
on_or_near: number | null, 
/**
 * What counts as near, bases.
 */
distance: number, 
/**
 * The least covered targets, worst first, at most a hundred.
 */
rows: Array<TargetView>, };

/**
 * Colours of the window.
 */
export type Theme = "system" | "light" | "dark" | "contrast";

/**
 * How a second allele lies to the variant.
 */
export type TransWord = "confirmed" | "unknown" | "homozygous";

/**
 * A transcript's view of the variant.
 */
export type TranscriptView = { 
/**
 * Accession with version.
 */
transcript: string, 
/**
 * Gene.
 */
gene: string | null, 
/**
 * `MANE Select`, `MANE Plus Clinical`.
 */
mane: string | null, 
/**
 * Whether rows and report show this one.
 */
shown: boolean, 
/**
 * Biotype.
 */
biotype: string | null, 
/**
 * SO terms.
 */
consequences: Array<string>, 
/**
 * Impact.
 */
impact: string, 
/**
 * `exon 2 of 23`.
 */
place: string | null, 
/**
 * c. or n. name.
 */
hgvs_c: string | null, 
/**
 * p. name.
 */
hgvs_p: string | null, 
/**
 * Protein accession.
 */
protein: string | null, 
/**
 * Warnings.
 */
warnings: Array<string>, };

/**
 * Unlock. `passphrase` may be the recovery key.
 */
export type UnlockInput = { 
/**
 * Log-in name.
 */
user: string, 
/**
 * Passphrase or recovery key.
 */
passphrase: string, };

/**
 * The person at work.
 */
export type UserView = { 
/**
 * Log-in name.
 */
id: string, 
/**
 * Printed name.
 */
name: string, 
/**
 * Role.
 */
role: Role, };

/**
 * A variant that differs.
 */
export type VariantChange = { 
/**
 * `chr17:43124027 ACT>A`.
 */
key: string, 
/**
 * Gene of the transcript shown.
 */
gene: string | null, 
/**
 * Name on that transcript, else the genomic one.
 */
name: string | null, 
/**
 * What differs.
 */
changes: Array<ChangeView>, };

/**
 * Filters of the variant table. Empty lists: no restriction.
 */
export type VariantFilter = { 
/**
 * Only variants that failed no filter of the caller and reach the limits of quality and depth.
 */
passed: boolean, 
/**
 * Only variants in the ordered genes.
 */
ordered: boolean, 
/**
 * Impact: `HIGH`, `MODERATE`, `LOW`, `MODIFIER`.
 */
impacts: Array<string>, 
/**
 * Steps of population frequency.
 */
frequencies: Array<FrequencyStep>, 
/**
 * ClinVar.
 */
clinvar: Array<ClinvarStep>, 
/**
 * Class in effect, or proposed.
 */
classes: Array<ClassStep>, 
/**
 * Zygosity words: `heterozygous`, ...
 */
zygosities: Array<string>, 
/**
 * `snv`, `indel`, `other`.
 */
kinds: Array<string>, 
/**
 * Gene symbol (start of), `chr7:117559500-117559600`, `chr7:117559593`, or the start of a c. or p. name.
 */
text: string, 
/**
 * Alleles that ClinVar calls (likely) pathogenic pass the filters of impact and frequency whatever they are.
 */
keep_clinvar_pathogenic: boolean, };

/**
 * Which variant.
 */
export type VariantInput = { 
/**
 * Identifier of the case.
 */
case: string, 
/**
 * Identifier of the variant.
 */
variant: number, };

/**
 * A row of the variant table.
 */
export type VariantRow = { 
/**
 * Identifier within the case.
 */
id: number, 
/**
 * Contig.
 */
contig: string, 
/**
 * Position, 1-based.
 */
position: number, 
/**
 * REF.
 */
reference: string, 
/**
 * ALT.
 */
alternate: string, 
/**
 * Gene of the shown transcript.
 */
gene: string | null, 
/**
 * c. or n. name.
 */
hgvs_c: string | null, 
/**
 * p. name.
 */
hgvs_p: string | null, 
/**
 * Most severe SO term of the shown transcript, in words.
 */
consequence: string | null, 
/**
 * Impact.
 */
impact: string | null, 
/**
 * Zygosity in words.
 */
zygosity: string, 
/**
 * Reads that carry the allele.
 */
alternate_depth: number | null, 
/**
 * Reads.
 */
depth: number | null, 
/**
 * QUAL.
 */
quality: number | null, 
/**
 * Filters that it failed; empty: passed; absent: filters were not applied.
 */
failed: Array<string> | null, 
/**
 * Frequency step.
 */
frequency_step: FrequencyStep, 
/**
 * Frequency.
 */
frequency: number | null, 
/**
 * ClinVar step.
 */
clinvar_step: ClinvarStep, 
/**
 * ClinVar's own words.
 */
clinvar: string | null, 
/**
 * Class in effect.
 */
class: ClassStep, 
/**
 * Points of the proposed class.
 */
points: number | null, 
/**
 * Whether a person has decided.
 */
reviewed: boolean, };

/**
 * Column of the variant table.
 */
export type VariantSort = "priority" | "position" | "gene" | "frequency" | "quality" | "depth";

/**
 * Everything about one variant.
 */
export type VariantView = { 
/**
 * Row.
 */
row: VariantRow, 
/**
 * g. name.
 */
hgvs_g: string | null, 
/**
 * Genotype as in the VCF.
 */
genotype: string, 
/**
 * Genotype quality.
 */
genotype_quality: number | null, 
/**
 * Reads of the reference allele.
 */
reference_depth: number | null, 
/**
 * Transcripts, shown one first.
 */
transcripts: Array<TranscriptView>, 
/**
 * ClinVar.
 */
clinvar: ClinvarView, 
/**
 * Frequencies.
 */
frequency: FrequencyView, 
/**
 * Classification by rule; absent: not classified, `why_not` says why.
 */
classification: ClassificationView | null, 
/**
 * Why it is not classified.
 */
why_not: string | null, 
/**
 * Gene and disease.
 */
gene: GeneView | null, 
/**
 * The decision in effect.
 */
decision: DecisionView | null, 
/**
 * Every decision, newest first, withdrawn ones too.
 */
decisions: Array<DecisionView>, 
/**
 * Evidence that was entered, newest first, withdrawn pieces too.
 */
evidence: Array<EvidenceView>, 
/**
 * Evidence that the run read from its files.
 */
file_evidence: Array<FileEvidenceView>, 
/**
 * Decisions on criteria that are not in effect any more, newest first, in words.
 */
former_criteria: Array<FormerCriterionView>, 
/**
 * Sentences of the report about it.
 */
sentences: Array<string>, 
/**
 * Data releases.
 */
releases: Array<ReleaseView>, };

/**
 * A window of the variant table.
 */
export type VariantsInput = { 
/**
 * Identifier of the case.
 */
case: string, 
/**
 * Filter.
 */
filter: VariantFilter, 
/**
 * Column.
 */
sort: VariantSort, 
/**
 * Descending.
 */
descending: boolean, 
/**
 * Rows to skip.
 */
offset: number, 
/**
 * At most 500.
 */
limit: number, };

/**
 * A window of the variant table.
 */
export type VariantsOutput = { 
/**
 * Matching variants.
 */
total: number, 
/**
 * The rows.
 */
rows: Array<VariantRow>, 
/**
 * How the filter came to `total`: every variant is accounted for.
 */
funnel: Array<FunnelView>, };

/**
 * Which check of which case is waived, and why.
 */
export type WaiveInput = { 
/**
 * Identifier of the case.
 */
case: string, 
/**
 * Name of the check.
 */
check: string, 
/**
 * Why the report may be made although it failed; printed.
 */
reason: string, };

/**
 * A waiver of a failed check of identity, in effect.
 */
export type WaiverView = { 
/**
 * Identifier.
 */
id: string, 
/**
 * Why.
 */
reason: string, 
/**
 * Who.
 */
by: string, 
/**
 * When.
 */
at: string, };

/**
 * Withdraws a decision on a criterion.
 */
export type WithdrawCriterionInput = { 
/**
 * Identifier of the case.
 */
case: string, 
/**
 * Identifier of the variant, which is shown afterwards.
 */
variant: number, 
/**
 * Identifier of the decision.
 */
decision: string, };

/**
 * Withdraws evidence.
 */
export type WithdrawEvidenceInput = { 
/**
 * Identifier of the case.
 */
case: string, 
/**
 * Identifier of the variant, which is shown afterwards.
 */
variant: number, 
/**
 * Identifier of the evidence.
 */
evidence: string, };

/**
 * Withdraws a decision (undo).
 */
export type WithdrawInput = { 
/**
 * Identifier of the case.
 */
case: string, 
/**
 * Identifier of the decision.
 */
decision: string, };

/**
 * Which waiver is taken back, and why.
 */
export type WithdrawWaiverInput = { 
/**
 * Identifier of the case.
 */
case: string, 
/**
 * Identifier of the waiver.
 */
waiver: string, 
/**
 * Why.
 */
reason: string, };

/** Every operation with its input and output. */
export type Operations = {
  status: { input: Nothing; output: Status };
  set_up: { input: SetUpInput; output: SetUpOutput };
  unlock: { input: UnlockInput; output: Status };
  lock: { input: Nothing; output: Status };
  active: { input: Nothing; output: Status };
  change_passphrase: { input: PassphraseInput; output: Nothing };
  settings: { input: Nothing; output: Settings };
  set_settings: { input: Settings; output: Settings };
  reference_sets: { input: Nothing; output: ReferenceSets };
  save_reference_set: { input: ReferenceSet; output: ReferenceSetView };
  verify_audit: { input: Nothing; output: AuditVerdict };
  data_releases: { input: Nothing; output: ReleasesView };
  install_release: { input: InstallInput; output: ReleasesView };
  verify_releases: { input: ReleasesInput; output: ReleasesView };
  remove_release: { input: ReleaseInput; output: ReleasesView };
  check_for_newer: { input: Nothing; output: ReleasesView };
  stop_data_task: { input: Nothing; output: ReleasesView };
  cases: { input: CasesInput; output: CasesOutput };
  case: { input: CaseInput; output: CaseView };
  history: { input: CaseInput; output: HistoryOutput };
  inspect: { input: InspectInput; output: InspectOutput };
  check_order: { input: OrderForm; output: Problems };
  genes: { input: GenesInput; output: GenesOutput };
  new_case: { input: NewCaseInput; output: CaseInput };
  change_order: { input: OrderInput; output: CaseView };
  demo_case: { input: Nothing; output: CaseInput };
  queue: { input: Nothing; output: QueueView };
  start_run: { input: StartInput; output: RunView };
  cancel_run: { input: RunInput; output: RunView };
  resume_run: { input: RunInput; output: RunView };
  move_run: { input: MoveInput; output: QueueView };
  compare_runs: { input: CompareInput; output: RunsDiff };
  quality: { input: CaseInput; output: QualityView };
  coverage_profile: { input: GeneInput; output: ProfileView };
  waive: { input: WaiveInput; output: QualityView };
  withdraw_waiver: { input: WithdrawWaiverInput; output: QualityView };
  pharmacogenes: { input: CaseInput; output: PharmacogenesView };
  beside: { input: CaseInput; output: BesideView };
  presets: { input: CaseInput; output: PresetsOutput };
  variants: { input: VariantsInput; output: VariantsOutput };
  variant: { input: VariantInput; output: VariantView };
  reads: { input: CaseInput; output: ReadsView };
  decide: { input: DecideInput; output: VariantView };
  withdraw: { input: WithdrawInput; output: VariantView };
  set_criterion: { input: SetCriterionInput; output: VariantView };
  withdraw_criterion: { input: WithdrawCriterionInput; output: VariantView };
  enter_evidence: { input: EnterEvidenceInput; output: VariantView };
  withdraw_evidence: { input: WithdrawEvidenceInput; output: VariantView };
  reports: { input: CaseInput; output: ReportsOutput };
  make_report: { input: CaseInput; output: ReportVersion };
  preview: { input: ReportInput; output: PreviewView };
  export: { input: ExportInput; output: ExportOutput };
  exports: { input: CaseInput; output: ExportsOutput };
};
