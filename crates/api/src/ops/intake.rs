//! New cases: what dropped files are, the check of the order, and the case itself.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use clinotype_case::{Order, SampleId, Sex};
use clinotype_genome::fs;
use clinotype_store::{Case, CaseState as Stored, NewCase, StoreErrorKind};
use uuid::Uuid;

use super::{cases, runs, settings};
use crate::{
    app::{App, Session},
    content, errors,
    forms::order_of,
    further::{self, Whose},
    plan::Plan,
    types::*,
};

pub(crate) fn inspect(_: &Arc<App>, _: &Session, input: InspectInput) -> Result<InspectOutput, ApiError> {
    Ok(content::paths(&input.paths))
}

pub(crate) fn check_order(_: &Arc<App>, _: &Session, input: OrderForm) -> Result<Problems, ApiError> {
    Ok(Problems {
        problems: order_of(&input).err().unwrap_or_default(),
    })
}

pub(crate) fn genes(app: &Arc<App>, session: &Session, input: GenesInput) -> Result<GenesOutput, ApiError> {
    let set = settings::find_set(&session.store, &input.reference_set)?;
    let symbols = settings::genes(app, &set)?;
    Ok(sort_out(&symbols, &input.text))
}

/// Finds each symbol of a pasted text, whatever its case, in the spelling of the transcripts; each once, in the order
/// of the text.
fn sort_out(symbols: &BTreeSet<String>, text: &str) -> GenesOutput {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    let part = |c: char| !(c.is_alphanumeric() || "-.@".contains(c));
    for word in text.split(part).filter(|w| w.contains(char::is_alphanumeric)) {
        let found = symbols
            .get(word)
            .or_else(|| symbols.iter().find(|symbol| symbol.eq_ignore_ascii_case(word)));
        let (list, word) = match found {
            Some(symbol) => (&mut known, symbol.as_str()),
            None => (&mut unknown, word),
        };
        if !list.iter().any(|there| there == word) {
            list.push(word.to_owned());
        }
    }
    GenesOutput { known, unknown }
}

/// The order of a form, or the first of its problems as an error.
fn order(form: &OrderForm) -> Result<Order, ApiError> {
    order_of(form).map_err(|problems| {
        let first = problems.into_iter().next();
        first.map_or_else(
            || errors::internal("an order was refused without a reason"),
            |p| errors::invalid(&format!("order.{}", p.place), format!("the order: {}", p.words)),
        )
    })
}

pub(crate) fn new_case(app: &Arc<App>, session: &Session, input: NewCaseInput) -> Result<CaseInput, ApiError> {
    let sample: SampleId = input
        .sample
        .parse()
        .map_err(|words: String| errors::invalid("sample", words))?;
    let order = input.order.as_ref().map(order).transpose()?;
    if let Some(order) = &order
        && names_the_patient(&sample, order)
    {
        return Err(errors::invalid(
            "sample",
            "the accession holds a name or number of the patient: file names and logs show the accession, so it must not",
        ));
    }
    let input_sample = input.input_sample.as_deref().map(str::trim).filter(|s| !s.is_empty());
    let files = check_files(&input.files, &sample, input_sample)?;
    let set = settings::set_view(&session.store, &input.reference_set)
        .map_err(|_| errors::invalid("reference_set", "choose a reference set"))?;
    if let Some(problem) = set.problems.first() {
        return Err(errors::invalid(
            "reference_set",
            format!("the reference set cannot be used: {problem}"),
        ));
    }
    let plan = Plan {
        files,
        reference_set: input.reference_set,
        input_sample: input_sample.map(str::to_owned),
        pharmacogenes: input.pharmacogenes.unwrap_or_default(),
        further: further::tidied(&input.further.unwrap_or_default()),
        libraries: libraries(input.libraries.unwrap_or_default(), &input.files)?,
    };
    further::check(
        &plan,
        &Whose {
            sample: &sample,
            order: order.as_ref(),
            build: set.build.as_deref().and_then(|build| build.parse().ok()),
        },
    )?;
    // With an order its sex counts; a second statement could contradict it after the order was corrected.
    let sex = match (&order, input.sex.as_deref().map(str::trim).filter(|s| !s.is_empty())) {
        (_, None) => Sex::Unknown,
        (Some(order), Some(text)) if order.patient.sex.to_string() == text => Sex::Unknown,
        (Some(_), Some(_)) => {
            return Err(errors::invalid(
                "sex",
                "differs from the sex in the order: find out which is right",
            ));
        }
        (None, Some(text)) => text.parse().map_err(|words: String| errors::invalid("sex", words))?,
    };
    let case = create(app, session, sample, (order, sex), &plan, set.set.synthetic)?;
    if input.start {
        start(app, session, &case)?;
    }
    Ok(case)
}

pub(crate) fn start(app: &Arc<App>, session: &Session, case: &CaseInput) -> Result<(), ApiError> {
    runs::enqueue(app, session, errors::id(&case.case, "case")?, RunWith::Same, None, None).map(|_| ())
}

/// Names of libraries: none, one for all pairs of FASTQ files, or one for each.
fn libraries(given: Vec<String>, files: &[InputFile]) -> Result<Vec<String>, ApiError> {
    let pairs: BTreeSet<u32> = files.iter().filter_map(|file| file.pair).collect();
    let fits = given.len() <= 1 || given.len() == pairs.len();
    if (given.is_empty() || !pairs.is_empty()) && fits {
        return Ok(given);
    }
    Err(errors::invalid(
        "libraries",
        "name one library for all pairs of FASTQ files, or one for each",
    ))
}

/// Whether a part of the accession is a name or an identifier of the patient. The whole parts are compared, so that a
/// short name does not forbid half of all accessions.
fn names_the_patient(sample: &SampleId, order: &Order) -> bool {
    let parts = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|p| p.chars().count() > 1)
            .map(str::to_lowercase)
            .collect()
    };
    let own = parts(sample.as_str());
    let patient = &order.patient;
    let mut names = parts(&patient.name.family);
    names.extend(patient.name.given.iter().flat_map(|given| parts(given)));
    // A sample number may be one of the identifiers; a clinic's record number must not be the accession.
    let numbers = patient
        .identifiers
        .iter()
        .filter(|i| i.label.as_deref().is_some_and(is_record_number));
    names.iter().any(|name| own.contains(name))
        || numbers
            .map(|i| i.value.to_lowercase())
            .any(|v| v == sample.as_str().to_lowercase())
}

fn is_record_number(label: &str) -> bool {
    ["MRN", "SSN", "NHS", "PID"]
        .iter()
        .any(|known| label.to_ascii_uppercase().contains(known))
}

/// The files as they are now: there, readable, of one kind, FASTQ in whole pairs, and of this sample.
fn check_files(files: &[InputFile], sample: &SampleId, input_sample: Option<&str>) -> Result<Vec<InputFile>, ApiError> {
    let bad = |words: &str| Err(errors::invalid("files", words));
    let Some(kind) = files.first().map(|f| f.kind) else {
        return bad("choose the FASTQ files, the BAM or the VCF of the sample");
    };
    if files.iter().any(|f| f.kind != kind) {
        return bad("the files are of more than one kind: a case starts from FASTQ pairs, or one BAM, or one VCF");
    }
    let mut checked = Vec::new();
    for file in files {
        let path = Path::new(&file.path);
        if !path.is_absolute() {
            return bad("the whole path of each file is needed");
        }
        if content::kind(path)? != file.kind {
            return bad("a file is not what it was when it was chosen: choose the files again");
        }
        checked.push(InputFile {
            bytes: Some(fs::size(path)?),
            ..file.clone()
        });
    }
    match kind {
        InputKind::Fastq => {
            if input_sample.is_some() {
                return Err(errors::invalid(
                    "input_sample",
                    "FASTQ files name no sample: leave it empty",
                ));
            }
            checked.sort_by_key(|f| (f.pair, f.mate));
            let whole = checked.len().is_multiple_of(2)
                && checked.chunks(2).all(|two| {
                    two[0].pair.is_some()
                        && two[0].pair == two[1].pair
                        && (two[0].mate, two[1].mate) == (Some(1), Some(2))
                });
            if !whole {
                return bad("FASTQ files come in pairs: each R1 needs its R2");
            }
            let distinct: BTreeSet<&str> = checked.iter().map(|f| f.path.as_str()).collect();
            if distinct.len() != checked.len() {
                return bad("a file stands twice in the list");
            }
        }
        InputKind::Bam | InputKind::Vcf => {
            if checked.len() != 1 {
                return bad("a case starts from one BAM or one VCF");
            }
            let named = content::samples(Path::new(&checked[0].path), kind)?;
            let wanted = input_sample.unwrap_or(sample.as_str());
            if !named.iter().any(|name| name == wanted) {
                return Err(errors::invalid(
                    "input_sample",
                    match (named.len(), input_sample) {
                        (0, _) => "the file names no sample",
                        (_, None) => "the file names its sample differently: say which of its samples this is",
                        (_, Some(_)) => "the file has no sample of this name",
                    },
                ));
            }
        }
        InputKind::Order | InputKind::Unknown => {
            return bad("these files hold no reads, alignments or variants");
        }
    }
    Ok(checked)
}

/// Makes the case in the store; it is `received`.
pub(crate) fn create(
    app: &Arc<App>,
    session: &Session,
    sample: SampleId,
    (order, sex): (Option<Order>, Sex),
    plan: &Plan,
    demo: bool,
) -> Result<CaseInput, ApiError> {
    let act = session.act(app);
    let case = NewCase {
        sample,
        sex,
        order,
        demo,
        notes: plan.text()?,
    };
    let case = session.store.create_case(&act, &case).map_err(|error| {
        let taken = error.kind == StoreErrorKind::AlreadyExists;
        let mut error = ApiError::from(error);
        if taken {
            error.place = Some("sample".to_owned());
        }
        error
    })?;
    session.store.set_case_state(&act, case.id, Stored::Received)?;
    Ok(CaseInput {
        case: case.id.to_string(),
    })
}

pub(crate) fn change_order(app: &Arc<App>, session: &Session, input: OrderInput) -> Result<CaseView, ApiError> {
    let id: Uuid = errors::id(&input.case, "case")?;
    let reason = input.reason.trim();
    if reason.is_empty() {
        return Err(errors::invalid(
            "reason",
            "say why the order is changed: the trail keeps it",
        ));
    }
    let order = order(&input.order)?;
    let store = &session.store;
    let before: Case = store.peek_case(id)?;
    if !before.demo && names_the_patient(&before.sample, &order) {
        return Err(errors::invalid(
            "order.family",
            "the accession of this case holds a name or number of this patient: make a case with another accession",
        ));
    }
    if before.order.as_ref() == Some(&order) {
        return cases::case(app, session, CaseInput { case: input.case });
    }
    let act = session.act(app).because(reason);
    store.set_order(&act, id, &order)?;
    // A draft of the old order is no draft of this one.
    if before.state == Stored::ReportDrafted {
        store.set_case_state(&act, id, Stored::Review)?;
    }
    cases::case(app, session, CaseInput { case: input.case })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::tests::example;

    #[test]
    fn pasted_genes_are_sorted_out() {
        let symbols = ["BRCA1", "C1orf112", "HLA-A", "NKX2-5"].map(str::to_owned).into();
        let found = sort_out(&symbols, "brca1; C1ORF112, HLA-A\nBRCA1\tNOPE1 - nkx2-5");
        assert_eq!(found.known, ["BRCA1", "C1orf112", "HLA-A", "NKX2-5"]);
        assert_eq!(found.unknown, ["NOPE1"]);
    }

    #[test]
    fn an_accession_is_never_a_name() {
        let order = order_of(&example()).unwrap();
        for (accession, named) in [
            ("S-000123", false),
            ("Example-1", true),
            ("x_ANN_7", true),
            ("4471", true),
            ("Annex-1", false),
        ] {
            assert_eq!(
                names_the_patient(&accession.parse().unwrap(), &order),
                named,
                "{accession}"
            );
        }
    }
}
