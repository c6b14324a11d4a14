//! Pharmacogenomics against the shared cases: every case runs through the public calls, and what differs must stand
//! with its reason in `pgx_adjudicated.tsv`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use clinotype_case::pgx::{CallSource, DrugResult, GeneResult};
use clinotype_interpret::pgx::{self, Guidance, Options, Sample, TABLES, vcf};
use serde_json::Value;

/// Phenotypes of these genes in the observed answers are not truth (`data/README.md`).
const RECONSTRUCTED: [&str; 3] = ["CYP2D6", "G6PD", "RYR1"];

pub fn cases() -> Option<PathBuf> {
    let shared = std::env::var_os("CLINOTYPE_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let folder = shared.join("data/pgx/cases");
    if folder.exists() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "the cases are missing: {}",
        folder.display()
    );
    println!("skipped: {} is not there", folder.display());
    None
}

/// The first sample of a VCF, as the cases were made with it.
pub fn read(text: &str, reading: &vcf::Reading) -> clinotype_genome::Result<Sample> {
    let definitions = &TABLES.definitions;
    let places = vcf::Places::native(definitions);
    let mut reader = vcf::Reader::new(definitions, &places, reading);
    for (number, line) in text.lines().enumerate() {
        reader.line(number as u64 + 1, line)?;
    }
    reader.finish()
}

struct Ran {
    genes: Vec<GeneResult>,
    drugs: Vec<DrugResult>,
}

fn run(folder: &Path, case: &Value) -> clinotype_genome::Result<Ran> {
    let flag = |key: &str| case["options"][key].as_bool().unwrap_or(false);
    let options = Options {
        top_only: flag("topCandidatesOnly"),
        combinations: flag("findCombinations"),
        cyp2d6: flag("callCyp2d6"),
    };
    let sample = match case["vcf_file"].as_str() {
        None => Sample::none(),
        Some(file) => {
            let text = clinotype_genome::fs::read_to_string(folder.join(file))?;
            let columns = text.lines().find(|l| l.starts_with("#CHROM"));
            let first = columns.and_then(|l| l.split('\t').nth(9)).map(str::to_owned);
            let reading = vcf::Reading {
                sample: first,
                combinations: options.combinations,
                blocks: None,
            };
            read(&text, &reading)?
        }
    };
    let mut outside = Vec::new();
    for file in case["outside_files"].as_array().into_iter().flatten() {
        let text = clinotype_genome::fs::read_to_string(folder.join(file.as_str().unwrap()))?;
        outside.extend(pgx::outside::parse(&text, &TABLES.definitions, &TABLES.phenotypes)?);
    }
    let mut definitions = TABLES.definitions.clone();
    if !case["options"]["withExemptions"].as_bool().unwrap_or(true) {
        for gene in definitions.genes.values_mut() {
            gene.priorities.clear();
            gene.required.clear();
        }
    }
    let genes = pgx::interpret(&definitions, &sample, &outside, &options);
    let drugs = pgx::recommend(&genes, &Guidance::default());
    Ok(Ran { genes, drugs })
}

fn strings(value: &Value) -> Vec<String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|v| v.as_str().map(str::to_owned))
        .collect()
}

fn sorted(mut list: Vec<String>) -> Vec<String> {
    list.sort();
    list
}

/// Compares one case; each difference is `field: expected | got`.
fn differences(case: &Value, ran: &Ran) -> Vec<(String, String, String)> {
    let by_name: BTreeMap<&str, &GeneResult> = ran.genes.iter().map(|g| (g.gene.as_str(), g)).collect();
    let mut all = Vec::new();
    let mut check = |gene: &str, field: &str, expected: String, got: String| {
        if expected != got {
            all.push((gene.to_owned(), field.to_owned(), format!("{expected} | {got}")));
        }
    };
    for (gene, observed) in case["observed"].as_object().into_iter().flatten() {
        let result = by_name[gene.as_str()];
        let labels = |key: &str| {
            let list = observed[key].as_array().unwrap().iter();
            sorted(list.map(|d| d["label"].as_str().unwrap().to_owned()).collect())
        };
        check(
            gene,
            "called",
            observed["called"].to_string(),
            result.called.to_string(),
        );
        check(
            gene,
            "reportable",
            observed["reportable"].to_string(),
            result.reportable.to_string(),
        );
        check(
            gene,
            "diplotypes",
            labels("source").join("; "),
            sorted(result.diplotypes.clone()).join("; "),
        );
        let recommended = labels("recommendation").join("; ");
        check(
            gene,
            "recommendation",
            recommended,
            sorted(result.recommendation_diplotypes.clone()).join("; "),
        );
        let value = |v: &Value| v.as_str().unwrap_or("-").to_owned();
        if !RECONSTRUCTED.contains(&gene.as_str()) {
            let expected = observed["recommendation"].as_array().unwrap().iter();
            let expected = expected.map(|d| strings(&d["phenotypes"]).join("+")).collect();
            let got = result.recommendation.iter().map(|d| d.phenotypes.join("+")).collect();
            check(gene, "phenotypes", sorted(expected).join("; "), sorted(got).join("; "));
            let expected = observed["recommendation"]
                .as_array()
                .unwrap()
                .iter()
                .map(|d| value(&d["activityScore"]));
            let got = result
                .activity_scores
                .iter()
                .map(|s| s.clone().unwrap_or_else(|| "-".to_owned()));
            check(
                gene,
                "activity",
                sorted(expected.collect()).join("; "),
                sorted(got.collect()).join("; "),
            );
        }
        check(
            gene,
            "messages",
            sorted(strings(&observed["messages"])).join("; "),
            result.messages.join("; "),
        );
        check(
            gene,
            "phased",
            observed["effectivelyPhased"].to_string(),
            result.effectively_phased.to_string(),
        );
        let missing = result.missing_positions.iter().map(|m| m.name.clone()).collect();
        check(
            gene,
            "missing",
            sorted(strings(&observed["missingPositions"])).join("; "),
            sorted(missing).join("; "),
        );
    }
    for observed in case["observed_matcher"].as_array().into_iter().flatten() {
        let gene = observed["gene"].as_str().unwrap();
        let result = by_name[gene];
        let list = observed["diplotypes"].as_array().unwrap().iter();
        let expected = list
            .map(|d| format!("{} {}", d["name"].as_str().unwrap(), d["score"]))
            .collect();
        let got: Vec<String> = if result.called {
            let two = result.calls.iter().filter(|d| d.alleles.len() == 2);
            two.map(|d| format!("{} {}", d.alleles.join("/"), d.score)).collect()
        } else {
            Vec::new()
        };
        check(gene, "matcher", sorted(expected).join("; "), sorted(got).join("; "));
    }
    for (gene, expected) in case["expected"].as_object().into_iter().flatten() {
        let result = by_name[gene.as_str()];
        if let Some(called) = expected["called_by_matcher"].as_bool() {
            let got = result.source == CallSource::Matcher && result.called;
            check(gene, "called_by_matcher", called.to_string(), got.to_string());
        }
        if let Some(reportable) = expected["reportable"].as_bool() {
            check(
                gene,
                "expected reportable",
                reportable.to_string(),
                result.reportable.to_string(),
            );
        }
        if expected["source_diplotypes"].is_array() {
            let list = sorted(strings(&expected["source_diplotypes"])).join("; ");
            check(
                gene,
                "expected diplotypes",
                list,
                sorted(result.diplotypes.clone()).join("; "),
            );
        }
        if expected["recommendation_haplotypes"].is_array() {
            // The assertion names one of several diplotypes; `Unknown/Unknown` is one name there.
            let names = strings(&expected["recommendation_haplotypes"]);
            let names = sorted(names.iter().flat_map(|n| n.split('/')).map(str::to_owned).collect());
            let one = |d: &clinotype_case::pgx::DiplotypeCall| sorted(d.alleles.clone()) == names;
            let got = result.recommendation.iter().any(one);
            check(
                gene,
                "expected recommendation",
                names.join("; "),
                if got { names.join("; ") } else { "-".to_owned() },
            );
        }
        if let Some(phenotype) = expected["html_phenotype"].as_str() {
            let got: BTreeSet<&str> = result.phenotypes.iter().map(String::as_str).collect();
            check(
                gene,
                "expected phenotype",
                phenotype.to_owned(),
                got.into_iter().collect::<Vec<_>>().join("; "),
            );
        }
        for message in strings(&expected["messages_include"]) {
            check(
                gene,
                "expected message",
                format!("{message} true"),
                format!("{message} {}", result.messages.contains(&message)),
            );
        }
        for phenotype in strings(&expected["source_phenotype_contains"]) {
            let has = result.calls.iter().any(|d| d.phenotypes.contains(&phenotype));
            check(
                gene,
                "expected source phenotype",
                format!("{phenotype} true"),
                format!("{phenotype} {has}"),
            );
        }
        if expected["matcher_diplotypes"].is_array() {
            let got = if result.called {
                result.calls.iter().map(|d| d.alleles.join("/")).collect()
            } else {
                Vec::new()
            };
            let list = sorted(strings(&expected["matcher_diplotypes"])).join("; ");
            check(gene, "expected matcher", list, sorted(got).join("; "));
        }
    }
    for expected in case["expected_recommendations"].as_array().into_iter().flatten() {
        let source = expected["source"].as_str().unwrap_or_default();
        if !source.starts_with("CPIC") || expected["reproduced_with_2024_guidance"] == false {
            continue;
        }
        let drug = expected["drug"].as_str().unwrap();
        let found = ran.drugs.iter().find(|d| d.drug == drug);
        let count: usize = found.map_or(0, |d| d.guidelines.iter().map(|g| g.recommendations.len()).sum());
        if let Some(matched) = expected["matched"].as_bool() {
            check(drug, "recommended", matched.to_string(), (count > 0).to_string());
        }
        if let Some(matched) = expected["matched_count"].as_u64() {
            check(drug, "recommendations", matched.to_string(), count.to_string());
        }
        if let Some(presence) = expected["presence"].as_str() {
            check(
                drug,
                "presence",
                presence.to_owned(),
                if found.is_some() { "YES" } else { "NO" }.to_owned(),
            );
        }
    }
    all
}

#[test]
fn every_open_case_agrees_or_is_adjudicated() {
    let Some(folder) = cases() else { return };
    let mut text = String::new();
    let mut reader = clinotype_genome::fs::open_text(folder.join("open.jsonl.gz")).unwrap();
    std::io::Read::read_to_string(&mut reader, &mut text).unwrap();
    let adjudicated: BTreeMap<String, &str> = include_str!("pgx_adjudicated.tsv")
        .lines()
        .filter(|l| !l.starts_with('#'))
        .skip(1)
        .map(|l| {
            let f: Vec<&str> = l.split('\t').collect();
            (f[..3].join(" "), f[3])
        })
        .collect();
    assert!(
        adjudicated.values().all(|reason| reason.len() > 20),
        "every entry has its reason"
    );
    let (mut count, mut used, mut wrong) = (0, BTreeSet::new(), Vec::new());
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let id = case["id"].as_str().unwrap();
        count += 1;
        let differences = match run(&folder, &case) {
            Ok(ran) => differences(&case, &ran),
            Err(fault) => {
                let refused = case["observed"].as_object().is_none_or(serde_json::Map::is_empty)
                    && case["observed_matcher"].is_null();
                if refused {
                    Vec::new()
                } else {
                    vec![("-".to_owned(), "fault".to_owned(), fault.to_string())]
                }
            }
        };
        for (gene, field, what) in differences {
            let key = format!("{id} {gene} {field}");
            if adjudicated.contains_key(&key) {
                used.insert(key);
            } else {
                wrong.push(format!("{key}: {what}"));
            }
        }
    }
    println!("{count} cases, {} adjudicated differences", used.len());
    assert_eq!(count, 531);
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    let unused: Vec<_> = adjudicated.keys().filter(|k| !used.contains(*k)).collect();
    assert!(unused.is_empty(), "no longer different: {unused:?}");
}

/// Drugs of the examples whose recommendations differ, and why.
const OTHER_GUIDANCE: [(&[&str], &str); 3] = [
    (
        &["hydralazine", "metoprolol"],
        "guidance of 2025, after the table of 2024-03",
    ),
    (
        &[
            "amikacin",
            "gentamicin",
            "kanamycin",
            "paromomycin",
            "plazomicin",
            "streptomycin",
            "tobramycin",
        ],
        "the outside call 1555A>G is read as m.1555A>G here, with a caution; the example leaves it without a phenotype",
    ),
    (
        &[
            "warfarin",
            "peginterferon alfa-2a",
            "peginterferon alfa-2b",
            "ribavirin",
        ],
        "guidelines without a table: the genotypes are given to follow the publication with",
    ),
];

#[test]
fn the_recommendations_of_the_examples_agree() {
    let Some(folder) = cases() else { return };
    let folder = folder.parent().unwrap().join("examples");
    // Letters and digits only; the example has HTML, the table has none.
    let letters = |text: &str, html: bool| {
        let entities = ["&#39;", "&quot;", "&amp;", "&lt;", "&gt;", "&nbsp;"];
        let text = entities
            .iter()
            .fold(text.to_owned(), |text, entity| text.replace(entity, ""));
        let mut plain = String::new();
        let mut tag = false;
        for c in text.chars() {
            match c {
                '<' if html => tag = true,
                '>' if tag => tag = false,
                c if !tag && c.is_ascii_alphanumeric() => plain.push(c.to_ascii_lowercase()),
                _ => {}
            }
        }
        plain
    };
    type Key = (String, String, String);
    let mut expected: BTreeMap<Key, BTreeSet<Key>> = BTreeMap::new();
    let table = clinotype_genome::fs::read_to_string(folder.join("example_recommendations.tsv")).unwrap();
    let mut rows = csv::ReaderBuilder::new().delimiter(b'\t').from_reader(table.as_bytes());
    for row in rows.records() {
        let row = row.unwrap();
        if row[3].starts_with("CPIC") {
            let list = expected
                .entry((row[0].to_owned(), row[4].to_lowercase(), row[5].to_owned()))
                .or_default();
            if &row[7] == "True" {
                list.insert((row[8].to_owned(), row[9].to_owned(), letters(&row[14], true)));
            }
        }
    }
    let mut ran: BTreeMap<&str, Vec<DrugResult>> = BTreeMap::new();
    for (example, outside) in [("pharmcat.example", true), ("pharmcat.example2", false)] {
        let text = clinotype_genome::fs::read_to_string(folder.join(format!("{example}.vcf"))).unwrap();
        let sample = read(&text, &vcf::Reading::default()).unwrap();
        let mut calls = Vec::new();
        if outside {
            let text = clinotype_genome::fs::read_to_string(folder.join(format!("{example}.outsideCall.tsv"))).unwrap();
            calls = pgx::outside::parse(&text, &TABLES.definitions, &TABLES.phenotypes).unwrap();
        }
        let genes = pgx::interpret(&TABLES.definitions, &sample, &calls, &Options::default());
        ran.insert(example, pgx::recommend(&genes, &Guidance::default()));
    }
    let (mut same, mut other) = (0, Vec::new());
    for ((example, drug, id), wanted) in &expected {
        let drugs = &ran[example.as_str()];
        let guidelines = drugs.iter().filter(|d| d.drug == *drug).flat_map(|d| &d.guidelines);
        let got: BTreeSet<Key> = guidelines
            .filter(|g| g.id == *id)
            .flat_map(|g| &g.recommendations)
            .map(|r| (r.population.clone(), r.strength.clone(), letters(&r.text, false)))
            .collect();
        if got == *wanted {
            same += 1;
        } else if !OTHER_GUIDANCE
            .iter()
            .any(|(drugs, reason)| drugs.contains(&drug.as_str()) && !reason.is_empty())
        {
            other.push(format!(
                "{example} {drug} {id}: {} wanted, {} got",
                wanted.len(),
                got.len()
            ));
        }
    }
    println!("{same} of {} agree", expected.len());
    assert!(other.is_empty(), "{}", other.join("\n"));
    assert_eq!(same, 158);
}
