//! Several lanes and libraries, odd reads, and the aligner's index that a second sample finds.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panic")]

use std::path::{Path, PathBuf};

use clinotype_genome::{Fault, FaultKind, Reference, Silent, fs};
use clinotype_reads::{AlignOptions, AlignSummary, FastqPair, align, bam, fastq::LONGEST_READ};

/// Random bases, the same for the same seed.
fn bases(n: usize, seed: u64) -> String {
    let mut state = seed;
    (0..n)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            ['A', 'C', 'G', 'T'][(state >> 62) as usize]
        })
        .collect()
}

fn turned(bases: &str) -> String {
    let other = |b| match b {
        'A' => 'T',
        'C' => 'G',
        'G' => 'C',
        'T' => 'A',
        b => b,
    };
    bases.chars().rev().map(other).collect()
}

fn record(name: &str, bases: &str) -> String {
    format!("@{name}\n{bases}\n+\n{}\n", "I".repeat(bases.len()))
}

struct Place {
    folder: tempfile::TempDir,
    genome: String,
    reference: Reference,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let genome = bases(20_000, 5);
        let path = folder.path().join("ref.fa");
        fs::write_atomic(&path, format!(">c1\n{genome}\n").as_bytes()).unwrap();
        Self {
            reference: Reference::open(&path).unwrap(),
            folder,
            genome,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn pair(&self, name: &str, r1: &str, r2: &str) -> FastqPair {
        let file = |mate: &str, text: &str| {
            let path = self.path(&format!("{name}_{mate}.fastq"));
            fs::write_atomic(&path, text.as_bytes()).unwrap();
            path
        };
        FastqPair {
            r1: file("R1", r1),
            r2: file("R2", r2),
        }
    }

    /// 100 fragments, the same ones in every lane.
    fn lane(&self, lane: u32, number: u32) -> FastqPair {
        let (mut r1, mut r2) = (String::new(), String::new());
        for i in 0..100_usize {
            let fragment = &self.genome[i * 150..i * 150 + 350];
            let name = format!("M1:7:FLOW:{lane}:{number}:{i}:0");
            r1 += &record(&format!("{name} 1:N:0:ACGT"), &fragment[..100]);
            r2 += &record(&format!("{name} 2:N:0:ACGT"), &turned(&fragment[250..]));
        }
        self.pair(&format!("L{lane}-{number}"), &r1, &r2)
    }

    fn align(&self, pairs: &[FastqPair], libraries: &[&str], folders: &[PathBuf]) -> Result<AlignSummary, Fault> {
        self.align_to("out.bam", pairs, libraries, folders)
    }

    fn align_to(
        &self,
        out: &str,
        pairs: &[FastqPair],
        libraries: &[&str],
        folders: &[PathBuf],
    ) -> Result<AlignSummary, Fault> {
        let libraries: Vec<String> = libraries.iter().map(|l| (*l).to_owned()).collect();
        align(
            &AlignOptions {
                pairs,
                reference: &self.reference,
                sample: "S",
                out: &self.path(out),
                memory: 1 << 30,
                scratch: &self.path(&format!("{out}.scratch")),
                libraries: &libraries,
                index_folders: folders,
                program: "0",
                command_line: "test",
            },
            &Silent,
        )
    }

    fn groups(&self) -> Vec<String> {
        let mut reader = noodles::bam::io::reader::Builder
            .build_from_path(self.path("out.bam"))
            .unwrap();
        let header = reader.read_header().unwrap();
        let mut text = Vec::new();
        noodles::sam::io::Writer::new(&mut text).write_header(&header).unwrap();
        String::from_utf8(text)
            .unwrap()
            .lines()
            .filter_map(|l| l.strip_prefix("@RG\t").map(|l| l.replace('\t', " ")))
            .collect()
    }
}

#[test]
fn every_pair_of_files_is_a_read_group_and_duplicates_are_told_within_a_library() {
    let place = Place::new();
    let lanes = [place.lane(1, 1), place.lane(2, 1)];
    let summary = place.align(&lanes, &[], &[]).unwrap();
    assert_eq!((summary.pairs, summary.figures.mapped), (200, 400));
    // The same fragment on two lanes: one of the two is a duplicate.
    assert_eq!(summary.figures.duplicates, 200);
    assert_eq!(
        place.groups(),
        [
            "ID:FLOW.1 SM:S LB:S PL:ILLUMINA PU:FLOW.1",
            "ID:FLOW.2 SM:S LB:S PL:ILLUMINA PU:FLOW.2"
        ]
    );
    assert_eq!(bam::inspect(place.path("out.bam")).unwrap().samples, ["S"]);
    assert_eq!(place.align(&lanes, &["x"], &[]).unwrap().figures.duplicates, 200);
    // Two libraries hold no copies of each other.
    assert_eq!(place.align(&lanes, &["x", "y"], &[]).unwrap().figures.duplicates, 0);
    // Three pairs, two of one lane: they are told apart by their number.
    let three = [place.lane(1, 1), place.lane(2, 1), place.lane(1, 2)];
    let summary = place.align(&three, &["x", "y", "x"], &[]).unwrap();
    assert_eq!(summary.figures.duplicates, 200);
    assert_eq!(
        place.groups(),
        [
            "ID:1 SM:S LB:x PL:ILLUMINA PU:FLOW.1",
            "ID:FLOW.2 SM:S LB:y PL:ILLUMINA PU:FLOW.2",
            "ID:3 SM:S LB:x PL:ILLUMINA PU:FLOW.1"
        ]
    );
    for libraries in [&["x", "y"][..], &["x", "y", "z", "x"], &["x", "", "y"], &["a\tSM:T"]] {
        let fault = place.align(&three, libraries, &[]).unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Usage, "{fault}");
    }
}

#[test]
fn odd_reads_all_arrive() {
    let place = Place::new();
    let good = &place.genome[3_000..3_350];
    let reads = [
        ("one", "A".to_owned(), "C".to_owned()),
        ("n", "N".repeat(100), "N".repeat(100)),
        ("n1", "N".to_owned(), turned(&good[250..])),
        ("twice", good[..100].to_owned(), turned(&good[250..])),
        ("twice", good[5..105].to_owned(), turned(&good[240..340])),
        ("iupac", good[..100].replace('A', "R"), "RYKMSWBDHV".repeat(10)),
        (
            "longest",
            place.genome[..LONGEST_READ].to_owned(),
            turned(&place.genome[200..200 + LONGEST_READ]),
        ),
    ];
    let text = |mate: usize| -> String {
        reads
            .iter()
            .map(|(name, a, b)| record(&format!("{name}/{mate}"), if mate == 1 { a } else { b }))
            .collect()
    };
    let pair = place.pair("odd", &text(1), &text(2));
    let summary = place.align(&[pair], &[], &[]).unwrap();
    assert_eq!((summary.pairs, summary.figures.reads), (7, 14));
    let bases: usize = reads.iter().map(|(_, a, b)| a.len() + b.len()).sum();
    assert_eq!(summary.figures.bases, bases as u64);
    assert!(summary.figures.mapped >= 7, "{:?}", summary.figures);
}

#[test]
fn long_reads_and_what_is_no_text_are_refused() {
    let place = Place::new();
    for (bases_of_read, words) in [
        (
            LONGEST_READ + 1,
            "line 2, record 1: the read has 1001 bases; at most 1000 are taken",
        ),
        (10_000, "the read has 10000 bases; at most 1000 are taken"),
        (1 << 20, "line 2, record 1: a line of more than 65536 bytes"),
    ] {
        let long = record("a/1", &bases(bases_of_read, 3));
        let pair = place.pair("long", &long, &record("a/2", "ACGT"));
        let fault = place.align(&[pair], &[], &[]).unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Input);
        assert!(fault.to_string().contains(words), "{fault}");
        assert!(fault.advice().unwrap().contains("short reads"), "{fault}");
    }
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_saved_index_is_proven_before_it_is_used() {
    let place = Place::new();
    let pair = [place.lane(1, 1)];
    let cache = [place.path("cache")];
    place.align(&pair, &[], &cache).unwrap();
    let expected = fs::read(place.path("out.bam")).unwrap();
    let names = files(&cache[0]);
    assert_eq!(names.len(), 3, "{names:?}");
    let path = |ending: &str| {
        cache[0].join(
            names
                .iter()
                .find(|n| n.contains("minimap2-") && n.ends_with(ending))
                .unwrap(),
        )
    };
    let (index, note) = (path(".mmi"), path(".json"));
    let (good, said) = (fs::read(&index).unwrap(), fs::read(&note).unwrap());
    assert!(index.to_string_lossy().contains("-sr."), "named by aligner and preset");
    let made = index.metadata().unwrap().modified().unwrap();
    place.align(&pair, &[], &cache).unwrap();
    assert_eq!(
        index.metadata().unwrap().modified().unwrap(),
        made,
        "a second sample finds it"
    );
    let flipped = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bytes
    };
    for (index_bytes, note_bytes) in [
        // minimap2 would end the process on the first of these, and map wrongly with the others.
        (good[..good.len() / 2].to_vec(), said.clone()),
        (flipped(good.len() / 2), said.clone()),
        (flipped(good.len() - 1), said.clone()),
        (Vec::new(), said.clone()),
        (good.clone(), b"{".to_vec()),
        (
            good.clone(),
            String::from_utf8(said.clone())
                .unwrap()
                .replace("-sr", "-xx")
                .into_bytes(),
        ),
    ] {
        fs::write_atomic(&index, &index_bytes).unwrap();
        fs::write_atomic(&note, &note_bytes).unwrap();
        place.align(&pair, &[], &cache).unwrap();
        assert!(fs::read(place.path("out.bam")).unwrap() == expected);
        assert!(fs::read(&index).unwrap() == good, "made again");
        assert!(fs::read(&note).unwrap() == said);
    }
    assert_eq!(files(&cache[0]), names);
}

#[test]
fn two_that_need_an_index_at_once_make_one() {
    let place = Place::new();
    let pair = [place.lane(1, 1)];
    let cache = [place.path("cache")];
    std::thread::scope(|scope| {
        for name in ["a.bam", "b.bam", "c.bam"] {
            let (place, pair, cache) = (&place, &pair, &cache);
            scope.spawn(move || {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
                pool.install(|| place.align_to(name, pair, &[], cache)).unwrap();
            });
        }
    });
    let first = fs::read(place.path("a.bam")).unwrap();
    for other in ["b.bam", "c.bam"] {
        assert!(fs::read(place.path(other)).unwrap() == first);
    }
    let names = files(&cache[0]);
    assert_eq!(names.len(), 3, "{names:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_is_passed_over() {
    let place = Place::new();
    let pair = [place.lane(1, 1)];
    let cache = place.path("cache");
    // Nobody can make a file there, not even root.
    place.align(&pair, &[], &["/proc".into(), cache.clone()]).unwrap();
    assert_eq!(files(&cache).len(), 3);
    let expected = fs::read(place.path("out.bam")).unwrap();
    place.align(&pair, &[], &["/proc".into()]).unwrap();
    assert!(fs::read(place.path("out.bam")).unwrap() == expected, "built in memory");
    // An index that is there is used from a folder that comes later, too.
    let made = std::fs::metadata(cache.join(&files(&cache)[0]))
        .unwrap()
        .modified()
        .unwrap();
    place.align(&pair, &[], &["/proc".into(), cache.clone()]).unwrap();
    assert_eq!(
        std::fs::metadata(cache.join(&files(&cache)[0]))
            .unwrap()
            .modified()
            .unwrap(),
        made
    );
}
