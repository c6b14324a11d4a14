//! What people decided on criteria and classes, what they entered, and the conclusion that follows by the same rules.

mod people;

use std::collections::{BTreeMap, BTreeSet};

use clinotype_case::{
    Order, Review,
    entered::{NotUsed, OnVariant},
    finding::{ClinvarListed, Finding, FunnelStep, Interpretation, SecondaryFindings, SetAside},
    quality::Quality,
};
use clinotype_genome::{Fault, Result, VariantKey};

use crate::{
    Context, Settings,
    conclusion::{self, Facts},
    findings::{self, Arranged},
    funnel::{self, Reason, Words},
    secondary, triage,
};

pub use people::contradictions;

/// What people decided and entered on the variants of an interpretation: always the whole list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Judgements<'a> {
    /// Classes.
    pub classes: &'a [(VariantKey, Review)],
    /// Evidence, and decisions on criteria. What names a variant that has no criteria here is said
    /// ([`clinotype_case::entered::FromPeople::not_used`], and a limit of the conclusion).
    pub people: &'a [OnVariant],
    /// What was named besides and is known to find no variant.
    pub not_used: &'a [NotUsed],
}

/// The interpretation with exactly these reviews of classes; evidence and decisions on criteria stay as they are. See
/// [`judge`].
///
/// # Errors
/// As [`judge`].
pub fn review(
    interpretation: &Interpretation,
    reviews: &[(VariantKey, Review)],
    order: Option<&Order>,
    quality: &Quality,
) -> Result<Interpretation> {
    let (people, not_used) = match &interpretation.people {
        Some(people) => (&people.variants[..], &people.not_used[..]),
        None => (&[][..], &[][..]),
    };
    let judgements = Judgements {
        classes: reviews,
        people,
        not_used,
    };
    judge(interpretation, &judgements, order, quality)
}

/// The interpretation with exactly these judgements of people. Criteria that a person set count in place of what the
/// rules say, which stays beside them; evidence makes proposals, which count nothing. Points, proposed classes,
/// sections, funnel, list of ClinVar alleles and conclusion follow by the rules that made them first.
///
/// `interpretation` may hold judgements already; what is not in `judgements` is withdrawn, and none gives what
/// [`crate::interpret`] gave, byte for byte. `order` and `quality` are those that were interpreted. The order within
/// `judgements` does not matter.
///
/// What a person classed as (likely) benign, or as uncertain where no policy lists these, is among
/// [`Interpretation::reviewed_not_reported`] and counted in the funnel under a reason of its own.
///
/// # Errors
/// An input fault where a review names a variant that the interpretation does not hold, where two name the same one,
/// where a review or a decision states no person, where a decision has no reason or a review none for another class
/// than the proposed one; where two decisions are on one criterion; where order, quality and interpretation are not of
/// one run; where an earlier version made the interpretation. Faults name no variant.
pub fn judge(
    interpretation: &Interpretation,
    judgements: &Judgements<'_>,
    order: Option<&Order>,
    quality: &Quality,
) -> Result<Interpretation> {
    let none = judgements.classes.is_empty() && judgements.people.is_empty() && judgements.not_used.is_empty();
    if none && interpretation.people.is_none() && !interpretation.variants().any(Finding::is_reviewed) {
        return Ok(interpretation.clone());
    }
    if quality.sample != interpretation.sample || quality.build != interpretation.build {
        return Err(not_of_one_run("the quality figures"));
    }
    let settings = Settings {
        lb_min_points: interpretation.lb_min_points,
        ..Settings::default()
    };
    let context = Context {
        sample: &interpretation.sample,
        input_sample: interpretation.input_sample.as_deref(),
        sex: interpretation.sex,
        build: interpretation.build,
        build_proof: &interpretation.build_proof,
        order,
        transcript_genes: &BTreeSet::new(),
        coverage: &quality.coverage,
        checks: &quality.checks,
        data: &interpretation.data,
        before: &[],
        settings: &settings,
        comparators: None,
    };
    let words = triage::words(&settings, order, &interpretation.scope);
    let mut accounts = Accounts {
        funnel: interpretation.funnel.clone(),
        clinvar_listed: interpretation.clinvar_listed.clone(),
        set_aside: interpretation.set_aside.clone().ok_or_else(|| {
            Fault::input("an earlier version made this interpretation; it does not hold what a review needs")
                .hint("interpret the case again")
        })?,
        words,
    };
    let held: Vec<(&Finding, bool)> = interpretation
        .findings
        .iter()
        .map(|f| (f, true))
        .chain(interpretation.classified.iter().map(|f| (f, false)))
        .collect();
    let beside = interpretation
        .secondary
        .iter()
        .flat_map(|secondary| &secondary.findings);
    let mut pool: Vec<Finding> = held
        .iter()
        .map(|(finding, _)| *finding)
        .chain(beside)
        .cloned()
        .collect();
    let people = people::put(&mut pool, judgements, &context)?;
    let by_key = checked(&pool, judgements.classes)?;
    for next in &mut pool {
        next.review = by_key.get(&next.variant.key).map(|review| (*review).clone());
    }
    let mut beside = pool.split_off(held.len());
    for ((finding, is_listed), next) in held.into_iter().zip(&pool) {
        if findings::reason(finding, accounts.words.list_vus).is_none() != is_listed {
            return Err(not_of_one_run("the order with its policy"));
        }
        accounts.move_one(finding, next)?;
    }
    triage::sort_listed(&mut accounts.clinvar_listed);
    let Arranged { findings, others } =
        findings::arrange(pool, interpretation.sex, interpretation.build, accounts.words.list_vus);
    let secondary = interpretation.secondary.as_ref().map(|before| SecondaryFindings {
        findings: secondary::arrange(std::mem::take(&mut beside), interpretation.sex, interpretation.build),
        ..before.clone()
    });
    let mut conclusion = conclusion::conclude(&Facts {
        context: &context,
        scope: &interpretation.scope,
        findings: &findings,
        clinvar_listed: &accounts.clinvar_listed,
        set_aside: &accounts.set_aside,
        reviewed_not_reported: others.iter().filter(|f| f.is_reviewed()).count() as u64,
        outside: funnel::outside(&interpretation.funnel),
        secondary: secondary.as_ref(),
    });
    let beside = secondary.iter().flat_map(|secondary| &secondary.findings);
    let all = findings.iter().chain(&others).chain(beside);
    conclusion.limits.extend(people::limits(people.as_ref(), all));
    Ok(Interpretation {
        funnel: accounts.funnel,
        findings,
        classified: others,
        set_aside: Some(accounts.set_aside),
        clinvar_listed: accounts.clinvar_listed,
        secondary,
        people,
        conclusion,
        ..interpretation.clone()
    })
}

fn not_of_one_run(what: &str) -> Fault {
    Fault::input(format!("{what} and the interpretation are not of one run")).hint("interpret the case again")
}

/// The reviews by variant, each looked at.
fn checked<'a>(pool: &[Finding], reviews: &'a [(VariantKey, Review)]) -> Result<BTreeMap<&'a VariantKey, &'a Review>> {
    let held: BTreeMap<&VariantKey, &Finding> = pool.iter().map(|f| (&f.variant.key, f)).collect();
    let mut by_key = BTreeMap::new();
    for (number, (key, review)) in reviews.iter().enumerate() {
        let wrong = |what: &str| {
            Fault::input(format!("review {} of {} {what}", number + 1, reviews.len()))
                .hint("correct or withdraw this review")
        };
        let finding = held
            .get(key)
            .ok_or_else(|| wrong("is of a variant that the interpretation does not hold"))?;
        if review.by.trim().is_empty() {
            return Err(wrong("states no person"));
        }
        // What was agreed with stays agreed with, also where criteria that were set since give another class.
        let proposed = review.on.unwrap_or(finding.classification.class);
        if review.reason.trim().is_empty() && !review.agrees_with(proposed) {
            return Err(wrong("gives another class than the proposed one without a reason"));
        }
        if by_key.insert(key, review).is_some() {
            return Err(wrong("is of a variant that another one names"));
        }
    }
    Ok(by_key)
}

/// What is counted and listed besides the findings. Only what a review moves is touched, so that the account of
/// everything that is not held variant by variant stays.
struct Accounts<'a> {
    funnel: Vec<FunnelStep>,
    clinvar_listed: Vec<ClinvarListed>,
    set_aside: SetAside,
    words: Words<'a>,
}

impl Accounts<'_> {
    /// Moves a variant from its former account to the one that it has with the judgements of now.
    fn move_one(&mut self, before: &Finding, now: &Finding) -> Result<()> {
        let list_vus = self.words.list_vus;
        let (from, to) = (findings::reason(before, list_vus), findings::reason(now, list_vus));
        if from != to {
            funnel::shift(&mut self.funnel, &self.words, from, to)
                .ok_or_else(|| not_of_one_run("the order with its policy"))?;
            self.count_uncertain(now, from, to);
        }
        let old = from.and_then(|reason| self.listed(before, reason));
        let new = to.and_then(|reason| self.listed(now, reason));
        if old != new {
            if let Some(place) = old.and_then(|old| self.clinvar_listed.iter().position(|listed| *listed == old)) {
                self.clinvar_listed.remove(place);
            }
            self.clinvar_listed.extend(new);
        }
        Ok(())
    }

    /// The row of an allele that ClinVar lists as P/LP and that is no finding.
    fn listed(&self, finding: &Finding, reason: Reason) -> Option<ClinvarListed> {
        let (variant, shown) = (&finding.variant, &finding.shown);
        let record = variant.clinvar.found().filter(|record| record.is_pathogenic())?;
        let why = triage::why_not_listed(&self.words, reason, &finding.criteria, &finding.classification);
        Some(triage::listed(variant, shown, finding.zygosity, record, why))
    }

    fn count_uncertain(&mut self, finding: &Finding, from: Option<Reason>, to: Option<Reason>) {
        let Some(gene) = &finding.shown.symbol else { return };
        let is_uncertain =
            |reason: Option<Reason>| matches!(reason, Some(Reason::Uncertain | Reason::ReviewedUncertain));
        let counts = &mut self.set_aside.uncertain;
        match (is_uncertain(from), is_uncertain(to)) {
            (false, true) => *counts.entry(gene.clone()).or_default() += 1,
            (true, false) => {
                if let Some(count) = counts.get_mut(gene) {
                    *count = count.saturating_sub(1);
                    if *count == 0 {
                        counts.remove(gene);
                    }
                }
            }
            _ => {}
        }
    }
}
