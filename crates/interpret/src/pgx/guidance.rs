//! Recommendations: what a guideline says to the genotypes of one or several genes.
//!
//! A recommendation holds if one of its lookups (a phenotype, an activity score or the presence of an allele for each
//! gene that it names) is among those of the diplotypes. Genes with several possible diplotypes are crossed, so that
//! every combination gets its recommendation.

use std::collections::{BTreeMap, BTreeSet};

use clinotype_case::pgx::{DiplotypeCall, DrugResult, GeneResult, GuidelineResult, Recommendation};

use super::{names, tables::list};

/// One guideline.
#[derive(Clone, Debug)]
pub struct Guideline {
    /// Who made it: `CPIC`, or what a user's file says.
    pub source: String,
    /// Id.
    pub id: String,
    /// Subject.
    pub name: String,
    /// Genes.
    pub genes: Vec<String>,
    /// Drugs, lower case.
    pub drugs: Vec<String>,
    /// Date of the content.
    pub date: String,
    /// PubMed ids.
    pub references: Vec<String>,
    /// Its recommendations.
    pub advice: Vec<Advice>,
}

/// One recommendation and what it is looked up by.
#[derive(Clone, Debug)]
pub struct Advice {
    /// Alternatives, each a value for every gene that it names.
    pub lookups: Vec<BTreeMap<String, String>>,
    /// Drugs that it is for; `None`: all of the guideline.
    pub drugs: Option<Vec<String>>,
    /// Population.
    pub population: String,
    /// Strength.
    pub strength: String,
    /// Text.
    pub text: String,
    /// Implications.
    pub implications: Vec<String>,
    /// Dosing information, alternate drug, other guidance.
    pub flags: [bool; 3],
}

/// All guidelines.
#[derive(Clone, Debug, Default)]
pub struct Guidance {
    /// In the order of their tables.
    pub guidelines: Vec<Guideline>,
}

impl Guidance {
    pub(super) fn of(guidelines: &[Vec<&str>], recommendations: &[Vec<&str>], texts: &[Vec<&str>]) -> Self {
        let texts: BTreeMap<&str, &str> = texts.iter().map(|row| (row[0], row[1])).collect();
        let text = |id: &str| texts.get(id).map_or(String::new(), |t| (*t).to_owned());
        let mut advice: BTreeMap<&str, Vec<Advice>> = BTreeMap::new();
        for row in recommendations {
            let lookup = |one: &str| -> BTreeMap<String, String> {
                let pairs = one.split(';').filter_map(|pair| pair.split_once('='));
                pairs.map(|(gene, value)| (gene.to_owned(), value.to_owned())).collect()
            };
            advice.entry(row[0]).or_default().push(Advice {
                lookups: row[1].split('|').map(lookup).collect(),
                drugs: (row[2] != "*").then(|| list(row[2], ';')),
                population: row[3].to_owned(),
                strength: row[4].to_owned(),
                text: text(row[5]),
                implications: list(row[6], ',').iter().map(|id| text(id)).collect(),
                flags: ['d', 'a', 'o'].map(|flag| row[7].contains(flag)),
            });
        }
        let guideline = |row: &Vec<&str>| Guideline {
            source: "CPIC".to_owned(),
            id: row[0].to_owned(),
            name: row[1].to_owned(),
            genes: list(row[2], ','),
            drugs: list(row[3], ';').iter().map(|d| d.to_lowercase()).collect(),
            date: row[5].to_owned(),
            references: list(row[6], ';'),
            advice: advice.get(row[0]).cloned().unwrap_or_default(),
        };
        Self {
            guidelines: guidelines.iter().map(guideline).collect(),
        }
    }

    /// Every drug name, lower case.
    pub fn drugs(&self) -> BTreeSet<&str> {
        self.guidelines
            .iter()
            .flat_map(|g| g.drugs.iter().map(String::as_str))
            .collect()
    }

    /// Drugs with guidance for a gene.
    pub fn drugs_of(&self, gene: &str) -> Vec<String> {
        let about = self
            .guidelines
            .iter()
            .filter(|g| g.genes.iter().any(|name| name == gene));
        let drugs: BTreeSet<&String> = about.flat_map(|g| &g.drugs).collect();
        drugs.into_iter().cloned().collect()
    }

    /// What the guidelines say to the genes, by drug.
    pub fn apply(&self, genes: &[GeneResult]) -> Vec<DrugResult> {
        let by_name: BTreeMap<&str, &GeneResult> = genes.iter().map(|g| (g.gene.as_str(), g)).collect();
        let mut drugs: BTreeMap<&str, Vec<GuidelineResult>> = BTreeMap::new();
        for guideline in &self.guidelines {
            let genotypes = genotypes(guideline, &by_name);
            for drug in &guideline.drugs {
                drugs
                    .entry(drug)
                    .or_default()
                    .push(result(guideline, drug, &genotypes, &by_name));
            }
        }
        drugs
            .into_iter()
            .map(|(drug, guidelines)| DrugResult {
                drug: drug.to_owned(),
                guidelines,
                notes: BTreeMap::new(),
            })
            .collect()
    }
}

type Genotype<'a> = BTreeMap<&'a str, &'a DiplotypeCall>;

/// One diplotype for each gene of the guideline, in every combination.
fn genotypes<'a>(guideline: &'a Guideline, genes: &BTreeMap<&str, &'a GeneResult>) -> Vec<Genotype<'a>> {
    let mut all: Vec<Genotype<'a>> = vec![BTreeMap::new()];
    for gene in &guideline.genes {
        // A gene that is not called has the lookup value "No Result", which some recommendations name.
        let Some(result) = genes.get(gene.as_str()) else {
            continue;
        };
        all = all
            .iter()
            .flat_map(|genotype| {
                result.recommendation.iter().map(|diplotype| {
                    let mut longer = genotype.clone();
                    longer.insert(gene, diplotype);
                    longer
                })
            })
            .collect();
    }
    let known = |gene: &&String| genes.get(gene.as_str()).is_some_and(|g| g.reportable);
    if !guideline.genes.iter().any(|gene| known(&gene)) {
        all.clear();
    }
    all
}

fn result(
    guideline: &Guideline,
    drug: &str,
    genotypes: &[Genotype<'_>],
    genes: &BTreeMap<&str, &GeneResult>,
) -> GuidelineResult {
    let mut found: Vec<Recommendation> = Vec::new();
    let about = |advice: &&Advice| {
        advice
            .drugs
            .as_ref()
            .is_none_or(|drugs| drugs.iter().any(|d| d.eq_ignore_ascii_case(drug)))
    };
    for advice in guideline.advice.iter().filter(about) {
        let mut diplotypes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut matched: Option<&BTreeMap<String, String>> = None;
        for genotype in genotypes {
            let Some(lookup) = advice.lookups.iter().find(|l| holds(l, genotype)) else {
                continue;
            };
            matched = Some(lookup);
            for (gene, diplotype) in genotype {
                let labels = diplotypes.entry((*gene).to_owned()).or_default();
                if !labels.contains(&diplotype.label) {
                    labels.push(diplotype.label.clone());
                }
            }
        }
        if let Some(lookup) = matched {
            found.push(Recommendation {
                population: advice.population.clone(),
                strength: advice.strength.clone(),
                diplotypes,
                lookup: lookup.clone(),
                implications: advice.implications.clone(),
                text: advice.text.clone(),
                dosing: advice.flags[0],
                alternate_drug: advice.flags[1],
                other_guidance: advice.flags[2],
            });
        }
    }
    found.sort();
    if guideline.advice.is_empty() {
        found.extend(without_table(genotypes, genes));
    }
    GuidelineResult {
        source: guideline.source.clone(),
        id: guideline.id.clone(),
        name: guideline.name.clone(),
        date: guideline.date.clone(),
        genes: guideline.genes.clone(),
        references: guideline.references.clone(),
        why_none: found.is_empty().then(|| why_none(guideline, genes)),
        recommendations: found,
    }
}

/// A guideline without a table (CPIC's for warfarin is a flow chart): the diplotypes to follow it with.
fn without_table(genotypes: &[Genotype<'_>], genes: &BTreeMap<&str, &GeneResult>) -> Option<Recommendation> {
    let mut diplotypes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (gene, diplotype) in genotypes.iter().flatten() {
        let labels = diplotypes.entry((*gene).to_owned()).or_default();
        if genes.get(gene).is_some_and(|g| g.reportable) && !labels.contains(&diplotype.label) {
            labels.push(diplotype.label.clone());
        }
    }
    diplotypes.retain(|_, labels| !labels.is_empty());
    (!diplotypes.is_empty()).then(|| Recommendation {
        population: "n/a".to_owned(),
        strength: "n/a".to_owned(),
        diplotypes,
        lookup: BTreeMap::new(),
        implications: Vec::new(),
        text: "The guideline has no table of recommendations by genotype: follow its publication with these genotypes."
            .to_owned(),
        dosing: true,
        alternate_drug: false,
        other_guidance: true,
    })
}

fn holds(lookup: &BTreeMap<String, String>, genotype: &Genotype<'_>) -> bool {
    let fits = |diplotype: &DiplotypeCall, value: &String| {
        // Guidelines of users may name a diplotype instead of a phenotype.
        let alleles = match &diplotype.alleles[..] {
            [first, second] => names::pair(first, second) == *value,
            _ => false,
        };
        alleles || diplotype.lookup_keys.contains(value)
    };
    let mut all = lookup.iter();
    !lookup.is_empty() && all.all(|(gene, value)| genotype.get(gene.as_str()).is_some_and(|d| fits(d, value)))
}

fn why_none(guideline: &Guideline, genes: &BTreeMap<&str, &GeneResult>) -> String {
    let open: Vec<&str> = guideline
        .genes
        .iter()
        .filter(|gene| genes.get(gene.as_str()).is_none_or(|g| !g.reportable))
        .map(String::as_str)
        .collect();
    if open.is_empty() {
        "the guideline has no recommendation for this genotype".to_owned()
    } else {
        format!("not called: {}", open.join(", "))
    }
}
