//! The named checks: every figure against its limits.

use std::fmt::Write as _;

use clinotype_case::{
    SampleId, Sex,
    quality::{
        Check, CheckResult, ContaminationCheck, Coverage, CoverageFigures, Limit, Quality, ReadFigures, SCHEMA,
        TargetFigures, Thresholds, ThresholdsUsed,
    },
};
use clinotype_genome::Build;

use super::{
    Measured,
    sex::{self, SexDepths},
    variants::Counted,
};

/// What quality is judged from. What was not measured is `None`.
#[derive(Debug)]
pub struct Parts<'a> {
    /// Accession.
    pub sample: &'a SampleId,
    /// Genome build.
    pub build: Build,
    /// Sex as declared.
    pub declared: Sex,
    /// Figures over the reads, and what was measured over them; else why not.
    pub reads: Result<(ReadFigures, Measured), String>,
    /// Counts over the annotated variants.
    pub variants: Option<Counted>,
    /// The laboratory's limits.
    pub thresholds: ThresholdsUsed,
}

/// Quality of a sample of which nothing was measured.
pub fn not_assessed(sample: &SampleId, build: Build, declared: Sex, reason: &str) -> Quality {
    assemble(Parts {
        sample,
        build,
        declared,
        reads: Err(reason.to_owned()),
        variants: None,
        thresholds: ThresholdsUsed::default(),
    })
}

/// Puts the parts together and judges them.
pub fn assemble(parts: Parts<'_>) -> Quality {
    let limits = &parts.thresholds.limits;
    let (reads, coverage, targets, depths) = match parts.reads {
        Ok((reads, measured)) => (Some(reads), measured.coverage, measured.targets, measured.sex),
        Err(reason) => (None, Coverage::NotAssessed { reason }, None, SexDepths::default()),
    };
    let mut checks = Checks::default();
    match &reads {
        None => checks.say("Reads", CheckResult::NotAssessed, "the input holds no reads".to_owned()),
        Some(figures) => of_reads(&mut checks, figures, limits),
    }
    of_coverage(&mut checks, &coverage, limits);
    of_targets(&mut checks, targets.as_ref(), reads.is_some(), limits);
    let x = parts.variants.as_ref().map(|counted| counted.x).unwrap_or_default();
    let (sex, sex_result) = sex::judge(parts.declared, &depths, x);
    checks.say("Sex", sex_result, sex.reason.clone());
    let (contamination, contamination_result) = match (&reads, &parts.variants) {
        (Some(_), Some(counted)) => counted.contamination.judge(limits.contamination),
        (None, _) => unmeasured("the input holds no reads"),
        (_, None) => unmeasured("no annotated variants were given"),
    };
    checks.say("Contamination", contamination_result, contamination.reason.clone());
    checks.say(
        "Identity",
        CheckResult::NotAssessed,
        "no second data set of this person was given".to_owned(),
    );
    Quality {
        schema: SCHEMA.to_owned(),
        sample: parts.sample.clone(),
        build: parts.build,
        reads,
        coverage,
        targets,
        variants: parts.variants.map(|counted| counted.figures),
        sex,
        contamination,
        thresholds: parts.thresholds,
        checks: checks.0,
    }
}

fn unmeasured(reason: &str) -> (ContaminationCheck, CheckResult) {
    let check = ContaminationCheck {
        reason: reason.to_owned(),
        ..ContaminationCheck::default()
    };
    (check, CheckResult::NotAssessed)
}

#[derive(Default)]
struct Checks(Vec<Check>);

/// Which side of a limit is worse.
#[derive(Clone, Copy, PartialEq)]
enum Worse {
    Less,
    More,
}

/// How a figure is printed.
#[derive(Clone, Copy, PartialEq)]
enum Unit {
    /// A share, as percent with so many places.
    Percent(usize),
    /// A number with so many places and its unit.
    Count(usize, &'static str),
}

impl Unit {
    fn print(self, value: f64) -> String {
        match self {
            Self::Percent(places) => {
                // Cut off, not rounded up: what is printed never reaches a limit that the figure misses.
                let scale = 10_f64.powi(places as i32);
                format!("{:.places$} %", (value * 100.0 * scale + 1e-9).floor() / scale)
            }
            Self::Count(places, unit) => format!("{value:.places$} {unit}"),
        }
    }
    fn limit(self, value: f64) -> String {
        match self {
            // 1 not 100.00; 0.5 not 0.50: as the file states it.
            Self::Percent(_) => format!("{} %", (value * 1e6).round() / 1e4),
            Self::Count(_, unit) => format!("{value} {unit}"),
        }
    }
}

impl Checks {
    fn say(&mut self, name: &str, result: CheckResult, reason: String) {
        self.0.push(Check {
            name: name.to_owned(),
            result,
            reason,
        });
    }

    /// A figure against its limits; the reason names the limit that it missed, or else the one that it reached.
    fn figure(&mut self, name: &str, what: &str, value: Option<f64>, limit: Limit, worse: Worse, unit: Unit) {
        let Some(value) = value else {
            return self.say(name, CheckResult::NotAssessed, format!("{what}: not measured"));
        };
        let (result, side) = match worse {
            Worse::Less => (limit.at_least(value), "at least"),
            Worse::More => (limit.at_most(value), "at most"),
        };
        let mut reason = format!(
            "{what}: {}, expected {side} {}",
            unit.print(value),
            unit.limit(limit.warn)
        );
        if result == CheckResult::Fail {
            let beyond = if worse == Worse::Less {
                "fails below"
            } else {
                "fails above"
            };
            let _ = write!(reason, "; {beyond} {}", unit.limit(limit.fail));
        }
        self.say(name, result, reason);
    }
}

fn of_reads(checks: &mut Checks, figures: &ReadFigures, limits: &Thresholds) {
    let percent = Unit::Percent(1);
    if let Some(limit) = limits.bases {
        let (value, unit) = (Some(figures.bases as f64), Unit::Count(0, "bases"));
        checks.figure("Yield", "bases sequenced", value, limit, Worse::Less, unit);
    }
    let what = "bases with quality 30 or more";
    checks.figure("Base quality", what, figures.q30, limits.q30, Worse::Less, percent);
    let mapped = figures.mapped_fraction();
    checks.figure("Mapping", "reads mapped", mapped, limits.mapped, Worse::Less, percent);
    let what = "mapped reads that are duplicates";
    let duplicates = figures.duplicate_fraction();
    checks.figure("Duplicates", what, duplicates, limits.duplicates, Worse::More, percent);
    if let Some(limit) = limits.insert_size {
        let (value, unit) = (figures.median_insert.map(f64::from), Unit::Count(0, "bases"));
        checks.figure("Insert size", "median insert size", value, limit, Worse::Less, unit);
    }
}

fn of_coverage(checks: &mut Checks, coverage: &Coverage, limits: &Thresholds) {
    let figures = match coverage {
        Coverage::NotAssessed { reason } => return checks.say("Coverage", CheckResult::NotAssessed, reason.clone()),
        Coverage::Assessed(figures) => figures,
    };
    let Some(share) = figures.at_threshold else {
        let reason = "no coding base was measured".to_owned();
        return checks.say("Coverage", CheckResult::NotAssessed, reason);
    };
    checks.say("Coverage", limits.coverage.at_least(share), covered(figures, share));
    if let Some(limit) = limits.at_least_20 {
        let what = "coding bases with 20 or more reads";
        let (value, unit) = (figures.at_least_20, Unit::Percent(2));
        checks.figure("Bases at 20 reads", what, value, limit, Worse::Less, unit);
    }
    if let Some(limit) = limits.mean_depth {
        let (value, unit) = (figures.mean_depth, Unit::Count(1, "reads"));
        checks.figure(
            "Mean depth",
            "mean depth of the coding bases",
            value,
            limit,
            Worse::Less,
            unit,
        );
    }
}

fn covered(figures: &CoverageFigures, share: f64) -> String {
    format!(
        "{} of {} reach {} reads; {} gap(s), each listed",
        Unit::Percent(2).print(share),
        figures.over,
        figures.threshold,
        figures.gaps().count()
    )
}

fn of_targets(checks: &mut Checks, targets: Option<&TargetFigures>, reads: bool, limits: &Thresholds) {
    let Some(limit) = limits.on_target else { return };
    let share = targets.and_then(|figures| figures.on_target.on_share());
    if reads && targets.is_none() {
        let reason = "no targets were given".to_owned();
        return checks.say("On target", CheckResult::NotAssessed, reason);
    }
    checks.figure(
        "On target",
        "used bases on targets",
        share,
        limit,
        Worse::Less,
        Unit::Percent(1),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(measured: Result<(ReadFigures, Measured), String>, limits: Thresholds) -> Quality {
        assemble(Parts {
            sample: &"S".parse().unwrap(),
            build: Build::Grch38,
            declared: Sex::Female,
            reads: measured,
            variants: None,
            thresholds: ThresholdsUsed { sha256: None, limits },
        })
    }

    fn measured(coverage: CoverageFigures) -> Measured {
        Measured {
            coverage: Coverage::Assessed(coverage),
            targets: None,
            sex: SexDepths::default(),
        }
    }

    fn result(quality: &Quality, name: &str) -> (CheckResult, String) {
        let check = quality.checks.iter().find(|c| c.name == name).unwrap();
        (check.result, check.reason.clone())
    }

    #[test]
    fn coverage_over_no_base_is_not_judged() {
        let measured = measured(CoverageFigures::default());
        let quality = judged(Ok((ReadFigures::default(), measured)), Thresholds::default());
        assert_eq!(result(&quality, "Coverage").0, CheckResult::NotAssessed);
    }

    #[test]
    fn without_reads_nothing_is_judged() {
        let quality = judged(Err("the input is a VCF".to_owned()), Thresholds::default());
        let all = |c: &Check| c.result == CheckResult::NotAssessed;
        assert!(quality.checks.iter().all(all), "{:?}", quality.checks);
    }

    #[test]
    fn limits_of_the_laboratory_decide() {
        use CheckResult::{Fail, NotAssessed, Pass, Warn};
        let coverage = CoverageFigures {
            over: "coding exons of 1 gene(s)".to_owned(),
            threshold: 30,
            bases: 1000,
            mean_depth: Some(80.0),
            at_least_20: Some(0.999),
            at_threshold: Some(0.98),
            ..CoverageFigures::default()
        };
        let figures = ReadFigures {
            reads: 100,
            bases: 15_000,
            q30: Some(0.799_99),
            mapped: 100,
            duplicates: 55,
            median_insert: Some(180),
            ..ReadFigures::default()
        };
        let make = |limits| judged(Ok((figures.clone(), measured(coverage.clone()))), limits);
        let usual = make(Thresholds::default());
        assert_eq!(
            result(&usual, "Base quality"),
            (
                Warn,
                "bases with quality 30 or more: 79.9 %, expected at least 80 %".to_owned()
            )
        );
        assert_eq!(
            result(&usual, "Duplicates"),
            (
                Fail,
                "mapped reads that are duplicates: 55.0 %, expected at most 20 %; fails above 50 %".to_owned()
            )
        );
        assert_eq!(result(&usual, "Coverage").0, Warn);
        assert!(usual.checks.iter().all(|c| c.name != "On target" && c.name != "Yield"));
        let strict = make(Thresholds {
            coverage: Limit { warn: 1.0, fail: 0.99 },
            duplicates: Limit { warn: 0.6, fail: 0.7 },
            at_least_20: Some(Limit { warn: 0.99, fail: 0.95 }),
            mean_depth: Some(Limit {
                warn: 100.0,
                fail: 50.0,
            }),
            on_target: Some(Limit { warn: 0.6, fail: 0.4 }),
            bases: Some(Limit {
                warn: 20_000.0,
                fail: 16_000.0,
            }),
            insert_size: Some(Limit {
                warn: 150.0,
                fail: 100.0,
            }),
            ..Thresholds::default()
        });
        for (name, expected) in [
            ("Coverage", Fail),
            ("Duplicates", Pass),
            ("Bases at 20 reads", Pass),
            ("Mean depth", Warn),
            ("On target", NotAssessed),
            ("Yield", Fail),
            ("Insert size", Pass),
        ] {
            assert_eq!(result(&strict, name).0, expected, "{name}");
        }
        assert_eq!(
            result(&strict, "Yield").1,
            "bases sequenced: 15000 bases, expected at least 20000 bases; fails below 16000 bases"
        );
    }
}
