//! What an expert panel of ClinGen lays down for one gene (specifications.tsv, specification_rules.tsv).

use std::collections::BTreeMap;

use clinotype_case::criterion::Strength;

/// One gene's specification. A rule that it does not state follows the general one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Specification {
    /// `GN092`.
    pub id: String,
    /// Version, `-` where it was not read.
    pub version: String,
    /// As the registry stated it: `Released` ...
    pub status: String,
    /// The panel.
    pub panel: String,
    rules: BTreeMap<String, String>,
}

impl Specification {
    pub(super) fn new(row: &[&str]) -> Self {
        Self {
            id: row[1].to_owned(),
            version: row[2].to_owned(),
            status: row[3].to_owned(),
            panel: row[4].to_owned(),
            rules: BTreeMap::new(),
        }
    }
    pub(super) fn put(&mut self, rule: &str, value: &str) {
        self.rules.insert(rule.to_owned(), value.to_owned());
    }

    /// As a criterion cites it: `ENIGMA BRCA1 and BRCA2 panel, GN092 version 1.2.0`.
    pub fn cited(&self) -> String {
        let version = match self.version.as_str() {
            "-" => String::new(),
            version => format!(" version {version}"),
        };
        let status = match self.status.as_str() {
            "Released" => String::new(),
            status => format!(" ({status})"),
        };
        format!("{} panel, {}{version}{status}", self.panel, self.id)
    }
    /// The text of a rule.
    pub fn text(&self, rule: &str) -> Option<&str> {
        self.rules.get(rule).map(String::as_str)
    }
    /// A rule that is yes or no.
    pub fn says(&self, rule: &str) -> Option<bool> {
        match self.text(rule)? {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        }
    }
    /// A rule that is a number.
    pub fn number(&self, rule: &str) -> Option<f64> {
        self.text(rule)?.parse().ok()
    }
    /// A rule that is a strength.
    pub fn strength(&self, rule: &str) -> Option<Strength> {
        crate::acmg::codes::strength(self.text(rule)?)
    }
    /// Whether a residue (1-based) lies in the ranges of a rule; `None` where the panel states no ranges.
    pub fn holds(&self, rule: &str, residue: u32) -> Option<bool> {
        Some(
            self.ranges(rule)?
                .iter()
                .any(|&(from, to)| (from..=to).contains(&residue)),
        )
    }
    /// The 1-based ranges of a rule.
    pub fn ranges(&self, rule: &str) -> Option<Vec<(u32, u32)>> {
        ranges(self.text(rule)?)
    }
}

/// `507-520;617` as ranges.
pub(super) fn ranges(text: &str) -> Option<Vec<(u32, u32)>> {
    text.split(';')
        .map(|part| {
            let (from, to) = part.split_once('-').unwrap_or((part, part));
            Some((from.parse().ok()?, to.parse().ok()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::rules::RULES;

    #[test]
    fn every_rule_can_be_read() {
        let mut rules = 0;
        for (gene, spec) in &RULES.specifications {
            assert!(spec.id.starts_with("GN"), "{gene}");
            for (rule, value) in &spec.rules {
                rules += 1;
                let readable = match rule.as_str() {
                    "pvs1"
                    | "ps1"
                    | "pm1"
                    | "pm4"
                    | "pm5"
                    | "pp2"
                    | "bs2"
                    | "bp1"
                    | "bp3"
                    | "pm5_lp"
                    | "pm5_with_pm1"
                    | "bs2_homozygotes_only" => spec.says(rule).is_some(),
                    "pm5_max" | "ps1_max" | "bp1_strength" => spec.strength(rule).is_some(),
                    "pm5_grantham" => matches!(value.as_str(), "ge" | "gt"),
                    "ps1_splice" => matches!(value.as_str(), "canonical" | "noncanonical"),
                    "pp2_requires" | "pm4_excludes" | "bs2_strengths" | "bp7_intronic" | "residues_on"
                    | "residues_shift" => true,
                    "bp1_target" => matches!(value.as_str(), "truncating" | "missense" | "broad"),
                    "pm4_elsewhere" | "pm4_stop_lost" => {
                        matches!(
                            value.as_str(),
                            "not_met" | "supporting" | "moderate" | "strong" | "not_applicable"
                        )
                    }
                    "bp7_phylop" => value == "na" || spec.number(rule).is_some(),
                    name if name.starts_with("pvs1_skip_exon_") => spec.strength(rule).is_some(),
                    name if name.ends_with("_in") || name == "bp1_outside" || name == "bp3_regions" => {
                        spec.ranges(rule).is_some()
                    }
                    _ => spec.number(rule).is_some(),
                };
                assert!(readable, "{gene} {rule} {value}");
            }
        }
        assert_eq!(RULES.specifications.len(), 131);
        assert!(rules > 1_900, "{rules}");
    }

    #[test]
    fn a_residue_is_found_in_its_ranges() {
        let spec = &RULES.specifications["PTEN"];
        assert_eq!(spec.cited(), "PTEN panel, GN003 version 3.2.0");
        for (residue, inside) in [(89, false), (90, true), (94, true), (95, false), (168, true)] {
            assert_eq!(spec.holds("pm1_moderate_in", residue), Some(inside), "{residue}");
        }
        assert_eq!(spec.holds("pm1_strong_in", 90), None);
        assert_eq!(RULES.specifications["BRCA1"].says("pm1"), Some(false));
    }
}
