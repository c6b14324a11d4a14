//! Reading the tables of `rules/` into types. What does not parse is our own defect; the tests of [`super`] read all.

use std::collections::BTreeMap;

use clinotype_case::{
    criterion::{Code, Strength},
    evidence::Impact,
    finding::{GeneFacts, RuleSet},
};
use clinotype_genome::ContigKey;

use crate::somatic::OncogenicCode;

use super::{
    Bp7, ConsequenceRule, Exception, FrequencyRules, Mitochondrial, Points, PredictionCodes, Predictor, Pvs1Gene,
    Rules, Secondary, SecondaryRule, Specification, Thresholds, inheritance_words,
};

/// A table: its head, and its rows as fields.
pub(crate) struct Table {
    pub(crate) set: RuleSet,
    pub(crate) rows: Vec<Vec<&'static str>>,
}

pub(super) const TABLES: [&str; 20] = [
    include_str!("../../rules/points.tsv"),
    include_str!("../../rules/frequency.tsv"),
    include_str!("../../rules/frequency_limits.tsv"),
    include_str!("../../rules/ba1_exceptions.tsv"),
    include_str!("../../rules/bs1_exceptions.tsv"),
    include_str!("../../rules/genes.tsv"),
    include_str!("../../rules/pvs1.tsv"),
    include_str!("../../rules/pvs1_sites.tsv"),
    include_str!("../../rules/not_automated.tsv"),
    include_str!("../../rules/consequences.tsv"),
    include_str!("../../rules/bp7.tsv"),
    include_str!("../../rules/specifications.tsv"),
    include_str!("../../rules/specification_rules.tsv"),
    include_str!("../../rules/predictors.tsv"),
    include_str!("../../rules/prediction_codes.tsv"),
    include_str!("../../rules/criteria_limits.tsv"),
    include_str!("../../rules/evidence_points.tsv"),
    include_str!("../../rules/secondary_findings.tsv"),
    include_str!("../../rules/oncogenicity.tsv"),
    include_str!("../../rules/mitochondrial.tsv"),
];

impl Rules {
    pub(super) fn compiled_in() -> Self {
        let tables = TABLES.map(Table::parse);
        let [
            points,
            frequency,
            limits,
            ba1,
            bs1,
            genes,
            pvs1,
            pvs1_sites,
            not_automated,
            consequences,
            bp7,
            panels,
            panel_rules,
            tools,
            prediction_codes,
            criteria_limits,
            evidence,
            secondary,
            somatic,
            mitochondrial,
        ] = &tables;
        Self {
            points: Points::of(points),
            frequency: FrequencyRules::of(frequency, limits),
            exceptions: [ba1, bs1].into_iter().flat_map(Exception::all).collect(),
            genes: genes
                .rows
                .iter()
                .map(|row| (row[0].to_owned(), gene_facts(row, &genes.set)))
                .collect(),
            pvs1: pvs1_genes(pvs1, pvs1_sites),
            bp7: Bp7::of(bp7),
            specifications: specifications(panels, panel_rules),
            predictors: predictors(tools),
            mitochondrial: Mitochondrial::of(&mitochondrial.rows),
            prediction_codes: PredictionCodes::of(&prediction_codes.rows),
            limits: criteria_limits
                .rows
                .iter()
                .map(|row| (row[0].to_owned(), number(row[1])))
                .collect(),
            evidence_points: evidence_points(evidence),
            oncogenicity: somatic
                .rows
                .iter()
                .map(|row| OncogenicCode {
                    code: row[0].to_owned(),
                    points: number(row[1]) as i32,
                    words: row[2].to_owned(),
                    excludes: row[3].split(',').map(str::to_owned).collect(),
                })
                .collect(),
            secondary: secondary
                .rows
                .iter()
                .map(|row| (row[0].to_owned(), secondary_rule(row)))
                .collect(),
            not_automated: not_automated
                .rows
                .iter()
                .map(|row| (code(row[0]), row[1].to_owned()))
                .collect(),
            consequences: consequences.rows.iter().map(|row| ConsequenceRule::of(row)).collect(),
            sets: tables.iter().map(|table| table.set.clone()).collect(),
        }
    }
}

impl FrequencyRules {
    fn of(table: &Table, limits: &Table) -> Self {
        let rows = |kind: &str| {
            table
                .rows
                .iter()
                .filter(|row| row[0] == kind)
                .map(|row| {
                    let thresholds = Thresholds {
                        ba1: number(row[2]),
                        bs1: number(row[3]),
                        at_least: row[4] == "gte",
                        pm2: number(row[5]),
                        source: row[6].to_owned(),
                    };
                    (row[1].to_owned(), thresholds)
                })
                .collect()
        };
        let limit = |key: &str| {
            limits
                .rows
                .iter()
                .filter(|row| row[0] == key)
                .map(|row| row[1])
                .collect::<Vec<_>>()
        };
        Self {
            genes: rows("gene"),
            inheritance: rows("inheritance"),
            minimum_alleles: number(limit("minimum_alleles")[0]) as u64,
            confidence: number(limit("confidence")[0]),
            founder_groups: limit("founder_group").into_iter().map(str::to_owned).collect(),
        }
    }
}

impl Bp7 {
    fn of(table: &Table) -> Self {
        let value = |key: &str| {
            let row = table.rows.iter().find(|row| row[0] == key);
            number(row.expect("the table has this row, a test reads it")[1])
        };
        Self {
            splice_delta: value("splice_delta"),
            phylop: value("phylop"),
            after_exon: value("after_exon") as i32,
            before_exon: value("before_exon") as i32,
            from_exon_start: value("from_exon_start") as u32,
            from_exon_end: value("from_exon_end") as u32,
        }
    }
}

impl Points {
    fn of(table: &Table) -> Self {
        let value = |name: &str| {
            let row = table.rows.iter().find(|row| row[1] == name);
            number(row.expect("the table has this row, a test reads it")[2])
        };
        Self {
            pathogenic: value("Pathogenic") as i32,
            likely_pathogenic: value("LikelyPathogenic") as i32,
            likely_benign: value("LikelyBenign") as i32,
            prior: value("prior"),
            odds_very_strong: value("odds_very_strong"),
        }
    }
}

impl Exception {
    fn all(table: &Table) -> impl Iterator<Item = Self> + '_ {
        table.rows.iter().map(|row| Self {
            list: table.set.name.clone(),
            version: table.set.version.clone(),
            build: row[1].parse().expect("a build of ours, a test reads it"),
            contig: ContigKey::of(row[2]).expect("a primary contig, a test reads it"),
            position: number(row[3]) as u32,
            reference: row[4].to_owned(),
            alternate: row[5].to_owned(),
            name: row[6].to_owned(),
        })
    }
}

impl ConsequenceRule {
    fn of(row: &[&str]) -> Self {
        Self {
            term: row[0].to_owned(),
            impact: match row[1] {
                "HIGH" => Impact::High,
                "MODERATE" => Impact::Moderate,
                "LOW" => Impact::Low,
                _ => Impact::Modifier,
            },
            review: row[2] == "yes",
        }
    }
}

fn gene_facts(row: &[&str], set: &RuleSet) -> GeneFacts {
    let stated = |text: &str| (text != "-").then(|| text.to_owned());
    let inheritance_id = stated(row[4]);
    GeneFacts {
        symbol: row[0].to_owned(),
        hgnc_id: row[1].to_owned(),
        disease: row[2].to_owned(),
        disease_id: stated(row[3]),
        inheritance: inheritance_id.as_deref().map(|id| inheritance_words(id).to_owned()),
        inheritance_id,
        loss_of_function: match row[5] {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        validity: stated(row[6]),
        source: format!("{}; {} table {}", row[7], set.name, set.version),
    }
}

fn pvs1_genes(table: &Table, sites: &Table) -> BTreeMap<String, Pvs1Gene> {
    let mut genes: BTreeMap<String, Pvs1Gene> = BTreeMap::new();
    for row in &table.rows {
        genes.entry(row[0].to_owned()).or_default().put(row[1], row[2], row[3]);
    }
    for row in &sites.rows {
        genes
            .entry(row[0].to_owned())
            .or_default()
            .put_sites(row[1], row[2], row[3]);
    }
    genes
}

fn specifications(panels: &Table, rules: &Table) -> BTreeMap<String, Specification> {
    let mut genes: BTreeMap<String, Specification> = panels
        .rows
        .iter()
        .map(|row| (row[0].to_owned(), Specification::new(row)))
        .collect();
    for row in &rules.rows {
        genes
            .get_mut(row[0])
            .expect("every gene with rules has a specification, a test reads it")
            .put(row[1], row[2]);
    }
    genes
}

fn evidence_points(table: &Table) -> BTreeMap<String, Vec<(f64, Strength)>> {
    let mut tables: BTreeMap<String, Vec<(f64, Strength)>> = BTreeMap::new();
    for row in &table.rows {
        let strength = crate::acmg::codes::strength(row[1]).expect("a strength of ours, a test reads it");
        tables
            .entry(row[0].to_owned())
            .or_default()
            .push((number(row[2]), strength));
    }
    tables
}

fn secondary_rule(row: &[&str]) -> SecondaryRule {
    SecondaryRule {
        disease: row[1].to_owned(),
        inheritance_id: row[2].to_owned(),
        report: match row[3] {
            "biallelic" => Secondary::Biallelic,
            "truncating" => Secondary::Truncating,
            "homozygous_c845" => Secondary::HomozygousHfe,
            _ => Secondary::Any,
        },
    }
}

fn predictors(table: &Table) -> BTreeMap<String, Predictor> {
    let mut tools: BTreeMap<String, Predictor> = BTreeMap::new();
    for row in &table.rows {
        let tool = tools.entry(row[0].to_owned()).or_insert_with(|| Predictor {
            name: row[0].to_owned(),
            keys: row[1].split(',').map(str::to_owned).collect(),
            high_is_pathogenic: row[2] == "high",
            bands: Vec::new(),
        });
        let strength = crate::acmg::codes::strength(row[4]).expect("a strength of ours, a test reads it");
        tool.bands.push((code(row[3]), strength, number(row[5])));
    }
    tools
}

fn code(text: &str) -> Code {
    crate::acmg::codes::code(text).expect("a code of ours, a test reads it")
}

fn number(text: &str) -> f64 {
    text.parse().expect("a number, a test reads it")
}

impl Table {
    pub(crate) fn parse(text: &'static str) -> Self {
        let head = |key: &str| {
            text.lines()
                .find_map(|line| line.strip_prefix("# ")?.strip_prefix(key)?.strip_prefix(": "))
                .expect("every table states it, a test reads it")
                .to_owned()
        };
        let mut lines = text.lines().filter(|line| !line.starts_with('#'));
        let columns = lines.next().map_or(0, |line| line.split('\t').count());
        let rows: Vec<Vec<&str>> = lines.map(|line| line.split('\t').collect()).collect();
        assert!(
            rows.iter().all(|row| row.len() == columns),
            "a rule table has a ragged row"
        );
        Self {
            set: RuleSet {
                name: head("name"),
                version: head("version"),
                source: head("source"),
            },
            rows,
        }
    }
}
