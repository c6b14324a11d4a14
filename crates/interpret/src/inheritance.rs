//! Zygosity in a person of this sex, and where a (likely) pathogenic variant stands by the gene's inheritance.

use clinotype_case::{
    Sex,
    evidence::{AnnotatedVariant, Genotype, Zygosity},
    finding::{GeneFacts, Section},
};
use clinotype_genome::{Build, ContigKey};

/// Share of reads from which a mitochondrial allele counts as homoplasmic.
const HOMOPLASMIC: f64 = 0.95;

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

/// What the genotype means in this person.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Copies {
    pub(crate) zygosity: Zygosity,
    /// What a reader must know of it.
    pub(crate) note: Option<&'static str>,
}

/// Zygosity with the contig and the declared sex: two called copies on the X of a male are one, and a heterozygous
/// call there contradicts the sex.
pub(crate) fn copies(variant: &AnnotatedVariant, sex: Sex, build: Build) -> Copies {
    let plain = Copies {
        zygosity: variant.genotype.zygosity(),
        note: None,
    };
    let Some(contig) = ContigKey::of(&variant.key.contig) else {
        return plain;
    };
    match (contig.as_str(), plain.zygosity) {
        (_, Zygosity::Absent | Zygosity::NotCalled) => plain,
        ("MT", _) => Copies {
            zygosity: mitochondrial(&variant.genotype),
            note: None,
        },
        ("X" | "Y", called) if !is_pseudoautosomal(variant, build, &contig) => match (sex, called) {
            (Sex::Male, Zygosity::Homozygous) => Copies {
                zygosity: Zygosity::Hemizygous,
                note: Some("called with two copies on a sex chromosome of a male, counted as one"),
            },
            (Sex::Male, Zygosity::Heterozygous) => Copies {
                zygosity: Zygosity::Heterozygous,
                note: Some("heterozygous on a sex chromosome of a male: artefact, mosaicism or another karyotype"),
            },
            (Sex::Female, Zygosity::Hemizygous) => Copies {
                zygosity: Zygosity::Hemizygous,
                note: Some("called with one copy on a sex chromosome of a female: the genotype contradicts the sex"),
            },
            (Sex::Unknown, _) => Copies {
                note: Some("the sex is not stated"),
                ..plain
            },
            _ => plain,
        },
        (_, Zygosity::Hemizygous) if !matches!(contig.as_str(), "X" | "Y") => Copies {
            note: Some("called with one copy on an autosome: the other may be deleted or not callable"),
            ..plain
        },
        _ => plain,
    }
}

fn mitochondrial(genotype: &Genotype) -> Zygosity {
    let all = match genotype.allele_fraction() {
        Some(fraction) => fraction >= HOMOPLASMIC,
        None => genotype.copies == Some(genotype.ploidy),
    };
    if all {
        Zygosity::Homoplasmic
    } else {
        Zygosity::Heteroplasmic
    }
}

fn is_pseudoautosomal(variant: &AnnotatedVariant, build: Build, contig: &ContigKey) -> bool {
    let (start, end) = variant.key.span();
    build
        .pseudoautosomal(contig)
        .iter()
        .any(|&(from, to)| start >= from && end <= to)
}

/// Where two alleles of one gene lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// On different copies of the gene.
    Trans,
    /// On the same copy.
    Cis,
    /// The genotypes do not say.
    Unknown,
}

/// Phase of two heterozygous alleles: told by two phased genotypes of one phase set, or by one genotype that holds
/// both alleles (`1/2`).
pub(crate) fn phase(a: &AnnotatedVariant, b: &AnnotatedVariant) -> Phase {
    if a.key.contig != b.key.contig {
        return Phase::Unknown;
    }
    let both_alternate = |text: &str| {
        let mut alleles = text.split(['/', '|']);
        matches!((alleles.next(), alleles.next(), alleles.next()), (Some(x), Some(y), None)
            if x != y && x != "0" && y != "0" && x != "." && y != ".")
    };
    // Two ALT of one record: the genotype and the depth are one and the same, and the places overlap.
    let ((a_start, a_end), (b_start, b_end)) = (a.key.span(), b.key.span());
    let overlap = a_start <= b_end && b_start <= a_end;
    if overlap
        && a.genotype.text == b.genotype.text
        && a.genotype.depth == b.genotype.depth
        && both_alternate(&a.genotype.text)
    {
        return Phase::Trans;
    }
    match (haplotype(&a.genotype), haplotype(&b.genotype)) {
        (Some(x), Some(y)) if a.genotype.phase_set == b.genotype.phase_set => {
            if x == y {
                Phase::Cis
            } else {
                Phase::Trans
            }
        }
        _ => Phase::Unknown,
    }
}

/// Which haplotype (0 or 1) of a phased heterozygous genotype `0|1` or `1|0` holds the allele.
fn haplotype(genotype: &Genotype) -> Option<usize> {
    // Without PS the VCF specification lets a phased genotype belong to one set per contig; callers differ, so a
    // set must be stated before two places are joined.
    genotype.phase_set?;
    if !genotype.phased || genotype.copies != Some(1) {
        return None;
    }
    let alleles: Vec<&str> = genotype.text.split('|').collect();
    match alleles[..] {
        ["0", x] if x != "0" && x != "." => Some(1),
        [x, "0"] if x != "0" && x != "." => Some(0),
        _ => None,
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
