//! Secondary findings: (likely) pathogenic variants in the genes of the ACMG list, where the person consented to know.
//!
//! Without consent nothing outside the order is looked at, named or kept. The list and what it reports are a table
//! (secondary_findings.tsv).

use std::{collections::BTreeSet, fmt::Write as _};

use clinotype_case::{
    Order, Sex,
    evidence::{AnnotatedVariant, Zygosity},
    finding::{ClinvarListed, Finding, Scope, ScopeSource, SecondaryFindings},
};
use clinotype_genome::{Build, VariantKey};

use crate::{
    Context,
    comparators::Kind,
    findings::{self, Arranged},
    inheritance::{self, Phase},
    outline::{Outline, Touched},
    rules::{RULES, Secondary},
    sentences,
    triage::{self, Sifted, Triage},
};

/// Genes to look at beside the scope.
#[derive(Debug)]
pub(crate) struct Beside {
    genes: BTreeSet<String>,
    /// Of the list, without a transcript here.
    not_covered: Vec<String>,
}

/// The genes to look at: those of the list that the order does not name anyway and that the transcripts cover; `None`
/// where nobody consented, or where every gene is in scope already.
pub(crate) fn genes(order: Option<&Order>, scope: &Scope, transcript_genes: &BTreeSet<String>) -> Option<Beside> {
    let consented = order.and_then(|order| order.consent.secondary_findings) == Some(true);
    if !consented || scope.decided_by == ScopeSource::AllTranscripts {
        return None;
    }
    let ordered: BTreeSet<&String> = scope.genes.iter().chain(&scope.not_covered).collect();
    let wanted = || RULES.secondary.keys().filter(|gene| !ordered.contains(gene)).cloned();
    Some(Beside {
        genes: wanted().filter(|gene| transcript_genes.contains(gene)).collect(),
        not_covered: wanted().filter(|gene| !transcript_genes.contains(gene)).collect(),
    })
}

impl Beside {
    /// Sifts an allele by these genes; `None` where it touches none of them.
    pub(crate) fn sift(
        &self,
        context: &Context<'_>,
        outline: &Outline<'_>,
        whole: impl FnOnce() -> AnnotatedVariant,
    ) -> Option<Sifted> {
        let concerned = |touched: &Touched<'_>| {
            let symbol = touched.symbol.as_deref();
            symbol.is_some_and(|symbol| self.genes.contains(symbol))
        };
        let any = outline.consequences.iter().any(concerned);
        any.then(|| triage::sift(context, &self.genes, outline, whole))
    }
}

/// Takes alleles of these genes beside the main filters.
pub(crate) struct Looking<'a> {
    beside: &'a Beside,
    triage: Triage<'a>,
    context: &'a Context<'a>,
}

impl<'a> Looking<'a> {
    pub(crate) fn new(context: &'a Context<'a>, beside: &'a Beside, scope: &Scope) -> Self {
        Self {
            beside,
            triage: Triage::new(context, scope),
            context,
        }
    }

    pub(crate) fn take(&mut self, sifted: Sifted) {
        self.triage.take(sifted);
    }

    /// What is to be reported, in the order of a report.
    pub(crate) fn finish(self) -> SecondaryFindings {
        let context = self.context;
        let triaged = self.triage.finish();
        let pool: Vec<Finding> = triaged
            .candidates
            .into_iter()
            .map(|c| findings::finding(context, c))
            .collect();
        let mut found = findings::arrange(pool, context.sex, context.build, false).findings;
        found.retain(|finding| finding.class().is_pathogenic());
        let reported: Vec<bool> = found.iter().map(|one| is_reported(one, &found, context)).collect();
        let mut reported = reported.into_iter();
        found.retain(|_| reported.next() == Some(true));
        // What was not reported stands beside nothing.
        let found = arrange(found, context.sex, context.build);
        let list = RULES.sets.iter().find(|set| set.name == "Secondary findings");
        SecondaryFindings {
            list: list.map(|set| set.version.clone()).unwrap_or_default(),
            genes: self.beside.genes.iter().cloned().collect(),
            not_covered: self.beside.not_covered.clone(),
            clinvar_listed: to_look_at(triaged.clinvar_listed),
            findings: found,
        }
    }
}

/// Sections, sentences and ids by the classes in effect; what is not (likely) pathogenic comes last.
pub(crate) fn arrange(found: Vec<Finding>, sex: Sex, build: Build) -> Vec<Finding> {
    let Arranged { findings, others } = findings::arrange(found, sex, build, false);
    let mut all: Vec<Finding> = findings.into_iter().chain(others).collect();
    for (number, finding) in all.iter_mut().enumerate() {
        finding.id = format!("S{}", number + 1);
    }
    all
}

/// Whether the list asks to report it. `all`: every (likely) pathogenic allele found.
fn is_reported(finding: &Finding, all: &[Finding], context: &Context<'_>) -> bool {
    let symbol = finding.shown.symbol.as_ref();
    let Some(rule) = symbol.and_then(|symbol| RULES.secondary.get(symbol)) else {
        return false;
    };
    let on_both = |zygosity| matches!(zygosity, Zygosity::Homozygous | Zygosity::Hemizygous);
    match rule.report {
        Secondary::Any => true,
        // Both alleles, homozygous or two of them; a single one is a carrier state and is not reported.
        Secondary::Biallelic => {
            on_both(finding.zygosity)
                || all.iter().any(|other| {
                    other.variant.key != finding.variant.key
                        && other.shown.symbol.as_ref() == symbol
                        && inheritance::phase(&finding.variant, &other.variant) != Phase::Cis
                })
        }
        Secondary::Truncating => Kind::of(&finding.shown.terms).is_null(),
        Secondary::HomozygousHfe => is_hfe(&finding.variant.key, context.build) && on_both(finding.zygosity),
    }
}

/// HFE c.845G>A, p.Cys282Tyr.
fn is_hfe(key: &VariantKey, build: Build) -> bool {
    let position = match build {
        Build::Grch37 => 26_093_141,
        Build::Grch38 => 26_092_913,
    };
    key.position.get() == position && key.reference == "G" && key.alternate == "A"
}

/// ClinVar's P/LP alleles that the rules did not class so: a person must look. One allele of a recessive gene is a
/// carrier state and not shown.
fn to_look_at(listed: Vec<ClinvarListed>) -> Vec<ClinvarListed> {
    let alleles: Vec<String> = listed.iter().map(|l| l.gene.clone()).collect();
    listed
        .into_iter()
        .filter(|one| {
            let one_is_enough = RULES
                .secondary
                .get(&one.gene)
                .is_some_and(|rule| matches!(rule.report, Secondary::Any | Secondary::Truncating));
            let both = [Zygosity::Homozygous, Zygosity::Hemizygous].map(Zygosity::words);
            one_is_enough
                || both.contains(&one.zygosity.as_str())
                || alleles.iter().filter(|gene| **gene == one.gene).count() > 1
        })
        .collect()
}

/// The line of the report.
pub(crate) fn sentence(found: &SecondaryFindings) -> String {
    let list = found.list.split(" (").next().unwrap_or_default();
    if found.genes.is_empty() {
        return format!(
            "Secondary findings: consented to, but no gene of {list} beside the ordered ones has a transcript here."
        );
    }
    let mut text = format!(
        "Secondary findings: looked for in {} genes of {list}",
        found.genes.len()
    );
    let (reported, others): (Vec<&Finding>, Vec<&Finding>) = found
        .findings
        .iter()
        .partition(|finding| finding.class().is_pathogenic());
    if reported.is_empty() {
        text.push_str(if others.is_empty() {
            "; none found by the rules"
        } else {
            "; none found"
        });
    } else {
        let named: Vec<String> = reported
            .iter()
            .map(|f| {
                format!(
                    "{} {}, {}, {}",
                    f.shown.symbol.as_deref().unwrap_or_default(),
                    sentences::name(&f.variant, &f.shown),
                    f.zygosity.words(),
                    f.class().words().to_lowercase()
                )
            })
            .collect();
        let _ = write!(text, "; found: {}", named.join("; "));
    }
    if !others.is_empty() {
        let _ = write!(
            text,
            "; {} not reported because a person classed or set criteria of it so",
            others.len()
        );
    }
    if !found.clinvar_listed.is_empty() {
        let named: Vec<String> = found
            .clinvar_listed
            .iter()
            .map(|l| format!("{} {} ({})", l.gene, l.name, l.clinvar))
            .collect();
        let _ = write!(text, "; listed by ClinVar, a person must look: {}", named.join("; "));
    }
    if !found.not_covered.is_empty() {
        let _ = write!(
            text,
            "; {} genes of the list have no transcript here",
            found.not_covered.len()
        );
    }
    text.push('.');
    text
}
