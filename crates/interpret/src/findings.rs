//! Candidates become findings: section by inheritance, order of the report, sentences.

use std::{cmp::Reverse, collections::BTreeMap};

use clinotype_case::{
    Sex,
    criterion::Class,
    evidence::{AnnotatedVariant, ClinvarRecord, TranscriptConsequence, Zygosity},
    finding::{Finding, Section},
};
use clinotype_genome::Build;

use crate::{
    Context, acmg, consequence,
    funnel::Reason,
    inheritance::{self, Copies, Placed},
    sentences,
    triage::{self, Candidate},
};

/// Allele fractions outside of which a heterozygous call needs a look.
const HETEROZYGOUS_FRACTION: std::ops::RangeInclusive<f64> = 0.25..=0.75;

/// What the report lists, and what it does not.
pub(crate) struct Arranged {
    /// In the order of the report: section, class, points, place on the genome.
    pub(crate) findings: Vec<Finding>,
    /// By place on the genome.
    pub(crate) others: Vec<Finding>,
}

/// Gives every variant its section by the class in effect, its number and its last sentence. The same variants with
/// the same reviews in any order give the same result.
pub(crate) fn arrange(mut pool: Vec<Finding>, sex: Sex, build: Build, list_vus: bool) -> Arranged {
    pool.sort_by_cached_key(|f| sentences::place(&f.variant.key));
    let (mut findings, mut others): (Vec<Finding>, Vec<Finding>) =
        pool.into_iter().partition(|f| reason(f, list_vus).is_none());
    let placed = sections(&findings, sex, build);
    for (finding, (section, place)) in findings.iter_mut().zip(placed) {
        settle(finding, section, &place);
    }
    // Stable: equal rows keep the order by place.
    findings.sort_by_key(|f| (f.section, Reverse(f.class()), Reverse(f.classification.points)));
    for finding in &mut others {
        settle(finding, Section::NotListed, NOT_LISTED);
    }
    for (list, letter) in [(&mut findings, 'V'), (&mut others, 'N')] {
        for (index, finding) in list.iter_mut().enumerate() {
            finding.id = format!("{letter}{}", index + 1);
        }
    }
    Arranged { findings, others }
}

const NOT_LISTED: &str = "It is not listed on the report.";

/// Why a variant is not on the report; `None` where it is.
pub(crate) fn reason(finding: &Finding, list_vus: bool) -> Option<Reason> {
    match &finding.review {
        None => triage::late_reason(&finding.criteria, finding.classification.class, list_vus),
        Some(review) => match review.class {
            Class::Benign | Class::LikelyBenign => Some(Reason::ReviewedBenign),
            Class::Uncertain if !list_vus => Some(Reason::ReviewedUncertain),
            _ => None,
        },
    }
}

/// The section of each finding, with the sentence that explains it.
fn sections(findings: &[Finding], sex: Sex, build: Build) -> Vec<(Section, String)> {
    let copies: Vec<Copies> = findings
        .iter()
        .map(|f| inheritance::copies(&f.variant, sex, build))
        .collect();
    let placed = |index: usize| Placed {
        variant: &findings[index].variant,
        copies: &copies[index],
        sex,
    };
    let mut by_gene: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, finding) in findings.iter().enumerate().filter(|(_, f)| f.class().is_pathogenic()) {
        if let Some(symbol) = finding.shown.symbol.as_deref() {
            by_gene.entry(symbol).or_default().push(index);
        }
    }
    let section = |(index, finding): (usize, &Finding)| {
        if finding.class() == Class::Uncertain {
            return (
                Section::Uncertain,
                "It must not be used for predictive or prenatal decisions.".to_owned(),
            );
        }
        let partners: Vec<Placed<'_>> = finding
            .shown
            .symbol
            .as_deref()
            .and_then(|symbol| by_gene.get(symbol))
            .into_iter()
            .flatten()
            .filter(|&&other| other != index)
            .map(|&other| placed(other))
            .collect();
        inheritance::section(placed(index), finding.gene.as_ref(), &partners)
    };
    findings.iter().enumerate().map(section).collect()
}

fn settle(finding: &mut Finding, section: Section, place: &str) {
    finding.section = section;
    if finding.sentences.last().is_some_and(|s| sentences::is_plain(s)) {
        finding.sentences.pop();
    }
    let plain = sentences::plain(finding, place);
    finding.sentences.push(plain);
}

/// A candidate with its flags and the sentences on its evidence; [`arrange`] gives it its place.
pub(crate) fn finding(context: &Context<'_>, candidate: Candidate) -> Finding {
    let Candidate {
        variant,
        shown,
        gene,
        copies,
        criteria,
        mut classification,
        repeated,
    } = candidate;
    let more_severe = consequence::more_severe(&variant, &shown).cloned();
    classification.flags.extend(further_flags(&Seen {
        variant: &variant,
        shown: &shown,
        more_severe: more_severe.as_ref(),
        copies: &copies,
        repeated,
        class: classification.class,
    }));
    let sentences = sentences::of_finding(&sentences::Told {
        context,
        variant: &variant,
        shown: &shown,
        more_severe: more_severe.as_ref(),
        gene,
        zygosity: copies.zygosity,
        criteria: &criteria,
        classification: &classification,
    });
    Finding {
        id: String::new(),
        section: Section::NotListed,
        zygosity: copies.zygosity,
        variant,
        shown,
        more_severe,
        gene: gene.cloned(),
        criteria,
        classification,
        review: None,
        sentences,
    }
}

/// The flag of an allele that the input states more than once.
const REPEATED: &str = "the input states this allele more than once";

/// What the flags of a finding that are not those of its criteria are made from.
struct Seen<'a> {
    variant: &'a AnnotatedVariant,
    shown: &'a TranscriptConsequence,
    more_severe: Option<&'a TranscriptConsequence>,
    copies: &'a Copies,
    repeated: bool,
    class: Class,
}

fn further_flags(seen: &Seen<'_>) -> Vec<String> {
    let mut made = flags(seen.variant, seen.copies.zygosity, seen.copies.note, seen.class);
    if seen.repeated {
        made.push(REPEATED.to_owned());
    }
    made.extend(seen.shown.warnings.iter().cloned());
    if let Some(other) = seen.more_severe {
        made.push(format!("transcript {} has a more severe consequence", other.transcript));
    }
    made
}

/// Class, flags and sentences anew from the finding's criteria; `contrary`: what contradicts itself in the evidence
/// entered on it.
pub(crate) fn classify_anew(context: &Context<'_>, finding: &mut Finding, contrary: &[String]) {
    let copies = inheritance::copies(&finding.variant, context.sex, context.build);
    let repeated = finding.classification.flags.iter().any(|flag| flag == REPEATED);
    let mut made = acmg::classify(&finding.criteria, context.settings.lb_min_points);
    made.flags.extend(acmg::interaction_flags(&finding.criteria));
    made.flags.extend(
        contrary
            .iter()
            .map(|what| format!("entered evidence contradicts itself: {what}")),
    );
    made.flags.extend(further_flags(&Seen {
        variant: &finding.variant,
        shown: &finding.shown,
        more_severe: finding.more_severe.as_ref(),
        copies: &copies,
        repeated,
        class: made.class,
    }));
    finding.classification = made;
    finding.sentences = sentences::of_finding(&sentences::Told {
        context,
        variant: &finding.variant,
        shown: &finding.shown,
        more_severe: finding.more_severe.as_ref(),
        gene: finding.gene.as_ref(),
        zygosity: finding.zygosity,
        criteria: &finding.criteria,
        classification: &finding.classification,
    });
}

/// What a person must look at before the finding counts.
fn flags(variant: &AnnotatedVariant, zygosity: Zygosity, note: Option<&str>, class: Class) -> Vec<String> {
    let mut flags: Vec<String> = note.map(str::to_owned).into_iter().collect();
    let genotype = &variant.genotype;
    let missing: Vec<&str> = [
        ("FILTER", variant.filters.is_none()),
        ("QUAL", variant.quality.is_none()),
        ("GQ", genotype.quality.is_none()),
        ("DP", genotype.depth.is_none()),
    ]
    .into_iter()
    .filter_map(|(name, is_missing)| is_missing.then_some(name))
    .collect();
    if !missing.is_empty() {
        flags.push(format!("quality not stated by the input: {}", missing.join(", ")));
    }
    if zygosity == Zygosity::Heterozygous
        && let Some(fraction) = genotype
            .allele_fraction()
            .filter(|f| !HETEROZYGOUS_FRACTION.contains(f))
    {
        flags.push(format!(
            "allele fraction {fraction:.2} is unusual for a heterozygous call"
        ));
    }
    if let Some(record) = variant.clinvar.found()
        && is_other_opinion(record, class)
    {
        flags.push(format!(
            "ClinVar states {}, the evaluated criteria give {}: a person must decide",
            record.significance,
            class.words()
        ));
    }
    flags
}

fn is_other_opinion(record: &ClinvarRecord, class: Class) -> bool {
    let benign = record.significance.to_ascii_lowercase().contains("benign");
    record.is_pathogenic() != class.is_pathogenic() && (record.is_pathogenic() || benign)
}
