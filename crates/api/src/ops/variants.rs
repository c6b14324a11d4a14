//! The variant table: presets, windows, filters with their account; and one variant in full.

mod detail;
mod people;
mod words;

use std::{ops::Range, sync::Arc};

use clinotype_store::{Quality, Region, VariantFilters, VariantPage, VariantQuery};
use uuid::Uuid;

use crate::{
    app::{App, Session},
    errors,
    record::{self, Results},
    types::*,
};

pub(crate) use detail::view;

/// Most rows of one window.
const LARGEST: u32 = 500;
/// Longest search text.
const TEXT: Range<usize> = 0..201;

/// The filters that the program ships. A changed filter gets a new version, so that a page that names its preset can
/// always be told what it showed.
fn shipped(ordered: bool) -> Vec<Preset> {
    let impacts = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
    let preset = |id: &str, name: &str, words: &str, filter: VariantFilter| Preset {
        id: id.to_owned(),
        name: name.to_owned(),
        version: 1,
        words: words.to_owned(),
        filter,
    };
    let panel = VariantFilter {
        passed: true,
        ordered,
        impacts: impacts(&["HIGH", "MODERATE", "LOW"]),
        keep_clinvar_pathogenic: true,
        ..VariantFilter::default()
    };
    let (id, name, words) = if ordered {
        (
            "panel",
            "Panel, coding and splice",
            "The ordered genes: coding and splice-region changes that passed quality. What ClinVar calls (likely) \
             pathogenic stays, wherever it lies.",
        )
    } else {
        (
            "coding",
            "Coding and splice",
            "No gene was ordered: coding and splice-region changes of every gene that passed quality. What ClinVar calls \
             (likely) pathogenic stays, wherever it lies.",
        )
    };
    vec![
        preset(id, name, words, panel),
        preset(
            "clinvar",
            "ClinVar P/LP",
            "Every allele that ClinVar calls pathogenic or likely pathogenic, also of low quality or in other genes.",
            VariantFilter {
                clinvar: vec![ClinvarStep::Pathogenic],
                ..VariantFilter::default()
            },
        ),
        preset(
            "rare-high",
            "Rare, high impact",
            "High impact, below 1 in 1,000 in every population source, or with no frequency to go by.",
            VariantFilter {
                passed: true,
                impacts: impacts(&["HIGH"]),
                frequencies: vec![
                    FrequencyStep::NotEvaluated,
                    FrequencyStep::Absent,
                    FrequencyStep::Below1e5,
                    FrequencyStep::Below1e4,
                    FrequencyStep::Below1e3,
                ],
                ..VariantFilter::default()
            },
        ),
        preset(
            "all",
            "All",
            "Every variant of the run, nothing left out.",
            VariantFilter::default(),
        ),
    ]
}

pub(crate) fn presets(app: &Arc<App>, session: &Session, input: CaseInput) -> Result<PresetsOutput, ApiError> {
    let case = errors::id(&input.case, "case")?;
    let ordered = match record::newest(app, &session.store, case)? {
        Some(results) => has_ordered_genes(&results),
        None => session
            .store
            .peek_case(case)?
            .order
            .is_some_and(|order| !order.genes.is_empty()),
    };
    Ok(PresetsOutput {
        presets: shipped(ordered),
    })
}

fn has_ordered_genes(results: &Results) -> bool {
    results.interpretation.scope.decided_by == clinotype_case::finding::ScopeSource::Order
}

fn some<T, U>(wanted: &[T], map: impl Fn(&T) -> Result<Vec<U>, ApiError>) -> Result<Option<Vec<U>>, ApiError> {
    if wanted.is_empty() {
        return Ok(None);
    }
    Ok(Some(
        wanted
            .iter()
            .map(map)
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .flatten()
            .collect(),
    ))
}

/// The store's filter for the window's.
fn filters(filter: &VariantFilter) -> Result<VariantFilters, ApiError> {
    let text = filter.text.trim();
    if !TEXT.contains(&text.len()) {
        return Err(errors::invalid("text", "a search has at most 200 characters"));
    }
    Ok(VariantFilters {
        // A VCF that was not filtered failed no filter.
        quality: filter.passed.then(|| vec![Quality::Pass, Quality::NotFiltered]),
        region: filter.ordered.then(|| vec![Region::OrderedGenes]),
        effect: some(&filter.impacts, |w| words::effect(w))?,
        terms: None,
        frequency: some(&filter.frequencies, |step| Ok(vec![words::frequency(*step)]))?,
        clinvar: some(&filter.clinvar, |step| Ok(vec![words::clinvar(*step)]))?,
        zygosity: some(&filter.zygosities, |w| words::zygosity(w))?,
        kind: some(&filter.kinds, |w| words::kind(w))?,
        class: some(&filter.classes, |step| Ok(vec![words::class_facet(*step)]))?,
        reviewed: None,
        search: (!text.is_empty()).then(|| text.to_owned()),
        keep_clinvar_pathogenic: filter.keep_clinvar_pathogenic,
    })
}

pub(crate) fn variants(app: &Arc<App>, session: &Session, input: VariantsInput) -> Result<VariantsOutput, ApiError> {
    let case = errors::id(&input.case, "case")?;
    if input.limit > LARGEST {
        return Err(errors::invalid("limit", format!("a window has at most {LARGEST} rows")));
    }
    let results = record::needed(app, &session.store, case)?;
    app.files.look(app, session, case, "variants")?;
    let query = VariantQuery {
        filters: filters(&input.filter)?,
        sort: words::sort(input.sort),
        descending: input.descending,
        offset: u64::from(input.offset),
        limit: input.limit,
    };
    let page = session.store.query_variants(results.run.id, &query)?;
    Ok(VariantsOutput {
        total: page.total,
        rows: page.rows.iter().map(words::row).collect(),
        funnel: funnel(&results, &page),
    })
}

/// How the filter came to its total: what could not be annotated, then every active filter. Each step's input is what
/// the one before kept, and `kept` and `dropped` add up to it.
fn funnel(results: &Results, page: &VariantPage) -> Vec<FunnelView> {
    let annotated = results.interpretation.funnel.first();
    let mut steps = vec![FunnelView {
        name: "Alleles of the run".to_owned(),
        kept: page.all,
        dropped: annotated
            .into_iter()
            .flat_map(|step| &step.dropped)
            .filter(|dropped| dropped.count > 0)
            .map(|dropped| DroppedView {
                reason: dropped.reason.clone(),
                count: dropped.count,
            })
            .collect(),
        dropped_clinvar_pathogenic: 0,
    }];
    steps.extend(page.funnel.iter().map(|step| {
        FunnelView {
            name: words::step(step.step),
            kept: step.kept,
            dropped: step
                .dropped
                .iter()
                .map(|dropped| DroppedView {
                    reason: words::reason(step.step, &dropped.reason),
                    count: dropped.count,
                })
                .collect(),
            dropped_clinvar_pathogenic: step.dropped_clinvar_pathogenic,
        }
    }));
    steps
}

/// The ordinal of a variant as the contract gives it.
pub(crate) fn ordinal(variant: u64) -> Result<u32, ApiError> {
    u32::try_from(variant).map_err(|_| errors::not_found("variant"))
}

pub(crate) fn variant(app: &Arc<App>, session: &Session, input: VariantInput) -> Result<VariantView, ApiError> {
    let case: Uuid = errors::id(&input.case, "case")?;
    let results = record::needed(app, &session.store, case)?;
    app.files.look(app, session, case, "variants")?;
    view(app, session, &results, ordinal(input.variant)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_a_filter_that_the_store_takes() {
        for ordered in [true, false] {
            let presets = shipped(ordered);
            let mut ids: Vec<_> = presets.iter().map(|p| p.id.clone()).collect();
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), presets.len());
            for preset in presets {
                assert!(preset.version >= 1 && !preset.words.is_empty());
                let made = filters(&preset.filter).unwrap();
                assert_eq!(made.region.is_some(), preset.filter.ordered);
                assert!(ordered || !preset.filter.ordered);
            }
        }
    }

    #[test]
    fn a_wrong_word_in_a_filter_is_named() {
        let wrong = |filter: VariantFilter| filters(&filter).unwrap_err().place.unwrap();
        let words = || vec!["nonsense".to_owned()];
        for (filter, place) in [
            (
                VariantFilter {
                    impacts: words(),
                    ..VariantFilter::default()
                },
                "impacts",
            ),
            (
                VariantFilter {
                    zygosities: words(),
                    ..VariantFilter::default()
                },
                "zygosities",
            ),
            (
                VariantFilter {
                    kinds: words(),
                    ..VariantFilter::default()
                },
                "kinds",
            ),
            (
                VariantFilter {
                    text: "x".repeat(300),
                    ..VariantFilter::default()
                },
                "text",
            ),
        ] {
            assert_eq!(wrong(filter), place);
        }
        assert!(filters(&VariantFilter::default()).unwrap().quality.is_none());
    }
}
