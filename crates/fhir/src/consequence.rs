//! What an allele does to a transcript: profile `molecular-consequence`, one for the transcript that the report shows
//! and one for a more severe consequence on another transcript of the same gene.

use clinotype_case::{evidence::TranscriptConsequence, finding::Finding};
use clinotype_genome::Result;
use fhir_sdk::r4b::types::CodeableConcept;

use crate::{
    datatypes::{coding, concept, note},
    entry::Part,
    observation::{Components, Draft, Frame, hgvs, sequence, tbd},
    systems,
    variant::{allele_name, variant_urn},
};

/// Sequence Ontology ids of the consequence terms that VEP prints, by term.
const TERMS: [(&str, &str); 35] = [
    ("3_prime_UTR_variant", "SO:0001624"),
    ("5_prime_UTR_variant", "SO:0001623"),
    ("NMD_transcript_variant", "SO:0001621"),
    ("coding_sequence_variant", "SO:0001580"),
    ("coding_transcript_variant", "SO:0001968"),
    ("downstream_gene_variant", "SO:0001632"),
    ("feature_elongation", "SO:0001907"),
    ("feature_truncation", "SO:0001906"),
    ("frameshift_variant", "SO:0001589"),
    ("incomplete_terminal_codon_variant", "SO:0001626"),
    ("inframe_deletion", "SO:0001822"),
    ("inframe_insertion", "SO:0001821"),
    ("intergenic_variant", "SO:0001628"),
    ("intron_variant", "SO:0001627"),
    ("mature_miRNA_variant", "SO:0001620"),
    ("missense_variant", "SO:0001583"),
    ("non_coding_transcript_exon_variant", "SO:0001792"),
    ("non_coding_transcript_variant", "SO:0001619"),
    ("protein_altering_variant", "SO:0001818"),
    ("sequence_variant", "SO:0001060"),
    ("splice_acceptor_variant", "SO:0001574"),
    ("splice_donor_5th_base_variant", "SO:0001787"),
    ("splice_donor_region_variant", "SO:0002170"),
    ("splice_donor_variant", "SO:0001575"),
    ("splice_polypyrimidine_tract_variant", "SO:0002169"),
    ("splice_region_variant", "SO:0001630"),
    ("start_lost", "SO:0002012"),
    ("start_retained_variant", "SO:0002019"),
    ("stop_gained", "SO:0001587"),
    ("stop_lost", "SO:0001578"),
    ("stop_retained_variant", "SO:0001567"),
    ("synonymous_variant", "SO:0001819"),
    ("transcript_ablation", "SO:0001893"),
    ("transcript_amplification", "SO:0001889"),
    ("upstream_gene_variant", "SO:0001631"),
];

/// URNs of a finding's consequences, in the order of [`consequence_parts`].
pub(crate) fn consequence_urns(frame: &Frame, finding: &Finding) -> Vec<String> {
    let allele = allele_name(frame.report.interpretation.build, &finding.variant.key);
    transcripts(finding)
        .map(|t| {
            frame
                .identity
                .in_case("consequence", &format!("{allele}\n{}", t.transcript))
        })
        .collect()
}

/// The resources of a finding's consequences.
pub(crate) fn consequence_parts(frame: &Frame, finding: &Finding) -> Result<Vec<Part>> {
    consequence_urns(frame, finding)
        .iter()
        .zip(transcripts(finding))
        .map(|(urn, transcript)| one(frame, finding, transcript, urn))
        .collect()
}

/// The shown transcript, then the one with the more severe consequence, if it is another one.
fn transcripts(finding: &Finding) -> impl Iterator<Item = &TranscriptConsequence> {
    let other = finding
        .more_severe
        .iter()
        .filter(|t| t.transcript != finding.shown.transcript);
    std::iter::once(&finding.shown).chain(other)
}

fn one(frame: &Frame, finding: &Finding, transcript: &TranscriptConsequence, urn: &str) -> Result<Part> {
    let mut components = Components::default();
    if let Some(name) = &transcript.hgvs_c {
        components.loinc_concept("48004-6", "Coding HGVS", hgvs(name));
    }
    components.loinc_concept(
        "51958-7",
        "Transcript reference sequence",
        sequence(&transcript.transcript),
    );
    if let Some(name) = &transcript.hgvs_p {
        components.loinc_concept("48005-3", "Protein HGVS, predicted", hgvs(name));
    }
    if let Some(accession) = &transcript.protein_id {
        components.concept(
            tbd("protein-ref-seq", "Protein reference sequence"),
            sequence(accession),
        );
    }
    for name in &transcript.terms {
        components.concept(tbd("feature-consequence", "Consequence"), term(name));
    }
    let role = if transcript.transcript == finding.shown.transcript {
        "Transcript shown on the report"
    } else {
        "Another transcript of the gene, on which the consequence is more severe"
    };
    let draft = Draft {
        urn: urn.to_owned(),
        profile: "molecular-consequence",
        code: tbd("molecular-consequence", "Molecular consequence"),
        components,
        derived_from: vec![variant_urn(frame, finding)],
        notes: std::iter::once(note(role))
            .chain(transcript.warnings.iter().map(|w| note(w)))
            .collect(),
        words: vec![format!("{}: {}", transcript.transcript, transcript.terms.join(", "))],
    };
    Ok(Part::of_laboratory(urn, draft.observation(frame)?))
}

/// A consequence term; words alone for one that is not in the table.
fn term(name: &str) -> CodeableConcept {
    match TERMS.binary_search_by_key(&name, |(term, _)| term) {
        Ok(index) => concept(
            vec![coding(systems::SEQUENCE_ONTOLOGY, TERMS[index].1, Some(name))],
            None,
        ),
        Err(_) => concept(Vec::new(), Some(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_sorted_and_unique() {
        assert!(TERMS.windows(2).all(|w| w[0].0 < w[1].0));
        let ids: std::collections::BTreeSet<_> = TERMS.iter().map(|t| t.1).collect();
        assert_eq!(ids.len(), TERMS.len());
    }

    #[test]
    fn an_unknown_term_stays_words() {
        assert_eq!(
            term("stop_gained").codes_with_system(systems::SEQUENCE_ONTOLOGY).next(),
            Some("SO:0001587")
        );
        let unknown = term("odd_variant");
        assert!(unknown.coding.is_empty());
        assert_eq!(unknown.text.as_deref(), Some("odd_variant"));
    }
}
