//! How many copies a healthy person of a sex has of a target.

use clinotype_genome::{Build, ContigKey, Interval};

use super::Reason;
use crate::Sex;

/// Copies expected of a target, or why no copy number can be told there.
///
/// Autosomes and the pseudo-autosomal regions of X have two; X outside them two in females and one in males; Y outside
/// them one in males. The pseudo-autosomal regions of Y have none of their own: reads of both lie on X, or on either.
pub(super) fn copies(build: Build, sex: Sex, target: &Interval) -> Result<u8, Reason> {
    let Some(key) = ContigKey::of(&target.contig) else {
        return Err(Reason::NotNuclear);
    };
    let pseudoautosomal = build
        .pseudoautosomal(&key)
        .iter()
        .any(|(start, end)| target.start < *end && *start < target.end);
    match (key.as_str(), sex) {
        ("MT", _) => Err(Reason::NotNuclear),
        ("X", _) if pseudoautosomal => Ok(2),
        ("Y", _) if pseudoautosomal => Err(Reason::NoCopyExpected),
        ("X" | "Y", Sex::Unknown) => Err(Reason::SexNotStated),
        ("X" | "Y", Sex::Male) => Ok(1),
        ("Y", Sex::Female) => Err(Reason::NoCopyExpected),
        _ => Ok(2),
    }
}

/// Whether the target lies on X or Y outside the pseudo-autosomal regions, where the sexes differ.
pub(super) fn is_sex_linked(build: Build, target: &Interval) -> bool {
    copies(build, Sex::Unknown, target) == Err(Reason::SexNotStated)
}

/// Whether the target lies on X outside the pseudo-autosomal regions.
pub(super) fn is_sex_linked_x(build: Build, target: &Interval) -> bool {
    is_sex_linked(build, target) && ContigKey::of(&target.contig).is_some_and(|k| k.as_str() == "X")
}

/// Whether the target lies on an autosome.
pub(super) fn is_autosomal(target: &Interval) -> bool {
    ContigKey::of(&target.contig).is_some_and(|k| !matches!(k.as_str(), "X" | "Y" | "MT"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sexes_and_pseudoautosomal_regions() {
        let par = 100_000;
        let far = 40_000_000;
        for (contig, at, female, male, unknown) in [
            ("chr1", far, Ok(2), Ok(2), Ok(2)),
            ("chrX", far, Ok(2), Ok(1), Err(Reason::SexNotStated)),
            ("chrX", par, Ok(2), Ok(2), Ok(2)),
            ("Y", far, Err(Reason::NoCopyExpected), Ok(1), Err(Reason::SexNotStated)),
            (
                "Y",
                par,
                Err(Reason::NoCopyExpected),
                Err(Reason::NoCopyExpected),
                Err(Reason::NoCopyExpected),
            ),
            (
                "chrM",
                100,
                Err(Reason::NotNuclear),
                Err(Reason::NotNuclear),
                Err(Reason::NotNuclear),
            ),
            (
                "chrUn_1",
                100,
                Err(Reason::NotNuclear),
                Err(Reason::NotNuclear),
                Err(Reason::NotNuclear),
            ),
        ] {
            let target = Interval::new(contig, at, at + 100);
            for (sex, expected) in [(Sex::Female, female), (Sex::Male, male), (Sex::Unknown, unknown)] {
                assert_eq!(copies(Build::Grch38, sex, &target), expected, "{contig}:{at} {sex:?}");
            }
        }
    }
}
