//! The answer: one word, one headline, three to six sentences, what to do, what it does not cover.
//!
//! NEGATIVE is the claim that does most harm when wrong, so it is what is left when nothing speaks against it: the
//! coverage of every gene in scope was measured and is complete, no check failed, no ordered gene went untested,
//! ClinVar was there to recognise known alleles, and no allele that is or would be (likely) pathogenic was set aside.
//! Everything else without a finding is INCONCLUSIVE.
//!
//! The class that counts is the class in effect: that of a person's review where there is one.

use clinotype_case::{
    evidence::ClinvarRecord,
    finding::{ClinvarListed, Conclusion, Finding, Outcome, Scope, ScopeSource, SecondaryFindings, Section, SetAside},
    quality::CheckResult,
};

use crate::{
    Context,
    limits::{self, Limit, counted},
    secondary, sentences,
};

/// What the conclusion is drawn from.
pub(crate) struct Facts<'a> {
    pub(crate) context: &'a Context<'a>,
    pub(crate) scope: &'a Scope,
    pub(crate) findings: &'a [Finding],
    pub(crate) clinvar_listed: &'a [ClinvarListed],
    pub(crate) set_aside: &'a SetAside,
    /// Variants that a person reviewed and that are not among the findings.
    pub(crate) reviewed_not_reported: u64,
    pub(crate) outside: u64,
    pub(crate) secondary: Option<&'a SecondaryFindings>,
}

impl Facts<'_> {
    fn of(&self, section: Section) -> Vec<&Finding> {
        self.findings.iter().filter(|f| f.section == section).collect()
    }
    fn has_failed_check(&self) -> bool {
        self.context
            .checks
            .iter()
            .any(|check| check.result == CheckResult::Fail)
    }
    fn tested(&self) -> String {
        let count = self.scope.genes.len() as u64;
        match self.scope.decided_by {
            ScopeSource::Order => format!("the {} tested", counted(count, "ordered gene")),
            ScopeSource::AllTranscripts => format!("the {} of the transcripts", counted(count, "gene")),
        }
    }
}

/// Draws the conclusion.
pub(crate) fn conclude(facts: &Facts<'_>) -> Conclusion {
    let limits = limits::limits(facts);
    let outcome = outcome(facts, &limits);
    Conclusion {
        outcome,
        headline: headline(facts, outcome, &limits),
        interpretation: interpretation(facts, outcome, &limits),
        recommendations: recommendations(facts, outcome, &limits),
        limits: limits.into_iter().map(|limit| limit.sentence).collect(),
        secondary_findings: secondary_findings(facts),
    }
}

fn outcome(facts: &Facts<'_>, limits: &[Limit]) -> Outcome {
    let has = |section| facts.findings.iter().any(|f| f.section == section);
    if has(Section::Primary) {
        Outcome::Positive
    } else if has(Section::Unassigned) {
        // A (likely) pathogenic variant whose meaning is open is no carrier result and no negative one.
        Outcome::Inconclusive
    } else if has(Section::Carrier) {
        Outcome::Carrier
    } else if has(Section::Uncertain) {
        Outcome::Uncertain
    } else if limits.iter().any(|limit| limit.blocks_negative) {
        Outcome::Inconclusive
    } else {
        Outcome::Negative
    }
}

fn headline(facts: &Facts<'_>, outcome: Outcome, limits: &[Limit]) -> String {
    let text = match outcome {
        Outcome::Positive => {
            let primary = facts.of(Section::Primary);
            let fits = if facts.context.order.is_some() {
                ", which may explain the indication"
            } else {
                ""
            };
            let phase = if has_unknown_phase(facts) {
                ", phase unknown"
            } else {
                ""
            };
            format!(
                "{} in {}{phase}{fits} ({})",
                classes(&primary),
                genes(&primary),
                standing(&primary)
            )
        }
        Outcome::Carrier => {
            let carriers = facts.of(Section::Carrier);
            format!(
                "{} in {}: carrier state, not a full explanation ({})",
                classes(&carriers),
                genes(&carriers),
                standing(&carriers)
            )
        }
        Outcome::Uncertain => format!(
            "Only variants of uncertain significance are listed: {}{} ({})",
            counted(facts.findings.len() as u64, "variant"),
            clinvar_among_uncertain(facts),
            standing(&facts.of(Section::Uncertain))
        ),
        Outcome::Negative => format!("No reportable variant was found in {}", facts.tested()),
        Outcome::Inconclusive if !facts.findings.is_empty() => {
            let open = facts.of(Section::Unassigned);
            format!(
                "{} in {} needs a person's decision ({})",
                classes(&open),
                genes(&open),
                standing(&open)
            )
        }
        Outcome::Inconclusive => match limits.iter().find(|limit| limit.blocks_negative) {
            Some(limit) => format!("No answer can be given yet. {}", limit.sentence.trim_end_matches('.')),
            None => "No answer can be given yet".to_owned(),
        },
    };
    if facts.has_failed_check() && !facts.findings.is_empty() {
        format!("{text}; a check of this run FAILED")
    } else {
        text
    }
}

/// How many of the uncertain findings ClinVar lists as (likely) pathogenic: a reader must not overlook them.
fn clinvar_among_uncertain(facts: &Facts<'_>) -> String {
    let listed = |f: &&&Finding| f.variant.clinvar.found().is_some_and(ClinvarRecord::is_pathogenic);
    match facts.of(Section::Uncertain).iter().filter(listed).count() {
        0 => String::new(),
        n => format!(", {n} of them listed by ClinVar as (likely) pathogenic"),
    }
}

fn has_unknown_phase(facts: &Facts<'_>) -> bool {
    facts
        .findings
        .iter()
        .any(|f| f.sentences.last().is_some_and(|s| s.contains("phase is unknown")))
}

/// `A pathogenic variant`, `2 (likely) pathogenic variants`.
fn classes(findings: &[&Finding]) -> String {
    match findings {
        [one] => format!("A {} variant", one.class().words().to_lowercase()),
        many => format!("{} (likely) pathogenic variants", many.len()),
    }
}

/// Whose the classes are.
fn standing(findings: &[&Finding]) -> &'static str {
    match findings.iter().filter(|f| f.is_reviewed()).count() {
        0 => "proposed",
        n if n == findings.len() => "reviewed",
        _ => "in part reviewed",
    }
}

fn genes(findings: &[&Finding]) -> String {
    let mut names: Vec<String> = Vec::new();
    for finding in findings {
        let symbol = finding.shown.symbol.clone().unwrap_or_default();
        if !names.contains(&symbol) {
            names.push(symbol);
        }
    }
    limits::list(&names)
}

fn interpretation(facts: &Facts<'_>, outcome: Outcome, limits: &[Limit]) -> Vec<String> {
    let mut sentences = vec![answer(facts, outcome)];
    for section in [Section::Primary, Section::Unassigned, Section::Carrier] {
        if let Some(sentence) = about(&facts.of(section)) {
            sentences.push(sentence);
        }
    }
    let uncertain = facts.of(Section::Uncertain).len() as u64;
    if uncertain > 0 {
        sentences.push(format!(
            "{} of uncertain significance {} listed by the laboratory's policy{}; none supports a \
             diagnosis by itself.",
            counted(uncertain, "variant"),
            if uncertain == 1 { "is" } else { "are" },
            clinvar_among_uncertain(facts)
        ));
    }
    if !facts.clinvar_listed.is_empty() {
        sentences.push(format!(
            "{} that ClinVar lists as (likely) pathogenic {} set aside here for the stated reason and must be \
             looked at.",
            counted(facts.clinvar_listed.len() as u64, "allele"),
            if facts.clinvar_listed.len() == 1 { "was" } else { "were" }
        ));
    }
    if outcome != Outcome::Negative && outcome != Outcome::Inconclusive && limits.iter().any(|l| l.blocks_negative) {
        sentences.push("The limits below do not allow to say that nothing else is there.".to_owned());
    } else {
        sentences.push("That a variant was not detected does not exclude one: the limits below apply.".to_owned());
    }
    // The caveat stands last, and a report has at most six sentences here.
    sentences.truncate(5);
    sentences.push(caveat(facts));
    sentences
}

/// Who classified, and what the rules did not look at.
fn caveat(facts: &Facts<'_>) -> String {
    let reviewed = facts.findings.iter().filter(|f| f.is_reviewed()).count() as u64;
    let open = facts.findings.len() as u64 - reviewed;
    let evaluated = "criteria on segregation, phase, function and counts of cases were not evaluated";
    let mut text = match (reviewed, open) {
        (0, _) => format!("Every class is proposed by rules ({evaluated}) and must be confirmed by a person."),
        (_, 0) => format!("Every reported class was reviewed by a person; by rules, {evaluated}."),
        _ => format!(
            "{} reviewed by a person; {open} proposed by rules ({evaluated}) must be confirmed by a person.",
            if reviewed == 1 {
                "1 reported class was".to_owned()
            } else {
                format!("{reviewed} reported classes were")
            }
        ),
    };
    if facts.reviewed_not_reported > 0 {
        text.push(' ');
        if facts.reviewed_not_reported == 1 {
            text.push_str("1 variant was reviewed by a person and is");
        } else {
            text.push_str(&facts.reviewed_not_reported.to_string());
            text.push_str(" variants were reviewed by a person and are");
        }
        text.push_str(" not reported; each is listed with the reason.");
    }
    text
}

fn answer(facts: &Facts<'_>, outcome: Outcome) -> String {
    let asked = facts.context.order.is_some();
    let count = |section| facts.of(section).len() as u64;
    match outcome {
        Outcome::Positive => {
            let found = counted(count(Section::Primary), "(likely) pathogenic variant");
            let question = if asked {
                "; whether it explains the indication is for the reviewer to decide"
            } else {
                "; without an order there is no indication to answer"
            };
            format!(
                "{found} with a fitting genotype {} found in {}{question}.",
                was(count(Section::Primary)),
                facts.tested()
            )
        }
        Outcome::Carrier => format!(
            "No variant that fits the disease by itself was found in {}; {} shows a carrier state.",
            facts.tested(),
            counted(count(Section::Carrier), "(likely) pathogenic variant")
        ),
        Outcome::Uncertain => format!(
            "No pathogenic or likely pathogenic variant was found in {}; what is listed is of uncertain significance.",
            facts.tested()
        ),
        Outcome::Negative => format!(
            "No pathogenic or likely pathogenic variant was found in {}, whose coding bases all reach the \
             laboratory's depth.",
            facts.tested()
        ),
        Outcome::Inconclusive if facts.findings.is_empty() => {
            "The question cannot be answered from these data: no reportable variant was found, and the limits \
             below do not \
             allow to call that negative."
                .to_owned()
        }
        Outcome::Inconclusive => "A (likely) pathogenic variant was found whose meaning for this person is \
         open."
            .to_owned(),
    }
}

fn was(count: u64) -> &'static str {
    if count == 1 { "was" } else { "were" }
}

/// The first finding of a section in words, the others counted.
fn about(findings: &[&Finding]) -> Option<String> {
    let first = findings.first()?;
    let gene = first.shown.symbol.as_deref().unwrap_or_default();
    let name = sentences::name(&first.variant, &first.shown);
    let place = sentences::place_of(first.sentences.last()?);
    let others = match findings.len() - 1 {
        0 => String::new(),
        n => format!(
            " {} of this kind {} in the table.",
            counted(n as u64, "more variant"),
            if n == 1 { "is" } else { "are" }
        ),
    };
    Some(format!("{gene} {name}: {place}{others}"))
}

fn recommendations(facts: &Facts<'_>, outcome: Outcome, limits: &[Limit]) -> Vec<String> {
    let mut list: Vec<&str> = Vec::new();
    let has = |section| facts.findings.iter().any(|f| f.section == section);
    let reported = has(Section::Primary) || has(Section::Carrier) || has(Section::Unassigned);
    if facts.has_failed_check() {
        list.push("Settle the failed check before anything here is used.");
    }
    if reported {
        list.push("Confirm the reported variants by an independent method before clinical use.");
        list.push(if has(Section::Primary) {
            "Offer genetic counselling, and testing of the reported variants to relatives at risk."
        } else {
            "Offer genetic counselling."
        });
    }
    if has_unknown_phase(facts) {
        list.push("Test the parents, or phase by long reads, to tell whether the two alleles lie in trans.");
    }
    if has(Section::Carrier) {
        list.push("Consider testing the partner for the carrier's gene; a second variant may have been missed here.");
    }
    if has(Section::Uncertain) {
        list.push("Do not use variants of uncertain significance for predictive or prenatal decisions.");
    }
    if !facts.clinvar_listed.is_empty() || !clinvar_among_uncertain(facts).is_empty() {
        list.push("Look at every allele that ClinVar lists as pathogenic and decide.");
    }
    if !facts.set_aside.doubtful.is_empty() {
        list.push("Repeat or confirm the calls of low quality that are named in the limits.");
    }
    if limits.iter().any(|limit| limit.sentence.contains("fewer than")) {
        list.push("Close the gaps in coverage that the quality block lists, for example by Sanger sequencing.");
    }
    if !facts.scope.not_covered.is_empty() {
        list.push("Test the ordered genes that have no transcript here by another method.");
    }
    if outcome == Outcome::Negative {
        list.push(
            "If the clinical suspicion remains, consider tests for what this one does not cover, such as \
         copy-number variants.",
        );
    } else if outcome == Outcome::Inconclusive && list.is_empty() {
        list.push("Repeat the test with data that allow an answer.");
    }
    list.into_iter().map(str::to_owned).collect()
}

fn secondary_findings(facts: &Facts<'_>) -> String {
    if let Some(found) = facts.secondary {
        return secondary::sentence(found);
    }
    match (facts.context.order.is_some(), facts.scope.secondary_findings) {
        (false, _) => "Secondary findings: not looked for (no order, hence no consent).",
        (true, None) => "Secondary findings: not looked for (no consent stated).",
        (true, Some(false)) => "Secondary findings: not looked for (consent declined).",
        (true, Some(true)) => {
            "Secondary findings: consented to; every gene of the transcripts was looked at, none beside."
        }
    }
    .to_owned()
}
