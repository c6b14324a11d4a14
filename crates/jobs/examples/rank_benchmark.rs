//! Benchmark of the gene rank: published cases of known cause spiked into a real background.
//!
//!     cargo run --release -p clinotype-jobs --example rank_benchmark -- DATA
//!
//! DATA holds `hpo/` (hp.obo, phenotype.hpoa, genes_to_phenotype.txt) and `cases-real/` (phenopackets_open.jsonl.gz,
//! ashk-trio.vcf.gz). Each case's causative variants are put, with their published zygosity, into HG002's variants of
//! chromosomes 1 and 2 (GRCh37), which the file itself annotates by `bcftools csq`; the case is on GRCh38, so genes are
//! compared, never places. Genes of the background are those in which HG002 has an allele that changes a protein or a
//! splice site. The consequence of a case's variant is told from its HGVS names; no frequencies are known. Three ranks are
//! made: by phenotype alone, by variants alone (no terms), and by both; ties count against the case, and once more with the
//! middle of the tied places.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a benchmark, run by hand")]

use std::{collections::BTreeMap, io::BufRead as _, path::PathBuf};

use clinotype_case::{Sex, evidence::Zygosity, phenopacket::Phenopacket};
use clinotype_genome::{Pos, VariantKey, fs};
use clinotype_interpret::phenotype::{Evidence, Ranker, Similarity};
use clinotype_jobs::rank::Hpo;

fn main() {
    let data = PathBuf::from(std::env::args().nth(1).expect("give the folder of the data"));
    let hpo = Hpo::open(&data.join("hpo")).unwrap();
    let background = background(&data.join("cases-real/ashk-trio.vcf.gz"));
    let genes: std::collections::BTreeSet<&str> = background.iter().map(|e| e.gene.as_str()).collect();
    let cases: Vec<Phenopacket> = fs::open_text(data.join("cases-real/phenopackets_open.jsonl.gz"))
        .unwrap()
        .lines()
        .map(|line| clinotype_case::phenopacket::phenopacket(&line.unwrap()).unwrap())
        .collect();
    println!(
        "{} cases; background: {} alleles in {} genes of HG002",
        cases.len(),
        background.len(),
        genes.len()
    );
    let annotated: std::collections::BTreeSet<&str> = hpo.annotations.genes().collect();
    println!(
        "genes of the background with an annotated disease: {}",
        genes.iter().filter(|g| annotated.contains(*g)).count()
    );
    run(&hpo, &cases, &background);
}

#[derive(Default)]
struct Ranks(Vec<f64>);

impl Ranks {
    fn line(&self, name: &str) {
        let of = |most: f64| {
            let count = self.0.iter().filter(|r| **r <= most).count();
            format!(
                "{count:>4} ({:>5.1} %)",
                100.0 * count as f64 / self.0.len().max(1) as f64
            )
        };
        println!(
            "  {name:34} top 1 {}  top 5 {}  top 10 {}  of {}",
            of(1.0),
            of(5.0),
            of(10.0),
            self.0.len()
        );
    }
}

fn run(hpo: &Hpo, cases: &[Phenopacket], background: &[Evidence]) {
    let similarity = Similarity::new(&hpo.ontology, &hpo.annotations);
    let annotated: std::collections::BTreeSet<&str> = hpo.annotations.genes().collect();
    let mut lost: BTreeMap<&str, u32> = BTreeMap::new();
    // Cases of two causative variants of which one has no consequence by its names: spiked with the other alone.
    let mut partly = 0_u32;
    let (mut used_terms, mut unknown_terms, mut mapped_terms) = (0, 0, 0);
    let mut ranks: BTreeMap<String, Ranks> = BTreeMap::new();
    for case in cases {
        let ids = |features: &[clinotype_case::phenopacket::Feature]| -> Vec<String> {
            features.iter().map(|f| f.id.clone()).collect()
        };
        let causal: Vec<_> = case.variants.iter().filter(|v| v.causative).collect();
        let Some(gene) = causal.iter().find_map(|v| v.gene.clone()) else {
            *lost.entry("no causative gene named").or_default() += 1;
            continue;
        };
        let Ok((terms, present, excluded)) = hpo.terms(&ids(&case.present), &ids(&case.excluded)) else {
            *lost.entry("no term that the ontology of 2016 knows").or_default() += 1;
            continue;
        };
        used_terms += terms.used.len();
        unknown_terms += terms.unknown.len() + terms.obsolete.len();
        mapped_terms += terms.mapped.len();
        let spiked: Vec<Evidence> = causal
            .iter()
            .enumerate()
            .filter_map(|(n, v)| evidence(v, &gene, n))
            .collect();
        if spiked.is_empty() {
            *lost.entry("no variant whose consequence its names tell").or_default() += 1;
            continue;
        }
        if spiked.len() < causal.len() {
            partly += 1;
        }
        let sex = case.sex.unwrap_or(Sex::Unknown);
        let query = similarity.query(&present, &excluded);
        let nothing = similarity.query(&[], &[]);
        let known = annotated.contains(gene.as_str());
        let mut add = |name: &str, above: usize, tied: usize| {
            ranks
                .entry(name.to_owned())
                .or_default()
                .0
                .push((above + tied + 1) as f64);
            let middle = above as f64 + tied as f64 / 2.0 + 1.0;
            ranks.entry(format!("{name}, ties split")).or_default().0.push(middle);
        };
        // By phenotype alone, among the genes of the background, and among every annotated gene.
        let scores: BTreeMap<String, f64> = similarity.genes(&query).into_iter().collect();
        let own = scores.get(&gene).copied().unwrap_or(0.0);
        let genes: std::collections::BTreeSet<&str> = background
            .iter()
            .map(|e| e.gene.as_str())
            .filter(|g| *g != gene)
            .collect();
        let score = |g: &str| scores.get(g).copied().unwrap_or(0.0);
        let count = |list: &[f64], own: f64| {
            (
                list.iter().filter(|s| **s > own).count(),
                list.iter().filter(|s| **s == own).count(),
            )
        };
        let (above, tied) = count(&genes.iter().map(|g| score(g)).collect::<Vec<_>>(), own);
        add("phenotype alone", above, tied);
        if known {
            let others: Vec<f64> = scores.iter().filter(|(g, _)| **g != gene).map(|(_, s)| *s).collect();
            let (above, tied) = count(&others, own);
            add("phenotype alone, all of HPO", above, tied);
        }
        for (name, query) in [("variants alone", &nothing), ("both", &query)] {
            let mut ranker = Ranker::new(&similarity, query, sex);
            for one in background.iter().chain(&spiked) {
                let _ = ranker.add(one.clone());
            }
            let ranked = ranker.finish();
            let own = ranked.iter().find(|g| g.gene == gene).unwrap().score;
            let others: Vec<f64> = ranked.iter().filter(|g| g.gene != gene).map(|g| g.score).collect();
            let (above, tied) = count(&others, own);
            add(name, above, tied);
            if name == "both" {
                add(
                    if known {
                        "both, annotated genes"
                    } else {
                        "both, genes not annotated"
                    },
                    above,
                    tied,
                );
            }
        }
    }
    println!("terms used {used_terms}, of them mapped {mapped_terms}; unknown or obsolete {unknown_terms}");
    for (reason, count) in &lost {
        println!("  left out: {count}, {reason}");
    }
    println!("  spiked with one of two causative variants: {partly}");
    for (name, ranks) in &ranks {
        ranks.line(name);
    }
}

/// The case's variant as evidence, its consequence told from its names; `None` where they tell none that changes a protein or a
/// splice site.
fn evidence(variant: &clinotype_case::phenopacket::Variant, gene: &str, number: usize) -> Option<Evidence> {
    let name = variant.names.iter().find(|n| n.contains(":c."));
    let protein = variant.names.iter().find(|n| n.contains(":p."));
    let (reference, alternate) = variant.vcf.as_ref().map_or(("", ""), |v| (v.3.as_str(), v.4.as_str()));
    let indel = reference.len() != alternate.len();
    let coding = name.map_or("", |n| n.split(":c.").nth(1).unwrap_or(""));
    let place: String = coding
        .chars()
        .take_while(|c| !c.is_ascii_alphabetic() && *c != '>')
        .collect();
    let offset = place
        .split('_')
        .find_map(|p| p[1.min(p.len())..].find(['+', '-']).map(|at| &p[at + 1..]));
    let offset: Option<u32> = offset.and_then(|o| {
        o.chars()
            .take_while(char::is_ascii_digit)
            .collect::<String>()
            .parse()
            .ok()
    });
    let minus = place.len() > 1 && place[1..].contains('-');
    let term = match (offset, protein) {
        (Some(1 | 2), _) => {
            if minus {
                "splice_acceptor_variant"
            } else {
                "splice_donor_variant"
            }
        }
        (Some(3..=8), _) => "splice_region_variant",
        (Some(_), _) => return None,
        (None, Some(p)) if p.contains("Ter") && !p.contains("fs") && !p.contains("ext") => "stop_gained",
        (None, Some(p)) if p.contains("fs") => "frameshift_variant",
        (None, Some(p)) if p.contains("Met1?") || p.contains("p.?") => "start_lost",
        _ if indel => match (reference.len() as i64 - alternate.len() as i64) % 3 {
            0 if reference.len() > alternate.len() => "inframe_deletion",
            0 => "inframe_insertion",
            _ => "frameshift_variant",
        },
        // A substitution in the coding sequence without a protein name: missense is the least that a causal one can be.
        _ if !coding.is_empty() && coding.contains('>') && !coding.starts_with(['-', '*']) => "missense_variant",
        _ => return None,
    };
    let (contig, position) = variant.vcf.as_ref().map_or(("1", 1), |v| (v.1.as_str(), v.2));
    Some(Evidence {
        gene: gene.to_owned(),
        variant: VariantKey::new(contig, Pos::new(position)?, reference, alternate),
        term: term.to_owned(),
        zygosity: match variant.zygosity.as_deref() {
            Some("homozygous") => Zygosity::Homozygous,
            Some("hemizygous") => Zygosity::Hemizygous,
            _ => Zygosity::Heterozygous,
        },
        frequency: None,
        clinvar: None,
        phased: None,
        record: u64::MAX - number as u64,
    })
}

/// HG002's alleles that pass the filters, with gene and consequence.
fn background(path: &std::path::Path) -> Vec<Evidence> {
    clinotype_jobs::rank::alleles(path, "HG002").unwrap()
}
