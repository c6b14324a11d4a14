//! Phenopackets of GA4GH, version 2 (phenopacket-schema.readthedocs.io), as JSON: what of them the laboratory uses.
//!
//! A Phenopacket is one person: sex, phenotypic features by HPO term, diseases, causal variants. A Family holds a proband
//! and a pedigree. Both are told by their fields.

use clinotype_genome::{Fault, Result};
use serde::Deserialize;

use crate::{
    Sex,
    pedigree::{Member, Pedigree},
};

/// A person with their features.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phenopacket {
    /// Its identifier.
    pub id: String,
    /// The person's name in the file.
    pub subject: Option<String>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Terms of the features that were seen.
    pub present: Vec<Feature>,
    /// Terms of the features that were looked for and not seen.
    pub excluded: Vec<Feature>,
    /// Variants of its interpretations.
    pub variants: Vec<Variant>,
}

/// A phenotypic feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    /// `HP:0001263`.
    pub id: String,
    /// Its name, as the file writes it.
    pub label: Option<String>,
}

/// A variant of an interpretation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variant {
    /// Whether the file calls it causative (`CAUSATIVE`, or pathogenic by ACMG).
    pub causative: bool,
    /// Gene symbol.
    pub gene: Option<String>,
    /// `heterozygous`, `homozygous`, `hemizygous`.
    pub zygosity: Option<String>,
    /// Assembly, contig, position, REF, ALT.
    pub vcf: Option<(String, String, u32, String, String)>,
    /// HGVS names.
    pub names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Packet {
    #[serde(default)]
    id: String,
    subject: Option<Subject>,
    #[serde(default)]
    phenotypic_features: Vec<FeatureRow>,
    #[serde(default)]
    interpretations: Vec<Interpretation>,
    meta_data: Option<MetaData>,
    // Of a Family.
    proband: Option<Box<Packet>>,
    pedigree: Option<PedigreeRow>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MetaData {
    phenopacket_schema_version: Option<String>,
}

#[derive(Deserialize)]
struct Subject {
    id: Option<String>,
    sex: Option<String>,
}

#[derive(Deserialize)]
struct FeatureRow {
    #[serde(rename = "type")]
    term: Option<Term>,
    #[serde(default)]
    excluded: bool,
}

#[derive(Deserialize)]
struct Term {
    #[serde(default)]
    id: String,
    label: Option<String>,
}

#[derive(Deserialize)]
struct Interpretation {
    diagnosis: Option<Diagnosis>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Diagnosis {
    #[serde(default)]
    genomic_interpretations: Vec<GenomicInterpretation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GenomicInterpretation {
    interpretation_status: Option<String>,
    variant_interpretation: Option<VariantInterpretation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct VariantInterpretation {
    variation_descriptor: Option<Descriptor>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    gene_context: Option<GeneContext>,
    vcf_record: Option<VcfRecord>,
    #[serde(default)]
    expressions: Vec<Expression>,
    allelic_state: Option<Term>,
}

#[derive(Deserialize)]
struct GeneContext {
    symbol: Option<String>,
}

#[derive(Deserialize)]
struct Expression {
    value: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct VcfRecord {
    genome_assembly: String,
    chrom: String,
    // Protobuf's JSON writes 64-bit numbers as text.
    pos: serde_json::Value,
    #[serde(rename = "ref")]
    reference: String,
    alt: String,
}

#[derive(Deserialize)]
struct PedigreeRow {
    #[serde(default)]
    persons: Vec<PersonRow>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PersonRow {
    #[serde(default)]
    family_id: String,
    #[serde(default)]
    individual_id: String,
    #[serde(default)]
    paternal_id: String,
    #[serde(default)]
    maternal_id: String,
    sex: Option<String>,
    affected_status: Option<String>,
}

fn sex(word: Option<&str>) -> Option<Sex> {
    match word {
        Some("MALE") => Some(Sex::Male),
        Some("FEMALE") => Some(Sex::Female),
        _ => None,
    }
}

fn read(text: &str) -> Result<Packet> {
    let packet: Packet = serde_json::from_str(text).map_err(|e| {
        // serde's own words may repeat what stands in the file.
        Fault::input("is not a Phenopacket: its JSON cannot be read")
            .line(e.line() as u64)
            .hint("give a Phenopacket or Family of GA4GH, version 2, as JSON")
    })?;
    let version = packet
        .meta_data
        .as_ref()
        .and_then(|m| m.phenopacket_schema_version.as_deref());
    if version.is_some_and(|v| !v.starts_with('2')) {
        return Err(Fault::input("is a Phenopacket of another version than 2").hint("convert it to version 2"));
    }
    Ok(packet)
}

/// Reads a Phenopacket, or the proband of a Family. Faults never repeat what the file says of the person.
pub fn phenopacket(text: &str) -> Result<Phenopacket> {
    let packet = read(text)?;
    let packet = match packet.proband {
        Some(proband) => *proband,
        None => packet,
    };
    if packet.subject.is_none() && packet.phenotypic_features.is_empty() {
        return Err(
            Fault::input("is not a Phenopacket: it has neither a subject nor phenotypic features")
                .hint("give a Phenopacket or Family of GA4GH, version 2, as JSON"),
        );
    }
    let mut found = Phenopacket {
        id: packet.id,
        sex: sex(packet.subject.as_ref().and_then(|s| s.sex.as_deref())),
        subject: packet.subject.and_then(|s| s.id),
        ..Phenopacket::default()
    };
    for row in packet.phenotypic_features {
        let Some(term) = row.term else { continue };
        let list = if row.excluded {
            &mut found.excluded
        } else {
            &mut found.present
        };
        list.push(Feature {
            id: term.id,
            label: term.label,
        });
    }
    let interpretations = packet.interpretations.into_iter().filter_map(|i| i.diagnosis);
    for one in interpretations.flat_map(|d| d.genomic_interpretations) {
        let Some(descriptor) = one.variant_interpretation.and_then(|v| v.variation_descriptor) else {
            continue;
        };
        found.variants.push(Variant {
            causative: matches!(one.interpretation_status.as_deref(), Some("CAUSATIVE" | "CONTRIBUTORY")),
            gene: descriptor.gene_context.and_then(|g| g.symbol),
            zygosity: descriptor.allelic_state.and_then(|s| s.label),
            vcf: descriptor.vcf_record.and_then(|r| {
                let position = match &r.pos {
                    serde_json::Value::Number(n) => n.as_u64().and_then(|n| u32::try_from(n).ok()),
                    serde_json::Value::String(text) => text.parse().ok(),
                    _ => None,
                };
                Some((r.genome_assembly, r.chrom, position?, r.reference, r.alt))
            }),
            names: descriptor.expressions.into_iter().filter_map(|e| e.value).collect(),
        });
    }
    Ok(found)
}

/// The pedigree of a Family; of a Phenopacket its one person, affected.
pub fn pedigree(text: &str) -> Result<Pedigree> {
    let packet = read(text)?;
    let Some(rows) = packet.pedigree else {
        let person = packet.subject.or_else(|| packet.proband.and_then(|p| p.subject));
        let Some((id, sexed)) = person.and_then(|s| Some((s.id?, sex(s.sex.as_deref())))) else {
            return Err(Fault::input("names nobody: it has neither a pedigree nor a subject"));
        };
        return Pedigree::of_members(vec![Member {
            family: id.clone(),
            id,
            father: None,
            mother: None,
            sex: sexed.unwrap_or(Sex::Unknown),
            affected: Some(true),
        }]);
    };
    let parent = |name: String| (!name.is_empty() && name != "0").then_some(name);
    Pedigree::of_members(
        rows.persons
            .into_iter()
            .map(|row| Member {
                family: if row.family_id.is_empty() {
                    "family".to_owned()
                } else {
                    row.family_id
                },
                id: row.individual_id,
                father: parent(row.paternal_id),
                mother: parent(row.maternal_id),
                sex: sex(row.sex.as_deref()).unwrap_or(Sex::Unknown),
                affected: match row.affected_status.as_deref() {
                    Some("AFFECTED") => Some(true),
                    Some("UNAFFECTED") => Some(false),
                    _ => None,
                },
            })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAMILY: &str = r#"{"id": "F", "proband": {"id": "P", "subject": {"id": "c", "sex": "FEMALE"},
        "phenotypicFeatures": [{"type": {"id": "HP:1", "label": "x"}}, {"type": {"id": "HP:2"}, "excluded": true}],
        "interpretations": [{"diagnosis": {"genomicInterpretations": [{"interpretationStatus": "CAUSATIVE",
          "variantInterpretation": {"variationDescriptor": {"geneContext": {"symbol": "G"},
          "vcfRecord": {"genomeAssembly": "hg38", "chrom": "chr1", "pos": "7", "ref": "A", "alt": "C"},
          "allelicState": {"label": "heterozygous"}}}}]}}]},
        "pedigree": {"persons": [
          {"familyId": "F", "individualId": "c", "paternalId": "d", "maternalId": "m", "sex": "FEMALE", "affectedStatus": "AFFECTED"},
          {"familyId": "F", "individualId": "d", "sex": "MALE", "affectedStatus": "UNAFFECTED"},
          {"familyId": "F", "individualId": "m", "paternalId": "0", "sex": "FEMALE"}]},
        "metaData": {"phenopacketSchemaVersion": "2.0.2"}}"#;

    #[test]
    fn a_family() {
        let proband = phenopacket(FAMILY).unwrap();
        assert_eq!(
            (proband.subject.as_deref(), proband.sex),
            (Some("c"), Some(Sex::Female))
        );
        assert_eq!(
            (proband.present[0].id.as_str(), proband.excluded[0].id.as_str()),
            ("HP:1", "HP:2")
        );
        let variant = &proband.variants[0];
        assert!(variant.causative);
        assert_eq!(variant.vcf.as_ref().unwrap().2, 7);
        let pedigree = pedigree(FAMILY).unwrap();
        let trio = pedigree.trios()[0];
        assert_eq!((trio.child.id.as_str(), trio.child.affected), ("c", Some(true)));
        assert_eq!((trio.father.affected, trio.mother.affected), (Some(false), None));
    }

    #[test]
    fn one_person_is_an_affected_family() {
        let alone = r#"{"id": "P", "subject": {"id": "c", "sex": "MALE"}}"#;
        let found = pedigree(alone).unwrap();
        assert_eq!(found.members()[0].affected, Some(true));
    }

    #[test]
    fn faults_say_nothing_of_the_person() {
        for (text, words) in [
            ("{\"id\": \"Jane\"", "cannot be read"),
            (r#"{"id": "Jane"}"#, "neither a subject"),
            (
                r#"{"subject": {"id": "Jane"}, "metaData": {"phenopacketSchemaVersion": "1.0"}}"#,
                "another version",
            ),
            (r#"{"subject": {"id": "Jane", "sex": 5}}"#, "cannot be read"),
        ] {
            let fault = phenopacket(text).unwrap_err();
            assert!(
                fault.what().contains(words) && !fault.to_string().contains("Jane"),
                "{fault}"
            );
        }
        let looped = r#"{"pedigree": {"persons": [
            {"familyId": "F", "individualId": "Jane", "maternalId": "m"}, {"familyId": "F", "individualId": "m", "maternalId": "Jane"}]}}"#;
        let fault = pedigree(looped).unwrap_err();
        assert!(
            fault.what().contains("own ancestor") && !fault.to_string().contains("Jane"),
            "{fault}"
        );
    }
}
