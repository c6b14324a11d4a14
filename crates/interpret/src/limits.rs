//! What was not covered or not tested, and whether that forbids to say that nothing was found.

use std::collections::{BTreeMap, BTreeSet};

use clinotype_case::{
    finding::{Finding, ScopeSource, Section},
    quality::{CheckResult, Coverage, CoverageFigures},
};

use crate::{conclusion::Facts, rules::RULES};

/// Names that a sentence lists before it counts the rest.
const LISTED: usize = 12;

/// A limit, and whether it forbids NEGATIVE.
pub(crate) struct Limit {
    pub(crate) sentence: String,
    pub(crate) blocks_negative: bool,
}

fn blocks(sentence: String) -> Limit {
    Limit {
        sentence,
        blocks_negative: true,
    }
}

fn states(sentence: String) -> Limit {
    Limit {
        sentence,
        blocks_negative: false,
    }
}

/// Every limit of this run, the weightiest first.
pub(crate) fn limits(facts: &Facts<'_>) -> Vec<Limit> {
    let mut limits = checks(facts);
    limits.extend(genes_not_covered(facts));
    limits.extend(coverage(facts));
    limits.extend(low_quality(facts));
    limits.extend(clinvar(facts));
    limits.extend(second_alleles(facts));
    limits.extend(uncertain(facts));
    limits.extend(sources(facts));
    limits.extend(without_facts(facts));
    if facts.scope.decided_by == ScopeSource::Order && facts.outside > 0 {
        limits.push(states(format!(
            "{} outside the ordered genes {} counted, not looked at.",
            counted(facts.outside, "allele"),
            if facts.outside == 1 { "was" } else { "were" }
        )));
    }
    limits.push(states(
        "Copy-number and structural variants, repeat expansions, low-level mosaicism and places that short reads do \
         not reach were not tested."
            .to_owned(),
    ));
    limits
}

fn checks(facts: &Facts<'_>) -> Vec<Limit> {
    facts
        .context
        .checks
        .iter()
        .filter(|check| check.result == CheckResult::Fail)
        .map(|check| blocks(format!("The check {} failed: {}", check.name, ended(&check.reason))))
        .collect()
}

fn genes_not_covered(facts: &Facts<'_>) -> Option<Limit> {
    let missing = &facts.scope.not_covered;
    if facts.scope.genes.is_empty() {
        return Some(blocks(
            "No gene in scope has a transcript here: nothing was tested.".to_owned(),
        ));
    }
    (!missing.is_empty()).then(|| {
        blocks(format!(
            "{} no transcript here and {} not tested: {}.",
            if missing.len() == 1 {
                "1 ordered gene has".to_owned()
            } else {
                format!("{} ordered genes have", missing.len())
            },
            if missing.len() == 1 { "was" } else { "were" },
            list(missing)
        ))
    })
}

fn coverage(facts: &Facts<'_>) -> Vec<Limit> {
    let figures = match facts.context.coverage {
        Coverage::NotAssessed { reason } => {
            return vec![blocks(format!(
                "Coverage was not assessed ({}): a variant that was not detected is not excluded.",
                reason.trim_end_matches('.')
            ))];
        }
        Coverage::Assessed(figures) => figures,
    };
    let by_gene: BTreeMap<&str, Vec<_>> = figures.genes.iter().fold(BTreeMap::new(), |mut map, row| {
        map.entry(row.gene.as_str()).or_insert_with(Vec::new).push(row);
        map
    });
    let is_measured = |gene: &str| {
        by_gene
            .get(gene)
            .is_some_and(|rows| rows.iter().all(|row| row.bases > 0))
    };
    let unmeasured: Vec<String> = facts
        .scope
        .genes
        .iter()
        .filter(|gene| !is_measured(gene))
        .cloned()
        .collect();
    let mut limits: Vec<Limit> = gaps(facts, figures).into_iter().collect();
    if !unmeasured.is_empty() {
        limits.push(blocks(format!(
            "Coverage was not measured for {}: {}.",
            counted(unmeasured.len() as u64, "gene"),
            list(&unmeasured)
        )));
    }
    limits
}

fn gaps(facts: &Facts<'_>, figures: &CoverageFigures) -> Option<Limit> {
    let mut genes: Vec<String> = Vec::new();
    let (mut count, mut bases) = (0, 0);
    for (row, gap) in figures.gaps().filter(|(row, _)| facts.scope.genes.contains(&row.gene)) {
        count += 1;
        bases += u64::from(gap.interval.len());
        if !genes.contains(&row.gene) {
            genes.push(row.gene.clone());
        }
    }
    genes.sort();
    (count > 0).then(|| {
        blocks(format!(
            "{} in {} ({}) {} fewer than {} reads: {}. Variants there may be missed.",
            counted(count, "coding stretch").replace("stretchs", "stretches"),
            counted(genes.len() as u64, "gene"),
            counted(bases, "base"),
            if count == 1 { "has" } else { "have" },
            figures.threshold,
            list(&genes)
        ))
    })
}

fn low_quality(facts: &Facts<'_>) -> Option<Limit> {
    let doubtful = &facts.set_aside.doubtful;
    (!doubtful.is_empty()).then(|| {
        let names: Vec<String> = doubtful
            .iter()
            .map(|d| format!("{} {} ({})", d.gene, d.name, d.reason))
            .collect();
        blocks(format!(
            "{} of low quality would be (likely) pathogenic if real: {}.",
            counted(doubtful.len() as u64, "call"),
            list(&names)
        ))
    })
}

fn clinvar(facts: &Facts<'_>) -> Option<Limit> {
    let listed = facts.clinvar_listed;
    (!listed.is_empty()).then(|| {
        blocks(format!(
            "{} that ClinVar lists as (likely) pathogenic {} not among the findings; each is listed with its reason.",
            counted(listed.len() as u64, "allele"),
            if listed.len() == 1 { "is" } else { "are" }
        ))
    })
}

fn uncertain(facts: &Facts<'_>) -> Option<Limit> {
    let total: u64 = facts.set_aside.uncertain.values().sum();
    (total > 0).then(|| {
        states(format!(
            "{} of uncertain significance {} not listed: no policy to list them is stated.",
            counted(total, "variant"),
            if total == 1 { "is" } else { "are" }
        ))
    })
}

/// A second allele of uncertain significance matters where the first is pathogenic, whether it is listed or not.
fn second_alleles(facts: &Facts<'_>) -> Vec<Limit> {
    let symbols = |section: Section| {
        let of_section = move |f: &&Finding| f.section == section;
        facts
            .findings
            .iter()
            .filter(of_section)
            .filter_map(|f| f.shown.symbol.as_deref())
    };
    let carriers: BTreeSet<&str> = symbols(Section::Carrier).collect();
    carriers
        .into_iter()
        .filter_map(|gene| {
            let listed = symbols(Section::Uncertain).filter(|symbol| *symbol == gene).count() as u64;
            let count = listed + facts.set_aside.uncertain.get(gene).copied().unwrap_or_default();
            (count > 0).then(|| {
                states(format!(
                    "{gene} also carries {} of uncertain significance; in trans with the reported allele it may \
                     matter.",
                    counted(count, "variant")
                ))
            })
        })
        .collect()
}

fn sources(facts: &Facts<'_>) -> Vec<Limit> {
    let is_given = |name: &str| facts.context.data.iter().any(|d| d.name.eq_ignore_ascii_case(name));
    let mut limits = Vec::new();
    if !is_given("ClinVar") {
        // Most missense variants stay uncertain by the criteria of this version: without ClinVar a known pathogenic one
        // would be dropped unseen, and NEGATIVE would be wrong.
        limits.push(blocks(
            "ClinVar was not evaluated: no such data were given, so known pathogenic alleles may be among those that \
             are not listed."
                .to_owned(),
        ));
    }
    if !is_given("frequencies") {
        limits.push(states(
            "Population frequency (BA1, BS1, PM2) was not evaluated: no such data were given.".to_owned(),
        ));
    }
    limits
}

fn without_facts(facts: &Facts<'_>) -> Option<Limit> {
    let unknown: Vec<String> = facts
        .scope
        .genes
        .iter()
        .filter(|gene| !RULES.genes.contains_key(*gene))
        .cloned()
        .collect();
    (!unknown.is_empty()).then(|| {
        states(format!(
            "For {} the gene table holds no inheritance and mechanism, so PVS1 was not evaluated there: {}.",
            counted(unknown.len() as u64, "gene"),
            list(&unknown)
        ))
    })
}

/// `1 gene`, `3 genes`.
pub(crate) fn counted(count: u64, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

/// Names with commas, the rest counted.
pub(crate) fn list(names: &[String]) -> String {
    match names.get(..LISTED) {
        Some(first) if names.len() > LISTED => format!("{} and {} more", first.join(", "), names.len() - LISTED),
        _ => names.join(", "),
    }
}

fn ended(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}
