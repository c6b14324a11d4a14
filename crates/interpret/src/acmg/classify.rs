//! From criteria to a class: points (Tavtigian 2018, 2020), with the combining rules of 2015 beside them.

use clinotype_case::{
    criterion::{Class, Code, Criterion, Side, State, Strength},
    finding::Classification,
};

use super::combining;
use crate::rules::RULES;

/// The class of a set of criteria. Only criteria that are met count, and their order does not matter.
///
/// `lb_min_points` is the highest sum that is still Likely benign: -1 as published, -2 where a laboratory does not
/// let one supporting benign criterion decide alone.
pub fn classify(criteria: &[Criterion], lb_min_points: i32) -> Classification {
    let met: Vec<(Code, Strength)> = criteria
        .iter()
        .filter(|c| c.state == State::Met)
        .map(|c| (c.code, c.strength.unwrap_or_else(|| c.code.default_strength())))
        .collect();
    classify_codes(&met, lb_min_points)
}

/// [`classify`] for codes with strengths, as a person writes them ([`super::codes::parse`]).
pub fn classify_codes(met: &[(Code, Strength)], lb_min_points: i32) -> Classification {
    let sum = |side| {
        met.iter()
            .filter(|(code, _)| code.side() == side)
            .map(|(code, s)| points(*code, *s))
            .sum::<i32>()
    };
    let (pathogenic_points, benign_points) = (sum(Side::Pathogenic), sum(Side::Benign));
    let points = pathogenic_points + benign_points;
    let stand_alone_benign = met
        .iter()
        .any(|(code, s)| code.side() == Side::Benign && *s == Strength::StandAlone);
    let class = if stand_alone_benign {
        Class::Benign
    } else {
        class_of_points(points, lb_min_points)
    };
    let class_2015 = combining::class(met);
    Classification {
        class,
        class_2015,
        pathogenic_points,
        benign_points,
        points,
        posterior: posterior(points),
        stand_alone_benign,
        flags: flags(met, class, class_2015, pathogenic_points, benign_points),
    }
}

/// Signed points of one criterion that is met.
pub(super) fn points(code: Code, strength: Strength) -> i32 {
    match code.side() {
        Side::Pathogenic => strength.points(),
        Side::Benign => -strength.points(),
    }
}

/// The class of a sum of points, stand-alone evidence aside.
pub fn class_of_points(points: i32, lb_min_points: i32) -> Class {
    let limits = &RULES.points;
    // From the strongest down: a rule order that tries Likely pathogenic first lets P fall to LP (AutoGVP #100).
    if points >= limits.pathogenic {
        Class::Pathogenic
    } else if points >= limits.likely_pathogenic {
        Class::LikelyPathogenic
    } else if points < limits.likely_benign {
        Class::Benign
    } else if points <= lb_min_points.min(-1) {
        Class::LikelyBenign
    } else {
        Class::Uncertain
    }
}

/// Posterior probability of pathogenicity at a prior of 0.10, rounded to six decimals so that a platform's last bit
/// of `powf` does not change the bytes of a report.
pub fn posterior(points: i32) -> f64 {
    let limits = &RULES.points;
    let odds = limits.odds_very_strong.powf(f64::from(points) / 8.0);
    let posterior = odds * limits.prior / ((odds - 1.0) * limits.prior + 1.0);
    (posterior * 1e6).round() / 1e6
}

fn flags(met: &[(Code, Strength)], class: Class, class_2015: Class, pathogenic: i32, benign: i32) -> Vec<String> {
    let mut flags = Vec::new();
    if pathogenic >= Strength::Strong.points() && benign <= -Strength::Strong.points() {
        flags.push(format!(
            "conflicting evidence ({pathogenic} points towards pathogenic, {benign} towards benign): a person \
             must decide"
        ));
    }
    if class != class_2015 {
        flags.push(format!(
            "the points give {}, the combining rules of 2015 give {}",
            class.words(),
            class_2015.words()
        ));
    }
    if met.len() == 1 && benign == -1 {
        flags.push(
            match class {
                Class::LikelyBenign => "a single supporting benign criterion decides",
                _ => "a single supporting benign criterion, which this laboratory does not let decide",
            }
            .to_owned(),
        );
    }
    flags
}

/// Where a variant of uncertain significance stands, for sorting only; it is no class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// 0 or 1 point, or less where the laboratory moved the cut-off of Likely benign.
    Cold,
    /// 2 or 3 points.
    Warm,
    /// 4 or 5 points: one more observation may make it Likely pathogenic.
    Hot,
}

impl Tier {
    /// In a word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cold => "cold",
            Self::Warm => "warm",
            Self::Hot => "hot",
        }
    }
}

/// The tier of a variant of uncertain significance by points; `None` for every other class.
pub fn tier(made: &Classification) -> Option<Tier> {
    (made.class == Class::Uncertain).then_some(match made.points {
        4.. => Tier::Hot,
        2 | 3 => Tier::Warm,
        _ => Tier::Cold,
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    const STRENGTHS: [Strength; 5] = [
        Strength::Supporting,
        Strength::Moderate,
        Strength::Strong,
        Strength::VeryStrong,
        Strength::StandAlone,
    ];

    fn of(text: &str) -> Classification {
        classify_codes(&super::super::codes::parse(text).unwrap(), -1)
    }

    /// Scout #6064: a `_VeryStrong` that scored zero turned pathogenic into uncertain.
    #[test]
    fn every_code_at_every_strength_has_its_points() {
        for &code in Code::ALL {
            for (strength, expected) in STRENGTHS.into_iter().zip([1, 2, 4, 8, 8]) {
                let sign = if code.as_str().starts_with('P') { 1 } else { -1 };
                if sign == 1 && strength == Strength::StandAlone {
                    continue;
                }
                let text = format!("{code}_{}", strength.suffix());
                let got = of(&text);
                assert_eq!(got.points, sign * expected, "{text}");
                assert_eq!(got.pathogenic_points + got.benign_points, got.points, "{text}");
                assert_eq!(got.stand_alone_benign, strength == Strength::StandAlone, "{text}");
                let class = match sign * expected {
                    8 => Class::LikelyPathogenic,
                    1 | 2 | 4 => Class::Uncertain,
                    -1 | -2 | -4 => Class::LikelyBenign,
                    _ => Class::Benign,
                };
                assert_eq!(got.class, class, "{text}");
            }
        }
    }

    #[test]
    fn every_sum_has_its_class() {
        for points in -20..=20 {
            let expected = match points {
                10.. => Class::Pathogenic,
                6..=9 => Class::LikelyPathogenic,
                0..=5 => Class::Uncertain,
                -6..=-1 => Class::LikelyBenign,
                _ => Class::Benign,
            };
            assert_eq!(class_of_points(points, -1), expected, "{points}");
        }
        assert_eq!(class_of_points(-1, -2), Class::Uncertain);
        assert_eq!(class_of_points(-2, -2), Class::LikelyBenign);
        // A setting can never make zero or a positive sum benign.
        assert_eq!(class_of_points(0, 3), Class::Uncertain);
    }

    /// The four posteriors that ACMG.md section 1 states, after Tavtigian 2020.
    #[test]
    fn posteriors() {
        for (points, expected) in [(6, 0.900), (10, 0.994), (-1, 0.051), (-7, 0.0007), (0, 0.1)] {
            assert!(
                (posterior(points) - expected).abs() < 0.0006,
                "{points}: {}",
                posterior(points)
            );
        }
    }

    #[test]
    fn combined_examples() {
        for (text, points, class) in [
            ("PVS1,PM2_Supporting", 9, Class::LikelyPathogenic),
            ("PVS1,PM2_Supporting,PP4", 10, Class::Pathogenic),
            ("PVS1,PS3", 12, Class::Pathogenic),
            ("PM2_Supporting", 1, Class::Uncertain),
            ("BA1,PVS1,PS1,PM1", 6, Class::Benign),
            ("BS1,BP4", -5, Class::LikelyBenign),
            ("BS1,BS2", -8, Class::Benign),
            ("BP4,BP7", -2, Class::LikelyBenign),
            ("PVS1,BS1", 4, Class::Uncertain),
        ] {
            let got = of(text);
            assert_eq!((got.points, got.class), (points, class), "{text}");
        }
    }

    #[test]
    fn tiers_sort_what_is_uncertain() {
        for (text, expected) in [
            ("PS1,PM2_Supporting", Some(Tier::Hot)),
            ("PM1,PM2_Supporting", Some(Tier::Warm)),
            ("PM2_Supporting", Some(Tier::Cold)),
            ("", Some(Tier::Cold)),
            ("BP4", None),
            ("PVS1", None),
        ] {
            assert_eq!(tier(&of(text)), expected, "{text}");
        }
        let stricter = classify_codes(&[(Code::BP4, Strength::Supporting)], -2);
        assert_eq!((stricter.class, tier(&stricter)), (Class::Uncertain, Some(Tier::Cold)));
        assert!(stricter.flags.iter().any(|f| f.contains("does not let decide")));
    }

    #[test]
    fn flags_ask_a_person() {
        assert!(
            of("PVS1,BS1").flags[0].starts_with("conflicting evidence (8 points"),
            "{:?}",
            of("PVS1,BS1").flags
        );
        assert!(of("BP4").flags.iter().any(|f| f.starts_with("a single supporting")));
        assert!(
            of("PVS1")
                .flags
                .iter()
                .any(|f| f.contains("the points give Likely pathogenic"))
        );
        assert!(of("PVS1,PM2_Supporting").flags.is_empty());
    }
}
