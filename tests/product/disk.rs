//! A full disk in every stage: one clear error, nothing half-written, and the run goes on when there is space again.
//! `cargo xtask soak kills` tries many more fillings.

use std::{fs, path::Path, process::Command};

use clinotype_tests::{READS, TinyCase, errors, final_names};

use crate::kill::{outputs, soak};

/// A file system in memory of one size, unmounted when dropped.
struct SmallDisk<'a>(&'a Path);

/// Bytes of the disk, far more than the case writes.
const SIZE: u64 = 8 << 20;
const PAGE: u64 = 4096;

impl<'a> SmallDisk<'a> {
    fn mount(at: &'a Path) -> Option<Self> {
        fs::create_dir(at).unwrap();
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={SIZE}"), "tmpfs"])
            .arg(at)
            .output()
            .is_ok_and(|o| o.status.success());
        if !done {
            eprintln!("skipped: this user may not mount a small file system");
        }
        done.then_some(Self(at))
    }

    /// Leaves so many bytes, and takes the place back when the file is removed.
    fn leave(&self, bytes: u64) -> std::path::PathBuf {
        let filler = self.0.join("filler");
        fs::write(&filler, vec![1; (SIZE - bytes) as usize]).unwrap();
        filler
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

/// What each stage writes under final names, in its order.
const STAGES: [(&str, &[&str]); 7] = [
    ("align", &["bam", "bam.bai"]),
    ("call", &["vcf.gz", "vcf.gz.tbi", "g.vcf.gz", "g.vcf.gz.tbi"]),
    ("annotate", &["annotated.vcf.gz", "annotated.vcf.gz.tbi"]),
    ("coverage", &["qc.json"]),
    ("interpret", &["interpretation.json"]),
    ("report", &["report.pdf", "report.html"]),
    ("fhir", &["fhir.json"]),
];

#[test]
fn a_disk_that_fills_in_any_stage_is_named_and_the_run_goes_on_when_there_is_space() {
    let case = TinyCase::new();
    case.succeeds(&READS, &["--out", "whole"]);
    let whole = outputs(&case.path("whole"));
    let size = |suffix: &str| {
        let bytes = fs::metadata(case.path("whole").join(format!("T-1.{suffix}")))
            .unwrap()
            .len();
        bytes.next_multiple_of(PAGE)
    };
    let place = case.path("disk");
    let Some(disk) = SmallDisk::mount(&place) else { return };
    // What stands beside the outputs: the record of steps, and its successor while it is written.
    let mut before = 2 * PAGE;
    let mut failed_in = Vec::new();
    let mut fillings: Vec<(String, u64)> = Vec::new();
    for (stage, files) in STAGES {
        let own: u64 = files.iter().map(|f| size(f)).sum();
        fillings.push((stage.to_owned(), before + own / 2));
        before += own + PAGE;
    }
    if let Some(rounds) = soak() {
        let points = (0..rounds as u64).map(|n| before * 9 / 10 * n / rounds as u64);
        fillings = points.map(|left| (format!("{left} bytes left"), left)).collect();
    }
    for (stage, left) in fillings {
        let filler = disk.leave(left);
        let output = case.run(&READS, &["--out", "disk/out"]).output().unwrap();
        let message = errors(&output);
        let out = case.path("disk/out");
        // Among many fillings the last may leave enough.
        if soak().is_some() && output.status.success() {
            assert_eq!(outputs(&out), whole, "{stage}");
            fs::remove_dir_all(&out).unwrap();
            fs::remove_file(filler).unwrap();
            continue;
        }
        assert_eq!(output.status.code(), Some(4), "{stage}: {message}");
        assert!(message.contains("disk is full"), "{stage}: {message}");
        assert_eq!(message.matches("error:").count(), 1, "{stage}: {message}");
        for (name, bytes) in outputs(&out) {
            assert!(whole.get(&name) == Some(&bytes), "{stage}: {name} is not whole");
        }
        let names = final_names(&out);
        assert!(!names.contains(&"provenance.json".to_owned()), "{stage}: {names:?}");
        failed_in.push(
            STAGES
                .iter()
                .take_while(|(_, f)| f.iter().all(|f| names.contains(&format!("T-1.{f}"))))
                .count(),
        );
        let partial: Vec<_> = fs::read_dir(&out)
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .filter(|n| n.ends_with(".partial") || n.ends_with(".scratch"))
            .collect();
        assert!(partial.is_empty(), "{stage}: {partial:?}");
        fs::remove_file(filler).unwrap();
        case.succeeds(&READS, &["--out", "disk/out"]);
        assert_eq!(outputs(&out), whole, "{stage}: other bytes after going on");
        fs::remove_dir_all(&out).unwrap();
    }
    // The sizes are guesses of what stands on the disk at a moment; that the failures spread over the stages is not.
    failed_in.dedup();
    // Few fillings of a short soak cannot meet every stage.
    let least = soak().map_or(5, |rounds| (rounds / 4).clamp(1, 5));
    assert!(failed_in.len() >= least && failed_in.is_sorted(), "{failed_in:?}");
}
