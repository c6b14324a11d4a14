//! What a run uses besides the sample's own files: checked when a person gives it, so that a run does not end on it late.

use std::path::{Path, PathBuf};

use clinotype_case::{Order, SampleId};
use clinotype_genome::{Build, Fault};
use clinotype_jobs::{inherit, people, pgx, prs, rank::Hpo, run};

use crate::{
    content, errors,
    plan::Plan,
    types::{ApiError, FurtherInputs, InputKind},
};

/// Whose files they are.
pub(crate) struct Whose<'a> {
    pub(crate) sample: &'a SampleId,
    pub(crate) order: Option<&'a Order>,
    /// What the reference set asserts or proves.
    pub(crate) build: Option<Build>,
}

/// A file's fault at the field that names it. The file is told by its name; the person knows the folder.
fn at(field: &str, path: &Path, fault: &Fault) -> ApiError {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let line = fault.place().line.map(|n| format!(", line {n}")).unwrap_or_default();
    ApiError {
        hint: fault.advice().map(str::to_owned),
        ..errors::invalid(field, format!("{name}{line}: {}", fault.what()))
    }
}

/// A path that was given: whole, there, readable.
fn path(field: &str, text: &str) -> Result<PathBuf, ApiError> {
    let path = PathBuf::from(text);
    if !path.is_absolute() {
        return Err(errors::invalid(field, "the whole path is needed, beginning with /"));
    }
    Ok(path)
}

fn optional(field: &str, text: Option<&String>) -> Result<Option<PathBuf>, ApiError> {
    text.map(|text| path(field, text)).transpose()
}

/// White space around paths removed; a field without text is absent.
pub(crate) fn tidied(given: &FurtherInputs) -> FurtherInputs {
    let one = |text: &Option<String>| {
        let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty());
        text.map(str::to_owned)
    };
    let all = |texts: &[String]| {
        let mut kept: Vec<String> = Vec::new();
        for text in texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
            if !kept.iter().any(|there| there == text) {
                kept.push(text.to_owned());
            }
        }
        kept
    };
    FurtherInputs {
        evidence: one(&given.evidence),
        family: one(&given.family),
        pedigree: one(&given.pedigree),
        outside: all(&given.outside),
        chain: one(&given.chain),
        hpo: one(&given.hpo),
        scores: all(&given.scores),
        score_people: one(&given.score_people),
    }
}

/// Looks at everything that a plan names besides its own files.
///
/// Errors: `invalid_input` at the field of the first that cannot be used.
pub(crate) fn check(plan: &Plan, whose: &Whose<'_>) -> Result<(), ApiError> {
    let further = &plan.further;
    if let Some(file) = optional("further.evidence", further.evidence.as_ref())? {
        let read = people::Evidence::read(&file).map_err(|fault| at("further.evidence", &file, &fault))?;
        let named = read.file.build;
        if whose.build.is_some_and(|build| build != named) {
            return Err(errors::invalid(
                "further.evidence",
                format!("the evidence names alleles of {named}, and the reference set is of the other build"),
            ));
        }
    }
    family(plan, whose)?;
    let for_pharmacogenes = !further.outside.is_empty() || further.chain.is_some();
    if for_pharmacogenes && !plan.pharmacogenes {
        return Err(errors::invalid(
            "further.outside",
            "outside calls and a chain file are of use only where the pharmacogenes are called: ask for them, or leave \
             these files out",
        ));
    }
    for text in &further.outside {
        let file = path("further.outside", text)?;
        pgx::check_outside(&file).map_err(|fault| at("further.outside", &file, &fault))?;
    }
    if let Some(file) = optional("further.chain", further.chain.as_ref())? {
        pgx::check_chain(&file).map_err(|fault| at("further.chain", &file, &fault))?;
    }
    if let Some(folder) = optional("further.hpo", further.hpo.as_ref())? {
        if whose.order.is_none_or(|order| order.indication.hpo.is_empty()) {
            return Err(errors::invalid(
                "further.hpo",
                "genes are ranked by the terms of the order's indication, and there is none: state the terms, or leave the \
                 folder out",
            ));
        }
        Hpo::files(&folder).map_err(|fault| at("further.hpo", &folder, &fault))?;
    }
    for text in &further.scores {
        let file = path("further.scores", text)?;
        prs::check_file(&file, whose.build).map_err(|fault| at("further.scores", &file, &fault))?;
    }
    if let Some(file) = optional("further.score_people", further.score_people.as_ref())? {
        if further.scores.is_empty() {
            return Err(errors::invalid(
                "further.score_people",
                "people are compared by a score: give its scoring file, too",
            ));
        }
        clinotype_genome::fs::open(&file).map_err(|fault| at("further.score_people", &file, &fault))?;
    }
    Ok(())
}

/// The family's VCF and its pedigree: both, and the tested person in both.
fn family(plan: &Plan, whose: &Whose<'_>) -> Result<(), ApiError> {
    let further = &plan.further;
    let vcf = optional("further.family", further.family.as_ref())?;
    let pedigree = optional("further.pedigree", further.pedigree.as_ref())?;
    let (vcf, pedigree) = match (vcf, pedigree) {
        (None, None) => return Ok(()),
        (Some(_), None) => {
            return Err(errors::invalid(
                "further.pedigree",
                "the family's VCF does not say who is whose child: give the pedigree, too",
            ));
        }
        (None, Some(_)) => {
            return Err(errors::invalid(
                "further.family",
                "a pedigree is of use only with the family's VCF: give it, too",
            ));
        }
        (Some(vcf), Some(pedigree)) => (vcf, pedigree),
    };
    let kind = content::kind(&vcf).map_err(|fault| at("further.family", &vcf, &fault))?;
    if kind != InputKind::Vcf {
        return Err(errors::invalid("further.family", "this file is no VCF"));
    }
    let named = content::samples(&vcf, kind).map_err(|fault| at("further.family", &vcf, &fault))?;
    let read = inherit::pedigree(&pedigree).map_err(|fault| at("further.pedigree", &pedigree, &fault))?;
    let names = [Some(whose.sample.as_str()), plan.input_sample.as_deref()];
    let mut names = names.into_iter().flatten();
    let is_in_vcf = |name: &&str| named.iter().any(|sample| sample == name);
    let Some(person) = names.find(is_in_vcf) else {
        return Err(errors::invalid(
            "further.family",
            "the tested person is not among the samples of the family's VCF: the person's column has the accession, or \
             the name of the sample in its own files",
        ));
    };
    if read.get(person).is_none() {
        return Err(errors::invalid(
            "further.pedigree",
            "the tested person is not in the pedigree: the person has the same name in it as in the family's VCF",
        ));
    }
    Ok(())
}

/// The family's files as the run takes them.
pub(crate) fn family_of(further: &FurtherInputs) -> Option<(PathBuf, PathBuf)> {
    let path = |text: &Option<String>| text.as_ref().map(PathBuf::from);
    path(&further.family).zip(path(&further.pedigree))
}

/// What the run makes besides the report.
pub(crate) fn beside(further: &FurtherInputs) -> run::BesideOptions {
    run::BesideOptions {
        hpo: further.hpo.as_ref().map(PathBuf::from),
        scores: further.scores.iter().map(PathBuf::from).collect(),
        people: further.score_people.as_ref().map(PathBuf::from),
    }
}

/// What the run is to know for its pharmacogenes; the medicines stand in the order.
pub(crate) fn pharmacogenes(plan: &Plan) -> Option<run::PgxOptions> {
    plan.pharmacogenes.then(|| run::PgxOptions {
        outside: plan.further.outside.iter().map(PathBuf::from).collect(),
        medications: None,
        chain: plan.further.chain.as_ref().map(PathBuf::from),
    })
}
