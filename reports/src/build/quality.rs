//! Coverage by gene with every gap, quality checks, and the account of every variant.

use clinotype_case::Report;
use clinotype_case::finding::ScopeSource;
use clinotype_case::quality::{
    CheckResult, Coverage, CoverageFigures, GeneCoverage, TargetFigures, ThresholdsUsed, Waiver,
};

use super::{sub, time};
use crate::model::{Block, Table, Text, Voice, cell, figures, line, words as column};
use crate::words;

/// Without an ordered gene list, tables of more genes than this show only the genes that the report names; the counts
/// of the others and of their gaps are printed, and the quality file holds every row.
const GENES_IN_FULL: usize = 400;

pub(super) fn coverage(report: &Report, out: &mut Vec<Block>) {
    let scope = &report.interpretation.scope;
    out.push(Block::Paragraph(Text::of(Voice::Strong, "Scope: ").and(
        Voice::Plain,
        format!(
            "{}, {}.",
            words::scope(scope.decided_by),
            words::count(scope.genes.len(), "gene", "genes")
        ),
    )));
    if !scope.genes.is_empty() && (scope.decided_by == ScopeSource::Order || scope.genes.len() <= GENES_IN_FULL) {
        out.push(Block::Paragraph(
            Text::of(Voice::Strong, "Genes: ").and(Voice::Plain, scope.genes.join(", ")),
        ));
    }
    if !scope.not_covered.is_empty() {
        out.push(Block::Notice(
            Text::of(
                Voice::Strong,
                "Ordered, but no transcript covers them; they were not tested: ",
            )
            .and(Voice::Plain, scope.not_covered.join(", ")),
        ));
    }
    match &report.quality.coverage {
        Coverage::NotAssessed { reason } => {
            let reason = reason.trim_end_matches('.');
            out.push(Block::Notice(Text::of(Voice::Strong, "Coverage: NOT ASSESSED. ").and(
                Voice::Plain,
                format!(
                    "{reason}. Whether a gene was covered is unknown; a negative result must not be drawn from it."
                ),
            )));
        }
        Coverage::Assessed(figures) => assessed(report, figures, out),
    }
}

fn assessed(report: &Report, coverage: &CoverageFigures, out: &mut Vec<Block>) {
    out.push(Block::Paragraph(Text::plain(format!(
        "Measured over {}: {} bases, mean depth {}; at least 10 reads {}, 20 reads {}, 30 reads {} of bases. Laboratory \
         threshold: {} reads. Percentages are cut off, not rounded up.",
        words::stated(Some(&coverage.over)),
        words::thousands(coverage.bases),
        words::figure(coverage.mean_depth, 1),
        words::percent(coverage.at_least_10),
        words::percent(coverage.at_least_20),
        words::percent(coverage.at_least_30),
        coverage.threshold
    ))));
    if coverage.genes.is_empty() {
        out.push(Block::Notice(Text::of(
            Voice::Strong,
            "Coverage by gene: NOT ASSESSED.",
        )));
        return;
    }
    let full = report.interpretation.scope.decided_by == ScopeSource::Order || coverage.genes.len() <= GENES_IN_FULL;
    let named = |gene: &GeneCoverage| {
        let findings = &report.interpretation.findings;
        findings
            .iter()
            .any(|f| f.shown.symbol.as_deref() == Some(gene.gene.as_str()))
            || report.interpretation.clinvar_listed.iter().any(|c| c.gene == gene.gene)
    };
    let (shown, rest): (Vec<_>, Vec<_>) = coverage.genes.iter().partition(|g| full || named(g));
    if !rest.is_empty() {
        let gaps: usize = rest.iter().map(|g| g.gaps.len()).sum();
        let with = rest.iter().filter(|g| !g.gaps.is_empty()).count();
        out.push(Block::Notice(Text::plain(format!(
            "No gene list was ordered: the tables show the {} that this report names. Of the {} others, {} below the \
             threshold in part ({}); every one is listed in the quality file of this sample.",
            words::count(shown.len(), "gene", "genes"),
            words::thousands(rest.len() as u64),
            words::count(with, "is", "are"),
            words::count(gaps, "stretch", "stretches")
        ))));
    }
    if !shown.is_empty() {
        out.push(Block::Table(genes(&shown)));
    }
    if let Some(targets) = &report.quality.targets {
        out.push(Block::Paragraph(
            Text::of(Voice::Strong, "Targets: ").and(Voice::Plain, of_targets(targets)),
        ));
    }
    out.push(sub("Coding stretches below the threshold"));
    let gaps = gaps(&shown, report);
    if gaps.rows.is_empty() {
        out.push(Block::Paragraph(Text::plain(format!(
            "None in the genes of the table: every coding base measured has at least {} reads.",
            coverage.threshold
        ))));
    } else {
        out.push(Block::Table(gaps));
    }
}

fn genes(shown: &[&GeneCoverage]) -> Table {
    Table {
        caption: "Coverage by gene".to_owned(),
        columns: vec![
            column("Gene", 16.0),
            column("Transcript", 24.0),
            figures("Coding bases", 14.0),
            figures("Mean depth", 13.0),
            figures("≥ 10 reads", 13.0),
            figures("≥ 20 reads", 13.0),
            figures("≥ 30 reads", 13.0),
            figures("Gaps", 9.0),
        ],
        rows: shown
            .iter()
            .map(|g| {
                vec![
                    vec![line(Voice::Strong, &g.gene)],
                    vec![line(Voice::Sequence, words::stated(Some(&g.transcript)))],
                    cell(words::thousands(g.bases)),
                    cell(words::figure(g.mean_depth, 1)),
                    cell(words::percent(g.at_least_10)),
                    cell(words::percent(g.at_least_20)),
                    cell(words::percent(g.at_least_30)),
                    cell(if g.gaps.is_empty() {
                        "none".to_owned()
                    } else {
                        g.gaps.len().to_string()
                    }),
                ]
            })
            .collect(),
    }
}

fn gaps(shown: &[&GeneCoverage], report: &Report) -> Table {
    Table {
        caption: "Coding stretches below the threshold".to_owned(),
        columns: vec![
            column("Gene", 15.0),
            column("Transcript", 23.0),
            column("Exon", 8.0),
            column(&format!("Interval, 1-based ({})", report.quality.build), 31.0),
            figures("Bases", 10.0),
            figures("Fewest reads", 11.0),
            figures("Mean reads", 10.0),
            column("Reason", 30.0),
        ],
        rows: shown
            .iter()
            .flat_map(|gene| gene.gaps.iter().map(move |gap| (gene, gap)))
            .map(|(gene, gap)| {
                vec![
                    vec![line(Voice::Strong, &gene.gene)],
                    vec![line(Voice::Sequence, words::stated(Some(&gene.transcript)))],
                    cell(gap.exon.to_string()),
                    vec![line(Voice::Sequence, gap.interval.to_string())],
                    cell(words::thousands(u64::from(gap.interval.len()))),
                    cell(gap.lowest.to_string()),
                    cell(words::figure(Some(gap.mean), 1)),
                    cell(gap.words()),
                ]
            })
            .collect(),
    }
}

fn of_targets(targets: &TargetFigures) -> String {
    let on = &targets.on_target;
    format!(
        "{} ({} bases), mean depth {}; at least 10 reads {}, 20 reads {}, 30 reads {} of bases; every base at the \
         threshold in {} of them. Used bases on target {}, on or within {} bases of one {}.",
        words::count(targets.targets as usize, "interval", "intervals"),
        words::thousands(targets.bases),
        words::figure(targets.mean_depth, 1),
        words::percent(targets.at_least_10),
        words::percent(targets.at_least_20),
        words::percent(targets.at_least_30),
        words::thousands(targets.complete),
        words::percent(on.on_share()),
        on.distance,
        words::percent(on.on_or_near_share())
    )
}

/// The limits that the checks were judged by.
fn limits(used: &ThresholdsUsed) -> String {
    match &used.sha256 {
        Some(digest) => format!("{} (file, SHA-256 {digest})", used.limits.name),
        None => format!("{} (no file was given)", used.limits.name),
    }
}

pub(super) fn checks(report: &Report, out: &mut Vec<Block>) {
    let quality = &report.quality;
    for waiver in &report.waivers {
        out.push(Block::Notice(waived(waiver)));
    }
    if quality.checks.is_empty() {
        out.push(Block::Notice(Text::of(Voice::Strong, "Checks: NOT ASSESSED.")));
    } else {
        out.push(Block::Table(Table {
            caption: "Quality checks".to_owned(),
            columns: vec![
                column("Check", 28.0),
                column("Result", 20.0),
                column("Figure, threshold, meaning", 70.0),
            ],
            rows: quality
                .checks
                .iter()
                .map(|check| {
                    let voice = if check.result == CheckResult::Pass {
                        Voice::Plain
                    } else {
                        Voice::Strong
                    };
                    vec![
                        cell(&check.name),
                        vec![line(voice, check.result.word())],
                        cell(words::stated(Some(&check.reason))),
                    ]
                })
                .collect(),
        }));
    }
    let sex = &quality.sex;
    let mut pairs = vec![("Limits".to_owned(), Text::plain(limits(&quality.thresholds)))];
    pairs.push((
        "Sex".to_owned(),
        Text::plain(format!(
            "declared {}, observed {}: {}",
            sex.declared,
            sex.observed,
            words::stated(Some(&sex.reason))
        )),
    ));
    pairs.push(("Reads".to_owned(), Text::plain(reads(report))));
    pairs.push(("Called alleles".to_owned(), Text::plain(called(report))));
    out.push(Block::Pairs(pairs));
}

fn reads(report: &Report) -> String {
    let Some(reads) = &report.quality.reads else {
        return format!("{}: the input held no reads", words::NOT_ASSESSED);
    };
    [
        format!(
            "{} reads, {} bases",
            words::thousands(reads.reads),
            words::thousands(reads.bases)
        ),
        format!("mean length {}", words::figure(reads.mean_length, 1)),
        format!("bases with quality 30 or more {}", words::percent(reads.q30)),
        format!("mapped {}", words::percent(reads.mapped_fraction())),
        format!("properly paired reads {}", words::thousands(reads.proper_pairs)),
        format!("duplicates {}", words::percent(reads.duplicate_fraction())),
        match (reads.median_insert, reads.insert_deviation) {
            (Some(median), Some(deviation)) => {
                format!("median insert size {median} (median absolute deviation {deviation})")
            }
            (Some(median), None) => format!("median insert size {median}"),
            _ => format!("insert size {}", words::NOT_ASSESSED),
        },
    ]
    .join("; ")
}

fn called(report: &Report) -> String {
    let Some(counts) = &report.quality.variants else {
        return words::NOT_ASSESSED.to_owned();
    };
    [
        format!("{} single-base substitutions", words::thousands(counts.snvs)),
        format!("{} insertions and deletions", words::thousands(counts.indels)),
        format!("{} others", words::thousands(counts.others)),
        format!("transitions per transversion {}", words::figure(counts.ti_tv, 2)),
        format!("heterozygous per homozygous {}", words::figure(counts.het_hom, 2)),
    ]
    .join("; ")
}

/// A failed check that a person waived, with who, when and why.
pub(super) fn waived(waiver: &Waiver) -> Text {
    Text::of(Voice::Strong, format!("Check {} FAILED and was WAIVED ", waiver.check)).and(
        Voice::Plain,
        format!(
            "by {} at {}. Reason: {} What the check found: {}",
            waiver.person(),
            time(&waiver.at),
            ended(&waiver.reason),
            ended(&waiver.finding)
        ),
    )
}

fn ended(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}

pub(super) fn funnel(report: &Report, out: &mut Vec<Block>) {
    let steps = &report.interpretation.funnel;
    if steps.is_empty() {
        out.push(Block::Paragraph(Text::plain(words::NO_FUNNEL)));
        return;
    }
    out.push(Block::Paragraph(Text::plain(words::FUNNEL_LEAD)));
    out.push(Block::Table(Table {
        caption: words::heading::FUNNEL.to_owned(),
        columns: vec![
            column("Filter", 34.0),
            column("Rule", 30.0),
            figures("In", 11.0),
            figures("Kept", 11.0),
            column("Dropped, by reason", 44.0),
        ],
        rows: steps
            .iter()
            .map(|step| {
                let dropped: Vec<_> = step
                    .dropped
                    .iter()
                    .filter(|d| d.count > 0)
                    .map(|d| line(Voice::Plain, format!("{} {}", words::thousands(d.count), d.reason)))
                    .collect();
                vec![
                    cell(&step.name),
                    vec![line(Voice::Quiet, &step.rule)],
                    cell(words::thousands(step.input)),
                    cell(words::thousands(step.kept)),
                    if dropped.is_empty() { cell("none") } else { dropped },
                ]
            })
            .collect(),
    }));
}
