//! What an expert panel of ClinGen lays down for one gene and its diseases (specifications.tsv,
//! specification_rules.tsv), and which of several specifications applies.

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
    /// What the specification is for, `-` where the table does not say.
    pub disease: String,
    /// `GENE`, or `GENE/GN012` where the gene has several.
    pub key: String,
    disease_ids: Vec<String>,
    other_ids: Vec<String>,
    rules: BTreeMap<String, String>,
}

impl Specification {
    pub(super) fn new(row: &[&str]) -> Self {
        Self {
            id: row[1].to_owned(),
            version: row[2].to_owned(),
            status: row[3].to_owned(),
            panel: row[4].to_owned(),
            disease: row[5].to_owned(),
            key: row[0].to_owned(),
            disease_ids: ids(row[6]),
            other_ids: ids(row[7]),
            rules: BTreeMap::new(),
        }
    }
    /// Whether it is for one of these diseases, or is itself named; `None` where that is not known.
    fn is_for(&self, diseases: &[String]) -> Option<bool> {
        let one_of = |ids: &[String]| diseases.iter().any(|disease| ids.contains(disease));
        if diseases.contains(&self.id) || one_of(&self.disease_ids) {
            Some(true)
        } else if one_of(&self.other_ids) {
            Some(false)
        } else {
            None
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
    /// The strengths of a rule by 1-based codons, `1-147:Strong;183-223:none`; without a strength the criterion does not
    /// hold there.
    pub fn bands(&self, rule: &str) -> Vec<(u32, u32, Option<Strength>)> {
        self.text(rule)
            .unwrap_or_default()
            .split(';')
            .filter_map(|band| {
                let (range, strength) = band.split_once(':')?;
                let (from, to) = range.split_once('-')?;
                let to = if to.is_empty() { u32::MAX } else { to.parse().ok()? };
                Some((from.parse().ok()?, to, crate::acmg::codes::strength(strength)))
            })
            .collect()
    }
    /// The 1-based ranges of a rule.
    pub fn ranges(&self, rule: &str) -> Option<Vec<(u32, u32)>> {
        ranges(self.text(rule)?)
    }
}

fn ids(text: &str) -> Vec<String> {
    text.split(' ').filter(|id| *id != "-").map(str::to_owned).collect()
}

/// Which specification of a gene applies to the diseases of an order, and what a reader must know of the choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice<'a> {
    /// `None`: the general rules apply.
    pub specification: Option<&'a Specification>,
    /// Why, where that is no matter of course.
    pub note: Option<String>,
}

/// Without a named disease the one specification of a gene applies; of several the row of the gene alone, which holds
/// the more cautious values. A named disease chooses among several, and takes a specification away that is known to be
/// for another disease of the gene. What cannot be decided is said.
pub(super) fn choose<'a>(
    specifications: &'a BTreeMap<String, Specification>,
    gene: &str,
    diseases: &[String],
) -> Option<Choice<'a>> {
    let general = specifications.get(gene)?;
    let (first, last) = (format!("{gene}/"), format!("{gene}0"));
    let several: Vec<&Specification> = specifications.range(first..last).map(|(_, spec)| spec).collect();
    let list = || {
        several
            .iter()
            .map(|spec| format!("{} for {}", spec.id, spec.disease))
            .collect::<Vec<_>>()
            .join(", ")
    };
    if several.is_empty() {
        let (specification, note) = match general.is_for(diseases) {
            Some(true) => (Some(general), None),
            Some(false) => (
                None,
                Some(format!(
                    "the specification {} of {gene} is for {}, the order names another disease: the general rules were \
                     applied",
                    general.id, general.disease
                )),
            ),
            None if diseases.is_empty() => (Some(general), None),
            None => (
                Some(general),
                Some(format!(
                    "the specification {} of {gene} ({}) was applied: whether it is for the disease that the order names \
                     was not decided",
                    general.id, general.disease
                )),
            ),
        };
        return Some(Choice { specification, note });
    }
    let named: Vec<&Specification> = several
        .iter()
        .copied()
        .filter(|spec| spec.is_for(diseases) == Some(true))
        .collect();
    let (specification, why) = match named[..] {
        [one] => {
            return Some(Choice {
                specification: Some(one),
                note: Some(format!(
                    "of the specifications of {gene} the one for {} ({}) was applied, as the order names that disease",
                    one.disease, one.id
                )),
            });
        }
        [] if diseases.is_empty() => (general, "the order names no disease"),
        [] => (general, "the order names none of these diseases"),
        _ => (general, "the diseases that the order names fit more than one"),
    };
    Some(Choice {
        specification: Some(specification),
        note: Some(format!(
            "{gene} has several specifications ({}) and {why}: of each value the more cautious one was applied",
            list()
        )),
    })
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
                    "pm5_blosum" => value == "le",
                    "ps1_splice" => matches!(value.as_str(), "canonical" | "noncanonical"),
                    "pp2_requires" | "pm5_requires" | "pm4_excludes" | "bs2_strengths" | "bp7_intronic"
                    | "residues_on" | "residues_shift" => true,
                    "bp1_target" => matches!(value.as_str(), "truncating" | "missense" | "broad"),
                    "pm4_elsewhere" | "pm4_stop_lost" => {
                        matches!(
                            value.as_str(),
                            "not_met" | "supporting" | "moderate" | "strong" | "not_applicable"
                        )
                    }
                    "pm5_sites" => value
                        .split(' ')
                        .all(|site| super::super::CodingPlace::of(&format!("c.{site}")).is_some_and(|p| p.offset != 0)),
                    "pm5_stop_at" => spec.bands(rule).len() == value.split(';').count(),
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
        assert_eq!(RULES.specifications.len(), 151);
        assert!(rules > 1_900, "{rules}");
    }

    #[test]
    fn the_disease_chooses() {
        let of = |gene, diseases: &[&str]| {
            let diseases: Vec<String> = diseases.iter().map(|d| (*d).to_owned()).collect();
            let choice = RULES.choose(gene, &diseases).expect("the gene has a specification");
            (
                choice.specification.map(|spec| spec.key.clone()),
                choice.note.unwrap_or_default(),
            )
        };
        let key = |key: &str| Some(key.to_owned());
        for (gene, diseases, expected, words) in [
            ("RYR1", &[][..], key("RYR1"), "names no disease"),
            ("RYR1", &["MONDO:0007783"], key("RYR1/GN012"), "malignant hyperthermia"),
            ("RYR1", &["OMIM:117000"], key("RYR1/GN150"), "autosomal dominant"),
            ("RYR1", &["GN179"], key("RYR1/GN179"), "autosomal recessive"),
            ("RYR1", &["MONDO:0019952"], key("RYR1"), "more than one"),
            ("RYR1", &["MONDO:0018875"], key("RYR1"), "none of these"),
            ("TP53", &[], key("TP53"), ""),
            ("TP53", &["MONDO:0018875"], key("TP53"), ""),
            ("TP53", &["MONDO:0005021"], key("TP53"), "was not decided"),
            ("MYH7", &["MONDO:0005045"], key("MYH7"), ""),
            ("MYH7", &["OMIM:160500"], None, "the general rules were applied"),
        ] {
            let (found, note) = of(gene, diseases);
            assert_eq!(found, expected, "{gene} {diseases:?}");
            assert!(note.contains(words) && note.is_empty() == words.is_empty(), "{note}");
        }
        assert!(RULES.choose("NOVEL1", &[]).is_none());
    }

    /// Where no disease is named, no value is more eager than any of the gene's specifications.
    #[test]
    fn the_row_of_the_gene_alone_is_the_cautious_one() {
        for (key, spec) in RULES.specifications.iter().filter(|(key, _)| key.contains('/')) {
            let gene = key.split('/').next().expect("a split has a first part");
            let general = &RULES.specifications[gene];
            for (rule, value) in &general.rules {
                if value == "yes" {
                    assert_ne!(spec.says(rule), Some(false), "{key} {rule}");
                }
            }
            let lowest = |spec: &super::Specification| {
                ["revel_pp3_supporting", "revel_pp3_moderate"]
                    .iter()
                    .find_map(|rule| spec.number(rule))
            };
            assert!(lowest(general) >= lowest(spec), "{key}");
            assert!(
                general.number("revel_bp4_supporting") <= spec.number("revel_bp4_supporting"),
                "{key}"
            );
            let (ours, theirs) = (
                RULES.frequency.thresholds(gene, None),
                RULES.frequency.thresholds(key, None),
            );
            assert!(
                ours.ba1 >= theirs.ba1 && ours.bs1 >= theirs.bs1 && ours.pm2 <= theirs.pm2,
                "{key}"
            );
        }
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
