use clinotype_case::{
    evidence::Impact,
    inheritance::{Confidence, Mode, Penetrance, Settings},
    pedigree::Pedigree,
};
use clinotype_genome::Pos;

use super::*;

const TRIO: &str = "f d 0 0 1 1\nf m 0 0 2 1\nf c d m 1 2\n";
const DAUGHTER: &str = "f d 0 0 1 1\nf m 0 0 2 1\nf c d m 2 2\n";

/// GT, GQ, AD of REF and ALT, PS: `0/1,40,10,12`.
fn call(text: &str) -> Call {
    let parts: Vec<&str> = text.split(',').collect();
    let number = |place: usize| parts.get(place).and_then(|p| p.parse().ok());
    let genotype = parts[0];
    let reads: Vec<Option<u32>> = if parts.len() > 3 {
        vec![number(2), number(3)]
    } else {
        Vec::new()
    };
    Call {
        text: genotype.to_owned(),
        alleles: if genotype.contains('.') {
            Vec::new()
        } else {
            genotype.split(['/', '|']).map(|a| a.parse().unwrap()).collect()
        },
        phased: genotype.contains('|'),
        phase_set: number(4),
        quality: number(1),
        depth: reads
            .iter()
            .copied()
            .collect::<Option<Vec<u32>>>()
            .filter(|r| !r.is_empty())
            .map(|r| r.iter().sum()),
        reads,
    }
}

/// A missense record in gene G; calls in the order father, mother, child.
fn record(place: Place, position: u32, calls: &str) -> Record {
    Record {
        contig: match place {
            Place::Autosome => "1",
            Place::X => "X",
            Place::Y => "Y",
            Place::Mitochondrion => "MT",
        }
        .to_owned(),
        place: Some(place),
        position: Pos::new(position).unwrap(),
        reference: "A".to_owned(),
        alternates: vec![Alternate {
            bases: "G".to_owned(),
            effects: vec![Effect {
                gene: "G".to_owned(),
                term: "missense_variant".to_owned(),
                impact: Impact::Moderate,
            }],
            frequency: None,
        }],
        filtered: false,
        calls: calls.split(' ').map(call).collect(),
    }
}

fn analyse(ped: &str, settings: Settings, records: &[Record]) -> Found {
    let pedigree = Pedigree::parse(ped).unwrap();
    let samples: Vec<String> = ["d", "m", "c", "s"].map(str::to_owned)[..records[0].calls.len()].to_vec();
    let mut analysis = Analysis::new(&pedigree, &samples, settings, true);
    for record in records {
        analysis.add(record);
    }
    analysis.finish()
}

fn modes(found: &Found) -> Vec<(Mode, Confidence)> {
    found.candidates.iter().map(|c| (c.mode, c.confidence)).collect()
}

#[test]
fn modes_of_one_allele() {
    use Confidence::{High, Low};
    use Place::{Autosome, Mitochondrion, X, Y};
    // Father, mother, child; the child is a son.
    for (place, calls, expected) in [
        (
            Autosome,
            "0/0,50,30,0 0/0,50,30,0 0/1,50,15,15",
            &[(Mode::DeNovo, High)][..],
        ),
        (
            Autosome,
            "0/0,50,30,0 0/0,10,30,0 0/1,50,15,15",
            &[(Mode::Dominant, Low)],
        ),
        (Autosome, "0/0,50,5,0 0/0,50,30,0 0/1,50,15,15", &[(Mode::DeNovo, Low)]),
        (Autosome, "0/0,50,30,0 0/0,50,38,3 0/1,50,15,15", &[(Mode::DeNovo, Low)]),
        (Autosome, "0/0,50,30,0 0/1,50,46,4 0/1,50,15,15", &[(Mode::DeNovo, Low)]),
        (Autosome, "0/0,50,30,0 0/0,50,30,0 0/1,50,27,3", &[(Mode::DeNovo, Low)]),
        (Autosome, "0/0 0/0 0/1", &[(Mode::DeNovo, Low)]),
        (Autosome, "./. 0/0,50,30,0 0/1,50,15,15", &[(Mode::Dominant, Low)]),
        (Autosome, "0/0,50,30,0 0/1,50,15,15 0/1,50,15,15", &[]),
        (
            Autosome,
            "0/1,50,15,15 0/1,50,15,15 1/1,50,0,30",
            &[(Mode::Recessive, High)],
        ),
        (
            Autosome,
            "0/1,50,15,15 0/0,50,30,0 1/1,50,0,30",
            &[(Mode::Recessive, Low)],
        ),
        (Autosome, "0/1,50,15,15 ./. 1/1,50,0,30", &[(Mode::Recessive, Low)]),
        (Autosome, "1/1,50,0,30 0/1,50,15,15 1/1,50,0,30", &[]),
        (X, "0,50,20,0 0/1,50,15,15 1,50,0,20", &[(Mode::XLinkedRecessive, High)]),
        (
            X,
            "0/0,50,20,0 0/1,50,15,15 1/1,50,0,20",
            &[(Mode::XLinkedRecessive, High)],
        ),
        (X, "0,50,20,0 0/0,50,30,0 1,50,0,20", &[(Mode::DeNovo, High)]),
        (X, "1,50,0,20 0/1,50,15,15 1,50,0,20", &[]),
        (X, "0,50,20,0 0/1,50,15,15 0/1,50,10,10", &[]),
        (Y, "0,50,20,0 0/0,50,9,0 1,50,0,20", &[(Mode::DeNovo, High)]),
        (
            Mitochondrion,
            "0/0,50,90,0 0/1,50,80,20 0/1,50,20,80",
            &[(Mode::Mitochondrial, Low)],
        ),
        (Mitochondrion, "0/0,50,90,0 1/1,50,0,90 1/1,50,0,90", &[]),
    ] {
        let found = analyse(TRIO, Settings::default(), &[record(place, 10, calls)]);
        // A second candidate of the mitochondrion is of its own kind; here the first of each row is what is asked.
        assert_eq!(modes(&found), expected, "{place:?} {calls}: {:?}", found.candidates);
    }
    for (calls, expected) in [
        ("0,50,20,0 0/1,50,15,15 0/1,50,15,15", &[][..]),
        ("0,50,20,0 0/0,50,30,0 0/1,50,15,15", &[(Mode::DeNovo, High)]),
        ("1,50,0,20 0/1,50,15,15 1/1,50,0,30", &[]),
    ] {
        let found = analyse(DAUGHTER, Settings::default(), &[record(X, 10, calls)]);
        assert_eq!(modes(&found), expected, "{calls}: {:?}", found.candidates);
    }
}

#[test]
fn penetrance_and_affected_parents() {
    let mother_carries = record(Place::Autosome, 10, "0/0,50,30,0 0/1,50,15,15 0/1,50,15,15");
    let incomplete = Settings {
        penetrance: Penetrance::Incomplete,
        ..Settings::default()
    };
    let found = analyse(TRIO, incomplete, std::slice::from_ref(&mother_carries));
    assert_eq!(modes(&found), [(Mode::Dominant, Confidence::Low)]);
    assert!(
        found.candidates[0].sentences[1].contains("penetrance would be incomplete"),
        "{:?}",
        found.candidates
    );
    let affected_mother = TRIO.replace("f m 0 0 2 1", "f m 0 0 2 2");
    let found = analyse(
        &affected_mother,
        Settings::default(),
        std::slice::from_ref(&mother_carries),
    );
    assert_eq!(modes(&found), [(Mode::Dominant, Confidence::High)]);
    // An affected daughter and her affected father: X-linked dominant.
    let affected_father = DAUGHTER.replace("f d 0 0 1 1", "f d 0 0 1 2");
    let on_x = record(Place::X, 10, "1,50,0,20 0/0,50,30,0 0/1,50,15,15");
    let found = analyse(&affected_father, Settings::default(), &[on_x]);
    assert_eq!(modes(&found), [(Mode::XLinkedDominant, Confidence::High)]);
    // A father gives no X to a son.
    let father_and_son = TRIO.replace("f d 0 0 1 1", "f d 0 0 1 2");
    let on_x = record(Place::X, 10, "1,50,0,20 0/0,50,30,0 1,50,0,20");
    let found = analyse(&father_and_son, Settings::default(), &[on_x]);
    assert_eq!(modes(&found), [(Mode::DeNovo, Confidence::High)]);
    assert_eq!(
        found.violations.by_kind.keys().collect::<Vec<_>>(),
        ["an allele on X of a son that the mother lacks"]
    );
}

#[test]
fn pairs_by_family_and_by_reads() {
    use Confidence::{High, Low};
    let with_father = "0/1,50,15,15 0/0,50,30,0";
    let with_mother = "0/0,50,30,0 0/1,50,15,15";
    let missing = "./. ./.";
    let nobody = "0/0,50,30,0 0/0,50,30,0";
    let mother_alone = "./. 0/1,50,15,15";
    let not_mother = "./. 0/0,50,30,0";
    let (het, left, right) = ("0/1,50,15,15", "1|0,50,15,15,7", "0|1,50,15,15,7");
    let other_set = "0|1,50,15,15,8";
    for (first, second, expected) in [
        ((with_father, het), (with_mother, het), Some(High)),
        ((with_mother, het), (with_father, het), Some(High)),
        ((with_father, het), (with_father, het), None),
        ((missing, het), (missing, het), Some(Low)),
        ((missing, left), (missing, right), Some(High)),
        ((missing, left), (missing, left), None),
        ((missing, left), (missing, other_set), Some(Low)),
        ((mother_alone, het), (not_mother, het), Some(Low)),
        ((mother_alone, het), (mother_alone, het), Some(Low)),
        ((nobody, left), (with_father, right), Some(High)),
        ((nobody, het), (with_father, het), Some(Low)),
        // Reads against the family: the phase is open.
        ((with_father, left), (with_mother, left), Some(Low)),
    ] {
        let of =
            |position, (parents, child): (&str, &str)| record(Place::Autosome, position, &format!("{parents} {child}"));
        let found = analyse(TRIO, Settings::default(), &[of(10, first), of(20, second)]);
        let pair: Vec<_> = found
            .candidates
            .iter()
            .filter(|c| c.mode == Mode::CompoundHeterozygous)
            .map(|c| c.confidence)
            .collect();
        assert_eq!(
            pair,
            Vec::from_iter(expected),
            "{first:?} {second:?}: {:?}",
            found.candidates
        );
    }
    // An unaffected sibling with the same two excludes the pair.
    let ped = format!("{TRIO}f s d m 2 1\n");
    let of = |position, calls: &str| record(Place::Autosome, position, calls);
    let shared = [
        of(10, "0/1,50,15,15 0/0,50,30,0 0/1,50,15,15 0/1,50,15,15"),
        of(20, "0/0,50,30,0 0/1,50,15,15 0/1,50,15,15 0/1,50,15,15"),
    ];
    assert!(analyse(&ped, Settings::default(), &shared).candidates.is_empty());
    let apart = [
        shared[0].clone(),
        of(20, "0/0,50,30,0 0/1,50,15,15 0/1,50,15,15 0/0,50,30,0"),
    ];
    assert_eq!(
        modes(&analyse(&ped, Settings::default(), &apart)),
        [(Mode::CompoundHeterozygous, High)]
    );
}

#[test]
fn what_is_not_asked_is_counted() {
    let mut common = record(Place::Autosome, 10, "0/0,50,30,0 0/0,50,30,0 0/1,50,15,15");
    common.alternates[0].frequency = Some(0.2);
    let mut silent = common.clone();
    silent.alternates[0] = Alternate {
        effects: vec![Effect {
            gene: "G".to_owned(),
            term: "intron_variant".to_owned(),
            impact: Impact::Modifier,
        }],
        frequency: None,
        ..silent.alternates[0].clone()
    };
    let mut filtered = silent.clone();
    filtered.filtered = true;
    let mut elsewhere = silent.clone();
    elsewhere.place = None;
    let mut symbolic = silent.clone();
    symbolic.alternates[0].bases = "<DEL>".to_owned();
    let absent = record(Place::Autosome, 10, "0/0,50,30,0 0/0,50,30,0 0/0,50,30,0");
    let found = analyse(
        TRIO,
        Settings::default(),
        &[common, silent, filtered, elsewhere, symbolic, absent],
    );
    assert!(found.candidates.is_empty());
    let dropped: u64 = found.dropped.iter().map(|d| d.count).sum();
    assert_eq!((found.records, found.alleles, dropped), (6, 0, 6));
}

#[test]
fn gaps_are_said() {
    let ped = "f d 0 0 1 1\nf c d 0 0 2\ng x 0 0 1 1\n";
    let found = analyse(ped, Settings::default(), &[record(Place::Autosome, 10, "0/0 0/0 0/1")]);
    let said = found.not_evaluated.join("\n");
    for words in [
        "Family g: nobody is affected",
        "Family g: x has no column",
        "the sex of c is not stated",
        "the pedigree has no mother of c",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn violations_by_place() {
    for (place, calls, opportunities, count) in [
        (Place::Autosome, "0/0 0/0 0/0", 0, 0),
        (Place::Autosome, "0/1 0/0 0/1", 1, 0),
        (Place::Autosome, "0/0 0/0 0/1", 1, 1),
        (Place::Autosome, "1/1 0/0 0/0", 1, 1),
        (Place::Autosome, "1/2 0/0 1/2", 1, 1),
        (Place::Autosome, "./. 0/0 0/1", 0, 0),
        (Place::X, "1 0/0 1", 1, 1),
        (Place::X, "1 0/1 1/1", 1, 0),
        (Place::Y, "1 0/0 0", 1, 1),
        (Place::Mitochondrion, "0 0 1", 0, 0),
    ] {
        let mut record = record(place, 5, calls);
        if calls.contains('2') {
            record.alternates.push(record.alternates[0].clone());
        }
        let found = analyse(TRIO, Settings::default(), &[record]).violations;
        assert_eq!(
            (found.opportunities, found.count),
            (opportunities, count),
            "{place:?} {calls}"
        );
        assert_eq!(found.listed.len() as u64, count);
    }
}
