//! What an allele may mean: profile `diagnostic-implication`, one per finding.
//!
//! The class is a proposal until a person confirms it, and says so in words. Where a person reviewed the variant, the
//! class in effect is that of the review: the person is a performer by name and role (the report knows no more of
//! them), a note with author and time holds the reason, and the proposed class stays in the notes. Each met criterion is one component
//! `evidence-level` with its label; the trail of every criterion stands in the notes, kept apart by state: what was
//! not evaluated is never shown as not met.

use clinotype_case::{
    Review,
    criterion::{Criterion, State},
    evidence::{ClinvarRecord, Lookup},
    finding::{Finding, GeneFacts, Section},
};
use clinotype_genome::Result;
use fhir_sdk::r4b::{
    codes::RelatedArtifactType,
    types::{Annotation, CodeableConcept, Extension},
};

use crate::{
    answers,
    datatypes::{coding, concept, date_time, named, note, note_of, related_artifact, worded},
    entry::Part,
    observation::{Components, Draft, Frame, answer, tbd},
    systems,
    variant::{allele_name, printed_name, variant_urn},
};

/// URN of a finding's implication.
pub(crate) fn implication_urn(frame: &Frame, finding: &Finding) -> String {
    let build = frame.report.interpretation.build;
    frame
        .identity
        .in_case("diagnostic-implication", &allele_name(build, &finding.variant.key))
}

/// The resource of a finding's implication.
pub(crate) fn implication_part(frame: &Frame, finding: &Finding) -> Result<Part> {
    let urn = implication_urn(frame, finding);
    let class = finding.class().words();
    let whose = if finding.is_reviewed() { "reviewed" } else { "proposed" };
    let draft = Draft {
        urn: urn.clone(),
        profile: "diagnostic-implication",
        code: tbd("diagnostic-implication", "Diagnostic implication"),
        components: components(finding),
        derived_from: vec![variant_urn(frame, finding)],
        notes: notes(finding)?,
        words: std::iter::once(format!("{}: {class} ({whose})", printed_name(finding)))
            .chain(finding.sentences.iter().cloned())
            .collect(),
    };
    let mut resource = draft.observation(frame)?;
    resource.extension = citations(frame, finding);
    if let Some(person) = finding.review.as_ref().and_then(|review| named(&person(review))) {
        resource.performer.push(Some(person));
    }
    Ok(Part::of_laboratory(&urn, resource))
}

fn components(finding: &Finding) -> Components {
    let mut components = Components::default();
    components.string(tbd("conclusion-string", "Conclusion"), &finding.sentences.join(" "));
    for criterion in with_state(finding, State::Met) {
        components.loinc_concept("93044-6", "ACMG/AMP criterion met", worded(&criterion.label()));
    }
    let class = finding.class();
    let mut significance = answer(answers::significance(class));
    let standing = match finding.review {
        Some(_) => "reviewed, not signed",
        None => "proposed, not reviewed",
    };
    significance.text = Some(format!("{} ({standing})", class.words()));
    components.loinc_concept("53037-8", "Clinical significance", significance);
    if let Some(gene) = &finding.gene {
        components.loinc_concept("81259-4", "Predicted phenotype", disease(gene));
        let mode = gene.inheritance_id.as_deref().filter(|id| id.starts_with("HP:"));
        components.concept(
            tbd("condition-inheritance", "Mode of inheritance"),
            concept(
                mode.map(|id| coding(systems::HPO, id, gene.inheritance.as_deref()))
                    .into_iter()
                    .collect(),
                gene.inheritance.as_deref(),
            ),
        );
    }
    components
}

/// The disease of the gene table: coded where the id's prefix is known.
fn disease(gene: &GeneFacts) -> CodeableConcept {
    let coded = gene.disease_id.as_deref().and_then(|id| {
        let (prefix, number) = id.split_once(':')?;
        match prefix {
            "MONDO" => Some(coding(systems::MONDO, id, Some(&gene.disease))),
            "OMIM" => Some(coding(systems::OMIM, number, Some(&gene.disease))),
            _ => None,
        }
    });
    concept(coded.into_iter().collect(), Some(&gene.disease))
}

fn with_state(finding: &Finding, state: State) -> impl Iterator<Item = &Criterion> {
    finding.criteria.iter().filter(move |c| c.state == state)
}

/// Name and role of who reviewed.
pub(crate) fn person(review: &Review) -> String {
    match review.role.trim() {
        "" => review.by.clone(),
        role => format!("{} ({role})", review.by),
    }
}

/// A review in words; its author and time stand in the note itself.
fn review_words(finding: &Finding, review: &Review) -> String {
    let proposed = finding.classification.class;
    format!(
        "Reviewed: {}. {} Reason: {}",
        review.class.words(),
        if review.agrees_with(proposed) {
            "The class proposed by rules is confirmed.".to_owned()
        } else {
            format!("The class proposed by rules, {}, is changed.", proposed.words())
        },
        match review.reason.trim() {
            "" => "not stated",
            reason => reason,
        }
    )
}

fn notes(finding: &Finding) -> Result<Vec<Option<Annotation>>> {
    let classification = &finding.classification;
    let mut notes = vec![note(section_words(finding.section))];
    if let Some(review) = &finding.review {
        let at = date_time(&review.at.to_string())?;
        notes.push(note_of(&person(review), at, &review_words(finding, review)));
    }
    let set = match finding.criteria.iter().filter(|c| c.decided.is_some()).count() {
        0 => "",
        _ => " with the criteria that people set:",
    };
    notes.push(note(&format!(
        "Class proposed by rules{set} {}: {} points (pathogenic {}, benign {}), posterior probability {:.4} at a prior of 0.10{}. \
         The combining rules of 2015 give: {}.",
        classification.class.words(),
        classification.points,
        classification.pathogenic_points,
        classification.benign_points,
        classification.posterior,
        if classification.stand_alone_benign {
            "; BA1 decides alone"
        } else {
            ""
        },
        classification.class_2015.words(),
    )));
    let flags = if finding.is_reviewed() {
        "Flag of the rules, known to the review"
    } else {
        "To be settled by a person"
    };
    notes.extend(
        classification
            .flags
            .iter()
            .map(|flag| note(&format!("{flags}: {flag}"))),
    );
    notes.extend(with_state(finding, State::Met).map(|criterion| {
        let compared: Vec<String> = criterion
            .compared
            .iter()
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        note(&format!(
            "{} met ({:+} points): {}{} Rule {} version {}; source: {}.",
            criterion.label(),
            criterion.points,
            criterion.sentence,
            if compared.is_empty() {
                String::new()
            } else {
                format!(" Compared: {}.", compared.join("; "))
            },
            criterion.rule,
            criterion.rule_version,
            criterion.source,
        ))
    }));
    for (state, words) in [
        (State::NotMet, "Evaluated and not met"),
        (State::NotApplicable, "Not applicable to this kind of variant"),
        (
            State::NotEvaluated,
            "Not evaluated (data missing, or the rule needs a person); says nothing for or against",
        ),
    ] {
        let codes: Vec<&str> = with_state(finding, state).map(|c| c.code.as_str()).collect();
        if !codes.is_empty() {
            notes.push(note(&format!("{words}: {}.", codes.join(", "))));
        }
        // A person's setting has its reason, also where it counts nothing.
        let set = with_state(finding, state).filter(|c| c.decided.is_some());
        notes.extend(set.map(|c| note(&format!("{}: {}", c.code, c.sentence))));
    }
    let proposed = finding.criteria.iter().filter(|c| c.decided.is_none());
    notes.extend(proposed.filter_map(|c| c.proposal.as_ref()).map(|proposal| {
        let counts = match proposal.strength {
            Some(_) => ", not counted until a person confirms it",
            None => "",
        };
        note(&format!(
            "{} {}{counts}: {}",
            proposal.code,
            proposal.words(),
            proposal.sentence
        ))
    }));
    notes.push(note(&format!(
        "ClinVar (shown, never scored): {}",
        clinvar_words(&finding.variant.clinvar)
    )));
    if let Some(gene) = &finding.gene {
        let validity = gene.validity.as_deref().unwrap_or("not stated");
        notes.push(note(&format!(
            "Gene and disease: {} and {}; validity {validity}; source: {}.",
            gene.symbol, gene.disease, gene.source
        )));
    }
    Ok(notes)
}

fn clinvar_words(lookup: &Lookup<ClinvarRecord>) -> String {
    match lookup {
        Lookup::NotEvaluated(reason) => format!("not evaluated ({reason})."),
        Lookup::Absent => "does not list this allele.".to_owned(),
        Lookup::Found(record) => {
            let mut words = format!(
                "variation {}, {}, review status: {}",
                record.variation_id, record.significance, record.review_status
            );
            if let Some(conflicts) = &record.conflicts {
                words.push_str("; conflicts: ");
                words.push_str(conflicts);
            }
            words.push('.');
            words
        }
    }
}

const fn section_words(section: Section) -> &'static str {
    match section {
        Section::Primary => "Primary finding: the genotype fits the inheritance and may explain the indication.",
        Section::Carrier => "Carrier finding: one allele of a gene with recessive inheritance.",
        Section::Unassigned => {
            "The gene has no inheritance or mechanism in the tables used: a person decides what it means here."
        }
        Section::Uncertain => {
            "Uncertain significance, listed by the laboratory's policy. Not a positive finding and no basis for \
             clinical decisions."
        }
        Section::NotListed => "Classified, and not listed on the report.",
    }
}

/// Rule tables as citations, and a link to the ClinVar record.
fn citations(frame: &Frame, finding: &Finding) -> Vec<Extension> {
    let rules = frame.report.interpretation.rules.iter().map(|rule| {
        related_artifact(
            RelatedArtifactType::Citation,
            &format!("{} version {}: {}", rule.name, rule.version, rule.source),
            None,
        )
    });
    let clinvar = finding.variant.clinvar.found().and_then(|record| {
        let is_number = !record.variation_id.is_empty() && record.variation_id.bytes().all(|b| b.is_ascii_digit());
        let url = format!(
            "https://www.ncbi.nlm.nih.gov/clinvar/variation/{}/",
            record.variation_id
        );
        is_number.then(|| {
            related_artifact(
                RelatedArtifactType::Documentation,
                &format!("ClinVar variation {}", record.variation_id),
                Some(url),
            )
        })
    });
    rules.chain(clinvar).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diseases_are_coded_by_prefix() {
        let mut gene = GeneFacts {
            symbol: "G".into(),
            hgnc_id: "HGNC:1".into(),
            disease: "a disease".into(),
            disease_id: Some("MONDO:0000001".into()),
            inheritance_id: None,
            inheritance: None,
            loss_of_function: None,
            validity: None,
            source: "s".into(),
        };
        assert_eq!(disease(&gene).code_with_system(systems::MONDO), Some("MONDO:0000001"));
        gene.disease_id = Some("OMIM:604370".into());
        assert_eq!(disease(&gene).code_with_system(systems::OMIM), Some("604370"));
        gene.disease_id = Some("ORPHA:145".into());
        assert!(disease(&gene).coding.is_empty());
        assert_eq!(disease(&gene).text.as_deref(), Some("a disease"));
    }
}
