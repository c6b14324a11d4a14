//! Polygenic scores: plain Observations. The guide has no profile for a score (3.0.0; its abstract profiles cannot be
//! claimed), and a RiskAssessment states a probability, which a raw sum is not.
//!
//! The gene rank has no shape in the guide either; a note of the report says so.

use clinotype_case::{
    Report,
    prs::{PolygenicScores, SampleScore, Score},
};
use clinotype_genome::Result;
use fhir_sdk::r4b::resources::ObservationValue;

use crate::{
    datatypes::{NoteKind, coding, concept, note, quantity, worded},
    entry::Part,
    observation::{Components, Draft, Frame},
    systems,
};

/// One observation per score, with its URN.
pub(crate) fn scores(frame: &Frame) -> Result<(Vec<Part>, Vec<String>)> {
    let (mut parts, mut urns) = (Vec::new(), Vec::new());
    let Some(prs) = frame.report.prs.as_deref() else {
        return Ok((parts, urns));
    };
    for score in &prs.scores {
        let Some(sample) = score.samples.first() else { continue };
        // Two files of one score, for example of two builds, are two observations.
        let urn = frame
            .identity
            .in_case("polygenic-score", &format!("{}\n{}", score.id(), score.about.sha256));
        // One file given twice says nothing more.
        if urns.contains(&urn) {
            continue;
        }
        parts.push(part(frame, prs, score, sample, &urn)?);
        urns.push(urn);
    }
    Ok((parts, urns))
}

/// What the report's notes say of scores and rank.
pub(crate) fn notes(report: &Report) -> Vec<(NoteKind, String)> {
    let mut notes = Vec::new();
    if report.prs.is_some() {
        notes.push((
            NoteKind::Disclaimer,
            "Polygenic scores are for research use: a score is no diagnosis and states no absolute risk. Their \
             observations claim no profile, because the guide has none for them."
                .to_owned(),
        ));
    }
    if report.rank.is_some() {
        notes.push((
            NoteKind::Disclaimer,
            "Genes were ranked by phenotype; the guide has no resource for such a rank, which stands on the printed \
             report alone."
                .to_owned(),
        ));
    }
    notes
}

fn part(frame: &Frame, prs: &PolygenicScores, score: &Score, sample: &SampleScore, urn: &str) -> Result<Part> {
    let (about, matching) = (&score.about, &score.matching);
    let trait_name = about.trait_reported.as_deref().unwrap_or("trait not stated");
    let title = match about.name.as_deref().filter(|other| *other != score.id()) {
        Some(other) => format!("{} ({other}): {trait_name}", score.id()),
        None => format!("{}: {trait_name}", score.id()),
    };
    let mut components = Components::default();
    components.string(worded("Score"), score.id());
    components.string(worded("Trait as reported"), trait_name);
    components.quantity(
        worded("Share of the score's rows that were matched"),
        quantity(matching.rate, "fraction", "1"),
    );
    components.quantity(
        worded("Share of the score's rows in the sum"),
        quantity(sample.coverage, "fraction", "1"),
    );
    let mut notes = vec![note(&format!(
        "{} of {} rows matched; {} in the sum, {} without a genotype, {} filled by reference blocks. Build {}, known by: {}.",
        matching.matched, matching.rows, sample.scored, sample.missing, sample.filled, prs.build, prs.build_proof
    ))];
    let sum = sample.sum.filter(|_| sample.refused.is_none());
    let mut words = vec![title.clone()];
    match (sum, &sample.refused) {
        (Some(sum), _) => words.push(format!("Raw sum {sum:.6}")),
        (None, refused) => {
            let why = refused.as_deref().unwrap_or("no reason is recorded");
            words.push(format!("No sum: {why}"));
            notes.push(note(&format!("No sum was made: {why}")));
        }
    }
    let percentile = standing(sample, &mut components, &mut words);
    notes.push(note(&percentile));
    let stated = |text: &Option<String>| text.clone().unwrap_or_else(|| "not stated".to_owned());
    notes.push(note(&format!(
        "Publication: {}. Terms of use of the score: {}.",
        stated(&about.citation),
        stated(&about.licence)
    )));
    let draft = Draft {
        urn: urn.to_owned(),
        profile: "",
        code: worded("Polygenic score, raw sum"),
        components,
        derived_from: Vec::new(),
        notes,
        words,
    };
    let mut resource = draft.observation(frame)?;
    resource.method = Some(worded(&format!(
        "Sum of effect weights by allele dosages over the PGS Catalog scoring file {} (SHA-256 {}; positions {}; weights: {}). \
         {}",
        about.file,
        about.sha256,
        about.positions,
        stated(&about.weight_type),
        prs.software
    )));
    match sum.and_then(|sum| quantity(sum, "raw sum", "1")) {
        Some(sum) => resource.value = Some(ObservationValue::Quantity(sum)),
        None => {
            resource.data_absent_reason = Some(concept(
                vec![coding(systems::ABSENT, "not-performed", Some("Not Performed"))],
                sample.refused.as_deref(),
            ));
        }
    }
    Ok(Part::of_laboratory(urn, resource))
}

/// The percentile as components, where everything that it needs is there; a sentence in any case.
fn standing(sample: &SampleScore, components: &mut Components, words: &mut Vec<String>) -> String {
    let (percentile, among) = match sample.standing() {
        Ok(found) => found,
        Err(why) => return format!("No percentile: {why}."),
    };
    components.quantity(worded("Percentile"), quantity(percentile, "%", "%"));
    components.string(worded("People that the percentile is among"), &among);
    let said = format!("Percentile {percentile:.1} among {among}.");
    words.push(said.clone());
    said
}
