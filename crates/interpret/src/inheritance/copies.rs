//! Zygosity in a person of this sex.

use clinotype_case::{
    Sex,
    evidence::{AnnotatedVariant, Genotype, Zygosity},
};
use clinotype_genome::{Build, ContigKey};

/// Share of reads from which a mitochondrial allele counts as homoplasmic.
pub(crate) const HOMOPLASMIC: f64 = 0.95;

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
