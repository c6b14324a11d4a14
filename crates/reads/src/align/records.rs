//! From hits of a pair of reads to SAM lines: flags, mates, template length, tags.

use clinotype_genome::sequence::reverse_complement;

use super::{Hit, HitKind, Inserts};
use crate::{
    duplicates::End,
    fastq::{Read, ReadPair},
    raw::{Line, Raw, encode, flag},
};

/// CIGAR operations as BAM numbers them.
const MATCH: u8 = 0;
const INSERTION: u8 = 1;
const DELETION: u8 = 2;
const SKIP: u8 = 3;
const SOFT_CLIP: u8 = 4;
const HARD_CLIP: u8 = 5;

/// NM and MD of an alignment (SAM tags specification): `read` and `reference` (codes 0 to 3, 4 for N) are the aligned
/// bases in the direction of the reference. A letter that is not A, C, G or T is a mismatch on either side.
pub(super) fn edits(cigar: &[(u32, u8)], read: &[u8], reference: &[u8]) -> (u32, String) {
    use std::fmt::Write as _;
    let (mut q, mut t, mut nm, mut run, mut md) = (0, 0, 0, 0_u32, String::new());
    let letter = |code: u8| char::from(b"ACGTN"[usize::from(code.min(4))]);
    let code = |base: u8| match base.to_ascii_uppercase() {
        b'A' => 0,
        b'C' => 1,
        b'G' => 2,
        b'T' | b'U' => 3,
        _ => 5,
    };
    for &(length, op) in cigar {
        let n = length as usize;
        match op {
            MATCH | 7 | 8 => {
                for i in 0..n {
                    if reference[t + i] < 4 && code(read[q + i]) == reference[t + i] {
                        run += 1;
                    } else {
                        let _ = write!(md, "{run}{}", letter(reference[t + i]));
                        run = 0;
                        nm += 1;
                    }
                }
                q += n;
                t += n;
            }
            INSERTION => {
                q += n;
                nm += length;
            }
            DELETION => {
                let _ = write!(md, "{run}^");
                md.extend(reference[t..t + n].iter().map(|c| letter(*c)));
                run = 0;
                t += n;
                nm += length;
            }
            SKIP => t += n,
            _ => {}
        }
    }
    let _ = write!(md, "{run}");
    (nm, md)
}

/// The lines of one template, ready for the sorter and the marker.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// Lines one after the other, each with its length (4 bytes) in front.
    pub(super) bytes: Vec<u8>,
    /// Per template: number of lines, and the 5' ends of the mapped primary ones.
    pub(super) templates: Vec<(u32, [Option<End>; 2])>,
}

/// What the lines of one pair of files share.
#[derive(Debug)]
pub(super) struct Shared<'a> {
    /// Names of the contigs.
    pub(super) contigs: &'a [String],
    /// Read group.
    pub(super) group: &'a str,
    /// Which inserts are proper.
    pub(super) inserts: Inserts,
}

/// The insert of two primary hits: both on one contig, facing each other (the forward one not right of the reverse
/// one); bases from the leftmost to the rightmost.
pub(super) fn facing_insert(a: &Hit, b: &Hit) -> Option<u32> {
    if a.contig != b.contig || a.reverse == b.reverse {
        return None;
    }
    let (forward, reverse) = if a.reverse { (b, a) } else { (a, b) };
    (forward.start <= reverse.start && forward.end <= reverse.end).then(|| reverse.end - forward.start)
}

pub(super) fn primary(hits: &[Hit]) -> Option<&Hit> {
    hits.iter().find(|h| h.kind == HitKind::Primary)
}

fn with_clips(hit: &Hit, clip: u8) -> Vec<(u32, u8)> {
    let clip_of = |n: u32| (n > 0).then_some((n, clip));
    clip_of(hit.clips.0)
        .into_iter()
        .chain(hit.cigar.iter().copied())
        .chain(clip_of(hit.clips.1))
        .collect()
}

fn cigar_text(cigar: &[(u32, u8)]) -> String {
    use std::fmt::Write as _;
    cigar.iter().fold(String::new(), |mut text, (n, op)| {
        let _ = write!(text, "{n}{}", char::from(crate::raw::OPERATIONS[usize::from(*op)]));
        text
    })
}

/// Appends the lines of a pair.
pub(super) fn assemble(pair: &ReadPair, hits: &[Vec<Hit>; 2], shared: &Shared<'_>, out: &mut Lines) {
    let primaries = [primary(&hits[0]), primary(&hits[1])];
    let insert = match primaries {
        [Some(a), Some(b)] => facing_insert(a, b),
        _ => None,
    };
    let proper = insert.is_some_and(|n| shared.inserts.contains(n));
    // Outer distance, signed: the leftmost mate has the plus; at a tie, the first read (SAM specification, 1.4).
    let template_length = match primaries {
        [Some(a), Some(b)] if a.contig == b.contig => {
            let outer = (a.end.max(b.end) - a.start.min(b.start)) as i32;
            if a.start <= b.start {
                [outer, -outer]
            } else {
                [-outer, outer]
            }
        }
        _ => [0, 0],
    };
    let mut count = 0;
    let mut ends = [None, None];
    for i in 0..2 {
        let (own, mate) = (primaries[i], primaries[1 - i]);
        let mut flags = flag::PAIRED | if i == 0 { flag::FIRST } else { flag::LAST };
        if proper {
            flags |= flag::PROPER;
        }
        match mate {
            None => flags |= flag::MATE_UNMAPPED,
            Some(mate) if mate.reverse => flags |= flag::MATE_REVERSE,
            Some(_) => {}
        }
        let mate_place = mate.or(own).map(|h| (h.contig, h.start));
        let template = Template {
            read: &pair[i],
            mate,
            mate_place,
            flags,
            outer_length: template_length[i],
            shared,
        };
        let Some(own) = own else {
            template.unmapped(out);
            count += 1;
            continue;
        };
        // The primary first; it heads every SA list.
        let mut others: Vec<&Hit> = hits[i].iter().filter(|h| h.kind == HitKind::Supplementary).collect();
        others.insert(0, own);
        let alternatives: Vec<String> = others
            .iter()
            .map(|h| {
                format!(
                    "{},{},{},{},{},{};",
                    shared.contigs[h.contig as usize],
                    h.start + 1,
                    if h.reverse { '-' } else { '+' },
                    cigar_text(&with_clips(h, SOFT_CLIP)),
                    h.mapping_quality,
                    h.edits
                )
            })
            .collect();
        for (n, hit) in others.iter().enumerate() {
            let elsewhere: String = alternatives
                .iter()
                .enumerate()
                .filter(|(m, _)| *m != n)
                .map(|(_, text)| text.as_str())
                .collect();
            let start = template.mapped(hit, &elsewhere, out);
            if n == 0 {
                ends[i] = Some(End::of(Raw::trusted(&out.bytes[start..])));
            }
            count += 1;
        }
    }
    out.templates.push((count, ends));
}

/// One read of a pair, with what its lines say about the mate.
struct Template<'a> {
    read: &'a Read,
    mate: Option<&'a Hit>,
    mate_place: Option<(u32, u32)>,
    flags: u16,
    outer_length: i32,
    shared: &'a Shared<'a>,
}

impl Template<'_> {
    fn tags(&self, out: &mut Vec<u8>) {
        if let Some(mate) = self.mate {
            text(out, *b"MC", &cigar_text(&with_clips(mate, SOFT_CLIP)));
            small(out, *b"MQ", u32::from(mate.mapping_quality));
        }
        text(out, *b"RG", self.shared.group);
    }

    fn unmapped(&self, out: &mut Lines) {
        let start = begin(out);
        encode(
            &Line {
                name: &self.read.name,
                flags: self.flags | flag::UNMAPPED,
                // Placed at the mate, so that both stand together (SAM specification, recommended practice).
                place: self.mate_place,
                mate: self.mate_place,
                template_length: 0,
                mapping_quality: 0,
                cigar: &[],
                bases: &self.read.bases,
                qualities: &self.read.qualities,
            },
            &mut out.bytes,
        );
        self.tags(&mut out.bytes);
        end(out, start);
    }

    /// Gives the offset of the line's bytes.
    fn mapped(&self, hit: &Hit, elsewhere: &str, out: &mut Lines) -> usize {
        let supplementary = hit.kind == HitKind::Supplementary;
        let mut flags = self.flags;
        if hit.reverse {
            flags |= flag::REVERSE;
        }
        if supplementary {
            flags |= flag::SUPPLEMENTARY;
        }
        let (mut bases, mut qualities) = (self.read.bases.clone(), self.read.qualities.clone());
        if hit.reverse {
            bases = reverse_complement(&bases);
            qualities.reverse();
        }
        let cigar = with_clips(hit, if supplementary { HARD_CLIP } else { SOFT_CLIP });
        let kept = if supplementary {
            hit.clips.0 as usize..bases.len() - hit.clips.1 as usize
        } else {
            0..bases.len()
        };
        let start = begin(out);
        encode(
            &Line {
                name: &self.read.name,
                flags,
                place: Some((hit.contig, hit.start)),
                mate: self.mate_place,
                template_length: self.outer_length,
                mapping_quality: hit.mapping_quality,
                cigar: &cigar,
                bases: &bases[kept.clone()],
                qualities: &qualities[kept],
            },
            &mut out.bytes,
        );
        small(&mut out.bytes, *b"NM", hit.edits);
        text(&mut out.bytes, *b"MD", &hit.md);
        small(&mut out.bytes, *b"AS", hit.score.max(0) as u32);
        if !elsewhere.is_empty() {
            text(&mut out.bytes, *b"SA", elsewhere);
        }
        self.tags(&mut out.bytes);
        end(out, start);
        start
    }
}

/// Leaves room for the length; gives where the line begins.
fn begin(out: &mut Lines) -> usize {
    out.bytes.extend_from_slice(&[0; 4]);
    out.bytes.len()
}

fn end(out: &mut Lines, start: usize) {
    let length = (out.bytes.len() - start) as u32;
    out.bytes[start - 4..start].copy_from_slice(&length.to_le_bytes());
}

fn text(out: &mut Vec<u8>, name: [u8; 2], value: &str) {
    out.extend_from_slice(&name);
    out.push(b'Z');
    out.extend_from_slice(value.as_bytes());
    out.push(0);
}

/// A number in the smallest unsigned type that holds it, as samtools writes it.
fn small(out: &mut Vec<u8>, name: [u8; 2], value: u32) {
    out.extend_from_slice(&name);
    if let Ok(value) = u8::try_from(value) {
        out.extend_from_slice(&[b'C', value]);
    } else if let Ok(value) = u16::try_from(value) {
        out.push(b'S');
        out.extend_from_slice(&value.to_le_bytes());
    } else {
        out.push(b'I');
        out.extend_from_slice(&value.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_of_alignments() {
        let codes = |text: &str| -> Vec<u8> {
            text.bytes()
                .map(|b| b"ACGT".iter().position(|l| *l == b).unwrap_or(4) as u8)
                .collect()
        };
        for (cigar, read, reference, nm, md) in [
            (vec![(4, 0)], "ACGT", "ACGT", 0, "4"),
            (vec![(4, 0)], "ACGA", "ACGT", 1, "3T0"),
            (vec![(4, 0)], "CCGT", "ACGT", 1, "0A3"),
            (vec![(4, 0)], "NCGT", "NCGT", 1, "0N3"),
            (vec![(2, 0), (2, 1), (2, 0)], "ACTTGT", "ACGT", 2, "4"),
            (vec![(2, 0), (2, 2), (2, 0)], "ACGA", "ACTTGT", 3, "2^TT1T0"),
            (vec![(2, 0), (1, 2), (2, 0)], "ACAT", "ACTGT", 2, "2^T0G1"),
        ] {
            assert_eq!(
                edits(&cigar, read.as_bytes(), &codes(reference)),
                (nm, md.to_owned()),
                "{read}"
            );
        }
    }

    fn hit(contig: u32, start: u32, cigar: &[(u32, u8)], reverse: bool, clips: (u32, u32)) -> Hit {
        let span: u32 = cigar.iter().filter(|(_, op)| *op != 1).map(|(n, _)| n).sum();
        Hit {
            contig,
            start,
            end: start + span,
            reverse,
            clips,
            mapping_quality: 60,
            score: 300,
            edits: 0,
            cigar: cigar.to_vec(),
            md: span.to_string(),
            kind: HitKind::Primary,
        }
    }

    /// Lines as (flags, contig, 1-based position, CIGAR, mate's contig, mate's position, length, bases, tags).
    fn lines(first: Vec<Hit>, last: Vec<Hit>) -> (Vec<String>, Vec<[Option<End>; 2]>) {
        let read = |bases: &str| Read {
            name: b"r".to_vec(),
            bases: bases.as_bytes().to_vec(),
            qualities: (0..10).collect(),
        };
        let pair = [read("AACCGGTTAC"), read("TTTTTCCCCC")];
        let shared = Shared {
            contigs: &["c0".to_owned(), "c1".to_owned()],
            group: "g",
            inserts: Inserts { least: 10, most: 100 },
        };
        let mut out = Lines::default();
        assemble(&pair, &[first, last], &shared, &mut out);
        let (mut at, mut text) = (0, Vec::new());
        while at < out.bytes.len() {
            let mut length = [0; 4];
            length.copy_from_slice(&out.bytes[at..at + 4]);
            let line = &out.bytes[at + 4..][..u32::from_le_bytes(length) as usize];
            at += 4 + line.len();
            let raw = Raw::new(line).unwrap();
            let cigar: Vec<(u32, u8)> = raw.cigar().collect();
            let tag = |name: &[u8; 2]| {
                raw.text_tag(*name)
                    .map(|t| format!(" {}:{}", String::from_utf8_lossy(name), String::from_utf8_lossy(t)))
                    .unwrap_or_default()
            };
            text.push(format!(
                "{} {} {} {} {} {} {} {:?}{}{}{}",
                raw.flags(),
                raw.reference(),
                raw.position() + 1,
                cigar_text(&cigar),
                raw.mate_reference(),
                raw.mate_position() + 1,
                raw.template_length(),
                raw.qualities().first(),
                tag(b"MC"),
                tag(b"SA"),
                tag(b"RG")
            ));
        }
        assert_eq!(out.templates[0].0 as usize, text.len());
        (text, out.templates.iter().map(|t| t.1).collect())
    }

    #[test]
    fn lines_of_pairs() {
        let m10 = [(10, 0)];
        // A proper pair; the reverse mate's qualities are turned.
        let (got, ends) = lines(
            vec![hit(0, 99, &m10, false, (0, 0))],
            vec![hit(0, 139, &m10, true, (0, 0))],
        );
        assert_eq!(
            got,
            [
                "99 0 100 10M 0 140 50 Some(0) MC:10M RG:g",
                "147 0 140 10M 0 100 -50 Some(9) MC:10M RG:g"
            ]
        );
        assert_eq!(ends[0].map(|e| e.map(|e| e.position)), [Some(99), Some(148)]);
        // First read on the right; too far apart to be proper.
        let (got, _) = lines(
            vec![hit(0, 339, &m10, true, (0, 0))],
            vec![hit(0, 99, &m10, false, (0, 0))],
        );
        assert_eq!(
            got,
            [
                "81 0 340 10M 0 100 -250 Some(9) MC:10M RG:g",
                "161 0 100 10M 0 340 250 Some(0) MC:10M RG:g"
            ]
        );
        // Same strand, and two contigs: not proper, no length across contigs.
        let (got, _) = lines(
            vec![hit(0, 99, &m10, false, (0, 0))],
            vec![hit(1, 9, &m10, false, (0, 0))],
        );
        assert_eq!(
            got,
            [
                "65 0 100 10M 1 10 0 Some(0) MC:10M RG:g",
                "129 1 10 10M 0 100 0 Some(0) MC:10M RG:g"
            ]
        );
        // One mate unmapped: placed at the other.
        let (got, ends) = lines(vec![], vec![hit(1, 9, &m10, true, (0, 0))]);
        assert_eq!(
            got,
            [
                "101 1 10  1 10 0 Some(0) MC:10M RG:g",
                "153 1 10 10M 1 10 0 Some(9) RG:g"
            ]
        );
        assert!(ends[0][0].is_none());
        // Both unmapped.
        let (got, _) = lines(vec![], vec![]);
        assert_eq!(got, ["77 -1 0  -1 0 0 Some(0) RG:g", "141 -1 0  -1 0 0 Some(0) RG:g"]);
    }

    #[test]
    fn supplementary_lines_are_clipped_hard_and_name_the_others() {
        let mut part = hit(1, 9, &[(4, 0)], true, (0, 6));
        part.kind = HitKind::Supplementary;
        let (got, _) = lines(
            vec![hit(0, 99, &[(6, 0)], false, (0, 4)), part],
            vec![hit(0, 139, &[(10, 0)], true, (0, 0))],
        );
        // SA has soft clips, the supplementary line hard ones, and its qualities are those of its own bases.
        assert_eq!(
            got,
            [
                "99 0 100 6M4S 0 140 50 Some(0) MC:10M SA:c1,10,-,4M6S,60,0; RG:g",
                "2163 1 10 4M6H 0 140 50 Some(9) MC:10M SA:c0,100,+,6M4S,60,0; RG:g",
                "147 0 140 10M 0 100 -50 Some(9) MC:6M4S RG:g"
            ]
        );
    }

    #[test]
    fn proper_inserts_are_estimated() {
        let pair = |insert: u32| {
            [
                vec![hit(0, 1000, &[(10, 0)], false, (0, 0))],
                vec![hit(0, 1000 + insert - 10, &[(10, 0)], true, (0, 0))],
            ]
        };
        let few: Vec<_> = (0..10).map(|i| pair(300 + i)).collect();
        assert_eq!(Inserts::estimate(few.iter()), Inserts::DEFAULT);
        let mut many: Vec<_> = (0..101).map(|i| pair(250 + i)).collect();
        many.push(pair(9000));
        // Quartiles 275 and 325: 275 - 150 to 325 + 150.
        let got = Inserts::estimate(many.iter());
        assert!(
            (120..=130).contains(&got.least) && (470..=480).contains(&got.most),
            "{got}"
        );
    }
}
