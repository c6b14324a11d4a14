//! One variant: evidence from the annotated VCF, classification, decisions. What was not evaluated says why.

use clinotype_case::{
    criterion::Criterion,
    evidence::{AnnotatedVariant, ClinvarRecord, Frequency, Lookup, Mane, TranscriptConsequence, Zygosity},
    finding::{Classification, GeneFacts, ScopeSource},
};
use clinotype_genome::VariantKey;
use clinotype_jobs::evidence;
use clinotype_store::{Assertion, Effect, FileRole, Quality, Region, Variant};

use super::people;
use super::words;
use crate::{
    app::{App, Session},
    errors,
    ops::session::role,
    record::{self, Results},
    times,
    types::*,
};

/// Everything about a variant of the newest run.
///
/// Errors: `not_found`; `damaged` where the kept VCF was changed.
pub(crate) fn view(app: &App, session: &Session, results: &Results, ordinal: u32) -> Result<VariantView, ApiError> {
    let store = &session.store;
    let variant = store.variant(results.run.id, ordinal)?;
    let key = &variant.row.key;
    let said = people::Said::of(store, results.run.case)?;
    let judged = if said.is_empty() {
        None
    } else {
        let people = record::people_of(&said.decisions, &said.evidence, &results.interpretation);
        Some(results.judged(app, session, &people)?)
    };
    let finding = match &judged {
        Some(judged) => judged.variants().find(|finding| finding.variant.key == *key),
        None => results.classified(key),
    };
    let read;
    let found = if let Some(finding) = finding {
        &finding.variant
    } else {
        read = from_vcf(session, results, &variant)?;
        &read
    };
    let assertions = store.assertions(results.run.case)?;
    let in_effect = results.in_effect(&assertions);
    // Newest first, as the store gives them.
    let decisions = assertions.iter().filter(|a| a.key == *key);
    Ok(VariantView {
        row: words::row(&variant),
        hgvs_g: found.hgvs_g.clone(),
        genotype: found.genotype.text.clone(),
        genotype_quality: found.genotype.quality,
        reference_depth: found.genotype.reference_depth,
        transcripts: transcripts(found, variant.row.transcript.as_deref()),
        clinvar: clinvar(results, &variant, &found.clinvar),
        frequency: frequency(results, &variant, &found.frequency),
        classification: finding.map(|f| classification(&f.classification, &f.criteria, &said, key)),
        why_not: finding.is_none().then(|| why_not(results, &variant)),
        gene: finding.and_then(|f| f.gene.as_ref()).map(gene),
        decision: in_effect.get(key).map(|a| decision_view(a, results)),
        decisions: decisions.map(|a| decision_view(a, results)).collect(),
        evidence: said.evidence(key),
        file_evidence: people::of_files(&results.interpretation, key),
        former_criteria: said.former(key),
        sentences: finding.map(|f| f.sentences.clone()).unwrap_or_default(),
        releases: results.releases(),
    })
}

fn from_vcf(session: &Session, results: &Results, variant: &Variant) -> Result<AnnotatedVariant, ApiError> {
    let (vcf, index) = (
        results.file(FileRole::AnnotatedVcf)?,
        results.file(FileRole::AnnotatedTbi)?,
    );
    let view = session
        .store
        .vault_view(&[(vcf.id, "case.vcf.gz"), (index.id, "case.vcf.gz.tbi")])?;
    let sample = results.interpretation.sample.as_str();
    evidence::at(&view.path().join("case.vcf.gz"), sample, &variant.row.key)?
        .ok_or_else(|| errors::internal("the annotated VCF does not hold a variant of the table"))
}

fn transcripts(variant: &AnnotatedVariant, shown: Option<&str>) -> Vec<TranscriptView> {
    let mut rows: Vec<&TranscriptConsequence> = variant.consequences.iter().collect();
    let is_shown = |c: &TranscriptConsequence| shown == Some(c.transcript.as_str());
    rows.sort_by_key(|c| {
        (
            !is_shown(c),
            !c.picked,
            std::cmp::Reverse(c.impact),
            c.transcript.clone(),
        )
    });
    rows.into_iter()
        .map(|c| TranscriptView {
            transcript: c.transcript.clone(),
            gene: c.symbol.clone(),
            mane: match c.mane {
                Mane::Select => Some("MANE Select".to_owned()),
                Mane::PlusClinical => Some("MANE Plus Clinical".to_owned()),
                Mane::None => None,
            },
            shown: is_shown(c),
            biotype: c.biotype.clone(),
            consequences: c.terms.iter().map(|t| words::term(t)).collect(),
            impact: words::impact(c.impact).to_owned(),
            place: place("exon", c.exon.as_deref()).or_else(|| place("intron", c.intron.as_deref())),
            hgvs_c: c.hgvs_c.clone(),
            hgvs_p: c.hgvs_p.clone(),
            protein: c.protein_id.clone(),
            warnings: c.warnings.clone(),
        })
        .collect()
}

/// `2/23` as `exon 2 of 23`.
fn place(what: &str, numbers: Option<&str>) -> Option<String> {
    let (at, of) = numbers?.split_once('/')?;
    Some(format!("{what} {at} of {of}"))
}

fn release(results: &Results, name: &str) -> Option<String> {
    let data = results.interpretation.data.iter().find(|data| data.name == name)?;
    Some(data.release.clone().unwrap_or_else(|| "not stated".to_owned()))
}

fn clinvar(results: &Results, variant: &Variant, looked_up: &Lookup<ClinvarRecord>) -> ClinvarView {
    let record = looked_up.found();
    ClinvarView {
        step: words::clinvar_step(variant.row.clinvar.bucket),
        reason: match looked_up {
            Lookup::NotEvaluated(reason) => Some(reason.clone()),
            _ => None,
        },
        significance: record.map(|r| r.significance.clone()),
        review_status: record.map(|r| r.review_status.clone()),
        stars: record.and_then(|r| r.stars).map(u32::from),
        conditions: record.map(|r| r.conditions.clone()).unwrap_or_default(),
        conflicts: record.and_then(|r| r.conflicts.clone()),
        variation_id: record.map(|r| r.variation_id.clone()),
        release: release(results, "ClinVar"),
    }
}

fn frequency(results: &Results, variant: &Variant, looked_up: &Lookup<Frequency>) -> FrequencyView {
    let record = looked_up.found();
    let (step, _) = words::frequency_step(variant.row.frequency);
    let unstated = record.is_some() && step == FrequencyStep::NotEvaluated;
    FrequencyView {
        step,
        reason: match looked_up {
            Lookup::NotEvaluated(reason) => Some(reason.clone()),
            _ if unstated => Some("the source lists the allele without a frequency".to_owned()),
            _ => None,
        },
        frequency: record.and_then(|r| r.frequency),
        allele_count: record.and_then(|r| r.allele_count),
        allele_number: record.and_then(|r| r.allele_number),
        homozygotes: record.and_then(|r| r.homozygotes),
        filtering_frequency: record.and_then(|r| r.filtering_frequency),
        group: record.and_then(|r| r.group.clone()),
        filters: record.map(|r| r.filters.clone()).unwrap_or_default(),
        release: release(results, "frequencies"),
    }
}

fn classification(
    made: &Classification,
    criteria: &[Criterion],
    said: &people::Said,
    key: &VariantKey,
) -> ClassificationView {
    ClassificationView {
        class: words::class_step(Some(made.class)),
        points: made.points,
        pathogenic_points: made.pathogenic_points,
        benign_points: made.benign_points,
        class_2015: words::class_step(Some(made.class_2015)),
        posterior: made.posterior,
        flags: made.flags.clone(),
        criteria: criteria.iter().map(|one| criterion(one, said, key)).collect(),
    }
}

fn criterion(criterion: &Criterion, said: &people::Said, key: &VariantKey) -> CriterionView {
    CriterionView {
        code: criterion.code.to_string(),
        label: criterion.label(),
        state: people::state(criterion.state),
        points: criterion.points,
        sentence: criterion.sentence.clone(),
        source: criterion.source.clone(),
        rule: criterion.rule.clone(),
        rule_version: criterion.rule_version.clone(),
        compared: people::compared(&criterion.compared),
        strength: criterion.strength.map(crate::ops::criteria::step),
        decision: said.decision(criterion, key),
        file_decision: said.of_file(criterion, key),
        automatic: people::automatic(criterion),
        proposal: people::proposal(criterion),
    }
}

fn gene(facts: &GeneFacts) -> GeneView {
    GeneView {
        symbol: facts.symbol.clone(),
        hgnc_id: facts.hgnc_id.clone(),
        disease: facts.disease.clone(),
        inheritance: facts.inheritance.clone(),
        loss_of_function: facts.loss_of_function,
        validity: facts.validity.clone(),
        source: facts.source.clone(),
    }
}

/// Why the rules did not classify a variant, in the order of the interpretation's filters.
fn why_not(results: &Results, variant: &Variant) -> String {
    let row = &variant.row;
    let ordered = results.interpretation.scope.decided_by == ScopeSource::Order;
    match (row.zygosity, row.quality, row.region) {
        (Zygosity::NotCalled, ..) => "NOT EVALUATED: the genotype was not called.".to_owned(),
        (Zygosity::Absent, ..) => "NOT EVALUATED: the sample does not carry this allele.".to_owned(),
        (_, quality, _) if !matches!(quality, Quality::Pass | Quality::NotFiltered) => format!(
            "NOT EVALUATED: the call is of low quality ({}).",
            words::reason("quality", quality.code())
        ),
        (.., Region::NoGene) => "NOT EVALUATED: it lies in no gene of the transcripts.".to_owned(),
        (.., Region::OtherGenes) if ordered => "NOT EVALUATED: it is not in the ordered genes.".to_owned(),
        _ if !ordered => "Not kept: no gene was ordered, so only what the report lists keeps its criteria. The account of the \
                          interpretation counts it."
            .to_owned(),
        _ if matches!(row.effect, Effect::Modifier | Effect::NotAnnotated) => {
            "NOT EVALUATED: its consequence is not among those that the rules classify.".to_owned()
        }
        _ => "NOT EVALUATED: a filter of the interpretation set it aside, by its consequence or because it is too common in \
              the population. The account of the interpretation counts it."
            .to_owned(),
    }
}

/// A decision for the window.
fn decision_view(assertion: &Assertion, results: &Results) -> DecisionView {
    let withdrawn = match &assertion.withdrawn {
        Some(by) => Some(format!("withdrawn by {}, {}", by.name, times::text(by.at))),
        // The evidence may be another now: a person looks again.
        None if assertion.run != results.run.id => Some("made on an earlier run".to_owned()),
        None => None,
    };
    DecisionView {
        id: assertion.id.to_string(),
        class: words::class_step(Some(assertion.class)),
        proposed: words::class_step(assertion.proposed),
        reason: assertion.reason.clone(),
        by: assertion.name.clone(),
        role: role(assertion.role),
        at: times::text(assertion.at),
        withdrawn,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn places_in_words() {
        assert_eq!(super::place("exon", Some("2/23")).as_deref(), Some("exon 2 of 23"));
        assert_eq!(super::place("intron", None), None);
    }
}
