//! Calibrated bands of prediction scores (predictors.tsv): Pejaver 2022, Bergquist 2025; one tool per laboratory. And
//! the codes that an expert panel lists by change (prediction_codes.tsv).

use std::collections::BTreeMap;

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

/// What a panel gives to a change; `None`: neither PP3 nor BP4.
type Given = Option<(Code, Strength)>;

/// PP3 and BP4 of single changes, as an expert panel lists them (prediction_codes.tsv).
#[derive(Clone, Debug, Default)]
pub struct PredictionCodes {
    genes: BTreeMap<&'static str, BTreeMap<String, Given>>,
}

impl PredictionCodes {
    pub(super) fn of(rows: &[Vec<&'static str>]) -> Self {
        let mut made = Self::default();
        for row in rows {
            let gene = made.genes.entry(row[0]).or_default();
            let code = crate::acmg::codes::code(row[1]).zip(crate::acmg::codes::strength(row[2]));
            for change in row[3].split(' ') {
                let (from, to) = change.split_once('>').unwrap_or((change, ""));
                for base in to.chars() {
                    gene.insert(format!("{from}>{base}"), code);
                }
            }
        }
        made
    }
    /// What the panel gives to `c.4G>C`: `None` where it lists no such change, `Some(None)` where it gives neither.
    pub fn of_change(&self, gene: &str, hgvs_c: &str) -> Option<Given> {
        let name = hgvs_c.rsplit_once("c.").map(|(_, name)| name)?;
        self.genes.get(gene)?.get(name).copied()
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
