//! Marking duplicates as Picard MarkDuplicates does (Broad Institute, documentation of MarkDuplicates and of
//! `DuplicateScoringStrategy.SUM_OF_BASE_QUALITIES`).
//!
//! - Two pairs are duplicates if library, contig, unclipped 5' position and strand of both mates agree.
//! - Of a set of duplicates the pair with the highest sum of base qualities of 15 or more stays; ties fall to the name
//!   that sorts first, so that the answer does not depend on the order of the input.
//! - A read without a mapped mate is a duplicate if any read of a mapped pair has the same library, 5' end and strand;
//!   among such reads alone, the best stays.
//! - Supplementary and secondary lines follow their template; unmapped lines are never marked.
//!
//! Lines are known by their ordinal: the order in which they were handed to the sorter.

use clinotype_genome::{Progress, Result};

use crate::{
    raw::{Raw, flag},
    scratch::Scratch,
    sort::{Sorted, Sorter},
};

/// Qualities below this do not count (Picard).
const LEAST_QUALITY: u8 = 15;
/// Picard's scores are 16-bit: a read counts at most this much, and a read that fails the vendor's filter loses it.
const SCORE_CAP: i32 = 16_383;
const QC_FAIL_PENALTY: i32 = 16_384;

/// The 5' end of a mapped primary line, and what it is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct End {
    /// Index of the contig.
    pub(crate) reference: u32,
    /// 0-based unclipped 5' position; may lie beyond the contig.
    pub(crate) position: i64,
    /// Whether the read lies on the reverse strand.
    pub(crate) reverse: bool,
    /// See [`score`].
    pub(crate) score: i32,
}

impl End {
    /// Of a mapped line.
    pub(crate) fn of(raw: Raw<'_>) -> Self {
        Self {
            reference: raw.reference() as u32,
            position: raw.unclipped_five_prime(),
            reverse: raw.has(flag::REVERSE),
            score: score(raw),
        }
    }

    fn key(&self) -> [u8; 8] {
        // An offset keeps the order of positions left of the contig's start.
        let position = (self.position + (1 << 31)).clamp(0, i64::from(u32::MAX)) as u32;
        let mut key = [0; 8];
        key[..4].copy_from_slice(&self.reference.to_be_bytes());
        key[4..].copy_from_slice(&position.to_be_bytes());
        key
    }
}

fn score(raw: Raw<'_>) -> i32 {
    let sum: i32 = raw
        .qualities()
        .iter()
        .filter(|q| (LEAST_QUALITY..255).contains(*q))
        .map(|q| i32::from(*q))
        .sum();
    sum.min(SCORE_CAP) - if raw.has(flag::QC_FAIL) { QC_FAIL_PENALTY } else { 0 }
}

/// A template: what its mapped primary lines say, and every mapped line of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Template<'a> {
    pub(crate) library: u16,
    pub(crate) name: &'a [u8],
    /// Ends of first and last read, where mapped.
    pub(crate) ends: [Option<End>; 2],
    /// Whether the lines say that both mates are mapped, although one of them is not in this file (a slice of a BAM).
    /// Picard never marks such reads, and they outrank reads whose mate is unmapped.
    pub(crate) mate_elsewhere: bool,
    /// Ordinals of every mapped line.
    pub(crate) lines: &'a [u64],
}

const PAIR: u8 = 0;
const FRAGMENT: u8 = 1;
/// Length of what defines a set of duplicate pairs: kind, library, two ends, orientation.
const PAIR_KEY: usize = 1 + 2 + 8 + 8 + 1;
/// Kind, library, end, strand.
const FRAGMENT_KEY: usize = 1 + 2 + 8 + 1;

/// Gathers templates and says which lines are duplicates.
pub(crate) struct Marker<'s> {
    pub(crate) sorter: Sorter<'s>,
}

impl<'s> Marker<'s> {
    pub(crate) fn new(scratch: &'s Scratch, memory: u64) -> Self {
        Self {
            sorter: Sorter::new(scratch, "ends", memory),
        }
    }

    pub(crate) fn add(&mut self, template: &Template<'_>) -> Result<()> {
        let library = template.library.to_be_bytes();
        let paired = template.ends.iter().all(Option::is_some) || template.mate_elsewhere;
        for end in template.ends.iter().flatten() {
            let head = [&[FRAGMENT], &library[..], &end.key(), &[u8::from(end.reverse)]].concat();
            if paired {
                self.sorter.push(&[&head, &[0]])?;
            } else {
                self.sorter.push(&[
                    &head,
                    &[1],
                    &ranked(end.score, template.name),
                    &ordinals(template.lines),
                ])?;
            }
        }
        if let [Some(first), Some(last)] = &template.ends {
            // Picard's read 1 is the one further left; where both stand at one place, the forward one.
            let (left, right) = if (first.key(), first.reverse) <= (last.key(), last.reverse) {
                (first, last)
            } else {
                (last, first)
            };
            let orientation = u8::from(left.reverse) << 1 | u8::from(right.reverse);
            self.sorter.push(&[
                &[PAIR],
                &library,
                &left.key(),
                &right.key(),
                &[orientation],
                &ranked(first.score + last.score, template.name),
                &ordinals(template.lines),
            ])?;
        }
        Ok(())
    }

    /// Which lines are duplicates.
    pub(crate) fn resolve(self, progress: &dyn Progress) -> Result<Duplicates> {
        let mut duplicates = Duplicates::default();
        let mut sorted = self.sorter.finish()?;
        let mut group: Vec<u8> = Vec::new();
        let mut seen = 0_u64;
        while let Some(item) = next(&mut sorted)? {
            seen += 1;
            if seen.trailing_zeros() >= 16 {
                progress.check()?;
            }
            let key = if item[0] == PAIR { PAIR_KEY } else { FRAGMENT_KEY };
            let is_first = group.get(..) != Some(&item[..key]);
            if is_first {
                group.clear();
                group.extend_from_slice(&item[..key]);
            }
            let rest = match item[0] {
                PAIR => &item[key..],
                // The end of a read in a pair: it stands first in its group and is itself decided by its pair.
                _ if item[key] == 0 => continue,
                _ => &item[key + 1..],
            };
            if !is_first {
                duplicates.mark(rest);
            }
        }
        Ok(duplicates)
    }
}

fn next(sorted: &mut Sorted) -> Result<Option<&[u8]>> {
    sorted.next()
}

/// Best first: the score upside down, then the name.
fn ranked(score: i32, name: &[u8]) -> Vec<u8> {
    let upside_down = (i64::from(i32::MAX) - i64::from(score)) as u32;
    [&upside_down.to_be_bytes()[..], name, &[0]].concat()
}

fn ordinals(lines: &[u64]) -> Vec<u8> {
    lines.iter().flat_map(|n| n.to_be_bytes()).collect()
}

/// One bit a line.
#[derive(Debug, Default)]
pub(crate) struct Duplicates(Vec<u64>);

impl Duplicates {
    /// Marks the lines of an item after its key: score, name, zero, ordinals.
    fn mark(&mut self, rest: &[u8]) {
        let name_end = rest[4..].iter().position(|b| *b == 0).unwrap_or_default();
        for ordinal in rest[4 + name_end + 1..].chunks_exact(8) {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(ordinal);
            let ordinal = u64::from_be_bytes(bytes);
            let word = (ordinal / 64) as usize;
            if word >= self.0.len() {
                self.0.resize(word + 1, 0);
            }
            self.0[word] |= 1 << (ordinal % 64);
        }
    }

    pub(crate) fn contains(&self, ordinal: u64) -> bool {
        self.0
            .get((ordinal / 64) as usize)
            .is_some_and(|word| word >> (ordinal % 64) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use clinotype_genome::Silent;

    use super::*;

    #[allow(clippy::unnecessary_wraps, reason = "keeps the tables short")]
    fn end(position: i64, reverse: bool, score: i32) -> Option<End> {
        Some(End {
            reference: 0,
            position,
            reverse,
            score,
        })
    }

    /// (name, library, first, last, mate elsewhere) and the names expected to be duplicates.
    type Case<'a> = (&'a [(&'a str, u16, Option<End>, Option<End>, bool)], &'a [&'a str]);

    fn check(cases: &[Case<'_>]) {
        let folder = tempfile::tempdir().unwrap();
        for (number, (templates, expected)) in cases.iter().enumerate() {
            for backwards in [false, true] {
                let scratch = Scratch::create(&folder.path().join("s")).unwrap();
                let mut marker = Marker::new(&scratch, 1 << 20);
                let mut order: Vec<usize> = (0..templates.len()).collect();
                if backwards {
                    order.reverse();
                }
                for i in order {
                    let (name, library, first, last, mate_elsewhere) = templates[i];
                    let i = i as u64;
                    marker
                        .add(&Template {
                            library,
                            name: name.as_bytes(),
                            ends: [first, last],
                            mate_elsewhere,
                            lines: &[100 * i, 100 * i + 70],
                        })
                        .unwrap();
                }
                let duplicates = marker.resolve(&Silent).unwrap();
                let got: Vec<&str> = templates
                    .iter()
                    .enumerate()
                    .filter(|(i, _)| {
                        let marked = duplicates.contains(100 * *i as u64);
                        assert_eq!(duplicates.contains(100 * *i as u64 + 70), marked, "all lines together");
                        marked
                    })
                    .map(|(_, t)| t.0)
                    .collect();
                assert_eq!(got, *expected, "case {number}, backwards {backwards}");
            }
        }
    }

    #[test]
    fn hand_worked_cases() {
        let (f, r) = (false, true);
        check(&[
            // The better pair stays, whichever comes first.
            (
                &[
                    ("a", 0, end(10, f, 100), end(300, r, 100), false),
                    ("b", 0, end(10, f, 150), end(300, r, 100), false),
                ],
                &["a"],
            ),
            // A tie falls to the first name.
            (
                &[
                    ("b", 0, end(10, f, 100), end(300, r, 100), false),
                    ("a", 0, end(10, f, 120), end(300, r, 80), false),
                    ("c", 0, end(10, f, 100), end(300, r, 100), false),
                ],
                &["b", "c"],
            ),
            // First and last may be swapped: the fragment is the same.
            (
                &[
                    ("a", 0, end(300, r, 100), end(10, f, 100), false),
                    ("b", 0, end(10, f, 100), end(300, r, 90), false),
                ],
                &["b"],
            ),
            // Another strand, another end, another library: no duplicates.
            (
                &[
                    ("a", 0, end(10, f, 100), end(300, r, 100), false),
                    ("b", 0, end(10, r, 100), end(300, r, 100), false),
                    ("c", 0, end(10, f, 100), end(301, r, 100), false),
                    ("d", 1, end(10, f, 100), end(300, r, 100), false),
                    ("e", 0, end(11, f, 100), end(300, r, 100), false),
                ],
                &[],
            ),
            // Both ends at one place, opposite strands: the order of the mates does not matter.
            (
                &[
                    ("a", 0, end(10, f, 100), end(10, r, 100), false),
                    ("b", 0, end(10, r, 100), end(10, f, 90), false),
                ],
                &["b"],
            ),
            // A read alone gives way to a pair, however good it is.
            (
                &[
                    ("a", 0, end(10, f, 900), None, false),
                    ("b", 0, end(10, f, 100), end(300, r, 100), false),
                    ("c", 0, end(300, r, 100), None, false),
                    ("d", 0, None, end(300, f, 100), false),
                ],
                &["a", "c"],
            ),
            // Reads alone among themselves.
            (
                &[
                    ("a", 0, end(10, f, 90), None, false),
                    ("b", 0, None, end(10, f, 100), false),
                    ("c", 0, end(10, f, 100), None, false),
                ],
                &["a", "c"],
            ),
            // A mate outside the slice: never marked, but outranks.
            (
                &[
                    ("a", 0, end(10, f, 90), None, true),
                    ("b", 0, end(10, f, 100), None, true),
                    ("c", 0, end(10, f, 500), None, false),
                ],
                &["c"],
            ),
            // Clips may put the end left of the contig.
            (
                &[
                    ("a", 0, end(-4, f, 90), end(100, r, 1), false),
                    ("b", 0, end(-4, f, 100), end(100, r, 1), false),
                    ("c", 0, end(0, f, 100), end(100, r, 1), false),
                ],
                &["a"],
            ),
        ]);
    }
}
