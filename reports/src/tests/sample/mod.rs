//! Made-up reports for tests and for the example. No person, no patient, no clinical fact.

pub mod beside;
mod cases;
pub mod pgx;

use clinotype_case::criterion::{Class, Code, Criterion, SetBy, State, Strength};
use clinotype_case::evidence::{
    AnnotatedVariant, ClinvarRecord, Frequency, Genotype, Impact, Lookup, LossOfFunction, Mane, TranscriptConsequence,
    Zygosity,
};
use clinotype_case::finding::{
    self, Classification, ClinvarListed, Conclusion, Dropped, Finding, FunnelStep, GeneFacts, Interpretation, Outcome,
    RuleSet, Scope, ScopeSource, Section,
};
use clinotype_case::provenance::{self, FileDigest, Provenance, Step};
use clinotype_case::quality::{
    self, Check, CheckResult, ContaminationCheck, Coverage, CoverageFigures, Gap, GapPart, GapReason, GeneCoverage,
    OnTarget, Quality, ReadFigures, SexCheck, SexEvidence, TargetFigures, Thresholds, ThresholdsUsed, VariantFigures,
    Waiver,
};
use clinotype_case::report::ReportState;
use clinotype_case::{Order, Report, Review, Sex};
use clinotype_genome::{Build, DataRelease, Interval, Pos, Strand, VariantKey};

/// Every sample with its name.
pub fn all() -> Vec<(&'static str, Report)> {
    vec![
        ("positive", positive()),
        ("three", cases::three()),
        ("carrier", cases::carrier()),
        ("uncertain", cases::uncertain()),
        ("panel60", cases::panel()),
        ("unidentified", cases::unidentified()),
        ("negative", cases::negative()),
        ("inconclusive", cases::inconclusive()),
        ("long", cases::long_names()),
        ("many", cases::many()),
        ("unicode", cases::unicode()),
        ("reviewed", cases::reviewed()),
        ("half_reviewed", cases::half_reviewed()),
        ("waived", cases::waived()),
        ("pharmacogenes", cases::pharmacogenes()),
        ("beside", cases::beside()),
    ]
}

const DIGEST: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

pub fn order(family: &str, given: &str, genes: &[&str], list_vus: bool) -> Order {
    let genes: Vec<String> = genes.iter().map(|g| format!("\"{g}\"")).collect();
    let policy = if list_vus {
        r#"{"list_vus": true, "name": "Germline reporting policy 3.1"}"#
    } else {
        "{}"
    };
    let text = format!(
        r#"{{"patient": {{"identifiers": [{{"label": "MRN", "value": "4471"}}, {{"label": "Case", "value": "S-000123"}}],
        "name": {{"family": "{family}", "given": ["{given}"]}}, "birth_date": "1970-01-01", "sex": "female"}},
        "specimen": {{"id": "DEMO-01", "type": "Blood (EDTA)", "collected": "2026-11-02", "received": "2026-11-03"}},
        "order": {{"id": "O-2026-7781", "test": "Hereditary breast and ovarian cancer, 12 genes", "code": "HBOC-12", "date": "2026-11-01"}},
        "clinician": {{"name": {{"family": "Example", "given": ["Erika"]}}, "organization": "Oncology"}},
        "laboratory": {{"name": "Laboratory of Medical Genetics", "address": "Example Hospital, 1 Example Street, Example City",
          "contact": "+00 000 0000", "accreditation": "ISO 15189 no. 0000"}},
        "indication": {{"text": "breast cancer at 41, mother with ovarian cancer", "hpo": ["HP:0003002", "HP:0100615"]}},
        "genes": [{}], "policy": {policy}}}"#,
        genes.join(", ")
    );
    Order::from_json(&text).unwrap()
}

fn consequence(symbol: &str, transcript: &str, c: &str, p: &str, exon: &str, term: &str) -> TranscriptConsequence {
    TranscriptConsequence {
        symbol: Some(symbol.to_owned()),
        hgnc_id: Some("HGNC:1100".to_owned()),
        gene_id: None,
        transcript: transcript.to_owned(),
        protein_id: Some("NP_009225.1".to_owned()),
        biotype: Some("protein_coding".to_owned()),
        terms: vec![term.to_owned()],
        impact: Impact::High,
        strand: Strand::Reverse,
        mane: Mane::Select,
        picked: true,
        exon: Some(exon.to_owned()),
        intron: None,
        hgvs_c: Some(format!("{transcript}:{c}")),
        hgvs_p: Some(format!("NP_009225.1:{p}")),
        protein_position: Some("23".to_owned()),
        amino_acids: None,
        loss_of_function: Some(LossOfFunction {
            nmd: Some(true),
            nmd_reason: Some("new stop in exon 2 of 23".to_owned()),
            ..LossOfFunction::default()
        }),
        splice: None,
        warnings: vec![],
    }
}

fn criterion(code: Code, state: State, strength: Option<Strength>, sentence: &str) -> Criterion {
    let points = match (state, strength) {
        (State::Met, Some(s)) if code.as_str().starts_with('P') => s.points(),
        (State::Met, Some(s)) => -s.points(),
        _ => 0,
    };
    Criterion {
        code,
        state,
        strength: strength.filter(|_| state == State::Met),
        points,
        rule: format!("clinotype.{}.1", code.as_str().to_lowercase()),
        rule_version: "2026.1".to_owned(),
        compared: match state {
            State::Met | State::NotMet => vec![
                ("observed".to_owned(), "0".to_owned()),
                ("threshold".to_owned(), "0.0001".to_owned()),
            ],
            _ => vec![],
        },
        source: "gnomAD 4.1 genomes".to_owned(),
        sentence: sentence.to_owned(),
        set_by: SetBy::Automatic,
        alone: None,
        proposal: None,
        decided: None,
    }
}

fn criteria(met: &[(Code, Strength, &str)]) -> Vec<Criterion> {
    Code::ALL
        .iter()
        .map(|code| match met.iter().find(|(c, ..)| c == code) {
            Some((_, strength, sentence)) => criterion(*code, State::Met, Some(*strength), sentence),
            None => match code {
                Code::BA1 | Code::BS1 | Code::PM5 => criterion(
                    *code,
                    State::NotMet,
                    None,
                    "The frequency lies below the threshold of this criterion.",
                ),
                Code::PM4 | Code::BP1 | Code::BP3 | Code::PP2 => criterion(
                    *code,
                    State::NotApplicable,
                    None,
                    "Does not concern this kind of variant.",
                ),
                Code::PS3 | Code::BS3 => criterion(
                    *code,
                    State::NotEvaluated,
                    None,
                    "Functional studies are not read by the software.",
                ),
                Code::PS2 | Code::PM6 | Code::PP1 | Code::BS4 | Code::PM3 | Code::BP2 => {
                    criterion(*code, State::NotEvaluated, None, "No data of relatives were given.")
                }
                _ => criterion(
                    *code,
                    State::NotEvaluated,
                    None,
                    "This criterion needs a person's judgement or data that were not given.",
                ),
            },
        })
        .collect()
}

pub fn finding(id: &str, section: Section, symbol: &str, class: Class, points: i32) -> Finding {
    let shown = consequence(
        symbol,
        "NM_007294.4",
        "c.68_69del",
        "p.(Glu23ValfsTer17)",
        "2/23",
        "frameshift_variant",
    );
    Finding {
        id: id.to_owned(),
        section,
        variant: AnnotatedVariant {
            key: VariantKey::new("17", Pos::new(43_124_027).unwrap(), "ACT", "A"),
            filters: Some(vec![]),
            quality: Some(812.4),
            genotype: Genotype {
                text: "0/1".to_owned(),
                copies: Some(1),
                ploidy: 2,
                depth: Some(211),
                reference_depth: Some(108),
                alternate_depth: Some(103),
                quality: Some(99),
                ..Genotype::default()
            },
            hgvs_g: Some("NC_000017.11:g.43124028_43124029del".to_owned()),
            consequences: vec![shown.clone()],
            clinvar: Lookup::Found(ClinvarRecord {
                variation_id: "17662".to_owned(),
                significance: "Pathogenic".to_owned(),
                review_status: "reviewed by expert panel".to_owned(),
                stars: Some(3),
                conflicts: None,
                conditions: vec!["Breast-ovarian cancer, familial, susceptibility to, 1".to_owned()],
            }),
            frequency: Lookup::Found(Frequency {
                allele_count: Some(2),
                allele_number: Some(152_186),
                frequency: Some(0.000_013_1),
                homozygotes: Some(0),
                filtering_frequency: None,
                group: None,
                group_allele_number: None,
                filters: vec![],
            }),
            splice_gains: Vec::new(),
            splice_delta: Lookup::NotEvaluated("no splice scores were given".to_owned()),
            phylop: Lookup::Absent,
            scores: Vec::new(),
        },
        zygosity: Zygosity::Heterozygous,
        shown,
        more_severe: None,
        gene: Some(GeneFacts {
            symbol: symbol.to_owned(),
            hgnc_id: "HGNC:1100".to_owned(),
            disease: "hereditary breast ovarian cancer syndrome".to_owned(),
            disease_id: Some("MONDO:0003582".to_owned()),
            inheritance_id: Some("HP:0000006".to_owned()),
            inheritance: Some("autosomal dominant".to_owned()),
            loss_of_function: Some(true),
            validity: Some("Definitive".to_owned()),
            source: "gene table 2026-10".to_owned(),
        }),
        criteria: criteria(&[
            (Code::PVS1, Strength::VeryStrong, "The frameshift leads to nonsense-mediated decay in a gene in which loss of function causes disease."),
            (Code::PM2, Strength::Supporting, "The allele was seen in 2 of 152,186 alleles, below the threshold of 0.0001."),
            (Code::PP4, Strength::Supporting, "The phenotype fits the gene."),
        ]),
        classification: Classification {
            class,
            class_2015: class,
            pathogenic_points: points.max(0),
            benign_points: points.min(0),
            points,
            posterior: 0.994,
            stand_alone_benign: false,
            flags: vec![],
        },
        review: None,
        sentences: vec![
            "The variant removes two bases in exon 2 of BRCA1 and shifts the reading frame; the messenger is expected to be degraded.".to_owned(),
            "It was seen in 2 of 152,186 alleles (gnomAD 4.1 genomes).".to_owned(),
            "ClinVar lists it as Pathogenic, reviewed by expert panel.".to_owned(),
        ],
    }
}

fn quality(genes: &[&str]) -> Quality {
    let gene = |n: usize, symbol: &str| GeneCoverage {
        gene: symbol.to_owned(),
        transcript: format!("NM_{:06}.{}", 7000 + n * 37, 1 + n % 5),
        bases: 1500 + 331 * n as u64,
        mean_depth: Some(212.0 - n as f64),
        at_least_10: Some(1.0),
        at_least_20: Some(if n % 5 == 1 { 0.9871 } else { 1.0 }),
        at_least_30: Some(0.981),
        gaps: if n % 5 == 1 {
            (0..=(n % 3) as u32)
                .map(|k| Gap {
                    exon: 3 + k,
                    interval: Interval::new("17", 43_100_000 + 1000 * k, 43_100_042 + 1000 * k),
                    lowest: 4 + k,
                    mean: 12.25,
                    reasons: vec![GapPart {
                        reason: GapReason::ALL[(k as usize + 1) % 4],
                        bases: 42,
                    }],
                })
                .collect()
        } else {
            vec![]
        },
    };
    let check = |name: &str, result, reason: &str| Check {
        name: name.to_owned(),
        result,
        reason: reason.to_owned(),
    };
    Quality {
        schema: quality::SCHEMA.to_owned(),
        sample: "DEMO-01".parse().unwrap(),
        build: Build::Grch38,
        reads: Some(ReadFigures {
            reads: 84_123_456,
            bases: 12_618_518_400,
            q30: Some(0.943),
            mapped: 84_000_000,
            proper_pairs: 83_000_000,
            duplicates: 6_100_000,
            median_insert: Some(312),
            insert_deviation: Some(44),
            mean_length: Some(149.6),
            ..ReadFigures::default()
        }),
        coverage: Coverage::Assessed(CoverageFigures {
            over: format!("coding exons of {} genes", genes.len()),
            threshold: 20,
            bases: 43_211,
            mean_depth: Some(211.8),
            at_least_10: Some(0.9999),
            at_least_20: Some(0.9961),
            at_least_30: Some(0.9911),
            at_threshold: Some(0.9961),
            depths: Vec::new(),
            genes: genes.iter().enumerate().map(|(n, g)| gene(n, g)).collect(),
        }),
        targets: Some(targets()),
        thresholds: ThresholdsUsed {
            sha256: Some(DIGEST.to_owned()),
            limits: Thresholds {
                name: "Hereditary breast and ovarian cancer, version 3".to_owned(),
                ..Thresholds::default()
            },
        },
        variants: Some(VariantFigures {
            snvs: 21_412,
            indels: 1_876,
            others: 3,
            ti_tv: Some(2.91),
            het_hom: None,
        }),
        contamination: ContaminationCheck::default(),
        sex: SexCheck {
            declared: Sex::Female,
            observed: Sex::Female,
            reason: "depth of X 0.98 and of Y 0.00 of the autosomes".to_owned(),
            evidence: SexEvidence::default(),
        },
        checks: vec![
            check(
                "mean depth",
                CheckResult::Pass,
                "212 reads; at least 100 are asked for.",
            ),
            check(
                "bases with 20 or more reads",
                CheckResult::Warn,
                "99.6 %; 100 % of the ordered genes are asked for.",
            ),
            check("sex", CheckResult::Pass, "declared and observed sex agree."),
            check(
                "contamination",
                CheckResult::NotAssessed,
                "too few common variants were covered.",
            ),
        ],
    }
}

fn targets() -> TargetFigures {
    TargetFigures {
        on_target: OnTarget {
            used_bases: 1_000_000,
            on: 712_345,
            near: 120_000,
            distance: 100,
        },
        targets: 312,
        bases: 61_204,
        mean_depth: Some(208.4),
        at_least_10: Some(0.9998),
        at_least_20: Some(0.9961),
        at_least_30: Some(0.9902),
        at_threshold: Some(0.9961),
        complete: 309,
        all_listed: true,
        rows: Vec::new(),
    }
}

fn release(name: &str, release: Option<&str>, file: &str) -> DataRelease {
    DataRelease {
        name: name.to_owned(),
        release: release.map(ToOwned::to_owned),
        file: file.to_owned(),
        sha256: DIGEST.to_owned(),
        licence: (name != "frequencies").then(|| "public domain".to_owned()),
        note: (name == "gene facts").then(|| "synthetic".to_owned()),
    }
}

const GENES: [&str; 12] = [
    "ATM", "BARD1", "BRCA1", "BRCA2", "BRIP1", "CDH1", "CHEK2", "PALB2", "PTEN", "RAD51C", "RAD51D", "TP53",
];

pub fn positive() -> Report {
    let digest = |file: &str| FileDigest {
        file: file.to_owned(),
        sha256: DIGEST.replace('9', &file.len().to_string()),
        bytes: 1_234_567_890,
    };
    let step =
        |name: &str, version: &str, parameters: &[(&str, &str)], inputs: Vec<FileDigest>, outputs: Vec<FileDigest>| {
            Step {
                name: name.to_owned(),
                version: version.to_owned(),
                parameters: parameters
                    .iter()
                    .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
                    .collect(),
                inputs,
                outputs,
                start: "2026-11-20T11:00:00Z".parse().unwrap(),
                end: "2026-11-20T12:00:00Z".parse().unwrap(),
                resumed: name == "align",
            }
        };
    let bam = digest("DEMO-01.bam");
    let mut second = finding("V2", Section::Uncertain, "CHEK2", Class::Uncertain, 3);
    second.shown.hgvs_c = Some("NM_007194.4:c.470T>C".to_owned());
    second.shown.transcript = "NM_007194.4".to_owned();
    second.shown.hgvs_p = Some("NP_009125.1:p.(Ile157Thr)".to_owned());
    second.shown.terms = vec!["missense_variant".to_owned()];
    second.shown.loss_of_function = None;
    second.classification.class_2015 = Class::LikelyPathogenic;
    second.classification.flags = vec!["Strong evidence on both sides.".to_owned()];
    second.more_severe = Some(consequence(
        "CHEK2",
        "NM_001005735.2",
        "c.599+1G>A",
        "p.?",
        "5/16",
        "splice_donor_variant",
    ));
    second.gene = None;
    second.variant.clinvar = Lookup::Absent;
    second.variant.frequency = Lookup::NotEvaluated("no frequency file was given".to_owned());
    Report {
        id: "R-S-000123".to_owned(),
        version: 1,
        state: ReportState::Draft,
        issued: "2026-11-20T13:05:00Z".parse().unwrap(),
        order: Some(order("Synthetic", "Demo", &GENES, true)),
        interpretation: Interpretation {
            schema: finding::SCHEMA.to_owned(),
            sample: "DEMO-01".parse().unwrap(),
            input_sample: Some("lane1_index7".to_owned()),
            sex: Sex::Female,
            build: Build::Grch38,
            build_proof: "contig lengths of the reads and of the reference".to_owned(),
            rules: vec![
                RuleSet {
                    name: "ACMG/AMP criteria".to_owned(),
                    version: "2026.1".to_owned(),
                    source: "Richards 2015; Tavtigian 2020; Abou Tayoun 2018 (PMID 30192042)".to_owned(),
                },
                RuleSet {
                    name: "filters".to_owned(),
                    version: "2026.1".to_owned(),
                    source: "specification of this laboratory".to_owned(),
                },
            ],
            data: vec![
                release("reference", Some("GRCh38, no alt"), "GRCh38.fa.gz"),
                release("ClinVar", Some("2026-02-26"), "clinvar_20260226.vcf.gz"),
                release("frequencies", None, "frequencies.vcf.gz"),
                release("gene facts", Some("2026-10"), "genes.tsv"),
            ],
            scope: Scope {
                decided_by: ScopeSource::Order,
                genes: GENES.iter().map(|g| (*g).to_owned()).collect(),
                not_covered: vec![],
                secondary_findings: None,
            },
            funnel: vec![
                FunnelStep {
                    name: "Called alleles that pass the caller's filters".to_owned(),
                    rule: "clinotype.funnel.pass 1".to_owned(),
                    input: 24_001,
                    kept: 23_291,
                    dropped: vec![
                        Dropped { reason: "low quality".to_owned(), count: 700 },
                        Dropped { reason: "no copy in this sample".to_owned(), count: 10 },
                    ],
                },
                FunnelStep {
                    name: "In the genes in scope".to_owned(),
                    rule: "clinotype.funnel.scope 1".to_owned(),
                    input: 23_291,
                    kept: 41,
                    dropped: vec![Dropped { reason: "in no gene in scope".to_owned(), count: 23_250 }],
                },
                FunnelStep {
                    name: "Classified above benign".to_owned(),
                    rule: "clinotype.funnel.class 1".to_owned(),
                    input: 41,
                    kept: 2,
                    dropped: vec![Dropped { reason: "benign or likely benign".to_owned(), count: 39 }],
                },
            ],
            findings: vec![finding("V1", Section::Primary, "BRCA1", Class::Pathogenic, 10), second],
            classified: vec![],
            set_aside: None,
            secondary: None,
            clinvar_listed: vec![ClinvarListed {
                key: VariantKey::new("11", Pos::new(108_236_087).unwrap(), "G", "A"),
                gene: "ATM".to_owned(),
                name: "NM_000051.4:c.2921+1G>A".to_owned(),
                clinvar: "3022: Likely pathogenic (criteria provided, single submitter)".to_owned(),
                zygosity: "heterozygous".to_owned(),
                reason: "Read depth 4 is below the threshold of 10.".to_owned(),
            }],
            people: None,
            lb_min_points: -1,
            conclusion: Conclusion {
                outcome: Outcome::Positive,
                headline: "a pathogenic variant explains the indication".to_owned(),
                interpretation: vec![
                    "One pathogenic variant was found in BRCA1, heterozygous; it may explain the breast cancer of the patient.".to_owned(),
                    "The variant removes two bases in exon 2 and shifts the reading frame; the messenger is expected to be degraded.".to_owned(),
                    "Loss of function of BRCA1 is an established cause of hereditary breast and ovarian cancer, which is inherited as autosomal dominant.".to_owned(),
                    "The class is proposed by the rules named under Methods and has not been confirmed by a person.".to_owned(),
                ],
                recommendations: vec![
                    "Confirm the variant by a second method before it is used for care.".to_owned(),
                    "Genetic counselling; predictive testing can be offered to adult relatives (each first-degree relative: 50 %).".to_owned(),
                    "Surveillance and risk reduction by the current guideline for BRCA1.".to_owned(),
                ],
                limits: vec![
                    "Six coding stretches in three genes lie below 20 reads.".to_owned(),
                    "Copy-number variants were not tested.".to_owned(),
                ],
                secondary_findings: "Secondary findings: not looked for (no consent stated).".to_owned(),
            },
        },
        quality: quality(&GENES),
        waivers: Vec::new(),
        pgx: None,
        rank: None,
        prs: None,
        provenance: Some(Provenance {
            schema: provenance::SCHEMA.to_owned(),
            sample: "DEMO-01".to_owned(),
            software: "clinotype 0.1.0 (build abc1234)".to_owned(),
            data: vec![release("transcripts", Some("RefSeq 2026-01"), "refseq.gff3.gz")],
            steps: vec![
                step("align", "minimap2 2.30 (clinotype-reads 0.1.0)", &[("preset", "sr"), ("threads", "8"), ("mark duplicates", "yes")],
                    vec![digest("DEMO-01_R1.fastq.gz"), digest("DEMO_01_R2.fastq.gz")], vec![bam.clone()]),
                step("call", "clinotype-call 0.1.0", &[("minimum base quality", "10"), ("minimum mapping quality", "20"), ("ploidy", "2")],
                    vec![bam], vec![digest("DEMO-01.vcf.gz")]),
                step("annotate", "clinotype-annotate 0.1.0", &[], vec![], vec![]),
            ],
        }),
        software: "Clinotype 0.1.0 (build abc1234)".to_owned(),
        notices: vec!["SYNTHETIC demonstration data, not a patient".to_owned()],
    }
}
