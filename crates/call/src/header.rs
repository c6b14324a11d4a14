//! The head of the VCF.

use std::fmt::Write as _;

use clinotype_genome::{Build, Fault, Reference, Result};

use crate::{CallOptions, filter};

/// The header lines and the column line. The reference goes in by its file name alone: folders are the laboratory's
/// own. There is no date: equal inputs give equal bytes.
pub(crate) fn text(options: &CallOptions<'_>, gvcf: bool) -> Result<String> {
    let mut out = beginning(options.sample, options.source, options.reference, options.header)?;
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    for (id, words) in filter::ALL {
        line(&format!("##FILTER=<ID={id},Description=\"{words}\">"));
    }
    for (id, number, kind, words) in [
        ("AC", "A", "Integer", "Chromosomes with each alternate allele"),
        ("AF", "A", "Float", "Share of chromosomes with each alternate allele"),
        ("AN", "1", "Integer", "Chromosomes called"),
        (
            "DP",
            "1",
            "Integer",
            "Fragments over the site; overlapping mates count once",
        ),
        ("FS", "1", "Float", "Strand bias, phred-scaled p of Fisher's exact test"),
        ("MQ", "1", "Float", "Root mean square mapping quality"),
        (
            "MQRankSum",
            "1",
            "Float",
            "Rank sum test of mapping qualities, alternate against reference, z",
        ),
        ("QD", "1", "Float", "QUAL by informative fragments"),
        (
            "ReadPosRankSum",
            "1",
            "Float",
            "Rank sum test of the distance from the read's end, alternate against reference, z",
        ),
        ("SOR", "1", "Float", "Strand bias, symmetric odds ratio"),
    ] {
        line(&format!(
            "##INFO=<ID={id},Number={number},Type={kind},Description=\"{words}\">"
        ));
    }
    if gvcf {
        line("##INFO=<ID=END,Number=1,Type=Integer,Description=\"Last base of the block\">");
    }
    for (id, number, kind, words) in [
        ("GT", "1", "String", "Genotype"),
        ("AD", "R", "Integer", "Fragments that speak for each allele"),
        (
            "DP",
            "1",
            "Integer",
            "Fragments over the site; overlapping mates count once; a block has the mean",
        ),
        (
            "GQ",
            "1",
            "Integer",
            "Phred-scaled posterior that the genotype is another; a block has the least",
        ),
        (
            "PL",
            "G",
            "Integer",
            "Phred-scaled genotype likelihoods without prior; a block has the least",
        ),
        ("HF", "A", "Float", "Fraction of each alternate allele (mitochondria)"),
        ("PS", "1", "Integer", "Phase set: position of its first record"),
    ] {
        line(&format!(
            "##FORMAT=<ID={id},Number={number},Type={kind},Description=\"{words}\">"
        ));
    }
    if gvcf {
        line("##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description=\"Least depth of the block\">");
        line("##ALT=<ID=NON_REF,Description=\"Any allele that is not named\">");
    }
    ending(&mut out, options.sample, options.reference, options.build);
    Ok(out)
}

/// From the file's format to the filter PASS.
pub(crate) fn beginning(sample: &str, source: &str, reference: &Reference, extra: &[String]) -> Result<String> {
    if sample.is_empty() || sample.contains(|c: char| c.is_control()) {
        return Err(Fault::usage(
            "the sample name is empty or holds a tab or another control character",
        ));
    }
    let mut out = String::from("##fileformat=VCFv4.3\n");
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    line(&format!("##source={source}"));
    let name = reference.path().file_name().unwrap_or_default();
    line(&format!("##reference={}", name.to_string_lossy()));
    for more in extra {
        if !more.starts_with("##") || more.contains(['\n', '\r']) {
            return Err(Fault::usage(format!(
                "{more:?} is not a header line: it must begin with ## and be one line"
            )));
        }
        line(more);
    }
    line("##FILTER=<ID=PASS,Description=\"All filters passed\">");
    Ok(out)
}

/// The contigs and the column line.
pub(crate) fn ending(out: &mut String, sample: &str, reference: &Reference, build: Option<Build>) {
    for contig in reference.contigs() {
        let assembly = build.map_or_else(String::new, |b| format!(",assembly={b}"));
        let _ = writeln!(out, "##contig=<ID={},length={}{assembly}>", contig.name, contig.length);
    }
    let _ = writeln!(out, "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{sample}");
}
