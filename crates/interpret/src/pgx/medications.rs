//! Alerts for the medicines that a person takes.

use clinotype_case::pgx::{AlertLevel, DrugResult, MedicationAlert};

/// One alert for each medicine, in the order given. A name is recognised if it contains a drug's name as whole words,
/// in any case of letters: `Clopidogrel 75 mg`. Names that are not recognised are said, never passed over.
pub fn alerts(medications: &[String], drugs: &[DrugResult]) -> Vec<MedicationAlert> {
    medications
        .iter()
        .map(|m| m.trim())
        .filter(|m| !m.is_empty() && !m.starts_with('#'))
        .map(|medication| match recognise(medication, drugs) {
            Some(drug) => alert(medication, drug),
            None => MedicationAlert {
                medication: medication.to_owned(),
                drug: None,
                level: AlertLevel::Unknown,
                text: "No pharmacogenomic guidance for a drug of this name here; check the international name of its \
                       active substance."
                    .to_owned(),
            },
        })
        .collect()
}

fn recognise<'a>(medication: &str, drugs: &'a [DrugResult]) -> Option<&'a DrugResult> {
    let words = |text: &str| -> Vec<String> {
        let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        parts.map(str::to_lowercase).collect()
    };
    let given = words(medication);
    let contains = |drug: &&DrugResult| {
        let name = words(&drug.drug);
        !name.is_empty() && given.windows(name.len()).any(|w| w == name)
    };
    // The longest name wins: "aspirin" does not hide a drug of two words.
    drugs.iter().filter(contains).max_by_key(|d| d.drug.len())
}

fn alert(medication: &str, drug: &DrugResult) -> MedicationAlert {
    let all: Vec<_> = drug
        .guidelines
        .iter()
        .flat_map(|g| g.recommendations.iter().map(move |r| (g, r)))
        .collect();
    let level = drug.level();
    let text = if all.is_empty() {
        let why: Vec<String> = drug
            .guidelines
            .iter()
            .filter_map(|g| Some(format!("{}: {}", g.source, g.why_none.as_ref()?)))
            .collect();
        format!("Guidance exists, but nothing can be said ({}).", why.join("; "))
    } else {
        let lines: Vec<String> = all
            .iter()
            .map(|(g, r)| format!("{} ({}, {}): {}", g.source, r.strength, r.population, r.text))
            .collect();
        lines.join(" / ")
    };
    MedicationAlert {
        medication: medication.to_owned(),
        drug: Some(drug.drug.clone()),
        level,
        text,
    }
}
