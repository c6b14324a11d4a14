//! The tables of `rules/pgx/`, compiled in. What does not parse is our own defect; a test reads all of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use clinotype_case::finding::RuleSet;

use super::{
    cyp2d6::{Segment, paralogs},
    definitions::{Allele, Caller, Definitions, Gene, Lookup, Ploidy, Position},
    guidance::Guidance,
    messages::Message,
    phenotypes::Phenotypes,
};
use crate::rules::read::Table;

/// Every table, parsed once.
pub static TABLES: LazyLock<Tables> = LazyLock::new(Tables::compiled_in);

/// The tables as types.
#[derive(Debug)]
pub struct Tables {
    /// Alleles and positions.
    pub definitions: Definitions,
    /// Functions and phenotypes.
    pub phenotypes: Phenotypes,
    /// Messages.
    pub(super) messages: Vec<Message>,
    /// CPIC's recommendations.
    pub guidance: Guidance,
    /// Parts of CYP2D6 and its neighbourhood.
    pub segments: Vec<Segment>,
    /// CYP2D6 and CYP2D7 side by side.
    pub paralogs: Vec<paralogs::Part>,
    /// Name, version and source of each table.
    pub sets: Vec<RuleSet>,
}

impl Tables {
    fn compiled_in() -> Self {
        let genes = Table::parse(include_str!("../../rules/pgx/genes.tsv"));
        let positions = Table::parse(include_str!("../../rules/pgx/positions.tsv"));
        let alleles = Table::parse(include_str!("../../rules/pgx/alleles.tsv"));
        let priorities = Table::parse(include_str!("../../rules/pgx/priorities.tsv"));
        let functions = Table::parse(include_str!("../../rules/pgx/functions.tsv"));
        let phenotypes = Table::parse(include_str!("../../rules/pgx/phenotypes.tsv"));
        let messages = Table::parse(include_str!("../../rules/pgx/messages.tsv"));
        let guidelines = Table::parse(include_str!("../../rules/pgx/cpic_guidelines.tsv"));
        let recommendations = Table::parse(include_str!("../../rules/pgx/cpic_recommendations.tsv"));
        let texts = Table::parse(include_str!("../../rules/pgx/cpic_texts.tsv"));
        let segments = Table::parse(include_str!("../../rules/pgx/cyp2d6_segments.tsv"));
        let paralogs = Table::parse(include_str!("../../rules/pgx/cyp2d6_paralogs.tsv"));
        let mut all: BTreeMap<String, Gene> = genes.rows.iter().map(|row| (row[0].to_owned(), gene(row))).collect();
        for row in &positions.rows {
            let gene = all.get_mut(row[0]).expect("a gene of genes.tsv, a test reads it");
            if row[6] == "extra" {
                gene.extra.push(position(row));
            } else {
                gene.positions.push(position(row));
            }
        }
        for row in &alleles.rows {
            let gene = all.get_mut(row[0]).expect("a gene of genes.tsv, a test reads it");
            let allele = allele(row, &gene.positions);
            gene.alleles.push(allele);
        }
        for row in &priorities.rows {
            let gene = all.get_mut(row[0]).expect("a gene of genes.tsv, a test reads it");
            let list = row[1].split(';').map(str::to_owned).collect();
            gene.priorities.push((list, row[2].to_owned()));
        }
        let definition_sets = [&genes, &positions, &alleles, &priorities]
            .map(|t| t.set.clone())
            .to_vec();
        let sets = [
            &functions,
            &phenotypes,
            &messages,
            &guidelines,
            &recommendations,
            &texts,
            &segments,
            &paralogs,
        ];
        Self {
            phenotypes: Phenotypes::of(&functions.rows, &phenotypes.rows, &all),
            messages: messages.rows.iter().map(|row| Message::of(row)).collect(),
            guidance: Guidance::of(&guidelines.rows, &recommendations.rows, &texts.rows),
            segments: segments.rows.iter().map(|row| Segment::of(row)).collect(),
            paralogs: paralogs.rows.iter().map(|row| paralogs::Part::of(row)).collect(),
            sets: sets.map(|table| table.set.clone()).to_vec(),
            definitions: Definitions {
                genes: all,
                sets: definition_sets,
            },
        }
    }
}

/// `-` is nothing.
pub(super) fn stated(text: &str) -> Option<&str> {
    (text != "-").then_some(text)
}

/// The parts between `separator`; `-` has none.
pub(super) fn list(text: &str, separator: char) -> Vec<String> {
    stated(text).map_or_else(Vec::new, |t| t.split(separator).map(|s| s.trim().to_owned()).collect())
}

fn number(text: &str) -> u32 {
    text.parse().expect("a number, a test reads it")
}

fn numbers(text: &str) -> BTreeSet<u32> {
    list(text, ',').iter().map(|n| number(n)).collect()
}

fn gene(row: &[&str]) -> Gene {
    Gene {
        symbol: row[0].to_owned(),
        contig: row[1].to_owned(),
        caller: match row[2] {
            "standard" => Caller::Standard,
            "lowest_function" => Caller::LowestFunction,
            _ => Caller::Outside,
        },
        lookup: match row[3] {
            "phenotype" => Lookup::Phenotype,
            "activity_score" => Lookup::ActivityScore,
            "presence" => Lookup::Presence,
            _ => Lookup::None,
        },
        undocumented_is_reference: row[4] == "reference",
        ploidy: match row[5] {
            "x" => Ploidy::X,
            "one" => Ploidy::One,
            _ => Ploidy::Two,
        },
        heterozygous_label: row[6] == "heterozygous",
        required: numbers(row[7]),
        tier1: numbers(row[8]),
        positions: Vec::new(),
        extra: Vec::new(),
        alleles: Vec::new(),
        priorities: Vec::new(),
    }
}

fn position(row: &[&str]) -> Position {
    Position {
        position: number(row[1]),
        rsid: stated(row[2]).map(str::to_owned),
        reference: row[3].to_owned(),
        alternates: list(row[4], ','),
        hgvs: list(row[5], ';'),
    }
}

fn allele(row: &[&str], positions: &[Position]) -> Allele {
    let mut bases: Vec<(usize, String)> = list(row[4], ';')
        .iter()
        .map(|part| {
            let (at, base) = part.split_once(':').expect("position:base, a test reads it");
            let at = number(at);
            let index = positions.iter().position(|p| p.position == at);
            (index.expect("a position of the gene, a test reads it"), base.to_owned())
        })
        .collect();
    bases.sort();
    Allele {
        name: row[1].to_owned(),
        reference: row[2] == "reference",
        reported_as: stated(row[3]).map(str::to_owned),
        bases,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_parses_and_agrees_with_the_others() {
        let tables = &*TABLES;
        let called: Vec<_> = tables
            .definitions
            .genes
            .values()
            .filter(|g| !g.positions.is_empty())
            .collect();
        assert_eq!(called.len(), 20);
        for gene in called {
            assert_eq!(
                gene.alleles.iter().filter(|a| a.reference).count(),
                1,
                "{}",
                gene.symbol
            );
            assert!(gene.alleles[0].reference, "{}", gene.symbol);
            assert!(gene.positions.is_sorted_by_key(|p| p.position), "{}", gene.symbol);
            for allele in &gene.alleles {
                assert!(
                    allele.reference || !allele.bases.is_empty(),
                    "{} {}",
                    gene.symbol,
                    allele.name
                );
                for (index, base) in &allele.bases {
                    let site = &gene.positions[*index];
                    let known = site.reference == *base
                        || site.alternates.contains(base)
                        || super::super::definitions::is_wobble(base);
                    assert!(known, "{} {} {}", gene.symbol, allele.name, site.position);
                }
            }
            for (list, pick) in &gene.priorities {
                assert!(list.contains(pick));
            }
        }
        assert_eq!(tables.messages.len(), 69);
        assert!(tables.guidance.guidelines.len() > 50);
    }
}
