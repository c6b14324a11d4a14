//! Which of several records of one allele is kept.

use std::cmp::Reverse;

use crate::alleles::field::Field;

/// The rule for several records of one allele. Where it does not decide, the earlier record stays: files in the order
/// of the call, lines in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Duplicates {
    /// The first record.
    First,
    /// The last record.
    Last,
    /// The record with the highest number in a field: `AN` for frequencies, a score where a table has one line per
    /// transcript.
    Highest(String),
    /// ClinVar's: a classification of the allele itself, then the better review, then the older variation ID.
    Clinvar,
    /// Two records of one allele are a fault.
    Refuse,
    /// Whole numbers are added up, other fields stay as in the first record.
    Sum,
}

impl std::str::FromStr for Duplicates {
    type Err = String;
    /// `first`, `last`, `highest=FIELD`, `clinvar`, `sum`, `refuse`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "first" => Ok(Self::First),
            "last" => Ok(Self::Last),
            "clinvar" => Ok(Self::Clinvar),
            "sum" => Ok(Self::Sum),
            "refuse" => Ok(Self::Refuse),
            _ => match text.split_once('=') {
                Some(("highest", field)) if !field.is_empty() => Ok(Self::Highest(field.to_owned())),
                _ => Err(format!(
                    "unknown rule {text:?}: use first, last, highest=FIELD, clinvar, sum or refuse"
                )),
            },
        }
    }
}

impl Duplicates {
    /// In words, for the facts of the store.
    pub fn words(&self) -> String {
        match self {
            Self::First => "the first record".to_owned(),
            Self::Last => "the last record".to_owned(),
            Self::Highest(field) => format!("the record with the highest {field}, else the first"),
            Self::Clinvar => {
                "the record with a classification of the allele itself, then the better review status, then the \
                 older variation ID"
                    .to_owned()
            }
            Self::Refuse => "none: two records of one allele are refused".to_owned(),
            Self::Sum => "counts are added up".to_owned(),
        }
    }

    /// Whether `new` takes the place of `old`.
    pub(super) fn replaces(&self, fields: &[Field], old: &[Option<&str>], new: &[Option<&str>]) -> bool {
        let at = |name: &str| fields.iter().position(|f| f.name == name);
        let value = |values: &[Option<&str>], field: Option<usize>| -> Option<String> {
            values.get(field?).copied().flatten().map(str::to_owned)
        };
        match self {
            Self::First | Self::Refuse | Self::Sum => false,
            Self::Last => true,
            Self::Highest(name) => {
                let field = at(name);
                let number = |values: &[Option<&str>]| value(values, field).and_then(|t| t.parse::<f64>().ok());
                match (number(old), number(new)) {
                    (Some(old), Some(new)) => new > old,
                    (None, Some(_)) => true,
                    (_, None) => false,
                }
            }
            Self::Clinvar => {
                let (significance, review, id) = (at("CLNSIG"), at("CLNREVSTAT"), at("ID"));
                let rank = |values: &[Option<&str>]| {
                    clinvar_rank(
                        value(values, significance).is_some(),
                        &value(values, review).unwrap_or_default(),
                        &value(values, id).unwrap_or_default(),
                    )
                };
                rank(new) > rank(old)
            }
        }
    }
}

/// The rank of a ClinVar record among those of one allele: the higher one counts.
pub fn clinvar_rank(classified: bool, review: &str, id: &str) -> (bool, u8, Reverse<u64>) {
    (classified, stars(review), Reverse(id.parse().unwrap_or(u64::MAX)))
}

/// Stars of a review status (CLNREVSTAT), as ClinVar counts them.
fn stars(review: &str) -> u8 {
    match review {
        "practice_guideline" => 4,
        "reviewed_by_expert_panel" => 3,
        "criteria_provided,_multiple_submitters,_no_conflicts" => 2,
        t if t.starts_with("criteria_provided") => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alleles::field::Kind;

    #[test]
    fn rules() {
        let fields = [
            Field::new("ID", Kind::Text, ""),
            Field::new("CLNSIG", Kind::Text, ""),
            Field::new("CLNREVSTAT", Kind::Text, ""),
            Field::new("AN", Kind::Integer, ""),
        ];
        let expert = [
            Some("9"),
            Some("Pathogenic"),
            Some("reviewed_by_expert_panel"),
            Some("10"),
        ];
        let single = [
            Some("5"),
            Some("Benign"),
            Some("criteria_provided,_single_submitter"),
            Some("9"),
        ];
        let included = [Some("1"), None, None, None];
        let replaces = |rule: &Duplicates, old: &[Option<&str>], new: &[Option<&str>]| rule.replaces(&fields, old, new);
        let clinvar = Duplicates::Clinvar;
        assert!(replaces(&clinvar, &single, &expert) && !replaces(&clinvar, &expert, &single));
        assert!(replaces(&clinvar, &included, &single) && !replaces(&clinvar, &single, &included));
        let highest = Duplicates::Highest("AN".to_owned());
        assert!(replaces(&highest, &single, &expert) && !replaces(&highest, &expert, &single));
        assert!(replaces(&highest, &included, &single) && !replaces(&highest, &single, &included));
        assert!(!replaces(&highest, &single, &single));
        assert!(replaces(&Duplicates::Last, &expert, &included) && !replaces(&Duplicates::First, &expert, &included));
    }
}
