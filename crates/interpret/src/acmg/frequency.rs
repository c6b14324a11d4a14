//! BA1, BS1 and PM2: how common the allele is. One of them at most is met.
//!
//! The frequency of BA1 and BS1 is the 95 % filtering frequency of the group with the highest one. Where a source
//! states none, it is computed from AC and AN of all samples (Whiffin 2017): the bound of the whole lies below that of
//! the highest group in all but contrived cases, so it can miss BA1 and BS1, hardly call them wrongly. PM2 asks the
//! other way round, so it takes the highest figure that the record holds, the plain frequency included.

use super::{Question, Row, share};
use crate::{
    poisson,
    rules::{RULES, Thresholds},
};
use clinotype_case::{
    criterion::{Code, Criterion, Strength},
    evidence::{Frequency, Lookup},
};

const CODES: [(Code, &str); 3] = [
    (Code::BA1, "clinotype.ba1"),
    (Code::BS1, "clinotype.bs1"),
    (Code::PM2, "clinotype.pm2"),
];

/// BA1, BS1 and PM2, in this order.
pub(super) fn evaluate(question: &Question<'_>) -> [Criterion; 3] {
    let source = question.source("frequencies");
    let version = RULES.version("Population");
    let rows = CODES.map(|(code, rule)| Row::new(code, rule, &version, &source));
    let thresholds = thresholds(question);
    match &question.variant.frequency {
        Lookup::NotEvaluated(reason) => all_not_evaluated(rows, reason),
        Lookup::Absent => absent(rows, thresholds),
        Lookup::Found(record) if !record.filters.is_empty() => {
            let filters = record.filters.join(", ");
            all_not_evaluated(
                rows,
                &format!(
                    "WARNING: the frequency record failed its own filter ({filters}); the allele may still be common"
                ),
            )
        }
        Lookup::Found(record) => found(question, record, rows, thresholds),
    }
}

fn thresholds(question: &Question<'_>) -> &'static Thresholds {
    if super::mitochondrial::is(question)
        && let Some(thresholds) = RULES.frequency.of_inheritance("HP:0001427")
    {
        return thresholds;
    }
    let inheritance = question.gene.and_then(|gene| gene.inheritance_id.as_deref());
    let chosen = question.specification().map(|specification| specification.key.as_str());
    let excluded = chosen.is_none() && RULES.specifications.contains_key(question.symbol());
    match (chosen, inheritance) {
        // The specification is for another disease, and so are its thresholds.
        (None, inheritance) if excluded => RULES.frequency.thresholds("", inheritance),
        (chosen, inheritance) => RULES
            .frequency
            .thresholds(chosen.unwrap_or_else(|| question.symbol()), inheritance),
    }
}

fn all_not_evaluated(rows: [Row; 3], reason: &str) -> [Criterion; 3] {
    let reason = reason.trim_end_matches('.');
    let mut codes = CODES.iter();
    rows.map(|row| {
        let code = codes.next().map_or(Code::PM2, |(code, _)| *code);
        row.not_evaluated(format!("{code} was not evaluated: {reason}."))
    })
}

fn absent(rows: [Row; 3], thresholds: &Thresholds) -> [Criterion; 3] {
    let [ba1, bs1, pm2] = rows.map(|row| row.compared("population record", "absent, site covered"));
    [
        ba1.not_met("The allele is absent from the population source, which covers this place."),
        bs1.not_met("The allele is absent from the population source, which covers this place."),
        pm2.compared("PM2 below", share(thresholds.pm2)).met(
            Strength::Supporting,
            "The allele is absent from the population source, which covers this place.",
        ),
    ]
}

/// A usable filtering frequency with its trail, or why there is none.
struct Filtering {
    value: f64,
    words: String,
    alleles: u64,
}

fn filtering(record: &Frequency) -> Result<Filtering, String> {
    let rules = &RULES.frequency;
    let group = record.group.as_deref();
    if let Some(value) = record.filtering_frequency {
        if let Some(group) = group.filter(|g| rules.founder_groups.iter().any(|f| f.eq_ignore_ascii_case(g))) {
            return Err(format!(
                "the stated filtering frequency is of {group}, a founder or mixed group"
            ));
        }
        // A group that is named needs its own number of alleles, unless no group has the allele often enough.
        let alleles = match (record.group_allele_number, group) {
            (Some(n), _) => Some(n),
            (None, Some(_)) if value > 0.0 => None,
            (None, _) => record.allele_number,
        };
        let alleles = alleles.ok_or("the number of alleles behind the filtering frequency is not stated")?;
        let words = group.map_or("filtering frequency".to_owned(), |g| {
            format!("filtering frequency of group {g}")
        });
        return enough(alleles).map(|alleles| Filtering { value, words, alleles });
    }
    let (Some(count), Some(alleles)) = (record.allele_count, record.allele_number) else {
        return Err("the source states neither a filtering frequency nor both AC and AN".to_owned());
    };
    let alleles = enough(alleles)?;
    let value = poisson::filtering_frequency(count, alleles)
        .ok_or_else(|| format!("the source states AC {count} of AN {alleles}, which cannot be"))?;
    Ok(Filtering {
        value,
        words: "95 % lower bound of the frequency in all samples (no group stated)".to_owned(),
        alleles,
    })
}

fn enough(alleles: u64) -> Result<u64, String> {
    let least = RULES.frequency.minimum_alleles;
    if alleles < least {
        return Err(format!(
            "only {alleles} alleles were observed, at least {least} are needed"
        ));
    }
    Ok(alleles)
}

fn found(question: &Question<'_>, record: &Frequency, rows: [Row; 3], thresholds: &Thresholds) -> [Criterion; 3] {
    let [ba1, bs1, pm2] = rows;
    let counts = counts(record);
    let pm2 = pm2.compared("observed", &counts);
    let filtering = match filtering(record) {
        Ok(filtering) => filtering,
        Err(reason) => {
            let sentence = |code: Code| format!("{code} was not evaluated: {reason} ({counts}).");
            return [
                ba1.compared("observed", &counts).not_evaluated(sentence(Code::BA1)),
                bs1.compared("observed", &counts).not_evaluated(sentence(Code::BS1)),
                rare_without_filtering(record, pm2, thresholds, &reason),
            ];
        }
    };
    let stated = |row: Row, name: &str, limit: f64| {
        row.compared(&filtering.words, share(filtering.value))
            .compared("alleles", filtering.alleles)
            .compared(name, share(limit))
            .compared("threshold from", &thresholds.source)
    };
    let (ba1, bs1) = (
        stated(ba1, "BA1 limit", thresholds.ba1),
        stated(bs1, "BS1 limit", thresholds.bs1),
    );
    let above = |limit: f64| filtering.value > limit || (thresholds.at_least && filtering.value >= limit);
    let figure = format!("The {} is {} ({counts})", filtering.words, share(filtering.value));
    if let Some(exception) = RULES.exception(question.build, &question.variant.key) {
        let reason = format!(
            "{} stands on the list \"{}\", {}",
            exception.name, exception.list, exception.version
        );
        return [
            ba1.not_applicable(format!("BA1 is not applied: {reason}.")),
            bs1.not_applicable(format!("BS1 is not applied: {reason}.")),
            rare(question, record, pm2, thresholds, filtering.value),
        ];
    }
    if above(thresholds.ba1) {
        return [
            ba1.met(
                Strength::StandAlone,
                format!("{figure}, above {}: too common.", share(thresholds.ba1)),
            ),
            bs1.not_applicable("BA1 is met; the frequency counts once."),
            pm2.not_met(format!("{figure}: not rare.")),
        ];
    }
    let ba1 = ba1.not_met(format!("{figure}, not above {}.", share(thresholds.ba1)));
    if above(thresholds.bs1) {
        return [
            ba1,
            bs1.met(
                Strength::Strong,
                format!(
                    "{figure}, above {}: more common than the disease allows.",
                    share(thresholds.bs1)
                ),
            ),
            pm2.not_met(format!("{figure}: not rare.")),
        ];
    }
    let bs1 = bs1.not_met(format!("{figure}, not above {}.", share(thresholds.bs1)));
    [ba1, bs1, rare(question, record, pm2, thresholds, filtering.value)]
}

/// The highest frequency that the record holds.
fn highest(record: &Frequency, filtering: Option<f64>) -> Option<f64> {
    let plain = record
        .frequency
        .or_else(|| match (record.allele_count, record.allele_number) {
            (Some(count), Some(alleles)) if alleles > 0 => Some(count as f64 / alleles as f64),
            _ => None,
        });
    [plain, filtering, record.filtering_frequency]
        .into_iter()
        .flatten()
        .reduce(f64::max)
}

/// PM2 where BA1 and BS1 could not be told: still not met if any figure says that the allele is not rare.
fn rare_without_filtering(record: &Frequency, row: Row, thresholds: &Thresholds, reason: &str) -> Criterion {
    let row = row.compared("PM2 below", share(thresholds.pm2));
    match highest(record, None) {
        Some(frequency) if frequency >= thresholds.pm2 && frequency > 0.0 => {
            row.not_met(format!("A frequency of {} is not rare.", share(frequency)))
        }
        _ => row.not_evaluated(format!("PM2 was not evaluated: {reason}.")),
    }
}

fn rare(question: &Question<'_>, record: &Frequency, row: Row, thresholds: &Thresholds, filtering: f64) -> Criterion {
    let row = row.compared("PM2 below", share(thresholds.pm2));
    let frequency = highest(record, Some(filtering)).unwrap_or(filtering);
    let recessive = question
        .gene
        .and_then(|gene| gene.inheritance_id.as_deref())
        .is_some_and(|id| matches!(id, "HP:0000007" | "HP:0001419"));
    if recessive && let Some(homozygotes @ 1..) = record.homozygotes {
        return row.compared("homozygotes", homozygotes).not_met(format!(
            "The population source holds {homozygotes} homozygotes, none are expected in a recessive disease."
        ));
    }
    let row = row.compared("highest frequency stated", share(frequency));
    if frequency == 0.0 {
        row.met(
            Strength::Supporting,
            "The population source covers this place and counts no copy of the allele.",
        )
    } else if frequency < thresholds.pm2 {
        row.met(
            Strength::Supporting,
            format!(
                "A frequency of {} is rare, below {}.",
                share(frequency),
                share(thresholds.pm2)
            ),
        )
    } else if thresholds.pm2 == 0.0 {
        row.not_met(format!(
            "The allele was seen (frequency {}); the rule asks for absence.",
            share(frequency)
        ))
    } else {
        row.not_met(format!(
            "A frequency of {} is not below {}.",
            share(frequency),
            share(thresholds.pm2)
        ))
    }
}

/// `AC 12 of AN 150,000`, with what is not stated said so.
fn counts(record: &Frequency) -> String {
    let count = |value: Option<u64>| value.map_or("not stated".to_owned(), |n| n.to_string());
    format!(
        "AC {} of AN {}",
        count(record.allele_count),
        count(record.allele_number)
    )
}
