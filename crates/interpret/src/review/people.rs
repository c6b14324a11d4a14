//! Evidence and decisions on criteria, put onto the variants that are held.

use clinotype_case::{
    criterion::{Class, Code, Criterion, State},
    entered::{FromPeople, NotUsed, OnVariant, same_allele},
    finding::Finding,
};
use clinotype_genome::{Fault, Result, VariantKey};

use super::Judgements;
use crate::{
    Context,
    acmg::{cases, overrides},
    findings, sentences,
};

/// A variant that is named and has no criteria here.
const NO_CRITERIA: &str = "the sample has no classified variant here";

/// Puts the judgements on the variants of the pool, in place of those that they hold, and gives what is in place then.
pub(super) fn put(
    pool: &mut [Finding],
    judgements: &Judgements<'_>,
    context: &Context<'_>,
) -> Result<Option<FromPeople>> {
    let mut not_used = judgements.not_used.to_vec();
    let mut given: Vec<Option<&OnVariant>> = vec![None; pool.len()];
    for (number, one) in judgements.people.iter().enumerate() {
        let mut found = false;
        for (finding, given) in pool.iter().zip(&mut given) {
            if !same_allele(&finding.variant.key, &one.key) {
                continue;
            }
            if given.replace(one).is_some() {
                return Err(Fault::input(format!(
                    "evidence {} of {} is on a variant that another one names",
                    number + 1,
                    judgements.people.len()
                )));
            }
            found = true;
        }
        if !found {
            not_used.push(NotUsed {
                name: one.key.to_string(),
                reason: NO_CRITERIA.to_owned(),
            });
        }
    }
    // A variant that nothing is said of, and that held nothing, keeps its bytes.
    let touched: Vec<bool> = pool
        .iter()
        .zip(&given)
        .map(|(finding, given)| given.is_some() || holds_any(finding))
        .collect();
    for (finding, given) in pool.iter_mut().zip(&given) {
        let decisions = given.map(|one| &one.decisions[..]).unwrap_or_default();
        if given.is_some() || holds_any(finding) {
            finding.criteria = overrides::apply(&finding.criteria, decisions, finding.shown.symbol.as_deref())?;
            for row in &mut finding.criteria {
                row.proposal = None;
            }
            findings::classify_anew(context, finding, &[]);
        }
    }
    let classes = classes(pool, judgements);
    for ((finding, given), touched) in pool.iter_mut().zip(&given).zip(touched) {
        if !touched {
            continue;
        }
        let entries = given.map(|one| &one.evidence[..]).unwrap_or_default();
        let other = |key: &VariantKey| named(&classes, key);
        let facts = facts(finding, &other);
        let contrary = cases::contradictions(entries, &facts);
        for proposal in cases::proposals(entries, &facts) {
            if let Some(row) = finding.criteria.iter_mut().find(|row| row.code == proposal.code) {
                row.proposal = Some(Box::new(proposal));
            }
        }
        findings::classify_anew(context, finding, &contrary);
    }
    not_used.sort();
    not_used.dedup();
    let mut variants: Vec<OnVariant> = given
        .into_iter()
        .flatten()
        .filter(|one| !one.evidence.is_empty() || !one.decisions.is_empty())
        .cloned()
        .collect();
    for one in &mut variants {
        one.decisions.sort_by_key(|decision| decision.code);
    }
    variants.sort_by_cached_key(|one| sentences::place(&one.key));
    // A variant of genes of the order and outside of it is held twice.
    variants.dedup_by(|later, kept| later.key == kept.key);
    let any = !variants.is_empty() || !not_used.is_empty();
    Ok(any.then_some(FromPeople { variants, not_used }))
}

fn holds_any(finding: &Finding) -> bool {
    finding
        .criteria
        .iter()
        .any(|row| row.decided.is_some() || row.proposal.is_some())
}

fn is_met(criteria: &[Criterion], code: Code) -> bool {
    criteria.iter().any(|row| row.code == code && row.state == State::Met)
}

/// Class in effect and name of every variant: that of the review given now, else the one of the criteria.
fn classes(pool: &[Finding], judgements: &Judgements<'_>) -> Vec<(VariantKey, Class, String)> {
    let class = |finding: &Finding| {
        let review = judgements.classes.iter().find(|(key, _)| *key == finding.variant.key);
        review.map_or(finding.classification.class, |(_, review)| review.class)
    };
    pool.iter()
        .map(|f| (f.variant.key.clone(), class(f), sentences::name(&f.variant, &f.shown)))
        .collect()
}

/// Class and name of a variant of the list.
fn named(classes: &[(VariantKey, Class, String)], key: &VariantKey) -> Option<(Class, String)> {
    let found = classes.iter().find(|(one, ..)| same_allele(one, key));
    found.map(|(_, class, name)| (*class, name.clone()))
}

/// What evidence on a variant is held against.
fn facts<'a>(finding: &'a Finding, other: &'a dyn Fn(&VariantKey) -> Option<(Class, String)>) -> cases::Facts<'a> {
    cases::Facts {
        rare: is_met(&finding.criteria, Code::PM2),
        zygosity: finding.zygosity,
        gene: finding.gene.as_ref(),
        other,
    }
}

/// What contradicts itself in the evidence and the decisions given on one variant, in words; for whoever takes them,
/// before they are kept. `finding`: the variant as it stands; `all`: every variant that is held.
pub fn contradictions<'a>(given: &OnVariant, finding: &Finding, all: impl Iterator<Item = &'a Finding>) -> Vec<String> {
    let classes: Vec<(VariantKey, Class, String)> = all
        .map(|f| (f.variant.key.clone(), f.class(), sentences::name(&f.variant, &f.shown)))
        .collect();
    let other = |key: &VariantKey| named(&classes, key);
    let mut found = cases::contradictions(&given.evidence, &facts(finding, &other));
    found.extend(overrides::contradiction(&given.decisions));
    found
}

/// What the conclusion must say besides: evidence that found no variant, and classes decided on other criteria.
pub(super) fn limits<'a>(people: Option<&FromPeople>, findings: impl Iterator<Item = &'a Finding>) -> Vec<String> {
    let mut limits = Vec::new();
    if let Some(people) = people.filter(|people| !people.not_used.is_empty()) {
        let named: Vec<String> = people
            .not_used
            .iter()
            .map(|one| format!("{} ({})", one.name, one.reason))
            .collect();
        limits.push(format!(
            "Evidence or decisions of people that were not used: {}.",
            named.join("; ")
        ));
    }
    for finding in findings {
        let Some((review, then)) = finding.review.as_ref().and_then(|r| r.on.map(|on| (r, on))) else {
            continue;
        };
        let now = finding.classification.class;
        if then != now {
            limits.push(format!(
                "{} {} was classed as {} when its criteria gave {}; they now give {}: a person must look again.",
                finding.shown.symbol.as_deref().unwrap_or("gene not stated"),
                sentences::name(&finding.variant, &finding.shown),
                review.class.words(),
                then.words(),
                now.words()
            ));
        }
    }
    limits
}
