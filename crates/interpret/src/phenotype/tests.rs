use clinotype_case::{Sex, evidence::Zygosity};
use clinotype_genome::{Pos, VariantKey};

use super::*;

/// Two branches below the phenotypes, one term each two levels down, and a mode of inheritance.
const OBO: &str = "format-version: 1.2\ndata-version: releases/2020-01-01\n\n\
[Term]\nid: HP:0000001\nname: All\n\n[Term]\nid: HP:0000118\nname: Phenotypic abnormality\nis_a: HP:0000001 ! All\n\n\
[Term]\nid: HP:0000010\nname: Eye\nis_a: HP:0000118\n\n[Term]\nid: HP:0000011\nname: Lens\nalt_id: HP:0000099\nis_a: HP:0000010 ! Eye\n\n\
[Term]\nid: HP:0000012\nname: Ectopia\nis_a: HP:0000011\n\n[Term]\nid: HP:0000020\nname: Heart\nis_a: HP:0000118\n\n\
[Term]\nid: HP:0000021\nname: Aorta\nis_a: HP:0000020\n\n[Term]\nid: HP:0000005\nname: Mode\nis_a: HP:0000001\n\n\
[Term]\nid: HP:0000090\nname: obsolete Old\nis_obsolete: true\nreplaced_by: HP:0000099\n\n\
[Term]\nid: HP:0000091\nname: obsolete Gone\nis_obsolete: true\n\n\
[Term]\nid: HP:0000092\nname: obsolete Either\nis_obsolete: true\nconsider: HP:0000021\nconsider: HP:0000012\n\n\
[Typedef]\nid: part_of\nname: part of\n";

const HPOA: &str = "#description: x\n#date: 2023-01-27\n#DatabaseID\tDiseaseName\tQualifier\tHPO_ID\tReference\tEvidence\tOnset\tFrequency\tSex\tModifier\tAspect\tBiocuration\n\
OMIM:1\tLens disease\t\tHP:0000012\tr\tPCS\t\t9/10\t\t\tP\tb\n\
OMIM:1\tLens disease\t\tHP:0000021\tr\tPCS\t\t1/10\t\t\tP\tb\n\
OMIM:1\tLens disease\t\tHP:0000006\tr\tPCS\t\t\t\t\tI\tb\n\
OMIM:2\tAorta disease\t\tHP:0000021\tr\tPCS\t\t\t\t\tP\tb\n\
OMIM:2\tAorta disease\tNOT\tHP:0000012\tr\tPCS\t\t\t\t\tP\tb\n\
OMIM:2\tAorta disease\t\tHP:0000007\tr\tPCS\t\t\t\t\tI\tb\n\
OMIM:3\tEye disease\t\tHP:0000010\tr\tPCS\t\t\t\t\tP\tb\n\
OMIM:3\tEye disease\t\tHP:9999999\tr\tPCS\t\t\t\t\tP\tb\n";

const GENES: &str = "#Format: entrez-gene-id<tab>entrez-gene-symbol<tab>HPO-Term-ID<tab>...\n\
1\tLENS\tHP:0000012\tEctopia\t-\t\t-\tmim2gene\tOMIM:1\n2\tAORT\tHP:0000021\tAorta\t-\t\t-\tmim2gene\tOMIM:2\n\
3\tEYE\tHP:0000010\tEye\t-\t\t-\tmim2gene\tOMIM:3\n4\tNEW\tHP:0000011\tLens\t-\t\t-\torphadata\tORPHA:4\n";

fn read() -> (Ontology, Annotations) {
    let ontology = Ontology::parse(OBO).unwrap();
    let annotations = Annotations::parse(&ontology, HPOA, GENES).unwrap();
    (ontology, annotations)
}

fn term(ontology: &Ontology, id: &str) -> u32 {
    match ontology.resolve(id) {
        Resolved::Term(number) | Resolved::Mapped(number) => number,
        other => panic!("{id}: {other:?}"),
    }
}

#[test]
fn terms_and_what_stands_for_them() {
    let (ontology, annotations) = read();
    assert_eq!(ontology.release.as_deref(), Some("releases/2020-01-01"));
    assert_eq!(ontology.len(), 8);
    let lens = term(&ontology, "HP:0000011");
    assert_eq!(ontology.resolve("HP:0000099"), Resolved::Mapped(lens));
    assert_eq!(
        ontology.resolve("HP:0000090"),
        Resolved::Mapped(lens),
        "replaced by an alternative identifier"
    );
    assert_eq!(ontology.resolve("HP:0000091"), Resolved::Obsolete);
    assert_eq!(
        ontology.resolve("HP:0000092"),
        Resolved::Obsolete,
        "of two a person must choose"
    );
    assert_eq!(ontology.resolve("HP:1234567"), Resolved::Unknown);
    assert!(!ontology.is_phenotypic(term(&ontology, "HP:0000005")));
    assert_eq!(
        (annotations.release.as_deref(), annotations.unknown_rows()),
        (Some("2023-01-27"), 1)
    );
    // A disease of the second file only has that file's features.
    assert_eq!(annotations.diseases["ORPHA:4"].features, [(lens, 0.5)]);
    assert_eq!(annotations.diseases["OMIM:2"].absent, [term(&ontology, "HP:0000012")]);
}

#[test]
fn information_and_similarity() {
    let (ontology, annotations) = read();
    let similarity = Similarity::new(&ontology, &annotations);
    let of = |id: &str| similarity.information(term(&ontology, id));
    // Of four diseases three are of the eye, two below the lens, one has the ectopia; two the aorta.
    assert!((of("HP:0000010") - (4.0_f64 / 3.0).ln()).abs() < 1e-12);
    assert!((of("HP:0000011") - 2.0_f64.ln()).abs() < 1e-12);
    assert!((of("HP:0000012") - 4.0_f64.ln()).abs() < 1e-12);
    assert!((of("HP:0000021") - 2.0_f64.ln()).abs() < 1e-12);
    assert_eq!(of("HP:0000118"), 0.0);
    let query = similarity.query(&[term(&ontology, "HP:0000012"), term(&ontology, "HP:0000010")], &[]);
    assert_eq!(
        query.present,
        [term(&ontology, "HP:0000012")],
        "its ancestor adds nothing"
    );
    let scores: std::collections::BTreeMap<String, f64> = similarity.genes(&query).into_iter().collect();
    // Ectopia against lens: the lens is common; one way and back the same.
    assert!((scores["NEW"] - 0.5).abs() < 1e-12);
    // Exact one way; back the mean of ectopia and of aorta, which meets nothing.
    assert!((scores["LENS"] - 0.75).abs() < 1e-12);
    assert!((scores["EYE"] - (4.0_f64 / 3.0).ln() / 4.0_f64.ln()).abs() < 1e-12);
    assert_eq!(scores["AORT"], 0.0);
    // A term that the person has not, and the disease should, is said.
    let query = similarity.query(&[term(&ontology, "HP:0000021")], &[term(&ontology, "HP:0000011")]);
    let explained = similarity.explain(&query, "OMIM:1", &annotations.diseases["OMIM:1"]);
    assert_eq!(explained.contradicting, ["Lens (HP:0000011)"]);
    assert_eq!(explained.matches[0].annotated.as_deref(), Some("Aorta (HP:0000021)"));
}

fn allele(gene: &str, position: u32, term: &str, zygosity: Zygosity) -> Evidence {
    Evidence {
        gene: gene.to_owned(),
        variant: VariantKey::new("1", Pos::new(position).unwrap(), "A", "G"),
        term: term.to_owned(),
        zygosity,
        frequency: None,
        clinvar: None,
        phased: None,
        record: u64::from(position),
    }
}

#[test]
fn both_parts_make_the_rank() {
    let (ontology, annotations) = read();
    let similarity = Similarity::new(&ontology, &annotations);
    let query = similarity.query(&[term(&ontology, "HP:0000012")], &[]);
    let mut ranker = Ranker::new(&similarity, &query, Sex::Female);
    use Zygosity::{Heterozygous, Homozygous};
    ranker
        .add(allele("LENS", 10, "missense_variant", Heterozygous))
        .unwrap();
    ranker.add(allele("AORT", 20, "stop_gained", Heterozygous)).unwrap();
    ranker.add(allele("OTHER", 30, "stop_gained", Homozygous)).unwrap();
    ranker.add(allele("ELSE", 40, "stop_gained", Homozygous)).unwrap();
    assert_eq!(
        ranker.add(allele("LENS", 11, "intron_variant", Heterozygous)),
        Err("no effect on a protein or a splice site")
    );
    let mut common = allele("LENS", 12, "stop_gained", Homozygous);
    common.frequency = Some(0.2);
    assert_eq!(ranker.add(common), Err("more frequent than 1 %"));
    assert_eq!(
        ranker.add(allele("LENS", 13, "stop_gained", Zygosity::Absent)),
        Err("not in this sample")
    );
    let genes = ranker.finish();
    let order: Vec<(u32, &str)> = genes.iter().map(|g| (g.rank, g.gene.as_str())).collect();
    assert_eq!(order, [(1, "LENS"), (2, "ELSE"), (2, "OTHER"), (4, "AORT")]);
    let lens = &genes[0];
    assert!((lens.phenotype.unwrap() - 0.75).abs() < 1e-12 && lens.variant == 0.6);
    assert_eq!(
        lens.sentence,
        "Rank 1: the phenotype fits Lens disease (OMIM:1) to 0.75 of 1, most by Ectopia (HP:0000012); a heterozygous \
         missense variant (no frequency stated) fits dominant inheritance, weight 0.60."
    );
    assert!(
        genes[1]
            .sentence
            .starts_with("Rank 2, shared: ELSE has no annotated disease"),
        "{}",
        genes[1].sentence
    );
    // One allele of a recessive disease makes a carrier.
    assert!((genes[3].variant - 0.95 * 0.2).abs() < 1e-12);
    assert!(
        genes[3].sentence.contains("carrier of a recessive disease"),
        "{}",
        genes[3].sentence
    );
}

#[test]
fn zygosity_against_inheritance() {
    let (ontology, annotations) = read();
    let similarity = Similarity::new(&ontology, &annotations);
    let query = similarity.query(&[term(&ontology, "HP:0000021")], &[]);
    // AORT is recessive.
    let weight = |alleles: Vec<Evidence>| {
        let mut ranker = Ranker::new(&similarity, &query, Sex::Male);
        for one in alleles {
            ranker.add(one).unwrap();
        }
        ranker.finish()[0].variant
    };
    let het = |position, phased| Evidence {
        phased,
        ..allele("AORT", position, "stop_gained", Zygosity::Heterozygous)
    };
    let near = |a: f64, b: f64| (a - b).abs() < 1e-12;
    assert!(near(
        weight(vec![allele("AORT", 1, "stop_gained", Zygosity::Homozygous)]),
        0.95
    ));
    assert!(
        near(weight(vec![het(1, None), het(2, None)]), 0.95 * 0.8),
        "phase unknown"
    );
    assert!(
        near(weight(vec![het(1, Some((0, 7))), het(2, Some((1, 7)))]), 0.95),
        "in trans"
    );
    assert!(
        near(weight(vec![het(1, Some((0, 7))), het(2, Some((0, 7)))]), 0.95 * 0.2),
        "in cis"
    );
    let one_record = |n| Evidence {
        record: 1,
        ..het(n, None)
    };
    assert!(
        near(weight(vec![one_record(1), one_record(2)]), 0.95),
        "two alternates of one record"
    );
    let frequent = Evidence {
        frequency: Some(0.005),
        ..allele("AORT", 1, "stop_gained", Zygosity::Homozygous)
    };
    assert!(near(weight(vec![frequent]), 0.95 * 0.6));
}

#[test]
fn a_disease_without_inheritance_has_that_of_the_gene() {
    let ontology = Ontology::parse(OBO).unwrap();
    // A source that states no inheritance names a disease of AORT with the very term.
    let genes = format!("{GENES}2\tAORT\tHP:0000012\tEctopia\t-\t\t-\torphadata\tORPHA:5\n");
    let annotations = Annotations::parse(&ontology, HPOA, &genes).unwrap();
    let similarity = Similarity::new(&ontology, &annotations);
    let query = similarity.query(&[term(&ontology, "HP:0000012")], &[]);
    let mut ranker = Ranker::new(&similarity, &query, Sex::Male);
    ranker
        .add(allele("AORT", 1, "stop_gained", Zygosity::Heterozygous))
        .unwrap();
    let ranked = ranker.finish();
    assert_eq!(ranked[0].disease.as_ref().unwrap().id, "ORPHA:5");
    assert!(
        (ranked[0].variant - 0.95 * 0.2).abs() < 1e-12,
        "a carrier, as the gene's other disease is recessive"
    );
}

#[test]
fn broken_files_are_faults() {
    let ontology = Ontology::parse(OBO).unwrap();
    for (text, words) in [
        ("", "no terms"),
        ("[Term]\nid: GO:1\n", "no terms"),
        ("[Term]\nid: HP:1\nis_a: HP:2\n", "parent HP:2, which is not there"),
        (
            "[Term]\nid: HP:1\nis_a: HP:2\n[Term]\nid: HP:2\nis_a: HP:1\n",
            "own ancestor",
        ),
    ] {
        let fault = Ontology::parse(text).unwrap_err();
        assert!(fault.what().contains(words), "{fault}");
    }
    for (diseases, genes, words) in [
        ("x\ty\n", GENES, "not that of phenotype.hpoa"),
        ("#DatabaseID\tDiseaseName\n", GENES, "holds no annotated disease"),
        (HPOA, "gene\tterm\n", "not that of genes_to_phenotype.txt"),
        (HPOA, "#Format:\n1\tLENS\n", "has 2 columns"),
        (HPOA, "#Format:\n", "links no gene"),
    ] {
        let fault = Annotations::parse(&ontology, diseases, genes).unwrap_err();
        assert!(fault.what().contains(words), "{fault}");
    }
    // The columns of later releases.
    let later =
        "ncbi_gene_id\tgene_symbol\thpo_id\thpo_name\tfrequency\tdisease_id\n1\tLENS\tHP:0000012\tx\t-\tOMIM:1\n";
    assert!(
        Annotations::parse(&ontology, HPOA, later)
            .unwrap()
            .genes
            .contains_key("LENS")
    );
}
