//! From figures to `ID.qc.json`: coverage by gene, counts over variants, and the named checks.

mod contamination;
mod profile;

use std::{collections::BTreeSet, path::Path};

use clinotype_annotate::TranscriptSet;
use clinotype_case::{
    Order, SampleId, Sex,
    evidence::Zygosity,
    quality::{
        Check, CheckResult, ContaminationCheck, Coverage, CoverageFigures, Gap, GeneCoverage, Quality, ReadFigures,
        SCHEMA, SexCheck, VariantFigures,
    },
};
use clinotype_genome::{Build, ContigKey, Interval, Progress, Reference, Result};
use clinotype_reads::{coverage, figures::Figures};

use crate::evidence::AnnotatedVcf;

pub use contamination::Contamination;
pub use profile::{ProfileRequest, profile};

/// Reads that a coding base needs. A common laboratory threshold for heterozygous germline variants (Rehder 2021,
/// GIM 23:1399, leaves the number to the laboratory); a setting later.
pub const THRESHOLD: u32 = 20;

/// What the coverage step measures.
#[derive(Debug)]
pub struct CoverageRequest<'a> {
    /// Sorted, indexed BAM.
    pub bam: &'a Path,
    /// Its reference.
    pub reference: &'a Reference,
    /// Transcripts.
    pub transcripts: &'a TranscriptSet,
    /// Symbols in scope.
    pub genes: &'a [String],
}

/// Coverage of the coding exons of the genes, on the transcript that the report shows.
pub fn coverage(request: &CoverageRequest<'_>, progress: &dyn Progress) -> Result<Coverage> {
    let rules = coverage::CoverageRules::default();
    let measured = coverage::Depths::open(request.bam)?;
    let mut rows = Vec::new();
    let (mut histogram, mut total) = (Histogram::default(), request.genes.len() as u64);
    for (done, gene) in request.genes.iter().enumerate() {
        progress.check()?;
        progress.advance(done as u64, total);
        let Some(transcript) = request.transcripts.pick(gene) else {
            continue;
        };
        let exons = transcript.coding_exons();
        if exons.is_empty() {
            continue;
        }
        let intervals: Vec<Interval> = exons.iter().map(|(_, interval)| interval.clone()).collect();
        let depths = measured.over(request.reference, &intervals, &rules, &clinotype_genome::Silent)?;
        let mut of_gene = Histogram::default();
        let mut gaps = Vec::new();
        for ((exon, interval), depths) in exons.iter().zip(&depths) {
            of_gene.add(depths);
            gaps.extend(gaps_of(*exon, interval, depths));
        }
        histogram.join(&of_gene);
        rows.push(GeneCoverage {
            gene: gene.clone(),
            transcript: transcript.accession.clone(),
            bases: of_gene.bases,
            mean_depth: of_gene.mean(),
            at_least_10: of_gene.share(of_gene.at_least_10),
            at_least_20: of_gene.share(of_gene.at_least_20),
            at_least_30: of_gene.share(of_gene.at_least_30),
            gaps,
        });
    }
    total = rows.len() as u64;
    progress.advance(total, total);
    if rows.is_empty() {
        return Ok(Coverage::NotAssessed {
            reason: "no gene in scope has a coding transcript to measure over".to_owned(),
        });
    }
    rows.sort_by(|a, b| a.gene.cmp(&b.gene));
    Ok(Coverage::Assessed(CoverageFigures {
        over: format!("coding exons of {} gene(s)", rows.len()),
        threshold: THRESHOLD,
        bases: histogram.bases,
        mean_depth: histogram.mean(),
        at_least_10: histogram.share(histogram.at_least_10),
        at_least_20: histogram.share(histogram.at_least_20),
        at_least_30: histogram.share(histogram.at_least_30),
        genes: rows,
    }))
}

#[derive(Default)]
struct Histogram {
    bases: u64,
    sum: u64,
    at_least_10: u64,
    at_least_20: u64,
    at_least_30: u64,
}

impl Histogram {
    fn add(&mut self, depths: &[u32]) {
        for &depth in depths {
            self.bases += 1;
            self.sum += u64::from(depth);
            self.at_least_10 += u64::from(depth >= 10);
            self.at_least_20 += u64::from(depth >= 20);
            self.at_least_30 += u64::from(depth >= 30);
        }
    }
    fn join(&mut self, other: &Self) {
        self.bases += other.bases;
        self.sum += other.sum;
        self.at_least_10 += other.at_least_10;
        self.at_least_20 += other.at_least_20;
        self.at_least_30 += other.at_least_30;
    }
    fn mean(&self) -> Option<f64> {
        (self.bases > 0).then(|| self.sum as f64 / self.bases as f64)
    }
    fn share(&self, count: u64) -> Option<f64> {
        (self.bases > 0).then(|| count as f64 / self.bases as f64)
    }
}

/// Stretches of one exon below [`THRESHOLD`].
fn gaps_of(exon: u32, interval: &Interval, depths: &[u32]) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let mut at = 0;
    while at < depths.len() {
        if depths[at] >= THRESHOLD {
            at += 1;
            continue;
        }
        let length = depths[at..].iter().take_while(|d| **d < THRESHOLD).count();
        let within = &depths[at..at + length];
        gaps.push(Gap {
            exon,
            interval: Interval::new(
                interval.contig.clone(),
                interval.start + at as u32,
                interval.start + (at + length) as u32,
            ),
            lowest: within.iter().copied().min().unwrap_or_default(),
            mean: within.iter().map(|d| f64::from(*d)).sum::<f64>() / length as f64,
        });
        at += length;
    }
    gaps
}

/// The genes that coverage is measured over: those ordered that have a transcript, else every gene.
pub fn genes_in_scope(transcripts: &TranscriptSet, order: Option<&Order>) -> Vec<String> {
    let known = transcripts.genes();
    match order {
        Some(order) if !order.genes.is_empty() => {
            let ordered: BTreeSet<&String> = order.genes.iter().filter(|g| known.contains(*g)).collect();
            ordered.into_iter().cloned().collect()
        }
        _ => known.into_iter().collect(),
    }
}

/// What one pass over the annotated VCF counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counted {
    /// Figures over the alleles that pass and that the sample carries.
    pub figures: VariantFigures,
    /// What common homozygous variants tell of another person's DNA.
    pub contamination: Contamination,
    /// Alleles with an annotation.
    pub alleles: u64,
    /// Alleles without one (`*`, symbolic).
    pub not_annotated: u64,
}

/// Counts over an annotated VCF.
pub fn variants(annotated: &Path) -> Result<Counted> {
    let mut vcf = AnnotatedVcf::open(annotated)?;
    let (mut figures, mut alleles) = (VariantFigures::default(), 0);
    let mut contamination = Contamination::default();
    let (mut transitions, mut transversions, mut het, mut hom) = (0_u64, 0_u64, 0_u64, 0_u64);
    while let Some(allele) = vcf.next_allele()? {
        alleles += 1;
        if allele.filters.as_ref().is_some_and(|f| !f.is_empty()) {
            continue;
        }
        contamination.add(&allele);
        match allele.genotype.zygosity() {
            Zygosity::Heterozygous => het += 1,
            Zygosity::Homozygous => hom += 1,
            Zygosity::Absent | Zygosity::NotCalled => continue,
            _ => {}
        }
        if allele.key.is_snv() {
            figures.snvs += 1;
            let pair = (allele.key.reference.as_str(), allele.key.alternate.as_str());
            if matches!(pair, ("A", "G") | ("G", "A") | ("C", "T") | ("T", "C")) {
                transitions += 1;
            } else {
                transversions += 1;
            }
        } else if allele.key.is_indel() {
            figures.indels += 1;
        } else {
            figures.others += 1;
        }
    }
    let ratio = |a: u64, b: u64| (b > 0).then(|| a as f64 / b as f64);
    figures.ti_tv = ratio(transitions, transversions);
    figures.het_hom = ratio(het, hom);
    Ok(Counted {
        figures,
        contamination,
        alleles,
        not_annotated: vcf.not_annotated,
    })
}

/// The reads' figures in the words of the case.
pub fn reads(figures: &Figures) -> ReadFigures {
    ReadFigures {
        reads: figures.reads,
        bases: figures.bases,
        q30: (figures.bases > 0).then(|| figures.q30_bases as f64 / figures.bases as f64),
        mapped: figures.mapped,
        proper_pairs: figures.proper_pairs,
        duplicates: figures.duplicates,
        median_insert: figures.insert_median,
        insert_deviation: figures.insert_mad,
        mean_length: (figures.reads > 0).then(|| figures.bases as f64 / figures.reads as f64),
    }
}

/// Quality of a sample of which nothing was measured.
pub fn not_assessed(sample: &SampleId, build: Build, declared: Sex, reason: &str) -> Quality {
    assemble(
        sample,
        build,
        declared,
        None,
        Coverage::NotAssessed {
            reason: reason.to_owned(),
        },
        None,
        None,
    )
}

/// Puts the parts together and judges them.
pub fn assemble(
    sample: &SampleId,
    build: Build,
    declared: Sex,
    reads: Option<ReadFigures>,
    coverage: Coverage,
    transcripts: Option<&TranscriptSet>,
    variants: Option<Counted>,
) -> Quality {
    let sex = sex_check(declared, &coverage, transcripts);
    let (contamination, contamination_result) = match (&reads, &variants) {
        (Some(_), Some(counted)) => counted.contamination.judge(),
        (None, _) => unmeasured("the input holds no reads"),
        (_, None) => unmeasured("no annotated variants were given"),
    };
    let mut checks = Vec::new();
    let mut check = |name: &str, result, reason: String| {
        checks.push(Check {
            name: name.to_owned(),
            result,
            reason,
        });
    };
    match &reads {
        None => check("Reads", CheckResult::NotAssessed, "the input holds no reads".to_owned()),
        Some(figures) => {
            let mut share =
                |name: &str, value: Option<f64>, good: f64, bad: f64, higher_is_better: bool, what: &str| {
                    let Some(value) = value else {
                        check(name, CheckResult::NotAssessed, format!("{what}: there are no reads"));
                        return;
                    };
                    let (reaches, fails) = if higher_is_better {
                        (value >= good, value < bad)
                    } else {
                        (value <= good, value > bad)
                    };
                    let result = if reaches {
                        CheckResult::Pass
                    } else if fails {
                        CheckResult::Fail
                    } else {
                        CheckResult::Warn
                    };
                    let side = if higher_is_better { "at least" } else { "at most" };
                    check(
                        name,
                        result,
                        format!("{what}: {:.1} %, expected {side} {:.0} %", value * 100.0, good * 100.0),
                    );
                };
            share(
                "Base quality",
                figures.q30,
                0.80,
                0.60,
                true,
                "bases with quality 30 or more",
            );
            share("Mapping", figures.mapped_fraction(), 0.95, 0.70, true, "reads mapped");
            share(
                "Duplicates",
                figures.duplicate_fraction(),
                0.20,
                0.50,
                false,
                "mapped reads that are duplicates",
            );
        }
    }
    match &coverage {
        Coverage::NotAssessed { reason } => check("Coverage", CheckResult::NotAssessed, reason.clone()),
        Coverage::Assessed(figures) => 'judged: {
            let Some(share) = figures.at_least_20 else {
                let reason = "no coding base was measured".to_owned();
                break 'judged check("Coverage", CheckResult::NotAssessed, reason);
            };
            let gaps = figures.gaps().count();
            let result = if gaps == 0 {
                CheckResult::Pass
            } else if share >= 0.95 {
                CheckResult::Warn
            } else {
                CheckResult::Fail
            };
            check(
                "Coverage",
                result,
                format!(
                    "{:.2} % of {} reach {} reads; {gaps} gap(s), each listed",
                    share * 100.0,
                    figures.over,
                    figures.threshold
                ),
            );
        }
    }
    let sex_result = match (sex.declared, sex.observed) {
        (Sex::Unknown, _) | (_, Sex::Unknown) => CheckResult::NotAssessed,
        (a, b) if a == b => CheckResult::Pass,
        _ => CheckResult::Fail,
    };
    check("Sex", sex_result, sex.reason.clone());
    check("Contamination", contamination_result, contamination.reason.clone());
    check(
        "Identity",
        CheckResult::NotAssessed,
        "no second data set of this person was given".to_owned(),
    );
    Quality {
        schema: SCHEMA.to_owned(),
        sample: sample.clone(),
        build,
        reads,
        coverage,
        variants: variants.map(|counted| counted.figures),
        sex,
        contamination,
        checks,
    }
}

fn unmeasured(reason: &str) -> (ContaminationCheck, CheckResult) {
    let check = ContaminationCheck {
        reason: reason.to_owned(),
        ..ContaminationCheck::default()
    };
    (check, CheckResult::NotAssessed)
}

/// Least coding bases on X for a judgement.
const LEAST_X_BASES: u64 = 2_000;

/// Sex by the mean depth of coding exons on X against the autosomes (outside the pseudo-autosomal genes the ratio is
/// about 1 for XX and 0.5 for XY). Undecided between 0.65 and 0.85.
fn sex_check(declared: Sex, coverage: &Coverage, transcripts: Option<&TranscriptSet>) -> SexCheck {
    let unknown = |reason: &str| SexCheck {
        declared,
        observed: Sex::Unknown,
        reason: reason.to_owned(),
    };
    let (Coverage::Assessed(figures), Some(transcripts)) = (coverage, transcripts) else {
        return unknown("there is no coverage to tell it from");
    };
    let (mut x, mut autosomes) = ((0_u64, 0.0), (0_u64, 0.0));
    for row in &figures.genes {
        let (Some(transcript), Some(depth)) = (transcripts.pick(&row.gene), row.mean_depth) else {
            continue;
        };
        let group = match ContigKey::of(&transcript.contig).as_ref().map(ContigKey::as_str) {
            Some("X") => &mut x,
            Some("Y" | "MT") | None => continue,
            Some(_) => &mut autosomes,
        };
        group.0 += row.bases;
        group.1 += depth * row.bases as f64;
    }
    if x.0 < LEAST_X_BASES || autosomes.0 < LEAST_X_BASES || autosomes.1 <= 0.0 {
        return unknown("too few coding bases of X are among the tested genes to tell it");
    }
    let ratio = (x.1 / x.0 as f64) / (autosomes.1 / autosomes.0 as f64);
    let observed = if ratio >= 0.85 {
        Sex::Female
    } else if (0.35..0.65).contains(&ratio) {
        Sex::Male
    } else {
        Sex::Unknown
    };
    SexCheck {
        declared,
        observed,
        reason: format!("depth of X to autosomes is {ratio:.2}; declared {declared}, observed {observed}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stretch_below_the_threshold_is_a_gap() {
        let interval = Interval::new("chr1", 100, 108);
        let gaps = gaps_of(3, &interval, &[20, 19, 5, 20, 30, 0, 0, 1]);
        let spans: Vec<_> = gaps
            .iter()
            .map(|g| (g.interval.start, g.interval.end, g.lowest))
            .collect();
        assert_eq!(spans, [(101, 103, 5), (105, 108, 0)]);
        assert!(gaps_of(1, &interval, &[20; 8]).is_empty());
    }

    #[test]
    fn coverage_over_no_base_is_not_judged() {
        let coverage = Coverage::Assessed(CoverageFigures::default());
        let quality = assemble(
            &"S".parse().unwrap(),
            Build::Grch38,
            Sex::Female,
            None,
            coverage,
            None,
            None,
        );
        let check = quality.checks.iter().find(|c| c.name == "Coverage").unwrap();
        assert_eq!(check.result, CheckResult::NotAssessed);
    }

    #[test]
    fn without_reads_nothing_is_judged() {
        let coverage = Coverage::NotAssessed {
            reason: "the input is a VCF".to_owned(),
        };
        let quality = assemble(
            &"S".parse().unwrap(),
            Build::Grch38,
            Sex::Female,
            None,
            coverage,
            None,
            None,
        );
        assert!(
            quality.checks.iter().all(|c| c.result == CheckResult::NotAssessed),
            "{:?}",
            quality.checks
        );
    }
}
