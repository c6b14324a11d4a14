//! Where a (likely) pathogenic variant stands: inheritance, zygosity, sex, phase.

use clinotype_case::{
    Sex,
    evidence::{AnnotatedVariant, Zygosity},
    finding::Section,
};

use crate::bench::*;

fn sections(sex: Sex, variants: &[AnnotatedVariant]) -> Vec<(Section, Zygosity)> {
    let genes: Vec<&str> = variants
        .iter()
        .map(|v| v.consequences[0].symbol.as_deref().unwrap())
        .collect();
    let bench = Bench {
        sex,
        ..Bench::new(&genes)
    };
    bench
        .run(variants.to_vec())
        .findings
        .iter()
        .map(|f| (f.section, f.zygosity))
        .collect()
}

#[test]
fn one_variant_by_inheritance_zygosity_and_sex() {
    use Section::{Carrier, Primary, Unassigned};
    use Zygosity::{Hemizygous, Heterozygous, Homozygous};
    for (gene, contig, text, sex, section, zygosity) in [
        ("BRCA1", "chr17", "0/1", Sex::Female, Primary, Heterozygous),
        ("BRCA1", "chr17", "1/1", Sex::Female, Primary, Homozygous),
        ("BRCA1", "chr17", "1", Sex::Female, Unassigned, Hemizygous),
        ("LDLR", "chr19", "0/1", Sex::Female, Primary, Heterozygous),
        ("CFTR", "chr7", "0/1", Sex::Female, Carrier, Heterozygous),
        ("CFTR", "chr7", "1/1", Sex::Female, Primary, Homozygous),
        ("CFTR", "chr7", "1", Sex::Female, Unassigned, Hemizygous),
        ("DMD", "chrX", "1", Sex::Male, Primary, Hemizygous),
        ("DMD", "chrX", "1/1", Sex::Male, Primary, Hemizygous),
        ("DMD", "chrX", "0/1", Sex::Male, Unassigned, Heterozygous),
        ("DMD", "chrX", "0/1", Sex::Female, Carrier, Heterozygous),
        ("DMD", "chrX", "1/1", Sex::Female, Primary, Homozygous),
        ("DMD", "chrX", "1", Sex::Female, Unassigned, Hemizygous),
        ("DMD", "chrX", "1", Sex::Unknown, Primary, Hemizygous),
        ("MECP2", "chrX", "0/1", Sex::Female, Primary, Heterozygous),
        ("MECP2", "chrX", "1", Sex::Male, Primary, Hemizygous),
    ] {
        let mut v = frameshift(gene, contig, 40_000_000);
        v.genotype = genotype(text);
        assert_eq!(sections(sex, &[v]), [(section, zygosity)], "{gene} {text} {sex}");
    }
}

fn pair(a: (&str, Option<u32>), b: (&str, Option<u32>)) -> Vec<Section> {
    let mut variants = [
        frameshift("CFTR", "chr7", 117_000_100),
        frameshift("CFTR", "chr7", 117_000_900),
    ];
    for (v, (text, set)) in variants.iter_mut().zip([a, b]) {
        v.genotype = genotype(text);
        v.genotype.phase_set = set;
    }
    sections(Sex::Female, &variants)
        .into_iter()
        .map(|(section, _)| section)
        .collect()
}

#[test]
fn two_alleles_of_a_recessive_gene() {
    use Section::{Carrier, Primary};
    for (what, a, b, expected) in [
        ("unphased", ("0/1", None), ("0/1", None), Primary),
        ("trans", ("0|1", Some(7)), ("1|0", Some(7)), Primary),
        ("cis", ("0|1", Some(7)), ("0|1", Some(7)), Carrier),
        ("two phase sets", ("0|1", Some(7)), ("0|1", Some(8)), Primary),
        ("phased without a set", ("0|1", None), ("0|1", None), Primary),
        ("one unphased", ("0|1", Some(7)), ("0/1", Some(7)), Primary),
    ] {
        assert_eq!(pair(a, b), [expected, expected], "{what}");
    }
    assert_eq!(pair(("1/1", None), ("0/1", None)), [Primary, Primary]);
}

#[test]
fn the_words_name_the_phase() {
    let words = |a: &str, b: &str| {
        let mut variants = [
            frameshift("CFTR", "chr7", 117_000_100),
            frameshift("CFTR", "chr7", 117_000_900),
        ];
        for (v, text) in variants.iter_mut().zip([a, b]) {
            v.genotype = genotype(text);
            v.genotype.phase_set = Some(1);
        }
        let result = Bench::new(&["CFTR"]).run(variants);
        (
            result.findings[0].sentences[9].clone(),
            result.conclusion.recommendations,
        )
    };
    assert!(words("0|1", "1|0").0.contains("in trans"));
    assert!(words("0|1", "0|1").0.contains("in cis"));
    let (sentence, recommendations) = words("0/1", "0/1");
    assert!(sentence.contains("phase is unknown"), "{sentence}");
    assert!(
        recommendations.iter().any(|r| r.starts_with("Test the parents")),
        "{recommendations:?}"
    );
}

#[test]
fn two_alternates_of_one_genotype_lie_in_trans() {
    let (mut a, mut b) = (
        frameshift("CFTR", "chr7", 117_000_100),
        frameshift("CFTR", "chr7", 117_000_100),
    );
    b.key.alternate = "AGG".to_owned();
    for v in [&mut a, &mut b] {
        v.genotype = genotype("1/2");
        v.genotype.copies = Some(1);
    }
    let result = Bench::new(&["CFTR"]).run([a, b]);
    assert!(
        result
            .findings
            .iter()
            .all(|f| f.section == Section::Primary && f.sentences[9].contains("in trans"))
    );
}

#[test]
fn pathogenic_alleles_of_two_recessive_genes_are_two_carrier_states() {
    let both = [
        frameshift("CFTR", "chr7", 117_000_100),
        frameshift("ATP7B", "chr13", 52_000_000),
    ];
    assert!(
        sections(Sex::Female, &both)
            .iter()
            .all(|(section, _)| *section == Section::Carrier)
    );
}

#[test]
fn the_order_of_the_report() {
    let genes = ["BRCA1", "BRCA2", "CFTR", "STK11"];
    let bench = Bench::ordered(&genes, r#", "policy": {"list_vus": true}"#);
    let mut rare = variant("STK11", "chr19", 1_200_000);
    rare.frequency = clinotype_case::evidence::Lookup::Absent;
    let result = bench.run([
        variant("STK11", "chr19", 1_100_000),
        rare,
        frameshift("CFTR", "chr7", 117_000_100),
        frameshift("BRCA1", "chr17", 43_000_000),
        frameshift("BRCA2", "chr13", 32_000_000),
    ]);
    let order: Vec<String> = result
        .findings
        .iter()
        .map(|f| format!("{} {}", f.id, f.variant.key))
        .collect();
    assert_eq!(
        order,
        [
            "V1 chr13-32000000-AG-A",
            "V2 chr17-43000000-AG-A",
            "V3 chr7-117000100-AG-A",
            "V4 chr19-1200000-A-G",
            "V5 chr19-1100000-A-G"
        ]
    );
}

#[test]
fn the_shown_transcript_and_what_another_one_says() {
    use clinotype_case::evidence::{Impact, Mane};
    let mut v = frameshift("BRCA1", "chr17", 43_000_000);
    v.consequences[0].terms = vec!["splice_donor_variant".to_owned()];
    v.consequences[0].loss_of_function = Some(clinotype_case::evidence::LossOfFunction {
        skip_keeps_frame: Some(false),
        ..lof(Some(true), 9, 0.9)
    });
    let mut other = consequence("BRCA1", "splice_acceptor_variant", Impact::High);
    (other.transcript, other.picked, other.mane) = ("NM_OTHER.2".to_owned(), false, Mane::None);
    let mut milder = consequence("BRCA1", "synonymous_variant", Impact::Low);
    (milder.transcript, milder.picked, milder.mane) = ("NM_MILD.2".to_owned(), false, Mane::None);
    v.consequences.splice(0..0, [milder, other]);
    let result = Bench::new(&["BRCA1"]).run([v]);
    let finding = &result.findings[0];
    assert_eq!(finding.shown.transcript, "NM_BRCA1.1");
    assert_eq!(finding.more_severe.as_ref().unwrap().transcript, "NM_OTHER.2");
    assert!(finding.sentences[0].contains("NM_OTHER.2"), "{}", finding.sentences[0]);
}
