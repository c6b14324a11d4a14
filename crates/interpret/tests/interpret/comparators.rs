//! PS1, PM5, PM1, PP2, BP1 and PVS1 against a small table of ClinVar by residue.

use clinotype_case::{
    criterion::{Code, Criterion, State, Strength},
    evidence::{AnnotatedVariant, Impact, Lookup, SplicePlace},
};
use clinotype_genome::{Build, Pos, VariantKey};
use clinotype_interpret::{
    Comparators, Settings,
    acmg::{self, Question},
    rules::RULES,
};

use crate::bench::*;

const HEAD: &str = "##clinotype_comparators=1\n##release=2026-02\n##file=c.vcf.gz\n\
gene\ttranscript\tcontig\tposition\tref\talt\tvariation_id\tclass\tstars\tkind\tcodon\tresidues\texon\tsite\toffset\n";

/// Rows as `position class stars kind codon residues exon site offset`, one gene; IDs are counted up.
fn table(gene: &str, rows: &[&str]) -> Comparators {
    let mut text = HEAD.to_owned();
    for (number, row) in rows.iter().enumerate() {
        let f: Vec<&str> = row.split(' ').collect();
        let line = [
            gene,
            &format!("NM_{gene}.1"),
            "chr17",
            f[0],
            "A",
            "T",
            &(100 + number).to_string(),
            f[1],
            f[2],
            f[3],
            f[4],
            f[5],
            f[6],
            f[7],
            f[8],
        ]
        .join("\t");
        text.push_str(&line);
        text.push('\n');
    }
    Comparators::parse(&text).unwrap()
}

fn missense(gene: &str, codon: u32, change: &str) -> AnnotatedVariant {
    let mut v = variant(gene, "chr17", 1_000);
    v.consequences[0].protein_position = Some(codon.to_string());
    v.consequences[0].amino_acids = Some(change.to_owned());
    v
}

fn all(v: &AnnotatedVariant, comparators: Option<&Comparators>, settings: &Settings) -> Vec<Criterion> {
    let shown = &v.consequences[0];
    acmg::evaluate(&Question {
        variant: v,
        shown,
        gene: shown.symbol.as_ref().and_then(|s| RULES.genes.get(s)),
        build: Build::Grch38,
        data: &[],
        settings,
        comparators,
        diseases: &[],
    })
}

fn one(v: &AnnotatedVariant, comparators: &Comparators, code: Code) -> Criterion {
    all(v, Some(comparators), &Settings::default())
        .into_iter()
        .find(|c| c.code == code)
        .unwrap()
}

fn state(v: &AnnotatedVariant, rows: &[&str], code: Code) -> (State, Option<Strength>) {
    let gene = v.consequences[0].symbol.clone().unwrap();
    let made = one(v, &table(&gene, rows), code);
    (made.state, made.strength)
}

const STRONG: Option<Strength> = Some(Strength::Strong);
const MODERATE: Option<Strength> = Some(Strength::Moderate);
const SUPPORTING: Option<Strength> = Some(Strength::Supporting);

#[test]
fn the_same_change_by_another_nucleotide() {
    let v = missense("CHEK2", 175, "R/H");
    for (row, expected) in [
        ("990 P 2 missense 175 R/H 5 . .", (MET, STRONG)),
        ("990 P 1 missense 175 R/H 5 . .", (MET, MODERATE)),
        ("990 LP 2 missense 175 R/H 5 . .", (MET, MODERATE)),
        ("990 LP 1 missense 175 R/H 5 . .", (MET, SUPPORTING)),
        ("990 P 0 missense 175 R/H 5 . .", (NM, None)),
        ("990 VUS 2 missense 175 R/H 5 . .", (NM, None)),
        ("990 P 2 missense 176 R/H 5 . .", (NM, None)),
        ("990 P 2 missense 175 R/L 5 . .", (NM, None)),
        // AutoGVP #307: the comparator must be missense itself.
        ("990 P 2 truncating 175 . 5 . .", (NM, None)),
        // At a splice site it may act by splicing.
        ("990 P 2 missense 175 R/H 5 5d .", (NM, None)),
    ] {
        assert_eq!(state(&v, &[row], Code::PS1), expected, "{row}");
    }
}

/// ClinVar's record of the variant itself is no evidence on it, told by allele or by Variation ID.
#[test]
fn the_own_record_is_no_comparator() {
    let mut v = missense("CHEK2", 175, "R/H");
    v.key = VariantKey::new("17", Pos::new(990).unwrap(), "A", "T");
    let rows = ["990 P 3 missense 175 R/H 5 . ."];
    assert_eq!(state(&v, &rows, Code::PS1), (NM, None));
    v.key = VariantKey::new("chr17", Pos::new(2_000).unwrap(), "A", "T");
    assert_eq!(state(&v, &rows, Code::PS1), (MET, STRONG));
    v.clinvar = clinvar("Pathogenic");
    if let Lookup::Found(record) = &mut v.clinvar {
        record.variation_id = "100".to_owned();
    }
    assert_eq!(state(&v, &rows, Code::PS1), (NM, None));
}

#[test]
fn another_change_of_the_residue() {
    let v = missense("CHEK2", 175, "R/H");
    let p = "990 P 2 missense 175 R/L 5 . .";
    for (rows, expected) in [
        (&[p][..], (MET, MODERATE)),
        (&["990 P 1 missense 175 R/L 5 . ."], (MET, SUPPORTING)),
        (&["990 LP 3 missense 175 R/L 5 . ."], (MET, SUPPORTING)),
        (&["990 P 2 missense 175 R/H 5 . ."], (NM, None)),
        (&["990 P 2 truncating 175 . 5 . ."], (NM, None)),
        (&[p, "991 LB 1 missense 175 R/C 5 . ."], (NM, None)),
        (&[p, "991 LB 0 missense 175 R/C 5 . ."], (MET, MODERATE)),
        // Strong only where a panel says so; CHEK2 has none.
        (&[p, "991 P 3 missense 175 R/C 5 . ."], (MET, MODERATE)),
    ] {
        assert_eq!(state(&v, rows, Code::PM5), expected, "{rows:?}");
    }
    // The panel of malignant hyperthermia holds PM5 at moderate.
    let rows = [p, "991 P 3 missense 175 R/C 5 . ."];
    let found = one(&missense("RYR1", 175, "R/W"), &table("RYR1", &rows), Code::PM5);
    assert!(found.strength <= MODERATE, "{found:?}");
    let cited = one(&v, &table("CHEK2", &[p]), Code::PM5);
    assert!(
        cited.sentence.contains("VCV000000100 R175L P (2 stars)"),
        "{}",
        cited.sentence
    );
}

#[test]
fn a_panel_may_decline_and_a_missing_table_says_so() {
    let v = missense("BRCA1", 1_699, "R/W");
    for code in [Code::PM1, Code::PM5, Code::PP2] {
        let made = one(&v, &table("BRCA1", &[]), code);
        assert_eq!(made.state, NA, "{code}");
        assert!(made.sentence.contains("GN092"), "{}", made.sentence);
    }
    let without = all(&missense("CHEK2", 175, "R/H"), None, &Settings::default());
    for made in without
        .iter()
        .filter(|c| matches!(c.code, Code::PS1 | Code::PM1 | Code::PM5))
    {
        assert_eq!(made.state, NE, "{}", made.code);
        assert!(made.sentence.contains("no table of ClinVar"), "{}", made.sentence);
    }
    // A table on another transcript compares nothing.
    let mut v = missense("CHEK2", 175, "R/H");
    v.consequences[0].transcript = "NM_CHEK2.2".to_owned();
    assert_eq!(state(&v, &["990 P 2 missense 175 R/H 5 . ."], Code::PS1).0, NE);
}

#[test]
fn regions_by_panel_and_by_window() {
    assert_eq!(state(&missense("PTEN", 92, "H/D"), &[], Code::PM1), (MET, MODERATE));
    assert_eq!(state(&missense("PTEN", 300, "H/D"), &[], Code::PM1), (NM, None));
    // The panel of MECP2 counts on NM_004992; on another transcript nothing is guessed.
    assert_eq!(state(&missense("MECP2", 133, "R/C"), &[], Code::PM1), (NE, None));
    let mut rett = missense("MECP2", 145, "R/C");
    rett.consequences[0].transcript = "NM_001110792.2".to_owned();
    assert_eq!(
        all(&rett, None, &Settings::default())[Code::ALL.iter().position(|c| *c == Code::PM1).unwrap()].state,
        MET
    );
    let near = [
        "990 P 2 missense 170 A/L 5 . .",
        "991 P 2 missense 171 A/L 5 . .",
        "992 LP 1 missense 178 A/L 5 . .",
    ];
    let v = missense("CHEK2", 175, "R/H");
    assert_eq!(state(&v, &near, Code::PM1), (NM, None));
    let mut four = near.to_vec();
    four.push("993 LP 1 missense 180 A/L 5 . .");
    assert_eq!(state(&v, &four, Code::PM1), (MET, MODERATE));
    let with = |row: &'static str| {
        let mut rows = four.clone();
        rows.push(row);
        state(&v, &rows, Code::PM1)
    };
    assert_eq!(with("994 LB 1 missense 176 A/L 5 . ."), (NM, None));
    assert_eq!(with("994 LB 1 missense 190 A/L 5 . ."), (MET, MODERATE));
    let many = [
        "995 VUS 1 missense 176 A/L 5 . .",
        "996 VUS 1 missense 176 A/V 5 . .",
        "997 VUS 0 missense 177 A/L 5 . .",
        "998 VUS 1 missense 178 A/V 5 . .",
    ];
    four.extend(many);
    assert_eq!(state(&v, &four, Code::PM1), (MET, SUPPORTING));
}

/// auto-acmg gave BP7 to frameshifts; InterVar flags PM1 outside missense changes.
#[test]
fn criteria_of_other_kinds_of_change_do_not_apply() {
    let rows = all(&frameshift("CHEK2", "chr17", 43_000), None, &Settings::default());
    for code in [
        Code::PM1,
        Code::PM4,
        Code::PM5,
        Code::PP2,
        Code::PP3,
        Code::BP3,
        Code::BP4,
        Code::BP7,
    ] {
        let made = rows.iter().find(|c| c.code == code).unwrap();
        assert_eq!(made.state, NA, "{code}");
    }
}

#[test]
fn bp1_of_a_panel_leaves_splice_sites_alone() {
    // PALB2: missense changes; APC: outside one region.
    assert_eq!(state(&missense("PALB2", 500, "A/V"), &[], Code::BP1), (MET, SUPPORTING));
    let mut edge = missense("PALB2", 1_117, "R/K");
    edge.consequences[0].splice = Some(SplicePlace {
        intron_offset: None,
        from_exon_start: Some(150),
        from_exon_end: Some(1),
    });
    assert_eq!(state(&edge, &[], Code::BP1), (NE, None));
    edge.splice_delta = Lookup::Found(0.02);
    assert_eq!(state(&edge, &[], Code::BP1), (MET, SUPPORTING));
    edge.splice_delta = Lookup::Found(0.9);
    assert_eq!(state(&edge, &[], Code::BP1), (NE, None));
}

#[test]
fn a_lost_start_asks_for_variants_before_the_next_one() {
    let mut v = frameshift("CHEK2", "chr17", 1_000);
    v.consequences[0].terms = vec!["start_lost".to_owned()];
    v.consequences[0].loss_of_function = Some(clinotype_case::evidence::LossOfFunction {
        next_met_codon: Some(40),
        lost_fraction: Some(0.07),
        ..Default::default()
    });
    for (row, expected) in [
        ("990 P 1 truncating 20 . 2 . .", MODERATE),
        ("990 P 1 missense 39 A/L 2 . .", MODERATE),
        ("990 P 1 missense 40 A/L 2 . .", SUPPORTING),
        ("990 VUS 1 missense 20 A/L 2 . .", SUPPORTING),
        ("990 P 1 start_lost 1 . 2 . .", SUPPORTING),
    ] {
        assert_eq!(state(&v, &[row], Code::PVS1), (MET, expected), "{row}");
    }
}

#[test]
fn a_critical_region_is_shown_by_its_missense_variants() {
    let mut v = frameshift("CHEK2", "chr17", 1_000);
    let c = &mut v.consequences[0];
    c.protein_position = Some("500".to_owned());
    c.loss_of_function = Some(lof(Some(false), 520, 0.05));
    let bad: Vec<String> = (0..5)
        .map(|i| format!("{} P 2 missense {} A/L 12 . .", 2_000 + i, 505 + i))
        .collect();
    let rows: Vec<&str> = bad.iter().map(String::as_str).collect();
    assert_eq!(state(&v, &rows[..4], Code::PVS1), (MET, MODERATE));
    assert_eq!(state(&v, &rows, Code::PVS1), (MET, STRONG));
    let mut mixed = rows.clone();
    mixed.push("2100 B 2 missense 510 A/V 12 . .");
    assert_eq!(state(&v, &mixed, Code::PVS1), (MET, MODERATE));
    v.consequences[0].protein_position = Some("507".to_owned());
    assert_eq!(
        state(&v, &rows, Code::PVS1),
        (MET, MODERATE),
        "only what is lost counts"
    );
}

#[test]
fn splice_sites_by_walker() {
    let mut v = variant("CHEK2", "chr17", 1_000);
    let c = &mut v.consequences[0];
    c.terms = vec!["splice_region_variant".to_owned(), "intron_variant".to_owned()];
    c.impact = Impact::Low;
    c.exon = None;
    c.intron = Some("5/14".to_owned());
    c.splice = Some(SplicePlace {
        intron_offset: Some(5),
        ..SplicePlace::default()
    });
    let same = "1000 P 2 other . . . 5d 5";
    let near = "998 P 2 splice . . . 5d 2";
    assert_eq!(
        state(&v, &[same], Code::PS1),
        (NE, None),
        "without a score it is not known"
    );
    v.splice_delta = Lookup::Found(0.05);
    assert_eq!(state(&v, &[same], Code::PS1), (NM, None));
    v.splice_delta = Lookup::Found(0.6);
    assert_eq!(state(&v, &[same], Code::PS1), (MET, STRONG));
    assert_eq!(state(&v, &[near], Code::PS1), (MET, MODERATE));
    assert_eq!(state(&v, &["998 LP 2 splice . . . 5d 2"], Code::PS1), (MET, SUPPORTING));
    assert_eq!(state(&v, &["998 P 2 splice . . . 4d 2"], Code::PS1), (NM, None));
    assert_eq!(state(&v, &["998 P 2 splice . . . 5a -2"], Code::PS1), (NM, None));
}

#[test]
fn scores_by_one_tool_and_splicing() {
    let settings = Settings {
        missense_tool: Some(RULES.predictor("revel").unwrap()),
        ..Settings::default()
    };
    let label = |gene: &str, score: Option<f64>, delta: Option<f64>| {
        let mut v = missense(gene, 400, "A/V");
        v.scores = score.map(|s| ("REVEL".to_owned(), s)).into_iter().collect();
        if let Some(delta) = delta {
            v.splice_delta = Lookup::Found(delta);
        }
        let rows = all(&v, None, &settings);
        let of = |code| rows.iter().find(|c| c.code == code).unwrap();
        match (of(Code::PP3).state, of(Code::BP4).state) {
            (State::Met, State::NotMet) => of(Code::PP3).label(),
            (State::NotMet, State::Met) => of(Code::BP4).label(),
            (a, b) if a == b => format!("{a:?}"),
            other => panic!("{other:?}"),
        }
    };
    for (score, delta, expected) in [
        (Some(0.95), None, "PP3_Strong"),
        (Some(0.95), Some(0.9), "PP3_Strong"),
        (Some(0.65), Some(0.9), "PP3"),
        (Some(0.10), None, "BP4_Moderate"),
        (Some(0.10), Some(0.05), "BP4_Moderate"),
        (Some(0.10), Some(0.15), "NotMet"),
        (Some(0.10), Some(0.50), "PP3"),
        (Some(0.50), Some(0.01), "NotMet"),
        (None, Some(0.01), "NotEvaluated"),
        (None, Some(0.50), "PP3"),
        (None, None, "NotEvaluated"),
    ] {
        assert_eq!(label("CHEK2", score, delta), expected, "{score:?} {delta:?}");
    }
    // The panel of GAA: 0.7 and 0.5.
    assert_eq!(label("GAA", Some(0.65), None), "NotMet");
    assert_eq!(label("GAA", Some(0.95), None), "PP3");
    assert_eq!(label("GAA", Some(0.45), None), "BP4");
    let none = all(&missense("CHEK2", 400, "A/V"), None, &Settings::default());
    let pp3 = none.iter().find(|c| c.code == Code::PP3).unwrap();
    assert!(
        pp3.sentence.contains("no missense predictor was chosen"),
        "{}",
        pp3.sentence
    );
    assert!(RULES.predictor("MyTool").is_err());
}

/// The PTEN panel lets a comparator count that is no more unlike the residue than the change by BLOSUM62.
#[test]
fn pm5_of_pten_goes_by_blosum62() {
    for (own, other, expected) in [
        // R to H scores 0, to C -3, to K 2, to Q 1.
        ("R/H", "R/C", (NM, None)),
        ("R/C", "R/H", (MET, MODERATE)),
        ("R/H", "R/Q", (MET, MODERATE)),
        ("R/K", "R/Q", (NM, None)),
        // Both -3.
        ("R/W", "R/C", (MET, MODERATE)),
    ] {
        let row = format!("990 P 2 missense 173 {other} 5 . .");
        let found = state(&missense("PTEN", 173, own), &[&row], Code::PM5);
        assert_eq!(found, expected, "{own} beside {other}");
        // Without the rule any other change counts.
        assert_eq!(state(&missense("CHEK2", 173, own), &[&row], Code::PM5), (MET, MODERATE));
    }
}

/// The panel of the mismatch repair genes asks for PP3 beside another change of the residue.
#[test]
fn pm5_of_mismatch_repair_genes_asks_for_pp3() {
    let rows = ["990 P 2 missense 173 R/C 5 . ."];
    let mut v = missense("MSH2", 173, "R/H");
    assert_eq!(state(&v, &rows, Code::PM5), (NE, None));
    assert_eq!(state(&v, &["990 P 2 missense 174 R/C 5 . ."], Code::PM5), (NM, None));
    let settings = Settings {
        missense_tool: Some(RULES.predictor("revel").unwrap()),
        ..Settings::default()
    };
    for (score, expected) in [(0.95, (MET, MET)), (0.3, (NM, NM))] {
        v.scores = vec![("REVEL".to_owned(), score)];
        let made = all(&v, Some(&table("MSH2", &rows)), &settings);
        let of = |code| made.iter().find(|c| c.code == code).unwrap().state;
        assert_eq!((of(Code::PP3), of(Code::PM5)), expected, "{score}");
    }
}
