//! The sort key of an allele: contig, position, and a code of 64 bits for REF and ALT.

use std::cmp::Ordering;

/// Bases that a code spells; longer alleles stand in the block's side table.
const SPELLED: usize = 26;
const LONG: u64 = 1 << 63;

/// REF and ALT in 64 bits.
///
/// Up to 26 bases in all are spelled: lengths of REF (bits 58 to 62) and ALT (bits 53 to 57), then two bits per base.
/// Longer alleles, and those with other letters than A, C, G and T, have the top bit set and a hash; whoever compares
/// such codes must compare the bases, too. Zero is no allele: it marks a site that the source assessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub(super) u64);

const fn two_bits(base: u8) -> Option<u64> {
    match base {
        b'A' => Some(0),
        b'C' => Some(1),
        b'G' => Some(2),
        b'T' => Some(3),
        _ => None,
    }
}

impl Code {
    /// A site that the source assessed, without an allele.
    pub const SITE: Self = Self(0);

    /// The code of an allele in upper case.
    pub fn of(reference: &[u8], alternate: &[u8]) -> Self {
        if let ([r], [a]) = (reference, alternate)
            && let (Some(r), Some(a)) = (two_bits(*r), two_bits(*a))
        {
            return Self(1 << 58 | 1 << 53 | r << 2 | a);
        }
        if reference.len() + alternate.len() <= SPELLED && !reference.is_empty() {
            let mut bases = 0;
            let mut spelled = true;
            for base in reference.iter().chain(alternate) {
                match two_bits(*base) {
                    Some(two) => bases = bases << 2 | two,
                    None => spelled = false,
                }
            }
            if spelled {
                return Self((reference.len() as u64) << 58 | (alternate.len() as u64) << 53 | bases);
            }
        }
        // FNV-1a: it only has to be the same everywhere, equal hashes are told apart by the bases.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in reference.iter().chain([&0]).chain(alternate) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Self(LONG | hash ^ hash >> 31)
    }

    /// Whether the bases stand in the side table.
    pub const fn is_long(self) -> bool {
        self.0 & LONG != 0
    }

    /// Whether it marks a site.
    pub const fn is_site(self) -> bool {
        self.0 == 0
    }

    /// REF and ALT of a code that spells them; `None` for others, and for codes that no allele has.
    pub fn spelled(self) -> Option<(Vec<u8>, Vec<u8>)> {
        if self.is_long() || self.is_site() {
            return None;
        }
        let (r, a) = ((self.0 >> 58 & 31) as usize, (self.0 >> 53 & 31) as usize);
        if r == 0 || r + a > SPELLED {
            return None;
        }
        let mut bases = vec![0; r + a];
        let mut left = self.0 & ((1 << 52) - 1);
        for base in bases.iter_mut().rev() {
            *base = b"ACGT"[(left & 3) as usize];
            left >>= 2;
        }
        let alternate = bases.split_off(r);
        (left == 0).then_some((bases, alternate))
    }
}

/// Contig (as its number in the store), position (1-based) and code, in the order of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Number of the contig in the store's order.
    pub contig: u32,
    /// 1-based position of the first base of REF; 0 is a telomere.
    pub position: u32,
    /// REF and ALT.
    pub code: Code,
}

/// The order of two alleles with their bases (REF, ALT), which decide between long ones.
pub(super) fn compare(a: (&Key, &[u8], &[u8]), b: (&Key, &[u8], &[u8])) -> Ordering {
    a.0.cmp(b.0).then_with(|| {
        if a.0.code.is_long() {
            (a.1, a.2).cmp(&(b.1, b.2))
        } else {
            Ordering::Equal
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_spell_their_alleles() {
        for (r, a) in [
            ("A", "C"),
            ("T", "T"),
            ("A", "AAAAAAAAAAAAAAAAAAAAAAAAA"),
            ("GATTACA", "G"),
            ("AC", "GT"),
            ("ACG", ""),
        ] {
            let code = Code::of(r.as_bytes(), a.as_bytes());
            assert_eq!(code.spelled(), Some((r.as_bytes().to_vec(), a.as_bytes().to_vec())));
        }
        let long = "A".repeat(26);
        for (r, a) in [("A", long.as_str()), ("N", "A"), ("a", "C")] {
            let code = Code::of(r.as_bytes(), a.as_bytes());
            assert!(code.is_long() && code.spelled().is_none(), "{r} {a}");
        }
        assert_ne!(Code::of(b"A", b"AC"), Code::of(b"AA", b"C"));
        assert!(Code::SITE.spelled().is_none());
        assert!(
            Code(1 << 58 | 1 << 53 | 1 << 20).spelled().is_none(),
            "bits beyond the bases"
        );
    }
}
