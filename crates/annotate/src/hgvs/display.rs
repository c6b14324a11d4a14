//! Names as HGVS writes them.

use std::fmt;

use super::name::{
    Anchor, Bound, Change, Count, Description, Edit, Location, Name, NewStop, Nucleic, Offset, Phase, Piece, Position,
    Protein, ProteinChange, ProteinEdit, ReferenceId, Residue, Stated, System,
};
use crate::code::three_letters;

impl fmt::Display for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.", self.letter())
    }
}

impl fmt::Display for ReferenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.accession)?;
        match &self.selector {
            Some(selector) => write!(f, "({selector})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(reference) = &self.reference {
            write!(f, "{reference}:")?;
        }
        write!(f, "{}", self.description)
    }
}

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nucleic(nucleic) => write!(f, "{nucleic}"),
            Self::Protein(protein) => write!(f, "{protein}"),
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.anchor {
            Anchor::Base(n) => write!(f, "{n}")?,
            Anchor::Star(n) => write!(f, "*{n}")?,
            Anchor::Pter => f.write_str("pter")?,
            Anchor::Qter => f.write_str("qter")?,
            Anchor::Unknown => f.write_str("?")?,
        }
        match self.offset {
            Offset::None => Ok(()),
            Offset::Plus(n) => write!(f, "+{n}"),
            Offset::Minus(n) => write!(f, "-{n}"),
            Offset::PlusUnknown => f.write_str("+?"),
            Offset::MinusUnknown => f.write_str("-?"),
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(position) => write!(f, "{position}"),
            Self::Between(a, b) => write!(f, "({a}_{b})"),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.uncertain {
            f.write_str("(")?;
        }
        write!(f, "{}", self.first)?;
        if let Some(last) = &self.last {
            write!(f, "_{last}")?;
        }
        if self.uncertain {
            f.write_str(")")?;
        }
        Ok(())
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(n) => write!(f, "[{n}]"),
            Self::Between(a, b) => write!(f, "[({a}_{b})]"),
            Self::Unknown => f.write_str("[?]"),
        }
    }
}

/// Writes bases as the system does: lower case with u for RNA.
struct Letters<'a>(&'a str, bool);

impl fmt::Display for Letters<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.1 {
            return f.write_str(self.0);
        }
        for base in self.0.bytes() {
            let rna = match base {
                b'T' => 'u',
                other => char::from(other.to_ascii_lowercase()),
            };
            write!(f, "{rna}")?;
        }
        Ok(())
    }
}

struct In<'a, T>(&'a T, bool);

impl fmt::Display for In<'_, Stated> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Stated::Nothing => Ok(()),
            Stated::Bases(bases) => write!(f, "{}", Letters(bases, self.1)),
            Stated::Length(n) => write!(f, "{n}"),
        }
    }
}

impl fmt::Display for In<'_, Piece> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Piece::Bases(bases, count) => {
                write!(f, "{}", Letters(bases, self.1))?;
                count.map_or(Ok(()), |count| write!(f, "{count}"))
            }
            Piece::Range {
                reference,
                system,
                first,
                last,
                inverted,
            } => {
                if let Some(reference) = reference {
                    write!(f, "{reference}:")?;
                }
                if let Some(system) = system {
                    write!(f, "{system}")?;
                }
                write!(f, "{first}")?;
                if let Some(last) = last {
                    write!(f, "_{last}")?;
                }
                f.write_str(if *inverted { "inv" } else { "" })
            }
        }
    }
}

impl fmt::Display for In<'_, Vec<Piece>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [one] = self.0.as_slice()
            && !matches!(one, Piece::Range { reference: Some(_), .. })
        {
            return write!(f, "{}", In(one, self.1));
        }
        for (i, piece) in self.0.iter().enumerate() {
            write!(f, "{}{}", if i == 0 { "[" } else { ";" }, In(piece, self.1))?;
        }
        f.write_str("]")
    }
}

impl fmt::Display for In<'_, Edit> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rna = self.1;
        match self.0 {
            Edit::Substitution { reference, alternate } => {
                write!(f, "{}>{}", Letters(reference, rna), Letters(alternate, rna))
            }
            Edit::Deletion(stated) => write!(f, "del{}", In(stated, rna)),
            Edit::Duplication(stated) => write!(f, "dup{}", In(stated, rna)),
            Edit::Insertion(pieces) => write!(f, "ins{}", In(pieces, rna)),
            Edit::DeletionInsertion(stated, pieces) => {
                write!(f, "del{}ins{}", In(stated, rna), In(pieces, rna))
            }
            Edit::Inversion(stated) => write!(f, "inv{}", In(stated, rna)),
            Edit::Conversion(piece) => write!(f, "con{}", In(piece, rna)),
            Edit::Identity(stated) => write!(f, "{}=", In(stated, rna)),
            Edit::Repeat(units) => units
                .iter()
                .try_for_each(|(unit, count)| write!(f, "{}{count}", Letters(unit, rna))),
            Edit::Copies(count) => write!(f, "{count}"),
            Edit::None => Ok(()),
            Edit::Unknown => f.write_str("?"),
            Edit::Absent => f.write_str("0"),
            Edit::Splice(uncertain) => f.write_str(if *uncertain { "spl?" } else { "spl" }),
        }
    }
}

impl fmt::Display for In<'_, Change> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(location) = &self.0.location {
            write!(f, "{location}")?;
        }
        if self.0.uncertain {
            write!(f, "({})", In(&self.0.edit, self.1))
        } else {
            write!(f, "{}", In(&self.0.edit, self.1))
        }
    }
}

/// Writes groups of changes with the brackets that their phase wants.
fn groups<T>(
    f: &mut fmt::Formatter<'_>,
    groups: &[Vec<T>],
    phase: Phase,
    write: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    let bracketed = phase == Phase::Trans || groups.iter().any(|g| g.len() != 1);
    for (i, group) in groups.iter().enumerate() {
        if i > 0 {
            f.write_str(if phase == Phase::Unknown { "(;)" } else { ";" })?;
        }
        f.write_str(if bracketed { "[" } else { "" })?;
        for (k, change) in group.iter().enumerate() {
            f.write_str(if k > 0 { ";" } else { "" })?;
            write(f, change)?;
        }
        f.write_str(if bracketed { "]" } else { "" })?;
    }
    Ok(())
}

impl fmt::Display for Nucleic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(system) = self.system {
            write!(f, "{system}")?;
        }
        let rna = self.system == Some(System::Rna);
        f.write_str(if self.predicted { "(" } else { "" })?;
        groups(f, &self.groups, self.phase, |f, change| {
            write!(f, "{}", In(change, rna))
        })?;
        f.write_str(if self.predicted { ")" } else { "" })
    }
}

impl fmt::Display for Residue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", three_letters(self.amino_acid), self.position)
    }
}

fn residues(f: &mut fmt::Formatter<'_>, letters: &[u8]) -> fmt::Result {
    letters.iter().try_for_each(|aa| f.write_str(three_letters(*aa)))
}

fn stop(f: &mut fmt::Formatter<'_>, stop: NewStop) -> fmt::Result {
    match stop {
        NewStop::NotStated => Ok(()),
        NewStop::Somewhere => f.write_str("Ter"),
        NewStop::At(n) => write!(f, "Ter{n}"),
        NewStop::Unknown => f.write_str("Ter?"),
    }
}

impl fmt::Display for ProteinEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = |aa: &Option<u8>| aa.map_or("", three_letters);
        match self {
            Self::Substitution(aa) => f.write_str(three_letters(*aa)),
            Self::Same => f.write_str("="),
            Self::Unknown => f.write_str("?"),
            Self::Deletion => f.write_str("del"),
            Self::Duplication => f.write_str("dup"),
            Self::Insertion(letters) => {
                f.write_str("ins")?;
                residues(f, letters)
            }
            Self::InsertionOf(aa, count) => write!(f, "ins{}{count}", three_letters(*aa)),
            Self::DeletionInsertion(letters) => {
                f.write_str("delins")?;
                residues(f, letters)
            }
            Self::Frameshift(aa, end) => {
                write!(f, "{}fs", one(aa))?;
                stop(f, *end)
            }
            Self::ExtensionC(aa, end) => {
                write!(f, "{}ext", one(aa))?;
                stop(f, *end)
            }
            Self::ExtensionN(aa, n) => write!(f, "{}ext-{n}", one(aa)),
            Self::Repeat(count) => write!(f, "{count}"),
        }
    }
}

impl fmt::Display for ProteinChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Same => f.write_str("="),
            Self::Unknown => f.write_str("?"),
            Self::Absent(uncertain) => f.write_str(if *uncertain { "0?" } else { "0" }),
            Self::At { first, last, edit } => {
                write!(f, "{first}")?;
                if let Some(last) = last {
                    write!(f, "_{last}")?;
                }
                write!(f, "{edit}")
            }
        }
    }
}

impl fmt::Display for Protein {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.predicted { "p.(" } else { "p." })?;
        groups(f, &self.groups, self.phase, |f, change| write!(f, "{change}"))?;
        f.write_str(if self.predicted { ")" } else { "" })
    }
}
