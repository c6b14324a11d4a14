//! Calibrated bands of prediction scores (predictors.tsv): Pejaver 2022, Bergquist 2025; one tool per laboratory.

use clinotype_case::criterion::{Code, Strength};

/// One tool with its bands.
#[derive(Clone, Debug, PartialEq)]
pub struct Predictor {
    /// `REVEL`.
    pub name: String,
    /// INFO keys that may carry its score, in the order they are looked for.
    pub keys: Vec<String>,
    /// Whether a high score points to pathogenic.
    pub high_is_pathogenic: bool,
    /// (criterion, strength, bound): PP3 from the bound on towards pathogenic, BP4 from it on towards benign.
    pub bands: Vec<(Code, Strength, f64)>,
}

impl Predictor {
    /// The strongest band that a score reaches on each side; a score reaches one side at most.
    pub fn band(&self, score: f64) -> Option<(Code, Strength, f64)> {
        self.bands
            .iter()
            .filter(|(code, _, bound)| {
                if (*code == Code::PP3) == self.high_is_pathogenic {
                    score >= *bound
                } else {
                    score <= *bound
                }
            })
            .max_by_key(|(_, strength, _)| *strength)
            .copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RULES;

    #[test]
    fn bands_at_their_bounds() {
        let of = |tool: &str, score: f64| {
            RULES.predictors[tool]
                .band(score)
                .map(|(code, strength, _)| format!("{code}_{}", strength.suffix()))
        };
        for (tool, score, expected) in [
            ("REVEL", 0.003, Some("BP4_VeryStrong")),
            ("REVEL", 0.016, Some("BP4_Strong")),
            ("REVEL", 0.183, Some("BP4_Moderate")),
            ("REVEL", 0.290, Some("BP4_Supporting")),
            ("REVEL", 0.291, None),
            ("REVEL", 0.643, None),
            ("REVEL", 0.644, Some("PP3_Supporting")),
            ("REVEL", 0.773, Some("PP3_Moderate")),
            ("REVEL", 0.932, Some("PP3_Strong")),
            ("BayesDel_noAF", -0.36, Some("BP4_Moderate")),
            ("BayesDel_noAF", 0.5, Some("PP3_Strong")),
            ("CADD", 25.3, Some("PP3_Supporting")),
            ("CADD", 28.1, Some("PP3_Moderate")),
            ("CADD", 60.0, Some("PP3_Moderate")),
            ("AlphaMissense", 0.564, None),
            ("AlphaMissense", 0.99, Some("PP3_Strong")),
            ("ESM1b", -24.0, Some("PP3_Strong")),
            ("ESM1b", -10.6, None),
            ("ESM1b", -3.2, Some("BP4_Moderate")),
            ("MPC", 0.0, None),
        ] {
            assert_eq!(of(tool, score).as_deref(), expected, "{tool} {score}");
        }
    }

    /// No score may reach both sides, whatever the tool.
    #[test]
    fn sides_never_meet() {
        for tool in RULES.predictors.values() {
            assert!(!tool.keys.is_empty(), "{}", tool.name);
            let bounds = |code: Code| tool.bands.iter().filter(move |b| b.0 == code).map(|b| b.2);
            for pathogenic in bounds(Code::PP3) {
                for benign in bounds(Code::BP4) {
                    assert_eq!(pathogenic > benign, tool.high_is_pathogenic, "{}", tool.name);
                }
            }
        }
    }
}
