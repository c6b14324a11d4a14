//! Tumour-only calls and mitochondria, from the real binary: the files, the statements, and what refuses them.

use std::{fs, path::Path};

use clinotype_tests::{TinyCase, clinotype, errors, lines, shared};
use serde_json::Value;

fn succeeds(folder: &Path, words: &[&str]) -> String {
    let output = clinotype().current_dir(folder).args(words).output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", errors(&output));
    errors(&output)
}

fn refused(folder: &Path, words: &[&str], code: i32) -> String {
    let output = clinotype().current_dir(folder).args(words).output().unwrap();
    assert_eq!(output.status.code(), Some(code), "{words:?}: {}", errors(&output));
    errors(&output)
}

fn records(vcf: &Path) -> Vec<String> {
    lines(vcf).into_iter().filter(|l| !l.starts_with('#')).collect()
}

/// `somatic-class` on the annotated calls: with nothing given nothing is concluded, each table adds what it knows, and
/// every allele is judged or counted.
fn judged_apart_from_the_germline(case: &TinyCase) {
    let folder = case.folder();
    let judge = |more: &[&str]| -> Value {
        let words = [
            "somatic-class",
            "--quiet",
            "--vcf",
            "t.annotated.vcf.gz",
            "--out",
            "s.json",
        ];
        succeeds(folder, &[&words[..], more].concat());
        serde_json::from_slice(&fs::read(case.path("s.json")).unwrap()).unwrap()
    };
    // The calls of before failed the filter for germline origin: counted, not judged.
    let made = judge(&[]);
    assert_eq!(
        (&made["schema"], &made["status"]),
        (&"clinotype-somatic/1".into(), &"DRAFT".into())
    );
    assert_eq!((&made["alleles"], &made["judged"]), (&1.into(), &0.into()));
    assert_eq!(made["left_out"]["failed the filter germline"], 1);
    // What a person entered is judged nevertheless.
    let key = case.variant();
    let allele = format!("{}\t{}\t{}\t{}", key.contig, key.position, key.reference, key.alternate);
    case.write(
        "entered.tsv",
        &format!("contig\tpos\tref\talt\tcodes\treason\tby\n{allele}\tOS2\tassay\tDr. A\n"),
    );
    let made = judge(&["--entered", "entered.tsv"]);
    let one = &made["variants"][0]["assessment"];
    assert_eq!(
        (&one["oncogenicity"]["points"], &one["tier"]),
        (&4.into(), &Value::Null)
    );
    let gene = made["variants"][0]["gene"].as_str().unwrap().to_owned();
    case.write(
        "statements.tsv",
        &format!("gene\tchange\tlevel\ttumour\twords\tsource\n{gene}\tMutation\tB\tMelanoma\tworse outcome\tA 2020\n"),
    );
    let all = ["--entered", "entered.tsv", "--statements", "statements.tsv"];
    let made = judge(&[&all[..], &["--tumour", "Melanoma"]].concat());
    let one = &made["variants"][0]["assessment"];
    // A statement on the whole gene decides nothing while the class is uncertain.
    assert_eq!(
        (&one["tier"], &one["further_statements"][0]["source"]),
        (&"III".into(), &"A 2020".into())
    );
    case.write(
        "entered.tsv",
        &format!("contig\tpos\tref\talt\tcodes\treason\tby\n{allele}\tOS2, OM1\tassay\tDr. A\n"),
    );
    let made = judge(&[&all[..], &["--tumour", "Melanoma"]].concat());
    let one = &made["variants"][0]["assessment"];
    assert_eq!(
        (&one["oncogenicity"]["class"], &one["tier"]),
        (&"likely_oncogenic".into(), &"IB".into())
    );
    case.write(
        "entered.tsv",
        "contig\tpos\tref\talt\tcodes\treason\tby\nchr1\t1\tA\tC\tOS2\tassay\tDr. A\n",
    );
    let words = [
        "somatic-class",
        "--quiet",
        "--vcf",
        "t.annotated.vcf.gz",
        "--out",
        "s2.json",
        "--entered",
        "entered.tsv",
    ];
    let said = refused(folder, &words, 3);
    assert!(said.contains("is not in the VCF") && !said.contains("Dr. A"), "{said}");
    assert!(!case.path("s2.json").exists());
}

#[test]
fn tumour_only_calls_say_what_they_are_and_no_report_is_made_from_them() {
    let case = TinyCase::new();
    let folder = case.folder();
    let key = case.variant();
    case.write(
        "gnomad.vcf",
        &format!(
            "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n{}\t{}\t.\t{}\t{}\t.\t.\tAF=0.2;AC=2000;AN=10000\n",
            key.contig, key.position, key.reference, key.alternate
        ),
    );
    succeeds(
        folder,
        &[
            "align",
            "--quiet",
            "--sample",
            "T-1",
            "--reads",
            "R1.fastq.gz",
            "R2.fastq.gz",
            "--reference",
            "reference.fa",
            "--out",
            "t.bam",
        ],
    );
    let call = |more: &[&str]| {
        let words = [
            "somatic",
            "--bam",
            "t.bam",
            "--reference",
            "reference.fa",
            "--out",
            "t.vcf.gz",
            "--summary",
            "t.json",
        ];
        succeeds(folder, &[&words[..], more].concat())
    };
    let said = call(&[]);
    assert!(
        said.contains("no allele is proven to be somatic") && said.contains("no call is no negative"),
        "{said}"
    );
    let found = records(&case.path("t.vcf.gz"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].contains("\tPASS\t") && found[0].contains("GERM=not_evaluated"),
        "{found:?}"
    );
    let summary: Value = serde_json::from_slice(&fs::read(case.path("t.json")).unwrap()).unwrap();
    assert_eq!(summary["schema"], "clinotype-tumor-only/1");
    assert_eq!(
        (&summary["records"], &summary["germline"]["not_evaluated"]),
        (&1.into(), &1.into())
    );
    // 45 reads do not show 5 %.
    assert_eq!(summary["sensitivity"]["bases_sufficient"], 0);
    assert!(summary["sensitivity"]["sufficient_depth"].as_u64().unwrap() > 100);
    let with = call(&["--frequencies", "gnomad.vcf", "--build", "GRCh38"]);
    assert!(with.contains("no negative"));
    let found = records(&case.path("t.vcf.gz"));
    assert!(
        found[0].contains("\tgermline\t") && found[0].contains("GERM=likely_germline"),
        "{found:?}"
    );
    // Annotation is for all variants; interpretation and the whole run are for germline genotypes.
    succeeds(
        folder,
        &[
            "annotate",
            "--quiet",
            "--vcf",
            "t.vcf.gz",
            "--reference",
            "reference.fa",
            "--transcripts",
            "transcripts.gff3",
            "--build",
            "GRCh38",
            "--out",
            "t.annotated.vcf.gz",
        ],
    );
    let said = refused(
        folder,
        &[
            "interpret",
            "--quiet",
            "--vcf",
            "t.annotated.vcf.gz",
            "--reference",
            "reference.fa",
            "--transcripts",
            "transcripts.gff3",
            "--out",
            "i.json",
        ],
        3,
    );
    assert!(said.contains("tumour-only calls"), "{said}");
    let output = case.run(&["--vcf", "t.vcf.gz"], &[]).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(errors(&output).contains("tumour-only calls"), "{}", errors(&output));
    judged_apart_from_the_germline(&case);
    let said = refused(
        folder,
        &[
            "somatic",
            "--quiet",
            "--bam",
            "t.bam",
            "--reference",
            "reference.fa",
            "--contamination",
            "0.7",
            "--out",
            "u.vcf.gz",
            "--summary",
            "u.json",
        ],
        2,
    );
    assert!(said.contains("contamination"), "{said}");
    let said = refused(
        folder,
        &[
            "somatic",
            "--quiet",
            "--bam",
            "t.bam",
            "--reference",
            "reference.fa",
            "--frequencies",
            "gnomad.vcf",
            "--out",
            "u.vcf.gz",
            "--summary",
            "u.json",
        ],
        3,
    );
    assert!(said.contains("--build"), "{said}");
    assert!(!case.path("u.vcf.gz").exists() && !case.path("u.json").exists());
}

/// Fractions of a mitochondrial VCF by position and alternate.
fn fractions(vcf: &Path, key: &str) -> Vec<(String, f64)> {
    records(vcf)
        .iter()
        .map(|record| {
            let fields: Vec<&str> = record.split('\t').collect();
            let at = fields[8].split(':').position(|k| k == key).unwrap();
            let told = fields[9].split(':').nth(at).unwrap().split(',').next().unwrap();
            (
                format!("{}{}>{}", fields[1], fields[3], fields[4]),
                told.parse().unwrap(),
            )
        })
        .collect()
}

#[test]
fn a_real_mitochondrial_genome_runs_through() {
    let Some(data) = shared("data/reads/chrM") else { return };
    let folder = tempfile::tempdir().unwrap();
    let (bam, reference) = (data.join("NA12878.bam"), data.join("reference.fa"));
    let (bam, reference) = (bam.to_str().unwrap(), reference.to_str().unwrap());
    succeeds(
        folder.path(),
        &[
            "call",
            "--quiet",
            "--bam",
            bam,
            "--reference",
            reference,
            "--out",
            "m.vcf.gz",
            "--gvcf",
            "m.g.vcf.gz",
        ],
    );
    succeeds(
        folder.path(),
        &[
            "somatic",
            "--quiet",
            "--bam",
            bam,
            "--reference",
            reference,
            "--out",
            "s.vcf.gz",
            "--summary",
            "s.json",
        ],
    );
    let germline = fractions(&folder.path().join("m.vcf.gz"), "HF");
    // The slice holds reads of the first thousand bases; 263 and 750 are the reference's own rare bases.
    for known in ["152T>C", "263A>G", "750A>G"] {
        let found = germline.iter().find(|(name, _)| name == known);
        assert!(
            found.is_some_and(|(_, fraction)| *fraction > 0.95),
            "{known}: {germline:?}"
        );
    }
    // One model: what both commands call has the same fraction.
    let tumour = fractions(&folder.path().join("s.vcf.gz"), "AF");
    for (name, fraction) in &germline {
        if let Some((_, other)) = tumour.iter().find(|(n, _)| n == name) {
            assert!((fraction - other).abs() < 0.02, "{name}: {fraction} {other}");
        }
    }
    // Every base of the ring is told of once.
    let mut at = 0;
    for line in records(&folder.path().join("m.g.vcf.gz")) {
        let fields: Vec<&str> = line.split('\t').collect();
        assert_eq!(fields[1].parse::<usize>().unwrap(), at + 1, "{line}");
        at = fields[7]
            .strip_prefix("END=")
            .map_or_else(|| at + fields[3].len(), |end| end.parse().unwrap());
    }
    assert_eq!(at, 16_569);
}
