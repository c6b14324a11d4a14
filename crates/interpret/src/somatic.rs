//! Variants of a tumour: how likely they drive it (oncogenicity, Horak 2022 GIM 24:986) and what they mean for the
//! patient (tiers of AMP, ASCO and CAP, Li 2017 J Mol Diagn 19:4). Both stand apart from the germline class.
//!
//! The evidence comes from the laboratory: counts in hotspots, frequencies, functional studies, and statements on drugs,
//! diagnosis or prognosis with their tumour type. The rules count; a person decides.

mod assess;
mod knowledge;
mod profile;

use clinotype_genome::{Fault, Result};
use serde::{Deserialize, Serialize};

use crate::rules::RULES;

pub use assess::{Assessment, Knowledge, SomaticCriterion, assess};
pub use knowledge::{Entered, EnteredByAllele, Hotspots, Known, Role, Roles, Statements, entered};

/// The five classes of oncogenicity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Oncogenicity {
    /// Benign.
    Benign,
    /// Likely benign.
    LikelyBenign,
    /// Uncertain significance.
    Uncertain,
    /// Likely oncogenic.
    LikelyOncogenic,
    /// Oncogenic.
    Oncogenic,
}

/// A criterion of Horak 2022 with the points that it adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OncogenicCode {
    /// `OVS1` ... `SBP2`.
    pub code: String,
    /// Points at its own strength, negative towards benign.
    pub points: i32,
    /// What it says.
    pub words: String,
    /// A code that must not stand beside it.
    pub excludes: Vec<String>,
}

/// Points and class of a tumour's variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OncogenicResult {
    /// The codes that count, as given, with their points.
    pub codes: Vec<(String, i32)>,
    /// Their sum.
    pub points: i32,
    /// The class by points.
    pub class: Oncogenicity,
    /// What a person must look at.
    pub notes: Vec<String>,
}

/// The class of a sum; the bounds are those of the germline points.
pub const fn class_of_points(points: i32) -> Oncogenicity {
    match points {
        10.. => Oncogenicity::Oncogenic,
        6..=9 => Oncogenicity::LikelyOncogenic,
        0..=5 => Oncogenicity::Uncertain,
        -6..=-1 => Oncogenicity::LikelyBenign,
        _ => Oncogenicity::Benign,
    }
}

/// Points and class of codes as people write them: `OVS1, OM4, OP4` or with another strength, `OS2_Moderate`.
///
/// # Errors
/// An input fault: an unknown code or strength, a code given twice, two codes that exclude each other.
pub fn oncogenicity(text: &str) -> Result<OncogenicResult> {
    let mut given: Vec<(&OncogenicCode, i32)> = Vec::new();
    for word in text.split(|c: char| matches!(c, ',' | ';' | '+' | '|') || c.is_whitespace()) {
        if word.is_empty() {
            continue;
        }
        let (name, suffix) = word.split_once('_').map_or((word, None), |(a, b)| (a, Some(b)));
        let code = RULES
            .oncogenicity
            .iter()
            .find(|code| code.code.eq_ignore_ascii_case(name))
            .ok_or_else(|| {
                Fault::input(format!("{name:?} is no criterion of oncogenicity"))
                    .hint("write for example OVS1, OS2, OM4_Supporting, SBP1; separate them by commas")
            })?;
        if given.iter().any(|(other, _)| other.code == code.code) {
            return Err(Fault::input(format!("criterion {} is given twice", code.code)));
        }
        let points = match suffix {
            None => code.points,
            Some(suffix) => {
                let strength = crate::acmg::codes::strength(suffix)
                    .ok_or_else(|| Fault::input(format!("{suffix:?} after {} is not a strength", code.code)))?;
                strength.points() * code.points.signum()
            }
        };
        given.push((code, points));
    }
    for (code, _) in &given {
        if let Some((other, _)) = given.iter().find(|(other, _)| code.excludes.contains(&other.code)) {
            return Err(Fault::input(format!(
                "{} and {} say the same and must not both count",
                code.code, other.code
            ))
            .hint("keep the stronger one"));
        }
    }
    let points: i32 = given.iter().map(|(_, points)| points).sum();
    let towards = |sign: i32| -> i32 { given.iter().map(|(_, p)| *p).filter(|p| p.signum() == sign).sum() };
    let mut notes = Vec::new();
    if towards(1) >= 4 && towards(-1) <= -4 {
        notes.push("conflicting evidence: a person must decide".to_owned());
    }
    Ok(OncogenicResult {
        codes: given
            .iter()
            .map(|(code, points)| (code.code.clone(), *points))
            .collect(),
        points,
        class: class_of_points(points),
        notes,
    })
}

/// The code of a population frequency (highest of the general groups): SBVS1 above 5 %, SBS1 above 1 %, OP4 where the
/// allele is absent at a covered site; `None` between. `None` for the frequency: not known, no code.
pub fn frequency_code(frequency: Option<f64>) -> Option<&'static str> {
    match frequency? {
        f if f > 0.05 => Some("SBVS1"),
        f if f > 0.01 => Some("SBS1"),
        0.0 => Some("OP4"),
        _ => None,
    }
}

/// The code of a hotspot: tumours with any change of the residue, and with this very change of it.
pub const fn hotspot_code(at_residue: u32, same_change: u32) -> Option<&'static str> {
    match (at_residue, same_change) {
        (50.., 10..) => Some("OS3"),
        (_, 10..) => Some("OM3"),
        (_, 1..) => Some("OP3"),
        _ => None,
    }
}

/// Level of a statement on drugs, diagnosis or prognosis (Li 2017, table 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// Preclinical studies or case reports.
    D,
    /// Small studies, or approval for another tumour, or a criterion of a trial.
    C,
    /// Well-powered studies with the consensus of experts.
    B,
    /// Approval, or a guideline.
    A,
}

/// One statement that a source makes of the variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Its level for its own tumour type.
    pub level: Level,
    /// The tumour type that it is about, as a code (OncoTree) or a name; empty: every solid tumour.
    pub tumor: String,
    /// What it says, for the report.
    pub words: String,
    /// Where it comes from.
    pub source: String,
}

/// The four tiers, with their level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tier {
    /// Strong clinical significance, level A.
    IA,
    /// Strong clinical significance, level B.
    IB,
    /// Potential clinical significance, level C.
    IIC,
    /// Potential clinical significance, level D.
    IID,
    /// Unknown clinical significance.
    III,
    /// Benign or likely so.
    IV,
}

/// The tier of a variant in a patient with this tumour, and the statements that decide it.
///
/// A or B for another tumour is C here. Without a statement the variant is IV where it is common (1 % or more) or its
/// oncogenicity is (likely) benign, else III. `frequency`: `None` where it is not known, which never makes a tier IV.
pub fn tier<'a>(
    tumor: &str,
    statements: &'a [Statement],
    oncogenicity: Option<Oncogenicity>,
    frequency: Option<f64>,
) -> (Tier, Vec<&'a Statement>) {
    let level = |s: &Statement| {
        let same = s.tumor.is_empty() || s.tumor.trim().eq_ignore_ascii_case(tumor.trim());
        if same { s.level } else { s.level.min(Level::C) }
    };
    let Some(best) = statements.iter().map(level).max() else {
        let benign = matches!(oncogenicity, Some(Oncogenicity::Benign | Oncogenicity::LikelyBenign));
        let common = frequency.is_some_and(|f| f >= 0.01);
        return (if benign || common { Tier::IV } else { Tier::III }, Vec::new());
    };
    let tier = match best {
        Level::A => Tier::IA,
        Level::B => Tier::IB,
        Level::C => Tier::IIC,
        Level::D => Tier::IID,
    };
    (tier, statements.iter().filter(|s| level(s) == best).collect())
}

/// A missense change for tests.
#[cfg(test)]
pub(crate) fn shown_for_tests() -> clinotype_case::evidence::TranscriptConsequence {
    serde_json::from_value(serde_json::json!({
        "symbol": "BRAF", "hgnc_id": null, "gene_id": null, "transcript": "NM_004333.6", "protein_id": null,
        "biotype": "protein_coding", "terms": ["missense_variant"], "impact": "MODERATE", "strand": "-",
        "mane": "select", "picked": true, "exon": "15/18", "intron": null, "hgvs_c": "NM_004333.6:c.1799T>A",
        "hgvs_p": "NP_004324.2:p.(Val600Glu)", "protein_position": "600", "amino_acids": "V/E",
        "loss_of_function": null, "splice": null, "warnings": []
    }))
    .unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_and_classes() {
        for (text, points, class) in [
            ("", 0, Oncogenicity::Uncertain),
            ("OVS1", 8, Oncogenicity::LikelyOncogenic),
            ("OVS1,OM4", 10, Oncogenicity::Oncogenic),
            ("OS2 + OS3 + OP4", 9, Oncogenicity::LikelyOncogenic),
            ("OM1,OP1,OP3", 4, Oncogenicity::Uncertain),
            ("OS2_Moderate", 2, Oncogenicity::Uncertain),
            ("SBVS1", -8, Oncogenicity::Benign),
            ("SBS1", -4, Oncogenicity::LikelyBenign),
            ("SBP1,SBP2", -2, Oncogenicity::LikelyBenign),
            ("sbp1_strong", -4, Oncogenicity::LikelyBenign),
        ] {
            let made = oncogenicity(text).unwrap();
            assert_eq!((made.points, made.class), (points, class), "{text}");
        }
        assert!(oncogenicity("OVS1,SBS1").unwrap().notes[0].contains("conflicting"));
        for (text, words) in [
            ("PVS1", "no criterion of oncogenicity"),
            ("OS1,OS1", "given twice"),
            ("OS2_Weak", "not a strength"),
            ("OS3,OM3", "must not both count"),
            ("OP4,SBS1", "must not both count"),
        ] {
            let message = oncogenicity(text).unwrap_err().to_string();
            assert!(message.contains(words), "{text}: {message}");
        }
    }

    #[test]
    fn codes_of_counts() {
        for (frequency, expected) in [
            (None, None),
            (Some(0.0), Some("OP4")),
            (Some(0.001), None),
            (Some(0.01), None),
            (Some(0.011), Some("SBS1")),
            (Some(0.051), Some("SBVS1")),
        ] {
            assert_eq!(frequency_code(frequency), expected, "{frequency:?}");
        }
        assert_eq!(hotspot_code(60, 12), Some("OS3"));
        assert_eq!(hotspot_code(49, 12), Some("OM3"));
        assert_eq!(hotspot_code(60, 9), Some("OP3"));
        assert_eq!(hotspot_code(60, 0), None);
    }

    #[test]
    fn tiers_by_tumour() {
        let statement = |level, tumor: &str| Statement {
            level,
            tumor: tumor.to_owned(),
            words: "responds".to_owned(),
            source: "guideline".to_owned(),
        };
        let a = [statement(Level::A, "MEL"), statement(Level::D, "LUAD")];
        assert_eq!(tier("mel", &a, None, None), (Tier::IA, vec![&a[0]]));
        assert_eq!(tier("LUAD", &a, None, None).0, Tier::IIC);
        assert_eq!(tier("LUAD", &a[1..], None, None).0, Tier::IID);
        assert_eq!(tier("X", &[statement(Level::A, "")], None, None).0, Tier::IA);
        assert_eq!(tier("MEL", &[], None, None).0, Tier::III);
        assert_eq!(tier("MEL", &[], None, Some(0.02)).0, Tier::IV);
        assert_eq!(tier("MEL", &[], Some(Oncogenicity::LikelyBenign), None).0, Tier::IV);
    }
}
