//! Outside calls: genotypes, phenotypes or activity scores that another laboratory or program determined.
//!
//! Tab-separated, without a header: gene, diplotype, phenotype, activity score; further columns and lines with `#` are
//! passed over. A call for a gene takes the place of what the VCF would give.

use clinotype_genome::{Fault, Result};

use super::{
    definitions::{Definitions, Gene, Lookup, Ploidy},
    names,
    phenotypes::{Phenotypes, UNKNOWN},
};

/// One outside call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideCall {
    /// HGNC symbol.
    pub gene: String,
    /// One or two alleles, [`UNKNOWN`] for a call that says it has none; empty where only a phenotype or activity score
    /// is given.
    pub alleles: Vec<String>,
    /// Phenotype, in the words of the tables.
    pub phenotype: Option<String>,
    /// Activity score.
    pub activity_score: Option<String>,
    /// What was changed or could not be recognised.
    pub cautions: Vec<String>,
}

/// Reads the lines of a file of outside calls.
///
/// What is no gene symbol, a line without a call, more than two alleles, one allele where a gene has two, and an
/// activity score that is no number are input faults. A gene or an allele that the tables do not know is kept with a
/// caution: it has no function, so nothing follows from it.
pub fn parse(text: &str, definitions: &Definitions, phenotypes: &Phenotypes) -> Result<Vec<OutsideCall>> {
    let mut calls = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim_end_matches('\r');
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let number = at as u64 + 1;
        calls.push(one(line, definitions, phenotypes).map_err(|fault| fault.line(number))?);
    }
    Ok(calls)
}

fn one(line: &str, definitions: &Definitions, phenotypes: &Phenotypes) -> Result<OutsideCall> {
    let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
    let stated = |at: usize| fields.get(at).copied().filter(|f| !f.is_empty());
    let [symbol, _, ..] = fields[..] else {
        return Err(Fault::input("an outside call has fewer than two columns")
            .hint("write gene, diplotype, phenotype and activity score, separated by tabs"));
    };
    let mut cautions = Vec::new();
    let other;
    let gene = if let Some(gene) = definitions.genes.get(symbol) {
        gene
    } else {
        let letters = symbol
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
        if !letters || !symbol.starts_with(|c: char| c.is_ascii_uppercase()) {
            return Err(Fault::input(format!("{symbol:?} is no gene symbol"))
                .hint("write the HGNC symbol first, for example CYP2D6"));
        }
        cautions.push("there are no tables for this gene; nothing follows from the call but what it states".to_owned());
        other = Gene::outside_only(symbol);
        &other
    };
    let phenotype = stated(2).map(|p| normal_phenotype(&p.replace(symbol, "")));
    let activity_score = stated(3).map(activity).transpose()?;
    let alleles = match stated(1) {
        Some(text) => alleles(gene, text, phenotypes, &mut cautions)?,
        None => Vec::new(),
    };
    if alleles.is_empty() && phenotype.is_none() && activity_score.is_none() {
        return Err(Fault::input(format!("the outside call for {symbol} says nothing"))
            .hint("give a diplotype, a phenotype or an activity score"));
    }
    if activity_score.is_some() && gene.lookup != Lookup::ActivityScore {
        cautions.push("activity scores are not used for this gene".to_owned());
    }
    Ok(OutsideCall {
        gene: gene.symbol.clone(),
        alleles,
        phenotype,
        activity_score,
        cautions,
    })
}

fn alleles(gene: &Gene, text: &str, phenotypes: &Phenotypes, cautions: &mut Vec<String>) -> Result<Vec<String>> {
    let symbol = gene.symbol.as_str();
    let two = gene.ploidy == Ploidy::Two && gene.lookup != Lookup::Presence;
    let parts: Vec<&str> = text.split('/').map(str::trim).collect();
    if parts.iter().all(|p| p.is_empty() || *p == ".") {
        let copies = if gene.ploidy == Ploidy::Two { 2 } else { 1 };
        cautions.push("the outside call says that nothing was called".to_owned());
        return Ok(vec![UNKNOWN.to_owned(); copies]);
    }
    if parts.iter().any(|p| p.is_empty() || *p == ".") {
        return Err(
            Fault::input(format!("the outside call for {symbol} has an empty allele"))
                .hint("name both alleles, or give the phenotype instead"),
        );
    }
    match parts.len() {
        1 if two => {
            return Err(Fault::input(format!(
                "the outside call for {symbol} has one allele, the gene has two copies"
            ))
            .hint("write both alleles with a slash, for example *1/*2"));
        }
        1 | 2 if gene.ploidy != Ploidy::One => {}
        1 => {}
        n => {
            return Err(Fault::input(format!("the outside call for {symbol} has {n} alleles"))
                .hint("a person has one or two copies; join what lies on one copy by \" + \""));
        }
    }
    parts
        .iter()
        .map(|part| allele(gene, part, phenotypes, cautions))
        .collect()
}

/// One allele in the way the tables write it.
fn allele(gene: &Gene, text: &str, phenotypes: &Phenotypes, cautions: &mut Vec<String>) -> Result<String> {
    let symbol = gene.symbol.as_str();
    let known = |name: &str| phenotypes.knows_allele(symbol, name) || gene.knows(name);
    let mut name = text.strip_prefix(symbol).map_or(text, str::trim).to_owned();
    if known(&name) {
        return Ok(name);
    }
    if gene.lookup == Lookup::Presence {
        let letter = &symbol[symbol.len() - 1..];
        let bare = name.strip_prefix(letter).unwrap_or(&name).to_owned();
        let two_fields = bare
            .strip_prefix('*')
            .map(|f| f.split(':').take(2).collect::<Vec<_>>().join(":"));
        let Some(fields) = two_fields.filter(|f| {
            f.split(':')
                .all(|p| !p.is_empty() && p.chars().all(|c| c.is_ascii_alphanumeric()))
        }) else {
            return Err(Fault::input(format!("{text:?} is no allele of {symbol}")).hint("write for example *15:02"));
        };
        let short = format!("*{fields}");
        if short != text {
            cautions.push(format!("{text} is read as {short}"));
        }
        if !fields.contains(':') {
            cautions.push(format!(
                "{short} has one field only; the guidelines need two, for example *15:02"
            ));
        }
        return Ok(short);
    }
    // A sub-allele such as *4.001 has the function of its core allele.
    if let Some((core, sub)) = name.split_once('.')
        && name.starts_with('*')
        && sub.chars().all(|c| c.is_ascii_digit())
        && known(core)
    {
        cautions.push(format!("sub-allele {name} is read as {core}"));
        return Ok(core.to_owned());
    }
    for spelling in spellings(&name) {
        if known(&spelling) {
            cautions.push(format!("{name} is read as {spelling}"));
            return Ok(spelling);
        }
    }
    if symbol == "CYP2D6" && copy_number(&name, phenotypes).is_some() {
        return Ok(name);
    }
    if name.is_empty() {
        text.clone_into(&mut name);
    }
    let parts = names::parts(&name);
    let unknown: Vec<&str> = parts.iter().copied().filter(|p| !known(p)).collect();
    if unknown.is_empty() {
        cautions.push(format!("no function is published for {name} as a whole"));
    } else {
        cautions.push(format!(
            "{} is not in the allele tables; no function follows from it, and no recommendation",
            unknown.join(", ")
        ));
    }
    Ok(name)
}

/// Other ways to write what lies on one copy.
fn spellings(name: &str) -> Vec<String> {
    let bare = name.strip_prefix('[').and_then(|n| n.strip_suffix(']')).unwrap_or(name);
    let parts: Vec<&str> = bare.split('+').map(str::trim).collect();
    let mut all = vec![bare.to_owned(), parts.join("+"), parts.join(names::JOINER)];
    if let Some(number) = bare.strip_prefix("m.") {
        all.push(number.to_owned());
    } else if bare.starts_with(|c: char| c.is_ascii_digit()) {
        all.push(format!("m.{bare}"));
    }
    all
}

/// `*2x3` and more copies: the name under which the tables hold three and more, for alleles that have one.
pub(super) fn copy_number(name: &str, phenotypes: &Phenotypes) -> Option<String> {
    let (core, copies) = name.strip_prefix('*')?.split_once(['x', 'X'])?;
    if core.is_empty() || !core.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (at_least, digits) = copies
        .strip_prefix('≥')
        .map_or((false, copies), |digits| (true, digits));
    let number: u32 = digits.parse().ok()?;
    let whole = format!("*{core}x≥3");
    let changes = number > 3 || (number == 3 && !at_least);
    (changes && phenotypes.knows_allele("CYP2D6", &whole)).then_some(whole)
}

fn activity(text: &str) -> Result<String> {
    let digits = text.trim_start_matches(['≥', '>', '=']);
    if text.eq_ignore_ascii_case("n/a") {
        return Ok("n/a".to_owned());
    }
    if digits.parse::<f64>().is_err() {
        return Err(Fault::input("the activity score of an outside call is no number")
            .hint("write for example 1.25 or \u{2265}3.0"));
    }
    let sign = if text.starts_with(['≥', '>']) { "\u{2265}" } else { "" };
    Ok(if digits.contains('.') {
        format!("{sign}{digits}")
    } else {
        format!("{sign}{digits}.0")
    })
}

/// Abbreviations and old words of metabolizer phenotypes in those of the tables.
fn normal_phenotype(text: &str) -> String {
    let trimmed = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let lower = trimmed
        .to_lowercase()
        .replace("metaboliser", "metabolizer")
        .replace("extensive", "normal");
    let short = match lower.as_str() {
        "pm" => Some("Poor Metabolizer"),
        "im" => Some("Intermediate Metabolizer"),
        "nm" | "em" => Some("Normal Metabolizer"),
        "rm" => Some("Rapid Metabolizer"),
        "um" => Some("Ultrarapid Metabolizer"),
        _ if lower.contains("indeterminate") => Some("Indeterminate"),
        _ => None,
    };
    if let Some(short) = short {
        return short.to_owned();
    }
    for word in ["Ultrarapid", "Poor", "Intermediate", "Normal", "Rapid"] {
        if lower.contains(&format!("{} metabolizer", word.to_lowercase())) {
            let before = match &lower {
                l if l.starts_with("likely") => "Likely ",
                l if l.starts_with("possible") => "Possible ",
                _ => "",
            };
            return format!("{before}{word} Metabolizer");
        }
    }
    trimmed
}
