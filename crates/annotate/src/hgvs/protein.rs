//! `p.` names, in parentheses: every one is predicted, none was seen in a protein.

use crate::code::three_letters;

/// The two proteins to compare, and what the DNA change did to the frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Proteins<'a> {
    /// One letter per residue, `*` at the end where the stop is known.
    pub(crate) reference: &'a [u8],
    /// The same of the edited transcript; without `*` where no stop was found before the transcript's end.
    pub(crate) alternate: &'a [u8],
    /// Whether bases were added or removed that do not make whole codons.
    pub(crate) frameshift: bool,
    /// Whole codons gained (negative: lost) by a change that keeps the frame.
    pub(crate) codons_gained: i64,
    /// Codons of the reference that the change touches (0-based, half-open; empty for an insertion between codons).
    pub(crate) window: (usize, usize),
}

fn residue(sequence: &[u8], index: usize) -> String {
    format!("{}{}", three_letters(sequence[index]), index + 1)
}

fn range(sequence: &[u8], from: usize, to: usize) -> String {
    if to == from + 1 {
        residue(sequence, from)
    } else {
        format!("{}_{}", residue(sequence, from), residue(sequence, to - 1))
    }
}

fn letters(sequence: &[u8]) -> String {
    sequence.iter().map(|a| three_letters(*a)).collect()
}

/// The name without accession, for example `p.(Glu23ValfsTer17)`; `None` where it cannot be told.
pub(crate) fn name(proteins: &Proteins<'_>) -> Option<String> {
    let Proteins {
        reference,
        alternate,
        frameshift,
        codons_gained,
        window,
    } = *proteins;
    let first = reference.iter().zip(alternate).take_while(|(a, b)| a == b).count();
    if first == reference.len() && first == alternate.len() {
        return Some(silent(reference, window));
    }
    if first >= reference.len() {
        // The reference has no stop of its own (incomplete 3' end).
        return None;
    }
    let stop = (alternate.last() == Some(&b'*')).then(|| alternate.len() - 1);
    if first >= alternate.len() {
        return Some("p.?".to_owned());
    }
    // The reference's own stop codon still ends the protein: the last residues before it were removed, which is a
    // deletion and no new stop. (Residues added there extend the protein at its end: the recommendation on extension.)
    let own_stop = !frameshift
        && codons_gained < 0
        && stop.is_some()
        && reference.last() == Some(&b'*')
        && window.1 < reference.len()
        && alternate.len() as i64 == reference.len() as i64 + codons_gained;
    let inner = if own_stop {
        in_frame(reference, alternate, first, None)?
    } else if alternate[first] == b'*' {
        format!("{}Ter", residue(reference, first))
    } else if reference[first] == b'*' {
        let distance = stop.map_or_else(|| "?".to_owned(), |s| (s - first).to_string());
        format!(
            "{}{}extTer{distance}",
            residue(reference, first),
            three_letters(alternate[first])
        )
    } else if frameshift {
        let distance = stop.map_or_else(|| "?".to_owned(), |s| (s - first + 1).to_string());
        format!(
            "{}{}fsTer{distance}",
            residue(reference, first),
            three_letters(alternate[first])
        )
    } else {
        // A new stop within the changed codons: nothing after it belongs to the name (recommendation on
        // deletion-insertion with a new stop codon).
        let expected = reference.len() as i64 + codons_gained;
        let stops_early = stop.is_some() && (alternate.len() as i64) < expected;
        in_frame(reference, alternate, first, stops_early.then_some(window.1))?
    };
    Some(format!("p.({inner})"))
}

/// No residue changed: the codons that the change touched, with `=`.
fn silent(reference: &[u8], (from, to): (usize, usize)) -> String {
    let to = to.min(reference.len());
    if from < to {
        format!("p.({}=)", range(reference, from, to))
    } else {
        "p.(=)".to_owned()
    }
}

/// Substitution, deletion, duplication, insertion or deletion-insertion of whole residues. `new_stop`: end of the
/// changed codons where they hold a new stop.
fn in_frame(reference: &[u8], alternate: &[u8], first: usize, new_stop: Option<usize>) -> Option<String> {
    let same_end = reference[first..]
        .iter()
        .rev()
        .zip(alternate[first..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (removed_end, added) = if let Some(window_end) = new_stop {
        (window_end.max(first), &alternate[first..])
    } else {
        (
            reference.len() - same_end,
            &alternate[first..alternate.len() - same_end],
        )
    };
    let removed = removed_end - first;
    Some(match (removed, added.len()) {
        (0, 0) => return None,
        (1, 1) => format!("{}{}", residue(reference, first), three_letters(added[0])),
        (_, 0) => format!("{}del", range(reference, first, removed_end)),
        (0, n) => {
            if let Some(from) = first.checked_sub(n)
                && reference[from..first] == *added
            {
                format!("{}dup", range(reference, from, first))
            } else {
                let before = first.checked_sub(1)?;
                format!("{}ins{}", range(reference, before, first + 1), letters(added))
            }
        }
        _ => format!("{}delins{}", range(reference, first, removed_end), letters(added)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(reference: &str, alternate: &str, frameshift: bool, window: (usize, usize)) -> String {
        // A stop in a changed codon leaves the alternate shorter than the codons gained or lost say.
        let early = alternate.len() < reference.len() && !reference.ends_with(&alternate[alternate.len() - 2..]);
        name(&Proteins {
            reference: reference.as_bytes(),
            alternate: alternate.as_bytes(),
            frameshift,
            codons_gained: if early {
                2
            } else {
                alternate.len() as i64 - reference.len() as i64
            },
            window,
        })
        .unwrap()
    }

    /// Typed from the examples of the HGVS recommendations on proteins.
    #[test]
    fn every_kind() {
        for (reference, alternate, frameshift, window, expected) in [
            ("MWRC*", "MCRC*", false, (1, 2), "p.(Trp2Cys)"),
            ("MWRC*", "MW*", false, (2, 3), "p.(Arg3Ter)"),
            ("MWRC*", "MWRC*", false, (2, 3), "p.(Arg3=)"),
            ("MWRC*", "MWRC*", false, (1, 3), "p.(Trp2_Arg3=)"),
            ("MKLGHQQQCC*", "MKLGHQQCC*", false, (6, 7), "p.(Gln8del)"),
            ("MKMG*", "MKQSKMG*", false, (2, 2), "p.(Lys2_Met3insGlnSerLys)"),
            ("MAGSCQ*", "MAGSGSCQ*", false, (2, 2), "p.(Gly3_Ser4dup)"),
            ("MARCKV*", "MASWKV*", false, (2, 4), "p.(Arg3_Cys4delinsSerTrp)"),
            ("MARCKV*", "MAPQLIS*", true, (2, 3), "p.(Arg3ProfsTer6)"),
            ("MARCKV*", "MAPQLIS", true, (2, 3), "p.(Arg3ProfsTer?)"),
            ("MARY*", "MARYQLL*", false, (4, 5), "p.(Ter5GlnextTer3)"),
            ("MARY*", "MARYQLL", false, (4, 5), "p.(Ter5GlnextTer?)"),
            ("MARNKV*", "MARSS*", false, (3, 4), "p.(Asn4delinsSerSerTer)"),
            ("MARNKV*", "MARG*", false, (3, 3), "p.(Arg3_Asn4insGlyTer)"),
            ("MARRR*", "MARR*", false, (3, 5), "p.(Arg5del)"),
            ("MARKV*", "MARKVG*", false, (5, 5), "p.(Ter6GlyextTer1)"),
        ] {
            assert_eq!(
                p(reference, alternate, frameshift, window),
                expected,
                "{reference} {alternate}"
            );
        }
    }
}
