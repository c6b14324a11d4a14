//! Left-alignment and trimming of alleles (Tan, Abecasis, Kang 2015, Bioinformatics 31:2202).

use crate::{Pos, Reference, Result, VariantKey};

/// How many reference bases one look to the left fetches.
const CHUNK: u32 = 200;

/// Trims shared ends, then shifts an insertion or deletion as far left as the sequence allows, keeping one anchor
/// base as VCF wants it. A variant at the first base of a contig stays where it is.
///
/// `key` must agree with the reference; the caller checks that (see `annotate`).
pub fn normalise(key: &VariantKey, reference: &Reference) -> Result<VariantKey> {
    normalise_with(key, |contig, start, end| reference.fetch(contig, start, end))
}

/// As [`normalise`], with the reference given as a function of contig, 0-based start and end.
pub fn normalise_with(key: &VariantKey, fetch: impl Fn(&str, u32, u32) -> Result<Vec<u8>>) -> Result<VariantKey> {
    let mut reference: Vec<u8> = key.reference.bytes().collect();
    let mut alternate: Vec<u8> = key.alternate.bytes().collect();
    let mut start = key.position.zero_based();
    if reference == alternate {
        return Ok(key.clone());
    }
    let mut left: Vec<u8> = Vec::new();
    loop {
        while let (Some(a), Some(b)) = (reference.last(), alternate.last())
            && a == b
            && reference.len() + alternate.len() > 2
            && !(start == 0 && left.is_empty() && (reference.len() == 1 || alternate.len() == 1))
        {
            reference.pop();
            alternate.pop();
            if reference.is_empty() || alternate.is_empty() {
                break;
            }
        }
        if !reference.is_empty() && !alternate.is_empty() {
            break;
        }
        if left.is_empty() {
            let from = start.saturating_sub(CHUNK);
            left = fetch(&key.contig, from, start)?;
        }
        let Some(base) = left.pop() else {
            // The contig begins here: VCF anchors such an allele on the base after it.
            let end = start + reference.len() as u32;
            let after = fetch(&key.contig, end, end + 1)?;
            reference.extend(&after);
            alternate.extend(&after);
            break;
        };
        reference.insert(0, base);
        alternate.insert(0, base);
        start -= 1;
    }
    let shared = reference.iter().zip(&alternate).take_while(|(a, b)| a == b).count();
    let cut = shared.min(reference.len() - 1).min(alternate.len() - 1);
    let text = |bases: &[u8]| bases.iter().map(|&b| char::from(b)).collect::<String>();
    Ok(VariantKey {
        contig: key.contig.clone(),
        position: Pos::from_zero_based(start + cut as u32),
        reference: text(&reference[cut..]),
        alternate: text(&alternate[cut..]),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn on(sequence: &[u8], position: u32, reference: &str, alternate: &str) -> VariantKey {
        let key = VariantKey::new("c", Pos::new(position).unwrap(), reference, alternate);
        normalise_with(&key, |_, s, e| {
            Ok(sequence[s as usize..(e as usize).min(sequence.len())].to_vec())
        })
        .unwrap()
    }

    fn apply(sequence: &[u8], key: &VariantKey) -> Vec<u8> {
        let (s, e) = key.span();
        let mut out = sequence[..s as usize].to_vec();
        out.extend(key.alternate.bytes());
        out.extend(&sequence[e as usize..]);
        out
    }

    #[test]
    fn worked_examples() {
        // Figure 1 of Tan 2015: deletion of one CA of GGGCACACACAGGG.
        let s = b"GGGCACACACAGGG";
        for (p, r, a) in [
            (8, "CAC", "C"),
            (5, "ACA", "A"),
            (3, "GCACA", "GCA"),
            (2, "GGCA", "GG"),
            (3, "GCA", "G"),
        ] {
            assert_eq!(on(s, p, r, a).to_string(), "c-3-GCA-G", "{p} {r} {a}");
        }
        assert_eq!(on(b"ACGT", 2, "CGT", "CAT").to_string(), "c-3-G-A");
        assert_eq!(on(b"AAAC", 3, "AC", "C").to_string(), "c-1-AA-A");
    }

    proptest! {
        #[test]
        fn one_allele_has_one_key(
            sequence in proptest::collection::vec(prop_oneof![Just(b'A'), Just(b'C')], 30..60),
            at in 1usize..25, cut in 0usize..4, insert in proptest::collection::vec(prop_oneof![Just(b'A'), Just(b'C')], 0..4),
        ) {
            let reference = String::from_utf8(sequence[at..=at + cut].to_vec()).unwrap();
            let alternate = format!("{}{}", char::from(sequence[at]), String::from_utf8(insert).unwrap());
            prop_assume!(reference != alternate);
            let given = VariantKey::new("c", Pos::from_zero_based(at as u32), &reference, &alternate);
            let once = on(&sequence, given.position.get(), &reference, &alternate);
            prop_assert_eq!(apply(&sequence, &given), apply(&sequence, &once));
            let twice = on(&sequence, once.position.get(), &once.reference, &once.alternate);
            prop_assert_eq!(once, twice);
        }
    }
}
