//! Between the store's facets and the contract's words.

use clinotype_case::{
    criterion::Class,
    evidence::{Impact, Zygosity},
};
use clinotype_store::{
    ClassFacet, ClinvarBucket, Effect, FrequencyState, FrequencyStep as Step, Kind, Quality, Region, Variant,
    VariantSort as Sort,
};

use crate::{errors, types::*};

/// The class in effect for the window.
pub(crate) fn class_step(class: Option<Class>) -> ClassStep {
    match class {
        None => ClassStep::NotClassified,
        Some(Class::Benign) => ClassStep::Benign,
        Some(Class::LikelyBenign) => ClassStep::LikelyBenign,
        Some(Class::Uncertain) => ClassStep::Uncertain,
        Some(Class::LikelyPathogenic) => ClassStep::LikelyPathogenic,
        Some(Class::Pathogenic) => ClassStep::Pathogenic,
    }
}

pub(super) fn class_facet(step: ClassStep) -> ClassFacet {
    match step {
        ClassStep::NotClassified => ClassFacet::NotClassified,
        ClassStep::Benign => ClassFacet::Benign,
        ClassStep::LikelyBenign => ClassFacet::LikelyBenign,
        ClassStep::Uncertain => ClassFacet::Uncertain,
        ClassStep::LikelyPathogenic => ClassFacet::LikelyPathogenic,
        ClassStep::Pathogenic => ClassFacet::Pathogenic,
    }
}

pub(super) fn frequency(step: FrequencyStep) -> Step {
    match step {
        FrequencyStep::NotEvaluated => Step::NotEvaluated,
        FrequencyStep::Absent => Step::Absent,
        FrequencyStep::Below1e5 => Step::Below1e5,
        FrequencyStep::Below1e4 => Step::Below1e4,
        FrequencyStep::Below1e3 => Step::Below1e3,
        FrequencyStep::Below1e2 => Step::Below1Percent,
        FrequencyStep::Below5e2 => Step::Below5Percent,
        FrequencyStep::Common => Step::AtLeast5Percent,
    }
}

/// The step of a frequency; a missing one is not evaluated, never zero.
pub(super) fn frequency_step(state: FrequencyState) -> (FrequencyStep, Option<f64>) {
    let step = match state.step() {
        Step::NotEvaluated => FrequencyStep::NotEvaluated,
        Step::Absent => FrequencyStep::Absent,
        Step::Below1e5 => FrequencyStep::Below1e5,
        Step::Below1e4 => FrequencyStep::Below1e4,
        Step::Below1e3 => FrequencyStep::Below1e3,
        Step::Below1Percent => FrequencyStep::Below1e2,
        Step::Below5Percent => FrequencyStep::Below5e2,
        Step::AtLeast5Percent => FrequencyStep::Common,
    };
    let value = match state {
        FrequencyState::Found(value) if step != FrequencyStep::NotEvaluated => Some(value),
        _ => None,
    };
    (step, value)
}

pub(super) fn clinvar(step: ClinvarStep) -> ClinvarBucket {
    match step {
        ClinvarStep::NotEvaluated => ClinvarBucket::NotEvaluated,
        ClinvarStep::NotListed => ClinvarBucket::None,
        ClinvarStep::Pathogenic => ClinvarBucket::Pathogenic,
        ClinvarStep::Conflicting => ClinvarBucket::Conflicting,
        ClinvarStep::Uncertain => ClinvarBucket::Uncertain,
        ClinvarStep::Benign => ClinvarBucket::Benign,
        ClinvarStep::Other => ClinvarBucket::Other,
    }
}

pub(super) fn clinvar_step(bucket: ClinvarBucket) -> ClinvarStep {
    match bucket {
        ClinvarBucket::NotEvaluated => ClinvarStep::NotEvaluated,
        ClinvarBucket::None => ClinvarStep::NotListed,
        ClinvarBucket::Pathogenic => ClinvarStep::Pathogenic,
        ClinvarBucket::Conflicting => ClinvarStep::Conflicting,
        ClinvarBucket::Uncertain => ClinvarStep::Uncertain,
        ClinvarBucket::Benign => ClinvarStep::Benign,
        ClinvarBucket::Other => ClinvarStep::Other,
    }
}

pub(super) fn effect(words: &str) -> Result<Vec<Effect>, ApiError> {
    match words {
        "HIGH" => Ok(vec![Effect::High]),
        "MODERATE" => Ok(vec![Effect::Moderate]),
        "LOW" => Ok(vec![Effect::Low]),
        "MODIFIER" => Ok(vec![Effect::Modifier, Effect::NotAnnotated]),
        _ => Err(errors::invalid(
            "impacts",
            "an impact is HIGH, MODERATE, LOW or MODIFIER",
        )),
    }
}

fn effect_words(effect: Effect) -> Option<&'static str> {
    match effect {
        Effect::High => Some("HIGH"),
        Effect::Moderate => Some("MODERATE"),
        Effect::Low => Some("LOW"),
        Effect::Modifier => Some("MODIFIER"),
        Effect::NotAnnotated => None,
    }
}

pub(super) fn impact(impact: Impact) -> &'static str {
    match impact {
        Impact::High => "HIGH",
        Impact::Moderate => "MODERATE",
        Impact::Low => "LOW",
        Impact::Modifier => "MODIFIER",
    }
}

const ZYGOSITIES: [Zygosity; 7] = [
    Zygosity::Heterozygous,
    Zygosity::Homozygous,
    Zygosity::Hemizygous,
    Zygosity::Homoplasmic,
    Zygosity::Heteroplasmic,
    Zygosity::Absent,
    Zygosity::NotCalled,
];

pub(super) fn zygosity(words: &str) -> Result<Vec<Zygosity>, ApiError> {
    ZYGOSITIES
        .into_iter()
        .find(|z| z.words() == words)
        .map(|z| vec![z])
        .ok_or_else(|| {
            errors::invalid(
                "zygosities",
                "a zygosity is a word of the table, for example heterozygous",
            )
        })
}

pub(super) fn kind(words: &str) -> Result<Vec<Kind>, ApiError> {
    match words {
        "snv" => Ok(vec![Kind::Snv]),
        "indel" => Ok(vec![Kind::Indel]),
        "other" => Ok(vec![Kind::Mnv, Kind::Other]),
        _ => Err(errors::invalid("kinds", "a kind is snv, indel or other")),
    }
}

pub(super) fn sort(sort: VariantSort) -> Sort {
    match sort {
        VariantSort::Priority => Sort::Priority,
        VariantSort::Position => Sort::Position,
        VariantSort::Gene => Sort::Gene,
        VariantSort::Frequency => Sort::Frequency,
        VariantSort::Quality => Sort::Quality,
        VariantSort::Depth => Sort::Depth,
    }
}

/// A row of the table.
pub(super) fn row(variant: &Variant) -> VariantRow {
    let row = &variant.row;
    let (frequency_step, frequency) = frequency_step(row.frequency);
    VariantRow {
        id: u64::from(variant.ordinal),
        contig: row.key.contig.clone(),
        position: row.key.position.get(),
        reference: row.key.reference.clone(),
        alternate: row.key.alternate.clone(),
        gene: row.gene.clone(),
        hgvs_c: row.hgvs_c.clone(),
        hgvs_p: row.hgvs_p.clone(),
        consequence: row.term.as_deref().map(term),
        impact: effect_words(row.effect).map(str::to_owned),
        zygosity: row.zygosity.words().to_owned(),
        alternate_depth: row.alternate_depth,
        depth: row.depth,
        quality: row.qual.map(f64::from),
        failed: (row.quality != Quality::NotFiltered).then(|| row.filters.clone()),
        frequency_step,
        frequency,
        clinvar_step: clinvar_step(row.clinvar.bucket),
        clinvar: row.clinvar.significance.clone(),
        class: class_step(variant.class),
        points: row.finding.as_ref().map(|finding| finding.points),
        reviewed: variant.reviewed,
    }
}

/// An SO term in words.
pub(super) fn term(term: &str) -> String {
    term.replace('_', " ")
}

/// The name of a filter.
pub(super) fn step(step: &str) -> String {
    match step {
        "search" => "Search",
        "quality" => "Quality",
        "region" => "Genes",
        "effect" => "Impact",
        "terms" => "Consequence",
        "frequency" => "Population frequency",
        "clinvar" => "ClinVar",
        "zygosity" => "Zygosity",
        "kind" => "Kind of variant",
        "class" => "Class",
        "reviewed" => "Review",
        other => other,
    }
    .to_owned()
}

/// Why a filter drops a variant, from the code of the facet that it has.
pub(super) fn reason(step: &str, code: &str) -> String {
    let known = match step {
        "search" => Some("does not match the search"),
        "quality" => code.parse::<Quality>().ok().map(|quality| match quality {
            Quality::Pass => "passed",
            Quality::NotFiltered => "was not filtered",
            Quality::CallerFilter => "failed a filter of the caller",
            Quality::LowQuality => "QUAL below the limit",
            Quality::LowGenotypeQuality => "genotype quality below the limit",
            Quality::LowDepth => "fewer reads than the limit",
        }),
        "region" => code.parse::<Region>().ok().map(|region| match region {
            Region::OrderedGenes => "in the ordered genes",
            Region::OtherGenes => "in other genes",
            Region::NoGene => "in no gene",
        }),
        "effect" => code.parse::<Effect>().ok().map(|effect| match effect {
            Effect::High => "high impact",
            Effect::Moderate => "moderate impact",
            Effect::Low => "low impact",
            Effect::Modifier => "modifier: outside of coding and splice regions",
            Effect::NotAnnotated => "no consequence on a transcript",
        }),
        "frequency" => code.parse::<Step>().ok().map(|step| match step {
            Step::NotEvaluated => "frequency not evaluated",
            Step::Absent => "not listed in the population source",
            Step::Below1e5 => "below 1 in 100,000",
            Step::Below1e4 => "1 in 100,000 to 1 in 10,000",
            Step::Below1e3 => "1 in 10,000 to 1 in 1,000",
            Step::Below1Percent => "0.1 % to 1 %",
            Step::Below5Percent => "1 % to 5 %",
            Step::AtLeast5Percent => "5 % and more",
        }),
        "clinvar" => code.parse::<ClinvarBucket>().ok().map(|bucket| match bucket {
            ClinvarBucket::Pathogenic => "pathogenic or likely pathogenic",
            ClinvarBucket::Conflicting => "conflicting",
            ClinvarBucket::Uncertain => "uncertain",
            ClinvarBucket::Benign => "benign or likely benign",
            ClinvarBucket::Other => "another significance",
            ClinvarBucket::None => "not listed",
            ClinvarBucket::NotEvaluated => "ClinVar not evaluated",
        }),
        "kind" => code.parse::<Kind>().ok().map(|kind| match kind {
            Kind::Snv => "single-base substitution",
            Kind::Indel => "insertion or deletion",
            Kind::Mnv => "several bases substituted",
            Kind::Other => "another kind",
        }),
        "class" => code.parse::<ClassFacet>().ok().map(|class| match class {
            ClassFacet::Pathogenic => "pathogenic",
            ClassFacet::LikelyPathogenic => "likely pathogenic",
            ClassFacet::Uncertain => "uncertain significance",
            ClassFacet::LikelyBenign => "likely benign",
            ClassFacet::Benign => "benign",
            ClassFacet::NotClassified => "not classified",
        }),
        _ => None,
    };
    known.map_or_else(|| term(code), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_go_both_ways() {
        use FrequencyStep as F;
        for (value, step) in [
            (0.0, F::Below1e5),
            (9e-6, F::Below1e5),
            (1e-5, F::Below1e4),
            (1e-3, F::Below1e2),
            (0.01, F::Below5e2),
            (0.05, F::Common),
            (1.0, F::Common),
        ] {
            assert_eq!(frequency_step(FrequencyState::Found(value)).0, step, "{value}");
        }
        assert_eq!(frequency_step(FrequencyState::NotEvaluated), (F::NotEvaluated, None));
        assert_eq!(frequency_step(FrequencyState::Found(f64::NAN)), (F::NotEvaluated, None));
        for bucket in ClinvarBucket::ALL {
            assert_eq!(clinvar(clinvar_step(*bucket)), *bucket);
        }
        for zygosity in ZYGOSITIES {
            assert_eq!(super::zygosity(zygosity.words()).unwrap(), [zygosity]);
        }
    }

    #[test]
    fn every_reason_has_words() {
        for quality in Quality::ALL {
            assert_ne!(reason("quality", quality.code()), quality.code());
        }
        for step in Step::ALL {
            assert!(reason("frequency", step.code()).contains(' '), "{}", step.code());
        }
        assert_eq!(reason("terms", "missense_variant"), "missense variant");
        assert_eq!(reason("zygosity", "not_called"), "not called");
    }
}
