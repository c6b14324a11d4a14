//! Which transcript of a gene is marked `PICK`: a list of criteria, the first that tells two transcripts apart decides.

use std::{cmp::Ordering, fmt, str::FromStr};

use crate::{consequence::terms::Terms, facts::Mane, transcripts::Transcript};

/// One criterion. The names are those of VEP's `--pick_order`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickRule {
    /// MANE Select first.
    ManeSelect,
    /// MANE Plus Clinical first.
    ManePlusClinical,
    /// The provider's canonical transcript first (`Ensembl_canonical`, `RefSeq Select`).
    Canonical,
    /// Transcripts with a coding sequence first, and among those the biotype `protein_coding`.
    Biotype,
    /// The more severe consequence of the allele first.
    Rank,
    /// The longer coding sequence first, then the longer transcript.
    Length,
    /// Ensembl's accessions first.
    Ensembl,
    /// RefSeq's accessions first.
    Refseq,
}

const NAMES: [(PickRule, &str); 8] = [
    (PickRule::ManeSelect, "mane_select"),
    (PickRule::ManePlusClinical, "mane_plus_clinical"),
    (PickRule::Canonical, "canonical"),
    (PickRule::Biotype, "biotype"),
    (PickRule::Rank, "rank"),
    (PickRule::Length, "length"),
    (PickRule::Ensembl, "ensembl"),
    (PickRule::Refseq, "refseq"),
];

impl PickRule {
    fn name(self) -> &'static str {
        NAMES
            .iter()
            .find(|(rule, _)| *rule == self)
            .map_or("", |(_, name)| name)
    }

    /// Smaller is preferred.
    fn key(self, t: &Transcript, terms: Terms) -> i64 {
        match self {
            Self::ManeSelect => i64::from(t.mane != Mane::Select),
            Self::ManePlusClinical => i64::from(t.mane != Mane::PlusClinical),
            Self::Canonical => i64::from(!t.canonical),
            Self::Biotype => match (t.coding.is_some(), t.biotype == "protein_coding") {
                (true, true) => 0,
                (true, false) => 1,
                (false, true) => 2,
                (false, false) => 3,
            },
            Self::Rank => terms.iter().next().map_or(i64::MAX, |term| term as i64),
            Self::Length => -((i64::from(t.coding_length()) << 32) + i64::from(t.length())),
            Self::Ensembl => i64::from(!t.accession.starts_with("ENS")),
            Self::Refseq => i64::from(!["NM_", "NR_", "XM_", "XR_"].iter().any(|p| t.accession.starts_with(p))),
        }
    }
}

/// The order of criteria. Transcripts that none tells apart go by accession, so that the choice is always the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickOrder(Vec<PickRule>);

impl Default for PickOrder {
    /// MANE Select, MANE Plus Clinical, canonical, biotype, length.
    fn default() -> Self {
        Self(vec![
            PickRule::ManeSelect,
            PickRule::ManePlusClinical,
            PickRule::Canonical,
            PickRule::Biotype,
            PickRule::Length,
        ])
    }
}

impl PickOrder {
    /// The criteria in order.
    pub fn rules(&self) -> &[PickRule] {
        &self.0
    }

    /// `Less` where the first transcript is preferred. `terms`: the allele's consequence on each.
    pub(crate) fn compare(&self, a: (&Transcript, Terms), b: (&Transcript, Terms)) -> Ordering {
        self.0
            .iter()
            .map(|rule| rule.key(a.0, a.1).cmp(&rule.key(b.0, b.1)))
            .find(|order| *order != Ordering::Equal)
            .unwrap_or_else(|| a.0.accession.cmp(&b.0.accession))
    }
}

impl fmt::Display for PickOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, rule) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(",")?;
            }
            f.write_str(rule.name())?;
        }
        Ok(())
    }
}

impl FromStr for PickOrder {
    type Err = String;

    /// Names separated by commas. A name that is unknown or comes twice is an error that lists the known ones.
    fn from_str(text: &str) -> Result<Self, String> {
        let known = || NAMES.map(|(_, name)| name).join(", ");
        let mut rules = Vec::new();
        for word in text.split(',') {
            let word = word.trim();
            let Some((rule, _)) = NAMES.iter().find(|(_, name)| *name == word) else {
                return Err(format!(
                    "{word:?} is no criterion of the pick order; known are {}",
                    known()
                ));
            };
            if rules.contains(rule) {
                return Err(format!("{word} comes twice in the pick order"));
            }
            rules.push(*rule);
        }
        Ok(Self(rules))
    }
}

#[cfg(test)]
mod tests {
    use clinotype_genome::Strand;

    use super::*;
    use crate::{consequence::terms::Term, transcripts::model::tests::model};

    #[test]
    fn the_first_criterion_that_differs_decides() {
        let named = |accession: &str, exons: &[(u32, u32)], cds| {
            let mut t = model(Strand::Forward, exons, cds);
            accession.clone_into(&mut t.accession);
            t
        };
        let short = {
            let mut t = named("NM_2.1", &[(0, 90)], Some((0, 90)));
            t.mane = Mane::Select;
            t
        };
        let plus = {
            let mut t = named("NM_3.1", &[(0, 60)], Some((0, 60)));
            t.mane = Mane::PlusClinical;
            t.canonical = true;
            t
        };
        let long = named("ENST1.1", &[(0, 300)], Some((0, 300)));
        let noncoding = {
            let mut t = named("NR_1.1", &[(0, 900)], None);
            "lncRNA".clone_into(&mut t.biotype);
            t
        };
        let mut severe = Terms::default();
        severe.add(Term::StopGained);
        let mut mild = Terms::default();
        mild.add(Term::Intron);
        let all = [(&noncoding, severe), (&long, mild), (&plus, mild), (&short, mild)];
        for (order, expected) in [
            (
                PickOrder::default().to_string().as_str(),
                "NM_2.1 NM_3.1 ENST1.1 NR_1.1",
            ),
            ("length", "ENST1.1 NM_2.1 NM_3.1 NR_1.1"),
            ("canonical,length", "NM_3.1 ENST1.1 NM_2.1 NR_1.1"),
            ("rank,mane_plus_clinical", "NR_1.1 NM_3.1 ENST1.1 NM_2.1"),
            ("refseq,biotype", "NM_2.1 NM_3.1 NR_1.1 ENST1.1"),
        ] {
            let order: PickOrder = order.parse().unwrap();
            let mut sorted = all;
            sorted.sort_by(|a, b| order.compare(*a, *b));
            let names: Vec<_> = sorted.iter().map(|(t, _)| t.accession.as_str()).collect();
            assert_eq!(names.join(" "), expected, "{order}");
        }
    }

    #[test]
    fn words() {
        let order: PickOrder = "mane_select, rank".parse().unwrap();
        assert_eq!(order.rules(), [PickRule::ManeSelect, PickRule::Rank]);
        assert_eq!(PickOrder::default().to_string().parse(), Ok(PickOrder::default()));
        for (text, words) in [
            ("longest", "\"longest\" is no criterion"),
            ("", "known are mane_select, mane_plus_clinical"),
            ("rank,rank", "comes twice"),
        ] {
            assert!(text.parse::<PickOrder>().unwrap_err().contains(words), "{text}");
        }
    }
}
