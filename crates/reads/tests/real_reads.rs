//! Real reads from files to BAM: everything arrives once, sorted, and the same at any number of threads and any memory.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panic")]

use std::path::{Path, PathBuf};

use clinotype_genome::{Interval, Reference, Silent};
use clinotype_reads::{
    AlignOptions, AlignSummary, FastqPair, ImportOptions, ImportSummary, align, bam, coverage, figures, import,
};
use noodles::sam::alignment::record::{Flags, cigar::op::Kind};

/// A folder of the shared data; `None` (said on stderr) where it is not on this machine, a failure in CI.
fn data(folder: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("CLINOTYPE_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = shared.join("data/reads").join(folder);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is missing", path.display());
    eprintln!("skipped: {} is missing", path.display());
    None
}

fn pool<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> R {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap()
        .install(work)
}

/// The reference is copied: its index is written beside it.
fn reference(folder: &Path, from: &Path) -> Reference {
    let path = folder.join("reference.fa.gz");
    if !path.exists() {
        std::fs::copy(from.join("reference.fa.gz"), &path).unwrap();
    }
    Reference::open(&path).unwrap()
}

#[allow(clippy::disallowed_methods, reason = "a test compares files")]
fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap()
}

const MEMORY: u64 = 2 << 30;

fn align_hg002(folder: &Path, from: &Path, threads: usize, memory: u64, cache: bool, name: &str) -> AlignSummary {
    let reference = reference(folder, from);
    let pairs = [FastqPair {
        r1: from.join("R1.fastq.gz"),
        r2: from.join("R2.fastq.gz"),
    }];
    let cache: Vec<PathBuf> = cache.then(|| folder.join("cache")).into_iter().collect();
    let summary = pool(threads, || {
        align(
            &AlignOptions {
                pairs: &pairs,
                reference: &reference,
                sample: "HG002",
                out: &folder.join(name),
                memory,
                scratch: &folder.join("scratch"),
                libraries: &[],
                index_folders: &cache,
                program: "0.0.0",
                command_line: "test",
            },
            &Silent,
        )
    })
    .unwrap();
    assert!(!folder.join("scratch").exists());
    summary
}

#[test]
fn fastq_to_bam() {
    let Some(from) = data("hg002-chr20-b37") else { return };
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let one = align_hg002(folder, &from, 1, MEMORY, true, "one.bam");
    assert_eq!(one.pairs, 10_507);
    assert_eq!(one.figures.reads, 21_014);
    assert!(one.figures.mapped > 20_700, "{:?}", one.figures);
    assert!(one.figures.proper_pairs > 20_500, "{:?}", one.figures);
    let cached: Vec<_> = std::fs::read_dir(folder.join("cache")).unwrap().collect();
    assert_eq!(cached.len(), 3, "the index, its note, and the note of the reference");
    // From the saved index, and from one built in memory.
    for (threads, cache, name) in [(2, true, "two.bam"), (3, false, "three.bam")] {
        let other = align_hg002(folder, &from, threads, MEMORY, cache, name);
        assert_eq!(other.figures, one.figures);
        assert!(bytes(&folder.join(name)) == bytes(&folder.join("one.bam")), "{name}");
        let index = format!("{name}.bai");
        assert!(
            bytes(&folder.join(index)) == bytes(&folder.join("one.bam.bai")),
            "{name}"
        );
    }
    assert_eq!(figures::of_bam(folder.join("one.bam"), &Silent).unwrap(), one.figures);
    check_lines(&folder.join("one.bam"), &folder.join("reference.fa.gz"));
}

/// Every read once as a primary line, in order; mates agree with each other; NM and MD agree with the sequence.
fn check_lines(path: &Path, reference: &Path) {
    use noodles::sam::alignment::{record::data::field::Tag, record_buf::data::field::Value};
    use std::collections::HashMap;

    let reference = Reference::open(reference).unwrap();
    let mut reader = noodles::bam::io::reader::Builder.build_from_path(path).unwrap();
    let header = reader.read_header().unwrap();
    let mut last = (0, 0);
    let mut mates: HashMap<(Vec<u8>, bool), noodles::sam::alignment::RecordBuf> = HashMap::new();
    let mut checked = 0;
    for record in reader.record_bufs(&header) {
        let record = record.unwrap();
        let flags = record.flags();
        let place = match (record.reference_sequence_id(), record.alignment_start()) {
            (Some(r), Some(p)) => (r, p.get()),
            _ => (usize::MAX, usize::MAX),
        };
        assert!(last <= place, "sorted");
        last = place;
        let tag = |tag: Tag| record.data().get(&tag).cloned();
        assert!(matches!(tag(Tag::READ_GROUP), Some(Value::String(_))));
        if !flags.is_unmapped() {
            let start = place.1 as u32 - 1;
            let end = record.alignment_end().unwrap().get() as u32;
            let contig = &reference.contigs().iter().nth(place.0).unwrap().name;
            let truth = reference.fetch(contig, start, end).unwrap();
            let read = record.sequence().as_ref();
            let (mut q, mut t, mut edits) = (0, 0, 0);
            for op in record.cigar().as_ref() {
                let n = op.len();
                match op.kind() {
                    Kind::Match => {
                        edits += (0..n)
                            .filter(|i| read[q + i] != truth[t + i] || read[q + i] == b'N')
                            .count();
                        q += n;
                        t += n;
                    }
                    Kind::Insertion => {
                        q += n;
                        edits += n;
                    }
                    Kind::Deletion => {
                        t += n;
                        edits += n;
                    }
                    Kind::SoftClip => q += n,
                    Kind::HardClip => {}
                    other => panic!("{other:?}"),
                }
            }
            assert_eq!(q, read.len());
            let nm = tag(Tag::EDIT_DISTANCE).unwrap().as_int().unwrap();
            assert_eq!(nm, edits as i64);
            checked += 1;
        }
        if !flags.intersects(Flags::SECONDARY | Flags::SUPPLEMENTARY) {
            let name = record.name().unwrap().to_vec();
            let before = mates.insert((name, flags.is_first_segment()), record);
            assert!(before.is_none(), "every read once");
        }
    }
    assert!(checked > 20_000);
    assert_eq!(mates.len(), 21_014);
    for ((name, _), first) in mates.iter().filter(|((_, first), _)| *first) {
        let last = &mates[&(name.clone(), false)];
        for (own, mate) in [(first, last), (last, first)] {
            assert_eq!(own.mate_reference_sequence_id(), mate.reference_sequence_id());
            assert_eq!(own.mate_alignment_start(), mate.alignment_start());
            assert_eq!(own.flags().is_mate_unmapped(), mate.flags().is_unmapped());
            assert_eq!(
                own.flags().is_mate_reverse_complemented(),
                mate.flags().is_reverse_complemented()
            );
            assert_eq!(
                own.flags().is_properly_segmented(),
                mate.flags().is_properly_segmented()
            );
            assert_eq!(own.template_length(), -mate.template_length());
        }
    }
}

fn import_na12878(
    folder: &Path,
    bam: &Path,
    reference: &Reference,
    threads: usize,
    memory: u64,
    name: &str,
) -> ImportSummary {
    pool(threads, || {
        import(
            &ImportOptions {
                bam,
                reference,
                sample: "S1",
                input_sample: Some("NA12878"),
                out: &folder.join(name),
                memory,
                scratch: &folder.join("scratch"),
                program: "0.0.0",
                command_line: "test",
            },
            &Silent,
        )
    })
    .unwrap()
}

#[test]
fn bam_to_bam() {
    let Some(from) = data("na12878-chr20-hg19") else { return };
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let reference = reference(folder, &from);
    let bam_in = from.join("reads.bam");
    let before = figures::of_bam(&bam_in, &Silent).unwrap();
    let one = import_na12878(folder, &bam_in, &reference, 1, 1 << 30, "one.bam");
    let two = import_na12878(folder, &bam_in, &reference, 3, 1 << 30, "two.bam");
    assert_eq!(one.figures, two.figures);
    assert!(bytes(&folder.join("one.bam")) == bytes(&folder.join("two.bam")));
    // 111 lines of this BAM stand in it twice, byte for byte (by `samtools view | sort | uniq -d`).
    assert_eq!((one.records, one.repeats), (52_035, 111));
    assert_eq!(one.figures.reads, before.reads - 111);
    assert!(!one.duplicates_marked, "the marks of the input are kept");
    let header = bam::inspect(folder.join("one.bam")).unwrap();
    assert_eq!(header.samples, ["S1"]);
    assert_eq!(header.sort_order.as_deref(), Some("coordinate"));
    assert!(!folder.join("scratch").exists());
    let contig = &reference.contigs().iter().next().unwrap().name;
    let intervals = [
        Interval::new(contig.as_str(), 10_020_000, 10_021_000),
        Interval::new(contig.as_str(), 1000, 1010),
    ];
    let depths = coverage::depth(
        &folder.join("one.bam"),
        &reference,
        &intervals,
        &coverage::CoverageRules::default(),
        &Silent,
    )
    .unwrap();
    assert_eq!(depths[1], [0; 10]);
    let mean = depths[0].iter().sum::<u32>() / 1000;
    assert!((30..60).contains(&mean), "{mean}");
}
