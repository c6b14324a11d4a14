//! Why a variant was not lifted.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The reason of a refusal. Each record that is refused has exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// A symbolic allele, a breakend, a reference block, or no alternate allele: not a small variant.
    NotASmallVariant,
    /// REF or ALT has a letter other than A, C, G, T.
    NotBases,
    /// The position lies beyond the contig's end.
    OutsideContig,
    /// REF is not what the old build has there: the record is wrong, or of another build.
    RefNotInSource,
    /// The old build's contig is in no chain, or is another sequence than the one that the chain was made for.
    ContigWithoutChain,
    /// No chain covers the place: the new build does not have it.
    Unmapped,
    /// The place begins inside a chain and ends outside of every chain, or the other way round.
    Partial,
    /// The chain has a gap at the place: the builds differ there by an insertion or deletion.
    Gap,
    /// More than one chain covers the place, or a second place of the old build leads to the same place of the new one.
    SeveralChains,
    /// The chain leads to a contig that the new reference does not have, or has with another length.
    ContigNotInTarget,
    /// The new build has the alternate allele as its reference: REF and ALT change roles, and with them every genotype,
    /// count and frequency.
    RefAltSwapped,
    /// The new build has other bases at the place, neither REF nor ALT.
    RefMismatch,
}

impl Refusal {
    /// Every reason, in the order in which they are looked for.
    pub const ALL: [Self; 12] = [
        Self::NotASmallVariant,
        Self::NotBases,
        Self::OutsideContig,
        Self::RefNotInSource,
        Self::ContigWithoutChain,
        Self::Unmapped,
        Self::Partial,
        Self::Gap,
        Self::SeveralChains,
        Self::ContigNotInTarget,
        Self::RefAltSwapped,
        Self::RefMismatch,
    ];

    /// Its code, as the VCF of refused records holds it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotASmallVariant => "not_a_small_variant",
            Self::NotBases => "not_bases",
            Self::OutsideContig => "outside_contig",
            Self::RefNotInSource => "ref_not_in_source",
            Self::ContigWithoutChain => "contig_without_chain",
            Self::Unmapped => "unmapped",
            Self::Partial => "partial",
            Self::Gap => "gap",
            Self::SeveralChains => "several_chains",
            Self::ContigNotInTarget => "contig_not_in_target",
            Self::RefAltSwapped => "ref_alt_swapped",
            Self::RefMismatch => "ref_mismatch",
        }
    }

    /// What it means, for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotASmallVariant => "symbolic allele, breakend, reference block or no alternate allele",
            Self::NotBases => "a letter other than A, C, G, T",
            Self::OutsideContig => "position beyond the contig's end",
            Self::RefNotInSource => "REF is not what the old build has there",
            Self::ContigWithoutChain => "no chain for this contig, or one for another sequence of its name",
            Self::Unmapped => "the new build does not have this place",
            Self::Partial => "only a part of the place is in the new build",
            Self::Gap => "the builds differ here by an insertion or deletion",
            Self::SeveralChains => "more than one place corresponds",
            Self::ContigNotInTarget => "leads to a contig that the new reference does not have",
            Self::RefAltSwapped => "the new build has ALT as its reference",
            Self::RefMismatch => "the new build has other bases here",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// How many records were refused for each reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts([u64; Refusal::ALL.len()]);

impl Counts {
    /// Counts one.
    pub fn add(&mut self, reason: Refusal) {
        self.0[reason as usize] += 1;
    }
    /// How many for a reason.
    pub fn of(&self, reason: Refusal) -> u64 {
        self.0[reason as usize]
    }
    /// How many in all.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }
    /// Every reason with its count, zero included.
    pub fn iter(&self) -> impl Iterator<Item = (Refusal, u64)> + '_ {
        Refusal::ALL.into_iter().map(|reason| (reason, self.of(reason)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_own_code_and_place() {
        for (index, reason) in Refusal::ALL.into_iter().enumerate() {
            assert_eq!(reason as usize, index);
            assert_eq!(
                serde_json_like(reason),
                reason.code(),
                "the code is the one that serde writes"
            );
        }
    }

    /// The name of the variant in snake case, as `rename_all` makes it.
    fn serde_json_like(reason: Refusal) -> String {
        format!("{reason:?}").chars().fold(String::new(), |mut text, c| {
            if c.is_uppercase() && !text.is_empty() {
                text.push('_');
            }
            text.push(c.to_ascii_lowercase());
            text
        })
    }
}
