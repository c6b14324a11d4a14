//! How a result is read: levels and words that report, bundle and window share, so that they agree.

use super::{
    AlertLevel, CallSource, DrugResult, Evidence, GeneResult, GuidelineResult, MedicationAlert, Pharmacogenomics,
    Recommendation,
};

impl AlertLevel {
    /// In words, as report and window print it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Unknown => "no guidance under this name",
            Self::NoChange => "no change for this genotype",
            Self::NoRecommendation => "no recommendation for this genotype",
            Self::NotEvaluated => "not evaluated",
            Self::Advice => "advice for this genotype",
            Self::AlternateDrug => "another medicine to be considered",
        }
    }

    /// Whether the guidance asks for something other than the standard dose.
    pub const fn is_alert(self) -> bool {
        matches!(self, Self::Advice | Self::AlternateDrug)
    }
}

impl Recommendation {
    /// What it asks for. CPIC marks "no recommendation" by its strength or text, never by a flag.
    pub fn level(&self) -> AlertLevel {
        let silent = |text: &str| {
            let text = text.trim().to_ascii_lowercase();
            ["", "-", "n/a"].contains(&text.as_str()) || text.starts_with("no recommendation")
        };
        if self.alternate_drug {
            AlertLevel::AlternateDrug
        } else if self.dosing || self.other_guidance {
            AlertLevel::Advice
        } else if silent(&self.strength) || silent(&self.text) {
            AlertLevel::NoRecommendation
        } else {
            AlertLevel::NoChange
        }
    }
}

impl DrugResult {
    /// The most that its guidelines ask for; `NotEvaluated` where none of them has a recommendation.
    pub fn level(&self) -> AlertLevel {
        let all = self.guidelines.iter().flat_map(|g| &g.recommendations);
        all.map(Recommendation::level).max().unwrap_or(AlertLevel::NotEvaluated)
    }
}

impl GeneResult {
    /// How the call came about, in words.
    pub fn how_called(&self) -> String {
        let count = |evidence| self.positions.iter().filter(|p| p.evidence == evidence).count();
        match self.source {
            CallSource::Outside => "outside call".to_owned(),
            CallSource::None => "not called".to_owned(),
            CallSource::Matcher => {
                let parts = [
                    (Evidence::Record, "genotyped"),
                    (Evidence::GvcfBlock, "reference by gVCF block"),
                    (Evidence::CallableRegion, "reference by callable region"),
                    (Evidence::Missing, "missing"),
                ];
                let said: Vec<String> = parts
                    .iter()
                    .filter_map(|(evidence, words)| match count(*evidence) {
                        0 => None,
                        n => Some(format!("{n} {words}")),
                    })
                    .collect();
                format!("VCF: {}", said.join(", "))
            }
        }
    }

    /// Why there is no result, in a sentence.
    pub fn why_not_called(&self) -> String {
        let missing = self.missing_positions.len();
        if OUTSIDE_ONLY.contains(&self.gene.as_str()) {
            return "is not called from a VCF; needs an outside call, and none was given".to_owned();
        }
        match self.positions.len() {
            0 => "needs an outside call, and none was given".to_owned(),
            all if missing == all => match all {
                1 => "its one position has no genotype".to_owned(),
                _ => format!("none of its {all} positions has a genotype"),
            },
            all => format!("no diplotype can be named from its genotypes ({missing} of {all} positions missing)"),
        }
    }
}

/// Genes that are not called from a VCF in routine.
const OUTSIDE_ONLY: [&str; 4] = ["CYP2D6", "HLA-A", "HLA-B", "MT-RNR1"];

impl Pharmacogenomics {
    /// Alerts, the most urgent first, else as they were given.
    pub fn alerts(&self) -> Vec<&MedicationAlert> {
        let mut all: Vec<&MedicationAlert> = self.medications.iter().flatten().collect();
        all.sort_by_key(|alert| std::cmp::Reverse(alert.level));
        all
    }

    /// The genes with a result.
    pub fn called(&self) -> impl Iterator<Item = &GeneResult> {
        self.genes.iter().filter(|g| g.called)
    }

    /// Drugs to which the same guidelines say the same, in the order of their first names.
    pub fn advice(&self) -> Vec<Advice<'_>> {
        let mut groups: Vec<Advice<'_>> = Vec::new();
        for drug in &self.drugs {
            for guideline in drug.guidelines.iter().filter(|g| !g.recommendations.is_empty()) {
                let same = groups.iter_mut().find(|g| {
                    g.guideline.source == guideline.source
                        && g.guideline.genes == guideline.genes
                        && g.guideline.date == guideline.date
                        && g.guideline.references == guideline.references
                        && g.guideline.recommendations == guideline.recommendations
                });
                match same {
                    Some(group) => group.drugs.push(&drug.drug),
                    None => groups.push(Advice {
                        drugs: vec![&drug.drug],
                        guideline,
                    }),
                }
            }
        }
        groups
    }
}

/// What one guideline recommends for one or more drugs alike.
#[derive(Clone, Debug)]
pub struct Advice<'a> {
    /// Drugs by name.
    pub drugs: Vec<&'a str>,
    /// The guideline with its recommendations; that of the first drug.
    pub guideline: &'a GuidelineResult,
}

impl Advice<'_> {
    /// The most that it asks for.
    pub fn level(&self) -> AlertLevel {
        let all = self.guideline.recommendations.iter().map(Recommendation::level);
        all.max().unwrap_or(AlertLevel::NotEvaluated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recommendation(strength: &str, text: &str, flags: [bool; 3]) -> Recommendation {
        Recommendation {
            population: "general".to_owned(),
            strength: strength.to_owned(),
            diplotypes: std::collections::BTreeMap::new(),
            lookup: std::collections::BTreeMap::new(),
            implications: Vec::new(),
            text: text.to_owned(),
            dosing: flags[0],
            alternate_drug: flags[1],
            other_guidance: flags[2],
        }
    }

    #[test]
    fn no_recommendation_is_not_no_change() {
        use AlertLevel::{Advice, AlternateDrug, NoChange, NoRecommendation};
        for (strength, text, flags, level) in [
            (
                "Strong",
                "Use abacavir per standard dosing guidelines",
                [false; 3],
                NoChange,
            ),
            ("Strong", "No recommendation", [false; 3], NoRecommendation),
            (
                "No recommendation",
                "Insufficient evidence.",
                [false; 3],
                NoRecommendation,
            ),
            ("N/A", "n/a", [false; 3], NoRecommendation),
            ("-", "a note", [false; 3], NoRecommendation),
            ("Strong", "Reduce", [true, false, false], Advice),
            ("Optional", "Watch", [false, false, true], Advice),
            ("Strong", "Avoid", [true, true, false], AlternateDrug),
        ] {
            let level_of = recommendation(strength, text, flags).level();
            assert_eq!(level_of, level, "{strength} {text}");
            assert_eq!(level_of.is_alert(), flags.contains(&true));
        }
    }
}
