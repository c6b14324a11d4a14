//! FHIR data types from plain values. An empty text gives no element: FHIR knows no empty strings.

use clinotype_genome::{Fault, Result};
use fhir_sdk::{
    Base64Binary, BuilderError, DateTime, Instant,
    r4b::{
        codes::{IdentifierUse, NarrativeStatus, RelatedArtifactType},
        types::{
            Annotation, AnnotationAuthor, Attachment, CodeableConcept, Coding, Extension, ExtensionValue, HumanName,
            Identifier, Meta, Narrative, Quantity, Reference, RelatedArtifact,
        },
    },
};

use crate::{identity::business_urn, systems};

/// A built element, or our own mistake: a mandatory element was not set.
pub(crate) fn built<T>(result: std::result::Result<T, BuilderError>) -> Result<T> {
    result.map_err(|e| Fault::internal(format!("a mandatory FHIR element is missing: {e}")))
}

/// The text as a FHIR string: without control characters and outer blanks; `None` where nothing is left.
pub(crate) fn text(value: &str) -> Option<String> {
    let kept: String = value
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'))
        .collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}

/// A code of a system, with the word for people.
pub(crate) fn coding(system: &str, code: &str, display: Option<&str>) -> Coding {
    let mut coding = Coding::builder().build().expect("Coding has no mandatory element");
    coding.system = Some(system.to_owned());
    coding.code = Some(code.to_owned());
    coding.display = display.and_then(text);
    coding
}

/// A concept of codings and words; empty where both are.
pub(crate) fn concept(codings: Vec<Coding>, words: Option<&str>) -> CodeableConcept {
    let mut concept = CodeableConcept::builder()
        .build()
        .expect("CodeableConcept has no mandatory element");
    concept.coding = codings.into_iter().map(Some).collect();
    concept.text = words.and_then(text);
    concept
}

/// A concept of one code.
pub(crate) fn coded(system: &str, code: &str, display: &str) -> CodeableConcept {
    concept(vec![coding(system, code, Some(display))], None)
}

/// A concept of words alone.
pub(crate) fn worded(words: &str) -> CodeableConcept {
    concept(Vec::new(), Some(words))
}

/// A reference to a resource of the bundle by its full URL.
pub(crate) fn reference(full_url: &str) -> Reference {
    let mut reference = Reference::builder()
        .build()
        .expect("Reference has no mandatory element");
    reference.reference = Some(full_url.to_owned());
    reference
}

/// A business identifier. `kind` is a code of v2-0203, `label` what people call it.
pub(crate) fn identifier(
    system: Option<&str>,
    value: &str,
    kind: Option<(&str, &str)>,
    label: Option<&str>,
) -> Identifier {
    let mut identifier = Identifier::builder()
        .build()
        .expect("Identifier has no mandatory element");
    identifier.system = system.and_then(text);
    identifier.value = text(value);
    let codings = kind.map(|(code, display)| coding(systems::V2_0203, code, Some(display)));
    if codings.is_some() || label.and_then(text).is_some() {
        identifier.r#type = Some(concept(codings.into_iter().collect(), label));
    }
    identifier
}

/// The identifier that this software assigns to the resource with this URN.
pub(crate) fn urn_identifier(urn: &str) -> Identifier {
    let mut own = identifier(Some(systems::URI), &business_urn(urn), None, None);
    own.r#use = Some(IdentifierUse::Official);
    own
}

/// A number with a UCUM unit. `None` for a number that JSON cannot hold.
pub(crate) fn quantity(value: f64, unit: &str, code: &str) -> Option<Quantity> {
    let mut quantity = plain_quantity(value)?;
    quantity.unit = text(unit);
    quantity.system = Some(systems::UCUM.to_owned());
    quantity.code = Some(code.to_owned());
    Some(quantity)
}

/// A number without unit, as coordinates are.
pub(crate) fn plain_quantity(value: f64) -> Option<Quantity> {
    if !value.is_finite() {
        return None;
    }
    let mut quantity = Quantity::builder().build().expect("Quantity has no mandatory element");
    quantity.value = Some(value);
    Some(quantity)
}

/// An extension with a value.
pub(crate) fn extension(url: impl Into<String>, value: ExtensionValue) -> Extension {
    let mut extension = nested(url, Vec::new());
    extension.value = Some(value);
    extension
}

/// An extension of extensions.
pub(crate) fn nested(url: impl Into<String>, parts: Vec<Extension>) -> Extension {
    let mut extension = Extension::builder()
        .url(url.into())
        .build()
        .expect("url, the one mandatory element, is set");
    extension.extension = parts;
    extension
}

/// A note; `None` for an empty text.
pub(crate) fn note(words: &str) -> Option<Annotation> {
    let annotation = Annotation::builder().text(text(words)?).build();
    Some(annotation.expect("text, the one mandatory element, is set"))
}

/// A note that a person made, with the name and the time; `None` for an empty text.
pub(crate) fn note_of(author: &str, at: DateTime, words: &str) -> Option<Annotation> {
    let mut annotation = note(words)?;
    annotation.author = text(author).map(AnnotationAuthor::String);
    annotation.time = Some(at);
    Some(annotation)
}

/// A reference to somebody of whom the report knows the name alone.
pub(crate) fn named(name: &str) -> Option<Reference> {
    let mut reference = Reference::builder()
        .build()
        .expect("Reference has no mandatory element");
    reference.display = Some(text(name)?);
    Some(reference)
}

/// What a coded note is about.
#[derive(Clone, Copy)]
pub(crate) enum NoteKind {
    /// Limits and warnings.
    Disclaimer,
    /// How it was done.
    Methodology,
}

/// A note with the guide's annotation code.
pub(crate) fn coded_note(kind: NoteKind, words: &str) -> Option<Annotation> {
    let (code, display) = match kind {
        NoteKind::Disclaimer => ("test-disclaimer", "Test Disclaimer"),
        NoteKind::Methodology => ("test-methodology", "Test Methodology"),
    };
    let mut annotation = note(words)?;
    annotation.extension = vec![extension(
        systems::guide("annotation-code"),
        ExtensionValue::CodeableConcept(coded(systems::ANNOTATION_TYPES, code, display)),
    )];
    Some(annotation)
}

/// A citation or a link, as the extension that carries it.
pub(crate) fn related_artifact(kind: RelatedArtifactType, words: &str, url: Option<String>) -> Option<Extension> {
    let words = text(words)?;
    let mut artifact = RelatedArtifact::builder()
        .r#type(kind)
        .build()
        .expect("type, the one mandatory element, is set");
    if kind == RelatedArtifactType::Citation {
        artifact.citation = Some(words);
    } else {
        artifact.display = Some(words);
    }
    artifact.url = url;
    Some(extension(
        systems::RELATED_ARTIFACT,
        ExtensionValue::RelatedArtifact(artifact),
    ))
}

/// A person's name.
pub(crate) fn human_name(family: &str, given: &[String]) -> HumanName {
    let mut name = HumanName::builder()
        .build()
        .expect("HumanName has no mandatory element");
    name.family = text(family);
    name.given = given.iter().filter_map(|g| text(g)).map(Some).collect();
    name
}

/// The profile that a resource claims.
pub(crate) fn profile(name: &str) -> Meta {
    let mut meta = Meta::builder().build().expect("Meta has no mandatory element");
    meta.profile = vec![Some(systems::guide(name))];
    meta
}

/// A generated narrative of paragraphs, escaped.
pub(crate) fn narrative(paragraphs: &[String]) -> Narrative {
    let mut div = String::from("<div xmlns=\"http://www.w3.org/1999/xhtml\">");
    for words in paragraphs.iter().filter_map(|p| text(p)) {
        div.push_str("<p>");
        for c in words.chars() {
            match c {
                '&' => div.push_str("&amp;"),
                '<' => div.push_str("&lt;"),
                '>' => div.push_str("&gt;"),
                '"' => div.push_str("&quot;"),
                other => div.push(other),
            }
        }
        div.push_str("</p>");
    }
    div.push_str("</div>");
    Narrative::builder()
        .status(NarrativeStatus::Generated)
        .div(div)
        .build()
        .expect("both mandatory elements are set")
}

/// A PDF with its data, size and SHA-1, which is what FHIR R4 defines `Attachment.hash` to be.
pub(crate) fn pdf_attachment(bytes: &[u8], title: &str, creation: DateTime) -> Result<Attachment> {
    let mut attachment = built(Attachment::builder().build())?;
    attachment.content_type = Some("application/pdf".to_owned());
    attachment.size = Some(
        u32::try_from(bytes.len())
            .map_err(|_| Fault::resource("the PDF is larger than a FHIR attachment can be (4 GiB)"))?,
    );
    attachment.hash = Some(Base64Binary(sha1_smol::Sha1::from(bytes).digest().bytes().to_vec()));
    attachment.data = Some(Base64Binary(bytes.to_vec()));
    attachment.title = text(title);
    attachment.creation = Some(creation);
    Ok(attachment)
}

/// An RFC 3339 time as a FHIR instant.
pub(crate) fn instant(rfc3339: &str) -> Result<Instant> {
    rfc3339
        .parse()
        .map_err(|_| Fault::internal("a time stamp is not RFC 3339"))
}

/// An ISO 8601 date as a FHIR dateTime.
pub(crate) fn date_time(iso: &str) -> Result<DateTime> {
    iso.parse()
        .map_err(|_| Fault::input("a date of the order has no year of four digits"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_text_gives_no_element() {
        assert_eq!(text(" \u{0}\t "), None);
        assert_eq!(text(" a\u{7}b\n"), Some("ab".to_owned()));
        assert!(note("  ").is_none());
        assert!(plain_quantity(f64::NAN).is_none());
    }

    #[test]
    fn narrative_is_escaped() {
        let div = narrative(&["a<b & \"c\"".to_owned()]).div.clone();
        assert_eq!(
            div,
            "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>a&lt;b &amp; &quot;c&quot;</p></div>"
        );
    }

    #[test]
    fn the_hash_of_an_attachment_is_sha1() {
        let time = DateTime::DateTime(instant("2026-11-20T10:00:00Z").unwrap());
        let attachment = pdf_attachment(b"abc", "t", time).unwrap();
        // FIPS 180-4 example "abc": a9993e36 4706816a ba3e2571 7850c26c 9cd0d89d.
        let json = serde_json::to_value(&attachment).unwrap();
        assert_eq!(json["hash"], "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=");
        assert_eq!((&json["data"], &json["size"]), (&"YWJj".into(), &3.into()));
    }
}
