//! Families through a whole run: phase by both parents for PM3 and BP2, meioses of a larger pedigree for PP1 and BS4, and
//! kinship that tells PS2 from PM6.

use std::fmt::Write as _;

use clinotype_genome::fs;
use clinotype_testkit::Dice;
use clinotype_tests::{TinyCase, errors};
use serde_json::Value;

const VCF: [&str; 2] = ["--vcf", "in.vcf"];
const HET: &str = "0/1:20,20:40:60";
const CLEAR: &str = "0/0:40,0:40:60";
/// Sites: contig, position, REF, ALT, calls.
type Lines = Vec<(String, u32, String, String, Vec<&'static str>)>;

fn header(samples: &[&str]) -> String {
    format!(
        "##fileformat=VCFv4.3\n##contig=<ID=chr1,length=6000>\n##contig=<ID=chr2,length=1000>\n\
         ##FORMAT=<ID=GT,Number=1,Type=String,Description=\"g\">\n##FORMAT=<ID=AD,Number=R,Type=Integer,Description=\"a\">\n\
         ##FORMAT=<ID=DP,Number=1,Type=Integer,Description=\"d\">\n##FORMAT=<ID=GQ,Number=1,Type=Integer,Description=\"q\">\n\
         #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{}\n",
        samples.join("\t")
    )
}

fn vcf(samples: &[&str], lines: &Lines) -> String {
    let mut text = header(samples);
    let mut lines: Vec<_> = lines.iter().collect();
    lines.sort_by_key(|(contig, position, ..)| (contig.clone(), *position));
    for (contig, position, reference, alternate, calls) in lines {
        let _ = writeln!(
            text,
            "{contig}\t{position}\t.\t{reference}\t{alternate}\t60\tPASS\t.\tGT:AD:DP:GQ\t{}",
            calls.join("\t")
        );
    }
    text
}

/// The case with its gene called as a real one, whose mode of inheritance is known; with frequencies, so that PM2 is met.
fn case(gene: &str, hgnc: &str) -> TinyCase {
    let case = TinyCase::new();
    for name in ["transcripts.gff3", "order.json"] {
        let text = fs::read_to_string(case.path(name)).unwrap();
        let text = text.replace("HGNC:HGNC:99999", hgnc).replace("TINY1", gene);
        case.write(name, &text);
    }
    let mut text = "##fileformat=VCFv4.3\n##INFO=<ID=AF,Number=A,Type=Float,Description=\"f\">\n\
        ##INFO=<ID=AC,Number=A,Type=Integer,Description=\"c\">\n##INFO=<ID=AN,Number=1,Type=Integer,Description=\"n\">\n\
        #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        .to_owned();
    let mut rows = alleles(&case);
    rows.sort();
    for (position, reference, alternate) in rows {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "chr1\t{position}\t.\t{reference}\t{alternate}\t.\tPASS\tAF=0;AC=0;AN=150000"
        );
    }
    case.write("frequencies.vcf", &text);
    case
}

/// The missense variant of the case, and a new stop early in the same exon: positions, REF, ALT.
fn alleles(case: &TinyCase) -> [(u32, String, String); 2] {
    let key = case.variant();
    // Codons of the second exon, away from its ends, that one base turns into a stop.
    let stop = (2_006..2_060).step_by(3).find_map(|at| {
        (0..3).find_map(|within| {
            let mut codon = case.bases[at..at + 3].to_vec();
            let before = codon[within];
            b"ACGT".iter().filter(|base| **base != before).find_map(|base| {
                codon[within] = *base;
                let is_stop = matches!(&codon[..], b"TAA" | b"TAG" | b"TGA");
                is_stop.then(|| (at + within, char::from(before), char::from(*base)))
            })
        })
    });
    let (at, reference, alternate) = stop.expect("a codon one base from a stop");
    [
        (key.position.get(), key.reference, key.alternate),
        (at as u32 + 1, reference.to_string(), alternate.to_string()),
    ]
}

fn lines(alleles: &[(u32, String, String)], calls: &[&[&'static str]]) -> Lines {
    let all = alleles.iter().zip(calls);
    all.map(|((position, reference, alternate), calls)| {
        (
            "chr1".to_owned(),
            *position,
            reference.clone(),
            alternate.clone(),
            calls.to_vec(),
        )
    })
    .collect()
}

fn interpreted(case: &TinyCase, out: &str) -> Value {
    let text = fs::read_to_string(case.path(&format!("{out}/T-1.interpretation.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The variant at a position.
fn finding(made: &Value, position: u32) -> Value {
    let all = ["findings", "classified"].map(|list| made[list].as_array().cloned().unwrap_or_default());
    let found = all
        .concat()
        .into_iter()
        .find(|f| f["variant"]["key"]["position"] == position);
    found.unwrap_or_else(|| panic!("{position} in {made}"))
}

fn proposal(finding: &Value, code: &str) -> Value {
    let rows = finding["criteria"].as_array().unwrap();
    rows.iter().find(|row| row["code"] == code).unwrap()["proposal"].clone()
}

fn run(case: &TinyCase, out: &str) -> Value {
    case.succeeds(
        &VCF,
        &[
            "--order",
            "order.json",
            "--frequencies",
            "frequencies.vcf",
            "--family",
            "family.vcf",
            "--ped",
            "family.ped",
            "--out",
            out,
        ],
    );
    interpreted(case, out)
}

const TRIO: &str = "F T-1 dad mum 2 2\nF dad 0 0 1 1\nF mum 0 0 2 1\n";

#[test]
fn phase_by_both_parents_proposes_pm3_in_trans_and_bp2_in_cis() {
    let case = case("CFTR", "HGNC:HGNC:1884");
    let alleles = alleles(&case);
    case.write("in.vcf", &vcf(&["T-1"], &lines(&alleles, &[&[HET], &[HET]])));
    case.write("family.ped", TRIO);
    let names = ["dad", "T-1", "mum"];
    // One from each parent: in trans.
    case.write(
        "family.vcf",
        &vcf(&names, &lines(&alleles, &[&[HET, HET, CLEAR], &[CLEAR, HET, HET]])),
    );
    let made = run(&case, "trans");
    let (missense, stop) = (finding(&made, alleles[0].0), finding(&made, alleles[1].0));
    assert!(
        stop["classification"]["class"].as_str().unwrap().contains("pathogenic"),
        "{}",
        stop["classification"]
    );
    let pm3 = proposal(&missense, "PM3");
    assert_eq!(pm3["strength"], "moderate", "{pm3}");
    assert!(pm3["compared"].to_string().contains("family.vcf"), "{pm3}");
    assert_eq!(proposal(&missense, "BP2"), Value::Null);
    // A proposal counts nothing.
    let rows = missense["criteria"].as_array().unwrap();
    let pm3 = rows.iter().find(|row| row["code"] == "PM3").unwrap();
    assert_eq!(
        (&pm3["points"], &pm3["state"]),
        (&Value::from(0), &Value::from("not_evaluated"))
    );

    // Both from the mother: in cis.
    case.write(
        "family.vcf",
        &vcf(&names, &lines(&alleles, &[&[CLEAR, HET, HET], &[CLEAR, HET, HET]])),
    );
    let made = run(&case, "cis");
    let missense = finding(&made, alleles[0].0);
    assert_eq!(proposal(&missense, "PM3"), Value::Null);
    let bp2 = proposal(&missense, "BP2");
    assert_eq!(bp2["strength"], "supporting", "{bp2}");
    assert!(bp2["sentence"].as_str().unwrap().contains("cis"), "{bp2}");

    // A parent whose reads do not suffice tells no phase.
    let thin = "0/0:4,0:4:12";
    case.write(
        "family.vcf",
        &vcf(&names, &lines(&alleles, &[&[HET, HET, thin], &[thin, HET, HET]])),
    );
    let made = run(&case, "thin");
    let pm3 = proposal(&finding(&made, alleles[0].0), "PM3");
    assert_ne!(pm3["strength"], "moderate", "phase is not known: {pm3}");
}

/// Grandparents; the mother and her sister, affected; the patient, and the sister's two children.
const LARGE: &str = "F gf 0 0 1 1\nF gm 0 0 2 1\nF mum gf gm 2 2\nF dad 0 0 1 1\nF aunt gf gm 2 2\nF uncle 0 0 1 1\n\
F T-1 dad mum 2 2\nF cousin uncle aunt 2 2\nF niece uncle aunt 2 2\n";
const RELATIVES: [&str; 5] = ["mum", "aunt", "T-1", "cousin", "niece"];

fn large(case: &TinyCase, calls: [&'static str; 5], out: &str) -> Value {
    let alleles = &alleles(case)[..1];
    case.write("in.vcf", &vcf(&["T-1"], &lines(alleles, &[&[HET]])));
    case.write("family.ped", LARGE);
    case.write("family.vcf", &vcf(&RELATIVES, &lines(alleles, &[&calls])));
    run(case, out)
}

#[test]
fn meioses_of_a_larger_pedigree_propose_pp1_and_affected_relatives_without_it_bs4() {
    let case = case("BRCA1", "HGNC:HGNC:1100");
    let position = case.variant().position.get();
    let made = large(&case, [HET; 5], "all");
    let found = finding(&made, position);
    let pp1 = proposal(&found, "PP1");
    // Patient to mother 1, mother to sister 1 (either grandparent may have passed it on), sister to each child 1.
    assert!(pp1["compared"].to_string().contains("\"4\""), "{pp1}");
    assert!(pp1["strength"].is_string(), "{pp1}");
    assert_eq!(proposal(&found, "BS4"), Value::Null);

    let made = large(&case, [HET, HET, HET, CLEAR, CLEAR], "without");
    let found = finding(&made, position);
    let bs4 = proposal(&found, "BS4");
    assert!(!bs4.is_null(), "{found}");
    // Both sides are reached or none: a person decides.
    let reached = ["PP1", "BS4"]
        .iter()
        .filter(|code| proposal(&found, code)["strength"].is_string())
        .count();
    assert!(reached <= 1, "{found}");
}

#[test]
fn segregation_of_a_recessive_gene_is_not_counted_and_the_report_says_why() {
    let case = case("CFTR", "HGNC:HGNC:1884");
    let position = case.variant().position.get();
    let made = large(&case, [HET; 5], "recessive");
    let found = finding(&made, position);
    for code in ["PP1", "BS4"] {
        assert_eq!(proposal(&found, code), Value::Null);
        let rows = found["criteria"].as_array().unwrap();
        let row = rows.iter().find(|row| row["code"] == code).unwrap();
        assert_eq!(row["state"], "not_evaluated", "{row}");
    }
    let limits = made["conclusion"]["limits"].to_string();
    assert!(
        limits.contains("PP1 and BS4") && limits.contains("recessive"),
        "{limits}"
    );
    let html = fs::read_to_string(case.path("recessive/T-1.report.html")).unwrap();
    assert!(html.contains("PP1 and BS4"), "the report says it, too");
    // One without affected relatives has nothing to count, and nothing to say.
    case.write("family.ped", TRIO);
    let alleles = &alleles(&case)[..1];
    case.write(
        "family.vcf",
        &vcf(&["dad", "T-1", "mum"], &lines(alleles, &[&[HET, HET, CLEAR]])),
    );
    let made = run(&case, "trio");
    assert!(!made["conclusion"]["limits"].to_string().contains("PP1 and BS4"));
}

/// Genotypes of father, child and mother at many sites away from the gene. `stranger`: the father is not the child's.
fn genome(stranger: bool) -> Lines {
    let mut dice = Dice::new(7);
    let mut sites = Lines::new();
    let places = (1..=1_000)
        .map(|at| ("chr2", at))
        .chain((4_001..=5_500).map(|at| ("chr1", at)));
    for (contig, position) in places {
        let mut person = || [dice.chance(0.5), dice.chance(0.5)];
        let (father, mother, other) = (person(), person(), person());
        let passes = if stranger { other } else { father };
        let child = [
            passes[usize::from(dice.chance(0.5))],
            mother[usize::from(dice.chance(0.5))],
        ];
        let call = |alleles: [bool; 2]| match alleles.iter().filter(|a| **a).count() {
            0 => CLEAR,
            1 => HET,
            _ => "1/1:0,40:40:60",
        };
        sites.push((
            contig.to_owned(),
            position,
            "A".to_owned(),
            "C".to_owned(),
            vec![call(father), call(child), call(mother)],
        ));
    }
    sites
}

#[test]
fn kinship_that_genotypes_show_makes_ps2_of_pm6_and_a_stranger_makes_neither() {
    let case = case("BRCA1", "HGNC:HGNC:1100");
    let alleles = &alleles(&case)[..1];
    case.write("in.vcf", &vcf(&["T-1"], &lines(alleles, &[&[HET]])));
    case.write("family.ped", TRIO);
    let names = ["dad", "T-1", "mum"];
    let position = alleles[0].0;
    let family = |sites: Lines| {
        let mut all = lines(alleles, &[&[CLEAR, HET, CLEAR]]);
        all.extend(sites);
        case.write("family.vcf", &vcf(&names, &all));
    };
    family(genome(false));
    let found = finding(&run(&case, "parents"), position);
    let ps2 = proposal(&found, "PS2");
    assert_eq!(
        ps2["strength"], "supporting",
        "confirmed, the phenotype's fit not stated: {ps2}"
    );
    assert_eq!(proposal(&found, "PM6"), Value::Null);

    // Too few sites to show it: assumed, which is PM6 and, without the fit, too little.
    family(Lines::new());
    let found = finding(&run(&case, "assumed"), position);
    assert_eq!(proposal(&found, "PS2"), Value::Null);
    assert_eq!(proposal(&found, "PM6")["strength"], Value::Null);
    assert!(!proposal(&found, "PM6").is_null());

    // Genotypes that contradict the declared father: nothing is concluded from the family, and that is said.
    family(genome(true));
    let made = run(&case, "stranger");
    let found = finding(&made, position);
    for code in ["PS2", "PM6"] {
        assert_eq!(proposal(&found, code), Value::Null);
    }
    let limits = made["conclusion"]["limits"].to_string();
    assert!(limits.contains("do not show the declared parents"), "{limits}");
}

#[test]
fn a_family_that_is_given_by_halves_is_refused() {
    let case = case("CFTR", "HGNC:HGNC:1884");
    case.write("in.vcf", &vcf(&["T-1"], &lines(&alleles(&case)[..1], &[&[HET]])));
    let output = case.run(&VCF, &["--ped", "family.ped"]).output().unwrap();
    assert!(errors(&output).contains("--family"), "{}", errors(&output));
}
