//! One record: which genotype it gives, or why none.

use std::collections::BTreeSet;

use clinotype_case::pgx::Evidence;
use clinotype_genome::{ContigKey, Fault, Result};

use super::{
    definitions::{Caller, Gene, Position},
    sample::Site,
    vcf::Reading,
};

/// Genotype quality (phred) and depth (reads) below which a genotype is remarked on; it is used all the same.
const LEAST_GQ: u32 = 20;
const LEAST_DP: u32 = 8;
/// How such remarks begin.
pub(super) const LOW_QUALITY: &str = "low quality";
/// How the remark on a FILTER begins.
pub(super) const FILTERED: &str = "the record did not pass its filters";

/// The columns of a record that matter.
pub(super) struct Record<'a> {
    pub(super) position: u32,
    pub(super) end: u32,
    pub(super) reference: &'a str,
    alternates: Vec<&'a str>,
    filter: &'a str,
    format: &'a str,
    values: &'a str,
    /// Indexes of the alleles; `None` for a dot.
    pub(super) genotype: Vec<Option<usize>>,
    genotype_text: &'a str,
}

impl<'a> Record<'a> {
    pub(super) fn of(position: u32, rest: &'a str, column: usize) -> Result<Self> {
        let fields: Vec<&str> = rest.split('\t').collect();
        // `rest` starts at ID, the third column.
        let (Some(values), Some(&format)) = (fields.get(column - 2), fields.get(6)) else {
            return Err(Fault::input("a record has fewer columns than the header")
                .hint("the file is cut short or its columns are not separated by tabs"));
        };
        let (reference, alternates, filter, info) = (fields[1], fields[2], fields[4], fields[5]);
        let at = format.split(':').position(|f| f == "GT");
        let text = at.and_then(|at| values.split(':').nth(at)).unwrap_or("");
        let mut genotype = Vec::new();
        if !text.is_empty() {
            for index in text.split(['/', '|']) {
                genotype.push(if index == "." {
                    None
                } else {
                    Some(
                        index
                            .parse()
                            .map_err(|_| Fault::input("GT is no list of allele numbers"))?,
                    )
                });
            }
        }
        let end = info
            .split(';')
            .find_map(|i| i.strip_prefix("END="))
            .and_then(|e| e.parse().ok())
            .unwrap_or_else(|| last_base(position, reference));
        Ok(Self {
            position,
            end,
            reference,
            alternates: if alternates == "." {
                Vec::new()
            } else {
                alternates.split(',').collect()
            },
            filter,
            format,
            values,
            genotype,
            genotype_text: text,
        })
    }

    fn value(&self, key: &str) -> Option<&'a str> {
        let at = self.format.split(':').position(|f| f == key)?;
        self.values.split(':').nth(at).filter(|v| *v != ".")
    }

    pub(super) fn number(&self, key: &str) -> Option<u32> {
        self.value(key)?.parse().ok()
    }

    /// Reads of the two called alleles by AD.
    fn reads(&self, genotype: &[Option<usize>]) -> Option<[u32; 2]> {
        let depths: Vec<Option<u32>> = self.value("AD")?.split(',').map(|d| d.parse().ok()).collect();
        match genotype {
            [Some(first), Some(second)] => Some([(*depths.get(*first)?)?, (*depths.get(*second)?)?]),
            _ => None,
        }
    }

    /// A reference block: no ALT but `<NON_REF>` or `<*>`, or none and an END.
    pub(super) fn symbolic_only(&self) -> bool {
        if self.alternates.is_empty() {
            return self.end > last_base(self.position, self.reference);
        }
        self.alternates.iter().all(|a| matches!(*a, "<NON_REF>" | "<*>"))
    }
}

/// The 1-based last base of REF.
fn last_base(position: u32, reference: &str) -> u32 {
    position.saturating_add(reference.len() as u32).saturating_sub(1)
}

/// Why a genotype cannot be used.
pub(super) type Unusable = &'static str;

/// The genotype of a record: a site with remarks, or why it cannot be used. A GT that names an ALT that is not there
/// is an input fault.
pub(super) fn read(
    gene: &Gene,
    place: &Position,
    key: &ContigKey,
    record: &Record<'_>,
    reading: &Reading,
    depths_usable: bool,
    lifted: bool,
) -> Result<Result<(Site, Vec<String>), Unusable>> {
    let mut notes = Vec::new();
    let called: Vec<usize> = record.genotype.iter().flatten().copied().collect();
    if let Some(index) = called.iter().find(|i| **i > record.alternates.len()) {
        return Err(Fault::input(format!(
            "GT names allele {index}, but the record has {} ALT allele(s)",
            record.alternates.len()
        ))
        .hint("the record was split or edited wrongly; make the VCF anew"));
    }
    let Some(alleles) = alleles(place, record, lifted) else {
        return Ok(Err("REF is not that of the definition (GRCh38)"));
    };
    if record.genotype_text.is_empty() {
        return Ok(Err("the record has no genotype (GT)"));
    }
    if called.is_empty() {
        return Ok(Err("the genotype is not called"));
    }
    let one_copy = matches!(key.as_str(), "Y" | "MT");
    if called.len() == 1 && record.genotype.len() > 1 && !one_copy && key.as_str() != "X" {
        if called[0] == 0 {
            return Ok(Err("only one allele is called, and it is REF"));
        }
        notes.push("only one of two alleles is called".to_owned());
    }
    let alone = record.genotype.len() == 1 && !one_copy && key.as_str() != "X";
    if alone {
        if called[0] == 0 {
            return Ok(Err("only one allele is called, and it is REF"));
        }
        notes.push("only one allele is written where two are expected".to_owned());
    }
    if called.len() > 2 || (one_copy && called.len() > 1) {
        notes.push("more alleles are written than expected: the first ones are used".to_owned());
    }
    for index in &called {
        let Some(base) = alleles.get(*index) else { continue };
        if base.starts_with('<') {
            return Ok(Err("the genotype names a structural allele"));
        }
        if base == "*" {
            return Ok(Err("the genotype names a base that another deletion removes (*)"));
        }
        if base.is_empty() || !base.bytes().all(|b| matches!(b, b'A' | b'C' | b'G' | b'T')) {
            return Ok(Err("the genotype names an ambiguous or unknown base"));
        }
    }
    if record.number("DP") == Some(0)
        && record
            .value("AD")
            .is_none_or(|ad| ad.split(',').all(|d| matches!(d, "0" | ".")))
    {
        return Ok(Err("no reads (DP 0)"));
    }
    if !matches!(
        record.filter,
        "PASS" | "." | "" | "PCATxREF" | "PCATxALT" | "PCATxINDEL"
    ) {
        notes.push(format!("{FILTERED} ({}); the genotype is used", record.filter));
    }
    let low = |key: &str, least: u32| record.number(key).filter(|n| *n < least).map(|n| format!("{key} {n}"));
    let low: Vec<String> = [low("GQ", LEAST_GQ), low("DP", LEAST_DP)]
        .into_iter()
        .flatten()
        .collect();
    if !low.is_empty() {
        notes.push(format!("{LOW_QUALITY} ({}); the genotype is used", low.join(", ")));
    }
    if depths_usable && single_depth(record, &called) {
        return Ok(Err(
            "the genotype is heterozygous, but the reads (AD) have one allele only",
        ));
    }
    let mut genotype = record.genotype.clone();
    genotype.truncate(2);
    let distinct: BTreeSet<usize> = genotype.iter().flatten().copied().collect();
    let undocumented = undocumented(place, record, &alleles, &distinct, &mut notes);
    let as_reference =
        gene.undocumented_is_reference && (!reading.combinations || gene.caller == Caller::LowestFunction);
    if !undocumented.is_empty() && as_reference {
        notes.push("the ALT without definition is read as REF".to_owned());
    }
    let base = |slot: usize| -> Option<String> { genotype.get(slot).copied().flatten().map(|i| alleles[i].clone()) };
    let first = base(0);
    let second = if one_copy && first.is_some() { None } else { base(1) };
    let bases = [first, second];
    let matched = bases.clone().map(|b| {
        b.map(|b| {
            if as_reference && undocumented.contains(&b) {
                place.reference.clone()
            } else {
                b
            }
        })
    });
    let phased = !record.genotype_text.contains('/');
    let phase_set = if phased {
        record.value("PS").and_then(|p| p.parse().ok())
    } else {
        None
    };
    let heterozygous = distinct.len() > 1;
    Ok(Ok((
        Site {
            called: bases,
            read: matched,
            phased,
            fixed: !heterozygous || (phased && phase_set.is_none()),
            phase_set,
            partial: record.genotype.iter().take(2).any(Option::is_none) || alone,
            variant: record.genotype_text.bytes().any(|b| !matches!(b, b'|' | b'/' | b'0')),
            reads: if depths_usable { record.reads(&genotype) } else { None },
            undocumented,
            evidence: Evidence::Record,
            detail: None,
        },
        notes,
    )))
}

/// REF and ALTs in the way the definition writes them, upper case; `None` where REF does not fit.
///
/// A record of an insertion or deletion may have a shorter REF than the definition (callers trim), which is filled up
/// with the bases that follow, or a longer one, whose common end is cut. A record without such an ALT is not changed:
/// one base of REF says nothing about the bases after it.
fn alleles(place: &Position, record: &Record<'_>, lifted: bool) -> Option<Vec<String>> {
    let reference = record.reference.to_ascii_uppercase();
    let mut all = vec![reference.clone()];
    all.extend(record.alternates.iter().map(|a| a.to_ascii_uppercase()));
    if reference == place.reference {
        return Some(all);
    }
    let plain = |a: &String| !a.is_empty() && a.bytes().all(|b| matches!(b, b'A' | b'C' | b'G' | b'T'));
    let indel = record
        .alternates
        .iter()
        .any(|a| plain(&a.to_ascii_uppercase()) && a.len() != reference.len());
    if indel && let Some(rest) = place.reference.strip_prefix(reference.as_str()) {
        return Some(all.into_iter().map(|a| if plain(&a) { a + rest } else { a }).collect());
    }
    if indel && let Some(rest) = reference.strip_prefix(place.reference.as_str()) {
        let whole = all
            .iter()
            .all(|a| !plain(a) || (a.len() > rest.len() && a.ends_with(rest)));
        return whole.then(|| {
            all.into_iter()
                .map(|a| {
                    if plain(&a) {
                        a[..a.len() - rest.len()].to_owned()
                    } else {
                        a
                    }
                })
                .collect()
        });
    }
    // On another build REF may be one of the definition's ALTs; single bases mean the same there.
    let single = reference.len() == 1 && place.reference.len() == 1 && place.alternates.iter().all(|a| a.len() == 1);
    (lifted && single && place.alternates.contains(&reference)).then_some(all)
}

/// Whether GT is heterozygous but only one allele has reads.
fn single_depth(record: &Record<'_>, called: &[usize]) -> bool {
    let Some(depths) = record.value("AD") else { return false };
    let with_reads = depths
        .split(',')
        .filter(|d| d.parse::<u64>().is_ok_and(|d| d > 0))
        .count();
    with_reads == 1 && called.iter().collect::<BTreeSet<_>>().len() > 1
}

fn undocumented(
    place: &Position,
    record: &Record<'_>,
    alleles: &[String],
    called: &BTreeSet<usize>,
    notes: &mut Vec<String>,
) -> BTreeSet<String> {
    let long = |a: &str| !a.starts_with('<') && a.len() > 1;
    if place.alternates.iter().any(|a| long(a)) && !alleles.iter().skip(1).any(|a| long(a)) {
        if !record.alternates.is_empty() && called.iter().any(|i| *i > 0) {
            notes.push("a single base is called where the definition has an insertion or repeat".to_owned());
        }
        return BTreeSet::new();
    }
    let unknown: BTreeSet<String> = called
        .iter()
        .filter(|i| **i > 0)
        .map(|i| alleles[*i].clone())
        .filter(|a| *a != place.reference && !place.alternates.contains(a))
        .collect();
    if !unknown.is_empty() {
        notes.push(format!(
            "ALT {} is not in the definition, which has {}",
            unknown.iter().cloned().collect::<Vec<_>>().join(","),
            place.alternates.join(",")
        ));
    }
    unknown
}
