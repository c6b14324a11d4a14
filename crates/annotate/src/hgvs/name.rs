//! What an HGVS name says, as written: no sequence is needed to hold one.
//!
//! Nucleotide positions are those of the name's own numbering (1-based; c. counts from the start codon and has no 0).

/// The kind of reference sequence, by the letter before the dot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum System {
    /// `g.`, linear genomic.
    Genomic,
    /// `o.`, circular genomic.
    Circular,
    /// `m.`, mitochondrial.
    Mitochondrial,
    /// `c.`, coding DNA.
    Coding,
    /// `n.`, non-coding DNA.
    NonCoding,
    /// `r.`, RNA.
    Rna,
}

impl System {
    /// The letter.
    pub const fn letter(self) -> char {
        match self {
            Self::Genomic => 'g',
            Self::Circular => 'o',
            Self::Mitochondrial => 'm',
            Self::Coding => 'c',
            Self::NonCoding => 'n',
            Self::Rna => 'r',
        }
    }
    /// The system of a letter.
    pub const fn of(letter: u8) -> Option<Self> {
        Some(match letter {
            b'g' => Self::Genomic,
            b'o' => Self::Circular,
            b'm' => Self::Mitochondrial,
            b'c' => Self::Coding,
            b'n' => Self::NonCoding,
            b'r' => Self::Rna,
            _ => return None,
        })
    }
    /// Whether positions count along a genomic sequence: whole numbers from 1 only.
    pub const fn is_genomic(self) -> bool {
        matches!(self, Self::Genomic | Self::Circular | Self::Mitochondrial)
    }
}

/// The sequence a name refers to: `NM_000077.4`, `NG_007485.1(NM_000077.4)`, `NM_000077.4(CDKN2A)`, `LRG_199t1`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReferenceId {
    /// Accession as written, with its version where one is given.
    pub accession: String,
    /// Transcript or gene in parentheses.
    pub selector: Option<String>,
}

/// A whole name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// `None` for a bare description such as `c.76A>C`.
    pub reference: Option<ReferenceId>,
    /// What follows the colon.
    pub description: Description,
}

/// What follows the colon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Description {
    /// g., o., m., c., n., r.
    Nucleic(Nucleic),
    /// p.
    Protein(Protein),
}

/// How the groups of an allele description lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// One change, or several on one molecule: `[a;b]`.
    Cis,
    /// On the two homologues: `[a];[b]`.
    Trans,
    /// Not known: `a(;)b`.
    Unknown,
}

/// A nucleotide description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nucleic {
    /// `None` where the letter is missing, which HGVS does not allow.
    pub system: Option<System>,
    /// The whole is in parentheses: deduced, not observed (`r.(76a>u)`).
    pub predicted: bool,
    /// Changes by group; one group unless the phase is trans or unknown.
    pub groups: Vec<Vec<Change>>,
    /// How the groups lie to each other.
    pub phase: Phase,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// `None` where the whole sequence is meant: `c.=`, `r.?`.
    pub location: Option<Location>,
    /// What happens there.
    pub edit: Edit,
    /// The edit is in parentheses: `76(A>C)`.
    pub uncertain: bool,
}

/// A position or a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// The position, or the first of the range.
    pub first: Bound,
    /// The last of the range.
    pub last: Option<Bound>,
    /// `(4_246)`: somewhere between the two.
    pub uncertain: bool,
}

/// One end of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Known.
    Exact(Position),
    /// `(4_6)`: between the two.
    Between(Position, Position),
}

/// A nucleotide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The nucleotide of the reference, or the exon's end that an intronic one is counted from.
    pub anchor: Anchor,
    /// How far into the intron.
    pub offset: Offset,
}

/// A nucleotide of the reference sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// `76`, `-14`; never 0.
    Base(i64),
    /// `*3`: after the stop codon.
    Star(u32),
    /// The first nucleotide.
    Pter,
    /// The last.
    Qter,
    /// `?`
    Unknown,
}

/// Distance into an intron.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offset {
    /// Not in an intron.
    None,
    /// `+5`
    Plus(u32),
    /// `-5`
    Minus(u32),
    /// `+?`
    PlusUnknown,
    /// `-?`
    MinusUnknown,
}

impl Position {
    /// Without offset.
    pub const fn base(number: i64) -> Self {
        Self {
            anchor: Anchor::Base(number),
            offset: Offset::None,
        }
    }
}

/// What a name says of the bases it removes or copies; HGVS leaves them out, older names state them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stated {
    /// Nothing, as HGVS wants it.
    Nothing,
    /// `delAG`, upper case DNA.
    Bases(String),
    /// `del4`
    Length(u32),
}

/// How many copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// `[12]`
    Exact(u32),
    /// `[(80_120)]`
    Between(u32, u32),
    /// `[?]`
    Unknown,
}

/// What happens at a location. Bases are upper case DNA (T for U), also in r. names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// `A>C`; the reference may be empty and either side longer than one base in names of older writers.
    Substitution {
        /// Before.
        reference: String,
        /// After.
        alternate: String,
    },
    /// `del`
    Deletion(Stated),
    /// `dup`
    Duplication(Stated),
    /// `insAGC`, `ins[T;401_419]`
    Insertion(Vec<Piece>),
    /// `delinsAGC`
    DeletionInsertion(Stated, Vec<Piece>),
    /// `inv`
    Inversion(Stated),
    /// `con`: the older form of a delins by a range.
    Conversion(Piece),
    /// `=`, with the bases where they are stated.
    Identity(Stated),
    /// `CAG[23]`, `CTG[9]TTG[1]`
    Repeat(Vec<(String, Count)>),
    /// `[3]` or `copy3` after a range: so many copies of it.
    Copies(Count),
    /// No change is stated: a position only.
    None,
    /// `?`
    Unknown,
    /// `0` (r. only): no product.
    Absent,
    /// `spl` (r. only), `spl?` where the flag is set.
    Splice(bool),
}

impl Edit {
    /// Whether a number of copies or a length in it is not known exactly.
    pub(crate) fn is_inexact(&self) -> bool {
        let inexact = |count: &Count| !matches!(count, Count::Exact(_));
        match self {
            Self::Insertion(pieces) | Self::DeletionInsertion(_, pieces) => pieces
                .iter()
                .any(|p| matches!(p, Piece::Bases(_, Some(count)) if inexact(count))),
            Self::Repeat(units) => units.iter().any(|(_, count)| inexact(count)),
            Self::Copies(count) => inexact(count),
            _ => false,
        }
    }
}

/// A part of an inserted sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// `AGC`, `A[26]`
    Bases(String, Option<Count>),
    /// `401_419`, `850_900inv`, `NC_000022.10:g.35788169_35788352`
    Range {
        /// Another sequence; the name's own where `None`.
        reference: Option<ReferenceId>,
        /// Its letter where given.
        system: Option<System>,
        /// First position.
        first: Position,
        /// Last position; one nucleotide where `None`.
        last: Option<Position>,
        /// The reverse complement is meant.
        inverted: bool,
    },
}

/// A protein description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protein {
    /// In parentheses: deduced from DNA.
    pub predicted: bool,
    /// Changes by group.
    pub groups: Vec<Vec<ProteinChange>>,
    /// How the groups lie to each other.
    pub phase: Phase,
}

/// An amino acid (one letter, `*` for a stop, `X` for any) at a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Residue {
    /// One letter.
    pub amino_acid: u8,
    /// 1-based.
    pub position: u32,
}

/// One change of a protein.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProteinChange {
    /// `=`: no residue changed.
    Same,
    /// `?`
    Unknown,
    /// `0`, or `0?` where the flag is set: no protein.
    Absent(bool),
    /// At one residue or a range of them.
    At {
        /// The residue, or the first of the range.
        first: Residue,
        /// The last of the range.
        last: Option<Residue>,
        /// What happens.
        edit: ProteinEdit,
    },
}

/// Where a new reading frame or an extension ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewStop {
    /// Not stated: `Arg97fs`.
    NotStated,
    /// `Ter` without a number.
    Somewhere,
    /// `Ter23`
    At(u32),
    /// `Ter?`
    Unknown,
}

/// What happens to residues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProteinEdit {
    /// `Cys`; also `Ter`.
    Substitution(u8),
    /// `=`
    Same,
    /// `?` as in `Met1?`
    Unknown,
    /// `del`
    Deletion,
    /// `dup`
    Duplication,
    /// `insGlnSer`, one letter each
    Insertion(Vec<u8>),
    /// `insXaa[12]`
    InsertionOf(u8, Count),
    /// `delinsSerTrp`
    DeletionInsertion(Vec<u8>),
    /// `ProfsTer23`
    Frameshift(Option<u8>, NewStop),
    /// `GlnextTer17`
    ExtensionC(Option<u8>, NewStop),
    /// `ext-5`, `Valext-5`
    ExtensionN(Option<u8>, u32),
    /// `[23]`
    Repeat(Count),
}
