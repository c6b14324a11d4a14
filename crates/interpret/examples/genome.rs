//! Interprets a made-up genome and prints the time: `genome [alleles] [threads]` (5,000,000 and 1). Criteria of every
//! allele that the filters keep, classes, sections and the conclusion; the table of ClinVar by residue is made up too.
//! With two threads two halves are interpreted side by side, as two samples would be.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement"
)]

use std::{collections::BTreeSet, fmt::Write as _, time::Instant};

use clinotype_case::{
    SampleId, Sex,
    evidence::{
        AnnotatedVariant, Frequency, Genotype, Impact, Lookup, LossOfFunction, Mane, SplicePlace, TranscriptConsequence,
    },
    quality::Coverage,
};
use clinotype_genome::{Build, Pos, Strand, VariantKey};
use clinotype_interpret::{Comparators, Context, Settings, interpret, rules::RULES};

/// Shares of a genome: of 1,000 alleles 12 are coding, half of them silent, the rest intronic or between genes.
fn allele(number: u32, genes: &[String]) -> AnnotatedVariant {
    let gene = &genes[(number / 7) as usize % genes.len()];
    let kind = number % 1_000;
    let (terms, impact): (&[&str], Impact) = match kind {
        0..=5 => (&["synonymous_variant"], Impact::Low),
        6..=10 => (&["missense_variant"], Impact::Moderate),
        11 => (&["frameshift_variant"], Impact::High),
        _ if number.is_multiple_of(2) => (&["intron_variant"], Impact::Modifier),
        _ => (&[], Impact::Modifier),
    };
    // One in fifty is rare, whatever it does.
    let common = !(number / 1_000).is_multiple_of(50);
    AnnotatedVariant {
        key: VariantKey::new(
            "chr1",
            Pos::new(number + 1).unwrap(),
            "A",
            if kind == 11 { "AT" } else { "G" },
        ),
        filters: Some(Vec::new()),
        quality: Some(500.0),
        genotype: Genotype {
            text: "0/1".to_owned(),
            copies: Some(1),
            ploidy: 2,
            depth: Some(40),
            reference_depth: Some(20),
            alternate_depth: Some(20),
            quality: Some(99),
            ..Genotype::default()
        },
        hgvs_g: None,
        consequences: if terms.is_empty() {
            Vec::new()
        } else {
            vec![consequence(gene, terms, impact, number)]
        },
        clinvar: Lookup::Absent,
        frequency: if common {
            Lookup::Found(Frequency {
                allele_count: Some(30_000),
                allele_number: Some(150_000),
                frequency: Some(0.2),
                homozygotes: Some(3_000),
                filtering_frequency: Some(0.2),
                group: Some("nfe".to_owned()),
                group_allele_number: Some(60_000),
                filters: Vec::new(),
            })
        } else {
            Lookup::Absent
        },
        splice_delta: Lookup::Found(0.01),
        splice_gains: Vec::new(),
        phylop: Lookup::Found(0.5),
        scores: if kind < 12 {
            vec![("REVEL".to_owned(), f64::from(number % 997) / 997.0)]
        } else {
            Vec::new()
        },
    }
}

fn consequence(gene: &str, terms: &[&str], impact: Impact, number: u32) -> TranscriptConsequence {
    let coding = impact > Impact::Modifier;
    TranscriptConsequence {
        symbol: Some(gene.to_owned()),
        hgnc_id: None,
        gene_id: None,
        transcript: format!("NM_{gene}.1"),
        protein_id: None,
        biotype: Some("protein_coding".to_owned()),
        terms: terms.iter().map(|t| (*t).to_owned()).collect(),
        impact,
        strand: Strand::Forward,
        mane: Mane::Select,
        picked: true,
        exon: coding.then(|| "5/20".to_owned()),
        intron: (!coding).then(|| "5/19".to_owned()),
        hgvs_c: None,
        hgvs_p: None,
        protein_position: coding.then(|| (number % 900 + 1).to_string()),
        amino_acids: (impact == Impact::Moderate).then(|| "R/H".to_owned()),
        loss_of_function: (impact == Impact::High).then(|| LossOfFunction {
            nmd: Some(true),
            new_stop_codon: Some(number % 900 + 9),
            lost_fraction: Some(0.5),
            ..LossOfFunction::default()
        }),
        splice: coding.then_some(SplicePlace {
            intron_offset: None,
            from_exon_start: Some(50),
            from_exon_end: Some(50),
        }),
        warnings: Vec::new(),
    }
}

/// 300 records in each gene.
fn comparators(genes: &[String]) -> Comparators {
    let mut text = "##clinotype_comparators=1\n##file=made-up\n\
gene\ttranscript\tcontig\tposition\tref\talt\tvariation_id\tclass\tstars\tkind\tcodon\tresidues\texon\tsite\toffset\n"
        .to_owned();
    for gene in genes {
        for n in 0..300_u32 {
            let class = ["P", "LP", "VUS", "VUS", "LB"][n as usize % 5];
            let _ = writeln!(
                text,
                "{gene}\tNM_{gene}.1\tchr2\t{n}\tA\tG\t{n}\t{class}\t2\tmissense\t{}\tR/L\t5\t.\t.",
                n * 3 + 1
            );
        }
    }
    Comparators::parse(&text).unwrap()
}

fn run(from: u32, to: u32, genes: &[String], table: &Comparators) -> usize {
    let settings = Settings {
        missense_tool: Some(RULES.predictor("REVEL").unwrap()),
        ..Settings::default()
    };
    let sample: SampleId = "S-000001".parse().unwrap();
    let names: BTreeSet<String> = genes.iter().cloned().collect();
    let coverage = Coverage::NotAssessed {
        reason: "made up".to_owned(),
    };
    let context = Context {
        sample: &sample,
        input_sample: None,
        sex: Sex::Female,
        build: Build::Grch38,
        build_proof: "made up",
        order: None,
        transcript_genes: &names,
        coverage: &coverage,
        checks: &[],
        data: &[],
        before: &[],
        settings: &settings,
        comparators: Some(table),
    };
    let made = interpret(&context, (from..to).map(|number| allele(number, genes)));
    made.findings.len()
}

fn main() {
    let mut words = std::env::args().skip(1).map(|w| w.parse::<u32>().unwrap());
    let (alleles, threads) = (words.next().unwrap_or(5_000_000), words.next().unwrap_or(1));
    // As many genes as a genome has; the first ones have facts and panels.
    let panels = RULES.specifications.keys().filter(|key| !key.contains('/'));
    let mut genes: Vec<String> = panels.chain(RULES.genes.keys()).cloned().collect();
    genes.extend((genes.len()..19_000).map(|n| format!("GENE{n}")));
    let started = Instant::now();
    let table = comparators(&genes[..2_000]);
    println!(
        "table of {} records read in {:.1} s",
        table.len(),
        started.elapsed().as_secs_f64()
    );
    let started = Instant::now();
    for number in 0..alleles {
        std::hint::black_box(allele(number, &genes));
    }
    println!(
        "{alleles} alleles made up in {:.1} s (one thread, part of the next figure)",
        started.elapsed().as_secs_f64()
    );
    let started = Instant::now();
    let share = alleles / threads;
    let findings: usize = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..threads)
            .map(|n| {
                let (genes, table) = (&genes, &table);
                scope.spawn(move || run(n * share, (n + 1) * share, genes, table))
            })
            .collect();
        runs.into_iter().map(|r| r.join().unwrap()).sum()
    });
    println!(
        "{} alleles interpreted in {:.1} s on {threads} thread(s), {findings} findings",
        share * threads,
        started.elapsed().as_secs_f64()
    );
}
