//! The annotated VCF: header lines and the INFO fields of a record.

use std::fmt::Write as _;

use super::{header::Header, line::Line};

/// Sub-fields of CSQ: VEP's first, then ours.
pub(crate) const CSQ_FORMAT: &str = "Allele|Consequence|IMPACT|SYMBOL|Gene|Feature_type|Feature|BIOTYPE|EXON|INTRON|HGVSc|HGVSp|cDNA_position|CDS_position|Protein_position|Amino_acids|Codons|MANE|HGNC_ID|STRAND|PICK|PROTEIN_ID|NMD|NMD_REASON|NEW_STOP|LOST_FRACTION|SKIPPED_EXON|SKIP_KEEPS_FRAME|NEXT_MET|CRYPTIC_SITES|INTRON_OFFSET|FROM_EXON_START|FROM_EXON_END|ALLELE_NUM|WARNINGS";

/// The field of combined readings. Not in CSQ: its readers take each of CSQ's entries for one allele's.
pub(crate) const HAPLOTYPE: &str = "CSQ_HAPLOTYPE";

/// Sub-fields of [`HAPLOTYPE`]. Alleles: all that are read together, as NORMALISED has them, joined by `&`. Copies:
/// `every_copy` (homozygous or haploid), `with_homozygous` (one unphased allele beside homozygous ones),
/// `phase_set_PS:copy_N`, or `phased:copy_N` where the genotype is phased without PS.
pub(crate) const HAPLOTYPE_FORMAT: &str = "ALLELE_NUM|Alleles|Copies|Consequence|IMPACT|SYMBOL|Gene|Feature|BIOTYPE|HGVSc|HGVSp|cDNA_position|CDS_position|Protein_position|Amino_acids|Codons|NMD|NMD_REASON|NEW_STOP|LOST_FRACTION";

/// INFO fields with one value per ALT: (key, type, description).
pub(crate) const PER_ALLELE: [(&str, &str, &str); 18] = [
    ("HGVSG", "String", "HGVS g. or m. name"),
    (
        "NORMALISED",
        "String",
        "Left-aligned and trimmed allele as position-REF-ALT (position 1-based)",
    ),
    (
        "CLINVAR_STATE",
        "String",
        "found, absent (the file holds this contig but not this allele) or not_evaluated",
    ),
    ("CLINVAR_ID", "String", "ClinVar variation ID"),
    ("CLINVAR_SIG", "String", "ClinVar CLNSIG of this allele"),
    ("CLINVAR_REVSTAT", "String", "ClinVar CLNREVSTAT"),
    ("CLINVAR_CONFLICTS", "String", "ClinVar CLNSIGCONF"),
    ("CLINVAR_CONDITIONS", "String", "ClinVar CLNDN"),
    (
        "FREQ_STATE",
        "String",
        "found, absent (the file proves that the site is covered) or not_evaluated",
    ),
    ("FREQ_REASON", "String", "Why FREQ_STATE is absent or not_evaluated"),
    ("FREQ_AC", "Integer", "Allele count in the frequency file"),
    ("FREQ_AN", "Integer", "Allele number in the frequency file"),
    ("FREQ_AF", "Float", "Allele frequency in the frequency file"),
    ("FREQ_HOM", "Integer", "Homozygotes in the frequency file"),
    (
        "FREQ_FAF95",
        "Float",
        "Highest filtering allele frequency (95 %) of a group",
    ),
    ("FREQ_GROUP", "String", "That group"),
    ("FREQ_GROUP_AN", "Integer", "Allele number of that group"),
    (
        "FREQ_FILTER",
        "String",
        "FILTER entries of the frequency record other than PASS, joined by &",
    ),
];

/// Whether an INFO key is one that this crate writes.
pub(crate) fn is_ours(key: &str) -> bool {
    // Most keys of other tools are told apart by their first letter.
    let first = key.as_bytes().first();
    key == "CSQ"
        || key == HAPLOTYPE
        || PER_ALLELE
            .iter()
            .any(|(k, _, _)| k.as_bytes().first() == first && *k == key)
}

/// The new header. Lines of an earlier annotation are replaced; the sample column gets the accession.
pub(crate) fn header(input: &Header, extra: &[String], source: &str, facts: &[String], sample: Option<&str>) -> String {
    let mut text = String::new();
    for line in &input.lines {
        let replaced = line
            .strip_prefix("##INFO=<ID=")
            .is_some_and(|l| is_ours(l.split([',', '>']).next().unwrap_or("")))
            || line.starts_with("##clinotype_data=")
            || line.starts_with("##clinotype_build=")
            || line.starts_with("##clinotype_annotate=");
        if !replaced {
            text.push_str(line);
            text.push('\n');
        }
    }
    let _ = writeln!(
        text,
        "##INFO=<ID=CSQ,Number=.,Type=String,Description=\"Consequence annotations from {}. Format: {CSQ_FORMAT}\">",
        source.replace(['"', '\\'], "")
    );
    let _ = writeln!(
        text,
        "##INFO=<ID={HAPLOTYPE},Number=.,Type=String,Description=\"Combined reading of alleles that are known to be on \
         one copy and that share a codon, or of which one is read in the frame that another has shifted; their single \
         readings are in CSQ. Alleles: normalised, joined by &. Format: {HAPLOTYPE_FORMAT}\">"
    );
    for (key, kind, words) in PER_ALLELE {
        let _ = writeln!(text, "##INFO=<ID={key},Number=A,Type={kind},Description=\"{words}\">");
    }
    for line in facts.iter().chain(extra) {
        if !line.starts_with("##") {
            text.push_str("##");
        }
        text.push_str(line);
        text.push('\n');
    }
    text.push_str("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO");
    if input.columns > 9 {
        text.push_str("\tFORMAT\t");
        text.push_str(sample.or(input.samples.first().map(String::as_str)).unwrap_or_default());
    }
    text.push('\n');
    text
}

/// The line's columns up to INFO, and INFO without an earlier annotation's keys (`also` tells further keys of ours);
/// whether INFO holds anything so far.
pub(crate) fn start(out: &mut String, line: &Line<'_>, also: impl Fn(&str) -> bool) -> bool {
    out.push_str(line.head);
    out.push('\t');
    let mut any = false;
    for entry in line.info.split(';').filter(|e| !e.is_empty() && *e != ".") {
        let key = entry.split_once('=').map_or(entry, |(k, _)| k);
        if is_ours(key) || also(key) {
            continue;
        }
        if any {
            out.push(';');
        }
        out.push_str(entry);
        any = true;
    }
    any
}

/// The line with our INFO in place of an earlier annotation's (`also`: as for [`start`]); every other column as it was.
pub(crate) fn line(out: &mut String, line: &Line<'_>, info: &str, also: impl Fn(&str) -> bool) {
    let mut any = start(out, line, also);
    if !info.is_empty() {
        if any {
            out.push(';');
        }
        out.push_str(info);
        any = true;
    }
    if !any {
        out.push('.');
    }
    out.push_str(line.tail);
    out.push('\n');
}
