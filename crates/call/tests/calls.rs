//! Whole runs on small made-up genomes.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod common;

use clinotype_call::Sex;
use clinotype_genome::{Build, Interval};
use common::{Bench, bases, read, records, sorted, text, tile};

fn plain(from: usize, _to: usize) -> (usize, String) {
    (from, "100M".to_owned())
}

/// A genome with one heterozygous SNV at 1001, a homozygous one at 2001, and a heterozygous deletion of 3 at 3001.
fn donor() -> Bench {
    let reference = bases(4000, 7);
    let other = |b: char| if b == 'A' { "C" } else { "A" };
    let mut both = reference.clone();
    let at = |s: &str, i: usize| s.chars().nth(i).unwrap();
    both.replace_range(2000..2001, other(at(&reference, 2000)));
    let mut second = both.clone();
    second.replace_range(1000..1001, other(at(&reference, 1000)));
    second.replace_range(3000..3003, "");
    let mut reads = tile("a", "1", &both, 20, plain);
    reads.extend(tile("b", "1", &second, 20, |from, to| match (from, to) {
        (3000.., _) => (from + 3, "100M".to_owned()),
        (_, to) if to <= 3000 => (from, "100M".to_owned()),
        // The aligner clips what it cannot anchor.
        (from, to) if to < 3010 => (from, format!("{}M{}S", 3000 - from, to - 3000)),
        (from, to) if from > 2990 => (3003, format!("{}S{}M", 3000 - from, to - 3000)),
        (from, to) => (from, format!("{}M3D{}M", 3000 - from, to - 3000)),
    }));
    Bench::new(&[("1", &reference)], "coordinate", &sorted(reads), true)
}

#[test]
fn finds_what_was_put_in() {
    let bench = donor();
    let (summary, vcf, _) = bench.call().unwrap();
    let found = records(&vcf);
    assert_eq!(found.len(), 3, "{vcf}");
    assert_eq!(
        (summary.records, summary.snvs, summary.indels, summary.filtered),
        (3, 2, 1, 0)
    );
    let genotypes: Vec<&str> = found.iter().map(|r| r[9].split(':').next().unwrap()).collect();
    assert_eq!(genotypes, ["0/1", "1/1", "0/1"]);
    assert_eq!((found[0][1], found[1][1]), ("1001", "2001"));
    // Left-aligned: the deletion may stand at or before the place where it was made, and removes three bases.
    let position: usize = found[2][1].parse().unwrap();
    assert!((2980..=3000).contains(&position) && found[2][3].len() == 4 && found[2][4].len() == 1);
    for record in found {
        assert_eq!(record[6], "PASS");
        assert!(record[5].parse::<f64>().unwrap() > 100.0);
        let pl: Vec<u32> = record[9]
            .split(':')
            .nth(4)
            .unwrap()
            .split(',')
            .map(|p| p.parse().unwrap())
            .collect();
        assert_eq!(pl.iter().min(), Some(&0));
    }
    assert!(vcf.starts_with("##fileformat=VCFv4.3\n##source=test\n##reference=genome.fa\n"));
    assert!(bench.folder.path().join("o.vcf.gz.tbi").exists());
}

#[test]
fn equal_bytes_at_any_number_of_threads() {
    let bench = donor();
    let bytes = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| bench.call()).unwrap();
        ["o.vcf.gz", "o.vcf.gz.tbi", "o.g.vcf.gz", "o.g.vcf.gz.tbi"]
            .map(|name| clinotype_genome::fs::read(bench.folder.path().join(name)).unwrap())
    };
    let one = bytes(1);
    assert_eq!(one, bytes(2));
    assert_eq!(one, bytes(3));
}

/// Every base of the called regions stands once in the gVCF, counting only the first of records that overlap.
fn assert_covers(gvcf: &str, length: u32) {
    let mut at = 0;
    for record in records(gvcf) {
        let start: u32 = record[1].parse::<u32>().unwrap() - 1;
        let end = record[7]
            .strip_prefix("END=")
            .map_or_else(|| start + record[3].len() as u32, |e| e.parse().unwrap());
        assert_eq!(start, at, "{record:?}");
        at = end;
    }
    assert_eq!(at, length);
}

#[test]
fn the_gvcf_covers_every_base() {
    let bench = donor();
    let (_, vcf, gvcf) = bench.call().unwrap();
    assert_covers(&gvcf, 4000);
    let variants = records(&gvcf).into_iter().filter(|r| r[4] != "<NON_REF>").count();
    assert_eq!(variants, records(&vcf).len());
    let last = records(&gvcf).pop().unwrap();
    assert_eq!(last[9].split(':').next(), Some("0/0"), "{last:?}");
}

#[test]
fn no_reads_no_reference_call() {
    let bench = Bench::new(
        &[("1", &bases(500, 1)), ("2", &"N".repeat(300))],
        "coordinate",
        &[],
        true,
    );
    let (summary, vcf, gvcf) = bench.call().unwrap();
    assert_eq!(summary.records, 0);
    assert!(records(&vcf).is_empty() && vcf.contains("#CHROM"));
    let found = records(&gvcf);
    assert_eq!(found.len(), 2);
    for record in found {
        assert!(record[9].starts_with("./.:0:"), "{record:?}");
    }
}

#[test]
fn targets_limit_the_calls() {
    let targets = [Interval::new("1", 950, 1050), Interval::new("1", 3500, 3600)];
    let bench = donor();
    let (_, vcf, gvcf) = bench
        .call_with(|o| {
            o.targets = Some(&targets);
            o.padding = 10;
        })
        .unwrap();
    assert_eq!(records(&vcf).len(), 1);
    assert_eq!(records(&gvcf).first().unwrap()[1], "941");
    assert!(records(&gvcf).iter().any(|r| r[1] == "3491"));
}

#[test]
fn a_man_has_one_x() {
    // The build's X is 155 Mb; reads lie in the first bases beyond the first pseudo-autosomal region.
    let start = 2_700_000;
    let tail = bases(3000, 3);
    let sequence = "N".repeat(start) + &tail;
    let mut changed = tail.clone();
    changed.replace_range(1500..1501, if &tail[1500..1501] == "A" { "C" } else { "A" });
    let reads = tile("a", "X", &changed, 20, |from, _| (start + from, "100M".to_owned()));
    let bench = Bench::new(&[("X", &sequence)], "coordinate", &reads, true);
    for (sex, genotype) in [(Sex::Male, "1"), (Sex::Female, "1/1"), (Sex::Unknown, "1/1")] {
        let (_, vcf, gvcf) = bench
            .call_with(|o| {
                o.sex = sex;
                o.build = Some(Build::Grch37);
            })
            .unwrap();
        assert_eq!(records(&vcf)[0][9].split(':').next(), Some(genotype));
        assert_covers(&gvcf, (start + 3000) as u32);
    }
}

#[test]
fn strange_reads_do_no_harm() {
    let reference = bases(20_000, 5);
    let unknown = format!("{}{}{}", &reference[..5000], "N".repeat(200), &reference[5200..]);
    let mut reads = vec![
        read("one", 0, "1", 100, "1M", &reference[99..100]),
        read("unknown", 0, "1", 200, "100M", &"N".repeat(100)),
        read("long", 0, "1", 1000, "10000M", &reference[999..10_999]),
        read("clip", 0, "1", 12_000, "50S1M49S", &reference[0..100]),
        read("gaps", 0, "1", 12_100, "10I80M10D", &reference[12_089..12_179]),
        read("nothing", 0, "1", 12_200, "100M", "*"),
        read(
            "intron",
            0,
            "1",
            12_300,
            "50M5000N50M",
            &format!("{}{}", &reference[12_299..12_349], &reference[17_349..17_399]),
        ),
        read(
            "edge",
            0,
            "1",
            19_951,
            "50M50S",
            &format!("{}{}", &reference[19_950..20_000], &reference[0..50]),
        ),
    ];
    reads.extend((0..3000).map(|i| read(&format!("deep{i}"), 0, "1", 15_000, "100M", &reference[14_999..15_099])));
    let bench = Bench::new(&[("1", &unknown)], "coordinate", &sorted(reads), true);
    let (summary, vcf, gvcf) = bench.call().unwrap();
    assert!(records(&vcf).is_empty(), "{vcf}");
    assert_covers(&gvcf, 20_000);
    assert_eq!(summary.parameters["reads_beyond_depth"], "2950");
}

#[test]
fn bad_input_is_named() {
    let reference = bases(1000, 2);
    let reads = [read("a", 0, "1", 500, "100M", &reference[499..599])];
    let words = |bench: &Bench| {
        let fault = bench.call().unwrap_err();
        assert!(fault.advice().is_some(), "{fault}");
        assert!(!bench.folder.path().join("o.vcf.gz").exists());
        fault.to_string()
    };
    let contigs: [(&str, &str); 1] = [("1", &reference)];
    assert!(words(&Bench::new(&contigs, "coordinate", &reads, false)).contains("has no index"));
    assert!(words(&Bench::new(&contigs, "queryname", &reads, false)).contains("not by coordinate"));
    let mut other = Bench::new(&contigs, "coordinate", &reads, true);
    let longer = Bench::new(&[("1", &bases(1001, 2))], "coordinate", &[], true);
    other.reference = longer.reference.clone();
    assert!(words(&other).contains("1000 bases here and 1001"));
    let foreign = Bench::new(&[("2", &reference)], "coordinate", &[], true);
    other.reference = foreign.reference.clone();
    assert!(words(&other).contains("contig 1, which the reference does not have"));
    let mut stale = Bench::new(&contigs, "coordinate", &reads, true);
    let two = Bench::new(&[("1", &reference), ("2", &reference)], "coordinate", &reads, true);
    std::fs::copy(
        two.folder.path().join("reads.bam.bai"),
        stale.folder.path().join("reads.bam.bai"),
    )
    .unwrap();
    assert!(words(&stale).contains("the index is that of another file"));
    let whole = clinotype_genome::fs::read(&two.bam).unwrap();
    clinotype_genome::fs::write_atomic(&two.bam, &whole[..whole.len() - 28]).unwrap();
    stale.bam.clone_from(&two.bam);
    stale.reference = two.reference.clone();
    assert!(words(&stale).contains("is cut short"));
    let mut broken = Bench::new(&contigs, "coordinate", &reads, true);
    broken.bam = broken.folder.path().join("genome.fa");
    assert!(words(&broken).contains("not a BAM file"));
    let none = Bench::new(&contigs, "coordinate", &reads, true);
    let fault = none.call_with(|o| o.memory = 1 << 20).unwrap_err();
    assert!(fault.to_string().contains("memory"), "{fault}");
    let fault = none.call_with(|o| o.sample = "a\tb").unwrap_err();
    assert!(fault.to_string().contains("sample name"), "{fault}");
}

#[test]
fn a_cancelled_run_leaves_nothing() {
    struct Stop;
    impl clinotype_genome::Progress for Stop {
        fn advance(&self, _: u64, _: u64) {}
        fn is_cancelled(&self) -> bool {
            true
        }
    }
    let bench = donor();
    let vcf = bench.folder.path().join("o.vcf.gz");
    let options = clinotype_call::CallOptions {
        bam: &bench.bam,
        reference: &bench.reference,
        targets: None,
        padding: 0,
        sample: "s",
        sex: Sex::Unknown,
        build: None,
        vcf: &vcf,
        gvcf: None,
        memory: 1 << 30,
        source: "test",
        header: &[],
    };
    let fault = clinotype_call::call(&options, &Stop).unwrap_err();
    assert_eq!(fault.kind(), clinotype_genome::FaultKind::Cancelled);
    assert!(!vcf.exists());
}

#[test]
fn heteroplasmy_has_a_fraction() {
    let reference = bases(1000, 11);
    let mut changed = reference.clone();
    changed.replace_range(500..501, if &reference[500..501] == "A" { "G" } else { "A" });
    let mut reads = Vec::new();
    for copy in 0..10 {
        let from = if copy == 0 { &changed } else { &reference };
        reads.extend(tile(&format!("c{copy}_"), "chrM", from, 10, plain));
    }
    let bench = Bench::new(&[("chrM", &reference)], "coordinate", &sorted(reads), true);
    let (_, vcf, gvcf) = bench.call().unwrap();
    let found = records(&vcf);
    assert_eq!(found.len(), 1, "{vcf}");
    assert_eq!((found[0][1], found[0][8]), ("501", "GT:AD:DP:GQ:HF"));
    assert_eq!(found[0][9], "0/1:90,10:100:99:0.1000");
    assert_covers(&gvcf, 1000);
    assert!(text(&bench.folder.path().join("o.g.vcf.gz")).contains("\t0:"));
}
