//! A gene rank and polygenic scores, made up.

use clinotype_case::{
    evidence::Zygosity,
    phenotype::{self, DiseaseMatch, GeneRank, RankedAllele, RankedGene, Term, TermMatch, Terms},
    prs::{self, About, Matching, PolygenicScores, SampleScore, Score, Settings, Standing},
};
use clinotype_genome::{Build, Pos, VariantKey};

fn term(id: &str, name: &str) -> Term {
    Term {
        id: id.to_owned(),
        name: name.to_owned(),
    }
}

fn gene(rank: u32, symbol: &str, score: f64, disease: Option<DiseaseMatch>) -> RankedGene {
    RankedGene {
        rank,
        gene: symbol.to_owned(),
        score,
        phenotype: disease.is_some().then_some(score),
        variant: 0.8,
        alleles: vec![RankedAllele {
            variant: VariantKey::new("chr15".to_owned(), Pos::new(48_400_100).unwrap(), "C", "T"),
            consequence: "stop_gained".to_owned(),
            zygosity: Zygosity::Heterozygous,
            frequency: None,
            weight: 0.8,
            clinvar: None,
        }],
        sentence: match &disease {
            Some(disease) => format!("fits {} by its features, one allele with stop_gained", disease.id),
            None => "no annotated disease, one allele with stop_gained".to_owned(),
        },
        disease,
    }
}

/// A rank of more genes than are printed.
pub fn rank(sample: &str) -> GeneRank {
    let marfan = DiseaseMatch {
        id: "OMIM:154700".to_owned(),
        name: Some("Marfan syndrome".to_owned()),
        inheritance: vec!["HP:0000006".to_owned()],
        matches: vec![
            TermMatch {
                term: "Ectopia lentis (HP:0001083)".to_owned(),
                annotated: Some("Ectopia lentis (HP:0001083)".to_owned()),
                common: Some("Ectopia lentis (HP:0001083)".to_owned()),
                information: 5.2,
            },
            TermMatch {
                term: "Seizure (HP:0001250)".to_owned(),
                annotated: None,
                common: None,
                information: 0.0,
            },
        ],
        contradicting: vec!["Tall stature (HP:0000098)".to_owned()],
    };
    let mut genes = vec![gene(1, "FBN1", 0.912, Some(marfan))];
    genes.extend((2..=13).map(|n| gene(n, &format!("GENE{n}"), 0.5 / f64::from(n), None)));
    GeneRank {
        schema: phenotype::SCHEMA.to_owned(),
        software: "Clinotype 0.1.0 (test)".to_owned(),
        file: "s.vcf.gz".to_owned(),
        sample: sample.to_owned(),
        ontology: Some("hp/releases/2026-09-01".to_owned()),
        annotations: None,
        terms: Terms {
            used: vec![term("HP:0001083", "Ectopia lentis"), term("HP:0001250", "Seizure")],
            excluded: vec![term("HP:0000098", "Tall stature")],
            unknown: vec!["HP:9999999".to_owned()],
            ..Terms::default()
        },
        rules: vec!["The score of a gene is the mean of its two parts.".to_owned()],
        alleles: 120,
        dropped: Vec::new(),
        not_evaluated: vec!["Structural variants take no part.".to_owned()],
        genes,
    }
}

fn score(id: &str, sample: SampleScore, matched: u64) -> Score {
    Score {
        about: About {
            file: format!("{id}_hmPOS_GRCh38.txt.gz"),
            sha256: "3f".repeat(32),
            id: Some(id.to_owned()),
            name: Some("GRS_demo".to_owned()),
            trait_reported: Some("Example trait".to_owned()),
            weight_type: Some("beta".to_owned()),
            citation: Some("Example A et al. J Example (2026)".to_owned()),
            licence: None,
            positions: "hm_chr, hm_pos".to_owned(),
            ..About::default()
        },
        matching: Matching {
            rows: 1_200,
            matched,
            rate: matched as f64 / 1_200.0,
            passes: matched >= 900,
            ..Matching::default()
        },
        samples: vec![sample],
    }
}

/// A score with a percentile, one without a reference, and one that is refused.
pub fn scores(sample: &str) -> PolygenicScores {
    let of = |sum: Option<f64>, scored: u64| SampleScore {
        sample: sample.to_owned(),
        sum,
        average: None,
        scored,
        missing: 3,
        filled: 400,
        coverage: scored as f64 / 1_200.0,
        effect_dosage: 1_000.0,
        refused: None,
        standing: None,
    };
    let standing = Standing {
        reference: "Example reference 1".to_owned(),
        sites: (500, 480),
        population: Some("EUR".to_owned()),
        population_p: Some(0.42),
        percentile: Some(87.25),
        z_norm2: Some(1.1),
        ..Standing::default()
    };
    PolygenicScores {
        schema: prs::SCHEMA.to_owned(),
        software: "Clinotype 0.1.0 (test)".to_owned(),
        file: "s.g.vcf.gz".to_owned(),
        build: Build::Grch38,
        build_proof: "contig lengths".to_owned(),
        reference_fill: true,
        records: 10_000,
        settings: Settings::default(),
        scores: vec![
            score(
                "PGS900001",
                SampleScore {
                    standing: Some(standing),
                    ..of(Some(1.234_567_8), 1_187)
                },
                1_190,
            ),
            score("PGS900002", of(Some(-0.5), 1_000), 1_003),
            score(
                "PGS900003",
                SampleScore {
                    refused: Some("only 40.0 % of the rows were matched, 75.0 % are needed".to_owned()),
                    ..of(None, 480)
                },
                480,
            ),
        ],
    }
}
