//! The key of a small variant: one alternate allele at one place.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Pos;

/// One alternate allele, as one VCF line with one ALT would say it. Build is that of the file that holds it.
///
/// Bases are upper case A, C, G, T, N. A key made by [`crate::normalise::normalise`] is left-aligned and trimmed
/// (Tan 2015, Bioinformatics 31:2202), so equal alleles have equal keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct VariantKey {
    /// The contig as the reference names it.
    pub contig: String,
    /// 1-based position of the first base of `reference`.
    pub position: Pos,
    /// REF.
    pub reference: String,
    /// ALT.
    pub alternate: String,
}

impl VariantKey {
    /// A key from its parts, bases made upper case.
    pub fn new(contig: impl Into<String>, position: Pos, reference: &str, alternate: &str) -> Self {
        Self {
            contig: contig.into(),
            position,
            reference: reference.to_ascii_uppercase(),
            alternate: alternate.to_ascii_uppercase(),
        }
    }
    /// Whether REF and ALT are one base each.
    pub fn is_snv(&self) -> bool {
        self.reference.len() == 1 && self.alternate.len() == 1
    }
    /// Whether REF and ALT differ in length.
    pub fn is_indel(&self) -> bool {
        self.reference.len() != self.alternate.len()
    }
    /// 0-based, half-open span of REF.
    pub fn span(&self) -> (u32, u32) {
        let start = self.position.zero_based();
        (start, start + self.reference.len() as u32)
    }
}

impl fmt::Display for VariantKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}-{}-{}-{}",
            self.contig, self.position, self.reference, self.alternate
        )
    }
}
