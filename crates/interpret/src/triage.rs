//! The filters, allele by allele: what is dropped is counted, what ClinVar calls pathogenic is listed.

use std::collections::{BTreeMap, BTreeSet};

use clinotype_case::{
    criterion::{Class, Code, Criterion, State},
    evidence::{AnnotatedVariant, TranscriptConsequence, Zygosity},
    finding::{Classification, ClinvarListed, FunnelStep, GeneFacts, Scope},
};

use crate::{
    Context,
    acmg::{self, Question},
    consequence,
    funnel::{Funnel, Reason, Words},
    inheritance::{self, Copies},
    rules::RULES,
    scope::{self, InScope},
    sentences,
};

/// An allele that passed every filter.
#[derive(Debug)]
pub(crate) struct Candidate {
    pub(crate) variant: AnnotatedVariant,
    pub(crate) shown: TranscriptConsequence,
    pub(crate) gene: Option<&'static GeneFacts>,
    pub(crate) copies: Copies,
    pub(crate) criteria: Vec<Criterion>,
    pub(crate) classification: Classification,
    /// Whether the input states the allele more than once.
    pub(crate) repeated: bool,
}

/// An allele of low quality that would be (likely) pathogenic.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Doubtful {
    pub(crate) gene: String,
    pub(crate) name: String,
    pub(crate) reason: String,
}

/// What the filters leave.
#[derive(Debug)]
pub(crate) struct Triaged {
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) clinvar_listed: Vec<ClinvarListed>,
    pub(crate) doubtful: Vec<Doubtful>,
    /// Alleles of uncertain significance that are not listed, by gene.
    pub(crate) unlisted_uncertain: BTreeMap<String, u64>,
    /// Alleles outside the scope.
    pub(crate) outside: u64,
    pub(crate) funnel: Vec<FunnelStep>,
}

/// The filters at work.
#[derive(Debug)]
pub(crate) struct Triage<'a> {
    context: &'a Context<'a>,
    genes: &'a BTreeSet<String>,
    words: Words<'a>,
    funnel: Funnel,
    candidates: Vec<Candidate>,
    clinvar_listed: Vec<ClinvarListed>,
    doubtful: Vec<Doubtful>,
    unlisted_uncertain: BTreeMap<String, u64>,
}

impl<'a> Triage<'a> {
    pub(crate) fn new(context: &'a Context<'a>, genes: &'a BTreeSet<String>, scope: &Scope) -> Self {
        let policy = context.order.map(|order| &order.policy);
        let words = Words {
            settings: context.settings,
            ordered: scope.decided_by == clinotype_case::finding::ScopeSource::Order,
            policy: policy.and_then(|p| p.name.as_deref()),
            list_vus: policy.is_some_and(|p| p.list_vus),
        };
        Self {
            context,
            genes,
            words,
            funnel: Funnel::default(),
            candidates: Vec::new(),
            clinvar_listed: Vec::new(),
            doubtful: Vec::new(),
            unlisted_uncertain: BTreeMap::new(),
        }
    }

    /// Takes one allele through the filters.
    pub(crate) fn take(&mut self, mut variant: AnnotatedVariant) {
        self.funnel.see();
        let in_scope = scope::restrict(&mut variant, self.genes);
        if let Some(reason) = early_reason(&variant, self.context.settings, in_scope) {
            self.funnel.drop_for(reason);
            // An allele that the sample does not carry is nobody's finding.
            if in_scope == InScope::Yes && reason != Reason::NotPresent {
                self.account_for_low_quality(variant, reason);
            }
            return;
        }
        if !is_worth_reviewing(&variant, self.context.settings.review_splice_delta) {
            self.funnel.drop_for(Reason::NotReviewed);
            return;
        }
        let Some(candidate) = self.classify(variant) else {
            // In scope means at least one consequence, so this cannot be; counted all the same.
            self.funnel.drop_for(Reason::NotReviewed);
            return;
        };
        match late_reason(&candidate, self.words.list_vus) {
            Some(reason) => self.drop_classified(candidate, reason),
            None => self.candidates.push(candidate),
        }
    }

    pub(crate) fn finish(mut self) -> Triaged {
        self.drop_repeated();
        self.clinvar_listed.sort_by_cached_key(|l| {
            (
                sentences::place(&l.key),
                l.name.clone(),
                l.zygosity.clone(),
                l.reason.clone(),
            )
        });
        self.doubtful.sort();
        Triaged {
            funnel: self.funnel.steps(self.context.before, &self.words),
            outside: self.funnel.count(Reason::OtherGenes) + self.funnel.count(Reason::NoGene),
            candidates: self.candidates,
            clinvar_listed: self.clinvar_listed,
            doubtful: self.doubtful,
            unlisted_uncertain: self.unlisted_uncertain,
        }
    }

    /// An input may state one allele twice (two representations, two callers). One finding is enough, and says so.
    fn drop_repeated(&mut self) {
        // A total order first, so that what is kept never depends on the order of the input.
        self.candidates
            .sort_by_cached_key(|c| (sentences::place(&c.variant.key), format!("{:?}", c.variant)));
        let before = self.candidates.len();
        self.candidates.dedup_by(|later, kept| {
            let repeated = later.variant.key == kept.variant.key;
            kept.repeated |= repeated;
            repeated
        });
        for _ in self.candidates.len()..before {
            self.funnel.drop_for(Reason::Repeated);
        }
    }

    fn classify(&self, variant: AnnotatedVariant) -> Option<Candidate> {
        let shown = consequence::shown(&variant)?.clone();
        let gene = RULES.gene(shown.symbol.as_deref(), shown.hgnc_id.as_deref());
        let criteria = acmg::evaluate(&Question {
            variant: &variant,
            shown: &shown,
            gene,
            build: self.context.build,
            data: self.context.data,
        });
        let classification = acmg::classify(&criteria, self.context.settings.lb_min_points);
        let copies = inheritance::copies(&variant, self.context.sex, self.context.build);
        Some(Candidate {
            variant,
            shown,
            gene,
            copies,
            criteria,
            classification,
            repeated: false,
        })
    }

    /// A low-quality allele in scope is not a finding, but it must not let a report say that nothing was found.
    fn account_for_low_quality(&mut self, variant: AnnotatedVariant, reason: Reason) {
        let listed = is_listed_pathogenic(&variant);
        if !listed && !consequence::is_reviewed(&variant) {
            return;
        }
        let Some(candidate) = self.classify(variant) else {
            return;
        };
        let words = self.words.reason(reason);
        if listed {
            self.list(&candidate, words);
        } else if candidate.classification.class.is_pathogenic() {
            self.doubtful.push(Doubtful {
                gene: candidate.shown.symbol.clone().unwrap_or_default(),
                name: sentences::name(&candidate.variant, &candidate.shown),
                reason: words,
            });
        }
    }

    fn drop_classified(&mut self, candidate: Candidate, reason: Reason) {
        self.funnel.drop_for(reason);
        if reason == Reason::Uncertain
            && let Some(gene) = &candidate.shown.symbol
        {
            *self.unlisted_uncertain.entry(gene.clone()).or_default() += 1;
        }
        if is_listed_pathogenic(&candidate.variant) {
            let criteria = sentences::met(&candidate.criteria, &candidate.classification);
            let words = format!("{}; criteria here: {criteria}", self.words.reason(reason));
            self.list(&candidate, words);
        }
    }

    fn list(&mut self, candidate: &Candidate, reason: String) {
        let Some(record) = candidate.variant.clinvar.found() else {
            return;
        };
        self.clinvar_listed.push(ClinvarListed {
            key: candidate.variant.key.clone(),
            gene: candidate.shown.symbol.clone().unwrap_or_default(),
            name: sentences::name(&candidate.variant, &candidate.shown),
            clinvar: sentences::clinvar(record),
            zygosity: candidate.copies.zygosity.words().to_owned(),
            reason,
        });
    }
}

fn early_reason(variant: &AnnotatedVariant, settings: &crate::Settings, in_scope: InScope) -> Option<Reason> {
    match variant.genotype.zygosity() {
        Zygosity::NotCalled => return Some(Reason::NotCalled),
        Zygosity::Absent => return Some(Reason::NotPresent),
        _ => {}
    }
    if variant.filters.as_ref().is_some_and(|filters| !filters.is_empty()) {
        return Some(Reason::CallerFilter);
    }
    // NaN is not below a threshold by comparison, and it is no quality either.
    if variant
        .quality
        .is_some_and(|q| q.is_nan() || q < settings.minimum_quality)
    {
        return Some(Reason::LowQuality);
    }
    if variant
        .genotype
        .quality
        .is_some_and(|q| q < settings.minimum_genotype_quality)
    {
        return Some(Reason::LowGenotypeQuality);
    }
    if variant.genotype.depth.is_some_and(|d| d < settings.minimum_depth) {
        return Some(Reason::LowDepth);
    }
    match in_scope {
        InScope::Yes => None,
        InScope::OtherGenes => Some(Reason::OtherGenes),
        InScope::NoGene => Some(Reason::NoGene),
    }
}

fn is_worth_reviewing(variant: &AnnotatedVariant, splice_delta: f64) -> bool {
    // pcgr #306: an allele that is listed as pathogenic is kept however little its consequence says.
    is_listed_pathogenic(variant)
        || consequence::is_reviewed(variant)
        || variant.splice_delta.found().is_some_and(|delta| *delta >= splice_delta)
}

fn is_listed_pathogenic(variant: &AnnotatedVariant) -> bool {
    variant
        .clinvar
        .found()
        .is_some_and(clinotype_case::evidence::ClinvarRecord::is_pathogenic)
}

fn late_reason(candidate: &Candidate, list_vus: bool) -> Option<Reason> {
    let too_common = candidate
        .criteria
        .iter()
        .any(|c| c.code == Code::BA1 && c.state == State::Met);
    if too_common {
        return Some(Reason::TooCommon);
    }
    match candidate.classification.class {
        Class::Benign => Some(Reason::Benign),
        Class::LikelyBenign => Some(Reason::LikelyBenign),
        Class::Uncertain if !list_vus => Some(Reason::Uncertain),
        _ => None,
    }
}
