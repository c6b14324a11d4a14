//! Where a transcript's own sequence is not the genome's.

use std::{collections::HashMap, io::BufRead as _, path::Path};

use clinotype_genome::{Fault, Result, fs};

use super::model::{Difference, Transcript};
use crate::{bases::Bases, spliced::Spliced};

/// Edits looked for; more than this many is another sequence, not a difference.
const MOST: usize = 400;

/// Reads sequences (FASTA named by accession with version) and notes the differences of every transcript that has one.
pub(super) fn find(sequences: &Path, transcripts: &mut [Transcript], bases: &dyn Bases) -> Result<()> {
    let mut numbers: HashMap<String, Vec<usize>> = HashMap::new();
    for (number, t) in transcripts.iter().enumerate() {
        numbers.entry(t.accession.clone()).or_default().push(number);
    }
    let mut reader = fs::open_text(sequences)?;
    let (mut text, mut line) = (String::new(), 0_u64);
    let mut current: Vec<usize> = Vec::new();
    let mut sequence = Vec::new();
    loop {
        text.clear();
        let read = reader
            .read_line(&mut text)
            .map_err(|e| Fault::io("read", sequences, e).line(line + 1))?;
        line += 1;
        let trimmed = text.trim_end();
        if line == 1 && !trimmed.starts_with('>') {
            return Err(Fault::input("is not a FASTA file: it does not begin with '>'")
                .at(sequences)
                .line(1));
        }
        if read == 0 || trimmed.starts_with('>') {
            for number in std::mem::take(&mut current) {
                note(&mut transcripts[number], &sequence, bases)?;
            }
            if read == 0 {
                return Ok(());
            }
            sequence.clear();
            let name = trimmed[1..].split_whitespace().next().unwrap_or_default();
            current = numbers.get(name).cloned().unwrap_or_default();
        } else if !current.is_empty() {
            sequence.extend(trimmed.bytes().map(|b| match b.to_ascii_uppercase() {
                b'U' => b'T',
                other => other,
            }));
        }
    }
}

fn note(t: &mut Transcript, sequence: &[u8], bases: &dyn Bases) -> Result<()> {
    let spliced = Spliced::read(t, bases)?;
    if spliced.bases.contains(&b'N') {
        return Ok(());
    }
    match compare(&spliced.bases, sequence) {
        Some(differences) => {
            if !differences.is_empty() {
                let words = format!(
                    "{} differs from the genome at {} {}",
                    t.accession,
                    differences.len(),
                    if differences.len() == 1 { "place" } else { "places" }
                );
                // Takes the place of what the GFF3 file says without places.
                t.warnings.retain(|w| !w.ends_with("differs from the genome"));
                t.warnings.push(words);
            }
            t.differences = differences;
        }
        None => t.warnings.push(format!(
            "the sequence of {} is not that of its exons on the genome",
            t.accession
        )),
    }
    Ok(())
}

/// The differences between the exons' bases and the transcript's; `None` where there are too many. A tail of adenines
/// behind the last exon is the mRNA's, and no difference.
pub(super) fn compare(genome: &[u8], transcript: &[u8]) -> Option<Vec<Difference>> {
    if genome == transcript {
        return Some(Vec::new());
    }
    let steps = edits(genome, transcript)?;
    let mut found: Vec<Difference> = Vec::new();
    let mut bases: Vec<Vec<u8>> = Vec::new();
    for (offset, removed, added) in steps {
        // Neighbouring edits are one difference.
        if let (Some(last), Some(text)) = (found.last_mut(), bases.last_mut())
            && last.offset + last.genome == offset
        {
            last.genome += removed;
            text.extend(added);
            continue;
        }
        found.push(Difference {
            offset,
            genome: removed,
            length: 0,
            transcript: None,
        });
        bases.push(added.into_iter().collect());
    }
    for (difference, text) in found.iter_mut().zip(bases) {
        difference.length = text.len() as u32;
        difference.transcript = Some(String::from_utf8_lossy(&text).into_owned());
    }
    let end = genome.len() as u32;
    found.retain(|d| {
        let tail = d.offset == end && d.transcript.as_deref().is_some_and(|t| t.bytes().all(|b| b == b'A'));
        !tail
    });
    Some(found)
}

/// The shortest edit script as (offset in the genome, bases removed, base added), by furthest-reaching paths (Myers 1986,
/// Algorithmica 1:251), with substitutions as steps of their own (Landau and Vishkin 1989, J Algorithms 10:157).
fn edits(genome: &[u8], transcript: &[u8]) -> Option<Vec<(u32, u32, Option<u8>)>> {
    let (n, m) = (genome.len() as i64, transcript.len() as i64);
    // A poly(A) tail costs nothing: the transcript may end anywhere in a run of adenines behind the genome's end.
    let tail = transcript.iter().rev().take_while(|b| **b == b'A').count() as i64;
    let goal = n - m;
    let slide = |k: i64, mut x: i64| {
        // Diagonal k = genome - transcript.
        while x < n && x - k < m && x - k >= 0 && genome[x as usize] == transcript[(x - k) as usize] {
            x += 1;
        }
        x
    };
    let done = |k: i64, x: i64| (k == goal && x == n) || (x == n && m - (x - k) >= 0 && m - (x - k) <= tail);
    // rows[e][k + e]: the furthest offset in the genome that e edits reach on diagonal k.
    let mut rows: Vec<Vec<i64>> = vec![vec![slide(0, 0)]];
    let mut reached = done(0, rows[0][0]).then_some((0_usize, 0_i64));
    while reached.is_none() {
        let e = rows.len();
        if e > MOST {
            return None;
        }
        let before = &rows[e - 1];
        let at = |k: i64| -> Option<i64> {
            let index = k + e as i64 - 1;
            before.get(usize::try_from(index).ok()?).copied().filter(|x| *x >= 0)
        };
        let mut row = vec![-1_i64; 2 * e + 1];
        for k in -(e as i64)..=e as i64 {
            let steps = [
                at(k).filter(|x| *x < n && *x - k < m).map(|x| x + 1),
                at(k - 1).filter(|x| *x < n).map(|x| x + 1),
                at(k + 1).filter(|x| *x - k <= m),
            ];
            let Some(furthest) = steps.into_iter().flatten().max() else {
                continue;
            };
            let x = slide(k, furthest);
            row[(k + e as i64) as usize] = x;
            if done(k, x) && reached.is_none() {
                reached = Some((e, k));
            }
        }
        rows.push(row);
    }
    let (mut e, mut k) = reached?;
    let mut script = Vec::with_capacity(e);
    while e > 0 {
        let before = &rows[e - 1];
        let at = |k: i64| -> Option<i64> {
            let index = k + e as i64 - 1;
            before.get(usize::try_from(index).ok()?).copied().filter(|x| *x >= 0)
        };
        let options = [
            (at(k).filter(|x| *x < n && *x - k < m).map(|x| x + 1), k, 1_u32, true),
            (at(k - 1).filter(|x| *x < n).map(|x| x + 1), k - 1, 1, false),
            (at(k + 1).filter(|x| *x - k <= m), k + 1, 0, true),
        ];
        let (reached, from, removed, added) = options.into_iter().max_by_key(|(x, _, removed, added)| {
            // Substitutions before deletions before insertions where all reach as far.
            (*x, *removed == 1 && *added, *removed == 1)
        })?;
        let x = reached?;
        let base = added.then(|| transcript.get((x - k) as usize - 1).copied()).flatten();
        script.push((x as u32 - removed, removed, base));
        (e, k) = (e - 1, from);
    }
    script.reverse();
    Some(script)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(genome: &str, transcript: &str) -> Vec<(u32, u32, String)> {
        compare(genome.as_bytes(), transcript.as_bytes())
            .unwrap()
            .into_iter()
            .map(|d| {
                assert_eq!(d.length as usize, d.transcript.as_ref().unwrap().len());
                (d.offset, d.genome, d.transcript.unwrap())
            })
            .collect()
    }

    #[test]
    fn every_kind_of_difference() {
        let genome = "ACGTTGCAACGGTTCAGGATCC";
        assert!(told(genome, genome).is_empty());
        // A poly(A) tail is none.
        assert!(told(genome, &format!("{genome}AAAAAAAA")).is_empty());
        assert_eq!(told(genome, "ACGTTGCTACGGTTCAGGATCC"), [(7, 1, "T".to_owned())]);
        assert_eq!(told(genome, "ACGTTGCTTCGGTTCAGGATCC"), [(7, 2, "TT".to_owned())]);
        let deleted = told(genome, "ACGTTGCAACTTCAGGATCC");
        assert_eq!(deleted.iter().map(|d| d.1).sum::<u32>(), 2, "{deleted:?}");
        assert!(deleted.iter().all(|d| d.2.is_empty()));
        let inserted = told(genome, "ACGTTGCAACGTCGGTTCAGGATCCAAAA");
        assert_eq!(inserted.iter().map(|d| d.2.len()).sum::<usize>(), 3, "{inserted:?}");
        assert!(inserted.iter().all(|d| d.1 == 0));
        assert_eq!(
            told(genome, "TCGTTGCAACGGTTCAGGATCG"),
            [(0, 1, "T".to_owned()), (21, 1, "G".to_owned())]
        );
        assert!(compare(&[b'A'; 2000], &[b'C'; 2000]).is_none());
    }

    /// The transcript is the genome with its differences put in.
    #[test]
    fn differences_give_the_transcript_back() {
        let mut state = 7_u64;
        let mut next = move |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % n
        };
        for _ in 0..300 {
            let genome: Vec<u8> = (0..200).map(|_| b"ACGT"[next(4) as usize]).collect();
            let mut transcript = genome.clone();
            for _ in 0..next(6) {
                let at = next(transcript.len() as u64) as usize;
                match next(3) {
                    0 => transcript[at] = b"ACGT"[next(4) as usize],
                    1 => {
                        transcript.remove(at);
                    }
                    _ => transcript.insert(at, b"ACGT"[next(4) as usize]),
                }
            }
            transcript.push(b'C');
            let found = compare(&genome, &transcript).unwrap();
            let (mut rebuilt, mut at) = (Vec::new(), 0);
            for d in &found {
                rebuilt.extend_from_slice(&genome[at..d.offset as usize]);
                rebuilt.extend_from_slice(d.transcript.as_ref().unwrap().as_bytes());
                at = (d.offset + d.genome) as usize;
            }
            rebuilt.extend_from_slice(&genome[at..]);
            assert_eq!(
                String::from_utf8(rebuilt).unwrap(),
                String::from_utf8(transcript).unwrap(),
                "{found:?}"
            );
        }
    }
}
