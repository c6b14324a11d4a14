//! The gene rank on the HPO's real files and on made-up VCFs.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::sync::LazyLock;

use clinotype_case::{Sex, phenotype::GeneRank};
use clinotype_genome::{Fault, fs};
use clinotype_jobs::{
    rank::{Hpo, RankRequest, rank, text},
    watch::Nobody,
};
use clinotype_tests::shared;

/// The HPO's files, read once.
static HPO: LazyLock<Option<Hpo>> = LazyLock::new(|| Some(Hpo::open(&shared("data/hpo")?).unwrap()));

const HEAD: &str = "##fileformat=VCFv4.2\n##contig=<ID=chr15,length=101991189>\n##contig=<ID=chrX,length=156040895>\n\
##INFO=<ID=CSQ,Number=.,Type=String,Description=\"Format: Allele|Consequence|SYMBOL|ALLELE_NUM\">\n\
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS";

/// Alleles of the Marfan gene, of one without a disease, of an X-linked one, and others that take no part.
const RECORDS: &str = "chr15\t100\t.\tC\tT\t50\tPASS\tCSQ=T|stop_gained|FBN1|1;CLINVAR_SIG=Pathogenic,.\tGT:PS\t0/1:.\n\
chr15\t200\t.\tC\tT\t50\tPASS\tCSQ=T|missense_variant|NOSUCHGENE|1\tGT\t1/1\n\
chr15\t300\t.\tC\tT\t50\tPASS\tCSQ=T|intron_variant|FBN1|1\tGT\t1/1\n\
chr15\t400\t.\tC\tT\t50\tLowQual\tCSQ=T|stop_gained|FBN1|1\tGT\t1/1\n\
chr15\t500\t.\tC\tT\t50\tPASS\tCSQ=T|missense_variant|FBN1|1;FREQ_AF=0.3\tGT\t1/1\n\
chr15\t600\t.\tC\tT\t50\tPASS\tCSQ=T|missense_variant|FBN1|1\tGT\t./.\n\
chrX\t70000000\t.\tC\tT\t50\tPASS\tCSQ=T|missense_variant|ATRX|1\tGT\t1/1\n";

fn run(records: &str, terms: &[&str], excluded: &[&str]) -> Option<Result<GeneRank, Fault>> {
    let hpo = HPO.as_ref()?;
    let work = tempfile::tempdir().unwrap();
    let vcf = work.path().join("s.vcf");
    fs::write_atomic(&vcf, records.as_bytes()).unwrap();
    let words = |list: &[&str]| -> Vec<String> { list.iter().map(|w| (*w).to_owned()).collect() };
    Some(rank(
        &RankRequest {
            vcf: &vcf,
            sample: None,
            build: None,
            sex: Sex::Male,
            hpo,
            present: &words(terms),
            excluded: &words(excluded),
            genes: None,
        },
        &Nobody,
    ))
}

#[test]
fn marfan_features_find_the_gene() {
    // Ectopia lentis, aortic root aneurysm, arachnodactyly; a term of another place; one from the future; one that is obsolete.
    let terms = [
        "HP:0001083",
        "HP:0002616",
        "HP:0001166",
        "HP:0000006",
        "HP:9999999",
        "HP:0000057",
    ];
    let Some(found) = run(&format!("{HEAD}\n{RECORDS}"), &terms, &["HP:0001249"]) else {
        return;
    };
    let found = found.unwrap();
    eprintln!("{}", text(&found, 5));
    let genes: Vec<(u32, &str)> = found.genes.iter().map(|g| (g.rank, g.gene.as_str())).collect();
    assert_eq!(genes[0], (1, "FBN1"));
    assert_eq!(genes.len(), 3);
    let first = &found.genes[0];
    // Marfan syndrome (OMIM:154700, ORPHA:558) or a disease of the same gene that has these very features.
    let disease = first.disease.as_ref().unwrap();
    assert!(
        disease
            .matches
            .iter()
            .any(|m| m.annotated.as_deref().is_some_and(|a| a.contains("HP:0001083"))),
        "{disease:?}"
    );
    assert_eq!(first.alleles.len(), 1);
    assert_eq!(first.alleles[0].clinvar.as_deref(), Some("Pathogenic"), "shown");
    assert!(
        first.sentence.starts_with("Rank 1: ") && first.sentence.contains("stop gained"),
        "{}",
        first.sentence
    );
    let none = found.genes.iter().find(|g| g.gene == "NOSUCHGENE").unwrap();
    assert!(none.disease.is_none() && none.phenotype.is_none());
    let x = found.genes.iter().find(|g| g.gene == "ATRX").unwrap();
    assert_eq!(x.alleles[0].zygosity, clinotype_case::evidence::Zygosity::Hemizygous);
    assert!(x.sentence.contains("X-linked"), "{}", x.sentence);
    // Every allele is accounted for.
    let dropped: u64 = found.dropped.iter().map(|d| d.count).sum();
    assert_eq!((found.alleles, dropped), (7, 4));
    assert_eq!(found.terms.unknown, ["HP:9999999"]);
    assert_eq!(found.terms.not_phenotypes, ["HP:0000006"]);
    assert_eq!(
        found.terms.used.len() + found.terms.obsolete.len(),
        4,
        "{:?}",
        found.terms
    );
    assert!(
        found
            .not_evaluated
            .iter()
            .any(|w| w.contains("of the person's terms take no part"))
    );
    assert!(found.rules.iter().any(|r| r == "ClinVar is shown, never scored."));
}

#[test]
fn clinvar_changes_no_score() {
    let terms = ["HP:0001083"];
    let Some(with) = run(&format!("{HEAD}\n{RECORDS}"), &terms, &[]) else {
        return;
    };
    let without = run(
        &format!("{HEAD}\n{}", RECORDS.replace("Pathogenic", "Benign")),
        &terms,
        &[],
    )
    .unwrap()
    .unwrap();
    let scores = |found: &GeneRank| {
        found
            .genes
            .iter()
            .map(|g| (g.gene.clone(), g.score))
            .collect::<Vec<_>>()
    };
    assert_eq!(scores(&with.unwrap()), scores(&without));
}

#[test]
fn alternative_and_obsolete_terms_are_mapped_and_said() {
    let Some(hpo) = HPO.as_ref() else { return };
    // HP:0004715 is an alternative identifier of HP:0000003 in the release of 2016.
    let (terms, present, _) = hpo
        .terms(&["HP:0004715".to_owned(), "HP:0000003".to_owned()], &[])
        .unwrap();
    assert_eq!(terms.mapped["HP:0004715"], "HP:0000003");
    assert_eq!((present.len(), terms.used.len()), (1, 1), "one term, named twice");
    let fault = hpo.terms(&["HP:9999999".to_owned()], &[]).unwrap_err();
    assert!(
        fault.what().contains("none of the 1 terms can be used: 1 are unknown"),
        "{fault}"
    );
    for wrong in ["seizure", "HP:123", "0001250"] {
        let fault = hpo.terms(&[wrong.to_owned()], &[]).unwrap_err();
        assert!(fault.what().contains("is no term of HPO"), "{fault}");
    }
}

#[test]
fn faults_are_clear() {
    let terms = ["HP:0001083"];
    for (text, words) in [
        (
            format!("{HEAD}\n{RECORDS}").replace("ID=CSQ", "ID=XYZ"),
            "has no annotation",
        ),
        (
            format!("{HEAD}\tT\n{}", RECORDS.replace("\t1/1\n", "\t1/1\t0/0\n")),
            "holds 2 samples",
        ),
        (
            format!(
                "{}\nchr15\t1\t.\tA\tC\t.\t.\tCSQ=C|stop_gained|FBN1|1\n",
                HEAD.replace("\tFORMAT\tS", "")
            ),
            "no sample column",
        ),
        (
            format!("{HEAD}\nchr15\t1\t.\tA\tC\t.\t.\tCSQ=C|stop_gained|FBN1|1\tDP\t9\n"),
            "no genotypes (GT)",
        ),
        (format!("{HEAD}\nchr15\t1\n"), "not one of a VCF"),
    ] {
        let Some(found) = run(&text, &terms, &[]) else { return };
        let fault = found.unwrap_err();
        assert!(fault.what().contains(words), "{fault}");
    }
    let empty = tempfile::tempdir().unwrap();
    let fault = Hpo::open(empty.path()).unwrap_err();
    assert!(fault.what().contains("holds no hp.obo"), "{fault}");
}
