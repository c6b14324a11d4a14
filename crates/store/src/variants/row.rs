//! One ALT allele of a run: as given, and as it stands in the table.

use std::collections::BTreeSet;

use clinotype_case::{
    criterion::Class,
    evidence::{AnnotatedVariant, ClinvarRecord, Impact, Lookup, Mane, TranscriptConsequence, Zygosity},
};
use clinotype_genome::VariantKey;

use super::facets::{Cell, ClassFacet, ClinvarBucket, Effect, FrequencyState, Kind, Quality, Region, ZYGOSITIES};

/// What `ClinVar` says of the allele.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clinvar {
    /// In one word.
    pub bucket: ClinvarBucket,
    /// As stated.
    pub significance: Option<String>,
    /// Stars of the review status.
    pub stars: Option<u8>,
    /// Variation id.
    pub variation_id: Option<u64>,
}

/// The finding that a variant became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingMark {
    /// `V1`.
    pub finding: String,
    /// Proposed class.
    pub class: Class,
    /// Points.
    pub points: i32,
}

/// One ALT allele of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct VariantRow {
    /// The allele, normalised.
    pub key: VariantKey,
    /// Zygosity.
    pub zygosity: Zygosity,
    /// GT as the VCF states it.
    pub genotype: String,
    /// Whether the call can be trusted.
    pub quality: Quality,
    /// FILTER entries other than PASS.
    pub filters: Vec<String>,
    /// QUAL, phred.
    pub qual: Option<f32>,
    /// DP of the sample.
    pub depth: Option<u32>,
    /// AD of this allele.
    pub alternate_depth: Option<u32>,
    /// GQ, phred.
    pub genotype_quality: Option<u32>,
    /// HGNC symbol of the shown consequence.
    pub gene: Option<String>,
    /// Accession with version.
    pub transcript: Option<String>,
    /// `c.68_69del`, without accession.
    pub hgvs_c: Option<String>,
    /// `p.(Glu23ValfsTer17)`, without accession.
    pub hgvs_p: Option<String>,
    /// Most severe SO term of the shown consequence.
    pub term: Option<String>,
    /// Its impact.
    pub effect: Effect,
    /// MANE state of the transcript.
    pub mane: Mane,
    /// `ClinVar`.
    pub clinvar: Clinvar,
    /// Population frequency.
    pub frequency: FrequencyState,
    /// Whether in the ordered genes.
    pub region: Region,
    /// The finding it became.
    pub finding: Option<FindingMark>,
}

/// Limits below which a call is not trusted; a figure that is missing is not below a limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QualityLimits {
    /// QUAL, phred.
    pub quality: f64,
    /// GQ, phred.
    pub genotype_quality: u32,
    /// DP.
    pub depth: u32,
}

/// The bucket of a `ClinVar` record.
pub fn clinvar_bucket(record: &ClinvarRecord) -> ClinvarBucket {
    let words = record.significance.to_ascii_lowercase();
    if words.contains("conflicting") {
        ClinvarBucket::Conflicting
    } else if record.is_pathogenic() {
        ClinvarBucket::Pathogenic
    } else if words.contains("uncertain") {
        ClinvarBucket::Uncertain
    } else if words.starts_with("benign") || words.starts_with("likely benign") {
        ClinvarBucket::Benign
    } else {
        ClinvarBucket::Other
    }
}

/// Without the accession before the colon.
fn bare(hgvs: Option<&String>) -> Option<String> {
    hgvs.map(|text| text.rsplit_once(':').map_or(text.as_str(), |(_, name)| name).to_owned())
}

fn quality(variant: &AnnotatedVariant, limits: &QualityLimits) -> Quality {
    let genotype = &variant.genotype;
    if variant.filters.as_ref().is_some_and(|f| !f.is_empty()) {
        Quality::CallerFilter
    } else if variant.quality.is_some_and(|q| q.is_nan() || q < limits.quality) {
        Quality::LowQuality
    } else if genotype.quality.is_some_and(|q| q < limits.genotype_quality) {
        Quality::LowGenotypeQuality
    } else if genotype.depth.is_some_and(|d| d < limits.depth) {
        Quality::LowDepth
    } else if variant.filters.is_none() {
        Quality::NotFiltered
    } else {
        Quality::Pass
    }
}

impl VariantRow {
    /// From annotation. `shown` is the consequence that the table shows; `ordered` the genes of the order, `None` where
    /// it lists none (then every gene counts as ordered). No finding yet.
    pub fn from_annotated(
        variant: &AnnotatedVariant,
        zygosity: Zygosity,
        shown: Option<&TranscriptConsequence>,
        ordered: Option<&BTreeSet<String>>,
        limits: &QualityLimits,
    ) -> Self {
        let mut symbols = variant.consequences.iter().filter_map(|c| c.symbol.as_ref()).peekable();
        let region = match (symbols.peek().is_some(), ordered) {
            (false, _) => Region::NoGene,
            (true, None) => Region::OrderedGenes,
            (true, Some(genes)) if symbols.any(|s| genes.contains(s)) => Region::OrderedGenes,
            (true, Some(_)) => Region::OtherGenes,
        };
        let clinvar = match &variant.clinvar {
            Lookup::NotEvaluated(_) => (ClinvarBucket::NotEvaluated, None),
            Lookup::Absent => (ClinvarBucket::None, None),
            Lookup::Found(record) => (clinvar_bucket(record), Some(record)),
        };
        let frequency = match &variant.frequency {
            Lookup::NotEvaluated(_) => FrequencyState::NotEvaluated,
            Lookup::Absent => FrequencyState::Absent,
            Lookup::Found(record) => match (record.frequency, record.allele_count, record.allele_number) {
                (Some(f), ..) => FrequencyState::Found(f),
                (None, Some(count), Some(number)) if number > 0 => FrequencyState::Found(count as f64 / number as f64),
                _ => FrequencyState::NotEvaluated,
            },
        };
        Self {
            key: variant.key.clone(),
            zygosity,
            genotype: variant.genotype.text.clone(),
            quality: quality(variant, limits),
            filters: variant.filters.clone().unwrap_or_default(),
            qual: variant.quality.filter(|q| q.is_finite()).map(|q| q as f32),
            depth: variant.genotype.depth,
            alternate_depth: variant.genotype.alternate_depth,
            genotype_quality: variant.genotype.quality,
            gene: shown.and_then(|c| c.symbol.clone()),
            transcript: shown.map(|c| c.transcript.clone()),
            hgvs_c: shown.and_then(|c| bare(c.hgvs_c.as_ref())),
            hgvs_p: shown.and_then(|c| bare(c.hgvs_p.as_ref())),
            term: shown.and_then(|c| c.terms.first().cloned()),
            effect: match shown.map(|c| c.impact) {
                Some(Impact::High) => Effect::High,
                Some(Impact::Moderate) => Effect::Moderate,
                Some(Impact::Low) => Effect::Low,
                Some(Impact::Modifier) => Effect::Modifier,
                None => Effect::NotAnnotated,
            },
            mane: shown.map_or(Mane::None, |c| c.mane),
            clinvar: Clinvar {
                bucket: clinvar.0,
                significance: clinvar.1.map(|r| r.significance.clone()),
                stars: clinvar.1.and_then(|r| r.stars),
                variation_id: clinvar.1.and_then(|r| r.variation_id.parse().ok()),
            },
            frequency,
            region,
            finding: None,
        }
    }

    /// Kind of change.
    pub fn kind(&self) -> Kind {
        let bases = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphabetic());
        let VariantKey {
            reference, alternate, ..
        } = &self.key;
        match (reference.len(), alternate.len()) {
            _ if !bases(reference) || !bases(alternate) => Kind::Other,
            (1, 1) => Kind::Snv,
            (r, a) if r == a => Kind::Mnv,
            _ => Kind::Indel,
        }
    }

    pub(crate) fn cell(&self, term: Option<u32>) -> Cell {
        Cell {
            quality: self.quality,
            region: self.region,
            effect: self.effect,
            term,
            frequency: self.frequency.step(),
            clinvar: self.clinvar.bucket,
            zygosity: ZYGOSITIES.iter().position(|z| *z == self.zygosity).unwrap_or(6) as u8,
            kind: self.kind(),
            class: ClassFacet::from(self.finding.as_ref().map(|f| f.class)),
            reviewed: false,
        }
    }
}

/// A variant as read back.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Its number in the run, from 0; stable.
    pub ordinal: u32,
    /// What was stored.
    pub row: VariantRow,
    /// Whether a person asserted a class.
    pub reviewed: bool,
    /// The asserted class, else the proposed one.
    pub class: Option<Class>,
}

/// MANE as a number; NULL is neither.
pub(crate) const fn mane_number(mane: Mane) -> Option<u8> {
    match mane {
        Mane::Select => Some(1),
        Mane::PlusClinical => Some(2),
        Mane::None => None,
    }
}

pub(crate) const fn mane_from(number: Option<u8>) -> Mane {
    match number {
        Some(1) => Mane::Select,
        Some(2) => Mane::PlusClinical,
        _ => Mane::None,
    }
}
