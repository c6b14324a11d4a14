//! Pharmacogenomics from files: several forms of a VCF, callable regions, another build, faults with their place.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::path::{Path, PathBuf};

use clinotype_case::pgx::{CallSource, Evidence, Pharmacogenomics};
use clinotype_genome::{Build, fs};
use clinotype_jobs::pgx::{Input, Pgx, Resources};

const HEAD: &str = "##fileformat=VCFv4.2\n##contig=<ID=chr16,length=90338345>\n\
                    #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\tS2\n";
const ROW: &str = "chr16\t31096368\trs9923231\tC\tT\t.\tPASS\t.\tGT\t0/1\t1/1\n";

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write_atomic(&path, text.as_bytes()).unwrap();
    path
}

fn run(resources: &Resources<'_>, input: &Input<'_>) -> clinotype_genome::Result<Pharmacogenomics> {
    Pgx::prepare(resources)?.sample(input)
}

fn vkorc1(result: &Pharmacogenomics) -> (String, CallSource) {
    let gene = result.genes.iter().find(|g| g.gene == "VKORC1").unwrap();
    (gene.phenotypes.join(""), gene.source)
}

#[test]
fn the_sample_is_chosen_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let vcf = write(folder.path(), "a.vcf", &format!("{HEAD}{ROW}"));
    let mut input = Input {
        vcf: Some(&vcf),
        ..Input::default()
    };
    let fault = run(&Resources::default(), &input).unwrap_err();
    assert!(fault.to_string().ends_with("the VCF has 2 samples"), "{fault}");
    assert_eq!(fault.place().path.as_deref(), Some(vcf.as_path()));
    for (name, phenotype) in [("S1", "-1639 AG"), ("S2", "-1639 AA")] {
        input.sample = Some(name);
        let result = run(&Resources::default(), &input).unwrap();
        assert_eq!(vkorc1(&result), (phenotype.to_owned(), CallSource::Matcher));
        assert_eq!(result.build_proof, "contig lengths of the VCF");
        // What is written can be read back.
        let text = serde_json::to_string(&result).unwrap();
        assert_eq!(serde_json::from_str::<Pharmacogenomics>(&text).unwrap(), result);
    }
    input.sample = Some("S3");
    let fault = run(&Resources::default(), &input).unwrap_err().to_string();
    assert!(fault.contains("not in the VCF") && !fault.contains("S3"), "{fault}");
}

#[test]
fn callable_regions_fill_and_are_marked() {
    let folder = tempfile::tempdir().unwrap();
    let vcf = write(folder.path(), "a.vcf", &HEAD.replace("\tS2", ""));
    let input = Input {
        vcf: Some(&vcf),
        ..Input::default()
    };
    let empty = run(&Resources::default(), &input).unwrap();
    assert_eq!(vkorc1(&empty), ("No Result".to_owned(), CallSource::None));
    for (bed, filled) in [
        ("chr16\t31096367\t31096368\n", true),
        ("16\t31096300\t31096350\n16\t31096340\t31096400\n", true),
        ("chr16\t31096368\t31096400\n", false),
        ("chr16\t31096000\t31096367\n", false),
    ] {
        let bed = write(folder.path(), "a.bed", bed);
        let resources = Resources {
            callable: Some(&bed),
            ..Resources::default()
        };
        let result = run(&resources, &input).unwrap();
        assert_eq!(vkorc1(&result).0 == "-1639 GG", filled);
        if filled {
            let gene = result.genes.iter().find(|g| g.gene == "VKORC1").unwrap();
            assert_eq!(gene.positions[0].evidence, Evidence::CallableRegion);
            assert!(
                result
                    .limits
                    .iter()
                    .any(|l| l.starts_with("1 positions without a record"))
            );
        }
    }
    let bad = write(folder.path(), "bad.bed", "chr16\t9\t3\n");
    let resources = Resources {
        callable: Some(&bad),
        ..Resources::default()
    };
    let fault = run(&resources, &input).unwrap_err();
    assert_eq!((fault.what(), fault.place().line), ("start is not before end", Some(1)));
}

#[test]
fn another_build_is_refused_or_lifted() {
    let folder = tempfile::tempdir().unwrap();
    // A chain file of one stretch around VKORC1, with the real lengths of chromosome 16 on both builds.
    let chain = "chain 1000 chr16 90354753 + 31000000 31200000 chr16 90338345 + 30988679 31188679 1\n200000\n\n";
    let chain = write(folder.path(), "a.chain", chain);
    let head = HEAD.replace("90338345", "90354753").replace("\tS2", "");
    let vcf = write(
        folder.path(),
        "a.vcf",
        &format!("{head}16\t31107689\t.\tC\tT\t.\tPASS\t.\tGT\t1/1\n"),
    );
    let input = Input {
        vcf: Some(&vcf),
        ..Input::default()
    };
    let fault = run(&Resources::default(), &input).unwrap_err();
    assert!(fault.to_string().contains("is of GRCh37") && fault.advice().is_some_and(|a| a.contains("--chain")));
    let resources = Resources {
        chain: Some(&chain),
        ..Resources::default()
    };
    let result = run(&resources, &input).unwrap();
    assert_eq!(
        (result.build, vkorc1(&result).0),
        (Build::Grch37, "-1639 AA".to_owned())
    );
    assert!(
        result.limits.iter().any(|l| l.contains("1 of 1202 positions")),
        "{:?}",
        result.limits
    );
}

#[test]
fn outside_calls_alone_and_bad_folders() {
    let folder = tempfile::tempdir().unwrap();
    let calls = write(folder.path(), "calls.tsv", "CYP2D6\t*4/*4\nCYP2C19\t*1\n");
    let input = Input {
        outside: std::slice::from_ref(&calls),
        ..Input::default()
    };
    let fault = run(&Resources::default(), &input).unwrap_err();
    assert_eq!(
        (fault.place().path.as_deref(), fault.place().line),
        (Some(calls.as_path()), Some(2))
    );
    let calls = write(folder.path(), "calls.tsv", "CYP2D6\t*4/*4\n");
    let medicines = ["codeine".to_owned()];
    let input = Input {
        outside: std::slice::from_ref(&calls),
        medications: Some(&medicines),
        ..Input::default()
    };
    let result = run(&Resources::default(), &input).unwrap();
    let alert = &result.medications.as_ref().unwrap()[0];
    assert_eq!(alert.level, clinotype_case::pgx::AlertLevel::AlternateDrug);
    let empty = tempfile::tempdir().unwrap();
    for resources in [
        Resources {
            definitions: Some(empty.path()),
            ..Resources::default()
        },
        Resources {
            guidelines: Some(empty.path()),
            ..Resources::default()
        },
    ] {
        assert!(
            run(&resources, &input)
                .unwrap_err()
                .to_string()
                .contains("no file that can be used")
        );
    }
}

#[test]
fn three_copies_of_cyp2d6_in_real_reads() {
    let shared = std::env::var_os("CLINOTYPE_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let bam = shared.join("data/reads/cyp2d6/test.PGx.CYP2D6.bam");
    if !bam.exists() {
        assert!(
            std::env::var_os("CI").is_none(),
            "the reads are missing: {}",
            bam.display()
        );
        println!("skipped: {} is not there", bam.display());
        return;
    }
    let input = Input {
        bam: Some(&bam),
        ..Input::default()
    };
    let result = run(&Resources::default(), &input).unwrap();
    assert_eq!(
        (result.build, result.build_proof.as_str()),
        (Build::Grch37, "contig lengths of the BAM")
    );
    let copies = result.cyp2d6.unwrap();
    for segment in &copies.segments {
        println!(
            "{}: {} reads, ratio {:.2}, {:?} copies ({:.4}), ambiguous {:.2}",
            segment.name, segment.reads, segment.ratio, segment.copies, segment.probability, segment.ambiguous
        );
    }
    println!(
        "{} controls, scatter {:.3}: {}",
        copies.controls, copies.scatter, copies.text
    );
    // HG00436 is *2x2/*71 (GeT-RM): three copies.
    assert_eq!(copies.copies, Some(3));
    let gene = result.genes.iter().find(|g| g.gene == "CYP2D6").unwrap();
    assert!(!gene.called, "depth stands beside the call and never makes one");
}
