//! The filters' accounts: every allele in is kept or dropped for one counted reason.

use clinotype_case::finding::{Dropped, FunnelStep};

/// The filters in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filter {
    Genotype,
    Quality,
    Scope,
    Consequence,
    Frequency,
    Class,
}

/// Why an allele is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    NotCalled,
    NotPresent,
    CallerFilter,
    LowQuality,
    LowGenotypeQuality,
    LowDepth,
    OtherGenes,
    NoGene,
    NotReviewed,
    TooCommon,
    Benign,
    LikelyBenign,
    Uncertain,
    Repeated,
}

const FILTERS: [Filter; 6] = [
    Filter::Genotype,
    Filter::Quality,
    Filter::Scope,
    Filter::Consequence,
    Filter::Frequency,
    Filter::Class,
];

const REASONS: [(Filter, Reason); 14] = [
    (Filter::Genotype, Reason::NotCalled),
    (Filter::Genotype, Reason::NotPresent),
    (Filter::Quality, Reason::CallerFilter),
    (Filter::Quality, Reason::LowQuality),
    (Filter::Quality, Reason::LowGenotypeQuality),
    (Filter::Quality, Reason::LowDepth),
    (Filter::Scope, Reason::OtherGenes),
    (Filter::Scope, Reason::NoGene),
    (Filter::Consequence, Reason::NotReviewed),
    (Filter::Frequency, Reason::TooCommon),
    (Filter::Class, Reason::Benign),
    (Filter::Class, Reason::LikelyBenign),
    (Filter::Class, Reason::Uncertain),
    (Filter::Class, Reason::Repeated),
];

/// Counts over all alleles.
#[derive(Debug, Default)]
pub(crate) struct Funnel {
    seen: u64,
    dropped: [u64; REASONS.len()],
}

impl Funnel {
    pub(crate) fn see(&mut self) {
        self.seen += 1;
    }
    pub(crate) fn drop_for(&mut self, reason: Reason) {
        if let Some(place) = REASONS.iter().position(|(_, r)| *r == reason) {
            self.dropped[place] += 1;
        }
    }
    pub(crate) fn count(&self, reason: Reason) -> u64 {
        REASONS
            .iter()
            .zip(self.dropped)
            .filter(|((_, r), _)| *r == reason)
            .map(|(_, n)| n)
            .sum()
    }
    /// The steps, `before` (what annotation already dropped) first. Reasons that dropped nothing are listed too: they
    /// prove that the filter ran.
    pub(crate) fn steps(&self, before: &[FunnelStep], words: &Words<'_>) -> Vec<FunnelStep> {
        let mut steps = before.to_vec();
        let mut input = self.seen;
        for filter in FILTERS {
            let dropped: Vec<Dropped> = REASONS
                .iter()
                .zip(self.dropped)
                .filter(|((f, _), _)| *f == filter)
                .map(|((_, reason), count)| Dropped {
                    reason: words.reason(*reason),
                    count,
                })
                .collect();
            let kept = input.saturating_sub(dropped.iter().map(|d| d.count).sum());
            let (name, rule) = Words::step(filter);
            steps.push(FunnelStep {
                name,
                rule,
                input,
                kept,
                dropped,
            });
            input = kept;
        }
        steps
    }
}

/// The words of steps and reasons, with the thresholds that ran.
#[derive(Debug)]
pub(crate) struct Words<'a> {
    pub(crate) settings: &'a crate::Settings,
    pub(crate) ordered: bool,
    pub(crate) policy: Option<&'a str>,
    pub(crate) list_vus: bool,
}

/// Version of the filters' rules.
const VERSION: &str = "1 (2026-11-20)";

impl Words<'_> {
    fn step(filter: Filter) -> (String, String) {
        let (name, id) = match filter {
            Filter::Genotype => ("allele called in the sample", "clinotype.filter.genotype"),
            Filter::Quality => ("caller's filter and quality", "clinotype.filter.quality"),
            Filter::Scope => ("gene in scope", "clinotype.filter.scope"),
            Filter::Consequence => (
                "consequence worth reviewing, or listed as pathogenic",
                "clinotype.filter.consequence",
            ),
            Filter::Frequency => ("population frequency", "clinotype.filter.frequency"),
            Filter::Class => ("class to be listed", "clinotype.filter.class"),
        };
        (name.to_owned(), format!("{id} {VERSION}"))
    }

    pub(crate) fn reason(&self, reason: Reason) -> String {
        let s = self.settings;
        match reason {
            Reason::NotCalled => "genotype not called".to_owned(),
            Reason::NotPresent => "no copy of the allele in the sample".to_owned(),
            Reason::CallerFilter => "FILTER of the caller is not PASS".to_owned(),
            Reason::LowQuality => format!("QUAL below {}", s.minimum_quality),
            Reason::LowGenotypeQuality => format!("GQ below {}", s.minimum_genotype_quality),
            Reason::LowDepth => format!("DP below {}", s.minimum_depth),
            Reason::OtherGenes if self.ordered => "outside the ordered genes".to_owned(),
            Reason::OtherGenes => "gene without a symbol of the transcripts".to_owned(),
            Reason::NoGene => "in no gene of the transcripts".to_owned(),
            Reason::NotReviewed => "consequence not reviewed and not listed as pathogenic".to_owned(),
            Reason::TooCommon => "BA1: too common".to_owned(),
            Reason::Benign => "benign: not listed".to_owned(),
            Reason::LikelyBenign => "likely benign: not listed".to_owned(),
            Reason::Repeated => "the input states the allele more than once".to_owned(),
            Reason::Uncertain => match (self.list_vus, self.policy) {
                (true, Some(policy)) => format!("uncertain significance: not listed by policy {policy}"),
                (true, None) => "uncertain significance: not listed by policy".to_owned(),
                (false, _) => "uncertain significance: not listed without a stated policy".to_owned(),
            },
        }
    }
}
