//! Decisions on criteria and evidence: kept by allele and case, never changed, taken back by a row of their own.

use clinotype_case::{
    criterion::{Class, Code, State, Strength},
    entered::{Entry, Seen, Setting},
};
use clinotype_genome::{Build, Silent};
use clinotype_store::{
    ClassFacet, NewAssertion, NewCriterionDecision, NewEvidence, NewFinding, StoreErrorKind, VariantFilters,
    VariantQuery,
};

use crate::{support::Fixture, variants::rows};

#[test]
fn a_set_criterion_moves_the_class_outlives_a_run_and_can_be_taken_back() {
    let fixture = Fixture::new();
    let case = fixture.case("S-1");
    let (store, act) = (fixture.store(), fixture.act());
    let all: Vec<_> = rows::rows(50, 3).map(Result::unwrap).collect();
    let key = all[7].key.clone();
    let new_run = || {
        let run = fixture.run(&case).id;
        let mut given = all.clone().into_iter().map(Ok);
        store.import_variants(&act, run, &mut given, 0, &Silent).unwrap();
        let finding = NewFinding {
            finding: "N1".to_owned(),
            key: key.clone(),
            gene: Some("GENE".to_owned()),
            section: "not_listed".to_owned(),
            class: Class::Uncertain,
            points: 1,
            json: "{}".to_owned(),
        };
        store.save_findings(&act, run, &[finding]).unwrap();
        run
    };
    let count = |run, class| {
        let query = VariantQuery {
            filters: VariantFilters {
                class: Some(vec![class]),
                ..VariantFilters::default()
            },
            limit: 1,
            ..VariantQuery::default()
        };
        let page = store.query_variants(run, &query).unwrap();
        let points = page.rows.first().and_then(|v| v.row.finding.as_ref().map(|f| f.points));
        (page.total, points)
    };
    let run = new_run();
    assert_eq!(count(run, ClassFacet::Uncertain), (1, Some(1)));
    let decision = |setting, reason: &str, made| NewCriterionDecision {
        case: case.id,
        run,
        build: Build::Grch38,
        key: key.clone(),
        gene: Some("GENE".to_owned()),
        code: Code::PS3,
        setting,
        seen: Seen {
            state: State::NotEvaluated,
            strength: None,
        },
        reason: reason.to_owned(),
        made,
    };
    let strong = Setting::Met(Strength::Strong);
    let lp = (Class::LikelyPathogenic, 6);
    let without = store.decide_criterion(&act, &decision(strong, " ", lp)).unwrap_err();
    assert_eq!(without.kind, StoreErrorKind::Input);
    let one = store
        .decide_criterion(&act, &decision(strong, "two assays", lp))
        .unwrap();
    assert_eq!((one.setting, one.code, &one.key), (strong, Code::PS3, &key));
    assert_eq!(one.seen.state, State::NotEvaluated);
    assert_eq!(count(run, ClassFacet::LikelyPathogenic), (1, Some(6)));
    // What a class is asserted on is what the criteria give.
    let ordinal = {
        let page = store.query_variants(
            run,
            &VariantQuery {
                filters: VariantFilters {
                    class: Some(vec![ClassFacet::LikelyPathogenic]),
                    ..VariantFilters::default()
                },
                limit: 1,
                ..VariantQuery::default()
            },
        );
        page.unwrap().rows[0].ordinal
    };
    let asserted = store
        .assert_class(
            &act,
            &NewAssertion {
                case: case.id,
                run,
                variant: ordinal,
                class: Class::LikelyPathogenic,
                reason: String::new(),
            },
        )
        .unwrap();
    assert_eq!(asserted.proposed, Some(Class::LikelyPathogenic));
    store.withdraw_assertion(&act, asserted.id, "undo").unwrap();
    let two = store
        .decide_criterion(&act, &decision(Setting::NotMet, "not confirmed", (Class::Uncertain, 1)))
        .unwrap();
    assert_eq!(count(run, ClassFacet::Uncertain), (1, Some(1)));

    // A later run of the case has the decisions, and its table follows them.
    let later = new_run();
    assert_eq!(count(later, ClassFacet::Uncertain), (1, Some(1)));
    store
        .carry_decisions(&act, later, &[(key.clone(), Class::LikelyPathogenic, 6)])
        .unwrap();
    assert_eq!(count(later, ClassFacet::LikelyPathogenic), (1, Some(6)));
    let kept = store.criterion_decisions(case.id).unwrap();
    assert_eq!(kept.iter().map(|d| d.id).collect::<Vec<_>>(), [two.id, one.id]);

    store
        .withdraw_criterion(&act, two.id, "withdrawn", later, Some(lp))
        .unwrap();
    let again = store
        .withdraw_criterion(&act, two.id, "again", later, Some(lp))
        .unwrap_err();
    assert_eq!(again.kind, StoreErrorKind::NotAllowed);
    let kept = store.criterion_decisions(case.id).unwrap();
    assert_eq!(kept[0].withdrawn.as_ref().unwrap().reason, "withdrawn");
    assert!(kept[1].withdrawn.is_none());
    let other = fixture.case("S-2");
    let mut foreign = decision(strong, "r", lp);
    foreign.case = other.id;
    assert_eq!(
        store.decide_criterion(&act, &foreign).unwrap_err().kind,
        StoreErrorKind::Input
    );
    assert_eq!(store.criterion_decisions(other.id).unwrap(), []);
    assert!(store.verify_audit().unwrap().is_sound());
}

#[test]
fn evidence_is_kept_as_it_was_entered() {
    let fixture = Fixture::new();
    let case = fixture.case("S-1").id;
    let (store, act) = (fixture.store(), fixture.act());
    let key = rows::rows(1, 3).next().unwrap().unwrap().key;
    let new = |entry| NewEvidence {
        case,
        build: Build::Grch37,
        key: key.clone(),
        gene: None,
        entry,
    };
    let assay = |source: &str, odds| Entry::Assay {
        source: source.to_owned(),
        odds,
    };
    for wrong in [assay(" ", 3.0), assay("PMID 1", f64::NAN)] {
        assert_eq!(
            store.enter_evidence(&act, &new(wrong)).unwrap_err().kind,
            StoreErrorKind::Input
        );
    }
    let one = store.enter_evidence(&act, &new(assay("PMID 1", 18.75))).unwrap();
    assert_eq!(
        (&one.entry, one.build, &one.key),
        (&assay("PMID 1", 18.75), Build::Grch37, &key)
    );
    store.withdraw_evidence(&act, one.id, "mistyped").unwrap();
    assert_eq!(
        store.withdraw_evidence(&act, one.id, "again").unwrap_err().kind,
        StoreErrorKind::NotAllowed
    );
    let kept = store.evidence(case).unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].withdrawn.as_ref().unwrap().reason, "mistyped");
    assert!(store.verify_audit().unwrap().is_sound());
}
