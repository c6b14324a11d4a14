//! Tables of variants: summary, variants of uncertain significance, alleles that ClinVar lists.

use clinotype_case::evidence::TranscriptConsequence;
use clinotype_case::finding::{Finding, Section};
use clinotype_case::{Report, Review};
use clinotype_genome::VariantKey;

use super::listed;
use crate::model::{Block, Cell, Line, Table, Text, Voice, cell, line, words as column};
use crate::words;

/// One row per variant, columns after specs/REPORT.md section 3.
pub(super) fn summary(report: &Report, findings: &[&Finding]) -> Table {
    Table {
        caption: words::heading::VARIANTS.to_owned(),
        columns: vec![
            column("Gene · transcript", 25.0),
            column("Variant", 31.0),
            column("Zygosity · origin", 21.0),
            column("Classification", 21.0),
            column("Disease · inheritance", 25.0),
        ],
        rows: findings
            .iter()
            .map(|f| vec![gene(f), names(report, f), genotype(f), class(f), disease(f)])
            .collect(),
    }
}

/// Symbol of the gene, or what stands for it.
pub(super) fn symbol(consequence: &TranscriptConsequence) -> &str {
    consequence
        .symbol
        .as_deref()
        .or(consequence.gene_id.as_deref())
        .unwrap_or("gene not stated")
}

/// `c.68_69del` of `NM_007294.4:c.68_69del`, where the accession before the colon stands elsewhere in the row.
pub(super) fn after_accession<'a>(name: &'a str, accession: Option<&str>) -> &'a str {
    match (name.split_once(':'), accession) {
        (Some((before, after)), Some(accession)) if before == accession => after,
        _ => name,
    }
}

fn gene(finding: &Finding) -> Cell {
    let shown = &finding.shown;
    let hgnc = shown
        .hgnc_id
        .as_deref()
        .or(finding.gene.as_ref().map(|g| g.hgnc_id.as_str()))
        .map_or_else(|| format!("HGNC id: {}", words::NOT_STATED), ToOwned::to_owned);
    vec![
        Line::Text(Text::of(Voice::Strong, symbol(shown)).and(Voice::Quiet, format!(" {hgnc}"))),
        line(Voice::Sequence, &shown.transcript),
        line(Voice::Quiet, format!("{} · {}", words::mane(shown.mane), place(shown))),
    ]
}

/// Exon or intron, in words.
pub(super) fn place(consequence: &TranscriptConsequence) -> String {
    match (&consequence.exon, &consequence.intron) {
        (Some(exon), Some(intron)) => format!("exon {}, intron {}", words::of(exon), words::of(intron)),
        (Some(exon), None) => format!("exon {}", words::of(exon)),
        (None, Some(intron)) => format!("intron {}", words::of(intron)),
        (None, None) => format!("exon or intron: {}", words::NOT_STATED),
    }
}

fn names(report: &Report, finding: &Finding) -> Cell {
    let shown = &finding.shown;
    let coding = match &shown.hgvs_c {
        Some(name) => line(Voice::Sequence, after_accession(name, Some(&shown.transcript))),
        None => line(Voice::Plain, format!("c.: {}", words::NOT_STATED)),
    };
    let protein = match &shown.hgvs_p {
        Some(name) => line(Voice::Sequence, after_accession(name, shown.protein_id.as_deref())),
        None => line(Voice::Plain, format!("p.: {}", words::NOT_STATED)),
    };
    let mut genomic = Text::of(Voice::Quiet, format!("{} ", report.interpretation.build));
    genomic = match &finding.variant.hgvs_g {
        Some(name) => genomic.and(Voice::QuietSequence, name),
        None => genomic
            .and(Voice::QuietSequence, allele(&finding.variant.key))
            .and(Voice::Quiet, format!(" (g.: {})", words::NOT_STATED)),
    };
    vec![
        coding,
        protein,
        Line::Text(genomic),
        line(Voice::Quiet, shown.terms.join(", ").replace('_', " ")),
    ]
}

/// An allele by its bases, or by their number where they would fill the table; the evidence prints all of them.
fn allele(key: &VariantKey) -> String {
    const LONGEST: usize = 60;
    let bases = |bases: &str| match bases.len() {
        n if n > LONGEST => format!("({} bases, in full under evidence)", words::thousands(n as u64)),
        _ => bases.to_owned(),
    };
    format!(
        "{}-{}-{}-{}",
        key.contig,
        key.position,
        bases(&key.reference),
        bases(&key.alternate)
    )
}

fn genotype(finding: &Finding) -> Cell {
    let genotype = &finding.variant.genotype;
    let mut lines = vec![line(Voice::Plain, words::zygosity(finding.zygosity))];
    lines.push(line(
        Voice::Quiet,
        match (
            genotype.alternate_depth,
            genotype.reference_depth,
            genotype.allele_fraction(),
        ) {
            (Some(alternate), Some(reference), Some(fraction)) => {
                format!(
                    "{alternate}/{} reads ({:.0}\u{a0}%)",
                    u64::from(alternate) + u64::from(reference),
                    fraction * 100.0
                )
            }
            _ => format!("reads: {}", words::NOT_STATED),
        },
    ));
    lines.push(line(
        Voice::Quiet,
        match (genotype.phased, genotype.phase_set) {
            (true, Some(set)) => format!("phased {} (set {set}); parental origin: not assessed", genotype.text),
            (true, None) => format!("phased {}; parental origin: not assessed", genotype.text),
            _ => words::PHASE_NOT_ASSESSED.to_owned(),
        },
    ));
    lines
}

fn class(finding: &Finding) -> Cell {
    let classification = &finding.classification;
    let mut lines = vec![Line::Class(finding.class())];
    match &finding.review {
        Some(review) => {
            lines.push(line(Voice::Plain, reviewer(review)));
            lines.push(line(Voice::Quiet, proposal(finding)));
        }
        None => lines.push(line(
            Voice::Quiet,
            format!("{} · {} points", words::PROPOSED, classification.points),
        )),
    }
    // A review settles what the rules flag; the flags stand with the evidence all the same.
    if finding.is_reviewed() {
        return lines;
    }
    if classification.class != classification.class_2015 {
        lines.push(line(Voice::Strong, "2015 rules differ"));
    } else if !classification.flags.is_empty() {
        lines.push(line(Voice::Strong, "see flags under evidence"));
    }
    lines
}

/// Who reviewed, and when.
pub(super) fn reviewer(review: &Review) -> String {
    words::reviewer(&review.by, &review.role, &super::time(&review.at))
}

/// What the rules proposed.
pub(super) fn proposal(finding: &Finding) -> String {
    let classification = &finding.classification;
    words::proposed_by_rules(classification.class.words(), classification.points)
}

/// One paragraph for each finding whose class a person changed: the reason belongs on page 1.
pub(super) fn changed(findings: &[&Finding]) -> Vec<Block> {
    findings
        .iter()
        .filter_map(|finding| {
            let review = finding.review.as_ref()?;
            (!review.agrees_with(finding.classification.class)).then(|| {
                Block::Paragraph(
                    Text::of(
                        Voice::Strong,
                        format!(
                            "{}: class changed by review from {} to {}. ",
                            symbol(&finding.shown),
                            finding.classification.class.words(),
                            review.class.words()
                        ),
                    )
                    .and(Voice::Plain, format!("Reason: {}", words::stated(Some(&review.reason)))),
                )
            })
        })
        .collect()
}

/// What a person reviewed and what is not on the report for it.
pub(super) fn reviewed_not_reported(report: &Report, out: &mut Vec<Block>) {
    out.push(Block::Paragraph(Text::plain(words::REVIEWED_LEAD)));
    let rows = report.interpretation.reviewed_not_reported().filter_map(|finding| {
        let review = finding.review.as_ref()?;
        let shown = &finding.shown;
        let name = shown.hgvs_c.as_deref().or(finding.variant.hgvs_g.as_deref());
        Some(vec![
            vec![line(Voice::Strong, symbol(shown))],
            vec![
                line(Voice::Sequence, words::stated(name)),
                line(Voice::QuietSequence, allele(&finding.variant.key)),
                line(Voice::Quiet, words::zygosity(finding.zygosity)),
            ],
            vec![Line::Class(review.class), line(Voice::Quiet, proposal(finding))],
            vec![
                line(Voice::Plain, words::stated(Some(&review.reason))),
                line(Voice::Quiet, reviewer(review)),
            ],
        ])
    });
    out.push(Block::Table(Table {
        caption: words::heading::REVIEWED.to_owned(),
        columns: vec![
            column("Gene", 12.0),
            column("Allele", 34.0),
            column("Class of the review", 30.0),
            column("Reason, who, when", 42.0),
        ],
        rows: rows.collect(),
    }));
}

fn disease(finding: &Finding) -> Cell {
    let mut lines = Vec::new();
    match &finding.gene {
        Some(gene) => {
            lines.push(line(Voice::Plain, words::stated(Some(&gene.disease))));
            lines.push(match &gene.disease_id {
                Some(id) => line(Voice::Quiet, id),
                None => line(Voice::Quiet, format!("disease id: {}", words::NOT_STATED)),
            });
            lines.push(line(
                Voice::Plain,
                gene.inheritance
                    .as_deref()
                    .map_or_else(|| format!("inheritance: {}", words::NOT_STATED), ToOwned::to_owned),
            ));
        }
        None => lines.push(line(
            Voice::Plain,
            format!(
                "disease and inheritance: {} (the gene is not in the gene table)",
                words::NOT_STATED
            ),
        )),
    }
    lines.push(line(
        Voice::Quiet,
        match finding.section {
            Section::Primary => "may explain the indication",
            Section::Carrier => "carrier: one recessive allele",
            Section::Unassigned => "a person decides: no inheritance or mechanism in the gene table",
            Section::Uncertain => "listed by policy only",
            Section::NotListed => "not listed",
        },
    ));
    lines
}

/// The policy under which VUS are listed, and what they must not be used for.
pub(super) fn policy(report: &Report) -> Text {
    let name = report.order.as_ref().and_then(|o| o.policy.name.as_deref());
    Text::plain(format!(
        "Listed under the laboratory's policy: {}. {}",
        words::stated(name),
        words::VUS_USE
    ))
}

pub(super) fn uncertain(report: &Report, out: &mut Vec<Block>) {
    let findings: Vec<&Finding> = listed(report, Section::Uncertain).collect();
    out.push(Block::Paragraph(policy(report)));
    out.push(Block::Table(summary(report, &findings)));
}

pub(super) fn clinvar_listed(report: &Report, out: &mut Vec<Block>) {
    let alleles = &report.interpretation.clinvar_listed;
    if alleles.is_empty() {
        out.push(Block::Paragraph(Text::plain(words::NO_CLINVAR)));
        return;
    }
    out.push(Block::Paragraph(Text::plain(words::CLINVAR_LEAD)));
    out.push(Block::Table(Table {
        caption: words::heading::CLINVAR.to_owned(),
        columns: vec![
            column("Gene", 12.0),
            column("Allele", 32.0),
            column("ClinVar", 25.0),
            column("Zygosity", 17.0),
            column("Why it is not reported", 32.0),
        ],
        rows: alleles
            .iter()
            .map(|allele| {
                vec![
                    vec![line(Voice::Strong, words::stated(Some(&allele.gene)))],
                    vec![
                        line(Voice::Sequence, words::stated(Some(&allele.name))),
                        line(Voice::QuietSequence, allele.key.to_string()),
                    ],
                    cell(words::stated(Some(&allele.clinvar))),
                    cell(words::stated(Some(&allele.zygosity))),
                    cell(words::stated(Some(&allele.reason))),
                ]
            })
            .collect(),
    }));
}
