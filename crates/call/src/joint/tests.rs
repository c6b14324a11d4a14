//! Joint calls of gVCFs written by hand.

use std::{fmt::Write as _, io::Read as _, path::PathBuf};

use clinotype_genome::{Build, Fault, FaultKind, Reference, Silent, fs};
use proptest::prelude::*;

use super::*;

/// Bases of chr1 (and, with other names, of every contig): position 11 is A, 12 C, 13 G, 14 T and so on.
const BASES: &str = "TTTTTTTTTTACGTACGTAGGATTACAGGCCTATCGATCG";

struct Bench {
    folder: tempfile::TempDir,
    contig: &'static str,
    build: Option<Build>,
    relatives: Vec<Relative>,
    gvcfs: Vec<PathBuf>,
}

/// A reference block of 1-based `from..=to`.
fn block(from: u32, to: u32, genotype: &str, dp: u32, pl: &str) -> String {
    let gq = if genotype.contains('.') {
        0
    } else {
        pl.split(',').nth(1).unwrap().parse::<u32>().unwrap().min(99)
    };
    let base = &BASES[from as usize - 1..from as usize];
    format!("{from}\t.\t{base}\t<NON_REF>\t.\t.\tEND={to}\tGT:DP:GQ:MIN_DP:PL\t{genotype}:{dp}:{gq}:{dp}:{pl}")
}

/// A variant record of a diploid sample.
fn variant(position: u32, alleles: &str, sample: &str) -> String {
    let (reference, alternates) = alleles.split_once('>').unwrap();
    format!("{position}\t.\t{reference}\t{alternates},<NON_REF>\t500\tPASS\tDP=30\tGT:AD:DP:GQ:PL\t{sample}")
}

const HET: &str = "0/1:15,15,0:30:99:450,0,450,500,500,900";
const SURE: &str = "0,90,900";

impl Bench {
    fn new(contig: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let fasta = format!(">{contig}\n{BASES}\n");
        fs::write_atomic(folder.path().join("r.fa"), fasta.as_bytes()).unwrap();
        Self {
            folder,
            contig,
            build: None,
            relatives: Vec::new(),
            gvcfs: Vec::new(),
        }
    }

    fn sample(mut self, name: &str, lines: &[String]) -> Self {
        let mut text = String::from("##fileformat=VCFv4.3\n");
        let _ = writeln!(text, "##contig=<ID={},length={}>", self.contig, BASES.len());
        let _ = writeln!(text, "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{name}");
        for line in lines {
            let _ = writeln!(text, "{}\t{line}", self.contig);
        }
        let path = self.folder.path().join(format!("{name}.g.vcf"));
        fs::write_atomic(&path, text.as_bytes()).unwrap();
        self.gvcfs.push(path);
        self
    }

    fn trio(mut self, sex: Sex) -> Self {
        let member = |sample: &str, parents: Option<(&str, &str)>, sex| Relative {
            sample: sample.to_owned(),
            father: parents.map(|p| p.0.to_owned()),
            mother: parents.map(|p| p.1.to_owned()),
            sex,
        };
        self.relatives = vec![
            member("c", Some(("f", "m")), sex),
            member("f", None, Sex::Male),
            member("m", None, Sex::Female),
        ];
        self
    }

    fn run(&self) -> Result<(JointSummary, Vec<String>), Fault> {
        let out = self.folder.path().join("o.vcf.gz");
        let reference = Reference::open(self.folder.path().join("r.fa")).unwrap();
        let summary = joint(
            &JointOptions {
                gvcfs: &self.gvcfs,
                reference: &reference,
                build: self.build,
                relatives: &self.relatives,
                out: &out,
                source: "test",
                header: &[],
            },
            &Silent,
        )?;
        let mut text = String::new();
        fs::open_text(&out).unwrap().read_to_string(&mut text).unwrap();
        for input in &summary.inputs {
            assert_eq!(
                input.records,
                input.merged + input.dropped.values().sum::<u64>(),
                "{input:?}"
            );
        }
        Ok((
            summary,
            text.lines()
                .filter(|l| !l.starts_with('#'))
                .map(str::to_owned)
                .collect(),
        ))
    }

    fn records(&self) -> Vec<String> {
        self.run().unwrap().1
    }
}

/// `POS REF ALT` and then this field of each sample.
fn of(line: &str, field: &str) -> String {
    let columns: Vec<&str> = line.split('\t').collect();
    let at = columns[8].split(':').position(|k| k == field);
    let samples = columns[9..]
        .iter()
        .map(|s| at.map_or("-", |at| s.split(':').nth(at).unwrap()));
    let site = [columns[1], columns[3], columns[4]];
    site.into_iter().chain(samples).collect::<Vec<_>>().join(" ")
}

#[test]
fn alleles_of_different_lengths_share_a_record() {
    let all = Bench::new("chr1")
        .sample(
            "a",
            &[
                block(1, 10, "0/0", 30, SURE),
                variant(11, "ACG>A", HET),
                block(14, 40, "0/0", 30, SURE),
            ],
        )
        .sample(
            "b",
            &[
                block(1, 10, "0/0", 30, SURE),
                variant(11, "A>T", HET),
                block(12, 40, "0/0", 30, SURE),
            ],
        )
        .sample("c", &[block(1, 40, "0/0", 30, SURE)])
        .sample("d", &[block(1, 9, "0/0", 30, SURE)]);
    let (summary, records) = all.run().unwrap();
    assert_eq!(records.len(), 1, "{records:?}");
    assert_eq!(of(&records[0], "GT"), "11 ACG A,TCG 0/1 0/2 0/0 ./.");
    assert_eq!(of(&records[0], "LGT"), "11 ACG A,TCG 0/1 0/2 0/0 ./.");
    // What a sample does not name is as likely as its <NON_REF>.
    assert_eq!(
        of(&records[0], "PL"),
        "11 ACG A,TCG 450,0,450,500,500,900 450,500,900,0,500,450 0,90,900,90,900,900 ."
    );
    assert_eq!(of(&records[0], "AD"), "11 ACG A,TCG 15,15,0 15,0,15 . .");
    assert_eq!(of(&records[0], "GQ"), "11 ACG A,TCG 99 99 90 .");
    assert_eq!((summary.sites, summary.indels, summary.missing), (1, 1, 1));
    assert_eq!(summary.inputs[0].blocks, 2);
}

#[test]
fn a_deletion_over_another_samples_base() {
    let bench = Bench::new("chr1")
        .sample("a", &[variant(11, "ACG>A", HET), block(14, 40, "0/0", 30, SURE)])
        .sample(
            "b",
            &[
                block(1, 11, "0/0", 30, SURE),
                variant(12, "C>G", HET),
                block(13, 40, "0/0", 5, "0,15,150"),
            ],
        );
    let records = bench.records();
    assert_eq!(of(&records[0], "GT"), "11 ACG A 0/1 0/0");
    // The blocks under the deletion are as certain as the least of them.
    assert_eq!(of(&records[0], "PL"), "11 ACG A 450,0,450 0,15,150");
    assert_eq!(of(&records[1], "GT"), "12 C G,* 0/2 0/1");
    assert_eq!(
        of(&records[1], "PL"),
        "12 C G,* 450,500,900,0,500,450 450,0,450,500,500,900"
    );
}

#[test]
fn a_base_inside_a_deletions_record_is_the_same_allele_as_alone() {
    let both = "1/2:0,15,15,0:30:99:900,450,450,450,0,450,900,900,900,900";
    let bench = Bench::new("chr1")
        .trio(Sex::Female)
        .sample("c", &[variant(11, "ACG>A,ATG", both), block(14, 40, "0/0", 30, SURE)])
        .sample(
            "f",
            &[
                block(1, 10, "0/0", 30, SURE),
                variant(11, "ACG>A", HET),
                block(14, 40, "0/0", 30, SURE),
            ],
        )
        .sample(
            "m",
            &[
                block(1, 11, "0/0", 30, SURE),
                variant(12, "C>T", HET),
                block(13, 40, "0/0", 30, SURE),
            ],
        );
    let (summary, records) = bench.run().unwrap();
    assert_eq!(of(&records[0], "GT"), "11 ACG A 0/1 0/1 0/0");
    assert_eq!(of(&records[1], "GT"), "12 C T,* 1/2 0/2 0/1");
    assert_eq!((summary.high_de_novo, summary.low_de_novo), (0, 0), "{records:?}");
    assert_eq!(summary.inputs[0].merged, 1);
}

#[test]
fn no_evidence_is_no_genotype() {
    for (name, lines, expected) in [
        ("no entry", vec![block(1, 5, "0/0", 30, SURE)], "./."),
        ("no reads", vec![block(1, 40, "./.", 0, "0,0,0")], "./."),
        ("reads that say nothing", vec![block(1, 40, "./.", 3, "0,0,7")], "./."),
        (
            "reads that lean to something",
            vec![block(1, 40, "./.", 3, "90,0,90")],
            "0/1",
        ),
        ("one read", vec![block(1, 40, "0/0", 1, "0,3,30")], "0/0"),
    ] {
        let bench = Bench::new("chr1")
            .sample("a", &[variant(11, "A>G", HET)])
            .sample("b", &lines);
        assert_eq!(
            of(&bench.records()[0], "GT"),
            format!("11 A G 0/1 {expected}"),
            "{name}"
        );
    }
    // The prior knows that most people are as the reference; the quality is the read's alone.
    let bench = Bench::new("chr1")
        .sample("a", &[variant(11, "A>G", HET)])
        .sample("b", &[block(1, 40, "0/0", 1, "0,3,30")]);
    assert_eq!(of(&bench.records()[0], "GQ"), "11 A G 99 3");
}

#[test]
fn the_family_moves_what_is_uncertain_and_nothing_else() {
    let child = |sample: &str| {
        vec![
            block(1, 10, "0/0", 30, SURE),
            variant(11, "A>G", sample),
            block(12, 40, "0/0", 30, SURE),
        ]
    };
    // The father's one read was of the other chromosome: the child has its allele from somebody.
    let trio = Bench::new("chr1")
        .trio(Sex::Female)
        .sample("c", &child(HET))
        .sample("f", &[block(1, 40, "0/0", 1, "0,3,30")])
        .sample("m", &[block(1, 40, "0/0", 30, SURE)]);
    let (summary, records) = trio.run().unwrap();
    assert_eq!(of(&records[0], "GT"), "11 A G 0/1 0/1 0/0");
    assert_eq!(of(&records[0], "LGT"), "11 A G 0/1 0/0 0/0");
    assert_eq!(of(&records[0], "PL"), "11 A G 450,0,450 0,3,30 0,90,900");
    assert_eq!(summary.changed, 1);
    // It stays a candidate, with a posterior that says what to think of it.
    assert_eq!(of(&records[0], "DN"), "11 A G loConfDeNovo . .");
    assert!(records[0].contains("loConfDeNovo=c"), "{}", records[0]);
    let posterior: f64 = of(&records[0], "DNP").split(' ').nth(3).unwrap().parse().unwrap();
    // 2 mutations in 10^6, against a father with the allele (5 in 10^4) who shows half of the reads and gives it half of the times.
    assert!((posterior - 0.0157).abs() < 1e-3, "{posterior}");
    // A weak heterozygous child of parents who carry nothing; a certain one.
    for (sample, class, genotype) in [
        ("0/1:20,4,0:24:12:30,0,400,90,410,480", "loConfDeNovo", "0/0"),
        ("0/1:10,5,0:15:25:45,0,300,90,410,480", "hiConfDeNovo", "0/1"),
        (HET, "hiConfDeNovo", "0/1"),
    ] {
        let trio = Bench::new("chr1")
            .trio(Sex::Female)
            .sample("c", &child(sample))
            .sample("f", &[block(1, 40, "0/0", 30, "0,120,1200")])
            .sample("m", &[block(1, 40, "0/0", 30, "0,120,1200")]);
        let records = trio.records();
        assert_eq!(of(&records[0], "GT"), format!("11 A G {genotype} 0/0 0/0"), "{sample}");
        assert_eq!(of(&records[0], "LGT"), "11 A G 0/1 0/0 0/0");
        assert_eq!(of(&records[0], "DN"), format!("11 A G {class} . ."), "{sample}");
    }
}

#[test]
fn x_of_a_son() {
    let son = |sample: &str| {
        vec![format!(
            "11\t.\tA\tG,<NON_REF>\t500\tPASS\tDP=30\tGT:AD:DP:GQ:PL\t{sample}"
        )]
    };
    let family = |mother: &str| {
        let mut bench = Bench::new("X")
            .trio(Sex::Male)
            .sample("c", &son("1:0,30,0:30:99:900,0,900"))
            .sample("f", &[block(1, 40, "0", 15, "0,450")])
            .sample(
                "m",
                &[
                    block(1, 10, "0/0", 30, SURE),
                    mother.to_owned(),
                    block(12, 40, "0/0", 30, SURE),
                ],
            );
        bench.build = Some(Build::Grch38);
        bench
    };
    let (summary, records) = family(&variant(11, "A>G", HET)).run().unwrap();
    assert_eq!(of(&records[0], "GT"), "11 A G 1 0 0/1");
    assert_eq!(
        (summary.high_de_novo, summary.low_de_novo),
        (0, 0),
        "the father gives a son no X"
    );
    let (summary, records) = family(&block(11, 11, "0/0", 30, SURE)).run().unwrap();
    assert_eq!(of(&records[0], "DN"), "11 A G hiConfDeNovo . .");
    assert_eq!(summary.high_de_novo, 1);
    // A son called with two X: his genotype is his own evidence, and the family has no say.
    let mut diploid = Bench::new("X")
        .trio(Sex::Male)
        .sample("c", &[variant(11, "A>G", HET)])
        .sample("f", &[block(1, 40, "0", 15, "0,450")])
        .sample("m", &[block(1, 40, "0/0", 30, SURE)]);
    diploid.build = Some(Build::Grch38);
    let (summary, records) = diploid.run().unwrap();
    assert_eq!(of(&records[0], "GT"), "11 A G 0/1 0 0/0");
    assert_eq!(summary.high_de_novo + summary.low_de_novo, 0);
    assert_eq!(summary.without_family.values().sum::<u64>(), 1);
}

#[test]
fn mitochondria_keep_their_fractions() {
    let own = "11\t.\tA\tG,<NON_REF>\t500\tPASS\tDP=200\tGT:AD:DP:GQ:HF\t0/1:180,20,0:200:99:0.1000,0.0000".to_owned();
    let bench = Bench::new("chrM")
        .sample("a", &[own])
        .sample("b", &[block(1, 40, "0", 200, "0,4000")])
        .sample("c", &[]);
    let records = bench.records();
    assert_eq!(of(&records[0], "GT"), "11 A G 0/1 0 ./.");
    assert_eq!(of(&records[0], "HF"), "11 A G 0.1000 . .");
    assert_eq!(of(&records[0], "PL"), "11 A G - - -");
}

#[test]
fn what_cannot_be_used_is_refused() {
    let line = variant(11, "A>G", HET);
    let one = |text: &str| Bench::new("chr1").sample("a", &[text.to_owned()]);
    for (bench, words) in [
        (one(&line.replace(",<NON_REF>", "")), "<NON_REF>"),
        (one(&line.replace("A\tG", "C\tG")), "REF is not the base"),
        (one(&line.replace("450,0,450,500,500,900", "450,0,450")), "PL"),
        (one(&line.replace("15,15,0", "15,15")), "AD"),
        (one(&line.replace("0/1", "0/7")), "GT names an allele"),
        (one(&line.replace("\tG,", "\t<DEL>,")), "neither bases"),
        (
            one("99\t.\tA\t<NON_REF>\t.\t.\tEND=200\tGT:PL\t0/0:0,3,30"),
            "beyond the end",
        ),
        (one("9\t.\tT\t<NON_REF>\t.\t.\tEND=4\tGT:PL\t0/0:0,3,30"), "END"),
        (
            Bench::new("chr1").sample("a", &[line.clone(), block(1, 4, "0/0", 9, SURE)]),
            "order",
        ),
        (one(&line).sample("a", &[]), "another of the gVCFs"),
        (one(&line).trio(Sex::Male), "not in the pedigree"),
    ] {
        let fault = bench.run().unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Input, "{fault}");
        assert!(fault.what().contains(words), "{words}: {fault}");
        assert!(!bench.folder.path().join("o.vcf.gz").exists());
    }
}

/// Phred-scaled likelihoods of a biallelic diploid from counts of reads, each with an error of 0.1 %.
fn likelihoods(reference: u32, alternate: u32) -> Vec<u32> {
    let (r, a) = (f64::from(reference), f64::from(alternate));
    let (right, wrong, half) = (0.999f64.log10(), 0.001f64.log10(), 0.5f64.log10());
    crate::genotype::phred_scaled(&[r * right + a * wrong, (r + a) * half, r * wrong + a * right])
}

proptest! {
    // Each case writes files.
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// One sample's gVCF gives the genotypes, qualities and likelihoods that it states.
    #[test]
    fn a_sample_alone_keeps_its_genotypes(sites in proptest::collection::vec((0u32..3, 1u32..25, 1u32..25), 1..12)) {
        let mut lines = Vec::new();
        let mut expected = Vec::new();
        let mut next = 1;
        for (gap, reference, alternate) in sites {
            let position = next + gap;
            if position as usize > BASES.len() {
                break;
            }
            if gap > 0 {
                lines.push(block(next, position - 1, "0/0", 30, SURE));
            }
            let base = &BASES[position as usize - 1..position as usize];
            let other = if base == "A" { "C" } else { "A" };
            let pl = likelihoods(reference, alternate);
            let joint: Vec<f64> = pl.iter().zip([1.0f64, 1e-3, 5e-4]).map(|(p, prior)| prior.log10() - f64::from(*p) / 10.0).collect();
            let best = (0..3).fold(0, |b, g| if joint[g] > joint[b] { g } else { b });
            if best > 0 {
                let genotype = ["0/0", "0/1", "1/1"][best];
                let pls = format!("{},{},{},900,900,999", pl[0], pl[1], pl[2]);
                lines.push(variant(position, &format!("{base}>{other}"), &format!("{genotype}:{reference},{alternate},0:30:50:{pls}")));
                expected.push(format!("{position} {base} {other} {genotype} {},{},{}", pl[0], pl[1], pl[2]));
            } else {
                lines.push(block(position, position, "0/0", 30, SURE));
            }
            next = position + 1;
        }
        let records = Bench::new("chr1").sample("a", &lines).records();
        let got: Vec<String> = records
            .iter()
            .map(|r| format!("{} {}", of(r, "GT"), of(r, "PL").split(' ').nth(3).unwrap()))
            .collect();
        prop_assert_eq!(got, expected);
    }

    /// Posteriors are chances, an uninformative relative changes nothing but its own, and the order of the inputs
    /// changes no posterior.
    #[test]
    fn posteriors_are_chances(counts in proptest::collection::vec((0u32..20, 0u32..20), 3)) {
        let pls: Vec<Vec<u32>> = counts.iter().map(|(r, a)| likelihoods(*r, *a)).collect();
        let member = |pl: usize, gametes: &[model::Gamete]| model::Member { pl: &pls[pl], ploidy: 2, gametes: gametes.to_vec() };
        let rates = [0.0, 1e-3];
        let given = [model::Gamete::Parent(0), model::Gamete::Parent(1)];
        let trio = model::posterior(&[member(0, &[]), member(1, &[]), member(2, &given)], &rates, None).unwrap();
        for chances in &trio.genotypes {
            prop_assert!((chances.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
        prop_assert!(trio.mutated[0] == 0.0 && trio.mutated[1] == 0.0);
        prop_assert!((0.0..=1.0 + 1e-9).contains(&trio.mutated[2]));
        let swapped = model::posterior(&[member(1, &[]), member(0, &[]), member(2, &given)], &rates, None).unwrap();
        for (a, b) in trio.genotypes[2].iter().zip(&swapped.genotypes[2]) {
            prop_assert!((a - b).abs() < 1e-9);
        }
        prop_assert!((trio.qual - swapped.qual).abs() < 1e-6);
    }
}

#[test]
fn one_sample_has_the_priors_of_the_caller() {
    // No reads: the posterior is the prior. 1e-3 heterozygous, half of it homozygous.
    let flat = [0, 0, 0];
    let member = model::Member {
        pl: &flat,
        ploidy: 2,
        gametes: Vec::new(),
    };
    let found = model::posterior(std::slice::from_ref(&member), &[0.0, 1e-3], None).unwrap();
    for (got, expected) in found.genotypes[0].iter().zip([0.9985, 1e-3, 5e-4]) {
        assert!((got - expected).abs() < 1e-12, "{got} {expected}");
    }
    // A child of two parents without reads has the same prior as they, but for mutations.
    let given = vec![model::Gamete::Parent(0), model::Gamete::Parent(1)];
    let child = model::Member {
        gametes: given,
        ..member.clone()
    };
    let trio = model::posterior(&[member.clone(), member.clone(), child], &[0.0, 1e-3], None).unwrap();
    for (parent, child) in trio.genotypes[0].iter().zip(&trio.genotypes[2]) {
        assert!((parent - child).abs() < 1e-5, "{trio:?}");
    }
    // The mutation rate is the prior of a de novo allele.
    let mutated = trio.mutated[2];
    assert!(
        (mutated - 2.0 * model::DE_NOVO).abs() < 0.1 * model::DE_NOVO,
        "{mutated}"
    );
}
