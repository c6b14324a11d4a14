//! Genome builds and their primary contigs.
//!
//! Source: NCBI assembly reports GCF_000001405.25 (GRCh37.p13) and GCF_000001405.40 (GRCh38.p14), primary assembly;
//! pseudo-autosomal regions from the same reports. Public domain facts.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ContigKey;

/// A human genome build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Build {
    /// GRCh37, also called hg19 and b37.
    #[serde(rename = "GRCh37")]
    Grch37,
    /// GRCh38, also called hg38.
    #[serde(rename = "GRCh38")]
    Grch38,
}

impl fmt::Display for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Grch37 => "GRCh37",
            Self::Grch38 => "GRCh38",
        })
    }
}

impl std::str::FromStr for Build {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "GRCh37" | "hg19" | "b37" => Ok(Self::Grch37),
            "GRCh38" | "hg38" => Ok(Self::Grch38),
            other => Err(format!("unknown genome build {other:?}: use GRCh37 or GRCh38")),
        }
    }
}

/// (key, length on GRCh37, version of NC accession on GRCh37, length on GRCh38, version on GRCh38)
const PRIMARY: [(&str, u32, u8, u32, u8); 24] = [
    ("1", 249_250_621, 10, 248_956_422, 11),
    ("2", 243_199_373, 11, 242_193_529, 12),
    ("3", 198_022_430, 11, 198_295_559, 12),
    ("4", 191_154_276, 11, 190_214_555, 12),
    ("5", 180_915_260, 9, 181_538_259, 10),
    ("6", 171_115_067, 11, 170_805_979, 12),
    ("7", 159_138_663, 13, 159_345_973, 14),
    ("8", 146_364_022, 10, 145_138_636, 11),
    ("9", 141_213_431, 11, 138_394_717, 12),
    ("10", 135_534_747, 10, 133_797_422, 11),
    ("11", 135_006_516, 9, 135_086_622, 10),
    ("12", 133_851_895, 11, 133_275_309, 12),
    ("13", 115_169_878, 10, 114_364_328, 11),
    ("14", 107_349_540, 8, 107_043_718, 9),
    ("15", 102_531_392, 9, 101_991_189, 10),
    ("16", 90_354_753, 9, 90_338_345, 10),
    ("17", 81_195_210, 10, 83_257_441, 11),
    ("18", 78_077_248, 9, 80_373_285, 10),
    ("19", 59_128_983, 9, 58_617_616, 10),
    ("20", 63_025_520, 10, 64_444_167, 11),
    ("21", 48_129_895, 8, 46_709_983, 9),
    ("22", 51_304_566, 10, 50_818_468, 11),
    ("X", 155_270_560, 10, 156_040_895, 11),
    ("Y", 59_373_566, 9, 57_227_415, 10),
];

/// Length of the revised Cambridge Reference Sequence, NC_012920.1, on both builds.
pub const RCRS_LENGTH: u32 = 16_569;
/// Length of `chrM` in UCSC's hg19, which is NC_001807.4 and not the rCRS: its positions must not be read as m. names.
pub const HG19_CHRM_LENGTH: u32 = 16_571;

impl Build {
    /// Length of a primary contig.
    pub fn length(self, key: &ContigKey) -> Option<u32> {
        if key.as_str() == "MT" {
            return Some(RCRS_LENGTH);
        }
        PRIMARY.iter().find(|row| row.0 == key.as_str()).map(|row| match self {
            Self::Grch37 => row.1,
            Self::Grch38 => row.3,
        })
    }

    /// RefSeq accession with version, for HGVS g. and m. names.
    pub fn accession(self, key: &ContigKey) -> Option<String> {
        if key.as_str() == "MT" {
            return Some("NC_012920.1".to_owned());
        }
        PRIMARY
            .iter()
            .enumerate()
            .find(|(_, row)| row.0 == key.as_str())
            .map(|(i, row)| {
                let version = match self {
                    Self::Grch37 => row.2,
                    Self::Grch38 => row.4,
                };
                format!("NC_{:06}.{version}", i + 1)
            })
    }

    /// The build that the contigs (name, length) belong to: every primary contig present has that build's length, and
    /// at least one that tells the builds apart is there. `None` where they prove neither.
    pub fn of_contigs<'a>(contigs: impl IntoIterator<Item = (&'a str, u32)> + Clone) -> Option<Self> {
        [Self::Grch38, Self::Grch37].into_iter().find(|build| {
            let mut told = false;
            contigs.clone().into_iter().all(|(name, length)| {
                let Some(key) = ContigKey::of(name) else { return true };
                if key.as_str() == "MT" {
                    return true;
                }
                told = true;
                build.length(&key) == Some(length)
            }) && told
        })
    }

    /// Pseudo-autosomal regions, 0-based half-open, on X or Y; empty for other contigs.
    pub fn pseudoautosomal(self, key: &ContigKey) -> &'static [(u32, u32)] {
        match (self, key.as_str()) {
            (Self::Grch37, "X") => &[(60_000, 2_699_520), (154_931_043, 155_260_560)],
            (Self::Grch37, "Y") => &[(10_000, 2_649_520), (59_034_049, 59_363_566)],
            (Self::Grch38, "X") => &[(10_000, 2_781_479), (155_701_382, 156_030_895)],
            (Self::Grch38, "Y") => &[(10_000, 2_781_479), (56_887_902, 57_217_415)],
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contigs_prove_a_build() {
        type Case = (&'static [(&'static str, u32)], Option<Build>);
        let cases: [Case; 6] = [
            (&[("chr20", 64_444_167)], Some(Build::Grch38)),
            (&[("20", 63_025_520), ("chrM", 16_571)], Some(Build::Grch37)),
            (&[("chrM", 16_569)], None),
            (&[("chr22", 40_001)], None),
            (&[("chr20", 64_444_167), ("chr1", 249_250_621)], None),
            (&[], None),
        ];
        for (contigs, expected) in cases {
            assert_eq!(Build::of_contigs(contigs.iter().copied()), expected, "{contigs:?}");
        }
    }

    #[test]
    fn accessions() {
        let name = |build: Build, contig| build.accession(&ContigKey::of(contig).unwrap()).unwrap();
        assert_eq!(name(Build::Grch38, "chr17"), "NC_000017.11");
        assert_eq!(name(Build::Grch37, "X"), "NC_000023.10");
        assert_eq!(name(Build::Grch38, "chrM"), "NC_012920.1");
    }
}
