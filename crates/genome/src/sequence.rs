//! Bases and the reverse complement.

/// The complement of an IUPAC base letter, keeping case; other bytes come back unchanged.
pub const fn complement(base: u8) -> u8 {
    match base {
        b'A' => b'T',
        b'C' => b'G',
        b'G' => b'C',
        b'T' | b'U' => b'A',
        b'a' => b't',
        b'c' => b'g',
        b'g' => b'c',
        b't' | b'u' => b'a',
        b'R' => b'Y',
        b'Y' => b'R',
        b'K' => b'M',
        b'M' => b'K',
        b'B' => b'V',
        b'V' => b'B',
        b'D' => b'H',
        b'H' => b'D',
        other => other,
    }
}

/// The reverse complement.
pub fn reverse_complement(bases: &[u8]) -> Vec<u8> {
    bases.iter().rev().map(|&b| complement(b)).collect()
}

/// Whether every byte is A, C, G, T or N in upper case.
pub fn is_acgtn(bases: &[u8]) -> bool {
    bases.iter().all(|b| matches!(b, b'A' | b'C' | b'G' | b'T' | b'N'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reverse_complement_is_its_own_inverse() {
        assert_eq!(reverse_complement(b"AACGTRN"), b"NYACGTT");
        assert_eq!(reverse_complement(&reverse_complement(b"GATTACA")), b"GATTACA");
    }
}
