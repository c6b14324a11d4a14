//! The pharmacogenes page: what the run called, from the kept file, gene-first and drug-first.

use std::{collections::BTreeSet, sync::Arc};

use clinotype_case::pgx::{
    AlertLevel, DrugResult, GeneResult, GuidelineResult, MedicationAlert, Pharmacogenomics, Recommendation,
};

use crate::{
    app::{App, Session},
    errors, record,
    types::*,
};

pub(crate) fn pharmacogenes(
    app: &Arc<App>,
    session: &Session,
    input: CaseInput,
) -> Result<PharmacogenesView, ApiError> {
    let (case, store) = (errors::id(&input.case, "case")?, &session.store);
    let results = record::needed(app, store, case)?;
    app.files.look(app, session, case, "pharmacogenes")?;
    let Some(pgx) = results.pgx(store)? else {
        return Ok(PharmacogenesView {
            called: false,
            build: None,
            medications: None,
            genes: Vec::new(),
            drugs: Vec::new(),
            copies: None,
            limits: Vec::new(),
            releases: Vec::new(),
        });
    };
    Ok(view(&pgx))
}

fn view(pgx: &Pharmacogenomics) -> PharmacogenesView {
    let called: BTreeSet<&str> = pgx.called().map(|g| g.gene.as_str()).collect();
    let rules = pgx.rules.iter().map(|rules| ReleaseView {
        name: rules.name.clone(),
        release: rules.version.clone(),
        sha256: None,
    });
    let data = pgx.data.iter().map(|data| ReleaseView {
        name: data.name.clone(),
        release: data.release.clone().unwrap_or_else(|| "not stated".to_owned()),
        sha256: Some(data.sha256.clone()),
    });
    PharmacogenesView {
        called: true,
        build: Some(pgx.build.to_string()),
        medications: pgx
            .medications
            .is_some()
            .then(|| pgx.alerts().into_iter().map(alert).collect()),
        genes: pgx.genes.iter().map(gene).collect(),
        drugs: pgx.drugs.iter().map(|drug| self::drug(drug, &called)).collect(),
        copies: pgx.cyp2d6.as_ref().map(|copies| match &copies.proposed {
            Some(proposed) => format!("{}; with the genotypes of the VCF: {proposed}", copies.text),
            None => copies.text.clone(),
        }),
        limits: pgx.limits.clone(),
        releases: rules.chain(data).collect(),
    }
}

fn level(level: AlertLevel) -> GuidanceLevel {
    match level {
        AlertLevel::Unknown => GuidanceLevel::Unknown,
        AlertLevel::NoChange => GuidanceLevel::NoChange,
        AlertLevel::NoRecommendation => GuidanceLevel::NoRecommendation,
        AlertLevel::NotEvaluated => GuidanceLevel::NotEvaluated,
        AlertLevel::Advice => GuidanceLevel::Advice,
        AlertLevel::AlternateDrug => GuidanceLevel::AlternateDrug,
    }
}

fn alert(alert: &MedicationAlert) -> MedicineAlert {
    MedicineAlert {
        medication: alert.medication.clone(),
        drug: alert.drug.clone(),
        level: level(alert.level),
        words: alert.level.words().to_owned(),
        text: alert.text.clone(),
    }
}

/// Each text once, in the order of its first.
fn once<'a>(texts: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for text in texts.filter(|t| !["n/a", "No Result"].contains(&t.as_str())) {
        if !all.contains(text) {
            all.push(text.clone());
        }
    }
    all
}

fn gene(gene: &GeneResult) -> PharmacogeneView {
    let messages = gene.messages.iter().filter_map(|name| gene.message_texts.get(name));
    // Without a result there is nothing to show under these heads.
    let if_called = |texts: Vec<String>| if gene.called { texts } else { Vec::new() };
    let mut missing: Vec<_> = gene.missing_positions.iter().collect();
    missing.sort_by_key(|p| !p.tier1);
    PharmacogeneView {
        gene: gene.gene.clone(),
        called: gene.called,
        diplotypes: if_called(gene.diplotypes.clone()),
        looked_up: if_called(gene.recommendation_diplotypes.clone()),
        phenotypes: if_called(once(gene.phenotypes.iter())),
        activity_scores: if_called(once(gene.activity_scores.iter().flatten())),
        how: if gene.called {
            gene.how_called()
        } else {
            gene.why_not_called()
        },
        positions: gene.positions.len() as u32,
        missing: missing
            .into_iter()
            .map(|p| MissingView {
                name: p.name.clone(),
                position: p.position,
                alleles: p.alleles.clone(),
                reason: p.reason.clone(),
                tier1: p.tier1,
            })
            .collect(),
        uncallable: gene.uncallable_alleles.clone(),
        notes: once(messages.chain(&gene.cautions)),
        alternatives: gene
            .alternatives
            .iter()
            .map(|a| AlternativeView {
                label: a.label.clone(),
                difference: a.difference.clone(),
                changes: a.changes_phenotype,
            })
            .collect(),
        drugs: gene.related_drugs.clone(),
    }
}

fn drug(drug: &DrugResult, called: &BTreeSet<&str>) -> DrugView {
    DrugView {
        drug: drug.drug.clone(),
        level: level(drug.level()),
        words: drug.level().words().to_owned(),
        guidelines: drug.guidelines.iter().map(|g| guideline(g, called)).collect(),
        notes: drug.notes.values().cloned().collect(),
    }
}

fn guideline(guideline: &GuidelineResult, called: &BTreeSet<&str>) -> GuidelineView {
    GuidelineView {
        source: guideline.source.clone(),
        name: guideline.name.clone(),
        date: guideline.date.clone(),
        genes: guideline.genes.clone(),
        open: guideline
            .genes
            .iter()
            .filter(|gene| !called.contains(gene.as_str()))
            .cloned()
            .collect(),
        references: guideline.references.clone(),
        recommendations: guideline.recommendations.iter().map(recommendation).collect(),
        why_none: guideline.why_none.clone(),
    }
}

fn recommendation(recommendation: &Recommendation) -> RecommendationView {
    RecommendationView {
        population: recommendation.population.clone(),
        strength: recommendation.strength.clone(),
        level: level(recommendation.level()),
        implications: recommendation
            .implications
            .iter()
            .filter(|i| !i.ends_with(": n/a"))
            .cloned()
            .collect(),
        text: recommendation.text.clone(),
    }
}
