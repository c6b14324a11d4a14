//! A small laboratory: genes, coverage, orders and variants that the tests vary one thing at a time.

use std::collections::BTreeSet;

use clinotype_case::{
    Order, Review, SampleId, Sex,
    criterion::{Class, Code, Criterion, State},
    evidence::{
        AnnotatedVariant, ClinvarRecord, Frequency, Genotype, Impact, Lookup, LossOfFunction, Mane, SplicePlace,
        TranscriptConsequence,
    },
    finding::Interpretation,
    quality::{
        Check, CheckResult, ContaminationCheck, Coverage, CoverageFigures, Gap, GeneCoverage, Quality, SexCheck,
        SexEvidence, ThresholdsUsed,
    },
};
use clinotype_genome::{Build, DataRelease, Interval, Pos, Result, Strand, VariantKey};
use clinotype_interpret::{
    Context, Settings,
    acmg::{self, Question},
    interpret, review,
    rules::RULES,
};

pub fn order(genes: &[&str], extra: &str) -> Order {
    let genes = serde_json::to_string(genes).unwrap();
    Order::from_json(&format!(
        r#"{{"patient": {{"identifiers": [{{"value": "4471"}}, {{"value": "S-1"}}], "name": {{"family": "Synthetic"}},
        "birth_date": "1970-01-01", "sex": "female"}}, "specimen": {{"id": "D-1", "type": "blood"}},
        "order": {{"id": "O-1", "test": "panel"}}, "clinician": {{"name": {{"family": "Example"}}}},
        "laboratory": {{"name": "Lab", "address": "1 Example Street"}},
        "indication": {{"text": "breast cancer at 41"}}, "genes": {genes}{extra}}}"#
    ))
    .unwrap()
}

pub struct Bench {
    pub sample: SampleId,
    pub sex: Sex,
    pub build: Build,
    pub order: Option<Order>,
    pub genes: BTreeSet<String>,
    pub coverage: Coverage,
    pub checks: Vec<Check>,
    pub data: Vec<DataRelease>,
    pub settings: Settings,
}

impl Bench {
    /// Complete coverage of these genes, no order.
    pub fn new(genes: &[&str]) -> Self {
        Self {
            sample: "S-000123".parse().unwrap(),
            sex: Sex::Female,
            build: Build::Grch38,
            order: None,
            genes: genes.iter().map(|g| (*g).to_owned()).collect(),
            coverage: covered(genes),
            checks: Vec::new(),
            data: ["transcripts", "ClinVar", "frequencies"].map(release).to_vec(),
            settings: Settings::default(),
        }
    }
    pub fn ordered(genes: &[&str], extra: &str) -> Self {
        Self {
            order: Some(order(genes, extra)),
            ..Self::new(genes)
        }
    }
    pub fn context(&self) -> Context<'_> {
        Context {
            sample: &self.sample,
            input_sample: None,
            sex: self.sex,
            build: self.build,
            build_proof: "contig lengths",
            order: self.order.as_ref(),
            transcript_genes: &self.genes,
            coverage: &self.coverage,
            checks: &self.checks,
            data: &self.data,
            before: &[],
            settings: &self.settings,
            comparators: None,
        }
    }
    pub fn run(&self, variants: impl IntoIterator<Item = AnnotatedVariant>) -> Interpretation {
        interpret(&self.context(), variants)
    }
}

impl Bench {
    /// Quality figures of the bench, as the report has them.
    pub fn quality(&self) -> Quality {
        Quality {
            schema: clinotype_case::quality::SCHEMA.to_owned(),
            sample: self.sample.clone(),
            build: self.build,
            reads: None,
            coverage: self.coverage.clone(),
            targets: None,
            thresholds: ThresholdsUsed::default(),
            variants: None,
            contamination: ContaminationCheck::default(),
            sex: SexCheck {
                declared: self.sex,
                observed: Sex::Unknown,
                reason: "not sequenced".to_owned(),
                evidence: SexEvidence::default(),
            },
            checks: self.checks.clone(),
        }
    }
    pub fn review(&self, made: &Interpretation, reviews: &[(VariantKey, Review)]) -> Result<Interpretation> {
        review(made, reviews, self.order.as_ref(), &self.quality())
    }
}

/// A decision with everything stated.
pub fn decision(class: Class) -> Review {
    Review {
        class,
        reason: "segregation in the family".to_owned(),
        by: "Dr. A. Example".to_owned(),
        role: "clinical scientist".to_owned(),
        at: "2026-11-21T09:30:00Z".parse().unwrap(),
        on: None,
    }
}

pub fn release(name: &str) -> DataRelease {
    DataRelease {
        name: name.to_owned(),
        release: Some("2026-02".to_owned()),
        file: format!("{name}.gz"),
        sha256: "0".repeat(64),
        licence: None,
        note: None,
    }
}

pub fn covered(genes: &[&str]) -> Coverage {
    Coverage::Assessed(CoverageFigures {
        over: "coding exons".to_owned(),
        threshold: 20,
        bases: 1000,
        genes: genes
            .iter()
            .map(|gene| GeneCoverage {
                gene: (*gene).to_owned(),
                bases: 100,
                ..GeneCoverage::default()
            })
            .collect(),
        ..CoverageFigures::default()
    })
}

pub fn gap() -> Gap {
    Gap {
        exon: 2,
        interval: Interval::new("chr17", 100, 130),
        lowest: 3,
        mean: 8.0,
        reasons: Vec::new(),
    }
}

pub fn failed(name: &str) -> Check {
    Check {
        name: name.to_owned(),
        result: CheckResult::Fail,
        reason: "reads are male".to_owned(),
    }
}

/// A heterozygous missense change of good quality that nothing is known of.
pub fn variant(gene: &str, contig: &str, position: u32) -> AnnotatedVariant {
    AnnotatedVariant {
        key: VariantKey::new(contig, Pos::new(position).unwrap(), "A", "G"),
        filters: Some(Vec::new()),
        quality: Some(500.0),
        genotype: genotype("0/1"),
        hgvs_g: Some(format!("NC_000001.11:g.{position}A>G")),
        consequences: vec![consequence(gene, "missense_variant", Impact::Moderate)],
        clinvar: Lookup::Absent,
        frequency: Lookup::NotEvaluated("no population source was given".to_owned()),
        splice_delta: Lookup::NotEvaluated("no score in the input".to_owned()),
        splice_gains: Vec::new(),
        phylop: Lookup::NotEvaluated("no score in the input".to_owned()),
        scores: Vec::new(),
    }
}

pub fn genotype(text: &str) -> Genotype {
    let alleles: Vec<&str> = text.split(['/', '|']).collect();
    let called = alleles.iter().all(|a| *a != ".");
    Genotype {
        text: text.to_owned(),
        copies: called.then(|| alleles.iter().filter(|a| **a == "1").count() as u8),
        ploidy: alleles.len() as u8,
        phased: text.contains('|'),
        phase_set: None,
        depth: Some(60),
        reference_depth: Some(30),
        alternate_depth: Some(30),
        quality: Some(99),
    }
}

pub fn consequence(gene: &str, term: &str, impact: Impact) -> TranscriptConsequence {
    TranscriptConsequence {
        symbol: Some(gene.to_owned()),
        hgnc_id: None,
        gene_id: Some(format!("gene-{gene}")),
        transcript: format!("NM_{gene}.1"),
        protein_id: None,
        biotype: Some("protein_coding".to_owned()),
        terms: vec![term.to_owned()],
        impact,
        strand: Strand::Forward,
        mane: Mane::Select,
        picked: true,
        exon: Some("2/23".to_owned()),
        intron: None,
        hgvs_c: Some(format!("NM_{gene}.1:c.68A>G")),
        hgvs_p: None,
        protein_position: None,
        amino_acids: None,
        loss_of_function: None,
        splice: None,
        warnings: Vec::new(),
    }
}

/// A frameshift with decay: PVS1; with `Lookup::Absent` also PM2.
pub fn frameshift(gene: &str, contig: &str, position: u32) -> AnnotatedVariant {
    let mut v = variant(gene, contig, position);
    v.key = VariantKey::new(contig, v.key.position, "AG", "A");
    v.frequency = Lookup::Absent;
    let c = &mut v.consequences[0];
    c.terms = vec!["frameshift_variant".to_owned()];
    c.impact = Impact::High;
    // A stop in an exon for which the ENIGMA panel does not count PM5.
    c.loss_of_function = Some(lof(Some(true), 200, 0.9));
    v
}

pub fn lof(nmd: Option<bool>, stop: u32, lost: f64) -> LossOfFunction {
    LossOfFunction {
        nmd,
        nmd_reason: Some("new stop in exon 2 of 23".to_owned()),
        new_stop_codon: Some(stop),
        lost_fraction: Some(lost),
        ..LossOfFunction::default()
    }
}

pub fn synonymous(gene: &str, contig: &str, position: u32) -> AnnotatedVariant {
    let mut v = variant(gene, contig, position);
    v.consequences[0].terms = vec!["synonymous_variant".to_owned()];
    v.consequences[0].impact = Impact::Low;
    v.consequences[0].splice = Some(SplicePlace {
        intron_offset: None,
        from_exon_start: Some(40),
        from_exon_end: Some(40),
    });
    v
}

pub fn clinvar(significance: &str) -> Lookup<ClinvarRecord> {
    Lookup::Found(ClinvarRecord {
        variation_id: "17662".to_owned(),
        significance: significance.to_owned(),
        review_status: "reviewed by expert panel".to_owned(),
        stars: Some(3),
        conflicts: None,
        conditions: Vec::new(),
    })
}

/// A record of the group with the highest filtering frequency.
pub fn faf(value: f64, group: &str, group_alleles: u64) -> Lookup<Frequency> {
    Lookup::Found(Frequency {
        allele_count: Some((value * 1e6) as u64),
        allele_number: Some(1_000_000),
        frequency: Some(value / 2.0),
        homozygotes: Some(0),
        filtering_frequency: Some(value),
        group: Some(group.to_owned()),
        group_allele_number: Some(group_alleles),
        filters: Vec::new(),
    })
}

/// Criteria of a variant in the gene of its first consequence.
pub fn criteria(v: &AnnotatedVariant) -> Vec<Criterion> {
    criteria_on(v, Build::Grch38)
}

pub fn criteria_on(v: &AnnotatedVariant, build: Build) -> Vec<Criterion> {
    let shown = &v.consequences[0];
    let data = [release("transcripts"), release("frequencies")];
    acmg::evaluate(&Question {
        variant: v,
        shown,
        gene: shown.symbol.as_ref().and_then(|s| RULES.genes.get(s)),
        build,
        data: &data,
        settings: &Settings::default(),
        comparators: None,
        diseases: &[],
    })
}

pub fn row(v: &AnnotatedVariant, code: Code) -> Criterion {
    criteria(v).into_iter().find(|c| c.code == code).unwrap()
}

pub const NE: State = State::NotEvaluated;
pub const NM: State = State::NotMet;
pub const NA: State = State::NotApplicable;
pub const MET: State = State::Met;
