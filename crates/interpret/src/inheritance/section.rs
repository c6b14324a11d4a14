//! Where a (likely) pathogenic variant stands by the gene's inheritance.

use clinotype_case::{
    Sex,
    evidence::{AnnotatedVariant, Zygosity},
    finding::{GeneFacts, Section},
};

use super::{Copies, Phase, phase};

/// Modes of inheritance that the rules tell apart, by HPO id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Dominant,
    Recessive,
    XLinked,
    XLinkedRecessive,
    Mitochondrial,
    Unknown,
}

impl Mode {
    pub(crate) fn of(gene: Option<&GeneFacts>) -> Self {
        match gene.and_then(|g| g.inheritance_id.as_deref()) {
            // A semidominant disease shows in heterozygotes, more severely in homozygotes.
            Some("HP:0000006" | "HP:0032113") => Self::Dominant,
            Some("HP:0000007") => Self::Recessive,
            Some("HP:0001417" | "HP:0001423") => Self::XLinked,
            Some("HP:0001419") => Self::XLinkedRecessive,
            Some("HP:0001427") => Self::Mitochondrial,
            _ => Self::Unknown,
        }
    }
}

/// A (likely) pathogenic variant with what its place depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed<'a> {
    pub(crate) variant: &'a AnnotatedVariant,
    pub(crate) copies: &'a Copies,
    pub(crate) sex: Sex,
}

/// The section, and the sentence that explains it. `partners` are the other (likely) pathogenic alleles of the gene.
pub(crate) fn section(one: Placed<'_>, gene: Option<&GeneFacts>, partners: &[Placed<'_>]) -> (Section, String) {
    let unassigned = |words: &str| (Section::Unassigned, words.to_owned());
    let Some(facts) = gene else {
        return unassigned("The gene table holds no inheritance for this gene: a person must decide what it means.");
    };
    if !matches!(facts.validity.as_deref(), Some("Definitive" | "Strong" | "Moderate")) {
        return unassigned("The link of the gene with its disease is of uncertain validity: a person must decide.");
    }
    let disease = &facts.disease;
    let zygosity = one.copies.zygosity;
    match (Mode::of(gene), zygosity) {
        (Mode::Dominant, Zygosity::Heterozygous | Zygosity::Homozygous) => (
            Section::Primary,
            format!(
                "A {} genotype fits {disease}, {}.",
                zygosity.words(),
                facts.inheritance.as_deref().unwrap_or("")
            ),
        ),
        (Mode::Recessive, Zygosity::Homozygous) => (
            Section::Primary,
            format!(
                "A homozygous genotype fits {disease}, autosomal recessive; a deletion of \
                 the other copy was not tested."
            ),
        ),
        (Mode::Recessive, Zygosity::Heterozygous) => recessive(one, disease, partners),
        (Mode::XLinked | Mode::XLinkedRecessive, Zygosity::Hemizygous) if one.sex != Sex::Female => (
            Section::Primary,
            format!("A hemizygous genotype fits {disease}, X-linked."),
        ),
        (Mode::XLinked | Mode::XLinkedRecessive, Zygosity::Homozygous) => (
            Section::Primary,
            format!("A homozygous genotype fits {disease}, X-linked."),
        ),
        (_, Zygosity::Heterozygous)
            if one.sex == Sex::Male && matches!(Mode::of(gene), Mode::XLinked | Mode::XLinkedRecessive) =>
        {
            unassigned("A heterozygous call on the X of a male contradicts the declared sex: a person must decide.")
        }
        (Mode::XLinked, Zygosity::Heterozygous) => (
            Section::Primary,
            format!("A heterozygous genotype can show {disease}, X-linked; expression in heterozygous females varies."),
        ),
        (Mode::XLinkedRecessive, Zygosity::Heterozygous) => (
            Section::Carrier,
            format!("Carrier of {disease}, X-linked recessive; some heterozygous females show signs."),
        ),
        (Mode::Mitochondrial, Zygosity::Homoplasmic | Zygosity::Heteroplasmic) => (
            Section::Primary,
            format!("A {} genotype can show {disease}.", zygosity.words()),
        ),
        _ => {
            unassigned("The genotype does not fit the gene's inheritance as our table states it: a person must decide.")
        }
    }
}

fn recessive(one: Placed<'_>, disease: &str, partners: &[Placed<'_>]) -> (Section, String) {
    let phases: Vec<Phase> = partners
        .iter()
        .map(|p| match p.copies.zygosity {
            // A homozygous partner lies on the other copy too.
            Zygosity::Homozygous => Phase::Trans,
            _ => phase(one.variant, p.variant),
        })
        .collect();
    if phases.is_empty() {
        return (
            Section::Carrier,
            format!(
                "One (likely) pathogenic allele for {disease}, autosomal recessive; a second one was not \
                 found, which does not exclude one."
            ),
        );
    }
    if phases.contains(&Phase::Trans) {
        (
            Section::Primary,
            format!("Two alleles in trans fit {disease}, autosomal recessive."),
        )
    } else if phases.contains(&Phase::Unknown) {
        (
            Section::Primary,
            format!(
                "Two (likely) pathogenic alleles for {disease}, autosomal recessive; their phase is \
                 unknown: in trans they fit it, in cis they do not."
            ),
        )
    } else {
        (
            Section::Carrier,
            format!("The alleles lie in cis, on one copy of the gene: carrier of {disease}, autosomal recessive."),
        )
    }
}
