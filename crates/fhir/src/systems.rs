//! The URLs of profiles, extensions and code systems (Genomics Reporting 3.0.0; terminology.hl7.org).

/// Canonical base of the guide's profiles and extensions.
pub(crate) const GUIDE: &str = "http://hl7.org/fhir/uv/genomics-reporting/StructureDefinition/";
/// The guide's codes that LOINC does not have yet.
pub(crate) const TBD: &str = "http://hl7.org/fhir/uv/genomics-reporting/CodeSystem/tbd-codes-cs";
/// Kinds of coded annotation.
pub(crate) const ANNOTATION_TYPES: &str =
    "http://hl7.org/fhir/uv/genomics-reporting/CodeSystem/coded-annotation-types-cs";
/// Methods of a genomic study.
pub(crate) const METHOD_TYPES: &str =
    "http://hl7.org/fhir/uv/genomics-reporting/CodeSystem/genomic-study-method-type-cs";
/// LOINC.
pub(crate) const LOINC: &str = "http://loinc.org";
/// HGNC ids, code `HGNC:1100`.
pub(crate) const HGNC: &str = "http://www.genenames.org";
/// HGVS; the whole name is the code.
pub(crate) const HGVS: &str = "http://varnomen.hgvs.org";
/// Sequence Ontology.
pub(crate) const SEQUENCE_ONTOLOGY: &str = "http://www.sequenceontology.org";
/// RefSeq accessions with version.
pub(crate) const REFSEQ: &str = "http://www.ncbi.nlm.nih.gov/refseq";
/// Ensembl accessions with version.
pub(crate) const ENSEMBL: &str = "http://www.ensembl.org";
/// ClinVar variation ids.
pub(crate) const CLINVAR: &str = "http://www.ncbi.nlm.nih.gov/clinvar";
/// Human Phenotype Ontology.
pub(crate) const HPO: &str = "http://human-phenotype-ontology.org";
/// MONDO.
pub(crate) const MONDO: &str = "http://purl.obolibrary.org/obo/mondo.owl";
/// OMIM.
pub(crate) const OMIM: &str = "http://www.omim.org";
/// RxNorm, code the RXCUI.
pub(crate) const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
/// UCUM.
pub(crate) const UCUM: &str = "http://unitsofmeasure.org";
/// Categories of observations.
pub(crate) const OBSERVATION_CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";
/// Diagnostic service sections.
pub(crate) const V2_0074: &str = "http://terminology.hl7.org/CodeSystem/v2-0074";
/// Kinds of identifier.
pub(crate) const V2_0203: &str = "http://terminology.hl7.org/CodeSystem/v2-0203";
/// Cis and trans.
pub(crate) const PHASE: &str = "http://terminology.hl7.org/CodeSystem/sequence-phase-relationship-cs";
/// Identifiers that are URIs, such as `urn:uuid:`.
pub(crate) const URI: &str = "urn:ietf:rfc:3986";
/// CLIA numbers (OID registered with HL7).
pub(crate) const CLIA: &str = "urn:oid:2.16.840.1.113883.4.7";
/// Why an observation has no value.
pub(crate) const ABSENT: &str = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
/// Extension: why an element has no value.
pub(crate) const DATA_ABSENT_REASON: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
/// Extension: citations and links.
pub(crate) const RELATED_ARTIFACT: &str = "http://hl7.org/fhir/StructureDefinition/workflow-relatedArtifact";

/// Canonical URL of one of the guide's profiles or extensions.
pub(crate) fn guide(name: &str) -> String {
    format!("{GUIDE}{name}")
}
