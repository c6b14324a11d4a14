//! Evidence from counts of cases and from assays.

use clinotype_case::criterion::{Code, Proposal, Strength};

use super::{proposal, reached};
use crate::rules::RULES;

/// A case-control study of the variant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CaseControl {
    /// Carriers among the cases.
    pub cases_with: u32,
    /// Cases without it.
    pub cases_without: u32,
    /// Carriers among the controls.
    pub controls_with: u32,
    /// Controls without it.
    pub controls_without: u32,
}

/// PS4 by odds ratio: above 5 with a 95 % interval that excludes 1 (Richards 2015). A half is added to each cell where
/// one is zero (Haldane, Anscombe); the interval is Woolf's.
pub fn case_control(study: CaseControl) -> Proposal {
    let cells = [
        study.cases_with,
        study.cases_without,
        study.controls_with,
        study.controls_without,
    ]
    .map(f64::from);
    let correction = if cells.contains(&0.0) { 0.5 } else { 0.0 };
    let [a, b, c, d] = cells.map(|n| n + correction);
    let ratio = (a * d) / (b * c);
    let error = (1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d).sqrt();
    let (low, high) = (ratio * (-1.96 * error).exp(), ratio * (1.96 * error).exp());
    let people = study.cases_with + study.cases_without > 0 && study.controls_with + study.controls_without > 0;
    let holds = people && study.cases_with > 0 && ratio > 5.0 && low > 1.0;
    let sentence = if people {
        format!("Odds ratio {ratio:.1}, 95 % interval {low:.1} to {high:.1}.")
    } else {
        "A study without cases or without controls has no odds ratio.".to_owned()
    };
    proposal(Code::PS4, holds.then_some(Strength::Strong), sentence)
}

/// Unrelated probands with the variant and a fitting phenotype.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cases {
    /// Probands, each family once.
    pub unrelated: u32,
    /// Whether the variant is rare (PM2).
    pub rare: bool,
}

/// PS4 by the number of unrelated probands, where the variant is rare.
pub fn probands(cases: Cases) -> Proposal {
    let sentence = if cases.rare {
        format!(
            "Seen in {} unrelated probands with a fitting phenotype.",
            cases.unrelated
        )
    } else {
        "The variant is not rare enough (PM2) to count probands without controls.".to_owned()
    };
    let strength = cases
        .rare
        .then(|| reached("probands", f64::from(cases.unrelated)))
        .flatten();
    proposal(Code::PS4, strength, sentence).compared("probands", cases.unrelated)
}

/// A functional assay, validated by controls (Brnich 2020).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assay {
    /// Odds of pathogenicity of the result that the variant showed.
    pub odds: f64,
}

impl Assay {
    /// OddsPath of an abnormal result from the assay's controls: `[P2 (1-P1)] / [(1-P2) P1]`, where P1 is the share of
    /// pathogenic controls among all and P2 that among the controls with an abnormal result. Perfect separation counts
    /// one control as misread, as Brnich 2020 does. `None` without controls of both kinds.
    pub fn of_abnormal(pathogenic: u32, benign: u32, abnormal_pathogenic: u32, abnormal_benign: u32) -> Option<Self> {
        let misread = if abnormal_benign == 0 { 1 } else { abnormal_benign };
        Self::of(pathogenic, benign, f64::from(abnormal_pathogenic), f64::from(misread))
    }
    /// The same of a normal result.
    pub fn of_normal(pathogenic: u32, benign: u32, normal_pathogenic: u32, normal_benign: u32) -> Option<Self> {
        let misread = if normal_pathogenic == 0 { 1 } else { normal_pathogenic };
        Self::of(pathogenic, benign, f64::from(misread), f64::from(normal_benign))
    }
    fn of(pathogenic: u32, benign: u32, read_pathogenic: f64, read_benign: f64) -> Option<Self> {
        if pathogenic == 0 || benign == 0 || read_pathogenic + read_benign == 0.0 {
            return None;
        }
        let before = f64::from(pathogenic) / f64::from(pathogenic + benign);
        let after = read_pathogenic / (read_pathogenic + read_benign);
        let odds = (after * (1.0 - before)) / ((1.0 - after) * before);
        odds.is_finite().then_some(Self { odds })
    }
}

/// PS3 or BS3 by OddsPath; between the bands nothing.
pub fn functional(assay: Assay) -> Proposal {
    let odds = assay.odds;
    let damaging = RULES
        .evidence_points
        .get("odds_pathogenic")
        .into_iter()
        .flatten()
        .filter(|(bound, _)| odds > *bound)
        .map(|(_, strength)| *strength)
        .max();
    let harmless = RULES
        .evidence_points
        .get("odds_benign")
        .into_iter()
        .flatten()
        .filter(|(bound, _)| odds < *bound)
        .map(|(_, strength)| *strength)
        .max();
    let (code, strength) = match (damaging, harmless) {
        (None, Some(strength)) => (Code::BS3, Some(strength)),
        (strength, _) => (Code::PS3, strength),
    };
    proposal(
        code,
        strength,
        format!("The assay gives odds of pathogenicity of {odds:.3}."),
    )
    .compared("OddsPath", format!("{odds:.3}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odds_ratios() {
        let study = |a, b, c, d| {
            case_control(CaseControl {
                cases_with: a,
                cases_without: b,
                controls_with: c,
                controls_without: d,
            })
            .strength
        };
        assert_eq!(study(20, 980, 2, 1_998), Some(Strength::Strong));
        assert_eq!(study(20, 980, 20, 1_980), None);
        assert_eq!(study(2, 98, 1, 499), None, "the interval holds 1");
        assert_eq!(study(12, 988, 0, 2_000), Some(Strength::Strong));
        assert_eq!(study(0, 0, 0, 100), None);
    }

    #[test]
    fn counted_probands() {
        for (unrelated, expected) in [
            (1, None),
            (2, Some(Strength::Supporting)),
            (5, Some(Strength::Supporting)),
            (6, Some(Strength::Moderate)),
            (9, Some(Strength::Moderate)),
            (10, Some(Strength::Strong)),
        ] {
            assert_eq!(
                probands(Cases { unrelated, rare: true }).strength,
                expected,
                "{unrelated}"
            );
            assert_eq!(probands(Cases { unrelated, rare: false }).strength, None);
        }
    }

    /// Brnich 2020, table 3: bands; figure: eleven controls reach Moderate at best.
    #[test]
    fn assays_by_odds() {
        for (odds, code, strength) in [
            (2.0, Code::PS3, None),
            (2.2, Code::PS3, Some(Strength::Supporting)),
            (4.4, Code::PS3, Some(Strength::Moderate)),
            (19.0, Code::PS3, Some(Strength::Strong)),
            (351.0, Code::PS3, Some(Strength::VeryStrong)),
            (1.0, Code::PS3, None),
            (0.48, Code::PS3, None),
            (0.47, Code::BS3, Some(Strength::Supporting)),
            (0.2, Code::BS3, Some(Strength::Moderate)),
            (0.05, Code::BS3, Some(Strength::Strong)),
        ] {
            let made = functional(Assay { odds });
            assert_eq!((made.code, made.strength), (code, strength), "{odds}");
        }
        let eleven = Assay::of_abnormal(6, 5, 6, 0).unwrap();
        assert_eq!(functional(eleven).strength, Some(Strength::Moderate), "{}", eleven.odds);
        assert!(Assay::of_abnormal(0, 5, 0, 0).is_none());
        let normal = Assay::of_normal(6, 5, 0, 5).unwrap();
        assert_eq!(functional(normal).code, Code::BS3);
    }
}
