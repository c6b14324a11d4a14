//! The wording of the report, in one place: labels, standard sentences, limitations, references.
//!
//! Plain words, no `normal`, no `mutation`, no class without its word. What a laboratory wants to say differently is
//! changed here and nowhere else.

pub mod beside;
pub mod pharmacogenes;

use clinotype_case::criterion::{State, Strength};
use clinotype_case::evidence::{Mane, Zygosity};
use clinotype_case::finding::ScopeSource;

/// Printed where the order or a file does not state a value.
pub const NOT_STATED: &str = "not stated";
/// Printed where a value was not evaluated.
pub const NOT_EVALUATED: &str = "not evaluated";
/// Printed where the data do not allow a figure.
pub const NOT_ASSESSED: &str = "not assessed";
/// Printed where an accession, a name or a frequency does not exist for this kind of variant.
pub const NOT_APPLICABLE: &str = "not applicable";
/// A data file that states no release.
pub const RELEASE_NOT_STATED: &str = "release not stated";
/// Instead of a letterhead.
pub const LABORATORY_NOT_STATED: &str = "Laboratory: not stated";
/// Instead of a patient.
pub const UNIDENTIFIED: &str = "UNIDENTIFIED";
/// The last line.
pub const END_OF_REPORT: &str = "End of report";
/// Who signed.
pub const NOT_SIGNED: &str = "not signed";
/// Beside a class that no person has confirmed.
pub const PROPOSED: &str = "proposed";
/// Beside a class that a person confirmed or set.
pub const REVIEWED: &str = "reviewed";

/// The lines of the signature strip.
pub const SIGNATURES: [&str; 3] = ["Written by", SIGNED_BY_REVIEWER, "Approved and signed by"];
/// The line of the signature strip for those who reviewed.
pub const SIGNED_BY_REVIEWER: &str = "Reviewed by";

/// Headings, in the order of the report.
pub mod heading {
    #![allow(missing_docs, reason = "the values are their own description")]
    pub const VARIANTS: &str = "Reported variants";
    pub const UNCERTAIN: &str = "Variants of uncertain significance";
    pub const INTERPRETATION: &str = "Interpretation";
    pub const RECOMMENDATIONS: &str = "Recommendations";
    pub const QUALITY_LINE: &str = "Quality and coverage";
    pub const LIMITS_LINE: &str = "What was not covered";
    pub const EVIDENCE: &str = "Evidence for each variant";
    pub const CLINVAR: &str = "Alleles listed in ClinVar that are not reported above";
    pub const REVIEWED: &str = "Reviewed and not reported";
    pub const FUNNEL: &str = "How every variant was accounted for";
    pub use super::beside::{RANK, SCORES};
    pub use super::pharmacogenes::HEADING as PHARMACOGENES;
    pub const COVERAGE: &str = "Genes and coverage";
    pub const QUALITY: &str = "Quality checks";
    pub const METHODS: &str = "Methods";
    pub const LIMITATIONS: &str = "Limitations";
    pub const REFERENCES: &str = "References";
}

/// Said under the variant table when it is empty.
pub const NO_VARIANT: &str = "No pathogenic or likely pathogenic variant is reported.";
/// Said when evidence has nothing to show.
pub const NO_EVIDENCE: &str = "No variant is reported, so there is no evidence to show.";
/// Said when ClinVar lists nothing else.
pub const NO_CLINVAR: &str = "None: no further allele of this sample that ClinVar lists as pathogenic or likely \
     pathogenic lies in the genes in scope, as far as ClinVar was given (see the data releases).";
/// What stands before the list of ClinVar alleles.
pub const CLINVAR_LEAD: &str = "ClinVar lists these alleles as pathogenic or likely pathogenic; they are present in \
     the calls and in scope, but are not reported as findings for the reason given. A person should look at them.";
/// What stands before the list of variants that a person took off the report.
pub const REVIEWED_LEAD: &str = "A person reviewed these variants of the sample; by the class of the review they are \
     not reported as findings. What the rules proposed stands beside it.";
/// What stands before the evidence.
pub const SHARED_LEAD: &str = "What holds for every variant below stands here once. Criteria that were not evaluated, \
     or do not apply, add no points; a reason that holds for one variant alone stands with it.";
/// What became of a flag of the rules once a person reviewed the variant.
pub const FLAG_REVIEWED: &str = "Flag of the rules, known to the review: ";
/// A flag of the rules that nobody settled.
pub const FLAG_OPEN: &str = "To be settled by a person: ";
/// Said when no variant file was filtered.
pub const NO_FUNNEL: &str = "Not stated: no filter step was recorded.";
/// What stands before the funnel.
pub const FUNNEL_LEAD: &str = "Every allele that came in was kept or dropped for a counted reason; each filter starts \
     from what the one before kept.";
/// Provenance is missing.
pub const NO_PROVENANCE: &str = "Not stated: the record of the run (provenance) was not given with this report.";
/// A VUS is not for decisions.
pub const VUS_USE: &str = "A variant of uncertain significance must not be used for predictive or prenatal decisions. \
     Its class may change as evidence grows; ask the laboratory for a new assessment before relying on it.";
/// What points mean.
pub const POINTS_SCALE: &str = "Scale (Tavtigian 2020): benign -7 or less, likely benign -6 to -1, uncertain \
     significance 0 to 5, likely pathogenic 6 to 9, pathogenic 10 or more.";
/// No phase.
pub const PHASE_NOT_ASSESSED: &str = "origin, phase: not assessed";
/// Some characters are not in the fonts.
pub const MISSING_GLYPHS: &str = "Characters that are not in the fonts of its PDF form stand there as [U+ number]; the \
     HTML form shows them.";

/// Kinds of variants and regions that this version does not test.
pub const NOT_TESTED: [&str; 3] = [
    "Tested are substitutions and short insertions and deletions in the genes in scope. Not tested: copy-number \
     variants, structural variants, short tandem repeat expansions, low-level mosaic variants, deep intronic and \
     regulatory variants, methylation and imprinting, and mobile element insertions.",
    "Genes and regions with close copies elsewhere in the genome (among them PMS2, SMN1, CYP2D6 and STRC) are not \
     resolved; a result there, also a negative one, needs a method made for them.",
    "A variant that is not reported is not excluded: it may lie in a stretch that was not covered, be of a kind that \
     was not tested, or lie in a gene that was not ordered. Classification rests on what is known at the date of the \
     data releases named under Methods and may change.",
];
/// State of the software and of the report.
pub const DRAFT_STATE: &str = "This is a draft made by software. No qualified person has reviewed, confirmed or signed \
     it, and the software is not a cleared medical device. It must not be used for patient care until a laboratory has \
     reviewed it, confirmed the reported variants by its own policy, and signed it.";
/// The same where people reviewed every reported variant.
pub const UNSIGNED_STATE: &str = "This is a draft. The persons named with each variant reviewed its class; nobody has \
     signed the report, and the software that made it is not a cleared medical device. It must not be used for patient \
     care until a laboratory has confirmed the reported variants by its own policy and signed it.";
/// How nomenclature is written.
pub const NOMENCLATURE: &str = "Variants are named by the HGVS nomenclature; predicted protein changes stand in \
     parentheses. Genomic intervals on this report are 1-based and include both ends.";
/// How classes come about.
pub const CLASSIFICATION_METHOD: &str = "Classes are proposed by the sum of points (Tavtigian 2020) over the ACMG/AMP \
     criteria (Richards 2015); the class by the combining rules of 2015 is computed beside it and printed where the two \
     differ. Criteria that need data or judgement that were not given are marked not evaluated and add no points.";

/// Said besides where a person reviewed a variant.
pub const REVIEW_METHOD: &str = " Where a person reviewed a variant, the class of the review is in effect: it decides \
     section, result and account of the variants; name, role, time and reason stand with it, and criteria, points and \
     the proposed class stay as the rules made them.";

/// Papers behind what this report prints by itself; rule tables add their own.
pub const REFERENCES: [&str; 4] = [
    "Richards S et al. Standards and guidelines for the interpretation of sequence variants. Genet Med 2015;17:405-424. \
     PMID 25741868.",
    "Tavtigian SV et al. Fitting a naturally scaled point system to the ACMG/AMP variant classification guidelines. Hum \
     Mutat 2020;41:1734-1737. PMID 32720330.",
    "Rehder C et al. Next-generation sequencing for constitutional variants in the clinical laboratory, 2021 revision. \
     Genet Med 2021;23:1399-1415. PMID 33927380.",
    "den Dunnen JT et al. HGVS recommendations for the description of sequence variants: 2016 update. Hum Mutat \
     2016;37:564-569. PMID 26931183.",
];

/// The five steps of the class mark, benign first, as people say them.
pub const CLASS_STEPS: [&str; 5] = ["B", "LB", "VUS", "LP", "P"];

/// State of a MANE transcript in words.
pub const fn mane(mane: Mane) -> &'static str {
    match mane {
        Mane::Select => "MANE Select",
        Mane::PlusClinical => "MANE Plus Clinical",
        Mane::None => "not MANE",
    }
}

/// State of a criterion in words.
pub const fn criterion_state(state: State) -> &'static str {
    match state {
        State::Met => "met",
        State::NotMet => "not met",
        State::NotApplicable => "not applicable",
        State::NotEvaluated => "not evaluated",
    }
}

/// Strength in words.
pub const fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Supporting => "supporting",
        Strength::Moderate => "moderate",
        Strength::Strong => "strong",
        Strength::VeryStrong => "very strong",
        Strength::StandAlone => "stand-alone",
    }
}

/// Who decided which genes are displayed.
pub const fn scope(source: ScopeSource) -> &'static str {
    match source {
        ScopeSource::Order => "the genes of the order",
        ScopeSource::AllTranscripts => "every gene of the transcript set (no gene list was ordered)",
    }
}

/// A review in words, without its class and reason: `reviewed by Dr. A. Example (clinical scientist), 2026-11-21`.
pub fn reviewer(by: &str, role: &str, at: &str) -> String {
    format!("{REVIEWED} by {} ({}), {at}", stated(Some(by)), stated(Some(role)))
}

/// What the rules proposed: `proposed by rules: Likely pathogenic (8 points)`.
pub fn proposed_by_rules(class: &str, points: i32) -> String {
    let unit = if points.abs() == 1 { "point" } else { "points" };
    format!("{PROPOSED} by rules: {class} ({points} {unit})")
}

/// Zygosity in words; the allele's absence is never printed as reference.
pub const fn zygosity(zygosity: Zygosity) -> &'static str {
    zygosity.words()
}

/// `n thing` or `n things`.
pub fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 {
        format!("1 {one}")
    } else {
        format!("{} {many}", thousands(n as u64))
    }
}

/// Digits in groups of three: `152,186`.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// A share in per cent, cut off and not rounded, so that 100.0 % means all of it; or [`NOT_ASSESSED`].
pub fn percent(share: Option<f64>) -> String {
    share.filter(|s| s.is_finite()).map_or_else(
        || NOT_ASSESSED.to_owned(),
        |s| {
            // 0.29 * 1000 is 289.99...: the nudge keeps exact shares exact, and stays far below one base in a genome.
            let tenths = (s * 1000.0 + 1e-9).floor() / 10.0;
            format!("{tenths:.1} %")
        },
    )
}

/// A figure with decimals, or [`NOT_ASSESSED`].
pub fn figure(value: Option<f64>, decimals: usize) -> String {
    value
        .filter(|v| v.is_finite())
        .map_or_else(|| NOT_ASSESSED.to_owned(), |v| format!("{v:.decimals$}"))
}

/// `2/23` as `2 of 23`.
pub fn of(place: &str) -> String {
    place.replacen('/', " of ", 1)
}

/// Text, or [`NOT_STATED`] where it is missing or empty.
pub fn stated(text: Option<&str>) -> String {
    text.filter(|t| !t.trim().is_empty()).unwrap_or(NOT_STATED).to_owned()
}

/// A frequency in words that keep its size: `0.0000131`, `0.012`.
pub fn frequency(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let digits = (-value.abs().log10()).floor().max(0.0) as usize + 3;
    format!("{value:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_in_words() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(percent(Some(0.99999)), "99.9 %");
        assert_eq!(percent(Some(1.0)), "100.0 %");
        assert_eq!(percent(Some(0.29)), "29.0 %");
        assert_eq!(percent(None), NOT_ASSESSED);
        assert_eq!(percent(Some(f64::NAN)), NOT_ASSESSED);
        assert_eq!(frequency(0.000_013_1), "0.0000131");
        assert_eq!(frequency(0.25), "0.250");
        assert_eq!(stated(Some("  ")), NOT_STATED);
        assert_eq!(of("2/23"), "2 of 23");
    }
}
