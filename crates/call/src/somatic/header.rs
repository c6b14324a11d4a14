//! The head of a tumour-only VCF.

use clinotype_genome::Result;

use super::{SomaticOptions, TUMOR_ONLY, filter, power::Power};
use crate::header::{beginning, ending};

/// Said in the VCF and in the summary.
pub(crate) const STATEMENT: &str = "Tumour-only: no normal sample was compared, so no allele is proven to be somatic, and no somatic report is made from these calls.";

/// Said in the VCF and in the summary.
pub(crate) const ABSENCE: &str =
    "A base without a call is no negative where the depth does not let the fraction asked for be seen.";

pub(crate) fn text(options: &SomaticOptions<'_>, power: &Power) -> Result<String> {
    let mut out = beginning(options.sample, options.source, options.reference, options.header)?;
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    line(&format!("{TUMOR_ONLY},Description=\"{STATEMENT}\""));
    let from = power.sufficient.map_or_else(
        || "at no depth".to_owned(),
        |depth| format!("from {depth} fragments over the base on"),
    );
    line(&format!(
        "##clinotype_sensitivity=Description=\"{ABSENCE} An allele fraction of 5 % is seen with 95 % power {from}\""
    ));
    if options.frequencies.is_none() {
        line("##clinotype_germline=Description=\"not_evaluated: no population frequencies were given\"");
    }
    match options.contamination {
        Some(share) => line(&format!("##clinotype_contamination={share}")),
        None => line("##clinotype_contamination=not_evaluated"),
    }
    for (id, words) in filter::ALL {
        line(&format!("##FILTER=<ID={id},Description=\"{words}\">"));
    }
    for (id, number, kind, words) in [
        (
            "DP",
            "1",
            "Integer",
            "Fragments over the site; overlapping mates count once",
        ),
        ("FS", "1", "Float", "Strand bias, phred-scaled p of Fisher's exact test"),
        (
            "GERM",
            "A",
            "String",
            "What population frequency and allele fraction say of the origin: likely_germline, likely_somatic, undetermined, or not_evaluated where no frequency is known",
        ),
        (
            "GERMQ",
            "A",
            "Integer",
            "Phred-scaled chance that the allele is germline, where it is evaluated",
        ),
        ("MBQ", "R", "Integer", "Median base quality by allele"),
        (
            "MINAF",
            "1",
            "Float",
            "Least allele fraction that is seen with 95 % power at this depth",
        ),
        ("MMQ", "R", "Integer", "Median mapping quality by allele"),
        (
            "MPOS",
            "A",
            "Integer",
            "Median distance from the nearer end of the read",
        ),
        (
            "POPAF",
            "A",
            "Float",
            "Population frequency of the allele, negative log10",
        ),
        (
            "SLIP",
            "A",
            "Float",
            "Chance that a read of this sample slips in this repeat",
        ),
        ("SOR", "1", "Float", "Strand bias, symmetric odds ratio"),
        (
            "TLOD",
            "A",
            "Float",
            "log10 of how much likelier the reads are with the allele, at any fraction, than without it",
        ),
    ] {
        line(&format!(
            "##INFO=<ID={id},Number={number},Type={kind},Description=\"{words}\">"
        ));
    }
    for (id, number, kind, words) in [
        (
            "GT",
            "1",
            "String",
            "0/1 on every line: the allele was seen. It says nothing of zygosity, ploidy or clonality: see AF",
        ),
        ("AD", "R", "Integer", "Fragments that speak for each allele"),
        ("AF", "A", "Float", "Likeliest fraction of the allele"),
        ("AFHI", "A", "Float", "Upper end of the 95 % credible interval of AF"),
        ("AFLO", "A", "Float", "Lower end of the 95 % credible interval of AF"),
        (
            "DP",
            "1",
            "Integer",
            "Fragments over the site; overlapping mates count once",
        ),
        (
            "F1R2",
            "R",
            "Integer",
            "Fragments whose first mate reads forward, by allele",
        ),
        (
            "F2R1",
            "R",
            "Integer",
            "Fragments whose second mate reads forward, by allele",
        ),
        (
            "SB",
            "4",
            "Integer",
            "Reads by strand: reference forward and reverse, alternate forward and reverse",
        ),
    ] {
        line(&format!(
            "##FORMAT=<ID={id},Number={number},Type={kind},Description=\"{words}\">"
        ));
    }
    ending(&mut out, options.sample, options.reference, options.build);
    Ok(out)
}
