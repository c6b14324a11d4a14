//! The filters, allele by allele: what is dropped is counted, what ClinVar calls pathogenic is listed.

use std::collections::{BTreeMap, BTreeSet};

use clinotype_case::{
    Order,
    criterion::{Class, Code, Criterion, State},
    evidence::{AnnotatedVariant, ClinvarRecord, TranscriptConsequence, Zygosity},
    finding::{Classification, ClinvarListed, Doubtful, FunnelStep, GeneFacts, Scope, ScopeSource, SetAside},
};

use crate::{
    Context,
    acmg::{self, Question},
    consequence,
    funnel::{Funnel, Reason, Words},
    inheritance::{self, Copies},
    outline::Outline,
    rules::RULES,
    scope::{self, InScope},
    sentences,
};

/// An allele with its class.
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

/// What the filters leave.
#[derive(Debug)]
pub(crate) struct Triaged {
    /// Passed every filter.
    pub(crate) candidates: Vec<Candidate>,
    /// Classified and dropped for it, in the ordered genes.
    pub(crate) classified: Vec<Candidate>,
    pub(crate) clinvar_listed: Vec<ClinvarListed>,
    pub(crate) set_aside: SetAside,
    /// Alleles outside the scope.
    pub(crate) outside: u64,
    pub(crate) funnel: Vec<FunnelStep>,
}

/// The filters at work.
#[derive(Debug)]
pub(crate) struct Triage<'a> {
    context: &'a Context<'a>,
    words: Words<'a>,
    funnel: Funnel,
    candidates: Vec<Candidate>,
    /// With the reason that dropped them.
    classified: Vec<(Candidate, Reason)>,
    clinvar_listed: Vec<ClinvarListed>,
    doubtful: Vec<Doubtful>,
    unlisted_uncertain: BTreeMap<String, u64>,
}

impl<'a> Triage<'a> {
    pub(crate) fn new(context: &'a Context<'a>, scope: &Scope) -> Self {
        let words = words(context.settings, context.order, scope);
        Self {
            context,
            words,
            funnel: Funnel::default(),
            candidates: Vec::new(),
            classified: Vec::new(),
            clinvar_listed: Vec::new(),
            doubtful: Vec::new(),
            unlisted_uncertain: BTreeMap::new(),
        }
    }

    /// Counts one allele, and keeps what may be reported of it.
    pub(crate) fn take(&mut self, sifted: Sifted) {
        self.funnel.see();
        let candidate = match sifted {
            Sifted::Dropped(reason) => return self.funnel.drop_for(reason),
            Sifted::LowQuality(reason, candidate) => {
                self.funnel.drop_for(reason);
                return self.account_for_low_quality(&candidate, reason);
            }
            Sifted::Classified(candidate) => *candidate,
        };
        match late_reason(&candidate.criteria, candidate.classification.class, self.words.list_vus) {
            // Without a gene list these may be thousands, and nobody asked for them.
            Some(reason) if self.words.ordered && is_kept_for_review(&candidate, reason) => {
                self.funnel.drop_for(reason);
                self.classified.push((candidate, reason));
            }
            Some(reason) => {
                self.funnel.drop_for(reason);
                self.account_for_class(&candidate, reason);
            }
            None => self.candidates.push(candidate),
        }
    }

    pub(crate) fn finish(mut self) -> Triaged {
        self.drop_repeated();
        let classified = std::mem::take(&mut self.classified);
        for (candidate, reason) in &classified {
            self.account_for_class(candidate, *reason);
        }
        sort_listed(&mut self.clinvar_listed);
        self.doubtful.sort();
        Triaged {
            funnel: self.funnel.steps(self.context.before, &self.words),
            outside: self.funnel.count(Reason::OtherGenes) + self.funnel.count(Reason::NoGene),
            candidates: self.candidates,
            classified: classified.into_iter().map(|(candidate, _)| candidate).collect(),
            clinvar_listed: self.clinvar_listed,
            set_aside: SetAside {
                doubtful: self.doubtful,
                uncertain: self.unlisted_uncertain,
            },
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
        self.drop_repeated_classified();
    }

    /// The same for what was classified and dropped, where it is kept: a variant has one place.
    fn drop_repeated_classified(&mut self) {
        // Statements of one allele may differ in what ClinVar says: that it is listed must not get lost.
        self.classified.sort_by_cached_key(|(c, _)| {
            (
                sentences::place(&c.variant.key),
                !is_listed_pathogenic(&c.variant),
                format!("{:?}", c.variant),
            )
        });
        let mut kept: Vec<(Candidate, Reason)> = Vec::with_capacity(self.classified.len());
        for (candidate, reason) in std::mem::take(&mut self.classified) {
            let key = &candidate.variant.key;
            let finding = self.candidates.iter_mut().find(|c| c.variant.key == *key);
            let first = finding.or_else(|| kept.last_mut().map(|(c, _)| c).filter(|c| c.variant.key == *key));
            match first {
                Some(first) => {
                    first.repeated = true;
                    self.funnel.move_one(reason, Reason::Repeated);
                }
                None => kept.push((candidate, reason)),
            }
        }
        self.classified = kept;
    }

    /// A low-quality allele in scope is not a finding, but it must not let a report say that nothing was found.
    fn account_for_low_quality(&mut self, candidate: &Candidate, reason: Reason) {
        let words = self.words.reason(reason);
        if is_listed_pathogenic(&candidate.variant) {
            self.list(candidate, words);
        } else if candidate.classification.class.is_pathogenic() {
            self.doubtful.push(Doubtful {
                gene: candidate.shown.symbol.clone().unwrap_or_default(),
                name: sentences::name(&candidate.variant, &candidate.shown),
                reason: words,
            });
        }
    }

    fn account_for_class(&mut self, candidate: &Candidate, reason: Reason) {
        if reason == Reason::Uncertain
            && let Some(gene) = &candidate.shown.symbol
        {
            *self.unlisted_uncertain.entry(gene.clone()).or_default() += 1;
        }
        if is_listed_pathogenic(&candidate.variant) {
            let words = why_not_listed(&self.words, reason, &candidate.criteria, &candidate.classification);
            self.list(candidate, words);
        }
    }

    fn list(&mut self, candidate: &Candidate, reason: String) {
        let Some(record) = candidate.variant.clinvar.found() else {
            return;
        };
        self.clinvar_listed.push(listed(
            &candidate.variant,
            &candidate.shown,
            candidate.copies.zygosity,
            record,
            reason,
        ));
    }
}

/// What the filters say of one allele, not yet counted.
#[derive(Debug)]
pub(crate) enum Sifted {
    Dropped(Reason),
    /// Set aside for its quality, with what it would be.
    LowQuality(Reason, Box<Candidate>),
    Classified(Box<Candidate>),
}

/// Sifts an allele by itself, by the genes in scope. The whole allele is asked for only where the outline does not
/// decide.
pub(crate) fn sift(
    context: &Context<'_>,
    genes: &BTreeSet<String>,
    outline: &Outline<'_>,
    whole: impl FnOnce() -> AnnotatedVariant,
) -> Sifted {
    let (in_scope, reviewed) = scope::look(outline, genes);
    let early = early_reason(outline, context.settings, in_scope);
    let wanted = match early {
        None => is_worth_reviewing(outline, reviewed, context.settings.review_splice_delta),
        // An allele that the sample does not carry is nobody's finding.
        Some(reason) => {
            in_scope == InScope::Yes && reason != Reason::NotPresent && (outline.is_listed_pathogenic || reviewed)
        }
    };
    if !wanted {
        return Sifted::Dropped(early.unwrap_or(Reason::NotReviewed));
    }
    let mut variant = whole();
    scope::restrict(&mut variant, genes);
    match (early, classify(context, variant)) {
        (Some(reason), Some(candidate)) => Sifted::LowQuality(reason, Box::new(candidate)),
        (None, Some(candidate)) => Sifted::Classified(Box::new(candidate)),
        // In scope means at least one consequence, so this cannot be; counted all the same.
        (early, None) => Sifted::Dropped(early.unwrap_or(Reason::NotReviewed)),
    }
}

/// The allele on the transcript that the report shows, by the rules alone; `None` where it touches no gene in scope.
pub(crate) fn classify(context: &Context<'_>, variant: AnnotatedVariant) -> Option<Candidate> {
    let shown = consequence::shown(&variant)?.clone();
    let gene = RULES.gene(shown.symbol.as_deref(), shown.hgnc_id.as_deref());
    let question = Question {
        variant: &variant,
        shown: &shown,
        gene,
        build: context.build,
        data: context.data,
        settings: context.settings,
        comparators: context.comparators,
        diseases: context.order.map_or(&[], |order| &order.indication.diseases),
    };
    let criteria = acmg::evaluate(&question);
    let mut classification = acmg::classify(&criteria, context.settings.lb_min_points);
    classification.flags.extend(question.choice_note());
    let copies = inheritance::copies(&variant, context.sex, context.build);
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

/// The words of filters and reasons for an order.
pub(crate) fn words<'a>(settings: &'a crate::Settings, order: Option<&'a Order>, scope: &Scope) -> Words<'a> {
    let policy = order.map(|order| &order.policy);
    Words {
        settings,
        ordered: scope.decided_by == ScopeSource::Order,
        policy: policy.and_then(|p| p.name.as_deref()),
        list_vus: policy.is_some_and(|p| p.list_vus),
    }
}

/// Why an allele that ClinVar lists is not a finding, in words.
pub(crate) fn why_not_listed(
    words: &Words<'_>,
    reason: Reason,
    criteria: &[Criterion],
    classification: &Classification,
) -> String {
    let criteria = sentences::met(criteria, classification);
    format!("{}; criteria here: {criteria}", words.reason(reason))
}

/// A row of the list of ClinVar's P/LP alleles.
pub(crate) fn listed(
    variant: &AnnotatedVariant,
    shown: &TranscriptConsequence,
    zygosity: Zygosity,
    record: &ClinvarRecord,
    reason: String,
) -> ClinvarListed {
    ClinvarListed {
        key: variant.key.clone(),
        gene: shown.symbol.clone().unwrap_or_default(),
        name: sentences::name(variant, shown),
        clinvar: sentences::clinvar(record),
        zygosity: zygosity.words().to_owned(),
        reason,
    }
}

/// By place, then by words, so that the order never depends on the input.
pub(crate) fn sort_listed(list: &mut [ClinvarListed]) {
    list.sort_by_cached_key(|l| {
        (
            sentences::place(&l.key),
            l.name.clone(),
            l.zygosity.clone(),
            l.reason.clone(),
        )
    });
}

/// Whether a person may want to look at an allele that its class dropped.
fn is_kept_for_review(candidate: &Candidate, reason: Reason) -> bool {
    reason != Reason::TooCommon || is_listed_pathogenic(&candidate.variant)
}

pub(crate) fn early_reason(outline: &Outline<'_>, settings: &crate::Settings, in_scope: InScope) -> Option<Reason> {
    match outline.zygosity {
        Zygosity::NotCalled => return Some(Reason::NotCalled),
        Zygosity::Absent => return Some(Reason::NotPresent),
        _ => {}
    }
    if outline.is_filtered {
        return Some(Reason::CallerFilter);
    }
    // NaN is not below a threshold by comparison, and it is no quality either.
    if outline
        .quality
        .is_some_and(|q| q.is_nan() || q < settings.minimum_quality)
    {
        return Some(Reason::LowQuality);
    }
    if outline
        .genotype_quality
        .is_some_and(|q| q < settings.minimum_genotype_quality)
    {
        return Some(Reason::LowGenotypeQuality);
    }
    if outline.depth.is_some_and(|d| d < settings.minimum_depth) {
        return Some(Reason::LowDepth);
    }
    match in_scope {
        InScope::Yes => None,
        InScope::OtherGenes => Some(Reason::OtherGenes),
        InScope::NoGene => Some(Reason::NoGene),
    }
}

/// `reviewed`: whether a consequence in scope is worth a classification.
pub(crate) fn is_worth_reviewing(outline: &Outline<'_>, reviewed: bool, splice_delta: f64) -> bool {
    // pcgr #306: an allele that is listed as pathogenic is kept however little its consequence says.
    outline.is_listed_pathogenic || reviewed || outline.splice_delta.is_some_and(|delta| delta >= splice_delta)
}

pub(crate) fn is_listed_pathogenic(variant: &AnnotatedVariant) -> bool {
    variant.clinvar.found().is_some_and(ClinvarRecord::is_pathogenic)
}

/// Why an allele with these criteria and this proposed class is not a finding.
pub(crate) fn late_reason(criteria: &[Criterion], class: Class, list_vus: bool) -> Option<Reason> {
    let too_common = criteria.iter().any(|c| c.code == Code::BA1 && c.state == State::Met);
    if too_common {
        return Some(Reason::TooCommon);
    }
    match class {
        Class::Benign => Some(Reason::Benign),
        Class::LikelyBenign => Some(Reason::LikelyBenign),
        Class::Uncertain if !list_vus => Some(Reason::Uncertain),
        _ => None,
    }
}
