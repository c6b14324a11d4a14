//! What people decided on the proposed classes, and the conclusion that follows from it by the same rules.

use std::collections::{BTreeMap, BTreeSet};

use clinotype_case::{
    Order, Review,
    finding::{ClinvarListed, Finding, FunnelStep, Interpretation, SetAside},
    quality::Quality,
};
use clinotype_genome::{Fault, Result, VariantKey};

use crate::{
    Context, Settings,
    conclusion::{self, Facts},
    findings::{self, Arranged},
    funnel::{self, Reason, Words},
    triage,
};

/// The interpretation with exactly these reviews: sections, funnel, list of ClinVar alleles and conclusion follow the
/// classes in effect by the rules that made them first. Criteria, points and proposed classes stay as they are.
///
/// `interpretation` may hold reviews already; one that is not in `reviews` is withdrawn. So `reviews` is always the whole
/// list, and none gives what [`crate::interpret`] gave. `order` and `quality` are those that were interpreted. The order
/// of `reviews` does not matter.
///
/// What a person classed as (likely) benign, or as uncertain where no policy lists these, is among
/// [`Interpretation::reviewed_not_reported`] and counted in the funnel under a reason of its own.
///
/// # Errors
/// An input fault where a review names a variant that the interpretation does not hold, where two name the same one,
/// where a review states no person, or no reason for another class than the proposed one; where order, quality and
/// interpretation are not of one run; where an earlier version made the interpretation. Faults name no variant.
pub fn review(
    interpretation: &Interpretation,
    reviews: &[(VariantKey, Review)],
    order: Option<&Order>,
    quality: &Quality,
) -> Result<Interpretation> {
    if reviews.is_empty() && !interpretation.variants().any(Finding::is_reviewed) {
        return Ok(interpretation.clone());
    }
    let by_key = checked(interpretation, reviews)?;
    if quality.sample != interpretation.sample || quality.build != interpretation.build {
        return Err(not_of_one_run("the quality figures"));
    }
    let settings = Settings::default();
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
    let mut pool = Vec::with_capacity(interpretation.findings.len() + interpretation.classified.len());
    for (finding, is_listed) in interpretation
        .findings
        .iter()
        .map(|f| (f, true))
        .chain(interpretation.classified.iter().map(|f| (f, false)))
    {
        let from = findings::reason(finding, accounts.words.list_vus);
        if from.is_none() != is_listed {
            return Err(not_of_one_run("the order with its policy"));
        }
        let mut next = finding.clone();
        next.review = by_key.get(&finding.variant.key).map(|review| (*review).clone());
        accounts.move_one(&next, from)?;
        pool.push(next);
    }
    triage::sort_listed(&mut accounts.clinvar_listed);
    let Arranged { findings, others } =
        findings::arrange(pool, interpretation.sex, interpretation.build, accounts.words.list_vus);
    let conclusion = conclusion::conclude(&Facts {
        context: &Context {
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
        },
        scope: &interpretation.scope,
        findings: &findings,
        clinvar_listed: &accounts.clinvar_listed,
        set_aside: &accounts.set_aside,
        reviewed_not_reported: others.iter().filter(|f| f.is_reviewed()).count() as u64,
        outside: funnel::outside(&interpretation.funnel),
        secondary: interpretation.secondary.as_ref(),
    });
    Ok(Interpretation {
        funnel: accounts.funnel,
        findings,
        classified: others,
        set_aside: Some(accounts.set_aside),
        clinvar_listed: accounts.clinvar_listed,
        conclusion,
        ..interpretation.clone()
    })
}

fn not_of_one_run(what: &str) -> Fault {
    Fault::input(format!("{what} and the interpretation are not of one run")).hint("interpret the case again")
}

/// The reviews by variant, each looked at.
fn checked<'a>(
    interpretation: &Interpretation,
    reviews: &'a [(VariantKey, Review)],
) -> Result<BTreeMap<&'a VariantKey, &'a Review>> {
    let held: BTreeMap<&VariantKey, &Finding> = interpretation.variants().map(|f| (&f.variant.key, f)).collect();
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
        if review.reason.trim().is_empty() && !review.agrees_with(finding.classification.class) {
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
    /// Moves a variant, with the review that it has now, from its former reason to the one that it has now.
    fn move_one(&mut self, finding: &Finding, from: Option<Reason>) -> Result<()> {
        let to = findings::reason(finding, self.words.list_vus);
        if from == to {
            return Ok(());
        }
        funnel::shift(&mut self.funnel, &self.words, from, to)
            .ok_or_else(|| not_of_one_run("the order with its policy"))?;
        if let Some(row) = from.and_then(|reason| self.listed(finding, reason))
            && let Some(place) = self.clinvar_listed.iter().position(|listed| *listed == row)
        {
            self.clinvar_listed.remove(place);
        }
        if let Some(row) = to.and_then(|reason| self.listed(finding, reason)) {
            self.clinvar_listed.push(row);
        }
        self.count_uncertain(finding, from, to);
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
