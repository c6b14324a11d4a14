//! What changes when a case is run again with other releases.

use std::collections::{BTreeMap, BTreeSet};

use clinotype_genome::VariantKey;
use serde::{Deserialize, Serialize};

use super::{Pin, PinDiff, diff_pins};

/// What a data source says of an allele. "Not looked up" and "not there" are two answers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "value")]
pub enum Known<T> {
    /// The run had no such source, or the source has nothing of this place.
    #[default]
    NotAvailable,
    /// The source was there and does not have the allele.
    Absent,
    /// The source has it.
    Found(T),
}

/// What ClinVar says of an allele.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClinvarAssertion {
    /// Its record, for example `17661`.
    pub record: String,
    /// Aggregate classification as the release words it.
    pub significance: String,
    /// Review status as the release words it.
    pub review: String,
}

/// An allele of a result, with what a change of releases can change of it. The caller fills it from an interpretation or an
/// annotated VCF; build and sample are the same in both results.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assessed {
    /// The allele, normalised.
    pub key: VariantKey,
    /// HGVS name on the transcript that was picked.
    pub name: Option<String>,
    /// Consequence on that transcript, Sequence Ontology terms.
    pub consequence: Option<String>,
    /// Class that the rules propose, where they gave one.
    pub class: Option<String>,
    /// Criteria that are met, with their strength, as the report writes them: `PM2_Supporting`.
    pub criteria: BTreeSet<String>,
    /// Whether the report lists it.
    pub reported: bool,
    /// ClinVar.
    pub clinvar: Known<ClinvarAssertion>,
    /// Highest population frequency.
    pub frequency: Known<f64>,
}

/// One thing that changed of an allele.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum Change {
    /// Only the second result has the allele.
    Appeared,
    /// Only the first result has it.
    Vanished,
    /// The report lists it now, or no longer.
    Reported {
        /// Whether the second result does.
        now: bool,
    },
    /// Another class; `None` where a result gave none.
    Class {
        /// Before.
        from: Option<String>,
        /// After.
        to: Option<String>,
    },
    /// Other criteria.
    Criteria {
        /// Only met after.
        added: Vec<String>,
        /// Only met before.
        removed: Vec<String>,
    },
    /// Another answer of ClinVar.
    Clinvar {
        /// Before.
        from: Known<ClinvarAssertion>,
        /// After.
        to: Known<ClinvarAssertion>,
    },
    /// Another frequency.
    Frequency {
        /// Before.
        from: Known<f64>,
        /// After.
        to: Known<f64>,
    },
    /// Another HGVS name.
    Name {
        /// Before.
        from: Option<String>,
        /// After.
        to: Option<String>,
    },
    /// Another consequence.
    Consequence {
        /// Before.
        from: Option<String>,
        /// After.
        to: Option<String>,
    },
}

/// What changed of one allele.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VariantDiff {
    /// The allele.
    pub key: VariantKey,
    /// In the order of [`Change`]; never empty.
    pub changes: Vec<Change>,
}

/// How two results of one case differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResultDiff {
    /// Releases that differ.
    pub releases: Vec<PinDiff>,
    /// Alleles that differ, by place.
    pub variants: Vec<VariantDiff>,
    /// Alleles that are the same in both.
    pub unchanged: u64,
}

impl ResultDiff {
    /// Alleles whose class differs.
    pub fn reclassified(&self) -> impl Iterator<Item = &VariantDiff> {
        let is = |c: &Change| matches!(c, Change::Class { .. });
        self.variants.iter().filter(move |v| v.changes.iter().any(is))
    }
}

/// Compares two results of one case: the pins and the alleles of each. An allele that stands twice in a result counts with
/// its last row. The same inputs give the same answer in the same order.
pub fn diff_results(before: (&[Pin], &[Assessed]), after: (&[Pin], &[Assessed])) -> ResultDiff {
    fn by_key(rows: &[Assessed]) -> BTreeMap<&VariantKey, &Assessed> {
        rows.iter().map(|row| (&row.key, row)).collect()
    }
    let (old, new) = (by_key(before.1), by_key(after.1));
    let keys: BTreeSet<&VariantKey> = old.keys().chain(new.keys()).copied().collect();
    let (mut variants, mut unchanged) = (Vec::new(), 0);
    for key in keys {
        let changes = match (old.get(key), new.get(key)) {
            (Some(a), Some(b)) => changes(a, b),
            (None, _) => vec![Change::Appeared],
            (_, None) => vec![Change::Vanished],
        };
        if changes.is_empty() {
            unchanged += 1;
        } else {
            variants.push(VariantDiff {
                key: key.clone(),
                changes,
            });
        }
    }
    ResultDiff {
        releases: diff_pins(before.0, after.0),
        variants,
        unchanged,
    }
}

fn changes(a: &Assessed, b: &Assessed) -> Vec<Change> {
    let mut found = Vec::new();
    if a.reported != b.reported {
        found.push(Change::Reported { now: b.reported });
    }
    if a.class != b.class {
        found.push(Change::Class {
            from: a.class.clone(),
            to: b.class.clone(),
        });
    }
    if a.criteria != b.criteria {
        found.push(Change::Criteria {
            added: b.criteria.difference(&a.criteria).cloned().collect(),
            removed: a.criteria.difference(&b.criteria).cloned().collect(),
        });
    }
    if a.clinvar != b.clinvar {
        found.push(Change::Clinvar {
            from: a.clinvar.clone(),
            to: b.clinvar.clone(),
        });
    }
    if a.frequency != b.frequency {
        found.push(Change::Frequency {
            from: a.frequency.clone(),
            to: b.frequency.clone(),
        });
    }
    if a.name != b.name {
        found.push(Change::Name {
            from: a.name.clone(),
            to: b.name.clone(),
        });
    }
    if a.consequence != b.consequence {
        found.push(Change::Consequence {
            from: a.consequence.clone(),
            to: b.consequence.clone(),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use clinotype_genome::Pos;

    use super::*;

    fn row(position: u32) -> Assessed {
        Assessed {
            key: VariantKey::new("chr17", Pos::new(position).unwrap(), "A", "G"),
            name: Some(format!("NM_1.2:c.{position}A>G")),
            consequence: Some("missense_variant".to_owned()),
            class: Some("VUS".to_owned()),
            criteria: BTreeSet::from(["PM2_Supporting".to_owned()]),
            reported: true,
            clinvar: Known::Absent,
            frequency: Known::Found(1e-5),
        }
    }

    fn pin(release: &str) -> Pin {
        Pin {
            id: "clinvar".to_owned(),
            release: release.to_owned(),
            digest: release.to_owned(),
        }
    }

    #[test]
    fn what_a_newer_release_changes() {
        let assertion = ClinvarAssertion {
            record: "17661".to_owned(),
            significance: "Likely_pathogenic".to_owned(),
            review: "criteria_provided,_single_submitter".to_owned(),
        };
        let changed = Assessed {
            class: Some("LP".to_owned()),
            criteria: BTreeSet::from(["PM2_Supporting".to_owned(), "PS1".to_owned()]),
            clinvar: Known::Found(assertion.clone()),
            frequency: Known::NotAvailable,
            ..row(20)
        };
        let before = [row(30), row(20), row(10)];
        let after = [row(40), changed, row(10)];
        let diff = diff_results((&[pin("20260219")], &before), (&[pin("20260226")], &after));
        assert_eq!(
            diff.releases,
            [PinDiff::Release {
                from: pin("20260219"),
                to: pin("20260226")
            }]
        );
        assert_eq!(diff.unchanged, 1);
        let places: Vec<u32> = diff.variants.iter().map(|v| v.key.position.get()).collect();
        assert_eq!(places, [20, 30, 40]);
        assert_eq!(
            diff.variants[0].changes,
            [
                Change::Class {
                    from: Some("VUS".to_owned()),
                    to: Some("LP".to_owned())
                },
                Change::Criteria {
                    added: vec!["PS1".to_owned()],
                    removed: Vec::new()
                },
                Change::Clinvar {
                    from: Known::Absent,
                    to: Known::Found(assertion)
                },
                Change::Frequency {
                    from: Known::Found(1e-5),
                    to: Known::NotAvailable
                },
            ]
        );
        assert_eq!(diff.variants[1].changes, [Change::Vanished]);
        assert_eq!(diff.variants[2].changes, [Change::Appeared]);
        assert_eq!(diff.reclassified().count(), 1);
        let same = diff_results((&[pin("1")], &before), (&[pin("1")], &before));
        assert!(same.releases.is_empty() && same.variants.is_empty() && same.unchanged == 3);
        let text = serde_json::to_string(&diff).unwrap();
        assert_eq!(serde_json::from_str::<ResultDiff>(&text).unwrap(), diff);
    }
}
