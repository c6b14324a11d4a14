use std::collections::HashMap;

use clinotype_genome::{Pos, Reference, VariantKey};
use proptest::prelude::*;

use super::*;
use crate::tiny;

type Records = Vec<(String, Vec<u8>, Vec<u8>)>;

fn fastq(path: &Path) -> Records {
    use std::io::BufRead as _;
    let lines: Vec<String> = fs::open_text(path).unwrap().lines().map(|l| l.unwrap()).collect();
    assert_eq!(lines.len() % 4, 0);
    lines
        .chunks(4)
        .map(|r| {
            assert!(r[0].starts_with('@') && r[2] == "+");
            let name = r[0][1..].split(' ').next().unwrap().to_owned();
            (name, r[1].clone().into_bytes(), r[3].bytes().map(|q| q - 33).collect())
        })
        .collect()
}

struct Genome {
    folder: tempfile::TempDir,
    reference: Reference,
}

fn genome(length: usize) -> Genome {
    let folder = tempfile::tempdir().unwrap();
    let path = tiny::random_reference(folder.path(), &[("c", length)], 11).unwrap();
    Genome {
        reference: Reference::open(path).unwrap(),
        folder,
    }
}

impl Genome {
    fn simulate(&self, simulation: &Simulation, donor: &Donor) -> (Written, Records, Records) {
        let (r1, r2) = (self.folder.path().join("1.fq.gz"), self.folder.path().join("2.fq.gz"));
        let intervals: Vec<Interval> = donor.intervals().cloned().collect();
        let written = write_fastq(simulation, donor, &intervals, &r1, &r2).unwrap();
        (written, fastq(&r1), fastq(&r2))
    }

    fn bytes(&self) -> [Vec<u8>; 2] {
        ["1.fq.gz", "2.fq.gz"].map(|n| fs::read(self.folder.path().join(n)).unwrap())
    }
}

fn whole(length: u32) -> Vec<Interval> {
    vec![Interval::new("c", 0, length)]
}

#[test]
fn a_seed_gives_the_same_bytes_and_another_seed_others() {
    let genome = genome(6000);
    let donor = Donor::new(&genome.reference, &whole(6000), &[]).unwrap();
    let simulation = Simulation::default();
    genome.simulate(&simulation, &donor);
    let first = genome.bytes();
    genome.simulate(&simulation, &donor);
    assert!(first == genome.bytes());
    genome.simulate(&Simulation { seed: 2, ..simulation }, &donor);
    assert!(first != genome.bytes());
}

/// Pinned, so that another machine, or a new version of the random stream, cannot change the reads unnoticed. (The text
/// is pinned, not the gzip bytes: a new version of the compressor may write others.)
#[test]
fn the_reads_of_a_seed_are_these() {
    let genome = genome(6000);
    let donor = Donor::new(&genome.reference, &whole(6000), &[]).unwrap();
    let simulation = Simulation {
        depth: 5.0,
        gc_dropout: 0.5,
        ..Simulation::default()
    };
    let (_, first, second) = genome.simulate(&simulation, &donor);
    let text: Vec<u8> = first
        .into_iter()
        .chain(second)
        .flat_map(|(name, bases, qualities)| [name.into_bytes(), bases, qualities].concat())
        .collect();
    assert_eq!(
        clinotype_genome::digest::sha256(&text),
        "8a8fd3ffbe87df3bedb2698333703e4b720670428724af4b3e819a046d35d1ed"
    );
}

#[test]
fn reads_look_like_an_instruments() {
    let genome = genome(40_000);
    let donor = Donor::new(&genome.reference, &whole(40_000), &[]).unwrap();
    let (written, first, second) = genome.simulate(&Simulation::default(), &donor);
    assert_eq!(written.pairs as usize, first.len());
    let names: Vec<&str> = first.iter().map(|r| r.0.as_str()).collect();
    assert!(names.iter().zip(&second).all(|(n, r)| *n == r.0));
    let distinct: std::collections::HashSet<_> = names.iter().collect();
    assert_eq!(distinct.len(), names.len(), "every pair has a name of its own");
    assert!(
        first
            .iter()
            .chain(&second)
            .all(|r| r.1.len() == 150 && r.2.len() == 150)
    );
    // 40x of 40 kb in 300 bases a pair, and one pair in 25 is a duplicate.
    let expected = 40.0 * 39_600.0 / 300.0 / 0.96;
    assert!((written.pairs as f64 / expected - 1.0).abs() < 0.03, "{written:?}");
    let duplicates = written.duplicates as f64 / written.pairs as f64;
    assert!((0.03..0.05).contains(&duplicates), "{duplicates}");
    // Qualities fall along the read; the second mate is worse.
    let mean = |records: &Records, cycles: std::ops::Range<usize>| {
        let sum: u64 = records
            .iter()
            .flat_map(|r| &r.2[cycles.clone()])
            .map(|&q| u64::from(q))
            .sum();
        sum as f64 / (records.len() * cycles.len()) as f64
    };
    assert!(mean(&first, 0..30) > mean(&first, 120..150) + 0.5);
    assert!(mean(&first, 0..150) > mean(&second, 0..150) + 0.2);
}

/// Every read is laid on the donor by its first 31 bases where those are free of errors, without help from its name.
/// (31 is odd: a word of even length can be its own reverse complement, and this genome has one of 20.)
#[test]
fn a_base_is_wrong_as_often_as_its_quality_says() {
    let genome = genome(20_000);
    let donor = Donor::new(&genome.reference, &whole(20_000), &[]).unwrap();
    let simulation = Simulation {
        indel_error: 0.0,
        depth: 200.0,
        ..Simulation::default()
    };
    let (_, first, second) = genome.simulate(&simulation, &donor);
    let forward = genome.reference.fetch("c", 0, 20_000).unwrap();
    let backward = sequence::reverse_complement(&forward);
    let seeds: HashMap<&[u8], (&[u8], usize)> = [&forward, &backward]
        .into_iter()
        .flat_map(|s| s.windows(31).enumerate().map(move |(i, w)| (w, (s.as_slice(), i))))
        .collect();
    let mut seen: HashMap<u8, [f64; 2]> = HashMap::new();
    for (_, bases, qualities) in first.iter().chain(&second) {
        let Some((template, at)) = seeds.get(&bases[..31]) else {
            continue;
        };
        let Some(truth) = template.get(*at..at + 150) else {
            continue;
        };
        for ((base, quality), truth) in bases.iter().zip(qualities).zip(truth).skip(31) {
            let count = seen.entry(*quality).or_default();
            count[0] += 1.0;
            count[1] += f64::from(u8::from(base != truth));
        }
    }
    for (quality, [bases, wrong]) in seen {
        let rate = wrong / bases;
        match quality {
            2 => assert!(rate > 0.99),
            q => {
                let said = 10_f64.powf(-f64::from(q) / 10.0);
                assert!(
                    (rate / said - 1.0).abs() < 0.15,
                    "Q{q}: {rate} against {said} in {bases} bases"
                );
            }
        }
    }
}

#[test]
fn half_of_the_reads_come_from_each_haplotype_and_half_from_each_strand() {
    let genome = genome(4000);
    let base = genome.reference.fetch("c", 2000, 2001).unwrap()[0];
    let other = if base == b'A' { 'C' } else { 'A' };
    let allele = PhasedAllele {
        key: VariantKey::new(
            "c",
            Pos::from_zero_based(2000),
            &char::from(base).to_string(),
            &other.to_string(),
        ),
        carried: [false, true],
    };
    let donor = Donor::new(&genome.reference, &whole(4000), &[allele]).unwrap();
    let simulation = Simulation {
        depth: 400.0,
        ..Simulation::default()
    };
    let (_, first, second) = genome.simulate(&simulation, &donor);
    let [plain, changed] = [0, 1].map(|h| donor.haplotype(&whole(4000)[0], h).unwrap()[1990..2011].to_vec());
    let count = |records: &Records, what: &[u8]| {
        records
            .iter()
            .filter(|r| r.1.windows(what.len()).any(|w| w == what))
            .count() as f64
    };
    let both = |what: &[u8]| count(&first, what) + count(&second, what);
    let turned = [&plain, &changed].map(|s| sequence::reverse_complement(s));
    let (a, b) = (both(&plain) + both(&turned[0]), both(&changed) + both(&turned[1]));
    assert!(a + b > 280.0, "{a} {b}");
    assert!((a / (a + b) - 0.5).abs() < 0.1, "{a} {b}");
    let (f, r) = (
        count(&first, &plain) + count(&first, &changed),
        count(&first, &turned[0]) + count(&first, &turned[1]),
    );
    assert!((f / (f + r) - 0.5).abs() < 0.12, "{f} {r}");
}

#[test]
fn wrong_wishes_are_refused() {
    let genome = genome(1000);
    let donor = Donor::new(&genome.reference, &whole(1000), &[]).unwrap();
    let (r1, r2) = (genome.folder.path().join("1"), genome.folder.path().join("2"));
    let default = Simulation::default();
    for (simulation, words) in [
        (
            Simulation {
                depth: 0.0,
                ..default.clone()
            },
            "depth",
        ),
        (
            Simulation {
                read_length: 0,
                ..default.clone()
            },
            "read length",
        ),
        (
            Simulation {
                fragment_mean: 100.0,
                ..default.clone()
            },
            "fragment",
        ),
        (
            Simulation {
                duplicate_fraction: 1.0,
                ..default.clone()
            },
            "fraction",
        ),
    ] {
        let fault = write_fastq(&simulation, &donor, &whole(1000), &r1, &r2).unwrap_err();
        assert!(fault.to_string().contains(words), "{fault}");
    }
    assert!(write_fastq(&default, &donor, &whole(999), &r1, &r2).is_err());
    assert!(!r1.exists() && !r2.exists());
}

#[test]
fn alleles_that_do_not_fit_are_refused() {
    let genome = genome(1000);
    let bases = genome.reference.fetch("c", 0, 1000).unwrap();
    let text = |from: usize, to: usize| String::from_utf8(bases[from..to].to_vec()).unwrap();
    let allele = |at: u32, reference: &str, carried| PhasedAllele {
        key: VariantKey::new("c", Pos::from_zero_based(at), reference, "TTTTT"),
        carried,
    };
    let make = |alleles: &[PhasedAllele]| Donor::new(&genome.reference, &[Interval::new("c", 100, 200)], alleles);
    assert!(make(&[allele(150, &text(150, 153), [true, false])]).is_ok());
    let apart = [
        allele(150, &text(150, 153), [true, false]),
        allele(151, &text(151, 153), [false, true]),
    ];
    assert!(make(&apart).is_ok());
    for (alleles, words) in [
        (vec![allele(150, "N", [true, true])], "REF is not"),
        (vec![allele(199, &text(199, 201), [true, true])], "0 of 1 alleles"),
        (
            vec![
                allele(150, &text(150, 153), [true, true]),
                allele(152, &text(152, 153), [true, false]),
            ],
            "share a base",
        ),
    ] {
        assert!(make(&alleles).unwrap_err().to_string().contains(words));
    }
}

proptest! {
    /// The haplotypes are those that a plain right-to-left edit of the reference gives.
    #[test]
    fn haplotypes_carry_their_alleles(
        edits in proptest::collection::vec((0u32..4, 1usize..5, "[ACGT]{1,5}", 1u8..4), 1..20),
    ) {
        let genome = genome(1200);
        let bases = genome.reference.fetch("c", 0, 1200).unwrap();
        let interval = Interval::new("c", 300, 900);
        let alleles: Vec<PhasedAllele> = edits.iter().enumerate().map(|(i, (shift, length, alternate, carried))| {
            let at = 310 + 25 * i + *shift as usize;
            let reference = String::from_utf8(bases[at..at + length].to_vec()).unwrap();
            PhasedAllele {
                key: VariantKey::new("c", Pos::from_zero_based(at as u32), &reference, alternate),
                carried: [carried & 1 != 0, carried & 2 != 0],
            }
        }).collect();
        let donor = Donor::new(&genome.reference, std::slice::from_ref(&interval), &alleles).unwrap();
        for haplotype in 0..2 {
            let mut expected = bases[300..900].to_vec();
            for allele in alleles.iter().rev().filter(|a| a.carried[haplotype]) {
                let (start, end) = allele.key.span();
                expected.splice(start as usize - 300..end as usize - 300, allele.key.alternate.bytes());
            }
            prop_assert_eq!(donor.haplotype(&interval, haplotype).unwrap(), &expected[..]);
        }
    }
}
