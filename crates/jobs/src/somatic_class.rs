//! `clinotype somatic-class`: the alleles of a tumour by oncogenicity (Horak 2022) and by what they mean for the patient
//! (tiers of AMP, ASCO and CAP). Apart from the germline class, which is not touched.

use std::{collections::BTreeMap, path::Path};

use clinotype_case::{
    evidence::{AnnotatedVariant, ClinvarRecord, Lookup, TranscriptConsequence},
    finding::RuleSet,
    provenance::FileDigest,
};
use clinotype_genome::{Build, DataRelease, Fault, Result, VariantKey, fs};
use clinotype_interpret::{
    rules::{Predictor, RULES},
    somatic::{Assessment, EnteredByAllele, Hotspots, Knowledge, Known, Roles, Statements, assess, entered},
};
use serde::{Deserialize, Serialize};

use crate::{Watch, evidence::AnnotatedVcf, provenance::file_digest};

/// The schema of the written file.
pub const SCHEMA: &str = "clinotype-somatic/1";

/// What to judge and by what. Every table is the laboratory's; without one, what rests on it is not evaluated.
#[derive(Debug)]
pub struct SomaticClassRequest<'a> {
    /// Annotated VCF of one tumour.
    pub vcf: &'a Path,
    /// Names of the tumour type and of the broader types it belongs to, or `DOID:1909`; the first is the patient's.
    pub tumours: &'a [String],
    /// Roles of genes.
    pub roles: Option<&'a Path>,
    /// Hotspots.
    pub hotspots: Option<&'a Path>,
    /// Changes known to be oncogenic.
    pub known: Option<&'a Path>,
    /// Statements on drugs, diagnosis and prognosis: CIViC's table, or an own one.
    pub statements: Option<&'a Path>,
    /// What people entered.
    pub entered: Option<&'a Path>,
    /// The missense predictor.
    pub missense_tool: Option<&'static Predictor>,
}

/// One allele in one gene.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SomaticVariant {
    /// The allele, normalised; position 1-based.
    pub key: VariantKey,
    /// FILTER entries other than PASS; `None`: no filter was applied.
    pub filters: Option<Vec<String>>,
    /// Reads of the sample.
    pub depth: Option<u32>,
    /// Reads of this allele.
    pub alternate_depth: Option<u32>,
    /// Allele fraction by reads; `None` without reads or AD.
    pub fraction: Option<f64>,
    /// HGVS g. name.
    pub hgvs_g: Option<String>,
    /// HGNC symbol.
    pub gene: Option<String>,
    /// Accession with version.
    pub transcript: String,
    /// HGVS c. name.
    pub hgvs_c: Option<String>,
    /// HGVS p. name.
    pub hgvs_p: Option<String>,
    /// SO terms.
    pub terms: Vec<String>,
    /// ClinVar's record; shown, never scored.
    pub clinvar: Lookup<ClinvarRecord>,
    /// Criteria, class, tier.
    pub assessment: Assessment,
}

/// Statements in the file, and rows that were left out by reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementCount {
    /// Rows.
    pub rows: u64,
    /// Left out, by reason.
    pub left_out: BTreeMap<String, u64>,
}

/// Every allele of a tumour, judged or counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SomaticClasses {
    /// [`SCHEMA`].
    pub schema: String,
    /// DRAFT: nobody signed this.
    pub status: String,
    /// Software and version.
    pub software: String,
    /// Sample.
    pub sample: String,
    /// Build, with its proof.
    pub build: Option<(Build, String)>,
    /// Whether the calls are those of a tumour without its normal.
    pub tumour_only: bool,
    /// Tumour type and the broader types it belongs to, as stated; empty: not stated.
    pub tumours: Vec<String>,
    /// Rules, with version and source.
    pub rules: Vec<RuleSet>,
    /// The missense predictor; `None`: none was chosen.
    pub missense_tool: Option<String>,
    /// Data behind the annotation.
    pub data: Vec<DataRelease>,
    /// Tables that were given, by what they are.
    pub tables: BTreeMap<String, FileDigest>,
    /// Statements; `None`: no file was given.
    pub statements: Option<StatementCount>,
    /// Alleles in the file.
    pub alleles: u64,
    /// Alleles that were judged in at least one gene.
    pub judged: u64,
    /// Alleles that were not judged, by reason.
    pub left_out: BTreeMap<String, u64>,
    /// What a reader must know.
    pub limits: Vec<String>,
    /// Judged alleles in the order of the file.
    pub variants: Vec<SomaticVariant>,
}

fn table<T>(path: Option<&Path>, read: impl Fn(&str) -> Result<T>) -> Result<Option<T>> {
    path.map(|path| read(&fs::read_to_string(path)?).map_err(|fault| fault.at(path)))
        .transpose()
}

/// Judges the alleles of a tumour.
///
/// # Errors
/// Input faults of the VCF and the tables; an entered allele that the VCF does not hold.
pub fn classes(request: &SomaticClassRequest<'_>, watch: &dyn Watch) -> Result<SomaticClasses> {
    let roles = table(request.roles, Roles::parse)?;
    let hotspots = table(request.hotspots, Hotspots::parse)?;
    let known = table(request.known, Known::parse)?;
    let statements = table(request.statements, Statements::parse)?;
    let mut by_person: EnteredByAllele = table(request.entered, entered)?.unwrap_or_default();
    let knowledge = Knowledge {
        roles: roles.as_ref(),
        hotspots: hotspots.as_ref(),
        known: known.as_ref(),
        statements: statements.as_ref(),
        missense_tool: request.missense_tool,
        tumours: request.tumours,
    };
    let mut vcf = AnnotatedVcf::open_tumour(request.vcf)?;
    let header = vcf.header();
    let mut made = SomaticClasses {
        schema: SCHEMA.to_owned(),
        status: "DRAFT".to_owned(),
        software: crate::software(),
        sample: header.samples.first().cloned().unwrap_or_default(),
        build: header.build.clone(),
        tumour_only: header.is_tumour_only,
        tumours: request.tumours.to_vec(),
        rules: rules(),
        missense_tool: request.missense_tool.map(|tool| tool.name.clone()),
        data: header.data.clone(),
        tables: tables(request)?,
        statements: statements.as_ref().map(|s| StatementCount {
            rows: s.rows,
            left_out: s.left_out.clone(),
        }),
        alleles: 0,
        judged: 0,
        left_out: BTreeMap::new(),
        limits: limits(header.is_tumour_only),
        variants: Vec::new(),
    };
    while let Some(variant) = vcf.next_allele()? {
        made.alleles += 1;
        if made.alleles.is_multiple_of(4_096) {
            watch.check()?;
        }
        let entered = by_person.remove(&variant.key);
        let genes: Vec<&TranscriptConsequence> = variant.consequences.iter().filter(|c| is_judged(c)).collect();
        match reason_to_leave_out(&variant, &genes) {
            Some(reason) if entered.is_none() || genes.is_empty() => {
                if entered.is_some() {
                    return Err(not_there(request, "has no gene whose protein or splicing it changes"));
                }
                *made.left_out.entry(reason).or_default() += 1;
            }
            _ => {
                made.judged += 1;
                for shown in genes {
                    let assessment = assess(&variant, shown, &knowledge, entered.as_ref());
                    made.variants.push(row(&variant, shown, assessment));
                }
            }
        }
    }
    if vcf.not_annotated > 0 {
        made.alleles += vcf.not_annotated;
        made.left_out
            .insert("no sequence to annotate (*, symbolic)".to_owned(), vcf.not_annotated);
    }
    if !by_person.is_empty() {
        return Err(not_there(request, "is not in the VCF"));
    }
    Ok(made)
}

fn not_there(request: &SomaticClassRequest<'_>, what: &str) -> Fault {
    let fault = Fault::input(format!("an allele with entered codes {what}")).hint(
        "write contig, position, REF and ALT as the annotated VCF's NORMALISED field has them, or take the row out",
    );
    match request.entered {
        Some(path) => fault.at(path),
        None => fault,
    }
}

fn is_judged(shown: &TranscriptConsequence) -> bool {
    let codes = shown
        .biotype
        .as_deref()
        .is_none_or(|b| b.contains("protein_coding") || b == "mRNA");
    shown.picked && codes && shown.impact > clinotype_case::evidence::Impact::Modifier
}

fn reason_to_leave_out(variant: &AnnotatedVariant, genes: &[&TranscriptConsequence]) -> Option<String> {
    if let Some(filter) = variant.filters.as_ref().and_then(|f| f.first()) {
        return Some(format!("failed the filter {filter}"));
    }
    genes
        .is_empty()
        .then(|| "no change of a coding sequence or at a splice site".to_owned())
}

fn row(variant: &AnnotatedVariant, shown: &TranscriptConsequence, assessment: Assessment) -> SomaticVariant {
    SomaticVariant {
        key: variant.key.clone(),
        filters: variant.filters.clone(),
        depth: variant.genotype.depth,
        alternate_depth: variant.genotype.alternate_depth,
        fraction: variant.genotype.allele_fraction(),
        hgvs_g: variant.hgvs_g.clone(),
        gene: shown.symbol.clone(),
        transcript: shown.transcript.clone(),
        hgvs_c: shown.hgvs_c.clone(),
        hgvs_p: shown.hgvs_p.clone(),
        terms: shown.terms.clone(),
        clinvar: variant.clinvar.clone(),
        assessment,
    }
}

fn rules() -> Vec<RuleSet> {
    let points = RULES.sets.iter().filter(|set| set.name.starts_with("Oncogenicity"));
    points
        .cloned()
        .chain(std::iter::once(RuleSet {
            name:
                "Tiers of clinical significance; a statement of level A or B for another tumour type counts as C; of \
                   CIViC's levels A and B keep their letter, C and D count as D, E does not count"
                    .to_owned(),
            version: "1".to_owned(),
            source: "Li 2017 J Mol Diagn 19:4 (AMP, ASCO and CAP)".to_owned(),
        }))
        .collect()
}

fn limits(tumour_only: bool) -> Vec<String> {
    let mut limits = vec![
        "Small variants only: no amplification, fusion or signature was looked for.".to_owned(),
        "The absence of a statement says that the tables given hold none, not that none exists.".to_owned(),
        "Statements on a whole gene decide a tier only where the allele is (likely) oncogenic.".to_owned(),
    ];
    if tumour_only {
        limits.insert(
            0,
            "The tumour was called without its normal: an allele may be inherited, and no germline class is given here."
                .to_owned(),
        );
    }
    limits
}

fn tables(request: &SomaticClassRequest<'_>) -> Result<BTreeMap<String, FileDigest>> {
    let given = [
        ("roles", request.roles),
        ("hotspots", request.hotspots),
        ("known", request.known),
        ("statements", request.statements),
        ("entered", request.entered),
    ];
    let mut tables = BTreeMap::new();
    for (name, path) in given {
        if let Some(path) = path {
            tables.insert(name.to_owned(), file_digest(path)?);
        }
    }
    Ok(tables)
}
