use clinotype_genome::{Pos, VariantKey};

use super::*;
use crate::somatic::{entered, shown_for_tests};

fn variant() -> AnnotatedVariant {
    AnnotatedVariant {
        key: VariantKey::new("chr7", Pos::new(140_753_336).unwrap(), "A", "T"),
        filters: Some(Vec::new()),
        quality: None,
        genotype: clinotype_case::evidence::Genotype::default(),
        hgvs_g: None,
        consequences: Vec::new(),
        clinvar: Lookup::NotEvaluated("not given".to_owned()),
        frequency: Lookup::Absent,
        splice_delta: Lookup::NotEvaluated("not given".to_owned()),
        splice_gains: Vec::new(),
        phylop: Lookup::NotEvaluated("not given".to_owned()),
        scores: vec![("REVEL".to_owned(), 0.95)],
    }
}

const STATEMENTS: &str = "gene\tchange\tlevel\ttumour\twords\tsource\nBRAF\tV600E\tA\tMelanoma\tdrug\ts1\n\
    BRAF\tV600\tB\tMelanoma\tdrug\ts2\nBRAF\tMutation\tB\tColon\tworse\ts3\nBRAF\tV600K\tA\tMelanoma\tdrug\ts4\n";

fn met(made: &Assessment) -> Vec<&str> {
    let codes = made.oncogenicity.codes.iter();
    codes.map(|(code, _)| code.as_str()).collect()
}

#[test]
fn nothing_given_is_nothing_evaluated() {
    let mut allele = variant();
    allele.frequency = Lookup::NotEvaluated("no frequencies".to_owned());
    let made = assess(&allele, &shown_for_tests(), &Knowledge::default(), None);
    assert_eq!((made.oncogenicity.points, made.tier), (0, None));
    assert!(
        made.criteria
            .iter()
            .all(|c| matches!(c.state, State::NotEvaluated | State::NotApplicable))
    );
    assert_eq!(made.criteria.len(), RULES.oncogenicity.len());
}

#[test]
fn a_known_hotspot_counts_each_observation_once() {
    let hotspots = Hotspots::parse("gene\tchange\ttumours\nBRAF\tV600E\t900\nBRAF\tV600K\t40\n").unwrap();
    let known = Known::parse("gene\tchange\tsource\nBRAF\tV600E\tlab 2025\nBRAF\tV600K\tlab 2025\n").unwrap();
    let statements = Statements::parse(STATEMENTS).unwrap();
    let tumours = ["Melanoma".to_owned()];
    let given = Knowledge {
        hotspots: Some(&hotspots),
        known: Some(&known),
        statements: Some(&statements),
        missense_tool: Some(&RULES.predictors["REVEL"]),
        tumours: &tumours,
        roles: None,
    };
    let made = assess(&variant(), &shown_for_tests(), &given, None);
    // OS3 and OM4 rest on what OS1 says.
    assert_eq!(met(&made), ["OS1", "OP1", "OP4"]);
    assert_eq!(made.oncogenicity.points, 6);
    assert_eq!(made.tier, Some(Tier::IA));
    assert_eq!(made.statements.len(), 1);
    let sources: Vec<&str> = made.further_statements.iter().map(|s| s.source.as_str()).collect();
    assert_eq!(sources, ["s3", "s2"].iter().rev().copied().collect::<Vec<_>>());
    // Without the table of known changes the hotspot counts.
    let made = assess(
        &variant(),
        &shown_for_tests(),
        &Knowledge { known: None, ..given },
        None,
    );
    assert_eq!(met(&made), ["OS3", "OP1", "OP4"]);
    // In another tumour level A is no more than C.
    let other = ["Colon".to_owned()];
    let made = assess(
        &variant(),
        &shown_for_tests(),
        &Knowledge {
            tumours: &other,
            ..given
        },
        None,
    );
    assert_eq!(
        made.tier,
        Some(Tier::IB),
        "the gene-wide statement counts: the class is likely oncogenic"
    );
    let unclear = Knowledge {
        tumours: &other,
        known: None,
        hotspots: None,
        ..given
    };
    let made = assess(&variant(), &shown_for_tests(), &unclear, None);
    assert_eq!(made.tier, Some(Tier::IIC));
    assert!(made.further_statements.iter().any(|s| s.source == "s3"));
}

#[test]
fn a_person_enters_what_no_file_knows() {
    let text = "contig\tpos\tref\talt\tcodes\treason\tby\nchr7\t140753336\tA\tT\tOS2, OM1\tassay of 2024\tDr. A\n";
    let rows = entered(text).unwrap();
    let one = rows.values().next();
    let hotspots = Hotspots::parse("gene\tchange\ttumours\nBRAF\tV600E\t20\n").unwrap();
    let given = Knowledge {
        hotspots: Some(&hotspots),
        ..Knowledge::default()
    };
    let made = assess(&variant(), &shown_for_tests(), &given, one);
    assert_eq!(met(&made), ["OS2", "OM1", "OP4"], "OM1 stands before OM3");
    let row = made.criteria.iter().find(|c| c.code == "OS2").unwrap();
    assert_eq!(row.set_by, SetBy::User);
    assert!(row.sentence.contains("assay of 2024") && row.sentence.contains("By rules not evaluated"));
}

#[test]
fn losses_and_lengths_need_the_role() {
    let mut shown = shown_for_tests();
    shown.symbol = Some("TP53".to_owned());
    shown.terms = vec!["stop_gained".to_owned()];
    shown.hgvs_p = Some("NP_000537.3:p.(Arg213Ter)".to_owned());
    let decays = |nmd| {
        Some(clinotype_case::evidence::LossOfFunction {
            nmd,
            ..Default::default()
        })
    };
    let roles = Roles::parse("gene\trole\nTP53\tTSG\nKRAS\toncogene\n").unwrap();
    let given = Knowledge {
        roles: Some(&roles),
        ..Knowledge::default()
    };
    for (gene, nmd, state) in [
        ("TP53", Some(true), State::Met),
        ("TP53", Some(false), State::NotEvaluated),
        ("TP53", None, State::NotEvaluated),
        ("KRAS", Some(true), State::NotMet),
        ("BRCA1", Some(true), State::NotEvaluated),
    ] {
        shown.symbol = Some(gene.to_owned());
        shown.loss_of_function = decays(nmd);
        let made = assess(&variant(), &shown, &given, None);
        assert_eq!(made.criteria[0].state, state, "{gene} {nmd:?}");
    }
    shown.terms = vec!["inframe_deletion".to_owned()];
    shown.symbol = Some("KRAS".to_owned());
    let made = assess(&variant(), &shown, &given, None);
    assert!(met(&made).contains(&"OM2"));
}

#[test]
fn frequent_alleles_are_benign_and_tier_four() {
    let mut allele = variant();
    allele.scores.clear();
    let statements = Statements::parse(STATEMENTS).unwrap();
    let tumours = ["Melanoma".to_owned()];
    let given = Knowledge {
        statements: Some(&statements),
        tumours: &tumours,
        ..Knowledge::default()
    };
    let mut shown = shown_for_tests();
    shown.hgvs_p = Some("NP_004324.2:p.(Gly3Ala)".to_owned());
    for (frequency, code, class, tier) in [
        (0.2, "SBVS1", Oncogenicity::Benign, Tier::IV),
        (0.02, "SBS1", Oncogenicity::LikelyBenign, Tier::IV),
    ] {
        allele.frequency = Lookup::Found(Frequency {
            allele_count: None,
            allele_number: None,
            frequency: Some(frequency),
            homozygotes: None,
            filtering_frequency: None,
            group: None,
            group_allele_number: None,
            filters: Vec::new(),
        });
        let made = assess(&allele, &shown, &given, None);
        assert_eq!(met(&made), [code]);
        assert_eq!((made.oncogenicity.class, made.tier), (class, Some(tier)));
    }
}
