//! The stretch in which an allele can be written, and the normal form of a record with several.

use super::bases::Bases;
use crate::{Fault, Result};

/// What is left of REF and ALT when shared ends are cut: REF's `start..end` on the contig (0-based), and what stands there
/// instead.
fn difference<'a>(at: u32, reference: &[u8], alternate: &'a [u8]) -> (u32, u32, &'a [u8]) {
    let longest = reference.len().min(alternate.len());
    let back = (0..longest)
        .take_while(|i| reference[reference.len() - 1 - i] == alternate[alternate.len() - 1 - i])
        .count();
    let front = (0..longest - back)
        .take_while(|&i| reference[i] == alternate[i])
        .count();
    (
        at + front as u32,
        at + (reference.len() - back) as u32,
        &alternate[front..alternate.len() - back],
    )
}

/// The 0-based, half-open stretch that must be the same in both builds for an allele to mean the same: the bases that it
/// replaces, and for an insertion or deletion every place to which it can be shifted, with one base on either side.
pub(super) fn window(
    bases: &mut Bases,
    contig: &str,
    at: u32,
    reference: &[u8],
    alternate: &[u8],
) -> Result<(u32, u32)> {
    let (start, end, inserted) = difference(at, reference, alternate);
    let unit: &[u8] = match (start == end, inserted.is_empty()) {
        (true, true) => return Ok((at, at + reference.len() as u32)),
        (false, false) => return Ok((start, end)),
        (true, false) => inserted,
        (false, true) => &reference[(start - at) as usize..(end - at) as usize],
    };
    let (mut left, mut right, mut turned) = (start, end, 0);
    while left > 0 && bases.at(contig, left - 1)? == Some(unit[unit.len() - 1 - turned]) {
        left -= 1;
        turned = (turned + 1) % unit.len();
    }
    turned = 0;
    while bases.at(contig, right)? == Some(unit[turned]) {
        right += 1;
        turned = (turned + 1) % unit.len();
    }
    // The last base of a contig has none behind it.
    let behind = u32::from(bases.at(contig, right)?.is_some());
    Ok((left.saturating_sub(1), right + behind))
}

/// Trims and left-aligns the alleles of a record together (Tan 2015, Bioinformatics 31:2202), REF first; gives the new
/// 0-based start. They must not all be equal.
pub(super) fn normalise(bases: &mut Bases, contig: &str, mut start: u32, alleles: &mut [Vec<u8>]) -> Result<u32> {
    loop {
        let last = alleles[0].last().copied();
        // At the first base of a contig nothing can be put in front: one base of each allele stays.
        let stuck = start == 0 && alleles.iter().any(|a| a.len() == 1);
        if last.is_some() && !stuck && alleles.iter().all(|a| a.last().copied() == last) {
            for allele in &mut *alleles {
                allele.pop();
            }
        } else if alleles.iter().all(|a| !a.is_empty()) {
            break;
        }
        if alleles.iter().any(Vec::is_empty) {
            // An allele is empty only where a base could stand in front of it: see `stuck`.
            let before = start.saturating_sub(1);
            let base = bases.at(contig, before)?.ok_or_else(|| {
                Fault::internal("an allele lies outside of its contig").locus(contig, u64::from(start))
            })?;
            start = before;
            for allele in &mut *alleles {
                allele.insert(0, base);
            }
        }
    }
    let shortest = alleles.iter().map(Vec::len).min().unwrap_or(1);
    let shared = (0..shortest - 1)
        .take_while(|&i| alleles.iter().all(|a| a[i] == alleles[0][i]))
        .count();
    for allele in &mut *alleles {
        allele.drain(..shared);
    }
    Ok(start + shared as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Reference, fs};

    fn bases(sequence: &str) -> (tempfile::TempDir, Bases) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.fa");
        fs::write_atomic(&path, format!(">c\n{sequence}\n").as_bytes()).unwrap();
        let bases = Bases::new(Reference::open(&path).unwrap());
        (folder, bases)
    }

    #[test]
    fn windows_hold_every_place_of_the_allele() {
        //                               0123456789ABCDEF
        let (_folder, mut bases) = bases("GGGCACACACAGGGTT");
        for (at, reference, alternate, expected) in [
            (3, "C", "T", (3, 4)),
            (3, "CA", "TG", (3, 5)),
            (3, "CAC", "TG", (3, 6)),
            (2, "GCA", "GTA", (3, 4)),
            // One CA away, written at its left and at its right end.
            (2, "GCA", "G", (2, 12)),
            (8, "ACA", "A", (2, 12)),
            (2, "G", "GCA", (2, 12)),
            (0, "G", "GG", (0, 4)),
            (14, "T", "TT", (13, 16)),
            (5, "C", "CG", (5, 7)),
            (4, "A", "A", (4, 5)),
        ] {
            let got = window(&mut bases, "c", at, reference.as_bytes(), alternate.as_bytes()).unwrap();
            assert_eq!(got, expected, "{at} {reference} {alternate}");
        }
    }

    #[test]
    fn alleles_are_aligned_together() {
        let (_folder, mut bases) = bases("GGGCACACACAGGGTT");
        let mut on = |at: u32, alleles: &[&str]| {
            let mut alleles: Vec<Vec<u8>> = alleles.iter().map(|a| a.as_bytes().to_vec()).collect();
            let start = normalise(&mut bases, "c", at, &mut alleles).unwrap();
            let alleles: Vec<String> = alleles.into_iter().map(|a| String::from_utf8(a).unwrap()).collect();
            format!("{start} {}", alleles.join(" "))
        };
        assert_eq!(on(8, &["ACA", "A"]), "2 GCA G");
        assert_eq!(on(3, &["CAC", "CTC"]), "4 A T");
        assert_eq!(on(8, &["ACA", "A", "ACACA"]), "2 GCA G GCACA");
        // The substitution holds the deletion where it is.
        assert_eq!(on(8, &["ACA", "A", "ACT"]), "8 ACA A ACT");
        assert_eq!(on(0, &["GG", "G"]), "0 GG G");
        assert_eq!(on(0, &["G", "GA", "T"]), "0 G GA T");
    }

    proptest::proptest! {
        /// With one ALT it is the normal form that the rest of the program uses.
        #[test]
        fn agrees_with_the_normal_form_of_one_allele(
            sequence in "[AC]{30,50}", at in 1usize..20, cut in 0usize..4, insert in "[AC]{0,4}",
        ) {
            let (_folder, mut bases) = bases(&sequence);
            let reference = sequence[at..=at + cut].to_owned();
            let alternate = format!("{}{insert}", &sequence[at..=at]);
            proptest::prop_assume!(reference != alternate);
            let position = crate::Pos::from_zero_based(at as u32);
            let key = crate::VariantKey::new("c", position, &reference, &alternate);
            let expected = crate::normalise::normalise(&key, bases.reference()).unwrap();
            let mut alleles = vec![reference.into_bytes(), alternate.into_bytes()];
            let start = normalise(&mut bases, "c", at as u32, &mut alleles).unwrap();
            let [reference, alternate] = [0, 1].map(|i| String::from_utf8(alleles[i].clone()).unwrap());
            let got = crate::VariantKey::new("c", crate::Pos::from_zero_based(start), &reference, &alternate);
            proptest::prop_assert_eq!(got, expected);
        }
    }
}
