//! Family checks: whether the samples are related as declared. `clinotype-family/1`.

use serde::{Deserialize, Serialize};

use crate::{finding::Dropped, quality::CheckResult};

/// The schema of the file.
pub const SCHEMA: &str = "clinotype-family/1";

/// The checks of a multi-sample VCF.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FamilyChecks {
    /// [`SCHEMA`].
    pub schema: String,
    /// Program and version.
    pub software: String,
    /// Samples in the order of the columns.
    pub samples: Vec<String>,
    /// Records read.
    pub records: u64,
    /// Records used.
    pub used: u64,
    /// The others, by reason.
    pub dropped: Vec<Dropped>,
    /// Every two samples.
    pub pairs: Vec<PairCheck>,
    /// Every child with both parents among the samples.
    pub trios: Vec<TrioCheck>,
}

/// How two samples are related, by degree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Degree {
    /// One person twice, or monozygotic twins.
    Same,
    /// Parent and child, or full siblings.
    First,
    /// Half-siblings, grandparent and grandchild, uncle or aunt.
    Second,
    /// First cousins and the like.
    Third,
    /// Further apart, or not at all.
    Unrelated,
}

impl Degree {
    /// Lower bounds of the kinship coefficient: 2^-(3/2), 2^-(5/2), 2^-(7/2), 2^-(9/2) (Manichaikul 2010,
    /// Bioinformatics 26:2867, table 1).
    pub const BOUNDS: [(Self, f64); 4] = [
        (Self::Same, 0.353_553_390_593_273_8),
        (Self::First, 0.176_776_695_296_636_9),
        (Self::Second, 0.088_388_347_648_318_45),
        (Self::Third, 0.044_194_173_824_159_22),
    ];

    /// The degree of a kinship coefficient.
    pub fn of(kinship: f64) -> Self {
        Self::BOUNDS
            .into_iter()
            .find(|(_, bound)| kinship > *bound)
            .map_or(Self::Unrelated, |(degree, _)| degree)
    }

    /// The next further degree.
    pub const fn next(self) -> Self {
        match self {
            Self::Same => Self::First,
            Self::First => Self::Second,
            Self::Second => Self::Third,
            Self::Third | Self::Unrelated => Self::Unrelated,
        }
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Same => "one person or monozygotic twins",
            Self::First => "first degree",
            Self::Second => "second degree",
            Self::Third => "third degree",
            Self::Unrelated => "unrelated",
        }
    }
}

/// Two samples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairCheck {
    /// The first sample.
    pub first: String,
    /// The second sample.
    pub second: String,
    /// Kinship coefficient by the pedigree; `None` without one.
    pub declared: Option<f64>,
    /// Whether the pedigree has them as parent and child.
    pub parent_and_child: bool,
    /// As measured; `None` where there are too few sites.
    pub observed: Option<Kinship>,
    /// Autosomal SNVs at which both have a genotype and at least one is heterozygous.
    pub sites: u64,
    /// Result.
    pub result: CheckResult,
    /// Figures and meaning in one sentence.
    pub reason: String,
}

/// The KING-robust estimate (Manichaikul 2010, equation 11).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kinship {
    /// Kinship coefficient.
    pub estimate: f64,
    /// Its standard error, by leaving out one of 20 stretches of the genome at a time (jackknife).
    pub standard_error: f64,
    /// Degree of the estimate.
    pub degree: Degree,
    /// Sites at which both are heterozygous.
    pub both_heterozygous: u64,
    /// Sites at which they are homozygous for different alleles.
    pub opposite_homozygous: u64,
}

/// A child and its parents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrioCheck {
    /// The child.
    pub child: String,
    /// The father.
    pub father: String,
    /// The mother.
    pub mother: String,
    /// On the autosomes.
    pub autosomes: MendelCounts,
    /// On X outside the pseudo-autosomal regions.
    pub x: MendelCounts,
    /// Result, from the autosomes.
    pub result: CheckResult,
    /// Figures and meaning in one sentence.
    pub reason: String,
}

/// Mendelian errors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MendelCounts {
    /// Sites at which all who matter have a genotype, and one of them an alternate: an error could be seen.
    pub opportunities: u64,
    /// Of these, sites at which the child's genotype is none that the parents' give.
    pub errors: u64,
    /// Of the errors, those in which the child is heterozygous (or hemizygous) for an allele that no parent has.
    pub new_allele: u64,
}

impl MendelCounts {
    /// Errors by opportunities; `None` without opportunities.
    pub fn rate(&self) -> Option<f64> {
        (self.opportunities > 0).then(|| self.errors as f64 / self.opportunities as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees() {
        for (kinship, expected) in [
            (0.5, Degree::Same),
            (0.36, Degree::Same),
            (0.35, Degree::First),
            (0.25, Degree::First),
            (0.125, Degree::Second),
            (0.0625, Degree::Third),
            (0.04, Degree::Unrelated),
            (-0.3, Degree::Unrelated),
        ] {
            assert_eq!(Degree::of(kinship), expected, "{kinship}");
        }
    }
}
