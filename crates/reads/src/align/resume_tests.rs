//! An alignment that was stopped goes on from its last milestone to the same bytes.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

use clinotype_genome::{FaultKind, Silent, fs};

use super::*;

/// Stops after a number of questions.
struct Impatient(AtomicU32);

impl Progress for Impatient {
    fn advance(&self, _: u64, _: u64) {}
    fn is_cancelled(&self) -> bool {
        self.0.fetch_update(Relaxed, Relaxed, |n| n.checked_sub(1)).is_err()
    }
}

/// A linear congruential generator (Knuth's MMIX constants).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

struct Place {
    folder: tempfile::TempDir,
    reference: Reference,
    pairs: Vec<FastqPair>,
}

const LENGTH: usize = 3_000;
const READ: usize = 40;

impl Place {
    /// Two pairs of files of two batches each.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut numbers = Numbers(9);
        let bases: Vec<u8> = (0..LENGTH).map(|_| b"ACGT"[numbers.below(4)]).collect();
        let path = folder.path().join("r.fa");
        fs::write_atomic(&path, format!(">c\n{}\n", String::from_utf8_lossy(&bases)).as_bytes()).unwrap();
        let mut pairs = Vec::new();
        for file in 0..2 {
            let (mut first, mut last) = (String::new(), String::new());
            for number in 0..BATCH + 1_500 {
                let (start, insert) = (numbers.below(LENGTH - 300), 150 + numbers.below(100));
                let forward = String::from_utf8_lossy(&bases[start..start + READ]).into_owned();
                let end = start + insert;
                let reverse: String = bases[end - READ..end]
                    .iter()
                    .rev()
                    .map(|b| char::from(clinotype_genome::sequence::complement(*b)))
                    .collect();
                let quality = "I".repeat(READ);
                let _ = write!(first, "@f{file}r{number}\n{forward}\n+\n{quality}\n");
                let _ = write!(last, "@f{file}r{number}\n{reverse}\n+\n{quality}\n");
            }
            let write = |name: String, text: &str| -> PathBuf {
                let path = folder.path().join(name);
                fs::write_atomic(&path, text.as_bytes()).unwrap();
                path
            };
            pairs.push(FastqPair {
                r1: write(format!("{file}_1.fastq"), &first),
                r2: write(format!("{file}_2.fastq"), &last),
            });
        }
        Self {
            reference: Reference::open(&path).unwrap(),
            folder,
            pairs,
        }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn align(&self, key: Option<&str>, sorting: u64, progress: &dyn Progress) -> Result<AlignSummary> {
        let kept = self.at("kept");
        align_within(
            &AlignOptions {
                pairs: &self.pairs,
                reference: &self.reference,
                sample: "S",
                out: &self.at("out.bam"),
                memory: 1 << 30,
                scratch: &self.at("scratch"),
                index_folders: &[],
                libraries: &[],
                program: "0",
                command_line: "test",
            },
            key.map(|key| Keep { folder: &kept, key }).as_ref(),
            1,
            Some(sorting),
            progress,
        )
    }

    fn made(&self) -> [Vec<u8>; 2] {
        ["out.bam", "out.bam.bai"].map(|name| fs::read(self.at(name)).unwrap())
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_stopped_alignment_goes_on_from_its_milestone_to_the_same_bytes() {
    let place = Place::new();
    let undisturbed = place.align(None, 64 << 20, &Silent).unwrap();
    assert_eq!(undisturbed.pairs_taken_over, 0);
    let whole = place.made();
    let batch = BATCH as u64;
    let mut taken_over = Vec::new();
    for patience in 1..20 {
        let _ = std::fs::remove_dir_all(place.at("kept"));
        for name in ["out.bam", "out.bam.bai"] {
            fs::remove_if_there(place.at(name)).unwrap();
        }
        // Little memory, so that runs are also spilled in the middle of a batch.
        let Err(fault) = place.align(Some("k"), 2 << 20, &Impatient(patience.into())) else {
            break;
        };
        assert_eq!(fault.kind(), FaultKind::Cancelled, "{fault}");
        assert!(!place.at("out.bam").exists());
        // Each alignment of this test takes seconds.
        let milestone = place.at("kept/milestone.json").is_file();
        if !milestone || taken_over.len() > 3 {
            continue;
        }
        let resumed = place.align(Some("k"), 64 << 20, &Silent).unwrap();
        assert_eq!(place.made(), whole, "after {patience} questions");
        assert_eq!(resumed.parameters, undisturbed.parameters);
        assert_eq!(resumed.pairs, undisturbed.pairs);
        taken_over.push(resumed.pairs_taken_over);
    }
    taken_over.dedup();
    assert!(taken_over.len() >= 3 && taken_over[0] == batch, "{taken_over:?}");
}

#[test]
fn runs_of_another_key_or_damaged_ones_are_not_taken_over() {
    let place = Place::new();
    let stopped = |key: &str| {
        let _ = std::fs::remove_dir_all(place.at("kept"));
        // After the second batch.
        let fault = place.align(Some(key), 64 << 20, &Impatient(5.into())).unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Cancelled);
    };
    stopped("a");
    let kept = names(&place.at("kept"));
    assert!(
        kept.contains(&"milestone.json".to_owned()) && kept.len() >= 3,
        "{kept:?}"
    );
    assert_eq!(place.align(Some("b"), 64 << 20, &Silent).unwrap().pairs_taken_over, 0);
    let whole = place.made();
    stopped("a");
    let run = names(&place.at("kept"))
        .into_iter()
        .find(|n| n.starts_with("lines"))
        .unwrap();
    let path = place.at("kept").join(run);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write_atomic(&path, &bytes).unwrap();
    assert_eq!(place.align(Some("a"), 64 << 20, &Silent).unwrap().pairs_taken_over, 0);
    assert_eq!(place.made(), whole);
}
