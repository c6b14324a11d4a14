//! Whether two alleles of one gene lie on the same copy: profile `sequence-phase-relationship`.
//!
//! Stated only where the reads say it: both genotypes are diploid, heterozygous against the reference and phased in
//! the same phase set. A genotype such as `1|2` does not tell here which of its alleles the finding is: not stated.

use clinotype_case::{evidence::Genotype, finding::Finding};
use clinotype_genome::Result;
use fhir_sdk::r4b::resources::ObservationValue;

use crate::{
    answers,
    datatypes::coded,
    entry::Part,
    observation::{Components, Draft, Frame, answer, gene, loinc},
    systems,
    variant::{allele_name, printed_name, variant_urn},
};

/// Two findings of one gene and how they lie.
pub(crate) struct Pair<'a> {
    first: &'a Finding,
    second: &'a Finding,
    cis: bool,
}

/// Every phased pair of findings of one gene, in the order of the report.
pub(crate) fn pairs(findings: &[Finding]) -> Vec<Pair<'_>> {
    let mut pairs = Vec::new();
    for (rank, first) in findings.iter().enumerate() {
        for second in &findings[rank + 1..] {
            if let Some(cis) = in_cis(first, second) {
                pairs.push(Pair { first, second, cis });
            }
        }
    }
    pairs
}

/// Whether two findings lie on the same copy; `None` where that is not known or they are of two genes.
fn in_cis(first: &Finding, second: &Finding) -> Option<bool> {
    let same_gene = match (&first.shown.hgnc_id, &second.shown.hgnc_id) {
        (Some(a), Some(b)) => a == b,
        _ => first.shown.symbol.is_some() && first.shown.symbol == second.shown.symbol,
    };
    let (a, b) = (&first.variant, &second.variant);
    let same_set = a.genotype.phase_set.is_some()
        && a.genotype.phase_set == b.genotype.phase_set
        && a.key.contig == b.key.contig
        && a.key != b.key;
    if !same_gene || !same_set {
        return None;
    }
    Some(copy(&a.genotype)? == copy(&b.genotype)?)
}

/// Which copy, 0 or 1, carries the allele of a phased heterozygous genotype.
fn copy(genotype: &Genotype) -> Option<u8> {
    if !genotype.phased || genotype.ploidy != 2 || genotype.copies != Some(1) {
        return None;
    }
    let (left, right) = genotype.text.split_once('|')?;
    match (left.parse::<u32>().ok()?, right.parse::<u32>().ok()?) {
        (0, 1..) => Some(1),
        (1.., 0) => Some(0),
        _ => None,
    }
}

/// URN of a pair.
pub(crate) fn phase_urn(frame: &Frame, pair: &Pair) -> String {
    let name = |f: &Finding| allele_name(frame.report.interpretation.build, &f.variant.key);
    let mut names = [name(pair.first), name(pair.second)];
    names.sort();
    frame.identity.in_case("phase", &names.join("\n"))
}

/// The resource of a pair.
pub(crate) fn phase_part(frame: &Frame, pair: &Pair) -> Result<Part> {
    let urn = phase_urn(frame, pair);
    let shown = &pair.first.shown;
    let mut components = Components::default();
    components.loinc_concept(
        "48018-6",
        "Gene studied",
        gene(shown.hgnc_id.as_deref(), shown.symbol.as_deref()),
    );
    let (code, words) = if pair.cis {
        ("Cis", "on the same copy")
    } else {
        ("Trans", "on different copies")
    };
    let draft = Draft {
        urn: urn.clone(),
        profile: "sequence-phase-relationship",
        code: loinc("82120-7", "Allelic phase"),
        components,
        derived_from: vec![variant_urn(frame, pair.first), variant_urn(frame, pair.second)],
        notes: Vec::new(),
        words: vec![format!(
            "{} and {} lie {words}",
            printed_name(pair.first),
            printed_name(pair.second)
        )],
    };
    let mut resource = draft.observation(frame)?;
    resource.method = Some(answer(answers::DIRECTLY_MEASURED));
    resource.value = Some(ObservationValue::CodeableConcept(coded(systems::PHASE, code, code)));
    Ok(Part::of_laboratory(&urn, resource))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_phased_heterozygotes_have_a_copy() {
        let genotype = |text: &str, phased, copies| Genotype {
            text: text.to_owned(),
            phased,
            copies: Some(copies),
            ploidy: 2,
            phase_set: Some(1),
            ..Genotype::default()
        };
        for (text, phased, copies, expected) in [
            ("0|1", true, 1, Some(1)),
            ("1|0", true, 1, Some(0)),
            ("2|0", true, 1, Some(0)),
            ("0/1", false, 1, None),
            ("1|2", true, 1, None),
            ("1|1", true, 2, None),
            (".|1", true, 1, None),
        ] {
            assert_eq!(copy(&genotype(text, phased, copies)), expected, "{text}");
        }
    }
}
