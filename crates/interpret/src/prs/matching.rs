//! How a row of a score and a record of the target are matched.
//!
//! The order of trials is that of the PGS Catalog Calculator's documentation ("How are variants matched"): both alleles as
//! they are, then on the other strand; rows without another allele by the effect allele alone. The best type counts.

use super::{score_file::Row, site::Site};

/// How a row matched, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatchType {
    /// Effect allele is REF, the other is ALT.
    RefAlt,
    /// Effect allele is ALT, the other is REF.
    AltRef,
    /// As `RefAlt` on the other strand.
    RefAltFlip,
    /// As `AltRef` on the other strand.
    AltRefFlip,
    /// Effect allele is REF; the row names no other.
    NoOaRef,
    /// Effect allele is ALT; the row names no other.
    NoOaAlt,
    /// As `NoOaRef` on the other strand.
    NoOaRefFlip,
    /// As `NoOaAlt` on the other strand.
    NoOaAltFlip,
}

impl MatchType {
    /// As the Calculator's logs name it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::RefAlt => "refalt",
            Self::AltRef => "altref",
            Self::RefAltFlip => "refalt_flip",
            Self::AltRefFlip => "altref_flip",
            Self::NoOaRef => "no_oa_ref",
            Self::NoOaAlt => "no_oa_alt",
            Self::NoOaRefFlip => "no_oa_ref_flip",
            Self::NoOaAltFlip => "no_oa_alt_flip",
        }
    }

    /// Whether it needed the other strand.
    pub const fn is_flip(self) -> bool {
        matches!(
            self,
            Self::RefAltFlip | Self::AltRefFlip | Self::NoOaRefFlip | Self::NoOaAltFlip
        )
    }
}

/// A match: type, and the number of the effect allele in the record (0 REF).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) kind: MatchType,
    pub(crate) allele: u8,
    /// The alternate that took part, 1-based.
    pub(crate) alternate: u8,
}

/// The bases of the other strand, base by base, as the Calculator does; `None` where a letter is no base.
fn complement(allele: &str) -> Option<String> {
    allele
        .bytes()
        .map(|base| match base {
            b'A' => Some('T'),
            b'C' => Some('G'),
            b'G' => Some('C'),
            b'T' => Some('A'),
            _ => None,
        })
        .collect()
}

/// Whether the alleles are each other's complement, so that the strand cannot be told.
pub(crate) fn is_ambiguous(reference: &str, alternate: &str) -> bool {
    reference.len() == alternate.len()
        && reference
            .bytes()
            .zip(alternate.bytes())
            .all(|pair| matches!(pair, (b'A', b'T') | (b'T', b'A') | (b'C', b'G') | (b'G', b'C')))
}

/// The best match of a row with a record.
pub(crate) fn best(row: &Row, site: &Site) -> Option<Match> {
    let plain = matched(&row.effect, row.other.as_deref(), site, false);
    if plain.is_some() {
        return plain;
    }
    let effect = complement(&row.effect)?;
    let other = match &row.other {
        None => None,
        Some(other) => Some(complement(other)?),
    };
    matched(&effect, other.as_deref(), site, true)
}

fn matched(effect: &str, other: Option<&str>, site: &Site, flip: bool) -> Option<Match> {
    let reference = site.reference.as_str();
    let found = |kind: [MatchType; 2], allele: u8, alternate: usize| Match {
        kind: kind[usize::from(flip)],
        allele,
        alternate: alternate as u8 + 1,
    };
    let alternate = |allele: &str| site.alternates.iter().position(|a| a == allele);
    use MatchType as M;
    if let Some(other) = other {
        if effect == reference
            && let Some(number) = alternate(other)
        {
            return Some(found([M::RefAlt, M::RefAltFlip], 0, number));
        }
        if other == reference
            && let Some(number) = alternate(effect)
        {
            return Some(found([M::AltRef, M::AltRefFlip], number as u8 + 1, number));
        }
        return None;
    }
    if effect == reference && !site.alternates.is_empty() {
        return Some(found([M::NoOaRef, M::NoOaRefFlip], 0, 0));
    }
    let number = alternate(effect)?;
    Some(found([M::NoOaAlt, M::NoOaAltFlip], number as u8 + 1, number))
}

/// The effect allele's number (0: it is the reference, 1: it is not) at a place where the sample has the reference only;
/// `reference` holds the bases from the row's position on. `None` where neither allele is the reference.
pub(crate) fn at_reference(row: &Row, reference: &str) -> Option<(u8, bool)> {
    let try_strand = |effect: &str, other: &str| {
        // Where both alleles begin as the reference does, an insertion and a deletion look alike: it cannot be told.
        match (reference.starts_with(effect), reference.starts_with(other)) {
            (true, false) => Some(0),
            (false, true) => Some(1),
            _ => None,
        }
    };
    let other = row.other.as_deref()?;
    if let Some(allele) = try_strand(&row.effect, other) {
        return Some((allele, false));
    }
    let allele = try_strand(&complement(&row.effect)?, &complement(other)?)?;
    Some((allele, true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prs::score_file::Model;

    fn row(effect: &str, other: Option<&str>) -> Row {
        Row {
            number: 1,
            contig: 1,
            position: 1,
            effect: effect.into(),
            other: other.map(Into::into),
            model: Model::Additive(1.0),
        }
    }

    #[test]
    fn types_in_their_order() {
        use MatchType as M;
        for (effect, other, reference, alternates, expected) in [
            ("A", Some("G"), "A", "G", Some((M::RefAlt, 0))),
            ("G", Some("A"), "A", "G", Some((M::AltRef, 1))),
            ("T", Some("C"), "A", "G", Some((M::RefAltFlip, 0))),
            ("C", Some("T"), "A", "G", Some((M::AltRefFlip, 1))),
            ("A", Some("C"), "A", "G", None),
            // A complement pair matches as it is first.
            ("A", Some("T"), "T", "A", Some((M::AltRef, 1))),
            ("A", None, "A", "G", Some((M::NoOaRef, 0))),
            ("G", None, "A", "G", Some((M::NoOaAlt, 1))),
            ("T", None, "A", "G", Some((M::NoOaRefFlip, 0))),
            ("C", None, "A", "G", Some((M::NoOaAltFlip, 1))),
            ("C", Some("A"), "A", "G,C", Some((M::AltRef, 2))),
            ("AT", Some("A"), "A", "AT", Some((M::AltRef, 1))),
            ("DR3", Some("A"), "A", "AT", None),
            ("A", None, "A", "", None),
        ] {
            let site = Site {
                contig: 1,
                position: 1,
                reference: reference.to_owned(),
                alternates: alternates
                    .split(',')
                    .filter(|a| !a.is_empty())
                    .map(str::to_owned)
                    .collect(),
                filtered: false,
                calls: Vec::new(),
            };
            let found = best(&row(effect, other), &site).map(|m| (m.kind, m.allele));
            assert_eq!(found, expected, "{effect} {other:?} {reference} {alternates}");
        }
    }

    #[test]
    fn the_reference_decides_at_blocks() {
        for (effect, other, reference, expected) in [
            ("A", "G", "ACC", Some((0, false))),
            ("G", "A", "ACC", Some((1, false))),
            ("T", "C", "ACC", Some((0, true))),
            ("C", "G", "ACC", None),
            ("A", "AC", "ACC", None),
            ("AT", "A", "ACC", Some((1, false))),
        ] {
            assert_eq!(
                at_reference(&row(effect, Some(other)), reference),
                expected,
                "{effect} {other}"
            );
        }
    }

    #[test]
    fn ambiguous_pairs() {
        assert!(is_ambiguous("A", "T") && is_ambiguous("G", "C") && is_ambiguous("AC", "TG"));
        assert!(!is_ambiguous("A", "C") && !is_ambiguous("A", "AT"));
    }
}
