//! Fragments over targets: what counts, how often, and what is refused.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panic")]

use clinotype_genome::{FaultKind, Interval, Reference, Silent, fs};
use clinotype_reads::fragments::{self, FragmentCounts, Fragments};

struct Place {
    folder: tempfile::TempDir,
    reference: Reference,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ref.fa");
        let text = format!(">c1\n{}\n>c2\n{}\n", "ACGT".repeat(250), "GATTACA".repeat(50));
        fs::write_atomic(&path, text.as_bytes()).unwrap();
        Self {
            reference: Reference::open(&path).unwrap(),
            folder,
        }
    }

    /// Counts over c1:101-200, c1:201-300, c1:401-500 and c2:1-100 (the second touches the first).
    fn count(&self, lines: &[&str]) -> clinotype_genome::Result<FragmentCounts> {
        use noodles::sam::alignment::io::Write as _;
        let text = format!(
            "@HD\tVN:1.6\tSO:coordinate\n@SQ\tSN:c1\tLN:1000\n@SQ\tSN:c2\tLN:350\n@SQ\tSN:c9\tLN:50\n@RG\tID:a\tSM:S\n{}\n",
            lines.join("\n")
        );
        let mut reader = noodles::sam::io::Reader::new(text.as_bytes());
        let header = reader.read_header().unwrap();
        let mut writer = noodles::bam::io::Writer::new(Vec::new());
        writer.write_header(&header).unwrap();
        for record in reader.record_bufs(&header) {
            writer.write_alignment_record(&header, &record.unwrap()).unwrap();
        }
        writer.try_finish().unwrap();
        let path = self.folder.path().join("a.bam");
        fs::write_atomic(&path, &writer.into_inner().into_inner()).unwrap();
        let targets = [
            Interval::new("c1", 100, 200),
            Interval::new("c1", 200, 300),
            Interval::new("c1", 400, 500),
            Interval::new("c2", 0, 100),
        ];
        fragments::count(&path, &self.reference, &targets, &Silent)
    }
}

/// A line without bases: name, flags, contig, 1-based position, mapping quality, CIGAR, mate's position.
fn line(name: &str, flags: u16, contig: &str, position: u32, quality: u8, cigar: &str, mate: u32) -> String {
    let (to, mate) = if mate == 0 { ("*", 0) } else { ("=", mate) };
    format!("{name}\t{flags}\t{contig}\t{position}\t{quality}\t{cigar}\t{to}\t{mate}\t0\t*\t*\tRG:Z:a")
}

fn counted(lines: &[String]) -> (Vec<(u32, u32)>, u64) {
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let found = Place::new().count(&lines).unwrap();
    assert_eq!(found.samples, ["S"]);
    let pairs = found.targets.iter().map(
        |Fragments {
             counted,
             low_mapping_quality,
         }| (*counted, *low_mapping_quality),
    );
    (pairs.collect(), found.duplicates)
}

#[test]
fn a_fragment_counts_once_in_each_target() {
    // Both mates in the first target; the second mate reaches the one beside it.
    let pair = [
        line("p", 99, "c1", 120, 60, "50M", 160),
        line("p", 147, "c1", 160, 60, "50M", 120),
    ];
    assert_eq!(counted(&pair), (vec![(1, 0), (1, 0), (0, 0), (0, 0)], 0));
    // Mates of two targets, and a target between mates that neither reads.
    let apart = [
        line("q", 99, "c1", 60, 60, "45M", 480),
        line("q", 147, "c1", 480, 60, "50M", 60),
    ];
    assert_eq!(counted(&apart).0, [(1, 0), (0, 0), (1, 0), (0, 0)]);
    // A single read, its last base the first of the target; the next ends one base before.
    let edges = [
        line("s", 0, "c1", 52, 60, "50M", 0),
        line("r", 0, "c1", 351, 60, "50M", 0),
    ];
    assert_eq!(counted(&edges).0, [(1, 0), (0, 0), (0, 0), (0, 0)]);
}

#[test]
fn only_aligned_bases_of_good_reads_count() {
    let lines = [
        // A deletion over the whole second target, and soft clips into others.
        line("d", 0, "c1", 150, 60, "51M100D99M", 0),
        // Duplicate, secondary, supplementary, failing the filter.
        line("u", 1024, "c1", 410, 60, "50M", 0),
        line("v", 256, "c1", 410, 60, "50M", 0),
        line("w", 2048, "c1", 410, 60, "50M", 0),
        line("x", 512, "c1", 410, 60, "50M", 0),
        // Low mapping quality, both mates: one fragment that may belong elsewhere.
        line("l", 99, "c1", 410, 19, "50M", 440),
        line("m", 0, "c1", 410, 20, "50M", 0),
        line("l", 147, "c1", 440, 0, "50M", 410),
        line("e", 0, "c2", 100, 60, "10S50M", 0),
    ];
    assert_eq!(counted(&lines), (vec![(1, 0), (0, 0), (1, 1), (1, 0)], 1));
}

#[test]
fn what_cannot_be_counted_is_refused() {
    let place = Place::new();
    let unsorted = [
        line("a", 0, "c1", 300, 60, "50M", 0),
        line("b", 0, "c1", 299, 60, "50M", 0),
    ];
    let fault = place.count(&[&unsorted[0], &unsorted[1]]).unwrap_err();
    assert!(
        fault.to_string().contains("record 2: is not sorted by coordinate"),
        "{fault}"
    );
    assert_eq!(fault.kind(), FaultKind::Input);
    let fault = place.count(&[&line("a", 0, "c9", 1, 60, "50M", 0)]).unwrap_err();
    assert!(
        fault
            .to_string()
            .contains("contig c9 (50 bases), which the reference does not have"),
        "{fault}"
    );
    let text = place.folder.path().join("a.txt");
    fs::write_atomic(&text, b"c1\t1\n").unwrap();
    assert!(fragments::count(&text, &place.reference, &[], &Silent).is_err());
}
