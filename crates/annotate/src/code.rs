//! Genetic codes and the names of amino acids.

/// Which code a transcript is read with (NCBI translation tables 1 and 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GeneticCode {
    /// Table 1.
    Standard,
    /// Table 2, vertebrate mitochondrial: AGA and AGG stop, ATA is Met, TGA is Trp.
    Mitochondrial,
}

/// NCBI order of bases in its tables: T, C, A, G.
const STANDARD: &[u8; 64] = b"FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG";
const MITOCHONDRIAL: &[u8; 64] = b"FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIMMTTTTNNKKSS**VVVVAAAADDEEGGGG";

const fn order(base: u8) -> Option<usize> {
    match base {
        b'T' => Some(0),
        b'C' => Some(1),
        b'A' => Some(2),
        b'G' => Some(3),
        _ => None,
    }
}

impl GeneticCode {
    /// One letter; `*` is a stop, `X` a codon with an unknown base.
    pub(crate) fn amino_acid(self, codon: &[u8]) -> u8 {
        let [a, b, c] = codon else { return b'X' };
        match (order(*a), order(*b), order(*c)) {
            (Some(a), Some(b), Some(c)) => {
                let table = match self {
                    Self::Standard => STANDARD,
                    Self::Mitochondrial => MITOCHONDRIAL,
                };
                table[a * 16 + b * 4 + c]
            }
            _ => b'X',
        }
    }

    /// Whether a codon starts translation of an annotated coding sequence without further evidence.
    pub(crate) fn is_start(self, codon: &[u8]) -> bool {
        match self {
            Self::Standard => codon == b"ATG",
            Self::Mitochondrial => matches!(codon, b"ATG" | b"ATA" | b"ATT" | b"ATC" | b"GTG"),
        }
    }

    /// Whole codons only; the rest is left out.
    pub(crate) fn translate(self, bases: &[u8]) -> Vec<u8> {
        bases.chunks_exact(3).map(|codon| self.amino_acid(codon)).collect()
    }
}

/// Codons other than ATG that start translation of human proteins (Kearse and Wilusz 2017, Genes Dev 31:1717): one base
/// from ATG, but AAG and AGG, which hardly do.
pub(crate) fn is_near_cognate(codon: &[u8]) -> bool {
    matches!(codon, b"CTG" | b"GTG" | b"TTG" | b"ACG" | b"ATA" | b"ATC" | b"ATT")
}

/// Three letters as HGVS writes them; stop is `Ter`.
pub(crate) const fn three_letters(one: u8) -> &'static str {
    match one {
        b'A' => "Ala",
        b'R' => "Arg",
        b'N' => "Asn",
        b'D' => "Asp",
        b'C' => "Cys",
        b'Q' => "Gln",
        b'E' => "Glu",
        b'G' => "Gly",
        b'H' => "His",
        b'I' => "Ile",
        b'L' => "Leu",
        b'K' => "Lys",
        b'M' => "Met",
        b'F' => "Phe",
        b'P' => "Pro",
        b'S' => "Ser",
        b'T' => "Thr",
        b'W' => "Trp",
        b'Y' => "Tyr",
        b'V' => "Val",
        b'U' => "Sec",
        b'O' => "Pyl",
        b'*' => "Ter",
        _ => "Xaa",
    }
}

/// One letter of a three-letter code as HGVS writes it (`Ter` is `*`); `Xaa` and others have none here.
pub(crate) fn one_letter(three: [u8; 3]) -> Option<u8> {
    b"ARNDCQEGHILKMFPSTWYVUO*"
        .iter()
        .copied()
        .find(|one| three_letters(*one).as_bytes() == three.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_codes() {
        assert_eq!(GeneticCode::Standard.translate(b"ATGTGAAGAATANNNTA"), b"M*RIX");
        assert_eq!(GeneticCode::Mitochondrial.translate(b"ATGTGAAGAATATAA"), b"MW*M*");
    }
}
