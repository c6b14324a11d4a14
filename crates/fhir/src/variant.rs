//! A finding's allele as an observation of profile `variant`: what was seen, without any meaning.
//!
//! Meaning (class, disease) stands in the diagnostic implication that derives from it. Population frequency has no
//! slot in release 3.0.0 and goes to a note. Left out because nothing measured them: cytogenetic location,
//! inheritance from a parent, confidence status, copy number.

use clinotype_case::{
    evidence::{AnnotatedVariant, Frequency, Genotype, Lookup, Zygosity},
    finding::Finding,
};
use clinotype_genome::{Build, ContigKey, Result, VariantKey};
use fhir_sdk::r4b::{resources::ObservationValue, types::Annotation};

use crate::{
    answers,
    datatypes::{coded, note, quantity},
    entry::Part,
    observation::{Components, Draft, Frame, answer, gene, hgvs, loinc, sequence, tbd},
    systems,
};

/// What tells an allele apart from every other, whatever its rank in the report.
pub(crate) fn allele_name(build: Build, key: &VariantKey) -> String {
    let contig = ContigKey::of(&key.contig).map_or_else(|| key.contig.clone(), |k| k.to_string());
    format!("{build}-{contig}-{}-{}-{}", key.position, key.reference, key.alternate)
}

/// URN of a finding's variant.
pub(crate) fn variant_urn(frame: &Frame, finding: &Finding) -> String {
    let build = frame.report.interpretation.build;
    frame
        .identity
        .in_case("variant", &allele_name(build, &finding.variant.key))
}

/// The resource of a finding's variant.
pub(crate) fn variant_part(frame: &Frame, finding: &Finding) -> Result<Part> {
    let urn = variant_urn(frame, finding);
    let notes: Vec<Option<Annotation>> = notes(finding);
    let draft = Draft {
        urn: urn.clone(),
        profile: "variant",
        code: loinc("69548-6", "Genetic variant assessment"),
        components: components(frame.report.interpretation.build, finding),
        derived_from: Vec::new(),
        words: vec![format!(
            "{}{}, {}",
            finding
                .shown
                .symbol
                .as_ref()
                .map_or_else(String::new, |s| format!("{s} ")),
            printed_name(finding),
            finding.zygosity.words()
        )],
        notes,
    };
    let mut resource = draft.observation(frame)?;
    resource.value = Some(ObservationValue::CodeableConcept(answer(answers::presence(
        finding.zygosity,
    ))));
    // A VCF may come from an array: sequencing is claimed only where reads were seen.
    if frame.report.quality.reads.is_some() {
        resource.method = Some(answer(answers::SEQUENCING));
    }
    Ok(Part::of_laboratory(&urn, resource))
}

/// The name that people read: c., else g., else the allele's key.
pub(crate) fn printed_name(finding: &Finding) -> String {
    let names = [&finding.shown.hgvs_c, &finding.variant.hgvs_g];
    names
        .into_iter()
        .flatten()
        .next()
        .cloned()
        .unwrap_or_else(|| finding.variant.key.to_string())
}

fn components(build: Build, finding: &Finding) -> Components {
    let (variant, shown) = (&finding.variant, &finding.shown);
    let key = &variant.key;
    let contig = ContigKey::of(&key.contig);
    let mut components = Components::default();
    let facts = finding.gene.as_ref();
    components.loinc_concept(
        "48018-6",
        "Gene studied",
        gene(
            shown.hgnc_id.as_deref().or(facts.map(|f| f.hgnc_id.as_str())),
            shown.symbol.as_deref().or(facts.map(|f| f.symbol.as_str())),
        ),
    );
    components.loinc_concept(
        "62374-4",
        "Reference sequence assembly",
        answer(answers::assembly(build)),
    );
    if let Some((code, display)) = contig.as_ref().and_then(answers::chromosome) {
        components.loinc_concept("48000-4", "Chromosome", coded(systems::LOINC, &code, &display));
    }
    if let Some(name) = &shown.hgvs_c {
        components.loinc_concept("48004-6", "Coding HGVS", hgvs(name));
    }
    if let Some(name) = &variant.hgvs_g {
        components.loinc_concept("81290-9", "Genomic HGVS", hgvs(name));
    }
    if let Some(name) = &shown.hgvs_p {
        components.loinc_concept("48005-3", "Protein HGVS, predicted", hgvs(name));
    }
    if let Some(accession) = genomic_accession(build, variant, contig.as_ref()) {
        components.loinc_concept("48013-7", "Genomic reference sequence", sequence(&accession));
    }
    components.loinc_concept("51958-7", "Transcript reference sequence", sequence(&shown.transcript));
    if let Some(accession) = &shown.protein_id {
        components.concept(
            tbd("protein-ref-seq", "Protein reference sequence"),
            sequence(accession),
        );
    }
    // REF and ALT as in the VCF, and the range is that of REF, so that the three fit together.
    let (start, end) = key.span();
    components.range(
        loinc("81254-5", "Genomic start and end of the reference allele"),
        start + 1,
        end,
    );
    components.loinc_concept("92822-6", "Coordinate system", answer(answers::ONE_BASED));
    components.string(loinc("69547-8", "Reference allele"), &key.reference);
    components.string(loinc("69551-0", "Alternate allele"), &key.alternate);
    if let Some((id, name)) = change_type(key, variant.hgvs_g.as_deref()) {
        components.loinc_concept("48019-4", "Change type", coded(systems::SEQUENCE_ONTOLOGY, id, name));
    }
    // Reads of one sample cannot tell an inherited heteroplasmy from one that arose later.
    let source = match finding.zygosity {
        Zygosity::Heteroplasmic => answers::UNKNOWN_ORIGIN,
        _ => answers::GERMLINE,
    };
    components.loinc_concept("48002-0", "Genomic source class", answer(source));
    let genotype = &variant.genotype;
    components.quantity(
        loinc("82121-5", "Reads with this allele"),
        genotype
            .alternate_depth
            .and_then(|reads| quantity(f64::from(reads), "reads", "1")),
    );
    components.quantity(
        loinc("81258-6", "Share of reads with this allele"),
        allele_fraction(genotype).and_then(|share| quantity(share, "fraction", "1")),
    );
    if let Some(state) = answers::allelic_state(finding.zygosity) {
        components.loinc_concept("53034-5", "Allelic state", answer(state));
    }
    if let Lookup::Found(record) = &variant.clinvar {
        components.loinc_concept(
            "81252-9",
            "ClinVar variation",
            coded(systems::CLINVAR, &record.variation_id, &printed_name(finding)),
        );
    }
    components
}

/// Allele fraction to four decimals. Summed as 64-bit, so that no depth can overflow.
fn allele_fraction(genotype: &Genotype) -> Option<f64> {
    let (reference, alternate) = (
        u64::from(genotype.reference_depth?),
        u64::from(genotype.alternate_depth?),
    );
    let total = reference + alternate;
    (total > 0).then(|| (alternate as f64 / total as f64 * 10_000.0).round() / 10_000.0)
}

/// Accession of the contig: that of the g. name; else of the build, but never for the mitochondrion, whose contig may
/// be another sequence than the rCRS.
fn genomic_accession(build: Build, variant: &AnnotatedVariant, contig: Option<&ContigKey>) -> Option<String> {
    let named = variant.hgvs_g.as_deref().and_then(|name| name.split_once(':'));
    match (named, contig) {
        (Some((accession, _)), _) => Some(accession.to_owned()),
        (None, Some(key)) if key.as_str() != "MT" => build.accession(key),
        _ => None,
    }
}

/// Sequence Ontology term of the change. `None` for alleles that are not plain bases.
fn change_type(key: &VariantKey, hgvs_g: Option<&str>) -> Option<(&'static str, &'static str)> {
    let bases = |allele: &str| !allele.is_empty() && allele.bytes().all(|b| b"ACGTN".contains(&b));
    let (reference, alternate) = (key.reference.as_str(), key.alternate.as_str());
    if !bases(reference) || !bases(alternate) || reference == alternate {
        return None;
    }
    let named = |suffix: &str| hgvs_g.is_some_and(|name| name.ends_with(suffix));
    Some(if reference.len() == 1 && alternate.len() == 1 {
        ("SO:0001483", "SNV")
    } else if reference.len() == alternate.len() {
        if named("inv") {
            ("SO:1000036", "inversion")
        } else {
            ("SO:0002007", "MNV")
        }
    } else if reference.starts_with(alternate) {
        ("SO:0000159", "deletion")
    } else if alternate.starts_with(reference) {
        if named("dup") {
            ("SO:1000035", "duplication")
        } else {
            ("SO:0000667", "insertion")
        }
    } else {
        ("SO:1000032", "delins")
    })
}

fn notes(finding: &Finding) -> Vec<Option<Annotation>> {
    let variant = &finding.variant;
    let mut notes = vec![
        note(&call_words(variant)),
        note(&format!(
            "Population frequency: {}",
            frequency_words(&variant.frequency)
        )),
    ];
    notes.extend(finding.shown.warnings.iter().map(|warning| note(warning)));
    notes
}

/// The call in words; what the VCF does not state is said to be missing.
fn call_words(variant: &AnnotatedVariant) -> String {
    let genotype = &variant.genotype;
    let number = |value: Option<u32>| value.map_or_else(|| "not stated".to_owned(), |v| v.to_string());
    let filter = match variant.filters.as_deref() {
        None => "not applied".to_owned(),
        Some([]) => "PASS".to_owned(),
        Some(filters) => filters.join(", "),
    };
    let quality = variant
        .quality
        .map_or_else(|| "not stated".to_owned(), |q| format!("{q:.1}"));
    let text = if genotype.text.is_empty() {
        "not called"
    } else {
        &genotype.text
    };
    format!(
        "Call: genotype {text}; depth {}; reads with reference allele {}, with this allele {}; genotype quality {}; \
         QUAL {quality}; filters {filter}.",
        number(genotype.depth),
        number(genotype.reference_depth),
        number(genotype.alternate_depth),
        number(genotype.quality),
    )
}

fn frequency_words(lookup: &Lookup<Frequency>) -> String {
    match lookup {
        Lookup::NotEvaluated(reason) => format!("not evaluated ({reason})."),
        Lookup::Absent => "the source covers this place and does not list the allele.".to_owned(),
        Lookup::Found(record) => {
            let mut parts = Vec::new();
            if let Some(frequency) = record.frequency {
                parts.push(format!("allele frequency {frequency}"));
            }
            if let (Some(count), Some(number)) = (record.allele_count, record.allele_number) {
                parts.push(format!("{count} of {number} alleles"));
            }
            if let Some(homozygotes) = record.homozygotes {
                parts.push(format!("{homozygotes} homozygotes"));
            }
            if let Some(filtering) = record.filtering_frequency {
                let group = record.group.as_deref().unwrap_or("group not stated");
                parts.push(format!("filtering allele frequency (95 %) {filtering} ({group})"));
            }
            if !record.filters.is_empty() {
                parts.push(format!("the source filters this record: {}", record.filters.join(", ")));
            }
            if parts.is_empty() {
                parts.push("listed without figures".to_owned());
            }
            format!("{}.", parts.join("; "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinotype_genome::Pos;

    fn key(reference: &str, alternate: &str) -> VariantKey {
        VariantKey::new("chr1", Pos::new(10).unwrap(), reference, alternate)
    }

    #[test]
    fn change_types() {
        for (reference, alternate, name, expected) in [
            ("A", "G", None, Some("SO:0001483")),
            ("AC", "GT", None, Some("SO:0002007")),
            ("AC", "GT", Some("NC_000001.11:g.10_11inv"), Some("SO:1000036")),
            ("AC", "A", None, Some("SO:0000159")),
            ("A", "AC", None, Some("SO:0000667")),
            ("A", "AA", Some("NC_000001.11:g.10dup"), Some("SO:1000035")),
            ("ACT", "AG", None, Some("SO:1000032")),
            ("A", "<DEL>", None, None),
            ("A", "*", None, None),
        ] {
            assert_eq!(
                change_type(&key(reference, alternate), name).map(|(id, _)| id),
                expected,
                "{reference}>{alternate}"
            );
        }
    }

    #[test]
    fn an_allele_has_one_name_however_the_contig_is_written() {
        let mut other = key("A", "G");
        other.contig = "1".to_owned();
        assert_eq!(
            allele_name(Build::Grch38, &key("A", "G")),
            allele_name(Build::Grch38, &other)
        );
        assert_ne!(allele_name(Build::Grch38, &other), allele_name(Build::Grch37, &other));
    }

    #[test]
    fn no_reads_give_no_fraction() {
        let mut genotype = Genotype::default();
        assert_eq!(allele_fraction(&genotype), None);
        (genotype.reference_depth, genotype.alternate_depth) = (Some(0), Some(0));
        assert_eq!(allele_fraction(&genotype), None);
        (genotype.reference_depth, genotype.alternate_depth) = (Some(u32::MAX), Some(u32::MAX));
        assert_eq!(allele_fraction(&genotype), Some(0.5));
    }
}
