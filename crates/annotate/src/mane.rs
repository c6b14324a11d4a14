//! Which transcripts are MANE Select: the GFF3's own tag, else our table of facts (`data/README.md`).

use std::{collections::HashSet, sync::OnceLock};

use crate::facts::Mane;

static TABLE: &str = include_str!("../data/mane.tsv");

/// The MANE export behind the table.
pub(crate) const TABLE_RELEASE: &str = "MANE Select, Ensembl BioMart export of 2026-01-20";

fn select() -> &'static HashSet<(&'static str, bool)> {
    static SELECT: OnceLock<HashSet<(&'static str, bool)>> = OnceLock::new();
    SELECT.get_or_init(|| {
        TABLE
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once('\t'))
            .flat_map(|(refseq, ensembl)| [(refseq, false), (ensembl, true)])
            .collect()
    })
}

/// MANE state of an accession with its version. A tag of the GFF3 stands on the row of this very version, so it counts
/// as it is; without a tag both accession and version must be in the table.
pub(crate) fn state(accession: &str, tag: Option<Mane>) -> Mane {
    if let Some(tag) = tag {
        return tag;
    }
    let key = match (accession.strip_prefix("NM_"), accession.strip_prefix("ENST00000")) {
        (Some(number), _) => (number, false),
        (_, Some(number)) => (number, true),
        _ => return Mane::None,
    };
    if select().contains(&key) {
        Mane::Select
    } else {
        Mane::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_with_the_right_version() {
        // MANE v1.0 to v1.4: BRCA1 is NM_007294.4 and ENST00000357654.9.
        for (accession, expected) in [
            ("NM_007294.4", Mane::Select),
            ("NM_007294.3", Mane::None),
            ("NM_007294", Mane::None),
            ("ENST00000357654.9", Mane::Select),
            ("ENST00000357654.8", Mane::None),
            ("357654.9", Mane::None),
        ] {
            assert_eq!(state(accession, None), expected, "{accession}");
        }
        assert_eq!(state("X.1", Some(Mane::PlusClinical)), Mane::PlusClinical);
    }
}
