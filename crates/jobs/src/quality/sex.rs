//! Sex of the sample from its own data, in three lines of evidence that need not agree: depth of X and depth of Y against
//! the autosomes, and whether the variants of X show two alleles. The pseudo-autosomal regions are left out, but for
//! depth over whole chromosomes, of which they are a fiftieth.
//!
//! Expected ratios are those of the copies: X 1.0 and 0.5, Y 0 and 0.5 (less over a whole chromosome, half of which
//! short reads do not reach). The limits leave a gap between the two in which nothing is said, and evidence that does
//! not fit together (two X and a Y; one X and no Y) is said as such: it is for a person to look at, not an error.

use std::fmt::Write as _;

use clinotype_case::{
    Sex,
    evidence::AnnotatedVariant,
    quality::{CheckResult, SexCheck, SexEvidence},
};
use clinotype_genome::{Build, ContigKey, Interval, Result};

use super::{MeasureRequest, histogram::Histogram};

/// Least bases on X, and on the autosomes, for a judgement.
const LEAST_BASES: u64 = 2_000;
/// Least bases on Y: SRY, the only gene of Y on many panels, has 615 coding bases.
const LEAST_Y_BASES: u64 = 500;
/// Depth of X to autosomes for two copies, and the range for one.
const TWO_X: f64 = 0.85;
const ONE_X: std::ops::Range<f64> = 0.35..0.65;
/// Depth of Y to autosomes from which it is there, and up to which it is not.
const Y_THERE: f64 = 0.12;
const Y_ABSENT: f64 = 0.06;
/// Mean depth of the autosomes from which the whole genome was sequenced: off-target reads of a capture stay far below.
const WHOLE_GENOME: f64 = 5.0;

/// Least reads over a site of X.
const LEAST_DEPTH: u32 = 20;
/// Sites of X that a judgement needs.
const LEAST_SITES: u64 = 10;
/// Shares of the alternate at which both alleles are seen, and from which only the alternate is.
const MIXED: std::ops::RangeInclusive<f64> = 0.2..=0.8;
const ALTERNATE: f64 = 0.9;
/// Share of the sites at which two copies show both alleles (about a half is usual), and up to which one copy does
/// (misplaced reads).
const TWO_MIXED: f64 = 0.25;
const ONE_MIXED: f64 = 0.10;

/// Bases and sum of their depths, by kind of chromosome.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SexDepths {
    over: Option<&'static str>,
    x: (u64, u64),
    y: (u64, u64),
    autosomes: (u64, u64),
}

impl SexDepths {
    pub(super) fn over(words: &'static str) -> Self {
        Self {
            over: Some(words),
            ..Self::default()
        }
    }

    /// Adds a stretch; one that reaches into a pseudo-autosomal region tells nothing.
    pub(super) fn add(&mut self, interval: &Interval, histogram: &Histogram, build: Build) {
        let Some(key) = ContigKey::of(&interval.contig) else {
            return;
        };
        let shared = build.pseudoautosomal(&key);
        if shared
            .iter()
            .any(|(from, to)| interval.start < *to && *from < interval.end)
        {
            return;
        }
        self.count(&key, histogram.bases, histogram.sum);
    }

    fn count(&mut self, key: &ContigKey, bases: u64, sum: u64) {
        let group = match key.as_str() {
            "X" => &mut self.x,
            "Y" => &mut self.y,
            "MT" => return,
            _ => &mut self.autosomes,
        };
        group.0 += bases;
        group.1 += sum;
    }

    /// Whether a sex chromosome can be compared with the autosomes.
    pub(super) fn is_enough(&self) -> bool {
        let (x, y) = self.ratios();
        x.is_some() || y.is_some()
    }

    /// Depth of X and of Y to that of the autosomes.
    fn ratios(&self) -> (Option<f64>, Option<f64>) {
        let mean = |(bases, sum): (u64, u64), least| (bases >= least).then(|| sum as f64 / bases as f64);
        let autosomes = mean(self.autosomes, LEAST_BASES).filter(|mean| *mean > 0.0);
        let to = |group, least| Some(mean(group, least)? / autosomes?);
        (to(self.x, LEAST_BASES), to(self.y, LEAST_Y_BASES))
    }
}

/// Depths over whole chromosomes, where the whole genome was sequenced.
pub(super) fn whole_genome(request: &MeasureRequest<'_>) -> Result<Option<SexDepths>> {
    let mut depths = SexDepths::over("whole chromosomes");
    for chromosome in &request.reads.chromosomes {
        let Some(key) = ContigKey::of(&chromosome.name) else {
            continue;
        };
        let length = u64::from(chromosome.length);
        depths.count(&key, length, chromosome.used_bases);
    }
    let (bases, sum) = depths.autosomes;
    if bases == 0 || (sum as f64 / bases as f64) < WHOLE_GENOME {
        return Ok(None);
    }
    // Half of Y is written as N in the reference: its bases are counted, not its length.
    let y = request.reads.chromosomes.iter().find(|c| {
        let key = ContigKey::of(&c.name);
        key.as_ref().map(ContigKey::as_str) == Some("Y")
    });
    if let Some(y) = y {
        let sequence = request.reference.fetch(&y.name, 0, y.length)?;
        depths.y.0 = sequence.iter().filter(|base| !base.eq_ignore_ascii_case(&b'N')).count() as u64;
    }
    Ok(Some(depths))
}

/// Alleles of X outside of the pseudo-autosomal regions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct XAlleles {
    /// SNVs at which reads show both alleles.
    mixed: u64,
    /// SNVs at which reads show both alleles, or only the alternate.
    sites: u64,
}

impl XAlleles {
    /// Takes an allele. The reads decide, not the genotype, which was called with as many copies as were declared.
    pub(super) fn add(&mut self, variant: &AnnotatedVariant, build: Option<Build>) {
        let (Some(build), Some(key)) = (build, ContigKey::of(&variant.key.contig)) else {
            return;
        };
        let genotype = &variant.genotype;
        let (Some(reference), Some(alternate)) = (genotype.reference_depth, genotype.alternate_depth) else {
            return;
        };
        // 1-based.
        let position = variant.key.position.get();
        let mut shared = build.pseudoautosomal(&key).iter();
        if key.as_str() == "X"
            && variant.key.is_snv()
            && !shared.any(|(from, to)| (*from..*to).contains(&(position - 1)))
        {
            self.site(reference, alternate);
        }
    }

    fn site(&mut self, reference: u32, alternate: u32) {
        let depth = reference + alternate;
        if depth < LEAST_DEPTH {
            return;
        }
        let share = f64::from(alternate) / f64::from(depth);
        self.mixed += u64::from(MIXED.contains(&share));
        self.sites += u64::from(MIXED.contains(&share) || share >= ALTERNATE);
    }
}

/// Sex as the data show it against the declared one, and the verdict.
pub(super) fn judge(declared: Sex, depths: &SexDepths, x: XAlleles) -> (SexCheck, CheckResult) {
    let (x_depth, y_depth) = depths.ratios();
    let evidence = SexEvidence {
        over: depths.over.filter(|_| depths.is_enough()).map(ToOwned::to_owned),
        x_depth,
        y_depth,
        x_mixed: x.mixed,
        x_sites: x.sites,
    };
    let by_depth = x_depth.and_then(|ratio| match ratio {
        r if r >= TWO_X => Some(2),
        r if ONE_X.contains(&r) => Some(1),
        _ => None,
    });
    let mixed = (x.sites >= LEAST_SITES).then(|| x.mixed as f64 / x.sites as f64);
    let by_alleles = mixed.and_then(|share| match share {
        s if s >= TWO_MIXED => Some(2),
        s if s <= ONE_MIXED => Some(1),
        _ => None,
    });
    let y = y_depth.and_then(|ratio| match ratio {
        r if r >= Y_THERE => Some(true),
        r if r <= Y_ABSENT => Some(false),
        _ => None,
    });
    let (observed, contradiction) = match (by_depth, by_alleles, y) {
        (Some(2), Some(1), _) => (
            Sex::Unknown,
            Some("X has the depth of two copies but the alleles of one"),
        ),
        (Some(1), Some(2), _) => (Sex::Unknown, Some("X has the depth of one copy but the alleles of two")),
        (Some(2), _, Some(true)) | (None, Some(2), Some(true)) => (Sex::Unknown, Some("two X and a Y are seen")),
        (Some(1), _, Some(false)) | (None, Some(1), Some(false)) => (Sex::Unknown, Some("one X and no Y are seen")),
        (Some(2), ..) | (None, Some(2), _) | (None, None, Some(false)) => (Sex::Female, None),
        (Some(1), ..) | (None, Some(1), _) | (None, None, Some(true)) => (Sex::Male, None),
        (..) => (Sex::Unknown, None),
    };
    let told = x_depth.is_some() || y_depth.is_some() || mixed.is_some();
    let (result, verdict) = match (declared, observed, contradiction) {
        _ if !told => (
            CheckResult::NotAssessed,
            "too few bases of X and Y were sequenced to tell it".to_owned(),
        ),
        (_, _, Some(what)) => (
            CheckResult::Warn,
            format!(
                "{what}; a sex-chromosome aneuploidy, mosaicism or a mixture of samples is possible; declared {declared}"
            ),
        ),
        (_, Sex::Unknown, None) => (
            CheckResult::Warn,
            format!("the data lie between what one and two copies show; declared {declared}"),
        ),
        (Sex::Unknown, seen, None) => (
            CheckResult::NotAssessed,
            format!("observed {seen}; no sex was declared to compare it with"),
        ),
        (stated, seen, None) if stated == seen => (CheckResult::Pass, format!("declared {stated}, observed {seen}")),
        (stated, seen, None) => (
            CheckResult::Fail,
            format!("declared {stated}, but observed {seen}: the sample may be another person's"),
        ),
    };
    let reason = match figures(&evidence) {
        Some(figures) => format!("{verdict} ({figures})"),
        None => verdict,
    };
    let check = SexCheck {
        declared,
        observed,
        reason,
        evidence,
    };
    (check, result)
}

/// The figures in words; `None` where there are none.
fn figures(evidence: &SexEvidence) -> Option<String> {
    let mut said = Vec::new();
    if let Some(ratio) = evidence.x_depth {
        said.push(format!("depth of X to autosomes {ratio:.2}"));
    }
    if let Some(ratio) = evidence.y_depth {
        said.push(format!("depth of Y to autosomes {ratio:.2}"));
    }
    if let (Some(last), Some(over)) = (said.last_mut(), &evidence.over) {
        let _ = write!(last, ", over {over}");
    }
    if evidence.x_sites > 0 {
        said.push(format!(
            "both alleles at {} of {} SNVs of X",
            evidence.x_mixed, evidence.x_sites
        ));
    }
    (!said.is_empty()).then(|| said.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depths(x: Option<f64>, y: Option<f64>) -> SexDepths {
        let group = |ratio: Option<f64>| ratio.map_or((0, 0), |ratio| (10_000, (ratio * 500_000.0) as u64));
        SexDepths {
            over: Some("targets"),
            x: group(x),
            y: group(y),
            autosomes: (100_000, 5_000_000),
        }
    }

    fn alleles(mixed: u64, sites: u64) -> XAlleles {
        XAlleles { mixed, sites }
    }

    #[test]
    fn three_lines_of_evidence() {
        use CheckResult::{Fail, NotAssessed, Pass, Warn};
        use Sex::{Female, Male, Unknown};
        let none = alleles(0, 0);
        for (declared, x, y, seen, expected) in [
            (Female, Some(0.98), Some(0.01), alleles(30, 50), (Female, Pass)),
            (Male, Some(0.49), Some(0.40), alleles(1, 40), (Male, Pass)),
            (Male, Some(0.98), Some(0.01), alleles(30, 50), (Female, Fail)),
            (Female, Some(0.49), Some(0.40), alleles(1, 40), (Male, Fail)),
            // One line is enough, also of Y or of the alleles alone.
            (Female, Some(1.02), None, none, (Female, Pass)),
            (Female, None, Some(0.45), none, (Male, Fail)),
            (Male, None, Some(0.0), none, (Female, Fail)),
            (Male, None, None, alleles(20, 40), (Female, Fail)),
            // Nothing declared: observed, not compared.
            (Unknown, Some(0.98), Some(0.0), none, (Female, NotAssessed)),
            // 47,XXY and 45,X are not another person's sample.
            (Male, Some(0.98), Some(0.45), alleles(30, 50), (Unknown, Warn)),
            (Female, Some(0.50), Some(0.0), alleles(0, 30), (Unknown, Warn)),
            // Lines that disagree, and a ratio between.
            (Male, Some(0.50), None, alleles(25, 50), (Unknown, Warn)),
            (Female, Some(1.0), None, alleles(0, 50), (Unknown, Warn)),
            (Female, Some(0.75), None, none, (Unknown, Warn)),
            (Male, None, None, alleles(3, 9), (Unknown, NotAssessed)),
            (Male, None, None, none, (Unknown, NotAssessed)),
        ] {
            let (check, result) = judge(declared, &depths(x, y), seen);
            assert_eq!(
                (check.observed, result),
                expected,
                "{x:?} {y:?} {seen:?}: {}",
                check.reason
            );
        }
        let (check, _) = judge(Male, &depths(Some(0.98), Some(0.01)), alleles(30, 50));
        assert_eq!(
            check.reason,
            "declared male, but observed female: the sample may be another person's (depth of X to autosomes 0.98; \
             depth of Y to autosomes 0.01, over targets; both alleles at 30 of 50 SNVs of X)"
        );
    }

    #[test]
    fn regions_that_x_and_y_share_tell_nothing() {
        let mut found = SexDepths::over("targets");
        let deep = Histogram::of(&[50; 3_000], 20);
        let add = |found: &mut SexDepths, contig: &str, start| {
            found.add(&Interval::new(contig, start, start + 3_000), &deep, Build::Grch38);
        };
        add(&mut found, "chr1", 1_000_000);
        add(&mut found, "chrX", 200_000);
        add(&mut found, "chrX", 2_780_000);
        add(&mut found, "chrY", 200_000);
        add(&mut found, "chrM", 0);
        add(&mut found, "chrX_random", 0);
        assert!(!found.is_enough());
        add(&mut found, "chrX", 3_000_000);
        assert_eq!(found.ratios(), (Some(1.0), None));
    }

    #[test]
    fn reads_of_x_decide_not_the_genotype() {
        let mut found = XAlleles::default();
        for (reference, alternate) in [(15, 15), (4, 16), (0, 30), (3, 27), (5, 25), (27, 3), (9, 9)] {
            found.site(reference, alternate);
        }
        // 25 of 30 lies between, 3 of 30 is an error, 18 reads are too few.
        assert_eq!(found, alleles(2, 4));
    }
}
