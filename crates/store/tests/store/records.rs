//! Cases, worklist, runs, reports, exports.

use clinotype_case::{Order, SampleId};
use clinotype_store::{CaseQuery, CaseSort, CaseState, NewExport, NewReport, RunEnd, RunState, StoreErrorKind};

use crate::support::{Fixture, at, new_case};

fn order(family: &str, id: &str) -> Order {
    Order::from_json(&format!(
        r#"{{"patient": {{"identifiers": [{{"label": "MRN", "value": "M-{id}"}}, {{"label": "P", "value": "P-{id}"}}],
        "name": {{"family": "{family}", "given": ["Ann"]}}, "birth_date": "1970-01-01", "sex": "female"}},
        "specimen": {{"id": "X", "type": "blood", "collected": "2026-11-02", "received": "2026-11-03", "condition": null}},
        "order": {{"id": "O-{id}", "test": "Panel_{id}", "code": null, "date": "2026-11-02"}},
        "clinician": {{"name": {{"family": "C", "given": []}}, "identifier": null, "organization": null}},
        "laboratory": {{"name": "L", "address": "A", "contact": null, "accreditation": null}},
        "indication": {{"text": "I", "hpo": []}}, "genes": ["BRCA1"],
        "consent": {{"secondary_findings": null}}, "policy": {{"list_vus": false, "name": null}}}}"#
    ))
    .unwrap()
}

#[test]
fn a_case_goes_through_its_states_and_no_others() {
    let fixture = Fixture::new();
    let (store, act) = (fixture.store(), fixture.act());
    let case = fixture.case("S-1").id;
    for from in CaseState::ALL {
        let id = fixture.case(&format!("T-{}", from.code())).id;
        let path: &[CaseState] = match from {
            CaseState::Ordered => &[],
            CaseState::Received => &[CaseState::Received],
            CaseState::Running => &[CaseState::Received, CaseState::Running],
            CaseState::Called => &[CaseState::Received, CaseState::Running, CaseState::Called],
            CaseState::Failed => &[CaseState::Received, CaseState::Running, CaseState::Failed],
            CaseState::Review => &[
                CaseState::Received,
                CaseState::Running,
                CaseState::Called,
                CaseState::Review,
            ],
            CaseState::ReportDrafted => &[
                CaseState::Received,
                CaseState::Running,
                CaseState::Called,
                CaseState::Review,
                CaseState::ReportDrafted,
            ],
        };
        for step in path {
            store.set_case_state(&act, id, *step).unwrap();
        }
        for to in CaseState::ALL.iter().filter(|to| !from.can_become(**to)) {
            let error = store.set_case_state(&act, id, *to).unwrap_err();
            assert_eq!(error.kind, StoreErrorKind::NotAllowed, "{from:?} -> {to:?}");
            assert_eq!(store.peek_case(id).unwrap().state, *from);
        }
        assert_eq!(store.case_history(id).unwrap().len(), path.len() + 1);
    }
    assert_eq!(store.peek_case(case).unwrap().state, CaseState::Ordered);
    let again = store.create_case(&act, &new_case("S-1")).unwrap_err();
    assert_eq!(again.kind, StoreErrorKind::AlreadyExists);
    assert!(!again.to_string().contains("S-1"));
}

#[test]
fn orders_keep_their_versions_and_the_worklist_finds_them() {
    let fixture = Fixture::new();
    let (store, act) = (fixture.store(), fixture.act());
    let ids: Vec<_> = [("S-1", "Zeta", "1"), ("S-2", "Alpha%", "2"), ("S-3", "Midas", "3")]
        .iter()
        .map(|(sample, family, id)| {
            let case = fixture.case(sample).id;
            store.set_order(&act, case, &order(family, id)).unwrap();
            case
        })
        .collect();
    fixture.case("S-4");
    assert_eq!(store.set_order(&act, ids[0], &order("Zeta", "9")).unwrap(), 2);
    let versions = store.orders(&act, ids[0]).unwrap();
    assert_eq!(
        versions
            .iter()
            .map(|v| (v.version, v.order.order.id.as_str()))
            .collect::<Vec<_>>(),
        [(1, "O-1"), (2, "O-9")]
    );
    assert_eq!(store.case(&act, ids[0]).unwrap().order.unwrap().order.id, "O-9");
    let find = |search: Option<&str>, sort, descending| {
        let query = CaseQuery {
            search: search.map(str::to_owned),
            sort,
            descending,
            limit: 10,
            ..CaseQuery::default()
        };
        let page = store.cases(&act, &query).unwrap();
        assert_eq!(page.total as usize, page.rows.len());
        page.rows.iter().map(|r| r.sample.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(find(None, CaseSort::Patient, false), ["S-2", "S-3", "S-1", "S-4"]);
    assert_eq!(find(None, CaseSort::Sample, true), ["S-4", "S-3", "S-2", "S-1"]);
    assert_eq!(find(Some("midas"), CaseSort::Sample, false), ["S-3"]);
    assert_eq!(find(Some("P-2"), CaseSort::Sample, false), ["S-2"]);
    assert_eq!(find(Some("%"), CaseSort::Sample, false), ["S-2"]);
    assert_eq!(find(Some("panel_"), CaseSort::Sample, false), ["S-1", "S-2", "S-3"]);
    assert_eq!(find(Some("O-1"), CaseSort::Sample, false), Vec::<String>::new());
    store.set_case_state(&act, ids[1], CaseState::Received).unwrap();
    let query = CaseQuery {
        states: vec![CaseState::Received],
        limit: 10,
        ..CaseQuery::default()
    };
    let page = store.cases(&act, &query).unwrap();
    assert_eq!((page.total, page.rows[0].id), (1, ids[1]));
    assert!(page.by_state.contains(&(CaseState::Ordered, 3)));
    let searched = clinotype_store::AuditQuery {
        action: Some("search".to_owned()),
        limit: 99,
        ..Default::default()
    };
    assert_eq!(store.audit(&act, &searched).unwrap().total, 5);
    let viewed = clinotype_store::AuditQuery {
        case: Some(ids[0]),
        action: Some("view".to_owned()),
        limit: 9,
        ..Default::default()
    };
    assert_eq!(store.audit(&act, &viewed).unwrap().total, 1);
}

#[test]
fn runs_queue_move_end_and_are_interrupted() {
    let mut fixture = Fixture::new();
    let act = fixture.act();
    let cases: Vec<_> = ["S-1", "S-2", "S-3"].iter().map(|s| fixture.case(s)).collect();
    let runs: Vec<_> = cases.iter().map(|c| fixture.run(c).id).collect();
    let store = fixture.store();
    assert_eq!(store.peek_case(cases[0].id).unwrap().state, CaseState::Received);
    store.move_in_queue(&act, runs[2], 1).unwrap();
    assert_eq!(store.next_queued().unwrap().unwrap().id, runs[2]);
    assert_eq!(store.run(runs[1]).unwrap().queue_position, Some(3));
    store.start_run(&act, runs[2]).unwrap();
    store.run_progress(runs[2], "align", 5, 10).unwrap();
    let run = store.run(runs[2]).unwrap();
    assert_eq!(
        (run.stage.as_deref(), run.done, run.total, run.queue_position),
        (Some("align"), 5, 10, None)
    );
    assert_eq!(run.options["panel"], "BRCA1");
    let failed = RunEnd::Failed {
        error: "no reads".to_owned(),
        hint: Some("give reads".to_owned()),
    };
    let run = store.end_run(&act, runs[2], failed).unwrap();
    assert_eq!((run.state, run.error.as_deref()), (RunState::Failed, Some("no reads")));
    assert_eq!(store.peek_case(cases[2].id).unwrap().state, CaseState::Failed);
    store.start_run(&act, runs[2]).unwrap();
    let again = store.start_run(&act, runs[2]).unwrap_err();
    assert_eq!(again.kind, StoreErrorKind::NotAllowed);
    store.end_run(&act, runs[2], RunEnd::Done).unwrap();
    assert_eq!(store.peek_case(cases[2].id).unwrap().state, CaseState::Called);
    assert_eq!(
        store.requeue_run(&act, runs[2]).unwrap_err().kind,
        StoreErrorKind::NotAllowed
    );
    store.start_run(&act, runs[0]).unwrap();
    store.end_run(&act, runs[1], RunEnd::Cancelled).unwrap();
    let seal = format!("{:?}", store.run_seal(runs[0]).unwrap());
    assert_eq!(seal, "AgeSeal(..)");
    assert_eq!(fixture.reopen().interrupted_runs, [runs[0]]);
    let store = fixture.store();
    assert_eq!(store.run(runs[0]).unwrap().state, RunState::Interrupted);
    assert_eq!(store.peek_case(cases[0].id).unwrap().state, CaseState::Received);
    assert_eq!(store.requeue_run(&act, runs[0]).unwrap().queue_position, Some(1));
    assert_eq!(store.runs(None).unwrap().len(), 3);
    assert_eq!(store.runs(Some(cases[1].id)).unwrap()[0].state, RunState::Cancelled);
}

#[test]
fn reports_keep_every_version_and_exports_are_accounted_for() {
    let mut fixture = Fixture::new();
    let act = fixture.act();
    let case = fixture.case("S-1");
    let run = fixture.run(&case).id;
    let report = |model: &str| NewReport {
        case: case.id,
        run,
        model: model.as_bytes().to_vec(),
        pdf: None,
        html: None,
        fhir: None,
    };
    let first = fixture.store().save_report(&act, &report("{\"v\":1}")).unwrap();
    let second = fixture.store().save_report(&act, &report("{\"v\":2}")).unwrap();
    assert_eq!((first.version, second.version), (1, 2));
    let export = |recipient: &str, file_name: &str| NewExport {
        case: case.id,
        what: "pdf".to_owned(),
        file: None,
        recipient: recipient.to_owned(),
        purpose: "treatment".to_owned(),
        file_name: file_name.to_owned(),
        sha256: "00".repeat(32),
        size: 5,
    };
    for (recipient, name) in [("", "a.pdf"), ("Dr X", "/home/a.pdf"), ("Dr X", "")] {
        let refused = fixture
            .store()
            .record_export(&act, &export(recipient, name))
            .unwrap_err();
        assert_eq!(refused.kind, StoreErrorKind::Input);
    }
    let done = fixture.store().record_export(&act, &export("Dr X", "S-1.pdf")).unwrap();
    assert_eq!(done.at, at(60));
    fixture.reopen();
    let store = fixture.store();
    assert_eq!(store.report_model(&act, first.id).unwrap(), b"{\"v\":1}");
    assert_eq!(
        store
            .reports(case.id)
            .unwrap()
            .iter()
            .map(|r| r.version)
            .collect::<Vec<_>>(),
        [2, 1]
    );
    assert_eq!(store.exports(Some(case.id)).unwrap(), [done]);
    store.set_setting(&act, "lock minutes", "10").unwrap();
    assert_eq!(store.setting("lock minutes").unwrap().as_deref(), Some("10"));
    assert!("S-1".parse::<SampleId>().is_ok() && store.verify_audit().unwrap().is_sound());
}

#[test]
fn several_threads_write_and_read_at_once() {
    let fixture = Fixture::new();
    let (store, act) = (fixture.store(), fixture.act());
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let act = act.clone();
            scope.spawn(move || {
                for n in 0..15 {
                    let case = store.create_case(&act, &new_case(&format!("S-{thread}-{n}"))).unwrap();
                    assert_eq!(store.case(&act, case.id).unwrap().sample, case.sample);
                }
            });
        }
    });
    let all = CaseQuery {
        limit: 100,
        ..CaseQuery::default()
    };
    assert_eq!(store.cases(&act, &all).unwrap().rows.len(), 60);
    assert!(store.verify_audit().unwrap().is_sound());
}
