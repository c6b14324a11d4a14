//! Made-up pharmacogenes that hold every kind of thing a section prints; also read by the tests of the FHIR crate.

use std::collections::BTreeMap;

use clinotype_case::finding::RuleSet;
use clinotype_case::pgx::{
    AlertLevel, Alternative, CallSource, DiplotypeCall, DrugResult, Evidence, GeneResult, GuidelineResult, LIMITS,
    MedicationAlert, MissingPosition, Pharmacogenomics, PositionCall, Recommendation, Records, SCHEMA,
};
use clinotype_genome::Build;

fn position(position: u32, genotype: Option<&str>, evidence: Evidence) -> PositionCall {
    PositionCall {
        position,
        rsid: Some(format!("rs{position}")),
        reference: "G".to_owned(),
        genotype: genotype.map(str::to_owned),
        evidence,
        detail: None,
    }
}

fn gene(symbol: &str, diplotype: &str, phenotype: &str, score: Option<&str>) -> GeneResult {
    let alleles: Vec<String> = diplotype.split('/').map(str::to_owned).collect();
    let call = DiplotypeCall {
        label: diplotype.to_owned(),
        functions: alleles.iter().map(|a| Some(format!("function of {a}"))).collect(),
        alleles,
        phenotypes: vec![phenotype.to_owned()],
        activity_score: score.map(str::to_owned),
        lookup_keys: vec![phenotype.to_owned()],
        score: 2,
        inferred: false,
    };
    GeneResult {
        gene: symbol.to_owned(),
        source: CallSource::Matcher,
        called: true,
        reportable: true,
        phased: false,
        effectively_phased: true,
        diplotypes: vec![diplotype.to_owned()],
        recommendation_diplotypes: vec![diplotype.to_owned()],
        phenotypes: vec![phenotype.to_owned()],
        activity_scores: vec![score.map(str::to_owned)],
        missing_positions: vec![],
        messages: vec![],
        message_texts: BTreeMap::new(),
        cautions: vec![],
        calls: vec![call.clone()],
        recommendation: vec![call],
        alternatives: vec![],
        uncallable_alleles: vec![],
        positions: vec![
            position(10, Some("A/A"), Evidence::Record),
            position(20, Some("G/G"), Evidence::GvcfBlock),
        ],
        related_drugs: vec![],
    }
}

fn not_called(symbol: &str) -> GeneResult {
    let unknown = "Unknown/Unknown";
    let mut result = gene(symbol, unknown, "No Result", None);
    result.source = CallSource::None;
    (result.called, result.reportable) = (false, false);
    result.positions = vec![];
    result
}

fn recommendation(
    text: &str,
    population: &str,
    strength: &str,
    flags: [bool; 3],
    lookup: &[(&str, &str)],
) -> Recommendation {
    let lookup: BTreeMap<String, String> = lookup.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    Recommendation {
        population: population.to_owned(),
        strength: strength.to_owned(),
        diplotypes: BTreeMap::new(),
        implications: lookup
            .iter()
            .map(|(gene, value)| format!("{gene}: what {value} means"))
            .collect(),
        lookup,
        text: text.to_owned(),
        dosing: flags[0],
        alternate_drug: flags[1],
        other_guidance: flags[2],
    }
}

fn drug(name: &str, genes: &[&str], recommendations: Vec<Recommendation>) -> DrugResult {
    let open = recommendations
        .is_empty()
        .then(|| format!("not called: {}", genes.join(", ")));
    DrugResult {
        drug: name.to_owned(),
        guidelines: vec![GuidelineResult {
            source: "CPIC".to_owned(),
            id: format!("PA-{}", genes.join("-")),
            name: format!("{name} and {}", genes.join(", ")),
            date: "2024-03-25".to_owned(),
            genes: genes.iter().map(|g| (*g).to_owned()).collect(),
            references: vec!["35034351".to_owned(), "23698643".to_owned()],
            recommendations,
            why_none: open,
        }],
        notes: BTreeMap::new(),
    }
}

/// The pharmacogenes of sample DEMO-01.
pub fn pgx() -> Pharmacogenomics {
    let poor = [("CYP2C19", "Poor Metabolizer")];
    let mut cyp2c19 = gene("CYP2C19", "*2/*2", "Poor Metabolizer", None);
    cyp2c19.messages = vec!["a message".to_owned()];
    cyp2c19.message_texts = BTreeMap::from([("a message".to_owned(), "what the message says".to_owned())]);
    let mut cyp2b6 = gene("CYP2B6", "*1/*6", "Intermediate Metabolizer", None);
    cyp2b6.alternatives = vec![Alternative {
        label: "*4/*9".to_owned(),
        score: 2,
        phenotypes: vec!["Normal Metabolizer".to_owned()],
        activity_score: None,
        difference: "the phenotype would be Normal Metabolizer".to_owned(),
        changes_phenotype: true,
    }];
    let mut dpyd = gene("DPYD", "Reference/Reference", "Normal Metabolizer", Some("2.0"));
    dpyd.missing_positions = (1..=8)
        .map(|n| MissingPosition {
            name: format!("rs9000{n}"),
            position: n,
            alleles: vec!["c.1905+1G>A (*2A)".to_owned()],
            reason: "no record".to_owned(),
            tier1: n == 8,
        })
        .collect();
    dpyd.positions
        .extend((1..=8).map(|n| position(n, None, Evidence::Missing)));
    dpyd.uncallable_alleles = vec!["c.1905+1G>A (*2A)".to_owned()];
    let mut hla = gene("HLA-B", "*15:02/*57:01", "*57:01 positive", None);
    hla.source = CallSource::Outside;
    hla.positions = vec![];
    let clopidogrel = vec![
        recommendation(
            "Avoid clopidogrel if possible.",
            "CVI ACS PCI",
            "Strong",
            [false, true, false],
            &poor,
        ),
        recommendation(
            "Avoid clopidogrel if possible.",
            "NVI",
            "Moderate",
            [false, true, false],
            &poor,
        ),
    ];
    let sertraline = [("CYP2B6", "Intermediate Metabolizer"), ("CYP2C19", "Poor Metabolizer")];
    let alert = |medication: &str, drug: Option<&str>, level: AlertLevel| MedicationAlert {
        medication: medication.to_owned(),
        drug: drug.map(str::to_owned),
        level,
        text: format!("what is said of {medication}"),
    };
    Pharmacogenomics {
        schema: SCHEMA.to_owned(),
        software: "Clinotype 0.1.0".to_owned(),
        sample: Some("DEMO-01".to_owned()),
        build: Build::Grch38,
        build_proof: "contig lengths of the VCF".to_owned(),
        rules: vec![RuleSet {
            name: "PGx allele definitions".to_owned(),
            version: "1 (ClinPGx release 2025-11-05)".to_owned(),
            source: "CPIC allele definition tables".to_owned(),
        }],
        data: vec![],
        records: Records::default(),
        genes: vec![cyp2b6, cyp2c19, not_called("CYP2D6"), dpyd, hla],
        drugs: vec![
            drug(
                "abacavir",
                &["HLA-B"],
                vec![recommendation(
                    "Abacavir is not recommended",
                    "general",
                    "Strong",
                    [false, true, false],
                    &[("HLA-B", "*57:01 positive")],
                )],
            ),
            drug(
                "capecitabine",
                &["DPYD"],
                vec![recommendation(
                    "Use label-recommended dosage.",
                    "general",
                    "Strong",
                    [false; 3],
                    &[("DPYD", "2.0")],
                )],
            ),
            drug("clopidogrel", &["CYP2C19"], clopidogrel),
            drug(
                "dexlansoprazole",
                &["CYP2C19"],
                vec![recommendation(
                    "No recommendation",
                    "general",
                    "No recommendation",
                    [false; 3],
                    &poor,
                )],
            ),
            drug(
                "fluorouracil",
                &["DPYD"],
                vec![recommendation(
                    "Use label-recommended dosage.",
                    "general",
                    "Strong",
                    [false; 3],
                    &[("DPYD", "2.0")],
                )],
            ),
            drug(
                "sertraline",
                &["CYP2B6", "CYP2C19"],
                vec![recommendation(
                    "Consider a lower dose.",
                    "general",
                    "Optional",
                    [true, false, false],
                    &sertraline,
                )],
            ),
            drug("tamoxifen", &["CYP2D6"], vec![]),
        ],
        cyp2d6: None,
        medications: Some(vec![
            alert("metformin", None, AlertLevel::Unknown),
            alert("tamoxifen", Some("tamoxifen"), AlertLevel::NotEvaluated),
            alert("Clopidogrel 75 mg", Some("clopidogrel"), AlertLevel::AlternateDrug),
        ]),
        limits: LIMITS.iter().map(|l| (*l).to_owned()).collect(),
    }
}
