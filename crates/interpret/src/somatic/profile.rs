//! Names of changes as knowledge bases write them (`BRAF V600E`, `EGFR Exon 19 Deletion`, `TP53 Mutation`), and whether a
//! variant is one of them.

use std::borrow::Cow;

use clinotype_case::evidence::TranscriptConsequence;

use crate::comparators::Kind;

/// What a name asks of a variant, apart from its gene.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// One protein change, in one-letter codes: `V600E`, `E746_A750del`, `R213*`.
    Protein(String),
    /// Any other residue at this one: `G12`.
    Residue(char, u32),
    /// A change inside an exon, numbered as on the shown transcript.
    Exon(u32, ExonChange),
    /// Any change that alters the protein; counts only where the variant is (likely) oncogenic.
    Any,
    /// Any loss of function; counts only where OVS1 is met.
    Loss,
}

/// What happens inside an exon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExonChange {
    /// Residues are lost in frame.
    Deletion,
    /// Residues are inserted in frame.
    Insertion,
    /// Any change of the protein.
    Any,
}

/// Gene and change of a name; `None` where it is of another kind (fusion, amplification, expression, a combination of
/// variants), which a small variant does not answer.
pub(super) fn parse(name: &str) -> Option<(&str, Change)> {
    let (gene, rest) = name.trim().split_once(char::is_whitespace)?;
    // `VHL A149T (c.445G>A)`: the name of the nucleotide repeats the other.
    let rest = rest.split_once('(').map_or(rest, |(before, _)| before).trim();
    let words: Vec<String> = rest.split_whitespace().map(str::to_ascii_uppercase).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let change = match words[..] {
        ["MUTATION" | "MUTATIONS"] | ["ONCOGENIC", "MUTATION"] => Change::Any,
        ["LOSS-OF-FUNCTION" | "TRUNCATING"] | ["LOSS", "OF", "FUNCTION"] | ["TRUNCATING", "MUTATION"] => Change::Loss,
        ["EXON", number, what] => Change::Exon(
            number.parse().ok()?,
            match what {
                "DELETION" | "DELETIONS" => ExonChange::Deletion,
                "INSERTION" | "INSERTIONS" => ExonChange::Insertion,
                "MUTATION" | "MUTATIONS" => ExonChange::Any,
                _ => return None,
            },
        ),
        [_] => protein(rest)?,
        _ => return None,
    };
    Some((gene, change))
}

/// A protein change in one- or three-letter codes, or a residue.
pub(super) fn protein(text: &str) -> Option<Change> {
    let name = short(text);
    let mut letters = name.chars();
    let first = letters.next().filter(|c| is_residue(*c))?;
    let rest = letters.as_str();
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number: u32 = rest[..digits].parse().ok().filter(|n| *n > 0)?;
    let tail = &rest[digits..];
    if tail.is_empty() {
        return Some(Change::Residue(first, number));
    }
    let is_one = tail.chars().count() == 1 && tail.chars().all(|c| is_residue(c) || c == '*');
    let is_more = ["fs", "del", "dup", "ins", "ext"]
        .iter()
        .any(|word| tail.contains(word));
    (is_one || is_more).then(|| Change::Protein(name.into_owned()))
}

const fn is_residue(letter: char) -> bool {
    matches!(letter, 'A' | 'C'..='I' | 'K'..='N' | 'P'..='T' | 'V' | 'W' | 'Y')
}

const CODES: [(&str, char); 21] = [
    ("Ala", 'A'),
    ("Arg", 'R'),
    ("Asn", 'N'),
    ("Asp", 'D'),
    ("Cys", 'C'),
    ("Gln", 'Q'),
    ("Glu", 'E'),
    ("Gly", 'G'),
    ("His", 'H'),
    ("Ile", 'I'),
    ("Leu", 'L'),
    ("Lys", 'K'),
    ("Met", 'M'),
    ("Phe", 'F'),
    ("Pro", 'P'),
    ("Ser", 'S'),
    ("Ter", '*'),
    ("Thr", 'T'),
    ("Trp", 'W'),
    ("Tyr", 'Y'),
    ("Val", 'V'),
];

/// A protein name in one-letter codes, without accession, `p.` and brackets: `NP_004324.2:p.(Val600Glu)` is `V600E`.
pub(super) fn short(name: &str) -> Cow<'_, str> {
    let name = name.rsplit_once(':').map_or(name, |(_, after)| after).trim();
    let name = name.strip_prefix("p.").unwrap_or(name);
    let name = name.strip_prefix('(').and_then(|n| n.strip_suffix(')')).unwrap_or(name);
    if !CODES.iter().any(|(three, _)| name.contains(three)) {
        return Cow::Borrowed(name);
    }
    let (mut out, mut rest) = (String::with_capacity(name.len()), name);
    while let Some(letter) = rest.chars().next() {
        if let Some((three, one)) = CODES.iter().find(|(three, _)| rest.starts_with(three)) {
            out.push(*one);
            rest = &rest[three.len()..];
        } else {
            out.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    Cow::Owned(out)
}

impl Change {
    /// Whether the variant on its shown transcript is such a change, the gene apart. `Any` and `Loss` ask for the kind of
    /// change only.
    pub(super) fn matches(&self, shown: &TranscriptConsequence) -> bool {
        let kind = Kind::of(&shown.terms);
        let alters = !matches!(kind, Kind::Synonymous | Kind::Other);
        match self {
            Self::Protein(name) => shown.hgvs_p.as_deref().is_some_and(|p| same(&short(p), name)),
            Self::Residue(from, number) => {
                kind == Kind::Missense
                    && shown.hgvs_p.as_deref().is_some_and(|p| {
                        matches!(protein(p), Some(Change::Protein(name)) if residue_of(&name) == Some((*from, *number)))
                    })
            }
            Self::Exon(number, what) => {
                let exon = shown.exon.as_deref().and_then(|e| e.split('/').next()?.parse::<u32>().ok());
                let has = |term: &str| shown.terms.iter().any(|t| t == term);
                exon == Some(*number)
                    && match what {
                        ExonChange::Deletion => has("inframe_deletion") || deletes(shown),
                        ExonChange::Insertion => has("inframe_insertion"),
                        ExonChange::Any => alters,
                    }
            }
            Self::Any => alters,
            Self::Loss => matches!(kind, Kind::Truncating | Kind::Splice | Kind::StartLost),
        }
    }
}

/// A deletion-insertion that leaves fewer residues than there were, as `L747_P753delinsS`.
fn deletes(shown: &TranscriptConsequence) -> bool {
    let Some(name) = shown.hgvs_p.as_deref().map(short) else {
        return false;
    };
    let Some((range, inserted)) = name.split_once("delins") else {
        return false;
    };
    let number = |end: &str| {
        end.trim_start_matches(|c: char| !c.is_ascii_digit())
            .parse::<usize>()
            .ok()
    };
    let lost = match range.split_once('_') {
        Some((from, to)) => number(to)
            .zip(number(from))
            .map(|(to, from)| to.saturating_sub(from) + 1),
        None => Some(1),
    };
    lost.is_some_and(|lost| inserted.chars().count() < lost)
}

/// Names agree; a frameshift is known by its first residue where one of the two names no more (`E23fs`).
fn same(a: &str, b: &str) -> bool {
    if a.eq_ignore_ascii_case(b) {
        return true;
    }
    let frame = |name: &str| {
        name.split_once("fs")
            .map(|(before, after)| (residue_of(before), after.is_empty()))
    };
    match (frame(a), frame(b)) {
        (Some((Some(one), bare)), Some((Some(other), also))) => one == other && (bare || also),
        _ => false,
    }
}

/// First residue and its number.
pub(super) fn residue_of(name: &str) -> Option<(char, u32)> {
    let mut letters = name.chars();
    let first = letters.next()?;
    let digits: String = letters.take_while(char::is_ascii_digit).collect();
    Some((first, digits.parse().ok()?))
}

/// Residues of a substitution: `V600E` is (V, 600, E).
pub(super) fn substitution(name: &str) -> Option<(char, u32, char)> {
    let (from, number) = residue_of(name)?;
    let mut letters = name.chars().rev();
    let to = letters.next().filter(|c| is_residue(*c))?;
    letters.next().filter(char::is_ascii_digit)?;
    Some((from, number, to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::somatic::shown_for_tests;

    #[test]
    fn names_of_profiles() {
        let protein = |name: &str| Some(Change::Protein(name.to_owned()));
        for (name, gene, change) in [
            ("BRAF V600E", "BRAF", protein("V600E")),
            ("VHL A149T (c.445G>A)", "VHL", protein("A149T")),
            ("KRAS G12", "KRAS", Some(Change::Residue('G', 12))),
            ("EGFR E746_A750del", "EGFR", protein("E746_A750del")),
            ("TP53 R213*", "TP53", protein("R213*")),
            (
                "EGFR Exon 19 Deletion",
                "EGFR",
                Some(Change::Exon(19, ExonChange::Deletion)),
            ),
            (
                "ERBB2 EXON 20 INSERTION",
                "ERBB2",
                Some(Change::Exon(20, ExonChange::Insertion)),
            ),
            ("KIT Exon 11 Mutation", "KIT", Some(Change::Exon(11, ExonChange::Any))),
            ("TP53 Mutation", "TP53", Some(Change::Any)),
            ("ATM Loss-of-function", "ATM", Some(Change::Loss)),
            ("ERBB2 Amplification", "ERBB2", None),
            ("EML4::ALK Fusion", "EML4::ALK", None),
            ("EGFR L858R AND EGFR T790M", "EGFR", None),
            ("MET Exon 14 Skipping Mutation", "MET", None),
            ("CD274 Expression", "CD274", None),
            ("BRAF", "BRAF", None),
        ] {
            assert_eq!(parse(name), change.map(|c| (gene, c)), "{name}");
        }
    }

    #[test]
    fn variants_that_are_meant() {
        for (name, p, terms, exon, expected) in [
            (
                "X V600E",
                "NP_004324.2:p.(Val600Glu)",
                "missense_variant",
                "15/18",
                true,
            ),
            (
                "X V600K",
                "NP_004324.2:p.(Val600Glu)",
                "missense_variant",
                "15/18",
                false,
            ),
            ("X V600", "NP_004324.2:p.(Val600Glu)", "missense_variant", "15/18", true),
            ("X V60", "NP_004324.2:p.(Val600Glu)", "missense_variant", "15/18", false),
            ("X V600", "NP_1.1:p.(Val600Ter)", "stop_gained", "15/18", false),
            (
                "X E746_A750del",
                "NP_1.1:p.(Glu746_Ala750del)",
                "inframe_deletion",
                "19/28",
                true,
            ),
            (
                "X Exon 19 Deletion",
                "NP_1.1:p.(Glu746_Ala750del)",
                "inframe_deletion",
                "19/28",
                true,
            ),
            (
                "X Exon 19 Deletion",
                "NP_1.1:p.(Leu747_Pro753delinsSer)",
                "protein_altering_variant",
                "19/28",
                true,
            ),
            (
                "X Exon 19 Deletion",
                "NP_1.1:p.(Leu747delinsSerPro)",
                "protein_altering_variant",
                "19/28",
                false,
            ),
            (
                "X Exon 19 Deletion",
                "NP_1.1:p.(Glu746fs)",
                "frameshift_variant",
                "19/28",
                false,
            ),
            (
                "X Exon 9 Mutation",
                "NP_1.1:p.(Val600=)",
                "synonymous_variant",
                "9/18",
                false,
            ),
            (
                "X E23fs",
                "NP_1.1:p.(Glu23ValfsTer17)",
                "frameshift_variant",
                "2/22",
                true,
            ),
            (
                "X E23Vfs*17",
                "NP_1.1:p.(Glu23ValfsTer17)",
                "frameshift_variant",
                "2/22",
                true,
            ),
            (
                "X E23Vfs*9",
                "NP_1.1:p.(Glu23ValfsTer17)",
                "frameshift_variant",
                "2/22",
                false,
            ),
            ("X R213*", "NP_1.1:p.(Arg213Ter)", "stop_gained", "6/11", true),
            (
                "X Loss-of-function",
                "NP_1.1:p.(Arg213Ter)",
                "stop_gained",
                "6/11",
                true,
            ),
            ("X Mutation", "NP_1.1:p.(Arg213=)", "synonymous_variant", "6/11", false),
        ] {
            let mut shown = shown_for_tests();
            shown.hgvs_p = Some(p.to_owned());
            shown.terms = vec![terms.to_owned()];
            shown.exon = Some(exon.to_owned());
            let (_, change) = parse(name).unwrap();
            assert_eq!(change.matches(&shown), expected, "{name} against {p}");
        }
    }
}
