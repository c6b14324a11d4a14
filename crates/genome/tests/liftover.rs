//! Liftover: whole files with a record for each reason, and two made-up builds with every kind of difference.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    fmt::Write as _,
    io::Read as _,
    path::{Path, PathBuf},
};

use clinotype_genome::{
    Pos, Reference, Silent, VariantKey, fs,
    liftover::{Chains, LiftFile, LiftSummary, Lifter, Refusal, lift_vcf, read_chains},
    normalise::normalise,
    sequence::reverse_complement,
};
use proptest::prelude::*;

/// How the next piece of the new build differs from the old one's.
#[derive(Clone, Debug)]
enum Piece {
    Same(String),
    /// Only the new build has it.
    Inserted(String),
    /// Only the old build has it.
    Deleted(String),
    /// The new build has the reverse complement.
    Turned(String),
    /// Old and new base.
    Replaced(char, char),
}

/// Two builds and the chains between them.
struct Builds {
    /// A stretch without gaps: old start, new start, length, turned.
    stretches: Vec<(u32, u32, u32, bool)>,
    old: String,
    new: String,
    folder: tempfile::TempDir,
}

impl Builds {
    fn new(pieces: &[Piece]) -> Self {
        let (mut old, mut new) = (String::new(), String::new());
        let mut stretches: Vec<(u32, u32, u32, bool)> = Vec::new();
        let mut grow = |old: &String, new: &String, length: usize, turned: bool| {
            let (o, n) = (old.len() as u32, new.len() as u32);
            match stretches.last_mut() {
                Some(last) if !turned && !last.3 && last.0 + last.2 == o && last.1 + last.2 == n => {
                    last.2 += length as u32;
                }
                _ => stretches.push((o, n, length as u32, turned)),
            }
        };
        for piece in pieces {
            match piece {
                Piece::Same(bases) => {
                    grow(&old, &new, bases.len(), false);
                    old += bases;
                    new += bases;
                }
                Piece::Inserted(bases) => new += bases,
                Piece::Deleted(bases) => old += bases,
                Piece::Turned(bases) => {
                    grow(&old, &new, bases.len(), true);
                    old += bases;
                    new += &String::from_utf8(reverse_complement(bases.as_bytes())).unwrap();
                }
                Piece::Replaced(a, b) => {
                    grow(&old, &new, 1, false);
                    old.push(*a);
                    new.push(*b);
                }
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let made = Self {
            stretches,
            old,
            new,
            folder,
        };
        for (name, bases) in [("old.fa", &made.old), ("new.fa", &made.new)] {
            let text = format!(">chr1\n{bases}\n>chrUn\n{}\n", &bases[..20]);
            fs::write_atomic(made.path(name), text.as_bytes()).unwrap();
        }
        fs::write_atomic(made.path("c.chain"), made.chain().as_bytes()).unwrap();
        made
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn chain(&self) -> String {
        let (o, n) = (self.old.len() as u32, self.new.len() as u32);
        let forward: Vec<_> = self.stretches.iter().filter(|s| !s.3).collect();
        let (first, last) = (forward[0], forward[forward.len() - 1]);
        let mut text = format!(
            "chain 100 chr1 {o} + {} {} chr1 {n} + {} {} 1\n",
            first.0,
            last.0 + last.2,
            first.1,
            last.1 + last.2
        );
        for pair in forward.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let _ = writeln!(text, "{} {} {}", a.2, b.0 - a.0 - a.2, b.1 - a.1 - a.2);
        }
        let _ = writeln!(text, "{}\n", last.2);
        for (number, turned) in self.stretches.iter().filter(|s| s.3).enumerate() {
            let (start, end) = (n - turned.1 - turned.2, n - turned.1);
            let _ = writeln!(
                text,
                "chain 9 chr1 {o} + {} {} chr1 {n} - {start} {end} {}\n{}\n",
                turned.0,
                turned.0 + turned.2,
                number + 2,
                turned.2
            );
        }
        text
    }

    fn reference(&self, name: &str) -> Reference {
        Reference::open(self.path(name)).unwrap()
    }

    fn chains(&self) -> Chains {
        read_chains(self.path("c.chain")).unwrap()
    }

    fn lifter(&self) -> Lifter {
        Lifter::new(self.chains(), self.reference("old.fa"), self.reference("new.fa")).unwrap()
    }

    fn back(&self) -> Lifter {
        let chains = self.chains().inverted();
        Lifter::new(chains, self.reference("new.fa"), self.reference("old.fa")).unwrap()
    }
}

fn lift(lifter: &mut Lifter, key: &VariantKey) -> Result<VariantKey, Refusal> {
    let got = lifter.lift(&key.contig, key.position.get(), &key.reference, &[&key.alternate]);
    got.unwrap()
        .map(|l| VariantKey::new(l.contig, l.position, &l.reference, &l.alternates[0]))
}

fn key(at: usize, reference: &str, alternate: &str) -> VariantKey {
    VariantKey::new("chr1", Pos::from_zero_based(at as u32), reference, alternate)
}

fn apply(bases: &str, key: &VariantKey) -> String {
    let (start, end) = key.span();
    format!(
        "{}{}{}",
        &bases[..start as usize],
        key.alternate,
        &bases[end as usize..]
    )
}

/// A made-up pair with one difference of each kind, far apart.
fn pair() -> Builds {
    let quiet = |text: &str| Piece::Same(text.to_owned());
    Builds::new(&[
        quiet("GATTACAGGCTTAACGGTCA"),
        quiet("CGTTTTTTGC"), // 20: a run of T that both builds have
        quiet("ACGGATCTAG"),
        Piece::Replaced('A', 'C'), // 40
        quiet("GTCCATGCAAAAA"),    // 41, the run of A at 49
        Piece::Inserted("A".to_owned()),
        quiet("CGTACGGTCATTGC"),                          // 54
        Piece::Deleted("GG".to_owned()),                  // 68
        quiet("TCTAGCTTGACCATGA"),                        // 70
        Piece::Turned("CCTAGGATTTTTCAGCAGGA".to_owned()), // 86
        quiet("TGCATCGGATTACCGTAGCA"),                    // 106
    ])
}

#[test]
fn each_kind_of_place() {
    let builds = pair();
    let mut lifter = builds.lifter();
    let old = builds.old.clone();
    // Position 0-based, number of bases of REF, ALT ("" stands for the first base of REF).
    let mut on = |at: usize, length: usize, alternate: &str| {
        let reference = &old[at..at + length];
        let alternate = if alternate.is_empty() {
            &reference[..1]
        } else {
            alternate
        };
        lift(&mut lifter, &key(at, reference, alternate)).map(|k| k.to_string())
    };
    assert_eq!(on(0, 1, "T"), Ok("chr1-1-G-T".to_owned()));
    // One T less, written at the right end of the run: comes left-aligned.
    assert_eq!(on(26, 2, ""), Ok("chr1-22-GT-G".to_owned()));
    assert_eq!(on(21, 1, "GT"), Ok("chr1-22-G-GT".to_owned()));
    // The builds differ in one base.
    assert_eq!(on(40, 1, "C"), Err(Refusal::RefAltSwapped));
    assert_eq!(on(40, 1, "G"), Err(Refusal::RefMismatch));
    assert_eq!(on(39, 2, "TT"), Err(Refusal::RefMismatch));
    assert_eq!(on(39, 1, "T"), Ok("chr1-40-G-T".to_owned()));
    // The new build has one A more: an insertion of A is its reference, a deletion would be of two.
    assert_eq!(on(48, 1, "CA"), Err(Refusal::RefAltSwapped));
    assert_eq!(on(48, 2, ""), Err(Refusal::Gap));
    assert_eq!(on(49, 1, "C"), Ok("chr1-50-A-C".to_owned()));
    // Two bases that the new build does not have.
    assert_eq!(on(67, 3, ""), Err(Refusal::RefAltSwapped));
    assert_eq!(on(68, 1, "T"), Err(Refusal::Gap));
    assert_eq!(on(67, 1, "T"), Ok("chr1-69-C-T".to_owned()));
    // Behind both differences the new position is one less.
    assert_eq!(on(72, 1, "A"), Ok("chr1-72-T-A".to_owned()));
    // Inside the turned piece: 86 is the last base of 85..105 in the new build.
    assert_eq!(on(86, 1, "T"), Ok("chr1-105-G-A".to_owned()));
    // CCTAGGATTTTTCAGCAGGA turned is TCCTGCTGAAAAATCCTAGG: one T less is one A less, left-aligned behind its G.
    assert_eq!(on(92, 2, ""), Ok("chr1-93-GA-G".to_owned()));
    assert_eq!(on(85, 2, "GT"), Err(Refusal::SeveralChains));
    // What is no allele of this place.
    assert_eq!(on(0, 1, "<DEL>"), Err(Refusal::NotASmallVariant));
    assert_eq!(on(0, 1, "G]chr1:9]"), Err(Refusal::NotASmallVariant));
    assert_eq!(on(0, 1, "*"), Err(Refusal::NotASmallVariant));
    assert_eq!(on(0, 1, "R"), Err(Refusal::NotBases));
    assert_eq!(lift(&mut lifter, &key(1, "G", "T")), Err(Refusal::RefNotInSource));
    assert_eq!(lift(&mut lifter, &key(125, "AA", "A")), Err(Refusal::OutsideContig));
    assert_eq!(
        lift(&mut lifter, &VariantKey::new("chrUn", Pos::new(1).unwrap(), "G", "T")),
        Err(Refusal::ContigWithoutChain)
    );
}

#[test]
fn alleles_keep_their_order() {
    let builds = pair();
    let mut lifter = builds.lifter();
    let mut on = |position, reference: &str, alternates: &[&str]| {
        let lifted = lifter.lift("1", position, reference, alternates).unwrap();
        lifted.map(|l| format!("{} {} {}", l.position, l.reference, l.alternates.join(",")))
    };
    assert_eq!(
        on(28, "TG", &["G", "TTG", "<NON_REF>"]),
        Ok("22 GT G,GTT,<NON_REF>".to_owned())
    );
    assert_eq!(on(28, "TG", &["G", "*"]), Ok("28 TG G,*".to_owned()));
    assert_eq!(on(28, "TG", &["."]), Ok("28 TG .".to_owned()));
    assert_eq!(on(41, "A", &["."]), Err(Refusal::RefMismatch));
    // Turned: the anchor is the base before it in the new build.
    assert_eq!(on(93, "AT", &["A", "ATT"]), Ok("93 GA G,GAA".to_owned()));
    assert_eq!(on(87, "C", &["T", "*"]), Ok("105 G A,*".to_owned()));
    assert_eq!(on(93, "AT", &["A", "*"]), Err(Refusal::NotASmallVariant));
}

const HEADER: &str = "##fileformat=VCFv4.3\n##reference=old\n##contig=<ID=chr1,length=126>\n##INFO=<ID=END,Number=1,Type=Integer,Description=\"e\">\n##INFO=<ID=CSQ,Number=.,Type=String,Description=\"c\">\n##FORMAT=<ID=GT,Number=1,Type=String,Description=\"g\">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tA\tB\n";

fn run(builds: &Builds, text: &str, turn: bool) -> Result<(LiftSummary, String, String), clinotype_genome::Fault> {
    let vcf = builds.path("in.vcf");
    fs::write_atomic(&vcf, text.as_bytes()).unwrap();
    let (from, to) = if turn {
        ("new.fa", "old.fa")
    } else {
        ("old.fa", "new.fa")
    };
    let (out, rejected) = (builds.path("out.vcf.gz"), builds.path("rejected.vcf.gz"));
    let summary = lift_vcf(
        &LiftFile {
            vcf: &vcf,
            chain: &builds.path("c.chain"),
            from_reference: &builds.path(from),
            reference: &builds.path(to),
            out: &out,
            rejected: &rejected,
            source: "clinotype test",
        },
        &Silent,
    )?;
    let read = |path: &Path| {
        let mut text = String::new();
        fs::open_text(path).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    Ok((summary, read(&out), read(&rejected)))
}

fn records(text: &str) -> Vec<&str> {
    text.lines().filter(|l| !l.starts_with('#')).collect()
}

#[test]
fn every_record_of_a_file_is_kept_or_refused_with_its_reason() {
    let builds = pair();
    // Not sorted, as the turned piece would make it anyway.
    let text = format!(
        "{HEADER}\
chr1\t87\tb\tC\tT\t9\tPASS\tDP=3\tGT:AD\t0|1:1,2\t./.:0,0
chr1\t28\ta\tTG\tG,TTG\t.\t.\tEND=29;CSQ=x|y\tGT\t1/2\t0/0
chr1\t41\ts\tA\tC\t.\t.\t.\tGT\t1/1\t0/1
chr1\t41\tm\tA\tG\t.\t.\t.\tGT\t1/1\t0/1
chr1\t1\td\tG\t<DEL>\t.\t.\tEND=60\tGT\t0/1\t0/0
chr1\t1\tr\tG\t.\t.\t.\tEND=60\tGT\t0/0\t0/0
chr1\t0\tt\tN\tA\t.\t.\t.\tGT\t0/1\t0/0
chrZ\t5\tz\tA\tC\t.\t.\t.\tGT\t0/1\t0/0
chr1\t2000000000\to\tA\tC\t.\t.\t.\tGT\t0/1\t0/0
chr1\t69\tg\tG\tC\t.\t.\tDB\tGT\t0/1\t0/0
"
    );
    let (summary, lifted, rejected) = run(&builds, &text, false).unwrap();
    assert_eq!(
        records(&lifted),
        [
            "chr1\t22\ta\tGT\tG,GTT\t.\t.\tEND=23;LiftedFrom=chr1:28:TG:G|TTG\tGT\t1/2\t0/0",
            "chr1\t105\tb\tG\tA\t9\tPASS\tDP=3;LiftedFrom=chr1:87:C:T;LiftedReverse\tGT:AD\t0|1:1,2\t./.:0,0",
        ]
    );
    let got: Vec<String> = records(&rejected)
        .iter()
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            format!("{} {}", fields[2], fields[7])
        })
        .collect();
    assert_eq!(
        got,
        [
            "t LiftRefused=not_bases",
            "d END=60;LiftRefused=not_a_small_variant",
            "r END=60;LiftRefused=not_a_small_variant",
            "s LiftRefused=ref_alt_swapped",
            "m LiftRefused=ref_mismatch",
            "g DB;LiftRefused=gap",
            "o LiftRefused=outside_contig",
            "z LiftRefused=contig_without_chain",
        ]
    );
    // Nothing else of a refused record changes.
    assert!(rejected.contains("chr1\t69\tg\tG\tC\t.\t.\tDB;LiftRefused=gap\tGT\t0/1\t0/0"));
    assert_eq!((summary.records, summary.lifted, summary.refused.total()), (10, 2, 8));
    assert_eq!((summary.reversed, summary.moved, summary.stripped), (1, 0, 1));
    assert!(!summary.inverted);
    let length = builds.new.len();
    assert!(lifted.contains(&format!(
        "##contig=<ID=chr1,length={length}>\n##contig=<ID=chrUn,length=20>\n"
    )));
    assert!(lifted.contains("##reference=new.fa\n") && !lifted.contains("##reference=old\n"));
    assert!(!lifted.contains("ID=CSQ") && lifted.contains("##INFO=<ID=LiftedFrom,"));
    assert!(rejected.contains("##contig=<ID=chr1,length=126>\n") && rejected.contains("ID=CSQ"));
    assert_eq!(lifted.matches("##clinotypeLiftover=").count(), 1);

    // Back again, with the same chain file: the lifted records come home.
    let (back, home, refused) = run(&builds, &lifted, true).unwrap();
    assert!(back.inverted);
    assert_eq!(records(&refused), Vec::<&str>::new());
    let places: Vec<String> = records(&home)
        .iter()
        .map(|line| line.split('\t').take(5).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(places, ["chr1 22 a GT G,GTT", "chr1 87 b C T"]);
}

#[test]
fn files_that_do_not_fit_are_refused_whole() {
    let builds = pair();
    for (text, words) in [
        (String::new(), "is empty"),
        ("chr1\t1\t.\tG\tT\t.\t.\t.\n".to_owned(), "in.vcf, line 1: is not a VCF"),
        ("##fileformat=VCFv4.3\n".to_owned(), "the #CHROM line is missing"),
        ("#CHROM\tPOS\n".to_owned(), "fewer than 8 columns"),
        (HEADER.replace("126", "125"), "not of the build of --from-reference"),
        (
            format!("{HEADER}chr1\t1\t.\tG\tT\n"),
            "line 8: the record has 5 columns, the header 11",
        ),
        (
            format!("{HEADER}chr1\t-1\t.\tG\tT\t.\t.\t.\tGT\t0/1\t0/0\n"),
            "line 8: POS \"-1\" is not a position",
        ),
        (
            format!("{HEADER}chr1\t1\t.\t\tT\t.\t.\t.\tGT\t0/1\t0/0\n"),
            "line 8: CHROM, REF or ALT is empty",
        ),
    ] {
        let fault = run(&builds, &text, false).unwrap_err().to_string();
        assert!(fault.contains(words), "{fault}");
        assert!(!builds.path("out.vcf.gz").exists() && !builds.path("rejected.vcf.gz").exists());
    }
    // The same chains between longer contigs.
    let other = builds
        .chain()
        .replace("chr1 126 ", "chr1 226 ")
        .replace("chr1 125 ", "chr1 225 ");
    fs::write_atomic(builds.path("c.chain"), other.as_bytes()).unwrap();
    let fault = run(&builds, HEADER, false).unwrap_err().to_string();
    assert!(fault.contains("c.chain: leads between other builds"), "{fault}");
}

/// Pieces of few letters, so that repeats abound.
fn pieces() -> impl Strategy<Value = Vec<Piece>> {
    let piece = prop_oneof![
        4 => "[AC]{1,12}".prop_map(Piece::Same),
        2 => "[ACGT]{4,12}".prop_map(Piece::Same),
        1 => "[AC]{1,3}".prop_map(Piece::Inserted),
        1 => "[AC]{1,3}".prop_map(Piece::Deleted),
        1 => "[ACGT]{8,24}".prop_map(Piece::Turned),
        1 => prop_oneof![Just(('A', 'C')), Just(('C', 'A')), Just(('G', 'T'))].prop_map(|(a, b)| Piece::Replaced(a, b)),
    ];
    proptest::collection::vec(piece, 4..24).prop_map(|mut pieces| {
        // The ends are the same in both, and long enough for the second contig.
        pieces.insert(0, Piece::Same("GATTACAGATTACATTGACA".to_owned()));
        pieces.push(Piece::Same("TTGACCA".to_owned()));
        pieces
    })
}

/// Differences of two stretches of equal length.
fn differences(a: &[u8], b: &[u8]) -> usize {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).filter(|(a, b)| a != b).count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// What is lifted makes the same haplotype, and comes back as the allele that it was.
    #[test]
    fn what_is_accepted_is_the_same_allele(
        pieces in pieces(),
        variants in proptest::collection::vec((any::<prop::sample::Index>(), 1usize..5, "[ACGT]{1,5}"), 40),
    ) {
        let builds = Builds::new(&pieces);
        let (mut lifter, mut back) = (builds.lifter(), builds.back());
        for (at, length, alternate) in variants {
            let at = at.index(builds.old.len() - 5);
            let reference = &builds.old[at..at + length];
            if *reference == alternate {
                continue;
            }
            let given = key(at, reference, &alternate);
            let Ok(lifted) = lift(&mut lifter, &given) else { continue };
            prop_assert_eq!(&normalise(&lifted, &builds.reference("new.fa")).unwrap(), &lifted);
            // The stretch that holds the place, before and after: as many bases differ with the allele as without it.
            let place = given.position.zero_based();
            let &(o, n, l, turned) = builds
                .stretches
                .iter()
                .find(|s| s.0 <= place && place < s.0 + s.2)
                .expect("an allele is lifted inside a stretch");
            let cut = |bases: &str, start: u32, grown: i64| {
                bases.as_bytes()[start as usize..(i64::from(start + l) + grown) as usize].to_vec()
            };
            let grown = given.alternate.len() as i64 - given.reference.len() as i64;
            let strand = |bases: Vec<u8>| if turned { reverse_complement(&bases) } else { bases };
            let before = differences(&cut(&builds.old, o, 0), &strand(cut(&builds.new, n, 0)));
            let after = differences(
                &cut(&apply(&builds.old, &given), o, grown),
                &strand(cut(&apply(&builds.new, &lifted), n, grown)),
            );
            prop_assert_eq!(before, after, "{} {}", given, lifted);
            let home = lift(&mut back, &lifted);
            prop_assert_eq!(home, Ok(normalise(&given, &builds.reference("old.fa")).unwrap()));
        }
    }
}
