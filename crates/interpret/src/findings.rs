//! Candidates become findings: section by inheritance, order of the report, sentences.

use std::{cmp::Reverse, collections::BTreeMap};

use clinotype_case::{
    criterion::Class,
    evidence::{AnnotatedVariant, ClinvarRecord, Zygosity},
    finding::{Finding, Section},
};

use crate::{
    Context, consequence,
    inheritance::{self, Placed},
    sentences,
    triage::Candidate,
};

/// Allele fractions outside of which a heterozygous call needs a look.
const HETEROZYGOUS_FRACTION: std::ops::RangeInclusive<f64> = 0.25..=0.75;

/// The findings in the order of the report: section, class, points, place on the genome. `candidates` come by place.
pub(crate) fn findings(context: &Context<'_>, candidates: Vec<Candidate>) -> Vec<Finding> {
    let mut by_gene: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, candidate) in candidates
        .iter()
        .enumerate()
        .filter(|(_, c)| c.classification.class.is_pathogenic())
    {
        if let Some(symbol) = candidate.shown.symbol.as_deref() {
            by_gene.entry(symbol).or_default().push(index);
        }
    }
    let placed = |candidate: &'_ Candidate| -> (Section, String) {
        if candidate.classification.class == Class::Uncertain {
            return (
                Section::Uncertain,
                "It must not be used for predictive or prenatal decisions.".to_owned(),
            );
        }
        let partners: Vec<Placed<'_>> = candidate
            .shown
            .symbol
            .as_deref()
            .and_then(|symbol| by_gene.get(symbol))
            .into_iter()
            .flatten()
            .map(|&index| &candidates[index])
            .filter(|other| other.variant.key != candidate.variant.key)
            .map(|other| as_placed(other, context))
            .collect();
        inheritance::section(as_placed(candidate, context), candidate.gene, &partners)
    };
    let sections: Vec<(Section, String)> = candidates.iter().map(placed).collect();
    let mut rows: Vec<(Candidate, (Section, String))> = candidates.into_iter().zip(sections).collect();
    // Stable: equal rows keep the order by place.
    rows.sort_by_key(|(c, (section, _))| {
        (
            *section,
            Reverse(c.classification.class),
            Reverse(c.classification.points),
        )
    });
    rows.into_iter()
        .enumerate()
        .map(|(index, (candidate, (section, place)))| finding(context, index + 1, candidate, section, place))
        .collect()
}

fn as_placed<'a>(candidate: &'a Candidate, context: &Context<'_>) -> Placed<'a> {
    Placed {
        variant: &candidate.variant,
        copies: &candidate.copies,
        sex: context.sex,
    }
}

fn finding(context: &Context<'_>, number: usize, candidate: Candidate, section: Section, place: String) -> Finding {
    let Candidate {
        variant,
        shown,
        gene,
        copies,
        criteria,
        mut classification,
        repeated,
    } = candidate;
    let more_severe = consequence::more_severe(&variant, &shown).cloned();
    classification
        .flags
        .extend(flags(&variant, copies.zygosity, copies.note, classification.class));
    if repeated {
        classification
            .flags
            .push("the input states this allele more than once".to_owned());
    }
    classification.flags.extend(shown.warnings.iter().cloned());
    if let Some(other) = &more_severe {
        classification
            .flags
            .push(format!("transcript {} has a more severe consequence", other.transcript));
    }
    let sentences = sentences::of_finding(&sentences::Told {
        context,
        variant: &variant,
        shown: &shown,
        more_severe: more_severe.as_ref(),
        gene,
        zygosity: copies.zygosity,
        criteria: &criteria,
        classification: &classification,
        place: &place,
    });
    Finding {
        id: format!("V{number}"),
        section,
        zygosity: copies.zygosity,
        variant,
        shown,
        more_severe,
        gene: gene.cloned(),
        criteria,
        classification,
        sentences,
    }
}

/// What a person must look at before the finding counts.
fn flags(variant: &AnnotatedVariant, zygosity: Zygosity, note: Option<&str>, class: Class) -> Vec<String> {
    let mut flags: Vec<String> = note.map(str::to_owned).into_iter().collect();
    let genotype = &variant.genotype;
    let missing: Vec<&str> = [
        ("FILTER", variant.filters.is_none()),
        ("QUAL", variant.quality.is_none()),
        ("GQ", genotype.quality.is_none()),
        ("DP", genotype.depth.is_none()),
    ]
    .into_iter()
    .filter_map(|(name, is_missing)| is_missing.then_some(name))
    .collect();
    if !missing.is_empty() {
        flags.push(format!("quality not stated by the input: {}", missing.join(", ")));
    }
    if zygosity == Zygosity::Heterozygous
        && let Some(fraction) = genotype
            .allele_fraction()
            .filter(|f| !HETEROZYGOUS_FRACTION.contains(f))
    {
        flags.push(format!(
            "allele fraction {fraction:.2} is unusual for a heterozygous call"
        ));
    }
    if let Some(record) = variant.clinvar.found()
        && is_other_opinion(record, class)
    {
        flags.push(format!(
            "ClinVar states {}, the evaluated criteria give {}: a person must decide",
            record.significance,
            class.words()
        ));
    }
    flags
}

fn is_other_opinion(record: &ClinvarRecord, class: Class) -> bool {
    let benign = record.significance.to_ascii_lowercase().contains("benign");
    record.is_pathogenic() != class.is_pathogenic() && (record.is_pathogenic() || benign)
}
