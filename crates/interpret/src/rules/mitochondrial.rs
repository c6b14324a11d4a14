//! What is different on mitochondrial DNA (mitochondrial.tsv).

use std::collections::BTreeMap;

use clinotype_case::criterion::Code;

/// The rules of the mitochondrial expert panel that files can answer.
#[derive(Clone, Debug)]
pub struct Mitochondrial {
    /// The paper and the specification, as a sentence cites them.
    pub source: String,
    /// Criteria that do not apply, with the reason.
    pub not_applicable: BTreeMap<Code, String>,
    /// Predictors, in the order in which their sets are looked for.
    pub tools: Vec<MitochondrialTool>,
}

/// One predictor with its two bounds.
#[derive(Clone, Debug, PartialEq)]
pub struct MitochondrialTool {
    /// `APOGEE`.
    pub name: String,
    /// What it is for: `missense` or `trna`.
    pub group: String,
    /// Tools of one set are read together.
    pub set: u32,
    /// INFO keys that may carry its score, in the order they are looked for.
    pub keys: Vec<String>,
    /// Pathogenic above this score, from it on where [`MitochondrialTool::inclusive`].
    pub pathogenic_above: f64,
    /// Benign below this score, at it too where not inclusive.
    pub benign_below: f64,
    /// Whether the pathogenic bound itself counts.
    pub inclusive: bool,
}

impl Mitochondrial {
    pub(super) fn of(rows: &[Vec<&'static str>]) -> Self {
        let kind = |wanted: &'static str| rows.iter().filter(move |row| row[0] == wanted);
        let number = |text: &str| text.parse().expect("a number of ours, a test reads it");
        Self {
            source: kind("source").next().map_or_else(String::new, |row| row[2].to_owned()),
            not_applicable: kind("declined")
                .map(|row| {
                    let code = crate::acmg::codes::code(row[1]).expect("a criterion of ours, a test reads it");
                    (code, row[2].to_owned())
                })
                .collect(),
            tools: kind("tool")
                .map(|row| {
                    let mut place = row[1].splitn(3, '/');
                    let mut next = || place.next().unwrap_or_default();
                    let (group, set, name) = (next(), next(), next());
                    MitochondrialTool {
                        name: name.to_owned(),
                        group: group.to_owned(),
                        set: set.parse().expect("a number of ours, a test reads it"),
                        keys: row[2].split(',').map(str::to_owned).collect(),
                        pathogenic_above: number(row[4]),
                        benign_below: number(row[5]),
                        inclusive: row[3] == "gte",
                    }
                })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RULES;

    #[test]
    fn the_table_is_whole() {
        let rules = &RULES.mitochondrial;
        assert!(rules.source.contains("McCormick") && rules.source.contains("GN015"));
        assert_eq!(
            rules.not_applicable.keys().copied().collect::<Vec<_>>(),
            [Code::PM1, Code::PM3, Code::PP2, Code::BP1, Code::BP3]
        );
        for tool in &rules.tools {
            assert!(matches!(tool.group.as_str(), "missense" | "trna"), "{}", tool.name);
            assert!(tool.pathogenic_above >= tool.benign_below && !tool.name.is_empty() && !tool.keys.is_empty());
        }
        assert_eq!(rules.tools.iter().filter(|tool| tool.group == "trna").count(), 2);
    }
}
