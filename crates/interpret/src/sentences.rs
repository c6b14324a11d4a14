//! The words of a finding, in the order that readers learn (specs/REPORT.md section 4).

use clinotype_case::{
    criterion::{Class, Code, Criterion, State},
    evidence::{AnnotatedVariant, ClinvarRecord, Lookup, TranscriptConsequence, Zygosity},
    finding::{Classification, Finding, GeneFacts},
};
use clinotype_genome::{ContigKey, VariantKey};

use crate::{Context, acmg, rules::RULES};

/// What the sentences of a finding are made from.
pub(crate) struct Told<'a> {
    pub(crate) context: &'a Context<'a>,
    pub(crate) variant: &'a AnnotatedVariant,
    pub(crate) shown: &'a TranscriptConsequence,
    pub(crate) more_severe: Option<&'a TranscriptConsequence>,
    pub(crate) gene: Option<&'a GeneFacts>,
    pub(crate) zygosity: Zygosity,
    pub(crate) criteria: &'a [Criterion],
    pub(crate) classification: &'a Classification,
}

/// The sentences on the evidence, one per heading; what is missing says so. [`plain`] follows them.
pub(crate) fn of_finding(told: &Told<'_>) -> Vec<String> {
    vec![
        change(told),
        frequency(told),
        people(
            told,
            "Reports, segregation and de novo state",
            &[
                Code::PS2,
                Code::PS4,
                Code::PM3,
                Code::PM6,
                Code::PP1,
                Code::BS4,
                Code::BP2,
                Code::BP5,
            ],
        ),
        people(told, "Functional data", &[Code::PS3, Code::BS3]),
        prediction(told),
        clinvar_sentence(told),
        gene(told),
        people(told, "Fit to this patient's phenotype", &[Code::PP4]),
        criteria(told),
    ]
}

/// A key that sorts as people list the genome: 1 to 22, X, Y, MT, then other contigs by name.
pub(crate) fn place(key: &VariantKey) -> (u32, String, u32, String, String) {
    let rank = match ContigKey::of(&key.contig) {
        Some(contig) => match contig.as_str() {
            "X" => 23,
            "Y" => 24,
            "MT" => 25,
            number => number.parse().unwrap_or(26),
        },
        None => 26,
    };
    (
        rank,
        key.contig.clone(),
        key.position.get(),
        key.reference.clone(),
        key.alternate.clone(),
    )
}

/// HGVS c. with its transcript, else g., else the key.
pub(crate) fn name(variant: &AnnotatedVariant, shown: &TranscriptConsequence) -> String {
    shown
        .hgvs_c
        .clone()
        .or_else(|| variant.hgvs_g.clone())
        .unwrap_or_else(|| variant.key.to_string())
}

/// `VCV000012345: Pathogenic (reviewed by expert panel, 3 stars)`.
pub(crate) fn clinvar(record: &ClinvarRecord) -> String {
    let stars = match record.stars {
        Some(1) => "1 star".to_owned(),
        Some(n) => format!("{n} stars"),
        None => "stars unknown".to_owned(),
    };
    let accession = record
        .variation_id
        .parse::<u64>()
        .map_or_else(|_| record.variation_id.clone(), |id| format!("VCV{id:09}"));
    format!(
        "{accession}: {} ({}, {stars})",
        record.significance, record.review_status
    )
}

/// `PVS1 (8) + PM2_Supporting (1) = 9: Likely pathogenic`.
pub(crate) fn met(criteria: &[Criterion], classification: &Classification) -> String {
    let met: Vec<String> = criteria
        .iter()
        .filter(|c| c.state == State::Met)
        .map(|c| match c.strength {
            Some(clinotype_case::criterion::Strength::StandAlone) => format!("{} (stand-alone)", c.label()),
            _ => format!("{} ({})", c.label(), c.points),
        })
        .collect();
    let class = classification.class.words();
    if met.is_empty() {
        return format!("none met, 0 points: {class}");
    }
    format!("{} = {}: {class}", met.join(" + "), classification.points)
}

fn change(told: &Told<'_>) -> String {
    let shown = told.shown;
    let term = words(shown);
    let protein = shown.hgvs_p.as_deref().map_or(String::new(), |p| format!(", {p}"));
    let part = match (&shown.exon, &shown.intron) {
        (Some(exon), _) => format!(" in exon {}", of(exon)),
        (None, Some(intron)) => format!(" in intron {}", of(intron)),
        _ => String::new(),
    };
    let symbol = shown.symbol.as_deref().unwrap_or("gene not stated");
    let text = format!(
        "{symbol}, {}{protein}: {term}{part}, {}.",
        name(told.variant, shown),
        told.zygosity.words()
    );
    match told.more_severe {
        Some(other) => {
            format!(
                "{text} On transcript {} the consequence is more severe: {}.",
                other.transcript,
                words(other)
            )
        }
        None => text,
    }
}

fn of(number: &str) -> String {
    number.replacen('/', " of ", 1)
}

fn words(consequence: &TranscriptConsequence) -> String {
    consequence
        .terms
        .first()
        .map_or("consequence not stated".to_owned(), |term| term.replace('_', " "))
}

fn row<'a>(told: &Told<'a>, code: Code) -> Option<&'a Criterion> {
    told.criteria.iter().find(|c| c.code == code)
}

fn frequency(told: &Told<'_>) -> String {
    match &told.variant.frequency {
        Lookup::NotEvaluated(reason) => {
            format!(
                "Population frequency: not evaluated ({}).",
                reason.trim_end_matches('.')
            )
        }
        Lookup::Absent => format!(
            "Population frequency: absent from {}, which covers this place.",
            acmg::describe(told.context.data, "frequencies")
        ),
        Lookup::Found(record) => {
            let count = |value: Option<u64>| value.map_or("not stated".to_owned(), |n| n.to_string());
            let decided = [Code::BA1, Code::BS1, Code::PM2]
                .into_iter()
                .filter_map(|code| row(told, code))
                .find(|c| c.state == State::Met)
                .or_else(|| row(told, Code::PM2))
                .map_or(String::new(), |c| format!(" {}", c.sentence));
            format!(
                "Population frequency: AC {} of AN {}, homozygotes {} in {}.{decided}",
                count(record.allele_count),
                count(record.allele_number),
                count(record.homozygotes),
                acmg::describe(told.context.data, "frequencies")
            )
        }
    }
}

fn prediction(told: &Told<'_>) -> String {
    let score = |lookup: &Lookup<f64>| match lookup {
        Lookup::Found(value) => value.to_string(),
        _ => "not evaluated".to_owned(),
    };
    format!(
        "Prediction: splice delta {}; phyloP100way {}; missense score not evaluated.",
        score(&told.variant.splice_delta),
        score(&told.variant.phylop)
    )
}

fn clinvar_sentence(told: &Told<'_>) -> String {
    let release = || acmg::describe(told.context.data, "ClinVar");
    match &told.variant.clinvar {
        Lookup::NotEvaluated(reason) => format!("ClinVar: not evaluated ({}).", reason.trim_end_matches('.')),
        Lookup::Absent => format!("ClinVar: no record of this allele in {}.", release()),
        Lookup::Found(record) => {
            let conflicts = record
                .conflicts
                .as_deref()
                .map_or(String::new(), |c| format!("; conflicts: {c}"));
            format!(
                "ClinVar, shown and not scored: {}{conflicts}; {}.",
                clinvar(record),
                release()
            )
        }
    }
}

fn gene(told: &Told<'_>) -> String {
    let Some(facts) = told.gene else {
        return "Gene and disease: not evaluated (the gene table does not hold this gene).".to_owned();
    };
    let mechanism = match facts.loss_of_function {
        Some(true) => "loss of function is an established mechanism",
        Some(false) => "loss of function is not an established mechanism",
        None => "mechanism not stated",
    };
    format!(
        "Gene and disease: {}, {}{}; validity {}; {mechanism} ({}).",
        facts.disease,
        facts.inheritance.as_deref().unwrap_or("inheritance not stated"),
        facts
            .disease_id
            .as_deref()
            .map_or(String::new(), |id| format!(" ({id})")),
        facts.validity.as_deref().unwrap_or("not stated"),
        facts.source
    )
}

/// What people said under one heading: what they set, and what is proposed and not counted.
fn people(told: &Told<'_>, heading: &str, codes: &[Code]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for row in codes.iter().filter_map(|code| row(told, *code)) {
        if let Some(decided) = &row.decided {
            parts.push(format!(
                "{} {}, set by {}: {}",
                row.code,
                row.said().words(row.code),
                decided.decision.by.trim(),
                decided.decision.reason.trim().trim_end_matches('.')
            ));
        } else if let Some(proposal) = &row.proposal {
            let counts = match proposal.strength {
                Some(_) => ", not counted until a person confirms it",
                None => "",
            };
            parts.push(format!(
                "{} {}{counts}: {}",
                row.code,
                proposal.words(),
                proposal.sentence.trim().trim_end_matches('.')
            ));
        }
    }
    if parts.is_empty() {
        return format!("{heading}: not evaluated.");
    }
    format!("{heading}: {}.", parts.join("; "))
}

fn criteria(told: &Told<'_>) -> String {
    let count = |state| told.criteria.iter().filter(|c| c.state == state).count();
    let set = told.criteria.iter().filter(|c| c.decided.is_some()).count();
    let whose = match set {
        0 => "proposed".to_owned(),
        1 => "one criterion set by a person".to_owned(),
        more => format!("{more} criteria set by people"),
    };
    format!(
        "Criteria: {} ({whose}; {} not evaluated, {} not met, {} not applicable); by the combining rules of 2015: {}; \
         {}, version {}.",
        met(told.criteria, told.classification),
        count(State::NotEvaluated),
        count(State::NotMet),
        count(State::NotApplicable),
        told.classification.class_2015.words(),
        "ACMG/AMP points of Tavtigian 2020",
        RULES.version("ACMG/AMP points")
    )
}

/// How the sentence in plain words begins, how it says whose the class is, before it says why the variant stands where
/// it does.
const PLAIN: &str = "In plain words: ";
const PROPOSED: &str = " is proposed. ";
const REVIEWED: &str = ", as reviewed by a person. ";

/// The last sentence: class in effect, whose it is, and why the variant stands in its section.
pub(crate) fn plain(finding: &Finding, place: &str) -> String {
    let symbol = finding.shown.symbol.as_deref().unwrap_or("this gene");
    let class = match finding.class() {
        Class::Pathogenic => "a pathogenic variant",
        Class::LikelyPathogenic => "a likely pathogenic variant",
        Class::Uncertain => "a variant of uncertain significance",
        Class::LikelyBenign => "a likely benign variant",
        Class::Benign => "a benign variant",
    };
    let whose = if finding.is_reviewed() { REVIEWED } else { PROPOSED };
    format!("{PLAIN}{class} in {symbol}{whose}{place}")
}

/// Whether a sentence is the one that [`plain`] writes.
pub(crate) fn is_plain(sentence: &str) -> bool {
    sentence.starts_with(PLAIN)
}

/// Why a variant stands in its section, from the sentence that [`plain`] wrote.
pub(crate) fn place_of(sentence: &str) -> &str {
    [PROPOSED, REVIEWED]
        .iter()
        .find_map(|whose| sentence.split_once(whose))
        .map_or("", |(_, place)| place)
}
