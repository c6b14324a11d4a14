//! Pharmacogenes: profiles `haplotype`, `genotype`, `therapeutic-implication` and, for current medicines with an alert,
//! the Task `medication-recommendation`.
//!
//! One genotype per gene with a result, one haplotype per allele of it, one implication per recommendation of a guideline
//! (drugs to which it says the same are components of one). A gene without a result has no observation: it is named in
//! the report's notes. A Task proposes an action to people, so only a medicine that the patient takes gets one.

use std::collections::BTreeSet;

use clinotype_case::pgx::{GeneResult, GuidelineResult, MedicationAlert, Pharmacogenomics, Recommendation};
use clinotype_genome::{Fault, Result};
use fhir_sdk::{
    DateTime,
    r4b::{
        codes::{RelatedArtifactType, TaskIntent, TaskStatus},
        resources::{MedicationStatement, MedicationStatementMedication, ObservationValue, Task},
        types::{CodeableConcept, Extension, ExtensionValue},
    },
};

use crate::{
    datatypes::{
        NoteKind, built, coding, concept, extension, narrative, note, profile, reference, related_artifact, text,
        urn_identifier, worded,
    },
    drugs,
    entry::Part,
    observation::{Components, Draft, Frame, answer, gene, loinc, tbd},
    systems,
};

/// HGNC ids of the genes that the shipped definitions know.
const HGNC: [(&str, &str); 23] = [
    ("ABCG2", "HGNC:74"),
    ("CACNA1S", "HGNC:1397"),
    ("CFTR", "HGNC:1884"),
    ("CYP2B6", "HGNC:2615"),
    ("CYP2C19", "HGNC:2621"),
    ("CYP2C9", "HGNC:2623"),
    ("CYP2D6", "HGNC:2625"),
    ("CYP3A4", "HGNC:2637"),
    ("CYP3A5", "HGNC:2638"),
    ("CYP4F2", "HGNC:2645"),
    ("DPYD", "HGNC:3012"),
    ("G6PD", "HGNC:4057"),
    ("HLA-A", "HGNC:4931"),
    ("HLA-B", "HGNC:4932"),
    ("IFNL3", "HGNC:18365"),
    ("MT-RNR1", "HGNC:7470"),
    ("NAT2", "HGNC:7646"),
    ("NUDT15", "HGNC:23063"),
    ("RYR1", "HGNC:10483"),
    ("SLCO1B1", "HGNC:10959"),
    ("TPMT", "HGNC:12014"),
    ("UGT1A1", "HGNC:12530"),
    ("VKORC1", "HGNC:23663"),
];

/// LOINC's answers of the guide's `genetic-therapeutic-implications-vs`, by CPIC's phenotype.
const PHENOTYPES: [(&str, (&str, &str)); 9] = [
    ("Ultrarapid Metabolizer", ("LA10315-2", "Ultrarapid metabolizer")),
    ("Rapid Metabolizer", ("LA25390-8", "Rapid metabolizer")),
    ("Normal Metabolizer", ("LA25391-6", "Normal metabolizer")),
    ("Intermediate Metabolizer", ("LA10317-8", "Intermediate metabolizer")),
    ("Poor Metabolizer", ("LA9657-3", "Poor metabolizer")),
    ("Increased Function", ("LA25392-4", "Increased function")),
    ("Normal Function", ("LA25393-2", "Normal function")),
    ("Decreased Function", ("LA25395-7", "Decreased function")),
    ("Poor Function", ("LA25394-0", "Poor function")),
];

/// LL4049-4.
const OTHER_MEDICATION: (&str, &str) = ("LA26421-0", "Consider alternative medication");

/// What the pharmacogenes add to a bundle.
#[derive(Default)]
pub(crate) struct Pharmacogenes {
    /// Resources in their order.
    pub(crate) parts: Vec<Part>,
    /// URNs of the observations.
    pub(crate) results: Vec<String>,
    /// URNs of the Tasks.
    pub(crate) actions: Vec<String>,
}

/// The pharmacogenes of the report; empty where they were not asked for.
pub(crate) fn pharmacogenes(frame: &Frame) -> Result<Pharmacogenes> {
    let mut made = Pharmacogenes::default();
    let Some(pgx) = frame.report.pgx.as_deref() else {
        return Ok(made);
    };
    for result in pgx.called() {
        for allele in alleles(result) {
            let urn = haplotype_urn(frame, &result.gene, allele);
            made.parts.push(haplotype(frame, result, allele, &urn)?);
            made.results.push(urn);
        }
        let urn = genotype_urn(frame, &result.gene);
        made.parts.push(genotype(frame, result, &urn)?);
        made.results.push(urn);
    }
    let taken = taken(frame, pgx)?;
    for medicine in &taken {
        made.parts.push(medicine.statement.clone());
    }
    for advice in pgx.advice() {
        for recommendation in &advice.guideline.recommendations {
            let place = (advice.guideline, recommendation);
            let Some(urn) = implication_urn(frame, pgx, &advice.drugs, place) else {
                continue;
            };
            made.parts.push(implication(frame, pgx, &advice.drugs, place, &urn)?);
            if recommendation.level().is_alert() {
                for medicine in taken.iter().filter(|m| advice.drugs.contains(&m.drug)) {
                    let task = frame
                        .identity
                        .in_case("medication-recommendation", &format!("{}\n{urn}", medicine.name));
                    made.parts.push(proposal(frame, medicine, place, &urn, &task)?);
                    made.actions.push(task);
                }
            }
            made.results.push(urn);
        }
    }
    Ok(made)
}

/// Notes of the report: what has no result, limits, and how it was done.
pub(crate) fn notes(pgx: &Pharmacogenomics) -> Vec<(NoteKind, String)> {
    let open: Vec<String> = pgx
        .genes
        .iter()
        .filter(|g| !g.called)
        .map(|g| format!("{} ({})", g.gene, g.why_not_called()))
        .collect();
    let mut notes = Vec::new();
    if !open.is_empty() {
        notes.push((
            NoteKind::Disclaimer,
            format!(
                "Pharmacogenes without a result, of which nothing is known: {}.",
                open.join("; ")
            ),
        ));
    }
    notes.extend(
        pgx.limits
            .iter()
            .map(|limit| (NoteKind::Disclaimer, format!("Pharmacogenomics: {limit}"))),
    );
    for alert in pgx.alerts() {
        notes.push((
            NoteKind::Disclaimer,
            format!(
                "Current medicine {}: {}. {}",
                alert.medication,
                alert.level.words(),
                alert.text
            ),
        ));
    }
    if pgx.medications.is_none() {
        notes.push((
            NoteKind::Disclaimer,
            "Current medicines were not stated, so that none was checked against the pharmacogenes.".to_owned(),
        ));
    }
    let rules: Vec<String> = pgx.rules.iter().map(|r| format!("{} {}", r.name, r.version)).collect();
    notes.push((
        NoteKind::Methodology,
        format!(
            "Pharmacogenes by star-allele matching on {}. Rule tables: {}.",
            pgx.build,
            rules.join("; ")
        ),
    ));
    notes
}

/// The alleles of a gene's calls, each once.
fn alleles(result: &GeneResult) -> BTreeSet<&str> {
    let all = result.calls.iter().flat_map(|call| call.alleles.iter());
    all.map(String::as_str).filter(|a| !a.trim().is_empty()).collect()
}

fn haplotype_urn(frame: &Frame, gene: &str, allele: &str) -> String {
    frame.identity.in_case("haplotype", &format!("{gene}\n{allele}"))
}

fn genotype_urn(frame: &Frame, gene: &str) -> String {
    frame.identity.in_case("genotype", gene)
}

/// The component that names the gene.
fn studied(symbol: &str) -> Components {
    let id = HGNC.iter().find(|(s, _)| *s == symbol).map(|(_, id)| *id);
    let mut components = Components::default();
    components.loinc_concept("48018-6", "Gene studied", gene(id, Some(symbol)));
    components
}

fn haplotype(frame: &Frame, result: &GeneResult, allele: &str, urn: &str) -> Result<Part> {
    let name = format!("{} {allele}", result.gene);
    let call = result
        .calls
        .iter()
        .find_map(|c| Some(c.functions.get(c.alleles.iter().position(|a| a == allele)?)?.as_deref()));
    let function = call.flatten();
    let draft = Draft {
        urn: urn.to_owned(),
        profile: "haplotype",
        code: loinc("84414-2", "Haplotype name"),
        components: studied(&result.gene),
        derived_from: Vec::new(),
        notes: vec![function.and_then(|f| note(&format!("Clinical function of the allele: {f}.")))],
        words: vec![name.clone()],
    };
    let mut resource = draft.observation(frame)?;
    resource.value = Some(ObservationValue::CodeableConcept(worded(&name)));
    Ok(Part::of_laboratory(urn, resource))
}

fn genotype(frame: &Frame, result: &GeneResult, urn: &str) -> Result<Part> {
    let name = format!("{} {}", result.gene, result.diplotypes.join(" or "));
    let mut notes = vec![note(&format!("How it was called: {}.", result.how_called()))];
    if result.diplotypes.len() > 1 {
        notes.push(note("More than one diplotype fits the genotypes."));
    }
    if result.recommendation_diplotypes != result.diplotypes {
        notes.push(note(&format!(
            "Recommendations are looked up with {}.",
            result.recommendation_diplotypes.join(" or ")
        )));
    }
    let scores: BTreeSet<&str> = result.activity_scores.iter().flatten().map(String::as_str).collect();
    if !scores.is_empty() {
        notes.push(note(&format!(
            "Activity score: {}.",
            scores.into_iter().collect::<Vec<_>>().join(" or ")
        )));
    }
    let phenotypes = phenotypes(result);
    if !phenotypes.is_empty() {
        notes.push(note(&format!("Phenotype: {}.", phenotypes.join(" or "))));
    }
    let missing = result.missing_positions.len();
    if missing > 0 {
        let names: Vec<&str> = result.missing_positions.iter().map(|p| p.name.as_str()).collect();
        notes.push(note(&format!(
            "{missing} of {} positions have no genotype; they are missing, not reference: {}.",
            result.positions.len(),
            names.join(", ")
        )));
    }
    if !result.uncallable_alleles.is_empty() {
        notes.push(note(&format!(
            "Alleles that cannot be told, because their positions are missing: {}.",
            result.uncallable_alleles.join(", ")
        )));
    }
    notes.extend(
        result
            .messages
            .iter()
            .filter_map(|m| result.message_texts.get(m))
            .map(|text| note(text)),
    );
    notes.extend(result.cautions.iter().map(|caution| note(caution)));
    for other in result.alternatives.iter().filter(|a| a.changes_phenotype) {
        notes.push(note(&format!("{} fits too: {}", other.label, other.difference)));
    }
    let draft = Draft {
        urn: urn.to_owned(),
        profile: "genotype",
        code: loinc("84413-4", "Genotype display name"),
        components: studied(&result.gene),
        derived_from: alleles(result)
            .into_iter()
            .map(|allele| haplotype_urn(frame, &result.gene, allele))
            .collect(),
        notes,
        words: vec![name.clone(), phenotypes.join(" or ")],
    };
    let mut resource = draft.observation(frame)?;
    resource.value = Some(ObservationValue::CodeableConcept(worded(&name)));
    Ok(Part::of_laboratory(urn, resource))
}

/// Phenotypes, each once, without the word for none.
fn phenotypes(result: &GeneResult) -> Vec<&str> {
    let mut all: Vec<&str> = Vec::new();
    for phenotype in &result.phenotypes {
        if !["n/a", "No Result", ""].contains(&phenotype.as_str()) && !all.contains(&phenotype.as_str()) {
            all.push(phenotype);
        }
    }
    all
}

type Place<'a> = (&'a GuidelineResult, &'a Recommendation);

/// The genes of a guideline that have a result.
fn known<'a>(pgx: &'a Pharmacogenomics, guideline: &GuidelineResult) -> Vec<&'a GeneResult> {
    pgx.called().filter(|g| guideline.genes.contains(&g.gene)).collect()
}

/// `None` where no gene of the guideline has a result: an implication rests on a genotype.
fn implication_urn(
    frame: &Frame,
    pgx: &Pharmacogenomics,
    drugs: &[&str],
    (guideline, recommendation): Place<'_>,
) -> Option<String> {
    if known(pgx, guideline).is_empty() {
        return None;
    }
    let lookup: Vec<String> = recommendation.lookup.iter().map(|(g, v)| format!("{g}={v}")).collect();
    // A guideline is known by its id; what was looked up and for whom tells its recommendations apart.
    let key = [
        &guideline.source,
        &guideline.id,
        &drugs.join(","),
        &recommendation.population,
        &recommendation.strength,
        &lookup.join(";"),
        &recommendation.text,
    ];
    Some(
        frame
            .identity
            .in_case("therapeutic-implication", &key.map(String::as_str).join("\n")),
    )
}

fn implication(
    frame: &Frame,
    pgx: &Pharmacogenomics,
    drugs: &[&str],
    (guideline, recommendation): Place<'_>,
    urn: &str,
) -> Result<Part> {
    let mut components = Components::default();
    components.string(tbd("conclusion-string", "Conclusion"), &recommendation.text);
    for result in known(pgx, guideline) {
        for phenotype in phenotypes(result) {
            components.concept(
                tbd("therapeutic-implication", "Therapeutic implication"),
                meaning(&result.gene, phenotype),
            );
        }
    }
    for drug in drugs {
        components.loinc_concept("51963-7", "Medication assessed", medication(drug, drug));
    }
    let open: Vec<&str> = guideline
        .genes
        .iter()
        .filter(|name| !pgx.called().any(|g| g.gene == **name))
        .map(String::as_str)
        .collect();
    let mut notes = vec![
        note(&format!(
            "{} guideline, content of {}. Strength: {}. Population: {}.",
            guideline.source, guideline.date, recommendation.strength, recommendation.population
        )),
        note(&format!("What it asks for: {}.", recommendation.level().words())),
    ];
    if !open.is_empty() {
        notes.push(note(&format!(
            "The guideline needs these genes too, and they have no result: {}.",
            open.join(", ")
        )));
    }
    notes.extend(recommendation.implications.iter().map(|i| note(i)));
    let draft = Draft {
        urn: urn.to_owned(),
        profile: "therapeutic-implication",
        code: tbd("therapeutic-implication", "Therapeutic implication"),
        components,
        derived_from: known(pgx, guideline)
            .into_iter()
            .map(|g| genotype_urn(frame, &g.gene))
            .collect(),
        notes,
        words: vec![
            format!("{}: {}", drugs.join(", "), recommendation.level().words()),
            recommendation.text.clone(),
        ],
    };
    let mut resource = draft.observation(frame)?;
    resource.extension = citations(guideline);
    Ok(Part::of_laboratory(urn, resource))
}

/// A phenotype: coded where LOINC has it, and always in words with its gene.
fn meaning(gene: &str, phenotype: &str) -> CodeableConcept {
    let coded = PHENOTYPES.iter().find(|(name, _)| *name == phenotype);
    let mut value = coded.map_or_else(|| concept(Vec::new(), None), |(_, code)| answer(*code));
    value.text = text(&format!("{gene}: {phenotype}"));
    value
}

/// A medicine: RxNorm's ingredient where it is known, and words.
fn medication(drug: &str, words: &str) -> CodeableConcept {
    let coded = drugs::rxcui(drug).map(|code| coding(systems::RXNORM, code, None));
    concept(coded.into_iter().collect(), Some(words))
}

/// The guideline's publications.
fn citations(guideline: &GuidelineResult) -> Vec<Extension> {
    let is_number = |id: &&String| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
    guideline
        .references
        .iter()
        .filter(is_number)
        .filter_map(|id| {
            related_artifact(
                RelatedArtifactType::Citation,
                &format!("{} guideline for {}. PMID {id}.", guideline.source, guideline.name),
                Some(format!("https://pubmed.ncbi.nlm.nih.gov/{id}/")),
            )
        })
        .collect()
}

/// A medicine that the patient takes and that has an alert.
struct Taken<'a> {
    name: &'a str,
    drug: &'a str,
    urn: String,
    statement: Part,
}

/// Current medicines with an alert. A statement needs the patient, so there is none without an order.
fn taken<'a>(frame: &Frame, pgx: &'a Pharmacogenomics) -> Result<Vec<Taken<'a>>> {
    let Some(subject) = frame.parties.subject() else {
        return Ok(Vec::new());
    };
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    let alerts = pgx.medications.iter().flatten();
    for alert in alerts.filter(|a| a.level.is_alert()) {
        let MedicationAlert {
            medication,
            drug: Some(drug),
            ..
        } = alert
        else {
            continue;
        };
        if !seen.insert(medication) {
            continue;
        }
        let urn = frame.identity.in_case("medication-statement", medication);
        // The code is that of the ingredient by which the medicine was recognised; the words are the order's.
        let medication_concept = self::medication(drug, medication);
        let mut statement = built(
            MedicationStatement::builder()
                // As the guide's example: the order says that it is taken, nobody confirmed it here.
                .status("unknown".to_owned())
                .medication(MedicationStatementMedication::CodeableConcept(medication_concept))
                .subject(subject.clone())
                .build(),
        )?;
        statement.identifier = vec![Some(urn_identifier(&urn))];
        statement.text = Some(narrative(&[format!("{medication}, as stated with the order")]));
        all.push(Taken {
            name: medication,
            drug,
            statement: Part::of_laboratory(&urn, statement),
            urn,
        });
    }
    Ok(all)
}

fn proposal(
    frame: &Frame,
    medicine: &Taken<'_>,
    (guideline, recommendation): Place<'_>,
    implication: &str,
    urn: &str,
) -> Result<Part> {
    let words = format!(
        "{} ({}, strength {}, population {}): {}",
        medicine.name, guideline.source, recommendation.strength, recommendation.population, recommendation.text
    );
    let state = frame.report.state_in_effect().words();
    // The model knows no code of this list but `unknown`.
    let intent = "proposal"
        .parse::<TaskIntent>()
        .map_err(|_| Fault::internal("the intent of a Task has no code"))?;
    let mut task = built(Task::builder().status(TaskStatus::Requested).intent(intent).build())?;
    task.meta = Some(profile("medication-recommendation"));
    task.identifier = vec![Some(urn_identifier(urn))];
    task.text = Some(narrative(&[state.to_owned(), words.clone()]));
    // Whether a dose goes up or down stands in the text alone.
    task.code = recommendation.alternate_drug.then(|| answer(OTHER_MEDICATION));
    task.description = text(&format!("{state}: {words}"));
    task.r#for = frame.parties.subject();
    task.focus = Some(reference(&medicine.urn));
    task.reason_reference = Some(reference(implication));
    task.authored_on = Some(DateTime::DateTime(frame.issued.clone()));
    Ok(Part::of_laboratory(urn, task))
}

/// The report's references to the Tasks.
pub(crate) fn recommended(actions: &[String]) -> Vec<Extension> {
    actions
        .iter()
        .map(|urn| {
            extension(
                systems::guide("recommended-action"),
                ExtensionValue::Reference(reference(urn)),
            )
        })
        .collect()
}
