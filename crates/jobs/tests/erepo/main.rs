//! Automatic classification against the experts of the ClinGen Evidence Repository, on the rows whose alleles lie in
//! the genes of the panel. ClinVar holds these very assertions: the variant's own record is never a comparator, but the
//! records of its neighbours may rest on the same experts' work, and that is part of what is measured.
//!
//! There are no frequencies with allele numbers, no missense and no splice scores here, so the criteria that need them
//! are left out of the measurement whatever their rows say, and criteria that need a case are too; both are listed with
//! the number of rows in which the experts used them. `--nocapture` prints the figures and every difference.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;
mod panel;

use std::collections::{BTreeMap, HashMap};

use clinotype_case::criterion::{Class, Code, Criterion, State, Strength};
use clinotype_genome::{Build, fs};
use clinotype_interpret::{
    Settings,
    acmg::{self, Question, codes, table::short},
    rules::RULES,
};
use clinotype_jobs::{
    comparators::{self, ComparatorsRequest},
    evidence::AnnotatedVcf,
    steps::{self, AnnotateRequest, Cache, PickOrder},
    watch::Nobody,
};
use clinotype_tests::shared;

/// One row that was evaluated.
struct Judged {
    row: HashMap<String, String>,
    criteria: Vec<Criterion>,
    class: Class,
    name: String,
    terms: String,
}

fn judged() -> Option<(Vec<Judged>, usize)> {
    let data = shared("data")?;
    let folder = tempfile::tempdir().unwrap();
    let panel = panel::Panel::write(&data, folder.path());
    let rows = panel::rows(&data.join("acmg/clingen_erepo_open.tsv"));
    let (vcf, out) = (folder.path().join("in.vcf"), folder.path().join("out.vcf"));
    let placed = panel.write_rows(&rows, &vcf);
    let made = comparators::build(
        &ComparatorsRequest {
            clinvar: &panel.clinvar,
            reference: &panel.reference,
            transcripts: &[&panel.transcripts],
            build: Some(Build::Grch38),
            frequencies: None,
            pick_order: PickOrder::default(),
            scratch: &folder.path().join("scratch"),
        },
        &Nobody,
    )
    .unwrap();
    steps::annotate(
        &AnnotateRequest {
            vcf: &vcf,
            reference: &panel.reference,
            transcripts: &[&panel.transcripts],
            sequences: None,
            cache: Cache::None,
            clinvar: Some(&panel.clinvar),
            frequencies: None,
            scores: &[],
            build: Some(Build::Grch38),
            pick_order: PickOrder::default(),
            mismatches: 0,
            names: true,
            out: &out,
            tables: &[],
        },
        &Nobody,
    )
    .unwrap();
    // Alleles come in the order of the file, and every one is annotated.
    let order: Vec<usize> = fs::read_to_string(&out)
        .unwrap()
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').nth(2).unwrap()[1..].parse().unwrap())
        .collect();
    let mut alleles = AnnotatedVcf::open(&out).unwrap();
    let settings = Settings::default();
    let mut judged = Vec::new();
    for number in order {
        let variant = alleles.next_allele().unwrap().unwrap();
        let row = rows[number].clone();
        let gene = row["gene"].as_str();
        let Some(shown) = variant
            .consequences
            .iter()
            .find(|c| c.picked && c.symbol.as_deref() == Some(gene))
        else {
            continue;
        };
        let diseases = [row["mondo"].clone()];
        let criteria = acmg::evaluate(&Question {
            variant: &variant,
            shown,
            gene: RULES.gene(Some(gene), None),
            build: Build::Grch38,
            data: &alleles.header().data,
            settings: &settings,
            comparators: Some(&made),
            diseases: &diseases,
        });
        judged.push(Judged {
            class: acmg::classify(&criteria, -1).class,
            name: shown.hgvs_c.clone().unwrap_or_default(),
            terms: shown.terms.join("&"),
            row,
            criteria,
        });
    }
    Some((judged, placed))
}

impl Judged {
    fn expert(&self) -> Class {
        match self.row["expert_class"].as_str() {
            "P" => Class::Pathogenic,
            "LP" => Class::LikelyPathogenic,
            "VUS" => Class::Uncertain,
            "LB" => Class::LikelyBenign,
            "B" => Class::Benign,
            other => panic!("class {other}"),
        }
    }
    fn ours(&self, code: Code) -> &Criterion {
        self.criteria.iter().find(|c| c.code == code).unwrap()
    }
    fn theirs(&self, code: Code) -> Option<Strength> {
        let met = codes::parse(&self.row["codes_met"]).unwrap();
        met.iter().find(|(c, _)| *c == code).map(|(_, strength)| *strength)
    }
}

fn is_benign(class: Class) -> bool {
    matches!(class, Class::Benign | Class::LikelyBenign)
}

fn percent(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "none".to_owned();
    }
    format!("{:.1} % ({part} of {whole})", part as f64 * 100.0 / whole as f64)
}

#[test]
fn automatic_classes_against_experts() {
    let Some((judged, placed)) = judged() else { return };
    println!(
        "{placed} rows with an allele in the panel, {} in the experts' gene",
        judged.len()
    );
    let count = |wanted: &dyn Fn(&Judged) -> bool| judged.iter().filter(|j| wanted(j)).count();
    let opposite = count(&|j| {
        (j.class.is_pathogenic() && is_benign(j.expert())) || (is_benign(j.class) && j.expert().is_pathogenic())
    });
    let bad = count(&|j| j.expert().is_pathogenic());
    let good = count(&|j| is_benign(j.expert()));
    let found_bad = count(&|j| j.expert().is_pathogenic() && j.class.is_pathogenic());
    let found_good = count(&|j| is_benign(j.expert()) && is_benign(j.class));
    let exact = count(&|j| j.expert() == j.class);
    let uncertain = count(&|j| j.expert() == Class::Uncertain);
    println!("opposite side: {}", percent(opposite, judged.len()));
    println!("P/LP recall: {}; all VUS: 0", percent(found_bad, bad));
    println!("LB/B recall: {}; all VUS: 0", percent(found_good, good));
    println!(
        "exact: {}; all VUS: {}",
        percent(exact, judged.len()),
        percent(uncertain, judged.len())
    );
    for j in judged.iter().filter(|j| {
        j.class.is_pathogenic() && is_benign(j.expert()) || is_benign(j.class) && j.expert().is_pathogenic()
    }) {
        println!(
            "  opposite: {} {} {} by {}",
            j.name,
            short(j.class),
            j.row["expert_class"],
            j.row["codes_met"]
        );
    }
    table(&judged);
    assert!(opposite * 1000 <= 2 * judged.len(), "{opposite} on the opposite side");
    assert!(found_bad * 100 >= 20 * bad);
}

/// Criteria that rest on population frequencies or on scores, of which there are none here. PP3 and BP4 of a gene whose
/// panel lists them by change are evaluated all the same and counted.
const WITHOUT_DATA: [Code; 7] = [
    Code::BA1,
    Code::BS1,
    Code::BS2,
    Code::PM2,
    Code::PP3,
    Code::BP4,
    Code::BP7,
];

/// Per criterion: rows in which both met it, only we, only the experts; precision, recall; rows left out.
fn table(judged: &[Judged]) {
    println!(
        "criterion\tboth\tours only\texperts only\tprecision\trecall\tsame strength\tnot evaluated (experts used it)"
    );
    let mut left_out = Vec::new();
    for &code in Code::ALL {
        let used = judged.iter().filter(|j| j.theirs(code).is_some()).count();
        let evaluated: Vec<&Judged> = judged
            .iter()
            .filter(|j| match j.ours(code).state {
                State::NotEvaluated => false,
                // Not applicable or declined is no answer where there are no data to answer with.
                State::NotMet | State::NotApplicable => !WITHOUT_DATA.contains(&code),
                State::Met => true,
            })
            .collect();
        if evaluated.is_empty() {
            if used > 0 {
                left_out.push(format!("{code} {used}"));
            }
            continue;
        }
        let count = |ours: bool, theirs: bool| {
            evaluated
                .iter()
                .filter(|j| (j.ours(code).state == State::Met) == ours && j.theirs(code).is_some() == theirs)
                .count()
        };
        let (both, only_ours, only_theirs) = (count(true, true), count(true, false), count(false, true));
        let same = evaluated
            .iter()
            .filter(|j| j.theirs(code).is_some() && j.ours(code).strength == j.theirs(code))
            .count();
        if both + only_ours + only_theirs == 0 {
            continue;
        }
        let open = judged.len() - evaluated.len();
        println!(
            "{code}\t{both}\t{only_ours}\t{only_theirs}\t{}\t{}\t{same}\t{open} ({})",
            percent(both, both + only_ours),
            percent(both, both + only_theirs),
            used - both - only_theirs
        );
        if code == Code::PVS1 {
            continue;
        }
        for (word, ours) in [("ours only", true), ("experts only", false)] {
            let named: Vec<String> = evaluated
                .iter()
                .filter(|j| (j.ours(code).state == State::Met) == ours && j.theirs(code).is_some() != ours)
                .map(|j| format!("{} {}", j.row["gene"], j.name))
                .collect();
            if !named.is_empty() {
                println!("    {word}: {}", named.join("; "));
            }
        }
    }
    println!(
        "left out, no data or no case here (rows in which the experts used them): {}",
        left_out.join(", ")
    );
}

/// The experts' level of PVS1 that no sequence file can give: a change outside the start codon and +-1,2 of a splice
/// site that does not end the protein either has PVS1 only by RNA or another observation.
fn rests_on_a_case(j: &Judged) -> bool {
    let null = [
        "stop_gained",
        "frameshift",
        "splice_donor_variant",
        "splice_acceptor_variant",
        "start_lost",
    ];
    j.theirs(Code::PVS1).is_some() && !j.terms.split('&').any(|term| null.iter().any(|n| term.starts_with(n)))
}

/// Where the level of PVS1 differs from the experts', each gene has its reason in a table (`adjudicated.tsv`).
#[test]
fn pvs1_levels_against_experts() {
    let Some((judged, _)) = judged() else { return };
    let adjudicated: BTreeMap<&str, &str> = include_str!("adjudicated.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .filter_map(|line| line.split_once('\t'))
        .collect();
    let (mut agree, mut null, mut null_agree, mut cases) = (0, 0, 0, 0);
    let mut differing: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for j in &judged {
        let (ours, theirs) = (j.ours(Code::PVS1), j.theirs(Code::PVS1));
        let same = ours.strength == theirs;
        agree += usize::from(same);
        if theirs.is_some() || ours.state == State::Met {
            null += 1;
            null_agree += usize::from(same);
            cases += usize::from(rests_on_a_case(j) && !same);
        }
        if !same {
            let word = |s: Option<Strength>| s.map_or("-", Strength::suffix);
            differing.entry(j.row["gene"].clone()).or_default().push(format!(
                "{} ({}) ours {} [{}], experts {} in {}",
                j.name,
                j.terms,
                word(ours.strength),
                ours.rule.trim_start_matches("clinotype.pvs1."),
                word(theirs),
                j.row["published_date"]
            ));
        }
    }
    println!(
        "PVS1 level, same as the experts': {} of all rows; {} of the rows in which either has PVS1; {} of these without \
         {cases} that rest on RNA or other case data",
        percent(agree, judged.len()),
        percent(null_agree, null),
        percent(null_agree, null - cases)
    );
    let mut open = Vec::new();
    for (gene, rows) in &differing {
        println!(
            "{gene}: {} rows; {}",
            rows.len(),
            adjudicated.get(gene.as_str()).unwrap_or(&"NOT ADJUDICATED")
        );
        for row in rows {
            println!("    {row}");
        }
        if !adjudicated.contains_key(gene.as_str()) {
            open.push(gene);
        }
    }
    assert!(
        agree * 100 >= 95 * judged.len() || open.is_empty(),
        "not adjudicated: {open:?}"
    );
}
