//! BA1, BS1 and PM2, state by state.

use clinotype_case::{
    criterion::{Code, State},
    evidence::{Frequency, Lookup},
};
use clinotype_genome::{Build, Pos, VariantKey};

use crate::bench::*;

fn frequency_states(frequency: Lookup<Frequency>, gene: &str) -> [State; 3] {
    let mut v = variant(gene, "chr9", 1000);
    v.frequency = frequency;
    [Code::BA1, Code::BS1, Code::PM2].map(|code| row(&v, code).state)
}

#[test]
fn frequency_criteria() {
    for (what, frequency, gene, expected) in [
        ("no source", Lookup::NotEvaluated("none".into()), "STK11", [NE, NE, NE]),
        ("absent", Lookup::Absent, "STK11", [NM, NM, MET]),
        ("absent, gene unknown", Lookup::Absent, "NOVEL1", [NM, NM, MET]),
        ("BA1", faf(0.051, "nfe", 50_000), "STK11", [MET, NA, NM]),
        ("at 0.05 exactly", faf(0.05, "nfe", 50_000), "STK11", [NM, MET, NM]),
        ("BS1 dominant", faf(0.0011, "nfe", 50_000), "STK11", [NM, MET, NM]),
        (
            "the same in a recessive gene",
            faf(0.0011, "nfe", 50_000),
            "ATP7B",
            [NM, NM, NM],
        ),
        ("BS1 recessive", faf(0.0051, "nfe", 50_000), "ATP7B", [NM, MET, NM]),
        ("gene row, more than", faf(0.001, "nfe", 50_000), "BRCA1", [NM, MET, NM]),
        ("gene row, at least", faf(0.001, "nfe", 50_000), "MLH1", [MET, NA, NM]),
        ("rare", faf(0.000_01, "nfe", 50_000), "STK11", [NM, NM, MET]),
        (
            "rare, but absence asked",
            faf(0.000_01, "nfe", 50_000),
            "BRCA2",
            [NM, NM, NM],
        ),
        (
            "rare, inheritance unknown",
            faf(0.000_01, "nfe", 50_000),
            "NOVEL1",
            [NM, NM, NM],
        ),
        ("too few alleles", faf(0.06, "nfe", 1_999), "STK11", [NE, NE, NM]),
        ("founder group", faf(0.06, "asj", 50_000), "STK11", [NE, NE, NM]),
        (
            "founder group, written large",
            faf(0.000_001, "FIN", 50_000),
            "STK11",
            [NE, NE, NE],
        ),
    ] {
        assert_eq!(frequency_states(frequency, gene), expected, "{what}");
    }
}

/// HUVar: a common allele whose record failed a filter is no rare allele.
#[test]
fn a_failed_record_is_not_read() {
    let Lookup::Found(mut record) = faf(0.3, "nfe", 50_000) else {
        unreachable!()
    };
    record.filters = vec!["AC0".to_owned()];
    let mut v = variant("STK11", "chr9", 1000);
    v.frequency = Lookup::Found(record);
    for code in [Code::BA1, Code::BS1, Code::PM2] {
        let row = row(&v, code);
        assert_eq!(row.state, NE, "{code}");
        assert!(
            row.sentence.contains("WARNING") && row.sentence.contains("AC0"),
            "{}",
            row.sentence
        );
    }
}

#[test]
fn counts_give_a_filtering_frequency_where_none_is_stated() {
    let counts = |count, number| {
        Lookup::Found(Frequency {
            allele_count: count,
            allele_number: number,
            frequency: None,
            homozygotes: None,
            filtering_frequency: None,
            group: None,
            group_allele_number: None,
            filters: Vec::new(),
        })
    };
    for (what, frequency, expected) in [
        ("common", counts(Some(10_000), Some(100_000)), [MET, NA, NM]),
        // The point frequency 0.0014 lies above 0.001, its lower bound 0.00085 does not.
        (
            "too few copies to be sure",
            counts(Some(14), Some(10_000)),
            [NM, NM, NM],
        ),
        ("enough copies", counts(Some(140), Some(100_000)), [NM, MET, NM]),
        ("counted, no copy", counts(Some(0), Some(100_000)), [NM, NM, MET]),
        ("one copy", counts(Some(1), Some(100_000)), [NM, NM, MET]),
        ("no AN", counts(Some(10_000), None), [NE, NE, NE]),
        ("few samples", counts(Some(100), Some(200)), [NE, NE, NM]),
        ("impossible", counts(Some(5_000), Some(4_000)), [NE, NE, NM]),
    ] {
        assert_eq!(frequency_states(frequency, "STK11"), expected, "{what}");
    }
}

#[test]
fn a_homozygote_is_not_expected_in_a_recessive_gene() {
    let Lookup::Found(mut record) = faf(0.000_05, "nfe", 50_000) else {
        unreachable!()
    };
    assert_eq!(frequency_states(Lookup::Found(record.clone()), "ATP7B"), [NM, NM, MET]);
    record.homozygotes = Some(1);
    assert_eq!(frequency_states(Lookup::Found(record), "ATP7B"), [NM, NM, NM]);
}

#[test]
fn excepted_alleles_get_neither_ba1_nor_bs1() {
    for (gene, build, contig, position, reference, alternate, state) in [
        ("HFE", Build::Grch38, "chr6", 26_092_913, "G", "A", NA),
        ("HFE", Build::Grch37, "6", 26_093_141, "G", "A", NA),
        ("HFE", Build::Grch37, "6", 26_092_913, "G", "A", MET),
        ("CFTR", Build::Grch38, "chr7", 117_559_590, "ATCT", "A", NA),
        ("ACAD9", Build::Grch38, "chr3", 128_879_647, "C", "CTAAG", NA),
    ] {
        let mut v = variant(gene, contig, position);
        v.key = VariantKey::new(contig, Pos::new(position).unwrap(), reference, alternate);
        v.frequency = faf(0.06, "nfe", 50_000);
        let rows = criteria_on(&v, build);
        let state_of = |code| rows.iter().find(|r| r.code == code).unwrap().state;
        assert_eq!(state_of(Code::BA1), state, "{gene} {build}");
        assert_eq!(state_of(Code::BS1), NA, "{gene} {build}");
    }
}

#[test]
fn mitochondrial_limits() {
    let mut v = variant("MT-ND1", "chrM", 3_000);
    v.frequency = faf(0.011, "nfe", 50_000);
    assert_eq!(row(&v, Code::BA1).state, MET);
}
