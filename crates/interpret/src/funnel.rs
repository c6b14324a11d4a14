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
    /// A person reviewed it as benign or likely benign.
    ReviewedBenign,
    /// A person reviewed it as of uncertain significance, and no policy lists these.
    ReviewedUncertain,
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

/// Reasons that only a person gives; a step names them where they dropped something.
const REVIEWED: [Reason; 2] = [Reason::ReviewedBenign, Reason::ReviewedUncertain];

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
    /// Takes one allele from one reason to another.
    pub(crate) fn move_one(&mut self, from: Reason, to: Reason) {
        if let Some(place) = REASONS.iter().position(|(_, r)| *r == from) {
            self.dropped[place] = self.dropped[place].saturating_sub(1);
            self.drop_for(to);
        }
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
        let (name, id) = Self::name(filter);
        (name.to_owned(), format!("{id} {VERSION}"))
    }

    const fn name(filter: Filter) -> (&'static str, &'static str) {
        match filter {
            Filter::Genotype => ("allele called in the sample", "clinotype.filter.genotype"),
            Filter::Quality => ("caller's filter and quality", "clinotype.filter.quality"),
            Filter::Scope => ("gene in scope", "clinotype.filter.scope"),
            Filter::Consequence => (
                "consequence worth reviewing, or listed as pathogenic",
                "clinotype.filter.consequence",
            ),
            Filter::Frequency => ("population frequency", "clinotype.filter.frequency"),
            Filter::Class => ("class to be listed", "clinotype.filter.class"),
        }
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
            Reason::ReviewedBenign => "reviewed as benign or likely benign by a person: not listed".to_owned(),
            Reason::ReviewedUncertain => {
                "reviewed as of uncertain significance by a person: not listed without a stated policy".to_owned()
            }
            Reason::Uncertain => match (self.list_vus, self.policy) {
                (true, Some(policy)) => format!("uncertain significance: not listed by policy {policy}"),
                (true, None) => "uncertain significance: not listed by policy".to_owned(),
                (false, _) => "uncertain significance: not listed without a stated policy".to_owned(),
            },
        }
    }
}

/// Alleles that the filter for the scope dropped.
pub(crate) fn outside(steps: &[FunnelStep]) -> u64 {
    steps
        .iter()
        .find(|step| is_of(step, Filter::Scope))
        .map_or(0, |step| step.dropped.iter().map(|d| d.count).sum())
}

/// Moves one allele from one account to another; `None` for an account is `kept by every filter`. `None` as the answer:
/// the steps do not hold the account that the allele comes from, so they are not of this interpretation.
pub(crate) fn shift(
    steps: &mut [FunnelStep],
    words: &Words<'_>,
    from: Option<Reason>,
    to: Option<Reason>,
) -> Option<()> {
    if from == to {
        return Some(());
    }
    if let Some(reason) = from {
        let dropped = &mut step_of(steps, reason)?.dropped;
        let place = dropped.iter().position(|d| d.reason == words.reason(reason))?;
        dropped[place].count = dropped[place].count.checked_sub(1)?;
        if dropped[place].count == 0 && REVIEWED.contains(&reason) {
            dropped.remove(place);
        }
    }
    if let Some(reason) = to {
        let dropped = &mut step_of(steps, reason)?.dropped;
        let text = words.reason(reason);
        if let Some(account) = dropped.iter_mut().find(|d| d.reason == text) {
            account.count += 1;
        } else if REVIEWED.contains(&reason) {
            let before = dropped
                .iter()
                .position(|d| reason == Reason::ReviewedBenign && d.reason == words.reason(Reason::ReviewedUncertain));
            let account = Dropped { reason: text, count: 1 };
            dropped.insert(before.unwrap_or(dropped.len()), account);
        } else {
            return None;
        }
    }
    chain(steps)
}

/// Each filter starts from what the one before kept.
fn chain(steps: &mut [FunnelStep]) -> Option<()> {
    let mut input = None;
    for filter in FILTERS {
        let step = steps.iter_mut().find(|step| is_of(step, filter))?;
        step.input = input.unwrap_or(step.input);
        step.kept = step.input.checked_sub(step.dropped.iter().map(|d| d.count).sum())?;
        input = Some(step.kept);
    }
    Some(())
}

fn step_of(steps: &mut [FunnelStep], reason: Reason) -> Option<&mut FunnelStep> {
    let filter = REASONS
        .iter()
        .find(|(_, r)| *r == reason)
        .map_or(Filter::Class, |(filter, _)| *filter);
    steps.iter_mut().find(|step| is_of(step, filter))
}

/// Whether a step is this filter, of whatever version.
fn is_of(step: &FunnelStep, filter: Filter) -> bool {
    step.rule.split(' ').next() == Some(Words::name(filter).1)
}
