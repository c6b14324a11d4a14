//! What variants are filtered by: fixed steps, so that counts of all combinations can be kept.

use clinotype_case::{criterion::Class, evidence::Zygosity};

use crate::codes::codes;

codes! {
    /// Whether the call can be trusted, and why not.
    pub enum Quality: "quality" {
        /// FILTER is PASS and every limit is met.
        Pass = "pass",
        /// FILTER is `.`: no filter was applied; the limits are met.
        NotFiltered = "not_filtered",
        /// FILTER names a reason.
        CallerFilter = "caller_filter",
        /// QUAL below the limit.
        LowQuality = "low_quality",
        /// GQ below the limit.
        LowGenotypeQuality = "low_genotype_quality",
        /// DP below the limit.
        LowDepth = "low_depth",
    }
}

codes! {
    /// Whether the variant lies in a gene that was ordered.
    pub enum Region: "region" {
        /// In an ordered gene (any gene, where the order lists none).
        OrderedGenes = "ordered_genes",
        /// In another gene.
        OtherGenes = "other_genes",
        /// In no gene of the transcripts.
        NoGene = "no_gene",
    }
}

codes! {
    /// VEP's impact of the shown consequence.
    pub enum Effect: "effect" {
        /// Loss of function.
        High = "high",
        /// Missense, in-frame.
        Moderate = "moderate",
        /// Synonymous, splice region.
        Low = "low",
        /// Intronic, intergenic, UTR.
        Modifier = "modifier",
        /// No consequence was computed.
        NotAnnotated = "not_annotated",
    }
}

codes! {
    /// Population frequency, in steps.
    pub enum FrequencyStep: "frequency step" {
        /// No source, not covered, or not usable.
        NotEvaluated = "not_evaluated",
        /// Covered and not seen.
        Absent = "absent",
        /// Below 1 in 100,000.
        Below1e5 = "below_1e5",
        /// Below 1 in 10,000.
        Below1e4 = "below_1e4",
        /// Below 1 in 1,000.
        Below1e3 = "below_1e3",
        /// Below 1 %.
        Below1Percent = "below_1_percent",
        /// Below 5 %.
        Below5Percent = "below_5_percent",
        /// 5 % or more.
        AtLeast5Percent = "at_least_5_percent",
    }
}

codes! {
    /// What `ClinVar` says of the allele.
    pub enum ClinvarBucket: "ClinVar bucket" {
        /// Pathogenic or likely pathogenic.
        Pathogenic = "pathogenic",
        /// Conflicting classifications.
        Conflicting = "conflicting",
        /// Uncertain significance.
        Uncertain = "uncertain",
        /// Benign or likely benign.
        Benign = "benign",
        /// Drug response, risk factor and other words.
        Other = "other",
        /// Not listed.
        None = "none",
        /// No `ClinVar` was given.
        NotEvaluated = "not_evaluated",
    }
}

codes! {
    /// Kind of change.
    pub enum Kind: "kind" {
        /// One base.
        Snv = "snv",
        /// Insertion or deletion.
        Indel = "indel",
        /// Several bases for as many.
        Mnv = "mnv",
        /// Symbolic or other.
        Other = "other",
    }
}

codes! {
    /// The class: as asserted by a person, else as proposed.
    pub enum ClassFacet: "class" {
        /// Pathogenic.
        Pathogenic = "pathogenic",
        /// Likely pathogenic.
        LikelyPathogenic = "likely_pathogenic",
        /// Uncertain significance.
        Uncertain = "uncertain",
        /// Likely benign.
        LikelyBenign = "likely_benign",
        /// Benign.
        Benign = "benign",
        /// Nobody classified it.
        NotClassified = "not_classified",
    }
}

impl From<Option<Class>> for ClassFacet {
    fn from(class: Option<Class>) -> Self {
        match class {
            Some(Class::Pathogenic) => Self::Pathogenic,
            Some(Class::LikelyPathogenic) => Self::LikelyPathogenic,
            Some(Class::Uncertain) => Self::Uncertain,
            Some(Class::LikelyBenign) => Self::LikelyBenign,
            Some(Class::Benign) => Self::Benign,
            None => Self::NotClassified,
        }
    }
}

impl ClassFacet {
    /// The class.
    pub const fn class(self) -> Option<Class> {
        match self {
            Self::Pathogenic => Some(Class::Pathogenic),
            Self::LikelyPathogenic => Some(Class::LikelyPathogenic),
            Self::Uncertain => Some(Class::Uncertain),
            Self::LikelyBenign => Some(Class::LikelyBenign),
            Self::Benign => Some(Class::Benign),
            Self::NotClassified => None,
        }
    }
}

/// Stable code of a class.
pub(crate) fn class_code(class: Class) -> &'static str {
    ClassFacet::from(Some(class)).code()
}

/// The class of a code.
pub(crate) fn class_from(code: &str) -> Option<Class> {
    code.parse::<ClassFacet>().ok()?.class()
}

/// Every zygosity, in the order of its number in the store.
pub(crate) const ZYGOSITIES: [Zygosity; 7] = [
    Zygosity::Heterozygous,
    Zygosity::Homozygous,
    Zygosity::Hemizygous,
    Zygosity::Homoplasmic,
    Zygosity::Heteroplasmic,
    Zygosity::Absent,
    Zygosity::NotCalled,
];

/// Stable code of a zygosity, as serde writes it.
pub const fn zygosity_code(zygosity: Zygosity) -> &'static str {
    match zygosity {
        Zygosity::Heterozygous => "heterozygous",
        Zygosity::Homozygous => "homozygous",
        Zygosity::Hemizygous => "hemizygous",
        Zygosity::Homoplasmic => "homoplasmic",
        Zygosity::Heteroplasmic => "heteroplasmic",
        Zygosity::Absent => "absent",
        Zygosity::NotCalled => "not_called",
    }
}

/// Population frequency. Not evaluated, absent and a value are three different things.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FrequencyState {
    /// No source, not covered, or not usable.
    NotEvaluated,
    /// Covered and not seen.
    Absent,
    /// Allele frequency, 0 to 1.
    Found(f64),
}

impl FrequencyState {
    /// The step it falls into. A value that is no number was not evaluated.
    pub fn step(self) -> FrequencyStep {
        match self {
            Self::Absent => FrequencyStep::Absent,
            Self::Found(f) if f.is_finite() => match f {
                f if f < 1e-5 => FrequencyStep::Below1e5,
                f if f < 1e-4 => FrequencyStep::Below1e4,
                f if f < 1e-3 => FrequencyStep::Below1e3,
                f if f < 0.01 => FrequencyStep::Below1Percent,
                f if f < 0.05 => FrequencyStep::Below5Percent,
                _ => FrequencyStep::AtLeast5Percent,
            },
            Self::NotEvaluated | Self::Found(_) => FrequencyStep::NotEvaluated,
        }
    }
}

/// One combination of facets; all variants that share it are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Cell {
    pub(crate) quality: Quality,
    pub(crate) region: Region,
    pub(crate) effect: Effect,
    /// Dictionary number of the SO term.
    pub(crate) term: Option<u32>,
    pub(crate) frequency: FrequencyStep,
    pub(crate) clinvar: ClinvarBucket,
    /// Index into [`ZYGOSITIES`].
    pub(crate) zygosity: u8,
    pub(crate) kind: Kind,
    pub(crate) class: ClassFacet,
    pub(crate) reviewed: bool,
}

impl Cell {
    /// The default order: what a reviewer should see first has the smallest value. Classified as (likely) pathogenic;
    /// listed so by `ClinVar`; in ordered genes, trusted, then by effect and rarity. Equal ones stand by position.
    pub(crate) fn priority(&self) -> u32 {
        let class = match self.class {
            ClassFacet::Pathogenic => 0,
            ClassFacet::LikelyPathogenic => 1,
            ClassFacet::Uncertain => 2,
            ClassFacet::NotClassified => 3,
            ClassFacet::LikelyBenign => 4,
            ClassFacet::Benign => 5,
        };
        let present = u32::from(self.zygosity >= 5);
        let trusted = u32::from(self.quality > Quality::NotFiltered);
        let listed = u32::from(self.clinvar != ClinvarBucket::Pathogenic);
        // What was not evaluated may be rare: it stands with the rare, not with the common.
        let frequency = match self.frequency {
            FrequencyStep::Absent => 0,
            FrequencyStep::NotEvaluated => 1,
            other => other as u32,
        };
        let common = u32::from(self.frequency >= FrequencyStep::Below5Percent);
        [
            (present, 2),
            (class, 6),
            (listed, 2),
            (self.region as u32, 3),
            (trusted, 2),
            (common, 2),
            (self.effect as u32, 5),
            (frequency, 8),
        ]
        .iter()
        .fold(0, |key, (value, size)| key * size + value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frequency_falls_into_its_step() {
        let table = [
            (FrequencyState::NotEvaluated, FrequencyStep::NotEvaluated),
            (FrequencyState::Found(f64::NAN), FrequencyStep::NotEvaluated),
            (FrequencyState::Absent, FrequencyStep::Absent),
            (FrequencyState::Found(0.0), FrequencyStep::Below1e5),
            (FrequencyState::Found(1e-5), FrequencyStep::Below1e4),
            (FrequencyState::Found(9.9e-4), FrequencyStep::Below1e3),
            (FrequencyState::Found(0.001), FrequencyStep::Below1Percent),
            (FrequencyState::Found(0.01), FrequencyStep::Below5Percent),
            (FrequencyState::Found(0.05), FrequencyStep::AtLeast5Percent),
            (FrequencyState::Found(1.0), FrequencyStep::AtLeast5Percent),
        ];
        for (state, step) in table {
            assert_eq!(state.step(), step, "{state:?}");
        }
    }

    #[test]
    fn codes_and_numbers_go_both_ways() {
        for (n, zygosity) in ZYGOSITIES.iter().enumerate() {
            let json = serde_json::to_string(zygosity).unwrap();
            assert_eq!(json, format!("\"{}\"", zygosity_code(*zygosity)));
            assert_eq!(ZYGOSITIES.iter().position(|z| z == zygosity), Some(n));
        }
        for class in ClassFacet::ALL {
            assert_eq!(ClassFacet::from(class.class()), *class);
        }
    }

    #[test]
    fn priority_follows_its_rule() {
        let base = Cell {
            quality: Quality::Pass,
            region: Region::OrderedGenes,
            effect: Effect::Moderate,
            term: None,
            frequency: FrequencyStep::Absent,
            clinvar: ClinvarBucket::None,
            zygosity: 0,
            kind: Kind::Snv,
            class: ClassFacet::NotClassified,
            reviewed: false,
        };
        let later = [
            Cell {
                frequency: FrequencyStep::NotEvaluated,
                ..base
            },
            Cell {
                frequency: FrequencyStep::Below1e5,
                ..base
            },
            Cell {
                effect: Effect::Low,
                ..base
            },
            Cell {
                frequency: FrequencyStep::AtLeast5Percent,
                effect: Effect::High,
                ..base
            },
            Cell {
                quality: Quality::LowDepth,
                effect: Effect::High,
                ..base
            },
            Cell {
                region: Region::OtherGenes,
                effect: Effect::High,
                ..base
            },
            Cell {
                class: ClassFacet::Benign,
                clinvar: ClinvarBucket::Pathogenic,
                ..base
            },
            Cell {
                zygosity: 5,
                class: ClassFacet::Pathogenic,
                ..base
            },
        ];
        let mut last = base.priority();
        for cell in later {
            assert!(last < cell.priority(), "{cell:?}");
            last = cell.priority();
        }
        assert!(
            Cell {
                class: ClassFacet::Pathogenic,
                region: Region::NoGene,
                ..base
            }
            .priority()
                < base.priority()
        );
    }
}
