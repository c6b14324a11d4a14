//! Copy-number events of the germline by the scoring of Riggs 2020 (GIM 22:245): sections 1 to 3 from files, 4 and 5 by
//! people. Changes inside one gene go through PVS1 (Abou Tayoun 2018, branches C and D).
//!
//! Intervals are 0-based, half-open, on the build of the transcripts. Points are hundredths, so that sums are exact.

mod dosage;
mod exons;
mod score;

use clinotype_case::criterion::{Class, Strength};
use serde::{Deserialize, Serialize};

pub use dosage::{Dosage, Level, Region};
pub use exons::{ExonChange, Tandem, exon_change};
pub use score::score;

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// A loss; else a gain.
    pub loss: bool,
    /// Contig as the reference names it.
    pub contig: String,
    /// First base, 0-based.
    pub start: u32,
    /// Base after the last.
    pub end: u32,
}

impl Event {
    fn contains(&self, start: u32, end: u32) -> bool {
        self.start <= start && end <= self.end
    }
    fn overlaps(&self, start: u32, end: u32) -> bool {
        self.start < end && start < self.end
    }
}

/// A gene as the transcript that a report shows has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gene {
    /// HGNC symbol.
    pub symbol: String,
    /// Accession with version.
    pub transcript: String,
    /// Contig.
    pub contig: String,
    /// First base of the transcript on the genome.
    pub start: u32,
    /// Base after its last.
    pub end: u32,
    /// Whether it lies on the forward strand.
    pub forward: bool,
    /// Coding part of each exon that has one, with the exon's number, in the order of the transcript; empty for a gene
    /// that codes for no protein.
    pub coding: Vec<(u32, u32, u32)>,
}

/// One rule of the table with its points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// `2A`, `2E`, `3B` ... as Riggs 2020 names it; `2` alone where the section was not evaluated.
    pub rule: String,
    /// Hundredths of a point; `None`: not evaluated.
    pub hundredths: Option<i32>,
    /// One sentence.
    pub sentence: String,
}

/// What a person adds: sections 4 and 5, in hundredths of a point, with the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    /// `4A`, `5A` ...
    pub rule: String,
    /// Hundredths of a point.
    pub hundredths: i32,
    /// Why.
    pub reason: String,
}

/// The scored event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scored {
    /// The event.
    pub event: Event,
    /// Symbols of protein-coding genes that it touches, sorted.
    pub genes: Vec<String>,
    /// Every rule that was looked at.
    pub items: Vec<Item>,
    /// Their sum, hundredths.
    pub hundredths: i32,
    /// The class that the sum gives; proposed until a person confirms.
    pub class: Class,
    /// What a reader must know.
    pub notes: Vec<String>,
}

impl Scored {
    /// The same with what people found in cases and families (sections 4 and 5).
    #[must_use]
    pub fn with(mut self, added: &[Added]) -> Self {
        for item in added {
            self.hundredths += item.hundredths;
            self.items.push(Item {
                rule: item.rule.clone(),
                hundredths: Some(item.hundredths),
                sentence: format!("Set by a person: {}", item.reason),
            });
        }
        self.class = class(self.hundredths);
        self
    }
}

/// The class of a sum: pathogenic from 0.99, likely so from 0.90, and the same below zero.
pub const fn class(hundredths: i32) -> Class {
    match hundredths {
        99.. => Class::Pathogenic,
        90..=98 => Class::LikelyPathogenic,
        -89..=89 => Class::Uncertain,
        -98..=-90 => Class::LikelyBenign,
        _ => Class::Benign,
    }
}

/// Points of a change inside one gene by its strength of PVS1 (rules 2E and 2I).
pub const fn of_pvs1(strength: Option<Strength>) -> i32 {
    match strength {
        Some(Strength::VeryStrong | Strength::StandAlone) => 90,
        Some(Strength::Strong) => 45,
        Some(Strength::Moderate) => 30,
        Some(Strength::Supporting) => 15,
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_at_their_bounds() {
        for (points, expected) in [
            (99, Class::Pathogenic),
            (98, Class::LikelyPathogenic),
            (90, Class::LikelyPathogenic),
            (89, Class::Uncertain),
            (0, Class::Uncertain),
            (-89, Class::Uncertain),
            (-90, Class::LikelyBenign),
            (-98, Class::LikelyBenign),
            (-99, Class::Benign),
        ] {
            assert_eq!(class(points), expected, "{points}");
        }
    }
}
