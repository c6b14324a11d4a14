//! One CSQ entry, in VEP's format, and the per-allele INFO values.

use std::fmt::Write as _;

use crate::facts::{Impact, Mane};
use clinotype_genome::{Strand, VariantKey};

use crate::{
    consequence::{Effect, cryptic, terms::Term},
    sources::{
        clinvar::{self, NO_CLASSIFICATION},
        frequency::{self, Answer, Frequencies},
    },
    transcripts::Transcript,
    vcf::{
        line::encode,
        output::{CSQ_FORMAT, HAPLOTYPE_FORMAT, PER_ALLELE},
    },
};

/// VEP's allele: ALT without the base that REF and every ALT of a record with an indel share; `-` for nothing.
pub(crate) fn vep_allele(reference: &str, alternate: &str, all: &[&str]) -> String {
    let indel = all.iter().any(|a| a.len() != reference.len());
    let first = reference.as_bytes().first();
    let shared = all
        .iter()
        .all(|a| *a == "*" || a.as_bytes().first().map(u8::to_ascii_uppercase) == first.map(u8::to_ascii_uppercase));
    if indel && shared && alternate != "*" {
        let rest = &alternate[1..];
        return if rest.is_empty() {
            "-".to_owned()
        } else {
            rest.to_ascii_uppercase()
        };
    }
    alternate.to_ascii_uppercase()
}

const SEPARATORS: &[u8] = b"|&";

const fn impact(impact: Impact) -> &'static str {
    match impact {
        Impact::High => "HIGH",
        Impact::Moderate => "MODERATE",
        Impact::Low => "LOW",
        Impact::Modifier => "MODIFIER",
    }
}

fn flag(value: Option<bool>) -> String {
    match value {
        Some(true) => "1".to_owned(),
        Some(false) => "0".to_owned(),
        None => String::new(),
    }
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map(|v| v.to_string()).unwrap_or_default()
}

/// Appends the entry of one allele on one transcript.
pub(crate) fn entry(out: &mut String, allele: &str, number: usize, t: &Transcript, effect: &Effect, picked: bool) {
    let lof = effect.loss_of_function.clone().unwrap_or_default();
    let terms: Vec<&str> = effect.terms.iter().map(Term::name).collect();
    let mane = match t.mane {
        Mane::Select => "MANE_Select",
        Mane::PlusClinical => "MANE_Plus_Clinical",
        Mane::None => "",
    };
    let mut warnings = String::new();
    for warning in &effect.warnings {
        if !warnings.is_empty() {
            warnings.push('&');
        }
        encode(&mut warnings, warning, SEPARATORS);
    }
    let strand = if t.strand == Strand::Forward { "1" } else { "-1" };
    let fields: [(&str, bool); 35] = [
        (allele, true),
        (&terms.join("&"), false),
        (impact(effect.terms.impact()), false),
        (&t.gene, true),
        (&t.gene_id, true),
        ("Transcript", false),
        (&t.accession, true),
        (&t.biotype, true),
        (effect.exon.as_deref().unwrap_or(""), true),
        (effect.intron.as_deref().unwrap_or(""), true),
        (effect.hgvs_c.as_deref().unwrap_or(""), true),
        (effect.hgvs_p.as_deref().unwrap_or(""), true),
        (effect.cdna_position.as_deref().unwrap_or(""), true),
        (effect.cds_position.as_deref().unwrap_or(""), true),
        (effect.protein_position.as_deref().unwrap_or(""), true),
        (effect.amino_acids.as_deref().unwrap_or(""), true),
        (effect.codons.as_deref().unwrap_or(""), true),
        (mane, false),
        (t.hgnc_id.as_deref().unwrap_or(""), true),
        (strand, false),
        (if picked { "1" } else { "" }, false),
        (t.protein_id.as_deref().unwrap_or(""), true),
        (&flag(lof.nmd), false),
        (lof.nmd_reason.as_deref().unwrap_or(""), true),
        (&text(lof.new_stop_codon), false),
        (&lof.lost_fraction.map(|f| format!("{f:.4}")).unwrap_or_default(), false),
        (&text(lof.skipped_exon), false),
        (&flag(lof.skip_keeps_frame), false),
        (&text(lof.next_met_codon), false),
        (&cryptic::text(lof.cryptic_sites.as_deref()), false),
        (&text(effect.intron_offset), false),
        (&text(effect.from_exon_start), false),
        (&text(effect.from_exon_end), false),
        (&number.to_string(), false),
        (&warnings, false),
    ];
    debug_assert_eq!(fields.len(), CSQ_FORMAT.split('|').count());
    write_fields(out, &fields);
}

/// The entry of one allele that is read together with others of its haplotype. `alleles`: all of them, normalised,
/// as position-REF-ALT; `copies`: how they are known to be on one copy.
pub(crate) fn haplotype(number: usize, alleles: &[String], copies: &str, t: &Transcript, effect: &Effect) -> String {
    let lof = effect.loss_of_function.clone().unwrap_or_default();
    let terms: Vec<&str> = effect.terms.iter().map(Term::name).collect();
    let fields: [(&str, bool); 20] = [
        (&number.to_string(), false),
        (&alleles.join("&"), false),
        (copies, true),
        (&terms.join("&"), false),
        (impact(effect.terms.impact()), false),
        (&t.gene, true),
        (&t.gene_id, true),
        (&t.accession, true),
        (&t.biotype, true),
        (effect.hgvs_c.as_deref().unwrap_or(""), true),
        (effect.hgvs_p.as_deref().unwrap_or(""), true),
        (effect.cdna_position.as_deref().unwrap_or(""), true),
        (effect.cds_position.as_deref().unwrap_or(""), true),
        (effect.protein_position.as_deref().unwrap_or(""), true),
        (effect.amino_acids.as_deref().unwrap_or(""), true),
        (effect.codons.as_deref().unwrap_or(""), true),
        (&flag(lof.nmd), false),
        (lof.nmd_reason.as_deref().unwrap_or(""), true),
        (&text(lof.new_stop_codon), false),
        (&lof.lost_fraction.map(|f| format!("{f:.4}")).unwrap_or_default(), false),
    ];
    debug_assert_eq!(fields.len(), HAPLOTYPE_FORMAT.split('|').count());
    let mut out = String::new();
    write_fields(&mut out, &fields);
    out
}

fn write_fields(out: &mut String, fields: &[(&str, bool)]) {
    for (i, (field, raw)) in fields.iter().enumerate() {
        if i > 0 {
            out.push('|');
        }
        if *raw {
            encode(out, field, SEPARATORS);
        } else {
            out.push_str(field);
        }
    }
}

/// Appends the entry of an allele that touches no transcript.
pub(crate) fn intergenic(out: &mut String, allele: &str, number: usize) {
    let empty = CSQ_FORMAT.split('|').count();
    let _ = write!(out, "{allele}|intergenic_variant|MODIFIER");
    for i in 3..empty {
        out.push('|');
        if i == empty - 2 {
            let _ = write!(out, "{number}");
        }
    }
}

/// Values of one allele for the Number=A fields, in the order of [`PER_ALLELE`]; empty means missing.
pub(crate) type Values = [String; PER_ALLELE.len()];

/// What a source can say of an allele.
pub(crate) enum ClinvarAnswer<'a> {
    Found(&'a clinvar::Record),
    Absent,
    NotEvaluated,
}

/// The values of one usable allele.
pub(crate) fn values(
    key: &VariantKey,
    hgvs_g: Option<String>,
    clinvar: &ClinvarAnswer<'_>,
    frequency: Answer,
) -> Values {
    let mut values = Values::default();
    let mut put = |key: &str, value: String| {
        if let Some(at) = PER_ALLELE.iter().position(|(k, _, _)| *k == key) {
            values[at] = value;
        }
    };
    put("HGVSG", hgvs_g.unwrap_or_default());
    put(
        "NORMALISED",
        format!("{}-{}-{}", key.position, key.reference, key.alternate),
    );
    match clinvar {
        ClinvarAnswer::Found(record) => {
            put("CLINVAR_STATE", "found".to_owned());
            put("CLINVAR_ID", record.id.clone());
            let none = || NO_CLASSIFICATION.to_owned();
            put("CLINVAR_SIG", record.significance.clone().unwrap_or_else(none));
            put("CLINVAR_REVSTAT", record.review.clone().unwrap_or_default());
            put("CLINVAR_CONFLICTS", record.conflicts.clone().unwrap_or_default());
            put("CLINVAR_CONDITIONS", record.conditions.clone().unwrap_or_default());
        }
        ClinvarAnswer::Absent => put("CLINVAR_STATE", "absent".to_owned()),
        ClinvarAnswer::NotEvaluated => put("CLINVAR_STATE", "not_evaluated".to_owned()),
    }
    match frequency {
        Answer::Found(r) => {
            put("FREQ_STATE", "found".to_owned());
            put("FREQ_AC", text(r.count));
            put("FREQ_AN", text(r.number));
            put("FREQ_AF", r.frequency.unwrap_or_default());
            put("FREQ_HOM", text(r.homozygotes));
            put("FREQ_FAF95", r.filtering.unwrap_or_default());
            put("FREQ_GROUP", r.group.unwrap_or_default());
            put("FREQ_GROUP_AN", text(r.group_number));
            put("FREQ_FILTER", r.filters.join("&"));
        }
        Answer::Absent(number) => {
            put("FREQ_STATE", "absent".to_owned());
            put("FREQ_REASON", format!("AN {number} at this site"));
            put("FREQ_AN", number.to_string());
        }
        Answer::NotEvaluated(reason) => {
            put("FREQ_STATE", "not_evaluated".to_owned());
            put("FREQ_REASON", reason);
        }
    }
    values
}

/// Appends the Number=A fields that at least one allele has a value for; `None` stands for a dropped allele.
pub(crate) fn per_allele(out: &mut String, alleles: &[Option<Values>]) {
    for (i, (key, _, _)) in PER_ALLELE.iter().enumerate() {
        if !alleles.iter().flatten().any(|v| !v[i].is_empty()) {
            continue;
        }
        if !out.is_empty() {
            out.push(';');
        }
        out.push_str(key);
        for (n, values) in alleles.iter().enumerate() {
            out.push(if n == 0 { '=' } else { ',' });
            match values.as_ref().map(|v| v[i].as_str()).filter(|v| !v.is_empty()) {
                Some(value) => encode(out, value, b""),
                None => out.push('.'),
            }
        }
    }
}

/// Answer of an optional frequency source.
pub(crate) fn frequency_answer(
    source: Option<(&Frequencies, &super::sources::Joined<frequency::Record>)>,
    contig: usize,
    key: &VariantKey,
) -> Answer {
    source.map_or_else(
        || Answer::NotEvaluated("no frequency file was given".to_owned()),
        |(frequencies, joined)| {
            frequencies.answer(
                joined.get(contig, key),
                contig,
                key.position.get(),
                joined.has_contig(contig),
            )
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alleles_as_vep_writes_them() {
        for (reference, alternate, all, expected) in [
            ("A", "g", vec!["g"], "G"),
            ("ACT", "A", vec!["A"], "-"),
            ("A", "ACT", vec!["ACT", "A"], "CT"),
            ("AC", "GT", vec!["GT"], "GT"),
            ("AC", "A", vec!["A", "*"], "-"),
            ("AC", "A", vec!["A", "G"], "A"),
            ("AC", "AT", vec!["AT", "A"], "T"),
        ] {
            assert_eq!(
                vep_allele(reference, alternate, &all),
                expected,
                "{reference} {alternate}"
            );
        }
    }

    #[test]
    fn intergenic_has_every_field() {
        let mut out = String::new();
        intergenic(&mut out, "A", 2);
        assert_eq!(out.split('|').count(), CSQ_FORMAT.split('|').count());
        let at = CSQ_FORMAT.split('|').position(|f| f == "ALLELE_NUM").unwrap();
        assert_eq!(out.split('|').nth(at), Some("2"));
    }
}
