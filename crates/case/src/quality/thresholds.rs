//! The laboratory's limits of a test, from a file that it validates and keeps.

use serde::{Deserialize, Serialize};

use super::CheckResult;

/// The schema of a thresholds file.
pub const SCHEMA: &str = "clinotype-thresholds/1";

/// Most reads that a file may ask for at a coding base.
const MOST_DEPTH: u32 = 10_000;

/// Where a figure is to be looked at, and where it is not in order.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Beyond it: WARN.
    pub warn: f64,
    /// Beyond it: FAIL.
    pub fail: f64,
}

impl Limit {
    /// Where less is worse: at least `warn` passes, below `fail` fails.
    pub fn at_least(self, value: f64) -> CheckResult {
        match value {
            v if v >= self.warn => CheckResult::Pass,
            v if v >= self.fail => CheckResult::Warn,
            _ => CheckResult::Fail,
        }
    }
    /// Where more is worse: at most `warn` passes, above `fail` fails.
    pub fn at_most(self, value: f64) -> CheckResult {
        match value {
            v if v <= self.warn => CheckResult::Pass,
            v if v <= self.fail => CheckResult::Warn,
            _ => CheckResult::Fail,
        }
    }
}

/// The limits of one test. A field that the file does not state has Clinotype's own limit; one of `Option` type that is
/// not stated is not checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// [`SCHEMA`].
    pub schema: String,
    /// What the laboratory calls them, printed on the report.
    pub name: String,
    /// Reads that a coding base needs; below it lies a gap, and NEGATIVE is not said.
    pub min_depth: u32,
    /// Share of bases with quality 30 or more, 0 to 1; less is worse.
    pub q30: Limit,
    /// Share of reads that are mapped, 0 to 1; less is worse.
    pub mapped: Limit,
    /// Share of mapped reads that are duplicates, 0 to 1; more is worse.
    pub duplicates: Limit,
    /// Share of coding bases with `min_depth` reads, 0 to 1; less is worse.
    pub coverage: Limit,
    /// Share of the DNA that is somebody else's, 0 to 1; more is worse.
    pub contamination: Limit,
    /// Share of coding bases with 20 or more reads, 0 to 1; less is worse.
    pub at_least_20: Option<Limit>,
    /// Mean depth over the coding bases; less is worse.
    pub mean_depth: Option<Limit>,
    /// Share of used bases that lie on a target, 0 to 1; less is worse.
    pub on_target: Option<Limit>,
    /// Bases sequenced; less is worse.
    pub bases: Option<Limit>,
    /// Median insert size; less is worse.
    pub insert_size: Option<Limit>,
}

impl Default for Thresholds {
    /// Clinotype's own. 20 reads are a common threshold for heterozygous germline variants (Rehder 2021, GIM 23:1399,
    /// leaves the number to the laboratory); CHARR's authors dropped samples with more than 2 % contamination.
    fn default() -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            name: "Clinotype defaults".to_owned(),
            min_depth: 20,
            q30: Limit { warn: 0.80, fail: 0.60 },
            mapped: Limit { warn: 0.95, fail: 0.70 },
            duplicates: Limit { warn: 0.20, fail: 0.50 },
            coverage: Limit { warn: 1.0, fail: 0.95 },
            contamination: Limit { warn: 0.02, fail: 0.05 },
            at_least_20: None,
            mean_depth: None,
            on_target: None,
            bases: None,
            insert_size: None,
        }
    }
}

/// The limits that a run was judged by, and the file that they came from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ThresholdsUsed {
    /// SHA-256 of the file; `None`: Clinotype's own limits.
    pub sha256: Option<String>,
    /// The limits.
    pub limits: Thresholds,
}

/// Why a thresholds file cannot be used. It holds no patient data, so values are repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ThresholdsError {
    /// Not JSON, or not of this form.
    #[error("{0}")]
    Json(String),
    /// A field with a wrong value.
    #[error("field `{field}`: {what}")]
    Field {
        /// Name.
        field: &'static str,
        /// What is wrong.
        what: String,
    },
}

impl Thresholds {
    /// Reads a file and checks it.
    pub fn from_json(text: &str) -> Result<Self, ThresholdsError> {
        let stated: serde_json::Value = serde_json::from_str(text)
            .map_err(|e| ThresholdsError::Json(format!("line {}, column {}: is not JSON", e.line(), e.column())))?;
        // With `default`, serde would take Clinotype's own for a file that says neither.
        for (field, what) in [("schema", SCHEMA), ("name", "what the laboratory calls these limits")] {
            if stated.get(field).is_none() {
                return Err(wrong(field, format!("must be stated: {what}")));
            }
        }
        let thresholds: Self = serde_json::from_str(text).map_err(|e| ThresholdsError::Json(e.to_string()))?;
        thresholds.check()?;
        Ok(thresholds)
    }

    fn check(&self) -> Result<(), ThresholdsError> {
        if self.schema != SCHEMA {
            return Err(wrong("schema", format!("this version reads {SCHEMA}")));
        }
        let name = self.name.trim();
        if name.is_empty() || name.len() > 200 || name.chars().any(char::is_control) {
            return Err(wrong("name", "one line of at most 200 characters".to_owned()));
        }
        if !(1..=MOST_DEPTH).contains(&self.min_depth) {
            return Err(wrong("min_depth", format!("1 to {MOST_DEPTH} reads")));
        }
        let share = Some(1.0);
        for (field, limit, most, more_is_worse) in [
            ("q30", Some(self.q30), share, false),
            ("mapped", Some(self.mapped), share, false),
            ("duplicates", Some(self.duplicates), share, true),
            ("coverage", Some(self.coverage), share, false),
            ("contamination", Some(self.contamination), share, true),
            ("at_least_20", self.at_least_20, share, false),
            ("mean_depth", self.mean_depth, None, false),
            ("on_target", self.on_target, share, false),
            ("bases", self.bases, None, false),
            ("insert_size", self.insert_size, None, false),
        ] {
            let Some(limit) = limit else { continue };
            for value in [limit.warn, limit.fail] {
                if !value.is_finite() || value < 0.0 || most.is_some_and(|most| value > most) {
                    let range = if most.is_some() {
                        "is a share, 0 to 1 (95 % is 0.95)"
                    } else {
                        "must not be negative"
                    };
                    return Err(wrong(field, format!("{value} {range}")));
                }
            }
            let in_order = if more_is_worse {
                limit.warn <= limit.fail
            } else {
                limit.warn >= limit.fail
            };
            if !in_order {
                let side = if more_is_worse { "above" } else { "below" };
                return Err(wrong(
                    field,
                    format!(
                        "WARN must come before FAIL, but `warn` {} lies {side} `fail` {}",
                        limit.warn, limit.fail
                    ),
                ));
            }
        }
        Ok(())
    }
}

fn wrong(field: &'static str, what: String) -> ThresholdsError {
    ThresholdsError::Field { field, what }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"{"schema": "clinotype-thresholds/1", "name": "Panel 3", "min_depth": 30,
        "duplicates": {"warn": 0.3, "fail": 0.6}, "on_target": {"warn": 0.6, "fail": 0.4}}"#;

    #[test]
    fn a_file_changes_what_it_states_and_nothing_else() {
        let read = Thresholds::from_json(FILE).unwrap();
        let expected = Thresholds {
            name: "Panel 3".to_owned(),
            min_depth: 30,
            duplicates: Limit { warn: 0.3, fail: 0.6 },
            on_target: Some(Limit { warn: 0.6, fail: 0.4 }),
            ..Thresholds::default()
        };
        assert_eq!(read, expected);
        Thresholds::default().check().unwrap();
    }

    #[test]
    fn a_wrong_file_says_which_field() {
        for (from, to, words) in [
            ("\"min_depth\": 30", "\"min_depth\": 0", "`min_depth`: 1 to"),
            (
                "0.3, \"fail\": 0.6",
                "0.7, \"fail\": 0.6",
                "`duplicates`: WARN must come before FAIL",
            ),
            (
                "0.6, \"fail\": 0.4",
                "0.4, \"fail\": 0.6",
                "`on_target`: WARN must come before FAIL",
            ),
            ("0.6, \"fail\": 0.4", "60, \"fail\": 40", "`on_target`: 60 is a share"),
            ("\"min_depth\"", "\"mindepth\"", "unknown field `mindepth`"),
            ("\"name\": \"Panel 3\",", "", "`name`: must be stated"),
            ("\"name\": \"Panel 3\"", "\"name\": \" \"", "`name`: one line"),
            ("thresholds/1", "thresholds/9", "`schema`: this version reads"),
            (
                "\"schema\": \"clinotype-thresholds/1\",",
                "",
                "`schema`: must be stated",
            ),
            ("\"warn\": 0.3, ", "", "missing field `warn`"),
            ("30,", "30", "is not JSON"),
        ] {
            let text = FILE.replace(from, to);
            assert_ne!(text, FILE, "{from}");
            let message = Thresholds::from_json(&text).unwrap_err().to_string();
            assert!(message.contains(words), "{words}: {message}");
        }
    }

    #[test]
    fn limits_judge_on_both_sides() {
        use CheckResult::{Fail, Pass, Warn};
        let low = Limit { warn: 0.9, fail: 0.5 };
        assert_eq!(
            [0.9, 0.89, 0.5, 0.49].map(|v| low.at_least(v)),
            [Pass, Warn, Warn, Fail]
        );
        let high = Limit { warn: 0.02, fail: 0.05 };
        assert_eq!(
            [0.02, 0.021, 0.05, 0.051].map(|v| high.at_most(v)),
            [Pass, Warn, Warn, Fail]
        );
        // NaN is not in order.
        assert_eq!([low.at_least(f64::NAN), high.at_most(f64::NAN)], [Fail, Fail]);
    }
}
