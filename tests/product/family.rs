//! A simulated family from reads to joint genotypes: every de novo allele is a candidate, few others are, and the checks
//! tell the family from strangers.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use clinotype_genome::{Interval, Pos, Reference, VariantKey, normalise::normalise};
use clinotype_testkit::{
    Dice,
    simulate::{Donor, PhasedAllele, Simulation, draw_alleles, write_fastq},
};
use clinotype_tests::{clinotype, errors, lines, shared};
use serde_json::Value;

/// Alleles by key, with the number of chromosomes that hold them.
type Dosages = BTreeMap<VariantKey, usize>;

struct Household {
    folder: tempfile::TempDir,
    reference: Reference,
    intervals: Vec<Interval>,
    /// Alleles of child, father and mother, as in [`NAMES`].
    people: [Vec<PhasedAllele>; 3],
    de_novo: BTreeSet<VariantKey>,
}

const NAMES: [&str; 3] = ["child", "father", "mother"];
const PED: &str = "h child father mother 1 2\nh father 0 0 1 1\nh mother 0 0 2 1\n";

/// Which of the parents' two haplotypes go to the child.
fn inherited(parent: &[PhasedAllele], haplotype: usize) -> impl Iterator<Item = &VariantKey> {
    parent.iter().filter(move |a| a.carried[haplotype]).map(|a| &a.key)
}

/// New alleles away from those of the haplotype; some touch what the other parent's haplotype has.
fn mutations(
    reference: &Reference,
    intervals: &[Interval],
    haplotype: &[VariantKey],
    parents: [&[PhasedAllele]; 2],
    every: usize,
    seed: u64,
) -> Vec<VariantKey> {
    let far = |a: &VariantKey, b: &VariantKey| a.contig != b.contig || a.position.get().abs_diff(b.position.get()) > 60;
    let known = |key: &VariantKey| parents.iter().flat_map(|p| p.iter()).any(|a| a.key == *key);
    draw_alleles(reference, intervals, seed)
        .unwrap()
        .into_iter()
        .map(|a| a.key)
        .filter(|key| haplotype.iter().all(|other| far(key, other)) && !known(key))
        .step_by(every)
        .collect()
}

impl Household {
    /// A family on intervals of a reference. `every`: how many drawn alleles are passed over for one de novo allele.
    fn new(folder: tempfile::TempDir, reference: &Path, intervals: Vec<Interval>, every: usize, seed: u64) -> Self {
        let reference = Reference::open(reference).unwrap();
        let father = draw_alleles(&reference, &intervals, seed).unwrap();
        // Most alleles of a population are shared: the mother has half of the father's, and her own elsewhere.
        let mut dice = Dice::new(seed + 1);
        let mut mother: Vec<PhasedAllele> = Vec::new();
        for allele in &father {
            if dice.chance(0.5) {
                let carried = match dice.below(3) {
                    0 => [true, false],
                    1 => [false, true],
                    _ => [true, true],
                };
                mother.push(PhasedAllele {
                    key: allele.key.clone(),
                    carried,
                });
            }
        }
        for allele in draw_alleles(&reference, &intervals, seed + 2).unwrap() {
            let near = |other: &PhasedAllele| {
                other.key.contig == allele.key.contig
                    && other.key.position.get().abs_diff(allele.key.position.get()) < 120
            };
            if !mother.iter().any(near) {
                mother.push(allele);
            }
        }
        let mut haplotypes: [Vec<VariantKey>; 2] = [
            inherited(&father, 1).cloned().collect(),
            inherited(&mother, 0).cloned().collect(),
        ];
        let mut de_novo = BTreeSet::new();
        for (number, haplotype) in haplotypes.iter_mut().enumerate() {
            let new = mutations(
                &reference,
                &intervals,
                haplotype,
                [&father, &mother],
                every,
                seed + 3 + number as u64,
            );
            for key in new {
                if de_novo.insert(normalise(&key, &reference).unwrap()) {
                    haplotype.push(key);
                }
            }
        }
        let mut child: BTreeMap<VariantKey, [bool; 2]> = BTreeMap::new();
        for (number, haplotype) in haplotypes.iter().enumerate() {
            for key in haplotype {
                child.entry(key.clone()).or_default()[number] = true;
            }
        }
        let child = child
            .into_iter()
            .map(|(key, carried)| PhasedAllele { key, carried })
            .collect();
        Self {
            folder,
            reference,
            intervals,
            people: [child, father, mother],
            de_novo,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, words: &[&str]) -> String {
        let output = clinotype()
            .current_dir(self.folder.path())
            .args(words)
            .output()
            .unwrap();
        assert!(output.status.success(), "{words:?}: {}", errors(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Reads, alignments and gVCFs of all three.
    fn sequence(&self, depth: f64) {
        let reference = self.reference.path().to_str().unwrap();
        fs::write(self.path("family.ped"), PED).unwrap();
        for (number, (name, alleles)) in NAMES.iter().zip(&self.people).enumerate() {
            let donor = Donor::new(&self.reference, &self.intervals, alleles).unwrap();
            let simulation = Simulation {
                seed: 100 + number as u64,
                depth,
                ..Simulation::default()
            };
            write_fastq(
                &simulation,
                &donor,
                &self.intervals,
                &self.path("1.fastq.gz"),
                &self.path("2.fastq.gz"),
            )
            .unwrap();
            let bam = format!("{name}.bam");
            let sex = if *name == "mother" { "female" } else { "male" };
            self.run(&[
                "align",
                "-q",
                "--reads",
                "1.fastq.gz",
                "2.fastq.gz",
                "--sample",
                name,
                "--reference",
                reference,
                "--out",
                &bam,
            ]);
            self.run(&[
                "call",
                "-q",
                "--bam",
                &bam,
                "--sex",
                sex,
                "--build",
                "GRCh38",
                "--reference",
                reference,
                "--out",
                &format!("{name}.vcf.gz"),
                "--gvcf",
                &format!("{name}.g.vcf.gz"),
            ]);
            fs::remove_file(self.path(&bam)).unwrap();
        }
    }

    fn joint(&self) -> String {
        let reference = self.reference.path().to_str().unwrap();
        self.run(&[
            "joint",
            "-q",
            "--gvcf",
            "child.g.vcf.gz",
            "father.g.vcf.gz",
            "mother.g.vcf.gz",
            "--ped",
            "family.ped",
            "--build",
            "GRCh38",
            "--reference",
            reference,
            "--out",
            "family.vcf.gz",
            "--checks",
            "checks.json",
        ])
    }

    /// What each person carries.
    fn truth(&self) -> [Dosages; 3] {
        std::array::from_fn(|person| {
            let mut dosages = Dosages::new();
            for allele in &self.people[person] {
                let copies = allele.carried.iter().filter(|c| **c).count();
                *dosages
                    .entry(normalise(&allele.key, &self.reference).unwrap())
                    .or_default() += copies;
            }
            dosages
        })
    }

    /// What the VCF says of each person by this field, and the de novo candidates.
    fn called(&self, field: &str) -> ([Dosages; 3], BTreeSet<VariantKey>) {
        let mut dosages: [Dosages; 3] = Default::default();
        let mut candidates = BTreeSet::new();
        for line in lines(&self.path("family.vcf.gz"))
            .iter()
            .filter(|l| !l.starts_with('#'))
        {
            let columns: Vec<&str> = line.split('\t').collect();
            let keys: Vec<Option<VariantKey>> = columns[4]
                .split(',')
                .map(|alternate| {
                    let position = Pos::new(columns[1].parse().unwrap()).unwrap();
                    let key = VariantKey::new(columns[0], position, columns[3], alternate);
                    (alternate != "*").then(|| normalise(&key, &self.reference).unwrap())
                })
                .collect();
            let at = columns[8].split(':').position(|k| k == field).unwrap();
            let mut held: [Vec<usize>; 3] = Default::default();
            for (person, sample) in columns[9..].iter().enumerate() {
                let genotype = sample.split(':').nth(at).unwrap();
                held[person] = genotype.split(['/', '|']).filter_map(|a| a.parse().ok()).collect();
                for allele in held[person].iter().filter(|a| **a > 0) {
                    if let Some(key) = &keys[*allele - 1] {
                        *dosages[person].entry(key.clone()).or_default() += 1;
                    }
                }
            }
            if columns[7].contains("ConfDeNovo=child") {
                let own = |a: &&usize| **a > 0 && !held[1].contains(a) && !held[2].contains(a);
                candidates.extend(held[0].iter().filter(own).filter_map(|a| keys[*a - 1].clone()));
            }
        }
        (dosages, candidates)
    }

    /// (alleles with the right number of copies, alleles in truth or calls), all three people together.
    fn concordance(&self, field: &str) -> (usize, usize) {
        let (called, _) = self.called(field);
        let (mut same, mut all) = (0, 0);
        for (truth, called) in self.truth().iter().zip(&called) {
            let keys: BTreeSet<&VariantKey> = truth.keys().chain(called.keys()).collect();
            all += keys.len();
            same += keys.iter().filter(|k| truth.get(**k) == called.get(**k)).count();
        }
        (same, all)
    }
}

/// Figures of one run, for the eye.
fn measure(household: &Household, what: &str) -> (usize, usize, f64, f64, Value) {
    let text = household.joint();
    let checks: Value = serde_json::from_slice(&fs::read(household.path("checks.json")).unwrap()).unwrap();
    // Candidates are told from the samples' own evidence, and so is the allele that they are of.
    let (_, candidates) = household.called("LGT");
    let found = household.de_novo.intersection(&candidates).count();
    let others = candidates.difference(&household.de_novo).count();
    let [joint, own] = ["GT", "LGT"].map(|field| {
        let (same, all) = household.concordance(field);
        (same, all, same as f64 / all as f64)
    });
    eprintln!(
        "{what}: de novo {found} of {} found, {others} other candidates; genotypes right: joint {}/{} ({:.5}), own {}/{} ({:.5})\n{text}",
        household.de_novo.len(),
        joint.0,
        joint.1,
        joint.2,
        own.0,
        own.1,
        own.2
    );
    for missed in household.de_novo.difference(&candidates) {
        eprintln!("  missed {missed}");
    }
    for other in candidates.difference(&household.de_novo) {
        eprintln!("  other {other}");
    }
    (found, others, joint.2, own.2, checks)
}

#[test]
fn a_simulated_family() {
    let folder = tempfile::tempdir().unwrap();
    let reference =
        clinotype_testkit::tiny::random_reference(folder.path(), &[("chr1", 250_000), ("chr2", 50_000)], 21).unwrap();
    let intervals = vec![Interval::new("chr1", 0, 250_000), Interval::new("chr2", 0, 50_000)];
    let household = Household::new(folder, &reference, intervals, 12, 31);
    assert!(household.de_novo.len() >= 20, "{}", household.de_novo.len());
    household.sequence(30.0);
    let (found, others, joint, own, checks) = measure(&household, "random sequence, 300 kb, depth 30");
    assert_eq!(found, household.de_novo.len());
    assert!(others <= 1, "{others}");
    assert!(joint >= 0.98 && joint + 1e-9 >= own, "{joint} {own}");
    for trio in checks["trios"].as_array().unwrap() {
        let (errors, of) = (&trio["autosomes"]["errors"], &trio["autosomes"]["opportunities"]);
        let (errors, of) = (errors.as_u64().unwrap(), of.as_u64().unwrap());
        let new = household.de_novo.len() as u64;
        assert!(errors <= new + of / 100, "{errors} of {of}");
    }
    // Made-up people are no draw from a population, so that kinship means nothing here; `jobs` has its tests.
    assert_eq!(checks["pairs"].as_array().unwrap().len(), 3);
    // The same bytes at any number of threads.
    let first = fs::read(household.path("family.vcf.gz")).unwrap();
    household.run(&[
        "joint",
        "-q",
        "--threads",
        "1",
        "--gvcf",
        "child.g.vcf.gz",
        "father.g.vcf.gz",
        "mother.g.vcf.gz",
        "--ped",
        "family.ped",
        "--build",
        "GRCh38",
        "--reference",
        reference.to_str().unwrap(),
        "--out",
        "again.vcf.gz",
    ]);
    assert!(first == fs::read(household.path("again.vcf.gz")).unwrap());
    // Every record of a sample alone comes back as it was called.
    household.run(&[
        "joint",
        "-q",
        "--gvcf",
        "child.g.vcf.gz",
        "--reference",
        reference.to_str().unwrap(),
        "--out",
        "alone.vcf.gz",
    ]);
    let genotypes = |file: &str| -> Vec<(String, String)> {
        lines(&household.path(file))
            .iter()
            .filter(|l| !l.starts_with('#'))
            .map(|l| {
                let columns: Vec<&str> = l.split('\t').collect();
                let genotype = columns[9].split(':').next().unwrap().replace('|', "/");
                let mut alleles: Vec<&str> = genotype.split('/').collect();
                alleles.sort_unstable();
                (
                    format!("{} {} {} {}", columns[0], columns[1], columns[3], columns[4]),
                    alleles.join("/"),
                )
            })
            .collect()
    };
    // Records that hold two alleles of different places are written as two.
    let alone: BTreeMap<String, String> = genotypes("alone.vcf.gz").into_iter().collect();
    let called = genotypes("child.vcf.gz");
    let simple: Vec<_> = called.iter().filter(|(site, _)| !site.contains(',')).collect();
    assert!(simple.len() * 10 >= called.len() * 9);
    for (site, genotype) in simple {
        assert_eq!(alone.get(site), Some(genotype), "{site}");
    }
}

/// Real sequence, with its repeats.
#[test]
fn a_simulated_family_on_real_sequence() {
    let Some(slices) = shared("data/grch38-slices") else {
        return;
    };
    let (depth, length) = (30.0, 400_000);
    let mut names: Vec<PathBuf> = fs::read_dir(slices).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    let slice = names
        .into_iter()
        .find(|p| p.to_string_lossy().contains("chr13"))
        .unwrap();
    let mut bases: Vec<u8> = lines(&slice)
        .iter()
        .filter(|l| !l.starts_with('>'))
        .flat_map(|l| l.to_ascii_uppercase().into_bytes())
        .skip(100_000)
        .take(length)
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let reference = folder.path().join("slice.fa");
    let mut text = b">chr13\n".to_vec();
    text.append(&mut bases);
    text.push(b'\n');
    fs::write(&reference, text).unwrap();
    let household = Household::new(
        folder,
        &reference,
        vec![Interval::new("chr13", 0, length as u32)],
        10,
        41,
    );
    household.sequence(depth);
    let (found, others, joint, own, _) = measure(&household, "real sequence, 400 kb, depth 30");
    assert!(
        found * 100 >= household.de_novo.len() * 95,
        "{found} of {}",
        household.de_novo.len()
    );
    assert!(others <= 3, "{others}");
    assert!(joint >= 0.97 && joint + 1e-9 >= own, "{joint} {own}");
}

#[test]
fn a_family_that_cannot_be_used_is_named_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("r.fa", ">chr1\nACGTACGTAC\n");
    let head = "##fileformat=VCFv4.3\n##contig=<ID=chr1,length=10>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tJane";
    write(
        "good.g.vcf",
        &format!("{head}\nchr1\t1\t.\tA\t<NON_REF>\t.\t.\tEND=10\tGT:DP:GQ:MIN_DP:PL\t0/0:9:27:9:0,27,270\n"),
    );
    write(
        "plain.vcf",
        &format!("{head}\nchr1\t1\t.\tA\tG\t50\tPASS\t.\tGT\t0/1\n"),
    );
    write("good.ped", "h Jane 0 0 2 1\n");
    write("cycle.ped", "h Jane x 0 2 1\nh x y 0 1 1\nh y x 0 1 1\n");
    write("other.ped", "h Joan 0 0 2 1\n");
    let joint = |gvcf: &str, ped: &str| {
        [
            "joint",
            "-q",
            "--gvcf",
            gvcf,
            "--ped",
            ped,
            "--reference",
            "r.fa",
            "--out",
            "o.vcf.gz",
        ]
        .map(str::to_owned)
        .to_vec()
    };
    let family = |vcf: &str, ped: &str| {
        ["family", "-q", "--vcf", vcf, "--ped", ped, "--out", "o.json"]
            .map(str::to_owned)
            .to_vec()
    };
    for (words, code, said) in [
        (joint("none.g.vcf", "good.ped"), 4, "none.g.vcf: cannot open"),
        (
            joint("plain.vcf", "good.ped"),
            3,
            "plain.vcf, record 1: the last alternate is not <NON_REF>",
        ),
        (joint("r.fa", "good.ped"), 3, "r.fa: has no header of a VCF file"),
        (
            joint("good.g.vcf", "cycle.ped"),
            3,
            "cycle.ped, line 1: makes a person their own ancestor",
        ),
        (
            joint("good.g.vcf", "other.ped"),
            3,
            "good.g.vcf: its sample is not in the pedigree",
        ),
        (
            family("plain.vcf", "other.ped"),
            3,
            "plain.vcf: 1 of its samples are not in the pedigree",
        ),
        (
            family("good.ped", "good.ped"),
            3,
            "good.ped: has no header of a VCF file",
        ),
    ] {
        let output = clinotype().current_dir(folder.path()).args(&words).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{words:?}: {}", errors(&output));
        assert!(errors(&output).contains(said), "{words:?}: {}", errors(&output));
        assert!(!errors(&output).contains("Jane"), "{}", errors(&output));
        assert!(!folder.path().join("o.vcf.gz").exists() && !folder.path().join("o.json").exists());
    }
    for words in [joint("good.g.vcf", "good.ped"), family("plain.vcf", "good.ped")] {
        let output = clinotype().current_dir(folder.path()).args(&words).output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", errors(&output));
    }
}
