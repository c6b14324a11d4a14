//! The sections on the gene rank and on polygenic scores.

use super::{case, document, html, html_text, squeezed};
use crate::{
    model::Document,
    words::{beside as said, heading},
};

/// The sentences from one heading to the next.
fn section(built: &Document, from: &str, to: &str) -> Vec<String> {
    let all = built.sentences();
    let place = |name: &str| all.iter().position(|s| s.ends_with(&format!("  {name}"))).unwrap();
    all[place(from)..place(to)].to_vec()
}

#[test]
fn the_rank_prints_its_best_genes_and_says_how_many_are_left() {
    let said = section(&document(&case("beside")).unwrap(), said::RANK, said::SCORES);
    for words in [
        "Ectopia lentis (HP:0001083); Seizure (HP:0001250)",
        "Tall stature (HP:0000098)",
        "HP:9999999",
        "Human Phenotype Ontology hp/releases/2026-09-01; annotations not stated",
        "FBN1",
        "Marfan syndrome (OMIM:154700)",
        "Ectopia lentis (HP:0001083): by Ectopia lentis (HP:0001083)",
        "Seizure (HP:0001250): no match",
        "against it, not seen: Tall stature (HP:0000098)",
        "no annotated disease",
        "3 more genes have a lower rank and are not printed.",
        "Structural variants take no part.",
    ] {
        assert!(said.iter().any(|s| s == words), "{words} in {said:#?}");
    }
    assert!(!said.iter().any(|s| s == "GENE11"));
}

#[test]
fn a_score_has_its_sum_and_a_percentile_only_where_it_is_allowed() {
    let said = section(&document(&case("beside")).unwrap(), said::SCORES, heading::COVERAGE);
    for words in [
        said::SCORES_LEAD,
        "PGS900001",
        "GRS_demo",
        "Example trait",
        "1,190 of 1,200 rows matched (99.2 %)",
        "1.234568",
        "87.2",
        "among EUR of Example reference 1",
        "-0.500000",
        "no reference of people was given",
        "only 40.0 % of the rows were matched, 75.0 % are needed",
    ] {
        let is_there = |s: &String| squeezed(s) == squeezed(words);
        assert!(said.iter().any(is_there), "{words} in {said:#?}");
    }
    // A refused sum has no figure, and no percentile.
    let sums = said.iter().filter(|s| s.parse::<f64>().is_ok()).count();
    assert_eq!(sums, 3, "two sums and one percentile: {said:#?}");
}

#[test]
fn what_was_not_asked_for_is_said() {
    let sentence = |what: &[&str]| said::not_asked_for(what);
    let all = ["pharmacogenes", "the rank of genes by phenotype", "polygenic scores"];
    for (name, words) in [
        ("negative", &all[..]),
        ("pharmacogenes", &all[1..]),
        ("beside", &all[..1]),
    ] {
        let report = case(name);
        let said = document(&report).unwrap().sentences();
        assert!(said.contains(&sentence(words)), "{name}: {said:#?}");
        assert!(
            html_text(&html(&report).unwrap()).contains(&squeezed(&sentence(words))),
            "{name}"
        );
    }
}
