//! Variations of the positive report.

use super::{
    Check, CheckResult, Class, Coverage, GENES, Outcome, Pos, Report, Review, ScopeSource, Section, VariantKey, Waiver,
    finding, order, positive, quality,
};

pub(super) fn three() -> Report {
    let mut report = positive();
    report.interpretation.findings = (1..=3)
        .map(|n| {
            finding(
                &format!("V{n}"),
                Section::Primary,
                &format!("GENE{n}"),
                Class::Pathogenic,
                10,
            )
        })
        .collect();
    report
}

pub(super) fn carrier() -> Report {
    let mut report = positive();
    let mut finding = finding("V1", Section::Carrier, "CFTR", Class::LikelyPathogenic, 8);
    finding.gene.as_mut().unwrap().inheritance = Some("autosomal recessive".to_owned());
    report.interpretation.findings = vec![finding];
    report.interpretation.conclusion.outcome = Outcome::Carrier;
    report.interpretation.conclusion.headline = "one likely pathogenic allele of a recessive gene".to_owned();
    report
}

pub(super) fn uncertain() -> Report {
    let mut report = positive();
    report.interpretation.findings.remove(0);
    report.interpretation.clinvar_listed.clear();
    report.interpretation.conclusion.outcome = Outcome::Uncertain;
    report.interpretation.conclusion.headline = "only a variant of uncertain significance is reported".to_owned();
    report
}

pub(super) fn panel() -> Report {
    let mut report = positive();
    let names: Vec<String> = (0..60).map(|n| format!("GENE{n:02}")).collect();
    let genes: Vec<&str> = names.iter().map(String::as_str).collect();
    report.interpretation.scope.genes.clone_from(&names);
    report.interpretation.scope.not_covered = vec!["LOST1".to_owned(), "LOST2".to_owned()];
    report.quality = quality(&genes);
    report
}

pub(super) fn unidentified() -> Report {
    let mut report = positive();
    report.order = None;
    report.provenance = None;
    report.notices.clear();
    report.interpretation.scope.decided_by = ScopeSource::AllTranscripts;
    report
}

pub(super) fn negative() -> Report {
    let mut report = positive();
    report.interpretation.findings.clear();
    report.interpretation.clinvar_listed.clear();
    let conclusion = &mut report.interpretation.conclusion;
    conclusion.outcome = Outcome::Negative;
    conclusion.headline = "no reportable variant was found".to_owned();
    conclusion.interpretation = vec![
        "No pathogenic or likely pathogenic variant was found in the 12 genes ordered.".to_owned(),
        "This does not exclude a hereditary cause.".to_owned(),
    ];
    report
}

pub(super) fn inconclusive() -> Report {
    let mut report = negative();
    let conclusion = &mut report.interpretation.conclusion;
    conclusion.outcome = Outcome::Inconclusive;
    conclusion.headline = "coverage does not allow an answer; a repeat is asked for".to_owned();
    report.quality.coverage = Coverage::NotAssessed {
        reason: "the input was a VCF without reads".to_owned(),
    };
    report.quality.reads = None;
    report.quality.variants = None;
    report.quality.checks.push(Check {
        name: "build".to_owned(),
        result: CheckResult::Fail,
        reason: "the contigs prove no build.".to_owned(),
    });
    report
}

pub(super) fn long_names() -> Report {
    let mut report = positive();
    let inserted = "ACGTTGCA".repeat(200);
    let f = &mut report.interpretation.findings[0];
    f.shown.hgvs_c = Some(format!("NM_007294.4:c.68_69delins{inserted}"));
    f.variant.hgvs_g = Some(format!("NC_000017.11:g.43124028_43124029delins{inserted}"));
    f.shown.hgvs_p = Some(format!("NP_009225.1:p.(Glu23_Ala24delins{})", "ValLeuTrp".repeat(30)));
    f.variant.key = VariantKey::new("17", Pos::new(43_124_027).unwrap(), "ACT", &"A".repeat(2000));
    f.variant.hgvs_g = None;
    f.gene.as_mut().unwrap().disease = "a very long name of a disease with many words, ".repeat(8);
    report.interpretation.scope.genes = (0..300).map(|n| format!("LONGGENENAME{n}")).collect();
    report
}

pub(super) fn many() -> Report {
    let mut report = positive();
    report.interpretation.findings = (1..=9)
        .map(|n| {
            finding(
                &format!("V{n}"),
                Section::Unassigned,
                &format!("GENE{n}"),
                Class::LikelyPathogenic,
                7,
            )
        })
        .collect();
    report
}

pub(super) fn unicode() -> Report {
    let mut report = positive();
    report.order = Some(order(
        "Łukaszewicz-Ñandú Ωmega",
        "Кириллица Đặng x̌ \u{5d0}\u{5d1} 王",
        &GENES,
        false,
    ));
    report.order.as_mut().unwrap().indication.text =
        "<script>alert('x')</script> & \"quoted\" \u{202e}turned".to_owned();
    report
}

fn review(class: Class, reason: &str) -> Review {
    Review {
        class,
        reason: reason.to_owned(),
        by: "Dr. A. Reviewer".to_owned(),
        role: "clinical geneticist".to_owned(),
        at: "2026-11-20T12:45:00Z".parse().unwrap(),
        on: None,
    }
}

/// A changed class, a confirmed one, and a variant that is off the report for its review.
pub(super) fn reviewed() -> Report {
    let mut report = half_reviewed();
    report.interpretation.findings[1].review = Some(review(Class::Uncertain, ""));
    let mut gone = finding("N1", Section::NotListed, "PALB2", Class::LikelyPathogenic, 6);
    gone.review = Some(review(
        Class::LikelyBenign,
        "Seen in a healthy homozygous sibling; the functional assay of the laboratory shows full activity.",
    ));
    report.interpretation.classified = vec![gone];
    report
}

/// One of two findings reviewed, and its class changed.
pub(super) fn half_reviewed() -> Report {
    let mut report = positive();
    let first = &mut report.interpretation.findings[0];
    first.classification.class = Class::LikelyPathogenic;
    first.classification.points = 8;
    first.review = Some(review(
        Class::Pathogenic,
        "Segregates with the disease in three affected relatives (own records); PP1_Strong.",
    ));
    report
}

/// A report that a person answers for although a check of identity failed.
pub(super) fn waived() -> Report {
    let mut report = positive();
    let finding =
        "declared female, but observed male: the sample may be another person's (depth of X to autosomes 0.49)";
    report.quality.checks.push(Check {
        name: "Sex".to_owned(),
        result: CheckResult::Fail,
        reason: finding.to_owned(),
    });
    report.waivers = vec![Waiver {
        check: "Sex".to_owned(),
        finding: finding.to_owned(),
        reason: "transplanted marrow of a male donor, confirmed by the ward".to_owned(),
        by: "Dr. Ada Reviewer".to_owned(),
        role: Some("laboratory director".to_owned()),
        at: "2026-11-20T12:30:00Z".parse().unwrap(),
    }];
    report
}

pub(super) fn pharmacogenes() -> Report {
    let mut report = negative();
    report.pgx = Some(Box::new(super::pgx::pgx()));
    report
}

pub(super) fn beside() -> Report {
    let mut report = negative();
    let sample = report.interpretation.sample.to_string();
    report.rank = Some(Box::new(super::beside::rank(&sample)));
    report.prs = Some(Box::new(super::beside::scores(&sample)));
    report
}
