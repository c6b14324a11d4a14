//! A whole run in a folder under seal: the same plain outputs, and no plain byte on the disk at any moment.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "the tests look at what really is on the disk")]

#[path = "../../genome/tests/common/mod.rs"]
mod common;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::BufRead as _,
    path::{Path, PathBuf},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use clinotype_case::Order;
use clinotype_genome::{Build, FaultKind, Progress, Reference, Result, Silent, fs, seal::seal_folder};
use clinotype_jobs::{
    FastqPair, Machine, TranscriptSet, Watch,
    evidence::{AnnotatedVcf, IndexedVcf, at},
    quality,
    run::{Input, OrderSource, Outcome, RunOptions, run},
    watch::Nobody,
};
use clinotype_tests::{ORDER, TinyCase};
use common::TestSeal;
use jiff::Timestamp;

const NOTICE: &str = "All data of this case are SYNTHETIC: not for clinical use";

/// The case, its reference indexed by a first run, and the outputs of that run, which was not under seal.
fn case() -> &'static TinyCase {
    static CASE: OnceLock<TinyCase> = OnceLock::new();
    CASE.get_or_init(|| {
        let case = TinyCase::new();
        go(&options(&case, &case.path("plain")), &Nobody).unwrap();
        case
    })
}

fn options(case: &TinyCase, out: &Path) -> RunOptions {
    RunOptions {
        sample: "T-1".parse().unwrap(),
        stem: Some("case".to_owned()),
        input_sample: None,
        input: Input::Reads(vec![FastqPair {
            r1: case.path("R1.fastq.gz"),
            r2: case.path("R2.fastq.gz"),
        }]),
        libraries: Vec::new(),
        cram: false,
        reference: case.path("reference.fa"),
        transcripts: case.path("transcripts.gff3"),
        clinvar: None,
        frequencies: None,
        targets: None,
        thresholds: None,
        waivers: Vec::new(),
        pgx: None,
        beside: clinotype_jobs::run::BesideOptions::default(),
        rules: clinotype_jobs::run::RulesOptions::default(),
        order: Some(OrderSource::Given(Box::new(Order::from_json(ORDER).unwrap()))),
        sex: None,
        build: Some(Build::Grch38),
        notices: vec![NOTICE.to_owned()],
        out: out.to_owned(),
    }
}

fn go(options: &RunOptions, watch: &dyn Watch) -> Result<Outcome> {
    let clock = || Timestamp::UNIX_EPOCH;
    run(options, &Machine::new(2, Some(2 << 30)).unwrap(), watch, &clock)
}

/// Names that do not say when they were made or how often it was tried.
fn names(folder: &Path) -> BTreeSet<String> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// Plain bytes of every output with a final name.
fn outputs(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    names(folder)
        .into_iter()
        .filter(|name| !name.starts_with('.'))
        .map(|name| (name.clone(), fs::read(folder.join(name)).unwrap()))
        .collect()
}

/// Bytes that every kind of output holds when it is plain, and what only this patient's files hold.
fn markers() -> &'static [Vec<u8>] {
    static MARKERS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    MARKERS.get_or_init(|| {
        let mut first = String::new();
        fs::open_text(case().path("R1.fastq.gz"))
            .unwrap()
            .read_line(&mut first)
            .unwrap();
        let name = first.trim_start_matches('@').split([' ', '/', '\n']).next().unwrap();
        assert!(name.len() > 8, "{name}");
        let instrument: Vec<&str> = name.split(':').take(3).collect();
        let mut all: Vec<Vec<u8>> = vec![vec![0x1f, 0x8b, 8, 4], vec![0x28, 0xb5, 0x2f, 0xfd]];
        for text in [
            "BAI\x01",
            "BAM\x01",
            "#CHROM",
            "##fileformat",
            "\"schema\"",
            "\"fingerprint\"",
            "%PDF-1",
            "<html",
            "NM_900001",
            "Synthetic",
            "ZZ-4471",
            name,
            &instrument.join(":"),
        ] {
            all.push(text.as_bytes().to_vec());
        }
        all
    })
}

/// Names of the files below a folder that hold a marker.
fn plain_files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else {
        return found;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(plain_files(&path));
            continue;
        }
        // A partial file may get its name between being listed and being read.
        let Ok(bytes) = std::fs::read(&path) else { continue };
        for marker in markers() {
            if bytes.windows(marker.len()).any(|w| w == &marker[..]) {
                found.push((path.clone(), String::from_utf8_lossy(marker).into_owned()));
            }
        }
    }
    found
}

/// Looks into the folder at every tick, and may stop the run when a stage begins.
struct Spy<'a> {
    folder: &'a Path,
    stop_at: Option<usize>,
    stopped: AtomicBool,
    looks: AtomicUsize,
    with_partial: AtomicUsize,
    seen: Mutex<Vec<(PathBuf, String)>>,
    resumed: Mutex<Vec<bool>>,
}

impl<'a> Spy<'a> {
    fn on(folder: &'a Path, stop_at: Option<usize>) -> Self {
        Self {
            folder,
            stop_at,
            stopped: AtomicBool::new(false),
            looks: AtomicUsize::new(0),
            with_partial: AtomicUsize::new(0),
            seen: Mutex::default(),
            resumed: Mutex::default(),
        }
    }
    fn look(&self) {
        self.looks.fetch_add(1, Ordering::SeqCst);
        if names(self.folder).iter().any(|n| n.ends_with(".partial")) {
            self.with_partial.fetch_add(1, Ordering::SeqCst);
        }
        self.seen.lock().unwrap().extend(plain_files(self.folder));
    }
    fn found_nothing(&self) {
        assert!(self.looks.load(Ordering::SeqCst) > 15, "it looked often");
        let seen = self.seen.lock().unwrap();
        assert!(seen.is_empty(), "plain on the disk: {seen:?}");
    }
}

impl Progress for Spy<'_> {
    fn advance(&self, _done: u64, _total: u64) {
        self.look();
    }
    fn is_cancelled(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }
}

impl Watch for Spy<'_> {
    fn stage(&self, _name: &str, number: usize, _of: usize) {
        self.look();
        if self.stop_at == Some(number) {
            self.stopped.store(true, Ordering::SeqCst);
        }
    }
    fn stage_done(&self, _name: &str, resumed: bool) {
        self.look();
        self.resumed.lock().unwrap().push(resumed);
    }
    fn note(&self, _text: &str) {}
}

#[test]
fn a_run_under_seal_makes_the_same_bytes_and_leaves_none_plain() {
    let case = case();
    let expected = outputs(&case.path("plain"));
    // What is looked for is there without a seal, so that finding nothing means something.
    let unsealed = plain_files(&case.path("plain"));
    for marker in markers().iter().filter(|m| m[0] != 0x28) {
        let text = String::from_utf8_lossy(marker);
        let compressed = ["BAI", "BAM", "#CHROM", "##fileformat"]
            .iter()
            .any(|m| text.starts_with(m));
        let is_name = text.contains(':');
        assert!(
            compressed || is_name || unsealed.iter().any(|(_, m)| *m == text),
            "{text} is in no plain output"
        );
    }
    let out = tempfile::tempdir().unwrap();
    let sealed = seal_folder(out.path(), TestSeal::shared(41)).unwrap();
    let spy = Spy::on(out.path(), None);
    let outcome = go(&options(case, out.path()), &spy).unwrap();
    spy.found_nothing();
    assert!(
        spy.with_partial.load(Ordering::SeqCst) > 0,
        "it looked while an output was half-written"
    );
    assert!(outcome.report.notices.contains(&NOTICE.to_owned()));
    let made = outputs(out.path());
    assert_eq!(made.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (name, bytes) in &expected {
        assert!(made[name] == *bytes, "{name} differs");
        assert!(
            std::fs::read(out.path().join(name)).unwrap() != *bytes,
            "{name} is plain"
        );
    }
    assert!(String::from_utf8_lossy(&made["case.report.html"]).contains("SYNTHETIC"));
    assert!(
        names(out.path()).iter().all(|n| !n.contains("T-1")),
        "the accession names no file"
    );
    assert!(
        std::fs::read(out.path().join(".case.steps.json")).is_ok(),
        "the record of steps is kept"
    );
    // Without the seal nothing opens.
    drop(sealed);
    assert!(AnnotatedVcf::open(&out.path().join("case.annotated.vcf.gz")).is_err());
}

#[test]
fn names_and_order_do_not_change_what_is_found() {
    let case = case();
    let out = case.path("by-accession");
    let by_file = RunOptions {
        stem: None,
        order: Some(OrderSource::File(case.path("order.json"))),
        notices: Vec::new(),
        ..options(case, &out)
    };
    let outcome = go(&by_file, &Nobody).unwrap();
    assert!(!outcome.report.notices.contains(&NOTICE.to_owned()));
    let plain = case.path("plain");
    for suffix in ["bam", "vcf.gz", "g.vcf.gz", "interpretation.json", "qc.json"] {
        assert!(
            fs::read(out.join(format!("T-1.{suffix}"))).unwrap()
                == fs::read(plain.join(format!("case.{suffix}"))).unwrap(),
            "{suffix} differs"
        );
    }
    let record = fs::read_to_string(plain.join("provenance.json")).unwrap();
    assert!(record.contains("order (as given)"), "the order is among the inputs");
    let away = RunOptions {
        stem: Some("../away".to_owned()),
        ..options(case, &out)
    };
    assert_eq!(go(&away, &Nobody).unwrap_err().kind(), FaultKind::Usage);
}

#[test]
fn a_stopped_run_goes_on_under_seal() {
    let case = case();
    let out = tempfile::tempdir().unwrap();
    let options = options(case, out.path());
    let seal = || seal_folder(out.path(), TestSeal::shared(42)).unwrap();
    let sealed = seal();
    let spy = Spy::on(out.path(), Some(3));
    assert_eq!(go(&options, &spy).unwrap_err().kind(), FaultKind::Cancelled);
    assert!(spy.seen.lock().unwrap().is_empty());
    drop(sealed);
    let sealed = seal();
    let spy = Spy::on(out.path(), None);
    go(&options, &spy).unwrap();
    assert!(spy.seen.lock().unwrap().is_empty());
    let resumed = spy.resumed.lock().unwrap().clone();
    assert_eq!(resumed[..3], [true, true, false]);
    let expected = outputs(&case.path("plain"));
    for (name, bytes) in outputs(out.path()) {
        // The record says which steps were resumed, and the report carries it.
        if !name.contains("provenance") && !name.contains("report") && !name.contains("fhir") {
            assert!(bytes == expected[&name], "{name} differs");
        }
    }
    // A record that does not decrypt is no record: everything is made anew.
    let record = out.path().join(".case.steps.json");
    let mut bytes = std::fs::read(&record).unwrap();
    bytes[20] ^= 1;
    std::fs::write(&record, bytes).unwrap();
    let spy = Spy::on(out.path(), None);
    go(&options, &spy).unwrap();
    assert!(spy.resumed.lock().unwrap().iter().all(|r| !r));
    drop(sealed);
}

#[test]
fn a_damaged_sealed_file_is_one_clear_fault() {
    let case = case();
    let out = tempfile::tempdir().unwrap();
    let _sealed = seal_folder(out.path(), TestSeal::shared(43)).unwrap();
    for (name, bytes) in outputs(&case.path("plain")) {
        fs::write_atomic(out.path().join(name), &bytes).unwrap();
    }
    let reference = Reference::open(case.path("reference.fa")).unwrap();
    let transcripts = TranscriptSet::read(&case.path("transcripts.gff3"), &reference, Build::Grch38).unwrap();
    let file = |suffix: &str| out.path().join(format!("case.{suffix}"));
    let (bam, vcf) = (file("bam"), file("annotated.vcf.gz"));
    let key = case.variant();
    let again = out.path().join("again");
    let from_bam = RunOptions {
        input: Input::Bam(bam.clone()),
        ..options(case, &again)
    };
    let profile = |bam: &Path| {
        let request = quality::ProfileRequest {
            bam,
            reference: &reference,
            transcripts: &transcripts,
            gene: "TINY1",
            threshold: 20,
        };
        quality::profile(&request, &Silent)
    };
    // Whole, everything works: a run from the sealed BAM, too.
    go(&from_bam, &Nobody).unwrap();
    assert!(
        fs::read(again.join("case.vcf.gz")).unwrap() == fs::read(file("vcf.gz")).unwrap(),
        "the same variants from the sealed BAM"
    );
    assert!(profile(&bam).unwrap().is_some() && at(&vcf, "T-1", &key).unwrap().is_some());
    std::fs::remove_dir_all(&again).unwrap();

    // Changes one bit, and changes it back when called again.
    let damage = |path: &Path, place: f64| {
        let mut bytes = std::fs::read(path).unwrap();
        let place = (bytes.len() as f64 * place) as usize;
        bytes[place] ^= 0x10;
        std::fs::write(path, &bytes).unwrap();
    };
    for place in [0.0, 0.4, 0.999] {
        for path in [bam.clone(), file("bam.bai"), vcf.clone(), file("annotated.vcf.gz.tbi")] {
            damage(&path, place);
            let mut faults = vec![fs::read(&path).unwrap_err()];
            if path == bam {
                faults.extend(go(&from_bam, &Nobody).err());
                faults.extend(clinotype_jobs::reads_figures(&bam, &Silent).err());
                assert_eq!(faults.len(), 3, "{place}");
            }
            faults.extend(profile(&bam).err());
            faults.extend(at(&vcf, "T-1", &key).err());
            faults.extend(quality::variants(&vcf).err());
            assert!(faults.len() > 1, "{} at {place}", path.display());
            for fault in faults {
                assert_eq!(fault.kind(), FaultKind::Input, "{fault}");
                assert!(fault.to_string().contains("the encrypted file is damaged"), "{fault}");
                assert_eq!(fault.place().path.as_deref(), Some(&*path), "{fault}");
            }
            damage(&path, place);
        }
    }
    assert!(profile(&bam).is_ok(), "mended");
}

#[test]
fn evidence_by_the_index_is_that_of_the_whole_file() {
    let vcf = case().path("plain/case.annotated.vcf.gz");
    let indexed = IndexedVcf::open(&vcf, "T-1").unwrap();
    let mut all = AnnotatedVcf::open(&vcf).unwrap();
    let mut count = 0;
    while let Some(allele) = all.next_allele().unwrap() {
        assert_eq!(indexed.at(&allele.key).unwrap(), Some(allele));
        count += 1;
    }
    assert!(count > 0 && indexed.at(&case().variant()).unwrap().is_some());
}

#[test]
fn the_profile_of_a_gene_agrees_with_its_coverage() {
    let case = case();
    let reference = Reference::open(case.path("reference.fa")).unwrap();
    let transcripts = TranscriptSet::read(&case.path("transcripts.gff3"), &reference, Build::Grch38).unwrap();
    let request = |gene| quality::ProfileRequest {
        bam: Box::leak(case.path("plain/case.bam").into_boxed_path()),
        reference: &reference,
        transcripts: &transcripts,
        gene,
        threshold: 20,
    };
    let made = quality::profile(&request("TINY1"), &Silent).unwrap().unwrap();
    assert_eq!(quality::profile(&request("NONE"), &Silent).unwrap(), None);
    let spans: Vec<_> = made
        .exons
        .iter()
        .map(|e| (e.exon, e.interval.start, e.interval.end))
        .collect();
    assert_eq!(spans, [(1, 1_050, 1_200), (2, 2_000, 2_150), (3, 3_000, 3_213)]);
    let bam = request("").bam;
    let figures = quality::reads(&clinotype_jobs::reads_figures(bam, &Nobody).unwrap());
    let coverage = quality::measure(
        &quality::MeasureRequest {
            bam,
            reference: &reference,
            build: Build::Grch38,
            transcripts: &transcripts,
            genes: &["TINY1".to_owned()],
            targets: None,
            reads: &figures,
            thresholds: &quality::thresholds(None).unwrap(),
        },
        &Silent,
    )
    .unwrap()
    .coverage;
    let clinotype_case::quality::Coverage::Assessed(figures) = coverage else {
        panic!("the case has reads");
    };
    let bases: f64 = made.exons.iter().map(|e| f64::from(e.interval.len())).sum();
    let mean = |value: fn(&clinotype_case::quality::ExonProfile) -> f64| {
        made.exons
            .iter()
            .map(|e| value(e) * f64::from(e.interval.len()))
            .sum::<f64>()
            / bases
    };
    assert!((mean(|e| e.mean_depth) - figures.mean_depth.unwrap()).abs() < 1e-9);
    assert!((mean(|e| e.at_threshold) - figures.at_least_20.unwrap()).abs() < 1e-9);
    assert_eq!(made.threshold, figures.threshold);
    assert_eq!(made.transcript, figures.genes[0].transcript);
}
