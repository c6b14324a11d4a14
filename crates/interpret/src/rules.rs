//! The rule tables of `rules/`, compiled in. Each has a name, a version, its source and its licence in its head.
//!
//! The tables are data so that a reviewer can read a threshold without reading code, and so that a result names the
//! version that it came from. A table that does not parse is our own defect: the tests of this module read all of
//! them, so the `expect`s cannot fire in a build that passed them.

mod mitochondrial;
mod predictor;
mod pvs1;
pub(crate) mod read;
mod specification;

use std::{collections::BTreeMap, sync::LazyLock};

use clinotype_case::{
    criterion::{Code, Strength},
    evidence::Impact,
    finding::{GeneFacts, RuleSet},
};
use clinotype_genome::{Build, ContigKey, VariantKey};

pub use mitochondrial::{Mitochondrial, MitochondrialTool};
pub use predictor::{PredictionCodes, Predictor};
pub use pvs1::{CodingPlace, Laid, Pvs1Gene};
pub use specification::{Choice, Specification};

/// Every rule table, parsed once.
pub static RULES: LazyLock<Rules> = LazyLock::new(Rules::compiled_in);

/// The rule tables as types.
#[derive(Debug)]
pub struct Rules {
    /// Points and classes.
    pub points: Points,
    /// Frequency thresholds.
    pub frequency: FrequencyRules,
    /// Alleles to which BA1 and BS1 are not applied.
    pub exceptions: Vec<Exception>,
    /// Gene facts by symbol.
    pub genes: BTreeMap<String, GeneFacts>,
    /// PVS1 rules by gene.
    pub pvs1: BTreeMap<String, Pvs1Gene>,
    /// BP7 thresholds.
    pub bp7: Bp7,
    /// Specifications of expert panels by `GENE`, or `GENE/GN012` where a gene has several ([`Rules::choose`]).
    pub specifications: BTreeMap<String, Specification>,
    /// Missense predictors by name.
    pub predictors: BTreeMap<String, Predictor>,
    /// PP3 and BP4 by change, where an expert panel lays them down so.
    pub prediction_codes: PredictionCodes,
    /// Mitochondrial DNA.
    pub mitochondrial: Mitochondrial,
    /// Limits of the criteria on residues, regions and splicing.
    pub limits: BTreeMap<String, f64>,
    /// Bounds of evidence from people, by table: (bound, strength).
    pub evidence_points: BTreeMap<String, Vec<(f64, Strength)>>,
    /// Genes of secondary findings by symbol.
    pub secondary: BTreeMap<String, SecondaryRule>,
    /// Criteria of somatic oncogenicity.
    pub oncogenicity: Vec<crate::somatic::OncogenicCode>,
    /// Why a criterion is not evaluated in this version.
    pub not_automated: BTreeMap<Code, String>,
    /// SO terms, most severe first.
    pub consequences: Vec<ConsequenceRule>,
    /// Name, version and source of each table.
    pub sets: Vec<RuleSet>,
}

/// Class boundaries in points, and the constants of the posterior (Tavtigian 2018).
#[derive(Debug)]
pub struct Points {
    /// Lowest sum of Pathogenic.
    pub pathogenic: i32,
    /// Lowest sum of Likely pathogenic.
    pub likely_pathogenic: i32,
    /// Lowest sum of Likely benign; below it is Benign.
    pub likely_benign: i32,
    /// Prior probability of pathogenicity.
    pub prior: f64,
    /// Odds of very strong evidence, 8 points.
    pub odds_very_strong: f64,
}

/// Thresholds for one gene or one mode of inheritance, as shares of alleles.
#[derive(Clone, Debug, PartialEq)]
pub struct Thresholds {
    /// BA1 above this filtering frequency.
    pub ba1: f64,
    /// BS1 above this filtering frequency.
    pub bs1: f64,
    /// Whether BA1 and BS1 already hold at the value itself.
    pub at_least: bool,
    /// PM2 below this frequency; zero: only when absent.
    pub pm2: f64,
    /// Where the values come from, for the trail.
    pub source: String,
}

/// Frequency thresholds and which records count.
#[derive(Debug)]
pub struct FrequencyRules {
    genes: BTreeMap<String, Thresholds>,
    inheritance: BTreeMap<String, Thresholds>,
    /// Fewest alleles of the group.
    pub minimum_alleles: u64,
    /// One-sided confidence of the filtering frequency.
    pub confidence: f64,
    /// Groups whose frequencies are not used.
    pub founder_groups: Vec<String>,
}

/// An allele to which frequency criteria are not applied.
#[derive(Debug)]
pub struct Exception {
    /// `BA1 exception list` or the name of our own table.
    pub list: String,
    /// Version of that list.
    pub version: String,
    build: Build,
    contig: ContigKey,
    position: u32,
    reference: String,
    alternate: String,
    /// HGVS c. name.
    pub name: String,
}

/// What of a gene is reported as a secondary finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secondary {
    /// One allele.
    Any,
    /// Two alleles.
    Biallelic,
    /// One allele that ends the protein.
    Truncating,
    /// HFE c.845G>A on both copies.
    HomozygousHfe,
}

/// A gene of the list of secondary findings.
#[derive(Debug)]
pub struct SecondaryRule {
    /// The disease.
    pub disease: String,
    /// HPO id of the inheritance.
    pub inheritance_id: String,
    /// What is reported.
    pub report: Secondary,
}

/// Where and below which scores BP7 holds.
#[derive(Debug)]
pub struct Bp7 {
    /// Highest splice delta that still predicts no effect.
    pub splice_delta: f64,
    /// phyloP100way below which a base is not conserved.
    pub phylop: f64,
    /// Intronic: from this offset after an exon on, and from `before_exon` before one.
    pub after_exon: i32,
    /// See `after_exon`; negative.
    pub before_exon: i32,
    /// Exonic: at least this far from the exon's first base, which is 1.
    pub from_exon_start: u32,
    /// Exonic: at least this far from the exon's last base, which is 1.
    pub from_exon_end: u32,
}

/// One SO term.
#[derive(Debug)]
pub struct ConsequenceRule {
    /// Term.
    pub term: String,
    /// VEP's impact.
    pub impact: Impact,
    /// Whether a variant with it is kept for classification.
    pub review: bool,
}

impl Rules {
    /// `name version` of the table whose name starts so, for the trail of a criterion.
    pub fn version(&self, name: &str) -> String {
        self.sets
            .iter()
            .find(|set| set.name.starts_with(name))
            .map(|set| set.version.clone())
            .expect("callers name a table of ours; a test names all of them")
    }

    /// Which specification applies to a gene where these diseases are suspected (ids, or the specification's own id);
    /// `None` where the gene has none.
    pub fn choose(&self, gene: &str, diseases: &[String]) -> Option<Choice<'_>> {
        specification::choose(&self.specifications, gene, diseases)
    }

    /// A limit of the table of criteria limits.
    pub fn limit(&self, key: &str) -> f64 {
        *self
            .limits
            .get(key)
            .expect("callers name a row of ours; a test names all of them")
    }

    /// A predictor by name, in any case of letters.
    ///
    /// # Errors
    /// A usage fault with the names that there are.
    pub fn predictor(&self, name: &str) -> clinotype_genome::Result<&Predictor> {
        self.predictors
            .values()
            .find(|tool| tool.name.eq_ignore_ascii_case(name))
            .ok_or_else(|| {
                let names: Vec<&str> = self.predictors.keys().map(String::as_str).collect();
                clinotype_genome::Fault::usage(format!("no calibrated bands are known for the predictor {name:?}"))
                    .hint(format!("choose one of {}", names.join(", ")))
            })
    }

    /// The list that excepts an allele from frequency criteria.
    pub fn exception(&self, build: Build, key: &VariantKey) -> Option<&Exception> {
        let contig = ContigKey::of(&key.contig)?;
        self.exceptions.iter().find(|e| {
            e.build == build
                && e.contig == contig
                && e.position == key.position.get()
                && e.reference == key.reference
                && e.alternate == key.alternate
        })
    }

    /// The facts of a gene, by HGNC id where both sides state one (symbols change), else by symbol.
    pub fn gene(&self, symbol: Option<&str>, hgnc_id: Option<&str>) -> Option<&GeneFacts> {
        match hgnc_id.and_then(hgnc_number) {
            Some(number) => self
                .genes
                .values()
                .find(|facts| hgnc_number(&facts.hgnc_id) == Some(number)),
            None => self.genes.get(symbol?),
        }
    }

    /// Rank of a term, 0 the most severe; unknown terms come last.
    pub fn rank(&self, term: &str) -> usize {
        self.consequences
            .iter()
            .position(|rule| rule.term == term)
            .unwrap_or(self.consequences.len())
    }

    /// Whether a term is worth reviewing. An unknown term is: better one too many than one lost.
    pub fn is_reviewed(&self, term: &str) -> bool {
        self.consequences
            .iter()
            .find(|rule| rule.term == term)
            .is_none_or(|rule| rule.review)
    }
}

impl FrequencyRules {
    /// The thresholds of a gene, else of its inheritance (HPO id), else of an unknown one.
    pub fn thresholds(&self, gene: &str, inheritance: Option<&str>) -> &Thresholds {
        self.genes
            .get(gene)
            .or_else(|| self.inheritance.get(inheritance?))
            .unwrap_or_else(|| {
                self.inheritance
                    .get("unknown")
                    .expect("the table has this row, a test reads it")
            })
    }

    /// The thresholds of a mode of inheritance, without looking at the gene.
    pub fn of_inheritance(&self, id: &str) -> Option<&Thresholds> {
        self.inheritance.get(id)
    }
}

/// HPO's label of a mode of inheritance, as reports print it.
pub fn inheritance_words(id: &str) -> &'static str {
    match id {
        "HP:0000006" => "autosomal dominant",
        "HP:0000007" => "autosomal recessive",
        "HP:0032113" => "semidominant",
        "HP:0001417" => "X-linked",
        "HP:0001419" => "X-linked recessive",
        "HP:0001423" => "X-linked dominant",
        "HP:0001427" => "mitochondrial",
        _ => "not stated",
    }
}

/// The number of `HGNC:1100`, `HGNC:HGNC:1100` or `1100`.
fn hgnc_number(id: &str) -> Option<u32> {
    id.rsplit(':').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{read::TABLES, *};

    #[test]
    fn every_table_parses_and_states_its_licence() {
        assert_eq!(RULES.sets.len(), TABLES.len());
        for text in TABLES {
            assert!(text.contains("\n# licence: "), "{}", &text[..60]);
            assert!(!text.to_lowercase().contains("mutation"), "{}", &text[..60]);
        }
        for (name, strength) in [
            ("Supporting", Strength::Supporting),
            ("Moderate", Strength::Moderate),
            ("Strong", Strength::Strong),
            ("VeryStrong", Strength::VeryStrong),
        ] {
            let line = format!("strength\t{name}\t{}\n", strength.points());
            assert!(
                TABLES[0].contains(&line),
                "the table and the case crate differ for {name}"
            );
        }
    }

    #[test]
    fn gene_facts_are_whole() {
        for (symbol, facts) in &RULES.genes {
            assert!(
                facts
                    .hgnc_id
                    .strip_prefix("HGNC:")
                    .is_some_and(|n| n.parse::<u32>().is_ok()),
                "{symbol}"
            );
            assert_ne!(facts.inheritance.as_deref(), Some("not stated"), "{symbol}");
            let inheritance = facts.inheritance_id.as_deref().expect("every row has one");
            assert!(RULES.frequency.of_inheritance(inheritance).is_some(), "{symbol}");
        }
        assert_eq!(RULES.genes["BRCA1"].hgnc_id, "HGNC:1100");
        let found = |symbol, id| RULES.gene(symbol, id).map(|facts| facts.symbol.as_str());
        assert_eq!(found(Some("OLDNAME"), Some("HGNC:1100")), Some("BRCA1"));
        assert_eq!(found(Some("BRCA1"), Some("HGNC:HGNC:1100")), Some("BRCA1"));
        assert_eq!(found(Some("BRCA1"), None), Some("BRCA1"));
        // The symbol of another gene is no proof against its id.
        assert_eq!(found(Some("BRCA1"), Some("HGNC:9999999")), None);
        assert_eq!(RULES.genes["APOB"].loss_of_function, Some(false));
        assert_eq!(RULES.genes["TTN"].loss_of_function, None);
        assert!(!RULES.genes.contains_key("EGFR"));
    }

    #[test]
    fn nine_alleles_on_both_builds_are_excepted_from_ba1() {
        let listed = |build| {
            RULES
                .exceptions
                .iter()
                .filter(move |e| e.build == build && e.list.starts_with("BA1"))
                .count()
        };
        assert_eq!((listed(Build::Grch37), listed(Build::Grch38)), (9, 9));
        let key = VariantKey::new("6", clinotype_genome::Pos::new(26_092_913).unwrap(), "g", "a");
        assert_eq!(
            RULES.exception(Build::Grch38, &key).unwrap().name,
            "NM_000410.3:c.845G>A"
        );
        assert!(RULES.exception(Build::Grch37, &key).is_none());
    }

    #[test]
    fn the_list_of_secondary_findings_is_whole() {
        let of = |report| RULES.secondary.values().filter(|rule| rule.report == report).count();
        assert_eq!(RULES.secondary.len(), 84);
        assert_eq!(
            [
                Secondary::Any,
                Secondary::Biallelic,
                Secondary::Truncating,
                Secondary::HomozygousHfe
            ]
            .map(of),
            [74, 8, 1, 1]
        );
        assert_eq!(RULES.secondary["HFE"].report, Secondary::HomozygousHfe);
        for rule in RULES.secondary.values() {
            assert!(!rule.disease.is_empty() && inheritance_words(&rule.inheritance_id) != "not stated");
        }
    }

    #[test]
    fn thresholds_are_ordered() {
        for thresholds in RULES
            .frequency
            .genes
            .values()
            .chain(RULES.frequency.inheritance.values())
        {
            assert!(
                thresholds.ba1 > thresholds.bs1 && thresholds.bs1 > thresholds.pm2,
                "{thresholds:?}"
            );
        }
        assert_eq!(RULES.frequency.thresholds("BRCA1", None).bs1, 0.0001);
        assert_eq!(RULES.frequency.thresholds("X1", Some("HP:0000007")).bs1, 0.005);
        assert_eq!(RULES.frequency.thresholds("X1", None).pm2, 0.0);
    }
}
