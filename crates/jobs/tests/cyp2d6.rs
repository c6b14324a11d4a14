//! CYP2D6 by reads: deletions, duplications and hybrids made from the sequences of the two genes, simulated, aligned and
//! read back. The sequence around and of CYP2D7 is the consensus of HG00436's reads, CYP2D6 is RefSeqGene's.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

use std::{
    collections::BTreeMap,
    io::Write as _,
    path::{Path, PathBuf},
};

use clinotype_case::pgx::Cyp2d6Copies;
use clinotype_genome::fs;
use clinotype_jobs::{
    Machine,
    pgx::{Input, Pgx, Resources},
    steps::{self, AlignRequest},
    watch::Nobody,
};
use clinotype_reads::fastq::FastqPair;
use clinotype_testkit::Dice;
use noodles::{bam, sam::alignment::record::cigar::op::Kind};

/// Length of chromosome 22 of GRCh37.
const CHROMOSOME: usize = 51_304_566;
/// First base of the locus on GRCh37, 1-based.
const START: usize = 42_512_400;
/// First base of the slice of CYP2D6 on GRCh37, and its last.
const SLICE: (usize, usize) = (42_520_501, 42_531_812);
/// Last base of the locus.
const END: usize = 42_551_700;

fn shared() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = std::env::var_os("CLINOTYPE_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let data = folder.join("data");
    if data.join("reads/cyp2d6").is_dir() && data.join("panel-grch38/pgx_slices.fa.gz").is_file() {
        return Some(data);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is missing", data.display());
    eprintln!("skipped: {} is missing", data.display());
    None
}

/// The most common base at each position of the locus, deletions left out and insertions taken in where most reads have
/// them.
fn consensus(path: &Path) -> BTreeMap<usize, Vec<u8>> {
    let mut columns: BTreeMap<usize, BTreeMap<Vec<u8>, u32>> = BTreeMap::new();
    let mut reader = bam::io::Reader::new(fs::open(path).unwrap());
    reader.read_header().unwrap();
    for record in reader.records() {
        let record = record.unwrap();
        let flags = record.flags();
        let poor = record.mapping_quality().is_none_or(|q| q.get() < 10);
        if flags.is_unmapped() || flags.is_secondary() || flags.is_supplementary() || flags.is_duplicate() || poor {
            continue;
        }
        let Some(first) = record.alignment_start() else {
            continue;
        };
        let bases: Vec<u8> = record.sequence().iter().collect();
        let (mut position, mut at) = (first.unwrap().get(), 0);
        for op in record.cigar().iter() {
            let op = op.unwrap();
            match op.kind() {
                Kind::Match | Kind::SequenceMatch | Kind::SequenceMismatch => {
                    for _ in 0..op.len() {
                        *columns.entry(position).or_default().entry(vec![bases[at]]).or_default() += 1;
                        position += 1;
                        at += 1;
                    }
                }
                Kind::Insertion => {
                    // With the base before it.
                    let before = columns.entry(position - 1).or_default();
                    let whole = bases[at - 1..at + op.len()].to_vec();
                    *before.entry(whole).or_default() += 1;
                    if let Some(single) = before.get_mut(&vec![bases[at - 1]]) {
                        *single -= 1;
                    }
                    at += op.len();
                }
                Kind::Deletion | Kind::Skip => {
                    for _ in 0..op.len() {
                        *columns.entry(position).or_default().entry(Vec::new()).or_default() += 1;
                        position += 1;
                    }
                }
                Kind::SoftClip => at += op.len(),
                Kind::HardClip | Kind::Pad => {}
            }
        }
    }
    columns
        .into_iter()
        .map(|(position, counts)| {
            let best = counts.into_iter().max_by_key(|(_, n)| *n).unwrap().0;
            (position, best)
        })
        .collect()
}

/// CYP2D6 and CYP2D7 with what lies around them, and where things are in it.
struct Locus {
    bases: Vec<u8>,
    /// First base of the homologous unit of CYP2D6, from its 3' end.
    cyp2d6: usize,
}

impl Locus {
    fn read(data: &Path) -> Self {
        let columns = consensus(&data.join("reads/cyp2d6/test.PGx.CYP2D6.bam"));
        let mut dice = Dice::new(11);
        // Where no read lies, any bases: places stay within the few of insertions and deletions.
        let mut part = |from: usize, to: usize| -> Vec<u8> {
            let one = |at: usize| columns.get(&at).cloned().unwrap_or_else(|| vec![dice.base()]);
            (from..=to).flat_map(one).collect()
        };
        let text = fs::open_text(data.join("panel-grch38/pgx_slices.fa.gz")).unwrap();
        let mut slice = Vec::new();
        let mut inside = false;
        for line in std::io::BufRead::lines(text) {
            let line = line.unwrap();
            if line.starts_with('>') {
                inside = line.contains(" CYP2D6 ");
            } else if inside {
                slice.extend(line.trim().bytes());
            }
        }
        assert_eq!(slice.len(), SLICE.1 - SLICE.0 + 1);
        let mut bases = part(START, SLICE.0 - 1);
        let before = bases.len();
        bases.extend(&slice);
        bases.extend(part(SLICE.1 + 1, END));
        Self {
            bases,
            // GRCh38 42126190.
            cyp2d6: before + (42_126_190 - 42_124_499),
        }
    }

    /// The place in CYP2D6 near a position of GRCh38, and its like in CYP2D7: the next 40 bases that both have, once each.
    fn alike(&self, grch38: usize) -> (usize, usize) {
        let from = self.cyp2d6 + (grch38 - 42_126_190);
        (from..from + 400)
            .find_map(|at| {
                let word = &self.bases[at..at + 40];
                let places: Vec<usize> = self
                    .bases
                    .windows(40)
                    .enumerate()
                    .filter(|(_, w)| *w == word)
                    .map(|(n, _)| n)
                    .collect();
                match places[..] {
                    [own, other] if own == at => Some((own, other)),
                    _ => None,
                }
            })
            .expect("the genes are alike")
    }

    /// A chromosome with the arrangement of the name.
    fn chromosome(&self, name: &str) -> Vec<u8> {
        let all = &self.bases;
        // A unit reaches from the 3' end of CYP2D6 to that of CYP2D7.
        let (six, seven) = self.alike(42_126_190);
        let unit = |hybrid: Vec<u8>| [&all[..six], &hybrid, &all[six..]].concat();
        match name {
            "*1" => all.clone(),
            "*5" => [&all[..six], &all[seven..]].concat(),
            "*1x2" => unit(all[six..seven].to_vec()),
            "*1x3" => unit(all[six..seven].repeat(2)),
            // Exon 9 of CYP2D7, in the place of the gene or beside it.
            "*36" => {
                let (own, other) = self.alike(42_126_765);
                [&all[..six], &all[seven..other], &all[own..]].concat()
            }
            "*36+*10" => {
                let (own, other) = self.alike(42_126_765);
                unit([&all[seven..other], &all[own..seven]].concat())
            }
            // CYP2D6 up to intron 1, CYP2D7 behind it.
            "*68+*4" => {
                let (own, other) = self.alike(42_130_100);
                unit([&all[seven..other], &all[own..seven]].concat())
            }
            // CYP2D7 up to intron 4 or exon 9, CYP2D6 behind it, in the place of both.
            "*13" => {
                let (own, other) = self.alike(42_128_250);
                [&all[..own], &all[other..]].concat()
            }
            other => panic!("{other}"),
        }
    }
}

/// Pairs of 150 bases from 400, with 0.3 % of errors, at a depth of each chromosome.
fn simulate(folder: &Path, name: &str, chromosomes: &[Vec<u8>], depth: f64) -> FastqPair {
    let mut dice = Dice::new(7);
    let paths = ["1", "2"].map(|mate| folder.join(format!("{name}_{mate}.fastq")));
    let mut texts = [Vec::new(), Vec::new()];
    let mut number = 0;
    for bases in chromosomes {
        for _ in 0..(bases.len() as f64 * depth / 300.0) as u32 {
            let insert = dice.normal(400.0, 50.0).clamp(200.0, 700.0) as usize;
            let from = dice.below((bases.len() - insert) as u32) as usize;
            let forward = bases[from..from + 150].to_vec();
            let mut backward: Vec<u8> = bases[from + insert - 150..from + insert].to_vec();
            backward.reverse();
            for base in &mut backward {
                *base = b"TGCA"["ACGT".bytes().position(|b| b == *base).unwrap()];
            }
            let mut mates = [forward, backward];
            if dice.chance(0.5) {
                mates.reverse();
            }
            for (text, mut mate) in texts.iter_mut().zip(mates) {
                for base in &mut mate {
                    if dice.chance(0.003) {
                        *base = dice.other_base(*base);
                    }
                }
                writeln!(
                    text,
                    "@r{number}\n{}\n+\n{}",
                    String::from_utf8(mate).unwrap(),
                    "I".repeat(150)
                )
                .unwrap();
            }
            number += 1;
        }
    }
    for (path, text) in paths.iter().zip(&texts) {
        fs::write_atomic(path, text).unwrap();
    }
    let [r1, r2] = paths;
    FastqPair { r1, r2 }
}

/// The reference of the locus: chromosome 22 of GRCh37, N outside.
fn reference(folder: &Path, locus: &Locus) -> PathBuf {
    let mut bases = vec![b'N'; CHROMOSOME];
    bases[START - 1..START - 1 + locus.bases.len()].copy_from_slice(&locus.bases);
    let mut text = b">22\n".to_vec();
    for line in bases.chunks(100) {
        text.extend(line);
        text.push(b'\n');
    }
    let path = folder.join("22.fa");
    fs::write_atomic(&path, &text).unwrap();
    path
}

struct Bench {
    folder: tempfile::TempDir,
    locus: Locus,
    reference: PathBuf,
    machine: Machine,
    pgx: Pgx,
}

impl Bench {
    fn new(data: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let locus = Locus::read(data);
        Self {
            reference: reference(folder.path(), &locus),
            locus,
            folder,
            machine: Machine::new(2, None).unwrap(),
            pgx: Pgx::prepare(&Resources::default()).unwrap(),
        }
    }

    fn read_back(&self, pair: [&str; 2], depth: f64) -> Cyp2d6Copies {
        let chromosomes = pair.map(|name| self.locus.chromosome(name));
        let pairs = [simulate(self.folder.path(), "reads", &chromosomes, depth / 2.0)];
        let out = self.folder.path().join("reads.bam");
        let request = AlignRequest {
            pairs: &pairs,
            libraries: &[],
            reference: &self.reference,
            sample: &"S-1".parse().unwrap(),
            out: &out,
            scratch: &self.folder.path().join("scratch"),
        };
        self.machine
            .install(|| steps::align(&request, &self.machine, &Nobody))
            .unwrap();
        let input = Input {
            bam: Some(&out),
            ..Input::default()
        };
        self.pgx.sample(&input).unwrap().cyp2d6.unwrap()
    }
}

/// Names of the two chromosomes, copies of both genes, whether there is a hybrid, and a word of the text.
const ARRANGEMENTS: [([&str; 2], u32, bool, &str); 9] = [
    (["*1", "*1"], 4, false, "2 whole copies of CYP2D6"),
    (["*1", "*5"], 3, false, "1 whole copy of CYP2D6"),
    (["*5", "*5"], 2, false, "0 whole copies of CYP2D6"),
    (["*1", "*1x2"], 5, false, "3 whole copies of CYP2D6"),
    (["*1", "*1x3"], 6, false, "4 whole copies of CYP2D6"),
    (["*1", "*36"], 4, true, "as *36"),
    (["*1", "*36+*10"], 5, true, "as *36"),
    (["*1", "*68+*4"], 5, true, "as *68"),
    (["*1", "*13"], 3, true, "as *13"),
];

#[test]
fn simulated_arrangements_are_called_or_not_called_and_never_wrong() {
    let Some(data) = shared() else { return };
    let bench = Bench::new(&data);
    // What is thinner may be no call, and so may exon 9 of one gene alone, which is one part in eight.
    for (depth, least) in [(40.0, 8), (25.0, 4), (15.0, 2)] {
        let mut called = 0;
        for (pair, total, hybrid, words) in ARRANGEMENTS {
            let copies = bench.read_back(pair, depth);
            let Some(found) = copies.structure.as_ref() else {
                println!("{}/{} at {depth}x: {}", pair[0], pair[1], copies.text);
                continue;
            };
            let shares: Vec<String> = found
                .parts
                .iter()
                .map(|p| format!("{}:{}/{}", p.name, p.cyp2d6, p.cyp2d7))
                .collect();
            println!(
                "{}/{} at {depth}x: ratio {:.2}, p {:.3}, {} | {}",
                pair[0],
                pair[1],
                found.ratio,
                found.probability,
                found.text,
                shares.join(" ")
            );
            if let Some(found_total) = found.total {
                assert_eq!(
                    (found_total, found.hybrid),
                    (total, hybrid),
                    "{pair:?} at {depth}x: {found:?}"
                );
                assert!(found.text.contains(words), "{pair:?} at {depth}x: {}", found.text);
                called += 1;
            }
            if hybrid && found.total.is_some() {
                assert_eq!((copies.copies, copies.hybrid_possible), (None, true));
                assert_eq!(copies.proposed, None);
            }
        }
        println!("{called} of {} called at {depth}x", ARRANGEMENTS.len());
        assert!(called >= least, "{called} called");
    }
}

#[test]
fn a_persons_duplication_is_found() {
    let Some(data) = shared() else { return };
    let bam = data.join("reads/cyp2d6/test.PGx.CYP2D6.bam");
    let input = Input {
        bam: Some(&bam),
        ..Input::default()
    };
    let copies = Pgx::prepare(&Resources::default())
        .unwrap()
        .sample(&input)
        .unwrap()
        .cyp2d6
        .unwrap();
    println!("{copies:#?}");
    // HG00436 is *2x2/*71 (GeT-RM): three copies of CYP2D6, no hybrid.
    let found = copies.structure.unwrap();
    if found.total.is_some() {
        assert_eq!((found.total, found.hybrid, found.copies), (Some(5), false, Some(3)));
    }
    assert!(copies.copies.is_none_or(|n| n == 3));
}
