//! One alignment line in BAM's own bytes (SAM specification 1.6, section 4.2), without the leading block size.
//!
//! Sorting and marking move hundreds of millions of these; they are looked at in place and never parsed into objects.

use std::ops::Range;

/// FLAG bits (SAM specification, section 1.4).
pub(crate) mod flag {
    pub(crate) const PAIRED: u16 = 0x1;
    pub(crate) const PROPER: u16 = 0x2;
    pub(crate) const UNMAPPED: u16 = 0x4;
    pub(crate) const MATE_UNMAPPED: u16 = 0x8;
    pub(crate) const REVERSE: u16 = 0x10;
    pub(crate) const MATE_REVERSE: u16 = 0x20;
    pub(crate) const FIRST: u16 = 0x40;
    pub(crate) const LAST: u16 = 0x80;
    pub(crate) const SECONDARY: u16 = 0x100;
    pub(crate) const QC_FAIL: u16 = 0x200;
    pub(crate) const DUPLICATE: u16 = 0x400;
    pub(crate) const SUPPLEMENTARY: u16 = 0x800;
}

/// Byte ranges of fixed fields, for writing in place.
pub(crate) const REFERENCE_AT: Range<usize> = 0..4;
pub(crate) const BIN_AT: Range<usize> = 10..12;
pub(crate) const FLAG_AT: Range<usize> = 14..16;
pub(crate) const MATE_REFERENCE_AT: Range<usize> = 20..24;
pub(crate) const MATE_POSITION_AT: Range<usize> = 24..28;
pub(crate) const TEMPLATE_LENGTH_AT: Range<usize> = 28..32;
/// Bytes before the read name.
pub(crate) const FIXED: usize = 32;

/// Letters of BAM's 4-bit bases.
pub(crate) const BASES: &[u8; 16] = b"=ACMGRSVTWYHKDBN";
/// Letters of CIGAR operations.
pub(crate) const OPERATIONS: &[u8; 9] = b"MIDNSHP=X";

/// A view of one line. Made by [`Raw::new`], which checks that every part lies inside the bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Raw<'a>(&'a [u8]);

impl<'a> Raw<'a> {
    /// Checks the layout; the error says in words what is wrong.
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self, &'static str> {
        if bytes.len() < FIXED {
            return Err("the record is shorter than its fixed fields");
        }
        let raw = Self(bytes);
        if raw.0[8] == 0 || i32_at(bytes, 16) < 0 {
            return Err("the record has a name or sequence of impossible length");
        }
        if raw.data_at() > bytes.len() {
            return Err("the record's fields do not fit its size");
        }
        if raw.0[FIXED + raw.0[8] as usize - 1] != 0 {
            return Err("the read name does not end where the record says");
        }
        if raw.0[raw.cigar_at()..raw.sequence_at()]
            .chunks_exact(4)
            .any(|op| op[0] & 15 > 8)
        {
            return Err("the CIGAR has an unknown operation");
        }
        let mut at = raw.data_at();
        while at < bytes.len() {
            at = tag_end(bytes, at).ok_or("a tag does not fit the record")?;
        }
        Ok(raw)
    }

    /// Bytes that [`Raw::new`] has checked before, or that this crate made.
    pub(crate) fn trusted(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Index of the contig, -1 without.
    pub(crate) fn reference(self) -> i32 {
        i32_at(self.0, 0)
    }
    /// 0-based position, -1 without.
    pub(crate) fn position(self) -> i32 {
        i32_at(self.0, 4)
    }
    pub(crate) fn mapping_quality(self) -> u8 {
        self.0[9]
    }
    pub(crate) fn flags(self) -> u16 {
        u16::from_le_bytes([self.0[14], self.0[15]])
    }
    /// Whether any of the bits is set.
    pub(crate) fn has(self, bits: u16) -> bool {
        self.flags() & bits != 0
    }
    /// Neither secondary nor supplementary: the one line that stands for the read.
    pub(crate) fn is_primary(self) -> bool {
        !self.has(flag::SECONDARY | flag::SUPPLEMENTARY)
    }
    pub(crate) fn mate_reference(self) -> i32 {
        i32_at(self.0, 20)
    }
    pub(crate) fn mate_position(self) -> i32 {
        i32_at(self.0, 24)
    }
    pub(crate) fn template_length(self) -> i32 {
        i32_at(self.0, 28)
    }
    /// The read name without its closing zero.
    pub(crate) fn name(self) -> &'a [u8] {
        &self.0[FIXED..FIXED + self.0[8] as usize - 1]
    }
    fn cigar_at(self) -> usize {
        FIXED + self.0[8] as usize
    }
    fn sequence_at(self) -> usize {
        self.cigar_at() + 4 * u16::from_le_bytes([self.0[12], self.0[13]]) as usize
    }
    /// Two bases in a byte.
    pub(crate) fn packed_bases(self) -> &'a [u8] {
        &self.0[self.sequence_at()..self.qualities_at()]
    }
    pub(crate) fn sequence_length(self) -> usize {
        i32_at(self.0, 16) as usize
    }
    fn qualities_at(self) -> usize {
        self.sequence_at() + self.sequence_length().div_ceil(2)
    }
    /// Where the tags begin.
    pub(crate) fn data_at(self) -> usize {
        self.qualities_at() + self.sequence_length()
    }
    /// (length, operation as an index into [`OPERATIONS`])
    pub(crate) fn cigar(self) -> impl DoubleEndedIterator<Item = (u32, u8)> + Clone + 'a {
        let bytes: &'a [u8] = &self.0[self.cigar_at()..self.sequence_at()];
        bytes.chunks_exact(4).map(|op| {
            let op = u32::from_le_bytes([op[0], op[1], op[2], op[3]]);
            (op >> 4, (op & 15) as u8)
        })
    }
    /// Phred qualities; all 255 where the file has none.
    pub(crate) fn qualities(self) -> &'a [u8] {
        &self.0[self.qualities_at()..self.data_at()]
    }
    /// Share of G and C among the bases that are A, C, G or T, in whole percent; `None` where there are none.
    pub(crate) fn gc_percent(self) -> Option<usize> {
        let packed = &self.0[self.sequence_at()..self.qualities_at()];
        let (mut gc, mut all) = (0, 0);
        for (at, byte) in packed.iter().enumerate() {
            // Two bases in a byte; the last half of an odd sequence is not one.
            let both = 2 * at + 1 < self.sequence_length();
            for code in [Some(byte >> 4), both.then_some(byte & 15)].into_iter().flatten() {
                gc += usize::from(matches!(code, 2 | 4));
                all += usize::from(matches!(code, 1 | 2 | 4 | 8));
            }
        }
        (all > 0).then(|| (200 * gc + all) / (2 * all))
    }
    /// Bases of the reference that the line covers.
    pub(crate) fn span(self) -> u64 {
        self.cigar()
            .filter(|(_, op)| matches!(op, 0 | 2 | 3 | 7 | 8))
            .map(|(n, _)| u64::from(n))
            .sum()
    }
    /// Tags as (name, type, value bytes).
    pub(crate) fn tags(self) -> impl Iterator<Item = ([u8; 2], u8, &'a [u8])> {
        let bytes = self.0;
        let mut at = self.data_at();
        std::iter::from_fn(move || {
            let end = (at < bytes.len()).then(|| tag_end(bytes, at))??;
            let tag = ([bytes[at], bytes[at + 1]], bytes[at + 2], &bytes[at + 3..end]);
            at = end;
            Some(tag)
        })
    }
    /// The text of a `Z` tag.
    pub(crate) fn text_tag(self, name: [u8; 2]) -> Option<&'a [u8]> {
        self.tags()
            .find(|(n, kind, _)| *n == name && *kind == b'Z')
            .map(|(_, _, value)| &value[..value.len() - 1])
    }
    /// 0-based position of the read's first sequenced base if nothing were clipped: the start of the unclipped read,
    /// or its end on the reverse strand. Negative where clips reach over the start of the contig.
    pub(crate) fn unclipped_five_prime(self) -> i64 {
        let is_clip = |op: &(u32, u8)| matches!(op.1, 4 | 5);
        let clipped = |(n, _): (u32, u8)| i64::from(n);
        let position = i64::from(self.position());
        if self.has(flag::REVERSE) {
            position + self.span() as i64 - 1 + self.cigar().rev().take_while(is_clip).map(clipped).sum::<i64>()
        } else {
            position - self.cigar().take_while(is_clip).map(clipped).sum::<i64>()
        }
    }
}

fn i32_at(bytes: &[u8], at: usize) -> i32 {
    i32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// Where the tag that begins at `at` ends; `None` where it does not fit.
fn tag_end(bytes: &[u8], at: usize) -> Option<usize> {
    let value = at + 3;
    let size = |kind: u8| match kind {
        b'A' | b'c' | b'C' => Some(1),
        b's' | b'S' => Some(2),
        b'i' | b'I' | b'f' => Some(4),
        _ => None,
    };
    let end = match *bytes.get(at + 2)? {
        b'Z' | b'H' => value + bytes.get(value..)?.iter().position(|b| *b == 0)? + 1,
        b'B' => {
            let head = bytes.get(value..value + 5)?;
            let count = u32::from_le_bytes([head[1], head[2], head[3], head[4]]) as usize;
            value + 5 + count.checked_mul(size(head[0])?)?
        }
        kind => value + size(kind)?,
    };
    (end <= bytes.len()).then_some(end)
}

/// BAI bin of a 0-based half-open interval (SAM specification, section 5.3).
pub(crate) fn bin(start: u32, end: u32) -> u16 {
    let last = end.max(start + 1) - 1;
    for (shift, offset) in [(14, 4681), (17, 585), (20, 73), (23, 9), (26, 1)] {
        if start >> shift == last >> shift {
            return (offset + (start >> shift)) as u16;
        }
    }
    0
}

/// What a line is made of; see [`encode`].
#[derive(Debug)]
pub(crate) struct Line<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) flags: u16,
    /// (contig, 0-based position)
    pub(crate) place: Option<(u32, u32)>,
    pub(crate) mate: Option<(u32, u32)>,
    pub(crate) template_length: i32,
    pub(crate) mapping_quality: u8,
    pub(crate) cigar: &'a [(u32, u8)],
    /// Letters as the reference strand reads.
    pub(crate) bases: &'a [u8],
    /// Phred, same order.
    pub(crate) qualities: &'a [u8],
}

/// Appends the line, without tags, to `out`. Names are at most 254 bytes: the FASTQ reader refuses longer ones.
pub(crate) fn encode(line: &Line<'_>, out: &mut Vec<u8>) {
    let place = |p: Option<(u32, u32)>| p.map_or((-1, -1), |(r, p)| (r as i32, p as i32));
    let (reference, position) = place(line.place);
    let (mate_reference, mate_position) = place(line.mate);
    let span: u32 = line
        .cigar
        .iter()
        .filter(|(_, op)| matches!(op, 0 | 2 | 3 | 7 | 8))
        .map(|(n, _)| n)
        .sum();
    // The specification gives unplaced lines bin 4680, which is what bin(-1, 0) would be.
    let bin = line.place.map_or(4680, |(_, start)| bin(start, start + span));
    out.extend_from_slice(&reference.to_le_bytes());
    out.extend_from_slice(&position.to_le_bytes());
    out.push(line.name.len() as u8 + 1);
    out.push(line.mapping_quality);
    out.extend_from_slice(&bin.to_le_bytes());
    out.extend_from_slice(&(line.cigar.len() as u16).to_le_bytes());
    out.extend_from_slice(&line.flags.to_le_bytes());
    out.extend_from_slice(&(line.bases.len() as i32).to_le_bytes());
    out.extend_from_slice(&mate_reference.to_le_bytes());
    out.extend_from_slice(&mate_position.to_le_bytes());
    out.extend_from_slice(&line.template_length.to_le_bytes());
    out.extend_from_slice(line.name);
    out.push(0);
    for (length, op) in line.cigar {
        out.extend_from_slice(&(length << 4 | u32::from(*op)).to_le_bytes());
    }
    for pair in line.bases.chunks(2) {
        out.push(CODES[pair[0] as usize] << 4 | pair.get(1).map_or(0, |b| CODES[*b as usize]));
    }
    out.extend_from_slice(line.qualities);
}

/// 4-bit code of a letter; 15 (N) for what is no IUPAC letter.
const CODES: [u8; 256] = {
    let mut codes = [15; 256];
    let mut i = 0;
    while i < 16 {
        codes[BASES[i] as usize] = i as u8;
        codes[BASES[i].to_ascii_lowercase() as usize] = i as u8;
        i += 1;
    }
    codes[b'U' as usize] = 8;
    codes[b'u' as usize] = 8;
    codes
};

#[cfg(test)]
mod tests {
    use super::*;

    fn line(flags: u16, position: u32, cigar: &[(u32, u8)]) -> Vec<u8> {
        let mut out = Vec::new();
        encode(
            &Line {
                name: b"r1",
                flags,
                place: Some((0, position)),
                mate: None,
                template_length: 0,
                mapping_quality: 60,
                cigar,
                bases: b"ACGTN",
                qualities: &[30, 31, 32, 33, 2],
            },
            &mut out,
        );
        out
    }

    #[test]
    fn five_prime_ends_count_soft_and_hard_clips() {
        for (flags, cigar, expected) in [
            (0, vec![(5, 0)], 100),
            (0, vec![(2, 4), (3, 0)], 98),
            (0, vec![(7, 5), (2, 4), (3, 0)], 91),
            (flag::REVERSE, vec![(5, 0)], 104),
            (flag::REVERSE, vec![(2, 4), (3, 0)], 102),
            (flag::REVERSE, vec![(2, 0), (10, 2), (1, 0), (2, 4), (4, 5)], 118),
            (flag::REVERSE, vec![(2, 0), (1, 1), (2, 0)], 103),
            (0, vec![(105, 4), (1, 0)], -5),
        ] {
            let bytes = line(flags, 100, &cigar);
            assert_eq!(Raw::trusted(&bytes).unclipped_five_prime(), expected, "{cigar:?}");
        }
    }

    #[test]
    fn a_line_reads_back_and_damage_is_noticed() {
        let mut bytes = line(flag::PAIRED, 7, &[(5, 0)]);
        bytes.extend_from_slice(b"NMC\x01RGZab\0XBBS\x02\0\0\0\x01\0\x02\0");
        let raw = Raw::new(&bytes).unwrap();
        assert_eq!(raw.name(), b"r1");
        assert_eq!(raw.qualities(), [30, 31, 32, 33, 2]);
        assert_eq!(raw.text_tag(*b"RG"), Some(&b"ab"[..]));
        assert_eq!(raw.tags().count(), 3);
        assert_eq!(raw.span(), 5);
        for cut in 1..bytes.len() {
            // A cut at the boundary of a tag leaves a whole, shorter record; every other cut is noticed.
            let whole = [raw.data_at(), raw.data_at() + 4, raw.data_at() + 10].contains(&cut);
            assert_eq!(Raw::new(&bytes[..cut]).is_ok(), whole, "cut at {cut}");
        }
    }

    #[test]
    fn bins_of_the_specification() {
        assert_eq!(bin(0, 1), 4681);
        assert_eq!(bin(16_383, 16_385), 585);
        assert_eq!(bin(0, 1 << 29), 0);
        assert_eq!(bin((1 << 29) - 1, 1 << 29), 37_448);
    }
}
