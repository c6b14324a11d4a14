//! Tables of entries with what they propose, and of what contradicts itself.

use clinotype_case::{criterion::Strength, entered::ParentCall};

use super::*;

fn facts(rare: bool) -> Facts<'static> {
    Facts {
        rare,
        zygosity: Zygosity::Heterozygous,
        gene: None,
        other: &|_| None,
    }
}

fn s() -> String {
    "PMID 1".to_owned()
}

fn proposed(entries: &[Entry], rare: bool) -> Vec<(Code, Option<Strength>)> {
    let made = proposals(entries, &facts(rare));
    made.iter().map(|one| (one.code, one.strength)).collect()
}

const CLEAN: ParentCall = ParentCall {
    copies: Some(0),
    depth: Some(30),
    alternate_reads: Some(0),
    quality: Some(60),
};

fn trio_of(father: ParentCall) -> Entry {
    Entry::Trio {
        source: "family.vcf.gz".to_owned(),
        mother: CLEAN,
        father,
        kinship_confirmed: true,
    }
}

fn new_in(fit: Fit, patient: bool) -> Entry {
    Entry::DeNovo {
        source: s(),
        fit: Some(fit),
        parentage: Parentage::Confirmed,
        patient,
    }
}

#[test]
fn entries_make_one_proposal_for_each_criterion() {
    use Strength::{Moderate, Strong, Supporting};
    let segregating = |meioses, affected_without| Entry::Segregation {
        source: s(),
        families: 1,
        meioses,
        affected_without,
    };
    let assay = |odds| Entry::Assay { source: s(), odds };
    let probands = |unrelated| Entry::Probands { source: s(), unrelated };
    let second = |phase| Entry::SecondAllele {
        source: s(),
        allele: None,
        class: Class::Pathogenic,
        phase,
        patient: false,
    };
    for (entries, rare, expected) in [
        (vec![], true, vec![]),
        // Genotypes alone do not say how the phenotype fits: the weakest that counts.
        (vec![trio_of(CLEAN)], true, vec![(Code::PS2, Some(Supporting))]),
        (
            vec![trio_of(CLEAN), new_in(Fit::HighlySpecific, true)],
            true,
            vec![(Code::PS2, Some(Strong))],
        ),
        (
            vec![trio_of(CLEAN), new_in(Fit::Consistent, false)],
            true,
            vec![(Code::PS2, Some(Moderate))],
        ),
        (
            vec![trio_of(ParentCall {
                copies: Some(1),
                ..CLEAN
            })],
            true,
            vec![(Code::PS2, None)],
        ),
        (vec![second(Trans::Confirmed)], true, vec![(Code::PM3, Some(Moderate))]),
        (vec![second(Trans::Confirmed)], false, vec![(Code::PM3, None)]),
        (
            vec![segregating(2, 0), segregating(2, 0)],
            true,
            vec![(Code::PP1, Some(Strong))],
        ),
        (vec![segregating(0, 1)], true, vec![(Code::BS4, Some(Strong))]),
        (
            vec![segregating(5, 1)],
            true,
            vec![(Code::PP1, None), (Code::BS4, None)],
        ),
        (
            vec![assay(5.0), assay(1.0), assay(20.0)],
            true,
            vec![(Code::PS3, Some(Strong))],
        ),
        (vec![assay(1.0)], true, vec![(Code::PS3, None)]),
        (
            vec![assay(0.1), assay(9.0)],
            true,
            vec![(Code::PS3, None), (Code::BS3, None)],
        ),
        (vec![probands(3), probands(3)], true, vec![(Code::PS4, Some(Moderate))]),
        (vec![probands(30)], false, vec![(Code::PS4, None)]),
    ] {
        assert_eq!(proposed(&entries, rare), expected, "{entries:?}");
        let turned: Vec<Entry> = entries.iter().rev().cloned().collect();
        assert_eq!(proposed(&turned, rare), expected, "{entries:?}");
    }
}

#[test]
fn another_allele_of_the_person_counts_by_the_genes_inheritance() {
    let key = VariantKey::new("7", clinotype_genome::Pos::new(9).unwrap(), "A", "C");
    let gene = |inheritance: &str| GeneFacts {
        symbol: "CFTR".to_owned(),
        hgnc_id: "HGNC:1884".to_owned(),
        disease: "d".to_owned(),
        disease_id: None,
        inheritance_id: Some(inheritance.to_owned()),
        inheritance: None,
        loss_of_function: None,
        validity: None,
        source: "s".to_owned(),
    };
    let (recessive, dominant) = (gene("HP:0000007"), gene("HP:0000006"));
    for (gene, class, phase, expected) in [
        (
            &recessive,
            Class::Pathogenic,
            Lie::Trans,
            vec![(Code::PM3, Some(Strength::Moderate))],
        ),
        (
            &recessive,
            Class::Pathogenic,
            Lie::Unknown,
            vec![(Code::PM3, Some(Strength::Supporting))],
        ),
        (&recessive, Class::Uncertain, Lie::Trans, vec![(Code::PM3, None)]),
        (&recessive, Class::Benign, Lie::Trans, vec![]),
        (
            &recessive,
            Class::Pathogenic,
            Lie::Cis,
            vec![(Code::BP2, Some(Strength::Supporting))],
        ),
        (&recessive, Class::Uncertain, Lie::Cis, vec![]),
        (&dominant, Class::Pathogenic, Lie::Trans, vec![(Code::BP2, None)]),
        (
            &dominant,
            Class::LikelyPathogenic,
            Lie::Cis,
            vec![(Code::BP2, Some(Strength::Supporting))],
        ),
    ] {
        let entry = Entry::Partner {
            source: "family".to_owned(),
            allele: key.clone(),
            phase,
        };
        let facts = Facts {
            gene: Some(gene),
            other: &|_| Some((class, "c.1A>C".to_owned())),
            ..facts(true)
        };
        let made: Vec<_> = proposals(&[entry], &facts)
            .iter()
            .map(|p| (p.code, p.strength))
            .collect();
        assert_eq!(made, expected, "{class:?} {phase:?}");
    }
}

#[test]
fn what_contradicts_itself_is_said() {
    let other = |phase| Entry::OtherAllele {
        source: s(),
        allele: "NM_1.1:c.5A>C".to_owned(),
        phase,
        dominant_fully_penetrant: false,
    };
    let second = |patient, phase| Entry::SecondAllele {
        source: s(),
        allele: Some("NM_1.1: c.5a>c".to_owned()),
        class: Class::Pathogenic,
        phase,
        patient,
    };
    let family = |meioses, affected_without| Entry::Segregation {
        source: s(),
        families: 1,
        meioses,
        affected_without,
    };
    let assay = |odds| Entry::Assay { source: s(), odds };
    let phenotype = |specific| Entry::Phenotype {
        source: s(),
        highly_specific: specific,
        single_cause: specific,
    };
    let carrier = ParentCall {
        copies: Some(1),
        ..CLEAN
    };
    let thin = ParentCall {
        depth: Some(3),
        ..CLEAN
    };
    for (entries, words) in [
        (vec![family(5, 0), family(0, 1)], "PP1"),
        (vec![assay(9.0), assay(0.1)], "PS3"),
        (vec![phenotype(true), phenotype(false)], "PP4"),
        (
            vec![new_in(Fit::Consistent, true), new_in(Fit::Consistent, true)],
            "twice",
        ),
        (
            vec![other(Lie::Cis), second(false, Trans::Confirmed)],
            "in cis (BP2) and in trans (PM3)",
        ),
        (vec![new_in(Fit::Consistent, true), trio_of(carrier)], "father carries"),
        (vec![second(true, Trans::Homozygous)], "the sample is heterozygous"),
    ] {
        let found = contradictions(&entries, &facts(true));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains(words), "{found:?}");
    }
    for entries in [
        vec![],
        vec![family(2, 0), family(0, 1)],
        vec![assay(9.0), assay(30.0), assay(1.0)],
        vec![new_in(Fit::Consistent, false), trio_of(carrier)],
        vec![new_in(Fit::Consistent, true), trio_of(thin)],
        vec![other(Lie::Unknown), second(false, Trans::Confirmed)],
    ] {
        assert_eq!(
            contradictions(&entries, &facts(true)),
            Vec::<String>::new(),
            "{entries:?}"
        );
    }
}
