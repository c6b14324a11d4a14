//! The rows of the test tables where our terms differ from the table's, each with the rule that decides for ours
//! (`adjudicated/consequences.tsv`). A test fails where a row differs that is not kept here, and where one is kept that
//! no longer differs.

use std::collections::BTreeMap;

static TABLE: &str = include_str!("adjudicated/consequences.tsv");

/// Rows of the table: suite, row's key, terms of ours, name of the rule.
fn rows() -> impl Iterator<Item = [&'static str; 4]> {
    TABLE
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty())
        .map(|line| {
            let mut columns = line.split('\t');
            [(); 4].map(|()| columns.next().unwrap_or_default())
        })
}

/// Fails unless exactly the kept rows of a suite differ. `differing`: our terms by the row's key.
pub(crate) fn check(suite: &str, differing: &BTreeMap<String, String>) {
    let kept: BTreeMap<String, String> = rows()
        .filter(|row| row[0] == suite)
        .map(|row| (row[1].to_owned(), row[2].to_owned()))
        .collect();
    for (key, terms) in differing {
        if kept.get(key) != Some(terms) {
            println!("not kept: {suite}\t{key}\t{terms}");
        }
    }
    for key in kept.keys().filter(|key| !differing.contains_key(*key)) {
        println!("kept, and no longer different: {suite}\t{key}");
    }
    assert_eq!(
        &kept, differing,
        "adjudicated/consequences.tsv does not say what differs in {suite}"
    );
}

#[test]
fn every_kept_row_has_a_rule() {
    let rules: Vec<&str> = TABLE
        .lines()
        .filter_map(|l| l.strip_prefix("#rule\t")?.split('\t').next())
        .collect();
    let mut used = Vec::new();
    for [suite, key, terms, rule] in rows() {
        assert!(!key.is_empty() && !terms.is_empty(), "{suite}");
        assert!(rules.contains(&rule), "{suite} {key} names no rule: {rule:?}");
        used.push(rule);
    }
    for rule in rules {
        assert!(used.contains(&rule), "no row needs {rule}");
    }
}
