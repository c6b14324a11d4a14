//! Positions, intervals and strands.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A 1-based position on a contig, as in VCF, SAM text, GFF3 and HGVS. Never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Pos(u32);

impl TryFrom<u32> for Pos {
    type Error = &'static str;
    fn try_from(one_based: u32) -> Result<Self, Self::Error> {
        Self::new(one_based).ok_or("a position is 1 or more")
    }
}

impl From<Pos> for u32 {
    fn from(pos: Pos) -> Self {
        pos.0
    }
}

impl Pos {
    /// From a 1-based number; `None` for zero.
    pub const fn new(one_based: u32) -> Option<Self> {
        if one_based == 0 { None } else { Some(Self(one_based)) }
    }
    /// From a 0-based offset.
    pub const fn from_zero_based(offset: u32) -> Self {
        Self(offset + 1)
    }
    /// The 1-based number.
    pub const fn get(self) -> u32 {
        self.0
    }
    /// The 0-based offset.
    pub const fn zero_based(self) -> u32 {
        self.0 - 1
    }
}

impl fmt::Display for Pos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A 0-based, half-open stretch of one contig: `start..end`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Interval {
    /// The contig's name as the reference writes it.
    pub contig: String,
    /// 0-based first base.
    pub start: u32,
    /// 0-based base after the last.
    pub end: u32,
}

impl Interval {
    /// A 0-based, half-open interval.
    pub fn new(contig: impl Into<String>, start: u32, end: u32) -> Self {
        Self {
            contig: contig.into(),
            start,
            end,
        }
    }
    /// Number of bases.
    pub const fn len(&self) -> u32 {
        self.end.saturating_sub(self.start)
    }
    /// Whether it holds no base.
    pub const fn is_empty(&self) -> bool {
        self.end <= self.start
    }
    /// Whether the two share a base.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.contig == other.contig && self.start < other.end && other.start < self.end
    }
    /// Whether the 0-based position lies inside.
    pub const fn contains(&self, position: u32) -> bool {
        self.start <= position && position < self.end
    }
}

impl fmt::Display for Interval {
    /// As people write it: `chr1:11-20` (1-based, closed).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}-{}", self.contig, self.start + 1, self.end)
    }
}

/// The strand of a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Strand {
    /// As the reference is written.
    #[serde(rename = "+")]
    Forward,
    /// The reverse complement.
    #[serde(rename = "-")]
    Reverse,
}

impl fmt::Display for Strand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Forward => "+",
            Self::Reverse => "-",
        })
    }
}
