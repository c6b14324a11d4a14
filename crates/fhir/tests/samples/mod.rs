//! Synthetic reports of every kind. Alleles and names are those of well-known variants (ClinVar 17662, 7105, 7129,
//! 9641); persons, numbers and figures are invented.

#[path = "../../../../reports/src/tests/sample/beside.rs"]
pub mod beside;
#[path = "../../../../reports/src/tests/sample/pgx.rs"]
pub mod pgx;

use clinotype_case::{
    Order, Report, Review, Sex,
    criterion::{Class, Code, Criterion, SetBy, State, Strength},
    evidence::{
        AnnotatedVariant, ClinvarRecord, Frequency, Genotype, Impact, Lookup, Mane, TranscriptConsequence, Zygosity,
    },
    finding::{
        Classification, ClinvarListed, Conclusion, Dropped, Finding, FunnelStep, GeneFacts, Interpretation, Outcome,
        RuleSet, SCHEMA, Scope, ScopeSource, Section,
    },
    provenance::{self, Provenance, Step},
    quality::{
        self, Check, CheckResult, ContaminationCheck, Coverage, CoverageFigures, Gap, GapPart, GapReason, GeneCoverage,
        Quality, ReadFigures, SexCheck, SexEvidence, ThresholdsUsed,
    },
    report::ReportState,
};
use clinotype_genome::{Build, DataRelease, Interval, Pos, Strand, VariantKey};

/// An allele and its names, as the tables below hold them.
pub struct Allele {
    pub contig: &'static str,
    pub position: u32,
    pub reference: &'static str,
    pub alternate: &'static str,
    pub symbol: &'static str,
    pub hgnc: &'static str,
    pub transcript: &'static str,
    pub protein: &'static str,
    pub g: &'static str,
    pub c: &'static str,
    pub p: &'static str,
    pub term: &'static str,
    pub clinvar: &'static str,
    pub disease: &'static str,
    pub disease_id: &'static str,
    pub mode: (&'static str, &'static str),
}

pub const BRCA1: Allele = Allele {
    contig: "chr17",
    position: 43_124_027,
    reference: "ACT",
    alternate: "A",
    symbol: "BRCA1",
    hgnc: "HGNC:1100",
    transcript: "NM_007294.4",
    protein: "NP_009225.1",
    g: "NC_000017.11:g.43124028_43124029del",
    c: "NM_007294.4:c.68_69del",
    p: "NP_009225.1:p.(Glu23ValfsTer17)",
    term: "frameshift_variant",
    clinvar: "17662",
    disease: "hereditary breast ovarian cancer syndrome",
    disease_id: "MONDO:0003582",
    mode: ("HP:0000006", "autosomal dominant"),
};

pub const CFTR_F508DEL: Allele = Allele {
    contig: "chr7",
    position: 117_559_590,
    reference: "ATCT",
    alternate: "A",
    symbol: "CFTR",
    hgnc: "HGNC:1884",
    transcript: "NM_000492.4",
    protein: "NP_000483.3",
    g: "NC_000007.14:g.117559592_117559594del",
    c: "NM_000492.4:c.1521_1523del",
    p: "NP_000483.3:p.(Phe508del)",
    term: "inframe_deletion",
    clinvar: "7105",
    disease: "cystic fibrosis",
    disease_id: "OMIM:219700",
    mode: ("HP:0000007", "autosomal recessive"),
};

pub const CFTR_G551D: Allele = Allele {
    position: 117_587_806,
    reference: "G",
    alternate: "A",
    g: "NC_000007.14:g.117587806G>A",
    c: "NM_000492.4:c.1652G>A",
    p: "NP_000483.3:p.(Gly551Asp)",
    term: "missense_variant",
    clinvar: "7129",
    ..CFTR_F508DEL
};

pub const MT_ATP6: Allele = Allele {
    contig: "chrM",
    position: 8993,
    reference: "T",
    alternate: "G",
    symbol: "MT-ATP6",
    hgnc: "HGNC:7414",
    transcript: "ENST00000361899.2",
    protein: "YP_003024031.1",
    g: "NC_012920.1:m.8993T>G",
    c: "ENST00000361899.2:c.467T>G",
    p: "YP_003024031.1:p.(Leu156Arg)",
    term: "missense_variant",
    clinvar: "9641",
    disease: "NARP syndrome",
    disease_id: "MONDO:0010794",
    mode: ("HP:0001427", "mitochondrial inheritance"),
};

pub fn genotype(text: &str, phase_set: Option<u32>) -> Genotype {
    Genotype {
        text: text.to_owned(),
        copies: Some(text.bytes().filter(|b| matches!(b, b'1'..=b'9')).count() as u8),
        ploidy: 2,
        phased: text.contains('|'),
        phase_set,
        depth: Some(61),
        reference_depth: Some(31),
        alternate_depth: Some(30),
        quality: Some(99),
    }
}

pub fn consequence(allele: &Allele) -> TranscriptConsequence {
    TranscriptConsequence {
        symbol: Some(allele.symbol.into()),
        hgnc_id: Some(allele.hgnc.into()),
        gene_id: Some("gene".into()),
        transcript: allele.transcript.into(),
        protein_id: Some(allele.protein.into()),
        biotype: Some("protein_coding".into()),
        terms: vec![allele.term.into(), "splice_region_variant".into()],
        impact: Impact::High,
        strand: Strand::Forward,
        mane: Mane::Select,
        picked: true,
        exon: Some("2/23".into()),
        intron: None,
        hgvs_c: Some(allele.c.into()),
        hgvs_p: Some(allele.p.into()),
        protein_position: Some("23".into()),
        amino_acids: None,
        loss_of_function: None,
        splice: None,
        warnings: Vec::new(),
    }
}

fn criteria() -> Vec<Criterion> {
    Code::ALL
        .iter()
        .map(|&code| {
            let (state, strength, points) = match code {
                Code::PVS1 => (State::Met, Some(Strength::VeryStrong), 8),
                Code::PM2 => (State::Met, Some(Strength::Supporting), 1),
                Code::BA1 | Code::BS1 => (State::NotMet, None, 0),
                Code::BP7 => (State::NotApplicable, None, 0),
                _ => (State::NotEvaluated, None, 0),
            };
            Criterion {
                code,
                state,
                strength,
                points,
                rule: format!("clinotype.{}", code.as_str().to_lowercase()),
                rule_version: "1".into(),
                compared: vec![("allele frequency".into(), "0.00001".into())],
                source: "synthetic source 1".into(),
                sentence: "A sentence with <angle> & ampersand.".into(),
                set_by: SetBy::Automatic,
                alone: None,
                proposal: None,
                decided: None,
            }
        })
        .collect()
}

pub fn finding(id: usize, allele: &Allele, genotype: Genotype, section: Section, class: Class) -> Finding {
    let zygosity = genotype.zygosity();
    let shown = consequence(allele);
    Finding {
        id: format!("V{id}"),
        section,
        variant: AnnotatedVariant {
            key: VariantKey::new(
                allele.contig,
                Pos::new(allele.position).unwrap(),
                allele.reference,
                allele.alternate,
            ),
            filters: Some(Vec::new()),
            quality: Some(812.34),
            genotype,
            hgvs_g: Some(allele.g.into()),
            consequences: vec![shown.clone()],
            clinvar: Lookup::Found(ClinvarRecord {
                variation_id: allele.clinvar.into(),
                significance: "Pathogenic".into(),
                review_status: "reviewed by expert panel".into(),
                stars: Some(3),
                conflicts: None,
                conditions: vec![allele.disease.into()],
            }),
            frequency: Lookup::Found(Frequency {
                allele_count: Some(12),
                allele_number: Some(152_000),
                frequency: Some(0.000_079),
                homozygotes: Some(0),
                filtering_frequency: None,
                group: None,
                group_allele_number: None,
                filters: Vec::new(),
            }),
            splice_delta: Lookup::NotEvaluated("no scores given".into()),
            splice_gains: Vec::new(),
            phylop: Lookup::NotEvaluated("no scores given".into()),
            scores: Vec::new(),
        },
        zygosity,
        shown,
        more_severe: None,
        gene: Some(GeneFacts {
            symbol: allele.symbol.into(),
            hgnc_id: allele.hgnc.into(),
            disease: allele.disease.into(),
            disease_id: Some(allele.disease_id.into()),
            inheritance_id: Some(allele.mode.0.into()),
            inheritance: Some(allele.mode.1.into()),
            loss_of_function: Some(true),
            validity: Some("Definitive".into()),
            source: "synthetic gene table".into(),
        }),
        criteria: criteria(),
        classification: Classification {
            class,
            class_2015: class,
            pathogenic_points: 9,
            benign_points: 0,
            points: 9,
            posterior: 0.975,
            stand_alone_benign: false,
            flags: Vec::new(),
        },
        review: None,
        sentences: vec![format!("{} was found.", allele.c), "It is proposed so.".into()],
    }
}

pub fn order() -> Order {
    Order::from_json(
        r#"{"patient": {"identifiers": [{"system": "https://hospital.example/mrn", "label": "MRN", "value": "S-000123"},
                                         {"label": "Insurance number", "value": "X 4471 B"}],
            "name": {"family": "Synthetic", "given": ["Demo", "D."]}, "birth_date": "1970-01-01", "sex": "female"},
          "specimen": {"id": "SP-77", "type": "blood (EDTA)", "collected": "2026-11-02", "received": "2026-11-03",
            "condition": "good"},
          "order": {"id": "O-1", "test": "Hereditary panel", "code": "HP12", "date": "2026-11-01"},
          "clinician": {"name": {"family": "Example", "given": ["Ada"]}, "identifier":
            {"system": "https://registry.example/physicians", "value": "P-9"}, "organization": "Genetics outpatients"},
          "laboratory": {"name": "Example Laboratory", "address": "1 Example Street, Exampletown",
            "contact": "+1 555 0100", "accreditation": "CLIA 05D0000001"},
          "indication": {"text": "breast cancer at 41", "hpo": ["HP:0003002"]}, "genes": ["BRCA1", "CFTR", "NOGENE1"]}"#,
    )
    .unwrap()
}

fn gene_coverage(gene: &str, transcript: &str, gaps: Vec<Gap>) -> GeneCoverage {
    GeneCoverage {
        gene: gene.into(),
        transcript: transcript.into(),
        bases: 5592,
        mean_depth: Some(61.2),
        at_least_10: Some(1.0),
        at_least_20: Some(0.9971),
        at_least_30: Some(0.97),
        gaps,
    }
}

pub fn report(id: &str, outcome: Outcome, findings: Vec<Finding>) -> Report {
    let sample: clinotype_case::SampleId = "S-000123".parse().unwrap();
    let data = vec![DataRelease {
        name: "ClinVar".into(),
        release: Some("2026-02-26".into()),
        file: "clinvar.vcf.gz".into(),
        sha256: "00".repeat(32),
        licence: None,
        note: Some("synthetic".into()),
    }];
    let gap = Gap {
        exon: 10,
        interval: Interval::new("chr17", 43_093_000, 43_093_016),
        lowest: 3,
        mean: 7.5,
        reasons: vec![GapPart {
            reason: GapReason::MapsElsewhere,
            bases: 16,
        }],
    };
    Report {
        id: id.into(),
        version: 1,
        state: ReportState::Draft,
        issued: "2026-11-20T10:00:00Z".parse().unwrap(),
        order: Some(order()),
        interpretation: Interpretation {
            schema: SCHEMA.into(),
            sample: sample.clone(),
            input_sample: Some("OTHERNAME".into()),
            sex: Sex::Female,
            build: Build::Grch38,
            build_proof: "contig lengths".into(),
            rules: vec![RuleSet {
                name: "clinotype.acmg".into(),
                version: "1".into(),
                source: "Richards 2015; Tavtigian 2020".into(),
            }],
            data: data.clone(),
            scope: Scope {
                decided_by: ScopeSource::Order,
                genes: vec!["BRCA1".into(), "CFTR".into(), "NOGENE1".into()],
                not_covered: vec!["NOGENE1".into()],
                secondary_findings: None,
            },
            funnel: vec![FunnelStep {
                name: "quality".into(),
                rule: "clinotype.filter.quality 1".into(),
                input: 10,
                kept: 7,
                dropped: vec![Dropped {
                    reason: "filtered by the caller".into(),
                    count: 3,
                }],
            }],
            findings,
            classified: Vec::new(),
            set_aside: None,
            secondary: None,
            clinvar_listed: vec![ClinvarListed {
                key: VariantKey::new("chr7", Pos::new(117_530_975).unwrap(), "G", "A"),
                gene: "CFTR".into(),
                name: "NM_000492.4:c.350G>A".into(),
                clinvar: "7109, Pathogenic, practice guideline".into(),
                zygosity: "heterozygous".into(),
                reason: "depth below the threshold".into(),
            }],
            people: None,
            lb_min_points: -1,
            conclusion: Conclusion {
                outcome,
                headline: "a synthetic headline.".into(),
                interpretation: vec!["First sentence.".into(), "Second sentence.".into()],
                recommendations: vec!["Confirm by a second method.".into()],
                limits: vec!["Copy-number changes were not tested.".into()],
                secondary_findings: "Secondary findings: not looked for (no consent stated)".into(),
            },
        },
        quality: Quality {
            schema: quality::SCHEMA.into(),
            sample: sample.clone(),
            build: Build::Grch38,
            reads: Some(ReadFigures {
                reads: 1000,
                bases: 150_000,
                ..ReadFigures::default()
            }),
            coverage: Coverage::Assessed(CoverageFigures {
                over: "coding exons of 2 genes".into(),
                threshold: 20,
                bases: 10_035,
                mean_depth: Some(60.418),
                at_least_10: Some(1.0),
                at_least_20: Some(0.9984),
                at_least_30: Some(0.98),
                at_threshold: Some(0.9984),
                depths: Vec::new(),
                genes: vec![
                    gene_coverage("BRCA1", "NM_007294.4", vec![gap]),
                    gene_coverage("CFTR", "NM_000492.4", Vec::new()),
                ],
            }),
            targets: None,
            thresholds: ThresholdsUsed::default(),
            variants: None,
            contamination: ContaminationCheck::default(),
            sex: SexCheck {
                declared: Sex::Female,
                observed: Sex::Unknown,
                reason: "X was not sequenced".into(),
                evidence: SexEvidence::default(),
            },
            checks: vec![
                Check {
                    name: "mean depth".into(),
                    result: CheckResult::Pass,
                    reason: "60 reads, at least 30 wanted.".into(),
                },
                Check {
                    name: "contamination".into(),
                    result: CheckResult::NotAssessed,
                    reason: "Too few common variants.".into(),
                },
            ],
        },
        waivers: Vec::new(),
        pgx: None,
        rank: None,
        prs: None,
        provenance: Some(Provenance {
            schema: provenance::SCHEMA.into(),
            sample: sample.as_str().into(),
            software: "clinotype 0.1.0 (test)".into(),
            data,
            steps: vec![Step {
                name: "align".into(),
                version: "minimap2 2.30 (clinotype-reads 0.1.0)".into(),
                parameters: std::collections::BTreeMap::new(),
                inputs: Vec::new(),
                outputs: Vec::new(),
                start: "2026-11-20T09:00:00Z".parse().unwrap(),
                end: "2026-11-20T09:30:00.25Z".parse().unwrap(),
                resumed: false,
            }],
        }),
        software: "Clinotype 0.1.0 (test)".into(),
        notices: vec!["SYNTHETIC demonstration data, not a patient".into()],
    }
}

/// A decision of a person.
pub fn review(class: Class, reason: &str) -> Review {
    Review {
        class,
        reason: reason.into(),
        by: "Dr. Ada Reviewer".into(),
        role: "clinical geneticist".into(),
        at: "2026-11-20T09:45:00Z".parse().unwrap(),
        on: None,
    }
}

/// Every finding reviewed, one changed, and one variant taken off the report.
fn reviewed() -> Report {
    let het = || genotype("0/1", None);
    let mut changed = finding(1, &BRCA1, het(), Section::Primary, Class::LikelyPathogenic);
    changed.review = Some(review(Class::Pathogenic, "Segregates with disease in three relatives."));
    changed.classification.flags = vec!["the points give one class, the rules of 2015 another".into()];
    let mut agreed = finding(2, &CFTR_F508DEL, het(), Section::Carrier, Class::Pathogenic);
    agreed.review = Some(review(Class::Pathogenic, ""));
    let mut gone = finding(1, &CFTR_G551D, het(), Section::NotListed, Class::LikelyPathogenic);
    gone.id = "N1".into();
    gone.review = Some(review(Class::LikelyBenign, "Seen in a healthy homozygous sibling."));
    let mut report = report("R-10", Outcome::Positive, vec![changed, agreed]);
    report.interpretation.classified = vec![gone];
    report
}

/// Every kind of report, by name.
pub fn all() -> Vec<(&'static str, Report)> {
    let het = || genotype("0/1", None);
    let brca1 = || finding(1, &BRCA1, het(), Section::Primary, Class::Pathogenic);

    let mut with_other_transcript = brca1();
    let mut other = consequence(&BRCA1);
    other.transcript = "NM_007300.4".into();
    other.terms = vec!["stop_gained".into()];
    other.hgvs_p = None;
    with_other_transcript.more_severe = Some(other);

    let carrier = vec![
        finding(1, &CFTR_F508DEL, het(), Section::Carrier, Class::Pathogenic),
        finding(2, &BRCA1, het(), Section::Uncertain, Class::Uncertain),
    ];
    let trans = vec![
        finding(
            1,
            &CFTR_F508DEL,
            genotype("0|1", Some(9)),
            Section::Primary,
            Class::Pathogenic,
        ),
        finding(
            2,
            &CFTR_G551D,
            genotype("1|0", Some(9)),
            Section::Primary,
            Class::LikelyPathogenic,
        ),
    ];

    let mut unidentified = report("R-3", Outcome::Positive, vec![brca1()]);
    unidentified.order = None;
    unidentified.provenance = None;
    unidentified.interpretation.scope.decided_by = ScopeSource::AllTranscripts;
    unidentified.interpretation.scope.not_covered.clear();

    let mut inconclusive = report("R-5", Outcome::Inconclusive, Vec::new());
    inconclusive.quality.reads = None;
    inconclusive.quality.coverage = Coverage::NotAssessed {
        reason: "the input is a VCF".into(),
    };

    let mut mitochondrial = finding(1, &MT_ATP6, het(), Section::Unassigned, Class::LikelyPathogenic);
    mitochondrial.zygosity = Zygosity::Heteroplasmic;

    // An allele of which next to nothing is known.
    let mut bare = finding(1, &BRCA1, Genotype::default(), Section::Uncertain, Class::Uncertain);
    bare.variant.filters = None;
    bare.variant.quality = None;
    bare.variant.hgvs_g = None;
    bare.variant.clinvar = Lookup::Absent;
    bare.variant.frequency = Lookup::NotEvaluated("no source was given".into());
    bare.gene = None;
    bare.criteria.clear();
    bare.sentences.clear();
    bare.shown.hgnc_id = None;
    bare.shown.protein_id = None;
    bare.shown.hgvs_c = None;
    bare.shown.hgvs_p = None;
    let mut sparse = report("R-8", Outcome::Uncertain, vec![bare]);
    let order = sparse.order.as_mut().unwrap();
    order.specimen.collected = None;
    order.specimen.received = None;
    order.specimen.condition = None;
    order.order.code = None;
    order.order.date = None;
    order.clinician.identifier = None;
    order.clinician.organization = None;
    order.laboratory.contact = None;
    order.laboratory.accreditation = None;
    order.indication.hpo.clear();
    order.patient.name.given.clear();
    order.patient.sex = Sex::Unknown;
    order.patient.identifiers[0].system = None;
    sparse.notices.clear();
    sparse.interpretation.rules.clear();
    sparse.interpretation.data.clear();
    sparse.interpretation.funnel.clear();
    sparse.interpretation.clinvar_listed.clear();
    sparse.interpretation.input_sample = None;
    sparse.interpretation.conclusion.recommendations.clear();
    sparse.interpretation.conclusion.limits.clear();
    sparse.quality.checks.clear();

    let many = (0..40)
        .map(|n| {
            let mut finding = finding(n + 1, &CFTR_G551D, het(), Section::Uncertain, Class::Uncertain);
            finding.variant.key.position = Pos::new(117_587_806 + n as u32).unwrap();
            finding
        })
        .collect();

    let mut pharmacogenes = report("R-9", Outcome::Negative, Vec::new());
    pharmacogenes.pgx = Some(Box::new(pgx::pgx()));
    let mut nobodys = pharmacogenes.clone();
    nobodys.id = "R-10".into();
    nobodys.order = None;

    let mut scored = report("R-11", Outcome::Negative, Vec::new());
    let sample = scored.interpretation.sample.to_string();
    scored.rank = Some(Box::new(beside::rank(&sample)));
    scored.prs = Some(Box::new(beside::scores(&sample)));

    vec![
        ("beside", scored),
        ("pharmacogenes", pharmacogenes),
        ("pharmacogenes_unidentified", nobodys),
        (
            "positive",
            report("R-1", Outcome::Positive, vec![with_other_transcript]),
        ),
        ("carrier", report("R-2", Outcome::Carrier, carrier)),
        ("unidentified", unidentified),
        ("negative", report("R-4", Outcome::Negative, Vec::new())),
        ("inconclusive", inconclusive),
        ("mitochondrial", report("R-6", Outcome::Positive, vec![mitochondrial])),
        ("many", report("R-7", Outcome::Uncertain, many)),
        ("sparse", sparse),
        ("phased", report("R-9", Outcome::Positive, trans)),
        ("reviewed", reviewed()),
    ]
}
