//! A run that was stopped goes on from its finished windows to the same bytes.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod common;

use std::{
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use clinotype_call::{CallOptions, CallSummary, Keep, Sex, call_resumable};
use clinotype_genome::{FaultKind, Progress, Result, Silent, fs};
use common::{Bench, bases, sorted, tile};

/// Seven contigs, each a window of its own, each with a heterozygous SNV; the fifth has no reads.
fn donor() -> Bench {
    let names = ["1", "2", "3", "4", "5", "6", "7"];
    let sequences: Vec<String> = (0..7).map(|seed| bases(1500, seed + 20)).collect();
    let mut reads = Vec::new();
    for (name, sequence) in names.iter().zip(&sequences) {
        if *name == "5" {
            continue;
        }
        let mut second = sequence.clone();
        second.replace_range(700..701, if &sequence[700..701] == "A" { "C" } else { "A" });
        let plain = |from: usize, _: usize| (from, "100M".to_owned());
        let mut here = tile(&format!("a{name}"), name, sequence, 20, plain);
        here.extend(tile(&format!("b{name}"), name, &second, 20, plain));
        reads.extend(sorted(here));
    }
    let contigs: Vec<(&str, &str)> = names.into_iter().zip(sequences.iter().map(String::as_str)).collect();
    Bench::new(&contigs, "coordinate", &reads, true)
}

/// Stops the run when it has been asked so many times whether it should.
struct StopAfter {
    asked: AtomicU64,
    most: u64,
}

impl Progress for StopAfter {
    fn advance(&self, _done: u64, _total: u64) {}
    fn is_cancelled(&self) -> bool {
        self.asked.fetch_add(1, Ordering::SeqCst) >= self.most
    }
}

const OUTPUTS: [&str; 4] = ["o.vcf.gz", "o.vcf.gz.tbi", "o.g.vcf.gz", "o.g.vcf.gz.tbi"];

fn run(bench: &Bench, key: Option<&str>, threads: usize, progress: &dyn Progress) -> Result<CallSummary> {
    let at = |name: &str| bench.folder.path().join(name);
    let (vcf, gvcf, kept) = (at("o.vcf.gz"), at("o.g.vcf.gz"), at(".kept"));
    let options = CallOptions {
        bam: &bench.bam,
        reference: &bench.reference,
        targets: None,
        padding: 100,
        sample: "sample",
        sex: Sex::Unknown,
        build: None,
        vcf: &vcf,
        gvcf: Some(&gvcf),
        memory: 2 << 30,
        source: "test",
        header: &[],
    };
    let keep = key.map(|key| Keep { folder: &kept, key });
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| call_resumable(&options, keep.as_ref(), progress))
}

fn outputs(folder: &Path) -> Vec<Vec<u8>> {
    OUTPUTS
        .iter()
        .map(|name| fs::read(folder.join(name)).unwrap())
        .collect()
}

#[test]
fn a_stopped_run_goes_on_from_its_finished_windows_to_the_same_bytes() {
    let bench = donor();
    let folder = bench.folder.path();
    let count = StopAfter {
        asked: AtomicU64::new(0),
        most: u64::MAX,
    };
    let undisturbed = run(&bench, None, 1, &count).unwrap();
    assert_eq!((undisturbed.records, undisturbed.windows), (6, 6));
    let whole = outputs(folder);
    let asked = count.asked.load(Ordering::SeqCst);
    let mut taken_over = Vec::new();
    for tenth in 1..10 {
        let _ = std::fs::remove_dir_all(folder.join(".kept"));
        for name in OUTPUTS {
            fs::remove_if_there(folder.join(name)).unwrap();
        }
        let stop = StopAfter {
            asked: AtomicU64::new(0),
            most: asked * tenth / 10,
        };
        let fault = run(&bench, Some("k"), 1, &stop).unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Cancelled, "{fault}");
        assert!(OUTPUTS.iter().all(|name| !folder.join(name).exists()));
        let mut resumed = run(&bench, Some("k"), 3, &Silent).unwrap();
        assert_eq!(outputs(folder), whole, "after {tenth}/10");
        taken_over.push(std::mem::take(&mut resumed.windows_taken_over));
        assert_eq!(resumed, undisturbed, "after {tenth}/10");
    }
    assert!(taken_over.is_sorted(), "{taken_over:?}");
    assert!(
        taken_over[0] < 6 && *taken_over.last().unwrap() >= 4,
        "the later the stop, the more is taken over: {taken_over:?}"
    );
}

#[test]
fn windows_of_another_run_or_cut_ones_are_called_again() {
    let bench = donor();
    let kept = bench.folder.path().join(".kept");
    run(&bench, None, 2, &Silent).unwrap();
    let whole = outputs(bench.folder.path());
    assert_eq!(run(&bench, Some("a"), 2, &Silent).unwrap().windows_taken_over, 0);
    assert_eq!(run(&bench, Some("a"), 2, &Silent).unwrap().windows_taken_over, 6);
    let names = || -> Vec<_> { std::fs::read_dir(&kept).unwrap().map(|e| e.unwrap().path()).collect() };
    let first = names();
    assert_eq!(first.len(), 6);
    assert_eq!(run(&bench, Some("b"), 2, &Silent).unwrap().windows_taken_over, 0);
    assert!(first.iter().all(|path| !path.exists()), "those of key a are removed");
    // As a power failure leaves them.
    fs::write_atomic(&names()[2], b"").unwrap();
    assert_eq!(run(&bench, Some("b"), 2, &Silent).unwrap().windows_taken_over, 5);
    assert_eq!(outputs(bench.folder.path()), whole);
}
