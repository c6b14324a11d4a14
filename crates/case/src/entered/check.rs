//! What an evidence file must hold before anything is made of it.

use std::collections::BTreeSet;

use clinotype_genome::{ContigKey, Fault, Result, VariantKey};

use super::{Decision, Entry, EvidenceFile, NamedVariant, SCHEMA, Setting};
use crate::criterion::{Side, Strength};

/// Whether two alleles are one, whether or not their contigs are written with `chr`.
pub fn same_allele(a: &VariantKey, b: &VariantKey) -> bool {
    let contig = a.contig == b.contig
        || match (ContigKey::of(&a.contig), ContigKey::of(&b.contig)) {
            (Some(a), Some(b)) => a == b,
            _ => false,
        };
    contig && a.position == b.position && a.reference == b.reference && a.alternate == b.alternate
}

impl EvidenceFile {
    /// Reads a file. Faults say the place in it and repeat no value.
    ///
    /// # Errors
    /// An input fault where it is not JSON, of another schema, holds a field that the schema does not know, or fails
    /// [`EvidenceFile::check`].
    pub fn parse(text: &str) -> Result<Self> {
        let value: serde_json::Value = serde_json::from_str(text)
            .map_err(|e| Fault::input(format!("is not JSON: line {}, column {}", e.line(), e.column())))?;
        if value.get("schema").and_then(serde_json::Value::as_str) != Some(SCHEMA) {
            return Err(Fault::input(format!("does not state the schema {SCHEMA}"))
                .hint("the file begins with {\"schema\": \"clinotype-evidence/1\", \"build\": \"GRCh38\", \"variants\": [...]}"));
        }
        let mut file: Self = serde_json::from_str(text).map_err(|e| {
            Fault::input(format!(
                "does not follow the schema {SCHEMA}: line {}, column {}",
                e.line(),
                e.column()
            ))
            .hint("a field is missing, unknown or of the wrong kind there; the README lists the fields")
        })?;
        for allele in file.variants.iter_mut().filter_map(|v| v.allele.as_mut()) {
            *allele = VariantKey::new(
                allele.contig.clone(),
                allele.position,
                &allele.reference,
                &allele.alternate,
            );
        }
        file.check()?;
        Ok(file)
    }

    /// Looks at what the types alone do not say.
    ///
    /// # Errors
    /// An input fault that names the variant by its number in the file.
    pub fn check(&self) -> Result<()> {
        let mut names = BTreeSet::new();
        for (number, variant) in self.variants.iter().enumerate() {
            let wrong = |what: &str| Fault::input(format!("variant {} of the evidence {what}", number + 1));
            let name = match (&variant.allele, &variant.hgvs) {
                (Some(allele), None) => {
                    let contig = ContigKey::of(&allele.contig);
                    let contig = contig.as_ref().map_or(allele.contig.as_str(), ContigKey::as_str);
                    format!(
                        "{contig}:{}:{}:{}",
                        allele.position.get(),
                        allele.reference,
                        allele.alternate
                    )
                }
                (None, Some(name)) if !name.trim().is_empty() => name.clone(),
                _ => return Err(wrong("is named by an allele or by an HGVS name: give one of the two")),
            };
            if !names.insert(name) {
                return Err(wrong("is named a second time").hint("put all evidence on a variant in one place"));
            }
            check_variant(variant, &wrong)?;
        }
        Ok(())
    }
}

fn check_variant(variant: &NamedVariant, wrong: &dyn Fn(&str) -> Fault) -> Result<()> {
    for entry in &variant.evidence {
        if let Some(what) = entry.fault() {
            return Err(wrong(&format!("holds {} evidence that {what}", entry.kind())));
        }
    }
    for (number, decision) in variant.decisions.iter().enumerate() {
        if let Some(what) = decision.fault() {
            return Err(wrong(&format!("holds a decision on {} that {what}", decision.code)));
        }
        if variant.decisions[..number]
            .iter()
            .any(|other| other.code == decision.code)
        {
            return Err(wrong(&format!("holds two decisions on {}", decision.code)));
        }
    }
    Ok(())
}

impl Entry {
    /// What is wrong with it by itself, in words that follow `evidence that`; `None`: nothing.
    pub fn fault(&self) -> Option<&'static str> {
        if self.source().trim().is_empty() {
            return Some("states no source");
        }
        match self {
            Self::Assay { odds, .. } if !odds.is_finite() || *odds <= 0.0 => {
                Some("has an OddsPath that is not a number above zero")
            }
            Self::Segregation { families: 0, .. } => Some("counts no family"),
            Self::Segregation {
                meioses: 0,
                affected_without: 0,
                ..
            } => Some("counts neither meioses nor affected relatives without the variant"),
            Self::CaseControl {
                cases_with,
                cases_without,
                controls_with,
                controls_without,
                ..
            } if cases_with + cases_without == 0 || controls_with + controls_without == 0 => {
                Some("has no cases or no controls")
            }
            Self::Probands { unrelated: 0, .. } => Some("counts no proband"),
            Self::OtherAllele { allele, .. } if allele.trim().is_empty() => Some("does not name the other allele"),
            Self::OtherCause { cause, .. } if cause.trim().is_empty() => Some("does not name the other cause"),
            _ => None,
        }
    }
}

impl Decision {
    /// What is wrong with it by itself, in words that follow `a decision that`; `None`: nothing.
    pub fn fault(&self) -> Option<&'static str> {
        if self.reason.trim().is_empty() {
            return Some("has no reason");
        }
        if self.by.trim().is_empty() {
            return Some("states no person");
        }
        if self.setting == Setting::Met(Strength::StandAlone) && self.code.side() == Side::Pathogenic {
            return Some("cannot stand alone: it points to pathogenic");
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(variant: &str) -> String {
        format!(r#"{{"schema": "{SCHEMA}", "build": "GRCh38", "variants": [{variant}]}}"#)
    }

    const ALLELE: &str = r#""allele": {"contig": "17", "position": 43045711, "reference": "g", "alternate": "A"}"#;

    #[test]
    fn a_file_reads_and_is_written_back() {
        let text = file(&format!(
            r#"{{{ALLELE}, "evidence": [
                {{"kind": "de_novo", "source": "trio", "fit": "consistent", "parentage": "confirmed", "patient": true}},
                {{"kind": "assay", "source": "PMID 1", "odds": 12.5}},
                {{"kind": "segregation", "source": "PMID 2", "families": 1, "meioses": 4}}],
              "decisions": [{{"code": "PS3", "setting": {{"met": "moderate"}}, "reason": "one assay", "by": "Dr. A"}},
                {{"code": "PM1", "setting": "not_applicable", "reason": "not a hot spot", "by": "Dr. A"}}]}}"#
        ));
        let read = EvidenceFile::parse(&text).unwrap();
        let variant = &read.variants[0];
        assert_eq!(variant.allele.as_ref().unwrap().reference, "G");
        assert_eq!(variant.evidence.len(), 3);
        assert_eq!(variant.decisions[0].setting, Setting::Met(Strength::Moderate));
        let written = serde_json::to_string(&read).unwrap();
        assert_eq!(EvidenceFile::parse(&written).unwrap(), read);
    }

    #[test]
    fn what_cannot_be_used_is_refused_by_its_place() {
        let with = |rest: &str| format!("{{{ALLELE}, {rest}}}");
        for (text, words) in [
            ("{".to_owned(), "is not JSON: line 1"),
            ("{}".to_owned(), "does not state the schema"),
            (
                file(r#"{"allele": {"contig": "1", "position": 0, "reference": "A", "alternate": "C"}}"#),
                "schema",
            ),
            (file("{}"), "named by an allele or by an HGVS name"),
            (file(&with(r#""remarks": 1"#)), "does not follow the schema"),
            (
                file(&with(
                    r#""evidence": [{"kind": "assay", "source": "x", "odds": 2, "more": 1}]"#,
                )),
                "does not follow",
            ),
            (
                file(&with(r#""evidence": [{"kind": "assay", "source": "x", "odds": 0}]"#)),
                "OddsPath",
            ),
            (
                file(&with(r#""evidence": [{"kind": "assay", "source": " ", "odds": 3}]"#)),
                "states no source",
            ),
            (
                file(&with(
                    r#""decisions": [{"code": "PS3", "setting": "not_met", "reason": "", "by": "A"}]"#,
                )),
                "has no reason",
            ),
            (
                file(&with(
                    r#""decisions": [{"code": "PS3", "setting": {"met": "stand_alone"}, "reason": "r", "by": "A"}]"#,
                )),
                "cannot stand alone",
            ),
            (
                file(&with(
                    r#""decisions": [{"code": "PP5", "setting": "not_met", "reason": "r", "by": "A"}]"#,
                )),
                "schema",
            ),
            (
                file(&format!(
                    r#"{{{ALLELE}}}, {{"allele": {{"contig": "chr17", "position": 43045711, "reference": "G", "alternate": "A"}}}}"#
                )),
                "named a second time",
            ),
        ] {
            let fault = EvidenceFile::parse(&text).unwrap_err().to_string();
            assert!(fault.contains(words), "{text}: {fault}");
        }
    }

    #[test]
    fn contigs_with_and_without_prefix_are_one() {
        let key = |contig: &str| VariantKey::new(contig, clinotype_genome::Pos::new(5).unwrap(), "A", "C");
        assert!(same_allele(&key("chr7"), &key("7")));
        assert!(same_allele(&key("chrM"), &key("MT")));
        assert!(!same_allele(&key("7"), &key("8")));
        assert!(same_allele(&key("odd"), &key("odd")));
    }
}
